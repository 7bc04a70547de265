/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers and times as text, to Java's letter.
 */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/value_text.h"

static int64_t length_of(const char *text) { return (int64_t)strlen(text); }

static void writers_terminate(void **state) {
    (void)state;
    char buffer[WEIR_VALUE_TEXT_BYTES];
    memset(buffer, 'x', sizeof(buffer));
    assert_int_equal(weir_text_write_double(1e20, buffer), 6);
    assert_string_equal(buffer, "1.0E20");
    assert_int_equal(weir_text_write_float(-0.1f, buffer), 4);
    assert_string_equal(buffer, "-0.1");
    assert_int_equal(weir_text_write_i64(INT64_MIN, buffer), 20);
    assert_string_equal(buffer, "-9223372036854775808");
    assert_int_equal(weir_text_write_date(-720000, buffer), 11);
    assert_string_equal(buffer, "-0002-09-16");
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
    static const char *const bad[] = {"",      " ",     ".",   "+",   "e5",  "1e",       "1e+", "1.2.3", "0x10",
                                      "0x1p3", "0X1P3", "1,5", "abc", "1 2", "infinity", "--1", "f"};
    double value;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_int_equal(weir_text_read_double(good[i].text, length_of(good[i].text), &value), WEIR_TEXT_OK);
        assert_true(value == good[i].value);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(weir_text_read_double(bad[i], length_of(bad[i]), &value), WEIR_TEXT_MALFORMED);
    }
}

static void doubles_round_by_their_digits(void **state) {
    (void)state;
    static const struct {
        double value;
        int64_t digits;
        double rounded;
    } cases[] = {{2.675, 2, 2.68},      {-2.5, 0, -3},        {0.05, 0, 0},
                 {-0.05, 0, 0},         {95, -2, 100},        {95, -3, 0},
                 {1234.5678, -2, 1200}, {0.5, 1, 0.5},        {DBL_MAX, -308, INFINITY},
                 {1e300, -400, 0},      {4.9e-324, 322, 0},   {9.99, 1, 10},
                 {1e300, 400, 1e300},   {1e300, INT64_MIN, 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        double rounded = weir_text_round_double(cases[i].value, cases[i].digits);
        if (rounded != cases[i].rounded || (rounded == 0 && signbit(rounded))) {
            fail_msg("%g to %d: %g", cases[i].value, (int)cases[i].digits, rounded);
        }
    }
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
    for (int64_t second = 0; second < 100000; second += 25000) { /* the first day begins before the first second */
        weir_text_write_timestamp(INT64_MIN + second, 1, 0, buffer);
        weir_text_write_timestamp(INT64_MAX - second, 1, 0, buffer);
    }
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
        cmocka_unit_test(writers_terminate),
        cmocka_unit_test(doubles_are_read_as_java_reads_them),
        cmocka_unit_test(doubles_round_by_their_digits),
        cmocka_unit_test(integers),
        cmocka_unit_test(decimals_round_half_up),
        cmocka_unit_test(times_of_every_precision),
        cmocka_unit_test(timestamps_beyond_their_ticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
