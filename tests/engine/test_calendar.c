/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "engine/calendar.h"

static int64_t day(int64_t year, int32_t month, int32_t of_month) {
    return weir_days_from_civil(year, month, of_month);
}

static void days_are_those_of_the_c_library(void **state) {
    (void)state;
    for (int64_t days = -200000; days <= 200000; days += 7) {
        time_t seconds = (time_t)(days * 86400);
        struct tm tm;
        assert_non_null(gmtime_r(&seconds, &tm));
        struct weir_civil civil = weir_civil_from_days(days);
        assert_int_equal(civil.year, tm.tm_year + 1900);
        assert_int_equal(civil.month, tm.tm_mon + 1);
        assert_int_equal(civil.day, tm.tm_mday);
        assert_int_equal(weir_day_of_week(days), tm.tm_wday + 1);
        assert_int_equal(weir_day_of_year(days), tm.tm_yday + 1);
        char week[8];
        strftime(week, sizeof(week), "%V", &tm);
        assert_int_equal(weir_iso_week(days), (week[0] - '0') * 10 + week[1] - '0');
        assert_int_equal(day(civil.year, civil.month, civil.day), days);
    }
}

static void extreme_days_do_not_overflow(void **state) {
    (void)state;
    int64_t out;
    int64_t extremes[] = {INT64_MIN, INT64_MAX, WEIR_DAYS_MAX, -WEIR_DAYS_MAX};
    for (int i = 0; i < 4; i++) {
        struct weir_civil civil = weir_civil_from_days(extremes[i]);
        assert_in_range(civil.month, 1, 12);
        assert_in_range(weir_iso_week(extremes[i]), 1, 53);
        weir_days_add_months(extremes[i], INT64_MAX, &out);
    }
    assert_false(weir_days_add_months(0, INT64_MAX, &out));
    assert_false(weir_days_add_months(INT64_MIN, 1, &out));
}

static void months_clamp_to_the_last_day(void **state) {
    (void)state;
    int64_t out;
    assert_true(weir_days_add_months(day(2024, 1, 31), 1, &out));
    assert_int_equal(out, day(2024, 2, 29));
    assert_true(weir_days_add_months(day(2023, 1, 31), 1, &out));
    assert_int_equal(out, day(2023, 2, 28));
    assert_true(weir_days_add_months(day(2024, 3, 31), -13, &out));
    assert_int_equal(out, day(2023, 2, 28));
    assert_true(weir_days_add_months(day(2024, 2, 29), -48 * 12, &out));
    assert_int_equal(out, day(1976, 2, 29));
    assert_true(weir_days_add_months(day(1, 1, 15), -1, &out));
    assert_int_equal(out, day(0, 12, 15));
}

static void years_of_hundreds(void **state) {
    (void)state;
    assert_int_equal(weir_days_in_month(1900, 2), 28);
    assert_int_equal(weir_days_in_month(2000, 2), 29);
    assert_int_equal(day(1970, 1, 1), 0);
    assert_int_equal(day(1969, 12, 31), -1);
    assert_int_equal(weir_iso_week(day(2021, 1, 3)), 53);
    assert_int_equal(weir_iso_week(day(2018, 12, 31)), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_those_of_the_c_library),
        cmocka_unit_test(extreme_days_do_not_overflow),
        cmocka_unit_test(months_clamp_to_the_last_day),
        cmocka_unit_test(years_of_hundreds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
