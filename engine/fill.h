/* SPDX-License-Identifier: Apache-2.0
 *
 * FILL: for each key, rows for the windows between two that hold rows of it. TUMBLE only.
 *
 * A stage behind the firing of windows, in advances: give it all windows that an advance of W has closed, in their
 * order, then take the rows, real and filled, until WEIR_END. A filled row comes with the advance that closes the
 * later of its two real windows: only then is it known to lie between two.
 *
 *   weir_fill_window* -> weir_fill_next* -> WEIR_END -> weir_fill_window* -> ...
 *
 * Memory is that of the keys and of the real rows of an advance, however many rows are filled: a cursor for each
 * gap walks over the windows in it. Not thread-safe.
 */
#ifndef WEIR_ENGINE_FILL_H
#define WEIR_ENGINE_FILL_H

#include <stdint.h>

#include "engine/accumulator.h"

struct weir_fill;

/* Rows in the order of their windows. Owned by the fill, until the next call of weir_fill_next. */
struct weir_fill_block {
    int32_t count;                     /* 1 .. WEIR_BLOCK_ROWS */
    const int64_t *windows;            /* the window of each row, by index (window.h) */
    const uint32_t *ids;               /* the key of each */
    const struct weir_vector *vectors; /* per aggregate of the plan: its values */
};

/* `plan` has plan->fill; both outlive the fill. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_fill_create(const struct weir_plan *plan, const struct weir_accumulator *accumulator,
                                  struct weir_fill **out, struct weir_error *error);
void weir_fill_destroy(struct weir_fill *fill);

/* The rows of a window that has closed: for each, its key (ids NULL: all are id 0) and accumulators, which are not
 * needed afterwards. A window may come in several calls; windows come in rising order, also from one advance to the
 * next, and a key at most once in each. Errors: WEIR_ERR_MEMORY, and those of weir_accumulator_finish. */
enum weir_status weir_fill_window(struct weir_fill *fill, int64_t window, const uint32_t *ids,
                                  const char *const *rows, uint32_t count, struct weir_error *error);

/* The next rows of the advance; WEIR_END when there are no more. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_fill_next(struct weir_fill *fill, struct weir_fill_block *out, struct weir_error *error);

/* Between two advances. Sets the bit of each key that later rows may still be filled from, when all windows up to
 * `closed` are: not those that have been away for too long, if the plan says what that is. */
void weir_fill_held(const struct weir_fill *fill, int64_t closed, uint64_t *bits);

/* Between two advances. ids[old] is the new id of each key that `held` named for this `closed`; the others are
 * forgotten. New ids are distinct. Errors: WEIR_ERR_MEMORY, and nothing is changed. */
enum weir_status weir_fill_rename(struct weir_fill *fill, int64_t closed, const uint32_t *ids,
                                  struct weir_error *error);

size_t weir_fill_bytes(const struct weir_fill *fill);

#endif
