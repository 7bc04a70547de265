/* SPDX-License-Identifier: Apache-2.0
 *
 * What a COUNT window's machine holds; within count_window.c and count_window_fire.c, which say how it works.
 */
#ifndef WEIR_ENGINE_COUNT_WINDOW_STATE_H
#define WEIR_ENGINE_COUNT_WINDOW_STATE_H

#include "engine/key_states.h"
#include "engine/row_targets.h"

/* Least and greatest time of some rows. */
struct weir_count_span {
    int64_t least;
    int64_t greatest;
};

/* The pane at work of a key. */
struct weir_count_current {
    struct weir_key_state state; /* held: there is one */
    uint32_t row;
    int64_t left; /* rows that it still takes */
    struct weir_count_span span;
};

/* The full panes of a key, where they are needed again. */
struct weir_count_window {
    struct weir_key_state state;
    uint32_t front, back, back_last, running; /* rows; front and back are lists */
    int64_t front_count, back_count;
    int64_t until_fire; /* panes */
    struct weir_count_span running_span;
};

/* A full pane; by row. */
struct weir_count_pane {
    struct weir_count_span span;
    uint32_t next;
};

struct weir_count_full {
    uint32_t id;
    uint32_t row;
    int32_t entry;
};

struct weir_count_machine {
    struct weir_machine machine;
    const struct weir_plan *plan;
    struct weir_due *due;
    int64_t pane_rows;
    int64_t per_window, per_slide;      /* panes */
    bool forgets;                       /* a window that has fired leaves nothing */
    struct weir_count_current *current; /* by key id */
    struct weir_count_window *windows;  /* by key id; NULL where it forgets */
    uint32_t current_capacity, windows_capacity;
    struct weir_count_pane *panes; /* by row */
    uint32_t panes_capacity;
    uint32_t *flip; /* rows of the back in their order */
    uint32_t flip_capacity;
    uint32_t result; /* the row in which a window is put together */
    uint32_t full_count;
    struct weir_count_full full[WEIR_BLOCK_ROWS];
    struct weir_row_targets targets;
};

static inline struct weir_count_span weir_count_joined(struct weir_count_span a, struct weir_count_span b) {
    return (struct weir_count_span){a.least < b.least ? a.least : b.least,
                                    a.greatest > b.greatest ? a.greatest : b.greatest};
}

/* Says that there is none for the keys and panes that there are, and returns its code. */
enum weir_status weir_count_no_memory(const struct weir_count_machine *m, struct weir_error *error);

/* A row for a pane; WEIR_ROW_NONE: no memory. */
uint32_t weir_count_take_pane(struct weir_count_machine *m);

/* A window's result, in a row of the pool. */
enum weir_status weir_count_give_out(struct weir_count_machine *m, uint32_t id, uint32_t row,
                                     struct weir_count_span span, int64_t sequence, bool complete,
                                     struct weir_error *error);

/* A window's result out of the full panes that are held, and the one at work, which may be NULL. Nothing where
 * there is neither. */
enum weir_status weir_count_fire(struct weir_count_machine *m, uint32_t id,
                                 const struct weir_count_current *at_work, int64_t sequence, bool complete,
                                 struct weir_error *error);

/* Lets the oldest full pane go; there is one. */
enum weir_status weir_count_drop_oldest(struct weir_count_machine *m, struct weir_count_window *window,
                                        struct weir_error *error);

/* A pane at work has all its rows: it joins the others of its key, and a window may fire. */
enum weir_status weir_count_pane_filled(struct weir_count_machine *m, uint32_t id, uint32_t row, int64_t sequence,
                                        struct weir_error *error);

#endif
