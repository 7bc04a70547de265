/* SPDX-License-Identifier: Apache-2.0
 *
 * Windows as pure arithmetic on event time: which slice a time lies in, which windows a slice belongs to.
 *
 * A slice is the largest span that no window border cuts. HOP is cut only where windows start or end: at s = offset
 * + n * slide and at s + size, so a slide holds one slice when slide divides size, else two. CUMULATE is cut at its
 * steps.
 *
 * Times of rows are int64_t ticks (of the time column); lengths, bounds and watermarks are in units, of which one
 * holds one tick or more: ms over a column of us, say. What a unit is does not matter here.
 */
#ifndef WEIR_ENGINE_WINDOW_H
#define WEIR_ENGINE_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "weir/types.h"

enum weir_window_kind {
    WEIR_WINDOW_NONE, /* all rows are one group that ends with the input */
    WEIR_WINDOW_TUMBLE,
    WEIR_WINDOW_HOP,
    WEIR_WINDOW_CUMULATE,
    /* The windows of these are made by the rows of a key: see machine.h. */
    WEIR_WINDOW_SESSION,
    WEIR_WINDOW_COUNT,
    WEIR_WINDOW_COUNT_OR_TIME,
};

/* In units of the plan (plan.h). TUMBLE: size. HOP: size and slide, any ratio. CUMULATE: size (the largest) and
 * slide (the step), size % slide == 0. offset may be negative. SESSION: size is the gap, slide the largest duration
 * (0: none). COUNT: size and slide are rows. COUNT_OR_TIME: size is rows, slide the span. */
struct weir_window_spec {
    enum weir_window_kind kind;
    int64_t size;
    int64_t slide;
    int64_t offset;
};

/* True for kinds whose slices are pure arithmetic on time. */
static inline bool weir_window_is_sliced(enum weir_window_kind kind) {
    return kind == WEIR_WINDOW_TUMBLE || kind == WEIR_WINDOW_HOP || kind == WEIR_WINDOW_CUMULATE;
}

/* Checks the rules of each kind: WEIR_ERR_INVALID with what must hold. TUMBLE: |offset| < size.
 *   unit  what stands behind lengths in the message: " ms", or "" */
enum weir_status weir_window_validate(const struct weir_window_spec *spec, const char *unit,
                                      struct weir_error *error);

/* ---- slices and windows by index -----------------------------------------------------------------------------
 *
 * Slices and windows are numbered by int64_t in the order of time, so that nothing overflows that a time can hold,
 * and so that an index does not depend on the unit of the clock:
 *
 *   TUMBLE    slice n = window n = [offset + n * size, + size)
 *   HOP       window w = [offset + w * slide, + size); with q = size / slide, r = size % slide:
 *             r == 0: slice m = [offset + m * slide, + slide), in windows m - q + 1 .. m
 *             r != 0: slice 2m is the first r ticks of slide m, in windows m - q .. m;
 *                     slice 2m + 1 is its rest, in windows m - q + 1 .. m (none when q == 0: a gap)
 *   CUMULATE  slice j = step j = [offset + j * slide, + slide), offset being less than a slide; window w ends where
 *             step w ends and begins with its base period of size / slide steps; slice j is in windows j to
 *             the last step of its base
 *
 * In each kind windows end in the order of their numbers. */

/* A spec in the ticks of a clock, with what is derived from it. */
struct weir_window {
    enum weir_window_kind kind;
    int64_t size, slide, offset; /* ticks */
    int64_t cut;                 /* HOP: r; else 0 */
    int64_t per;                 /* HOP: q; CUMULATE: steps in a base; else 1 */
    int64_t phase;               /* CUMULATE: the number of a step that begins a base, below per; else 0 */
    int64_t unit_offset;         /* offset in units */
    struct weir_window_spec spec;
    int64_t ticks_per_unit;
};

/* ticks_per_unit: 1, or 1 000 or 1 000 000 where units are ms. WEIR_ERR_INVALID when a size does not fit the
 * clock's range. */
enum weir_status weir_window_init(struct weir_window *window, const struct weir_window_spec *spec,
                                  int64_t ticks_per_unit, struct weir_error *error);

/* The slice of a time. */
int64_t weir_window_slice(const struct weir_window *window, int64_t ticks);
/* The first tick of a slice, held at the ends of the range. */
int64_t weir_window_slice_start(const struct weir_window *window, int64_t slice);
/* First and last window of a slice; first > last for a gap. */
int64_t weir_window_first(const struct weir_window *window, int64_t slice);
int64_t weir_window_last(const struct weir_window *window, int64_t slice);

/* The greatest window whose end - 1 <= watermark, in units; INT64_MIN when watermark is INT64_MIN, INT64_MAX when
 * it is INT64_MAX. */
int64_t weir_window_closed(const struct weir_window *window, int64_t watermark);
/* Start and end in units since 1970, held at the ends of the range. */
int64_t weir_window_start(const struct weir_window *window, int64_t index);
int64_t weir_window_end(const struct weir_window *window, int64_t index);
/* The first tick that belongs to no closed window when all windows up to `closed` are: a row before it has missed
 * at least one of its windows. INT64_MIN when none is closed. */
int64_t weir_window_safe_from(const struct weir_window *window, int64_t closed);

#endif
