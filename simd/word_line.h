/* SPDX-License-Identifier: Apache-2.0
 *
 * One cache line of a hash table from words of 64 bits to ids of 32: a bucket. A word is compared with all of them
 * at once, so that where in its line a word lies costs no branch; lines that are full are followed by the next one.
 *
 * Source: the buckets of cuckoo and of SwissTable-like tables, with whole words in place of tags, since five of
 * them and their ids fill a line exactly.
 */
#ifndef WEIR_SIMD_WORD_LINE_H
#define WEIR_SIMD_WORD_LINE_H

#include <stddef.h>
#include <stdint.h>

#define WEIR_WORD_LINE_WORDS 5
#define WEIR_WORD_LINE_FULL ((1u << WEIR_WORD_LINE_WORDS) - 1)

struct weir_word_line {
    uint64_t words[WEIR_WORD_LINE_WORDS];
    uint32_t ids[WEIR_WORD_LINE_WORDS];
    uint32_t used; /* bit i: place i is taken; places are taken from the first one on */
};

_Static_assert(sizeof(struct weir_word_line) == 64, "a line of the table is a line of the cache");

/* Of 2^bits lines, bits >= 1, the one where the search for a word begins: words whose hashes share their upper bits
 * lie next to each other, however many lines there are. */
static inline size_t weir_word_line_home(uint64_t hash, unsigned bits) { return (size_t)(hash >> (64 - bits)); }

/* Puts a word that is not there into the first place from its home line on. 2^bits lines, one of which is not
 * full. */
static inline void weir_word_line_add(struct weir_word_line *lines, unsigned bits, uint64_t word, uint64_t hash,
                                      uint32_t id) {
    size_t mask = ((size_t)1 << bits) - 1, at = weir_word_line_home(hash, bits);
    while (lines[at].used == WEIR_WORD_LINE_FULL) at = (at + 1) & mask;
    int place = __builtin_ctz(~lines[at].used);
    lines[at].words[place] = word;
    lines[at].ids[place] = id;
    lines[at].used |= 1u << place;
}

#endif
