/* SPDX-License-Identifier: Apache-2.0
 *
 * What a check of one kernel works with: the tables to compare, a generator, adversarial data, zones. A check is
 *     static void check_<kernel>(struct check *check, size_t count)
 * and is called for every level, length, edge and round.
 */
#ifndef WEIR_TESTS_SIMD_CHECK_H
#define WEIR_TESTS_SIMD_CHECK_H

#include "zones.h"

#include <math.h>

#include "base/bits.h"
#include "simd/kernels.h"

struct check {
    const struct weir_kernels *kernels, *reference;
    const char *kernel, *level;
    struct zones zones;
    uint64_t seed, state; /* the run's seed, and where the generator stands */
    size_t count;
};

/* SplitMix64. */
static inline uint64_t check_random(struct check *check) {
    uint64_t x = check->state += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

/* In [0, bound). */
static inline size_t check_below(struct check *check, size_t bound) {
    return (size_t)(check_random(check) % bound);
}

static inline void *check_take(struct check *check, size_t bytes) { return zones_take(&check->zones, bytes); }
static inline int64_t *check_take_i64(struct check *check, size_t count) { return check_take(check, count * 8); }
static inline double *check_take_f64(struct check *check, size_t count) { return check_take(check, count * 8); }
static inline uint64_t *check_take_bits(struct check *check, size_t count) {
    return check_take(check, weir_bitmap_words(count) * 8);
}

static const int64_t special_i64[] = {
    0,
    1,
    -1,
    2,
    -2,
    INT64_MAX,
    INT64_MIN,
    INT64_MAX - 1,
    INT64_MIN + 1,
    INT32_MAX,
    INT32_MIN,
    UINT32_MAX,
    (int64_t)1 << 32,
    -((int64_t)1 << 32),
    (int64_t)1 << 52,
    (int64_t)1 << 53,
    ((int64_t)1 << 53) + 1,
    -((int64_t)1 << 53) - 1,
    (int64_t)0x4000000000000000,
    0x00000000FFFFFFFF,
    -0x100000001,
};

/* Patterns with few distinct values (ties), the limits, an ascending column like event time, and all bits random.
 */
static inline void fill_i64(struct check *check, int64_t *values, size_t count) {
    int64_t base = (int64_t)check_random(check) / 4;
    size_t pattern = check_below(check, 5);
    for (size_t i = 0; i < count; i++) {
        uint64_t random = check_random(check);
        switch (pattern) {
        case 0: values[i] = base; break;
        case 1: values[i] = special_i64[random % (sizeof special_i64 / 8)]; break;
        case 2: values[i] = (int64_t)(random % 5) - 2; break;
        case 3: values[i] = base + (int64_t)(i * 1000 + random % 1000); break;
        default: values[i] = (int64_t)random; break;
        }
    }
}

static inline double f64_of_bits(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Zeros of both signs, infinities, the borders of the denormal range, quiet and signalling NaNs of both signs. */
static const uint64_t special_f64[] = {
    0,
    UINT64_C(0x8000000000000000),
    UINT64_C(0x7FF0000000000000),
    UINT64_C(0xFFF0000000000000),
    1,
    UINT64_C(0x8000000000000001),
    UINT64_C(0x000FFFFFFFFFFFFF),
    UINT64_C(0x0010000000000000),
    UINT64_C(0x7FEFFFFFFFFFFFFF),
    UINT64_C(0xFFEFFFFFFFFFFFFF),
    UINT64_C(0x7FF8000000000000),
    UINT64_C(0xFFF8000000000123),
    UINT64_C(0x7FF0000000000001),
    UINT64_C(0x3FF0000000000000),
    UINT64_C(0xBFF0000000000000),
    UINT64_C(0x3FF0000000000001),
};

static inline void fill_f64(struct check *check, double *values, size_t count) {
    size_t pattern = check_below(check, 4);
    for (size_t i = 0; i < count; i++) {
        uint64_t random = check_random(check);
        switch (pattern) {
        case 0: values[i] = f64_of_bits(special_f64[random % (sizeof special_f64 / 8)]); break;
        case 1: values[i] = (double)(random % 5) - 2.0; break;
        case 2: values[i] = ((double)(int64_t)random) * 0x1p-40; break;
        default: values[i] = f64_of_bits(random); break;
        }
    }
}

/* Bits past the last row are garbage, as a kernel must expect. */
static inline void fill_bits(struct check *check, uint64_t *bits, size_t count) {
    size_t pattern = check_below(check, 6);
    for (size_t i = 0; i < weir_bitmap_words(count); i++) {
        uint64_t random = check_random(check);
        switch (pattern) {
        case 0: bits[i] = UINT64_MAX; break;
        case 1: bits[i] = count % 64 != 0 && i == count / 64 ? ~weir_bitmap_tail(count) : 0; break;
        case 2: bits[i] = random & check_random(check) & check_random(check) & check_random(check); break;
        case 3: bits[i] = random | check_random(check) | check_random(check) | check_random(check); break;
        case 4: bits[i] = random % 3 == 0 ? 0 : random % 3 == 1 ? UINT64_MAX : random; break;
        default: bits[i] = random; break;
        }
    }
}

static inline void fill_bytes(struct check *check, void *to, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) ((unsigned char *)to)[i] = (unsigned char)(check_random(check) >> 32);
}

#define CHECK_FAIL(check, format, ...)                                                                             \
    fail_msg("%s at %s, count %zu, edge %d, WEIR_TEST_SEED=%llu: " format, (check)->kernel, (check)->level,        \
             (check)->count, (int)(check)->zones.edge, (unsigned long long)(check)->seed, __VA_ARGS__)

/* Equal to the byte: floats too, signs of zero and payloads of NaN included. */
static inline void expect_bytes(struct check *check, const char *what, const void *got, const void *want,
                                size_t bytes) {
    for (size_t i = 0; i < bytes; i++)
        if (((const unsigned char *)got)[i] != ((const unsigned char *)want)[i])
            CHECK_FAIL(check, "%s differs from the reference at byte %zu", what, i);
}

static inline void expect_bits(struct check *check, const char *what, const uint64_t *got, const uint64_t *want,
                               size_t count) {
    expect_bytes(check, what, got, want, weir_bitmap_words(count) * 8);
}

static inline void expect_i64(struct check *check, const char *what, int64_t got, int64_t want) {
    if (got != want) CHECK_FAIL(check, "%s is %lld, by the reference %lld", what, (long long)got, (long long)want);
}

#endif
