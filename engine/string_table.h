/* SPDX-License-Identifier: Apache-2.0
 *
 * Strings stored once, each with a dense id in the order of first sight.
 *
 * Not thread-safe; one per worker and key column.
 */
#ifndef WEIR_ENGINE_STRING_TABLE_H
#define WEIR_ENGINE_STRING_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "engine/expression.h"
#include "engine/string_memo.h"

struct weir_string_slot {
    uint32_t tag; /* high half of the hash */
    uint32_t id;  /* + 1; 0: empty */
};

/* Up to 16 bytes in two words, which overlap where there are fewer: with the length they say all. */
struct weir_short_string {
    uint64_t first, last;
};

#define WEIR_STRING_SHORT 16

struct weir_string_table {
    struct weir_string_slot *slots; /* a power of two, at most half full */
    size_t slots_count;
    struct weir_string *strings;      /* by id */
    struct weir_short_string *shorts; /* by id: of strings that are short */
    uint64_t *hashes;                 /* by id, so that growing does not read the bytes again */
    uint32_t count;
    uint32_t capacity;
    uint64_t seed;
    struct weir_arena bytes; /* the strings' own; never moves */
    struct weir_string_memo memo;
};

#define WEIR_STRING_NONE UINT32_MAX

/* Zeroed storage in; the table allocates at the first insert. */
void weir_string_table_init(struct weir_string_table *table, uint64_t seed);
void weir_string_table_fini(struct weir_string_table *table);

/* The id of a string, inserted when new (its bytes are copied). WEIR_STRING_NONE when memory is short or 2^32 - 2
 * strings are there. */
uint32_t weir_string_table_intern(struct weir_string_table *table, struct weir_string string);

/* The same for many strings at once, of which most are new: ids[i] is that of strings[i]. False when memory is
 * short or 2^32 - 2 strings are there. */
#define WEIR_STRINGS_AT_ONCE 64
bool weir_string_table_intern_many(struct weir_string_table *table, const struct weir_string *strings,
                                   int32_t count, uint32_t *ids);

/* Makes room for so many strings in all; false when memory is short. */
bool weir_string_table_expect(struct weir_string_table *table, uint32_t count);

/* The id of a string that is there; WEIR_STRING_NONE where it is not. */
uint32_t weir_string_table_find(const struct weir_string_table *table, struct weir_string string);

/* True where both tables have the same strings under the ids [first, first + count). */
bool weir_string_table_agrees(const struct weir_string_table *table, const struct weir_string_table *other,
                              uint32_t first, uint32_t count);

/* weir_string_table_intern for rows[0 .. count) of a block (rows 0 .. count - 1 where rows is NULL): out[i] is the
 * id + 1 of the string of row rows[i], 0 where that is NULL. False when memory is short. */
bool weir_string_table_intern_rows(struct weir_string_table *table, const struct weir_vector *vector,
                                   const uint32_t *rows, int32_t count, uint64_t *out);

/* Bytes reserved. */
size_t weir_string_table_bytes(const struct weir_string_table *table);

#endif
