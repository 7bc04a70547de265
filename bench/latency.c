/* SPDX-License-Identifier: Apache-2.0
 *
 * From push to result: how long after the rows that close a window its result is in the caller's hands, while the
 * stream goes on at a part of what the engine can take. One line of JSON; scripts/bench --latency makes the table.
 *   bench_latency [--rows N] [--keys N] [--batch N] [--window N] [--load PERCENT] [--passes N] [--workers N]
 *     rows     of a pass at least; the same ones come again in each pass, with later times
 *     batch    rows of a push, a power of two
 *     window   batches that a window (TUMBLE, COUNT(*) and SUM(v) by a 64-bit key) lasts
 *
 * First the capacity: passes in which each batch is pushed as soon as the one before it is done. Then the load: an
 * open loop, batch i is due at start + i / rate whether or not the engine has kept up, and time is counted from
 * when it was due. So a batch that had to wait for its turn is not left out (coordinated omission).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/futex.h"
#include "bench/histogram.h"
#include "bench/query.h"

#define WORKERS_MAX 64
#define CAPACITY_PASSES 5
#define WAIT_TURNS 32

enum option { ROWS, KEYS, BATCH, WINDOW, LOAD, PASSES, WORKERS, OPTIONS };

struct latency {
    int64_t options[OPTIONS];
    struct weir_rows rows;
    int64_t batches; /* of a pass; each lasts a millisecond of event time */
    struct weir_query *query;
    struct ArrowSchema schema;
    struct weir_pipeline *pipeline;
    int64_t moved_ms;     /* by the passes before */
    int64_t closed_ms;    /* end of the last window that has come */
    uint64_t start, step; /* ns: when the pass began, and between two batches; step 0: as soon as may be */
    struct weir_histogram results, pushes;
    struct weir_bench_totals totals;
};

static uint64_t now_ns(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (uint64_t)at.tv_sec * 1000000000U + (uint64_t)at.tv_nsec;
}

/* ---- what comes out ---- */

static uint64_t due_at(const struct latency *at, int64_t batch) { return at->start + (uint64_t)batch * at->step; }

/* The window closed with the batch that lasted its last millisecond. */
static void note_result(struct latency *at, const struct ArrowArray *result) {
    const struct ArrowArray *ends = result->children[1];
    int64_t end = ((const int64_t *)ends->buffers[1])[ends->offset + result->offset + result->length - 1];
    at->closed_ms = end;
    if (at->step == 0) return;
    weir_histogram_add(&at->results, now_ns() - due_at(at, end - 1 - at->moved_ms));
}

static enum weir_status drain(struct latency *at, struct weir_error *error) {
    for (;;) {
        struct ArrowArray result;
        enum weir_status status = weir_pipeline_next(at->pipeline, &result, error);
        if (status == WEIR_AGAIN || status == WEIR_END) return WEIR_OK;
        if (status != WEIR_OK) return status;
        bool added = weir_bench_add(&at->totals, &at->schema, &result, false);
        if (result.length > 0) note_result(at, &result);
        result.release(&result);
        if (!added) return weir_error_set(error, WEIR_ERR_UNSUPPORTED, "a column of the result cannot be summed");
    }
}

/* ---- what goes in ---- */

static struct ArrowArray lend(const struct latency *at, int64_t batch) {
    int64_t first = batch * at->options[BATCH];
    struct ArrowArray array = weir_rows_lend(&at->rows, first / WEIR_ROWS_BATCH);
    array.offset = first % WEIR_ROWS_BATCH;
    array.length = at->options[BATCH];
    return array;
}

/* Until the batch is due the caller asks for results, with pauses, since cores may share their units. */
static enum weir_status wait_for(struct latency *at, int64_t batch, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    if (at->step == 0) return status;
    while (status == WEIR_OK && now_ns() < due_at(at, batch)) {
        for (int turn = 0; turn < WAIT_TURNS; turn++) weir_spin_pause();
        status = drain(at, error);
    }
    return status;
}

static enum weir_status pass(struct latency *at, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    at->start = now_ns() + at->step;
    for (int64_t i = 0; i < at->batches && status == WEIR_OK; i++) {
        status = wait_for(at, i, error);
        struct ArrowArray batch = lend(at, i);
        if (status == WEIR_OK) status = weir_pipeline_push(at->pipeline, 0, &batch, error);
        if (status == WEIR_OK) status = weir_pipeline_advance(at->pipeline, 0, at->moved_ms + i, error);
        if (status == WEIR_OK) status = drain(at, error);
        if (at->step != 0) weir_histogram_add(&at->pushes, now_ns() - due_at(at, i));
    }
    while (status == WEIR_OK && at->closed_ms < at->moved_ms + at->batches) status = drain(at, error);
    return status;
}

/* Passes; the seconds that the median one took. */
static enum weir_status run_passes(struct latency *at, int64_t passes, double *median_s, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    uint64_t taken[CAPACITY_PASSES] = {0};
    for (int64_t i = 0; i < passes && status == WEIR_OK; i++) {
        uint64_t begin = now_ns();
        status = pass(at, error);
        uint64_t time = now_ns() - begin;
        int64_t place = i < CAPACITY_PASSES ? i : CAPACITY_PASSES - 1;
        for (; place > 0 && taken[place - 1] > time; place--) taken[place] = taken[place - 1];
        taken[place] = time;
        weir_rows_shift(&at->rows, at->batches);
        at->moved_ms += at->batches;
    }
    uint64_t median = taken[CAPACITY_PASSES / 2];
    *median_s = (double)median / 1e9;
    return status;
}

/* ---- a run ---- */

static enum weir_status prepare(struct latency *at, struct weir_error *error) {
    int64_t batch = at->options[BATCH], window = at->options[WINDOW];
    at->batches = (at->options[ROWS] + batch - 1) / batch;
    at->batches = (at->batches + window - 1) / window * window;
    const struct weir_rows_spec spec = {
        .rows = at->batches * batch, .keys = at->options[KEYS], .key = WEIR_ROWS_WORD, .rows_a_ms = batch};
    const struct weir_bench_window tumble = {.kind = WEIR_BENCH_TUMBLE, .size = window};
    const struct weir_pipeline_options options = {.struct_size = sizeof(options),
                                                  .workers = (int32_t)at->options[WORKERS]};
    enum weir_status status = weir_rows_generate(&spec, &at->rows, error);
    if (status == WEIR_OK)
        status = weir_bench_query_of(&tumble, WEIR_ROWS_WORD, WEIR_BENCH_ADVANCE, &at->query, error);
    if (status == WEIR_OK) status = weir_query_schema(at->query, &at->schema, error);
    if (status == WEIR_OK) status = weir_pipeline_create(at->query, &options, &at->pipeline, error);
    return status;
}

static void say_shares(const char *name, const struct weir_histogram *histogram) {
    printf(", \"%s\": {\"count\": %" PRId64 ", \"p50_us\": %.1f, \"p90_us\": %.1f, \"p99_us\": %.1f, "
           "\"p999_us\": %.1f, \"max_us\": %.1f}",
           name, histogram->count, (double)weir_histogram_at(histogram, 0.5) / 1e3,
           (double)weir_histogram_at(histogram, 0.9) / 1e3, (double)weir_histogram_at(histogram, 0.99) / 1e3,
           (double)weir_histogram_at(histogram, 0.999) / 1e3, (double)histogram->greatest / 1e3);
}

static enum weir_status run(struct latency *at, struct weir_error *error) {
    double capacity_s = 0, load_s = 0;
    enum weir_status status = prepare(at, error);
    if (status == WEIR_OK) status = run_passes(at, CAPACITY_PASSES, &capacity_s, error);
    if (status != WEIR_OK) return status;
    double rows = (double)at->rows.rows, load = (double)at->options[LOAD] / 100;
    at->step = (uint64_t)(capacity_s * 1e9 / (double)at->batches / load) + 1;
    status = run_passes(at, at->options[PASSES], &load_s, error);
    if (status != WEIR_OK) return status;
    printf("{\"workers\": %" PRId64 ", \"batch\": %" PRId64 ", \"keys\": %" PRId64 ", \"window_batches\": %" PRId64
           ", \"rows\": %" PRId64 ", \"result_rows\": %" PRId64
           ", \"capacity_rows_per_s\": %.0f, \"rate_rows_per_s\": %.0f",
           at->options[WORKERS], at->options[BATCH], at->options[KEYS], at->options[WINDOW],
           at->rows.rows * (CAPACITY_PASSES + at->options[PASSES]), at->totals.rows, rows / capacity_s,
           (double)at->options[BATCH] * 1e9 / (double)at->step);
    say_shares("result", &at->results);
    say_shares("batch_done", &at->pushes);
    printf("}\n");
    return WEIR_OK;
}

static void close_run(struct latency *at) {
    weir_pipeline_destroy(&at->pipeline);
    if (at->schema.release != NULL) at->schema.release(&at->schema);
    weir_query_destroy(&at->query);
    weir_rows_fini(&at->rows);
}

/* ---- the command line ---- */

static const struct {
    const char *name;
    int64_t fallback, least, most;
} known[OPTIONS] = {
    [ROWS] = {"--rows", 20000000, 1, 1000000000},
    [KEYS] = {"--keys", 100, 1, 100000000},
    [BATCH] = {"--batch", 4096, 1, WEIR_ROWS_BATCH},
    [WINDOW] = {"--window", 10, 1, 1000000},
    [LOAD] = {"--load", 80, 1, 1000},
    [PASSES] = {"--passes", 20, 1, 1000000},
    [WORKERS] = {"--workers", 0, 0, WORKERS_MAX},
};

static int usage(const char *program) {
    fprintf(stderr, "usage: %s [OPTION NUMBER]...\n", program);
    for (int i = 0; i < OPTIONS; i++) {
        fprintf(stderr, "  %-10s %" PRId64 " to %" PRId64 "; %" PRId64 "\n", known[i].name, known[i].least,
                known[i].most, known[i].fallback);
    }
    fprintf(stderr, "  --batch is a power of two\n");
    return 2;
}

static bool read_option(const char *name, const char *text, int64_t *options) {
    for (int i = 0; i < OPTIONS; i++) {
        if (strcmp(name, known[i].name) != 0) continue;
        char *end;
        options[i] = strtoll(text, &end, 10);
        return end != text && *end == 0 && options[i] >= known[i].least && options[i] <= known[i].most;
    }
    return false;
}

int main(int argc, char **argv) {
    static struct latency at; /* the histograms are large */
    for (int i = 0; i < OPTIONS; i++) at.options[i] = known[i].fallback;
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 == argc || !read_option(argv[i], argv[i + 1], at.options)) return usage(argv[0]);
    }
    if ((at.options[BATCH] & (at.options[BATCH] - 1)) != 0) return usage(argv[0]);
    struct weir_error error = {0};
    enum weir_status status = run(&at, &error);
    if (status != WEIR_OK) fprintf(stderr, "%s: %s\n", argv[0], error.message);
    close_run(&at);
    return status == WEIR_OK ? 0 : 1;
}
