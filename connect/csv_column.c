/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/csv_column.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "engine/batch.h"

static bool is_text(const struct weir_csv_column *column) {
    return column->layout.storage == WEIR_STORE_UTF8 && !weir_csv_column_is_coded(column);
}

/* Bytes of the values of `rows` rows, in whole words. */
static size_t value_bytes(const struct weir_csv_column *column, size_t rows) {
    if (column->layout.storage == WEIR_STORE_BOOL) return weir_bitmap_words(rows) * 8;
    return weir_round_up(rows * weir_storage_bytes(column->layout.storage), 8);
}

static bool grow(void *pointer, size_t bytes) {
    void *grown = realloc(*(void **)pointer, bytes);
    if (grown) *(void **)pointer = grown;
    return grown != NULL;
}

static bool grow_rows(struct weir_csv_column *column, size_t room) {
    if (is_text(column)) {
        if (!grow(&column->offsets, (room + 1) * sizeof(int32_t))) return false;
    } else if (weir_csv_column_is_coded(column)) {
        if (!grow(&column->codes, room * sizeof(*column->codes))) return false;
    } else if (!grow(&column->values, value_bytes(column, room))) {
        return false;
    }
    if (column->validity) {
        size_t before = weir_bitmap_words(column->rows_room), after = weir_bitmap_words(room);
        if (!grow(&column->validity, after * 8)) return false;
        memset(column->validity + before, 0xFF, (after - before) * 8);
    }
    column->rows_room = room;
    return true;
}

enum weir_status weir_csv_column_reserve(struct weir_csv_column *column, size_t rows, size_t bytes,
                                         struct weir_error *error) {
    size_t room = column->rows_room ? column->rows_room : WEIR_CSV_STRIP, need = column->rows + rows;
    while (room < need) room *= 2;
    bool done = room == column->rows_room || grow_rows(column, room);
    if (done && is_text(column)) {
        size_t bytes_need = column->bytes + bytes + WEIR_CSV_PADDING;
        size_t bytes_room = column->bytes_room ? column->bytes_room : 16 * (size_t)WEIR_CSV_STRIP;
        while (bytes_room < bytes_need) bytes_room *= 2;
        done = bytes_room == column->bytes_room || grow(&column->values, bytes_room);
        if (done) column->bytes_room = bytes_room;
    }
    if (done) return WEIR_OK;
    return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for %zu rows of column '%s'", need, column->name);
}

enum weir_status weir_csv_column_null(struct weir_csv_column *column, size_t row, struct weir_error *error) {
    if (!column->validity) {
        size_t bytes = weir_bitmap_words(column->rows_room) * 8;
        column->validity = malloc(bytes);
        if (!column->validity) {
            return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for the NULLs of column '%s'", column->name);
        }
        memset(column->validity, 0xFF, bytes);
    }
    weir_bit_clear(column->validity, row);
    column->nulls++;
    if (weir_csv_column_is_coded(column)) column->codes[row] = 0;
    return WEIR_OK;
}

void weir_csv_column_truncate(struct weir_csv_column *column, size_t rows) {
    for (size_t row = rows; column->validity && row < column->rows; row++) {
        if (weir_bit_get(column->validity, row)) continue;
        weir_bit_set(column->validity, row);
        column->nulls--;
    }
    if (is_text(column)) column->bytes = rows ? (size_t)column->offsets[rows] : 0;
    column->rows = rows;
}

/* The buffers belong to somebody else. */
static void forget_buffers(struct weir_csv_column *column) {
    column->values = column->offsets = NULL;
    column->codes = NULL;
    column->validity = NULL;
    column->rows = column->rows_room = column->bytes = column->bytes_room = 0;
    column->nulls = 0;
}

static void free_buffers(struct weir_csv_column *column) {
    free(column->values);
    free(column->offsets);
    free(column->codes);
    free(column->validity);
    forget_buffers(column);
}

void weir_csv_column_begin(struct weir_csv_column *column) {
    if (!weir_csv_column_is_coded(column) || !weir_text_dictionary_is_full(column->dictionary)) return;
    free_buffers(column);
    column->spelled = true;
}

void weir_csv_column_fini(struct weir_csv_column *column) {
    free_buffers(column);
    weir_text_dictionary_destroy(&column->dictionary);
}

/* ---- export -----------------------------------------------------------------------------------------------------
 */

/* A child owns its buffers by itself: a consumer may move it out of the struct. */
struct child_buffers {
    const void *pointers[3];
    void *owned[3];
    struct ArrowArray words; /* of a column with a dictionary */
};

static void release_child(struct ArrowArray *array) {
    struct child_buffers *buffers = array->private_data;
    for (int i = 0; i < 3; i++) free(buffers->owned[i]);
    if (array->dictionary && array->dictionary->release) array->dictionary->release(array->dictionary);
    free(buffers);
    array->release = NULL;
}

struct batch_parts {
    const void *validity; /* none */
    struct ArrowArray **children;
    struct ArrowArray *arrays;
};

static void release_batch(struct ArrowArray *array) {
    struct batch_parts *parts = array->private_data;
    for (int64_t i = 0; i < array->n_children; i++) {
        struct ArrowArray *child = array->children[i];
        if (child->release) child->release(child);
    }
    free(parts->children);
    free(parts->arrays);
    free(parts);
    array->release = NULL;
}

/* Takes the three buffers. */
static bool export_buffers(size_t rows, int64_t nulls, int buffers_count, void *const *owned,
                           struct ArrowArray *out) {
    struct child_buffers *buffers = calloc(1, sizeof(*buffers));
    if (!buffers) return false;
    memcpy(buffers->owned, owned, 3 * sizeof(*owned));
    for (int i = 0; i < 3; i++) buffers->pointers[i] = owned[i];
    *out = (struct ArrowArray){.length = (int64_t)rows,
                               .null_count = nulls,
                               .n_buffers = buffers_count,
                               .buffers = buffers->pointers,
                               .release = release_child,
                               .private_data = buffers};
    return true;
}

static bool export_codes(struct weir_csv_column *column, uint32_t *codes, struct ArrowArray *out) {
    void *const owned[3] = {column->validity, codes, NULL};
    if (!export_buffers(column->rows, column->nulls, 2, owned, out)) return false;
    struct child_buffers *buffers = out->private_data;
    out->dictionary = &buffers->words;
    return true;
}

static bool export_coded(struct weir_csv_column *column, struct ArrowArray *out) {
    struct ArrowArray words;
    if (!weir_text_dictionary_export(column->dictionary, &words)) return false;
    if (!export_codes(column, column->codes, out)) {
        words.release(&words);
        return false;
    }
    *out->dictionary = words;
    return true;
}

static bool export_spelled(struct weir_csv_column *column, struct ArrowArray *out) {
    void *const owned[3] = {NULL, column->offsets, column->values};
    uint32_t *codes = malloc((column->rows + 1) * sizeof(*codes));
    if (!codes) return false;
    for (size_t row = 0; row < column->rows; row++) codes[row] = (uint32_t)row;
    if (!export_codes(column, codes, out)) {
        free(codes);
        return false;
    }
    if (export_buffers(column->rows, 0, 3, owned, out->dictionary)) return true;
    column->validity = NULL; /* what is exported has it already */
    out->release(out);
    return false;
}

static bool export_child(struct weir_csv_column *column, struct ArrowArray *out) {
    bool text = is_text(column), done;
    void *const owned[3] = {column->validity, text ? (void *)column->offsets : column->values,
                            text ? column->values : NULL};
    if (weir_csv_column_is_coded(column))
        done = export_coded(column, out);
    else if (column->dictionary)
        done = export_spelled(column, out);
    else
        done = export_buffers(column->rows, column->nulls, text ? 3 : 2, owned, out);
    if (done) forget_buffers(column);
    return done;
}

enum weir_status weir_csv_columns_export(struct weir_csv_column *const *columns, size_t count, size_t rows,
                                         struct ArrowArray *out, struct weir_error *error) {
    struct batch_parts *parts = calloc(1, sizeof(*parts));
    struct ArrowArray batch = {
        .length = (int64_t)rows, .n_buffers = 1, .release = release_batch, .private_data = parts};
    bool done = parts != NULL;
    if (done) {
        parts->children = calloc(count + 1, sizeof(*parts->children));
        parts->arrays = calloc(count + 1, sizeof(*parts->arrays));
        done = parts->children && parts->arrays;
        batch.buffers = &parts->validity;
        batch.children = parts->children;
    }
    for (size_t i = 0; done && i < count; i++) {
        parts->children[i] = &parts->arrays[i];
        done = export_child(columns[i], &parts->arrays[i]);
        if (done) batch.n_children = (int64_t)i + 1;
    }
    if (done) {
        *out = batch;
        return WEIR_OK;
    }
    if (parts) release_batch(&batch);
    return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for a batch of %zu columns", count);
}
