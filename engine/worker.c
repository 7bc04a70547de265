/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/worker.h"

#include "base/futex.h"
#include "engine/ingest_parts.h"
#include "engine/worker_wait.h"

/* What a task does between two rows comes before what one does from the second of them on. */
static void fail(struct weir_worker *worker, const struct weir_task *task) {
    bool rows = task->kind == WEIR_TASK_ROWS;
    weir_worker_fail_at(worker, rows ? task->range.admission.sequence * 2 + 1 : task->time.sequence * 2);
}

/* ---- tasks ---- */

static void work_rows(struct weir_worker *worker, const struct weir_task *task) {
    struct weir_error why;
    bool hands_over = weir_worker_hands_over(worker);
    if (hands_over) weir_handover_begin(&worker->handover, task->range.admission.sequence);
    /* Packets that come meanwhile may fail, too: then that is the error, since they are of earlier rows. */
    if (!weir_worker_has_failed(worker) && weir_ingest_rows(worker->ingest, &task->range, &why) != WEIR_OK &&
        !weir_worker_has_failed(worker)) {
        worker->error = why;
        fail(worker, task);
    }
    if (hands_over) weir_handover_end(&worker->handover);
    weir_worker_publish(worker);
}

/* What can be done before one's turn. */
static void prepare_barrier(struct weir_worker *worker, const struct weir_task *task) {
    if (!weir_worker_has_failed(worker) &&
        weir_ingest_advance(worker->ingest, &task->time, &worker->error) != WEIR_OK)
        fail(worker, task);
    if (!weir_worker_has_failed(worker) && weir_ingest_settle(worker->ingest, &worker->error) != WEIR_OK)
        fail(worker, task);
}

static void give_turn(struct weir_worker *worker, uint32_t turn) {
    struct weir_worker_pool *pool = worker->pool;
    atomic_store_explicit(&pool->turn, turn, memory_order_release);
    if (turn == WEIR_TURN_NOBODY) return;
    struct weir_worker *next = &pool->all[turn == WEIR_TURN_HOME ? (uint32_t)pool->workers - 1 : turn];
    if (next != worker) weir_worker_poke(next);
}

static uint32_t own_turn(const struct weir_worker *worker) {
    return weir_worker_has_home(worker) ? WEIR_TURN_HOME : worker->idx;
}

/* What is the pipeline's is lost with the worker whose state it is. */
static bool is_home_lost(const struct weir_worker_pool *pool) {
    struct weir_worker *last = &pool->all[pool->workers - 1];
    return weir_worker_has_home(last) && weir_worker_has_failed(last);
}

static void bring_home(struct weir_worker *worker, const struct weir_task *task) {
    if (weir_worker_has_failed(worker) || is_home_lost(worker->pool)) return;
    enum weir_status status =
        weir_merge(worker->pool->home, worker->ingest, &worker->map, task->closed, &worker->error);
    if (status != WEIR_OK) fail(worker, task);
    worker->keeps = worker->ingest->machine != NULL || worker->ingest->store.count > 0;
}

/* False: it is not one's turn, and what is before that is done. */
static bool work_barrier(struct weir_worker *worker, const struct weir_task *task) {
    bool has_home = weir_worker_has_home(worker);
    if (atomic_load_explicit(&worker->at_barrier, memory_order_relaxed) == 0) {
        prepare_barrier(worker, task);
        atomic_store_explicit(&worker->at_barrier, own_turn(worker) + 1, memory_order_relaxed);
        if (has_home) give_turn(worker, task->next);
    }
    if (atomic_load_explicit(&worker->pool->turn, memory_order_acquire) != own_turn(worker)) return false;
    atomic_store_explicit(&worker->at_barrier, 0, memory_order_relaxed);
    if (!has_home) bring_home(worker, task);
    give_turn(worker, has_home ? WEIR_TURN_NOBODY : task->next);
    if (!has_home && !weir_worker_has_failed(worker) &&
        weir_ingest_forget_keys(worker->ingest, &worker->error) != WEIR_OK)
        fail(worker, task);
    weir_worker_publish(worker);
    return true;
}

/* Only reads what is the pipeline's, so that all may do it at once. */
static enum weir_status take_own(struct weir_worker *worker, bool hands) {
    const struct weir_worker_pool *pool = worker->pool;
    struct weir_ingest *own = worker->ingest;
    own->exchange.owners = pool->workers;
    own->exchange.owner = (int32_t)worker->idx;
    own->fires = true;
    enum weir_status status = weir_emit_init(&worker->emit, own->plan, &worker->error);
    if (status != WEIR_OK) return status;
    worker->emit.skip = 0; /* the pipeline cuts, once all is sorted */
    worker->emit.left = -1;
    status = weir_fire_init(&worker->fire, own->plan, own, &worker->emit, &worker->error);
    if (status != WEIR_OK) return status;
    worker->fire.fired = pool->fire->fired;
    worker->fire.has_fired = pool->fire->has_fired;
    worker->fire.outbox = &worker->outbox;
    own->setup.owners = pool->workers;
    status = weir_ingest_renew_keys(own, &worker->error); /* those that it has met are the others' in part now */
    if (status == WEIR_OK) status = weir_merge_own(own, pool->home, &worker->error);
    const struct weir_handover_host host = weir_worker_host(worker);
    if (status == WEIR_OK && hands) status = weir_handover_init(&worker->handover, own, &host, &worker->error);
    if (hands) pool->rings[worker->idx] = worker->handover.rings;
    return status;
}

static void work_fire(struct weir_worker *worker, const struct weir_task *task) {
    weir_worker_settle(worker, task->ranges);
    if (weir_worker_has_failed(worker)) return;
    worker->fire.complete_through = task->complete_through;
    enum weir_status status = weir_fire_through(&worker->fire, task->closed, &worker->fire_more, &worker->error);
    if (status == WEIR_OK && !worker->fire_more) status = weir_ingest_forget_keys(worker->ingest, &worker->error);
    if (status != WEIR_OK) fail(worker, task);
    weir_worker_publish(worker);
}

static void work_take(struct weir_worker *worker, const struct weir_task *task) {
    if (!weir_worker_has_failed(worker) && take_own(worker, task->hands_over) != WEIR_OK) fail(worker, task);
    weir_worker_publish(worker);
}

/* False: it cannot be finished yet. */
static bool perform(struct weir_worker *worker, const struct weir_task *task) {
    switch (task->kind) {
    case WEIR_TASK_ROWS: work_rows(worker, task); break;
    case WEIR_TASK_BARRIER: return work_barrier(worker, task);
    case WEIR_TASK_TAKE: work_take(worker, task); break;
    case WEIR_TASK_FIRE: work_fire(worker, task); break;
    case WEIR_TASK_OPEN: weir_handover_open(&worker->handover, worker->pool->rings); break;
    case WEIR_TASK_SETTLE: weir_worker_settle(worker, task->ranges); break;
    case WEIR_TASK_STOP: worker->stops = true; break;
    }
    return true;
}

/* ---- who works ---- */

static void tell_caller(struct weir_worker *worker) {
    struct weir_worker_pool *pool = worker->pool;
    atomic_thread_fence(memory_order_seq_cst); /* what was done, before the look at caller_waits */
    if (weir_ring_count(&worker->tasks) >= atomic_load_explicit(&pool->caller_waits, memory_order_relaxed)) return;
    atomic_fetch_add_explicit(&pool->event, 1, memory_order_release);
    weir_futex_wake(&pool->event);
}

bool weir_worker_is_ready(const struct weir_worker *worker) {
    if (atomic_load_explicit(&worker->held, memory_order_relaxed) != 0) return false;
    if (weir_ring_count(&worker->tasks) == 0) return false;
    uint32_t at_barrier = atomic_load_explicit(&worker->at_barrier, memory_order_relaxed);
    return at_barrier == 0 || atomic_load_explicit(&worker->pool->turn, memory_order_relaxed) + 1 == at_barrier;
}

static bool try_hold(struct weir_worker *worker) {
    return atomic_exchange_explicit(&worker->held, 1, memory_order_acquire) == 0;
}

void weir_worker_let_go(struct weir_worker *worker) {
    atomic_store_explicit(&worker->held, 0, memory_order_release);
    tell_caller(worker);
}

void weir_worker_hold(struct weir_worker *worker) {
    struct weir_worker_pool *pool = worker->pool;
    if (try_hold(worker)) return;
    atomic_store_explicit(&pool->caller_waits, WEIR_RING_SLOTS + 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_seq_cst); /* waits, before the last look at held */
    for (;;) {
        uint32_t event = atomic_load_explicit(&pool->event, memory_order_acquire);
        if (try_hold(worker)) break;
        weir_worker_pool_wait(pool, event);
    }
    atomic_store_explicit(&pool->caller_waits, 0, memory_order_relaxed);
}

static bool work_next(struct weir_worker *worker, enum weir_hand hand) {
    struct weir_task *task = weir_ring_front(&worker->tasks);
    if (task == NULL) return false;
    if (perform(worker, task)) {
        if (hand == WEIR_HAND_CALLER && task->kind == WEIR_TASK_ROWS) worker->caller_rows += task->range.rows;
        weir_ring_pop(&worker->tasks);
        weir_ring_push(&worker->done, task);
    }
    return true;
}

bool weir_worker_work_held(struct weir_worker *worker) { return work_next(worker, WEIR_HAND_CALLER); }

bool weir_worker_work(struct weir_worker *worker, enum weir_hand hand) {
    if (!weir_worker_is_ready(worker) || !try_hold(worker)) return false;
    /* It may have got a thread of its own since it was looked at. */
    bool is_others = hand == WEIR_HAND_HELPER && worker->idx < weir_worker_pool_served(worker->pool);
    bool worked = !is_others && work_next(worker, hand);
    weir_worker_let_go(worker);
    if (is_others) weir_worker_poke(worker); /* it may have gone to sleep because the worker was held */
    return worked;
}

void weir_worker_work_alone(struct weir_worker *worker) {
    struct weir_task *task = weir_worker_next(worker);
    perform(worker, task);
    weir_ring_push(&worker->done, task);
    tell_caller(worker);
}
