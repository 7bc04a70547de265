/* SPDX-License-Identifier: Apache-2.0
 *
 * Readings of two sensors, pushed as an Arrow batch; the mean of each per minute, from a query without SQL.
 *
 *     cc -std=c11 examples/builder.c $(pkg-config --cflags --libs weir) -o builder && ./builder
 */
#include <stdio.h>

#include <weir/builder.h>
#include <weir/weir.h>

/* ---- the readings, in Arrow's layout; static, so that nothing is to be released ---- */

static void keep_schema(struct ArrowSchema *schema) { schema->release = NULL; }
static void keep_array(struct ArrowArray *array) { array->release = NULL; }

static const int64_t times[] = {0, 10000, 61000, 59000, 70000, 5000}; /* ms; the last one comes too late */
static const int32_t sensors[] = {1, 2, 1, 1, 2, 1};
static const double celsius[] = {20.5, 18, 22, 99, 17, 19}; /* 99 is a fault of the sensor */

static struct ArrowSchema columns[] = {{.format = "tsm:", .name = "ts", .release = keep_schema},
                                       {.format = "i", .name = "sensor", .release = keep_schema},
                                       {.format = "g", .name = "celsius", .release = keep_schema}};
static struct ArrowSchema *column_list[] = {&columns[0], &columns[1], &columns[2]};
static struct ArrowSchema schema = {
    .format = "+s", .name = "", .n_children = 3, .children = column_list, .release = keep_schema};

static const void *buffers[3][2] = {{NULL, times}, {NULL, sensors}, {NULL, celsius}}, *no_buffer[1];
static struct ArrowArray arrays[] = {{.length = 6, .n_buffers = 2, .buffers = buffers[0], .release = keep_array},
                                     {.length = 6, .n_buffers = 2, .buffers = buffers[1], .release = keep_array},
                                     {.length = 6, .n_buffers = 2, .buffers = buffers[2], .release = keep_array}};
static struct ArrowArray *array_list[] = {&arrays[0], &arrays[1], &arrays[2]};
static struct ArrowArray batch = {.length = 6,
                                  .n_buffers = 1,
                                  .n_children = 3,
                                  .buffers = no_buffer,
                                  .children = array_list,
                                  .release = keep_array};

/* ---- the query: one call may fail or all; the first failure is what finish reports ---- */

static enum weir_status make_query(struct weir_query **query, struct weir_error *error) {
    struct weir_builder *b = NULL;
    enum weir_status status = weir_builder_create(&schema, &b, error);
    if (status != WEIR_OK) return status;
    struct weir_builder_watermark_options watermark = {.struct_size = sizeof(watermark), .out_of_orderness = 5000};
    weir_builder_time(b, "ts");
    weir_builder_watermark(b, &watermark);
    weir_builder_tumble(b, 60000, 0);
    weir_builder_filter(
        b, weir_builder_binary(b, weir_builder_column(b, "celsius"), WEIR_BUILDER_LT, weir_builder_integer(b, 80)));
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_START, NULL);
    weir_builder_key(b, "sensor", NULL);
    weir_builder_aggregate(b, WEIR_BUILDER_AVG, "celsius", "mean");
    weir_builder_aggregate(b, WEIR_BUILDER_COUNT_ROWS, NULL, "readings");
    weir_builder_order(b, "window_start", false, false);
    weir_builder_order(b, "sensor", false, false);
    status = weir_builder_finish(b, query, error);
    weir_builder_destroy(&b);
    return status;
}

/* ---- the result ---- */

static void print_rows(const struct ArrowSchema *names, const struct ArrowArray *rows) {
    for (int64_t row = 0; row < rows->length; row++) {
        for (int64_t i = 0; i < rows->n_children; i++) {
            char cell[64];
            size_t length = 0;
            weir_value_format(names->children[i], rows->children[i], row, cell, sizeof(cell), &length);
            printf("%s%s=%.*s", i == 0 ? "" : " ", names->children[i]->name, (int)length, cell);
        }
        printf("\n");
    }
}

int main(void) {
    struct weir_error error;
    struct weir_query *query = NULL;
    struct weir_pipeline *pipeline = NULL;
    struct ArrowSchema names;
    struct ArrowArray rows;
    if (make_query(&query, &error) != WEIR_OK || weir_query_schema(query, &names, &error) != WEIR_OK ||
        weir_pipeline_create(query, NULL, &pipeline, &error) != WEIR_OK ||
        weir_pipeline_push(pipeline, 0, &batch, &error) != WEIR_OK ||
        weir_pipeline_finish(pipeline, &error) != WEIR_OK) {
        return fprintf(stderr, "%s\n", error.message), 1;
    }
    while (weir_pipeline_next(pipeline, &rows, &error) == WEIR_OK) {
        print_rows(&names, &rows);
        rows.release(&rows);
    }
    struct weir_stats stats = {.struct_size = sizeof(stats)};
    weir_pipeline_stats(pipeline, &stats);
    printf("%lld readings, %lld filtered, %lld late\n", (long long)stats.rows_in, (long long)stats.filtered,
           (long long)stats.late);
    names.release(&names);
    weir_pipeline_destroy(&pipeline);
    weir_query_destroy(&query);
    return 0;
}
