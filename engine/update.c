/* SPDX-License-Identifier: Apache-2.0
 *
 * TUMBLE, HOP and CUMULATE whose windows give more than one result.
 *
 * Every row goes to a cell (update_state.h) of each of its windows. Rows that follow one another in the same slice,
 * all of whose windows are open, are added window by window; only a row that has missed a window, or one that may
 * cause a result by itself, is worked alone.
 *
 * W is followed row by row, over all rows of a block and not only over those that are entries: what W closes is due
 * with the number of the row that moved it, however rows are cut into blocks. What it does then: update_time.h.
 */
#include "engine/machine.h"

#include <stdlib.h>

#include "base/bits.h"
#include "engine/update_time.h"

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
static enum weir_status follow(struct weir_update *update, const struct weir_machine_block *block, int32_t from,
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
        enum weir_status status = weir_update_raise(update, watermark_at(block, low), sequence, error);
        if (status != WEIR_OK) return status;
        from = low + 1;
    }
    return weir_update_raise(update, watermark_at(block, to), block->sequence, error);
}

/* Results that a row causes by itself, and what is to be remembered for others. */
static enum weir_status after_row(struct weir_update *update, struct weir_update_window *window, uint32_t cell,
                                  int64_t sequence, struct weir_error *error) {
    const struct weir_emission *emission = &update->plan->emission;
    struct weir_update_giving giving = {.sequence = sequence, .complete = window->closed};
    weir_update_count(&update->state, window, cell);
    if (window->closed) return weir_update_give(&update->emitter, window, cell, &giving, error);
    if (emission->early_rows > 0 && window->cells[cell].total % emission->early_rows == 0) {
        return weir_update_give(&update->emitter, window, cell, &giving, error);
    }
    return !update->timers || weir_update_begin_timer(update, window, cell) ? WEIR_OK
                                                                            : weir_update_no_memory(error);
}

/* Adds one entry to one window. */
static enum weir_status add_one(struct weir_update *update, const struct weir_machine_block *block, int32_t entry,
                                int64_t index, struct weir_error *error) {
    struct weir_update_state *state = &update->state;
    bool closed = weir_update_has_closed(update, index);
    if (closed && !update->refires) return WEIR_OK; /* nothing that it gives would show the row */
    struct weir_update_window *window = weir_update_open(state, index, closed);
    if (window == NULL) return weir_update_no_memory(error);
    uint32_t cell = weir_update_cell(state, window, id_of(block, entry)), row = row_of(block, entry);
    if (cell == WEIR_UPDATE_NONE) return weir_update_no_memory(error);
    enum weir_status status = weir_accumulator_add(update->accumulator, weir_update_row(state, window, cell), 1,
                                                   NULL, &row, 1, block->args, &window->heap, error);
    if (status != WEIR_OK) return status;
    return after_row(update, window, cell, block->sequence + row, error);
}

static enum weir_status add_one_to(struct weir_update *update, const struct weir_machine_block *block,
                                   int32_t entry, int64_t first, int64_t last, struct weir_error *error) {
    for (int64_t index = first;; index++) {
        enum weir_status status = add_one(update, block, entry, index, error);
        if (status != WEIR_OK || index == last) return status;
    }
}

/* A row that all its windows have gone for. */
static enum weir_status take_late(struct weir_update *update, struct weir_machine_block *block, int32_t entry,
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
static enum weir_status take_missed(struct weir_update *update, struct weir_machine_block *block, int32_t entry,
                                    int64_t first, int64_t last, struct weir_error *error) {
    weir_update_judge(update, weir_machine_watermark(block, entry));
    if (weir_update_has_gone(update, last)) return take_late(update, block, entry, error);
    if (weir_update_has_gone(update, first)) first = update->gone + 1;
    return add_one_to(update, block, entry, first, last, error);
}

/* Adds entries [from, from + count), all of one slice, to an open window. */
static enum weir_status add_run(struct weir_update *update, const struct weir_machine_block *block, int32_t from,
                                int32_t count, int64_t index, struct weir_error *error) {
    struct weir_update_state *state = &update->state;
    struct weir_update_window *window = weir_update_open(state, index, false);
    if (window == NULL) return weir_update_no_memory(error);
    for (int32_t i = 0; i < count; i++) {
        uint32_t cell = weir_update_cell(state, window, id_of(block, from + i));
        if (cell == WEIR_UPDATE_NONE) return weir_update_no_memory(error);
        weir_update_count(state, window, cell);
        if (update->timers && !weir_update_begin_timer(update, window, cell)) return weir_update_no_memory(error);
        update->cells[i] = cell;
        update->rows[i] = row_of(block, from + i);
    }
    return weir_accumulator_add(update->accumulator, window->rows, window->count, update->cells, update->rows,
                                count, block->args, &window->heap, error);
}

/* How many entries from `from` on lie in that slice, before W reaches `until`. At least 1. */
static int32_t run_length(const struct weir_update *update, const struct weir_machine_block *block, int32_t from,
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
static enum weir_status take(struct weir_update *update, struct weir_machine_block *block, int32_t from,
                             int32_t *taken, struct weir_error *error) {
    int64_t slice = weir_window_slice(&update->window, block->times[row_of(block, from)]);
    int64_t first = weir_window_first(&update->window, slice), last = weir_window_last(&update->window, slice);
    *taken = 1;
    if (first > last) {
        block->unassigned_count++;
        return WEIR_OK;
    }
    int64_t closes = weir_update_closes_at(update, first), watermark = weir_machine_watermark(block, from);
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
    if (update->planned != update->state.serial) weir_update_plan_next(update);
    return status;
}

static enum weir_status update_rows(struct weir_machine *machine, struct weir_machine_block *block,
                                    struct weir_error *error) {
    struct weir_update *update = (struct weir_update *)machine;
    enum weir_status status = WEIR_OK;
    int32_t row = 0, taken;
    if (update->timers) { /* those that the clock has passed come before the rows, which set theirs by it */
        status = weir_update_raise(update, watermark_at(block, 0), block->sequence, error);
        if (status == WEIR_OK) status = weir_update_run_timers(update, block->wall, block->sequence, error);
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
    struct weir_update *update = (struct weir_update *)machine;
    enum weir_status status = weir_update_raise(update, watermark, sequence, error);
    return status == WEIR_OK && update->timers ? weir_update_run_timers(update, wall, sequence, error) : status;
}

static enum weir_status update_finish(struct weir_machine *machine, int64_t watermark, int64_t sequence,
                                      struct weir_error *error) {
    return weir_update_end((struct weir_update *)machine, watermark, sequence, error);
}

static void update_held(const struct weir_machine *machine, uint64_t *bits) {
    const struct weir_update_state *state = &((const struct weir_update *)machine)->state;
    for (uint32_t i = 0; i < state->slots_count; i++) {
        const struct weir_update_window *window = state->slots[i];
        for (uint32_t cell = 0; window != NULL && cell < window->count; cell++)
            weir_bit_set(bits, window->cells[cell].id);
    }
}

static void update_rename(struct weir_machine *machine, const uint32_t *ids) {
    weir_update_rename(&((struct weir_update *)machine)->state, ids);
}

static size_t update_bytes(const struct weir_machine *machine) {
    const struct weir_update *update = (const struct weir_update *)machine;
    return sizeof(*update) + update->emitter.arena.bytes_reserved + weir_update_bytes(&update->state);
}

static void update_destroy(struct weir_machine *machine) {
    struct weir_update *update = (struct weir_update *)machine;
    if (update == NULL) return;
    weir_update_state_fini(&update->state);
    weir_update_emitter_fini(&update->emitter);
    free(update);
}

static enum weir_status update_create(const struct weir_plan *plan, const struct weir_accumulator *accumulator,
                                      struct weir_due *due, struct weir_machine **out, struct weir_error *error) {
    const struct weir_emission *emission = &plan->emission;
    struct weir_update *update = calloc(1, sizeof(*update));
    *out = NULL;
    if (update == NULL) return weir_update_no_memory(error);
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
    weir_update_plan_next(update);
    *out = &update->base;
    return WEIR_OK;
}

static void update_open(const struct weir_machine *machine, weir_machine_visit_fn visit, void *user) {
    const struct weir_update *update = (const struct weir_update *)machine;
    for (uint32_t i = 0; i < update->state.slots_count; i++) {
        const struct weir_update_window *from = update->state.slots[i];
        if (from == NULL || from->closed) continue;
        struct weir_machine_window window = {.fires_at = weir_update_closes_at(update, from->index)};
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
