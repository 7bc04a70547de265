/* SPDX-License-Identifier: Apache-2.0
 *
 * What a string_table has been asked for: strings of up to 56 bytes with their ids, each in one line of the cache
 * or half of one (simd/string_line.h), where the table itself takes three or four, one after the other, to find
 * one. It holds the first few tens of thousands of strings, and is left alone for a while where most rows have
 * others.
 */
#ifndef WEIR_ENGINE_STRING_MEMO_H
#define WEIR_ENGINE_STRING_MEMO_H

#include <stddef.h>
#include <stdint.h>

#include "simd/string_line.h"

struct weir_string_memo {
    struct weir_string_cell *cells; /* short strings; a power of two, or NULL */
    size_t cells_count;
    size_t cells_held;
    struct weir_string_line *lines; /* the others, likewise */
    size_t lines_count;
    size_t lines_held;
    int32_t blocks_left; /* for which it is left alone */
};

/* Zeroed storage in. */
void weir_string_memo_fini(struct weir_string_memo *memo);

/* Remembers a string, where there is room for it. Not the same one twice. */
void weir_string_memo_add(struct weir_string_memo *memo, uint64_t seed, struct weir_string string, uint32_t id);

/* Where find_strings is to look; until the next string is added. */
struct weir_string_places weir_string_memo_places(const struct weir_string_memo *memo);

/* False where the next block is better looked up without it. */
bool weir_string_memo_is_used(struct weir_string_memo *memo);

/* Of `rows` rows of a block so many were not found. */
void weir_string_memo_judge(struct weir_string_memo *memo, int32_t rows, int32_t missed);

size_t weir_string_memo_bytes(const struct weir_string_memo *memo);

#endif
