/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/result.h"

#include <stdlib.h>
#include <string.h>

enum layout { LAYOUT_I64, LAYOUT_I32, LAYOUT_I16, LAYOUT_I8, LAYOUT_F64, LAYOUT_F32, LAYOUT_TEXT, LAYOUT_OTHER };

static enum layout layout_of(const struct ArrowSchema *column) {
    const char *format = column->format;
    if (column->dictionary != NULL) return LAYOUT_OTHER;
    if (strncmp(format, "ts", 2) == 0) return LAYOUT_I64;
    if (format[0] == 0 || format[1] != 0) return LAYOUT_OTHER;
    switch (format[0]) {
    case 'l': return LAYOUT_I64;
    case 'i': return LAYOUT_I32;
    case 's': return LAYOUT_I16;
    case 'c': return LAYOUT_I8;
    case 'g': return LAYOUT_F64;
    case 'f': return LAYOUT_F32;
    case 'u': return LAYOUT_TEXT;
    default: return LAYOUT_OTHER;
    }
}

bool weir_bench_is_real(const struct ArrowSchema *schema, int32_t idx) {
    enum layout layout = layout_of(schema->children[idx]);
    return layout == LAYOUT_F64 || layout == LAYOUT_F32;
}

static bool is_null(const struct ArrowArray *column, int64_t row) {
    const uint8_t *valid = column->buffers[0];
    int64_t at = row + column->offset;
    return valid != NULL && column->null_count != 0 && ((valid[at >> 3] >> (at & 7)) & 1) == 0;
}

static bool has_nulls(const struct ArrowArray *column) {
    return column->buffers[0] != NULL && column->null_count != 0;
}

/* ---- one cell ---- */

static uint64_t word_at(const struct ArrowArray *column, enum layout layout, int64_t row) {
    const void *data = column->buffers[1];
    int64_t at = row + column->offset;
    switch (layout) {
    case LAYOUT_I64: return (uint64_t)((const int64_t *)data)[at];
    case LAYOUT_I32: return (uint64_t)(int64_t)((const int32_t *)data)[at];
    case LAYOUT_I16: return (uint64_t)(int64_t)((const int16_t *)data)[at];
    default: return (uint64_t)(int64_t)((const int8_t *)data)[at];
    }
}

static double real_at(const struct ArrowArray *column, enum layout layout, int64_t row) {
    int64_t at = row + column->offset;
    return layout == LAYOUT_F64 ? ((const double *)column->buffers[1])[at]
                                : (double)((const float *)column->buffers[1])[at];
}

/* FNV-1a: a few lines in any language. */
static uint64_t text_hash(const struct ArrowArray *column, int64_t row) {
    const int32_t *offsets = (const int32_t *)column->buffers[1] + column->offset;
    const unsigned char *text = column->buffers[2];
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (int32_t i = offsets[row]; i < offsets[row + 1]; i++) hash = (hash ^ text[i]) * UINT64_C(0x100000001B3);
    return hash;
}

/* ---- columns ---- */

static uint64_t sum_words(const struct ArrowArray *column, enum layout layout) {
    uint64_t sum = 0;
    if (layout == LAYOUT_I64 && !has_nulls(column)) {
        const int64_t *values = (const int64_t *)column->buffers[1] + column->offset;
        for (int64_t i = 0; i < column->length; i++) sum += (uint64_t)values[i];
        return sum;
    }
    for (int64_t i = 0; i < column->length; i++) sum += is_null(column, i) ? 0 : word_at(column, layout, i);
    return sum;
}

static double sum_reals(const struct ArrowArray *column, enum layout layout) {
    double sum = 0;
    if (layout == LAYOUT_F64 && !has_nulls(column)) {
        const double *values = (const double *)column->buffers[1] + column->offset;
        for (int64_t i = 0; i < column->length; i++) sum += values[i];
        return sum;
    }
    for (int64_t i = 0; i < column->length; i++) sum += is_null(column, i) ? 0 : real_at(column, layout, i);
    return sum;
}

static uint64_t sum_lengths(const struct ArrowArray *column) {
    const int32_t *offsets = (const int32_t *)column->buffers[1] + column->offset;
    return (uint64_t)(uint32_t)(offsets[column->length] - offsets[0]);
}

static uint64_t mix(uint64_t x) {
    x += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

static void tie_row(struct weir_bench_totals *totals, const enum layout *layouts, const struct ArrowArray *batch,
                    int64_t row) {
    uint64_t hash = 0;
    for (int32_t c = 0; c < totals->columns; c++) {
        const struct ArrowArray *column = batch->children[c];
        if (layouts[c] == LAYOUT_F64 || layouts[c] == LAYOUT_F32) continue;
        uint64_t word = is_null(column, row)        ? UINT64_C(0x6E756C6C)
                        : layouts[c] == LAYOUT_TEXT ? text_hash(column, row)
                                                    : word_at(column, layouts[c], row);
        hash = mix(hash ^ word);
    }
    totals->hash += hash;
    for (int32_t c = 0; c < totals->columns; c++) {
        const struct ArrowArray *column = batch->children[c];
        if ((layouts[c] != LAYOUT_F64 && layouts[c] != LAYOUT_F32) || is_null(column, row)) continue;
        totals->tied[c] += real_at(column, layouts[c], row) * (double)(hash & 1023);
    }
}

bool weir_bench_add(struct weir_bench_totals *totals, const struct ArrowSchema *schema,
                    const struct ArrowArray *batch, bool tie) {
    enum layout layouts[WEIR_BENCH_COLUMNS_MAX];
    if (schema->n_children > WEIR_BENCH_COLUMNS_MAX || batch->n_children != schema->n_children) return false;
    totals->columns = (int32_t)schema->n_children;
    totals->rows += batch->length;
    for (int32_t c = 0; c < totals->columns; c++) {
        const struct ArrowArray *column = batch->children[c];
        layouts[c] = layout_of(schema->children[c]);
        switch (layouts[c]) {
        case LAYOUT_OTHER: return false;
        case LAYOUT_F64:
        case LAYOUT_F32: totals->reals[c] += sum_reals(column, layouts[c]); break;
        case LAYOUT_TEXT: totals->words[c] += sum_lengths(column); break;
        default: totals->words[c] += sum_words(column, layouts[c]); break;
        }
    }
    for (int64_t i = 0; i < batch->length && tie; i++) tie_row(totals, layouts, batch, i);
    return true;
}
