/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc/pages.h"
#include "base/attributes.h"
#include "base/error.h"

/* ---- schema ---- */

static void keep_schema(struct ArrowSchema *schema) { schema->release = NULL; }

static struct ArrowSchema strings = {
    .format = "u", .name = "", .flags = ARROW_FLAG_NULLABLE, .release = keep_schema};
static struct ArrowSchema column_ts = {.format = "tsm:", .name = "ts", .release = keep_schema};
static struct ArrowSchema column_k = {.format = "l", .name = "k", .release = keep_schema};
static struct ArrowSchema column_s = {.format = "i", .name = "s", .dictionary = &strings, .release = keep_schema};
static struct ArrowSchema column_v = {.format = "g", .name = "v", .release = keep_schema};
static struct ArrowSchema *columns[3][3] = {
    {&column_ts, &column_v}, {&column_ts, &column_k, &column_v}, {&column_ts, &column_s, &column_v}};
static const struct ArrowSchema schemas[3] = {
    {.format = "+s", .name = "", .n_children = 2, .children = columns[0], .release = keep_schema},
    {.format = "+s", .name = "", .n_children = 3, .children = columns[1], .release = keep_schema},
    {.format = "+s", .name = "", .n_children = 3, .children = columns[2], .release = keep_schema},
};

const struct ArrowSchema *weir_rows_schema(enum weir_rows_key key) { return &schemas[key]; }

int64_t weir_rows_width(const struct ArrowSchema *column) {
    static const struct {
        const char *formats;
        int64_t width;
    } widths[] = {{"cC", 1}, {"sS", 2}, {"iIf", 4}, {"lLg", 8}};
    const char *format = column->format;
    if (format[0] == 't') return strncmp(format, "tdD", 3) == 0 || strncmp(format, "tts", 3) == 0 ? 4 : 8;
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(widths) && format[1] == 0; i++) {
        if (strchr(widths[i].formats, format[0]) != NULL) return widths[i].width;
    }
    return 0;
}

int64_t weir_rows_bytes_a_row(const struct ArrowSchema *schema) {
    int64_t bytes = 0;
    for (int64_t i = 0; i < schema->n_children; i++) bytes += weir_rows_width(schema->children[i]);
    return bytes;
}

/* ---- lending ---- */

static void keep_array(struct ArrowArray *array) { array->release = NULL; }

struct ArrowArray weir_rows_lend(const struct weir_rows *rows, int64_t idx) {
    struct ArrowArray batch = rows->batches[idx];
    batch.release = keep_array;
    return batch;
}

bool weir_rows_are_in_order(const struct weir_rows *rows) {
    for (int64_t i = 0; i < rows->batches_count && rows->key != WEIR_ROWS_OTHER; i++) {
        const int64_t *times = weir_rows_times(&rows->batches[i]);
        for (int64_t row = 1; row < rows->batches[i].length; row++) {
            if (times[row] < times[row - 1]) return false;
        }
    }
    return rows->key != WEIR_ROWS_OTHER;
}

void weir_rows_fini(struct weir_rows *rows) {
    for (int64_t i = 0; i < rows->batches_count; i++) {
        if (rows->batches[i].release != NULL) rows->batches[i].release(&rows->batches[i]);
    }
    free(rows->batches);
    if (rows->schema.release != NULL) rows->schema.release(&rows->schema);
    if (rows->free_owned != NULL) rows->free_owned(rows->owned);
    memset(rows, 0, sizeof(*rows));
}

/* ---- generated ---- */

/* Columns of all rows, and the arrays that point into them. */
struct generated {
    size_t bytes; /* of data */
    char *data;
    int64_t *times;
    void *keys;
    double *values;
    struct ArrowArray dictionary;
    const void *dictionary_buffers[3];
    int32_t *offsets;
    char *text;
    struct ArrowArray *arrays;    /* three a batch */
    struct ArrowArray **children; /* three a batch */
    const void *(*buffers)[2];    /* one pair an array */
    const void *no_validity[1];
};

static void free_generated(void *owned) {
    struct generated *made = owned;
    weir_pages_free(made->data, made->bytes);
    free(made->offsets);
    free(made->text);
    free(made->arrays);
    free(made->children);
    free(made->buffers);
    free(made);
}

/* SplitMix64. */
static uint64_t next_random(uint64_t *state) {
    uint64_t x = *state += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

static void fill(const struct weir_rows_spec *spec, struct generated *made) {
    uint64_t state = 7;
    for (int64_t i = 0; i < spec->rows; i++) {
        uint64_t key = next_random(&state) % (uint64_t)spec->keys;
        made->times[i] = i / spec->rows_a_ms;
        made->values[i] = (double)(next_random(&state) >> 11) * 0x1p-53;
        if (spec->key == WEIR_ROWS_WORD) ((uint64_t *)made->keys)[i] = key * UINT64_C(0x9E3779B97F4A7C15);
        if (spec->key == WEIR_ROWS_DICTIONARY) ((uint32_t *)made->keys)[i] = (uint32_t)key;
    }
}

#define WORD_BYTES 9 /* "key000017" */
#define WORDS_MAX 1000000

static bool fill_dictionary(const struct weir_rows_spec *spec, struct generated *made) {
    size_t keys = (size_t)spec->keys;
    made->offsets = malloc((keys + 1) * sizeof(*made->offsets));
    made->text = malloc(keys * WORD_BYTES + 16);
    if (made->offsets == NULL || made->text == NULL) return false;
    for (size_t i = 0; i <= keys; i++) made->offsets[i] = (int32_t)(i * WORD_BYTES);
    for (size_t i = 0; i < keys; i++) snprintf(made->text + i * WORD_BYTES, WORD_BYTES + 1, "key%06d", (int)i);
    made->dictionary_buffers[1] = made->offsets;
    made->dictionary_buffers[2] = made->text;
    made->dictionary = (struct ArrowArray){
        .length = spec->keys, .n_buffers = 3, .buffers = made->dictionary_buffers, .release = keep_array};
    return true;
}

static struct ArrowArray *child(struct generated *made, int64_t idx, const void *values, int64_t rows) {
    made->buffers[idx][0] = NULL;
    made->buffers[idx][1] = values;
    made->arrays[idx] =
        (struct ArrowArray){.length = rows, .n_buffers = 2, .buffers = made->buffers[idx], .release = keep_array};
    return &made->arrays[idx];
}

static void cut(const struct weir_rows_spec *spec, struct generated *made, struct weir_rows *out) {
    size_t key_bytes = spec->key == WEIR_ROWS_DICTIONARY ? sizeof(uint32_t) : sizeof(uint64_t);
    for (int64_t i = 0; i < out->batches_count; i++) {
        int64_t first = i * WEIR_ROWS_BATCH;
        int64_t rows = spec->rows - first < WEIR_ROWS_BATCH ? spec->rows - first : WEIR_ROWS_BATCH;
        struct ArrowArray **children = &made->children[3 * i];
        int64_t count = 0;
        children[count++] = child(made, 3 * i, made->times + first, rows);
        if (spec->key != WEIR_ROWS_NO_KEY) {
            children[count++] = child(made, 3 * i + 1, (char *)made->keys + (size_t)first * key_bytes, rows);
        }
        if (spec->key == WEIR_ROWS_DICTIONARY) made->arrays[3 * i + 1].dictionary = &made->dictionary;
        children[count++] = child(made, 3 * i + 2, made->values + first, rows);
        out->batches[i] = (struct ArrowArray){.length = rows,
                                              .n_buffers = 1,
                                              .n_children = count,
                                              .buffers = made->no_validity,
                                              .children = children,
                                              .release = keep_array};
    }
}

enum weir_status weir_rows_generate(const struct weir_rows_spec *spec, struct weir_rows *out,
                                    struct weir_error *error) {
    memset(out, 0, sizeof(*out));
    if (spec->key == WEIR_ROWS_DICTIONARY && spec->keys > WORDS_MAX) {
        return weir_error_set(error, WEIR_ERR_INVALID, "a dictionary has at most %d keys", WORDS_MAX);
    }
    struct generated *made = calloc(1, sizeof(*made));
    if (made == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the rows of a bench");
    size_t rows = (size_t)spec->rows, batches = (rows + WEIR_ROWS_BATCH - 1) / WEIR_ROWS_BATCH;
    *out = (struct weir_rows){.key = spec->key,
                              .schema = *weir_rows_schema(spec->key),
                              .rows = spec->rows,
                              .owned = made,
                              .free_owned = free_generated};
    made->bytes = rows * 24;
    made->data = weir_pages_alloc(made->bytes);
    made->arrays = calloc(batches * 3, sizeof(*made->arrays));
    made->children = calloc(batches * 3, sizeof(struct ArrowArray *));
    made->buffers = calloc(batches * 3, sizeof(*made->buffers));
    out->batches = calloc(batches, sizeof(*out->batches));
    bool ok = made->data != NULL && made->arrays != NULL && made->children != NULL && made->buffers != NULL &&
              out->batches != NULL;
    if (ok && spec->key == WEIR_ROWS_DICTIONARY) ok = fill_dictionary(spec, made);
    if (!ok) {
        weir_rows_fini(out);
        return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for %zu rows of a bench", rows);
    }
    made->times = (int64_t *)(void *)made->data;
    made->values = (double *)(void *)(made->data + rows * 8);
    made->keys = made->data + rows * 16;
    fill(spec, made);
    out->batches_count = (int64_t)batches;
    cut(spec, made, out);
    return WEIR_OK;
}

void weir_rows_shift(struct weir_rows *rows, int64_t ms) {
    for (int64_t b = 0; b < rows->batches_count; b++) {
        int64_t *times = (int64_t *)(uintptr_t)weir_rows_times(&rows->batches[b]);
        for (int64_t i = 0; i < rows->batches[b].length; i++) times[i] += ms;
    }
}
