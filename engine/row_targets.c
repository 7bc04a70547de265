/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/row_targets.h"

#include "base/bits.h"
#include "base/check.h"
#include "base/error.h"

enum weir_status weir_row_targets_init(struct weir_row_targets *targets, const struct weir_accumulator *accumulator,
                                       struct weir_error *error) {
    weir_row_pool_init(&targets->pool, accumulator);
    weir_row_targets_begin(targets);
    for (uint32_t i = 0; i < WEIR_BLOCK_ROWS; i++) targets->identity[i] = i;
    uint32_t late = weir_row_pool_take(&targets->pool);
    if (late == WEIR_ROW_NONE) return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for windows of keys");
    WEIR_ASSERT(late == WEIR_ROW_LATE);
    return WEIR_OK;
}

void weir_row_targets_fini(struct weir_row_targets *targets) { weir_row_pool_fini(&targets->pool); }

static bool all_equal(const uint32_t *values, int32_t count) {
    uint32_t differs = 0;
    for (int32_t i = 1; i < count; i++) differs |= values[i] ^ values[0];
    return differs == 0;
}

enum weir_status weir_row_targets_add(struct weir_row_targets *targets, const struct weir_machine_block *block,
                                      int32_t to, struct weir_error *error) {
    struct weir_row_pool *pool = &targets->pool;
    int32_t from = targets->added, count = to - from;
    if (count == 0) return WEIR_OK;
    targets->added = to;
    const uint32_t *rows = targets->identity + from, *of = targets->of + from;
    if (block->rows != NULL) {
        rows = block->rows + from;
    } else if (from == 0) {
        rows = NULL;
    }
    if (block->ids == NULL && all_equal(of, count)) { /* a query without keys: whole columns at a time */
        return weir_accumulator_add(pool->accumulator, weir_row_pool_at(pool, of[0]), 1, NULL, rows, count,
                                    block->args, &pool->heap, error);
    }
    return weir_accumulator_add(pool->accumulator, pool->rows, pool->count, of, rows, count, block->args,
                                &pool->heap, error);
}

void weir_row_targets_late(struct weir_row_targets *targets, struct weir_machine_block *block, int32_t entry) {
    weir_bit_set(block->late, weir_machine_row(block, entry));
    block->late_count++;
    targets->late = true;
    targets->of[entry] = WEIR_ROW_LATE;
}

enum weir_status weir_row_targets_end(struct weir_row_targets *targets, const struct weir_machine_block *block,
                                      struct weir_error *error) {
    enum weir_status status = weir_row_targets_add(targets, block, block->count, error);
    if (targets->late) {
        weir_accumulator_fresh(targets->pool.accumulator, targets->pool.rows, WEIR_ROW_LATE, WEIR_ROW_LATE + 1);
    }
    return status;
}

enum weir_status weir_row_targets_merge(struct weir_row_targets *targets, uint32_t to, uint32_t from,
                                        struct weir_error *error) {
    struct weir_row_pool *pool = &targets->pool;
    enum weir_status status = weir_accumulator_merge(pool->accumulator, weir_row_pool_at(pool, to),
                                                     weir_row_pool_at(pool, from), &pool->heap, error);
    weir_row_pool_give(pool, from);
    return status;
}
