/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/emit.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "engine/order.h"
#include "simd/kernels.h"

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the rows of the result");
}

struct string_search {
    const struct weir_plan *plan;
    bool found;
};

static void find_string_column(struct weir_expr *node, void *user) {
    struct string_search *search = user;
    if (node->op != WEIR_EXPR_COLUMN || node->index >= search->plan->result_columns_count) return;
    search->found |= weir_type_vector(search->plan->result_columns[node->index].type) == WEIR_VECTOR_STRING;
}

/* True when an expression that is more than a plain column reads a string. */
static bool computes_with_strings(const struct weir_plan *plan) {
    struct string_search search = {plan, false};
    if (plan->having != NULL) weir_expr_walk(plan->having, find_string_column, &search);
    for (int32_t i = 0; i < plan->outputs_count; i++) {
        if (plan->outputs[i].expr->op != WEIR_EXPR_COLUMN)
            weir_expr_walk(plan->outputs[i].expr, find_string_column, &search);
    }
    for (int32_t i = 0; i < plan->order_count; i++) {
        if (plan->order[i].expr->op != WEIR_EXPR_COLUMN)
            weir_expr_walk(plan->order[i].expr, find_string_column, &search);
    }
    return search.found;
}

enum weir_status weir_emit_init(struct weir_emit *emit, const struct weir_plan *plan, struct weir_error *error) {
    memset(emit, 0, sizeof(*emit));
    emit->plan = plan;
    emit->skip = plan->offset;
    emit->left = plan->limit;
    emit->needs_string_columns = plan->shape == WEIR_PLAN_AGGREGATE && computes_with_strings(plan);
    weir_arena_init(&emit->arena, 256 * 1024);
    int32_t columns = plan->outputs_count + plan->order_count;
    struct weir_type *types = calloc((size_t)columns + 1, sizeof(*types));
    emit->vectors = calloc((size_t)columns + 1, sizeof(*emit->vectors));
    emit->selected = malloc(WEIR_BLOCK_ROWS * sizeof(*emit->selected));
    if (types == NULL || emit->vectors == NULL || emit->selected == NULL) {
        free(types);
        return out_of_memory(error);
    }
    for (int32_t i = 0; i < plan->outputs_count; i++) types[i] = plan->outputs[i].expr->type;
    for (int32_t i = 0; i < plan->order_count; i++) types[plan->outputs_count + i] = plan->order[i].expr->type;
    enum weir_status status = weir_result_init(&emit->result, types, columns, error);
    free(types);
    return status;
}

void weir_emit_fini(struct weir_emit *emit) {
    for (size_t i = emit->queue_first; i < emit->queue_last; i++) emit->queue[i].release(&emit->queue[i]);
    free(emit->queue);
    free(emit->vectors);
    free(emit->selected);
    weir_arena_fini(&emit->arena);
    weir_result_fini(&emit->result);
    memset(emit, 0, sizeof(*emit));
}

bool weir_emit_is_done(const struct weir_emit *emit) { return emit->left == 0 && emit->plan->order_count == 0; }

/* ---- queue ---- */

#define QUEUE_FULL_ROWS (8 * WEIR_RESULT_ROWS)

bool weir_emit_is_full(const struct weir_emit *emit) {
    return emit->plan->order_count == 0 && emit->queue_rows >= QUEUE_FULL_ROWS;
}

static struct ArrowArray *queue_place(struct weir_emit *emit) {
    if (emit->queue_first == emit->queue_last) emit->queue_first = emit->queue_last = 0;
    if (emit->queue_last == emit->queue_room) {
        size_t room = emit->queue_room == 0 ? 16 : emit->queue_room * 2;
        struct ArrowArray *queue = realloc(emit->queue, room * sizeof(*queue));
        if (queue == NULL) return NULL;
        emit->queue = queue;
        emit->queue_room = room;
    }
    return &emit->queue[emit->queue_last];
}

static enum weir_status close_batch(struct weir_emit *emit, int32_t columns, struct weir_error *error) {
    if (emit->result.rows == 0) return WEIR_OK;
    struct ArrowArray *place = queue_place(emit);
    if (place == NULL) return out_of_memory(error);
    enum weir_status status = weir_result_take(&emit->result, columns, place, error);
    if (status != WEIR_OK) return status;
    emit->queue_rows += place->length;
    emit->queue_last++;
    return WEIR_OK;
}

bool weir_emit_next(struct weir_emit *emit, struct ArrowArray *out) {
    if (emit->queue_first == emit->queue_last) return false;
    *out = emit->queue[emit->queue_first++];
    emit->queue_rows -= out->length;
    return true;
}

enum weir_status weir_emit_take(struct weir_emit *emit, struct ArrowArray *batch, struct weir_error *error) {
    struct ArrowArray *place = queue_place(emit);
    if (place == NULL) {
        batch->release(batch);
        return out_of_memory(error);
    }
    *place = *batch;
    emit->queue_rows += place->length;
    emit->queue_last++;
    if (emit->plan->order_count == 0) emit->rows_out += place->length;
    return WEIR_OK;
}

enum weir_status weir_emit_take_all(struct weir_emit *emit, struct weir_emit *from, struct weir_error *error) {
    enum weir_status status = close_batch(from, from->plan->outputs_count + from->plan->order_count, error);
    struct ArrowArray batch;
    while (status == WEIR_OK && weir_emit_next(from, &batch)) status = weir_emit_take(emit, &batch, error);
    return status;
}

enum weir_status weir_emit_flush(struct weir_emit *emit, struct weir_error *error) {
    if (emit->plan->order_count > 0) return WEIR_OK;
    return close_batch(emit, emit->plan->outputs_count, error);
}

/* ---- rows ---- */

/* HAVING: the rows of active for which it is TRUE, as a bitmap in the arena. */
static enum weir_status apply_having(struct weir_emit *emit, const struct weir_block *block,
                                     const uint64_t **active, struct weir_error *error) {
    if (emit->plan->having_program == NULL) return WEIR_OK;
    struct weir_vector keep;
    enum weir_status status =
        weir_program_eval(emit->plan->having_program, block, *active, &emit->arena, &keep, error);
    if (status != WEIR_OK) return status;
    size_t words = weir_bitmap_words((size_t)block->rows);
    uint64_t *bits = weir_arena_alloc(&emit->arena, (words + 1) * sizeof(*bits));
    if (bits == NULL) return out_of_memory(error);
    weir_bitmap_narrow(bits, keep.bits, keep.validity, *active, (size_t)block->rows);
    *active = bits;
    return WEIR_OK;
}

static enum weir_status evaluate(struct weir_emit *emit, const struct weir_expr *expr,
                                 const struct weir_program *program, const struct weir_block *block,
                                 const struct weir_vector *vectors, const uint64_t *active, struct weir_vector *out,
                                 struct weir_error *error) {
    if (vectors != NULL && expr->op == WEIR_EXPR_COLUMN) {
        *out = vectors[expr->index];
        return WEIR_OK;
    }
    return weir_program_eval(program, block, active, &emit->arena, out, error);
}

/* OFFSET and LIMIT for rows that come in their final order. */
static const uint32_t *cut(struct weir_emit *emit, const uint32_t *selected, int32_t *count) {
    if (emit->plan->order_count > 0 || (emit->skip == 0 && emit->left < 0)) return selected;
    int32_t skip = emit->skip < *count ? (int32_t)emit->skip : *count;
    emit->skip -= skip;
    if (skip > 0) { /* an explicit list, since a plain count always begins at row 0 */
        for (int32_t i = 0; i + skip < *count; i++) {
            emit->selected[i] = selected == NULL ? (uint32_t)(i + skip) : selected[i + skip];
        }
        selected = emit->selected;
        *count -= skip;
    }
    if (emit->left >= 0 && *count > emit->left) *count = (int32_t)emit->left;
    if (emit->left >= 0) emit->left -= *count;
    return selected;
}

enum weir_status weir_emit_block(struct weir_emit *emit, const struct weir_block *block,
                                 const struct weir_vector *vectors, const uint64_t *active,
                                 struct weir_error *error) {
    const struct weir_plan *plan = emit->plan;
    if (weir_emit_is_done(emit)) return WEIR_OK;
    weir_arena_reset(&emit->arena);
    enum weir_status status = apply_having(emit, block, &active, error);
    for (int32_t i = 0; i < plan->outputs_count && status == WEIR_OK; i++) {
        status = evaluate(emit, plan->outputs[i].expr, plan->output_programs[i], block, vectors, active,
                          &emit->vectors[i], error);
    }
    for (int32_t i = 0; i < plan->order_count && status == WEIR_OK; i++) {
        status = evaluate(emit, plan->order[i].expr, plan->order_programs[i], block, vectors, active,
                          &emit->vectors[plan->outputs_count + i], error);
    }
    if (status != WEIR_OK) return status;
    const uint32_t *selected = NULL;
    int32_t count = block->rows;
    if (active != NULL) {
        count = (int32_t)weir_simd->bits_to_indices(active, (size_t)block->rows, emit->selected);
        selected = emit->selected;
    }
    selected = cut(emit, selected, &count);
    if (count == 0) return WEIR_OK;
    status = weir_result_append(&emit->result, emit->vectors, selected, count, error);
    if (plan->order_count == 0) emit->rows_out += count;
    if (status != WEIR_OK || !(weir_result_is_full(&emit->result) || weir_emit_is_done(emit))) return status;
    return close_batch(emit, plan->outputs_count + plan->order_count, error);
}

/* ---- order ---- */

/* Puts the sorted rows, without those that OFFSET and LIMIT cut off, behind the batches they come from. */
static enum weir_status requeue(struct weir_emit *emit, const struct weir_row_ref *rows, size_t count,
                                size_t batches_count, struct weir_error *error) {
    size_t first = (uint64_t)emit->skip < count ? (size_t)emit->skip : count;
    size_t end = count;
    if (emit->left >= 0 && (uint64_t)emit->left < count - first) end = first + (size_t)emit->left;
    for (size_t i = first; i < end; i++) {
        const struct ArrowArray *batch = &emit->queue[rows[i].batch];
        enum weir_status status = weir_result_append_row(&emit->result, batch, rows[i].row, error);
        if (status == WEIR_OK && (weir_result_is_full(&emit->result) || i + 1 == end)) {
            status = close_batch(emit, emit->plan->outputs_count, error);
        }
        if (status != WEIR_OK) return status;
    }
    for (size_t i = 0; i < batches_count; i++) {
        emit->queue_rows -= emit->queue[i].length;
        emit->queue[i].release(&emit->queue[i]);
    }
    emit->queue_first = batches_count;
    emit->rows_out += (int64_t)(end - first);
    return WEIR_OK;
}

enum weir_status weir_emit_finish(struct weir_emit *emit, struct weir_error *error) {
    const struct weir_plan *plan = emit->plan;
    if (plan->order_count == 0) return weir_emit_flush(emit, error);
    enum weir_status status = close_batch(emit, plan->outputs_count + plan->order_count, error);
    if (status != WEIR_OK || emit->queue_last == 0) return status;
    struct weir_row_ref *rows = NULL;
    size_t count = 0, batches_count = emit->queue_last;
    status = weir_order_rows(plan, emit->queue, batches_count, &rows, &count, error);
    if (status != WEIR_OK) return status;
    status = requeue(emit, rows, count, batches_count, error);
    free(rows);
    return status;
}
