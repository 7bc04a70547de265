/* SPDX-License-Identifier: Apache-2.0
 *
 * What a statement did when it ran: the lines that explain --analyze prints below its plan.
 */
#ifndef WEIR_CLI_ANALYZE_H
#define WEIR_CLI_ANALYZE_H

#include "cli/text.h"
#include "weir/weir.h"

/* Runs a statement to its end, lets its rows go (those of INSERT INTO are written) and adds what it did. workers:
 * that it has. Errors: those of the run. */
enum weir_status weir_cli_analyze(struct weir_run *run, int32_t workers, struct weir_cli_text *text,
                                  struct weir_error *error);

#endif
