/* SPDX-License-Identifier: Apache-2.0
 *
 * state_bytes, and what the state takes beside the accumulators and keys that it cannot do without: a count of
 * bytes, the same on every machine.
 */
#include "tests/engine/plans.h"

#include "engine/pipeline_state.h"
#include "tests/engine/arrays.h"

enum { SIZE = 10, BLOCK = 50000 };

/* SELECT COUNT(*), SUM(b) BY c in windows of ten. Rows that wait, which have a bound of their own, are left out. */
static struct weir_plan *sums(void) {
    struct weir_type types[3] = {TIME_, BIGINT_, BIGINT_};
    struct weir_plan *plan = plan_over(3, types);
    plan_window(plan, WEIR_WINDOW_TUMBLE, SIZE, 0, 0);
    plan_delay(plan, 1000000);
    plan_key(plan, 2);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(plan, WEIR_AGGREGATE_SUM, 1);
    plan_outputs(plan, WEIR_RESULT_KEYS);
    return plan;
}

static struct weir_pipeline *open_with(struct weir_plan *plan, int32_t workers, enum weir_slice_shape slices) {
    struct weir_pipeline_options options = {
        .struct_size = sizeof(options), .workers = workers, .slices = slices, .waiting = WEIR_WAITING_NEVER};
    struct weir_pipeline *pipeline = NULL;
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    if (weir_pipeline_create_plan(plan, &options, &pipeline, &error) != WEIR_OK) fail_msg("%s", error.message);
    return pipeline;
}

/* One row of each key [first, first + count) into the window. */
static void push_keys(struct weir_pipeline *pipeline, int64_t window, int64_t first, int64_t count) {
    static int64_t ts[BLOCK], v[BLOCK], k[BLOCK];
    for (int64_t done = 0; done < count;) {
        int64_t rows = count - done < BLOCK ? count - done : BLOCK;
        for (int64_t i = 0; i < rows; i++) {
            ts[i] = window * SIZE;
            v[i] = i;
            k[i] =
                (int64_t)((uint64_t)(first + done + i) * UINT64_C(0x5851F42D4C957F2D)); /* over the whole range */
        }
        push_ok(pipeline,
                batch_of(rows, 3, array_i64(ts, rows, NULL), array_i64(v, rows, NULL), array_i64(k, rows, NULL)));
        done += rows;
    }
}

static size_t stride_of(const struct weir_pipeline *pipeline) { return pipeline->home.accumulator->stride; }

/* Ten open windows of the same keys, of numbers of keys that are and are not powers of two. */
static void dense_slices_take_a_quarter_more_at_most(void **state) {
    (void)state;
    static const int64_t numbers[] = {10000, 100000, 150000, 262144, 300000};
    for (size_t n = 0; n < sizeof(numbers) / sizeof(numbers[0]); n++) {
        struct weir_plan *plan = sums();
        struct weir_pipeline *pipeline = open_with(plan, 0, WEIR_SLICES_DENSE);
        int64_t keys = numbers[n];
        for (int64_t window = 0; window < 10; window++) push_keys(pipeline, window, 0, keys);
        int64_t needed = keys * ((int64_t)stride_of(pipeline) * 10 + 8);
        int64_t bytes = stats_of(pipeline).state_bytes;
        if (bytes < needed)
            fail_msg("%lld keys: %lld of %lld", (long long)keys, (long long)bytes, (long long)needed);
        if (bytes > needed / 4 * 5) fail_msg("%lld keys: %.2f", (long long)keys, (double)bytes / (double)needed);
        close_all(pipeline, plan);
    }
}

/* Twenty open windows, each with keys of its own. */
static void direct_slices_take_two_and_a_half_times_at_most(void **state) {
    (void)state;
    static const int64_t numbers[] = {1000, 3000, 5000, 10000, 20000};
    for (size_t n = 0; n < sizeof(numbers) / sizeof(numbers[0]); n++) {
        struct weir_plan *plan = sums();
        struct weir_pipeline *pipeline = open_with(plan, 0, WEIR_SLICES_DIRECT);
        int64_t keys = numbers[n];
        for (int64_t window = 0; window < 20; window++) push_keys(pipeline, window, window * keys, keys);
        int64_t needed = keys * 20 * ((int64_t)stride_of(pipeline) + 8);
        int64_t bytes = stats_of(pipeline).state_bytes;
        if (bytes < needed)
            fail_msg("%lld keys: %lld of %lld", (long long)keys, (long long)bytes, (long long)needed);
        if (bytes > needed / 2 * 5) fail_msg("%lld keys: %.2f", (long long)keys, (double)bytes / (double)needed);
        close_all(pipeline, plan);
    }
}

/* Of ever new keys those are forgotten whose windows have fired. */
static void it_is_what_is_open(void **state) {
    (void)state;
    for (int32_t workers = 0; workers < 3; workers++) {
        struct weir_plan *plan = sums();
        struct weir_pipeline *pipeline = open_with(plan, workers, WEIR_SLICES_AUTO);
        int64_t least = 100000 * (int64_t)(stride_of(pipeline) + 8);
        assert_true(stats_of(pipeline).state_bytes < 1000000);
        push_keys(pipeline, 0, 0, 100000);
        assert_true(stats_of(pipeline).state_bytes > least);
        for (int64_t window = 1; window < 20; window++) {
            push_keys(pipeline, window, window * 100000, 100000);
            assert_int_equal(weir_pipeline_advance(pipeline, 0, window * SIZE - 1, &error), WEIR_OK);
            struct ArrowArray array;
            while (weir_pipeline_next(pipeline, &array, &error) == WEIR_OK) array.release(&array);
            int64_t bytes = stats_of(pipeline).state_bytes;
            if (bytes > 12 * least) fail_msg("window %lld: %.2f", (long long)window, (double)bytes / (double)least);
        }
        close_all(pipeline, plan);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dense_slices_take_a_quarter_more_at_most),
        cmocka_unit_test(direct_slices_take_two_and_a_half_times_at_most),
        cmocka_unit_test(it_is_what_is_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
