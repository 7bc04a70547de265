/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/arrow_gather.h"

#include <string.h>

#include "base/bits.h"
#include "base/error.h"

/* Rows whose bits or codes are worked on at a time. */
#define BLOCK_ROWS 4096

void weir_arrow_gather_init(struct weir_arrow_gather *gather, const struct weir_arrow_field *field) {
    *gather = (struct weir_arrow_gather){.field = field};
    gather->unify.layout = field->words_layout;
}

void weir_arrow_gather_fini(struct weir_arrow_gather *gather) {
    weir_arrow_bytes_fini(&gather->validity);
    weir_arrow_bytes_fini(&gather->values);
    weir_arrow_bytes_fini(&gather->offsets);
    weir_arrow_bytes_fini(&gather->text);
    weir_arrow_unify_fini(&gather->unify);
}

void weir_arrow_gather_reset(struct weir_arrow_gather *gather) {
    gather->validity.bytes = gather->values.bytes = gather->offsets.bytes = gather->text.bytes = 0;
    gather->rows = gather->nulls = 0;
}

/* ---- bits
 * ---------------------------------------------------------------------------------------------------------- */

/* Appends `rows` <= BLOCK_ROWS bits, zero past the last of them, behind the `at` bits of a bitmap. */
static enum weir_status append_block(struct weir_arrow_bytes *bitmap, size_t at, const uint64_t *block, size_t rows,
                                     struct weir_error *error) {
    size_t bytes = weir_bitmap_words(at + rows) * 8;
    enum weir_status status = weir_arrow_bytes_append(bitmap, NULL, bytes - bitmap->bytes, error);
    if (status != WEIR_OK) return status;
    uint64_t *words = (uint64_t *)(void *)bitmap->data;
    size_t shift = at % 64, to = at / 64, last = bytes / 8 - 1;
    for (size_t i = 0; i < weir_bitmap_words(rows); i++, to++) {
        words[to] |= block[i] << shift;
        if (shift != 0 && to < last) words[to + 1] |= block[i] >> (64 - shift);
    }
    return WEIR_OK;
}

/* Appends bits [first, first + rows) of an Arrow bitmap (NULL: ones) behind the `at` bits that are there; adds the
 * number of zeros to *zeros, which may be NULL. */
static enum weir_status append_bits(struct weir_arrow_bytes *bitmap, int64_t at, const uint8_t *from, int64_t first,
                                    int64_t rows, int64_t *zeros, struct weir_error *error) {
    uint64_t block[BLOCK_ROWS / 64];
    for (int64_t done = 0; done < rows; done += BLOCK_ROWS) {
        size_t count = (size_t)(rows - done < BLOCK_ROWS ? rows - done : BLOCK_ROWS);
        size_t words = weir_bitmap_words(count);
        if (from == NULL) {
            memset(block, 0xFF, words * 8);
            block[words - 1] &= weir_bitmap_tail(count);
        } else {
            weir_bitmap_import(block, from, first + done, count);
        }
        if (zeros != NULL) *zeros += (int64_t)(count - weir_bitmap_count(block, count));
        enum weir_status status = append_block(bitmap, (size_t)(at + done), block, count, error);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

static enum weir_status append_validity(struct weir_arrow_gather *gather, const struct ArrowArray *array,
                                        int64_t first, int64_t rows, struct weir_error *error) {
    const uint8_t *bits = array->null_count == 0 ? NULL : array->buffers[0];
    return append_bits(&gather->validity, gather->rows, bits, array->offset + first, rows, &gather->nulls, error);
}

/* ---- values
 * -------------------------------------------------------------------------------------------------------- */

static enum weir_status invalid(const char *what, struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_INVALID, "the array is malformed: %s", what);
}

static int64_t offset_at(const struct ArrowArray *array, uint32_t width, int64_t row) {
    int64_t at = array->offset + row;
    return width == 4 ? ((const int32_t *)array->buffers[1])[at] : ((const int64_t *)array->buffers[1])[at];
}

/* Appends the ends of the texts, moved from `base` in the array to `target` in what is gathered. */
static enum weir_status append_ends(struct weir_arrow_bytes *offsets, const struct ArrowArray *array,
                                    uint32_t width, int64_t first, int64_t rows, int64_t target,
                                    struct weir_error *error) {
    enum weir_status status = weir_arrow_bytes_reserve(offsets, ((size_t)rows + 1) * width, error);
    if (status != WEIR_OK) return status;
    if (offsets->bytes == 0) {
        memset(offsets->data, 0, width);
        offsets->bytes = width;
    }
    int64_t base = offset_at(array, width, first), before = base;
    uint8_t *to = offsets->data + offsets->bytes;
    bool falls = base < 0;
    for (int64_t i = 1; i <= rows; i++, to += width) {
        int64_t end = offset_at(array, width, first + i);
        falls |= end < before;
        before = end;
        int64_t moved = end - base + target;
        memcpy(to, &moved, width);
    }
    offsets->bytes += (size_t)rows * width;
    return falls ? invalid("the offsets of its text fall", error) : WEIR_OK;
}

static enum weir_status append_text(struct weir_arrow_gather *gather, const struct ArrowArray *array, int64_t first,
                                    int64_t rows, struct weir_error *error) {
    uint32_t width = gather->field->layout.bytes;
    enum weir_status status =
        append_ends(&gather->offsets, array, width, first, rows, (int64_t)gather->text.bytes, error);
    if (status != WEIR_OK) return status;
    int64_t from = offset_at(array, width, first), to = offset_at(array, width, first + rows);
    if (from == to) return WEIR_OK;
    if (array->buffers[2] == NULL) return invalid("its text is missing", error);
    return weir_arrow_bytes_append(&gather->text, (const char *)array->buffers[2] + from, (size_t)(to - from),
                                   error);
}

/* Up to BLOCK_ROWS rows of a column with a dictionary. */
static enum weir_status append_code_block(struct weir_arrow_gather *gather, const struct ArrowArray *array,
                                          int64_t first, size_t at, size_t count, struct weir_error *error) {
    int32_t codes[BLOCK_ROWS];
    bool valid[BLOCK_ROWS];
    uint64_t bits[BLOCK_ROWS / 64] = {0};
    enum weir_status status = weir_arrow_unify_rows(&gather->unify, array, gather->field->format, first,
                                                    (int64_t)count, codes, valid, error);
    if (status != WEIR_OK) return status;
    for (size_t i = 0; i < count; i++) bits[i / 64] |= (uint64_t)valid[i] << (i % 64);
    gather->nulls += (int64_t)(count - weir_bitmap_count(bits, count));
    status = append_block(&gather->validity, at, bits, count, error);
    if (status != WEIR_OK) return status;
    return weir_arrow_bytes_append(&gather->values, codes, count * sizeof(*codes), error);
}

static enum weir_status append_codes(struct weir_arrow_gather *gather, const struct ArrowArray *array,
                                     int64_t first, int64_t rows, struct weir_error *error) {
    enum weir_status status = weir_arrow_unify_begin(&gather->unify, array, error);
    for (int64_t done = 0; done < rows && status == WEIR_OK; done += BLOCK_ROWS) {
        int64_t count = rows - done < BLOCK_ROWS ? rows - done : BLOCK_ROWS;
        status =
            append_code_block(gather, array, first + done, (size_t)(gather->rows + done), (size_t)count, error);
    }
    return status;
}

static enum weir_status append_values(struct weir_arrow_gather *gather, const struct ArrowArray *array,
                                      int64_t first, int64_t rows, struct weir_error *error) {
    struct weir_arrow_layout layout = gather->field->layout;
    int64_t at = array->offset + first;
    if (gather->field->words != NULL) return append_codes(gather, array, first, rows, error);
    enum weir_status status = append_validity(gather, array, first, rows, error);
    if (status != WEIR_OK) return status;
    switch (layout.kind) {
    case WEIR_ARROW_BITS:
        return append_bits(&gather->values, gather->rows, array->buffers[1], at, rows, NULL, error);
    case WEIR_ARROW_FIXED:
        return weir_arrow_bytes_append(&gather->values, (const char *)array->buffers[1] + at * layout.bytes,
                                       (size_t)rows * layout.bytes, error);
    default: return append_text(gather, array, first, rows, error);
    }
}

/* That what is read below is there. */
static enum weir_status check_array(const struct weir_arrow_gather *gather, const struct ArrowArray *array,
                                    int64_t first, int64_t rows, struct weir_error *error) {
    enum weir_arrow_kind kind = gather->field->layout.kind;
    if (array->offset < 0 || array->length < first + rows) return invalid("it is shorter than its batch", error);
    if (kind == WEIR_ARROW_NULL) return WEIR_OK;
    if (array->n_buffers != (kind == WEIR_ARROW_TEXT ? 3 : 2) || array->buffers == NULL ||
        array->buffers[1] == NULL) {
        return invalid("its buffers are not those of its type", error);
    }
    if (gather->field->words == NULL) return WEIR_OK;
    const struct ArrowArray *words = array->dictionary;
    if (words == NULL || words->length < 0 || words->offset < 0 || words->n_buffers != 3 ||
        (words->length > 0 && words->buffers[1] == NULL)) {
        return invalid("its dictionary is not one of text", error);
    }
    return WEIR_OK;
}

enum weir_status weir_arrow_gather_append(struct weir_arrow_gather *gather, const struct ArrowArray *array,
                                          int64_t first, int64_t rows, struct weir_error *error) {
    if (rows == 0) return WEIR_OK;
    enum weir_status status = check_array(gather, array, first, rows, error);
    if (status == WEIR_OK && gather->field->layout.kind == WEIR_ARROW_NULL) {
        gather->nulls += rows;
    } else if (status == WEIR_OK) {
        status = append_values(gather, array, first, rows, error);
    }
    if (status != WEIR_OK) {
        weir_error_prefix(error, "column '%s'", gather->field->name);
        return status;
    }
    gather->rows += rows;
    return WEIR_OK;
}

bool weir_arrow_gather_fits(const struct weir_arrow_gather *gather, const struct ArrowArray *array, int64_t first,
                            int64_t rows) {
    struct weir_arrow_layout layout = gather->field->layout;
    if (layout.kind != WEIR_ARROW_TEXT || layout.bytes != 4 || gather->text.bytes == 0 || rows == 0) return true;
    if (array->n_buffers != 3 || array->buffers[1] == NULL) return true; /* append says what is wrong */
    int64_t bytes = offset_at(array, 4, first + rows) - offset_at(array, 4, first);
    return bytes <= INT32_MAX - (int64_t)gather->text.bytes;
}

/* ---- to a message
 * -------------------------------------------------------------------------------------------------- */

enum weir_status weir_arrow_gather_give(const struct weir_arrow_gather *gather,
                                        struct weir_arrow_outgoing *outgoing, struct weir_error *error) {
    size_t rows = (size_t)gather->rows;
    enum weir_status status = weir_arrow_outgoing_node(outgoing, gather->rows, gather->nulls, error);
    if (status != WEIR_OK || gather->field->layout.kind == WEIR_ARROW_NULL) return status;
    size_t validity_bytes = gather->nulls == 0 ? 0 : weir_bitmap_bytes(rows);
    status = weir_arrow_outgoing_buffer(outgoing, gather->validity.data, validity_bytes, error);
    if (status != WEIR_OK) return status;
    if (gather->field->layout.kind == WEIR_ARROW_TEXT) {
        status = weir_arrow_outgoing_buffer(outgoing, gather->offsets.data, gather->offsets.bytes, error);
        if (status != WEIR_OK) return status;
        return weir_arrow_outgoing_buffer(outgoing, gather->text.data, gather->text.bytes, error);
    }
    bool is_bits = gather->field->layout.kind == WEIR_ARROW_BITS;
    size_t bytes = is_bits ? weir_bitmap_bytes(rows) : gather->values.bytes;
    return weir_arrow_outgoing_buffer(outgoing, gather->values.data, bytes, error);
}

enum weir_status weir_arrow_gather_give_words(struct weir_arrow_gather *gather,
                                              struct weir_arrow_outgoing *outgoing,
                                              struct weir_arrow_bytes *offsets, struct weir_error *error) {
    struct weir_arrow_unify *unify = &gather->unify;
    int32_t first = unify->written, count = unify->count - first;
    int64_t base = weir_arrow_unify_start(unify, first);
    uint32_t width = unify->layout.bytes;
    offsets->bytes = 0;
    enum weir_status status = weir_arrow_bytes_reserve(offsets, ((size_t)count + 1) * width, error);
    for (int32_t i = 0; i <= count && status == WEIR_OK; i++) {
        int64_t offset = weir_arrow_unify_start(unify, first + i) - base;
        status = weir_arrow_bytes_append(offsets, &offset, width, error);
    }
    if (status == WEIR_OK) status = weir_arrow_outgoing_node(outgoing, count, 0, error);
    if (status == WEIR_OK) status = weir_arrow_outgoing_buffer(outgoing, NULL, 0, error);
    if (status == WEIR_OK) status = weir_arrow_outgoing_buffer(outgoing, offsets->data, offsets->bytes, error);
    if (status != WEIR_OK) return status;
    size_t bytes = unify->text.bytes - (size_t)base;
    status = weir_arrow_outgoing_buffer(outgoing, bytes == 0 ? NULL : unify->text.data + base, bytes, error);
    if (status == WEIR_OK) unify->written = unify->count;
    return status;
}
