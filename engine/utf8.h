/* SPDX-License-Identifier: Apache-2.0
 *
 * Code points of UTF-8 texts that may be damaged: a code point is a byte with the continuation bytes (10xxxxxx)
 * behind it, whatever they are, so that every text has a number of code points and none is read past its end.
 */
#ifndef WEIR_ENGINE_UTF8_H
#define WEIR_ENGINE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

static inline bool weir_utf8_continues(char c) { return ((unsigned char)c & 0xC0) == 0x80; }

/* The byte behind the code point that begins at byte `at` < length. */
static inline int64_t weir_utf8_next(const char *text, int64_t length, int64_t at) {
    at++;
    while (at < length && weir_utf8_continues(text[at])) at++;
    return at;
}

/* The first byte of the code point that ends before byte `end` > 0. */
static inline int64_t weir_utf8_previous(const char *text, int64_t end) {
    end--;
    while (end > 0 && weir_utf8_continues(text[end])) end--;
    return end;
}

static inline int64_t weir_utf8_count(const char *text, int64_t length) {
    int64_t count = length > 0 && weir_utf8_continues(text[0]);
    for (int64_t i = 0; i < length; i++) count += !weir_utf8_continues(text[i]);
    return count;
}

/* The byte where code point `count` (from 0) begins; length when there are fewer. */
static inline int64_t weir_utf8_offset(const char *text, int64_t length, int64_t count) {
    int64_t at = 0;
    for (; count > 0 && at < length; count--) at = weir_utf8_next(text, length, at);
    return at;
}

#endif
