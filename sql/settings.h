/* SPDX-License-Identifier: Apache-2.0
 *
 * SET and RESET. An option that weir knows is honoured, one of Flink's that cannot change rows is accepted with a notice,
 * any other is an error.
 */
#ifndef WEIR_SQL_SETTINGS_H
#define WEIR_SQL_SETTINGS_H

#include "sql/ast.h"

struct weir_settings {
    bool batch; /* 'execution.runtime-mode' is batch, or automatic: every table so far is bounded */
    bool noticed; /* the notice about options without effect has been given */
};

/* Executes a SET or RESET statement. log may be NULL. */
enum weir_status weir_settings_apply(struct weir_settings *settings, const struct weir_statement *statement,
                                     weir_log_fn log, void *log_user, struct weir_error *error);

#endif
