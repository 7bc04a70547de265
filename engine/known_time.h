/* SPDX-License-Identifier: Apache-2.0
 *
 * What is known of the event times of a batch before they are looked at: a range in which each of them lies.
 * Whoever gives the range vouches for it (docs/adr/0022).
 *
 * The greatest time alone says what the batch claims on W; and where the range lies in one slice that no claim of
 * the batch closes, every row goes there and none is late, so that the times need not be read at all. Which of that
 * holds is decided once a batch.
 */
#ifndef WEIR_ENGINE_KNOWN_TIME_H
#define WEIR_ENGINE_KNOWN_TIME_H

#include <stdint.h>

#include "engine/block_time.h"
#include "weir/weir.h"

/* Zeroed: nothing is known. Times are in ticks of the engine's clock. */
struct weir_known_time {
    bool is_known;  /* no time is NULL, and none lies outside of least .. most */
    bool is_exact;  /* some row that the range is of has the time `most` */
    bool one_slice; /* all rows lie in one slice, none is late: see weir_known_time_settle */
    int64_t rows;   /* of the batch */
    int64_t left;   /* rows that the range is of, too, and that follow the batch */
    bool is_whole;  /* it is of no other rows than the batch's */
    int64_t least, most;
    int64_t placed_least, placed_most; /* with one_slice: the same on the wall clock of the zone */
};

/* Takes a range as a caller gives it. group: the rows that it is of; NULL: those of the batch. Errors:
 * WEIR_ERR_INVALID of a query without event time, of a range that is none, and of NULLs in the time column. */
enum weir_status weir_known_time_take(const struct weir_plan *plan, const struct weir_batch *batch,
                                      const struct weir_time_range *range, const struct weir_source_group *group,
                                      struct weir_known_time *out, struct weir_error *error);

/* Why the times of a plan that aggregates are always read, in words; NULL: a range may serve instead of them. */
const char *weir_known_time_obstacle(const struct weir_plan *plan);

/* Finds out whether the rows lie in one slice and none of them can be late; clock: W before the batch. */
void weir_known_time_settle(struct weir_known_time *known, const struct weir_plan *plan,
                            const struct weir_zone *zone, const struct weir_window *window,
                            const struct weir_clock *clock);

/* True where `most` says what rows of the batch claim on W, so that admission needs no look at their times: of so
 * many rows that are all that the range is of, and in one slice of the last of these, where the others claim
 * nothing. */
bool weir_known_time_claims(const struct weir_known_time *known, const struct weir_plan *plan, int64_t rows);

/* Times that have been looked at, against the range: WEIR_ERR_VALUE names a row that lies outside of it. */
enum weir_status weir_known_time_check(const struct weir_known_time *known, const struct weir_plan *plan,
                                       const struct weir_block *block, const struct weir_block_time *time,
                                       struct weir_error *error);

/* The times of a block of which only the range is used: its first and its last row are held against it, in builds
 * with WEIR_ASSERTIONS of 2 each of its rows. *greatest becomes the greatest time where it was found out. Errors:
 * WEIR_ERR_VALUE, WEIR_ERR_MEMORY. */
enum weir_status weir_known_time_of_block(const struct weir_known_time *known, const struct weir_plan *plan,
                                          const struct weir_block *block, struct weir_arena *arena,
                                          struct weir_block_time *out, int64_t *greatest, struct weir_error *error);

/* After the last row of a batch: WEIR_ERR_VALUE where the greatest time is not the one that was said to be exact.
 */
enum weir_status weir_known_time_check_exact(const struct weir_known_time *known, const struct weir_plan *plan,
                                             int64_t greatest, struct weir_error *error);

#endif
