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

/* A duration that may have been set. */
struct weir_setting_duration {
    bool set;
    int64_t ms;
};

/* All zero: the defaults. Texts live as long as the statements that set them. */
struct weir_settings {
    enum weir_runtime_mode mode;
    const char *zone; /* table.local-time-zone; NULL: UTC */
    bool noticed;     /* the notice about options without effect has been given */

    /* table.exec.emit.* */
    bool early_fire;
    struct weir_setting_duration early_delay;
    bool late_fire;
    struct weir_setting_duration late_delay;
    int64_t lateness_ms;
    int64_t idle_ms; /* table.exec.source.idle-timeout */

    /* weir.* */
    enum weir_row_policy late;
    const char *late_table; /* NULL: none */
    struct weir_place late_table_at;
    int64_t early_rows;
    int64_t early_event_ms;
    enum weir_update_mode update;
    enum weir_end_policy end;
    bool ordered_floats;
};

/* Executes a SET or RESET statement. log may be NULL. */
enum weir_status weir_settings_apply(struct weir_settings *settings, const struct weir_statement *statement,
                                     weir_log_fn log, void *log_user, struct weir_error *error);

#endif
