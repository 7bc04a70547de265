/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

void WEIR_SIMD_NAME(next_u32)(const uint32_t *restrict values, size_t count, uint32_t *restrict out) {
    for (size_t i = 0; i < count; i++) out[i] = values[i] + 1;
}
