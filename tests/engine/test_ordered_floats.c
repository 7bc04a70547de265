/* SPDX-License-Identifier: Apache-2.0
 *
 * A sum of floats that decides HAVING or ORDER BY is added in the order of the rows, whatever the number of workers
 * and however the rows came in batches.
 */
#include "tests/engine/plans.h"

#include "tests/engine/arrays.h"

#define ROWS 200000
#define PIECE 70000 /* several tasks */

/* SELECT SUM(x), COUNT(*) over (ts, x DOUBLE); result column 3 is the sum. */
static struct weir_plan *sums(void) {
    struct weir_type types[2] = {TIME_, DOUBLE_};
    struct weir_plan *plan = plan_over(2, types);
    plan_call(plan, WEIR_AGGREGATE_SUM, 1);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_outputs(plan, WEIR_RESULT_KEYS);
    return plan;
}

static struct weir_plan *ordered_sums(void) {
    struct weir_plan *plan = sums();
    plan_order(plan, WEIR_RESULT_KEYS, false, true);
    return plan;
}

/* Values whose sum depends on the order: 1, 1e16, 1, -1e16, ... and a remainder that rises. */
static double value_at(int64_t row) {
    switch (row % 4) {
    case 1: return 1e16;
    case 3: return -1e16;
    default: return 0.1 * (double)(row % 977);
    }
}

static void push_rows(struct weir_pipeline *pipeline, int64_t piece) {
    int64_t *times = calloc(ROWS, sizeof(*times));
    double *values = malloc(ROWS * sizeof(*values));
    if (times == NULL || values == NULL) abort();
    for (int64_t i = 0; i < ROWS; i++) values[i] = value_at(i);
    for (int64_t at = 0; at < ROWS; at += piece) {
        int64_t rows = at + piece < ROWS ? piece : ROWS - at;
        push_ok(pipeline, batch_of(rows, 2, array_i64(times, rows, NULL),
                                   array_fixed(values + at, sizeof(double), rows, NULL)));
    }
    free(times);
    free(values);
}

/* What decides the order: an ORDER BY, or the wish alone. */
static void expect_in_order(bool wished) {
    double in_order = 0;
    for (int64_t i = 0; i < ROWS; i++) in_order += value_at(i);
    for (int32_t workers = 0; workers <= 3; workers++) {
        struct weir_plan *plan = wished ? sums() : ordered_sums();
        plan->order_floats = wished;
        struct weir_pipeline *pipeline = plan_open(plan, workers);
        push_rows(pipeline, workers == 2 ? 3000 : PIECE);
        finish_ok(pipeline);
        struct ArrowArray result;
        assert_int_equal(weir_pipeline_next(pipeline, &result, &error), WEIR_OK);
        double sum = ((const double *)result.children[0]->buffers[1])[0];
        if (sum != in_order) fail_msg("%d workers give %.17g instead of %.17g", workers, sum, in_order);
        result.release(&result);
        close_all(pipeline, plan);
    }
}

static void a_sum_that_orders_rows_is_added_in_their_order(void **state) {
    (void)state;
    expect_in_order(false);
}

static void every_sum_of_floats_is_added_in_order_on_request(void **state) {
    (void)state;
    expect_in_order(true);
    struct weir_plan *plan = sums();
    plan->order_floats = true;
    assert_int_equal(weir_plan_validate(plan, &error), WEIR_OK);
    assert_true(plan->ordered_floats && plan->by_key);
    assert_non_null(strstr(plan->explain, "sums of floats are to be the same to the last bit"));
    weir_plan_release(plan);
    struct weir_type types[2] = {TIME_, DOUBLE_}; /* a query without such a sum is left as it is */
    plan = plan_over(2, types);
    plan_call(plan, WEIR_AGGREGATE_MAX, 1);
    plan_outputs(plan, WEIR_RESULT_KEYS);
    plan->order_floats = true;
    assert_int_equal(weir_plan_validate(plan, &error), WEIR_OK);
    assert_false(plan->by_key);
    weir_plan_release(plan);
}

#define KEYS_MOST 50000

/* SUM(x) by k in the order of the rows on request, by a strategy; sums[k] is what each is to be. */
static void expect_by_key(int32_t workers, enum weir_strategy strategy, const int64_t *keys, const double *values,
                          const double *sums) {
    const struct weir_type types[] = {TIME_, BIGINT_, DOUBLE_};
    const struct weir_pipeline_options options = {
        .struct_size = sizeof(options), .workers = workers, .strategy = strategy};
    struct weir_plan *plan = plan_over(3, types);
    plan->order_floats = true;
    plan_key(plan, 1);
    plan_call(plan, WEIR_AGGREGATE_SUM, 2);
    plan_outputs(plan, WEIR_RESULT_KEYS);
    struct weir_pipeline *pipeline = NULL;
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("%s", error.message);
    if (weir_pipeline_create_plan(plan, &options, &pipeline, &error) != WEIR_OK) fail_msg("%s", error.message);
    for (int64_t at = 0; at < ROWS; at += PIECE) {
        int64_t rows = at + PIECE < ROWS ? PIECE : ROWS - at;
        push_ok(pipeline, batch_of(rows, 3, array_i64(keys + at, rows, NULL), array_i64(keys + at, rows, NULL),
                                   array_fixed(values + at, sizeof(double), rows, NULL)));
    }
    finish_ok(pipeline);
    struct ArrowArray result;
    while (weir_pipeline_next(pipeline, &result, &error) == WEIR_OK) {
        const int64_t *of = result.children[0]->buffers[1];
        const double *sum = result.children[1]->buffers[1];
        for (int64_t i = 0; i < result.length; i++) {
            if (sum[i] != sums[of[i]])
                fail_msg("%d workers, strategy %d, key %lld: %.17g instead of %.17g", workers, (int)strategy,
                         (long long)of[i], sum[i], sums[of[i]]);
        }
        result.release(&result);
    }
    close_all(pipeline, plan);
}

/* Few keys stay with one worker, many are divided, and with many workers rows are handed over. */
static void the_order_is_kept_whoever_has_the_keys(void **state) {
    (void)state;
    static int64_t keys[ROWS];
    static double values[ROWS], sums_of[KEYS_MOST];
    for (int64_t many = 7; many <= KEYS_MOST; many += KEYS_MOST - 7) {
        memset(sums_of, 0, sizeof(sums_of));
        for (int64_t i = 0; i < ROWS; i++) {
            keys[i] = i * 7919 / 3 % many;
            values[i] = value_at(i / 2);
            sums_of[keys[i]] += values[i];
        }
        for (int32_t workers = 1; workers <= 5; workers += 2) {
            for (int strategy = WEIR_STRATEGY_AUTO; strategy <= WEIR_STRATEGY_HAND_OVER; strategy++)
                expect_by_key(workers, (enum weir_strategy)strategy, keys, values, sums_of);
        }
    }
}

static void only_sums_of_floats_that_decide_something_keep_the_order(void **state) {
    (void)state;
    struct weir_plan *plan = sums();
    assert_int_equal(weir_plan_validate(plan, &error), WEIR_OK);
    assert_false(plan->ordered_floats);
    weir_plan_release(plan);

    plan = sums();
    plan_order(plan, WEIR_RESULT_KEYS + 1, false, true); /* by the count */
    assert_int_equal(weir_plan_validate(plan, &error), WEIR_OK);
    assert_false(plan->ordered_floats);
    weir_plan_release(plan);

    plan = ordered_sums();
    assert_int_equal(weir_plan_validate(plan, &error), WEIR_OK);
    assert_true(plan->ordered_floats);
    assert_non_null(strstr(plan->explain, "adds up its rows in their order"));
    weir_plan_release(plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sum_that_orders_rows_is_added_in_their_order),
        cmocka_unit_test(every_sum_of_floats_is_added_in_order_on_request),
        cmocka_unit_test(the_order_is_kept_whoever_has_the_keys),
        cmocka_unit_test(only_sums_of_floats_that_decide_something_keep_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
