/* SPDX-License-Identifier: Apache-2.0
 *
 * Which windows are open: looks through the state of a pipeline for those that hold rows and have not fired. For
 * people who ask; it takes time in proportion to the keys and changes nothing. No worker may be at work.
 */
#ifndef WEIR_ENGINE_OPEN_WINDOW_H
#define WEIR_ENGINE_OPEN_WINDOW_H

#include <stdint.h>

#include "engine/ingest.h"
#include "engine/key_search.h"

/* What is looked for. Times are units on the wall clock of the plan's zone. */
struct weir_open_search {
    const struct weir_key_search *key; /* NULL: any */
    bool one_window;                   /* only the window [start, end) */
    int64_t start, end;
    bool has_time; /* only windows that hold `time`; a window by count holds every time */
    int64_t time;
};

/* A state to look through. fired: CUMULATE: the last window that has fired from it. */
struct weir_open_state {
    const struct weir_ingest *ingest;
    int64_t fired;
};

/* Of those found the one that fires first; the rows of all states, and of all keys that were looked for, added up.
 * `window.id` belongs to the table of `keys`, the state in which it was seen first. */
struct weir_open_window {
    bool found;
    struct weir_machine_window window;
    const struct weir_key_table *keys;
};

/* Adds what the state has. closed: the last window (window.h) that W has closed. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_open_window_find(const struct weir_open_search *search, const struct weir_open_state *state,
                                       int64_t closed, struct weir_open_window *out, struct weir_error *error);

#endif
