/* SPDX-License-Identifier: Apache-2.0
 *
 * Sums over the columns of a result: taken of every column, so that no engine can leave a part of the work undone,
 * and equal between engines, whatever the order of its rows.
 */
#ifndef WEIR_BENCH_RESULT_H
#define WEIR_BENCH_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "weir/arrow.h"

#define WEIR_BENCH_COLUMNS_MAX 16

struct weir_bench_totals {
    int64_t rows;
    int32_t columns;
    /* By column: of integers and times (in their unit) the sum modulo 2^64, of strings the sum of their lengths. */
    uint64_t words[WEIR_BENCH_COLUMNS_MAX];
    double reals[WEIR_BENCH_COLUMNS_MAX]; /* of doubles */
    /* Only where asked for: what ties the columns of a row to each other. A row's hash is taken over all of its
     * columns but doubles. */
    uint64_t hash; /* sum over the rows, modulo 2^64 */
    double
        tied[WEIR_BENCH_COLUMNS_MAX]; /* of doubles: sum of the value times the last ten bits of its row's hash */
};

/* Adds a batch of the result. False where a column is of a type that has no sum here, or there are more than
 * WEIR_BENCH_COLUMNS_MAX. */
bool weir_bench_add(struct weir_bench_totals *totals, const struct ArrowSchema *schema,
                    const struct ArrowArray *batch, bool tie);

/* True where column `idx` holds doubles or floats. */
bool weir_bench_is_real(const struct ArrowSchema *schema, int32_t idx);

#endif
