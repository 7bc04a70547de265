/* SPDX-License-Identifier: Apache-2.0
 *
 * Times that are not read, since the statistics of a row group say where they lie, change no row, no counter and no
 * watermark: each query runs with and without them.
 */
#include "tests/sql/parquet_runs.h"

#define KNOWN ", 'parquet.time-ranges' = 'true'"
#define KNOWN_NOT ", 'parquet.time-ranges' = 'false'"
#define WATERMARK(seconds) ", WATERMARK FOR ts AS ts - INTERVAL '" seconds "' SECOND"
#define WINDOWED(window)                                                                                           \
    "SELECT window_start, window_end, k, COUNT(*) AS c, SUM(n) AS t FROM TABLE(" window                            \
    ") GROUP BY window_start, window_end, k ORDER BY window_start, window_end, k"
#define TUMBLED(size) WINDOWED("TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL " size ")")

static struct outcome with, without;

/* The rows whose times are not read, with every number of workers. */
static int64_t unread(const char *watermark, const char *select) {
    for (int32_t workers = 0; workers < 4; workers++) {
        const struct asked asked = {"skip.parquet", watermark, select, workers, false};
        ask(&asked, KNOWN, &with);
        ask(&asked, KNOWN_NOT, &without);
        assert_int_equal(with.status, WEIR_END);
        assert_int_equal(without.status, WEIR_END);
        assert_string_equal(with.rows, without.rows);
        assert_int_equal(without.stats.unread_times, 0);
        assert_int_equal(with.stats.rows_in, without.stats.rows_in);
        assert_int_equal(with.stats.late, without.stats.late);
        assert_int_equal(with.stats.aggregated, without.stats.aggregated);
        assert_int_equal(with.stats.windows_fired, without.stats.windows_fired);
        assert_int_equal(with.stats.watermark, without.stats.watermark);
    }
    return with.stats.unread_times;
}

/* Eight row groups of 20 rows lie within a minute, each in batches of seven rows. */
static void times_of_a_row_group_within_a_slice_are_not_read(void **state) {
    (void)state;
    assert_int_equal(unread(WATERMARK("10"), TUMBLED("'1' MINUTE")), 160);
    assert_int_equal(unread("", TUMBLED("'1' MINUTE")), 160);
    assert_int_equal(unread("", TUMBLED("'1' HOUR")), 240);
    assert_int_equal(unread(WATERMARK("10"), WINDOWED("HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL "
                                                      "'3' MINUTE)")),
                     160);
}

static void a_slice_that_the_rows_themselves_close_has_late_ones(void **state) {
    (void)state;
    assert_int_equal(unread(WATERMARK("0"), TUMBLED("'5' SECOND")), 0);
    assert_true(with.stats.late > 0);
    unread(WATERMARK("0"), TUMBLED("'30' SECOND"));
    assert_true(with.stats.late > 0);
}

static void times_that_something_else_depends_on_are_read(void **state) {
    (void)state;
    const char *session = "SELECT window_start, window_end, k, COUNT(*) AS c FROM TABLE(SESSION(TABLE t PARTITION "
                          "BY k, DESCRIPTOR(ts), INTERVAL '4' SECOND)) GROUP BY window_start, window_end, k ORDER "
                          "BY window_start, k";
    assert_int_equal(unread(WATERMARK("10"), session), 0);
    assert_non_null(strstr(with.explain, "times: read of every row, since its windows depend on each of them"));
    assert_int_equal(unread(", WATERMARK FOR ts AS CASE WHEN n > 3 THEN ts END", TUMBLED("'1' MINUTE")), 0);
    assert_non_null(strstr(with.explain, "since the watermark is an expression over each row"));
}

static void a_column_that_lacks_times_is_read(void **state) {
    (void)state;
    const char *of_late =
        "SELECT window_start, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(late), INTERVAL "
        "'1' HOUR)) GROUP BY window_start, window_end";
    int64_t rows = unread("", of_late);
    assert_true(rows > 0 && rows < 240); /* those of the groups without NULLs */
    assert_true(with.stats.null_time > 20);
}

static void it_is_told(void **state) {
    (void)state;
    assert_int_equal(unread(WATERMARK("10"), TUMBLED("'1' MINUTE")), 160);
    assert_non_null(strstr(with.explain, "times: not read of groups of rows whose statistics put them all into one "
                                         "slice of the windows"));
    assert_null(strstr(without.explain, "times: not read"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_of_a_row_group_within_a_slice_are_not_read),
        cmocka_unit_test(a_slice_that_the_rows_themselves_close_has_late_ones),
        cmocka_unit_test(times_that_something_else_depends_on_are_read),
        cmocka_unit_test(a_column_that_lacks_times_is_read),
        cmocka_unit_test(it_is_told),
    };
    if (!parquet_is_there()) return 0;
    setenv("WEIR_MODULE_DIR", MODULE_DIR, 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
