/* SPDX-License-Identifier: Apache-2.0
 *
 * From bound clauses to a finished plan: only the columns that something needs, checked and compiled.
 */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "sql/bind.h"

/* Expressions of the rows' world: those that refer to columns of the input. */
static void each_row_expression(struct weir_plan *plan, void (*visit)(struct weir_expr *node, void *user),
                                void *user) {
    bool rows = plan->shape == WEIR_PLAN_ROWS;
    if (plan->time_expression != NULL) weir_expr_walk(plan->time_expression, visit, user);
    if (plan->watermark.expression != NULL) weir_expr_walk(plan->watermark.expression, visit, user);
    if (plan->filter != NULL) weir_expr_walk(plan->filter, visit, user);
    for (int32_t i = 0; i < plan->keys_count; i++) weir_expr_walk(plan->keys[i], visit, user);
    for (int32_t i = 0; i < plan->aggregates_count; i++) {
        if (plan->aggregates[i].arg != NULL) weir_expr_walk(plan->aggregates[i].arg, visit, user);
    }
    if (rows && plan->having != NULL) weir_expr_walk(plan->having, visit, user);
    for (int32_t i = 0; rows && i < plan->outputs_count; i++) weir_expr_walk(plan->outputs[i].expr, visit, user);
    for (int32_t i = 0; rows && i < plan->order_count; i++) weir_expr_walk(plan->order[i].expr, visit, user);
}

/* Which columns are needed, then where each one goes (-1: nowhere). */
struct column_map {
    int32_t *to;
    int32_t count; /* of the plan */
};

static void mark_column(struct weir_expr *node, void *user) {
    struct column_map *map = user;
    if (node->op == WEIR_EXPR_COLUMN && node->index < WEIR_BIND_WINDOW) map->to[node->index] = 1;
}

static void move_column(struct weir_expr *node, void *user) {
    struct column_map *map = user;
    if (node->op != WEIR_EXPR_COLUMN) return;
    bool bound = node->index >= WEIR_BIND_WINDOW;
    node->index = bound ? map->count + node->index - WEIR_BIND_WINDOW : map->to[node->index];
}

static bool copy_columns(struct weir_binder *b, const struct column_map *map, int32_t *selected) {
    struct weir_plan *plan = b->plan;
    plan->columns_count = map->count;
    plan->columns = weir_bind_array(b, map->count, sizeof(*plan->columns));
    plan->column_names = weir_bind_array(b, map->count, sizeof(*plan->column_names));
    if (plan->columns == NULL || plan->column_names == NULL) return false;
    for (int32_t i = 0; i < b->input.columns_count; i++) {
        int32_t to = map->to[i];
        if (to < 0) continue;
        selected[to] = i;
        plan->columns[to] = b->input.layouts[i];
        plan->column_names[to] = weir_arena_string(b->arena, b->input.names[i], strlen(b->input.names[i]));
        if (plan->column_names[to] == NULL) return weir_bind_no_memory(b) != NULL;
    }
    return true;
}

/* Does a side output take rows as they come? */
static bool whole_rows(const struct weir_plan *plan) {
    return plan->emission.late == WEIR_ROWS_SIDE || plan->watermark.future == WEIR_ROWS_SIDE;
}

static bool select_columns(struct weir_binder *b, int32_t **selected) {
    struct weir_plan *plan = b->plan;
    struct column_map map = {weir_bind_array(b, b->input.columns_count, sizeof(*map.to)), 0};
    *selected = weir_bind_array(b, b->input.columns_count, sizeof(**selected));
    if (map.to == NULL || *selected == NULL) return false;
    each_row_expression(plan, mark_column, &map);
    if (plan->time_column >= 0) map.to[plan->time_column] = 1;
    bool all = !b->input.selective || whole_rows(plan);
    for (int32_t i = 0; i < b->input.columns_count; i++) {
        bool needed = map.to[i] != 0 || all;
        map.to[i] = needed ? map.count++ : -1;
    }
    each_row_expression(plan, move_column, &map);
    if (plan->time_column >= 0) plan->time_column = map.to[plan->time_column];
    return copy_columns(b, &map, *selected);
}

static bool add_output(struct weir_binder *b, const char *name, struct weir_expr *expr) {
    struct weir_plan_output *output = &b->plan->outputs[b->plan->outputs_count++];
    output->expr = expr;
    output->name = weir_arena_string(b->arena, name, strlen(name));
    return output->name != NULL || weir_bind_no_memory(b) != NULL;
}

/* The kind of a row, where rows may follow earlier ones: its column stands first. */
static bool add_row_kind(struct weir_binder *b, const struct weir_relation *outputs) {
    struct weir_place nowhere = {0, 0};
    struct weir_type type = weir_type_string();
    type.nullable = false;
    for (int32_t i = 0; i < outputs->columns_count; i++) {
        if (strcmp(outputs->columns[i].name, WEIR_BIND_ROW_KIND) != 0) continue;
        weir_bind_fail(b, WEIR_ERR_SQL, weir_expr_place(outputs->columns[i].expr),
                       "a query with early or late results has a column '" WEIR_BIND_ROW_KIND
                       "' of its own (+I, -U, +U), and this is a second one; give it another name");
        return false;
    }
    struct weir_expr *kind = weir_bind_column_node(b, nowhere, weir_plan_row_kind(b->plan), type);
    return kind != NULL && add_output(b, WEIR_BIND_ROW_KIND, kind);
}

static bool set_outputs(struct weir_binder *b, const struct weir_relation *outputs) {
    struct weir_plan *plan = b->plan;
    plan->outputs = weir_bind_array(b, outputs->columns_count + 1, sizeof(*plan->outputs));
    if (plan->outputs == NULL || (weir_plan_updates(plan) && !add_row_kind(b, outputs))) return false;
    for (int32_t i = 0; i < outputs->columns_count; i++) {
        if (!add_output(b, outputs->columns[i].name, outputs->columns[i].expr)) return false;
    }
    return true;
}

/* Rows that take earlier ones back cannot be sorted or counted off as they come. */
static bool check_updates(struct weir_binder *b) {
    const struct weir_plan *plan = b->plan;
    bool cut = plan->limit >= 0 || plan->offset > 0;
    if (!weir_plan_updates(plan) || (plan->order_count == 0 && !cut)) return true;
    weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, plan->order_count > 0 ? b->order_at : b->group_at,
                   "ORDER BY, LIMIT and OFFSET of a query with early or late results are not supported: later rows "
                   "take earlier ones back");
    return false;
}

/* ---- is_complete ---- */

struct complete_search {
    int32_t index;
    const struct weir_expr *found;
};

static void find_complete(struct weir_expr *node, void *user) {
    struct complete_search *search = user;
    if (node->op == WEIR_EXPR_COLUMN && node->index == search->index) search->found = node;
}

static bool check_complete(struct weir_binder *b) {
    const struct weir_plan *plan = b->plan;
    bool rows = plan->shape == WEIR_PLAN_ROWS;
    struct complete_search search = {rows ? WEIR_BIND_WINDOW + WEIR_BIND_COMPLETE : weir_plan_is_complete(plan),
                                     NULL};
    for (int32_t i = 0; i < plan->outputs_count; i++) weir_expr_walk(plan->outputs[i].expr, find_complete, &search);
    for (int32_t i = 0; i < plan->order_count; i++) weir_expr_walk(plan->order[i].expr, find_complete, &search);
    if (plan->having != NULL) weir_expr_walk(plan->having, find_complete, &search);
    if (search.found == NULL) return true;
    if (!rows && plan->emission.end == WEIR_END_MARK)
        return weir_bind_note(b, "Flink's windows have no is_complete");
    weir_bind_fail(
        b, WEIR_ERR_SQL, weir_expr_place(search.found),
        rows ? "is_complete tells something of a window's result and needs GROUP BY window_start, window_end"
             : "is_complete tells whether the watermark had closed a window when the input ended: SET "
               "'weir.end-of-input' = 'mark'");
    return false;
}

/* What an input without end cannot give. */
static bool check_unbounded(struct weir_binder *b) {
    const struct weir_plan *plan = b->plan;
    bool windowed = plan->window.kind != WEIR_WINDOW_NONE;
    bool endless = b->input.unbounded || (b->input.pushed && !windowed);
    if (b->input.unbounded && plan->shape == WEIR_PLAN_AGGREGATE && !windowed) {
        weir_bind_fail(
            b, WEIR_ERR_UNSUPPORTED, b->group_at,
            "the table '%.120s' has no end, so an aggregate without a window never has a result; group by "
            "window_start and window_end of TABLE(TUMBLE(...))",
            b->input.name);
        return false;
    }
    if (!endless || plan->order_count == 0 || (b->input.pushed && plan->shape == WEIR_PLAN_AGGREGATE)) return true;
    weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, b->order_at,
                   "the table '%.120s' has no end, so its rows cannot be sorted", b->input.name);
    return false;
}

/* Flink's result of a stream without windows changes with every row. */
static bool note_updating(struct weir_binder *b) {
    const struct weir_plan *plan = b->plan;
    bool updating = plan->aggregates_count > 0 && plan->window.kind == WEIR_WINDOW_NONE;
    bool stream = b->request->settings->mode == WEIR_MODE_STREAMING && b->input.declared != NULL;
    if (!updating || !stream || b->input.pushed) return true;
    return weir_bind_note(b,
                          "Flink gives each change of this result in streaming mode; here its rows come once, when "
                          "the input has ended");
}

/* Without GROUP BY conditions on the window's bounds choose among rows that have them. */
static bool set_window_filter(struct weir_binder *b) {
    struct weir_plan *plan = b->plan;
    struct weir_expr *conditions[] = {b->window_filter, b->mixed_filter};
    for (int i = 0; i < 2; i++) {
        if (conditions[i] == NULL) continue;
        plan->having = weir_bind_and(b, plan->having, conditions[i]);
        if (plan->having == NULL) return false;
    }
    return true;
}

/* Windows that rows make exist only as groups. */
static bool check_shape(struct weir_binder *b) {
    const struct weir_plan *plan = b->plan;
    bool sliced = plan->window.kind == WEIR_WINDOW_NONE || weir_window_is_sliced(plan->window.kind);
    if (plan->shape == WEIR_PLAN_AGGREGATE || sliced) return true;
    weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, b->window_at,
                   "%s without GROUP BY is not supported: its windows are known only once their rows are; GROUP BY "
                   "window_start, window_end%s",
                   b->window_name, b->partition_count > 0 ? " and the PARTITION BY columns" : "");
    return false;
}

static bool add_note(struct weir_binder *b) {
    if (b->notes == NULL) return true;
    const char *explain = weir_arena_format(b->arena, "%s%s", b->plan->explain, b->notes);
    if (explain == NULL) return weir_bind_no_memory(b) != NULL;
    b->plan->explain = explain;
    return true;
}

/* The engine writes the place of an expression into its message, for those who have no other; here it stands before
 * it already. */
static void drop_place(struct weir_error *error) {
    char place[64];
    int length = snprintf(place, sizeof(place), "at line %d, column %d: ", error->line, error->column);
    if (error->line == 0 || strncmp(error->message, place, (size_t)length) != 0) return;
    memmove(error->message, error->message + length, strlen(error->message + length) + 1);
}

bool weir_bind_finish(struct weir_binder *b, const struct weir_relation *outputs, int32_t **selected) {
    if (!check_shape(b) || !set_window_filter(b) || !weir_bind_emission(b) || !set_outputs(b, outputs))
        return false;
    if (!check_updates(b) || !check_complete(b) || !check_unbounded(b) || !note_updating(b)) return false;
    if (!select_columns(b, selected)) return false;
    b->status = weir_plan_validate(b->plan, b->error);
    if (b->status != WEIR_OK) drop_place(b->error);
    return b->status == WEIR_OK && weir_bind_zone_notes(b) && add_note(b);
}

enum weir_status weir_bind_query(const struct weir_bind_request *request, const struct weir_ast_query *query,
                                 struct weir_bind_result *out, struct weir_error *error) {
    struct weir_plan *plan = weir_plan_create();
    if (plan == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to plan the query");
    struct weir_error own; /* callers may pass none, and messages are built upon */
    struct weir_binder b = {.request = request, .arena = &plan->arena, .plan = plan, .error = &own};
    struct weir_relation outputs;
    own = (struct weir_error){0};
    if (weir_bind_open_zone(&b) && weir_bind_select(&b, query, &outputs) &&
        (request->insert == NULL || weir_bind_insert(&b, &outputs)))
        weir_bind_finish(&b, &outputs, &out->selected);
    if (b.status != WEIR_OK) {
        if (error != NULL) *error = own;
        weir_plan_release(plan);
        return b.status;
    }
    out->plan = plan;
    out->late_table = b.late_table;
    return WEIR_OK;
}
