/* SPDX-License-Identifier: Apache-2.0
 *
 * weir convert IN OUT: batches from a source into a sink.
 */
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/file.h"
#include "cli/interrupt.h"
#include "cli/memory.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/stats.h"
#include "cli/text.h"

struct conversion {
    struct weir_source source;
    struct weir_sink sink;
    struct ArrowSchema schema;
    bool source_open;
    bool sink_open;
    atomic_llong rows; /* the progress line looks at it */
    double begin;
};

static void conversion_state(const void *work, struct weir_progress *out) {
    const struct conversion *conversion = work;
    weir_cli_file_progress(&conversion->source, out);
    out->rows_in = atomic_load((atomic_llong *)&conversion->rows);
}

static enum weir_status copy_batches(struct conversion *conversion, struct weir_error *error) {
    for (;;) {
        struct ArrowArray batch = {0};
        if (weir_cli_interrupted() != 0) return WEIR_ERR_CANCELLED;
        enum weir_status status = conversion->source.next(conversion->source.state, &batch, error);
        if (status == WEIR_AGAIN) continue; /* a pipe that has nothing just now */
        if (status == WEIR_END) return conversion->sink.finish(conversion->sink.state, error);
        if (status != WEIR_OK) return status;
        int64_t rows = batch.length;
        status = conversion->sink.write(conversion->sink.state, &batch, error);
        batch.release(&batch);
        if (status != WEIR_OK) return status;
        atomic_fetch_add(&conversion->rows, rows);
    }
}

static enum weir_status convert(struct conversion *conversion, const struct weir_cli_options *options,
                                struct weir_error *error) {
    struct weir_source *source = &conversion->source;
    enum weir_status status = weir_cli_file_read(options, options->operands[0], source, error);
    conversion->source_open = status == WEIR_OK;
    if (status == WEIR_OK) status = source->schema(source->state, &conversion->schema, error);
    if (status == WEIR_OK)
        status = weir_cli_file_write(options, options->operands[1], &conversion->schema, &conversion->sink, error);
    conversion->sink_open = status == WEIR_OK;
    if (status != WEIR_OK) return status;
    weir_cli_interrupt_watch(NULL);
    weir_cli_progress_begin(conversion_state, conversion);
    status = copy_batches(conversion, error);
    weir_cli_progress_end();
    weir_cli_interrupt_unwatch();
    return status;
}

/* Every row read is a row written, or the conversion failed. */
static struct weir_stats count(const struct conversion *conversion, bool complete) {
    struct weir_stats stats = {.struct_size = sizeof(stats), .watermark = INT64_MIN};
    struct weir_source_progress progress = {0};
    if (conversion->source_open) conversion->source.progress(conversion->source.state, &progress);
    stats.rows_in = atomic_load((atomic_llong *)&conversion->rows);
    stats.aggregated = stats.rows_in;
    stats.rows_out = complete ? stats.rows_in : 0;
    stats.rejected = progress.rejected;
    stats.nulled = progress.nulled;
    stats.bytes_read = progress.bytes_done;
    stats.peak_bytes = weir_cli_peak_bytes();
    stats.seconds = weir_cli_now() - conversion->begin;
    return stats;
}

static void close_files(struct conversion *conversion) {
    if (conversion->sink_open) conversion->sink.close(conversion->sink.state);
    if (conversion->schema.release != NULL) conversion->schema.release(&conversion->schema);
    if (conversion->source_open) conversion->source.close(conversion->source.state);
}

static int say_outcome(const struct weir_cli_options *options, enum weir_status status,
                       const struct weir_stats *stats, const struct weir_error *error) {
    char rows[WEIR_CLI_COUNT_BYTES];
    weir_cli_count_text(stats->rows_in, rows);
    if (status == WEIR_OK) {
        weir_cli_say("%s rows from '%s' to '%s' in %.2f s", rows, options->operands[0], options->operands[1],
                     stats->seconds);
        return WEIR_CLI_DONE;
    }
    if (weir_cli_interrupted() == 0) {
        bool gone =
            error->code == WEIR_ERR_IO && strcmp(options->operands[1], "-") == 0 && weir_cli_reader_has_gone();
        if (!gone) weir_cli_say_error(error, NULL, NULL);
        return WEIR_CLI_FAILED;
    }
    weir_cli_say("stopped by %s after %s rows, %.2f s; '%s' is not complete",
                 weir_cli_interrupted() == SIGINT ? "Ctrl-C" : "a signal", rows, stats->seconds,
                 options->operands[1]);
    return 128 + weir_cli_interrupted();
}

/* Writing over the file that is being read would destroy it. */
static bool is_same_file(const char *in, const char *out) {
    struct stat a;
    struct stat b;
    if (stat(in, &a) != 0 || stat(out, &b) != 0 || !S_ISREG(a.st_mode)) return false;
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

int weir_cli_convert(const struct weir_cli_options *options) {
    struct conversion conversion = {.begin = weir_cli_now()};
    struct weir_cli_stats all;
    struct weir_error error = {0};
    if (is_same_file(options->operands[0], options->operands[1])) {
        weir_cli_say("error: '%s' and '%s' are one file; write to another", options->operands[0],
                     options->operands[1]);
        return WEIR_CLI_FAILED;
    }
    if (!weir_cli_simd_limit(options) || !weir_cli_stats_init(&all, options)) return WEIR_CLI_FAILED;
    enum weir_status status = convert(&conversion, options, &error);
    struct weir_stats stats = count(&conversion, status == WEIR_OK);
    close_files(&conversion);
    int exit_code = say_outcome(options, status, &stats, &error);
    if (!weir_cli_stats_add(&all, "convert", &stats)) exit_code = WEIR_CLI_FAILED;
    exit_code = weir_cli_stats_report(&all, options, exit_code);
    weir_cli_stats_fini(&all);
    return exit_code;
}
