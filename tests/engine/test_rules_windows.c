/* SPDX-License-Identifier: Apache-2.0
 *
 * docs/semantics.md, section 1: which windows a row is in, and what they give; and the worked cases of windows.
 */
#include "tests/engine/rules.h"

#define MS(n) "INTERVAL '0.00" #n "' SECOND"

static struct rule rule;

/* ---- bounds ---- */

static void a_window_holds_its_start_and_not_its_end(void **state) {
    (void)state;
    static const struct asked asked = {.window = "TUMBLE" ROW_TIME "INTERVAL '1' SECOND)", .spans = true};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:1000 a:1999 a:2000");
        rule_finish(&rule);
        rule_expect(&rule, "a=2[1000,2000) a=1[2000,3000)");
        rule_close(&rule);
    }
}

static void window_time_is_the_last_millisecond(void **state) {
    (void)state;
    static const struct asked asked = {
        .window = "TUMBLE" ROW_TIME "INTERVAL '1' SECOND)",
        .value = "EXTRACT(EPOCH FROM window_time) * 1000 + EXTRACT(MILLISECOND FROM window_time)",
        .tail = ", window_time"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:1000");
        rule_finish(&rule);
        rule_expect(&rule, "a=1999@1999");
        rule_close(&rule);
    }
}

/* ---- TUMBLE ---- */

static void worked_starts_of_size_7(void **state) {
    (void)state;
    static const struct asked asked[] = {
        {.window = "TUMBLE" ROW_TIME MS(7) ")", .spans = true},
        {.window = "TUMBLE" ROW_TIME MS(7) ", " MS(3) ")", .spans = true},
        {.window = "TUMBLE" ROW_TIME MS(7) ", INTERVAL '-0.002' SECOND)", .spans = true}};
    static const char *const rows[] = {"a:-8 a:-7 a:-1 a:6 a:7", "a:-10 a:-3 a:2 a:3", "a:-12 a:-3 a:-2 a:4 a:7"};
    static const char *const results[] = {"a=1[-14,-7) a=2[-7,0) a=1[0,7) a=1[7,14)",
                                          "a=1[-11,-4) a=2[-4,3) a=1[3,10)",
                                          "a=1[-16,-9) a=1[-9,-2) a=2[-2,5) a=1[5,12)"};
    FOR_WORKERS(workers) {
        for (size_t i = 0; i < 3; i++) {
            rule_open(&rule, workers, &asked[i]);
            rule_rows(&rule, "%s", rows[i]);
            rule_finish(&rule);
            rule_expect(&rule, "%s", results[i]);
            rule_close(&rule);
        }
    }
}

static void worked_tumble_of_5_seconds(void **state) {
    (void)state;
    static const struct asked plain = {.window = "TUMBLE" ROW_TIME "INTERVAL '5' SECOND)", .spans = true};
    static const struct asked moved = {.window = "TUMBLE" ROW_TIME "INTERVAL '5' SECOND, INTERVAL '-0.1' SECOND)",
                                       .spans = true};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &plain);
        rule_rows(&rule, "a:4999");
        rule_finish(&rule);
        rule_expect(&rule, "a=1[0,5000)");
        rule_close(&rule);
        rule_open(&rule, workers, &moved);
        rule_rows(&rule, "a:0 a:4900");
        rule_finish(&rule);
        rule_expect(&rule, "a=1[-100,4900) a=1[4900,9900)");
        rule_close(&rule);
    }
}

static void worked_tumble_of_two_keys(void **state) {
    (void)state;
    static const struct asked asked = {.window = "TUMBLE" ROW_TIME "INTERVAL '3' SECOND)"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "k2:3999 k2:3000 k1:20 k1:0 k1:999 k2:1998 k2:1999 k2:1000");
        rule_advance(&rule, 2998);
        rule_expect(&rule, "");
        rule_advance(&rule, 2999);
        rule_expect(&rule, "k1=3@2999 k2=3@2999");
        rule_advance(&rule, 5999);
        rule_expect(&rule, "k2=2@5999");
        rule_close(&rule);
    }
}

static void an_offset_of_tumble_is_shorter_than_its_windows(void **state) {
    (void)state;
    static const struct asked as_long = {.window = "TUMBLE" ROW_TIME "INTERVAL '1' MINUTE, INTERVAL '1' MINUTE)"};
    static const struct asked as_long_back = {.window =
                                                  "TUMBLE" ROW_TIME "INTERVAL '1' MINUTE, INTERVAL '-1' MINUTE)"};
    static const struct asked nothing = {.window = "TUMBLE" ROW_TIME "INTERVAL '0' MINUTE)"};
    rule_expect_refused(&as_long, "offset");
    rule_expect_refused(&as_long_back, "offset");
    rule_expect_refused(&nothing, "size");
}

/* ---- HOP ---- */

static void worked_hop_of_5_seconds_every_second(void **state) {
    (void)state;
    static const struct asked plain = {.window = "HOP" ROW_TIME "INTERVAL '1' SECOND, INTERVAL '5' SECOND)",
                                       .spans = true};
    static const struct asked moved = {
        .window = "HOP" ROW_TIME "INTERVAL '1' SECOND, INTERVAL '5' SECOND, INTERVAL '-0.1' SECOND)",
        .spans = true};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &plain);
        rule_rows(&rule, "a:0");
        rule_finish(&rule);
        rule_expect(&rule, "a=1[-4000,1000) a=1[-3000,2000) a=1[-2000,3000) a=1[-1000,4000) a=1[0,5000)");
        rule_close(&rule);
        rule_open(&rule, workers, &moved);
        rule_rows(&rule, "a:0");
        rule_advance(&rule, 899);
        rule_expect(&rule, "a=1[-4100,900)");
        rule_close(&rule);
    }
}

static void hop_takes_any_ratio(void **state) {
    (void)state;
    static const struct asked asked = {.window = "HOP" ROW_TIME MS(2) ", " MS(5) ")", .spans = true};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:4 a:5");
        rule_finish(&rule);
        rule_expect(&rule, "a=1[0,5) a=2[2,7) a=2[4,9)");
        rule_close(&rule);
    }
}

static void hop_takes_offsets_beyond_its_slide(void **state) {
    (void)state;
    static const struct asked asked = {.window = "HOP" ROW_TIME MS(2) ", " MS(4) ", " MS(9) ")", .spans = true};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:4");
        rule_finish(&rule);
        rule_expect(&rule, "a=1[1,5) a=1[3,7)");
        rule_close(&rule);
    }
}

static void rows_between_hop_windows_are_unassigned(void **state) {
    (void)state;
    static const struct asked asked = {.window = "HOP" ROW_TIME "INTERVAL '10' SECOND, INTERVAL '3' SECOND)"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:2999 a:3000 a:9999 a:10000");
        rule_finish(&rule);
        rule_expect(&rule, "a=1@2999 a=1@12999");
        assert_int_equal(rule_stats(&rule).unassigned, 2);
        assert_int_equal(rule_stats(&rule).aggregated, 2);
        rule_close(&rule);
    }
}

static void windows_without_rows_give_nothing(void **state) {
    (void)state;
    static const struct asked tumble = {.window = "TUMBLE" ROW_TIME "INTERVAL '1' SECOND)"};
    static const struct asked hop = {.window = "HOP" ROW_TIME "INTERVAL '1' SECOND, INTERVAL '2' SECOND)"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &tumble);
        rule_rows(&rule, "a:0 a:9000");
        rule_finish(&rule);
        rule_expect(&rule, "a=1@999 a=1@9999");
        rule_close(&rule);
        rule_open(&rule, workers, &hop);
        rule_rows(&rule, "a:0 a:9000");
        rule_finish(&rule);
        rule_expect(&rule, "a=1@999 a=1@1999 a=1@9999 a=1@10999");
        rule_close(&rule);
    }
}

/* ---- CUMULATE ---- */

static void worked_cumulate_of_ten_minutes(void **state) {
    (void)state;
    static const struct asked asked = {.window = "CUMULATE" ROW_TIME "INTERVAL '2' MINUTE, INTERVAL '10' MINUTE)"};
    const long long minute = 60000, at = 8 * 60 * minute;
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:3@%lld a:1@%lld a:6@%lld", at + 11 * minute, at + 13 * minute, at + 17 * minute);
        rule_finish(&rule);
        rule_expect(&rule, "a=3@%lld a=4@%lld a=4@%lld a=10@%lld a=10@%lld", at + 12 * minute - 1,
                    at + 14 * minute - 1, at + 16 * minute - 1, at + 18 * minute - 1, at + 20 * minute - 1);
        rule_close(&rule);
    }
}

static void cumulate_steps_before_the_first_row_of_a_key_are_silent(void **state) {
    (void)state;
    static const struct asked asked = {.window = "CUMULATE" ROW_TIME MS(2) ", " MS(6) ")"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:1 b:3");
        rule_finish(&rule);
        rule_expect(&rule, "a=1@1 a=1@3 b=1@3 a=1@5 b=1@5");
        rule_close(&rule);
    }
}

static void cumulate_needs_a_whole_number_of_steps(void **state) {
    (void)state;
    static const struct asked asked = {.window = "CUMULATE" ROW_TIME "INTERVAL '2' MINUTE, INTERVAL '5' MINUTE)"};
    rule_expect_refused(&asked, "step");
}

/* ---- SESSION ---- */

static void worked_sessions_of_two_keys(void **state) {
    (void)state;
    static const struct asked asked = {.window = "SESSION" BY_KEY "INTERVAL '3' SECOND)", .spans = true};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "k2:1@0 k2:2@1000 k2:3@2500 k2:4@5501 k2:5@6000 k2:5@6000 k2:6@6050");
        rule_rows(&rule, "k1:1@10 k1:2@1000 k1:3@2500");
        rule_advance(&rule, 12000);
        rule_expect(&rule, "k1=6[10,5500) k2=6[0,5500) k2=20[5501,9050)");
        rule_close(&rule);
    }
}

static void rows_exactly_a_gap_apart_are_one_session(void **state) {
    (void)state;
    static const struct asked asked = {.window = "SESSION" BY_KEY "INTERVAL '1' SECOND)", .spans = true};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:0 a:1000 b:0 b:1001");
        rule_finish(&rule);
        rule_expect(&rule, "b=1[0,1000) a=2[0,2000) b=1[1001,2001)");
        rule_close(&rule);
    }
}

static void a_row_between_two_sessions_joins_them(void **state) {
    (void)state;
    static const struct asked asked = {.window = "SESSION" BY_KEY "INTERVAL '1' SECOND)", .spans = true};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:0 a:1900 a:950");
        rule_finish(&rule);
        rule_expect(&rule, "a=3[0,2900)");
        rule_close(&rule);
    }
}

static void the_session_that_a_row_joins_is_judged_not_the_row(void **state) {
    (void)state;
    static const struct asked asked = {.window = "SESSION" BY_KEY "INTERVAL '1' SECOND)", .spans = true};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:1000 b:5000");
        rule_advance(&rule, 1400);
        rule_rows(&rule, "a:200 b:200"); /* alone it would end at 1200: a joins, b is late */
        rule_finish(&rule);
        rule_expect(&rule, "a=2[200,2000) b=1[5000,6000)");
        assert_int_equal(rule_stats(&rule).late, 1);
        rule_close(&rule);
    }
}

static void sessions_are_cut_by_their_partition_alone(void **state) {
    (void)state;
    static const struct asked all = {
        .window = "SESSION" ROW_TIME "INTERVAL '1' SECOND)", .no_key = true, .spans = true};
    static const struct asked other = {.window = "SESSION" ROW_TIME "INTERVAL '1' SECOND)"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &all);
        rule_rows(&rule, "a:0 b:900 a:1800");
        rule_finish(&rule);
        rule_expect(&rule, "=3[0,2800)");
        rule_close(&rule);
    }
    rule_expect_refused(&other, "PARTITION BY");
}

static void a_session_with_a_largest_duration_is_cut_from_its_start(void **state) {
    (void)state;
    static const struct asked asked = {.window = "SESSION" BY_KEY "INTERVAL '10' SECOND, INTERVAL '15' SECOND)",
                                       .spans = true};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:0 a:8000 a:16000 a:24000 a:32000");
        rule_advance(&rule, 14998);
        rule_expect(&rule, "");
        rule_advance(&rule, 14999);
        rule_expect(&rule, "a=2[0,15000)");
        rule_finish(&rule);
        rule_expect(&rule, "a=2[15000,30000) a=1[30000,42000)");
        rule_close(&rule);
    }
}

static void a_piece_that_has_fired_fixes_the_start(void **state) {
    (void)state;
    static const struct asked asked = {.window = "SESSION" BY_KEY "INTERVAL '10' SECOND, INTERVAL '15' SECOND)",
                                       .spans = true};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:5000 a:12000 a:20000");
        rule_advance(&rule, 19999);
        rule_expect(&rule, "a=2[5000,20000)");
        rule_rows(&rule, "a:11000 a:27000");
        rule_finish(&rule);
        rule_expect(&rule, "a=2[20000,35000)");
        assert_int_equal(rule_stats(&rule).late, 1);
        rule_close(&rule);
    }
}

/* ---- COUNT ---- */

static void count_fires_every_slide_rows_over_the_last_size_rows(void **state) {
    (void)state;
    static const struct asked asked = {.window = "COUNT_WINDOW" BY_KEY "3, 2)"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:1@1 b:100@1 a:2@2 a:4@3 a:8@4 b:200@2");
        rule_expect(&rule, "a=3@2 a=14@4 b=300@2");
        rule_close(&rule);
    }
}

static void count_windows_span_from_their_least_time_to_their_greatest(void **state) {
    (void)state;
    static const struct asked asked = {.window = "COUNT_WINDOW" BY_KEY "3)", .spans = true};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:50 a:10 a:30");
        rule_expect(&rule, "a=3[10,51)");
        rule_close(&rule);
    }
}

static void rows_of_count_windows_are_never_late(void **state) {
    (void)state;
    static const struct asked asked = {.window = "COUNT_WINDOW" BY_KEY "2)"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_advance(&rule, 1000000);
        rule_rows(&rule, "a:5 a:7");
        rule_expect(&rule, "a=2@7");
        rule_close(&rule);
    }
}

static void count_or_time_fires_at_its_rows_or_when_its_span_has_passed(void **state) {
    (void)state;
    static const struct asked asked = {.window = "COUNT_OR_TIME" BY_KEY "3, INTERVAL '1' SECOND)", .spans = true};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:500 a:200 b:900 a:700");
        rule_expect(&rule, "a=3[200,701)");
        rule_advance(&rule, 1898);
        rule_expect(&rule, "");
        rule_advance(&rule, 1899); /* the span begins with the first row to come, b's at 900 */
        rule_expect(&rule, "b=1[900,901)");
        rule_close(&rule);
    }
}

/* ---- FILL ---- */

static void fill(const char *tail, const char *expected) {
    struct asked asked = {.window = "TUMBLE" ROW_TIME "INTERVAL '1' SECOND)", .tail = tail};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:2@0 b:5@1000 a:8@3000");
        rule_finish(&rule);
        rule_expect(&rule, "%s", expected);
        rule_close(&rule);
    }
}

static void fill_null_gives_rows_of_null(void **state) {
    (void)state;
    fill("FILL(NULL, 9)", "a=2@999 a=-@1999 b=5@1999 a=-@2999 a=8@3999");
}

static void fill_value_gives_the_value(void **state) {
    (void)state;
    fill("FILL(-7, 9)", "a=2@999 a=-7@1999 b=5@1999 a=-7@2999 a=8@3999");
}

static void fill_prev_repeats_the_window_before(void **state) {
    (void)state;
    fill("FILL(PREV, 9)", "a=2@999 a=2@1999 b=5@1999 a=2@2999 a=8@3999");
}

static void fill_linear_goes_straight_on(void **state) {
    (void)state;
    fill("FILL(LINEAR, 9)", "a=2@999 a=4@1999 b=5@1999 a=6@2999 a=8@3999");
}

static void a_longer_stretch_is_not_filled(void **state) {
    (void)state;
    fill("FILL(PREV, 2)", "a=2@999 a=2@1999 b=5@1999 a=2@2999 a=8@3999");
    fill("FILL(PREV, 1)", "a=2@999 b=5@1999 a=8@3999");
}

/* ---- time ---- */

static void months_are_refused(void **state) {
    (void)state;
    static const struct asked tumble = {.window = "TUMBLE" ROW_TIME "INTERVAL '1' MONTH)"};
    static const struct asked hop = {.window = "HOP" ROW_TIME "INTERVAL '1' MONTH, INTERVAL '1' YEAR)"};
    rule_expect_refused(&tumble, "months and years");
    rule_expect_refused(&hop, "months and years");
}

#define BERLIN "SET 'table.local-time-zone' = 'Europe/Berlin';"
#define HOUR 3600000LL
#define SPRING 1711846800000LL /* 2024-03-31 01:00 UTC: 02:00 becomes 03:00 */
#define AUTUMN 1729990800000LL /* 2024-10-27 01:00 UTC: 03:00 becomes 02:00 */

static void days_of_a_zone_have_23_and_25_hours(void **state) {
    (void)state;
    static const struct asked asked = {
        .set = BERLIN, .window = "TUMBLE" ROW_TIME "INTERVAL '1' DAY)", .value = "COUNT(*)", .instants = true};
    const long long springs_day = SPRING - 2 * HOUR, autumns_day = AUTUMN - 3 * HOUR; /* midnight, in UTC */
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        for (int hour = 0; hour < 24; hour++) rule_rows(&rule, "a:%lld", springs_day + hour * HOUR);
        for (int hour = 0; hour < 26; hour++) rule_rows(&rule, "a:%lld", autumns_day + hour * HOUR);
        rule_finish(&rule);
        rule_expect(&rule, "a=23@%lld a=1@%lld a=25@%lld a=1@%lld", springs_day + 25 * HOUR - 1,
                    springs_day + 49 * HOUR - 1, autumns_day + 26 * HOUR - 1, autumns_day + 50 * HOUR - 1);
        rule_close(&rule);
    }
}

static void the_hour_that_comes_twice_is_one_window(void **state) {
    (void)state;
    static const struct asked asked = {
        .set = BERLIN, .window = "TUMBLE" ROW_TIME "INTERVAL '1' HOUR)", .instants = true};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:%lld a:%lld", AUTUMN - HOUR / 2, AUTUMN + HOUR / 2);
        rule_advance(&rule, AUTUMN + HOUR - 2);
        rule_expect(&rule, "");
        rule_advance(&rule, AUTUMN + HOUR - 1);
        rule_expect(&rule, "a=2@%lld", AUTUMN + 2 * HOUR - 1);
        rule_close(&rule);
    }
}

static void a_gap_is_measured_on_the_local_clock(void **state) {
    (void)state;
    static const struct asked asked = {
        .set = BERLIN, .window = "SESSION" BY_KEY "INTERVAL '30' MINUTE)", .instants = true};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked); /* 01:55 and 03:05, ten minutes apart; b without a change of the clock */
        rule_rows(&rule, "a:%lld a:%lld", SPRING - HOUR / 12, SPRING + HOUR / 12);
        rule_rows(&rule, "b:%lld b:%lld", SPRING + 5 * HOUR, SPRING + 5 * HOUR + HOUR / 6);
        rule_finish(&rule);
        rule_expect(&rule, "a=1@%lld a=1@%lld b=2@%lld", SPRING + HOUR - HOUR / 12 + HOUR / 2 - 1,
                    SPRING + 2 * HOUR + HOUR / 12 + HOUR / 2 - 1, SPRING + 7 * HOUR + HOUR / 6 + HOUR / 2 - 1);
        rule_close(&rule);
    }
}

static void windows_of_processing_time_end_when_the_clock_reaches_their_end(void **state) {
    (void)state;
    static const struct asked asked = {.window = "TUMBLE(TABLE t, DESCRIPTOR(p), INTERVAL '1' SECOND)",
                                       .clock = true};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_tick(&rule, 5500);
        rule_rows(&rule, "a:77 a:-"); /* what stands in ts does not matter */
        rule_tick(&rule, 5999);
        rule_expect(&rule, "");
        rule_tick(&rule, 6000);
        rule_expect(&rule, "a=2@5999");
        rule_rows(&rule, "a:0");
        rule_finish(&rule); /* not over yet */
        rule_expect(&rule, "");
        rule_close(&rule);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_holds_its_start_and_not_its_end),
        cmocka_unit_test(window_time_is_the_last_millisecond),
        cmocka_unit_test(worked_starts_of_size_7),
        cmocka_unit_test(worked_tumble_of_5_seconds),
        cmocka_unit_test(worked_tumble_of_two_keys),
        cmocka_unit_test(an_offset_of_tumble_is_shorter_than_its_windows),
        cmocka_unit_test(worked_hop_of_5_seconds_every_second),
        cmocka_unit_test(hop_takes_any_ratio),
        cmocka_unit_test(hop_takes_offsets_beyond_its_slide),
        cmocka_unit_test(rows_between_hop_windows_are_unassigned),
        cmocka_unit_test(windows_without_rows_give_nothing),
        cmocka_unit_test(worked_cumulate_of_ten_minutes),
        cmocka_unit_test(cumulate_steps_before_the_first_row_of_a_key_are_silent),
        cmocka_unit_test(cumulate_needs_a_whole_number_of_steps),
        cmocka_unit_test(worked_sessions_of_two_keys),
        cmocka_unit_test(rows_exactly_a_gap_apart_are_one_session),
        cmocka_unit_test(a_row_between_two_sessions_joins_them),
        cmocka_unit_test(the_session_that_a_row_joins_is_judged_not_the_row),
        cmocka_unit_test(sessions_are_cut_by_their_partition_alone),
        cmocka_unit_test(a_session_with_a_largest_duration_is_cut_from_its_start),
        cmocka_unit_test(a_piece_that_has_fired_fixes_the_start),
        cmocka_unit_test(count_fires_every_slide_rows_over_the_last_size_rows),
        cmocka_unit_test(count_windows_span_from_their_least_time_to_their_greatest),
        cmocka_unit_test(rows_of_count_windows_are_never_late),
        cmocka_unit_test(count_or_time_fires_at_its_rows_or_when_its_span_has_passed),
        cmocka_unit_test(fill_null_gives_rows_of_null),
        cmocka_unit_test(fill_value_gives_the_value),
        cmocka_unit_test(fill_prev_repeats_the_window_before),
        cmocka_unit_test(fill_linear_goes_straight_on),
        cmocka_unit_test(a_longer_stretch_is_not_filled),
        cmocka_unit_test(months_are_refused),
        cmocka_unit_test(days_of_a_zone_have_23_and_25_hours),
        cmocka_unit_test(the_hour_that_comes_twice_is_one_window),
        cmocka_unit_test(a_gap_is_measured_on_the_local_clock),
        cmocka_unit_test(windows_of_processing_time_end_when_the_clock_reaches_their_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
