/* SPDX-License-Identifier: Apache-2.0
 *
 * A hash table from keys of one 64-bit word to their ids, and the list of keys by id that it shares with the tables
 * of other shapes.
 *
 * Few keys lie in slots, of which one in 128 is taken, and in the greatest table one in eight at most: nearly each
 * key is in its home slot, and one comparison finds it: an empty slot holds a word that is not at home there. Where
 * that would outgrow the cache the slots become lines (simd/word_line.h), at most half or three quarters full (ADR
 * 26): a look-up costs one cache miss and, where the word is in its home line, no branch that is hard to foresee.
 *
 * Words that come a part of the hashes at a time (part_rows.h) would crowd into the lines of their part while most
 * of the table is empty: where there can be `most` of them it grows as soon as a part has become too small.
 */
#ifndef WEIR_ENGINE_KEY_WORDS_H
#define WEIR_ENGINE_KEY_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "simd/word_line.h"

/* No id: memory is short. */
#define WEIR_KEY_UNLISTED UINT32_MAX

/* The words of each key, by id. */
struct weir_key_list {
    uint64_t *words;
    int32_t words_count; /* a key */
    uint32_t count;      /* of keys */
    uint32_t capacity;
};

/* Appends a key; its id, or WEIR_KEY_UNLISTED when memory is short. words: words_count of them. */
uint32_t weir_key_list_append(struct weir_key_list *list, const uint64_t *words);

struct weir_word_slot;

struct weir_key_words {
    struct weir_word_slot *slots; /* slots_count, a power of two, or NULL: before the first key, and of many */
    size_t slots_count;
    struct weir_word_line *lines; /* lines_count, a power of two, or NULL: of few keys */
    size_t lines_count;
    size_t held; /* keys in the table */
    bool fresh;  /* most words of the last block were new */
    size_t most; /* that there can be soon, where words come in the order of their hashes; 0: in no order */
};

void weir_key_words_fini(struct weir_key_words *table);
size_t weir_key_words_bytes(const struct weir_key_words *table);

/* The ids of words[0 .. count), those not seen before appended to the list, whose keys have one word. hashes: room
 * for count, which is overwritten. False when memory is short; the table is then whole, and has some of the words.
 */
bool weir_key_words_map(struct weir_key_words *table, struct weir_key_list *list, uint64_t seed,
                        const uint64_t *words, uint64_t *hashes, int32_t count, uint32_t *ids);

/* The two steps of it, for words that stand for longer keys (key_wide.h). From row `from` on ids[i] becomes the id
 * of words[i], whose hash is hashes[i]; the first row whose word is not there, or count. */
size_t weir_key_words_find(const struct weir_key_words *table, const uint64_t *words, const uint64_t *hashes,
                           size_t from, size_t count, uint32_t *ids);

/* Adds a word that is not there, and its key to the list; the id, or WEIR_KEY_UNLISTED when memory is short. */
uint32_t weir_key_words_insert(struct weir_key_words *table, struct weir_key_list *list, uint64_t seed,
                               uint64_t word, uint64_t hash, const uint64_t *key);

/* Adds keys from .. to - 1 of the list, which are not in the table. False when memory is short; the table then has
 * some of them. */
bool weir_key_words_add(struct weir_key_words *table, const struct weir_key_list *list, uint64_t seed,
                        uint32_t from, uint32_t to);

#endif
