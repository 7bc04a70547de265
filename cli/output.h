/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows of one SELECT on their way to standard output, in any of the formats.
 *
 * Rows are held back until WEIR_CLI_HELD_ROWS of them have come or the query has ended, so that a query that fails
 * has printed nothing, unless its result is large. What a live input gives (a pipe, a folder that is watched) is
 * not held back: somebody waits.
 */
#ifndef WEIR_CLI_OUTPUT_H
#define WEIR_CLI_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/options.h"
#include "weir/weir.h"

#define WEIR_CLI_HELD_ROWS 65536

struct weir_cli_output {
    enum weir_cli_format format;
    struct ArrowSchema schema;
    struct weir_sink sink;
    bool open;  /* the sink */
    bool after; /* a result stands before this one */
    bool unflushed;
    struct ArrowArray *held;
    size_t held_count;
    size_t held_capacity;
    int64_t rows_held;
    int64_t rows_written; /* rows that the sink has taken; it may still hold some */
};

/* The format meant by -o. False after saying that it cannot be used here: Arrow is not for terminals. */
bool weir_cli_output_choose(const struct weir_cli_options *options, enum weir_cli_format *out);

/* `schema` is moved. `after`: a result has been printed before. weir_cli_output_fini frees, whatever happens. */
enum weir_status weir_cli_output_init(struct weir_cli_output *output, enum weir_cli_format format,
                                      struct ArrowSchema *schema, bool after, struct weir_error *error);

/* Takes the batch, also on failure. `hold`: see above. */
enum weir_status weir_cli_output_write(struct weir_cli_output *output, struct ArrowArray *batch, bool hold,
                                       struct weir_error *error);

/* Rows that were written and still lie in a buffer go out: somebody waits for them. */
enum weir_status weir_cli_output_flush(struct weir_cli_output *output, struct weir_error *error);

/* The result is complete. */
enum weir_status weir_cli_output_finish(struct weir_cli_output *output, struct weir_error *error);

/* Frees; rows still held are not printed. */
void weir_cli_output_fini(struct weir_cli_output *output);

#endif
