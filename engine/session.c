/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/check.h"
#include "base/error.h"
#include "engine/held_strings.h"
#include "engine/session_state.h"

#define NONE WEIR_ROW_NONE
#define HEAP_FIRST ((size_t)256 << 10)

WEIR_COLD enum weir_status weir_sessions_out_of_memory(const struct weir_sessions *m, struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY,
                          "out of memory for sessions of %u keys, %u of them not the latest", m->keys,
                          m->older.pool.used + m->past.count);
}

/* ---- creating ---- */

static void session_destroy(struct weir_machine *machine) {
    struct weir_sessions *m = (struct weir_sessions *)machine;
    weir_row_table_free(m->slots, m->slots_capacity, m->wide.stride);
    weir_arena_fini(&m->heap);
    weir_due_fini(&m->past);
    weir_older_sessions_fini(&m->older);
    weir_wheel_fini(&m->timers);
    free(m->fresh);
    free(m);
}

/* Slots begin at lines and straddle none that they need not. */
static bool lay_out_slots(struct weir_sessions *m) {
    size_t used = m->accumulator->stride + sizeof(struct weir_session_latest);
    m->wide = *m->accumulator;
    m->wide.stride = used <= WEIR_LINE_BYTES / 2 ? WEIR_LINE_BYTES / 2 : weir_round_up(used, WEIR_LINE_BYTES);
    m->wide.fresh_is_zero = false;
    m->fresh = calloc(1, m->wide.stride);
    if (m->fresh == NULL) return false;
    m->wide.fresh = m->fresh;
    memcpy(m->fresh, m->accumulator->fresh, m->accumulator->stride);
    struct weir_session_latest idle = {.start = INT64_MAX, .end = INT64_MIN, .older = NONE};
    memcpy(m->fresh + m->accumulator->stride, &idle, sizeof(idle));
    return true;
}

static bool reserve_keys(struct weir_sessions *m, uint32_t keys) {
    if (WEIR_LIKELY(keys == m->keys)) return true;
    uint32_t from = m->slots_capacity;
    void *slots = m->slots;
    if (keys == UINT32_MAX || !weir_row_table_grow(&slots, &m->slots_capacity, keys + 1, m->wide.stride))
        return false;
    m->slots = slots;
    weir_accumulator_fresh(&m->wide, m->slots, from, m->slots_capacity);
    m->keys = keys;
    return !m->timed || weir_wheel_reserve(&m->timers, keys);
}

static enum weir_status session_create(const struct weir_plan *plan, const struct weir_accumulator *accumulator,
                                       struct weir_due *due, struct weir_machine **out, struct weir_error *error) {
    if (plan->window.slide > 0) return weir_session_pieces_machine.create(plan, accumulator, due, out, error);
    struct weir_sessions *m = calloc(1, sizeof(*m));
    if (m == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for sessions");
    m->machine.kind = &weir_session_machine;
    m->plan = plan;
    m->accumulator = accumulator;
    m->due = due;
    m->gap = plan->window.size;
    m->now = INT64_MIN;
    m->heap_most = HEAP_FIRST;
    for (uint32_t i = 0; i < WEIR_BLOCK_ROWS; i++) m->identity[i] = i;
    weir_due_init(&m->past, accumulator);
    weir_older_sessions_init(&m->older, accumulator);
    weir_wheel_init_final(&m->timers);
    if (!lay_out_slots(m) || !reserve_keys(m, 1)) {
        session_destroy(&m->machine);
        return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for sessions");
    }
    *out = &m->machine;
    return WEIR_OK;
}

/* ---- strings of slots ---- */

/* As weir_row_pool_tidy does for pools. */
static WEIR_COLD void tidy(struct weir_sessions *m) {
    size_t bytes = 0;
    for (uint32_t id = 0; id < m->keys; id++)
        bytes += weir_held_strings_bytes(m->accumulator, weir_session_slot(m, id));
    struct weir_arena live;
    weir_arena_init(&live, 0);
    if (weir_arena_alloc(&live, bytes) == NULL) { /* all of it at once, so that nothing can fail half-way */
        weir_arena_fini(&live);
        m->heap_most = m->heap.bytes_reserved * 2;
        return;
    }
    weir_arena_reset(&live);
    for (uint32_t id = 0; id < m->keys; id++) {
        bool moved = weir_held_strings_move(m->accumulator, weir_session_slot(m, id), &live);
        WEIR_ASSERT(moved);
        (void)moved;
    }
    weir_arena_fini(&m->heap);
    m->heap = live;
    m->heap_most = live.bytes_reserved < HEAP_FIRST ? HEAP_FIRST : live.bytes_reserved * 2;
}

/* ---- the machine ---- */

static enum weir_status close_through(struct weir_sessions *m, int64_t watermark, enum weir_session_fate fate,
                                      struct weir_error *error) {
    enum weir_status status = weir_sessions_close(m, watermark, fate, error);
    if (WEIR_UNLIKELY(m->heap.bytes_reserved > m->heap_most)) tidy(m);
    weir_row_pool_tidy(&m->older.pool);
    return status;
}

static enum weir_status session_rows(struct weir_machine *machine, struct weir_machine_block *block,
                                     struct weir_error *error) {
    struct weir_sessions *m = (struct weir_sessions *)machine;
    if (!reserve_keys(m, block->ids == NULL ? 1 : block->keys)) return weir_sessions_out_of_memory(m, error);
    /* What W has closed before the block makes way for what begins in it. */
    enum weir_status status = weir_sessions_close(m, block->before, WEIR_SESSION_COMPLETE, error);
    if (status == WEIR_OK) status = weir_sessions_scan(m, block, error);
    return status == WEIR_OK ? close_through(m, block->after, WEIR_SESSION_COMPLETE, error) : status;
}

static enum weir_status session_advance(struct weir_machine *machine, int64_t watermark, int64_t wall,
                                        int64_t sequence, struct weir_error *error) {
    (void)wall;
    (void)sequence;
    return close_through((struct weir_sessions *)machine, watermark, WEIR_SESSION_COMPLETE, error);
}

static enum weir_status session_finish(struct weir_machine *machine, int64_t watermark, int64_t sequence,
                                       struct weir_error *error) {
    static const enum weir_session_fate fates[] = {[WEIR_END_FLUSH] = WEIR_SESSION_COMPLETE,
                                                   [WEIR_END_DISCARD] = WEIR_SESSION_DROPPED,
                                                   [WEIR_END_MARK] = WEIR_SESSION_INCOMPLETE};
    struct weir_sessions *m = (struct weir_sessions *)machine;
    (void)sequence;
    enum weir_status status = close_through(m, watermark, WEIR_SESSION_COMPLETE, error);
    if (status != WEIR_OK) return status;
    return close_through(m, INT64_MAX, fates[m->plan->emission.end], error);
}

/* ---- keys ---- */

static void session_held(const struct weir_machine *machine, uint64_t *bits) {
    const struct weir_sessions *m = (const struct weir_sessions *)machine;
    for (uint32_t id = 0; id < m->keys; id++) {
        if (!weir_session_is_idle(weir_session_latest(m, id))) weir_bit_set(bits, id);
    }
}

static void swap_slots(const struct weir_sessions *m, char *a, char *b) {
    int64_t *x = (int64_t *)(void *)a, *y = (int64_t *)(void *)b;
    for (size_t i = 0; i < m->wide.stride / sizeof(*x); i++) {
        int64_t other = x[i];
        x[i] = y[i];
        y[i] = other;
    }
}

/* Moves the session of `id` to its place, the one that it finds there to its own, and so on. The first slot, which
 * is idle between blocks, carries them. */
static void move_chain(struct weir_sessions *m, const uint32_t *ids, uint32_t id) {
    swap_slots(m, m->slots, weir_session_slot(m, id));
    for (;;) {
        id = ids[id];
        WEIR_ASSERT(id < m->keys);
        struct weir_session_latest *latest = weir_session_latest(m, id);
        bool more = !weir_session_is_idle(latest) && latest->epoch != m->epoch;
        swap_slots(m, m->slots, weir_session_slot(m, id));
        latest->epoch = m->epoch;
        if (!more) return;
    }
}

/* In place, as nothing may fail. Slots that have moved are marked by an epoch that no row has had. */
static void session_rename(struct weir_machine *machine, const uint32_t *ids) {
    struct weir_sessions *m = (struct weir_sessions *)machine;
    m->epoch++;
    for (uint32_t id = 0; id < m->keys; id++) {
        const struct weir_session_latest *latest = weir_session_latest(m, id);
        if (!weir_session_is_idle(latest) && latest->epoch != m->epoch) move_chain(m, ids, id);
    }
    memcpy(m->slots, m->fresh, m->wide.stride);
    for (uint32_t i = 0; i < m->past.count; i++) m->past.entries[i].id = ids[m->past.entries[i].id];
    for (uint32_t row = 0; row < m->older.pool.count; row++) {
        struct weir_session_ended *ended = &m->older.ended[row];
        if (ended->id != NONE) ended->id = ids[ended->id];
    }
    if (!m->timed) return;
    bool armed = weir_sessions_arm(m);
    WEIR_ASSERT(armed);
    (void)armed;
}

/* ---- looking ---- */

static size_t session_bytes(const struct weir_machine *machine) {
    const struct weir_sessions *m = (const struct weir_sessions *)machine;
    return sizeof(*m) + (size_t)m->slots_capacity * m->wide.stride + m->heap.bytes_reserved +
           weir_due_bytes(&m->past) + weir_older_sessions_bytes(&m->older) + weir_wheel_bytes(&m->timers);
}

static void show(uint32_t id, int64_t start, int64_t end, const char *accumulators, weir_machine_visit_fn visit,
                 void *user) {
    struct weir_machine_window window = {id, start, end, end - 1, *(const int64_t *)(const void *)accumulators, 0};
    visit(user, &window);
}

static void session_open(const struct weir_machine *machine, weir_machine_visit_fn visit, void *user) {
    const struct weir_sessions *m = (const struct weir_sessions *)machine;
    const struct weir_older_sessions *older = &m->older;
    for (uint32_t row = 0; row < older->pool.count && row < older->ended_capacity; row++) {
        const struct weir_session_ended *ended = &older->ended[row];
        if (ended->id == NONE) continue;
        show(ended->id, older->times[row].time, ended->end, weir_row_pool_at(&older->pool, row), visit, user);
    }
    for (uint32_t i = 0; i < m->past.count; i++) {
        const struct weir_due_entry *entry = &m->past.entries[i];
        show(entry->id, entry->start, entry->end, weir_due_row(&m->past, i), visit, user);
    }
    for (uint32_t id = 0; id < m->keys; id++) {
        const struct weir_session_latest *latest = weir_session_latest(m, id);
        if (weir_session_is_idle(latest)) continue;
        show(id, latest->start, latest->end, weir_session_slot(m, id), visit, user);
    }
}

const struct weir_machine_kind weir_session_machine = {
    .create = session_create,
    .destroy = session_destroy,
    .rows = session_rows,
    .advance = session_advance,
    .finish = session_finish,
    .held = session_held,
    .rename = session_rename,
    .bytes = session_bytes,
    .open = session_open,
};
