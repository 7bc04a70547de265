/* SPDX-License-Identifier: Apache-2.0
 *
 * --why[=TIME[,KEY]]: why a window has not fired, on standard error.
 */
#ifndef WEIR_CLI_WHY_H
#define WEIR_CLI_WHY_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/options.h"
#include "weir/weir.h"

/* What is asked about. */
struct weir_cli_why {
    bool wanted;
    char *time;       /* NULL: the window that fires next */
    const char **key; /* NULL entries: NULL */
    size_t key_count;
    char *bytes; /* of time and key */
};

/* Reads the option. KEY is a line of CSV: a value for each column, text in "..." where it holds a comma or is
 * empty; nothing means NULL. False after saying what is wrong with it. */
bool weir_cli_why_init(struct weir_cli_why *why, const struct weir_cli_options *options);
void weir_cli_why_fini(struct weir_cli_why *why);

/* Fails where what is asked does not fit the statement. */
enum weir_status weir_cli_why_check(const struct weir_cli_why *why, struct weir_run *run, struct weir_error *error);

/* Says it. Not while another thread is in weir_run_next. */
void weir_cli_why_say(const struct weir_cli_why *why, struct weir_run *run);

#endif
