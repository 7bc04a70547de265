/* SPDX-License-Identifier: Apache-2.0
 *
 * What a key table is made of; shared by the files that are one:
 *   key_table.c        columns, dictionaries, ids
 *   key_table_words.c  keys that are one word
 *   key_table_pack.c   keys that are one word when packed
 *   key_table_cells.c  and an id for each word
 */
#ifndef WEIR_ENGINE_KEY_TABLE_STATE_H
#define WEIR_ENGINE_KEY_TABLE_STATE_H

#include "engine/key_code.h"
#include "engine/key_dictionary.h"
#include "engine/key_pack.h"
#include "engine/key_table.h"
#include "engine/key_wide.h"
#include "engine/key_words.h"
#include "engine/string_table.h"

enum weir_key_shape { WEIR_KEYS_NOTHING, WEIR_KEYS_DIRECT, WEIR_KEYS_WORD, WEIR_KEYS_PACKED, WEIR_KEYS_WIDE };

struct weir_key_table {
    enum weir_key_shape shape;
    int32_t columns_count;
    struct weir_key_code *columns;
    struct weir_string_table *strings; /* one a column; used by STRING columns */
    struct weir_key_dictionary *dictionaries;
    bool is_share;    /* of the keys, among several tables */
    bool null_apart;  /* one 64-bit column: NULL is not in the slots */
    uint32_t null_id; /* + 1 */
    uint64_t seed;
    int32_t words_count;          /* of a key by the types of its columns */
    struct weir_key_words one;    /* WEIR_KEYS_WORD; WEIR_KEYS_PACKED, of packed words */
    struct weir_key_wide several; /* WEIR_KEYS_WIDE */
    struct weir_key_list list;
    uint32_t hashed; /* so many of the list are in `one` */
    /* packed words (key_table_pack.c) */
    struct weir_pack_column *packed;      /* one a column; NULL: keys of these types are not packed */
    struct weir_pack_column *packed_next; /* what they are to become */
    int32_t packed_bits;
    int32_t cells_bits;
    uint32_t *cells;  /* 1 << cells_bits: the id + 1 of a packed word; 0: no key. NULL: there are none */
    uint32_t look_at; /* without cells: they may pay when there are so many keys */
    /* scratch for one block */
    uint64_t *block_words; /* words_count runs of WEIR_BLOCK_ROWS */
    uint64_t *block_hashes;
    uint64_t *block_nulls; /* bitmap; of one 64-bit column */
    uint64_t *block_packed;
    uint32_t *missed; /* three runs of WEIR_BLOCK_ROWS */
};

/* ids of words, which are hashed; false when memory is short. */
bool weir_key_table_find(struct weir_key_table *table, const uint64_t *words, int32_t count, uint32_t *ids);

/* ids of a block; false when memory is short. */
bool weir_key_table_find_block(struct weir_key_table *table, const struct weir_key_block *block, int32_t count,
                               uint32_t *ids);

/* String codes (id + 1, 0 for NULL) of a key column; false when memory is short. */
bool weir_key_table_string_codes(struct weir_key_table *table, int32_t key, const struct weir_key_input *input,
                                 const uint32_t *rows, int32_t count, uint64_t *codes);

/* True where there is an id for NULL alone; makes one. False when memory is short. */
bool weir_key_table_null_id(struct weir_key_table *table);

/* The words of rows, of a table whose keys are one word by the types of their columns; false when memory is short.
 */
bool weir_key_table_lay_out(struct weir_key_table *table, const struct weir_key_input *inputs, const uint32_t *rows,
                            int32_t count, struct weir_key_block *out);

/* False when memory is short. */
bool weir_key_table_init_packing(struct weir_key_table *table);
void weir_key_table_fini_packing(struct weir_key_table *table);

/* weir_key_table_map by packed words. *mapped is false where they are not packed; the shape may have become another
 * then. False when memory is short. */
bool weir_key_table_map_packed(struct weir_key_table *table, const struct weir_key_input *inputs,
                               const uint32_t *rows, int32_t count, uint32_t *ids, bool *mapped);

/* ---- cells (key_table_cells.c) ---- */

size_t weir_key_table_cells_bytes(const struct weir_key_table *table);

/* True where cells for words of so many bits are worth their memory. */
bool weir_key_table_wants_cells(const struct weir_key_table *table, int32_t bits);

/* Keys from which on cells for the packing as it is are wanted; UINT32_MAX: they never are. */
uint32_t weir_key_table_keys_for_cells(const struct weir_key_table *table);

/* They are not wanted until there are more keys. */
void weir_key_table_look_later(struct weir_key_table *table);

/* Empty cells for packed words; false when memory is short. */
bool weir_key_table_make_cells(struct weir_key_table *table);
void weir_key_table_drop_cells(struct weir_key_table *table);

/* ids of the rows whose packed words lie in block_packed. Cells know all keys that there are. False when memory is
 * short. */
bool weir_key_table_find_cells(struct weir_key_table *table, const struct weir_key_input *inputs,
                               const uint32_t *rows, int32_t count, uint32_t *ids);

/* No key is hashed any more. */
void weir_key_table_forget_hashes(struct weir_key_table *table);

#endif
