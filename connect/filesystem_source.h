/* SPDX-License-Identifier: Apache-2.0
 *
 * The source over the files of a table, one after the other.
 */
#ifndef WEIR_CONNECT_FILESYSTEM_SOURCE_H
#define WEIR_CONNECT_FILESYSTEM_SOURCE_H

#include "connect/format.h"

/* `paths` (count >= 1, as weir_paths_expand gives them) become the source's on success. `request` holds only
 * options of the format; it is copied. Opens the first file; the others are opened when they are reached, and must
 * have its columns in its layout. */
enum weir_status weir_filesystem_source_open(const struct weir_format *format, char **paths, size_t count,
                                             const struct weir_source_request *request, struct weir_source *out,
                                             struct weir_error *error);

#endif
