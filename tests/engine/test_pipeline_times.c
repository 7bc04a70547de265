/* SPDX-License-Identifier: Apache-2.0
 *
 * Hostile times: the ends of the range in every unit, jumps, and very many windows. Whatever comes, each row is in
 * exactly one counter, and what was aggregated leaves in a result.
 */
#include "tests/engine/plans.h"

#include "base/checked.h"
#include "tests/engine/arrays.h"

/* SELECT window_start, window_end, COUNT(*) over one column of times in 1/ticks_per_second s. */
static struct weir_plan *times(int64_t ticks_per_second, enum weir_window_kind kind, int64_t size, int64_t slide) {
    struct weir_type type = weir_type_timestamp(ticks_per_second <= 1000 ? 3 : ticks_per_second <= 1000000 ? 6 : 9);
    struct weir_plan *plan = plan_over(1, &type);
    plan->columns[0].ticks_per_second = ticks_per_second;
    plan_window(plan, kind, size, slide, 0);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_outputs(plan, 0);
    plan->outputs[2] = plan->outputs[3];
    plan->outputs_count = 3;
    return plan;
}

static void push_times(struct weir_pipeline *pipeline, int64_t count, const int64_t *ts, const char *valid) {
    push_ok(pipeline, batch_of(count, 1, array_i64(ts, count, valid)));
}

/* Sum of the counts of all results; -1 on an error. */
static int64_t counted(struct weir_pipeline *pipeline) {
    int64_t sum = 0;
    struct ArrowArray array;
    enum weir_status status;
    while ((status = weir_pipeline_next(pipeline, &array, &error)) == WEIR_OK) {
        const int64_t *start = array.children[0]->buffers[1], *end = array.children[1]->buffers[1];
        for (int64_t r = 0; r < array.length; r++) {
            assert_true(start[r] <= end[r]); /* both are held at the ends of the range */
            sum += ((const int64_t *)array.children[2]->buffers[1])[r];
        }
        array.release(&array);
    }
    return status == WEIR_END || status == WEIR_AGAIN ? sum : -1;
}

static const int64_t units[] = {1, 1000, 1000000, 1000000000};

/* The time as it is; of a column in seconds what is left of it in ms. */
static int64_t within(int64_t ticks_per_second, int64_t time) {
    bool far = time > INT64_MAX / 1000 || time < INT64_MIN / 1000;
    return ticks_per_second == 1 && far ? time / 1000 : time;
}

static void the_ends_of_the_range_are_times_like_others(void **state) {
    (void)state;
    static const int64_t all[] = {INT64_MIN, INT64_MAX, 0, INT64_MIN + 1, INT64_MAX - 1, -1, INT64_MIN, INT64_MAX};
    for (int u = 0; u < 4; u++) {
        int64_t ts[8];
        for (int i = 0; i < 8; i++) ts[i] = within(units[u], all[i]);
        for (int kind = 0; kind < 5; kind++) {
            static const int64_t sizes[] = {1, 1000, 86400000, 1000000000};
            for (int s = 0; s < 4; s++) {
                int64_t size = sizes[s];
                struct weir_plan *plan = kind == 0   ? times(units[u], WEIR_WINDOW_TUMBLE, size, 0)
                                         : kind == 1 ? times(units[u], WEIR_WINDOW_HOP, size, size)
                                         : kind == 2 ? times(units[u], WEIR_WINDOW_HOP, size, size * 3)
                                         : kind == 3 ? times(units[u], WEIR_WINDOW_HOP, size * 5, size * 2)
                                                     : times(units[u], WEIR_WINDOW_CUMULATE, size * 4, size);
                struct weir_pipeline *pipeline = plan_open(plan, 0);
                push_times(pipeline, 8, ts, NULL);
                struct weir_stats stats = stats_of(pipeline);
                assert_int_equal(stats.rows_in, 8);
                assert_int_equal(stats.late, 0);
                finish_ok(pipeline);
                int64_t sum = counted(pipeline);
                if (kind < 3) {
                    assert_int_equal(sum, stats.aggregated); /* a row is in one window at most */
                } else {
                    assert_true(sum >= stats.aggregated);
                }
                close_all(pipeline, plan);
            }
        }
    }
}

static void expect_refused(struct weir_plan *plan, int64_t count, const int64_t *ts, const char *valid,
                           const char *said) {
    for (int32_t workers = 0; workers < 3; workers += 2) {
        struct weir_pipeline *pipeline = plan_open(plan, workers);
        struct ArrowArray batch = batch_of(count, 1, array_i64(ts, count, valid));
        enum weir_status status = weir_pipeline_push(pipeline, 0, &batch, &error);
        if (batch.release != NULL) batch.release(&batch);
        if (status == WEIR_OK) status = weir_pipeline_finish(pipeline, &error);
        assert_int_equal(status, WEIR_ERR_VALUE);
        if (strstr(error.message, said) == NULL) fail_msg("'%s' is not in '%s'", said, error.message);
        weir_pipeline_destroy(&pipeline);
    }
}

static void a_time_in_seconds_that_ms_cannot_hold_is_an_error_that_names_it(void **state) {
    (void)state;
    static const int64_t bad[] = {INT64_MAX / 1000 + 1, INT64_MIN / 1000 - 1, INT64_MAX, INT64_MIN};
    for (int i = 0; i < 4; i++) {
        struct weir_plan *plan = times(1, WEIR_WINDOW_TUMBLE, 1000, 0);
        int64_t ts[] = {INT64_MAX, 7, bad[i]};
        char said[64];
        snprintf(said, sizeof(said), "the time %lld s of the column 'ts'", (long long)bad[i]);
        expect_refused(plan, 3, ts, "011", said);
        struct weir_pipeline *pipeline = plan_open(plan, 0);
        push_times(pipeline, 3, ts, "010"); /* what lies under NULL is no time */
        close_all(pipeline, plan);
    }
}

static struct weir_plan *instants(int64_t ticks_per_second) {
    struct weir_plan *plan = times(ticks_per_second, WEIR_WINDOW_TUMBLE, 3600000, 0);
    plan->columns[0].type.id = WEIR_TYPE_TIMESTAMP_LTZ;
    plan->zone = "Asia/Tokyo";
    return plan;
}

static void a_time_that_the_clock_of_the_zone_cannot_hold_is_an_error_that_names_it(void **state) {
    (void)state;
    const int64_t hour = INT64_C(3600000000000);
    int64_t ts[] = {INT64_MAX, INT64_MAX - 9 * hour - 1, INT64_MAX - 9 * hour + 1};
    struct weir_plan *plan = instants(1000000000);
    expect_refused(plan, 3, ts, "011", "the time 2262-04-11 14:47:16.854775808 (UTC) of the column 'ts'");
    struct weir_pipeline *pipeline = plan_open(plan, 0);
    push_times(pipeline, 3, ts, "010");
    finish_ok(pipeline);
    expect_now(plan, pipeline, "9223369200000|9223372800000|1 "); /* 23:00 */
    close_all(pipeline, plan);
    plan = instants(1000000000);
    plan->zone = "America/New_York"; /* that of 1677 is behind by 4:56:02 */
    int64_t early[] = {INT64_MIN + 4 * hour, INT64_MIN + 5 * hour};
    expect_refused(plan, 2, early, "11", "the time 1677-09-21 04:12:43.145224192 (UTC)");
    pipeline = plan_open(plan, 0);
    push_times(pipeline, 1, early + 1, NULL);
    close_all(pipeline, plan);
}

static void the_sum_of_the_counters_holds_for_every_order_of_hostile_times(void **state) {
    (void)state;
    static const int64_t some[] = {INT64_MIN, INT64_MIN + 1, -1700000000000, -1,       0,
                                   1,         1700000000000, INT64_MAX - 1,  INT64_MAX};
    uint64_t random = 7;
    for (int round = 0; round < 400; round++) {
        int64_t ts[16];
        char valid[17] = "1111111111111111";
        for (int i = 0; i < 16; i++) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
            ts[i] = within(units[round % 4], some[(random >> 33) % 9]);
            if ((random >> 40) % 11 == 0) valid[i] = '0';
        }
        static const enum weir_window_kind kinds[] = {WEIR_WINDOW_TUMBLE, WEIR_WINDOW_HOP, WEIR_WINDOW_CUMULATE};
        enum weir_window_kind kind = kinds[round % 3];
        struct weir_plan *plan = times(units[round % 4], kind, 60000, kind == WEIR_WINDOW_TUMBLE ? 0 : 20000);
        plan_delay(plan, round % 5 == 0 ? INT64_MAX : round % 5);
        struct weir_pipeline *pipeline = plan_open(plan, round % 2 == 0 ? 0 : 2);
        for (int at = 0; at < 16; at += 4) {
            push_times(pipeline, 4, ts + at, valid + at);
            stats_of(pipeline);
        }
        finish_ok(pipeline);
        assert_true(counted(pipeline) >= stats_of(pipeline).aggregated);
        close_all(pipeline, plan);
    }
}

static void units_finer_and_coarser_than_ms_floor_before_1970(void **state) {
    (void)state;
    static const struct {
        int64_t unit, ts, start;
    } cases[] = {{1, -1, -1000},
                 {1, 0, 0},
                 {1000, -1, -1000},
                 {1000000, -1, -1000},
                 {1000000, -1000000, -1000},
                 {1000000, -1000001, -2000},
                 {1000000000, -1, -1000},
                 {1000000000, 999999999, 0},
                 {1000000000, 1000000000, 1000},
                 {1, 1700000000, 1700000000000}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct weir_plan *plan = times(cases[i].unit, WEIR_WINDOW_TUMBLE, 1000, 0);
        struct weir_pipeline *pipeline = plan_open(plan, 0);
        push_times(pipeline, 1, &cases[i].ts, NULL);
        finish_ok(pipeline);
        char expected[80];
        snprintf(expected, sizeof(expected), "%lld|%lld|1 ", (long long)cases[i].start,
                 (long long)cases[i].start + 1000);
        expect_now(plan, pipeline, expected);
        close_all(pipeline, plan);
    }
}

static void a_fraction_of_a_ms_moves_w_by_whole_ms(void **state) {
    (void)state;
    struct weir_plan *plan = times(1000000, WEIR_WINDOW_TUMBLE, 10, 0);
    plan_delay(plan, 1);
    struct weir_pipeline *pipeline = plan_open(plan, 0);
    static const int64_t ts[] = {5000, 10999, 9999, 11000}; /* us: W = 4, 9 (fires), late, 10 */
    push_times(pipeline, 1, ts, NULL);
    expect_now(plan, pipeline, "");
    push_times(pipeline, 3, ts + 1, NULL);
    expect_now(plan, pipeline, "0|10|1 ");
    assert_int_equal(stats_of(pipeline).late, 1);
    assert_int_equal(stats_of(pipeline).watermark, 10);
    close_all(pipeline, plan);
}

static void a_window_near_the_end_of_time_fires_at_its_last_ms(void **state) {
    (void)state;
    const int64_t ts = INT64_MAX - 1750;
    struct weir_plan *plan = times(1000, WEIR_WINDOW_TUMBLE, 1000, 0);
    struct weir_pipeline *pipeline = plan_open(plan, 0);
    push_times(pipeline, 1, &ts, NULL);
    int64_t last = ts - weir_floormod_i64(ts, 1000) + 999;
    assert_int_equal(weir_pipeline_advance(pipeline, 0, last - 1, &error), WEIR_OK);
    expect_now(plan, pipeline, "");
    assert_int_equal(weir_pipeline_advance(pipeline, 0, last, &error), WEIR_OK);
    assert_int_equal(counted(pipeline), 1);
    push_times(pipeline, 1, &ts, NULL);
    assert_int_equal(stats_of(pipeline).late, 1);
    close_all(pipeline, plan);
}

static void after_the_last_watermark_every_row_is_late(void **state) {
    (void)state;
    static const int64_t ts[] = {0, INT64_MAX, INT64_MIN};
    static const enum weir_window_kind kinds[] = {WEIR_WINDOW_TUMBLE, WEIR_WINDOW_HOP, WEIR_WINDOW_CUMULATE};
    for (int k = 0; k < 3; k++) {
        struct weir_plan *plan = times(1000, kinds[k], 10, kinds[k] == WEIR_WINDOW_TUMBLE ? 0 : 5);
        struct weir_pipeline *pipeline = plan_open(plan, 0);
        push_times(pipeline, 1, ts, NULL);
        assert_int_equal(weir_pipeline_advance(pipeline, 0, INT64_MAX, &error), WEIR_OK);
        assert_int_equal(counted(pipeline), kinds[k] == WEIR_WINDOW_TUMBLE ? 1 : 2);
        push_times(pipeline, 3, ts, NULL);
        assert_int_equal(stats_of(pipeline).late, 3);
        finish_ok(pipeline);
        assert_int_equal(counted(pipeline), 0);
        close_all(pipeline, plan);
    }
}

/* Any work for a ms of skipped time would take years. */
static void a_jump_of_w_costs_nothing(void **state) {
    (void)state;
    static const int64_t ts[] = {0, 1, 1700000000000, INT64_MAX - 5};
    static const enum weir_window_kind kinds[] = {WEIR_WINDOW_TUMBLE, WEIR_WINDOW_HOP, WEIR_WINDOW_CUMULATE};
    for (int k = 0; k < 3; k++) {
        for (int32_t workers = 0; workers < 3; workers += 2) {
            struct weir_plan *plan = times(1000, kinds[k], kinds[k] == WEIR_WINDOW_TUMBLE ? 1 : 3,
                                           kinds[k] == WEIR_WINDOW_TUMBLE ? 0 : 1);
            plan_delay(plan, 1);
            struct weir_pipeline *pipeline = plan_open(plan, workers);
            for (int i = 0; i < 4; i++) push_times(pipeline, 1, ts + i, NULL);
            finish_ok(pipeline);
            assert_true(counted(pipeline) >= 4);
            assert_int_equal(stats_of(pipeline).aggregated, 4);
            close_all(pipeline, plan);
        }
    }
}

/* Work for each pair of open slices would take hours. */
static void very_many_open_windows_fire_in_linear_time(void **state) {
    (void)state;
    enum { SLICES = 300000, STEP = 50000 };
    static const enum weir_window_kind kinds[] = {WEIR_WINDOW_TUMBLE, WEIR_WINDOW_HOP, WEIR_WINDOW_HOP};
    static int64_t ts[STEP];
    for (int k = 0; k < 3; k++) {
        int64_t slide = k == 0 ? 0 : k == 1 ? 10 : 7; /* the second HOP has two slices a slide */
        struct weir_plan *plan = times(1000, kinds[k], 10, slide);
        struct weir_pipeline *pipeline = plan_open(plan, 0);
        for (int64_t at = 0; at < SLICES; at += STEP) {
            for (int64_t i = 0; i < STEP; i++) ts[i] = (at + i) * 10 + (i % 3);
            push_times(pipeline, STEP, ts, NULL);
        }
        finish_ok(pipeline);
        assert_true(counted(pipeline) >= SLICES);
        close_all(pipeline, plan);
    }
}

static void a_window_that_the_clock_cannot_hold_is_refused(void **state) {
    (void)state;
    struct weir_plan *plan = times(1000000000, WEIR_WINDOW_TUMBLE, INT64_MAX / 1000, 0);
    struct weir_pipeline *pipeline = NULL;
    assert_int_equal(weir_plan_validate(plan, &error), WEIR_OK);
    assert_int_equal(weir_pipeline_create_plan(plan, NULL, &pipeline, &error), WEIR_ERR_INVALID);
    assert_null(pipeline);
    weir_plan_release(plan);
}

/* A window has the least number that there is, which is no W that has passed it. */
static void without_a_watermark_no_window_is_complete(void **state) {
    (void)state;
    static const int64_t ts[] = {INT64_MIN, 0};
    for (int32_t workers = 0; workers < 3; workers++) {
        struct weir_plan *plan = times(1000, WEIR_WINDOW_TUMBLE, 1, 0);
        struct weir_type boolean = weir_type_of(WEIR_TYPE_BOOLEAN);
        boolean.nullable = false;
        plan->emission.end = WEIR_END_MARK;
        plan->outputs[0].expr = weir_expr_column(&plan->arena, weir_plan_is_complete(plan), boolean);
        plan->outputs[1] = plan->outputs[0];
        struct weir_pipeline *pipeline = plan_open(plan, workers);
        push_times(pipeline, 2, ts, NULL);
        finish_ok(pipeline);
        expect_now(plan, pipeline, "false|false|1 false|false|1 ");
        close_all(pipeline, plan);
    }
}

static void the_largest_window_holds_everything(void **state) {
    (void)state;
    static const int64_t ts[] = {0, 1, 1700000000000, INT64_MAX - 5};
    struct weir_plan *plan = times(1000, WEIR_WINDOW_TUMBLE, INT64_MAX, 0);
    struct weir_pipeline *pipeline = plan_open(plan, 0);
    push_times(pipeline, 4, ts, NULL);
    finish_ok(pipeline);
    assert_int_equal(counted(pipeline), 4);
    close_all(pipeline, plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ends_of_the_range_are_times_like_others),
        cmocka_unit_test(a_time_in_seconds_that_ms_cannot_hold_is_an_error_that_names_it),
        cmocka_unit_test(a_time_that_the_clock_of_the_zone_cannot_hold_is_an_error_that_names_it),
        cmocka_unit_test(the_sum_of_the_counters_holds_for_every_order_of_hostile_times),
        cmocka_unit_test(units_finer_and_coarser_than_ms_floor_before_1970),
        cmocka_unit_test(a_fraction_of_a_ms_moves_w_by_whole_ms),
        cmocka_unit_test(a_window_near_the_end_of_time_fires_at_its_last_ms),
        cmocka_unit_test(after_the_last_watermark_every_row_is_late),
        cmocka_unit_test(a_jump_of_w_costs_nothing),
        cmocka_unit_test(very_many_open_windows_fire_in_linear_time),
        cmocka_unit_test(a_window_that_the_clock_cannot_hold_is_refused),
        cmocka_unit_test(without_a_watermark_no_window_is_complete),
        cmocka_unit_test(the_largest_window_holds_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
