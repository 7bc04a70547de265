/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of a record batch as an ArrowArray that holds references to what its pointers point into: it may be released
 * later than the batch and the reader, and each child on its own.
 */
#ifndef WEIR_CONNECT_ARROW_ARRAY_H
#define WEIR_CONNECT_ARROW_ARRAY_H

#include "connect/arrow_dictionary.h"

/* Rows [first, first + rows) of the batch as an Arrow struct, rows > 0. words[i] is the dictionary of column i or
 * NULL; words itself may be NULL where no column has one. Checks that text lies inside of its buffer. */
enum weir_status weir_arrow_array_export(const struct weir_arrow_batch *batch,
                                         struct weir_arrow_words *const *words, int64_t first, int64_t rows,
                                         struct ArrowArray *out, struct weir_error *error);

#endif
