/* SPDX-License-Identifier: Apache-2.0
 *
 * The calls of a pipeline: options, partitions, limits, errors and who owns a batch after them, and a call in the
 * wrong state.
 */
#include <pthread.h>

#include "tests/engine/plans.h"

#include "tests/engine/arrays.h"

/* SELECT key, COUNT(*), SUM(v) over (ts, key BIGINT, v BIGINT) TUMBLE 10, W = greatest - 1. */
static struct weir_plan *counts(void) {
    struct weir_type types[3] = {TIME_, BIGINT_, BIGINT_};
    struct weir_plan *plan = plan_over(3, types);
    plan_window(plan, WEIR_WINDOW_TUMBLE, 10, 0, 0);
    plan_delay(plan, 1);
    plan_key(plan, 1);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(plan, WEIR_AGGREGATE_SUM, 2);
    plan_outputs(plan, WEIR_RESULT_KEYS);
    return plan;
}

static struct weir_pipeline *open_with(struct weir_plan *plan, struct weir_pipeline_options options) {
    struct weir_pipeline *pipeline = NULL;
    options.struct_size = sizeof(options);
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    if (weir_pipeline_create_plan(plan, &options, &pipeline, &error) != WEIR_OK)
        fail_msg("create: %s", error.message);
    return pipeline;
}

static struct ArrowArray rows_of(int64_t rows, int64_t ts, int64_t key, int64_t v) {
    int64_t *columns[3];
    for (int c = 0; c < 3; c++) columns[c] = malloc((size_t)rows * sizeof(int64_t) + 1);
    for (int64_t i = 0; i < rows; i++) {
        columns[0][i] = ts;
        columns[1][i] = key;
        columns[2][i] = v;
    }
    struct ArrowArray batch = batch_of(rows, 3, array_i64(columns[0], rows, NULL),
                                       array_i64(columns[1], rows, NULL), array_i64(columns[2], rows, NULL));
    for (int c = 0; c < 3; c++) free(columns[c]);
    return batch;
}

static void push_to(struct weir_pipeline *pipeline, int32_t partition, int64_t ts) {
    struct ArrowArray batch = rows_of(1, ts, 0, 1);
    assert_int_equal(weir_pipeline_push(pipeline, partition, &batch, &error), WEIR_OK);
}

/* ---- what a column is declared to be ---- */

static void a_null_in_a_column_that_has_none_is_told(void **state) {
    (void)state;
    for (int32_t workers = 0; workers < 3; workers += 2) {
        struct weir_plan *plan = counts();
        plan->columns[2].type.nullable = false;
        plan->aggregates[1].arg->type.nullable = false;
        struct weir_pipeline *pipeline =
            open_with(plan, (struct weir_pipeline_options){.partitions = 1, .workers = workers});
        const int64_t ts[2] = {1, 2}, keys[2] = {3, 4}, v[2] = {5, 6};
        struct ArrowArray batch =
            batch_of(2, 3, array_i64(ts, 2, NULL), array_i64(keys, 2, NULL), array_i64(v, 2, "10"));
        enum weir_status status = weir_pipeline_push(pipeline, 0, &batch, &error);
        if (status == WEIR_OK) status = weir_pipeline_finish(pipeline, &error);
        if (batch.release != NULL) batch.release(&batch); /* one that was refused is the caller's */
        assert_int_equal(status, WEIR_ERR_VALUE);
        assert_non_null(strstr(error.message, "NOT NULL"));
        weir_pipeline_destroy(&pipeline);
        weir_plan_release(plan);
    }
}

/* ---- partitions ---- */

static void nothing_fires_before_every_partition_has_reported(void **state) {
    (void)state;
    for (int32_t workers = 0; workers < 3; workers += 2) {
        struct weir_plan *plan = counts();
        struct weir_pipeline *pipeline =
            open_with(plan, (struct weir_pipeline_options){.partitions = 3, .workers = workers});
        push_to(pipeline, 0, 100);
        push_to(pipeline, 2, 5);
        expect_now(plan, pipeline, "");
        assert_int_equal(stats_of(pipeline).watermark, INT64_MIN);
        push_to(pipeline, 1, 30); /* W = min(99, 29, 4) */
        assert_int_equal(stats_of(pipeline).watermark, 4);
        expect_now(plan, pipeline, "");
        push_to(pipeline, 2, 25); /* W = 24: [0,10) fires, [10,20) holds nothing */
        expect_now(plan, pipeline, "0|1|1 ");
        push_to(pipeline, 2, 9); /* late by the combined W */
        push_to(pipeline, 2, 26);
        assert_int_equal(stats_of(pipeline).late, 1);
        assert_int_equal(weir_pipeline_advance(pipeline, 2, 1000, &error), WEIR_OK);
        assert_int_equal(stats_of(pipeline).watermark, 29);
        expect_now(plan, pipeline, "0|2|2 ");
        close_all(pipeline, plan);
    }
}

static void a_partition_that_does_not_exist_is_refused(void **state) {
    (void)state;
    static const int32_t bad[] = {-1, 2, INT32_MAX, INT32_MIN};
    struct weir_plan *plan = counts();
    struct weir_pipeline *pipeline = open_with(plan, (struct weir_pipeline_options){.partitions = 2});
    for (int i = 0; i < 4; i++) {
        struct ArrowArray batch = rows_of(1, 1, 1, 1);
        assert_int_equal(weir_pipeline_push(pipeline, bad[i], &batch, &error), WEIR_ERR_INVALID);
        assert_non_null(batch.release);
        batch.release(&batch);
        assert_int_equal(weir_pipeline_advance(pipeline, bad[i], 5, &error), WEIR_ERR_INVALID);
    }
    push_to(pipeline, 1, 3); /* the pipeline lives on */
    close_all(pipeline, plan);
}

/* ---- errors ---- */

/* A third aggregate that overflows where v is the greatest BIGINT. */
static struct weir_plan *overflowing(void) {
    struct weir_plan *plan = counts();
    struct weir_expr *args[2] = {plan_column(plan, 2),
                                 weir_expr_literal(&plan->arena, BIGINT_, (union weir_value){.i64 = 1})};
    plan_call_of(plan, WEIR_AGGREGATE_MAX, weir_expr_node(&plan->arena, WEIR_EXPR_ADD, BIGINT_, 2, args));
    plan_outputs(plan, WEIR_RESULT_KEYS);
    return plan;
}

static void an_overflow_in_a_worker_comes_back_as_an_error(void **state) {
    (void)state;
    for (int32_t workers = 0; workers < 4; workers++) {
        struct weir_plan *plan = overflowing();
        struct weir_pipeline *pipeline = open_with(plan, (struct weir_pipeline_options){.workers = workers});
        enum weir_status status = WEIR_OK;
        int before = batches_released, pushed = 0;
        for (int i = 0; i < 50 && status == WEIR_OK; i++) { /* the second task goes to worker 1 */
            struct ArrowArray batch = rows_of(10, i, i, i == 1 ? INT64_MAX : i);
            status = weir_pipeline_push(pipeline, 0, &batch, &error);
            pushed++;
            if (status == WEIR_OK) {
                assert_null(batch.release);
            } else {
                assert_non_null(batch.release); /* on failure it stays the caller's */
                batch.release(&batch);
            }
        }
        if (status == WEIR_OK) status = weir_pipeline_finish(pipeline, &error);
        assert_int_equal(status, WEIR_ERR_VALUE);
        struct weir_error again = {.code = WEIR_OK};
        struct ArrowArray batch = rows_of(1, 1, 1, 1), out = {.length = 77};
        assert_int_equal(weir_pipeline_push(pipeline, 0, &batch, &again), WEIR_ERR_VALUE);
        assert_string_equal(again.message, error.message);
        assert_non_null(batch.release);
        batch.release(&batch);
        assert_int_equal(weir_pipeline_next(pipeline, &out, &again), WEIR_ERR_VALUE);
        assert_int_equal(out.length, 77);
        assert_int_equal(weir_pipeline_advance(pipeline, 0, 5, NULL), WEIR_ERR_VALUE);
        assert_int_equal(weir_pipeline_finish(pipeline, &again), WEIR_ERR_VALUE);
        close_all(pipeline, plan);
        assert_int_equal(batches_released - before, pushed + 1);
    }
}

static void a_sum_that_does_not_fit_is_an_error_with_its_position(void **state) {
    (void)state;
    for (int32_t workers = 0; workers < 3; workers += 2) {
        struct weir_plan *plan = counts();
        struct weir_pipeline *pipeline = open_with(plan, (struct weir_pipeline_options){.workers = workers});
        push_ok(pipeline, rows_of(2, 1, 1, INT64_MAX));
        enum weir_status status = weir_pipeline_finish(pipeline, &error);
        assert_int_equal(status, WEIR_ERR_VALUE);
        assert_int_equal(error.line, 3);
        assert_int_equal(error.column, 2);
        assert_non_null(strstr(error.message, "SUM"));
        close_all(pipeline, plan);
    }
}

static void a_sum_that_comes_back_into_range_is_no_error(void **state) {
    (void)state;
    struct weir_plan *plan = counts();
    struct weir_pipeline *pipeline = open_with(plan, (struct weir_pipeline_options){0});
    push_ok(pipeline, rows_of(3, 1, 1, INT64_MAX));
    push_ok(pipeline, rows_of(3, 1, 1, -INT64_MAX));
    push_ok(pipeline, rows_of(1, 1, 1, 5));
    finish_ok(pipeline);
    expect_now(plan, pipeline, "1|7|5 ");
    close_all(pipeline, plan);
}

static void state_beyond_memory_max_is_an_error_that_names_the_option(void **state) {
    (void)state;
    for (int32_t workers = 0; workers < 3; workers += 2) {
        struct weir_plan *plan = counts();
        struct weir_pipeline *pipeline =
            open_with(plan, (struct weir_pipeline_options){.memory_max = 4 << 20, .workers = workers});
        enum weir_status status = WEIR_OK;
        int64_t keys = 0;
        while (status == WEIR_OK && keys < 2000000) {
            int64_t ts[1000], key[1000], v[1000];
            for (int i = 0; i < 1000; i++) {
                ts[i] = 5;
                key[i] = keys++;
                v[i] = 1;
            }
            struct ArrowArray batch =
                batch_of(1000, 3, array_i64(ts, 1000, NULL), array_i64(key, 1000, NULL), array_i64(v, 1000, NULL));
            status = weir_pipeline_push(pipeline, 0, &batch, &error);
            if (batch.release != NULL) batch.release(&batch);
        }
        assert_int_equal(status, WEIR_ERR_MEMORY);
        assert_non_null(strstr(error.message, "memory_max"));
        assert_true(keys > 1000 && keys < 200000);
        close_all(pipeline, plan);
    }
}

static void state_that_is_freed_does_not_count_against_memory_max(void **state) {
    (void)state;
    struct weir_plan *plan = counts();
    struct weir_pipeline *pipeline = open_with(plan, (struct weir_pipeline_options){.memory_max = 2 << 20});
    for (int64_t i = 0; i < 20000; i++)
        push_ok(pipeline, rows_of(1, i * 10, i % 100, 1)); /* many windows, few open */
    assert_int_equal(stats_of(pipeline).windows_fired, 19999 - 0);
    close_all(pipeline, plan);
}

/* ---- batches ---- */

static void a_malformed_batch_is_refused_and_stays_the_callers(void **state) {
    (void)state;
    struct weir_plan *plan = counts();
    struct weir_pipeline *pipeline = open_with(plan, (struct weir_pipeline_options){0});
    struct ArrowArray batch = rows_of(3, 1, 1, 1);
    batch.children[1]->length = 2;
    struct ArrowArray before = batch;
    assert_int_equal(weir_pipeline_push(pipeline, 0, &batch, &error), WEIR_ERR_FORMAT);
    assert_memory_equal(&before, &batch, sizeof(batch));
    batch.children[1]->length = 3;
    push_ok(pipeline, batch); /* and the pipeline goes on */
    finish_ok(pipeline);
    expect_now(plan, pipeline, "1|3|3 ");
    assert_int_equal(stats_of(pipeline).rows_in, 3);
    close_all(pipeline, plan);
}

static void a_batch_far_larger_than_a_task_is_split_and_counted_once(void **state) {
    (void)state;
    enum { ROWS = 300001 };
    for (int32_t workers = 0; workers < 6; workers += 5) {
        int64_t *ts = malloc(ROWS * sizeof(*ts)), *key = malloc(ROWS * sizeof(*key)),
                *v = malloc(ROWS * sizeof(*v));
        for (int64_t i = 0; i < ROWS; i++) {
            ts[i] = 5;
            key[i] = i % 7;
            v[i] = i;
        }
        struct weir_plan *plan = counts();
        struct weir_pipeline *pipeline = open_with(plan, (struct weir_pipeline_options){.workers = workers});
        int before = batches_released;
        push_ok(pipeline,
                batch_of(ROWS, 3, array_i64(ts, ROWS, NULL), array_i64(key, ROWS, NULL), array_i64(v, ROWS, NULL)));
        finish_ok(pipeline);
        assert_int_equal(batches_released, before + 1);
        struct ArrowArray array;
        assert_int_equal(weir_pipeline_next(pipeline, &array, &error), WEIR_OK);
        assert_int_equal(array.length, 7);
        int64_t count = 0, sum = 0;
        for (int r = 0; r < 7; r++) {
            count += ((const int64_t *)array.children[1]->buffers[1])[r];
            sum += ((const int64_t *)array.children[2]->buffers[1])[r];
        }
        array.release(&array);
        assert_int_equal(count, ROWS);
        assert_int_equal(sum, (int64_t)ROWS * (ROWS - 1) / 2);
        close_all(pipeline, plan);
        free(ts);
        free(key);
        free(v);
    }
}

static void batches_without_rows_change_nothing(void **state) {
    (void)state;
    for (int32_t workers = 0; workers < 3; workers += 2) {
        struct weir_plan *plan = counts();
        struct weir_pipeline *pipeline = open_with(plan, (struct weir_pipeline_options){.workers = workers});
        int before = batches_released;
        for (int i = 0; i < 100; i++) push_ok(pipeline, rows_of(0, 0, 0, 0));
        push_ok(pipeline, rows_of(2, 3, 1, 1));
        for (int i = 0; i < 100; i++) push_ok(pipeline, rows_of(0, 0, 0, 0));
        finish_ok(pipeline);
        expect_now(plan, pipeline, "1|2|2 ");
        assert_int_equal(stats_of(pipeline).rows_in, 2);
        close_all(pipeline, plan);
        assert_int_equal(batches_released, before + 201);
    }
}

/* ---- states and options ---- */

static void push_and_advance_are_refused_after_finish(void **state) {
    (void)state;
    for (int32_t workers = 0; workers < 3; workers += 2) {
        struct weir_plan *plan = counts();
        struct weir_pipeline *pipeline = open_with(plan, (struct weir_pipeline_options){.workers = workers});
        push_to(pipeline, 0, 5);
        finish_ok(pipeline);
        struct ArrowArray batch = rows_of(1, 6, 0, 1);
        assert_int_equal(weir_pipeline_push(pipeline, 0, &batch, &error), WEIR_ERR_STATE);
        assert_non_null(batch.release);
        batch.release(&batch);
        assert_int_equal(weir_pipeline_advance(pipeline, 0, 100, &error), WEIR_ERR_STATE);
        assert_int_equal(weir_pipeline_finish(pipeline, &error), WEIR_ERR_STATE);
        expect_now(plan, pipeline, "0|1|1 "); /* the results are still there */
        close_all(pipeline, plan);
    }
}

static void options_out_of_range_are_refused(void **state) {
    (void)state;
    struct weir_pipeline_options bad[] = {
        {.struct_size = 0},
        {.struct_size = sizeof(bad[0]) - 1},
        {.struct_size = sizeof(bad[0]), .workers = -1},
        {.struct_size = sizeof(bad[0]), .workers = 1025},
        {.struct_size = sizeof(bad[0]), .partitions = -1},
        {.struct_size = sizeof(bad[0]), .partitions = 65537},
        {.struct_size = sizeof(bad[0]), .memory_max = -1},
    };
    struct weir_plan *plan = counts();
    assert_int_equal(weir_plan_validate(plan, &error), WEIR_OK);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct weir_pipeline *pipeline = (struct weir_pipeline *)(uintptr_t)1;
        assert_int_equal(weir_pipeline_create_plan(plan, &bad[i], &pipeline, &error), WEIR_ERR_INVALID);
        assert_null(pipeline);
    }
    weir_plan_release(plan);
}

/* A query may be shared by pipelines of several threads: making one must not write to it. */
static void a_pipeline_does_not_change_its_plan(void **state) {
    (void)state;
    struct weir_plan *plan = counts();
    assert_int_equal(weir_plan_validate(plan, &error), WEIR_OK);
    struct weir_plan before = *plan;
    struct weir_pipeline *pipeline = NULL;
    struct weir_pipeline_options options = {.struct_size = sizeof(options), .workers = 2};
    assert_int_equal(weir_pipeline_create_plan(plan, &options, &pipeline, &error), WEIR_OK);
    push_ok(pipeline, rows_of(3, 1, 1, 1));
    finish_ok(pipeline);
    weir_pipeline_destroy(&pipeline);
    assert_memory_equal(&before, plan, sizeof(before));
    weir_plan_release(plan);
}

static void *run_shared(void *user) {
    struct weir_plan *plan = user;
    for (int i = 0; i < 20; i++) {
        struct weir_pipeline *pipeline = NULL;
        struct weir_pipeline_options options = {.struct_size = sizeof(options), .workers = i % 3};
        if (weir_pipeline_create_plan(plan, &options, &pipeline, NULL) != WEIR_OK) return plan;
        struct ArrowArray array;
        bool ok = weir_pipeline_finish(pipeline, NULL) == WEIR_OK &&
                  weir_pipeline_next(pipeline, &array, NULL) == WEIR_END;
        weir_pipeline_destroy(&pipeline);
        if (!ok) return plan;
    }
    return NULL;
}

/* Under ThreadSanitizer. */
static void threads_share_a_plan_without_a_race(void **state) {
    (void)state;
    pthread_t threads[4];
    struct weir_plan *plan = counts();
    assert_int_equal(weir_plan_validate(plan, &error), WEIR_OK);
    for (int i = 0; i < 4; i++) assert_int_equal(pthread_create(&threads[i], NULL, run_shared, plan), 0);
    for (int i = 0; i < 4; i++) {
        void *failed = plan;
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }
    weir_plan_release(plan);
}

static void batches_still_held_are_released_by_destroy(void **state) {
    (void)state;
    for (int32_t workers = 0; workers < 4; workers++) {
        struct weir_plan *plan = counts();
        struct weir_pipeline *pipeline = open_with(plan, (struct weir_pipeline_options){.workers = workers});
        int before = batches_released;
        for (int i = 0; i < 60; i++) push_ok(pipeline, rows_of(5000, i, i, 1));
        close_all(pipeline, plan); /* without finish, results unpulled */
        assert_int_equal(batches_released, before + 60);
    }
}

static void pinned_workers_do_the_same_work(void **state) {
    (void)state;
    struct weir_plan *plan = counts();
    struct weir_pipeline *pipeline =
        open_with(plan, (struct weir_pipeline_options){.workers = 3, .pin_workers = true});
    for (int i = 0; i < 20; i++) push_ok(pipeline, rows_of(100, 5, 1, 1));
    finish_ok(pipeline);
    expect_now(plan, pipeline, "1|2000|2000 ");
    close_all(pipeline, plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_null_in_a_column_that_has_none_is_told),
        cmocka_unit_test(nothing_fires_before_every_partition_has_reported),
        cmocka_unit_test(a_partition_that_does_not_exist_is_refused),
        cmocka_unit_test(an_overflow_in_a_worker_comes_back_as_an_error),
        cmocka_unit_test(a_sum_that_does_not_fit_is_an_error_with_its_position),
        cmocka_unit_test(a_sum_that_comes_back_into_range_is_no_error),
        cmocka_unit_test(state_beyond_memory_max_is_an_error_that_names_the_option),
        cmocka_unit_test(state_that_is_freed_does_not_count_against_memory_max),
        cmocka_unit_test(a_malformed_batch_is_refused_and_stays_the_callers),
        cmocka_unit_test(a_batch_far_larger_than_a_task_is_split_and_counted_once),
        cmocka_unit_test(batches_without_rows_change_nothing),
        cmocka_unit_test(push_and_advance_are_refused_after_finish),
        cmocka_unit_test(options_out_of_range_are_refused),
        cmocka_unit_test(a_pipeline_does_not_change_its_plan),
        cmocka_unit_test(threads_share_a_plan_without_a_race),
        cmocka_unit_test(batches_still_held_are_released_by_destroy),
        cmocka_unit_test(pinned_workers_do_the_same_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
