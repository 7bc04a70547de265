/* SPDX-License-Identifier: Apache-2.0
 *
 * From result columns to result batches: HAVING, the SELECT list, ORDER BY, OFFSET and LIMIT, and the queue in
 * which batches wait for weir_pipeline_next.
 */
#ifndef WEIR_ENGINE_EMIT_H
#define WEIR_ENGINE_EMIT_H

#include <stdint.h>

#include "engine/plan.h"
#include "engine/result.h"

struct weir_emit {
    const struct weir_plan *plan;
    struct weir_result result;   /* outputs, then the columns to order by */
    struct weir_vector *vectors; /* one an output and order column */
    struct weir_arena arena;
    struct ArrowArray *queue; /* [queue_first, queue_last) wait; when ordering they are the rows to sort */
    size_t queue_first;
    size_t queue_last;
    size_t queue_room;
    int64_t queue_rows; /* of the batches that wait */
    uint32_t *selected;
    int64_t rows_out;
    int64_t skip;              /* of OFFSET, still to skip */
    int64_t left;              /* of LIMIT, still to give; -1: no limit */
    bool needs_string_columns; /* some expression computes with a string column of the result */
};

enum weir_status weir_emit_init(struct weir_emit *emit, const struct weir_plan *plan, struct weir_error *error);
void weir_emit_fini(struct weir_emit *emit);

/* Takes the rows of a block of result columns (plan.h says which) whose bit is set in active (all where it is
 * NULL). vectors  for an aggregate plan: one vector a result column, so that plain columns need no evaluation; else
 * NULL */
enum weir_status weir_emit_block(struct weir_emit *emit, const struct weir_block *block,
                                 const struct weir_vector *vectors, const uint64_t *active,
                                 struct weir_error *error);

/* Closes the batch at hand, so that next gives it. Does nothing where rows wait for ORDER BY. */
enum weir_status weir_emit_flush(struct weir_emit *emit, struct weir_error *error);

/* No more rows come: sorts, if the plan orders, and closes. */
enum weir_status weir_emit_finish(struct weir_emit *emit, struct weir_error *error);

/* The next batch; false when none waits. */
bool weir_emit_next(struct weir_emit *emit, struct ArrowArray *out);

/* Appends a batch of the plan's outputs that another emit has made, and takes it over, also on failure. */
enum weir_status weir_emit_take(struct weir_emit *emit, struct ArrowArray *batch, struct weir_error *error);

/* Takes over all rows of another emit that wait for ORDER BY. */
enum weir_status weir_emit_take_all(struct weir_emit *emit, struct weir_emit *from, struct weir_error *error);

/* True when so many rows wait that the caller should take some before more are made. Never while rows wait for
 * ORDER BY, which needs them all. */
bool weir_emit_is_full(const struct weir_emit *emit);

/* True when LIMIT is reached and no row to come can appear. */
bool weir_emit_is_done(const struct weir_emit *emit);

#endif
