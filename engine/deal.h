/* SPDX-License-Identifier: Apache-2.0
 *
 * Deals the rows of admitted batches to the workers, takes tasks back, and sees barriers through: the caller's side
 * of the workers of one pipeline. Only the caller's thread uses it.
 */
#ifndef WEIR_ENGINE_DEAL_H
#define WEIR_ENGINE_DEAL_H

#include <stdint.h>

#include "engine/worker.h"

/* Rows of a range: enough to make a handover cheap, few enough to stay in L2 with their columns and to balance. */
#define WEIR_DEAL_RANGE_ROWS (16 * WEIR_BLOCK_ROWS)

struct weir_held_batch {
    struct weir_batch batch;
    int64_t tasks; /* that still look at it; the caller's thread alone counts */
};

struct weir_deal {
    struct weir_worker_pool pool;
    struct weir_worker *workers;
    int32_t count;       /* 0: the caller does all work itself */
    int32_t started;     /* that are to be stopped; more than count after a failed start */
    int32_t next;        /* worker of the next rows */
    int64_t turn_rows;   /* after so many it is the next one's turn */
    int64_t next_rows;   /* that it has got in its turn */
    int64_t few_rows;    /* dealt since the last window closed; no more than matter */
    bool to_all;         /* every worker gets every range and keeps its own keys */
    bool hands_over;     /* each range goes to one worker, which hands its rows to their owners */
    int64_t range_rows;  /* that a range should have at most */
    int64_t ranges;      /* that have been dealt to be handed over */
    int64_t settled;     /* of those, that the owners have been asked to take in */
    int64_t owned_rows;  /* that have been dealt to the owners of their keys */
    int64_t handed_rows; /* of those, that one worker reads and hands over */
    bool barrier_out;
    int64_t barrier_closed;
    int64_t complete_through; /* of fires: see weir_fire */
    int64_t next_row;         /* admission number */
    int64_t tasks_out;
    int64_t fires_out; /* of those, FIRE */
};

/* Who gets rows, where one worker gets each range. */
enum weir_deal_way {
    WEIR_DEAL_ROUND, /* each in turn */
    WEIR_DEAL_FEW,   /* each in turn, but those of small windows the last (weir_deal_window_closed) */
    WEIR_DEAL_ONE,   /* the last */
};

/* Zeroed storage in, aligned to WEIR_ISOLATE_BYTES. After an error only fini is allowed. Where the process has no
 * more cores than workers the last worker gets no thread: the caller's works for it (weir_deal_help). */
enum weir_status weir_deal_start(struct weir_deal *deal, int32_t workers, bool pin, enum weir_deal_way way,
                                 const struct weir_ingest_setup *setup, struct weir_ingest *home,
                                 struct weir_error *error);
/* Takes all tasks back and stops the workers. */
void weir_deal_fini(struct weir_deal *deal);

/* Releases one look at the batch. */
void weir_held_drop(struct weir_held_batch *held);

/* Hands out a range; waits while the worker's ring is full. */
void weir_deal_rows(struct weir_deal *deal, struct weir_held_batch *held, const struct weir_ingest_range *range);

/* W has closed a window: where it had few rows, those of the next one go to the last worker again, so that the
 * caller's thread can work them without waking another. Where none came since the last time nothing changes. */
void weir_deal_window_closed(struct weir_deal *deal);

/* Works a task that is ready and that nobody is at; false: there is none. For the caller's thread where it would
 * wait else. */
bool weir_deal_help(struct weir_deal *deal);

/* One barrier may be out at a time. Only workers that hold anything take part. */
void weir_deal_barrier(struct weir_deal *deal, int64_t closed, const struct weir_ingest_time *time);
bool weir_deal_barrier_is_complete(struct weir_deal *deal);

/* From one to the other no worker's rows are added to what is the pipeline's; waits for the task at hand. */
void weir_deal_hold_home(struct weir_deal *deal);
void weir_deal_let_go_home(struct weir_deal *deal);
/* The bytes of what is the pipeline's are among those that the workers publish. */
bool weir_deal_publishes_home(const struct weir_deal *deal);

/* Every worker takes from the pipeline's state what it owns; waits for it. hands_over: from now on it gets the rows
 * of its keys from the workers that have read them, else it gets every range and keeps its own. Errors: what a
 * worker fails with, WEIR_ERR_MEMORY. */
enum weir_status weir_deal_take(struct weir_deal *deal, bool hands_over, struct weir_error *error);
/* Workers fire their own windows up to `closed`; only those that have stopped before, where `on` is true. */
void weir_deal_fire(struct weir_deal *deal, int64_t closed, bool on);

/* Takes back what is done, without waiting. */
void weir_deal_collect(struct weir_deal *deal);
/* Waits until no task is out and every row is where it is added up. */
void weir_deal_drain(struct weir_deal *deal);

/* What has failed first in the order of admission, for which all tasks are taken back; NULL: nothing has. */
const struct weir_error *weir_deal_failure(struct weir_deal *deal);

#endif
