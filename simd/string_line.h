/* SPDX-License-Identifier: Apache-2.0
 *
 * A hash table from strings to ids that lie in it whole, so that finding one takes one line of the cache: strings
 * of up to 24 bytes in cells of half a line, of up to 56 bytes in lines. A string lies in its home or in one of the
 * few places behind it, or not at all: the table is a memory of look-ups in another one, which holds them all.
 */
#ifndef WEIR_SIMD_STRING_LINE_H
#define WEIR_SIMD_STRING_LINE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/attributes.h"
#include "base/hash.h"
#include "base/string_view.h"
#include "simd/text_slot.h"

#define WEIR_STRING_LINE_WORDS 7
#define WEIR_STRING_LINE_BYTES (8 * WEIR_STRING_LINE_WORDS)
#define WEIR_STRING_CELL_WORDS 3
#define WEIR_STRING_CELL_BYTES (8 * WEIR_STRING_CELL_WORDS)
/* Cells, or lines, from the home one on in which a string may be. */
#define WEIR_STRING_LINE_PROBES 4

struct weir_string_line {
    uint64_t words[WEIR_STRING_LINE_WORDS]; /* the string, zeros behind it */
    uint32_t mark;                          /* length + 1; 0: the line is empty */
    uint32_t id;
};

struct weir_string_cell {
    uint64_t words[WEIR_STRING_CELL_WORDS];
    uint32_t mark;
    uint32_t id;
};

_Static_assert(sizeof(struct weir_string_line) == 64, "a line of the table is a line of the cache");
_Static_assert(sizeof(struct weir_string_cell) == 32, "no cell lies in two lines of the cache");

/* Both parts of the table; numbers of places are powers of two. */
struct weir_string_places {
    const struct weir_string_cell *cells;
    size_t cells_mask;
    const struct weir_string_line *lines;
    size_t lines_mask;
};

WEIR_INLINE uint64_t weir_string_fold(uint64_t a, uint64_t b) {
    weir_u128 product = (weir_u128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Folded products of pairs of words, as wyhash (Wang Yi) has them, each keyed by the seed and its place. Words
 * behind the string are not looked at. Strings that are made to collide only fill the lines that they may lie in.
 */
WEIR_INLINE uint64_t weir_string_line_hash(const uint64_t *words, size_t length, uint64_t seed) {
    const uint64_t one = UINT64_C(0xA0761D6478BD642F) ^ seed;
    const uint64_t two = UINT64_C(0xE7037ED1A0B428DB) ^ weir_hash_rotate(seed);
    uint64_t hash = weir_string_fold(words[0] ^ one, words[1] ^ two ^ length);
    if (WEIR_LIKELY(length <= 16)) return hash;
    hash = weir_string_fold(words[2] ^ hash ^ one, words[3] ^ two);
    if (length <= 32) return hash;
    hash = weir_string_fold(words[4] ^ hash ^ one, words[5] ^ two);
    return length <= 48 ? hash : weir_string_fold(words[6] ^ hash ^ one, two);
}

/* 1 to 7 bytes, zeros behind them. */
WEIR_INLINE uint64_t weir_string_load_few(const char *data, size_t bytes) {
    uint64_t word = 0;
    if (bytes >= 4) {
        uint32_t low, high;
        memcpy(&low, data, sizeof(low));
        memcpy(&high, data + bytes - 4, sizeof(high));
        return low | (uint64_t)high << (8 * (bytes - 4)); /* bytes that both have are the same ones */
    }
    for (size_t i = 0; i < bytes; i++) word |= (uint64_t)(unsigned char)data[i] << (8 * i);
    return word;
}

/* The words of a string of up to 56 bytes; none beyond it is read. Of words that the hash does not look at those
 * that hold nothing of it are not written. Returns how many are. */
WEIR_INLINE size_t weir_string_words(struct weir_string string, uint64_t *words) {
    size_t length = (size_t)string.length, whole = length / 8, rest = length % 8, count = whole;
    for (size_t i = 0; i < whole; i++) words[i] = weir_text_load(string.data + 8 * i);
    if (rest != 0) {
        bool few = whole == 0;
        words[count++] = few ? weir_string_load_few(string.data, rest)
                             : weir_text_load(string.data + length - 8) >> (64 - 8 * rest);
    }
    if (count < 2) words[1] = 0;
    if (count < 1) words[0] = 0;
    if (count % 2 != 0) words[count] = 0; /* of 7 words: the place behind them */
    return count;
}

/* `held` and `mark` are those of a cell or a line. */
WEIR_INLINE bool weir_string_is(const uint64_t *held, uint32_t mark, const uint64_t *words, size_t count,
                                size_t length) {
    uint64_t differs = mark ^ ((uint64_t)length + 1);
    for (size_t i = 0; i < count; i++) differs |= held[i] ^ words[i];
    return differs == 0;
}

#endif
