/* SPDX-License-Identifier: Apache-2.0
 *
 * Windows and watermarks through the whole engine: the worked cases of the semantics, each without workers and with
 * three, and the counters after each call.
 */
#include "tests/engine/plans.h"

#include "tests/engine/arrays.h"

/* The cases of a test run with these numbers of workers. */
static const int32_t workers_tried[] = {0, 3};
#define FOR_WORKERS(workers)                                                                                       \
    for (size_t w_ = 0, workers = 0; w_ < 2 && (workers = (size_t)workers_tried[w_], true); w_++)

/* SELECT key, SUM(v), window_end - 1 over (ts, key, v); the watermark of the C API: W = greatest - B - 1, none for
 * B < 0. */
static struct weir_plan *sums(enum weir_window_kind kind, int64_t size, int64_t slide, int64_t offset,
                              int64_t bound) {
    struct weir_type types[3] = {TIME_, STRING_, BIGINT_};
    struct weir_plan *plan = plan_over(3, types);
    plan_window(plan, kind, size, slide, offset);
    if (bound >= 0) plan_delay(plan, bound + 1);
    plan_key(plan, 1);
    plan_call(plan, WEIR_AGGREGATE_SUM, 2);
    plan->outputs = weir_arena_array(&plan->arena, 3, sizeof(*plan->outputs));
    plan->outputs[0] = (struct weir_plan_output){"key", plan_result(plan, WEIR_RESULT_KEYS)};
    plan->outputs[1] = (struct weir_plan_output){"sum", plan_result(plan, WEIR_RESULT_KEYS + 1)};
    plan->outputs[2] = (struct weir_plan_output){"at", plan_result(plan, WEIR_RESULT_WINDOW_TIME)};
    plan->outputs_count = 3;
    return plan;
}

static struct ArrowArray one_row(const char *key, int64_t ts, int64_t v) {
    return batch_of(1, 3, array_i64(&ts, 1, NULL), array_strings(&key, 1, false), array_i64(&v, 1, NULL));
}

static void push_row(struct weir_pipeline *pipeline, const char *key, int64_t ts, int64_t v) {
    push_ok(pipeline, one_row(key, ts, v));
}

static void advance_ok(struct weir_pipeline *pipeline, int64_t watermark) {
    assert_int_equal(weir_pipeline_advance(pipeline, 0, watermark, &error), WEIR_OK);
}

/* ---- worked cases ---- */

static void tumbling_windows_fire_when_w_reaches_their_last_ms(void **state) {
    (void)state;
    static const struct {
        const char *key;
        int64_t ts;
    } rows[] = {{"k2", 3999}, {"k2", 3000}, {"k1", 20},   {"k1", 0},
                {"k1", 999},  {"k2", 1998}, {"k2", 1999}, {"k2", 1000}};
    FOR_WORKERS(workers) {
        struct weir_plan *plan = sums(WEIR_WINDOW_TUMBLE, 3000, 0, 0, -1);
        struct weir_pipeline *pipeline = plan_open(plan, (int32_t)workers);
        for (size_t i = 0; i < 8; i++) push_row(pipeline, rows[i].key, rows[i].ts, 1);
        advance_ok(pipeline, 2998);
        expect_now(plan, pipeline, "");
        advance_ok(pipeline, 2999);
        struct text text = {NULL, 0, 0};
        add_results(&text, plan, pipeline);
        assert_true(strcmp(text.bytes, "k1|3|2999 k2|3|2999 ") == 0 ||
                    strcmp(text.bytes, "k2|3|2999 k1|3|2999 ") == 0);
        text_free(&text);
        advance_ok(pipeline, 5999);
        expect_now(plan, pipeline, "k2|2|5999 ");
        finish_ok(pipeline);
        expect_now(plan, pipeline, "");
        assert_int_equal(stats_of(pipeline).windows_fired, 2);
        close_all(pipeline, plan);
    }
}

static void without_lateness_a_row_of_a_fired_window_is_late(void **state) {
    (void)state;
    FOR_WORKERS(workers) {
        struct weir_plan *plan = sums(WEIR_WINDOW_TUMBLE, 2000, 0, 0, -1);
        struct weir_pipeline *pipeline = plan_open(plan, (int32_t)workers);
        push_row(pipeline, "k", 1000, 1);
        advance_ok(pipeline, 1985);
        push_row(pipeline, "k", 1980, 1);
        expect_now(plan, pipeline, "");
        advance_ok(pipeline, 1999);
        expect_now(plan, pipeline, "k|2|1999 ");
        push_row(pipeline, "k", 1998, 1);
        assert_int_equal(stats_of(pipeline).late, 1);
        push_row(pipeline, "k", 2001, 1);
        advance_ok(pipeline, 3999);
        expect_now(plan, pipeline, "k|1|3999 ");
        assert_int_equal(stats_of(pipeline).aggregated, 3);
        close_all(pipeline, plan);
    }
}

static void cumulate_fires_every_later_step_of_its_period(void **state) {
    (void)state;
    const int64_t minute = 60000, base = 8 * 60 * minute;
    FOR_WORKERS(workers) {
        struct weir_plan *plan = sums(WEIR_WINDOW_CUMULATE, 10 * minute, 2 * minute, 0, -1);
        struct weir_pipeline *pipeline = plan_open(plan, (int32_t)workers);
        push_row(pipeline, "k", base + 11 * minute, 3);
        push_row(pipeline, "k", base + 13 * minute, 1);
        push_row(pipeline, "k", base + 17 * minute, 6);
        advance_ok(pipeline, base + 16 * minute - 1); /* in two advances: the running total outlives the first */
        struct text text = {NULL, 0, 0};
        add_results(&text, plan, pipeline);
        finish_ok(pipeline);
        add_results(&text, plan, pipeline);
        char expected[400];
        snprintf(expected, sizeof(expected), "k|3|%lld k|4|%lld k|4|%lld k|10|%lld k|10|%lld ",
                 (long long)(base + 12 * minute - 1), (long long)(base + 14 * minute - 1),
                 (long long)(base + 16 * minute - 1), (long long)(base + 18 * minute - 1),
                 (long long)(base + 20 * minute - 1));
        assert_string_equal(text.bytes, expected);
        text_free(&text);
        close_all(pipeline, plan);
    }
}

static void leading_empty_steps_of_cumulate_are_silent(void **state) {
    (void)state;
    struct weir_plan *plan = sums(WEIR_WINDOW_CUMULATE, 100, 10, 0, -1);
    struct weir_pipeline *pipeline = plan_open(plan, 0);
    push_row(pipeline, "k", 85, 1);
    push_row(pipeline, "k", 385, 1);
    finish_ok(pipeline);
    expect_now(plan, pipeline, "k|1|89 k|1|99 k|1|389 k|1|399 ");
    close_all(pipeline, plan);
}

static void hop_puts_a_row_into_every_window_that_overlaps_it(void **state) {
    (void)state;
    FOR_WORKERS(workers) {
        struct weir_plan *plan = sums(WEIR_WINDOW_HOP, 5000, 1000, 0, -1);
        struct weir_pipeline *pipeline = plan_open(plan, (int32_t)workers);
        push_row(pipeline, "k", 0, 1);
        finish_ok(pipeline);
        expect_now(plan, pipeline, "k|1|999 k|1|1999 k|1|2999 k|1|3999 k|1|4999 ");
        close_all(pipeline, plan);
    }
    struct weir_plan *plan = sums(WEIR_WINDOW_HOP, 5000, 1000, -100, -1);
    struct weir_pipeline *pipeline = plan_open(plan, 0);
    push_row(pipeline, "k", 0, 1);
    finish_ok(pipeline);
    expect_now(plan, pipeline, "k|1|899 k|1|1899 k|1|2899 k|1|3899 k|1|4899 ");
    close_all(pipeline, plan);
}

static void hop_of_any_ratio_has_gaps_and_odd_overlaps(void **state) {
    (void)state;
    struct weir_plan *plan = sums(WEIR_WINDOW_HOP, 3, 10, 0, -1); /* [0,3), [10,13): a gap of 7 */
    struct weir_pipeline *pipeline = plan_open(plan, 0);
    for (int64_t ts = -3; ts < 13; ts++) push_row(pipeline, "k", ts, 1);
    advance_ok(pipeline, 100);
    push_row(pipeline, "k", 5, 1);  /* a row of a gap is unassigned, whatever W */
    push_row(pipeline, "k", 11, 1); /* this one is late */
    expect_now(plan, pipeline, "k|3|2 k|3|12 ");
    struct weir_stats stats = stats_of(pipeline);
    assert_int_equal(stats.aggregated, 6);
    assert_int_equal(stats.unassigned, 11);
    assert_int_equal(stats.late, 1);
    close_all(pipeline, plan);
    plan = sums(WEIR_WINDOW_HOP, 7, 3, 0, -1); /* 7 is no multiple of 3 */
    pipeline = plan_open(plan, 0);
    push_row(pipeline, "k", 6, 1);  /* in [0,7), [3,10), [6,13) */
    push_row(pipeline, "k", 7, 10); /* in [3,10), [6,13) */
    finish_ok(pipeline);
    expect_now(plan, pipeline, "k|1|6 k|11|9 k|11|12 ");
    close_all(pipeline, plan);
}

static void a_row_late_for_one_hop_window_counts_in_the_others(void **state) {
    (void)state;
    FOR_WORKERS(workers) {
        struct weir_plan *plan = sums(WEIR_WINDOW_HOP, 30, 10, 0, -1);
        struct weir_pipeline *pipeline = plan_open(plan, (int32_t)workers);
        push_row(pipeline, "k", 25, 1);
        advance_ok(pipeline, 29); /* [0,30) fires */
        expect_now(plan, pipeline, "k|1|29 ");
        push_row(pipeline, "k", 24, 10);
        advance_ok(pipeline, 49);
        expect_now(plan, pipeline, "k|11|39 k|11|49 ");
        push_row(pipeline, "k", 24, 100);
        struct weir_stats stats = stats_of(pipeline);
        assert_int_equal(stats.late, 1);
        assert_int_equal(stats.aggregated, 2);
        close_all(pipeline, plan);
    }
}

static void a_row_late_for_a_cumulate_step_counts_from_the_next(void **state) {
    (void)state;
    FOR_WORKERS(workers) {
        struct weir_plan *plan = sums(WEIR_WINDOW_CUMULATE, 40, 10, 0, -1);
        struct weir_pipeline *pipeline = plan_open(plan, (int32_t)workers);
        push_row(pipeline, "k", 5, 1);
        advance_ok(pipeline, 19);
        expect_now(plan, pipeline, "k|1|9 k|1|19 ");
        push_row(pipeline, "k", 6, 10);
        push_row(pipeline, "j", 7, 5); /* a key that the closed steps never saw */
        advance_ok(pipeline, 29);
        struct text text = {NULL, 0, 0};
        add_results(&text, plan, pipeline);
        assert_non_null(strstr(text.bytes, "k|11|29 "));
        assert_non_null(strstr(text.bytes, "j|5|29 "));
        text_free(&text);
        advance_ok(pipeline, 39);
        push_row(pipeline, "k", 8, 100);
        assert_int_equal(stats_of(pipeline).late, 1);
        close_all(pipeline, plan);
    }
}

static void offsets_of_either_sign_move_the_windows(void **state) {
    (void)state;
    static const struct {
        int64_t size, offset, ts, start;
    } cases[] = {{7, 0, -8, -14},       {7, 0, -7, -7},          {7, 0, -1, -7}, {7, 0, 6, 0},  {7, 0, 7, 7},
                 {7, 3, -10, -11},      {7, 3, -3, -4},          {7, 3, 2, -4},  {7, 3, 3, 3},  {7, -2, -12, -16},
                 {7, -2, -3, -9},       {7, -2, -2, -2},         {7, -2, 4, -2}, {7, -2, 7, 5}, {5000, 0, 4999, 0},
                 {5000, -100, 0, -100}, {5000, -100, 4900, 4900}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct weir_plan *plan = sums(WEIR_WINDOW_TUMBLE, cases[i].size, 0, cases[i].offset, -1);
        struct weir_pipeline *pipeline = plan_open(plan, 0);
        push_row(pipeline, "k", cases[i].ts, 1);
        finish_ok(pipeline);
        char expected[64];
        snprintf(expected, sizeof(expected), "k|1|%lld ", (long long)(cases[i].start + cases[i].size - 1));
        expect_now(plan, pipeline, expected);
        close_all(pipeline, plan);
    }
}

/* ---- bounded out-of-orderness ---- */

static void equal_times_are_on_time_with_a_bound_of_zero(void **state) {
    (void)state;
    FOR_WORKERS(workers) {
        struct weir_plan *plan = sums(WEIR_WINDOW_TUMBLE, 10, 0, 0, 0);
        struct weir_pipeline *pipeline = plan_open(plan, (int32_t)workers);
        push_row(pipeline, "k", 9, 1); /* W = 8 */
        push_row(pipeline, "k", 9, 1);
        push_row(pipeline, "k", 10, 1); /* W = 9: [0,10) fires */
        push_row(pipeline, "k", 9, 1);
        expect_now(plan, pipeline, "k|2|9 ");
        assert_int_equal(stats_of(pipeline).late, 1);
        assert_int_equal(stats_of(pipeline).watermark, 9);
        close_all(pipeline, plan);
    }
}

static void a_batch_closes_windows_between_its_own_rows(void **state) {
    (void)state;
    static const int64_t ts[8] = {1, 25, 2, 12, 35, 31, 24, 3}, v[8] = {1, 2, 4, 8, 16, 32, 64, 128};
    static const char *const keys[8] = {"k", "k", "k", "k", "k", "k", "k", "k"};
    FOR_WORKERS(workers) {
        for (int split = 1; split <= 8; split++) {
            struct weir_plan *plan = sums(WEIR_WINDOW_TUMBLE, 10, 0, 0, 5); /* W = greatest - 6 */
            struct weir_pipeline *pipeline = plan_open(plan, (int32_t)workers);
            for (int at = 0; at < 8; at += split) {
                int n = 8 - at < split ? 8 - at : split;
                push_ok(pipeline, batch_of(n, 3, array_i64(ts + at, n, NULL), array_strings(keys + at, n, false),
                                           array_i64(v + at, n, NULL)));
            }
            finish_ok(pipeline);
            /* 25 gives W 19: 2 and 12 are late; 35 gives W 29: 24 and 3 are late. */
            expect_now(plan, pipeline, "k|1|9 k|2|29 k|48|39 ");
            assert_int_equal(stats_of(pipeline).late, 4);
            close_all(pipeline, plan);
        }
    }
}

static void a_watermark_never_goes_back(void **state) {
    (void)state;
    struct weir_plan *plan = sums(WEIR_WINDOW_TUMBLE, 10, 0, 0, 0);
    struct weir_pipeline *pipeline = plan_open(plan, 0);
    push_row(pipeline, "k", 100, 1);
    assert_int_equal(stats_of(pipeline).watermark, 99);
    push_row(pipeline, "k", 50, 1);
    advance_ok(pipeline, 20);
    advance_ok(pipeline, INT64_MIN);
    assert_int_equal(stats_of(pipeline).watermark, 99);
    assert_int_equal(stats_of(pipeline).late, 1);
    close_all(pipeline, plan);
}

static void a_filtered_row_moves_the_watermark(void **state) {
    (void)state;
    struct weir_plan *plan = sums(WEIR_WINDOW_TUMBLE, 10, 0, 0, 0);
    struct weir_expr *args[2] = {plan_column(plan, 2),
                                 weir_expr_literal(&plan->arena, BIGINT_, (union weir_value){.i64 = 0})};
    plan->filter = weir_expr_node(&plan->arena, WEIR_EXPR_GT, weir_type_of(WEIR_TYPE_BOOLEAN), 2, args);
    struct weir_pipeline *pipeline = plan_open(plan, 0);
    push_row(pipeline, "k", 5, 1);
    push_row(pipeline, "k", 500, -1);
    expect_now(plan, pipeline, "k|1|9 ");
    push_row(pipeline, "k", 6, 1);
    push_row(pipeline, "k", 7, -1); /* late, and filtered before it is judged */
    struct weir_stats stats = stats_of(pipeline);
    assert_int_equal(stats.filtered, 2);
    assert_int_equal(stats.late, 1);
    assert_int_equal(stats.watermark, 499);
    close_all(pipeline, plan);
}

/* ---- order, end, nothing ---- */

static void one_advance_gives_windows_by_their_end(void **state) {
    (void)state;
    static const enum weir_window_kind kinds[3] = {WEIR_WINDOW_TUMBLE, WEIR_WINDOW_HOP, WEIR_WINDOW_CUMULATE};
    for (int k = 0; k < 3; k++) {
        FOR_WORKERS(workers) {
            struct weir_plan *plan = sums(kinds[k], 30, kinds[k] == WEIR_WINDOW_TUMBLE ? 0 : 10, 0, -1);
            struct weir_pipeline *pipeline = plan_open(plan, (int32_t)workers);
            for (int64_t i = 0; i < 400; i++) push_row(pipeline, i % 3 == 0 ? "a" : "b", (i * 7919) % 1000, 1);
            advance_ok(pipeline, 5000);
            struct weir_stats stats = stats_of(pipeline);
            assert_int_equal(stats.aggregated, 400);
            struct ArrowArray array;
            int64_t last = INT64_MIN, rows = 0;
            while (weir_pipeline_next(pipeline, &array, &error) == WEIR_OK) {
                const int64_t *at = array.children[2]->buffers[1];
                for (int64_t r = 0; r < array.length; r++, rows++) {
                    assert_true(at[r] >= last);
                    last = at[r];
                }
                array.release(&array);
            }
            assert_true(rows > 60);
            assert_int_equal(stats_of(pipeline).rows_out, rows);
            close_all(pipeline, plan);
        }
    }
}

static void finish_fires_what_is_open_or_drops_it_by_option(void **state) {
    (void)state;
    for (int discard = 0; discard < 2; discard++) {
        FOR_WORKERS(workers) {
            struct weir_plan *plan = sums(WEIR_WINDOW_TUMBLE, 10, 0, 0, 0);
            struct weir_pipeline_options options = {
                .struct_size = sizeof(options), .workers = (int32_t)workers, .discard_open = discard == 1};
            struct weir_pipeline *pipeline = NULL;
            assert_int_equal(weir_plan_validate(plan, &error), WEIR_OK);
            assert_int_equal(weir_pipeline_create_plan(plan, &options, &pipeline, &error), WEIR_OK);
            push_row(pipeline, "k", 5, 1);
            push_row(pipeline, "k", 15, 2); /* closes [0,10) */
            push_row(pipeline, "k", 19, 4);
            finish_ok(pipeline);
            expect_now(plan, pipeline, discard == 1 ? "k|1|9 " : "k|1|9 k|6|19 ");
            struct ArrowArray array;
            assert_int_equal(weir_pipeline_next(pipeline, &array, &error), WEIR_END);
            assert_int_equal(weir_pipeline_next(pipeline, &array, &error), WEIR_END);
            assert_int_equal(stats_of(pipeline).aggregated, 3);
            close_all(pipeline, plan);
        }
    }
}

static void an_empty_input_gives_no_window_and_one_ungrouped_row(void **state) {
    (void)state;
    FOR_WORKERS(workers) {
        struct weir_plan *plan = sums(WEIR_WINDOW_TUMBLE, 10, 0, 0, 0);
        struct weir_pipeline *pipeline = plan_open(plan, (int32_t)workers);
        push_ok(pipeline,
                batch_of(0, 3, array_i64(NULL, 0, NULL), array_strings(NULL, 0, false), array_i64(NULL, 0, NULL)));
        assert_int_equal(stats_of(pipeline).watermark, INT64_MIN);
        finish_ok(pipeline);
        expect_now(plan, pipeline, "");
        close_all(pipeline, plan);
        for (int keyed = 0; keyed < 2; keyed++) {
            struct weir_type types[3] = {TIME_, STRING_, BIGINT_};
            plan = plan_over(3, types);
            if (keyed == 1) plan_key(plan, 1);
            plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
            plan_call(plan, WEIR_AGGREGATE_SUM, 2);
            plan_call(plan, WEIR_AGGREGATE_MIN, 1);
            plan_outputs(plan, WEIR_RESULT_KEYS);
            pipeline = plan_open(plan, (int32_t)workers);
            finish_ok(pipeline);
            expect_now(plan, pipeline, keyed == 1 ? "" : "0|-|- ");
            close_all(pipeline, plan);
        }
    }
}

/* An aggregate without a window ends with the input, whatever anybody says of time, and takes rows without a time.
 */
static void without_a_window_neither_time_nor_w_matters(void **state) {
    (void)state;
    static const int64_t ts[4] = {5, 0, 7, 1}, v[4] = {1, 2, 4, 8};
    static const char *const keys[4] = {"a", "b", "c", "d"};
    FOR_WORKERS(workers) {
        struct weir_type types[3] = {TIME_, STRING_, BIGINT_};
        struct weir_plan *plan = plan_over(3, types);
        plan->time_column = 0;
        plan_delay(plan, 0);
        plan_call(plan, WEIR_AGGREGATE_SUM, 2);
        plan_outputs(plan, WEIR_RESULT_KEYS);
        struct weir_pipeline *pipeline = plan_open(plan, (int32_t)workers);
        push_ok(pipeline,
                batch_of(4, 3, array_i64(ts, 4, "1011"), array_strings(keys, 4, false), array_i64(v, 4, NULL)));
        advance_ok(pipeline, INT64_MAX);
        expect_now(plan, pipeline, "");
        push_row(pipeline, "e", 3, 16);
        finish_ok(pipeline);
        expect_now(plan, pipeline, "31 ");
        assert_int_equal(stats_of(pipeline).aggregated, 5);
        close_all(pipeline, plan);
    }
}

static void rows_without_a_time_are_counted_or_refused_by_option(void **state) {
    (void)state;
    static const int64_t ts[4] = {5, 900, 7, 1}, v[4] = {1, 2, 4, 8};
    static const char *const keys[4] = {"k", "k", "k", "k"};
    for (int strict = 0; strict < 2; strict++) {
        FOR_WORKERS(workers) {
            struct weir_plan *plan = sums(WEIR_WINDOW_TUMBLE, 10, 0, 0, 0);
            struct weir_pipeline_options options = {
                .struct_size = sizeof(options), .workers = (int32_t)workers, .fail_on_null_time = strict == 1};
            struct weir_pipeline *pipeline = NULL;
            assert_int_equal(weir_plan_validate(plan, &error), WEIR_OK);
            assert_int_equal(weir_pipeline_create_plan(plan, &options, &pipeline, &error), WEIR_OK);
            struct ArrowArray batch =
                batch_of(4, 3, array_i64(ts, 4, "1011"), array_strings(keys, 4, false), array_i64(v, 4, NULL));
            enum weir_status status = weir_pipeline_push(pipeline, 0, &batch, &error);
            if (strict == 1 && status == WEIR_OK) status = weir_pipeline_finish(pipeline, &error);
            assert_int_equal(status, strict == 1 ? WEIR_ERR_VALUE : WEIR_OK);
            if (batch.release != NULL) batch.release(&batch);
            if (strict == 1) {
                assert_non_null(strstr(error.message, "'ts'"));
            } else {
                assert_int_equal(stats_of(pipeline).watermark, 6); /* the value under the NULL moves nothing */
                assert_int_equal(stats_of(pipeline).null_time, 1);
                finish_ok(pipeline);
                expect_now(plan, pipeline, "k|13|9 ");
            }
            close_all(pipeline, plan);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tumbling_windows_fire_when_w_reaches_their_last_ms),
        cmocka_unit_test(without_lateness_a_row_of_a_fired_window_is_late),
        cmocka_unit_test(cumulate_fires_every_later_step_of_its_period),
        cmocka_unit_test(leading_empty_steps_of_cumulate_are_silent),
        cmocka_unit_test(hop_puts_a_row_into_every_window_that_overlaps_it),
        cmocka_unit_test(hop_of_any_ratio_has_gaps_and_odd_overlaps),
        cmocka_unit_test(a_row_late_for_one_hop_window_counts_in_the_others),
        cmocka_unit_test(a_row_late_for_a_cumulate_step_counts_from_the_next),
        cmocka_unit_test(offsets_of_either_sign_move_the_windows),
        cmocka_unit_test(equal_times_are_on_time_with_a_bound_of_zero),
        cmocka_unit_test(a_batch_closes_windows_between_its_own_rows),
        cmocka_unit_test(a_watermark_never_goes_back),
        cmocka_unit_test(a_filtered_row_moves_the_watermark),
        cmocka_unit_test(one_advance_gives_windows_by_their_end),
        cmocka_unit_test(finish_fires_what_is_open_or_drops_it_by_option),
        cmocka_unit_test(an_empty_input_gives_no_window_and_one_ungrouped_row),
        cmocka_unit_test(without_a_window_neither_time_nor_w_matters),
        cmocka_unit_test(rows_without_a_time_are_counted_or_refused_by_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
