/* SPDX-License-Identifier: Apache-2.0
 *
 * Random streams and queries for the differential tests of the engine: rows as plain structs, batches made from
 * them, a plan, and results as lines of text.
 */
#ifndef WEIR_TESTS_ENGINE_STREAM_H
#define WEIR_TESTS_ENGINE_STREAM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "engine/plan.h"
#include "engine/result.h"
#include "tests/engine/random.h"

struct row {
    bool has_ts, has_k, has_s, has_v;
    int64_t ts; /* ms */
    int64_t k;
    int32_t s; /* string "s<number>" */
    int64_t v;
};

enum key_choice { KEY_NONE, KEY_K, KEY_S, KEY_K_S, KEY_CHOICES };

struct query {
    struct weir_window_spec window;
    bool watermark;
    int64_t delay;
    enum key_choice keys;
    int64_t filter; /* keep rows with v > filter; INT64_MIN: no filter */
};

/* ---- batches ---- */

static inline struct ArrowArray make_batch(const struct row *rows, int32_t count) {
    struct weir_type types[4] = {weir_type_timestamp(3), weir_type_of(WEIR_TYPE_BIGINT),
                                 weir_type_of(WEIR_TYPE_STRING), weir_type_of(WEIR_TYPE_BIGINT)};
    struct weir_result result;
    struct ArrowArray out;
    if (weir_result_init(&result, types, 4, NULL) != WEIR_OK) abort();
    for (int32_t i = 0; i < count; i++) {
        const struct row *row = &rows[i];
        char text[24];
        snprintf(text, sizeof(text), "s%d", row->s);
        struct weir_string string = {text, (int64_t)strlen(text)};
        uint64_t valid[4] = {row->has_ts, row->has_k, row->has_s, row->has_v};
        struct weir_vector vectors[4] = {{.kind = WEIR_VECTOR_I64, .validity = &valid[0], .i64 = &row->ts},
                                         {.kind = WEIR_VECTOR_I64, .validity = &valid[1], .i64 = &row->k},
                                         {.kind = WEIR_VECTOR_STRING, .validity = &valid[2], .strings = &string},
                                         {.kind = WEIR_VECTOR_I64, .validity = &valid[3], .i64 = &row->v}};
        if (weir_result_append(&result, vectors, NULL, 1, NULL) != WEIR_OK) abort();
    }
    if (weir_result_take(&result, 4, &out, NULL) != WEIR_OK) abort();
    weir_result_fini(&result);
    return out;
}

/* ---- plans ---- */

static inline struct weir_expr *column(struct weir_plan *plan, int32_t index, struct weir_type type) {
    return weir_expr_column(&plan->arena, index, type);
}

/* SELECT window_start, window_end, keys, COUNT(*), COUNT(v), SUM(v), MIN(v), MAX(v), AVG(v), MIN(s), MAX(ts). */
static inline struct weir_plan *make_plan(const struct query *query) {
    static const enum weir_aggregate_function functions[8] = {
        WEIR_AGGREGATE_COUNT_STAR, WEIR_AGGREGATE_COUNT, WEIR_AGGREGATE_SUM, WEIR_AGGREGATE_MIN,
        WEIR_AGGREGATE_MAX,        WEIR_AGGREGATE_AVG,   WEIR_AGGREGATE_MIN, WEIR_AGGREGATE_MAX};
    static const char *const names[4] = {"ts", "k", "s", "v"};
    struct weir_type bigint = weir_type_of(WEIR_TYPE_BIGINT), string = weir_type_of(WEIR_TYPE_STRING);
    struct weir_type time = weir_type_timestamp(3);
    struct weir_plan *plan = weir_plan_create();
    struct weir_type types[4] = {time, bigint, string, bigint};
    plan->shape = WEIR_PLAN_AGGREGATE;
    plan->columns_count = 4;
    plan->column_names = weir_arena_array(&plan->arena, 4, sizeof(char *));
    plan->columns = weir_arena_array(&plan->arena, 4, sizeof(*plan->columns));
    for (int i = 0; i < 4; i++) {
        plan->column_names[i] = names[i];
        plan->columns[i] = weir_layout_of(types[i]);
    }
    plan->time_column = 0;
    plan->window = query->window;
    plan->watermark.kind = query->watermark ? WEIR_WATERMARK_DELAY : WEIR_WATERMARK_NONE;
    plan->watermark.delay = query->delay;
    plan->watermark.above_epoch = true;
    if (query->filter != INT64_MIN) {
        struct weir_expr *args[2] = {
            column(plan, 3, bigint),
            weir_expr_literal(&plan->arena, bigint, (union weir_value){.i64 = query->filter})};
        plan->filter = weir_expr_node(&plan->arena, WEIR_EXPR_GT, weir_type_of(WEIR_TYPE_BOOLEAN), 2, args);
    }
    plan->keys = weir_arena_array(&plan->arena, 2, sizeof(struct weir_expr *));
    if (query->keys == KEY_K || query->keys == KEY_K_S) plan->keys[plan->keys_count++] = column(plan, 1, bigint);
    if (query->keys == KEY_S || query->keys == KEY_K_S) plan->keys[plan->keys_count++] = column(plan, 2, string);
    plan->aggregates_count = 8;
    plan->aggregates = weir_arena_array(&plan->arena, 8, sizeof(*plan->aggregates));
    for (int i = 0; i < 8; i++) {
        struct weir_aggregate_call *call = &plan->aggregates[i];
        struct weir_expr *arg = i == 6   ? column(plan, 2, string)
                                : i == 7 ? column(plan, 0, time)
                                         : column(plan, 3, bigint);
        call->function = functions[i];
        call->arg = functions[i] == WEIR_AGGREGATE_COUNT_STAR ? NULL : arg;
        weir_aggregate_type(call->function, call->arg == NULL ? bigint : call->arg->type, &call->type, NULL);
    }
    int32_t outputs = 2 + plan->keys_count + plan->aggregates_count;
    plan->outputs = weir_arena_array(&plan->arena, (size_t)outputs, sizeof(*plan->outputs));
    for (int32_t i = 0; i < outputs; i++) {
        int32_t index = i < 2 ? i : i + 1;
        struct weir_type type = time;
        if (i >= 2 && i < 2 + plan->keys_count) type = plan->keys[i - 2]->type;
        if (i >= 2 + plan->keys_count) type = plan->aggregates[i - 2 - plan->keys_count].type;
        plan->outputs[i] = (struct weir_plan_output){"o", column(plan, index, type)};
    }
    plan->outputs_count = outputs;
    return plan;
}

/* ---- lines of text, sorted ---- */

struct lines {
    char **text;
    size_t count, room;
};

static inline void add_line(struct lines *lines, const char *text) {
    if (lines->count == lines->room) {
        lines->room = lines->room == 0 ? 64 : lines->room * 2;
        lines->text = realloc(lines->text, lines->room * sizeof(char *));
        if (lines->text == NULL) abort();
    }
    lines->text[lines->count++] = strdup(text);
}

static inline int compare_lines(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static inline void sort_lines(struct lines *lines) {
    if (lines->count > 1) qsort(lines->text, lines->count, sizeof(char *), compare_lines);
}

static inline void free_lines(struct lines *lines) {
    for (size_t i = 0; i < lines->count; i++) free(lines->text[i]);
    free(lines->text);
    *lines = (struct lines){NULL, 0, 0};
}

/* One line a row: cells separated by '|', NULL as nothing. Columns are strings where `is_string` says so, else
 * int64_t. */
static inline void add_array(struct lines *lines, const struct ArrowArray *array, const bool *is_string) {
    for (int64_t r = 0; r < array->length; r++) {
        char line[1024];
        size_t used = 0;
        for (int64_t c = 0; c < array->n_children; c++) {
            const struct ArrowArray *child = array->children[c];
            bool null = child->buffers[0] != NULL && !weir_bit_get(child->buffers[0], (size_t)r);
            const int32_t *offsets = child->buffers[1];
            if (null) {
                used += (size_t)snprintf(line + used, sizeof(line) - used, "|");
            } else if (is_string[c]) {
                used +=
                    (size_t)snprintf(line + used, sizeof(line) - used, "%.*s|", (int)(offsets[r + 1] - offsets[r]),
                                     (const char *)child->buffers[2] + offsets[r]);
            } else {
                used += (size_t)snprintf(line + used, sizeof(line) - used, "%lld|",
                                         (long long)((const int64_t *)child->buffers[1])[r]);
            }
        }
        add_line(lines, line);
    }
}

#endif
