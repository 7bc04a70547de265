/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/csv.h"

#include <string.h>

/* Flink reads this option and does nothing; whoever set it wanted something. */
static void say_skip_header(const struct weir_option *options, size_t count, weir_log_fn log, void *user) {
    const char *value = weir_option_get(options, count, "csv.skip-header");
    if (!value || !log) return;
    log(user,
        "'csv.skip-header' does nothing, as in Flink; 'csv.header' = 'true' reads the first line as a header");
}

static enum weir_status open_reader(const char *path, const struct weir_source_request *request,
                                    struct weir_source *out, struct weir_error *error) {
    say_skip_header(request->options, request->options_count, request->log, request->log_user);
    return weir_csv_open_reader(path, request, out, error);
}

static enum weir_status open_live(struct weir_pipe **pipe, const struct weir_source_request *request,
                                  struct weir_source *out, struct weir_error *error) {
    say_skip_header(request->options, request->options_count, request->log, request->log_user);
    return weir_csv_open_live(pipe, request, out, error);
}

static enum weir_status open_writer(const char *path, const struct weir_sink_request *request,
                                    struct weir_sink *out, struct weir_error *error) {
    say_skip_header(request->options, request->options_count, request->log, request->log_user);
    return weir_csv_open_writer(path, request, out, error);
}

const struct weir_format *weir_format_csv(void) {
    static const char *const extensions[] = {"csv", "tsv", NULL};
    static const struct weir_format format = {
        .name = "csv",
        .extensions = extensions,
        .options = weir_csv_option_names,
        .open_reader = open_reader,
        .open_further = weir_csv_open_further,
        .open_live = open_live,
        .open_writer = open_writer,
        .layouts_declared = true,
    };
    return &format;
}
