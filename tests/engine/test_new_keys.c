/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys that come and go without end need no more memory than the windows that are open: ids are given anew.
 *
 * Each row has a key that no other row has. memory_max is what the keys of a few windows need, and far less than
 * all keys would. WEIR_TEST_KEYS sets the number of keys of each run (100 000 000 for the long run); what the
 * process held at most in the second half of a run is printed beside what it held in the first.
 */
#include "tests/engine/plans.h"

#include <sys/resource.h>

#include "tests/engine/arrays.h"

enum { ROWS = 8192, ROWS_A_WINDOW = 65536 };

static int64_t keys_wanted(void) {
    const char *text = getenv("WEIR_TEST_KEYS");
    return text == NULL ? 1000000 : atoll(text);
}

static int64_t resident_mib(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

static struct weir_plan *make_plan(enum weir_window_kind window, bool strings) {
    struct weir_type types[3] = {TIME_, BIGINT_, STRING_};
    struct weir_plan *plan = plan_over(3, types);
    int64_t slide = window == WEIR_WINDOW_HOP || window == WEIR_WINDOW_CUMULATE ? ROWS_A_WINDOW / 2 : 0;
    plan_window(plan, window, window == WEIR_WINDOW_SESSION ? 100 : ROWS_A_WINDOW, slide, 0);
    plan_delay(plan, 10);
    plan_key(plan, strings ? 2 : 1);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(plan, WEIR_AGGREGATE_SUM, 1);
    plan_outputs(plan, 0);
    return plan;
}

/* A row a ms; the key is its number. */
static struct ArrowArray make_batch(int64_t number) {
    static int64_t values[ROWS];
    static char text[ROWS][24];
    static const char *strings[ROWS];
    for (int i = 0; i < ROWS; i++) {
        values[i] = number * ROWS + i;
        snprintf(text[i], sizeof(text[i]), "key %lld", (long long)values[i]);
        strings[i] = text[i];
    }
    return batch_of(ROWS, 3, array_i64(values, ROWS, NULL), array_i64(values, ROWS, NULL),
                    array_strings(strings, ROWS, false));
}

static int64_t pull(struct weir_pipeline *pipeline) {
    struct ArrowArray array;
    int64_t rows = 0;
    while (weir_pipeline_next(pipeline, &array, NULL) == WEIR_OK) {
        rows += array.length;
        array.release(&array);
    }
    return rows;
}

static void run_with(enum weir_window_kind window, bool strings, int32_t workers, enum weir_strategy strategy,
                     enum weir_slice_shape slices, enum weir_waiting waiting) {
    struct weir_plan *plan = make_plan(window, strings);
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    struct weir_pipeline_options options = {.struct_size = sizeof(options),
                                            .workers = workers,
                                            .strategy = strategy,
                                            .slices = slices,
                                            .waiting = waiting,
                                            .memory_max = (int64_t)(workers + 1) * 64 << 20};
    struct weir_pipeline *pipeline;
    assert_int_equal(weir_pipeline_create_plan(plan, &options, &pipeline, NULL), WEIR_OK);
    weir_plan_release(plan);
    int64_t batches = keys_wanted() / ROWS, rows = 0, first_half = 0;
    for (int64_t i = 0; i < batches; i++) {
        push_ok(pipeline, make_batch(i));
        rows += pull(pipeline);
        if (i == batches / 2) first_half = resident_mib();
    }
    assert_int_equal(weir_pipeline_finish(pipeline, NULL), WEIR_OK);
    rows += pull(pipeline);
    bool twice = window == WEIR_WINDOW_HOP; /* every row is in two windows */
    if (window != WEIR_WINDOW_CUMULATE) assert_int_equal(rows, batches * ROWS * (twice ? 2 : 1));
    printf("%lld keys: at most %lld MiB in the first half, %lld MiB after it\n", (long long)(batches * ROWS),
           (long long)first_half, (long long)resident_mib());
    weir_pipeline_destroy(&pipeline);
}

static void run(enum weir_window_kind window, bool strings, int32_t workers, enum weir_strategy strategy) {
    run_with(window, strings, workers, strategy, WEIR_SLICES_AUTO, WEIR_WAITING_AUTO);
}

static void direct_slices_forget_keys(void **state) {
    run_with(WEIR_WINDOW_TUMBLE, false, 0, WEIR_STRATEGY_AUTO, WEIR_SLICES_DIRECT, WEIR_WAITING_AUTO);
    run_with(WEIR_WINDOW_TUMBLE, true, 0, WEIR_STRATEGY_AUTO, WEIR_SLICES_DIRECT, WEIR_WAITING_AUTO);
    run_with(WEIR_WINDOW_TUMBLE, false, 2, WEIR_STRATEGY_PARTITION_FIRST, WEIR_SLICES_DIRECT, WEIR_WAITING_AUTO);
}

static void keys_of_rows_that_wait_are_forgotten(void **state) {
    run_with(WEIR_WINDOW_TUMBLE, false, 0, WEIR_STRATEGY_AUTO, WEIR_SLICES_AUTO, WEIR_WAITING_ALWAYS);
    run_with(WEIR_WINDOW_HOP, false, 0, WEIR_STRATEGY_AUTO, WEIR_SLICES_AUTO, WEIR_WAITING_ALWAYS);
    run_with(WEIR_WINDOW_TUMBLE, false, 2, WEIR_STRATEGY_LOCAL_FIRST, WEIR_SLICES_AUTO, WEIR_WAITING_ALWAYS);
}

static void tumble_forgets_keys(void **state) { run(WEIR_WINDOW_TUMBLE, false, 0, WEIR_STRATEGY_AUTO); }
static void hop_forgets_keys(void **state) { run(WEIR_WINDOW_HOP, false, 0, WEIR_STRATEGY_AUTO); }
static void cumulate_forgets_keys(void **state) { run(WEIR_WINDOW_CUMULATE, false, 0, WEIR_STRATEGY_AUTO); }
static void session_forgets_keys(void **state) { run(WEIR_WINDOW_SESSION, false, 0, WEIR_STRATEGY_AUTO); }
static void strings_are_forgotten(void **state) { run(WEIR_WINDOW_TUMBLE, true, 0, WEIR_STRATEGY_AUTO); }
static void workers_forget_keys(void **state) {
    run(WEIR_WINDOW_TUMBLE, false, 2, WEIR_STRATEGY_LOCAL_FIRST);
    run(WEIR_WINDOW_TUMBLE, false, 2, WEIR_STRATEGY_PARTITION_FIRST);
    run(WEIR_WINDOW_SESSION, true, 2, WEIR_STRATEGY_AUTO);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tumble_forgets_keys),       cmocka_unit_test(hop_forgets_keys),
        cmocka_unit_test(cumulate_forgets_keys),     cmocka_unit_test(session_forgets_keys),
        cmocka_unit_test(strings_are_forgotten),     cmocka_unit_test(workers_forget_keys),
        cmocka_unit_test(direct_slices_forget_keys), cmocka_unit_test(keys_of_rows_that_wait_are_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
