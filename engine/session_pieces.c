/* SPDX-License-Identifier: Apache-2.0
 *
 * SESSION(gap, max_duration): a session [start, end) is cut into pieces [start + n * max, start + (n + 1) * max),
 * the last of which ends with it. A piece fires when W passes its end; a row is late when the piece of the merged
 * session that it falls into has fired, or would have.
 *
 * Until the first piece fires, the start may still move to an earlier time and every cut with it: such a session
 * holds an accumulator row for each distinct time. Once it fires the start is fixed, for a row before it is late
 * (the piece that it would begin ends before the one that has fired), and times become pieces. So what is held is
 * bounded by max_duration and by how far rows run ahead of W, in distinct ms; then by pieces.
 *
 *     sessions_of[key id] --> tree over sessions by start --> tree over accumulator rows by time, or start of piece
 */
#include "engine/session_pieces.h"
#include "engine/session.h"

#include "base/check.h"
#include "base/checked.h"
#include "base/error.h"

#define NONE WEIR_ROW_NONE

/* ---- pieces ---- */

/* Of a session that starts at `start` <= time. */
static int64_t piece_start(const struct weir_pieces *m, int64_t start, int64_t time) {
    uint64_t since = (uint64_t)time - (uint64_t)start;
    return (int64_t)((uint64_t)time - since % (uint64_t)m->max);
}

static int64_t piece_end(const struct weir_pieces *m, int64_t start_of_piece, int64_t end_of_session) {
    int64_t end = weir_add_saturate_i64(start_of_piece, m->max);
    return end < end_of_session ? end : end_of_session;
}

/* When the session has something to do next. Its end counts when all pieces so far have fired. */
static int64_t deadline(const struct weir_pieces *m, uint32_t number) {
    const struct weir_pieced_session *session = &m->sessions[number];
    int64_t first = m->starts[number].time;
    if (session->fixed) {
        uint32_t cell = weir_time_tree_first(m->times, session->cells);
        if (cell == NONE) return session->end - 1;
        first = m->times[cell].time;
    }
    return piece_end(m, first, session->end) - 1;
}

static void wait(struct weir_pieces *m, uint32_t number) {
    m->sessions[number].waits = deadline(m, number);
    weir_wheel_add(&m->wheel, number, m->sessions[number].waits);
}

/* Puts a cell of a time into a fixed session: into its piece. */
static enum weir_status put_into_piece(struct weir_pieces *m, uint32_t number, uint32_t cell,
                                       struct weir_error *error) {
    struct weir_pieced_session *session = &m->sessions[number];
    int64_t start = piece_start(m, m->starts[number].time, m->times[cell].time);
    uint32_t piece = weir_time_tree_floor(m->times, session->cells, start);
    if (piece != NONE && m->times[piece].time == start) {
        return weir_row_targets_merge(&m->targets, piece, cell, error);
    }
    m->times[cell].time = start;
    weir_time_tree_insert(m->times, &session->cells, cell);
    return WEIR_OK;
}

/* Moves the cells of times into pieces of session `number`, whose start is fixed. */
static enum weir_status put_all_into_pieces(struct weir_pieces *m, uint32_t number, uint32_t cells,
                                            struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    for (;;) {
        uint32_t cell = weir_time_tree_first(m->times, cells);
        if (cell == NONE) return status;
        weir_time_tree_remove(m->times, &cells, cell);
        enum weir_status put = put_into_piece(m, number, cell, error);
        if (put != WEIR_OK) status = put;
    }
}

/* ---- firing ---- */

enum fate { FATE_COMPLETE, FATE_INCOMPLETE, FATE_DROPPED };

static enum weir_status fire_pieces(struct weir_pieces *m, uint32_t number, int64_t watermark, enum fate fate,
                                    struct weir_error *error) {
    struct weir_pieced_session *session = &m->sessions[number];
    for (;;) {
        uint32_t cell = weir_time_tree_first(m->times, session->cells);
        if (cell == NONE) return WEIR_OK;
        struct weir_due_entry entry = {.id = session->id, .kind = WEIR_ROW_INSERT};
        entry.complete = fate == FATE_COMPLETE;
        entry.start = m->times[cell].time;
        entry.end = piece_end(m, entry.start, session->end);
        if (!weir_session_closed(entry.end, watermark)) return WEIR_OK;
        if (fate != FATE_DROPPED) {
            const char *row = weir_row_pool_at(&m->targets.pool, cell);
            enum weir_status status = weir_due_add(m->due, entry, row, error);
            if (status != WEIR_OK) return status;
        }
        weir_time_tree_remove(m->times, &session->cells, cell);
        weir_row_pool_give(&m->targets.pool, cell);
    }
}

/* A session out of the wheel: fires what is due and puts it back, or closes it. */
static enum weir_status fire_session(struct weir_pieces *m, uint32_t number, int64_t watermark, enum fate fate,
                                     struct weir_error *error) {
    struct weir_pieced_session *session = &m->sessions[number];
    enum weir_status status = WEIR_OK;
    if (weir_session_closed(deadline(m, number) + 1, watermark)) {
        if (!session->fixed) {
            uint32_t cells = session->cells;
            session->cells = NONE;
            session->fixed = true;
            status = put_all_into_pieces(m, number, cells, error);
        }
        if (status == WEIR_OK) status = fire_pieces(m, number, watermark, fate, error);
        if (status == WEIR_OK && weir_session_closed(session->end, watermark)) {
            weir_time_tree_remove(m->starts, &m->sessions_of[session->id], number);
            weir_pieces_give_session(m, number);
            return WEIR_OK;
        }
    }
    wait(m, number);
    return status;
}

/* Fires what W lets go. `block`, whose entries below `entry` came before, is NULL between blocks. After an error
 * the rest goes back into the wheel. */
static enum weir_status fire_through(struct weir_pieces *m, const struct weir_machine_block *block, int32_t entry,
                                     int64_t watermark, enum fate fate, struct weir_error *error) {
    if (!weir_wheel_advance(&m->wheel, watermark)) return WEIR_OK;
    enum weir_status status = WEIR_OK;
    uint32_t numbers[WEIR_WHEEL_CHUNK], count;
    if (block != NULL) status = weir_row_targets_add(&m->targets, block, entry, error);
    while ((count = weir_wheel_take(&m->wheel, numbers)) > 0) {
        for (uint32_t i = 0; i < count; i++) {
            if (status == WEIR_OK) {
                status = fire_session(m, numbers[i], watermark, fate, error);
            } else {
                wait(m, numbers[i]);
            }
        }
    }
    return status;
}

/* ---- rows ---- */

/* A row, and the sessions that it joins: `before`, which starts at or before it, and `after`. */
struct arrival {
    int32_t entry;
    uint32_t id;
    int64_t time;
    uint32_t before, after; /* NONE */
    int64_t start, end;     /* of the session with the row */
};

/* A row that would move a fixed start turns out to be late. */
static void meet(const struct weir_pieces *m, struct arrival *arrival) {
    uint32_t set = m->sessions_of[arrival->id];
    arrival->start = arrival->time;
    arrival->end = weir_add_saturate_i64(arrival->time, m->gap);
    uint32_t before = weir_time_tree_floor(m->starts, set, arrival->time), after = NONE;
    if (arrival->time < INT64_MAX) after = weir_time_tree_ceiling(m->starts, set, arrival->time + 1);
    bool joins_before = before != NONE && m->sessions[before].end >= arrival->time;
    bool joins_after = after != NONE && m->starts[after].time <= arrival->end;
    arrival->before = joins_before ? before : NONE;
    arrival->after = joins_after ? after : NONE;
    if (joins_before) {
        arrival->start = m->starts[before].time;
        if (m->sessions[before].end > arrival->end) arrival->end = m->sessions[before].end;
    }
    if (joins_after && m->sessions[after].end > arrival->end) arrival->end = m->sessions[after].end;
}

/* `after` goes into `before`. Its start is not fixed: W would have closed all sessions before it. */
static enum weir_status absorb(struct weir_pieces *m, const struct weir_machine_block *block,
                               const struct arrival *arrival, struct weir_error *error) {
    struct weir_pieced_session *before = &m->sessions[arrival->before];
    WEIR_ASSERT(!m->sessions[arrival->after].fixed);
    uint32_t cells = m->sessions[arrival->after].cells;
    weir_time_tree_remove(m->starts, &m->sessions_of[arrival->id], arrival->after);
    weir_wheel_remove(&m->wheel, arrival->after);
    weir_pieces_give_session(m, arrival->after);
    if (!before->fixed) { /* all times of the one lie below those of the other */
        weir_time_tree_append(m->times, &before->cells, cells);
        return WEIR_OK;
    }
    enum weir_status status = weir_row_targets_add(&m->targets, block, arrival->entry, error);
    enum weir_status put = put_all_into_pieces(m, arrival->before, cells, error);
    return status != WEIR_OK ? status : put;
}

/* A session for a row that meets none; NONE when memory is short. */
static uint32_t open_session(struct weir_pieces *m, const struct arrival *arrival) {
    uint32_t number = weir_pieces_take_session(m);
    if (number == NONE) return NONE;
    m->sessions[number] = (struct weir_pieced_session){.end = arrival->end, .id = arrival->id, .cells = NONE};
    m->starts[number].time = arrival->time;
    weir_time_tree_insert(m->starts, &m->sessions_of[arrival->id], number);
    wait(m, number);
    return number;
}

/* The accumulator row of a time in a session. */
static uint32_t cell_of(struct weir_pieces *m, uint32_t number, int64_t time) {
    struct weir_pieced_session *session = &m->sessions[number];
    if (session->fixed) time = piece_start(m, m->starts[number].time, time);
    uint32_t cell = weir_time_tree_floor(m->times, session->cells, time);
    if (cell != NONE && m->times[cell].time == time) return cell;
    cell = weir_pieces_take_cell(m);
    if (cell == NONE) return NONE;
    m->times[cell].time = time;
    weir_time_tree_insert(m->times, &session->cells, cell);
    return cell;
}

static enum weir_status place(struct weir_pieces *m, struct weir_machine_block *block, int32_t entry,
                              int64_t watermark, struct weir_error *error) {
    struct arrival arrival = {.entry = entry, .id = block->ids == NULL ? 0 : block->ids[entry]};
    arrival.time = block->times[weir_machine_row(block, entry)];
    meet(m, &arrival);
    int64_t end = piece_end(m, piece_start(m, arrival.start, arrival.time), arrival.end);
    if (weir_session_closed(end, watermark)) {
        weir_row_targets_late(&m->targets, block, entry);
        return WEIR_OK;
    }
    uint32_t number = arrival.before != NONE ? arrival.before : arrival.after;
    if (number == NONE) {
        number = open_session(m, &arrival);
        if (number == NONE) return weir_pieces_no_memory(m, error);
    } else if (arrival.before == NONE) {
        m->starts[number].time = arrival.time; /* none starts in between: the order stays */
    } else if (arrival.after != NONE) {
        enum weir_status status = absorb(m, block, &arrival, error);
        if (status != WEIR_OK) return status;
    }
    m->sessions[number].end = arrival.end;
    uint32_t cell = cell_of(m, number, arrival.time);
    if (cell == NONE) return weir_pieces_no_memory(m, error);
    m->targets.of[entry] = cell;
    if (deadline(m, number) < m->sessions[number].waits) {
        weir_wheel_remove(&m->wheel, number);
        wait(m, number);
    }
    return WEIR_OK;
}

/* ---- the machine ---- */

static enum weir_status pieces_rows(struct weir_machine *machine, struct weir_machine_block *block,
                                    struct weir_error *error) {
    struct weir_pieces *m = (struct weir_pieces *)machine;
    if (!weir_pieces_reserve_keys(m, block->ids == NULL ? 1 : block->keys)) return weir_pieces_no_memory(m, error);
    weir_row_targets_begin(&m->targets);
    enum weir_status status = WEIR_OK;
    for (int32_t i = 0; status == WEIR_OK && i < block->count; i++) {
        int64_t watermark = weir_machine_watermark(block, i);
        if (watermark > m->wheel.now) status = fire_through(m, block, i, watermark, FATE_COMPLETE, error);
        if (status == WEIR_OK) status = place(m, block, i, watermark, error);
    }
    if (status == WEIR_OK) status = weir_row_targets_end(&m->targets, block, error);
    if (status == WEIR_OK) status = fire_through(m, NULL, 0, block->after, FATE_COMPLETE, error);
    weir_row_pool_tidy(&m->targets.pool);
    return status;
}

static enum weir_status pieces_advance(struct weir_machine *machine, int64_t watermark, int64_t wall,
                                       int64_t sequence, struct weir_error *error) {
    (void)wall;
    (void)sequence;
    return fire_through((struct weir_pieces *)machine, NULL, 0, watermark, FATE_COMPLETE, error);
}

static enum weir_status pieces_finish(struct weir_machine *machine, int64_t watermark, int64_t sequence,
                                      struct weir_error *error) {
    static const enum fate fates[] = {
        [WEIR_END_FLUSH] = FATE_COMPLETE, [WEIR_END_DISCARD] = FATE_DROPPED, [WEIR_END_MARK] = FATE_INCOMPLETE};
    struct weir_pieces *m = (struct weir_pieces *)machine;
    (void)sequence;
    enum weir_status status = fire_through(m, NULL, 0, watermark, FATE_COMPLETE, error);
    if (status != WEIR_OK) return status;
    return fire_through(m, NULL, 0, INT64_MAX, fates[m->plan->emission.end], error);
}

static int64_t rows_in(const struct weir_pieces *m, uint32_t set) {
    int64_t rows = 0;
    for (uint32_t cell = weir_time_tree_first(m->times, set); cell != NONE;) {
        rows += *(const int64_t *)weir_row_pool_at(&m->targets.pool, cell);
        if (m->times[cell].time == INT64_MAX) break;
        cell = weir_time_tree_ceiling(m->times, set, m->times[cell].time + 1);
    }
    return rows;
}

static void pieces_open(const struct weir_machine *machine, weir_machine_visit_fn visit, void *user) {
    const struct weir_pieces *m = (const struct weir_pieces *)machine;
    for (uint32_t i = 0; i < m->sessions_count; i++) {
        const struct weir_pieced_session *session = &m->sessions[i];
        if (session->id == NONE) continue;
        struct weir_machine_window window = {session->id, m->starts[i].time, session->end, deadline(m, i), 0, 0};
        window.rows = rows_in(m, session->cells);
        visit(user, &window);
    }
}

const struct weir_machine_kind weir_session_pieces_machine = {
    .create = weir_pieces_create,
    .destroy = weir_pieces_destroy,
    .rows = pieces_rows,
    .advance = pieces_advance,
    .finish = pieces_finish,
    .held = weir_pieces_held,
    .rename = weir_pieces_rename,
    .bytes = weir_pieces_bytes,
    .open = pieces_open,
};
