/* SPDX-License-Identifier: Apache-2.0
 *
 * Deals the rows of admitted batches to the workers, takes tasks back, and sees barriers through: the caller's side
 * of the workers of one pipeline. Only the caller's thread uses it.
 */
#ifndef WEIR_ENGINE_DEAL_H
#define WEIR_ENGINE_DEAL_H

#include <stdint.h>

#include "engine/worker.h"

struct weir_held_batch {
    struct weir_batch batch;
    int64_t tasks; /* that still look at it; the caller's thread alone counts */
};

struct weir_deal {
    struct weir_workshop shop;
    struct weir_worker *workers;
    int32_t count;   /* 0: the caller does all work itself */
    int32_t started; /* that are to be stopped; more than count after a failed start */
    int32_t next;    /* worker of the next task */
    bool to_all;     /* every worker gets every range and keeps its own keys */
    bool barrier_out;
    int64_t barrier_closed;
    int64_t complete_through; /* of fires: see weir_fire */
    int64_t next_row;         /* admission number */
    int64_t tasks_out;
    int64_t fires_out; /* of those, FIRE */
};

/* Zeroed storage in, aligned to WEIR_ISOLATE_BYTES. After an error only fini is allowed. */
enum weir_status weir_deal_start(struct weir_deal *deal, int32_t workers, bool pin,
                                 const struct weir_ingest_setup *setup, struct weir_ingest *home,
                                 struct weir_error *error);
/* Takes all tasks back and stops the workers. */
void weir_deal_fini(struct weir_deal *deal);

/* Releases one look at the batch. */
void weir_held_drop(struct weir_held_batch *held);

/* Hands out a range; waits while the worker's ring is full. */
void weir_deal_rows(struct weir_deal *deal, struct weir_held_batch *held, const struct weir_ingest_range *range);

/* One barrier may be out at a time. */
void weir_deal_barrier(struct weir_deal *deal, int64_t closed, const struct weir_ingest_time *time);
bool weir_deal_barrier_is_complete(struct weir_deal *deal);

/* Every worker takes from the pipeline's state what it owns. */
void weir_deal_take(struct weir_deal *deal);
/* Workers fire their own windows up to `closed`; only those that have stopped before, where `on` is true. */
void weir_deal_fire(struct weir_deal *deal, int64_t closed, bool on);

/* Takes back what is done, without waiting. */
void weir_deal_collect(struct weir_deal *deal);
/* Waits until no task is out. */
void weir_deal_drain(struct weir_deal *deal);

/* What has failed first in the order of admission, for which all tasks are taken back; NULL: nothing has. */
const struct weir_error *weir_deal_failure(struct weir_deal *deal);

#endif
