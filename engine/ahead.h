/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows that come after the block at work, to be fetched while this block is added up.
 */
#ifndef WEIR_ENGINE_AHEAD_H
#define WEIR_ENGINE_AHEAD_H

#include "engine/plan.h"
#include "simd/ahead.h"

/* Finds the columns of fixed width that are read to aggregate rows, but for codes of dictionaries: they have just
 * been read, to check them. */
void weir_ahead_init(struct weir_ahead *ahead, const struct weir_plan *plan);

/* Lets a column be summed up while the times of a block are looked at, where the whole block is likely to be one
 * sum of it: no keys, no filter, and the order of the additions free. */
void weir_ahead_choose_sum(struct weir_ahead *ahead, const struct weir_plan *plan);

/* The rows to come: [first, first + rows) of these columns; 0: none.
 *   times  false: the times of rows will not be looked at */
void weir_ahead_aim(struct weir_ahead *ahead, const struct weir_column *columns, int64_t first, int32_t rows,
                    bool times);

#endif
