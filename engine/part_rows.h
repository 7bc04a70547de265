/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows that wait, gathered by parts of the hashes of their keys' words:
 *
 *   sets      one a slice, a few at a time
 *   parts     of each set, by the upper bits of the hash, and one more for the key NULL
 *   chunks    of each part: WEIR_PART_CHUNK rows that lie one after the other in each of the columns
 *   columns   the word of the key, one an argument, and where some are NULL one that says which
 *
 * A part's rows stay in their order. Beside them a part may have sums: accumulator rows with the words of their
 * keys (part_sums.h), which rows before those that wait have come to; they lie in chunks of the same memory.
 *
 * Words whose hashes share their upper bits share lines of the key table (simd/word_line.h) and, met for the first
 * time one after the other, have ids and accumulators that lie next to each other: one part's are looked up and
 * added up in the cache. When not to use it: where keys are few enough that all of theirs are in the cache.
 */
#ifndef WEIR_ENGINE_PART_ROWS_H
#define WEIR_ENGINE_PART_ROWS_H

#include <stdint.h>

#include "engine/key_table.h"
#include "engine/part_chunks.h"

#define WEIR_PART_CHUNK 512
#define WEIR_PART_SETS 8
#define WEIR_PARTS_MOST 512

/* Some rows of one slice, whose keys are one word. Entry i of keys and of each argument is that of row i. */
struct weir_parted {
    int64_t index, first;           /* the slice's name (slice_store.h) */
    struct weir_key_block keys;     /* not in the memory of the key table that looks them up */
    const struct weir_vector *args; /* one an argument of the accumulator */
    int32_t count;                  /* 0 .. WEIR_BLOCK_ROWS */
};

/* A part of the rows of one slice. */
struct weir_part_list {
    char *rows; /* the first chunk of them */
    char *sums; /* and of sums; NULL: there are none */
    char *sums_last;
    uint32_t sums_count;
};

/* The rows of one slice. */
struct weir_part_set {
    int64_t index, first;
    bool is_own;                  /* all that the slice holds is here: it fires from here */
    int64_t came;                 /* rows, so far */
    int64_t rows;                 /* that wait */
    int64_t sums;                 /* accumulator rows */
    uint32_t part;                /* the first that has not fired */
    uint32_t fired;               /* keys that have */
    struct weir_part_list *lists; /* per part, NULL's behind the others */
    uint64_t **tails;             /* per part the place of its next row, in a chunk that has room */
};

struct weir_part_rows {
    int32_t args_count;
    size_t sum_bytes;     /* of an accumulator row and its word */
    uint32_t parts;       /* a power of two; 0: it is closed, and has no memory for rows */
    uint32_t parts_asked; /* when it was opened */
    unsigned shift;       /* a row is of part hash >> shift */
    bool has_validity;
    struct weir_part_chunks
        chunks;           /* of rows: the words, the arguments, their validity: bit a is that of argument a */
    uint64_t chunks_most; /* that rows may take */
    uint64_t chunks_rows; /* that they do */
    int64_t rows;         /* that wait */
    struct weir_part_set sets[WEIR_PART_SETS];
    int32_t sets_count;
    bool has_scratch;  /* what follows, and that of sets */
    uint64_t **places; /* WEIR_BLOCK_ROWS each */
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

/* Zeroed storage in, which needs no memory until it is opened. args_count: 64 at most. stride: of accumulator rows.
 */
void weir_part_rows_init(struct weir_part_rows *waiting, int32_t args_count, size_t stride);
void weir_part_rows_fini(struct weir_part_rows *waiting);

/* Takes up to `bytes` of rows (or the least that can be worked with) in `parts` parts, 2 .. WEIR_PARTS_MOST, or
 * fewer where the room is small. It is closed before. False when memory is short: then it stays closed. */
bool weir_part_rows_open(struct weir_part_rows *waiting, uint32_t parts, bool has_validity, size_t bytes);
void weir_part_rows_close(struct weir_part_rows *waiting);
size_t weir_part_rows_bytes(const struct weir_part_rows *waiting);

/* From now on rows may take so many bytes, or the least that can be worked with. */
void weir_part_rows_allow(struct weir_part_rows *waiting, size_t bytes);

/* Bytes that a row takes. */
WEIR_INLINE size_t weir_part_row_bytes(const struct weir_part_rows *waiting) {
    return (1 + (size_t)waiting->args_count + waiting->has_validity) * sizeof(uint64_t);
}

/* The set of a slice, or NULL. */
struct weir_part_set *weir_part_rows_find(struct weir_part_rows *waiting, int64_t index, int64_t first);

/* True where another set, `is_new`, or one that there is, can take `count` <= WEIR_BLOCK_ROWS rows. In an empty one
 * it can, unless memory is short. */
bool weir_part_rows_has_room(struct weir_part_rows *waiting, bool is_new, int32_t count);

/* A set for a slice that has none; there is room for it. */
struct weir_part_set *weir_part_rows_begin(struct weir_part_rows *waiting, int64_t index, int64_t first);

/* Forgets a set, with its rows and sums. Others may change their places. */
void weir_part_rows_end(struct weir_part_rows *waiting, struct weir_part_set *set);

/* Adds entries [from, from + count) of a block to a set; there is room for them, and validity is kept where an
 * argument has some. */
void weir_part_rows_add(struct weir_part_rows *waiting, struct weir_part_set *set,
                        const struct weir_part_block *block, int32_t from, int32_t count);

/* The next rows of a part of a set. *chunk: NULL at first; false: there are no more, and it is NULL again. *out is
 * valid until the next call. */
bool weir_part_rows_next(struct weir_part_rows *waiting, const struct weir_part_set *set, uint32_t part,
                         char **chunk, struct weir_parted *out);

/* Forgets the rows of a part of a set, which may get more. */
void weir_part_rows_drop(struct weir_part_rows *waiting, struct weir_part_set *set, uint32_t part);

/* All rows of sets that are not their slices' own, a part of each set after the other. */
struct weir_part_walk {
    uint32_t part;      /* of the rows that were given last; NULL's is `parts` */
    uint32_t next_part; /* where those that follow them are */
    int32_t next_set;
    char *chunk;
};
#define WEIR_PART_WALK ((struct weir_part_walk){.part = 0})

/* The next rows; false: there are none. *out is valid until the next call. */
bool weir_part_rows_walk(struct weir_part_rows *waiting, struct weir_part_walk *walk, struct weir_parted *out);

#endif
