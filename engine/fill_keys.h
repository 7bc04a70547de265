/* SPDX-License-Identifier: Apache-2.0
 *
 * What FILL remembers of each key: the last window that held rows of it, and where rows are filled from them, the
 * values of that window. By key id, dense.
 */
#ifndef WEIR_ENGINE_FILL_KEYS_H
#define WEIR_ENGINE_FILL_KEYS_H

#include "engine/fill_value.h"

/* A string of a key's values, in memory of its own. */
struct weir_fill_room {
    char *data;
    size_t capacity;
};

struct weir_fill_keys {
    const struct weir_plan *plan;
    bool keeps_values;
    int32_t strings_count; /* aggregates of type STRING, where values are kept */
    int32_t *strings;      /* which they are */
    uint32_t count;        /* ids below are initialised */
    uint32_t capacity;
    int64_t *last; /* the last window, where `known` */
    bool *known;
    struct weir_fill_value *values; /* of that window, plan->aggregates_count a key */
    struct weir_fill_room *rooms;   /* strings_count a key */
    size_t rooms_bytes;
};

/* False when memory is short, as in all of the following. */
bool weir_fill_keys_init(struct weir_fill_keys *keys, const struct weir_plan *plan, bool keeps_values);
void weir_fill_keys_fini(struct weir_fill_keys *keys);

/* Makes ids below `count` usable. */
bool weir_fill_keys_reserve(struct weir_fill_keys *keys, uint32_t count);

bool weir_fill_keys_remember(struct weir_fill_keys *keys, uint32_t id, int64_t window,
                             const struct weir_fill_value *values);

static inline const struct weir_fill_value *weir_fill_keys_values(const struct weir_fill_keys *keys, uint32_t id) {
    return keys->values + (size_t)id * (size_t)keys->plan->aggregates_count;
}

/* Whether a window after `closed` may still be filled from what is known of the key. */
bool weir_fill_keys_hold(const struct weir_fill_keys *keys, int64_t closed, uint32_t id);

/* ids[old] is the new id of each key that is held; the others are forgotten. Unchanged when memory is short. */
bool weir_fill_keys_rename(struct weir_fill_keys *keys, int64_t closed, const uint32_t *ids);

size_t weir_fill_keys_bytes(const struct weir_fill_keys *keys);

#endif
