/* SPDX-License-Identifier: Apache-2.0
 *
 * The open slices: for each, one accumulator row a key, in an array indexed by key id (the dense shape) or in a
 * hash table of the slice's own (the direct shape, direct_slice.h). All open slices of a store have one shape.
 *
 * A slice is named by its index (window.h) and by the first window that it counts in. For a row on time that is the
 * slice's own first window. A row that comes after some of its windows have fired counts in the later ones only: it
 * goes to a slice of the same index and a later first window. So what a window holds is the sum of slices, in
 * whatever order rows and workers come, and no row needs an ordered path.
 *
 * A closed slice is freed whole. Its memory is kept for the next one, up to WEIR_SLICES_KEPT in all: what is beyond
 * that, as after a jump of W that closed thousands of windows, goes back to the system. Not thread-safe: one store
 * a worker, and one for the pipeline.
 */
#ifndef WEIR_ENGINE_SLICE_STORE_H
#define WEIR_ENGINE_SLICE_STORE_H

#include <stdint.h>

#include "engine/accumulator.h"

/* Bytes of closed slices that a store keeps for later ones. */
#define WEIR_SLICES_KEPT ((size_t)256 << 20)

struct weir_slice {
    int64_t index;
    int64_t first; /* the first window that it counts in */
    char *rows;
    uint32_t keys;     /* dense: rows that are initialised, ids below; direct: keys but NULL */
    uint32_t capacity; /* rows that there is room for; direct: buckets, beside that of NULL */
    bool is_direct;    /* the shape of its memory: the store's, or an earlier one's where it waits for reuse */
    bool is_sum;       /* HOP: holds all later slices of its block as well (window_stack.h) */
    bool is_held;      /* HOP: a sum of the same index holds it; kept for its strings */
    struct weir_arena heap;
    struct weir_slice *next_free;
};

/* Sliding windows drop slices in front and open new ones behind, a few at a time among thousands: nothing here
 * costs more than the slices that come or go.
 *
 *     room   [ dropped ....... | slices: sorted ................. | opened since | free ]
 */
struct weir_slice_store {
    const struct weir_accumulator *accumulator;
    bool is_direct;             /* the shape of new slices; who changes it changes those that are open, too */
    uint64_t seed;              /* direct: of the hashes */
    uint32_t keys_expected;     /* direct: what a slice may well come to hold */
    struct weir_slice **slices; /* open; the first `sorted` by index, then first, those opened since behind them */
    uint32_t count;
    uint32_t sorted;
    struct weir_slice **room;  /* what `slices` points into */
    uint32_t capacity;         /* of the room */
    struct weir_slice **table; /* by a hash of (index, first); a power of two */
    uint32_t table_count;
    struct weir_slice *recycled;
    size_t recycled_rows; /* bytes of them */
    size_t recycled_heap;
    size_t bytes; /* of rows, open and recycled */
};

void weir_slice_store_init(struct weir_slice_store *store, const struct weir_accumulator *accumulator);
void weir_slice_store_fini(struct weir_slice_store *store);

/* The open slice of that name, opened when there is none. NULL when memory is short. */
struct weir_slice *weir_slice_store_open(struct weir_slice_store *store, int64_t index, int64_t first);

/* Dense: makes ids below `keys` usable. */
bool weir_slice_reserve(struct weir_slice_store *store, struct weir_slice *slice, uint32_t keys);

/* Dense: makes room for ids below `keys`; what is in it is left as it is. */
bool weir_slice_expect(struct weir_slice_store *store, struct weir_slice *slice, uint32_t keys);

/* Takes out the slices that `closed` says yes to and recycles the memory of each before it asks for the next one.
 * The others keep their order. */
void weir_slice_store_remove(struct weir_slice_store *store,
                             bool (*closed)(const struct weir_slice *slice, const void *user), const void *user);

/* Orders slices by index, then first. */
void weir_slice_store_sort(struct weir_slice_store *store);

/* Takes out the first `count` of them. */
void weir_slice_store_drop(struct weir_slice_store *store, uint32_t count);

/* Puts slices into an order (of pointers to them), of which the first `sorted` already are. */
void weir_slices_sort(struct weir_slice **slices, uint32_t sorted, uint32_t count,
                      int (*order)(const void *, const void *));

/* A slice outside the list, for windows that are put together from several; give it back with release. */
struct weir_slice *weir_slice_take(struct weir_slice_store *store);
void weir_slice_release(struct weir_slice_store *store, struct weir_slice *slice);

/* Takes the rows of a dense slice away, which holds nothing then. */
void weir_slice_empty(struct weir_slice_store *store, struct weir_slice *slice);

/* Dense: keys that it holds something of. */
uint32_t weir_slice_count_keys(const struct weir_slice *slice, size_t stride);

/* Makes all rows of a slice fresh. */
void weir_slice_clear(struct weir_slice_store *store, struct weir_slice *slice);

/* to += from. ids maps from's key ids to to's; NULL: the same. */
enum weir_status weir_slice_merge(struct weir_slice_store *store, struct weir_slice *to,
                                  const struct weir_slice *from, const uint32_t *ids, uint32_t ids_keys,
                                  struct weir_error *error);

/* Moves each row that holds something to the id that ids gives its own; only ids up to the last of these are usable
 * after it. False when memory is short. */
bool weir_slice_rename(struct weir_slice_store *store, struct weir_slice *slice, const uint32_t *ids);

/* Gives a slice the rows of `made`, which has been put together beside it, instead of its own. */
void weir_slice_adopt(struct weir_slice_store *store, struct weir_slice *slice, const struct weir_slice *made);

WEIR_INLINE int64_t weir_slice_rows_of(const struct weir_slice *slice, size_t stride, uint32_t id) {
    return *(const int64_t *)(slice->rows + (size_t)id * stride);
}

size_t weir_slice_store_bytes(const struct weir_slice_store *store);

#endif
