/* SPDX-License-Identifier: Apache-2.0
 *
 * Names of time zones, as Java's ZoneId takes them.
 */
#ifndef WEIR_BASE_ZONE_NAME_H
#define WEIR_BASE_ZONE_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "weir/types.h"

/* "Z", "+8", "-05:30", "+053015", "UTC", "GMT+8", "UT-01:00" and the like: true with the offset from UTC in
 * seconds, at most 18 hours. */
bool weir_zone_name_offset(const char *name, int32_t *offset_s);

/* May name a region of the tz database: its form is right, and it is none of the files there that are no regions to
 * Java. */
bool weir_zone_name_is_region(const char *name);

/* Fills the error, with the nearest name of the tz database. */
enum weir_status weir_zone_name_unknown(const char *name, struct weir_error *error);

#endif
