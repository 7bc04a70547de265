/* SPDX-License-Identifier: Apache-2.0
 *
 * Time columns of each unit, and batches of times, keys and values: what the tests of units share.
 */
#ifndef WEIR_TESTS_API_UNITS_H
#define WEIR_TESTS_API_UNITS_H

#include <weir/builder.h>
#include <weir/weir.h>

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct weir_error error;

/* ---- units ---- */

struct unit {
    enum weir_builder_unit unit;
    int64_t per_second;
    const char *format, *instants; /* of the time column */
    const char *result;            /* in which bounds come; a TIMESTAMP(0) comes in ms */
    int64_t result_per_second;
};

static const struct unit units[] = {
    {WEIR_BUILDER_MILLISECONDS, 1000, "tsm:", "tsm:UTC", "tsm:", 1000},
    {WEIR_BUILDER_SECONDS, 1, "tss:", "tss:UTC", "tsm:", 1000},
    {WEIR_BUILDER_MICROSECONDS, 1000000, "tsu:", "tsu:UTC", "tsu:", 1000000},
    {WEIR_BUILDER_NANOSECONDS, 1000000000, "tsn:", "tsn:UTC", "tsn:", 1000000000},
};
#define UNITS (sizeof(units) / sizeof(units[0]))

/* ---- the stream ---- */

#define ROWS 60
#define COLUMNS 3

static void release_schema(struct ArrowSchema *schema) { schema->release = NULL; }

static inline const struct ArrowSchema *schema_of(const char *format) {
    static struct ArrowSchema schema, columns[COLUMNS], *list[COLUMNS] = {&columns[0], &columns[1], &columns[2]};
    columns[0] = (struct ArrowSchema){.format = format, .name = "ts", .flags = 2, .release = release_schema};
    columns[1] = (struct ArrowSchema){.format = "l", .name = "k", .flags = 2, .release = release_schema};
    columns[2] = (struct ArrowSchema){.format = "l", .name = "v", .flags = 2, .release = release_schema};
    schema = (struct ArrowSchema){
        .format = "+s", .name = "", .n_children = COLUMNS, .children = list, .release = release_schema};
    return &schema;
}

struct batch {
    struct ArrowArray columns[COLUMNS], *list[COLUMNS];
    int64_t values[COLUMNS][ROWS];
    const void *buffers[COLUMNS][2], *none[1];
};

static void release_column(struct ArrowArray *array) { array->release = NULL; }
static void release_batch(struct ArrowArray *array) {
    array->release = NULL;
    free(array->private_data);
}

static inline struct ArrowArray batch_of(const int64_t *ts, const int64_t *k, const int64_t *v, int64_t rows) {
    struct batch *batch = calloc(1, sizeof(*batch));
    const int64_t *values[] = {ts, k, v};
    if (batch == NULL) abort();
    for (int c = 0; c < COLUMNS; c++) {
        memcpy(batch->values[c], values[c], (size_t)rows * sizeof(int64_t));
        batch->buffers[c][1] = batch->values[c];
        batch->columns[c] = (struct ArrowArray){
            .length = rows, .n_buffers = 2, .buffers = batch->buffers[c], .release = release_column};
        batch->list[c] = &batch->columns[c];
    }
    return (struct ArrowArray){.length = rows,
                               .n_buffers = 1,
                               .n_children = COLUMNS,
                               .buffers = batch->none,
                               .children = batch->list,
                               .release = release_batch,
                               .private_data = batch};
}

/* Sunday, 27 October 2024, 00:00 UTC: an hour before the clocks of Berlin change. */
#define BEGIN INT64_C(1729987200000)

static int64_t wall_clock;
static inline int64_t read_clock(void *user) {
    (void)user;
    return wall_clock;
}

#endif
