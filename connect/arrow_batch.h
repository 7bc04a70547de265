/* SPDX-License-Identifier: Apache-2.0
 *
 * A record batch in memory: pointers to the buffers of its columns, and the bodies that these lie in.
 *
 * Buffers that are not compressed are used where they were read; those of a compressed batch are unpacked into a
 * second body, and views are gathered into text.
 */
#ifndef WEIR_CONNECT_ARROW_BATCH_H
#define WEIR_CONNECT_ARROW_BATCH_H

#include "connect/arrow_body.h"
#include "connect/arrow_metadata.h"

struct weir_arrow_column {
    struct weir_arrow_layout layout; /* never VIEW once it is loaded */
    const char *name;                /* for messages; lives as long as the schema */
    const void *buffers[3];          /* by layout; buffers[0] NULL: no NULLs. Never NULL otherwise */
    int64_t nulls;                   /* -1: not told */
    size_t text_bytes;               /* TEXT: length of buffers[2] */
    struct weir_arrow_body *owner;   /* what the buffers lie in; NULL where there are none. Counted */
};

struct weir_arrow_batch {
    int64_t rows;
    size_t count;
    struct weir_arrow_column *columns; /* the caller's storage; layout and name are set by it */
};

/* What the loading of one batch works with. */
struct weir_arrow_loading {
    const struct weir_arrow_plan *plan;
    enum weir_arrow_compression compression;
    struct weir_arrow_body *body; /* as read; borrowed */
    struct weir_arrow_pool *pool; /* where further bodies come from; may be NULL */
    struct weir_arrow_codec *codec;
};

/* Fills the columns of batch, of which rows, count, layouts and names are set, and owner is NULL. Free with
 * weir_arrow_batch_fini, after failures too. */
enum weir_status weir_arrow_batch_load(struct weir_arrow_batch *batch, const struct weir_arrow_loading *loading,
                                       struct weir_error *error);

/* Checks that the text of rows [first, first + count) lies inside of its buffer, given that offsets do not fall in
 * between (which weir_batch_import checks). */
enum weir_status weir_arrow_column_check_text(const struct weir_arrow_column *column, int64_t first, int64_t count,
                                              struct weir_error *error);

/* Offset of the text of row idx (or of the end of the last, idx = rows). */
int64_t weir_arrow_column_offset(const struct weir_arrow_column *column, int64_t idx);

/* Releases the columns' bodies. */
void weir_arrow_batch_fini(struct weir_arrow_batch *batch);

#endif
