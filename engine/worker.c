/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/worker.h"

#include <signal.h>
#include <string.h>

#include "base/error.h"
#include "base/futex.h"
#include "engine/ingest_parts.h"
#include "engine/topology.h"

/* ---- waiting ---- */

static void tell_caller(struct weir_workshop *shop) {
    atomic_thread_fence(memory_order_seq_cst); /* what was done, before the look at caller_waits */
    if (atomic_load_explicit(&shop->caller_waits, memory_order_relaxed) == 0) return;
    atomic_fetch_add_explicit(&shop->event, 1, memory_order_release);
    weir_futex_wake(&shop->event);
}

void weir_workshop_wait(struct weir_workshop *shop, uint32_t event) { weir_futex_wait(&shop->event, event); }

static struct weir_task *next_task(struct weir_worker *worker) {
    for (;;) {
        for (int turn = 0; turn < WEIR_SPIN_TURNS; turn++) {
            struct weir_task *task = weir_ring_pop(&worker->tasks);
            if (task != NULL) return task;
            weir_spin_pause();
        }
        atomic_store_explicit(&worker->sleeping, 1, memory_order_relaxed);
        atomic_thread_fence(memory_order_seq_cst); /* sleeping, before the last look at the ring */
        struct weir_task *task = weir_ring_pop(&worker->tasks);
        if (task != NULL) {
            atomic_store_explicit(&worker->sleeping, 0, memory_order_relaxed);
            return task;
        }
        weir_futex_wait(&worker->sleeping, 1);
    }
}

static void wait_turn(struct weir_workshop *shop, uint32_t idx) {
    for (int turn = 0; turn < WEIR_SPIN_TURNS; turn++) {
        if (atomic_load_explicit(&shop->turn, memory_order_acquire) == idx) return;
        weir_spin_pause();
    }
    for (;;) {
        uint32_t now = atomic_load_explicit(&shop->turn, memory_order_acquire);
        if (now == idx) return;
        weir_futex_wait(&shop->turn, now);
    }
}

/* ---- work ---- */

/* What a task does between two rows comes before what one does from the second of them on. */
static void fail(struct weir_worker *worker, const struct weir_task *task) {
    bool rows = task->kind == WEIR_TASK_ROWS;
    worker->failed_at = rows ? task->range.admission.sequence * 2 + 1 : task->time.sequence * 2;
    atomic_store_explicit(&worker->failed, 1, memory_order_release);
}

static bool has_failed(struct weir_worker *worker) {
    return atomic_load_explicit(&worker->failed, memory_order_relaxed) != 0;
}

static void publish(struct weir_worker *worker) {
    atomic_store_explicit(&worker->bytes, (int64_t)weir_ingest_bytes(&worker->ingest), memory_order_relaxed);
    atomic_store_explicit(&worker->keys, weir_key_table_count(worker->ingest.keys), memory_order_relaxed);
}

static void work_rows(struct weir_worker *worker, const struct weir_task *task) {
    if (has_failed(worker)) return;
    if (weir_ingest_rows(&worker->ingest, &task->range, &worker->error) != WEIR_OK) fail(worker, task);
    publish(worker);
}

static void work_barrier(struct weir_worker *worker, const struct weir_task *task) {
    struct weir_workshop *shop = worker->shop;
    if (!has_failed(worker) && weir_ingest_advance(&worker->ingest, &task->time, &worker->error) != WEIR_OK)
        fail(worker, task);
    if (!has_failed(worker) && weir_ingest_settle(&worker->ingest, &worker->error) != WEIR_OK) fail(worker, task);
    wait_turn(shop, worker->idx);
    if (!has_failed(worker)) {
        enum weir_status status =
            weir_merge(shop->home, &worker->ingest, &worker->map, task->closed, &worker->error);
        if (status != WEIR_OK) fail(worker, task);
    }
    atomic_store_explicit(&shop->turn, worker->idx + 1, memory_order_release);
    weir_futex_wake(&shop->turn);
    if (!has_failed(worker) && weir_ingest_forget_keys(&worker->ingest, &worker->error) != WEIR_OK)
        fail(worker, task);
    publish(worker);
}

/* Only reads what is the pipeline's, so that all may do it at once. */
static enum weir_status take_own(struct weir_worker *worker) {
    const struct weir_workshop *shop = worker->shop;
    struct weir_ingest *own = &worker->ingest;
    own->exchange.owners = shop->workers;
    own->exchange.owner = (int32_t)worker->idx;
    own->fires = true;
    enum weir_status status = weir_emit_init(&worker->emit, own->plan, &worker->error);
    if (status != WEIR_OK) return status;
    worker->emit.skip = 0; /* the pipeline cuts, once all is sorted */
    worker->emit.left = -1;
    status = weir_fire_init(&worker->fire, own->plan, own, &worker->emit, &worker->error);
    if (status != WEIR_OK) return status;
    worker->fire.fired = shop->fire->fired;
    worker->fire.has_fired = shop->fire->has_fired;
    worker->fire.outbox = &worker->outbox;
    return weir_merge_own(own, shop->home, &worker->error);
}

static void work_fire(struct weir_worker *worker, const struct weir_task *task) {
    if (has_failed(worker)) return;
    worker->fire.complete_through = task->complete_through;
    enum weir_status status = weir_fire_through(&worker->fire, task->closed, &worker->fire_more, &worker->error);
    if (status == WEIR_OK && !worker->fire_more) status = weir_ingest_forget_keys(&worker->ingest, &worker->error);
    if (status != WEIR_OK) fail(worker, task);
    publish(worker);
}

static void work_take(struct weir_worker *worker, const struct weir_task *task) {
    if (!has_failed(worker) && take_own(worker) != WEIR_OK) fail(worker, task);
    publish(worker);
}

static void *run(void *user) {
    struct weir_worker *worker = user;
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL); /* signals are the program's business */
    if (worker->pin) weir_topology_pin((int32_t)worker->idx);
    for (;;) {
        struct weir_task *task = next_task(worker);
        switch (task->kind) {
        case WEIR_TASK_ROWS: work_rows(worker, task); break;
        case WEIR_TASK_BARRIER: work_barrier(worker, task); break;
        case WEIR_TASK_TAKE: work_take(worker, task); break;
        case WEIR_TASK_FIRE: work_fire(worker, task); break;
        case WEIR_TASK_STOP: return NULL;
        }
        weir_ring_push(&worker->done, task);
        tell_caller(worker->shop);
    }
}

/* ---- the caller's side ---- */

struct weir_task *weir_worker_task(struct weir_worker *worker) {
    return worker->unused_count == 0 ? NULL : worker->unused[--worker->unused_count];
}

void weir_worker_reuse(struct weir_worker *worker, struct weir_task *task) {
    worker->unused[worker->unused_count++] = task;
}

void weir_worker_send(struct weir_worker *worker, struct weir_task *task) {
    weir_ring_push(&worker->tasks, task);
    atomic_thread_fence(memory_order_seq_cst); /* the task, before the look at sleeping */
    if (atomic_load_explicit(&worker->sleeping, memory_order_relaxed) == 0) return;
    atomic_store_explicit(&worker->sleeping, 0, memory_order_release);
    weir_futex_wake(&worker->sleeping);
}

struct weir_task *weir_worker_done(struct weir_worker *worker) {
    return weir_ring_pop(&worker->done);
}

enum weir_status weir_worker_start(struct weir_worker *worker, struct weir_workshop *shop, uint32_t idx, bool pin,
                                   const struct weir_ingest_setup *setup, struct weir_error *error) {
    worker->shop = shop;
    worker->idx = idx;
    worker->pin = pin;
    for (int32_t i = 0; i < WEIR_RING_SLOTS; i++) weir_worker_reuse(worker, &worker->slots[i]);
    enum weir_status status = weir_ingest_init(&worker->ingest, setup, (int32_t)idx, error);
    if (status != WEIR_OK) return status;
    int reason = pthread_create(&worker->thread, NULL, run, worker);
    if (reason != 0) {
        return weir_error_set(error, WEIR_ERR_IO, "cannot start worker %u: %s; ask for fewer workers", idx,
                              strerror(reason));
    }
    worker->running = true;
    return WEIR_OK;
}

void weir_worker_stop(struct weir_worker *worker) {
    if (worker->running) {
        struct weir_task stop = {.kind = WEIR_TASK_STOP};
        weir_worker_send(worker, &stop);
        pthread_join(worker->thread, NULL);
        worker->running = false;
    }
    weir_fire_fini(&worker->fire);
    weir_emit_fini(&worker->emit);
    weir_outbox_fini(&worker->outbox);
    weir_id_map_fini(&worker->map);
    weir_ingest_fini(&worker->ingest);
}
