/* SPDX-License-Identifier: Apache-2.0
 *
 * Plans that do not aggregate: filter, window bounds, SELECT list, row by row and in the order of the rows. Worked
 * on the caller's thread whatever the number of workers, because the order of rows is part of the result.
 */
#ifndef WEIR_ENGINE_PROJECT_H
#define WEIR_ENGINE_PROJECT_H

#include <stdint.h>

#include "engine/block_time.h"
#include "engine/emit.h"
#include "engine/ingest.h"

struct weir_project {
    const struct weir_plan *plan;
    struct weir_window window;
    struct weir_emit *emit;
    struct weir_counts counts;
    bool fail_on_null_time;
    struct weir_zone *zone;      /* of the plan; NULL: UTC */
    struct weir_block_time time; /* of the block, where the plan has a window */
    struct weir_arena arena;     /* temporaries of a block */
    struct weir_arena expanded;  /* its rows with their windows */
    struct weir_column *columns; /* the input's, then the three bounds */
};

enum weir_status weir_project_init(struct weir_project *project, const struct weir_plan *plan,
                                   struct weir_emit *emit, bool fail_on_null_time, struct weir_error *error);
void weir_project_fini(struct weir_project *project);

enum weir_status weir_project_rows(struct weir_project *project, const struct weir_batch *batch, int64_t first,
                                   int64_t rows, struct weir_error *error);

#endif
