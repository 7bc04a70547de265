/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/string_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/hash.h"
#include "simd/kernels.h"

#define SLOTS_FIRST 64

void weir_string_table_init(struct weir_string_table *table, uint64_t seed) {
    memset(table, 0, sizeof(*table));
    table->seed = seed;
    weir_arena_init(&table->bytes, 16 * 1024);
}

void weir_string_table_fini(struct weir_string_table *table) {
    free(table->slots);
    free(table->strings);
    free(table->shorts);
    free(table->hashes);
    weir_arena_fini(&table->bytes);
    weir_string_memo_fini(&table->memo);
    memset(table, 0, sizeof(*table));
}

size_t weir_string_table_bytes(const struct weir_string_table *table) {
    return table->slots_count * sizeof(*table->slots) +
           (size_t)table->capacity * (sizeof(*table->strings) + sizeof(*table->shorts) + sizeof(*table->hashes)) +
           table->bytes.bytes_reserved + weir_string_memo_bytes(&table->memo);
}

static void place(struct weir_string_slot *slots, size_t mask, uint64_t hash, uint32_t id) {
    size_t at = (size_t)hash & mask;
    while (slots[at].id != 0) at = (at + 1) & mask;
    slots[at] = (struct weir_string_slot){(uint32_t)(hash >> 32), id + 1};
}

static WEIR_COLD bool make_slots(struct weir_string_table *table, size_t count) {
    struct weir_string_slot *slots = calloc(count, sizeof(*slots));
    if (slots == NULL) return false;
    for (uint32_t id = 0; id < table->count; id++) place(slots, count - 1, table->hashes[id], id);
    free(table->slots);
    table->slots = slots;
    table->slots_count = count;
    return true;
}

static WEIR_COLD bool grow_slots(struct weir_string_table *table) {
    return make_slots(table, table->slots_count == 0 ? SLOTS_FIRST : table->slots_count * 2);
}

static WEIR_COLD bool make_strings(struct weir_string_table *table, uint32_t capacity) {
    struct weir_string *strings = realloc(table->strings, (size_t)capacity * sizeof(*strings));
    if (strings == NULL) return false;
    table->strings = strings;
    struct weir_short_string *shorts = realloc(table->shorts, (size_t)capacity * sizeof(*shorts));
    if (shorts == NULL) return false;
    table->shorts = shorts;
    uint64_t *hashes = realloc(table->hashes, (size_t)capacity * sizeof(*hashes));
    if (hashes == NULL) return false;
    table->hashes = hashes;
    table->capacity = capacity;
    return true;
}

static WEIR_COLD bool grow_strings(struct weir_string_table *table) {
    if (table->capacity >= UINT32_MAX / 2) return false;
    return make_strings(table, table->capacity == 0 ? SLOTS_FIRST : table->capacity * 2);
}

bool weir_string_table_expect(struct weir_string_table *table, uint32_t count) {
    if (count >= UINT32_MAX / 2) return false;
    uint32_t doubled = table->capacity * 2; /* at least, or a few more each time would be copied each time */
    if (count > table->capacity && !make_strings(table, count > doubled ? count : doubled)) return false;
    size_t slots = weir_round_up_pow2((uint64_t)count * 2 + 1);
    return slots <= table->slots_count || make_slots(table, slots < SLOTS_FIRST ? SLOTS_FIRST : slots);
}

static WEIR_COLD uint32_t insert(struct weir_string_table *table, struct weir_string string,
                                 struct weir_short_string words, uint64_t hash) {
    if ((size_t)table->count * 2 >= table->slots_count && !grow_slots(table)) return WEIR_STRING_NONE;
    if (table->count == table->capacity && !grow_strings(table)) return WEIR_STRING_NONE;
    char *copy = weir_arena_string(&table->bytes, string.length > 0 ? string.data : "", (size_t)string.length);
    if (copy == NULL) return WEIR_STRING_NONE;
    uint32_t id = table->count++;
    table->strings[id] = (struct weir_string){copy, string.length};
    table->shorts[id] = words;
    table->hashes[id] = hash;
    place(table->slots, table->slots_count - 1, hash, id);
    return id;
}

/* ---- looking up ---- */

WEIR_INLINE uint64_t load_4(const char *data) {
    uint32_t word;
    memcpy(&word, data, sizeof(word));
    return word;
}

/* The words of a string of up to 16 bytes; none beyond it is read. */
WEIR_INLINE struct weir_short_string short_of(const char *data, size_t length) {
    if (WEIR_LIKELY(length >= 4)) {
        /* From 8 bytes on the first and the last 8; below that the first and the last 4, twice each: no branch,
         * since lengths that come in turn cannot be foreseen. */
        size_t more = length >= 8 ? 4 : 0;
        const char *end = data + length - 4;
        return (struct weir_short_string){load_4(data) | load_4(data + more) << 32, load_4(end - more) | load_4(end)
                                                                                                             << 32};
    }
    if (length == 0) return (struct weir_short_string){0, 0};
    const unsigned char *bytes = (const unsigned char *)data;
    return (struct weir_short_string){bytes[0], (uint64_t)bytes[length / 2] << 8 | bytes[length - 1]};
}

/* Short strings are compared, and hashed, as two words: without a call and without a look at the bytes of the one
 * that is known. */
WEIR_INLINE uint64_t hash_short(const struct weir_string_table *table, struct weir_short_string words,
                                int64_t length) {
    return weir_hash_pair(words.first, words.last, (uint64_t)length, table->seed);
}

WEIR_INLINE uint32_t find_short(const struct weir_string_table *table, struct weir_short_string words,
                                int64_t length, uint64_t hash) {
    size_t mask = table->slots_count - 1;
    uint32_t tag = (uint32_t)(hash >> 32);
    for (size_t at = (size_t)hash & mask; table->slots_count != 0 && table->slots[at].id != 0;
         at = (at + 1) & mask) {
        if (table->slots[at].tag != tag) continue;
        uint32_t id = table->slots[at].id - 1;
        const struct weir_short_string *known = &table->shorts[id];
        bool same = ((known->first ^ words.first) | (known->last ^ words.last)) == 0;
        if (same && table->strings[id].length == length) return id;
    }
    return WEIR_STRING_NONE;
}

WEIR_INLINE uint32_t intern_short(struct weir_string_table *table, struct weir_string string) {
    struct weir_short_string words = short_of(string.data, (size_t)string.length);
    uint64_t hash = hash_short(table, words, string.length);
    uint32_t id = find_short(table, words, string.length, hash);
    return WEIR_LIKELY(id != WEIR_STRING_NONE) ? id : insert(table, string, words, hash);
}

static uint32_t find_long(const struct weir_string_table *table, struct weir_string string, uint64_t hash) {
    size_t mask = table->slots_count - 1;
    uint32_t tag = (uint32_t)(hash >> 32);
    for (size_t at = (size_t)hash & mask; table->slots_count != 0 && table->slots[at].id != 0;
         at = (at + 1) & mask) {
        if (table->slots[at].tag != tag) continue;
        const struct weir_string *known = &table->strings[table->slots[at].id - 1];
        if (known->length != string.length) continue;
        if (memcmp(known->data, string.data, (size_t)string.length) == 0) return table->slots[at].id - 1;
    }
    return WEIR_STRING_NONE;
}

static uint32_t intern_long(struct weir_string_table *table, struct weir_string string) {
    uint64_t hash = weir_hash_bytes(string.data, (size_t)string.length, table->seed);
    uint32_t id = find_long(table, string, hash);
    return id != WEIR_STRING_NONE ? id : insert(table, string, (struct weir_short_string){0, 0}, hash);
}

uint32_t weir_string_table_find(const struct weir_string_table *table, struct weir_string string) {
    if (string.length > WEIR_STRING_SHORT)
        return find_long(table, string, weir_hash_bytes(string.data, (size_t)string.length, table->seed));
    struct weir_short_string words = short_of(string.data, (size_t)string.length);
    return find_short(table, words, string.length, hash_short(table, words, string.length));
}

uint32_t weir_string_table_intern(struct weir_string_table *table, struct weir_string string) {
    return string.length <= WEIR_STRING_SHORT ? intern_short(table, string) : intern_long(table, string);
}

bool weir_string_table_intern_many(struct weir_string_table *table, const struct weir_string *strings,
                                   int32_t count, uint32_t *ids) {
    struct weir_short_string words[WEIR_STRINGS_AT_ONCE];
    uint64_t hashes[WEIR_STRINGS_AT_ONCE];
    bool ok = true;
    for (int32_t i = 0; i < count; i++) {
        const struct weir_string string = strings[i];
        bool is_short = string.length <= WEIR_STRING_SHORT;
        words[i] = is_short ? short_of(string.data, (size_t)string.length) : (struct weir_short_string){0, 0};
        hashes[i] = is_short ? hash_short(table, words[i], string.length)
                             : weir_hash_bytes(string.data, (size_t)string.length, table->seed);
        if (table->slots_count > 0) WEIR_PREFETCH_WRITE(&table->slots[hashes[i] & (table->slots_count - 1)]);
    }
    for (int32_t i = 0; i < count && ok; i++) {
        ids[i] = strings[i].length <= WEIR_STRING_SHORT ? find_short(table, words[i], strings[i].length, hashes[i])
                                                        : find_long(table, strings[i], hashes[i]);
        if (ids[i] == WEIR_STRING_NONE) ids[i] = insert(table, strings[i], words[i], hashes[i]);
        ok = ids[i] != WEIR_STRING_NONE;
    }
    return ok;
}

static bool is_same_at(const struct weir_string_table *table, const struct weir_string_table *other, uint32_t id) {
    const struct weir_string *a = &table->strings[id], *b = &other->strings[id];
    if (a->length != b->length) return false;
    if (a->length > WEIR_STRING_SHORT) return memcmp(a->data, b->data, (size_t)a->length) == 0;
    const struct weir_short_string *x = &table->shorts[id], *y = &other->shorts[id];
    return ((x->first ^ y->first) | (x->last ^ y->last)) == 0;
}

bool weir_string_table_agrees(const struct weir_string_table *table, const struct weir_string_table *other,
                              uint32_t first, uint32_t count) {
    uint64_t end = (uint64_t)first + count;
    if (end > table->count || end > other->count) return false;
    for (uint32_t id = first; id < end; id++) {
        if (!is_same_at(table, other, id)) return false;
    }
    return true;
}

/* Strings that the memo has not go there. */
static bool intern_row(struct weir_string_table *table, struct weir_string string, bool remember, uint64_t *out) {
    uint32_t id =
        WEIR_LIKELY(string.length <= WEIR_STRING_SHORT) ? intern_short(table, string) : intern_long(table, string);
    if (WEIR_UNLIKELY(id == WEIR_STRING_NONE)) return false;
    if (remember) weir_string_memo_add(&table->memo, table->seed, string, id);
    *out = (uint64_t)id + 1;
    return true;
}

static bool intern_without_memo(struct weir_string_table *table, const struct weir_vector *vector,
                                const uint32_t *rows, int32_t count, uint64_t *out) {
    for (int32_t i = 0; i < count; i++) {
        uint32_t row = rows == NULL ? (uint32_t)i : rows[i];
        out[i] = 0;
        if (vector->validity != NULL && !weir_bit_get(vector->validity, row)) continue;
        if (!intern_row(table, vector->strings[row], false, &out[i])) return false;
    }
    return true;
}

bool weir_string_table_intern_rows(struct weir_string_table *table, const struct weir_vector *vector,
                                   const uint32_t *rows, int32_t count, uint64_t *out) {
    struct weir_string_memo *memo = &table->memo;
    int32_t missed = 0;
    if (!weir_string_memo_is_used(memo)) return intern_without_memo(table, vector, rows, count, out);
    for (size_t at = 0;; at++, missed++) {
        struct weir_string_places places = weir_string_memo_places(memo);
        at = weir_simd->find_strings(&places, table->seed, vector->strings, rows, vector->validity, at,
                                     (size_t)count, out);
        if (at == (size_t)count) break;
        uint32_t row = rows == NULL ? (uint32_t)at : rows[at];
        if (!intern_row(table, vector->strings[row], true, &out[at])) return false;
    }
    weir_string_memo_judge(memo, count, missed);
    return true;
}
