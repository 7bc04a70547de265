/* SPDX-License-Identifier: Apache-2.0
 *
 * Random events as Arrow batches, and what a query makes of them as text, through the public headers alone.
 */
#ifndef WEIR_TESTS_API_EVENTS_H
#define WEIR_TESTS_API_EVENTS_H

#include <weir/builder.h>
#include <weir/weir.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct weir_error error;

/* ---- columns ---- */

enum {
    TS,
    K,
    N,
    V,
    X,
    D,
    B,
    AT,
    DAY,
    F,
    S,
    TOD,
    FINE,
    EXACT,
    COLUMNS,
};

/* The columns in SQL, and in Arrow. */
#define EVENTS                                                                                                     \
    "CREATE TABLE events (ts TIMESTAMP(3), k STRING, n INT, v BIGINT, x DOUBLE, d DECIMAL(10, 2), b BOOLEAN, "     \
    "moment TIMESTAMP_LTZ(3), today DATE, f FLOAT, s SMALLINT, tod TIME(3), fine TIMESTAMP(6), exact "             \
    "TIMESTAMP_LTZ(6)"
static const char *const event_names[COLUMNS] = {"ts",     "k",     "n", "v", "x",   "d",    "b",
                                                 "moment", "today", "f", "s", "tod", "fine", "exact"};
static const char *const event_formats[COLUMNS] = {"tsm:",    "u",   "i", "l", "g",   "d:10,2", "b",
                                                   "tsm:UTC", "tdD", "f", "s", "ttm", "tsu:",   "tsu:UTC"};
static const int event_bytes[COLUMNS] = {8, 0, 4, 8, 8, 16, 0, 8, 4, 4, 2, 4, 8, 8};

static void release_schema(struct ArrowSchema *schema) { schema->release = NULL; }

/* The schema of the events; static, its release only marks it. */
static inline const struct ArrowSchema *event_schema(void) {
    static struct ArrowSchema schema, children[COLUMNS], *pointers[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
        children[i] = (struct ArrowSchema){
            .format = event_formats[i], .name = event_names[i], .flags = 2, .release = release_schema};
        pointers[i] = &children[i];
    }
    schema = (struct ArrowSchema){
        .format = "+s", .name = "", .n_children = COLUMNS, .children = pointers, .release = release_schema};
    return &schema;
}

/* ---- random batches ---- */

static inline uint64_t next_random(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

struct events {
    struct ArrowArray child[COLUMNS], *children[COLUMNS];
    const void *none[1], *buffers[COLUMNS][3];
};

static int batches_made, batches_released;

static void release_child(struct ArrowArray *array) {
    for (int i = 0; i < 3; i++) free((void *)(uintptr_t)((const void **)array->buffers)[i]);
    array->release = NULL;
}

static void release_events(struct ArrowArray *array) {
    for (int i = 0; i < COLUMNS; i++) array->children[i]->release(array->children[i]);
    batches_released++;
    array->release = NULL;
    free(array->private_data);
}

static inline void *room(size_t bytes) {
    void *made = calloc(bytes + 1, 1);
    if (made == NULL) abort();
    return made;
}

static inline void put_number(void *values, int column, int64_t row, int64_t number) {
    int64_t fine = number * 1000 + 7;
    int32_t i32 = (int32_t)number;
    int16_t i16 = (int16_t)number;
    double f64 = (double)number / 4;
    float f32 = (float)number / 4;
    int64_t i128[2] = {number, number < 0 ? -1 : 0};
    const void *from = &number;
    if (column == X) from = &f64;
    if (column == F) from = &f32;
    if (column == D) from = i128;
    if (column == S) from = &i16;
    if (column == FINE || column == EXACT) from = &fine;
    if (column == N || column == DAY || column == TOD) from = &i32;
    memcpy((char *)values + row * event_bytes[column], from, (size_t)event_bytes[column]);
}

static const int64_t day_2020 = INT64_C(1577836800000);

/* `time` is the row's time; some values are NULL, some rows come late. */
static inline int64_t event_value(int column, int64_t time, uint64_t random) {
    switch (column) {
    case TS:
    case AT:
    case FINE:
    case EXACT: return time;
    case DAY: return 18262 + (int64_t)(random % 5);
    case TOD: return (int64_t)(random % 86400000);
    case N: return (int64_t)(random % 21) - 10;
    case S: return (int64_t)(random % 7) - 3;
    default: return (int64_t)(random % 2001) - 1000;
    }
}

static inline void fill_strings(struct events *events, int64_t rows, uint64_t *seed) {
    int32_t *offsets = room((size_t)(rows + 1) * sizeof(int32_t));
    char *text = room((size_t)rows * 2);
    for (int64_t i = 0; i < rows; i++) {
        int length = (int)(next_random(seed) % 3); /* "", a..c, aa..cc */
        memset(text + offsets[i], 'a' + (int)(next_random(seed) % 3), (size_t)length);
        offsets[i + 1] = offsets[i] + length;
    }
    events->buffers[K][1] = offsets;
    events->buffers[K][2] = text;
}

/* Rows around `first`, about 100 ms apart. */
static inline struct ArrowArray make_events(int64_t rows, int64_t first, uint64_t *seed) {
    struct events *events = room(sizeof(*events));
    unsigned char *validity[COLUMNS];
    for (int c = 0; c < COLUMNS; c++) {
        events->buffers[c][0] = validity[c] = room((size_t)rows / 8 + 1);
        size_t bytes = event_bytes[c] == 0 ? 1 : (size_t)event_bytes[c];
        if (c != K) events->buffers[c][1] = room((size_t)rows * bytes);
        events->child[c] = (struct ArrowArray){.length = rows,
                                               .null_count = -1,
                                               .n_buffers = c == K ? 3 : 2,
                                               .buffers = events->buffers[c],
                                               .release = release_child};
        events->children[c] = &events->child[c];
    }
    fill_strings(events, rows, seed);
    for (int64_t i = 0; i < rows; i++) {
        int64_t time = first + i * 100 - (int64_t)(next_random(seed) % 4000);
        if (next_random(seed) % 50 == 0) time -= 30000;
        for (int c = 0; c < COLUMNS; c++) {
            uint64_t random = next_random(seed);
            if (random % 11 != 0) validity[c][i / 8] |= (unsigned char)(1 << i % 8);
            void *values = (void *)(uintptr_t)events->buffers[c][1];
            if (c == B && random % 2 == 0) ((unsigned char *)values)[i / 8] |= (unsigned char)(1 << i % 8);
            if (event_bytes[c] > 0) put_number(values, c, i, event_value(c, time, random / 16));
        }
    }
    batches_made++;
    return (struct ArrowArray){.length = rows,
                               .n_buffers = 1,
                               .n_children = COLUMNS,
                               .buffers = events->none,
                               .children = events->children,
                               .release = release_events,
                               .private_data = events};
}

/* ---- results as text ---- */

struct lines {
    char **items;
    size_t count, room;
};

static inline void add_line(struct lines *lines, const char *text) {
    if (lines->count == lines->room) {
        lines->room = lines->room * 2 + 64;
        lines->items = realloc(lines->items, lines->room * sizeof(char *));
        if (lines->items == NULL) abort();
    }
    size_t bytes = strlen(text) + 1;
    lines->items[lines->count] = room(bytes);
    memcpy(lines->items[lines->count++], text, bytes);
}

static inline void free_lines(struct lines *lines) {
    for (size_t i = 0; i < lines->count; i++) free(lines->items[i]);
    free(lines->items);
    *lines = (struct lines){NULL, 0, 0};
}

static inline int compare_lines(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static inline void add_rows(struct lines *lines, const char *mark, const struct ArrowSchema *schema,
                            const struct ArrowArray *batch) {
    assert_int_equal(batch->n_children, schema->n_children);
    for (int64_t row = 0; row < batch->length; row++) {
        char text[2000] = "", cell[200];
        size_t at = (size_t)snprintf(text, sizeof(text), "%s", mark), length;
        for (int64_t c = 0; c < batch->n_children; c++) {
            enum weir_status status =
                weir_value_format(schema->children[c], batch->children[c], row, cell, sizeof(cell), &length);
            assert_true(status == WEIR_OK || status == WEIR_END);
            int used = status == WEIR_END ? snprintf(text + at, sizeof(text) - at, "|-")
                                          : snprintf(text + at, sizeof(text) - at, "|%.*s", (int)length, cell);
            at += (size_t)used;
            assert_true(at < sizeof(text));
        }
        add_line(lines, text);
    }
}

/* What waits now, rows put aside too. */
static inline void pull(struct lines *lines, const struct ArrowSchema *schema, struct weir_pipeline *pipeline) {
    struct ArrowArray batch;
    enum weir_status status;
    while ((status = weir_pipeline_next(pipeline, &batch, &error)) == WEIR_OK) {
        add_rows(lines, "", schema, &batch);
        batch.release(&batch);
    }
    if (status != WEIR_END && status != WEIR_AGAIN) fail_msg("next: %s", error.message);
    while ((status = weir_pipeline_next_late(pipeline, &batch, &error)) == WEIR_OK) {
        add_rows(lines, "late", event_schema(), &batch);
        batch.release(&batch);
    }
    if (status != WEIR_END && status != WEIR_AGAIN) fail_msg("next_late: %s", error.message);
}

/* ---- runs ---- */

struct run {
    uint64_t seed;
    int batches;
    int64_t rows; /* of a batch */
    int64_t first;
    int32_t workers;
};

static inline int64_t test_clock(void *user) { return *(int64_t *)user; }

static inline void add_stats(struct lines *lines, struct weir_pipeline *pipeline) {
    struct weir_stats stats = {.struct_size = sizeof(stats)};
    char text[400];
    assert_int_equal(weir_pipeline_stats(pipeline, &stats), WEIR_OK);
    assert_int_equal(stats.rows_in, stats.filtered + stats.null_time + stats.future_dropped + stats.unassigned +
                                        stats.late + stats.aggregated);
    snprintf(text, sizeof(text),
             "stats: %lld rows, %lld filtered, %lld gap, %lld late, %lld future, %lld folded, W %lld",
             (long long)stats.rows_in, (long long)stats.filtered, (long long)stats.unassigned,
             (long long)stats.late, (long long)stats.future, (long long)stats.folded, (long long)stats.watermark);
    add_line(lines, text);
}

/* The query over random events; the wall clock stands a little ahead of each batch, and then goes on. */
static inline struct lines run_query(const struct weir_query *query, const struct run *run) {
    struct lines lines = {NULL, 0, 0};
    struct weir_pipeline *pipeline = NULL;
    int64_t now = run->first;
    struct weir_pipeline_options options = {
        .struct_size = sizeof(options), .workers = run->workers, .clock = test_clock, .clock_user = &now};
    struct ArrowSchema schema;
    uint64_t seed = run->seed;
    assert_int_equal(weir_query_schema(query, &schema, &error), WEIR_OK);
    if (weir_pipeline_create(query, &options, &pipeline, &error) != WEIR_OK) fail_msg("create: %s", error.message);
    for (int i = 0; i < run->batches; i++) {
        int64_t first = run->first + i * run->rows * 100;
        struct ArrowArray batch = make_events(run->rows, first, &seed);
        now = first + (int64_t)(next_random(&seed) % 9000);
        if (weir_pipeline_push(pipeline, 0, &batch, &error) != WEIR_OK) fail_msg("push: %s", error.message);
        pull(&lines, &schema, pipeline);
    }
    now += 3600000;
    assert_int_equal(weir_pipeline_poll(pipeline, &error), WEIR_OK);
    if (weir_pipeline_finish(pipeline, &error) != WEIR_OK) fail_msg("finish: %s", error.message);
    pull(&lines, &schema, pipeline);
    add_stats(&lines, pipeline);
    weir_pipeline_destroy(&pipeline);
    schema.release(&schema);
    return lines;
}

/* ---- two queries that say the same ---- */

static inline struct weir_query *query_of_sql(const char *sql) {
    struct weir_query *query = NULL;
    if (weir_query_create(sql, NULL, NULL, &query, &error) != WEIR_OK)
        fail_msg("SQL: %s (%d:%d)\n%s", error.message, error.line, error.column, sql);
    return query;
}

static inline void same_schema(const struct weir_query *a, const struct weir_query *b) {
    struct ArrowSchema x, y;
    assert_int_equal(weir_query_schema(a, &x, &error), WEIR_OK);
    assert_int_equal(weir_query_schema(b, &y, &error), WEIR_OK);
    assert_int_equal(x.n_children, y.n_children);
    for (int64_t i = 0; i < x.n_children; i++) {
        assert_string_equal(x.children[i]->name, y.children[i]->name);
        assert_string_equal(x.children[i]->format, y.children[i]->format);
        assert_int_equal(x.children[i]->flags, y.children[i]->flags);
    }
    x.release(&x);
    y.release(&y);
}

/* The next line that is no note on what Flink would refuse; its length, 0 at the end. */
static inline size_t next_fact(const char **at) {
    while (strncmp(*at, "note: ", 6) == 0) *at += strcspn(*at, "\n") + 1;
    return strcspn(*at, "\n");
}

/* The same plan in words. */
static inline void same_explain(const struct weir_query *a, const struct weir_query *b) {
    const char *x = weir_query_explain(a), *y = weir_query_explain(b);
    size_t length = 1;
    while (length > 0) {
        length = next_fact(&x);
        if (next_fact(&y) != length || strncmp(x, y, length) != 0) {
            print_error("SQL: %s\nbuilder: %s\n", x, y);
            fail();
        }
        x += length + (length > 0);
        y += length + (length > 0);
    }
}

static inline bool any_line_has(const struct lines *lines, const char *part) {
    for (size_t i = 0; i < lines->count; i++) {
        if (strstr(lines->items[i], part) != NULL) return true;
    }
    return false;
}

/* `shows`: what some line must hold, and with a '!' before it no line, so that the events do meet what is tested.
 */
static inline void same_lines(const struct weir_query *a, const struct weir_query *b, const struct run *run,
                              const char *shows) {
    struct lines x = run_query(a, run), y = run_query(b, run);
    if (run->workers > 0) { /* the keys of a window come in any order */
        qsort(x.items, x.count, sizeof(char *), compare_lines);
        qsort(y.items, y.count, sizeof(char *), compare_lines);
    }
    for (size_t i = 0; i < x.count && i < y.count; i++) {
        if (strcmp(x.items[i], y.items[i]) != 0)
            fail_msg("seed %llu, row %zu: SQL %s, builder %s", (unsigned long long)run->seed, i, x.items[i],
                     y.items[i]);
    }
    assert_int_equal(x.count, y.count);
    assert_true(x.count > 1);
    bool none = shows[0] == '!';
    if (any_line_has(&x, shows + none) == none)
        fail_msg("in the lines there is %s%s", none ? "" : "no ", shows + none);
    free_lines(&x);
    free_lines(&y);
}

/* Same schema, plan and rows, with no and with so many workers. Takes both queries. */
static inline void same_queries(struct weir_query *a, struct weir_query *b, int32_t workers, const char *shows) {
    same_schema(a, b);
    same_explain(a, b);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct run run = {seed * 71, 12, seed == 1 ? 37 : 200, day_2020, seed == 3 ? workers : 0};
        same_lines(a, b, &run, shows);
    }
    weir_query_destroy(&a);
    weir_query_destroy(&b);
}

static inline struct weir_builder *new_builder(void) {
    struct weir_builder *builder = NULL;
    if (weir_builder_create(event_schema(), &builder, &error) != WEIR_OK) fail_msg("create: %s", error.message);
    return builder;
}

/* Finishes and destroys. */
static inline struct weir_query *query_of(struct weir_builder *builder) {
    struct weir_query *query = NULL;
    if (weir_builder_finish(builder, &query, &error) != WEIR_OK) fail_msg("finish: %s", error.message);
    weir_builder_destroy(&builder);
    return query;
}

#endif
