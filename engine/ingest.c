/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ingest.h"

#include "base/bits.h"
#include "base/checked.h"
#include "base/error.h"
#include "engine/accumulator_lanes.h"
#include "engine/accumulator_runs.h"
#include "engine/handover.h"
#include "engine/ingest_direct.h"
#include "engine/ingest_parts.h"
#include "simd/kernels.h"

/* One block at work. */
struct block {
    struct weir_block rows;
    struct weir_block_time time;
    const uint64_t *active; /* rows that count so far; NULL: all */
    int32_t active_count;
    const int64_t
        *closed; /* slices: see weir_placed; a machine: W before each row; NULL: none missed, none moved */
    int64_t before, after;    /* a machine's W before the block and after it */
    const uint32_t *selected; /* rows that count; NULL: all */
    int32_t selected_count;
    uint64_t *aside;         /* bitmap of rows for the side output; NULL: there is none */
    const uint64_t *late;    /* bitmap of rows, the late ones among them; NULL: none can be late */
    struct weir_clock clock; /* W before the block */
    int64_t left;            /* rows of the range, from the block's first on */
    int64_t greatest;        /* time, as far as it is known */
};

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while working on a batch");
}

/* Rows that every owner sees are counted by the first. */
static bool counts_all(const struct weir_ingest *ingest) {
    return ingest->exchange.owners <= 1 || ingest->exchange.owner == 0;
}

/* ---- time ---- */

/* Drops rows without a time. */
static enum weir_status drop_null_times(struct weir_ingest *ingest, struct block *block, struct weir_error *error) {
    const uint64_t *validity = block->time.validity;
    int32_t rows = block->rows.rows;
    if (validity == NULL) return WEIR_OK;
    int32_t valid = (int32_t)weir_bitmap_count(validity, (size_t)rows);
    if (valid == rows) return WEIR_OK;
    if (ingest->setup.fail_on_null_time) {
        return weir_error_set(
            error, WEIR_ERR_VALUE,
            "a row has NULL in its time column '%s'; give it a time before it comes here, or let such "
            "rows be counted and left out (null_time)",
            ingest->plan->time_name);
    }
    if (counts_all(ingest)) ingest->counts.null_time += rows - valid;
    block->active = validity;
    block->active_count = valid;
    return WEIR_OK;
}

/* Rows ahead of the wall clock by more than the guard allows: counted, and dropped or put aside by policy. */
static enum weir_status guard_future(struct weir_ingest *ingest, struct block *block, struct weir_error *error) {
    if (!block->time.guarded) return WEIR_OK;
    size_t words = weir_bitmap_words((size_t)block->rows.rows);
    uint64_t *kept = weir_arena_array(&ingest->arena, words + 1, sizeof(*kept));
    if (kept == NULL) return out_of_memory(error);
    enum weir_row_policy policy = ingest->plan->watermark.future;
    int32_t ahead = 0;
    for (int32_t i = 0; i < block->rows.rows; i++) {
        if (block->active != NULL && !weir_bit_get(block->active, (size_t)i)) continue;
        if (block->time.ticks[i] <= block->time.future_from) {
            weir_bit_set(kept, (size_t)i);
            continue;
        }
        ahead++;
        if (policy == WEIR_ROWS_SIDE && counts_all(ingest)) weir_bit_set(block->aside, (size_t)i);
    }
    if (counts_all(ingest)) ingest->counts.future += ahead;
    if (policy == WEIR_ROWS_KEEP) return WEIR_OK;
    if (counts_all(ingest)) ingest->counts.future_dropped += ahead;
    block->active = kept;
    block->active_count -= ahead;
    return WEIR_OK;
}

/* How W stands at each row. */
static void judge(struct weir_ingest *ingest, struct block *block, struct weir_clock *clock) {
    const struct weir_plan *plan = ingest->plan;
    const struct weir_zone *zone = ingest->setup.zone;
    struct weir_block_time *time = &block->time;
    block->before = block->after = weir_lateness_local(zone, weir_plan_units_per_ms(plan), clock->combined);
    block->clock = *clock;
    if (plan->watermark.kind == WEIR_WATERMARK_NONE && clock->combined == INT64_MIN) return;
    struct weir_lateness lateness = weir_block_time_lateness(plan, zone, &ingest->window, time, block->rows.rows);
    bool needed =
        ingest->machine == NULL
            ? weir_lateness_judge(&lateness, time->min, time->max, clock, ingest->closed)
            : weir_lateness_watermarks(&lateness, time->min, time->max, clock, ingest->closed, &block->after);
    if (needed) block->closed = ingest->closed;
}

/* Where what is known of the times says all that they would. */
static enum weir_status place_unread(struct weir_ingest *ingest, struct block *block,
                                     const struct weir_known_time *known, struct weir_error *error) {
    if (counts_all(ingest)) ingest->counts.unread_times += block->rows.rows;
    return weir_known_time_of_block(known, ingest->plan, &block->rows, &ingest->arena, &block->time,
                                    &block->greatest, error);
}

static enum weir_status place_in_time(struct weir_ingest *ingest, struct block *block,
                                      const struct weir_ingest_range *range, struct weir_clock *clock,
                                      struct weir_error *error) {
    const struct weir_admission *admission = &range->admission;
    if (range->known.one_slice) return place_unread(ingest, block, &range->known, error);
    enum weir_status status =
        weir_block_time_take(ingest->plan, ingest->setup.zone, &block->rows, admission->now, admission->reference,
                             &ingest->ahead, &ingest->arena, &block->time, error);
    block->greatest = block->time.max;
    if (status == WEIR_OK)
        status = weir_known_time_check(&range->known, ingest->plan, &block->rows, &block->time, error);
    if (status == WEIR_OK) status = drop_null_times(ingest, block, error);
    if (status == WEIR_OK) status = guard_future(ingest, block, error);
    if (status == WEIR_OK) judge(ingest, block, clock);
    return status;
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
    if (counts_all(ingest)) ingest->counts.filtered += block->active_count - kept;
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

/* ---- keys ---- */

/* The dictionary of a key, of its column or of its program; NULL: it has none. */
static const struct weir_column *dictionary_of(const struct weir_plan *plan, int32_t key,
                                               const struct weir_column *columns) {
    int32_t column = weir_plan_key_column(plan, key);
    return column >= 0 ? &columns[column] : weir_program_dictionary(plan->key_programs[key]);
}

static enum weir_status evaluate_codes(struct weir_ingest *ingest, const struct block *block, int32_t key,
                                       struct weir_key_input *input, struct weir_error *error) {
    struct weir_column *codes = weir_arena_alloc(&ingest->arena, sizeof(*codes));
    if (codes == NULL) return out_of_memory(error);
    input->column = codes;
    input->first = 0;
    return weir_program_eval_codes(ingest->plan->key_programs[key], &block->rows, block->active, &ingest->arena,
                                   codes, error);
}

static enum weir_status evaluate_keys(struct weir_ingest *ingest, const struct block *block,
                                      struct weir_error *error) {
    const struct weir_plan *plan = ingest->plan;
    for (int32_t i = 0; i < plan->keys_count; i++) {
        struct weir_key_input *input = &ingest->inputs[i];
        *input = (struct weir_key_input){.first = block->rows.first};
        input->column = dictionary_of(plan, i, block->rows.columns);
        if (input->column != NULL && ingest->exchange.owners > 1)
            input->hashes = weir_key_table_hashes(ingest->keys, i);
        enum weir_status status = WEIR_OK;
        if (input->column == NULL) {
            status = weir_program_eval(plan->key_programs[i], &block->rows, block->active, &ingest->arena,
                                       &input->vector, error);
        } else if (weir_plan_key_column(plan, i) < 0) {
            status = evaluate_codes(ingest, block, i, input, error);
        }
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

/* Keeps the rows of keys that are this worker's. Without keys there is one group, which the first owner has. */
static void keep_own(struct weir_ingest *ingest, struct block *block) {
    if (ingest->exchange.owners <= 1) return;
    if (ingest->plan->keys_count == 0) {
        if (ingest->exchange.owner != 0) block->selected_count = 0;
        return;
    }
    block->selected_count = weir_exchange_own(&ingest->exchange, ingest->inputs, block->selected,
                                              block->selected_count, ingest->selected, ingest->hashes);
    block->selected = ingest->selected;
}

static enum weir_status map_keys(struct weir_ingest *ingest, const struct block *block, struct weir_error *error) {
    if (ingest->plan->keys_count == 0) return WEIR_OK; /* one group: no ids are needed */
    enum weir_status status = weir_key_table_map(ingest->keys, ingest->inputs, block->selected,
                                                 block->selected_count, ingest->ids, error);
    switch (weir_key_table_way(ingest->keys)) {
    case WEIR_KEY_WAY_CELLS: ingest->ways.cell_rows += block->selected_count; break;
    case WEIR_KEY_WAY_PACKED: ingest->ways.packed_rows += block->selected_count; break;
    case WEIR_KEY_WAY_MIXED: ingest->ways.mixed_rows += block->selected_count; break;
    case WEIR_KEY_WAY_OTHER: break;
    }
    return status;
}

static enum weir_status evaluate_args(struct weir_ingest *ingest, const struct block *block,
                                      struct weir_error *error) {
    for (int32_t i = 0; i < ingest->accumulator->args_count; i++) {
        enum weir_status status = weir_program_eval(ingest->accumulator->args[i], &block->rows, block->active,
                                                    &ingest->arena, &ingest->args[i], error);
        if (status == WEIR_OK)
            status = weir_accumulator_check_arg(ingest->accumulator, ingest->plan, i, block->selected,
                                                block->selected_count, &ingest->args[i], error);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

/* ---- slices ---- */

/* Where the whole block is one slice's and has few keys. */
static bool add_to_lanes(struct weir_ingest *ingest, const struct block *block, const uint32_t *ids,
                         size_t skipped_bytes, uint32_t keys) {
    const struct weir_slot *slot = &ingest->place.slots[0];
    if (ingest->lanes == NULL || ids == NULL || block->selected != NULL || slot->count != block->rows.rows)
        return false;
    if (weir_runs_look_alike(ids, slot->count)) return false;
    const struct weir_lanes_block rows = {.rows = &slot->slice->rows,
                                          .skipped = skipped_bytes,
                                          .keys = keys,
                                          .ids = ids,
                                          .count = slot->count,
                                          .left = block->left,
                                          .args = ingest->args,
                                          .ahead = &ingest->ahead};
    return weir_lanes_add(ingest->lanes, &rows);
}

/* ids: of the accumulator rows behind the first `skipped`; NULL: there is one. */
static enum weir_status add_up(struct weir_ingest *ingest, const struct block *block, const uint32_t *ids,
                               uint32_t skipped, struct weir_error *error) {
    uint32_t keys = weir_key_table_count(ingest->keys);
    size_t skipped_bytes = skipped * ingest->accumulator->stride;
    for (int32_t s = 0; s < ingest->place.slots_count; s++) {
        const struct weir_slot *slot = &ingest->place.slots[s];
        if (slot->count == 0) continue;
        if (!weir_slice_reserve(&ingest->store, slot->slice, keys)) return out_of_memory(error);
        if (add_to_lanes(ingest, block, ids, skipped_bytes, keys - skipped)) {
            ingest->ways.held_rows += slot->count;
            continue;
        }
        weir_lanes_put_back(ingest->lanes);
        const uint32_t *rows = block->selected == NULL ? NULL : block->selected + slot->from;
        enum weir_status status =
            weir_accumulator_add_ahead(ingest->accumulator, slot->slice->rows + skipped_bytes, keys - skipped,
                                       ids == NULL ? NULL : ids + slot->from, rows, slot->count, ingest->args,
                                       &ingest->ahead, &slot->slice->heap, error);
        if (status != WEIR_OK) return status;
    }
    ingest->counts.aggregated += block->selected_count;
    return WEIR_OK;
}

static enum weir_status into_slices(struct weir_ingest *ingest, struct block *block, struct weir_error *error) {
    uint64_t *late = ingest->plan->emission.late == WEIR_ROWS_SIDE ? block->aside : NULL;
    if (late == NULL && block->closed != NULL)
        late = weir_arena_array(&ingest->arena, weir_bitmap_words((size_t)block->rows.rows) + 1, sizeof(*late));
    if (late == NULL && block->closed != NULL) return out_of_memory(error);
    block->late = late;
    struct weir_placed placed = {block->selected, block->selected_count, block->closed, late};
    enum weir_status status = weir_place_rows(&ingest->place, &block->time, &placed, error);
    block->selected = placed.rows;
    block->selected_count = placed.count;
    /* Of late rows, too: whether one of them is an error must not depend on the rows beside it. */
    if (status == WEIR_OK) status = evaluate_args(ingest, block, error);
    if (status != WEIR_OK || placed.count == 0) return status;
    if (ingest->handover != NULL) return weir_handover_rows(ingest->handover, &placed);
    if (ingest->waiting.parts > 0) return weir_ingest_part(ingest, placed.rows, placed.count, error);
    bool is_direct = ingest->store.is_direct;
    const uint32_t *codes = is_direct ? NULL : weir_key_table_codes(ingest->keys, ingest->inputs, block->selected);
    if (codes != NULL) {
        ingest->ways.code_rows += placed.count;
        return add_up(ingest, block, codes, 1, error);
    }
    if (!is_direct || !weir_key_table_has_words(ingest->keys)) status = map_keys(ingest, block, error);
    if (status != WEIR_OK) return status;
    if (is_direct) return weir_ingest_add_direct(ingest, placed.rows, placed.count, error);
    return add_up(ingest, block, ingest->plan->keys_count == 0 ? NULL : ingest->ids, 0, error);
}

/* ---- a per-key machine ---- */

/* Times in units; the ticks themselves where they are that. */
static const int64_t *times_in_units(struct weir_ingest *ingest, const struct block *block) {
    int64_t per_unit = ingest->window.ticks_per_unit;
    if (per_unit == 1) return block->time.placed;
    int64_t *units = weir_arena_alloc(&ingest->arena, ((size_t)block->rows.rows + 1) * sizeof(*units));
    for (int32_t i = 0; units != NULL && i < block->rows.rows; i++) {
        units[i] = weir_floordiv_i64(block->time.placed[i], per_unit);
    }
    return units;
}

/* Every owner's machine sees every move of W, also where no row is its own. */
static enum weir_status into_machine(struct weir_ingest *ingest, struct block *block, int64_t wall,
                                     int64_t sequence, struct weir_error *error) {
    enum weir_status status = map_keys(ingest, block, error);
    if (status == WEIR_OK && block->selected_count > 0) status = evaluate_args(ingest, block, error);
    if (status != WEIR_OK) return status;
    uint64_t *late = ingest->plan->emission.late == WEIR_ROWS_SIDE ? block->aside : NULL;
    if (late == NULL) {
        late = weir_arena_array(&ingest->arena, weir_bitmap_words((size_t)block->rows.rows) + 1, sizeof(*late));
    }
    struct weir_machine_block rows = {.count = block->selected_count,
                                      .rows = block->selected,
                                      .ids = ingest->plan->keys_count == 0 ? NULL : ingest->ids,
                                      .times = times_in_units(ingest, block),
                                      .watermarks = block->closed,
                                      .before = block->before,
                                      .after = block->after,
                                      .wall = wall,
                                      .sequence = sequence,
                                      .block_rows = block->rows.rows,
                                      .args = ingest->args,
                                      .keys = weir_key_table_count(ingest->keys),
                                      .late = late};
    if (late == NULL || rows.times == NULL) return out_of_memory(error);
    block->late = late;
    status = ingest->machine->kind->rows(ingest->machine, &rows, error);
    if (status != WEIR_OK) return status;
    ingest->counts.late += rows.late_count;
    ingest->counts.unassigned += rows.unassigned_count;
    ingest->counts.folded += rows.folded_count;
    ingest->counts.aggregated += rows.count - rows.late_count - rows.unassigned_count;
    return WEIR_OK;
}

/* ---- blocks ---- */

/* Some rows of the block were late. */
static bool mark_late(struct weir_ingest *ingest, const struct block *block) {
    struct weir_late_block late = {ingest->plan,     ingest->setup.zone, &ingest->window, &block->time,
                                   block->rows.rows, block->late,        block->clock};
    return weir_late_mark_block(&ingest->late_mark, &late, &ingest->arena);
}

static enum weir_status prepare(struct weir_ingest *ingest, struct block *block,
                                const struct weir_ingest_range *range, struct weir_clock *clock,
                                struct weir_error *error) {
    if (counts_all(ingest)) ingest->counts.rows_in += block->rows.rows;
    block->active_count = block->rows.rows;
    enum weir_status status = WEIR_OK;
    if (ingest->side.plan != NULL) {
        block->aside =
            weir_arena_array(&ingest->arena, weir_bitmap_words((size_t)block->rows.rows) + 1, sizeof(uint64_t));
        if (block->aside == NULL) return out_of_memory(error);
    }
    if (ingest->window.kind != WEIR_WINDOW_NONE) status = place_in_time(ingest, block, range, clock, error);
    if (status == WEIR_OK) status = filter(ingest, block, error);
    if (status != WEIR_OK) return status;
    select_rows(ingest, block);
    status = evaluate_keys(ingest, block, error);
    if (status == WEIR_OK) keep_own(ingest, block);
    return status;
}

static enum weir_status work_block(struct weir_ingest *ingest, struct block *block,
                                   const struct weir_ingest_range *range, struct weir_clock *clock,
                                   struct weir_error *error) {
    enum weir_status status = prepare(ingest, block, range, clock, error);
    int64_t late_before = ingest->counts.late;
    if (status != WEIR_OK) return status;
    if (ingest->machine != NULL) {
        int64_t sequence = range->admission.sequence + (block->rows.first - range->first);
        status = into_machine(ingest, block, range->admission.now, sequence, error);
    } else if (block->selected_count > 0) {
        status = into_slices(ingest, block, error);
    }
    if (status == WEIR_OK && ingest->counts.late > late_before && !mark_late(ingest, block))
        return out_of_memory(error);
    if (status != WEIR_OK || block->aside == NULL) return status;
    return weir_side_add(&ingest->side, &block->rows, block->aside, &ingest->arena, error);
}

static enum weir_status bind_dictionaries(struct weir_ingest *ingest, const struct weir_batch *batch,
                                          struct weir_error *error) {
    for (int32_t i = 0; i < ingest->plan->keys_count; i++) {
        const struct weir_column *column = dictionary_of(ingest->plan, i, batch->columns);
        if (column == NULL) continue;
        enum weir_status status = weir_key_table_bind(ingest->keys, i, column, error);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

enum weir_status weir_ingest_rows(struct weir_ingest *ingest, const struct weir_ingest_range *range,
                                  struct weir_error *error) {
    enum weir_status status = bind_dictionaries(ingest, range->batch, error);
    bool is_home = ingest->handover == NULL; /* where the rows are added up */
    if (status == WEIR_OK && is_home) status = weir_ingest_choose_shape(ingest, error);
    if (status == WEIR_OK && is_home) status = weir_ingest_choose_parts(ingest, range->rows, error);
    struct weir_clock clock = range->admission.clock;
    int64_t end = range->first + range->rows, greatest = INT64_MIN;
    for (int64_t at = range->first; at < end && status == WEIR_OK; at += WEIR_BLOCK_ROWS) {
        int64_t rows = end - at < WEIR_BLOCK_ROWS ? end - at : WEIR_BLOCK_ROWS;
        struct block block = {.rows = {.columns = range->batch->columns,
                                       .layouts = ingest->plan->columns,
                                       .first = at,
                                       .rows = (int32_t)rows},
                              .left = end - at};
        int64_t left = end - at - rows;
        weir_ahead_aim(&ingest->ahead, range->batch->columns, at + rows,
                       (int32_t)(left < WEIR_BLOCK_ROWS ? left : WEIR_BLOCK_ROWS), !range->known.one_slice);
        weir_arena_reset(&ingest->arena);
        status = work_block(ingest, &block, range, &clock, error);
        if (block.greatest > greatest) greatest = block.greatest;
        if (status == WEIR_OK && is_home) status = weir_ingest_choose_shape(ingest, error);
    }
    weir_lanes_put_back(ingest->lanes);
    bool timed = ingest->window.kind != WEIR_WINDOW_NONE && range->rows == range->known.rows;
    if (status != WEIR_OK || !timed) return status;
    return weir_known_time_check_exact(&range->known, ingest->plan, greatest, error);
}

enum weir_status weir_ingest_advance(struct weir_ingest *ingest, const struct weir_ingest_time *time,
                                     struct weir_error *error) {
    if (ingest->machine == NULL) return WEIR_OK;
    const struct weir_machine_kind *kind = ingest->machine->kind;
    int64_t local = weir_lateness_local(ingest->setup.zone, weir_plan_units_per_ms(ingest->plan), time->watermark);
    if (time->end) return kind->finish(ingest->machine, local, time->sequence, error);
    return kind->advance(ingest->machine, local, time->wall, time->sequence, error);
}
