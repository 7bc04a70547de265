/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ahead.h"

#include "tests/engine/plans.h"

#define INT_ weir_type_of(WEIR_TYPE_INT)

static struct weir_expr *negative(struct weir_plan *plan, int32_t column) {
    struct weir_expr *of = plan_column(plan, column);
    return weir_expr_node(&plan->arena, WEIR_EXPR_NEGATE, of->type, 1, &of);
}

static void only_columns_that_are_read_are_fetched_and_each_once(void **state) {
    (void)state;
    struct weir_type types[] = {TIME_, BIGINT_, INT_, DOUBLE_, BIGINT_, STRING_};
    struct weir_plan *plan = plan_over(6, types);
    plan_window(plan, WEIR_WINDOW_TUMBLE, 1000, 0, 0);
    plan_key(plan, 4);
    plan_key(plan, 5);
    plan_call(plan, WEIR_AGGREGATE_SUM, 4);
    plan_call(plan, WEIR_AGGREGATE_SUM, 2);
    plan->aggregates[1].arg = negative(plan, 2);
    struct weir_ahead ahead;
    weir_ahead_init(&ahead, plan);
    assert_int_equal(ahead.columns_count, 3); /* a string has no fixed width */
    assert_int_equal(ahead.columns[0], 0);
    assert_int_equal(ahead.columns[1], 4);
    assert_int_equal(ahead.columns[2], 2);
    assert_int_equal(ahead.widths[1], 8);
    assert_int_equal(ahead.widths[2], 4);
    weir_plan_release(plan);
}

static void more_columns_than_there_is_room_for_are_left_out(void **state) {
    (void)state;
    struct weir_type types[12];
    for (int i = 0; i < 12; i++) types[i] = BIGINT_;
    struct weir_plan *plan = plan_over(12, types);
    for (int32_t i = 0; i < 12; i++) plan_key(plan, i);
    struct weir_ahead ahead;
    weir_ahead_init(&ahead, plan);
    assert_int_equal(ahead.columns_count, WEIR_AHEAD_COLUMNS);
    weir_plan_release(plan);
}

static void steps_end_where_the_rows_do(void **state) {
    (void)state;
    static const int64_t values[300] = {0};
    static const int32_t narrow[300] = {0};
    const struct weir_column columns[] = {{.values = values}, {.values = narrow}};
    struct weir_ahead ahead = {.columns_count = 2, .columns = {0, 1}, .widths = {8, 4}};
    weir_ahead_aim(&ahead, columns, 128, 100, true);
    assert_true(ahead.next[0] == (uintptr_t)&values[128] && ahead.next[1] == (uintptr_t)&narrow[128]);
    weir_ahead_step(&ahead);
    assert_true(ahead.next[0] == (uintptr_t)&values[192] && ahead.next[1] == (uintptr_t)&narrow[192]);
    for (int i = 0; i < 5; i++) weir_ahead_step(&ahead);
    assert_true(ahead.next[0] == (uintptr_t)&values[256] && ahead.next[1] == (uintptr_t)&narrow[256]);
    weir_ahead_step(NULL);
}

static void a_column_of_times_alone_is_left_out_where_they_are_not_read(void **state) {
    (void)state;
    struct weir_type types[] = {TIME_, BIGINT_};
    for (int summed = 0; summed < 2; summed++) {
        static const int64_t values[300] = {0};
        const struct weir_column columns[] = {{.values = values}, {.values = values}};
        struct weir_plan *plan = plan_over(2, types);
        plan_window(plan, WEIR_WINDOW_TUMBLE, 1000, 0, 0);
        plan_call(plan, WEIR_AGGREGATE_MAX, summed); /* of the times, or of the others */
        struct weir_ahead ahead;
        weir_ahead_init(&ahead, plan);
        for (int times = 0; times < 2; times++) {
            weir_ahead_aim(&ahead, columns, 0, 300, times == 1);
            assert_int_equal(ahead.bytes[0], summed == 0 || times == 1 ? 8 : 0);
            if (summed == 1) assert_int_equal(ahead.bytes[1], 8);
        }
        weir_plan_release(plan);
    }
}

/* All rows to come, whatever is worked on: none are left when that has been done. */
static void steps_are_as_long_as_there_is_little_to_work_on(void **state) {
    (void)state;
    static const int64_t values[4096] = {0};
    const struct weir_column columns[] = {{.values = values}};
    for (int32_t worked_on = 0; worked_on <= 4096; worked_on += 37) {
        struct weir_ahead ahead = {.columns_count = 1, .columns = {0}, .widths = {8}};
        weir_ahead_aim(&ahead, columns, 0, 4000, true);
        weir_ahead_share(&ahead, worked_on);
        assert_int_equal(ahead.step % WEIR_AHEAD_ROWS, 0);
        assert_true(ahead.step >= WEIR_AHEAD_ROWS);
        for (int32_t row = 0; row < worked_on; row += WEIR_AHEAD_ROWS) weir_ahead_step(&ahead);
        if (worked_on % WEIR_AHEAD_ROWS != 0) assert_true(ahead.rows <= 0);
    }
}

/* Only what a whole block may add to one row, in any order. */
static void a_column_is_summed_with_the_times_where_its_sum_is_asked_of_all_rows(void **state) {
    (void)state;
    for (int without = 0; without < 5; without++) {
        struct weir_type types[] = {TIME_, BIGINT_, DOUBLE_, DOUBLE_};
        struct weir_plan *plan = plan_over(4, types);
        plan_window(plan, WEIR_WINDOW_TUMBLE, 1000, 0, 0);
        plan_call(plan, WEIR_AGGREGATE_MAX, 2);
        plan_call(plan, WEIR_AGGREGATE_SUM, 1);
        plan_call(plan, without == 1 ? WEIR_AGGREGATE_MIN : WEIR_AGGREGATE_AVG, 3);
        if (without == 2) plan_key(plan, 1);
        if (without == 3) plan->ordered_floats = true;
        if (without == 4) plan->aggregates[2].arg = negative(plan, 3);
        struct weir_ahead ahead;
        weir_ahead_init(&ahead, plan);
        assert_int_equal(ahead.sum_column, -1);
        weir_ahead_choose_sum(&ahead, plan);
        assert_int_equal(ahead.sum_column, without == 0 ? 3 : -1);
        weir_plan_release(plan);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_is_summed_with_the_times_where_its_sum_is_asked_of_all_rows),
        cmocka_unit_test(only_columns_that_are_read_are_fetched_and_each_once),
        cmocka_unit_test(more_columns_than_there_is_room_for_are_left_out),
        cmocka_unit_test(steps_end_where_the_rows_do),
        cmocka_unit_test(a_column_of_times_alone_is_left_out_where_they_are_not_read),
        cmocka_unit_test(steps_are_as_long_as_there_is_little_to_work_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
