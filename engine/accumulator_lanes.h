/* SPDX-License-Identifier: Apache-2.0
 *
 * Few keys over many blocks: sums, counts and extremes are taken out of the accumulator rows of a slice, lie beside
 * each other in tables of two or four numbers a key, where one vector operation a row adds to all of them, and go
 * back when the rows of a range are done or others come. Meanwhile the accumulator rows of that slice are not to be
 * read.
 *
 * Integers are added as doubles, to the bit: what would be too large for that is not added here.
 */
#ifndef WEIR_ENGINE_ACCUMULATOR_LANES_H
#define WEIR_ENGINE_ACCUMULATOR_LANES_H

#include <stdint.h>

#include "engine/accumulator.h"

struct weir_lanes;

/* So many keys that a table of four numbers a key fits the first cache. */
#define WEIR_LANES_KEYS_MOST 1024

/* True where every field of an accumulator row has a place in such tables. */
bool weir_lanes_suit(const struct weir_accumulator *accumulator);

/* For the accumulator rows of a query, which outlives it. *out becomes NULL where some field has no place.
 * Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_lanes_create(const struct weir_accumulator *accumulator, struct weir_lanes **out,
                                   struct weir_error *error);
void weir_lanes_destroy(struct weir_lanes **address);

/* All rows of a block, or its first ones. */
struct weir_lanes_block {
    char *const *rows; /* where a slice has its accumulator rows, which may move; the address is the slice's name */
    size_t skipped;    /* bytes of them before the row of id 0 */
    uint32_t keys;     /* ids are below it; never fewer for the same rows while they are held */
    const uint32_t *ids; /* one a row */
    int32_t count;       /* at most WEIR_BLOCK_ROWS */
    int64_t left;        /* rows until somebody may read the accumulator rows, these included */
    const struct weir_vector *args;
    struct weir_ahead *ahead; /* fetched meanwhile; NULL: nothing */
};

/* Adds a block up. False: nothing was added and nothing is held any more, for there are too many keys or too few
 * rows, an argument has NULLs or numbers that are too large. */
bool weir_lanes_add(struct weir_lanes *lanes, const struct weir_lanes_block *block);

/* Puts what is held back into the accumulator rows; NULL: nothing to do. */
void weir_lanes_put_back(struct weir_lanes *lanes);

size_t weir_lanes_bytes(const struct weir_lanes *lanes);

#endif
