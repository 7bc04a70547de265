/* SPDX-License-Identifier: Apache-2.0
 *
 * From the rows of a block to accumulator rows of a pool: a machine writes for each entry the number of the
 * accumulator row that takes it, then all are added at once, column by column. A machine that must look into its
 * accumulators within a block has the entries so far added first.
 *
 * Row WEIR_ROW_LATE of the pool takes what counts nowhere, so that late rows need no way of their own.
 */
#ifndef WEIR_ENGINE_ROW_TARGETS_H
#define WEIR_ENGINE_ROW_TARGETS_H

#include "engine/machine.h"
#include "engine/row_pool.h"

#define WEIR_ROW_LATE 0

struct weir_row_targets {
    struct weir_row_pool pool;
    int32_t added;                /* entries of the block before this one have been added */
    bool late;                    /* some row of the block is late */
    uint32_t of[WEIR_BLOCK_ROWS]; /* per entry: its accumulator row */
    uint32_t identity[WEIR_BLOCK_ROWS];
};

/* Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_row_targets_init(struct weir_row_targets *targets, const struct weir_accumulator *accumulator,
                                       struct weir_error *error);
void weir_row_targets_fini(struct weir_row_targets *targets);

/* Begins a block. */
static inline void weir_row_targets_begin(struct weir_row_targets *targets) {
    targets->added = 0;
    targets->late = false;
}

/* Adds the entries below `to` that have not been added. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_row_targets_add(struct weir_row_targets *targets, const struct weir_machine_block *block,
                                      int32_t to, struct weir_error *error);

/* The entry is late: it is marked and counted, and counts nowhere else. */
void weir_row_targets_late(struct weir_row_targets *targets, struct weir_machine_block *block, int32_t entry);

/* Adds what is left of the block. */
enum weir_status weir_row_targets_end(struct weir_row_targets *targets, const struct weir_machine_block *block,
                                      struct weir_error *error);

/* Accumulator row `from` goes into `to` and is given back. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_row_targets_merge(struct weir_row_targets *targets, uint32_t to, uint32_t from,
                                        struct weir_error *error);

/* The row of the block that entry `i` stands for. */
static inline uint32_t weir_machine_row(const struct weir_machine_block *block, int32_t i) {
    return block->rows == NULL ? (uint32_t)i : block->rows[i];
}

#endif
