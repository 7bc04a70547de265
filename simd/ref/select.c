/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "base/bits.h"

size_t weir_simd_bits_to_indices_reference(const uint64_t *bits, size_t count, uint32_t *out) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        if (weir_bit_get(bits, i)) out[found++] = (uint32_t)i;
    return found;
}

void weir_simd_gather_i64_reference(const int64_t *values, const uint32_t *indices, size_t count, int64_t *out) {
    for (size_t i = 0; i < count; i++) out[i] = values[indices[i]];
}

size_t weir_simd_count_bits_reference(const uint64_t *bits, size_t count) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) found += bits[i / 64] >> (i % 64) & 1;
    return found;
}
