/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/pipeline.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "engine/partition_first.h"
#include "engine/pipeline_state.h"
#include "engine/query.h"

#define PARTITIONS_MAX 65536
#define WAITING_PART_OF_MEMORY 8

/* ---- failure ---- */

enum weir_status weir_pipeline_fail(struct weir_pipeline *pipeline, const struct weir_error *why,
                                    struct weir_error *error) {
    if (!pipeline->failed) {
        pipeline->failed = true;
        pipeline->error = *why;
    }
    if (error != NULL) *error = pipeline->error;
    return pipeline->error.code;
}

static enum weir_status check_state(struct weir_pipeline *pipeline, struct weir_error *error) {
    if (pipeline->failed) return weir_pipeline_fail(pipeline, &pipeline->error, error);
    return WEIR_OK;
}

/* ---- life ---- */

static enum weir_status check_options(const struct weir_pipeline_options *options, struct weir_error *error) {
    if (options->struct_size != sizeof(*options)) {
        return weir_error_set(error, WEIR_ERR_INVALID,
                              "weir_pipeline_options.struct_size is %zu; set it to sizeof (%zu)",
                              options->struct_size, sizeof(*options));
    }
    if (options->workers < 0 || options->workers > WEIR_WORKERS_MAX) {
        return weir_error_set(error, WEIR_ERR_INVALID, "workers is %d; it must be 0 to %d", options->workers,
                              WEIR_WORKERS_MAX);
    }
    if (options->partitions < 0 || options->partitions > PARTITIONS_MAX) {
        return weir_error_set(error, WEIR_ERR_INVALID, "partitions is %d; it must be 1 to %d", options->partitions,
                              PARTITIONS_MAX);
    }
    if ((unsigned)options->strategy > WEIR_STRATEGY_HAND_OVER || (unsigned)options->slices > WEIR_SLICES_DIRECT ||
        (unsigned)options->waiting > WEIR_WAITING_ALWAYS) {
        return weir_error_set(
            error, WEIR_ERR_INVALID,
            "strategy is %d, slices is %d and waiting is %d; weir_strategy has 0 to 3, the others 0 to 2",
            (int)options->strategy, (int)options->slices, (int)options->waiting);
    }
    if (options->memory_max < 0) return weir_error_set(error, WEIR_ERR_INVALID, "memory_max is negative");
    return WEIR_OK;
}

/* Plans that depend on the order of a key's rows are worked by the key's owner; without keys there is one, and
 * those that can turn to partition first begin with one. */
static enum weir_status start_workers(struct weir_pipeline *pipeline, struct weir_ingest_setup *setup,
                                      struct weir_error *error) {
    int32_t workers = pipeline->options.workers;
    enum weir_deal_way way = pipeline->options.strategy == WEIR_STRATEGY_AUTO ? WEIR_DEAL_FEW : WEIR_DEAL_ROUND;
    if (pipeline->plan->by_key && weir_partition_first_is_possible(pipeline)) {
        way = WEIR_DEAL_ONE;
    } else if (pipeline->plan->by_key) {
        if (pipeline->plan->keys_count == 0 && workers > 1) workers = 1;
        setup->owners = workers;
    }
    return weir_deal_start(&pipeline->deal, workers, pipeline->options.pin_workers, way, setup, &pipeline->home,
                           error);
}

static bool looks_at_clock(const struct weir_plan *plan) {
    const struct weir_watermark_spec *watermark = &plan->watermark;
    return plan->processing_time || watermark->idle_after_ms > 0 || watermark->close_after_ms > 0 ||
           (watermark->future_max_ms > 0 && !watermark->future_by_partitions) ||
           plan->emission.early_processing_time;
}

static enum weir_status start_time(struct weir_pipeline *pipeline, struct weir_error *error) {
    pipeline->closed = pipeline->closed_seen = pipeline->now = pipeline->time_max = INT64_MIN;
    pipeline->told = (struct weir_ingest_time){.watermark = INT64_MIN, .wall = INT64_MIN};
    pipeline->looks_at_clock = looks_at_clock(pipeline->plan);
    if (!weir_watermark_init(&pipeline->watermark, pipeline->options.partitions)) {
        return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for %d partitions",
                              pipeline->options.partitions);
    }
    for (int32_t i = 0; i < pipeline->options.partitions; i++)
        pipeline->watermark.partitions[i].active_at = INT64_MAX;
    weir_pipeline_look_at_clock(pipeline);
    for (int32_t i = 0; i < pipeline->options.partitions; i++) {
        pipeline->watermark.partitions[i].active_at = pipeline->now;
    }
    pipeline->rows_at = pipeline->now;
    if (pipeline->plan->zone == NULL) return WEIR_OK;
    return weir_zone_open(pipeline->plan->zone, &pipeline->zone, error);
}

/* Bytes that rows may wait in, for each thread that adds some up; 0: no limit. */
static size_t waiting_max(const struct weir_pipeline_options *options) {
    if (options->memory_max <= 0) return 0;
    int64_t threads = options->workers > 0 ? options->workers : 1;
    return (size_t)(options->memory_max / WAITING_PART_OF_MEMORY / threads) + 1;
}

static enum weir_status start(struct weir_pipeline *pipeline, struct weir_error *error) {
    struct weir_plan *plan = pipeline->plan;
    enum weir_status status = start_time(pipeline, error);
    if (status == WEIR_OK) status = weir_emit_init(&pipeline->emit, plan, error);
    if (status != WEIR_OK) return status;
    if (plan->shape == WEIR_PLAN_ROWS)
        return weir_project_init(&pipeline->project, plan, &pipeline->emit, pipeline->options.fail_on_null_time,
                                 error);
    status = weir_accumulator_init(&pipeline->accumulator, plan, error);
    struct weir_ingest_setup setup = {.plan = plan,
                                      .accumulator = &pipeline->accumulator,
                                      .zone = pipeline->zone,
                                      .fail_on_null_time = pipeline->options.fail_on_null_time,
                                      .slices = pipeline->options.slices,
                                      .waiting = pipeline->options.waiting,
                                      .waiting_max = waiting_max(&pipeline->options)};
    if (status == WEIR_OK) status = weir_ingest_init(&pipeline->home, &setup, 0, error);
    if (status == WEIR_OK) status = weir_fire_init(&pipeline->fire, plan, &pipeline->home, &pipeline->emit, error);
    if (status == WEIR_OK) status = start_workers(pipeline, &setup, error);
    pipeline->home.fires = pipeline->deal.count == 0;
    return status;
}

enum weir_status weir_pipeline_create_plan(struct weir_plan *plan, const struct weir_pipeline_options *options,
                                           struct weir_pipeline **out, struct weir_error *error) {
    *out = NULL;
    struct weir_pipeline_options chosen = {.struct_size = sizeof(chosen)};
    if (options != NULL) {
        enum weir_status status = check_options(options, error);
        if (status != WEIR_OK) return status;
        chosen = *options;
    }
    if (chosen.partitions == 0) chosen.partitions = 1;
    struct weir_pipeline *pipeline = aligned_alloc(WEIR_ISOLATE_BYTES, sizeof(*pipeline));
    if (pipeline == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for a pipeline");
    memset(pipeline, 0, sizeof(*pipeline));
    pipeline->plan = weir_plan_retain(plan);
    pipeline->options = chosen;
    enum weir_status status = start(pipeline, error);
    if (status != WEIR_OK) {
        weir_pipeline_destroy(&pipeline);
        return status;
    }
    *out = pipeline;
    return WEIR_OK;
}

enum weir_status weir_pipeline_create(const struct weir_query *query, const struct weir_pipeline_options *options,
                                      struct weir_pipeline **out, struct weir_error *error) {
    if (out == NULL) return weir_error_set(error, WEIR_ERR_INVALID, "weir_pipeline_create: out is NULL");
    *out = NULL;
    if (query == NULL) return weir_error_set(error, WEIR_ERR_INVALID, "weir_pipeline_create: query is NULL");
    return weir_pipeline_create_plan(query->plan, options, out, error);
}

void weir_pipeline_destroy(struct weir_pipeline **address) {
    if (address == NULL || *address == NULL) return;
    struct weir_pipeline *pipeline = *address;
    weir_deal_fini(&pipeline->deal);
    weir_fire_fini(&pipeline->fire);
    weir_ingest_fini(&pipeline->home);
    weir_accumulator_fini(&pipeline->accumulator);
    weir_project_fini(&pipeline->project);
    weir_emit_fini(&pipeline->emit);
    weir_arena_fini(&pipeline->claims);
    weir_watermark_fini(&pipeline->watermark);
    weir_zone_close(&pipeline->zone);
    weir_plan_release(pipeline->plan);
    free(pipeline);
    *address = NULL;
}

/* ---- time ---- */

void weir_pipeline_start_clock(struct weir_pipeline *pipeline) {
    if (pipeline->has_started) return;
    pipeline->has_started = true;
    clock_gettime(CLOCK_MONOTONIC, &pipeline->started);
}

void weir_pipeline_stop_clock(struct weir_pipeline *pipeline) {
    if (!pipeline->has_started || pipeline->clock_stopped) return;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    pipeline->seconds =
        (double)(now.tv_sec - pipeline->started.tv_sec) + (double)(now.tv_nsec - pipeline->started.tv_nsec) / 1e9;
}

enum weir_status weir_pipeline_check_call(struct weir_pipeline *pipeline, int32_t partition, const char *call,
                                          struct weir_error *error) {
    if (pipeline == NULL) return weir_error_set(error, WEIR_ERR_INVALID, "%s: pipeline is NULL", call);
    enum weir_status status = check_state(pipeline, error);
    if (status != WEIR_OK) return status;
    if (pipeline->finished) return weir_error_set(error, WEIR_ERR_STATE, "%s: the pipeline is finished", call);
    if (partition < 0 || partition >= pipeline->options.partitions) {
        return weir_error_set(error, WEIR_ERR_INVALID, "%s: partition %d does not exist; the pipeline has %d", call,
                              partition, pipeline->options.partitions);
    }
    return WEIR_OK;
}

enum weir_status weir_pipeline_advance(struct weir_pipeline *pipeline, int32_t partition, int64_t watermark,
                                       struct weir_error *error) {
    enum weir_status status = weir_pipeline_check_call(pipeline, partition, "weir_pipeline_advance", error);
    if (status != WEIR_OK) return status;
    struct weir_error why;
    memset(&why, 0, sizeof(why));
    weir_watermark_admit(&pipeline->watermark, partition, watermark);
    status = weir_pipeline_move_on(pipeline, &why);
    return status == WEIR_OK ? WEIR_OK : weir_pipeline_fail(pipeline, &why, error);
}

enum weir_status weir_pipeline_idle(struct weir_pipeline *pipeline, int32_t partition, struct weir_error *error) {
    enum weir_status status = weir_pipeline_check_call(pipeline, partition, "weir_pipeline_idle", error);
    if (status != WEIR_OK) return status;
    struct weir_error why;
    memset(&why, 0, sizeof(why));
    weir_watermark_idle(&pipeline->watermark, partition);
    status = weir_pipeline_move_on(pipeline, &why);
    return status == WEIR_OK ? WEIR_OK : weir_pipeline_fail(pipeline, &why, error);
}

enum weir_status weir_pipeline_poll(struct weir_pipeline *pipeline, struct weir_error *error) {
    enum weir_status status = weir_pipeline_check_call(pipeline, 0, "weir_pipeline_poll", error);
    if (status != WEIR_OK) return status;
    struct weir_error why;
    memset(&why, 0, sizeof(why));
    weir_pipeline_look_at_clock(pipeline);
    status = weir_pipeline_move_on(pipeline, &why);
    return status == WEIR_OK ? WEIR_OK : weir_pipeline_fail(pipeline, &why, error);
}

/* ---- results ---- */

/* The next batch that is ready: none while rows wait for ORDER BY, which needs them all. */
static bool take_ready(struct weir_pipeline *pipeline, struct ArrowArray *out) {
    bool waits = pipeline->plan->order_count > 0 && !pipeline->closed_result;
    return !waits && weir_emit_next(&pipeline->emit, out);
}

/* After the end of the input: the result is complete once no window waits for room. */
static enum weir_status close_result(struct weir_pipeline *pipeline, struct weir_error *error) {
    if (pipeline->fire_more || pipeline->closed_result) return WEIR_OK;
    pipeline->closed_result = true;
    enum weir_status status = weir_emit_finish(&pipeline->emit, error);
    weir_pipeline_stop_clock(pipeline);
    pipeline->clock_stopped = true;
    return status;
}

static enum weir_status end_of_input(struct weir_pipeline *pipeline, struct weir_error *error) {
    if (pipeline->plan->shape != WEIR_PLAN_AGGREGATE) return close_result(pipeline, error);
    weir_pipeline_look_at_clock(pipeline);
    enum weir_status status = weir_pipeline_end_rows(pipeline, error);
    return status == WEIR_OK ? close_result(pipeline, error) : status;
}

enum weir_status weir_pipeline_finish(struct weir_pipeline *pipeline, struct weir_error *error) {
    enum weir_status status = weir_pipeline_check_call(pipeline, 0, "weir_pipeline_finish", error);
    if (status != WEIR_OK) return status;
    struct weir_error why;
    memset(&why, 0, sizeof(why));
    status = end_of_input(pipeline, &why);
    pipeline->finished = true;
    return status == WEIR_OK ? WEIR_OK : weir_pipeline_fail(pipeline, &why, error);
}

/* The next batch after the end of the input, when those that were ready are taken. */
static enum weir_status next_of_rest(struct weir_pipeline *pipeline, struct ArrowArray *out,
                                     struct weir_error *error) {
    struct weir_error why;
    memset(&why, 0, sizeof(why));
    while (pipeline->fire_more) {
        enum weir_status status = weir_pipeline_fire_on(pipeline, &why);
        if (status == WEIR_OK) status = close_result(pipeline, &why);
        if (status != WEIR_OK) return weir_pipeline_fail(pipeline, &why, error);
        if (take_ready(pipeline, out)) return WEIR_OK;
    }
    return WEIR_END;
}

enum weir_status weir_pipeline_next(struct weir_pipeline *pipeline, struct ArrowArray *out,
                                    struct weir_error *error) {
    if (pipeline == NULL || out == NULL) {
        return weir_error_set(error, WEIR_ERR_INVALID, "weir_pipeline_next: pipeline or out is NULL");
    }
    enum weir_status status = check_state(pipeline, error);
    if (status != WEIR_OK) return status;
    if (take_ready(pipeline, out)) return WEIR_OK;
    struct weir_error why;
    memset(&why, 0, sizeof(why));
    if (pipeline->finished) return next_of_rest(pipeline, out, error);
    bool rows = pipeline->plan->shape == WEIR_PLAN_ROWS;
    status = rows ? weir_emit_flush(&pipeline->emit, &why) : weir_pipeline_move_on(pipeline, &why);
    if (status != WEIR_OK) return weir_pipeline_fail(pipeline, &why, error);
    return take_ready(pipeline, out) ? WEIR_OK : WEIR_AGAIN;
}

enum weir_status weir_pipeline_next_late(struct weir_pipeline *pipeline, struct ArrowArray *out,
                                         struct weir_error *error) {
    if (pipeline == NULL || out == NULL) {
        return weir_error_set(error, WEIR_ERR_INVALID, "weir_pipeline_next_late: pipeline or out is NULL");
    }
    enum weir_status status = check_state(pipeline, error);
    if (status != WEIR_OK) return status;
    struct weir_side *side = &pipeline->home.side;
    enum weir_status none = pipeline->finished ? WEIR_END : WEIR_AGAIN;
    if (side->plan == NULL) return WEIR_END;
    struct weir_error why;
    memset(&why, 0, sizeof(why));
    if (!pipeline->finished) status = weir_pipeline_move_on(pipeline, &why);
    if (status == WEIR_OK && pipeline->deal.barrier_out) return WEIR_AGAIN; /* the workers are at it */
    if (status == WEIR_OK) status = weir_side_flush(side, &why);
    if (status != WEIR_OK) return weir_pipeline_fail(pipeline, &why, error);
    return weir_side_next(side, out) ? WEIR_OK : none;
}

bool weir_pipeline_is_done(const struct weir_pipeline *pipeline) { return weir_emit_is_done(&pipeline->emit); }

void weir_pipeline_peek(const struct weir_pipeline *pipeline, int64_t *rows_in, int64_t *watermark) {
    *rows_in = pipeline->rows_pushed;
    *watermark = pipeline->watermark.combined;
}
