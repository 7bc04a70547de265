/* SPDX-License-Identifier: Apache-2.0
 *
 * The times of a block of rows: where they come from (a column, an expression, the wall clock), their bounds, and
 * what they are on the wall clock of the plan's zone, where windows are cut.
 */
#ifndef WEIR_ENGINE_BLOCK_TIME_H
#define WEIR_ENGINE_BLOCK_TIME_H

#include <stdint.h>

#include "engine/ahead.h"
#include "engine/lateness.h"
#include "engine/plan.h"

/* What the pipeline knows about a range of rows when it admits them. */
struct weir_admission {
    struct weir_clock clock; /* W before the first row */
    int64_t sequence;        /* admission number of the first row */
    int64_t now;             /* wall clock in ms; INT64_MIN where the plan does not look at it */
    int64_t reference;       /* the future guard measures from here: the wall clock in ms, or a time in units;
                              * INT64_MIN: it lets all rows through */
};

struct weir_block_time {
    const int64_t *ticks;     /* in ticks of the engine's clock */
    const uint64_t *validity; /* NULL: no time is NULL */
    int64_t min, max;         /* of the valid ones; min > max: none */
    const int64_t *placed;    /* on the wall clock of the zone; `ticks` itself without a zone */
    int64_t placed_min, placed_max;
    const int64_t *claims; /* of the watermark expression, units; NULL without one */
    const uint64_t *claims_validity;
    bool guarded; /* some time lies beyond future_from */
    int64_t future_from;
};

/* Fills `out` for the rows of a block (now, reference: see weir_admission; ahead: event_time.h); what it needs
 * beside the batch lies in the arena, until the arena is reset. Errors: WEIR_ERR_VALUE from expressions, or of a
 * time that cannot be placed; WEIR_ERR_MEMORY. */
enum weir_status weir_block_time_take(const struct weir_plan *plan, const struct weir_zone *zone,
                                      const struct weir_block *rows, int64_t now, int64_t reference,
                                      struct weir_ahead *ahead, struct weir_arena *arena,
                                      struct weir_block_time *out, struct weir_error *error);

/* The same as lateness.h wants it. */
struct weir_lateness weir_block_time_lateness(const struct weir_plan *plan, const struct weir_zone *zone,
                                              const struct weir_window *window, const struct weir_block_time *time,
                                              int32_t rows);

/* The greatest claim on W of a block. */
int64_t weir_block_time_claim(const struct weir_plan *plan, const struct weir_block_time *time, int32_t rows);

/* Ticks of the engine's clock in a unit of the plan. */
int64_t weir_plan_ticks_per_unit(const struct weir_plan *plan);

#endif
