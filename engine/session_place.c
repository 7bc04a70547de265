/* SPDX-License-Identifier: Apache-2.0
 *
 * SESSION(gap): rows that neither simply extend the latest session of their key nor begin the next one.
 */
#include <string.h>

#include "base/bits.h"
#include "base/checked.h"
#include "base/error.h"
#include "engine/row_targets.h"
#include "engine/session_state.h"

#define NONE WEIR_ROW_NONE

/* ---- adding ---- */

static bool all_equal(const uint32_t *values, int32_t count) {
    uint32_t differs = 0;
    for (int32_t i = 1; i < count; i++) differs |= values[i] ^ values[0];
    return differs == 0;
}

/* The rows of entries [from, from + count); NULL: the block's first ones. */
static const uint32_t *rows_of(const struct weir_sessions *m, const struct weir_machine_block *block,
                               int32_t from) {
    if (block->rows != NULL) return block->rows + from;
    return from == 0 ? NULL : m->identity + from;
}

enum weir_status weir_sessions_add_until(struct weir_sessions *m, const struct weir_machine_block *block,
                                         int32_t to, struct weir_error *error) {
    int32_t from = m->added, count = to - from;
    if (m->at_once) return WEIR_OK;
    m->epoch++;
    if (count == 0) return WEIR_OK;
    m->added = to;
    const uint32_t *of = m->of + from;
    bool one = block->ids == NULL && all_equal(of, count); /* without keys: whole columns at a time */
    return weir_accumulator_add(&m->wide, one ? m->slots + of[0] * m->wide.stride : m->slots, m->keys + 1,
                                one ? NULL : of, rows_of(m, block, from), count, block->args, &m->heap, error);
}

/* Where some of the rows of that session have not been added, all so far are. */
static enum weir_status complete(struct weir_sessions *m, const struct weir_machine_block *block, int32_t entry,
                                 const struct weir_session_latest *latest, struct weir_error *error) {
    return latest->epoch == m->epoch ? weir_sessions_add_until(m, block, entry, error) : WEIR_OK;
}

enum weir_status weir_session_leave_behind(struct weir_sessions *m, const struct weir_machine_block *block,
                                           int32_t entry, const struct weir_due_entry *left,
                                           struct weir_error *error) {
    enum weir_status status = complete(m, block, entry, weir_session_latest(m, left->id), error);
    return status == WEIR_OK ? weir_due_add(&m->past, *left, weir_session_slot(m, left->id), error) : status;
}

/* ---- other rows ---- */

struct arrival {
    int32_t entry;
    uint32_t id;
    int64_t time;
    int64_t end; /* of the window that it has on its own */
    int64_t watermark;
    struct weir_session_latest *latest;
};

/* The row meets a session when it lies in [start - gap, end]: distance exactly gap merges. */
static bool meets(const struct arrival *arrival, int64_t start, int64_t end) {
    return arrival->end >= start && arrival->time <= end && !weir_session_closed(end, arrival->watermark);
}

static bool meets_older(const struct weir_sessions *m, const struct arrival *arrival, uint32_t row) {
    return row != NONE && meets(arrival, m->older.times[row].time, m->older.ended[row].end);
}

static uint32_t older_at(const struct weir_sessions *m, const struct arrival *arrival, int64_t time) {
    return weir_time_tree_floor(m->older.times, arrival->latest->older, time);
}

/* Adds the row to an older session alone. */
static enum weir_status add_to_older(struct weir_sessions *m, const struct weir_machine_block *block,
                                     const struct arrival *arrival, uint32_t row, struct weir_error *error) {
    uint32_t at = weir_machine_row(block, arrival->entry);
    m->of[arrival->entry] = WEIR_SESSION_NOWHERE;
    m->late = true;
    return weir_accumulator_add(m->accumulator, m->older.pool.rows, m->older.pool.count, &row, &at, 1, block->args,
                                &m->older.pool.heap, error);
}

/* Older session `from` goes into the accumulators at `to`. */
static enum weir_status absorb(struct weir_sessions *m, const struct arrival *arrival, char *to, uint32_t from,
                               struct weir_arena *heap, struct weir_error *error) {
    enum weir_status status =
        weir_accumulator_merge(m->accumulator, to, weir_row_pool_at(&m->older.pool, from), heap, error);
    weir_wheel_remove(&m->older.wheel, from);
    weir_older_session_remove(&m->older, &arrival->latest->older, from);
    return status;
}

/* Closed sessions of the key that begin at the row or later, before `until`, and wait to be given out: they go at
 * once. A session that grows down to the row would begin where one of them does, or before it, and in the tree no
 * two may. */
static enum weir_status give_closed(struct weir_sessions *m, const struct arrival *arrival, int64_t until,
                                    struct weir_error *error) {
    for (;;) {
        uint32_t row = older_at(m, arrival, until - 1);
        if (row == NONE || m->older.times[row].time < arrival->time) return WEIR_OK;
        enum weir_status status = weir_older_session_give(m, row, true, error);
        if (status != WEIR_OK) return status;
        weir_wheel_remove(&m->older.wheel, row);
        weir_older_session_remove(&m->older, &arrival->latest->older, row);
    }
}

static enum weir_status join_latest(struct weir_sessions *m, const struct weir_machine_block *block,
                                    const struct arrival *arrival, struct weir_error *error) {
    struct weir_session_latest *latest = arrival->latest;
    enum weir_status status = WEIR_OK;
    if (arrival->time < latest->start) {
        latest->start = arrival->time;
        uint32_t before = weir_time_tree_last(m->older.times, latest->older);
        if (meets_older(m, arrival, before)) {
            latest->start = m->older.times[before].time;
            status = complete(m, block, arrival->entry, latest, error);
            enum weir_status merged =
                absorb(m, arrival, weir_session_slot(m, arrival->id), before, &m->heap, error);
            if (status == WEIR_OK) status = merged;
        } else {
            status = give_closed(m, arrival, INT64_MAX, error);
        }
    }
    if (arrival->end > latest->end) latest->end = arrival->end;
    latest->epoch = m->epoch;
    m->of[arrival->entry] = arrival->id + 1;
    return status;
}

static enum weir_status join_older(struct weir_sessions *m, const struct weir_machine_block *block,
                                   const struct arrival *arrival, uint32_t row, struct weir_error *error) {
    struct weir_older_sessions *older = &m->older;
    enum weir_status status = WEIR_OK;
    int64_t start = older->times[row].time;
    if (arrival->time < start) {
        uint32_t before = older_at(m, arrival, start - 1);
        if (meets_older(m, arrival, before)) {
            start = older->times[before].time;
            status = absorb(m, arrival, weir_row_pool_at(&older->pool, row), before, &older->pool.heap, error);
        } else {
            status = give_closed(m, arrival, start, error);
            start = arrival->time;
        }
        older->times[row].time = start;
    }
    if (arrival->end > older->ended[row].end) older->ended[row].end = arrival->end;
    return status == WEIR_OK ? add_to_older(m, block, arrival, row, error) : status;
}

/* The row meets no session and is not late. */
static enum weir_status open_session(struct weir_sessions *m, const struct weir_machine_block *block,
                                     const struct arrival *arrival, struct weir_error *error) {
    struct weir_session_latest *latest = arrival->latest;
    if (!weir_session_is_idle(latest) && arrival->time < latest->start) {
        uint32_t row = weir_older_session_open(&m->older, &latest->older, arrival->id, arrival->time, arrival->end);
        if (row == NONE) return weir_sessions_out_of_memory(m, error);
        return add_to_older(m, block, arrival, row, error);
    }
    struct weir_session_row row = {arrival->entry, arrival->id, arrival->time, arrival->end};
    return weir_session_begin_next(m, block, &row, weir_session_slot(m, arrival->id), m->accumulator->stride,
                                   error);
}

static void drop_late(struct weir_sessions *m, struct weir_machine_block *block, int32_t entry) {
    weir_bit_set(block->late, weir_machine_row(block, entry));
    block->late_count++;
    m->late = true;
    m->of[entry] = WEIR_SESSION_NOWHERE;
}

enum weir_status weir_session_place(struct weir_sessions *m, struct weir_machine_block *block, int32_t entry,
                                    struct weir_error *error) {
    struct arrival arrival = {.entry = entry, .id = block->ids == NULL ? 0 : block->ids[entry]};
    arrival.time = block->times[weir_machine_row(block, entry)];
    arrival.end = weir_add_saturate_i64(arrival.time, m->gap);
    arrival.watermark = weir_machine_watermark(block, entry);
    arrival.latest = weir_session_latest(m, arrival.id);
    enum weir_status status = weir_sessions_settle(m, error);
    if (status != WEIR_OK) return status;
    if (!weir_session_is_idle(arrival.latest) && meets(&arrival, arrival.latest->start, arrival.latest->end))
        return join_latest(m, block, &arrival, error);
    uint32_t older = older_at(m, &arrival, arrival.end);
    if (meets_older(m, &arrival, older)) return join_older(m, block, &arrival, older, error);
    if (!weir_session_closed(arrival.end, arrival.watermark)) return open_session(m, block, &arrival, error);
    drop_late(m, block, entry);
    return WEIR_OK;
}
