/* SPDX-License-Identifier: Apache-2.0
 *
 * Adding a block up whose rows come in runs of one key, as sorted rows and bursts do: what a run adds is worked out
 * in registers, and its accumulator row is touched once. Row by row each addition would wait for the store of the
 * one before it.
 */
#ifndef WEIR_ENGINE_ACCUMULATOR_RUNS_H
#define WEIR_ENGINE_ACCUMULATOR_RUNS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/accumulator.h"

struct weir_runs {
    const uint32_t *ids;  /* of all entries */
    const uint32_t *rows; /* per entry its row of the block; NULL: entry i is row i */
    int32_t count;        /* of runs */
    uint16_t
        starts[WEIR_BLOCK_ROWS + 1]; /* entry at which each begins; behind the last one the number of entries */
};

/* The ids look as if they came in runs, by a look at a few places. */
bool weir_runs_look_alike(const uint32_t *ids, int32_t count);

/* Finds the runs of `count` <= WEIR_BLOCK_ROWS ids. False: they are too short to pay, and *runs is not to be used.
 * A block whose keys are mixed is told by a look at a few places. */
bool weir_runs_find(const uint32_t *ids, const uint32_t *rows, int32_t count, struct weir_runs *runs);

/* Adds up a field of an argument without NULLs; arg is NULL for the field of rows. base: the field in accumulator
 * row 0; stride: from row to row. Fetches the rows to come meanwhile (ahead NULL: none). Sums of floats keep the
 * order of the rows. False, and nothing is added: there is no short way for this field. */
bool weir_runs_add(const struct weir_runs *runs, const struct weir_field *field, char *base, size_t stride,
                   const struct weir_vector *arg, struct weir_ahead *ahead);

#endif
