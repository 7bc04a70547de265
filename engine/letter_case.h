/* SPDX-License-Identifier: Apache-2.0
 *
 * Upper and lower case of text as Java's String.toUpperCase and toLowerCase have them (which is what Flink calls):
 * by the full mappings of Unicode, so that one letter may become three.
 */
#ifndef WEIR_ENGINE_LETTER_CASE_H
#define WEIR_ENGINE_LETTER_CASE_H

#include <stdbool.h>
#include <stdint.h>

/* A text grows at most to three times its bytes. */
#define WEIR_LETTER_GROWTH 3

/* Writes text[0, length) changed to `out`, which has room for WEIR_LETTER_GROWTH * length bytes; returns how many,
 * or -1 where it cannot be told whether a capital sigma ends a word (and so becomes a final one): in a word
 * with letters outside the basic plane or U+0345, and where punctuation stands in a word beside marks, letters
 * without case or digits of other scripts. Bytes that are no UTF-8 stay as they are. */
int64_t weir_letter_upper(const char *text, int64_t length, char *out);
int64_t weir_letter_lower(const char *text, int64_t length, char *out);

#endif
