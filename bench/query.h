/* SPDX-License-Identifier: Apache-2.0
 *
 * The queries that engines are compared by, run through the public API: windows with COUNT(*) and SUM(v) a key.
 * Every column of the result is consumed: see result.h.
 */
#ifndef WEIR_BENCH_QUERY_H
#define WEIR_BENCH_QUERY_H

#include "bench/result.h"
#include "bench/rows.h"

/* How time passes. All but the first need rows whose first column is a time in ms that does not fall. */
enum weir_bench_clock {
    WEIR_BENCH_AT_END,  /* no watermark: all windows fire when the input ends, as in a batch engine */
    WEIR_BENCH_ADVANCE, /* the embedder raises the watermark after every batch: windows fire as they close */
    WEIR_BENCH_DECLARED /* WATERMARK FOR ts AS ts - INTERVAL '1' SECOND; not with dictionary keys, which cannot be
                           declared */
};

enum weir_bench_kind {
    WEIR_BENCH_TUMBLE,
    WEIR_BENCH_HOP,
    WEIR_BENCH_CUMULATE,
    WEIR_BENCH_SESSION,
    WEIR_BENCH_COUNT
};

/* In ms. TUMBLE: size. HOP: size and slide. CUMULATE: size and step. SESSION: size is the gap; by the key. COUNT:
 * size is a number of rows of the key. */
struct weir_bench_window {
    enum weir_bench_kind kind;
    int64_t size;
    int64_t slide;
};

struct weir_bench_time {
    double wall_s;
    double cpu_s; /* of all threads */
};

enum weir_status weir_bench_query_of(const struct weir_bench_window *window, enum weir_rows_key key,
                                     enum weir_bench_clock clock, struct weir_query **out,
                                     struct weir_error *error);

/* TUMBLE of five seconds. */
enum weir_status weir_bench_query(enum weir_rows_key key, enum weir_bench_clock clock, struct weir_query **out,
                                  struct weir_error *error);

/* Executes the query once over all rows: makes a pipeline, pushes every batch, consumes the result, destroys the
 * pipeline. All of that is timed.
 *   tie     also fill what ties columns; timed too, so not for measuring
 *   totals, time   may be NULL */
enum weir_status weir_bench_execute(const struct weir_query *query, const struct weir_rows *rows,
                                    enum weir_bench_clock clock, int32_t workers, bool tie,
                                    struct weir_bench_totals *totals, struct weir_bench_time *time,
                                    struct weir_error *error);

/* The parts of an execution, for benches that time a stretch of a stream without its beginning and its end. */

/* Pushes every batch, raises the watermark as `clock` says, and adds what comes out to totals.
 *   result  the query's schema */
enum weir_status weir_bench_push(struct weir_pipeline *pipeline, const struct weir_rows *rows,
                                 enum weir_bench_clock clock, const struct ArrowSchema *result, bool tie,
                                 struct weir_bench_totals *totals, struct weir_error *error);

/* Ends the input and adds what comes out to totals. */
enum weir_status weir_bench_finish(struct weir_pipeline *pipeline, const struct ArrowSchema *result, bool tie,
                                   struct weir_bench_totals *totals, struct weir_error *error);

/* The time now, to be subtracted. */
struct weir_bench_time weir_bench_now(void);

#endif
