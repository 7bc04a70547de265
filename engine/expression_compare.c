/* SPDX-License-Identifier: Apache-2.0
 *
 * Comparisons. Strings compare byte by byte and then by length, which is the order of code points.
 */
#include <string.h>

#include "base/check.h"
#include "engine/decimal.h"
#include "engine/expression_ops.h"
#include "simd/kernels.h"

bool weir_types_compare(struct weir_type a, struct weir_type b) {
    if (weir_type_vector(a) != weir_type_vector(b)) return false;
    if (weir_type_is_integer(a)) return weir_type_is_integer(b);
    switch (a.id) {
    case WEIR_TYPE_FLOAT:
    case WEIR_TYPE_DOUBLE: return true;
    case WEIR_TYPE_DECIMAL: return a.scale == b.scale;
    case WEIR_TYPE_TIMESTAMP:
    case WEIR_TYPE_TIMESTAMP_LTZ: return a.id == b.id && weir_type_ticks(a) == weir_type_ticks(b);
    default: return a.id == b.id;
    }
}

/* <0, 0, >0. */
static inline int compare_strings(struct weir_string a, struct weir_string b) {
    int64_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter > 0 ? memcmp(a.data, b.data, (size_t)shorter) : 0;
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static inline bool equal_strings(struct weir_string a, struct weir_string b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, (size_t)a.length) == 0);
}

/* bits[i] = condition, for i in [0, rows). */
#define EACH_BIT(condition)                                                                                        \
    for (int32_t from = 0; from < rows; from += 64) {                                                              \
        int32_t to = rows - from < 64 ? rows : from + 64;                                                          \
        uint64_t word = 0;                                                                                         \
        for (int32_t i = from; i < to; i++) word |= (uint64_t)(condition) << (i - from);                           \
        bits[from >> 6] = word;                                                                                    \
    }                                                                                                              \
    break

static void compare_string_rows(enum weir_compare op, const struct weir_string *a, const struct weir_string *b,
                                int32_t rows, uint64_t *bits) {
    switch (op) {
    case WEIR_COMPARE_EQ: EACH_BIT(equal_strings(a[i], b[i]));
    case WEIR_COMPARE_NE: EACH_BIT(!equal_strings(a[i], b[i]));
    case WEIR_COMPARE_LT: EACH_BIT(compare_strings(a[i], b[i]) < 0);
    case WEIR_COMPARE_LE: EACH_BIT(compare_strings(a[i], b[i]) <= 0);
    case WEIR_COMPARE_GT: EACH_BIT(compare_strings(a[i], b[i]) > 0);
    case WEIR_COMPARE_GE: EACH_BIT(compare_strings(a[i], b[i]) >= 0);
    }
}

static void compare_i128_rows(enum weir_compare op, const weir_i128 *a, const weir_i128 *b, int32_t rows,
                              uint64_t *bits) {
    switch (op) {
    case WEIR_COMPARE_EQ: EACH_BIT(a[i] == b[i]);
    case WEIR_COMPARE_NE: EACH_BIT(a[i] != b[i]);
    case WEIR_COMPARE_LT: EACH_BIT(a[i] < b[i]);
    case WEIR_COMPARE_LE: EACH_BIT(a[i] <= b[i]);
    case WEIR_COMPARE_GT: EACH_BIT(a[i] > b[i]);
    case WEIR_COMPARE_GE: EACH_BIT(a[i] >= b[i]);
    }
}

/* FALSE < TRUE. */
static void compare_bool_rows(enum weir_compare op, const uint64_t *a, const uint64_t *b, size_t words,
                              uint64_t *bits) {
    for (size_t i = 0; i < words; i++) {
        switch (op) {
        case WEIR_COMPARE_EQ: bits[i] = ~(a[i] ^ b[i]); break;
        case WEIR_COMPARE_NE: bits[i] = a[i] ^ b[i]; break;
        case WEIR_COMPARE_LT: bits[i] = ~a[i] & b[i]; break;
        case WEIR_COMPARE_LE: bits[i] = ~a[i] | b[i]; break;
        case WEIR_COMPARE_GT: bits[i] = a[i] & ~b[i]; break;
        case WEIR_COMPARE_GE: bits[i] = a[i] | ~b[i]; break;
        }
    }
}

enum weir_compare weir_compare_mirrored(enum weir_compare op) {
    switch (op) {
    case WEIR_COMPARE_LT: return WEIR_COMPARE_GT;
    case WEIR_COMPARE_LE: return WEIR_COMPARE_GE;
    case WEIR_COMPARE_GT: return WEIR_COMPARE_LT;
    case WEIR_COMPARE_GE: return WEIR_COMPARE_LE;
    default: return op;
    }
}

/* Decimals of different scales. */
static void compare_decimal_rows(struct weir_evaluation *ev, const struct weir_node *node, enum weir_compare op,
                                 uint64_t *bits) {
    const weir_i128 *a = weir_eval_arg(ev, node, 0)->i128, *b = weir_eval_arg(ev, node, 1)->i128;
    int sa = weir_eval_arg_node(ev, node, 0)->type.scale, sb = weir_eval_arg_node(ev, node, 1)->type.scale;
    int32_t rows = ev->rows;
#define ORDER weir_decimal_compare((struct weir_decimal){a[i], sa}, (struct weir_decimal){b[i], sb})
    switch (op) {
    case WEIR_COMPARE_EQ: EACH_BIT(ORDER == 0);
    case WEIR_COMPARE_NE: EACH_BIT(ORDER != 0);
    case WEIR_COMPARE_LT: EACH_BIT(ORDER < 0);
    case WEIR_COMPARE_LE: EACH_BIT(ORDER <= 0);
    case WEIR_COMPARE_GT: EACH_BIT(ORDER > 0);
    case WEIR_COMPARE_GE: EACH_BIT(ORDER >= 0);
    }
#undef ORDER
}

static bool other_scales(struct weir_type a, struct weir_type b) {
    return a.id == WEIR_TYPE_DECIMAL && b.id == WEIR_TYPE_DECIMAL && a.scale != b.scale;
}

static void compare_rows(struct weir_evaluation *ev, const struct weir_node *node, enum weir_compare op,
                         uint64_t *bits) {
    const struct weir_vector *a = weir_eval_arg(ev, node, 0), *b = weir_eval_arg(ev, node, 1);
    if (other_scales(weir_eval_arg_node(ev, node, 0)->type, weir_eval_arg_node(ev, node, 1)->type))
        return compare_decimal_rows(ev, node, op, bits);
    bool scalar = weir_eval_arg_node(ev, node, 1)->constant;
    if (!scalar && weir_eval_arg_node(ev, node, 0)->constant) {
        const struct weir_vector *swap = a;
        a = b;
        b = swap;
        op = weir_compare_mirrored(op);
        scalar = true;
    }
    size_t rows = (size_t)ev->rows;
    switch (a->kind) {
    case WEIR_VECTOR_BOOL: compare_bool_rows(op, a->bits, b->bits, weir_eval_words(ev), bits); break;
    case WEIR_VECTOR_I64:
        if (scalar) {
            weir_simd->compare_scalar_i64(op, a->i64, b->i64[0], rows, bits);
        } else {
            weir_simd->compare_i64(op, a->i64, b->i64, rows, bits);
        }
        break;
    case WEIR_VECTOR_F64:
        if (scalar) {
            weir_simd->compare_scalar_f64(op, a->f64, b->f64[0], rows, bits);
        } else {
            weir_simd->compare_f64(op, a->f64, b->f64, rows, bits);
        }
        break;
    case WEIR_VECTOR_I128: compare_i128_rows(op, a->i128, b->i128, ev->rows, bits); break;
    case WEIR_VECTOR_STRING: compare_string_rows(op, a->strings, b->strings, ev->rows, bits); break;
    }
}

static enum weir_status eval_compare(struct weir_evaluation *ev, const struct weir_node *node,
                                     struct weir_vector *out) {
    uint64_t *bits = weir_eval_bits(ev);
    if (bits == NULL) return weir_eval_memory(ev);
    compare_rows(ev, node, (enum weir_compare)node->parameter, bits);
    out->bits = bits;
    return weir_eval_validity(ev, node, &out->validity);
}

/* IS [NOT] DISTINCT FROM: one NULL differs from a value, two are alike. */
static enum weir_status eval_distinct(struct weir_evaluation *ev, const struct weir_node *node,
                                      struct weir_vector *out) {
    uint64_t *bits = weir_eval_bits(ev);
    if (bits == NULL) return weir_eval_memory(ev);
    compare_rows(ev, node, WEIR_COMPARE_NE, bits);
    const uint64_t *a = weir_eval_arg(ev, node, 0)->validity, *b = weir_eval_arg(ev, node, 1)->validity;
    uint64_t turn = node->op == WEIR_EXPR_IS_DISTINCT ? 0 : ~UINT64_C(0);
    for (size_t i = 0, words = weir_eval_words(ev); i < words; i++) {
        uint64_t left = a == NULL ? ~UINT64_C(0) : a[i], right = b == NULL ? ~UINT64_C(0) : b[i];
        bits[i] = ((left ^ right) | (left & right & bits[i])) ^ turn;
    }
    out->bits = bits;
    return WEIR_OK;
}

static bool is_null_type(struct weir_type type) { return type.id == WEIR_TYPE_NULL; }

bool weir_prepare_compare(struct weir_compiler *compiler, struct weir_node *node) {
    if (node->args_count != 2 || node->type.id != WEIR_TYPE_BOOLEAN) return weir_compile_shape(compiler, node);
    struct weir_type a = weir_compile_arg(compiler, node, 0)->type, b = weir_compile_arg(compiler, node, 1)->type;
    if (!weir_types_compare(a, b) && !other_scales(a, b)) return weir_compile_shape(compiler, node);
    if (is_null_type(a) != is_null_type(b)) return weir_compile_shape(compiler, node);
    WEIR_STATIC((int)WEIR_EXPR_GE - (int)WEIR_EXPR_EQ == (int)WEIR_COMPARE_GE, "the two enums run alike");
    node->parameter = (int64_t)node->op - WEIR_EXPR_EQ;
    node->eval = node->op <= WEIR_EXPR_GE ? eval_compare : eval_distinct;
    return true;
}
