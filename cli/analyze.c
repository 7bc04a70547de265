/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/analyze.h"

#include <stddef.h>

#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/stats.h"

/* Rows, and the way that they took. */
static const struct way {
    size_t offset;
    const char *name, *words;
} ways[] = {
#define WAY(counter, name, words)                                                                                  \
    { offsetof(struct weir_stats, counter), name, words }
    WAY(code_rows, "ids", "by the codes of a dictionary"),
    WAY(cell_rows, "ids", "by cells for packed values"),
    WAY(packed_rows, "ids", "by one word packed from several columns"),
    WAY(mixed_rows, "ids", "by one word mixed from several"),
    WAY(held_rows, "few keys", "added to accumulators that were held from block to block"),
    WAY(waited_rows, "many keys", "waited until a part of the keys was added up"),
    WAY(direct_rows, "state", "added to slices that are direct"),
    WAY(owned_rows, "owners", "went to workers that own keys"),
    WAY(handed_rows, "owners", "of these were handed over by the worker that read them"),
    WAY(caller_rows, "workers", "were worked by the first thread"),
#undef WAY
};

static void state_of(const void *work, struct weir_progress *out) { weir_run_progress(work, out); }

static enum weir_status run_through(struct weir_run *run, struct weir_error *error) {
    enum weir_status status;
    weir_cli_interrupt_watch(run);
    weir_cli_progress_begin(state_of, run);
    do {
        struct ArrowArray batch = {0};
        status = weir_run_next(run, &batch, error);
        if (batch.release != NULL) batch.release(&batch);
    } while (status == WEIR_OK || status == WEIR_AGAIN);
    weir_cli_progress_end();
    weir_cli_interrupt_unwatch();
    return status == WEIR_END ? WEIR_OK : status;
}

static void add_time(struct weir_cli_text *text, const struct weir_stats *stats, int32_t workers) {
    char count[WEIR_CLI_COUNT_BYTES];
    weir_cli_text_print(text, "run: %.3f s", stats->seconds);
    if (stats->seconds > 0 && stats->rows_in > 0)
        weir_cli_text_print(text, ", %s rows/s",
                            weir_cli_count_text((int64_t)((double)stats->rows_in / stats->seconds), count));
    if (workers == 0)
        weir_cli_text_add(text, ", one thread\n");
    else
        weir_cli_text_print(text, ", %d worker%s\n", workers, workers == 1 ? "" : "s");
}

static void add_rows(struct weir_cli_text *text, const struct weir_stats *stats) {
    char count[WEIR_CLI_COUNT_BYTES];
    weir_cli_text_print(text, "  in: %s rows", weir_cli_count_text(stats->rows_in, count));
    weir_cli_text_print(text, ", %s", weir_cli_bytes_text((double)stats->bytes_read, count));
    if (stats->filtered > 0)
        weir_cli_text_print(text, ", %s dropped by the filter", weir_cli_count_text(stats->filtered, count));
    weir_cli_stats_left_out(text, ", ", stats);
    weir_cli_text_print(text, ", %s aggregated\n", weir_cli_count_text(stats->aggregated, count));
    if (stats->skipped_groups == 0) return;
    weir_cli_text_print(text, "  skip: %s groups", weir_cli_count_text(stats->skipped_groups, count));
    weir_cli_text_print(text, " of %s rows were not read\n", weir_cli_count_text(stats->skipped_rows, count));
}

static void add_ways(struct weir_cli_text *text, const struct weir_stats *stats, int32_t workers) {
    char count[WEIR_CLI_COUNT_BYTES];
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        int64_t rows = *(const int64_t *)(const void *)((const char *)stats + ways[i].offset);
        bool is_all = workers == 0 && ways[i].offset == offsetof(struct weir_stats, caller_rows);
        if (rows > 0 && !is_all)
            weir_cli_text_print(text, "  %s: %s rows %s\n", ways[i].name, weir_cli_count_text(rows, count),
                                ways[i].words);
    }
}

static void add_result(struct weir_cli_text *text, const struct weir_stats *stats) {
    char count[WEIR_CLI_COUNT_BYTES], time[WEIR_CLI_TIME_BYTES];
    weir_cli_text_print(text, "  out: %s rows", weir_cli_count_text(stats->rows_out, count));
    weir_cli_text_print(text, ", %s windows fired", weir_cli_count_text(stats->windows_fired, count));
    if (stats->parted_windows > 0)
        weir_cli_text_print(text, ", %s times from where rows waited",
                            weir_cli_count_text(stats->parted_windows, count));
    weir_cli_text_print(text, ", watermark %s\n", weir_cli_time_text(stats->watermark, time));
    weir_cli_text_print(text, "  memory: %s at most", weir_cli_bytes_text((double)stats->peak_bytes, count));
    weir_cli_text_print(text, ", keys and windows %s at the end\n",
                        weir_cli_bytes_text((double)stats->state_bytes, count));
}

enum weir_status weir_cli_analyze(struct weir_run *run, int32_t workers, struct weir_cli_text *text,
                                  struct weir_error *error) {
    struct weir_stats stats = {.struct_size = sizeof(stats), .watermark = INT64_MIN};
    enum weir_status status = run_through(run, error);
    if (status == WEIR_OK) status = weir_run_stats(run, &stats);
    if (status != WEIR_OK) return status;
    add_time(text, &stats, workers);
    add_rows(text, &stats);
    add_ways(text, &stats, workers);
    add_result(text, &stats);
    return WEIR_OK;
}
