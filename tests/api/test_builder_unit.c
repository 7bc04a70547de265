/* SPDX-License-Identifier: Apache-2.0
 *
 * Queries whose event time counts s, us or ns instead of ms. Arithmetic does not know what a unit is: the same
 * numbers give the same numbers. And the same moments, written in another unit, give the same moments.
 */
#include "tests/api/units.h"

#define BATCHES 8

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

static uint64_t random_state;

static int64_t random_below(int64_t limit) {
    random_state ^= random_state << 13, random_state ^= random_state >> 7, random_state ^= random_state << 17;
    return (int64_t)(random_state % (uint64_t)limit);
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_numbers_give_the_same_numbers),
        cmocka_unit_test(the_same_moments_give_the_same_moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
