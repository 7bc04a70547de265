/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/key_dictionary.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

static size_t offset_bytes(const struct weir_column *words) {
    return words->storage == WEIR_STORE_UTF8 ? sizeof(int32_t) : sizeof(int64_t);
}

static int64_t offset_at(const struct weir_column *words, int64_t idx) {
    return words->storage == WEIR_STORE_UTF8 ? ((const int32_t *)words->offsets)[idx]
                                             : ((const int64_t *)words->offsets)[idx];
}

/* A dictionary with an entry for each row, as sources make them that only spell texts out, is not worth comparing:
 * the next one is another. */
#define ENTRIES_COMPARED 4096

static bool is_passing(const struct weir_column *column) {
    return column->dictionary->rows == column->rows && column->rows > ENTRIES_COMPARED;
}

/* All entries that are known, in their places; more may follow. */
static bool begins_same(const struct weir_key_dictionary *map, const struct weir_column *words) {
    if (!map->known || map->entries > words->rows || map->storage != words->storage) return false;
    if (memcmp(map->offsets, words->offsets, (size_t)(map->entries + 1) * offset_bytes(words)) != 0) return false;
    int64_t from = offset_at(words, 0);
    return map->bytes_count == 0 ||
           memcmp(map->bytes, (const char *)words->values + from, (size_t)map->bytes_count) == 0;
}

/* Keeps the first `kept` bytes. What grows doubles, so that entries that come a few at a time are not copied often.
 */
static bool make_room(void *address, size_t *room, size_t bytes, size_t kept) {
    void **block = address;
    if (bytes <= *room) return true;
    size_t wanted = kept > 0 && bytes < 2 * *room ? 2 * *room : bytes;
    void *grown = malloc(wanted);
    if (grown != NULL && kept > 0) memcpy(grown, *block, kept);
    if (grown == NULL && kept > 0) return false;
    free(*block);
    *block = grown;
    *room = grown == NULL ? 0 : wanted;
    return grown != NULL;
}

/* The first `known` entries, which are the same, stay. Without `compared` the content is not kept. */
static bool take_entries(struct weir_key_dictionary *map, const struct weir_column *words, size_t known,
                         bool compared) {
    size_t width = offset_bytes(words), entries = (size_t)words->rows;
    size_t old_bytes = known > 0 ? (size_t)map->bytes_count : 0, old_offsets = known > 0 ? (known + 1) * width : 0;
    int64_t from = offset_at(words, 0);
    size_t bytes = compared ? (size_t)(offset_at(words, words->rows) - from) : 0;
    size_t offsets = compared ? (entries + 1) * width : 0;
    if (!make_room(&map->codes, &map->codes_room, (entries + 1) * sizeof(*map->codes), known * sizeof(*map->codes)))
        return false;
    memset(map->codes + known, 0xFF, (entries + 1 - known) * sizeof(*map->codes));
    if (!make_room(&map->offsets, &map->offsets_room, offsets, old_offsets)) return false;
    if (!make_room(&map->bytes, &map->bytes_room, bytes, old_bytes)) return false;
    if (offsets > 0)
        memcpy((char *)map->offsets + old_offsets, (const char *)words->offsets + old_offsets,
               offsets - old_offsets);
    if (bytes > old_bytes)
        memcpy((char *)map->bytes + old_bytes, (const char *)words->values + from + old_bytes, bytes - old_bytes);
    map->bytes_count = (int64_t)bytes;
    return true;
}

/* Further entries need hashes, too. */
static bool extend_hashes(struct weir_key_dictionary *map, size_t known, size_t entries) {
    if (!map->hashes_begun) return true;
    if (!make_room(&map->hashes, &map->hashes_room, (entries + 1) * sizeof(*map->hashes),
                   known * sizeof(*map->hashes)))
        return false;
    memset(map->hashes + known, 0, (entries + 1 - known) * sizeof(*map->hashes));
    return true;
}

enum weir_status weir_key_dictionary_bind(struct weir_key_dictionary *map, const struct weir_column *column,
                                          struct weir_error *error) {
    const struct weir_column *words = column->dictionary;
    bool passing = is_passing(column), same = !passing && begins_same(map, words);
    size_t known = same ? (size_t)map->entries : 0, entries = (size_t)words->rows;
    map->column = column;
    if (same && known == entries) return WEIR_OK;
    map->known = false;
    if (!same) map->in_order = map->hashes_begun = false;
    if (!take_entries(map, words, known, !passing) || !extend_hashes(map, known, entries)) {
        map->in_order = map->hashes_begun = false;
        return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for a dictionary of %zu entries", entries);
    }
    map->entries = words->rows;
    map->storage = words->storage;
    map->known = !passing;
    return WEIR_OK;
}

uint64_t *weir_key_dictionary_hashes(struct weir_key_dictionary *map) {
    size_t bytes = ((size_t)map->entries + 1) * sizeof(*map->hashes);
    if (map->hashes_begun) return map->hashes;
    if (!make_room(&map->hashes, &map->hashes_room, bytes, 0)) return NULL;
    memset(map->hashes, 0, bytes);
    map->hashes_begun = true;
    return map->hashes;
}

void weir_key_dictionary_fini(struct weir_key_dictionary *map) {
    free(map->codes);
    free(map->offsets);
    free(map->bytes);
    free(map->hashes);
    memset(map, 0, sizeof(*map));
}

size_t weir_key_dictionary_bytes(const struct weir_key_dictionary *map) {
    return map->codes_room + map->offsets_room + map->bytes_room + map->hashes_room;
}
