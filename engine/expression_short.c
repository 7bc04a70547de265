/* SPDX-License-Identifier: Apache-2.0
 *
 * Comparisons of a column of integers of 8, 16 or 32 bits (numbers, dates, times) with a constant: at the width in
 * which it is stored, without the copy in 64 bits that other expressions read.
 */
#include <string.h>

#include "base/check.h"
#include "engine/expression_ops.h"
#include "simd/kernels.h"

struct short_compare {
    int32_t column; /* of the input */
    enum weir_storage storage;
    enum weir_compare op; /* column OP other */
    int64_t other;
    bool settled, all; /* `other` lies outside what the storage holds: each row says `all` */
};

static bool bounds_of(enum weir_storage storage, int64_t *least, int64_t *greatest) {
    switch (storage) {
    case WEIR_STORE_I8: *least = INT8_MIN, *greatest = INT8_MAX; return true;
    case WEIR_STORE_I16: *least = INT16_MIN, *greatest = INT16_MAX; return true;
    case WEIR_STORE_I32: *least = INT32_MIN, *greatest = INT32_MAX; return true;
    case WEIR_STORE_U8: *least = 0, *greatest = UINT8_MAX; return true;
    case WEIR_STORE_U16: *least = 0, *greatest = UINT16_MAX; return true;
    case WEIR_STORE_U32: *least = 0, *greatest = UINT32_MAX; return true;
    default: return false;
    }
}

/* ---- a block ---- */

/* Unsigned numbers and the constant are turned to the order of signed ones. */
#define COMPARE(bits_of_one, type, flip)                                                                           \
    weir_simd->compare_scalar_i##bits_of_one(compare->op, (const type *)column->values + first, flip,              \
                                             (type)((type)compare->other ^ (flip)), (size_t)rows, bits)

static void compare_stored(const struct short_compare *compare, const struct weir_column *column, int64_t first,
                           int32_t rows, uint64_t *bits) {
    switch (compare->storage) {
    case WEIR_STORE_I8: COMPARE(8, int8_t, 0); break;
    case WEIR_STORE_I16: COMPARE(16, int16_t, 0); break;
    case WEIR_STORE_I32: COMPARE(32, int32_t, 0); break;
    case WEIR_STORE_U8: COMPARE(8, int8_t, INT8_MIN); break;
    case WEIR_STORE_U16: COMPARE(16, int16_t, INT16_MIN); break;
    default: COMPARE(32, int32_t, INT32_MIN); break;
    }
}

static enum weir_status eval_short(struct weir_evaluation *ev, const struct weir_node *node,
                                   struct weir_vector *out) {
    const struct short_compare *compare = node->data;
    const struct weir_column *column = &ev->block->columns[compare->column];
    uint64_t *bits = weir_eval_bits(ev);
    WEIR_ASSERT(column->storage == compare->storage);
    if (bits == NULL) return weir_eval_memory(ev);
    if (compare->settled) {
        memset(bits, compare->all ? 0xFF : 0, weir_eval_words(ev) * sizeof(*bits));
    } else {
        compare_stored(compare, column, ev->block->first, ev->rows, bits);
    }
    out->bits = bits;
    out->validity = column->validity == NULL ? NULL : column->validity + ev->block->first / 64;
    return WEIR_OK;
}

/* ---- a plan ---- */

/* A CAST between integers that has room for every value. */
static bool is_widening(const struct weir_node *node, const struct weir_node *arg) {
    int64_t least, greatest, from, to;
    if (node->op != WEIR_EXPR_CAST || !weir_type_is_integer(node->type) || !weir_type_is_integer(arg->type))
        return false;
    weir_type_bounds(node->type, &least, &greatest);
    weir_type_bounds(arg->type, &from, &to);
    return least <= from && to <= greatest;
}

/* The column, as it is or in a wider type; NULL: it is none. */
static const struct weir_node *column_of(const struct weir_compiler *compiler, const struct weir_node *node) {
    while (node->op == WEIR_EXPR_CAST && is_widening(node, weir_compile_arg(compiler, node, 0)))
        node = weir_compile_arg(compiler, node, 0);
    return node->op == WEIR_EXPR_COLUMN && node->kind == WEIR_VECTOR_I64 ? node : NULL;
}

/* What each row says where the constant lies outside of what the storage holds. */
static void settle(struct short_compare *compare, int64_t least, int64_t greatest) {
    bool below = compare->other<least, above = compare->other> greatest;
    compare->settled = below || above;
    switch (compare->op) {
    case WEIR_COMPARE_EQ: compare->all = false; break;
    case WEIR_COMPARE_NE: compare->all = true; break;
    case WEIR_COMPARE_LT:
    case WEIR_COMPARE_LE: compare->all = above; break;
    case WEIR_COMPARE_GT:
    case WEIR_COMPARE_GE: compare->all = below; break;
    }
}

bool weir_prepare_short(struct weir_compiler *compiler, struct weir_node *node) {
    int64_t least, greatest;
    if (node->op < WEIR_EXPR_EQ || node->op > WEIR_EXPR_GE || node->constant) return true;
    const struct weir_node *a = weir_compile_arg(compiler, node, 0), *b = weir_compile_arg(compiler, node, 1);
    const struct weir_node *constant = a->constant ? a : b, *column = column_of(compiler, a->constant ? b : a);
    if (column == NULL || !constant->constant || constant->null) return true;
    const struct weir_layout *layout = &compiler->layouts[column->index];
    if (!bounds_of(layout->storage, &least, &greatest) || !weir_column_is_stored(layout, column->type)) return true;
    struct short_compare *compare = weir_arena_array(compiler->arena, 1, sizeof(*compare));
    if (compare == NULL) return weir_compile_memory(compiler);
    enum weir_compare op = (enum weir_compare)node->parameter;
    *compare = (struct short_compare){.column = column->index,
                                      .storage = layout->storage,
                                      .op = a->constant ? weir_compare_mirrored(op) : op,
                                      .other = constant->vector.i64[0]};
    settle(compare, least, greatest);
    node->eval = eval_short;
    node->data = compare;
    node->by_storage = true;
    return true;
}
