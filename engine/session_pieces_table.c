/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/session_pieces.h"

#include <stdlib.h>

#include "base/bits.h"
#include "base/check.h"
#include "base/error.h"
#include "engine/session.h"

#define NONE WEIR_ROW_NONE

WEIR_COLD enum weir_status weir_pieces_no_memory(const struct weir_pieces *m, struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY,
                          "out of memory for %u open sessions with %u distinct times or pieces", m->sessions_count,
                          m->targets.pool.used);
}

bool weir_pieces_reserve_keys(struct weir_pieces *m, uint32_t keys) {
    uint32_t from = m->keys;
    void *sets = m->sessions_of;
    if (!weir_row_table_grow(&sets, &m->keys, keys, sizeof(*m->sessions_of))) return false;
    m->sessions_of = sets;
    for (uint32_t i = from; i < m->keys; i++) m->sessions_of[i] = NONE;
    return true;
}

uint32_t weir_pieces_take_session(struct weir_pieces *m) {
    uint32_t number = m->free;
    if (number != NONE) {
        m->free = m->sessions[number].cells;
        return number;
    }
    void *sessions = m->sessions, *starts = m->starts;
    uint32_t wanted = m->sessions_count + 1;
    bool ok = weir_row_table_grow(&sessions, &m->sessions_capacity, wanted, sizeof(*m->sessions)) &&
              weir_row_table_grow(&starts, &m->starts_capacity, wanted, sizeof(*m->starts));
    m->sessions = sessions;
    m->starts = starts;
    if (!ok || !weir_wheel_reserve(&m->wheel, wanted)) return NONE;
    return m->sessions_count++;
}

void weir_pieces_give_session(struct weir_pieces *m, uint32_t number) {
    m->sessions[number].id = NONE;
    m->sessions[number].cells = m->free;
    m->free = number;
}

uint32_t weir_pieces_take_cell(struct weir_pieces *m) {
    uint32_t row = weir_row_pool_take(&m->targets.pool);
    void *times = m->times;
    if (row == NONE) return NONE;
    bool ok = weir_row_table_grow(&times, &m->times_capacity, m->targets.pool.capacity, sizeof(*m->times));
    m->times = times;
    if (ok) return row;
    weir_row_pool_give(&m->targets.pool, row);
    return NONE;
}

void weir_pieces_destroy(struct weir_machine *machine) {
    struct weir_pieces *m = (struct weir_pieces *)machine;
    weir_wheel_fini(&m->wheel);
    weir_row_table_free(m->sessions_of, m->keys, sizeof(*m->sessions_of));
    weir_row_table_free(m->sessions, m->sessions_capacity, sizeof(*m->sessions));
    weir_row_table_free(m->starts, m->starts_capacity, sizeof(*m->starts));
    weir_row_table_free(m->times, m->times_capacity, sizeof(*m->times));
    weir_row_targets_fini(&m->targets);
    free(m);
}

enum weir_status weir_pieces_create(const struct weir_plan *plan, const struct weir_accumulator *accumulator,
                                    struct weir_due *due, struct weir_machine **out, struct weir_error *error) {
    struct weir_pieces *m = calloc(1, sizeof(*m));
    if (m == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for sessions");
    m->machine.kind = &weir_session_pieces_machine;
    m->plan = plan;
    m->due = due;
    m->gap = plan->window.size;
    m->max = plan->window.slide;
    m->free = NONE;
    weir_wheel_init(&m->wheel);
    enum weir_status status = weir_row_targets_init(&m->targets, accumulator, error);
    if (status != WEIR_OK) {
        weir_pieces_destroy(&m->machine);
        return status;
    }
    *out = &m->machine;
    return WEIR_OK;
}

/* ---- the machine ---- */

void weir_pieces_held(const struct weir_machine *machine, uint64_t *bits) {
    const struct weir_pieces *m = (const struct weir_pieces *)machine;
    for (uint32_t i = 0; i < m->sessions_count; i++) {
        if (m->sessions[i].id != NONE) weir_bit_set(bits, m->sessions[i].id);
    }
}

/* In place, as nothing may fail: the root of each set remembers that it is one. */
void weir_pieces_rename(struct weir_machine *machine, const uint32_t *ids) {
    struct weir_pieces *m = (struct weir_pieces *)machine;
    for (uint32_t i = 0; i < m->sessions_count; i++) {
        struct weir_pieced_session *session = &m->sessions[i];
        if (session->id == NONE) continue;
        session->is_root = m->sessions_of[session->id] == i;
        session->id = ids[session->id];
        WEIR_ASSERT(session->id < m->keys);
    }
    for (uint32_t id = 0; id < m->keys; id++) m->sessions_of[id] = NONE;
    for (uint32_t i = 0; i < m->sessions_count; i++) {
        if (m->sessions[i].id != NONE && m->sessions[i].is_root) m->sessions_of[m->sessions[i].id] = i;
    }
}

size_t weir_pieces_bytes(const struct weir_machine *machine) {
    const struct weir_pieces *m = (const struct weir_pieces *)machine;
    return sizeof(*m) + weir_row_pool_bytes(&m->targets.pool) + (size_t)m->keys * sizeof(*m->sessions_of) +
           (size_t)m->sessions_capacity * sizeof(*m->sessions) + (size_t)m->starts_capacity * sizeof(*m->starts) +
           (size_t)m->times_capacity * sizeof(*m->times) + weir_wheel_bytes(&m->wheel);
}
