/* SPDX-License-Identifier: Apache-2.0
 *
 * A ring of pointers (none of them NULL) between one producer and one consumer, without locks: each side writes one
 * index, on cache lines of its own, and keeps a copy of the other's that it renews only when the ring looks full or
 * empty.
 *
 *        consumer's line        producer's line          shared, written by the producer only
 *      [ head, tail seen ]    [ tail, head seen ]      [ slot 0 | slot 1 | ... | slot n - 1 ]
 *
 * What the producer wrote before push is seen by the consumer after pop.
 */
#ifndef WEIR_ENGINE_RING_H
#define WEIR_ENGINE_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"

#define WEIR_RING_SLOTS 16 /* a power of two: enough batches ahead to hide one that takes long */

struct weir_ring {
    WEIR_ISOLATED _Atomic uint64_t head; /* next to pop */
    uint64_t tail_seen;
    WEIR_ISOLATED _Atomic uint64_t tail; /* next to push */
    uint64_t head_seen;
    WEIR_ISOLATED void *slots[WEIR_RING_SLOTS];
};

#define WEIR_RING_PART(member) (offsetof(struct weir_ring, member) / WEIR_ISOLATE_BYTES)
_Static_assert(WEIR_RING_PART(head) == WEIR_RING_PART(tail_seen), "the consumer's");
_Static_assert(WEIR_RING_PART(tail) == WEIR_RING_PART(head_seen), "the producer's");
_Static_assert(WEIR_RING_PART(head) != WEIR_RING_PART(tail), "each line has one writer");
_Static_assert(WEIR_RING_PART(slots) > WEIR_RING_PART(tail), "slots, too: the producer");
_Static_assert(sizeof(struct weir_ring) % WEIR_ISOLATE_BYTES == 0, "what follows a ring shares no line with it");

/* False when the ring is full. */
WEIR_INLINE bool weir_ring_push(struct weir_ring *ring, void *item) {
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    if (tail - ring->head_seen == WEIR_RING_SLOTS) {
        ring->head_seen = atomic_load_explicit(&ring->head, memory_order_acquire);
        if (tail - ring->head_seen == WEIR_RING_SLOTS) return false;
    }
    ring->slots[tail % WEIR_RING_SLOTS] = item;
    atomic_store_explicit(&ring->tail, tail + 1, memory_order_release);
    return true;
}

/* What pop would give, which stays; NULL when the ring is empty. */
WEIR_INLINE void *weir_ring_front(struct weir_ring *ring) {
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    if (head == ring->tail_seen) {
        ring->tail_seen = atomic_load_explicit(&ring->tail, memory_order_acquire);
        if (head == ring->tail_seen) return NULL;
    }
    return ring->slots[head % WEIR_RING_SLOTS];
}

/* NULL when the ring is empty. */
WEIR_INLINE void *weir_ring_pop(struct weir_ring *ring) {
    void *item = weir_ring_front(ring);
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    if (item != NULL) atomic_store_explicit(&ring->head, head + 1, memory_order_release);
    return item;
}

/* Anybody's: how many items there are, or were a moment ago. */
WEIR_INLINE uint64_t weir_ring_count(const struct weir_ring *ring) {
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
    return tail > head ? tail - head : 0;
}

#endif
