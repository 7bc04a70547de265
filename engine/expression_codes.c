/* SPDX-License-Identifier: Apache-2.0
 *
 * Programs whose values are a few constant strings, CASE WHEN ... THEN 'short' ELSE 'long' END: instead of a string
 * a row they can give codes of a dictionary that is made with the program, so that whoever groups by them looks
 * each string up once.
 */
#include <string.h>

#include "engine/batch.h"
#include "engine/expression_ops.h"
#include "simd/kernels.h"

/* CASE has its choices behind their conditions and at its end. */
static bool is_choice(const struct weir_node *node, int32_t arg) {
    return arg % 2 == 1 || arg == node->args_count - 1;
}

/* One at least of which is not NULL. */
static bool has_constant_choices(const struct weir_program *program, const struct weir_node *node) {
    bool any = false;
    if (node->op != WEIR_EXPR_CASE || node->kind != WEIR_VECTOR_STRING || node->constant) return false;
    for (int32_t i = 0; i < node->args_count; i++) {
        if (!is_choice(node, i)) continue;
        const struct weir_node *choice = &program->nodes[node->args[i]];
        if (!choice->constant) return false;
        any |= !choice->null;
    }
    return any;
}

/* The entry of a choice: those that are the same node share one. */
static uint32_t code_of(const struct weir_node *node, int32_t arg, const uint32_t *codes, uint32_t fresh) {
    for (int32_t i = 0; i < arg; i++) {
        if (is_choice(node, i) && node->args[i] == node->args[arg]) return codes[i];
    }
    return fresh;
}

bool weir_program_find_dictionary(struct weir_arena *arena, struct weir_program *program) {
    const struct weir_node *root = &program->nodes[program->root];
    if (!has_constant_choices(program, root)) return true;
    size_t args = (size_t)root->args_count;
    uint32_t entries = 0, *codes = weir_arena_array(arena, args, sizeof(*codes));
    struct weir_column *columns = weir_arena_array(arena, 2, sizeof(*columns));
    int64_t *offsets = weir_arena_array(arena, args + 1, sizeof(*offsets));
    size_t bytes = 0;
    for (int32_t i = 0; i < root->args_count; i++) {
        const struct weir_node *choice = &program->nodes[root->args[i]];
        if (is_choice(root, i) && !choice->null) bytes += (size_t)choice->vector.strings[0].length;
    }
    char *text = weir_arena_alloc(arena, bytes + 1);
    if (codes == NULL || columns == NULL || offsets == NULL || text == NULL) return false;
    for (int32_t i = 0; i < root->args_count; i++) {
        const struct weir_node *choice = &program->nodes[root->args[i]];
        if (!is_choice(root, i) || choice->null) continue;
        codes[i] = code_of(root, i, codes, entries);
        if (codes[i] < entries) continue;
        struct weir_string string = choice->vector.strings[0];
        if (string.length > 0) memcpy(text + offsets[entries], string.data, (size_t)string.length);
        offsets[entries + 1] = offsets[entries] + string.length;
        entries++;
    }
    columns[0] =
        (struct weir_column){.dictionary = &columns[1], .storage = WEIR_STORE_DICTIONARY, .codes = WEIR_STORE_U32};
    columns[1] =
        (struct weir_column){.values = text, .offsets = offsets, .rows = entries, .storage = WEIR_STORE_LARGE_UTF8};
    program->dictionary = &columns[0];
    program->codes = codes;
    return true;
}

const struct weir_column *weir_program_dictionary(const struct weir_program *program) {
    return program == NULL ? NULL : program->dictionary;
}

/* NULLs of the choices that are constants, all rows or none. */
static void lay_validity(const struct weir_evaluation *ev, bool null, const uint64_t *where, uint64_t *validity) {
    for (size_t i = 0, words = weir_eval_words(ev); i < words; i++)
        validity[i] = null ? validity[i] & ~where[i] : validity[i] | where[i];
}

enum weir_status weir_program_eval_codes(const struct weir_program *program, const struct weir_block *block,
                                         const uint64_t *active, struct weir_arena *arena, struct weir_column *out,
                                         struct weir_error *error) {
    struct weir_evaluation ev;
    enum weir_status status = weir_eval_begin(program, block, active, arena, error, &ev, program->root);
    if (status != WEIR_OK) return status;
    const struct weir_node *node = &program->nodes[program->root];
    int32_t last = node->args_count - 1;
    uint32_t *codes = weir_eval_values(&ev, sizeof(*codes));
    uint64_t *where = weir_eval_bits(&ev), *validity = weir_eval_bits(&ev);
    if (codes == NULL || where == NULL || validity == NULL) return weir_eval_memory(&ev);
    bool nulls = weir_eval_arg_node(&ev, node, last)->null;
    memset(validity, nulls ? 0 : 0xFF, weir_eval_words(&ev) * sizeof(*validity));
    for (int32_t i = 0; i < ev.rows; i++) codes[i] = program->codes[last];
    for (int32_t i = last - 1; i > 0; i -= 2) {
        bool null = weir_eval_arg_node(&ev, node, i)->null;
        weir_eval_chosen(&ev, node, i, where);
        weir_simd->lay_one_u32(where, program->codes[i], (size_t)ev.rows, codes);
        lay_validity(&ev, null, where, validity);
        nulls |= null;
    }
    *out = *program->dictionary;
    out->values = codes;
    out->validity = nulls ? validity : NULL;
    out->rows = ev.rows;
    return WEIR_OK;
}
