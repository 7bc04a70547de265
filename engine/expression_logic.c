/* SPDX-License-Identifier: Apache-2.0
 *
 * Three-valued logic, a word of 64 rows at a time.
 */
#include "engine/expression_ops.h"

static inline uint64_t word_of(const uint64_t *words, size_t i) { return words == NULL ? ~UINT64_C(0) : words[i]; }

/* AND is false where any argument is, true where all are, else NULL; OR with true and false exchanged. A row that
 * an earlier argument decided keeps its result whatever later ones, not computed for it, hold. */
static enum weir_status eval_and_or(struct weir_evaluation *ev, const struct weir_node *node,
                                    struct weir_vector *out) {
    uint64_t *bits = weir_eval_bits(ev), *known = NULL;
    bool nulls = false;
    for (int32_t k = 0; k < node->args_count; k++) nulls |= weir_eval_arg(ev, node, k)->validity != NULL;
    if (nulls) known = weir_eval_bits(ev);
    if (bits == NULL || (nulls && known == NULL)) return weir_eval_memory(ev);
    uint64_t turn = node->op == WEIR_EXPR_AND ? ~UINT64_C(0) : 0; /* AND: what decides is a false */
    for (size_t i = 0, words = weir_eval_words(ev); i < words; i++) {
        uint64_t decided = 0, all_known = ~UINT64_C(0);
        for (int32_t k = 0; k < node->args_count; k++) {
            const struct weir_vector *arg = weir_eval_arg(ev, node, k);
            uint64_t valid = word_of(arg->validity, i);
            decided |= (arg->bits[i] ^ turn) & valid;
            all_known &= valid;
        }
        bits[i] = decided ^ turn;
        if (nulls) known[i] = decided | all_known;
    }
    out->bits = bits;
    out->validity = known;
    return WEIR_OK;
}

static enum weir_status eval_not(struct weir_evaluation *ev, const struct weir_node *node,
                                 struct weir_vector *out) {
    const struct weir_vector *arg = weir_eval_arg(ev, node, 0);
    uint64_t *bits = weir_eval_bits(ev);
    if (bits == NULL) return weir_eval_memory(ev);
    for (size_t i = 0, words = weir_eval_words(ev); i < words; i++) bits[i] = ~arg->bits[i];
    out->bits = bits;
    out->validity = arg->validity;
    return WEIR_OK;
}

static uint64_t test_word(enum weir_expr_op op, uint64_t bits, uint64_t valid) {
    switch (op) {
    case WEIR_EXPR_IS_NULL: return ~valid;
    case WEIR_EXPR_IS_NOT_NULL: return valid;
    case WEIR_EXPR_IS_TRUE: return bits & valid;
    case WEIR_EXPR_IS_FALSE: return ~bits & valid;
    case WEIR_EXPR_IS_NOT_TRUE: return ~(bits & valid);
    default: return bits | ~valid; /* IS NOT FALSE */
    }
}

static enum weir_status eval_test(struct weir_evaluation *ev, const struct weir_node *node,
                                  struct weir_vector *out) {
    const struct weir_vector *arg = weir_eval_arg(ev, node, 0);
    uint64_t *bits = weir_eval_bits(ev);
    if (bits == NULL) return weir_eval_memory(ev);
    bool boolean = arg->kind == WEIR_VECTOR_BOOL;
    for (size_t i = 0, words = weir_eval_words(ev); i < words; i++) {
        bits[i] = test_word(node->op, boolean ? arg->bits[i] : 0, word_of(arg->validity, i));
    }
    out->bits = bits;
    return WEIR_OK;
}

bool weir_prepare_logic(struct weir_compiler *compiler, struct weir_node *node) {
    bool chain = node->op == WEIR_EXPR_AND || node->op == WEIR_EXPR_OR;
    bool any_type = node->op == WEIR_EXPR_IS_NULL || node->op == WEIR_EXPR_IS_NOT_NULL;
    bool fits = node->type.id == WEIR_TYPE_BOOLEAN && (chain ? node->args_count >= 1 : node->args_count == 1);
    for (int32_t i = 0; fits && !any_type && i < node->args_count; i++) {
        fits = weir_compile_arg(compiler, node, i)->kind == WEIR_VECTOR_BOOL;
    }
    node->eval = chain ? eval_and_or : node->op == WEIR_EXPR_NOT ? eval_not : eval_test;
    return fits || weir_compile_shape(compiler, node);
}
