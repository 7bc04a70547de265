/* SPDX-License-Identifier: Apache-2.0
 *
 * A worker: a thread that takes tasks from its ring, in their order, and owns its keys and slices. The caller's
 * thread (admission) deals the tasks and takes them back through a second ring, so that batches are released where
 * they came from.
 *
 *     caller --tasks--> [ ring ] --> worker: rows -> own slices; barrier -> its turn -> the pipeline's slices
 *            <--done--- [ ring ] <--
 *
 * Data, barriers and stop travel in the same ring: their order is the stream's order. The caller keeps at most
 * WEIR_RING_SLOTS tasks out, so neither ring can overflow.
 */
#ifndef WEIR_ENGINE_WORKER_H
#define WEIR_ENGINE_WORKER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "engine/fire.h"
#include "engine/ingest.h"
#include "engine/merge.h"
#include "engine/ring.h"

enum weir_task_kind {
    WEIR_TASK_ROWS,
    WEIR_TASK_BARRIER, /* bring home the slices that count in a window <= closed, and what is due, in one's turn */
    WEIR_TASK_TAKE,    /* take from the pipeline what one owns, and own it from now on */
    WEIR_TASK_FIRE,    /* fire one's own windows <= closed */
    WEIR_TASK_STOP,
};

struct weir_held_batch; /* deal.h: a batch and how many tasks look at it */

struct weir_task {
    enum weir_task_kind kind;
    struct weir_ingest_range range;
    struct weir_held_batch *held;
    int64_t closed;
    int64_t complete_through;     /* FIRE: see weir_fire */
    struct weir_ingest_time time; /* not ROWS: with the number of the next row */
};

/* What the workers of a pipeline share; written only at barriers and when somebody sleeps. */
struct weir_workshop {
    struct weir_ingest *home;     /* the pipeline's keys and slices; touched only in turn */
    const struct weir_fire *fire; /* the pipeline's, for TAKE: how far it has fired */
    int32_t workers;
    WEIR_ISOLATED _Atomic uint32_t turn;  /* at a barrier: the worker that may touch home; count: all have */
    WEIR_ISOLATED _Atomic uint32_t event; /* counts what the caller waits for */
    _Atomic uint32_t caller_waits;
};

struct weir_worker {
    struct weir_ring tasks;
    struct weir_ring done;
    WEIR_ISOLATED _Atomic uint32_t sleeping; /* 1: in futex_wait on this word */
    WEIR_ISOLATED _Atomic uint32_t failed;   /* set after error is filled */
    _Atomic int64_t bytes;                   /* of keys and slices */
    _Atomic uint32_t keys;                   /* in its table */
    struct weir_error error;
    int64_t failed_at; /* where in the order of admission; written with error */
    struct weir_ingest ingest;
    struct weir_id_map map;
    /* partition first: used by the caller while no task is out */
    struct weir_emit emit;
    struct weir_fire fire;
    struct weir_outbox outbox;
    bool fire_more;
    struct weir_workshop *shop;
    uint32_t idx;
    bool pin;
    bool running;
    pthread_t thread;
    /* the caller's own */
    struct weir_task slots[WEIR_RING_SLOTS];
    struct weir_task *unused[WEIR_RING_SLOTS];
    int32_t unused_count;
};

/* Starts the thread. The worker must be zeroed and aligned to WEIR_ISOLATE_BYTES. */
enum weir_status weir_worker_start(struct weir_worker *worker, struct weir_workshop *shop, uint32_t idx, bool pin,
                                   const struct weir_ingest_setup *setup, struct weir_error *error);

/* Sends stop, joins the thread, frees what the worker owns. Tasks still out must have been taken back. */
void weir_worker_stop(struct weir_worker *worker);

/* The caller's side. An unused task, or NULL when all are out. */
struct weir_task *weir_worker_task(struct weir_worker *worker);
void weir_worker_send(struct weir_worker *worker, struct weir_task *task);
/* A task that is done, or NULL; weir_worker_reuse gives it back. */
struct weir_task *weir_worker_done(struct weir_worker *worker);
void weir_worker_reuse(struct weir_worker *worker, struct weir_task *task);

/* Sleeps until some worker has done something since `event` was read from shop->event. */
void weir_workshop_wait(struct weir_workshop *shop, uint32_t event);

#endif
