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

/* What a worker sleeps for: a task, a packet from worker `from`, room in its ring to worker `to` (-1: not that).
 * Whoever makes that true wakes it, and nobody else does. */
#define SLEEPS UINT32_C(1)
#define FOR_TASK UINT32_C(2)
#define FROM_SHIFT 2
#define TO_SHIFT 13
#define WORKER_MASK ((UINT32_C(1) << (TO_SHIFT - FROM_SHIFT)) - 1)
_Static_assert(WEIR_WORKERS_MAX < WORKER_MASK && TO_SHIFT + TO_SHIFT - FROM_SHIFT <= 32, "both fit the word");

struct want {
    bool task;
    int32_t room_to; /* -1: none */
    int64_t ranges;  /* that are to be in; INT64_MAX: whatever comes */
};

static bool hands_over(const struct weir_worker *worker) { return weir_handover_is_open(&worker->handover); }

static uint32_t sleep_word(const struct weir_worker *worker, const struct want *want) {
    uint32_t from = hands_over(worker) ? (uint32_t)worker->handover.from + 1 : 0;
    uint32_t to = (uint32_t)(want->room_to + 1);
    return SLEEPS | (want->task ? FOR_TASK : 0) | from << FROM_SHIFT | to << TO_SHIFT;
}

static void wake(struct weir_worker *worker) {
    atomic_store_explicit(&worker->sleeping, 0, memory_order_release);
    weir_futex_wake(&worker->sleeping);
}

/* After a packet or room for one has been given to `other`. */
static void wake_for(struct weir_worker *worker, int32_t other, int shift) {
    struct weir_worker *there = &worker->shop->all[other];
    if (there == worker) return;
    atomic_thread_fence(memory_order_seq_cst); /* what was given, before the look at sleeping */
    uint32_t word = atomic_load_explicit(&there->sleeping, memory_order_relaxed);
    if (word == 0 || (word >> shift & WORKER_MASK) != worker->idx + 1) return;
    weir_handover_count(&worker->handover.counts.wakes, 1);
    wake(there);
}

static bool is_met(struct weir_worker *worker, const struct want *want, struct weir_task **task) {
    if (want->task && (*task = weir_ring_pop(&worker->tasks)) != NULL) return true;
    if (want->room_to >= 0 && weir_handover_has_room(&worker->handover, want->room_to)) return true;
    return hands_over(worker) && worker->handover.next >= want->ranges;
}

static bool take_in(struct weir_worker *worker);

/* Waits until one of these is there, and takes in packets meanwhile; the task, if it is one. */
static struct weir_task *wait_for(struct weir_worker *worker, const struct want *want) {
    struct weir_task *task = NULL;
    for (;;) {
        for (int turn = 0; turn < WEIR_SPIN_TURNS; turn++) {
            if (is_met(worker, want, &task)) return task;
            if (take_in(worker)) turn = -1;
            weir_spin_pause();
        }
        uint32_t word = sleep_word(worker, want);
        atomic_store_explicit(&worker->sleeping, word, memory_order_relaxed);
        atomic_thread_fence(memory_order_seq_cst); /* sleeping, before the last look at the rings */
        bool met = is_met(worker, want, &task);
        if (!met && (!hands_over(worker) || weir_handover_next(&worker->handover) == NULL)) {
            weir_handover_count(&worker->handover.counts.sleeps, 1);
            weir_futex_wait(&worker->sleeping, word);
        }
        atomic_store_explicit(&worker->sleeping, 0, memory_order_relaxed);
        if (met) return task;
    }
}

static struct weir_task *next_task(struct weir_worker *worker) {
    const struct want want = {.task = true, .room_to = -1, .ranges = INT64_MAX};
    return wait_for(worker, &want);
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

static void fail_at(struct weir_worker *worker, int64_t at) {
    worker->failed_at = at;
    atomic_store_explicit(&worker->failed, 1, memory_order_release);
}

/* What a task does between two rows comes before what one does from the second of them on. */
static void fail(struct weir_worker *worker, const struct weir_task *task) {
    bool rows = task->kind == WEIR_TASK_ROWS;
    fail_at(worker, rows ? task->range.admission.sequence * 2 + 1 : task->time.sequence * 2);
}

static bool has_failed(struct weir_worker *worker) {
    return atomic_load_explicit(&worker->failed, memory_order_relaxed) != 0;
}

static void publish(struct weir_worker *worker) {
    size_t bytes = weir_ingest_bytes(&worker->ingest) + weir_handover_bytes(&worker->handover);
    atomic_store_explicit(&worker->bytes, (int64_t)bytes, memory_order_relaxed);
    atomic_store_explicit(&worker->keys, weir_key_table_count(worker->ingest.keys), memory_order_relaxed);
}

/* Adds up the packets that have come, in their order; false: the next one has not. */
static bool take_in(struct weir_worker *worker) {
    struct weir_handover *handover = &worker->handover;
    struct weir_packet *packet;
    bool any = false;
    while (hands_over(worker) && (packet = weir_handover_next(handover)) != NULL) {
        /* Packets of one that has failed are taken all the same, so that nobody waits for room. */
        if (!has_failed(worker) && weir_handover_add(handover, packet, &worker->error) != WEIR_OK)
            fail_at(worker, packet->sequence * 2 + 1);
        wake_for(worker, weir_handover_give_back(handover, packet), TO_SHIFT);
        any = true;
    }
    if (any) publish(worker);
    return any;
}

static void wait_for_room(void *user, int32_t owner) {
    const struct want want = {.room_to = owner, .ranges = INT64_MAX};
    wait_for(user, &want);
}

static void wake_owner(void *user, int32_t owner) { wake_for(user, owner, FROM_SHIFT); }

/* All ranges before are in, those of others too. */
static void settle(struct weir_worker *worker, int64_t ranges) {
    const struct want want = {.room_to = -1, .ranges = ranges};
    if (hands_over(worker)) wait_for(worker, &want);
}

static void work_rows(struct weir_worker *worker, const struct weir_task *task) {
    struct weir_error why;
    if (hands_over(worker)) weir_handover_begin(&worker->handover, task->range.admission.sequence);
    /* Packets that come meanwhile may fail, too: then that is the error, since they are of earlier rows. */
    if (!has_failed(worker) && weir_ingest_rows(&worker->ingest, &task->range, &why) != WEIR_OK &&
        !has_failed(worker)) {
        worker->error = why;
        fail(worker, task);
    }
    if (hands_over(worker)) weir_handover_end(&worker->handover);
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
static enum weir_status take_own(struct weir_worker *worker, bool hands) {
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
    status = weir_merge_own(own, shop->home, &worker->error);
    const struct weir_handover_host host = {wait_for_room, wake_owner, worker};
    if (status == WEIR_OK && hands) status = weir_handover_init(&worker->handover, own, &host, &worker->error);
    if (hands) shop->rings[worker->idx] = worker->handover.rings;
    return status;
}

static void work_fire(struct weir_worker *worker, const struct weir_task *task) {
    settle(worker, task->ranges);
    if (has_failed(worker)) return;
    worker->fire.complete_through = task->complete_through;
    enum weir_status status = weir_fire_through(&worker->fire, task->closed, &worker->fire_more, &worker->error);
    if (status == WEIR_OK && !worker->fire_more) status = weir_ingest_forget_keys(&worker->ingest, &worker->error);
    if (status != WEIR_OK) fail(worker, task);
    publish(worker);
}

static void work_take(struct weir_worker *worker, const struct weir_task *task) {
    if (!has_failed(worker) && take_own(worker, task->hands_over) != WEIR_OK) fail(worker, task);
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
        case WEIR_TASK_OPEN: weir_handover_open(&worker->handover, worker->shop->rings); break;
        case WEIR_TASK_SETTLE: settle(worker, task->ranges); break;
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
    if ((atomic_load_explicit(&worker->sleeping, memory_order_relaxed) & FOR_TASK) != 0) wake(worker);
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
}

void weir_worker_fini(struct weir_worker *worker) {
    weir_fire_fini(&worker->fire);
    weir_emit_fini(&worker->emit);
    weir_outbox_fini(&worker->outbox);
    weir_handover_fini(&worker->handover);
    weir_id_map_fini(&worker->map);
    weir_ingest_fini(&worker->ingest);
}
