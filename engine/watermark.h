/* SPDX-License-Identifier: Apache-2.0
 *
 * Watermarks: one per source partition, and the combined one, all in units (plan.h).
 *
 * The watermark of a stream rises row by row, in the order of admission. Only summaries of batches are combined in
 * that order (weir_watermark_admit); the state before a batch travels with it, and from that any worker can tell
 * for each of its rows what W was just before it (weir_clock).
 *
 * The combined W is the least of the partitions that are active and aligned. An idle partition is left out; when it
 * comes back it stays out until its own W has reached the combined one.
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
    int64_t others;   /* the least of the other partitions that count; INT64_MAX when there are none */
};

/* state: see weir.h. The last three are for those who ask why W stands where it does. */
struct weir_partition {
    int64_t own;       /* INT64_MIN until it reports */
    int64_t active_at; /* wall clock, ms: when rows came last (at first: when the pipeline began) */
    enum weir_partition_state state;
    int64_t rows;      /* that have come */
    int64_t time_max;  /* the greatest time that has made a claim on W, units; INT64_MIN: none */
    int64_t rows_at;   /* wall clock, ms: when rows came last; INT64_MIN: none have */
    int64_t raised_at; /* wall clock, ms: when `own` rose last; INT64_MIN: it has not */
};

struct weir_watermark {
    int32_t partitions_count;
    struct weir_partition *partitions;
    int64_t *times; /* room for one of each partition */
    int64_t combined;
    int64_t now;       /* wall clock, ms, as far as it has been told; INT64_MIN: not yet */
    int64_t began_at;  /* the first that was told */
    int64_t raised_at; /* when `combined` rose last; INT64_MIN: it has not */
};

bool weir_watermark_init(struct weir_watermark *watermark, int32_t partitions);
void weir_watermark_fini(struct weir_watermark *watermark);

/* The clock that a batch of `partition` begins with. */
struct weir_clock weir_watermark_clock(const struct weir_watermark *watermark, int32_t partition);

/* The partition's W is now at least `own`; a lower one changes nothing. An idle partition is active again. */
void weir_watermark_admit(struct weir_watermark *watermark, int32_t partition, int64_t own);

/* Leaves the partition out until rows or a watermark come. When all are idle, the combined W rises to the largest.
 */
void weir_watermark_idle(struct weir_watermark *watermark, int32_t partition);

/* The same for all partitions whose rows came last `span` ms or longer before `now`, together: what W becomes does
 * not depend on their numbers. */
void weir_watermark_time_out(struct weir_watermark *watermark, int64_t now, int64_t span);

/* Rows of the partition have come. */
void weir_watermark_wake(struct weir_watermark *watermark, int32_t partition);

/* The wall clock shows `now`. Only for those who ask why: W does not depend on it. */
void weir_watermark_tell(struct weir_watermark *watermark, int64_t now);

/* Rows of the partition have come; time_max  the greatest of their times that makes a claim on W, INT64_MIN: none
 */
void weir_watermark_saw(struct weir_watermark *watermark, int32_t partition, int64_t rows, int64_t time_max);

/* The median of the greatest times of the other partitions that are not idle and have had rows, the lower of two;
 * units. INT64_MIN: there are none. It stays where it is while rows of `partition` alone come. */
int64_t weir_watermark_median(struct weir_watermark *watermark, int32_t partition);

/* The partition that holds W where it is: of those that are active the one with the least W; where none is, of
 * those that are behind the one that has the least way to go. -1: all are idle. The first of several. */
int32_t weir_watermark_holder(const struct weir_watermark *watermark);

/* The combined W is now at least `value`, whatever the partitions say. */
void weir_watermark_raise(struct weir_watermark *watermark, int64_t value);

/* The row's own claim raises the clock; own = INT64_MIN changes nothing. */
WEIR_INLINE void weir_clock_raise(struct weir_clock *clock, int64_t own) {
    if (own <= clock->own) return;
    clock->own = own;
    int64_t least = own < clock->others ? own : clock->others;
    if (least > clock->combined) clock->combined = least;
}

/* What a time (in units) claims under a spec of kind DELAY: time - delay, or INT64_MIN where SQL gives none. */
WEIR_INLINE int64_t weir_watermark_claim(const struct weir_watermark_spec *spec, int64_t time) {
    int64_t claim = weir_sub_saturate_i64(time, spec->delay);
    return spec->above_epoch && claim <= 0 ? INT64_MIN : claim;
}

/* The same for the value of a watermark expression. */
WEIR_INLINE int64_t weir_watermark_claim_value(const struct weir_watermark_spec *spec, int64_t value) {
    return spec->above_epoch && value <= 0 ? INT64_MIN : value;
}

#endif
