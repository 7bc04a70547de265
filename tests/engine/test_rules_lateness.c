/* SPDX-License-Identifier: Apache-2.0
 *
 * docs/semantics.md, section 3: late rows, and what becomes of them.
 */
#include "tests/engine/rules.h"

#define TUMBLE_SECOND "TUMBLE" ROW_TIME "INTERVAL '1' SECOND)"
#define ALLOW(time)                                                                                                \
    "SET 'table.exec.emit.allow-lateness' = '" time "'; SET 'table.exec.emit.late-fire.enabled' = 'true'; "        \
    "SET 'table.exec.emit.late-fire.delay' = '0 s'; "
#define MODE(mode) "SET 'weir.emit.mode' = '" mode "'; "

static struct rule rule;

/* ---- who is late ---- */

static void worked_late_row(void **state) {
    (void)state;
    static const struct asked asked = {.window = "TUMBLE" ROW_TIME "INTERVAL '2' SECOND)"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:1000");
        rule_advance(&rule, 1985);
        rule_rows(&rule, "a:1980");
        rule_expect(&rule, "");
        rule_advance(&rule, 1999);
        rule_expect(&rule, "a=2@1999");
        rule_rows(&rule, "a:1998");
        assert_int_equal(rule_stats(&rule).late, 1);
        rule_rows(&rule, "a:2001");
        rule_advance(&rule, 3999);
        rule_expect(&rule, "a=1@3999");
        rule_close(&rule);
    }
}

static void worked_lateness_at_the_end_of_time(void **state) {
    (void)state;
    static const struct asked asked = {.set = ALLOW("2 s"), .window = TUMBLE_SECOND};
    const long long last = (INT64_MAX - 1750) / 1000 * 1000 + 999;
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_advance(&rule, INT64_MAX - 1500);
        rule_rows(&rule, "a:%lld", (long long)(INT64_MAX - 1750));
        assert_int_equal(rule_stats(&rule).late, 0);
        rule_expect(&rule, "");
        rule_advance(&rule, last);
        rule_expect(&rule, "+I a=1@%lld", last);
        rule_close(&rule);
    }
}

static void a_window_takes_rows_until_its_lateness_has_passed(void **state) {
    (void)state;
    static const struct asked asked = {.set = ALLOW("500 ms"), .window = TUMBLE_SECOND};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:1@100");
        rule_advance(&rule, 1498);
        rule_expect(&rule, "+I a=1@999");
        rule_rows(&rule, "a:2@200");
        rule_expect(&rule, "-U a=1@999 +U a=3@999");
        rule_advance(&rule, 1499);
        rule_rows(&rule, "a:4@300");
        rule_expect(&rule, "");
        assert_int_equal(rule_stats(&rule).late, 1);
        rule_close(&rule);
    }
}

static void the_end_of_lateness_saturates(void **state) {
    (void)state;
    static const struct asked asked = {.set = ALLOW("10000000 d"), .window = TUMBLE_SECOND};
    const long long start = INT64_MAX / 1000 * 1000 - 1000;
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_advance(&rule, INT64_MAX - 1);
        rule_rows(&rule, "a:%lld", start);
        rule_expect(&rule, "+I a=1@%lld", start + 999);
        rule_advance(&rule, INT64_MAX);
        rule_rows(&rule, "a:%lld", start);
        rule_expect(&rule, "");
        assert_int_equal(rule_stats(&rule).late, 1);
        rule_close(&rule);
    }
}

static void a_row_late_for_one_hop_window_counts_in_later_ones(void **state) {
    (void)state;
    static const struct asked asked = {.window = "HOP" ROW_TIME "INTERVAL '1' SECOND, INTERVAL '2' SECOND)"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_advance(&rule, 999);
        rule_rows(&rule, "a:500 a:-1500");
        rule_finish(&rule);
        rule_expect(&rule, "a=1@1999");
        assert_int_equal(rule_stats(&rule).aggregated, 1);
        assert_int_equal(rule_stats(&rule).late, 1);
        rule_close(&rule);
    }
}

static void a_row_late_for_one_cumulate_step_counts_in_later_ones(void **state) {
    (void)state;
    static const struct asked asked = {.window = "CUMULATE" ROW_TIME "INTERVAL '1' SECOND, INTERVAL '3' SECOND)"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:1@100");
        rule_advance(&rule, 999);
        rule_expect(&rule, "a=1@999");
        rule_rows(&rule, "a:2@200");
        rule_finish(&rule);
        rule_expect(&rule, "a=3@1999 a=3@2999");
        assert_int_equal(rule_stats(&rule).late, 0);
        rule_close(&rule);
    }
}

static void a_row_of_a_gap_is_unassigned_and_never_late(void **state) {
    (void)state;
    static const struct asked asked = {.window = "HOP" ROW_TIME "INTERVAL '10' SECOND, INTERVAL '3' SECOND)"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_advance(&rule, 100000);
        rule_rows(&rule, "a:5000 a:1000");
        assert_int_equal(rule_stats(&rule).unassigned, 1);
        assert_int_equal(rule_stats(&rule).late, 1);
        rule_close(&rule);
    }
}

/* ---- allowed lateness ---- */

static void lateness_without_late_fire_does_nothing(void **state) {
    (void)state;
    static const struct asked asked = {.set = "SET 'table.exec.emit.allow-lateness' = '1 min';",
                                       .window = TUMBLE_SECOND};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:1@100");
        rule_advance(&rule, 999);
        rule_rows(&rule, "a:2@200");
        rule_finish(&rule);
        rule_expect(&rule, "a=1@999");
        assert_int_equal(rule_stats(&rule).late, 1);
        rule_close(&rule);
    }
}

static void late_fire(const char *set, const char *expected) {
    struct asked asked = {.set = set, .window = TUMBLE_SECOND};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:1@100");
        rule_advance(&rule, 999);
        rule_rows(&rule, "a:2@200 a:4@300 b:8@400");
        rule_expect(&rule, "%s", expected);
        rule_close(&rule);
    }
}

static void each_late_row_fires_its_window_again_at_once(void **state) {
    (void)state;
    late_fire(ALLOW("1 s"), "+I a=1@999 -U a=1@999 +U a=3@999 -U a=3@999 +U a=7@999 +I b=8@999");
}

static void late_results_may_come_as_new_totals_alone(void **state) {
    (void)state;
    late_fire(ALLOW("1 s") MODE("accumulating"), "+I a=1@999 +U a=3@999 +U a=7@999 +I b=8@999");
}

static void late_results_may_come_as_what_is_new(void **state) {
    (void)state;
    late_fire(ALLOW("1 s") MODE("discarding"), "+I a=1@999 +I a=2@999 +I a=4@999 +I b=8@999");
}

static void sessions_refuse_late_and_early_results(void **state) {
    (void)state;
    static const struct asked late = {.set = ALLOW("1 s"), .window = "SESSION" BY_KEY "INTERVAL '1' SECOND)"};
    static const struct asked early = {.set = "SET 'weir.emit.early-fire.rows' = '1';",
                                       .window = "SESSION" BY_KEY "INTERVAL '1' SECOND)"};
    rule_expect_refused(&late, "early or late results");
    rule_expect_refused(&early, "early or late results");
}

static void rows_that_are_not_aggregated_pass_even_when_late(void **state) {
    (void)state;
    struct weir_query *query = NULL;
    struct weir_error why = {0};
    if (weir_query_create("CREATE TABLE t (ts TIMESTAMP(3), k STRING, v BIGINT, WATERMARK FOR ts AS ts) WITH "
                          "('connector' = 'push'); SELECT * FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL "
                          "'1' SECOND))",
                          NULL, NULL, &query, &why) != WEIR_OK)
        fail_msg("%s", why.message);
    assert_int_equal(weir_pipeline_create(query, NULL, &rule.pipeline, &why), WEIR_OK);
    rule_rows(&rule, "a:9000 a:100 a:200");
    rule_finish(&rule);
    struct ArrowArray batch;
    int64_t rows = 0;
    while (weir_pipeline_next(rule.pipeline, &batch, &why) == WEIR_OK) {
        rows += batch.length;
        batch.release(&batch);
    }
    assert_int_equal(rows, 3);
    weir_pipeline_destroy(&rule.pipeline);
    weir_query_destroy(&query);
}

/* ---- policies ---- */

static void late_rows_are_dropped_and_counted(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND, .watermark = "ts"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:5000 a:1@100 b:2@200");
        rule_finish(&rule);
        rule_expect(&rule, "a=1@5999");
        assert_int_equal(rule_stats(&rule).late, 2);
        rule_expect_aside(&rule, "");
        rule_close(&rule);
    }
}

static void late_rows_may_be_put_aside_whole(void **state) {
    (void)state;
    static const struct asked asked = {
        .set = "SET 'weir.late.policy' = 'side-output';", .window = TUMBLE_SECOND, .watermark = "ts"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:5000 a:1@100 a:5001 b:2@200");
        rule_finish(&rule);
        rule_expect(&rule, "a=2@5999");
        rule_expect_aside(&rule, "100 200");
        assert_int_equal(rule_stats(&rule).late, 2);
        rule_close(&rule);
    }
}

static void fold(const char *window, const char *expected) {
    struct asked asked = {.set = "SET 'weir.late.policy' = 'fold';", .window = window};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_advance(&rule, 4500);
        rule_rows(&rule, "a:2@200");
        rule_finish(&rule);
        rule_expect(&rule, "%s", expected);
        assert_int_equal(rule_stats(&rule).late, 0);
        assert_int_equal(rule_stats(&rule).aggregated, 1);
        assert_int_equal(rule_stats(&rule).folded, 1);
        rule_close(&rule);
    }
}

static void late_rows_may_count_in_the_next_window_that_is_open(void **state) {
    (void)state;
    fold("TUMBLE" ROW_TIME "INTERVAL '3' SECOND)", "a=2@5999");
    fold("HOP" ROW_TIME "INTERVAL '2' SECOND, INTERVAL '3' SECOND)", "a=2@4999");
    fold("CUMULATE" ROW_TIME "INTERVAL '1' SECOND, INTERVAL '3' SECOND)", "a=2@4999 a=2@5999");
}

static void fold_needs_windows_on_a_grid(void **state) {
    (void)state;
    static const struct asked session = {.set = "SET 'weir.late.policy' = 'fold';",
                                         .window = "SESSION" BY_KEY "INTERVAL '1' SECOND)"};
    rule_expect_refused(&session, "lie on none");
}

/* ---- counters ---- */

static void each_row_is_in_exactly_one_counter(void **state) {
    (void)state;
    static const struct asked asked = {.window = "HOP" ROW_TIME "INTERVAL '10' SECOND, INTERVAL '3' SECOND)",
                                       .watermark = "ts",
                                       .where = "WHERE v < 5",
                                       .options = ", 'scan.watermark.max-future' = '1 min', "
                                                  "'scan.watermark.future-policy' = 'drop'"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:1000 a:- a:9@2000 a:5000 a:999999 a:11000 a:2000 a:12000");
        struct weir_stats stats = rule_stats(&rule);
        assert_int_equal(stats.rows_in, 8);
        assert_int_equal(stats.null_time, 1);
        assert_int_equal(stats.filtered, 1);
        assert_int_equal(stats.unassigned, 1);
        assert_int_equal(stats.future_dropped, 1);
        assert_int_equal(stats.late, 1);
        assert_int_equal(stats.aggregated, 3);
        rule_close(&rule);
    }
}

/* What a strict pipeline says of a row whose computed time is NULL. */
static void expect_null_time_named(const char *sql, int32_t workers, const char *name) {
    struct weir_error error = {0};
    struct weir_query *query = NULL;
    struct weir_pipeline *pipeline = NULL;
    struct weir_pipeline_options options = {
        .struct_size = sizeof(options), .workers = workers, .fail_on_null_time = true};
    if (weir_query_create(sql, NULL, NULL, &query, &error) != WEIR_OK ||
        weir_pipeline_create(query, &options, &pipeline, &error) != WEIR_OK)
        fail_msg("%s", error.message);
    const char *const texts[] = {"2024-01-01 00:00:00", NULL};
    struct ArrowArray batch = batch_of(2, 1, array_strings(texts, 2, false));
    enum weir_status status = weir_pipeline_push(pipeline, 0, &batch, &error);
    if (batch.release != NULL) batch.release(&batch);
    if (status == WEIR_OK) status = weir_pipeline_finish(pipeline, &error);
    assert_int_equal(status, WEIR_ERR_VALUE);
    if (strstr(error.message, name) == NULL) fail_msg("%s is not in: %s", name, error.message);
    weir_pipeline_destroy(&pipeline);
    weir_query_destroy(&query);
}

#define TEXTS "CREATE TABLE t (s STRING, ts AS TO_TIMESTAMP(s)) WITH ('connector' = 'push');\n"

static void a_computed_time_that_is_null_is_called_by_its_name(void **state) {
    (void)state;
    FOR_WORKERS(workers) {
        expect_null_time_named(TEXTS
                               "SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR)) "
                               "GROUP BY window_start, window_end",
                               workers, "'ts'");
        expect_null_time_named(
            TEXTS "SELECT s, window_end FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR))", workers,
            "'ts'");
        expect_null_time_named(TEXTS "SELECT COUNT(*) FROM t GROUP BY TUMBLE(ts, INTERVAL '1' HOUR)", workers,
                               "'ts'");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_late_row),
        cmocka_unit_test(worked_lateness_at_the_end_of_time),
        cmocka_unit_test(a_window_takes_rows_until_its_lateness_has_passed),
        cmocka_unit_test(the_end_of_lateness_saturates),
        cmocka_unit_test(a_row_late_for_one_hop_window_counts_in_later_ones),
        cmocka_unit_test(a_row_late_for_one_cumulate_step_counts_in_later_ones),
        cmocka_unit_test(a_row_of_a_gap_is_unassigned_and_never_late),
        cmocka_unit_test(lateness_without_late_fire_does_nothing),
        cmocka_unit_test(each_late_row_fires_its_window_again_at_once),
        cmocka_unit_test(late_results_may_come_as_new_totals_alone),
        cmocka_unit_test(late_results_may_come_as_what_is_new),
        cmocka_unit_test(sessions_refuse_late_and_early_results),
        cmocka_unit_test(rows_that_are_not_aggregated_pass_even_when_late),
        cmocka_unit_test(late_rows_are_dropped_and_counted),
        cmocka_unit_test(late_rows_may_be_put_aside_whole),
        cmocka_unit_test(late_rows_may_count_in_the_next_window_that_is_open),
        cmocka_unit_test(fold_needs_windows_on_a_grid),
        cmocka_unit_test(each_row_is_in_exactly_one_counter),
        cmocka_unit_test(a_computed_time_that_is_null_is_called_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
