/* SPDX-License-Identifier: Apache-2.0
 *
 * Plans for tests, a call for each part, and results as lines of text: cells separated by '|', NULL as '-', times
 * as their integers.
 */
#ifndef WEIR_TESTS_ENGINE_PLANS_H
#define WEIR_TESTS_ENGINE_PLANS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "engine/pipeline.h"
#include "engine/plan.h"

#define BIGINT_ weir_type_of(WEIR_TYPE_BIGINT)
#define STRING_ weir_type_of(WEIR_TYPE_STRING)
#define DOUBLE_ weir_type_of(WEIR_TYPE_DOUBLE)
#define TIME_ weir_type_timestamp(3)

static struct weir_error error;

/* An aggregating plan over columns of those types, each in the layout in which weir gives it. */
static inline struct weir_plan *plan_over(int32_t count, const struct weir_type *types) {
    static const char *const names[] = {"ts", "b", "c", "d", "e", "f", "g", "h"};
    struct weir_plan *plan = weir_plan_create();
    if (plan == NULL) return NULL;
    plan->shape = WEIR_PLAN_AGGREGATE;
    plan->columns_count = count;
    plan->column_names = weir_arena_array(&plan->arena, (size_t)count + 1, sizeof(char *));
    plan->columns = weir_arena_array(&plan->arena, (size_t)count + 1, sizeof(*plan->columns));
    plan->keys = weir_arena_array(&plan->arena, 64, sizeof(struct weir_expr *));
    plan->aggregates = weir_arena_array(&plan->arena, 64, sizeof(*plan->aggregates));
    for (int32_t i = 0; i < count; i++) {
        plan->column_names[i] = i < 8 ? names[i] : "x";
        plan->columns[i] = weir_layout_of(types[i]);
    }
    return plan;
}

static inline struct weir_expr *plan_column(struct weir_plan *plan, int32_t index) {
    return weir_expr_column(&plan->arena, index, plan->columns[index].type);
}

static inline void plan_window(struct weir_plan *plan, enum weir_window_kind kind, int64_t size, int64_t slide,
                               int64_t offset) {
    plan->time_column = 0;
    plan->window = (struct weir_window_spec){kind, size, slide, offset};
}

/* W = greatest time - delay, below 1970 too. */
static inline void plan_delay(struct weir_plan *plan, int64_t delay) {
    plan->watermark = (struct weir_watermark_spec){.kind = WEIR_WATERMARK_DELAY, .delay = delay};
}

static inline void plan_key(struct weir_plan *plan, int32_t index) {
    plan->keys[plan->keys_count++] = plan_column(plan, index);
}

static inline void plan_call_of(struct weir_plan *plan, enum weir_aggregate_function function,
                                struct weir_expr *arg) {
    struct weir_aggregate_call *call = &plan->aggregates[plan->aggregates_count++];
    *call =
        (struct weir_aggregate_call){.function = function, .arg = arg, .line = 3, .column = plan->aggregates_count};
    struct weir_type type = arg == NULL ? BIGINT_ : arg->type;
    if (weir_aggregate_type(function, type, &call->type, &error) != WEIR_OK) fail_msg("%s", error.message);
}

static inline void plan_call(struct weir_plan *plan, enum weir_aggregate_function function, int32_t index) {
    plan_call_of(plan, function, function == WEIR_AGGREGATE_COUNT_STAR ? NULL : plan_column(plan, index));
}

/* The type of result column `index`, which need not be made yet. */
static inline struct weir_type plan_result_type(const struct weir_plan *plan, int32_t index) {
    if (index < WEIR_RESULT_KEYS) {
        struct weir_type time = TIME_;
        time.nullable = plan->window.kind == WEIR_WINDOW_NONE;
        return time;
    }
    index -= WEIR_RESULT_KEYS;
    return index < plan->keys_count ? plan->keys[index]->type : plan->aggregates[index - plan->keys_count].type;
}

static inline struct weir_expr *plan_result(struct weir_plan *plan, int32_t index) {
    return weir_expr_column(&plan->arena, index, plan_result_type(plan, index));
}

/* The outputs are result columns from `first` on (0: with the bounds; WEIR_RESULT_KEYS: without). */
static inline void plan_outputs(struct weir_plan *plan, int32_t first) {
    int32_t end = WEIR_RESULT_KEYS + plan->keys_count + plan->aggregates_count;
    plan->outputs_count = end - first;
    plan->outputs = weir_arena_array(&plan->arena, (size_t)(end - first) + 1, sizeof(*plan->outputs));
    for (int32_t i = first; i < end; i++) {
        plan->outputs[i - first] = (struct weir_plan_output){"out", plan_result(plan, i)};
    }
}

static inline void plan_order(struct weir_plan *plan, int32_t index, bool descending, bool nulls_first) {
    if (plan->order == NULL) plan->order = weir_arena_array(&plan->arena, 8, sizeof(*plan->order));
    plan->order[plan->order_count++] = (struct weir_plan_order){plan_result(plan, index), descending, nulls_first};
}

/* Validates the plan, opens a pipeline and drops the plan. */
static inline struct weir_pipeline *plan_open(struct weir_plan *plan, int32_t workers) {
    struct weir_pipeline_options options = {.struct_size = sizeof(options), .workers = workers};
    struct weir_pipeline *pipeline = NULL;
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    if (weir_pipeline_create_plan(plan, &options, &pipeline, &error) != WEIR_OK)
        fail_msg("create: %s", error.message);
    return pipeline;
}

static inline void push_ok(struct weir_pipeline *pipeline, struct ArrowArray batch) {
    if (weir_pipeline_push(pipeline, 0, &batch, &error) != WEIR_OK) fail_msg("push: %s", error.message);
    assert_null(batch.release);
}

static inline void finish_ok(struct weir_pipeline *pipeline) {
    if (weir_pipeline_finish(pipeline, &error) != WEIR_OK) fail_msg("finish: %s", error.message);
}

/* ---- results ---- */

/* Grows; zero-terminated. */
struct text {
    char *bytes;
    size_t length, room;
};

static inline void text_add(struct text *text, const char *format, ...) {
    va_list arguments;
    if (text->room - text->length < 256) {
        text->room = text->room * 2 + 1024;
        text->bytes = realloc(text->bytes, text->room);
        if (text->bytes == NULL) abort();
    }
    va_start(arguments, format);
    text->length += (size_t)vsnprintf(text->bytes + text->length, 256, format, arguments);
    va_end(arguments);
}

static inline void text_free(struct text *text) {
    free(text->bytes);
    *text = (struct text){NULL, 0, 0};
}

static inline void add_cell(struct text *text, const struct ArrowSchema *schema, const struct ArrowArray *array,
                            int64_t row) {
    char cell[200];
    size_t length = 0;
    enum weir_status status = weir_value_format(schema, array, row, cell, sizeof(cell), &length);
    if (status == WEIR_END) {
        text_add(text, "-");
    } else if (strncmp(schema->format, "ts", 2) == 0) {
        text_add(text, "%lld", (long long)((const int64_t *)array->buffers[1])[row + array->offset]);
    } else {
        assert_int_equal(status, WEIR_OK);
        text_add(text, "%.*s", (int)(length < sizeof(cell) ? length : sizeof(cell)), cell);
    }
}

/* Rows of a result batch, cells by '|', each row ended by a space. */
static inline void add_rows(struct text *text, const struct weir_plan *plan, const struct ArrowArray *array) {
    struct ArrowSchema schema;
    assert_int_equal(weir_plan_schema(plan, &schema, &error), WEIR_OK);
    assert_int_equal(array->n_children, schema.n_children);
    for (int64_t r = 0; r < array->length; r++) {
        for (int64_t c = 0; c < array->n_children; c++) {
            if (c > 0) text_add(text, "|");
            add_cell(text, schema.children[c], array->children[c], r);
        }
        text_add(text, " ");
    }
    schema.release(&schema);
}

/* All that waits, workers' results included. */
static inline void add_results(struct text *text, const struct weir_plan *plan, struct weir_pipeline *pipeline) {
    int idle = 0;
    while (idle < 3) { /* a barrier that fires may send the next one */
        struct ArrowArray array;
        struct weir_stats stats = {.struct_size = sizeof(stats)};
        enum weir_status status = weir_pipeline_next(pipeline, &array, &error);
        if (status == WEIR_OK) {
            add_rows(text, plan, &array);
            array.release(&array);
            continue;
        }
        if (status == WEIR_END) return;
        if (status != WEIR_AGAIN) fail_msg("next: %s", error.message);
        assert_int_equal(weir_pipeline_stats(pipeline, &stats), WEIR_OK);
        idle++;
    }
}

/* What waits now is exactly `expected`. */
static inline void expect_now(const struct weir_plan *plan, struct weir_pipeline *pipeline, const char *expected) {
    struct text text = {NULL, 0, 0};
    text_add(&text, "%s", "");
    add_results(&text, plan, pipeline);
    if (strcmp(text.bytes, expected) != 0) {
        print_error("expected: %s\nactual:   %s\n", expected, text.bytes);
        fail();
    }
    text_free(&text);
}

static inline struct weir_stats stats_of(struct weir_pipeline *pipeline) {
    struct weir_stats stats = {.struct_size = sizeof(stats)};
    assert_int_equal(weir_pipeline_stats(pipeline, &stats), WEIR_OK);
    assert_int_equal(stats.rows_in, stats.filtered + stats.null_time + stats.future_dropped + stats.unassigned +
                                        stats.late + stats.aggregated);
    return stats;
}

static inline void close_all(struct weir_pipeline *pipeline, struct weir_plan *plan) {
    weir_pipeline_destroy(&pipeline);
    weir_plan_release(plan);
}

#endif
