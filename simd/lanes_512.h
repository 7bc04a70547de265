/* SPDX-License-Identifier: Apache-2.0
 *
 * simd/lanes.h for vectors of 512 bits (AVX-512 F, BW, DQ, VL).
 */
#ifndef WEIR_SIMD_LANES_512_H
#define WEIR_SIMD_LANES_512_H

#include <simde/x86/avx512.h>

#include "base/attributes.h"

#define LANES 8
typedef simde__m512i lanes_i64;
typedef simde__m512d lanes_f64;

WEIR_INLINE lanes_i64 lanes_load(const int64_t *from) { return simde_mm512_loadu_si512(from); }
WEIR_INLINE void lanes_store(int64_t *to, lanes_i64 a) { simde_mm512_storeu_si512(to, a); }
WEIR_INLINE lanes_i64 lanes_set(int64_t value) { return simde_mm512_set1_epi64(value); }

WEIR_INLINE lanes_i64 lanes_min(lanes_i64 a, lanes_i64 b) { return simde_mm512_min_epi64(a, b); }
WEIR_INLINE lanes_i64 lanes_max(lanes_i64 a, lanes_i64 b) { return simde_mm512_max_epi64(a, b); }
WEIR_INLINE unsigned lanes_eq(lanes_i64 a, lanes_i64 b) { return simde_mm512_cmpeq_epi64_mask(a, b); }
WEIR_INLINE unsigned lanes_lt(lanes_i64 a, lanes_i64 b) { return simde_mm512_cmpgt_epi64_mask(b, a); }
WEIR_INLINE lanes_i64 lanes_choose(unsigned bits, lanes_i64 a, lanes_i64 b) {
    return simde_mm512_mask_mov_epi64(b, (simde__mmask8)bits, a);
}

WEIR_INLINE lanes_i64 lanes_add(lanes_i64 a, lanes_i64 b) { return simde_mm512_add_epi64(a, b); }
WEIR_INLINE lanes_i64 lanes_and(lanes_i64 a, lanes_i64 b) { return simde_mm512_and_si512(a, b); }
WEIR_INLINE lanes_i64 lanes_xor(lanes_i64 a, lanes_i64 b) { return simde_mm512_xor_si512(a, b); }
WEIR_INLINE lanes_i64 lanes_sign(lanes_i64 a) {
    return simde_mm512_movm_epi64(simde_mm512_cmpgt_epi64_mask(simde_mm512_setzero_si512(), a));
}
WEIR_INLINE lanes_i64 lanes_high_half(lanes_i64 a) { return simde_mm512_srli_epi64(a, 32); }
WEIR_INLINE lanes_i64 lanes_shift_right(lanes_i64 a, int bits) {
    return simde_mm512_srl_epi64(a, simde_mm_cvtsi32_si128(bits));
}
WEIR_INLINE lanes_i64 lanes_multiply_halves(lanes_i64 a, lanes_i64 b) { return simde_mm512_mul_epu32(a, b); }

WEIR_INLINE lanes_f64 lanes_load_f64(const double *from) { return simde_mm512_loadu_pd(from); }
WEIR_INLINE lanes_f64 lanes_set_f64(double value) { return simde_mm512_set1_pd(value); }
WEIR_INLINE unsigned lanes_eq_f64(lanes_f64 a, lanes_f64 b) {
    return simde_mm512_cmp_pd_mask(a, b, SIMDE_CMP_EQ_OQ);
}
WEIR_INLINE unsigned lanes_lt_f64(lanes_f64 a, lanes_f64 b) {
    return simde_mm512_cmp_pd_mask(a, b, SIMDE_CMP_LT_OQ);
}
WEIR_INLINE unsigned lanes_le_f64(lanes_f64 a, lanes_f64 b) {
    return simde_mm512_cmp_pd_mask(a, b, SIMDE_CMP_LE_OQ);
}

#endif
