/* SPDX-License-Identifier: Apache-2.0
 *
 * Result batches as lines of text: times and numbers raw, so that the other side compares values and not their
 * looks.
 */
#ifndef WEIR_TESTS_MODEL_DRIVE_PRINT_H
#define WEIR_TESTS_MODEL_DRIVE_PRINT_H

#include <inttypes.h>
#include <weir/weir.h>

#include "drive_text.h"

static bool drive_is_null(const struct ArrowArray *array, int64_t at) {
    const uint8_t *bits = array->n_buffers > 0 ? array->buffers[0] : NULL;
    return bits != NULL && ((bits[at / 8] >> (at % 8)) & 1) == 0;
}

/* Types without a raw form of their own, as weir prints them; '?' for an array that is not of the schema's layout.
 */
static void drive_print_formatted(const struct ArrowSchema *schema, const struct ArrowArray *array, int64_t row) {
    size_t length = 0;
    char *buffer = NULL;
    enum weir_status status = weir_value_format(schema, array, row, NULL, 0, &length);
    if (status == WEIR_OK) {
        buffer = malloc(length + 1);
        if (buffer == NULL) abort();
        status = weir_value_format(schema, array, row, buffer, length, &length);
    }
    if (status == WEIR_OK) {
        text_print(buffer, length);
    } else {
        fputs(status == WEIR_END ? "\\N" : "?", stdout);
    }
    free(buffer);
}

static void drive_print_cell(const struct ArrowSchema *schema, const struct ArrowArray *array, int64_t row) {
    int64_t at = array->offset + row;
    const char *format = schema->format;
    if (drive_is_null(array, at)) {
        fputs("\\N", stdout);
    } else if (schema->dictionary == NULL && (strcmp(format, "l") == 0 || strncmp(format, "ts", 2) == 0)) {
        printf("%" PRId64, ((const int64_t *)array->buffers[1])[at]);
    } else if (schema->dictionary == NULL && strcmp(format, "g") == 0) {
        printf("%.17g", ((const double *)array->buffers[1])[at]);
    } else {
        drive_print_formatted(schema, array, row);
    }
}

/* One line a row: the tag, then the columns. */
static inline void drive_print_rows(const char *tag, const struct ArrowSchema *schema,
                                    const struct ArrowArray *batch) {
    for (int64_t row = 0; row < batch->length; row++) {
        fputs(tag, stdout);
        for (int64_t i = 0; i < schema->n_children; i++) {
            putchar('\t');
            drive_print_cell(schema->children[i], batch->children[i], batch->offset + row);
        }
        putchar('\n');
    }
}

static inline void drive_print_error(const char *stage, enum weir_status status, const struct weir_error *error) {
    printf("error\t%s\t%s\t%d\t%d\t", stage, weir_status_name(status), error->line, error->column);
    text_print(error->message, strlen(error->message));
    putchar('\n');
}

static inline void drive_print_stats(const struct weir_stats *stats) {
    printf("stats\trows_in=%" PRId64 "\tfiltered=%" PRId64 "\tnull_time=%" PRId64 "\tfuture_dropped=%" PRId64,
           stats->rows_in, stats->filtered, stats->null_time, stats->future_dropped);
    printf("\tunassigned=%" PRId64 "\tlate=%" PRId64 "\taggregated=%" PRId64 "\trows_out=%" PRId64,
           stats->unassigned, stats->late, stats->aggregated, stats->rows_out);
    printf("\twindows_fired=%" PRId64 "\twatermark=%" PRId64, stats->windows_fired, stats->watermark);
    printf("\tfuture=%" PRId64 "\tfolded=%" PRId64 "\n", stats->future, stats->folded);
}

#endif
