/* SPDX-License-Identifier: Apache-2.0
 *
 * ORDER BY over collected result batches.
 */
#ifndef WEIR_ENGINE_ORDER_H
#define WEIR_ENGINE_ORDER_H

#include <stdint.h>

#include "engine/plan.h"

/* A row among batches. */
struct weir_row_ref {
    uint32_t batch;
    uint32_t row;
};

/* The rows of `batches` in the order of plan->order, whose values stand in the columns after the outputs. Equal
 * rows keep their order, but where LIMIT or OFFSET cuts: there the outputs, from the first on, tell them apart
 * (those that are floats after the others), so that what is cut does not depend on the order. malloc'd, *count
 * long; the caller frees it. */
enum weir_status weir_order_rows(const struct weir_plan *plan, const struct ArrowArray *batches,
                                 size_t batches_count, struct weir_row_ref **out, size_t *count,
                                 struct weir_error *error);

#endif
