/* SPDX-License-Identifier: Apache-2.0
 *
 * memory_max bounds all state of a pipeline, wherever it lies: with the pipeline, also while its workers are
 * bringing theirs home, or with FILL.
 */
#include "tests/engine/plans.h"

#include "engine/pipeline_state.h"
#include "tests/engine/arrays.h"

enum { ROWS = 1000, MAX = 8 << 20 };

/* SELECT k, MAX(s) over (ts, s, k BIGINT): long strings of small keys. */
static struct weir_plan *names(enum weir_window_kind kind) {
    struct weir_type types[3] = {TIME_, STRING_, BIGINT_};
    struct weir_plan *plan = plan_over(3, types);
    plan_window(plan, kind, kind == WEIR_WINDOW_TUMBLE ? 10 : 1000000, kind == WEIR_WINDOW_TUMBLE ? 0 : 10, 0);
    plan_delay(plan, 1);
    plan_key(plan, 2);
    plan_call(plan, WEIR_AGGREGATE_MAX, 1);
    plan_outputs(plan, WEIR_RESULT_KEYS);
    return plan;
}

static struct weir_pipeline *open_with(struct weir_plan *plan, int32_t workers) {
    struct weir_pipeline_options options = {.struct_size = sizeof(options),
                                            .workers = workers,
                                            .memory_max = MAX,
                                            .strategy = WEIR_STRATEGY_LOCAL_FIRST};
    struct weir_pipeline *pipeline = NULL;
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    if (weir_pipeline_create_plan(plan, &options, &pipeline, &error) != WEIR_OK) fail_msg("%s", error.message);
    return pipeline;
}

/* Keys that have never been, at rising times. */
static enum weir_status push_new(struct weir_pipeline *pipeline, int64_t number) {
    static char text[ROWS][1001];
    const char *strings[ROWS];
    int64_t ts[ROWS], k[ROWS];
    for (int64_t i = 0; i < ROWS; i++) {
        ts[i] = number * 20 + i / 50;
        snprintf(text[i], sizeof(text[i]), "%01000lld", (long long)(number * ROWS + i));
        k[i] = number * ROWS + i;
        strings[i] = text[i];
    }
    struct ArrowArray batch =
        batch_of(ROWS, 3, array_i64(ts, ROWS, NULL), array_strings(strings, ROWS, false), array_i64(k, ROWS, NULL));
    enum weir_status status = weir_pipeline_push(pipeline, 0, &batch, &error);
    if (batch.release != NULL) batch.release(&batch);
    return status;
}

static void drop_results(struct weir_pipeline *pipeline) {
    struct ArrowArray array;
    while (weir_pipeline_next(pipeline, &array, &error) == WEIR_OK) array.release(&array);
}

static void what_fill_remembers_counts(void **state) {
    (void)state;
    for (int32_t workers = 0; workers < 3; workers += 2) {
        struct weir_plan *plan = names(WEIR_WINDOW_TUMBLE);
        plan->fill = (struct weir_fill_spec){WEIR_FILL_PREV, NULL, -1};
        struct weir_pipeline *pipeline = open_with(plan, workers);
        enum weir_status status = WEIR_OK;
        for (int64_t i = 0; status == WEIR_OK && i < 500; i++) {
            assert_true(weir_fill_bytes(pipeline->fire.fill) < MAX);
            status = push_new(pipeline, i);
            if (status == WEIR_OK) stats_of(pipeline);
            drop_results(pipeline);
        }
        assert_int_equal(status, WEIR_ERR_MEMORY);
        assert_non_null(strstr(error.message, "memory_max"));
        close_all(pipeline, plan);
    }
}

/* Every push closes windows, so that with a worker a barrier is out whenever the state is weighed. The total of the
 * base period holds all strings so far. */
static void what_has_come_home_counts_while_a_barrier_is_out(void **state) {
    (void)state;
    for (int32_t workers = 0; workers < 2; workers++) {
        struct weir_plan *plan = names(WEIR_WINDOW_CUMULATE);
        plan->having =
            weir_expr_literal(&plan->arena, weir_type_of(WEIR_TYPE_BOOLEAN), (union weir_value){.i64 = 0});
        struct weir_pipeline *pipeline = open_with(plan, workers);
        enum weir_status status = WEIR_OK;
        for (int64_t i = 0; status == WEIR_OK && i < 100; i++) {
            stats_of(pipeline);
            const struct weir_slice *running = pipeline->home.running;
            assert_true(running == NULL || running->heap.bytes_reserved < 2 * (size_t)MAX);
            status = push_new(pipeline, i);
            drop_results(pipeline);
        }
        assert_int_equal(status, WEIR_ERR_MEMORY);
        assert_non_null(strstr(error.message, "memory_max"));
        close_all(pipeline, plan);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fill_remembers_counts),
        cmocka_unit_test(what_has_come_home_counts_while_a_barrier_is_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
