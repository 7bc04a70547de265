/* SPDX-License-Identifier: Apache-2.0
 *
 * Columns that are fetched into the cache while something else is worked on: reading memory and working on what was
 * read then take the longer of their times instead of the sum.
 */
#ifndef WEIR_SIMD_AHEAD_H
#define WEIR_SIMD_AHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"

/* Columns beyond these are left to the hardware. */
#define WEIR_AHEAD_COLUMNS 8

/* Rows that are worked on between two steps: few, so that what is fetched and what is worked on take turns. */
#define WEIR_AHEAD_ROWS 64

struct weir_ahead {
    int32_t columns_count;
    int32_t rows; /* still to be fetched; may end below 0 */
    int32_t step; /* rows of one step: WEIR_AHEAD_ROWS, or more */
    int32_t columns[WEIR_AHEAD_COLUMNS];
    int32_t widths[WEIR_AHEAD_COLUMNS]; /* bytes of a row */
    bool of_times[WEIR_AHEAD_COLUMNS];  /* nothing but the times of rows is read of them */
    int32_t bytes[WEIR_AHEAD_COLUMNS];  /* of a row, as far as it is fetched; 0: it is not */
    uintptr_t next[WEIR_AHEAD_COLUMNS]; /* the address of the next row */
    /* A query without keys: what is summed up of the block at work while its times are looked at. */
    int32_t sum_column;   /* -1: none */
    int32_t summed_rows;  /* of the block, its first ones */
    const double *summed; /* NULL: they are not */
    double sum;
};

/* Begins to fetch the next few; NULL: none. Past the last row it asks for a few lines that nobody needs: a prefetch
 * of any address is harmless. */
WEIR_INLINE void weir_ahead_step(struct weir_ahead *ahead) {
    if (ahead == NULL || ahead->rows <= 0) return;
    ahead->rows -= ahead->step;
    for (int32_t column = 0; column < ahead->columns_count; column++) {
        uintptr_t at = ahead->next[column];
        uintptr_t end = at + (uintptr_t)ahead->bytes[column] * (uintptr_t)ahead->step;
        ahead->next[column] = end;
        for (; at < end; at += WEIR_LINE_BYTES) WEIR_PREFETCH_READ((const void *)at);
    }
}

/* Shares what is still to be fetched out over work on so many rows. */
WEIR_INLINE void weir_ahead_share(struct weir_ahead *ahead, int32_t rows) {
    int32_t steps = rows / WEIR_AHEAD_ROWS + 1;
    if (ahead->rows <= 0 || ahead->rows / steps < WEIR_AHEAD_ROWS) return;
    ahead->step = (ahead->rows / steps + WEIR_AHEAD_ROWS) / WEIR_AHEAD_ROWS * WEIR_AHEAD_ROWS;
}

#endif
