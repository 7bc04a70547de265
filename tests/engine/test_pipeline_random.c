/* SPDX-License-Identifier: Apache-2.0
 *
 * Random queries over random streams (disorder, ties, jumps, NULLs, late rows) against a model that works row by
 * row and window by window, for 0 to 7 workers, random batch splits and rows that are passed over unread.
 * WEIR_TEST_SEED reproduces a run, WEIR_TEST_CASES sets its length.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/checked.h"
#include "engine/pipeline.h"
#include "engine/prune.h"
#include "tests/engine/stream.h"

/* ---- the model ---- */

struct group {
    int64_t start, end;
    bool has_k, has_s;
    int64_t k;
    int32_t s;
    int64_t rows, counted, sum, min, max, last_ts;
    char least[24];
};

struct model {
    const struct query *query;
    struct group *groups;
    size_t count, room;
    struct weir_stats stats;
    int64_t watermark;
};

static struct group *group_of(struct model *model, int64_t start, int64_t end, const struct row *row) {
    bool by_k = model->query->keys == KEY_K || model->query->keys == KEY_K_S;
    bool by_s = model->query->keys == KEY_S || model->query->keys == KEY_K_S;
    struct group wanted = {.start = start, .end = end, .has_k = by_k && row->has_k, .has_s = by_s && row->has_s};
    if (wanted.has_k) wanted.k = row->k;
    if (wanted.has_s) wanted.s = row->s;
    for (size_t i = 0; i < model->count; i++) {
        struct group *group = &model->groups[i];
        if (group->start == start && group->end == end && group->has_k == wanted.has_k && group->k == wanted.k &&
            group->has_s == wanted.has_s && group->s == wanted.s) {
            return group;
        }
    }
    if (model->count == model->room) {
        model->room = model->room == 0 ? 64 : model->room * 2;
        model->groups = realloc(model->groups, model->room * sizeof(*model->groups));
        if (model->groups == NULL) abort();
    }
    wanted.last_ts = INT64_MIN;
    model->groups[model->count] = wanted;
    return &model->groups[model->count++];
}

static void add_to_group(struct group *group, const struct row *row) {
    char text[24];
    snprintf(text, sizeof(text), "s%d", row->s);
    group->rows++;
    if (row->ts > group->last_ts) group->last_ts = row->ts;
    if (row->has_s && (group->least[0] == '\0' || strcmp(text, group->least) < 0)) strcpy(group->least, text);
    if (!row->has_v) return;
    if (group->counted == 0 || row->v < group->min) group->min = row->v;
    if (group->counted == 0 || row->v > group->max) group->max = row->v;
    group->counted++;
    group->sum += row->v;
}

/* Offers a row to one of its windows; true when the window is still open. */
static bool offer(struct model *model, int64_t start, int64_t end, const struct row *row) {
    if (end - 1 <= model->watermark) return false;
    add_to_group(group_of(model, start, end, row), row);
    return true;
}

static void place(struct model *model, const struct row *row) {
    const struct weir_window_spec *window = &model->query->window;
    int windows = 0, taken = 0;
    int64_t start;
    switch (window->kind) {
    case WEIR_WINDOW_TUMBLE:
        start = row->ts - weir_floormod_i64(row->ts - window->offset, window->size);
        windows = 1;
        taken += offer(model, start, start + window->size, row);
        break;
    case WEIR_WINDOW_HOP:
        start = row->ts - weir_floormod_i64(row->ts - window->offset, window->slide);
        for (; start > row->ts - window->size; start -= window->slide) {
            windows++;
            taken += offer(model, start, start + window->size, row);
        }
        break;
    default:
        start = row->ts - weir_floormod_i64(row->ts - window->offset, window->size);
        for (int64_t end = start + window->slide; end <= start + window->size; end += window->slide) {
            if (end <= row->ts) continue;
            windows++;
            taken += offer(model, start, end, row);
        }
        break;
    }
    if (windows == 0) {
        model->stats.unassigned++;
    } else if (taken == 0) {
        model->stats.late++;
    } else {
        model->stats.aggregated++;
    }
}

static void model_row(struct model *model, const struct row *row) {
    model->stats.rows_in++;
    if (!row->has_ts) {
        model->stats.null_time++;
        return;
    }
    bool kept = model->query->filter == INT64_MIN || (row->has_v && row->v > model->query->filter);
    if (kept) {
        place(model, row);
    } else {
        model->stats.filtered++;
    }
    int64_t claim = row->ts - model->query->delay;
    if (model->query->watermark && claim > 0 && claim > model->watermark) model->watermark = claim;
}

/* Cumulate: a group that a step brought nothing still fires at every later step of its period. The model's windows
 * are nested, so a row has already been added to each of them, and nothing is left to do. */
static void model_lines(const struct model *model, struct lines *lines) {
    for (size_t i = 0; i < model->count; i++) {
        const struct group *g = &model->groups[i];
        char line[512];
        int used = snprintf(line, sizeof(line), "%lld|%lld|", (long long)g->start, (long long)g->end);
        if (model->query->keys == KEY_K || model->query->keys == KEY_K_S) {
            used += g->has_k ? snprintf(line + used, sizeof(line) - (size_t)used, "%lld|", (long long)g->k)
                             : snprintf(line + used, sizeof(line) - (size_t)used, "|");
        }
        if (model->query->keys == KEY_S || model->query->keys == KEY_K_S) {
            used += g->has_s ? snprintf(line + used, sizeof(line) - (size_t)used, "s%d|", g->s)
                             : snprintf(line + used, sizeof(line) - (size_t)used, "|");
        }
        used += snprintf(line + used, sizeof(line) - (size_t)used, "%lld|%lld|", (long long)g->rows,
                         (long long)g->counted);
        if (g->counted > 0) {
            used += snprintf(line + used, sizeof(line) - (size_t)used, "%lld|%lld|%lld|%lld|", (long long)g->sum,
                             (long long)g->min, (long long)g->max, (long long)(g->sum / g->counted));
        } else {
            used += snprintf(line + used, sizeof(line) - (size_t)used, "||||");
        }
        snprintf(line + used, sizeof(line) - (size_t)used, "%s|%lld|", g->least, (long long)g->last_ts);
        add_line(lines, line);
    }
}

/* ---- the engine ---- */

static void drain(struct weir_pipeline *pipeline, struct lines *lines, const bool *is_string) {
    struct ArrowArray array;
    while (weir_pipeline_next(pipeline, &array, NULL) == WEIR_OK) {
        add_array(lines, &array, is_string);
        array.release(&array);
    }
}

static int64_t passed_over, unread; /* rows, in all cases */

static void widen(struct weir_source_range *range, bool valid, int64_t value) {
    range->nulls += !valid;
    if (!valid) return;
    bool first = range->bounds == WEIR_SOURCE_BOUNDS_NONE;
    range->bounds = WEIR_SOURCE_BOUNDS_I64;
    range->exact = true;
    if (first || value < range->min.i64) range->min.i64 = value;
    if (first || value > range->max.i64) range->max.i64 = value;
}

/* Passes over rows that the filter drops by what is known of them, as of a row group that is not read. */
static bool pass_over(struct weir_pipeline *pipeline, const struct weir_plan *plan, const struct row *rows,
                      int32_t count) {
    struct weir_source_range ranges[4] = {{0}, {0}, {.nulls = -1}, {0}};
    if (plan->filter == NULL || weir_prune_obstacle(plan) != NULL) return false;
    for (int32_t i = 0; i < count; i++) {
        widen(&ranges[0], rows[i].has_ts, rows[i].ts);
        widen(&ranges[1], rows[i].has_k, rows[i].k);
        widen(&ranges[3], rows[i].has_v, rows[i].v);
    }
    if (!weir_prune_leaves_out(plan, ranges, count, false)) return false;
    bool has_time = ranges[0].bounds != WEIR_SOURCE_BOUNDS_NONE;
    struct weir_source_left_out left = {1, count, ranges[0].nulls, has_time ? ranges[0].max.i64 : INT64_MIN};
    assert_int_equal(weir_pipeline_pass_over(pipeline, &left, NULL), WEIR_OK);
    passed_over += count;
    return true;
}

/* What may be known of the times of the rows: their bounds, or looser ones. False: one is NULL. */
static bool draw_range(const struct row *rows, int32_t count, struct weir_time_range *range) {
    *range = (struct weir_time_range){.struct_size = sizeof(*range), .least = INT64_MAX, .most = INT64_MIN};
    for (int32_t i = 0; i < count; i++) {
        if (!rows[i].has_ts) return false;
        if (rows[i].ts < range->least) range->least = rows[i].ts;
        if (rows[i].ts > range->most) range->most = rows[i].ts;
    }
    range->exact = chance(70);
    if (chance(30)) range->least -= random_below(20);
    if (!range->exact && chance(70)) range->most += random_below(20);
    return true;
}

static void push(struct weir_pipeline *pipeline, const struct row *rows, int32_t count) {
    struct weir_error error = {.message = ""};
    struct ArrowArray batch = make_batch(rows, count);
    struct weir_time_range range;
    bool ranged = chance(60) && draw_range(rows, count, &range);
    if (weir_pipeline_push_ranged(pipeline, 0, &batch, ranged ? &range : NULL, &error) != WEIR_OK)
        fail_msg("push: %s", error.message);
}

static void engine_lines(const struct query *query, const struct row *rows, int32_t count, int32_t workers,
                         struct lines *lines, struct weir_stats *stats) {
    struct weir_error error = {.message = ""};
    struct weir_plan *plan = make_plan(query);
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    bool is_string[16] = {false};
    for (int32_t i = 0; i < plan->outputs_count; i++) {
        is_string[i] = plan->outputs[i].expr->type.id == WEIR_TYPE_STRING;
    }
    struct weir_pipeline_options options = {
        .struct_size = sizeof(options), .workers = workers, .strategy = (enum weir_strategy)random_below(3)};
    struct weir_pipeline *pipeline = NULL;
    if (weir_pipeline_create_plan(plan, &options, &pipeline, &error) != WEIR_OK)
        fail_msg("create: %s", error.message);
    int32_t largest = (int32_t[]){1, 7, 100, 3000}[random_below(4)];
    for (int32_t at = 0; at < count;) {
        int32_t take = 1 + (int32_t)random_below(largest);
        if (take > count - at) take = count - at;
        if (!chance(50) || !pass_over(pipeline, plan, rows + at, take)) push(pipeline, rows + at, take);
        at += take;
        if (chance(30)) drain(pipeline, lines, is_string);
    }
    if (weir_pipeline_finish(pipeline, &error) != WEIR_OK) fail_msg("finish: %s", error.message);
    drain(pipeline, lines, is_string);
    *stats = (struct weir_stats){.struct_size = sizeof(*stats)};
    assert_int_equal(weir_pipeline_stats(pipeline, stats), WEIR_OK);
    unread += stats->unread_times;
    weir_pipeline_destroy(&pipeline);
    weir_plan_release(plan);
}

/* ---- random cases ---- */

static struct query random_query(void) {
    struct query query = {.watermark = chance(75), .delay = random_below(40), .filter = INT64_MIN};
    query.keys = (enum key_choice)random_below(KEY_CHOICES);
    if (chance(30)) query.filter = random_below(100) - 50;
    query.window.kind = (enum weir_window_kind)(WEIR_WINDOW_TUMBLE + random_below(3));
    query.window.size = 1 + random_below(60);
    query.window.slide = 1 + random_below(60);
    query.window.offset = random_below(2 * query.window.size - 1) - (query.window.size - 1);
    if (query.window.kind == WEIR_WINDOW_CUMULATE) query.window.size = query.window.slide * (1 + random_below(6));
    if (query.window.kind == WEIR_WINDOW_TUMBLE) query.window.slide = 0;
    return query;
}

static void random_rows(struct row *rows, int32_t count) {
    int64_t now = chance(20) ? -200 : 1 + random_below(100);
    int64_t keys = 1 + random_below(chance(50) ? 5 : 500);
    int disorder = (int)random_below(60);
    for (int32_t i = 0; i < count; i++) {
        now += chance(3) ? random_below(5000) : chance(60) ? random_below(4) : 0;
        rows[i] = (struct row){.has_ts = !chance(2),
                               .has_k = !chance(5),
                               .has_s = !chance(5),
                               .has_v = !chance(10),
                               .ts = now - (chance(disorder) ? random_below(120) : 0),
                               .k = chance(2) ? INT64_MIN : random_below(keys) * 7919 - 3,
                               .s = (int32_t)random_below(keys),
                               .v = random_below(200) - 100};
    }
}

static bool same_lines(const struct lines *a, const struct lines *b) {
    if (a->count != b->count) return false;
    for (size_t i = 0; i < a->count; i++) {
        if (strcmp(a->text[i], b->text[i]) != 0) return false;
    }
    return true;
}

static bool same_counts(const struct weir_stats *a, const struct weir_stats *b) {
    return a->rows_in == b->rows_in && a->filtered == b->filtered && a->null_time == b->null_time &&
           a->unassigned == b->unassigned && a->late == b->late && a->aggregated == b->aggregated &&
           b->rows_in == b->filtered + b->null_time + b->unassigned + b->late + b->aggregated;
}

static bool agrees(const struct query *query, const struct row *rows, int32_t count, int32_t workers, bool show) {
    struct model model = {.query = query, .watermark = INT64_MIN};
    for (int32_t i = 0; i < count; i++) model_row(&model, &rows[i]);
    struct lines expected = {NULL, 0, 0}, actual = {NULL, 0, 0};
    struct weir_stats stats;
    model_lines(&model, &expected);
    engine_lines(query, rows, count, workers, &actual, &stats);
    sort_lines(&expected);
    sort_lines(&actual);
    bool same = same_lines(&expected, &actual) && same_counts(&model.stats, &stats);
    for (size_t i = 0; show && i < 5 && i < expected.count; i++) print_message("expected %s\n", expected.text[i]);
    for (size_t i = 0; show && i < 5 && i < actual.count; i++) print_message("actual   %s\n", actual.text[i]);
    if (show) {
        print_message(
            "model: late %lld unassigned %lld filtered %lld; engine: late %lld unassigned %lld filtered %lld\n",
            (long long)model.stats.late, (long long)model.stats.unassigned, (long long)model.stats.filtered,
            (long long)stats.late, (long long)stats.unassigned, (long long)stats.filtered);
    }
    free_lines(&expected);
    free_lines(&actual);
    free(model.groups);
    return same;
}

/* Drops rows while the difference stays, then says what is left. */
static void report(const struct query *query, struct row *rows, int32_t count, int32_t workers) {
    for (int32_t step = count / 2; step >= 1; step /= 2) {
        for (int32_t at = 0; at + step <= count;) {
            struct row *fewer = malloc(((size_t)count + 1) * sizeof(*fewer));
            if (fewer == NULL) abort();
            memcpy(fewer, rows, (size_t)at * sizeof(*rows));
            memcpy(fewer + at, rows + at + step, (size_t)(count - at - step) * sizeof(*rows));
            if (!agrees(query, fewer, count - step, workers, false)) {
                count -= step;
                memcpy(rows, fewer, (size_t)count * sizeof(*rows));
            } else {
                at += step;
            }
            free(fewer);
        }
    }
    print_message("window kind %d size %lld slide %lld offset %lld, watermark %d delay %lld, keys %d, filter %lld, "
                  "workers %d\n",
                  query->window.kind, (long long)query->window.size, (long long)query->window.slide,
                  (long long)query->window.offset, query->watermark, (long long)query->delay, query->keys,
                  (long long)query->filter, workers);
    for (int32_t i = 0; i < count && i < 40; i++) {
        print_message("  ts %lld%s k %lld%s s %d%s v %lld%s\n", (long long)rows[i].ts,
                      rows[i].has_ts ? "" : " NULL", (long long)rows[i].k, rows[i].has_k ? "" : " NULL", rows[i].s,
                      rows[i].has_s ? "" : " NULL", (long long)rows[i].v, rows[i].has_v ? "" : " NULL");
    }
    agrees(query, rows, count, workers, true);
}

static void random_cases_agree_with_the_model(void **state) {
    (void)state;
    const char *seed = getenv("WEIR_TEST_SEED"), *cases = getenv("WEIR_TEST_CASES");
    uint64_t first = seed == NULL ? 20260101 : strtoull(seed, NULL, 0);
    int64_t count = cases == NULL ? 300 : strtoll(cases, NULL, 0);
    static const int32_t workers[] = {0, 0, 1, 2, 3, 7};
    struct row *rows = malloc(20000 * sizeof(*rows));
    assert_non_null(rows);
    for (int64_t i = 0; i < count; i++) {
        random_state = first + (uint64_t)i;
        struct query query = random_query();
        int32_t length = (int32_t)random_below(chance(5) ? 20000 : 400);
        random_rows(rows, length);
        int32_t threads = workers[random_below(6)];
        if (agrees(&query, rows, length, threads, false)) continue;
        report(&query, rows, length, threads);
        free(rows);
        fail_msg("case differs: WEIR_TEST_SEED=%llu WEIR_TEST_CASES=1", (unsigned long long)(first + (uint64_t)i));
    }
    free(rows);
    assert_true(count < 300 || (passed_over > 1000 && unread > 1000));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_cases_agree_with_the_model)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
