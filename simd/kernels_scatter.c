/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include <simde/x86/sse2.h>

#include "simd/ahead.h"

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
