/* SPDX-License-Identifier: Apache-2.0
 *
 * x IN (literals): a few integers by comparison, many and strings by binary search.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/expression_ops.h"
#include "simd/kernels.h"

#define SEARCH_FROM 6 /* as many comparisons of a block cost about a search of each row */

/* The values of a list that are not NULL, in the order of `compare`. */
struct set {
    int32_t count;
    bool has_null;
    union weir_value *values;
};

static int compare_i64(const void *a, const void *b) {
    int64_t x = ((const union weir_value *)a)->i64, y = ((const union weir_value *)b)->i64;
    return (x > y) - (x < y);
}

static int compare_string(const void *a, const void *b) {
    struct weir_string x = ((const union weir_value *)a)->string, y = ((const union weir_value *)b)->string;
    int64_t shorter = x.length < y.length ? x.length : y.length;
    int order = shorter > 0 ? memcmp(x.data, y.data, (size_t)shorter) : 0;
    return order != 0 ? order : (x.length > y.length) - (x.length < y.length);
}

static bool holds_i64(const struct set *set, int64_t value) {
    int32_t low = 0, high = set->count;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (set->values[middle].i64 < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < set->count && set->values[low].i64 == value;
}

static bool holds_string(const struct set *set, struct weir_string string) {
    union weir_value value = {.string = string};
    return set->count > 0 &&
           bsearch(&value, set->values, (size_t)set->count, sizeof(value), compare_string) != NULL;
}

static bool holds_f64(const struct set *set, double value) {
    bool found = false;
    for (int32_t i = 0; i < set->count; i++) found |= set->values[i].f64 == value;
    return found;
}

static bool holds_i128(const struct set *set, weir_i128 value) {
    bool found = false;
    for (int32_t i = 0; i < set->count; i++) found |= set->values[i].i128 == value;
    return found;
}

static enum weir_status few_integers(struct weir_evaluation *ev, const struct set *set, const int64_t *values,
                                     uint64_t *bits) {
    uint64_t *one = weir_eval_bits(ev);
    if (one == NULL) return weir_eval_memory(ev);
    for (int32_t k = 0; k < set->count; k++) {
        weir_simd->compare_scalar_i64(WEIR_COMPARE_EQ, values, set->values[k].i64, (size_t)ev->rows, one);
        for (size_t i = 0, words = weir_eval_words(ev); i < words; i++) bits[i] |= one[i];
    }
    return WEIR_OK;
}

#define EACH(holds, array)                                                                                         \
    for (int32_t i = 0; i < ev->rows; i++) bits[i >> 6] |= (uint64_t)holds(set, (array)[i]) << (i & 63);           \
    return WEIR_OK

static enum weir_status find(struct weir_evaluation *ev, const struct set *set, const struct weir_vector *arg,
                             uint64_t *bits) {
    switch (arg->kind) {
    case WEIR_VECTOR_BOOL:
        for (int32_t i = 0; i < ev->rows; i++) {
            bits[i >> 6] |= (uint64_t)holds_i64(set, weir_bit_get(arg->bits, (size_t)i)) << (i & 63);
        }
        return WEIR_OK;
    case WEIR_VECTOR_I64:
        if (set->count < SEARCH_FROM) return few_integers(ev, set, arg->i64, bits);
        EACH(holds_i64, arg->i64);
    case WEIR_VECTOR_F64: EACH(holds_f64, arg->f64);
    case WEIR_VECTOR_I128: EACH(holds_i128, arg->i128);
    case WEIR_VECTOR_STRING: EACH(holds_string, arg->strings);
    }
    return WEIR_OK;
}

static enum weir_status eval_in(struct weir_evaluation *ev, const struct weir_node *node, struct weir_vector *out) {
    const struct set *set = node->data;
    const struct weir_vector *arg = weir_eval_arg(ev, node, 0);
    uint64_t *bits = weir_eval_bits(ev);
    if (bits == NULL) return weir_eval_memory(ev);
    memset(bits, 0, weir_eval_words(ev) * sizeof(*bits));
    enum weir_status status = find(ev, set, arg, bits);
    out->bits = bits;
    out->validity = arg->validity;
    if (status != WEIR_OK || !set->has_null) return status;
    uint64_t *own = weir_eval_own_validity(ev, out); /* not found among others and a NULL: NULL */
    if (own == NULL) return weir_eval_memory(ev);
    for (size_t i = 0, words = weir_eval_words(ev); i < words; i++) own[i] &= bits[i];
    return WEIR_OK;
}

bool weir_prepare_in(struct weir_compiler *compiler, struct weir_node *node, const struct weir_expr *expr) {
    struct weir_type type = weir_compile_arg(compiler, node, 0)->type;
    struct set *set = weir_arena_array(compiler->arena, 1, sizeof(*set));
    if (set == NULL) return weir_compile_memory(compiler);
    set->values = weir_arena_array(compiler->arena, (size_t)expr->args_count, sizeof(*set->values));
    if (set->values == NULL) return weir_compile_memory(compiler);
    for (int32_t i = 1; i < expr->args_count; i++) {
        const struct weir_expr *literal = expr->args[i];
        if (literal->is_null || literal->type.id == WEIR_TYPE_NULL) {
            set->has_null = true;
            continue;
        }
        if (!weir_types_compare(type, literal->type)) return weir_compile_shape(compiler, node);
        union weir_value value = literal->value;
        if (node->kind == WEIR_VECTOR_STRING || weir_type_vector(type) == WEIR_VECTOR_STRING) {
            const char *data = value.string.length > 0 ? value.string.data : "";
            value.string.data = weir_arena_string(compiler->arena, data, (size_t)value.string.length);
            if (value.string.data == NULL) return weir_compile_memory(compiler);
        }
        set->values[set->count++] = value;
    }
    enum weir_vector_kind kind = weir_type_vector(type);
    bool sorted = kind == WEIR_VECTOR_STRING || kind == WEIR_VECTOR_I64 || kind == WEIR_VECTOR_BOOL;
    if (sorted && set->count > 1) {
        qsort(set->values, (size_t)set->count, sizeof(*set->values),
              kind == WEIR_VECTOR_STRING ? compare_string : compare_i64);
    }
    node->eval = eval_in;
    node->data = set;
    return node->type.id == WEIR_TYPE_BOOLEAN || weir_compile_shape(compiler, node);
}
