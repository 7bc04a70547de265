/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "engine/partition_first.h"
#include "engine/pipeline_state.h"

/* Bytes of the fixed-width part of a batch and of its strings. */
static int64_t batch_bytes(const struct weir_batch *batch) {
    int64_t bytes = 0;
    for (int32_t i = 0; i < batch->columns_count && batch->rows > 0; i++) {
        const struct weir_column *column = &batch->columns[i];
        enum weir_storage storage = column->storage == WEIR_STORE_DICTIONARY ? column->codes : column->storage;
        bytes += batch->rows * (int64_t)weir_storage_bytes(storage);
        if (storage == WEIR_STORE_BOOL) bytes += batch->rows / 8;
        if (storage == WEIR_STORE_UTF8) {
            const int32_t *offsets = column->offsets;
            bytes += offsets[batch->rows] - offsets[0] + 4 * batch->rows;
        } else if (storage == WEIR_STORE_LARGE_UTF8) {
            const int64_t *offsets = column->offsets;
            bytes += offsets[batch->rows] - offsets[0] + 8 * batch->rows;
        }
    }
    return bytes;
}

/* Admission: numbers a range of rows among all, gives it the watermark before it, and raises the watermark after
 * it. */
static enum weir_status admit(struct weir_pipeline *pipeline, int32_t partition, struct weir_held_batch *held,
                              const struct weir_known_time *known, int64_t first, int64_t rows,
                              struct weir_error *error) {
    const struct weir_plan *plan = pipeline->plan;
    if (plan->shape == WEIR_PLAN_ROWS)
        return weir_project_rows(&pipeline->project, &held->batch, first, rows, error);
    struct weir_ingest_range range = {
        &held->batch,
        first,
        rows,
        {weir_watermark_clock(&pipeline->watermark, partition), pipeline->rows_admitted, pipeline->now,
         plan->watermark.future_by_partitions ? weir_watermark_median(&pipeline->watermark, partition)
                                              : pipeline->now},
        *known};
    struct weir_ingest_summary summary;
    enum weir_status status = weir_ingest_summarise(plan, &range, &pipeline->claims, &summary, error);
    if (status != WEIR_OK) return status;
    pipeline->rows_admitted += rows;
    if (summary.time_max > pipeline->time_max) pipeline->time_max = summary.time_max;
    if (pipeline->deal.count > 0) {
        weir_deal_rows(&pipeline->deal, held, &range);
    } else {
        status = weir_ingest_rows(&pipeline->home, &range, error);
    }
    weir_watermark_saw(&pipeline->watermark, partition, rows, summary.time_max);
    weir_watermark_admit(&pipeline->watermark, partition, summary.claim);
    if (status == WEIR_OK) status = weir_pipeline_move_on(pipeline, error);
    return status == WEIR_OK ? weir_partition_first_consider(pipeline, error) : status;
}

/* Hands out the rows of a batch, which is released when the last task that looks at it comes back. */
static enum weir_status admit_all(struct weir_pipeline *pipeline, int32_t partition, struct weir_held_batch *held,
                                  struct weir_known_time *known, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    int64_t rows = held->batch.rows, count;
    const struct weir_clock clock = weir_watermark_clock(&pipeline->watermark, partition);
    weir_known_time_settle(known, pipeline->plan, pipeline->zone, &pipeline->home.window, &clock);
    for (int64_t first = 0; first < rows && status == WEIR_OK; first += count) {
        int64_t most = pipeline->deal.range_rows > 0 ? pipeline->deal.range_rows : WEIR_DEAL_RANGE_ROWS;
        count = rows - first < most ? rows - first : most;
        status = admit(pipeline, partition, held, known, first, count, error);
    }
    return status;
}

/* A push that fails leaves the batch the caller's, once no worker looks at it any more. */
static void give_back(struct weir_pipeline *pipeline, struct weir_held_batch *held, struct ArrowArray *batch) {
    weir_deal_drain(&pipeline->deal);
    batch->release = held->batch.source.release;
    held->batch.source.release = NULL;
}

/* The batch, held, and what is known of its times; NULL with *status set: it stays the caller's. */
static struct weir_held_batch *hold(struct weir_pipeline *pipeline, struct ArrowArray *batch,
                                    const struct weir_time_range *range, const struct weir_source_group *group,
                                    struct weir_known_time *known, enum weir_status *status,
                                    struct weir_error *error) {
    const struct weir_plan *plan = pipeline->plan;
    struct weir_held_batch *held = calloc(1, sizeof(*held));
    if (held == NULL) {
        *status = weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for a batch");
        return NULL;
    }
    *status = weir_batch_import(batch, plan->columns, plan->column_names, (size_t)plan->columns_count, true,
                                &held->batch, error);
    if (*status != WEIR_OK) {
        free(held);
        return NULL;
    }
    held->tasks = 1; /* this call's own look at it */
    *status = weir_known_time_take(plan, &held->batch, range, group, known, error);
    if (*status == WEIR_OK) return held;
    give_back(pipeline, held, batch);
    weir_held_drop(held);
    return NULL;
}

enum weir_status weir_pipeline_push_of_group(struct weir_pipeline *pipeline, int32_t partition,
                                             struct ArrowArray *batch, const struct weir_time_range *range,
                                             const struct weir_source_group *group, struct weir_error *error) {
    enum weir_status status = weir_pipeline_check_call(pipeline, partition, "weir_pipeline_push", error);
    if (status != WEIR_OK) return status;
    if (batch == NULL || batch->release == NULL) {
        return weir_error_set(error, WEIR_ERR_INVALID, "weir_pipeline_push: the batch is NULL or released");
    }
    struct weir_error why;
    memset(&why, 0, sizeof(why));
    struct weir_known_time known;
    struct weir_held_batch *held = hold(pipeline, batch, range, group, &known, &status, error);
    if (held == NULL) return status;
    weir_pipeline_start_clock(pipeline);
    weir_pipeline_look_at_clock(pipeline);
    if (held->batch.rows > 0) weir_pipeline_rows_came(pipeline, partition);
    pipeline->rows_pushed += held->batch.rows;
    pipeline->bytes_pushed += batch_bytes(&held->batch);
    status = admit_all(pipeline, partition, held, &known, &why);
    if (status == WEIR_OK) status = weir_pipeline_check_workers(pipeline, &why);
    if (status == WEIR_OK) status = weir_pipeline_check_memory(pipeline, &why);
    if (status != WEIR_OK) {
        give_back(pipeline, held, batch);
        weir_pipeline_check_workers(pipeline, &why); /* what they fail at comes before what admission does */
    }
    weir_held_drop(held);
    return status == WEIR_OK ? WEIR_OK : weir_pipeline_fail(pipeline, &why, error);
}

enum weir_status weir_pipeline_push_ranged(struct weir_pipeline *pipeline, int32_t partition,
                                           struct ArrowArray *batch, const struct weir_time_range *range,
                                           struct weir_error *error) {
    return weir_pipeline_push_of_group(pipeline, partition, batch, range, NULL, error);
}

enum weir_status weir_pipeline_push(struct weir_pipeline *pipeline, int32_t partition, struct ArrowArray *batch,
                                    struct weir_error *error) {
    return weir_pipeline_push_of_group(pipeline, partition, batch, NULL, NULL, error);
}
