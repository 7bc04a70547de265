/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"

#define SQL_BYTES 512

static double seconds_of(clockid_t clock) {
    struct timespec at;
    clock_gettime(clock, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

struct weir_bench_time weir_bench_now(void) {
    return (struct weir_bench_time){seconds_of(CLOCK_MONOTONIC), seconds_of(CLOCK_PROCESS_CPUTIME_ID)};
}

/* An interval literal. */
static void write_interval(char *out, size_t size, int64_t ms) {
    long long s = (long long)(ms / 1000);
    snprintf(out, size, "INTERVAL '%lld %02lld:%02lld:%02lld.%03lld' DAY TO SECOND(3)", s / 86400, s / 3600 % 24,
             s / 60 % 60, s % 60, (long long)(ms % 1000));
}

/* FROM and GROUP BY. */
static int write_windows(char *out, size_t size, const struct weir_bench_window *window, const char *key) {
    char span[64], slide[64];
    write_interval(span, sizeof(span), window->size);
    write_interval(slide, sizeof(slide), window->slide);
    const char *partition = key[0] == 0 ? "" : " PARTITION BY ", *comma = key[0] == 0 ? "" : ", ";
    char call[256];
    switch (window->kind) {
    case WEIR_BENCH_HOP: snprintf(call, sizeof(call), "HOP(TABLE t, DESCRIPTOR(ts), %s, %s)", slide, span); break;
    case WEIR_BENCH_CUMULATE:
        snprintf(call, sizeof(call), "CUMULATE(TABLE t, DESCRIPTOR(ts), %s, %s)", slide, span);
        break;
    case WEIR_BENCH_SESSION:
        snprintf(call, sizeof(call), "SESSION(TABLE t%s%s, DESCRIPTOR(ts), %s)", partition, key, span);
        break;
    case WEIR_BENCH_COUNT:
        snprintf(call, sizeof(call), "COUNT_WINDOW(TABLE t%s%s, DESCRIPTOR(ts), %lld)", partition, key,
                 (long long)window->size);
        break;
    default: snprintf(call, sizeof(call), "TUMBLE(TABLE t, DESCRIPTOR(ts), %s)", span); break;
    }
    return snprintf(out, size, "FROM TABLE(%s) GROUP BY window_start, window_end%s%s", call, comma, key);
}

enum weir_status weir_bench_query_of(const struct weir_bench_window *window, enum weir_rows_key key,
                                     enum weir_bench_clock clock, struct weir_query **out,
                                     struct weir_error *error) {
    static const char *const names[3] = {"", "k", "s"};
    static const char *const declared[3] = {"", "k BIGINT, ", ""};
    char sql[3 * SQL_BYTES] = "", windows[SQL_BYTES];
    size_t used = 0;
    if (clock == WEIR_BENCH_DECLARED && key == WEIR_ROWS_DICTIONARY) {
        return weir_error_set(error, WEIR_ERR_UNSUPPORTED, "a declared table has no dictionary keys");
    }
    if (clock == WEIR_BENCH_DECLARED) {
        used =
            (size_t)snprintf(sql, SQL_BYTES,
                             "CREATE TABLE t (ts TIMESTAMP(3), %sv DOUBLE, WATERMARK FOR ts AS ts - INTERVAL '1' "
                             "SECOND) WITH ('connector' = 'push'); ",
                             declared[key]);
    }
    write_windows(windows, sizeof(windows), window, names[key]);
    snprintf(sql + used, 2 * SQL_BYTES, "SELECT window_start, window_end, %s%sCOUNT(*) AS n, SUM(v) AS s %s",
             names[key], key == WEIR_ROWS_NO_KEY ? "" : ", ", windows);
    if (clock == WEIR_BENCH_DECLARED) return weir_query_create(sql, NULL, NULL, out, error);
    return weir_query_create(sql, "t", weir_rows_schema(key), out, error);
}

enum weir_status weir_bench_query(enum weir_rows_key key, enum weir_bench_clock clock, struct weir_query **out,
                                  struct weir_error *error) {
    const struct weir_bench_window window = {.kind = WEIR_BENCH_TUMBLE, .size = 5000};
    if (key == WEIR_ROWS_OTHER) return weir_error_set(error, WEIR_ERR_INVALID, "rows of other kinds need a query");
    return weir_bench_query_of(&window, key, clock, out, error);
}

/* ---- one execution ---- */

static enum weir_status drain(struct weir_pipeline *pipeline, const struct ArrowSchema *result, bool tie,
                              struct weir_bench_totals *totals, struct weir_error *error) {
    for (;;) {
        struct ArrowArray batch;
        enum weir_status status = weir_pipeline_next(pipeline, &batch, error);
        if (status == WEIR_AGAIN || status == WEIR_END) return WEIR_OK;
        if (status != WEIR_OK) return status;
        bool added = weir_bench_add(totals, result, &batch, tie);
        batch.release(&batch);
        if (!added) {
            return weir_error_set(error, WEIR_ERR_UNSUPPORTED, "a column of the result cannot be summed");
        }
    }
}

static enum weir_status push(struct weir_pipeline *pipeline, const struct weir_rows *rows, struct ArrowArray *batch,
                             struct weir_error *error) {
    if (!rows->ranged) return weir_pipeline_push(pipeline, 0, batch, error);
    const int64_t *times = weir_rows_times(batch);
    const struct weir_time_range range = {sizeof(range), times[0], times[batch->length - 1], true};
    return weir_pipeline_push_ranged(pipeline, 0, batch, &range, error);
}

enum weir_status weir_bench_push(struct weir_pipeline *pipeline, const struct weir_rows *rows,
                                 enum weir_bench_clock clock, const struct ArrowSchema *result, bool tie,
                                 struct weir_bench_totals *totals, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    for (int64_t i = 0; i < rows->batches_count && status == WEIR_OK; i++) {
        struct ArrowArray batch = weir_rows_lend(rows, i);
        int64_t last = clock == WEIR_BENCH_AT_END ? 0 : weir_rows_times(&batch)[batch.length - 1];
        status = push(pipeline, rows, &batch, error);
        if (clock == WEIR_BENCH_AT_END || status != WEIR_OK) continue;
        /* The next batch may begin with the same millisecond. */
        if (clock == WEIR_BENCH_ADVANCE) status = weir_pipeline_advance(pipeline, 0, last - 1, error);
        if (status == WEIR_OK) status = drain(pipeline, result, tie, totals, error);
    }
    return status;
}

enum weir_status weir_bench_finish(struct weir_pipeline *pipeline, const struct ArrowSchema *result, bool tie,
                                   struct weir_bench_totals *totals, struct weir_error *error) {
    enum weir_status status = weir_pipeline_finish(pipeline, error);
    return status == WEIR_OK ? drain(pipeline, result, tie, totals, error) : status;
}

enum weir_status weir_bench_execute(const struct weir_query *query, const struct weir_rows *rows,
                                    enum weir_bench_clock clock, int32_t workers, bool tie,
                                    struct weir_bench_totals *totals, struct weir_bench_time *time,
                                    struct weir_error *error) {
    const struct weir_pipeline_options options = {.struct_size = sizeof(options), .workers = workers};
    struct weir_bench_totals sums = {.rows = 0};
    struct weir_pipeline *pipeline = NULL;
    struct ArrowSchema result;
    enum weir_status status = weir_query_schema(query, &result, error);
    if (status != WEIR_OK) return status;
    struct weir_bench_time start = weir_bench_now();
    status = weir_pipeline_create(query, &options, &pipeline, error);
    if (status == WEIR_OK) status = weir_bench_push(pipeline, rows, clock, &result, tie, &sums, error);
    if (status == WEIR_OK) status = weir_bench_finish(pipeline, &result, tie, &sums, error);
    weir_pipeline_destroy(&pipeline);
    struct weir_bench_time end = weir_bench_now();
    result.release(&result);
    if (totals != NULL) *totals = sums;
    if (time != NULL) *time = (struct weir_bench_time){end.wall_s - start.wall_s, end.cpu_s - start.cpu_s};
    return status;
}
