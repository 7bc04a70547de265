/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "connect/csv.h"
#include "connect/text_value_column.h"
#include "connect/text_write.h"

struct writer {
    struct weir_csv_options options;
    char *null_literal;
    struct weir_text_table table;
    struct weir_text_write write;
    bool special[256]; /* bytes that ask for quotes */
};

/* ---- one cell ---------------------------------------------------------------------------------------------------
 */

static bool needs_quotes(const struct writer *writer, const char *text, size_t length) {
    unsigned any = length == 0; /* an empty string, as opposed to NULL */
    for (size_t i = 0; i < length; i++) any |= writer->special[(unsigned char)text[i]];
    return any;
}

static enum weir_status refuse_text(const struct writer *writer, size_t column, const char *text, size_t length,
                                    struct weir_error *error) {
    return weir_error_set(
        error, WEIR_ERR_VALUE,
        "column '%s': the text '%.*s' holds the delimiter, a quote or a line end, or is empty, and "
        "'csv.disable-quote-character' = 'true': allow quotes",
        writer->table.names[column], (int)(length < 40 ? length : 40), text);
}

static enum weir_status put_string(struct writer *writer, size_t column, const char *text, size_t length,
                                   struct weir_error *error) {
    enum weir_status status = weir_text_write_reserve(&writer->write, 2 * length + 4, error);
    if (status != WEIR_OK) return status;
    char *at = writer->write.buffer + writer->write.used;
    if (!needs_quotes(writer, text, length)) {
        memcpy(at, text, length);
        writer->write.used += length;
        return WEIR_OK;
    }
    const struct weir_csv_options *options = &writer->options;
    if (!options->quoting) {
        if (length == 0) return WEIR_OK; /* as Flink then */
        return refuse_text(writer, column, text, length, error);
    }
    *at++ = options->quote;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == options->quote)
            *at++ = options->quote;
        else if (options->escaping && text[i] == options->escape)
            *at++ = options->escape;
        *at++ = text[i];
    }
    *at++ = options->quote;
    writer->write.used = (size_t)(at - writer->write.buffer);
    return WEIR_OK;
}

static enum weir_status put_plain(struct writer *writer, const char *text, size_t length,
                                  struct weir_error *error) {
    enum weir_status status = weir_text_write_reserve(&writer->write, length + 2, error);
    if (status != WEIR_OK) return status;
    memcpy(writer->write.buffer + writer->write.used, text, length);
    writer->write.used += length;
    return WEIR_OK;
}

static enum weir_status put_base64(struct writer *writer, const char *bytes, size_t length,
                                   struct weir_error *error) {
    enum weir_status status = weir_text_write_reserve(&writer->write, weir_text_base64_bytes(length) + 2, error);
    if (status != WEIR_OK) return status;
    weir_text_print_base64(bytes, length, writer->write.buffer + writer->write.used);
    writer->write.used += weir_text_base64_bytes(length);
    return WEIR_OK;
}

static enum weir_status put_cell(struct writer *writer, size_t column, int64_t row, struct weir_error *error) {
    /* Most cells are printed where they belong. Printed ones hold no special byte: letters, digits, '.', '+', '-',
     * ':' and a blank; a delimiter among those is refused when the writer opens. */
    enum weir_status status = weir_text_write_reserve(&writer->write, WEIR_TEXT_BYTES + 2, error);
    if (status != WEIR_OK) return status;
    const char *text;
    size_t length;
    char *at = writer->write.buffer + writer->write.used;
    switch (weir_text_column_get(&writer->table.columns[column], row, at, &text, &length)) {
    case WEIR_TEXT_CELL_NUMBER:
    case WEIR_TEXT_CELL_WORD: writer->write.used += length; return WEIR_OK;
    case WEIR_TEXT_CELL_STRING: return put_string(writer, column, text, length, error);
    case WEIR_TEXT_CELL_BYTES: return put_base64(writer, text, length, error);
    case WEIR_TEXT_CELL_NULL: break;
    case WEIR_TEXT_CELL_BROKEN: return weir_text_table_broken(&writer->table, column, row, error);
    }
    return writer->null_literal ? put_plain(writer, writer->null_literal, writer->options.null_bytes, error)
                                : WEIR_OK;
}

/* ---- the sink ---------------------------------------------------------------------------------------------------
 */

/* Behind every cell there is room for this byte: each put_ reserves it. */
static void put_mark(struct writer *writer, char mark) { writer->write.buffer[writer->write.used++] = mark; }

static enum weir_status write_header(struct writer *writer, struct weir_error *error) {
    for (size_t i = 0; i < writer->table.count; i++) {
        const char *name = writer->table.names[i];
        enum weir_status status = put_string(writer, i, name, strlen(name), error);
        if (status != WEIR_OK) return status;
        put_mark(writer, i + 1 < writer->table.count ? writer->options.delimiter : '\n');
    }
    return WEIR_OK;
}

static enum weir_status write_batch(void *state, const struct ArrowArray *batch, struct weir_error *error) {
    struct writer *writer = state;
    enum weir_status status = weir_text_table_bind(&writer->table, batch, error);
    for (int64_t row = 0; status == WEIR_OK && row < batch->length; row++) {
        for (size_t i = 0; i < writer->table.count; i++) {
            status = put_cell(writer, i, row, error);
            if (status != WEIR_OK) return status;
            put_mark(writer, i + 1 < writer->table.count ? writer->options.delimiter : '\n');
        }
    }
    return status;
}

static enum weir_status write_finish(void *state, struct weir_error *error) {
    struct writer *writer = state;
    return weir_text_write_commit(&writer->write, error);
}

static enum weir_status write_flush(void *state, struct weir_error *error) {
    struct writer *writer = state;
    return weir_text_write_hand_on(&writer->write, error);
}

static void write_close(void *state) {
    struct writer *writer = state;
    if (!writer) return;
    weir_text_write_close(&writer->write);
    weir_text_table_fini(&writer->table);
    free(writer->null_literal);
    free(writer);
}

/* A delimiter that numbers and times hold could not be told from them. */
static enum weir_status check_delimiter(const struct weir_csv_options *options, struct weir_error *error) {
    char c = options->delimiter;
    bool used = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || strchr("+-.: /=", c) != NULL;
    if (!used) return WEIR_OK;
    return weir_error_set(error, WEIR_ERR_UNSUPPORTED,
                          "the field delimiter '%c' is part of numbers or times: choose another to write", c);
}

static enum weir_status prepare(struct writer *writer, const char *path, const struct weir_sink_request *request,
                                struct weir_error *error) {
    struct weir_csv_options *options = &writer->options;
    enum weir_status status =
        weir_csv_options_read(request->options, request->options_count, "", true, options, error);
    if (status == WEIR_OK) status = check_delimiter(options, error);
    if (status == WEIR_OK && options->iso_times)
        status = weir_error_set(error, WEIR_ERR_UNSUPPORTED,
                                "'csv.timestamp-format.standard' = 'ISO-8601' is for reading: times are written as "
                                "'2024-01-31 10:20:30.456'");
    if (status != WEIR_OK) return status;
    if (options->null_literal) {
        writer->null_literal = strdup(options->null_literal);
        if (!writer->null_literal) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for a CSV writer");
    }
    writer->special[(unsigned char)options->delimiter] = writer->special['\n'] = writer->special['\r'] = true;
    if (options->quoting) writer->special[(unsigned char)options->quote] = true;
    if (options->escaping) writer->special[(unsigned char)options->escape] = true;
    if (options->comments) writer->special['#'] = writer->special[' '] = true;
    status = weir_text_table_create(request->schema, &writer->table, error);
    if (status == WEIR_OK && writer->table.count == 0) {
        status = weir_error_set(error, WEIR_ERR_INVALID, "a CSV file needs at least one column");
    }
    if (status == WEIR_OK) status = weir_text_write_open(path, &writer->write, error);
    bool header = options->header == WEIR_CSV_HEADER_TRUE;
    return status == WEIR_OK && header ? write_header(writer, error) : status;
}

enum weir_status weir_csv_open_writer(const char *path, const struct weir_sink_request *request,
                                      struct weir_sink *out, struct weir_error *error) {
    struct writer *writer = calloc(1, sizeof(*writer));
    if (!writer) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for a CSV writer");
    enum weir_status status = prepare(writer, path, request, error);
    if (status != WEIR_OK) {
        write_close(writer);
        return status;
    }
    *out = (struct weir_sink){
        .state = writer, .write = write_batch, .finish = write_finish, .close = write_close, .flush = write_flush};
    return WEIR_OK;
}
