/* SPDX-License-Identifier: Apache-2.0
 *
 * Arithmetic and functions of FLOAT and DOUBLE. Computed in double; FLOAT is rounded to float after each operation,
 * which for + - * / gives what float arithmetic gives. Nothing here fails: NaN and the infinities are values.
 */
#include <math.h>

#include "engine/accumulator.h"
#include "engine/expression_ops.h"
#include "engine/value_text.h"

static void round_to_float(double *values, int32_t rows) {
    for (int32_t i = 0; i < rows; i++) values[i] = (double)(float)values[i];
}

/* Java's Math.pow knows no exceptions for 1^NaN and (+-1)^Infinity. */
static double power(double base, double exponent) {
    if (isnan(exponent) || (isinf(exponent) && fabs(base) == 1)) return NAN;
    return pow(base, exponent);
}

/* Flink's SQRT is Java's pow(x, 0.5). */
static double square_root(double x) {
    if (x == 0) return 0.0;
    return x == -INFINITY ? INFINITY : sqrt(x);
}

#define EACH(expression)                                                                                           \
    for (int32_t i = 0; i < rows; i++) {                                                                           \
        out[i] = expression;                                                                                       \
    }                                                                                                              \
    break

static void compute_two(enum weir_expr_op op, const double *a, const double *b, int32_t rows, double *out) {
    switch (op) {
    case WEIR_EXPR_ADD: EACH(a[i] + b[i]);
    case WEIR_EXPR_SUBTRACT: EACH(a[i] - b[i]);
    case WEIR_EXPR_MULTIPLY: EACH(a[i] * b[i]);
    case WEIR_EXPR_DIVIDE: EACH(a[i] / b[i]);
    case WEIR_EXPR_MODULO: EACH(fmod(a[i], b[i]));
    default: EACH(power(a[i], b[i]));
    }
}

static void compute_one(enum weir_expr_op op, const double *a, int32_t rows, double *out) {
    switch (op) {
    case WEIR_EXPR_NEGATE: EACH(-a[i]);
    case WEIR_EXPR_ABS: EACH(fabs(a[i]));
    case WEIR_EXPR_FLOOR: EACH(floor(a[i]));
    case WEIR_EXPR_CEIL: EACH(ceil(a[i]));
    case WEIR_EXPR_SQRT: EACH(square_root(a[i]));
    case WEIR_EXPR_EXP: EACH(exp(a[i]));
    case WEIR_EXPR_LN: EACH(log(a[i]));
    default: EACH(a[i] > 0 ? 1.0 : a[i] < 0 ? -1.0 : a[i]); /* SIGN, of zeros and NaN themselves */
    }
}

static enum weir_status eval_float(struct weir_evaluation *ev, const struct weir_node *node,
                                   struct weir_vector *out) {
    double *values = weir_eval_values(ev, sizeof(*values));
    if (values == NULL) return weir_eval_memory(ev);
    const double *a = weir_eval_arg(ev, node, 0)->f64;
    if (node->args_count == 1) {
        compute_one(node->op, a, ev->rows, values);
    } else {
        compute_two(node->op, a, weir_eval_arg(ev, node, 1)->f64, ev->rows, values);
    }
    if (node->type.id == WEIR_TYPE_FLOAT) round_to_float(values, ev->rows);
    out->f64 = values;
    return weir_eval_validity(ev, node, &out->validity);
}

/* ROUND(x [, digits]). */
static enum weir_status eval_round(struct weir_evaluation *ev, const struct weir_node *node,
                                   struct weir_vector *out) {
    double *values = weir_eval_values(ev, sizeof(*values));
    if (values == NULL) return weir_eval_memory(ev);
    const double *a = weir_eval_arg(ev, node, 0)->f64;
    const int64_t *digits = node->args_count > 1 ? weir_eval_arg(ev, node, 1)->i64 : NULL;
    enum weir_status status = weir_eval_validity(ev, node, &out->validity);
    for (int32_t i = 0; i < ev->rows; i++) {
        int64_t places = digits == NULL ? 0 : digits[i];
        if (places > 400) places = 400;
        if (places < -400) places = -400;
        values[i] = weir_text_round_double(a[i], places) + 0.0; /* BigDecimal knows no -0.0 */
    }
    if (node->type.id == WEIR_TYPE_FLOAT) round_to_float(values, ev->rows);
    out->f64 = values;
    return status;
}

static bool prepare_round(struct weir_compiler *compiler, struct weir_node *node) {
    bool fits = (node->args_count == 1 || node->args_count == 2) &&
                weir_compile_arg(compiler, node, 0)->kind == WEIR_VECTOR_F64;
    if (fits && node->args_count == 2) fits = weir_type_is_integer(weir_compile_arg(compiler, node, 1)->type);
    node->eval = eval_round;
    return fits || weir_compile_shape(compiler, node);
}

static enum weir_status eval_order(struct weir_evaluation *ev, const struct weir_node *node,
                                   struct weir_vector *out) {
    int64_t *codes = weir_eval_values(ev, sizeof(*codes));
    if (codes == NULL) return weir_eval_memory(ev);
    const struct weir_vector *arg = weir_eval_arg(ev, node, 0);
    for (int32_t i = 0; i < ev->rows; i++) codes[i] = weir_f64_order(arg->f64[i]);
    out->i64 = codes;
    out->validity = arg->validity;
    return WEIR_OK;
}

static bool is_ordered_literal(const struct weir_expr *expr) {
    const struct weir_expr *arg = expr->op == WEIR_EXPR_TOTAL_ORDER && expr->args_count == 1 ? expr->args[0] : NULL;
    return arg != NULL && arg->op == WEIR_EXPR_LITERAL && arg->type.id == WEIR_TYPE_DOUBLE && !arg->is_null &&
           arg->value.f64 != 0 && !isnan(arg->value.f64);
}

/* x > c is NOT (x <= c), for NaN lies above all. */
struct weir_expr *weir_order_plain(struct weir_arena *arena, const struct weir_expr *expr, bool *memory) {
    static const struct {
        enum weir_expr_op op;
        bool negated;
    } plain[] = {{WEIR_EXPR_LT, false}, {WEIR_EXPR_LE, false}, {WEIR_EXPR_LE, true}, {WEIR_EXPR_LT, true}},
      mirrored[] = {{WEIR_EXPR_LE, true}, {WEIR_EXPR_LT, true}, {WEIR_EXPR_LT, false}, {WEIR_EXPR_LE, false}};
    *memory = false;
    if (expr->op < WEIR_EXPR_LT || expr->op > WEIR_EXPR_GE || expr->args_count != 2) return NULL;
    const struct weir_expr *left = expr->args[0], *right = expr->args[1];
    if (left == NULL || right == NULL || left->op != right->op || left->op != WEIR_EXPR_TOTAL_ORDER) return NULL;
    bool swap = is_ordered_literal(left), literal = swap != is_ordered_literal(right);
    if (!literal || left->args_count != 1 || right->args_count != 1) return NULL;
    struct weir_expr *args[] = {(swap ? right : left)->args[0], (swap ? left : right)->args[0]};
    int as = (int)expr->op - WEIR_EXPR_LT;
    bool negated = swap ? mirrored[as].negated : plain[as].negated;
    struct weir_expr *test = weir_expr_node(arena, swap ? mirrored[as].op : plain[as].op, expr->type, 2, args);
    struct weir_expr *node =
        test == NULL || !negated ? test : weir_expr_node(arena, WEIR_EXPR_NOT, expr->type, 1, &test);
    *memory = node == NULL;
    return node;
}

bool weir_prepare_float(struct weir_compiler *compiler, struct weir_node *node) {
    if (node->op == WEIR_EXPR_ROUND) return prepare_round(compiler, node);
    if (node->op == WEIR_EXPR_TOTAL_ORDER) {
        node->eval = eval_order;
        bool fits = node->type.id == WEIR_TYPE_BIGINT && weir_compile_args(compiler, node, 1, WEIR_VECTOR_F64);
        return fits || weir_compile_shape(compiler, node);
    }
    bool two = (node->op >= WEIR_EXPR_ADD && node->op <= WEIR_EXPR_MODULO) || node->op == WEIR_EXPR_POWER;
    node->eval = eval_float;
    return weir_compile_args(compiler, node, two ? 2 : 1, WEIR_VECTOR_F64) || weir_compile_shape(compiler, node);
}
