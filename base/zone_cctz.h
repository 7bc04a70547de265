/* SPDX-License-Identifier: Apache-2.0
 *
 * What zone.c asks of cctz, which is C++: the changes of a zone's offset. Nobody else includes this.
 */
#ifndef WEIR_BASE_ZONE_CCTZ_H
#define WEIR_BASE_ZONE_CCTZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* From from_s on (seconds since 1970 UTC) the wall clock is offset_s seconds ahead of UTC. */
struct weir_zone_change {
    int64_t from_s;
    int32_t offset_s;
};

enum weir_zone_found {
    WEIR_ZONE_FOUND,
    WEIR_ZONE_UNKNOWN,
    WEIR_ZONE_NO_MEMORY,
};

/* The changes of the region `name`, in order, the first from INT64_MIN; offsets of neighbours differ. *for_ever:
 * the zone has summer time without end, and the changes go on for some 400 years. *changes is from malloc. */
enum weir_zone_found weir_zone_cctz_changes(const char *name, struct weir_zone_change **changes, size_t *count,
                                            bool *for_ever);

#ifdef __cplusplus
}
#endif

#endif
