/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/project.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "engine/event_time.h"

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
    int64_t per_ms = plan->time_column < 0 ? 1 : weir_event_time_ticks_per_ms(&plan->columns[plan->time_column]);
    enum weir_status status = weir_window_init(&project->window, &plan->window, per_ms, error);
    if (status != WEIR_OK) return status;
    project->columns = calloc((size_t)plan->columns_count + 3, sizeof(*project->columns));
    return project->columns == NULL ? out_of_memory(error) : WEIR_OK;
}

void weir_project_fini(struct weir_project *project) {
    weir_arena_fini(&project->arena);
    free(project->columns);
    memset(project, 0, sizeof(*project));
}

/* Narrows *active to `bits` (and their validity) of rows rows; the result is in the arena. */
static enum weir_status narrow(struct weir_project *project, const uint64_t *bits, const uint64_t *validity,
                               int32_t rows, const uint64_t **active, struct weir_error *error) {
    size_t words = weir_bitmap_words((size_t)rows);
    uint64_t *kept = weir_arena_alloc(&project->arena, (words + 1) * sizeof(*kept));
    if (kept == NULL) return out_of_memory(error);
    for (size_t w = 0; w < words; w++) {
        kept[w] = bits[w];
        if (validity != NULL) kept[w] &= validity[w];
        if (*active != NULL) kept[w] &= (*active)[w];
    }
    *active = kept;
    return WEIR_OK;
}

static int64_t count_active(const uint64_t *active, int32_t rows) {
    return active == NULL ? rows : (int64_t)weir_bitmap_count(active, (size_t)rows);
}

static enum weir_status keep_rows(struct weir_project *project, const struct weir_block *block,
                                  const uint64_t **active, struct weir_error *error) {
    const struct weir_plan *plan = project->plan;
    enum weir_status status = WEIR_OK;
    if (plan->window.kind != WEIR_WINDOW_NONE) {
        const uint64_t *valid = block->columns[plan->time_column].validity;
        if (valid != NULL) status = narrow(project, valid + block->first / 64, NULL, block->rows, active, error);
        int64_t nulls = block->rows - count_active(*active, block->rows);
        if (nulls > 0 && project->fail_on_null_time) {
            return weir_error_set(error, WEIR_ERR_VALUE, "a row has NULL in its time column '%s'",
                                  plan->column_names[plan->time_column]);
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

/* One window of each active row, the one `step` after its first: its bounds into values (three runs of `rows`), and
 * a bit for each row that has one. */
static void place(struct weir_project *project, int32_t rows, const int64_t *ticks, int64_t step, int64_t *values,
                  const uint64_t *active, uint64_t *bits) {
    memset(bits, 0, weir_bitmap_words((size_t)rows) * sizeof(*bits));
    for (int32_t i = 0; i < rows; i++) {
        if (active != NULL && !weir_bit_get(active, (size_t)i)) continue;
        int64_t slice = weir_window_slice(&project->window, ticks[i]);
        int64_t window = weir_add_saturate_i64(weir_window_first(&project->window, slice), step);
        if (window > weir_window_last(&project->window, slice)) continue;
        weir_bit_set(bits, (size_t)i);
        values[i] = weir_window_start_ms(&project->window, window);
        values[rows + i] = weir_window_end_ms(&project->window, window);
        values[2 * rows + i] = weir_sub_saturate_i64(values[rows + i], 1);
    }
    for (int c = 0; c < 3; c++) {
        struct weir_column *column = &project->columns[project->plan->columns_count + c];
        *column = (struct weir_column){
            .values = values + (size_t)c * (size_t)rows, .rows = rows, .storage = WEIR_STORE_I64};
    }
}

/* Columns of the block, each moved to begin at its first row, so that bounds and input line up. */
static void line_up(struct weir_project *project, const struct weir_block *block) {
    for (int32_t c = 0; c < project->plan->columns_count; c++) {
        struct weir_column column = block->columns[c];
        size_t bytes = weir_storage_bytes(column.storage == WEIR_STORE_DICTIONARY ? column.codes : column.storage);
        size_t first = (size_t)block->first;
        if (column.validity != NULL) column.validity += first / 64;
        if (column.storage == WEIR_STORE_BOOL) column.values = (const uint64_t *)column.values + first / 64;
        if (column.storage == WEIR_STORE_UTF8) column.offsets = (const int32_t *)column.offsets + first;
        if (column.storage == WEIR_STORE_LARGE_UTF8) column.offsets = (const int64_t *)column.offsets + first;
        if (bytes > 0) column.values = (const char *)column.values + first * bytes;
        column.rows = block->rows;
        project->columns[c] = column;
    }
}

static enum weir_status windowed(struct weir_project *project, const struct weir_block *block,
                                 const uint64_t *active, struct weir_error *error) {
    const struct weir_plan *plan = project->plan;
    const struct weir_layout *layout = &plan->columns[plan->time_column];
    size_t rows = (size_t)block->rows;
    int64_t *scratch = weir_arena_array(&project->arena, rows * 4 + 1, sizeof(*scratch));
    uint64_t *placed = weir_arena_array(&project->arena, weir_bitmap_words(rows) + 1, sizeof(*placed));
    if (scratch == NULL || placed == NULL) return out_of_memory(error);
    const int64_t *ticks =
        weir_event_time_ticks(layout, &block->columns[plan->time_column], block->first, block->rows, scratch);
    line_up(project, block);
    struct weir_block moved = {project->columns, plan->result_columns, 0, block->rows};
    int64_t wanted = count_active(active, block->rows);
    for (int64_t step = 0;; step++) {
        place(project, block->rows, ticks, step, scratch + rows, active, placed);
        int64_t count = count_active(placed, block->rows);
        if (step == 0) {
            project->counts.aggregated += count;
            project->counts.unassigned += wanted - count;
        }
        if (count == 0) return WEIR_OK;
        enum weir_status status = weir_emit_block(project->emit, &moved, NULL, placed, error);
        if (status != WEIR_OK) return status;
    }
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
