/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ingest.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/hash.h"
#include "engine/event_time.h"
#include "engine/lateness.h"
#include "simd/kernels.h"

struct weir_slot {
    int64_t index;
    int64_t first;
    struct weir_slice *slice;
    int32_t from; /* in ordered */
    int32_t count;
};

#define SLOTS_MAX WEIR_BLOCK_ROWS

/* One block at work. */
struct block {
    struct weir_block rows;
    const int64_t *ticks;
    int64_t min, max;       /* of valid times */
    const uint64_t *active; /* rows that count so far; NULL: all */
    int32_t active_count;
    bool missed;              /* some row has missed a window: see closed */
    const uint32_t *selected; /* rows that count; NULL: all */
    int32_t selected_count;
};

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while working on a batch");
}

enum weir_status weir_ingest_init(struct weir_ingest *ingest, const struct weir_plan *plan,
                                  const struct weir_accumulator *accumulator, bool fail_on_null_time,
                                  struct weir_error *error) {
    memset(ingest, 0, sizeof(*ingest));
    ingest->plan = plan;
    ingest->accumulator = accumulator;
    ingest->fail_on_null_time = fail_on_null_time;
    int64_t per_ms = plan->time_column < 0 ? 1 : weir_event_time_ticks_per_ms(&plan->columns[plan->time_column]);
    enum weir_status status = weir_window_init(&ingest->window, &plan->window, per_ms, error);
    if (status != WEIR_OK) return status;
    weir_slice_store_init(&ingest->store, accumulator);
    weir_arena_init(&ingest->arena, 1 << 20);
    struct weir_type *types = calloc((size_t)plan->keys_count + 1, sizeof(*types));
    if (types == NULL) return out_of_memory(error);
    for (int32_t i = 0; i < plan->keys_count; i++) types[i] = plan->keys[i]->type;
    ingest->keys = weir_key_table_create(types, plan->keys_count, weir_hash_seed());
    free(types);
    ingest->inputs = calloc((size_t)plan->keys_count + 1, sizeof(*ingest->inputs));
    ingest->args = calloc((size_t)accumulator->args_count + 1, sizeof(*ingest->args));
    ingest->selected = malloc(WEIR_BLOCK_ROWS * sizeof(*ingest->selected));
    ingest->ordered = malloc(WEIR_BLOCK_ROWS * sizeof(*ingest->ordered));
    ingest->slot_of = malloc(WEIR_BLOCK_ROWS * sizeof(*ingest->slot_of));
    ingest->slots = malloc(SLOTS_MAX * sizeof(*ingest->slots));
    ingest->ids = malloc(WEIR_BLOCK_ROWS * sizeof(*ingest->ids));
    ingest->closed = malloc(WEIR_BLOCK_ROWS * sizeof(*ingest->closed));
    ingest->seconds = malloc(WEIR_BLOCK_ROWS * sizeof(*ingest->seconds));
    if (ingest->keys == NULL || ingest->inputs == NULL || ingest->args == NULL || ingest->selected == NULL ||
        ingest->ordered == NULL || ingest->slot_of == NULL || ingest->slots == NULL || ingest->ids == NULL ||
        ingest->closed == NULL || ingest->seconds == NULL) {
        return out_of_memory(error);
    }
    return WEIR_OK;
}

void weir_ingest_fini(struct weir_ingest *ingest) {
    weir_key_table_destroy(&ingest->keys);
    weir_slice_store_fini(&ingest->store);
    weir_arena_fini(&ingest->arena);
    free(ingest->inputs);
    free(ingest->args);
    free(ingest->selected);
    free(ingest->ordered);
    free(ingest->slot_of);
    free(ingest->slots);
    free(ingest->ids);
    free(ingest->closed);
    free(ingest->seconds);
    memset(ingest, 0, sizeof(*ingest));
}

size_t weir_ingest_bytes(const struct weir_ingest *ingest) {
    return weir_key_table_bytes(ingest->keys) + weir_slice_store_bytes(&ingest->store);
}

/* ---- time ---- */

static const uint64_t *time_validity(const struct weir_ingest *ingest, const struct block *block) {
    const struct weir_column *column = &block->rows.columns[ingest->plan->time_column];
    return column->validity == NULL ? NULL : column->validity + block->rows.first / 64;
}

/* Drops rows without a time. */
static enum weir_status take_times(struct weir_ingest *ingest, struct block *block, struct weir_error *error) {
    const struct weir_plan *plan = ingest->plan;
    const struct weir_layout *layout = &plan->columns[plan->time_column];
    const struct weir_column *column = &block->rows.columns[plan->time_column];
    int32_t rows = block->rows.rows;
    block->ticks = weir_event_time_ticks(layout, column, block->rows.first, rows, ingest->seconds);
    weir_event_time_bounds(layout, column, block->rows.first, rows, &block->min, &block->max);
    const uint64_t *validity = time_validity(ingest, block);
    if (validity == NULL) return WEIR_OK;
    int32_t valid = (int32_t)weir_bitmap_count(validity, (size_t)rows);
    if (valid == rows) return WEIR_OK;
    if (ingest->fail_on_null_time) {
        return weir_error_set(
            error, WEIR_ERR_VALUE,
            "a row has NULL in its time column '%s'; give it a time before it comes here, or let such "
            "rows be counted and left out (null_time)",
            plan->column_names[plan->time_column]);
    }
    ingest->counts.null_time += rows - valid;
    block->active = validity;
    block->active_count = valid;
    return WEIR_OK;
}

/* Evaluates the watermark expression; its values are in ms. */
static enum weir_status claims_of(const struct weir_plan *plan, const struct weir_block *rows,
                                  struct weir_arena *arena, struct weir_vector *claims, struct weir_error *error) {
    return weir_program_eval(plan->watermark_program, rows, NULL, arena, claims, error);
}

static enum weir_status judge(struct weir_ingest *ingest, struct block *block, struct weir_clock *clock,
                              struct weir_error *error) {
    const struct weir_plan *plan = ingest->plan;
    struct weir_lateness lateness = {.spec = &plan->watermark,
                                     .window = &ingest->window,
                                     .ticks = block->ticks,
                                     .validity = time_validity(ingest, block),
                                     .rows = block->rows.rows};
    if (plan->watermark.kind == WEIR_WATERMARK_NONE && clock->combined == INT64_MIN) return WEIR_OK;
    if (plan->watermark.kind == WEIR_WATERMARK_EXPRESSION) {
        struct weir_vector claims;
        enum weir_status status = claims_of(plan, &block->rows, &ingest->arena, &claims, error);
        if (status != WEIR_OK) return status;
        lateness.claims = claims.i64;
        lateness.claims_validity = claims.validity;
    }
    block->missed = weir_lateness_judge(&lateness, block->min, block->max, clock, ingest->closed);
    return WEIR_OK;
}

/* ---- filter ---- */

/* Rows that stay: those that counted and for which the predicate is TRUE. */
static enum weir_status filter(struct weir_ingest *ingest, struct block *block, struct weir_error *error) {
    if (ingest->plan->filter_program == NULL) return WEIR_OK;
    struct weir_vector keep;
    enum weir_status status =
        weir_program_eval(ingest->plan->filter_program, &block->rows, block->active, &ingest->arena, &keep, error);
    if (status != WEIR_OK) return status;
    size_t words = weir_bitmap_words((size_t)block->rows.rows);
    uint64_t *bits = weir_arena_alloc(&ingest->arena, (words + 1) * sizeof(*bits));
    if (bits == NULL) return out_of_memory(error);
    weir_bitmap_narrow(bits, keep.bits, keep.validity, block->active, (size_t)block->rows.rows);
    int32_t kept = (int32_t)weir_bitmap_count(bits, (size_t)block->rows.rows);
    ingest->counts.filtered += block->active_count - kept;
    if (kept < block->rows.rows) block->active = bits;
    block->active_count = kept;
    return WEIR_OK;
}

static void select_rows(struct weir_ingest *ingest, struct block *block) {
    block->selected_count = block->active_count;
    if (block->active == NULL) return;
    weir_simd->bits_to_indices(block->active, (size_t)block->rows.rows, ingest->selected);
    block->selected = ingest->selected;
}

/* ---- slices ---- */

static struct weir_slot *slot_for(struct weir_ingest *ingest, int64_t index, int64_t first) {
    for (int32_t i = ingest->slots_count - 1; i >= 0 && i >= ingest->slots_count - 8; i--) {
        if (ingest->slots[i].index == index && ingest->slots[i].first == first) return &ingest->slots[i];
    }
    struct weir_slice *slice = weir_slice_store_open(&ingest->store, index, first);
    if (slice == NULL) return NULL;
    /* A slot may stand twice for one slice when rows jump among many: both add to it. */
    struct weir_slot *slot = &ingest->slots[ingest->slots_count++];
    *slot = (struct weir_slot){.index = index, .first = first, .slice = slice};
    return slot;
}

/* Where a row goes that may have missed windows; false: nowhere (it is counted). */
static bool place_missed(struct weir_ingest *ingest, int64_t closed, int64_t *index, int64_t *first) {
    int64_t last = weir_window_last(&ingest->window, *index);
    if (*first > last) {
        ingest->counts.unassigned++;
        return false;
    }
    if (closed == INT64_MIN) return true; /* none is closed, be its number never so low */
    if (last <= closed) {
        ingest->counts.late++;
        return false;
    }
    if (*first > closed) return true;
    *first = closed + 1;
    /* Cumulate windows share their start: what counts from a later step on belongs to that step's slice. */
    if (ingest->window.kind == WEIR_WINDOW_CUMULATE) *index = *first;
    return true;
}

/* Gives every selected row a slot and keeps those that have one. Times in order cost two comparisons a row. */
static bool place_rows(struct weir_ingest *ingest, struct block *block) {
    const struct weir_window *window = &ingest->window;
    int64_t from = 0, until = 0; /* ticks of the slice at hand; from > until - 1 at first */
    int64_t index = 0, natural = 0;
    struct weir_slot *slot = NULL;
    int32_t kept = 0;
    for (int32_t i = 0; i < block->selected_count; i++) {
        uint32_t row = block->selected == NULL ? (uint32_t)i : block->selected[i];
        int64_t ticks = block->ticks[row];
        bool same = slot != NULL && ticks >= from && ticks < until;
        if (!same || block->missed) {
            index = weir_window_slice(window, ticks);
            natural = weir_window_first(window, index);
            int64_t closed = block->missed ? ingest->closed[row] : INT64_MIN;
            int64_t target = index, first = natural;
            if (!place_missed(ingest, closed, &target, &first)) {
                slot = NULL;
                continue;
            }
            slot = slot_for(ingest, target, first);
            if (slot == NULL) return false;
            from = weir_window_slice_start(window, index);
            until = weir_window_slice_start(window, weir_add_saturate_i64(index, 1));
        }
        slot->count++;
        ingest->slot_of[kept] = (uint16_t)(slot - ingest->slots);
        ingest->selected[kept++] = row;
    }
    block->selected = ingest->selected;
    block->selected_count = kept;
    return true;
}

/* Rows by slot, keeping their order within each. */
static void order_by_slot(struct weir_ingest *ingest, struct block *block) {
    int32_t from = 0;
    for (int32_t s = 0; s < ingest->slots_count; s++) {
        ingest->slots[s].from = from;
        from += ingest->slots[s].count;
        ingest->slots[s].count = 0;
    }
    if (ingest->slots_count == 1) {
        ingest->slots[0].count = from;
        return;
    }
    for (int32_t i = 0; i < block->selected_count; i++) {
        struct weir_slot *slot = &ingest->slots[ingest->slot_of[i]];
        ingest->ordered[slot->from + slot->count++] = ingest->selected[i];
    }
    block->selected = ingest->ordered;
}

static bool assign_slices(struct weir_ingest *ingest, struct block *block) {
    ingest->slots_count = 0;
    bool windowed = ingest->window.kind != WEIR_WINDOW_NONE;
    int64_t index = windowed ? weir_window_slice(&ingest->window, block->min) : 0;
    if (!block->missed && (!windowed || index == weir_window_slice(&ingest->window, block->max))) {
        int64_t first = weir_window_first(&ingest->window, index);
        if (first > weir_window_last(&ingest->window, index)) {
            ingest->counts.unassigned += block->selected_count;
            block->selected_count = 0;
            return true;
        }
        struct weir_slot *slot = slot_for(ingest, index, first);
        if (slot == NULL) return false;
        slot->count = block->selected_count;
        slot->from = 0;
        return true;
    }
    if (!place_rows(ingest, block)) return false;
    order_by_slot(ingest, block);
    return true;
}

/* ---- keys and sums ---- */

static bool is_dictionary_key(const struct weir_plan *plan, int32_t key) {
    const struct weir_expr *expr = plan->keys[key];
    return expr->op == WEIR_EXPR_COLUMN && plan->columns[expr->index].storage == WEIR_STORE_DICTIONARY;
}

static enum weir_status map_keys(struct weir_ingest *ingest, const struct block *block, struct weir_error *error) {
    const struct weir_plan *plan = ingest->plan;
    if (plan->keys_count == 0) return WEIR_OK; /* one group: no ids are needed */
    for (int32_t i = 0; i < plan->keys_count; i++) {
        struct weir_key_input *input = &ingest->inputs[i];
        *input = (struct weir_key_input){.first = block->rows.first};
        if (is_dictionary_key(plan, i)) {
            input->column = &block->rows.columns[plan->keys[i]->index];
            continue;
        }
        enum weir_status status = weir_program_eval(plan->key_programs[i], &block->rows, block->active,
                                                    &ingest->arena, &input->vector, error);
        if (status != WEIR_OK) return status;
    }
    return weir_key_table_map(ingest->keys, ingest->inputs, block->selected, block->selected_count, ingest->ids,
                              error);
}

static enum weir_status add_up(struct weir_ingest *ingest, const struct block *block, struct weir_error *error) {
    for (int32_t i = 0; i < ingest->accumulator->args_count; i++) {
        enum weir_status status = weir_program_eval(ingest->accumulator->args[i], &block->rows, block->active,
                                                    &ingest->arena, &ingest->args[i], error);
        if (status != WEIR_OK) return status;
    }
    uint32_t keys = weir_key_table_count(ingest->keys);
    bool one = ingest->plan->keys_count == 0;
    for (int32_t s = 0; s < ingest->slots_count; s++) {
        const struct weir_slot *slot = &ingest->slots[s];
        if (slot->count == 0) continue;
        if (!weir_slice_reserve(&ingest->store, slot->slice, keys)) return out_of_memory(error);
        const uint32_t *rows = block->selected == NULL ? NULL : block->selected + slot->from;
        enum weir_status status = weir_accumulator_add(ingest->accumulator, slot->slice->rows, keys,
                                                       one ? NULL : ingest->ids + slot->from, rows, slot->count,
                                                       ingest->args, &slot->slice->heap, error);
        if (status != WEIR_OK) return status;
    }
    ingest->counts.aggregated += block->selected_count;
    return WEIR_OK;
}

static enum weir_status work_block(struct weir_ingest *ingest, struct block *block, struct weir_clock *clock,
                                   struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    ingest->counts.rows_in += block->rows.rows;
    block->active_count = block->rows.rows;
    if (ingest->window.kind != WEIR_WINDOW_NONE) {
        status = take_times(ingest, block, error);
        if (status == WEIR_OK) status = judge(ingest, block, clock, error);
    }
    if (status == WEIR_OK) status = filter(ingest, block, error);
    if (status != WEIR_OK || block->active_count == 0) return status;
    select_rows(ingest, block);
    if (!assign_slices(ingest, block)) return out_of_memory(error);
    if (block->selected_count == 0) return WEIR_OK;
    status = map_keys(ingest, block, error);
    return status == WEIR_OK ? add_up(ingest, block, error) : status;
}

static enum weir_status bind_dictionaries(struct weir_ingest *ingest, const struct weir_batch *batch,
                                          struct weir_error *error) {
    for (int32_t i = 0; i < ingest->plan->keys_count; i++) {
        if (!is_dictionary_key(ingest->plan, i)) continue;
        const struct weir_column *column = &batch->columns[ingest->plan->keys[i]->index];
        enum weir_status status = weir_key_table_bind(ingest->keys, i, column, error);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

enum weir_status weir_ingest_rows(struct weir_ingest *ingest, const struct weir_ingest_range *range,
                                  struct weir_error *error) {
    enum weir_status status = bind_dictionaries(ingest, range->batch, error);
    struct weir_clock clock = range->clock;
    int64_t end = range->first + range->rows;
    for (int64_t at = range->first; at < end && status == WEIR_OK; at += WEIR_BLOCK_ROWS) {
        int64_t rows = end - at < WEIR_BLOCK_ROWS ? end - at : WEIR_BLOCK_ROWS;
        struct block block = {.rows = {.columns = range->batch->columns,
                                       .layouts = ingest->plan->columns,
                                       .first = at,
                                       .rows = (int32_t)rows}};
        weir_arena_reset(&ingest->arena);
        status = work_block(ingest, &block, &clock, error);
    }
    return status;
}

enum weir_status weir_ingest_claim(const struct weir_plan *plan, const struct weir_batch *batch, int64_t first,
                                   int64_t rows, struct weir_arena *arena, int64_t *claim,
                                   struct weir_error *error) {
    *claim = INT64_MIN;
    if (plan->watermark.kind == WEIR_WATERMARK_DELAY) {
        const struct weir_layout *layout = &plan->columns[plan->time_column];
        int64_t min, max;
        weir_event_time_bounds(layout, &batch->columns[plan->time_column], first, rows, &min, &max);
        if (min > max) return WEIR_OK;
        int64_t ms = weir_floordiv_i64(max, weir_event_time_ticks_per_ms(layout));
        *claim = weir_watermark_claim(&plan->watermark, ms);
    }
    if (plan->watermark.kind != WEIR_WATERMARK_EXPRESSION) return WEIR_OK;
    for (int64_t at = first; at < first + rows; at += WEIR_BLOCK_ROWS) {
        int64_t count = first + rows - at < WEIR_BLOCK_ROWS ? first + rows - at : WEIR_BLOCK_ROWS;
        struct weir_block block = {batch->columns, plan->columns, at, (int32_t)count};
        struct weir_vector values;
        weir_arena_reset(arena);
        enum weir_status status = claims_of(plan, &block, arena, &values, error);
        if (status != WEIR_OK) return status;
        for (int64_t i = 0; i < count; i++) {
            if (values.validity != NULL && !weir_bit_get(values.validity, (size_t)i)) continue;
            int64_t value = weir_watermark_claim_value(&plan->watermark, values.i64[i]);
            if (value > *claim) *claim = value;
        }
    }
    return WEIR_OK;
}
