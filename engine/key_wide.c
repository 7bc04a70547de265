/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/key_wide.h"

#include <stdlib.h>
#include <string.h>

#include "alloc/pages.h"
#include "base/attributes.h"
#include "base/hash.h"
#include "engine/key_code.h"

#define SLOTS_FIRST 256

struct weir_wide_slot {
    uint32_t tag;
    uint32_t id; /* + 1 */
};

void weir_key_wide_fini(struct weir_key_wide *table) {
    weir_pages_free(table->slots, weir_key_wide_bytes(table));
    *table = (struct weir_key_wide){NULL, 0};
}

size_t weir_key_wide_bytes(const struct weir_key_wide *table) { return table->slots_count * sizeof(*table->slots); }

static const uint64_t *key_at(const struct weir_key_list *list, uint32_t id) {
    return &list->words[(size_t)id * (size_t)list->words_count];
}

static size_t key_bytes(const struct weir_key_list *list) { return (size_t)list->words_count * sizeof(uint64_t); }

static void place(struct weir_wide_slot *slots, size_t mask, uint64_t hash, uint32_t id) {
    size_t at = (size_t)hash & mask;
    while (slots[at].id != 0) at = (at + 1) & mask;
    slots[at] = (struct weir_wide_slot){(uint32_t)(hash >> 32), id + 1};
}

static WEIR_COLD bool grow(struct weir_key_wide *table, const struct weir_key_list *list, uint64_t seed) {
    size_t count = table->slots_count == 0 ? SLOTS_FIRST : table->slots_count * 2;
    struct weir_wide_slot *slots = weir_pages_alloc(count * sizeof(*slots));
    if (slots == NULL) return false;
    for (uint32_t id = 0; id < list->count; id++)
        place(slots, count - 1, weir_hash_bytes(key_at(list, id), key_bytes(list), seed), id);
    weir_key_wide_fini(table);
    *table = (struct weir_key_wide){slots, count};
    return true;
}

static WEIR_COLD uint32_t insert(struct weir_key_wide *table, struct weir_key_list *list, uint64_t seed,
                                 const uint64_t *key, uint64_t hash) {
    if ((size_t)list->count * 2 >= table->slots_count && !grow(table, list, seed)) return WEIR_KEY_UNLISTED;
    uint32_t id = weir_key_list_append(list, key);
    if (id != WEIR_KEY_UNLISTED) place(table->slots, table->slots_count - 1, hash, id);
    return id;
}

static uint32_t find(struct weir_key_wide *table, struct weir_key_list *list, uint64_t seed, const uint64_t *key) {
    size_t bytes = key_bytes(list), mask = table->slots_count - 1;
    uint64_t hash = weir_hash_bytes(key, bytes, seed);
    const struct weir_wide_slot *slots = table->slots;
    uint32_t tag = (uint32_t)(hash >> 32);
    for (size_t at = (size_t)hash & mask; slots[at].id != 0; at = (at + 1) & mask) {
        if (slots[at].tag != tag) continue;
        uint32_t id = slots[at].id - 1;
        if (memcmp(key_at(list, id), key, bytes) == 0) return id;
    }
    return insert(table, list, seed, key, hash);
}

bool weir_key_wide_map(struct weir_key_wide *table, struct weir_key_list *list, uint64_t seed,
                       const uint64_t *words, int32_t count, uint32_t *ids) {
    if (table->slots_count == 0 && !grow(table, list, seed)) return false;
    uint64_t few[WEIR_KEY_WORDS_STACK];
    uint64_t *key = few;
    size_t words_count = (size_t)list->words_count;
    if (words_count > WEIR_KEY_WORDS_STACK) {
        key = malloc(words_count * sizeof(*key));
        if (key == NULL) return false;
    }
    bool ok = true;
    for (int32_t i = 0; i < count; i++) {
        for (size_t w = 0; w < words_count; w++) key[w] = words[w * WEIR_BLOCK_ROWS + (size_t)i];
        ids[i] = find(table, list, seed, key);
        ok &= ids[i] != WEIR_KEY_UNLISTED;
    }
    if (key != few) free(key);
    return ok;
}
