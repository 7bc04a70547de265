/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/slice_store.h"

#include <stdlib.h>
#include <string.h>

#include "alloc/pages.h"
#include "base/bits.h"
#include "base/error.h"
#include "base/hash.h"

#define KEYS_FIRST 64
#define TABLE_FIRST 16

void weir_slice_store_init(struct weir_slice_store *store, const struct weir_accumulator *accumulator) {
    memset(store, 0, sizeof(*store));
    store->accumulator = accumulator;
}

static void free_slice(struct weir_slice_store *store, struct weir_slice *slice) {
    size_t bytes = (size_t)slice->capacity * store->accumulator->stride;
    weir_pages_free(slice->rows, bytes);
    weir_arena_fini(&slice->heap);
    free(slice);
}

void weir_slice_store_fini(struct weir_slice_store *store) {
    if (store->accumulator == NULL) return;
    for (uint32_t i = 0; i < store->count; i++) free_slice(store, store->slices[i]);
    while (store->recycled != NULL) {
        struct weir_slice *slice = store->recycled;
        store->recycled = slice->next_free;
        free_slice(store, slice);
    }
    free(store->slices);
    free(store->table);
    memset(store, 0, sizeof(*store));
}

size_t weir_slice_store_bytes(const struct weir_slice_store *store) {
    size_t bytes = store->bytes;
    for (uint32_t i = 0; i < store->count; i++) bytes += store->slices[i]->heap.bytes_reserved;
    return bytes;
}

/* ---- the table ---- */

static size_t home(const struct weir_slice_store *store, int64_t index, int64_t first) {
    return (size_t)weir_hash_u64((uint64_t)index, weir_hash_u64((uint64_t)first, 0)) & (store->table_count - 1);
}

static void table_place(struct weir_slice_store *store, uint32_t position) {
    const struct weir_slice *slice = store->slices[position];
    size_t at = home(store, slice->index, slice->first);
    while (store->table[at] != 0) at = (at + 1) & (store->table_count - 1);
    store->table[at] = position + 1;
}

static void table_rebuild(struct weir_slice_store *store) {
    if (store->table_count == 0) return;
    memset(store->table, 0, store->table_count * sizeof(*store->table));
    for (uint32_t i = 0; i < store->count; i++) table_place(store, i);
}

static bool make_room(struct weir_slice_store *store) {
    if (store->count == store->capacity) {
        uint32_t capacity = store->capacity == 0 ? TABLE_FIRST : store->capacity * 2;
        struct weir_slice **slices = realloc(store->slices, (size_t)capacity * sizeof(struct weir_slice *));
        if (slices == NULL) return false;
        store->slices = slices;
        store->capacity = capacity;
    }
    if ((uint64_t)store->count * 2 < store->table_count) return true;
    uint32_t table_count = store->table_count == 0 ? TABLE_FIRST : store->table_count * 2;
    uint32_t *table = realloc(store->table, (size_t)table_count * sizeof(*table));
    if (table == NULL) return false;
    store->table = table;
    store->table_count = table_count;
    table_rebuild(store);
    return true;
}

static struct weir_slice *new_slice(struct weir_slice_store *store) {
    struct weir_slice *slice = store->recycled;
    if (slice != NULL) {
        store->recycled = slice->next_free;
    } else {
        slice = calloc(1, sizeof(*slice));
        if (slice == NULL) return NULL;
    }
    slice->next_free = NULL;
    slice->keys = 0;
    weir_arena_reset(&slice->heap);
    return slice;
}

struct weir_slice *weir_slice_store_open(struct weir_slice_store *store, int64_t index, int64_t first) {
    if (store->table_count != 0) {
        for (size_t at = home(store, index, first); store->table[at] != 0;
             at = (at + 1) & (store->table_count - 1)) {
            struct weir_slice *slice = store->slices[store->table[at] - 1];
            if (slice->index == index && slice->first == first) return slice;
        }
    }
    if (!make_room(store)) return NULL;
    struct weir_slice *slice = new_slice(store);
    if (slice == NULL) return NULL;
    slice->index = index;
    slice->first = first;
    store->slices[store->count] = slice;
    table_place(store, store->count++);
    return slice;
}

static WEIR_COLD bool grow_rows(struct weir_slice_store *store, struct weir_slice *slice, uint32_t keys) {
    size_t stride = store->accumulator->stride;
    uint64_t capacity = weir_round_up_pow2(keys < KEYS_FIRST ? KEYS_FIRST : keys);
    if (capacity > UINT32_MAX || capacity > SIZE_MAX / stride) return false;
    char *rows = weir_pages_alloc((size_t)capacity * stride);
    if (rows == NULL) return false;
    if (slice->keys > 0) memcpy(rows, slice->rows, (size_t)slice->keys * stride);
    weir_pages_free(slice->rows, (size_t)slice->capacity * stride);
    store->bytes += ((size_t)capacity - slice->capacity) * stride;
    slice->rows = rows;
    slice->capacity = (uint32_t)capacity;
    return true;
}

bool weir_slice_reserve(struct weir_slice_store *store, struct weir_slice *slice, uint32_t keys) {
    if (WEIR_LIKELY(keys <= slice->keys)) return true;
    if (keys > slice->capacity && !grow_rows(store, slice, keys)) return false;
    weir_accumulator_fresh(store->accumulator, slice->rows, slice->keys, keys);
    slice->keys = keys;
    return true;
}

static void recycle(struct weir_slice_store *store, struct weir_slice *slice) {
    slice->next_free = store->recycled;
    store->recycled = slice;
}

void weir_slice_store_remove(struct weir_slice_store *store,
                             bool (*closed)(const struct weir_slice *slice, const void *user), const void *user) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < store->count; i++) {
        struct weir_slice *slice = store->slices[i];
        if (closed(slice, user)) {
            recycle(store, slice);
        } else {
            store->slices[kept++] = slice;
        }
    }
    if (kept == store->count) return;
    store->count = kept;
    table_rebuild(store);
}

static int by_index(const void *a, const void *b) {
    const struct weir_slice *x = *(struct weir_slice *const *)a, *y = *(struct weir_slice *const *)b;
    if (x->index != y->index) return x->index < y->index ? -1 : 1;
    return x->first < y->first ? -1 : x->first > y->first;
}

void weir_slice_store_sort(struct weir_slice_store *store) {
    if (store->count < 2) return;
    bool sorted = true;
    for (uint32_t i = 1; i < store->count && sorted; i++) {
        sorted = by_index(&store->slices[i - 1], &store->slices[i]) < 0;
    }
    if (sorted) return;
    qsort(store->slices, store->count, sizeof(struct weir_slice *), by_index);
    table_rebuild(store);
}

struct weir_slice *weir_slice_take(struct weir_slice_store *store) {
    return new_slice(store);
}

void weir_slice_release(struct weir_slice_store *store, struct weir_slice *slice) {
    if (slice != NULL) recycle(store, slice);
}

void weir_slice_clear(struct weir_slice_store *store, struct weir_slice *slice) {
    slice->keys = 0;
    weir_arena_reset(&slice->heap);
    (void)store;
}

enum weir_status weir_slice_merge(struct weir_slice_store *store, struct weir_slice *to,
                                  const struct weir_slice *from, const uint32_t *ids, uint32_t ids_keys,
                                  struct weir_error *error) {
    const struct weir_accumulator *accumulator = store->accumulator;
    size_t stride = accumulator->stride;
    uint32_t keys = ids == NULL ? from->keys : ids_keys;
    if (!weir_slice_reserve(store, to, keys)) {
        return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the accumulators of %u keys", keys);
    }
    for (uint32_t id = 0; id < from->keys; id++) {
        const char *row = from->rows + (size_t)id * stride;
        if (*(const int64_t *)row == 0) continue;
        char *target = to->rows + (size_t)(ids == NULL ? id : ids[id]) * stride;
        enum weir_status status = weir_accumulator_merge(accumulator, target, row, &to->heap, error);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

bool weir_slice_rename(struct weir_slice_store *store, struct weir_slice *slice, const uint32_t *ids,
                       uint32_t keys) {
    size_t stride = store->accumulator->stride;
    struct weir_slice renamed = {.keys = 0};
    if (!weir_slice_reserve(store, &renamed, keys)) return false;
    for (uint32_t id = 0; id < slice->keys; id++) {
        const char *row = slice->rows + (size_t)id * stride;
        if (*(const int64_t *)row != 0) memcpy(renamed.rows + (size_t)ids[id] * stride, row, stride);
    }
    size_t bytes = (size_t)slice->capacity * stride;
    weir_pages_free(slice->rows, bytes);
    store->bytes -= bytes;
    slice->rows = renamed.rows;
    slice->keys = renamed.keys;
    slice->capacity = renamed.capacity;
    return true;
}
