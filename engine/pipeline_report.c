/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/resource.h>

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
    for (int32_t i = 0; i < pipeline->deal.count; i++) add_counts(out, &pipeline->deal.workers[i].ingest.counts);
    out->windows_fired = pipeline->fire.windows_fired;
    out->rows_out = pipeline->emit.rows_out;
    out->bytes_read = pipeline->bytes_pushed;
    out->watermark = pipeline->watermark.combined;
    out->seconds = pipeline->seconds;
    out->peak_bytes = peak_bytes();
    return WEIR_OK;
}
