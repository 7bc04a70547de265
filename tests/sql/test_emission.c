/* SPDX-License-Identifier: Apache-2.0
 *
 * SEMANTICS 2, 3 and 4 in SQL: what options and FILL make of a plan's emission, and which of them contradict.
 */
#include "refusal.h"
#include "sql/parser.h"

static struct script script;

static int open_script(void **state) {
    (void)state;
    script_open(&script);
    assert_int_equal(script_run(&script, EVENTS), WEIR_OK);
    return 0;
}

static int close_script(void **state) {
    (void)state;
    script_close(&script);
    return 0;
}

#define SET(key, value) "SET '" key "' = '" value "'; "
#define EARLY SET("table.exec.emit.early-fire.enabled", "true")
#define EARLY_DELAY(value) SET("table.exec.emit.early-fire.delay", value)
#define LATE                                                                                                       \
    SET("table.exec.emit.late-fire.enabled", "true")                                                               \
    SET("table.exec.emit.late-fire.delay", "0 s") SET("table.exec.emit.allow-lateness", "1 min")
#define GROUPED "SELECT k, COUNT(*) AS n FROM events GROUP BY k, TUMBLE(ts, INTERVAL '1' MINUTE)"
#define GROUPED_HOP "SELECT COUNT(*) FROM events GROUP BY HOP(ts, INTERVAL '1' SECOND, INTERVAL '1' MINUTE)"
#define GROUPED_SESSION "SELECT COUNT(*) FROM events GROUP BY SESSION(ts, INTERVAL '1' MINUTE)"
#define TABLED                                                                                                     \
    "SELECT window_start, SUM(v) AS s FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) "      \
    "GROUP BY window_start, window_end"
#define FLOATS "SELECT SUM(CAST(v AS DOUBLE)) AS s FROM events GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)"
#define BY_COUNT                                                                                                   \
    "SELECT COUNT(*) FROM TABLE(COUNT_WINDOW(TABLE events, DESCRIPTOR(ts), 5)) GROUP BY window_start, window_end"

/* ---- early and late results ---- */

static void by_default_results_are_final(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, GROUPED);
    assert_false(weir_plan_updates(plan));
    assert_int_equal(plan->emission.late, WEIR_ROWS_DROP);
    assert_int_equal(plan->emission.end, WEIR_END_FLUSH);
    assert_string_equal(script_names(plan), "k,n");
}

static void early_results_come_by_the_wall_clock_as_in_flink(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, EARLY EARLY_DELAY("10 s") GROUPED);
    assert_int_equal(plan->emission.early_every, 10000);
    assert_true(plan->emission.early_processing_time);
    assert_int_equal(plan->emission.early_rows, 0);
    assert_int_equal(plan->emission.mode, WEIR_UPDATE_RETRACTING);
    assert_non_null(
        strstr(plan->explain, "early: a result every 10 seconds of the wall clock, where rows have come\n"));
    assert_non_null(
        strstr(plan->explain, "updates: column op says what a row is; after the first result -U takes"));
    assert_null(strstr(plan->explain, "note:"));
    plan = script_plan(&script, EARLY_DELAY("0 s") GROUPED);
    assert_int_equal(plan->emission.early_rows, 1);
    assert_int_equal(plan->emission.early_every, 0);
    assert_false(plan->emission.early_processing_time);
    assert_non_null(strstr(plan->explain, "early: a result at every row of a key and window\n"));
    plan = script_plan(&script, "RESET 'table.exec.emit.early-fire.enabled'; " GROUPED);
    assert_false(weir_plan_updates(plan));
}

static void early_results_come_by_rows_and_by_event_time(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, SET("weir.emit.early-fire.rows", "100")
                                                            SET("weir.emit.early-fire.event-time", "1 min") TABLED);
    assert_int_equal(plan->emission.early_rows, 100);
    assert_int_equal(plan->emission.early_every, 60000);
    assert_false(plan->emission.early_processing_time);
    assert_non_null(strstr(plan->explain, "early: a result every 100 rows of a key and window\n"));
    assert_non_null(strstr(plan->explain, "early: a result every 1 minute of event time"));
    assert_non_null(strstr(plan->explain, "note: Flink gives early and late results for group windows only"));
    plan = script_plan(&script, "RESET 'weir.emit.early-fire.rows'; " EARLY EARLY_DELAY("0 s") TABLED);
    assert_int_equal(plan->emission.early_rows, 1);
    assert_int_equal(plan->emission.early_every, 60000);
}

static void late_rows_fire_again_within_the_allowed_lateness(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, LATE GROUPED_HOP);
    assert_int_equal(plan->emission.lateness, 60000);
    assert_true(plan->emission.late_fire);
    assert_true(weir_plan_updates(plan));
    assert_non_null(strstr(plan->explain, "lateness: until 1 minute after its end a window takes rows"));
    plan = script_plan(&script, "RESET 'table.exec.emit.late-fire.enabled'; " GROUPED_HOP);
    assert_int_equal(plan->emission.lateness, 0);
    assert_false(weir_plan_updates(plan));
    assert_non_null(strstr(plan->explain, "note: 'table.exec.emit.allow-lateness' does nothing without late fire"));
    plan = script_plan(&script, GROUPED_SESSION);
    assert_int_equal(plan->emission.lateness, 0);
}

static void modes_say_how_results_replace_earlier_ones(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, LATE SET("weir.emit.mode", "accumulating") GROUPED);
    assert_int_equal(plan->emission.mode, WEIR_UPDATE_ACCUMULATING);
    assert_non_null(strstr(plan->explain, "+U gives the new total alone"));
    plan = script_plan(&script, SET("weir.emit.mode", "DISCARDING") GROUPED);
    assert_int_equal(plan->emission.mode, WEIR_UPDATE_DISCARDING);
    assert_non_null(strstr(plan->explain, "+I gives what came since the last one"));
    plan = script_plan(&script, "RESET 'weir.emit.mode'; " GROUPED);
    assert_int_equal(plan->emission.mode, WEIR_UPDATE_RETRACTING);
}

static void sums_of_floats_keep_the_order_on_request(void **state) {
    (void)state;
    assert_true(script_plan(&script, SET("weir.ordered-floats", "true") FLOATS)->ordered_floats);
    assert_false(script_plan(&script, SET("weir.ordered-floats", "true") GROUPED)->ordered_floats);
    assert_false(script_plan(&script, "RESET 'weir.ordered-floats'; " FLOATS)->ordered_floats);
}

static void a_query_that_updates_has_a_column_for_the_kind_of_row(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, LATE GROUPED);
    assert_string_equal(script_names(plan), "op,k,n");
    assert_string_equal(script_types(plan), "[STRING NOT NULL, STRING, BIGINT NOT NULL]");
    assert_int_equal(plan->outputs[0].expr->index, weir_plan_row_kind(plan));
    plan = script_plan(&script, "SELECT n + 1 AS m FROM (" GROUPED ") WHERE n > 2");
    assert_string_equal(script_names(plan), "op,m");
    plan = script_plan(&script, "CREATE TABLE o (a STRING, c BIGINT) WITH ('connector' = 'filesystem'); "
                                "INSERT INTO o " GROUPED);
    assert_string_equal(script_names(plan), "op,a,c");
    plan = script_plan(&script, "SELECT COUNT(*) AS op FROM events");
    assert_string_equal(script_names(plan), "op");
}

static void a_batch_gives_final_results_and_says_so(void **state) {
    (void)state;
    const struct weir_plan *plan =
        script_plan(&script, SET("execution.runtime-mode", "batch") LATE EARLY EARLY_DELAY("0 s") GROUPED);
    assert_false(weir_plan_updates(plan));
    assert_non_null(strstr(plan->explain, "note: early and late results come in streaming mode only"));
}

static void options_play_no_part_without_windows(void **state) {
    (void)state;
    script_plan(&script, LATE EARLY SET("weir.emit.mode", "discarding") SET("weir.late.policy", "fold")
                             SET("weir.end-of-input", "discard") "SELECT k, SUM(v) FROM events GROUP BY k");
    script_plan(&script, "SELECT v FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' MINUTE))");
}

static void options_that_contradict_are_refused(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {EARLY "\n" GROUPED, WEIR_ERR_SQL, 2, 49,
         "'table.exec.emit.early-fire.enabled' needs a delay, as in Flink"},
        {SET("table.exec.emit.late-fire.enabled", "true") "\n" GROUPED, WEIR_ERR_SQL, 2, 49,
         "'table.exec.emit.late-fire.enabled' needs a delay, as in Flink"},
        {SET("table.exec.emit.late-fire.enabled", "true")
             SET("table.exec.emit.late-fire.delay", "0 s") "\n" GROUPED,
         WEIR_ERR_SQL, 2, 49, "SET 'table.exec.emit.allow-lateness' = '1 min'"},
        {EARLY EARLY_DELAY("1 s") SET("weir.emit.early-fire.event-time", "1 s") "\n" GROUPED, WEIR_ERR_SQL, 2, 49,
         "both say when early results come"},
        {SET("weir.emit.early-fire.event-time",
             "1 s") "\nSELECT COUNT(*) FROM t1 GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)",
         WEIR_ERR_SQL, 2, 34, "follows the watermark, and this query has none"},
        {EARLY EARLY_DELAY("0 s") "\n" GROUPED_SESSION, WEIR_ERR_UNSUPPORTED, 2, 38,
         "SESSION windows give no early or late results, as SESSION in Flink"},
        {LATE "\n" GROUPED_SESSION, WEIR_ERR_UNSUPPORTED, 2, 38, "SESSION windows give no early or late results"},
        {SET("weir.emit.early-fire.rows", "3") "\n" BY_COUNT, WEIR_ERR_UNSUPPORTED, 2, 28,
         "COUNT_WINDOW windows give no early or late results"},
        {SET("weir.emit.mode", "discarding") "\n" GROUPED, WEIR_ERR_SQL, 2, 49, "this query gives final ones only"},
        {SET("weir.emit.mode", "accumulating") "\n" TABLED, WEIR_ERR_SQL, 2, 45, "RESET 'weir.emit.mode'"},
        {SET("weir.late.policy", "fold") "\n" GROUPED_SESSION, WEIR_ERR_UNSUPPORTED, 2, 38,
         "'weir.late.policy' = 'fold' counts a late row in the next window of a grid, and SESSION windows lie on "
         "none"},
        {SET("weir.late.policy", "fold") "\n" BY_COUNT, WEIR_ERR_UNSUPPORTED, 2, 28,
         "COUNT_WINDOW windows lie on none"},
        {LATE "\nSELECT COUNT(*) FROM events GROUP BY HOP(ts, INTERVAL '0.001' SECOND, INTERVAL '2' MINUTE)",
         WEIR_ERR_UNSUPPORTED, 2, 38,
         "each of the 120000 windows that a row belongs to is kept by itself, and 65536"},
        {LATE "\n" GROUPED " ORDER BY n", WEIR_ERR_UNSUPPORTED, 2, 90, "later rows take earlier ones back"},
        {LATE "\n" GROUPED " LIMIT 3", WEIR_ERR_UNSUPPORTED, 2, 1, "later rows take earlier ones back"},
        {LATE "\nSELECT k, COUNT(*) AS op FROM events GROUP BY k, TUMBLE(ts, INTERVAL '1' MINUTE)", WEIR_ERR_SQL, 2,
         11, "has a column 'op' of its own"},
    };
    CHECK(cases);
}

static void values_out_of_range_are_refused(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {SET("table.exec.emit.allow-lateness", "-1 s"), WEIR_ERR_SQL, 1, 5, "it must not be negative"},
        {SET("table.exec.emit.allow-lateness", "1 month"), WEIR_ERR_SQL, 1, 5, "the units are d, h, min"},
        {SET("table.exec.emit.early-fire.delay", "soon"), WEIR_ERR_SQL, 1, 5, "expected a number and a unit"},
        {SET("table.exec.emit.early-fire.enabled", "maybe"), WEIR_ERR_SQL, 1, 5, "expected 'true' or 'false'"},
        {SET("table.exec.emit.late-fire.enabled", "1"), WEIR_ERR_SQL, 1, 5, "expected 'true' or 'false'"},
        {SET("table.exec.emit.late-fire.delay", "5 s"), WEIR_ERR_UNSUPPORTED, 1, 5, "'0 s' is: a late row fires"},
        {SET("table.exec.source.idle-timeout", "99999999999999999999 d"), WEIR_ERR_SQL, 1, 5, "64 bits"},
        {SET("pipeline.auto-watermark-interval", "often"), WEIR_ERR_SQL, 1, 5, "is no duration"},
        {SET("weir.late.policy", "keep"), WEIR_ERR_SQL, 1, 5, "expected 'drop', 'side-output' or 'fold'"},
        {SET("weir.late.table", ""), WEIR_ERR_SQL, 1, 5, "the name of a table"},
        {SET("weir.emit.early-fire.rows", "0"), WEIR_ERR_SQL, 1, 5, "a number of rows from 1"},
        {SET("weir.emit.early-fire.rows", "-1"), WEIR_ERR_SQL, 1, 5, "a number of rows from 1"},
        {SET("weir.emit.early-fire.rows", "1e3"), WEIR_ERR_SQL, 1, 5, "a number of rows from 1"},
        {SET("weir.emit.early-fire.rows", "9999999999999999999"), WEIR_ERR_SQL, 1, 5, "a number of rows from 1"},
        {SET("weir.emit.early-fire.event-time", "0 s"), WEIR_ERR_SQL, 1, 5, "1 ms or more"},
        {SET("weir.emit.mode", "updating"), WEIR_ERR_SQL, 1, 5, "expected 'retracting', 'accumulating' or"},
        {SET("weir.end-of-input", "stop"), WEIR_ERR_SQL, 1, 5, "expected 'flush', 'discard' or 'mark'"},
        {SET("weir.emit.early-fire.row", "3"), WEIR_ERR_SQL, 1, 5, "did you mean 'weir.emit.early-fire.rows'?"},
        {SET("weir.end-of-inputs", "flush"), WEIR_ERR_SQL, 1, 5, "did you mean 'weir.end-of-input'?"},
        {SET("table.exec.emit.allow-latenes", "1 s"), WEIR_ERR_SQL, 1, 5,
         "did you mean 'table.exec.emit.allow-lateness'?"},
    };
    CHECK(cases);
}

static void reset_takes_every_option_back(void **state) {
    (void)state;
    struct weir_settings nothing = {0};
    static const char *const sets[] = {
        SET("weir.late.policy", "fold"),
        SET("weir.late.table", "x"),
        SET("weir.emit.early-fire.rows", "5"),
        SET("weir.emit.early-fire.event-time", "5 s"),
        SET("weir.emit.mode", "discarding"),
        SET("weir.end-of-input", "mark"),
        SET("weir.ordered-floats", "true"),
        SET("table.exec.source.idle-timeout", "3 s"),
        SET("execution.runtime-mode", "batch"),
        SET("table.exec.emit.early-fire.enabled", "true"),
        SET("table.local-time-zone", "Europe/Berlin"),
        SET("table.exec.emit.early-fire.delay", "3 s"),
        SET("table.exec.emit.late-fire.enabled", "true"),
        SET("table.exec.emit.late-fire.delay", "0 s"),
        SET("table.exec.emit.allow-lateness", "3 s"),
    };
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
        char reset[100];
        assert_int_equal(script_run(&script, sets[i]), WEIR_OK);
        assert_memory_not_equal(&script.session->settings, &nothing, sizeof(nothing));
        snprintf(reset, sizeof(reset), "RESET%.*s", (int)(strchr(sets[i], '=') - sets[i] - 3), sets[i] + 3);
        assert_int_equal(script_run(&script, reset), WEIR_OK);
        script.session->settings.late_table_at = nothing.late_table_at;
        assert_memory_equal(&script.session->settings, &nothing, sizeof(nothing));
    }
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
        assert_int_equal(script_run(&script, sets[i]), WEIR_OK);
    assert_int_equal(script_run(&script, "RESET"), WEIR_OK);
    assert_memory_equal(&script.session->settings, &nothing, sizeof(nothing));
}

/* ---- rows that are too late ---- */

#define LATE_TABLE                                                                                                 \
    "CREATE TABLE late_rows (ts TIMESTAMP(3), k STRING, v INT, b BIGINT, x DOUBLE, d DECIMAL(10, 2), f BOOLEAN) "  \
    "WITH ('connector' = 'filesystem', 'path' = 'late.csv'); "

static enum weir_status bind(const char *select, struct weir_bind_result *out) {
    struct weir_bind_request request = {.catalog = &script.session->catalog,
                                        .settings = &script.session->settings,
                                        .host = {script.run, weir_run_open_input}};
    struct weir_statements statements;
    struct weir_error error = {0};
    assert_int_equal(weir_parse_script(&script.session->arena, select, NULL, 0, &statements, &error), WEIR_OK);
    return weir_bind_query(&request, statements.items[0]->query, out, &error);
}

static void late_rows_may_go_whole_to_a_table(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, LATE_TABLE SET("weir.late.policy", "side-output")
                                                            SET("weir.late.table", "late_rows") GROUPED);
    assert_int_equal(plan->emission.late, WEIR_ROWS_SIDE);
    assert_int_equal(plan->columns_count, 7);
    assert_non_null(strstr(plan->explain, "late: rows go to the side output, whole, and are counted\n"));
}

static void the_binder_names_the_table_of_late_rows(void **state) {
    (void)state;
    struct weir_run run = {.session = script.session};
    struct weir_bind_result result = {0};
    assert_int_equal(
        script_run(&script, LATE_TABLE SET("weir.late.policy", "side-output") SET("weir.late.table", "late_rows")),
        WEIR_OK);
    script.run = &run;
    assert_int_equal(bind(GROUPED, &result), WEIR_OK);
    assert_string_equal(result.late_table->name, "late_rows");
    assert_int_equal(result.selected[6], 6);
    weir_plan_release(result.plan);
    run.source.close(run.source.state);
    free(run.table);
    script.run = NULL;
}

static void late_rows_may_be_folded(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, SET("weir.late.policy", "fold") GROUPED_HOP);
    assert_int_equal(plan->emission.late, WEIR_ROWS_FOLD);
    assert_non_null(strstr(plan->explain, "late: rows count in the next window that is still open"));
    assert_string_equal(script_names(plan), "EXPR$0");
}

static void tables_for_late_rows_must_fit(void **state) {
    (void)state;
#define SIDE SET("weir.late.policy", "side-output")
    static const struct refusal cases[] = {
        {SIDE "\n" GROUPED, WEIR_ERR_SQL, 2, 49, "'side-output' needs a table for the rows; SET 'weir.late.table'"},
        {SIDE "\n" SET("weir.late.table", "late_row") LATE_TABLE GROUPED, WEIR_ERR_SQL, 2, 5,
         "there is no table or view 'late_row'; did you mean 'late_rows'?"},
        {SIDE "\n" SET("weir.late.table", "events") GROUPED, WEIR_ERR_SQL, 2, 5,
         "'events' is the one that is read"},
        {SIDE "\n" SET("weir.late.table", "w") "CREATE VIEW w AS SELECT v FROM events;" GROUPED, WEIR_ERR_SQL, 2, 5,
         "'w' is none"},
        {SIDE LATE_TABLE "\n" SET("weir.late.table", "late_rows") "INSERT INTO late_rows (k) SELECT k FROM events "
                                                                  "GROUP BY k, TUMBLE(ts, INTERVAL '1' MINUTE)",
         WEIR_ERR_SQL, 2, 5, "'late_rows' takes the result"},
        {SIDE "\n" SET("weir.late.table", "t1") GROUPED, WEIR_ERR_SQL, 2, 5,
         "late rows of 'events' have 7 columns, and the table 't1' has 15"},
        {SIDE
         "CREATE TABLE l (ts TIMESTAMP(3), k STRING, v BIGINT, b BIGINT, x DOUBLE, d DECIMAL(10, 2), f BOOLEAN) "
         "WITH ('connector' = 'filesystem');\n" SET("weir.late.table", "l") GROUPED,
         WEIR_ERR_SQL, 2, 5, "bring 'v' as INT, and the column 'v' of the table 'l' is BIGINT"},
        {"\n" SET("weir.late.table", "late_rows") LATE_TABLE GROUPED, WEIR_ERR_SQL, 2, 5, "nothing goes there"},
    };
    CHECK(cases);
}

/* ---- the end of the input ---- */

static void windows_of_the_end_may_be_left_out_or_marked(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, SET("weir.end-of-input", "discard") GROUPED);
    assert_int_equal(plan->emission.end, WEIR_END_DISCARD);
    assert_non_null(
        strstr(plan->explain, "end of input: windows that the watermark has not closed give nothing\n"));
    plan = script_plan(&script,
                       SET("weir.end-of-input",
                           "mark") "SELECT window_start, is_complete, SUM(v) AS s FROM TABLE(TUMBLE(TABLE events, "
                                   "DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, k "
                                   "HAVING SUM(v) > 1 AND NOT is_complete");
    assert_int_equal(plan->emission.end, WEIR_END_MARK);
    assert_int_equal(plan->outputs[1].expr->index, weir_plan_is_complete(plan));
    assert_int_equal(plan->outputs[1].expr->index, WEIR_RESULT_KEYS + 1 + 1 + 1);
    assert_string_equal(script_types(plan), "[TIMESTAMP(3) NOT NULL, BOOLEAN NOT NULL, INT]");
    assert_non_null(strstr(plan->explain, "is_complete tells those that the watermark had closed\n"));
    plan = script_plan(&script, "SELECT is_complete, COUNT(*) FROM events GROUP BY SESSION(ts, INTERVAL '1' DAY)");
    assert_int_equal(plan->outputs[0].expr->index, weir_plan_is_complete(plan));
}

static void is_complete_gives_way_to_a_column_of_that_name(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script, "SELECT is_complete FROM TABLE(TUMBLE((SELECT ts, f AS is_complete FROM events), DESCRIPTOR(ts), "
                 "INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, is_complete");
    assert_int_equal(plan->keys_count, 1);
    assert_int_equal(plan->outputs[0].expr->index, WEIR_RESULT_KEYS);
    plan = script_plan(&script, "SELECT * FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' MINUTE))");
    assert_string_equal(script_names(plan), "ts,k,v,b,x,d,f,window_start,window_end,window_time");
}

static void ends_that_cannot_be_told_are_refused(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {SET("weir.end-of-input", "discard") "SET 'execution.runtime-mode' = 'batch';\n" GROUPED, WEIR_ERR_SQL, 2,
         49, "without a watermark that is every one"},
        {SET("weir.end-of-input", "mark") "\nSELECT COUNT(*) FROM t1 GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)",
         WEIR_ERR_SQL, 2, 34, "this query has no watermark"},
        {"SELECT is_complete FROM events GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)", WEIR_ERR_SQL, 1, 8,
         "SET 'weir.end-of-input' = 'mark'"},
        {"SELECT is_complete FROM events", WEIR_ERR_SQL, 1, 8, "there is no column 'is_complete'"},
        {SET("weir.end-of-input", "mark") "\nSELECT v, is_complete FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), "
                                          "INTERVAL '1' MINUTE))",
         WEIR_ERR_SQL, 2, 11, "needs GROUP BY window_start, window_end"},
    };
    CHECK(cases);
}

/* ---- FILL ---- */

#define FILL(how)                                                                                                  \
    "SELECT k, COUNT(*) AS n, SUM(v) AS s, AVG(x) AS a FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL "  \
    "'1' MINUTE)) GROUP BY window_start, window_end, k FILL(" how ")"

static void fill_says_what_empty_windows_give(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, FILL("PREV"));
    assert_int_equal(plan->fill.kind, WEIR_FILL_PREV);
    assert_int_equal(plan->fill.windows_max, -1);
    assert_non_null(strstr(plan->explain, "fill: empty windows between two of a key give what came before\n"));
    assert_non_null(strstr(plan->explain, "note: Flink's SQL has no FILL\n"));
    plan = script_plan(&script, FILL("LINEAR, 10") " HAVING COUNT(*) > 0");
    assert_int_equal(plan->fill.kind, WEIR_FILL_LINEAR);
    assert_int_equal(plan->fill.windows_max, 10);
    assert_non_null(strstr(plan->explain, "give a line between its neighbours, 10 in a row at most\n"));
    plan = script_plan(&script, "SELECT COUNT(*) FROM events GROUP BY TUMBLE(ts, INTERVAL '1' DAY) FILL(PREV)");
    assert_int_equal(plan->fill.kind, WEIR_FILL_PREV);
}

static void filled_with_null_even_counts_are_nullable(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, FILL("NULL"));
    assert_int_equal(plan->fill.kind, WEIR_FILL_NULL);
    assert_string_equal(script_types(plan), "[STRING, BIGINT, INT, DOUBLE]");
    plan = script_plan(&script, FILL("PREV"));
    assert_string_equal(script_types(plan), "[STRING, BIGINT NOT NULL, INT, DOUBLE]");
}

static void a_value_is_brought_to_the_type_of_each_aggregate(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, FILL("-1, 5"));
    assert_int_equal(plan->fill.kind, WEIR_FILL_VALUE);
    assert_int_equal(plan->fill.values[0]->value.i64, -1);
    assert_int_equal(plan->fill.values[0]->type.id, WEIR_TYPE_BIGINT);
    assert_int_equal(plan->fill.values[1]->value.i64, -1);
    assert_int_equal(plan->fill.values[1]->type.id, WEIR_TYPE_INT);
    assert_true(plan->fill.values[2]->value.f64 == -1.0);
    plan = script_plan(&script, T1 "SELECT AVG(f), MAX(f), MIN(d) FROM t1 GROUP BY TUMBLE(ts, INTERVAL '1' DAY) "
                                   "FILL(0.1)");
    assert_true(plan->fill.values[0]->value.f64 == (double)0.1F);
    assert_int_equal(plan->fill.values[2]->value.i128, 10);
    plan = script_plan(&script, "SELECT MAX(x), MAX(f) FROM t1 GROUP BY TUMBLE(ts, INTERVAL '1' DAY) FILL(1e-1)");
    assert_true(plan->fill.values[0]->value.f64 == 0.1);
    assert_true(plan->fill.values[1]->value.f64 == (double)0.1F);
}

static void fills_that_cannot_be_are_refused(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"SELECT COUNT(*) FROM TABLE(HOP(TABLE events, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE)) "
         "GROUP "
         "BY window_start, window_end FILL(NULL)",
         WEIR_ERR_UNSUPPORTED, 1, 139, "FILL goes with TUMBLE windows only"},
        {GROUPED_SESSION " FILL(PREV)", WEIR_ERR_UNSUPPORTED, 1, 71, "FILL goes with TUMBLE windows only"},
        {"SELECT COUNT(*) FROM events GROUP BY k FILL(PREV)", WEIR_ERR_UNSUPPORTED, 1, 40, "TUMBLE windows only"},
        {"SELECT MAX(k) FROM events GROUP BY TUMBLE(ts, INTERVAL '1' DAY) FILL(LINEAR)", WEIR_ERR_SQL, 1, 8,
         "FILL(LINEAR) fills numbers, and this aggregate is STRING"},
        {"SELECT MAX(ts) FROM events GROUP BY TUMBLE(ts, INTERVAL '1' DAY) FILL(0)", WEIR_ERR_SQL, 1, 8,
         "a value fills numbers, and this aggregate is TIMESTAMP(3)"},
        {"SELECT COUNT(*) FROM events GROUP BY TUMBLE(ts, INTERVAL '1' DAY) FILL(0.5)", WEIR_ERR_SQL, 1, 72,
         "the value of FILL is no BIGINT, which the aggregate at line 1, column 8 is"},
        {"SELECT SUM(v) FROM events GROUP BY TUMBLE(ts, INTERVAL '1' DAY) FILL(3000000000)", WEIR_ERR_SQL, 1, 70,
         "is no INT"},
        {"SELECT SUM(v) FROM events GROUP BY TUMBLE(ts, INTERVAL '1' DAY) FILL('x')", WEIR_ERR_SQL, 1, 70,
         "FILL takes NULL, PREV, LINEAR or a number"},
        {"SELECT SUM(v) FROM events GROUP BY TUMBLE(ts, INTERVAL '1' DAY) FILL(v)", WEIR_ERR_SQL, 1, 70,
         "there is no column 'v'"},
        {"SELECT SUM(v) FROM events GROUP BY TUMBLE(ts, INTERVAL '1' DAY) FILL(1 + 1)", WEIR_ERR_SQL, 1, 72,
         "FILL takes NULL, PREV, LINEAR or a number"},
        {"SELECT SUM(v) FROM events GROUP BY TUMBLE(ts, INTERVAL '1' DAY) FILL(NULL, 0)", WEIR_ERR_SQL, 1, 76,
         "the largest number of empty windows is a whole number from 1"},
        {LATE "\nSELECT SUM(v) FROM events GROUP BY TUMBLE(ts, INTERVAL '1' DAY) FILL(NULL)", WEIR_ERR_UNSUPPORTED,
         2, 65, "FILL goes with final results only"},
    };
    CHECK(cases);
}

static void without_end_fill_needs_a_largest_number_of_windows(void **state) {
    (void)state;
    script.fake.unbounded = true;
    assert_int_equal(script_run(&script, FILL("NULL")), WEIR_ERR_SQL);
    assert_non_null(strstr(script.error.message, "after which a key is forgotten: FILL(NULL, 100)"));
    script_plan(&script, FILL("NULL, 100"));
}

/* ---- options of tables ---- */

#define STREAM(options)                                                                                            \
    "CREATE TABLE s (ts TIMESTAMP(3), v INT, WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = "  \
    "'s.csv'" options ");\n"
#define OVER_S "SELECT SUM(v) FROM s GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)"

static void tables_say_how_their_watermark_moves(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script, STREAM(", 'scan.watermark.idle-timeout' = '5 s', 'scan.watermark.max-future' = '1 h', "
                        "'scan.watermark.future-policy' = 'drop', 'scan.watermark.close-after' = '1 min'") OVER_S);
    assert_int_equal(plan->watermark.idle_after_ms, 5000);
    assert_int_equal(plan->watermark.close_after_ms, 60000);
    assert_int_equal(plan->watermark.future_max_ms, 3600000);
    assert_int_equal(plan->watermark.future, WEIR_ROWS_DROP);
    assert_string_equal(script.fake.options, "path=s.csv;");
    assert_non_null(strstr(plan->explain, "idle: a partition without rows for 5 seconds of the wall clock\n"));
    assert_non_null(
        strstr(plan->explain, "close: after 1 minute of the wall clock without any row, windows fire\n"));
    assert_non_null(strstr(plan->explain, "future: rows more than 1 hour ahead of the wall clock"));
    plan = script_plan(&script, "DROP TABLE s; " STREAM(", 'scan.watermark.max-future' = '1 h', "
                                                        "'scan.watermark.future-reference' = 'partitions'") OVER_S);
    assert_true(plan->watermark.future_by_partitions);
    assert_non_null(
        strstr(plan->explain, "future: rows more than 1 hour ahead of the median of the other partitions"));
}

static void the_idle_timeout_of_a_table_stands_over_that_of_the_session(void **state) {
    (void)state;
    const struct weir_plan *plan =
        script_plan(&script, SET("table.exec.source.idle-timeout", "3 s") STREAM("") OVER_S);
    assert_int_equal(plan->watermark.idle_after_ms, 3000);
    assert_int_equal(plan->watermark.future, WEIR_ROWS_KEEP);
    plan = script_plan(&script, "DROP TABLE s; " STREAM(", 'scan.watermark.idle-timeout' = '0 s'") OVER_S);
    assert_int_equal(plan->watermark.idle_after_ms, 0);
}

static void rows_of_the_future_may_go_whole_to_a_table(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script,
        SET("weir.late.table",
            "l") "CREATE TABLE l (a TIMESTAMP(3), z INT) WITH ('connector' = "
                 "'filesystem');" STREAM(", 'scan.watermark.max-future' = '1 h', 'scan.watermark.future-policy' = "
                                         "'side-output'") "SELECT COUNT(*) FROM s GROUP BY TUMBLE(ts, INTERVAL '1' "
                                                          "MINUTE)");
    assert_int_equal(plan->watermark.future, WEIR_ROWS_SIDE);
    assert_int_equal(plan->columns_count, 2);
}

static void options_of_watermarks_that_are_none(void **state) {
    (void)state;
#define BARE(options)                                                                                              \
    "CREATE TABLE s (ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'x', " options ")"
    static const struct refusal cases[] = {
        {BARE("'scan.watermark.idle-timeout' = 'x'"), WEIR_ERR_SQL, 1, 83,
         "is no duration for 'scan.watermark.idle"},
        {BARE("'scan.watermark.max-future' = '1 s', 'scan.watermark.future-reference' = 'median'"), WEIR_ERR_SQL, 1,
         120, "expected 'wall-clock' or 'partitions'"},
        {BARE("'scan.watermark.future-reference' = 'partitions'"), WEIR_ERR_SQL, 1, 83,
         "it needs 'scan.watermark.max-future'"},
        {BARE("'scan.watermark.max-future' = '0 s'"), WEIR_ERR_SQL, 1, 83, "expected a duration of 1 ms or more"},
        {BARE("'scan.watermark.max-future' = '1 s', 'scan.watermark.future-policy' = 'fold'"), WEIR_ERR_SQL, 1, 120,
         "expected 'keep', 'drop' or 'side-output'"},
        {BARE("'scan.watermark.future-policy' = 'drop'"), WEIR_ERR_SQL, 1, 83,
         "it needs 'scan.watermark.max-future'"},
        {"CREATE TABLE s (ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = "
         "'s.csv', "
         "'scan.watermark.max-future' = '1 s', 'scan.watermark.future-policy' = 'drop');\n"
         "SELECT * FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' DAY))",
         WEIR_ERR_UNSUPPORTED, 2, 21, "acts where a window's rows are grouped"},
        {BARE("'scan.watermark.close-afer' = '1 s'"), WEIR_ERR_SQL, 1, 83,
         "did you mean 'scan.watermark.close-after'?"},
        {"CREATE TABLE s (ts TIMESTAMP(3)) WITH ('connector' = 'x', 'scan.watermark.idle-timeout' = '1 s')",
         WEIR_ERR_SQL, 1, 59, "the table has no WATERMARK"},
    };
    CHECK(cases);
}

int main(void) {
#define UNIT(name) cmocka_unit_test_setup_teardown(name, open_script, close_script)
    const struct CMUnitTest tests[] = {
        UNIT(by_default_results_are_final),
        UNIT(early_results_come_by_the_wall_clock_as_in_flink),
        UNIT(early_results_come_by_rows_and_by_event_time),
        UNIT(late_rows_fire_again_within_the_allowed_lateness),
        UNIT(modes_say_how_results_replace_earlier_ones),
        UNIT(sums_of_floats_keep_the_order_on_request),
        UNIT(a_query_that_updates_has_a_column_for_the_kind_of_row),
        UNIT(a_batch_gives_final_results_and_says_so),
        UNIT(options_play_no_part_without_windows),
        cmocka_unit_test(options_that_contradict_are_refused),
        cmocka_unit_test(values_out_of_range_are_refused),
        UNIT(reset_takes_every_option_back),
        UNIT(late_rows_may_go_whole_to_a_table),
        UNIT(the_binder_names_the_table_of_late_rows),
        UNIT(late_rows_may_be_folded),
        cmocka_unit_test(tables_for_late_rows_must_fit),
        UNIT(windows_of_the_end_may_be_left_out_or_marked),
        UNIT(is_complete_gives_way_to_a_column_of_that_name),
        cmocka_unit_test(ends_that_cannot_be_told_are_refused),
        UNIT(fill_says_what_empty_windows_give),
        UNIT(filled_with_null_even_counts_are_nullable),
        UNIT(a_value_is_brought_to_the_type_of_each_aggregate),
        cmocka_unit_test(fills_that_cannot_be_are_refused),
        UNIT(without_end_fill_needs_a_largest_number_of_windows),
        UNIT(tables_say_how_their_watermark_moves),
        UNIT(the_idle_timeout_of_a_table_stands_over_that_of_the_session),
        UNIT(rows_of_the_future_may_go_whole_to_a_table),
        cmocka_unit_test(options_of_watermarks_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
