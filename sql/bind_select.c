/* SPDX-License-Identifier: Apache-2.0
 *
 * One SELECT over what its FROM gives.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sql/bind.h"

/* ---- WHERE ---- */

/* Puts the parts of a condition where they belong: before the window, or after it. */
static bool add_filter(struct weir_binder *b, struct weir_expr *condition) {
    if (!weir_bind_touches_window(condition)) {
        b->plan->filter = weir_bind_and(b, b->plan->filter, condition);
        return b->plan->filter != NULL;
    }
    if (weir_bind_is_window(condition)) {
        b->window_filter = weir_bind_and(b, b->window_filter, condition);
        return b->window_filter != NULL;
    }
    if (condition->op != WEIR_EXPR_AND) {
        b->mixed_filter = weir_bind_and(b, b->mixed_filter, condition);
        return b->mixed_filter != NULL;
    }
    for (int32_t i = 0; i < condition->args_count; i++) {
        if (!add_filter(b, condition->args[i])) return false;
    }
    return true;
}

static bool bind_where(struct weir_binder *b, const struct weir_ast_query *query,
                       const struct weir_relation *from) {
    if (query->where == NULL) return true;
    struct weir_expr *condition = weir_bind_condition(b, query->where, "WHERE");
    if (condition == NULL) return false;
    if (!from->grouped) return add_filter(b, condition);
    b->plan->having = weir_bind_and(b, b->plan->having, condition);
    return b->plan->having != NULL;
}

/* ---- the select list ---- */

static bool add_star(struct weir_binder *b, const struct weir_ast_expr *star, const struct weir_relation *from,
                     struct weir_relation *items) {
    const char *alias = from->alias;
    if (star->qualifier != NULL && (alias == NULL || strcmp(alias, star->qualifier) != 0)) {
        weir_bind_fail(b, WEIR_ERR_SQL, star->at, "there is no table '%.120s' in this query's FROM",
                       star->qualifier);
        return false;
    }
    for (int32_t i = 0; i < from->columns_count; i++) {
        struct weir_bound_column column = from->columns[i];
        if (column.hidden) continue;
        if ((column.expr = weir_bind_copy(b, column.expr)) == NULL) return false;
        weir_bind_move(column.expr, star->at);
        items->columns[items->columns_count++] = column;
    }
    return true;
}

static const char *item_name(struct weir_binder *b, const struct weir_ast_item *item, int32_t position) {
    if (item->alias != NULL) return item->alias;
    if (item->expr->kind == WEIR_AST_COLUMN) return item->expr->name;
    const char *name = weir_arena_format(b->arena, "EXPR$%d", position);
    return name == NULL ? weir_bind_no_memory(b) : name;
}

static bool add_item(struct weir_binder *b, const struct weir_ast_item *item, struct weir_relation *items) {
    struct weir_bound_column column = {.name = item_name(b, item, items->columns_count)};
    column.expr = weir_bind_root(b, item->expr, &column.depth);
    if (column.expr == NULL || column.name == NULL) return false;
    if (column.expr->type.id == WEIR_TYPE_NULL && b->request->insert == NULL) {
        weir_bind_fail(b, WEIR_ERR_SQL, item->expr->at, "a bare NULL has no type; write CAST(NULL AS ...)");
        return false;
    }
    items->columns[items->columns_count++] = column;
    return true;
}

static bool bind_items(struct weir_binder *b, const struct weir_ast_query *query, const struct weir_relation *from,
                       struct weir_relation *items) {
    int64_t count = 0;
    for (int32_t i = 0; i < query->items_count; i++)
        count += query->items[i]->expr->kind == WEIR_AST_STAR ? from->columns_count : 1;
    if (count > WEIR_BIND_NODES_MAX) {
        weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, query->at, "the select list has more than %d columns",
                       WEIR_BIND_NODES_MAX);
        return false;
    }
    *items = (struct weir_relation){0};
    if ((items->columns = weir_bind_array(b, (int32_t)count, sizeof(*items->columns))) == NULL) return false;
    for (int32_t i = 0; i < query->items_count; i++) {
        const struct weir_ast_item *item = query->items[i];
        bool star = item->expr->kind == WEIR_AST_STAR;
        if (!(star ? add_star(b, item->expr, from, items) : add_item(b, item, items))) return false;
    }
    return true;
}

/* ---- ORDER BY, LIMIT ---- */

static struct weir_expr *order_expression(struct weir_binder *b, const struct weir_ast_expr *ast,
                                          const struct weir_relation *items) {
    if (ast->kind != WEIR_AST_NUMBER) return weir_bind_root(b, ast, NULL);
    long position = strlen(ast->name) > 9 ? 0 : strtol(ast->name, NULL, 10);
    if (position < 1 || position > items->columns_count || strchr(ast->name, '.') != NULL)
        return weir_bind_fail(b, WEIR_ERR_SQL, ast->at, "ORDER BY %.20s: the select list has columns 1 to %d",
                              ast->name, items->columns_count);
    return weir_bind_copy(b, items->columns[position - 1].expr);
}

static bool bind_order(struct weir_binder *b, const struct weir_ast_query *query, const struct weir_relation *items,
                       struct weir_plan_order *order) {
    b->aliases = items;
    for (int32_t i = 0; i < query->order_count; i++) {
        const struct weir_ast_order *item = query->order[i];
        struct weir_expr *expr = order_expression(b, item->expr, items);
        if (expr == NULL) break;
        order[i] = (struct weir_plan_order){expr, item->descending, item->nulls_first};
        if (expr->type.id != WEIR_TYPE_NULL && expr->type.id < WEIR_TYPE_BYTES) continue;
        weir_bind_fail(b, WEIR_ERR_SQL, item->expr->at, "ORDER BY takes numbers, strings, times and BOOLEAN");
    }
    b->aliases = NULL;
    return b->status == WEIR_OK;
}

/* ---- grouping ---- */

static bool any_aggregate(const struct weir_ast_query *query) {
    for (int32_t i = 0; i < query->items_count; i++) {
        if (query->items[i]->expr->aggregate) return true;
    }
    for (int32_t i = 0; i < query->order_count; i++) {
        if (query->order[i]->expr->aggregate) return true;
    }
    return query->having != NULL;
}

static bool check_mixed(struct weir_binder *b) {
    if (b->mixed_filter == NULL) return true;
    weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, weir_expr_place(b->mixed_filter),
                   "a condition that mixes the window's bounds with columns is not supported yet below GROUP BY; "
                   "join conditions on one or the other by AND");
    return false;
}

static bool to_results(struct weir_binder *b, struct weir_relation *items, struct weir_plan_order *order,
                       int32_t order_count, struct weir_expr *having) {
    for (int32_t i = 0; i < items->columns_count; i++) {
        if ((items->columns[i].expr = weir_bind_grouped(b, items->columns[i].expr)) == NULL) return false;
    }
    for (int32_t i = 0; i < order_count; i++) {
        if ((order[i].expr = weir_bind_grouped(b, order[i].expr)) == NULL) return false;
    }
    struct weir_expr *conditions[] = {b->window_filter, having};
    for (int i = 0; i < 2; i++) {
        if (conditions[i] == NULL) continue;
        struct weir_expr *condition = weir_bind_grouped(b, conditions[i]);
        if (condition == NULL) return false;
        b->plan->having = weir_bind_and(b, b->plan->having, condition);
        if (b->plan->having == NULL) return false;
    }
    b->window_filter = NULL;
    return true;
}

static bool is_result(const struct weir_relation *items, int32_t index) {
    for (int32_t i = 0; i < items->columns_count; i++) {
        const struct weir_expr *expr = items->columns[i].expr;
        if (expr->op == WEIR_EXPR_COLUMN && expr->index == index) return true;
    }
    return false;
}

/* DISTINCT of groups changes nothing when all that tells groups apart is selected. */
static bool check_distinct(struct weir_binder *b, const struct weir_ast_query *query,
                           const struct weir_relation *items) {
    bool apart = b->plan->window.kind == WEIR_WINDOW_NONE ||
                 (is_result(items, WEIR_RESULT_WINDOW_START) && is_result(items, WEIR_RESULT_WINDOW_END));
    for (int32_t i = 0; i < b->plan->keys_count; i++) apart &= is_result(items, WEIR_RESULT_KEYS + i);
    if (apart) return true;
    weir_bind_fail(
        b, WEIR_ERR_UNSUPPORTED, query->at,
        "SELECT DISTINCT of some columns of an aggregate is not supported yet; select all of its GROUP BY");
    return false;
}

/* ---- the whole ---- */

/* After LIMIT only a plain choice of columns may follow. */
static bool check_cut(struct weir_binder *b, const struct weir_ast_query *query, const struct weir_relation *from,
                      bool aggregated) {
    bool plain = !aggregated && query->where == NULL && !query->distinct && query->order_count == 0 &&
                 query->limit < 0 && query->offset == 0;
    if (!from->cut || plain) return true;
    weir_bind_fail(
        b, WEIR_ERR_UNSUPPORTED, query->at,
        "only a plain SELECT over a query with LIMIT or OFFSET is supported yet; put the other clauses inside");
    return false;
}

static void apply_limits(struct weir_binder *b, const struct weir_ast_query *query, struct weir_plan_order *order,
                         struct weir_relation *items) {
    bool cut = query->limit >= 0 || query->offset > 0;
    items->cut |= cut;
    if (cut) {
        b->plan->limit = query->limit;
        b->plan->offset = query->offset;
    }
    /* The order of a subquery matters only to its LIMIT, as in Flink. */
    if (query->order_count == 0 || (b->selects > 1 && !cut)) return;
    b->plan->order = order;
    b->plan->order_count = query->order_count;
    b->order_at = query->order[0]->expr->at;
}

static bool bind_clauses(struct weir_binder *b, const struct weir_ast_query *query,
                         const struct weir_relation *from, struct weir_relation *items,
                         struct weir_plan_order *order, bool aggregated) {
    struct weir_expr *having = NULL;
    if (!bind_where(b, query, from)) return false;
    b->aggregates_allowed = aggregated;
    if (!bind_items(b, query, from, items) || !bind_order(b, query, items, order)) return false;
    if (query->having != NULL && (having = weir_bind_condition(b, query->having, "HAVING")) == NULL) return false;
    b->aggregates_allowed = false;
    if (aggregated) {
        b->group_at = query->at;
        if (!check_mixed(b) || !weir_bind_group(b, query, from, items) || !weir_bind_fill(b, query) ||
            !to_results(b, items, order, query->order_count, having))
            return false;
    }
    items->grouped = from->grouped || aggregated;
    items->windowed = from->windowed && !aggregated;
    items->cut = from->cut;
    bool by_group = from->grouped || query->grouped || (aggregated && any_aggregate(query));
    return !query->distinct || !by_group || check_distinct(b, query, items);
}

static bool bind_from(struct weir_binder *b, const struct weir_ast_query *query, struct weir_relation *out) {
    struct weir_relation from;
    if (!weir_bind_source(b, query->from, &from)) return false;
    bool aggregated = query->grouped || any_aggregate(query) || (query->distinct && !from.grouped);
    if (!check_cut(b, query, &from, aggregated)) return false;
    if (aggregated && from.grouped) {
        weir_bind_fail(
            b, WEIR_ERR_UNSUPPORTED, query->at,
            "aggregating a query that aggregates already is not supported yet; write the inner result into a table "
            "first (INSERT INTO) and aggregate that");
        return false;
    }
    struct weir_plan_order *order = weir_bind_array(b, query->order_count, sizeof(*order));
    if (order == NULL) return false;
    const struct weir_relation *scope = b->scope;
    b->scope = &from;
    b->fill = query->fill != NULL ? query->fill : b->fill;
    bool bound = weir_bind_group_window(b, query, &from) && bind_clauses(b, query, &from, out, order, aggregated);
    b->scope = scope;
    if (bound) apply_limits(b, query, order, out);
    return bound;
}

bool weir_bind_select(struct weir_binder *b, const struct weir_ast_query *query, struct weir_relation *out) {
    const struct weir_bind_named *saved = b->with;
    for (int32_t i = 0; i < query->with_count; i++) {
        struct weir_bind_named *named = weir_bind_array(b, 1, sizeof(*named));
        if (named == NULL) return false;
        *named = (struct weir_bind_named){query->with[i], b->with};
        b->with = named;
    }
    b->selects++;
    bool bound = bind_from(b, query, out);
    b->selects--;
    b->with = saved;
    return bound;
}
