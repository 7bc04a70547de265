/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <string.h>

#include "base/error.h"
#include "base/futex.h"
#include "engine/topology.h"
#include "engine/worker_wait.h"

/* The worker without a thread; NULL: each has one. */
static struct weir_worker *unserved(struct weir_worker_pool *pool) {
    uint32_t served = weir_worker_pool_served(pool);
    return served < (uint32_t)pool->workers ? &pool->all[served] : NULL;
}

static bool has_something(struct weir_worker *worker) {
    struct weir_worker *other = unserved(worker->pool);
    return weir_worker_is_ready(worker) || (other != NULL && weir_worker_is_ready(other));
}

void weir_worker_poke(struct weir_worker *worker) {
    struct weir_worker_pool *pool = worker->pool;
    atomic_thread_fence(memory_order_seq_cst); /* what there is to do, before the look at who sleeps */
    uint32_t served = weir_worker_pool_served(pool);
    if (worker->idx < served) {
        weir_worker_wake(worker);
        return;
    }
    for (uint32_t i = 0; i < served; i++) {
        if (weir_worker_wake(&pool->all[i])) return;
    }
}

static bool help(struct weir_worker *other) {
    if (other == NULL || !weir_worker_work(other, WEIR_HAND_HELPER)) return false;
    if (weir_ring_count(&other->tasks) > 0) weir_worker_poke(other); /* this thread may have work of its own now */
    return true;
}

static void *run(void *user) {
    struct weir_worker *worker = user;
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL); /* signals are the program's business */
    if (worker->pin) weir_topology_pin((int32_t)worker->idx);
    while (!worker->stops) {
        if (weir_worker_hands_over(worker)) {
            weir_worker_work_alone(worker);
        } else if (!weir_worker_work(worker, WEIR_HAND_OWN) && !help(unserved(worker->pool))) {
            weir_worker_rest(worker, has_something);
        }
    }
    return NULL;
}

/* ---- the caller's side ---- */

struct weir_task *weir_worker_task(struct weir_worker *worker) {
    return worker->unused_count == 0 ? NULL : worker->unused[--worker->unused_count];
}

void weir_worker_reuse(struct weir_worker *worker, struct weir_task *task) {
    worker->unused[worker->unused_count++] = task;
}

void weir_worker_send(struct weir_worker *worker, struct weir_task *task) { weir_ring_push(&worker->tasks, task); }

struct weir_task *weir_worker_done(struct weir_worker *worker) {
    return weir_ring_pop(&worker->done);
}

void weir_worker_pool_wait(struct weir_worker_pool *pool, uint32_t event) { weir_futex_wait(&pool->event, event); }

enum weir_status weir_worker_init(struct weir_worker *worker, struct weir_worker_pool *pool, uint32_t idx, bool pin,
                                  const struct weir_ingest_setup *setup, bool has_home, struct weir_error *error) {
    worker->pool = pool;
    worker->idx = idx;
    worker->pin = pin;
    for (int32_t i = 0; i < WEIR_RING_SLOTS; i++) weir_worker_reuse(worker, &worker->slots[i]);
    worker->ingest = has_home ? pool->home : &worker->own;
    return has_home ? WEIR_OK : weir_ingest_init(&worker->own, setup, (int32_t)idx, error);
}

enum weir_status weir_worker_leave_home(struct weir_worker *worker, struct weir_error *error) {
    worker->ingest = &worker->own;
    return weir_ingest_init(&worker->own, &worker->pool->home->setup, (int32_t)worker->idx, error);
}

enum weir_status weir_worker_start(struct weir_worker *worker, struct weir_error *error) {
    int reason = pthread_create(&worker->thread, NULL, run, worker);
    if (reason != 0) {
        return weir_error_set(error, WEIR_ERR_IO, "cannot start worker %u: %s; ask for fewer workers", worker->idx,
                              strerror(reason));
    }
    worker->running = true;
    return WEIR_OK;
}

void weir_worker_stop(struct weir_worker *worker) {
    if (worker->running) {
        struct weir_task stop = {.kind = WEIR_TASK_STOP};
        weir_worker_send(worker, &stop);
        weir_worker_poke(worker);
        pthread_join(worker->thread, NULL);
        worker->running = false;
    }
}

void weir_worker_fini(struct weir_worker *worker) {
    weir_fire_fini(&worker->fire);
    weir_emit_fini(&worker->emit);
    weir_outbox_fini(&worker->outbox);
    weir_handover_fini(&worker->handover);
    weir_id_map_fini(&worker->map);
    if (worker->own.plan != NULL) weir_ingest_fini(&worker->own);
}
