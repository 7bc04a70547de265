/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "simd/kernels.h"

bool WEIR_SIMD_NAME(pack_i64)(const int64_t *restrict values, size_t count, int64_t least, uint64_t most, int shift,
                              uint64_t *restrict words) {
    uint64_t outside = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t above = (uint64_t)values[i] - (uint64_t)least;
        outside |= (uint64_t)(above >= most);
        words[i] |= (above + 1) << shift;
    }
    return outside == 0;
}

void WEIR_SIMD_NAME(pack_u32)(const uint32_t *restrict codes, size_t count, int shift, uint64_t *restrict words) {
    for (size_t i = 0; i < count; i++) words[i] |= ((uint64_t)codes[i] + 1) << shift;
}

bool WEIR_SIMD_NAME(find_cells)(const uint32_t *restrict cells, const uint64_t *restrict words, size_t count,
                                uint32_t *restrict ids) {
    uint32_t all = 1;
    for (size_t i = 0; i < count; i++) {
        uint32_t cell = cells[words[i]];
        all &= (uint32_t)(cell != 0);
        ids[i] = cell - 1;
    }
    return all != 0;
}
