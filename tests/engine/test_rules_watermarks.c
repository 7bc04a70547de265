/* SPDX-License-Identifier: Apache-2.0
 *
 * docs/semantics.md, section 2: how the watermark W rises, and what it closes.
 */
#include "tests/engine/rules.h"

#define TUMBLE_SECOND "TUMBLE" ROW_TIME "INTERVAL '1' SECOND)"

static struct rule rule;

/* ---- where it begins and how it rises ---- */

static void before_the_first_watermark_nothing_fires_and_nothing_is_late(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_expect_watermark(&rule, INT64_MIN);
        rule_rows(&rule, "a:99999 a:-99999");
        rule_expect(&rule, "");
        assert_int_equal(rule_stats(&rule).late, 0);
        rule_close(&rule);
    }
}

static void the_watermark_never_goes_back(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND, .watermark = "ts"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:5000");
        rule_rows(&rule, "a:1000");
        rule_expect_watermark(&rule, 5000);
        rule_advance(&rule, 4000);
        rule_expect_watermark(&rule, 5000);
        rule_close(&rule);
    }
}

static void sql_gives_no_watermark_at_or_below_1970(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND, .watermark = "ts"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:-5000 a:-99999 a:0 a:-7000");
        rule_expect_watermark(&rule, INT64_MIN);
        rule_expect(&rule, "");
        rule_rows(&rule, "a:1");
        rule_expect(&rule, "a=1@-99001 a=1@-6001 a=1@-4001");
        assert_int_equal(rule_stats(&rule).late, 0);
        rule_close(&rule);
    }
}

static void a_row_that_where_drops_raises_the_watermark(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND, .watermark = "ts", .where = "WHERE v < 5"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:1@100 a:9@2000");
        rule_expect(&rule, "a=1@999");
        assert_int_equal(rule_stats(&rule).filtered, 1);
        rule_close(&rule);
    }
}

static void an_expression_that_is_null_leaves_the_watermark(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND,
                                       .watermark = "CASE WHEN v < 5 THEN ts ELSE CAST(NULL AS TIMESTAMP(3)) END"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:1@100 a:9@2000");
        rule_expect_watermark(&rule, 100);
        rule_rows(&rule, "a:2@1500");
        rule_expect_watermark(&rule, 1500);
        rule_expect(&rule, "a=1@999");
        rule_close(&rule);
    }
}

static void a_row_is_judged_before_it_raises_the_watermark(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND, .watermark = "ts"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:1@999 a:2@999");
        rule_expect(&rule, "a=1@999");
        assert_int_equal(rule_stats(&rule).late, 1);
        rule_close(&rule);
    }
}

static void a_window_fires_when_its_last_millisecond_is_reached(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:500");
        rule_advance(&rule, 998);
        rule_expect(&rule, "");
        rule_advance(&rule, 999);
        rule_expect(&rule, "a=1@999");
        rule_close(&rule);
    }
}

static void what_a_watermark_releases_is_there_before_the_next_row_counts(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND, .watermark = "ts"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:1@100 b:1@1100 a:1@1200 c:1@2000 a:1@1300");
        rule_expect(&rule, "a=1@999 a=1@1999 b=1@1999");
        rule_close(&rule);
    }
}

/* ---- strategies ---- */

static void a_delay_keeps_the_watermark_behind_the_greatest_time(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND, .watermark = "ts - INTERVAL '5' SECOND"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:100 a:5998 a:300");
        rule_expect_watermark(&rule, 998);
        rule_expect(&rule, "");
        rule_rows(&rule, "b:5999");
        rule_expect(&rule, "a=2@999");
        rule_close(&rule);
    }
}

static void the_embedder_may_push_watermarks(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:100 a:9000");
        rule_expect_watermark(&rule, INT64_MIN);
        rule_advance(&rule, -500); /* below 1970, too: the bound is the WATERMARK clause's */
        rule_expect_watermark(&rule, -500);
        rule_advance(&rule, 999);
        rule_expect(&rule, "a=1@999");
        rule_close(&rule);
    }
}

static void without_a_watermark_windows_fire_at_the_end(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:99999 a:100");
        rule_expect(&rule, "");
        rule_finish(&rule);
        rule_expect(&rule, "a=1@999 a=1@99999");
        assert_int_equal(rule_stats(&rule).late, 0);
        rule_close(&rule);
    }
}

/* ---- partitions ---- */

static void the_watermark_is_the_least_of_the_partitions(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND, .watermark = "ts", .partitions = 2};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows_of(&rule, 0, "a:5000");
        rule_rows_of(&rule, 1, "a:2000");
        rule_expect_watermark(&rule, 2000);
        rule_rows_of(&rule, 1, "a:8000");
        rule_expect_watermark(&rule, 5000);
        rule_close(&rule);
    }
}

static void nothing_fires_before_every_partition_has_reported(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND, .watermark = "ts", .partitions = 2};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows_of(&rule, 0, "a:100 a:5000");
        rule_expect_watermark(&rule, INT64_MIN);
        rule_expect(&rule, "");
        rule_rows_of(&rule, 1, "a:1000");
        rule_expect(&rule, "a=1@999");
        rule_close(&rule);
    }
}

static void idle(int32_t partition) {
    rule_check(&rule, weir_pipeline_idle(rule.pipeline, partition, &rule.error));
}

static void an_idle_partition_holds_nothing_back(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND, .partitions = 2};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows_of(&rule, 0, "a:100");
        rule_advance_of(&rule, 0, 5000);
        idle(1);
        rule_expect_watermark(&rule, 5000);
        rule_expect(&rule, "a=1@999");
        rule_close(&rule);
    }
}

static void a_partition_that_comes_back_waits_until_it_has_caught_up(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND, .partitions = 2};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        idle(1);
        rule_advance_of(&rule, 0, 5000);
        rule_advance_of(&rule, 1, 2000); /* behind: the other one goes on alone */
        rule_advance_of(&rule, 0, 6000);
        rule_expect_watermark(&rule, 6000);
        rule_advance_of(&rule, 1, 6000); /* caught up: it counts again */
        rule_advance_of(&rule, 0, 9000);
        rule_expect_watermark(&rule, 6000);
        rule_close(&rule);
    }
}

static void all_idle_partitions_raise_it_to_the_largest(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND, .partitions = 2};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_advance_of(&rule, 0, 5000);
        rule_advance_of(&rule, 1, 2000);
        idle(0);
        rule_expect_watermark(&rule, 2000);
        idle(1);
        rule_expect_watermark(&rule, 5000);
        rule_close(&rule);
    }
}

static void a_partition_that_comes_back_ahead_counts_at_once(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND, .partitions = 3};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_advance_of(&rule, 0, 1000);
        idle(1);
        rule_advance_of(&rule, 2, 9000);
        rule_advance_of(&rule, 1, 500); /* behind */
        idle(2);
        idle(0);
        rule_expect_watermark(&rule, 1000); /* the one that is behind holds it */
        rule_rows_of(&rule, 2, "a:9500");
        rule_expect_watermark(&rule, 9000);
        rule_close(&rule);
    }
}

static void the_last_watermark_of_all_is_one_like_others(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND, .partitions = 2};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows_of(&rule, 0, "a:100");
        rule_advance_of(&rule, 1, INT64_MAX);
        rule_expect(&rule, "");
        idle(0);
        rule_expect(&rule, "a=1@999");
        rule_expect_watermark(&rule, INT64_MAX);
        rule_close(&rule);
    }
}

static void a_partition_that_is_behind_is_not_idle(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND, .partitions = 3};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_advance_of(&rule, 0, 5000);
        idle(1);
        rule_advance_of(&rule, 2, 9000);
        rule_advance_of(&rule, 1, 2000); /* behind */
        idle(0);
        rule_expect_watermark(&rule, 9000);
        rule_close(&rule);
    }
}

/* ---- the wall clock ---- */

static void a_partition_without_rows_for_so_long_is_idle(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND,
                                       .watermark = "ts",
                                       .options = ", 'scan.watermark.idle-timeout' = '10 s'",
                                       .partitions = 2};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows_of(&rule, 0, "a:100 a:5000");
        rule_tick(&rule, 9999);
        rule_expect_watermark(&rule, INT64_MIN);
        rule_rows_of(&rule, 0, "a:5001");
        rule_tick(&rule, 10000);
        rule_expect_watermark(&rule, 5001);
        rule_expect(&rule, "a=1@999");
        rule_close(&rule);
    }
}

static void the_wall_clock_closes_a_stream_that_has_stopped(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND,
                                       .watermark = "ts - INTERVAL '1' HOUR",
                                       .options = ", 'scan.watermark.close-after' = '10 s'"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:100 a:1500");
        rule_tick(&rule, 9999);
        rule_expect(&rule, "");
        rule_tick(&rule, 10000);
        rule_expect(&rule, "a=1@999 a=1@1999");
        rule_expect_watermark(&rule, 1999);
        rule_rows(&rule, "a:1600 a:2500"); /* the stream goes on */
        assert_int_equal(rule_stats(&rule).late, 1);
        rule_tick(&rule, 20000);
        rule_expect(&rule, "a=1@2999");
        rule_close(&rule);
    }
}

static void rows_from_the_future(const char *policy, int64_t aggregated, int64_t dropped, const char *aside) {
    char options[200];
    snprintf(options, sizeof(options),
             ", 'scan.watermark.max-future' = '1 min', 'scan.watermark.future-policy' = '%s'", policy);
    struct asked asked = {.window = TUMBLE_SECOND, .watermark = "ts", .options = options};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_tick(&rule, 1000);
        rule_rows(&rule, "a:61000 a:61001"); /* a minute ahead of the clock, and more */
        rule_expect_watermark(&rule, 61000);
        assert_int_equal(rule_stats(&rule).future, 1);
        assert_int_equal(rule_stats(&rule).aggregated, aggregated);
        assert_int_equal(rule_stats(&rule).future_dropped, dropped);
        rule_expect_aside(&rule, aside);
        rule_close(&rule);
    }
}

static void rows_from_the_future_leave_the_watermark_and_are_kept(void **state) {
    (void)state;
    rows_from_the_future("keep", 2, 0, "");
}

static void rows_from_the_future_may_be_dropped(void **state) {
    (void)state;
    rows_from_the_future("drop", 1, 1, "");
}

static void rows_from_the_future_may_be_put_aside(void **state) {
    (void)state;
    rows_from_the_future("side-output", 1, 1, "61001");
}

/* ---- order ---- */

static void worked_jump_of_the_watermark(void **state) {
    (void)state;
    static const struct asked asked = {.window = "TUMBLE" ROW_TIME "INTERVAL '0.001' SECOND)"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_advance(&rule, 0);
        rule_rows(&rule, "a:1 a:1000000000000");
        rule_advance(&rule, 1700000000000); /* 1.7e12 windows, of which two hold rows */
        rule_expect(&rule, "a=1@1 a=1@1000000000000");
        assert_int_equal(rule_stats(&rule).windows_fired, 2);
        rule_close(&rule);
    }
}

/* Times rise by 300 ms and fall back by 700 ms every fifth row. */
static int64_t time_of(int row) { return 300 * row - (row % 5 == 4 ? 1000 : 0); }

/* The rows of the result as one text, and the late ones. */
static int64_t outcome(const struct asked *asked, int32_t workers, int rows_a_batch, char *text) {
    static struct rule_results results;
    rule_open(&rule, workers, asked);
    for (int row = 0; row < 60; row += rows_a_batch) {
        struct rule_row rows[RULE_ROWS];
        int32_t count = 0;
        for (int at = row; at < row + rows_a_batch && at < 60; at++) {
            rows[count] =
                (struct rule_row){.ts = time_of(at), .v = at, .time_is = '1', .has_key = true, .key = "a"};
            if (at % 3 == 0) rows[count].key[0] = 'b';
            count++;
        }
        rule_push(&rule, 0, rows, count);
    }
    rule_finish(&rule);
    rule_take(&rule, &results);
    rule_order(&results);
    text[0] = '\0';
    for (int32_t i = 0; i < results.count; i++) {
        strcat(text, results.of[i].text);
        strcat(text, " ");
    }
    int64_t late = rule_stats(&rule).late;
    rule_close(&rule);
    return late;
}

static void expect_one_outcome(const struct asked *asked) {
    static const int cuts[] = {1, 2, 7, 60};
    static char one[RULE_TEXT * 4], other[RULE_TEXT * 4];
    int64_t late = outcome(asked, 0, 60, one);
    assert_true(late > 0);
    for (int32_t workers = 0; workers <= 4; workers += 2) {
        for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
            assert_int_equal(outcome(asked, workers, cuts[i], other), late);
            assert_string_equal(other, one);
        }
    }
}

static void any_cut_into_batches_and_any_number_of_workers_give_the_same(void **state) {
    (void)state;
    static const struct asked tumble = {.window = TUMBLE_SECOND, .watermark = "ts - INTERVAL '0.2' SECOND"};
    static const struct asked hop = {.window = "HOP" ROW_TIME "INTERVAL '0.7' SECOND, INTERVAL '1' SECOND)",
                                     .watermark = "ts - INTERVAL '0.1' SECOND"};
    expect_one_outcome(&tumble);
    expect_one_outcome(&hop);
}

static void plans_that_depend_on_the_order_of_rows_give_the_same_however_they_are_worked(void **state) {
    (void)state;
    static const struct asked session = {.window = "SESSION" BY_KEY "INTERVAL '0.6' SECOND)", .watermark = "ts"};
    static const struct asked again = {
        .set = "SET 'table.exec.emit.late-fire.enabled' = 'true'; SET 'table.exec.emit.late-fire.delay' = '0 s'; "
               "SET 'table.exec.emit.allow-lateness' = '200 ms'; SET 'weir.emit.early-fire.rows' = '2';",
        .window = TUMBLE_SECOND,
        .watermark = "ts"};
    static const struct asked fold = {
        .set = "SET 'weir.late.policy' = 'fold';", .window = TUMBLE_SECOND, .watermark = "ts"};
    static char one[RULE_TEXT * 4], other[RULE_TEXT * 4];
    expect_one_outcome(&session);
    expect_one_outcome(&again);
    outcome(&fold, 0, 60, one);
    for (int32_t workers = 0; workers <= 4; workers += 2) {
        outcome(&fold, workers, 7, other);
        assert_string_equal(other, one);
    }
}

static void in_order_a_stream_and_a_batch_give_the_same(void **state) {
    (void)state;
    static const struct asked stream = {.window = TUMBLE_SECOND, .watermark = "ts"};
    static const struct asked batch = {
        .set = "SET 'execution.runtime-mode' = 'batch';", .window = TUMBLE_SECOND, .watermark = "ts"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &stream);
        rule_rows(&rule, "a:100 b:200 a:1100 a:1200 b:3000");
        rule_finish(&rule);
        rule_expect(&rule, "a=1@999 b=1@999 a=2@1999 b=1@3999");
        rule_close(&rule);
        rule_open(&rule, workers, &batch);
        rule_rows(&rule, "a:100 b:200 a:1100 a:1200 b:3000");
        rule_expect(&rule, "");
        rule_finish(&rule);
        rule_expect(&rule, "a=1@999 b=1@999 a=2@1999 b=1@3999");
        rule_close(&rule);
    }
}

static void in_batch_mode_nothing_is_late(void **state) {
    (void)state;
    static const struct asked asked = {
        .set = "SET 'execution.runtime-mode' = 'batch';", .window = TUMBLE_SECOND, .watermark = "ts"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:9000 a:100");
        rule_finish(&rule);
        rule_expect(&rule, "a=1@999 a=1@9999");
        assert_int_equal(rule_stats(&rule).late, 0);
        rule_close(&rule);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_the_first_watermark_nothing_fires_and_nothing_is_late),
        cmocka_unit_test(the_watermark_never_goes_back),
        cmocka_unit_test(sql_gives_no_watermark_at_or_below_1970),
        cmocka_unit_test(a_row_that_where_drops_raises_the_watermark),
        cmocka_unit_test(an_expression_that_is_null_leaves_the_watermark),
        cmocka_unit_test(a_row_is_judged_before_it_raises_the_watermark),
        cmocka_unit_test(a_window_fires_when_its_last_millisecond_is_reached),
        cmocka_unit_test(what_a_watermark_releases_is_there_before_the_next_row_counts),
        cmocka_unit_test(a_delay_keeps_the_watermark_behind_the_greatest_time),
        cmocka_unit_test(the_embedder_may_push_watermarks),
        cmocka_unit_test(without_a_watermark_windows_fire_at_the_end),
        cmocka_unit_test(the_watermark_is_the_least_of_the_partitions),
        cmocka_unit_test(nothing_fires_before_every_partition_has_reported),
        cmocka_unit_test(an_idle_partition_holds_nothing_back),
        cmocka_unit_test(a_partition_that_comes_back_waits_until_it_has_caught_up),
        cmocka_unit_test(all_idle_partitions_raise_it_to_the_largest),
        cmocka_unit_test(a_partition_that_comes_back_ahead_counts_at_once),
        cmocka_unit_test(the_last_watermark_of_all_is_one_like_others),
        cmocka_unit_test(a_partition_that_is_behind_is_not_idle),
        cmocka_unit_test(a_partition_without_rows_for_so_long_is_idle),
        cmocka_unit_test(the_wall_clock_closes_a_stream_that_has_stopped),
        cmocka_unit_test(rows_from_the_future_leave_the_watermark_and_are_kept),
        cmocka_unit_test(rows_from_the_future_may_be_dropped),
        cmocka_unit_test(rows_from_the_future_may_be_put_aside),
        cmocka_unit_test(worked_jump_of_the_watermark),
        cmocka_unit_test(any_cut_into_batches_and_any_number_of_workers_give_the_same),
        cmocka_unit_test(plans_that_depend_on_the_order_of_rows_give_the_same_however_they_are_worked),
        cmocka_unit_test(in_order_a_stream_and_a_batch_give_the_same),
        cmocka_unit_test(in_batch_mode_nothing_is_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
