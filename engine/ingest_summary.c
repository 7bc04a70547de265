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

enum weir_status weir_ingest_summarise(const struct weir_plan *plan, const struct weir_batch *batch, int64_t first,
                                       int64_t rows, const struct weir_admission *admission,
                                       struct weir_arena *arena, struct weir_ingest_summary *out,
                                       struct weir_error *error) {
    *out = (struct weir_ingest_summary){INT64_MIN, INT64_MIN};
    const struct weir_watermark_spec *spec = &plan->watermark;
    if (spec->kind == WEIR_WATERMARK_NONE && spec->close_after_ms == 0 && !spec->future_by_partitions)
        return WEIR_OK;
    bool evaluates = plan->watermark.kind == WEIR_WATERMARK_EXPRESSION || plan->time_program != NULL;
    int64_t step = evaluates ? WEIR_BLOCK_ROWS : rows;
    for (int64_t at = first; at < first + rows; at += step) {
        int64_t count = first + rows - at < step ? first + rows - at : step;
        struct weir_block block = {batch->columns, plan->columns, at, (int32_t)count};
        struct weir_block_time time;
        weir_arena_reset(arena);
        enum weir_status status = weir_block_time_take(plan, NULL, &block, admission->now, admission->reference,
                                                       NULL, arena, &time, error);
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
