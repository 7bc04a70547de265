/* SPDX-License-Identifier: Apache-2.0
 *
 * Queries put together by calls instead of SQL: a line of the protocol for each.
 *
 *   build unit NUMBER                       numbers of enums are those of weir/builder.h
 *   build time NAME
 *   build processing_time
 *   build zone NAME
 *   build watermark B IDLE CLOSE FUTURE_MAX FUTURE BY_PARTITIONS
 *   build tumble SIZE OFFSET                and hop, cumulate, session, count, count_or_time with their arguments
 *   build emission LATENESS LATE_FIRE CLOCK LATE EARLY_ROWS EARLY_EVERY MODE END
 *   build fill KIND VALUE MAX
 *   build filter NAME OP VALUE              VALUE: i, f or s before the text of it, or \N for IS NULL and its like
 *   build having NAME OP VALUE
 *   build bound NUMBER NAME
 *   build key NAME
 *   build aggregate NUMBER COLUMN NAME
 */
#ifndef WEIR_TESTS_MODEL_DRIVE_BUILD_H
#define WEIR_TESTS_MODEL_DRIVE_BUILD_H

#include <weir/builder.h>

#include "drive_text.h"

static const struct weir_term *drive_literal(struct weir_builder *b, const char *text) {
    if (*text == 'i') return weir_builder_integer(b, text_to_i64(text + 1));
    if (*text == 'f') return weir_builder_number(b, text_to_f64(text + 1));
    return weir_builder_string(b, text + 1);
}

static const struct weir_term *drive_comparison(struct weir_builder *b, const struct weir_term *left,
                                                char **fields) {
    enum weir_builder_op op = (enum weir_builder_op)text_to_i64(fields[3]);
    if (fields[4] == NULL) return weir_builder_unary(b, op, left);
    return weir_builder_binary(b, left, op, drive_literal(b, fields[4]));
}

static void drive_watermark(struct weir_builder *b, const int64_t *n) {
    struct weir_builder_watermark_options options = {.struct_size = sizeof(options),
                                                     .out_of_orderness = n[0],
                                                     .idle_after_ms = n[1],
                                                     .close_after_ms = n[2],
                                                     .future_max_ms = n[3],
                                                     .future = (enum weir_builder_future)n[4],
                                                     .future_by_partitions = n[5] != 0};
    weir_builder_watermark(b, &options);
}

static void drive_emission(struct weir_builder *b, const int64_t *n) {
    struct weir_builder_emission_options options = {.struct_size = sizeof(options),
                                                    .lateness = n[0],
                                                    .late_fire = n[1] != 0,
                                                    .early_processing_time = n[2] != 0,
                                                    .late = (enum weir_builder_late)n[3],
                                                    .early_rows = n[4],
                                                    .early_every = n[5],
                                                    .mode = (enum weir_builder_update)n[6],
                                                    .end = (enum weir_builder_end)n[7]};
    weir_builder_emission(b, &options);
}

static void drive_fill(struct weir_builder *b, const int64_t *n) {
    enum weir_builder_fill kind = (enum weir_builder_fill)n[0];
    weir_builder_fill(b, kind, kind == WEIR_BUILDER_FILL_VALUE ? weir_builder_integer(b, n[1]) : NULL, n[2]);
}

/* Calls whose arguments are all numbers. Returns false when the word is none of them. */
static bool drive_build_numbers(struct weir_builder *b, const char *word, const int64_t *n, int count) {
    if (strcmp(word, "unit") == 0 && count == 1) {
        weir_builder_unit(b, (enum weir_builder_unit)n[0]);
    } else if (strcmp(word, "processing_time") == 0 && count == 0) {
        weir_builder_processing_time(b);
    } else if (strcmp(word, "watermark") == 0 && count == 6) {
        drive_watermark(b, n);
    } else if (strcmp(word, "tumble") == 0 && count == 2) {
        weir_builder_tumble(b, n[0], n[1]);
    } else if (strcmp(word, "hop") == 0 && count == 3) {
        weir_builder_hop(b, n[0], n[1], n[2]);
    } else if (strcmp(word, "cumulate") == 0 && count == 3) {
        weir_builder_cumulate(b, n[0], n[1], n[2]);
    } else if (strcmp(word, "session") == 0 && count == 2) {
        weir_builder_session(b, n[0], n[1]);
    } else if (strcmp(word, "count") == 0 && count == 2) {
        weir_builder_count(b, n[0], n[1]);
    } else if (strcmp(word, "count_or_time") == 0 && count == 2) {
        weir_builder_count_or_time(b, n[0], n[1]);
    } else if (strcmp(word, "emission") == 0 && count == 8) {
        drive_emission(b, n);
    } else if (strcmp(word, "fill") == 0 && count == 3) {
        drive_fill(b, n);
    } else {
        return false;
    }
    return true;
}

static bool drive_build_names(struct weir_builder *b, const char *word, char **fields, int count) {
    if (strcmp(word, "time") == 0 && count == 3) {
        weir_builder_time(b, fields[2]);
    } else if (strcmp(word, "zone") == 0 && count == 3) {
        weir_builder_zone(b, fields[2]);
    } else if (strcmp(word, "key") == 0 && count == 3) {
        weir_builder_key(b, fields[2], NULL);
    } else if (strcmp(word, "bound") == 0 && count == 4) {
        weir_builder_bound(b, (enum weir_builder_bound)text_to_i64(fields[2]), fields[3]);
    } else if (strcmp(word, "aggregate") == 0 && count == 5) {
        weir_builder_aggregate(b, (enum weir_builder_function)text_to_i64(fields[2]), fields[3], fields[4]);
    } else if (strcmp(word, "filter") == 0 && count == 5) {
        weir_builder_filter(b, drive_comparison(b, weir_builder_column(b, fields[2]), fields));
    } else if (strcmp(word, "having") == 0 && count == 5) {
        weir_builder_having(b, drive_comparison(b, weir_builder_result(b, fields[2]), fields));
    } else {
        return false;
    }
    return true;
}

/* The fields of a line that begins with `build`. What the builder refuses is told by weir_builder_finish. */
static inline void drive_build(struct weir_builder *b, char **fields, int count) {
    int64_t numbers[8] = {0};
    const char *word = fields[1] == NULL ? "" : fields[1];
    if (drive_build_names(b, word, fields, count)) return;
    for (int i = 2; i < count && i < 10; i++) numbers[i - 2] = text_to_i64(fields[i]);
    if (!drive_build_numbers(b, word, numbers, count - 2)) protocol_fail("no call of a builder", word);
}

#endif
