/* SPDX-License-Identifier: Apache-2.0
 *
 * Comparisons and what is made of them.
 */
#include <string.h>

#include "sql/bind.h"

static struct weir_type boolean(bool nullable) {
    struct weir_type type = weir_type_of(WEIR_TYPE_BOOLEAN);
    type.nullable = nullable;
    return type;
}

static void *refuse(struct weir_binder *b, struct weir_place at, struct weir_type left, struct weir_type right) {
    char a[WEIR_TYPE_NAME_BYTES], c[WEIR_TYPE_NAME_BYTES];
    return weir_bind_fail(b, WEIR_ERR_SQL, at, "%s and %s are not compared without a CAST of one of them",
                          weir_type_name(left, false, a, sizeof(a)), weir_type_name(right, false, c, sizeof(c)));
}

/* A text that is compared with a time must be one; Flink finds out when the query runs. */
static struct weir_expr *to_compared(struct weir_binder *b, struct weir_expr *expr, struct weir_type type) {
    bool text = expr->op == WEIR_EXPR_LITERAL && !expr->is_null && expr->type.id == WEIR_TYPE_STRING;
    bool time = weir_type_is_time(type) || type.id == WEIR_TYPE_DATE || type.id == WEIR_TYPE_TIME;
    struct weir_expr *cast = weir_bind_cast(b, expr, type);
    if (cast == NULL || !text || !time || cast->op == WEIR_EXPR_LITERAL) return cast;
    char name[WEIR_TYPE_NAME_BYTES];
    return weir_bind_fail(b, WEIR_ERR_SQL, weir_expr_place(expr),
                          "'%.60s' is compared with %s and is none; expected 'YYYY-MM-DD%s'",
                          expr->value.string.data, weir_type_name(type, false, name, sizeof(name)),
                          weir_type_is_time(type) ? " HH:MM:SS" : "");
}

struct weir_expr *weir_bind_compare(struct weir_binder *b, struct weir_place at, enum weir_expr_op op,
                                    struct weir_expr *left, struct weir_expr *right) {
    struct weir_type type;
    bool distinct = op == WEIR_EXPR_IS_DISTINCT || op == WEIR_EXPR_IS_NOT_DISTINCT;
    if (left->type.id == WEIR_TYPE_NULL && right->type.id == WEIR_TYPE_NULL)
        return weir_bind_fail(b, WEIR_ERR_SQL, at, "NULL is compared with NULL; write x IS NULL");
    if (!weir_type_comparable(left->type, right->type, &type)) return refuse(b, at, left->type, right->type);
    if (left->type.id == WEIR_TYPE_NULL) left = weir_bind_null(b, weir_expr_place(left), type);
    if (right->type.id == WEIR_TYPE_NULL) right = weir_bind_null(b, weir_expr_place(right), type);
    struct weir_expr *args[] = {left == NULL ? NULL : to_compared(b, left, type),
                                right == NULL ? NULL : to_compared(b, right, type)};
    if (args[0] == NULL || args[1] == NULL) return NULL;
    bool nullable = !distinct && (left->type.nullable || right->type.nullable);
    return weir_bind_node(b, at, op, boolean(nullable), 2, args);
}

struct weir_expr *weir_bind_between(struct weir_binder *b, const struct weir_ast_expr *ast) {
    struct weir_expr *tests[2];
    for (int i = 0; i < 2; i++) {
        struct weir_expr *x = weir_bind_expr(b, ast->args[0]);
        struct weir_expr *bound = x == NULL ? NULL : weir_bind_expr(b, ast->args[i + 1]);
        if (bound == NULL) return NULL;
        tests[i] = weir_bind_compare(b, ast->at, i == 0 ? WEIR_EXPR_GE : WEIR_EXPR_LE, x, bound);
        if (tests[i] == NULL) return NULL;
    }
    struct weir_expr *both = weir_bind_and(b, tests[0], tests[1]);
    return ast->flag ? weir_bind_not(b, ast->at, both) : both;
}

/* x = a OR x = b OR ... */
static struct weir_expr *in_by_tests(struct weir_binder *b, const struct weir_ast_expr *ast,
                                     struct weir_expr **args) {
    int32_t count = ast->args_count - 1;
    bool nullable = false;
    struct weir_expr **tests = weir_bind_array(b, count, sizeof(*tests));
    if (tests == NULL) return NULL;
    for (int32_t i = 0; i < count; i++) {
        struct weir_expr *x = i == 0 ? args[0] : weir_bind_copy(b, args[0]);
        if (x == NULL || (tests[i] = weir_bind_compare(b, ast->at, WEIR_EXPR_EQ, x, args[i + 1])) == NULL)
            return NULL;
        nullable |= tests[i]->type.nullable;
    }
    return count == 1 ? tests[0] : weir_bind_node(b, ast->at, WEIR_EXPR_OR, boolean(nullable), count, tests);
}

/* All literals of one type with x: looked up at once. False without error where that is not so. */
static bool in_as_list(struct weir_binder *b, struct weir_expr **args, int32_t count) {
    struct weir_type type = args[0]->type;
    for (int32_t i = 1; i < count; i++) {
        if (args[i]->op != WEIR_EXPR_LITERAL || args[i]->is_null) return false;
        if (!weir_type_comparable(type, args[i]->type, &type)) return false;
    }
    for (int32_t i = 1; i < count; i++) {
        struct weir_type own = type;
        own.nullable = false;
        struct weir_expr *folded = weir_type_equal(args[i]->type, own) ? args[i] : weir_bind_fold(b, args[i], own);
        if (folded == NULL) return false;
        args[i] = folded;
    }
    args[0] = weir_bind_cast(b, args[0], type);
    return args[0] != NULL;
}

struct weir_expr *weir_bind_in(struct weir_binder *b, const struct weir_ast_expr *ast) {
    struct weir_expr **args = weir_bind_array(b, ast->args_count, sizeof(*args));
    struct weir_expr **list = weir_bind_array(b, ast->args_count, sizeof(*list));
    if (args == NULL || list == NULL) return NULL;
    for (int32_t i = 0; i < ast->args_count; i++) {
        if ((args[i] = weir_bind_expr(b, ast->args[i])) == NULL) return NULL;
    }
    memcpy(list, args, (size_t)ast->args_count * sizeof(*args));
    struct weir_expr *node;
    if (in_as_list(b, list, ast->args_count)) {
        node = weir_bind_node(b, ast->at, WEIR_EXPR_IN, boolean(list[0]->type.nullable), ast->args_count, list);
    } else {
        node = b->status != WEIR_OK ? NULL : in_by_tests(b, ast, args);
    }
    return ast->flag ? weir_bind_not(b, ast->at, node) : node;
}

struct weir_expr *weir_bind_like(struct weir_binder *b, const struct weir_ast_expr *ast) {
    struct weir_expr *args[3];
    for (int32_t i = 0; i < ast->args_count; i++) {
        if ((args[i] = weir_bind_expr(b, ast->args[i])) == NULL) return NULL;
        struct weir_place at = weir_expr_place(args[i]);
        if (args[i]->type.id == WEIR_TYPE_NULL) args[i] = weir_bind_null(b, at, weir_type_string());
        if (args[i] == NULL) return NULL;
        if (args[i]->type.id != WEIR_TYPE_STRING)
            return weir_bind_fail(b, WEIR_ERR_SQL, at, "LIKE works on strings");
        if (i > 0 && args[i]->op != WEIR_EXPR_LITERAL)
            return weir_bind_fail(
                b, WEIR_ERR_UNSUPPORTED, at,
                "the pattern of LIKE must be written as a literal; computed patterns are not supported yet");
    }
    bool nullable = args[0]->type.nullable || args[1]->type.nullable;
    struct weir_expr *node = weir_bind_node(b, ast->at, WEIR_EXPR_LIKE, boolean(nullable), ast->args_count, args);
    return ast->flag ? weir_bind_not(b, ast->at, node) : node;
}

struct weir_expr *weir_bind_case(struct weir_binder *b, struct weir_place at, struct weir_expr **args,
                                 int32_t count) {
    /* The results are every second argument and the last one: bring them side by side to unify them. */
    int32_t results_count = count / 2 + 1;
    struct weir_expr **results = weir_bind_array(b, results_count, sizeof(*results));
    struct weir_type type;
    if (results == NULL) return NULL;
    for (int32_t i = 0; i + 1 < results_count; i++) results[i] = args[2 * i + 1];
    results[results_count - 1] = args[count - 1];
    if (!weir_bind_unify(b, at, "CASE", results, results_count, 0, 1, &type)) return NULL;
    for (int32_t i = 0; i + 1 < results_count; i++) args[2 * i + 1] = results[i];
    args[count - 1] = results[results_count - 1];
    return weir_bind_node(b, at, WEIR_EXPR_CASE, type, count, args);
}
