/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/partition_first.h"

#include "base/error.h"
#include "engine/pipeline_state.h"
#include "engine/strategy.h"

bool weir_partition_first_suits(const struct weir_plan *plan) {
    return plan->shape == WEIR_PLAN_AGGREGATE && weir_machine_of(plan) == NULL && plan->keys_count > 0 &&
           !weir_plan_cuts_unordered(plan) && plan->fill.kind == WEIR_FILL_NONE && !weir_side_is_wanted(plan);
}

bool weir_partition_first_is_possible(const struct weir_pipeline *pipeline) {
    return pipeline->options.workers > 0 && pipeline->options.strategy != WEIR_STRATEGY_LOCAL_FIRST &&
           weir_partition_first_suits(pipeline->plan);
}

/* ---- turning to it ---- */

/* What the rings may take of the memory that is allowed, and where there is no limit. */
#define RINGS_PART_OF_MEMORY 8
#define RINGS_BYTES_MOST ((size_t)1 << 30)

static bool rings_fit(const struct weir_pipeline *pipeline) {
    size_t most = RINGS_BYTES_MOST, allowed = (size_t)pipeline->options.memory_max / RINGS_PART_OF_MEMORY;
    if (pipeline->options.memory_max > 0 && allowed < most) most = allowed;
    size_t one = weir_handover_expected_bytes(&pipeline->home, pipeline->deal.count);
    return one <= most / (size_t)pipeline->deal.count;
}

static bool hands_over(const struct weir_pipeline *pipeline) {
    int32_t workers = pipeline->deal.count;
    if (workers < 2 || !weir_handover_is_possible(&pipeline->home)) return false;
    if (pipeline->options.strategy == WEIR_STRATEGY_HAND_OVER) return true;
    return pipeline->options.strategy == WEIR_STRATEGY_AUTO && workers >= WEIR_HANDOVER_WORKERS_FROM &&
           rings_fit(pipeline);
}

static enum weir_status bring_home(struct weir_pipeline *pipeline, struct weir_error *error) {
    struct weir_deal *deal = &pipeline->deal;
    weir_deal_barrier(deal, INT64_MAX, &pipeline->told);
    weir_deal_drain(deal);
    deal->barrier_out = false;
    return weir_pipeline_check_workers(pipeline, error);
}

/* The pipeline opens no slice any more: what it keeps for the next one goes, too. */
static enum weir_status empty_home(struct weir_pipeline *pipeline, struct weir_error *error) {
    struct weir_ingest *home = &pipeline->home;
    weir_slice_release(&home->store, home->running);
    home->running = NULL;
    weir_slice_store_fini(&home->store);
    weir_slice_store_init(&home->store, home->accumulator);
    return weir_ingest_forget_keys(home, error);
}

enum weir_status weir_partition_first_consider(struct weir_pipeline *pipeline, struct weir_error *error) {
    struct weir_deal *deal = &pipeline->deal;
    bool is_due;
    if (pipeline->partition_first || pipeline->fire_more || !weir_partition_first_is_possible(pipeline))
        return WEIR_OK; /* where the pipeline is firing a later range will do */
    enum weir_status status = weir_strategy_look(pipeline, &is_due, error);
    if (status != WEIR_OK || !is_due) return status;
    weir_deal_drain(deal);
    status = bring_home(pipeline, error);
    if (status != WEIR_OK) return status;
    /* A barrier may have been out: what it was to fire is the workers' now. */
    pipeline->closed = pipeline->fire.has_fired ? pipeline->fire.fired : INT64_MIN;
    deal->pool.fire = &pipeline->fire;
    status = weir_deal_take(deal, hands_over(pipeline), error);
    if (status == WEIR_OK) status = empty_home(pipeline, error);
    pipeline->partition_first = true;
    return status;
}

/* ---- results ---- */

/* Windows after this one may still come from a worker whose outbox is full. */
static int64_t complete_until(const struct weir_pipeline *pipeline) {
    int64_t until = INT64_MAX;
    for (int32_t i = 0; i < pipeline->deal.count; i++) {
        const struct weir_worker *worker = &pipeline->deal.workers[i];
        if (!worker->fire_more) continue;
        int64_t fired = worker->fire.has_fired ? worker->fire.fired : INT64_MIN;
        if (fired < until) until = fired;
    }
    return until;
}

static struct weir_outbox *least_window(struct weir_pipeline *pipeline) {
    struct weir_outbox *least = NULL;
    for (int32_t i = 0; i < pipeline->deal.count; i++) {
        struct weir_outbox *outbox = &pipeline->deal.workers[i].outbox;
        if (outbox->first == outbox->last) continue;
        if (least == NULL || outbox->entries[outbox->first].window < least->entries[least->first].window)
            least = outbox;
    }
    return least;
}

/* Moves batches to the pipeline's queue, window by window, as far as it has room. */
static enum weir_status gather(struct weir_pipeline *pipeline, struct weir_error *error) {
    int64_t until = complete_until(pipeline);
    struct weir_outbox *outbox;
    while ((outbox = least_window(pipeline)) != NULL && !weir_emit_is_full(&pipeline->emit)) {
        if (outbox->entries[outbox->first].window > until) return WEIR_OK;
        struct weir_outbox_entry entry = weir_outbox_pop(outbox);
        if (!pipeline->gathered_any || entry.window != pipeline->gathered) {
            pipeline->fire.windows_fired += pipeline->plan->window.kind != WEIR_WINDOW_NONE;
            pipeline->gathered = entry.window;
            pipeline->gathered_any = true;
        }
        if (entry.batch.release == NULL) continue;
        enum weir_status status = weir_emit_take(&pipeline->emit, &entry.batch, error);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

static bool has_more(struct weir_pipeline *pipeline) {
    bool more = least_window(pipeline) != NULL;
    for (int32_t i = 0; i < pipeline->deal.count; i++) more |= pipeline->deal.workers[i].fire_more;
    return more;
}

/* Takes what the workers have; asks those on that have stopped for want of room. */
static enum weir_status take_results(struct weir_pipeline *pipeline, struct weir_error *error) {
    enum weir_status status = weir_pipeline_check_workers(pipeline, error);
    if (status == WEIR_OK) status = gather(pipeline, error);
    if (status != WEIR_OK) return status;
    pipeline->fire_more = has_more(pipeline);
    const struct weir_outbox *least = least_window(pipeline);
    bool waits = least != NULL && least->entries[least->first].window <= complete_until(pipeline);
    if (pipeline->fire_more && !waits) weir_deal_fire(&pipeline->deal, pipeline->fire_target, true);
    return WEIR_OK;
}

enum weir_status weir_partition_first_move_on(struct weir_pipeline *pipeline, int64_t closed,
                                              struct weir_error *error) {
    struct weir_deal *deal = &pipeline->deal;
    while (deal->fires_out > 0 && weir_deal_help(deal)) weir_deal_collect(deal);
    if (deal->fires_out > 0) return WEIR_OK;
    enum weir_status status = take_results(pipeline, error);
    if (status != WEIR_OK || pipeline->fire_more || closed <= pipeline->closed) return status;
    pipeline->closed = pipeline->fire_target = closed;
    weir_deal_fire(deal, closed, false);
    return WEIR_OK;
}

enum weir_status weir_partition_first_fire_on(struct weir_pipeline *pipeline, struct weir_error *error) {
    do {
        weir_deal_drain(&pipeline->deal);
        enum weir_status status = take_results(pipeline, error);
        if (status != WEIR_OK) return status;
    } while (pipeline->fire_more && !weir_emit_is_full(&pipeline->emit));
    return WEIR_OK;
}

/* Rows that wait for ORDER BY lie with the workers; they are sorted together. */
static enum weir_status take_unordered(struct weir_pipeline *pipeline, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    for (int32_t i = 0; i < pipeline->deal.count && status == WEIR_OK; i++) {
        status = weir_emit_take_all(&pipeline->emit, &pipeline->deal.workers[i].emit, error);
    }
    return status;
}

enum weir_status weir_partition_first_end(struct weir_pipeline *pipeline, int64_t last, struct weir_error *error) {
    weir_deal_drain(&pipeline->deal);
    enum weir_status status = weir_pipeline_check_workers(pipeline, error);
    if (status == WEIR_OK) status = weir_pipeline_check_memory(pipeline, error);
    if (status != WEIR_OK) return status;
    /* What still waits to fire counts in windows that no row can join any more, so it may fire with the rest. */
    pipeline->fire_target = last;
    weir_deal_fire(&pipeline->deal, last, false);
    weir_deal_drain(&pipeline->deal);
    status = weir_partition_first_fire_on(pipeline, error);
    if (status == WEIR_OK && pipeline->plan->order_count > 0) status = take_unordered(pipeline, error);
    return status;
}
