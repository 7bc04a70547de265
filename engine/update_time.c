/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/update_time.h"

#include "base/error.h"

WEIR_COLD enum weir_status weir_update_no_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the open windows of the query");
}

/* ---- W ---- */

void weir_update_plan_next(struct weir_update *update) {
    int64_t next = INT64_MAX;
    const struct weir_update_window *open = weir_update_first(&update->state, &update->state.open);
    const struct weir_update_window *kept = weir_update_first(&update->state, &update->state.kept);
    if (open != NULL) next = weir_update_closes_at(update, open->index);
    if (kept != NULL) {
        int64_t at =
            weir_add_saturate_i64(weir_update_closes_at(update, kept->index), update->plan->emission.lateness);
        if (at < next) next = at;
    }
    if (update->ticks && update->next_tick < next) next = update->next_tick;
    update->next_event = next;
    update->planned = update->state.serial;
}

/* Early results by event time: every changed cell, whose window is open or closes now. */
static enum weir_status tick(struct weir_update *update, int64_t watermark, int64_t sequence,
                             struct weir_error *error) {
    struct weir_update_state *state = &update->state;
    struct weir_update_giving giving = {.sequence = sequence};
    if (watermark < update->next_tick) return WEIR_OK;
    int64_t every = update->plan->emission.early_every;
    update->next_tick = weir_add_saturate_i64(watermark, every - weir_floormod_i64(watermark, every));
    while (state->changed_count > 0) {
        struct weir_update_window *window = state->changed[0];
        bool closes = weir_update_has_closed(update, window->index); /* and gives its last result in a moment */
        for (uint32_t i = 0; i < window->changed_count && !closes; i++) {
            uint32_t cell = window->changed[i];
            if (window->cells[cell].since == 0) continue;
            enum weir_status status = weir_update_give(&update->emitter, window, cell, &giving, error);
            if (status != WEIR_OK) return status;
        }
        weir_update_shown(state, window);
    }
    return WEIR_OK;
}

static enum weir_status close_window(struct weir_update *update, struct weir_update_window *window,
                                     const struct weir_update_giving *giving, struct weir_error *error) {
    for (uint32_t cell = 0; cell < window->count; cell++) {
        enum weir_status status = weir_update_give(&update->emitter, window, cell, giving, error);
        if (status != WEIR_OK) return status;
    }
    weir_update_shown(&update->state, window);
    if (!update->refires || weir_update_has_gone(update, window->index)) {
        weir_update_drop(&update->state, window);
        return WEIR_OK;
    }
    return weir_update_keep(&update->state, window) ? WEIR_OK : weir_update_no_memory(error);
}

enum weir_status weir_update_meet_event(struct weir_update *update, int64_t watermark, int64_t sequence,
                                        struct weir_error *error) {
    struct weir_update_state *state = &update->state;
    weir_update_judge(update, watermark);
    enum weir_status status = update->ticks ? tick(update, watermark, sequence, error) : WEIR_OK;
    struct weir_update_window *window;
    struct weir_update_giving giving = {.sequence = sequence, .complete = true, .closing = true};
    while (status == WEIR_OK && (window = weir_update_first(state, &state->open)) != NULL &&
           weir_update_has_closed(update, window->index)) {
        status = close_window(update, window, &giving, error);
    }
    while (status == WEIR_OK && (window = weir_update_first(state, &state->kept)) != NULL &&
           weir_update_has_gone(update, window->index)) {
        weir_update_drop(state, window);
    }
    weir_update_plan_next(update);
    return status;
}

enum weir_status weir_update_end(struct weir_update *update, int64_t watermark, int64_t sequence,
                                 struct weir_error *error) {
    struct weir_update_state *state = &update->state;
    enum weir_end_policy end = update->plan->emission.end;
    struct weir_update_giving giving = {.sequence = sequence, .complete = end == WEIR_END_FLUSH, .closing = true};
    enum weir_status status = weir_update_raise(update, watermark, sequence, error);
    struct weir_update_window *window;
    weir_update_judge(update, INT64_MAX);
    while (status == WEIR_OK && (window = weir_update_first(state, &state->open)) != NULL) {
        if (end == WEIR_END_DISCARD) {
            weir_update_drop(state, window);
        } else {
            status = close_window(update, window, &giving, error);
        }
    }
    while (status == WEIR_OK && (window = weir_update_first(state, &state->kept)) != NULL)
        weir_update_drop(state, window);
    return status;
}

/* ---- early results by processing time ---- */

bool weir_update_begin_timer(struct weir_update *update, struct weir_update_window *window, uint32_t at) {
    struct weir_update_cell *cell = &window->cells[at];
    if (cell->timed || update->wall == INT64_MIN) return true;
    int64_t every = update->plan->emission.early_every;
    if (cell->first == INT64_MIN) cell->first = update->wall;
    int64_t since = weir_sub_saturate_i64(update->wall, cell->first);
    return weir_update_set_timer(&update->state, window, at,
                                 weir_add_saturate_i64(update->wall - since % every, every));
}

/* Timers for what has come before the wall clock was known. */
static bool set_first_timers(struct weir_update *update) {
    struct weir_update_state *state = &update->state;
    for (uint32_t slot = 0; slot < state->slots_count; slot++) {
        struct weir_update_window *window = state->slots[slot];
        if (window == NULL || window->closed) continue;
        for (uint32_t cell = 0; cell < window->count; cell++) {
            if (window->cells[cell].since > 0 && !weir_update_begin_timer(update, window, cell)) return false;
        }
    }
    return true;
}

static enum weir_status run_timer(struct weir_update *update, struct weir_index_entry timer, int64_t sequence,
                                  struct weir_error *error) {
    struct weir_update_window *window = weir_update_timed(&update->state, &timer);
    struct weir_update_giving giving = {.sequence = sequence};
    if (window == NULL) return WEIR_OK;
    window->cells[timer.cell].timed = false;
    if (window->closed || window->cells[timer.cell].since == 0) return WEIR_OK;
    return weir_update_give(&update->emitter, window, timer.cell, &giving, error);
}

enum weir_status weir_update_run_timers(struct weir_update *update, int64_t wall, int64_t sequence,
                                        struct weir_error *error) {
    struct weir_index_heap *timers = &update->state.timers;
    bool first = update->wall == INT64_MIN;
    if (wall <= update->wall) return WEIR_OK;
    update->wall = wall;
    if (first && !set_first_timers(update)) return weir_update_no_memory(error);
    enum weir_status status = WEIR_OK;
    while (status == WEIR_OK && timers->count > 0 && timers->entries[0].at <= wall)
        status = run_timer(update, weir_index_heap_pop(timers), sequence, error);
    return status;
}
