/* SPDX-License-Identifier: Apache-2.0
 *
 * The side output: whole rows of the input that a policy has put aside (late rows, rows from the future), collected
 * into batches of the input's columns.
 */
#ifndef WEIR_ENGINE_SIDE_H
#define WEIR_ENGINE_SIDE_H

#include <stdint.h>

#include "engine/plan.h"
#include "engine/result.h"

struct weir_side {
    const struct weir_plan *plan; /* NULL: there is no side output */
    struct weir_arena arena;      /* of the programs */
    struct weir_program **columns;
    struct weir_vector *vectors;
    struct weir_result result;
    uint32_t *rows;
    struct ArrowArray *queue; /* [first, last) wait */
    size_t first, last, room;
};

enum weir_status weir_side_init(struct weir_side *side, const struct weir_plan *plan, struct weir_error *error);
void weir_side_fini(struct weir_side *side);

/* Puts the rows aside whose bit is set. `arena` is for temporaries. */
enum weir_status weir_side_add(struct weir_side *side, const struct weir_block *block, const uint64_t *bits,
                               struct weir_arena *arena, struct weir_error *error);

/* Moves all rows of `from` to the end of `to`. */
enum weir_status weir_side_take(struct weir_side *to, struct weir_side *from, struct weir_error *error);

/* Closes the batch at hand. */
enum weir_status weir_side_flush(struct weir_side *side, struct weir_error *error);

/* The next batch; false when none waits. */
bool weir_side_next(struct weir_side *side, struct ArrowArray *out);

/* True for plans with a side output. */
bool weir_side_is_wanted(const struct weir_plan *plan);

#endif
