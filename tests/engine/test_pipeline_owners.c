/* SPDX-License-Identifier: Apache-2.0
 *
 * Plans whose results follow the rows of a key (sessions, count windows, early and late results, FILL) give the
 * same for any number of workers, any split into batches and however slowly results are taken; also while ids of
 * keys that nothing holds are given to others.
 */
#include "tests/engine/plans.h"
#include "tests/sanitized.h"

#include "engine/pipeline_state.h"
#include "tests/engine/arrays.h"
#include "tests/engine/random.h"

/* ---- rows: (ts, k BIGINT, s STRING, v BIGINT) ---- */

#define ROWS_MAX 150000

static int64_t row_ts[ROWS_MAX], row_k[ROWS_MAX], row_v[ROWS_MAX];
static char valid_k[ROWS_MAX + 1];
static int32_t rows_count;

static void name_of(int64_t key, char *text, size_t size) {
    snprintf(text, size, "%s%lld", key % 2 == 0 ? "" : "a-rather-long-", (long long)key);
}

static struct ArrowArray batch_at(int32_t at, int32_t count) {
    char(*text)[40] = malloc((size_t)count * sizeof(*text));
    const char **strings = malloc((size_t)count * sizeof(*strings));
    if (text == NULL || strings == NULL) abort();
    for (int32_t i = 0; i < count; i++) {
        name_of(row_k[at + i], text[i], sizeof(text[i]));
        strings[i] = valid_k[at + i] == '0' ? NULL : text[i];
    }
    struct ArrowArray batch =
        batch_of(count, 4, array_i64(row_ts + at, count, NULL), array_i64(row_k + at, count, valid_k + at),
                 array_strings(strings, count, false), array_i64(row_v + at, count, NULL));
    free(text);
    free(strings);
    return batch;
}

/* A stream over few keys, with disorder. */
static void rows_of_few_keys(int32_t count, int64_t keys) {
    int64_t now = 1;
    rows_count = count;
    for (int32_t i = 0; i < count; i++) {
        now += chance(2) ? random_below(200) : random_below(3);
        row_ts[i] = now - (chance(20) ? random_below(40) : 0);
        row_k[i] = random_below(keys);
        row_v[i] = random_below(100);
        valid_k[i] = chance(4) ? '0' : '1';
    }
}

/* A stream of ever new keys, each with a few rows, among keys that come again and again. */
static void rows_of_new_keys(int32_t count) {
    rows_count = count;
    for (int32_t i = 0; i < count; i++) {
        row_ts[i] = 1 + i / 50 - (chance(5) ? random_below(30) : 0);
        row_k[i] = chance(10) ? random_below(40) : 1000 + i - random_below(60);
        row_v[i] = i % 1000;
        valid_k[i] = i > 60000 && chance(1) ? '0' : '1'; /* NULL comes late, and goes */
    }
}

/* ---- queries ---- */

enum query { SESSION, PIECES, COUNT, COUNT_OR_TIME, EARLY, LATE, DISCARDING, FILL, TUMBLE, HOP, CUMULATE, QUERIES };

static void window_of(struct weir_plan *plan, enum query query) {
    static const struct weir_window_spec windows[QUERIES] = {
        {WEIR_WINDOW_SESSION, 12, 0, 0},       {WEIR_WINDOW_SESSION, 12, 30, 0}, {WEIR_WINDOW_COUNT, 5, 2, 0},
        {WEIR_WINDOW_COUNT_OR_TIME, 4, 25, 0}, {WEIR_WINDOW_TUMBLE, 20, 0, 0},   {WEIR_WINDOW_HOP, 20, 10, 0},
        {WEIR_WINDOW_CUMULATE, 40, 10, 0},     {WEIR_WINDOW_TUMBLE, 5, 0, 0},    {WEIR_WINDOW_TUMBLE, 7, 0, 3},
        {WEIR_WINDOW_HOP, 25, 10, 0},          {WEIR_WINDOW_CUMULATE, 30, 10, 0}};
    plan->time_column = 0;
    plan->window = windows[query];
}

/* SELECT k or s, op, window_start, window_end, COUNT(*), SUM(v), MIN(s). */
static struct weir_plan *plan_of(enum query query, bool strings, enum weir_end_policy end, int64_t rows_least) {
    struct weir_type types[4] = {TIME_, BIGINT_, STRING_, BIGINT_};
    struct weir_plan *plan = plan_over(4, types);
    window_of(plan, query);
    plan_delay(plan, 5);
    plan->emission.end = end;
    if (query == EARLY) plan->emission.early_rows = 3;
    if (query == DISCARDING) plan->emission.early_every = 15;
    if (query == DISCARDING) plan->emission.mode = WEIR_UPDATE_DISCARDING;
    if (query == LATE) plan->emission.lateness = 20;
    if (query == LATE) plan->emission.late_fire = true;
    plan_key(plan, strings ? 2 : 1);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(plan, WEIR_AGGREGATE_SUM, 3);
    plan_call(plan, WEIR_AGGREGATE_MIN, 2);
    if (query == FILL) plan->fill = (struct weir_fill_spec){WEIR_FILL_PREV, NULL, 3};
    plan_outputs(plan, 0);
    struct weir_expr *op = weir_expr_column(&plan->arena, weir_plan_row_kind(plan), STRING_);
    op->type.nullable = false;
    plan->outputs[2].expr = plan->outputs[0].expr;
    plan->outputs[0].expr = plan->outputs[3].expr;
    plan->outputs[3].expr = plan->outputs[1].expr;
    plan->outputs[1].expr = op;
    struct weir_expr *args[2] = {plan_result(plan, WEIR_RESULT_KEYS + 1),
                                 weir_expr_literal(&plan->arena, BIGINT_, (union weir_value){.i64 = rows_least})};
    if (rows_least > 1)
        plan->having = weir_expr_node(&plan->arena, WEIR_EXPR_GE, weir_type_of(WEIR_TYPE_BOOLEAN), 2, args);
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    return plan;
}

/* ---- a run ---- */

struct line {
    char *text;
    size_t number;
    size_t key_length;
};

struct outcome {
    struct line *lines;
    size_t count, room;
    struct weir_stats stats;
    uint32_t keys_most; /* in the table of one worker, or of the pipeline */
    uint32_t forgotten; /* times that ids have been given anew */
};

/* Neither here nor in what calls it strndup or strchr: strict checks of AddressSanitizer read the whole text for
 * each. */
static void add_line(struct outcome *out, const char *text, size_t length) {
    if (out->count == out->room) {
        out->room = out->room * 2 + 256;
        out->lines = realloc(out->lines, out->room * sizeof(*out->lines));
        if (out->lines == NULL) abort();
    }
    const char *bar = memchr(text, '|', length);
    out->lines[out->count] = (struct line){strndup(text, length), out->count, (size_t)(bar - text)};
    out->count++;
}

static bool take_one(struct outcome *out, const struct weir_plan *plan, struct weir_pipeline *pipeline) {
    struct ArrowArray array;
    struct text text = {NULL, 0, 0};
    enum weir_status status = weir_pipeline_next(pipeline, &array, &error);
    if (status >= WEIR_ERR_INVALID) fail_msg("next: %s", error.message);
    if (status != WEIR_OK) return false;
    add_rows(&text, plan, &array);
    for (char *at = text.bytes; array.length > 0 && *at != 0;) {
        char *end = memchr(at, ' ', text.length - (size_t)(at - text.bytes));
        add_line(out, at, (size_t)(end - at));
        at = end + 1;
    }
    text_free(&text);
    array.release(&array);
    return true;
}

static void look_at_keys(struct outcome *out, struct weir_pipeline *pipeline) {
    uint32_t keys = weir_key_table_count(pipeline->home.keys);
    if (keys > out->keys_most) out->keys_most = keys;
    out->forgotten = pipeline->home.keys_generation;
    for (int32_t i = 0; i < pipeline->deal.count; i++) {
        keys = weir_key_table_count(pipeline->deal.workers[i].ingest->keys);
        if (keys > out->keys_most) out->keys_most = keys;
        out->forgotten += pipeline->deal.workers[i].ingest->keys_generation;
    }
}

static struct outcome run_of(struct weir_plan *plan, int32_t workers, enum weir_strategy strategy,
                             int32_t batch_max, int pull) {
    struct outcome out = {.count = 0};
    struct weir_pipeline_options options = {
        .struct_size = sizeof(options), .workers = workers, .strategy = strategy};
    struct weir_pipeline *pipeline = NULL;
    if (weir_pipeline_create_plan(plan, &options, &pipeline, &error) != WEIR_OK) fail_msg("%s", error.message);
    for (int32_t at = 0; at < rows_count;) {
        int32_t take = 1 + (int32_t)random_below(batch_max);
        if (take > rows_count - at) take = rows_count - at;
        push_ok(pipeline, batch_at(at, take));
        at += take;
        if (chance(pull)) take_one(&out, plan, pipeline);
        if (pull == 100 || chance(5)) stats_of(pipeline), look_at_keys(&out, pipeline); /* waits for workers */
    }
    stats_of(pipeline);
    look_at_keys(&out, pipeline);
    finish_ok(pipeline);
    while (take_one(&out, plan, pipeline)) continue;
    out.stats = stats_of(pipeline);
    weir_pipeline_destroy(&pipeline);
    return out;
}

static void free_outcome(struct outcome *out) {
    for (size_t i = 0; i < out->count; i++) free(out->lines[i].text);
    free(out->lines);
}

/* ---- comparing: for each key its results in their order ---- */

static int by_key(const void *a, const void *b) {
    const struct line *x = a, *y = b;
    size_t shorter = x->key_length < y->key_length ? x->key_length : y->key_length;
    int order = memcmp(x->text, y->text, shorter);
    if (order == 0 && x->key_length != y->key_length) order = x->key_length < y->key_length ? -1 : 1;
    if (order != 0) return order;
    return x->number < y->number ? -1 : x->number > y->number;
}

static bool same_stats(const struct weir_stats *a, const struct weir_stats *b, bool windows) {
    return a->rows_in == b->rows_in && a->null_time == b->null_time && a->unassigned == b->unassigned &&
           a->late == b->late && a->aggregated == b->aggregated && a->rows_out == b->rows_out &&
           a->watermark == b->watermark && (!windows || a->windows_fired == b->windows_fired);
}

static void expect_same(enum query query, struct outcome *one, struct outcome *other, const char *what) {
    bool same = one->count == other->count && same_stats(&one->stats, &other->stats, query != FILL) &&
                (int64_t)other->count == other->stats.rows_out;
    qsort(other->lines, other->count, sizeof(*other->lines), by_key);
    size_t at = 0;
    while (at < one->count && at < other->count && strcmp(one->lines[at].text, other->lines[at].text) == 0) at++;
    if (same && at == one->count) return;
    const struct weir_stats *a = &one->stats, *b = &other->stats;
    print_message(
        "query %d, %s: rows %zu and %zu, late %lld and %lld, aggregated %lld and %lld, windows_fired %lld and "
        "%lld; row %zu differs:\n  %s\n  %s\n",
        query, what, one->count, other->count, (long long)a->late, (long long)b->late, (long long)a->aggregated,
        (long long)b->aggregated, (long long)a->windows_fired, (long long)b->windows_fired, at,
        at < one->count ? one->lines[at].text : "", at < other->count ? other->lines[at].text : "");
    fail();
}

static void workers_splits_and_slow_readers_change_nothing(void **state) {
    (void)state;
    const char *seed = getenv("WEIR_TEST_SEED"), *cases = getenv("WEIR_TEST_CASES");
    uint64_t first = seed == NULL ? 20260301 : strtoull(seed, NULL, 0);
    int64_t count = cases == NULL ? 2 - thread_sanitized : strtoll(cases, NULL, 0);
    for (int64_t i = 0; i < count; i++) {
        for (int query = 0; query < QUERIES; query++) {
            random_state = first + (uint64_t)i * 100 + (uint64_t)query;
            static const enum weir_end_policy ends[] = {WEIR_END_FLUSH, WEIR_END_FLUSH, WEIR_END_DISCARD,
                                                        WEIR_END_MARK};
            struct weir_plan *plan = plan_of((enum query)query, chance(50), ends[random_below(4)], 1);
            rows_of_few_keys((int32_t)random_below(6000), 1 + random_below(chance(50) ? 5 : 300));
            struct outcome one = run_of(plan, 0, WEIR_STRATEGY_AUTO, 1000, 100);
            qsort(one.lines, one.count, sizeof(*one.lines), by_key);
            for (int32_t workers = 0; workers < 4; workers++) {
                struct outcome other = run_of(plan, workers, (enum weir_strategy)random_below(3),
                                              workers % 2 == 0 ? 50 : 4000, (int)random_below(100));
                expect_same((enum query)query, &one, &other, "few keys");
                free_outcome(&other);
            }
            free_outcome(&one);
            weir_plan_release(plan);
        }
    }
}

/* ---- forgetting ---- */

static void keys_that_nothing_holds_are_forgotten_and_nothing_else_is(void **state) {
    (void)state;
    static const struct {
        int32_t workers;
        enum weir_strategy strategy;
    } ways[] = {{1, WEIR_STRATEGY_LOCAL_FIRST}, {1, WEIR_STRATEGY_PARTITION_FIRST}}; /* it sees all keys */
    random_state = 5;
    rows_of_new_keys(ROWS_MAX);
    for (int query = 0; query < QUERIES; query++) {
        if (query == COUNT || query == COUNT_OR_TIME) continue; /* rows wait for others of their key for long */
        if (thread_sanitized && query % 4 != 0) continue;
        struct weir_plan *plan = plan_of((enum query)query, query % 2 == 0, WEIR_END_FLUSH, 3);
        struct outcome one = run_of(plan, 0, WEIR_STRATEGY_AUTO, 5000, 100);
        assert_true(one.forgotten > 0 && one.keys_most < 80000); /* of some 130 000 */
        qsort(one.lines, one.count, sizeof(*one.lines), by_key);
        for (int way = 0; way < 2; way++) {
            struct outcome other = run_of(plan, ways[way].workers, ways[way].strategy, 5000, 100);
            assert_true(other.forgotten > 0);
            expect_same((enum query)query, &one, &other, "new keys");
            free_outcome(&other);
        }
        free_outcome(&one);
        weir_plan_release(plan);
    }
}

/* ---- keys of results ---- */

enum { ENDED = 100, OPEN = 10000, GAP = 1000 };

/* Some keys at first, many others before their sessions have ended, and a row that ends those. */
static void rows_that_end_few_sessions(void) {
    rows_count = ENDED + OPEN + 1;
    for (int32_t i = 0; i < rows_count; i++) {
        row_ts[i] = i < ENDED ? 0 : i < ENDED + OPEN ? GAP - 1 : GAP + 1;
        row_k[i] = i;
        row_v[i] = 1;
        valid_k[i] = '1';
    }
}

static void the_pipeline_meets_no_keys_but_those_of_results(void **state) {
    (void)state;
    struct weir_type types[4] = {TIME_, BIGINT_, STRING_, BIGINT_};
    struct weir_plan *plan = plan_over(4, types);
    plan_window(plan, WEIR_WINDOW_SESSION, GAP, 0, 0);
    plan_delay(plan, 0);
    plan_key(plan, 1);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_outputs(plan, 0);
    rows_that_end_few_sessions();
    struct weir_pipeline *pipeline = plan_open(plan, 2);
    push_ok(pipeline, batch_at(0, rows_count));
    stats_of(pipeline); /* waits for workers */
    struct text text = {NULL, 0, 0};
    add_results(&text, plan, pipeline);
    assert_int_equal(stats_of(pipeline).rows_out, ENDED);
    assert_in_range(weir_key_table_count(pipeline->home.keys), ENDED, ENDED + 1); /* and NULL */
    text_free(&text);
    close_all(pipeline, plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pipeline_meets_no_keys_but_those_of_results),
        cmocka_unit_test(workers_splits_and_slow_readers_change_nothing),
        cmocka_unit_test(keys_that_nothing_holds_are_forgotten_and_nothing_else_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
