/* SPDX-License-Identifier: Apache-2.0
 *
 * Google Benchmark from C: what gbench_shim.cc makes of it. A bench is a function that prepares, loops while
 * weir_gbench_keep_running says so, and then says what one turn of the loop was worth:
 *
 *     static void sum(struct weir_gbench *bench, void *user) {
 *         while (weir_gbench_keep_running(bench)) ...work...;
 *         weir_gbench_rows(bench, ROWS);
 *     }
 *
 * Time is the wall clock's, since benches may start threads; CPU time is that of the whole process.
 */
#ifndef WEIR_BENCH_GBENCH_H
#define WEIR_BENCH_GBENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct weir_gbench; /* one bench while it runs */

typedef void (*weir_gbench_fn)(struct weir_gbench *bench, void *user);

/* Adds a bench. `name` is copied; `user` is handed to fn and must live until weir_gbench_run returns. */
void weir_gbench_register(const char *name, weir_gbench_fn fn, void *user);

/* True while another turn is wanted. The clock runs from the first call to the one that says no. */
bool weir_gbench_keep_running(struct weir_gbench *bench);

/* Within the loop: what happens between the two is not timed. */
void weir_gbench_pause(struct weir_gbench *bench);
void weir_gbench_resume(struct weir_gbench *bench);

/* After the loop. Rows or bytes that one turn worked on, a further figure, and a remark; all optional. */
void weir_gbench_rows(struct weir_gbench *bench, int64_t rows_a_turn);
void weir_gbench_bytes(struct weir_gbench *bench, int64_t bytes_a_turn);
void weir_gbench_counter(struct weir_gbench *bench, const char *name, double value);
void weir_gbench_label(struct weir_gbench *bench, const char *text);

/* The bench cannot say anything: it is reported with this reason, and the program will return 1. Leave fn after it,
 * before the loop or from within. */
void weir_gbench_fail(struct weir_gbench *bench, const char *reason);

/* Takes the option --<name>=<number> out of the arguments. Returns fallback where it is not given; exits with 2
 * where it is no number from 1 to INT64_MAX. */
int64_t weir_gbench_option(int *argc, char **argv, const char *name, int64_t fallback);

/* Runs the benches that the arguments choose (--benchmark_filter and the others of Google Benchmark). Returns the
 * exit code: 0, 1 when a bench failed, 2 for an argument that nobody knows. */
int weir_gbench_run(int argc, char **argv);

#ifdef __cplusplus
}
#endif

#endif
