/* SPDX-License-Identifier: Apache-2.0
 *
 * SEMANTICS 1 in SQL: the table functions of windows and the group windows, as they come into the plan.
 */
#include "refusal.h"

static struct script script;

static int open_script(void **state) {
    (void)state;
    script_open(&script);
    return 0;
}

static int close_script(void **state) {
    (void)state;
    script_close(&script);
    return 0;
}

#define BY_KEY " GROUP BY window_start, window_end, k"
#define SESSION(rest)                                                                                              \
    "SELECT k, COUNT(*) FROM TABLE(SESSION(TABLE events PARTITION BY k, DESCRIPTOR(ts), " rest "))"

static void a_session_has_a_gap_and_may_have_a_largest_duration(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, EVENTS SESSION("INTERVAL '30' SECOND") BY_KEY);
    assert_int_equal(plan->window.kind, WEIR_WINDOW_SESSION);
    assert_int_equal(plan->window.size, 30000);
    assert_int_equal(plan->window.slide, 0);
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_DELAY);
    assert_int_equal(plan->keys_count, 1);
    assert_null(strstr(plan->explain, "note:"));
    assert_non_null(strstr(plan->explain, "window: SESSION of each key on ts, ended by a gap of 30 seconds\n"));
    plan = script_plan(&script, SESSION("INTERVAL '30' SECOND, INTERVAL '1' HOUR") BY_KEY);
    assert_int_equal(plan->window.slide, 3600000);
    assert_non_null(strstr(plan->explain, "in pieces of 1 hour\n"));
    assert_non_null(strstr(plan->explain, "note: Flink's SESSION has no largest duration\n"));
}

static void session_arguments_may_be_named(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script, EVENTS
        "SELECT COUNT(*) FROM TABLE(SESSION(GAP => INTERVAL '30' SECOND, DATA => TABLE events PARTITION BY k, b, "
        "TIMECOL => DESCRIPTOR(ts), MAX_DURATION => INTERVAL '1' MINUTE)) GROUP BY b, window_end, k, window_start");
    assert_int_equal(plan->window.size, 30000);
    assert_int_equal(plan->window.slide, 60000);
    assert_int_equal(plan->keys_count, 2);
}

static void sessions_over_all_rows_need_no_partition(void **state) {
    (void)state;
    const struct weir_plan *plan =
        script_plan(&script, EVENTS
                    "SELECT COUNT(*), 'x' FROM TABLE(SESSION(TABLE events, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) "
                    "GROUP BY window_start, window_end, 'x'");
    assert_int_equal(plan->window.kind, WEIR_WINDOW_SESSION);
}

static void a_partition_may_be_a_column_that_a_query_computes(void **state) {
    (void)state;
    const struct weir_plan *plan =
        script_plan(&script, EVENTS
                    "SELECT u, COUNT(*) FROM TABLE(SESSION((SELECT ts, UPPER(k) AS u FROM events WHERE v > 1) "
                    "PARTITION BY (u), DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u");
    assert_int_equal(plan->keys[0]->op, WEIR_EXPR_UPPER);
    assert_non_null(plan->filter);
}

static void conditions_apply_before_sessions_are_cut_as_in_flink(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script, EVENTS SESSION("INTERVAL '30' SECOND") " WHERE v > 1 AND window_end > '2024-01-01'" BY_KEY);
    assert_string_equal(script_text(plan, plan->filter), "v > 1");
    assert_non_null(plan->having);
}

static void count_windows_have_rows_and_a_slide(void **state) {
    (void)state;
    const struct weir_plan *plan =
        script_plan(&script, EVENTS
                    "SELECT window_start, window_end, k, SUM(v) FROM TABLE(COUNT_WINDOW(TABLE events PARTITION BY "
                    "k, DESCRIPTOR(ts), 100))" BY_KEY);
    assert_int_equal(plan->window.kind, WEIR_WINDOW_COUNT);
    assert_int_equal(plan->window.size, 100);
    assert_int_equal(plan->window.slide, 100);
    assert_non_null(strstr(plan->explain, "window: every 100 rows of a key, as they come\n"));
    assert_non_null(strstr(plan->explain, "note: Flink's SQL has no COUNT_WINDOW\n"));
    plan = script_plan(&script, "SELECT SUM(v) FROM TABLE(COUNT_WINDOW(SLIDE => 10, SIZE => 5000000000, TIMECOL => "
                                "DESCRIPTOR(ts), DATA => TABLE events)) GROUP BY window_start, window_end");
    assert_int_equal(plan->window.size, INT64_C(5000000000));
    assert_int_equal(plan->window.slide, 10);
    assert_non_null(strstr(plan->explain, "the last 5000000000 rows of a key every 10"));
}

static void count_windows_need_no_watermark(void **state) {
    (void)state;
    script.fake.unbounded = true;
    const struct weir_plan *plan = script_plan(
        &script,
        T1 "SET 'weir.end-of-input' = 'mark'; SELECT COUNT(*), is_complete FROM TABLE(COUNT_WINDOW(TABLE t1, "
           "DESCRIPTOR(ts), 5)) GROUP BY window_start, window_end");
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_NONE);
    assert_null(strstr(plan->explain, "watermark:"));
    plan = script_plan(&script, "CREATE TABLE w (a TIMESTAMP(3), c TIMESTAMP(3), WATERMARK FOR a AS a) WITH "
                                "('connector' = 'filesystem'); SELECT COUNT(*) FROM TABLE(COUNT_WINDOW(TABLE w, "
                                "DESCRIPTOR(c), 5)) GROUP BY window_start, window_end");
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_NONE);
    assert_int_equal(script_run(&script, "SELECT COUNT(*) FROM TABLE(COUNT_OR_TIME(TABLE t1, DESCRIPTOR(ts), 5, "
                                         "INTERVAL '1' DAY)) GROUP BY window_start, window_end"),
                     WEIR_ERR_SQL);
    assert_non_null(strstr(script.error.message, "without WATERMARK its windows would never close"));
}

static void count_or_time_has_rows_and_a_span(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script, EVENTS "SELECT SUM(v) FROM TABLE(COUNT_OR_TIME(TABLE events PARTITION BY k, DESCRIPTOR(ts), 100, "
                        "INTERVAL '5' SECOND))" BY_KEY);
    assert_int_equal(plan->window.kind, WEIR_WINDOW_COUNT_OR_TIME);
    assert_int_equal(plan->window.size, 100);
    assert_int_equal(plan->window.slide, 5000);
    assert_non_null(
        strstr(plan->explain, "window: 100 rows of a key, as they come, or those of 5 seconds on ts\n"));
}

#define COUNT_WINDOW(rest)                                                                                         \
    "SELECT k FROM TABLE(COUNT_WINDOW(TABLE events PARTITION BY k, DESCRIPTOR(ts), " rest "))" BY_KEY
#define COUNT_OR_TIME(rest)                                                                                        \
    "SELECT k FROM TABLE(COUNT_OR_TIME(TABLE events PARTITION BY k, DESCRIPTOR(ts), " rest "))" BY_KEY
#define OVER(function, rest) "SELECT 1 FROM TABLE(" function "(TABLE events, DESCRIPTOR(ts), " rest "))"

static void lengths_that_make_no_window_are_refused(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {SESSION("INTERVAL '0' SECOND") BY_KEY, WEIR_ERR_SQL, 1, 31,
         "the gap of a session must be positive, and is 0"},
        {SESSION("INTERVAL '-3' SECOND") BY_KEY, WEIR_ERR_SQL, 1, 31, "must be positive, and is -3000 ms"},
        {SESSION("INTERVAL '1' MONTH") BY_KEY, WEIR_ERR_UNSUPPORTED, 1, 84, "windows of months and years"},
        {SESSION("INTERVAL '1' SECOND, INTERVAL '1' YEAR") BY_KEY, WEIR_ERR_UNSUPPORTED, 1, 105,
         "months and years"},
        {SESSION("INTERVAL '1' SECOND, INTERVAL '0' SECOND") BY_KEY, WEIR_ERR_SQL, 1, 105,
         "the largest duration of a session must be positive, and is 0 ms"},
        {SESSION("30") BY_KEY, WEIR_ERR_SQL, 1, 84, "expected a constant such as INTERVAL '5' MINUTE"},
        {SESSION("INTERVAL '1' SECOND * 2") BY_KEY, WEIR_ERR_SQL, 1, 104, "expected a constant"},
        {COUNT_WINDOW("0"), WEIR_ERR_SQL, 1, 79, "the SIZE of COUNT_WINDOW is a whole number from 1"},
        {COUNT_WINDOW("-5"), WEIR_ERR_SQL, 1, 79, "whole number from 1"},
        {COUNT_WINDOW("1.5"), WEIR_ERR_SQL, 1, 79, "whole number from 1"},
        {COUNT_WINDOW("9223372036854775808"), WEIR_ERR_SQL, 1, 79, "whole number from 1 to 9223372036854775807"},
        {COUNT_WINDOW("INTERVAL '1' SECOND"), WEIR_ERR_SQL, 1, 79, "whole number from 1"},
        {COUNT_WINDOW("v"), WEIR_ERR_SQL, 1, 79, "there is no column 'v'"},
        {COUNT_WINDOW("5, 0"), WEIR_ERR_SQL, 1, 82, "the SLIDE of COUNT_WINDOW is a whole number from 1"},
        {COUNT_OR_TIME("5, 5"), WEIR_ERR_SQL, 1, 83, "expected a constant such as INTERVAL"},
        {COUNT_OR_TIME("0, INTERVAL '1' SECOND"), WEIR_ERR_SQL, 1, 80, "the SIZE of COUNT_OR_TIME"},
        {COUNT_OR_TIME("5, INTERVAL '0' SECOND"), WEIR_ERR_SQL, 1, 21, "COUNT_OR_TIME wants a positive span"},
        {COUNT_OR_TIME("5, INTERVAL '1' MONTH"), WEIR_ERR_UNSUPPORTED, 1, 83, "months and years"},
        {OVER("HOP", "INTERVAL '0' SECOND, INTERVAL '1' MINUTE"), WEIR_ERR_SQL, 1, 21,
         "HOP wants a positive slide"},
        {OVER("HOP", "INTERVAL '-1' SECOND, INTERVAL '1' MINUTE"), WEIR_ERR_SQL, 1, 21,
         "HOP wants a positive slide"},
        {OVER("HOP", "INTERVAL '1' MONTH, INTERVAL '1' MINUTE"), WEIR_ERR_UNSUPPORTED, 1, 55, "months and years"},
        {OVER("HOP", "INTERVAL '1' MINUTE, INTERVAL '1' YEAR"), WEIR_ERR_UNSUPPORTED, 1, 76, "months and years"},
        {OVER("CUMULATE", "INTERVAL '0' SECOND, INTERVAL '1' MINUTE"), WEIR_ERR_SQL, 1, 21, "a positive step"},
        {OVER("CUMULATE", "INTERVAL '1' MINUTE, INTERVAL '0' MINUTE"), WEIR_ERR_SQL, 1, 21, "must be positive"},
        {OVER("TUMBLE", "INTERVAL '1' MINUTE, INTERVAL '1' MONTH"), WEIR_ERR_UNSUPPORTED, 1, 79,
         "months and years"},
        {OVER("TUMBLE", "INTERVAL '1' MINUTE, INTERVAL '-60' SECOND"), WEIR_ERR_SQL, 1, 21, "abs(offset) < size"},
        {OVER("TUMBLE", "INTERVAL '1' MINUTE, 5"), WEIR_ERR_SQL, 1, 79, "expected a constant such as INTERVAL"},
        {OVER("TUMBLE", "INTERVAL '1' SECOND + INTERVAL '1' MINUTE"), WEIR_ERR_SQL, 1, 78, "expected a constant"},
    };
    CHECK(cases);
}

static void lengths_beyond_the_range_of_the_time_are_refused(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"SELECT 1 FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '106751992' DAY(9)))", WEIR_ERR_SQL, 1,
         21, "does not fit the range of the time column 'ts'"},
        {"SELECT 1 FROM TABLE(HOP(TABLE events, DESCRIPTOR(ts), INTERVAL '106751992' DAY(9), INTERVAL '1' DAY))",
         WEIR_ERR_SQL, 1, 21, "does not fit the range of the time column 'ts'"},
        {"SELECT 1 FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '999999999999' DAY(12)))", WEIR_ERR_SQL,
         1, 67, "is no interval"},
    };
    CHECK(cases);
}

static void groups_must_be_those_that_the_window_is_cut_by(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {SESSION("INTERVAL '1' SECOND") " GROUP BY window_start, k", WEIR_ERR_UNSUPPORTED, 1, 115,
         "add window_end to GROUP BY"},
        {SESSION("INTERVAL '1' SECOND") " GROUP BY k", WEIR_ERR_UNSUPPORTED, 1, 1,
         "add window_start and window_end"},
        {SESSION("INTERVAL '1' SECOND") " GROUP BY window_start, window_end, k, v", WEIR_ERR_UNSUPPORTED, 1, 144,
         "add this one to PARTITION BY, or take it out of GROUP BY"},
        {SESSION("INTERVAL '1' SECOND") " GROUP BY window_start, window_end, k, UPPER(k)", WEIR_ERR_UNSUPPORTED, 1,
         144, "the PARTITION BY columns of SESSION only"},
        {"SELECT COUNT(*) FROM TABLE(SESSION(TABLE events PARTITION BY k, DESCRIPTOR(ts), INTERVAL '1' SECOND)) "
         "GROUP "
         "BY window_start, window_end",
         WEIR_ERR_UNSUPPORTED, 1, 1, "the windows of SESSION are cut by 'k': add it to GROUP BY"},
        {"SELECT COUNT(*) FROM TABLE(COUNT_WINDOW(TABLE events, DESCRIPTOR(ts), 5))" BY_KEY, WEIR_ERR_UNSUPPORTED,
         1, 110, "the PARTITION BY columns of COUNT_WINDOW only"},
        {"SELECT k FROM TABLE(COUNT_OR_TIME(TABLE events PARTITION BY (k, v), DESCRIPTOR(ts), 5, INTERVAL '1' "
         "SECOND))" BY_KEY,
         WEIR_ERR_UNSUPPORTED, 1, 1, "cut by 'v'"},
        {"SELECT DISTINCT window_start, window_end FROM TABLE(SESSION(TABLE events PARTITION BY k, DESCRIPTOR(ts), "
         "INTERVAL '1' SECOND))",
         WEIR_ERR_UNSUPPORTED, 1, 1, "cut by 'k'"},
        {"SELECT * FROM TABLE(SESSION(TABLE events PARTITION BY k, DESCRIPTOR(ts), INTERVAL '1' SECOND))",
         WEIR_ERR_UNSUPPORTED, 1, 21, "SESSION without GROUP BY is not supported"},
        {"SELECT v FROM TABLE(COUNT_WINDOW(TABLE events, DESCRIPTOR(ts), 4))", WEIR_ERR_UNSUPPORTED, 1, 21,
         "COUNT_WINDOW without GROUP BY is not supported"},
        {"SELECT k FROM TABLE(SESSION(TABLE events PARTITION BY q, DESCRIPTOR(ts), INTERVAL '1' SECOND))",
         WEIR_ERR_SQL, 1, 55, "there is no column 'q'"},
        {"SELECT k FROM TABLE(SESSION(TABLE events PARTITION BY (k, k), DESCRIPTOR(ts), INTERVAL '1' SECOND))",
         WEIR_ERR_SQL, 1, 59, "PARTITION BY names 'k' twice"},
    };
    CHECK(cases);
}

/* ---- group windows ---- */

#define TUMBLE "TUMBLE(ts, INTERVAL '1' MINUTE)"
#define TUMBLE_ARGS "(ts, INTERVAL '1' MINUTE)"
#define HOP_ARGS "(ts, INTERVAL '40' SECOND, INTERVAL '90' SECOND)"

static void a_group_window_is_the_window_of_its_query(void **state) {
    (void)state;
    const struct weir_plan *plan =
        script_plan(&script, EVENTS "SELECT TUMBLE_START" TUMBLE_ARGS " AS a, TUMBLE_END" TUMBLE_ARGS
                                    " AS b, TUMBLE_ROWTIME" TUMBLE_ARGS
                                    " AS c, k, COUNT(*) AS n FROM events WHERE v > 1 GROUP BY k, " TUMBLE);
    assert_int_equal(plan->window.kind, WEIR_WINDOW_TUMBLE);
    assert_int_equal(plan->window.size, 60000);
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_DELAY);
    assert_int_equal(plan->watermark.delay, 5000);
    assert_int_equal(plan->keys_count, 1);
    assert_string_equal(script_names(plan), "a,b,c,k,n");
    assert_string_equal(script_types(plan),
                        "[TIMESTAMP(3) NOT NULL, TIMESTAMP(3) NOT NULL, TIMESTAMP(3), STRING, BIGINT NOT NULL]");
    assert_int_equal(plan->outputs[0].expr->index, WEIR_RESULT_WINDOW_START);
    assert_int_equal(plan->outputs[1].expr->index, WEIR_RESULT_WINDOW_END);
    assert_int_equal(plan->outputs[2].expr->index, WEIR_RESULT_WINDOW_TIME);
    assert_null(strstr(plan->explain, "note:"));
}

static void a_group_hop_takes_the_slide_first_and_any_ratio(void **state) {
    (void)state;
    const struct weir_plan *plan =
        script_plan(&script, EVENTS "SELECT hop_start" HOP_ARGS ", COUNT(*) FROM events GROUP BY HOP" HOP_ARGS);
    assert_int_equal(plan->window.kind, WEIR_WINDOW_HOP);
    assert_int_equal(plan->window.slide, 40000);
    assert_int_equal(plan->window.size, 90000);
    assert_string_equal(script_names(plan), "EXPR$0,EXPR$1");
    assert_null(strstr(plan->explain, "note:"));
}

static void a_group_session_is_cut_by_the_other_groups(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script, EVENTS "SELECT SESSION_END(ts, INTERVAL '20' SECOND), COUNT(*) FROM events GROUP BY SESSION(ts, "
                        "INTERVAL '20' SECOND), k, UPPER(k)");
    assert_int_equal(plan->window.kind, WEIR_WINDOW_SESSION);
    assert_int_equal(plan->window.size, 20000);
    assert_int_equal(plan->keys_count, 2);
}

static void group_windows_stand_over_views_and_queries(void **state) {
    (void)state;
    const struct weir_plan *plan =
        script_plan(&script, EVENTS
                    "CREATE VIEW w AS SELECT ts AS t, k, v + 1 AS x FROM events; "
                    "SELECT TUMBLE_END(t, INTERVAL '1' DAY), SUM(x) FROM w GROUP BY TUMBLE(t, INTERVAL '1' DAY)");
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_DELAY);
    plan = script_plan(&script,
                       "SELECT s, n FROM (SELECT TUMBLE_START(q.t, INTERVAL '1' DAY) AS s, COUNT(*) AS n FROM "
                       "(SELECT ts AS t FROM events) AS q GROUP BY TUMBLE(t, INTERVAL '1' DAY)) WHERE n > 1");
    assert_non_null(plan->having);
}

static void a_group_window_may_be_written_twice(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, EVENTS "SELECT COUNT(*) FROM events GROUP BY " TUMBLE
                                                               ", TUMBLE(ts, INTERVAL '60' SECOND)");
    assert_int_equal(plan->keys_count, 0);
}

static void having_and_order_by_see_the_group_window(void **state) {
    (void)state;
    const struct weir_plan *plan =
        script_plan(&script, EVENTS "SELECT k AS ts, COUNT(*) FROM events GROUP BY k, " TUMBLE
                                    " HAVING TUMBLE_START" TUMBLE_ARGS
                                    " > TIMESTAMP '2024-01-01 00:00:00' ORDER BY TUMBLE_END" TUMBLE_ARGS ", 1");
    assert_non_null(plan->having);
    assert_int_equal(plan->order_count, 2);
    assert_int_equal(plan->order[0].expr->index, WEIR_RESULT_WINDOW_END);
}

static void batch_mode_takes_group_windows_without_watermark(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script, EVENTS "SET 'execution.runtime-mode' = 'batch'; SELECT COUNT(*) FROM events GROUP BY " TUMBLE);
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_NONE);
    assert_null(strstr(plan->explain, "note:"));
    plan = script_plan(&script, "SELECT COUNT(*) FROM events GROUP BY SESSION(ts, INTERVAL '1' MINUTE)");
    assert_non_null(strstr(plan->explain, "note: Flink takes SESSION in streaming mode"));
}

/* W is what the table says, whatever the window makes of the time. */
static void group_windows_over_what_is_computed_go_by_the_watermark_of_the_column(void **state) {
    (void)state;
    const struct weir_plan *plan =
        script_plan(&script, EVENTS
                    "SELECT COUNT(*) FROM events GROUP BY TUMBLE(ts + INTERVAL '1' SECOND, INTERVAL '1' MINUTE)");
    assert_int_equal(plan->time_column, -1);
    assert_non_null(plan->time_expression);
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_EXPRESSION);
    assert_non_null(plan->watermark.expression);
    plan = script_plan(&script, "SELECT COUNT(*) FROM events GROUP BY " TUMBLE);
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_DELAY);
    plan =
        script_plan(&script, "CREATE TABLE made (e BIGINT, ts AS TO_TIMESTAMP_LTZ(e, 3), WATERMARK FOR ts AS ts) "
                             "WITH ('connector' = 'filesystem');"
                             "SELECT COUNT(*) FROM made GROUP BY TUMBLE(ts + INTERVAL '1' HOUR, INTERVAL '1' DAY)");
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_EXPRESSION); /* the column is computed, too */
}

static void conditions_on_bounds_without_groups_choose_rows_of_windows(void **state) {
    (void)state;
#define ROWS "SELECT v FROM TABLE(HOP(TABLE events, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '2' MINUTE)) "
    const struct weir_plan *plan =
        script_plan(&script, EVENTS ROWS "WHERE v > 1 AND window_start > ts - INTERVAL '30' SECOND");
    assert_int_equal(plan->shape, WEIR_PLAN_ROWS);
    assert_non_null(plan->filter);
    assert_non_null(plan->having);
    assert_non_null(strstr(plan->explain, "filter: over rows with their windows\n"));
    plan = script_plan(&script, ROWS "WHERE v > 1 AND k = 'a'");
    assert_null(plan->having);
}

static void group_windows_that_are_none(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"SELECT COUNT(*) FROM events GROUP BY " TUMBLE ", TUMBLE(ts, INTERVAL '2' MINUTE)", WEIR_ERR_SQL, 1, 71,
         "GROUP BY takes one window, as in Flink"},
        {"SELECT COUNT(*) FROM events GROUP BY " TUMBLE ", SESSION(ts, INTERVAL '1' MINUTE)", WEIR_ERR_SQL, 1, 71,
         "GROUP BY takes one window, as in Flink"},
        {"SELECT TUMBLE_START(ts, INTERVAL '2' MINUTE) FROM events GROUP BY " TUMBLE, WEIR_ERR_SQL, 1, 8,
         "TUMBLE_START(...) must repeat the arguments of TUMBLE(...) in GROUP BY"},
        {"SELECT TUMBLE_START(x2, INTERVAL '1' MINUTE) FROM (SELECT ts, ts AS x2, ts + INTERVAL '1' SECOND AS x3 "
         "FROM "
         "events) GROUP BY TUMBLE(x3, INTERVAL '1' MINUTE)",
         WEIR_ERR_SQL, 1, 8, "TUMBLE_START(...) must repeat the arguments of TUMBLE(...)"},
        {"SELECT HOP_START" HOP_ARGS " FROM events GROUP BY " TUMBLE, WEIR_ERR_SQL, 1, 8,
         "HOP_START(...) must repeat the arguments of TUMBLE(...)"},
        {"SELECT " TUMBLE " FROM events GROUP BY " TUMBLE, WEIR_ERR_SQL, 1, 8, "stands in GROUP BY on its own"},
        {"SELECT COUNT(*) FROM events GROUP BY " TUMBLE " + INTERVAL '1' SECOND", WEIR_ERR_SQL, 1, 38,
         "stands in GROUP BY on its own"},
        {"SELECT TUMBLE_START" TUMBLE_ARGS " FROM events", WEIR_ERR_SQL, 1, 8,
         "of a query with GROUP BY TUMBLE(...), outside of aggregates"},
        {"SELECT COUNT(*) FROM events WHERE TUMBLE_START" TUMBLE_ARGS " IS NULL GROUP BY " TUMBLE, WEIR_ERR_SQL, 1,
         35, "stands in SELECT, HAVING and ORDER BY"},
        {"SELECT COUNT(*) FROM events GROUP BY " TUMBLE ", TUMBLE_START" TUMBLE_ARGS, WEIR_ERR_SQL, 1, 71,
         "stands in SELECT, HAVING and ORDER BY"},
        {"SELECT MAX(TUMBLE_START" TUMBLE_ARGS ") FROM events GROUP BY " TUMBLE, WEIR_ERR_SQL, 1, 12,
         "outside of aggregates"},
        {"SELECT TUMBLE_PROCTIME" TUMBLE_ARGS " FROM events GROUP BY " TUMBLE, WEIR_ERR_SQL, 1, 8,
         "the window is over event time; write TUMBLE_ROWTIME(...)"},
        {"SELECT ts FROM events GROUP BY " TUMBLE, WEIR_ERR_SQL, 1, 8, "Expression 'ts' is not being grouped"},
        {"SELECT COUNT(*) FROM events GROUP BY TUMBLE(v, INTERVAL '1' MINUTE)", WEIR_ERR_SQL, 1, 45,
         "must be a TIMESTAMP or TIMESTAMP_LTZ, and is INT"},
        {"SELECT COUNT(*) FROM events GROUP BY TUMBLE(TIMESTAMP '2024-01-01 00:00:00', INTERVAL '1' MINUTE)",
         WEIR_ERR_SQL, 1, 55, "the window is over 'an expression', and the WATERMARK of 'events'"},
        {"SELECT COUNT(*) FROM events GROUP BY TUMBLE(nope, INTERVAL '1' MINUTE)", WEIR_ERR_SQL, 1, 45,
         "there is no column 'nope'"},
        {"SELECT COUNT(*) FROM events GROUP BY TUMBLE(ts, INTERVAL '0' MINUTE)", WEIR_ERR_SQL, 1, 38,
         "must be positive"},
        {"SELECT COUNT(*) FROM events GROUP BY TUMBLE(ts, INTERVAL '1' MONTH)", WEIR_ERR_UNSUPPORTED, 1, 49,
         "months and years"},
        {"SELECT COUNT(*) FROM events GROUP BY TUMBLE(ts, 60)", WEIR_ERR_SQL, 1, 49, "expected a constant"},
        {"SELECT COUNT(*) FROM events GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE * 2)", WEIR_ERR_SQL, 1, 69,
         "expected a constant"},
        {"SELECT COUNT(*) FROM events GROUP BY HOP(ts, INTERVAL '0' SECOND, INTERVAL '1' MINUTE)", WEIR_ERR_SQL, 1,
         38, "HOP wants a positive slide"},
        {"SELECT COUNT(*) FROM events GROUP BY SESSION(ts, INTERVAL '0' SECOND)", WEIR_ERR_SQL, 1, 38,
         "the gap of a session must be positive"},
        {"SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY " TUMBLE,
         WEIR_ERR_UNSUPPORTED, 1, 96, "a window over a window"},
        {"SELECT COUNT(*) FROM (SELECT MAX(ts) AS ts FROM events GROUP BY k) GROUP BY " TUMBLE,
         WEIR_ERR_UNSUPPORTED, 1, 1, "aggregating a query that aggregates already"},
        {"CREATE TABLE w (a TIMESTAMP(3), c TIMESTAMP(3), WATERMARK FOR a AS a) WITH ('connector' = "
         "'filesystem');\n"
         "SELECT 1 FROM w GROUP BY TUMBLE(c, INTERVAL '1' MINUTE)",
         WEIR_ERR_SQL, 2, 33, "the window is over 'c', and the WATERMARK of 'w' is over 'a'"},
    };
    CHECK(cases);
}

#define PROC "CREATE TABLE p (k STRING, pt AS PROCTIME()) WITH ('connector' = 'filesystem');\n"

static void group_windows_may_be_over_the_wall_clock(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script,
        PROC "SELECT TUMBLE_START(pt, INTERVAL '1' MINUTE), TUMBLE_PROCTIME(pt, INTERVAL '1' MINUTE), COUNT(*) "
             "FROM p GROUP BY TUMBLE(pt, INTERVAL '1' MINUTE)");
    assert_true(plan->processing_time);
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_NONE);
    assert_string_equal(script_types(plan), "[TIMESTAMP(3) NOT NULL, TIMESTAMP_LTZ(3), BIGINT NOT NULL]");
    assert_non_null(strstr(plan->explain, "window: TUMBLE of 1 minute on the wall clock"));
    plan =
        script_plan(&script, "SELECT COUNT(*) FROM TABLE(SESSION(TABLE p PARTITION BY k, DESCRIPTOR(pt), INTERVAL "
                             "'1' MINUTE))" BY_KEY);
    assert_true(plan->processing_time);
    assert_null(strstr(plan->explain, "note:"));
    assert_int_equal(script_run(&script,
                                "SELECT TUMBLE_ROWTIME(pt, INTERVAL '1' MINUTE) FROM p GROUP BY TUMBLE(pt, "
                                "INTERVAL '1' MINUTE)"),
                     WEIR_ERR_SQL);
    assert_non_null(strstr(script.error.message, "the window is over processing time; write TUMBLE_PROCTIME(...)"));
}

static void group_windows_without_end_need_a_watermark(void **state) {
    (void)state;
    script.fake.unbounded = true;
    assert_int_equal(script_run(&script, T1 "SELECT COUNT(*) FROM t1 GROUP BY " TUMBLE), WEIR_ERR_SQL);
    assert_non_null(strstr(script.error.message, "declare WATERMARK FOR ts AS ts - INTERVAL '5' SECOND"));
    assert_int_equal(script.error.column, 34);
    script_plan(&script, EVENTS "SELECT COUNT(*) FROM events GROUP BY " TUMBLE);
}

int main(void) {
#define UNIT(name) cmocka_unit_test_setup_teardown(name, open_script, close_script)
    const struct CMUnitTest tests[] = {
        UNIT(a_session_has_a_gap_and_may_have_a_largest_duration),
        UNIT(session_arguments_may_be_named),
        UNIT(sessions_over_all_rows_need_no_partition),
        UNIT(a_partition_may_be_a_column_that_a_query_computes),
        UNIT(conditions_apply_before_sessions_are_cut_as_in_flink),
        UNIT(count_windows_have_rows_and_a_slide),
        UNIT(count_windows_need_no_watermark),
        UNIT(count_or_time_has_rows_and_a_span),
        cmocka_unit_test(lengths_that_make_no_window_are_refused),
        cmocka_unit_test(lengths_beyond_the_range_of_the_time_are_refused),
        cmocka_unit_test(groups_must_be_those_that_the_window_is_cut_by),
        UNIT(a_group_window_is_the_window_of_its_query),
        UNIT(a_group_hop_takes_the_slide_first_and_any_ratio),
        UNIT(a_group_session_is_cut_by_the_other_groups),
        UNIT(group_windows_stand_over_views_and_queries),
        UNIT(a_group_window_may_be_written_twice),
        UNIT(having_and_order_by_see_the_group_window),
        UNIT(batch_mode_takes_group_windows_without_watermark),
        UNIT(group_windows_over_what_is_computed_go_by_the_watermark_of_the_column),
        UNIT(conditions_on_bounds_without_groups_choose_rows_of_windows),
        cmocka_unit_test(group_windows_that_are_none),
        UNIT(group_windows_may_be_over_the_wall_clock),
        UNIT(group_windows_without_end_need_a_watermark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
