/* SPDX-License-Identifier: Apache-2.0
 *
 * A statement that gives rows, while it runs: source -> pipeline -> caller or sink.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/monotonic.h"
#include "engine/pipeline.h"
#include "sql/parser.h"
#include "sql/run_skip.h"
#include "sql/run_times.h"
#include "sql/session.h"

/* ---- opening ---- */

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to run the statement");
}

static enum weir_status find_sink(struct weir_run *run, const struct weir_statement *insert,
                                  struct weir_error *error) {
    run->sink.name = insert->name;
    run->sink.hint = insert->hint;
    if (insert->is_file) return WEIR_OK;
    const struct weir_relation_entry *entry = weir_catalog_find(&run->session->catalog, insert->name);
    if (entry == NULL) return weir_catalog_unknown(&run->session->catalog, insert->name, insert->name_at, error);
    if (entry->table == NULL)
        return weir_error_set_at(error, WEIR_ERR_SQL, insert->name_at.line, insert->name_at.column,
                                 "'%s' is a view; INSERT INTO takes a table", insert->name);
    run->sink.table = entry->table;
    if (insert->hint.count == 0) return WEIR_OK;
    run->sink.table = weir_hint_table(&run->session->arena, entry->table, &insert->hint);
    return run->sink.table == NULL ? out_of_memory(error) : WEIR_OK;
}

static enum weir_status bind(struct weir_run *run, const struct weir_statement *statement,
                             struct weir_error *error) {
    struct weir_bind_request request = {.catalog = &run->session->catalog,
                                        .settings = &run->session->settings,
                                        .host = {run, weir_run_open_input},
                                        .insert = run->sink.table != NULL ? statement : NULL,
                                        .sink = run->sink.table};
    struct weir_bind_result result = {0};
    enum weir_status status = weir_bind_query(&request, statement->query, &result, error);
    if (status != WEIR_OK) return status;
    run->query.plan = result.plan;
    run->late_table = result.late_table;
    if (run->source.select == NULL) return WEIR_OK;
    size_t count = (size_t)result.plan->columns_count;
    status = run->source.select(run->source.state, result.selected, count, error);
    if (status == WEIR_OK) status = weir_run_skip_begin(run, error);
    if (status != WEIR_OK) weir_error_prefix(error, "table '%.120s'", run->table);
    return status;
}

static enum weir_status write_explain(struct weir_run *run, struct weir_error *error) {
    const char *how = run->source.describe == NULL ? NULL : run->source.describe(run->source.state);
    const char *skip = weir_run_skip_explain(run), *times = weir_run_times_explain(run);
    struct weir_arena *arena = &run->query.plan->arena;
    if (skip == NULL || times == NULL) return out_of_memory(error);
    const char *text = weir_arena_format(arena, "table: %s%s%s\n%s%s%s%s%s%s", run->table, how == NULL ? "" : ", ",
                                         how == NULL ? "" : how, weir_query_explain(&run->query), skip, times,
                                         run->insert ? "insert: into " : "", run->insert ? run->sink.name : "",
                                         run->insert ? "\n" : "");
    run->explain = text == NULL ? NULL : strdup(text);
    return run->explain == NULL ? out_of_memory(error) : WEIR_OK;
}

static enum weir_status open_all(struct weir_run *run, const struct weir_statement *statement,
                                 struct weir_error *error) {
    enum weir_status status = run->insert ? find_sink(run, statement, error) : WEIR_OK;
    if (status == WEIR_OK) status = bind(run, statement, error);
    if (status == WEIR_OK) status = write_explain(run, error);
    if (status != WEIR_OK) return status;
    const struct weir_session_options *options = &run->session->options;
    struct weir_pipeline_options pipeline = {.struct_size = sizeof(pipeline),
                                             .workers = options->workers,
                                             .pin_workers = options->pin_workers,
                                             .fail_on_null_time = options->fail_on_null_time,
                                             .memory_max = options->memory_max,
                                             .clock = options->clock,
                                             .clock_user = options->clock_user};
    if (run->source.partitions > 1) {
        pipeline.partitions = run->source.partitions;
        status = weir_run_parts_init(&run->parts, pipeline.partitions, error);
        if (status != WEIR_OK) return status;
    }
    status = weir_pipeline_create(&run->query, &pipeline, &run->pipeline, error);
    if (status == WEIR_OK && run->parts.count > 0 && run->source.name_of != NULL)
        weir_pipeline_name_partitions(run->pipeline, run->source.name_of, run->source.state);
    if (status == WEIR_OK && run->insert) status = weir_run_open_sink(run, statement, error);
    if (status == WEIR_OK && run->late_table != NULL) status = weir_run_open_late(run, error);
    return status;
}

enum weir_status weir_run_create(struct weir_session *session, const struct weir_statement *statement,
                                 struct weir_run **out, struct weir_error *error) {
    struct weir_error own = {0};
    struct weir_run *run = calloc(1, sizeof(*run));
    if (run == NULL) return out_of_memory(error);
    run->session = session;
    run->insert = statement->kind == WEIR_STATEMENT_INSERT;
    atomic_init(&run->cancelled, false);
    atomic_init(&run->woken, false);
    atomic_init(&run->rows_in, 0);
    atomic_init(&run->late, 0);
    atomic_init(&run->watermark, INT64_MIN);
    session->run = run;
    enum weir_status status = open_all(run, statement, &own);
    if (status != WEIR_OK) {
        if (own.line == 0) {
            own.line = statement->at.line;
            own.column = statement->at.column;
        }
        if (error != NULL) *error = own;
        weir_run_destroy(&run);
        return status;
    }
    *out = run;
    return WEIR_OK;
}

void weir_run_destroy(struct weir_run **address) {
    if (address == NULL || *address == NULL) return;
    struct weir_run *run = *address;
    *address = NULL;
    run->session->run = NULL;
    weir_pipeline_destroy(&run->pipeline);
    weir_run_parts_fini(&run->parts);
    weir_run_sink_close(&run->sink);
    weir_run_sink_close(&run->late_sink);
    if (run->source_open) run->source.close(run->source.state);
    weir_plan_release(run->query.plan);
    free(run->table);
    free(run->explain);
    free(run);
}

/* ---- running ---- */

static double seconds_since(const struct timespec *from) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - from->tv_sec) + (double)(now.tv_nsec - from->tv_nsec) / 1e9;
}

/* Counters for weir_run_progress. Those of workers wait for the workers, so they are asked for twice a second at
 * most. */
static void publish(struct weir_run *run, bool all) {
    int64_t rows, watermark;
    weir_pipeline_peek(run->pipeline, &rows, &watermark);
    atomic_store_explicit(&run->rows_in, rows, memory_order_relaxed);
    atomic_store_explicit(&run->watermark, watermark, memory_order_relaxed);
    if (!all && seconds_since(&run->looked) < 0.5) return;
    clock_gettime(CLOCK_MONOTONIC, &run->looked);
    struct weir_stats stats = {.struct_size = sizeof(stats)};
    if (weir_pipeline_stats(run->pipeline, &stats) == WEIR_OK)
        atomic_store_explicit(&run->late, stats.late, memory_order_relaxed);
}

/* A live input had nothing for a while. */
static enum weir_status pass_time(struct weir_run *run, struct weir_error *error) {
    enum weir_status status = weir_pipeline_poll(run->pipeline, error);
    if (status == WEIR_OK) publish(run, false);
    return status == WEIR_OK ? WEIR_AGAIN : status;
}

/* Reads one batch and pushes it, or ends the input. WEIR_AGAIN: there was nothing to read. */
static enum weir_status feed(struct weir_run *run, struct weir_error *error) {
    struct ArrowArray batch = {0};
    bool parts = run->parts.count > 0;
    enum weir_status status =
        parts ? weir_run_parts_feed(&run->parts, &run->source, run->query.plan, run->pipeline, error)
              : run->source.next(run->source.state, &batch, error);
    bool counts = status == WEIR_OK || status == WEIR_END || status == WEIR_AGAIN;
    enum weir_status skipped = counts ? weir_run_skip_count(run, error) : WEIR_OK;
    if (skipped != WEIR_OK) {
        if (batch.release != NULL) batch.release(&batch);
        return skipped;
    }
    if (status == WEIR_AGAIN) return pass_time(run, error);
    if (status == WEIR_END) {
        run->input_ended = true;
        status = weir_pipeline_finish(run->pipeline, error);
        publish(run, true);
        return status;
    }
    if (status == WEIR_OK && !parts) {
        status = weir_run_times_push(run, &batch, error);
        if (batch.release != NULL) batch.release(&batch);
    }
    if (status == WEIR_OK) {
        publish(run, false);
    } else if (status != WEIR_ERR_CANCELLED) {
        weir_error_prefix(error, "table '%.120s'", run->table);
    }
    return status;
}

/* Writes the rows that a policy has put aside since. */
static enum weir_status write_late(struct weir_run *run, bool idle, struct weir_error *error) {
    if (!run->late_sink.is_open) return WEIR_OK;
    for (;;) {
        struct ArrowArray batch = {0};
        enum weir_status status = weir_pipeline_next_late(run->pipeline, &batch, error);
        if (status == WEIR_AGAIN || status == WEIR_END) break;
        if (status == WEIR_OK) status = weir_run_sink_write(&run->late_sink, &batch, error);
        if (batch.release != NULL) batch.release(&batch);
        if (status != WEIR_OK) return status;
    }
    return run->source.live ? weir_run_sink_flush(&run->late_sink, idle, error) : WEIR_OK;
}

/* The next batch of the result, whoever wants it. WEIR_AGAIN: somebody has called weir_run_wake; or, of a live
 * input only: it has nothing just now, or until_ms has passed. */
static enum weir_status produce(struct weir_run *run, int64_t until_ms, struct ArrowArray *out,
                                struct weir_error *error) {
    while (true) {
        if (atomic_load_explicit(&run->cancelled, memory_order_relaxed))
            return weir_error_set(error, WEIR_ERR_CANCELLED, "the run was cancelled");
        enum weir_status status = weir_pipeline_next(run->pipeline, out, error);
        if (status == WEIR_OK) return status;
        bool done = status == WEIR_END || (!run->input_ended && weir_pipeline_is_done(run->pipeline));
        if (status != WEIR_AGAIN && !done) return status;
        status = write_late(run, false, error);
        if (status != WEIR_OK) return status;
        if (done) return WEIR_END;
        if (atomic_load_explicit(&run->woken, memory_order_relaxed)) return WEIR_AGAIN;
        if (run->input_ended)
            return weir_error_set(error, WEIR_ERR_INTERNAL, "the input has ended and the result has not");
        status = feed(run, error);
        bool idle = status == WEIR_AGAIN;
        if (idle) status = write_late(run, true, error);
        if (status != WEIR_OK) return status;
        if (idle) return WEIR_AGAIN;
        if (run->source.live && !run->input_ended && weir_monotonic_ms() >= until_ms) return WEIR_AGAIN;
    }
}

/* Writes one batch of the result, if there is one. WEIR_AGAIN as produce. */
static enum weir_status insert_some(struct weir_run *run, int64_t until_ms, struct weir_error *error) {
    struct ArrowArray batch = {0};
    if (run->sink.unflushed && run->sink.flush_due < until_ms) until_ms = run->sink.flush_due;
    enum weir_status status = produce(run, until_ms, &batch, error);
    bool idle = status == WEIR_AGAIN;
    if (status == WEIR_OK) {
        status = weir_run_sink_write(&run->sink, &batch, error);
        if (batch.release != NULL) batch.release(&batch);
    }
    if (!run->source.live || (status != WEIR_OK && !idle)) return status;
    enum weir_status flushed = weir_run_sink_flush(&run->sink, idle, error);
    return flushed == WEIR_OK ? status : flushed;
}

/* Writes the whole result, or what there is until_ms. */
static enum weir_status insert_all(struct weir_run *run, int64_t until_ms, struct weir_error *error) {
    enum weir_status status;
    do {
        status = insert_some(run, until_ms, error);
    } while (status == WEIR_OK);
    return status;
}

/* The end of a run, good or bad. What was written of a live input stays when that fails or the run is cancelled:
 * nobody could have it again. */
static enum weir_status finish_sinks(struct weir_run *run, enum weir_status status, struct weir_error *error) {
    struct weir_error ignored;
    if (status == WEIR_END) {
        status = weir_run_sink_finish(&run->sink, error);
        if (status == WEIR_OK) status = weir_run_sink_finish(&run->late_sink, error);
        return status == WEIR_OK ? WEIR_END : status;
    }
    if (!run->source.live) return status;
    (void)weir_run_sink_finish(&run->sink, &ignored);
    (void)weir_run_sink_finish(&run->late_sink, &ignored);
    return status;
}

static void start_clock(struct weir_run *run) {
    if (run->has_started) return;
    run->has_started = true;
    clock_gettime(CLOCK_MONOTONIC, &run->started);
    run->looked = run->started;
}

enum weir_status weir_run_next(struct weir_run *run, struct ArrowArray *out, struct weir_error *error) {
    if (run == NULL || out == NULL)
        return weir_error_set(error, WEIR_ERR_INVALID, "weir_run_next needs a run and a place for the batch");
    if (run->failed != WEIR_OK) {
        if (error != NULL) *error = run->error;
        return run->failed;
    }
    if (run->ended) return WEIR_END;
    start_clock(run);
    run->error = (struct weir_error){0};
    int64_t wait_ms = run->session->options.wait_ms;
    int64_t until_ms = wait_ms > 0 ? weir_monotonic_ms() + wait_ms : INT64_MAX;
    enum weir_status status;
    do {
        status = run->insert ? insert_all(run, until_ms, &run->error) : produce(run, until_ms, out, &run->error);
        if (status == WEIR_AGAIN && atomic_exchange_explicit(&run->woken, false, memory_order_relaxed)) break;
    } while (status == WEIR_AGAIN && weir_monotonic_ms() < until_ms);
    if (status == WEIR_OK || status == WEIR_AGAIN) return status;
    status = finish_sinks(run, status, &run->error);
    run->seconds = seconds_since(&run->started);
    run->ended = status == WEIR_END;
    if (run->ended) return WEIR_END;
    run->failed = status;
    if (error != NULL) *error = run->error;
    return status;
}

/* ---- asking ---- */

enum weir_status weir_run_schema(const struct weir_run *run, struct ArrowSchema *out, struct weir_error *error) {
    if (run == NULL || out == NULL)
        return weir_error_set(error, WEIR_ERR_INVALID, "weir_run_schema needs a run and a place for the schema");
    return weir_query_schema(&run->query, out, error);
}

const char *weir_run_explain(const struct weir_run *run) { return run == NULL ? "" : run->explain; }

bool weir_run_is_insert(const struct weir_run *run) { return run != NULL && run->insert; }

void weir_run_cancel(struct weir_run *run) {
    if (run != NULL) atomic_store_explicit(&run->cancelled, true, memory_order_relaxed);
}

void weir_run_wake(struct weir_run *run) {
    if (run != NULL) atomic_store_explicit(&run->woken, true, memory_order_relaxed);
}

enum weir_status weir_run_why(struct weir_run *run, const struct weir_why_request *request, struct weir_why *out,
                              char **text, struct weir_error *error) {
    if (text != NULL) *text = NULL;
    if (run == NULL) return weir_error_set(error, WEIR_ERR_INVALID, "weir_run_why needs a run");
    return weir_pipeline_why(run->pipeline, request, out, text, error);
}

int32_t weir_run_partitions(const struct weir_run *run) {
    return run == NULL ? 0 : run->parts.count > 0 ? run->parts.count : 1;
}

enum weir_status weir_run_partition(const struct weir_run *run, int32_t partition,
                                    struct weir_partition_report *out, struct weir_error *error) {
    if (run == NULL) return weir_error_set(error, WEIR_ERR_INVALID, "weir_run_partition needs a run");
    return weir_pipeline_partition(run->pipeline, partition, out, error);
}

static struct weir_source_progress source_progress(const struct weir_run *run) {
    struct weir_source_progress progress = {0};
    if (run->source.progress != NULL) run->source.progress(run->source.state, &progress);
    return progress;
}

void weir_run_progress(const struct weir_run *run, struct weir_progress *out) {
    if (run == NULL || out == NULL || out->struct_size < sizeof(out->struct_size)) return;
    struct weir_source_progress source = source_progress(run);
    struct weir_progress progress = {.struct_size = out->struct_size,
                                     .bytes_total = source.bytes_total,
                                     .bytes_done = source.bytes_done,
                                     .rows_total = source.rows_total,
                                     .rows_in = atomic_load_explicit(&run->rows_in, memory_order_relaxed),
                                     .late = atomic_load_explicit(&run->late, memory_order_relaxed),
                                     .watermark = atomic_load_explicit(&run->watermark, memory_order_relaxed),
                                     .live = run->source.live};
    memcpy(out, &progress, out->struct_size < sizeof(progress) ? out->struct_size : sizeof(progress));
}

enum weir_status weir_run_stats(struct weir_run *run, struct weir_stats *out) {
    if (run == NULL || out == NULL || out->struct_size < sizeof(out->struct_size)) return WEIR_ERR_INVALID;
    struct weir_stats stats = {.struct_size = sizeof(stats)};
    enum weir_status status = weir_pipeline_stats(run->pipeline, &stats);
    if (status != WEIR_OK) return status;
    struct weir_source_progress source = source_progress(run);
    struct rusage usage;
    stats.struct_size = out->struct_size;
    stats.rejected = source.rejected;
    stats.nulled = source.nulled;
    stats.bytes_read = source.bytes_done;
    stats.skipped_groups = source.skipped_groups;
    stats.skipped_rows = source.skipped_rows;
    bool running = run->has_started && !run->ended && run->failed == WEIR_OK;
    stats.seconds = running ? seconds_since(&run->started) : run->seconds;
    if (getrusage(RUSAGE_SELF, &usage) == 0) stats.peak_bytes = (int64_t)usage.ru_maxrss * 1024;
    memcpy(out, &stats, out->struct_size < sizeof(stats) ? out->struct_size : sizeof(stats));
    return WEIR_OK;
}
