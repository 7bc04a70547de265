/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/file.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/say.h"

/* How soon Ctrl-C is seen while a pipe has nothing. */
#define WAIT_MS 50

/* path, then the pairs of the command line, then perhaps csv.header. The caller frees. */
static struct weir_option *collect(const char *path, const struct weir_cli_pairs *pairs, bool header, size_t *count,
                                   struct weir_error *error) {
    struct weir_option *options = calloc(pairs->count + 2, sizeof(*options));
    if (options == NULL) {
        error->code = WEIR_ERR_MEMORY;
        snprintf(error->message, sizeof(error->message), "memory is short");
        return NULL;
    }
    *count = 0;
    options[(*count)++] = (struct weir_option){.key = "path", .value = path};
    for (size_t i = 0; i < pairs->count; i++)
        options[(*count)++] = (struct weir_option){.key = pairs->items[i].name, .value = pairs->items[i].value};
    if (header) options[(*count)++] = (struct weir_option){.key = "csv.header", .value = "true"};
    return options;
}

enum weir_status weir_cli_file_read(const struct weir_cli_options *options, const char *path,
                                    struct weir_source *out, struct weir_error *error) {
    struct weir_source_request request = {.struct_size = sizeof(request)};
    struct weir_option *wanted = collect(path, &options->from, false, &request.options_count, error);
    if (wanted == NULL) return WEIR_ERR_MEMORY;
    request.options = wanted;
    request.batch_rows = options->batch_rows > 0 ? options->batch_rows : 65536;
    request.threads = weir_cli_workers(options) > 0 ? weir_cli_workers(options) : 1;
    request.plain_io = options->plain_io;
    request.log = weir_cli_say_log;
    request.wait_ms = WAIT_MS;
    const struct weir_connector *connector = weir_connector_filesystem();
    enum weir_status status = connector->open_source(connector->user, &request, out, error);
    free(wanted);
    return status;
}

enum weir_status weir_cli_file_write(const struct weir_cli_options *options, const char *path,
                                     const struct ArrowSchema *schema, struct weir_sink *out,
                                     struct weir_error *error) {
    struct weir_sink_request request = {.struct_size = sizeof(request)};
    struct weir_option *wanted = collect(path, &options->to, options->header, &request.options_count, error);
    if (wanted == NULL) return WEIR_ERR_MEMORY;
    request.options = wanted;
    request.schema = schema;
    request.log = weir_cli_say_log;
    const struct weir_connector *connector = weir_connector_filesystem();
    enum weir_status status = connector->open_sink(connector->user, &request, out, error);
    free(wanted);
    return status;
}

void weir_cli_file_progress(const void *source, struct weir_progress *out) {
    const struct weir_source *from = source;
    struct weir_source_progress progress = {0};
    from->progress(from->state, &progress);
    out->bytes_total = progress.bytes_total;
    out->bytes_done = progress.bytes_done;
    out->rows_total = progress.rows_total;
}
