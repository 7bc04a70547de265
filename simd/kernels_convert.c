/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include <string.h>

#include "simd/lanes.h"

/* Every compiler turns these into the widening instructions of the level. */
#define WIDEN(name, from, to)                                                                                      \
    void WEIR_SIMD_NAME(name)(const from *restrict values, size_t count, to *restrict out) {                       \
        for (size_t i = 0; i < count; i++) out[i] = (to)values[i];                                                 \
    }

WIDEN(widen_i8, int8_t, int64_t)
WIDEN(widen_i16, int16_t, int64_t)
WIDEN(widen_i32, int32_t, int64_t)
WIDEN(widen_u8, uint8_t, int64_t)
WIDEN(widen_u16, uint16_t, int64_t)
WIDEN(widen_u32, uint32_t, int64_t)
WIDEN(widen_f32, float, double)

/* Below 0 the bits rise where the numbers fall. */
void WEIR_SIMD_NAME(order_f64)(const double *restrict values, size_t count, int64_t *restrict out) {
    for (size_t i = 0; i < count; i++) {
        int64_t bits;
        memcpy(&bits, &values[i], sizeof(bits));
#if WEIR_SIMD_WIDTH == 128
        bits ^= (int64_t)((uint64_t)(bits >> 63) >> 1);
        WEIR_SIMD_ONE_BY_ONE(bits); /* SSE2 cannot compare 64 bits */
#else
        bits = bits < 0 ? bits ^ INT64_MAX : bits;
#endif
        out[i] = values[i] != values[i] ? INT64_MAX : bits;
    }
}

#if WEIR_SIMD_WIDTH == 256

/* AVX2 has no such instruction. The halves become doubles of their own by writing them into the mantissas of 3 *
 * 2^67 and 2^52; only the last addition rounds, so the result is that of a cast. */
WEIR_INLINE simde__m256d convert(simde__m256i a) {
    const simde__m256d high_bias = simde_mm256_set1_pd(442721857769029238784.0); /* 3 * 2^67 */
    const simde__m256d both_bias = simde_mm256_set1_pd(442726361368656609280.0); /* 3 * 2^67 + 2^52 */
    const simde__m256d low_bias = simde_mm256_set1_pd(4503599627370496.0);       /* 2^52 */
    simde__m256i high = simde_mm256_blend_epi16(simde_mm256_srai_epi32(a, 16), simde_mm256_setzero_si256(), 0x33);
    simde__m256i low = simde_mm256_blend_epi16(a, simde_mm256_castpd_si256(low_bias), 0x88);
    high = simde_mm256_add_epi64(high, simde_mm256_castpd_si256(high_bias));
    simde__m256d sum = simde_mm256_sub_pd(simde_mm256_castsi256_pd(high), both_bias);
    return simde_mm256_add_pd(sum, simde_mm256_castsi256_pd(low));
}

void WEIR_SIMD_NAME(i64_to_f64)(const int64_t *restrict values, size_t count, double *restrict out) {
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) simde_mm256_storeu_pd(out + i, convert(lanes_load(values + i)));
    for (; i < count; i++) out[i] = (double)values[i];
}

#else

WIDEN(i64_to_f64, int64_t, double)

#endif
