/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/merge.h"

#include <stdlib.h>

#include "base/error.h"

void weir_id_map_fini(struct weir_id_map *map) {
    free(map->ids);
    *map = (struct weir_id_map){NULL, 0, 0};
}

static enum weir_status make_room(struct weir_id_map *map, uint32_t count, struct weir_error *error) {
    if (count <= map->room) return WEIR_OK;
    uint64_t room = map->room == 0 ? 1024 : map->room;
    while (room < count) room *= 2;
    uint32_t *ids = realloc(map->ids, (size_t)room * sizeof(*ids));
    if (ids == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for %u keys", count);
    map->ids = ids;
    map->room = (uint32_t)room;
    return WEIR_OK;
}

/* Translates the ids [map->count, map->count + count). */
static enum weir_status translate(struct weir_ingest *to, struct weir_ingest *from, struct weir_id_map *map,
                                  int32_t count, struct weir_error *error) {
    for (int32_t i = 0; i < count; i++) from->ids[i] = map->count + (uint32_t)i;
    weir_arena_reset(&from->arena);
    for (int32_t key = 0; key < from->plan->keys_count; key++) {
        from->inputs[key] = (struct weir_key_input){.column = NULL};
        enum weir_status status = weir_key_table_values(from->keys, key, from->ids, count, &from->arena,
                                                        &from->inputs[key].vector, error);
        if (status != WEIR_OK) return status;
    }
    enum weir_status status = weir_key_table_map(to->keys, from->inputs, NULL, count, map->ids + map->count, error);
    if (status == WEIR_OK) map->count += (uint32_t)count;
    return status;
}

static enum weir_status translate_new(struct weir_ingest *to, struct weir_ingest *from, struct weir_id_map *map,
                                      struct weir_error *error) {
    uint32_t known = weir_key_table_count(from->keys);
    enum weir_status status = make_room(map, known, error);
    while (status == WEIR_OK && map->count < known) {
        uint32_t left = known - map->count;
        status = translate(to, from, map, left < WEIR_BLOCK_ROWS ? (int32_t)left : WEIR_BLOCK_ROWS, error);
    }
    return status;
}

static bool counts_in(const struct weir_slice *slice, const void *user) {
    return slice->first <= *(const int64_t *)user;
}

enum weir_status weir_merge_slices(struct weir_ingest *to, struct weir_ingest *from, struct weir_id_map *map,
                                   int64_t closed, struct weir_error *error) {
    enum weir_status status = translate_new(to, from, map, error);
    for (uint32_t i = 0; i < from->store.count && status == WEIR_OK; i++) {
        const struct weir_slice *slice = from->store.slices[i];
        if (!counts_in(slice, &closed)) continue;
        struct weir_slice *target = weir_slice_store_open(&to->store, slice->index, slice->first);
        if (target == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while a window fires");
        status = weir_slice_merge(&to->store, target, slice, map->ids, weir_key_table_count(to->keys), error);
    }
    if (status == WEIR_OK) weir_slice_store_remove(&from->store, counts_in, &closed);
    return status;
}
