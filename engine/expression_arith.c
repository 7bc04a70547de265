/* SPDX-License-Identifier: Apache-2.0
 *
 * Arithmetic of integers and intervals: computed in 64 bits, checked against the node's type.
 */
#include <stdio.h>

#include "engine/expression_ops.h"
#include "engine/value_text.h"
#include "simd/kernels.h"

/* ---- the slow path: which row is wrong ---- */

static weir_i128 round_tens(int64_t value, int64_t digits) {
    weir_i128 unit = 1;
    if (digits < -19) return 0;
    for (int64_t i = digits; i < 0; i++) unit *= 10;
    weir_i128 magnitude = value < 0 ? -(weir_i128)value : value;
    magnitude = (magnitude + unit / 2) / unit * unit;
    return value < 0 ? -magnitude : magnitude;
}

/* The result in a width that holds all; false for a division by zero. */
static bool exact(const struct weir_node *node, int64_t a, int64_t b, weir_i128 *out) {
    switch (node->op) {
    case WEIR_EXPR_ADD: *out = (weir_i128)a + b; return true;
    case WEIR_EXPR_SUBTRACT: *out = (weir_i128)a - b; return true;
    case WEIR_EXPR_MULTIPLY: *out = (weir_i128)a * b; return true;
    case WEIR_EXPR_DIVIDE: *out = b == 0 ? 0 : (weir_i128)a / b; return b != 0;
    case WEIR_EXPR_MODULO: *out = b == 0 ? 0 : (weir_i128)a % b; return b != 0;
    case WEIR_EXPR_NEGATE: *out = -(weir_i128)a; return true;
    case WEIR_EXPR_ROUND: *out = round_tens(a, b); return true;
    default: *out = a < 0 ? -(weir_i128)a : a; return true; /* ABS */
    }
}

static WEIR_COLD enum weir_status fail(struct weir_evaluation *ev, const struct weir_node *node, int32_t row,
                                       bool divided_by_zero) {
    char type[WEIR_TYPE_NAME_BYTES], a[WEIR_EVAL_TEXT_BYTES], b[WEIR_EVAL_TEXT_BYTES] = "", text[256];
    weir_eval_value_text(weir_eval_arg_node(ev, node, 0)->type, weir_eval_arg(ev, node, 0), row, a);
    const char *name = weir_expr_op_name(node->op);
    if (node->args_count < 2) {
        snprintf(text, sizeof(text), "%s(%s)", name, a);
    } else {
        weir_eval_value_text(weir_eval_arg_node(ev, node, 1)->type, weir_eval_arg(ev, node, 1), row, b);
        bool round = node->op == WEIR_EXPR_ROUND;
        snprintf(text, sizeof(text), round ? "ROUND(%s%s %s)" : "%s %s %s", a, round ? "," : name, b);
    }
    if (divided_by_zero) {
        return weir_eval_error(ev, node, "division by zero: %s: leave such rows out, or divide by NULLIF(..., 0)",
                               text);
    }
    bool widest = node->type.id == WEIR_TYPE_BIGINT;
    return weir_eval_error(ev, node, "%s overflow: %s: CAST an argument to %s",
                           weir_type_name(node->type, false, type, sizeof(type)), text,
                           widest ? "DECIMAL(38, 0) or DOUBLE" : "BIGINT");
}

/* Something in the block was wrong: an error if it is in a row that counts. */
static WEIR_COLD enum weir_status look(struct weir_evaluation *ev, const struct weir_node *node,
                                       const struct weir_vector *out) {
    const int64_t *a = weir_eval_arg(ev, node, 0)->i64;
    const int64_t *b = node->args_count > 1 ? weir_eval_arg(ev, node, 1)->i64 : a;
    const uint64_t *mask = weir_eval_mask(ev, node);
    int64_t least, greatest;
    weir_type_bounds(node->type, &least, &greatest);
    for (int32_t i = 0; i < ev->rows; i++) {
        weir_i128 result;
        if (!weir_eval_counts(mask, out->validity, i)) continue;
        if (!exact(node, a[i], b[i], &result)) return fail(ev, node, i, true);
        if (result < least || result > greatest) return fail(ev, node, i, false);
    }
    return WEIR_OK;
}

static bool outside(struct weir_type type, const int64_t *values, int32_t rows) {
    int64_t least, greatest, min, max;
    weir_type_bounds(type, &least, &greatest);
    if (rows == 0 || (least == INT64_MIN && greatest == INT64_MAX)) return false;
    weir_simd->min_max_i64(values, (size_t)rows, &min, &max);
    return min < least || max > greatest;
}

/* ---- dense loops; each returns whether any row was wrong ---- */

static bool multiply(const int64_t *a, const int64_t *b, int32_t rows, int64_t *out) {
    bool over = false;
    for (int32_t i = 0; i < rows; i++) over |= __builtin_mul_overflow(a[i], b[i], &out[i]);
    return over;
}

/* A divisor of 0 divides by 1 and is wrong; -1 negates, for INT64_MIN / -1 traps. */
static bool divide(const int64_t *a, const int64_t *b, int32_t rows, int64_t *out) {
    bool wrong = false;
    for (int32_t i = 0; i < rows; i++) {
        int64_t divisor = b[i] == 0 || b[i] == -1 ? 1 : b[i];
        int64_t quotient = a[i] / divisor;
        wrong |= b[i] == 0 || (b[i] == -1 && a[i] == INT64_MIN);
        out[i] = b[i] == -1 ? (int64_t)(0 - (uint64_t)quotient) : quotient;
    }
    return wrong;
}

static bool modulo(const int64_t *a, const int64_t *b, int32_t rows, int64_t *out) {
    bool wrong = false;
    for (int32_t i = 0; i < rows; i++) {
        int64_t divisor = b[i] == 0 || b[i] == -1 ? 1 : b[i];
        wrong |= b[i] == 0;
        out[i] = a[i] % divisor;
    }
    return wrong;
}

/* By a constant above 0: rounded down, then what is below 0 towards it. */
static void divide_by(const int64_t *a, int64_t divisor, int32_t rows, int64_t *out) {
    bool below = false;
    weir_simd->floor_divide_i64(a, (size_t)rows, divisor, out);
    for (int32_t i = 0; i < rows; i++) below |= a[i] < 0;
    for (int32_t i = 0; i < rows && below; i++)
        out[i] += a[i] < 0 && (uint64_t)out[i] * (uint64_t)divisor != (uint64_t)a[i];
}

static void modulo_by(const int64_t *a, int64_t divisor, int32_t rows, int64_t *out) {
    divide_by(a, divisor, rows, out);
    for (int32_t i = 0; i < rows; i++) out[i] = (int64_t)((uint64_t)a[i] - (uint64_t)out[i] * (uint64_t)divisor);
}

/* The divisor where it is one constant above 0, which no row can be wrong by; else 0. */
static int64_t constant_divisor(const struct weir_evaluation *ev, const struct weir_node *node, const int64_t *b) {
    if (node->op != WEIR_EXPR_DIVIDE && node->op != WEIR_EXPR_MODULO) return 0;
    bool constant = ev->rows > 0 && weir_eval_arg_node(ev, node, 1)->op == WEIR_EXPR_LITERAL;
    return constant && b[0] > 0 ? b[0] : 0;
}

static bool negate(const int64_t *a, int32_t rows, int64_t *out) {
    bool wrong = false;
    for (int32_t i = 0; i < rows; i++) {
        wrong |= a[i] == INT64_MIN;
        out[i] = (int64_t)(0 - (uint64_t)a[i]);
    }
    return wrong;
}

static bool absolute(const int64_t *a, int32_t rows, int64_t *out) {
    bool wrong = false;
    for (int32_t i = 0; i < rows; i++) {
        wrong |= a[i] == INT64_MIN;
        out[i] = a[i] < 0 ? (int64_t)(0 - (uint64_t)a[i]) : a[i];
    }
    return wrong;
}

static bool round_all(const int64_t *a, const int64_t *digits, int32_t rows, int64_t *out) {
    bool wrong = false;
    for (int32_t i = 0; i < rows; i++) {
        weir_i128 rounded = digits[i] >= 0 ? a[i] : round_tens(a[i], digits[i]);
        out[i] = (int64_t)rounded;
        wrong |= rounded != out[i];
    }
    return wrong;
}

static bool compute(const struct weir_node *node, const int64_t *a, const int64_t *b, int32_t rows, int64_t *out) {
    switch (node->op) {
    case WEIR_EXPR_ADD: return weir_simd->add_i64(a, b, (size_t)rows, out);
    case WEIR_EXPR_SUBTRACT: return weir_simd->subtract_i64(a, b, (size_t)rows, out);
    case WEIR_EXPR_MULTIPLY: return multiply(a, b, rows, out);
    case WEIR_EXPR_DIVIDE: return divide(a, b, rows, out);
    case WEIR_EXPR_MODULO: return modulo(a, b, rows, out);
    case WEIR_EXPR_NEGATE: return negate(a, rows, out);
    case WEIR_EXPR_ROUND: return round_all(a, b, rows, out);
    default: return absolute(a, rows, out);
    }
}

static enum weir_status eval_arith(struct weir_evaluation *ev, const struct weir_node *node,
                                   struct weir_vector *out) {
    int64_t *values = weir_eval_values(ev, sizeof(*values));
    if (values == NULL) return weir_eval_memory(ev);
    enum weir_status status = weir_eval_validity(ev, node, &out->validity);
    if (status != WEIR_OK) return status;
    const int64_t *a = weir_eval_arg(ev, node, 0)->i64;
    const int64_t *b = node->args_count > 1 ? weir_eval_arg(ev, node, 1)->i64 : NULL;
    out->i64 = values;
    int64_t divisor = constant_divisor(ev, node, b);
    if (divisor > 0) {
        (node->op == WEIR_EXPR_DIVIDE ? divide_by : modulo_by)(a, divisor, ev->rows, values);
        return outside(node->type, values, ev->rows) ? look(ev, node, out) : WEIR_OK;
    }
    bool wrong = compute(node, a, b, ev->rows, values);
    return wrong || outside(node->type, values, ev->rows) ? look(ev, node, out) : WEIR_OK;
}

static enum weir_status eval_sign(struct weir_evaluation *ev, const struct weir_node *node,
                                  struct weir_vector *out) {
    const struct weir_vector *arg = weir_eval_arg(ev, node, 0);
    int64_t *values = weir_eval_values(ev, sizeof(*values));
    if (values == NULL) return weir_eval_memory(ev);
    for (int32_t i = 0; i < ev->rows; i++) values[i] = (arg->i64[i] > 0) - (arg->i64[i] < 0);
    out->i64 = values;
    out->validity = arg->validity;
    return WEIR_OK;
}

enum weir_status weir_eval_pass(struct weir_evaluation *ev, const struct weir_node *node, struct weir_vector *out) {
    *out = *weir_eval_arg(ev, node, 0);
    return WEIR_OK;
}

/* ---- shapes ---- */

static bool is_interval(struct weir_type type) {
    return type.id == WEIR_TYPE_INTERVAL_MS || type.id == WEIR_TYPE_INTERVAL_MONTH;
}

/* interval +- interval, -interval, interval * integer, integer * interval, interval / integer. */
static bool interval_fits(const struct weir_compiler *compiler, const struct weir_node *node) {
    struct weir_type a = weir_compile_arg(compiler, node, 0)->type, b = a;
    if (node->args_count > 1) b = weir_compile_arg(compiler, node, 1)->type;
    bool left = a.id == node->type.id, right = b.id == node->type.id;
    switch (node->op) {
    case WEIR_EXPR_MULTIPLY: return (left && weir_type_is_integer(b)) || (right && weir_type_is_integer(a));
    case WEIR_EXPR_DIVIDE: return left && weir_type_is_integer(b);
    case WEIR_EXPR_ADD:
    case WEIR_EXPR_SUBTRACT:
    case WEIR_EXPR_NEGATE:
    case WEIR_EXPR_ABS: return left && right;
    default: return false;
    }
}

static bool integers_fit(const struct weir_compiler *compiler, const struct weir_node *node) {
    for (int32_t i = 0; i < node->args_count; i++) {
        if (!weir_type_is_integer(weir_compile_arg(compiler, node, i)->type)) return false;
    }
    return weir_type_is_integer(node->type);
}

bool weir_prepare_arith(struct weir_compiler *compiler, struct weir_node *node) {
    bool binary = node->op >= WEIR_EXPR_ADD && node->op <= WEIR_EXPR_MODULO;
    bool round = node->op == WEIR_EXPR_ROUND && node->args_count == 2;
    if (!weir_compile_args(compiler, node, binary || round ? 2 : 1, WEIR_VECTOR_I64)) {
        return weir_compile_shape(compiler, node);
    }
    bool sum = node->op == WEIR_EXPR_ADD || node->op == WEIR_EXPR_SUBTRACT;
    if (sum && !weir_type_is_integer(node->type) && !is_interval(node->type)) {
        return weir_prepare_time(compiler, node);
    }
    if (is_interval(node->type) ? !interval_fits(compiler, node) : !integers_fit(compiler, node)) {
        return weir_compile_shape(compiler, node);
    }
    bool same =
        node->op == WEIR_EXPR_FLOOR || node->op == WEIR_EXPR_CEIL || (node->op == WEIR_EXPR_ROUND && !round);
    bool computed = binary || round || node->op == WEIR_EXPR_NEGATE || node->op == WEIR_EXPR_ABS;
    if (!same && !computed && node->op != WEIR_EXPR_SIGN) return weir_compile_shape(compiler, node);
    node->eval = same ? weir_eval_pass : computed ? eval_arith : eval_sign;
    node->can_fail = computed;
    return true;
}
