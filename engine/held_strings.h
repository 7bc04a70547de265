/* SPDX-License-Identifier: Apache-2.0
 *
 * The strings that an accumulator row holds (MIN and MAX of STRING), when the row moves from one heap to another.
 */
#ifndef WEIR_ENGINE_HELD_STRINGS_H
#define WEIR_ENGINE_HELD_STRINGS_H

#include "engine/accumulator.h"

/* Offers a string to a field that holds the least (want_min) or the greatest, or none yet: it is copied into `heap`
 * where it takes its place. False when memory is short. */
bool weir_held_string_offer(struct weir_held_string *held, bool want_min, const char *data, size_t length,
                            struct weir_arena *heap);

/* Copies the strings of `row` into `heap` and has the row point at the copies. False when memory is short: the row
 * then points partly at the old heap, partly at the new one, and its content is the same. */
bool weir_held_strings_move(const struct weir_accumulator *accumulator, char *row, struct weir_arena *heap);

/* Bytes of an arena that are enough to move them. */
size_t weir_held_strings_bytes(const struct weir_accumulator *accumulator, const char *row);

#endif
