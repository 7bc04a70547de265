/* SPDX-License-Identifier: Apache-2.0
 *
 * Why has a window not fired? A test for each thing that it can wait for.
 */
#include "engine/pipeline_state.h"
#include "tests/engine/why.h"

/* SEMANTICS 2: nothing before every active partition has reported, and W is the least of theirs. */
static void an_active_partition_holds_it_back(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(STREAM("") HOURS, 2);
    give(pipeline, 0, "08:30:00", "a");
    give(pipeline, 1, "08:12:09", "a");
    int64_t raised = wall;
    wall += 29000;
    give(pipeline, 0, "09:03:16", "b");
    wall += 2000;
    ask(pipeline, "08:30:00", "a");
    assert_int_equal(why.reason, WEIR_WHY_PARTITION);
    assert_int_equal(why.holder, 1);
    assert_int_equal(why.held_since, raised);
    assert_int_equal(why.raised_at, raised);
    assert_int_equal(why.now, wall);
    assert_int_equal(why.needed, at("08:59:59.999"));
    assert_int_equal(why.watermark, at("08:12:04"));
    assert_int_equal(why.lacks, 2875999);
    assert_int_equal(why.rows, 2);
    assert_int_equal(why.windows, 1);
    assert_int_equal(why.windows_reached, 0);
    is_window("08:00:00", "09:00:00");
    says("window [2024-01-01 08:00:00, 2024-01-01 09:00:00) of key 'a' has not fired: it needs a watermark of "
         "2024-01-01 08:59:59.999, and W is 2024-01-01 08:12:04.000 (47 min 55.999 s short)\n"
         "it holds 2 rows of key 'a'\n"
         "partition 1 holds it back: its watermark is 2024-01-01 08:12:04.000, for 31 s, and it has given no rows "
         "for "
         "31 s; partition 0 is at 2024-01-01 09:03:11.000\n"
         "what to do: declare 'scan.watermark.idle-timeout' on the table, or call weir_pipeline_idle(pipeline, "
         "1)\n");
    close_pipeline(pipeline);
}

static void a_watermark_that_stands_is_told_from_rows_that_stay_away(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(STREAM("") HOURS, 2);
    give(pipeline, 0, "09:30:00", "a");
    give(pipeline, 1, "08:12:09", "a");
    wall += 60000;
    give(pipeline, 1, "08:10:00", "a"); /* it raises nothing */
    wall += 500;
    ask(pipeline, NULL, NULL);
    assert_int_equal(why.holder, 1);
    tells("its watermark is 2024-01-01 08:12:04.000, for 1 min, and it has given no rows for 0.500 s");
    close_pipeline(pipeline);
}

static void a_single_input_has_not_come_so_far(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(STREAM("") HOURS, 1);
    give(pipeline, 0, "08:12:04", "a");
    wall += 7000;
    ask(pipeline, NULL, NULL);
    assert_int_equal(why.reason, WEIR_WHY_PARTITION);
    assert_int_equal(why.holder, 0);
    says("window [2024-01-01 08:00:00, 2024-01-01 09:00:00) has not fired: it needs a watermark of 2024-01-01 "
         "08:59:59.999, and W is 2024-01-01 08:11:59.000 (48 min 0.999 s short)\n"
         "it holds 1 row\n"
         "the greatest time so far is 2024-01-01 08:12:04.000, less 5 s by the WATERMARK clause; no rows have come "
         "for "
         "7 s\n"
         "what to do: wait for a row with a time of 2024-01-01 09:00:04.999 or later; the end of the input fires "
         "it, "
         "too; for a stream that may stop declare 'scan.watermark.close-after' on the table\n");
    give(pipeline, 0, "09:00:04.998", "a");
    ask(pipeline, "08:00:00", NULL);
    assert_int_equal(why.reason, WEIR_WHY_PARTITION);
    assert_int_equal(why.lacks, 1);
    give(pipeline, 0, "09:00:04.999", "a"); /* as the advice said */
    ask(pipeline, "08:00:00", NULL);
    assert_int_equal(why.reason, WEIR_WHY_FIRED);
    assert_int_equal(why.lacks, 0);
    close_pipeline(pipeline);
}

static void the_advice_follows_the_options_of_the_table(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(STREAM(", 'scan.watermark.close-after' = '1 min'") HOURS, 1);
    give(pipeline, 0, "08:12:04", "a");
    ask(pipeline, NULL, NULL);
    tells("and so does 1 min without rows ('scan.watermark.close-after')");
    close_pipeline(pipeline);
    pipeline = open_sql(STREAM(", 'scan.watermark.idle-timeout' = '1 min'") HOURS, 2);
    give(pipeline, 0, "09:30:00", "a");
    give(pipeline, 1, "08:12:09", "a");
    wall += 31000;
    ask(pipeline, NULL, NULL);
    tells("wait for 29 s: without rows it counts as idle after 1 min ('scan.watermark.idle-timeout')");
    wall += 29000;
    ask(pipeline, NULL, NULL); /* it changes nothing by itself */
    assert_int_equal(why.reason, WEIR_WHY_PARTITION);
    tells("call weir_pipeline_poll: it is to count as idle after 1 min without rows");
    close_pipeline(pipeline);
}

static void nothing_has_been_heard_from_a_partition(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(STREAM("") HOURS, 3);
    int64_t began = wall;
    give(pipeline, 0, "09:30:00", "a");
    give(pipeline, 2, "09:31:00", "a");
    wall += 90000;
    ask(pipeline, NULL, NULL);
    assert_int_equal(why.reason, WEIR_WHY_UNHEARD);
    assert_int_equal(why.holder, 1);
    assert_int_equal(why.held_since, began);
    assert_int_equal(why.watermark, INT64_MIN);
    assert_int_equal(why.lacks, INT64_MAX);
    assert_int_equal(why.raised_at, INT64_MIN);
    says("window [2024-01-01 09:00:00, 2024-01-01 10:00:00) has not fired: it needs a watermark of 2024-01-01 "
         "09:59:59.999, and there is none yet\n"
         "it holds 2 rows\n"
         "partition 1 holds it back: it has given no rows and no watermark in 1 min 30 s\n"
         "  partition 0 is at 2024-01-01 09:29:55.000\n"
         "  partition 2 is at 2024-01-01 09:30:55.000\n"
         "what to do: declare 'scan.watermark.idle-timeout' on the table, or call weir_pipeline_idle(pipeline, "
         "1)\n");
    close_pipeline(pipeline);
}

static void rows_without_a_time_raise_no_watermark(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(STREAM("") HOURS, 2);
    give(pipeline, 0, "09:30:00", "a");
    give(pipeline, 1, NULL, "a");
    ask(pipeline, NULL, NULL);
    assert_int_equal(why.reason, WEIR_WHY_NO_CLAIM);
    assert_int_equal(why.holder, 1);
    tells("it has given 1 row and no watermark: their times are NULL, or too far in the future");
    tells("of 2 rows: 1 without a time (NULL)");
    close_pipeline(pipeline);
}

static void rows_from_the_future_raise_no_watermark(void **state) {
    (void)state;
    struct weir_pipeline *pipeline =
        open_sql(STREAM(", 'scan.watermark.max-future' = '1 h', 'scan.watermark.future-policy' = 'drop'") HOURS, 1);
    give(pipeline, 0, "2025-01-01 00:00:00", "a");
    ask(pipeline, "08:00:00", NULL);
    assert_int_equal(why.reason, WEIR_WHY_NO_CLAIM);
    assert_int_equal(why.future, 1);
    assert_int_equal(why.future_dropped, 1);
    tells("of 1 rows: 1 too far in the future");
    close_pipeline(pipeline);
}

static void an_expression_that_is_null_raises_no_watermark(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql("CREATE TABLE s (ts TIMESTAMP(3), k STRING, v BIGINT, WATERMARK FOR "
                                              "ts AS CASE WHEN v > 1 THEN ts END) WITH "
                                              "('connector' = 'push');" HOURS,
                                              1);
    give(pipeline, 0, "08:00:00", "a");
    ask(pipeline, NULL, NULL);
    assert_int_equal(why.reason, WEIR_WHY_NO_CLAIM);
    tells("the input has given 1 row and no watermark: the WATERMARK clause gives NULL for them");
    close_pipeline(pipeline);
}

static void nobody_has_advanced_a_partition(void **state) {
    (void)state;
    struct weir_pipeline *pipeline =
        open_sql("CREATE TABLE s (ts TIMESTAMP(3), k STRING, v BIGINT) WITH ('connector' = 'push');" HOURS, 2);
    give(pipeline, 0, "08:30:00", "a");
    give(pipeline, 1, "08:31:00", "a");
    assert_int_equal(weir_pipeline_advance(pipeline, 0, at("09:30:00"), &error), WEIR_OK);
    ask(pipeline, NULL, NULL);
    assert_int_equal(why.reason, WEIR_WHY_NO_CLAIM);
    assert_int_equal(why.holder, 1);
    tells("it has given 1 row and no watermark: the table has no WATERMARK clause, and nobody has called "
          "weir_pipeline_advance; partition 0 is at 2024-01-01 09:30:00.000");
    close_pipeline(pipeline);
}

static void a_single_input_without_watermark_clause_is_to_be_advanced(void **state) {
    (void)state;
    struct weir_pipeline *pipeline =
        open_sql("CREATE TABLE s (ts TIMESTAMP(3), k STRING, v BIGINT) WITH ('connector' = 'push');" HOURS, 1);
    give(pipeline, 0, "08:30:00", "a");
    assert_int_equal(weir_pipeline_advance(pipeline, 0, at("08:30:00"), &error), WEIR_OK);
    ask(pipeline, NULL, NULL);
    assert_int_equal(why.reason, WEIR_WHY_PARTITION);
    tells("what to do: call weir_pipeline_advance(pipeline, 0, 1704099599999)");
    assert_int_equal(weir_pipeline_advance(pipeline, 0, 1704099599999, &error), WEIR_OK);
    ask(pipeline, "08:30:00", NULL);
    assert_int_equal(why.reason, WEIR_WHY_FIRED);
    close_pipeline(pipeline);
}

/* SEMANTICS 2: in SQL there is no W at or below 1970-01-01 00:00 UTC. */
static void there_is_no_watermark_before_1970(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(STREAM("") HOURS, 1);
    give(pipeline, 0, "1969-12-31 20:30:00", "a");
    give(pipeline, 0, "1970-01-01 00:00:05", "a");
    ask(pipeline, "1969-12-31 20:30:00", NULL);
    assert_int_equal(why.reason, WEIR_WHY_BEFORE_1970);
    assert_int_equal(why.rows, 1);
    tells(
        "the input has given 2 rows and no watermark: the greatest time is 1970-01-01 00:00:05.000, and in SQL, as "
        "in Flink, there is no watermark at or below 1970-01-01 00:00 UTC");
    give(pipeline, 0, "1970-01-01 00:00:05.001", "a");
    ask(pipeline, "1969-12-31 20:30:00", NULL);
    assert_int_equal(why.reason, WEIR_WHY_FIRED);
    close_pipeline(pipeline);
}

/* SEMANTICS 2: an idle partition stays out until its own W >= W; all idle: W rises to the largest. */
static void partitions_that_were_idle_are_behind(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(STREAM("") HOURS, 3);
    give(pipeline, 0, "09:30:00", "a");
    give(pipeline, 1, "08:10:00", "a");
    for (int32_t i = 0; i < 3; i++) assert_int_equal(weir_pipeline_idle(pipeline, i, &error), WEIR_OK);
    ask(pipeline, "09:30:00", NULL);
    assert_int_equal(why.reason, WEIR_WHY_IDLE);
    assert_int_equal(why.holder, -1);
    tells("every partition is idle: W stands at the largest of theirs until rows come\n"
          "  partition 0 is at 2024-01-01 09:29:55.000, idle\n"
          "  partition 1 is at 2024-01-01 08:09:55.000, idle\n"
          "  partition 2 has not been heard of, idle\n");
    give(pipeline, 1, "08:20:00", "a");
    give(pipeline, 2, "08:30:00", "a");
    ask(pipeline, "09:30:00", NULL);
    assert_int_equal(why.reason, WEIR_WHY_BEHIND);
    assert_int_equal(why.holder, 2); /* the nearest */
    tells("partition 2 holds it back: it was idle, and its watermark, 2024-01-01 08:29:55.000, has not come to W "
          "again; no partition is active\n"
          "  partition 0 is at 2024-01-01 09:29:55.000, idle\n"
          "  partition 1 is at 2024-01-01 08:19:55.000, behind\n");
    close_pipeline(pipeline);
}

static void a_table_without_watermark_fires_at_the_end(void **state) {
    (void)state;
    struct weir_pipeline *pipeline =
        open_sql("CREATE TABLE s (ts TIMESTAMP(3), k STRING, v BIGINT) WITH ('connector' = 'push');" HOURS, 1);
    give(pipeline, 0, "08:30:00", "a");
    ask(pipeline, NULL, NULL);
    assert_int_equal(why.reason, WEIR_WHY_NO_WATERMARK);
    says("window [2024-01-01 08:00:00, 2024-01-01 09:00:00) has not fired: it needs a watermark of 2024-01-01 "
         "08:59:59.999, and there is none yet\n"
         "it holds 1 row\n"
         "the table has no WATERMARK clause: every window fires when the input has ended\n"
         "what to do: declare WATERMARK FOR ... on the table, or call weir_pipeline_advance or "
         "weir_pipeline_finish\n");
    end_input(pipeline);
    ask(pipeline, "08:30:00", NULL);
    assert_int_equal(why.reason, WEIR_WHY_END_FIRED);
    tells(
        "fired when the input ended, if it held rows: it needed a watermark of 2024-01-01 08:59:59.999, and there "
        "was none");
    close_pipeline(pipeline);
}

static void a_window_that_w_has_passed_has_fired(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(STREAM("") HOURS, 1);
    give(pipeline, 0, "08:30:00", "a");
    give(pipeline, 0, "10:30:00", "a");
    ask(pipeline, "08:59:59.999", "a");
    assert_int_equal(why.reason, WEIR_WHY_FIRED);
    assert_int_equal(why.holder, -1);
    assert_int_equal(why.windows_reached, 1);
    assert_int_equal(why.rows, -1);
    assert_int_equal(why.rows_waiting, 1);
    says("window [2024-01-01 08:00:00, 2024-01-01 09:00:00) of key 'a' has fired, if it held rows; it needed a "
         "watermark of 2024-01-01 08:59:59.999, and W is 2024-01-01 10:29:55.000\n"
         "1 row of the result can be taken (weir_pipeline_next)\n");
    drop_rows(pipeline);
    ask(pipeline, "08:59:59.999", "a");
    assert_int_equal(why.rows_waiting, 0);
    close_pipeline(pipeline);
}

static void a_window_whose_rows_are_with_the_workers_is_due(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_with(
        STREAM("") HOURS,
        (struct weir_pipeline_options){.partitions = 1, .workers = 2, .strategy = WEIR_STRATEGY_LOCAL_FIRST});
    struct weir_worker *first = &pipeline->deal.workers[0];
    give(pipeline, 0, "08:30:00", "a");
    weir_worker_hold(first); /* so that no barrier can pass */
    give(pipeline, 0, "10:30:00", "a");
    weir_worker_let_go(first);
    weir_worker_poke(first);
    ask(pipeline, "08:30:00", NULL);
    assert_int_equal(why.reason, WEIR_WHY_DUE);
    tells("is due: its rows have not been taken yet");
    tells("what to do: call weir_pipeline_next");
    for (int turn = 0; turn < 3 && why.reason == WEIR_WHY_DUE; turn++) { /* one barrier may follow another */
        drop_rows(pipeline);
        ask(pipeline, "08:30:00", NULL);
    }
    assert_int_equal(why.reason, WEIR_WHY_FIRED);
    close_pipeline(pipeline);
}

static void order_by_holds_rows_until_the_end(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(STREAM("") HOURS " ORDER BY n", 1);
    give(pipeline, 0, "08:30:00", "a");
    give(pipeline, 0, "10:30:00", "a");
    ask(pipeline, "08:30:00", NULL);
    assert_int_equal(why.reason, WEIR_WHY_ORDERED);
    assert_int_equal(why.rows_waiting, 0);
    tells("ORDER BY holds all rows until the input has ended");
    end_input(pipeline);
    ask(pipeline, "08:30:00", NULL);
    assert_int_equal(why.reason, WEIR_WHY_FIRED);
    assert_int_equal(why.rows_waiting, 2);
    close_pipeline(pipeline);
}

static void a_window_of_processing_time_waits_for_the_wall_clock(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(
        "CREATE TABLE s (ts TIMESTAMP(3), k STRING, v BIGINT, p AS PROCTIME()) WITH ('connector' = 'push');"
        "SELECT window_start, window_end, k, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(p), INTERVAL '1' "
        "HOUR)) GROUP BY window_start, window_end, k",
        1);
    give(pipeline, 0, "08:30:00", "a");
    wall += 3590000;
    assert_int_equal(weir_pipeline_poll(pipeline, &error), WEIR_OK);
    ask(pipeline, NULL, NULL);
    assert_int_equal(why.reason, WEIR_WHY_WALL_CLOCK);
    is_window("2024-06-01 12:00:00", "2024-06-01 13:00:00");
    tells("it is a window of processing time: the wall clock reaches its end in 10 s");
    wall += 10000;
    ask(pipeline, NULL, NULL);
    assert_int_equal(why.reason, WEIR_WHY_DUE);
    assert_int_equal(weir_pipeline_poll(pipeline, &error), WEIR_OK);
    ask(pipeline, "2024-06-01 12:30:00", NULL);
    assert_int_equal(why.reason, WEIR_WHY_FIRED);
    close_pipeline(pipeline);
}

static void a_query_without_windows_has_none_to_ask_about(void **state) {
    (void)state;
    static const struct {
        const char *sql, *words;
    } cases[] = {
        {STREAM("") "SELECT k, v FROM s", "the query does not aggregate: its rows come as they are read\n"},
        {"CREATE TABLE s (ts TIMESTAMP(3), k STRING, v BIGINT) WITH ('connector' = 'push');"
         "SET 'execution.runtime-mode' = 'batch'; SELECT k, COUNT(*) FROM s GROUP BY k",
         "the query has no windows: its groups come when the input has ended\n"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct weir_pipeline *pipeline = open_sql(cases[i].sql, 1);
        give(pipeline, 0, "08:30:00", "a");
        ask(pipeline, "08:30:00", NULL);
        assert_int_equal(why.reason, WEIR_WHY_NO_WINDOW);
        assert_int_equal(strncmp(words, cases[i].words, strlen(cases[i].words)), 0);
        close_pipeline(pipeline);
    }
}

static void nothing_is_open(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(STREAM("") HOURS, 1);
    ask(pipeline, NULL, NULL);
    assert_int_equal(why.reason, WEIR_WHY_NOTHING_OPEN);
    assert_int_equal(why.windows, 0);
    says("no window is open: no row has come\n");
    give(pipeline, 0, "08:30:00", "a");
    ask(pipeline, NULL, "b");
    assert_int_equal(why.reason, WEIR_WHY_NOTHING_OPEN);
    says("no window of key 'b' is open: it has fired, or no row of it has come; W is 2024-01-01 08:29:55.000\n");
    ask(pipeline, "08:30:00", "b");
    assert_int_equal(why.reason, WEIR_WHY_PARTITION);
    assert_int_equal(why.rows, 0);
    tells("it holds no row of key 'b': as things stand it gives nothing\n");
    close_pipeline(pipeline);
}

/* SEMANTICS 4: FLUSH, DISCARD. */
static void the_end_of_the_input_fires_what_w_had_not_reached(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(STREAM("") HOURS, 1);
    give(pipeline, 0, "08:30:00", "a");
    give(pipeline, 0, "09:30:00", "a");
    end_input(pipeline);
    ask(pipeline, NULL, NULL); /* the window of the greatest time */
    assert_int_equal(why.reason, WEIR_WHY_END_FIRED);
    is_window("09:00:00", "10:00:00");
    assert_int_equal(why.lacks, 1804999);
    tells(
        "fired when the input ended, if it held rows: it needed a watermark of 2024-01-01 09:59:59.999, and W had "
        "come to 2024-01-01 09:29:55.000 (30 min 4.999 s short)\n");
    ask(pipeline, "08:30:00", NULL);
    assert_int_equal(why.reason, WEIR_WHY_FIRED);
    close_pipeline(pipeline);
}

static void the_end_of_the_input_drops_what_w_had_not_reached(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql("SET 'weir.end-of-input' = 'discard';" STREAM("") HOURS, 1);
    give(pipeline, 0, "08:30:00", "a");
    end_input(pipeline);
    ask(pipeline, NULL, NULL);
    assert_int_equal(why.reason, WEIR_WHY_END_DROPPED);
    tells("was dropped when the input ended");
    tells("what to do: SET 'weir.end-of-input' = 'flush', or 'mark'");
    close_pipeline(pipeline);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_active_partition_holds_it_back),
        cmocka_unit_test(a_watermark_that_stands_is_told_from_rows_that_stay_away),
        cmocka_unit_test(a_single_input_has_not_come_so_far),
        cmocka_unit_test(the_advice_follows_the_options_of_the_table),
        cmocka_unit_test(nothing_has_been_heard_from_a_partition),
        cmocka_unit_test(rows_without_a_time_raise_no_watermark),
        cmocka_unit_test(rows_from_the_future_raise_no_watermark),
        cmocka_unit_test(an_expression_that_is_null_raises_no_watermark),
        cmocka_unit_test(nobody_has_advanced_a_partition),
        cmocka_unit_test(a_single_input_without_watermark_clause_is_to_be_advanced),
        cmocka_unit_test(there_is_no_watermark_before_1970),
        cmocka_unit_test(partitions_that_were_idle_are_behind),
        cmocka_unit_test(a_table_without_watermark_fires_at_the_end),
        cmocka_unit_test(a_window_that_w_has_passed_has_fired),
        cmocka_unit_test(a_window_whose_rows_are_with_the_workers_is_due),
        cmocka_unit_test(order_by_holds_rows_until_the_end),
        cmocka_unit_test(a_window_of_processing_time_waits_for_the_wall_clock),
        cmocka_unit_test(a_query_without_windows_has_none_to_ask_about),
        cmocka_unit_test(nothing_is_open),
        cmocka_unit_test(the_end_of_the_input_fires_what_w_had_not_reached),
        cmocka_unit_test(the_end_of_the_input_drops_what_w_had_not_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
