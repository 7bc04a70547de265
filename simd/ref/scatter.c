/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

void weir_simd_next_u32_reference(const uint32_t *values, size_t count, uint32_t *out) {
    for (size_t i = 0; i < count; i++) out[i] = values[i] + 1;
}

void weir_simd_add_to_pairs_f64_reference(const uint32_t *ids, const double *values, size_t count, double *totals,
                                          struct weir_ahead *ahead) {
    (void)ahead;
    for (size_t i = 0; i < count; i++) {
        totals[2 * (size_t)ids[i]] += values[i];
        totals[2 * (size_t)ids[i] + 1] += 1;
    }
}
