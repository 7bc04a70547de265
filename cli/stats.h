/* SPDX-License-Identifier: Apache-2.0
 *
 * What became of the rows: the summary of --stats, the JSON of --stats-file, and the one line that speaks up when
 * rows were left out and nobody asked.
 */
#ifndef WEIR_CLI_STATS_H
#define WEIR_CLI_STATS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/options.h"
#include "cli/text.h"
#include "weir/weir.h"

struct weir_cli_statement_stats {
    const char *kind; /* "select", "insert", "convert" */
    struct weir_stats stats;
};

struct weir_cli_stats {
    struct weir_cli_statement_stats *statements;
    size_t count;
    int fd; /* of the stats file; -1: none was asked for */
    const char *path;
};

/* Creates the stats file, so that a path that cannot be written is known before the work. False after saying so. */
bool weir_cli_stats_init(struct weir_cli_stats *stats, const struct weir_cli_options *options);
/* False after saying that memory is short. */
bool weir_cli_stats_add(struct weir_cli_stats *stats, const char *kind, const struct weir_stats *statement);

/* Counters added up over the statements; the largest peak, the last watermark. */
struct weir_stats weir_cli_stats_total(const struct weir_cli_stats *stats);

/* Adds how many rows were left out and why, "12 late, 3 too far in the future", after `before`; nothing where none
 * were. */
void weir_cli_stats_left_out(struct weir_cli_text *text, const char *before, const struct weir_stats *stats);

/* Says and writes what the options ask for. exit_code is the one so far; the result is the one to end with. */
int weir_cli_stats_report(const struct weir_cli_stats *stats, const struct weir_cli_options *options,
                          int exit_code);
void weir_cli_stats_fini(struct weir_cli_stats *stats);

#endif
