/* SPDX-License-Identifier: Apache-2.0
 *
 * Batches whose source knows the range of their event time (engine/known_time.h).
 */
#ifndef WEIR_SQL_RUN_TIMES_H
#define WEIR_SQL_RUN_TIMES_H

#include "weir/weir.h"

/* Pushes the batch that the source of a run without partitions has given last, with what it knows of its times. */
enum weir_status weir_run_times_push(struct weir_run *run, struct ArrowArray *batch, struct weir_error *error);

/* For `explain`: a line, in the arena of the plan; "" where the source knows nothing of times, or the plan looks at
 * none. NULL when memory is short. */
const char *weir_run_times_explain(const struct weir_run *run);

#endif
