/* SPDX-License-Identifier: Apache-2.0
 *
 * HOP through the pipeline: windows that many overlap, for all numbers of workers and both strategies; results that
 * are taken one batch at a time, so that firing stops and goes on; keys that are forgotten while windows are open.
 */
#include "tests/engine/plans.h"

#include "tests/engine/arrays.h"

static uint64_t random_state;

static int64_t random_below(int64_t bound) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((random_state >> 24) % (uint64_t)bound);
}

/* SELECT window_start, ..., b, COUNT(*), SUM(c) [, MAX(d)] over (ts, b BIGINT, c BIGINT, d STRING). With MAX the
 * windows are made of two stacks, without it by subtraction. */
static struct weir_plan *hop(int64_t size, int64_t slide, bool with_max) {
    struct weir_type types[4] = {TIME_, BIGINT_, BIGINT_, STRING_};
    struct weir_plan *plan = plan_over(4, types);
    plan_window(plan, WEIR_WINDOW_HOP, size, slide, 0);
    plan_key(plan, 1);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(plan, WEIR_AGGREGATE_SUM, 2);
    if (with_max) plan_call(plan, WEIR_AGGREGATE_MAX, 3);
    plan_outputs(plan, 0);
    return plan;
}

enum { START, END, TIME, KEY, COUNT, SUM, MAXIMUM };

static struct weir_pipeline *open_plan(struct weir_plan *plan, int32_t workers, enum weir_strategy strategy) {
    struct weir_pipeline_options options = {
        .struct_size = sizeof(options), .workers = workers, .strategy = strategy};
    struct weir_pipeline *pipeline = NULL;
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    if (weir_pipeline_create_plan(plan, &options, &pipeline, &error) != WEIR_OK)
        fail_msg("create: %s", error.message);
    return pipeline;
}

struct row {
    int64_t ts, key, value;
};

static void push_rows(struct weir_pipeline *pipeline, const struct row *rows, int64_t count) {
    int64_t *columns = malloc(((size_t)count * 3 + 1) * sizeof(*columns));
    const char **strings = malloc(((size_t)count + 1) * sizeof(char *));
    char(*texts)[24] = malloc(((size_t)count + 1) * sizeof(*texts));
    if (columns == NULL || strings == NULL || texts == NULL) abort();
    for (int64_t i = 0; i < count; i++) {
        columns[i] = rows[i].ts;
        columns[count + i] = rows[i].key;
        columns[2 * count + i] = rows[i].value;
        snprintf(texts[i], sizeof(texts[i]), "%020lld", (long long)(rows[i].value + 1000000));
        strings[i] = texts[i];
    }
    push_ok(pipeline, batch_of(count, 4, array_i64(columns, count, NULL), array_i64(columns + count, count, NULL),
                               array_i64(columns + 2 * count, count, NULL), array_strings(strings, count, false)));
    free(texts);
    free(strings);
    free(columns);
}

static void advance_ok(struct weir_pipeline *pipeline, int64_t watermark) {
    if (weir_pipeline_advance(pipeline, 0, watermark, &error) != WEIR_OK) fail_msg("advance: %s", error.message);
}

/* ---- the same windows either way ---- */

/* Sums over the groups of the result, which any wrong group changes. */
struct totals {
    int64_t rows, counted, weighed, last_end;
    bool in_order;
};

static int64_t mix(int64_t a, int64_t b) {
    uint64_t x = ((uint64_t)a * UINT64_C(0x9E3779B97F4A7C15)) ^ (uint64_t)b;
    return (int64_t)((x ^ (x >> 29)) * UINT64_C(0xBF58476D1CE4E5B9) >> 20);
}

static const int64_t *cells(const struct ArrowArray *batch, int column) {
    return (const int64_t *)batch->children[column]->buffers[1] + batch->children[column]->offset;
}

static void add_totals(struct totals *totals, const struct ArrowArray *batch) {
    totals->rows += batch->length;
    for (int64_t i = 0; i < batch->length; i++) {
        int64_t end = cells(batch, END)[i];
        totals->in_order &= end >= totals->last_end;
        totals->last_end = end;
        totals->counted += cells(batch, COUNT)[i];
        totals->weighed += mix(end, cells(batch, KEY)[i]) % 1000003 *
                           (mix(cells(batch, COUNT)[i], cells(batch, SUM)[i]) % 1000003);
    }
}

/* Takes up to that many batches. */
static void take(struct weir_pipeline *pipeline, struct totals *totals, int64_t batches_max) {
    struct ArrowArray batch;
    for (int64_t i = 0; i < batches_max && weir_pipeline_next(pipeline, &batch, &error) == WEIR_OK; i++) {
        add_totals(totals, &batch);
        batch.release(&batch);
    }
}

enum { ROWS = 3000 };

static void random_rows(struct row *rows, int64_t slide) {
    int64_t now = random_below(50) - 25;
    for (int64_t i = 0; i < ROWS; i++) {
        now += random_below(200) == 0 ? random_below(60 * slide) : random_below(4) == 0;
        bool late = random_below(10) == 0;
        rows[i] = (struct row){now - (late ? random_below(40 * slide) : random_below(3)), random_below(20),
                               random_below(2000) - 1000};
    }
}

static struct totals run(const struct row *rows, int64_t size, int64_t slide, bool with_max, int32_t workers,
                         enum weir_strategy strategy, struct weir_stats *stats) {
    struct weir_plan *plan = hop(size, slide, with_max);
    plan_delay(plan, 2);
    struct weir_pipeline *pipeline = open_plan(plan, workers, strategy);
    struct totals totals = {.last_end = INT64_MIN, .in_order = true};
    for (int64_t at = 0; at < ROWS;) {
        int64_t count = 1 + random_below(300);
        if (count > ROWS - at) count = ROWS - at;
        push_rows(pipeline, rows + at, count);
        take(pipeline, &totals, random_below(3));
        at += count;
    }
    finish_ok(pipeline);
    take(pipeline, &totals, INT64_MAX);
    *stats = stats_of(pipeline);
    close_all(pipeline, plan);
    return totals;
}

static void windows_are_the_same_by_stacks_and_by_subtraction(void **state) {
    (void)state;
    static struct row rows[ROWS];
    for (uint64_t seed = 1; seed <= 24; seed++) {
        random_state = seed;
        int64_t slide = 1 + random_below(6), size = 1 + random_below(60) * (1 + random_below(4));
        random_rows(rows, slide);
        struct weir_stats expected_stats, stats;
        struct totals expected = run(rows, size, slide, true, 0, WEIR_STRATEGY_AUTO, &expected_stats);
        assert_true(expected.in_order);
        for (int32_t i = 0; i < 4; i++) {
            enum weir_strategy strategy = (enum weir_strategy)random_below(3);
            bool with_max = random_below(2);
            struct totals totals = run(rows, size, slide, with_max, i, strategy, &stats);
            bool same = totals.rows == expected.rows && totals.counted == expected.counted &&
                        totals.weighed == expected.weighed && totals.in_order &&
                        stats.late == expected_stats.late && stats.unassigned == expected_stats.unassigned;
            if (same) continue;
            fail_msg("seed %llu: HOP %lld/%lld, %d workers, strategy %d%s: %lld groups of %lld, %lld rows of %lld",
                     (unsigned long long)seed, (long long)size, (long long)slide, i, (int)strategy,
                     with_max ? ", MAX" : "", (long long)totals.rows, (long long)expected.rows,
                     (long long)totals.counted, (long long)expected.counted);
        }
    }
}

/* ---- more results than wait at once ---- */

enum { OVERLAPS = 400, KEYS = 1500 };

/* One row a key in each of the first slides; window w of `slides` then holds min(w, ...) rows of each key. */
static void push_slide(struct weir_pipeline *pipeline, int64_t slide) {
    static struct row rows[KEYS];
    for (int64_t key = 0; key < KEYS; key++) rows[key] = (struct row){slide, key, slide + key};
    push_rows(pipeline, rows, KEYS);
}

static void firing_goes_on_where_it_stopped(void **state) {
    (void)state;
    for (int32_t round = 0; round < 4; round++) {
        bool with_max = round & 1;
        int32_t workers = round & 2 ? 2 : 0;
        struct weir_plan *plan = hop(OVERLAPS, 1, with_max);
        struct weir_pipeline *pipeline =
            open_plan(plan, workers, with_max ? WEIR_STRATEGY_PARTITION_FIRST : WEIR_STRATEGY_AUTO);
        struct totals totals = {.last_end = INT64_MIN, .in_order = true};
        push_slide(pipeline, 0);
        push_slide(pipeline, 5);
        advance_ok(pipeline, 4 * OVERLAPS); /* 405 windows of 1 500 keys, more than wait at once */
        take(pipeline, &totals, 1);
        push_slide(pipeline, 4 * OVERLAPS + 1); /* comes while windows are firing */
        advance_ok(pipeline, 4 * OVERLAPS + 10);
        take(pipeline, &totals, 1);
        push_slide(pipeline, 4 * OVERLAPS + 1); /* has missed its first ten windows */
        finish_ok(pipeline);
        take(pipeline, &totals, INT64_MAX);
        assert_true(totals.in_order);
        assert_int_equal(totals.rows, (2 * OVERLAPS + 5) * KEYS);
        assert_int_equal(totals.counted, (4 * OVERLAPS - 10) * KEYS);
        assert_int_equal(stats_of(pipeline).windows_fired, 2 * OVERLAPS + 5);
        close_all(pipeline, plan);
    }
}

/* ---- keys that come and go ---- */

enum { NEW_KEYS = 30000, SLIDES = 9 };

static void windows_keep_their_keys_while_others_are_forgotten(void **state) {
    (void)state;
    static struct row rows[NEW_KEYS];
    for (int32_t round = 0; round < 4; round++) {
        bool with_max = round & 1;
        int32_t workers = round & 2 ? 2 : 0;
        struct weir_plan *plan = hop(3, 1, with_max);
        struct weir_pipeline *pipeline = open_plan(plan, workers, WEIR_STRATEGY_AUTO);
        int64_t groups = 0, counted = 0;
        for (int64_t slide = 0; slide <= SLIDES; slide++) {
            for (int64_t i = 0; i < NEW_KEYS; i++) {
                int64_t key = i % 3 == 0 ? i : slide * NEW_KEYS + i; /* a third stays */
                rows[i] = (struct row){slide, key, key};
            }
            if (slide < SLIDES) push_rows(pipeline, rows, NEW_KEYS);
            if (slide < SLIDES) {
                advance_ok(pipeline, slide);
            } else {
                finish_ok(pipeline);
            }
            struct ArrowArray batch;
            while (weir_pipeline_next(pipeline, &batch, &error) == WEIR_OK) {
                groups += batch.length;
                for (int64_t r = 0; r < batch.length; r++) {
                    int64_t key = cells(&batch, KEY)[r], count = cells(&batch, COUNT)[r];
                    assert_int_equal(cells(&batch, SUM)[r], key * count);
                    assert_true(count == 1 || key < NEW_KEYS);
                    counted += count;
                    if (!with_max) continue;
                    const int32_t *offsets = batch.children[MAXIMUM]->buffers[1];
                    const char *text = (const char *)batch.children[MAXIMUM]->buffers[2] + offsets[r];
                    char wanted[24];
                    snprintf(wanted, sizeof(wanted), "%020lld", (long long)(key + 1000000));
                    assert_int_equal(offsets[r + 1] - offsets[r], 20);
                    assert_memory_equal(text, wanted, 20);
                }
                batch.release(&batch);
            }
        }
        assert_int_equal(counted, 3 * NEW_KEYS * SLIDES);
        assert_int_equal(groups, 2 * NEW_KEYS * SLIDES + NEW_KEYS / 3 * (SLIDES + 2));
        close_all(pipeline, plan);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_are_the_same_by_stacks_and_by_subtraction),
        cmocka_unit_test(firing_goes_on_where_it_stopped),
        cmocka_unit_test(windows_keep_their_keys_while_others_are_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
