/* SPDX-License-Identifier: Apache-2.0
 *
 * Handing rows to the workers that own their keys: each range of rows is read by one worker, which parts its rows
 * by owner into packets; the owners look the keys up and add the rows at home.
 *
 *     range 0 --> worker 0 --packets--> [ ring 0 > 0 ] --> owner 0: range 0, range 1, range 2, ...
 *                                   --> [ ring 0 > 1 ] --> owner 1: the same
 *     range 1 --> worker 1 --packets--> [ ring 1 > 0 ]
 *                                   --> [ ring 1 > 1 ]
 *     range 2 --> worker 0 ...
 *
 * Every worker is both. Ranges are numbered, and range r is read by worker r modulo their number. Each owner gets
 * at least one packet of each range, the last of which says so, and takes the packets in the order of the ranges:
 * so the order of a key's rows is that of admission, and what is added to what depends on the input alone.
 *
 * A worker that finds a ring full takes what has come to it until there is room. Nobody waits for ever: of all
 * ranges that are not handed over whole, let r be the first, and its reader wait for room in the ring to o. All
 * ranges before r are whole in the rings, and so far as r has come it lies there, too; so what owner o is to take
 * next is there, until nothing of r lies in the ring to it; and o takes it, since it waits for room itself, or for
 * packets, or comes to that: reading a block ends. Then there is room, r goes on, and so on to the last range.
 */
#ifndef WEIR_ENGINE_HANDOVER_H
#define WEIR_ENGINE_HANDOVER_H

#include <stdint.h>

#include "engine/packet.h"
#include "engine/packet_ring.h"

/* What the reader of rows asks of who runs it. */
struct weir_handover_host {
    void (*wait)(void *user, int32_t owner); /* until the ring to the owner has room; takes what comes meanwhile */
    void (*handed)(void *user, int32_t owner); /* a packet was pushed */
    void *user;
};

/* For whoever asks what the rings cost. Written by the worker alone, at any time. */
struct weir_handover_counts {
    _Atomic int64_t pushes, pops; /* of packets */
    _Atomic int64_t rows;         /* that were pushed */
    _Atomic int64_t sleeps;       /* while there was nothing to do or no room */
    _Atomic int64_t wakes;        /* of others, for packets or room */
};

/* The worker's own. */
static inline void weir_handover_count(_Atomic int64_t *counter, int64_t more) {
    int64_t now = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, now + more, memory_order_relaxed);
}

struct weir_handover {
    struct weir_ingest *ingest;
    struct weir_exchange exchange;
    struct weir_handover_host host;
    int32_t workers;
    struct weir_packet_layout layout;
    enum weir_vector_kind *kinds;
    struct weir_packet_ring *rings; /* to each owner */
    char *memory;                   /* of their packets */
    size_t memory_bytes;
    /* reading */
    struct weir_key_table *codes; /* empty: how keys become words */
    struct weir_packet **open;    /* per owner the packet at hand; NULL: none */
    struct weir_shares shares;
    uint64_t *hashes;
    uint64_t *words;
    uint32_t *rows;
    uint16_t *slot_of; /* per entry, where a block has several slots */
    int64_t sequence;  /* of the range at hand */
    /* taking */
    struct weir_packet_reader reader;
    struct weir_packet_ring *const *rings_of; /* of every worker; NULL: not open */
    int32_t idx;                              /* this one */
    int32_t from;                             /* the worker that reads range `next` */
    int64_t next;                             /* range */
    struct weir_handover_counts counts;
};

/* True where rows of the plan can be handed over: keys that are one word, and no strings to add up. */
bool weir_handover_is_possible(const struct weir_ingest *ingest);

/* Rows that a range should have, of which each owner's share is worth a packet. */
int64_t weir_handover_range_rows(int32_t workers);

/* Zeroed storage in, for the owner that the ingest's exchange names, and an ingest that stays where it is; called
 * by the worker itself, so that the memory is near it. The ingest hands over all rows from now on. After an error
 * only fini is allowed. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_handover_init(struct weir_handover *handover, struct weir_ingest *ingest,
                                    const struct weir_handover_host *host, struct weir_error *error);
void weir_handover_fini(struct weir_handover *handover);
size_t weir_handover_bytes(const struct weir_handover *handover);
/* What weir_handover_bytes would be for one of so many workers; SIZE_MAX when memory is short. */
size_t weir_handover_expected_bytes(const struct weir_ingest *ingest, int32_t workers);

/* Once all workers have their rings, which are `rings_of`: rows may be handed over and taken. */
void weir_handover_open(struct weir_handover *handover, struct weir_packet_ring *const *rings_of);

static inline bool weir_handover_is_open(const struct weir_handover *handover) {
    return handover->rings_of != NULL;
}

/* ---- reading ---- */

/* Around the blocks of a range: the end hands over what is left, and that the range is whole. */
void weir_handover_begin(struct weir_handover *handover, int64_t sequence);
void weir_handover_end(struct weir_handover *handover);

/* The placed rows of a block, whose keys and arguments the ingest has; see weir_place_rows. They are counted as
 * aggregated. Does not fail. */
enum weir_status weir_handover_rows(struct weir_handover *handover, const struct weir_placed *placed);

static inline bool weir_handover_has_room(const struct weir_handover *handover, int32_t owner) {
    return weir_packet_ring_free(&handover->rings[owner]) != NULL;
}

/* ---- taking ---- */

/* The packet that is next in order; NULL: it has not come. */
static inline struct weir_packet *weir_handover_next(const struct weir_handover *handover) {
    return weir_packet_ring_front(&handover->rings_of[handover->from][handover->idx]);
}

/* Adds its rows to the slices. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_handover_add(struct weir_handover *handover, const struct weir_packet *packet,
                                   struct weir_error *error);

/* Gives it back; the worker that it came from. */
int32_t weir_handover_give_back(struct weir_handover *handover, const struct weir_packet *packet);

#endif
