/* SPDX-License-Identifier: Apache-2.0
 *
 * A stretch of a stream that has been running for as long as the largest window and goes on: neither the windows
 * that fill up at its beginning nor those that empty at its end are timed. (A HOP of 3 600 overlaps over 20 seconds
 * of rows would show little else.)
 */
#ifndef WEIR_BENCH_STEADY_H
#define WEIR_BENCH_STEADY_H

#include "bench/query.h"

struct weir_bench_steady {
    struct weir_rows *rows;  /* the stretch; its times move on with each pass and are put back in the end */
    struct weir_rows before; /* few, which were pushed before */
    struct ArrowSchema result;
    struct weir_pipeline *pipeline;
    struct weir_bench_totals totals; /* what has come out */
    int64_t span_ms;                 /* that the rows last */
    int64_t moved_ms;                /* by which they have been moved */
};

/* Pushes few rows (1 000 a second) for as long as `window_ms`, then moves `rows` behind them. `out` is to be
 * closed in any case. */
enum weir_status weir_bench_steady_open(const struct weir_query *query, struct weir_rows *rows, int64_t window_ms,
                                        struct weir_bench_steady *out, struct weir_error *error);

/* One pass over the rows. */
enum weir_status weir_bench_steady_pass(struct weir_bench_steady *steady, struct weir_error *error);

/* Between two passes: moves the rows on. */
void weir_bench_steady_move(struct weir_bench_steady *steady);

/* Ends the stream: fills the rest of the totals. */
enum weir_status weir_bench_steady_finish(struct weir_bench_steady *steady, struct weir_error *error);

void weir_bench_steady_close(struct weir_bench_steady *steady);

#endif
