/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include <string.h>

#include "base/attributes.h"
#include "base/bits.h"
#include "simd/lanes.h"

/* ---- pieces of 8 bytes, one or two of which are a row ---- */

/* Rows [row, row + WORD_ROWS), by the word of their bits; values not all and not none of which are laid over.
 * Without branches: where bits are mixed none could be foreseen. */
#if LANES >= 4

WEIR_INLINE void lay_mixed(uint64_t word, const int64_t *from, int64_t *values) {
    for (int row = 0; row < WORD_ROWS; row += LANES) {
        unsigned part = (unsigned)(word >> row) & LANES_ALL;
        lanes_store(values + row, lanes_choose(part, lanes_load(from + row), lanes_load(values + row)));
    }
}

/* Each bit twice. */
WEIR_INLINE unsigned doubled(unsigned bits) {
    unsigned apart = (bits | bits << 2) & 0x33;
    apart = (apart | apart << 1) & 0x55;
    return apart | apart << 1;
}

WEIR_INLINE void lay_mixed_wide(uint64_t word, const int64_t *from, int64_t *values) {
    for (int row = 0; row < WORD_ROWS; row += LANES / 2) {
        unsigned part = doubled((unsigned)(word >> row) & (LANES_ALL >> LANES / 2));
        lanes_store(values + 2 * row, lanes_choose(part, lanes_load(from + 2 * row), lanes_load(values + 2 * row)));
    }
}

#else

/* From one of two places. */
WEIR_INLINE void lay_row(uint64_t bit, const int64_t *from, int64_t *value, size_t wide) {
    const int64_t *source = bit != 0 ? from : value;
    for (size_t i = 0; i < wide; i++) value[i] = source[i];
}

WEIR_INLINE void lay_mixed(uint64_t word, const int64_t *from, int64_t *values) {
    for (int row = 0; row < WORD_ROWS; row++) lay_row(word >> row & 1, from + row, values + row, 1);
}

WEIR_INLINE void lay_mixed_wide(uint64_t word, const int64_t *from, int64_t *values) {
    for (int row = 0; row < WORD_ROWS; row++) lay_row(word >> row & 1, from + 2 * row, values + 2 * row, 2);
}

#endif

/* `wide`: rows are two pieces. */
WEIR_INLINE void lay(const uint64_t *bits, const int64_t *from, size_t count, int64_t *values, size_t wide) {
    size_t row = 0;
    for (; row + WORD_ROWS <= count; row += WORD_ROWS) {
        uint64_t word = bits[row / WORD_ROWS];
        const int64_t *source = from + row * wide;
        int64_t *target = values + row * wide;
        if (word == 0) continue;
        if (word == UINT64_MAX) {
            memcpy(target, source, WORD_ROWS * wide * sizeof(*values));
        } else if (wide == 1) {
            lay_mixed(word, source, target);
        } else {
            lay_mixed_wide(word, source, target);
        }
    }
    for (; row < count; row++) {
        if (weir_bit_get(bits, row)) memcpy(values + row * wide, from + row * wide, wide * sizeof(*values));
    }
}

void WEIR_SIMD_NAME(lay_i64)(const uint64_t *restrict bits, const int64_t *restrict from, size_t count,
                             int64_t *restrict values) {
    lay(bits, from, count, values, 1);
}

void WEIR_SIMD_NAME(lay_i128)(const uint64_t *restrict bits, const void *restrict from, size_t count,
                              void *restrict values) {
    lay(bits, from, count, values, 2);
}

/* ---- one value ---- */

/* Half a word at a time, whose bits are as wide as the values: a shape that compilers vectorise. */
void WEIR_SIMD_NAME(lay_one_u32)(const uint64_t *restrict bits, uint32_t value, size_t count,
                                 uint32_t *restrict values) {
    size_t row = 0;
    for (; row + 32 <= count; row += 32) {
        uint32_t half = (uint32_t)(bits[row / WORD_ROWS] >> row % WORD_ROWS);
        for (uint32_t i = 0; i < 32; i++) values[row + i] = (half >> i & 1) != 0 ? value : values[row + i];
    }
    for (; row < count; row++) {
        if (weir_bit_get(bits, row)) values[row] = value;
    }
}
