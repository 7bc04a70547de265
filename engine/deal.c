/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/deal.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/futex.h"
#include "engine/topology.h"

void weir_held_drop(struct weir_held_batch *held) {
    if (--held->tasks > 0) return;
    weir_batch_fini(&held->batch);
    free(held);
}

/* Rows after which it is the next worker's turn: fewer cost less than waking its thread. */
#define TURN_ROWS (4 * WEIR_BLOCK_ROWS)
#define ONE_FOR_ALL INT64_MAX /* it is always the same one's */
/* Tasks that wait for the worker without a thread before the caller's works: some, so that threads with nothing to
 * do find them while the caller is elsewhere. */
#define BACKLOG 3

/* Rows put aside and what machines have finished are the worker's own until it brings them home: all of a barrier
 * come together, or those of rows behind it would be given out before others that are not there yet. */
static bool may_have_home(const struct weir_deal *deal) {
    return deal->pool.home->machine == NULL && deal->pool.home->side.plan == NULL;
}

static enum weir_status init_workers(struct weir_deal *deal, size_t count, bool pin,
                                     const struct weir_ingest_setup *setup, struct weir_error *error) {
    deal->workers = aligned_alloc(WEIR_ISOLATE_BYTES, count * sizeof(*deal->workers));
    if (deal->workers == NULL)
        return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for %zu workers", count);
    memset(deal->workers, 0, count * sizeof(*deal->workers));
    deal->pool.all = deal->workers;
    enum weir_status status = WEIR_OK;
    for (size_t i = 0; i < count && status == WEIR_OK; i++) {
        deal->started++;
        bool has_home = i + 1 == count && may_have_home(deal);
        status = weir_worker_init(&deal->workers[i], &deal->pool, (uint32_t)i, pin, setup, has_home, error);
        deal->workers[i].ingest->exchange.owner = (int32_t)i;
        deal->workers[i].ingest->exchange.owners = setup->owners;
    }
    return status;
}

/* Gives the first `count` workers threads that they have not yet. */
static enum weir_status start_threads(struct weir_deal *deal, int32_t count, struct weir_error *error) {
    int32_t from = (int32_t)weir_worker_pool_served(&deal->pool);
    atomic_store_explicit(&deal->pool.served, (uint32_t)count, memory_order_release);
    for (int32_t i = from; i < count; i++) {
        enum weir_status status = weir_worker_start(&deal->workers[i], error);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

enum weir_status weir_deal_start(struct weir_deal *deal, int32_t workers, bool pin, enum weir_deal_way way,
                                 const struct weir_ingest_setup *setup, struct weir_ingest *home,
                                 struct weir_error *error) {
    deal->pool.home = home;
    deal->pool.workers = workers;
    deal->complete_through = INT64_MAX;
    deal->to_all = setup->owners > 0;
    deal->range_rows = WEIR_DEAL_RANGE_ROWS;
    if (workers == 0) return WEIR_OK;
    enum weir_status status = init_workers(deal, (size_t)workers, pin, setup, error);
    bool has_core = workers == 1 || workers < weir_topology_cores();
    if (status == WEIR_OK) status = start_threads(deal, has_core ? workers : workers - 1, error);
    if (status != WEIR_OK) return status;
    deal->count = workers;
    deal->next = workers - 1;
    const int64_t turn_rows[] = {1, TURN_ROWS, ONE_FOR_ALL};
    deal->turn_rows = turn_rows[way];
    weir_worker_publish(&deal->workers[workers - 1]);
    return WEIR_OK;
}

void weir_deal_fini(struct weir_deal *deal) {
    weir_deal_drain(deal);
    for (int32_t i = 0; i < deal->started; i++) weir_worker_stop(&deal->workers[i]);
    for (int32_t i = 0; i < deal->started; i++) weir_worker_fini(&deal->workers[i]);
    free(deal->workers);
    free(deal->pool.rings);
    deal->workers = NULL;
    deal->pool.rings = NULL;
    deal->count = deal->started = 0;
}

/* Returns how many. */
static int32_t collect(struct weir_deal *deal) {
    int32_t count = 0;
    for (int32_t i = 0; i < deal->count; i++) {
        struct weir_task *task;
        while ((task = weir_worker_done(&deal->workers[i])) != NULL) {
            if (task->kind == WEIR_TASK_ROWS) weir_held_drop(task->held);
            deal->fires_out -= task->kind == WEIR_TASK_FIRE;
            weir_worker_reuse(&deal->workers[i], task);
            deal->tasks_out--;
            count++;
        }
    }
    return count;
}

void weir_deal_collect(struct weir_deal *deal) { collect(deal); }

/* What is left then is for those to work who have the threads. */
static bool work(struct weir_worker *worker) {
    bool worked = weir_worker_work(worker, WEIR_HAND_CALLER);
    if (worked && weir_ring_count(&worker->tasks) > 0) weir_worker_poke(worker);
    return worked;
}

bool weir_deal_help(struct weir_deal *deal) {
    if (deal->hands_over) return false;
    for (int32_t i = deal->count - 1; i >= 0; i--) {
        if (work(&deal->workers[i])) return true;
    }
    return false;
}

/* Collects, and where nothing is done yet helps, or sleeps until something is: where the caller's thread is not
 * needed, until some worker has no more than `most` tasks left. */
static void collect_some(struct weir_deal *deal, uint32_t most) {
    if (collect(deal) > 0) return;
    if (weir_deal_help(deal)) {
        collect(deal);
        return;
    }
    for (int turn = 0; turn < WEIR_SPIN_TURNS; turn++) {
        if (collect(deal) > 0) return;
        weir_spin_pause();
    }
    struct weir_worker_pool *pool = &deal->pool;
    if (weir_worker_pool_served(pool) < (uint32_t)deal->count) most = WEIR_RING_SLOTS;
    atomic_store_explicit(&pool->caller_waits, most + 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_seq_cst); /* waits, before the last look at the rings */
    for (;;) {
        uint32_t event = atomic_load_explicit(&pool->event, memory_order_acquire);
        if (collect(deal) > 0 || weir_deal_help(deal)) break;
        weir_worker_pool_wait(pool, event);
    }
    atomic_store_explicit(&pool->caller_waits, 0, memory_order_relaxed);
}

static void put(struct weir_deal *deal, struct weir_worker *worker, const struct weir_task *what) {
    struct weir_task *task;
    while ((task = weir_worker_task(worker)) == NULL) collect_some(deal, WEIR_RING_SLOTS / 2);
    *task = *what;
    deal->tasks_out++;
    weir_worker_send(worker, task);
}

static void send(struct weir_deal *deal, struct weir_worker *worker, const struct weir_task *what) {
    put(deal, worker, what);
    weir_worker_poke(worker);
}

/* To the last worker: what is done sooner than a thread wakes. It is held first, so that no thread comes before. */
static void send_small(struct weir_deal *deal, struct weir_worker *worker, const struct weir_task *what) {
    if (weir_ring_count(&worker->tasks) > 0) { /* there is more before it */
        send(deal, worker, what);
        return;
    }
    weir_worker_hold(worker);
    put(deal, worker, what);
    weir_worker_work_held(worker);
    weir_worker_let_go(worker);
    if (weir_ring_count(&worker->tasks) > 0) weir_worker_poke(worker);
}

/* Whether the caller's thread works such rows at once: where they are few, and where nobody else has any to work
 * meanwhile. */
static bool is_small(const struct weir_deal *deal, const struct weir_worker *worker, int64_t rows) {
    if (worker != &deal->workers[deal->count - 1] || deal->hands_over) return false;
    bool is_only = deal->turn_rows == ONE_FOR_ALL && !deal->to_all && !worker->running;
    return rows < TURN_ROWS || is_only;
}

static void send_rows(struct weir_deal *deal, struct weir_worker *worker, const struct weir_task *what) {
    worker->has_rows = true;
    if (is_small(deal, worker, what->range.rows)) {
        send_small(deal, worker, what);
        return;
    }
    send(deal, worker, what);
    while (!worker->running && weir_ring_count(&worker->tasks) > BACKLOG &&
           weir_worker_work(worker, WEIR_HAND_CALLER)) {
    }
}

/* What has been handed over is not at home before the owners have taken it in. */
static void settle(struct weir_deal *deal) {
    struct weir_task task = {.kind = WEIR_TASK_SETTLE, .ranges = deal->ranges, .time.sequence = deal->next_row};
    if (deal->settled == deal->ranges) return;
    deal->settled = deal->ranges;
    for (int32_t i = 0; i < deal->count; i++) send(deal, &deal->workers[i], &task);
}

void weir_deal_drain(struct weir_deal *deal) {
    settle(deal);
    while (deal->tasks_out > 0) collect_some(deal, 0);
}

/* Rows go round by their number alone, so that which worker adds up which rows depends on nothing but the input. */
static struct weir_worker *next_worker(struct weir_deal *deal, int64_t rows) {
    struct weir_worker *worker = &deal->workers[deal->next];
    deal->next_rows += rows;
    if (deal->few_rows < TURN_ROWS) deal->few_rows += rows;
    if (deal->next_rows >= deal->turn_rows || deal->hands_over) {
        deal->next = (deal->next + 1) % deal->count;
        deal->next_rows = 0;
    }
    return worker;
}

void weir_deal_rows(struct weir_deal *deal, struct weir_held_batch *held, const struct weir_ingest_range *range) {
    struct weir_task task = {.kind = WEIR_TASK_ROWS, .range = *range, .held = held};
    deal->next_row = range->admission.sequence + range->rows;
    if (deal->to_all || deal->hands_over) deal->owned_rows += range->rows;
    if (deal->hands_over) deal->handed_rows += range->rows;
    if (deal->to_all) {
        held->tasks += deal->count; /* before the first of them can come back */
        for (int32_t i = 0; i < deal->count; i++) send_rows(deal, &deal->workers[i], &task);
        return;
    }
    held->tasks++;
    deal->ranges += deal->hands_over;
    send_rows(deal, next_worker(deal, range->rows), &task);
}

void weir_deal_window_closed(struct weir_deal *deal) {
    bool few = deal->few_rows > 0 && deal->few_rows < deal->turn_rows;
    if (few && deal->count > 0 && !deal->hands_over) {
        deal->next = deal->count - 1;
        deal->next_rows = 0;
    }
    deal->few_rows = 0;
}

/* The last worker, where the pipeline's state is its own; else NULL. */
static struct weir_worker *home_worker(const struct weir_deal *deal) {
    struct weir_worker *last = deal->count == 0 ? NULL : &deal->workers[deal->count - 1];
    return last != NULL && weir_worker_has_home(last) ? last : NULL;
}

/* Others have nothing to bring home, and no machine to tell of time. */
static bool takes_part(const struct weir_deal *deal, const struct weir_worker *worker) {
    return worker->has_rows || worker->keeps || deal->pool.home->machine != NULL;
}

/* Whose turn comes when those before worker `idx` have had theirs. */
static uint32_t turn_from(const struct weir_deal *deal, uint32_t idx) {
    const struct weir_worker *home = home_worker(deal);
    for (; idx < (uint32_t)deal->count; idx++) {
        if (&deal->workers[idx] == home) return WEIR_TURN_HOME;
        if (takes_part(deal, &deal->workers[idx])) return idx;
    }
    return WEIR_TURN_NOBODY;
}

void weir_deal_barrier(struct weir_deal *deal, int64_t closed, const struct weir_ingest_time *time) {
    struct weir_task task = {.kind = WEIR_TASK_BARRIER, .closed = closed, .time = *time};
    struct weir_worker *home = home_worker(deal);
    deal->barrier_out = true;
    deal->barrier_closed = closed;
    uint32_t turn = turn_from(deal, 0);
    /* Nobody's before the home worker has arrived, which then begins. */
    atomic_store_explicit(&deal->pool.turn, home == NULL ? turn : home->idx, memory_order_relaxed);
    const uint32_t first = turn;
    while (turn < (uint32_t)deal->count) {
        struct weir_worker *worker = &deal->workers[turn];
        task.next = turn = turn_from(deal, worker->idx + 1);
        worker->has_rows = false;
        send(deal, worker, &task);
    }
    task.next = first;
    if (home != NULL) send_small(deal, home, &task);
}

/* Where rows are handed over, room for the rings of each. */
static enum weir_status make_rings(struct weir_deal *deal, struct weir_error *error) {
    deal->pool.rings = calloc((size_t)deal->count, sizeof(struct weir_packet_ring *));
    if (deal->pool.rings != NULL) return WEIR_OK;
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for %d workers", deal->count);
}

enum weir_status weir_deal_take(struct weir_deal *deal, bool hands_over, struct weir_error *error) {
    struct weir_task task = {.kind = WEIR_TASK_TAKE, .hands_over = hands_over, .time.sequence = deal->next_row};
    enum weir_status status = hands_over ? make_rings(deal, error) : WEIR_OK;
    if (status == WEIR_OK && hands_over) status = start_threads(deal, deal->count, error);
    struct weir_worker *home = home_worker(deal);
    if (status == WEIR_OK && home != NULL) status = weir_worker_leave_home(home, error);
    if (status != WEIR_OK) return status;
    deal->hands_over = hands_over; /* from now on every task is for its worker's own thread */
    for (int32_t i = 0; i < deal->count; i++) send(deal, &deal->workers[i], &task);
    weir_deal_drain(deal);
    const struct weir_error *failure = weir_deal_failure(deal);
    if (failure != NULL) {
        *error = *failure;
        return failure->code;
    }
    deal->to_all = !hands_over;
    if (!hands_over) return WEIR_OK;
    task.kind = WEIR_TASK_OPEN;
    for (int32_t i = 0; i < deal->count; i++) send(deal, &deal->workers[i], &task);
    deal->range_rows = weir_handover_range_rows(deal->count);
    deal->next = 0; /* which worker reads a range is its number modulo theirs */
    return WEIR_OK;
}

void weir_deal_fire(struct weir_deal *deal, int64_t closed, bool on) {
    struct weir_task task = {.kind = WEIR_TASK_FIRE,
                             .closed = closed,
                             .ranges = deal->ranges,
                             .complete_through = deal->complete_through,
                             .time.sequence = deal->next_row};
    if (!on) deal->settled = deal->ranges;
    for (int32_t i = 0; i < deal->count; i++) {
        if (on && !deal->workers[i].fire_more) continue;
        deal->fires_out++;
        send(deal, &deal->workers[i], &task);
    }
}

bool weir_deal_barrier_is_complete(struct weir_deal *deal) {
    return atomic_load_explicit(&deal->pool.turn, memory_order_acquire) == WEIR_TURN_NOBODY;
}

void weir_deal_hold_home(struct weir_deal *deal) {
    struct weir_worker *home = home_worker(deal);
    if (home != NULL) weir_worker_hold(home);
}

void weir_deal_let_go_home(struct weir_deal *deal) {
    struct weir_worker *home = home_worker(deal);
    if (home == NULL) return;
    weir_worker_publish(home);
    weir_worker_let_go(home);
    if (weir_ring_count(&home->tasks) > 0) weir_worker_poke(home);
}

bool weir_deal_publishes_home(const struct weir_deal *deal) { return home_worker(deal) != NULL; }

static bool has_failed(struct weir_worker *worker) {
    return atomic_load_explicit(&worker->failed, memory_order_acquire) != 0;
}

const struct weir_error *weir_deal_failure(struct weir_deal *deal) {
    struct weir_worker *first = NULL;
    bool any = false;
    for (int32_t i = 0; i < deal->count; i++) any |= has_failed(&deal->workers[i]);
    if (!any) return NULL;
    weir_deal_drain(deal); /* another may be about to fail at an earlier row */
    for (int32_t i = 0; i < deal->count; i++) {
        struct weir_worker *worker = &deal->workers[i];
        if (has_failed(worker) && (first == NULL || worker->failed_at < first->failed_at)) first = worker;
    }
    return &first->error;
}
