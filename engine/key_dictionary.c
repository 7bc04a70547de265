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

static bool is_same(const struct weir_key_dictionary *map, const struct weir_column *words) {
    if (!map->known || map->entries != words->rows || map->storage != words->storage) return false;
    if (memcmp(map->offsets, words->offsets, (size_t)(words->rows + 1) * offset_bytes(words)) != 0) return false;
    int64_t from = offset_at(words, 0);
    return map->bytes_count == 0 ||
           memcmp(map->bytes, (const char *)words->values + from, (size_t)map->bytes_count) == 0;
}

/* The content is not kept. */
static bool make_room(void *address, size_t *room, size_t bytes) {
    void **block = address;
    if (bytes <= *room) return true;
    free(*block);
    *block = malloc(bytes);
    *room = *block == NULL ? 0 : bytes;
    return *block != NULL;
}

static enum weir_status remember(struct weir_key_dictionary *map, const struct weir_column *words,
                                 struct weir_error *error) {
    size_t width = offset_bytes(words), entries = (size_t)words->rows;
    int64_t from = offset_at(words, 0);
    size_t bytes = (size_t)(offset_at(words, words->rows) - from);
    map->known = map->in_order = map->hashes_begun = false;
    if (!make_room(&map->codes, &map->codes_room, (entries + 1) * sizeof(*map->codes)) ||
        !make_room(&map->offsets, &map->offsets_room, (entries + 1) * width) ||
        !make_room(&map->bytes, &map->bytes_room, bytes + 1)) {
        return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for a dictionary of %zu entries", entries);
    }
    memset(map->codes, 0xFF, (entries + 1) * sizeof(*map->codes));
    memcpy(map->offsets, words->offsets, (entries + 1) * width);
    if (bytes > 0) memcpy(map->bytes, (const char *)words->values + from, bytes);
    map->entries = words->rows;
    map->bytes_count = (int64_t)bytes;
    map->storage = words->storage;
    map->known = true;
    return WEIR_OK;
}

enum weir_status weir_key_dictionary_bind(struct weir_key_dictionary *map, const struct weir_column *column,
                                          struct weir_error *error) {
    map->column = column;
    return is_same(map, column->dictionary) ? WEIR_OK : remember(map, column->dictionary, error);
}

uint64_t *weir_key_dictionary_hashes(struct weir_key_dictionary *map) {
    size_t bytes = ((size_t)map->entries + 1) * sizeof(*map->hashes);
    if (map->hashes_begun) return map->hashes;
    if (!make_room(&map->hashes, &map->hashes_room, bytes)) return NULL;
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
