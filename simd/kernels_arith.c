/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "base/checked.h"
#include "simd/lanes.h"

/* Division by an invariant as a multiplication (Granlund and Montgomery 1994). A negative value is complemented
 * before and after, which turns floor into truncation and leaves 63 bits: floor(n / d) is then n * multiplier >>
 * (64 + shift) with multiplier = ceil(2^(63 + l) / d), l = ceil(log2(d)), shift = l - 1, and the multiplier fits
 * into 64 bits. */
struct reciprocal {
    uint64_t multiplier;
    int shift;
};

/* divisor >= 2, not a power of two. */
static struct reciprocal reciprocal_of(uint64_t divisor) {
    int log2_ceil = 64 - __builtin_clzll(divisor);
    weir_u128 power = (weir_u128)1 << (63 + log2_ceil);
    return (struct reciprocal){.multiplier = (uint64_t)(power / divisor) + 1, .shift = log2_ceil - 1};
}

WEIR_INLINE int64_t divide_one(int64_t value, struct reciprocal by) {
    uint64_t sign = value < 0 ? UINT64_MAX : 0;
    uint64_t magnitude = (uint64_t)value ^ sign;
    uint64_t quotient = (uint64_t)((weir_u128)magnitude * by.multiplier >> 64) >> by.shift;
    return (int64_t)(quotient ^ sign);
}

/* Without a widening multiplication of vectors worth the name the scalar one is as fast. */
#if LANES >= 4
#define DIVIDES_LANES 1

/* The upper 64 bits of a * (high << 32 | low), unsigned; low and high below 2^32. */
WEIR_INLINE lanes_i64 multiply_high(lanes_i64 a, lanes_i64 low, lanes_i64 high) {
    lanes_i64 a_high = lanes_high_half(a);
    lanes_i64 middle =
        lanes_add(lanes_multiply_halves(a_high, low), lanes_high_half(lanes_multiply_halves(a, low)));
    lanes_i64 carry = lanes_add(lanes_multiply_halves(a, high), lanes_and(middle, lanes_set(UINT32_MAX)));
    lanes_i64 top = lanes_add(lanes_multiply_halves(a_high, high), lanes_high_half(middle));
    return lanes_add(top, lanes_high_half(carry));
}

static size_t divide_lanes(const int64_t *values, size_t count, struct reciprocal by, int64_t *out) {
    const lanes_i64 low = lanes_set((int64_t)(by.multiplier & UINT32_MAX));
    const lanes_i64 high = lanes_set((int64_t)(by.multiplier >> 32));
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        lanes_i64 value = lanes_load(values + i);
        lanes_i64 sign = lanes_sign(value);
        lanes_i64 quotient = lanes_shift_right(multiply_high(lanes_xor(value, sign), low, high), by.shift);
        lanes_store(out + i, lanes_xor(quotient, sign));
    }
    return i;
}
#else
#define DIVIDES_LANES 0
#endif

/* Shifting to the right keeps the sign, in gcc and clang, and so rounds towards minus infinity. */
static void divide_pow2(const int64_t *values, size_t count, int shift, int64_t *out) {
    for (size_t i = 0; i < count; i++) out[i] = values[i] >> shift;
}

void WEIR_SIMD_NAME(floor_divide_i64)(const int64_t *values, size_t count, int64_t divisor, int64_t *out) {
    uint64_t by = (uint64_t)divisor;
    if ((by & (by - 1)) == 0) {
        divide_pow2(values, count, __builtin_ctzll(by), out);
        return;
    }
    struct reciprocal reciprocal = reciprocal_of(by);
    size_t i = 0;
#if DIVIDES_LANES
    i = divide_lanes(values, count, reciprocal, out);
#endif
    for (; i < count; i++) out[i] = divide_one(values[i], reciprocal);
}

/* A sum overflowed when its sign is that of neither side. */
bool WEIR_SIMD_NAME(add_i64)(const int64_t *restrict a, const int64_t *restrict b, size_t count,
                             int64_t *restrict out) {
    uint64_t overflow = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t x = (uint64_t)a[i], y = (uint64_t)b[i], sum = x + y;
        overflow |= (x ^ sum) & (y ^ sum);
        out[i] = (int64_t)sum;
    }
    return overflow >> 63;
}

/* A difference overflowed when the sides' signs differ and its own is not the left one's. */
bool WEIR_SIMD_NAME(subtract_i64)(const int64_t *restrict a, const int64_t *restrict b, size_t count,
                                  int64_t *restrict out) {
    uint64_t overflow = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t x = (uint64_t)a[i], y = (uint64_t)b[i], difference = x - y;
        overflow |= (x ^ y) & (x ^ difference);
        out[i] = (int64_t)difference;
    }
    return overflow >> 63;
}
