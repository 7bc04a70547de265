/* SPDX-License-Identifier: Apache-2.0
 *
 * Units of event time, named by how many of them a second has: 1, 1 000, 1 000 000 or 1 000 000 000. A plan works
 * in one (plan.h): ms, or that of its time column.
 */
#ifndef WEIR_ENGINE_TIME_UNIT_H
#define WEIR_ENGINE_TIME_UNIT_H

#include <stdint.h>

#include "engine/type.h"

#define WEIR_UNIT_MS INT64_C(1000)

/* "s", "ms", "us", "ns". */
const char *weir_unit_name(int64_t units_per_second);

/* Of the TIMESTAMP(p) that holds them: 0, 3, 6, 9. */
int weir_unit_precision(int64_t units_per_second);

/* The type of window_start and window_end: TIMESTAMP(p) NOT NULL. */
struct weir_type weir_unit_bound_type(int64_t units_per_second);

/* Ms in units, held at the ends of the range; in seconds rounded towards minus infinity, so that a number of
 * seconds is beyond the result where it is beyond the ms. */
int64_t weir_unit_of_ms(int64_t ms, int64_t units_per_second);

#endif
