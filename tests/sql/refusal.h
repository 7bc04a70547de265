/* SPDX-License-Identifier: Apache-2.0
 *
 * Scripts that are refused: with which status, where, and with which words.
 */
#ifndef WEIR_TESTS_SQL_REFUSAL_H
#define WEIR_TESTS_SQL_REFUSAL_H

#include "script.h"

struct refusal {
    const char *sql; /* after EVENTS and T1, which take two lines */
    enum weir_status status;
    int32_t line, column;
    const char *part;
};

static inline void check_refusals(const struct refusal *refusals, size_t count) {
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct script script;
        script_open(&script);
        assert_int_equal(script_run(&script, EVENTS T1), WEIR_OK);
        enum weir_status status = script_run(&script, refusals[i].sql);
        const struct weir_error *error = &script.error;
        bool right = status == refusals[i].status && error->line == refusals[i].line &&
                     error->column == refusals[i].column && strstr(error->message, refusals[i].part) != NULL;
        if (!right) {
            print_error("%s\n  gives    %d at %d:%d %s\n  expected %d at %d:%d ...%s...\n", refusals[i].sql,
                        (int)status, error->line, error->column, error->message, (int)refusals[i].status,
                        refusals[i].line, refusals[i].column, refusals[i].part);
            wrong++;
        }
        /* Whatever was opened has been closed. */
        weir_run_destroy(&script.run);
        if (script.fake.opened != script.fake.closed) {
            print_error("%s\n  left a source open\n", refusals[i].sql);
            wrong++;
        }
        script_close(&script);
    }
    assert_int_equal(wrong, 0);
}

#define CHECK(cases) check_refusals(cases, sizeof(cases) / sizeof((cases)[0]))

#endif
