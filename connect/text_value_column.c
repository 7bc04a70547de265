/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/text_value_column.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* -------------------------------------------------------------------------------------------------- binding */

static bool bind_buffers(enum weir_storage storage, const struct ArrowArray *array, struct weir_text_buffers *out) {
    *out = (struct weir_text_buffers){.first = array->offset, .rows = array->length};
    if (array->length < 0 || array->offset < 0 || array->offset > INT64_MAX - array->length) return false;
    if (storage == WEIR_STORE_NULL) return true;
    bool is_text = storage == WEIR_STORE_UTF8 || storage == WEIR_STORE_LARGE_UTF8;
    if (array->n_buffers < (is_text ? 3 : 2) || !array->buffers) return false;
    out->validity = array->null_count == 0 ? NULL : array->buffers[0];
    out->values = array->buffers[is_text ? 2 : 1];
    out->offsets = is_text ? array->buffers[1] : NULL;
    return array->length == 0 || (is_text ? out->offsets : out->values) != NULL;
}

enum weir_status weir_text_column_bind(struct weir_layout layout, const struct ArrowArray *array, const char *name,
                                       struct weir_text_column *out, struct weir_error *error) {
    out->layout = layout;
    out->last.length = 0;
    bool done = array && array->release;
    if (done && layout.storage == WEIR_STORE_DICTIONARY) {
        done = bind_buffers(layout.codes, array, &out->cells) && array->dictionary &&
               bind_buffers(layout.words, array->dictionary, &out->words);
    } else if (done) {
        done = bind_buffers(layout.storage, array, &out->cells);
    }
    if (done) return WEIR_OK;
    return weir_error_set(error, WEIR_ERR_FORMAT,
                          "column '%s': the Arrow array is released, or has fewer buffers than its format asks for",
                          name);
}

/* -------------------------------------------------------------------------------------------------- one cell */

static bool is_valid(const struct weir_text_buffers *buffers, int64_t at) {
    return !buffers->validity || (buffers->validity[at >> 3] >> (at & 7) & 1);
}

static enum weir_text_cell get_bytes(enum weir_storage storage, const struct weir_text_buffers *buffers, int64_t at,
                                     const char **text, size_t *length) {
    int64_t begin, end;
    if (storage == WEIR_STORE_UTF8) {
        begin = ((const int32_t *)buffers->offsets)[at];
        end = ((const int32_t *)buffers->offsets)[at + 1];
    } else {
        begin = ((const int64_t *)buffers->offsets)[at];
        end = ((const int64_t *)buffers->offsets)[at + 1];
    }
    if (begin < 0 || end < begin || (end > begin && !buffers->values)) return WEIR_TEXT_CELL_BROKEN;
    *text = end > begin ? (const char *)buffers->values + begin : "";
    *length = (size_t)(end - begin);
    return WEIR_TEXT_CELL_STRING;
}

static int64_t get_integer(enum weir_storage storage, const void *values, int64_t at) {
    switch (storage) {
    case WEIR_STORE_BOOL: return ((const uint8_t *)values)[at >> 3] >> (at & 7) & 1;
    case WEIR_STORE_I8: return ((const int8_t *)values)[at];
    case WEIR_STORE_I16: return ((const int16_t *)values)[at];
    case WEIR_STORE_I32: return ((const int32_t *)values)[at];
    case WEIR_STORE_U8: return ((const uint8_t *)values)[at];
    case WEIR_STORE_U16: return ((const uint16_t *)values)[at];
    case WEIR_STORE_U32: return ((const uint32_t *)values)[at];
    default: return ((const int64_t *)values)[at]; /* I64; U64 beyond INT64_MAX is handled by its callers */
    }
}

static enum weir_text_cell get_word(const struct weir_text_column *column, int64_t at, const char **text,
                                    size_t *length) {
    const struct weir_text_buffers *words = &column->words;
    int64_t code = get_integer(column->layout.codes, column->cells.values, at);
    if (code < 0 || code >= words->rows) return WEIR_TEXT_CELL_BROKEN;
    if (!is_valid(words, words->first + code)) return WEIR_TEXT_CELL_NULL;
    return get_bytes(column->layout.words, words, words->first + code, text, length);
}

/* Days at most which print in four to eight digits of year and cannot overflow on the way. */
#define DAYS_LIMIT INT64_C(4000000000000)

static size_t print_timestamp(const struct weir_layout *layout, int64_t value, struct weir_text_last *last,
                              char *out) {
    if (last->length == 0 || last->ticks != value) {
        bool zulu = layout->type.id == WEIR_TYPE_TIMESTAMP_LTZ;
        last->length = weir_text_print_timestamp(value, layout->ticks_per_second, zulu, last->text);
        last->ticks = value;
    }
    memcpy(out, last->text, last->length);
    return last->length;
}

static enum weir_text_cell print_time_type(const struct weir_layout *layout, int64_t value,
                                           struct weir_text_last *last, char *out, size_t *length) {
    int64_t ticks = layout->ticks_per_second;
    switch (layout->type.id) {
    case WEIR_TYPE_DATE:
        if (ticks) value = weir_floordiv_i64(value, 86400 * ticks);
        if (value > DAYS_LIMIT || value < -DAYS_LIMIT) return WEIR_TEXT_CELL_BROKEN;
        *length = weir_text_print_date(value, out);
        return WEIR_TEXT_CELL_WORD;
    case WEIR_TYPE_TIME:
        if (value < 0 || value >= 86400 * ticks) return WEIR_TEXT_CELL_BROKEN;
        *length = weir_text_print_time(value, ticks, out);
        return WEIR_TEXT_CELL_WORD;
    case WEIR_TYPE_INTERVAL_MONTH:
        *length = weir_text_print_interval_months(value, out);
        return WEIR_TEXT_CELL_WORD;
    case WEIR_TYPE_INTERVAL_MS:
        if (ticks > 1000)
            value = weir_floordiv_i64(value, ticks / 1000);
        else if (!weir_mul_i64(value, 1000 / ticks, &value))
            return WEIR_TEXT_CELL_BROKEN;
        *length = weir_text_print_interval_ms(value, out);
        return WEIR_TEXT_CELL_WORD;
    default: break;
    }
    if (ticks == 1 && (value / 86400 > DAYS_LIMIT || value / 86400 < -DAYS_LIMIT)) return WEIR_TEXT_CELL_BROKEN;
    *length = print_timestamp(layout, value, last, out);
    return WEIR_TEXT_CELL_WORD;
}

static enum weir_text_cell print_fixed(struct weir_text_column *column, int64_t at, char *out, size_t *length) {
    const struct weir_layout *layout = &column->layout;
    const void *values = column->cells.values;
    switch (layout->storage) {
    case WEIR_STORE_F32: {
        float value = ((const float *)values)[at];
        *length = weir_text_print_f32(value, out);
        return isfinite(value) ? WEIR_TEXT_CELL_NUMBER : WEIR_TEXT_CELL_WORD;
    }
    case WEIR_STORE_F64: {
        double value = ((const double *)values)[at];
        *length = weir_text_print_f64(value, out);
        return isfinite(value) ? WEIR_TEXT_CELL_NUMBER : WEIR_TEXT_CELL_WORD;
    }
    case WEIR_STORE_I128: {
        weir_i128 value;
        memcpy(&value, (const char *)values + at * 16,
               sizeof(value)); /* Arrow promises 8 bytes of alignment only */
        *length = weir_text_print_decimal(value, layout->type.scale, out);
        return WEIR_TEXT_CELL_NUMBER;
    }
    case WEIR_STORE_U64:
        *length = weir_text_print_u64(((const uint64_t *)values)[at], out);
        return WEIR_TEXT_CELL_NUMBER;
    case WEIR_STORE_BOOL: {
        bool value = get_integer(WEIR_STORE_BOOL, values, at);
        *length = value ? 4 : 5;
        memcpy(out, value ? "true" : "false", *length);
        return WEIR_TEXT_CELL_WORD;
    }
    default: break;
    }
    int64_t value = get_integer(layout->storage, values, at);
    if (layout->type.id >= WEIR_TYPE_DATE && layout->type.id != WEIR_TYPE_STRING) {
        return print_time_type(layout, value, &column->last, out, length);
    }
    *length = weir_text_print_i64(value, out);
    return WEIR_TEXT_CELL_NUMBER;
}

enum weir_text_cell weir_text_column_get(struct weir_text_column *column, int64_t row, char *scratch,
                                         const char **text, size_t *length) {
    const struct weir_text_buffers *cells = &column->cells;
    int64_t at = cells->first + row;
    *length = 0;
    *text = scratch;
    if (column->layout.storage == WEIR_STORE_NULL || !is_valid(cells, at)) return WEIR_TEXT_CELL_NULL;
    enum weir_text_cell cell;
    switch (column->layout.storage) {
    case WEIR_STORE_UTF8:
    case WEIR_STORE_LARGE_UTF8: cell = get_bytes(column->layout.storage, cells, at, text, length); break;
    case WEIR_STORE_DICTIONARY: cell = get_word(column, at, text, length); break;
    default: return print_fixed(column, at, scratch, length);
    }
    bool raw = cell == WEIR_TEXT_CELL_STRING && column->layout.type.id == WEIR_TYPE_BYTES;
    return raw ? WEIR_TEXT_CELL_BYTES : cell;
}

/* -------------------------------------------------------------------------------------------------- tables */

static enum weir_status no_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for the columns of a writer");
}

enum weir_status weir_text_table_create(const struct ArrowSchema *schema, struct weir_text_table *out,
                                        struct weir_error *error) {
    *out = (struct weir_text_table){0};
    if (!schema || !schema->release || !schema->format || strcmp(schema->format, "+s") != 0 ||
        schema->n_children < 0) {
        return weir_error_set(error, WEIR_ERR_INVALID, "the schema of rows to write is no Arrow struct");
    }
    size_t count = (size_t)schema->n_children;
    out->columns = calloc(count ? count : 1, sizeof(*out->columns));
    out->names = calloc(count ? count : 1, sizeof(*out->names));
    if (!out->columns || !out->names) {
        weir_text_table_fini(out);
        return no_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        const struct ArrowSchema *child = schema->children[i];
        enum weir_status status = weir_layout_import(child, &out->columns[i].layout, error);
        out->names[i] = strdup(child->name ? child->name : "");
        out->count = i + 1;
        if (status == WEIR_OK && !out->names[i]) status = no_memory(error);
        if (status != WEIR_OK) {
            weir_text_table_fini(out);
            return status;
        }
    }
    return WEIR_OK;
}

void weir_text_table_fini(struct weir_text_table *table) {
    for (size_t i = 0; table->names && i < table->count; i++) free(table->names[i]);
    free(table->names);
    free(table->columns);
    *table = (struct weir_text_table){0};
}

/* Rows of the struct begin at its own offset in the children. */
static enum weir_status shift_rows(struct weir_text_column *column, const struct ArrowArray *batch,
                                   const char *name, struct weir_error *error) {
    if (column->cells.rows - batch->offset < batch->length) {
        return weir_error_set(error, WEIR_ERR_FORMAT, "column '%s' has %lld rows, its batch %lld from row %lld on",
                              name, (long long)column->cells.rows, (long long)batch->length,
                              (long long)batch->offset);
    }
    column->cells.first += batch->offset;
    column->cells.rows = batch->length;
    return WEIR_OK;
}

enum weir_status weir_text_table_bind(struct weir_text_table *table, const struct ArrowArray *batch,
                                      struct weir_error *error) {
    if (!batch || !batch->release || batch->n_children != (int64_t)table->count || batch->length < 0 ||
        batch->offset < 0) {
        return weir_error_set(error, WEIR_ERR_FORMAT, "a batch to write has not the %zu columns of its schema",
                              table->count);
    }
    if (batch->n_buffers > 0 && batch->buffers && batch->buffers[0] && batch->null_count != 0) {
        const uint8_t *validity = batch->buffers[0];
        for (int64_t at = batch->offset; at < batch->offset + batch->length; at++) {
            if (validity[at >> 3] >> (at & 7) & 1) continue;
            return weir_error_set(error, WEIR_ERR_FORMAT, "row %lld of a batch to write is NULL as a whole",
                                  (long long)(at - batch->offset));
        }
    }
    enum weir_status status = WEIR_OK;
    for (size_t i = 0; status == WEIR_OK && i < table->count; i++) {
        struct weir_text_column *column = &table->columns[i];
        status = weir_text_column_bind(column->layout, batch->children[i], table->names[i], column, error);
        if (status == WEIR_OK) status = shift_rows(column, batch, table->names[i], error);
    }
    return status;
}

enum weir_status weir_text_table_broken(const struct weir_text_table *table, size_t column, int64_t row,
                                        struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_FORMAT,
                          "column '%s', row %lld of a batch to write: an offset, code or time is out of bounds",
                          table->names[column], (long long)row);
}
