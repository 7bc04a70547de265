/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "base/bits.h"
#include "simd/lanes.h"

/* One by one: for words with few bits, for the tail, and where there are no shuffles. */
WEIR_INLINE size_t indices_of_sparse(uint64_t word, uint32_t base, uint32_t *out) {
    size_t found = 0;
    for (; word != 0; word &= word - 1) out[found++] = base + (uint32_t)__builtin_ctzll(word);
    return found;
}

/* The full block may store more indices than it found: by row r at most r have been found, so a store of as many
 * entries as there are rows left in the block stays inside out. */
#if WEIR_SIMD_WIDTH == 512

static const int32_t block_rows[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

WEIR_INLINE size_t indices_of_dense(uint64_t word, uint32_t base, uint32_t *out) {
    simde__m512i rows = simde_mm512_loadu_si512(block_rows);
    rows = simde_mm512_add_epi32(rows, simde_mm512_set1_epi32((int32_t)base));
    size_t found = 0;
    for (int row = 0; row < WORD_ROWS; row += 16) {
        simde__mmask16 part = (simde__mmask16)(word >> row);
        simde_mm512_storeu_si512(out + found, simde_mm512_maskz_compress_epi32(part, rows));
        found += (size_t)__builtin_popcount(part);
        rows = simde_mm512_add_epi32(rows, simde_mm512_set1_epi32(16));
    }
    return found;
}

#elif WEIR_SIMD_WIDTH == 256

/* positions[byte]: the places of the byte's set bits, one a byte, the first lowest. */
#define BIT(byte, i) ((UINT64_C(byte) >> (i)) & 1)
#define BELOW_1(byte) BIT(byte, 0)
#define BELOW_2(byte) (BELOW_1(byte) + BIT(byte, 1))
#define BELOW_3(byte) (BELOW_2(byte) + BIT(byte, 2))
#define BELOW_4(byte) (BELOW_3(byte) + BIT(byte, 3))
#define BELOW_5(byte) (BELOW_4(byte) + BIT(byte, 4))
#define BELOW_6(byte) (BELOW_5(byte) + BIT(byte, 5))
#define BELOW_7(byte) (BELOW_6(byte) + BIT(byte, 6))
#define PLACE(byte, i) ((BIT(byte, i) * (i)) << (8 * BELOW_##i(byte)))
#define ENTRY(byte)                                                                                                \
    (PLACE(byte, 1) | PLACE(byte, 2) | PLACE(byte, 3) | PLACE(byte, 4) | PLACE(byte, 5) | PLACE(byte, 6) |         \
     PLACE(byte, 7))
#define ENTRIES(high)                                                                                              \
    ENTRY(high##0), ENTRY(high##1), ENTRY(high##2), ENTRY(high##3), ENTRY(high##4), ENTRY(high##5),                \
        ENTRY(high##6), ENTRY(high##7), ENTRY(high##8), ENTRY(high##9), ENTRY(high##A), ENTRY(high##B),            \
        ENTRY(high##C), ENTRY(high##D), ENTRY(high##E), ENTRY(high##F)

static const uint64_t positions[256] = {
    ENTRIES(0x0), ENTRIES(0x1), ENTRIES(0x2), ENTRIES(0x3), ENTRIES(0x4), ENTRIES(0x5), ENTRIES(0x6), ENTRIES(0x7),
    ENTRIES(0x8), ENTRIES(0x9), ENTRIES(0xA), ENTRIES(0xB), ENTRIES(0xC), ENTRIES(0xD), ENTRIES(0xE), ENTRIES(0xF),
};

WEIR_INLINE size_t indices_of_dense(uint64_t word, uint32_t base, uint32_t *out) {
    size_t found = 0;
    for (int row = 0; row < WORD_ROWS; row += 8) {
        unsigned part = (unsigned)(word >> row) & 255;
        simde__m256i rows = simde_mm256_cvtepu8_epi32(simde_mm_cvtsi64_si128((int64_t)positions[part]));
        rows = simde_mm256_add_epi32(rows, simde_mm256_set1_epi32((int32_t)(base + (uint32_t)row)));
        simde_mm256_storeu_si256((simde__m256i *)(out + found), rows);
        found += (size_t)__builtin_popcount(part);
    }
    return found;
}

#else

WEIR_INLINE size_t indices_of_dense(uint64_t word, uint32_t base, uint32_t *out) {
    if (word != UINT64_MAX) return indices_of_sparse(word, base, out);
    for (uint32_t row = 0; row < WORD_ROWS; row++) out[row] = base + row;
    return WORD_ROWS;
}

#endif

#if WEIR_SIMD_WIDTH == 512

/* With VBMI2, which most CPUs of this level have: the places of all bits of a word are put together as bytes, and
 * widened by sixteen, the first of which are often all. Stores are of whole sixteens, which stay inside out as
 * above.
 */
__attribute__((target("avx512vbmi2,avx512bw,avx512f"))) static size_t
indices_by_bytes(const uint64_t *restrict bits, size_t words, uint32_t *restrict out) {
    static const uint8_t places[WORD_ROWS] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                              16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                              32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                              48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const __m512i all = _mm512_loadu_si512(places);
    size_t found = 0;
    for (size_t i = 0; i < words; i++) {
        const __m512i base = _mm512_set1_epi32((int)(i * WORD_ROWS));
        __m512i some = _mm512_maskz_compress_epi8(bits[i], all);
        size_t count = (size_t)__builtin_popcountll(bits[i]);
        for (size_t at = 0;; at += 16) {
            __m512i rows = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(some));
            _mm512_storeu_si512(out + found + at, _mm512_add_epi32(rows, base));
            if (WEIR_LIKELY(count <= at + 16)) break;
            some = _mm512_shuffle_i64x2(some, some, 0x39); /* the next sixteen come first */
        }
        found += count;
    }
    return found;
}

#endif

/* Up to this many bits in a word, taking them one by one is quicker than the block, for all that their number
 * cannot be foreseen. */
#if WEIR_SIMD_WIDTH == 512
#define SPARSE_BITS_MAX 2
#else
#define SPARSE_BITS_MAX 6
#endif

size_t WEIR_SIMD_NAME(bits_to_indices)(const uint64_t *restrict bits, size_t count, uint32_t *restrict out) {
    size_t found = 0, words = count / WORD_ROWS, done = 0;
#if WEIR_SIMD_WIDTH == 512
    if (__builtin_cpu_supports("avx512vbmi2")) {
        found = indices_by_bytes(bits, words, out);
        done = words;
    }
#endif
    for (size_t i = done; i < words; i++) {
        uint32_t base = (uint32_t)(i * WORD_ROWS);
        if (__builtin_popcountll(bits[i]) <= SPARSE_BITS_MAX) {
            found += indices_of_sparse(bits[i], base, out + found);
        } else {
            found += indices_of_dense(bits[i], base, out + found);
        }
    }
    if (count % WORD_ROWS != 0) {
        uint64_t rest = bits[words] & weir_bitmap_tail(count);
        found += indices_of_sparse(rest, (uint32_t)(words * WORD_ROWS), out + found);
    }
    return found;
}

size_t WEIR_SIMD_NAME(count_bits)(const uint64_t *restrict bits, size_t count) {
    size_t found = 0, words = count / WORD_ROWS;
    for (size_t i = 0; i < words; i++) found += (size_t)__builtin_popcountll(bits[i]);
    if (count % WORD_ROWS != 0) found += (size_t)__builtin_popcountll(bits[words] & weir_bitmap_tail(count));
    return found;
}

/* By plain loads: gather instructions take a micro-operation a lane, and microcode made them far slower on many
 * CPUs. */
void WEIR_SIMD_NAME(gather_i64)(const int64_t *restrict values, const uint32_t *restrict indices, size_t count,
                                int64_t *restrict out) {
    for (size_t i = 0; i < count; i++) {
        uint32_t idx = indices[i];
        WEIR_SIMD_ONE_BY_ONE(idx);
        out[i] = values[idx];
    }
}
