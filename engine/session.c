/* SPDX-License-Identifier: Apache-2.0
 *
 * SESSION(gap): each key has its latest session in a flat table, so that a row that extends it costs a few
 * instructions. Sessions before it (rows out of order, a watermark that lags) lie in a tree ordered by start. What
 * a session is named by is the number of its accumulator row:
 *
 *     latest[key id]  start, end, row, older --> tree over rows: times[row] (start), sessions[row] (end, key id)
 *     wheel           every open session, by an end that it has had; lazily, as ends rise
 *
 * Sessions of a key are disjoint and more than nothing apart, so that their ends come in the order of their starts,
 * and as each is at least `gap` long a row meets two of them at most.
 *
 * A block: for each row the number of its accumulator row, then all rows are added in one go. Before two sessions
 * merge the rows so far are added. Sessions that W closes within the block keep their accumulator rows until its
 * end.
 */
#include "engine/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/check.h"
#include "base/checked.h"
#include "base/error.h"
#include "engine/row_targets.h"
#include "engine/time_tree.h"
#include "engine/wheel.h"

#define NONE WEIR_ROW_NONE

/* No session: start is above every time and end below every watermark. */
struct latest {
    int64_t start;
    int64_t end;
    uint32_t row;
    uint32_t older; /* a set of the key's earlier sessions */
};

struct session {
    int64_t end;    /* of an older one */
    uint32_t id;    /* NONE: no session */
    bool is_latest; /* during rename */
};

struct sessions {
    struct weir_machine machine;
    const struct weir_plan *plan;
    struct weir_due *due;
    int64_t gap;
    struct weir_row_targets targets;
    struct latest *latest; /* by key id */
    uint32_t keys;
    struct weir_time_node *times; /* by row: of older sessions */
    struct session *sessions;     /* by row */
    uint32_t times_capacity, sessions_capacity;
    struct weir_wheel wheel;
};

/* Keys of a plan without keys. */
static const uint32_t one_key[WEIR_BLOCK_ROWS];

static WEIR_COLD enum weir_status out_of_memory(const struct sessions *m, struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for %u open sessions of %u keys",
                          m->targets.pool.used, m->keys);
}

/* ---- tables ---- */

static void clear_latest(struct latest *latest) {
    *latest = (struct latest){.start = INT64_MAX, .end = INT64_MIN + 1, .row = NONE, .older = NONE};
}

static bool reserve_keys(struct sessions *m, uint32_t keys) {
    uint32_t from = m->keys;
    if (WEIR_LIKELY(keys <= from)) return true;
    void *latest = m->latest;
    if (!weir_row_table_grow(&latest, &m->keys, keys, sizeof(*m->latest))) return false;
    m->latest = latest;
    for (uint32_t i = from; i < m->keys; i++) clear_latest(&m->latest[i]);
    return true;
}

static WEIR_COLD bool reserve_rows(struct sessions *m) {
    void *times = m->times, *sessions = m->sessions;
    uint32_t from = m->sessions_capacity, wanted = m->targets.pool.capacity;
    bool ok = weir_row_table_grow(&times, &m->times_capacity, wanted, sizeof(*m->times)) &&
              weir_row_table_grow(&sessions, &m->sessions_capacity, wanted, sizeof(*m->sessions));
    m->times = times;
    m->sessions = sessions;
    for (uint32_t i = from; i < m->sessions_capacity; i++) m->sessions[i].id = NONE;
    return ok && weir_wheel_reserve(&m->wheel, wanted);
}

/* A fresh accumulator row with its places in the tables; NONE when memory is short. */
static uint32_t take_row(struct sessions *m) {
    uint32_t row = weir_row_pool_take(&m->targets.pool);
    if (row == NONE || WEIR_LIKELY(row < m->wheel.capacity) || reserve_rows(m)) return row;
    weir_row_pool_give(&m->targets.pool, row);
    return NONE;
}

static void give_row(struct sessions *m, uint32_t row) {
    m->sessions[row].id = NONE;
    weir_row_pool_give(&m->targets.pool, row);
}

static void session_destroy(struct weir_machine *machine) {
    struct sessions *m = (struct sessions *)machine;
    weir_wheel_fini(&m->wheel);
    weir_row_table_free(m->latest, m->keys, sizeof(*m->latest));
    weir_row_table_free(m->times, m->times_capacity, sizeof(*m->times));
    weir_row_table_free(m->sessions, m->sessions_capacity, sizeof(*m->sessions));
    weir_row_targets_fini(&m->targets);
    free(m);
}

static enum weir_status session_create(const struct weir_plan *plan, const struct weir_accumulator *accumulator,
                                       struct weir_due *due, struct weir_machine **out, struct weir_error *error) {
    if (plan->window.slide > 0) return weir_session_pieces_machine.create(plan, accumulator, due, out, error);
    struct sessions *m = calloc(1, sizeof(*m));
    if (m == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for sessions");
    m->machine.kind = &weir_session_machine;
    m->plan = plan;
    m->due = due;
    m->gap = plan->window.size;
    weir_wheel_init(&m->wheel);
    enum weir_status status = weir_row_targets_init(&m->targets, accumulator, error);
    if (status == WEIR_OK && !reserve_rows(m)) status = out_of_memory(m, error);
    if (status != WEIR_OK) {
        session_destroy(&m->machine);
        return status;
    }
    *out = &m->machine;
    return WEIR_OK;
}

/* ---- adding rows ---- */

/* A row as the slow path sees it. */
struct arrival {
    int32_t entry;
    uint32_t id;
    int64_t time;
    int64_t end; /* of the window that it has on its own */
    int64_t watermark;
};

/* Accumulator row `from`, of a session that is in no set any more, goes into `to`. */
static enum weir_status merge_rows(struct sessions *m, const struct weir_machine_block *block,
                                   const struct arrival *arrival, uint32_t to, uint32_t from,
                                   struct weir_error *error) {
    enum weir_status status = weir_row_targets_add(&m->targets, block, arrival->entry, error);
    weir_wheel_remove(&m->wheel, from);
    m->sessions[from].id = NONE;
    enum weir_status merged = weir_row_targets_merge(&m->targets, to, from, error);
    return status != WEIR_OK ? status : merged;
}

/* The row meets a session when it lies in [start - gap, end]: distance exactly gap merges. */
static bool meets(const struct arrival *arrival, int64_t start, int64_t end) {
    return arrival->end >= start && arrival->time <= end && !weir_session_closed(end, arrival->watermark);
}

/* The result of a session, whose accumulator row it copies. */
static enum weir_status give_out(struct sessions *m, uint32_t row, uint32_t id, int64_t start, int64_t end,
                                 bool complete, struct weir_error *error) {
    struct weir_due_entry entry = {
        .id = id, .start = start, .end = end, .kind = WEIR_ROW_INSERT, .complete = complete};
    return weir_due_add(m->due, entry, weir_row_pool_at(&m->targets.pool, row), error);
}

/* Closed sessions of the key that begin at `from` or later, before `until`, and wait to be given out: they go at
 * once. A session that grows down to `from` would begin where one of them does, or before it, and in the tree no
 * two may. */
static enum weir_status give_closed(struct sessions *m, const struct weir_machine_block *block,
                                    const struct arrival *arrival, struct latest *latest, int64_t until,
                                    struct weir_error *error) {
    uint32_t row = weir_time_tree_floor(m->times, latest->older, until - 1);
    if (row == NONE || m->times[row].time < arrival->time) return WEIR_OK;
    enum weir_status status = weir_row_targets_add(&m->targets, block, arrival->entry, error);
    while (status == WEIR_OK && row != NONE && m->times[row].time >= arrival->time) {
        status = give_out(m, row, arrival->id, m->times[row].time, m->sessions[row].end, true, error);
        if (status != WEIR_OK) break;
        weir_wheel_remove(&m->wheel, row);
        weir_time_tree_remove(m->times, &latest->older, row);
        give_row(m, row);
        row = weir_time_tree_floor(m->times, latest->older, until - 1);
    }
    return status;
}

static enum weir_status join_latest(struct sessions *m, const struct weir_machine_block *block,
                                    const struct arrival *arrival, struct latest *latest,
                                    struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    if (arrival->time < latest->start) {
        latest->start = arrival->time;
        uint32_t before = weir_time_tree_last(m->times, latest->older);
        if (before != NONE && meets(arrival, m->times[before].time, m->sessions[before].end)) {
            latest->start = m->times[before].time;
            weir_time_tree_remove(m->times, &latest->older, before);
            status = merge_rows(m, block, arrival, latest->row, before, error);
        } else {
            status = give_closed(m, block, arrival, latest, INT64_MAX, error);
        }
    }
    if (arrival->end > latest->end) latest->end = arrival->end;
    m->targets.of[arrival->entry] = latest->row;
    return status;
}

static enum weir_status join_older(struct sessions *m, const struct weir_machine_block *block,
                                   const struct arrival *arrival, struct latest *latest, uint32_t row,
                                   struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    int64_t start = m->times[row].time;
    if (arrival->time < start) {
        uint32_t before = weir_time_tree_floor(m->times, latest->older, start - 1);
        start = arrival->time;
        if (before != NONE && meets(arrival, m->times[before].time, m->sessions[before].end)) {
            start = m->times[before].time;
            weir_time_tree_remove(m->times, &latest->older, before);
            status = merge_rows(m, block, arrival, row, before, error);
        } else {
            status = give_closed(m, block, arrival, latest, m->times[row].time, error);
        }
        m->times[row].time = start;
    }
    if (arrival->end > m->sessions[row].end) m->sessions[row].end = arrival->end;
    m->targets.of[arrival->entry] = row;
    return status;
}

static void make_older(struct sessions *m, struct latest *latest, uint32_t row, int64_t start, int64_t end) {
    m->times[row].time = start;
    m->sessions[row].end = end;
    weir_time_tree_insert(m->times, &latest->older, row);
}

static enum weir_status open_session(struct sessions *m, const struct arrival *arrival, struct latest *latest,
                                     struct weir_error *error) {
    uint32_t row = take_row(m);
    if (row == NONE) return out_of_memory(m, error);
    m->sessions[row].id = arrival->id;
    weir_wheel_add(&m->wheel, row, arrival->end - 1);
    m->targets.of[arrival->entry] = row;
    if (latest->row != NONE && arrival->time < latest->start) {
        make_older(m, latest, row, arrival->time, arrival->end);
        return WEIR_OK;
    }
    if (latest->row != NONE) make_older(m, latest, latest->row, latest->start, latest->end);
    latest->start = arrival->time;
    latest->end = arrival->end;
    latest->row = row;
    return WEIR_OK;
}

/* A row that does not simply extend the latest session of its key. */
static WEIR_NOINLINE enum weir_status place(struct sessions *m, struct weir_machine_block *block, int32_t entry,
                                            struct weir_error *error) {
    struct arrival arrival = {.entry = entry, .id = block->ids == NULL ? 0 : block->ids[entry]};
    arrival.time = block->times[weir_machine_row(block, entry)];
    arrival.end = weir_add_saturate_i64(arrival.time, m->gap);
    arrival.watermark = weir_machine_watermark(block, entry);
    struct latest *latest = &m->latest[arrival.id];
    if (latest->row != NONE && meets(&arrival, latest->start, latest->end)) {
        return join_latest(m, block, &arrival, latest, error);
    }
    uint32_t older = weir_time_tree_floor(m->times, latest->older, arrival.end);
    if (older != NONE && meets(&arrival, m->times[older].time, m->sessions[older].end)) {
        return join_older(m, block, &arrival, latest, older, error);
    }
    if (!weir_session_closed(arrival.end, arrival.watermark)) return open_session(m, &arrival, latest, error);
    weir_row_targets_late(&m->targets, block, entry);
    return WEIR_OK;
}

/* Rows ahead of the one at work whose keys are fetched, where the table lies beyond the cache. */
#define PREFETCH_ROWS 16
#define PREFETCH_FROM_BYTES ((size_t)1 << 20)

/* Finds the accumulator row of each entry. The flags are constants where this is expanded. */
WEIR_INLINE enum weir_status scan(struct sessions *m, struct weir_machine_block *block, const bool selected,
                                  const bool rising, const bool far, struct weir_error *error) {
    const uint32_t *ids = block->ids == NULL ? one_key : block->ids;
    const int64_t gap = m->gap, limit = INT64_MAX - gap, before = block->before;
    const int32_t count = block->count;
    struct latest *const all = m->latest;
    for (int32_t i = 0; i < count; i++) {
        if (far) WEIR_PREFETCH_WRITE(&all[ids[i + PREFETCH_ROWS < count ? i + PREFETCH_ROWS : i]]);
        const uint32_t row = selected ? block->rows[i] : (uint32_t)i;
        const int64_t time = block->times[row], watermark = rising ? block->watermarks[row] : before;
        struct latest *latest = &all[ids[i]];
        const int64_t end = latest->end;
        if (WEIR_LIKELY((time >= latest->start) & (time <= end) & (time <= limit) & (watermark < end - 1))) {
            latest->end = time + gap > end ? time + gap : end;
            m->targets.of[i] = latest->row;
            continue;
        }
        enum weir_status status = place(m, block, i, error);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

static enum weir_status scan_block(struct sessions *m, struct weir_machine_block *block, struct weir_error *error) {
    if (block->keys * sizeof(*m->latest) > PREFETCH_FROM_BYTES)
        return scan(m, block, block->rows != NULL, block->watermarks != NULL, true, error);
    if (block->rows == NULL) {
        if (block->watermarks == NULL) return scan(m, block, false, false, false, error);
        return scan(m, block, false, true, false, error);
    }
    if (block->watermarks == NULL) return scan(m, block, true, false, false, error);
    return scan(m, block, true, true, false, error);
}

/* ---- closing ---- */

enum fate { FATE_COMPLETE, FATE_INCOMPLETE, FATE_DROPPED };

/* The latest session of the key is gone: the one before it takes its place. */
static void promote(struct sessions *m, struct latest *latest) {
    uint32_t row = weir_time_tree_last(m->times, latest->older);
    if (row == NONE) {
        clear_latest(latest);
        return;
    }
    weir_time_tree_remove(m->times, &latest->older, row);
    latest->start = m->times[row].time;
    latest->end = m->sessions[row].end;
    latest->row = row;
}

/* Gives out a session that has come out of the wheel, or puts it back when it has grown. */
static enum weir_status close_session(struct sessions *m, uint32_t row, int64_t watermark, enum fate fate,
                                      struct weir_error *error) {
    uint32_t id = m->sessions[row].id;
    struct latest *latest = &m->latest[id];
    bool is_latest = latest->row == row;
    int64_t start = is_latest ? latest->start : m->times[row].time;
    int64_t end = is_latest ? latest->end : m->sessions[row].end;
    enum weir_status status = WEIR_OK;
    bool closed = weir_session_closed(end, watermark);
    if (closed && fate != FATE_DROPPED) status = give_out(m, row, id, start, end, fate == FATE_COMPLETE, error);
    if (!closed || status != WEIR_OK) {
        weir_wheel_add(&m->wheel, row, end - 1);
        return status;
    }
    if (is_latest) {
        promote(m, latest);
    } else {
        weir_time_tree_remove(m->times, &latest->older, row);
    }
    give_row(m, row);
    return WEIR_OK;
}

/* Fetches what closing these sessions needs. */
static void fetch(const struct sessions *m, const uint32_t *rows, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        WEIR_PREFETCH_READ(&m->sessions[rows[i]]);
        WEIR_PREFETCH_WRITE(weir_row_pool_at(&m->targets.pool, rows[i]));
    }
    for (uint32_t i = 0; i < count; i++) WEIR_PREFETCH_WRITE(&m->latest[m->sessions[rows[i]].id]);
}

/* After an error the rest goes back into the wheel. */
static enum weir_status close_through(struct sessions *m, int64_t watermark, enum fate fate,
                                      struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    uint32_t rows[WEIR_WHEEL_CHUNK], count;
    weir_wheel_advance(&m->wheel, watermark);
    while ((count = weir_wheel_take(&m->wheel, rows)) > 0) {
        fetch(m, rows, count);
        for (uint32_t i = 0; i < count; i++) {
            if (status == WEIR_OK) {
                status = close_session(m, rows[i], watermark, fate, error);
            } else {
                weir_wheel_add(&m->wheel, rows[i], watermark);
            }
        }
    }
    weir_row_pool_tidy(&m->targets.pool);
    return status;
}

/* ---- the machine ---- */

static enum weir_status session_rows(struct weir_machine *machine, struct weir_machine_block *block,
                                     struct weir_error *error) {
    struct sessions *m = (struct sessions *)machine;
    if (!reserve_keys(m, block->ids == NULL ? 1 : block->keys)) return out_of_memory(m, error);
    weir_row_targets_begin(&m->targets);
    enum weir_status status = scan_block(m, block, error);
    if (status == WEIR_OK) status = weir_row_targets_end(&m->targets, block, error);
    return status == WEIR_OK ? close_through(m, block->after, FATE_COMPLETE, error) : status;
}

static enum weir_status session_advance(struct weir_machine *machine, int64_t watermark, int64_t wall,
                                        int64_t sequence, struct weir_error *error) {
    (void)wall;
    (void)sequence;
    return close_through((struct sessions *)machine, watermark, FATE_COMPLETE, error);
}

static enum weir_status session_finish(struct weir_machine *machine, int64_t watermark, int64_t sequence,
                                       struct weir_error *error) {
    static const enum fate fates[] = {
        [WEIR_END_FLUSH] = FATE_COMPLETE, [WEIR_END_DISCARD] = FATE_DROPPED, [WEIR_END_MARK] = FATE_INCOMPLETE};
    struct sessions *m = (struct sessions *)machine;
    (void)sequence;
    enum weir_status status = close_through(m, watermark, FATE_COMPLETE, error);
    if (status != WEIR_OK) return status;
    return close_through(m, INT64_MAX, fates[m->plan->emission.end], error);
}

static void session_held(const struct weir_machine *machine, uint64_t *bits) {
    const struct sessions *m = (const struct sessions *)machine;
    for (uint32_t row = 0; row < m->targets.pool.count; row++) {
        if (m->sessions[row].id != NONE) weir_bit_set(bits, m->sessions[row].id);
    }
}

/* In place, as nothing may fail: the latest sessions wait in their rows while the table is emptied. */
static void session_rename(struct weir_machine *machine, const uint32_t *ids) {
    struct sessions *m = (struct sessions *)machine;
    for (uint32_t row = 0; row < m->targets.pool.count; row++) {
        struct session *session = &m->sessions[row];
        if (session->id == NONE) continue;
        const struct latest *latest = &m->latest[session->id];
        session->is_latest = latest->row == row;
        session->id = ids[session->id];
        WEIR_ASSERT(session->id < m->keys);
        if (!session->is_latest) continue;
        session->end = latest->end;
        m->times[row] = (struct weir_time_node){.time = latest->start, .left = latest->older};
    }
    for (uint32_t id = 0; id < m->keys; id++) clear_latest(&m->latest[id]);
    for (uint32_t row = 0; row < m->targets.pool.count; row++) {
        const struct session *session = &m->sessions[row];
        if (session->id == NONE || !session->is_latest) continue;
        m->latest[session->id] = (struct latest){m->times[row].time, session->end, row, m->times[row].left};
    }
}

static size_t session_bytes(const struct weir_machine *machine) {
    const struct sessions *m = (const struct sessions *)machine;
    return sizeof(*m) + weir_row_pool_bytes(&m->targets.pool) + (size_t)m->keys * sizeof(*m->latest) +
           (size_t)m->times_capacity * sizeof(*m->times) + (size_t)m->sessions_capacity * sizeof(*m->sessions) +
           weir_wheel_bytes(&m->wheel);
}

static void session_open(const struct weir_machine *machine, weir_machine_visit_fn visit, void *user) {
    const struct sessions *m = (const struct sessions *)machine;
    for (uint32_t row = 0; row < m->targets.pool.count && row < m->sessions_capacity; row++) {
        const struct session *session = &m->sessions[row];
        if (session->id == NONE) continue;
        const struct latest *latest = &m->latest[session->id];
        struct weir_machine_window window = {session->id, m->times[row].time, session->end, 0, 0, 0};
        if (latest->row == row) {
            window.start = latest->start;
            window.end = latest->end;
        }
        window.fires_at = window.end - 1;
        window.rows = *(const int64_t *)weir_row_pool_at(&m->targets.pool, row);
        visit(user, &window);
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
