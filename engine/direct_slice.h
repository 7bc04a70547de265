/* SPDX-License-Identifier: Apache-2.0
 *
 * Direct slices: each accumulator row lies in the slice's own hash table, with the word of its key behind it.
 *
 *   slot      [ accumulator row | word ]            taken when the row has counted something
 *   bucket    slots that begin with a cache line: two, or three of odd sizes that fit
 *   table     `capacity` buckets, and one more behind them: that of the key NULL
 *
 * So a slice is as large as the keys that it holds, and not as all that are known. The word is the key itself where
 * that is one word (weir_key_table_has_words): the key is then forgotten with its last slice; else its id.
 *
 * A word's home is in proportion to the upper half of its hash, so that a table may have any size, and one that
 * grows is read and written in order. A word lies in the first free slot from its home on; none is ever taken out.
 */
#ifndef WEIR_ENGINE_DIRECT_SLICE_H
#define WEIR_ENGINE_DIRECT_SLICE_H

#include <stdint.h>

#include "engine/key_table.h"
#include "engine/slice_store.h"

/* Bytes that a key takes, at most and about, with accumulator rows of `stride` bytes. */
#define WEIR_DIRECT_BYTES_A_KEY(stride) (((stride) + sizeof(uint64_t)) * 5 / 2)

/* Bytes of a table. */
size_t weir_direct_bytes(const struct weir_accumulator *accumulator, uint32_t buckets);

/* Rows of a block, one an entry. */
struct weir_direct_block {
    struct weir_key_block keys;
    const uint64_t *hashes;         /* of the words, with the seed of the store */
    const uint32_t *rows;           /* per entry its row of the block; NULL: entry i is row i */
    const struct weir_vector *args; /* per argument of the accumulator: over the rows of the block */
    uint32_t *slots;                /* scratch, one an entry */
};

/* Adds entries [from, from + count) of a block. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_direct_add(struct weir_slice_store *store, struct weir_slice *slice,
                                 const struct weir_direct_block *block, int32_t from, int32_t count,
                                 struct weir_error *error);

/* Makes a dense slice direct. keys: of the ids; NULL where the ids are the words. False when memory is short. */
bool weir_direct_from_dense(struct weir_slice_store *store, struct weir_slice *slice, struct weir_key_table *keys);

/* And a direct one dense: its keys get ids of `keys`, where that is not NULL. arena is for temporaries. Errors:
 * WEIR_ERR_MEMORY; the slice is then lost. */
enum weir_status weir_direct_to_dense(struct weir_slice_store *store, struct weir_slice *slice,
                                      struct weir_key_table *keys, struct weir_arena *arena,
                                      struct weir_error *error);

/* Where the words are ids: sets the bit of each; gives each key the id that `ids` has for its own. False when
 * memory is short. */
void weir_direct_mark(const struct weir_slice_store *store, const struct weir_slice *slice, uint64_t *bits);
bool weir_direct_rename(struct weir_slice_store *store, struct weir_slice *slice, const uint32_t *ids);

/* Keys of a slice one after the other. */
struct weir_direct_walk {
    uint32_t at;       /* the next bucket; begin with 0 */
    int32_t count;     /* keys that the last step has found */
    const char **rows; /* room for WEIR_BLOCK_ROWS of them: their accumulator rows */
    uint64_t *words;   /* and their words */
    bool has_null;     /* the last of them is the key NULL; its word is that of another, if there is one */
};

/* The next WEIR_BLOCK_ROWS keys, or fewer at the end; false when there are none. */
bool weir_direct_walk(const struct weir_slice_store *store, const struct weir_slice *slice,
                      struct weir_direct_walk *walk);

/* The bitmap that says which of the keys that the last step has found are NULL, in `nulls`, which has room for
 * WEIR_BLOCK_ROWS bits; NULL: none is. */
const uint64_t *weir_direct_walk_nulls(const struct weir_direct_walk *walk, uint64_t *nulls);

#endif
