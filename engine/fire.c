/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/fire.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "engine/fire_groups.h"
#include "engine/ingest_parts.h"
#include "engine/ingest_sums.h"

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while a window fires");
}

static struct weir_string kind_text(uint8_t kind) {
    static const char *const texts[] = {"+I", "-U", "+U"};
    return (struct weir_string){texts[kind], 2};
}

/* ---- keys that FILL remembers ---- */

static void filled_keys(const void *user, uint64_t *bits) {
    const struct weir_fire *fire = user;
    weir_fill_held(fire->fill, fire->filled_through, bits);
}

static enum weir_status rename_filled(void *user, const uint32_t *ids, struct weir_error *error) {
    struct weir_fire *fire = user;
    return weir_fill_rename(fire->fill, fire->filled_through, ids, error);
}

static void hold_filled_keys(struct weir_fire *fire) {
    fire->filled_through = INT64_MIN;
    fire->state->held = filled_keys;
    fire->state->renamed = rename_filled;
    fire->state->held_user = fire;
}

enum weir_status weir_fire_init(struct weir_fire *fire, const struct weir_plan *plan, struct weir_ingest *state,
                                struct weir_emit *emit, struct weir_error *error) {
    memset(fire, 0, sizeof(*fire));
    fire->plan = plan;
    fire->state = state;
    fire->emit = emit;
    fire->fired = INT64_MIN;
    fire->complete_through = INT64_MAX;
    weir_arena_init(&fire->arena, 1 << 20);
    fire->rows = malloc(WEIR_BLOCK_ROWS * sizeof(*fire->rows));
    fire->words = malloc(WEIR_BLOCK_ROWS * sizeof(*fire->words));
    fire->ids = malloc(WEIR_BLOCK_ROWS * sizeof(*fire->ids));
    fire->vectors = calloc((size_t)plan->result_columns_count + 1, sizeof(*fire->vectors));
    fire->columns = calloc((size_t)plan->result_columns_count + 1, sizeof(*fire->columns));
    fire->starts = malloc(WEIR_BLOCK_ROWS * sizeof(*fire->starts));
    fire->ends = malloc(WEIR_BLOCK_ROWS * sizeof(*fire->ends));
    fire->complete = malloc((weir_bitmap_words(WEIR_BLOCK_ROWS) + 1) * sizeof(*fire->complete));
    fire->kinds = malloc(WEIR_BLOCK_ROWS * sizeof(*fire->kinds));
    if (fire->rows == NULL || fire->words == NULL || fire->ids == NULL || fire->vectors == NULL ||
        fire->columns == NULL || fire->starts == NULL || fire->ends == NULL || fire->complete == NULL ||
        fire->kinds == NULL) {
        return out_of_memory(error);
    }
    for (int32_t i = 0; i < WEIR_BLOCK_ROWS; i++) fire->kinds[i] = kind_text(WEIR_ROW_INSERT);
    if (plan->window.kind == WEIR_WINDOW_HOP)
        weir_window_stack_init(&fire->stack, &state->store, &state->window, &state->running);
    if (plan->fill.kind == WEIR_FILL_NONE) return WEIR_OK;
    hold_filled_keys(fire);
    return weir_fill_create(plan, state->accumulator, &fire->fill, error);
}

void weir_fire_fini(struct weir_fire *fire) {
    weir_window_stack_fini(&fire->stack);
    if (fire->state != NULL && fire->state->running != NULL) {
        weir_slice_release(&fire->state->store, fire->state->running);
        fire->state->running = NULL;
    }
    weir_fill_destroy(fire->fill);
    weir_arena_fini(&fire->arena);
    free(fire->rows);
    free(fire->words);
    free(fire->ids);
    free(fire->starts);
    free(fire->ends);
    free(fire->complete);
    free(fire->kinds);
    free(fire->vectors);
    free(fire->columns);
    memset(fire, 0, sizeof(*fire));
}

/* ---- kinds ---- */

static enum weir_status emit_slice(struct weir_fire *fire, int64_t window, const struct weir_slice *slice,
                                   struct weir_error *error) {
    struct weir_part_set *set = weir_ingest_own_set(fire->state, slice);
    if (set != NULL) return weir_fire_parts(fire, window, set, error);
    if (slice->is_direct) return weir_fire_direct(fire, window, slice, error);
    return weir_fire_rows(fire, window, slice->rows, slice->keys, error);
}

/* Between two windows: true when the caller should take results before the next one fires. */
static bool stop_here(struct weir_fire *fire) {
    fire->more = fire->outbox == NULL ? weir_emit_is_full(fire->emit) : weir_outbox_is_full(fire->outbox);
    return fire->more;
}

static void has_fired(struct weir_fire *fire, int64_t window) {
    fire->fired = window;
    fire->has_fired = true;
}

static enum weir_status fire_tumble(struct weir_fire *fire, int64_t closed, struct weir_error *error) {
    const struct weir_slice_store *store = &fire->state->store;
    for (uint32_t i = 0; i < store->count && store->slices[i]->index <= closed; i++) {
        if (stop_here(fire)) return WEIR_OK;
        enum weir_status status = emit_slice(fire, store->slices[i]->index, store->slices[i], error);
        if (status != WEIR_OK || fire->more) return status;
        has_fired(fire, store->slices[i]->index);
    }
    return WEIR_OK;
}

static enum weir_status fire_hop(struct weir_fire *fire, int64_t closed, struct weir_error *error) {
    struct weir_window_stack *stack = &fire->stack;
    enum weir_status status = weir_window_stack_begin(stack, fire->fired, fire->has_fired, error);
    int64_t window;
    while (status == WEIR_OK && weir_window_stack_next(stack, &window) && window <= closed) {
        if (stop_here(fire)) break;
        struct weir_window_rows rows;
        status = weir_window_stack_gather(stack, window, &rows, error);
        if (status == WEIR_OK) status = weir_fire_rows(fire, window, rows.rows, rows.keys, error);
        has_fired(fire, window);
    }
    if (status == WEIR_OK && (!fire->more || fire->has_fired))
        weir_window_stack_end(stack, fire->more ? fire->fired : closed);
    return status;
}

/* Fires the steps of the base period at hand up to `until`, or until results should be taken; ends the period after
 * its last step. */
static enum weir_status fire_steps(struct weir_fire *fire, int64_t until, struct weir_error *error) {
    int64_t last = weir_window_last(&fire->state->window, fire->fired);
    enum weir_status status = WEIR_OK;
    while (fire->fired < until && fire->fired < last && status == WEIR_OK) {
        if (stop_here(fire)) return WEIR_OK;
        status = emit_slice(fire, ++fire->fired, fire->state->running, error);
    }
    if (fire->fired == last) {
        weir_slice_release(&fire->state->store, fire->state->running);
        fire->state->running = NULL;
    }
    return status;
}

static enum weir_status fire_cumulate(struct weir_fire *fire, int64_t closed, struct weir_error *error) {
    struct weir_slice_store *store = &fire->state->store;
    for (uint32_t i = 0; i < store->count && store->slices[i]->index <= closed; i++) {
        const struct weir_slice *slice = store->slices[i];
        enum weir_status status = WEIR_OK;
        if (fire->state->running != NULL) status = fire_steps(fire, slice->index - 1, error);
        if (status != WEIR_OK || fire->more || stop_here(fire)) return status;
        if (fire->state->running == NULL) {
            fire->state->running = weir_slice_take(store);
            if (fire->state->running == NULL) return out_of_memory(error);
        }
        status = weir_slice_merge(store, fire->state->running, slice, NULL, 0, error);
        has_fired(fire, slice->index);
        if (status == WEIR_OK) status = emit_slice(fire, slice->index, fire->state->running, error);
        if (status == WEIR_OK) status = fire_steps(fire, slice->index, error);
        if (status != WEIR_OK) return status;
    }
    return fire->state->running == NULL ? WEIR_OK : fire_steps(fire, closed, error);
}

/* All rows are one window, which the end of the input closes. Without keys it gives a row even when nothing came.
 */
static enum weir_status fire_all(struct weir_fire *fire, int64_t closed, struct weir_error *error) {
    if (closed != INT64_MAX) return WEIR_OK;
    struct weir_slice_store *store = &fire->state->store;
    if (store->count > 0) return emit_slice(fire, 0, store->slices[0], error);
    if (fire->plan->keys_count > 0) return WEIR_OK;
    fire->ids[0] = 0;
    fire->rows[0] = fire->state->accumulator->fresh;
    return weir_fire_window(fire, 0, 1, error);
}

/* ---- FILL ---- */

static enum weir_status emit_filled(struct weir_fire *fire, const struct weir_fill_block *block,
                                    struct weir_error *error) {
    const struct weir_window *window = &fire->state->window;
    for (int32_t i = 0; i < block->count; i++) {
        int64_t index = block->windows[i];
        fire->ids[i] = block->ids[i];
        fire->starts[i] = weir_window_start(window, index);
        fire->ends[i] = weir_window_end(window, index);
        weir_bit_put(fire->complete, (size_t)i, weir_fire_is_complete(fire, index));
        fire->windows_fired += !fire->has_fired || index != fire->fired;
        has_fired(fire, index);
    }
    return weir_fire_finished(fire, block->vectors, block->count, error);
}

/* ---- what machines have finished ---- */

static void take_due(struct weir_fire *fire, const struct weir_due *due, uint32_t from, int32_t count) {
    bool updates = weir_plan_updates(fire->plan);
    memset(fire->complete, 0xFF, weir_bitmap_words((size_t)count) * sizeof(*fire->complete));
    for (int32_t i = 0; i < count; i++) {
        const struct weir_due_entry *entry = &due->entries[from + (uint32_t)i];
        fire->starts[i] = entry->start;
        fire->ends[i] = entry->end;
        fire->ids[i] = entry->id;
        fire->rows[i] = weir_due_row(due, from + (uint32_t)i);
        if (!entry->complete) weir_bit_put(fire->complete, (size_t)i, false);
        if (updates) fire->kinds[i] = kind_text(entry->kind);
        fire->windows_fired += entry->kind == WEIR_ROW_INSERT;
    }
}

enum weir_status weir_fire_due(struct weir_fire *fire, bool *more, struct weir_error *error) {
    struct weir_due *due = &fire->state->due;
    *more = false;
    enum weir_status status = WEIR_OK;
    if (due->count != fire->due_sorted) weir_due_sort(due, fire->due_next);
    fire->due_sorted = due->count;
    while (status == WEIR_OK && fire->due_next < due->count) {
        if (weir_emit_is_full(fire->emit)) {
            *more = true;
            return WEIR_OK;
        }
        uint32_t left = due->count - fire->due_next;
        int32_t count = left < WEIR_BLOCK_ROWS ? (int32_t)left : WEIR_BLOCK_ROWS;
        take_due(fire, due, fire->due_next, count);
        fire->due_next += (uint32_t)count;
        status = weir_fire_groups(fire, count, error);
    }
    weir_due_clear(due);
    fire->due_next = fire->due_sorted = 0;
    return status;
}

/* Drops the slices up to an index. */
static void drop_through(struct weir_fire *fire, int64_t index) {
    struct weir_slice_store *store = &fire->state->store;
    uint32_t count = 0;
    while (count < store->count && store->slices[count]->index <= index) count++;
    weir_slice_store_drop(store, count);
}

/* Gives all windows of an advance to the fill, before the first row leaves it. */
static enum weir_status feed_fill(struct weir_fire *fire, int64_t closed, struct weir_error *error) {
    struct weir_slice_store *store = &fire->state->store;
    enum weir_status status = WEIR_OK;
    for (uint32_t i = 0; i < store->count && store->slices[i]->index <= closed && status == WEIR_OK; i++) {
        status = emit_slice(fire, store->slices[i]->index, store->slices[i], error);
    }
    drop_through(fire, closed);
    fire->filling = true;
    fire->filled_through = closed;
    return status;
}

static enum weir_status fire_filled(struct weir_fire *fire, int64_t closed, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    while (fire->filling || closed > fire->filled_through) {
        if (!fire->filling) status = feed_fill(fire, closed, error);
        while (status == WEIR_OK && !stop_here(fire)) {
            struct weir_fill_block block;
            status = weir_fill_next(fire->fill, &block, error);
            if (status == WEIR_OK) status = emit_filled(fire, &block, error);
        }
        if (status != WEIR_END) return status;
        fire->filling = false;
        status = WEIR_OK;
    }
    return WEIR_OK;
}

/* TUMBLE and CUMULATE: of the latter the rows are in the running total now. */
static enum weir_status fire_own_slices(struct weir_fire *fire, int64_t closed, struct weir_error *error) {
    weir_slice_store_sort(&fire->state->store);
    if (fire->fill != NULL) return fire_filled(fire, closed, error);
    enum weir_status status = fire->plan->window.kind == WEIR_WINDOW_TUMBLE ? fire_tumble(fire, closed, error)
                                                                            : fire_cumulate(fire, closed, error);
    if (status == WEIR_OK && (!fire->more || fire->has_fired))
        drop_through(fire, fire->more ? fire->fired : closed);
    return status;
}

enum weir_status weir_fire_through(struct weir_fire *fire, int64_t closed, bool *more, struct weir_error *error) {
    *more = fire->more = false;
    if (closed == INT64_MIN) return WEIR_OK; /* no window is closed, be its number never so low */
    enum weir_status status = weir_ingest_settle_shared(fire->state, error);
    if (status != WEIR_OK) return status;
    switch (fire->plan->window.kind) {
    case WEIR_WINDOW_NONE: status = fire_all(fire, closed, error); break;
    case WEIR_WINDOW_HOP: status = fire_hop(fire, closed, error); break;
    default: status = fire_own_slices(fire, closed, error); break;
    }
    *more = fire->more;
    return status;
}
