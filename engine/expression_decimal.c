/* SPDX-License-Identifier: Apache-2.0
 *
 * Arithmetic of DECIMAL: exact, rounded half up to the node's scale; what needs more digits than the node's
 * precision is NULL, as in Flink; a division by zero is an error.
 */
#include "engine/decimal.h"

#include <string.h>

#include "engine/expression_ops.h"

static struct weir_decimal_type result_type(const struct weir_node *node) {
    return (struct weir_decimal_type){node->type.precision, node->type.scale};
}

static int scale_of_arg(const struct weir_evaluation *ev, const struct weir_node *node, int32_t i) {
    return weir_eval_arg_node(ev, node, i)->type.scale;
}

/* Results of one node, and the rows that became NULL. */
struct results {
    weir_i128 *values;
    uint64_t *good;
    bool any_bad;
};

static bool init_results(struct weir_evaluation *ev, struct results *results) {
    results->values = weir_eval_values(ev, sizeof(weir_i128));
    results->good = weir_eval_bits(ev);
    results->any_bad = false;
    if (results->values == NULL || results->good == NULL) return false;
    memset(results->good, 0, weir_eval_words(ev) * sizeof(uint64_t));
    return true;
}

static inline void put(struct results *results, int32_t row, bool good, weir_i128 value) {
    results->values[row] = good ? value : 0;
    results->good[row >> 6] |= (uint64_t)good << (row & 63);
    results->any_bad |= !good;
}

static enum weir_status finish(struct weir_evaluation *ev, const struct weir_node *node, struct results *results,
                               struct weir_vector *out) {
    enum weir_status status = weir_eval_validity(ev, node, &out->validity);
    out->i128 = results->values;
    if (status != WEIR_OK || !results->any_bad) return status;
    for (size_t i = 0, words = weir_eval_words(ev); out->validity != NULL && i < words; i++) {
        results->good[i] &= out->validity[i];
    }
    out->validity = results->good;
    return WEIR_OK;
}

/* a OP b in the rows, by a function of decimal.h. */
#define EACH_PAIR(function)                                                                                        \
    for (int32_t i = 0; i < ev->rows; i++) {                                                                       \
        weir_i128 value = 0;                                                                                       \
        bool good = function((struct weir_decimal){a[i], sa}, (struct weir_decimal){b[i], sb}, to, &value);        \
        put(&results, i, good, value);                                                                             \
    }                                                                                                              \
    break

static enum weir_status eval_pair(struct weir_evaluation *ev, const struct weir_node *node,
                                  struct weir_vector *out) {
    struct results results;
    if (!init_results(ev, &results)) return weir_eval_memory(ev);
    const weir_i128 *a = weir_eval_arg(ev, node, 0)->i128, *b = weir_eval_arg(ev, node, 1)->i128;
    int sa = scale_of_arg(ev, node, 0), sb = scale_of_arg(ev, node, 1);
    struct weir_decimal_type to = result_type(node);
    switch (node->op) {
    case WEIR_EXPR_ADD: EACH_PAIR(weir_decimal_add);
    case WEIR_EXPR_SUBTRACT: EACH_PAIR(weir_decimal_subtract);
    default: EACH_PAIR(weir_decimal_multiply);
    }
    return finish(ev, node, &results, out);
}

static WEIR_COLD enum weir_status divided_by_zero(struct weir_evaluation *ev, const struct weir_node *node,
                                                  int32_t row) {
    char text[WEIR_EVAL_TEXT_BYTES];
    weir_eval_value_text(weir_eval_arg_node(ev, node, 0)->type, weir_eval_arg(ev, node, 0), row, text);
    return weir_eval_error(ev, node, "division by zero: %s %s 0: leave such rows out, or divide by NULLIF(..., 0)",
                           text, weir_expr_op_name(node->op));
}

/* / and %. */
static enum weir_status eval_division(struct weir_evaluation *ev, const struct weir_node *node,
                                      struct weir_vector *out) {
    struct results results;
    if (!init_results(ev, &results)) return weir_eval_memory(ev);
    const weir_i128 *a = weir_eval_arg(ev, node, 0)->i128, *b = weir_eval_arg(ev, node, 1)->i128;
    int sa = scale_of_arg(ev, node, 0), sb = scale_of_arg(ev, node, 1);
    struct weir_decimal_type to = result_type(node);
    bool zero = false;
    for (int32_t i = 0; i < ev->rows; i++) {
        weir_i128 value = 0;
        struct weir_decimal left = {a[i], sa}, right = {b[i] == 0 ? 1 : b[i], sb};
        zero |= b[i] == 0;
        bool good = node->op == WEIR_EXPR_DIVIDE ? weir_decimal_divide(left, right, to, &value)
                                                 : weir_decimal_modulo(left, right, to, &value);
        put(&results, i, good, value);
    }
    if (zero) {
        const uint64_t *validity, *mask = weir_eval_mask(ev, node);
        enum weir_status status = weir_eval_validity(ev, node, &validity);
        if (status != WEIR_OK) return status;
        for (int32_t i = 0; i < ev->rows; i++) {
            if (b[i] == 0 && weir_eval_counts(mask, validity, i)) return divided_by_zero(ev, node, i);
        }
    }
    return finish(ev, node, &results, out);
}

/* ---- one argument ---- */

static bool compute_one(enum weir_expr_op op, struct weir_decimal a, int64_t digits, struct weir_decimal_type to,
                        weir_i128 *out) {
    switch (op) {
    case WEIR_EXPR_FLOOR: return weir_decimal_round(a, 0, WEIR_ROUND_FLOOR, to, out);
    case WEIR_EXPR_CEIL: return weir_decimal_round(a, 0, WEIR_ROUND_CEIL, to, out);
    case WEIR_EXPR_ROUND: return weir_decimal_round(a, (int)digits, WEIR_ROUND_HALF_UP, to, out);
    case WEIR_EXPR_SIGN:
        return weir_decimal_rescale((struct weir_decimal){(a.value > 0) - (a.value < 0), 0}, to, out);
    case WEIR_EXPR_ABS:
        if (a.value >= 0) return weir_decimal_rescale(a, to, out);
        break;
    default: break; /* NEGATE */
    }
    if (__builtin_sub_overflow((weir_i128)0, a.value, &a.value)) return false;
    return weir_decimal_rescale(a, to, out);
}

static enum weir_status eval_one(struct weir_evaluation *ev, const struct weir_node *node,
                                 struct weir_vector *out) {
    struct results results;
    if (!init_results(ev, &results)) return weir_eval_memory(ev);
    const weir_i128 *a = weir_eval_arg(ev, node, 0)->i128;
    const int64_t *digits = node->args_count > 1 ? weir_eval_arg(ev, node, 1)->i64 : NULL;
    int scale = scale_of_arg(ev, node, 0);
    struct weir_decimal_type to = result_type(node);
    for (int32_t i = 0; i < ev->rows; i++) {
        weir_i128 value = 0;
        int64_t places = digits == NULL ? 0 : digits[i];
        if (places > 100) places = 100;
        if (places < -100) places = -100;
        bool good = compute_one(node->op, (struct weir_decimal){a[i], scale}, places, to, &value);
        put(&results, i, good, value);
    }
    return finish(ev, node, &results, out);
}

static bool type_fits(struct weir_type type) {
    return type.id == WEIR_TYPE_DECIMAL && type.precision >= 1 && type.precision <= WEIR_DECIMAL_DIGITS &&
           type.scale <= type.precision;
}

bool weir_prepare_decimal(struct weir_compiler *compiler, struct weir_node *node) {
    bool pair = node->op >= WEIR_EXPR_ADD && node->op <= WEIR_EXPR_MODULO;
    bool digits = node->op == WEIR_EXPR_ROUND && node->args_count == 2;
    bool one = node->op == WEIR_EXPR_NEGATE || node->op == WEIR_EXPR_ABS || node->op == WEIR_EXPR_SIGN ||
               (node->op >= WEIR_EXPR_FLOOR && node->op <= WEIR_EXPR_ROUND);
    bool fits = (pair || one) && type_fits(node->type) && node->args_count == (pair || digits ? 2 : 1);
    for (int32_t i = 0; fits && i < node->args_count; i++) {
        struct weir_type type = weir_compile_arg(compiler, node, i)->type;
        fits = i == 1 && digits ? weir_type_is_integer(type) : type_fits(type);
    }
    if (!fits) return weir_compile_shape(compiler, node);
    bool division = node->op == WEIR_EXPR_DIVIDE || node->op == WEIR_EXPR_MODULO;
    node->eval = division ? eval_division : pair ? eval_pair : eval_one;
    node->can_fail = division;
    return true;
}
