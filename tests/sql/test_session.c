/* SPDX-License-Identifier: Apache-2.0
 *
 * Sessions and runs: settings, placeholders, the loop from source to result, cancelling, counters.
 */
#include "script.h"

#include <math.h>

static struct script script;
static char logged[600];
static int logged_count;

static void note(void *user, const char *text) {
    (void)user;
    logged_count++;
    snprintf(logged, sizeof(logged), "%s", text);
}

static int open_script(void **state) {
    (void)state;
    script_open(&script);
    script.session->options.log = note;
    logged[0] = '\0';
    logged_count = 0;
    return 0;
}

static int close_script(void **state) {
    (void)state;
    script_close(&script);
    return 0;
}

/* Pulls to the end: rows, or -1 - status. */
static int64_t drain(void) {
    int64_t rows = 0;
    struct ArrowArray batch = {0};
    enum weir_status status;
    while ((status = weir_run_next(script.run, &batch, &script.error)) == WEIR_OK) {
        rows += batch.length;
        batch.release(&batch);
    }
    return status == WEIR_END ? rows : -1 - (int64_t)status;
}

#define NUMBERS                                                                                                    \
    "CREATE TABLE n (i INT, b BIGINT, x DOUBLE, s STRING) WITH ('connector' = 'filesystem', 'path' = 'p');\n"

static void give_rows(int64_t batches, int64_t rows) {
    script.fake.batches = batches;
    script.fake.rows_a_batch = rows;
}

static void rows_pass_from_the_source_to_the_caller(void **state) {
    (void)state;
    give_rows(3, 10);
    script_plan(&script, NUMBERS "SELECT b + 1, s FROM n WHERE i >= 5");
    assert_int_equal(drain(), 25);
    assert_int_equal(drain(), 0);
    struct weir_stats stats = {.struct_size = sizeof(stats)};
    assert_int_equal(weir_run_stats(script.run, &stats), WEIR_OK);
    assert_int_equal(stats.rows_in, 30);
    assert_int_equal(stats.filtered, 5);
    assert_int_equal(stats.rows_out, 25);
    assert_int_equal(stats.rejected, 3);
    assert_int_equal(stats.nulled, 4);
    assert_int_equal(stats.bytes_read, 30);
    assert_true(stats.seconds >= 0 && isfinite(stats.seconds));
    assert_true(stats.peak_bytes > 0);
    struct weir_progress progress = {.struct_size = sizeof(progress)};
    weir_run_progress(script.run, &progress);
    assert_int_equal(progress.rows_in, 30);
    assert_int_equal(progress.bytes_total, 1000);
    assert_int_equal(progress.bytes_done, 30);
}

static void a_limit_stops_reading(void **state) {
    (void)state;
    give_rows(1000, 10);
    script_plan(&script, NUMBERS "SELECT b FROM n LIMIT 15");
    assert_int_equal(drain(), 15);
    assert_true(script.fake.batches_given < 10);
    script_plan(&script, "SELECT b FROM n LIMIT 0");
    assert_int_equal(drain(), 0);
    give_rows(5, 10);
    script_plan(&script, "SELECT b FROM n ORDER BY b DESC LIMIT 3");
    assert_int_equal(drain(), 3);
    assert_int_equal(script.fake.batches_given, 5);
}

static void an_aggregate_without_window_ends_with_the_input(void **state) {
    (void)state;
    give_rows(4, 100);
    script_plan(&script, NUMBERS "SELECT COUNT(*), SUM(b), MAX(x) FROM n");
    assert_int_equal(drain(), 1);
    give_rows(0, 0);
    script_plan(&script, "SELECT COUNT(*) FROM n");
    assert_int_equal(drain(), 1);
    script_plan(&script, "SELECT COUNT(*) FROM n GROUP BY i");
    assert_int_equal(drain(), 0);
}

static void a_failing_source_is_named_and_fails_again(void **state) {
    (void)state;
    give_rows(2, 10);
    script.fake.fail_next = WEIR_ERR_IO;
    script_plan(&script, NUMBERS "SELECT COUNT(*) FROM n");
    assert_int_equal(drain(), -1 - (int64_t)WEIR_ERR_IO);
    assert_string_equal(script.error.message, "table 'n': the disk is on fire");
    assert_int_equal(drain(), -1 - (int64_t)WEIR_ERR_IO);
}

static void a_cancelled_run_stops(void **state) {
    (void)state;
    give_rows(1000000, 10);
    script_plan(&script, NUMBERS "SELECT COUNT(*) FROM n");
    weir_run_cancel(script.run);
    assert_int_equal(drain(), -1 - (int64_t)WEIR_ERR_CANCELLED);
    assert_int_equal(script.fake.batches_given, 0);
}

static void an_insert_writes_to_its_sink(void **state) {
    (void)state;
    give_rows(3, 10);
    script_plan(&script, NUMBERS
                "CREATE TABLE o (a BIGINT, c STRING, e DOUBLE) WITH ('connector' = 'filesystem', 'path' = 'out');"
                "INSERT INTO o (e, a) SELECT i, i FROM n WHERE i <> 3");
    assert_true(weir_run_is_insert(script.run));
    assert_string_equal(script.fake.options, "path=out;");
    assert_string_equal(script_types(script.run->query.plan), "[BIGINT, STRING, DOUBLE]");
    assert_int_equal(drain(), 0);
    assert_int_equal(script.fake.rows_written, 29);
    assert_int_equal(script.fake.sinks_finished, 1);
    assert_non_null(strstr(weir_run_explain(script.run), "insert: into o\n"));
    weir_run_destroy(&script.run);
    assert_int_equal(script.fake.sinks_closed, 1);
}

static void an_insert_that_fails_is_not_finished(void **state) {
    (void)state;
    give_rows(3, 10);
    script_plan(&script, NUMBERS "CREATE TABLE o (a INT NOT NULL) WITH ('connector' = 'filesystem');"
                                 "INSERT INTO o SELECT NULLIF(i, 7) FROM n");
    assert_int_equal(drain(), -1 - (int64_t)WEIR_ERR_VALUE);
    assert_non_null(strstr(script.error.message, "the column 'a' of the table 'o' is NOT NULL"));
    weir_run_destroy(&script.run);
    assert_int_equal(script.fake.sinks_finished, 0);
    assert_int_equal(script.fake.sinks_closed, 1);
}

static void steps_follow_one_another(void **state) {
    (void)state;
    struct weir_run *run = NULL, *second = NULL;
    struct weir_error error;
    assert_int_equal(weir_session_script(script.session, NUMBERS "SELECT i FROM n; SELECT b FROM n", &error),
                     WEIR_OK);
    assert_int_equal(weir_session_step(script.session, &run, &error), WEIR_OK);
    assert_int_equal(weir_session_step(script.session, &second, &error), WEIR_ERR_STATE);
    assert_null(second);
    assert_int_equal(weir_session_register(script.session, &script.fake.connector, &error), WEIR_ERR_STATE);
    weir_run_destroy(&run);
    assert_null(run);
    weir_run_destroy(&run);
    assert_int_equal(weir_session_script(script.session, "SELECT x FROM n", &error), WEIR_OK);
    assert_int_equal(weir_session_step(script.session, &run, &error), WEIR_OK);
    assert_string_equal(script_names(run->query.plan), "b");
    weir_run_destroy(&run);
    assert_int_equal(weir_session_step(script.session, &run, &error), WEIR_OK);
    assert_string_equal(script_names(run->query.plan), "x");
    weir_run_destroy(&run);
    assert_int_equal(weir_session_step(script.session, &run, &error), WEIR_END);
}

static void a_syntax_error_stops_the_script_before_its_first_statement(void **state) {
    (void)state;
    struct weir_run *run = NULL;
    struct weir_error error;
    assert_int_equal(weir_session_script(script.session, NUMBERS "SELECT i FRM n", &error), WEIR_ERR_SQL);
    assert_int_equal(error.line, 2);
    assert_int_equal(weir_session_step(script.session, &run, &error), WEIR_END);
}

static void placeholders_are_defined_by_the_caller(void **state) {
    (void)state;
    struct weir_error error;
    assert_int_equal(script_run(&script, "SELECT * FROM '${data}/x'"), WEIR_ERR_SQL);
    assert_int_equal(script.error.column, 16);
    assert_int_equal(weir_session_define(script.session, "data", "/a", &error), WEIR_OK);
    script_plan(&script, "SELECT * FROM '${data}/x'");
    assert_string_equal(script.fake.options, "path=/a/x;");
    assert_int_equal(weir_session_define(script.session, "data", "/b", &error), WEIR_OK);
    script_plan(&script, "SELECT * FROM '${data}/x'");
    assert_string_equal(script.fake.options, "path=/b/x;");
    assert_int_equal(weir_session_define(script.session, "", "/b", &error), WEIR_ERR_INVALID);
}

static void settings_are_honoured_noticed_or_refused(void **state) {
    (void)state;
    static const struct {
        const char *sql;
        enum weir_status status;
        const char *part;
    } cases[] = {
        {"SET 'execution.runtime-mode' = 'BATCH'", WEIR_OK, ""},
        {"SET execution.runtime-mode = streaming", WEIR_OK, ""},
        {"SET 'execution.runtime-mode' = 'fast'", WEIR_ERR_SQL, "expected 'streaming', 'batch' or 'automatic'"},
        {"SET 'pipeline.auto-watermark-interval' = '200 ms'", WEIR_OK, ""},
        {"SET 'table.local-time-zone' = 'UTC'", WEIR_OK, ""},
        {"SET 'table.local-time-zone' = 'Europe/Berlin'", WEIR_OK, ""},
        {"SET 'table.local-time-zone' = 'Europe/Berln'", WEIR_ERR_SQL, "did you mean 'Europe/Berlin'?"},
        {"SET 'table.exec.source.idle-timeout' = '0 ms'", WEIR_OK, ""},
        {"SET 'table.exec.source.idle-timeout' = '10 s'", WEIR_OK, ""},
        {"SET 'table.exec.state.ttl' = '1 h'", WEIR_ERR_UNSUPPORTED, "is not supported yet"},
        {"SET 'execution.runtime-mod' = 'batch'", WEIR_ERR_SQL, "did you mean 'execution.runtime-mode'?"},
        {"SET 'no.such.thing' = '1'", WEIR_ERR_SQL, "unknown option 'no.such.thing'"},
        {"RESET 'no.such.thing'", WEIR_ERR_SQL, "unknown option 'no.such.thing'"},
        {"RESET 'execution.runtime-mode'", WEIR_OK, ""},
        {"RESET", WEIR_OK, ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (script_run(&script, cases[i].sql) != cases[i].status)
            fail_msg("%s: %s", cases[i].sql, script.error.message);
        if (strstr(script.error.message, cases[i].part) == NULL)
            fail_msg("%s: %s", cases[i].sql, script.error.message);
    }
    assert_int_equal(logged_count, 0);
    assert_int_equal(script_run(&script, "SET 'parallelism.default' = '4'; SET 'taskmanager.memory.size' = '1g'"),
                     WEIR_OK);
    assert_int_equal(logged_count, 1);
    assert_non_null(strstr(logged, "parallelism.default"));
}

static void tables_and_views_come_and_go(void **state) {
    (void)state;
    script_plan(&script, NUMBERS
                "CREATE TABLE IF NOT EXISTS n (z INT) WITH ('connector' = 'x'); CREATE VIEW v AS SELECT i FROM n; "
                "SELECT * FROM v");
    assert_string_equal(script_names(script.run->query.plan), "i");
    script_plan(&script,
                "DROP VIEW v; DROP VIEW IF EXISTS v; DROP TABLE n; CREATE TABLE n (q INT) WITH ('connector' = "
                "'filesystem'); SELECT * FROM n");
    assert_string_equal(script_names(script.run->query.plan), "q");
}

static void explain_names_the_table_and_how_it_is_read(void **state) {
    (void)state;
    script_plan(&script, NUMBERS "SELECT SUM(b) FROM n");
    assert_int_equal(strncmp(weir_run_explain(script.run), "table: n, in memory\nread: b BIGINT\n", 34), 0);
}

static void arguments_are_checked(void **state) {
    (void)state;
    struct weir_error error;
    struct weir_session *session = NULL;
    struct weir_session_options options = {.struct_size = 1};
    assert_int_equal(weir_session_create(&options, &session, &error), WEIR_ERR_INVALID);
    options = (struct weir_session_options){.struct_size = sizeof(options), .workers = -1};
    assert_int_equal(weir_session_create(&options, &session, &error), WEIR_ERR_INVALID);
    assert_null(session);
    assert_int_equal(weir_session_create(NULL, NULL, NULL), WEIR_ERR_INVALID);
    assert_int_equal(weir_session_script(script.session, NULL, NULL), WEIR_ERR_INVALID);
    assert_int_equal(weir_session_step(NULL, NULL, NULL), WEIR_ERR_INVALID);
    assert_int_equal(weir_run_next(NULL, NULL, NULL), WEIR_ERR_INVALID);
    struct weir_stats stats = {.struct_size = 0};
    assert_int_equal(weir_run_stats(NULL, &stats), WEIR_ERR_INVALID);
    weir_run_cancel(NULL);
    weir_session_destroy(NULL);
    weir_run_destroy(NULL);
    assert_string_equal(weir_run_explain(NULL), "");
    assert_int_equal(weir_session_script(script.session, "SELECT", NULL), WEIR_ERR_SQL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_pass_from_the_source_to_the_caller, open_script, close_script),
        cmocka_unit_test_setup_teardown(a_limit_stops_reading, open_script, close_script),
        cmocka_unit_test_setup_teardown(an_aggregate_without_window_ends_with_the_input, open_script, close_script),
        cmocka_unit_test_setup_teardown(a_failing_source_is_named_and_fails_again, open_script, close_script),
        cmocka_unit_test_setup_teardown(a_cancelled_run_stops, open_script, close_script),
        cmocka_unit_test_setup_teardown(an_insert_writes_to_its_sink, open_script, close_script),
        cmocka_unit_test_setup_teardown(an_insert_that_fails_is_not_finished, open_script, close_script),
        cmocka_unit_test_setup_teardown(steps_follow_one_another, open_script, close_script),
        cmocka_unit_test_setup_teardown(a_syntax_error_stops_the_script_before_its_first_statement, open_script,
                                        close_script),
        cmocka_unit_test_setup_teardown(placeholders_are_defined_by_the_caller, open_script, close_script),
        cmocka_unit_test_setup_teardown(settings_are_honoured_noticed_or_refused, open_script, close_script),
        cmocka_unit_test_setup_teardown(tables_and_views_come_and_go, open_script, close_script),
        cmocka_unit_test_setup_teardown(explain_names_the_table_and_how_it_is_read, open_script, close_script),
        cmocka_unit_test_setup_teardown(arguments_are_checked, open_script, close_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
