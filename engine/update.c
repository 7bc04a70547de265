/* SPDX-License-Identifier: Apache-2.0
 *
 * TUMBLE, HOP and CUMULATE whose windows give more than one result.
 *
 * Every row goes to a cell (update_state.h) of each of its windows. Rows that follow one another in the same slice,
 * all of whose windows are open, are added window by window; only a row that has missed a window, or one that may
 * cause a result by itself, is worked alone.
 *
 * W is followed row by row, over all rows of a block and not only over those that are entries: what W closes is due
 * with the number of the row that moved it, however rows are cut into blocks. `next_event` is the least W at which
 * anything happens, so that rows between two such events cost one comparison.
 */
#include "engine/machine.h"

#include <stdlib.h>

#include "base/bits.h"
#include "base/checked.h"
#include "base/error.h"
#include "engine/update_emit.h"
#include "engine/update_state.h"
#include "engine/window.h"

struct update {
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

static WEIR_COLD enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the open windows of the query");
}

/* ---- W ---- */

static int64_t closes_at(const struct update *update, int64_t index) {
    return weir_sub_saturate_i64(weir_window_end(&update->window, index), 1);
}

static void plan_next_event(struct update *update) {
    int64_t next = INT64_MAX;
    const struct weir_update_window *open = weir_update_first(&update->state, &update->state.open);
    const struct weir_update_window *kept = weir_update_first(&update->state, &update->state.kept);
    if (open != NULL) next = closes_at(update, open->index);
    if (kept != NULL) {
        int64_t at = weir_add_saturate_i64(closes_at(update, kept->index), update->plan->emission.lateness);
        if (at < next) next = at;
    }
    if (update->ticks && update->next_tick < next) next = update->next_tick;
    update->next_event = next;
    update->planned = update->state.serial;
}

/* Which windows are closed, and which take no more rows, at W. */
static void judge(struct update *update, int64_t watermark) {
    if (watermark == update->judged_at) return;
    int64_t lateness = update->plan->emission.lateness;
    int64_t before = watermark == INT64_MAX ? INT64_MAX : weir_sub_saturate_i64(watermark, lateness);
    update->judged_at = watermark;
    update->closed = weir_window_closed(&update->window, watermark);
    update->gone = weir_window_closed(&update->window, before);
}

/* The least number also says that there is no such window: then the window's own end decides. */
static bool has_closed(const struct update *update, int64_t index) {
    if (index > update->closed) return false;
    return WEIR_LIKELY(index != INT64_MIN) ||
           (update->judged_at != INT64_MIN && closes_at(update, index) <= update->judged_at);
}

static bool has_gone(const struct update *update, int64_t index) {
    if (index > update->gone) return false;
    if (WEIR_LIKELY(index != INT64_MIN)) return true;
    int64_t at = weir_add_saturate_i64(closes_at(update, index), update->plan->emission.lateness);
    return update->judged_at != INT64_MIN && at <= update->judged_at;
}

/* Early results by event time: every changed cell, whose window is open or closes now. */
static enum weir_status tick(struct update *update, int64_t watermark, int64_t sequence, struct weir_error *error) {
    struct weir_update_state *state = &update->state;
    struct weir_update_giving giving = {.sequence = sequence};
    if (watermark < update->next_tick) return WEIR_OK;
    int64_t every = update->plan->emission.early_every;
    update->next_tick = weir_add_saturate_i64(watermark, every - weir_floormod_i64(watermark, every));
    while (state->changed_count > 0) {
        struct weir_update_window *window = state->changed[0];
        bool closes = has_closed(update, window->index); /* and gives its last result in a moment */
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

static enum weir_status close_window(struct update *update, struct weir_update_window *window,
                                     const struct weir_update_giving *giving, struct weir_error *error) {
    for (uint32_t cell = 0; cell < window->count; cell++) {
        enum weir_status status = weir_update_give(&update->emitter, window, cell, giving, error);
        if (status != WEIR_OK) return status;
    }
    weir_update_shown(&update->state, window);
    if (!update->refires || has_gone(update, window->index)) {
        weir_update_drop(&update->state, window);
        return WEIR_OK;
    }
    return weir_update_keep(&update->state, window) ? WEIR_OK : out_of_memory(error);
}

/* Takes W to `watermark`; what that brings about is due with `sequence`. */
static enum weir_status raise(struct update *update, int64_t watermark, int64_t sequence,
                              struct weir_error *error) {
    struct weir_update_state *state = &update->state;
    if (watermark <= update->watermark) return WEIR_OK;
    update->watermark = watermark;
    if (watermark < update->next_event) return WEIR_OK;
    judge(update, watermark);
    enum weir_status status = update->ticks ? tick(update, watermark, sequence, error) : WEIR_OK;
    struct weir_update_window *window;
    struct weir_update_giving giving = {.sequence = sequence, .complete = true, .closing = true};
    while (status == WEIR_OK && (window = weir_update_first(state, &state->open)) != NULL &&
           has_closed(update, window->index)) {
        status = close_window(update, window, &giving, error);
    }
    while (status == WEIR_OK && (window = weir_update_first(state, &state->kept)) != NULL &&
           has_gone(update, window->index)) {
        weir_update_drop(state, window);
    }
    plan_next_event(update);
    return status;
}

/* ---- early results by processing time ---- */

/* A cell has changed: a timer for its next result, unless one waits. While the wall clock is not known there are no
 * timers. */
static bool set_timer(struct update *update, struct weir_update_window *window, uint32_t at) {
    struct weir_update_cell *cell = &window->cells[at];
    if (cell->timed || update->wall == INT64_MIN) return true;
    int64_t every = update->plan->emission.early_every;
    if (cell->first == INT64_MIN) cell->first = update->wall;
    int64_t since = weir_sub_saturate_i64(update->wall, cell->first);
    return weir_update_set_timer(&update->state, window, at,
                                 weir_add_saturate_i64(update->wall - since % every, every));
}

/* Timers for what has come before the wall clock was known. */
static bool set_first_timers(struct update *update) {
    struct weir_update_state *state = &update->state;
    for (uint32_t slot = 0; slot < state->slots_count; slot++) {
        struct weir_update_window *window = state->slots[slot];
        if (window == NULL || window->closed) continue;
        for (uint32_t cell = 0; cell < window->count; cell++) {
            if (window->cells[cell].since > 0 && !set_timer(update, window, cell)) return false;
        }
    }
    return true;
}

static enum weir_status run_timer(struct update *update, struct weir_index_entry timer, int64_t sequence,
                                  struct weir_error *error) {
    struct weir_update_window *window = weir_update_timed(&update->state, &timer);
    struct weir_update_giving giving = {.sequence = sequence};
    if (window == NULL) return WEIR_OK;
    window->cells[timer.cell].timed = false;
    if (window->closed || window->cells[timer.cell].since == 0) return WEIR_OK;
    return weir_update_give(&update->emitter, window, timer.cell, &giving, error);
}

static enum weir_status run_timers(struct update *update, int64_t wall, int64_t sequence,
                                   struct weir_error *error) {
    struct weir_index_heap *timers = &update->state.timers;
    bool first = update->wall == INT64_MIN;
    if (wall <= update->wall) return WEIR_OK;
    update->wall = wall;
    if (first && !set_first_timers(update)) return out_of_memory(error);
    enum weir_status status = WEIR_OK;
    while (status == WEIR_OK && timers->count > 0 && timers->entries[0].at <= wall)
        status = run_timer(update, weir_index_heap_pop(timers), sequence, error);
    return status;
}

/* ---- rows ---- */

static uint32_t row_of(const struct weir_machine_block *block, int32_t entry) {
    return block->rows == NULL ? (uint32_t)entry : block->rows[entry];
}

static uint32_t id_of(const struct weir_machine_block *block, int32_t entry) {
    return block->ids == NULL ? 0 : block->ids[entry];
}

/* W just before a row of the block; block_rows: after the last. */
static int64_t watermark_at(const struct weir_machine_block *block, int32_t row) {
    if (row == block->block_rows) return block->after;
    return block->watermarks == NULL ? block->before : block->watermarks[row];
}

/* Takes W from row `from` to just before row `to`, stopping at each row before which something is to happen. */
static enum weir_status follow(struct update *update, const struct weir_machine_block *block, int32_t from,
                               int32_t to, struct weir_error *error) {
    while (from <= to && watermark_at(block, to) >= update->next_event) {
        int32_t low = from, high = to;
        while (low < high) {
            int32_t middle = low + (high - low) / 2;
            if (watermark_at(block, middle) >= update->next_event) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        int64_t sequence = block->sequence + (low > 0 ? low - 1 : 0); /* the row that moved W is the one before */
        enum weir_status status = raise(update, watermark_at(block, low), sequence, error);
        if (status != WEIR_OK) return status;
        from = low + 1;
    }
    return raise(update, watermark_at(block, to), block->sequence, error);
}

/* Results that a row causes by itself, and what is to be remembered for others. */
static enum weir_status after_row(struct update *update, struct weir_update_window *window, uint32_t cell,
                                  int64_t sequence, struct weir_error *error) {
    const struct weir_emission *emission = &update->plan->emission;
    struct weir_update_giving giving = {.sequence = sequence, .complete = window->closed};
    weir_update_count(&update->state, window, cell);
    if (window->closed) return weir_update_give(&update->emitter, window, cell, &giving, error);
    if (emission->early_rows > 0 && window->cells[cell].total % emission->early_rows == 0) {
        return weir_update_give(&update->emitter, window, cell, &giving, error);
    }
    return !update->timers || set_timer(update, window, cell) ? WEIR_OK : out_of_memory(error);
}

/* Adds one entry to one window. */
static enum weir_status add_one(struct update *update, const struct weir_machine_block *block, int32_t entry,
                                int64_t index, struct weir_error *error) {
    struct weir_update_state *state = &update->state;
    bool closed = has_closed(update, index);
    if (closed && !update->refires) return WEIR_OK; /* nothing that it gives would show the row */
    struct weir_update_window *window = weir_update_open(state, index, closed);
    if (window == NULL) return out_of_memory(error);
    uint32_t cell = weir_update_cell(state, window, id_of(block, entry)), row = row_of(block, entry);
    if (cell == WEIR_UPDATE_NONE) return out_of_memory(error);
    enum weir_status status = weir_accumulator_add(update->accumulator, weir_update_row(state, window, cell), 1,
                                                   NULL, &row, 1, block->args, &window->heap, error);
    if (status != WEIR_OK) return status;
    return after_row(update, window, cell, block->sequence + row, error);
}

static enum weir_status add_one_to(struct update *update, const struct weir_machine_block *block, int32_t entry,
                                   int64_t first, int64_t last, struct weir_error *error) {
    for (int64_t index = first;; index++) {
        enum weir_status status = add_one(update, block, entry, index, error);
        if (status != WEIR_OK || index == last) return status;
    }
}

/* A row that all its windows have gone for. */
static enum weir_status take_late(struct update *update, struct weir_machine_block *block, int32_t entry,
                                  struct weir_error *error) {
    if (update->plan->emission.late != WEIR_ROWS_FOLD || update->closed == INT64_MAX) {
        weir_bit_set(block->late, row_of(block, entry));
        block->late_count++;
        return WEIR_OK;
    }
    int64_t first = update->closed + 1; /* HOP: the row counts in this one alone */
    int64_t last = update->window.kind == WEIR_WINDOW_HOP ? first : weir_window_last(&update->window, first);
    block->folded_count++;
    return add_one_to(update, block, entry, first, last, error);
}

/* A row that has perhaps missed some of its windows, or all. */
static enum weir_status take_missed(struct update *update, struct weir_machine_block *block, int32_t entry,
                                    int64_t first, int64_t last, struct weir_error *error) {
    judge(update, weir_machine_watermark(block, entry));
    if (has_gone(update, last)) return take_late(update, block, entry, error);
    if (has_gone(update, first)) first = update->gone + 1;
    return add_one_to(update, block, entry, first, last, error);
}

/* Adds entries [from, from + count), all of one slice, to an open window. */
static enum weir_status add_run(struct update *update, const struct weir_machine_block *block, int32_t from,
                                int32_t count, int64_t index, struct weir_error *error) {
    struct weir_update_state *state = &update->state;
    struct weir_update_window *window = weir_update_open(state, index, false);
    if (window == NULL) return out_of_memory(error);
    for (int32_t i = 0; i < count; i++) {
        uint32_t cell = weir_update_cell(state, window, id_of(block, from + i));
        if (cell == WEIR_UPDATE_NONE) return out_of_memory(error);
        weir_update_count(state, window, cell);
        if (update->timers && !set_timer(update, window, cell)) return out_of_memory(error);
        update->cells[i] = cell;
        update->rows[i] = row_of(block, from + i);
    }
    return weir_accumulator_add(update->accumulator, window->rows, window->count, update->cells, update->rows,
                                count, block->args, &window->heap, error);
}

/* How many entries from `from` on lie in that slice, before W reaches `until`. At least 1. */
static int32_t run_length(const struct update *update, const struct weir_machine_block *block, int32_t from,
                          int64_t slice, int64_t until) {
    int64_t low = weir_window_slice_start(&update->window, slice), high = INT64_MAX;
    if (slice < INT64_MAX) high = weir_window_slice_start(&update->window, slice + 1);
    int32_t end = from + 1;
    for (; end < block->count; end++) {
        int64_t time = block->times[row_of(block, end)];
        if (time < low || time >= high || weir_machine_watermark(block, end) >= until) break;
    }
    return end - from;
}

/* Takes the entries from `from` on that can be worked at once, and says how many. */
static enum weir_status take(struct update *update, struct weir_machine_block *block, int32_t from, int32_t *taken,
                             struct weir_error *error) {
    int64_t slice = weir_window_slice(&update->window, block->times[row_of(block, from)]);
    int64_t first = weir_window_first(&update->window, slice), last = weir_window_last(&update->window, slice);
    *taken = 1;
    if (first > last) {
        block->unassigned_count++;
        return WEIR_OK;
    }
    int64_t closes = closes_at(update, first), watermark = weir_machine_watermark(block, from);
    enum weir_status status;
    if (watermark >= closes && watermark != INT64_MIN) {
        status = take_missed(update, block, from, first, last, error);
    } else if (update->plan->emission.early_rows > 0) {
        status = add_one_to(update, block, from, first, last, error);
    } else {
        int64_t until = closes < update->next_event ? closes : update->next_event;
        *taken = run_length(update, block, from, slice, until);
        for (int64_t index = first;; index++) {
            status = add_run(update, block, from, *taken, index, error);
            if (status != WEIR_OK || index == last) break;
        }
    }
    if (update->planned != update->state.serial) plan_next_event(update);
    return status;
}

static enum weir_status update_rows(struct weir_machine *machine, struct weir_machine_block *block,
                                    struct weir_error *error) {
    struct update *update = (struct update *)machine;
    enum weir_status status = WEIR_OK;
    int32_t row = 0, taken;
    if (update->timers) { /* those that the clock has passed come before the rows, which set theirs by it */
        status = raise(update, watermark_at(block, 0), block->sequence, error);
        if (status == WEIR_OK) status = run_timers(update, block->wall, block->sequence, error);
    }
    for (int32_t i = 0; i < block->count && status == WEIR_OK; i += taken) {
        int32_t next = (int32_t)row_of(block, i);
        taken = 1;
        status = follow(update, block, row, next, error);
        if (status == WEIR_OK) status = take(update, block, i, &taken, error);
        row = next;
    }
    if (status == WEIR_OK) status = follow(update, block, row, block->block_rows, error);
    return status;
}

/* ---- the machine ---- */

static enum weir_status update_advance(struct weir_machine *machine, int64_t watermark, int64_t wall,
                                       int64_t sequence, struct weir_error *error) {
    struct update *update = (struct update *)machine;
    enum weir_status status = raise(update, watermark, sequence, error);
    return status == WEIR_OK && update->timers ? run_timers(update, wall, sequence, error) : status;
}

static enum weir_status update_finish(struct weir_machine *machine, int64_t watermark, int64_t sequence,
                                      struct weir_error *error) {
    struct update *update = (struct update *)machine;
    struct weir_update_state *state = &update->state;
    enum weir_end_policy end = update->plan->emission.end;
    struct weir_update_giving giving = {.sequence = sequence, .complete = end == WEIR_END_FLUSH, .closing = true};
    enum weir_status status = raise(update, watermark, sequence, error);
    struct weir_update_window *window;
    judge(update, INT64_MAX);
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

static void update_held(const struct weir_machine *machine, uint64_t *bits) {
    const struct weir_update_state *state = &((const struct update *)machine)->state;
    for (uint32_t i = 0; i < state->slots_count; i++) {
        const struct weir_update_window *window = state->slots[i];
        for (uint32_t cell = 0; window != NULL && cell < window->count; cell++)
            weir_bit_set(bits, window->cells[cell].id);
    }
}

static void update_rename(struct weir_machine *machine, const uint32_t *ids) {
    weir_update_rename(&((struct update *)machine)->state, ids);
}

static size_t update_bytes(const struct weir_machine *machine) {
    const struct update *update = (const struct update *)machine;
    return sizeof(*update) + update->emitter.arena.bytes_reserved + weir_update_bytes(&update->state);
}

static void update_destroy(struct weir_machine *machine) {
    struct update *update = (struct update *)machine;
    if (update == NULL) return;
    weir_update_state_fini(&update->state);
    weir_update_emitter_fini(&update->emitter);
    free(update);
}

static enum weir_status update_create(const struct weir_plan *plan, const struct weir_accumulator *accumulator,
                                      struct weir_due *due, struct weir_machine **out, struct weir_error *error) {
    const struct weir_emission *emission = &plan->emission;
    struct update *update = calloc(1, sizeof(*update));
    *out = NULL;
    if (update == NULL) return out_of_memory(error);
    enum weir_status status = weir_window_init(&update->window, &plan->window, 1, error);
    if (status != WEIR_OK) {
        free(update);
        return status;
    }
    update->base.kind = &weir_update_machine;
    update->plan = plan;
    update->accumulator = accumulator;
    update->refires = emission->lateness > 0 && emission->late_fire;
    update->ticks = emission->early_every > 0 && !emission->early_processing_time;
    update->timers = emission->early_every > 0 && emission->early_processing_time;
    update->watermark = update->wall = update->judged_at = INT64_MIN;
    update->closed = update->gone = update->next_tick = INT64_MIN;
    weir_update_state_init(&update->state, accumulator,
                           weir_plan_updates(plan) && emission->mode != WEIR_UPDATE_DISCARDING, update->ticks);
    weir_update_emitter_init(&update->emitter, plan, accumulator, due, &update->window, &update->state);
    plan_next_event(update);
    *out = &update->base;
    return WEIR_OK;
}

static void update_open(const struct weir_machine *machine, weir_machine_visit_fn visit, void *user) {
    const struct update *update = (const struct update *)machine;
    for (uint32_t i = 0; i < update->state.slots_count; i++) {
        const struct weir_update_window *from = update->state.slots[i];
        if (from == NULL || from->closed) continue;
        struct weir_machine_window window = {.fires_at = closes_at(update, from->index)};
        window.start = weir_window_start(&update->window, from->index);
        window.end = weir_window_end(&update->window, from->index);
        for (uint32_t cell = 0; cell < from->count; cell++) {
            window.id = from->cells[cell].id;
            window.rows = from->cells[cell].total;
            visit(user, &window);
        }
    }
}

const struct weir_machine_kind weir_update_machine = {
    .create = update_create,
    .destroy = update_destroy,
    .rows = update_rows,
    .advance = update_advance,
    .finish = update_finish,
    .held = update_held,
    .rename = update_rename,
    .bytes = update_bytes,
    .open = update_open,
};
