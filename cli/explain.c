/* SPDX-License-Identifier: Apache-2.0
 *
 * weir explain SCRIPT|-|'SQL': every statement is opened, its plan printed, and nothing is run, unless --analyze
 * asks what it does then.
 */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/analyze.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/say.h"
#include "cli/text.h"

/* A word without blanks is a file's name; anything else that is no file is SQL. */
static bool read_script(const char *operand, struct weir_cli_script *out) {
    bool file = strcmp(operand, "-") == 0 || access(operand, F_OK) == 0 || strpbrk(operand, " \t\r\n") == NULL;
    return file ? weir_cli_script_read(operand, out) : weir_cli_script_copy("query", operand, out);
}

static enum weir_status explain_all(const struct weir_cli_options *options, struct weir_session *session,
                                    struct weir_cli_text *text, struct weir_error *error) {
    for (int statement = 0;; statement++) {
        struct weir_run *run = NULL;
        enum weir_status status = weir_session_step(session, &run, error);
        if (status != WEIR_OK) return status == WEIR_END ? WEIR_OK : status;
        const char *plan = weir_run_explain(run);
        size_t length = strlen(plan);
        if (statement > 0) weir_cli_text_add(text, "\n");
        weir_cli_text_append(text, plan, length);
        if (length > 0 && plan[length - 1] != '\n') weir_cli_text_add(text, "\n");
        if (options->analyze) status = weir_cli_analyze(run, weir_cli_workers(options), text, error);
        weir_run_destroy(&run);
        if (status != WEIR_OK) return status;
    }
}

static int fail(const struct weir_cli_options *options, const struct weir_cli_script *script,
                struct weir_cli_text *text, const struct weir_error *error) {
    int by = weir_cli_interrupted();
    if (options->analyze) (void)weir_cli_text_out(text); /* of what has been run until there */
    if (by == 0) {
        weir_cli_say_error(error, script->name, script->text);
        return WEIR_CLI_FAILED;
    }
    weir_cli_say("stopped by %s", by == SIGINT ? "Ctrl-C" : "a signal");
    return 128 + by;
}

int weir_cli_explain(const struct weir_cli_options *options) {
    struct weir_cli_script script;
    struct weir_cli_text text = {0};
    struct weir_error error = {0};
    if (!read_script(options->operands[0], &script)) return WEIR_CLI_FAILED;
    struct weir_session *session = weir_cli_session_open(options, &script);
    int exit_code = session == NULL ? WEIR_CLI_FAILED : WEIR_CLI_DONE;
    if (session != NULL && explain_all(options, session, &text, &error) != WEIR_OK)
        exit_code = fail(options, &script, &text, &error);
    else if (session != NULL && !weir_cli_text_out(&text))
        exit_code = WEIR_CLI_FAILED;
    weir_cli_text_fini(&text);
    weir_session_destroy(&session);
    weir_cli_script_fini(&script);
    return exit_code;
}
