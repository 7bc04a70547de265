/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/batch.h"

#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "simd/kernels.h"

/* More rows than memory can hold: below it no size of a buffer overflows. */
#define ROWS_MAX (INT64_MAX / 64)

size_t weir_storage_bytes(enum weir_storage storage) {
    switch (storage) {
    case WEIR_STORE_I8:
    case WEIR_STORE_U8: return 1;
    case WEIR_STORE_I16:
    case WEIR_STORE_U16: return 2;
    case WEIR_STORE_I32:
    case WEIR_STORE_U32:
    case WEIR_STORE_F32: return 4;
    case WEIR_STORE_I64:
    case WEIR_STORE_U64:
    case WEIR_STORE_F64: return 8;
    case WEIR_STORE_I128: return 16;
    default: return 0;
    }
}

/* What one column's import needs to know, and to say when it fails. */
struct import {
    struct weir_batch *batch;
    const char *name;
    struct weir_error *error;
    int64_t offset; /* of row 0 in the array's buffers */
    int64_t rows;
    bool check;
};

static WEIR_COLD enum weir_status malformed(const struct import *import, const char *what) {
    return weir_error_set(import->error, WEIR_ERR_FORMAT, "column '%s' of the batch is malformed: %s", import->name,
                          what);
}

static enum weir_status out_of_memory(const struct import *import) {
    return weir_error_set(import->error, WEIR_ERR_MEMORY, "out of memory while taking a batch of %lld rows",
                          (long long)import->rows);
}

/* Bitmaps are copied, so that they begin at bit 0 and whole words can be read. */
static enum weir_status import_bitmap(const struct import *import, const void *bytes, const uint64_t **out) {
    uint64_t *words =
        weir_arena_alloc(&import->batch->arena, weir_bitmap_words((size_t)import->rows) * sizeof(uint64_t) + 8);
    if (words == NULL) return out_of_memory(import);
    words[0] = 0;
    weir_bitmap_import(words, bytes, import->offset, (size_t)import->rows);
    *out = words;
    return WEIR_OK;
}

static enum weir_status import_validity(const struct import *import, const struct ArrowArray *array,
                                        struct weir_column *column) {
    if (array->null_count == 0 || array->n_buffers < 1 || array->buffers[0] == NULL || import->rows == 0) {
        return WEIR_OK;
    }
    enum weir_status status = import_bitmap(import, array->buffers[0], &column->validity);
    if (status != WEIR_OK) return status;
    if (weir_bitmap_count(column->validity, (size_t)import->rows) == (size_t)import->rows) column->validity = NULL;
    return WEIR_OK;
}

/* Elements of `bytes` each, borrowed where they are aligned and copied where they are not. */
static enum weir_status import_elements(const struct import *import, const void *buffer, int64_t count,
                                        size_t bytes, size_t align, const void **out) {
    if (count == 0) {
        *out = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
        return WEIR_OK;
    }
    if (buffer == NULL) return malformed(import, "a buffer is missing");
    const char *first = (const char *)buffer + (size_t)import->offset * bytes;
    if (((uintptr_t)first & (align - 1)) == 0) {
        *out = first;
        return WEIR_OK;
    }
    void *copy = weir_arena_alloc(&import->batch->arena, (size_t)count * bytes);
    if (copy == NULL) return out_of_memory(import);
    memcpy(copy, first, (size_t)count * bytes);
    *out = copy;
    return WEIR_OK;
}

static bool offsets32_ok(const int32_t *offsets, int64_t rows) {
    int32_t bad = offsets[0] < 0;
    for (int64_t i = 0; i < rows; i++) bad |= offsets[i + 1] < offsets[i];
    return !bad;
}

static bool offsets64_ok(const int64_t *offsets, int64_t rows) {
    int64_t bad = offsets[0] < 0;
    for (int64_t i = 0; i < rows; i++) bad |= offsets[i + 1] < offsets[i];
    return !bad;
}

static enum weir_status import_strings(const struct import *import, const struct ArrowArray *array,
                                       enum weir_storage storage, struct weir_column *column) {
    static const int64_t no_offsets[1] = {0};
    column->offsets = no_offsets;
    column->values = "";
    if (array->n_buffers != 3) return malformed(import, "a string column has three buffers");
    if (import->rows == 0) return WEIR_OK;
    size_t bytes = storage == WEIR_STORE_UTF8 ? sizeof(int32_t) : sizeof(int64_t);
    enum weir_status status =
        import_elements(import, array->buffers[1], import->rows + 1, bytes, bytes, &column->offsets);
    if (status != WEIR_OK) return status;
    if (import->check) {
        bool ok = storage == WEIR_STORE_UTF8 ? offsets32_ok(column->offsets, import->rows)
                                             : offsets64_ok(column->offsets, import->rows);
        if (!ok) return malformed(import, "its string offsets are negative or go backwards");
    }
    int64_t end = storage == WEIR_STORE_UTF8 ? ((const int32_t *)column->offsets)[import->rows]
                                             : ((const int64_t *)column->offsets)[import->rows];
    if (array->buffers[2] != NULL) {
        column->values = array->buffers[2];
    } else if (end != 0) {
        return malformed(import, "its strings have no bytes");
    }
    return WEIR_OK;
}

/* True when all codes are known to be in range; rows that are NULL may make it false for nothing. Below 0 a code is
 * too great without its sign. */
static bool codes_ok(const struct weir_column *column, int64_t rows) {
    uint64_t limit = (uint64_t)column->dictionary->rows;
    uint64_t most = UINT64_MAX, size = (uint64_t)rows;
    switch (column->codes) {
    case WEIR_STORE_I8: limit = limit < 128 ? limit : 128; /* fall through */
    case WEIR_STORE_U8: most = weir_simd->max_u8(column->values, size); break;
    case WEIR_STORE_I16: limit = limit < 32768 ? limit : 32768; /* fall through */
    case WEIR_STORE_U16: most = weir_simd->max_u16(column->values, size); break;
    case WEIR_STORE_I32: limit = limit < UINT32_C(1) << 31 ? limit : UINT32_C(1) << 31; /* fall through */
    case WEIR_STORE_U32: most = weir_simd->max_u32(column->values, size); break;
    default: break;
    }
    return most < limit;
}

static enum weir_status check_codes(const struct import *import, const struct weir_column *column) {
    if (codes_ok(column, import->rows)) return WEIR_OK;
    int64_t limit = column->dictionary->rows;
    for (int64_t i = 0; i < import->rows; i++) {
        int64_t code = weir_column_code(column, i);
        if ((uint64_t)code < (uint64_t)limit) continue;
        if (column->validity != NULL && !weir_bit_get(column->validity, (size_t)i)) continue;
        return malformed(import, "a code points outside its dictionary");
    }
    return WEIR_OK;
}

/* A dictionary entry may itself be NULL: such rows become NULL rows, so that no later stage looks twice. */
static enum weir_status fold_null_entries(const struct import *import, struct weir_column *column) {
    const uint64_t *entries = column->dictionary->validity;
    if (entries == NULL) return WEIR_OK;
    size_t words = weir_bitmap_words((size_t)import->rows);
    uint64_t *validity = weir_arena_alloc(&import->batch->arena, words * sizeof(uint64_t) + 8);
    if (validity == NULL) return out_of_memory(import);
    if (column->validity != NULL) {
        memcpy(validity, column->validity, words * sizeof(uint64_t));
    } else {
        memset(validity, 0xFF, words * sizeof(uint64_t));
    }
    for (int64_t i = 0; i < import->rows; i++) {
        if (!weir_bit_get(validity, (size_t)i)) continue;
        if (!weir_bit_get(entries, (size_t)weir_column_code(column, i))) weir_bit_clear(validity, (size_t)i);
    }
    column->validity = validity;
    return WEIR_OK;
}

static enum weir_status import_column(struct import import, const struct ArrowArray *array,
                                      const struct weir_layout *layout, struct weir_column *column);

static enum weir_status import_dictionary(const struct import *import, const struct ArrowArray *array,
                                          const struct weir_layout *layout, struct weir_column *column) {
    const struct ArrowArray *words = array->dictionary;
    if (words == NULL) return malformed(import, "its dictionary is missing");
    if (words->release == NULL) return malformed(import, "its dictionary has been released");
    if (words->length < 0 || words->offset < 0 || words->length > ROWS_MAX || words->offset > ROWS_MAX) {
        return malformed(import, "its dictionary has a length or offset that cannot be");
    }
    struct weir_column *dictionary = weir_arena_array(&import->batch->arena, 1, sizeof(*dictionary));
    if (dictionary == NULL) return out_of_memory(import);
    struct weir_layout words_layout = {.storage = layout->words, .type = layout->type};
    struct import inner = *import;
    inner.offset = words->offset;
    inner.rows = words->length;
    enum weir_status status = import_column(inner, words, &words_layout, dictionary);
    if (status != WEIR_OK) return status;
    column->dictionary = dictionary;
    column->codes = layout->codes;
    size_t bytes = weir_storage_bytes(layout->codes);
    if (array->n_buffers != 2) return malformed(import, "a dictionary column has two buffers");
    status = import_elements(import, array->buffers[1], import->rows, bytes, bytes, &column->values);
    if (status == WEIR_OK && import->check) status = check_codes(import, column);
    return status == WEIR_OK ? fold_null_entries(import, column) : status;
}

/* By value: a dictionary's import nests one more. */
static enum weir_status import_column(struct import import, const struct ArrowArray *array,
                                      const struct weir_layout *layout, struct weir_column *column) {
    column->storage = layout->storage;
    column->rows = import.rows;
    if (layout->storage == WEIR_STORE_NULL) {
        size_t words = weir_bitmap_words((size_t)import.rows) + 1;
        column->validity = weir_arena_array(&import.batch->arena, words, sizeof(uint64_t));
        return column->validity == NULL ? out_of_memory(&import) : WEIR_OK;
    }
    if (array->buffers == NULL || array->n_buffers < 2) return malformed(&import, "its buffers are missing");
    enum weir_status status = import_validity(&import, array, column);
    if (status != WEIR_OK) return status;
    switch (layout->storage) {
    case WEIR_STORE_UTF8:
    case WEIR_STORE_LARGE_UTF8: return import_strings(&import, array, layout->storage, column);
    case WEIR_STORE_DICTIONARY: return import_dictionary(&import, array, layout, column);
    case WEIR_STORE_BOOL: {
        if (import.rows > 0 && array->buffers[1] == NULL) return malformed(&import, "a buffer is missing");
        const uint64_t *bits = NULL;
        status = import_bitmap(&import, array->buffers[1], &bits);
        column->values = bits;
        return status;
    }
    default: {
        size_t bytes = weir_storage_bytes(layout->storage);
        return import_elements(&import, array->buffers[1], import.rows, bytes, bytes, &column->values);
    }
    }
}

static enum weir_status check_struct(const struct ArrowArray *array, size_t columns_count,
                                     struct weir_error *error) {
    if (array->n_children != (int64_t)columns_count) {
        return weir_error_set(error, WEIR_ERR_FORMAT, "the batch has %lld columns; the query's input has %zu",
                              (long long)array->n_children, columns_count);
    }
    if (array->length < 0 || array->offset < 0 || array->offset > ROWS_MAX ||
        array->length > ROWS_MAX - array->offset) {
        return weir_error_set(error, WEIR_ERR_FORMAT, "the batch has length %lld and offset %lld, which cannot be",
                              (long long)array->length, (long long)array->offset);
    }
    if (columns_count > 0 && array->children == NULL)
        return weir_error_set(error, WEIR_ERR_FORMAT, "the batch has no array of columns");
    if (array->null_count != 0 && array->n_buffers > 0 && array->buffers != NULL && array->buffers[0] != NULL) {
        const uint8_t *bits = array->buffers[0];
        for (int64_t i = array->offset; i < array->offset + array->length; i++) {
            if ((bits[i / 8] >> (i % 8)) & 1) continue;
            return weir_error_set(error, WEIR_ERR_FORMAT,
                                  "row %lld of the batch is NULL as a whole; only its columns may be",
                                  (long long)(i - array->offset));
        }
    }
    return WEIR_OK;
}

static enum weir_status import_columns(struct weir_batch *batch, const struct ArrowArray *array,
                                       const struct weir_layout *layouts, const char *const *names, bool check,
                                       struct weir_error *error) {
    for (int32_t c = 0; c < batch->columns_count; c++) {
        const struct ArrowArray *child = array->children[c];
        struct import import = {
            .batch = batch, .name = names[c], .error = error, .rows = batch->rows, .check = check};
        if (child == NULL || child->release == NULL)
            return malformed(&import, "it is missing or has been released");
        if (child->length < 0 || child->offset < 0 || child->offset > ROWS_MAX - array->offset) {
            return malformed(&import, "it has a length or offset that cannot be");
        }
        if (child->length < array->offset + array->length) {
            return malformed(&import, "it is shorter than the batch");
        }
        import.offset = array->offset + child->offset;
        enum weir_status status = import_column(import, child, &layouts[c], &batch->columns[c]);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

enum weir_status weir_batch_import(struct ArrowArray *array, const struct weir_layout *layouts,
                                   const char *const *names, size_t columns_count, bool check_strings,
                                   struct weir_batch *out, struct weir_error *error) {
    memset(out, 0, sizeof(*out));
    enum weir_status status = check_struct(array, columns_count, error);
    if (status != WEIR_OK) return status;
    weir_arena_init(&out->arena, 16 * 1024);
    out->rows = array->length;
    out->columns_count = (int32_t)columns_count;
    out->columns = weir_arena_array(&out->arena, columns_count + 1, sizeof(*out->columns));
    if (out->columns == NULL) {
        status = weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while taking a batch");
    } else {
        status = import_columns(out, array, layouts, names, check_strings, error);
    }
    if (status != WEIR_OK) {
        weir_arena_fini(&out->arena);
        memset(out, 0, sizeof(*out));
        return status;
    }
    out->source = *array;
    array->release = NULL;
    return WEIR_OK;
}

void weir_batch_fini(struct weir_batch *batch) {
    if (batch->source.release != NULL) batch->source.release(&batch->source);
    weir_arena_fini(&batch->arena);
    memset(batch, 0, sizeof(*batch));
}
