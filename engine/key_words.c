/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/key_words.h"

#include <stdlib.h>
#include <string.h>

#include "alloc/pages.h"
#include "base/attributes.h"
#include "base/hash.h"
#include "simd/kernels.h"

#define LIST_FIRST 256
/* Slots begin with 64 KiB and end with 1 MiB: a key that is not in its home slot costs a mispredicted branch, which
 * is most of the look-up while the table fits the cache. So they grow long before they would have to, up to the
 * size that still does, and only there fill up to what lines do better. */
#define SLOTS_FIRST 4096
#define SLOTS_MOST (((size_t)1 << 20) / sizeof(struct weir_word_slot))
#define SLOTS_A_KEY 128
#define SLOTS_A_KEY_LEAST 8
#define LINES_SPACIOUS 32768 /* 2 MiB */
#define CROWD_LINES 32       /* that are full one after the other: in a table that is full evenly they are rare */

struct weir_word_slot {
    uint64_t word;
    uint32_t id;
    uint32_t used;
};

/* ---- keys by id ---- */

static WEIR_COLD bool grow_list(struct weir_key_list *list) {
    if (list->capacity >= UINT32_MAX / 2) return false;
    uint32_t capacity = list->capacity == 0 ? LIST_FIRST : list->capacity * 2;
    uint64_t *words = realloc(list->words, (size_t)capacity * (size_t)list->words_count * sizeof(*words));
    if (words == NULL) return false;
    list->words = words;
    list->capacity = capacity;
    return true;
}

uint32_t weir_key_list_append(struct weir_key_list *list, const uint64_t *words) {
    if (list->count == list->capacity && !grow_list(list)) return WEIR_KEY_UNLISTED;
    size_t words_count = (size_t)list->words_count;
    memcpy(&list->words[(size_t)list->count * words_count], words, words_count * sizeof(*words));
    return list->count++;
}

void weir_key_words_fini(struct weir_key_words *table) {
    weir_pages_free(table->slots, table->slots_count * sizeof(*table->slots));
    weir_pages_free(table->lines, table->lines_count * sizeof(*table->lines));
    memset(table, 0, sizeof(*table));
}

size_t weir_key_words_bytes(const struct weir_key_words *table) {
    return table->slots_count * sizeof(*table->slots) + table->lines_count * sizeof(*table->lines);
}

/* ---- slots ---- */

/* Where the search for a word begins: the bits of the hash that are a slot's offset, so that a look-up has no
 * shift. */
static size_t home_of(uint64_t hash, size_t mask) { return (size_t)hash / sizeof(struct weir_word_slot) & mask; }

/* An empty slot holds a word whose home it is not, so that comparing the word in the home slot is all it takes to
 * find a key: 0 everywhere but in the home of 0. */
static void mark_empty(struct weir_word_slot *slots, size_t mask, uint64_t seed) {
    size_t home = home_of(weir_hash_u64(0, seed), mask);
    uint64_t other = 1;
    while (home_of(weir_hash_u64(other, seed), mask) == home) other++;
    slots[home].word = other;
}

/* The slot of the word, or the empty one that it would have. */
static struct weir_word_slot *find_slot(const struct weir_key_words *table, uint64_t word, uint64_t hash) {
    size_t mask = table->slots_count - 1, at = home_of(hash, mask);
    while (table->slots[at].used != 0 && table->slots[at].word != word) at = (at + 1) & mask;
    return &table->slots[at];
}

static WEIR_COLD bool grow_slots(struct weir_key_words *table, uint64_t seed) {
    size_t count = table->slots_count == 0 ? SLOTS_FIRST : table->slots_count * 2, mask = count - 1;
    struct weir_word_slot *slots = weir_pages_alloc(count * sizeof(*slots)), *old = table->slots;
    size_t old_count = table->slots_count;
    if (slots == NULL) return false;
    mark_empty(slots, mask, seed);
    table->slots = slots;
    table->slots_count = count;
    for (size_t i = 0; i < old_count; i++) {
        if (old[i].used != 0) *find_slot(table, old[i].word, weir_hash_u64(old[i].word, seed)) = old[i];
    }
    weir_pages_free(old, old_count * sizeof(*old));
    return true;
}

/* ---- lines ---- */

static unsigned bits_of(size_t lines_count) { return (unsigned)__builtin_ctzll(lines_count); }

/* Line i of the old table goes to lines 2i and 2i + 1 of the new one: both are gone through once, in order. */
static void move_lines(const struct weir_key_words *table, uint64_t seed, struct weir_word_line *lines,
                       unsigned bits) {
    for (size_t at = 0; at < table->lines_count; at++) {
        const struct weir_word_line *old = &table->lines[at];
        for (int i = 0; i < WEIR_WORD_LINE_WORDS && (old->used >> i & 1) != 0; i++)
            weir_word_line_add(lines, bits, old->words[i], weir_hash_u64(old->words[i], seed), old->ids[i]);
    }
}

static WEIR_COLD bool grow_lines(struct weir_key_words *table, uint64_t seed) {
    size_t count = table->lines_count == 0 ? SLOTS_MOST / SLOTS_A_KEY_LEAST : table->lines_count * 2;
    if (count > SIZE_MAX / sizeof(struct weir_word_line)) return false;
    struct weir_word_line *lines = weir_pages_alloc(count * sizeof(*lines));
    if (lines == NULL) return false;
    unsigned bits = bits_of(count);
    move_lines(table, seed, lines, bits);
    for (size_t i = 0; i < table->slots_count; i++) {
        const struct weir_word_slot *slot = &table->slots[i];
        if (slot->used != 0) weir_word_line_add(lines, bits, slot->word, weir_hash_u64(slot->word, seed), slot->id);
    }
    struct weir_key_words grown = *table;
    grown.lines = lines;
    grown.lines_count = count;
    grown.slots = NULL;
    grown.slots_count = 0;
    weir_key_words_fini(table);
    *table = grown;
    return true;
}

/* So full that more words than a few would lie outside of their home lines, where a search comes late and by a
 * branch that is hard to foresee. Half full at most while the table is small, and while most words are new: each of
 * these looks at the line behind a home that is full. A large one is filled further: it shares the last cache with
 * what the keys have in slices. */
static bool are_full_with(const struct weir_key_words *table, size_t held) {
    size_t places = table->lines_count * WEIR_WORD_LINE_WORDS;
    bool is_spacious = table->lines_count <= LINES_SPACIOUS || table->fresh;
    return is_spacious ? held * 2 >= places : held * 4 >= places * 3;
}

/* The word would lie far from its home, though the table has room: it is one of many that share upper bits of their
 * hashes, and as many of the others may follow. */
static bool are_crowded(const struct weir_key_words *table, uint64_t hash) {
    size_t mask = table->lines_count - 1, at = weir_word_line_home(hash, bits_of(table->lines_count));
    if (table->lines_count * WEIR_WORD_LINE_WORDS >= table->most * 2) return false;
    for (size_t i = 0; i < CROWD_LINES; i++) {
        if (table->lines[(at + i) & mask].used != WEIR_WORD_LINE_FULL) return false;
    }
    return true;
}

/* ---- mapping ---- */

/* Room for one more key, where a search from the home of its hash finds it soon; false when memory is short. */
static WEIR_COLD bool make_room(struct weir_key_words *table, uint64_t seed, uint64_t hash) {
    if (table->lines != NULL)
        return (!are_full_with(table, table->held) && !are_crowded(table, hash)) || grow_lines(table, seed);
    if (table->held * SLOTS_A_KEY < table->slots_count) return true;
    if (table->slots_count < SLOTS_MOST) return grow_slots(table, seed);
    return table->held * SLOTS_A_KEY_LEAST < table->slots_count || grow_lines(table, seed);
}

static void place(struct weir_key_words *table, uint64_t word, uint64_t hash, uint32_t id) {
    if (table->lines != NULL) {
        weir_word_line_add(table->lines, bits_of(table->lines_count), word, hash, id);
    } else {
        *find_slot(table, word, hash) = (struct weir_word_slot){.word = word, .id = id, .used = 1};
    }
    table->held++;
}

WEIR_COLD uint32_t weir_key_words_insert(struct weir_key_words *table, struct weir_key_list *list, uint64_t seed,
                                         uint64_t word, uint64_t hash, const uint64_t *key) {
    if (!make_room(table, seed, hash)) return WEIR_KEY_UNLISTED;
    uint32_t id = weir_key_list_append(list, key);
    if (id != WEIR_KEY_UNLISTED) place(table, word, hash, id);
    return id;
}

bool weir_key_words_add(struct weir_key_words *table, const struct weir_key_list *list, uint64_t seed,
                        uint32_t from, uint32_t to) {
    for (uint32_t id = from; id < to; id++) {
        uint64_t hash = weir_hash_u64(list->words[id], seed);
        if (!make_room(table, seed, hash)) return false;
        place(table, list->words[id], hash, id);
    }
    return true;
}

/* The ids of words whose slots are found, from row `from` on; the first row whose are not. */
static size_t find_in_slots(const struct weir_key_words *table, const uint64_t *words, const uint64_t *hashes,
                            size_t from, size_t count, uint32_t *ids) {
    const char *slots = (const char *)table->slots;
    size_t mask = (table->slots_count - 1) * sizeof(struct weir_word_slot);
    for (size_t i = from; i < count; i++) {
        const struct weir_word_slot *slot = (const struct weir_word_slot *)(slots + ((size_t)hashes[i] & mask));
        if (WEIR_UNLIKELY(slot->word != words[i])) {
            slot = find_slot(table, words[i], hashes[i]);
            if (slot->used == 0) return i;
        }
        ids[i] = slot->id;
    }
    return count;
}

size_t weir_key_words_find(const struct weir_key_words *table, const uint64_t *words, const uint64_t *hashes,
                           size_t from, size_t count, uint32_t *ids) {
    if (table->held == 0) return from;
    if (table->lines == NULL) return find_in_slots(table, words, hashes, from, count, ids);
    return weir_simd->find_words(table->lines, bits_of(table->lines_count), words, hashes, from, count, ids);
}

/* Words of which most are new: after each of them a search would begin anew, and find nothing in the line behind
 * its home that is not far away. So room is made for all, and they are added many at a time. */
static bool meet_all(struct weir_key_words *table, struct weir_key_list *list, uint64_t seed, const uint64_t *words,
                     const uint64_t *hashes, size_t rows, uint32_t *ids) {
    while (are_full_with(table, table->held + rows)) {
        if (!grow_lines(table, seed)) return false;
    }
    while (list->capacity - list->count <= rows) {
        if (!grow_list(list)) return false;
    }
    uint32_t before = list->count;
    weir_simd->meet_words(table->lines, table->lines_count, 0, words, hashes, rows, ids, list->words, &list->count);
    table->held += list->count - before;
    return true;
}

static bool find_or_insert(struct weir_key_words *table, struct weir_key_list *list, uint64_t seed,
                           const uint64_t *words, const uint64_t *hashes, size_t rows, uint32_t *ids) {
    for (size_t at = 0;; at++) {
        at = weir_key_words_find(table, words, hashes, at, rows, ids);
        if (at == rows) return true;
        ids[at] = weir_key_words_insert(table, list, seed, words[at], hashes[at], &words[at]);
        if (ids[at] == WEIR_KEY_UNLISTED) return false;
    }
}

bool weir_key_words_map(struct weir_key_words *table, struct weir_key_list *list, uint64_t seed,
                        const uint64_t *words, uint64_t *hashes, int32_t count, uint32_t *ids) {
    size_t rows = (size_t)count, before = table->held;
    weir_simd->hash_u64(words, rows, seed, hashes);
    bool at_once = table->fresh && table->lines != NULL && table->most == 0;
    bool ok = at_once ? meet_all(table, list, seed, words, hashes, rows, ids)
                      : find_or_insert(table, list, seed, words, hashes, rows, ids);
    table->fresh = table->held - before > rows / 2;
    return ok;
}
