/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables behind letter_case.h, in ascending order of code points, from 0x80 on. Nobody else includes this.
 */
#ifndef WEIR_ENGINE_LETTER_CASE_TABLE_H
#define WEIR_ENGINE_LETTER_CASE_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* first, first + step, ... last change by `delta`. */
struct weir_letter_run {
    uint32_t first;
    uint32_t last;
    int32_t step;
    int32_t delta;
};

/* A letter that becomes two or three. */
struct weir_letter_expansion {
    uint16_t from;
    uint16_t to[3]; /* 0: none */
};

struct weir_letter_span {
    uint16_t first;
    uint16_t last;
};

extern const struct weir_letter_run weir_letters_upper[];
extern const size_t weir_letters_upper_count;
extern const struct weir_letter_run weir_letters_lower[];
extern const size_t weir_letters_lower_count;
extern const struct weir_letter_expansion weir_letters_upper_long[];
extern const size_t weir_letters_upper_long_count;
extern const struct weir_letter_expansion weir_letters_lower_long[];
extern const size_t weir_letters_lower_long_count;

/* For Java's BreakIterator: what a word is made of (letters, digits, marks), what may stand between two letters of
 * one (dashes, apostrophes, full stops), and the letters that have a case. Below 0x10000. */
extern const struct weir_letter_span weir_letters_word[];
extern const size_t weir_letters_word_count;
extern const struct weir_letter_span weir_letters_inner[];
extern const size_t weir_letters_inner_count;
extern const struct weir_letter_span weir_letters_cased[];
extern const size_t weir_letters_cased_count;

#endif
