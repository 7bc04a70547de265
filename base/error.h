/* SPDX-License-Identifier: Apache-2.0
 *
 * Filling a caller's struct weir_error.
 */
#ifndef WEIR_BASE_ERROR_H
#define WEIR_BASE_ERROR_H

#include "base/attributes.h"
#include "weir/types.h"

/* Fills *error (which may be NULL) and returns `code`, so that a failure is one statement:
 *     return weir_error_set(error, WEIR_ERR_IO, "cannot open '%s': %s", path, reason);
 * A message says what failed, where, and what to do. Text that does not fit is cut at a UTF-8 border and ends
 * in "...". line and column become 0. */
WEIR_COLD enum weir_status weir_error_set(struct weir_error *error, enum weir_status code, const char *format, ...)
    WEIR_PRINTF(3, 4);

/* The same with a position, from 1. */
WEIR_COLD enum weir_status weir_error_set_at(struct weir_error *error, enum weir_status code, int32_t line,
                                             int32_t column, const char *format, ...) WEIR_PRINTF(5, 6);

/* Puts `format` (expanded) and ": " before the message that is there. */
WEIR_COLD void weir_error_prefix(struct weir_error *error, const char *format, ...) WEIR_PRINTF(2, 3);

/* The one of `names` (count of them, NULL entries skipped) nearest to `word` by edit distance, ignoring ASCII case;
 * of equally near ones the first. NULL when none is near: the distance may be a third of the word's letters and one
 * more, but not all of them; words of more than 63 bytes have no near name. For "did you mean". */
const char *weir_nearest_name(const char *word, const char *const *names, size_t count);

#endif
