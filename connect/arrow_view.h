/* SPDX-License-Identifier: Apache-2.0
 *
 * Columns of string and binary views (what polars writes) as text with offsets.
 *
 * A view has 16 bytes: its length, and then up to 12 bytes of text, or 4 of them and the index of a buffer and an
 * offset there. Source: https://arrow.apache.org/docs/format/Columnar.html#variable-size-binary-view-layout.
 */
#ifndef WEIR_CONNECT_ARROW_VIEW_H
#define WEIR_CONNECT_ARROW_VIEW_H

#include "connect/arrow_batch.h"

/* A buffer that views point into. */
struct weir_arrow_extent {
    const uint8_t *data;
    size_t bytes;
};

/* Turns a loaded column of views (buffers: validity, views) into one of text in a body of its own. Views of NULLs
 * are not looked at. WEIR_ERR_FORMAT for a view outside of its buffer, or more than 16 GiB of text. */
enum weir_status weir_arrow_view_to_text(struct weir_arrow_column *column, int64_t rows,
                                         const struct weir_arrow_extent *extents, size_t count,
                                         struct weir_arrow_pool *pool, struct weir_error *error);

#endif
