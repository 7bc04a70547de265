/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows that wait, gathered by parts of the hashes of their keys' words:
 *
 *   sets      one a slice, a few at a time
 *   parts     of each set, by the upper bits of the hash, and one more for the key NULL
 *   chunks    of each part: WEIR_PART_CHUNK rows that lie one after the other in each of the columns
 *   columns   the word of the key, one an argument, and where some are NULL one that says which
 *
 * A part's rows stay in their order. Chunks are given out one after the other and taken back all at once, so a
 * buffer that is emptied early touches little of its memory.
 *
 * Words whose hashes share their upper bits share lines of the key table (simd/word_line.h) and, met for the first
 * time one after the other, have ids and accumulators that lie next to each other: one part's are looked up and
 * added up in the cache. When not to use it: where keys are few enough that all of theirs are in the cache.
 */
#ifndef WEIR_ENGINE_PART_ROWS_H
#define WEIR_ENGINE_PART_ROWS_H

#include <stdint.h>

#include "engine/key_table.h"

#define WEIR_PART_CHUNK 512
#define WEIR_PART_SETS 4
#define WEIR_PARTS_MOST 512

/* Some rows of one slice, whose keys are one word. Entry i of keys and of each argument is that of row i. */
struct weir_parted {
    int64_t index, first;           /* the slice's name (slice_store.h) */
    struct weir_key_block keys;     /* not in the memory of the key table that looks them up */
    const struct weir_vector *args; /* one an argument of the accumulator */
    int32_t count;                  /* 0 .. WEIR_BLOCK_ROWS */
};

/* The rows of one slice. */
struct weir_part_set {
    int64_t index, first;
    uint32_t *heads; /* per part, NULL's behind the others: its first chunk */
    uint32_t *tails; /* the place of its next row, in a chunk that has room */
};

struct weir_part_rows {
    int32_t args_count;
    uint32_t parts;       /* a power of two; 0: it is closed, and has no memory for rows */
    uint32_t parts_asked; /* when it was opened */
    unsigned shift;       /* a row is of part hash >> shift */
    bool has_validity;
    uint32_t chunks;
    uint32_t chunks_used;
    int64_t rows;       /* that wait */
    uint64_t **columns; /* the word, the arguments, and their validity: bit a is that of argument a */
    uint32_t *next;     /* per chunk: the next one of its part */
    struct weir_part_set sets[WEIR_PART_SETS];
    int32_t sets_count;
    bool has_scratch; /* what follows, and that of sets */
    uint32_t *places; /* WEIR_BLOCK_ROWS each */
    uint32_t *kept;
    uint64_t *words;
    uint64_t *hashes;
    uint64_t *masks;
    struct weir_vector *args; /* of a chunk, with their bitmaps; kinds as they came last */
    uint64_t *bitmaps;
};

/* Rows of a block that are to wait, one an entry. */
struct weir_part_block {
    const uint64_t *words, *hashes; /* hashes of words, by which they are looked up, too */
    const uint64_t *nulls;          /* bitmap over the entries whose key is NULL; NULL: none is */
    const uint32_t *rows; /* per entry its row of args; NULL: entry i is row i, and all are added at once */
    const struct weir_vector *args; /* of 64 bits a value */
};

/* Zeroed storage in, which needs no memory until it is opened. args_count: 64 at most. */
void weir_part_rows_init(struct weir_part_rows *waiting, int32_t args_count);
void weir_part_rows_fini(struct weir_part_rows *waiting);

/* Makes room for `bytes` of rows (or the least that can be worked with) in `parts` parts, 2 .. WEIR_PARTS_MOST, or
 * fewer where the room is small. It is closed before. False when memory is short: then it stays closed. */
bool weir_part_rows_open(struct weir_part_rows *waiting, uint32_t parts, bool has_validity, size_t bytes);
void weir_part_rows_close(struct weir_part_rows *waiting);
size_t weir_part_rows_bytes(const struct weir_part_rows *waiting);

/* The set of a slice, or NULL. */
struct weir_part_set *weir_part_rows_find(struct weir_part_rows *waiting, int64_t index, int64_t first);

/* True where another set, `is_new`, or one that there is, can take `count` <= WEIR_BLOCK_ROWS rows. In an empty one
 * it can. */
bool weir_part_rows_has_room(const struct weir_part_rows *waiting, bool is_new, int32_t count);

/* A set for a slice that has none; there is room for it. */
struct weir_part_set *weir_part_rows_begin(struct weir_part_rows *waiting, int64_t index, int64_t first);

/* Adds entries [from, from + count) of a block to a set; there is room for them, and validity is kept where an
 * argument has some. */
void weir_part_rows_add(struct weir_part_rows *waiting, struct weir_part_set *set,
                        const struct weir_part_block *block, int32_t from, int32_t count);

/* All rows, a part of each set after the other. */
struct weir_part_walk {
    uint32_t part;      /* of the rows that were given last; NULL's is `parts` */
    uint32_t next_part; /* where those that follow them are */
    int32_t next_set;
    uint32_t next_chunk; /* WEIR_PART_FIRST: the first of the part */
};
#define WEIR_PART_FIRST UINT32_MAX
#define WEIR_PART_WALK ((struct weir_part_walk){.next_chunk = WEIR_PART_FIRST})

/* The next rows; false: there are none. *out is valid until the next call. */
bool weir_part_rows_walk(struct weir_part_rows *waiting, struct weir_part_walk *walk, struct weir_parted *out);

/* Forgets all rows and sets. */
void weir_part_rows_clear(struct weir_part_rows *waiting);

#endif
