/* SPDX-License-Identifier: Apache-2.0
 *
 * What windows that give more than one result remember: for each window the keys that have rows in it, and for each
 * such key and window (a cell) the accumulator row, what was last given, and how many rows have come since.
 *
 *   state -- table: index -> slot --> window -- table: key id -> cell --> cells[c], rows[c], given[c]
 *         -- open, kept: heaps by index, so that windows close and are freed in order
 *         -- timers: a heap by wall clock, of cells that have changed
 *         -- changed: windows with cells that have changed since they last gave a result
 *
 * A window that is freed leaves its memory to the next one. Not thread-safe: one state a machine.
 */
#ifndef WEIR_ENGINE_UPDATE_STATE_H
#define WEIR_ENGINE_UPDATE_STATE_H

#include <stdint.h>

#include "engine/accumulator.h"
#include "engine/index_heap.h"

#define WEIR_UPDATE_NONE UINT32_MAX

struct weir_update_cell {
    int64_t total; /* rows, since the cell began */
    int64_t since; /* rows that no result has shown yet */
    int64_t first; /* the wall clock at its first row; INT64_MIN: not known yet */
    uint32_t id;   /* of the key */
    bool given;
    bool given_complete; /* what is_complete said */
    bool timed;          /* a timer waits for it */
    bool listed;         /* it is among the window's changed ones */
};

struct weir_update_window {
    int64_t index;
    uint64_t serial; /* differs for each window that is opened */
    uint32_t slot;
    uint32_t changed_at; /* its place among the changed windows, or WEIR_UPDATE_NONE */
    bool closed;
    uint32_t count, capacity; /* cells */
    uint32_t table_count;     /* a power of two; 0: none yet */
    uint32_t *table;          /* hash of id -> cell + 1 */
    struct weir_update_cell *cells;
    char *rows;        /* accumulator rows */
    char *given;       /* those last given; NULL where nobody asks */
    uint32_t *changed; /* cells that have changed since their last result, and perhaps more; NULL likewise */
    uint32_t changed_count;
    struct weir_arena heap; /* strings of rows and given */
    size_t heap_limit;      /* above this it is looked through for what can be dropped */
    struct weir_update_window *next_free;
};

struct weir_update_state {
    const struct weir_accumulator *accumulator;
    bool keeps_given;                  /* windows have `given` */
    bool tracks_changed;               /* windows have `changed` */
    struct weir_update_window **slots; /* NULL: free */
    uint32_t *free_slots;
    uint32_t slots_count, slots_capacity, free_count;
    uint32_t *table; /* hash of index -> slot + 1 */
    uint32_t table_count;
    uint32_t windows_count;
    struct weir_update_window *recycled;
    uint32_t recycled_count;
    struct weir_index_heap open; /* windows, by index */
    struct weir_index_heap kept; /* closed ones that still take rows, by index */
    struct weir_index_heap timers;
    struct weir_update_window **changed;
    uint32_t changed_count;
    uint64_t serial;
    size_t bytes; /* of windows, strings aside */
};

void weir_update_state_init(struct weir_update_state *state, const struct weir_accumulator *accumulator,
                            bool keeps_given, bool tracks_changed);
void weir_update_state_fini(struct weir_update_state *state);

/* The window of that index, or NULL. */
struct weir_update_window *weir_update_find(const struct weir_update_state *state, int64_t index);
/* The same; made, and put among the open or the kept ones, when there is none. NULL when memory is short. */
struct weir_update_window *weir_update_open(struct weir_update_state *state, int64_t index, bool closed);
/* An open window, the first of `open`, becomes a kept one. False when memory is short. */
bool weir_update_keep(struct weir_update_state *state, struct weir_update_window *window);
/* Frees a window that is the first of `open` or `kept`. */
void weir_update_drop(struct weir_update_state *state, struct weir_update_window *window);
/* The first window of a heap by index; NULL when it is empty. */
struct weir_update_window *weir_update_first(const struct weir_update_state *state,
                                             const struct weir_index_heap *heap);

/* The cell of a key, made when there is none; WEIR_UPDATE_NONE when memory is short. */
uint32_t weir_update_cell(struct weir_update_state *state, struct weir_update_window *window, uint32_t id);
/* Counts a row of the cell that no result has shown yet. */
void weir_update_count(struct weir_update_state *state, struct weir_update_window *window, uint32_t cell);
/* The window is no longer a changed one: all its cells have been shown. */
void weir_update_shown(struct weir_update_state *state, struct weir_update_window *window);

/* given = row. False when memory is short. */
bool weir_update_remember(struct weir_update_state *state, struct weir_update_window *window, uint32_t cell);
/* The cell's accumulators begin anew. */
void weir_update_begin_anew(struct weir_update_state *state, struct weir_update_window *window, uint32_t cell);

/* A timer for a cell that has none. False when memory is short. */
bool weir_update_set_timer(struct weir_update_state *state, struct weir_update_window *window, uint32_t cell,
                           int64_t at);
/* The window that a timer names; NULL when it has gone. */
static inline struct weir_update_window *weir_update_timed(const struct weir_update_state *state,
                                                           const struct weir_index_entry *timer) {
    struct weir_update_window *window = state->slots[timer->slot];
    return window != NULL && window->serial == timer->serial ? window : NULL;
}

/* ids[old] is the new id of each key. */
void weir_update_rename(struct weir_update_state *state, const uint32_t *ids);

size_t weir_update_bytes(const struct weir_update_state *state);

static inline char *weir_update_row(const struct weir_update_state *state, const struct weir_update_window *window,
                                    uint32_t cell) {
    return window->rows + (size_t)cell * state->accumulator->stride;
}
static inline char *weir_update_given(const struct weir_update_state *state,
                                      const struct weir_update_window *window, uint32_t cell) {
    return window->given + (size_t)cell * state->accumulator->stride;
}

#endif
