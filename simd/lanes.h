/* SPDX-License-Identifier: Apache-2.0
 *
 * Vectors of LANES rows of 64 bits, as wide as the level being compiled: the few operations that the kernels need,
 * with the same names at each width, through SIMDe, so that what is missing in an instruction set is put together
 * from what it has. A result of a comparison is a number whose bit i is that of lane i.
 *
 *   lanes_load, lanes_set                  any alignment; the same value in each lane
 *   lanes_eq, lanes_lt                     signed comparison
 *   lanes_load_f64, lanes_set_f64, lanes_eq_f64, lanes_lt_f64, lanes_le_f64      IEEE 754, false with NaN
 * and from four lanes up, below which scalar code is quicker:
 *   lanes_store                            any alignment
 *   lanes_min, lanes_max                   signed
 *   lanes_choose(bits, a, b)               a where the bit is set, else b
 *   lanes_add, lanes_and, lanes_xor, lanes_shift_right
 *   lanes_sign                             all ones in the lanes below 0
 *   lanes_high_half                        the upper 32 bits of each lane
 *   lanes_multiply_halves                  the product of the lower 32 bits of each lane, unsigned
 */
#ifndef WEIR_SIMD_LANES_H
#define WEIR_SIMD_LANES_H

#include "simd/kernels.h"

#include "base/attributes.h"

#if WEIR_SIMD_WIDTH == 512
#include "simd/lanes_512.h"
#elif WEIR_SIMD_WIDTH == 256
#include "simd/lanes_256.h"
#elif WEIR_SIMD_WIDTH == 128
#include "simd/lanes_128.h"
#else
#error "WEIR_SIMD_WIDTH is 128, 256 or 512"
#endif

#define LANES_ALL ((1u << LANES) - 1)

/* One word of bits stands for this many rows: the block of all kernels that read or write bitmaps. */
#define WORD_ROWS 64

WEIR_INLINE unsigned lanes_compare_i64(enum weir_compare op, lanes_i64 a, lanes_i64 b) {
    switch (op) {
    case WEIR_COMPARE_EQ: return lanes_eq(a, b);
    case WEIR_COMPARE_NE: return lanes_eq(a, b) ^ LANES_ALL;
    case WEIR_COMPARE_LT: return lanes_lt(a, b);
    case WEIR_COMPARE_LE: return lanes_lt(b, a) ^ LANES_ALL;
    case WEIR_COMPARE_GT: return lanes_lt(b, a);
    default: return lanes_lt(a, b) ^ LANES_ALL;
    }
}

/* Not by negation but for NE: with NaN both a < b and a >= b are false. */
WEIR_INLINE unsigned lanes_compare_f64(enum weir_compare op, lanes_f64 a, lanes_f64 b) {
    switch (op) {
    case WEIR_COMPARE_EQ: return lanes_eq_f64(a, b);
    case WEIR_COMPARE_NE: return lanes_eq_f64(a, b) ^ LANES_ALL;
    case WEIR_COMPARE_LT: return lanes_lt_f64(a, b);
    case WEIR_COMPARE_LE: return lanes_le_f64(a, b);
    case WEIR_COMPARE_GT: return lanes_lt_f64(b, a);
    default: return lanes_le_f64(b, a);
    }
}

#endif
