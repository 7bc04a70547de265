/* SPDX-License-Identifier: Apache-2.0
 *
 * Row groups that are not read change no row, no counter and no watermark: each query runs with and without them.
 */
#include "tests/sql/parquet_runs.h"

#define SKIPS ", 'parquet.skip-row-groups' = 'true'"
#define SKIPS_NOT ", 'parquet.skip-row-groups' = 'false'"
#define WATERMARK ", WATERMARK FOR ts AS ts - INTERVAL '2' SECOND"
#define TUMBLED(condition)                                                                                         \
    "SELECT window_start, k, COUNT(*) AS c, SUM(n) AS t FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' "  \
    "SECOND)) WHERE " condition " GROUP BY window_start, window_end, k ORDER BY window_start, k"

static struct outcome with, without;

/* Asks both ways and compares; the outcomes stay in `with` and `without`. */
static void check(const struct asked *asked) {
    ask(asked, SKIPS, &with);
    ask(asked, SKIPS_NOT, &without);
    assert_int_equal(with.status, without.status);
    assert_string_equal(with.error.message, without.error.message);
    assert_int_equal(without.stats.skipped_groups, 0);
    if (with.status != WEIR_END) return;
    assert_string_equal(with.rows, without.rows);
    assert_int_equal(with.stats.rows_in, without.stats.rows_in);
    assert_int_equal(with.stats.filtered, without.stats.filtered);
    assert_int_equal(with.stats.null_time, without.stats.null_time);
    assert_int_equal(with.stats.late, without.stats.late);
    assert_int_equal(with.stats.aggregated, without.stats.aggregated);
    assert_int_equal(with.stats.windows_fired, without.stats.windows_fired);
    assert_int_equal(with.stats.watermark, without.stats.watermark);
}

/* The number of row groups that are skipped, with every number of workers. */
static int64_t skipped(const char *watermark, const char *select) {
    for (int32_t workers = 0; workers < 4; workers++)
        check(&(struct asked){"skip.parquet", watermark, select, workers, false});
    assert_int_equal(with.stats.skipped_rows, with.stats.skipped_groups * 20);
    return with.stats.skipped_groups;
}

static void numbers_and_texts_exclude_row_groups(void **state) {
    (void)state;
    assert_int_equal(skipped("", TUMBLED("n >= 80")), 8);
    assert_int_equal(skipped("", TUMBLED("m > 4294967295")), 12);
    assert_int_equal(skipped("", TUMBLED("x < 1.5e0")), 9);
    assert_int_equal(skipped("", TUMBLED("s = 'level 03 of many, '")), 11);
    assert_int_equal(skipped("", TUMBLED("n BETWEEN 30 AND 45 OR s < 'level 01'")), 9);
    assert_int_equal(skipped("", TUMBLED("n IN (12, 115)")), 10);
    assert_int_equal(skipped("", TUMBLED("n IS NOT NULL")), 1);
    assert_int_equal(skipped("", TUMBLED("ts >= TIMESTAMP '2023-11-14 22:15:00'")), 7);
    assert_int_equal(skipped("", TUMBLED("n <> 5 AND NOT (n > 10)")), 1);
}

static void nan_is_greater_than_no_bound(void **state) {
    (void)state;
    assert_int_equal(skipped("", TUMBLED("x <> 3e0")), 0);
    assert_int_equal(skipped("", TUMBLED("x > 11e0 AND n > 0")), 10); /* of level 9 nothing is known */
}

static void the_watermark_rises_as_if_the_rows_had_been_read(void **state) {
    (void)state;
    assert_int_equal(skipped(WATERMARK, TUMBLED("n < 10 OR n >= 100")), 9);
    assert_true(without.stats.late > 0);
    assert_int_equal(skipped(WATERMARK, TUMBLED("n >= 50 AND n < 70")), 11);
    assert_int_equal(skipped(WATERMARK, TUMBLED("n > 1000")), 12);
    assert_int_equal(skipped(WATERMARK,
                             "SELECT window_start, window_end, k, COUNT(*) AS c FROM TABLE(SESSION(TABLE t "
                             "PARTITION BY k, DESCRIPTOR(ts), INTERVAL '4' SECOND)) WHERE n < 10 OR n > 95 "
                             "GROUP BY window_start, window_end, k ORDER BY window_start, k"),
                     8);
    assert_int_equal(skipped(WATERMARK, "SELECT ts, n FROM t WHERE n = 33"), 11);
}

static void rows_without_a_time_are_counted_as_such(void **state) {
    (void)state;
    const char *of_late =
        "SELECT window_start, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(late), INTERVAL '5' "
        "SECOND)) WHERE n >= 80 GROUP BY window_start, window_end";
    assert_int_equal(skipped("", of_late), 8);
    assert_true(with.stats.null_time > 20);
    struct asked strict = {"skip.parquet", "", of_late, 0, true};
    check(&strict);
    assert_int_equal(with.status, WEIR_ERR_VALUE);
}

static void an_error_is_met_all_the_same(void **state) {
    (void)state;
    check(&(struct asked){"skip.parquet", "", TUMBLED("100 / m > 2 AND m > 1000"), 0, false});
    assert_int_equal(with.status, WEIR_ERR_VALUE);
    assert_int_equal(skipped("", TUMBLED("m > 50 AND 100 / m > 0")), 6);
}

static void what_cannot_be_left_out_is_told(void **state) {
    (void)state;
    assert_int_equal(skipped(WATERMARK, TUMBLED("n > 1000")), 12);
    assert_non_null(strstr(with.explain, "240 rows in 12 row groups (12 skipped by their statistics)"));
    assert_non_null(
        strstr(with.explain, "skip: groups of rows whose statistics show that the filter drops them all"));
    assert_null(strstr(without.explain, "skipped"));
    const char *computed = ", WATERMARK FOR ts AS CASE WHEN n > 3 THEN ts END";
    assert_int_equal(skipped(computed, TUMBLED("n > 1000")), 0);
    assert_non_null(strstr(with.explain, "skip: nothing, since the watermark is an expression over each row"));
}

static void the_files_of_a_table_skip_each_for_itself(void **state) {
    (void)state;
    struct asked asked = {"[s]ki*.parquet", WATERMARK, TUMBLED("n >= 110"), 2, false};
    check(&asked);
    assert_int_equal(with.stats.skipped_groups, 11);
    asked.file = "skip.parquet', 'scan.partition-by-file' = 'true";
    check(&asked);
    assert_int_equal(with.status, WEIR_END);
}

#define FILE_ROWS 240
#define WATCH_MOST 10000 /* times a ms or more */

/* All rows of the file count, and each window that they have closed has given its row. */
static bool is_all_there(const struct outcome *out) {
    int64_t lines = 0;
    for (const char *at = out->rows; *at != '\0'; at++) lines += *at == '\n';
    return out->stats.rows_in == FILE_ROWS && lines == out->stats.windows_fired;
}

/* Rows and counters of a folder that is watched, once all that is in it has been read. */
static void watch(bool skips, struct outcome *out) {
    char script[4096];
    struct weir_session_options options = {.struct_size = sizeof(options), .wait_ms = 1};
    struct weir_session *session;
    struct weir_run *run = NULL;
    memset(out, 0, sizeof(*out));
    snprintf(script, sizeof(script), TABLE, WATERMARK, "[s]kip.parquet', 'source.monitor-interval' = '1 ms",
             skips ? SKIPS : SKIPS_NOT,
             "SELECT window_start, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND)) "
             "WHERE n < 30 GROUP BY window_start, window_end");
    assert_int_equal(weir_session_create(&options, &session, NULL), WEIR_OK);
    assert_int_equal(weir_session_script(session, script, NULL), WEIR_OK);
    if (weir_session_step(session, &run, &out->error) != WEIR_OK) fail_msg("%s", out->error.message);
    for (int asked = 0; !is_all_there(out) && asked < WATCH_MOST; asked++) {
        take_rows(run, out);
        assert_int_equal(out->status, WEIR_AGAIN);
    }
    weir_run_destroy(&run);
    weir_session_destroy(&session);
}

static void what_is_left_out_last_counts_though_nothing_follows_yet(void **state) {
    (void)state;
    watch(true, &with);
    watch(false, &without);
    assert_true(with.stats.skipped_groups > 0);
    assert_int_equal(with.stats.rows_in, without.stats.rows_in);
    assert_int_equal(with.stats.watermark, without.stats.watermark);
    assert_string_equal(with.rows, without.rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_texts_exclude_row_groups),
        cmocka_unit_test(nan_is_greater_than_no_bound),
        cmocka_unit_test(the_watermark_rises_as_if_the_rows_had_been_read),
        cmocka_unit_test(rows_without_a_time_are_counted_as_such),
        cmocka_unit_test(an_error_is_met_all_the_same),
        cmocka_unit_test(what_cannot_be_left_out_is_told),
        cmocka_unit_test(the_files_of_a_table_skip_each_for_itself),
        cmocka_unit_test(what_is_left_out_last_counts_though_nothing_follows_yet),
    };
    if (!parquet_is_there()) return 0;
    setenv("WEIR_MODULE_DIR", MODULE_DIR, 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
