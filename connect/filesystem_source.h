/* SPDX-License-Identifier: Apache-2.0
 *
 * The source over the files of a table, one after the other; also of those that appear in a folder that is watched.
 */
#ifndef WEIR_CONNECT_FILESYSTEM_SOURCE_H
#define WEIR_CONNECT_FILESYSTEM_SOURCE_H

#include "connect/file_list.h"
#include "connect/format.h"

/* `list` (at least one file, or watched) becomes the source's on success and is cleared. `request` holds only
 * options of the format; it is copied. Opens the first file; the others are opened when they are reached, and must
 * have its columns in its layout. */
enum weir_status weir_filesystem_source_open(const struct weir_format *format, struct weir_file_list *list,
                                             const struct weir_source_request *request, struct weir_source *out,
                                             struct weir_error *error);

#endif
