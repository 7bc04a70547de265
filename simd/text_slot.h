/* SPDX-License-Identifier: Apache-2.0
 *
 * A slot of a hash table from texts of up to 32 bytes to codes: a line of the cache, which holds the whole text, so
 * that a look-up that finds costs one line and no look elsewhere. Slots follow one another where the home slot is
 * taken, but only so many: a text for which there is none left is not in the table.
 */
#ifndef WEIR_SIMD_TEXT_SLOT_H
#define WEIR_SIMD_TEXT_SLOT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __BMI2__
#include <immintrin.h>
#endif

#include "base/attributes.h"
#include "base/hash.h"
#include "simd/text_span.h"

#define WEIR_TEXT_SLOT_BYTES 32
/* Slots from the home one on in which a text may be. */
#define WEIR_TEXT_SLOT_PROBES 8

struct weir_text_slot {
    uint64_t words[4]; /* the text, zeros behind it; the first byte is the lowest */
    uint32_t mark;     /* length + 1; 0: the slot is empty */
    uint32_t code;
    uint64_t unused[3];
};

_Static_assert(sizeof(struct weir_text_slot) == 64, "a slot is a line of the cache");

/* The words of a text of up to 32 bytes. Reads 16 bytes from `text` on, and 32 where it has more than 16. */
struct weir_text_words {
    uint64_t word[4];
};

WEIR_INLINE uint64_t weir_text_load(const char *text) {
    uint64_t word;
    memcpy(&word, text, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* The first `bytes` of a word; all of it where that is 8 or more, up to 31. */
WEIR_INLINE uint64_t weir_text_first(uint64_t word, size_t bytes) {
#ifdef __BMI2__
    return _bzhi_u64(word, (unsigned)(8 * bytes));
#else
    return bytes >= 8 ? word : word & ((UINT64_C(1) << (8 * bytes)) - 1);
#endif
}

WEIR_INLINE struct weir_text_words weir_text_words_of(const char *text, size_t length) {
    struct weir_text_words words = {{weir_text_load(text), weir_text_load(text + 8), 0, 0}};
    if (WEIR_LIKELY(length <= 16)) {
        words.word[0] = weir_text_first(words.word[0], length);
        words.word[1] = weir_text_first(words.word[1], length > 8 ? length - 8 : 0);
    } else {
        words.word[2] = weir_text_first(weir_text_load(text + 16), length - 16);
        words.word[3] = weir_text_first(weir_text_load(text + 24), length > 24 ? length - 24 : 0);
    }
    return words;
}

/* The home slot of a text among mask + 1 (two at least): the upper bits of a sum of products with odd numbers,
 * which the seed makes (Dietzfelbinger et al., "A reliable randomized algorithm for the closest-pair problem",
 * 1997). */
struct weir_text_hash {
    uint64_t factors[4];
    unsigned shift;
};

WEIR_INLINE struct weir_text_hash weir_text_hash_of(uint64_t seed, size_t mask) {
    struct weir_text_hash hash = {.shift = 64 - (unsigned)__builtin_popcountll(mask)};
    for (uint64_t i = 0; i < 4; i++) hash.factors[i] = weir_hash_u64(i, seed) | 1;
    return hash;
}

WEIR_INLINE size_t weir_text_home(const struct weir_text_hash *hash, const struct weir_text_words *words) {
    uint64_t sum = words->word[0] * hash->factors[0] + words->word[1] * hash->factors[1] +
                   words->word[2] * hash->factors[2] + words->word[3] * hash->factors[3];
    return (size_t)(sum >> hash->shift);
}

WEIR_INLINE int weir_text_slot_holds(const struct weir_text_slot *slot, const struct weir_text_words *words,
                                     size_t length) {
    uint64_t differs = (slot->words[0] ^ words->word[0]) | (slot->words[1] ^ words->word[1]) |
                       (slot->words[2] ^ words->word[2]) | (slot->words[3] ^ words->word[3]) |
                       (slot->mark ^ ((uint64_t)length + 1));
    return differs == 0;
}

#endif
