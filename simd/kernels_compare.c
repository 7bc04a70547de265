/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "simd/lanes.h"

/* Ifs up: the driver is inlined once per operator, so that the loop over the rows has none. */
#define BY_OPERATOR(op, drive, a, b, scalar, count, bits)                                                          \
    switch (op) {                                                                                                  \
    case WEIR_COMPARE_EQ: drive(WEIR_COMPARE_EQ, a, b, scalar, count, bits); break;                                \
    case WEIR_COMPARE_NE: drive(WEIR_COMPARE_NE, a, b, scalar, count, bits); break;                                \
    case WEIR_COMPARE_LT: drive(WEIR_COMPARE_LT, a, b, scalar, count, bits); break;                                \
    case WEIR_COMPARE_LE: drive(WEIR_COMPARE_LE, a, b, scalar, count, bits); break;                                \
    case WEIR_COMPARE_GT: drive(WEIR_COMPARE_GT, a, b, scalar, count, bits); break;                                \
    default: drive(WEIR_COMPARE_GE, a, b, scalar, count, bits); break;                                             \
    }

/* rows is 64 for a block and less for the tail; with scalar, b points to the one other side of all rows. */
WEIR_INLINE uint64_t word_i64(enum weir_compare op, const int64_t *a, const int64_t *b, bool scalar, size_t rows) {
    uint64_t word = 0;
    size_t row = 0;
    for (; row + LANES <= rows; row += LANES) {
        lanes_i64 other = scalar ? lanes_set(*b) : lanes_load(b + row);
        word |= (uint64_t)lanes_compare_i64(op, lanes_load(a + row), other) << row;
    }
    for (; row < rows; row++) {
        unsigned bit = lanes_compare_i64(op, lanes_set(a[row]), lanes_set(b[scalar ? 0 : row])) & 1;
        word |= (uint64_t)bit << row;
    }
    return word;
}

WEIR_INLINE void drive_i64(enum weir_compare op, const int64_t *a, const int64_t *b, bool scalar, size_t count,
                           uint64_t *bits) {
    size_t row = 0;
    for (; row + WORD_ROWS <= count; row += WORD_ROWS)
        *bits++ = word_i64(op, a + row, scalar ? b : b + row, scalar, WORD_ROWS);
    if (row < count) *bits = word_i64(op, a + row, scalar ? b : b + row, scalar, count - row);
}

WEIR_INLINE uint64_t word_f64(enum weir_compare op, const double *a, const double *b, bool scalar, size_t rows) {
    uint64_t word = 0;
    size_t row = 0;
    for (; row + LANES <= rows; row += LANES) {
        lanes_f64 other = scalar ? lanes_set_f64(*b) : lanes_load_f64(b + row);
        word |= (uint64_t)lanes_compare_f64(op, lanes_load_f64(a + row), other) << row;
    }
    for (; row < rows; row++) {
        unsigned bit = lanes_compare_f64(op, lanes_set_f64(a[row]), lanes_set_f64(b[scalar ? 0 : row])) & 1;
        word |= (uint64_t)bit << row;
    }
    return word;
}

WEIR_INLINE void drive_f64(enum weir_compare op, const double *a, const double *b, bool scalar, size_t count,
                           uint64_t *bits) {
    size_t row = 0;
    for (; row + WORD_ROWS <= count; row += WORD_ROWS)
        *bits++ = word_f64(op, a + row, scalar ? b : b + row, scalar, WORD_ROWS);
    if (row < count) *bits = word_f64(op, a + row, scalar ? b : b + row, scalar, count - row);
}

void WEIR_SIMD_NAME(compare_i64)(enum weir_compare op, const int64_t *restrict a, const int64_t *restrict b,
                                 size_t count, uint64_t *restrict bits) {
    BY_OPERATOR(op, drive_i64, a, b, false, count, bits)
}

void WEIR_SIMD_NAME(compare_scalar_i64)(enum weir_compare op, const int64_t *restrict a, int64_t b, size_t count,
                                        uint64_t *restrict bits) {
    BY_OPERATOR(op, drive_i64, a, &b, true, count, bits)
}

void WEIR_SIMD_NAME(compare_f64)(enum weir_compare op, const double *restrict a, const double *restrict b,
                                 size_t count, uint64_t *restrict bits) {
    BY_OPERATOR(op, drive_f64, a, b, false, count, bits)
}

void WEIR_SIMD_NAME(compare_scalar_f64)(enum weir_compare op, const double *restrict a, double b, size_t count,
                                        uint64_t *restrict bits) {
    BY_OPERATOR(op, drive_f64, a, &b, true, count, bits)
}
