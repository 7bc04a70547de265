/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/fire.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while a window fires");
}

enum weir_status weir_fire_init(struct weir_fire *fire, const struct weir_plan *plan, struct weir_ingest *state,
                                struct weir_emit *emit, struct weir_error *error) {
    memset(fire, 0, sizeof(*fire));
    fire->plan = plan;
    fire->state = state;
    fire->emit = emit;
    fire->fired = INT64_MIN;
    weir_arena_init(&fire->arena, 1 << 20);
    fire->rows = malloc(WEIR_BLOCK_ROWS * sizeof(*fire->rows));
    fire->ids = malloc(WEIR_BLOCK_ROWS * sizeof(*fire->ids));
    fire->vectors = calloc((size_t)plan->result_columns_count + 1, sizeof(*fire->vectors));
    fire->columns = calloc((size_t)plan->result_columns_count + 1, sizeof(*fire->columns));
    if (fire->rows == NULL || fire->ids == NULL || fire->vectors == NULL || fire->columns == NULL) {
        return out_of_memory(error);
    }
    return WEIR_OK;
}

void weir_fire_fini(struct weir_fire *fire) {
    if (fire->running != NULL) weir_slice_release(&fire->state->store, fire->running);
    weir_arena_fini(&fire->arena);
    free(fire->rows);
    free(fire->ids);
    free(fire->vectors);
    free(fire->columns);
    memset(fire, 0, sizeof(*fire));
}

/* ---- result columns of one block of groups ---- */

static enum weir_status bounds(struct weir_fire *fire, int64_t window, int32_t count, struct weir_error *error) {
    int64_t *values = weir_arena_array(&fire->arena, (size_t)count * 3 + 1, sizeof(*values));
    uint64_t *none = weir_arena_array(&fire->arena, weir_bitmap_words((size_t)count) + 1, sizeof(*none));
    if (values == NULL || none == NULL) return out_of_memory(error);
    bool windowed = fire->plan->window.kind != WEIR_WINDOW_NONE;
    int64_t start = windowed ? weir_window_start_ms(&fire->state->window, window) : 0;
    int64_t end = windowed ? weir_window_end_ms(&fire->state->window, window) : 0;
    int64_t by_column[3] = {start, end, weir_sub_saturate_i64(end, 1)};
    for (int c = 0; c < 3; c++) {
        int64_t *column = values + (size_t)c * (size_t)count;
        for (int32_t i = 0; i < count; i++) column[i] = by_column[c];
        fire->vectors[c] =
            (struct weir_vector){.kind = WEIR_VECTOR_I64, .validity = windowed ? NULL : none, .i64 = column};
    }
    return WEIR_OK;
}

/* A column of strings as Arrow has it, for expressions that compute with it. */
static enum weir_status string_column(struct weir_fire *fire, const struct weir_vector *vector, int32_t count,
                                      struct weir_column *out, struct weir_error *error) {
    int64_t *offsets = weir_arena_array(&fire->arena, (size_t)count + 1, sizeof(*offsets));
    if (offsets == NULL) return out_of_memory(error);
    for (int32_t i = 0; i < count; i++) offsets[i + 1] = offsets[i] + vector->strings[i].length;
    char *bytes = weir_arena_alloc(&fire->arena, (size_t)offsets[count] + 1);
    if (bytes == NULL) return out_of_memory(error);
    for (int32_t i = 0; i < count; i++) {
        if (vector->strings[i].length > 0)
            memcpy(bytes + offsets[i], vector->strings[i].data, (size_t)vector->strings[i].length);
    }
    out->storage = WEIR_STORE_LARGE_UTF8;
    out->offsets = offsets;
    out->values = bytes;
    return WEIR_OK;
}

static enum weir_status make_columns(struct weir_fire *fire, int32_t count, struct weir_error *error) {
    for (int32_t c = 0; c < fire->plan->result_columns_count; c++) {
        const struct weir_vector *vector = &fire->vectors[c];
        struct weir_column *column = &fire->columns[c];
        *column = (struct weir_column){.validity = vector->validity,
                                       .values = vector->i64,
                                       .rows = count,
                                       .storage = fire->plan->result_columns[c].storage};
        if (vector->kind != WEIR_VECTOR_STRING || !fire->emit->needs_string_columns) continue;
        enum weir_status status = string_column(fire, vector, count, column, error);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

static enum weir_status emit_groups(struct weir_fire *fire, int64_t window, int32_t count,
                                    struct weir_error *error) {
    const struct weir_plan *plan = fire->plan;
    weir_arena_reset(&fire->arena);
    enum weir_status status = bounds(fire, window, count, error);
    for (int32_t i = 0; i < plan->keys_count && status == WEIR_OK; i++) {
        status = weir_key_table_values(fire->state->keys, i, fire->ids, count, &fire->arena,
                                       &fire->vectors[WEIR_RESULT_KEYS + i], error);
    }
    for (int32_t i = 0; i < plan->aggregates_count && status == WEIR_OK; i++) {
        status = weir_accumulator_finish(fire->state->accumulator, plan, i, fire->rows, count, &fire->arena,
                                         &fire->vectors[WEIR_RESULT_KEYS + plan->keys_count + i], error);
    }
    if (status == WEIR_OK) status = make_columns(fire, count, error);
    if (status != WEIR_OK) return status;
    struct weir_block block = {fire->columns, plan->result_columns, 0, count};
    return weir_emit_block(fire->emit, &block, fire->vectors, NULL, error);
}

/* One window from one slice. */
static enum weir_status emit_slice(struct weir_fire *fire, int64_t window, const struct weir_slice *slice,
                                   struct weir_error *error) {
    size_t stride = fire->state->accumulator->stride;
    int32_t count = 0;
    bool any = false;
    for (uint32_t id = 0; id < slice->keys; id++) {
        const char *row = slice->rows + (size_t)id * stride;
        if (*(const int64_t *)row == 0) continue;
        fire->ids[count] = id;
        fire->rows[count++] = row;
        any = true;
        if (count < WEIR_BLOCK_ROWS) continue;
        enum weir_status status = emit_groups(fire, window, count, error);
        if (status != WEIR_OK) return status;
        count = 0;
    }
    fire->windows_fired += any && fire->plan->window.kind != WEIR_WINDOW_NONE;
    return count == 0 ? WEIR_OK : emit_groups(fire, window, count, error);
}

/* ---- kinds ---- */

/* Between two windows: true when the caller should take results before the next one fires. */
static bool stop_here(struct weir_fire *fire) {
    fire->more = weir_emit_is_full(fire->emit);
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
        if (status != WEIR_OK) return status;
        has_fired(fire, store->slices[i]->index);
    }
    return WEIR_OK;
}

/* The least window after those that have fired in which some slice counts; false when there is none. Slices before
 * *from have no window left. Slices are sorted by index, so that the first and last windows of their indices rise:
 * the search ends with the slices that overlap the window. */
static bool next_window(const struct weir_fire *fire, uint32_t *from, int64_t *out) {
    const struct weir_slice_store *store = &fire->state->store;
    const struct weir_window *window = &fire->state->window;
    if (fire->fired == INT64_MAX) return false;
    int64_t lower = fire->has_fired ? fire->fired + 1 : INT64_MIN;
    while (*from < store->count && weir_window_last(window, store->slices[*from]->index) < lower) ++*from;
    if (*from == store->count) return false;
    *out = INT64_MAX;
    for (uint32_t i = *from; i < store->count; i++) {
        const struct weir_slice *slice = store->slices[i];
        if (weir_window_first(window, slice->index) >= *out) break;
        int64_t first = slice->first > lower ? slice->first : lower;
        if (first < *out) *out = first;
    }
    return true;
}

/* Every slice from `from` on ends no earlier than the window that next_window has found. */
static enum weir_status gather_window(struct weir_fire *fire, int64_t index, uint32_t from,
                                      struct weir_slice *window_rows, struct weir_error *error) {
    struct weir_slice_store *store = &fire->state->store;
    weir_slice_clear(store, window_rows);
    enum weir_status status = WEIR_OK;
    for (uint32_t i = from; i < store->count && status == WEIR_OK; i++) {
        const struct weir_slice *slice = store->slices[i];
        if (weir_window_first(&fire->state->window, slice->index) > index) break;
        if (slice->first <= index) status = weir_slice_merge(store, window_rows, slice, NULL, 0, error);
    }
    return status;
}

static enum weir_status fire_hop(struct weir_fire *fire, int64_t closed, struct weir_error *error) {
    struct weir_slice_store *store = &fire->state->store;
    struct weir_slice *window_rows = weir_slice_take(store);
    if (window_rows == NULL) return out_of_memory(error);
    enum weir_status status = WEIR_OK;
    uint32_t from = 0;
    int64_t window;
    while (status == WEIR_OK && next_window(fire, &from, &window) && window <= closed) {
        if (stop_here(fire)) break;
        status = gather_window(fire, window, from, window_rows, error);
        if (status == WEIR_OK) status = emit_slice(fire, window, window_rows, error);
        has_fired(fire, window);
    }
    weir_slice_release(store, window_rows);
    return status;
}

/* Fires the steps of the base period at hand up to `until`, or until results should be taken; ends the period after
 * its last step. */
static enum weir_status fire_steps(struct weir_fire *fire, int64_t until, struct weir_error *error) {
    int64_t last = weir_window_last(&fire->state->window, fire->fired);
    enum weir_status status = WEIR_OK;
    while (fire->fired < until && fire->fired < last && status == WEIR_OK) {
        if (stop_here(fire)) return WEIR_OK;
        status = emit_slice(fire, ++fire->fired, fire->running, error);
    }
    if (fire->fired == last) {
        weir_slice_release(&fire->state->store, fire->running);
        fire->running = NULL;
    }
    return status;
}

static enum weir_status fire_cumulate(struct weir_fire *fire, int64_t closed, struct weir_error *error) {
    struct weir_slice_store *store = &fire->state->store;
    for (uint32_t i = 0; i < store->count && store->slices[i]->index <= closed; i++) {
        const struct weir_slice *slice = store->slices[i];
        enum weir_status status = WEIR_OK;
        if (fire->running != NULL) status = fire_steps(fire, slice->index - 1, error);
        if (status != WEIR_OK || fire->more || stop_here(fire)) return status;
        if (fire->running == NULL) {
            fire->running = weir_slice_take(store);
            if (fire->running == NULL) return out_of_memory(error);
        }
        status = weir_slice_merge(store, fire->running, slice, NULL, 0, error);
        has_fired(fire, slice->index);
        if (status == WEIR_OK) status = emit_slice(fire, slice->index, fire->running, error);
        if (status == WEIR_OK) status = fire_steps(fire, slice->index, error);
        if (status != WEIR_OK) return status;
    }
    return fire->running == NULL ? WEIR_OK : fire_steps(fire, closed, error);
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
    return emit_groups(fire, 0, 1, error);
}

struct closing {
    const struct weir_fire *fire;
    int64_t closed;
};

static bool is_closed(const struct weir_slice *slice, const void *user) {
    const struct closing *closing = user;
    const struct weir_window *window = &closing->fire->state->window;
    if (window->kind == WEIR_WINDOW_CUMULATE) return slice->index <= closing->closed; /* in the running total now */
    return weir_window_last(window, slice->index) <= closing->closed;
}

enum weir_status weir_fire_through(struct weir_fire *fire, int64_t closed, bool *more, struct weir_error *error) {
    *more = fire->more = false;
    if (closed == INT64_MIN) return WEIR_OK; /* no window is closed, be its number never so low */
    weir_slice_store_sort(&fire->state->store);
    enum weir_status status = WEIR_OK;
    switch (fire->plan->window.kind) {
    case WEIR_WINDOW_NONE: status = fire_all(fire, closed, error); break;
    case WEIR_WINDOW_TUMBLE: status = fire_tumble(fire, closed, error); break;
    case WEIR_WINDOW_HOP: status = fire_hop(fire, closed, error); break;
    case WEIR_WINDOW_CUMULATE: status = fire_cumulate(fire, closed, error); break;
    }
    if (status != WEIR_OK) return status;
    if (fire->plan->window.kind == WEIR_WINDOW_NONE) return WEIR_OK;
    *more = fire->more;
    if (fire->more && !fire->has_fired) return WEIR_OK;
    struct closing closing = {fire, fire->more ? fire->fired : closed};
    weir_slice_store_remove(&fire->state->store, is_closed, &closing);
    return WEIR_OK;
}
