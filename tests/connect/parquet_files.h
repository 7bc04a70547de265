/* SPDX-License-Identifier: Apache-2.0
 *
 * Parquet files in tests: sources opened and read, values of Arrow arrays.
 */
#ifndef WEIR_TESTS_PARQUET_FILES_H
#define WEIR_TESTS_PARQUET_FILES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "connect/format.h"
#include "engine/type.h"
#include "tests/io/folder.h"

#define PARQUET_DATA WEIR_SOURCE_DIR "/tests/connect/data/parquet/"
#define MODULE_DIR WEIR_BUILD_DIR "/weir-modules"

/* A source over `path`, or the status of the failure. */
static inline enum weir_status open_parquet(const char *path, const struct ArrowSchema *declared,
                                            int64_t batch_rows, int32_t threads, struct weir_source *out,
                                            struct weir_error *error) {
    struct weir_source_request request = {
        .struct_size = sizeof request, .schema = declared, .batch_rows = batch_rows, .threads = threads};
    return weir_format_parquet()->open_reader(path, &request, out, error);
}

static inline struct weir_source must_open(const char *path, int64_t batch_rows, int32_t threads) {
    struct weir_source source;
    struct weir_error error = {0};
    if (open_parquet(path, NULL, batch_rows, threads, &source, &error) != WEIR_OK) fail_msg("%s", error.message);
    return source;
}

/* The index of the column `name` in a source. */
static inline int32_t find_column(struct weir_source *source, const char *name) {
    struct ArrowSchema schema;
    struct weir_error error = {0};
    assert_int_equal(source->schema(source->state, &schema, &error), WEIR_OK);
    int32_t found = -1;
    for (int64_t idx = 0; idx < schema.n_children; idx++) {
        if (strcmp(schema.children[idx]->name, name) == 0) found = (int32_t)idx;
    }
    schema.release(&schema);
    if (found < 0) fail_msg("no column '%s'", name);
    return found;
}

static inline void must_select(struct weir_source *source, const char *name) {
    struct weir_error error = {0};
    int32_t column = find_column(source, name);
    if (source->select(source->state, &column, 1, &error) != WEIR_OK) fail_msg("%s", error.message);
}

static inline struct ArrowSchema must_schema(struct weir_source *source) {
    struct ArrowSchema schema;
    struct weir_error error = {0};
    if (source->schema(source->state, &schema, &error) != WEIR_OK) fail_msg("%s", error.message);
    return schema;
}

/* The next batch; false at the end. */
static inline bool must_next(struct weir_source *source, struct ArrowArray *out) {
    struct weir_error error = {0};
    enum weir_status status = source->next(source->state, out, &error);
    if (status != WEIR_OK && status != WEIR_END) fail_msg("%s", error.message);
    return status == WEIR_OK;
}

static inline bool is_null(const struct ArrowArray *array, int64_t row) {
    const uint8_t *bits = array->n_buffers > 0 ? array->buffers[0] : NULL;
    int64_t idx = array->offset + row;
    if (bits == NULL) return array->n_buffers == 0;
    return ((bits[idx / 8] >> (idx % 8)) & 1) == 0;
}

/* The integer of `bytes` bytes of a row, or bit 0 or 1 for bytes == 0. */
static inline int64_t integer_at(const struct ArrowArray *array, int64_t row, size_t bytes) {
    int64_t value = 0, idx = array->offset + row;
    const uint8_t *data = array->buffers[1];
    if (bytes == 0) return (data[idx / 8] >> (idx % 8)) & 1;
    memcpy(&value, data + (size_t)idx * bytes, bytes);
    int shift = 64 - 8 * (int)bytes;
    return (int64_t)((uint64_t)value << shift) >> shift;
}

struct text {
    const char *data;
    int64_t bytes;
};

/* The string of a row of a column of utf8, binary, large ones, or a dictionary with 32-bit codes into those. */
static inline struct text text_at(const struct ArrowSchema *schema, const struct ArrowArray *array, int64_t row) {
    if (schema->dictionary != NULL)
        return text_at(schema->dictionary, array->dictionary, integer_at(array, row, 4));
    int64_t idx = array->offset + row, from, to;
    if (schema->format[0] == 'u' || schema->format[0] == 'z') {
        const int32_t *offsets = array->buffers[1];
        from = offsets[idx], to = offsets[idx + 1];
    } else {
        const int64_t *offsets = array->buffers[1];
        from = offsets[idx], to = offsets[idx + 1];
    }
    return (struct text){(const char *)array->buffers[2] + from, to - from};
}

static inline bool text_equal(struct text text, const char *expected, size_t bytes) {
    return text.bytes == (int64_t)bytes && memcmp(text.data, expected, bytes) == 0;
}

static inline char *read_whole(const char *path, size_t *bytes) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *bytes = (size_t)ftell(file);
    rewind(file);
    char *data = malloc(*bytes);
    assert_non_null(data);
    assert_int_equal(fread(data, 1, *bytes, file), *bytes);
    fclose(file);
    return data;
}

/* Whether the module was built; if not, says so once. */
static inline bool parquet_is_there(void) {
    if (access(MODULE_DIR "/weir_parquet.so", R_OK) == 0) return true;
    puts("skipped: this build has no Parquet (run scripts/fetch-arrow and configure again)");
    return false;
}

#endif
