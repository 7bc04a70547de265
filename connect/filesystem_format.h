/* SPDX-License-Identifier: Apache-2.0
 *
 * Which format a file or a pipe has: the one that is named, else that of the path's extension, else that of the
 * first bytes.
 */
#ifndef WEIR_CONNECT_FILESYSTEM_FORMAT_H
#define WEIR_CONNECT_FILESYSTEM_FORMAT_H

#include "connect/format.h"

/* named: the option 'format', or NULL. content: a file whose content may be looked at, or NULL (it is to be
 * written, or is not there yet). Errors: WEIR_ERR_UNSUPPORTED where nothing tells; those of reading. */
enum weir_status weir_filesystem_format(const struct weir_option *named, const char *path, const char *content,
                                        const struct weir_format **out, struct weir_error *error);

/* The same for a pipe: where name and extension do not tell, waits for its first bytes, which can be read again.
 * Text without a mark is CSV. */
enum weir_status weir_filesystem_format_live(const struct weir_option *named, const char *path,
                                             struct weir_pipe *pipe, const struct weir_format **out,
                                             struct weir_error *error);

/* Refuses a file that is compressed as a whole: by name it looks like any format, and by content like none. */
enum weir_status weir_filesystem_check_path(const char *path, struct weir_error *error);

#endif
