/* SPDX-License-Identifier: Apache-2.0
 *
 * Times: the results that Flink 2.3.0 gave, and times before 1970.
 */
#include "evaluate.h"

#define TS(p) weir_type_timestamp(p)
#define TIME_ weir_type_of(WEIR_TYPE_TIME)
#define DAY_MS INT64_C(86400000)

static struct weir_expr *now(void) { return ts("2024-01-31 10:20:30.456", 3); }

static struct weir_expr *add(struct weir_expr *time, int64_t ms) {
    return call(WEIR_EXPR_ADD, time->type, 2, time, num(INTERVAL_MS_, ms));
}

static struct weir_expr *subtract(struct weir_expr *time, int64_t ms) {
    return call(WEIR_EXPR_SUBTRACT, time->type, 2, time, num(INTERVAL_MS_, ms));
}

static struct weir_expr *add_months(struct weir_expr *time, int64_t months) {
    return call(WEIR_EXPR_ADD_MONTHS, time->type, 2, time, num(INTERVAL_MONTH_, months));
}

static struct weir_expr *extract(enum weir_time_unit part, struct weir_expr *time) {
    return unit(WEIR_EXPR_EXTRACT, BIGINT_, part, time);
}

static struct weir_expr *floor_to(enum weir_time_unit part, struct weir_expr *time) {
    return unit(WEIR_EXPR_FLOOR_TIME, time->type, part, time);
}

static struct weir_expr *ceil_to(enum weir_time_unit part, struct weir_expr *time) {
    return unit(WEIR_EXPR_CEIL_TIME, time->type, part, time);
}

static void sums_as_in_flink(void **state) {
    (void)state;
    assert_rows(add_months(now(), 1), "2024-02-29 10:20:30.456");
    assert_rows(add_months(date("2024-01-31"), 1), "2024-02-29");
    assert_rows(add(date("2024-01-31"), DAY_MS), "2024-02-01");
    assert_rows(subtract(now(), 500), "2024-01-31 10:20:29.956");
    assert_rows(subtract(now(), 90000), "2024-01-31 10:19:00.456");
    assert_rows(add(now(), 2 * DAY_MS), "2024-02-02 10:20:30.456");
    assert_rows(subtract(now(), -5000), "2024-01-31 10:20:35.456");
    assert_rows(add(now(), 99 * 3600000LL), "2024-02-04 13:20:30.456");
    assert_rows(call(WEIR_EXPR_ADD, TS(3), 2, num(INTERVAL_MS_, 1000), now()), "2024-01-31 10:20:31.456");
}

static void intervals_fit_any_precision(void **state) {
    (void)state;
    assert_rows(add(ts("2024-01-31 10:20:30.000001", 6), 1), "2024-01-31 10:20:30.001001");
    assert_rows(add(ts("2024-01-31 10:20:30.000000001", 9), 1000), "2024-01-31 10:20:31.000000001");
    assert_rows(add_months(num(TS(3), -1), -1), "1969-11-30 23:59:59.999");
    assert_rows(add(num(TIME_, DAY_MS - 1000), 2000), "00:00:01");
    assert_rows(subtract(num(TIME_, 0), 1000), "23:59:59");
    assert_rows(add(date("2024-01-31"), -DAY_MS), "2024-01-30");
    assert_rows(call(WEIR_EXPR_MULTIPLY, INTERVAL_MS_, 2, num(INT_, 2), num(INTERVAL_MS_, DAY_MS)), "172800000");
    assert_rows(call(WEIR_EXPR_ADD, INTERVAL_MS_, 2, num(INTERVAL_MS_, 1), num(INTERVAL_MS_, 2)), "3");
}

static void sums_that_leave_the_calendar_fail(void **state) {
    (void)state;
    assert_error(add(num(TS(3), INT64_MAX), 1), "TIMESTAMP(3) overflow");
    assert_error(add(num(TS(9), 0), INT64_MAX / 1000), "TIMESTAMP(9) overflow");
    assert_error(add_months(date("2024-01-31"), INT32_MAX), "DATE overflow");
    assert_error(add_months(now(), INT64_MAX), "TIMESTAMP(3) overflow");
    table_rows = 2;
    int32_t a = add_i64(TS(3), (int64_t[]){INT64_MAX, 0}, "x.");
    assert_rows(add(col(a), 1), "NULL|1970-01-01 00:00:00.001");
}

static void parts_as_in_flink(void **state) {
    (void)state;
    assert_rows(extract(WEIR_UNIT_DOW, now()), "4");
    assert_rows(extract(WEIR_UNIT_WEEK, now()), "5");
    assert_rows(extract(WEIR_UNIT_EPOCH, now()), "1706696430");
    assert_rows(extract(WEIR_UNIT_SECOND, now()), "30");
    assert_rows(extract(WEIR_UNIT_HOUR, now()), "10");
    assert_rows(extract(WEIR_UNIT_MINUTE, now()), "20");
    assert_rows(extract(WEIR_UNIT_MILLISECOND, now()), "456");
    assert_rows(extract(WEIR_UNIT_YEAR, now()), "2024");
    assert_rows(extract(WEIR_UNIT_QUARTER, now()), "1");
    assert_rows(extract(WEIR_UNIT_MONTH, now()), "1");
    assert_rows(extract(WEIR_UNIT_DAY, now()), "31");
    assert_rows(extract(WEIR_UNIT_DOY, now()), "31");
    assert_rows(extract(WEIR_UNIT_DOY, date("2024-12-31")), "366");
    assert_rows(extract(WEIR_UNIT_EPOCH, date("1969-12-31")), "-86400");
    assert_rows(extract(WEIR_UNIT_HOUR, num(TIME_, 3600000)), "1");
    assert_rows(extract(WEIR_UNIT_SECOND, ts("2024-01-31 10:20:30.999999", 6)), "30");
}

static void parts_before_1970(void **state) {
    (void)state;
    struct weir_expr *old = num(TS(3), -1);
    assert_rows(extract(WEIR_UNIT_YEAR, old), "1969");
    assert_rows(extract(WEIR_UNIT_SECOND, old), "59");
    assert_rows(extract(WEIR_UNIT_MILLISECOND, old), "999");
    assert_rows(extract(WEIR_UNIT_EPOCH, old), "-1");
    assert_rows(extract(WEIR_UNIT_DOW, old), "4");
    assert_rows(floor_to(WEIR_UNIT_HOUR, old), "1969-12-31 23:00:00.000");
    assert_rows(floor_to(WEIR_UNIT_MONTH, old), "1969-12-01 00:00:00.000");
    assert_rows(ceil_to(WEIR_UNIT_HOUR, old), "1970-01-01 00:00:00.000");
}

static void floors_and_ceilings(void **state) {
    (void)state;
    assert_rows(floor_to(WEIR_UNIT_HOUR, now()), "2024-01-31 10:00:00.000");
    assert_rows(ceil_to(WEIR_UNIT_DAY, now()), "2024-02-01 00:00:00.000");
    assert_rows(floor_to(WEIR_UNIT_WEEK, now()), "2024-01-28 00:00:00.000"); /* Sunday */
    assert_rows(ceil_to(WEIR_UNIT_WEEK, now()), "2024-02-04 00:00:00.000");
    assert_rows(floor_to(WEIR_UNIT_QUARTER, date("2024-06-30")), "2024-04-01");
    assert_rows(ceil_to(WEIR_UNIT_QUARTER, date("2024-02-10")), "2024-04-01");
    assert_rows(ceil_to(WEIR_UNIT_YEAR, date("2024-01-01")), "2024-01-01");
    assert_rows(ceil_to(WEIR_UNIT_YEAR, date("2024-01-02")), "2025-01-01");
    assert_rows(ceil_to(WEIR_UNIT_MONTH, date("2024-12-02")), "2025-01-01");
    assert_rows(floor_to(WEIR_UNIT_MINUTE, ts("2024-01-31 10:20:30.000001", 6)), "2024-01-31 10:20:00.000000");
    assert_rows(floor_to(WEIR_UNIT_HOUR, num(TIME_, 3700000)), "01:00:00");
    assert_error(ceil_to(WEIR_UNIT_DAY, num(TS(3), INT64_MAX)), "lies outside the calendar");
    assert_int_equal(create_status(floor_to(WEIR_UNIT_HOUR, date("2024-01-01"))), WEIR_ERR_INVALID);
    assert_int_equal(create_status(extract(WEIR_UNIT_YEAR, num(TIME_, 0))), WEIR_ERR_INVALID);
}

static int32_t add_stored(struct weir_type type, int64_t ticks, const int64_t *values) {
    struct weir_layout layout = {.storage = WEIR_STORE_I64, .type = type, .ticks_per_second = ticks};
    int64_t *copy = room((size_t)table_rows * 8);
    memcpy(copy, values, (size_t)table_rows * 8);
    return add_column(layout, copy, NULL);
}

static void stored_units_become_those_of_the_type(void **state) {
    (void)state;
    table_rows = 2;
    int32_t seconds = add_stored(TS(0), 1, (int64_t[]){-1, 1706696430});
    int32_t micros = add_stored(TS(3), 1000000, (int64_t[]){-1, 1706696430456789});
    int32_t days_ms = add_stored(DATE_, 1000, (int64_t[]){-1, DAY_MS});
    int32_t time_us = add_stored(TIME_, 1000000, (int64_t[]){1999, 3600000000});
    assert_rows(col(seconds), "1969-12-31 23:59:59|2024-01-31 10:20:30");
    assert_rows(col(micros), "1969-12-31 23:59:59.999|2024-01-31 10:20:30.456");
    assert_rows(col(days_ms), "1969-12-31|1970-01-02");
    assert_rows(extract(WEIR_UNIT_MILLISECOND, col(time_us)), "1|0");
    assert_rows(call(WEIR_EXPR_RESCALE_TIME, TS(3), 1, col(micros)),
                "1969-12-31 23:59:59.999|2024-01-31 10:20:30.456");
    assert_rows(call(WEIR_EXPR_RESCALE_TIME, TS(9), 1, col(seconds)),
                "1969-12-31 23:59:59.000000000|2024-01-31 10:20:30.000000000");
    int32_t huge = add_stored(TS(0), 1, (int64_t[]){0, INT64_MAX});
    assert_error(col(huge), "the stored time 9223372036854775807 lies outside what TIMESTAMP(0) holds");
    uint64_t active = 1;
    assert_string_equal(rows_of(col(huge), &active), "1970-01-01 00:00:00");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(sums_as_in_flink),
        TEST(intervals_fit_any_precision),
        TEST(sums_that_leave_the_calendar_fail),
        TEST(parts_as_in_flink),
        TEST(parts_before_1970),
        TEST(floors_and_ceilings),
        TEST(stored_units_become_those_of_the_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
