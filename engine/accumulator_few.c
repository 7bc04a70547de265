/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/accumulator_few.h"

#include "simd/kernels.h"

/* With one field a block needs more rows a key than with several until it pays. */
#define KEYS_MOST 1024
#define ROWS_A_KEY_ONE_FIELD 8
#define ROWS_A_KEY 4

bool weir_few_are(const struct weir_accumulator *accumulator, uint32_t keys, int32_t count) {
    int32_t rows_a_key = accumulator->fields_count > 3 ? ROWS_A_KEY : ROWS_A_KEY_ONE_FIELD;
    return keys <= KEYS_MOST && count >= rows_a_key * (int32_t)keys;
}

/* Two numbers a key beside each other. */
struct pairs {
    _Alignas(16) union {
        double f64[2];
        int64_t i64[2];
    } of[KEYS_MOST];
};

static char *field_at(const struct weir_few *few, uint32_t key, int32_t offset) {
    return few->rows + (size_t)key * few->stride + offset;
}

/* A sum, and the rows with it. It begins with what is held, so that it is added up in the order of the rows. */
static void add_sum(const struct weir_few *few, int32_t offset, const double *values, bool counts) {
    struct pairs pairs;
    for (uint32_t key = 0; key < few->keys; key++) {
        pairs.of[key].f64[0] = *(const double *)field_at(few, key, offset);
        pairs.of[key].f64[1] = 0;
    }
    weir_simd->add_to_pairs_f64(few->ids, values, (size_t)few->count, pairs.of[0].f64, counts ? few->ahead : NULL);
    for (uint32_t key = 0; key < few->keys; key++) {
        *(double *)field_at(few, key, offset) = pairs.of[key].f64[0];
        if (counts) *(int64_t *)field_at(few, key, 0) += (int64_t)pairs.of[key].f64[1];
    }
}

/* Least and greatest; an offset of 0: nobody asks for it. */
static void add_extremes(const struct weir_few *few, int32_t min, int32_t max, const int64_t *values) {
    struct pairs pairs;
    for (uint32_t key = 0; key < few->keys; key++) {
        pairs.of[key].i64[0] = min == 0 ? INT64_MAX : *(const int64_t *)field_at(few, key, min);
        pairs.of[key].i64[1] = max == 0 ? INT64_MAX : ~*(const int64_t *)field_at(few, key, max);
    }
    weir_simd->least_to_pairs_i64(few->ids, values, (size_t)few->count, pairs.of[0].i64);
    for (uint32_t key = 0; key < few->keys; key++) {
        if (min != 0) *(int64_t *)field_at(few, key, min) = pairs.of[key].i64[0];
        if (max != 0) *(int64_t *)field_at(few, key, max) = ~pairs.of[key].i64[1];
    }
}

static void add_extremes_of(const struct weir_few *few, int32_t min, int32_t max, const struct weir_vector *arg) {
    int64_t orders[WEIR_BLOCK_ROWS];
    if (arg->kind == WEIR_VECTOR_F64) weir_simd->order_f64(arg->f64, (size_t)few->count, orders);
    add_extremes(few, min, max, arg->kind == WEIR_VECTOR_F64 ? orders : arg->i64);
}

static bool is_sum(enum weir_field_kind kind) { return kind == WEIR_FIELD_SUM_F64; }
static bool is_min(enum weir_field_kind kind) { return kind == WEIR_FIELD_MIN_I64 || kind == WEIR_FIELD_MIN_F64; }
static bool is_max(enum weir_field_kind kind) { return kind == WEIR_FIELD_MAX_I64 || kind == WEIR_FIELD_MAX_F64; }

/* The first field of a kind whose argument (arg; -1: any) has no NULL; 0, which is the rows, at offset 0: none. */
static int32_t find(const struct weir_accumulator *accumulator, const struct weir_vector *args, int32_t arg,
                    bool (*is_wanted)(enum weir_field_kind kind)) {
    for (int32_t i = 1; i < accumulator->fields_count; i++) {
        const struct weir_field *field = &accumulator->fields[i];
        if ((arg >= 0 && field->arg != arg) || !is_wanted(field->kind)) continue;
        if (args[field->arg].validity == NULL) return i;
    }
    return 0;
}

bool weir_few_add(const struct weir_accumulator *accumulator, const struct weir_few *few,
                  const struct weir_vector *args, int32_t idx) {
    const struct weir_field *fields = accumulator->fields, *field = &fields[idx];
    int32_t first = find(accumulator, args, -1, is_sum); /* it is added with the rows */
    if (field->kind == WEIR_FIELD_ROWS) {
        if (first != 0) add_sum(few, fields[first].offset, args[fields[first].arg].f64, true);
        return first != 0;
    }
    const struct weir_vector *arg = &args[field->arg];
    if (arg->validity != NULL) return false;
    if (is_sum(field->kind)) {
        if (idx != first) add_sum(few, field->offset, arg->f64, false);
        return true;
    }
    if (!is_min(field->kind) && !is_max(field->kind)) return false;
    int32_t min = find(accumulator, args, field->arg, is_min), max = find(accumulator, args, field->arg, is_max);
    bool second = min != 0 && max != 0 && idx == (min > max ? min : max);
    if (!second) add_extremes_of(few, fields[min].offset, fields[max].offset, arg);
    return true;
}
