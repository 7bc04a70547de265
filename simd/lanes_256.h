/* SPDX-License-Identifier: Apache-2.0
 *
 * simd/lanes.h for vectors of 256 bits (AVX2).
 */
#ifndef WEIR_SIMD_LANES_256_H
#define WEIR_SIMD_LANES_256_H

#include <simde/x86/avx2.h>

#include "base/attributes.h"

#define LANES 4
typedef simde__m256i lanes_i64;
typedef simde__m256d lanes_f64;

WEIR_INLINE lanes_i64 lanes_load(const int64_t *from) {
    return simde_mm256_loadu_si256((const simde__m256i *)from);
}
WEIR_INLINE void lanes_store(int64_t *to, lanes_i64 a) { simde_mm256_storeu_si256((simde__m256i *)to, a); }
WEIR_INLINE lanes_i64 lanes_set(int64_t value) { return simde_mm256_set1_epi64x(value); }

/* The number that the highest bits of the lanes make. */
WEIR_INLINE unsigned lanes_bits(lanes_i64 a) {
    return (unsigned)simde_mm256_movemask_pd(simde_mm256_castsi256_pd(a));
}
WEIR_INLINE unsigned lanes_eq(lanes_i64 a, lanes_i64 b) { return lanes_bits(simde_mm256_cmpeq_epi64(a, b)); }
WEIR_INLINE unsigned lanes_lt(lanes_i64 a, lanes_i64 b) { return lanes_bits(simde_mm256_cmpgt_epi64(b, a)); }
WEIR_INLINE lanes_i64 lanes_min(lanes_i64 a, lanes_i64 b) {
    return simde_mm256_blendv_epi8(a, b, simde_mm256_cmpgt_epi64(a, b));
}
WEIR_INLINE lanes_i64 lanes_max(lanes_i64 a, lanes_i64 b) {
    return simde_mm256_blendv_epi8(b, a, simde_mm256_cmpgt_epi64(a, b));
}
WEIR_INLINE lanes_i64 lanes_choose(unsigned bits, lanes_i64 a, lanes_i64 b) {
    simde__m256i lane_bit = simde_mm256_set_epi64x(8, 4, 2, 1);
    simde__m256i set = simde_mm256_and_si256(simde_mm256_set1_epi64x(bits), lane_bit);
    return simde_mm256_blendv_epi8(b, a, simde_mm256_cmpeq_epi64(set, lane_bit));
}

WEIR_INLINE lanes_i64 lanes_add(lanes_i64 a, lanes_i64 b) { return simde_mm256_add_epi64(a, b); }
WEIR_INLINE lanes_i64 lanes_and(lanes_i64 a, lanes_i64 b) { return simde_mm256_and_si256(a, b); }
WEIR_INLINE lanes_i64 lanes_xor(lanes_i64 a, lanes_i64 b) { return simde_mm256_xor_si256(a, b); }
WEIR_INLINE lanes_i64 lanes_sign(lanes_i64 a) { return simde_mm256_cmpgt_epi64(simde_mm256_setzero_si256(), a); }
WEIR_INLINE lanes_i64 lanes_high_half(lanes_i64 a) { return simde_mm256_srli_epi64(a, 32); }
WEIR_INLINE lanes_i64 lanes_shift_right(lanes_i64 a, int bits) {
    return simde_mm256_srl_epi64(a, simde_mm_cvtsi32_si128(bits));
}
WEIR_INLINE lanes_i64 lanes_multiply_halves(lanes_i64 a, lanes_i64 b) { return simde_mm256_mul_epu32(a, b); }

WEIR_INLINE lanes_f64 lanes_load_f64(const double *from) { return simde_mm256_loadu_pd(from); }
WEIR_INLINE lanes_f64 lanes_set_f64(double value) { return simde_mm256_set1_pd(value); }
WEIR_INLINE unsigned lanes_eq_f64(lanes_f64 a, lanes_f64 b) {
    return (unsigned)simde_mm256_movemask_pd(simde_mm256_cmp_pd(a, b, SIMDE_CMP_EQ_OQ));
}
WEIR_INLINE unsigned lanes_lt_f64(lanes_f64 a, lanes_f64 b) {
    return (unsigned)simde_mm256_movemask_pd(simde_mm256_cmp_pd(a, b, SIMDE_CMP_LT_OQ));
}
WEIR_INLINE unsigned lanes_le_f64(lanes_f64 a, lanes_f64 b) {
    return (unsigned)simde_mm256_movemask_pd(simde_mm256_cmp_pd(a, b, SIMDE_CMP_LE_OQ));
}

#endif
