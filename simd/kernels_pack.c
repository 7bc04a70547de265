/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "base/attributes.h"
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

/* By plain loads, as gather_i64. */
WEIR_INLINE uint32_t cell_of(const uint32_t *cells, uint64_t word) {
    WEIR_SIMD_ONE_BY_ONE(word);
    return cells[word];
}

bool WEIR_SIMD_NAME(find_cells)(const uint32_t *restrict cells, const uint64_t *restrict words, size_t count,
                                uint32_t *restrict ids) {
    uint32_t empty = 0; /* the sign of what wraps: ids of 2^31 and more have it, too, and are looked at again */
    size_t row = 0;
    for (; row + 4 <= count; row += 4) {
        uint32_t a = cell_of(cells, words[row]) - 1, b = cell_of(cells, words[row + 1]) - 1;
        uint32_t c = cell_of(cells, words[row + 2]) - 1, d = cell_of(cells, words[row + 3]) - 1;
        ids[row] = a;
        ids[row + 1] = b;
        ids[row + 2] = c;
        ids[row + 3] = d;
        empty |= (a | b) | (c | d);
    }
    for (; row < count; row++) {
        ids[row] = cell_of(cells, words[row]) - 1;
        empty |= ids[row];
    }
    if (empty >> 31 == 0) return true;
    for (row = 0; row < count; row++) {
        if (ids[row] == UINT32_MAX) return false;
    }
    return true;
}

/* The lowest bits of eight bytes, each 0 or 1, side by side: byte i times 2^(56 - 7 i) puts its bit into bit 56 +
 * i, and no two products meet. */
WEIR_INLINE uint64_t bits_of_bytes(const uint8_t *bytes) {
    uint64_t eight = 0;
    for (int i = 0; i < 8; i++) eight |= (uint64_t)bytes[i] << (8 * i);
    return eight * UINT64_C(0x0102040810204080) >> 56;
}

void WEIR_SIMD_NAME(bits_of_codes)(const uint32_t *restrict codes, size_t count, uint32_t verdicts,
                                   uint64_t *restrict bits) {
    size_t row = 0;
    for (; row + 64 <= count; row += 64) {
        uint8_t bytes[64];
        uint64_t word = 0;
        for (size_t i = 0; i < 64; i++) bytes[i] = (uint8_t)(verdicts >> codes[row + i] & 1);
        for (size_t i = 0; i < 64; i += 8) word |= bits_of_bytes(bytes + i) << i;
        bits[row / 64] = word;
    }
    if (row == count) return;
    bits[row / 64] = 0;
    for (size_t i = row; i < count; i++) bits[row / 64] |= (uint64_t)(verdicts >> codes[i] & 1) << (i - row);
}
