/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

void weir_simd_next_u32_reference(const uint32_t *values, size_t count, uint32_t *out) {
    for (size_t i = 0; i < count; i++) out[i] = values[i] + 1;
}
