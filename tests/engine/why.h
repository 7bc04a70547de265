/* SPDX-License-Identifier: Apache-2.0
 *
 * Asking a pipeline why: a query over pushed rows of (ts TIMESTAMP(3), k STRING, v BIGINT), a wall clock that the
 * test moves, the facts and the words. Times are "HH:MM:SS" of 2024-01-01, or whole.
 */
#ifndef WEIR_TESTS_ENGINE_WHY_H
#define WEIR_TESTS_ENGINE_WHY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/checked.h"
#include "engine/value_text.h"
#include "tests/engine/arrays.h"
#include "weir/weir.h"

#define STREAM(options)                                                                                            \
    "CREATE TABLE s (ts TIMESTAMP(3), k STRING, v BIGINT, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH "     \
    "('connector' = 'push'" options ");"
#define HOURS                                                                                                      \
    "SELECT window_start, window_end, k, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' "   \
    "HOUR)) GROUP BY window_start, window_end, k"

static struct weir_error error;
static int64_t wall; /* what the wall clock shows, ms */
static struct weir_why why;
static char *words;

static int64_t read_wall(void *user) {
    (void)user;
    return wall;
}

/* ms since 1970. */
static inline int64_t at(const char *text) {
    char whole[64];
    int64_t ms = 0;
    snprintf(whole, sizeof(whole), "%s%s", strlen(text) < 19 ? "2024-01-01 " : "", text);
    if (weir_text_read_timestamp(whole, (int64_t)strlen(whole), 1000, 3, &ms) != WEIR_TEXT_OK)
        fail_msg("'%s' is no time", text);
    return ms;
}

static inline struct weir_pipeline *open_with(const char *sql, struct weir_pipeline_options options) {
    struct weir_query *query = NULL;
    struct weir_pipeline *pipeline = NULL;
    options.struct_size = sizeof(options);
    options.clock = read_wall;
    wall = at("2024-06-01 12:00:00");
    if (weir_query_create(sql, NULL, NULL, &query, &error) != WEIR_OK) fail_msg("query: %s", error.message);
    if (weir_pipeline_create(query, &options, &pipeline, &error) != WEIR_OK) fail_msg("create: %s", error.message);
    weir_query_destroy(&query);
    return pipeline;
}

static inline struct weir_pipeline *open_sql(const char *sql, int32_t partitions) {
    return open_with(sql, (struct weir_pipeline_options){.partitions = partitions});
}

/* A row; time NULL: it has none. */
static inline void give(struct weir_pipeline *pipeline, int32_t partition, const char *time, const char *key) {
    int64_t ts = time == NULL ? 0 : at(time), v = 1;
    struct ArrowArray batch = batch_of(1, 3, array_i64(&ts, 1, time == NULL ? "0" : NULL),
                                       array_strings(&key, 1, false), array_i64(&v, 1, NULL));
    if (weir_pipeline_push(pipeline, partition, &batch, &error) != WEIR_OK) fail_msg("push: %s", error.message);
}

static inline void drop_rows(struct weir_pipeline *pipeline) {
    struct ArrowArray batch;
    while (weir_pipeline_next(pipeline, &batch, &error) == WEIR_OK) batch.release(&batch);
}

static inline void end_input(struct weir_pipeline *pipeline) {
    if (weir_pipeline_finish(pipeline, &error) != WEIR_OK) fail_msg("finish: %s", error.message);
}

/* Fills `why` and `words`. */
static inline void ask_request(struct weir_pipeline *pipeline, struct weir_why_request request) {
    request.struct_size = sizeof(request);
    why = (struct weir_why){.struct_size = sizeof(why)};
    free(words);
    if (weir_pipeline_why(pipeline, &request, &why, &words, &error) != WEIR_OK) fail_msg("why: %s", error.message);
    assert_non_null(words);
}

/* time NULL: the window that fires next; key NULL: any. */
static inline void ask(struct weir_pipeline *pipeline, const char *time, const char *key) {
    struct weir_why_request request = {.has_time = time != NULL};
    if (time != NULL) request.time = at(time);
    if (key != NULL) {
        request.key = &key;
        request.key_count = 1;
    }
    ask_request(pipeline, request);
}

static inline void says(const char *expected) {
    if (strcmp(words, expected) == 0) return;
    print_error("expected:\n%s\nactual:\n%s\n", expected, words);
    fail();
}

static inline void tells(const char *part) {
    if (strstr(words, part) != NULL) return;
    print_error("lacks: %s\nactual:\n%s\n", part, words);
    fail();
}

static inline void is_window(const char *start, const char *end) {
    assert_int_equal(why.window_start, at(start));
    assert_int_equal(why.window_end, at(end));
}

static inline void close_pipeline(struct weir_pipeline *pipeline) {
    weir_pipeline_destroy(&pipeline);
    free(words);
    words = NULL;
}

#endif
