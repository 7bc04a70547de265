/* SPDX-License-Identifier: Apache-2.0
 *
 * Placing rows in time: the selected rows of a block -> slices, by the windows that are still open for each.
 */
#ifndef WEIR_ENGINE_PLACE_H
#define WEIR_ENGINE_PLACE_H

#include <stdint.h>

#include "engine/block_time.h"
#include "engine/slice_store.h"

/* A slice that rows of the block at work go to. A slice may have several slots. */
struct weir_slot {
    int64_t index;
    int64_t first;
    struct weir_slice *slice;
    int32_t from; /* its rows are rows[from .. from + count) */
    int32_t count;
};

/* What happened to rows; see weir_stats. */
struct weir_counts {
    int64_t rows_in;
    int64_t filtered;
    int64_t null_time;
    int64_t future_dropped;
    int64_t unassigned;
    int64_t late;
    int64_t aggregated;
    /* beside the sum */
    int64_t future; /* rows ahead of the wall clock, whatever became of them */
    int64_t folded; /* of those aggregated */
    int64_t unread_times;
};

struct weir_place {
    const struct weir_window *window;
    struct weir_slice_store *store; /* where slices are opened; NULL: nowhere, slots are names alone */
    struct weir_counts *counts;
    bool fold;          /* rows that are late for all windows count in the first one that is open */
    uint32_t *selected; /* WEIR_BLOCK_ROWS each */
    uint32_t *ordered;
    uint16_t *slot_of;
    struct weir_slot *slots;
    int32_t slots_count;
};

/* The rows of a block: in, those that count; out, those that have a slice, by slot. */
struct weir_placed {
    const uint32_t *rows; /* NULL: all */
    int32_t count;
    const int64_t *closed; /* per row of the block: the last window closed before it; NULL: none missed a window */
    uint64_t *late;        /* bitmap over rows of the block; late rows are set; NULL: they are only counted */
};

enum weir_status weir_place_init(struct weir_place *place, const struct weir_window *window,
                                 struct weir_slice_store *store, struct weir_counts *counts, bool fold,
                                 struct weir_error *error);
void weir_place_fini(struct weir_place *place);

/* Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_place_rows(struct weir_place *place, const struct weir_block_time *time,
                                 struct weir_placed *placed, struct weir_error *error);

#endif
