/* SPDX-License-Identifier: Apache-2.0
 *
 * Values as text: against strtod and printf where those know better, else by cases. What Flink reads is in
 * test_csv.c.
 */
#include <locale.h>
#include <math.h>

#include "connect/text_value.h"
#include "table_text.h"

static uint64_t seed;

static uint64_t draw(void) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static double any_f64(void) {
    uint64_t bits = draw();
    double value;
    switch (draw() % 5) {
    case 0: return (double)(int64_t)(bits % 2000000) / (double)(1 + draw() % 1000);
    case 1: bits &= UINT64_C(0xFFF0000000000000); break; /* powers of two: the gap below is half the one above */
    case 2: bits &= UINT64_C(0x800FFFFFFFFFFFFF); break; /* subnormal */
    case 3: return (double)(int64_t)bits;
    default: break;
    }
    memcpy(&value, &bits, sizeof(value));
    return isfinite(value) ? value : 0.1;
}

/* Significant digits of a printed number. */
static int count_digits(const char *text) {
    int count = 0, zeros = 0;
    for (; *text && *text != 'E'; text++) {
        if (*text < '0' || *text > '9' || (count == 0 && *text == '0')) continue;
        count++;
        zeros = *text == '0' ? zeros + 1 : 0;
    }
    return count - zeros;
}

static void check_double(double value) {
    char printed[80], other[80];
    double back;
    printed[weir_text_print_f64(value, printed)] = 0;
    back = strtod(printed, NULL);
    assert_memory_equal(&back, &value, sizeof(value));
    assert_true(weir_text_parse_f64(printed, strlen(printed), &back));
    assert_memory_equal(&back, &value, sizeof(value));
    int digits = 1;
    do snprintf(other, sizeof(other), "%.*e", digits - 1, value);
    while (strtod(other, NULL) != value && ++digits < 18);
    if (digits < 2) digits = 2; /* the tiniest have two, as in Java */
    if (count_digits(printed) > digits) fail_msg("%s has more digits than %s", printed, other);
}

static void check_float(float value) {
    char printed[80];
    float back;
    printed[weir_text_print_f32(value, printed)] = 0;
    back = strtof(printed, NULL);
    assert_memory_equal(&back, &value, sizeof(value));
    assert_true(weir_text_parse_f32(printed, strlen(printed), &back));
    assert_memory_equal(&back, &value, sizeof(value));
    assert_true(count_digits(printed) <= 9);
}

static void numbers_print_shortest_and_read_back(void **state) {
    for (int i = 0; i < 20000; i++) {
        check_double(any_f64());
        uint32_t bits = (uint32_t)draw();
        float value;
        memcpy(&value, &bits, sizeof(value));
        if (isfinite(value)) check_float(value);
    }
}

static void same_parse(const char *text) {
    double want = strtod(text, NULL), got;
    float want_float = strtof(text, NULL), got_float;
    assert_true(weir_text_parse_f64(text, strlen(text), &got));
    if (memcmp(&want, &got, sizeof(want)) != 0) fail_msg("%s: %a, want %a", text, got, want);
    assert_true(weir_text_parse_f32(text, strlen(text), &got_float));
    if (memcmp(&want_float, &got_float, sizeof(want_float)) != 0) {
        fail_msg("%s: %a, want %a", text, (double)got_float, (double)want_float);
    }
}

static void numbers_parse_correctly_rounded(void **state) {
    static const char *const hard[] = {"9007199254740993",
                                       "9007199254740992.99999999999999999999",
                                       "2.2250738585072011e-308",
                                       "1.7976931348623158e308",
                                       "1.7976931348623159e308",
                                       "2.4703282292062327e-324",
                                       "2.4703282292062328e-324",
                                       "1e-400",
                                       "1e400",
                                       "0e999999999999",
                                       "6.631236846766476e-316",
                                       "3.2378839133029012895883524125015321748630094239e-319",
                                       "1e23",
                                       "8.5e22",
                                       "0.000000000000000000000000000000000000011754942807573642917",
                                       "16777217",
                                       "16777217.0000000000000000001",
                                       "1.00000005960464477539062499999999",
                                       "1.00000005960464477539062500000001"};
    char text[400];
    for (size_t i = 0; i < sizeof(hard) / sizeof(hard[0]); i++) same_parse(hard[i]);
    for (int i = 0; i < 20000; i++) {
        snprintf(text, sizeof(text), "%.*e", (int)(draw() % 40), any_f64());
        same_parse(text);
        snprintf(text, sizeof(text), "%llu%llue%d", (unsigned long long)draw(),
                 (unsigned long long)(draw() >> draw() % 64), (int)(draw() % 700) - 350);
        same_parse(text);
        uint32_t bits = (uint32_t)draw() & 0x7F7FFFFF;
        float value;
        memcpy(&value, &bits, sizeof(value));
        snprintf(text, sizeof(text), "%.17g", ((double)value + (double)nextafterf(value, INFINITY)) / 2);
        if (!strchr(text, 'n')) same_parse(text); /* half way between two floats */
    }
}

static void digits_without_end(void **state) {
    enum { LENGTH = 5000 };
    char text[LENGTH + 8];
    double got;
    memset(text, '0', sizeof(text));
    memcpy(text, "9007199254740993.", 17); /* half way, and a one far behind: up */
    text[LENGTH - 1] = '1';
    assert_true(weir_text_parse_f64(text, LENGTH, &got));
    assert_true(got == 9007199254740994.0);
    text[LENGTH - 1] = '0'; /* half way exactly: to even */
    assert_true(weir_text_parse_f64(text, LENGTH, &got));
    assert_true(got == 9007199254740992.0);
}

static void locales_change_nothing(void **state) {
    double got;
    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8") && !setlocale(LC_NUMERIC, "fr_FR.UTF-8")) skip();
    assert_true(weir_text_parse_f64("2.2250738585072011e-308", 23, &got)); /* takes the slow way, through strtod */
    setlocale(LC_NUMERIC, "C");
    assert_true(got == 2.2250738585072011e-308);
}

static void expect_f64(double value, const char *want) {
    char printed[80];
    printed[weir_text_print_f64(value, printed)] = 0;
    assert_string_equal(printed, want);
}

static void doubles_look_as_in_java(void **state) {
    expect_f64(100, "100.0");
    expect_f64(1e20, "1.0E20");
    expect_f64(1e-5, "1.0E-5");
    expect_f64(0.001, "0.001");
    expect_f64(0.00099, "9.9E-4");
    expect_f64(9999999, "9999999.0");
    expect_f64(1e7, "1.0E7");
    expect_f64(12345678.9, "1.23456789E7");
    expect_f64(-0.0, "-0.0");
    expect_f64(0.1 + 0.2, "0.30000000000000004");
    expect_f64(4.9e-324, "4.9E-324");
    expect_f64(NAN, "NaN");
    expect_f64(-INFINITY, "-Infinity");
}

static void integers_print(void **state) {
    static const int64_t values[] = {0, 9, 10, 99, 100, -1, -100, 12345, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        char printed[80], want[80];
        int64_t back;
        printed[weir_text_print_i64(values[i], printed)] = 0;
        snprintf(want, sizeof(want), "%lld", (long long)values[i]);
        assert_string_equal(printed, want);
        assert_true(weir_text_parse_i64(printed, strlen(printed), INT64_MIN, INT64_MAX, &back));
        assert_true(back == values[i]);
    }
    char printed[80];
    printed[weir_text_print_u64(UINT64_MAX, printed)] = 0;
    assert_string_equal(printed, "18446744073709551615");
}

static void expect_decimal(weir_i128 value, int scale, const char *want) {
    char printed[80];
    weir_i128 back;
    printed[weir_text_print_decimal(value, scale, printed)] = 0;
    assert_string_equal(printed, want);
    assert_int_equal(weir_text_parse_decimal(printed, strlen(printed), 38, scale, &back), WEIR_TEXT_DECIMAL_OK);
    assert_true(back == value);
}

static void decimals_print_and_read_back(void **state) {
    weir_i128 most = 1;
    for (int i = 0; i < 38; i++) most *= 10;
    most -= 1;
    expect_decimal(0, 0, "0");
    expect_decimal(0, 3, "0.000");
    expect_decimal(-5, 2, "-0.05");
    expect_decimal(12345, 2, "123.45");
    expect_decimal(most, 0, "99999999999999999999999999999999999999");
    expect_decimal(-most, 38, "-0.99999999999999999999999999999999999999");
    expect_decimal((weir_i128)UINT64_MAX + 1, 5, "184467440737095.51616");
}

static void decimals_round_half_away_from_zero(void **state) {
    static const struct {
        const char *text;
        int precision, scale;
        enum weir_text_decimal result;
        int64_t value;
    } cases[] = {{"0.5", 1, 0, WEIR_TEXT_DECIMAL_OK, 1},         {"-0.5", 1, 0, WEIR_TEXT_DECIMAL_OK, -1},
                 {"0.49999", 1, 0, WEIR_TEXT_DECIMAL_OK, 0},     {"9.5", 1, 0, WEIR_TEXT_DECIMAL_OVERFLOW, 0},
                 {"9.49", 1, 0, WEIR_TEXT_DECIMAL_OK, 9},        {"1e-400", 9, 9, WEIR_TEXT_DECIMAL_OK, 0},
                 {"1e37", 38, 1, WEIR_TEXT_DECIMAL_OVERFLOW, 0}, {"0e999999", 3, 0, WEIR_TEXT_DECIMAL_OK, 0},
                 {"123e-2", 5, 2, WEIR_TEXT_DECIMAL_OK, 123},    {"00012.30", 5, 1, WEIR_TEXT_DECIMAL_OK, 123},
                 {"0.00005", 5, 4, WEIR_TEXT_DECIMAL_OK, 1},     {".", 5, 1, WEIR_TEXT_DECIMAL_BAD, 0},
                 {"", 5, 1, WEIR_TEXT_DECIMAL_BAD, 0},           {"1e", 5, 1, WEIR_TEXT_DECIMAL_BAD, 0},
                 {"1.2.3", 5, 1, WEIR_TEXT_DECIMAL_BAD, 0},      {"1 ", 5, 1, WEIR_TEXT_DECIMAL_BAD, 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        weir_i128 value = 0;
        enum weir_text_decimal result = weir_text_parse_decimal(cases[i].text, strlen(cases[i].text),
                                                                cases[i].precision, cases[i].scale, &value);
        if (result != cases[i].result) fail_msg("%s: %d", cases[i].text, result);
        if (result == WEIR_TEXT_DECIMAL_OK) assert_true(value == cases[i].value);
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
    assert_int_equal(weir_text_days(1970, 1, 1), 0);
    assert_int_equal(weir_text_days(2000, 3, 1), 11017);
    assert_int_equal(weir_text_days(1600, 2, 29), -135081);
    printed[weir_text_print_date(weir_text_days(12024, 5, 6), printed)] = 0;
    assert_string_equal(printed, "12024-05-06");
    printed[weir_text_print_date(weir_text_days(-44, 3, 15), printed)] = 0;
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
        cmocka_unit_test(numbers_print_shortest_and_read_back),
        cmocka_unit_test(numbers_parse_correctly_rounded),
        cmocka_unit_test(digits_without_end),
        cmocka_unit_test(locales_change_nothing),
        cmocka_unit_test(doubles_look_as_in_java),
        cmocka_unit_test(integers_print),
        cmocka_unit_test(decimals_print_and_read_back),
        cmocka_unit_test(decimals_round_half_away_from_zero),
        cmocka_unit_test(dates_walk_the_calendar),
        cmocka_unit_test(times_of_any_unit),
        cmocka_unit_test(intervals_print_as_in_flink),
        cmocka_unit_test(base64_there_and_back),
        cmocka_unit_test(a_cell_says_how_long_it_is),
    };
    const char *wish = getenv("WEIR_TEST_SEED");
    seed = wish ? strtoull(wish, NULL, 0) : (uint64_t)getpid() * 0x9E3779B97F4A7C15u + 1;
    printf("seed: WEIR_TEST_SEED=%llu\n", (unsigned long long)seed);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
