/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/side.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "simd/kernels.h"

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the rows of the side output");
}

bool weir_side_is_wanted(const struct weir_plan *plan) {
    return plan->emission.late == WEIR_ROWS_SIDE || plan->watermark.future == WEIR_ROWS_SIDE;
}

enum weir_status weir_side_init(struct weir_side *side, const struct weir_plan *plan, struct weir_error *error) {
    memset(side, 0, sizeof(*side));
    side->plan = plan;
    weir_arena_init(&side->arena, 4096);
    size_t count = (size_t)plan->columns_count;
    struct weir_type *types = weir_arena_array(&side->arena, count + 1, sizeof(*types));
    side->columns = weir_arena_array(&side->arena, count + 1, sizeof(struct weir_program *));
    side->vectors = weir_arena_array(&side->arena, count + 1, sizeof(*side->vectors));
    side->rows = weir_arena_array(&side->arena, WEIR_BLOCK_ROWS, sizeof(*side->rows));
    if (types == NULL || side->columns == NULL || side->vectors == NULL || side->rows == NULL)
        return out_of_memory(error);
    for (int32_t i = 0; i < plan->columns_count; i++) {
        types[i] = plan->columns[i].type;
        struct weir_expr *column = weir_expr_column(&side->arena, i, types[i]);
        if (column == NULL) return out_of_memory(error);
        enum weir_status status =
            weir_program_create(&side->arena, column, plan->columns, plan->columns_count, &side->columns[i], error);
        if (status != WEIR_OK) return status;
    }
    return weir_result_init(&side->result, types, plan->columns_count, error);
}

void weir_side_fini(struct weir_side *side) {
    for (size_t i = side->first; i < side->last; i++) side->queue[i].release(&side->queue[i]);
    free(side->queue);
    weir_result_fini(&side->result);
    weir_arena_fini(&side->arena);
    memset(side, 0, sizeof(*side));
}

static struct ArrowArray *place(struct weir_side *side) {
    if (side->first == side->last) side->first = side->last = 0;
    if (side->last == side->room) {
        size_t room = side->room == 0 ? 8 : side->room * 2;
        struct ArrowArray *queue = realloc(side->queue, room * sizeof(*queue));
        if (queue == NULL) return NULL;
        side->queue = queue;
        side->room = room;
    }
    return &side->queue[side->last];
}

enum weir_status weir_side_flush(struct weir_side *side, struct weir_error *error) {
    if (side->plan == NULL || side->result.rows == 0) return WEIR_OK;
    struct ArrowArray *out = place(side);
    if (out == NULL) return out_of_memory(error);
    enum weir_status status = weir_result_take(&side->result, side->plan->columns_count, out, error);
    if (status == WEIR_OK) side->last++;
    return status;
}

enum weir_status weir_side_add(struct weir_side *side, const struct weir_block *block, const uint64_t *bits,
                               struct weir_arena *arena, struct weir_error *error) {
    int32_t count = (int32_t)weir_simd->bits_to_indices(bits, (size_t)block->rows, side->rows);
    if (count == 0) return WEIR_OK;
    for (int32_t i = 0; i < side->plan->columns_count; i++) {
        enum weir_status status = weir_program_eval(side->columns[i], block, bits, arena, &side->vectors[i], error);
        if (status != WEIR_OK) return status;
    }
    enum weir_status status = weir_result_append(&side->result, side->vectors, side->rows, count, error);
    if (status == WEIR_OK && weir_result_is_full(&side->result)) status = weir_side_flush(side, error);
    return status;
}

enum weir_status weir_side_take(struct weir_side *to, struct weir_side *from, struct weir_error *error) {
    enum weir_status status = weir_side_flush(from, error);
    while (status == WEIR_OK && from->first < from->last) {
        struct ArrowArray *out = place(to);
        if (out == NULL) return out_of_memory(error);
        *out = from->queue[from->first++];
        to->last++;
    }
    return status;
}

bool weir_side_next(struct weir_side *side, struct ArrowArray *out) {
    if (side->first == side->last) return false;
    *out = side->queue[side->first++];
    return true;
}
