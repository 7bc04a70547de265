/* SPDX-License-Identifier: Apache-2.0
 *
 * The walk through an expression: names are looked up here, the rest is left to the file that knows it.
 */
#include <string.h>

#include "base/error.h"
#include "sql/bind.h"

static struct weir_type boolean(bool nullable) {
    struct weir_type type = weir_type_of(WEIR_TYPE_BOOLEAN);
    type.nullable = nullable;
    return type;
}

/* ---- names ---- */

static void *unknown_column(struct weir_binder *b, const struct weir_relation *scope, const char *name,
                            struct weir_place at) {
    const char *near = NULL;
    const char **names = weir_bind_array(b, scope->columns_count, sizeof(*names));
    if (names == NULL) return NULL;
    for (int32_t i = 0; i < scope->columns_count; i++) names[i] = scope->columns[i].name;
    near = weir_nearest_name(name, names, (size_t)scope->columns_count);
    return weir_bind_fail(b, WEIR_ERR_SQL, at, "there is no column '%.120s'%s%s%s", name,
                          near == NULL ? "" : "; did you mean '", near == NULL ? "" : near,
                          near == NULL ? "" : "'? (names are case-sensitive)");
}

const struct weir_bound_column *weir_bind_find(struct weir_binder *b, const struct weir_relation *scope,
                                               const char *qualifier, const char *name, struct weir_place at) {
    if (qualifier != NULL && (scope->alias == NULL || strcmp(scope->alias, qualifier) != 0))
        return weir_bind_fail(b, WEIR_ERR_SQL, at, "there is no table '%.120s' in this query's FROM%s%s%s",
                              qualifier, scope->alias == NULL ? "" : "; it has '",
                              scope->alias == NULL ? "" : scope->alias, scope->alias == NULL ? "" : "'");
    const struct weir_bound_column *found = NULL;
    for (int32_t i = 0; i < scope->columns_count; i++) {
        if (strcmp(scope->columns[i].name, name) != 0 || (found != NULL && scope->columns[i].hidden)) continue;
        if (found != NULL && !found->hidden)
            return weir_bind_fail(b, WEIR_ERR_SQL, at, "the column name '%.120s' is ambiguous: there are two of it",
                                  name);
        found = &scope->columns[i];
    }
    return found != NULL ? found : unknown_column(b, scope, name, at);
}

/* The select list's column of that name, where ORDER BY may use it. */
static const struct weir_bound_column *find_alias(const struct weir_binder *b, const struct weir_ast_expr *ast) {
    if (b->aliases == NULL || ast->qualifier != NULL) return NULL;
    for (int32_t i = 0; i < b->aliases->columns_count; i++) {
        if (strcmp(b->aliases->columns[i].name, ast->name) == 0) return &b->aliases->columns[i];
    }
    return NULL;
}

void weir_bind_move(struct weir_expr *expr, struct weir_place at) {
    expr->line = at.line;
    expr->column = at.column;
    if (expr->op == WEIR_EXPR_RESCALE_TIME) weir_bind_move(expr->args[0], at);
}

static struct weir_expr *bind_column(struct weir_binder *b, const struct weir_ast_expr *ast) {
    const struct weir_bound_column *column = find_alias(b, ast);
    if (column == NULL) column = weir_bind_find(b, b->scope, ast->qualifier, ast->name, ast->at);
    if (column == NULL) return NULL;
    if (b->depth + column->depth > b->depth_max) b->depth_max = b->depth + column->depth;
    if (b->depth_max > WEIR_BIND_DEPTH_MAX)
        return weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, ast->at,
                              "the expression has more than %d levels once its views are put in place",
                              WEIR_BIND_DEPTH_MAX);
    struct weir_expr *copy = weir_bind_copy(b, column->expr);
    if (copy != NULL) weir_bind_move(copy, ast->at);
    return copy;
}

/* ---- logic ---- */

static bool need_boolean(struct weir_binder *b, struct weir_expr **expr, const char *what) {
    if ((*expr)->type.id == WEIR_TYPE_BOOLEAN) return true;
    if ((*expr)->type.id == WEIR_TYPE_NULL) {
        *expr = weir_bind_null(b, weir_expr_place(*expr), boolean(true));
        return *expr != NULL;
    }
    char name[WEIR_TYPE_NAME_BYTES];
    weir_bind_fail(b, WEIR_ERR_SQL, weir_expr_place(*expr), "%s needs a BOOLEAN, and this is %s", what,
                   weir_type_name((*expr)->type, false, name, sizeof(name)));
    return false;
}

static struct weir_expr **bind_args(struct weir_binder *b, const struct weir_ast_expr *ast) {
    struct weir_expr **args = weir_bind_array(b, ast->args_count, sizeof(*args));
    if (args == NULL) return NULL;
    for (int32_t i = 0; i < ast->args_count; i++) {
        if ((args[i] = weir_bind_expr(b, ast->args[i])) == NULL) return NULL;
    }
    return args;
}

static struct weir_expr *bind_logic(struct weir_binder *b, const struct weir_ast_expr *ast, enum weir_expr_op op,
                                    const char *name) {
    struct weir_expr **args = bind_args(b, ast);
    if (args == NULL) return NULL;
    bool nullable = false;
    for (int32_t i = 0; i < ast->args_count; i++) {
        if (!need_boolean(b, &args[i], name)) return NULL;
        nullable |= args[i]->type.nullable;
    }
    return weir_bind_node(b, ast->at, op, boolean(nullable), ast->args_count, args);
}

/* Does a comparison of FLOAT or DOUBLE stand in it, below AND and OR alone, that NaN makes false either way? */
static bool orders_floats(const struct weir_expr *expr) {
    if (expr->op == WEIR_EXPR_AND || expr->op == WEIR_EXPR_OR) {
        for (int32_t i = 0; i < expr->args_count; i++) {
            if (orders_floats(expr->args[i])) return true;
        }
    }
    return expr->op >= WEIR_EXPR_LT && expr->op <= WEIR_EXPR_GE &&
           weir_type_vector(expr->args[0]->type) == WEIR_VECTOR_F64;
}

/* Flink turns a comparison round and takes NOT into AND and OR, so that NOT (x > 1) with x = NaN is false. */
static struct weir_expr *turn_round(struct weir_binder *b, struct weir_place at, struct weir_expr *expr) {
    static const enum weir_expr_op opposite[] = {WEIR_EXPR_GE, WEIR_EXPR_GT, WEIR_EXPR_LE, WEIR_EXPR_LT};
    if (expr->op >= WEIR_EXPR_LT && expr->op <= WEIR_EXPR_GE) {
        expr->op = opposite[expr->op - WEIR_EXPR_LT];
        return expr;
    }
    expr->op = expr->op == WEIR_EXPR_AND ? WEIR_EXPR_OR : WEIR_EXPR_AND;
    for (int32_t i = 0; i < expr->args_count; i++) {
        if ((expr->args[i] = weir_bind_not(b, at, expr->args[i])) == NULL) return NULL;
    }
    return expr;
}

struct weir_expr *weir_bind_not(struct weir_binder *b, struct weir_place at, struct weir_expr *operand) {
    if (operand == NULL) return NULL;
    if (orders_floats(operand)) return turn_round(b, at, operand);
    return weir_bind_node(b, at, WEIR_EXPR_NOT, boolean(operand->type.nullable), 1, &operand);
}

struct weir_expr *weir_bind_and(struct weir_binder *b, struct weir_expr *left, struct weir_expr *right) {
    if (left == NULL || right == NULL) return left == NULL ? right : left;
    struct weir_expr *args[] = {left, right};
    return weir_bind_node(b, weir_expr_place(right), WEIR_EXPR_AND,
                          boolean(left->type.nullable || right->type.nullable), 2, args);
}

/* IS [NOT] NULL, TRUE, FALSE, UNKNOWN */
static struct weir_expr *bind_is(struct weir_binder *b, const struct weir_ast_expr *ast) {
    struct weir_expr *operand = weir_bind_expr(b, ast->args[0]);
    if (operand == NULL) return NULL;
    bool of_any_type = ast->kind == WEIR_AST_IS_NULL || ast->kind == WEIR_AST_IS_NOT_NULL;
    if (!of_any_type && !need_boolean(b, &operand, "IS TRUE, FALSE or UNKNOWN")) return NULL;
    if (operand->type.id == WEIR_TYPE_NULL) operand = weir_bind_null(b, weir_expr_place(operand), boolean(true));
    enum weir_expr_op op;
    switch (ast->kind) {
    case WEIR_AST_IS_TRUE: op = WEIR_EXPR_IS_TRUE; break;
    case WEIR_AST_IS_FALSE: op = WEIR_EXPR_IS_FALSE; break;
    case WEIR_AST_IS_NOT_TRUE: op = WEIR_EXPR_IS_NOT_TRUE; break;
    case WEIR_AST_IS_NOT_FALSE: op = WEIR_EXPR_IS_NOT_FALSE; break;
    case WEIR_AST_IS_NULL:
    case WEIR_AST_IS_UNKNOWN: op = WEIR_EXPR_IS_NULL; break;
    default: op = WEIR_EXPR_IS_NOT_NULL; break;
    }
    return weir_bind_node(b, ast->at, op, boolean(false), 1, &operand);
}

/* ---- the walk ---- */

static struct weir_expr *bind_two(struct weir_binder *b, const struct weir_ast_expr *ast,
                                  struct weir_expr *(*make)(struct weir_binder *, struct weir_place,
                                                            enum weir_expr_op, struct weir_expr *,
                                                            struct weir_expr *),
                                  enum weir_expr_op op) {
    struct weir_expr *left = weir_bind_expr(b, ast->args[0]);
    struct weir_expr *right = left == NULL ? NULL : weir_bind_expr(b, ast->args[1]);
    return right == NULL ? NULL : make(b, ast->at, op, left, right);
}

static struct weir_expr *bind_one(struct weir_binder *b, const struct weir_ast_expr *ast) {
    struct weir_expr *operand = weir_bind_expr(b, ast->args[0]);
    if (operand == NULL) return NULL;
    switch (ast->kind) {
    case WEIR_AST_NEGATE: return weir_bind_negate(b, ast->at, operand);
    case WEIR_AST_EXTRACT: return weir_bind_extract(b, ast->at, ast->unit, operand);
    case WEIR_AST_CAST: return weir_bind_explicit_cast(b, ast->at, operand, ast->type, ast->flag);
    default: return need_boolean(b, &operand, "NOT") ? weir_bind_not(b, ast->at, operand) : NULL;
    }
}

static struct weir_expr *bind_case(struct weir_binder *b, const struct weir_ast_expr *ast) {
    struct weir_expr **args = bind_args(b, ast);
    if (args == NULL) return NULL;
    for (int32_t i = 0; i + 1 < ast->args_count; i += 2) {
        if (!need_boolean(b, &args[i], "WHEN")) return NULL;
    }
    return weir_bind_case(b, ast->at, args, ast->args_count);
}

static struct weir_expr *bind_kind(struct weir_binder *b, const struct weir_ast_expr *ast) {
    switch (ast->kind) {
    case WEIR_AST_COLUMN: return bind_column(b, ast);
    case WEIR_AST_STAR:
        return weir_bind_fail(b, WEIR_ERR_SQL, ast->at, "* stands for all columns in a select list only");
    case WEIR_AST_NUMBER:
    case WEIR_AST_STRING:
    case WEIR_AST_BOOLEAN:
    case WEIR_AST_NULL:
    case WEIR_AST_DATE:
    case WEIR_AST_TIME:
    case WEIR_AST_TIMESTAMP:
    case WEIR_AST_INTERVAL_MS:
    case WEIR_AST_INTERVAL_MONTH: return weir_bind_literal(b, ast);
    case WEIR_AST_NEGATE:
    case WEIR_AST_EXTRACT:
    case WEIR_AST_CAST:
    case WEIR_AST_NOT: return bind_one(b, ast);
    case WEIR_AST_ADD: return bind_two(b, ast, weir_bind_arithmetic, WEIR_EXPR_ADD);
    case WEIR_AST_SUBTRACT: return bind_two(b, ast, weir_bind_arithmetic, WEIR_EXPR_SUBTRACT);
    case WEIR_AST_MULTIPLY: return bind_two(b, ast, weir_bind_arithmetic, WEIR_EXPR_MULTIPLY);
    case WEIR_AST_DIVIDE: return bind_two(b, ast, weir_bind_arithmetic, WEIR_EXPR_DIVIDE);
    case WEIR_AST_MODULO: return bind_two(b, ast, weir_bind_arithmetic, WEIR_EXPR_MODULO);
    case WEIR_AST_CONCAT: return weir_bind_concat(b, ast, false);
    case WEIR_AST_EQ: return bind_two(b, ast, weir_bind_compare, WEIR_EXPR_EQ);
    case WEIR_AST_NE: return bind_two(b, ast, weir_bind_compare, WEIR_EXPR_NE);
    case WEIR_AST_LT: return bind_two(b, ast, weir_bind_compare, WEIR_EXPR_LT);
    case WEIR_AST_LE: return bind_two(b, ast, weir_bind_compare, WEIR_EXPR_LE);
    case WEIR_AST_GT: return bind_two(b, ast, weir_bind_compare, WEIR_EXPR_GT);
    case WEIR_AST_GE: return bind_two(b, ast, weir_bind_compare, WEIR_EXPR_GE);
    case WEIR_AST_IS_DISTINCT: return bind_two(b, ast, weir_bind_compare, WEIR_EXPR_IS_DISTINCT);
    case WEIR_AST_IS_NOT_DISTINCT: return bind_two(b, ast, weir_bind_compare, WEIR_EXPR_IS_NOT_DISTINCT);
    case WEIR_AST_AND: return bind_logic(b, ast, WEIR_EXPR_AND, "AND");
    case WEIR_AST_OR: return bind_logic(b, ast, WEIR_EXPR_OR, "OR");
    case WEIR_AST_BETWEEN: return weir_bind_between(b, ast);
    case WEIR_AST_IN: return weir_bind_in(b, ast);
    case WEIR_AST_LIKE: return weir_bind_like(b, ast);
    case WEIR_AST_CASE: return bind_case(b, ast);
    case WEIR_AST_FLOOR_TO:
    case WEIR_AST_CEIL_TO: return weir_bind_floor_time(b, ast);
    case WEIR_AST_TRIM: return weir_bind_trim(b, ast);
    case WEIR_AST_CALL: return weir_bind_call(b, ast);
    case WEIR_AST_GROUP_WINDOW: return weir_bind_window_part(b, ast);
    default: return bind_is(b, ast);
    }
}

struct weir_expr *weir_bind_expr(struct weir_binder *b, const struct weir_ast_expr *ast) {
    if (b->status != WEIR_OK) return NULL;
    if (++b->depth > b->depth_max) b->depth_max = b->depth;
    struct weir_expr *expr = bind_kind(b, ast);
    b->depth--;
    return expr;
}

static int32_t levels(const struct weir_expr *expr) {
    int32_t below = 0;
    for (int32_t i = 0; i < expr->args_count; i++) {
        int32_t depth = levels(expr->args[i]);
        if (depth > below) below = depth;
    }
    return below + 1;
}

struct weir_expr *weir_bind_root(struct weir_binder *b, const struct weir_ast_expr *ast, int32_t *depth) {
    b->depth = b->depth_max = 0;
    struct weir_expr *expr = weir_bind_expr(b, ast);
    if (depth != NULL && expr != NULL) *depth = levels(expr);
    return expr;
}

struct weir_expr *weir_bind_condition(struct weir_binder *b, const struct weir_ast_expr *ast, const char *clause) {
    struct weir_expr *expr = weir_bind_root(b, ast, NULL);
    return expr != NULL && need_boolean(b, &expr, clause) ? expr : NULL;
}
