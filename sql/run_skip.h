/* SPDX-License-Identifier: Apache-2.0
 *
 * Groups of rows that the source of a run need not read (engine/prune.h).
 */
#ifndef WEIR_SQL_RUN_SKIP_H
#define WEIR_SQL_RUN_SKIP_H

#include "weir/weir.h"

/* Tells the source, which has its selection, what the plan does not need. What cannot be left out stays. */
enum weir_status weir_run_skip_begin(struct weir_run *run, struct weir_error *error);

/* Counts what the source has left out before what it gave last. */
enum weir_status weir_run_skip_count(struct weir_run *run, struct weir_error *error);

/* For `explain`: a line, in the arena of the plan; "" where the source cannot leave rows out or nothing is
 * filtered. NULL when memory is short. */
const char *weir_run_skip_explain(const struct weir_run *run);

#endif
