/* SPDX-License-Identifier: Apache-2.0
 *
 * A script, statement by statement: rows to standard output, everything else to standard error.
 */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/stats.h"
#include "cli/text.h"
#include "cli/why.h"

struct execution {
    const struct weir_cli_options *options;
    const struct weir_cli_script *script;
    enum weir_cli_format format;
    struct weir_session *session;
    struct weir_cli_stats stats;
    struct weir_cli_why why;
    int64_t rows_written; /* of all SELECTs, to standard output */
    int results;          /* SELECTs printed */
};

static void run_state(const void *work, struct weir_progress *out) { weir_run_progress(work, out); }

/* A result of a live input is shown as it comes. */
static bool is_live(const struct weir_run *run) {
    struct weir_progress progress = {.struct_size = sizeof(progress)};
    weir_run_progress(run, &progress);
    return progress.live;
}

/* The next batch; and what somebody has asked in the meantime. */
static enum weir_status next_batch(struct execution *execution, struct weir_run *run, struct ArrowArray *batch,
                                   struct weir_error *error) {
    enum weir_status status = weir_run_next(run, batch, error);
    if (weir_cli_interrupt_asked()) weir_cli_why_say(&execution->why, run);
    return status;
}

/* Between two flushes while results come without a pause. */
#define FLUSH_SECONDS 0.01

static enum weir_status print_live(struct execution *execution, struct weir_run *run,
                                   struct weir_cli_output *output, struct weir_error *error) {
    double flushed = 0;
    for (;;) {
        struct ArrowArray batch = {0};
        enum weir_status status = next_batch(execution, run, &batch, error);
        if (status == WEIR_END) return weir_cli_output_finish(output, error);
        bool waits = status == WEIR_AGAIN;
        if (status == WEIR_OK) status = weir_cli_output_write(output, &batch, false, error);
        if (status != WEIR_OK && !waits) return status;
        if (!waits && weir_cli_now() - flushed < FLUSH_SECONDS) continue;
        status = weir_cli_output_flush(output, error);
        if (status != WEIR_OK) return status;
        if (!waits) flushed = weir_cli_now();
    }
}

static enum weir_status print_rows(struct execution *execution, struct weir_run *run,
                                   struct weir_cli_output *output, struct weir_error *error) {
    for (;;) {
        struct ArrowArray batch = {0};
        enum weir_status status = next_batch(execution, run, &batch, error);
        if (status == WEIR_AGAIN) continue;
        if (status == WEIR_END) return weir_cli_output_finish(output, error);
        if (status == WEIR_OK) status = weir_cli_output_write(output, &batch, true, error);
        if (status != WEIR_OK) return status;
    }
}

/* What a live input gave before it failed, or before Ctrl-C, stays and is whole: an Arrow stream gets its end. */
static enum weir_status print_all_live(struct execution *execution, struct weir_run *run,
                                       struct weir_cli_output *output, struct weir_error *error) {
    struct weir_error ignored = {0};
    enum weir_status status = print_live(execution, run, output, error);
    if (status != WEIR_OK && output->open) (void)weir_cli_output_finish(output, &ignored);
    return status;
}

static enum weir_status print_result(struct execution *execution, struct weir_run *run, struct weir_error *error) {
    struct ArrowSchema schema = {0};
    struct weir_cli_output output;
    enum weir_status status = weir_run_schema(run, &schema, error);
    if (status != WEIR_OK) return status;
    status = weir_cli_output_init(&output, execution->format, &schema, execution->results > 0, error);
    if (status == WEIR_OK) {
        status = is_live(run) ? print_all_live(execution, run, &output, error)
                              : print_rows(execution, run, &output, error);
    }
    execution->results++;
    execution->rows_written += output.rows_written;
    weir_cli_output_fini(&output);
    return status;
}

/* INSERT INTO gives no rows; a batch that comes all the same is only let go. */
static enum weir_status drain(struct execution *execution, struct weir_run *run, struct weir_error *error) {
    for (;;) {
        struct ArrowArray batch = {0};
        enum weir_status status = next_batch(execution, run, &batch, error);
        if (batch.release != NULL) batch.release(&batch);
        if (status == WEIR_AGAIN) continue;
        if (status != WEIR_OK) return status == WEIR_END ? WEIR_OK : status;
    }
}

/* One line after each statement, for somebody who watches. */
static void say_done(const struct weir_stats *stats, bool insert) {
    char count[WEIR_CLI_COUNT_BYTES];
    if (isatty(STDERR_FILENO) != 1) return;
    weir_cli_say("%s rows %s in %.2f s", weir_cli_count_text(stats->rows_out, count),
                 insert ? "written" : "of result", stats->seconds);
}

static enum weir_status execute_statement(struct execution *execution, struct weir_run *run,
                                          struct weir_error *error) {
    bool insert = weir_run_is_insert(run);
    struct weir_stats stats = {.struct_size = sizeof(stats), .watermark = INT64_MIN};
    enum weir_status status = weir_cli_why_check(&execution->why, run, error);
    if (status != WEIR_OK) return status;
    weir_cli_interrupt_watch(run);
    weir_cli_progress_begin(run_state, run);
    status = insert ? drain(execution, run, error) : print_result(execution, run, error);
    weir_cli_progress_end();
    weir_cli_interrupt_unwatch();
    bool stopped = status == WEIR_ERR_CANCELLED;
    if (execution->why.wanted && (status == WEIR_OK || stopped)) weir_cli_why_say(&execution->why, run);
    if (weir_run_stats(run, &stats) != WEIR_OK) return status;
    if (status == WEIR_OK) say_done(&stats, insert);
    if (weir_cli_stats_add(&execution->stats, insert ? "insert" : "select", &stats)) return status;
    return status == WEIR_OK ? WEIR_ERR_MEMORY : status;
}

static enum weir_status execute_all(struct execution *execution, struct weir_error *error) {
    for (;;) {
        struct weir_run *run = NULL;
        enum weir_status status = weir_session_step(execution->session, &run, error);
        if (status == WEIR_OK) status = execute_statement(execution, run, error);
        weir_run_destroy(&run);
        if (status != WEIR_OK) return status == WEIR_END ? WEIR_OK : status;
        if (weir_cli_interrupted() != 0) return WEIR_ERR_CANCELLED;
    }
}

static void say_incomplete(const struct execution *execution) {
    char count[WEIR_CLI_COUNT_BYTES];
    if (execution->rows_written == 0) return;
    weir_cli_say("error: the result is incomplete: up to %s rows had been written before this",
                 weir_cli_count_text(execution->rows_written, count));
}

static int say_interrupted(const struct execution *execution) {
    char count[WEIR_CLI_COUNT_BYTES];
    struct weir_stats total = weir_cli_stats_total(&execution->stats);
    weir_cli_say("stopped by %s after %s rows in, %.2f s", weir_cli_interrupted() == SIGINT ? "Ctrl-C" : "a signal",
                 weir_cli_count_text(total.rows_in, count), total.seconds);
    say_incomplete(execution);
    return 128 + weir_cli_interrupted();
}

int weir_cli_execute(const struct weir_cli_options *options, const struct weir_cli_script *script) {
    struct execution execution = {.options = options, .script = script};
    struct weir_error error = {0};
    if (script->text[strspn(script->text, " \t\r\n\f\v;")] == '\0') {
        weir_cli_say("error: %s holds no statement; 'weir %s --help' has examples", script->name,
                     weir_cli_command_name(options->command));
        return options->command == WEIR_CLI_QUERY ? WEIR_CLI_USAGE : WEIR_CLI_FAILED;
    }
    if (!weir_cli_output_choose(options, &execution.format)) return WEIR_CLI_USAGE;
    if (!weir_cli_why_init(&execution.why, options)) {
        weir_cli_why_fini(&execution.why);
        return WEIR_CLI_USAGE;
    }
    if (execution.why.wanted) weir_cli_interrupt_ask();
    if (!weir_cli_stats_init(&execution.stats, options)) {
        weir_cli_why_fini(&execution.why);
        return WEIR_CLI_FAILED;
    }
    execution.session = weir_cli_session_open(options, script);
    int exit_code = execution.session == NULL ? WEIR_CLI_FAILED : WEIR_CLI_DONE;
    if (execution.session != NULL && execute_all(&execution, &error) != WEIR_OK) {
        exit_code = WEIR_CLI_FAILED;
        if (weir_cli_interrupted() != 0) {
            exit_code = say_interrupted(&execution);
        } else if (error.code != WEIR_ERR_IO || !weir_cli_reader_has_gone()) {
            weir_cli_say_error(&error, script->name, script->text);
            say_incomplete(&execution);
        }
    }
    exit_code = weir_cli_stats_report(&execution.stats, options, exit_code);
    weir_cli_stats_fini(&execution.stats);
    weir_cli_why_fini(&execution.why);
    weir_session_destroy(&execution.session);
    return exit_code;
}
