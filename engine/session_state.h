/* SPDX-License-Identifier: Apache-2.0
 *
 * SESSION(gap): the state of the machine, for its files only.
 *
 * Three places hold sessions. `slots` has the latest one of each key, its accumulators beside its bounds, so that a
 * row that extends it touches one cache line. When a row begins the key's next session, the one before goes to
 * `past`, a list of results that wait for W, and the slot is free: where rows come in order that is all there is.
 * Only when a row comes that neither extends the latest session of its key nor begins the next one, or W moves and
 * leaves some of `past` open, do those become `older` ones, which rows may still join: a pool row each, and a place
 * in a wheel by an end that it has had. A tree of them by start is made when such a row comes.
 *
 *     slots[key id + 1]  accumulators, start, end, older --> tree over rows of the pool
 *     past               entries with accumulators, in the order in which they were left behind
 *     older              pool, times[row] (start), ended[row] (end, key id), wheel
 *
 * Sessions of a key are disjoint and more than nothing apart, so that their ends come in the order of their starts,
 * and as each is at least `gap` long a row meets two of them at most. What W closes it closes with all that the key
 * has had before: a key whose slot is idle has no session anywhere.
 *
 * Where so many rows come between two moves of W that to look at every slot costs little beside them, that is how
 * latest sessions are closed; where W moves more often each key that has one waits in a wheel, by an end that its
 * session has had.
 */
#ifndef WEIR_ENGINE_SESSION_STATE_H
#define WEIR_ENGINE_SESSION_STATE_H

#include "engine/row_pool.h"
#include "engine/session.h"
#include "engine/time_tree.h"
#include "engine/wheel.h"

/* Behind the accumulators of a slot. */
struct weir_session_latest {
    int64_t start;  /* INT64_MAX: the slot is idle */
    int64_t end;    /* INT64_MIN: idle */
    uint32_t older; /* a set of the key's older sessions */
    uint32_t epoch; /* of the last row; that of the machine: some of its rows have not been added yet */
};

/* An older one. */
struct weir_session_ended {
    int64_t end;
    uint32_t id;  /* WEIR_ROW_NONE: the pool row is no session */
    bool in_tree; /* false: it is loose, and times[row].left its place among those */
};

struct weir_older_sessions {
    struct weir_row_pool pool;
    struct weir_time_node *times; /* by pool row: start, and the tree */
    struct weir_session_ended *ended;
    uint32_t times_capacity, ended_capacity;
    uint32_t *loose; /* rows that no tree has, some of them again or closed since */
    uint32_t loose_count, loose_capacity;
    uint32_t loose_open; /* those that are such */
    struct weir_wheel wheel;
};

struct weir_sessions {
    struct weir_machine machine;
    const struct weir_plan *plan;
    const struct weir_accumulator *accumulator;
    struct weir_due *due;
    int64_t gap;
    int64_t now; /* W that sessions have been closed through */

    struct weir_accumulator wide; /* with the stride of a slot */
    char *fresh;                  /* an idle slot */
    char *slots;                  /* of key id at id + 1; the first one takes what counts nowhere */
    uint32_t slots_capacity;
    uint32_t keys;          /* ids are below */
    uint32_t open;          /* of them have a latest session */
    struct weir_arena heap; /* of strings in slots */
    size_t heap_most;       /* bytes of it at which they move to a new one */

    struct weir_due past;
    struct weir_older_sessions older;

    bool timed; /* keys with a latest session wait in `timers`, by id */
    struct weir_wheel timers;
    int64_t rows_since; /* rows since W has moved */

    /* the block at work */
    bool at_once;                 /* rows are added one by one: none waits */
    uint32_t epoch;               /* counts how often rows have been added */
    int32_t added;                /* entries before this one have been */
    bool late;                    /* some went to the first slot */
    uint32_t of[WEIR_BLOCK_ROWS]; /* per entry: its slot */
    uint32_t identity[WEIR_BLOCK_ROWS];
};

enum weir_session_fate { WEIR_SESSION_COMPLETE, WEIR_SESSION_INCOMPLETE, WEIR_SESSION_DROPPED };

WEIR_INLINE char *weir_session_slot(const struct weir_sessions *m, uint32_t id) {
    return m->slots + ((size_t)id + 1) * m->wide.stride;
}
WEIR_INLINE struct weir_session_latest *weir_session_latest(const struct weir_sessions *m, uint32_t id) {
    return (struct weir_session_latest *)(weir_session_slot(m, id) + m->accumulator->stride);
}
WEIR_INLINE bool weir_session_is_idle(const struct weir_session_latest *latest) { return latest->end == INT64_MIN; }

enum weir_status weir_sessions_out_of_memory(const struct weir_sessions *m, struct weir_error *error);

/* ---- session_place.c ---- */

#define WEIR_SESSION_NOWHERE 0 /* a slot: of rows that are late, or have been added */

/* Adds the entries below `to` that have not been added. Errors, of all that follow: WEIR_ERR_MEMORY. */
enum weir_status weir_sessions_add_until(struct weir_sessions *m, const struct weir_machine_block *block,
                                         int32_t to, struct weir_error *error);

/* The latest session becomes one of the past, whatever it holds and whether or not rows of it are still to be
 * added. Its slot stays as it is. */
WEIR_NOINLINE enum weir_status weir_session_leave_behind(struct weir_sessions *m,
                                                         const struct weir_machine_block *block, int32_t entry,
                                                         const struct weir_due_entry *left,
                                                         struct weir_error *error);

/* Finds the session of a row that neither simply extends the latest session of its key nor begins the next one. */
WEIR_NOINLINE enum weir_status weir_session_place(struct weir_sessions *m, struct weir_machine_block *block,
                                                  int32_t entry, struct weir_error *error);

/* ---- session_rows.c ---- */

/* Takes the rows of a block; sessions that W closes meanwhile wait. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_sessions_scan(struct weir_sessions *m, struct weir_machine_block *block,
                                    struct weir_error *error);

/* ---- session_older.c ---- */

void weir_older_sessions_init(struct weir_older_sessions *older, const struct weir_accumulator *accumulator);
void weir_older_sessions_fini(struct weir_older_sessions *older);
size_t weir_older_sessions_bytes(const struct weir_older_sessions *older);

/* A new one among those of the key, with fresh accumulators; WEIR_ROW_NONE when memory is short. */
uint32_t weir_older_session_open(struct weir_older_sessions *older, uint32_t *set, uint32_t id, int64_t start,
                                 int64_t end);
/* It is one no more: its row is given back. */
void weir_older_session_remove(struct weir_older_sessions *older, uint32_t *set, uint32_t row);

/* All of `past` become older ones, and each has its place in the tree of its key. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_sessions_settle(struct weir_sessions *m, struct weir_error *error);
/* Entry `idx` of `past` becomes an older one, in no tree yet. The caller takes it off the list. */
enum weir_status weir_session_settle(struct weir_sessions *m, uint32_t idx, struct weir_error *error);

/* The result of an older session. */
enum weir_status weir_older_session_give(struct weir_sessions *m, uint32_t row, bool complete,
                                         struct weir_error *error);

/* ---- session_close.c ---- */

/* Gives out what W closes. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_sessions_close(struct weir_sessions *m, int64_t watermark, enum weir_session_fate fate,
                                     struct weir_error *error);

/* Has every key that has a latest session wait in `timers`, and no other. False when memory is short, which cannot
 * be where as many keys have waited before. */
bool weir_sessions_arm(struct weir_sessions *m);

/* Makes the slot idle. */
WEIR_INLINE void weir_session_clear(struct weir_sessions *m, char *slot) {
    const int64_t *from = (const int64_t *)(const void *)m->fresh;
    int64_t *to = (int64_t *)(void *)slot;
    for (size_t i = 0; i < m->wide.stride / sizeof(int64_t); i++) to[i] = from[i];
    m->open--;
}

/* Accumulator rows are multiples of 8 bytes. */
WEIR_INLINE void weir_session_make_fresh(const struct weir_sessions *m, char *slot, size_t stride) {
    const int64_t *from = (const int64_t *)(const void *)m->fresh;
    int64_t *to = (int64_t *)(void *)slot;
    for (size_t i = 0; i < stride / sizeof(*to); i++) to[i] = from[i];
}

/* A row and the window that it has on its own. */
struct weir_session_row {
    int32_t entry;
    uint32_t id;
    int64_t time, end;
};

/* The row begins the next session of its key, whose slot is given with the bytes of its accumulators. Room for the
 * last one in `past` is there. */
WEIR_INLINE enum weir_status weir_session_begin_next(struct weir_sessions *m,
                                                     const struct weir_machine_block *block,
                                                     const struct weir_session_row *row, char *slot, size_t stride,
                                                     struct weir_error *error) {
    struct weir_session_latest *latest = (struct weir_session_latest *)(void *)(slot + stride);
    if (weir_session_is_idle(latest)) {
        m->open++;
        if (m->timed) weir_wheel_add(&m->timers, row->id, row->end - 1);
    } else {
        struct weir_due_entry left = {
            .id = row->id, .start = latest->start, .end = latest->end, .kind = WEIR_ROW_INSERT, .complete = true};
        if (WEIR_UNLIKELY(m->accumulator->holds_strings | (latest->epoch == m->epoch))) {
            enum weir_status status = weir_session_leave_behind(m, block, row->entry, &left, error);
            if (status != WEIR_OK) return status;
        } else {
            weir_due_put(&m->past, left, slot, stride);
        }
        weir_session_make_fresh(m, slot, stride);
    }
    latest->start = row->time;
    latest->end = row->end;
    latest->epoch = m->at_once ? m->epoch - 1 : m->epoch;
    m->of[row->entry] = row->id + 1;
    return WEIR_OK;
}

#endif
