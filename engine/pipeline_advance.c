/* SPDX-License-Identifier: Apache-2.0 */
#include <time.h>

#include "base/checked.h"
#include "base/error.h"
#include "engine/partition_first.h"
#include "engine/pipeline_state.h"

/* ---- the wall clock ---- */

int64_t weir_pipeline_read_clock(const struct weir_pipeline *pipeline) {
    if (pipeline->options.clock != NULL) return pipeline->options.clock(pipeline->options.clock_user);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool has_passed(int64_t since, int64_t now, int64_t span) {
    return weir_sub_saturate_i64(now, since) >= span;
}

/* ---- the wall clock of the zone ---- */

int64_t weir_pipeline_local_time(const struct weir_pipeline *pipeline, int64_t instant) {
    if (pipeline->zone != NULL)
        weir_zone_local_ticks(pipeline->zone, &instant, 1, weir_plan_units_per_ms(pipeline->plan), &instant);
    return instant;
}

int64_t weir_pipeline_local_watermark(const struct weir_pipeline *pipeline) {
    return weir_lateness_local(pipeline->zone, weir_plan_units_per_ms(pipeline->plan),
                               pipeline->watermark.combined);
}

int64_t weir_pipeline_timer(const struct weir_pipeline *pipeline, int64_t last) {
    if (pipeline->zone == NULL) return last;
    return weir_zone_timer_ticks(pipeline->zone, last, weir_plan_units_per_ms(pipeline->plan));
}

/* The W that closes every window which a row of the greatest time so far is in. */
static int64_t last_close(const struct weir_pipeline *pipeline) {
    const struct weir_window *window = &pipeline->home.window;
    int64_t local = weir_pipeline_local_time(pipeline, pipeline->time_max), end;
    switch (window->kind) {
    case WEIR_WINDOW_TUMBLE:
    case WEIR_WINDOW_HOP:
    case WEIR_WINDOW_CUMULATE: {
        struct weir_window units;
        if (weir_window_init(&units, &window->spec, 1, NULL) != WEIR_OK) return INT64_MIN;
        end = weir_window_end(&units, weir_window_last(&units, weir_window_slice(&units, local)));
        break;
    }
    case WEIR_WINDOW_SESSION: end = weir_add_saturate_i64(local, window->spec.size); break;
    case WEIR_WINDOW_COUNT_OR_TIME: end = weir_add_saturate_i64(local, window->spec.slide); break;
    default: return INT64_MIN;
    }
    return weir_pipeline_timer(pipeline, weir_sub_saturate_i64(end, 1));
}

static void close_stopped_stream(struct weir_pipeline *pipeline) {
    int64_t span = pipeline->plan->watermark.close_after_ms;
    if (span <= 0 || pipeline->closed_by_wall || pipeline->time_max == INT64_MIN) return;
    if (!has_passed(pipeline->rows_at, pipeline->now, span)) return;
    weir_watermark_raise(&pipeline->watermark, last_close(pipeline));
    pipeline->closed_by_wall = true;
}

void weir_pipeline_look_at_clock(struct weir_pipeline *pipeline) {
    int64_t now = weir_pipeline_read_clock(pipeline);
    weir_watermark_tell(&pipeline->watermark, now);
    if (!pipeline->looks_at_clock) return;
    if (now > pipeline->now) pipeline->now = now;
    if (pipeline->plan->watermark.idle_after_ms > 0)
        weir_watermark_time_out(&pipeline->watermark, pipeline->now, pipeline->plan->watermark.idle_after_ms);
    close_stopped_stream(pipeline);
    /* A window of processing time is over when the clock has reached its end: a row of that ms is in the next. */
    if (pipeline->plan->processing_time)
        weir_watermark_raise(&pipeline->watermark, weir_sub_saturate_i64(pipeline->now, 1));
}

void weir_pipeline_rows_came(struct weir_pipeline *pipeline, int32_t partition) {
    weir_watermark_wake(&pipeline->watermark, partition);
    pipeline->watermark.partitions[partition].active_at = pipeline->now;
    pipeline->rows_at = pipeline->now;
    pipeline->closed_by_wall = false;
}

/* ---- firing ---- */

enum weir_status weir_pipeline_check_workers(struct weir_pipeline *pipeline, struct weir_error *error) {
    /* The first in the order of rows speaks, so that a run that fails says the same each time. */
    const struct weir_error *failure = weir_deal_failure(&pipeline->deal);
    return failure == NULL ? WEIR_OK : weir_pipeline_fail(pipeline, failure, error);
}

/* Not while a barrier is out: the workers are at it. */
static void weigh_home(struct weir_pipeline *pipeline) {
    size_t bytes = weir_deal_publishes_home(&pipeline->deal) ? 0 : weir_ingest_bytes(&pipeline->home);
    if (pipeline->fire.fill != NULL) bytes += weir_fill_bytes(pipeline->fire.fill);
    pipeline->home_bytes = (int64_t)bytes;
}

int64_t weir_pipeline_state_bytes(struct weir_pipeline *pipeline) {
    if (pipeline->plan->shape != WEIR_PLAN_AGGREGATE) return 0;
    if (!pipeline->deal.barrier_out || pipeline->deal.tasks_out == 0) weigh_home(pipeline);
    int64_t bytes = pipeline->home_bytes;
    for (int32_t i = 0; i < pipeline->deal.count; i++) {
        bytes += atomic_load_explicit(&pipeline->deal.workers[i].bytes, memory_order_relaxed);
    }
    return bytes;
}

enum weir_status weir_pipeline_check_memory(struct weir_pipeline *pipeline, struct weir_error *error) {
    if (pipeline->options.memory_max <= 0) return WEIR_OK;
    int64_t bytes = weir_pipeline_state_bytes(pipeline);
    if (bytes <= pipeline->options.memory_max) return WEIR_OK;
    return weir_error_set(
        error, WEIR_ERR_MEMORY,
        "the aggregation holds %lld bytes of keys and accumulators, more than memory_max allows (%lld); raise "
        "memory_max, use shorter windows or fewer keys",
        (long long)bytes, (long long)pipeline->options.memory_max);
}

enum weir_status weir_pipeline_fire_on(struct weir_pipeline *pipeline, struct weir_error *error) {
    if (pipeline->partition_first) return weir_partition_first_fire_on(pipeline, error);
    struct weir_fire *fire = &pipeline->fire;
    weir_deal_hold_home(&pipeline->deal);
    enum weir_status status = pipeline->home.machine != NULL
                                  ? weir_fire_due(fire, &pipeline->fire_more, error)
                                  : weir_fire_through(fire, pipeline->fire_target, &pipeline->fire_more, error);
    if (status == WEIR_OK) status = weir_emit_flush(&pipeline->emit, error);
    if (status == WEIR_OK && !pipeline->fire_more) status = weir_ingest_forget_keys(&pipeline->home, error);
    weir_deal_let_go_home(&pipeline->deal);
    return status;
}

static enum weir_status fire(struct weir_pipeline *pipeline, int64_t closed, struct weir_error *error) {
    pipeline->fire_target = closed;
    return weir_pipeline_fire_on(pipeline, error);
}

/* ---- barriers ---- */

static struct weir_ingest_time time_now(const struct weir_pipeline *pipeline, bool end) {
    return (struct weir_ingest_time){pipeline->watermark.combined, pipeline->now, pipeline->rows_admitted, end};
}

static int64_t closed_now(const struct weir_pipeline *pipeline) {
    if (pipeline->home.window.kind == WEIR_WINDOW_NONE) return INT64_MIN; /* it ends with the input */
    return weir_window_closed(&pipeline->home.window, weir_pipeline_local_watermark(pipeline));
}

/* Machines whose results follow rows, not W alone. */
static bool follows_rows(const struct weir_plan *plan) {
    return plan->window.kind == WEIR_WINDOW_COUNT || plan->window.kind == WEIR_WINDOW_COUNT_OR_TIME ||
           weir_plan_updates(plan);
}

/* True when something can come out that could not at the last barrier. */
static bool is_due(const struct weir_pipeline *pipeline, int64_t closed) {
    const struct weir_plan *plan = pipeline->plan;
    bool rows = pipeline->rows_admitted != pipeline->told.sequence;
    if (rows && pipeline->home.side.plan != NULL) return true;
    if (pipeline->home.machine == NULL) return closed > pipeline->closed;
    if (pipeline->watermark.combined > pipeline->told.watermark) return true;
    if (plan->emission.early_processing_time && pipeline->now > pipeline->told.wall) return true;
    return rows && follows_rows(plan);
}

static enum weir_status move_on_alone(struct weir_pipeline *pipeline, int64_t closed, struct weir_error *error) {
    if (!is_due(pipeline, closed)) return WEIR_OK;
    pipeline->told = time_now(pipeline, false);
    if (closed > pipeline->closed) pipeline->closed = closed;
    enum weir_status status = weir_ingest_advance(&pipeline->home, &pipeline->told, error);
    return status == WEIR_OK ? fire(pipeline, pipeline->closed, error) : status;
}

/* The caller's thread works for a barrier that is out as long as there is something that no other thread is at. */
static bool has_barrier_passed(struct weir_deal *deal) {
    while (!weir_deal_barrier_is_complete(deal)) {
        if (!weir_deal_help(deal)) return false;
    }
    return true;
}

enum weir_status weir_pipeline_move_on(struct weir_pipeline *pipeline, struct weir_error *error) {
    if (pipeline->plan->shape != WEIR_PLAN_AGGREGATE) return WEIR_OK;
    int64_t closed = closed_now(pipeline);
    struct weir_deal *deal = &pipeline->deal;
    if (closed > pipeline->closed_seen) {
        enum weir_status status = weir_strategy_windows_closed(pipeline, pipeline->closed_seen, closed, error);
        if (status != WEIR_OK) return status;
        pipeline->closed_seen = closed;
        weir_deal_window_closed(deal);
    }
    weir_deal_collect(deal);
    if (pipeline->partition_first) return weir_partition_first_move_on(pipeline, closed, error);
    if (pipeline->fire_more) { /* the pipeline's state is still being read: no worker may bring more home */
        enum weir_status status = weir_pipeline_fire_on(pipeline, error);
        if (status != WEIR_OK || pipeline->fire_more) return status;
    }
    if (deal->count == 0) return move_on_alone(pipeline, closed, error);
    for (;;) {
        if (deal->barrier_out && !has_barrier_passed(deal)) return WEIR_OK;
        if (deal->barrier_out) {
            deal->barrier_out = false;
            enum weir_status status = weir_pipeline_check_workers(pipeline, error);
            if (status == WEIR_OK) status = fire(pipeline, deal->barrier_closed, error);
            if (status != WEIR_OK) return status;
            weigh_home(pipeline);
        }
        if (pipeline->fire_more || !is_due(pipeline, closed)) return WEIR_OK;
        if (closed > pipeline->closed) pipeline->closed = closed;
        pipeline->told = time_now(pipeline, false);
        weir_deal_barrier(deal, pipeline->closed, &pipeline->told);
    }
}

/* ---- the end of the input ---- */

static enum weir_end_policy end_policy(const struct weir_pipeline *pipeline) {
    /* What the wall clock has not closed is not over: Flink gives nothing either. */
    if (pipeline->options.discard_open || pipeline->plan->processing_time) return WEIR_END_DISCARD;
    return pipeline->plan->emission.end;
}

enum weir_status weir_pipeline_end_rows(struct weir_pipeline *pipeline, struct weir_error *error) {
    struct weir_deal *deal = &pipeline->deal;
    enum weir_end_policy policy = end_policy(pipeline);
    enum weir_status status = WEIR_OK;
    int64_t closed = closed_now(pipeline);
    int64_t last = policy == WEIR_END_DISCARD ? closed : INT64_MAX;
    if (policy == WEIR_END_MARK) pipeline->fire.complete_through = deal->complete_through = closed;
    if (pipeline->partition_first) return weir_partition_first_end(pipeline, last, error);
    struct weir_ingest_time time = time_now(pipeline, policy != WEIR_END_DISCARD);
    if (deal->count > 0) {
        weir_deal_drain(deal);
        if (deal->barrier_out) status = weir_pipeline_move_on(pipeline, error);
        weir_deal_drain(deal); /* that may have sent another */
        deal->barrier_out = false;
        /* What still waits to fire counts in windows that no row can join any more, so it may fire with the rest.
         */
        if (status == WEIR_OK) weir_deal_barrier(deal, last, &time);
        weir_deal_drain(deal);
        deal->barrier_out = false;
        if (status == WEIR_OK) status = weir_pipeline_check_workers(pipeline, error);
    } else {
        status = weir_ingest_advance(&pipeline->home, &time, error);
    }
    if (status == WEIR_OK) status = weir_pipeline_check_memory(pipeline, error);
    return status == WEIR_OK ? fire(pipeline, last, error) : status;
}
