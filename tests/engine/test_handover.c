/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows that one worker reads and another owns: whatever their keys and times do to the rings, what comes out is
 * what one thread gives, sums of doubles to the last bit; the rings are written a few times a range and not a row.
 */
#include "tests/engine/plans.h"

#include "engine/pipeline_state.h"
#include "tests/engine/arrays.h"
#include "tests/engine/random.h"

/* ---- rows: (ts, k BIGINT, f DOUBLE) ---- */

enum { ROWS = 200000, RANGE = WEIR_DEAL_RANGE_ROWS };

static int64_t row_ts[ROWS], row_k[ROWS];
static double row_f[ROWS];
static char valid_k[ROWS + 1], valid_f[ROWS + 1];

/* How keys and times are strewn. */
struct stream {
    int64_t keys;
    int hot;         /* percent of rows of one key */
    int64_t windows; /* among which times jump */
    int nulls;       /* percent */
};

static void make_rows(const struct stream *stream) {
    for (int32_t i = 0; i < ROWS; i++) {
        row_ts[i] = random_below(stream->windows) * 10 + 5;
        row_k[i] = chance(stream->hot) ? 3 : random_below(stream->keys) * 7919;
        row_f[i] = (double)random_below(1000000) / 7;
        valid_k[i] = chance(stream->nulls) ? '0' : '1';
        valid_f[i] = chance(stream->nulls) ? '0' : '1';
    }
}

static struct ArrowArray rows_at(int32_t at, int32_t count, bool nulls) {
    return batch_of(count, 3, array_i64(row_ts + at, count, NULL),
                    array_i64(row_k + at, count, nulls ? valid_k + at : NULL),
                    array_fixed(row_f + at, sizeof(double), count, nulls ? valid_f + at : NULL));
}

/* COUNT(*), SUM(f), MIN(f) by k, in windows of 10 ms, of which none closes before the end. */
static struct weir_plan *plan_of_sums(void) {
    struct weir_type types[3] = {TIME_, BIGINT_, DOUBLE_};
    struct weir_plan *plan = plan_over(3, types);
    plan_window(plan, WEIR_WINDOW_TUMBLE, 10, 0, 0);
    plan_key(plan, 1);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(plan, WEIR_AGGREGATE_SUM, 2);
    plan_call(plan, WEIR_AGGREGATE_MIN, 2);
    plan_outputs(plan, 0);
    return plan;
}

static struct weir_pipeline *open_with(struct weir_plan *plan, int32_t workers, enum weir_slice_shape slices) {
    struct weir_pipeline_options options = {
        .struct_size = sizeof(options), .workers = workers, .strategy = WEIR_STRATEGY_HAND_OVER, .slices = slices};
    struct weir_pipeline *pipeline = NULL;
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    if (weir_pipeline_create_plan(plan, &options, &pipeline, &error) != WEIR_OK) fail_msg("%s", error.message);
    return pipeline;
}

/* ---- comparing ---- */

struct group {
    int64_t start, key, rows;
    double sum, least;
    bool has_key, has_sum;
};

struct outcome {
    struct group *groups;
    size_t count;
    int64_t pushes, pops, rows, wakes; /* of the rings of all workers */
};

static bool bit_of(const struct ArrowArray *column, int64_t row) {
    const uint8_t *bits = column->buffers[0];
    return bits == NULL || (bits[row / 8] >> (row % 8) & 1) != 0;
}

static int by_name(const void *a, const void *b) {
    const struct group *one = a, *two = b;
    if (one->start != two->start) return one->start < two->start ? -1 : 1;
    if (one->has_key != two->has_key) return one->has_key ? 1 : -1;
    return one->key == two->key ? 0 : one->key < two->key ? -1 : 1;
}

static void take_all(struct weir_pipeline *pipeline, struct outcome *out) {
    struct ArrowArray array;
    while (weir_pipeline_next(pipeline, &array, &error) == WEIR_OK) {
        out->groups = realloc(out->groups, (out->count + (size_t)array.length) * sizeof(*out->groups));
        if (out->groups == NULL) abort();
        struct ArrowArray *const *columns = array.children; /* window_start, window_end, window_time, keys, calls */
        for (int64_t r = 0; r < array.length; r++) {
            struct group *group = &out->groups[out->count++];
            memset(group, 0, sizeof(*group));
            group->start = ((const int64_t *)columns[0]->buffers[1])[r];
            group->has_key = bit_of(columns[3], r);
            if (group->has_key) group->key = ((const int64_t *)columns[3]->buffers[1])[r];
            group->rows = ((const int64_t *)columns[4]->buffers[1])[r];
            group->has_sum = bit_of(columns[5], r);
            if (!group->has_sum) continue;
            group->sum = ((const double *)columns[5]->buffers[1])[r];
            group->least = ((const double *)columns[6]->buffers[1])[r];
        }
        array.release(&array);
    }
}

static void add_ring_counts(const struct weir_pipeline *pipeline, struct outcome *out) {
    for (int32_t i = 0; i < pipeline->deal.count; i++) {
        const struct weir_handover_counts *counts = &pipeline->deal.workers[i].handover.counts;
        out->pushes += atomic_load(&counts->pushes);
        out->pops += atomic_load(&counts->pops);
        out->rows += atomic_load(&counts->rows);
        out->wakes += atomic_load(&counts->wakes);
    }
}

static struct outcome run(const struct stream *stream, int32_t workers, int32_t batch,
                          enum weir_slice_shape slices) {
    struct outcome out = {.count = 0};
    struct weir_plan *plan = plan_of_sums();
    struct weir_pipeline *pipeline = open_with(plan, workers, slices);
    for (int32_t at = 0; at < ROWS; at += batch)
        push_ok(pipeline, rows_at(at, batch < ROWS - at ? batch : ROWS - at, stream->nulls > 0));
    assert_int_equal(stats_of(pipeline).aggregated, ROWS); /* waits */
    add_ring_counts(pipeline, &out);
    finish_ok(pipeline);
    take_all(pipeline, &out);
    if (out.count > 0) qsort(out.groups, out.count, sizeof(*out.groups), by_name);
    close_all(pipeline, plan);
    return out;
}

static void expect_same(const struct stream *stream, int32_t workers, int32_t batch, enum weir_slice_shape slices,
                        const struct outcome *one) {
    struct outcome many = run(stream, workers, batch, slices);
    assert_int_equal(many.count, one->count);
    assert_memory_equal(many.groups, one->groups, one->count * sizeof(*one->groups));
    assert_true(many.rows > 0 && many.pushes == many.pops);
    free(many.groups);
}

/* Hot keys fill the rings to one owner; times that jump fill packets with runs; a small batch leaves packets all
 * but empty. */
static void rows_are_added_by_their_owners_as_by_one_thread(void **state) {
    (void)state;
    static const struct stream streams[] = {{.keys = 5000, .hot = 0, .windows = 1, .nulls = 0},
                                            {.keys = 1, .hot = 0, .windows = 1, .nulls = 0},
                                            {.keys = 5000, .hot = 90, .windows = 3, .nulls = 0},
                                            {.keys = 50, .hot = 0, .windows = 400, .nulls = 0},
                                            {.keys = 500, .hot = 10, .windows = 40, .nulls = 20}};
    for (size_t s = 0; s < WEIR_ARRAY_COUNT(streams); s++) {
        make_rows(&streams[s]);
        struct outcome one = run(&streams[s], 0, ROWS, WEIR_SLICES_DENSE);
        expect_same(&streams[s], 2, ROWS, WEIR_SLICES_DENSE, &one);
        expect_same(&streams[s], 3 + (int32_t)random_below(5), 3000 + (int32_t)random_below(RANGE),
                    WEIR_SLICES_DIRECT, &one);
        expect_same(&streams[s], 9, ROWS / 2, WEIR_SLICES_AUTO, &one);
        free(one.groups);
    }
}

/* ---- what the rings cost ---- */

static void rings_are_written_a_few_times_a_range(void **state) {
    (void)state;
    const struct stream stream = {.keys = 20000, .hot = 0, .windows = 1, .nulls = 0};
    make_rows(&stream);
    for (int32_t workers = 2; workers <= 16; workers *= 2) {
        struct outcome out = run(&stream, workers, ROWS, WEIR_SLICES_DENSE);
        /* The first range comes before the turn. Of each other one an owner gets its share in packets of which all
         * but two are full, and half as many again where that is not even one. */
        int64_t ranges = (ROWS + RANGE - 1) / RANGE - 1, share = RANGE / workers;
        int64_t most = ranges * workers * (share / WEIR_BLOCK_ROWS + 2);
        assert_int_equal(out.rows, ROWS - RANGE);
        assert_true(out.pushes >= ranges * workers && out.pushes <= most);
        assert_int_equal(out.pops, out.pushes);
        /* Whoever is woken has been given a packet or room for one. */
        assert_true(out.wakes <= out.pushes + out.pops);
        free(out.groups);
    }
}

/* ---- failures ---- */

/* SUM(CAST(text AS BIGINT)) by k. */
static struct weir_plan *plan_of_texts(void) {
    struct weir_type types[3] = {TIME_, BIGINT_, STRING_};
    struct weir_plan *plan = plan_over(3, types);
    plan_window(plan, WEIR_WINDOW_TUMBLE, 10, 0, 0);
    plan_key(plan, 1);
    struct weir_expr *text = plan_column(plan, 2);
    plan_call_of(plan, WEIR_AGGREGATE_SUM, weir_expr_node(&plan->arena, WEIR_EXPR_CAST, BIGINT_, 1, &text));
    plan_outputs(plan, 0);
    return plan;
}

static enum weir_status push_texts(struct weir_pipeline *pipeline, int32_t count, int32_t bad, const char *word) {
    static const char *texts[RANGE];
    for (int32_t i = 0; i < count; i++) {
        row_ts[i] = i % 9;
        row_k[i] = i % 977;
        texts[i] = i == bad ? word : "12";
    }
    struct ArrowArray batch = batch_of(count, 3, array_i64(row_ts, count, NULL), array_i64(row_k, count, NULL),
                                       array_strings(texts, count, false));
    enum weir_status status = weir_pipeline_push(pipeline, 0, &batch, &error);
    if (batch.release != NULL) batch.release(&batch);
    return status;
}

/* A reader of many rows fails at its last one, after another has failed at a later one; none waits for packets that
 * do not come. */
static void the_earliest_row_that_fails_speaks(void **state) {
    (void)state;
    for (int round = 0; round < 10; round++) {
        struct weir_plan *plan = plan_of_texts();
        struct weir_pipeline *pipeline = open_with(plan, 2 + round % 4, WEIR_SLICES_DENSE);
        enum weir_status status = push_texts(pipeline, 1, -1, "");
        if (status == WEIR_OK) status = push_texts(pipeline, RANGE, RANGE - 1, "first");
        for (int i = 0; i < 40 && status == WEIR_OK; i++) status = push_texts(pipeline, 100, 0, "later");
        if (status == WEIR_OK) status = weir_pipeline_finish(pipeline, &error);
        assert_int_equal(status, WEIR_ERR_VALUE);
        if (strstr(error.message, "first") == NULL) fail_msg("not the first: %s", error.message);
        close_all(pipeline, plan);
    }
}

/* The rows on their way count as state. */
static void memory_max_counts_the_rings(void **state) {
    (void)state;
    struct weir_plan *plan = plan_of_sums();
    struct weir_pipeline *pipeline = open_with(plan, 2, WEIR_SLICES_DENSE);
    const struct stream stream = {.keys = 10, .hot = 0, .windows = 1, .nulls = 0};
    make_rows(&stream);
    push_ok(pipeline, rows_at(0, 1000, false));
    push_ok(pipeline, rows_at(1000, 1000, false));
    stats_of(pipeline);
    int64_t rings = 0, bytes = 0;
    for (int32_t i = 0; i < 2; i++) {
        rings += (int64_t)weir_handover_bytes(&pipeline->deal.workers[i].handover);
        bytes += atomic_load(&pipeline->deal.workers[i].bytes);
    }
    assert_true(rings > 0 && bytes > rings);
    pipeline->options.memory_max = bytes - 1;
    struct ArrowArray batch = rows_at(2000, 1000, false);
    assert_int_equal(weir_pipeline_push(pipeline, 0, &batch, &error), WEIR_ERR_MEMORY);
    batch.release(&batch);
    close_all(pipeline, plan);
}

/* Rings that would take more than their part of the memory that is allowed are not made. */
static void rings_are_made_where_they_fit(void **state) {
    (void)state;
    enum { MANY = 200000, KEYS = 50000 };
    static const struct {
        int64_t memory_max;
        bool fit;
    } cases[] = {{0, true}, {(int64_t)1 << 30, true}, {(int64_t)48 << 20, false}};
    int64_t *ts = calloc(MANY, sizeof(*ts)), *k = calloc(MANY, sizeof(*k)), *f = calloc(MANY, sizeof(*f));
    assert_true(ts != NULL && k != NULL && f != NULL);
    for (int64_t i = 0; i < MANY; i++) k[i] = i % KEYS * 7919;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct weir_plan *plan = plan_of_sums();
        struct weir_pipeline_options options = {
            .struct_size = sizeof(options), .workers = 4, .memory_max = cases[i].memory_max};
        struct weir_pipeline *pipeline = NULL;
        assert_int_equal(weir_plan_validate(plan, &error), WEIR_OK);
        assert_int_equal(weir_pipeline_create_plan(plan, &options, &pipeline, &error), WEIR_OK);
        size_t expected = weir_handover_expected_bytes(&pipeline->home, 4);
        for (int push = 0; push < 4; push++) {
            push_ok(pipeline, batch_of(MANY, 3, array_i64(ts, MANY, NULL), array_i64(k, MANY, NULL),
                                       array_fixed(f, sizeof(double), MANY, NULL)));
        }
        stats_of(pipeline);
        assert_true(pipeline->partition_first);
        for (int32_t worker = 0; worker < 4; worker++) {
            size_t bytes = weir_handover_bytes(&pipeline->deal.workers[worker].handover);
            assert_int_equal(bytes, cases[i].fit ? expected : 0);
        }
        close_all(pipeline, plan);
    }
    free(ts);
    free(k);
    free(f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_added_by_their_owners_as_by_one_thread),
        cmocka_unit_test(rings_are_written_a_few_times_a_range),
        cmocka_unit_test(the_earliest_row_that_fails_speaks),
        cmocka_unit_test(memory_max_counts_the_rings),
        cmocka_unit_test(rings_are_made_where_they_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
