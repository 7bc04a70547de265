/* SPDX-License-Identifier: Apache-2.0
 *
 * Where rows of a run go: the sink of an INSERT, and that of the late rows. It checks what the table's declaration
 * asks for and knows when somebody waits for what is still buffered.
 */
#ifndef WEIR_SQL_RUN_SINK_H
#define WEIR_SQL_RUN_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "sql/ast.h"
#include "weir/weir.h"

struct weir_run_sink {
    struct weir_sink sink;
    bool is_open;
    const char *name;                   /* of the table or file, for messages; borrowed */
    const struct weir_ast_table *table; /* its declaration; NULL: a file takes its columns from the rows */
    struct weir_ast_hint hint;          /* of a file; a table has those options already */
    int32_t first;                      /* columns of the rows before the declared ones (the kind of the row) */
    bool failed;                        /* a call of the sink did: nothing more is asked of it */
    bool unflushed;                     /* something was written since the last flush */
    int64_t flush_due;                  /* on the clock of weir_monotonic_ms: no flush before */
};

/* Writes a batch, which it borrows. WEIR_ERR_VALUE: a NULL for a column that is declared NOT NULL. */
enum weir_status weir_run_sink_write(struct weir_run_sink *sink, const struct ArrowArray *batch,
                                     struct weir_error *error);

/* Flushes what was written, if that is due; `idle`: in any case, for nothing else is to be done now. */
enum weir_status weir_run_sink_flush(struct weir_run_sink *sink, bool idle, struct weir_error *error);

/* The rows are complete. Nothing where the sink is not open or has failed. */
enum weir_status weir_run_sink_finish(struct weir_run_sink *sink, struct weir_error *error);

/* Closes it; rows that are not finished are abandoned. */
void weir_run_sink_close(struct weir_run_sink *sink);

#endif
