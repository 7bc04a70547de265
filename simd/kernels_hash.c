/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "base/hash.h"

#if WEIR_SIMD_WIDTH == 128

/* One by one: neither SSE2 nor NEON multiplies 64 bits, and what the compilers put together for it is slower. */
void WEIR_SIMD_NAME(hash_u64)(const uint64_t *restrict values, size_t count, uint64_t seed,
                              uint64_t *restrict out) {
    for (size_t i = 0; i < count; i++) {
        uint64_t hash = weir_hash_u64(values[i], seed);
        WEIR_SIMD_ONE_BY_ONE(hash);
        out[i] = hash;
    }
}

#else

void WEIR_SIMD_NAME(hash_u64)(const uint64_t *restrict values, size_t count, uint64_t seed,
                              uint64_t *restrict out) {
    for (size_t i = 0; i < count; i++) out[i] = weir_hash_u64(values[i], seed);
}

#endif
