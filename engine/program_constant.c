/* SPDX-License-Identifier: Apache-2.0
 *
 * Nodes that have the same value in every row, and those that come to be so when they are compiled.
 */
#include <string.h>

#include "engine/expression_ops.h"

bool weir_compile_constant(struct weir_compiler *compiler, struct weir_node *node, bool null,
                           union weir_value value) {
    size_t element = node->kind == WEIR_VECTOR_BOOL ? 0 : node->kind == WEIR_VECTOR_I128 ? sizeof(weir_i128) : 8;
    if (node->kind == WEIR_VECTOR_STRING) element = sizeof(struct weir_string);
    node->vector = (struct weir_vector){.kind = node->kind, .i128 = weir_eval_zeros};
    node->constant = true;
    node->null = null;
    node->can_fail = false;
    node->args_count = 0;
    if (null) {
        node->vector.validity = (const uint64_t *)weir_eval_zeros;
        return true;
    }
    void *values =
        weir_arena_alloc(compiler->arena, element == 0 ? WEIR_BLOCK_ROWS / 8 : WEIR_BLOCK_ROWS * element);
    if (values == NULL) return weir_compile_memory(compiler);
    node->vector.i128 = values;
    if (node->kind == WEIR_VECTOR_BOOL) memset(values, value.i64 != 0 ? 0xFF : 0, WEIR_BLOCK_ROWS / 8);
    for (int32_t i = 0; i < WEIR_BLOCK_ROWS && element != 0; i++) {
        switch (node->kind) {
        case WEIR_VECTOR_I64: ((int64_t *)values)[i] = value.i64; break;
        case WEIR_VECTOR_F64: ((double *)values)[i] = value.f64; break;
        case WEIR_VECTOR_I128: ((weir_i128 *)values)[i] = value.i128; break;
        default: ((struct weir_string *)values)[i] = value.string; break;
        }
    }
    return true;
}

union weir_value weir_compile_first(const struct weir_vector *vector) {
    union weir_value value = {0};
    switch (vector->kind) {
    case WEIR_VECTOR_BOOL: value.i64 = (int64_t)(vector->bits[0] & 1); break;
    case WEIR_VECTOR_I64: value.i64 = vector->i64[0]; break;
    case WEIR_VECTOR_F64: value.f64 = vector->f64[0]; break;
    case WEIR_VECTOR_I128: value.i128 = vector->i128[0]; break;
    case WEIR_VECTOR_STRING: value.string = vector->strings[0]; break;
    }
    return value;
}

bool weir_compile_own(struct weir_compiler *compiler, struct weir_string *string) {
    if (string->length < 0 || (string->length > 0 && string->data == NULL)) string->length = 0;
    const char *copy =
        weir_arena_string(compiler->arena, string->length > 0 ? string->data : "", (size_t)string->length);
    string->data = copy;
    return copy != NULL || weir_compile_memory(compiler);
}

bool weir_compile_fold(struct weir_compiler *compiler, struct weir_node *node) {
    struct weir_arena arena = {0};
    struct weir_block block = {.layouts = compiler->layouts, .rows = 1};
    struct weir_vector result = {.kind = node->kind};
    struct weir_evaluation ev = {
        .nodes = compiler->nodes,
        .layouts = compiler->layouts,
        .block = &block,
        .rows = 1,
        .arena = &arena,
        .slots = weir_arena_array(&arena, (size_t)compiler->nodes_count + 1, sizeof(struct weir_vector))};
    bool done = false;
    if (ev.slots != NULL) {
        for (int32_t i = 0; i < node->args_count; i++)
            ev.slots[node->args[i]] = compiler->nodes[node->args[i]].vector;
        done = node->eval(&ev, node, &result) == WEIR_OK;
    }
    bool kept = true;
    if (done) {
        bool null = result.validity != NULL && (result.validity[0] & 1) == 0;
        union weir_value value = weir_compile_first(&result);
        if (node->kind == WEIR_VECTOR_F64) value.f64 += 0.0; /* Flink's literals are BigDecimal: no -0.0 */
        if (weir_type_is_time(node->type)) value.i64 = weir_eval_cut_time(node->type, value.i64);
        if (!null && node->kind == WEIR_VECTOR_STRING) kept = weir_compile_own(compiler, &value.string);
        kept = kept && weir_compile_constant(compiler, node, null, value);
    }
    weir_arena_fini(&arena);
    return kept;
}
