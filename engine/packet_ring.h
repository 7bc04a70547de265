/* SPDX-License-Identifier: Apache-2.0
 *
 * Packets from one worker to another, without locks: a ring of packets that are filled and read where they lie.
 *
 *     producer: next_free -> fill -> push       consumer: front -> read -> pop
 *
 *        consumer's line        producer's line         neither's, once it is set up
 *      [ head, tail seen ]    [ tail, head seen ]     [ packets ]
 *
 * A packet is the producer's from pop to push, and the consumer's from push to pop: a pop gives it back to be
 * filled again, so that nothing is allocated on the way and what is on the way is bounded by the ring. What the
 * producer wrote before push is seen by the consumer after front, and the other way round.
 */
#ifndef WEIR_ENGINE_PACKET_RING_H
#define WEIR_ENGINE_PACKET_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"

#define WEIR_PACKET_RING_SLOTS 16 /* at most; a power of two */

struct weir_packet;

struct weir_packet_ring {
    WEIR_ISOLATED _Atomic uint64_t head; /* next to read */
    uint64_t tail_seen;
    WEIR_ISOLATED _Atomic uint64_t tail; /* next to fill */
    uint64_t head_seen;
    WEIR_ISOLATED struct weir_packet *packets[WEIR_PACKET_RING_SLOTS];
    uint64_t slots; /* that are used; a power of two */
};

#define WEIR_PACKET_RING_PART(member) (offsetof(struct weir_packet_ring, member) / WEIR_ISOLATE_BYTES)
_Static_assert(WEIR_PACKET_RING_PART(head) == WEIR_PACKET_RING_PART(tail_seen), "the consumer's");
_Static_assert(WEIR_PACKET_RING_PART(tail) == WEIR_PACKET_RING_PART(head_seen), "the producer's");
_Static_assert(WEIR_PACKET_RING_PART(tail) != WEIR_PACKET_RING_PART(head), "each line has one writer");
_Static_assert(WEIR_PACKET_RING_PART(packets) > WEIR_PACKET_RING_PART(tail), "read by both, written by neither");
_Static_assert(sizeof(struct weir_packet_ring) % WEIR_ISOLATE_BYTES == 0, "rings beside each other share no line");

/* The producer's: the packet to fill; NULL when the ring is full. */
WEIR_INLINE struct weir_packet *weir_packet_ring_free(struct weir_packet_ring *ring) {
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    if (tail - ring->head_seen == ring->slots) {
        ring->head_seen = atomic_load_explicit(&ring->head, memory_order_acquire);
        if (tail - ring->head_seen == ring->slots) return NULL;
    }
    return ring->packets[tail & (ring->slots - 1)];
}

/* The producer's: hands the packet on that `free` gave. */
WEIR_INLINE void weir_packet_ring_push(struct weir_packet_ring *ring) {
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    atomic_store_explicit(&ring->tail, tail + 1, memory_order_release);
}

/* The consumer's: the packet to read; NULL when the ring is empty. */
WEIR_INLINE struct weir_packet *weir_packet_ring_front(struct weir_packet_ring *ring) {
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    if (head == ring->tail_seen) {
        ring->tail_seen = atomic_load_explicit(&ring->tail, memory_order_acquire);
        if (head == ring->tail_seen) return NULL;
    }
    return ring->packets[head & (ring->slots - 1)];
}

/* The consumer's: gives the packet back that `front` gave. */
WEIR_INLINE void weir_packet_ring_pop(struct weir_packet_ring *ring) {
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    atomic_store_explicit(&ring->head, head + 1, memory_order_release);
}

#endif
