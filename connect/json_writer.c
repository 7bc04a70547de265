/* SPDX-License-Identifier: Apache-2.0
 *
 * NDJSON: one object a line (RFC 8259). Numbers are JSON numbers, BIGINT and DECIMAL with all their digits; NaN and
 * infinities, which JSON has not, are strings, as are times; bytes are base64.
 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "connect/format.h"
#include "connect/text_value_column.h"
#include "connect/text_write.h"
#include "simd/kernels.h"

struct writer {
    struct weir_text_table table;
    struct weir_text_write write;
    char **keys; /* of each column: `"name":`, escaped, with the brace or comma before */
    size_t *key_bytes;
};

/* ---- text -------------------------------------------------------------------------------------------------------
 */

/* Bytes that an escaped text takes at most, with its quotes. */
static size_t string_room(size_t length) { return 6 * length + 2; }

/* Writes the text as a JSON string; returns the end. */
static char *print_string(const char *text, size_t length, char *at) {
    static const char hex[] = "0123456789abcdef";
    *at++ = '"';
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (WEIR_LIKELY(c >= ' ' && c != '"' && c != '\\')) {
            *at++ = (char)c;
            continue;
        }
        *at++ = '\\';
        const char *letter = c ? strchr("\bb\tt\nn\ff\rr\"\"\\\\", c) : NULL;
        if (letter) {
            *at++ = letter[1];
        } else {
            memcpy(at, "u00", 3);
            at[3] = hex[c >> 4];
            at[4] = hex[c & 15];
            at += 5;
        }
    }
    *at++ = '"';
    return at;
}

static enum weir_status put_string(struct writer *writer, size_t column, int64_t row, const char *text,
                                   size_t length, struct weir_error *error) {
    if (!weir_simd->utf8_valid(text, length)) {
        return weir_error_set(error, WEIR_ERR_VALUE,
                              "column '%s', row %lld of a batch: text that is no UTF-8 cannot be "
                              "written as JSON",
                              writer->table.names[column], (long long)row);
    }
    enum weir_status status = weir_text_write_reserve(&writer->write, string_room(length) + 2, error);
    if (status != WEIR_OK) return status;
    char *end = print_string(text, length, writer->write.buffer + writer->write.used);
    writer->write.used = (size_t)(end - writer->write.buffer);
    return WEIR_OK;
}

static enum weir_status put_base64(struct writer *writer, const char *bytes, size_t length,
                                   struct weir_error *error) {
    size_t needed = weir_text_base64_bytes(length);
    enum weir_status status = weir_text_write_reserve(&writer->write, needed + 4, error);
    if (status != WEIR_OK) return status;
    char *at = writer->write.buffer + writer->write.used;
    at[0] = '"';
    weir_text_print_base64(bytes, length, at + 1);
    at[needed + 1] = '"';
    writer->write.used += needed + 2;
    return WEIR_OK;
}

/* ---- rows -------------------------------------------------------------------------------------------------------
 */

static void put_plain(struct writer *writer, const char *text, size_t length) {
    memcpy(writer->write.buffer + writer->write.used, text, length);
    writer->write.used += length;
}

static enum weir_status put_cell(struct writer *writer, size_t column, int64_t row, struct weir_error *error) {
    char scratch[WEIR_TEXT_BYTES];
    const char *text;
    size_t length;
    struct weir_text_column *cells = &writer->table.columns[column];
    enum weir_status status =
        weir_text_write_reserve(&writer->write, writer->key_bytes[column] + WEIR_TEXT_BYTES + 4, error);
    if (status != WEIR_OK) return status;
    put_plain(writer, writer->keys[column], writer->key_bytes[column]);
    switch (weir_text_column_get(cells, row, scratch, &text, &length)) {
    case WEIR_TEXT_CELL_NULL: put_plain(writer, "null", 4); return WEIR_OK;
    case WEIR_TEXT_CELL_NUMBER: put_plain(writer, text, length); return WEIR_OK;
    case WEIR_TEXT_CELL_STRING: return put_string(writer, column, row, text, length, error);
    case WEIR_TEXT_CELL_BYTES: return put_base64(writer, text, length, error);
    case WEIR_TEXT_CELL_BROKEN: return weir_text_table_broken(&writer->table, column, row, error);
    case WEIR_TEXT_CELL_WORD: break;
    }
    bool quoted = cells->layout.type.id != WEIR_TYPE_BOOLEAN;
    if (quoted) put_plain(writer, "\"", 1);
    put_plain(writer, text, length);
    if (quoted) put_plain(writer, "\"", 1);
    return WEIR_OK;
}

static enum weir_status write_batch(void *state, const struct ArrowArray *batch, struct weir_error *error) {
    struct writer *writer = state;
    enum weir_status status = weir_text_table_bind(&writer->table, batch, error);
    for (int64_t row = 0; status == WEIR_OK && row < batch->length; row++) {
        for (size_t i = 0; status == WEIR_OK && i < writer->table.count; i++) {
            status = put_cell(writer, i, row, error);
        }
        if (status == WEIR_OK) status = weir_text_write_reserve(&writer->write, 4, error);
        if (status != WEIR_OK) break;
        if (writer->table.count == 0) put_plain(writer, "{", 1);
        put_plain(writer, "}\n", 2);
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
    for (size_t i = 0; writer->keys && i < writer->table.count; i++) free(writer->keys[i]);
    free(writer->keys);
    free(writer->key_bytes);
    weir_text_table_fini(&writer->table);
    free(writer);
}

static enum weir_status no_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for a JSON writer");
}

static enum weir_status prepare_keys(struct writer *writer, struct weir_error *error) {
    size_t count = writer->table.count;
    writer->keys = calloc(count + 1, sizeof(*writer->keys));
    writer->key_bytes = calloc(count + 1, sizeof(*writer->key_bytes));
    if (!writer->keys || !writer->key_bytes) return no_memory(error);
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(writer->table.names[i]);
        char *key = writer->keys[i] = malloc(string_room(length) + 2);
        if (!key) return no_memory(error);
        key[0] = i == 0 ? '{' : ',';
        char *end = print_string(writer->table.names[i], length, key + 1);
        *end++ = ':';
        writer->key_bytes[i] = (size_t)(end - key);
    }
    return WEIR_OK;
}

static enum weir_status open_writer(const char *path, const struct weir_sink_request *request,
                                    struct weir_sink *out, struct weir_error *error) {
    struct writer *writer = calloc(1, sizeof(*writer));
    if (!writer) return no_memory(error);
    enum weir_status status = weir_text_table_create(request->schema, &writer->table, error);
    if (status == WEIR_OK) status = prepare_keys(writer, error);
    if (status == WEIR_OK) status = weir_text_write_open(path, &writer->write, error);
    if (status != WEIR_OK) {
        write_close(writer);
        return status;
    }
    *out = (struct weir_sink){
        .state = writer, .write = write_batch, .finish = write_finish, .close = write_close, .flush = write_flush};
    return WEIR_OK;
}

const struct weir_format *weir_format_json(void) {
    static const char *const extensions[] = {"json", "ndjson", "jsonl", NULL};
    static const char *const options[] = {NULL};
    static const struct weir_format format = {
        .name = "json",
        .extensions = extensions,
        .options = options,
        .open_writer = open_writer,
    };
    return &format;
}
