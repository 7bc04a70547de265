/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "base/bits.h"

static bool holds_i64(enum weir_compare op, int64_t a, int64_t b) {
    switch (op) {
    case WEIR_COMPARE_EQ: return a == b;
    case WEIR_COMPARE_NE: return a != b;
    case WEIR_COMPARE_LT: return a < b;
    case WEIR_COMPARE_LE: return a <= b;
    case WEIR_COMPARE_GT: return a > b;
    default: return a >= b;
    }
}

static bool holds_f64(enum weir_compare op, double a, double b) {
    switch (op) {
    case WEIR_COMPARE_EQ: return a == b;
    case WEIR_COMPARE_NE: return a != b;
    case WEIR_COMPARE_LT: return a < b;
    case WEIR_COMPARE_LE: return a <= b;
    case WEIR_COMPARE_GT: return a > b;
    default: return a >= b;
    }
}

static void clear(uint64_t *bits, size_t count) {
    for (size_t i = 0; i < weir_bitmap_words(count); i++) bits[i] = 0;
}

void weir_simd_compare_i64_reference(enum weir_compare op, const int64_t *a, const int64_t *b, size_t count,
                                     uint64_t *bits) {
    clear(bits, count);
    for (size_t i = 0; i < count; i++) weir_bit_put(bits, i, holds_i64(op, a[i], b[i]));
}

void weir_simd_compare_scalar_i64_reference(enum weir_compare op, const int64_t *a, int64_t b, size_t count,
                                            uint64_t *bits) {
    clear(bits, count);
    for (size_t i = 0; i < count; i++) weir_bit_put(bits, i, holds_i64(op, a[i], b));
}

void weir_simd_compare_f64_reference(enum weir_compare op, const double *a, const double *b, size_t count,
                                     uint64_t *bits) {
    clear(bits, count);
    for (size_t i = 0; i < count; i++) weir_bit_put(bits, i, holds_f64(op, a[i], b[i]));
}

void weir_simd_compare_scalar_f64_reference(enum weir_compare op, const double *a, double b, size_t count,
                                            uint64_t *bits) {
    clear(bits, count);
    for (size_t i = 0; i < count; i++) weir_bit_put(bits, i, holds_f64(op, a[i], b));
}

#define SHORT(bits_of_one, type)                                                                                   \
    void weir_simd_compare_scalar_i##bits_of_one##_reference(enum weir_compare op, const type *values, type flip,  \
                                                             type other, size_t count, uint64_t *bits) {           \
        clear(bits, count);                                                                                        \
        for (size_t i = 0; i < count; i++) weir_bit_put(bits, i, holds_i64(op, (type)(values[i] ^ flip), other));  \
    }

SHORT(8, int8_t)
SHORT(16, int16_t)
SHORT(32, int32_t)
