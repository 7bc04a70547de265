/* SPDX-License-Identifier: Apache-2.0
 *
 * The engine as embedders use it: TUMBLE of five seconds, sum and count, from Arrow batches in memory.
 *   bench_engine [--rows=N] [options of Google Benchmark]
 * The default number of rows is far more than any cache holds: rows are streamed from DRAM. Before a query is
 * timed, its result is compared with sums over the rows.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "bench/gbench.h"
#include "bench/query.h"

#define ROWS_DEFAULT 20000000

struct data {
    const char *name;
    struct weir_rows_spec spec;
    struct weir_rows rows; /* made at first use, kept until another is wanted */
    double sum;
};

static struct data all_data[] = {
    {.name = "none", .spec = {.keys = 1, .key = WEIR_ROWS_NO_KEY}},
    {.name = "dictionary_100", .spec = {.keys = 100, .key = WEIR_ROWS_DICTIONARY}},
    {.name = "dictionary_1K", .spec = {.keys = 1000, .key = WEIR_ROWS_DICTIONARY}},
    {.name = "int64_100", .spec = {.keys = 100, .key = WEIR_ROWS_WORD}},
    {.name = "int64_10K", .spec = {.keys = 10000, .key = WEIR_ROWS_WORD}},
    {.name = "int64_1M", .spec = {.keys = 1000000, .key = WEIR_ROWS_WORD}},
};

static const char *const clock_names[] = {"at_end", "advance", "declared"};

struct job {
    struct data *data;
    enum weir_bench_clock clock;
    int32_t workers;
};

static struct job jobs[WEIR_ARRAY_COUNT(all_data) * 3 * 3];

/* Rows of one kind stand in memory at a time: benches run in the order in which they are registered. */
static enum weir_status make_rows(struct data *data, struct weir_error *error) {
    if (data->rows.rows != 0) return WEIR_OK;
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(all_data); i++) weir_rows_fini(&all_data[i].rows);
    enum weir_status status = weir_rows_generate(&data->spec, &data->rows, error);
    if (status != WEIR_OK) return status;
    data->sum = 0;
    for (int64_t b = 0; b < data->rows.batches_count; b++) {
        const double *values = weir_rows_values(&data->rows.batches[b]);
        for (int64_t i = 0; i < data->rows.batches[b].length; i++) data->sum += values[i];
    }
    return WEIR_OK;
}

static bool is_right(const struct data *data, const struct weir_bench_totals *totals) {
    return totals->counts == data->rows.rows && fabs(totals->sums - data->sum) <= 1e-9 * data->sum;
}

/* One execution outside the clock: faults in what the allocator keeps, and must give the right result. */
static enum weir_status prepare(const struct job *job, struct weir_query **query, struct weir_error *error) {
    enum weir_status status = make_rows(job->data, error);
    if (status == WEIR_OK) status = weir_bench_query(job->data->spec.key, job->clock, query, error);
    struct weir_bench_totals totals;
    if (status == WEIR_OK) {
        status =
            weir_bench_execute(*query, &job->data->rows, job->clock, job->workers, false, &totals, NULL, error);
    }
    if (status != WEIR_OK || is_right(job->data, &totals)) return status;
    snprintf(error->message, sizeof(error->message), "wrong result: %lld rows counted of %lld, sum %.17g of %.17g",
             (long long)totals.counts, (long long)job->data->rows.rows, totals.sums, job->data->sum);
    return WEIR_ERR_INTERNAL;
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
    weir_gbench_bytes(bench, job->data->rows.rows * weir_rows_bytes_a_row(job->data->spec.key));
}

static void register_all(int64_t rows) {
    size_t count = 0;
    for (size_t d = 0; d < WEIR_ARRAY_COUNT(all_data); d++) {
        all_data[d].spec.rows = rows;
        all_data[d].spec.rows_a_ms = WEIR_ROWS_A_MS;
        for (int clock = WEIR_BENCH_AT_END; clock <= WEIR_BENCH_DECLARED; clock++) {
            if (clock == WEIR_BENCH_DECLARED && all_data[d].spec.key == WEIR_ROWS_DICTIONARY) continue;
            for (int32_t workers = 0; workers <= 2; workers++) {
                struct job *job = &jobs[count++];
                *job = (struct job){&all_data[d], (enum weir_bench_clock)clock, workers};
                char name[96];
                snprintf(name, sizeof(name), "tumble/%s/%s/workers:%d", all_data[d].name, clock_names[clock],
                         (int)workers);
                weir_gbench_register(name, bench_query, job);
            }
        }
    }
}

int main(int argc, char **argv) {
    register_all(weir_gbench_option(&argc, argv, "rows", ROWS_DEFAULT));
    int code = weir_gbench_run(argc, argv);
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(all_data); i++) weir_rows_fini(&all_data[i].rows);
    return code;
}
