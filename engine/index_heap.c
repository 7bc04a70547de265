/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/index_heap.h"

#include <stdlib.h>
#include <string.h>

#define HEAP_FIRST 16

static bool before(const struct weir_index_entry *a, const struct weir_index_entry *b) {
    if (a->at != b->at) return a->at < b->at;
    if (a->serial != b->serial) return a->serial < b->serial;
    return a->cell < b->cell;
}

bool weir_index_heap_grow(struct weir_index_heap *heap) {
    if (heap->capacity > UINT32_MAX / 2) return false;
    uint32_t capacity = heap->capacity == 0 ? HEAP_FIRST : heap->capacity * 2;
    struct weir_index_entry *entries = realloc(heap->entries, (size_t)capacity * sizeof(*entries));
    if (entries == NULL) return false;
    heap->entries = entries;
    heap->capacity = capacity;
    return true;
}

static void sift_up(struct weir_index_entry *entries, uint32_t at, struct weir_index_entry entry) {
    while (at > 0 && before(&entry, &entries[(at - 1) / 2])) {
        entries[at] = entries[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    entries[at] = entry;
}

static void sift_down(struct weir_index_entry *entries, uint32_t count, uint32_t at,
                      struct weir_index_entry entry) {
    for (;;) {
        uint32_t child = at * 2 + 1;
        if (child >= count) break;
        if (child + 1 < count && before(&entries[child + 1], &entries[child])) child++;
        if (!before(&entries[child], &entry)) break;
        entries[at] = entries[child];
        at = child;
    }
    entries[at] = entry;
}

bool weir_index_heap_push(struct weir_index_heap *heap, struct weir_index_entry entry) {
    if (heap->count == heap->capacity && !weir_index_heap_grow(heap)) return false;
    heap->count++;
    sift_up(heap->entries, heap->count - 1, entry);
    return true;
}

struct weir_index_entry weir_index_heap_pop(struct weir_index_heap *heap) {
    struct weir_index_entry top = heap->entries[0], last = heap->entries[--heap->count];
    if (heap->count > 0) sift_down(heap->entries, heap->count, 0, last);
    return top;
}

void weir_index_heap_keep(struct weir_index_heap *heap,
                          bool (*keep)(const struct weir_index_entry *entry, const void *user), const void *user) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < heap->count; i++) {
        if (keep(&heap->entries[i], user)) heap->entries[kept++] = heap->entries[i];
    }
    heap->count = kept;
    for (uint32_t i = kept / 2; i-- > 0;) sift_down(heap->entries, kept, i, heap->entries[i]);
}

void weir_index_heap_fini(struct weir_index_heap *heap) {
    free(heap->entries);
    memset(heap, 0, sizeof(*heap));
}
