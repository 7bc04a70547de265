/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sql/literal.h"

static int64_t interval(const char *text, enum weir_time_unit from, enum weir_time_unit to) {
    int64_t out;
    if (!weir_literal_interval(text, from, to, &out)) return INT64_MIN;
    return out;
}

static void intervals_are_read_in_every_unit(void **state) {
    (void)state;
    assert_int_equal(interval("90", WEIR_UNIT_SECOND, WEIR_UNIT_SECOND), 90000);
    assert_int_equal(interval("0.5", WEIR_UNIT_SECOND, WEIR_UNIT_SECOND), 500);
    assert_int_equal(interval("1.0050", WEIR_UNIT_SECOND, WEIR_UNIT_SECOND), 1005);
    assert_int_equal(interval("120", WEIR_UNIT_SECOND, WEIR_UNIT_SECOND), 120000);
    assert_int_equal(interval("-3", WEIR_UNIT_MINUTE, WEIR_UNIT_MINUTE), -180000);
    assert_int_equal(interval("1", WEIR_UNIT_WEEK, WEIR_UNIT_WEEK), INT64_C(604800000));
    assert_int_equal(interval("2", WEIR_UNIT_YEAR, WEIR_UNIT_YEAR), 24);
    assert_int_equal(interval("3", WEIR_UNIT_QUARTER, WEIR_UNIT_QUARTER), 9);
}

static void intervals_of_several_fields_are_read(void **state) {
    (void)state;
    assert_int_equal(interval("1:30", WEIR_UNIT_MINUTE, WEIR_UNIT_SECOND), 90000);
    assert_int_equal(interval("1 02:03:04.005", WEIR_UNIT_DAY, WEIR_UNIT_SECOND), INT64_C(93784005));
    assert_int_equal(interval("-1 02", WEIR_UNIT_DAY, WEIR_UNIT_HOUR), -INT64_C(93600000));
    assert_int_equal(interval("1 02:03", WEIR_UNIT_DAY, WEIR_UNIT_MINUTE), INT64_C(93780000));
    assert_int_equal(interval("10:20", WEIR_UNIT_HOUR, WEIR_UNIT_MINUTE), INT64_C(37200000));
    assert_int_equal(interval("1-02", WEIR_UNIT_YEAR, WEIR_UNIT_MONTH), 14);
}

static void intervals_that_do_not_fit_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum weir_time_unit from, to;
    } bad[] = {
        {"", WEIR_UNIT_SECOND, WEIR_UNIT_SECOND},
        {"x", WEIR_UNIT_SECOND, WEIR_UNIT_SECOND},
        {"1.", WEIR_UNIT_SECOND, WEIR_UNIT_SECOND},
        {"1.0005", WEIR_UNIT_SECOND, WEIR_UNIT_SECOND},
        {"1.5", WEIR_UNIT_MINUTE, WEIR_UNIT_MINUTE},
        {"1:60", WEIR_UNIT_MINUTE, WEIR_UNIT_SECOND},
        {"1", WEIR_UNIT_MINUTE, WEIR_UNIT_SECOND},
        {"1:30", WEIR_UNIT_SECOND, WEIR_UNIT_MINUTE},
        {"1-12", WEIR_UNIT_YEAR, WEIR_UNIT_MONTH},
        {"1-1", WEIR_UNIT_YEAR, WEIR_UNIT_DAY},
        {"9999999999999999999", WEIR_UNIT_SECOND, WEIR_UNIT_SECOND},
        {"9223372036854775807", WEIR_UNIT_DAY, WEIR_UNIT_DAY},
        {"1 day", WEIR_UNIT_DAY, WEIR_UNIT_DAY},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        int64_t out;
        if (weir_literal_interval(bad[i].text, bad[i].from, bad[i].to, &out))
            fail_msg("'%s' was taken", bad[i].text);
    }
}

static void dates_follow_the_calendar(void **state) {
    (void)state;
    int64_t days;
    assert_true(weir_literal_date("1970-01-01", &days));
    assert_int_equal(days, 0);
    assert_true(weir_literal_date("2024-02-29", &days));
    assert_int_equal(days, 19782);
    assert_true(weir_literal_date("0001-01-01", &days));
    assert_int_equal(days, -719162);
    assert_false(weir_literal_date("2023-02-29", &days));
    assert_false(weir_literal_date("1900-02-29", &days));
    assert_false(weir_literal_date("2024-13-01", &days));
    assert_false(weir_literal_date("2024-00-01", &days));
    assert_false(weir_literal_date("2024-04-31", &days));
    assert_false(weir_literal_date("2024-04-30 ", &days));
    assert_false(weir_literal_date("0000-01-01", &days));
}

static void timestamps_keep_their_digits(void **state) {
    (void)state;
    int64_t seconds;
    int32_t nanoseconds;
    int digits;
    assert_true(weir_literal_timestamp("1970-01-02 00:00:01.000000009", false, &seconds, &nanoseconds, &digits));
    assert_int_equal(seconds, 86401);
    assert_int_equal(nanoseconds, 9);
    assert_int_equal(digits, 9);
    assert_true(weir_literal_timestamp("1969-12-31 23:59:59.5", false, &seconds, &nanoseconds, &digits));
    assert_int_equal(seconds, -1);
    assert_int_equal(nanoseconds, 500000000);
    assert_true(weir_literal_timestamp("1970-01-01", true, &seconds, &nanoseconds, &digits));
    assert_false(weir_literal_timestamp("1970-01-01", false, &seconds, &nanoseconds, &digits));
    assert_false(weir_literal_timestamp("1970-01-01T00:00:00", true, &seconds, &nanoseconds, &digits));
    assert_false(weir_literal_timestamp("1970-01-01 24:00:00", true, &seconds, &nanoseconds, &digits));
    assert_false(weir_literal_timestamp("1970-01-01 00:00:00.1234567890", true, &seconds, &nanoseconds, &digits));
    assert_false(weir_literal_timestamp("junk", true, &seconds, &nanoseconds, &digits));
}

static void times_are_milliseconds(void **state) {
    (void)state;
    int64_t ms;
    int digits;
    assert_true(weir_literal_time("23:59:59.999", &ms, &digits));
    assert_int_equal(ms, 86399999);
    assert_false(weir_literal_time("23:59:59.9999", &ms, &digits));
    assert_false(weir_literal_time("23:59", &ms, &digits));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_are_read_in_every_unit),
        cmocka_unit_test(intervals_of_several_fields_are_read),
        cmocka_unit_test(intervals_that_do_not_fit_are_refused),
        cmocka_unit_test(dates_follow_the_calendar),
        cmocka_unit_test(timestamps_keep_their_digits),
        cmocka_unit_test(times_are_milliseconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
