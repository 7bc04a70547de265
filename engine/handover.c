/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/handover.h"

#include <stdlib.h>
#include <string.h>

#include "alloc/pages.h"
#include "base/bits.h"
#include "base/error.h"
#include "engine/ingest_direct.h"

/* Rows of a range, so many that workers seldom wait for each other; more where an owner's share of it would be less
 * than so many, which is what a packet should be worth; and at most. */
#define RANGE_ROWS (16 * WEIR_BLOCK_ROWS)
#define SHARE_ROWS 256
#define RANGE_ROWS_MAX (64 * WEIR_BLOCK_ROWS)

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the rows that workers hand to each other");
}

bool weir_handover_is_possible(const struct weir_ingest *ingest) {
    const struct weir_plan *plan = ingest->plan;
    if (ingest->machine != NULL || !weir_key_table_has_words(ingest->keys)) return false;
    for (int32_t i = 0; i < plan->aggregates_count; i++) {
        const struct weir_expr *arg = plan->aggregates[i].arg;
        if (arg != NULL && weir_type_vector(arg->type) == WEIR_VECTOR_STRING) return false;
    }
    return true;
}

int64_t weir_handover_range_rows(int32_t workers) {
    int64_t rows = (int64_t)workers * SHARE_ROWS;
    if (rows < RANGE_ROWS) return RANGE_ROWS;
    return rows < RANGE_ROWS_MAX ? (int64_t)weir_round_up((size_t)rows, WEIR_BLOCK_ROWS) : RANGE_ROWS_MAX;
}

/* ---- life ---- */

/* Half as much again as an owner's share of a range, so that one packet holds it, most often. */
static int32_t packet_rows(int32_t workers) {
    int64_t rows = weir_handover_range_rows(workers) * 3 / 2 / workers;
    return rows < WEIR_BLOCK_ROWS ? (int32_t)weir_round_up((size_t)rows, 64) : WEIR_BLOCK_ROWS;
}

/* For an owner's share of two ranges, or more. */
#define SLOTS_LEAST 4

static uint64_t ring_slots(int32_t workers) {
    int64_t share = weir_handover_range_rows(workers) / workers, rows = packet_rows(workers);
    uint64_t slots = weir_round_up_pow2((uint64_t)(2 * share / rows + 1));
    if (slots > WEIR_PACKET_RING_SLOTS) return WEIR_PACKET_RING_SLOTS;
    return slots < SLOTS_LEAST ? SLOTS_LEAST : slots;
}

static bool init_buffers(struct weir_handover *handover) {
    size_t workers = (size_t)handover->workers, args = (size_t)handover->layout.args_count;
    handover->open = calloc(workers, sizeof(*handover->open));
    handover->shares.order = malloc(2 * WEIR_BLOCK_ROWS * sizeof(*handover->shares.order));
    handover->shares.starts = malloc((workers + 1) * sizeof(*handover->shares.starts));
    handover->shares.owners = malloc(WEIR_BLOCK_ROWS * sizeof(*handover->shares.owners));
    handover->hashes = malloc(WEIR_BLOCK_ROWS * sizeof(*handover->hashes));
    handover->words = malloc(WEIR_BLOCK_ROWS * sizeof(*handover->words));
    handover->rows = malloc(WEIR_BLOCK_ROWS * sizeof(*handover->rows));
    handover->slot_of = malloc(WEIR_BLOCK_ROWS * sizeof(*handover->slot_of));
    handover->reader.args = calloc(args + 1, sizeof(*handover->reader.args));
    handover->reader.bits = malloc((2 * args + 1) * WEIR_BLOCK_ROWS / 8);
    handover->codes = weir_ingest_make_keys(handover->ingest);
    return handover->open != NULL && handover->shares.order != NULL && handover->shares.starts != NULL &&
           handover->shares.owners != NULL && handover->hashes != NULL && handover->words != NULL &&
           handover->rows != NULL && handover->slot_of != NULL && handover->reader.args != NULL &&
           handover->reader.bits != NULL && handover->codes != NULL;
}

static bool init_rings(struct weir_handover *handover) {
    size_t workers = (size_t)handover->workers, bytes = handover->layout.bytes;
    size_t slots = (size_t)ring_slots(handover->workers);
    handover->memory_bytes = workers * slots * bytes;
    handover->memory = weir_pages_alloc_raw(handover->memory_bytes);
    struct weir_packet_ring *rings = aligned_alloc(WEIR_ISOLATE_BYTES, workers * sizeof(*rings));
    if (rings != NULL) memset(rings, 0, workers * sizeof(*rings));
    handover->rings = rings;
    if (handover->memory == NULL || rings == NULL) return false;
    for (size_t i = 0; i < workers * slots; i++) {
        rings[i / slots].packets[i % slots] = weir_packet_make(&handover->layout, handover->memory + i * bytes);
        rings[i / slots].slots = slots;
    }
    return true;
}

/* The kinds of the arguments, which the layout points at; malloc'd, NULL when memory is short. */
static enum weir_vector_kind *lay_out(const struct weir_ingest *ingest, int32_t workers,
                                      struct weir_packet_layout *layout) {
    const struct weir_plan *plan = ingest->plan;
    int32_t args = ingest->accumulator->args_count;
    enum weir_vector_kind *kinds = calloc((size_t)args + 1, sizeof(*kinds));
    if (kinds == NULL) return NULL;
    for (int32_t i = 0; i < plan->aggregates_count; i++) {
        int32_t arg = ingest->accumulator->call_arg[i];
        if (arg >= 0) kinds[arg] = weir_type_vector(plan->aggregates[i].arg->type);
    }
    weir_packet_lay_out(layout, packet_rows(workers), kinds, args);
    return kinds;
}

size_t weir_handover_expected_bytes(const struct weir_ingest *ingest, int32_t workers) {
    struct weir_packet_layout layout;
    enum weir_vector_kind *kinds = lay_out(ingest, workers, &layout);
    if (kinds == NULL) return SIZE_MAX;
    free(kinds);
    return (size_t)workers * (size_t)ring_slots(workers) * layout.bytes;
}

enum weir_status weir_handover_init(struct weir_handover *handover, struct weir_ingest *ingest,
                                    const struct weir_handover_host *host, struct weir_error *error) {
    handover->ingest = ingest;
    handover->host = *host;
    handover->idx = ingest->exchange.owner;
    handover->workers = ingest->exchange.owners;
    handover->kinds = lay_out(ingest, handover->workers, &handover->layout);
    if (handover->kinds == NULL) return out_of_memory(error);
    if (!init_buffers(handover) || !init_rings(handover)) return out_of_memory(error);
    return WEIR_OK;
}

/* Rows of all owners wait in about as much memory as those of one thread do: what is touched for the first time
 * costs more than longer waits bring. */
#define WAITING_BYTES ((size_t)64 << 20)
#define WAITING_BYTES_LEAST ((size_t)8 << 20)

static void share_waiting(const struct weir_handover *handover) {
    size_t *most = &handover->ingest->setup.waiting_max, share = WAITING_BYTES / (size_t)handover->workers;
    if (share < WAITING_BYTES_LEAST) share = WAITING_BYTES_LEAST;
    if (*most == 0 || *most > share) *most = share;
}

void weir_handover_open(struct weir_handover *handover, struct weir_packet_ring *const *rings_of) {
    struct weir_ingest *ingest = handover->ingest;
    share_waiting(handover);
    handover->exchange = ingest->exchange;
    ingest->exchange.owners = 1; /* no row that it reads is another's to read, too */
    ingest->place.store = NULL;  /* the owners open the slices */
    ingest->handover = handover;
    handover->rings_of = rings_of;
}

void weir_handover_fini(struct weir_handover *handover) {
    weir_pages_free(handover->memory, handover->memory_bytes);
    weir_key_table_destroy(&handover->codes);
    free(handover->rings);
    free(handover->kinds);
    free(handover->open);
    free(handover->shares.order);
    free(handover->shares.starts);
    free(handover->shares.owners);
    free(handover->hashes);
    free(handover->words);
    free(handover->rows);
    free(handover->slot_of);
    free(handover->reader.args);
    free(handover->reader.bits);
    memset(handover, 0, sizeof(*handover));
}

size_t weir_handover_bytes(const struct weir_handover *handover) { return handover->memory_bytes; }

/* ---- reading ---- */

void weir_handover_begin(struct weir_handover *handover, int64_t sequence) { handover->sequence = sequence; }

static void push(struct weir_handover *handover, int32_t owner) {
    weir_handover_count(&handover->counts.pushes, 1);
    weir_handover_count(&handover->counts.rows, handover->open[owner]->rows);
    handover->open[owner] = NULL;
    weir_packet_ring_push(&handover->rings[owner]);
    handover->host.handed(handover->host.user, owner);
}

static struct weir_packet *packet_for(struct weir_handover *handover, int32_t owner) {
    struct weir_packet **open = &handover->open[owner];
    if (*open != NULL) return *open;
    if (!weir_handover_has_room(handover, owner)) handover->host.wait(handover->host.user, owner);
    *open = weir_packet_ring_free(&handover->rings[owner]);
    weir_packet_begin(&handover->layout, *open, handover->sequence);
    return *open;
}

static void hand_over(struct weir_handover *handover, int32_t owner, struct weir_packet_source source) {
    while (source.count > 0) {
        struct weir_packet *packet = packet_for(handover, owner);
        int32_t taken = weir_packet_fill(&handover->layout, packet, &source);
        source.entries += taken;
        source.rows += taken;
        source.count -= taken;
        if (source.count > 0) push(handover, owner);
    }
}

/* Which slot each entry is in; not needed where there is one. */
static void spread_slots(struct weir_handover *handover) {
    const struct weir_place *place = &handover->ingest->place;
    for (int32_t s = 0; s < place->slots_count && place->slots_count > 1; s++) {
        const struct weir_slot *slot = &place->slots[s];
        for (int32_t i = 0; i < slot->count; i++) handover->slot_of[slot->from + i] = (uint16_t)s;
    }
}

/* The rows of one owner, of one slot after the other. */
static void hand_share(struct weir_handover *handover, int32_t owner, struct weir_packet_source source) {
    const struct weir_slot *slots = handover->ingest->place.slots;
    bool several = handover->ingest->place.slots_count > 1;
    int32_t count = source.count, next;
    for (int32_t i = 0; i < count; i = next) {
        int32_t slot = several ? handover->slot_of[source.entries[0]] : 0;
        next = several ? i + 1 : count;
        while (next < count && handover->slot_of[source.entries[next - i]] == slot) next++;
        source.index = slots[slot].index;
        source.first = slots[slot].first;
        source.count = next - i;
        hand_over(handover, owner, source);
        source.entries += next - i;
        source.rows += next - i;
    }
}

enum weir_status weir_handover_rows(struct weir_handover *handover, const struct weir_placed *placed) {
    struct weir_ingest *ingest = handover->ingest;
    const struct weir_exchange *exchange = &handover->exchange;
    const struct weir_shares *shares = &handover->shares;
    struct weir_key_block keys;
    weir_key_table_words(handover->codes, ingest->inputs, placed->rows, placed->count, &keys);
    weir_exchange_hash(exchange, ingest->inputs, placed->rows, placed->count, handover->words, handover->hashes);
    weir_exchange_part(exchange, handover->hashes, placed->count, shares);
    const uint32_t *rows = shares->order;
    if (placed->rows != NULL) {
        for (int32_t i = 0; i < placed->count; i++) handover->rows[i] = placed->rows[shares->order[i]];
        rows = handover->rows;
    }
    spread_slots(handover);
    for (int32_t owner = 0; owner < handover->workers; owner++) {
        int32_t from = shares->starts[owner];
        struct weir_packet_source source = {.keys = &keys,
                                            .args = ingest->args,
                                            .entries = shares->order + from,
                                            .rows = rows + from,
                                            .count = shares->starts[owner + 1] - from};
        if (source.count > 0) hand_share(handover, owner, source);
    }
    ingest->counts.aggregated += placed->count;
    return WEIR_OK;
}

void weir_handover_end(struct weir_handover *handover) {
    for (int32_t owner = 0; owner < handover->workers; owner++) {
        packet_for(handover, owner)->is_last = true;
        push(handover, owner);
    }
}

/* ---- taking ---- */

enum weir_status weir_handover_add(struct weir_handover *handover, const struct weir_packet *packet,
                                   struct weir_error *error) {
    struct weir_ingest *ingest = handover->ingest;
    enum weir_status status = WEIR_OK;
    for (int32_t i = 0; i < packet->runs_count && status == WEIR_OK; i++) {
        struct weir_parted rows;
        weir_packet_read(&handover->layout, packet, i, &handover->reader, &rows);
        status = weir_parted_take(ingest, &rows, error);
    }
    return status == WEIR_OK ? weir_ingest_choose_shape(ingest, error) : status;
}

int32_t weir_handover_give_back(struct weir_handover *handover, const struct weir_packet *packet) {
    int32_t from = handover->from;
    bool is_last = packet->is_last;
    weir_handover_count(&handover->counts.pops, 1);
    weir_packet_ring_pop(&handover->rings_of[from][handover->idx]);
    if (is_last) {
        handover->next++;
        handover->from = from + 1 == handover->workers ? 0 : from + 1;
    }
    return from;
}
