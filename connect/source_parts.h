/* SPDX-License-Identifier: Apache-2.0
 *
 * Several sources as the partitions of one: files of a table, each with a watermark of its own.
 */
#ifndef WEIR_CONNECT_SOURCE_PARTS_H
#define WEIR_CONNECT_SOURCE_PARTS_H

#include <stddef.h>

#include "weir/weir.h"

/* `sources` (malloc'd, at least one) become the new source's on success; on failure they stay the caller's. They
 * must have the same columns. names: one each, copied. Errors: WEIR_ERR_FORMAT naming the partition,
 * WEIR_ERR_MEMORY. */
enum weir_status weir_source_parts_open(struct weir_source *sources, char *const *names, size_t count,
                                        struct weir_source *out, struct weir_error *error);

#endif
