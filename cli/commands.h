/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands. Each takes the parsed options, does its work, says what went wrong and returns the exit code.
 */
#ifndef WEIR_CLI_COMMANDS_H
#define WEIR_CLI_COMMANDS_H

#include "cli/options.h"
#include "cli/session.h"

int weir_cli_run(const struct weir_cli_options *options);     /* run.c */
int weir_cli_query(const struct weir_cli_options *options);   /* query.c */
int weir_cli_convert(const struct weir_cli_options *options); /* convert.c */
int weir_cli_inspect(const struct weir_cli_options *options); /* inspect.c */
int weir_cli_explain(const struct weir_cli_options *options); /* explain.c */
int weir_cli_doctor(const struct weir_cli_options *options);  /* doctor.c */

/* Executes every statement of a script: what run and query have in common. (execute.c) */
int weir_cli_execute(const struct weir_cli_options *options, const struct weir_cli_script *script);

/* Prints the help of a command, or of the program (WEIR_CLI_COMMANDS). (help.c) */
/* The commands on standard error, where none was given. */
void weir_cli_help_missing(void);
int weir_cli_help(enum weir_cli_command command);

#endif
