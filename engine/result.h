/* SPDX-License-Identifier: Apache-2.0
 *
 * Result rows on their way into an Arrow array: columns that grow by doubling and leave without a copy.
 */
#ifndef WEIR_ENGINE_RESULT_H
#define WEIR_ENGINE_RESULT_H

#include <stdint.h>

#include "engine/expression.h"

struct weir_result_column {
    struct weir_layout layout; /* weir_layout_of(type) */
    char *values;              /* elements, bits (BOOL), or the bytes of strings */
    size_t values_used;        /* bytes; BOOL: none, rows count */
    size_t values_room;
    int32_t *offsets; /* strings: rows + 1 */
    size_t offsets_room;
    uint64_t *validity; /* bit set: not NULL */
    size_t validity_room;
    int64_t nulls;
};

struct weir_result {
    int32_t columns_count;
    struct weir_result_column *columns;
    int64_t rows;
};

/* Rows after which a batch of results is closed. */
#define WEIR_RESULT_ROWS 65536

enum weir_status weir_result_init(struct weir_result *result, const struct weir_type *types, int32_t count,
                                  struct weir_error *error);
void weir_result_fini(struct weir_result *result);

/* Appends rows of one vector a column: rows selected[0 .. count), or 0 .. count where selected is NULL. */
enum weir_status weir_result_append(struct weir_result *result, const struct weir_vector *vectors,
                                    const uint32_t *selected, int32_t count, struct weir_error *error);

/* Appends one row of an array that weir_result_take made from the same types. */
enum weir_status weir_result_append_row(struct weir_result *result, const struct ArrowArray *array, int64_t row,
                                        struct weir_error *error);

/* True when the batch should be closed: it has WEIR_RESULT_ROWS rows, or a column nears the 2 GiB of 32-bit
 * offsets. */
bool weir_result_is_full(const struct weir_result *result);

/* Moves the rows into a struct array of the first `columns` columns (the others are dropped) and empties the
 * builder. */
enum weir_status weir_result_take(struct weir_result *result, int32_t columns, struct ArrowArray *out,
                                  struct weir_error *error);

#endif
