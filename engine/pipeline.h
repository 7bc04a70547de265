/* SPDX-License-Identifier: Apache-2.0
 *
 * One execution of a plan: admission, workers, firing, results. The public weir_pipeline_* calls are this; inside
 * the library (sql/run.c) a pipeline can also be made straight from a plan.
 */
#ifndef WEIR_ENGINE_PIPELINE_H
#define WEIR_ENGINE_PIPELINE_H

#include "engine/plan.h"
#include "weir/weir.h"

/* As weir_pipeline_create. Retains the plan. */
enum weir_status weir_pipeline_create_plan(struct weir_plan *plan, const struct weir_pipeline_options *options,
                                           struct weir_pipeline **out, struct weir_error *error);

/* True when a LIMIT is reached, so that more input cannot change the result. */
bool weir_pipeline_is_done(const struct weir_pipeline *pipeline);

/* Gives the partitions names, for weir_pipeline_why and weir_pipeline_partition. name_of may give NULL; `user` and
 * the names outlive the pipeline. */
void weir_pipeline_name_partitions(struct weir_pipeline *pipeline,
                                   const char *(*name_of)(void *user, int32_t partition), void *user);

/* As weir_pipeline_push_ranged, where the range is of a group of rows, the batch's among them, whose batches come
 * one after the other; group NULL: of the batch. */
enum weir_status weir_pipeline_push_of_group(struct weir_pipeline *pipeline, int32_t partition,
                                             struct ArrowArray *batch, const struct weir_time_range *range,
                                             const struct weir_source_group *group, struct weir_error *error);

/* Counts rows of the one partition that were not read, since WHERE drops them all (prune.h), and lets W rise as
 * they would have: as if they had been pushed. */
enum weir_status weir_pipeline_pass_over(struct weir_pipeline *pipeline, const struct weir_source_left_out *rows,
                                         struct weir_error *error);

/* Counters that are known without waiting for workers: rows pushed, W. Only for progress. */
void weir_pipeline_peek(const struct weir_pipeline *pipeline, int64_t *rows_in, int64_t *watermark);

#endif
