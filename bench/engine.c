/* SPDX-License-Identifier: Apache-2.0
 *
 * The engine as embedders use it: windows with sum and count, from Arrow batches in memory.
 *   bench_engine [--rows=N] [--rows_a_ms=N] [options of Google Benchmark]
 * The default number of rows is far more than any cache holds: rows are streamed from DRAM. Before a query is
 * timed, its result is compared with sums over the rows. `steady` is a stretch of a stream: see steady.h.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "bench/gbench.h"
#include "bench/query.h"
#include "bench/steady.h"

#define ROWS_DEFAULT 20000000

struct data {
    const char *name;
    struct weir_rows_spec spec;
    struct weir_rows rows; /* made at first use, kept until another is wanted */
};

static struct data all_data[] = {
    {.name = "none", .spec = {.keys = 1, .key = WEIR_ROWS_NO_KEY}},
    {.name = "dictionary_100", .spec = {.keys = 100, .key = WEIR_ROWS_DICTIONARY}},
    {.name = "dictionary_1K", .spec = {.keys = 1000, .key = WEIR_ROWS_DICTIONARY}},
    {.name = "int64_100", .spec = {.keys = 100, .key = WEIR_ROWS_WORD}},
    {.name = "int64_10K", .spec = {.keys = 10000, .key = WEIR_ROWS_WORD}},
    {.name = "int64_1M", .spec = {.keys = 1000000, .key = WEIR_ROWS_WORD}},
    {.name = "int64_10M", .spec = {.keys = 10000000, .key = WEIR_ROWS_WORD}},
    {.name = "int64_100M", .spec = {.keys = 100000000, .key = WEIR_ROWS_WORD}},
};

struct windows {
    const char *name;
    struct weir_bench_window window;
};

/* A key of 10 000 comes every 10 ms on average: gaps of 20 ms end a session after every seventh row, gaps of 100 ms
 * after every 20 000th. The same for a million keys, of which each comes every second. */
static const struct windows all_windows[] = {
    {"tumble", {WEIR_BENCH_TUMBLE, 5000, 0}},      {"tumble_1", {WEIR_BENCH_TUMBLE, 1000, 0}},
    {"hop_60", {WEIR_BENCH_HOP, 60000, 1000}},     {"hop_600", {WEIR_BENCH_HOP, 600000, 1000}},
    {"hop_3600", {WEIR_BENCH_HOP, 3600000, 1000}}, {"cumulate_60", {WEIR_BENCH_CUMULATE, 60000, 1000}},
    {"session", {WEIR_BENCH_SESSION, 20, 0}},      {"session_long", {WEIR_BENCH_SESSION, 100, 0}},
    {"count_10", {WEIR_BENCH_COUNT, 10, 0}},       {"count_1000", {WEIR_BENCH_COUNT, 1000, 0}},
};
static const struct windows million_windows[] = {
    {"session", {WEIR_BENCH_SESSION, 2000, 0}},
    {"session_long", {WEIR_BENCH_SESSION, 10000, 0}},
    {"count_10", {WEIR_BENCH_COUNT, 10, 0}},
};

/* One window: of several each would have most of its rows alone. */
static const struct windows minute = {"tumble_60", {WEIR_BENCH_TUMBLE, 60000, 0}};

static const char *const clock_names[] = {"at_end", "advance", "declared"};

struct job {
    struct data *data;
    const struct windows *windows;
    enum weir_bench_clock clock;
    int32_t workers;
};

#define JOBS_MAX 256
static struct job jobs[JOBS_MAX];
static int32_t jobs_count;

/* Rows of one kind stand in memory at a time: benches run in the order in which they are registered. */
static enum weir_status make_rows(struct data *data, struct weir_error *error) {
    if (data->rows.rows != 0) return WEIR_OK;
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(all_data); i++) weir_rows_fini(&all_data[i].rows);
    return weir_rows_generate(&data->spec, &data->rows, error);
}

/* In how many windows a row counts. */
static int64_t windows_of(const struct weir_bench_window *window, int64_t ts) {
    switch (window->kind) {
    case WEIR_BENCH_HOP: return window->size / window->slide;
    case WEIR_BENCH_CUMULATE: return (window->size - ts % window->size + window->slide - 1) / window->slide;
    default: return 1;
    }
}

/* What the last two columns of a result, COUNT(*) and SUM(v), add up to. */
struct expected {
    int64_t counts;
    double sums;
};

/* Adds what the results over the rows must add up to. */
static void expect(const struct weir_bench_window *window, const struct weir_rows *rows,
                   struct expected *expected) {
    for (int64_t b = 0; b < rows->batches_count; b++) {
        const double *values = weir_rows_values(&rows->batches[b]);
        const int64_t *times = weir_rows_times(&rows->batches[b]);
        for (int64_t i = 0; i < rows->batches[b].length; i++) {
            int64_t windows = windows_of(window, times[i]);
            expected->counts += windows;
            expected->sums += (double)windows * values[i];
        }
    }
}

static enum weir_status compare(const struct expected *expected, const struct weir_bench_totals *totals,
                                struct weir_error *error) {
    int64_t counts = (int64_t)totals->words[totals->columns - 2];
    double sums = totals->reals[totals->columns - 1];
    if (counts == expected->counts && fabs(sums - expected->sums) <= 1e-9 * expected->sums) return WEIR_OK;
    snprintf(error->message, sizeof(error->message), "wrong result: %lld rows counted of %lld, sum %.17g of %.17g",
             (long long)counts, (long long)expected->counts, sums, expected->sums);
    return WEIR_ERR_INTERNAL;
}

/* ---- whole executions ---- */

/* One execution outside the clock: faults in what the allocator keeps, and must give the right result. */
static enum weir_status prepare(const struct job *job, struct weir_query **query, struct weir_error *error) {
    const struct weir_bench_window *window = &job->windows->window;
    enum weir_status status = make_rows(job->data, error);
    if (status == WEIR_OK) status = weir_bench_query_of(window, job->data->spec.key, job->clock, query, error);
    struct weir_bench_totals totals;
    struct expected expected = {.counts = 0};
    if (status == WEIR_OK) {
        status =
            weir_bench_execute(*query, &job->data->rows, job->clock, job->workers, false, &totals, NULL, error);
    }
    if (status != WEIR_OK) return status;
    expect(window, &job->data->rows, &expected);
    return compare(&expected, &totals, error);
}

static void bench_query(struct weir_gbench *bench, void *user) {
    const struct job *job = user;
    struct weir_error error = {0};
    struct weir_query *query = NULL;
    enum weir_status status = prepare(job, &query, &error);
    while (status == WEIR_OK && weir_gbench_keep_running(bench)) {
        status = weir_bench_execute(query, &job->data->rows, job->clock, job->workers, false, NULL, NULL, &error);
    }
    weir_query_destroy(&query);
    if (status != WEIR_OK) {
        weir_gbench_fail(bench, error.message);
        return;
    }
    weir_gbench_rows(bench, job->data->rows.rows);
    weir_gbench_bytes(bench, job->data->rows.rows * weir_rows_bytes_a_row(&job->data->rows.schema));
}

/* ---- a stretch of a stream ---- */

/* Passes over the rows until the clock has enough, then the end of the stream, whose result must be right. */
static enum weir_status measure_steady(struct weir_gbench *bench, const struct job *job,
                                       struct weir_bench_steady *steady, struct weir_error *error) {
    const struct weir_bench_window *window = &job->windows->window;
    struct expected expected = {.counts = 0};
    enum weir_status status = WEIR_OK;
    expect(window, &steady->before, &expected);
    while (status == WEIR_OK && weir_gbench_keep_running(bench)) {
        status = weir_bench_steady_pass(steady, error);
        weir_gbench_pause(bench);
        expect(window, &job->data->rows, &expected);
        weir_bench_steady_move(steady);
        weir_gbench_resume(bench);
    }
    if (status == WEIR_OK) status = weir_bench_steady_finish(steady, error);
    return status == WEIR_OK ? compare(&expected, &steady->totals, error) : status;
}

static void bench_steady(struct weir_gbench *bench, void *user) {
    const struct job *job = user;
    struct data *data = job->data;
    const struct weir_bench_window *window = &job->windows->window;
    struct weir_bench_steady steady = {.rows = NULL};
    struct weir_query *query = NULL;
    struct weir_error error = {0};
    enum weir_status status = make_rows(data, &error);
    if (status == WEIR_OK) {
        status = weir_bench_query_of(window, data->spec.key, WEIR_BENCH_ADVANCE, &query, &error);
    }
    if (status == WEIR_OK) status = weir_bench_steady_open(query, &data->rows, window->size, &steady, &error);
    if (status == WEIR_OK) status = measure_steady(bench, job, &steady, &error);
    weir_bench_steady_close(&steady);
    weir_query_destroy(&query);
    if (status != WEIR_OK) {
        weir_gbench_fail(bench, error.message);
        return;
    }
    weir_gbench_rows(bench, data->rows.rows);
    weir_gbench_bytes(bench, data->rows.rows * weir_rows_bytes_a_row(&data->rows.schema));
}

/* ---- which ---- */

static void add_job(struct data *data, const struct windows *windows, enum weir_bench_clock clock, int32_t workers,
                    bool steady) {
    struct job *job = &jobs[jobs_count++];
    *job = (struct job){data, windows, clock, workers};
    char name[96];
    snprintf(name, sizeof(name), "%s/%s/%s/workers:%d", windows->name, data->name,
             steady ? "steady" : clock_names[clock], (int)workers);
    weir_gbench_register(name, steady ? bench_steady : bench_query, job);
}

static void register_tumble(struct data *data) {
    for (int clock = WEIR_BENCH_AT_END; clock <= WEIR_BENCH_DECLARED; clock++) {
        if (clock == WEIR_BENCH_DECLARED && data->spec.key == WEIR_ROWS_DICTIONARY) continue;
        for (int32_t workers = 0; workers <= 2; workers++) {
            add_job(data, &all_windows[0], (enum weir_bench_clock)clock, workers, false);
        }
    }
}

#define ROWS_TOY 1000000

/* Many windows of many keys are a matter of rows out, not of rows in: only a stretch of the stream is timed, and
 * that only where it is no toy, as the windows that are open at its end give the same rows in any case. */
static bool is_mostly_output(const struct data *data, const struct windows *windows) {
    return windows->window.kind == WEIR_BENCH_HOP && windows->window.size > 60000 && data->spec.keys > 100;
}

static void register_others(struct data *data) {
    for (size_t w = 0; w < WEIR_ARRAY_COUNT(all_windows); w++) {
        const struct windows *windows = &all_windows[w];
        bool sliced = windows->window.kind == WEIR_BENCH_TUMBLE || windows->window.kind == WEIR_BENCH_HOP;
        if (w > 0 && !is_mostly_output(data, windows)) {
            add_job(data, windows, WEIR_BENCH_ADVANCE, 0, false);
            add_job(data, windows, WEIR_BENCH_ADVANCE, 2, false);
        }
        if (is_mostly_output(data, windows) && data->spec.rows < ROWS_TOY) continue;
        if (sliced) add_job(data, windows, WEIR_BENCH_ADVANCE, 0, true);
    }
}

static void register_million(struct data *data) {
    for (size_t w = 0; w < WEIR_ARRAY_COUNT(million_windows); w++) {
        add_job(data, &million_windows[w], WEIR_BENCH_ADVANCE, 0, false);
        add_job(data, &million_windows[w], WEIR_BENCH_ADVANCE, 2, false);
    }
}

static void register_more(struct data *data) {
    add_job(data, &minute, WEIR_BENCH_AT_END, 0, false);
    add_job(data, &minute, WEIR_BENCH_AT_END, 2, false);
}

static void register_all(int64_t rows, int64_t rows_a_ms) {
    for (size_t d = 0; d < WEIR_ARRAY_COUNT(all_data); d++) {
        struct data *data = &all_data[d];
        data->spec.rows = rows;
        data->spec.rows_a_ms = rows_a_ms;
        if (data->spec.keys > 1000000) {
            register_more(data);
            continue;
        }
        register_tumble(data);
        if (data->spec.keys == 100 || data->spec.keys == 10000) register_others(data);
        if (data->spec.keys == 1000000) register_million(data);
    }
}

int main(int argc, char **argv) {
    int64_t rows = weir_gbench_option(&argc, argv, "rows", ROWS_DEFAULT);
    register_all(rows, weir_gbench_option(&argc, argv, "rows_a_ms", WEIR_ROWS_A_MS));
    int code = weir_gbench_run(argc, argv);
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(all_data); i++) weir_rows_fini(&all_data[i].rows);
    return code;
}
