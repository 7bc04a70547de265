/* SPDX-License-Identifier: Apache-2.0
 *
 * What time does to windows that give more than one result (update.c): W closes them, lets them go, and brings
 * early results by event time; the wall clock brings those by processing time.
 *
 * `next_event` is the least W at which anything happens, so that rows between two such events cost one comparison.
 */
#ifndef WEIR_ENGINE_UPDATE_TIME_H
#define WEIR_ENGINE_UPDATE_TIME_H

#include "base/attributes.h"
#include "base/checked.h"
#include "engine/machine.h"
#include "engine/update_emit.h"
#include "engine/update_state.h"
#include "engine/window.h"

struct weir_update {
    struct weir_machine base;
    const struct weir_plan *plan;
    const struct weir_accumulator *accumulator;
    struct weir_window window; /* its ticks are units */
    struct weir_update_state state;
    struct weir_update_emitter emitter;
    bool refires;       /* a closed window gives a result for each row that it still takes */
    bool ticks;         /* early results by event time */
    bool timers;        /* early results by processing time */
    int64_t watermark;  /* W, as far as it has been followed */
    int64_t wall;       /* the wall clock, as far as it has been told */
    int64_t next_tick;  /* W at which the next early results by event time are due */
    uint64_t planned;   /* the last window that next_event knows */
    int64_t next_event; /* the least W at which something happens */
    int64_t judged_at;  /* the W that the next two belong to */
    int64_t closed;     /* the greatest window that W has closed */
    int64_t gone;       /* the greatest window that takes no more rows */
    uint32_t rows[WEIR_BLOCK_ROWS];
    uint32_t cells[WEIR_BLOCK_ROWS];
};

/* The message, and WEIR_ERR_MEMORY. */
enum weir_status weir_update_no_memory(struct weir_error *error);

/* W that closes a window. */
static inline int64_t weir_update_closes_at(const struct weir_update *update, int64_t index) {
    return weir_sub_saturate_i64(weir_window_end(&update->window, index), 1);
}

/* Finds next_event anew: windows have come or gone. */
void weir_update_plan_next(struct weir_update *update);

/* Which windows are closed, and which take no more rows, at W. */
static inline void weir_update_judge(struct weir_update *update, int64_t watermark) {
    if (watermark == update->judged_at) return;
    int64_t lateness = update->plan->emission.lateness;
    int64_t before = watermark == INT64_MAX ? INT64_MAX : weir_sub_saturate_i64(watermark, lateness);
    update->judged_at = watermark;
    update->closed = weir_window_closed(&update->window, watermark);
    update->gone = weir_window_closed(&update->window, before);
}

/* The least number also says that there is no such window: then the window's own end decides. */
static inline bool weir_update_has_closed(const struct weir_update *update, int64_t index) {
    if (index > update->closed) return false;
    return WEIR_LIKELY(index != INT64_MIN) ||
           (update->judged_at != INT64_MIN && weir_update_closes_at(update, index) <= update->judged_at);
}

static inline bool weir_update_has_gone(const struct weir_update *update, int64_t index) {
    if (index > update->gone) return false;
    if (WEIR_LIKELY(index != INT64_MIN)) return true;
    int64_t at = weir_add_saturate_i64(weir_update_closes_at(update, index), update->plan->emission.lateness);
    return update->judged_at != INT64_MIN && at <= update->judged_at;
}

/* What W brings about that has come to next_event; it is due with `sequence`. Errors: WEIR_ERR_MEMORY, as below. */
enum weir_status weir_update_meet_event(struct weir_update *update, int64_t watermark, int64_t sequence,
                                        struct weir_error *error);

/* Takes W to `watermark`. */
static inline enum weir_status weir_update_raise(struct weir_update *update, int64_t watermark, int64_t sequence,
                                                 struct weir_error *error) {
    if (watermark <= update->watermark) return WEIR_OK;
    update->watermark = watermark;
    return watermark < update->next_event ? WEIR_OK : weir_update_meet_event(update, watermark, sequence, error);
}

/* The input has ended, W stood at `watermark`: what is open gives its last results, or is dropped. */
enum weir_status weir_update_end(struct weir_update *update, int64_t watermark, int64_t sequence,
                                 struct weir_error *error);

/* A cell has changed: a timer for its next result, unless one waits. While the wall clock is not known there are no
 * timers. False when memory is short. */
bool weir_update_begin_timer(struct weir_update *update, struct weir_update_window *window, uint32_t at);

/* Gives the results whose time has come by the wall clock. */
enum weir_status weir_update_run_timers(struct weir_update *update, int64_t wall, int64_t sequence,
                                        struct weir_error *error);

#endif
