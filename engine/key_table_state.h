/* SPDX-License-Identifier: Apache-2.0
 *
 * What a key table is made of; shared by the files that are one:
 *   key_table.c        columns, dictionaries, ids
 *   key_table_words.c  keys that are one word
 */
#ifndef WEIR_ENGINE_KEY_TABLE_STATE_H
#define WEIR_ENGINE_KEY_TABLE_STATE_H

#include "engine/key_code.h"
#include "engine/key_dictionary.h"
#include "engine/key_table.h"
#include "engine/key_wide.h"
#include "engine/key_words.h"
#include "engine/string_table.h"

enum weir_key_shape { WEIR_KEYS_NOTHING, WEIR_KEYS_DIRECT, WEIR_KEYS_WORD, WEIR_KEYS_WIDE };

struct weir_key_table {
    enum weir_key_shape shape;
    int32_t columns_count;
    struct weir_key_code *columns;
    struct weir_string_table *strings; /* one a column; used by STRING columns */
    struct weir_key_dictionary *dictionaries;
    bool null_apart;  /* one 64-bit column: NULL is not in the slots */
    uint32_t null_id; /* + 1 */
    uint64_t seed;
    struct weir_key_words one;    /* WEIR_KEYS_WORD */
    struct weir_key_wide several; /* WEIR_KEYS_WIDE */
    struct weir_key_list list;
    /* scratch for one block */
    uint64_t *block_words; /* words_count runs of WEIR_BLOCK_ROWS */
    uint64_t *block_hashes;
    uint64_t *block_nulls; /* bitmap; of one 64-bit column */
};

/* ids of words; false when memory is short. */
static inline bool weir_key_table_find(struct weir_key_table *table, const uint64_t *words, int32_t count,
                                       uint32_t *ids) {
    return weir_key_words_map(&table->one, &table->list, table->seed, words, table->block_hashes, count, ids);
}

#endif
