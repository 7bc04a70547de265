/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/deal.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/futex.h"

void weir_held_drop(struct weir_held_batch *held) {
    if (--held->tasks > 0) return;
    weir_batch_fini(&held->batch);
    free(held);
}

enum weir_status weir_deal_start(struct weir_deal *deal, int32_t workers, bool pin,
                                 const struct weir_ingest_setup *setup, struct weir_ingest *home,
                                 struct weir_error *error) {
    size_t count = (size_t)workers;
    deal->shop.home = home;
    deal->shop.workers = workers;
    deal->complete_through = INT64_MAX;
    deal->to_all = setup->owners > 0;
    deal->range_rows = WEIR_DEAL_RANGE_ROWS;
    if (count == 0) return WEIR_OK;
    deal->workers = aligned_alloc(WEIR_ISOLATE_BYTES, count * sizeof(*deal->workers));
    if (deal->workers == NULL)
        return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for %zu workers", count);
    memset(deal->workers, 0, count * sizeof(*deal->workers));
    deal->shop.all = deal->workers;
    for (size_t i = 0; i < count; i++) {
        deal->started++;
        enum weir_status status = weir_worker_start(&deal->workers[i], &deal->shop, (uint32_t)i, pin, setup, error);
        if (status != WEIR_OK) return status;
    }
    deal->count = workers;
    return WEIR_OK;
}

void weir_deal_fini(struct weir_deal *deal) {
    weir_deal_drain(deal);
    for (int32_t i = 0; i < deal->started; i++) weir_worker_stop(&deal->workers[i]);
    for (int32_t i = 0; i < deal->started; i++) weir_worker_fini(&deal->workers[i]);
    free(deal->workers);
    free(deal->shop.rings);
    deal->workers = NULL;
    deal->shop.rings = NULL;
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

/* Collects, and where nothing is done yet sleeps until something is. */
static void collect_some(struct weir_deal *deal) {
    for (int turn = 0; turn < WEIR_SPIN_TURNS; turn++) {
        if (collect(deal) > 0) return;
        weir_spin_pause();
    }
    struct weir_workshop *shop = &deal->shop;
    atomic_store_explicit(&shop->caller_waits, 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_seq_cst); /* waits, before the last look at the rings */
    for (;;) {
        uint32_t event = atomic_load_explicit(&shop->event, memory_order_acquire);
        if (collect(deal) > 0) break;
        weir_workshop_wait(shop, event);
    }
    atomic_store_explicit(&shop->caller_waits, 0, memory_order_relaxed);
}

static void send(struct weir_deal *deal, struct weir_worker *worker, const struct weir_task *what) {
    struct weir_task *task;
    while ((task = weir_worker_task(worker)) == NULL) collect_some(deal);
    *task = *what;
    deal->tasks_out++;
    weir_worker_send(worker, task);
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
    while (deal->tasks_out > 0) collect_some(deal);
}

/* Tasks go round in a fixed order, so that which worker adds up which rows depends on nothing but the input. */
void weir_deal_rows(struct weir_deal *deal, struct weir_held_batch *held, const struct weir_ingest_range *range) {
    struct weir_task task = {.kind = WEIR_TASK_ROWS, .range = *range, .held = held};
    deal->next_row = range->admission.sequence + range->rows;
    if (deal->to_all) {
        held->tasks += deal->count; /* before the first of them can come back */
        for (int32_t i = 0; i < deal->count; i++) send(deal, &deal->workers[i], &task);
        return;
    }
    held->tasks++;
    struct weir_worker *worker = &deal->workers[deal->next];
    deal->next = (deal->next + 1) % deal->count;
    deal->ranges += deal->hands_over;
    send(deal, worker, &task);
}

void weir_deal_barrier(struct weir_deal *deal, int64_t closed, const struct weir_ingest_time *time) {
    struct weir_task task = {.kind = WEIR_TASK_BARRIER, .closed = closed, .time = *time};
    atomic_store_explicit(&deal->shop.turn, 0, memory_order_relaxed);
    deal->barrier_out = true;
    deal->barrier_closed = closed;
    for (int32_t i = 0; i < deal->count; i++) send(deal, &deal->workers[i], &task);
}

/* Where rows are handed over, room for the rings of each. */
static enum weir_status make_rings(struct weir_deal *deal, struct weir_error *error) {
    deal->shop.rings = calloc((size_t)deal->count, sizeof(struct weir_packet_ring *));
    if (deal->shop.rings != NULL) return WEIR_OK;
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for %d workers", deal->count);
}

enum weir_status weir_deal_take(struct weir_deal *deal, bool hands_over, struct weir_error *error) {
    struct weir_task task = {.kind = WEIR_TASK_TAKE, .hands_over = hands_over, .time.sequence = deal->next_row};
    enum weir_status status = hands_over ? make_rings(deal, error) : WEIR_OK;
    if (status != WEIR_OK) return status;
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
    deal->hands_over = true;
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
    return atomic_load_explicit(&deal->shop.turn, memory_order_acquire) == (uint32_t)deal->count;
}

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
