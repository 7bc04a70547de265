/* SPDX-License-Identifier: Apache-2.0
 *
 * Watermarks: one per source partition, and the combined one, all in ms.
 *
 * The watermark of a stream rises row by row, in the order of admission. Only summaries of batches are combined in
 * that order (weir_watermark_admit); the state before a batch travels with it, and from that any worker can tell
 * for each of its rows what W was just before it (weir_clock).
 */
#ifndef WEIR_ENGINE_WATERMARK_H
#define WEIR_ENGINE_WATERMARK_H

#include <stdint.h>

#include "engine/plan.h"
#include "engine/window.h"

/* W as the rows of one batch see it: the partition's own, raised by the rows, and what the other partitions allow.
 */
struct weir_clock {
    int64_t combined; /* of the query, before the row */
    int64_t own;      /* of the batch's partition */
    int64_t others;   /* the least of the other partitions; INT64_MAX when there are none */
};

struct weir_watermark {
    int32_t partitions;
    int64_t *own; /* per partition; INT64_MIN until it reports */
    int64_t combined;
};

bool weir_watermark_init(struct weir_watermark *watermark, int32_t partitions);
void weir_watermark_fini(struct weir_watermark *watermark);

/* The clock that a batch of `partition` begins with. */
struct weir_clock weir_watermark_clock(const struct weir_watermark *watermark, int32_t partition);

/* The partition's W is now at least `own`; a lower one changes nothing. */
void weir_watermark_admit(struct weir_watermark *watermark, int32_t partition, int64_t own);

/* The row's own claim raises the clock; own = INT64_MIN changes nothing. */
WEIR_INLINE void weir_clock_raise(struct weir_clock *clock, int64_t own) {
    if (own <= clock->own) return;
    clock->own = own;
    int64_t least = own < clock->others ? own : clock->others;
    if (least > clock->combined) clock->combined = least;
}

/* What a time of `time_ms` claims under a spec of kind DELAY: time - delay, or INT64_MIN where SQL gives none. */
WEIR_INLINE int64_t weir_watermark_claim(const struct weir_watermark_spec *spec, int64_t time_ms) {
    int64_t claim = weir_sub_saturate_i64(time_ms, spec->delay_ms);
    return spec->above_epoch && claim <= 0 ? INT64_MIN : claim;
}

/* The same for the value of a watermark expression. */
WEIR_INLINE int64_t weir_watermark_claim_value(const struct weir_watermark_spec *spec, int64_t value) {
    return spec->above_epoch && value <= 0 ? INT64_MIN : value;
}

#endif
