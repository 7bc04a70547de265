/* SPDX-License-Identifier: Apache-2.0
 *
 * Finished aggregate values, a row of them for each result, as FILL needs them: kept while an advance of W is given
 * out, copied, and interpolated between two.
 */
#ifndef WEIR_ENGINE_FILL_VALUE_H
#define WEIR_ENGINE_FILL_VALUE_H

#include <stdint.h>

#include "engine/accumulator.h"

/* One value; not `some`: NULL. */
struct weir_fill_value {
    union weir_value value;
    bool some;
};

struct weir_fill_values {
    const struct weir_plan *plan;
    struct weir_fill_value *values; /* plan->aggregates_count a row */
    uint32_t count;                 /* rows */
    uint32_t capacity;
    struct weir_arena strings;
    struct weir_arena finishing;
};

void weir_fill_values_init(struct weir_fill_values *values, const struct weir_plan *plan);
void weir_fill_values_fini(struct weir_fill_values *values);
void weir_fill_values_clear(struct weir_fill_values *values);

static inline struct weir_fill_value *weir_fill_values_row(const struct weir_fill_values *values, uint32_t row) {
    return values->values + (size_t)row * (size_t)values->plan->aggregates_count;
}

/* Appends the values of count accumulator rows. Errors: WEIR_ERR_MEMORY, and those of weir_accumulator_finish. */
enum weir_status weir_fill_values_finish(struct weir_fill_values *values,
                                         const struct weir_accumulator *accumulator, const char *const *rows,
                                         uint32_t count, struct weir_error *error);

/* Appends a copy of a row, strings included. False when memory is short. */
bool weir_fill_values_copy(struct weir_fill_values *values, const struct weir_fill_value *row);

/* Step i of n on the straight line from a to b, 0 < i < n: a + (b - a) * i / n, where the division of integers and
 * decimals truncates towards zero and nothing overflows. NULL where a or b is. */
struct weir_fill_value weir_fill_between(struct weir_type type, struct weir_fill_value a, struct weir_fill_value b,
                                         uint64_t i, uint64_t n);

#endif
