/* SPDX-License-Identifier: Apache-2.0
 *
 * What becomes of queries: which columns are read, which windows, keys and aggregates a plan has.
 */
#include "script.h"

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

/* Input columns of a plan, as "a,b". */
static const char *columns_of(const struct weir_plan *plan) {
    static char text[1000];
    text[0] = '\0';
    for (int32_t i = 0; i < plan->columns_count; i++) {
        if (i > 0) strcat(text, ",");
        strcat(text, plan->column_names[i]);
    }
    return text;
}

static void the_cases_over_flights_bind(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script, FLIGHTS
        "SELECT window_start, window_end, origin, COUNT(*) AS flights, SUM(delay) AS delay_sum, AVG(CAST(delay AS "
        "DOUBLE)) AS delay_mean, MAX(delay) AS delay_max FROM TABLE(TUMBLE(TABLE flights, DESCRIPTOR(`date`), "
        "INTERVAL "
        "'1' DAY)) GROUP BY window_start, window_end, origin");
    assert_int_equal(plan->shape, WEIR_PLAN_AGGREGATE);
    assert_string_equal(columns_of(plan), "date,delay,origin");
    assert_string_equal(script_names(plan),
                        "window_start,window_end,origin,flights,delay_sum,delay_mean,delay_max");
    assert_string_equal(script_types(plan),
                        "[TIMESTAMP(3) NOT NULL, TIMESTAMP(3) NOT NULL, STRING, BIGINT NOT NULL, BIGINT, "
                        "DOUBLE, BIGINT]");
    assert_int_equal(plan->window.kind, WEIR_WINDOW_TUMBLE);
    assert_int_equal(plan->window.size, 86400000);
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_DELAY);
    assert_int_equal(plan->watermark.delay, 60000);
    assert_true(plan->watermark.above_epoch);
    assert_int_equal(plan->time_column, 0);
    assert_int_equal(plan->keys_count, 1);
    assert_int_equal(plan->aggregates_count, 4);
    assert_int_equal(script.fake.selected_count, 3);
    assert_int_equal(script.fake.selected[2], 3);

    plan = script_plan(
        &script, "SELECT window_start, window_end, COUNT(*) AS flights, MIN(delay) AS delay_min, MAX(delay) AS "
                 "delay_max, SUM(distance) AS miles FROM TABLE(TUMBLE(TABLE flights, DESCRIPTOR(`date`), "
                 "INTERVAL '1' HOUR, INTERVAL '15' MINUTE)) GROUP BY window_start, window_end");
    assert_int_equal(plan->window.offset, 900000);
    assert_int_equal(plan->keys_count, 0);

    plan = script_plan(
        &script, "SELECT window_start, window_end, destination, COUNT(*) AS flights, MAX(delay) AS delay_max FROM "
                 "TABLE(HOP(TABLE flights, DESCRIPTOR(`date`), INTERVAL '1' HOUR, INTERVAL '6' HOUR)) GROUP BY "
                 "window_start, window_end, destination HAVING COUNT(*) >= 300");
    assert_int_equal(plan->window.slide, 3600000);
    assert_int_equal(plan->window.size, 6 * 3600000);
    assert_int_equal(plan->aggregates_count, 2);
    assert_non_null(plan->having);

    plan = script_plan(
        &script, "SELECT window_start, window_end, origin, COUNT(*) AS flights, SUM(distance) AS miles FROM "
                 "TABLE(CUMULATE(TABLE flights, DESCRIPTOR(`date`), INTERVAL '2' HOUR, INTERVAL '1' DAY)) WHERE "
                 "distance > 1000 AND delay IS NOT NULL GROUP BY window_start, window_end, origin");
    assert_int_equal(plan->window.kind, WEIR_WINDOW_CUMULATE);
    assert_int_equal(plan->window.slide, 2 * 3600000);
    assert_non_null(plan->filter);

    plan = script_plan(
        &script, "SELECT window_start, origin, destination, COUNT(*) AS flights, SUM(CASE WHEN delay > 15 THEN 1 "
                 "ELSE 0 END) AS late_flights, CAST(SUM(delay) AS DOUBLE) / COUNT(*) AS delay_mean FROM "
                 "TABLE(TUMBLE(TABLE flights, DESCRIPTOR(`date`), INTERVAL '7' DAY)) GROUP BY window_start, "
                 "window_end, origin, destination");
    assert_int_equal(plan->keys_count, 2);
    assert_int_equal(plan->aggregates_count, 3);
    assert_string_equal(script_types(plan),
                        "[TIMESTAMP(3) NOT NULL, STRING, STRING, BIGINT NOT NULL, INT, DOUBLE]");

    plan = script_plan(
        &script,
        "CREATE TEMPORARY VIEW banded AS SELECT `date`, delay, CASE WHEN distance < 500 THEN 'short' WHEN "
        "distance < 1500 THEN 'middle' ELSE 'long' END AS band FROM flights;"
        "SELECT window_start, window_end, band, COUNT(*) AS flights, MIN(delay) AS delay_min, MAX(delay) AS "
        "delay_max FROM TABLE(TUMBLE(TABLE banded, DESCRIPTOR(`date`), INTERVAL '1' DAY)) GROUP BY window_start, "
        "window_end, band");
    assert_string_equal(columns_of(plan), "date,delay,distance");
    assert_int_equal(plan->keys[0]->op, WEIR_EXPR_CASE);
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_DELAY);
}

static void the_cases_over_small_streams_bind(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script,
        "SET 'pipeline.auto-watermark-interval' = '0';" EVENTS
        "SELECT window_start, window_end, window_time, k, COUNT(*) AS n, COUNT(v) AS nv, SUM(v) AS sv, SUM(b) AS "
        "sb, "
        "MIN(v) AS minv, MAX(v) AS maxv, AVG(v) AS avgv, AVG(x) AS avgx, MIN(k) AS mink, MAX(ts) AS last_ts FROM "
        "TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, "
        "window_time, k");
    assert_int_equal(plan->keys_count, 1);
    assert_int_equal(plan->aggregates_count, 10);
    assert_int_equal(plan->watermark.delay, 5000);
    assert_string_equal(script.fake.options, "path=events.csv;format=csv;csv.null-literal=;");
    plan = script_plan(
        &script, "SELECT window_start, window_end, COUNT(*) AS n, SUM(x) AS sx FROM TABLE(TUMBLE(TABLE events, "
                 "DESCRIPTOR(ts), INTERVAL '10' MINUTE, INTERVAL '-3' MINUTE)) GROUP BY window_start, window_end");
    assert_int_equal(plan->window.offset, -180000);
    script_plan(
        &script,
        "SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv, MAX(x) AS maxx FROM TABLE(HOP(TABLE "
        "events, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE)) GROUP BY window_start, window_end, "
        "k");
    plan = script_plan(
        &script, "SET 'execution.runtime-mode' = 'batch';"
                 "SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv FROM TABLE(HOP(TABLE events, "
                 "DESCRIPTOR(ts), INTERVAL '40' SECOND, INTERVAL '90' SECOND)) GROUP BY window_start, window_end, "
                 "k");
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_NONE);
    assert_null(strstr(plan->explain, "note:"));
    plan = script_plan(
        &script, "SET 'execution.runtime-mode' = 'streaming';"
                 "SELECT window_start, window_end, k, COUNT(*) AS n FROM TABLE(HOP(TABLE events, DESCRIPTOR(ts), "
                 "INTERVAL '5' MINUTE, INTERVAL '2' MINUTE)) GROUP BY window_start, window_end, k");
    assert_non_null(strstr(plan->explain, "note: Flink takes this HOP in batch mode only"));
    plan = script_plan(
        &script,
        "SET 'execution.runtime-mode' = 'streaming';"
        "SELECT window_start, window_end, k, COUNT(*) AS n, SUM(b) AS sb FROM TABLE(CUMULATE(TABLE events, "
        "DESCRIPTOR(ts), INTERVAL '10' MINUTE, INTERVAL '1' HOUR)) GROUP BY window_start, window_end, k");
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_DELAY);
}

#define TUMBLE "FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) "
#define WINDOW "GROUP BY window_start, window_end"

static void a_watermark_is_a_delay_or_an_expression(void **state) {
    (void)state;
    static const struct {
        const char *watermark;
        enum weir_watermark_kind kind;
        int64_t delay_ms;
    } cases[] = {
        {"ts", WEIR_WATERMARK_DELAY, 0},
        {"ts - INTERVAL '0.001' SECOND", WEIR_WATERMARK_DELAY, 1},
        {"ts - INTERVAL '1' DAY", WEIR_WATERMARK_DELAY, 86400000},
        {"ts + INTERVAL '1' SECOND", WEIR_WATERMARK_EXPRESSION, 0},
        {"ts - INTERVAL -'1' SECOND", WEIR_WATERMARK_EXPRESSION, 0},
        {"ts - INTERVAL '1' MONTH", WEIR_WATERMARK_EXPRESSION, 0},
        {"CASE WHEN k = 'z' THEN CAST(NULL AS TIMESTAMP(3)) ELSE ts END", WEIR_WATERMARK_EXPRESSION, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char sql[600];
        snprintf(
            sql, sizeof(sql),
            "DROP TABLE IF EXISTS e; CREATE TABLE e (ts TIMESTAMP(3), k STRING, WATERMARK FOR ts AS %s) WITH "
            "('connector' = "
            "'filesystem'); SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '1' DAY)) " WINDOW,
            cases[i].watermark);
        const struct weir_plan *plan = script_plan(&script, sql);
        assert_int_equal(plan->watermark.kind, cases[i].kind);
        assert_int_equal(plan->watermark.delay, cases[i].delay_ms);
        assert_true((plan->watermark.expression != NULL) == (cases[i].kind == WEIR_WATERMARK_EXPRESSION));
    }
}

static void without_windows_the_watermark_plays_no_part(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, EVENTS "SELECT SUM(v), k FROM events GROUP BY k");
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_NONE);
    assert_int_equal(plan->time_column, -1);
    assert_string_equal(columns_of(plan), "k,v");
    plan = script_plan(&script, "SELECT v FROM events");
    assert_int_equal(plan->shape, WEIR_PLAN_ROWS);
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_NONE);
    assert_string_equal(columns_of(plan), "v");
}

static void counting_rows_reads_no_column(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, EVENTS "SELECT COUNT(*), COUNT(1), COUNT('x') FROM events");
    assert_int_equal(plan->columns_count, 0);
    assert_int_equal(plan->aggregates_count, 1);
    assert_int_equal(script.fake.selected_count, 0);
}

static void the_same_aggregate_is_computed_once(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script, EVENTS
        "SELECT SUM(v), SUM(v) + 1, SUM(events.v), SUM(v + 1), AVG(v) FROM events HAVING SUM(v) > 3 AND MAX(v) > 1 "
        "ORDER BY SUM(v)");
    assert_int_equal(plan->aggregates_count, 4);
    assert_int_equal(plan->order_count, 1);
    assert_non_null(plan->having);
}

static void a_filter_is_a_condition_of_the_argument(void **state) {
    (void)state;
    const struct weir_plan *plan =
        script_plan(&script, EVENTS "SELECT SUM(v) FILTER (WHERE v > 1), SUM(v), COUNT(*) FILTER (WHERE v > 1), "
                                    "SUM(CASE WHEN v > 1 THEN v END) FROM events");
    assert_int_equal(plan->aggregates_count, 3); /* the first is the last */
    assert_int_equal(plan->aggregates[0].arg->op, WEIR_EXPR_CASE);
    assert_int_equal(plan->aggregates[2].function, WEIR_AGGREGATE_COUNT);
    assert_string_equal(script_types(plan), "[INT, INT, BIGINT NOT NULL, INT]");
}

static void keys_are_expressions_and_match_wherever_they_stand(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script, EVENTS
        "SELECT v % 10, v % 10 + 1, UPPER(k) || 'x', COUNT(*) FROM events GROUP BY v % 10, UPPER(k), v % 10");
    assert_int_equal(plan->keys_count, 2);
    assert_int_equal(plan->outputs[0].expr->op, WEIR_EXPR_COLUMN);
    assert_int_equal(plan->outputs[0].expr->index, WEIR_RESULT_KEYS);
    assert_int_equal(plan->outputs[1].expr->op, WEIR_EXPR_ADD);
}

static void window_groups_may_come_in_any_order_and_shape(void **state) {
    (void)state;
    const struct weir_plan *plan =
        script_plan(&script, EVENTS "SELECT k, CAST(window_start AS STRING) s, MAX(window_end) e, n2 "
                                    "FROM (SELECT *, v * 2 AS n2 " TUMBLE ") GROUP BY k, window_end, "
                                    "n2, window_start, FLOOR(window_start TO HOUR)");
    assert_int_equal(plan->keys_count, 2);
    assert_int_equal(plan->aggregates_count, 0);
    assert_int_equal(plan->outputs[2].expr->index, WEIR_RESULT_WINDOW_END);
    plan = script_plan(&script, "SELECT DISTINCT window_start, window_end, k " TUMBLE);
    assert_int_equal(plan->shape, WEIR_PLAN_AGGREGATE);
    assert_int_equal(plan->keys_count, 1);
}

static void conditions_on_bounds_apply_after_the_window(void **state) {
    (void)state;
    const struct weir_plan *plan =
        script_plan(&script, EVENTS "SELECT COUNT(*) " TUMBLE
                                    "WHERE v > 1 AND window_start >= '2024-01-01 00:00:00' AND k = 'a' " WINDOW);
    assert_string_equal(script_text(plan, plan->filter), "(v > 1) AND (k = 'a')");
    assert_non_null(plan->having);
}

static void views_and_subqueries_become_one_plan(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script, EVENTS "CREATE VIEW w (t, key, twice) AS SELECT ts, k, v * 2 FROM events WHERE v > 0;"
                        "CREATE VIEW u AS SELECT t, key, twice + 1 AS more FROM w WHERE key <> 'z';"
                        "SELECT key, SUM(more) AS s FROM (SELECT * FROM u WHERE more < 100) AS q GROUP BY q.key");
    assert_int_equal(plan->shape, WEIR_PLAN_AGGREGATE);
    assert_string_equal(columns_of(plan), "k,v");
    assert_string_equal(script_text(plan, plan->filter), "((v > 0) AND (k <> 'z')) AND (((v * 2) + 1) < 100)");
    assert_string_equal(script_text(plan, plan->aggregates[0].arg), "(v * 2) + 1");
}

static void an_aggregate_of_a_stream_without_windows_is_noted(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, EVENTS "SELECT k, COUNT(*) FROM events GROUP BY k");
    assert_non_null(strstr(plan->explain, "note: Flink gives each change of this result in streaming mode"));
    plan = script_plan(&script, "SELECT DISTINCT k FROM events");
    assert_null(strstr(plan->explain, "note:"));
    plan =
        script_plan(&script, "SET 'execution.runtime-mode' = 'batch'; SELECT k, COUNT(*) FROM events GROUP BY k");
    assert_null(strstr(plan->explain, "note:"));
}

static void an_aggregate_may_stand_below_a_plain_query(void **state) {
    (void)state;
    const struct weir_plan *plan =
        script_plan(&script, EVENTS "SELECT k, s / n AS mean FROM (SELECT k, SUM(v) AS s, COUNT(*) AS n FROM "
                                    "events GROUP BY k HAVING COUNT(*) > "
                                    "1) WHERE s > 5 ORDER BY mean DESC LIMIT 3 OFFSET 1");
    assert_int_equal(plan->shape, WEIR_PLAN_AGGREGATE);
    assert_int_equal(plan->having->op, WEIR_EXPR_AND);
    assert_int_equal(plan->outputs_count, 2);
    assert_int_equal(plan->order_count, 1);
    assert_true(plan->order[0].descending);
    assert_false(plan->order[0].nulls_first);
    assert_int_equal(plan->limit, 3);
    assert_int_equal(plan->offset, 1);
    plan = script_plan(&script, "SELECT s FROM (SELECT k, SUM(v) AS s FROM events GROUP BY k ORDER BY k LIMIT 2)");
    assert_int_equal(plan->limit, 2);
    assert_int_equal(plan->order_count, 1);
    assert_int_equal(plan->outputs_count, 1);
    plan = script_plan(&script, "SELECT DISTINCT k, s FROM (SELECT k, SUM(v) AS s FROM events GROUP BY k)");
    assert_int_equal(plan->keys_count, 1);
}

static void with_queries_see_those_before_them(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script, EVENTS
        "WITH a AS (SELECT v, k FROM events), b (p, q) AS (SELECT v + 1, k FROM a), events AS (SELECT p FROM "
        "b) SELECT p FROM events");
    assert_string_equal(columns_of(plan), "v");
    assert_string_equal(script_text(plan, plan->outputs[0].expr), "v + 1");
}

static void order_by_takes_aliases_numbers_and_expressions(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script, EVENTS "SELECT v AS a, k FROM events ORDER BY a, 2 DESC, x NULLS LAST, a + v DESC NULLS FIRST");
    assert_int_equal(plan->order_count, 4);
    assert_string_equal(script_text(plan, plan->order[0].expr), "v");
    assert_string_equal(script_text(plan, plan->order[1].expr), "k");
    assert_string_equal(script_text(plan, plan->order[3].expr), "v + v");
    assert_true(plan->order[0].nulls_first);
    assert_false(plan->order[1].nulls_first);
    assert_false(plan->order[2].nulls_first);
    assert_true(plan->order[3].nulls_first);
}

static void the_order_of_a_subquery_without_limit_is_dropped(void **state) {
    (void)state;
    assert_int_equal(script_plan(&script, EVENTS "SELECT v FROM (SELECT v FROM events ORDER BY v)")->order_count,
                     0);
}

static void unnamed_columns_are_numbered(void **state) {
    (void)state;
    assert_string_equal(
        script_names(script_plan(&script, EVENTS "SELECT count(*), Sum(v), v+1, MAX(d) FROM events GROUP BY v")),
        "EXPR$0,EXPR$1,EXPR$2,EXPR$3");
    assert_string_equal(script_names(script_plan(&script, "SELECT k, v + 1, events.v, v AS `a b` FROM events")),
                        "k,EXPR$1,v,a b");
}

static void stars_stand_for_all_columns(void **state) {
    (void)state;
    assert_string_equal(script_names(script_plan(&script, EVENTS "SELECT e.*, 1 FROM events AS e")),
                        "ts,k,v,b,x,d,f,EXPR$7");
    assert_string_equal(script_names(script_plan(&script, "SELECT * " TUMBLE)),
                        "ts,k,v,b,x,d,f,window_start,window_end,window_time");
}

static void a_file_tells_its_own_columns(void **state) {
    (void)state;
    const struct weir_plan *plan =
        script_plan(&script, "SELECT x.k, SUM(x.v) FROM TABLE(TUMBLE(TABLE 'a/b.parquet', DESCRIPTOR(ts), INTERVAL "
                             "'1' HOUR)) AS x GROUP BY "
                             "window_start, window_end, x.k");
    assert_string_equal(script.fake.options, "path=a/b.parquet;");
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_NONE);
    assert_non_null(strstr(plan->explain, "the table has no WATERMARK"));
    assert_string_equal(script_types(script_plan(&script, "SELECT * FROM 'x'")), "[TIMESTAMP(6), STRING, BIGINT]");
}

static void named_window_arguments_mean_the_same(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script, EVENTS
        "SELECT COUNT(*) FROM TABLE(CUMULATE(SIZE => INTERVAL '1' HOUR, `OFFSET` => INTERVAL '10' SECOND, STEP => "
        "INTERVAL '10' MINUTE, DATA => TABLE events, TIMECOL => DESCRIPTOR(ts))) " WINDOW);
    assert_int_equal(plan->window.size, 3600000);
    assert_int_equal(plan->window.slide, 600000);
    assert_int_equal(plan->window.offset, 10000);
}

static void times_in_other_units_are_converted_where_they_are_read(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(&script, EVENTS "SELECT ts, ts > '2024-01-01' FROM events");
    assert_int_equal(plan->outputs[0].expr->op, WEIR_EXPR_RESCALE_TIME);
    assert_int_equal(plan->outputs[0].expr->type.precision, 3);
    assert_int_equal(plan->outputs[0].expr->args[0]->type.precision, 6);
    const struct weir_expr *literal = plan->outputs[1].expr->args[1];
    assert_int_equal(literal->op, WEIR_EXPR_LITERAL);
    assert_int_equal(literal->value.i64, INT64_C(1704067200000));
}

static void literals_are_brought_to_the_type_they_meet(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script,
        EVENTS "SELECT b = 1, x > 1.5, d = 2, k IN ('a', 'bc'), b IN (1, 3000000000), x IN (1, 2.5) FROM events");
    assert_int_equal(plan->outputs[0].expr->args[1]->op, WEIR_EXPR_LITERAL);
    assert_int_equal(plan->outputs[0].expr->args[1]->type.id, WEIR_TYPE_BIGINT);
    const struct weir_expr *order = plan->outputs[1].expr->args[1];
    assert_int_equal(order->op, WEIR_EXPR_TOTAL_ORDER);
    assert_true(order->args[0]->value.f64 == 1.5);
    assert_int_equal(plan->outputs[2].expr->args[1]->op, WEIR_EXPR_LITERAL);
    for (int i = 3; i < 6; i++) assert_int_equal(plan->outputs[i].expr->op, WEIR_EXPR_IN);
    plan = script_plan(&script, "SELECT v IN (1, b), v IN (1, CAST(NULL AS INT)) FROM events");
    assert_int_equal(plan->outputs[0].expr->op, WEIR_EXPR_OR);
    assert_int_equal(plan->outputs[1].expr->op, WEIR_EXPR_OR);
}

static void times_move_by_intervals(void **state) {
    (void)state;
    const struct weir_plan *plan = script_plan(
        &script,
        "CREATE TABLE m (t6 TIMESTAMP(6), t9 TIMESTAMP(9), dt DATE, i INT) WITH ('connector' = 'filesystem');"
        "SELECT t6 + INTERVAL '1' SECOND, t9 - INTERVAL '1' SECOND, dt + INTERVAL '2' DAY, dt - INTERVAL '1' "
        "MONTH, "
        "t6 + i * INTERVAL '1' SECOND FROM m");
    assert_int_equal(plan->outputs[0].expr->args[1]->value.i64, 1000);
    assert_int_equal(plan->outputs[1].expr->args[1]->value.i64, 1000);
    assert_int_equal(plan->outputs[2].expr->args[1]->value.i64, 2 * 86400000);
    assert_int_equal(plan->outputs[3].expr->op, WEIR_EXPR_ADD_MONTHS);
    assert_int_equal(plan->outputs[3].expr->args[1]->value.i64, -1);
    assert_int_equal(plan->outputs[4].expr->args[1]->op, WEIR_EXPR_MULTIPLY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_cases_over_flights_bind, open_script, close_script),
        cmocka_unit_test_setup_teardown(the_cases_over_small_streams_bind, open_script, close_script),
        cmocka_unit_test_setup_teardown(a_watermark_is_a_delay_or_an_expression, open_script, close_script),
        cmocka_unit_test_setup_teardown(without_windows_the_watermark_plays_no_part, open_script, close_script),
        cmocka_unit_test_setup_teardown(counting_rows_reads_no_column, open_script, close_script),
        cmocka_unit_test_setup_teardown(the_same_aggregate_is_computed_once, open_script, close_script),
        cmocka_unit_test_setup_teardown(a_filter_is_a_condition_of_the_argument, open_script, close_script),
        cmocka_unit_test_setup_teardown(keys_are_expressions_and_match_wherever_they_stand, open_script,
                                        close_script),
        cmocka_unit_test_setup_teardown(window_groups_may_come_in_any_order_and_shape, open_script, close_script),
        cmocka_unit_test_setup_teardown(conditions_on_bounds_apply_after_the_window, open_script, close_script),
        cmocka_unit_test_setup_teardown(views_and_subqueries_become_one_plan, open_script, close_script),
        cmocka_unit_test_setup_teardown(an_aggregate_of_a_stream_without_windows_is_noted, open_script,
                                        close_script),
        cmocka_unit_test_setup_teardown(an_aggregate_may_stand_below_a_plain_query, open_script, close_script),
        cmocka_unit_test_setup_teardown(with_queries_see_those_before_them, open_script, close_script),
        cmocka_unit_test_setup_teardown(order_by_takes_aliases_numbers_and_expressions, open_script, close_script),
        cmocka_unit_test_setup_teardown(the_order_of_a_subquery_without_limit_is_dropped, open_script,
                                        close_script),
        cmocka_unit_test_setup_teardown(unnamed_columns_are_numbered, open_script, close_script),
        cmocka_unit_test_setup_teardown(stars_stand_for_all_columns, open_script, close_script),
        cmocka_unit_test_setup_teardown(a_file_tells_its_own_columns, open_script, close_script),
        cmocka_unit_test_setup_teardown(named_window_arguments_mean_the_same, open_script, close_script),
        cmocka_unit_test_setup_teardown(times_in_other_units_are_converted_where_they_are_read, open_script,
                                        close_script),
        cmocka_unit_test_setup_teardown(literals_are_brought_to_the_type_they_meet, open_script, close_script),
        cmocka_unit_test_setup_teardown(times_move_by_intervals, open_script, close_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
