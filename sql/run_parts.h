/* SPDX-License-Identifier: Apache-2.0
 *
 * A source of several partitions that are all at hand (files): the order in which their rows are admitted is a
 * property of the input. Always the partition with the smallest W goes on, row by row; ties go to the first.
 */
#ifndef WEIR_SQL_RUN_PARTS_H
#define WEIR_SQL_RUN_PARTS_H

#include "engine/pipeline.h"
#include "weir/weir.h"

struct weir_run_part;

struct weir_run_parts {
    struct weir_run_part *parts; /* NULL: the source has one partition */
    int32_t count;
};

enum weir_status weir_run_parts_init(struct weir_run_parts *parts, int32_t count, struct weir_error *error);
void weir_run_parts_fini(struct weir_run_parts *parts);

/* Reads what is wanted and pushes rows of the partition whose turn it is. WEIR_END: every partition has ended. */
enum weir_status weir_run_parts_feed(struct weir_run_parts *parts, const struct weir_source *source,
                                     const struct weir_plan *plan, struct weir_pipeline *pipeline,
                                     struct weir_error *error);

#endif
