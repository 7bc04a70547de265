/* SPDX-License-Identifier: Apache-2.0
 *
 * A sink that prints a table to standard output: batches in, text out.
 */
#ifndef WEIR_CLI_TABLE_SINK_H
#define WEIR_CLI_TABLE_SINK_H

#include "weir/weir.h"

/* `schema` is moved into the sink on success. */
enum weir_status weir_cli_table_sink_open(struct ArrowSchema *schema, struct weir_sink *out,
                                          struct weir_error *error);

/* Lets the columns be wide enough for the batch. Before the first write only. */
enum weir_status weir_cli_table_sink_measure(struct weir_sink *sink, const struct ArrowArray *batch,
                                             struct weir_error *error);

#endif
