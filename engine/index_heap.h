/* SPDX-License-Identifier: Apache-2.0
 *
 * A binary heap of places by time or number: what is next. An entry names a cell of a slot; the serial tells
 * whether the slot still holds what it did.
 */
#ifndef WEIR_ENGINE_INDEX_HEAP_H
#define WEIR_ENGINE_INDEX_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct weir_index_entry {
    int64_t at;
    uint64_t serial;
    uint32_t slot;
    uint32_t cell;
};

/* Zeroed is a valid empty heap. */
struct weir_index_heap {
    struct weir_index_entry *entries; /* the least (at, serial, cell) is the first */
    uint32_t count;
    uint32_t capacity;
};

void weir_index_heap_fini(struct weir_index_heap *heap);

/* Both: false when memory is short. */
bool weir_index_heap_push(struct weir_index_heap *heap, struct weir_index_entry entry);
bool weir_index_heap_grow(struct weir_index_heap *heap);

/* Takes the least entry out of a heap that has one. */
struct weir_index_entry weir_index_heap_pop(struct weir_index_heap *heap);

/* Takes out the entries that `keep` says no to. */
void weir_index_heap_keep(struct weir_index_heap *heap,
                          bool (*keep)(const struct weir_index_entry *entry, const void *user), const void *user);

#endif
