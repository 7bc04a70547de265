/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ingest.h"

#include "base/bits.h"
#include "base/checked.h"

/* Of those that the future guard lets through; INT64_MIN: none. */
static int64_t greatest_time(const struct weir_block_time *time, int32_t rows) {
    if (!time->guarded) return time->max;
    int64_t greatest = INT64_MIN;
    for (int32_t i = 0; i < rows; i++) {
        bool valid = time->validity == NULL || weir_bit_get(time->validity, (size_t)i);
        if (valid && time->ticks[i] <= time->future_from && time->ticks[i] > greatest) greatest = time->ticks[i];
    }
    return greatest;
}

/* Rows in one slice close no window that they are in: their claim may as well come with the last of them. */
static void summarise_known(const struct weir_plan *plan, const struct weir_ingest_range *range,
                            struct weir_ingest_summary *out) {
    const struct weir_known_time *known = &range->known;
    if (range->first + range->rows < known->rows || known->left > 0) return;
    const struct weir_block_time time = {.min = known->least, .max = known->most};
    out->claim = weir_block_time_claim(plan, &time, 0);
    out->time_max = weir_floordiv_i64(known->most, weir_plan_ticks_per_unit(plan));
}

enum weir_status weir_ingest_summarise(const struct weir_plan *plan, const struct weir_ingest_range *range,
                                       struct weir_arena *arena, struct weir_ingest_summary *out,
                                       struct weir_error *error) {
    *out = (struct weir_ingest_summary){INT64_MIN, INT64_MIN};
    const struct weir_watermark_spec *spec = &plan->watermark;
    const struct weir_admission *admission = &range->admission;
    if (spec->kind == WEIR_WATERMARK_NONE && spec->close_after_ms == 0 && !spec->future_by_partitions)
        return WEIR_OK;
    if (weir_known_time_claims(&range->known, plan, range->rows)) {
        summarise_known(plan, range, out);
        return WEIR_OK;
    }
    int64_t first = range->first, rows = range->rows;
    bool evaluates = plan->watermark.kind == WEIR_WATERMARK_EXPRESSION || plan->time_program != NULL;
    int64_t step = evaluates ? WEIR_BLOCK_ROWS : rows;
    for (int64_t at = first; at < first + rows; at += step) {
        int64_t count = first + rows - at < step ? first + rows - at : step;
        struct weir_block block = {range->batch->columns, plan->columns, at, (int32_t)count};
        struct weir_block_time time;
        weir_arena_reset(arena);
        enum weir_status status = weir_block_time_take(plan, NULL, &block, admission->now, admission->reference,
                                                       NULL, arena, &time, error);
        if (status == WEIR_OK) status = weir_known_time_check(&range->known, plan, &block, &time, error);
        if (status != WEIR_OK) return status;
        int64_t claim = weir_block_time_claim(plan, &time, (int32_t)count);
        if (claim > out->claim) out->claim = claim;
        int64_t max = greatest_time(&time, (int32_t)count);
        if (max == INT64_MIN) continue;
        max = weir_floordiv_i64(max, weir_plan_ticks_per_unit(plan));
        if (max > out->time_max) out->time_max = max;
    }
    return WEIR_OK;
}
