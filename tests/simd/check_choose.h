/* SPDX-License-Identifier: Apache-2.0
 *
 * Checks of the kernels that lay values over others where a bit is set.
 */
#ifndef WEIR_TESTS_SIMD_CHECK_CHOOSE_H
#define WEIR_TESTS_SIMD_CHECK_CHOOSE_H

#include "check.h"

/* Words of all rows, of none and of some. */
static void fill_choices(struct check *check, uint64_t *bits, size_t count) {
    for (size_t i = 0; i < weir_bitmap_words(count); i++) {
        size_t pattern = check_below(check, 4);
        bits[i] = pattern == 0 ? 0 : pattern == 1 ? UINT64_MAX : check_random(check);
    }
}

static void check_lay_i64(struct check *check, size_t count) {
    uint64_t *bits = check_take_bits(check, count);
    int64_t *from = check_take_i64(check, count), *got = check_take_i64(check, count);
    int64_t *want = check_take_i64(check, count);
    fill_choices(check, bits, count);
    fill_i64(check, from, count);
    for (size_t i = 0; i < count; i++) got[i] = want[i] = (int64_t)check_random(check);
    check->kernels->lay_i64(bits, from, count, got);
    check->reference->lay_i64(bits, from, count, want);
    expect_bytes(check, "values", got, want, count * 8);
}

static void check_lay_i128(struct check *check, size_t count) {
    uint64_t *bits = check_take_bits(check, count);
    int64_t *from = check_take_i64(check, 2 * count), *got = check_take_i64(check, 2 * count);
    int64_t *want = check_take_i64(check, 2 * count);
    fill_choices(check, bits, count);
    for (size_t i = 0; i < 2 * count; i++) {
        from[i] = (int64_t)check_random(check);
        got[i] = want[i] = (int64_t)check_random(check);
    }
    check->kernels->lay_i128(bits, from, count, got);
    check->reference->lay_i128(bits, from, count, want);
    expect_bytes(check, "values", got, want, count * 16);
}

static void check_lay_one_u32(struct check *check, size_t count) {
    uint64_t *bits = check_take_bits(check, count);
    uint32_t *got = check_take(check, count * 4), *want = check_take(check, count * 4);
    uint32_t value = (uint32_t)check_random(check);
    fill_choices(check, bits, count);
    for (size_t i = 0; i < count; i++) got[i] = want[i] = (uint32_t)check_random(check);
    check->kernels->lay_one_u32(bits, value, count, got);
    check->reference->lay_one_u32(bits, value, count, want);
    expect_bytes(check, "values", got, want, count * 4);
}

#endif
