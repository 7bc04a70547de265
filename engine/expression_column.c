/* SPDX-License-Identifier: Apache-2.0
 *
 * Columns as vectors: shared where they lie as a vector does, else widened.
 */
#include "engine/expression_ops.h"

#include <string.h>

#include "base/checked.h"
#include "simd/kernels.h"

#define MS_PER_DAY INT64_C(86400000)

/* How stored integers become those of the vector. */
enum scaling { SCALE_NONE, SCALE_DOWN, SCALE_UP };

static int64_t vector_ticks(struct weir_type type) {
    return weir_type_is_time(type) ? weir_type_ticks(type) : 1000; /* TIME, INTERVAL_MS; DATE from date64 */
}

static enum scaling scaling_of(const struct weir_layout *layout, struct weir_type type, int64_t *factor) {
    int64_t from = layout->ticks_per_second, to = vector_ticks(type);
    *factor = 1;
    if (type.id == WEIR_TYPE_DATE) {
        *factor = from == 0 ? 1 : MS_PER_DAY;
        return from == 0 ? SCALE_NONE : SCALE_DOWN;
    }
    if (from == 0 || from == to) return SCALE_NONE;
    *factor = from > to ? from / to : to / from;
    return from > to ? SCALE_DOWN : SCALE_UP;
}

bool weir_column_is_stored(const struct weir_layout *layout, struct weir_type type) {
    int64_t factor;
    return weir_type_vector(type) == WEIR_VECTOR_I64 && scaling_of(layout, type, &factor) == SCALE_NONE;
}

bool weir_column_may_fail(const struct weir_layout *layout, struct weir_type type) {
    int64_t factor;
    return weir_type_vector(type) == WEIR_VECTOR_I64 && scaling_of(layout, type, &factor) == SCALE_UP;
}

bool weir_column_value(const struct weir_layout *layout, struct weir_type type, int64_t stored, int64_t *out) {
    int64_t factor;
    *out = stored;
    switch (scaling_of(layout, type, &factor)) {
    case SCALE_UP: return weir_mul_i64(stored, factor, out);
    case SCALE_DOWN: *out = weir_floordiv_i64(stored, factor); return true;
    default: return true;
    }
}

static const uint64_t *column_validity(const struct weir_column *column, int64_t first) {
    return column->validity == NULL ? NULL : column->validity + first / 64;
}

/* Stored integers in 64 bits, without a copy where they are. */
static const int64_t *load_integers(struct weir_evaluation *ev, const struct weir_column *column) {
    size_t first = (size_t)ev->block->first, rows = (size_t)ev->rows;
    if (column->storage == WEIR_STORE_I64) return (const int64_t *)column->values + first;
    int64_t *out = weir_eval_values(ev, sizeof(int64_t));
    if (out == NULL) return NULL;
    switch (column->storage) {
    case WEIR_STORE_I8: weir_simd->widen_i8((const int8_t *)column->values + first, rows, out); break;
    case WEIR_STORE_I16: weir_simd->widen_i16((const int16_t *)column->values + first, rows, out); break;
    case WEIR_STORE_I32: weir_simd->widen_i32((const int32_t *)column->values + first, rows, out); break;
    case WEIR_STORE_U8: weir_simd->widen_u8((const uint8_t *)column->values + first, rows, out); break;
    case WEIR_STORE_U16: weir_simd->widen_u16((const uint16_t *)column->values + first, rows, out); break;
    default: weir_simd->widen_u32((const uint32_t *)column->values + first, rows, out); break;
    }
    return out;
}

static enum weir_status scale_up(struct weir_evaluation *ev, const struct weir_node *node, int64_t factor,
                                 struct weir_vector *vector) {
    const int64_t *values = vector->i64;
    int64_t *out = weir_eval_values(ev, sizeof(int64_t));
    if (out == NULL) return weir_eval_memory(ev);
    bool over = false;
    for (int32_t i = 0; i < ev->rows; i++) over |= __builtin_mul_overflow(values[i], factor, &out[i]);
    const uint64_t *mask = weir_eval_mask(ev, node);
    for (int32_t i = 0; over && i < ev->rows; i++) {
        if (!weir_eval_counts(mask, vector->validity, i) || !__builtin_mul_overflow(values[i], factor, &out[i]))
            continue;
        char name[WEIR_TYPE_NAME_BYTES];
        return weir_eval_error(ev, node,
                               "the stored time %lld lies outside what %s holds: leave the row out, or cast "
                               "to a lower precision",
                               (long long)values[i], weir_type_name(node->type, false, name, sizeof(name)));
    }
    vector->i64 = out;
    return WEIR_OK;
}

static enum weir_status load_i64(struct weir_evaluation *ev, const struct weir_node *node,
                                 struct weir_vector *out) {
    const struct weir_column *column = &ev->block->columns[node->index];
    int64_t factor;
    enum scaling scaling = scaling_of(&ev->layouts[node->index], node->type, &factor);
    out->validity = column_validity(column, ev->block->first);
    out->i64 = load_integers(ev, column);
    if (out->i64 == NULL && ev->rows > 0) return weir_eval_memory(ev);
    if (scaling == SCALE_UP) return scale_up(ev, node, factor, out);
    if (scaling == SCALE_DOWN) {
        int64_t *scaled = weir_eval_values(ev, sizeof(int64_t));
        if (scaled == NULL) return weir_eval_memory(ev);
        weir_simd->floor_divide_i64(out->i64, (size_t)ev->rows, factor, scaled);
        out->i64 = scaled;
    }
    return WEIR_OK;
}

static enum weir_status load_f64(struct weir_evaluation *ev, const struct weir_node *node,
                                 struct weir_vector *out) {
    const struct weir_column *column = &ev->block->columns[node->index];
    out->validity = column_validity(column, ev->block->first);
    if (column->storage == WEIR_STORE_F64) {
        out->f64 = (const double *)column->values + ev->block->first;
        return WEIR_OK;
    }
    double *wide = weir_eval_values(ev, sizeof(double));
    if (wide == NULL) return weir_eval_memory(ev);
    weir_simd->widen_f32((const float *)column->values + ev->block->first, (size_t)ev->rows, wide);
    out->f64 = wide;
    return WEIR_OK;
}

static enum weir_status load_i128(struct weir_evaluation *ev, const struct weir_node *node,
                                  struct weir_vector *out) {
    const struct weir_column *column = &ev->block->columns[node->index];
    out->validity = column_validity(column, ev->block->first);
    const void *stored = (const char *)column->values + ev->block->first * (int64_t)sizeof(weir_i128);
    if (column->storage == WEIR_STORE_I128 && ((uintptr_t)stored & (_Alignof(weir_i128) - 1)) == 0) {
        out->i128 = stored;
        return WEIR_OK;
    }
    weir_i128 *wide = weir_eval_values(ev, sizeof(weir_i128));
    if (wide == NULL) return weir_eval_memory(ev);
    if (column->storage == WEIR_STORE_I128) { /* Arrow asks for 8 bytes of alignment only */
        if (ev->rows > 0) memcpy(wide, stored, (size_t)ev->rows * sizeof(weir_i128));
    } else {
        const uint64_t *values = (const uint64_t *)column->values + ev->block->first;
        for (int32_t i = 0; i < ev->rows; i++) wide[i] = (weir_i128)values[i];
    }
    out->i128 = wide;
    return WEIR_OK;
}

static enum weir_status load_bool(struct weir_evaluation *ev, const struct weir_node *node,
                                  struct weir_vector *out) {
    const struct weir_column *column = &ev->block->columns[node->index];
    out->validity = column_validity(column, ev->block->first);
    out->bits = (const uint64_t *)column->values + ev->block->first / 64;
    return WEIR_OK;
}

static void load_words_32(const struct weir_column *column, int64_t first, int32_t rows, struct weir_string *out) {
    const int32_t *offsets = (const int32_t *)column->offsets + first;
    const char *data = column->values;
    for (int32_t i = 0; i < rows; i++) {
        out[i] = (struct weir_string){data + offsets[i], offsets[i + 1] - offsets[i]};
    }
}

static void load_words_64(const struct weir_column *column, int64_t first, int32_t rows, struct weir_string *out) {
    const int64_t *offsets = (const int64_t *)column->offsets + first;
    const char *data = column->values;
    for (int32_t i = 0; i < rows; i++) {
        out[i] = (struct weir_string){data + offsets[i], offsets[i + 1] - offsets[i]};
    }
}

/* Codes of NULL rows may be anything and are not looked at; a NULL in the dictionary makes its rows NULL. */
static enum weir_status load_dictionary(struct weir_evaluation *ev, const struct weir_column *column,
                                        struct weir_string *strings, struct weir_vector *out) {
    const struct weir_column *words = column->dictionary;
    const uint64_t *validity = out->validity;
    uint64_t *own = NULL;
    if (words->validity != NULL) {
        own = weir_eval_own_validity(ev, out);
        if (own == NULL) return weir_eval_memory(ev);
    }
    for (int32_t i = 0; i < ev->rows; i++) {
        strings[i] = (struct weir_string){"", 0};
        if (validity != NULL && !weir_bit_get(validity, (size_t)i)) continue;
        int64_t code = weir_column_code(column, ev->block->first + i);
        if (own != NULL && !weir_bit_get(words->validity, (size_t)code)) {
            weir_bit_clear(own, (size_t)i);
            continue;
        }
        strings[i] = weir_column_string(words, code);
    }
    return WEIR_OK;
}

static enum weir_status load_string(struct weir_evaluation *ev, const struct weir_node *node,
                                    struct weir_vector *out) {
    const struct weir_column *column = &ev->block->columns[node->index];
    struct weir_string *strings = weir_eval_values(ev, sizeof(*strings));
    if (strings == NULL) return weir_eval_memory(ev);
    out->strings = strings;
    out->validity = column_validity(column, ev->block->first);
    if (ev->rows == 0) return WEIR_OK;
    if (column->storage == WEIR_STORE_DICTIONARY) return load_dictionary(ev, column, strings, out);
    if (column->storage == WEIR_STORE_UTF8) {
        load_words_32(column, ev->block->first, ev->rows, strings);
    } else {
        load_words_64(column, ev->block->first, ev->rows, strings);
    }
    return WEIR_OK;
}

static enum weir_status load_null(struct weir_evaluation *ev, const struct weir_node *node,
                                  struct weir_vector *out) {
    out->i128 = weir_eval_zeros;
    out->validity = (const uint64_t *)weir_eval_zeros;
    return WEIR_OK;
}

static weir_eval_fn *loader_of(enum weir_vector_kind kind, enum weir_storage storage) {
    if (storage == WEIR_STORE_NULL) return load_null;
    switch (kind) {
    case WEIR_VECTOR_BOOL: return storage == WEIR_STORE_BOOL ? load_bool : NULL;
    case WEIR_VECTOR_I64: return storage >= WEIR_STORE_I8 && storage <= WEIR_STORE_U32 ? load_i64 : NULL;
    case WEIR_VECTOR_F64: return storage == WEIR_STORE_F32 || storage == WEIR_STORE_F64 ? load_f64 : NULL;
    case WEIR_VECTOR_I128: return storage == WEIR_STORE_I128 || storage == WEIR_STORE_U64 ? load_i128 : NULL;
    case WEIR_VECTOR_STRING:
        return storage >= WEIR_STORE_UTF8 && storage <= WEIR_STORE_DICTIONARY ? load_string : NULL;
    }
    return NULL;
}

bool weir_prepare_column(struct weir_compiler *compiler, struct weir_node *node) {
    int64_t factor;
    if (node->index < 0 || node->index >= compiler->columns_count) return weir_compile_shape(compiler, node);
    const struct weir_layout *layout = &compiler->layouts[node->index];
    node->eval = loader_of(node->kind, layout->storage);
    bool decimal = node->type.id == WEIR_TYPE_DECIMAL && layout->storage != WEIR_STORE_NULL &&
                   layout->type.scale != node->type.scale;
    if (node->eval == NULL || decimal) {
        char have[WEIR_TYPE_NAME_BYTES], want[WEIR_TYPE_NAME_BYTES];
        return weir_compile_fail(compiler, node, WEIR_ERR_INVALID, "column %d holds %s and cannot be read as %s",
                                 (int)node->index, weir_type_name(layout->type, false, have, sizeof(have)),
                                 weir_type_name(node->type, false, want, sizeof(want)));
    }
    node->can_fail = node->kind == WEIR_VECTOR_I64 && scaling_of(layout, node->type, &factor) == SCALE_UP;
    return true;
}
