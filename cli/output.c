/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/progress.h"
#include "cli/say.h"
#include "cli/table_sink.h"
#include "cli/text.h"

bool weir_cli_output_choose(const struct weir_cli_options *options, enum weir_cli_format *out) {
    bool terminal = isatty(STDOUT_FILENO) == 1;
    *out = options->output;
    if (*out == WEIR_CLI_AUTO) *out = terminal ? WEIR_CLI_TABLE : WEIR_CLI_CSV;
    if (*out != WEIR_CLI_ARROW || !terminal) return true;
    weir_cli_say(
        "error: -o arrow writes bytes that no terminal can show; send standard output to a file or a pipe");
    return false;
}

enum weir_status weir_cli_output_init(struct weir_cli_output *output, enum weir_cli_format format,
                                      struct ArrowSchema *schema, bool after, struct weir_error *error) {
    memset(output, 0, sizeof(*output));
    output->format = format;
    output->after = after;
    output->schema = *schema;
    schema->release = NULL;
    if (format != WEIR_CLI_ARROW || !after) return WEIR_OK;
    error->code = WEIR_ERR_UNSUPPORTED;
    error->line = error->column = 0;
    snprintf(
        error->message, sizeof(error->message),
        "-o arrow holds one result, and the script has a second SELECT; the first was written. Use csv or ndjson, "
        "or let INSERT INTO write each to a file of its own");
    return error->code;
}

/* The connector writes every format but the table. */
static enum weir_status open_sink(struct weir_cli_output *output, struct weir_error *error) {
    if (output->format == WEIR_CLI_TABLE) return weir_cli_table_sink_open(&output->schema, &output->sink, error);
    const char *format = output->format == WEIR_CLI_CSV      ? "csv"
                         : output->format == WEIR_CLI_NDJSON ? "json"
                                                             : "arrow";
    const struct weir_option options[] = {
        {.key = "path", .value = "-"}, {.key = "format", .value = format}, {.key = "csv.header", .value = "true"}};
    struct weir_sink_request request = {
        .struct_size = sizeof(request),
        .options = options,
        .options_count = output->format == WEIR_CLI_CSV ? 3 : 2,
        .schema = &output->schema,
        .log = weir_cli_say_log,
    };
    const struct weir_connector *connector = weir_connector_filesystem();
    return connector->open_sink(connector->user, &request, &output->sink, error);
}

/* An empty line keeps two results apart. */
static enum weir_status part_results(const struct weir_cli_output *output, struct weir_error *error) {
    bool parted = output->format == WEIR_CLI_TABLE || output->format == WEIR_CLI_CSV;
    if (!output->after || !parted || weir_cli_write(STDOUT_FILENO, "\n", 1)) return WEIR_OK;
    error->code = WEIR_ERR_IO;
    snprintf(error->message, sizeof(error->message), "cannot write to standard output: %s", strerror(errno));
    return error->code;
}

static enum weir_status write_held(struct weir_cli_output *output, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    weir_cli_progress_wipe();
    if (!output->open) {
        status = part_results(output, error);
        if (status == WEIR_OK) status = open_sink(output, error);
        output->open = status == WEIR_OK;
        for (size_t i = 0; output->format == WEIR_CLI_TABLE && status == WEIR_OK && i < output->held_count; i++)
            status = weir_cli_table_sink_measure(&output->sink, &output->held[i], error);
    }
    for (size_t i = 0; i < output->held_count; i++) {
        struct ArrowArray *batch = &output->held[i];
        if (status == WEIR_OK) status = output->sink.write(output->sink.state, batch, error);
        if (status == WEIR_OK) output->rows_written += batch->length;
        batch->release(batch);
    }
    output->held_count = 0;
    output->rows_held = 0;
    return status;
}

static bool hold_batch(struct weir_cli_output *output, struct ArrowArray *batch) {
    if (output->held_count == output->held_capacity) {
        size_t capacity = output->held_capacity == 0 ? 16 : output->held_capacity * 2;
        struct ArrowArray *held = realloc(output->held, capacity * sizeof(*held));
        if (held == NULL) return false;
        output->held = held;
        output->held_capacity = capacity;
    }
    output->held[output->held_count++] = *batch;
    output->rows_held += batch->length;
    batch->release = NULL;
    return true;
}

enum weir_status weir_cli_output_write(struct weir_cli_output *output, struct ArrowArray *batch, bool hold,
                                       struct weir_error *error) {
    if (!hold_batch(output, batch)) {
        batch->release(batch);
        error->code = WEIR_ERR_MEMORY;
        snprintf(error->message, sizeof(error->message), "memory is short: the result's rows cannot be held");
        return error->code;
    }
    if (hold && output->rows_held < WEIR_CLI_HELD_ROWS) return WEIR_OK;
    output->unflushed = true;
    return write_held(output, error);
}

enum weir_status weir_cli_output_flush(struct weir_cli_output *output, struct weir_error *error) {
    if (!output->unflushed || output->sink.flush == NULL) return WEIR_OK;
    output->unflushed = false;
    return output->sink.flush(output->sink.state, error);
}

enum weir_status weir_cli_output_finish(struct weir_cli_output *output, struct weir_error *error) {
    enum weir_status status = write_held(output, error);
    if (status == WEIR_OK) status = output->sink.finish(output->sink.state, error);
    return status;
}

void weir_cli_output_fini(struct weir_cli_output *output) {
    for (size_t i = 0; i < output->held_count; i++) output->held[i].release(&output->held[i]);
    free(output->held);
    if (output->open) output->sink.close(output->sink.state);
    if (output->schema.release != NULL) output->schema.release(&output->schema);
    memset(output, 0, sizeof(*output));
}
