/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/check.h"
#include "engine/session_state.h"

/* ---- what later sessions of their keys have left behind ---- */

/* The closed ones go as they are, with the whole list where there is nothing before them. */
static enum weir_status close_past(struct weir_sessions *m, int64_t watermark, enum weir_session_fate fate,
                                   struct weir_error *error) {
    struct weir_due *past = &m->past;
    uint32_t count = 0;
    for (uint32_t i = 0; i < past->count; i++) {
        struct weir_due_entry *entry = &past->entries[i];
        if (!weir_session_closed(entry->end, watermark)) {
            enum weir_status status = weir_session_settle(m, i, error);
            if (status != WEIR_OK) return status;
            continue;
        }
        if (count != i) past->entries[count] = *entry;
        past->entries[count++].complete = fate == WEIR_SESSION_COMPLETE;
    }
    past->count = count;
    if (count == 0 || fate == WEIR_SESSION_DROPPED) {
        weir_due_clear(past);
        return WEIR_OK;
    }
    return weir_due_take(m->due, past, NULL, error);
}

/* ---- older ones ---- */

/* One that has come out of the wheel; where it has grown it goes back. */
static enum weir_status close_older(struct weir_sessions *m, uint32_t row, int64_t watermark,
                                    enum weir_session_fate fate, struct weir_error *error) {
    struct weir_older_sessions *older = &m->older;
    int64_t end = older->ended[row].end;
    if (!weir_session_closed(end, watermark)) {
        weir_wheel_add(&older->wheel, row, end - 1);
        return WEIR_OK;
    }
    enum weir_status status = WEIR_OK;
    if (fate != WEIR_SESSION_DROPPED)
        status = weir_older_session_give(m, row, fate == WEIR_SESSION_COMPLETE, error);
    if (status == WEIR_OK)
        weir_older_session_remove(older, &weir_session_latest(m, older->ended[row].id)->older, row);
    return status;
}

/* Fetches what closing these sessions needs. */
static void fetch(const struct weir_sessions *m, const uint32_t *rows, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        WEIR_PREFETCH_READ(&m->older.ended[rows[i]]);
        WEIR_PREFETCH_WRITE(weir_row_pool_at(&m->older.pool, rows[i]));
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct weir_session_ended *ended = &m->older.ended[rows[i]];
        if (ended->in_tree) WEIR_PREFETCH_WRITE(weir_session_latest(m, ended->id));
    }
}

static enum weir_status close_all_older(struct weir_sessions *m, int64_t watermark, enum weir_session_fate fate,
                                        struct weir_error *error) {
    uint32_t rows[WEIR_WHEEL_CHUNK], count;
    weir_wheel_advance(&m->older.wheel, watermark);
    enum weir_status status = WEIR_OK;
    while (status == WEIR_OK && (count = weir_wheel_take(&m->older.wheel, rows)) > 0) {
        fetch(m, rows, count);
        for (uint32_t i = 0; i < count && status == WEIR_OK; i++)
            status = close_older(m, rows[i], watermark, fate, error);
    }
    return status;
}

/* ---- latest ones ---- */

WEIR_INLINE enum weir_status close_latest(struct weir_sessions *m, uint32_t id, enum weir_session_fate fate,
                                          struct weir_error *error) {
    char *slot = weir_session_slot(m, id);
    const struct weir_session_latest *latest = weir_session_latest(m, id);
    WEIR_ASSERT(latest->older == WEIR_ROW_NONE);
    if (fate != WEIR_SESSION_DROPPED) {
        struct weir_due_entry entry = {.id = id,
                                       .start = latest->start,
                                       .end = latest->end,
                                       .kind = WEIR_ROW_INSERT,
                                       .complete = fate == WEIR_SESSION_COMPLETE};
        struct weir_due *due = m->due;
        if (WEIR_LIKELY(!m->accumulator->holds_strings && due->count < due->capacity &&
                        due->rows_count < due->rows_capacity)) {
            weir_due_put(due, entry, slot, m->accumulator->stride);
        } else {
            enum weir_status status = weir_due_add(due, entry, slot, error);
            if (status != WEIR_OK) return status;
        }
    }
    weir_session_clear(m, slot);
    return WEIR_OK;
}

static enum weir_status look_at_all(struct weir_sessions *m, int64_t watermark, enum weir_session_fate fate,
                                    struct weir_error *error) {
    if (watermark == INT64_MAX && fate != WEIR_SESSION_DROPPED) { /* all of them are closed */
        enum weir_status status = weir_due_reserve(m->due, m->open, error);
        if (status != WEIR_OK) return status;
    }
    for (uint32_t id = 0; id < m->keys; id++) {
        const struct weir_session_latest *latest = weir_session_latest(m, id);
        if (WEIR_LIKELY(latest->end > watermark) && latest->end - 1 > watermark) continue;
        if (weir_session_is_idle(latest)) continue;
        enum weir_status status = close_latest(m, id, fate, error);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

static enum weir_status look_at(struct weir_sessions *m, const uint32_t *ids, uint32_t count, int64_t watermark,
                                enum weir_session_fate fate, struct weir_error *error) {
    for (uint32_t i = 0; i < count; i++) {
        int64_t end = weir_session_latest(m, ids[i])->end;
        if (!weir_session_closed(end, watermark)) {
            weir_wheel_add(&m->timers, ids[i], end - 1);
            continue;
        }
        enum weir_status status = close_latest(m, ids[i], fate, error);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

static uint32_t take_and_fetch(struct weir_sessions *m, uint32_t ids[WEIR_WHEEL_CHUNK]) {
    uint32_t count = weir_wheel_take(&m->timers, ids);
    for (uint32_t i = 0; i < count; i++) WEIR_PREFETCH_WRITE(weir_session_latest(m, ids[i]));
    return count;
}

#define CHUNKS_AHEAD 4 /* whose slots are fetched */

static enum weir_status look_at_timers(struct weir_sessions *m, int64_t watermark, enum weir_session_fate fate,
                                       struct weir_error *error) {
    uint32_t ids[CHUNKS_AHEAD][WEIR_WHEEL_CHUNK], counts[CHUNKS_AHEAD];
    weir_wheel_advance(&m->timers, watermark);
    for (uint32_t at = 0; at < CHUNKS_AHEAD; at++) counts[at] = take_and_fetch(m, ids[at]);
    enum weir_status status = WEIR_OK;
    for (uint32_t at = 0; status == WEIR_OK && counts[at] > 0; at = (at + 1) % CHUNKS_AHEAD) {
        status = look_at(m, ids[at], counts[at], watermark, fate, error);
        counts[at] = take_and_fetch(m, ids[at]);
    }
    return status;
}

/* ---- which way ---- */

#define SLOTS_A_ROW 2 /* that may be looked at for each row */

bool weir_sessions_arm(struct weir_sessions *m) {
    weir_wheel_clear(&m->timers);
    if (!weir_wheel_reserve(&m->timers, m->keys)) return false;
    for (uint32_t id = 0; id < m->keys; id++) {
        const struct weir_session_latest *latest = weir_session_latest(m, id);
        if (!weir_session_is_idle(latest)) weir_wheel_add(&m->timers, id, latest->end - 1);
    }
    return true;
}

static bool choose_way(struct weir_sessions *m, int64_t watermark) {
    bool timed = watermark < INT64_MAX && m->rows_since < m->keys / SLOTS_A_ROW;
    m->rows_since = 0;
    if (timed == m->timed) return true;
    m->timed = timed;
    return !timed || weir_sessions_arm(m);
}

enum weir_status weir_sessions_close(struct weir_sessions *m, int64_t watermark, enum weir_session_fate fate,
                                     struct weir_error *error) {
    if (watermark <= m->now) return WEIR_OK;
    m->now = watermark;
    if (!choose_way(m, watermark)) return weir_sessions_out_of_memory(m, error);
    enum weir_status status = close_past(m, watermark, fate, error);
    if (status == WEIR_OK) status = close_all_older(m, watermark, fate, error);
    if (status != WEIR_OK) return status;
    return m->timed ? look_at_timers(m, watermark, fate, error) : look_at_all(m, watermark, fate, error);
}
