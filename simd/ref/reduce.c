/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include <math.h>

#include "base/bits.h"

void weir_simd_min_max_i64_reference(const int64_t *values, size_t count, int64_t *min, int64_t *max) {
    *min = INT64_MAX;
    *max = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        if (values[i] < *min) *min = values[i];
        if (values[i] > *max) *max = values[i];
    }
}

void weir_simd_min_max_valid_i64_reference(const int64_t *values, const uint64_t *validity, size_t count,
                                           int64_t *min, int64_t *max) {
    *min = INT64_MAX;
    *max = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        if (!weir_bit_get(validity, i)) continue;
        if (values[i] < *min) *min = values[i];
        if (values[i] > *max) *max = values[i];
    }
}

double weir_simd_sum_f64_reference(const double *values, size_t count) {
    double lane[4] = {0, 0, 0, 0};
    for (size_t i = 0; i < count; i++) lane[i % 4] += values[i];
    double sum = (lane[0] + lane[1]) + (lane[2] + lane[3]);
    return isnan(sum) ? (double)NAN : sum;
}

double weir_simd_min_max_sum_reference(const int64_t *others, const double *values, size_t count, int64_t *min,
                                       int64_t *max) {
    weir_simd_min_max_i64_reference(others, count, min, max);
    return weir_simd_sum_f64_reference(values, count);
}

#define MAX_OF(name, type)                                                                                         \
    type weir_simd_##name##_reference(const type *values, size_t count) {                                          \
        type max = 0;                                                                                              \
        for (size_t i = 0; i < count; i++) {                                                                       \
            if (values[i] > max) max = values[i];                                                                  \
        }                                                                                                          \
        return max;                                                                                                \
    }
MAX_OF(max_u8, uint8_t)
MAX_OF(max_u16, uint16_t)
MAX_OF(max_u32, uint32_t)
