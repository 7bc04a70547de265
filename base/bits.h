/* SPDX-License-Identifier: Apache-2.0
 *
 * Bits and bitmaps. A bitmap is an array of uint64_t words in Arrow's order: row i is bit i & 63 of word i >> 6
 * (little-endian, so the bytes are those of an Arrow bitmap). Bits past the last row are unspecified.
 */
#ifndef WEIR_BASE_BITS_H
#define WEIR_BASE_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"

WEIR_INLINE size_t weir_bitmap_words(size_t bits) { return (bits + 63) / 64; }
WEIR_INLINE size_t weir_bitmap_bytes(size_t bits) { return (bits + 7) / 8; }

WEIR_INLINE bool weir_bit_get(const uint64_t *words, size_t idx) { return (words[idx >> 6] >> (idx & 63)) & 1; }
WEIR_INLINE void weir_bit_set(uint64_t *words, size_t idx) { words[idx >> 6] |= UINT64_C(1) << (idx & 63); }
WEIR_INLINE void weir_bit_clear(uint64_t *words, size_t idx) { words[idx >> 6] &= ~(UINT64_C(1) << (idx & 63)); }
WEIR_INLINE void weir_bit_put(uint64_t *words, size_t idx, bool on) {
    uint64_t bit = UINT64_C(1) << (idx & 63);
    words[idx >> 6] = (words[idx >> 6] & ~bit) | (on ? bit : 0);
}

/* Bits of the last word that belong to rows, for `bits` rows; all ones where the last word is full. */
WEIR_INLINE uint64_t weir_bitmap_tail(size_t bits) {
    return (bits & 63) == 0 ? ~UINT64_C(0) : (UINT64_C(1) << (bits & 63)) - 1;
}

/* Set bits among the first `bits`. */
WEIR_INLINE size_t weir_bitmap_count(const uint64_t *words, size_t bits) {
    size_t count = 0, full = bits / 64;
    for (size_t i = 0; i < full; i++) count += (size_t)__builtin_popcountll(words[i]);
    if (bits & 63) count += (size_t)__builtin_popcountll(words[full] & weir_bitmap_tail(bits));
    return count;
}

/* out = values AND validity AND active, for `bits` rows in whole words: the rows that are still active and for
 * which a predicate is TRUE. validity and active may be NULL: all ones. */
WEIR_INLINE void weir_bitmap_narrow(uint64_t *out, const uint64_t *values, const uint64_t *validity,
                                    const uint64_t *active, size_t bits) {
    for (size_t w = 0; w < weir_bitmap_words(bits); w++) {
        out[w] = values[w];
        if (validity != NULL) out[w] &= validity[w];
        if (active != NULL) out[w] &= active[w];
    }
}

/* Copies `bits` bits that begin `offset` bits into an Arrow bitmap (bytes, any alignment) into words, zeroing the
 * rest of the last word. Reads no byte past the last bit. */
void weir_bitmap_import(uint64_t *words, const uint8_t *bytes, int64_t offset, size_t bits);

/* Smallest power of two >= value; value >= 1, value <= 2^63. */
WEIR_INLINE uint64_t weir_round_up_pow2(uint64_t value) {
    return value <= 1 ? 1 : UINT64_C(1) << (64 - __builtin_clzll(value - 1));
}

WEIR_INLINE size_t weir_round_up(size_t value, size_t multiple_pow2) {
    return (value + multiple_pow2 - 1) & ~(multiple_pow2 - 1);
}

#endif
