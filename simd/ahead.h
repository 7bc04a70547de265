/* SPDX-License-Identifier: Apache-2.0
 *
 * Columns that are fetched into the cache while something else is worked on: reading memory and working on what was
 * read then take the longer of their times instead of the sum.
 */
#ifndef WEIR_SIMD_AHEAD_H
#define WEIR_SIMD_AHEAD_H

#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"

/* Columns beyond these are left to the hardware. */
#define WEIR_AHEAD_COLUMNS 8

/* Rows of one step: few, so that what is fetched and what is worked on take turns. */
#define WEIR_AHEAD_ROWS 64

struct weir_ahead {
    int32_t columns_count;
    int32_t rows; /* still to be fetched; may end below 0 */
    int32_t columns[WEIR_AHEAD_COLUMNS];
    int32_t bytes[WEIR_AHEAD_COLUMNS];  /* of a row: lines of a step */
    uintptr_t next[WEIR_AHEAD_COLUMNS]; /* the address of the next row */
};

/* Begins to fetch the next few; NULL: none. Past the last row it asks for a few lines that nobody needs: a prefetch
 * of any address is harmless. */
WEIR_INLINE void weir_ahead_step(struct weir_ahead *ahead) {
    if (ahead == NULL || ahead->rows <= 0) return;
    ahead->rows -= WEIR_AHEAD_ROWS;
    for (int32_t column = 0; column < ahead->columns_count; column++) {
        uintptr_t at = ahead->next[column];
        uintptr_t end = at + (uintptr_t)ahead->bytes[column] * WEIR_AHEAD_ROWS;
        ahead->next[column] = end;
        for (; at < end; at += WEIR_LINE_BYTES) WEIR_PREFETCH_READ((const void *)at);
    }
}

#endif
