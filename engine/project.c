/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/project.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/zone.h"
#include "engine/expand.h"

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while working on a batch");
}

enum weir_status weir_project_init(struct weir_project *project, const struct weir_plan *plan,
                                   struct weir_emit *emit, bool fail_on_null_time, struct weir_error *error) {
    memset(project, 0, sizeof(*project));
    project->plan = plan;
    project->emit = emit;
    project->fail_on_null_time = fail_on_null_time;
    weir_arena_init(&project->arena, 256 * 1024);
    weir_arena_init(&project->expanded, 256 * 1024);
    enum weir_status status =
        weir_window_init(&project->window, &plan->window, weir_plan_ticks_per_unit(plan), error);
    if (status == WEIR_OK && plan->zone != NULL) status = weir_zone_open(plan->zone, &project->zone, error);
    if (status != WEIR_OK) return status;
    project->columns = calloc((size_t)plan->columns_count + 3, sizeof(*project->columns));
    return project->columns == NULL ? out_of_memory(error) : WEIR_OK;
}

void weir_project_fini(struct weir_project *project) {
    weir_arena_fini(&project->arena);
    weir_arena_fini(&project->expanded);
    free(project->columns);
    weir_zone_close(&project->zone);
    memset(project, 0, sizeof(*project));
}

/* Narrows *active to `bits` (and their validity) of rows rows; the result is in the arena. */
static enum weir_status narrow(struct weir_project *project, const uint64_t *bits, const uint64_t *validity,
                               int32_t rows, const uint64_t **active, struct weir_error *error) {
    size_t words = weir_bitmap_words((size_t)rows);
    uint64_t *kept = weir_arena_alloc(&project->arena, (words + 1) * sizeof(*kept));
    if (kept == NULL) return out_of_memory(error);
    weir_bitmap_narrow(kept, bits, validity, *active, (size_t)rows);
    *active = kept;
    return WEIR_OK;
}

static int64_t count_active(const uint64_t *active, int32_t rows) {
    return active == NULL ? rows : (int64_t)weir_bitmap_count(active, (size_t)rows);
}

/* The wall clock, where the plan looks at it. */
static int64_t now_ms(const struct weir_plan *plan) {
    if (!plan->processing_time) return INT64_MIN;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum weir_status keep_rows(struct weir_project *project, const struct weir_block *block,
                                  const uint64_t **active, struct weir_error *error) {
    const struct weir_plan *plan = project->plan;
    enum weir_status status = WEIR_OK;
    if (plan->window.kind != WEIR_WINDOW_NONE) {
        status = weir_block_time_take(plan, project->zone, block, now_ms(plan), INT64_MIN, NULL, &project->arena,
                                      &project->time, error);
        const uint64_t *valid = project->time.validity;
        if (status == WEIR_OK && valid != NULL) status = narrow(project, valid, NULL, block->rows, active, error);
        if (status != WEIR_OK) return status;
        int64_t nulls = block->rows - count_active(*active, block->rows);
        if (nulls > 0 && project->fail_on_null_time) {
            return weir_error_set(
                error, WEIR_ERR_VALUE,
                "a row has NULL in its time column '%s'; give it a time before it comes here, or let such "
                "rows be counted and left out (null_time)",
                plan->time_name);
        }
        project->counts.null_time += nulls;
    }
    if (status != WEIR_OK || plan->filter_program == NULL) return status;
    struct weir_vector keep;
    status = weir_program_eval(plan->filter_program, block, *active, &project->arena, &keep, error);
    if (status != WEIR_OK) return status;
    int64_t before = count_active(*active, block->rows);
    status = narrow(project, keep.bits, keep.validity, block->rows, active, error);
    project->counts.filtered += before - count_active(*active, block->rows);
    return status;
}

/* Rows with their windows, as many as fit a block. */
struct placed {
    uint32_t *rows;
    int64_t *windows;
    int32_t count;
};

/* Gives the rows their bounds and hands them on; a row stands once for each of its windows. */
static enum weir_status emit_placed(struct weir_project *project, const struct weir_block *block,
                                    struct placed *placed, struct weir_error *error) {
    const struct weir_plan *plan = project->plan;
    const struct weir_window *window = &project->window;
    struct weir_arena *arena = &project->expanded;
    int32_t count = placed->count;
    placed->count = 0;
    if (count == 0) return WEIR_OK;
    weir_arena_reset(arena);
    for (int32_t c = 0; c < plan->columns_count; c++) {
        if (!weir_expand_column(&block->columns[c], block->first, placed->rows, count, arena, &project->columns[c]))
            return out_of_memory(error);
    }
    int64_t *values = weir_arena_array(arena, (size_t)count * 3, sizeof(*values));
    if (values == NULL) return out_of_memory(error);
    int64_t *starts = values, *ends = values + count, *times = ends + count;
    for (int32_t i = 0; i < count; i++) {
        starts[i] = weir_window_start(window, placed->windows[i]);
        ends[i] = weir_window_end(window, placed->windows[i]);
        times[i] = weir_sub_saturate_i64(ends[i], 1);
    }
    for (int c = 0; c < 3; c++) {
        project->columns[plan->columns_count + c] = (struct weir_column){
            .values = values + (size_t)c * (size_t)count, .rows = count, .storage = WEIR_STORE_I64};
    }
    struct weir_block moved = {project->columns, plan->result_columns, 0, count};
    return weir_emit_block(project->emit, &moved, NULL, NULL, error);
}

/* Each row with all its windows, before the next row: so the order of the result, and what a LIMIT takes of it,
 * does not depend on where batches end. */
static enum weir_status windowed(struct weir_project *project, const struct weir_block *block,
                                 const uint64_t *active, struct weir_error *error) {
    const struct weir_window *window = &project->window;
    struct placed placed = {weir_arena_alloc(&project->arena, WEIR_BLOCK_ROWS * sizeof(uint32_t)),
                            weir_arena_alloc(&project->arena, WEIR_BLOCK_ROWS * sizeof(int64_t)), 0};
    if (placed.rows == NULL || placed.windows == NULL) return out_of_memory(error);
    const int64_t *ticks = project->time.placed;
    for (int32_t row = 0; row < block->rows; row++) {
        if (active != NULL && !weir_bit_get(active, (size_t)row)) continue;
        int64_t slice = weir_window_slice(window, ticks[row]);
        int64_t index = weir_window_first(window, slice), last = weir_window_last(window, slice);
        project->counts.unassigned += index > last;
        project->counts.aggregated += index <= last;
        for (; index <= last && !weir_emit_is_done(project->emit); index++) {
            placed.rows[placed.count] = (uint32_t)row;
            placed.windows[placed.count++] = index;
            if (placed.count < WEIR_BLOCK_ROWS) continue;
            enum weir_status status = emit_placed(project, block, &placed, error);
            if (status != WEIR_OK) return status;
        }
    }
    return emit_placed(project, block, &placed, error);
}

static enum weir_status work_block(struct weir_project *project, const struct weir_block *block,
                                   struct weir_error *error) {
    const uint64_t *active = NULL;
    weir_arena_reset(&project->arena);
    project->counts.rows_in += block->rows;
    enum weir_status status = keep_rows(project, block, &active, error);
    if (status != WEIR_OK) return status;
    int64_t count = count_active(active, block->rows);
    if (count == 0) return WEIR_OK;
    if (project->plan->window.kind != WEIR_WINDOW_NONE) return windowed(project, block, active, error);
    project->counts.aggregated += count;
    return weir_emit_block(project->emit, block, NULL, active, error);
}

enum weir_status weir_project_rows(struct weir_project *project, const struct weir_batch *batch, int64_t first,
                                   int64_t rows, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    for (int64_t at = first; at < first + rows && status == WEIR_OK; at += WEIR_BLOCK_ROWS) {
        int64_t count = first + rows - at < WEIR_BLOCK_ROWS ? first + rows - at : WEIR_BLOCK_ROWS;
        struct weir_block block = {batch->columns, project->plan->result_columns, at, (int32_t)count};
        status = work_block(project, &block, error);
    }
    return status;
}
