/* SPDX-License-Identifier: Apache-2.0
 *
 * Slices -> windows -> result rows. Works on the pipeline's own slices and keys, in the order of window ends; a
 * jump of the watermark costs the windows that hold rows, not the time in between.
 */
#ifndef WEIR_ENGINE_FIRE_H
#define WEIR_ENGINE_FIRE_H

#include <stdint.h>

#include "engine/direct_slice.h"
#include "engine/emit.h"
#include "engine/fill.h"
#include "engine/ingest.h"
#include "engine/outbox.h"
#include "engine/window_stack.h"

struct weir_fire {
    const struct weir_plan *plan;
    struct weir_ingest *state; /* keys and slices */
    struct weir_emit *emit;
    struct weir_window_stack stack; /* HOP */
    int64_t fired;                  /* the last window that fired */
    bool has_fired;                 /* there is one */
    bool more;                      /* the pass at hand stopped before its last window */
    int64_t windows_fired;
    struct weir_outbox *outbox; /* results go here, cut at windows; NULL: they stay in emit */
    int64_t complete_through; /* windows up to here are complete: W has passed their end; INT64_MIN: none is, be its
                                 number never so low */
    struct weir_fill *fill;   /* NULL: windows without rows give nothing */
    bool filling;             /* rows of an advance are still to be given out */
    int64_t filled_through;   /* windows up to here have gone to `fill` */
    uint32_t due_next;        /* the first entry of state->due that has not been given out */
    uint32_t due_sorted;      /* entries when they were sorted last */
    struct weir_arena arena;
    /* the groups at hand */
    const char **rows;
    uint32_t *ids;
    uint64_t *words;            /* room for the words of direct slices */
    struct weir_key_block keys; /* of the groups at hand; words NULL: their ids are in `ids` */
    int64_t *starts;
    int64_t *ends;
    uint64_t *complete; /* bitmap */
    struct weir_string *kinds;
    struct weir_vector *vectors;
    struct weir_column *columns;
};

static inline bool weir_fire_is_complete(const struct weir_fire *fire, int64_t window) {
    return window <= fire->complete_through && fire->complete_through != INT64_MIN;
}

enum weir_status weir_fire_init(struct weir_fire *fire, const struct weir_plan *plan, struct weir_ingest *state,
                                struct weir_emit *emit, struct weir_error *error);
void weir_fire_fini(struct weir_fire *fire);

/* Fires every window up to `closed` that holds rows and drops the slices that no later window needs. closed =
 * INT64_MAX: the end of the input, which also fires what has no window. more  set when it stopped between two
 * windows because enough results wait in emit (weir_emit_is_full): call again, with the same or a later `closed`,
 * when some are taken. Rows may be added in between: they count in later windows only. */
enum weir_status weir_fire_through(struct weir_fire *fire, int64_t closed, bool *more, struct weir_error *error);

/* Gives out the due results of per-key machines, in their order. *more as above. */
enum weir_status weir_fire_due(struct weir_fire *fire, bool *more, struct weir_error *error);

#endif
