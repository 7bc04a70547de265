/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes that grow at their end, for what a writer gathers.
 */
#ifndef WEIR_CONNECT_ARROW_BYTES_H
#define WEIR_CONNECT_ARROW_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include "weir/types.h"

/* Zeroed is empty. data is aligned as malloc does, and NULL until the first reserve. */
struct weir_arrow_bytes {
    uint8_t *data;
    size_t bytes;
    size_t capacity;
};

/* Makes room for `more` bytes after those that are there; at least 16, and geometrically more. */
enum weir_status weir_arrow_bytes_reserve(struct weir_arrow_bytes *bytes, size_t more, struct weir_error *error);
/* Appends a copy; or zeros, where data is NULL. */
enum weir_status weir_arrow_bytes_append(struct weir_arrow_bytes *bytes, const void *data, size_t more,
                                         struct weir_error *error);
void weir_arrow_bytes_fini(struct weir_arrow_bytes *bytes);

#endif
