/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/steady.h"

#include <string.h>

static int64_t last_time(const struct weir_rows *rows) {
    const struct ArrowArray *batch = &rows->batches[rows->batches_count - 1];
    return weir_rows_times(batch)[batch->length - 1];
}

static enum weir_status push(struct weir_bench_steady *steady, const struct weir_rows *rows,
                             struct weir_error *error) {
    return weir_bench_push(steady->pipeline, rows, WEIR_BENCH_ADVANCE, &steady->result, false, &steady->totals,
                           error);
}

enum weir_status weir_bench_steady_open(const struct weir_query *query, struct weir_rows *rows, int64_t window_ms,
                                        struct weir_bench_steady *out, struct weir_error *error) {
    const struct weir_pipeline_options options = {.struct_size = sizeof(options)};
    size_t keys = weir_rows_count_keys(rows);
    *out = (struct weir_bench_steady){.rows = rows, .span_ms = last_time(rows) + 1};
    int64_t before = window_ms + window_ms / 4;
    if (before > rows->rows / 5) before = rows->rows / 5 + 1; /* toy sizes */
    const struct weir_rows_spec spec = {
        .rows = before, .keys = keys == 0 ? 1 : (int64_t)keys, .key = rows->key, .rows_a_ms = 1};
    enum weir_status status = weir_rows_generate(&spec, &out->before, error);
    if (status == WEIR_OK) status = weir_query_schema(query, &out->result, error);
    if (status == WEIR_OK) status = weir_pipeline_create(query, &options, &out->pipeline, error);
    if (status == WEIR_OK) status = push(out, &out->before, error);
    if (status != WEIR_OK) return status;
    weir_rows_shift(rows, before);
    out->moved_ms = before;
    return WEIR_OK;
}

enum weir_status weir_bench_steady_pass(struct weir_bench_steady *steady, struct weir_error *error) {
    return push(steady, steady->rows, error);
}

void weir_bench_steady_move(struct weir_bench_steady *steady) {
    weir_rows_shift(steady->rows, steady->span_ms);
    steady->moved_ms += steady->span_ms;
}

enum weir_status weir_bench_steady_finish(struct weir_bench_steady *steady, struct weir_error *error) {
    return weir_bench_finish(steady->pipeline, &steady->result, false, &steady->totals, error);
}

void weir_bench_steady_close(struct weir_bench_steady *steady) {
    weir_pipeline_destroy(&steady->pipeline);
    if (steady->moved_ms != 0) weir_rows_shift(steady->rows, -steady->moved_ms);
    if (steady->result.release != NULL) steady->result.release(&steady->result);
    weir_rows_fini(&steady->before);
    memset(steady, 0, sizeof(*steady));
}
