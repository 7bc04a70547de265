/* SPDX-License-Identifier: Apache-2.0
 *
 * Where a batch must be cut so that several partitions that are at hand at once (files of a table) are admitted in
 * the order of their watermarks, row by row: always the partition with the smallest W goes on.
 */
#ifndef WEIR_ENGINE_ROWS_UNTIL_H
#define WEIR_ENGINE_ROWS_UNTIL_H

#include <stdint.h>

#include "engine/pipeline.h"

/* Counts the leading rows of `batch` (the columns of the plan's input; borrowed) up to and with the first that
 * raises the partition's W beyond `limit`, from *own on; *own is W after them. All rows, where none does. Errors:
 * as weir_pipeline_push. */
enum weir_status weir_rows_until(const struct weir_plan *plan, const struct ArrowArray *batch, int64_t limit,
                                 int64_t *own, int64_t *rows, struct weir_error *error);

#endif
