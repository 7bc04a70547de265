/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/rows_until.h"

#include "engine/block_time.h"

static void keep(struct ArrowArray *array) { array->release = NULL; }

/* Looks at one block; true when a row of it passes the limit. *rows counts on. */
static bool scan(const struct weir_plan *plan, const struct weir_block_time *time, int32_t count, int64_t limit,
                 int64_t *own, int64_t *rows) {
    struct weir_window window = {.ticks_per_unit = weir_plan_ticks_per_unit(plan)};
    struct weir_lateness lateness = weir_block_time_lateness(plan, NULL, &window, time, count);
    int64_t greatest = weir_lateness_claim(&lateness, time->min, time->max);
    if (greatest <= limit) {
        if (greatest > *own) *own = greatest;
        *rows += count;
        return false;
    }
    for (int32_t i = 0; i < count; i++) {
        int64_t claim = weir_lateness_claim_of(&lateness, i);
        if (claim > *own) *own = claim;
        ++*rows;
        if (*own > limit) return true;
    }
    return false;
}

enum weir_status weir_rows_until(const struct weir_plan *plan, const struct ArrowArray *batch, int64_t limit,
                                 int64_t *own, int64_t *rows, struct weir_error *error) {
    bool timed = plan->time_column >= 0 || plan->time_program != NULL;
    *rows = batch->length;
    if (plan->watermark.kind == WEIR_WATERMARK_NONE || !timed) return WEIR_OK; /* W never moves */
    struct ArrowArray borrowed = *batch;
    borrowed.release = keep;
    struct weir_batch view;
    *rows = 0;
    enum weir_status status = weir_batch_import(&borrowed, plan->columns, plan->column_names,
                                                (size_t)plan->columns_count, true, &view, error);
    if (status != WEIR_OK) return status;
    struct weir_arena arena;
    weir_arena_init(&arena, 64 * 1024);
    bool passed = false;
    for (int64_t at = 0; at < view.rows && status == WEIR_OK && !passed; at += WEIR_BLOCK_ROWS) {
        int64_t left = view.rows - at;
        struct weir_block block = {view.columns, plan->columns, at,
                                   left < WEIR_BLOCK_ROWS ? (int32_t)left : WEIR_BLOCK_ROWS};
        struct weir_block_time time;
        weir_arena_reset(&arena);
        status = weir_block_time_take(plan, NULL, &block, INT64_MIN, INT64_MIN, NULL, &arena, &time, error);
        if (status == WEIR_OK) passed = scan(plan, &time, block.rows, limit, own, rows);
    }
    weir_arena_fini(&arena);
    weir_batch_fini(&view);
    return status;
}
