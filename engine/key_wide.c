/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/key_wide.h"

#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "engine/key_code.h"
#include "simd/kernels.h"

void weir_key_wide_fini(struct weir_key_wide *table) {
    weir_key_words_fini(&table->marks);
    free(table->strays);
    free(table->scratch);
    memset(table, 0, sizeof(*table));
}

size_t weir_key_wide_bytes(const struct weir_key_wide *table) {
    return weir_key_words_bytes(&table->marks) + table->strays_count * sizeof(*table->strays);
}

/* ---- marks ---- */

/* Each word is mixed with the hash of those before it; the last result is hashed when it is looked up. */
static void make_marks(const uint64_t *words, size_t words_count, size_t count, uint64_t seed, uint64_t *marks,
                       uint64_t *hashes) {
    const uint64_t *before = words;
    for (size_t w = 1; w < words_count; w++, before = marks) {
        const uint64_t *here = words + w * WEIR_BLOCK_ROWS;
        weir_simd->hash_u64(before, count, seed, hashes);
        for (size_t i = 0; i < count; i++) marks[i] = hashes[i] ^ here[i];
    }
    weir_simd->hash_u64(marks, count, seed, hashes);
}

/* ---- keys ---- */

/* What of a block is looked up. */
struct lookup {
    struct weir_key_wide *table;
    struct weir_key_list *list;
    const uint64_t *words;
    size_t words_count;
    uint64_t seed;
    uint64_t *key; /* room for one */
    uint32_t *ids;
};

/* The bits in which row i differs from the key that it was found to be. */
WEIR_INLINE uint64_t differ(const struct lookup *lookup, size_t words_count, size_t i) {
    const uint64_t *key = &lookup->list->words[lookup->ids[i] * words_count];
    uint64_t bits = 0;
    for (size_t w = 0; w < words_count; w++) bits |= key[w] ^ lookup->words[w * WEIR_BLOCK_ROWS + i];
    return bits;
}

/* True where each of rows from .. to - 1 is the key that it was found to be. */
static bool are_same(const struct lookup *lookup, size_t from, size_t to) {
    const struct lookup over = *lookup;
    uint64_t bits = 0;
    if (over.words_count == 2) { /* the commonest: no inner loop */
        for (size_t i = from; i < to; i++) bits |= differ(&over, 2, i);
    } else {
        for (size_t i = from; i < to; i++) bits |= differ(&over, over.words_count, i);
    }
    return bits == 0;
}

static const uint64_t *gather_key(const struct lookup *lookup, size_t i) {
    for (size_t w = 0; w < lookup->words_count; w++) lookup->key[w] = lookup->words[w * WEIR_BLOCK_ROWS + i];
    return lookup->key;
}

/* The id of row i, whose mark is that of another key; WEIR_KEY_UNLISTED when memory is short. */
static WEIR_COLD uint32_t find_stray(const struct lookup *lookup, size_t i) {
    struct weir_key_wide *table = lookup->table;
    for (uint32_t s = 0; s < table->strays_count; s++) {
        lookup->ids[i] = table->strays[s];
        if (differ(lookup, lookup->words_count, i) == 0) return table->strays[s];
    }
    uint32_t *strays = realloc(table->strays, ((size_t)table->strays_count + 1) * sizeof(*strays));
    if (strays == NULL) return WEIR_KEY_UNLISTED;
    table->strays = strays;
    uint32_t id = weir_key_list_append(lookup->list, gather_key(lookup, i));
    if (id != WEIR_KEY_UNLISTED) strays[table->strays_count++] = id;
    return id;
}

/* Compares rows from .. to - 1, whose marks were found; false when memory is short. */
static bool settle(const struct lookup *lookup, size_t from, size_t to) {
    if (WEIR_LIKELY(are_same(lookup, from, to))) return true;
    for (size_t i = from; i < to; i++) {
        if (differ(lookup, lookup->words_count, i) == 0) continue;
        lookup->ids[i] = find_stray(lookup, i);
        if (lookup->ids[i] == WEIR_KEY_UNLISTED) return false;
    }
    return true;
}

/* Keys before the first new one are settled before it is listed, so that strays are listed in their order, too. */
static bool look_up(const struct lookup *lookup, const uint64_t *marks, const uint64_t *hashes, size_t count) {
    struct weir_key_words *table = &lookup->table->marks;
    for (size_t from = 0, at;; from = at + 1) {
        at = weir_key_words_find(table, marks, hashes, from, count, lookup->ids);
        if (!settle(lookup, from, at)) return false;
        if (at == count) return true;
        uint32_t id =
            weir_key_words_insert(table, lookup->list, lookup->seed, marks[at], hashes[at], gather_key(lookup, at));
        if (id == WEIR_KEY_UNLISTED) return false;
        lookup->ids[at] = id;
    }
}

bool weir_key_wide_map(struct weir_key_wide *table, struct weir_key_list *list, uint64_t seed,
                       const uint64_t *words, int32_t count, uint32_t *ids) {
    size_t words_count = (size_t)list->words_count;
    if (table->scratch == NULL)
        table->scratch = malloc((2 * WEIR_BLOCK_ROWS + words_count) * sizeof(*table->scratch));
    if (table->scratch == NULL) return false;
    uint64_t *marks = table->scratch, *hashes = marks + WEIR_BLOCK_ROWS;
    struct lookup lookup = {table, list, words, words_count, seed, hashes + WEIR_BLOCK_ROWS, ids};
    make_marks(words, words_count, (size_t)count, seed, marks, hashes);
    return look_up(&lookup, marks, hashes, (size_t)count);
}
