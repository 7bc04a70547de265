/* SPDX-License-Identifier: Apache-2.0
 *
 * Checks of the kernels whose result is a bitmap over rows, and of the ones that read one.
 */
#ifndef WEIR_TESTS_SIMD_CHECK_COMPARE_H
#define WEIR_TESTS_SIMD_CHECK_COMPARE_H

#include "check.h"

#define OPERATORS 6

static void check_compare_i64(struct check *check, size_t count) {
    int64_t *a = check_take_i64(check, count), *b = check_take_i64(check, count);
    uint64_t *got = check_take_bits(check, count), *want = check_take_bits(check, count);
    fill_i64(check, a, count);
    fill_i64(check, b, count);
    for (size_t i = 0; i < count; i++)
        if (check_below(check, 4) == 0) b[i] = a[i];
    for (int op = 0; op < OPERATORS; op++) {
        check->kernels->compare_i64((enum weir_compare)op, a, b, count, got);
        check->reference->compare_i64((enum weir_compare)op, a, b, count, want);
        expect_bits(check, "bits", got, want, count);
    }
}

static void check_compare_scalar_i64(struct check *check, size_t count) {
    int64_t *a = check_take_i64(check, count), b;
    uint64_t *got = check_take_bits(check, count), *want = check_take_bits(check, count);
    fill_i64(check, a, count);
    fill_i64(check, &b, 1);
    if (count > 0 && check_below(check, 2) == 0) b = a[check_below(check, count)];
    for (int op = 0; op < OPERATORS; op++) {
        check->kernels->compare_scalar_i64((enum weir_compare)op, a, b, count, got);
        check->reference->compare_scalar_i64((enum weir_compare)op, a, b, count, want);
        expect_bits(check, "bits", got, want, count);
    }
}

static void check_compare_f64(struct check *check, size_t count) {
    double *a = check_take_f64(check, count), *b = check_take_f64(check, count);
    uint64_t *got = check_take_bits(check, count), *want = check_take_bits(check, count);
    fill_f64(check, a, count);
    fill_f64(check, b, count);
    for (size_t i = 0; i < count; i++)
        if (check_below(check, 4) == 0) b[i] = a[i];
    for (int op = 0; op < OPERATORS; op++) {
        check->kernels->compare_f64((enum weir_compare)op, a, b, count, got);
        check->reference->compare_f64((enum weir_compare)op, a, b, count, want);
        expect_bits(check, "bits", got, want, count);
    }
}

static void check_compare_scalar_f64(struct check *check, size_t count) {
    double *a = check_take_f64(check, count), b;
    uint64_t *got = check_take_bits(check, count), *want = check_take_bits(check, count);
    fill_f64(check, a, count);
    fill_f64(check, &b, 1);
    if (count > 0 && check_below(check, 2) == 0) b = a[check_below(check, count)];
    for (int op = 0; op < OPERATORS; op++) {
        check->kernels->compare_scalar_f64((enum weir_compare)op, a, b, count, got);
        check->reference->compare_scalar_f64((enum weir_compare)op, a, b, count, want);
        expect_bits(check, "bits", got, want, count);
    }
}

/* Random numbers, or few that are often alike; signed and, with the highest bit turned, unsigned. */
#define CHECK_COMPARE_SHORT(bits, type, least)                                                                     \
    static void check_compare_scalar_i##bits(struct check *check, size_t count) {                                  \
        type *a = check_take(check, count * sizeof(type));                                                         \
        uint64_t *got = check_take_bits(check, count), *want = check_take_bits(check, count);                      \
        size_t few = check_below(check, 3);                                                                        \
        for (size_t i = 0; i < count; i++) {                                                                       \
            uint64_t random = check_random(check);                                                                 \
            a[i] = few == 0 ? (type)random : few == 1 ? (type)(random % 5 - 2) : (type)((least)-random % 3);       \
        }                                                                                                          \
        type b =                                                                                                   \
            count > 0 && check_below(check, 4) != 0 ? a[check_below(check, count)] : (type)check_random(check);    \
        for (int op = 0; op < 2 * OPERATORS; op++) {                                                               \
            type flip = op < OPERATORS ? 0 : (least);                                                              \
            enum weir_compare compare = (enum weir_compare)(op % OPERATORS);                                       \
            check->kernels->compare_scalar_i##bits(compare, a, flip, (type)(b ^ flip), count, got);                \
            check->reference->compare_scalar_i##bits(compare, a, flip, (type)(b ^ flip), count, want);             \
            expect_bits(check, "bits", got, want, count);                                                          \
        }                                                                                                          \
    }

CHECK_COMPARE_SHORT(8, int8_t, INT8_MIN)
CHECK_COMPARE_SHORT(16, int16_t, INT16_MIN)
CHECK_COMPARE_SHORT(32, int32_t, INT32_MIN)

static void check_bits_to_indices(struct check *check, size_t count) {
    uint64_t *bits = check_take_bits(check, count);
    uint32_t *got = check_take(check, count * 4), *want = check_take(check, count * 4);
    fill_bits(check, bits, count);
    size_t found = check->kernels->bits_to_indices(bits, count, got);
    size_t expected = check->reference->bits_to_indices(bits, count, want);
    expect_i64(check, "number of indices", (int64_t)found, (int64_t)expected);
    expect_bytes(check, "indices", got, want, expected * 4);
}

static void check_count_bits(struct check *check, size_t count) {
    uint64_t *bits = check_take_bits(check, count);
    fill_bits(check, bits, count);
    size_t found = check->kernels->count_bits(bits, count), expected = check->reference->count_bits(bits, count);
    expect_i64(check, "number of bits", (int64_t)found, (int64_t)expected);
}

static void check_gather_i64(struct check *check, size_t count) {
    size_t rows = 1 + check_below(check, 4000);
    int64_t *values = check_take_i64(check, rows), *got = check_take_i64(check, count);
    int64_t *want = check_take_i64(check, count);
    uint32_t *indices = check_take(check, count * 4);
    fill_i64(check, values, rows);
    for (size_t i = 0; i < count; i++) indices[i] = (uint32_t)check_below(check, rows);
    check->kernels->gather_i64(values, indices, count, got);
    check->reference->gather_i64(values, indices, count, want);
    expect_bytes(check, "values", got, want, count * 8);
}

#endif
