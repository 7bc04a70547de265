/* SPDX-License-Identifier: Apache-2.0
 *
 * The sums of one part of the keys, made in the cache: a hash table from words to ids in the order in which they
 * are met, the words and the accumulator rows by id. It is used for one part after the other, which are about as
 * large.
 */
#ifndef WEIR_ENGINE_PART_TABLE_H
#define WEIR_ENGINE_PART_TABLE_H

#include <stdint.h>

#include "engine/accumulator.h"
#include "simd/word_line.h"

struct weir_part_table {
    const struct weir_accumulator *accumulator;
    unsigned skip; /* bits that the hashes of a part's words share */
    uint32_t keys;
    uint64_t *words; /* by id */
    char *rows;
    uint32_t capacity;
    uint32_t fresh; /* rows that are initialised */
    struct weir_word_line *lines;
    size_t lines_count; /* in use */
    size_t lines_room;
    uint64_t *hashes; /* scratch for WEIR_BLOCK_ROWS */
    uint32_t *ids;
};

/* Copies an accumulator row: too few bytes for a call of memcpy. */
WEIR_INLINE void weir_part_sum_copy(char *to, const char *from, size_t stride) {
    for (size_t at = 0; at < stride; at += sizeof(uint64_t)) {
        uint64_t word;
        __builtin_memcpy(&word, from + at, sizeof(word));
        __builtin_memcpy(to + at, &word, sizeof(word));
    }
}

/* Zeroed storage in; the rest is made with the first word. */
void weir_part_table_init(struct weir_part_table *table, const struct weir_accumulator *accumulator);
void weir_part_table_fini(struct weir_part_table *table);
size_t weir_part_table_bytes(const struct weir_part_table *table);

/* Empties it for another part, whose words share `skip` upper bits of their hashes. */
void weir_part_table_clear(struct weir_part_table *table, unsigned skip);

/* Adds `count` <= WEIR_BLOCK_ROWS rows, in their order. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_part_table_add(struct weir_part_table *table, const uint64_t *words, int32_t count,
                                     const struct weir_vector *args, struct weir_error *error);

/* The same for rows of one key, which is the only one: its word is 0. */
enum weir_status weir_part_table_add_one(struct weir_part_table *table, int32_t count,
                                         const struct weir_vector *args, struct weir_error *error);

/* Adds keys that it has not, `count` <= WEIR_BLOCK_ROWS of them: entries of an accumulator row, and its word behind
 * it. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_part_table_load(struct weir_part_table *table, const char *entries, int32_t count,
                                      struct weir_error *error);

#endif
