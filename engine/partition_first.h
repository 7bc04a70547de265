/* SPDX-License-Identifier: Apache-2.0
 *
 * Partition first: the strategy for many keys. Each worker owns the keys of its key groups, adds up their rows
 * alone and fires their windows itself; the pipeline only puts the workers' result batches in the order of windows.
 *
 * The other strategy, local first (every worker has every key, and what it has is merged when a window fires),
 * costs less while the tables fit the cache, and more beyond: the same key then misses the cache in every worker,
 * and the merge is the work of one core.
 *
 * Where the rows of a key must be added up in their order (sums of floats that decide something) all rows are one
 * worker's instead, and it is on from the start where workers are many enough to gain by it.
 *
 * A pipeline begins local first and turns to partition first between two ranges of rows, when strategy.h says so:
 * what is open is brought home, and from there every worker takes what it owns.
 */
#ifndef WEIR_ENGINE_PARTITION_FIRST_H
#define WEIR_ENGINE_PARTITION_FIRST_H

#include <stdbool.h>

#include "weir/weir.h"

struct weir_pipeline;
struct weir_plan;

/* Keys in one worker's table from which on it pays: the table (16 bytes a key, at most half full) and one slice of
 * accumulators (32 bytes and more) have then left L2. Of fewer workers than hand rows over see strategy.h. */
#define WEIR_PARTITION_KEYS_FROM 32768
/* Workers from which on it costs each of them more to look through the rows of all others than to hand rows over.
 */
#define WEIR_HANDOVER_WORKERS_FROM 4

/* True where the query allows it; where the options do, too. */
bool weir_partition_first_suits(const struct weir_plan *plan);
bool weir_partition_first_is_possible(const struct weir_pipeline *pipeline);

/* Turns to partition first if that is due. Called between two ranges of rows. */
enum weir_status weir_partition_first_consider(struct weir_pipeline *pipeline, struct weir_error *error);

/* The same as weir_pipeline_move_on, weir_pipeline_fire_on and weir_pipeline_end_rows, where it is on. */
enum weir_status weir_partition_first_move_on(struct weir_pipeline *pipeline, int64_t closed,
                                              struct weir_error *error);
enum weir_status weir_partition_first_fire_on(struct weir_pipeline *pipeline, struct weir_error *error);
enum weir_status weir_partition_first_end(struct weir_pipeline *pipeline, int64_t last, struct weir_error *error);

#endif
