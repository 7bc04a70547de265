/* SPDX-License-Identifier: Apache-2.0
 *
 * Per-key machines: windows whose borders, or whose results, depend on the rows of a key in their order. They stand
 * beside the slice store and take its place for such plans.
 *
 *   session.c       SESSION(gap [, max_duration])
 *   count_window.c  COUNT(size, slide)
 *   count_or_time.c COUNT-OR-TIME(n, span)
 *   update.c        TUMBLE, HOP and CUMULATE whose windows give more than one result: early results, allowed
 * lateness
 *
 * A machine is owned by one worker, which gives it the rows of the keys that it owns in the order of admission, and
 * tells it how the watermark moves. What is finished goes to the list of due results. All times are units (plan.h)
 * on the wall clock of the plan's zone, and so is W here: a window is closed when end - 1 <= W.
 */
#ifndef WEIR_ENGINE_MACHINE_H
#define WEIR_ENGINE_MACHINE_H

#include <stdint.h>

#include "engine/due.h"
#include "engine/plan.h"

/* The rows of a block that count: their time is not NULL, WHERE keeps them, this worker owns their key. */
struct weir_machine_block {
    int32_t count;                  /* entries, 0 .. WEIR_BLOCK_ROWS */
    const uint32_t *rows;           /* per entry: its row in the block, rising; NULL: entry i is row i */
    const uint32_t *ids;            /* per entry: its key id; NULL: all have id 0 */
    const int64_t *times;           /* per row of the block */
    const int64_t *watermarks;      /* per row of the block: W just before it; NULL: `before` for all rows */
    int64_t before, after;          /* W before the first row and after the last; INT64_MIN: none yet */
    int64_t wall;                   /* wall clock when the rows came, ms; INT64_MIN: not looked at */
    int64_t sequence;               /* admission number of the block's row 0; row r has sequence + r */
    int32_t block_rows;             /* rows of the block */
    const struct weir_vector *args; /* per argument of the accumulator: a vector over the rows of the block */
    uint32_t keys;                  /* ids are below this */
    uint64_t *late;                 /* bitmap over rows of the block, zeroed: the machine sets the late ones */
    int32_t late_count;             /* and counts them */
    int32_t unassigned_count;       /* and those of gaps between windows (HOP), without a bit */
    int32_t folded_count;           /* and those that the policy FOLD has counted elsewhere: they are not late */
};

struct weir_machine; /* each machine begins with this */

/* A window of a key that holds rows and has not given its last result. */
struct weir_machine_window {
    uint32_t id;
    int64_t start, end;   /* as far as its rows tell */
    int64_t fires_at;     /* the W that fires it, or its next piece; INT64_MAX: W does not matter */
    int64_t rows;         /* -1: not known */
    int64_t rows_missing; /* rows of the key that fire it; 0: their number does not matter */
};
typedef void (*weir_machine_visit_fn)(void *user, const struct weir_machine_window *window);

struct weir_machine_kind {
    /* Results go to `due`. Errors: WEIR_ERR_MEMORY. The plan and accumulator outlive the machine. */
    enum weir_status (*create)(const struct weir_plan *plan, const struct weir_accumulator *accumulator,
                               struct weir_due *due, struct weir_machine **out, struct weir_error *error);
    void (*destroy)(struct weir_machine *machine);
    /* Takes the rows, and W from `before` to `after`. */
    enum weir_status (*rows)(struct weir_machine *machine, struct weir_machine_block *block,
                             struct weir_error *error);
    /* W has risen without rows; `sequence` is the admission number of the next row. `wall` is the wall clock in ms
     * (for early results by processing time; INT64_MIN: not known). */
    enum weir_status (*advance)(struct weir_machine *machine, int64_t watermark, int64_t wall, int64_t sequence,
                                struct weir_error *error);
    /* The input has ended, W stood at `watermark`: by the plan's end policy fires what is left (FLUSH; MARK with
     * complete = false), or drops it (DISCARD). */
    enum weir_status (*finish)(struct weir_machine *machine, int64_t watermark, int64_t sequence,
                               struct weir_error *error);
    /* Keys that are held: sets the bit of each such id. Then ids[old] is the new id of each held key. */
    void (*held)(const struct weir_machine *machine, uint64_t *bits);
    void (*rename)(struct weir_machine *machine, const uint32_t *ids);
    size_t (*bytes)(const struct weir_machine *machine); /* of all its state */
    /* Names every open window, in no order. For somebody who asks: it looks through all keys. */
    void (*open)(const struct weir_machine *machine, weir_machine_visit_fn visit, void *user);
};

struct weir_machine {
    const struct weir_machine_kind *kind;
};

extern const struct weir_machine_kind weir_session_machine;
extern const struct weir_machine_kind weir_count_machine;
extern const struct weir_machine_kind weir_count_or_time_machine;
extern const struct weir_machine_kind weir_update_machine;

/* The machine that a plan needs; NULL: the slice store does. */
const struct weir_machine_kind *weir_machine_of(const struct weir_plan *plan);

/* W just before entry `i` of the block. */
static inline int64_t weir_machine_watermark(const struct weir_machine_block *block, int32_t i) {
    if (block->watermarks == NULL) return block->before;
    return block->watermarks[block->rows == NULL ? (uint32_t)i : block->rows[i]];
}

#endif
