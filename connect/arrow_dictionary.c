/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/arrow_dictionary.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"

static const uint64_t nothing[2];

struct weir_arrow_words *weir_arrow_words_retain(struct weir_arrow_words *words) {
    atomic_fetch_add_explicit(&words->references, 1, memory_order_relaxed);
    return words;
}

void weir_arrow_words_release(struct weir_arrow_words *words) {
    if (words == NULL || atomic_fetch_sub_explicit(&words->references, 1, memory_order_acq_rel) != 1) return;
    for (int i = 0; i < 3; i++) weir_arrow_body_release(words->bodies[i]);
    free(words);
}

struct weir_arrow_words *weir_arrow_words_empty(struct weir_arrow_layout layout, struct weir_error *error) {
    struct weir_arrow_words *words = calloc(1, sizeof(*words));
    if (words == NULL) {
        weir_error_set(error, WEIR_ERR_MEMORY, "not enough memory for a dictionary");
        return NULL;
    }
    atomic_init(&words->references, 1);
    words->layout = (struct weir_arrow_layout){WEIR_ARROW_TEXT, layout.bytes};
    words->buffers[1] = words->buffers[2] = nothing;
    return words;
}

static int64_t offset_at(const void *offsets, uint32_t width, int64_t idx) {
    return width == 4 ? ((const int32_t *)offsets)[idx] : ((const int64_t *)offsets)[idx];
}

static void offset_put(void *offsets, uint32_t width, int64_t idx, int64_t value) {
    if (width == 4) {
        ((int32_t *)offsets)[idx] = (int32_t)value;
    } else {
        ((int64_t *)offsets)[idx] = value;
    }
}

static enum weir_status check_text(const struct weir_arrow_column *column, int64_t rows, struct weir_error *error) {
    enum weir_status status = weir_arrow_column_check_text(column, 0, rows, error);
    if (status != WEIR_OK) return status;
    bool falls = false;
    for (int64_t i = 0; i < rows; i++) {
        falls |= weir_arrow_column_offset(column, i) > weir_arrow_column_offset(column, i + 1);
    }
    if (!falls) return WEIR_OK;
    return weir_error_set(error, WEIR_ERR_FORMAT, "the dictionary of column '%s' has offsets that fall",
                          column->name);
}

/* NULLs of a column, counted where the file does not tell. */
static int64_t count_nulls(const struct weir_arrow_column *column, int64_t rows) {
    if (column->nulls >= 0) return column->nulls;
    int64_t valid = 0;
    const uint8_t *bits = column->buffers[0];
    for (int64_t i = 0; i < rows; i++) valid += (bits[i / 8] >> (i % 8)) & 1;
    return rows - valid;
}

struct weir_arrow_words *weir_arrow_words_import(const struct weir_arrow_column *column, int64_t rows,
                                                 struct weir_error *error) {
    if (check_text(column, rows, error) != WEIR_OK) return NULL;
    struct weir_arrow_words *words = weir_arrow_words_empty(column->layout, error);
    if (words == NULL || rows == 0) return words;
    words->rows = rows;
    words->nulls = count_nulls(column, rows);
    for (int i = 0; i < 3; i++) {
        words->buffers[i] = i == 0 && words->nulls == 0 ? NULL : column->buffers[i];
        if (column->owner != NULL) words->bodies[i] = weir_arrow_body_retain(column->owner);
    }
    words->text_bytes = (size_t)weir_arrow_column_offset(column, rows);
    return words;
}

/* ---- longer lists
 * ------------------------------------------------------------------------------------------------ */

/* What a longer list needs. */
struct extension {
    struct weir_arrow_words *old;
    const struct weir_arrow_column *column;
    int64_t added;      /* rows */
    int64_t rows;       /* in all */
    size_t text_bytes;  /* in all */
    int64_t text_first; /* where the added text begins in the column's buffer */
    int64_t text_added;
};

/* Gives words->buffers[buffer] a body with room for `bytes` and as much again, with the first `kept` bytes of
 * `from`. */
static bool give_body(struct weir_arrow_words *words, int buffer, size_t bytes, const void *from, size_t kept,
                      struct weir_error *error) {
    struct weir_arrow_body *body = weir_arrow_body_take(NULL, 2 * bytes + 64, error);
    if (body == NULL) return false;
    if (kept > 0) memcpy(body->data, from, kept);
    words->bodies[buffer] = body;
    words->buffers[buffer] = body->data;
    return true;
}

static bool has_room(const struct extension *work) {
    const struct weir_arrow_words *old = work->old;
    return old->extendable && old->bodies[1]->capacity >= ((size_t)work->rows + 1) * old->layout.bytes &&
           old->bodies[2]->capacity >= work->text_bytes;
}

/* Copies the old text to the front of new bodies, so that its offsets begin at 0. */
static bool move_old(const struct extension *work, struct weir_arrow_words *words, struct weir_error *error) {
    const struct weir_arrow_words *old = work->old;
    uint32_t width = old->layout.bytes;
    int64_t base = offset_at(old->buffers[1], width, 0);
    size_t old_text = old->text_bytes - (size_t)base;
    if (!give_body(words, 1, ((size_t)work->rows + 1) * width, NULL, 0, error)) return false;
    if (!give_body(words, 2, work->text_bytes, (const char *)old->buffers[2] + base, old_text, error)) return false;
    for (int64_t i = 0; i <= old->rows; i++) {
        offset_put(words->bodies[1]->data, width, i, offset_at(old->buffers[1], width, i) - base);
    }
    return true;
}

static void append_text(const struct extension *work, struct weir_arrow_words *words) {
    uint32_t width = words->layout.bytes;
    int64_t end = (int64_t)work->text_bytes - work->text_added;
    memcpy(words->bodies[2]->data + end, (const char *)work->column->buffers[2] + work->text_first,
           (size_t)work->text_added);
    for (int64_t i = 1; i <= work->added; i++) {
        int64_t offset = weir_arrow_column_offset(work->column, i) - work->text_first + end;
        offset_put(words->bodies[1]->data, width, work->old->rows + i, offset);
    }
}

/* A bitmap of its own for each list: bits share words with those of shorter lists that other threads may read. */
static bool append_validity(const struct extension *work, struct weir_arrow_words *words,
                            struct weir_error *error) {
    words->nulls = work->old->nulls + count_nulls(work->column, work->added);
    if (words->nulls == 0) return true;
    size_t words_count = weir_bitmap_words((size_t)work->rows);
    if (!give_body(words, 0, words_count * 8, NULL, 0, error)) return false;
    uint64_t *bits = (uint64_t *)(void *)words->bodies[0]->data;
    memset(bits, 0xFF, words_count * 8);
    if (work->old->nulls > 0) weir_bitmap_import(bits, work->old->buffers[0], 0, (size_t)work->old->rows);
    const uint8_t *added = work->column->buffers[0];
    for (int64_t i = 0; i < work->added; i++) {
        bool valid = added == NULL || ((added[i / 8] >> (i % 8)) & 1) != 0;
        weir_bit_put(bits, (size_t)(work->old->rows + i), valid);
    }
    return true;
}

static enum weir_status measure(struct extension *work, struct weir_error *error) {
    const struct weir_arrow_words *old = work->old;
    work->rows = old->rows + work->added;
    work->text_first = weir_arrow_column_offset(work->column, 0);
    work->text_added = weir_arrow_column_offset(work->column, work->added) - work->text_first;
    size_t base = (size_t)offset_at(old->buffers[1], old->layout.bytes, 0);
    work->text_bytes = old->text_bytes - base + (size_t)work->text_added;
    if (old->layout.bytes == 8 || work->text_bytes <= INT32_MAX) return WEIR_OK;
    return weir_error_set(
        error, WEIR_ERR_UNSUPPORTED,
        "the dictionary of column '%s' has more than 2 GiB of text: write it with large_utf8 values",
        work->column->name);
}

struct weir_arrow_words *weir_arrow_words_extend(struct weir_arrow_words *old,
                                                 const struct weir_arrow_column *column, int64_t rows,
                                                 struct weir_error *error) {
    if (old->rows == 0) return weir_arrow_words_import(column, rows, error);
    if (check_text(column, rows, error) != WEIR_OK) return NULL;
    if (rows == 0) return weir_arrow_words_retain(old);
    struct extension work = {.old = old, .column = column, .added = rows};
    if (measure(&work, error) != WEIR_OK) return NULL;
    struct weir_arrow_words *words = weir_arrow_words_empty(old->layout, error);
    if (words == NULL) return NULL;
    bool done = true;
    if (has_room(&work)) {
        for (int i = 1; i < 3; i++) {
            words->bodies[i] = weir_arrow_body_retain(old->bodies[i]);
            words->buffers[i] = old->buffers[i];
        }
    } else {
        done = move_old(&work, words, error);
    }
    if (!done || !append_validity(&work, words, error)) {
        weir_arrow_words_release(words);
        return NULL;
    }
    append_text(&work, words);
    words->rows = work.rows;
    words->text_bytes = work.text_bytes;
    words->extendable = true;
    old->extendable = false;
    return words;
}

/* ---- as an array
 * ------------------------------------------------------------------------------------------------- */

struct exported {
    const void *buffers[3];
    struct weir_arrow_words *words;
};

static void release_exported(struct ArrowArray *array) {
    struct exported *exported = array->private_data;
    weir_arrow_words_release(exported->words);
    free(exported);
    array->release = NULL;
}

enum weir_status weir_arrow_words_export(struct weir_arrow_words *words, struct ArrowArray *out,
                                         struct weir_error *error) {
    struct exported *exported = malloc(sizeof(*exported));
    if (exported == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "not enough memory for a dictionary");
    memcpy(exported->buffers, words->buffers, sizeof(exported->buffers));
    exported->words = weir_arrow_words_retain(words);
    *out = (struct ArrowArray){.length = words->rows,
                               .null_count = words->nulls,
                               .n_buffers = 3,
                               .buffers = exported->buffers,
                               .release = release_exported,
                               .private_data = exported};
    return WEIR_OK;
}
