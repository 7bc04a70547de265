/* SPDX-License-Identifier: Apache-2.0
 *
 * How the value of one key column becomes bits of a key's words, and back. See key_table.h for the layout.
 */
#ifndef WEIR_ENGINE_KEY_CODE_H
#define WEIR_ENGINE_KEY_CODE_H

#include <stdint.h>

#include "engine/expression.h"

struct weir_key_code {
    struct weir_type type;
    enum weir_vector_kind kind;
    bool is_string; /* the code is a string id + 1, of 32 bits */
    bool full;      /* the value has a word of its own (two for DECIMAL) */
    int32_t word;   /* where the value lies */
    int32_t shift;
    int32_t bits;      /* of the value with its NULL mark; 64 when full */
    int32_t null_word; /* full: where the bit "not NULL" lies */
    int32_t null_shift;
};

/* Places `count` columns; returns the number of words, >= 1. */
int32_t weir_key_code_layout(const struct weir_type *types, int32_t count, struct weir_key_code *codes);

/* ORs the codes of rows (all where rows is NULL) into words: runs of WEIR_BLOCK_ROWS, zeroed before the first
 * column. Not for strings. */
void weir_key_code_add(const struct weir_key_code *code, const struct weir_vector *vector, const uint32_t *rows,
                       int32_t count, uint64_t *words);

/* Only the value of a full column, without its NULL bit. */
void weir_key_code_add_value(const struct weir_key_code *code, const struct weir_vector *vector,
                             const uint32_t *rows, int32_t count, uint64_t *words);

/* The values of a column from words in runs of `count`; false when memory is short. Not for strings. */
bool weir_key_code_values(const struct weir_key_code *code, const uint64_t *words, int32_t count,
                          struct weir_arena *arena, struct weir_vector *out);

#endif
