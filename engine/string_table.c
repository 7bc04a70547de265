/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/string_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define SLOTS_FIRST 64

void weir_string_table_init(struct weir_string_table *table, uint64_t seed) {
    memset(table, 0, sizeof(*table));
    table->seed = seed;
    weir_arena_init(&table->bytes, 16 * 1024);
}

void weir_string_table_fini(struct weir_string_table *table) {
    free(table->slots);
    free(table->strings);
    free(table->hashes);
    weir_arena_fini(&table->bytes);
    memset(table, 0, sizeof(*table));
}

size_t weir_string_table_bytes(const struct weir_string_table *table) {
    return table->slots_count * sizeof(*table->slots) +
           (size_t)table->capacity * (sizeof(*table->strings) + sizeof(*table->hashes)) +
           table->bytes.bytes_reserved;
}

static void place(struct weir_string_slot *slots, size_t mask, uint64_t hash, uint32_t id) {
    size_t at = (size_t)hash & mask;
    while (slots[at].id != 0) at = (at + 1) & mask;
    slots[at] = (struct weir_string_slot){(uint32_t)(hash >> 32), id + 1};
}

static WEIR_COLD bool grow_slots(struct weir_string_table *table) {
    size_t count = table->slots_count == 0 ? SLOTS_FIRST : table->slots_count * 2;
    struct weir_string_slot *slots = calloc(count, sizeof(*slots));
    if (slots == NULL) return false;
    for (uint32_t id = 0; id < table->count; id++) place(slots, count - 1, table->hashes[id], id);
    free(table->slots);
    table->slots = slots;
    table->slots_count = count;
    return true;
}

static WEIR_COLD bool grow_strings(struct weir_string_table *table) {
    if (table->capacity >= UINT32_MAX / 2) return false;
    uint32_t capacity = table->capacity == 0 ? SLOTS_FIRST : table->capacity * 2;
    struct weir_string *strings = realloc(table->strings, (size_t)capacity * sizeof(*strings));
    if (strings == NULL) return false;
    table->strings = strings;
    uint64_t *hashes = realloc(table->hashes, (size_t)capacity * sizeof(*hashes));
    if (hashes == NULL) return false;
    table->hashes = hashes;
    table->capacity = capacity;
    return true;
}

static WEIR_COLD uint32_t insert(struct weir_string_table *table, struct weir_string string, uint64_t hash) {
    if ((size_t)table->count * 2 >= table->slots_count && !grow_slots(table)) return WEIR_STRING_NONE;
    if (table->count == table->capacity && !grow_strings(table)) return WEIR_STRING_NONE;
    char *copy = weir_arena_string(&table->bytes, string.length > 0 ? string.data : "", (size_t)string.length);
    if (copy == NULL) return WEIR_STRING_NONE;
    uint32_t id = table->count++;
    table->strings[id] = (struct weir_string){copy, string.length};
    table->hashes[id] = hash;
    place(table->slots, table->slots_count - 1, hash, id);
    return id;
}

uint32_t weir_string_table_intern(struct weir_string_table *table, struct weir_string string) {
    uint64_t hash = weir_hash_bytes(string.data, (size_t)string.length, table->seed);
    if (WEIR_LIKELY(table->slots_count != 0)) {
        size_t mask = table->slots_count - 1;
        uint32_t tag = (uint32_t)(hash >> 32);
        for (size_t at = (size_t)hash & mask; table->slots[at].id != 0; at = (at + 1) & mask) {
            if (table->slots[at].tag != tag) continue;
            const struct weir_string *known = &table->strings[table->slots[at].id - 1];
            if (known->length != string.length) continue;
            if (string.length == 0 || memcmp(known->data, string.data, (size_t)string.length) == 0) {
                return table->slots[at].id - 1;
            }
        }
    }
    return insert(table, string, hash);
}
