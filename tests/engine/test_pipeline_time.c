/* SPDX-License-Identifier: Apache-2.0
 *
 * What the wall clock does to a pipeline, under a clock of the test's own: idle partitions, the close of a stream
 * that has stopped, the future guard, processing time, and the rule of 1970 where there are several partitions.
 */
#include "tests/engine/plans.h"

#include "tests/engine/arrays.h"

/* ---- the clock ---- */

static int64_t wall;

static int64_t read_wall(void *user) {
    (void)user;
    return wall;
}

/* SELECT window_start, COUNT(*), SUM(v) over (ts, k BIGINT, v BIGINT), windows of 10 ms, W = greatest time - 1. */
static struct weir_plan *counts(void) {
    struct weir_type types[3] = {TIME_, BIGINT_, BIGINT_};
    struct weir_plan *plan = plan_over(3, types);
    plan_window(plan, WEIR_WINDOW_TUMBLE, 10, 0, 0);
    plan_delay(plan, 1);
    return plan;
}

/* The outputs, once the keys are named. */
static void give(struct weir_plan *plan) {
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(plan, WEIR_AGGREGATE_SUM, 2);
    plan_outputs(plan, WEIR_RESULT_KEYS - 1);
    plan->outputs[0].expr = plan_result(plan, 0);
}

static struct weir_pipeline *open_with(struct weir_plan *plan, struct weir_pipeline_options options) {
    options.struct_size = sizeof(options);
    options.clock = read_wall;
    struct weir_pipeline *pipeline = NULL;
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    if (weir_pipeline_create_plan(plan, &options, &pipeline, &error) != WEIR_OK) fail_msg("%s", error.message);
    return pipeline;
}

static struct ArrowArray rows_at(int64_t count, const int64_t *ts, const char *valid) {
    int64_t k[64], v[64];
    assert_true(count <= 64);
    for (int64_t i = 0; i < count; i++) {
        k[i] = i % 3;
        v[i] = 1;
    }
    return batch_of(count, 3, array_i64(ts, count, valid), array_i64(k, count, NULL), array_i64(v, count, NULL));
}

static void push_to(struct weir_pipeline *pipeline, int32_t partition, int64_t ts) {
    struct ArrowArray batch = rows_at(1, &ts, NULL);
    if (weir_pipeline_push(pipeline, partition, &batch, &error) != WEIR_OK) fail_msg("push: %s", error.message);
}

static void poll_at(struct weir_pipeline *pipeline, int64_t now) {
    wall = now;
    if (weir_pipeline_poll(pipeline, &error) != WEIR_OK) fail_msg("poll: %s", error.message);
}

static int64_t w_of(struct weir_pipeline *pipeline) { return stats_of(pipeline).watermark; }

static void take_all(const struct weir_plan *plan, struct weir_pipeline *pipeline) {
    struct text text = {NULL, 0, 0};
    add_results(&text, plan, pipeline);
    text_free(&text);
}

#define NONE INT64_MIN

/* ---- idle partitions ---- */

static void a_silent_partition_is_left_out_after_the_timeout(void **state) {
    (void)state;
    for (int32_t workers = 0; workers < 3; workers += 2) {
        struct weir_plan *plan = counts();
        plan->watermark.idle_after_ms = 100;
        give(plan);
        wall = 1000;
        struct weir_pipeline *pipeline = open_with(plan, (struct weir_pipeline_options){.partitions = 3, .workers = workers});
        push_to(pipeline, 0, 51);
        push_to(pipeline, 1, 31);
        assert_int_equal(w_of(pipeline), NONE); /* partition 2 has never reported */
        poll_at(pipeline, 1099);
        assert_int_equal(w_of(pipeline), NONE);
        push_to(pipeline, 0, 52); /* active until 1199 */
        push_to(pipeline, 1, 32);
        poll_at(pipeline, 1100); /* partition 2, from the beginning */
        assert_int_equal(w_of(pipeline), 31);
        expect_now(plan, pipeline, "");
        wall = 1198;
        push_to(pipeline, 0, 61);
        poll_at(pipeline, 1199); /* partition 1 */
        assert_int_equal(w_of(pipeline), 60);
        expect_now(plan, pipeline, "30|2|2 50|2|2 ");
        push_to(pipeline, 2, 41); /* is behind: late, and does not hold W */
        push_to(pipeline, 0, 71);
        assert_int_equal(w_of(pipeline), 70);
        push_to(pipeline, 2, 72); /* has come as far: holds W from now on */
        push_to(pipeline, 0, 99);
        assert_int_equal(w_of(pipeline), 71);
        assert_int_equal(stats_of(pipeline).late, 1);
        poll_at(pipeline, 9999); /* all idle: the largest of them, then nothing */
        assert_int_equal(w_of(pipeline), 98);
        poll_at(pipeline, 99999);
        assert_int_equal(w_of(pipeline), 98);
        expect_now(plan, pipeline, "60|1|1 70|2|2 ");
        finish_ok(pipeline);
        expect_now(plan, pipeline, "90|1|1 ");
        close_all(pipeline, plan);
    }
}

static void partitions_that_have_never_reported_hold_w_only_until_they_are_idle(void **state) {
    (void)state;
    struct weir_plan *plan = counts();
    give(plan);
    struct weir_pipeline *pipeline = open_with(plan, (struct weir_pipeline_options){.partitions = 3});
    assert_int_equal(weir_pipeline_idle(pipeline, 0, &error), WEIR_OK);
    assert_int_equal(weir_pipeline_idle(pipeline, 1, &error), WEIR_OK);
    assert_int_equal(weir_pipeline_idle(pipeline, 2, &error), WEIR_OK); /* all idle, and none has said a thing */
    assert_int_equal(w_of(pipeline), NONE);
    push_to(pipeline, 1, 21); /* the only one that is not idle */
    assert_int_equal(w_of(pipeline), 20);
    expect_now(plan, pipeline, "");
    push_to(pipeline, 0, 5); /* it begins behind; its row is late for what W has passed */
    assert_int_equal(w_of(pipeline), 20);
    assert_int_equal(stats_of(pipeline).late, 1);
    push_to(pipeline, 1, 45);
    assert_int_equal(w_of(pipeline), 44);
    expect_now(plan, pipeline, "20|1|1 ");
    assert_int_equal(weir_pipeline_advance(pipeline, 0, 43, &error), WEIR_OK); /* still behind */
    push_to(pipeline, 1, 55);
    assert_int_equal(w_of(pipeline), 54);
    assert_int_equal(weir_pipeline_advance(pipeline, 0, 54, &error), WEIR_OK); /* aligned */
    push_to(pipeline, 1, 75);
    assert_int_equal(w_of(pipeline), 54);
    close_all(pipeline, plan);
}

/* ---- the close of a stream that has stopped ---- */

static void a_stopped_stream_fires_its_last_windows_once(void **state) {
    (void)state;
    static const enum weir_window_kind kinds[] = {WEIR_WINDOW_TUMBLE, WEIR_WINDOW_HOP, WEIR_WINDOW_CUMULATE,
                                                  WEIR_WINDOW_SESSION, WEIR_WINDOW_COUNT_OR_TIME};
    static const int64_t w_after[] = {29, 29, 29, 30, 40}; /* the last ms of the last window of a row at 21 */
    for (int k = 0; k < 5; k++) {
        for (int32_t workers = 0; workers < 3; workers += 2) {
            struct weir_plan *plan = counts();
            plan->watermark.close_after_ms = 50;
            plan->window = (struct weir_window_spec){kinds[k], 10, kinds[k] == WEIR_WINDOW_TUMBLE ? 0 : 5, 0};
            if (kinds[k] == WEIR_WINDOW_SESSION) plan->window.slide = 0;
            if (kinds[k] == WEIR_WINDOW_COUNT_OR_TIME) plan->window.slide = 20;
            give(plan);
            wall = 1000;
            struct weir_pipeline *pipeline = open_with(plan, (struct weir_pipeline_options){.workers = workers});
            poll_at(pipeline, 1050); /* nothing has come: nothing to close */
            assert_int_equal(w_of(pipeline), NONE);
            push_to(pipeline, 0, 21);
            poll_at(pipeline, 1099);
            assert_int_equal(w_of(pipeline), 20);
            poll_at(pipeline, 1100);
            assert_int_equal(w_of(pipeline), w_after[k]);
            take_all(plan, pipeline);
            assert_int_equal(stats_of(pipeline).rows_out, kinds[k] == WEIR_WINDOW_HOP        ? 2
                                                          : kinds[k] == WEIR_WINDOW_CUMULATE ? 2
                                                                                             : 1);
            poll_at(pipeline, 5000);
            assert_int_equal(w_of(pipeline), w_after[k]);
            push_to(pipeline, 0, 45); /* it goes on, and closes again */
            poll_at(pipeline, 5049);
            assert_int_equal(w_of(pipeline), 44);
            poll_at(pipeline, 5050);
            assert_true(w_of(pipeline) >= 49);
            finish_ok(pipeline);
            assert_int_equal(stats_of(pipeline).late, 0);
            close_all(pipeline, plan);
        }
    }
}

static void rows_of_the_future_do_not_say_where_a_stopped_stream_ends(void **state) {
    (void)state;
    for (int policy = 0; policy < 3; policy++) {
        struct weir_plan *plan = counts();
        plan->watermark.close_after_ms = 50;
        plan->watermark.future_max_ms = 1000;
        plan->watermark.future = policy == 0 ? WEIR_ROWS_DROP : policy == 1 ? WEIR_ROWS_SIDE : WEIR_ROWS_KEEP;
        give(plan);
        wall = 5000;
        struct weir_pipeline *pipeline = open_with(plan, (struct weir_pipeline_options){0});
        const int64_t ts[] = {4985, 9999, 4991};
        push_ok(pipeline, rows_at(3, ts, NULL));
        assert_int_equal(w_of(pipeline), 4990);
        poll_at(pipeline, 5050);
        assert_int_equal(w_of(pipeline), 4999);
        push_to(pipeline, 0, 5040); /* on time */
        assert_int_equal(stats_of(pipeline).late, 0);
        assert_int_equal(stats_of(pipeline).future, 1);
        assert_int_equal(stats_of(pipeline).future_dropped, policy == 2 ? 0 : 1);
        close_all(pipeline, plan);
    }
}

/* ---- the future guard ---- */

/* W is the value of column k, a BIGINT that is read as ms. */
static void claim_by_column(struct weir_plan *plan) {
    plan->columns[1] = weir_layout_of(TIME_);
    plan->watermark.kind = WEIR_WATERMARK_EXPRESSION;
    plan->watermark.expression = plan_column(plan, 1);
}

static void push_claims(struct weir_pipeline *pipeline, int64_t count, const int64_t *ts, const char *valid,
                        const int64_t *claims, const char *claims_valid) {
    int64_t v[64];
    for (int64_t i = 0; i < count; i++) v[i] = 1;
    push_ok(pipeline, batch_of(count, 3, array_i64(ts, count, valid), array_i64(claims, count, claims_valid),
                               array_i64(v, count, NULL)));
}

static int64_t rows_aside(struct weir_pipeline *pipeline) {
    int64_t rows = 0;
    struct ArrowArray array;
    for (int idle = 0; idle < 3; idle++) {
        while (weir_pipeline_next_late(pipeline, &array, &error) == WEIR_OK) {
            rows += array.length;
            array.release(&array);
        }
        stats_of(pipeline); /* waits for the workers */
    }
    return rows;
}

static void a_row_of_the_future_does_not_move_w_whatever_the_watermark_says(void **state) {
    (void)state;
    static const enum weir_row_policy policies[] = {WEIR_ROWS_KEEP, WEIR_ROWS_DROP, WEIR_ROWS_SIDE};
    for (int policy = 0; policy < 3; policy++) {
        for (int32_t workers = 0; workers < 3; workers += 2) {
            struct weir_plan *plan = counts();
            claim_by_column(plan);
            plan->watermark.future_max_ms = 100;
            plan->watermark.future = policies[policy];
            give(plan);
            wall = 1000;
            struct weir_pipeline *pipeline = open_with(plan, (struct weir_pipeline_options){.workers = workers});
            static const int64_t ts[] = {1100, 1101, 1095, 0, 1090};
            static const int64_t claims[] = {1080, 1200, 0, 1085, 1082}; /* the third is NULL, the fourth's time is */
            push_claims(pipeline, 5, ts, "11101", claims, "11011");
            assert_int_equal(w_of(pipeline), 1085);
            struct weir_stats stats = stats_of(pipeline);
            assert_int_equal(stats.future, 1);
            assert_int_equal(stats.future_dropped, policy == 0 ? 0 : 1);
            assert_int_equal(stats.null_time, 1);
            assert_int_equal(stats.aggregated, policy == 0 ? 4 : 3);
            assert_int_equal(rows_aside(pipeline), policy == 2 ? 1 : 0);
            finish_ok(pipeline);
            expect_now(plan, pipeline, policy == 0 ? "1090|2|2 1100|2|2 " : "1090|2|2 1100|1|1 ");
            struct ArrowArray none;
            assert_int_equal(weir_pipeline_next_late(pipeline, &none, &error), WEIR_END);
            close_all(pipeline, plan);
        }
    }
}

static void late_rows_and_rows_of_the_future_are_put_aside_once_whatever_the_workers(void **state) {
    (void)state;
    enum { ROUNDS = 40 };
    for (int machine = 0; machine < 2; machine++) {
        for (int32_t workers = 0; workers < 4; workers++) {
            struct weir_plan *plan = counts();
            plan->watermark.future_max_ms = 100;
            plan->watermark.future = WEIR_ROWS_SIDE;
            plan->emission.late = WEIR_ROWS_SIDE;
            plan_key(plan, 1);
            if (machine) plan->window = (struct weir_window_spec){WEIR_WINDOW_SESSION, 10, 0, 0};
            give(plan);
            wall = 100;
            struct weir_pipeline *pipeline = open_with(plan, (struct weir_pipeline_options){.workers = workers});
            int64_t aside = 0;
            for (int64_t i = 0; i < ROUNDS; i++) {
                wall += 100;
                const int64_t ts[] = {wall, wall + 101, wall - 90, wall + 1000, wall + 5, wall + 7};
                push_ok(pipeline, rows_at(6, ts, NULL));
                if (i % 3 == 0) aside += rows_aside(pipeline);
            }
            finish_ok(pipeline);
            aside += rows_aside(pipeline);
            take_all(plan, pipeline);
            struct weir_stats stats = stats_of(pipeline);
            assert_int_equal(stats.rows_in, 6 * ROUNDS);
            assert_int_equal(stats.future, 2 * ROUNDS);
            assert_int_equal(stats.future_dropped, 2 * ROUNDS);
            assert_int_equal(stats.late, ROUNDS);
            assert_int_equal(stats.aggregated, 3 * ROUNDS);
            assert_int_equal(aside, 3 * ROUNDS);
            close_all(pipeline, plan);
        }
    }
}

/* ---- processing time ---- */

static struct weir_plan *counts_by_clock(void) {
    struct weir_plan *plan = counts();
    plan->watermark = (struct weir_watermark_spec){.kind = WEIR_WATERMARK_NONE};
    plan->time_column = -1;
    plan->processing_time = true;
    return plan;
}

static void windows_of_processing_time_close_when_the_clock_reaches_their_end(void **state) {
    (void)state;
    static const struct {
        int32_t workers;
        enum weir_strategy strategy;
    } ways[] = {{0, WEIR_STRATEGY_AUTO}, {2, WEIR_STRATEGY_LOCAL_FIRST}, {2, WEIR_STRATEGY_PARTITION_FIRST}};
    for (int way = 0; way < 3; way++) {
        for (int discard = 0; discard < 2; discard++) {
            struct weir_plan *plan = counts_by_clock();
            plan_key(plan, 1);
            give(plan);
            plan->outputs[1].expr = plan_result(plan, WEIR_RESULT_KEYS);
            wall = 1000;
            struct weir_pipeline *pipeline =
                open_with(plan, (struct weir_pipeline_options){
                                    .workers = ways[way].workers, .strategy = ways[way].strategy, .discard_open = discard});
            push_to(pipeline, 0, -5); /* its own time does not matter, nor a NULL one */
            wall = 1009;
            const int64_t ts = 5;
            push_ok(pipeline, rows_at(1, &ts, "0"));
            expect_now(plan, pipeline, "");
            wall = 1010;
            push_to(pipeline, 0, 0); /* in the next window, and its clock closes the one before */
            expect_now(plan, pipeline, "1000|0|2|2 ");
            wall = 1005; /* the clock goes back: time stands still */
            push_to(pipeline, 0, 0);
            poll_at(pipeline, 1019);
            expect_now(plan, pipeline, "");
            poll_at(pipeline, 1020);
            expect_now(plan, pipeline, "1010|0|2|2 ");
            push_to(pipeline, 0, 0);
            wall = 1031;
            push_to(pipeline, 0, 0);
            wall = 1039;
            finish_ok(pipeline);
            expect_now(plan, pipeline, "1020|0|1|1 "); /* what the clock has not closed gives nothing */
            struct weir_stats stats = stats_of(pipeline);
            assert_int_equal(stats.aggregated, 6);
            assert_int_equal(stats.late, 0);
            assert_int_equal(stats.windows_fired, 3);
            assert_int_equal(weir_pipeline_poll(pipeline, &error), WEIR_ERR_STATE);
            close_all(pipeline, plan);
        }
    }
}

static void the_end_closes_what_the_clock_has_reached(void **state) {
    (void)state;
    for (int32_t workers = 0; workers < 3; workers += 2) {
        struct weir_plan *plan = counts_by_clock();
        plan->window = (struct weir_window_spec){WEIR_WINDOW_SESSION, 10, 0, 0};
        plan_key(plan, 1);
        give(plan);
        wall = 1000;
        struct weir_pipeline *pipeline = open_with(plan, (struct weir_pipeline_options){.workers = workers});
        push_to(pipeline, 0, 0);
        wall = 1009;
        push_to(pipeline, 0, 0);
        wall = 1030;
        push_to(pipeline, 0, 0);
        wall = 1039;
        finish_ok(pipeline);
        expect_now(plan, pipeline, "1000|0|2|2 ");
        close_all(pipeline, plan);
    }
}

static void a_zone_places_windows_of_processing_time_on_its_wall_clock(void **state) {
    (void)state;
    const int64_t hour = 3600000, autumn = INT64_C(1729983600000); /* 2024-10-26 23:00 UTC: 01:00 in Berlin */
    for (int32_t workers = 0; workers < 3; workers += 2) {
        struct weir_plan *plan = counts_by_clock();
        plan->window.size = hour;
        plan->zone = "Europe/Berlin";
        give(plan);
        wall = autumn;
        struct weir_pipeline *pipeline = open_with(plan, (struct weir_pipeline_options){.workers = workers});
        push_to(pipeline, 0, 0); /* 01:00 */
        for (int i = 2; i < 8; i++) {
            wall = autumn + i * hour / 2;
            push_to(pipeline, 0, 0); /* 02:00, 02:30, 02:00, 02:30, 03:00, 03:30 */
        }
        finish_ok(pipeline);
        char expected[100];
        snprintf(expected, sizeof(expected), "%lld|1|1 %lld|4|4 ", (long long)(autumn + 2 * hour),
                 (long long)(autumn + 3 * hour));
        expect_now(plan, pipeline, expected);
        assert_int_equal(stats_of(pipeline).late, 0);
        close_all(pipeline, plan);
    }
}

/* ---- 1970 ---- */

static void a_partition_that_stays_before_1970_holds_w_until_it_is_idle(void **state) {
    (void)state;
    for (int32_t workers = 0; workers < 3; workers += 2) {
        struct weir_plan *plan = counts();
        plan->watermark.above_epoch = true;
        plan->watermark.idle_after_ms = 100;
        give(plan);
        wall = 1000;
        struct weir_pipeline *pipeline =
            open_with(plan, (struct weir_pipeline_options){.partitions = 2, .workers = workers});
        push_to(pipeline, 0, 35);
        push_to(pipeline, 1, -50);
        push_to(pipeline, 1, 1); /* claims 0: none */
        push_to(pipeline, 1, -90);
        assert_int_equal(w_of(pipeline), NONE);
        assert_int_equal(stats_of(pipeline).late, 0);
        expect_now(plan, pipeline, "");
        push_to(pipeline, 1, 2);
        assert_int_equal(w_of(pipeline), 1);
        expect_now(plan, pipeline, "-90|1|1 -50|1|1 ");
        push_to(pipeline, 1, -7);
        assert_int_equal(stats_of(pipeline).late, 1);
        wall = 1099;
        push_to(pipeline, 0, 36);
        poll_at(pipeline, 1100);
        assert_int_equal(w_of(pipeline), 35);
        expect_now(plan, pipeline, "0|2|2 ");
        finish_ok(pipeline);
        expect_now(plan, pipeline, "30|2|2 ");
        close_all(pipeline, plan);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_silent_partition_is_left_out_after_the_timeout),
        cmocka_unit_test(partitions_that_have_never_reported_hold_w_only_until_they_are_idle),
        cmocka_unit_test(a_stopped_stream_fires_its_last_windows_once),
        cmocka_unit_test(rows_of_the_future_do_not_say_where_a_stopped_stream_ends),
        cmocka_unit_test(a_row_of_the_future_does_not_move_w_whatever_the_watermark_says),
        cmocka_unit_test(late_rows_and_rows_of_the_future_are_put_aside_once_whatever_the_workers),
        cmocka_unit_test(windows_of_processing_time_close_when_the_clock_reaches_their_end),
        cmocka_unit_test(the_end_closes_what_the_clock_has_reached),
        cmocka_unit_test(a_zone_places_windows_of_processing_time_on_its_wall_clock),
        cmocka_unit_test(a_partition_that_stays_before_1970_holds_w_until_it_is_idle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
