/* SPDX-License-Identifier: Apache-2.0
 *
 * Counts three rows of one hour through the public API. Valid C11 and C++17.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weir/weir.h>

static void keep(struct ArrowArray *array) { array->release = NULL; }

static int fail(const struct weir_error *error) {
    fprintf(stderr, "%s\n", error->message);
    return 1;
}

int main(void) {
    static const char sql[] =
        "CREATE TABLE events (ts TIMESTAMP(3)) WITH ('connector' = 'push');"
        "SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' HOUR)) "
        "GROUP BY window_start, window_end";
    static int64_t times[] = {INT64_C(946684800000), INT64_C(946684801000), INT64_C(946684802000)};
    struct weir_error error;
    struct weir_query *query = NULL;
    struct weir_pipeline *pipeline = NULL;
    memset(&error, 0, sizeof(error));

    const void *buffers[2] = {NULL, times};
    const void *none[1] = {NULL};
    struct ArrowArray column;
    struct ArrowArray batch;
    struct ArrowArray *children[1] = {&column};
    memset(&column, 0, sizeof(column));
    memset(&batch, 0, sizeof(batch));
    column.length = 3;
    column.n_buffers = 2;
    column.buffers = buffers;
    column.release = keep;
    batch.length = 3;
    batch.n_buffers = 1;
    batch.buffers = none;
    batch.n_children = 1;
    batch.children = children;
    batch.release = keep;

    if (weir_query_create(sql, NULL, NULL, &query, &error) != WEIR_OK) return fail(&error);
    if (weir_pipeline_create(query, NULL, &pipeline, &error) != WEIR_OK) return fail(&error);
    if (weir_pipeline_push(pipeline, 0, &batch, &error) != WEIR_OK) return fail(&error);
    if (weir_pipeline_finish(pipeline, &error) != WEIR_OK) return fail(&error);

    struct ArrowArray result;
    memset(&result, 0, sizeof(result));
    if (weir_pipeline_next(pipeline, &result, &error) != WEIR_OK) return fail(&error);
    int64_t start = ((const int64_t *)result.children[0]->buffers[1])[0];
    int64_t n = ((const int64_t *)result.children[1]->buffers[1])[0];
    printf("%s %" PRId64 "\n", start == times[0] ? "2000-01-01 00:00" : "wrong", n);
    result.release(&result);
    weir_pipeline_destroy(&pipeline);
    weir_query_destroy(&query);
    return 0;
}
