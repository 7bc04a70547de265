/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/slice_store.h"

#include <stdlib.h>
#include <string.h>

#include "alloc/pages.h"
#include "base/bits.h"
#include "base/error.h"
#include "base/hash.h"
#include "engine/direct_slice.h"

#define KEYS_FIRST 64
#define KEYS_STEPS 32 /* from one power of two to the next there are half as many capacities */
#define TABLE_FIRST 16

void weir_slice_store_init(struct weir_slice_store *store, const struct weir_accumulator *accumulator) {
    memset(store, 0, sizeof(*store));
    store->accumulator = accumulator;
}

static size_t rows_bytes(const struct weir_slice_store *store, const struct weir_slice *slice) {
    size_t stride = store->accumulator->stride;
    if (slice->rows == NULL) return 0;
    if (slice->is_direct) return weir_direct_bytes(store->accumulator, slice->capacity);
    return (size_t)slice->capacity * stride;
}

static void free_memory(struct weir_slice_store *store, struct weir_slice *slice) {
    size_t bytes = rows_bytes(store, slice);
    weir_pages_free(slice->rows, bytes);
    store->bytes -= bytes;
    slice->rows = NULL;
    slice->keys = slice->capacity = 0;
    weir_arena_fini(&slice->heap);
}

static void free_slice(struct weir_slice_store *store, struct weir_slice *slice) {
    free_memory(store, slice);
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
    free(store->room);
    free(store->table);
    memset(store, 0, sizeof(*store));
}

size_t weir_slice_store_bytes(const struct weir_slice_store *store) {
    size_t bytes = store->bytes + store->recycled_heap;
    if (!store->accumulator->holds_strings) return bytes;
    for (uint32_t i = 0; i < store->count; i++) bytes += store->slices[i]->heap.bytes_reserved;
    return bytes;
}

/* ---- the table ---- */

static uint32_t home(const struct weir_slice_store *store, int64_t index, int64_t first) {
    return (uint32_t)weir_hash_u64((uint64_t)index, weir_hash_u64((uint64_t)first, 0)) & (store->table_count - 1);
}

static uint32_t after(const struct weir_slice_store *store, uint32_t at) {
    return (at + 1) & (store->table_count - 1);
}

static void table_place(struct weir_slice_store *store, struct weir_slice *slice) {
    uint32_t at = home(store, slice->index, slice->first);
    while (store->table[at] != NULL) at = after(store, at);
    store->table[at] = slice;
}

/* Those behind it that would no longer be found move up. */
static void table_remove(struct weir_slice_store *store, const struct weir_slice *slice) {
    uint32_t mask = store->table_count - 1;
    uint32_t hole = home(store, slice->index, slice->first);
    while (store->table[hole] != slice) hole = after(store, hole);
    for (uint32_t at = after(store, hole); store->table[at] != NULL; at = after(store, at)) {
        uint32_t wanted = home(store, store->table[at]->index, store->table[at]->first);
        if (((at - wanted) & mask) < ((at - hole) & mask)) continue;
        store->table[hole] = store->table[at];
        hole = at;
    }
    store->table[hole] = NULL;
}

static bool grow_table(struct weir_slice_store *store) {
    if ((uint64_t)store->count * 2 < store->table_count) return true;
    if (store->table_count > UINT32_MAX / 2) return false;
    uint32_t table_count = store->table_count == 0 ? TABLE_FIRST : store->table_count * 2;
    struct weir_slice **table = calloc(table_count, sizeof(struct weir_slice *));
    if (table == NULL) return false;
    free(store->table);
    store->table = table;
    store->table_count = table_count;
    for (uint32_t i = 0; i < store->count; i++) table_place(store, store->slices[i]);
    return true;
}

/* ---- the list ---- */

static bool grow_list(struct weir_slice_store *store) {
    uint32_t dropped = store->room == NULL ? 0 : (uint32_t)(store->slices - store->room);
    if (dropped + store->count < store->capacity) return true;
    if (dropped > store->count) { /* moves no more than has been dropped since the last time */
        memmove(store->room, store->slices, store->count * sizeof(struct weir_slice *));
        store->slices = store->room;
        return true;
    }
    if (store->capacity > UINT32_MAX / 2) return false;
    uint32_t capacity = store->capacity == 0 ? TABLE_FIRST : store->capacity * 2;
    struct weir_slice **room = realloc(store->room, (size_t)capacity * sizeof(struct weir_slice *));
    if (room == NULL) return false;
    store->room = room;
    store->slices = room + dropped;
    store->capacity = capacity;
    return true;
}

static struct weir_slice *new_slice(struct weir_slice_store *store) {
    struct weir_slice *slice = store->recycled;
    if (slice != NULL) {
        store->recycled = slice->next_free;
        store->recycled_rows -= rows_bytes(store, slice);
        store->recycled_heap -= slice->heap.bytes_reserved;
    } else {
        slice = calloc(1, sizeof(*slice));
        if (slice == NULL) return NULL;
    }
    if (slice->is_direct != store->is_direct) free_memory(store, slice);
    slice->is_direct = store->is_direct;
    if (slice->is_direct && slice->rows != NULL) memset(slice->rows, 0, rows_bytes(store, slice));
    slice->next_free = NULL;
    slice->keys = 0;
    slice->is_sum = slice->is_held = false;
    weir_arena_reset(&slice->heap);
    return slice;
}

struct weir_slice *weir_slice_store_open(struct weir_slice_store *store, int64_t index, int64_t first) {
    if (store->table_count != 0) {
        for (uint32_t at = home(store, index, first); store->table[at] != NULL; at = after(store, at)) {
            struct weir_slice *slice = store->table[at];
            if (slice->index == index && slice->first == first) return slice;
        }
    }
    if (!grow_list(store) || !grow_table(store)) return NULL;
    struct weir_slice *slice = new_slice(store);
    if (slice == NULL) return NULL;
    slice->index = index;
    slice->first = first;
    store->slices[store->count++] = slice;
    table_place(store, slice);
    return slice;
}

/* A slice that has grown before goes on growing, by half; one that begins with what is known has little to spare.
 */
static uint64_t capacity_for(const struct weir_slice *slice, uint32_t keys) {
    uint64_t wanted = slice->keys == 0 ? 0 : slice->capacity + (uint64_t)slice->capacity / 2;
    if (wanted < keys) wanted = keys;
    if (wanted < KEYS_FIRST) return KEYS_FIRST;
    uint64_t step = weir_round_up_pow2(wanted) / KEYS_STEPS;
    return weir_round_up(wanted, step);
}

static WEIR_COLD bool grow_rows(struct weir_slice_store *store, struct weir_slice *slice, uint32_t keys) {
    size_t stride = store->accumulator->stride;
    uint64_t capacity = capacity_for(slice, keys);
    if (capacity > UINT32_MAX || capacity > SIZE_MAX / stride) return false;
    char *rows = weir_pages_move(slice->rows, (size_t)slice->capacity * stride, (size_t)slice->keys * stride,
                                 (size_t)capacity * stride);
    if (rows == NULL) return false;
    store->bytes += ((size_t)capacity - slice->capacity) * stride;
    slice->rows = rows;
    slice->capacity = (uint32_t)capacity;
    return true;
}

void weir_slice_adopt(struct weir_slice_store *store, struct weir_slice *slice, const struct weir_slice *made) {
    size_t bytes = rows_bytes(store, slice);
    weir_pages_free(slice->rows, bytes);
    store->bytes -= bytes;
    slice->rows = made->rows;
    slice->keys = made->keys;
    slice->capacity = made->capacity;
    slice->is_direct = made->is_direct;
}

bool weir_slice_expect(struct weir_slice_store *store, struct weir_slice *slice, uint32_t keys) {
    return keys <= slice->capacity || grow_rows(store, slice, keys);
}

bool weir_slice_reserve(struct weir_slice_store *store, struct weir_slice *slice, uint32_t keys) {
    if (WEIR_LIKELY(keys <= slice->keys)) return true;
    if (!weir_slice_expect(store, slice, keys)) return false;
    weir_accumulator_fresh(store->accumulator, slice->rows, slice->keys, keys);
    slice->keys = keys;
    return true;
}

static void recycle(struct weir_slice_store *store, struct weir_slice *slice) {
    size_t kept = store->recycled_rows + store->recycled_heap;
    if (kept + rows_bytes(store, slice) + slice->heap.bytes_reserved > WEIR_SLICES_KEPT) free_memory(store, slice);
    store->recycled_rows += rows_bytes(store, slice);
    store->recycled_heap += slice->heap.bytes_reserved;
    slice->next_free = store->recycled;
    store->recycled = slice;
}

void weir_slice_store_remove(struct weir_slice_store *store,
                             bool (*closed)(const struct weir_slice *slice, const void *user), const void *user) {
    uint32_t kept = 0, sorted = 0;
    for (uint32_t i = 0; i < store->count; i++) {
        struct weir_slice *slice = store->slices[i];
        if (closed(slice, user)) {
            table_remove(store, slice);
            recycle(store, slice);
        } else {
            sorted += i < store->sorted;
            store->slices[kept++] = slice;
        }
    }
    store->count = kept;
    store->sorted = sorted;
}

void weir_slice_store_drop(struct weir_slice_store *store, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        table_remove(store, store->slices[i]);
        recycle(store, store->slices[i]);
    }
    store->slices += count;
    store->count -= count;
    store->sorted -= count;
}

/* ---- order ---- */

static int by_index(const void *a, const void *b) {
    const struct weir_slice *x = *(struct weir_slice *const *)a, *y = *(struct weir_slice *const *)b;
    if (x->index != y->index) return x->index < y->index ? -1 : 1;
    return x->first < y->first ? -1 : x->first > y->first;
}

/* Puts slices[at] where it belongs among those before it. */
static void insert(struct weir_slice **slices, uint32_t at, int (*order)(const void *, const void *)) {
    struct weir_slice *slice = slices[at];
    if (at == 0 || order(&slices[at - 1], &slice) <= 0) return;
    uint32_t low = 0, high = at - 1; /* the first that comes after it is in [low, high] */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (order(&slices[middle], &slice) <= 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    memmove(slices + low + 1, slices + low, (at - low) * sizeof(struct weir_slice *));
    slices[low] = slice;
}

#define INSERT_MAX 256 /* more at once are sorted with the others */

void weir_slices_sort(struct weir_slice **slices, uint32_t sorted, uint32_t count,
                      int (*order)(const void *, const void *)) {
    uint32_t from = sorted; /* those behind may well be in order, too */
    while (from < count && (from == 0 || order(&slices[from - 1], &slices[from]) <= 0)) from++;
    if (count - from > INSERT_MAX) {
        qsort(slices, count, sizeof(struct weir_slice *), order);
        return;
    }
    for (; from < count; from++) insert(slices, from, order);
}

void weir_slice_store_sort(struct weir_slice_store *store) {
    weir_slices_sort(store->slices, store->sorted, store->count, by_index);
    store->sorted = store->count;
}

struct weir_slice *weir_slice_take(struct weir_slice_store *store) {
    return new_slice(store);
}

void weir_slice_release(struct weir_slice_store *store, struct weir_slice *slice) {
    if (slice != NULL) recycle(store, slice);
}

void weir_slice_empty(struct weir_slice_store *store, struct weir_slice *slice) { free_memory(store, slice); }

void weir_slice_clear(struct weir_slice_store *store, struct weir_slice *slice) {
    slice->keys = 0;
    weir_arena_reset(&slice->heap);
    (void)store;
}

uint32_t weir_slice_count_keys(const struct weir_slice *slice, size_t stride) {
    uint32_t keys = 0;
    for (uint32_t id = 0; id < slice->keys; id++) keys += weir_slice_rows_of(slice, stride, id) != 0;
    return keys;
}

enum weir_status weir_slice_merge(struct weir_slice_store *store, struct weir_slice *to,
                                  const struct weir_slice *from, const uint32_t *ids, uint32_t ids_keys,
                                  struct weir_error *error) {
    const struct weir_accumulator *accumulator = store->accumulator;
    uint32_t keys = ids == NULL ? from->keys : ids_keys;
    if (!weir_slice_reserve(store, to, keys)) {
        return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the accumulators of %u keys", keys);
    }
    if (ids == NULL)
        return weir_accumulator_merge_rows(accumulator, to->rows, from->rows, from->keys, &to->heap, error);
    return weir_accumulator_merge_mapped(accumulator, to->rows, from->rows, ids, from->keys, &to->heap, error);
}

static uint32_t width_renamed(const struct weir_slice *slice, size_t stride, const uint32_t *ids) {
    uint32_t width = 0;
    for (uint32_t id = 0; id < slice->keys; id++) {
        if (weir_slice_rows_of(slice, stride, id) != 0 && ids[id] >= width) width = ids[id] + 1;
    }
    return width;
}

bool weir_slice_rename(struct weir_slice_store *store, struct weir_slice *slice, const uint32_t *ids) {
    size_t stride = store->accumulator->stride;
    struct weir_slice renamed = {.keys = 0};
    if (!weir_slice_reserve(store, &renamed, width_renamed(slice, stride, ids))) return false;
    for (uint32_t id = 0; id < slice->keys; id++) {
        const char *row = slice->rows + (size_t)id * stride;
        if (*(const int64_t *)row != 0) memcpy(renamed.rows + (size_t)ids[id] * stride, row, stride);
    }
    weir_slice_adopt(store, slice, &renamed);
    return true;
}
