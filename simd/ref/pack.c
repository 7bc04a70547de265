/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "base/bits.h"

bool weir_simd_pack_i64_reference(const int64_t *values, size_t count, int64_t least, uint64_t most, int shift,
                                  uint64_t *words) {
    bool inside = true;
    for (size_t i = 0; i < count; i++) {
        uint64_t above = (uint64_t)values[i] - (uint64_t)least;
        if (above >= most) inside = false;
        words[i] |= (above + 1) << shift;
    }
    return inside;
}

void weir_simd_pack_u32_reference(const uint32_t *codes, size_t count, int shift, uint64_t *words) {
    for (size_t i = 0; i < count; i++) words[i] |= ((uint64_t)codes[i] + 1) << shift;
}

bool weir_simd_find_cells_reference(const uint32_t *cells, const uint64_t *words, size_t count, uint32_t *ids) {
    bool all = true;
    for (size_t i = 0; i < count; i++) {
        if (cells[words[i]] == 0) all = false;
        ids[i] = cells[words[i]] - 1;
    }
    return all;
}

void weir_simd_bits_of_codes_reference(const uint32_t *codes, size_t count, uint32_t verdicts, uint64_t *bits) {
    for (size_t i = 0; i < weir_bitmap_words(count); i++) bits[i] = 0;
    for (size_t i = 0; i < count; i++) weir_bit_put(bits, i, (verdicts >> codes[i] & 1) != 0);
}
