/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/window_stack.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/error.h"

/* What sums may take: so many times what the slices do, or that much. */
#define SUMS_TO_SLICES 4
#define SUMS_FREE_BYTES ((size_t)16 << 20)

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while a window fires");
}

void weir_window_stack_init(struct weir_window_stack *stack, struct weir_slice_store *store,
                            const struct weir_window *window, struct weir_slice **running) {
    *stack = (struct weir_window_stack){.store = store, .window = window, .running = running};
    stack->subtracts = weir_accumulator_subtracts(store->accumulator);
    stack->block = window->per > 0 ? window->per : 1;
    stack->through = INT64_MIN;
    stack->spare_bytes = SUMS_FREE_BYTES;
}

void weir_window_stack_fini(struct weir_window_stack *stack) {
    if (stack->store == NULL) return;
    weir_slice_release(stack->store, stack->joined);
    weir_slice_release(stack->store, stack->late);
    free(stack->pending);
    free(stack->late_ids);
    memset(stack, 0, sizeof(*stack));
}

static int64_t last_window(const struct weir_window_stack *stack, const struct weir_slice *slice) {
    return weir_window_last(stack->window, slice->index);
}

static enum weir_status take(struct weir_window_stack *stack, struct weir_slice **slice, struct weir_error *error) {
    if (*slice == NULL) *slice = weir_slice_take(stack->store);
    return *slice == NULL ? out_of_memory(error) : WEIR_OK;
}

/* to += from, whose strings it borrows. */
static enum weir_status add(struct weir_window_stack *stack, struct weir_slice *to, const struct weir_slice *from,
                            struct weir_error *error) {
    if (!weir_slice_reserve(stack->store, to, from->keys)) return out_of_memory(error);
    weir_accumulator_lend_rows(stack->store->accumulator, to->rows, from->rows, from->keys);
    return WEIR_OK;
}

/* to = from, likewise; `to` is clear. */
static enum weir_status copy(struct weir_window_stack *stack, struct weir_slice *to, const struct weir_slice *from,
                             struct weir_error *error) {
    if (!weir_slice_expect(stack->store, to, from->keys)) return out_of_memory(error);
    if (from->keys > 0) memcpy(to->rows, from->rows, from->keys * stack->store->accumulator->stride);
    to->keys = from->keys;
    return WEIR_OK;
}

/* ---- slices that do not count yet ---- */

static int by_first(const void *a, const void *b) {
    const struct weir_slice *x = *(struct weir_slice *const *)a, *y = *(struct weir_slice *const *)b;
    if (x->first != y->first) return x->first < y->first ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static bool pending_reserve(struct weir_window_stack *stack, uint32_t more) {
    uint64_t wanted = (uint64_t)stack->pending_last + more;
    if (wanted <= stack->pending_room) return true;
    uint32_t count = stack->pending_last - stack->pending_first;
    if (stack->pending_first > count + more) {
        memmove(stack->pending, stack->pending + stack->pending_first, count * sizeof(struct weir_slice *));
        stack->pending_first = 0;
        stack->pending_last = count;
        return true;
    }
    if (wanted * 2 > UINT32_MAX) return false;
    struct weir_slice **pending = realloc(stack->pending, (size_t)wanted * 2 * sizeof(struct weir_slice *));
    if (pending == NULL) return false;
    stack->pending = pending;
    stack->pending_room = (uint32_t)wanted * 2;
    return true;
}

static void begins_to_count(struct weir_window_stack *stack, const struct weir_slice *slice) {
    int64_t last = last_window(stack, slice);
    if (last > stack->through) stack->through = last;
}

enum weir_status weir_window_stack_begin(struct weir_window_stack *stack, int64_t fired, bool has_fired,
                                         struct weir_error *error) {
    struct weir_slice_store *store = stack->store;
    stack->fired = fired;
    stack->has_fired = has_fired;
    stack->from = 0;
    if (!pending_reserve(stack, store->count - store->sorted)) return out_of_memory(error);
    uint32_t sorted = stack->pending_last;
    for (uint32_t i = store->sorted; i < store->count; i++) {
        struct weir_slice *slice = store->slices[i];
        if (has_fired && slice->first <= fired) { /* taken over from another stack */
            begins_to_count(stack, slice);
            stack->some_apart = true; /* for all that is known */
        } else {
            stack->pending[stack->pending_last++] = slice;
        }
    }
    weir_slices_sort(stack->pending + stack->pending_first, sorted - stack->pending_first,
                     stack->pending_last - stack->pending_first, by_first);
    weir_slice_store_sort(store);
    return WEIR_OK;
}

bool weir_window_stack_next(const struct weir_window_stack *stack, int64_t *window) {
    if (stack->has_fired) {
        if (stack->fired == INT64_MAX) return false;
        *window = stack->fired + 1;
        if (stack->through > stack->fired) return true;
    }
    if (stack->pending_first == stack->pending_last) return false;
    *window = stack->pending[stack->pending_first]->first;
    return true;
}

/* The next slice that begins to count by that window; NULL: there is none left. */
static struct weir_slice *next_to_count(struct weir_window_stack *stack, int64_t window) {
    if (stack->pending_first == stack->pending_last) return NULL;
    struct weir_slice *slice = stack->pending[stack->pending_first];
    if (slice->first > window) return NULL;
    stack->pending_first++;
    if (stack->pending_first == stack->pending_last) stack->pending_first = stack->pending_last = 0;
    begins_to_count(stack, slice);
    return slice;
}

/* ---- one total ---- */

/* Subtracts the slices that count in no window after that one. */
static void leave_total(struct weir_window_stack *stack, int64_t through) {
    const struct weir_slice_store *store = stack->store;
    for (; stack->from < store->count; stack->from++) {
        const struct weir_slice *slice = store->slices[stack->from];
        if (last_window(stack, slice) > through) return;
        weir_accumulator_subtract_rows(store->accumulator, (*stack->running)->rows, slice->rows, slice->keys);
    }
}

static enum weir_status gather_total(struct weir_window_stack *stack, int64_t window, struct weir_window_rows *out,
                                     struct weir_error *error) {
    enum weir_status status = take(stack, stack->running, error);
    if (status != WEIR_OK) return status;
    if (stack->has_fired) leave_total(stack, stack->fired);
    const struct weir_slice *slice;
    while (status == WEIR_OK && (slice = next_to_count(stack, window)) != NULL) {
        status = add(stack, *stack->running, slice, error);
    }
    *out = (struct weir_window_rows){(*stack->running)->rows, (*stack->running)->keys};
    return status;
}

/* ---- two stacks ---- */

/* The block that a window begins in, and what is known of its slices when the window is put together. */
struct front {
    int64_t first, last; /* windows that begin in it */
    int64_t window;
};

static struct front front_of(const struct weir_window_stack *stack, int64_t window) {
    int64_t into = weir_floormod_i64(window, stack->block);
    return (struct front){weir_sub_saturate_i64(window, into),
                          weir_add_saturate_i64(window, stack->block - 1 - into), window};
}

/* Sums are as wide as the widest slice in them. So that they take no more than a few times the room that their
 * slices did, those that are much wider than most stay as they are (a burst of new keys, after hours of few), and
 * are merged for each window that they count in. */
static void limit_width(struct weir_window_stack *stack, uint32_t end) {
    const struct weir_slice_store *store = stack->store;
    uint64_t rows = stack->spare_bytes / store->accumulator->stride, count = end - stack->from;
    for (uint32_t i = stack->from; i < end; i++) rows += (uint64_t)store->slices[i]->keys * SUMS_TO_SLICES;
    bool all = store->accumulator->ordered || count == 0 || rows / count > UINT32_MAX;
    stack->width_max = all ? UINT32_MAX : (uint32_t)(rows / count);
}

/* A slice of the front that is merged for each window. */
static bool stays_apart(struct weir_window_stack *stack, const struct weir_slice *slice) {
    bool apart = slice->keys > stack->width_max;
    stack->some_apart |= apart;
    return apart;
}

/* Began to count after the block's first window. */
static bool is_late(const struct front *front, const struct weir_slice *slice) {
    return slice->first > front->first;
}

/* Position of the first slice whose last window is later than that. */
static uint32_t position_after(const struct weir_window_stack *stack, int64_t last) {
    uint32_t low = stack->from, high = stack->store->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (last_window(stack, stack->store->slices[middle]) > last) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* No window begins between two slices of one index: of two such sums the one in front says all. */
static void hold(struct weir_slice *slice) {
    slice->is_sum = false;
    slice->is_held = true;
}

/* Turns the slices of the block into sums from the right. */
static enum weir_status turn(struct weir_window_stack *stack, const struct front *front, struct weir_error *error) {
    if (*stack->running != NULL) weir_slice_clear(stack->store, *stack->running);
    struct weir_slice *next = NULL;
    enum weir_status status = WEIR_OK;
    uint32_t end = position_after(stack, front->last);
    limit_width(stack, end);
    stack->some_apart = false;
    for (uint32_t i = end; i > stack->from && status == WEIR_OK; i--) {
        struct weir_slice *slice = stack->store->slices[i - 1];
        if (is_late(front, slice) || stays_apart(stack, slice)) continue;
        if (next != NULL) status = add(stack, slice, next, error);
        slice->is_sum = true;
        if (next != NULL && next->index == slice->index) hold(next);
        next = slice;
    }
    return status;
}

/* late += slice. */
static enum weir_status add_late(struct weir_window_stack *stack, const struct weir_slice *slice,
                                 struct weir_error *error) {
    struct weir_slice *late = stack->late;
    size_t stride = stack->store->accumulator->stride;
    if (!weir_slice_reserve(stack->store, late, slice->keys)) return out_of_memory(error);
    if (late->keys > stack->late_ids_room) {
        uint32_t *ids = realloc(stack->late_ids, (size_t)late->capacity * sizeof(*ids));
        if (ids == NULL) return out_of_memory(error);
        stack->late_ids = ids;
        stack->late_ids_room = late->capacity;
    }
    for (uint32_t id = 0; id < slice->keys; id++) {
        if (weir_slice_rows_of(slice, stride, id) == 0) continue;
        if (weir_slice_rows_of(late, stride, id) == 0) stack->late_ids[stack->late_ids_count++] = id;
        weir_accumulator_lend_rows(stack->store->accumulator, late->rows + id * stride, slice->rows + id * stride,
                                   1);
    }
    return WEIR_OK;
}

/* slice += late. */
static enum weir_status add_late_to(struct weir_window_stack *stack, struct weir_slice *slice,
                                    struct weir_error *error) {
    const struct weir_slice *late = stack->late;
    size_t stride = stack->store->accumulator->stride;
    if (stack->late_ids_count > late->keys / 4) return add(stack, slice, late, error);
    if (!weir_slice_reserve(stack->store, slice, late->keys)) return out_of_memory(error);
    for (uint32_t i = 0; i < stack->late_ids_count; i++) {
        size_t offset = stack->late_ids[i] * stride;
        weir_accumulator_lend_rows(stack->store->accumulator, slice->rows + offset, late->rows + offset, 1);
    }
    return WEIR_OK;
}

/* The nearest sum behind a position. */
static struct weir_slice *sum_after(const struct weir_window_stack *stack, const struct front *front,
                                    uint32_t position) {
    const struct weir_slice_store *store = stack->store;
    for (uint32_t i = position + 1; i < store->count; i++) {
        if (last_window(stack, store->slices[i]) > front->last) return NULL;
        if (store->slices[i]->is_sum) return store->slices[i];
    }
    return NULL;
}

/* A late slice becomes a sum: what the next one held before this walk, to which `late`, with its own rows, is still
 * to be added. So it does not matter to a key whether a window begins at this slice or at one without rows before
 * it. */
static enum weir_status turn_late(struct weir_window_stack *stack, struct weir_slice *slice,
                                  struct weir_slice *next, struct weir_error *error) {
    enum weir_status status = take(stack, &stack->joined, error);
    if (status == WEIR_OK) status = copy(stack, stack->joined, slice, error);
    if (status != WEIR_OK) return status;
    slice->keys = 0; /* not cleared: its strings are lent */
    slice->is_sum = true;
    if (next != NULL) status = copy(stack, slice, next, error);
    if (status == WEIR_OK && next != NULL) status = add_late_to(stack, next, error);
    return status == WEIR_OK ? add_late(stack, stack->joined, error) : status;
}

/* A sum of the same index lies before the position. */
static bool has_sum(const struct weir_window_stack *stack, uint32_t position) {
    struct weir_slice *const *slices = stack->store->slices;
    for (uint32_t i = position; i > stack->from && slices[i - 1]->index == slices[position]->index; i--) {
        if (slices[i - 1]->is_sum) return true;
    }
    return false;
}

/* A late slice whose rows a sum of its index takes up. */
static enum weir_status hold_late(struct weir_window_stack *stack, struct weir_slice *slice,
                                  struct weir_slice **next, struct weir_error *error) {
    enum weir_status status = *next == NULL ? WEIR_OK : add_late_to(stack, *next, error);
    *next = NULL;
    hold(slice);
    return status == WEIR_OK ? add_late(stack, slice, error) : status;
}

/* Folds the block's late slices that begin to count in the window into its sums, from the last of them on: sums
 * before it grow, and they become sums themselves. */
static enum weir_status fold(struct weir_window_stack *stack, const struct front *front,
                             const struct weir_slice *last, struct weir_error *error) {
    enum weir_status status = take(stack, &stack->late, error);
    if (status != WEIR_OK) return status;
    weir_slice_clear(stack->store, stack->late);
    stack->late_ids_count = 0;
    if (stack->width_max == 0) limit_width(stack, position_after(stack, front->last)); /* block taken over */
    uint32_t at = position_after(stack, last_window(stack, last)) - 1;
    while (stack->store->slices[at] != last) at--;
    struct weir_slice *next = sum_after(stack, front, at); /* `late` is to be added to it, when it holds any */
    for (uint32_t i = at + 1; i > stack->from && status == WEIR_OK; i--) {
        struct weir_slice *slice = stack->store->slices[i - 1];
        if (slice->first > front->window || slice->is_held) continue;
        if (slice->is_sum) {
            if (next != NULL) status = add_late_to(stack, next, error);
            next = slice;
        } else if (stays_apart(stack, slice)) {
            continue;
        } else if (has_sum(stack, i - 1)) {
            status = hold_late(stack, slice, &next, error);
        } else {
            status = turn_late(stack, slice, next, error);
            next = slice;
        }
    }
    return status == WEIR_OK && next != NULL ? add_late_to(stack, next, error) : status;
}

/* Takes up the slices that begin to count in the window. */
static enum weir_status count_in(struct weir_window_stack *stack, const struct front *front,
                                 struct weir_error *error) {
    const struct weir_slice *last_late = NULL, *slice;
    enum weir_status status = WEIR_OK;
    while (status == WEIR_OK && (slice = next_to_count(stack, front->window)) != NULL) {
        if (last_window(stack, slice) <= front->last) {
            if (is_late(front, slice)) last_late = slice;
            continue; /* else it is a sum already */
        }
        status = take(stack, stack->running, error);
        if (status == WEIR_OK) status = add(stack, *stack->running, slice, error);
    }
    return status == WEIR_OK && last_late != NULL ? fold(stack, front, last_late, error) : status;
}

/* The sum at the window's start; NULL: the block has no slice in it. */
static const struct weir_slice *front_sum(struct weir_window_stack *stack, const struct front *front) {
    const struct weir_slice_store *store = stack->store;
    for (uint32_t i = stack->from; i < store->count; i++) {
        const struct weir_slice *slice = store->slices[i];
        if (last_window(stack, slice) > front->last) return NULL;
        if (slice->is_sum) return slice;
    }
    return NULL;
}

/* joined = front + back, either of which may be NULL. */
static enum weir_status join(struct weir_window_stack *stack, const struct weir_slice *front,
                             const struct weir_slice *back, struct weir_error *error) {
    enum weir_status status = take(stack, &stack->joined, error);
    if (status != WEIR_OK) return status;
    weir_slice_clear(stack->store, stack->joined);
    if (front != NULL) status = copy(stack, stack->joined, front, error);
    if (status != WEIR_OK || back == NULL) return status;
    return front == NULL ? copy(stack, stack->joined, back, error) : add(stack, stack->joined, back, error);
}

/* Adds those of the front that no sum holds. */
static enum weir_status join_apart(struct weir_window_stack *stack, const struct front *front,
                                   struct weir_error *error) {
    const struct weir_slice_store *store = stack->store;
    enum weir_status status = WEIR_OK;
    for (uint32_t i = stack->from; i < store->count && status == WEIR_OK; i++) {
        const struct weir_slice *slice = store->slices[i];
        if (last_window(stack, slice) > front->last) break;
        bool apart = !slice->is_sum && !slice->is_held && slice->first <= front->window;
        if (apart) status = add(stack, stack->joined, slice, error);
    }
    return status;
}

static enum weir_status gather_stacks(struct weir_window_stack *stack, int64_t window, struct weir_window_rows *out,
                                      struct weir_error *error) {
    const struct weir_slice_store *store = stack->store;
    while (stack->from < store->count && last_window(stack, store->slices[stack->from]) < window) stack->from++;
    struct front front = front_of(stack, window);
    enum weir_status status = WEIR_OK;
    if (!stack->has_fired || stack->fired < front.first) status = turn(stack, &front, error);
    if (status == WEIR_OK) status = count_in(stack, &front, error);
    if (status != WEIR_OK) return status;
    const struct weir_slice *held = front_sum(stack, &front), *back = *stack->running;
    if (back != NULL && back->keys == 0) back = NULL;
    if (stack->some_apart || (held != NULL && back != NULL)) {
        status = join(stack, held, back, error);
        if (status == WEIR_OK && stack->some_apart) status = join_apart(stack, &front, error);
        held = stack->joined;
    } else if (held == NULL) {
        held = back;
    }
    *out = held == NULL ? (struct weir_window_rows){NULL, 0} : (struct weir_window_rows){held->rows, held->keys};
    return status;
}

/* ---- passes ---- */

enum weir_status weir_window_stack_gather(struct weir_window_stack *stack, int64_t window,
                                          struct weir_window_rows *out, struct weir_error *error) {
    enum weir_status status =
        stack->subtracts ? gather_total(stack, window, out, error) : gather_stacks(stack, window, out, error);
    stack->fired = window;
    stack->has_fired = true;
    return status;
}

void weir_window_stack_end(struct weir_window_stack *stack, int64_t through) {
    struct weir_slice_store *store = stack->store;
    if (stack->subtracts) leave_total(stack, through);
    while (stack->from < store->count && last_window(stack, store->slices[stack->from]) <= through) stack->from++;
    weir_slice_store_drop(store, stack->from);
    stack->from = 0;
}
