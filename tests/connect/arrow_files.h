/* SPDX-License-Identifier: Apache-2.0
 *
 * Arrow IPC files in tests: what a file holds, as text, one line a row; and arrays of any type to write.
 */
#ifndef WEIR_TESTS_ARROW_FILES_H
#define WEIR_TESTS_ARROW_FILES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "connect/format.h"
#include "engine/batch.h"
#include "tests/io/folder.h"

#define ARROW_DATA WEIR_SOURCE_DIR "/tests/connect/data/arrow/"

/* ---- text
 * --------------------------------------------------------------------------------------------------------- */

/* Zeroed is empty. */
struct text {
    char *data; /* zero-terminated; NULL while empty */
    size_t bytes;
    size_t capacity;
};

static inline void text_add(struct text *text, const char *data, size_t bytes) {
    if (text->bytes + bytes + 1 > text->capacity) {
        text->capacity = 2 * (text->bytes + bytes) + 64;
        text->data = realloc(text->data, text->capacity);
        assert_non_null(text->data);
    }
    memcpy(text->data + text->bytes, data, bytes);
    text->bytes += bytes;
    text->data[text->bytes] = '\0';
}

static inline void text_format(struct text *text, const char *format, ...) {
    char buffer[128];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(buffer, sizeof(buffer), format, arguments);
    va_end(arguments);
    text_add(text, buffer, (size_t)length);
}

static inline void text_fini(struct text *text) {
    free(text->data);
    *text = (struct text){0};
}

/* ---- arrays as text
 * ------------------------------------------------------------------------------------------------ */

static inline bool bit_at(const void *bits, int64_t at) { return ((const uint8_t *)bits)[at / 8] >> (at % 8) & 1; }

/* Bytes of a fixed-width format; 0 for others. */
static inline size_t width_of(const char *format) {
    switch (format[0]) {
    case 'c':
    case 'C': return 1;
    case 's':
    case 'S': return 2;
    case 'i':
    case 'I':
    case 'f': return 4;
    case 'l':
    case 'L':
    case 'g': return 8;
    case 'd': return 16;
    case 't':
        return strcmp(format, "tdD") == 0 || strcmp(format, "tiM") == 0 || strcmp(format, "tts") == 0 ||
                       strcmp(format, "ttm") == 0
                   ? 4
                   : 8;
    default: return 0;
    }
}

static inline int64_t integer_of(const void *values, size_t width, bool is_signed, int64_t at) {
    uint64_t value = 0;
    memcpy(&value, (const char *)values + (size_t)at * width, width);
    unsigned shift = 64 - 8 * (unsigned)width;
    return is_signed ? (int64_t)(value << shift) >> shift : (int64_t)value;
}

static inline void cell_text(struct text *out, const struct ArrowArray *array, bool large, int64_t at) {
    int64_t from = integer_of(array->buffers[1], large ? 8 : 4, true, at);
    int64_t to = integer_of(array->buffers[1], large ? 8 : 4, true, at + 1);
    text_add(out, (const char *)array->buffers[2] + from, (size_t)(to - from));
}

static inline void cell(struct text *out, const struct ArrowSchema *schema, const struct ArrowArray *array,
                        int64_t row) {
    const char *format = schema->format;
    int64_t at = array->offset + row;
    bool is_null = format[0] == 'n' || (array->buffers[0] != NULL && !bit_at(array->buffers[0], at));
    if (is_null) {
        text_format(out, "NULL");
    } else if (schema->dictionary != NULL) {
        int64_t code = integer_of(array->buffers[1], width_of(format), strchr("csil", format[0]) != NULL, at);
        cell(out, schema->dictionary, array->dictionary, code);
    } else if (format[0] == 'b') {
        text_format(out, "%s", bit_at(array->buffers[1], at) ? "true" : "false");
    } else if (strchr("uUzZ", format[0]) != NULL) {
        cell_text(out, array, format[0] == 'U' || format[0] == 'Z', at);
    } else if (format[0] == 'f') {
        text_format(out, "%.9g", (double)((const float *)array->buffers[1])[at]);
    } else if (format[0] == 'g') {
        text_format(out, "%.17g", ((const double *)array->buffers[1])[at]);
    } else if (format[0] == 'd') {
        const char *value = (const char *)array->buffers[1] + at * 16;
        text_format(out, "%lld:%llu", (long long)integer_of(value, 8, true, 1),
                    (unsigned long long)integer_of(value, 8, true, 0));
    } else {
        size_t width = width_of(format);
        text_format(out, "%lld",
                    (long long)integer_of(array->buffers[1], width, strchr("CSI", format[0]) == NULL, at));
    }
}

/* Appends the rows of a batch, cells between '|'. */
static inline void rows_text(struct text *out, struct ArrowSchema *const *columns, const struct ArrowArray *batch) {
    for (int64_t row = 0; row < batch->length; row++) {
        for (int64_t i = 0; i < batch->n_children; i++) {
            if (i > 0) text_add(out, "|", 1);
            cell(out, columns[i], batch->children[i], batch->offset + row);
        }
        text_add(out, "\n", 1);
    }
}

/* ---- reading
 * -------------------------------------------------------------------------------------------------------- */

struct read_options {
    int64_t batch_rows;     /* 0: 65 536 */
    const int32_t *columns; /* NULL: all that can be read */
    size_t count;           /* of columns */
    bool uring;             /* not plain reads only */
    int64_t batches;        /* set: batches that came */
    bool skip_foreign;      /* without columns: select those that can be read */
};

/* Imports each batch as the engine does, all checks on, and appends it. */
static inline enum weir_status take_batches(struct weir_source *source, struct ArrowSchema *const *columns,
                                            size_t count, struct read_options *options, struct text *out,
                                            struct weir_error *error) {
    struct weir_layout *layouts = calloc(count + 1, sizeof(*layouts));
    const char **names = calloc(count + 1, sizeof(*names));
    assert_true(layouts != NULL && names != NULL);
    enum weir_status status = WEIR_OK;
    while (status == WEIR_OK) {
        struct ArrowArray array;
        struct weir_batch batch;
        status = source->next(source->state, &array, error);
        if (status != WEIR_OK) break;
        assert_true(array.length > 0 && (options->batch_rows == 0 || array.length <= options->batch_rows));
        for (size_t i = 0; i < count && options->batches == 0; i++) {
            names[i] = columns[i]->name;
            assert_int_equal(weir_layout_import(columns[i], &layouts[i], error), WEIR_OK);
        }
        options->batches++;
        status = weir_batch_import(&array, layouts, names, count, true, &batch, error);
        if (status != WEIR_OK) {
            array.release(&array);
            break;
        }
        rows_text(out, columns, &batch.source);
        weir_batch_fini(&batch);
    }
    free(layouts);
    free(names);
    return status == WEIR_END ? WEIR_OK : status;
}

static inline enum weir_status select_columns(struct weir_source *source, const struct ArrowSchema *schema,
                                              const struct read_options *options, int32_t *selected, size_t *count,
                                              struct weir_error *error) {
    struct weir_layout layout;
    *count = 0;
    for (int64_t i = 0; options->columns == NULL && i < schema->n_children; i++) {
        bool carried = !options->skip_foreign || weir_layout_import(schema->children[i], &layout, NULL) == WEIR_OK;
        if (carried) selected[(*count)++] = (int32_t)i;
    }
    for (size_t i = 0; options->columns != NULL && i < options->count; i++)
        selected[(*count)++] = options->columns[i];
    if (options->columns == NULL && !options->skip_foreign) return WEIR_OK;
    return source->select(source->state, selected, *count, error);
}

/* The rows of a file. */
static inline enum weir_status read_file_as_text(const char *path, struct read_options *options, struct text *out,
                                                 struct weir_error *error) {
    struct weir_source_request request = {.struct_size = sizeof(request),
                                          .batch_rows = options->batch_rows == 0 ? 65536 : options->batch_rows,
                                          .threads = 1,
                                          .plain_io = !options->uring};
    struct weir_source source;
    struct ArrowSchema schema;
    enum weir_status status = weir_format_arrow()->open_reader(path, &request, &source, error);
    if (status != WEIR_OK) return status;
    status = source.schema(source.state, &schema, error);
    assert_int_equal(status, WEIR_OK);
    size_t count;
    int32_t *selected = calloc((size_t)schema.n_children + options->count + 1, sizeof(*selected));
    struct ArrowSchema **columns =
        calloc((size_t)schema.n_children + options->count + 1, sizeof(struct ArrowSchema *));
    assert_true(selected != NULL && columns != NULL);
    status = select_columns(&source, &schema, options, selected, &count, error);
    for (size_t i = 0; i < count && status == WEIR_OK; i++) columns[i] = schema.children[selected[i]];
    if (status == WEIR_OK) status = take_batches(&source, columns, count, options, out, error);
    free(columns);
    free(selected);
    schema.release(&schema);
    source.close(source.state);
    return status;
}

static inline void expect_rows(const char *path, struct read_options options, const char *expected) {
    struct text rows = {0};
    struct weir_error error = {0};
    text_add(&rows, "", 0);
    enum weir_status status = read_file_as_text(path, &options, &rows, &error);
    if (status != WEIR_OK) fail_msg("%s: %s", path, error.message);
    assert_string_equal(rows.data, expected);
    text_fini(&rows);
}

/* That the file cannot be read, with this status and these words in the message. */
static inline void expect_failure(const char *path, struct read_options options, enum weir_status expected,
                                  const char *words) {
    struct text rows = {0};
    struct weir_error error = {0};
    enum weir_status status = read_file_as_text(path, &options, &rows, &error);
    text_fini(&rows);
    if (status != expected) fail_msg("%s: status %d (%s), not %d", path, status, error.message, expected);
    assert_int_equal(error.code, expected);
    if (strstr(error.message, words) == NULL) fail_msg("'%s' is not in: %s", words, error.message);
}

/* ---- files as bytes
 * ------------------------------------------------------------------------------------------------- */

static inline uint8_t *file_bytes(const char *path, size_t *bytes) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail_msg("cannot open %s", path);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *bytes = (size_t)ftell(file);
    rewind(file);
    uint8_t *data = malloc(*bytes + 1);
    assert_non_null(data);
    assert_int_equal(fread(data, 1, *bytes, file), *bytes);
    fclose(file);
    return data;
}

/* xorshift64, for reproducible data. */
static inline uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

#endif
