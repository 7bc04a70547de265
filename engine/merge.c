/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/error.h"

void weir_id_map_fini(struct weir_id_map *map) {
    free(map->ids);
    *map = (struct weir_id_map){.ids = NULL};
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

/* to_ids[i]: the id there of the key with from->ids[i] here. */
static enum weir_status look_up(struct weir_ingest *to, struct weir_ingest *from, int32_t count, uint32_t *to_ids,
                                struct weir_error *error) {
    weir_arena_reset(&from->arena);
    for (int32_t key = 0; key < from->plan->keys_count; key++) {
        from->inputs[key] = (struct weir_key_input){.column = NULL};
        enum weir_status status = weir_key_table_values(from->keys, key, from->ids, count, &from->arena,
                                                        &from->inputs[key].vector, error);
        if (status != WEIR_OK) return status;
    }
    return weir_key_table_map(to->keys, from->inputs, NULL, count, to_ids, error);
}

/* Translates the ids [map->count, map->count + count). */
static enum weir_status translate(struct weir_ingest *to, struct weir_ingest *from, struct weir_id_map *map,
                                  int32_t count, struct weir_error *error) {
    for (int32_t i = 0; i < count; i++) from->ids[i] = map->count + (uint32_t)i;
    if (!map->is_other && weir_key_table_agrees(to->keys, from->keys, map->count, (uint32_t)count)) {
        memcpy(map->ids + map->count, from->ids, (size_t)count * sizeof(*map->ids));
        map->count += (uint32_t)count;
        return WEIR_OK;
    }
    map->is_other = true;
    enum weir_status status = look_up(to, from, count, map->ids + map->count, error);
    if (status == WEIR_OK) map->count += (uint32_t)count;
    return status;
}

static enum weir_status translate_new(struct weir_ingest *to, struct weir_ingest *from, struct weir_id_map *map,
                                      struct weir_error *error) {
    uint32_t known = weir_key_table_count(from->keys);
    enum weir_status status = make_room(map, known, error);
    if (map->count == known) return status;
    /* Ids follow the hashes where rows have waited. */
    weir_key_table_expect(to->keys, (uint64_t)weir_key_table_count(to->keys) + known - map->count);
    while (status == WEIR_OK && map->count < known) {
        uint32_t left = known - map->count;
        status = translate(to, from, map, left < WEIR_BLOCK_ROWS ? (int32_t)left : WEIR_BLOCK_ROWS, error);
    }
    weir_key_table_expect(to->keys, 0);
    return status;
}

/* A slice that cannot have more keys than others had is not looked through. */
static void note_keys(struct weir_ingest *ingest, const struct weir_slice *slice) {
    if (slice->keys <= ingest->keys_used) return;
    weir_ingest_keys_used(ingest, weir_slice_count_keys(slice, ingest->accumulator->stride));
}

struct move {
    struct weir_ingest *to, *from;
    const struct weir_id_map *map;
    int64_t closed;
    enum weir_status *status;
    struct weir_error *error;
};

/* Adds a slice that counts by now to the other store; true when it is there. */
static bool is_moved(const struct weir_slice *slice, const void *user) {
    const struct move *move = user;
    if (slice->first > move->closed || *move->status != WEIR_OK) return false;
    struct weir_slice_store *store = &move->to->store;
    note_keys(move->from, slice);
    struct weir_slice *target = weir_slice_store_open(store, slice->index, slice->first);
    *move->status = target == NULL
                        ? weir_error_set(move->error, WEIR_ERR_MEMORY, "out of memory while a window fires")
                        : weir_slice_merge(store, target, slice, move->map->is_other ? move->map->ids : NULL,
                                           weir_key_table_count(move->to->keys), move->error);
    return *move->status == WEIR_OK;
}

/* One by one, so that what thousands of closed windows hold is not there twice. */
static enum weir_status merge_slices(struct weir_ingest *to, struct weir_ingest *from,
                                     const struct weir_id_map *map, int64_t closed, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    struct move move = {to, from, map, closed, &status, error};
    weir_slice_store_remove(&from->store, is_moved, &move);
    return status;
}

/* Translates the keys of the results alone. */
static enum weir_status translate_due(struct weir_ingest *to, struct weir_ingest *from, struct weir_error *error) {
    struct weir_due *due = &from->due;
    enum weir_status status = WEIR_OK;
    for (uint32_t first = 0; first < due->count && status == WEIR_OK; first += WEIR_BLOCK_ROWS) {
        uint32_t left = due->count - first, count = left < WEIR_BLOCK_ROWS ? left : WEIR_BLOCK_ROWS;
        struct weir_due_entry *entries = due->entries + first;
        for (uint32_t i = 0; i < count; i++) from->ids[i] = entries[i].id;
        status = look_up(to, from, (int32_t)count, from->selected, error);
        for (uint32_t i = 0; i < count && status == WEIR_OK; i++) entries[i].id = from->selected[i];
    }
    return status;
}

/* A machine gives out the results of few keys at a time, and the pipeline forgets keys as soon as it has: to have
 * all keys of the worker there for the sake of those would cost as much as the rows do. */
static enum weir_status merge_due(struct weir_ingest *to, struct weir_ingest *from, struct weir_id_map *map,
                                  struct weir_error *error) {
    uint32_t unknown = weir_key_table_count(from->keys) - map->count;
    bool few = from->due.count < unknown;
    if (from->due.count == 0) return WEIR_OK;
    enum weir_status status = few ? translate_due(to, from, error) : translate_new(to, from, map, error);
    return status == WEIR_OK ? weir_due_take(&to->due, &from->due, few ? NULL : map->ids, error) : status;
}

enum weir_status weir_merge(struct weir_ingest *to, struct weir_ingest *from, struct weir_id_map *map,
                            int64_t closed, struct weir_error *error) {
    WEIR_ASSERT(from->waiting.rows == 0 && to->waiting.rows == 0);
    if (map->from_generation != from->keys_generation || map->to_generation != to->keys_generation) {
        map->count = 0; /* ids mean other keys now */
        map->is_other = false;
        map->from_generation = from->keys_generation;
        map->to_generation = to->keys_generation;
    }
    enum weir_status status = WEIR_OK;
    if (from->machine == NULL) {
        status = translate_new(to, from, map, error);
        if (status == WEIR_OK) status = merge_slices(to, from, map, closed, error);
    } else {
        status = merge_due(to, from, map, error);
    }
    if (status == WEIR_OK && from->side.plan != NULL) status = weir_side_take(&to->side, &from->side, error);
    return status;
}

/* ---- taking what one owns ---- */

#define NOT_OWN UINT32_MAX

/* ids[id of from] = id of to, or NOT_OWN. */
static enum weir_status map_own(struct weir_ingest *to, const struct weir_ingest *from, uint32_t *ids,
                                struct weir_error *error) {
    uint32_t known = weir_key_table_count(from->keys);
    for (uint32_t first = 0; first < known; first += WEIR_BLOCK_ROWS) {
        uint32_t left = known - first;
        int32_t count = left < WEIR_BLOCK_ROWS ? (int32_t)left : WEIR_BLOCK_ROWS;
        for (int32_t i = 0; i < count; i++) {
            to->ids[i] = first + (uint32_t)i;
            ids[first + (uint32_t)i] = NOT_OWN;
        }
        weir_arena_reset(&to->arena);
        for (int32_t key = 0; key < to->plan->keys_count; key++) {
            to->inputs[key] = (struct weir_key_input){.column = NULL};
            enum weir_status status =
                weir_key_table_values(from->keys, key, to->ids, count, &to->arena, &to->inputs[key].vector, error);
            if (status != WEIR_OK) return status;
        }
        int32_t own = weir_exchange_own(&to->exchange, to->inputs, NULL, count, to->selected, to->hashes);
        enum weir_status status = weir_key_table_map(to->keys, to->inputs, to->selected, own, to->ids, error);
        if (status != WEIR_OK) return status;
        for (int32_t i = 0; i < own; i++) ids[first + to->selected[i]] = to->ids[i];
    }
    return WEIR_OK;
}

static enum weir_status merge_own_rows(struct weir_ingest *to, struct weir_slice *target,
                                       const struct weir_slice *slice, const uint32_t *ids,
                                       struct weir_error *error) {
    size_t stride = to->accumulator->stride;
    if (target == NULL || !weir_slice_reserve(&to->store, target, weir_key_table_count(to->keys)))
        return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while keys are divided among workers");
    enum weir_status status = WEIR_OK;
    for (uint32_t id = 0; id < slice->keys && status == WEIR_OK; id++) {
        if (ids[id] == NOT_OWN || weir_slice_rows_of(slice, stride, id) == 0) continue;
        status = weir_accumulator_merge(to->accumulator, target->rows + (size_t)ids[id] * stride,
                                        slice->rows + (size_t)id * stride, &target->heap, error);
    }
    return status;
}

enum weir_status weir_merge_own(struct weir_ingest *to, const struct weir_ingest *from, struct weir_error *error) {
    WEIR_ASSERT(from->waiting.rows == 0);
    uint32_t *ids = malloc(((size_t)weir_key_table_count(from->keys) + 1) * sizeof(*ids));
    if (ids == NULL)
        return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while keys are divided among workers");
    weir_key_table_expect(to->keys, weir_key_table_count(from->keys)); /* as above */
    enum weir_status status = map_own(to, from, ids, error);
    weir_key_table_expect(to->keys, 0);
    for (uint32_t i = 0; i < from->store.count && status == WEIR_OK; i++) {
        const struct weir_slice *slice = from->store.slices[i];
        if (slice->is_held) continue;
        struct weir_slice *target = weir_slice_store_open(&to->store, slice->index, slice->first);
        status = merge_own_rows(to, target, slice, ids, error);
        if (status == WEIR_OK) target->is_sum = slice->is_sum;
    }
    if (status == WEIR_OK && from->running != NULL) {
        to->running = weir_slice_take(&to->store);
        status = merge_own_rows(to, to->running, from->running, ids, error);
    }
    free(ids);
    return status;
}
