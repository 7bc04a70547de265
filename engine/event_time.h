/* SPDX-License-Identifier: Apache-2.0
 *
 * The event times of a batch, from a column or an expression: in the ticks in which the engine cuts windows, and
 * their bounds.
 */
#ifndef WEIR_ENGINE_EVENT_TIME_H
#define WEIR_ENGINE_EVENT_TIME_H

#include <stdint.h>

#include "engine/ahead.h"
#include "engine/batch.h"
#include "engine/plan.h"

/* The times of a block of rows. */
struct weir_event_time {
    const int64_t *ticks;     /* in ticks of the engine's clock; what stands at NULL times is not said */
    const uint64_t *validity; /* NULL: no time is NULL */
    int64_t min, max;         /* of those that are not NULL; min > max: there is none */
};

/* Ticks in a second of the engine's clock for the times of a plan: those of its column or expression, but 1 000 for
 * seconds that are not its unit; 1 000 where it has none or the wall clock is its time. */
int64_t weir_event_time_ticks_per_second(const struct weir_plan *plan);

/* The times of a block of a plan that has a time column or a time expression: borrowed from the batch, else they
 * lie in the arena until it is reset. ahead: may have a column be summed up meanwhile; NULL: none. Errors:
 * WEIR_ERR_VALUE of the expression, or of a time in seconds that ms cannot hold; WEIR_ERR_MEMORY. */
enum weir_status weir_event_time_of_block(const struct weir_plan *plan, const struct weir_block *block,
                                          struct weir_ahead *ahead, struct weir_arena *arena,
                                          struct weir_event_time *out, struct weir_error *error);

/* What the plan's time is called: its column, the text of its expression (in the plan's arena), or "". */
const char *weir_event_time_name(struct weir_plan *plan);

/* The times of rows [first, first + rows) of a column in seconds as ms, held at the ends of the range, in `scratch`
 * (rows long); of other columns (not `seconds`) borrowed. */
const int64_t *weir_event_time_ticks(const struct weir_column *column, bool seconds, int64_t first, int64_t rows,
                                     int64_t *scratch);

/* Least and greatest time of rows [first, first + rows) that are not NULL; *min > *max when there is none. Needs no
 * scratch. */
void weir_event_time_bounds(const struct weir_column *column, bool seconds, int64_t first, int64_t rows,
                            int64_t *min, int64_t *max);

#endif
