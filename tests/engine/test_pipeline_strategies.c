/* SPDX-License-Identifier: Apache-2.0
 *
 * How workers share the keys does not show: local first, partition first and the turn from one to the other give
 * the rows, the order of windows and the counters of one thread, however slowly results are taken.
 */
#include <math.h>

#include "tests/engine/plans.h"

#include "engine/ingest_direct.h"
#include "engine/pipeline_state.h"
#include "tests/engine/arrays.h"
#include "tests/engine/random.h"

/* ---- rows: (ts, k BIGINT, s STRING, d dictionary of STRING, f DOUBLE, v BIGINT, n SMALLINT, b BOOLEAN) ---- */

#define ROWS_MAX 30000
#define WORDS 7

static int64_t row_ts[ROWS_MAX], row_k[ROWS_MAX], row_v[ROWS_MAX];
static double row_f[ROWS_MAX];
static int16_t row_d[ROWS_MAX], row_n[ROWS_MAX];
static char row_s[ROWS_MAX][24];
static char valid_ts[ROWS_MAX + 1], valid_k[ROWS_MAX + 1], valid_s[ROWS_MAX + 1], valid_d[ROWS_MAX + 1],
    valid_f[ROWS_MAX + 1], valid_n[ROWS_MAX + 1], row_b[ROWS_MAX + 1];

static char flag(int percent) { return chance(percent) ? '0' : '1'; }

/* Keys that are equal and keys that only look it. */
static double float_key(int64_t number) {
    static const uint64_t nan_bits[] = {UINT64_C(0x7FF8000000000000), UINT64_C(0xFFF8000000000001),
                                        UINT64_C(0x7FF8000000000ABC)};
    double value = (double)number / 3;
    if (number % 11 == 0) value = 0.0;
    if (number % 11 == 1) value = -0.0;
    if (number % 11 == 2) memcpy(&value, &nan_bits[number % 3], sizeof(value));
    if (number % 11 == 3) value = number % 2 == 0 ? INFINITY : -INFINITY;
    return value;
}

static void make_rows(int32_t count, int64_t keys, int64_t step, int disorder) {
    /* about 1970, and about a change of the clocks of Berlin in autumn and in spring */
    static const int64_t bases[] = {-200, 1, 1, INT64_C(1729990800000), INT64_C(1711846800000)};
    int64_t now = bases[random_below(5)] - random_below(step * 100 + 1);
    for (int32_t i = 0; i < count; i++) {
        int64_t key = random_below(keys);
        now += chance(2) ? random_below(step * 50 + 1) : random_below(step + 1);
        row_ts[i] = now - (chance(disorder) ? random_below(step * 20 + 1) : 0);
        row_k[i] = key * 7919 - 3;
        row_d[i] = (int16_t)(key % WORDS);
        row_f[i] = float_key(key);
        row_n[i] = (int16_t)(key % 300 - 7);
        row_b[i] = (char)('0' + key % 2);
        row_v[i] = random_below(200) - 100;
        snprintf(row_s[i], sizeof(row_s[i]), "%s%lld", key % 2 == 0 ? "" : "a-rather-long-", (long long)key);
        valid_ts[i] = flag(1);
        valid_k[i] = flag(3);
        valid_s[i] = flag(3);
        valid_d[i] = flag(3);
        valid_f[i] = flag(3);
        valid_n[i] = flag(3);
    }
}

static struct ArrowArray batch_at(int32_t at, int32_t count) {
    static const char *const words[WORDS] = {"", "one", "two", NULL, "a-word-of-more-than-sixteen", "5", "six"};
    static const char *strings[ROWS_MAX];
    for (int32_t i = 0; i < count; i++) strings[i] = valid_s[at + i] == '0' ? NULL : row_s[at + i];
    return batch_of(
        count, 8, array_i64(row_ts + at, count, valid_ts + at), array_i64(row_k + at, count, valid_k + at),
        array_strings(strings, count, false),
        array_dictionary(row_d + at, sizeof(row_d[0]), count, valid_d + at, array_strings(words, WORDS, false)),
        array_fixed(row_f + at, sizeof(double), count, valid_f + at), array_i64(row_v + at, count, NULL),
        array_fixed(row_n + at, sizeof(row_n[0]), count, valid_n + at),
        array_bool(row_b + at, count, valid_n + at));
}

/* ---- queries ---- */

struct shape {
    struct weir_window_spec window;
    bool watermark, ordered, having, mark, fold;
    bool plain; /* aggregates of numbers alone: rows may wait, and be handed over */
    int64_t delay, offset, limit;
    int32_t keys; /* bits over k, s, d, f, n, b */
    const char *zone;
};

/* SELECT window_start, window_end, keys, COUNT(*), SUM(v), MIN(s), MAX(d); plain: MIN(f), SUM(n), COUNT(b). */
static struct weir_plan *plan_of(const struct shape *shape) {
    struct weir_type types[8] = {TIME_,
                                 BIGINT_,
                                 STRING_,
                                 STRING_,
                                 DOUBLE_,
                                 BIGINT_,
                                 weir_type_of(WEIR_TYPE_SMALLINT),
                                 weir_type_of(WEIR_TYPE_BOOLEAN)};
    struct weir_plan *plan = plan_over(8, types);
    plan->columns[3].storage = WEIR_STORE_DICTIONARY;
    plan->columns[3].codes = WEIR_STORE_I16;
    plan->columns[3].words = WEIR_STORE_UTF8;
    if (shape->window.kind != WEIR_WINDOW_NONE) {
        plan_window(plan, shape->window.kind, shape->window.size, shape->window.slide, shape->window.offset);
        if (shape->watermark) plan_delay(plan, shape->delay);
    }
    if (shape->zone != NULL) {
        struct weir_type instant = TIME_;
        instant.id = WEIR_TYPE_TIMESTAMP_LTZ;
        plan->zone = shape->zone;
        plan->columns[0] = weir_layout_of(instant);
    }
    plan->emission.end = shape->mark ? WEIR_END_MARK : WEIR_END_FLUSH;
    plan->emission.late = shape->fold ? WEIR_ROWS_FOLD : WEIR_ROWS_DROP;
    for (int32_t i = 0; i < 6; i++) {
        if (shape->keys & (1 << i)) plan_key(plan, i < 4 ? i + 1 : i + 2);
    }
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(plan, WEIR_AGGREGATE_SUM, 5);
    plan_call(plan, WEIR_AGGREGATE_MIN, shape->plain ? 4 : 2);
    if (!shape->plain) plan_call(plan, WEIR_AGGREGATE_MAX, 3);
    if (shape->plain) plan_call(plan, WEIR_AGGREGATE_SUM, 6);
    if (shape->plain) plan_call(plan, WEIR_AGGREGATE_COUNT, 7);
    plan_outputs(plan, 0);
    if (shape->mark) {
        struct weir_type boolean = weir_type_of(WEIR_TYPE_BOOLEAN);
        boolean.nullable = false;
        plan->outputs[2].expr = weir_expr_column(&plan->arena, weir_plan_is_complete(plan), boolean);
    }
    if (shape->having) {
        struct weir_expr *args[2] = {plan_result(plan, WEIR_RESULT_KEYS + plan->keys_count),
                                     weir_expr_literal(&plan->arena, BIGINT_, (union weir_value){.i64 = 2})};
        plan->having = weir_expr_node(&plan->arena, WEIR_EXPR_GT, weir_type_of(WEIR_TYPE_BOOLEAN), 2, args);
    }
    for (int32_t i = 0; shape->ordered && i < plan->keys_count; i++)
        plan_order(plan, WEIR_RESULT_KEYS + i, i == 0, i == 1);
    if (shape->ordered) plan_order(plan, 1, true, false);
    if (shape->ordered) plan_order(plan, 0, true, false);
    plan->offset = shape->offset;
    plan->limit = shape->limit;
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    return plan;
}

/* ---- a run ---- */

struct run {
    int32_t workers;
    enum weir_strategy strategy;
    int32_t batch_max;
    int pull; /* percent: a batch of the result is taken after a push */
    int turn; /* percent: a push after which the pipeline turns to partition first, in one of its two ways, if it
                 has not yet, or without
                 workers its slices to one shape or the other */
    enum weir_slice_shape slices;
    enum weir_waiting waiting;
    size_t waiting_max;
};

struct outcome {
    char **lines;
    size_t count, room;
    int64_t last_end;
    bool in_order; /* of window_end */
    struct weir_stats stats;
};

/* Neither here nor in what calls it strndup or strchr: strict checks of AddressSanitizer read the whole text for
 * each. */
static void add_line(struct outcome *out, const char *text, size_t length) {
    if (out->count == out->room) {
        out->room = out->room * 2 + 256;
        out->lines = realloc(out->lines, out->room * sizeof(char *));
        if (out->lines == NULL) abort();
    }
    char *line = calloc(1, length + 1);
    if (line == NULL) abort();
    memcpy(line, text, length);
    out->lines[out->count++] = line;
}

static void add_batch(struct outcome *out, const struct weir_plan *plan, const struct ArrowArray *array) {
    struct text text = {NULL, 0, 0};
    const int64_t *ends = array->children[1]->buffers[1];
    for (int64_t r = 0; r < array->length; r++) {
        out->in_order &= ends[r] >= out->last_end;
        out->last_end = ends[r];
    }
    add_rows(&text, plan, array);
    for (char *at = text.bytes; array->length > 0 && *at != 0;) {
        char *end = memchr(at, ' ', text.length - (size_t)(at - text.bytes));
        add_line(out, at, (size_t)(end - at));
        at = end + 1;
    }
    text_free(&text);
}

static enum weir_status take_one(struct outcome *out, const struct weir_plan *plan,
                                 struct weir_pipeline *pipeline) {
    struct ArrowArray array;
    enum weir_status status = weir_pipeline_next(pipeline, &array, &error);
    if (status >= WEIR_ERR_INVALID) fail_msg("next: %s", error.message);
    if (status != WEIR_OK) return status;
    add_batch(out, plan, &array);
    array.release(&array);
    return status;
}

static void turn(struct weir_pipeline *pipeline, const struct run *run) {
    if (pipeline->options.strategy != WEIR_STRATEGY_HAND_OVER)
        pipeline->options.strategy = chance(50) ? WEIR_STRATEGY_PARTITION_FIRST : WEIR_STRATEGY_HAND_OVER;
    struct weir_ingest *home = &pipeline->home;
    if (run->workers > 0) return;
    assert_int_equal((chance(50) ? weir_ingest_turn_direct : weir_ingest_turn_dense)(home, &error), WEIR_OK);
}

static struct outcome run_of(const struct shape *shape, const struct run *run, int32_t count) {
    struct outcome out = {.last_end = INT64_MIN, .in_order = true};
    struct weir_plan *plan = plan_of(shape);
    struct weir_pipeline_options options = {.struct_size = sizeof(options),
                                            .workers = run->workers,
                                            .strategy = run->strategy,
                                            .slices = run->slices,
                                            .waiting = run->waiting};
    struct weir_pipeline *pipeline = NULL;
    if (weir_pipeline_create_plan(plan, &options, &pipeline, &error) != WEIR_OK) fail_msg("%s", error.message);
    pipeline->home.setup.waiting_max = run->waiting_max;
    for (int32_t i = 0; i < pipeline->deal.count; i++)
        pipeline->deal.workers[i].ingest->setup.waiting_max = run->waiting_max;
    for (int32_t at = 0; at < count;) {
        int32_t take = 1 + (int32_t)random_below(run->batch_max);
        if (take > count - at) take = count - at;
        push_ok(pipeline, batch_at(at, take));
        at += take;
        if (chance(run->turn)) turn(pipeline, run);
        if (chance(run->pull)) take_one(&out, plan, pipeline);
        if (chance(2)) stats_of(pipeline);
    }
    finish_ok(pipeline);
    while (take_one(&out, plan, pipeline) == WEIR_OK) continue;
    out.stats = stats_of(pipeline);
    close_all(pipeline, plan);
    return out;
}

static void free_outcome(struct outcome *out) {
    for (size_t i = 0; i < out->count; i++) free(out->lines[i]);
    free(out->lines);
}

static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* ---- comparing ---- */

static bool same_stats(const struct weir_stats *a, const struct weir_stats *b) {
    return a->rows_in == b->rows_in && a->filtered == b->filtered && a->null_time == b->null_time &&
           a->future_dropped == b->future_dropped && a->unassigned == b->unassigned && a->late == b->late &&
           a->aggregated == b->aggregated && a->windows_fired == b->windows_fired && a->rows_out == b->rows_out &&
           a->watermark == b->watermark && a->folded == b->folded && a->future == b->future;
}

static bool same_lines(const struct outcome *a, const struct outcome *b) {
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) same = strcmp(a->lines[i], b->lines[i]) == 0;
    return same;
}

static void say(const char *who, const struct outcome *out) {
    const struct weir_stats *s = &out->stats;
    print_message(
        "%s: %zu rows, in order %d; rows_in %lld null_time %lld unassigned %lld late %lld aggregated %lld "
        "windows_fired %lld rows_out %lld folded %lld\n",
        who, out->count, out->in_order, (long long)s->rows_in, (long long)s->null_time, (long long)s->unassigned,
        (long long)s->late, (long long)s->aggregated, (long long)s->windows_fired, (long long)s->rows_out,
        (long long)s->folded);
    for (size_t i = 0; i < 5 && i < out->count; i++) print_message("  %s\n", out->lines[i]);
}

static void expect_same(const struct shape *shape, const struct run *run, int32_t count,
                        const struct outcome *one) {
    struct outcome other = run_of(shape, run, count);
    bool ordered = shape->ordered || other.in_order;
    if (!shape->ordered && other.count > 1) qsort(other.lines, other.count, sizeof(char *), by_text);
    bool same = ordered && same_lines(one, &other) && same_stats(&one->stats, &other.stats) &&
                (int64_t)other.count == other.stats.rows_out;
    if (!same) {
        print_message(
            "window %d size %lld slide %lld offset %lld watermark %d delay %lld ordered %d having %d mark "
            "%d fold %d plain %d keys %d offset %lld limit %lld zone %s; workers %d strategy %d slices %d waiting "
            "%d "
            "in %zu batch %d pull %d turn %d\n",
            shape->window.kind, (long long)shape->window.size, (long long)shape->window.slide,
            (long long)shape->window.offset, shape->watermark, (long long)shape->delay, shape->ordered,
            shape->having, shape->mark, shape->fold, shape->plain, shape->keys, (long long)shape->offset,
            (long long)shape->limit, shape->zone == NULL ? "none" : shape->zone, run->workers, run->strategy,
            run->slices, run->waiting, run->waiting_max, run->batch_max, run->pull, run->turn);
        say("one thread", one);
        say("workers   ", &other);
    }
    free_outcome(&other);
    assert_true(same);
}

static struct shape random_shape(void) {
    static const char *const zones[] = {"Europe/Berlin", "America/New_York", "+05:45"};
    struct shape shape = {.watermark = chance(80), .delay = random_below(30), .limit = -1};
    shape.window.kind =
        chance(5) ? WEIR_WINDOW_NONE : (enum weir_window_kind)(WEIR_WINDOW_TUMBLE + random_below(3));
    shape.window.size = 1 + random_below(chance(50) ? 8 : 300);
    shape.window.slide = 1 + random_below(chance(50) ? 8 : 60);
    if (shape.window.kind == WEIR_WINDOW_CUMULATE) shape.window.size = shape.window.slide * (1 + random_below(9));
    if (shape.window.kind == WEIR_WINDOW_HOP && shape.window.size > 40 * shape.window.slide)
        shape.window.size = 40 * shape.window.slide - random_below(3);
    if (shape.window.kind == WEIR_WINDOW_TUMBLE) shape.window.slide = 0;
    shape.window.offset = random_below(2 * shape.window.size - 1) - (shape.window.size - 1);
    static const int32_t one_word[] = {1, 1, 8, 16, 32, 48};
    shape.plain = chance(60);
    shape.keys = shape.plain && chance(80) ? one_word[random_below(6)] : (int32_t)random_below(64);
    shape.having = chance(30);
    shape.ordered = chance(25);
    if (shape.ordered && chance(50)) shape.limit = random_below(200);
    if (shape.ordered && chance(30)) shape.offset = random_below(100);
    shape.mark = chance(20) && shape.window.kind != WEIR_WINDOW_NONE;
    shape.fold = chance(20) && shape.window.kind != WEIR_WINDOW_NONE;
    if (chance(25) && shape.window.kind != WEIR_WINDOW_NONE) shape.zone = zones[random_below(3)];
    return shape;
}

static void every_strategy_gives_the_rows_and_counters_of_one_thread(void **state) {
    (void)state;
    const char *seed = getenv("WEIR_TEST_SEED"), *cases = getenv("WEIR_TEST_CASES");
    uint64_t first = seed == NULL ? 20260201 : strtoull(seed, NULL, 0);
    int64_t count = cases == NULL ? 25 : strtoll(cases, NULL, 0);
    for (int64_t i = 0; i < count; i++) {
        random_state = first + (uint64_t)i;
        struct shape shape = random_shape();
        int32_t rows = (int32_t)(chance(15) ? random_below(ROWS_MAX) : random_below(3000));
        make_rows(rows, 1 + random_below(chance(60) ? 8 : 900), 1 + random_below(chance(70) ? 3 : 200),
                  (int)random_below(60));
        struct run alone = {0, WEIR_STRATEGY_AUTO, 5000, 100, 0, WEIR_SLICES_DENSE, WEIR_WAITING_NEVER, 0};
        struct outcome one = run_of(&shape, &alone, rows);
        assert_true(shape.ordered || one.in_order);
        if (!shape.ordered && one.count > 1) qsort(one.lines, one.count, sizeof(char *), by_text);
        static const enum weir_strategy strategies[] = {WEIR_STRATEGY_LOCAL_FIRST, WEIR_STRATEGY_PARTITION_FIRST,
                                                        WEIR_STRATEGY_HAND_OVER, WEIR_STRATEGY_AUTO,
                                                        WEIR_STRATEGY_AUTO};
        for (int s = 0; s < 5; s++) {
            static const int32_t largest[] = {7, 100, 3000, 20000};
            static const int pulls[] = {0, 3, 50, 100};
            struct run run = {1 + (int32_t)random_below(7),
                              strategies[s],
                              largest[random_below(4)],
                              pulls[random_below(4)],
                              s == 0 || chance(40) ? 0 : 1 + (int)random_below(50),
                              (enum weir_slice_shape)random_below(3),
                              chance(70) ? WEIR_WAITING_ALWAYS : WEIR_WAITING_AUTO,
                              chance(50) ? 1 : (size_t)1 << 20};
            if (s == 4 || (s == 3 && chance(30))) run.workers = 0;
            if (s == 4) run.slices = WEIR_SLICES_DIRECT;
            expect_same(&shape, &run, rows, &one);
        }
        free_outcome(&one);
    }
}

/* ---- results that wait ---- */

/* (ts, k): KEYS_WIDE keys in every ms, so that each window has a row of each. */
static void push_wide(struct weir_pipeline *pipeline, int64_t first, int32_t times, int32_t keys) {
    int32_t rows = times * keys;
    int64_t *ts = malloc((size_t)rows * sizeof(*ts)), *k = malloc((size_t)rows * sizeof(*k));
    if (ts == NULL || k == NULL) abort();
    for (int32_t i = 0; i < rows; i++) {
        ts[i] = first + i / keys;
        k[i] = i % keys;
    }
    push_ok(pipeline, batch_of(rows, 2, array_i64(ts, rows, NULL), array_i64(k, rows, NULL)));
    free(ts);
    free(k);
}

static struct weir_plan *plan_wide(int64_t size, int64_t slide) {
    struct weir_type types[2] = {TIME_, BIGINT_};
    struct weir_plan *plan = plan_over(2, types);
    plan_window(plan, slide == 0 ? WEIR_WINDOW_TUMBLE : WEIR_WINDOW_HOP, size, slide, 0);
    plan_delay(plan, 1);
    plan_key(plan, 1);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_outputs(plan, 0);
    return plan;
}

static struct weir_pipeline *open_with(struct weir_plan *plan, int32_t workers, enum weir_strategy strategy) {
    struct weir_pipeline_options options = {
        .struct_size = sizeof(options), .workers = workers, .strategy = strategy};
    struct weir_pipeline *pipeline = NULL;
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    if (weir_pipeline_create_plan(plan, &options, &pipeline, &error) != WEIR_OK) fail_msg("%s", error.message);
    return pipeline;
}

/* Takes what waits, as windows in order; counts their rows. */
static int64_t take_all(struct weir_pipeline *pipeline, int64_t *last, int64_t *counted) {
    int64_t rows = 0;
    struct ArrowArray array;
    for (int idle = 0; idle < 3; idle++) {
        while (weir_pipeline_next(pipeline, &array, &error) == WEIR_OK) {
            const int64_t *ends = array.children[1]->buffers[1], *counts = array.children[4]->buffers[1];
            for (int64_t r = 0; r < array.length; r++) {
                assert_true(ends[r] >= *last);
                *last = ends[r];
                *counted += counts[r];
            }
            rows += array.length;
            array.release(&array);
            idle = 0;
        }
        stats_of(pipeline); /* waits for the workers */
    }
    return rows;
}

/* Workers that own a different number of keys stop at different windows: the one that stopped first goes on while
 * windows of another wait for it. Two outboxes hold a million rows. */
static void a_worker_that_has_stopped_goes_on_when_others_have_later_windows(void **state) {
    (void)state;
    enum { KEYS = 101, SIZE = 1000, TIMES = 16 };
    for (int at_end = 0; at_end < 2; at_end++) {
        struct weir_plan *plan = plan_wide(SIZE, 1);
        if (at_end) plan->watermark.kind = WEIR_WATERMARK_NONE;
        struct weir_pipeline *pipeline = open_with(plan, 2, WEIR_STRATEGY_PARTITION_FIRST);
        int64_t rows = 0, counted = 0, last = INT64_MIN;
        for (int i = 0; i < TIMES; i++) {
            push_wide(pipeline, i * SIZE, 1, KEYS);
            if (i == 0) stats_of(pipeline);
        }
        if (!at_end) {
            push_wide(pipeline, 2 * TIMES * SIZE, 1, 1);
            rows = take_all(pipeline, &last, &counted);
            assert_int_equal(rows, TIMES * SIZE * KEYS);
        }
        finish_ok(pipeline);
        rows += take_all(pipeline, &last, &counted);
        struct weir_stats stats = stats_of(pipeline);
        assert_int_equal(stats.rows_out, rows);
        assert_int_equal(counted, stats.aggregated * SIZE);
        assert_int_equal(stats.windows_fired, TIMES * SIZE + (at_end ? 0 : SIZE));
        close_all(pipeline, plan);
    }
}

/* Each push closes windows, so that at any time a barrier is out. */
static void partition_first_is_turned_to_while_every_push_closes_windows(void **state) {
    (void)state;
    struct weir_plan *plan = plan_wide(10, 0);
    struct weir_pipeline *pipeline = open_with(plan, 2, WEIR_STRATEGY_PARTITION_FIRST);
    int64_t rows = 0, counted = 0, last = INT64_MIN;
    for (int64_t first = 0; first < 100; first += 20) push_wide(pipeline, first, 20, 9);
    assert_true(pipeline->partition_first);
    rows = take_all(pipeline, &last, &counted);
    assert_int_equal(rows, 9 * 9); /* W = 98: the last window is open */
    finish_ok(pipeline);
    rows += take_all(pipeline, &last, &counted);
    assert_int_equal(rows, 9 * 10);
    assert_int_equal(counted, 9 * 100);
    assert_int_equal(stats_of(pipeline).windows_fired, 10);
    close_all(pipeline, plan);
}

/* However far admission runs ahead of the workers, what they have met is looked at before they all meet every key.
 */
static void many_keys_are_seen_before_the_rings_are_full(void **state) {
    (void)state;
    enum { KEYS = 80000, TIMES = 3 };
    struct weir_plan *plan = plan_wide(1000, 0);
    struct weir_pipeline *pipeline = open_with(plan, 2, WEIR_STRATEGY_AUTO);
    for (int64_t time = 0; time < TIMES; time++) push_wide(pipeline, time, 1, KEYS);
    assert_true(pipeline->partition_first);
    finish_ok(pipeline);
    int64_t counted = 0, last = INT64_MIN;
    assert_int_equal(take_all(pipeline, &last, &counted), KEYS);
    assert_int_equal(counted, KEYS * TIMES);
    close_all(pipeline, plan);
}

/* ---- ORDER BY ---- */

static void rows_that_wait_for_order_by_do_not_leave_before_the_end(void **state) {
    (void)state;
    enum { KEYS = 1000, TIMES = 150 }; /* more than a batch of results */
    for (int32_t workers = 0; workers < 3; workers += 2) {
        for (int strategy = WEIR_STRATEGY_LOCAL_FIRST; strategy <= WEIR_STRATEGY_HAND_OVER; strategy++) {
            struct weir_plan *plan = plan_wide(1, 0);
            plan_order(plan, WEIR_RESULT_KEYS, true, false);
            plan_order(plan, 0, true, false);
            struct weir_pipeline *pipeline = open_with(plan, workers, (enum weir_strategy)strategy);
            struct ArrowArray array;
            for (int64_t first = 0; first < TIMES; first += 30) {
                push_wide(pipeline, first, 30, KEYS);
                for (int i = 0; i < 3; i++) {
                    stats_of(pipeline);
                    assert_int_equal(weir_pipeline_next(pipeline, &array, &error), WEIR_AGAIN);
                }
            }
            finish_ok(pipeline);
            int64_t rows = 0, key = INT64_MAX;
            while (weir_pipeline_next(pipeline, &array, &error) == WEIR_OK) {
                assert_int_equal(array.n_children, plan->outputs_count);
                const int64_t *keys = array.children[3]->buffers[1];
                for (int64_t r = 0; r < array.length; r++) {
                    assert_true(keys[r] <= key);
                    key = keys[r];
                }
                rows += array.length;
                array.release(&array);
            }
            assert_int_equal(rows, KEYS * TIMES);
            assert_int_equal(stats_of(pipeline).rows_out, rows);
            close_all(pipeline, plan);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_that_wait_for_order_by_do_not_leave_before_the_end),
        cmocka_unit_test(partition_first_is_turned_to_while_every_push_closes_windows),
        cmocka_unit_test(many_keys_are_seen_before_the_rings_are_full),
        cmocka_unit_test(a_worker_that_has_stopped_goes_on_when_others_have_later_windows),
        cmocka_unit_test(every_strategy_gives_the_rows_and_counters_of_one_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
