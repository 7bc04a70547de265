/* SPDX-License-Identifier: Apache-2.0
 *
 * From a cell (update_state.h) to the results that it gives: which kinds, and none where nothing has changed. What
 * counts as a change is what Flink's old group windows compare: the values of the aggregates, not the rows.
 */
#ifndef WEIR_ENGINE_UPDATE_EMIT_H
#define WEIR_ENGINE_UPDATE_EMIT_H

#include "engine/due.h"
#include "engine/plan.h"
#include "engine/update_state.h"
#include "engine/window.h"

struct weir_update_emitter {
    const struct weir_plan *plan;
    const struct weir_accumulator *accumulator;
    struct weir_due *due;
    const struct weir_window *window; /* its ticks are units */
    struct weir_update_state *state;
    bool marks;              /* is_complete is part of a result */
    bool nans;               /* a result may hold a NaN, which differs from itself */
    struct weir_arena arena; /* of one comparison */
};

struct weir_update_giving {
    int64_t sequence; /* admission number of the row that causes it */
    bool complete;    /* W has passed the window's end */
    bool closing;     /* just now, or the input has ended */
};

/* All must outlive it. */
void weir_update_emitter_init(struct weir_update_emitter *emitter, const struct weir_plan *plan,
                              const struct weir_accumulator *accumulator, struct weir_due *due,
                              const struct weir_window *window, struct weir_update_state *state);
void weir_update_emitter_fini(struct weir_update_emitter *emitter);

/* A result of the cell, by the plan's mode:
 *
 *                 the first   a later one, where something has changed    where nothing has
 *   retracting    +I          -U as it was given, +U                      nothing
 *   accumulating  +I          +U                                          nothing
 *   discarding    +I          +I of what has come since                   nothing (no row has come)
 *
 * Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_update_give(struct weir_update_emitter *emitter, struct weir_update_window *window,
                                  uint32_t cell, const struct weir_update_giving *giving, struct weir_error *error);

#endif
