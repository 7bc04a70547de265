/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include <string.h>

#include "base/bits.h"

void weir_simd_lay_i64_reference(const uint64_t *bits, const int64_t *from, size_t count, int64_t *values) {
    for (size_t i = 0; i < count; i++)
        if (weir_bit_get(bits, i)) values[i] = from[i];
}

void weir_simd_lay_i128_reference(const uint64_t *bits, const void *from, size_t count, void *values) {
    for (size_t i = 0; i < count; i++)
        if (weir_bit_get(bits, i)) memcpy((char *)values + 16 * i, (const char *)from + 16 * i, 16);
}

void weir_simd_lay_one_u32_reference(const uint64_t *bits, uint32_t value, size_t count, uint32_t *values) {
    for (size_t i = 0; i < count; i++)
        if (weir_bit_get(bits, i)) values[i] = value;
}
