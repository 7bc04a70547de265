/* SPDX-License-Identifier: Apache-2.0
 *
 * What the windows of a HOP hold, put together from slices: each slice is merged a constant number of times,
 * however many windows it counts in.
 *
 * Counts and sums of integers are kept as one total: a slice is added for the first window that it counts in and
 * subtracted after its last.
 *
 * What cannot be subtracted is kept as two stacks. Time is cut into blocks of as many slides as a window has (size
 * / slide, rounded down, at least 1), at fixed places, so that each window is the end of one block and the
 * beginning of the next:
 *
 *        block b                       block b + 1
 *      | s  s  s  S  S  S  S  S  S  S | s  s  s  s  s  .  .  .  .  . |
 *                 ^ front                            ^ back
 *                 [ - - - - - - - window - - - - - - ]
 *
 *   front   The slices of the block in which windows begin, turned into sums from the right: each holds itself and
 *           all later ones of its block (is_sum; no other block has sums then). Turned once, in place, when the
 *           first window of the block fires. The window's part is the one slice at its start.
 *   back    The total (`running`) of the slices of later blocks that count in the window.
 *
 * Late rows lie in slices that begin to count after the others of their index (slice_store.h). In the back they are
 * added to the total. In the front those of one window are added to all sums from that window to their own place: a
 * walk that costs as many merges as they count in windows, over the keys alone that came late.
 *
 * The order of merging is the same for every batch split and number of workers, since it depends on the names of a
 * key's slices alone: the block's slices that began to count by its first window from the last to the first, then
 * late ones in the order of the windows in which they begin to count, those of a window first added up from the
 * last to the first; the back in the order of the windows in which slices begin to count, of each window the first
 * first; then front + back. Keys without rows in a slice are added to as 0, which changes no bit.
 *
 * Memory: a few times that of the slices. A slice that holds many more keys than most would make all sums before it
 * as wide as itself: it stays as it is, and each of its windows merges it. (Not where sums of floats must be added
 * in one order, accumulator.h: that is the order of the stacks.)
 *
 * Strings (MIN, MAX) are not copied: a sum points at those of slices that leave no earlier than it does.
 */
#ifndef WEIR_ENGINE_WINDOW_STACK_H
#define WEIR_ENGINE_WINDOW_STACK_H

#include <stdint.h>

#include "engine/slice_store.h"
#include "engine/window.h"

struct weir_window_stack {
    struct weir_slice_store *store;
    const struct weir_window *window;
    struct weir_slice **running; /* the total; the owner's, who renames its keys with those of the slices */
    bool subtracts;
    int64_t block;      /* slides in a block */
    int64_t fired;      /* the last window that was put together */
    bool has_fired;     /* there is one */
    int64_t through;    /* of the slices that count in `fired`, the last window in which any does */
    size_t spare_bytes; /* that sums may always take */
    uint32_t width_max; /* keys of the widest slice that is put into sums of the block; 0: not known yet */
    bool some_apart;    /* slices of the block may be in no sum */
    uint32_t from;      /* slices before it in the store count in no window to come */
    /* slices that count in later windows only, in the order in which they begin to: [first, last) */
    struct weir_slice **pending;
    uint32_t pending_first, pending_last, pending_room;
    struct weir_slice *joined; /* front + back */
    struct weir_slice *late;   /* sum of the late ones on a walk, and the ids that it holds */
    uint32_t *late_ids;
    uint32_t late_ids_count, late_ids_room;
};

/* What a window holds: rows of ids below `keys`; some hold nothing. Valid until the next call. */
struct weir_window_rows {
    const char *rows;
    uint32_t keys;
};

/* Of a HOP. *running is NULL or what the owner has kept. */
void weir_window_stack_init(struct weir_window_stack *stack, struct weir_slice_store *store,
                            const struct weir_window *window, struct weir_slice **running);
/* Gives scratch slices back to the store; leaves *running to the owner. */
void weir_window_stack_fini(struct weir_window_stack *stack);

/* Begins a pass: takes up the slices that have been opened since the last one and sorts the store. Between begin
 * and end no slice may come or go; between two passes they may, but those that count in a window up to `fired` must
 * not change any more, save that keys are given new ids. fired, has_fired   the last window that was put together
 * from these slices and *running, by this stack or by the one whose slices these were */
enum weir_status weir_window_stack_begin(struct weir_window_stack *stack, int64_t fired, bool has_fired,
                                         struct weir_error *error);

/* The least window to come in which some slice counts; false when there is none. */
bool weir_window_stack_next(const struct weir_window_stack *stack, int64_t *window);

/* Puts that window together. After an error the stack is of no use. */
enum weir_status weir_window_stack_gather(struct weir_window_stack *stack, int64_t window,
                                          struct weir_window_rows *out, struct weir_error *error);

/* Ends the pass and drops the slices that count in no window after `through`, which no window that holds rows and
 * has not been put together may precede. */
void weir_window_stack_end(struct weir_window_stack *stack, int64_t through);

#endif
