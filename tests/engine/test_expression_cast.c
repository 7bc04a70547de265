/* SPDX-License-Identifier: Apache-2.0
 *
 * CAST and TRY_CAST: the results that Flink 2.3.0 gave, and where weir says an error instead of wrapping.
 */
#include <math.h>

#include "evaluate.h"

#define TIME_ weir_type_of(WEIR_TYPE_TIME)
#define TS(p) weir_type_timestamp(p)
#define DEC(p, s) weir_type_decimal(p, s)

static struct weir_type ltz(int precision) {
    struct weir_type type = weir_type_timestamp(precision);
    type.id = WEIR_TYPE_TIMESTAMP_LTZ;
    return type;
}

static struct weir_type varchar(int32_t length) {
    struct weir_type type = weir_type_char(length);
    type.fixed = false;
    return type;
}

static void between_integers(void **state) {
    (void)state;
    assert_rows(cast(num(INT_, 7), BIGINT_), "7");
    assert_rows(cast(num(BIGINT_, -128), TINYINT_), "-128");
    assert_error(cast(num(INT_, 300), TINYINT_), "cannot CAST 300 to TINYINT: it is out of range");
    assert_error(at(cast(num(BIGINT_, INT64_MAX), INT_), 2, 5),
                 "at line 2, column 5: cannot CAST 9223372036854775807");
    assert_rows(try_cast(num(INT_, 300), TINYINT_), "NULL");
    table_rows = 3;
    int32_t a = add_i64(BIGINT_, (int64_t[]){1, INT64_MAX, INT64_MIN}, "..x");
    assert_rows(try_cast(col(a), INT_), "1|NULL|NULL");
    uint64_t active = 5;
    assert_string_equal(rows_of(cast(col(a), INT_), &active), "1|NULL");
}

static void doubles_truncate_and_saturate(void **state) {
    (void)state;
    assert_rows(cast(dbl(2.5), INT_), "2");
    assert_rows(cast(dbl(-2.5), INT_), "-2");
    assert_rows(cast(dbl(1e20), INT_), "2147483647");
    assert_rows(cast(dbl(1e20), BIGINT_), "9223372036854775807");
    assert_rows(cast(dbl(-1e20), BIGINT_), "-9223372036854775808");
    assert_rows(cast(dbl(9223372036854775808.0), BIGINT_), "9223372036854775807");
    assert_rows(cast(dbl(NAN), INT_), "0");
    assert_error(cast(dbl(300), TINYINT_), "cannot CAST 300.0 to TINYINT");
    assert_rows(try_cast(dbl(300), TINYINT_), "NULL");
    assert_rows(cast(dbl(0.1), FLOAT_), "0.1");
    assert_rows(cast(num(BIGINT_, INT64_MAX), FLOAT_), "9.223372E18");
    assert_rows(cast(num(BIGINT_, 9007199791611905), FLOAT_), "9.0072E15"); /* rounded once, not twice */
}

static void decimals(void **state) {
    (void)state;
    assert_rows(cast(dec("10.25", 10, 2), INT_), "10");
    assert_rows(cast(dec("-2.5", 2, 1), INT_), "-2");
    assert_rows(cast(dec("1.999", 4, 3), INT_), "1");
    assert_rows(cast(dec("123.456", 6, 3), DEC(5, 2)), "123.46");
    assert_rows(cast(dec("2.675", 4, 3), DEC(3, 2)), "2.68");
    assert_rows(cast(dec("102500000.00", 20, 2), DEC(5, 2)), "NULL");
    assert_rows(cast(num(INT_, 7), DEC(12, 2)), "7.00");
    assert_rows(cast(num(INT_, 1000), DEC(5, 2)), "NULL");
    assert_rows(cast(dbl(2.675), DEC(3, 2)), "2.68"); /* by its digits, as BigDecimal.valueOf */
    assert_rows(cast(dbl(1e20), DEC(10, 2)), "NULL");
    assert_error(cast(dbl(NAN), DEC(10, 2)), "cannot CAST NaN to DECIMAL(10, 2)");
    assert_rows(try_cast(dbl(INFINITY), DEC(10, 2)), "NULL");
    assert_rows(cast(dec("10.25", 10, 2), DOUBLE_), "10.25");
    assert_rows(cast(dec("12345678901234567890.12345", 38, 5), DOUBLE_), "1.2345678901234567E19");
    assert_error(cast(dec("99999999999", 20, 0), INT_), "cannot CAST 99999999999 to INT");
    assert_rows(try_cast(dec("99999999999999999999", 20, 0), BIGINT_), "NULL");
}

static void booleans(void **state) {
    (void)state;
    assert_rows(cast(num(INT_, 7), BOOLEAN_), "true");
    assert_rows(cast(dbl(0), BOOLEAN_), "false");
    assert_rows(cast(dec("0.5", 2, 1), BOOLEAN_), "true");
    assert_rows(cast(num(BOOLEAN_, 1), INT_), "1");
    assert_rows(cast(num(BOOLEAN_, 1), DOUBLE_), "1.0");
    assert_rows(cast(num(BOOLEAN_, 1), DEC(3, 1)), "1.0");
    assert_rows(cast(str("true"), BOOLEAN_), "true");
    assert_rows(cast(str("1"), BOOLEAN_), "true");
    assert_rows(cast(str("No"), BOOLEAN_), "false");
    assert_error(cast(str("junk"), BOOLEAN_), "cannot CAST 'junk' to BOOLEAN");
}

static void numbers_to_text(void **state) {
    (void)state;
    assert_rows(cast(dbl(2.5), STRING_), "2.5");
    assert_rows(cast(dbl(1e20), STRING_), "1.0E20");
    assert_rows(cast(dbl(100), STRING_), "100.0");
    assert_rows(cast(dbl(1e-5), STRING_), "1.0E-5");
    assert_rows(cast(dbl(1234567), STRING_), "1234567.0");
    assert_rows(cast(dbl(12345678.9), STRING_), "1.23456789E7");
    assert_rows(cast(flt(1.5f), STRING_), "1.5");
    assert_rows(cast(dec("10.25", 10, 2), STRING_), "10.25");
    assert_rows(cast(dec("-0.05", 10, 2), STRING_), "-0.05");
    assert_rows(cast(num(BOOLEAN_, 1), STRING_), "TRUE");
    assert_rows(cast(num(BIGINT_, INT64_MIN), STRING_), "-9223372036854775808");
}

static void text_to_numbers(void **state) {
    (void)state;
    assert_rows(cast(str("12.7"), INT_), "12");
    assert_rows(cast(str(" 12 "), INT_), "12");
    assert_rows(cast(str("12.7"), DOUBLE_), "12.7");
    assert_rows(cast(str("1e3"), DOUBLE_), "1000.0");
    assert_rows(cast(str("12.7"), DEC(5, 0)), "13");
    assert_rows(cast(str("99999"), DEC(3, 0)), "NULL");
    assert_rows(cast(str("0.1"), FLOAT_), "0.1");
    assert_error(cast(str("abc"), INT_), "cannot CAST 'abc' to INT: the text is no value of that type");
    assert_error(cast(str("99999999999"), INT_), "cannot CAST '99999999999' to INT");
    assert_error(cast(str(""), INT_), "cannot CAST '' to INT");
    assert_error(cast(str("1.x"), INT_), "cannot CAST");
    assert_error(cast(str("-"), BIGINT_), "cannot CAST");
    assert_error(cast(str("abc"), DEC(5, 0)), "cannot CAST");
    assert_rows(try_cast(str("abc"), INT_), "NULL");
    table_rows = 4;
    int32_t s = add_strings((const char *const[]){"1", "x", NULL, "-4"});
    assert_rows(try_cast(col(s), INT_), "1|NULL|NULL|-4");
    assert_error(cast(col(s), INT_), "'x'");
    uint64_t active = 0xD;
    assert_string_equal(rows_of(cast(col(s), INT_), &active), "1|NULL|-4");
}

static void lengths_of_text(void **state) {
    (void)state;
    assert_rows(cast(str("abcdef"), varchar(3)), "abc");
    assert_rows(cast(str("ab"), weir_type_char(5)), "ab   ");
    assert_rows(cast(str("\xC3\xA9\xF0\x9F\x98\x80x"), varchar(2)), "\xC3\xA9\xF0\x9F\x98\x80");
    assert_rows(cast(str("\xC3\xA9"), weir_type_char(2)), "\xC3\xA9 ");
    assert_rows(cast(num(INT_, 12345), varchar(2)), "12");
    assert_rows(cast(num(BOOLEAN_, 0), weir_type_char(6)), "FALSE ");
    assert_rows(cast(null_of(STRING_), varchar(2)), "NULL");
}

static void times(void **state) {
    (void)state;
    struct weir_expr *t = ts("2024-01-31 10:20:30.456", 3);
    assert_rows(cast(t, STRING_), "2024-01-31 10:20:30.456");
    assert_rows(cast(date("2024-01-31"), STRING_), "2024-01-31");
    assert_rows(cast(t, DATE_), "2024-01-31");
    assert_rows(cast(date("2024-01-31"), TS(3)), "2024-01-31 00:00:00.000");
    assert_rows(cast(t, TIME_), "10:20:30");
    assert_rows(cast(cast(t, TS(0)), STRING_), "2024-01-31 10:20:30");
    assert_rows(cast(t, TS(6)), "2024-01-31 10:20:30.456000");
    assert_rows(cast(cast(t, TS(9)), TS(1)), "2024-01-31 10:20:30.4");
    assert_rows(cast(t, ltz(3)), "2024-01-31 10:20:30.456");
    assert_rows(cast(cast(t, ltz(3)), TS(0)), "2024-01-31 10:20:30");
    struct weir_expr *old = num(TS(3), -1); /* the last millisecond of 1969 */
    assert_rows(cast(old, DATE_), "1969-12-31");
    assert_rows(cast(old, TS(0)), "1969-12-31 23:59:59");
    assert_rows(cast(old, TIME_), "23:59:59");
    assert_error(cast(num(TS(3), INT64_MAX / 1000), TS(9)), "to TIMESTAMP(9): it is out of range");
    assert_rows(try_cast(num(TS(3), INT64_MAX / 1000), TS(9)), "NULL");
}

static void text_to_times(void **state) {
    (void)state;
    assert_rows(cast(str("2024-01-31"), TS(3)), "2024-01-31 00:00:00.000");
    assert_rows(cast(str("2024-1-5 1:2:3.4567"), TS(3)), "2024-01-05 01:02:03.456");
    assert_rows(cast(str("2024-02-30 00:00:00"), TS(3)), "2024-02-29 00:00:00.000");
    assert_rows(cast(str("2024-01-01 24:00:00"), TS(3)), "2024-01-02 00:00:00.000");
    assert_rows(cast(str("1969-12-31 23:59:59.9"), TS(0)), "1969-12-31 23:59:59");
    assert_error(cast(str("2024-01-31T10:20:30"), TS(3)), "cannot CAST");
    assert_error(cast(str("2024-01-31 10:20"), TS(3)), "cannot CAST");
    assert_error(cast(str(" 2024-01-31"), TS(3)), "cannot CAST");
    assert_error(cast(str("2024-13-01"), TS(3)), "cannot CAST");
    assert_error(cast(str("junk"), TS(3)), "cannot CAST 'junk' to TIMESTAMP(3)");
    assert_rows(cast(str("2024-01-31"), DATE_), "2024-01-31");
    assert_rows(cast(str("2024-01-31 10:20:30"), DATE_), "2024-01-31");
    assert_error(cast(str("2024-02-30"), DATE_), "cannot CAST");
    assert_rows(cast(str("10:20:30"), TIME_), "10:20:30");
    assert_error(cast(str("25:00:00"), TIME_), "cannot CAST");
}

static void pairs_outside_the_matrix_are_refused(void **state) {
    (void)state;
    assert_int_equal(create_status(at(cast(ts("2024-01-31", 3), BIGINT_), 1, 8)), WEIR_ERR_UNSUPPORTED);
    assert_string_equal(error.message, "at line 1, column 8: CAST from TIMESTAMP(3) to BIGINT is not possible");
    assert_int_equal(create_status(cast(num(INT_, 1), TS(3))), WEIR_ERR_UNSUPPORTED);
    assert_int_equal(create_status(cast(num(BOOLEAN_, 1), DATE_)), WEIR_ERR_UNSUPPORTED);
    assert_int_equal(create_status(cast(date("2024-01-31"), TIME_)), WEIR_ERR_UNSUPPORTED);
    assert_int_equal(create_status(cast(num(INTERVAL_MS_, 1), STRING_)), WEIR_ERR_UNSUPPORTED);
}

static void null_casts_to_everything(void **state) {
    (void)state;
    struct weir_type null = weir_type_of(WEIR_TYPE_NULL);
    assert_rows(cast(null_of(null), INT_), "NULL");
    assert_rows(cast(null_of(null), STRING_), "NULL");
    assert_rows(cast(null_of(null), BOOLEAN_), "NULL");
    assert_rows(cast(null_of(INT_), DEC(10, 2)), "NULL");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(between_integers),
        TEST(doubles_truncate_and_saturate),
        TEST(decimals),
        TEST(booleans),
        TEST(numbers_to_text),
        TEST(text_to_numbers),
        TEST(lengths_of_text),
        TEST(times),
        TEST(text_to_times),
        TEST(pairs_outside_the_matrix_are_refused),
        TEST(null_casts_to_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
