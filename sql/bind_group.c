/* SPDX-License-Identifier: Apache-2.0
 *
 * Aggregates and GROUP BY: the step from rows to result columns.
 */
#include <string.h>

#include "base/error.h"
#include "sql/bind.h"
#include "sql/function.h"

/* ---- aggregates ---- */

static bool refers_to_window(const struct weir_expr *expr, bool *to_rows) {
    bool window =
        expr->op == WEIR_EXPR_COLUMN && expr->index >= WEIR_BIND_WINDOW && expr->index < WEIR_BIND_AGGREGATE;
    *to_rows |= expr->op == WEIR_EXPR_COLUMN && !window;
    for (int32_t i = 0; i < expr->args_count; i++) window |= refers_to_window(expr->args[i], to_rows);
    return window;
}

bool weir_bind_is_window(const struct weir_expr *expr) {
    bool to_rows = false;
    return refers_to_window(expr, &to_rows) && !to_rows;
}

bool weir_bind_touches_window(const struct weir_expr *expr) {
    bool to_rows = false;
    return refers_to_window(expr, &to_rows);
}

static enum weir_aggregate_function aggregate_function(enum weir_function_id id, const struct weir_expr *arg) {
    switch (id) {
    case WEIR_FUNCTION_SUM: return WEIR_AGGREGATE_SUM;
    case WEIR_FUNCTION_MIN: return WEIR_AGGREGATE_MIN;
    case WEIR_FUNCTION_MAX: return WEIR_AGGREGATE_MAX;
    case WEIR_FUNCTION_AVG: return WEIR_AGGREGATE_AVG;
    default: return arg == NULL ? WEIR_AGGREGATE_COUNT_STAR : WEIR_AGGREGATE_COUNT;
    }
}

static int32_t find_aggregate(const struct weir_plan *plan, enum weir_aggregate_function function,
                              const struct weir_expr *arg) {
    for (int32_t i = 0; i < plan->aggregates_count; i++) {
        const struct weir_aggregate_call *call = &plan->aggregates[i];
        if (call->function != function) continue;
        if (arg == NULL || weir_bind_same(call->arg, arg)) return i;
    }
    return -1;
}

static bool add_aggregate(struct weir_binder *b, struct weir_aggregate_call call) {
    struct weir_plan *plan = b->plan;
    if (plan->aggregates_count == b->aggregates_capacity) {
        int32_t capacity = b->aggregates_capacity == 0 ? 8 : b->aggregates_capacity * 2;
        struct weir_aggregate_call *grown = weir_bind_array(b, capacity, sizeof(*grown));
        if (grown == NULL) return false;
        if (plan->aggregates_count > 0) {
            memcpy(grown, plan->aggregates, (size_t)plan->aggregates_count * sizeof(*grown));
        }
        plan->aggregates = grown;
        b->aggregates_capacity = capacity;
    }
    plan->aggregates[plan->aggregates_count++] = call;
    return true;
}

/* The call's argument; NULL with *star where rows are counted, whatever is in them. */
static struct weir_expr *bind_argument(struct weir_binder *b, const struct weir_ast_expr *ast, bool count,
                                       bool *star) {
    *star = ast->args[0]->kind == WEIR_AST_STAR;
    if (*star) return NULL;
    struct weir_expr *arg = weir_bind_expr(b, ast->args[0]);
    if (arg == NULL) return NULL;
    if (arg->type.id == WEIR_TYPE_NULL)
        return weir_bind_fail(b, WEIR_ERR_SQL, ast->at, "%s of a bare NULL has no type; write CAST(NULL AS ...)",
                              ast->name);
    *star = count && ((arg->op == WEIR_EXPR_LITERAL && !arg->is_null) || weir_bind_is_window(arg));
    return *star ? NULL : arg;
}

static struct weir_expr *refuse_place(struct weir_binder *b, const struct weir_ast_expr *ast) {
    if (b->scope->grouped)
        return weir_bind_fail(
            b, WEIR_ERR_UNSUPPORTED, ast->at,
            "%s over a query that aggregates already is not supported yet; write the inner result into a "
            "table first (INSERT INTO) and aggregate that",
            ast->name);
    return weir_bind_fail(b, WEIR_ERR_SQL, ast->at,
                          "the aggregate %s cannot stand here; it can in SELECT, HAVING and ORDER BY", ast->name);
}

/* MIN and MAX of BOOLEAN are worked as numbers, FALSE below TRUE. */
static struct weir_expr *truth_as_number(struct weir_binder *b, const struct weir_ast_expr *ast,
                                         struct weir_expr *arg) {
    if (b->fill != NULL)
        return weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, ast->at,
                              "%s of BOOLEAN does not go with FILL; CAST the argument to TINYINT", ast->name);
    return weir_bind_cast(b, arg, weir_type_of(WEIR_TYPE_TINYINT));
}

struct weir_expr *weir_bind_aggregate(struct weir_binder *b, const struct weir_ast_expr *ast) {
    const struct weir_function *function = weir_function_find(ast->name);
    if (!b->aggregates_allowed) return refuse_place(b, ast);
    bool extreme = function->id == WEIR_FUNCTION_MIN || function->id == WEIR_FUNCTION_MAX;
    if (ast->flag && !extreme)
        return weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, ast->at, "%s(DISTINCT ...) is not supported yet", ast->name);
    bool star;
    const struct weir_relation *aliases = b->aliases;
    b->aliases = NULL;
    b->aggregates_allowed = false;
    struct weir_expr *arg = bind_argument(b, ast, function->id == WEIR_FUNCTION_COUNT, &star);
    b->aggregates_allowed = true;
    b->aliases = aliases;
    if (arg == NULL && !star) return NULL;
    if (extreme && weir_bind_is_window(arg)) return arg; /* one value a window */
    if (arg != NULL && weir_bind_touches_window(arg))
        return weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, ast->at,
                              "window_start, window_end and window_time inside an aggregate are not supported yet");
    bool truth = extreme && arg->type.id == WEIR_TYPE_BOOLEAN;
    if (truth && (arg = truth_as_number(b, ast, arg)) == NULL) return NULL;
    struct weir_aggregate_call call = {.function = aggregate_function(function->id, arg),
                                       .arg = arg,
                                       .line = ast->at.line,
                                       .column = ast->at.column};
    struct weir_type type = arg == NULL ? weir_type_of(WEIR_TYPE_BIGINT) : arg->type;
    enum weir_status status = weir_aggregate_type(call.function, type, &call.type, b->error);
    if (status != WEIR_OK) {
        char reason[512];
        strncpy(reason, b->error == NULL ? "" : b->error->message, sizeof(reason) - 1);
        reason[sizeof(reason) - 1] = '\0';
        return weir_bind_fail(b, status, ast->at, "%s", reason);
    }
    /* A window that is filled with NULL has no count either. */
    if (b->fill != NULL && b->fill->kind == WEIR_FILL_NULL) call.type.nullable = true;
    int32_t idx = find_aggregate(b->plan, call.function, arg);
    if (idx < 0) {
        idx = b->plan->aggregates_count;
        if (!add_aggregate(b, call)) return NULL;
    }
    struct weir_expr *result = weir_bind_column_node(b, ast->at, WEIR_BIND_AGGREGATE + idx, call.type);
    return result == NULL || !truth ? result : weir_bind_cast(b, result, weir_type_of(WEIR_TYPE_BOOLEAN));
}

/* ---- grouping ---- */

static const char *column_name(const struct weir_binder *b, int32_t index) {
    return index < b->input.columns_count ? b->input.names[index] : "?";
}

struct weir_expr *weir_bind_grouped(struct weir_binder *b, struct weir_expr *expr) {
    struct weir_plan *plan = b->plan;
    for (int32_t i = 0; i < plan->keys_count; i++) {
        if (!weir_bind_same(expr, plan->keys[i])) continue;
        return weir_bind_column_node(b, weir_expr_place(expr), WEIR_RESULT_KEYS + i, expr->type);
    }
    if (expr->op == WEIR_EXPR_COLUMN) {
        if (expr->index >= WEIR_BIND_AGGREGATE) {
            expr->index += WEIR_RESULT_KEYS + plan->keys_count - WEIR_BIND_AGGREGATE;
        } else if (expr->index == WEIR_BIND_WINDOW + WEIR_BIND_COMPLETE) {
            expr->index = weir_plan_is_complete(plan);
        } else if (expr->index >= WEIR_BIND_WINDOW) {
            expr->index -= WEIR_BIND_WINDOW;
        } else {
            return weir_bind_fail(b, WEIR_ERR_SQL, weir_expr_place(expr),
                                  "Expression '%.120s' is not being grouped; add it to GROUP BY or aggregate it",
                                  column_name(b, expr->index));
        }
        return expr;
    }
    for (int32_t i = 0; i < expr->args_count; i++) {
        if ((expr->args[i] = weir_bind_grouped(b, expr->args[i])) == NULL) return NULL;
    }
    return expr;
}

/* What the GROUP BY has of the window. */
struct window_groups {
    bool start;
    bool end;
    struct weir_place at; /* of what there is */
};

static void note_window(struct window_groups *groups, const struct weir_expr *expr) {
    groups->at = weir_expr_place(expr);
    groups->start |= expr->op == WEIR_EXPR_COLUMN && expr->index == WEIR_BIND_WINDOW + WEIR_RESULT_WINDOW_START;
    groups->end |= expr->op == WEIR_EXPR_COLUMN && expr->index == WEIR_BIND_WINDOW + WEIR_RESULT_WINDOW_END;
}

static bool add_key(struct weir_binder *b, struct weir_expr *key) {
    struct weir_plan *plan = b->plan;
    for (int32_t i = 0; i < plan->keys_count; i++) {
        if (weir_bind_same(plan->keys[i], key)) return true;
    }
    if (weir_bind_touches_window(key)) {
        weir_bind_fail(
            b, WEIR_ERR_UNSUPPORTED, weir_expr_place(key),
            "a key that mixes the window's bounds with columns is not supported yet; group by the parts");
        return false;
    }
    if (key->type.id == WEIR_TYPE_NULL || key->type.id >= WEIR_TYPE_BYTES) {
        char name[WEIR_TYPE_NAME_BYTES];
        weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, weir_expr_place(key), "a key of type %s is not supported yet",
                       weir_type_name(key->type, false, name, sizeof(name)));
        return false;
    }
    plan->keys[plan->keys_count++] = key;
    return true;
}

static bool check_window(struct weir_binder *b, const struct weir_ast_query *query,
                         const struct weir_relation *from, const struct window_groups *groups) {
    if (!from->windowed || (groups->start && groups->end)) return true;
    const char *clause = query->distinct && !query->grouped ? "SELECT DISTINCT" : "GROUP BY";
    struct weir_place at = groups->start || groups->end ? groups->at : query->at;
    const char *missing = groups->start ? "window_end"
                          : groups->end ? "window_start"
                                        : "window_start and window_end";
    weir_bind_fail(
        b, WEIR_ERR_UNSUPPORTED, at,
        "a windowed query groups by window_start and window_end: add %s to %s (without both Flink would give an "
        "updating result, not one row a window)",
        missing, clause);
    return false;
}

static bool has_same(struct weir_expr *const *list, int32_t count, const struct weir_expr *expr) {
    for (int32_t i = 0; i < count; i++) {
        if (weir_bind_same(list[i], expr)) return true;
    }
    return false;
}

/* Windows that the rows of a partition make: one group each. With fewer or other keys a window would have several
 * results or none of its own. */
static bool check_partition(struct weir_binder *b, const struct weir_relation *from, struct weir_place at) {
    const struct weir_plan *plan = b->plan;
    if (!from->windowed || weir_window_is_sliced(plan->window.kind)) return true;
    for (int32_t i = 0; i < b->partition_count; i++) {
        if (has_same(plan->keys, plan->keys_count, b->partition[i])) continue;
        weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, at,
                       "the windows of %s are cut by '%.120s': add it to GROUP BY, or take it out of PARTITION BY "
                       "(in Flink this is an updating aggregate)",
                       b->window_name, b->partition_names[i]);
        return false;
    }
    for (int32_t i = 0; i < plan->keys_count; i++) {
        const struct weir_expr *key = plan->keys[i];
        if (key->op == WEIR_EXPR_LITERAL || has_same(b->partition, b->partition_count, key)) continue;
        weir_bind_fail(
            b, WEIR_ERR_UNSUPPORTED, weir_expr_place(key),
            "GROUP BY takes window_start, window_end and the PARTITION BY columns of %s only: add this one "
            "to PARTITION BY, or take it out of GROUP BY (in Flink this is an updating aggregate)",
            b->window_name);
        return false;
    }
    return true;
}

/* GROUP BY 1 and GROUP BY alias mean something else than they seem to: refused, as in Flink. */
static bool check_item(struct weir_binder *b, const struct weir_ast_query *query, const struct weir_ast_expr *item,
                       const struct weir_relation *from) {
    if (item->kind == WEIR_AST_NUMBER) {
        weir_bind_fail(b, WEIR_ERR_SQL, item->at,
                       "GROUP BY does not take the number of a column, as in Flink; write the expression itself");
        return false;
    }
    if (item->kind != WEIR_AST_COLUMN || item->qualifier != NULL) return true;
    for (int32_t i = 0; i < from->columns_count; i++) {
        if (strcmp(from->columns[i].name, item->name) == 0) return true;
    }
    for (int32_t i = 0; i < query->items_count; i++) {
        const char *alias = query->items[i]->alias;
        if (alias == NULL || strcmp(alias, item->name) != 0) continue;
        weir_bind_fail(
            b, WEIR_ERR_SQL, item->at,
            "GROUP BY does not take the alias '%.120s', as in Flink; write its expression again, or put the query "
            "that names it into FROM (...)",
            alias);
        return false;
    }
    return true;
}

static bool group_one(struct weir_binder *b, struct weir_expr *item, struct window_groups *groups) {
    if (item == NULL) return false;
    if (!weir_bind_is_window(item)) return add_key(b, item);
    note_window(groups, item);
    return true;
}

bool weir_bind_group(struct weir_binder *b, const struct weir_ast_query *query, const struct weir_relation *from,
                     struct weir_relation *items) {
    bool distinct = query->distinct && !query->grouped;
    int32_t count = query->grouped ? query->groups_count : distinct ? items->columns_count : 0;
    struct window_groups groups = {.at = query->at};
    b->plan->shape = WEIR_PLAN_AGGREGATE;
    if ((b->plan->keys = weir_bind_array(b, count, sizeof(*b->plan->keys))) == NULL) return false;
    for (int32_t i = 0; i < count; i++) {
        struct weir_expr *item;
        bool window = !distinct && query->groups[i]->kind == WEIR_AST_GROUP_WINDOW;
        if (window && query->groups[i]->part == WEIR_PART_GROUP) continue; /* weir_bind_group_window has it */
        if (distinct) {
            item = weir_bind_copy(b, items->columns[i].expr);
        } else if (query->groups[i]->aggregate) {
            weir_bind_fail(b, WEIR_ERR_SQL, query->groups[i]->at, "GROUP BY cannot hold aggregates");
            return false;
        } else {
            item = check_item(b, query, query->groups[i], from) ? weir_bind_root(b, query->groups[i], NULL) : NULL;
        }
        if (!group_one(b, item, &groups)) return false;
    }
    return check_window(b, query, from, &groups) && check_partition(b, from, query->at);
}
