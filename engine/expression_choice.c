/* SPDX-License-Identifier: Apache-2.0
 *
 * CASE, COALESCE, GREATEST and LEAST: results that are one of several arguments, row by row. The result begins as
 * the last choice and the earlier ones are laid over it, so that the first that applies stands at the end.
 */
#include <string.h>

#include "engine/accumulator.h"
#include "engine/expression_ops.h"
#include "simd/kernels.h"

/* A result that is being chosen. */
struct choice {
    enum weir_vector_kind kind;
    int32_t rows;
    size_t words;
    uint64_t *validity;
    union {
        uint64_t *bits;
        int64_t *i64;
        double *f64;
        weir_i128 *i128;
        struct weir_string *strings;
        void *values;
    };
};

static inline uint64_t word_of(const uint64_t *words, size_t i) { return words == NULL ? ~UINT64_C(0) : words[i]; }

static size_t element_bytes(enum weir_vector_kind kind) {
    return kind == WEIR_VECTOR_I64 || kind == WEIR_VECTOR_F64 ? 8 : 16;
}

/* A copy of an argument. */
static bool begin(struct weir_evaluation *ev, const struct weir_vector *from, struct choice *choice) {
    *choice = (struct choice){.kind = from->kind, .rows = ev->rows, .words = weir_eval_words(ev)};
    choice->validity = weir_eval_bits(ev);
    bool bits = from->kind == WEIR_VECTOR_BOOL;
    size_t bytes = bits ? choice->words * sizeof(uint64_t) : (size_t)ev->rows * element_bytes(from->kind);
    choice->values = weir_arena_alloc(ev->arena, bytes);
    if (choice->validity == NULL || choice->values == NULL) return false;
    memcpy(choice->values, from->i64, bytes);
    for (size_t i = 0; i < choice->words; i++) choice->validity[i] = word_of(from->validity, i);
    return true;
}

/* Rows whose bit is set take the value of `from`. */
static void lay(struct choice *choice, const uint64_t *where, const struct weir_vector *from) {
    for (size_t i = 0; i < choice->words; i++) {
        choice->validity[i] = (choice->validity[i] & ~where[i]) | (word_of(from->validity, i) & where[i]);
    }
    size_t rows = (size_t)choice->rows;
    switch (choice->kind) {
    case WEIR_VECTOR_BOOL:
        for (size_t i = 0; i < choice->words; i++) {
            choice->bits[i] = (choice->bits[i] & ~where[i]) | (from->bits[i] & where[i]);
        }
        break;
    case WEIR_VECTOR_I64:
    case WEIR_VECTOR_F64: weir_simd->lay_i64(where, from->i64, rows, choice->i64); break;
    case WEIR_VECTOR_I128:
    case WEIR_VECTOR_STRING: weir_simd->lay_i128(where, from->i64, rows, choice->values); break;
    }
}

static void finish(const struct choice *choice, bool nulls, struct weir_vector *out) {
    out->kind = choice->kind;
    out->i64 = choice->values;
    out->validity = nulls ? choice->validity : NULL;
}

void weir_eval_chosen(const struct weir_evaluation *ev, const struct weir_node *node, int32_t i, uint64_t *where) {
    size_t words = weir_eval_words(ev);
    if (node->op == WEIR_EXPR_COALESCE) {
        const struct weir_vector *arg = weir_eval_arg(ev, node, i);
        for (size_t k = 0; k < words; k++) where[k] = word_of(arg->validity, k);
        return;
    }
    const struct weir_vector *when = weir_eval_arg(ev, node, i - 1);
    for (size_t k = 0; k < words; k++) where[k] = when->bits[k] & word_of(when->validity, k);
}

static enum weir_status eval_choice(struct weir_evaluation *ev, const struct weir_node *node,
                                    struct weir_vector *out) {
    struct choice choice;
    int32_t last = node->args_count - 1, step = node->op == WEIR_EXPR_CASE ? 2 : 1;
    uint64_t *where = weir_eval_bits(ev);
    if (where == NULL || !begin(ev, weir_eval_arg(ev, node, last), &choice)) return weir_eval_memory(ev);
    bool nulls = weir_eval_arg(ev, node, last)->validity != NULL;
    for (int32_t i = last - 1; i >= step - 1; i -= step) {
        weir_eval_chosen(ev, node, i, where);
        lay(&choice, where, weir_eval_arg(ev, node, i));
        nulls |= weir_eval_arg(ev, node, i)->validity != NULL;
    }
    finish(&choice, nulls, out);
    return WEIR_OK;
}

/* ---- GREATEST and LEAST ---- */

static bool string_above(struct weir_string a, struct weir_string b) {
    int64_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter > 0 ? memcmp(a.data, b.data, (size_t)shorter) : 0;
    return order > 0 || (order == 0 && a.length > b.length);
}

#define ABOVE(member)                                                                                              \
    for (int32_t i = 0; i < rows; i++) {                                                                           \
        bool take = least ? b->member[i] < choice->member[i] : b->member[i] > choice->member[i];                   \
        where[i >> 6] |= (uint64_t)take << (i & 63);                                                               \
    }                                                                                                              \
    break

/* Rows where b is to replace what is chosen so far. */
static void rows_beyond(const struct choice *choice, const struct weir_vector *b, bool least, uint64_t *where) {
    int32_t rows = choice->rows;
    memset(where, 0, choice->words * sizeof(*where));
    switch (choice->kind) {
    case WEIR_VECTOR_BOOL:
        for (size_t i = 0; i < choice->words; i++) where[i] = least ? ~b->bits[i] : b->bits[i];
        break;
    case WEIR_VECTOR_I64: ABOVE(i64);
    case WEIR_VECTOR_F64: /* as Java's Double.compare: NaN above all, -0.0 below 0.0 */
        for (int32_t i = 0; i < rows; i++) {
            int64_t held = weir_f64_order(choice->f64[i]), other = weir_f64_order(b->f64[i]);
            where[i >> 6] |= (uint64_t)(least ? other < held : other > held) << (i & 63);
        }
        break;
    case WEIR_VECTOR_I128: ABOVE(i128);
    case WEIR_VECTOR_STRING:
        for (int32_t i = 0; i < rows; i++) {
            bool take = least ? string_above(choice->strings[i], b->strings[i])
                              : string_above(b->strings[i], choice->strings[i]);
            where[i >> 6] |= (uint64_t)take << (i & 63);
        }
        break;
    }
}

static enum weir_status eval_extreme(struct weir_evaluation *ev, const struct weir_node *node,
                                     struct weir_vector *out) {
    struct choice choice;
    uint64_t *where = weir_eval_bits(ev);
    if (where == NULL || !begin(ev, weir_eval_arg(ev, node, 0), &choice)) return weir_eval_memory(ev);
    for (int32_t i = 1; i < node->args_count; i++) {
        rows_beyond(&choice, weir_eval_arg(ev, node, i), node->op == WEIR_EXPR_LEAST, where);
        lay(&choice, where, weir_eval_arg(ev, node, i));
    }
    finish(&choice, false, out);
    return weir_eval_validity(ev, node, &out->validity);
}

/* ---- shapes ---- */

/* An argument may stand for a result of the type: the same kind, in the same units. */
static bool stands_for(const struct weir_node *arg, struct weir_type type) {
    if (arg->constant && arg->null && arg->kind == weir_type_vector(type)) return true;
    return weir_types_compare(arg->type, type);
}

bool weir_prepare_choice(struct weir_compiler *compiler, struct weir_node *node) {
    int32_t step = node->op == WEIR_EXPR_CASE ? 2 : 1;
    bool fits = node->args_count >= 1 && (step == 1 || node->args_count % 2 == 1);
    for (int32_t i = 0; fits && i < node->args_count; i++) {
        const struct weir_node *arg = weir_compile_arg(compiler, node, i);
        bool when = step == 2 && i % 2 == 0 && i + 1 < node->args_count;
        fits = when ? arg->kind == WEIR_VECTOR_BOOL : stands_for(arg, node->type);
    }
    bool extreme = node->op == WEIR_EXPR_GREATEST || node->op == WEIR_EXPR_LEAST;
    node->eval = extreme ? eval_extreme : eval_choice;
    return fits || weir_compile_shape(compiler, node);
}
