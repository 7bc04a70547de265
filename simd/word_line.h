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

#include <stdint.h>

#define WEIR_WORD_LINE_WORDS 5
#define WEIR_WORD_LINE_FULL ((1u << WEIR_WORD_LINE_WORDS) - 1)

struct weir_word_line {
    uint64_t words[WEIR_WORD_LINE_WORDS];
    uint32_t ids[WEIR_WORD_LINE_WORDS];
    uint32_t used; /* bit i: place i is taken; places are taken from the first one on */
};

_Static_assert(sizeof(struct weir_word_line) == 64, "a line of the table is a line of the cache");

#endif
