/* SPDX-License-Identifier: Apache-2.0
 *
 * A result larger than what waits at once: windows fire on as batches are taken, in their order, none twice and
 * none lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/checked.h"
#include "engine/pipeline.h"
#include "tests/engine/stream.h"

#define ROWS 3000
#define KEYS 300

struct totals {
    int64_t rows, counted, last_end;
    bool in_order;
};

static void take(struct weir_pipeline *pipeline, struct totals *totals, int64_t batches_max) {
    struct ArrowArray array;
    for (int64_t i = 0; i < batches_max && weir_pipeline_next(pipeline, &array, NULL) == WEIR_OK; i++) {
        const int64_t *ends = array.children[1]->buffers[1], *counts = array.children[3]->buffers[1];
        for (int64_t r = 0; r < array.length; r++) {
            totals->in_order &= ends[r] >= totals->last_end;
            totals->last_end = ends[r];
            totals->counted += counts[r];
        }
        totals->rows += array.length;
        array.release(&array);
    }
}

static struct totals run(const struct weir_window_spec *window, int32_t workers, bool at_end) {
    struct query query = {.window = *window, .watermark = !at_end, .keys = KEY_K, .filter = INT64_MIN};
    struct weir_error error = {.message = ""};
    struct weir_plan *plan = make_plan(&query);
    struct weir_pipeline_options options = {.struct_size = sizeof(options), .workers = workers};
    struct weir_pipeline *pipeline = NULL;
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("%s", error.message);
    if (weir_pipeline_create_plan(plan, &options, &pipeline, &error) != WEIR_OK) fail_msg("%s", error.message);
    struct totals totals = {.last_end = INT64_MIN, .in_order = true};
    for (int32_t at = 0; at < ROWS; at += 100) {
        struct row rows[100];
        for (int32_t i = 0; i < 100; i++) {
            rows[i] = (struct row){.has_ts = true, .has_k = true, .ts = 1 + at + i, .k = (at + i) % KEYS};
        }
        struct ArrowArray batch = make_batch(rows, 100);
        if (weir_pipeline_push(pipeline, 0, &batch, &error) != WEIR_OK) fail_msg("%s", error.message);
        if (at % 700 == 0) take(pipeline, &totals, 1); /* slower than they come */
    }
    if (weir_pipeline_finish(pipeline, &error) != WEIR_OK) fail_msg("%s", error.message);
    take(pipeline, &totals, INT64_MAX);
    struct weir_stats stats = {.struct_size = sizeof(stats)};
    assert_int_equal(weir_pipeline_stats(pipeline, &stats), WEIR_OK);
    assert_int_equal(stats.rows_out, totals.rows);
    assert_int_equal(stats.aggregated, ROWS);
    weir_pipeline_destroy(&pipeline);
    weir_plan_release(plan);
    return totals;
}

/* Over all windows a row counts as often as it has windows: the sum of the rule, row by row. */
static int64_t expected_counts(const struct weir_window_spec *spec) {
    struct weir_window window;
    int64_t sum = 0;
    assert_int_equal(weir_window_init(&window, spec, 1, NULL), WEIR_OK);
    for (int64_t ts = 1; ts <= ROWS; ts++) {
        int64_t slice = weir_window_slice(&window, ts);
        sum += weir_window_last(&window, slice) - weir_window_first(&window, slice) + 1;
    }
    return sum;
}

static void check(struct weir_window_spec spec, int64_t rows_least) {
    for (int32_t workers = 0; workers <= 3; workers += 3) {
        for (int at_end = 0; at_end <= 1; at_end++) {
            struct totals totals = run(&spec, workers, at_end != 0);
            assert_true(totals.in_order);
            assert_int_equal(totals.counted, expected_counts(&spec));
            assert_true(totals.rows > rows_least);
        }
    }
}

static void a_large_hop_fires_on_as_results_are_taken(void **state) {
    (void)state;
    check((struct weir_window_spec){WEIR_WINDOW_HOP, 600, 1, 0}, 600000);
}

static void a_large_cumulate_fires_on_as_results_are_taken(void **state) {
    (void)state;
    check((struct weir_window_spec){WEIR_WINDOW_CUMULATE, 6000, 2, 0}, 600000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_large_hop_fires_on_as_results_are_taken),
        cmocka_unit_test(a_large_cumulate_fires_on_as_results_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
