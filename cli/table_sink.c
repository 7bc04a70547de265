/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/table_sink.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/say.h"
#include "cli/table.h"
#include "cli/type_name.h"
#include "cli/value.h"

#define WRITE_BYTES ((size_t)1 << 16) /* text that is gathered before a write */

struct table_sink {
    struct ArrowSchema schema;
    struct weir_cli_table table;
    struct weir_cli_text out;
    struct weir_cli_text cell;
    enum weir_status broken; /* a cell that could not be made text */
    const char *broken_name; /* its column */
    bool head_written;
};

static enum weir_status fail(struct weir_error *error, enum weir_status code, const char *what) {
    error->code = code;
    error->line = error->column = 0;
    snprintf(error->message, sizeof(error->message), "cannot write the table to standard output: %s", what);
    return code;
}

static enum weir_status check(const struct table_sink *sink, struct weir_error *error) {
    if (sink->out.failed || sink->cell.failed) return fail(error, WEIR_ERR_MEMORY, "memory is short");
    if (sink->broken == WEIR_OK) return WEIR_OK;
    error->code = sink->broken;
    error->line = error->column = 0;
    snprintf(error->message, sizeof(error->message), "column '%s' of the result cannot be shown as text (%s)",
             sink->broken_name == NULL ? "" : sink->broken_name, weir_status_name(sink->broken));
    return sink->broken;
}

static enum weir_status flush(struct table_sink *sink, size_t least, struct weir_error *error) {
    enum weir_status status = check(sink, error);
    if (status != WEIR_OK || sink->out.used < least) return status;
    if (!weir_cli_write(STDOUT_FILENO, sink->out.data, sink->out.used))
        return fail(error, WEIR_ERR_IO, strerror(errno));
    sink->out.used = 0;
    return WEIR_OK;
}

/* The cell's text, valid until the next call; NULL for NULL. */
static const char *cell_text(struct table_sink *sink, const struct ArrowArray *batch, size_t column, int64_t row) {
    const struct ArrowSchema *type = sink->schema.children[column];
    sink->cell.used = 0;
    enum weir_status status = weir_cli_value_add(type, batch->children[column], batch->offset + row, &sink->cell);
    if (status == WEIR_END) return NULL;
    if (status != WEIR_OK) {
        sink->broken = status;
        sink->broken_name = type->name;
    }
    return sink->cell.used == 0 ? "" : sink->cell.data;
}

static enum weir_status write_batch(void *state, const struct ArrowArray *batch, struct weir_error *error) {
    struct table_sink *sink = state;
    enum weir_status status = WEIR_OK;
    if (!sink->head_written) weir_cli_table_head(&sink->table, &sink->out);
    sink->head_written = true;
    for (int64_t row = 0; status == WEIR_OK && row < batch->length; row++) {
        for (size_t i = 0; i < sink->table.count; i++)
            weir_cli_table_cell(&sink->table, i, cell_text(sink, batch, i, row), &sink->out);
        status = flush(sink, WRITE_BYTES, error);
    }
    return status == WEIR_OK ? flush(sink, 1, error) : status;
}

static enum weir_status finish(void *state, struct weir_error *error) {
    struct table_sink *sink = state;
    if (!sink->head_written) weir_cli_table_head(&sink->table, &sink->out);
    sink->head_written = true;
    return flush(sink, 1, error);
}

static void close_sink(void *state) {
    struct table_sink *sink = state;
    if (sink->schema.release != NULL) sink->schema.release(&sink->schema);
    weir_cli_table_fini(&sink->table);
    weir_cli_text_fini(&sink->out);
    weir_cli_text_fini(&sink->cell);
    free(sink);
}

enum weir_status weir_cli_table_sink_open(struct ArrowSchema *schema, struct weir_sink *out,
                                          struct weir_error *error) {
    struct table_sink *sink = calloc(1, sizeof(*sink));
    if (sink == NULL) return fail(error, WEIR_ERR_MEMORY, "memory is short");
    bool done = weir_cli_table_init(&sink->table, (size_t)schema->n_children, weir_cli_has_colour(STDOUT_FILENO));
    for (size_t i = 0; done && i < sink->table.count; i++) {
        const struct ArrowSchema *child = schema->children[i];
        done = weir_cli_table_name(&sink->table, i, child->name == NULL ? "" : child->name,
                                   weir_cli_type_is_number(child));
    }
    if (!done) {
        close_sink(sink);
        return fail(error, WEIR_ERR_MEMORY, "memory is short");
    }
    sink->schema = *schema;
    schema->release = NULL;
    *out = (struct weir_sink){.state = sink, .write = write_batch, .finish = finish, .close = close_sink};
    return WEIR_OK;
}

enum weir_status weir_cli_table_sink_measure(struct weir_sink *out, const struct ArrowArray *batch,
                                             struct weir_error *error) {
    struct table_sink *sink = out->state;
    for (int64_t row = 0; row < batch->length; row++) {
        for (size_t i = 0; i < sink->table.count; i++)
            weir_cli_table_measure(&sink->table, i, cell_text(sink, batch, i, row));
    }
    return check(sink, error);
}
