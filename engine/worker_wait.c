/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/worker_wait.h"

#include "base/futex.h"

/* ---- what a worker tells ---- */

void weir_worker_fail_at(struct weir_worker *worker, int64_t at) {
    worker->failed_at = at;
    atomic_store_explicit(&worker->failed, 1, memory_order_release);
}

bool weir_worker_has_failed(struct weir_worker *worker) {
    return atomic_load_explicit(&worker->failed, memory_order_relaxed) != 0;
}

void weir_worker_publish(struct weir_worker *worker) {
    size_t bytes = weir_ingest_bytes(worker->ingest) + weir_handover_bytes(&worker->handover);
    atomic_store_explicit(&worker->bytes, (int64_t)bytes, memory_order_relaxed);
    atomic_store_explicit(&worker->keys, weir_key_table_count(worker->ingest->keys), memory_order_relaxed);
}

/* ---- sleeping ---- */

/* What a thread sleeps for: a task, a packet from worker `from`, room in its ring to worker `to` (-1: not that).
 * Whoever makes that true wakes it, and nobody else does. */
#define SLEEPS UINT32_C(1)
#define FOR_TASK UINT32_C(2)
#define FROM_SHIFT 2
#define TO_SHIFT 13
#define WORKER_MASK ((UINT32_C(1) << (TO_SHIFT - FROM_SHIFT)) - 1)
_Static_assert(WEIR_WORKERS_MAX < WORKER_MASK && TO_SHIFT + TO_SHIFT - FROM_SHIFT <= 32, "both fit the word");

static void wake(struct weir_worker *worker) {
    atomic_store_explicit(&worker->sleeping, 0, memory_order_release);
    weir_futex_wake(&worker->sleeping);
}

bool weir_worker_wake(struct weir_worker *worker) {
    if ((atomic_load_explicit(&worker->sleeping, memory_order_relaxed) & FOR_TASK) == 0) return false;
    wake(worker);
    return true;
}

void weir_worker_rest(struct weir_worker *worker, bool (*is_met)(struct weir_worker *worker)) {
    for (int turn = 0; turn < WEIR_SPIN_TURNS; turn++) {
        if (is_met(worker)) return;
        weir_spin_pause();
    }
    atomic_store_explicit(&worker->sleeping, SLEEPS | FOR_TASK, memory_order_relaxed);
    atomic_thread_fence(memory_order_seq_cst); /* sleeping, before the last look at the rings */
    if (!is_met(worker)) weir_futex_wait(&worker->sleeping, SLEEPS | FOR_TASK);
    atomic_store_explicit(&worker->sleeping, 0, memory_order_relaxed);
}

/* ---- handing over ---- */

struct want {
    bool task;
    int32_t room_to; /* -1: none */
    int64_t ranges;  /* that are to be in; INT64_MAX: whatever comes */
};

static uint32_t sleep_word(const struct weir_worker *worker, const struct want *want) {
    uint32_t from = (uint32_t)worker->handover.from + 1, to = (uint32_t)(want->room_to + 1);
    return SLEEPS | (want->task ? FOR_TASK : 0) | from << FROM_SHIFT | to << TO_SHIFT;
}

/* After a packet or room for one has been given to `other`. */
static void wake_for(struct weir_worker *worker, int32_t other, int shift) {
    struct weir_worker *there = &worker->pool->all[other];
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
    return worker->handover.next >= want->ranges;
}

/* Adds up the packets that have come, in their order; false: the next one has not. */
static bool take_in(struct weir_worker *worker) {
    struct weir_handover *handover = &worker->handover;
    struct weir_packet *packet;
    bool any = false;
    while ((packet = weir_handover_next(handover)) != NULL) {
        /* Packets of one that has failed are taken all the same, so that nobody waits for room. */
        if (!weir_worker_has_failed(worker) && weir_handover_add(handover, packet, &worker->error) != WEIR_OK)
            weir_worker_fail_at(worker, packet->sequence * 2 + 1);
        wake_for(worker, weir_handover_give_back(handover, packet), TO_SHIFT);
        any = true;
    }
    if (any) weir_worker_publish(worker);
    return any;
}

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
        if (!met && weir_handover_next(&worker->handover) == NULL) {
            weir_handover_count(&worker->handover.counts.sleeps, 1);
            weir_futex_wait(&worker->sleeping, word);
        }
        atomic_store_explicit(&worker->sleeping, 0, memory_order_relaxed);
        if (met) return task;
    }
}

struct weir_task *weir_worker_next(struct weir_worker *worker) {
    const struct want want = {.task = true, .room_to = -1, .ranges = INT64_MAX};
    return wait_for(worker, &want);
}

void weir_worker_settle(struct weir_worker *worker, int64_t ranges) {
    const struct want want = {.room_to = -1, .ranges = ranges};
    if (weir_worker_hands_over(worker)) wait_for(worker, &want);
}

static void wait_for_room(void *user, int32_t owner) {
    const struct want want = {.room_to = owner, .ranges = INT64_MAX};
    wait_for(user, &want);
}

static void wake_owner(void *user, int32_t owner) { wake_for(user, owner, FROM_SHIFT); }

struct weir_handover_host weir_worker_host(struct weir_worker *worker) {
    return (struct weir_handover_host){wait_for_room, wake_owner, worker};
}
