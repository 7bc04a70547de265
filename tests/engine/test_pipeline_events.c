/* SPDX-License-Identifier: Apache-2.0
 *
 * Whatever befalls a stream, the number of workers and how they share the keys do not show: several partitions, W
 * that is pushed, idle partitions, a wall clock that moves, late rows and rows of the future by every policy, all
 * windows, results that change, an end that drops what is open, errors, and pipelines that nobody finishes.
 */
#include "tests/engine/plans.h"

#include "engine/pipeline_state.h"
#include "tests/engine/arrays.h"
#include "tests/engine/random.h"

/* ---- rows: (ts, k BIGINT, s STRING, v BIGINT) and what happens between them ---- */

#define ROWS_MAX 6000
#define EVENTS_MAX 800
#define WALL_START INT64_C(1700000000000)

static int64_t row_ts[ROWS_MAX], row_k[ROWS_MAX], row_v[ROWS_MAX];
static char row_s[ROWS_MAX][24], valid_ts[ROWS_MAX + 1], valid_k[ROWS_MAX + 1], valid_s[ROWS_MAX + 1];

enum kind { PUSH, ADVANCE, IDLE, POLL };

struct event {
    enum kind kind;
    int32_t partition, from, rows;
    int64_t value; /* W; or by how much the clock goes on */
};

static struct event events[EVENTS_MAX];
static int32_t events_count, rows_count;
static int64_t wall;

static int64_t read_wall(void *user) {
    (void)user;
    return wall;
}

static char flag(int percent) { return chance(percent) ? '0' : '1'; }

struct shape {
    struct weir_window_spec window;
    struct weir_emission emission;
    struct weir_watermark_spec watermark;
    bool by_clock, having, filter, ordered, discards, overflows;
    int32_t keys; /* bits over k, s */
    int32_t partitions;
    int64_t step, many; /* ms between rows; keys */
};

static void make_row(const struct shape *shape, int32_t i, int64_t *now) {
    int64_t key = random_below(shape->many), step = shape->step;
    *now += chance(2) ? random_below(step * 60 + 1) : random_below(step + 1);
    row_ts[i] = *now - (chance(20) ? random_below(step * 40 + 1) : 0);
    if (shape->watermark.future_max_ms > 0 && chance(3))
        row_ts[i] = wall + shape->watermark.future_max_ms - 2 + random_below(step * 100 + 4);
    row_k[i] = key * 7919 - 3;
    row_v[i] = shape->overflows && chance(1) ? INT64_MAX - 2 : random_below(200) - 100;
    snprintf(row_s[i], sizeof(row_s[i]), "%s%lld", key % 2 == 0 ? "" : "a-rather-long-", (long long)key);
    valid_ts[i] = flag(1);
    valid_k[i] = flag(3);
    valid_s[i] = flag(3);
}

static struct event make_event(const struct shape *shape, int64_t now) {
    struct event event = {.partition = (int32_t)random_below(shape->partitions)};
    event.kind = chance(75) ? PUSH : (enum kind)(ADVANCE + random_below(3));
    if (event.kind == ADVANCE && (shape->by_clock || chance(50))) event.kind = PUSH;
    event.value = event.kind == ADVANCE ? now - random_below(shape->step * 100 + 1)
                  : chance(30)          ? random_below(shape->step * 200 + 1)
                                        : random_below(3);
    return event;
}

/* The clock goes on with the times of rows, so that the guard lets most of them through. */
static void make_stream(const struct shape *shape, int32_t most) {
    int64_t now = WALL_START;
    wall = WALL_START;
    events_count = rows_count = 0;
    while (rows_count < most && events_count < EVENTS_MAX) {
        struct event *event = &events[events_count++];
        *event = make_event(shape, now);
        wall += event->kind == ADVANCE ? 0 : event->value;
        if (event->kind != PUSH) continue;
        event->from = rows_count;
        event->rows = (int32_t)random_below(chance(70) ? 20 : 700);
        if (event->rows > most - rows_count) event->rows = most - rows_count;
        for (int32_t i = 0; i < event->rows; i++) make_row(shape, rows_count++, &now);
        if (wall < now - shape->step * 20) event->value += now - wall, wall = now;
    }
}

static struct ArrowArray batch_at(int32_t at, int32_t count) {
    static const char *strings[ROWS_MAX];
    for (int32_t i = 0; i < count; i++) strings[i] = valid_s[at + i] == '0' ? NULL : row_s[at + i];
    return batch_of(count, 4, array_i64(row_ts + at, count, valid_ts + at),
                    array_i64(row_k + at, count, valid_k + at), array_strings(strings, count, false),
                    array_i64(row_v + at, count, NULL));
}

/* ---- queries ---- */

static enum weir_row_policy any_policy(enum weir_row_policy but) {
    static const enum weir_row_policy policies[] = {WEIR_ROWS_DROP, WEIR_ROWS_SIDE, WEIR_ROWS_FOLD, WEIR_ROWS_KEEP};
    enum weir_row_policy policy = policies[random_below(4)];
    return policy == but ? WEIR_ROWS_DROP : policy;
}

static void random_window(struct shape *shape) {
    struct weir_window_spec *window = &shape->window;
    window->kind = (enum weir_window_kind)(WEIR_WINDOW_TUMBLE + (chance(70) ? random_below(3) : random_below(6)));
    window->size = 1 + random_below(chance(50) ? 20 : 500);
    window->slide = 1 + random_below(chance(50) ? 20 : 100);
    switch (window->kind) {
    case WEIR_WINDOW_TUMBLE: window->slide = 0; break;
    case WEIR_WINDOW_HOP:
        if (window->size > 20 * window->slide) window->size = 20 * window->slide - random_below(2);
        break;
    case WEIR_WINDOW_CUMULATE: window->size = window->slide * (1 + random_below(9)); break;
    case WEIR_WINDOW_SESSION: window->slide = chance(50) ? 0 : window->slide; break;
    default: window->size = 1 + random_below(9);
    }
    if (weir_window_is_sliced(window->kind)) window->offset = random_below(2 * window->size - 1) - window->size + 1;
}

static void random_emission(struct shape *shape) {
    struct weir_emission *emission = &shape->emission;
    emission->end = WEIR_END_FLUSH;
    emission->late = weir_window_is_sliced(shape->window.kind) || shape->window.kind == WEIR_WINDOW_SESSION
                         ? any_policy(WEIR_ROWS_KEEP)
                         : WEIR_ROWS_DROP;
    if (emission->late == WEIR_ROWS_FOLD && !weir_window_is_sliced(shape->window.kind))
        emission->late = WEIR_ROWS_SIDE;
    if (!weir_window_is_sliced(shape->window.kind) || chance(65)) return;
    if (chance(50)) {
        emission->lateness = 1 + random_below(100);
        emission->late_fire = chance(60);
    }
    if (chance(30)) emission->early_rows = 1 + random_below(4);
    if (emission->early_rows == 0 && chance(60)) {
        emission->early_every = 1 + random_below(200);
        emission->early_processing_time = chance(50);
    }
    if (emission->early_rows > 0 || emission->early_every > 0 || emission->late_fire)
        emission->mode = (enum weir_update_mode)random_below(3);
}

static void random_watermark(struct shape *shape) {
    struct weir_watermark_spec *watermark = &shape->watermark;
    shape->by_clock = chance(8);
    if (shape->by_clock || chance(15)) return;
    watermark->kind = WEIR_WATERMARK_DELAY;
    watermark->delay = random_below(60);
    if (chance(25)) watermark->idle_after_ms = 1 + random_below(200);
    if (chance(20)) watermark->close_after_ms = 1 + random_below(400);
    if (!chance(25)) return;
    watermark->future_max_ms = 1 + random_below(300);
    watermark->future = any_policy(WEIR_ROWS_FOLD);
}

static struct shape random_shape(void) {
    struct shape shape = {.partitions = chance(50) ? 1 : 1 + (int32_t)random_below(4)};
    random_window(&shape);
    random_emission(&shape);
    random_watermark(&shape);
    shape.keys = chance(90) ? 1 + (int32_t)random_below(3) : 0;
    shape.having = chance(20);
    shape.filter = chance(30);
    shape.ordered = chance(10);
    shape.discards = chance(12);
    shape.overflows = chance(5);
    shape.step = 1 + random_below(chance(70) ? 4 : 100);
    shape.many = 1 + random_below(chance(60) ? 9 : 900);
    return shape;
}

static struct weir_expr *is_above(struct weir_plan *plan, struct weir_expr *column, int64_t least) {
    struct weir_expr *args[2] = {column,
                                 weir_expr_literal(&plan->arena, BIGINT_, (union weir_value){.i64 = least})};
    return weir_expr_node(&plan->arena, WEIR_EXPR_GT, weir_type_of(WEIR_TYPE_BOOLEAN), 2, args);
}

static void show_row_kind(struct weir_plan *plan) {
    struct weir_type type = STRING_;
    type.nullable = false;
    plan->outputs[2].expr = weir_expr_column(&plan->arena, weir_plan_row_kind(plan), type);
}

/* SELECT window_start, window_end, op, keys, COUNT(*), SUM(v), MIN(s), MAX(v). */
static struct weir_plan *plan_of(const struct shape *shape) {
    struct weir_type types[4] = {TIME_, BIGINT_, STRING_, BIGINT_};
    struct weir_plan *plan = plan_over(4, types);
    plan->window = shape->window;
    plan->emission = shape->emission;
    plan->watermark = shape->watermark;
    plan->time_column = shape->by_clock ? -1 : 0;
    plan->processing_time = shape->by_clock;
    for (int32_t i = 0; i < 2; i++) {
        if (shape->keys & (1 << i)) plan_key(plan, i + 1);
    }
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(plan, WEIR_AGGREGATE_SUM, 3);
    plan_call(plan, WEIR_AGGREGATE_MIN, 2);
    plan_call(plan, WEIR_AGGREGATE_MAX, 3);
    plan_outputs(plan, 0);
    if (weir_plan_updates(plan)) show_row_kind(plan);
    if (shape->having) plan->having = is_above(plan, plan_result(plan, WEIR_RESULT_KEYS + plan->keys_count), 2);
    if (shape->filter) plan->filter = is_above(plan, plan_column(plan, 3), -60);
    if (shape->ordered && !weir_plan_updates(plan)) plan_order(plan, 1, true, false);
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    return plan;
}

/* ---- a run ---- */

struct run {
    int32_t workers;
    enum weir_strategy strategy;
    int32_t batch_max;
    int pull;    /* percent: results are taken after an event */
    int turn;    /* percent: after an event the pipeline turns to partition first, if it can and has not yet */
    int abandon; /* the event before which it is destroyed; -1: none */
};

struct outcome {
    char **lines;
    size_t count, room;
    struct weir_stats stats;
    enum weir_status status;
};

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
    add_rows(&text, plan, array);
    for (char *at = text.bytes; array->length > 0 && *at != 0;) {
        char *end = memchr(at, ' ', text.length - (size_t)(at - text.bytes));
        add_line(out, at, (size_t)(end - at));
        at = end + 1;
    }
    text_free(&text);
}

static void add_late(struct outcome *out, const struct ArrowArray *array) {
    for (int64_t r = 0; r < array->length; r++) {
        char line[80];
        int length = snprintf(line, sizeof(line), "aside %lld %lld",
                              (long long)((const int64_t *)array->children[0]->buffers[1])[r],
                              (long long)((const int64_t *)array->children[3]->buffers[1])[r]);
        add_line(out, line, (size_t)length);
    }
}

/* Takes up to `most` batches of each; false when the pipeline has failed. */
static bool take(struct outcome *out, const struct weir_plan *plan, struct weir_pipeline *pipeline, int most) {
    struct ArrowArray array;
    enum weir_status status = WEIR_OK;
    for (int i = 0; i < most && (status = weir_pipeline_next(pipeline, &array, &error)) == WEIR_OK; i++) {
        add_batch(out, plan, &array);
        array.release(&array);
    }
    if (status >= WEIR_ERR_INVALID) out->status = status;
    for (int i = 0; i < most && (status = weir_pipeline_next_late(pipeline, &array, &error)) == WEIR_OK; i++) {
        add_late(out, &array);
        array.release(&array);
    }
    if (status >= WEIR_ERR_INVALID) out->status = status;
    return out->status == WEIR_OK;
}

static bool push_rows(struct outcome *out, struct weir_pipeline *pipeline, const struct event *event,
                      const struct run *run) {
    for (int32_t done = 0; done < event->rows;) {
        int32_t count = 1 + (int32_t)random_below(run->batch_max);
        if (count > event->rows - done) count = event->rows - done;
        struct ArrowArray batch = batch_at(event->from + done, count);
        out->status = weir_pipeline_push(pipeline, event->partition, &batch, &error);
        if (batch.release != NULL) batch.release(&batch);
        if (out->status != WEIR_OK) return false;
        done += count;
    }
    return true;
}

static bool play(struct outcome *out, struct weir_pipeline *pipeline, const struct event *event,
                 const struct run *run) {
    wall += event->kind == ADVANCE ? 0 : event->value;
    switch (event->kind) {
    case PUSH: return push_rows(out, pipeline, event, run);
    case ADVANCE: out->status = weir_pipeline_advance(pipeline, event->partition, event->value, &error); break;
    case IDLE: out->status = weir_pipeline_idle(pipeline, event->partition, &error); break;
    case POLL: out->status = weir_pipeline_poll(pipeline, &error); break;
    }
    return out->status == WEIR_OK;
}

/* After a failure every call says the same. */
static void expect_failed(const struct outcome *out, struct weir_pipeline *pipeline) {
    struct ArrowArray array;
    assert_int_equal(weir_pipeline_next(pipeline, &array, &error), out->status);
    assert_int_equal(weir_pipeline_poll(pipeline, &error), out->status);
    assert_int_equal(weir_pipeline_finish(pipeline, &error), out->status);
}

/* By reading the counters: they do not add up while a failure is still to be told. */
static void wait_for_workers(struct weir_pipeline *pipeline) {
    struct weir_stats stats = {.struct_size = sizeof(stats)};
    assert_int_equal(weir_pipeline_stats(pipeline, &stats), WEIR_OK);
}

static void play_all(struct outcome *out, const struct weir_plan *plan, struct weir_pipeline *pipeline,
                     const struct run *run) {
    for (int32_t i = 0; i < events_count; i++) {
        if (i == run->abandon || !play(out, pipeline, &events[i], run)) return;
        if (chance(run->turn)) pipeline->options.strategy = WEIR_STRATEGY_PARTITION_FIRST;
        if (chance(run->pull) && !take(out, plan, pipeline, 3)) return;
        if (chance(2)) wait_for_workers(pipeline);
    }
    out->status = weir_pipeline_finish(pipeline, &error);
    if (out->status == WEIR_OK) take(out, plan, pipeline, INT32_MAX);
}

static struct outcome run_of(const struct shape *shape, const struct run *run) {
    struct outcome out = {.status = WEIR_OK};
    struct weir_plan *plan = plan_of(shape);
    struct weir_pipeline_options options = {.struct_size = sizeof(options),
                                            .workers = run->workers,
                                            .strategy = run->strategy,
                                            .partitions = shape->partitions,
                                            .discard_open = shape->discards,
                                            .clock = read_wall};
    struct weir_pipeline *pipeline = NULL;
    wall = WALL_START;
    if (weir_pipeline_create_plan(plan, &options, &pipeline, &error) != WEIR_OK) fail_msg("%s", error.message);
    play_all(&out, plan, pipeline, run);
    if (out.status != WEIR_OK) {
        expect_failed(&out, pipeline);
    } else if (run->abandon < 0) {
        out.stats = stats_of(pipeline);
    }
    close_all(pipeline, plan);
    return out;
}

static void free_outcome(struct outcome *out) {
    for (size_t i = 0; i < out->count; i++) free(out->lines[i]);
    free(out->lines);
}

static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void sort_lines(struct outcome *out) {
    if (out->count > 1) qsort(out->lines, out->count, sizeof(char *), by_text);
}

/* ---- comparing ---- */

static bool same_stats(const struct weir_stats *a, const struct weir_stats *b) {
    return a->rows_in == b->rows_in && a->filtered == b->filtered && a->null_time == b->null_time &&
           a->future_dropped == b->future_dropped && a->unassigned == b->unassigned && a->late == b->late &&
           a->aggregated == b->aggregated && a->windows_fired == b->windows_fired && a->rows_out == b->rows_out &&
           a->watermark == b->watermark && a->folded == b->folded && a->future == b->future;
}

static void say(const char *who, const struct outcome *out, const struct outcome *other) {
    const struct weir_stats *s = &out->stats;
    print_message("%s: status %d, %zu lines; in %lld filtered %lld null %lld future %lld late %lld aggregated %lld "
                  "fired %lld out %lld folded %lld W %lld\n",
                  who, (int)out->status, out->count, (long long)s->rows_in, (long long)s->filtered,
                  (long long)s->null_time, (long long)s->future, (long long)s->late, (long long)s->aggregated,
                  (long long)s->windows_fired, (long long)s->rows_out, (long long)s->folded,
                  (long long)s->watermark);
    size_t i = 0, j = 0, said = 0;
    while (i < out->count && said < 5) { /* both are sorted */
        int order = j < other->count ? strcmp(out->lines[i], other->lines[j]) : -1;
        if (order < 0) print_message("  %s\n", out->lines[i]), said++;
        i += order <= 0;
        j += order >= 0;
    }
}

static bool is_same(const struct outcome *one, const struct outcome *other) {
    if (one->status != other->status) return false;
    if (one->status != WEIR_OK) return true; /* what came before it is not said */
    bool same = one->count == other->count && same_stats(&one->stats, &other->stats);
    for (size_t i = 0; same && i < one->count; i++) same = strcmp(one->lines[i], other->lines[i]) == 0;
    return same;
}

static void say_shape(const struct shape *shape, const struct run *run) {
    const struct weir_emission *e = &shape->emission;
    const struct weir_watermark_spec *w = &shape->watermark;
    print_message(
        "window %d size %lld slide %lld offset %lld keys %d partitions %d by_clock %d having %d filter %d "
        "ordered %d discards %d overflows %d\n",
        shape->window.kind, (long long)shape->window.size, (long long)shape->window.slide,
        (long long)shape->window.offset, shape->keys, shape->partitions, shape->by_clock, shape->having,
        shape->filter, shape->ordered, shape->discards, shape->overflows);
    print_message("lateness %lld late_fire %d late %d early_rows %lld early_every %lld by the clock %d mode %d\n",
                  (long long)e->lateness, e->late_fire, e->late, (long long)e->early_rows,
                  (long long)e->early_every, e->early_processing_time, e->mode);
    print_message("W kind %d delay %lld idle %lld close %lld future %lld policy %d\n", w->kind, (long long)w->delay,
                  (long long)w->idle_after_ms, (long long)w->close_after_ms, (long long)w->future_max_ms,
                  w->future);
    print_message("workers %d strategy %d batch %d pull %d turn %d\n", run->workers, run->strategy, run->batch_max,
                  run->pull, run->turn);
}

static void expect_same(const struct shape *shape, const struct run *run, const struct outcome *one) {
    struct outcome other = run_of(shape, run);
    sort_lines(&other);
    bool same = run->abandon >= 0 || is_same(one, &other);
    if (!same) {
        say_shape(shape, run);
        say("one thread", one, &other);
        say("workers   ", &other, one);
    }
    free_outcome(&other);
    assert_true(same);
}

static struct run random_run(int number) {
    static const int32_t largest[] = {7, 100, 3000};
    static const int pulls[] = {0, 3, 50, 100};
    struct run run = {
        1 + (int32_t)random_below(7), WEIR_STRATEGY_AUTO, largest[random_below(3)], pulls[random_below(4)], 0, -1};
    if (number == 0) run.strategy = WEIR_STRATEGY_LOCAL_FIRST;
    if (number == 1) run.strategy = WEIR_STRATEGY_PARTITION_FIRST;
    if (number == 2) run.turn = 1 + (int)random_below(20);
    if (number == 3) {
        run.strategy = chance(50) ? WEIR_STRATEGY_PARTITION_FIRST : WEIR_STRATEGY_AUTO;
        run.turn = (int)random_below(20);
        run.abandon = events_count == 0 ? 0 : (int)random_below(events_count);
    }
    return run;
}

static void workers_do_not_show_whatever_befalls_the_stream(void **state) {
    (void)state;
    const char *seed = getenv("WEIR_TEST_SEED"), *cases = getenv("WEIR_TEST_CASES");
    uint64_t first = seed == NULL ? 20260301 : strtoull(seed, NULL, 0);
    int64_t count = cases == NULL ? 60 : strtoll(cases, NULL, 0);
    for (int64_t i = 0; i < count; i++) {
        random_state = (first + (uint64_t)i) * 1000003;
        struct shape shape = random_shape();
        make_stream(&shape, (int32_t)random_below(chance(20) ? ROWS_MAX : 700));
        struct run alone = {0, WEIR_STRATEGY_AUTO, 5000, 100, 0, -1};
        struct outcome one = run_of(&shape, &alone);
        sort_lines(&one);
        for (int number = 0; number < 4; number++) {
            struct run run = random_run(number);
            expect_same(&shape, &run, &one);
        }
        free_outcome(&one);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(workers_do_not_show_whatever_befalls_the_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
