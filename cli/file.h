/* SPDX-License-Identifier: Apache-2.0
 *
 * Files without SQL: sources and sinks of the connector 'filesystem', opened from the command line. What convert
 * and inspect have in common.
 */
#ifndef WEIR_CLI_FILE_H
#define WEIR_CLI_FILE_H

#include "cli/options.h"
#include "weir/weir.h"

/* Opens `path` for reading with the options of --from, undeclared: the file tells its columns. */
enum weir_status weir_cli_file_read(const struct weir_cli_options *options, const char *path,
                                    struct weir_source *out, struct weir_error *error);

/* Opens `path` for writing rows of `schema` with the options of --to and --header. */
enum weir_status weir_cli_file_write(const struct weir_cli_options *options, const char *path,
                                     const struct ArrowSchema *schema, struct weir_sink *out,
                                     struct weir_error *error);

/* weir_cli_progress_fn for a source. */
void weir_cli_file_progress(const void *source, struct weir_progress *out);

#endif
