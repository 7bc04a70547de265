/* SPDX-License-Identifier: Apache-2.0
 *
 * Which rows of a block have missed windows: each row is judged against W as it stood just before it.
 *
 * Most blocks need no look at their rows: when the earliest window of the smallest time is still open after the
 * whole block, nothing can be late. The rest are scanned once, and only where a row has in fact missed a window
 * does each row get the number of the last window that was closed before it.
 */
#ifndef WEIR_ENGINE_LATENESS_H
#define WEIR_ENGINE_LATENESS_H

#include <stdint.h>

#include "engine/watermark.h"
#include "engine/window.h"

struct weir_lateness {
    const struct weir_watermark_spec *spec;
    const struct weir_window *window;
    const int64_t *ticks;         /* times of the block */
    const uint64_t *validity;     /* of the times; NULL: all */
    const int64_t *placed;        /* the times on the wall clock of `zone`, where windows are cut; NULL: ticks */
    int64_t placed_min;           /* the least of them */
    const struct weir_zone *zone; /* NULL: UTC */
    int64_t units_per_ms;         /* where there is a zone: 1 or more */
    bool guarded;                 /* times beyond future_from make no claim on W */
    int64_t future_from;          /* ticks */
    const int64_t *claims;        /* kind EXPRESSION: values of the watermark expression, units; else NULL */
    const uint64_t *claims_validity;
    int32_t rows;
};

/* Raises *clock over all rows of the block. Returns true when some row has missed a window; then closed[i] is the
 * last window closed before row i (rows with a NULL time included). min and max: bounds of the valid times (min >
 * max: none). */
bool weir_lateness_judge(const struct weir_lateness *block, int64_t min, int64_t max, struct weir_clock *clock,
                         int64_t *closed);

/* W just before each row, on the wall clock of the zone, and *after the last; raises *clock over all rows. Returns
 * false, with `out` untouched, when it is the same for all rows and after them. */
bool weir_lateness_watermarks(const struct weir_lateness *block, int64_t min, int64_t max, struct weir_clock *clock,
                              int64_t *out, int64_t *after);

/* The row's claim on W; INT64_MIN: it makes none. */
int64_t weir_lateness_claim_of(const struct weir_lateness *block, int32_t row);

/* The greatest claim on W of the rows; INT64_MIN: none. */
int64_t weir_lateness_claim(const struct weir_lateness *block, int64_t min, int64_t max);

/* A watermark on the wall clock of a zone (NULL: UTC), in units. */
int64_t weir_lateness_local(const struct weir_zone *zone, int64_t units_per_ms, int64_t watermark);

#endif
