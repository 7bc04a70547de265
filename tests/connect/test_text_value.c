/* SPDX-License-Identifier: Apache-2.0
 *
 * Values as text, by cases; numbers are in tests/base/test_number_text.c, what Flink reads is in test_csv.c.
 */
#include "connect/text_value.h"
#include "engine/calendar.h"
#include "table_text.h"

static void integers_keep_to_their_range(void **state) {
    static const struct {
        const char *text;
        int64_t min, max;
        bool good;
    } cases[] = {{" -128 ", -128, 127, true},
                 {"128", -128, 127, false},
                 {"-129", -128, 127, false},
                 {"+7", 0, 9, true},
                 {"", 0, 9, false},
                 {" ", 0, 9, false},
                 {"-", -9, 9, false},
                 {"1.0", 0, 9, false},
                 {"1 2", 0, 99, false},
                 {"-9223372036854775808", INT64_MIN, INT64_MAX, true},
                 {"9223372036854775808", INT64_MIN, INT64_MAX, false}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t value;
        bool good = weir_text_parse_i64(cases[i].text, strlen(cases[i].text), cases[i].min, cases[i].max, &value);
        if (good != cases[i].good) fail_msg("'%s': %d", cases[i].text, good);
        if (good) assert_true(value == strtoll(cases[i].text, NULL, 10));
    }
}

static void dates_walk_the_calendar(void **state) {
    int32_t days = -800000; /* before the year 0 */
    char printed[80];
    for (int64_t step = 0; step < 300; step++, days += 4999) {
        size_t length = weir_text_print_timestamp((int64_t)days * 86400, 1, false, printed);
        int64_t back;
        assert_true(weir_text_parse_timestamp(printed, length, WEIR_TEXT_TIME_PLAIN, 1, &back));
        assert_int_equal(back, (int64_t)days * 86400);
    }
    assert_int_equal(weir_days_from_civil(1970, 1, 1), 0);
    assert_int_equal(weir_days_from_civil(2000, 3, 1), 11017);
    assert_int_equal(weir_days_from_civil(1600, 2, 29), -135081);
    printed[weir_text_print_date(weir_days_from_civil(12024, 5, 6), printed)] = 0;
    assert_string_equal(printed, "12024-05-06");
    printed[weir_text_print_date(weir_days_from_civil(-44, 3, 15), printed)] = 0;
    assert_string_equal(printed, "-0044-03-15");
}

static void times_of_any_unit(void **state) {
    static const struct {
        int64_t ticks, per_second;
        const char *want;
    } cases[] = {{0, 1, "1970-01-01 00:00:00"},
                 {-1, 1, "1969-12-31 23:59:59"},
                 {-1, 1000, "1969-12-31 23:59:59.999"},
                 {1, 1000000, "1970-01-01 00:00:00.000001"},
                 {-1, 1000000000, "1969-12-31 23:59:59.999999999"},
                 {INT64_MIN, 1000000000, "1677-09-21 00:12:43.145224192"},
                 {INT64_MAX, 1000000000, "2262-04-11 23:47:16.854775807"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char printed[80];
        int64_t back;
        size_t length = weir_text_print_timestamp(cases[i].ticks, cases[i].per_second, false, printed);
        printed[length] = 0;
        assert_string_equal(printed, cases[i].want);
        if (i == 5) continue; /* its second begins before the range: refused when read */
        assert_true(weir_text_parse_timestamp(printed, length, WEIR_TEXT_TIME_PLAIN, cases[i].per_second, &back));
        assert_true(back == cases[i].ticks);
    }
    int64_t out;
    const char *far = "+999999999-01-01 00:00:00";
    assert_true(weir_text_parse_timestamp(far, strlen(far), WEIR_TEXT_TIME_PLAIN, 1, &out));
    assert_false(weir_text_parse_timestamp(far, strlen(far), WEIR_TEXT_TIME_PLAIN, 1000, &out));
}

static void intervals_print_as_in_flink(void **state) {
    char printed[80];
    printed[weir_text_print_interval_ms(93784005, printed)] = 0;
    assert_string_equal(printed, "+1 02:03:04.005");
    printed[weir_text_print_interval_ms(-1, printed)] = 0;
    assert_string_equal(printed, "-0 00:00:00.001");
    printed[weir_text_print_interval_months(-14, printed)] = 0;
    assert_string_equal(printed, "-1-02");
}

static void base64_there_and_back(void **state) {
    static const char *const pairs[][2] = {
        {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"\xff\xfe\xfd\xfc", "//79/A=="}};
    static const char *const bad[] = {"Z", "Zg", "Zg=", "Zg==Zg==", "Z===", "====", "Zm9\n", "Zm9 "};
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        char text[16], bytes[16];
        size_t length = strlen(pairs[i][0]);
        weir_text_print_base64(pairs[i][0], length, text);
        assert_int_equal(weir_text_base64_bytes(length), strlen(pairs[i][1]));
        assert_memory_equal(text, pairs[i][1], strlen(pairs[i][1]));
        assert_int_equal(weir_text_parse_base64(pairs[i][1], strlen(pairs[i][1]), bytes), length);
        assert_memory_equal(bytes, pairs[i][0], length);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char bytes[16];
        assert_int_equal(weir_text_parse_base64(bad[i], strlen(bad[i]), bytes), -1);
    }
}

static void a_cell_says_how_long_it_is(void **state) {
    static const int32_t offsets[] = {0, 5, 5, 4}, values[] = {7, 8, 9};
    static const uint8_t valid[] = {0x05};
    const void *text_buffers[] = {NULL, offsets, "hello"}, *int_buffers[] = {valid, values};
    struct ArrowArray texts = {
        .length = 3, .n_buffers = 3, .buffers = text_buffers, .release = (void (*)(struct ArrowArray *))abort};
    struct ArrowArray ints = {.length = 2,
                              .offset = 1,
                              .null_count = -1,
                              .n_buffers = 2,
                              .buffers = int_buffers,
                              .release = texts.release};
    struct ArrowSchema text_schema = {.format = "u", .release = (void (*)(struct ArrowSchema *))abort};
    struct ArrowSchema int_schema = {.format = "i", .release = text_schema.release};
    struct ArrowSchema list_schema = {.format = "+l", .release = text_schema.release};
    char cell[8] = "-------";
    size_t length;
    assert_int_equal(weir_value_format(&text_schema, &texts, 0, cell, 3, &length), WEIR_OK);
    assert_int_equal(length, 5);
    assert_string_equal(cell, "hel----");
    assert_int_equal(weir_value_format(&text_schema, &texts, 1, NULL, 0, &length), WEIR_OK);
    assert_int_equal(length, 0);
    assert_int_equal(weir_value_format(&text_schema, &texts, 2, cell, 8, &length), WEIR_ERR_FORMAT);
    assert_int_equal(weir_value_format(&text_schema, &texts, 3, cell, 8, &length), WEIR_ERR_INVALID);
    assert_int_equal(weir_value_format(&int_schema, &ints, 0, cell, 8, &length), WEIR_END);
    assert_int_equal(weir_value_format(&int_schema, &ints, 1, cell, 8, &length), WEIR_OK);
    assert_memory_equal(cell, "9", length);
    assert_int_equal(weir_value_format(&list_schema, &ints, 1, cell, 8, &length), WEIR_ERR_UNSUPPORTED);
    assert_int_equal(length, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_keep_to_their_range),
        cmocka_unit_test(dates_walk_the_calendar),
        cmocka_unit_test(times_of_any_unit),
        cmocka_unit_test(intervals_print_as_in_flink),
        cmocka_unit_test(base64_there_and_back),
        cmocka_unit_test(a_cell_says_how_long_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
