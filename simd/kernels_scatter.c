/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "simd/ahead.h"
#include "simd/lanes.h"

void WEIR_SIMD_NAME(next_u32)(const uint32_t *restrict values, size_t count, uint32_t *restrict out) {
    for (size_t i = 0; i < count; i++) out[i] = values[i] + 1;
}

/* One load, one addition and one store a row, where the two numbers one by one would take two of each. */
WEIR_INLINE void add_pair(double *totals, uint32_t id, simde__m128d pair) {
    double *at = totals + 2 * (size_t)id;
    simde_mm_store_pd(at, simde_mm_add_pd(simde_mm_load_pd(at), pair));
}

/* Eight rows in their order: each value beside a 1. Values are loaded several at a time, for loads are what there
 * is too little of. */
#if WEIR_SIMD_WIDTH == 512
WEIR_INLINE void add_eight_pairs(const uint32_t *ids, const double *values, double *totals) {
    simde__m512d all = simde_mm512_loadu_pd(values), ones = simde_mm512_set1_pd(1);
    simde__m512d even = simde_mm512_unpacklo_pd(all, ones), odd = simde_mm512_unpackhi_pd(all, ones);
    for (size_t half = 0; half < 8; half += 4) {
        simde__m256d two_even =
            half == 0 ? simde_mm512_castpd512_pd256(even) : simde_mm512_extractf64x4_pd(even, 1);
        simde__m256d two_odd = half == 0 ? simde_mm512_castpd512_pd256(odd) : simde_mm512_extractf64x4_pd(odd, 1);
        add_pair(totals, ids[half], simde_mm256_castpd256_pd128(two_even));
        add_pair(totals, ids[half + 1], simde_mm256_castpd256_pd128(two_odd));
        add_pair(totals, ids[half + 2], simde_mm256_extractf128_pd(two_even, 1));
        add_pair(totals, ids[half + 3], simde_mm256_extractf128_pd(two_odd, 1));
    }
}
#else
WEIR_INLINE void add_eight_pairs(const uint32_t *ids, const double *values, double *totals) {
    const simde__m128d ones = simde_mm_set1_pd(1);
    for (size_t i = 0; i < 8; i += 2) {
        simde__m128d two = simde_mm_loadu_pd(values + i);
        add_pair(totals, ids[i], simde_mm_unpacklo_pd(two, ones));
        add_pair(totals, ids[i + 1], simde_mm_unpackhi_pd(two, ones));
    }
}
#endif

void WEIR_SIMD_NAME(add_to_pairs_f64)(const uint32_t *ids, const double *values, size_t count, double *totals,
                                      struct weir_ahead *ahead) {
    size_t row = 0;
    for (; row + WEIR_AHEAD_ROWS <= count; row += WEIR_AHEAD_ROWS) {
        weir_ahead_step(ahead);
        for (size_t i = row; i < row + WEIR_AHEAD_ROWS; i += 8) add_eight_pairs(ids + i, values + i, totals);
    }
    for (; row < count; row++) add_pair(totals, ids[row], simde_mm_set_pd(1, values[row]));
}

/* ---- four numbers a key ---- */

#if WEIR_SIMD_WIDTH > 128
typedef simde__m256d quad;
#define quad_load(from) simde_mm256_load_pd(from)
#define quad_store(to, a) simde_mm256_store_pd(to, a)
#define quad_add(a, b) simde_mm256_add_pd(a, b)

/* Four rows of four columns; counted: of three and 1. */
WEIR_INLINE void quads_of(const double *const *columns, bool counted, size_t row, quad *rows) {
    quad a = simde_mm256_loadu_pd(columns[0] + row), b = simde_mm256_loadu_pd(columns[1] + row);
    quad c = simde_mm256_loadu_pd(columns[2] + row),
         d = counted ? simde_mm256_set1_pd(1) : simde_mm256_loadu_pd(columns[3] + row);
    quad even_low = simde_mm256_unpacklo_pd(a, b), even_high = simde_mm256_unpacklo_pd(c, d);
    quad odd_low = simde_mm256_unpackhi_pd(a, b), odd_high = simde_mm256_unpackhi_pd(c, d);
    rows[0] = simde_mm256_permute2f128_pd(even_low, even_high, 0x20);
    rows[1] = simde_mm256_permute2f128_pd(odd_low, odd_high, 0x20);
    rows[2] = simde_mm256_permute2f128_pd(even_low, even_high, 0x31);
    rows[3] = simde_mm256_permute2f128_pd(odd_low, odd_high, 0x31);
}
#else
typedef struct {
    simde__m128d low, high;
} quad;
WEIR_INLINE quad quad_load(const double *from) {
    return (quad){simde_mm_load_pd(from), simde_mm_load_pd(from + 2)};
}
WEIR_INLINE void quad_store(double *to, quad a) {
    simde_mm_store_pd(to, a.low);
    simde_mm_store_pd(to + 2, a.high);
}
WEIR_INLINE quad quad_add(quad a, quad b) {
    return (quad){simde_mm_add_pd(a.low, b.low), simde_mm_add_pd(a.high, b.high)};
}
WEIR_INLINE void quads_of(const double *const *columns, bool counted, size_t row, quad *rows) {
    for (size_t i = 0; i < 4; i += 2) {
        simde__m128d a = simde_mm_loadu_pd(columns[0] + row + i), b = simde_mm_loadu_pd(columns[1] + row + i);
        simde__m128d c = simde_mm_loadu_pd(columns[2] + row + i),
                     d = counted ? simde_mm_set1_pd(1) : simde_mm_loadu_pd(columns[3] + row + i);
        rows[i] = (quad){simde_mm_unpacklo_pd(a, b), simde_mm_unpacklo_pd(c, d)};
        rows[i + 1] = (quad){simde_mm_unpackhi_pd(a, b), simde_mm_unpackhi_pd(c, d)};
    }
}
#endif

WEIR_INLINE void add_quads(const uint32_t *ids, const double *const *columns, bool counted, size_t count,
                           double *totals, struct weir_ahead *ahead) {
    size_t row = 0;
    for (; row + WEIR_AHEAD_ROWS <= count; row += WEIR_AHEAD_ROWS) {
        weir_ahead_step(ahead);
        for (size_t i = row; i < row + WEIR_AHEAD_ROWS; i += 4) {
            quad rows[4];
            quads_of(columns, counted, i, rows);
            for (size_t more = 0; more < 4; more++) {
                double *at = totals + 4 * (size_t)ids[i + more];
                quad_store(at, quad_add(quad_load(at), rows[more]));
            }
        }
    }
    for (; row < count; row++) {
        double *at = totals + 4 * (size_t)ids[row];
        for (size_t column = 0; column < 3; column++) at[column] += columns[column][row];
        at[3] += counted ? 1 : columns[3][row];
    }
}

void WEIR_SIMD_NAME(add_to_quads_f64)(const uint32_t *ids, const double *const *columns, size_t count,
                                      double *totals, struct weir_ahead *ahead) {
    if (columns[3] == NULL) {
        add_quads(ids, columns, true, count, totals, ahead);
    } else {
        add_quads(ids, columns, false, count, totals, ahead);
    }
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

WEIR_INLINE void least_to_pair(int64_t *pairs, uint32_t id, simde__m128i both) {
    simde__m128i *at = (simde__m128i *)(void *)(pairs + 2 * (size_t)id);
    simde_mm_storeu_si128(at, least(simde_mm_loadu_si128(at), both));
}

WEIR_INLINE void least_of_value(int64_t *pairs, uint32_t id, int64_t value) {
    least_to_pair(pairs, id, simde_mm_set_epi64x(~value, value));
}

void WEIR_SIMD_NAME(least_to_pairs_i64)(const uint32_t *ids, const int64_t *values, size_t count, int64_t *pairs) {
    const simde__m128i ones = simde_mm_set1_epi64x(-1);
    size_t i = 0;
    for (; i + 2 <= count; i += 2) {
        simde__m128i two = simde_mm_loadu_si128((const simde__m128i *)(const void *)(values + i));
        simde__m128i others = simde_mm_xor_si128(two, ones);
        least_to_pair(pairs, ids[i], simde_mm_unpacklo_epi64(two, others));
        least_to_pair(pairs, ids[i + 1], simde_mm_unpackhi_epi64(two, others));
    }
    if (i < count) least_of_value(pairs, ids[i], values[i]);
}

#else

WEIR_INLINE void least_of_value(int64_t *pairs, uint32_t id, int64_t value) {
    int64_t *at = pairs + 2 * (size_t)id;
    if (value < at[0]) at[0] = value;
    if (~value < at[1]) at[1] = ~value;
}

void WEIR_SIMD_NAME(least_to_pairs_i64)(const uint32_t *ids, const int64_t *values, size_t count, int64_t *pairs) {
    for (size_t i = 0; i < count; i++) least_of_value(pairs, ids[i], values[i]);
}

#endif

#if WEIR_SIMD_WIDTH == 512

/* Sums and lesser numbers are made of all four, and of each its half is taken; the others are never looked at. */
WEIR_INLINE void add_mixed(double *totals, uint32_t id, const double *value, int64_t order) {
    const simde__m512i complement = simde_mm512_set_epi64(0, 0, 0, 0, -1, 0, 0, 0);
    double *at = totals + 4 * (size_t)id;
    simde__m512d held = simde_mm512_castpd256_pd512(simde_mm256_load_pd(at));
    simde__m512i both = simde_mm512_xor_si512(simde_mm512_set1_epi64(order), complement);
    simde__m512d lesser = simde_mm512_castsi512_pd(simde_mm512_min_epi64(simde_mm512_castpd_si512(held), both));
    simde__m512d beside_ones = simde_mm512_mask_mov_pd(simde_mm512_set1_pd(1), 1, simde_mm512_set1_pd(*value));
    simde_mm256_store_pd(at, simde_mm512_castpd512_pd256(simde_mm512_mask_add_pd(lesser, 3, held, beside_ones)));
}

void WEIR_SIMD_NAME(add_to_mixed)(const uint32_t *ids, const double *values, const int64_t *orders, size_t count,
                                  double *totals, struct weir_ahead *ahead) {
    for (size_t from = 0, to; from < count; from = to) {
        to = count - from < WEIR_AHEAD_ROWS ? count : from + WEIR_AHEAD_ROWS;
        weir_ahead_step(ahead);
        for (size_t i = from; i < to; i++) add_mixed(totals, ids[i], &values[i], orders[i]);
    }
}

#else

/* First all sums, then all lesser numbers: faster than both of each row. */
void WEIR_SIMD_NAME(add_to_mixed)(const uint32_t *ids, const double *values, const int64_t *orders, size_t count,
                                  double *totals, struct weir_ahead *ahead) {
    const simde__m128d one = simde_mm_set1_pd(1);
    int64_t *lesser = (int64_t *)(void *)(totals + 2);
    for (size_t from = 0, to; from < count; from = to) {
        to = count - from < WEIR_AHEAD_ROWS ? count : from + WEIR_AHEAD_ROWS;
        weir_ahead_step(ahead);
        for (size_t i = from; i < to; i++) {
            double *at = totals + 4 * (size_t)ids[i];
            simde__m128d pair = simde_mm_loadl_pd(one, (const void *)&values[i]);
            simde_mm_store_pd(at, simde_mm_add_pd(simde_mm_load_pd(at), pair));
        }
    }
    for (size_t i = 0; i < count; i++) least_of_value(lesser, 2 * ids[i], orders[i]);
}

#endif
