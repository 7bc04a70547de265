/* SPDX-License-Identifier: Apache-2.0
 *
 * Adding a block to short accumulator rows of several fields, all fields of a row at once (simd/row_fields.h):
 * where keys are many, a row is looked up, fetched and written once instead of once a field.
 */
#ifndef WEIR_ENGINE_ACCUMULATOR_WORDS_H
#define WEIR_ENGINE_ACCUMULATOR_WORDS_H

#include "engine/accumulator.h"

/* Adds rows selected[0 .. count) of a block (rows 0 .. count - 1 where selected is NULL) to the accumulator rows
 * ids[i]. far: these lie beyond the cache. False, and nothing is added: it is not for such fields or arguments, or
 * for this processor. */
bool weir_words_add(const struct weir_accumulator *accumulator, char *rows, const uint32_t *ids,
                    const uint32_t *selected, int32_t count, const struct weir_vector *args, bool far,
                    struct weir_ahead *ahead);

#endif
