/* SPDX-License-Identifier: Apache-2.0
 *
 * Queries whose event time counts s, us or ns instead of ms. Arithmetic does not know what a unit is: the same
 * numbers give the same numbers. And the same moments, written in another unit, give the same moments.
 */
#include <weir/builder.h>
#include <weir/weir.h>

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct weir_error error;

/* ---- units ---- */

struct unit {
    enum weir_builder_unit unit;
    int64_t per_second;
    const char *format, *instants; /* of the time column */
    const char *result;            /* in which bounds come; a TIMESTAMP(0) comes in ms */
    int64_t result_per_second;
};

static const struct unit units[] = {
    {WEIR_BUILDER_MILLISECONDS, 1000, "tsm:", "tsm:UTC", "tsm:", 1000},
    {WEIR_BUILDER_SECONDS, 1, "tss:", "tss:UTC", "tsm:", 1000},
    {WEIR_BUILDER_MICROSECONDS, 1000000, "tsu:", "tsu:UTC", "tsu:", 1000000},
    {WEIR_BUILDER_NANOSECONDS, 1000000000, "tsn:", "tsn:UTC", "tsn:", 1000000000},
};
#define UNITS (sizeof(units) / sizeof(units[0]))
static const struct unit *const ms = &units[0];

/* ---- what is run ---- */

/* The numbers of a case are ms; `moments`: they are written in the unit, else taken for numbers of it. */
struct how {
    const struct unit *unit;
    bool moments;
    int32_t workers;
};

static int64_t number(const struct how *how, int64_t value) {
    return how->moments ? value / 1000 * how->unit->per_second + value % 1000 * how->unit->per_second / 1000
                        : value;
}

struct test_case {
    const char *name;
    void (*build)(struct weir_builder *b, const struct how *how);
    bool pushed;     /* W is pushed, else it follows the rows */
    bool instants;   /* the time column has a zone */
    bool by_numbers; /* `moments` do not give the same: a window ends one unit after its last row */
    bool by_clock;   /* numbers do not give the same: the wall clock is in ms */
    int32_t partitions;
    const char *shows; /* some line holds it: the rows do meet what is tested */
};

/* ---- the stream ---- */

#define ROWS 60
#define BATCHES 8
#define COLUMNS 3

static void release_schema(struct ArrowSchema *schema) { schema->release = NULL; }

static const struct ArrowSchema *schema_of(const char *format) {
    static struct ArrowSchema schema, columns[COLUMNS], *list[COLUMNS] = {&columns[0], &columns[1], &columns[2]};
    columns[0] = (struct ArrowSchema){.format = format, .name = "ts", .flags = 2, .release = release_schema};
    columns[1] = (struct ArrowSchema){.format = "l", .name = "k", .flags = 2, .release = release_schema};
    columns[2] = (struct ArrowSchema){.format = "l", .name = "v", .flags = 2, .release = release_schema};
    schema = (struct ArrowSchema){
        .format = "+s", .name = "", .n_children = COLUMNS, .children = list, .release = release_schema};
    return &schema;
}

struct batch {
    struct ArrowArray columns[COLUMNS], *list[COLUMNS];
    int64_t values[COLUMNS][ROWS];
    const void *buffers[COLUMNS][2], *none[1];
};

static void release_column(struct ArrowArray *array) { array->release = NULL; }
static void release_batch(struct ArrowArray *array) {
    array->release = NULL;
    free(array->private_data);
}

static struct ArrowArray batch_of(const int64_t *ts, const int64_t *k, const int64_t *v, int64_t rows) {
    struct batch *batch = calloc(1, sizeof(*batch));
    const int64_t *values[] = {ts, k, v};
    if (batch == NULL) abort();
    for (int c = 0; c < COLUMNS; c++) {
        memcpy(batch->values[c], values[c], (size_t)rows * sizeof(int64_t));
        batch->buffers[c][1] = batch->values[c];
        batch->columns[c] = (struct ArrowArray){
            .length = rows, .n_buffers = 2, .buffers = batch->buffers[c], .release = release_column};
        batch->list[c] = &batch->columns[c];
    }
    return (struct ArrowArray){.length = rows,
                               .n_buffers = 1,
                               .n_children = COLUMNS,
                               .buffers = batch->none,
                               .children = batch->list,
                               .release = release_batch,
                               .private_data = batch};
}

static uint64_t random_state;

static int64_t random_below(int64_t limit) {
    random_state ^= random_state << 13, random_state ^= random_state >> 7, random_state ^= random_state << 17;
    return (int64_t)(random_state % (uint64_t)limit);
}

/* Sunday, 27 October 2024, 00:00 UTC: an hour before the clocks of Berlin change. */
#define BEGIN INT64_C(1729987200000)

static int64_t wall_clock;
static int64_t read_clock(void *user) {
    (void)user;
    return wall_clock;
}

/* ---- results as text ---- */

struct lines {
    char *items[4096];
    size_t count;
};

static void add_line(struct lines *lines, const char *line) {
    assert_true(lines->count < 4096);
    lines->items[lines->count++] = strdup(line);
}

static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void free_lines(struct lines *lines) {
    for (size_t i = 0; i < lines->count; i++) free(lines->items[i]);
    free(lines);
}

/* A time of a result as the case has it: in ms, or as a number of the unit. */
static int64_t time_of(const struct how *how, const char *format, int64_t value) {
    assert_int_equal(strncmp(format, how->unit->result, 4), 0);
    int64_t to = how->moments ? 1000 : how->unit->per_second, from = how->unit->result_per_second;
    int64_t out = from > to ? value / (from / to) : value * (to / from);
    if (from > to && how->unit->per_second <= 1000) assert_int_equal(value % (from / to), 0);
    return out;
}

static void add_rows(struct lines *lines, const char *tag, const struct how *how, const struct ArrowSchema *schema,
                     const struct ArrowArray *rows) {
    for (int64_t r = 0; r < rows->length; r++) {
        char line[512];
        size_t used = (size_t)snprintf(line, sizeof(line), "%s", tag);
        for (int64_t c = 0; c < schema->n_children; c++) {
            const char *format = schema->children[c]->format;
            const struct ArrowArray *column = rows->children[c];
            size_t left = sizeof(line) - used;
            if (strcmp(format, "u") == 0) {
                const int32_t *offsets = column->buffers[1];
                used += (size_t)snprintf(line + used, left, " %.*s", (int)(offsets[r + 1] - offsets[r]),
                                         (const char *)column->buffers[2] + offsets[r]);
                continue;
            }
            if (column->buffers[0] != NULL && (((const uint8_t *)column->buffers[0])[r / 8] >> r % 8 & 1) == 0) {
                used += (size_t)snprintf(line + used, left, " null");
                continue;
            }
            int64_t value = strcmp(format, "b") == 0 ? ((const uint8_t *)column->buffers[1])[r / 8] >> r % 8 & 1
                                                     : ((const int64_t *)column->buffers[1])[r];
            if (format[0] == 't') value = time_of(how, format, value);
            used += (size_t)snprintf(line + used, left, " %" PRId64, value);
        }
        add_line(lines, line);
    }
}

static void take(struct weir_pipeline *pipeline, const struct how *how, const struct ArrowSchema *result,
                 const struct ArrowSchema *late, struct lines *lines) {
    struct ArrowArray rows;
    while (weir_pipeline_next(pipeline, &rows, &error) == WEIR_OK) {
        add_rows(lines, "row", how, result, &rows);
        rows.release(&rows);
    }
    while (weir_pipeline_next_late(pipeline, &rows, &error) == WEIR_OK) {
        add_rows(lines, "late", how, late, &rows);
        rows.release(&rows);
    }
}

static void add_stats(struct weir_pipeline *pipeline, const struct how *how, struct lines *lines) {
    struct weir_stats stats = {.struct_size = sizeof(stats)};
    struct weir_why why = {.struct_size = sizeof(why)};
    char line[512];
    assert_int_equal(weir_pipeline_stats(pipeline, &stats), WEIR_OK);
    snprintf(line, sizeof(line),
             "stats %" PRId64 " late %" PRId64 " future %" PRId64 " folded %" PRId64 " dropped %" PRId64 " gap",
             stats.late, stats.future, stats.folded, stats.future_dropped, stats.unassigned);
    add_line(lines, line);
    if (how->moments || how->workers > 0) return; /* what workers have not brought yet is still open */
    assert_int_equal(weir_pipeline_why(pipeline, NULL, &why, NULL, &error), WEIR_OK);
    snprintf(line, sizeof(line), "W %" PRId64 " late by %" PRId64 " at %" PRId64 " window %" PRId64 " %" PRId64,
             stats.watermark, why.late_by, why.late_time, why.window_start, why.window_end);
    add_line(lines, line);
}

/* ---- a run ---- */

static struct weir_query *query_of(const struct test_case *test, const struct how *how) {
    struct weir_builder *b = NULL;
    struct weir_query *query = NULL;
    const char *format = test->instants ? how->unit->instants : how->unit->format;
    assert_int_equal(weir_builder_create(schema_of(format), &b, &error), WEIR_OK);
    weir_builder_unit(b, how->unit->unit);
    weir_builder_time(b, "ts");
    test->build(b, how);
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_START, NULL);
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_END, NULL);
    if (!how->moments) weir_builder_bound(b, WEIR_BUILDER_WINDOW_TIME, NULL);
    weir_builder_key(b, "k", NULL);
    weir_builder_aggregate(b, WEIR_BUILDER_COUNT_ROWS, NULL, "c");
    weir_builder_aggregate(b, WEIR_BUILDER_SUM, "v", "s");
    if (weir_builder_finish(b, &query, &error) != WEIR_OK) fail_msg("%s: %s", test->name, error.message);
    weir_builder_destroy(&b);
    return query;
}

/* Rows about a second apart, some of them a few seconds or a minute late, some ahead. */
static void push(struct weir_pipeline *pipeline, const struct test_case *test, const struct how *how,
                 int64_t first) {
    int64_t ts[ROWS], k[ROWS], v[ROWS];
    for (int i = 0; i < ROWS; i++) {
        int64_t time = first + i * 1000 - random_below(8) * 1000;
        if (random_below(20) == 0) time -= 60000;
        if (random_below(40) == 0) time += 40000;
        if (test->instants) time = BEGIN + (time - BEGIN) * 15; /* across the hour that comes twice */
        ts[i] = number(how, how->moments ? time : time + random_below(1000));
        k[i] = random_below(3);
        v[i] = random_below(100);
    }
    struct ArrowArray batch = batch_of(ts, k, v, ROWS);
    int32_t partition = test->partitions > 1 ? (int32_t)random_below(test->partitions) : 0;
    if (weir_pipeline_push(pipeline, partition, &batch, &error) != WEIR_OK) fail_msg("%s", error.message);
}

static struct lines *run(const struct test_case *test, struct how how) {
    struct lines *lines = calloc(1, sizeof(*lines));
    struct weir_query *query = query_of(test, &how);
    struct weir_pipeline *pipeline = NULL;
    struct ArrowSchema result, late;
    if (lines == NULL) abort();
    struct weir_pipeline_options options = {.struct_size = sizeof(options),
                                            .workers = how.workers,
                                            .partitions = test->partitions,
                                            .clock = read_clock};
    random_state = 88172645463325252u;
    wall_clock = BEGIN;
    assert_int_equal(weir_query_schema(query, &result, &error), WEIR_OK);
    assert_int_equal(weir_query_late_schema(query, &late, &error), WEIR_OK);
    assert_int_equal(weir_pipeline_create(query, &options, &pipeline, &error), WEIR_OK);
    for (int i = 0; i < BATCHES; i++) {
        int64_t first = BEGIN + i * ROWS * 1000;
        push(pipeline, test, &how, first);
        wall_clock += ROWS * 1000;
        /* No row up to the ms before a whole second, or up to the unit before it. */
        if (test->pushed)
            assert_int_equal(weir_pipeline_advance(pipeline, 0, number(&how, first + 20000) - 1, &error), WEIR_OK);
        assert_int_equal(weir_pipeline_poll(pipeline, &error), WEIR_OK);
        take(pipeline, &how, &result, &late, lines);
    }
    add_stats(pipeline, &how, lines);
    assert_int_equal(weir_pipeline_finish(pipeline, &error), WEIR_OK);
    take(pipeline, &how, &result, &late, lines);
    result.release(&result);
    late.release(&late);
    weir_pipeline_destroy(&pipeline);
    weir_query_destroy(&query);
    qsort(lines->items, lines->count, sizeof(char *), compare);
    return lines;
}

static void same(const char *name, const struct unit *unit, const struct lines *expected,
                 const struct lines *given) {
    char *const *expected_items = expected->items;
    size_t count = expected->count;
    if (given->items[0][0] != 'W' && expected->items[0][0] == 'W')
        expected_items++, count--; /* sorted: the first */
    for (size_t i = 0; i < count && i < given->count; i++) {
        if (strcmp(expected_items[i], given->items[i]) != 0)
            fail_msg("%s in %s: expected\n%s\ngiven\n%s", name, unit->format, expected_items[i], given->items[i]);
    }
    assert_int_equal(count, given->count);
}

static void shows(const struct test_case *test, const struct lines *lines) {
    bool not = test->shows[0] == '!', found = false;
    for (size_t i = 0; i < lines->count; i++) found |= strstr(lines->items[i], test->shows + not ) != NULL;
    if (found == not ) fail_msg("%s: %s line holds '%s'", test->name, not ? "a" : "no", test->shows + not );
}

/* ---- cases ---- */

static void watermark(struct weir_builder *b, const struct how *how,
                      struct weir_builder_watermark_options options) {
    options.struct_size = sizeof(options);
    options.out_of_orderness = number(how, 5000);
    weir_builder_watermark(b, &options);
}

static void follows(struct weir_builder *b, const struct how *how) {
    watermark(b, how, (struct weir_builder_watermark_options){0});
}

static void emission(struct weir_builder *b, struct weir_builder_emission_options options) {
    options.struct_size = sizeof(options);
    weir_builder_emission(b, &options);
}

static void side_output(struct weir_builder *b) {
    emission(b, (struct weir_builder_emission_options){.late = WEIR_BUILDER_LATE_SIDE_OUTPUT});
}

static void tumble(struct weir_builder *b, const struct how *how) {
    follows(b, how);
    side_output(b);
    weir_builder_tumble(b, number(how, 7000), number(how, -3000));
}

static void tumble_fold(struct weir_builder *b, const struct how *how) {
    follows(b, how);
    emission(b, (struct weir_builder_emission_options){.late = WEIR_BUILDER_LATE_FOLD});
    weir_builder_tumble(b, number(how, 7000), 0);
}

static void tumble_mark(struct weir_builder *b, const struct how *how) {
    follows(b, how);
    weir_builder_bound(b, WEIR_BUILDER_IS_COMPLETE, NULL);
    emission(b, (struct weir_builder_emission_options){.end = WEIR_BUILDER_END_MARK});
    weir_builder_tumble(b, number(how, 30000), 0);
}

static void tumble_fill(struct weir_builder *b, const struct how *how) {
    follows(b, how);
    weir_builder_tumble(b, number(how, 1000), 0);
    weir_builder_fill(b, WEIR_BUILDER_FILL_PREV, NULL, 5);
}

static void hop(struct weir_builder *b, const struct how *how) {
    follows(b, how);
    side_output(b);
    weir_builder_hop(b, number(how, 10000), number(how, 4000), number(how, 17000));
}

static void hop_gaps(struct weir_builder *b, const struct how *how) {
    follows(b, how);
    weir_builder_hop(b, number(how, 4000), number(how, 10000), 0);
}

static void cumulate(struct weir_builder *b, const struct how *how) {
    follows(b, how);
    side_output(b);
    weir_builder_cumulate(b, number(how, 20000), number(how, 5000), number(how, 8000));
}

static void session(struct weir_builder *b, const struct how *how) {
    follows(b, how);
    side_output(b);
    weir_builder_session(b, number(how, 3000), 0);
}

static void session_pieces(struct weir_builder *b, const struct how *how) {
    follows(b, how);
    weir_builder_session(b, number(how, 3000), number(how, 8000));
}

static void count(struct weir_builder *b, const struct how *how) {
    follows(b, how);
    weir_builder_count(b, 5, 2);
}

static void count_or_time(struct weir_builder *b, const struct how *how) {
    follows(b, how);
    weir_builder_count_or_time(b, 9, number(how, 12000));
}

static void lateness(struct weir_builder *b, const struct how *how) {
    follows(b, how);
    emission(b, (struct weir_builder_emission_options){
                    .lateness = number(how, 30000), .late_fire = true, .late = WEIR_BUILDER_LATE_SIDE_OUTPUT});
    weir_builder_hop(b, number(how, 20000), number(how, 10000), 0);
}

static void early(struct weir_builder *b, const struct how *how) {
    follows(b, how);
    emission(b, (struct weir_builder_emission_options){.early_every = number(how, 6000)});
    weir_builder_cumulate(b, number(how, 60000), number(how, 30000), 0);
}

/* Only windows that end after a moment; bounds are sorted and compared in their own precision. */
static void having(struct weir_builder *b, const struct how *how) {
    int64_t per_second = how->unit->per_second, moment = number(how, BEGIN + 100000);
    if (per_second == 1) moment *= 1000, per_second = 1000; /* literals are of ms at least */
    tumble(b, how);
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_END, "edge");
    weir_builder_having(b, weir_builder_binary(b, weir_builder_result(b, "edge"), WEIR_BUILDER_GT,
                                               weir_builder_timestamp(b, moment, per_second)));
    weir_builder_order(b, "edge", true, false);
    weir_builder_limit(b, 40, 0);
}

static void pushed(struct weir_builder *b, const struct how *how) {
    side_output(b);
    weir_builder_tumble(b, number(how, 7000), 0);
}

static void pushed_session(struct weir_builder *b, const struct how *how) {
    side_output(b);
    weir_builder_session(b, number(how, 3000), 0);
}

static void early_clock(struct weir_builder *b, const struct how *how) {
    follows(b, how);
    emission(b, (struct weir_builder_emission_options){.early_every = 70000, .early_processing_time = true});
    weir_builder_tumble(b, number(how, 600000), 0);
}

static void future(struct weir_builder *b, const struct how *how) {
    watermark(
        b, how,
        (struct weir_builder_watermark_options){.future_max_ms = 80000, .future = WEIR_BUILDER_FUTURE_SIDE_OUTPUT});
    weir_builder_tumble(b, number(how, 7000), 0);
}

static void future_of_partitions(struct weir_builder *b, const struct how *how) {
    watermark(b, how,
              (struct weir_builder_watermark_options){
                  .future_max_ms = 50000, .future = WEIR_BUILDER_FUTURE_DROP, .future_by_partitions = true});
    weir_builder_tumble(b, number(how, 7000), 0);
}

static void idle(struct weir_builder *b, const struct how *how) {
    watermark(b, how, (struct weir_builder_watermark_options){.idle_after_ms = 100000, .close_after_ms = 60000});
    weir_builder_session(b, number(how, 3000), 0);
}

static void zone(struct weir_builder *b, const struct how *how) {
    follows(b, how);
    side_output(b);
    weir_builder_zone(b, "Europe/Berlin");
    weir_builder_tumble(b, number(how, 900000), 0);
}

static void zone_lateness(struct weir_builder *b, const struct how *how) {
    lateness(b, how);
    weir_builder_zone(b, "Europe/Berlin");
}

static const struct test_case cases[] = {
    {"TUMBLE", tumble, .shows = "!stats 0 late"},
    {"TUMBLE that folds", tumble_fold, .shows = "! 0 folded"},
    {"TUMBLE that marks", tumble_mark, .shows = "row 0 "},
    {"TUMBLE with FILL", tumble_fill, .shows = "row"},
    {"HOP", hop, .shows = "!stats 0 late"},
    {"HOP with gaps", hop_gaps, .shows = "! 0 gap"},
    {"CUMULATE", cumulate, .shows = "!stats 0 late"},
    {"SESSION", session, .shows = "!stats 0 late"},
    {"SESSION in pieces", session_pieces, .shows = "row"},
    {"COUNT", count, .by_numbers = true, .shows = "row"},
    {"COUNT-OR-TIME", count_or_time, .by_numbers = true, .shows = " 9 "},
    {"allowed lateness", lateness, .shows = " -U "},
    {"early results", early, .shows = " -U "},
    {"HAVING and ORDER over bounds", having, .shows = "row"},
    {"W that is pushed", pushed, .pushed = true, .shows = "!stats 0 late"},
    {"SESSION by W that is pushed", pushed_session, .pushed = true, .shows = "!stats 0 late"},
    {"several partitions", tumble, .partitions = 3, .shows = "row"},
    {"early results by the wall clock", early_clock, .by_clock = true, .shows = " -U "},
    {"rows from the future", future, .by_clock = true, .shows = "! 0 future"},
    {"rows ahead of the other partitions", future_of_partitions, .by_clock = true, .partitions = 3,
     .shows = "! 0 future"},
    {"idle partitions, and a stream that stops", idle, .by_clock = true, .partitions = 3, .shows = "row"},
    {"a zone", zone, .instants = true, .shows = "!stats 0 late"},
    {"a zone and allowed lateness", zone_lateness, .instants = true, .shows = " -U "},
};
#define CASES (sizeof(cases) / sizeof(cases[0]))

static void compare_units(const struct test_case *test, bool moments) {
    struct lines *expected = run(test, (struct how){ms, moments, 0});
    print_message("%s\n", test->name);
    shows(test, expected);
    for (size_t u = 0; u < UNITS; u++) {
        if (test->instants && units[u].per_second < 1000) continue;
        for (int32_t workers = 0; workers <= 2; workers += 2) {
            if (workers > 0 && test->by_clock) continue; /* the clock is looked at while workers are at it */
            struct lines *given = run(test, (struct how){&units[u], moments, workers});
            same(test->name, &units[u], expected, given);
            free_lines(given);
        }
    }
    free_lines(expected);
}

static void the_same_numbers_give_the_same_numbers(void **state) {
    (void)state;
    for (size_t i = 0; i < CASES; i++) {
        if (!cases[i].instants && !cases[i].by_clock) compare_units(&cases[i], false);
    }
}

static void the_same_moments_give_the_same_moments(void **state) {
    (void)state;
    for (size_t i = 0; i < CASES; i++) {
        if (!cases[i].by_numbers) compare_units(&cases[i], true);
    }
}

/* ---- exactness, words, ends ---- */

static struct weir_query *query_in(const struct unit *unit, void (*build)(struct weir_builder *b)) {
    struct weir_builder *b = NULL;
    struct weir_query *query = NULL;
    assert_int_equal(weir_builder_create(schema_of(unit->format), &b, &error), WEIR_OK);
    weir_builder_unit(b, unit->unit);
    weir_builder_time(b, "ts");
    build(b);
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_START, NULL);
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_END, NULL);
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_TIME, NULL);
    weir_builder_aggregate(b, WEIR_BUILDER_COUNT_ROWS, NULL, "c");
    if (weir_builder_finish(b, &query, &error) != WEIR_OK) fail_msg("%s", error.message);
    weir_builder_destroy(&b);
    return query;
}

static struct weir_pipeline *pipeline_in(const struct unit *unit, void (*build)(struct weir_builder *b)) {
    struct weir_query *query = query_in(unit, build);
    struct weir_pipeline *pipeline = NULL;
    struct weir_pipeline_options options = {.struct_size = sizeof(options), .clock = read_clock};
    wall_clock = BEGIN;
    assert_int_equal(weir_pipeline_create(query, &options, &pipeline, &error), WEIR_OK);
    weir_query_destroy(&query);
    return pipeline;
}

static void push_times(struct weir_pipeline *pipeline, const int64_t *times, int64_t count) {
    static const int64_t zeros[ROWS];
    struct ArrowArray batch = batch_of(times, zeros, zeros, count);
    if (weir_pipeline_push(pipeline, 0, &batch, &error) != WEIR_OK) fail_msg("%s", error.message);
}

/* The next row, and no other: its start, end, last time and count. */
static void gives(struct weir_pipeline *pipeline, int64_t start, int64_t end, int64_t last, int64_t count) {
    const int64_t expected[] = {start, end, last, count};
    struct ArrowArray rows;
    assert_int_equal(weir_pipeline_next(pipeline, &rows, &error), WEIR_OK);
    assert_int_equal(rows.length, 1);
    for (int c = 0; c < 4; c++) assert_int_equal(((const int64_t *)rows.children[c]->buffers[1])[0], expected[c]);
    rows.release(&rows);
}

static void quarters(struct weir_builder *b) {
    struct weir_builder_watermark_options options = {
        .struct_size = sizeof(options), .out_of_orderness = 100, .idle_after_ms = 1500, .future_max_ms = 20};
    weir_builder_watermark(b, &options);
    weir_builder_tumble(b, 250, 0);
}

static void windows_of_250_units(void **state) {
    (void)state;
    for (size_t u = 0; u < UNITS; u++) {
        struct weir_pipeline *pipeline = pipeline_in(&units[u], quarters);
        struct weir_stats stats = {.struct_size = sizeof(stats)};
        int64_t x = units[u].result_per_second / units[u].per_second;
        push_times(pipeline, (const int64_t[]){-1, 0, 249, 250, 1, 349}, 6); /* W = 349 - 100 - 1 */
        gives(pipeline, -250 * x, 0, -1 * x, 1);
        push_times(pipeline, (const int64_t[]){350, 248}, 2);
        gives(pipeline, 0, 250 * x, 249 * x, 3);
        assert_int_equal(weir_pipeline_stats(pipeline, &stats), WEIR_OK);
        struct weir_partition_report report = {.struct_size = sizeof(report)};
        assert_int_equal(weir_pipeline_partition(pipeline, 0, &report, &error), WEIR_OK);
        assert_int_equal(report.watermark, 249);
        assert_int_equal(report.time_max, 350);
        assert_int_equal(stats.watermark, 249);
        assert_int_equal(stats.late, 1);
        assert_int_equal(weir_pipeline_advance(pipeline, 0, 498, &error), WEIR_OK);
        struct ArrowArray rows;
        assert_int_equal(weir_pipeline_next(pipeline, &rows, &error), WEIR_AGAIN);
        assert_int_equal(weir_pipeline_advance(pipeline, 0, 499, &error), WEIR_OK);
        gives(pipeline, 250 * x, 500 * x, 499 * x, 3);
        weir_pipeline_destroy(&pipeline);
    }
}

static void holds(const char *text, const char *part) {
    if (strstr(text, part) == NULL) fail_msg("nothing says '%s' in\n%s", part, text);
}

static void plans_say_their_unit(void **state) {
    (void)state;
    static const char *const says[UNITS][3] = {
        {"watermark: greatest ts less 101 ms, row", "window: TUMBLE of 250 ms on ts;", "read: ts"},
        {"watermark: greatest ts less 101 seconds, row", "window: TUMBLE of 250 seconds on ts;",
         "unit: s, that of ts, for windows, watermarks and bounds"},
        {"watermark: greatest ts less 101 us, row", "window: TUMBLE of 250 us on ts;",
         "unit: us, that of ts, for windows, watermarks and bounds"},
        {"watermark: greatest ts less 101 ns, row", "window: TUMBLE of 250 ns on ts;",
         "unit: ns, that of ts, for windows, watermarks and bounds"},
    };
    for (size_t u = 0; u < UNITS; u++) {
        struct weir_query *query = query_in(&units[u], quarters);
        const char *explain = weir_query_explain(query);
        for (int i = 0; i < 3; i++) holds(explain, says[u][i]);
        holds(explain, "without rows for 1500 ms of the wall clock");
        holds(explain, "rows more than 20 ms ahead of the wall clock");
        assert_int_equal(strstr(explain, "unit:") == NULL, u == 0);
        weir_query_destroy(&query);
    }
}

static void reasons_are_in_the_unit(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = pipeline_in(&units[2], quarters);
    push_times(pipeline, (const int64_t[]){350, 100, 350}, 3);
    for (int i = 0; i < 3; i++) {
        struct weir_why_request request = {.struct_size = sizeof(request), .has_time = i == 0, .time = 300};
        if (i > 0) request.time_text = i == 1 ? "300" : "1970-01-01 00:00:00.0003";
        struct weir_why why = {.struct_size = sizeof(why)};
        char *text = NULL;
        assert_int_equal(weir_pipeline_why(pipeline, &request, &why, &text, &error), WEIR_OK);
        assert_int_equal(why.window_start, 250);
        assert_int_equal(why.window_end, 500);
        assert_int_equal(why.needed, 499);
        assert_int_equal(why.watermark, 249);
        assert_int_equal(why.lacks, 250);
        assert_int_equal(why.late_by, 0);
        holds(text, "window [1970-01-01 00:00:00.00025, 1970-01-01 00:00:00.0005) has not fired");
        holds(text, "needs a watermark of 1970-01-01 00:00:00.000499, and W is 1970-01-01 00:00:00.000249 ");
        holds(text, "(0.000250 s short)");
        holds(text, "the greatest time so far is 1970-01-01 00:00:00.000350, less 0.000101 s by");
        holds(text, "wait for a row with a time of 1970-01-01 00:00:00.000600 or later");
        free(text);
    }
    struct weir_why_request none = {.struct_size = sizeof(none), .time_text = "noon"};
    assert_int_equal(weir_pipeline_why(pipeline, &none, NULL, NULL, &error), WEIR_ERR_INVALID);
    holds(error.message, "or as a number of us since 1970");
    weir_pipeline_destroy(&pipeline);
}

static void with_clock(struct weir_builder *b) { weir_builder_processing_time(b); }
static void with_zone(struct weir_builder *b) { weir_builder_zone(b, "Europe/Berlin"); }
static void with_nothing(struct weir_builder *b) { (void)b; }

static void mixed_units_are_refused(void **state) {
    (void)state;
    static const struct {
        enum weir_builder_unit unit;
        const char *format;
        void (*build)(struct weir_builder *b);
        const char *says; /* NULL: it is taken */
    } mixtures[] = {
        {WEIR_BUILDER_MICROSECONDS, "tsn:", with_nothing,
         "weir_builder_unit says us, and the time column 'ts' (column 1 of the schema) counts ns"},
        {WEIR_BUILDER_SECONDS, "tsm:", with_nothing,
         "says s, and the time column 'ts' (column 1 of the schema) counts ms"},
        {WEIR_BUILDER_NANOSECONDS, "tss:", with_nothing, "counts s; say that unit, or leave weir_builder_unit out"},
        {WEIR_BUILDER_NANOSECONDS, "tsn:UTC", with_clock, "processing time counts ms, as the wall clock does"},
        {WEIR_BUILDER_SECONDS, "tss:UTC", with_zone, "a time in seconds is exact in ms"},
        {WEIR_BUILDER_NANOSECONDS, "tsn:UTC", with_zone, NULL},
        {WEIR_BUILDER_MILLISECONDS, "tss:UTC", with_zone, NULL},
        {WEIR_BUILDER_MILLISECONDS, "tsn:UTC", with_clock, NULL},
        {WEIR_BUILDER_MILLISECONDS, "tsu:", with_nothing, NULL},
    };
    for (size_t i = 0; i < sizeof(mixtures) / sizeof(mixtures[0]); i++) {
        struct weir_builder *b = NULL;
        struct weir_query *query = NULL;
        assert_int_equal(weir_builder_create(schema_of(mixtures[i].format), &b, &error), WEIR_OK);
        weir_builder_time(b, "ts");
        weir_builder_unit(b, mixtures[i].unit);
        weir_builder_tumble(b, 1000, 0);
        weir_builder_key(b, "k", NULL);
        mixtures[i].build(b);
        enum weir_status status = weir_builder_finish(b, &query, &error);
        assert_int_equal(status, mixtures[i].says == NULL ? WEIR_OK : WEIR_ERR_INVALID);
        if (mixtures[i].says != NULL) holds(error.message, mixtures[i].says);
        weir_query_destroy(&query);
        weir_builder_destroy(&b);
    }
}

/* ---- the ends of the range ---- */

#define LAST (INT64_MAX - INT64_MAX % 1000) /* the last multiple of 1 000 */

static void delayed(struct weir_builder *b) {
    struct weir_builder_watermark_options options = {.struct_size = sizeof(options),
                                                     .out_of_orderness = INT64_MAX - 1};
    weir_builder_watermark(b, &options);
}

static void end_tumble(struct weir_builder *b) { weir_builder_tumble(b, 1000, 0); }
static void end_hop(struct weir_builder *b) { delayed(b), weir_builder_hop(b, 1000, 300, INT64_MIN); }
static void end_cumulate(struct weir_builder *b) { delayed(b), weir_builder_cumulate(b, 1000, 250, INT64_MAX); }
static void end_longest(struct weir_builder *b) { delayed(b), weir_builder_tumble(b, INT64_MAX, 1 - INT64_MAX); }
static void end_session(struct weir_builder *b) { delayed(b), weir_builder_session(b, INT64_MAX, 0); }
static void end_pieces(struct weir_builder *b) { delayed(b), weir_builder_session(b, 1000, 3); }
static void end_count(struct weir_builder *b) { weir_builder_count(b, 2, 1); }
static void end_span(struct weir_builder *b) { delayed(b), weir_builder_count_or_time(b, 4, INT64_MAX); }

static void end_lateness(struct weir_builder *b) {
    delayed(b);
    emission(b, (struct weir_builder_emission_options){.lateness = INT64_MAX, .late_fire = true});
    weir_builder_tumble(b, 1000, 0);
}

/* W at the end of time closes what is open, and nothing wraps on the way (a sanitizer would say so). */
static void ends_are_held(void **state) {
    (void)state;
    static void (*const builds[])(struct weir_builder *) = {
        end_tumble, end_hop, end_cumulate, end_longest, end_session, end_pieces, end_count, end_span, end_lateness};
    for (size_t u = 0; u < UNITS; u++) {
        for (size_t i = 0; i < sizeof(builds) / sizeof(builds[0]); i++) {
            struct weir_pipeline *pipeline = pipeline_in(&units[u], builds[i]);
            struct weir_stats stats = {.struct_size = sizeof(stats)};
            char *text = NULL;
            push_times(pipeline, (const int64_t[]){INT64_MIN, 0, INT64_MAX / 1000, INT64_MIN / 1000, INT64_MAX},
                       units[u].per_second >= 1000 ? 5 : 4);
            assert_int_equal(weir_pipeline_why(pipeline, NULL, NULL, &text, &error), WEIR_OK);
            free(text);
            assert_int_equal(weir_pipeline_advance(pipeline, 0, INT64_MAX, &error), WEIR_OK);
            assert_int_equal(weir_pipeline_why(pipeline, NULL, NULL, &text, &error), WEIR_OK);
            free(text);
            assert_int_equal(weir_pipeline_finish(pipeline, &error), WEIR_OK);
            assert_int_equal(weir_pipeline_stats(pipeline, &stats), WEIR_OK);
            assert_true(stats.late + stats.aggregated == stats.rows_in && stats.rows_out > 0);
            weir_pipeline_destroy(&pipeline);
        }
    }
}

static void bounds_are_held_at_the_ends(void **state) {
    (void)state;
    for (size_t u = 0; u < UNITS; u++) {
        bool seconds = units[u].per_second == 1;
        struct weir_pipeline *pipeline = pipeline_in(&units[u], end_tumble);
        push_times(pipeline, (const int64_t[]){INT64_MAX, INT64_MAX - 1}, 2);
        assert_int_equal(weir_pipeline_advance(pipeline, 0, INT64_MAX - 2, &error), WEIR_OK);
        assert_int_equal(weir_pipeline_advance(pipeline, 0, INT64_MAX, &error), WEIR_OK);
        gives(pipeline, seconds ? INT64_MAX : LAST, INT64_MAX, seconds ? INT64_MAX : INT64_MAX - 1, 2);
        weir_pipeline_destroy(&pipeline);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_numbers_give_the_same_numbers),
        cmocka_unit_test(the_same_moments_give_the_same_moments),
        cmocka_unit_test(windows_of_250_units),
        cmocka_unit_test(plans_say_their_unit),
        cmocka_unit_test(reasons_are_in_the_unit),
        cmocka_unit_test(mixed_units_are_refused),
        cmocka_unit_test(ends_are_held),
        cmocka_unit_test(bounds_are_held_at_the_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
