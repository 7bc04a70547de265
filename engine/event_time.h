/* SPDX-License-Identifier: Apache-2.0
 *
 * The time column of a batch: its values in the ticks in which the engine cuts windows, and their bounds.
 */
#ifndef WEIR_ENGINE_EVENT_TIME_H
#define WEIR_ENGINE_EVENT_TIME_H

#include <stdint.h>

#include "engine/batch.h"
#include "engine/plan.h"

/* Ticks in a ms of the engine's clock for a time column of that layout: a column in seconds is worked in ms. */
int64_t weir_event_time_ticks_per_ms(const struct weir_layout *layout);

/* The times of rows [first, first + rows) of a column: borrowed, or scaled from seconds into `scratch` (rows long),
 * held at the ends of the range. */
const int64_t *weir_event_time_ticks(const struct weir_layout *layout, const struct weir_column *column,
                                     int64_t first, int64_t rows, int64_t *scratch);

/* Least and greatest time of rows [first, first + rows) that are not NULL; *min > *max when there is none. Needs no
 * scratch. */
void weir_event_time_bounds(const struct weir_layout *layout, const struct weir_column *column, int64_t first,
                            int64_t rows, int64_t *min, int64_t *max);

#endif
