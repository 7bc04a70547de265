/* SPDX-License-Identifier: Apache-2.0
 *
 * Instants on the wall clock of a zone, numbers as instants (SEMANTICS 8, zones). What Flink gives for scripts of
 * these is in tests/cases/more, z0 to zd.
 */
#include <math.h>
#include <time.h>

#include "base/zone.h"
#include "evaluate.h"

static struct weir_zone *berlin;

static struct weir_type ltz(int precision) {
    struct weir_type type = weir_type_timestamp(precision);
    type.id = WEIR_TYPE_TIMESTAMP_LTZ;
    return type;
}

static struct weir_expr *zoned(enum weir_expr_op op, struct weir_type type, struct weir_expr *arg) {
    struct weir_expr *expr = call(op, type, 1, arg);
    expr->zone = berlin;
    return expr;
}

static void wall_clocks_in_every_unit(void **state) {
    (void)state;
    for (int precision = 3; precision <= 9; precision += 3) {
        columns_count = 0;
        int64_t per_ms = weir_type_ticks(ltz(precision)) / 1000;
        /* both sides of the changes of 2025, and the repeated hour */
        int64_t values[] = {1743296399999, 1743296400000, 1761438600000, 1761442200000};
        table_rows = 4;
        for (int i = 0; i < 4; i++) values[i] = values[i] * per_ms + per_ms - 1;
        int32_t index = add_i64(ltz(precision), values, "....");
        struct weir_expr *local = zoned(WEIR_EXPR_TO_LOCAL, weir_type_timestamp(precision), col(index));
        struct weir_expr *text = cast(cast(local, weir_type_timestamp(3)), STRING_);
        assert_string_equal(rows_of(text, NULL),
                            "2025-03-30 01:59:59.999|2025-03-30 03:00:00.000|2025-10-26 02:30:00.000|"
                            "2025-10-26 02:30:00.000");
    }
}

static void the_way_back_takes_the_earlier_or_the_later(void **state) {
    (void)state;
    struct weir_expr *twice = ts("2025-10-26 02:30:00", 3);
    struct weir_expr *earlier = zoned(WEIR_EXPR_TO_INSTANT, ltz(3), twice);
    struct weir_expr *later = zoned(WEIR_EXPR_TO_INSTANT, ltz(3), twice);
    later->later = true;
    assert_string_equal(rows_of(cast(earlier, STRING_), NULL), "2025-10-26 00:30:00.000");
    assert_string_equal(rows_of(cast(later, STRING_), NULL), "2025-10-26 01:30:00.000");
    assert_false(weir_expr_equal(earlier, later));
    struct weir_expr *skipped = zoned(WEIR_EXPR_TO_INSTANT, ltz(3), ts("2025-03-30 02:30:00", 3));
    assert_string_equal(rows_of(cast(skipped, STRING_), NULL), "2025-03-30 01:30:00.000");
    assert_string_equal(weir_expr_text(&arena, skipped, NULL),
                        "TO_INSTANT(TIMESTAMP '2025-03-30 02:30:00.000' IN Europe/Berlin)");
}

static void floor_keeps_the_offset_of_its_argument(void **state) {
    (void)state;
    int64_t values[] = {1743296400000, 1761442200000}; /* 03:00 of a day of 23 hours, the second 02:30 */
    table_rows = 2;
    int32_t index = add_i64(ltz(3), values, "..");
    struct weir_expr *day = unit(WEIR_EXPR_FLOOR_TIME, ltz(3), WEIR_UNIT_DAY, col(index));
    day->zone = berlin;
    assert_string_equal(rows_of(cast(day, STRING_), NULL), "2025-03-29 22:00:00.000|2025-10-25 23:00:00.000");
    struct weir_expr *hour = unit(WEIR_EXPR_CEIL_TIME, ltz(3), WEIR_UNIT_HOUR, col(index));
    hour->zone = berlin;
    assert_string_equal(rows_of(cast(hour, STRING_), NULL), "2025-03-30 01:00:00.000|2025-10-26 02:00:00.000");
}

static void times_at_the_ends_are_errors_where_they_count(void **state) {
    (void)state;
    int64_t values[] = {INT64_MAX - 1, 0};
    table_rows = 2;
    int32_t index = add_i64(ltz(3), values, "..");
    struct weir_expr *local = zoned(WEIR_EXPR_TO_LOCAL, weir_type_timestamp(3), col(index));
    assert_error(local, "outside the calendar in the time zone 'Europe/Berlin'");
    uint64_t active = 2;
    assert_non_null(rows_of(local, &active));
}

static struct weir_expr *from_epoch(struct weir_expr *number, int digits) {
    struct weir_expr *expr = call(WEIR_EXPR_FROM_EPOCH, ltz(digits < 3 ? 3 : digits), 1, number);
    expr->index = digits;
    return expr;
}

static void numbers_become_instants(void **state) {
    (void)state;
    assert_string_equal(rows_of(cast(from_epoch(num(BIGINT_, -1), 0), STRING_), NULL), "1969-12-31 23:59:59.000");
    assert_string_equal(rows_of(cast(from_epoch(num(INT_, 4), 1), STRING_), NULL), "1970-01-01 00:00:00.400");
    assert_string_equal(rows_of(cast(from_epoch(num(INT_, -1), 4), STRING_), NULL), "1969-12-31 23:59:59.9999");
    assert_string_equal(rows_of(cast(from_epoch(num(BIGINT_, 4), 9), STRING_), NULL),
                        "1970-01-01 00:00:00.000000004");
    assert_string_equal(rows_of(cast(from_epoch(dbl(1.5), 0), STRING_), NULL), "1970-01-01 00:00:01.500");
    assert_string_equal(rows_of(cast(from_epoch(dec("1.9", 2, 1), 0), STRING_), NULL), "1970-01-01 00:00:01.000");
}

static void numbers_beyond_the_year_9999_are_null(void **state) {
    (void)state;
    int64_t values[] = {253402300799999, 253402300800000, -62167219200000, -62167219200001, INT64_MAX, INT64_MIN};
    table_rows = 6;
    int32_t index = add_i64(BIGINT_, values, "......");
    assert_string_equal(rows_of(cast(from_epoch(col(index), 3), STRING_), NULL),
                        "9999-12-31 23:59:59.999|NULL|0000-01-01 00:00:00.000|NULL|NULL|NULL");
    double doubles[] = {253402300800.0, (double)INFINITY, -1e300, 0.25, 0, 0};
    index = add_f64(doubles, "......");
    assert_string_equal(rows_of(cast(from_epoch(col(index), 0), STRING_), NULL),
                        "NULL|NULL|NULL|1970-01-01 00:00:00.250|1970-01-01 00:00:00.000|1970-01-01 00:00:00.000");
}

static void nanoseconds_beyond_their_range_are_an_error(void **state) {
    (void)state;
    struct weir_expr *expr = call(WEIR_EXPR_FROM_EPOCH, ltz(9), 1, num(BIGINT_, 32503680000));
    expr->index = 0;
    assert_error(expr, "beyond what TIMESTAMP_LTZ(9) reaches");
    assert_error(call(WEIR_EXPR_FROM_SECONDS, ltz(3), 1, num(BIGINT_, INT64_MAX)), "beyond what");
}

static void the_clock_is_read_when_a_block_is_worked(void **state) {
    (void)state;
    struct weir_vector out;
    struct weir_expr *now = call(WEIR_EXPR_NOW, ltz(3), 0);
    int64_t before = (int64_t)time(NULL) * 1000 - 2000;
    assert_int_equal(evaluate(now, NULL, &out), WEIR_OK);
    int64_t first = out.i64[0];
    assert_true(first > before && first < before + 600000);
    while (evaluate(now, NULL, &out) == WEIR_OK && out.i64[0] == first) continue; /* no constant */
    assert_true(out.i64[0] > first);
}

static void processing_time_has_no_value(void **state) {
    (void)state;
    assert_int_equal(create_status(call(WEIR_EXPR_PROCTIME, ltz(3), 0)), WEIR_ERR_UNSUPPORTED);
}

static void shapes_that_do_not_fit_are_defects(void **state) {
    (void)state;
    assert_int_equal(create_status(call(WEIR_EXPR_TO_LOCAL, weir_type_timestamp(3), 1, null_of(ltz(3)))),
                     WEIR_ERR_INVALID); /* no zone */
    assert_int_equal(create_status(zoned(WEIR_EXPR_TO_LOCAL, weir_type_timestamp(6), null_of(ltz(3)))),
                     WEIR_ERR_INVALID);
    assert_int_equal(create_status(zoned(WEIR_EXPR_TO_INSTANT, ltz(3), null_of(ltz(3)))), WEIR_ERR_INVALID);
    assert_int_equal(create_status(from_epoch(str("1"), 3)), WEIR_ERR_INVALID);
    assert_int_equal(
        create_status(call(WEIR_EXPR_FORMAT_TIME, STRING_, 2, ts("2025-01-01 00:00:00", 3), num(INT_, 1))),
        WEIR_ERR_INVALID);
}

static int open_berlin(void **state) {
    (void)state;
    return weir_zone_open("Europe/Berlin", &berlin, NULL) == WEIR_OK ? 0 : -1;
}

static int close_berlin(void **state) {
    (void)state;
    weir_zone_close(&berlin);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(wall_clocks_in_every_unit),
        TEST(the_way_back_takes_the_earlier_or_the_later),
        TEST(floor_keeps_the_offset_of_its_argument),
        TEST(times_at_the_ends_are_errors_where_they_count),
        TEST(numbers_become_instants),
        TEST(numbers_beyond_the_year_9999_are_null),
        TEST(nanoseconds_beyond_their_range_are_an_error),
        TEST(the_clock_is_read_when_a_block_is_worked),
        TEST(processing_time_has_no_value),
        TEST(shapes_that_do_not_fit_are_defects),
    };
    return cmocka_run_group_tests(tests, open_berlin, close_berlin);
}
