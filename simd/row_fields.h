/* SPDX-License-Identifier: Apache-2.0
 *
 * What is done to a short row of numbers, each a word of 64 bits, when a row of a block is added to it: all words
 * at once (add_to_rows).
 */
#ifndef WEIR_SIMD_ROW_FIELDS_H
#define WEIR_SIMD_ROW_FIELDS_H

#include <stdint.h>

#define WEIR_ROW_WORDS 8

struct weir_row_fields {
    uint32_t words; /* of a row, 1 .. WEIR_ROW_WORDS */
    /* What is added to each word: values[w][i] of row i of the block, or constants[w] where values[w] is NULL. */
    const int64_t *values[WEIR_ROW_WORDS];
    int64_t constants[WEIR_ROW_WORDS];
    /* Bitmaps over the words. Those in none of them are added up as integers, wrapping. */
    uint8_t doubles;  /* added up as doubles */
    uint8_t least;    /* the least integer is kept */
    uint8_t greatest; /* the greatest */
    uint8_t upper; /* upper half of the word before it, to which the sign of its value, and the carry, are added */
};

#endif
