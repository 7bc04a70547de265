/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules of windows as users see them: a query over one pushed table (ts, k, v), rows, watermarks and results as
 * short words.
 *
 *   row      [key:][value@]time    value 1 and the key NULL where they are left out; the time - is NULL
 *   result   [op ]key=value@last   its value and the last ms that its window holds; `?` behind: is_complete is
 * FALSE [op ]key=value[start,end)   where the rule is about bounds
 *
 * Results of one window end stand in the order of their keys; of one key and window in the order in which they
 * came.
 */
#ifndef WEIR_TESTS_ENGINE_RULES_H
#define WEIR_TESTS_ENGINE_RULES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <weir/weir.h>

#include "tests/engine/arrays.h"

/* What a query asks for; a member that is left out is not in the script. */
struct asked {
    const char *set;       /* SET statements */
    const char *watermark; /* the expression of WATERMARK FOR ts */
    const char *options;   /* of the table, each after a comma */
    const char *window;    /* a table function over t */
    const char *value;     /* instead of SUM(v) */
    const char *where, *tail;
    bool instants; /* ts is TIMESTAMP_LTZ */
    bool clock;    /* a column p AS PROCTIME() */
    bool no_key;
    bool spans; /* results show their bounds */
    bool marked;
    int32_t partitions; /* 0: one */
};

struct rule {
    const struct asked *asked;
    struct weir_query *query;
    struct weir_pipeline *pipeline;
    int64_t clock;
    struct weir_error error;
};

/* Each rule holds without workers and with three. */
#define FOR_WORKERS(workers) for (int32_t workers = 0, times_ = 0; times_ < 2; times_++, workers = 3)

#define RULE_TEXT 4096

static inline const char *or_nothing(const char *text) { return text == NULL ? "" : text; }

static inline void rule_sql(const struct asked *asked, char *sql, size_t size) {
    const char *key = asked->no_key ? "" : "k, ";
    snprintf(
        sql, size,
        "%s CREATE TABLE t (ts %s, k STRING, v BIGINT%s%s%s) WITH ('connector' = 'push'%s);\n"
        "SELECT %s%s AS r, window_start, window_end%s FROM TABLE(%s) %s GROUP BY %swindow_start, window_end %s",
        or_nothing(asked->set), asked->instants ? "TIMESTAMP_LTZ(3)" : "TIMESTAMP(3)",
        asked->clock ? ", p AS PROCTIME()" : "", asked->watermark == NULL ? "" : ", WATERMARK FOR ts AS ",
        or_nothing(asked->watermark), or_nothing(asked->options), key,
        asked->value == NULL ? "SUM(v)" : asked->value, asked->marked ? ", is_complete" : "", asked->window,
        or_nothing(asked->where), key, or_nothing(asked->tail));
}

static int64_t rule_clock(void *user) { return ((struct rule *)user)->clock; }

static inline void rule_open(struct rule *rule, int32_t workers, const struct asked *asked) {
    char sql[RULE_TEXT];
    *rule = (struct rule){.asked = asked};
    rule_sql(asked, sql, sizeof(sql));
    if (weir_query_create(sql, NULL, NULL, &rule->query, &rule->error) != WEIR_OK)
        fail_msg("%s\n  %d:%d %s", sql, rule->error.line, rule->error.column, rule->error.message);
    struct weir_pipeline_options options = {.struct_size = sizeof(options),
                                            .workers = workers,
                                            .partitions = asked->partitions,
                                            .clock = rule_clock,
                                            .clock_user = rule};
    if (weir_pipeline_create(rule->query, &options, &rule->pipeline, &rule->error) != WEIR_OK)
        fail_msg("%s", rule->error.message);
}

static inline void rule_close(struct rule *rule) {
    weir_pipeline_destroy(&rule->pipeline);
    weir_query_destroy(&rule->query);
}

static inline void rule_check(const struct rule *rule, enum weir_status status) {
    if (status != WEIR_OK) fail_msg("%s", rule->error.message);
}

/* ---- rows ---- */

#define RULE_ROWS 64

struct rule_row {
    int64_t ts, v;
    char time_is, key[32];
    bool has_key;
};

/* Reads one word. */
static inline struct rule_row rule_row_of(const char *word) {
    struct rule_row row = {.v = 1, .time_is = '1'};
    const char *colon = strchr(word, ':'), *at = strchr(word, '@');
    if (colon != NULL) {
        row.has_key = true;
        snprintf(row.key, sizeof(row.key), "%.*s", (int)(colon - word), word);
        word = colon + 1;
    }
    if (at != NULL) {
        row.v = strtoll(word, NULL, 10);
        word = at + 1;
    }
    if (strcmp(word, "-") == 0) {
        row.time_is = '0';
    } else {
        row.ts = strtoll(word, NULL, 10);
    }
    return row;
}

static inline void rule_push(struct rule *rule, int32_t partition, const struct rule_row *rows, int32_t count) {
    int64_t ts[RULE_ROWS], v[RULE_ROWS];
    const char *keys[RULE_ROWS];
    char times[RULE_ROWS];
    for (int32_t i = 0; i < count; i++) {
        ts[i] = rows[i].ts;
        v[i] = rows[i].v;
        keys[i] = rows[i].has_key ? rows[i].key : NULL;
        times[i] = rows[i].time_is;
    }
    struct ArrowArray batch = batch_of(count, 3, array_i64(ts, count, times), array_strings(keys, count, false),
                                       array_i64(v, count, NULL));
    rule_check(rule, weir_pipeline_push(rule->pipeline, partition, &batch, &rule->error));
}

/* Rows of a partition in one batch; words as printf makes them. */
static inline void rule_rows_of(struct rule *rule, int32_t partition, const char *format, ...) {
    struct rule_row rows[RULE_ROWS];
    char text[RULE_TEXT];
    int32_t count = 0;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    for (char *rest = text, *word; (word = strtok_r(rest, " ", &rest)) != NULL;) {
        assert_true(count < RULE_ROWS);
        rows[count++] = rule_row_of(word);
    }
    rule_push(rule, partition, rows, count);
}

#define rule_rows(rule, ...) rule_rows_of(rule, 0, __VA_ARGS__)

static inline void rule_advance(struct rule *rule, int64_t watermark) {
    rule_check(rule, weir_pipeline_advance(rule->pipeline, 0, watermark, &rule->error));
}

static inline void rule_advance_of(struct rule *rule, int32_t partition, int64_t watermark) {
    rule_check(rule, weir_pipeline_advance(rule->pipeline, partition, watermark, &rule->error));
}

/* The wall clock shows that, and the pipeline looks. */
static inline void rule_tick(struct rule *rule, int64_t now) {
    rule->clock = now;
    rule_check(rule, weir_pipeline_poll(rule->pipeline, &rule->error));
}

static inline void rule_finish(struct rule *rule) {
    rule_check(rule, weir_pipeline_finish(rule->pipeline, &rule->error));
}

static inline struct weir_stats rule_stats(struct rule *rule) {
    struct weir_stats stats = {.struct_size = sizeof(stats)};
    assert_int_equal(weir_pipeline_stats(rule->pipeline, &stats), WEIR_OK);
    assert_int_equal(stats.rows_in, stats.filtered + stats.null_time + stats.future_dropped + stats.unassigned +
                                        stats.late + stats.aggregated);
    return stats;
}

/* ---- results ---- */

struct rule_result {
    int64_t end;
    char key[32], text[160];
};

struct rule_results {
    struct rule_result of[256];
    int32_t count;
};

static inline int64_t rule_i64(const struct ArrowArray *array, int64_t row) {
    return ((const int64_t *)array->buffers[1])[array->offset + row];
}

/* The text of a cell; `-` for NULL. */
static inline void rule_cell(const struct ArrowSchema *schema, const struct ArrowArray *array, int64_t row,
                             char *text, size_t size) {
    size_t length = 0;
    enum weir_status status = weir_value_format(schema, array, row, text, size - 1, &length);
    if (status != WEIR_OK && status != WEIR_END) fail_msg("a cell of '%s' has no text", schema->name);
    snprintf(text + (status == WEIR_OK ? length : 0), 2, "%s", status == WEIR_OK ? "" : "-");
}

static inline struct rule_result rule_result_of(const struct rule *rule, const struct ArrowSchema *schema,
                                                const struct ArrowArray *batch, int64_t row) {
    struct rule_result result = {.key = ""};
    char op[8] = "", value[64];
    int64_t column = 0, start;
    if (strcmp(schema->children[0]->name, "op") == 0) {
        rule_cell(schema->children[0], batch->children[0], row, op, sizeof(op));
        column++;
    }
    if (!rule->asked->no_key) {
        rule_cell(schema->children[column], batch->children[column], row, result.key, sizeof(result.key));
        column++;
    }
    rule_cell(schema->children[column], batch->children[column], row, value, sizeof(value));
    start = rule_i64(batch->children[column + 1], row);
    result.end = rule_i64(batch->children[column + 2], row);
    char complete[8] = "true";
    if (rule->asked->marked)
        rule_cell(schema->children[column + 3], batch->children[column + 3], row, complete, sizeof(complete));
    const char *mark = strcmp(complete, "true") == 0 ? "" : "?", *gap = op[0] == '\0' ? "" : " ";
    if (rule->asked->spans) {
        snprintf(result.text, sizeof(result.text), "%s%s%s=%s[%lld,%lld)%s", op, gap, result.key, value,
                 (long long)start, (long long)result.end, mark);
    } else {
        snprintf(result.text, sizeof(result.text), "%s%s%s=%s@%lld%s", op, gap, result.key, value,
                 (long long)result.end - 1, mark);
    }
    return result;
}

/* Takes all that waits, what workers are still at included: a barrier that fires may send the next one. */
static inline void rule_take(struct rule *rule, struct rule_results *results) {
    struct ArrowSchema schema;
    rule_check(rule, weir_query_schema(rule->query, &schema, &rule->error));
    results->count = 0;
    for (int idle = 0; idle < 3;) {
        struct ArrowArray batch;
        enum weir_status status = weir_pipeline_next(rule->pipeline, &batch, &rule->error);
        if (status == WEIR_END) break;
        if (status == WEIR_AGAIN) {
            rule_stats(rule);
            idle++;
            continue;
        }
        rule_check(rule, status);
        for (int64_t row = 0; row < batch.length; row++) {
            assert_true(results->count < 256);
            results->of[results->count++] = rule_result_of(rule, &schema, &batch, row);
        }
        batch.release(&batch);
    }
    schema.release(&schema);
}

/* Orders results of one window end by their keys. */
static inline void rule_order(struct rule_results *results) {
    for (int32_t i = 1; i < results->count; i++) {
        for (int32_t at = i; at > 0; at--) {
            struct rule_result *before = &results->of[at - 1], *after = &results->of[at];
            if (before->end != after->end || strcmp(before->key, after->key) <= 0) break;
            struct rule_result swap = *before;
            *before = *after;
            *after = swap;
        }
    }
}

/* What has come since the last call is exactly that; words as printf makes them. */
static inline void rule_expect(struct rule *rule, const char *format, ...) {
    static struct rule_results results;
    static char expected[RULE_TEXT], given[RULE_TEXT * 4];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(expected, sizeof(expected), format, arguments);
    va_end(arguments);
    rule_take(rule, &results);
    rule_order(&results);
    given[0] = '\0';
    for (int32_t i = 0; i < results.count; i++) {
        if (i > 0) strcat(given, " ");
        strcat(given, results.of[i].text);
    }
    assert_string_equal(given, expected);
}

/* The rows that were put aside since the last call are these: times alone. */
static inline void rule_expect_aside(struct rule *rule, const char *expected) {
    char given[RULE_TEXT] = "", one[32];
    for (int idle = 0; idle < 3;) {
        struct ArrowArray batch;
        enum weir_status status = weir_pipeline_next_late(rule->pipeline, &batch, &rule->error);
        if (status == WEIR_END) break;
        if (status == WEIR_AGAIN) {
            rule_stats(rule);
            idle++;
            continue;
        }
        rule_check(rule, status);
        assert_int_equal(batch.n_children, 3);
        for (int64_t row = 0; row < batch.length; row++) {
            snprintf(one, sizeof(one), "%s%lld", given[0] == '\0' ? "" : " ",
                     (long long)rule_i64(batch.children[0], row));
            strcat(given, one);
        }
        batch.release(&batch);
    }
    assert_string_equal(given, expected);
}

static inline void rule_expect_watermark(struct rule *rule, int64_t watermark) {
    assert_int_equal(rule_stats(rule).watermark, watermark);
}

/* The query is refused with a message that holds the text. */
static inline void rule_expect_refused(const struct asked *asked, const char *text) {
    char sql[RULE_TEXT];
    struct weir_query *query = NULL;
    struct weir_error error = {0};
    rule_sql(asked, sql, sizeof(sql));
    if (weir_query_create(sql, NULL, NULL, &query, &error) == WEIR_OK) fail_msg("not refused: %s", sql);
    if (strstr(error.message, text) == NULL)
        fail_msg("%s\nshould be refused with '%s', and is with\n%s", sql, text, error.message);
    assert_true(error.line > 0);
}

/* A script of its own, refused. */
static inline void rule_expect_script_refused(const char *sql, const char *text) {
    struct weir_query *query = NULL;
    struct weir_error error = {0};
    if (weir_query_create(sql, NULL, NULL, &query, &error) == WEIR_OK) fail_msg("not refused: %s", sql);
    if (strstr(error.message, text) == NULL)
        fail_msg("%s\nshould be refused with '%s', and is with\n%s", sql, text, error.message);
}

#define ROW_TIME "(TABLE t, DESCRIPTOR(ts), "
#define BY_KEY "(TABLE t PARTITION BY k, DESCRIPTOR(ts), "

#endif
