/* SPDX-License-Identifier: Apache-2.0
 *
 * The event times of a block are the same whether they come from a column, in any unit, or from an expression.
 */
#include "engine/event_time.h"

#include "evaluate.h"
#include "simd/kernels.h"

enum { rows = 300, first = 64 };

static struct weir_plan *plan;
static int64_t times[rows]; /* ms; NULL in every seventh row */
static char nulls[rows];

static int begin_plan(void **state) {
    begin_test(state);
    table_rows = rows;
    for (int i = 0; i < rows; i++) {
        times[i] = INT64_C(1700000000000) + ((int64_t)i * 7919 % 1000 - 500) * 1000;
        nulls[i] = i % 7 == 3 ? 'x' : '.';
    }
    plan = weir_plan_create();
    return plan == NULL ? -1 : 0;
}

static int end_plan(void **state) {
    weir_plan_release(plan);
    return end_test(state);
}

/* A column of the times in so many ticks a second. */
static int32_t add_times(int64_t ticks_per_second) {
    int64_t values[rows];
    for (int i = 0; i < rows; i++) {
        values[i] = ticks_per_second == 1 ? times[i] / 1000 : times[i] * (ticks_per_second / 1000);
        if (nulls[i] == 'x') values[i] = INT64_MIN;
    }
    int32_t index = add_i64(weir_type_timestamp(3), values, nulls);
    layouts[index].ticks_per_second = ticks_per_second;
    return index;
}

static void take(struct weir_event_time *out) {
    plan->columns = layouts;
    plan->columns_count = columns_count;
    struct weir_block block = {columns, layouts, first, rows - first};
    assert_int_equal(weir_event_time_of_block(plan, &block, NULL, &arena, out, &error), WEIR_OK);
}

static void check_times(const struct weir_event_time *got, int64_t per_ms) {
    int64_t min = INT64_MAX, max = INT64_MIN;
    for (int i = first; i < rows; i++) {
        bool valid = weir_bit_get(got->validity, (size_t)(i - first));
        assert_int_equal(valid, nulls[i] == '.');
        if (!valid) continue;
        assert_true(got->ticks[i - first] == times[i] * per_ms);
        min = times[i] < min ? times[i] : min;
        max = times[i] > max ? times[i] : max;
    }
    assert_true(got->min == min * per_ms && got->max == max * per_ms);
    assert_int_equal(weir_event_time_ticks_per_second(plan), per_ms * 1000);
}

static void columns_of_every_unit(void **state) {
    (void)state;
    for (int64_t ticks = 1; ticks <= 1000000000; ticks *= 1000) {
        struct weir_event_time got;
        plan->time_column = add_times(ticks);
        take(&got);
        check_times(&got, ticks == 1 ? 1 : ticks / 1000);
    }
}

static void expressions_in_the_ticks_of_their_type(void **state) {
    (void)state;
    int64_t seconds[rows];
    for (int i = 0; i < rows; i++) seconds[i] = times[i] / 1000;
    int32_t index = add_i64(BIGINT_, seconds, nulls);
    for (int precision = 3; precision <= 9; precision += 3) {
        struct weir_event_time got;
        struct weir_type type = weir_type_timestamp(precision);
        type.id = WEIR_TYPE_TIMESTAMP_LTZ;
        plan->time_column = -1;
        plan->time_expression = call(WEIR_EXPR_FROM_EPOCH, type, 1, col(index));
        assert_int_equal(
            weir_program_create(&arena, plan->time_expression, layouts, columns_count, &plan->time_program, &error),
            WEIR_OK);
        take(&got);
        check_times(&got, weir_type_ticks(type) / 1000);
    }
}

static void a_block_without_times_has_no_bounds(void **state) {
    (void)state;
    memset(nulls, 'x', sizeof(nulls));
    struct weir_event_time got;
    plan->time_column = add_times(1000);
    take(&got);
    assert_true(got.min > got.max);
}

static void errors_of_the_expression_are_told(void **state) {
    (void)state;
    int64_t huge[rows];
    for (int i = 0; i < rows; i++) huge[i] = i == 200 ? 32503680000 : 0;
    int32_t index = add_i64(BIGINT_, huge, NULL);
    struct weir_type type = weir_type_timestamp(9);
    type.id = WEIR_TYPE_TIMESTAMP_LTZ;
    plan->time_expression = call(WEIR_EXPR_FROM_EPOCH, type, 1, col(index));
    plan->columns = layouts;
    plan->columns_count = columns_count;
    plan->time_program = program_of(plan->time_expression);
    struct weir_block block = {columns, layouts, first, rows - first};
    struct weir_event_time got;
    assert_int_equal(weir_event_time_of_block(plan, &block, NULL, &arena, &got, &error), WEIR_ERR_VALUE);
    assert_non_null(strstr(error.message, "32503680000"));
}

#define PLAN(name) cmocka_unit_test_setup_teardown(name, begin_plan, end_plan)

/* The sum is the kernel's, the bounds are what they are without; NULLs keep both apart. */
static void a_column_is_summed_up_with_the_bounds(void **state) {
    (void)state;
    double values[rows];
    for (int i = 0; i < rows; i++) values[i] = 1.0 / (i + 1);
    plan->time_column = add_i64(weir_type_timestamp(3), times, NULL);
    int32_t full = add_f64(values, NULL);
    int32_t holed = add_f64(values, nulls);
    plan->units_per_second = layouts[plan->time_column].ticks_per_second;
    plan->columns = layouts;
    plan->columns_count = columns_count;
    struct weir_block block = {columns, layouts, first, rows - first};
    struct weir_event_time want, got;
    assert_int_equal(weir_event_time_of_block(plan, &block, NULL, &arena, &want, &error), WEIR_OK);
    struct weir_ahead ahead = {.sum_column = full};
    assert_int_equal(weir_event_time_of_block(plan, &block, &ahead, &arena, &got, &error), WEIR_OK);
    assert_true(got.min == want.min && got.max == want.max && got.ticks == want.ticks);
    assert_ptr_equal(ahead.summed, (const double *)columns[full].values + first);
    assert_int_equal(ahead.summed_rows, rows - first);
    assert_true(ahead.sum == weir_simd->sum_f64(ahead.summed, rows - first));
    ahead = (struct weir_ahead){.sum_column = holed};
    assert_int_equal(weir_event_time_of_block(plan, &block, &ahead, &arena, &got, &error), WEIR_OK);
    assert_true(got.min == want.min && got.max == want.max);
    assert_null(ahead.summed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PLAN(columns_of_every_unit),
        PLAN(expressions_in_the_ticks_of_their_type),
        PLAN(a_block_without_times_has_no_bounds),
        PLAN(a_column_is_summed_up_with_the_bounds),
        PLAN(errors_of_the_expression_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
