/* SPDX-License-Identifier: Apache-2.0
 *
 * The distinct texts of a column as they come, each with a code: 0, 1, 2, ... in the order of first sight. Texts
 * are only added, so that a batch's dictionary is the begin of all that follow it, and shares their memory.
 *
 * Not thread-safe, but for what is exported: that may be released by any thread, and after the dictionary is gone.
 */
#ifndef WEIR_CONNECT_TEXT_DICTIONARY_H
#define WEIR_CONNECT_TEXT_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "simd/text_span.h"
#include "weir/weir.h"

struct weir_text_dictionary;

/* A dictionary of more is full: it takes more, but is no longer worth its while. */
#define WEIR_TEXT_DICTIONARY_ENTRIES 16384
#define WEIR_TEXT_DICTIONARY_BYTES ((size_t)1 << 20)

/* Instead of codes: the text is not valid UTF-8, or holds a NUL; memory is short. */
#define WEIR_TEXT_BAD UINT32_MAX
#define WEIR_TEXT_NO_MEMORY (UINT32_MAX - 1)

/* NULL when memory is short. */
struct weir_text_dictionary *weir_text_dictionary_create(void);
void weir_text_dictionary_destroy(struct weir_text_dictionary **dictionary);

/* The codes of text[spans[from .. count)]: returns the first row for which weir_text_dictionary_code must be asked,
 * and leaves it and the later ones; count: there is none. 32 bytes are readable from the begin of each text. */
size_t weir_text_dictionary_find(const struct weir_text_dictionary *dictionary, const char *text,
                                 const struct weir_text_span *spans, size_t from, size_t count, uint32_t *codes);

/* The code of one text, which is added where it is new. 32 bytes are readable from its begin. */
uint32_t weir_text_dictionary_code(struct weir_text_dictionary *dictionary, const char *text, size_t length);

bool weir_text_dictionary_is_full(const struct weir_text_dictionary *dictionary);

/* All texts so far, by code, as an Arrow array of format "u". False when memory is short. */
bool weir_text_dictionary_export(const struct weir_text_dictionary *dictionary, struct ArrowArray *out);

#endif
