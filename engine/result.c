/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/result.h"

#include <stdlib.h>
#include <string.h>

#include "alloc/blocks.h"
#include "base/bits.h"
#include "base/error.h"

#define BYTES_CLOSE ((size_t)1 << 30)

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the rows of the result");
}

enum weir_status weir_result_init(struct weir_result *result, const struct weir_type *types, int32_t count,
                                  struct weir_error *error) {
    memset(result, 0, sizeof(*result));
    result->columns = calloc((size_t)count + 1, sizeof(*result->columns));
    if (result->columns == NULL) return out_of_memory(error);
    result->columns_count = count;
    for (int32_t i = 0; i < count; i++) result->columns[i].layout = weir_layout_of(types[i]);
    return WEIR_OK;
}

static void clear_column(struct weir_result_column *column) {
    struct weir_layout layout = column->layout;
    memset(column, 0, sizeof(*column));
    column->layout = layout;
}

void weir_result_fini(struct weir_result *result) {
    for (int32_t i = 0; i < result->columns_count; i++) {
        weir_block_free(result->columns[i].values);
        weir_block_free(result->columns[i].offsets);
        weir_block_free(result->columns[i].validity);
    }
    free(result->columns);
    memset(result, 0, sizeof(*result));
}

/* zeroed: where what is new must not be left as it is found. */
static bool make_room(void *address, size_t *room, size_t wanted, bool zeroed) {
    if (wanted <= *room) return true;
    size_t size = *room > SIZE_MAX / 2 ? SIZE_MAX : *room * 2;
    if (size < wanted) size = wanted;
    if (size < 1024) size = 1024;
    void **block = address;
    char *grown = weir_block_alloc(size, &size);
    if (grown == NULL) return false;
    if (*room > 0) memcpy(grown, *block, *room);
    if (zeroed) memset(grown + *room, 0, size - *room);
    if (*room == 0) memset(grown, 0, sizeof(uint64_t)); /* the first of offsets */
    weir_block_free(*block);
    *block = grown;
    *room = size;
    return true;
}

static bool is_string(const struct weir_result_column *column) { return column->layout.storage == WEIR_STORE_UTF8; }

/* Rows to make room for where there are so many: beyond a few those of a whole batch, which stay untouched until
 * they come, since to grow step by step copies them and takes new pages at each step. */
static size_t rows_to_hold(size_t rows) {
    size_t whole = WEIR_RESULT_ROWS + WEIR_BLOCK_ROWS;
    return rows > 1024 && rows < whole ? whole : rows;
}

/* Room for `count` more rows, of `bytes` bytes in all where they are strings. */
static bool reserve(struct weir_result_column *column, int64_t rows, int32_t count, size_t bytes) {
    size_t total = rows_to_hold((size_t)rows + (size_t)count);
    if (!make_room(&column->validity, &column->validity_room, (weir_bitmap_words(total) + 1) * sizeof(uint64_t),
                   true)) {
        return false;
    }
    if (is_string(column)) {
        if (column->values_used + bytes > INT32_MAX) return false;
        return make_room(&column->offsets, &column->offsets_room, (total + 1) * sizeof(int32_t), false) &&
               make_room(&column->values, &column->values_room, column->values_used + bytes + 1, false);
    }
    size_t element = weir_storage_bytes(column->layout.storage);
    size_t wanted = element == 0 ? (weir_bitmap_words(total) + 1) * sizeof(uint64_t) : total * element;
    return make_room(&column->values, &column->values_room, wanted, element == 0);
}

WEIR_INLINE uint32_t row_at(const uint32_t *selected, int32_t idx) {
    return selected == NULL ? (uint32_t)idx : selected[idx];
}

/* Puts the low `count` <= 64 bits of `bits`, of which the others are 0, behind the first `at` bits; the rest of the
 * word that they begin in and of the next one is lost. */
static void put_bits(uint64_t *words, size_t at, uint64_t bits, size_t count) {
    size_t shift = at & 63;
    uint64_t *word = words + (at >> 6);
    word[0] = (word[0] & ((UINT64_C(1) << shift) - 1)) | (bits << shift);
    if (shift + count > 64) word[1] = bits >> (64 - shift);
}

static void append_validity(struct weir_result_column *column, int64_t rows, const struct weir_vector *vector,
                            const uint32_t *selected, int32_t count) {
    if (selected != NULL && vector->validity != NULL) {
        for (int32_t i = 0; i < count; i++) {
            bool valid = weir_bit_get(vector->validity, selected[i]);
            weir_bit_put(column->validity, (size_t)rows + (size_t)i, valid);
            column->nulls += !valid;
        }
        return;
    }
    for (size_t done = 0; done < (size_t)count; done += 64) {
        size_t here = (size_t)count - done < 64 ? (size_t)count - done : 64;
        uint64_t bits = vector->validity == NULL ? ~UINT64_C(0) : vector->validity[done / 64];
        bits &= weir_bitmap_tail(here);
        put_bits(column->validity, (size_t)rows + done, bits, here);
        column->nulls += (int64_t)here - __builtin_popcountll(bits);
    }
}

#define APPEND(type, source)                                                                                       \
    do {                                                                                                           \
        type *out = (type *)column->values + rows;                                                                 \
        for (int32_t i = 0; i < count; i++) out[i] = (type)(source)[row_at(selected, i)];                          \
    } while (0)

static void append_fixed(struct weir_result_column *column, int64_t rows, const struct weir_vector *vector,
                         const uint32_t *selected, int32_t count) {
    switch (column->layout.storage) {
    case WEIR_STORE_BOOL:
        for (int32_t i = 0; i < count; i++) {
            weir_bit_put((uint64_t *)(void *)column->values, (size_t)rows + (size_t)i,
                         weir_bit_get(vector->bits, row_at(selected, i)));
        }
        return;
    case WEIR_STORE_I8: APPEND(int8_t, vector->i64); return;
    case WEIR_STORE_I16: APPEND(int16_t, vector->i64); return;
    case WEIR_STORE_I32: APPEND(int32_t, vector->i64); return;
    case WEIR_STORE_F32: APPEND(float, vector->f64); return;
    case WEIR_STORE_F64: APPEND(double, vector->f64); return;
    case WEIR_STORE_I128: APPEND(weir_i128, vector->i128); return;
    default: APPEND(int64_t, vector->i64); return;
    }
}

/* Most strings are short: two words that overlap, without a call. */
WEIR_INLINE void copy_text(char *to, const char *from, size_t bytes) {
    if (bytes >= 8 && bytes <= 16) {
        uint64_t first, last;
        memcpy(&first, from, sizeof(first));
        memcpy(&last, from + bytes - sizeof(last), sizeof(last));
        memcpy(to, &first, sizeof(first));
        memcpy(to + bytes - sizeof(last), &last, sizeof(last));
    } else if (bytes >= 4 && bytes < 8) {
        uint32_t first, last;
        memcpy(&first, from, sizeof(first));
        memcpy(&last, from + bytes - sizeof(last), sizeof(last));
        memcpy(to, &first, sizeof(first));
        memcpy(to + bytes - sizeof(last), &last, sizeof(last));
    } else if (bytes > 0) {
        memcpy(to, from, bytes);
    }
}

static bool append_strings(struct weir_result_column *column, int64_t rows, const struct weir_vector *vector,
                           const uint32_t *selected, int32_t count) {
    size_t bytes = 0;
    for (int32_t i = 0; i < count; i++) {
        uint32_t row = row_at(selected, i);
        if (vector->validity != NULL && !weir_bit_get(vector->validity, row)) continue;
        bytes += (size_t)vector->strings[row].length;
    }
    if (!reserve(column, rows, count, bytes)) return false;
    char *to = column->values;
    int32_t *ends = column->offsets + rows + 1;
    size_t used = column->values_used;
    for (int32_t i = 0; i < count; i++) {
        uint32_t row = row_at(selected, i);
        bool valid = vector->validity == NULL || weir_bit_get(vector->validity, row);
        struct weir_string string = vector->strings[row];
        if (valid) {
            copy_text(to + used, string.data, (size_t)string.length);
            used += (size_t)string.length;
        }
        ends[i] = (int32_t)used;
    }
    column->values_used = used;
    return true;
}

enum weir_status weir_result_append(struct weir_result *result, const struct weir_vector *vectors,
                                    const uint32_t *selected, int32_t count, struct weir_error *error) {
    for (int32_t c = 0; c < result->columns_count; c++) {
        struct weir_result_column *column = &result->columns[c];
        if (is_string(column)) {
            if (!append_strings(column, result->rows, &vectors[c], selected, count)) return out_of_memory(error);
        } else {
            if (!reserve(column, result->rows, count, 0)) return out_of_memory(error);
            append_fixed(column, result->rows, &vectors[c], selected, count);
        }
        append_validity(column, result->rows, &vectors[c], selected, count);
    }
    result->rows += count;
    return WEIR_OK;
}

static bool append_cell(struct weir_result_column *column, int64_t rows, const struct ArrowArray *array,
                        int64_t row) {
    const uint64_t *validity = array->buffers[0];
    bool valid = validity == NULL || weir_bit_get(validity, (size_t)row);
    if (is_string(column)) {
        const int32_t *offsets = array->buffers[1];
        size_t bytes = (size_t)(offsets[row + 1] - offsets[row]);
        if (!reserve(column, rows, 1, bytes)) return false;
        if (bytes > 0)
            memcpy(column->values + column->values_used, (const char *)array->buffers[2] + offsets[row], bytes);
        column->values_used += bytes;
        column->offsets[rows + 1] = (int32_t)column->values_used;
    } else {
        if (!reserve(column, rows, 1, 0)) return false;
        size_t element = weir_storage_bytes(column->layout.storage);
        if (element == 0) {
            weir_bit_put((uint64_t *)(void *)column->values, (size_t)rows,
                         weir_bit_get(array->buffers[1], (size_t)row));
        } else {
            memcpy(column->values + (size_t)rows * element, (const char *)array->buffers[1] + (size_t)row * element,
                   element);
        }
    }
    weir_bit_put(column->validity, (size_t)rows, valid);
    column->nulls += !valid;
    return true;
}

enum weir_status weir_result_append_row(struct weir_result *result, const struct ArrowArray *array, int64_t row,
                                        struct weir_error *error) {
    for (int32_t c = 0; c < result->columns_count; c++) {
        if (!append_cell(&result->columns[c], result->rows, array->children[c], row)) return out_of_memory(error);
    }
    result->rows++;
    return WEIR_OK;
}

bool weir_result_is_full(const struct weir_result *result) {
    if (result->rows >= WEIR_RESULT_ROWS) return true;
    for (int32_t c = 0; c < result->columns_count; c++) {
        if (is_string(&result->columns[c]) && result->columns[c].values_used >= BYTES_CLOSE) return true;
    }
    return false;
}

/* ---- leaving as an Arrow array ---- */

#define FIT_FROM 16384 /* bytes */

struct owned_array {
    struct ArrowArray array;
    const void *buffers[3];
};

static void release_child(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_buffers; i++) weir_block_free((void *)(uintptr_t)array->buffers[i]);
    array->release = NULL;
    free(array->private_data);
}

struct owned_struct {
    const void *buffers[1];
    struct ArrowArray **children;
    int64_t children_count;
};

static void release_struct(struct ArrowArray *array) {
    struct owned_struct *owned = array->private_data;
    for (int64_t i = 0; i < owned->children_count; i++) {
        if (array->children[i]->release != NULL) array->children[i]->release(array->children[i]);
    }
    array->release = NULL;
    free(owned->children);
    free(owned);
}

/* Gives most of a room back that was made for more. */
static void fit(void *address, size_t *room, size_t used) {
    if (*room < FIT_FROM || *room / 2 <= used) return;
    void **block = address;
    void *fitted = weir_block_alloc(used, room);
    if (fitted == NULL) return;
    memcpy(fitted, *block, used);
    weir_block_free(*block);
    *block = fitted;
}

/* A window of few rows leaves as a batch of its own, and thousands of them may wait. */
static void fit_column(struct weir_result_column *column, int64_t rows) {
    size_t total = (size_t)rows + 1, bits = (weir_bitmap_words(total) + 1) * sizeof(uint64_t);
    size_t element = weir_storage_bytes(column->layout.storage);
    fit(&column->validity, &column->validity_room, bits);
    if (is_string(column)) {
        fit(&column->offsets, &column->offsets_room, (total + 1) * sizeof(int32_t));
        fit(&column->values, &column->values_room, column->values_used + 1);
    } else {
        fit(&column->values, &column->values_room, element == 0 ? bits : total * element);
    }
}

static struct ArrowArray *take_column(struct weir_result_column *column, int64_t rows) {
    struct owned_array *owned = calloc(1, sizeof(*owned));
    if (owned == NULL) return NULL;
    if (!reserve(column, rows, 1, 0)) { /* so that an empty column has buffers too */
        free(owned);
        return NULL;
    }
    fit_column(column, rows);
    bool string = is_string(column);
    if (column->nulls == 0) {
        weir_block_free(column->validity);
        column->validity = NULL;
    }
    owned->buffers[0] = column->validity;
    owned->buffers[1] = string ? (void *)column->offsets : (void *)column->values;
    owned->buffers[2] = column->values;
    owned->array = (struct ArrowArray){.length = rows,
                                       .null_count = column->nulls,
                                       .n_buffers = string ? 3 : 2,
                                       .buffers = owned->buffers,
                                       .release = release_child,
                                       .private_data = owned};
    clear_column(column);
    return &owned->array;
}

enum weir_status weir_result_take(struct weir_result *result, int32_t columns, struct ArrowArray *out,
                                  struct weir_error *error) {
    struct owned_struct *owned = calloc(1, sizeof(*owned));
    struct ArrowArray **children = calloc((size_t)columns + 1, sizeof(struct ArrowArray *));
    if (owned == NULL || children == NULL) {
        free(owned);
        free(children);
        return out_of_memory(error);
    }
    owned->children = children;
    *out = (struct ArrowArray){.length = result->rows,
                               .n_buffers = 1,
                               .n_children = columns,
                               .buffers = owned->buffers,
                               .children = children,
                               .release = release_struct,
                               .private_data = owned};
    for (int32_t c = 0; c < columns; c++) {
        children[c] = take_column(&result->columns[c], result->rows);
        if (children[c] == NULL) {
            out->release(out);
            return out_of_memory(error);
        }
        owned->children_count++;
    }
    for (int32_t c = columns; c < result->columns_count; c++) {
        weir_block_free(result->columns[c].values);
        weir_block_free(result->columns[c].offsets);
        weir_block_free(result->columns[c].validity);
        clear_column(&result->columns[c]);
    }
    result->rows = 0;
    return WEIR_OK;
}
