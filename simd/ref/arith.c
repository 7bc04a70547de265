/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "base/checked.h"
#include "base/hash.h"

void weir_simd_floor_divide_i64_reference(const int64_t *values, size_t count, int64_t divisor, int64_t *out) {
    for (size_t i = 0; i < count; i++) out[i] = weir_floordiv_i64(values[i], divisor);
}

bool weir_simd_add_i64_reference(const int64_t *a, const int64_t *b, size_t count, int64_t *out) {
    bool overflow = false;
    for (size_t i = 0; i < count; i++) overflow |= __builtin_add_overflow(a[i], b[i], &out[i]);
    return overflow;
}

bool weir_simd_subtract_i64_reference(const int64_t *a, const int64_t *b, size_t count, int64_t *out) {
    bool overflow = false;
    for (size_t i = 0; i < count; i++) overflow |= __builtin_sub_overflow(a[i], b[i], &out[i]);
    return overflow;
}

void weir_simd_hash_u64_reference(const uint64_t *values, size_t count, uint64_t seed, uint64_t *out) {
    for (size_t i = 0; i < count; i++) out[i] = weir_hash_u64(values[i], seed);
}
