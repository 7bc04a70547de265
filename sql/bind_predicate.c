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

/* A number as a code that orders as Double.compare does. */
static struct weir_expr *to_order(struct weir_binder *b, struct weir_expr *expr) {
    struct weir_type code = weir_type_of(WEIR_TYPE_BIGINT);
    code.nullable = expr->type.nullable;
    bool decimal = expr->op == WEIR_EXPR_LITERAL && !expr->is_null && expr->type.id == WEIR_TYPE_DECIMAL;
    struct weir_expr *wide =
        decimal ? weir_bind_decimal_real(b, expr) : weir_bind_cast(b, expr, weir_type_of(WEIR_TYPE_DOUBLE));
    return wide == NULL ? NULL : weir_bind_node(b, weir_expr_place(expr), WEIR_EXPR_TOTAL_ORDER, code, 1, &wide);
}

/* x = TRUE is x and x = FALSE is NOT x, which is not the same for a comparison with NaN in it. NULL where it is no
 * such comparison. */
static struct weir_expr *bind_truth(struct weir_binder *b, struct weir_place at, enum weir_expr_op op,
                                    struct weir_expr *left, struct weir_expr *right) {
    bool literal_right = right->op == WEIR_EXPR_LITERAL;
    const struct weir_expr *literal = literal_right ? right : left;
    struct weir_expr *other = literal_right ? left : right;
    if (op != WEIR_EXPR_EQ && op != WEIR_EXPR_NE) return NULL;
    if (literal->op != WEIR_EXPR_LITERAL || literal->is_null || literal->type.id != WEIR_TYPE_BOOLEAN) return NULL;
    if (other->type.id != WEIR_TYPE_BOOLEAN) return NULL;
    return (literal->value.i64 != 0) == (op == WEIR_EXPR_EQ) ? other : weir_bind_not(b, at, other);
}

struct weir_expr *weir_bind_compare(struct weir_binder *b, struct weir_place at, enum weir_expr_op op,
                                    struct weir_expr *left, struct weir_expr *right) {
    struct weir_comparison as;
    struct weir_expr *truth = bind_truth(b, at, op, left, right);
    if (truth != NULL || b->status != WEIR_OK) return truth;
    bool distinct = op == WEIR_EXPR_IS_DISTINCT || op == WEIR_EXPR_IS_NOT_DISTINCT;
    if (left->type.id == WEIR_TYPE_NULL && right->type.id == WEIR_TYPE_NULL)
        return weir_bind_fail(b, WEIR_ERR_SQL, at, "NULL is compared with NULL; write x IS NULL");
    if (!weir_type_comparable(op, left->type, right->type, &as)) return refuse(b, at, left->type, right->type);
    if (left->type.id == WEIR_TYPE_NULL) left = weir_bind_null(b, weir_expr_place(left), as.left);
    if (right->type.id == WEIR_TYPE_NULL) right = weir_bind_null(b, weir_expr_place(right), as.right);
    if (left == NULL || right == NULL) return NULL;
    struct weir_expr *args[] = {as.total_order ? to_order(b, left) : to_compared(b, left, as.left),
                                as.total_order ? to_order(b, right) : to_compared(b, right, as.right)};
    if (args[0] == NULL || args[1] == NULL) return NULL;
    bool nullable = !distinct && (left->type.nullable || right->type.nullable);
    return weir_bind_node(b, at, op, boolean(nullable), 2, args);
}

/* x >= args[low] AND x <= args[high] */
static struct weir_expr *bind_range(struct weir_binder *b, const struct weir_ast_expr *ast, int low, int high) {
    struct weir_expr *tests[2];
    for (int i = 0; i < 2; i++) {
        struct weir_expr *x = weir_bind_expr(b, ast->args[0]);
        struct weir_expr *bound = x == NULL ? NULL : weir_bind_expr(b, ast->args[i == 0 ? low : high]);
        if (bound == NULL) return NULL;
        tests[i] = weir_bind_compare(b, ast->at, i == 0 ? WEIR_EXPR_GE : WEIR_EXPR_LE, x, bound);
        if (tests[i] == NULL) return NULL;
    }
    return weir_bind_and(b, tests[0], tests[1]);
}

struct weir_expr *weir_bind_between(struct weir_binder *b, const struct weir_ast_expr *ast) {
    struct weir_expr *range = bind_range(b, ast, 1, 2);
    if (range != NULL && ast->number == 1) {
        struct weir_expr *either[] = {range, bind_range(b, ast, 2, 1)};
        bool nullable = either[1] != NULL && (range->type.nullable || either[1]->type.nullable);
        range = weir_bind_node(b, ast->at, WEIR_EXPR_OR, boolean(nullable), 2, either);
    }
    return ast->flag ? weir_bind_not(b, ast->at, range) : range;
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

/* An item of IN has the type of the left side: Flink casts it, whatever that takes from it. A literal that would
 * become another number is refused, for it cannot be what was meant. */
static struct weir_expr *to_item(struct weir_binder *b, struct weir_expr *item, struct weir_type type) {
    struct weir_comparison as;
    if (item->type.id == WEIR_TYPE_NULL) return item;
    if (!weir_type_comparable(WEIR_EXPR_EQ, type, item->type, &as))
        return refuse(b, weir_expr_place(item), type, item->type);
    bool text = type.id == WEIR_TYPE_STRING;
    bool other_char = text && type.fixed && item->op != WEIR_EXPR_LITERAL && !weir_type_equal(type, item->type);
    if (text != (as.left.id == WEIR_TYPE_STRING) || other_char) /* Flink casts to it: pads, cuts */
        return refuse(b, weir_expr_place(item), type, item->type);
    if (!weir_type_is_numeric(type)) return to_compared(b, item, as.left);
    bool literal = item->op == WEIR_EXPR_LITERAL && !item->is_null;
    bool loses =
        !literal && type.id == WEIR_TYPE_DECIMAL && item->type.id == WEIR_TYPE_DECIMAL &&
        (item->type.scale > type.scale || item->type.precision - item->type.scale > type.precision - type.scale);
    if (loses) return refuse(b, weir_expr_place(item), type, item->type);
    if (!literal || weir_bind_keeps(item, type)) return weir_bind_cast(b, item, type);
    char left[WEIR_TYPE_NAME_BYTES];
    return weir_bind_fail(
        b, WEIR_ERR_SQL, weir_expr_place(item),
        "%s cannot hold this number, and IN would change it to one that it can (so does Flink); CAST "
        "the left side of IN to DOUBLE or DECIMAL",
        weir_type_name(type, false, left, sizeof(left)));
}

struct weir_expr *weir_bind_in(struct weir_binder *b, const struct weir_ast_expr *ast) {
    struct weir_expr **args = weir_bind_array(b, ast->args_count, sizeof(*args));
    if (args == NULL || (args[0] = weir_bind_expr(b, ast->args[0])) == NULL) return NULL;
    bool list = args[0]->type.id != WEIR_TYPE_NULL; /* all literals of one type with x: looked up at once */
    for (int32_t i = 1; i < ast->args_count; i++) {
        struct weir_expr *item = weir_bind_expr(b, ast->args[i]);
        if (item == NULL || (args[i] = to_item(b, item, args[0]->type)) == NULL) return NULL;
        bool alike = weir_type_equal(args[i]->type, args[0]->type) || args[0]->type.id == WEIR_TYPE_STRING;
        list = list && alike && args[i]->op == WEIR_EXPR_LITERAL && !args[i]->is_null;
    }
    struct weir_expr *node =
        list ? weir_bind_node(b, ast->at, WEIR_EXPR_IN, boolean(args[0]->type.nullable), ast->args_count, args)
             : in_by_tests(b, ast, args);
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
