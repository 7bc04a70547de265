/* SPDX-License-Identifier: Apache-2.0
 *
 * Integers of 8, 16 and 32 bits with one number, at their own width: eight, four and two times the rows a vector
 * that 64 bits have, and no widened copy.
 */
#include "simd/level.h"

#include "base/bits.h"
#include "simd/lanes.h"

#if WEIR_SIMD_WIDTH == 512

typedef __m512i vector;
#define VECTOR_BYTES 64
#define load(from) _mm512_loadu_si512(from)
#define turn(a, flip) _mm512_xor_si512(a, flip)
#define set_8(value) _mm512_set1_epi8(value)
#define set_16(value) _mm512_set1_epi16(value)
#define set_32(value) _mm512_set1_epi32(value)
#define eq_8(a, b) _mm512_cmpeq_epi8_mask(a, b)
#define eq_16(a, b) _mm512_cmpeq_epi16_mask(a, b)
#define eq_32(a, b) _mm512_cmpeq_epi32_mask(a, b)
#define gt_8(a, b) _mm512_cmpgt_epi8_mask(a, b)
#define gt_16(a, b) _mm512_cmpgt_epi16_mask(a, b)
#define gt_32(a, b) _mm512_cmpgt_epi32_mask(a, b)

#elif WEIR_SIMD_WIDTH == 256

typedef simde__m256i vector;
#define VECTOR_BYTES 32
#define load(from) simde_mm256_loadu_si256((const simde__m256i *)(from))
#define turn(a, flip) simde_mm256_xor_si256(a, flip)
#define set_8(value) simde_mm256_set1_epi8(value)
#define set_16(value) simde_mm256_set1_epi16(value)
#define set_32(value) simde_mm256_set1_epi32(value)
#define eq_8(a, b) bits_8(simde_mm256_cmpeq_epi8(a, b))
#define eq_16(a, b) bits_16(simde_mm256_cmpeq_epi16(a, b))
#define eq_32(a, b) bits_32(simde_mm256_cmpeq_epi32(a, b))
#define gt_8(a, b) bits_8(simde_mm256_cmpgt_epi8(a, b))
#define gt_16(a, b) bits_16(simde_mm256_cmpgt_epi16(a, b))
#define gt_32(a, b) bits_32(simde_mm256_cmpgt_epi32(a, b))

WEIR_INLINE uint32_t bits_8(vector a) { return (uint32_t)simde_mm256_movemask_epi8(a); }
/* Each half packs into the lower half of its own lane. */
WEIR_INLINE uint32_t bits_16(vector a) {
    uint32_t bits = bits_8(simde_mm256_packs_epi16(a, simde_mm256_setzero_si256()));
    return (bits & 0xFF) | bits >> 8;
}
WEIR_INLINE uint32_t bits_32(vector a) { return (uint32_t)simde_mm256_movemask_ps(simde_mm256_castsi256_ps(a)); }

#else

typedef simde__m128i vector;
#define VECTOR_BYTES 16
#define load(from) simde_mm_loadu_si128((const simde__m128i *)(from))
#define turn(a, flip) simde_mm_xor_si128(a, flip)
#define set_8(value) simde_mm_set1_epi8(value)
#define set_16(value) simde_mm_set1_epi16(value)
#define set_32(value) simde_mm_set1_epi32(value)
#define eq_8(a, b) bits_8(simde_mm_cmpeq_epi8(a, b))
#define eq_16(a, b) bits_16(simde_mm_cmpeq_epi16(a, b))
#define eq_32(a, b) bits_32(simde_mm_cmpeq_epi32(a, b))
#define gt_8(a, b) bits_8(simde_mm_cmpgt_epi8(a, b))
#define gt_16(a, b) bits_16(simde_mm_cmpgt_epi16(a, b))
#define gt_32(a, b) bits_32(simde_mm_cmpgt_epi32(a, b))

WEIR_INLINE uint32_t bits_8(vector a) { return (uint32_t)simde_mm_movemask_epi8(a); }
WEIR_INLINE uint32_t bits_16(vector a) { return bits_8(simde_mm_packs_epi16(a, simde_mm_setzero_si128())); }
WEIR_INLINE uint32_t bits_32(vector a) { return (uint32_t)simde_mm_movemask_ps(simde_mm_castsi128_ps(a)); }

#endif

/* The three questions that are asked in vectors; their opposites turn the bits. */
enum question { IS_EQUAL, IS_GREATER, IS_LESS };

#define COMPARE(bits, type)                                                                                        \
    WEIR_INLINE uint64_t word_##bits(enum question question, const type *values, vector flip, vector other) {      \
        uint64_t word = 0;                                                                                         \
        for (int row = 0; row < WORD_ROWS; row += VECTOR_BYTES / (int)sizeof(type)) {                              \
            vector value = turn(load(values + row), flip);                                                         \
            uint64_t some = question == IS_EQUAL     ? eq_##bits(value, other)                                     \
                            : question == IS_GREATER ? gt_##bits(value, other)                                     \
                                                     : gt_##bits(other, value);                                    \
            word |= some << row;                                                                                   \
        }                                                                                                          \
        return word;                                                                                               \
    }                                                                                                              \
                                                                                                                   \
    WEIR_INLINE uint64_t rest_##bits(enum question question, const type *values, type flip, type other,            \
                                     size_t rows) {                                                                \
        uint64_t word = 0;                                                                                         \
        for (size_t row = 0; row < rows; row++) {                                                                  \
            type value = (type)(values[row] ^ flip);                                                               \
            bool holds = question == IS_EQUAL     ? value == other                                                 \
                         : question == IS_GREATER ? value > other                                                  \
                                                  : value < other;                                                 \
            word |= (uint64_t)holds << row;                                                                        \
        }                                                                                                          \
        return word;                                                                                               \
    }                                                                                                              \
                                                                                                                   \
    WEIR_INLINE void drive_##bits(enum question question, bool opposite, const type *values, type flip,            \
                                  type other, size_t count, uint64_t *out) {                                       \
        const uint64_t turned = opposite ? UINT64_MAX : 0;                                                         \
        const vector flips = set_##bits(flip), others = set_##bits(other);                                         \
        size_t row = 0;                                                                                            \
        for (; row + WORD_ROWS <= count; row += WORD_ROWS)                                                         \
            *out++ = word_##bits(question, values + row, flips, others) ^ turned;                                  \
        if (row == count) return;                                                                                  \
        uint64_t rest = rest_##bits(question, values + row, flip, other, count - row) ^ turned;                    \
        *out = rest & weir_bitmap_tail(count);                                                                     \
    }                                                                                                              \
                                                                                                                   \
    void WEIR_SIMD_NAME(compare_scalar_i##bits)(enum weir_compare op, const type *restrict values, type flip,      \
                                                type other, size_t count, uint64_t *restrict out) {                \
        switch (op) {                                                                                              \
        case WEIR_COMPARE_EQ: drive_##bits(IS_EQUAL, false, values, flip, other, count, out); break;               \
        case WEIR_COMPARE_NE: drive_##bits(IS_EQUAL, true, values, flip, other, count, out); break;                \
        case WEIR_COMPARE_LT: drive_##bits(IS_LESS, false, values, flip, other, count, out); break;                \
        case WEIR_COMPARE_LE: drive_##bits(IS_GREATER, true, values, flip, other, count, out); break;              \
        case WEIR_COMPARE_GT: drive_##bits(IS_GREATER, false, values, flip, other, count, out); break;             \
        default: drive_##bits(IS_LESS, true, values, flip, other, count, out); break;                              \
        }                                                                                                          \
    }

COMPARE(8, int8_t)
COMPARE(16, int16_t)
COMPARE(32, int32_t)
