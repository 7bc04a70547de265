/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include <math.h>
#include <string.h>

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

void weir_simd_add_to_quads_f64_reference(const uint32_t *ids, const double *const *columns, size_t count,
                                          double *totals, struct weir_ahead *ahead) {
    (void)ahead;
    for (size_t i = 0; i < count; i++) {
        for (size_t column = 0; column < 4; column++)
            totals[4 * (size_t)ids[i] + column] += columns[column] == NULL ? 1 : columns[column][i];
    }
}

void weir_simd_add_to_mixed_reference(const uint32_t *ids, const double *values, const int64_t *orders,
                                      size_t count, double *totals, struct weir_ahead *ahead) {
    (void)ahead;
    for (size_t i = 0; i < count; i++) {
        double *at = totals + 4 * (size_t)ids[i];
        int64_t least[2];
        memcpy(least, at + 2, sizeof(least));
        at[0] += values[i];
        at[1] += 1;
        if (orders[i] < least[0]) least[0] = orders[i];
        if (~orders[i] < least[1]) least[1] = ~orders[i];
        memcpy(at + 2, least, sizeof(least));
    }
}

void weir_simd_add_to_pairs_i64_reference(const uint32_t *ids, const int64_t *values, size_t count, int64_t *totals,
                                          struct weir_ahead *ahead) {
    (void)ahead;
    for (size_t i = 0; i < count; i++) {
        int64_t *at = totals + 2 * (size_t)ids[i];
        at[0] = (int64_t)((uint64_t)at[0] + (uint64_t)values[i]);
        at[1] = (int64_t)((uint64_t)at[1] + 1);
    }
}

void weir_simd_least_to_pairs_i64_reference(const uint32_t *ids, const int64_t *values, size_t count,
                                            int64_t *pairs) {
    for (size_t i = 0; i < count; i++) {
        int64_t *at = pairs + 2 * (size_t)ids[i];
        if (values[i] < at[0]) at[0] = values[i];
        if (~values[i] < at[1]) at[1] = ~values[i];
    }
}

void weir_simd_order_f64_reference(const double *values, size_t count, int64_t *out) {
    for (size_t i = 0; i < count; i++) {
        memcpy(&out[i], &values[i], sizeof(out[i]));
        if (out[i] < 0) out[i] ^= INT64_MAX;
        if (isnan(values[i])) out[i] = INT64_MAX;
    }
}
