/* SPDX-License-Identifier: Apache-2.0
 *
 * Why has a window not fired: windows of every kind, keys, rows and late rows.
 */
#include "tests/engine/why.h"

#define BY_KEY "GROUP BY window_start, window_end, k"
#define SELECTED "SELECT window_start, window_end, k, COUNT(*) AS n FROM TABLE("

static void a_hop_row_lies_in_several_windows(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(
        STREAM("") SELECTED "HOP(TABLE s, DESCRIPTOR(ts), INTERVAL '10' MINUTE, INTERVAL '1' HOUR)) " BY_KEY, 1);
    give(pipeline, 0, "08:12:00", "a");
    give(pipeline, 0, "08:55:00", "a");
    give(pipeline, 0, "08:55:00", "b");
    give(pipeline, 0, "09:03:00", "a");
    ask(pipeline, "08:55:00", "a");
    assert_int_equal(why.reason, WEIR_WHY_PARTITION);
    assert_int_equal(why.windows, 6);
    assert_int_equal(why.windows_reached, 1);
    is_window("08:10:00", "09:10:00");
    assert_int_equal(why.rows, 3);
    tells("2024-01-01 08:55:00 lies in 6 windows; W has passed the end of 1 of them; the next:\n"
          "window [2024-01-01 08:10:00, 2024-01-01 09:10:00) of key 'a' has not fired");
    ask(pipeline, "08:55:00", NULL);
    assert_int_equal(why.rows, 4);
    ask(pipeline, NULL, NULL);
    is_window("08:10:00", "09:10:00");
    assert_int_equal(why.rows, 4);
    ask(pipeline, "07:00:00", NULL);
    assert_int_equal(why.reason, WEIR_WHY_FIRED);
    assert_int_equal(why.windows_reached, 6);
    close_pipeline(pipeline);
}

/* What has fired has been put together (engine/window_stack.h): the windows to come hold rows of sums. */
static void open_hop_windows_hold_their_rows_after_others_have_fired(void **state) {
    (void)state;
    static const char *const columns[2] = {"COUNT(*) AS n", "COUNT(*) AS n, MAX(k) AS m"};
    for (int i = 0; i < 2; i++) {
        char sql[1024];
        snprintf(sql, sizeof(sql), "%s SELECT window_start, window_end, k, %s FROM TABLE(HOP(TABLE s, %s)) %s",
                 STREAM(""), columns[i], "DESCRIPTOR(ts), INTERVAL '10' MINUTE, INTERVAL '1' HOUR", BY_KEY);
        struct weir_pipeline *pipeline = open_sql(sql, 1);
        give(pipeline, 0, "08:12:00", "a");
        give(pipeline, 0, "08:22:00", "a");
        give(pipeline, 0, "08:35:00", "b");
        give(pipeline, 0, "09:03:00", "a");
        give(pipeline, 0, "08:13:00", "a"); /* late for the windows that have fired */
        ask(pipeline, NULL, "a");
        is_window("08:10:00", "09:10:00");
        assert_int_equal(why.rows, 4);
        ask(pipeline, NULL, NULL);
        assert_int_equal(why.rows, 5);
        give(pipeline, 0, "08:38:00", "b");
        give(pipeline, 0, "09:12:00", "a"); /* the window of 08:10 fires */
        give(pipeline, 0, "08:25:00", "a");
        ask(pipeline, NULL, "a");
        is_window("08:20:00", "09:20:00");
        assert_int_equal(why.rows, 4);
        ask(pipeline, NULL, "b");
        assert_int_equal(why.rows, 2);
        ask(pipeline, NULL, NULL);
        assert_int_equal(why.rows, 6);
        ask(pipeline, "09:11:00", "a");
        is_window("08:20:00", "09:20:00");
        close_pipeline(pipeline);
    }
}

/* SEMANTICS 1: rows of a gap are unassigned. */
static void a_time_in_a_gap_is_in_no_window(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(
        STREAM("") SELECTED "HOP(TABLE s, DESCRIPTOR(ts), INTERVAL '1' HOUR, INTERVAL '10' MINUTE)) " BY_KEY, 1);
    give(pipeline, 0, "08:30:00", "a");
    ask(pipeline, "08:30:00", NULL);
    assert_int_equal(why.reason, WEIR_WHY_GAP);
    assert_int_equal(why.windows, 0);
    assert_int_equal(why.unassigned, 1);
    assert_int_equal(why.window_start, INT64_MIN);
    says("2024-01-01 08:30:00 lies in a gap between two windows: its rows count nowhere (unassigned)\n"
         "of 1 rows: 1 in a gap between windows\n");
    close_pipeline(pipeline);
}

/* SEMANTICS 1: later steps of a base period fire for a key also without new rows. */
static void a_cumulate_step_holds_the_rows_of_its_base_period(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(
        STREAM("") SELECTED "CUMULATE(TABLE s, DESCRIPTOR(ts), INTERVAL '10' MINUTE, INTERVAL '1' HOUR)) " BY_KEY,
        1);
    give(pipeline, 0, "08:01:00", "a");
    give(pipeline, 0, "08:02:00", "a");
    give(pipeline, 0, "08:12:00", "b");
    give(pipeline, 0, "08:22:00", "b");
    ask(pipeline, NULL, "a");
    is_window("08:00:00", "08:30:00");
    assert_int_equal(why.rows, 2);
    ask(pipeline, NULL, NULL);
    is_window("08:00:00", "08:30:00");
    assert_int_equal(why.rows, 4);
    ask(pipeline, "08:45:00", "b");
    is_window("08:00:00", "08:50:00");
    assert_int_equal(why.rows, 2);
    assert_int_equal(why.windows, 2);
    close_pipeline(pipeline);
}

static void a_session_is_the_key_s_own(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(
        STREAM("") SELECTED "SESSION(TABLE s PARTITION BY k, DESCRIPTOR(ts), INTERVAL '20' MINUTE)) " BY_KEY, 1);
    give(pipeline, 0, "08:00:00", "a");
    give(pipeline, 0, "08:10:00", "a");
    give(pipeline, 0, "08:12:00", "b");
    ask(pipeline, "08:25:00", "a");
    assert_int_equal(why.reason, WEIR_WHY_PARTITION);
    is_window("08:00:00", "08:30:00");
    assert_int_equal(why.rows, 2);
    assert_int_equal(why.needed, at("08:29:59.999"));
    tells("session [2024-01-01 08:00:00, 2024-01-01 08:30:00) of key 'a' has not fired: it needs a watermark of "
          "2024-01-01 08:29:59.999");
    ask(pipeline, NULL, NULL);
    is_window("08:00:00", "08:30:00");
    tells("of key 'a'");
    ask(pipeline, "08:40:00", "a");
    assert_int_equal(why.reason, WEIR_WHY_NOTHING_OPEN);
    tells("no session of key 'a' that holds 2024-01-01 08:40:00 is open");
    give(pipeline, 0, "08:50:00", "a"); /* an older session and the latest */
    give(pipeline, 0, "08:20:00", "c");
    ask(pipeline, NULL, "a");
    is_window("08:50:00", "09:10:00");
    end_input(pipeline);
    ask(pipeline, "08:50:00", "a");
    assert_int_equal(why.reason, WEIR_WHY_END_FIRED);
    tells("the input has ended: what was still open fired with that, and W had come to 2024-01-01 08:49:55.000\n");
    close_pipeline(pipeline);
}

static void an_older_session_of_a_key_is_found_beside_its_latest(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(
        "CREATE TABLE s (ts TIMESTAMP(3), k STRING, v BIGINT, WATERMARK FOR ts AS ts - INTERVAL '2' HOUR) WITH "
        "('connector' = 'push');" SELECTED
        "SESSION(TABLE s PARTITION BY k, DESCRIPTOR(ts), INTERVAL '20' MINUTE)) " BY_KEY,
        1);
    give(pipeline, 0, "09:00:00", "a");
    give(pipeline, 0, "08:00:00", "a");
    give(pipeline, 0, "08:05:00", "a");
    ask(pipeline, "08:05:00", "a");
    is_window("08:00:00", "08:25:00");
    assert_int_equal(why.rows, 2);
    ask(pipeline, "09:05:00", "a");
    is_window("09:00:00", "09:20:00");
    close_pipeline(pipeline);
}

static void a_session_of_a_largest_duration_fires_in_pieces(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(
        STREAM("") SELECTED
        "SESSION(TABLE s PARTITION BY k, DESCRIPTOR(ts), INTERVAL '20' MINUTE, INTERVAL '30' MINUTE)) " BY_KEY,
        1);
    give(pipeline, 0, "08:00:00", "a");
    give(pipeline, 0, "08:15:00", "a");
    give(pipeline, 0, "08:25:00", "a");
    ask(pipeline, NULL, "a");
    is_window("08:00:00", "08:45:00");
    assert_int_equal(why.needed, at("08:29:59.999"));
    assert_int_equal(why.rows, 3);
    give(pipeline, 0, "08:40:00", "a"); /* the first piece fires */
    ask(pipeline, NULL, "a");
    is_window("08:00:00", "09:00:00");
    assert_int_equal(why.needed, at("08:59:59.999"));
    assert_int_equal(why.rows, 1);
    close_pipeline(pipeline);
}

static void a_count_window_waits_for_rows(void **state) {
    (void)state;
    struct weir_pipeline *pipeline =
        open_sql(STREAM("") SELECTED "COUNT_WINDOW(TABLE s PARTITION BY k, DESCRIPTOR(ts), 3)) " BY_KEY, 1);
    give(pipeline, 0, "08:00:00", "a");
    give(pipeline, 0, "09:30:00", "b");
    give(pipeline, 0, "08:10:00", "b");
    ask(pipeline, NULL, NULL); /* the one with the fewest rows to come */
    assert_int_equal(why.reason, WEIR_WHY_ROWS);
    assert_int_equal(why.rows_missing, 1);
    assert_int_equal(why.rows, 2);
    assert_int_equal(why.needed, INT64_MAX);
    says(
        "count window [2024-01-01 08:10:00, 2024-01-01 09:30:00.001) of key 'b' has not fired: it needs 1 more row "
        "of the key\n"
        "it holds 2 rows\n");
    ask(pipeline, "10:00:00", "a"); /* whatever the time */
    assert_int_equal(why.reason, WEIR_WHY_ROWS);
    assert_int_equal(why.rows_missing, 2);
    close_pipeline(pipeline);
}

static void a_sliding_count_window_keeps_rows(void **state) {
    (void)state;
    struct weir_pipeline *pipeline =
        open_sql(STREAM("") SELECTED "COUNT_WINDOW(TABLE s PARTITION BY k, DESCRIPTOR(ts), 5, 2)) " BY_KEY, 1);
    static const int64_t missing[] = {1, 2, 1, 2, 1, 2, 1, 2}, rows[] = {1, 2, 3, 3, 4, 3, 4, 3};
    for (int i = 0; i < 8; i++) { /* a window fires every 2 rows, over the last 5 */
        give(pipeline, 0, "08:00:00", "a");
        ask(pipeline, NULL, "a");
        assert_int_equal(why.reason, WEIR_WHY_ROWS);
        assert_int_equal(why.rows_missing, missing[i]);
        assert_int_equal(why.rows, rows[i]);
    }
    close_pipeline(pipeline);
}

static void a_window_by_count_or_time_waits_for_either(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(
        STREAM("") SELECTED "COUNT_OR_TIME(TABLE s PARTITION BY k, DESCRIPTOR(ts), 3, INTERVAL '1' HOUR)) " BY_KEY,
        1);
    give(pipeline, 0, "08:00:00", "a");
    give(pipeline, 0, "08:10:00", "a");
    ask(pipeline, NULL, "a");
    assert_int_equal(why.reason, WEIR_WHY_PARTITION);
    assert_int_equal(why.rows_missing, 1);
    assert_int_equal(why.needed, at("08:59:59.999"));
    tells("window by count or time [2024-01-01 08:00:00, 2024-01-01 08:10:00.001) of key 'a' has not fired: it "
          "needs 1 "
          "more row of the key or a watermark of 2024-01-01 08:59:59.999, and W is 2024-01-01 08:09:55.000 (50 min "
          "4.999 s short)\n");
    close_pipeline(pipeline);
}

static void windows_with_early_results_are_open_until_they_close(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(
        "SET 'weir.emit.early-fire.rows' = '1'; SET 'table.exec.emit.allow-lateness' = '1 h';"
        "SET 'table.exec.emit.late-fire.enabled' = 'true'; SET 'table.exec.emit.late-fire.delay' = '0 s';" STREAM(
            "") HOURS,
        1);
    give(pipeline, 0, "08:30:00", "a");
    give(pipeline, 0, "08:31:00", "b");
    ask(pipeline, NULL, NULL);
    assert_int_equal(why.reason, WEIR_WHY_PARTITION);
    is_window("08:00:00", "09:00:00");
    assert_int_equal(why.rows, 2);
    ask(pipeline, "08:45:00", "b");
    assert_int_equal(why.rows, 1);
    give(pipeline, 0, "09:30:00", "a");
    ask(pipeline, "08:45:00", "b"); /* late rows may still fire it again */
    assert_int_equal(why.reason, WEIR_WHY_FIRED);
    give(pipeline, 0, "10:30:00", "a");
    give(pipeline, 0, "08:45:00", "b");
    ask(pipeline, NULL, NULL);
    is_window("10:00:00", "11:00:00");
    assert_int_equal(why.late, 1);
    assert_int_equal(why.late_by, at("10:29:55") - at("08:59:59.999"));
    tells("a watermark that lags 29 min 55.002 s more would have let them all count");
    close_pipeline(pipeline);
}

/* ---- zones ---- */

static void windows_lie_on_the_wall_clock_of_the_zone(void **state) {
    (void)state;
    struct weir_pipeline *pipeline =
        open_sql("SET 'table.local-time-zone' = 'Europe/Berlin';"
                 "CREATE TABLE s (ts TIMESTAMP_LTZ(3), k STRING, v BIGINT, WATERMARK FOR ts AS ts) WITH "
                 "('connector' = 'push');" SELECTED "TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' DAY)) " BY_KEY,
                 1);
    give(pipeline, 0, "12:00:00", "a");
    ask(pipeline, "23:30:00", NULL); /* 00:30 of the next day in Berlin */
    is_window("2024-01-02 00:00:00", "2024-01-03 00:00:00");
    assert_int_equal(why.needed, at("2024-01-02 22:59:59.999"));
    assert_int_equal(why.lacks, at("2024-01-02 22:59:59.999") - at("12:00:00"));
    assert_int_equal(why.rows, 0);
    tells("it needs a watermark of 2024-01-02 23:59:59.999, and W is 2024-01-01 13:00:00.000");
    tells("times are those of the wall clock of Europe/Berlin\n");
    struct weir_why_request request = {.time_text = "2024-01-01 23:30:00"};
    ask_request(pipeline, request);
    is_window("2024-01-01 00:00:00", "2024-01-02 00:00:00");
    assert_int_equal(why.rows, 1);
    request.time_text = "2024-01-01 23:30:00Z";
    ask_request(pipeline, request);
    is_window("2024-01-02 00:00:00", "2024-01-03 00:00:00");
    request.time_text = "1704151800000"; /* the same instant */
    ask_request(pipeline, request);
    is_window("2024-01-02 00:00:00", "2024-01-03 00:00:00");
    close_pipeline(pipeline);
}

/* ---- the ends of the range ---- */

static void any_time_may_be_asked_about(void **state) {
    (void)state;
    static const char *const windows[] = {"TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' HOUR)",
                                          "TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '0.001' SECOND)",
                                          "HOP(TABLE s, DESCRIPTOR(ts), INTERVAL '7' DAY, INTERVAL '999' DAY)",
                                          "HOP(TABLE s, DESCRIPTOR(ts), INTERVAL '3' HOUR, INTERVAL '10' MINUTE)",
                                          "CUMULATE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' DAY, INTERVAL '999' DAY)",
                                          "SESSION(TABLE s PARTITION BY k, DESCRIPTOR(ts), INTERVAL '9999' DAY)"};
    static const int64_t times[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX - 1, INT64_MAX};
    static const char *const zones[] = {"UTC", "America/Sao_Paulo"};
    for (int turn = 0; turn < 12; turn++) {
        char sql[800];
        snprintf(sql, sizeof(sql),
                 "SET 'table.local-time-zone' = '%s'; CREATE TABLE s (ts TIMESTAMP_LTZ(3), k STRING, v BIGINT, "
                 "WATERMARK FOR ts AS ts) WITH ('connector' = 'push');" SELECTED "%s) " BY_KEY,
                 zones[turn % 2], windows[turn / 2]);
        struct weir_pipeline *pipeline = open_sql(sql, 1);
        for (int given = 0; given < 8; given++) {
            for (int i = 0; i < 7; i++) {
                ask_request(pipeline, (struct weir_why_request){.has_time = true, .time = times[i]});
                assert_true(why.windows_reached >= 0 && why.windows_reached <= why.windows);
                assert_true(why.lacks >= 0);
                if (why.windows > 0) assert_true(why.window_start <= why.window_end);
            }
            ask(pipeline, NULL, NULL);
            if (given == 7) break;
            int64_t v = 1, day = 86400000; /* rows must lie in the range on the wall clock, too */
            int64_t time = times[given];
            time += time < -day ? day : time > day ? -day : 0;
            const char *key = "a";
            struct ArrowArray batch =
                batch_of(1, 3, array_i64(&time, 1, NULL), array_strings(&key, 1, false), array_i64(&v, 1, NULL));
            assert_int_equal(weir_pipeline_push(pipeline, 0, &batch, &error), WEIR_OK);
            drop_rows(pipeline);
        }
        close_pipeline(pipeline);
    }
}

/* ---- keys ---- */

static void a_key_is_told_apart_by_its_values(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(
        STREAM(
            "") "SELECT window_start, k, v, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' "
                "HOUR)) GROUP BY window_start, window_end, k, v",
        1);
    for (int i = 0; i < 3; i++) give(pipeline, 0, "08:30:00", i == 2 ? NULL : "a");
    const char *keys[][2] = {{"a", "1"}, {"a", "2"}, {NULL, "1"}, {"NULL", "1"}, {"", "1"}, {"a", NULL}};
    static const int64_t rows[] = {2, 0, 1, 0, 0, 0};
    for (int i = 0; i < 6; i++) {
        ask_request(pipeline, (struct weir_why_request){
                                  .has_time = true, .time = at("08:00:00"), .key = keys[i], .key_count = 2});
        assert_int_equal(why.rows, rows[i]);
    }
    tells("of key ('a', NULL)");
    close_pipeline(pipeline);
}

static void keys_of_every_type_are_read_as_csv_has_them(void **state) {
    (void)state;
    static const struct {
        const char *expression, *is, *other;
    } cases[] = {
        {"v = 1", "true", "false"},
        {"CAST(v AS TINYINT)", "1", "2"},
        {"CAST(v AS FLOAT) + CAST(0.1 AS FLOAT)", "1.1", "1.2"},
        {"CAST(v AS DOUBLE) / 3", "0.3333333333333333", "0.333"},
        {"CAST('NaN' AS DOUBLE)", "NaN", "1"},
        {"CAST(v AS DECIMAL(10, 2))", "1.00", "1.01"},
        {"CAST(ts AS DATE)", "2024-01-01", "2024-01-02"},
        {"CAST(ts AS TIME)", "08:30:00", "08:30:01"},
        {"ts", "2024-01-01 08:30:00", "2024-01-01 08:30:00.001"},
        {"CAST(ts AS TIMESTAMP(9))", "2024-01-01 08:30:00.000000000", "2024-01-01 08:30:00.000000001"},
        {"CAST(ts AS TIMESTAMP_LTZ(3))", "2024-01-01 08:30:00Z", "2024-01-01 08:30:01Z"},
        {"UPPER(k)", "A", "a"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char sql[1000];
        snprintf(
            sql, sizeof(sql),
            STREAM("") "SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL "
                       "'1' HOUR)) GROUP BY window_start, window_end, %s",
            cases[i].expression);
        struct weir_pipeline *pipeline = open_sql(sql, 1);
        give(pipeline, 0, "08:30:00", "a");
        ask(pipeline, "08:30:00", cases[i].is);
        if (why.rows != 1) fail_msg("%s is not %s", cases[i].expression, cases[i].is);
        ask(pipeline, "08:30:00", cases[i].other);
        if (why.rows != 0) fail_msg("%s is %s", cases[i].expression, cases[i].other);
        close_pipeline(pipeline);
    }
}

static void a_session_names_its_key_whatever_the_type(void **state) {
    (void)state;
    struct weir_pipeline *pipeline =
        open_sql(STREAM("") "SELECT window_start, window_end, k, v, COUNT(*) AS n FROM TABLE(SESSION(TABLE s "
                            "PARTITION BY (k, v), "
                            "DESCRIPTOR(ts), INTERVAL '20' MINUTE)) GROUP BY window_start, window_end, k, v",
                 1);
    give(pipeline, 0, "08:30:00", "line\nbreak");
    ask(pipeline, NULL, NULL);
    tells("of key ('line?break', 1)");
    close_pipeline(pipeline);
    pipeline = open_sql(
        STREAM("") SELECTED "SESSION(TABLE s PARTITION BY k, DESCRIPTOR(ts), INTERVAL '20' MINUTE)) " BY_KEY, 1);
    char large[400];
    memset(large, 'x', sizeof(large));
    large[sizeof(large) - 1] = '\0';
    memcpy(large + 97, "\xE2\x82\xAC", 3); /* with its quote before it the sign lies across the end */
    give(pipeline, 0, "08:30:00", large);
    ask(pipeline, NULL, NULL);
    tells("xxx... has not fired");
    close_pipeline(pipeline);
}

static void a_request_that_does_not_fit_is_refused(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(STREAM("") HOURS, 1);
    const char *two[] = {"a", "b"}, *number = "x";
    struct weir_why_request request = {.struct_size = sizeof(request), .key = two, .key_count = 2};
    char *text = (char *)&error;
    assert_int_equal(weir_pipeline_why(pipeline, &request, NULL, &text, &error), WEIR_ERR_INVALID);
    assert_non_null(strstr(error.message, "has 2 values, and the query groups by 1 columns"));
    assert_null(text);
    request = (struct weir_why_request){.struct_size = sizeof(request), .time_text = "yesterday"};
    assert_int_equal(weir_pipeline_why(pipeline, &request, NULL, &text, &error), WEIR_ERR_INVALID);
    assert_non_null(strstr(error.message, "'yesterday' is no time"));
    request = (struct weir_why_request){.struct_size = 1};
    assert_int_equal(weir_pipeline_why(pipeline, &request, NULL, NULL, &error), WEIR_ERR_INVALID);
    struct weir_why small = {.struct_size = 1};
    assert_int_equal(weir_pipeline_why(pipeline, NULL, &small, NULL, &error), WEIR_ERR_INVALID);
    assert_int_equal(weir_pipeline_why(NULL, NULL, NULL, NULL, &error), WEIR_ERR_INVALID);
    assert_int_equal(weir_pipeline_why(pipeline, NULL, NULL, NULL, NULL), WEIR_OK);
    close_pipeline(pipeline);
    pipeline =
        open_sql(STREAM("") "SELECT window_start, v, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), "
                            "INTERVAL '1' HOUR)) GROUP BY window_start, window_end, v",
                 1);
    request = (struct weir_why_request){.struct_size = sizeof(request), .key = &number, .key_count = 1};
    assert_int_equal(weir_pipeline_why(pipeline, &request, NULL, NULL, &error), WEIR_ERR_INVALID);
    assert_non_null(strstr(error.message, "'x' is no value of key column 1, which is of type BIGINT"));
    close_pipeline(pipeline);
}

/* ---- late rows ---- */

/* SEMANTICS 3: a row is late when W has passed the end of all its windows. */
static void the_latest_of_the_late_rows_is_kept(void **state) {
    (void)state;
    for (int32_t workers = 0; workers < 3; workers++) {
        struct weir_pipeline *pipeline =
            open_with(STREAM("") HOURS " HAVING COUNT(*) > 0",
                      (struct weir_pipeline_options){.partitions = 1, .workers = workers});
        give(pipeline, 0, "08:30:00", "a");
        give(pipeline, 0, "09:30:05", "a");
        ask(pipeline, NULL, NULL);
        assert_int_equal(why.late_by, INT64_MIN);
        assert_int_equal(why.late_time, INT64_MIN);
        give(pipeline, 0, "08:40:00", "a"); /* W is 09:30:00 */
        give(pipeline, 0, "07:59:59", "b");
        give(pipeline, 0, "08:59:59", "b");
        give(pipeline, 0, NULL, "b");
        ask(pipeline, NULL, NULL);
        assert_int_equal(why.late, 3);
        assert_int_equal(why.null_time, 1);
        assert_int_equal(why.rows_in, 6);
        assert_int_equal(why.late_by, at("09:30:00") - at("07:59:59.999"));
        assert_int_equal(why.late_time, at("07:59:59"));
        tells("of 6 rows: 1 without a time (NULL), 3 late\n"
              "the latest of the late rows has the time 2024-01-01 07:59:59.000: W had passed its last window by 1 "
              "h 30 "
              "min 0.001 s\n");
        tells(
            "about the late rows: a watermark that lags 1 h 30 min 0.002 s more would have let them all count; SET "
            "'weir.late.policy' = 'side-output' keeps them apart\n");
        close_pipeline(pipeline);
    }
}

/* The advice is right: with that lag no row is late, with 1 ms less one is. */
static void the_lag_that_is_advised_is_the_least_that_helps(void **state) {
    (void)state;
    for (int less = 0; less < 2; less++) {
        char sql[600];
        snprintf(sql, sizeof(sql),
                 "CREATE TABLE s (ts TIMESTAMP(3), k STRING, v BIGINT, WATERMARK FOR ts AS ts - INTERVAL '%d.%03d' "
                 "SECOND) WITH ('connector' = 'push');" HOURS,
                 5 + 90 * 60, 2 - less);
        struct weir_pipeline *pipeline = open_sql(sql, 1);
        give(pipeline, 0, "09:30:05", "a");
        give(pipeline, 0, "07:59:59", "b");
        ask(pipeline, NULL, NULL);
        assert_int_equal(why.late, less);
        close_pipeline(pipeline);
    }
}

static void late_rows_beside_a_side_output_are_told_from_those_of_the_future(void **state) {
    (void)state;
    struct weir_pipeline *pipeline =
        open_sql("SET 'weir.late.policy' = 'side-output';" STREAM(
                     ", 'scan.watermark.max-future' = '1 h', 'scan.watermark.future-policy' = 'side-output'") HOURS,
                 1);
    give(pipeline, 0, "09:30:05", "a");
    give(pipeline, 0, "2025-01-01 00:00:00", "a");
    give(pipeline, 0, "08:30:00", "a");
    ask(pipeline, NULL, NULL);
    assert_int_equal(why.late, 1);
    assert_int_equal(why.future, 1);
    assert_int_equal(why.late_time, at("08:30:00"));
    assert_int_equal(why.late_by, 1800001);
    assert_null(strstr(words, "keeps them apart"));
    close_pipeline(pipeline);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hop_row_lies_in_several_windows),
        cmocka_unit_test(open_hop_windows_hold_their_rows_after_others_have_fired),
        cmocka_unit_test(a_time_in_a_gap_is_in_no_window),
        cmocka_unit_test(a_cumulate_step_holds_the_rows_of_its_base_period),
        cmocka_unit_test(a_session_is_the_key_s_own),
        cmocka_unit_test(an_older_session_of_a_key_is_found_beside_its_latest),
        cmocka_unit_test(a_session_of_a_largest_duration_fires_in_pieces),
        cmocka_unit_test(a_count_window_waits_for_rows),
        cmocka_unit_test(a_sliding_count_window_keeps_rows),
        cmocka_unit_test(a_window_by_count_or_time_waits_for_either),
        cmocka_unit_test(windows_with_early_results_are_open_until_they_close),
        cmocka_unit_test(windows_lie_on_the_wall_clock_of_the_zone),
        cmocka_unit_test(any_time_may_be_asked_about),
        cmocka_unit_test(a_key_is_told_apart_by_its_values),
        cmocka_unit_test(keys_of_every_type_are_read_as_csv_has_them),
        cmocka_unit_test(a_session_names_its_key_whatever_the_type),
        cmocka_unit_test(a_request_that_does_not_fit_is_refused),
        cmocka_unit_test(the_latest_of_the_late_rows_is_kept),
        cmocka_unit_test(the_lag_that_is_advised_is_the_least_that_helps),
        cmocka_unit_test(late_rows_beside_a_side_output_are_told_from_those_of_the_future),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
