/* SPDX-License-Identifier: Apache-2.0
 *
 * SET and RESET. An option that weir knows is honoured, one of Flink's that cannot change rows is accepted with a
 * notice, any other is an error.
 */
#ifndef WEIR_SQL_SETTINGS_H
#define WEIR_SQL_SETTINGS_H

#include "sql/ast.h"

enum weir_runtime_mode {
    WEIR_MODE_STREAMING, /* the default, as in Flink */
    WEIR_MODE_BATCH,
    WEIR_MODE_AUTOMATIC, /* batch where the table has an end */
};

struct weir_settings {
    enum weir_runtime_mode mode;
    bool noticed; /* the notice about options without effect has been given */
};

/* Executes a SET or RESET statement. log may be NULL. */
enum weir_status weir_settings_apply(struct weir_settings *settings, const struct weir_statement *statement,
                                     weir_log_fn log, void *log_user, struct weir_error *error);

#endif
