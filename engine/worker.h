/* SPDX-License-Identifier: Apache-2.0
 *
 * A worker: keys and slices, and a ring of tasks for them, which are worked in their order. The caller's thread
 * (admission) deals the tasks and takes them back through a second ring, so that batches are released where they
 * came from.
 *
 *     caller --tasks--> [ ring ] --> worker: rows -> own slices; barrier -> its turn -> the pipeline's slices
 *            <--done--- [ ring ] <--
 *
 * Data, barriers and stop travel in the same ring: their order is the stream's order. The caller keeps at most
 * WEIR_RING_SLOTS tasks out, so neither ring can overflow.
 *
 * Which rows a worker adds up depends on the input alone; which thread does it does not matter, so long as one does
 * at a time (`held`). Most workers have a thread, the last may have none: any thread with nothing to do works for
 * it, and so does the caller's (docs/adr/0019). A worker that hands rows over has a thread, which is its only one.
 *
 * In plain plans the keys and slices of the last worker are the pipeline's: what the others bring home at a barrier
 * is added to those. Who reads them to fire holds the last worker.
 *
 * At a barrier `turn` goes round: the last worker settles what is the pipeline's, then each of the others that has
 * something brings it home, then the last goes on.
 */
#ifndef WEIR_ENGINE_WORKER_H
#define WEIR_ENGINE_WORKER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "engine/fire.h"
#include "engine/handover.h"
#include "engine/ingest.h"
#include "engine/merge.h"
#include "engine/ring.h"

#define WEIR_WORKERS_MAX 1024

enum weir_task_kind {
    WEIR_TASK_ROWS,
    WEIR_TASK_BARRIER, /* bring home the slices that count in a window <= closed, and what is due, in one's turn */
    WEIR_TASK_TAKE,    /* take from the pipeline what one owns, and own it from now on */
    WEIR_TASK_FIRE,    /* fire one's own windows <= closed, once all ranges before are in */
    WEIR_TASK_OPEN,    /* hand rows over from now on, and take in what comes: all have their rings */
    WEIR_TASK_SETTLE,  /* take in all ranges before */
    WEIR_TASK_STOP,
};

struct weir_held_batch; /* deal.h: a batch and how many tasks look at it */

struct weir_task {
    WEIR_ISOLATED enum weir_task_kind kind; /* the caller fills one while the worker reads the one before */
    struct weir_ingest_range range;
    struct weir_held_batch *held;
    int64_t closed;
    uint32_t next;            /* BARRIER: whose turn comes after this worker's; the number of workers: nobody's */
    int64_t ranges;           /* FIRE, SETTLE: that have been dealt to be handed over */
    bool hands_over;          /* TAKE: rows will be handed over */
    int64_t complete_through; /* FIRE: see weir_fire */
    struct weir_ingest_time time; /* not ROWS: with the number of the next row */
};

struct weir_worker;

/* Beyond the numbers of workers. */
enum weir_turn {
    WEIR_TURN_HOME = WEIR_WORKERS_MAX, /* all others have had theirs: the worker whose state is the pipeline's */
    WEIR_TURN_NOBODY,                  /* all have had theirs */
};

/* What the workers of a pipeline share; written only at barriers and when somebody sleeps. */
struct weir_worker_pool {
    struct weir_ingest *home;     /* the pipeline's keys and slices; touched only in turn */
    const struct weir_fire *fire; /* the pipeline's, for TAKE: how far it has fired */
    int32_t workers;
    struct weir_worker *all;
    struct weir_packet_ring **rings;     /* of each worker, where rows are handed over; written while none is out */
    _Atomic uint32_t served;             /* the first so many workers have threads; written while no task is out */
    WEIR_ISOLATED _Atomic uint32_t turn; /* at a barrier: the worker that may touch home, or a weir_turn */
    WEIR_ISOLATED _Atomic uint32_t event; /* the workers': counts what the caller waits for */
    /* The caller's. 0: it does not sleep, else for a worker that has fewer tasks than this left. */
    WEIR_ISOLATED _Atomic uint32_t caller_waits;
};

#define WEIR_WORKER_POOL_PART(member) (offsetof(struct weir_worker_pool, member) / WEIR_ISOLATE_BYTES)
_Static_assert(WEIR_WORKER_POOL_PART(served) < WEIR_WORKER_POOL_PART(turn), "what all read nobody writes");
_Static_assert(WEIR_WORKER_POOL_PART(turn) < WEIR_WORKER_POOL_PART(event), "of who is at the barrier");
_Static_assert(WEIR_WORKER_POOL_PART(event) < WEIR_WORKER_POOL_PART(caller_waits), "the workers' and the caller's");
_Static_assert(sizeof(struct weir_worker_pool) % WEIR_ISOLATE_BYTES == 0, "what follows shares no line with it");

struct weir_worker {
    struct weir_ring tasks;
    struct weir_ring done;
    /* Of its thread. 0: awake; else asleep on this word, which says what for (worker_wait.c). Whoever wakes it
     * makes it 0. */
    WEIR_ISOLATED _Atomic uint32_t sleeping;
    WEIR_ISOLATED _Atomic uint32_t held; /* some thread is at its tasks; what is the worker's is that thread's */
    _Atomic uint32_t at_barrier;         /* 0, or 1 + the turn before which all is done; written by who holds it */
    /* the worker's own; others read the first four */
    WEIR_ISOLATED _Atomic uint32_t failed; /* set after error is filled */
    _Atomic int64_t bytes;                 /* of keys and slices, and of rows on their way */
    _Atomic uint32_t keys;                 /* in its table */
    struct weir_error error;
    int64_t failed_at;          /* where in the order of admission; written with error */
    struct weir_ingest *ingest; /* its own, or the pipeline's (see above) */
    struct weir_ingest own;     /* zeroed where it is the pipeline's */
    struct weir_id_map map;
    struct weir_handover handover;
    /* partition first: used by the caller while no task is out */
    struct weir_emit emit;
    struct weir_fire fire;
    struct weir_outbox outbox;
    bool fire_more;
    bool keeps; /* after the last barrier: slices or a machine; read by the caller while no barrier is out */
    bool stops; /* its thread's */
    /* read by all, once it runs */
    WEIR_ISOLATED struct weir_worker_pool *pool;
    uint32_t idx;
    bool pin;
    /* the caller's own */
    WEIR_ISOLATED bool running; /* it has a thread */
    bool has_rows;              /* got rows since the last barrier that it took part in */
    int64_t caller_rows;        /* that the caller's thread has worked */
    pthread_t thread;
    struct weir_task *unused[WEIR_RING_SLOTS];
    int32_t unused_count;
    struct weir_task slots[WEIR_RING_SLOTS];
};

#define WEIR_WORKER_PART(member) (offsetof(struct weir_worker, member) / WEIR_ISOLATE_BYTES)
_Static_assert(WEIR_WORKER_PART(done) < WEIR_WORKER_PART(sleeping), "who wakes a worker touches no ring's line");
_Static_assert(WEIR_WORKER_PART(sleeping) < WEIR_WORKER_PART(held), "nor one that those look at who may help");
_Static_assert(WEIR_WORKER_PART(at_barrier) < WEIR_WORKER_PART(failed), "which is not written at work");
_Static_assert(WEIR_WORKER_PART(stops) < WEIR_WORKER_PART(pool), "what others look up the worker does not write");
_Static_assert(WEIR_WORKER_PART(pin) < WEIR_WORKER_PART(running), "nor the caller");
_Static_assert(WEIR_WORKER_PART(unused_count) < WEIR_WORKER_PART(slots), "tasks have lines of their own");
_Static_assert(sizeof(struct weir_task) % WEIR_ISOLATE_BYTES == 0, "each task has");
_Static_assert(sizeof(struct weir_worker) % WEIR_ISOLATE_BYTES == 0, "workers beside each other share no line");

static inline bool weir_worker_has_home(const struct weir_worker *worker) {
    return worker->ingest == worker->pool->home;
}

/* The worker must be zeroed and aligned to WEIR_ISOLATE_BYTES. has_home: its state is the pipeline's. */
enum weir_status weir_worker_init(struct weir_worker *worker, struct weir_worker_pool *pool, uint32_t idx, bool pin,
                                  const struct weir_ingest_setup *setup, bool has_home, struct weir_error *error);
/* Its state is its own from now on. No task is out. */
enum weir_status weir_worker_leave_home(struct weir_worker *worker, struct weir_error *error);
/* Gives it a thread. */
enum weir_status weir_worker_start(struct weir_worker *worker, struct weir_error *error);

/* Joins its thread, if it has one. Tasks still out must have been taken back. */
void weir_worker_stop(struct weir_worker *worker);
/* Frees what the worker owns, once all that look into its rings have stopped. */
void weir_worker_fini(struct weir_worker *worker);

/* ---- any thread ---- */

static inline uint32_t weir_worker_pool_served(struct weir_worker_pool *pool) {
    return atomic_load_explicit(&pool->served, memory_order_acquire);
}

/* Whether its next task could be worked now, as far as one can tell who does not hold it. */
bool weir_worker_is_ready(const struct weir_worker *worker);

/* The thread that works. */
enum weir_hand {
    WEIR_HAND_OWN,    /* the worker's own */
    WEIR_HAND_HELPER, /* another worker's */
    WEIR_HAND_CALLER,
};

/* Works its next task, or as much of it as can be done now, unless somebody else is at it; false: nothing was done.
 * Not for workers that hand rows over. */
bool weir_worker_work(struct weir_worker *worker, enum weir_hand hand);

/* The thread of a worker that hands rows over: waits for its next task and works it. */
void weir_worker_work_alone(struct weir_worker *worker);

/* From one to the other nobody works for it. Only the caller waits for that. */
void weir_worker_hold(struct weir_worker *worker);
void weir_worker_let_go(struct weir_worker *worker);
/* In between: as weir_worker_work, by the caller. */
bool weir_worker_work_held(struct weir_worker *worker);

/* What others may know of its state; by who holds it, or where nobody can. */
void weir_worker_publish(struct weir_worker *worker);

/* Wakes a thread that sleeps and may work for it. */
void weir_worker_poke(struct weir_worker *worker);

/* ---- the caller's side ---- */

/* An unused task, or NULL when all are out. */
struct weir_task *weir_worker_task(struct weir_worker *worker);
/* Into its ring; who is to work it is to be poked. */
void weir_worker_send(struct weir_worker *worker, struct weir_task *task);
/* A task that is done, or NULL; weir_worker_reuse gives it back. */
struct weir_task *weir_worker_done(struct weir_worker *worker);
void weir_worker_reuse(struct weir_worker *worker, struct weir_task *task);

/* Sleeps until some worker has done something since `event` was read from pool->event. */
void weir_worker_pool_wait(struct weir_worker_pool *pool, uint32_t event);

#endif
