/* SPDX-License-Identifier: Apache-2.0
 *
 * Vectors of BYTES bytes, as wide as the level being compiled, as lanes.h has them for rows. A result of a
 * comparison is a number whose bit i is that of byte i.
 *
 *   bytes_load, bytes_set                  any alignment; the same value in each byte
 *   bytes_eq, bytes_top                    equal; the highest bit
 *   bytes_shuffle(table, a)                table[a's byte], a < 16; only where BYTES_SHUFFLE is 1
 *   bytes_table(from)                      such a table of 16 bytes
 *   bytes_high_nibble                      the upper four bits of each byte
 */
#ifndef WEIR_SIMD_TEXT_BYTES_H
#define WEIR_SIMD_TEXT_BYTES_H

#include "simd/lanes.h"

#define BYTES (WEIR_SIMD_WIDTH / 8)

#if WEIR_SIMD_WIDTH == 512

#define BYTES_SHUFFLE 1
typedef simde__m512i bytes;
WEIR_INLINE bytes bytes_load(const void *from) { return simde_mm512_loadu_si512(from); }
WEIR_INLINE bytes bytes_set(uint8_t value) { return simde_mm512_set1_epi8((int8_t)value); }
WEIR_INLINE uint64_t bytes_eq(bytes a, bytes b) { return simde_mm512_cmpeq_epi8_mask(a, b); }
WEIR_INLINE uint64_t bytes_top(bytes a) { return simde_mm512_movepi8_mask(a); }
WEIR_INLINE bytes bytes_and(bytes a, bytes b) { return simde_mm512_and_si512(a, b); }
WEIR_INLINE bytes bytes_or(bytes a, bytes b) { return simde_mm512_or_si512(a, b); }
WEIR_INLINE bytes bytes_xor(bytes a, bytes b) { return simde_mm512_xor_si512(a, b); }
WEIR_INLINE bytes bytes_subtract_saturate(bytes a, bytes b) { return simde_mm512_subs_epu8(a, b); }
WEIR_INLINE bytes bytes_shuffle(bytes table, bytes a) { return simde_mm512_shuffle_epi8(table, a); }
WEIR_INLINE bytes bytes_table(const uint8_t from[16]) {
    return simde_mm512_broadcast_i32x4(simde_mm_loadu_si128((const simde__m128i *)from));
}
WEIR_INLINE bytes bytes_high_nibble(bytes a) { return bytes_and(simde_mm512_srli_epi16(a, 4), bytes_set(15)); }

#elif WEIR_SIMD_WIDTH == 256

#define BYTES_SHUFFLE 1
typedef simde__m256i bytes;
WEIR_INLINE bytes bytes_load(const void *from) { return simde_mm256_loadu_si256((const simde__m256i *)from); }
WEIR_INLINE bytes bytes_set(uint8_t value) { return simde_mm256_set1_epi8((int8_t)value); }
WEIR_INLINE uint64_t bytes_top(bytes a) { return (uint32_t)simde_mm256_movemask_epi8(a); }
WEIR_INLINE uint64_t bytes_eq(bytes a, bytes b) { return bytes_top(simde_mm256_cmpeq_epi8(a, b)); }
WEIR_INLINE bytes bytes_and(bytes a, bytes b) { return simde_mm256_and_si256(a, b); }
WEIR_INLINE bytes bytes_or(bytes a, bytes b) { return simde_mm256_or_si256(a, b); }
WEIR_INLINE bytes bytes_xor(bytes a, bytes b) { return simde_mm256_xor_si256(a, b); }
WEIR_INLINE bytes bytes_subtract_saturate(bytes a, bytes b) { return simde_mm256_subs_epu8(a, b); }
WEIR_INLINE bytes bytes_shuffle(bytes table, bytes a) { return simde_mm256_shuffle_epi8(table, a); }
WEIR_INLINE bytes bytes_table(const uint8_t from[16]) {
    return simde_mm256_broadcastsi128_si256(simde_mm_loadu_si128((const simde__m128i *)from));
}
WEIR_INLINE bytes bytes_high_nibble(bytes a) { return bytes_and(simde_mm256_srli_epi16(a, 4), bytes_set(15)); }

#else

/* SSE2 cannot shuffle bytes. */
#if defined(__SSSE3__) || defined(__aarch64__)
#define BYTES_SHUFFLE 1
#else
#define BYTES_SHUFFLE 0
#endif
typedef simde__m128i bytes;
WEIR_INLINE bytes bytes_load(const void *from) { return simde_mm_loadu_si128((const simde__m128i *)from); }
WEIR_INLINE bytes bytes_set(uint8_t value) { return simde_mm_set1_epi8((int8_t)value); }
WEIR_INLINE uint64_t bytes_top(bytes a) { return (uint64_t)simde_mm_movemask_epi8(a); }
WEIR_INLINE uint64_t bytes_eq(bytes a, bytes b) { return bytes_top(simde_mm_cmpeq_epi8(a, b)); }
WEIR_INLINE bytes bytes_and(bytes a, bytes b) { return simde_mm_and_si128(a, b); }
WEIR_INLINE bytes bytes_or(bytes a, bytes b) { return simde_mm_or_si128(a, b); }
WEIR_INLINE bytes bytes_xor(bytes a, bytes b) { return simde_mm_xor_si128(a, b); }
#if BYTES_SHUFFLE
WEIR_INLINE bytes bytes_subtract_saturate(bytes a, bytes b) { return simde_mm_subs_epu8(a, b); }
WEIR_INLINE bytes bytes_shuffle(bytes table, bytes a) { return simde_mm_shuffle_epi8(table, a); }
WEIR_INLINE bytes bytes_table(const uint8_t from[16]) { return bytes_load(from); }
WEIR_INLINE bytes bytes_high_nibble(bytes a) { return bytes_and(simde_mm_srli_epi16(a, 4), bytes_set(15)); }
#endif

#endif

#endif
