/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/fill_keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"

#define KEYS_FIRST 64

static size_t calls_of(const struct weir_fill_keys *keys) { return (size_t)keys->plan->aggregates_count; }

static struct weir_fill_room *rooms_of(const struct weir_fill_keys *keys, uint32_t id) {
    return keys->rooms + (size_t)id * (size_t)keys->strings_count;
}

bool weir_fill_keys_init(struct weir_fill_keys *keys, const struct weir_plan *plan, bool keeps_values) {
    memset(keys, 0, sizeof(*keys));
    keys->plan = plan;
    keys->keeps_values = keeps_values;
    keys->strings = calloc(calls_of(keys) + 1, sizeof(int32_t));
    if (keys->strings == NULL) return false;
    for (int32_t call = 0; call < plan->aggregates_count && keeps_values; call++) {
        if (weir_type_vector(plan->aggregates[call].type) == WEIR_VECTOR_STRING)
            keys->strings[keys->strings_count++] = call;
    }
    return true;
}

static void free_arrays(struct weir_fill_keys *keys) {
    for (size_t i = 0; i < (size_t)keys->count * (size_t)keys->strings_count; i++) free(keys->rooms[i].data);
    free(keys->last);
    free(keys->known);
    free(keys->values);
    free(keys->rooms);
}

void weir_fill_keys_fini(struct weir_fill_keys *keys) {
    if (keys->plan == NULL) return;
    free_arrays(keys);
    free(keys->strings);
    memset(keys, 0, sizeof(*keys));
}

size_t weir_fill_keys_bytes(const struct weir_fill_keys *keys) {
    size_t key = sizeof(int64_t) + sizeof(bool) + (size_t)keys->strings_count * sizeof(struct weir_fill_room);
    if (keys->keeps_values) key += calls_of(keys) * sizeof(struct weir_fill_value);
    return keys->capacity * key + keys->rooms_bytes;
}

static bool grow_array(void **array, size_t count, size_t element) {
    void *grown = realloc(*array, count * element + 1);
    if (grown == NULL) return false;
    *array = grown;
    return true;
}

static WEIR_COLD bool grow(struct weir_fill_keys *keys, uint32_t count) {
    uint64_t capacity = weir_round_up_pow2(count < KEYS_FIRST ? KEYS_FIRST : count);
    size_t ids = (size_t)capacity, strings = (size_t)keys->strings_count;
    if (capacity > UINT32_MAX || !grow_array((void **)&keys->last, ids, sizeof(int64_t)) ||
        !grow_array((void **)&keys->known, ids, sizeof(bool)) ||
        !grow_array((void **)&keys->rooms, ids * strings, sizeof(struct weir_fill_room)) ||
        (keys->keeps_values &&
         !grow_array((void **)&keys->values, ids * calls_of(keys), sizeof(struct weir_fill_value)))) {
        return false;
    }
    keys->capacity = (uint32_t)capacity;
    return true;
}

bool weir_fill_keys_reserve(struct weir_fill_keys *keys, uint32_t count) {
    if (WEIR_LIKELY(count <= keys->count)) return true;
    if (count > keys->capacity && !grow(keys, count)) return false;
    memset(keys->known + keys->count, 0, (size_t)(count - keys->count) * sizeof(bool));
    memset(rooms_of(keys, keys->count), 0,
           (size_t)(count - keys->count) * (size_t)keys->strings_count * sizeof(struct weir_fill_room));
    keys->count = count;
    return true;
}

/* Copies a string of the values into the key's room for it. */
static bool hold_string(struct weir_fill_keys *keys, struct weir_fill_room *room, struct weir_fill_value *value) {
    size_t length = value->some ? (size_t)value->value.string.length : 0;
    if (length == 0) return true;
    if (length > room->capacity) {
        size_t capacity = (size_t)weir_round_up_pow2(length < 16 ? 16 : length);
        char *data = realloc(room->data, capacity);
        if (data == NULL) return false;
        keys->rooms_bytes += capacity - room->capacity;
        *room = (struct weir_fill_room){data, capacity};
    }
    memcpy(room->data, value->value.string.data, length);
    value->value.string.data = room->data;
    return true;
}

bool weir_fill_keys_remember(struct weir_fill_keys *keys, uint32_t id, int64_t window,
                             const struct weir_fill_value *values) {
    keys->last[id] = window;
    keys->known[id] = true;
    if (!keys->keeps_values) return true;
    struct weir_fill_value *held = keys->values + (size_t)id * calls_of(keys);
    memcpy(held, values, calls_of(keys) * sizeof(*held));
    for (int32_t s = 0; s < keys->strings_count; s++) {
        if (!hold_string(keys, rooms_of(keys, id) + s, &held[keys->strings[s]])) return false;
    }
    return true;
}

bool weir_fill_keys_hold(const struct weir_fill_keys *keys, int64_t closed, uint32_t id) {
    int64_t most = keys->plan->fill.windows_max;
    if (!keys->known[id]) return false;
    if (most < 0 || closed <= keys->last[id]) return true;
    return (uint64_t)closed - (uint64_t)keys->last[id] <= (uint64_t)most;
}

static void move_key(struct weir_fill_keys *to, uint32_t to_id, struct weir_fill_keys *from, uint32_t id) {
    size_t strings = (size_t)from->strings_count;
    to->last[to_id] = from->last[id];
    to->known[to_id] = true;
    if (from->keeps_values) {
        memcpy(to->values + to_id * calls_of(to), weir_fill_keys_values(from, id),
               calls_of(from) * sizeof(struct weir_fill_value));
    }
    for (size_t s = 0; s < strings; s++) {
        to->rooms_bytes += rooms_of(from, id)[s].capacity;
        rooms_of(to, to_id)[s] = rooms_of(from, id)[s];
        rooms_of(from, id)[s].data = NULL;
    }
}

bool weir_fill_keys_rename(struct weir_fill_keys *keys, int64_t closed, const uint32_t *ids) {
    struct weir_fill_keys renamed = {.plan = keys->plan,
                                     .keeps_values = keys->keeps_values,
                                     .strings_count = keys->strings_count,
                                     .strings = keys->strings};
    uint32_t count = 0;
    for (uint32_t id = 0; id < keys->count; id++) {
        if (weir_fill_keys_hold(keys, closed, id) && ids[id] >= count) count = ids[id] + 1;
    }
    if (!weir_fill_keys_reserve(&renamed, count)) {
        free_arrays(&renamed);
        return false;
    }
    for (uint32_t id = 0; id < keys->count; id++) {
        if (weir_fill_keys_hold(keys, closed, id)) move_key(&renamed, ids[id], keys, id);
    }
    free_arrays(keys);
    *keys = renamed;
    return true;
}
