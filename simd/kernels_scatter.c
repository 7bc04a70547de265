/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "simd/ahead.h"
#include "simd/lanes.h"

void WEIR_SIMD_NAME(next_u32)(const uint32_t *restrict values, size_t count, uint32_t *restrict out) {
    for (size_t i = 0; i < count; i++) out[i] = values[i] + 1;
}

/* One load, one addition and one store a row, where the two numbers one by one would take two of each. */
WEIR_INLINE void add_pair(double *totals, uint32_t id, const double *value) {
    double *at = totals + 2 * (size_t)id;
    simde__m128d one = simde_mm_set1_pd(1);
    simde_mm_store_pd(at, simde_mm_add_pd(simde_mm_load_pd(at), simde_mm_loadl_pd(one, (const void *)value)));
}

void WEIR_SIMD_NAME(add_to_pairs_f64)(const uint32_t *ids, const double *values, size_t count, double *totals,
                                      struct weir_ahead *ahead) {
    size_t row = 0;
    for (; row + WEIR_AHEAD_ROWS <= count; row += WEIR_AHEAD_ROWS) {
        weir_ahead_step(ahead);
        for (size_t i = row; i < row + WEIR_AHEAD_ROWS; i += 8) {
            for (size_t more = 0; more < 8; more++) add_pair(totals, ids[i + more], &values[i + more]);
        }
    }
    for (; row < count; row++) add_pair(totals, ids[row], &values[row]);
}

WEIR_INLINE void add_quad(double *totals, uint32_t id, const double *a, const double *b, const double *c) {
    double *at = totals + 4 * (size_t)id;
    simde__m128d first = simde_mm_loadh_pd(simde_mm_load_sd(a), (const void *)b);
    simde__m128d second = simde_mm_loadl_pd(simde_mm_set1_pd(1), (const void *)c);
#if WEIR_SIMD_WIDTH > 128
    simde__m256d all = simde_mm256_insertf128_pd(simde_mm256_castpd128_pd256(first), second, 1);
    simde_mm256_store_pd(at, simde_mm256_add_pd(simde_mm256_load_pd(at), all));
#else
    simde_mm_store_pd(at, simde_mm_add_pd(simde_mm_load_pd(at), first));
    simde_mm_store_pd(at + 2, simde_mm_add_pd(simde_mm_load_pd(at + 2), second));
#endif
}

void WEIR_SIMD_NAME(add_to_quads_f64)(const uint32_t *ids, const double *a, const double *b, const double *c,
                                      size_t count, double *totals, struct weir_ahead *ahead) {
    size_t row = 0;
    for (; row + WEIR_AHEAD_ROWS <= count; row += WEIR_AHEAD_ROWS) {
        weir_ahead_step(ahead);
        for (size_t i = row; i < row + WEIR_AHEAD_ROWS; i += 4) {
            for (size_t more = i; more < i + 4; more++) add_quad(totals, ids[more], &a[more], &b[more], &c[more]);
        }
    }
    for (; row < count; row++) add_quad(totals, ids[row], &a[row], &b[row], &c[row]);
}

WEIR_INLINE void add_pair_i64(int64_t *totals, uint32_t id, int64_t value) {
    simde__m128i *at = (simde__m128i *)(void *)(totals + 2 * (size_t)id);
    simde__m128i both = simde_mm_set_epi64x(1, value);
    simde_mm_storeu_si128(at, simde_mm_add_epi64(simde_mm_loadu_si128(at), both));
}

void WEIR_SIMD_NAME(add_to_pairs_i64)(const uint32_t *ids, const int64_t *values, size_t count, int64_t *totals,
                                      struct weir_ahead *ahead) {
    size_t row = 0;
    for (; row + WEIR_AHEAD_ROWS <= count; row += WEIR_AHEAD_ROWS) {
        weir_ahead_step(ahead);
        for (size_t i = row; i < row + WEIR_AHEAD_ROWS; i += 8) {
            for (size_t more = 0; more < 8; more++) add_pair_i64(totals, ids[i + more], values[i + more]);
        }
    }
    for (; row < count; row++) add_pair_i64(totals, ids[row], values[row]);
}

#if WEIR_SIMD_WIDTH > 128

WEIR_INLINE simde__m128i least(simde__m128i a, simde__m128i b) {
#if WEIR_SIMD_WIDTH == 512
    return simde_mm512_castsi512_si128(
        simde_mm512_min_epi64(simde_mm512_castsi128_si512(a), simde_mm512_castsi128_si512(b)));
#else
    return simde_mm_blendv_epi8(a, b, simde_mm_cmpgt_epi64(a, b));
#endif
}

void WEIR_SIMD_NAME(least_to_pairs_i64)(const uint32_t *ids, const int64_t *values, size_t count, int64_t *pairs) {
    const simde__m128i complement = simde_mm_set_epi64x(-1, 0);
    for (size_t i = 0; i < count; i++) {
        simde__m128i *at = (simde__m128i *)(void *)(pairs + 2 * (size_t)ids[i]);
        simde__m128i both = simde_mm_xor_si128(simde_mm_set1_epi64x(values[i]), complement);
        simde_mm_storeu_si128(at, least(simde_mm_loadu_si128(at), both));
    }
}

#else

void WEIR_SIMD_NAME(least_to_pairs_i64)(const uint32_t *ids, const int64_t *values, size_t count, int64_t *pairs) {
    for (size_t i = 0; i < count; i++) {
        int64_t *at = pairs + 2 * (size_t)ids[i];
        if (values[i] < at[0]) at[0] = values[i];
        if (~values[i] < at[1]) at[1] = ~values[i];
    }
}

#endif
