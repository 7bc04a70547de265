/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "engine/pipeline.h"
#include "engine/pipeline_state.h"
#include "engine/prune.h"

static void count(struct weir_pipeline *pipeline, const struct weir_source_left_out *rows) {
    struct weir_counts *counts = &pipeline->passed_over;
    int64_t nulls = pipeline->plan->window.kind == WEIR_WINDOW_NONE ? 0 : rows->time_nulls;
    counts->rows_in += rows->rows;
    counts->null_time += nulls;
    counts->filtered += rows->rows - nulls;
    pipeline->rows_pushed += rows->rows;
}

/* As admission does it for rows that are read, whose greatest time alone decides. */
static void raise_watermark(struct weir_pipeline *pipeline, const struct weir_source_left_out *rows) {
    const struct weir_plan *plan = pipeline->plan;
    int64_t time = INT64_MIN, claim = INT64_MIN;
    pipeline->rows_admitted += rows->rows;
    if (plan->watermark.kind == WEIR_WATERMARK_DELAY && rows->time_max != INT64_MIN) {
        time = weir_prune_time(plan, rows->time_max);
        claim = weir_watermark_claim(&plan->watermark, time);
    }
    if (time > pipeline->time_max) pipeline->time_max = time;
    weir_watermark_saw(&pipeline->watermark, 0, rows->rows, time);
    weir_watermark_admit(&pipeline->watermark, 0, claim);
}

enum weir_status weir_pipeline_pass_over(struct weir_pipeline *pipeline, const struct weir_source_left_out *rows,
                                         struct weir_error *error) {
    struct weir_error why;
    memset(&why, 0, sizeof(why));
    if (rows->rows == 0) return WEIR_OK;
    weir_pipeline_start_clock(pipeline);
    weir_pipeline_look_at_clock(pipeline);
    weir_pipeline_rows_came(pipeline, 0);
    count(pipeline, rows);
    if (pipeline->plan->shape == WEIR_PLAN_ROWS) return WEIR_OK;
    raise_watermark(pipeline, rows);
    enum weir_status status = weir_pipeline_move_on(pipeline, &why);
    return status == WEIR_OK ? WEIR_OK : weir_pipeline_fail(pipeline, &why, error);
}
