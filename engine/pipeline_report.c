/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/resource.h>

#include "base/checked.h"
#include "base/error.h"
#include "engine/pipeline_state.h"

static void add_counts(struct weir_stats *stats, const struct weir_counts *counts) {
    stats->rows_in += counts->rows_in;
    stats->filtered += counts->filtered;
    stats->null_time += counts->null_time;
    stats->unassigned += counts->unassigned;
    stats->late += counts->late;
    stats->aggregated += counts->aggregated;
    stats->future_dropped += counts->future_dropped;
    stats->future += counts->future;
    stats->folded += counts->folded;
    stats->unread_times += counts->unread_times;
}

static void add_ways(struct weir_stats *stats, const struct weir_ways *ways) {
    stats->code_rows += ways->code_rows;
    stats->cell_rows += ways->cell_rows;
    stats->packed_rows += ways->packed_rows;
    stats->mixed_rows += ways->mixed_rows;
    stats->held_rows += ways->held_rows;
    stats->waited_rows += ways->waited_rows;
    stats->direct_rows += ways->direct_rows;
    stats->parted_windows += ways->parted_windows;
}

/* Who got the rows, and who worked them. */
static void add_deal(struct weir_stats *stats, const struct weir_pipeline *pipeline) {
    const struct weir_deal *deal = &pipeline->deal;
    stats->owned_rows = deal->owned_rows;
    stats->handed_rows = deal->handed_rows;
    if (deal->count == 0) stats->caller_rows = stats->rows_in - pipeline->passed_over.rows_in;
    for (int32_t i = 0; i < deal->count; i++) stats->caller_rows += deal->workers[i].caller_rows;
}

static int64_t peak_bytes(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (int64_t)usage.ru_maxrss * 1024 : 0;
}

enum weir_status weir_pipeline_stats(struct weir_pipeline *pipeline, struct weir_stats *out) {
    if (pipeline == NULL || out == NULL || out->struct_size != sizeof(*out)) return WEIR_ERR_INVALID;
    weir_deal_drain(&pipeline->deal);
    weir_pipeline_stop_clock(pipeline);
    *out = (struct weir_stats){.struct_size = sizeof(*out)};
    add_counts(out, &pipeline->home.counts);
    add_counts(out, &pipeline->project.counts);
    add_counts(out, &pipeline->passed_over);
    add_ways(out, &pipeline->home.ways);
    for (int32_t i = 0; i < pipeline->deal.count; i++) {
        const struct weir_worker *worker = &pipeline->deal.workers[i];
        if (weir_worker_has_home(worker)) continue;
        add_counts(out, &worker->ingest->counts);
        add_ways(out, &worker->ingest->ways);
    }
    add_deal(out, pipeline);
    out->windows_fired = pipeline->fire.windows_fired;
    out->rows_out = pipeline->emit.rows_out;
    out->bytes_read = pipeline->bytes_pushed;
    out->watermark = pipeline->watermark.combined;
    out->seconds = pipeline->seconds;
    out->peak_bytes = peak_bytes();
    out->state_bytes = weir_pipeline_state_bytes(pipeline);
    return WEIR_OK;
}

const char *weir_pipeline_partition_name(const struct weir_pipeline *pipeline, int32_t partition) {
    return pipeline->name_of == NULL ? NULL : pipeline->name_of(pipeline->name_user, partition);
}

void weir_pipeline_name_partitions(struct weir_pipeline *pipeline,
                                   const char *(*name_of)(void *user, int32_t partition), void *user) {
    pipeline->name_of = name_of;
    pipeline->name_user = user;
}

enum weir_status weir_pipeline_partition(const struct weir_pipeline *pipeline, int32_t partition,
                                         struct weir_partition_report *out, struct weir_error *error) {
    if (pipeline == NULL || out == NULL)
        return weir_error_set(error, WEIR_ERR_INVALID, "weir_pipeline_partition: pipeline or out is NULL");
    if (out->struct_size != sizeof(*out)) {
        return weir_error_set(error, WEIR_ERR_INVALID,
                              "weir_partition_report.struct_size is %zu; set it to sizeof (%zu)", out->struct_size,
                              sizeof(*out));
    }
    if (partition < 0 || partition >= pipeline->options.partitions) {
        return weir_error_set(error, WEIR_ERR_INVALID,
                              "weir_pipeline_partition: partition %d does not exist; the pipeline has %d",
                              partition, pipeline->options.partitions);
    }
    const struct weir_partition *from = &pipeline->watermark.partitions[partition];
    int64_t idle_after = pipeline->plan->watermark.idle_after_ms;
    *out = (struct weir_partition_report){.struct_size = sizeof(*out),
                                          .state = from->state,
                                          .watermark = from->own,
                                          .time_max = from->time_max,
                                          .rows = from->rows,
                                          .rows_at = from->rows_at,
                                          .raised_at = from->raised_at,
                                          .idle_at = INT64_MIN,
                                          .name = weir_pipeline_partition_name(pipeline, partition)};
    if (idle_after > 0 && from->state != WEIR_PARTITION_IDLE)
        out->idle_at = weir_add_saturate_i64(from->active_at, idle_after);
    return WEIR_OK;
}
