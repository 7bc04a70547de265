/* SPDX-License-Identifier: Apache-2.0
 *
 * simd/lanes.h for vectors of 128 bits (SSE2 and NEON; without either SIMDe makes plain C of it).
 */
#ifndef WEIR_SIMD_LANES_128_H
#define WEIR_SIMD_LANES_128_H

#include <simde/x86/sse4.2.h>

#include "base/attributes.h"

#define LANES 2
typedef simde__m128i lanes_i64;
typedef simde__m128d lanes_f64;

WEIR_INLINE lanes_i64 lanes_load(const int64_t *from) { return simde_mm_loadu_si128((const simde__m128i *)from); }
WEIR_INLINE lanes_i64 lanes_set(int64_t value) { return simde_mm_set1_epi64x(value); }

/* The number that the highest bits of the lanes make. */
WEIR_INLINE unsigned lanes_bits(lanes_i64 a) { return (unsigned)simde_mm_movemask_pd(simde_mm_castsi128_pd(a)); }
WEIR_INLINE unsigned lanes_eq(lanes_i64 a, lanes_i64 b) { return lanes_bits(simde_mm_cmpeq_epi64(a, b)); }
WEIR_INLINE unsigned lanes_lt(lanes_i64 a, lanes_i64 b) { return lanes_bits(simde_mm_cmpgt_epi64(b, a)); }

WEIR_INLINE lanes_f64 lanes_load_f64(const double *from) { return simde_mm_loadu_pd(from); }
WEIR_INLINE lanes_f64 lanes_set_f64(double value) { return simde_mm_set1_pd(value); }
WEIR_INLINE unsigned lanes_eq_f64(lanes_f64 a, lanes_f64 b) {
    return (unsigned)simde_mm_movemask_pd(simde_mm_cmpeq_pd(a, b));
}
WEIR_INLINE unsigned lanes_lt_f64(lanes_f64 a, lanes_f64 b) {
    return (unsigned)simde_mm_movemask_pd(simde_mm_cmplt_pd(a, b));
}
WEIR_INLINE unsigned lanes_le_f64(lanes_f64 a, lanes_f64 b) {
    return (unsigned)simde_mm_movemask_pd(simde_mm_cmple_pd(a, b));
}

#endif
