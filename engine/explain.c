/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/explain.h"

#include <string.h>

#include "base/error.h"
#include "simd/kernels.h"

/* The text so far; NULL once memory was short. */
struct text {
    struct weir_plan *plan;
    const char *so_far;
};

static void add(struct text *text, const char *line) {
    if (text->so_far == NULL || line == NULL) {
        text->so_far = NULL;
        return;
    }
    text->so_far = weir_arena_format(&text->plan->arena, "%s%s\n", text->so_far, line);
}

static const char *span(struct weir_plan *plan, int64_t ms) {
    struct weir_arena *arena = &plan->arena;
    static const struct {
        int64_t ms;
        const char *name;
    } units[] = {{86400000, "day"}, {3600000, "hour"}, {60000, "minute"}, {1000, "second"}, {1, "ms"}};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(units); i++) {
        if (ms == 0 || ms % units[i].ms != 0) continue;
        int64_t count = ms / units[i].ms;
        bool plural = count != 1 && units[i].ms != 1;
        return weir_arena_format(arena, "%lld %s%s", (long long)count, units[i].name, plural ? "s" : "");
    }
    return "0 ms";
}

static const char *expression(struct weir_plan *plan, const struct weir_expr *expr, const char *const *names) {
    const char *text = weir_expr_text(&plan->arena, expr, names);
    return text == NULL ? "?" : text;
}

static void add_read(struct text *text) {
    struct weir_plan *plan = text->plan;
    const char *list = "";
    for (int32_t i = 0; i < plan->columns_count && list != NULL; i++) {
        char type[WEIR_TYPE_NAME_BYTES];
        weir_type_name(plan->columns[i].type, false, type, sizeof(type));
        list = weir_arena_format(&plan->arena, "%s%s%s %s%s", list, i == 0 ? "" : ", ", plan->column_names[i], type,
                                 plan->columns[i].storage == WEIR_STORE_DICTIONARY ? " (dictionary)" : "");
    }
    add(text,
        weir_arena_format(&plan->arena, "read: %s", list == NULL || *list == '\0' ? "no column, rows only" : list));
}

static void add_watermark(struct text *text) {
    struct weir_plan *plan = text->plan;
    switch (plan->watermark.kind) {
    case WEIR_WATERMARK_NONE:
        if (plan->window.kind != WEIR_WINDOW_NONE)
            add(text, "watermark: none; a batch: nothing is late, windows fire at the end");
        return;
    case WEIR_WATERMARK_DELAY:
        add(text, weir_arena_format(&plan->arena, "watermark: greatest %s less %s, row by row",
                                    plan->column_names[plan->time_column], span(plan, plan->watermark.delay_ms)));
        return;
    case WEIR_WATERMARK_EXPRESSION:
        add(text, weir_arena_format(&plan->arena, "watermark: greatest %s, row by row",
                                    expression(plan, plan->watermark.expression, plan->column_names)));
        return;
    }
}

static void add_window(struct text *text) {
    struct weir_plan *plan = text->plan;
    const struct weir_window_spec *window = &plan->window;
    const char *by = plan->time_column < 0 ? "" : plan->column_names[plan->time_column];
    const char *offset =
        window->offset == 0 ? "" : weir_arena_format(&plan->arena, ", offset %s", span(plan, window->offset));
    if (offset == NULL) offset = "";
    switch (window->kind) {
    case WEIR_WINDOW_NONE:
        if (plan->shape == WEIR_PLAN_AGGREGATE) add(text, "window: none; all rows until the end of the input");
        return;
    case WEIR_WINDOW_TUMBLE:
        add(text, weir_arena_format(&plan->arena, "window: TUMBLE of %s on %s%s; a slice is a window",
                                    span(plan, window->size), by, offset));
        return;
    case WEIR_WINDOW_HOP: {
        int64_t cuts = window->size % window->slide == 0 ? 1 : 2;
        add(text,
            weir_arena_format(&plan->arena,
                              "window: HOP of %s every %s on %s%s; %lld slice%s a slide, one update a row, windows "
                              "put together from slices when they fire",
                              span(plan, window->size), span(plan, window->slide), by, offset, (long long)cuts,
                              cuts == 1 ? "" : "s"));
        if (window->slide > window->size || cuts == 2) {
            add(text, "note: Flink takes this HOP in batch mode only (the size is no multiple of the slide)");
        }
        return;
    }
    case WEIR_WINDOW_CUMULATE:
        add(text,
            weir_arena_format(&plan->arena,
                              "window: CUMULATE to %s by %s on %s%s; a slice a step, added to a running total",
                              span(plan, window->size), span(plan, window->slide), by, offset));
        return;
    }
}

static void add_keys(struct text *text) {
    struct weir_plan *plan = text->plan;
    for (int32_t i = 0; i < plan->keys_count; i++) {
        const struct weir_expr *key = plan->keys[i];
        bool dictionary = key->op == WEIR_EXPR_COLUMN && plan->columns[key->index].storage == WEIR_STORE_DICTIONARY;
        const char *how = dictionary                         ? "codes mapped once a dictionary"
                          : key->type.id == WEIR_TYPE_STRING ? "each string stored once"
                                                             : "by value";
        add(text, weir_arena_format(&plan->arena, "key: %s, %s", expression(plan, key, plan->column_names), how));
    }
}

static void add_aggregates(struct text *text) {
    static const char *const names[] = {"COUNT(*)", "COUNT", "SUM", "MIN", "MAX", "AVG"};
    struct weir_plan *plan = text->plan;
    for (int32_t i = 0; i < plan->aggregates_count; i++) {
        const struct weir_aggregate_call *call = &plan->aggregates[i];
        char type[WEIR_TYPE_NAME_BYTES];
        weir_type_name(call->type, false, type, sizeof(type));
        if (call->arg == NULL) {
            add(text, weir_arena_format(&plan->arena, "aggregate: COUNT(*) -> %s", type));
        } else {
            add(text, weir_arena_format(&plan->arena, "aggregate: %s(%s) -> %s", names[call->function],
                                        expression(plan, call->arg, plan->column_names), type));
        }
    }
    if (plan->shape == WEIR_PLAN_AGGREGATE) {
        add(text,
            plan->ordered_floats
                ? "state: dense, one accumulator row a key and open slice; one thread adds up all rows in their "
                  "order, since a sum of floats decides HAVING or ORDER BY"
                : "state: dense, one accumulator row a key and open slice; each worker adds up its own, merged "
                  "when a window fires");
    }
}

const char *weir_plan_explain(struct weir_plan *plan) {
    struct text text = {plan, ""};
    struct weir_arena *arena = &plan->arena;
    add_read(&text);
    add_watermark(&text);
    if (plan->filter != NULL) {
        add(&text, weir_arena_format(arena, "filter: %s", expression(plan, plan->filter, plan->column_names)));
    }
    add_window(&text);
    add_keys(&text);
    add_aggregates(&text);
    if (plan->having != NULL) add(&text, "having: over the finished groups");
    if (plan->order_count > 0) {
        add(&text, weir_arena_format(arena, "order: by %d column%s, sorted at the end of the input",
                                     plan->order_count, plan->order_count == 1 ? "" : "s"));
    }
    if (plan->limit >= 0) add(&text, weir_arena_format(arena, "limit: %lld rows", (long long)plan->limit));
    add(&text, weir_arena_format(arena, "kernels: %s", weir_simd_level_name(weir_simd_used())));
    return text.so_far;
}
