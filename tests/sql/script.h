/* SPDX-License-Identifier: Apache-2.0
 *
 * Scripts in tests: over a session whose files are in memory.
 */
#ifndef WEIR_TESTS_SQL_SCRIPT_H
#define WEIR_TESTS_SQL_SCRIPT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_connector.h"
#include "sql/session.h"

struct script {
    struct fake fake;
    struct weir_session *session;
    struct weir_run *run; /* of the last statement that gave one */
    struct weir_error error;
    enum weir_status status;
};

static inline void script_open(struct script *script) {
    fake_init(&script->fake);
    script->run = NULL;
    script->status = WEIR_OK;
    script->error = (struct weir_error){0};
    assert_int_equal(weir_session_create(NULL, &script->session, &script->error), WEIR_OK);
    assert_int_equal(weir_session_register(script->session, &script->fake.connector, &script->error), WEIR_OK);
}

static inline void script_close(struct script *script) {
    weir_run_destroy(&script->run);
    weir_session_destroy(&script->session);
}

/* Runs statements up to the last SELECT or INSERT, which stays open; status and error tell how far it came. */
static inline enum weir_status script_run(struct script *script, const char *sql) {
    weir_run_destroy(&script->run);
    script->error = (struct weir_error){0};
    script->status = weir_session_script(script->session, sql, &script->error);
    while (script->status == WEIR_OK) {
        struct weir_run *run;
        script->status = weir_session_step(script->session, &run, &script->error);
        if (script->status == WEIR_END) return script->status = WEIR_OK;
        if (script->status != WEIR_OK) break;
        script->run = run;
        if (script->session->statements_next == script->session->statements_count) return WEIR_OK;
        weir_run_destroy(&script->run);
    }
    /* What is left of a failed script must not run before the next one. */
    script->session->statements_next = script->session->statements_count;
    return script->status;
}

static inline const struct weir_plan *script_plan(struct script *script, const char *sql) {
    if (script_run(script, sql) != WEIR_OK)
        fail_msg("%s\n  %d:%d %s", sql, script->error.line, script->error.column, script->error.message);
    assert_non_null(script->run);
    return script->run->query.plan;
}

/* Types of the outputs, as "[INT, STRING NOT NULL]". */
static inline const char *script_types(const struct weir_plan *plan) {
    static char text[4096];
    char name[WEIR_TYPE_NAME_BYTES];
    strcpy(text, "[");
    for (int32_t i = 0; i < plan->outputs_count; i++) {
        if (i > 0) strcat(text, ", ");
        strcat(text, weir_type_name(plan->outputs[i].expr->type, true, name, sizeof(name)));
    }
    return strcat(text, "]");
}

/* Names of the outputs, as "a,b". */
static inline const char *script_names(const struct weir_plan *plan) {
    static char text[4096];
    text[0] = '\0';
    for (int32_t i = 0; i < plan->outputs_count; i++) {
        if (i > 0) strcat(text, ",");
        strcat(text, plan->outputs[i].name);
    }
    return text;
}

/* An expression in words, over the plan's input columns. */
static inline const char *script_text(const struct weir_plan *plan, const struct weir_expr *expr) {
    return weir_expr_text((struct weir_arena *)&plan->arena, expr, plan->column_names);
}

#define EVENTS                                                                                                     \
    "CREATE TABLE events (ts TIMESTAMP(3), k STRING, v INT, b BIGINT, x DOUBLE, d DECIMAL(10, 2), f BOOLEAN,"      \
    " WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)"                                                               \
    " WITH ('connector' = 'filesystem', 'path' = 'events.csv', 'format' = 'csv', 'csv.null-literal' = '');\n"

#define FLIGHTS                                                                                                    \
    "CREATE TABLE flights (`date` TIMESTAMP(3), delay BIGINT, distance BIGINT, origin STRING, destination STRING," \
    " WATERMARK FOR `date` AS `date` - INTERVAL '1' MINUTE)"                                                       \
    " WITH ('connector' = 'filesystem', 'path' = 'flights.parquet', 'format' = 'parquet');\n"

#define T1                                                                                                         \
    "CREATE TABLE t1 (i INT, n INT, z INT, b BIGINT, d DECIMAL(10,2), e DECIMAL(10,2), x DOUBLE, big DOUBLE, s "   \
    "STRING,"                                                                                                      \
    " num STRING, ts TIMESTAMP(3), dt DATE, t SMALLINT, mx INT, f FLOAT) WITH ('connector' = 'filesystem');\n"

#endif
