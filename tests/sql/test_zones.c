/* SPDX-License-Identifier: Apache-2.0
 *
 * Time zones, computed columns and processing time: what scripts become, and what is refused. Rows:
 * tests/cases/more, z0 to zm, and the zone cases of tests/parity.
 */
#include "refusal.h"

#define ZONE "SET 'table.local-time-zone' = 'Europe/Berlin';\n"
#define INSTANTS                                                                                                   \
    "CREATE TABLE instants (d AS v * 2, ms BIGINT, k STRING, l TIMESTAMP_LTZ(3), v INT, ts AS "                    \
    "TO_TIMESTAMP_LTZ(ms, "                                                                                        \
    "3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'filesystem', "       \
    "'path' "                                                                                                      \
    "= 'instants.csv', 'format' = 'csv');\n"
#define OVER(time) "FROM TABLE(TUMBLE(TABLE instants, DESCRIPTOR(" time "), INTERVAL '1' HOUR)) "
#define WINDOW "GROUP BY window_start, window_end"

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

/* ---- computed columns ---- */

static void computed_columns_stand_where_they_were_declared(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, INSTANTS "SELECT d, ms, k, l, v, ts FROM instants");
    assert_string_equal(script_types(plan), "[INT, BIGINT, STRING, TIMESTAMP_LTZ(3), INT, TIMESTAMP_LTZ(3)]");
    assert_string_equal(script_text(plan, plan->outputs[0].expr), "v * 2");
    plan = script_plan(&script, "SELECT d, d + v AS e FROM instants WHERE d > 3");
    assert_string_equal(script_text(plan, plan->filter), "(v * 2) > 3");
    assert_int_equal(plan->columns_count, 1);
}

static void a_window_over_a_computed_column_has_a_time_expression(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, INSTANTS "SELECT COUNT(*) " OVER("ts") WINDOW);
    assert_int_equal(plan->time_column, -1);
    assert_non_null(plan->time_program);
    assert_string_equal(script_text(plan, plan->time_expression), "TO_TIMESTAMP_LTZ(ms, 3)");
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_DELAY);
    assert_int_equal(plan->watermark.delay, 5000);
    assert_int_equal(plan->columns_count, 1);
    assert_null(plan->zone);
    assert_non_null(strstr(plan->explain, "window: TUMBLE of 1 hour on TO_TIMESTAMP_LTZ(ms, 3)"));
}

/* parity: zone-change-*-lord-howe; late rows around such a jump are not those of Flink. */
static void a_clock_that_jumps_by_other_than_an_hour_is_noted(void **state) {
    (void)state;
    const struct weir_plan *plan =
        script_plan(&script, "SET 'table.local-time-zone' = 'Australia/Lord_Howe';" INSTANTS
                             "SELECT COUNT(*) " OVER("ts") WINDOW);
    assert_non_null(strstr(plan->explain, "note: the clock of Australia/Lord_Howe jumps"));
    plan = script_plan(&script, "SET 'execution.runtime-mode' = 'batch';"
                                "SELECT COUNT(*) " OVER("ts") WINDOW);
    assert_null(strstr(plan->explain, "note:")); /* nothing is late */
}

static void a_clock_that_jumps_by_an_hour_of_summer_time_is_not_noted(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, ZONE INSTANTS "SELECT COUNT(*) " OVER("ts") WINDOW);
    assert_non_null(strstr(plan->explain, "zone: windows are cut on the local clock of Europe/Berlin"));
    assert_null(strstr(plan->explain, "note:"));
}

#define IN_ZONE(zone, select) "SET 'table.local-time-zone' = '" zone "';" select
#define DAYS "SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE instants, DESCRIPTOR(ts), INTERVAL '1' DAY)) " WINDOW
#define OLD_HOP(size)                                                                                              \
    "SELECT COUNT(*) FROM instants GROUP BY HOP(ts, INTERVAL '20' MINUTE, INTERVAL '" size "' MINUTE)"

/* parity: zone-days-*, zone-hop-lord-howe, zone-group-hop-* */
static void windows_that_flink_gives_with_less_rows_are_noted(void **state) {
    (void)state;
    static const char loses[] = "note: Flink loses rows of these windows that come shortly before they close";
    static const char frees[] = "Flink may free parts of these windows too early";
    const struct weir_plan *plan = script_plan(&script, INSTANTS IN_ZONE("Asia/Tokyo", DAYS));
    assert_non_null(strstr(plan->explain, loses));
    assert_non_null(strstr(plan->explain, "the offset of Asia/Tokyo is no multiple"));
    plan = script_plan(&script, IN_ZONE("GMT-09:30", DAYS));
    assert_non_null(strstr(plan->explain, loses));
    plan = script_plan(&script, IN_ZONE("Asia/Tokyo", "SELECT COUNT(*) " OVER("ts") WINDOW));
    assert_null(strstr(plan->explain, "note:")); /* nine hours are a multiple of one */
    plan = script_plan(
        &script, IN_ZONE("Asia/Tokyo", "SELECT COUNT(*) FROM instants GROUP BY TUMBLE(ts, INTERVAL '1' DAY)"));
    assert_null(strstr(plan->explain, "note:")); /* the older form has no such buffer */
    plan = script_plan(
        &script,
        IN_ZONE("Asia/Tokyo",
                "SELECT v, window_start FROM TABLE(TUMBLE(TABLE instants, DESCRIPTOR(ts), INTERVAL '1' DAY))"));
    assert_null(strstr(plan->explain, "note:"));
    plan = script_plan(&script, IN_ZONE("Australia/Lord_Howe",
                                        "SELECT COUNT(*) FROM TABLE(HOP(TABLE instants, DESCRIPTOR(ts), "
                                        "INTERVAL '30' MINUTE, INTERVAL '1' HOUR)) " WINDOW));
    assert_non_null(strstr(plan->explain, frees));
    plan = script_plan(&script, IN_ZONE("America/New_York", OLD_HOP("50")));
    assert_non_null(strstr(plan->explain, "in the hour that the clock of America/New_York skips Flink may free"));
    plan = script_plan(&script, IN_ZONE("America/New_York", OLD_HOP("40")));
    assert_null(strstr(plan->explain, "note:"));
}

static void a_view_may_rename_the_time(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script, INSTANTS "CREATE VIEW w AS SELECT ts AS t2, v FROM instants WHERE v > 1;"
                          "SELECT SUM(v) FROM TABLE(TUMBLE(TABLE w, DESCRIPTOR(t2), INTERVAL '1' HOUR)) " WINDOW);
    assert_non_null(plan->time_expression);
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_DELAY);
}

static void a_batch_takes_any_time(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script, "SET 'execution.runtime-mode' = 'batch';" INSTANTS
                 "SELECT COUNT(*) FROM TABLE(TUMBLE((SELECT ts + INTERVAL '1' DAY AS later FROM instants), "
                 "DESCRIPTOR(later), INTERVAL '1' HOUR)) " WINDOW);
    assert_non_null(plan->time_expression);
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_NONE);
}

static void processing_time_is_the_time_of_a_window(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, ZONE INSTANTS "SELECT COUNT(*) " OVER("pt") WINDOW);
    assert_true(plan->processing_time);
    assert_int_equal(plan->time_column, -1);
    assert_null(plan->time_expression);
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_NONE);
    assert_string_equal(plan->zone, "Europe/Berlin");
    plan = script_plan(&script, "SELECT TUMBLE_PROCTIME(pt, INTERVAL '1' HOUR) FROM instants "
                                "GROUP BY TUMBLE(pt, INTERVAL '1' HOUR)");
    assert_true(plan->processing_time);
}

/* ---- zones ---- */

static void windows_of_instants_are_cut_in_the_sessions_zone(void **state) {
    (void)state;
    const struct weir_plan *plan =
        script_plan(&script, ZONE INSTANTS "SELECT window_start, window_end, window_time, COUNT(*) " OVER("ts")
                                 WINDOW ", window_time");
    assert_string_equal(plan->zone, "Europe/Berlin");
    assert_string_equal(script_types(plan),
                        "[TIMESTAMP(3) NOT NULL, TIMESTAMP(3) NOT NULL, TIMESTAMP_LTZ(3) NOT NULL, "
                        "BIGINT NOT NULL]");
    assert_int_equal(plan->outputs[2].expr->op, WEIR_EXPR_TO_INSTANT);
    plan = script_plan(&script, "RESET 'table.local-time-zone'; SELECT window_time, COUNT(*) " OVER("ts") WINDOW
                       ", window_time");
    assert_null(plan->zone);
    assert_int_equal(plan->outputs[0].expr->op, WEIR_EXPR_CAST);
}

static void times_without_a_zone_are_not_moved(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script, ZONE EVENTS "SELECT window_time, COUNT(*) FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), "
                             "INTERVAL '1' HOUR)) GROUP BY window_start, window_end, window_time");
    assert_null(plan->zone);
    assert_string_equal(script_types(plan), "[TIMESTAMP(3) NOT NULL, BIGINT NOT NULL]");
}

static void literals_are_moved_once(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script, ZONE INSTANTS "SELECT ms FROM instants WHERE l >= '2025-07-01 00:00:00' AND l < TIMESTAMP "
                               "'2025-10-26 02:30:00' AND l <> CAST('2025-03-30 02:30:00' AS TIMESTAMP_LTZ(3))");
    const char *filter = script_text(plan, plan->filter);
    assert_non_null(strstr(filter, ">= TIMESTAMP_LTZ '2025-06-30 22:00:00.000'"));
    assert_non_null(strstr(filter, "< TIMESTAMP_LTZ '2025-10-26 00:30:00.000'"));
}

static void casts_go_through_the_wall_clock(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script, ZONE INSTANTS "SELECT CAST(l AS DATE), CAST(CAST(l AS TIMESTAMP(3)) AS TIMESTAMP_LTZ(6)), "
                               "CAST(l AS TIMESTAMP_LTZ(0)) FROM instants");
    assert_string_equal(script_text(plan, plan->outputs[0].expr),
                        "CAST(TO_LOCAL(RESCALE_TIME(l) IN Europe/Berlin) AS DATE)");
    assert_int_equal(plan->outputs[1].expr->op, WEIR_EXPR_TO_INSTANT);
    assert_string_equal(script_text(plan, plan->outputs[2].expr), "CAST(RESCALE_TIME(l) AS TIMESTAMP_LTZ(0))");
}

/* ---- the clock ---- */

static void a_batch_sees_one_time(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, "SET 'execution.runtime-mode' = 'batch';" INSTANTS
                                                        "SELECT CURRENT_TIMESTAMP, NOW(), ms FROM instants");
    assert_int_equal(plan->outputs[0].expr->op, WEIR_EXPR_LITERAL);
    assert_true(plan->outputs[0].expr->value.i64 == plan->outputs[1].expr->value.i64);
    assert_true(plan->outputs[0].expr->value.i64 > INT64_C(1700000000000));
    plan = script_plan(&script, "SELECT CURRENT_ROW_TIMESTAMP() FROM instants");
    assert_int_equal(plan->outputs[0].expr->op, WEIR_EXPR_NOW);
}

static void a_stream_sees_the_clock(void **state) {
    (void)state;
    const struct weir_plan *plan =
        script_plan(&script, INSTANTS "SELECT CURRENT_TIMESTAMP, LOCALTIMESTAMP, CURRENT_DATE, CURRENT_TIME, "
                                      "UNIX_TIMESTAMP() FROM instants");
    assert_string_equal(script_types(plan), "[TIMESTAMP_LTZ(3) NOT NULL, TIMESTAMP(3) NOT NULL, DATE NOT NULL, "
                                            "TIME(0) NOT NULL, BIGINT NOT NULL]");
    assert_int_equal(plan->outputs[0].expr->op, WEIR_EXPR_NOW);
}

/* ---- refusals ---- */

static void time_functions_that_are_called_wrongly(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"SELECT DATE_FORMAT(ts, s) FROM t1", WEIR_ERR_UNSUPPORTED, 1, 24, "must be written as a literal"},
        {"SELECT DATE_FORMAT(ts, 'yyyy zz') FROM t1", WEIR_ERR_UNSUPPORTED, 1, 8,
         "zz in a pattern is not supported"},
        {"SELECT DATE_FORMAT(dt, 'yyyy') FROM t1", WEIR_ERR_SQL, 1, 20, "takes a TIMESTAMP or a text"},
        {"SELECT TO_TIMESTAMP(i) FROM t1", WEIR_ERR_SQL, 1, 21, "takes a text, and this is INT"},
        {"SELECT TO_TIMESTAMP_LTZ(b, 10) FROM t1", WEIR_ERR_SQL, 1, 28, "0 to 9 digits"},
        {"SELECT TO_TIMESTAMP_LTZ(b, i) FROM t1", WEIR_ERR_UNSUPPORTED, 1, 28, "must be written as a number"},
        {"SELECT TO_TIMESTAMP_LTZ(s, 'yyyy', 'EST') FROM t1", WEIR_ERR_SQL, 1, 36, "no time zone 'EST'"},
        {"SELECT TO_TIMESTAMP_LTZ(ts) FROM t1", WEIR_ERR_SQL, 1, 25, "takes a number or a text"},
        {"SELECT FROM_UNIXTIME(x) FROM t1", WEIR_ERR_SQL, 1, 22, "a whole number of seconds"},
        {"SELECT UNIX_TIMESTAMP(ts) FROM t1", WEIR_ERR_SQL, 1, 23, "takes a text"},
        {"SELECT CONVERT_TZ(s, s, 'UTC') FROM t1", WEIR_ERR_UNSUPPORTED, 1, 22, "must be written as a literal"},
        {"SELECT CONVERT_TZ(s, 'UTC', 'Europe/Paris ') FROM t1", WEIR_ERR_SQL, 1, 29,
         "did you mean 'Europe/Paris'?"},
        {"SELECT CAST(b AS TIMESTAMP_LTZ(3)) FROM t1", WEIR_ERR_SQL, 1, 8, "use TO_TIMESTAMP_LTZ(x, 3)"},
        {"SELECT CAST(TO_TIMESTAMP_LTZ(b) AS BIGINT) FROM t1", WEIR_ERR_SQL, 1, 8, "no CAST from TIMESTAMP_LTZ(3)"},
        {"SELECT dt = TO_TIMESTAMP_LTZ(b) FROM t1", WEIR_ERR_SQL, 1, 11, "are not compared without a CAST"},
    };
    CHECK(cases);
}

#define REST " WITH ('connector' = 'filesystem', 'path' = 'c.csv', 'format' = 'csv');"

static void computed_columns_that_are_none(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"CREATE TABLE c (a INT, b AS a + 1, c AS b * 2)" REST, WEIR_ERR_SQL, 1, 41, "no column 'b'"},
        {"CREATE TABLE c (a INT, b AS NULL)" REST, WEIR_ERR_SQL, 1, 24, "has no type"},
        {"CREATE TABLE c (a INT, b AS nope)" REST, WEIR_ERR_SQL, 1, 29, "no column 'nope'"},
        {"CREATE TABLE c (a INT, b BIGINT METADATA)" REST, WEIR_ERR_UNSUPPORTED, 1, 24, "metadata columns"},
        {"CREATE TABLE c (a INT, b STRING METADATA FROM 'file.path' VIRTUAL)" REST, WEIR_ERR_UNSUPPORTED, 1, 24,
         "metadata columns"},
        {"CREATE TABLE c (a BIGINT, t AS TO_TIMESTAMP_LTZ(a, 6), WATERMARK FOR t AS t)" REST, WEIR_ERR_SQL, 1, 56,
         "p from 0 to 3"},
        {"CREATE TABLE c (a BIGINT, t AS TO_TIMESTAMP_LTZ(a, 3), WATERMARK FOR a AS t)" REST, WEIR_ERR_SQL, 1, 56,
         "must be TIMESTAMP(p)"},
        {"CREATE TABLE c (a BIGINT, t AS TO_TIMESTAMP_LTZ(a, 3), WATERMARK FOR t AS t)" REST
         "\nSELECT 1 FROM TABLE(TUMBLE((SELECT t + INTERVAL '1' SECOND AS u FROM c), DESCRIPTOR(u), INTERVAL '1' "
         "HOUR))",
         WEIR_ERR_SQL, 2, 85, "the WATERMARK of 'c' is over 't'"},
    };
    CHECK(cases);
}

static void zones_that_are_none(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"SET 'table.local-time-zone' = 'Europe/Berln'", WEIR_ERR_SQL, 1, 5, "did you mean 'Europe/Berlin'?"},
        {"SET 'table.local-time-zone' = 'PST'", WEIR_ERR_SQL, 1, 5, "no time zone 'PST'"},
        {"SET 'table.local-time-zone' = '../UTC'", WEIR_ERR_SQL, 1, 5, "no time zone '../UTC'"},
    };
    CHECK(cases);
}

static void processing_time_that_is_no_windows(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"SELECT PROCTIME() FROM t1", WEIR_ERR_UNSUPPORTED, 1, 8, "CURRENT_TIMESTAMP has"},
        {"SELECT i FROM t1 WHERE PROCTIME() > ts", WEIR_ERR_UNSUPPORTED, 1, 24, "CURRENT_TIMESTAMP has"},
        {"SET 'execution.runtime-mode' = 'batch'; SELECT 1 FROM TABLE(TUMBLE((SELECT PROCTIME() AS p FROM events), "
         "DESCRIPTOR(p), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end",
         WEIR_ERR_SQL, 1, 117, "needs a stream"},
    };
    CHECK(cases);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_script, close_script)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(computed_columns_stand_where_they_were_declared),
        TEST(a_window_over_a_computed_column_has_a_time_expression),
        TEST(a_clock_that_jumps_by_other_than_an_hour_is_noted),
        TEST(a_clock_that_jumps_by_an_hour_of_summer_time_is_not_noted),
        TEST(windows_that_flink_gives_with_less_rows_are_noted),
        TEST(a_view_may_rename_the_time),
        TEST(a_batch_takes_any_time),
        TEST(processing_time_is_the_time_of_a_window),
        TEST(windows_of_instants_are_cut_in_the_sessions_zone),
        TEST(times_without_a_zone_are_not_moved),
        TEST(literals_are_moved_once),
        TEST(casts_go_through_the_wall_clock),
        TEST(a_batch_sees_one_time),
        TEST(a_stream_sees_the_clock),
        cmocka_unit_test(time_functions_that_are_called_wrongly),
        cmocka_unit_test(computed_columns_that_are_none),
        cmocka_unit_test(zones_that_are_none),
        cmocka_unit_test(processing_time_that_is_no_windows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
