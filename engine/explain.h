/* SPDX-License-Identifier: Apache-2.0
 *
 * A plan in words.
 */
#ifndef WEIR_ENGINE_EXPLAIN_H
#define WEIR_ENGINE_EXPLAIN_H

#include "engine/plan.h"

/* One fact a line, in the order of the data's way; in the plan's arena. NULL when memory is short. */
const char *weir_plan_explain(struct weir_plan *plan);

/* The ways that rows can take and what decides between them at work: lines of the same, in the plan's arena; none
 * for a plan of rows. NULL when memory is short. (explain_ways.c) */
const char *weir_plan_explain_ways(struct weir_plan *plan);

#endif
