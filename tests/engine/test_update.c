/* SPDX-License-Identifier: Apache-2.0
 *
 * Early results, allowed lateness and late policies, by example (SEMANTICS.md 3 and 4).
 */
#include "engine/machine.h"

#include <math.h>

#include "tests/engine/updates.h"

#define TUMBLE_10                                                                                                  \
    { WEIR_WINDOW_TUMBLE, 10, 0, 0 }
#define HOP_10_5                                                                                                   \
    { WEIR_WINDOW_HOP, 10, 5, 0 }
#define CUMULATE_10_2                                                                                              \
    { WEIR_WINDOW_CUMULATE, 10, 2, 0 }

#define COUNT_OF(rows) ((int32_t)(sizeof(rows) / sizeof((rows)[0])))

#define ROW(at, key, number, string)                                                                               \
    { .time = (at), .id = (key), .value = (number), .text = (string) }
#define ROW_AT(at, key, number, string, w)                                                                         \
    { .time = (at), .id = (key), .value = (number), .text = (string), .before = (w) }

/* Runs the rows, W being the greatest time before each, to the end of input. */
static void run(struct bench *bench, const struct query *query, struct row *rows, int32_t count) {
    int64_t watermark = NONE;
    bench_open(bench, query);
    for (int32_t i = 0; i < count; i++) {
        rows[i].before = watermark;
        if (rows[i].time > watermark) watermark = rows[i].time;
    }
    give_block(bench, rows, 0, count, watermark);
    give_finish(bench, watermark, count);
}

static void expect(struct query query, struct row *rows, int32_t count, const char *lines) {
    struct bench bench;
    run(&bench, &query, rows, count);
    expect_lines(&bench, lines);
    bench_close(&bench);
}

/* Rows that Flink 2.3.0 was given, too. Keys: 0 for a, 1 for b, 2 for c. */
static struct row em[] = {ROW(1, 0, 1, "x"),  ROW(2, 0, 2, "x"),   ROW(12, 0, 4, "x"), ROW(3, 0, 8, "x"),
                          ROW(4, 1, 16, "x"), ROW(25, 0, 32, "x"), ROW(5, 0, 64, "x"), ROW(13, 0, 128, "x"),
                          ROW(14, 2, 3, "x"), ROW(15, 2, 5, "x")};

static void early_results_of_every_row_are_retracted_and_the_close_adds_nothing(void **state) {
    (void)state;
    struct query query = {.window = TUMBLE_10, .emission = {.early_rows = 1}};
    expect(query, em, COUNT_OF(em),
           "0 +I 0 [0,10)~ 1,1,x,x\n"
           "1 -U 0 [0,10)~ 1,1,x,x\n"
           "1 +U 0 [0,10)~ 2,3,x,x\n"
           "2 +I 0 [10,20)~ 1,4,x,x\n"
           "5 +I 0 [20,30)~ 1,32,x,x\n");
}

static void a_late_but_allowed_row_fires_its_window_again_at_once(void **state) {
    (void)state;
    struct query query = {.window = TUMBLE_10, .emission = {.lateness = 10, .late_fire = true}};
    expect(query, em, COUNT_OF(em),
           "2 +I 0 [0,10) 2,3,x,x\n"
           "3 -U 0 [0,10) 2,3,x,x\n"
           "3 +U 0 [0,10) 3,11,x,x\n"
           "4 +I 1 [0,10) 1,16,x,x\n"
           "5 +I 0 [10,20) 1,4,x,x\n"
           "7 -U 0 [10,20) 1,4,x,x\n"
           "7 +U 0 [10,20) 2,132,x,x\n"
           "8 +I 2 [10,20) 1,3,x,x\n"
           "9 -U 2 [10,20) 1,3,x,x\n"
           "9 +U 2 [10,20) 2,8,x,x\n"
           "10 +I 0 [20,30) 1,32,x,x\n");
}

static void early_and_late_results_of_overlapping_hops_are_each_windows_own(void **state) {
    (void)state;
    struct query query = {.window = HOP_10_5, .emission = {.lateness = 10, .late_fire = true, .early_rows = 1}};
    expect(query, em, COUNT_OF(em),
           "0 +I 0 [-5,5)~ 1,1,x,x\n0 +I 0 [0,10)~ 1,1,x,x\n"
           "1 -U 0 [-5,5)~ 1,1,x,x\n1 +U 0 [-5,5)~ 2,3,x,x\n"
           "1 -U 0 [0,10)~ 1,1,x,x\n1 +U 0 [0,10)~ 2,3,x,x\n"
           "2 +I 0 [5,15)~ 1,4,x,x\n2 +I 0 [10,20)~ 1,4,x,x\n"
           "3 -U 0 [-5,5)~ 2,3,x,x\n3 +U 0 [-5,5) 3,11,x,x\n"
           "3 -U 0 [0,10)~ 2,3,x,x\n3 +U 0 [0,10) 3,11,x,x\n"
           "4 +I 1 [-5,5) 1,16,x,x\n4 +I 1 [0,10) 1,16,x,x\n"
           "5 +I 0 [20,30)~ 1,32,x,x\n5 +I 0 [25,35)~ 1,32,x,x\n"
           "7 -U 0 [10,20)~ 1,4,x,x\n7 +U 0 [10,20) 2,132,x,x\n"
           "8 +I 2 [10,20) 1,3,x,x\n"
           "9 -U 2 [10,20) 1,3,x,x\n9 +U 2 [10,20) 2,8,x,x\n9 +I 2 [15,25) 1,5,x,x\n");
}

static void without_late_fire_rows_that_are_late_but_allowed_change_nothing_and_are_not_late(void **state) {
    (void)state;
    struct query query = {.window = TUMBLE_10, .emission = {.lateness = 10}};
    struct bench bench;
    run(&bench, &query, em, COUNT_OF(em));
    expect_lines(&bench, "2 +I 0 [0,10) 2,3,x,x\n"
                         "5 +I 0 [10,20) 1,4,x,x\n"
                         "10 +I 0 [20,30) 1,32,x,x\n");
    assert_int_equal(bench.late, 1); /* row 6: 5 is in [0,10), which has gone at 19 */
    bench_close(&bench);
}

static void a_result_equal_to_the_one_before_is_not_given_again(void **state) {
    (void)state;
    struct row rows[] = {ROW(1, 0, 1, "m"),  ROW(2, 0, 2, "m"),   ROW(3, 0, 3, "a"),
                         ROW(4, 0, 4, NULL), ROW(11, 0, 5, NULL), ROW(5, 0, 6, "b"),
                         ROW(6, 0, 7, "z"),  ROW(12, 0, 8, NULL), ROW(13, 0, 8, "c")};
    struct query query = {.window = TUMBLE_10,
                          .emission = {.early_rows = 1, .lateness = 5, .late_fire = true},
                          .extremes_only = true};
    expect(query, rows, COUNT_OF(rows),
           "0 +I 0 [0,10)~ m,m\n"
           "2 -U 0 [0,10)~ m,m\n2 +U 0 [0,10)~ m,a\n"
           "4 +I 0 [10,20)~ -,-\n"
           "6 -U 0 [0,10)~ m,a\n6 +U 0 [0,10) z,a\n"
           "8 -U 0 [10,20)~ -,-\n8 +U 0 [10,20)~ c,c\n");
}

/* As Flink compares them: a NaN is never equal, the two zeros are. */
static void a_nan_is_given_again_at_the_close_and_a_zero_of_the_other_sign_is_not(void **state) {
    (void)state;
    struct row rows[] = {{.time = 1, .real = NAN},
                         {.time = 2, .real = 1},
                         {.time = 3, .id = 1, .real = 0.0},
                         {.time = 4, .id = 1, .real = -0.0},
                         {.time = 12, .real = 5}};
    struct query query = {.window = TUMBLE_10, .emission = {.early_rows = 1}, .reals = true};
    expect(query, rows, COUNT_OF(rows),
           "0 +I 0 [0,10)~ nan,nan\n"
           "1 -U 0 [0,10)~ nan,nan\n1 +U 0 [0,10)~ nan,1\n"
           "2 +I 1 [0,10)~ 0,0\n"
           "4 -U 0 [0,10)~ nan,1\n4 +U 0 [0,10) nan,1\n"
           "4 +I 0 [10,20)~ 5,5\n");
}

static void accumulating_results_come_without_what_they_replace(void **state) {
    (void)state;
    struct row rows[] = {ROW(1, 0, 1, "x"), ROW(2, 0, 2, "x"), ROW(3, 0, 4, "x"), ROW(12, 0, 8, "x"),
                         ROW(4, 0, 16, "x")};
    struct query query = {
        .window = TUMBLE_10,
        .emission = {.early_rows = 2, .lateness = 5, .late_fire = true, .mode = WEIR_UPDATE_ACCUMULATING}};
    expect(query, rows, COUNT_OF(rows),
           "1 +I 0 [0,10)~ 2,3,x,x\n"
           "3 +U 0 [0,10) 3,7,x,x\n"
           "4 +U 0 [0,10) 4,23,x,x\n"
           "5 +I 0 [10,20) 1,8,x,x\n");
}

static void discarding_results_hold_what_has_come_since_the_last(void **state) {
    (void)state;
    struct row rows[] = {ROW(1, 0, 1, "x"),  ROW(2, 0, 2, "x"),  ROW(3, 0, 4, "y"),
                         ROW(12, 0, 8, "x"), ROW(4, 0, 16, "z"), ROW(13, 0, 32, "a")};
    struct query query = {
        .window = TUMBLE_10,
        .emission = {.early_rows = 2, .lateness = 5, .late_fire = true, .mode = WEIR_UPDATE_DISCARDING}};
    expect(query, rows, COUNT_OF(rows),
           "1 +I 0 [0,10)~ 2,3,x,x\n"
           "3 +I 0 [0,10) 1,4,y,y\n"
           "4 +I 0 [0,10) 1,16,z,z\n"
           "5 +I 0 [10,20)~ 2,40,x,a\n");
}

static void early_results_by_event_time_show_what_has_changed(void **state) {
    (void)state;
    struct row rows[] = {ROW(1, 0, 1, "x"),  ROW(7, 1, 2, "x"),   ROW(9, 1, 4, "x"),   ROW(10, 2, 8, "x"),
                         ROW(19, 1, 1, "x"), ROW(20, 1, 16, "x"), ROW(99, 1, 32, "x"), ROW(101, 0, 64, "x")};
    struct query query = {.window = {WEIR_WINDOW_TUMBLE, 100, 0, 0}, .emission = {.early_every = 10}};
    expect(query, rows, COUNT_OF(rows),
           "0 +I 0 [0,100)~ 1,1,x,x\n" /* W passes 0 */
           "3 +I 1 [0,100)~ 2,6,x,x\n3 +I 2 [0,100)~ 1,8,x,x\n"
           "5 -U 1 [0,100)~ 2,6,x,x\n5 +U 1 [0,100)~ 4,23,x,x\n"
           "6 -U 1 [0,100)~ 4,23,x,x\n6 +U 1 [0,100) 5,55,x,x\n"
           "7 +I 0 [100,200)~ 1,64,x,x\n");
}

static void early_results_by_processing_time_follow_a_timer_of_each_key_and_window(void **state) {
    (void)state;
    struct row rows[] = {ROW_AT(1, 0, 1, "x", 0), ROW_AT(2, 1, 2, "x", 0), ROW_AT(3, 0, 4, "x", 0),
                         ROW_AT(4, 0, 8, "x", 0)};
    struct query query = {.window = TUMBLE_10, .emission = {.early_every = 1000, .early_processing_time = true}};
    struct bench bench;
    bench_open(&bench, &query);
    give_advance(&bench, 0, 100, 0);
    give_block(&bench, rows, 0, 1, 0); /* key 0 at 100 */
    give_advance(&bench, 0, 600, 1);
    give_block(&bench, rows, 1, 1, 0); /* key 1 at 600 */
    give_advance(&bench, 0, 1099, 2);
    expect_lines(&bench, "");
    give_advance(&bench, 0, 1100, 2);
    expect_lines(&bench, "2 +I 0 [0,10)~ 1,1,x,x\n");
    give_advance(&bench, 0, 1600, 2);
    expect_lines(&bench, "2 +I 1 [0,10)~ 1,2,x,x\n");
    give_advance(&bench, 0, 5000, 2); /* nothing has changed */
    expect_lines(&bench, "");
    give_block(&bench, rows, 2, 1, 0);
    give_advance(&bench, 0, 5099, 3);
    expect_lines(&bench, "");
    give_advance(&bench, 0, 5100, 3);
    expect_lines(&bench, "3 -U 0 [0,10)~ 1,1,x,x\n3 +U 0 [0,10)~ 2,5,x,x\n");
    give_block(&bench, rows, 3, 1, 0);
    give_advance(&bench, 9, 9000, 4); /* the close comes first */
    expect_lines(&bench, "4 -U 0 [0,10)~ 2,5,x,x\n4 +U 0 [0,10) 3,13,x,x\n");
    bench_close(&bench);
}

static void a_timer_counts_from_the_clock_that_its_first_row_comes_with(void **state) {
    (void)state;
    struct row rows[] = {ROW_AT(1, 0, 1, "x", 0), ROW_AT(2, 1, 2, "x", 0), ROW_AT(3, 0, 4, "x", 0),
                         ROW_AT(11, 0, 8, "x", 0)};
    struct query query = {.window = TUMBLE_10, .emission = {.early_every = 1000, .early_processing_time = true}};
    struct bench bench;
    bench_open(&bench, &query);
    give_advance(&bench, 0, 100, 0);
    bench.wall = 400;
    give_block(&bench, rows, 0, 1, 0);
    give_advance(&bench, 0, 1399, 1);
    expect_lines(&bench, "");
    bench.wall = 1400; /* before its rows the timers of those before them */
    give_block(&bench, rows, 1, 2, 0);
    expect_lines(&bench, "1 +I 0 [0,10)~ 1,1,x,x\n");
    bench.wall = 2300; /* the clock never goes back */
    give_block(&bench, rows, 3, 1, 0);
    give_advance(&bench, 0, 2200, 4);
    expect_lines(&bench, "");
    give_advance(&bench, 0, 2400, 4);
    expect_lines(&bench, "4 -U 0 [0,10)~ 1,1,x,x\n4 +U 0 [0,10)~ 2,5,x,x\n4 +I 1 [0,10)~ 1,2,x,x\n");
    give_advance(&bench, 0, 3299, 4);
    expect_lines(&bench, "");
    give_advance(&bench, 0, 3300, 4);
    expect_lines(&bench, "4 +I 0 [10,20)~ 1,8,x,x\n");
    bench_close(&bench);
}

static void w_that_rose_before_the_rows_closes_windows_before_their_timers(void **state) {
    (void)state;
    struct row rows[] = {ROW_AT(1, 0, 1, "x", 0), ROW_AT(11, 1, 2, "x", 9)};
    struct query query = {.window = TUMBLE_10, .emission = {.early_every = 1000, .early_processing_time = true}};
    struct bench bench;
    bench_open(&bench, &query);
    bench.wall = 400;
    give_block(&bench, rows, 0, 1, 0);
    bench.wall = 1400;
    give_block(&bench, rows, 1, 1, 9);
    expect_lines(&bench, "1 +I 0 [0,10) 1,1,x,x\n");
    bench_close(&bench);
}

static void rows_before_the_wall_clock_is_known_start_their_timers_when_it_is(void **state) {
    (void)state;
    struct row rows[] = {ROW_AT(1, 0, 1, "x", 0)};
    struct query query = {.window = TUMBLE_10, .emission = {.early_every = 1000, .early_processing_time = true}};
    struct bench bench;
    bench_open(&bench, &query);
    give_block(&bench, rows, 0, 1, 0);
    give_advance(&bench, 0, NONE, 1);
    give_advance(&bench, 0, 70000, 1);
    give_advance(&bench, 0, 70999, 1);
    expect_lines(&bench, "");
    give_advance(&bench, 0, 71000, 1);
    expect_lines(&bench, "1 +I 0 [0,10)~ 1,1,x,x\n");
    bench_close(&bench);
}

static void cumulate_gives_every_later_step_of_a_base_period_that_holds_a_row(void **state) {
    (void)state;
    struct row rows[] = {ROW(1, 0, 1, "x"), ROW(5, 1, 2, "x"), ROW(8, 0, 4, "x"), ROW(3, 0, 8, "x"),
                         ROW(25, 2, 16, "x")};
    struct query query = {.window = CUMULATE_10_2, .emission = {.lateness = 2, .late_fire = true}};
    expect(query, rows, COUNT_OF(rows),
           "0 +I 0 [0,2) 1,1,x,x\n1 +I 0 [0,4) 1,1,x,x\n" /* no row came in [2,4) */
           "1 +I 0 [0,6) 1,1,x,x\n1 +I 1 [0,6) 1,2,x,x\n"
           "2 +I 0 [0,8) 1,1,x,x\n2 +I 1 [0,8) 1,2,x,x\n"
           "3 -U 0 [0,8) 1,1,x,x\n3 +U 0 [0,8) 2,9,x,x\n" /* [0,4) and [0,6) have gone */
           "4 +I 0 [0,10) 3,13,x,x\n4 +I 1 [0,10) 1,2,x,x\n"
           "4 +I 2 [20,26) 1,16,x,x\n5 +I 2 [20,28) 1,16,x,x\n5 +I 2 [20,30) 1,16,x,x\n");
}

static void a_row_too_late_for_all_its_windows_is_late_and_one_of_a_gap_is_unassigned(void **state) {
    (void)state;
    struct row rows[] = {ROW(1, 0, 1, "x"), ROW(31, 0, 2, "x"), ROW(2, 0, 4, "x"), ROW(9, 0, 8, "x"),
                         ROW(38, 0, 16, "x")};
    struct query query = {.window = {WEIR_WINDOW_HOP, 5, 10, 0}, .emission = {.early_rows = 5}};
    struct bench bench;
    run(&bench, &query, rows, COUNT_OF(rows));
    expect_lines(&bench, "1 +I 0 [0,5) 1,1,x,x\n4 +I 0 [30,35) 1,2,x,x\n");
    assert_int_equal(bench.late, 1);
    assert_int_equal(bench.unassigned, 2);
    bench_close(&bench);
}

static void fold_counts_a_late_row_in_the_first_window_that_is_still_open(void **state) {
    (void)state;
    struct row rows[] = {ROW(1, 0, 1, "x"), ROW(31, 0, 2, "x"), ROW(2, 0, 4, "x"), ROW(3, 1, 8, "x")};
    struct query query = {.window = TUMBLE_10, .emission = {.early_rows = 9, .late = WEIR_ROWS_FOLD}};
    struct bench bench;
    run(&bench, &query, rows, COUNT_OF(rows));
    expect_lines(&bench, "1 +I 0 [0,10) 1,1,x,x\n4 +I 0 [30,40) 2,6,x,x\n4 +I 1 [30,40) 1,8,x,x\n");
    assert_int_equal(bench.late, 0);
    assert_int_equal(bench.folded, 2);
    bench_close(&bench);
    query.window = (struct weir_window_spec)HOP_10_5; /* that window alone */
    run(&bench, &query, rows, COUNT_OF(rows));
    expect_lines(&bench, "1 +I 0 [-5,5) 1,1,x,x\n1 +I 0 [0,10) 1,1,x,x\n"
                         "4 +I 0 [25,35) 2,6,x,x\n4 +I 1 [25,35) 1,8,x,x\n4 +I 0 [30,40) 1,2,x,x\n");
    bench_close(&bench);
    query.window = (struct weir_window_spec){WEIR_WINDOW_CUMULATE, 10, 5, 0}; /* and through its base period */
    run(&bench, &query, rows, COUNT_OF(rows));
    expect_lines(&bench, "1 +I 0 [0,5) 1,1,x,x\n1 +I 0 [0,10) 1,1,x,x\n"
                         "4 +I 0 [30,35) 2,6,x,x\n4 +I 1 [30,35) 1,8,x,x\n"
                         "4 +I 0 [30,40) 2,6,x,x\n4 +I 1 [30,40) 1,8,x,x\n");
    bench_close(&bench);
}

static void after_the_last_watermark_a_late_row_has_no_window_to_fold_into(void **state) {
    (void)state;
    struct row rows[] = {ROW_AT(1, 0, 1, "x", INT64_MAX)};
    struct query query = {.window = TUMBLE_10, .emission = {.early_rows = 1, .late = WEIR_ROWS_FOLD}};
    struct bench bench;
    bench_open(&bench, &query);
    give_block(&bench, rows, 0, 1, INT64_MAX);
    expect_lines(&bench, "");
    assert_int_equal(bench.late, 1);
    bench_close(&bench);
}

/* Its window has the least number of all, which elsewhere says that there is none. */
static void a_row_at_the_least_time_is_neither_late_nor_lost_before_w(void **state) {
    (void)state;
    struct row row = ROW_AT(INT64_MIN, 0, 1, "x", NONE);
    struct query query = {.window = {WEIR_WINDOW_TUMBLE, 1, 0, 0}};
    struct weir_emission emissions[] = {{.early_rows = 1},
                                        {.early_every = 5},
                                        {.lateness = 1, .late_fire = true},
                                        {.early_every = 5, .early_processing_time = true}};
    for (int i = 0; i < 4; i++) {
        struct bench bench;
        query.emission = emissions[i];
        bench_open(&bench, &query);
        give_block(&bench, &row, 0, 1, NONE);
        assert_int_equal(bench.late, 0);
        expect_lines(&bench, i == 0 ? "0 +I 0 [-9223372036854775808,-9223372036854775807)~ 1,1,x,x\n" : "");
        give_advance(&bench, INT64_MIN + 1, NONE, 1);
        expect_lines(&bench, i == 0 ? "" : "1 +I 0 [-9223372036854775808,-9223372036854775807) 1,1,x,x\n");
        row.before = INT64_MIN + 1; /* its end, and with lateness 1 its last ms */
        give_block(&bench, &row, 0, 1, INT64_MIN + 1);
        assert_int_equal(bench.late, 1);
        row.before = NONE;
        bench_close(&bench);
    }
}

static void cleanup_times_saturate(void **state) {
    (void)state;
    struct row rows[] = {ROW_AT(INT64_MAX - 1750, 0, 1, "x", INT64_MAX - 1500)};
    struct query query = {.window = {WEIR_WINDOW_TUMBLE, 1000, 0, 0},
                          .emission = {.lateness = 2000, .late_fire = true}};
    struct bench bench;
    bench_open(&bench, &query);
    give_block(&bench, rows, 0, 1, INT64_MAX - 1500);
    assert_int_equal(bench.late, 0);
    give_advance(&bench, INT64_MAX, NONE, 1);
    struct text text = take_lines(&bench);
    assert_non_null(strstr(text.bytes, "+I 0 "));
    assert_null(strstr(text.bytes, "\n1 "));
    text_free(&text);
    bench_close(&bench);
}

static void the_end_of_input_flushes_discards_or_marks(void **state) {
    (void)state;
    struct row rows[] = {ROW(1, 0, 1, "x"), ROW(11, 0, 2, "x"), ROW(12, 0, 4, "x")};
    struct query query = {.window = TUMBLE_10, .emission = {.early_rows = 2}};
    expect(query, rows, 2, "1 +I 0 [0,10) 1,1,x,x\n2 +I 0 [10,20) 1,2,x,x\n");
    query.emission.end = WEIR_END_DISCARD;
    expect(query, rows, 2, "1 +I 0 [0,10) 1,1,x,x\n");
    query.emission.end = WEIR_END_MARK;
    expect(query, rows, 2, "1 +I 0 [0,10) 1,1,x,x\n2 +I 0 [10,20)~ 1,2,x,x\n");
    expect(query, rows, 3, "1 +I 0 [0,10) 1,1,x,x\n2 +I 0 [10,20)~ 2,6,x,x\n");
}

static void with_mark_a_result_that_becomes_complete_is_given_again(void **state) {
    (void)state;
    struct row rows[] = {ROW(1, 0, 1, "x"), ROW(11, 0, 2, "x")};
    struct query query = {.window = TUMBLE_10, .emission = {.early_rows = 1, .end = WEIR_END_MARK}};
    expect(query, rows, 2,
           "0 +I 0 [0,10)~ 1,1,x,x\n"
           "1 -U 0 [0,10)~ 1,1,x,x\n1 +U 0 [0,10) 1,1,x,x\n1 +I 0 [10,20)~ 1,2,x,x\n");
}

static void keys_that_are_held_can_be_renamed(void **state) {
    (void)state;
    struct row rows[] = {ROW_AT(1, 5, 1, "x", NONE), ROW_AT(2, 900, 2, "x", NONE), ROW_AT(3, 7, 4, "x", NONE)};
    uint64_t held[ROWS_MAX / 64] = {0};
    uint32_t ids[ROWS_MAX];
    struct query query = {.window = TUMBLE_10, .emission = {.lateness = 10, .late_fire = true}};
    struct bench bench;
    bench_open(&bench, &query);
    give_block(&bench, rows, 0, 2, 5);
    weir_update_machine.held(bench.machine, held);
    assert_int_equal(weir_bitmap_count(held, ROWS_MAX), 2);
    assert_true(weir_bit_get(held, 5) && weir_bit_get(held, 900));
    memset(ids, 0xFF, sizeof(ids));
    ids[5] = 0;
    ids[900] = 1;
    weir_update_machine.rename(bench.machine, ids);
    rows[2].id = 1;
    rows[2].before = 5;
    give_block(&bench, rows, 2, 1, 9);
    expect_lines(&bench, "2 +I 0 [0,10) 1,1,x,x\n2 +I 1 [0,10) 2,6,x,x\n");
    give_advance(&bench, 19, NONE, 3); /* cleaned up */
    memset(held, 0, sizeof(held));
    weir_update_machine.held(bench.machine, held);
    assert_int_equal(weir_bitmap_count(held, ROWS_MAX), 0);
    bench_close(&bench);
}

static void state_is_freed_at_cleanup_and_strings_that_were_replaced_before(void **state) {
    (void)state;
    static char text[200];
    struct query query = {.window = {WEIR_WINDOW_TUMBLE, 1000000, 0, 0},
                          .emission = {.early_rows = 1, .mode = WEIR_UPDATE_DISCARDING}};
    memset(text, 'x', sizeof(text) - 1);
    for (int mode = 0; mode < 2; mode++) {
        struct bench bench;
        query.emission.mode = mode == 0 ? WEIR_UPDATE_RETRACTING : WEIR_UPDATE_DISCARDING;
        bench_open(&bench, &query);
        for (int32_t i = 0; i < 5000; i++) {
            struct row row = ROW_AT(i, 0, 1, text, i - 1);
            text[0] = (char)('a' + i % 26);
            give_block(&bench, &row, 0, 1, i);
            weir_due_clear(&bench.due);
        }
        assert_true(weir_update_machine.bytes(bench.machine) < 200000);
        bench_close(&bench);
    }
}

static void a_timer_of_a_window_that_has_closed_is_not_the_next_windows(void **state) {
    (void)state;
    struct row rows[] = {ROW_AT(1, 0, 1, "x", 0), ROW_AT(11, 0, 2, "x", 9)};
    struct query query = {.window = TUMBLE_10, .emission = {.early_every = 1000, .early_processing_time = true}};
    struct bench bench;
    bench_open(&bench, &query);
    give_advance(&bench, 0, 100, 0);
    give_block(&bench, rows, 0, 1, 0);
    give_advance(&bench, 9, 600, 1);
    expect_lines(&bench, "1 +I 0 [0,10) 1,1,x,x\n");
    give_block(&bench, rows, 1, 1, 9);
    give_advance(&bench, 9, 1100, 2);
    expect_lines(&bench, "");
    give_advance(&bench, 9, 1600, 2);
    expect_lines(&bench, "2 +I 0 [10,20)~ 1,2,x,x\n");
    bench_close(&bench);
}

static void timers_of_windows_that_have_closed_take_no_memory(void **state) {
    (void)state;
    struct query query = {.window = {WEIR_WINDOW_TUMBLE, 1, 0, 0},
                          .emission = {.early_every = INT64_MAX, .early_processing_time = true}};
    struct bench bench;
    bench_open(&bench, &query);
    for (int32_t i = 0; i < 20000; i++) {
        struct row row = ROW_AT(i, 0, 1, "x", i - 1);
        if (i == 10000) give_advance(&bench, NONE, 5, 0);
        give_block(&bench, &row, 0, 1, i);
        weir_due_clear(&bench.due);
    }
    assert_true(weir_update_machine.bytes(bench.machine) < 100000);
    bench_close(&bench);
}

static void a_jump_of_the_watermark_costs_only_what_holds_rows(void **state) {
    (void)state;
    struct row rows[] = {ROW_AT(0, 0, 1, "x", NONE), ROW_AT(INT64_C(1700000000000), 0, 2, "x", 0)};
    struct query query = {.window = {WEIR_WINDOW_HOP, 3, 2, 0}, .emission = {.early_every = 1}};
    struct bench bench;
    bench_open(&bench, &query);
    give_block(&bench, rows, 0, 2, INT64_C(1700000000000));
    struct text text = take_lines(&bench);
    assert_non_null(strstr(text.bytes, "1700000000000"));
    text_free(&text);
    bench_close(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(early_results_of_every_row_are_retracted_and_the_close_adds_nothing),
        cmocka_unit_test(a_late_but_allowed_row_fires_its_window_again_at_once),
        cmocka_unit_test(early_and_late_results_of_overlapping_hops_are_each_windows_own),
        cmocka_unit_test(without_late_fire_rows_that_are_late_but_allowed_change_nothing_and_are_not_late),
        cmocka_unit_test(a_result_equal_to_the_one_before_is_not_given_again),
        cmocka_unit_test(a_nan_is_given_again_at_the_close_and_a_zero_of_the_other_sign_is_not),
        cmocka_unit_test(accumulating_results_come_without_what_they_replace),
        cmocka_unit_test(discarding_results_hold_what_has_come_since_the_last),
        cmocka_unit_test(early_results_by_event_time_show_what_has_changed),
        cmocka_unit_test(early_results_by_processing_time_follow_a_timer_of_each_key_and_window),
        cmocka_unit_test(a_timer_counts_from_the_clock_that_its_first_row_comes_with),
        cmocka_unit_test(w_that_rose_before_the_rows_closes_windows_before_their_timers),
        cmocka_unit_test(rows_before_the_wall_clock_is_known_start_their_timers_when_it_is),
        cmocka_unit_test(cumulate_gives_every_later_step_of_a_base_period_that_holds_a_row),
        cmocka_unit_test(a_row_too_late_for_all_its_windows_is_late_and_one_of_a_gap_is_unassigned),
        cmocka_unit_test(fold_counts_a_late_row_in_the_first_window_that_is_still_open),
        cmocka_unit_test(after_the_last_watermark_a_late_row_has_no_window_to_fold_into),
        cmocka_unit_test(a_row_at_the_least_time_is_neither_late_nor_lost_before_w),
        cmocka_unit_test(cleanup_times_saturate),
        cmocka_unit_test(the_end_of_input_flushes_discards_or_marks),
        cmocka_unit_test(with_mark_a_result_that_becomes_complete_is_given_again),
        cmocka_unit_test(keys_that_are_held_can_be_renamed),
        cmocka_unit_test(state_is_freed_at_cleanup_and_strings_that_were_replaced_before),
        cmocka_unit_test(a_timer_of_a_window_that_has_closed_is_not_the_next_windows),
        cmocka_unit_test(timers_of_windows_that_have_closed_take_no_memory),
        cmocka_unit_test(a_jump_of_the_watermark_costs_only_what_holds_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
