/* SPDX-License-Identifier: Apache-2.0
 *
 * Arrow batches from rows of text, laid out as the case asks: plain or dictionary-encoded strings, and rows that
 * lie at an offset in the batch and in its columns.
 */
#ifndef WEIR_TESTS_MODEL_DRIVE_BATCH_H
#define WEIR_TESTS_MODEL_DRIVE_BATCH_H

#include "../engine/arrays.h"
#include "drive_text.h"

#define COLUMNS_MAX 16

/* How a column is pushed. `format` is Arrow's, with "dict" for strings behind codes. */
struct drive_column {
    char *name;
    char *format;
    bool required; /* never NULL, and declared so */
};

/* A table of text: rows * columns cells, NULL where the value is. */
struct drive_rows {
    char ***cells;
    int64_t count;
};

static inline bool drive_is(const struct drive_column *column, const char *format) {
    return strcmp(column->format, format) == 0;
}

/* Junk before an offset repeats the extreme values, so that reading it by mistake shows. */
static const char *drive_cell(const struct drive_rows *rows, int64_t row, int64_t lead, int column) {
    return row < lead ? "-9223372036854775808" : rows->cells[row - lead][column];
}

static struct ArrowArray *drive_strings(const struct drive_rows *rows, int64_t lead, int column, bool large) {
    int64_t length = lead + rows->count;
    const char **texts = calloc((size_t)length + 1, sizeof(*texts));
    if (texts == NULL) abort();
    for (int64_t i = 0; i < length; i++) texts[i] = drive_cell(rows, i, lead, column);
    struct ArrowArray *array = array_strings(texts, length, large);
    free(texts);
    return array;
}

/* Codes into words, one word a row, so that equal words have several codes. */
static struct ArrowArray *drive_dictionary(const struct drive_rows *rows, int64_t lead, int column) {
    int64_t length = lead + rows->count;
    int32_t *codes = calloc((size_t)length + 1, sizeof(*codes));
    char *valid = malloc((size_t)length + 1);
    const char **words = calloc((size_t)length + 1, sizeof(*words));
    if (codes == NULL || valid == NULL || words == NULL) abort();
    for (int64_t i = 0; i < length; i++) {
        const char *text = drive_cell(rows, i, lead, column);
        valid[i] = text == NULL ? '0' : '1';
        words[i] = text == NULL ? "" : text;
        codes[i] = text == NULL ? 0 : (int32_t)i;
    }
    struct ArrowArray *array =
        array_dictionary(codes, sizeof(*codes), length, valid, array_strings(words, length, false));
    free(codes);
    free(valid);
    free(words);
    return array;
}

static struct ArrowArray *drive_numbers(const struct drive_rows *rows, int64_t lead, int column, bool floating) {
    int64_t length = lead + rows->count;
    int64_t *values = calloc((size_t)length + 1, sizeof(*values));
    char *valid = malloc((size_t)length + 1);
    if (values == NULL || valid == NULL) abort();
    for (int64_t i = 0; i < length; i++) {
        const char *text = drive_cell(rows, i, lead, column);
        valid[i] = text == NULL ? '0' : '1';
        values[i] = INT64_MIN + 7; /* what lies under a NULL must not be read */
        if (text == NULL) continue;
        double number = floating ? text_to_f64(text) : 0;
        if (floating) {
            memcpy(&values[i], &number, sizeof(number));
        } else {
            values[i] = text_to_i64(text);
        }
    }
    struct ArrowArray *array = array_fixed(values, sizeof(*values), length, valid);
    free(values);
    free(valid);
    return array;
}

static struct ArrowArray *drive_array(const struct drive_column *column, const struct drive_rows *rows,
                                      int64_t lead, int index) {
    if (drive_is(column, "u")) return drive_strings(rows, lead, index, false);
    if (drive_is(column, "U")) return drive_strings(rows, lead, index, true);
    if (drive_is(column, "dict")) return drive_dictionary(rows, lead, index);
    return drive_numbers(rows, lead, index, drive_is(column, "g"));
}

/* A batch of `rows`, which begin at `batch_offset` in the struct and, beyond that, at `column_offset` in each
 * column. */
static inline struct ArrowArray drive_batch(const struct drive_column *columns, int count,
                                            const struct drive_rows *rows, int64_t batch_offset,
                                            int64_t column_offset) {
    struct ArrowArray batch = batch_of(rows->count, 0);
    free(batch.children);
    batch.offset = batch_offset;
    batch.n_children = count;
    batch.children = calloc((size_t)count + 1, sizeof(*batch.children));
    if (batch.children == NULL) abort();
    for (int i = 0; i < count; i++) {
        struct ArrowArray *child = drive_array(&columns[i], rows, batch_offset + column_offset, i);
        child->offset = column_offset;
        child->length -= column_offset;
        if (column_offset > 0) child->null_count = child->buffers[0] == NULL ? 0 : -1;
        batch.children[i] = child;
    }
    return batch;
}

/* ---- schemas ---- */

static void drive_release_schema(struct ArrowSchema *schema) {
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i]->release != NULL) schema->children[i]->release(schema->children[i]);
        free(schema->children[i]);
    }
    free(schema->children);
    if (schema->dictionary != NULL) {
        if (schema->dictionary->release != NULL) schema->dictionary->release(schema->dictionary);
        free(schema->dictionary);
    }
    schema->release = NULL;
}

static struct ArrowSchema *drive_schema_of(const char *name, const char *format) {
    struct ArrowSchema *schema = calloc(1, sizeof(*schema));
    if (schema == NULL) abort();
    *schema = (struct ArrowSchema){
        .format = format, .name = name, .flags = ARROW_FLAG_NULLABLE, .release = drive_release_schema};
    return schema;
}

/* Borrows the texts of `columns`. */
static inline struct ArrowSchema drive_schema(const struct drive_column *columns, int count) {
    struct ArrowSchema schema = {.format = "+s", .name = "", .n_children = count, .release = drive_release_schema};
    schema.children = calloc((size_t)count + 1, sizeof(*schema.children));
    if (schema.children == NULL) abort();
    for (int i = 0; i < count; i++) {
        bool coded = drive_is(&columns[i], "dict");
        schema.children[i] = drive_schema_of(columns[i].name, coded ? "i" : columns[i].format);
        if (columns[i].required) schema.children[i]->flags = 0;
        if (coded) schema.children[i]->dictionary = drive_schema_of("", "u");
    }
    return schema;
}

#endif
