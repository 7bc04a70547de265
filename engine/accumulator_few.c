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
    bool one = accumulator->fields_count <= 2 || weir_accumulator_lone(accumulator) != NULL;
    int32_t rows_a_key = one ? ROWS_A_KEY_ONE_FIELD : ROWS_A_KEY;
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

/* Rows whose argument is NULL are added to keys of their own, behind the others. */
static uint32_t pairs_of(const struct weir_few *few, const struct weir_vector *arg) {
    return arg->validity == NULL ? few->keys : 2 * few->keys;
}

static const uint32_t *ids_of(const struct weir_few *few, const struct weir_vector *arg, uint32_t *room) {
    if (arg->validity == NULL) return few->ids;
    for (int32_t from = 0, to; from < few->count; from = to) {
        to = few->count - from < 64 ? few->count : from + 64;
        uint64_t nulls = ~arg->validity[from / 64];
        for (int32_t i = from; i < to; i++) room[i] = few->ids[i] + (uint32_t)(nulls >> (i - from) & 1) * few->keys;
    }
    return room;
}

/* Where the counts that a sum has beside it go: each at its offset; 0 is that of the rows. */
struct counts {
    bool rows;
    int32_t nulls; /* 0: the argument has none */
};

static void put_counts(const struct weir_few *few, const struct counts *counts, uint32_t key, int64_t valid,
                       int64_t nulls) {
    if (counts->rows) *(int64_t *)field_at(few, key, 0) += valid + nulls;
    if (counts->nulls != 0) *(int64_t *)field_at(few, key, counts->nulls) += nulls;
}

/* A sum, and the counts with it. It begins with what is held, so that it is added up in the order of the rows. */
static void add_sum_f64(const struct weir_few *few, int32_t offset, const struct weir_vector *arg,
                        const struct counts *counts) {
    struct pairs pairs;
    uint32_t room[WEIR_BLOCK_ROWS], keys = few->keys;
    memset(pairs.of, 0, pairs_of(few, arg) * sizeof(pairs.of[0]));
    for (uint32_t key = 0; key < keys; key++) pairs.of[key].f64[0] = *(const double *)field_at(few, key, offset);
    weir_simd->add_to_pairs_f64(ids_of(few, arg, room), arg->f64, (size_t)few->count, pairs.of[0].f64,
                                counts->rows ? few->ahead : NULL);
    for (uint32_t key = 0; key < keys; key++) {
        double nulls = arg->validity == NULL ? 0 : pairs.of[keys + key].f64[1];
        *(double *)field_at(few, key, offset) = pairs.of[key].f64[0];
        put_counts(few, counts, key, (int64_t)pairs.of[key].f64[1], (int64_t)nulls);
    }
}

/* Integers below this in magnitude: the sum of a block of them cannot overflow 64 bits. */
#define SUMMED_LIMIT ((int64_t)1 << 50)
_Static_assert(WEIR_BLOCK_ROWS <= 1 << 13, "a sum of so many has a sign beside 63 bits");

static bool are_summed(const struct weir_vector *arg, int32_t count) {
    int64_t min, max;
    if (arg->validity == NULL) {
        weir_simd->min_max_i64(arg->i64, (size_t)count, &min, &max);
    } else {
        weir_simd->min_max_valid_i64(arg->i64, arg->validity, (size_t)count, &min, &max);
    }
    return min > max || (min > -SUMMED_LIMIT && max < SUMMED_LIMIT);
}

/* The block's sum is added to what is held in one go, which may have 128 bits. */
static void add_sum_integers(const struct weir_few *few, const struct weir_field *field,
                             const struct weir_vector *arg, const struct counts *counts) {
    const int32_t offset = field->offset;
    struct pairs pairs;
    uint32_t room[WEIR_BLOCK_ROWS], keys = few->keys;
    memset(pairs.of, 0, pairs_of(few, arg) * sizeof(pairs.of[0]));
    weir_simd->add_to_pairs_i64(ids_of(few, arg, room), arg->i64, (size_t)few->count, pairs.of[0].i64,
                                counts->rows ? few->ahead : NULL);
    for (uint32_t key = 0; key < keys; key++) {
        int64_t nulls = arg->validity == NULL ? 0 : pairs.of[keys + key].i64[1];
        if (field->kind == WEIR_FIELD_SUM_SHORT) {
            *(uint64_t *)field_at(few, key, offset) += (uint64_t)pairs.of[key].i64[0];
        } else {
            weir_u128 held;
            memcpy(&held, field_at(few, key, offset), sizeof(held));
            held += (weir_u128)(weir_i128)pairs.of[key].i64[0];
            memcpy(field_at(few, key, offset), &held, sizeof(held));
        }
        put_counts(few, counts, key, pairs.of[key].i64[1], nulls);
    }
}

/* Least and greatest; an offset of 0: nobody asks for it. */
static void add_extremes(const struct weir_few *few, int32_t min, int32_t max, const int64_t *values,
                         const struct weir_vector *arg) {
    struct pairs pairs;
    uint32_t room[WEIR_BLOCK_ROWS];
    memset(pairs.of, 0, pairs_of(few, arg) * sizeof(pairs.of[0]));
    for (uint32_t key = 0; key < few->keys; key++) {
        pairs.of[key].i64[0] = min == 0 ? INT64_MAX : *(const int64_t *)field_at(few, key, min);
        pairs.of[key].i64[1] = max == 0 ? INT64_MAX : ~*(const int64_t *)field_at(few, key, max);
    }
    weir_simd->least_to_pairs_i64(ids_of(few, arg, room), values, (size_t)few->count, pairs.of[0].i64);
    for (uint32_t key = 0; key < few->keys; key++) {
        if (min != 0) *(int64_t *)field_at(few, key, min) = pairs.of[key].i64[0];
        if (max != 0) *(int64_t *)field_at(few, key, max) = ~pairs.of[key].i64[1];
    }
}

static void add_extremes_of(const struct weir_few *few, int32_t min, int32_t max, const struct weir_vector *arg) {
    int64_t orders[WEIR_BLOCK_ROWS];
    if (arg->kind == WEIR_VECTOR_F64) weir_simd->order_f64(arg->f64, (size_t)few->count, orders);
    add_extremes(few, min, max, arg->kind == WEIR_VECTOR_F64 ? orders : arg->i64, arg);
}

/* There is room for the pairs of an argument. */
static bool has_room(const struct weir_few *few, const struct weir_vector *arg) {
    return pairs_of(few, arg) <= KEYS_MOST;
}

/* The first field of a kind and an argument; 0, which is the rows, at offset 0: none. */
static int32_t find(const struct weir_accumulator *accumulator, int32_t arg,
                    bool (*is_wanted)(enum weir_field_kind kind)) {
    for (int32_t i = 1; i < accumulator->fields_count; i++) {
        const struct weir_field *field = &accumulator->fields[i];
        if (field->arg == arg && is_wanted(field->kind)) return i;
    }
    return 0;
}

/* ---- sums ---- */

static bool is_summed(const struct weir_few *few, const struct weir_field *field, const struct weir_vector *args) {
    if (!weir_field_is_sum(field->kind) || !has_room(few, &args[field->arg])) return false;
    if (field->kind == WEIR_FIELD_SUM_F64) return true;
    return args[field->arg].kind == WEIR_VECTOR_I64 && are_summed(&args[field->arg], few->count);
}

static void add_sum(const struct weir_accumulator *accumulator, const struct weir_few *few,
                    const struct weir_vector *args, int32_t idx, bool counts_rows) {
    const struct weir_field *field = &accumulator->fields[idx];
    const struct weir_vector *arg = &args[field->arg];
    struct counts counts = {counts_rows, 0};
    if (arg->validity != NULL) counts.nulls = accumulator->fields[accumulator->arg_nulls[field->arg]].offset;
    if (field->kind == WEIR_FIELD_SUM_F64) {
        add_sum_f64(few, field->offset, arg, &counts);
    } else {
        add_sum_integers(few, field, arg, &counts);
    }
}

void weir_few_begin(const struct weir_accumulator *accumulator, struct weir_few *few,
                    const struct weir_vector *args) {
    few->summed = 0;
    few->first = 0;
    for (int32_t i = 1; i < accumulator->fields_count && i < 64; i++) {
        if (!is_summed(few, &accumulator->fields[i], args)) continue;
        few->summed |= UINT64_C(1) << i;
        if (few->first == 0) few->first = i;
    }
}

static bool has(const struct weir_few *few, int32_t idx) { return idx < 64 && (few->summed >> idx & 1) != 0; }

bool weir_few_add(const struct weir_accumulator *accumulator, const struct weir_few *few,
                  const struct weir_vector *args, int32_t idx) {
    const struct weir_field *fields = accumulator->fields, *field = &fields[idx];
    if (field->kind == WEIR_FIELD_ROWS) {
        if (few->first != 0) add_sum(accumulator, few, args, few->first, true);
        return few->first != 0;
    }
    if (field->kind == WEIR_FIELD_NULLS) { /* counted with the sum */
        int32_t sum = find(accumulator, field->arg, weir_field_is_sum);
        return sum != 0 && has(few, sum);
    }
    if (has(few, idx)) {
        if (idx != few->first) add_sum(accumulator, few, args, idx, false);
        return true;
    }
    const struct weir_vector *arg = &args[field->arg];
    if ((!weir_field_is_min(field->kind) && !weir_field_is_max(field->kind)) || !has_room(few, arg)) return false;
    int32_t min = find(accumulator, field->arg, weir_field_is_min),
            max = find(accumulator, field->arg, weir_field_is_max);
    bool second = min != 0 && max != 0 && idx == (min > max ? min : max);
    if (!second) add_extremes_of(few, fields[min].offset, fields[max].offset, arg);
    return true;
}
