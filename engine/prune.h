/* SPDX-License-Identifier: Apache-2.0
 *
 * Groups of rows that need not be read: what is known of their columns (least, greatest, how many NULLs) shows that
 * the filter of a plan drops every one of them, that no expression would fail on the way, and what the watermark
 * and the counters become.
 *
 * Bounds may be wider than the values; nothing but bounds is believed. NaN lies outside of them and makes every
 * comparison FALSE but <>, which is therefore not looked at.
 */
#ifndef WEIR_ENGINE_PRUNE_H
#define WEIR_ENGINE_PRUNE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/plan.h"
#include "weir/weir.h"

/* Why no group can be left out whatever is known of it, in words; NULL: some can. The plan is validated and has a
 * filter. */
const char *weir_prune_obstacle(const struct weir_plan *plan);

/* True when the rows need not be read. ranges: one for each column of the plan. fail_on_null_time: as in struct
 * weir_pipeline_options. The plan has no obstacle. */
bool weir_prune_leaves_out(const struct weir_plan *plan, const struct weir_source_range *ranges, int64_t rows,
                           bool fail_on_null_time);

/* The greatest time of rows that were left out, as it is stored, in units of the plan. */
int64_t weir_prune_time(const struct weir_plan *plan, int64_t stored);

#endif
