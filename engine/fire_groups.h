/* SPDX-License-Identifier: Apache-2.0
 *
 * Groups (a key in a window) -> result rows; the last step of firing, for files of fire.h only.
 */
#ifndef WEIR_ENGINE_FIRE_GROUPS_H
#define WEIR_ENGINE_FIRE_GROUPS_H

#include "engine/fire.h"

/* Gives out `count` <= WEIR_BLOCK_ROWS groups: key ids, bounds and accumulator rows lie in the arrays of `fire`;
 * where `finished` is not NULL it has the values of each aggregate instead. */
enum weir_status weir_fire_finished(struct weir_fire *fire, const struct weir_vector *finished, int32_t count,
                                    struct weir_error *error);
enum weir_status weir_fire_groups(struct weir_fire *fire, int32_t count, struct weir_error *error);

/* The same for groups of one window, whose bounds it fills in; they go to the fill where there is one. */
enum weir_status weir_fire_window(struct weir_fire *fire, int64_t window, int32_t count, struct weir_error *error);

/* One window from the accumulator rows of ids below `keys`; those that hold nothing are left out. */
enum weir_status weir_fire_rows(struct weir_fire *fire, int64_t window, const char *rows, uint32_t keys,
                                struct weir_error *error);

/* After the groups of a window: it had so many keys. */
enum weir_status weir_fire_end_window(struct weir_fire *fire, int64_t window, uint32_t keys,
                                      struct weir_error *error);

/* One window that is a set of parted rows of its own (ingest_sums.h), a part after the other; fire->more when it
 * stopped in between because enough results wait. */
enum weir_status weir_fire_parts(struct weir_fire *fire, int64_t window, struct weir_part_set *set,
                                 struct weir_error *error);

/* One window that is one direct slice. */
enum weir_status weir_fire_direct(struct weir_fire *fire, int64_t window, const struct weir_slice *slice,
                                  struct weir_error *error);

#endif
