/* SPDX-License-Identifier: Apache-2.0
 *
 * The late row that came latest: how far the watermark had passed its last window, for those who ask how much more
 * room late rows need. One per worker; only blocks in which rows were late are looked at.
 */
#ifndef WEIR_ENGINE_LATE_MARK_H
#define WEIR_ENGINE_LATE_MARK_H

#include <stdint.h>

#include "engine/block_time.h"

struct weir_late_mark {
    bool any;
    int64_t by;   /* units from the last one of the row's last window to W just before it */
    int64_t time; /* of the row, units UTC */
};

/* A block in which rows were late. */
struct weir_late_block {
    const struct weir_plan *plan;
    const struct weir_zone *zone; /* NULL: UTC */
    const struct weir_window *window;
    const struct weir_block_time *time;
    int32_t rows;
    const uint64_t *late;    /* bitmap over the rows; it may hold others than late ones whose windows are open */
    struct weir_clock clock; /* W before the first row */
};

/* Looks at the late rows of the block; `arena` is for temporaries. False when memory is short. */
bool weir_late_mark_block(struct weir_late_mark *mark, const struct weir_late_block *block,
                          struct weir_arena *arena);

/* The later of both. */
void weir_late_mark_join(struct weir_late_mark *mark, const struct weir_late_mark *other);

#endif
