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
        struct weir_pipeline *pipeline =
            open_with(plan, (struct weir_pipeline_options){.partitions = 3, .workers = workers});
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
        struct weir_partition_report report = {.struct_size = sizeof(report)};
        assert_int_equal(weir_pipeline_partition(pipeline, 0, &report, &error), WEIR_OK);
        assert_int_equal(report.time_max, 4991);
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
            static const int64_t claims[] = {1080, 1200, 0, 1085,
                                             1082}; /* the third is NULL, the fourth's time is */
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

/* For any split: while rows of one partition come, the others stay where they are. */
static void the_median_of_the_other_partitions_guards_against_the_future(void **state) {
    (void)state;
    static const enum weir_row_policy policies[] = {WEIR_ROWS_KEEP, WEIR_ROWS_DROP};
    for (int turn = 0; turn < 8; turn++) {
        struct weir_plan *plan = counts();
        plan->watermark.future_max_ms = 100;
        plan->watermark.future_by_partitions = true;
        plan->watermark.future = policies[turn % 2];
        give(plan);
        struct weir_pipeline *pipeline =
            open_with(plan, (struct weir_pipeline_options){.partitions = 4, .workers = turn / 4 * 2});
        push_to(pipeline, 0, 5000); /* the first has none to be measured against */
        push_to(pipeline, 1, 7);
        push_to(pipeline, 2, 9);
        static const int64_t ts[] = {110, 109, 108}; /* against the lower median of 5000, 7 and 9: 110 is ahead */
        bool together = turn / 2 % 2 == 0;
        struct ArrowArray batch = rows_at(3, ts, NULL);
        if (together) assert_int_equal(weir_pipeline_push(pipeline, 3, &batch, &error), WEIR_OK);
        for (int i = 0; !together && i < 3; i++) push_to(pipeline, 3, ts[i]);
        if (!together) batch.release(&batch);
        assert_int_equal(w_of(pipeline), 6);
        assert_int_equal(weir_pipeline_idle(pipeline, 2, &error), WEIR_OK);
        push_to(pipeline, 1, 209); /* against the lower of 5000 and 109 */
        push_to(pipeline, 1, 210);
        assert_int_equal(w_of(pipeline), 108);
        struct weir_stats stats = stats_of(pipeline);
        assert_int_equal(stats.future, 2);
        assert_int_equal(stats.future_dropped, turn % 2 == 0 ? 0 : 2);
        finish_ok(pipeline);
        close_all(pipeline, plan);
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
            struct weir_pipeline *pipeline = open_with(
                plan, (struct weir_pipeline_options){
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

/* P2 is behind; the others are idle at the same moment, in either order of their numbers. */
static void partitions_that_are_idle_at_once_are_left_out_at_once(void **state) {
    (void)state;
    for (int turned = 0; turned < 2; turned++) {
        struct weir_plan *plan = counts();
        plan->watermark.idle_after_ms = 100;
        give(plan);
        wall = 1000;
        struct weir_pipeline *pipeline = open_with(plan, (struct weir_pipeline_options){.partitions = 3});
        push_to(pipeline, turned ? 1 : 0, 21);
        push_to(pipeline, turned ? 0 : 1, 11);
        assert_int_equal(weir_pipeline_idle(pipeline, 2, &error), WEIR_OK);
        assert_int_equal(w_of(pipeline), 10);
        wall = 1050;
        push_to(pipeline, 2, 6);
        poll_at(pipeline, 1100);
        assert_int_equal(w_of(pipeline), 10); /* only P2 is left, which is behind */
        poll_at(pipeline, 1150);
        assert_int_equal(w_of(pipeline), 20);
        close_all(pipeline, plan);
    }
}

/* ---- the order of admission ---- */

enum { EVENTS = 60, PARTITIONS = 3, LINES = 20000 };

struct event {
    int kind; /* 0: rows; 1: advance; 2: idle; 3: time passes */
    int32_t partition;
    int64_t value; /* the watermark, or ms of the wall clock */
    int32_t count;
    int64_t ts[64];
};

static uint64_t random_state;

static int64_t random_below(int64_t limit) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((random_state >> 33) % (uint64_t)limit);
}

static void random_events(struct event *events) {
    int64_t now[PARTITIONS] = {1, 1, 1};
    for (int e = 0; e < EVENTS; e++) {
        struct event *event = &events[e];
        int64_t dice = random_below(20);
        event->kind = dice < 14 ? 0 : (int)(dice - 13) % 4;
        event->partition = (int32_t)random_below(PARTITIONS);
        int64_t *at = &now[event->partition];
        event->count = 1 + (int32_t)random_below(64);
        for (int32_t i = 0; i < event->count && event->kind == 0; i++) {
            *at += random_below(random_below(10) == 0 ? 30 : 3);
            event->ts[i] = *at - (random_below(4) == 0 ? random_below(25) : 0);
        }
        event->value = event->kind == 1 ? *at + random_below(10) - 5 : random_below(60);
    }
}

static void push_event(struct weir_pipeline *pipeline, const struct event *event, int32_t batch) {
    for (int32_t at = 0; at < event->count; at += batch) {
        int32_t rows = event->count - at < batch ? event->count - at : batch;
        int64_t k[64], v[64];
        for (int32_t i = 0; i < rows; i++) {
            k[i] = event->ts[at + i] % 5;
            v[i] = event->ts[at + i];
        }
        struct ArrowArray array = batch_of(rows, 3, array_i64(event->ts + at, rows, NULL), array_i64(k, rows, NULL),
                                           array_i64(v, rows, NULL));
        if (weir_pipeline_push(pipeline, event->partition, &array, &error) != WEIR_OK)
            fail_msg("%s", error.message);
    }
}

static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* The rows of the result, sorted, and the counters, as a text; the caller frees it. */
static char *run_events(const struct event *events, enum weir_window_kind kind,
                        struct weir_pipeline_options options, int32_t batch) {
    struct weir_plan *plan = counts();
    plan->window =
        (struct weir_window_spec){kind, 20, kind == WEIR_WINDOW_HOP || kind == WEIR_WINDOW_CUMULATE ? 5 : 0, 0};
    plan->watermark.idle_after_ms = 100;
    plan->watermark.close_after_ms = 400;
    plan_key(plan, 1);
    give(plan);
    options.partitions = PARTITIONS;
    wall = 1000;
    struct weir_pipeline *pipeline = open_with(plan, options);
    struct text text = {NULL, 0, 0};
    for (int e = 0; e < EVENTS; e++) {
        const struct event *event = &events[e];
        enum weir_status status = WEIR_OK;
        if (event->kind == 0) push_event(pipeline, event, batch);
        if (event->kind == 1) status = weir_pipeline_advance(pipeline, event->partition, event->value, &error);
        if (event->kind == 2) status = weir_pipeline_idle(pipeline, event->partition, &error);
        if (event->kind == 3) poll_at(pipeline, wall + event->value);
        assert_int_equal(status, WEIR_OK);
        if (e % 7 == 0) add_results(&text, plan, pipeline);
    }
    finish_ok(pipeline);
    add_results(&text, plan, pipeline);
    static char *lines[LINES];
    int count = 0;
    for (char *line = strtok(text.bytes, " "); line != NULL && count < LINES; line = strtok(NULL, " "))
        lines[count++] = line;
    qsort(lines, (size_t)count, sizeof(char *), by_text);
    struct weir_stats stats = stats_of(pipeline);
    struct text sorted = {NULL, 0, 0};
    text_add(&sorted, "late %lld aggregated %lld fired %lld W %lld:", (long long)stats.late,
             (long long)stats.aggregated, (long long)stats.windows_fired, (long long)stats.watermark);
    for (int i = 0; i < count; i++) text_add(&sorted, " %s", lines[i]);
    text_free(&text);
    close_all(pipeline, plan);
    return sorted.bytes;
}

static void partitions_and_the_clock_are_the_same_for_any_split_and_any_workers(void **state) {
    (void)state;
    static const enum weir_window_kind kinds[] = {WEIR_WINDOW_TUMBLE, WEIR_WINDOW_HOP, WEIR_WINDOW_CUMULATE,
                                                  WEIR_WINDOW_SESSION};
    static struct event events[EVENTS];
    for (int round = 0; round < 24; round++) {
        random_state = (uint64_t)round;
        random_events(events);
        enum weir_window_kind kind = kinds[round % 4];
        char *one = run_events(events, kind, (struct weir_pipeline_options){0}, 64);
        assert_true(strlen(one) > 200); /* there is something to compare */
        static const struct {
            struct weir_pipeline_options options;
            int32_t batch;
        } ways[] = {{{.workers = 0}, 1},
                    {{.workers = 2, .strategy = WEIR_STRATEGY_LOCAL_FIRST}, 7},
                    {{.workers = 3, .strategy = WEIR_STRATEGY_PARTITION_FIRST}, 64}};
        for (int way = 0; way < 3; way++) {
            char *other = run_events(events, kind, ways[way].options, ways[way].batch);
            if (strcmp(one, other) != 0) {
                print_message("round %d way %d:\n%.300s\n%.300s\n", round, way, one, other);
                fail();
            }
            free(other);
        }
        free(one);
    }
}

/* ---- errors ---- */

/* An argument that overflows is an error also where its row is late, alone in its batch or not. */
static void an_error_in_a_late_row_does_not_depend_on_the_rows_beside_it(void **state) {
    (void)state;
    for (int together = 0; together < 2; together++) {
        struct weir_plan *plan = counts();
        struct weir_expr *args[2] = {plan_column(plan, 2),
                                     weir_expr_literal(&plan->arena, BIGINT_, (union weir_value){.i64 = 1})};
        plan_call_of(plan, WEIR_AGGREGATE_MAX, weir_expr_node(&plan->arena, WEIR_EXPR_ADD, BIGINT_, 2, args));
        give(plan);
        struct weir_pipeline *pipeline = open_with(plan, (struct weir_pipeline_options){0});
        const int64_t ts[] = {100, 5, 101}, k[] = {1, 1, 1}, v[] = {1, INT64_MAX, 1};
        enum weir_status status = WEIR_OK;
        for (int32_t at = 0, rows = together ? 3 : 1; status == WEIR_OK && at < 3; at += rows) {
            struct ArrowArray batch = batch_of(rows, 3, array_i64(ts + at, rows, NULL),
                                               array_i64(k + at, rows, NULL), array_i64(v + at, rows, NULL));
            status = weir_pipeline_push(pipeline, 0, &batch, &error);
            if (batch.release != NULL) batch.release(&batch);
        }
        assert_int_equal(status, WEIR_ERR_VALUE);
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
        cmocka_unit_test(the_median_of_the_other_partitions_guards_against_the_future),
        cmocka_unit_test(late_rows_and_rows_of_the_future_are_put_aside_once_whatever_the_workers),
        cmocka_unit_test(windows_of_processing_time_close_when_the_clock_reaches_their_end),
        cmocka_unit_test(the_end_closes_what_the_clock_has_reached),
        cmocka_unit_test(a_zone_places_windows_of_processing_time_on_its_wall_clock),
        cmocka_unit_test(a_partition_that_stays_before_1970_holds_w_until_it_is_idle),
        cmocka_unit_test(partitions_that_are_idle_at_once_are_left_out_at_once),
        cmocka_unit_test(partitions_and_the_clock_are_the_same_for_any_split_and_any_workers),
        cmocka_unit_test(an_error_in_a_late_row_does_not_depend_on_the_rows_beside_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
