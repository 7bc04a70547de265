/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/pipeline.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/error.h"
#include "base/futex.h"
#include "engine/emit.h"
#include "engine/fire.h"
#include "engine/ingest.h"
#include "engine/project.h"
#include "engine/query.h"
#include "engine/watermark.h"
#include "engine/worker.h"

/* Rows of one task: enough to make a handover cheap, few enough to stay in L2 with their columns and to balance. */
#define TASK_ROWS (16 * WEIR_BLOCK_ROWS)
#define WORKERS_MAX 1024
#define PARTITIONS_MAX 65536

struct weir_held_batch {
    struct weir_batch batch;
    int64_t tasks; /* that still look at it; the caller's thread alone counts */
};

struct weir_pipeline {
    struct weir_plan *plan;
    struct weir_accumulator accumulator;
    struct weir_pipeline_options options;
    struct weir_watermark watermark;
    struct weir_ingest home;     /* keys and slices of the whole pipeline */
    struct weir_project project; /* plans that do not aggregate */
    struct weir_emit emit;
    struct weir_fire fire;
    struct weir_arena claims; /* temporaries of admission */
    int64_t closed;           /* windows up to here have fired, or are at the barrier that is out */
    /* workers */
    struct weir_workshop shop;
    struct weir_worker *workers;
    int32_t workers_count;
    int32_t workers_started;
    int32_t deal; /* worker of the next task */
    bool barrier_out;
    int64_t barrier_closed;
    int64_t fire_target; /* windows up to here are firing */
    bool fire_more;      /* some of them wait until results are taken */
    int64_t tasks_out;
    /* life */
    bool finished;
    bool closed_result; /* every window has fired and every row is in the queue */
    bool clock_stopped;
    bool failed;
    struct weir_error error; /* of the failure */
    int64_t bytes_pushed;
    int64_t rows_pushed;
    struct timespec started;
    bool has_started;
    double seconds;
};

/* ---- failure ---- */

static enum weir_status fail_with(struct weir_pipeline *pipeline, const struct weir_error *why,
                                  struct weir_error *error) {
    if (!pipeline->failed) {
        pipeline->failed = true;
        pipeline->error = *why;
    }
    if (error != NULL) *error = pipeline->error;
    return pipeline->error.code;
}

/* Looks whether a worker has failed; the first by index speaks, so that a run that fails says the same each time.
 */
static enum weir_status check_workers(struct weir_pipeline *pipeline, struct weir_error *error) {
    for (int32_t i = 0; i < pipeline->workers_count; i++) {
        struct weir_worker *worker = &pipeline->workers[i];
        if (atomic_load_explicit(&worker->failed, memory_order_acquire) == 0) continue;
        return fail_with(pipeline, &worker->error, error);
    }
    return WEIR_OK;
}

static enum weir_status check_state(struct weir_pipeline *pipeline, struct weir_error *error) {
    if (pipeline->failed) return fail_with(pipeline, &pipeline->error, error);
    return WEIR_OK;
}

static enum weir_status check_memory(struct weir_pipeline *pipeline, struct weir_error *error) {
    if (pipeline->options.memory_max <= 0 || pipeline->plan->shape != WEIR_PLAN_AGGREGATE) return WEIR_OK;
    int64_t bytes = pipeline->barrier_out ? 0 : (int64_t)weir_ingest_bytes(&pipeline->home);
    for (int32_t i = 0; i < pipeline->workers_count; i++) {
        bytes += atomic_load_explicit(&pipeline->workers[i].bytes, memory_order_relaxed);
    }
    if (bytes <= pipeline->options.memory_max) return WEIR_OK;
    return weir_error_set(
        error, WEIR_ERR_MEMORY,
        "the aggregation holds %lld bytes of keys and accumulators, more than memory_max allows (%lld); raise "
        "memory_max, use shorter windows or fewer keys",
        (long long)bytes, (long long)pipeline->options.memory_max);
}

/* ---- tasks ---- */

static void drop_held(struct weir_held_batch *held) {
    if (--held->tasks > 0) return;
    weir_batch_fini(&held->batch);
    free(held);
}

/* Takes back what workers have done; returns how many. */
static int32_t collect(struct weir_pipeline *pipeline) {
    int32_t count = 0;
    for (int32_t i = 0; i < pipeline->workers_count; i++) {
        struct weir_task *task;
        while ((task = weir_worker_done(&pipeline->workers[i])) != NULL) {
            if (task->kind == WEIR_TASK_ROWS) drop_held(task->held);
            weir_worker_reuse(&pipeline->workers[i], task);
            pipeline->tasks_out--;
            count++;
        }
    }
    return count;
}

/* Collects, and where nothing is done yet sleeps until something is. */
static void collect_some(struct weir_pipeline *pipeline) {
    for (int turn = 0; turn < WEIR_SPIN_TURNS; turn++) {
        if (collect(pipeline) > 0) return;
        weir_spin_pause();
    }
    struct weir_workshop *shop = &pipeline->shop;
    atomic_store_explicit(&shop->caller_waits, 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_seq_cst); /* waits, before the last look at the rings */
    for (;;) {
        uint32_t event = atomic_load_explicit(&shop->event, memory_order_acquire);
        if (collect(pipeline) > 0) break;
        weir_workshop_wait(shop, event);
    }
    atomic_store_explicit(&shop->caller_waits, 0, memory_order_relaxed);
}

static struct weir_task *take_task(struct weir_pipeline *pipeline, struct weir_worker *worker) {
    for (;;) {
        struct weir_task *task = weir_worker_task(worker);
        if (task != NULL) return task;
        collect_some(pipeline);
    }
}

/* Tasks go round in a fixed order, so that which worker adds up which rows depends on nothing but the input. */
static void deal_rows(struct weir_pipeline *pipeline, struct weir_held_batch *held,
                      struct weir_ingest_range range) {
    struct weir_worker *worker = &pipeline->workers[pipeline->deal];
    pipeline->deal = (pipeline->deal + 1) % pipeline->workers_count;
    struct weir_task *task = take_task(pipeline, worker);
    *task = (struct weir_task){.kind = WEIR_TASK_ROWS, .range = range, .held = held};
    held->tasks++;
    pipeline->tasks_out++;
    weir_worker_send(worker, task);
}

static void send_barrier(struct weir_pipeline *pipeline, int64_t closed) {
    atomic_store_explicit(&pipeline->shop.turn, 0, memory_order_relaxed);
    pipeline->barrier_out = true;
    pipeline->barrier_closed = closed;
    for (int32_t i = 0; i < pipeline->workers_count; i++) {
        struct weir_task *task = take_task(pipeline, &pipeline->workers[i]);
        *task = (struct weir_task){.kind = WEIR_TASK_BARRIER, .closed = closed};
        pipeline->tasks_out++;
        weir_worker_send(&pipeline->workers[i], task);
    }
}

static bool barrier_is_complete(struct weir_pipeline *pipeline) {
    return atomic_load_explicit(&pipeline->shop.turn, memory_order_acquire) == (uint32_t)pipeline->workers_count;
}

/* ---- firing ---- */

/* Fires on towards fire_target, as far as results have room. */
static enum weir_status fire_on(struct weir_pipeline *pipeline, struct weir_error *error) {
    enum weir_status status =
        weir_fire_through(&pipeline->fire, pipeline->fire_target, &pipeline->fire_more, error);
    return status == WEIR_OK ? weir_emit_flush(&pipeline->emit, error) : status;
}

static enum weir_status fire(struct weir_pipeline *pipeline, int64_t closed, struct weir_error *error) {
    pipeline->fire_target = closed;
    return fire_on(pipeline, error);
}

/* Moves the barrier on as far as it goes without waiting: fires the one that is complete, sends the one that is
 * due. */
static enum weir_status advance_barrier(struct weir_pipeline *pipeline, struct weir_error *error) {
    if (pipeline->plan->shape != WEIR_PLAN_AGGREGATE) return WEIR_OK;
    bool windowed = pipeline->plan->window.kind != WEIR_WINDOW_NONE; /* else only the end of the input fires */
    int64_t due = windowed ? weir_window_closed(&pipeline->home.window, pipeline->watermark.combined) : INT64_MIN;
    collect(pipeline);
    if (pipeline->fire_more) { /* the pipeline's slices are still being read: no worker may bring others home */
        enum weir_status status = fire_on(pipeline, error);
        if (status != WEIR_OK || pipeline->fire_more) return status;
    }
    if (pipeline->workers_count == 0) {
        if (due <= pipeline->closed) return WEIR_OK;
        pipeline->closed = due;
        return fire(pipeline, due, error);
    }
    if (pipeline->barrier_out && barrier_is_complete(pipeline)) {
        pipeline->barrier_out = false;
        enum weir_status status = check_workers(pipeline, error);
        if (status == WEIR_OK) status = fire(pipeline, pipeline->barrier_closed, error);
        if (status != WEIR_OK) return status;
    }
    if (pipeline->barrier_out || pipeline->fire_more || due <= pipeline->closed) return WEIR_OK;
    pipeline->closed = due;
    send_barrier(pipeline, due);
    return WEIR_OK;
}

/* Waits until no task is out. */
static void drain(struct weir_pipeline *pipeline) {
    while (pipeline->tasks_out > 0) collect_some(pipeline);
}

/* ---- life ---- */

static enum weir_status check_options(const struct weir_pipeline_options *options, struct weir_error *error) {
    if (options->struct_size != sizeof(*options)) {
        return weir_error_set(error, WEIR_ERR_INVALID,
                              "weir_pipeline_options.struct_size is %zu; set it to sizeof (%zu)",
                              options->struct_size, sizeof(*options));
    }
    if (options->workers < 0 || options->workers > WORKERS_MAX) {
        return weir_error_set(error, WEIR_ERR_INVALID, "workers is %d; it must be 0 to %d", options->workers,
                              WORKERS_MAX);
    }
    if (options->partitions < 0 || options->partitions > PARTITIONS_MAX) {
        return weir_error_set(error, WEIR_ERR_INVALID, "partitions is %d; it must be 1 to %d", options->partitions,
                              PARTITIONS_MAX);
    }
    if (options->memory_max < 0) return weir_error_set(error, WEIR_ERR_INVALID, "memory_max is negative");
    return WEIR_OK;
}

static enum weir_status start_workers(struct weir_pipeline *pipeline, struct weir_error *error) {
    size_t count = pipeline->plan->ordered_floats ? 0 : (size_t)pipeline->options.workers;
    pipeline->shop.home = &pipeline->home;
    if (count == 0) return WEIR_OK;
    pipeline->workers = aligned_alloc(WEIR_ISOLATE_BYTES, count * sizeof(*pipeline->workers));
    if (pipeline->workers == NULL)
        return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for %zu workers", count);
    memset(pipeline->workers, 0, count * sizeof(*pipeline->workers));
    for (size_t i = 0; i < count; i++) {
        pipeline->workers_started++;
        enum weir_status status =
            weir_worker_start(&pipeline->workers[i], &pipeline->shop, (uint32_t)i, pipeline->options.pin_workers,
                              pipeline->plan, &pipeline->accumulator, pipeline->options.fail_on_null_time, error);
        if (status != WEIR_OK) return status;
    }
    pipeline->workers_count = (int32_t)count;
    return WEIR_OK;
}

static enum weir_status start(struct weir_pipeline *pipeline, struct weir_error *error) {
    struct weir_plan *plan = pipeline->plan;
    bool strict = pipeline->options.fail_on_null_time;
    if (!weir_watermark_init(&pipeline->watermark, pipeline->options.partitions)) {
        return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for %d partitions",
                              pipeline->options.partitions);
    }
    enum weir_status status = weir_emit_init(&pipeline->emit, plan, error);
    if (status != WEIR_OK) return status;
    if (plan->shape == WEIR_PLAN_ROWS)
        return weir_project_init(&pipeline->project, plan, &pipeline->emit, strict, error);
    status = weir_accumulator_init(&pipeline->accumulator, plan, error);
    if (status == WEIR_OK) status = weir_ingest_init(&pipeline->home, plan, &pipeline->accumulator, strict, error);
    if (status == WEIR_OK) status = weir_fire_init(&pipeline->fire, plan, &pipeline->home, &pipeline->emit, error);
    if (status == WEIR_OK) status = start_workers(pipeline, error);
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
    pipeline->closed = INT64_MIN;
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
    drain(pipeline);
    for (int32_t i = 0; i < pipeline->workers_started; i++) weir_worker_stop(&pipeline->workers[i]);
    free(pipeline->workers);
    weir_fire_fini(&pipeline->fire);
    weir_ingest_fini(&pipeline->home);
    weir_accumulator_fini(&pipeline->accumulator);
    weir_project_fini(&pipeline->project);
    weir_emit_fini(&pipeline->emit);
    weir_arena_fini(&pipeline->claims);
    weir_watermark_fini(&pipeline->watermark);
    weir_plan_release(pipeline->plan);
    free(pipeline);
    *address = NULL;
}

/* ---- push ---- */

/* Bytes of the fixed-width part of a batch and of its strings. */
static int64_t batch_bytes(const struct weir_batch *batch) {
    int64_t bytes = 0;
    for (int32_t i = 0; i < batch->columns_count && batch->rows > 0; i++) {
        const struct weir_column *column = &batch->columns[i];
        enum weir_storage storage = column->storage == WEIR_STORE_DICTIONARY ? column->codes : column->storage;
        bytes += batch->rows * (int64_t)weir_storage_bytes(storage);
        if (storage == WEIR_STORE_BOOL) bytes += batch->rows / 8;
        if (storage == WEIR_STORE_UTF8) {
            const int32_t *offsets = column->offsets;
            bytes += offsets[batch->rows] - offsets[0] + 4 * batch->rows;
        } else if (storage == WEIR_STORE_LARGE_UTF8) {
            const int64_t *offsets = column->offsets;
            bytes += offsets[batch->rows] - offsets[0] + 8 * batch->rows;
        }
    }
    return bytes;
}

/* Admission: numbers a range of rows among all, gives it the watermark before it, and raises the watermark after
 * it. */
static enum weir_status admit(struct weir_pipeline *pipeline, int32_t partition, struct weir_held_batch *held,
                              int64_t first, int64_t rows, struct weir_error *error) {
    const struct weir_plan *plan = pipeline->plan;
    if (plan->shape == WEIR_PLAN_ROWS)
        return weir_project_rows(&pipeline->project, &held->batch, first, rows, error);
    struct weir_ingest_range range = {&held->batch, first, rows,
                                      weir_watermark_clock(&pipeline->watermark, partition)};
    int64_t claim = INT64_MIN;
    enum weir_status status = weir_ingest_claim(plan, &held->batch, first, rows, &pipeline->claims, &claim, error);
    if (status != WEIR_OK) return status;
    if (pipeline->workers_count > 0) {
        deal_rows(pipeline, held, range);
    } else {
        status = weir_ingest_rows(&pipeline->home, &range, error);
    }
    weir_watermark_admit(&pipeline->watermark, partition, claim);
    return status == WEIR_OK ? advance_barrier(pipeline, error) : status;
}

/* Hands out the rows of a batch, which is released when the last task that looks at it comes back. */
static enum weir_status admit_all(struct weir_pipeline *pipeline, int32_t partition, struct weir_held_batch *held,
                                  struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    int64_t rows = held->batch.rows;
    for (int64_t first = 0; first < rows && status == WEIR_OK; first += TASK_ROWS) {
        int64_t left = rows - first;
        status = admit(pipeline, partition, held, first, left < TASK_ROWS ? left : TASK_ROWS, error);
    }
    return status;
}

static void start_clock(struct weir_pipeline *pipeline) {
    if (pipeline->has_started) return;
    pipeline->has_started = true;
    clock_gettime(CLOCK_MONOTONIC, &pipeline->started);
}

static void stop_clock(struct weir_pipeline *pipeline) {
    if (!pipeline->has_started || pipeline->clock_stopped) return;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    pipeline->seconds =
        (double)(now.tv_sec - pipeline->started.tv_sec) + (double)(now.tv_nsec - pipeline->started.tv_nsec) / 1e9;
}

static enum weir_status check_call(struct weir_pipeline *pipeline, int32_t partition, const char *call,
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

/* A push that fails leaves the batch the caller's, once no worker looks at it any more. */
static void give_back(struct weir_pipeline *pipeline, struct weir_held_batch *held, struct ArrowArray *batch) {
    drain(pipeline);
    batch->release = held->batch.source.release;
    held->batch.source.release = NULL;
}

enum weir_status weir_pipeline_push(struct weir_pipeline *pipeline, int32_t partition, struct ArrowArray *batch,
                                    struct weir_error *error) {
    enum weir_status status = check_call(pipeline, partition, "weir_pipeline_push", error);
    if (status != WEIR_OK) return status;
    if (batch == NULL || batch->release == NULL) {
        return weir_error_set(error, WEIR_ERR_INVALID, "weir_pipeline_push: the batch is NULL or released");
    }
    struct weir_error why;
    memset(&why, 0, sizeof(why));
    struct weir_held_batch *held = calloc(1, sizeof(*held));
    if (held == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for a batch");
    const struct weir_plan *plan = pipeline->plan;
    status = weir_batch_import(batch, plan->columns, plan->column_names, (size_t)plan->columns_count, true,
                               &held->batch, error);
    if (status != WEIR_OK) {
        free(held);
        return status;
    }
    start_clock(pipeline);
    pipeline->rows_pushed += held->batch.rows;
    pipeline->bytes_pushed += batch_bytes(&held->batch);
    held->tasks = 1; /* this call's own look at it */
    status = admit_all(pipeline, partition, held, &why);
    if (status == WEIR_OK) status = check_workers(pipeline, &why);
    if (status == WEIR_OK) status = check_memory(pipeline, &why);
    if (status != WEIR_OK) give_back(pipeline, held, batch);
    drop_held(held);
    return status == WEIR_OK ? WEIR_OK : fail_with(pipeline, &why, error);
}

enum weir_status weir_pipeline_advance(struct weir_pipeline *pipeline, int32_t partition, int64_t watermark,
                                       struct weir_error *error) {
    enum weir_status status = check_call(pipeline, partition, "weir_pipeline_advance", error);
    if (status != WEIR_OK) return status;
    struct weir_error why;
    memset(&why, 0, sizeof(why));
    weir_watermark_admit(&pipeline->watermark, partition, watermark);
    status = advance_barrier(pipeline, &why);
    return status == WEIR_OK ? WEIR_OK : fail_with(pipeline, &why, error);
}

/* ---- results ---- */

/* After the end of the input: the result is complete once no window waits for room. */
static enum weir_status close_result(struct weir_pipeline *pipeline, struct weir_error *error) {
    if (pipeline->fire_more || pipeline->closed_result) return WEIR_OK;
    pipeline->closed_result = true;
    enum weir_status status = weir_emit_finish(&pipeline->emit, error);
    stop_clock(pipeline);
    pipeline->clock_stopped = true;
    return status;
}

static enum weir_status end_of_input(struct weir_pipeline *pipeline, struct weir_error *error) {
    if (pipeline->plan->shape != WEIR_PLAN_AGGREGATE) return close_result(pipeline, error);
    enum weir_status status = WEIR_OK;
    int64_t last = INT64_MAX;
    if (pipeline->options.discard_open) {
        last = weir_window_closed(&pipeline->home.window, pipeline->watermark.combined);
    }
    if (pipeline->workers_count > 0) {
        drain(pipeline);
        if (pipeline->barrier_out) status = advance_barrier(pipeline, error);
        drain(pipeline); /* that may have sent another */
        pipeline->barrier_out = false;
        /* What still waits to fire counts in windows that no row can join any more, so it may fire with the rest.
         */
        if (status == WEIR_OK) send_barrier(pipeline, last);
        drain(pipeline);
        pipeline->barrier_out = false;
        if (status == WEIR_OK) status = check_workers(pipeline, error);
    }
    if (status == WEIR_OK) status = check_memory(pipeline, error);
    if (status == WEIR_OK) status = fire(pipeline, last, error);
    return status == WEIR_OK ? close_result(pipeline, error) : status;
}

enum weir_status weir_pipeline_finish(struct weir_pipeline *pipeline, struct weir_error *error) {
    enum weir_status status = check_call(pipeline, 0, "weir_pipeline_finish", error);
    if (status != WEIR_OK) return status;
    struct weir_error why;
    memset(&why, 0, sizeof(why));
    status = end_of_input(pipeline, &why);
    pipeline->finished = true;
    return status == WEIR_OK ? WEIR_OK : fail_with(pipeline, &why, error);
}

/* The next batch after the end of the input, when those that were ready are taken. */
static enum weir_status next_of_rest(struct weir_pipeline *pipeline, struct ArrowArray *out,
                                     struct weir_error *error) {
    struct weir_error why;
    memset(&why, 0, sizeof(why));
    while (pipeline->fire_more) {
        enum weir_status status = fire_on(pipeline, &why);
        if (status == WEIR_OK) status = close_result(pipeline, &why);
        if (status != WEIR_OK) return fail_with(pipeline, &why, error);
        if (weir_emit_next(&pipeline->emit, out)) return WEIR_OK;
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
    if (weir_emit_next(&pipeline->emit, out)) return WEIR_OK;
    struct weir_error why;
    memset(&why, 0, sizeof(why));
    if (pipeline->finished) return next_of_rest(pipeline, out, error);
    bool rows = pipeline->plan->shape == WEIR_PLAN_ROWS;
    status = rows ? weir_emit_flush(&pipeline->emit, &why) : advance_barrier(pipeline, &why);
    if (status != WEIR_OK) return fail_with(pipeline, &why, error);
    return weir_emit_next(&pipeline->emit, out) ? WEIR_OK : WEIR_AGAIN;
}

bool weir_pipeline_is_done(const struct weir_pipeline *pipeline) { return weir_emit_is_done(&pipeline->emit); }

void weir_pipeline_peek(const struct weir_pipeline *pipeline, int64_t *rows_in, int64_t *watermark) {
    *rows_in = pipeline->rows_pushed;
    *watermark = pipeline->watermark.combined;
}

/* ---- counters ---- */

static void add_counts(struct weir_stats *stats, const struct weir_counts *counts) {
    stats->rows_in += counts->rows_in;
    stats->filtered += counts->filtered;
    stats->null_time += counts->null_time;
    stats->unassigned += counts->unassigned;
    stats->late += counts->late;
    stats->aggregated += counts->aggregated;
}

static int64_t peak_bytes(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (int64_t)usage.ru_maxrss * 1024 : 0;
}

enum weir_status weir_pipeline_stats(struct weir_pipeline *pipeline, struct weir_stats *out) {
    if (pipeline == NULL || out == NULL || out->struct_size != sizeof(*out)) return WEIR_ERR_INVALID;
    drain(pipeline);
    stop_clock(pipeline);
    *out = (struct weir_stats){.struct_size = sizeof(*out)};
    add_counts(out, &pipeline->home.counts);
    add_counts(out, &pipeline->project.counts);
    for (int32_t i = 0; i < pipeline->workers_count; i++) add_counts(out, &pipeline->workers[i].ingest.counts);
    out->windows_fired = pipeline->fire.windows_fired;
    out->rows_out = pipeline->emit.rows_out;
    out->bytes_read = pipeline->bytes_pushed;
    out->watermark = pipeline->watermark.combined;
    out->seconds = pipeline->seconds;
    out->peak_bytes = peak_bytes();
    return WEIR_OK;
}
