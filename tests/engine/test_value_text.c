/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers and times as text, to Java's letter.
 */
#include <float.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/value_text.h"

static int64_t length_of(const char *text) { return (int64_t)strlen(text); }

static void doubles_as_java_writes_them(void **state) {
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {2.5, "2.5"},
        {1e20, "1.0E20"},
        {1e-5, "1.0E-5"},
        {100, "100.0"},
        {1234567, "1234567.0"},
        {12345678.9, "1.23456789E7"},
        {9999999, "9999999.0"},
        {1e7, "1.0E7"},
        {0.001, "0.001"},
        {0.00099, "9.9E-4"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1.0 / 3, "0.3333333333333333"},
        {DBL_MAX, "1.7976931348623157E308"},
        {DBL_MIN, "2.2250738585072014E-308"},
        {4.9e-324, "4.9E-324"},
        {2e23, "2.0E23"},
        {5.684341886080802e-14, "5.684341886080802E-14"}, /* 2^-44: the nearest 16 digits do not read back */
        {9007199254740992.0, "9.007199254740992E15"},
        {-0.0, "-0.0"},
        {0, "0.0"},
        {NAN, "NaN"},
        {INFINITY, "Infinity"},
        {-INFINITY, "-Infinity"},
    };
    char buffer[WEIR_VALUE_TEXT_BYTES];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(weir_text_write_double(cases[i].value, buffer), length_of(cases[i].text));
        assert_string_equal(buffer, cases[i].text);
    }
}

static void floats_as_java_writes_them(void **state) {
    (void)state;
    char buffer[WEIR_VALUE_TEXT_BYTES];
    weir_text_write_float(1.5f, buffer);
    assert_string_equal(buffer, "1.5");
    weir_text_write_float(0.1f, buffer);
    assert_string_equal(buffer, "0.1");
    weir_text_write_float(FLT_MAX, buffer);
    assert_string_equal(buffer, "3.4028235E38");
    weir_text_write_float(1.4e-45f, buffer);
    assert_string_equal(buffer, "1.4E-45");
    weir_text_write_float(16777216.0f, buffer);
    assert_string_equal(buffer, "1.6777216E7");
}

static void every_double_reads_back(void **state) {
    (void)state;
    unsigned seed = 3;
    for (int i = 0; i < 20000; i++) {
        union {
            uint64_t bits;
            double value;
        } random;
        char buffer[WEIR_VALUE_TEXT_BYTES];
        double back;
        random.bits = (uint64_t)rand_r(&seed) << 42 ^ (uint64_t)rand_r(&seed) << 21 ^ (uint64_t)rand_r(&seed);
        if (!isfinite(random.value)) continue;
        int length = weir_text_write_double(random.value, buffer);
        assert_int_equal(weir_text_read_double(buffer, length, &back), WEIR_TEXT_OK);
        assert_true(back == random.value);
        assert_in_range(length, 3, 25);
        float single = (float)random.value, single_back;
        if (!isfinite(single)) continue;
        length = weir_text_write_float(single, buffer);
        assert_int_equal(weir_text_read_float(buffer, length, &single_back), WEIR_TEXT_OK);
        assert_true(single_back == single);
    }
}

static void a_comma_locale_changes_nothing(void **state) {
    (void)state;
    const char *names[] = {"de_DE.UTF-8", "de_DE", "fr_FR.UTF-8"};
    char buffer[WEIR_VALUE_TEXT_BYTES];
    double back;
    for (int i = 0; i < 3; i++) setlocale(LC_NUMERIC, names[i]); /* as far as the system has them */
    weir_text_write_double(0.1 + 0.2, buffer);
    weir_text_read_double("0.30000000000000004", 19, &back);
    setlocale(LC_NUMERIC, "C");
    assert_string_equal(buffer, "0.30000000000000004");
    assert_true(back == 0.1 + 0.2);
}

static void doubles_are_read_as_java_reads_them(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double value;
    } good[] = {{"12.7", 12.7},
                {" 1e3 ", 1000},
                {"-.5", -0.5},
                {"5.", 5},
                {"1f", 1},
                {"1.5D", 1.5},
                {"+7", 7},
                {"1E-400", 0},
                {"1e400", INFINITY},
                {"-Infinity", -INFINITY},
                {"0e999999999999", 0},
                {"1e-99999999999999999999", 0},
                {"123456789012345678901234567890", 123456789012345678901234567890.0}};
    static const char *const bad[] = {"",     " ",   ".",   "+",   "e5",       "1e",  "1e+", "1.2.3",
                                      "0x10", "1,5", "abc", "1 2", "infinity", "--1", "f"};
    double value;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_int_equal(weir_text_read_double(good[i].text, length_of(good[i].text), &value), WEIR_TEXT_OK);
        assert_true(value == good[i].value);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(weir_text_read_double(bad[i], length_of(bad[i]), &value), WEIR_TEXT_MALFORMED);
    }
}

/* 1 + 2^-24 lies between two floats; one digit far behind decides. */
static void far_digits_count(void **state) {
    (void)state;
    char text[900];
    float value;
    double wide;
    int length = snprintf(text, sizeof(text), "1.000000059604644775390625%0800d", 0);
    assert_int_equal(weir_text_read_float(text, length, &value), WEIR_TEXT_OK);
    assert_true(value == 1.0f);
    text[length - 1] = '1';
    assert_int_equal(weir_text_read_float(text, length, &value), WEIR_TEXT_OK);
    assert_true(value == nextafterf(1.0f, 2.0f));
    assert_int_equal(weir_text_read_double(text, length, &wide), WEIR_TEXT_OK);
    assert_true(wide == 1.000000059604644775390625);
}

static void integers(void **state) {
    (void)state;
    int64_t value;
    assert_int_equal(weir_text_read_i64("-9223372036854775808", 20, &value), WEIR_TEXT_OK);
    assert_true(value == INT64_MIN);
    assert_int_equal(weir_text_read_i64("9223372036854775808", 19, &value), WEIR_TEXT_RANGE);
    assert_int_equal(weir_text_read_i64("99999999999999999999999", 23, &value), WEIR_TEXT_RANGE);
    assert_int_equal(weir_text_read_i64("12.", 3, &value), WEIR_TEXT_OK);
    assert_int_equal(weir_text_read_i64("1.2x", 4, &value), WEIR_TEXT_MALFORMED);
    assert_int_equal(weir_text_read_i64("+", 1, &value), WEIR_TEXT_MALFORMED);
    assert_int_equal(weir_text_read_i64("", 0, &value), WEIR_TEXT_MALFORMED);
    assert_int_equal(weir_text_read_i64("1e3", 3, &value), WEIR_TEXT_MALFORMED);
}

static void decimals_round_half_up(void **state) {
    (void)state;
    weir_i128 value;
    struct weir_decimal_type to = {3, 2};
    assert_int_equal(weir_text_read_decimal("2.675", 5, to, &value), WEIR_TEXT_OK);
    assert_int_equal((int)value, 268);
    assert_int_equal(weir_text_read_decimal("-0.005", 6, to, &value), WEIR_TEXT_OK);
    assert_int_equal((int)value, -1);
    assert_int_equal(weir_text_read_decimal("0.0049999", 9, to, &value), WEIR_TEXT_OK);
    assert_int_equal((int)value, 0);
    assert_int_equal(weir_text_read_decimal("9.995", 5, to, &value), WEIR_TEXT_RANGE);
    assert_int_equal(weir_text_read_decimal("1e-3", 4, to, &value), WEIR_TEXT_OK);
    assert_int_equal(weir_text_read_decimal("1e99", 4, to, &value), WEIR_TEXT_RANGE);
    assert_int_equal(weir_text_read_decimal("0e99", 4, to, &value), WEIR_TEXT_OK);
    assert_int_equal(weir_text_read_decimal("1,5", 3, to, &value), WEIR_TEXT_MALFORMED);
}

static void times_of_every_precision(void **state) {
    (void)state;
    char buffer[WEIR_VALUE_TEXT_BYTES];
    weir_text_write_timestamp(-1, 1000, 3, buffer);
    assert_string_equal(buffer, "1969-12-31 23:59:59.999");
    weir_text_write_timestamp(1500, 1000, 0, buffer); /* digits that the precision does not promise stay */
    assert_string_equal(buffer, "1970-01-01 00:00:01.5");
    weir_text_write_timestamp(1000000, 1000000, 0, buffer);
    assert_string_equal(buffer, "1970-01-01 00:00:01");
    weir_text_write_timestamp(INT64_MIN, 1000, 0, buffer);
    weir_text_write_timestamp(INT64_MAX, 1000, 9, buffer);
    weir_text_write_time(37230500, 3, buffer);
    assert_string_equal(buffer, "10:20:30.5");
    weir_text_write_time(37230000, 0, buffer);
    assert_string_equal(buffer, "10:20:30");
}

static void timestamps_beyond_their_ticks(void **state) {
    (void)state;
    int64_t value;
    assert_int_equal(weir_text_read_timestamp("9999-12-31 23:59:59", 19, 1000000000, 9, &value), WEIR_TEXT_RANGE);
    assert_int_equal(weir_text_read_timestamp("9999-12-31 23:59:59", 19, 1000000, 6, &value), WEIR_TEXT_OK);
    assert_int_equal(weir_text_read_timestamp("2024-01-01 00:00:00.123456789", 29, 1000000, 5, &value),
                     WEIR_TEXT_OK);
    assert_true(value % 1000000 == 123450);
    assert_int_equal(weir_text_read_timestamp("2024-01-01 24:00:01", 19, 1000, 3, &value), WEIR_TEXT_MALFORMED);
    assert_int_equal(weir_text_read_timestamp("2024-01-01 00:00:00Z", 20, 1000, 3, &value), WEIR_TEXT_MALFORMED);
    assert_int_equal(weir_text_read_timestamp("0000-01-01", 10, 1000, 3, &value), WEIR_TEXT_MALFORMED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles_as_java_writes_them),
        cmocka_unit_test(floats_as_java_writes_them),
        cmocka_unit_test(every_double_reads_back),
        cmocka_unit_test(a_comma_locale_changes_nothing),
        cmocka_unit_test(doubles_are_read_as_java_reads_them),
        cmocka_unit_test(far_digits_count),
        cmocka_unit_test(integers),
        cmocka_unit_test(decimals_round_half_up),
        cmocka_unit_test(times_of_every_precision),
        cmocka_unit_test(timestamps_beyond_their_ticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
