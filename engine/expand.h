/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of a block, each as often as it is wanted: what a row becomes that lies in several windows.
 */
#ifndef WEIR_ENGINE_EXPAND_H
#define WEIR_ENGINE_EXPAND_H

#include <stdint.h>

#include "engine/batch.h"

/* A column whose row i is row first + rows[i] of `column`, for i < count. Strings become codes into `column`, which
 * must outlive it; everything else is copied. Memory is the arena's; false when it is short. */
bool weir_expand_column(const struct weir_column *column, int64_t first, const uint32_t *rows, int32_t count,
                        struct weir_arena *arena, struct weir_column *out);

#endif
