/* SPDX-License-Identifier: Apache-2.0
 *
 * The n-th allocation fails, for every n, alone and with all after it: the call says WEIR_ERR_MEMORY, nothing leaks
 * (the address sanitizer looks), every batch is released once, and the handle can be closed.
 */
#include "tests/engine/plans.h"

#include "alloc/blocks.h"
#include "alloc/pages.h"
#include "engine/pipeline_state.h"
#include "tests/engine/arrays.h"
#include "tests/engine/interpose.h"
#include "tests/sanitized.h"

enum { ROWS = 600 };

enum shape {
    SHAPE_TUMBLE,
    SHAPE_HOP,
    SHAPE_CUMULATE,
    SHAPE_ALL,
    SHAPE_ROWS,
    SHAPE_SESSION, /* late rows are put aside */
    SHAPE_COUNT,
    SHAPE_UPDATE, /* early and late results */
    SHAPE_FILL,
    SHAPE_FUTURE, /* rows of the future are put aside */
    SHAPES
};

static struct weir_expr *greater(struct weir_plan *plan, struct weir_expr *a, int64_t b) {
    struct weir_expr *args[2] = {a, weir_expr_literal(&plan->arena, BIGINT_, (union weir_value){.i64 = b})};
    return weir_expr_node(&plan->arena, WEIR_EXPR_GT, weir_type_of(WEIR_TYPE_BOOLEAN), 2, args);
}

/* Over (ts, BIGINT, STRING, dictionary of STRING). */
static struct weir_plan *make_plan(enum shape shape) {
    struct weir_type types[4] = {TIME_, BIGINT_, STRING_, STRING_};
    struct weir_plan *plan = plan_over(4, types);
    plan->columns[3].storage = WEIR_STORE_DICTIONARY;
    plan->columns[3].codes = WEIR_STORE_I32;
    plan->columns[3].words = WEIR_STORE_UTF8;
    plan->filter = greater(plan, plan_column(plan, 1), 2);
    if (shape == SHAPE_ROWS) {
        plan->shape = WEIR_PLAN_ROWS;
        plan->outputs = weir_arena_array(&plan->arena, 4, sizeof(*plan->outputs));
        for (int32_t i = 0; i < 4; i++) plan->outputs[i] = (struct weir_plan_output){"o", plan_column(plan, i)};
        plan->outputs_count = 4;
        return plan;
    }
    if (shape == SHAPE_TUMBLE) plan_window(plan, WEIR_WINDOW_TUMBLE, 100, 0, 0);
    if (shape == SHAPE_HOP) plan_window(plan, WEIR_WINDOW_HOP, 100, 30, 0);
    if (shape == SHAPE_CUMULATE) plan_window(plan, WEIR_WINDOW_CUMULATE, 100, 50, 0);
    if (shape == SHAPE_SESSION) plan_window(plan, WEIR_WINDOW_SESSION, 30, 0, 0);
    if (shape == SHAPE_COUNT) plan_window(plan, WEIR_WINDOW_COUNT, 6, 2, 0);
    if (shape == SHAPE_UPDATE) plan_window(plan, WEIR_WINDOW_HOP, 100, 50, 0);
    if (shape == SHAPE_FILL || shape == SHAPE_FUTURE) plan_window(plan, WEIR_WINDOW_TUMBLE, 20, 0, 0);
    if (shape != SHAPE_ALL) plan_delay(plan, 20);
    if (shape == SHAPE_SESSION) plan->emission.late = WEIR_ROWS_SIDE;
    if (shape == SHAPE_UPDATE)
        plan->emission = (struct weir_emission){.early_rows = 2, .lateness = 30, .late_fire = true};
    if (shape == SHAPE_FILL) plan->fill = (struct weir_fill_spec){WEIR_FILL_PREV, NULL, 5};
    if (shape == SHAPE_FUTURE) plan->watermark.future_max_ms = 100;
    if (shape == SHAPE_FUTURE) plan->watermark.future = WEIR_ROWS_SIDE;
    plan_key(plan, 2);
    if (shape != SHAPE_TUMBLE) plan_key(plan, 3);
    if (shape == SHAPE_CUMULATE) plan_key(plan, 1);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(plan, WEIR_AGGREGATE_AVG, 1);
    plan_call(plan, WEIR_AGGREGATE_MAX, 2);
    plan_call(plan, WEIR_AGGREGATE_MIN, 3);
    plan_outputs(plan, 0);
    if (shape == SHAPE_HOP || shape == SHAPE_ALL) {
        plan_order(plan, WEIR_RESULT_KEYS, true, false);
        plan->having = greater(plan, plan_result(plan, WEIR_RESULT_KEYS + 2), 0);
    }
    return plan;
}

/* Some rows are late for the first of their windows. */
static struct ArrowArray make_batch(int64_t number) {
    static int64_t ts[ROWS], k[ROWS];
    static int32_t codes[ROWS];
    static char text[ROWS][48];
    static const char *strings[ROWS];
    static const char *const words[3] = {"alpha", NULL, "a rather longer entry of the dictionary"};
    for (int i = 0; i < ROWS; i++) {
        int64_t row = number * ROWS + i;
        ts[i] = row % 50 == 49 && row > 100 ? row - 75 : row;
        k[i] = row % 17;
        codes[i] = (int32_t)(row % 3);
        snprintf(text[i], sizeof(text[i]), "%d some text that does not fit sixteen", (int)(row % 41));
        strings[i] = row % 29 == 0 ? NULL : text[i];
    }
    return batch_of(ROWS, 4, array_i64(ts, ROWS, NULL), array_i64(k, ROWS, NULL),
                    array_strings(strings, ROWS, false),
                    array_dictionary(codes, sizeof(codes[0]), ROWS, NULL, array_strings(words, 3, false)));
}

static int64_t half_way(void *user) {
    (void)user;
    return ROWS;
}

/* How a pipeline is run. */
struct way {
    int32_t workers;
    enum weir_strategy strategy;
    bool turn; /* turns to partition first between two batches */
    bool on;   /* all allocations after the one that fails fail, too */
    enum weir_slice_shape slices;
    enum weir_waiting waiting;
};

static enum weir_status take_all(struct weir_pipeline *pipeline, struct weir_error *why) {
    struct ArrowArray array;
    enum weir_status status;
    while ((status = weir_pipeline_next_late(pipeline, &array, why)) == WEIR_OK) array.release(&array);
    if (status != WEIR_END && status != WEIR_AGAIN) return status;
    while ((status = weir_pipeline_next(pipeline, &array, why)) == WEIR_OK) array.release(&array);
    return status;
}

/* Runs a pipeline to its end, or to the first failure, which it returns. Batches are made beforehand, by the test.
 */
static enum weir_status run(struct weir_plan *plan, const struct way *way, struct ArrowArray *batches, int count) {
    struct weir_pipeline_options options = {.struct_size = sizeof(options),
                                            .workers = way->workers,
                                            .strategy = way->strategy,
                                            .slices = way->slices,
                                            .waiting = way->waiting,
                                            .clock = half_way};
    struct weir_pipeline *pipeline = NULL;
    struct weir_error why = {.code = WEIR_OK};
    enum weir_status status = weir_pipeline_create_plan(plan, &options, &pipeline, &why);
    if (status != WEIR_OK) assert_null(pipeline);
    for (int i = 0; i < count && status == WEIR_OK; i++) {
        if (way->turn && i == 2) pipeline->options.strategy = WEIR_STRATEGY_PARTITION_FIRST;
        status = weir_pipeline_push(pipeline, 0, &batches[i], &why);
        assert_int_equal(batches[i].release == NULL, status == WEIR_OK);
        struct weir_stats stats = {.struct_size = sizeof(stats)};
        if (status == WEIR_OK && way->turn) status = weir_pipeline_stats(pipeline, &stats); /* waits for workers */
        if (status == WEIR_OK && i % 2 == 1) status = take_all(pipeline, &why);
        if (status == WEIR_AGAIN) status = WEIR_OK;
    }
    if (status == WEIR_OK) status = weir_pipeline_finish(pipeline, &why);
    if (status == WEIR_OK) status = take_all(pipeline, &why);
    if (status == WEIR_END) status = WEIR_OK;
    if (status != WEIR_OK) {
        assert_int_equal(why.code, status);
        assert_true(strlen(why.message) > 10);
    }
    atomic_store(&fail_from, 0); /* destroy must not need memory, and the test's own calls come after */
    weir_pipeline_destroy(&pipeline);
    assert_null(pipeline);
    return status;
}

/* Fails allocation `n` of a run; false when the run has fewer. */
static bool run_failing(struct weir_plan *plan, const struct way *way, int64_t n) {
    enum { BATCHES = 3 };
    struct ArrowArray batches[BATCHES];
    for (int i = 0; i < BATCHES; i++) batches[i] = make_batch(i);
    int before = batches_released;
    weir_blocks_trim(); /* what is kept would not be asked for again */
    weir_pages_trim();
    atomic_store(&allocations, 0);
    atomic_store(&fail_on, way->on);
    atomic_store(&fail_from, n);
    enum weir_status status = run(plan, way, batches, BATCHES);
    bool reached = atomic_load(&allocations) >= n;
    for (int i = 0; i < BATCHES; i++) {
        if (batches[i].release != NULL) batches[i].release(&batches[i]);
    }
    assert_int_equal(batches_released - before, BATCHES);
    if (status != WEIR_OK) assert_int_equal(status, WEIR_ERR_MEMORY);
    return reached;
}

static void every_failed_allocation_is_an_error_and_no_leak(void **state) {
    (void)state;
    static const struct way ways[] = {
        {0, WEIR_STRATEGY_AUTO, false, false, WEIR_SLICES_AUTO, WEIR_WAITING_AUTO},
        {0, WEIR_STRATEGY_AUTO, false, true, WEIR_SLICES_AUTO, WEIR_WAITING_AUTO},
        {2, WEIR_STRATEGY_LOCAL_FIRST, false, false, WEIR_SLICES_AUTO, WEIR_WAITING_AUTO},
        {2, WEIR_STRATEGY_PARTITION_FIRST, false, false, WEIR_SLICES_AUTO, WEIR_WAITING_AUTO},
        {2, WEIR_STRATEGY_LOCAL_FIRST, true, false, WEIR_SLICES_AUTO, WEIR_WAITING_AUTO},
        {0, WEIR_STRATEGY_AUTO, false, false, WEIR_SLICES_DIRECT, WEIR_WAITING_AUTO}};
    for (int shape = 0; shape < SHAPES; shape++) {
        struct weir_plan *plan = make_plan((enum shape)shape);
        assert_int_equal(weir_plan_validate(plan, &error), WEIR_OK);
        bool divides = shape < SHAPE_ROWS; /* those that can turn to partition first */
        for (int w = 0; w < (divides ? 6 : 3); w++) {
            if (thread_sanitized && ways[w].workers == 0) continue;
            /* where workers are, allocations come in any order */
            int64_t step = thread_sanitized ? 24 : w == 0 ? 1 : 4, n = 1 + shape % step;
            while (run_failing(plan, &ways[w], n)) n += step;
            assert_true(n > 30);
        }
        weir_plan_release(plan);
    }
}

/* Where all goes well the same scenario gives rows, so that the test above walks a real path. */
static void the_scenario_succeeds_when_memory_is_there(void **state) {
    (void)state;
    for (int shape = 0; shape < SHAPES; shape++) {
        struct weir_plan *plan = make_plan((enum shape)shape);
        struct weir_pipeline *pipeline = plan_open(plan, 2);
        push_ok(pipeline, make_batch(0));
        finish_ok(pipeline);
        stats_of(pipeline);
        struct ArrowArray array;
        assert_int_equal(weir_pipeline_next(pipeline, &array, &error), WEIR_OK);
        assert_true(array.length > 10);
        array.release(&array);
        close_all(pipeline, plan);
    }
}

/* ---- forgetting ---- */

enum { MANY = 30000, PUSHES = 4 }; /* the third push makes them too many */

/* Keys that have never been, and a window that closes. Where rows wait the keys are spread over the whole range:
 * those of a small one are looked up in cells, whose growth would be most of the allocations. */
static struct ArrowArray new_keys(int64_t number, bool spread) {
    uint64_t factor = spread ? UINT64_C(0x9E3779B97F4A7C15) : 1;
    static int64_t ts[MANY], k[MANY];
    for (int64_t i = 0; i < MANY; i++) {
        ts[i] = number * 100;
        k[i] = (int64_t)((uint64_t)(number * MANY + i) * factor);
    }
    return batch_of(MANY, 2, array_i64(ts, MANY, NULL), array_i64(k, MANY, NULL));
}

static struct weir_plan *forgetful_plan(int shape) {
    struct weir_type types[2] = {TIME_, BIGINT_};
    struct weir_plan *plan = plan_over(2, types);
    plan_window(plan, shape == 0 ? WEIR_WINDOW_TUMBLE : WEIR_WINDOW_SESSION, 50, 0, 0);
    plan_delay(plan, 1);
    plan_key(plan, 1);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    if (shape == 2) plan_window(plan, WEIR_WINDOW_TUMBLE, 50, 0, 0);
    if (shape == 2) plan->fill = (struct weir_fill_spec){WEIR_FILL_PREV, NULL, 1};
    plan_outputs(plan, WEIR_RESULT_KEYS);
    plan->having = weir_expr_literal(&plan->arena, weir_type_of(WEIR_TYPE_BOOLEAN), (union weir_value){.i64 = 0});
    assert_int_equal(weir_plan_validate(plan, &error), WEIR_OK);
    return plan;
}

/* Runs `pushes` batches with the n-th allocation failing; returns how many there were. */
static int64_t forget_failing(struct weir_plan *plan, int32_t workers, int64_t n, int pushes,
                              enum weir_waiting waiting, bool spread) {
    struct way way = {workers, WEIR_STRATEGY_LOCAL_FIRST, false, false, WEIR_SLICES_AUTO, waiting};
    struct ArrowArray batches[PUSHES];
    for (int i = 0; i < pushes; i++) batches[i] = new_keys(i, spread);
    weir_blocks_trim(); /* what is kept would not be asked for again */
    weir_pages_trim();
    atomic_store(&allocations, 0);
    atomic_store(&fail_on, n % 2 == 0);
    atomic_store(&fail_from, n);
    enum weir_status status = run(plan, &way, batches, pushes);
    assert_true(status == WEIR_ERR_MEMORY || status == WEIR_OK);
    int64_t count = atomic_load(&allocations);
    for (int i = 0; i < pushes; i++) {
        if (batches[i].release != NULL) batches[i].release(&batches[i]);
    }
    return count;
}

/* Some of the allocations that come after the keys are many enough. */
static void a_failure_while_keys_are_forgotten_is_an_error_and_no_leak(void **state) {
    (void)state;
    for (int shape = 0; shape < 3; shape++) {
        for (int32_t workers = thread_sanitized; workers < 2; workers++) {
            struct weir_plan *plan = forgetful_plan(shape);
            int64_t first = forget_failing(plan, workers, 0, 2, WEIR_WAITING_NEVER, false);
            int64_t last = forget_failing(plan, workers, 0, PUSHES, WEIR_WAITING_NEVER, false);
            assert_true(last > first + 10);
            for (int64_t n = first; n <= last; n += 1 + (last - first) / (thread_sanitized ? 3 : 12))
                forget_failing(plan, workers, n, PUSHES, WEIR_WAITING_NEVER, false);
            weir_plan_release(plan);
        }
    }
}

static void a_failure_while_rows_wait_is_an_error_and_no_leak(void **state) {
    (void)state;
    for (int32_t workers = thread_sanitized; workers < 2; workers++) {
        struct weir_plan *plan = forgetful_plan(0);
        int64_t last = forget_failing(plan, workers, 0, 2, WEIR_WAITING_ALWAYS, true);
        assert_true(last > forget_failing(plan, workers, 0, 2, WEIR_WAITING_NEVER, true));
        for (int64_t n = 1; n <= last; n += thread_sanitized ? 1 + last / 3 : 1)
            forget_failing(plan, workers, n, 2, WEIR_WAITING_ALWAYS, true);
        weir_plan_release(plan);
    }
}

static void a_query_that_finds_no_memory_is_not_made(void **state) {
    (void)state;
    static const char sql[] =
        "CREATE TABLE t (ts TIMESTAMP(3), k STRING, v BIGINT, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) "
        "WITH ('connector' = 'push'); "
        "SELECT window_start, k, COUNT(*), SUM(v + 1) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' "
        "MINUTE)) "
        "WHERE v > 3 AND k LIKE 'a%' GROUP BY window_start, window_end, k HAVING COUNT(*) > 1";
    int64_t n = 1;
    for (bool reached = true; reached; n++) {
        struct weir_query *query = (struct weir_query *)(uintptr_t)1;
        struct ArrowSchema schema = {.release = NULL};
        atomic_store(&allocations, 0);
        atomic_store(&fail_on, n % 2 == 0);
        atomic_store(&fail_from, n);
        enum weir_status status = weir_query_create(sql, NULL, NULL, &query, &error);
        if (status != WEIR_OK) assert_null(query);
        if (status == WEIR_OK) status = weir_query_schema(query, &schema, &error);
        reached = atomic_load(&allocations) >= n;
        atomic_store(&fail_from, 0);
        if (status != WEIR_OK) assert_int_equal(status, WEIR_ERR_MEMORY);
        if (schema.release != NULL) schema.release(&schema);
        weir_query_destroy(&query);
    }
    assert_true(n > 5);
}

int main(void) {
    first_thread = pthread_self();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_scenario_succeeds_when_memory_is_there),
        cmocka_unit_test(a_query_that_finds_no_memory_is_not_made),
        cmocka_unit_test(a_failure_while_keys_are_forgotten_is_an_error_and_no_leak),
        cmocka_unit_test(a_failure_while_rows_wait_is_an_error_and_no_leak),
        cmocka_unit_test(every_failed_allocation_is_an_error_and_no_leak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
