/* SPDX-License-Identifier: Apache-2.0
 *
 * From a batch to accumulators: times, filter, keys, then slices and sums, or a per-key machine; in blocks of
 * WEIR_BLOCK_ROWS rows. One per worker; it owns the worker's key table and state.
 */
#ifndef WEIR_ENGINE_INGEST_H
#define WEIR_ENGINE_INGEST_H

#include <stdint.h>

#include "engine/accumulator.h"
#include "engine/ahead.h"
#include "engine/block_time.h"
#include "engine/exchange.h"
#include "engine/key_table.h"
#include "engine/known_time.h"
#include "engine/late_mark.h"
#include "engine/machine.h"
#include "engine/part_rows.h"
#include "engine/part_table.h"
#include "engine/place.h"
#include "engine/side.h"
#include "engine/slice_store.h"
#include "engine/window.h"
#include "weir/weir.h"

/* What all workers of a pipeline work by. */
struct weir_ingest_setup {
    const struct weir_plan *plan; /* validated; outlives it, as do the others */
    const struct weir_accumulator *accumulator;
    const struct weir_zone *zone; /* NULL: UTC */
    bool fail_on_null_time;
    enum weir_slice_shape slices;
    enum weir_waiting waiting;
    size_t waiting_max; /* bytes of rows that wait; 0: as many as are useful */
    int32_t owners;     /* workers among which keys are divided; 0: this one gets whole batches */
};

/* Ids that keys of one part were given one after the other: a hint where their accumulators are. */
#define WEIR_ID_RUNS 4
struct weir_id_runs {
    struct weir_id_run {
        uint32_t first, end;
    } of[WEIR_ID_RUNS];
};

/* Ways that rows took: one may have taken several, or none of them. Counted a block at a time. */
struct weir_ways {
    int64_t code_rows, cell_rows, packed_rows, mixed_rows; /* how the id of their key was found; else by one word */
    int64_t held_rows;                                     /* went to accumulators that are held (lanes) */
    int64_t waited_rows;                                   /* were set aside */
    int64_t direct_rows;                                   /* went to direct slices */
    int64_t parted_windows;                                /* that fired from where their rows waited */
};

struct weir_handover; /* handover.h */
struct weir_lanes;    /* accumulator_lanes.h */

struct weir_ingest {
    struct weir_ingest_setup setup;
    const struct weir_plan *plan;
    const struct weir_accumulator *accumulator;
    struct weir_window window;
    struct weir_key_table *keys; /* of direct slices: empty, for its layout of words alone */
    bool fires;                  /* its windows fire from its own slices */
    size_t shape_looked;         /* bytes of the slices when it was looked whether they are sparse */
    bool may_part;               /* its rows may wait (ingest_parts.h) */
    int32_t rests;               /* times that they did not in vain, one after the other */
    int64_t rest_rows;           /* rows to come that do not */
    bool tries;                  /* they wait to find out how many keys there are */
    uint32_t keys_tried;         /* when they last did so */
    uint32_t keys_foreseen;      /* that a slice will have, by what it found out; later: that one had */
    struct weir_part_rows waiting;
    struct weir_part_table table;                  /* for a part of their sums */
    struct weir_id_runs runs[WEIR_PARTS_MOST + 1]; /* per part */
    struct weir_exchange exchange;
    struct weir_handover *handover; /* rows go to their owners; NULL: they are added up here */
    struct weir_slice_store store;
    struct weir_place place;
    struct weir_machine *machine; /* NULL: the slices hold the state */
    struct weir_due due;          /* what the machine has finished */
    struct weir_side side;
    struct weir_counts counts;
    struct weir_ways ways;
    struct weir_late_mark late_mark;
    uint32_t keys_generation;   /* counts how often key ids have been given anew */
    uint32_t keys_held;         /* keys that were held when somebody last looked */
    uint32_t keys_used;         /* most keys that one window or slice had of late */
    int64_t rows_met;           /* that came while rows waited, since a window has fired */
    uint32_t rows_a_key;        /* of a window of late; 0: not known */
    struct weir_slice *running; /* CUMULATE, HOP: a total that firing keeps from one window to the next */
    /* Who else holds key ids (FILL): sets the bits of those held; is told the new ones. NULL: nobody. */
    void (*held)(const void *user, uint64_t *bits);
    enum weir_status (*renamed)(void *user, const uint32_t *ids, struct weir_error *error);
    void *held_user;
    struct weir_arena arena;  /* temporaries of one block */
    struct weir_ahead ahead;  /* the block after it */
    struct weir_lanes *lanes; /* hold accumulators of a slice while a range is added up; NULL: they never are */
    struct weir_key_input *inputs;
    struct weir_vector *args;
    uint32_t *selected; /* rows of the block that count */
    uint32_t *ids;
    uint64_t *hashes; /* room for two blocks' */
    int64_t *closed;  /* per row: the last window closed before it, or W */
};

/* A range of rows of a batch. */
struct weir_ingest_range {
    const struct weir_batch *batch;
    int64_t first; /* a multiple of 64 */
    int64_t rows;
    struct weir_admission admission;
    struct weir_known_time known; /* of the batch */
};

/* Zeroed storage in. owner: which of the setup's owners it is. */
enum weir_status weir_ingest_init(struct weir_ingest *ingest, const struct weir_ingest_setup *setup, int32_t owner,
                                  struct weir_error *error);
void weir_ingest_fini(struct weir_ingest *ingest);

/* An empty table for the keys of the plan; NULL when memory is short. */
struct weir_key_table *weir_ingest_make_keys(const struct weir_ingest *ingest);

/* Adds the rows up. After an error the state is lost. */
enum weir_status weir_ingest_rows(struct weir_ingest *ingest, const struct weir_ingest_range *range,
                                  struct weir_error *error);

/* How time stands for a machine. */
struct weir_ingest_time {
    int64_t watermark; /* of the query, units UTC */
    int64_t wall;      /* wall clock, ms; INT64_MIN: not looked at */
    int64_t sequence;  /* admission number of the next row */
    bool end;          /* the input has ended */
};

/* Tells the machine, if there is one. */
enum weir_status weir_ingest_advance(struct weir_ingest *ingest, const struct weir_ingest_time *time,
                                     struct weir_error *error);

/* A window, or a slice that is given away, had rows of so many keys: they may well come again. */
static inline void weir_ingest_keys_used(struct weir_ingest *ingest, uint32_t keys) {
    if (keys > ingest->keys_used) ingest->keys_used = keys;
    if (keys == 0 || ingest->rows_met == 0) return;
    int64_t rows = ingest->rows_met / keys < UINT32_MAX / 2 ? ingest->rows_met / keys : UINT32_MAX / 2;
    ingest->rows_a_key = ingest->rows_a_key == 0 ? (uint32_t)rows : (ingest->rows_a_key + (uint32_t)rows) / 2;
    ingest->rows_met = 0;
}

/* Gives the ids of keys that no state holds any more to others, when there are many of them: of those that are held
 * and of those that windows had of late at least as many again. Ids change. Not while a window is firing. */
enum weir_status weir_ingest_forget_keys(struct weir_ingest *ingest, struct weir_error *error);

/* A table without keys instead of the one there is. Nothing may hold any: no slice is open, no row waits. */
enum weir_status weir_ingest_renew_keys(struct weir_ingest *ingest, struct weir_error *error);

/* Bytes of keys and state. */
size_t weir_ingest_bytes(const struct weir_ingest *ingest);

/* What admission needs of a range of rows without working on them. */
struct weir_ingest_summary {
    int64_t claim;    /* the greatest on W; INT64_MIN: none */
    int64_t time_max; /* the greatest time that makes claims on W, units; INT64_MIN: none */
};

/* arena is for temporaries. */
enum weir_status weir_ingest_summarise(const struct weir_plan *plan, const struct weir_ingest_range *range,
                                       struct weir_arena *arena, struct weir_ingest_summary *out,
                                       struct weir_error *error);

#endif
