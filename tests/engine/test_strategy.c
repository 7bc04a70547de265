/* SPDX-License-Identifier: Apache-2.0
 *
 * When a pipeline that may choose turns to partition first: by how many rows a key has in a window, never because
 * of who was faster.
 */
#include <string.h>

#include "tests/engine/plans.h"

#include "engine/pipeline_state.h"
#include "tests/engine/arrays.h"
#include "tests/engine/random.h"

enum { SIZE = 10 };

/* COUNT(*) and SUM(f) of windows of ten ms, by one key or by two, the second of which is always the same. */
static struct weir_pipeline *open_sums(struct weir_plan **out, int32_t workers, int32_t keys) {
    struct weir_type types[4] = {TIME_, BIGINT_, DOUBLE_, BIGINT_};
    struct weir_plan *plan = plan_over(4, types);
    struct weir_pipeline_options options = {.struct_size = sizeof(options), .workers = workers};
    struct weir_pipeline *pipeline = NULL;
    plan_window(plan, WEIR_WINDOW_TUMBLE, SIZE, 0, 0);
    plan_delay(plan, 1);
    plan_key(plan, 1);
    if (keys == 2) plan_key(plan, 3);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(plan, WEIR_AGGREGATE_SUM, 2);
    plan_outputs(plan, 0);
    assert_int_equal(weir_plan_validate(plan, &error), WEIR_OK);
    assert_int_equal(weir_pipeline_create_plan(plan, &options, &pipeline, &error), WEIR_OK);
    *out = plan;
    return pipeline;
}

/* So many rows of one ms, over keys that come in turn or drawn by lot. */
static void push_keys(struct weir_pipeline *pipeline, int64_t time, int32_t rows, int32_t keys, bool by_lot) {
    int64_t *ts = malloc((size_t)rows * sizeof(*ts)), *k = malloc((size_t)rows * sizeof(*k));
    double *f = malloc((size_t)rows * sizeof(*f));
    assert_true(ts != NULL && k != NULL && f != NULL);
    for (int32_t i = 0; i < rows; i++) {
        ts[i] = time;
        k[i] = (int64_t)(by_lot ? random_next() % (uint64_t)keys : (uint64_t)(i % keys)) * 7919;
        f[i] = 1.0 / (3 + i % 1013);
    }
    int64_t *same = calloc((size_t)rows, sizeof(*same));
    assert_non_null(same);
    push_ok(pipeline, batch_of(rows, 4, array_i64(ts, rows, NULL), array_i64(k, rows, NULL),
                               array_fixed(f, sizeof(double), rows, NULL), array_i64(same, rows, NULL)));
    free(same);
    free(ts);
    free(k);
    free(f);
}

static void push_rows(struct weir_pipeline *pipeline, int64_t time, int32_t rows, int32_t keys) {
    push_keys(pipeline, time, rows, keys, false);
}

struct sums {
    int64_t rows, counted;
    uint64_t bits; /* of the doubles, each with its key and window */
};

static void take(struct weir_pipeline *pipeline, struct sums *sums) {
    struct ArrowArray array;
    while (weir_pipeline_next(pipeline, &array, &error) == WEIR_OK) {
        const int64_t *starts = array.children[0]->buffers[1], *keys = array.children[3]->buffers[1];
        const int64_t *counts = array.children[array.n_children - 2]->buffers[1];
        const double *totals = array.children[array.n_children - 1]->buffers[1];
        for (int64_t r = 0; r < array.length; r++) {
            uint64_t bits;
            memcpy(&bits, &totals[r], sizeof(bits));
            sums->counted += counts[r];
            sums->bits += (bits ^ (uint64_t)keys[r]) * (2 * (uint64_t)starts[r] + 1);
        }
        sums->rows += array.length;
        array.release(&array);
    }
}

static struct sums close_sums(struct weir_pipeline *pipeline, struct weir_plan *plan) {
    struct sums sums = {0, 0, 0};
    finish_ok(pipeline);
    take(pipeline, &sums);
    close_all(pipeline, plan);
    return sums;
}

static void one_worker_does_not_turn_where_keys_fit_the_cache(void **state) {
    (void)state;
    enum { KEYS = 50000, ROWS = 2 * KEYS, TIMES = 3 };
    struct weir_plan *plan;
    struct weir_pipeline *pipeline = open_sums(&plan, 1, 1);
    for (int64_t time = 0; time < TIMES * SIZE; time += SIZE) push_rows(pipeline, time, ROWS, KEYS);
    stats_of(pipeline);
    assert_false(pipeline->partition_first);
    struct sums sums = close_sums(pipeline, plan);
    assert_int_equal(sums.rows, TIMES * KEYS);
    assert_int_equal(sums.counted, TIMES * ROWS);
}

/* How many keys there will be is told from how many came twice. */
static void keys_are_divided_at_once_only_where_many_are_to_come(void **state) {
    (void)state;
    static const int32_t keys[] = {10000, 50000, 60000, 72000, 100000, 1000000};
    enum { ROWS = 70000 };
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        random_state = i;
        struct weir_plan *plan;
        struct weir_pipeline *pipeline = open_sums(&plan, 2, 1);
        push_keys(pipeline, 0, ROWS, keys[i], true);
        assert_int_equal(pipeline->partition_first, keys[i] > 65536);
        push_keys(pipeline, 0, ROWS, keys[i], true);
        assert_int_equal(close_sums(pipeline, plan).counted, 2 * ROWS);
    }
}

/* A table of strings has an id for NULL before any row has come. */
static void a_worker_without_rows_has_no_say(void **state) {
    (void)state;
    enum { ROWS = 70000 };
    static const char *const words[3] = {"a", "b", "c"};
    static const char *values[ROWS];
    static int64_t ts[ROWS];
    struct weir_type types[2] = {TIME_, STRING_};
    struct weir_plan *plan = plan_over(2, types);
    struct weir_pipeline_options options = {.struct_size = sizeof(options), .workers = 2};
    struct weir_pipeline *pipeline = NULL;
    plan_window(plan, WEIR_WINDOW_TUMBLE, SIZE, 0, 0);
    plan_delay(plan, 1);
    plan_key(plan, 1);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_outputs(plan, 0);
    assert_int_equal(weir_plan_validate(plan, &error), WEIR_OK);
    assert_int_equal(weir_pipeline_create_plan(plan, &options, &pipeline, &error), WEIR_OK);
    for (int32_t i = 0; i < ROWS; i++) values[i] = words[i % 3];
    push_ok(pipeline, batch_of(ROWS, 2, array_i64(ts, ROWS, NULL), array_strings(values, ROWS, false)));
    assert_false(pipeline->partition_first || pipeline->watch.is_due);
    finish_ok(pipeline);
    close_all(pipeline, plan);
}

/* The tables of a worker that has met all keys before hold its own alone afterwards. */
static void a_worker_begins_anew_with_its_own_keys(void **state) {
    (void)state;
    enum { KEYS = 40000 };
    struct weir_plan *plan;
    struct weir_pipeline *pipeline = open_sums(&plan, 2, 1);
    push_rows(pipeline, 0, KEYS, KEYS);
    push_rows(pipeline, 0, KEYS, KEYS);
    push_rows(pipeline, SIZE + 1, KEYS, KEYS);
    push_rows(pipeline, SIZE + 1, KEYS, KEYS);
    assert_true(pipeline->partition_first);
    stats_of(pipeline);
    for (int32_t i = 0; i < 2; i++) {
        uint32_t count = weir_key_table_count(pipeline->deal.workers[i].ingest->keys);
        assert_in_range(count, KEYS * 2 / 5, KEYS * 3 / 5);
    }
    assert_int_equal(close_sums(pipeline, plan).counted, 4 * KEYS);
}

static void keys_with_many_rows_in_a_window_stay_with_every_worker(void **state) {
    (void)state;
    enum { KEYS = 36000, TIMES = 3, PUSHES = 5, ROWS_A_KEY = 8 };
    struct weir_plan *plan;
    struct weir_pipeline *pipeline = open_sums(&plan, 2, 2);
    for (int64_t time = 0; time < TIMES * SIZE; time += SIZE) {
        for (int i = 0; i < PUSHES; i++) push_rows(pipeline, time, ROWS_A_KEY * KEYS, KEYS);
    }
    assert_false(pipeline->partition_first);
    struct sums sums = close_sums(pipeline, plan);
    assert_int_equal(sums.rows, TIMES * KEYS);
    assert_int_equal(sums.counted, TIMES * PUSHES * ROWS_A_KEY * KEYS);
}

static void keys_with_few_rows_in_a_window_are_divided_when_it_closes(void **state) {
    (void)state;
    enum { KEYS = 40000, ROWS = 4 * KEYS };
    struct weir_plan *plan;
    struct weir_pipeline *pipeline = open_sums(&plan, 2, 2);
    push_rows(pipeline, 0, ROWS, KEYS);
    push_rows(pipeline, 1, ROWS, KEYS);
    assert_false(pipeline->partition_first);
    push_rows(pipeline, SIZE + 1, ROWS, KEYS);
    assert_true(pipeline->watch.is_due);
    push_rows(pipeline, 2 * SIZE + 1, ROWS, KEYS);
    stats_of(pipeline);
    push_rows(pipeline, 3 * SIZE + 1, ROWS, KEYS);
    struct sums sums = {0, 0, 0};
    take(pipeline, &sums);
    push_rows(pipeline, 4 * SIZE + 1, ROWS, KEYS);
    assert_true(pipeline->partition_first);
    struct sums rest = close_sums(pipeline, plan);
    assert_int_equal(sums.rows + rest.rows, 5 * KEYS);
    assert_int_equal(sums.counted + rest.counted, 6 * ROWS);
}

/* Four workers hand rows over once keys are many. */
static void a_window_that_grows_far_beyond_the_last_is_looked_at(void **state) {
    (void)state;
    enum { FEW = 100, MANY = 400000, ROWS = 40000 };
    struct weir_plan *plan;
    struct weir_pipeline *pipeline = open_sums(&plan, 4, 1);
    push_rows(pipeline, 0, ROWS, FEW);
    push_rows(pipeline, SIZE + 1, ROWS, FEW);
    assert_true(pipeline->watch.has_closed);
    struct sums sums = {0, 0, 0};
    stats_of(pipeline);
    take(pipeline, &sums);
    push_rows(pipeline, SIZE + 2, MANY, MANY);
    assert_true(pipeline->partition_first);
    struct sums rest = close_sums(pipeline, plan);
    assert_int_equal(sums.rows + rest.rows, FEW + MANY);
    assert_int_equal(sums.counted + rest.counted, 2 * ROWS + MANY);
}

/* Sums of doubles have the same bits whether workers are waited for now and then or never. */
static void who_is_faster_changes_no_bit(void **state) {
    (void)state;
    enum { KEYS = 20000, ROWS = 50000, PUSHES = 24 };
    struct sums first = {0, 0, 0};
    for (int turns = 0; turns < 12; turns++) {
        int turn = turns % 6;
        struct weir_plan *plan;
        struct weir_pipeline *pipeline = open_sums(&plan, 2, 1 + turns / 6);
        struct sums sums = {0, 0, 0};
        for (int i = 0; i < PUSHES; i++) {
            push_rows(pipeline, i * 4, ROWS + i * 1000, KEYS + i * 500);
            if (turn > 0 && i % turn == 0) stats_of(pipeline);
            if (turn % 2 == 0) take(pipeline, &sums);
        }
        assert_true(pipeline->watch.is_due);
        struct sums rest = close_sums(pipeline, plan);
        sums.rows += rest.rows;
        sums.bits += rest.bits;
        if (turn == 0) first = sums;
        assert_int_equal(sums.rows, first.rows);
        assert_true(sums.bits == first.bits);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_worker_does_not_turn_where_keys_fit_the_cache),
        cmocka_unit_test(keys_are_divided_at_once_only_where_many_are_to_come),
        cmocka_unit_test(a_worker_without_rows_has_no_say),
        cmocka_unit_test(a_worker_begins_anew_with_its_own_keys),
        cmocka_unit_test(keys_with_many_rows_in_a_window_stay_with_every_worker),
        cmocka_unit_test(keys_with_few_rows_in_a_window_are_divided_when_it_closes),
        cmocka_unit_test(a_window_that_grows_far_beyond_the_last_is_looked_at),
        cmocka_unit_test(who_is_faster_changes_no_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
