/* SPDX-License-Identifier: Apache-2.0
 *
 * Key columns -> dense key ids: after this one lookup a row's key is an array index.
 *
 * Each key column becomes a code of known width (strings through a string_table, a dictionary's entries once per
 * dictionary), the codes of a row are packed into 64-bit words, and the words are looked up:
 *
 *   nothing   no key columns: every row has id 0
 *   direct    one STRING column: the string's id is the key's id (0 is NULL)
 *   word      the codes fit one word: open addressing over {word, id}
 *   packed    several words, but one when packed by the values that have been seen (key_pack.h): the same over that
 *   wide      several words, which do not fit one: the same over a word mixed from them, the words beside
 *
 * Words of few values, whatever the columns, are looked up in an array of cells instead of a hash table
 * (key_table_cells.c, docs/adr/0016).
 *
 * A code of fewer than 64 bits is (value << 1) | 1, and 0 for NULL; a 64-bit column has a word of its own and its
 * NULL bit among the others, but where it is the only column: then NULL has an id outside the table. NULL is a key
 * of its own, all NaNs are one key, -0.0 and +0.0 are two.
 */
#ifndef WEIR_ENGINE_KEY_TABLE_H
#define WEIR_ENGINE_KEY_TABLE_H

#include <stdint.h>

#include "engine/expression.h"

struct weir_key_table;

/* A key column of a block: either an evaluated vector, or (column != NULL) a DICTIONARY column as it came, with the
 * row of the column that is row 0 of the block. */
struct weir_key_input {
    struct weir_vector vector;
    const struct weir_column *column;
    int64_t first;
    uint64_t *hashes; /* of the dictionary's entries (weir_key_table_hashes), for exchange.h; NULL: none are kept */
};

/* Types of the key columns. NULL when memory is short. */
struct weir_key_table *weir_key_table_create(const struct weir_type *types, int32_t count, uint64_t seed);
void weir_key_table_destroy(struct weir_key_table **table);

/* The table will hold some of the keys only, as others hold the rest. */
void weir_key_table_share(struct weir_key_table *table);

/* Tells the table which dictionary key column `key` has in the batch to come. Cheap when its content is that of the
 * batch before. */
enum weir_status weir_key_table_bind(struct weir_key_table *table, int32_t key,
                                     const struct weir_column *dictionary, struct weir_error *error);

/* Where hashes of the entries of the dictionary that key column `key` has now are kept: 0 where there is none yet.
 * NULL when memory is short. */
uint64_t *weir_key_table_hashes(struct weir_key_table *table, int32_t key);

/* ids[i] = id of row rows[i] of the block (of row i where rows is NULL), for i < count <= WEIR_BLOCK_ROWS. New keys
 * get the next ids. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_key_table_map(struct weir_key_table *table, const struct weir_key_input *inputs,
                                    const uint32_t *rows, int32_t count, uint32_t *ids, struct weir_error *error);

/* The codes of a block, where its only key is a dictionary that came first and every row counts: the id of code c
 * is c + 1. NULL: it is not so, and the block is to be mapped. */
const uint32_t *weir_key_table_codes(const struct weir_key_table *table, const struct weir_key_input *inputs,
                                     const uint32_t *rows);

/* How the ids of rows are found, as the keys stand: what weir_key_table_map has done last. */
enum weir_key_way {
    WEIR_KEY_WAY_OTHER,  /* no key, one string, or one word by the types of the columns */
    WEIR_KEY_WAY_CELLS,  /* in an array, by their packed values */
    WEIR_KEY_WAY_PACKED, /* hashed as one word, for several by their types */
    WEIR_KEY_WAY_MIXED,  /* several words, hashed as one mixed from them */
};
/* True where cells are possible. */
bool weir_key_table_may_pack(const struct weir_key_table *table);
enum weir_key_way weir_key_table_way(const struct weir_key_table *table);

/* Ids given so far are 0 .. count - 1. (Not each need have come with a row: NULL's id is reserved.) */
uint32_t weir_key_table_count(const struct weir_key_table *table);

/* How many keys there can be while words come from the range of those that came, where that is known to be few;
 * else UINT64_MAX. */
uint64_t weir_key_table_most(const struct weir_key_table *table);

/* True where the ids [first, first + count) are known to mean the same keys in both tables. Only tables of one
 * STRING column are looked at: they list the entries of a dictionary in its order. */
bool weir_key_table_agrees(const struct weir_key_table *table, const struct weir_key_table *other, uint32_t first,
                           uint32_t count);

/* The values of key column `key` for `count` ids (<= WEIR_BLOCK_ROWS), in the vector kind of its type, allocated in
 * `arena`; strings point into the table. */
enum weir_status weir_key_table_values(const struct weir_key_table *table, int32_t key, const uint32_t *ids,
                                       int32_t count, struct weir_arena *arena, struct weir_vector *out,
                                       struct weir_error *error);

/* ---- keys that are one word, for tables that hold the words themselves (direct_slice.h) ---- */

/* The keys of `count` rows. NULL where a bit of `nulls` is set: the word is then that of some other row, or 0. */
struct weir_key_block {
    const uint64_t *words;
    const uint64_t *nulls; /* bitmap over the rows; NULL: none is NULL */
};

/* True where the word of a key, with its NULL mark, is all there is to know of it: one word a key, no strings. */
bool weir_key_table_has_words(const struct weir_key_table *table);

/* The keys of rows[0 .. count) of the block (of rows 0 .. count - 1 where rows is NULL), count <= WEIR_BLOCK_ROWS.
 * What *out points at is the block's or the table's, valid until the next call. No key enters the table. */
void weir_key_table_words(struct weir_key_table *table, const struct weir_key_input *inputs, const uint32_t *rows,
                          int32_t count, struct weir_key_block *out);

/* The words of the keys with ids [first, first + count), valid until a key is added. nulls: room for a bitmap of
 * count bits. */
void weir_key_table_listed(const struct weir_key_table *table, uint32_t first, int32_t count, uint64_t *nulls,
                           struct weir_key_block *out);

/* The ids of `count` keys; as weir_key_table_map. `block` must not be in the table's own memory. */
enum weir_status weir_key_table_map_words(struct weir_key_table *table, const struct weir_key_block *block,
                                          int32_t count, uint32_t *ids, struct weir_error *error);

/* Until it is called again words may come in the order of their hashes, and be `most` keys in all; 0: they come in
 * no order. */
void weir_key_table_expect(struct weir_key_table *table, uint64_t most);

/* Where the search for words of one of `parts` parts of all hashes, a power of two, begins; NULL where there is no
 * one region. */
const char *weir_key_table_region(const struct weir_key_table *table, uint32_t part, uint32_t parts, size_t *bytes);

/* The values of key column `key` of `count` keys; as weir_key_table_values. */
enum weir_status weir_key_table_word_values(const struct weir_key_table *table, int32_t key,
                                            const struct weir_key_block *block, int32_t count,
                                            struct weir_arena *arena, struct weir_vector *out,
                                            struct weir_error *error);

size_t weir_key_table_bytes(const struct weir_key_table *table);

#endif
