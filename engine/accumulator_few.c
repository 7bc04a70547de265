/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/accumulator_few.h"

#include <string.h>

#include "base/checked.h"
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

/* Integers below this in magnitude: the sum of a block of them cannot overflow 64 bits. */
#define SUMMED_LIMIT ((int64_t)1 << 50)
_Static_assert(WEIR_BLOCK_ROWS <= 1 << 13, "a sum of so many has a sign beside 63 bits");

static bool are_summed(const int64_t *values, int32_t count) {
    int64_t min, max;
    weir_simd->min_max_i64(values, (size_t)count, &min, &max);
    return min > -SUMMED_LIMIT && max < SUMMED_LIMIT;
}

/* The block's sum is added to what is held in one go, which has 128 bits. */
static void add_sum_i64(const struct weir_few *few, int32_t offset, const int64_t *values, bool counts) {
    struct pairs pairs;
    memset(pairs.of, 0, few->keys * sizeof(pairs.of[0]));
    weir_simd->add_to_pairs_i64(few->ids, values, (size_t)few->count, pairs.of[0].i64, counts ? few->ahead : NULL);
    for (uint32_t key = 0; key < few->keys; key++) {
        weir_u128 held;
        memcpy(&held, field_at(few, key, offset), sizeof(held));
        held += (weir_u128)(weir_i128)pairs.of[key].i64[0];
        memcpy(field_at(few, key, offset), &held, sizeof(held));
        if (counts) *(int64_t *)field_at(few, key, 0) += pairs.of[key].i64[1];
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

static bool is_min(enum weir_field_kind kind) { return kind == WEIR_FIELD_MIN_I64 || kind == WEIR_FIELD_MIN_F64; }
static bool is_max(enum weir_field_kind kind) { return kind == WEIR_FIELD_MAX_I64 || kind == WEIR_FIELD_MAX_F64; }

/* The field of a kind and an argument without NULLs; 0, which is the rows, at offset 0: none. */
static int32_t find(const struct weir_accumulator *accumulator, const struct weir_vector *args, int32_t arg,
                    bool (*is_wanted)(enum weir_field_kind kind)) {
    for (int32_t i = 1; i < accumulator->fields_count; i++) {
        const struct weir_field *field = &accumulator->fields[i];
        if (field->arg == arg && is_wanted(field->kind) && args[arg].validity == NULL) return i;
    }
    return 0;
}

/* A sum of the kinds that are added to pairs. */
static bool is_summed(const struct weir_field *field, const struct weir_vector *args, int32_t count) {
    if (field->arg < 0 || args[field->arg].validity != NULL) return false;
    return field->kind == WEIR_FIELD_SUM_F64 ||
           (field->kind == WEIR_FIELD_SUM_I64 && args[field->arg].kind == WEIR_VECTOR_I64 &&
            are_summed(args[field->arg].i64, count));
}

static void add_any_sum(const struct weir_few *few, const struct weir_field *field, const struct weir_vector *args,
                        bool counts) {
    if (field->kind == WEIR_FIELD_SUM_F64) {
        add_sum(few, field->offset, args[field->arg].f64, counts);
    } else {
        add_sum_i64(few, field->offset, args[field->arg].i64, counts);
    }
}

void weir_few_begin(const struct weir_accumulator *accumulator, struct weir_few *few,
                    const struct weir_vector *args) {
    for (few->first = accumulator->fields_count - 1; few->first > 0; few->first--) {
        if (is_summed(&accumulator->fields[few->first], args, few->count)) return;
    }
}

bool weir_few_add(const struct weir_accumulator *accumulator, const struct weir_few *few,
                  const struct weir_vector *args, int32_t idx) {
    const struct weir_field *fields = accumulator->fields, *field = &fields[idx];
    if (field->kind == WEIR_FIELD_ROWS) {
        if (few->first != 0) add_any_sum(few, &fields[few->first], args, true);
        return few->first != 0;
    }
    if (idx == few->first) return true;
    if (is_summed(field, args, few->count)) {
        add_any_sum(few, field, args, false);
        return true;
    }
    const struct weir_vector *arg = &args[field->arg];
    if (arg->validity != NULL) return false;
    if (!is_min(field->kind) && !is_max(field->kind)) return false;
    int32_t min = find(accumulator, args, field->arg, is_min), max = find(accumulator, args, field->arg, is_max);
    bool second = min != 0 && max != 0 && idx == (min > max ? min : max);
    if (!second) add_extremes_of(few, fields[min].offset, fields[max].offset, arg);
    return true;
}
