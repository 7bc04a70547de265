/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/error.h"
#include "engine/held_strings.h"
#include "engine/session_state.h"

#define NONE WEIR_ROW_NONE

void weir_older_sessions_init(struct weir_older_sessions *older, const struct weir_accumulator *accumulator) {
    weir_row_pool_init(&older->pool, accumulator);
    weir_wheel_init(&older->wheel);
}

void weir_older_sessions_fini(struct weir_older_sessions *older) {
    weir_wheel_fini(&older->wheel);
    weir_row_table_free(older->times, older->times_capacity, sizeof(*older->times));
    weir_row_table_free(older->ended, older->ended_capacity, sizeof(*older->ended));
    weir_row_table_free(older->loose, older->loose_capacity, sizeof(*older->loose));
    weir_row_pool_fini(&older->pool);
}

size_t weir_older_sessions_bytes(const struct weir_older_sessions *older) {
    return weir_row_pool_bytes(&older->pool) + (size_t)older->times_capacity * sizeof(*older->times) +
           (size_t)older->ended_capacity * sizeof(*older->ended) +
           (size_t)older->loose_capacity * sizeof(*older->loose) + weir_wheel_bytes(&older->wheel);
}

static WEIR_COLD bool reserve(struct weir_older_sessions *older) {
    void *times = older->times, *ended = older->ended;
    uint32_t from = older->ended_capacity, wanted = older->pool.capacity;
    bool ok = weir_row_table_grow(&times, &older->times_capacity, wanted, sizeof(*older->times)) &&
              weir_row_table_grow(&ended, &older->ended_capacity, wanted, sizeof(*older->ended));
    older->times = times;
    older->ended = ended;
    for (uint32_t i = from; i < older->ended_capacity; i++) older->ended[i].id = NONE;
    return ok && weir_wheel_reserve(&older->wheel, wanted);
}

/* A pool row with its places in the tables; NONE when memory is short. */
static uint32_t take_row(struct weir_older_sessions *older, uint32_t id, int64_t start, int64_t end) {
    uint32_t row = weir_row_pool_take(&older->pool);
    if (row == NONE) return NONE;
    if (WEIR_UNLIKELY(row >= older->wheel.capacity) && !reserve(older)) {
        weir_row_pool_give(&older->pool, row);
        return NONE;
    }
    older->ended[row] = (struct weir_session_ended){.end = end, .id = id};
    older->times[row].time = start;
    weir_wheel_add(&older->wheel, row, end - 1);
    return row;
}

static void put_into_tree(struct weir_older_sessions *older, uint32_t *set, uint32_t row) {
    older->ended[row].in_tree = true;
    weir_time_tree_insert(older->times, set, row);
}

uint32_t weir_older_session_open(struct weir_older_sessions *older, uint32_t *set, uint32_t id, int64_t start,
                                 int64_t end) {
    uint32_t row = take_row(older, id, start, end);
    if (row != NONE) put_into_tree(older, set, row);
    return row;
}

void weir_older_session_remove(struct weir_older_sessions *older, uint32_t *set, uint32_t row) {
    if (older->ended[row].in_tree) {
        weir_time_tree_remove(older->times, set, row);
    } else {
        older->loose_open--;
    }
    older->ended[row].id = NONE;
    weir_row_pool_give(&older->pool, row);
}

/* ---- loose ones ---- */

/* Place `at` holds a loose session: not one that has been closed, nor one whose row has come again since. */
static bool is_loose(const struct weir_older_sessions *older, uint32_t at) {
    uint32_t row = older->loose[at];
    return older->ended[row].id != NONE && !older->ended[row].in_tree && older->times[row].left == at;
}

/* Drops the places of what is loose no more; a part of the list at least, or it grows. */
static bool make_room(struct weir_older_sessions *older) {
    if (older->loose_count < older->loose_capacity) return true;
    if (older->loose_open >= older->loose_capacity / 2) {
        void *loose = older->loose;
        bool ok =
            weir_row_table_grow(&loose, &older->loose_capacity, older->loose_capacity + 1, sizeof(*older->loose));
        older->loose = loose;
        return ok;
    }
    uint32_t count = 0;
    for (uint32_t at = 0; at < older->loose_count; at++) {
        if (!is_loose(older, at)) continue;
        uint32_t row = older->loose[at];
        older->times[row].left = count;
        older->loose[count++] = row;
    }
    older->loose_count = count;
    return true;
}

enum weir_status weir_session_settle(struct weir_sessions *m, uint32_t idx, struct weir_error *error) {
    struct weir_older_sessions *older = &m->older;
    const struct weir_due_entry *entry = &m->past.entries[idx];
    uint32_t row = make_room(older) ? take_row(older, entry->id, entry->start, entry->end) : NONE;
    if (row == NONE) return weir_sessions_out_of_memory(m, error);
    older->times[row].left = older->loose_count;
    older->loose[older->loose_count++] = row;
    older->loose_open++;
    char *to = weir_row_pool_at(&older->pool, row);
    memcpy(to, weir_due_row(&m->past, idx), m->accumulator->stride);
    if (!weir_held_strings_move(m->accumulator, to, &older->pool.heap))
        return weir_sessions_out_of_memory(m, error);
    return WEIR_OK;
}

enum weir_status weir_sessions_settle(struct weir_sessions *m, struct weir_error *error) {
    struct weir_older_sessions *older = &m->older;
    if (m->past.count == 0 && older->loose_open == 0) return WEIR_OK;
    for (uint32_t i = 0; i < m->past.count; i++) {
        enum weir_status status = weir_session_settle(m, i, error);
        if (status != WEIR_OK) return status;
    }
    weir_due_clear(&m->past);
    for (uint32_t at = 0; at < older->loose_count; at++) {
        uint32_t row = older->loose[at];
        if (is_loose(older, at)) put_into_tree(older, &weir_session_latest(m, older->ended[row].id)->older, row);
    }
    older->loose_count = older->loose_open = 0;
    return WEIR_OK;
}

enum weir_status weir_older_session_give(struct weir_sessions *m, uint32_t row, bool complete,
                                         struct weir_error *error) {
    const struct weir_older_sessions *older = &m->older;
    struct weir_due_entry entry = {.id = older->ended[row].id,
                                   .start = older->times[row].time,
                                   .end = older->ended[row].end,
                                   .kind = WEIR_ROW_INSERT,
                                   .complete = complete};
    return weir_due_add(m->due, entry, weir_row_pool_at(&older->pool, row), error);
}
