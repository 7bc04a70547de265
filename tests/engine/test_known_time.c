/* SPDX-License-Identifier: Apache-2.0
 *
 * What a caller knows of the times of a batch: where it is used instead of them, where it is not, and what becomes
 * of a range that does not hold. That results are the same with and without: test_pipeline_random.c.
 */
#include "tests/engine/arrays.h"
#include "tests/engine/plans.h"

#define ROWS 200

/* Times of a batch: from `first` on, `step` apart. */
struct times {
    int64_t first, step;
};

static struct ArrowArray rows_at(struct times times, int64_t null_row) {
    int64_t ts[ROWS], values[ROWS];
    char valid[ROWS + 1];
    for (int i = 0; i < ROWS; i++) {
        ts[i] = times.first + i * times.step;
        values[i] = 1;
        valid[i] = i == null_row ? '0' : '1';
    }
    return batch_of(ROWS, 2, array_fixed(ts, sizeof(*ts), ROWS, null_row < 0 ? NULL : valid),
                    array_fixed(values, sizeof(*values), ROWS, NULL));
}

static struct weir_plan *counting(enum weir_window_kind kind, int64_t size, int64_t slide) {
    struct weir_type types[] = {TIME_, BIGINT_};
    struct weir_plan *plan = plan_over(2, types);
    plan_window(plan, kind, size, slide, 0);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(plan, WEIR_AGGREGATE_SUM, 1);
    plan_outputs(plan, 0);
    return plan;
}

static enum weir_status push_as(struct weir_pipeline *pipeline, struct ArrowArray batch, int64_t least,
                                int64_t most, bool exact) {
    struct weir_time_range range = {sizeof(range), least, most, exact};
    enum weir_status status = weir_pipeline_push_ranged(pipeline, 0, &batch, &range, &error);
    assert_true((status == WEIR_OK) == (batch.release == NULL));
    if (batch.release != NULL) batch.release(&batch);
    return status;
}

/* Pushes rows 1 000 to 1 199 with a range; how many of their times were not read, and W. */
static int64_t unread_of(struct weir_plan *plan, int64_t least, int64_t most, bool exact, int64_t watermark) {
    struct weir_pipeline *pipeline = plan_open(plan, 0);
    weir_plan_release(plan);
    assert_int_equal(push_as(pipeline, rows_at((struct times){1000, 1}, -1), least, most, exact), WEIR_OK);
    struct weir_stats stats = stats_of(pipeline);
    assert_int_equal(stats.watermark, watermark);
    assert_int_equal(stats.rows_in, ROWS);
    weir_pipeline_destroy(&pipeline);
    return stats.unread_times;
}

static struct weir_plan *delayed(enum weir_window_kind kind, int64_t size, int64_t slide, int64_t delay) {
    struct weir_plan *plan = counting(kind, size, slide);
    plan_delay(plan, delay);
    return plan;
}

static void times_in_one_slice_are_not_read(void **state) {
    (void)state;
    assert_int_equal(unread_of(counting(WEIR_WINDOW_TUMBLE, 1000, 0), 1000, 1199, true, INT64_MIN), ROWS);
    assert_int_equal(unread_of(counting(WEIR_WINDOW_TUMBLE, 1000, 0), 1000, 1999, false, INT64_MIN), ROWS);
    assert_int_equal(unread_of(counting(WEIR_WINDOW_TUMBLE, 1000, 0), 999, 1199, false, INT64_MIN), 0);
    assert_int_equal(unread_of(counting(WEIR_WINDOW_TUMBLE, 1000, 0), 1000, 2000, false, INT64_MIN), 0);
    assert_int_equal(unread_of(counting(WEIR_WINDOW_HOP, 1000, 200), 1000, 1199, true, INT64_MIN), ROWS);
    assert_int_equal(unread_of(counting(WEIR_WINDOW_HOP, 1000, 200), 1000, 1200, false, INT64_MIN), 0);
    assert_int_equal(unread_of(counting(WEIR_WINDOW_CUMULATE, 1000, 200), 1000, 1199, true, INT64_MIN), ROWS);
    assert_int_equal(unread_of(counting(WEIR_WINDOW_CUMULATE, 1000, 200), 999, 1199, true, INT64_MIN), 0);
}

static void windows_of_other_kinds_read_them(void **state) {
    (void)state;
    assert_int_equal(unread_of(counting(WEIR_WINDOW_SESSION, 1000, 0), 1000, 1199, true, INT64_MIN), 0);
    assert_int_equal(unread_of(counting(WEIR_WINDOW_COUNT, 10, 10), 1000, 1199, true, INT64_MIN), 0);
}

static void the_watermark_is_that_of_the_rows(void **state) {
    (void)state;
    enum weir_window_kind tumble = WEIR_WINDOW_TUMBLE;
    assert_int_equal(unread_of(delayed(tumble, 1000, 0, 10), 1000, 1199, true, 1189), ROWS);
    assert_int_equal(unread_of(delayed(tumble, 1000, 0, 10), 900, 1199, true, 1189), 0);
    /* A greatest time that no row has claims nothing. */
    assert_int_equal(unread_of(delayed(tumble, 1000, 0, 10), 1000, 1300, false, 1189), ROWS);
    assert_int_equal(unread_of(delayed(WEIR_WINDOW_SESSION, 1000, 0, 10), 1000, 1199, true, 1189), 0);
    assert_int_equal(unread_of(delayed(WEIR_WINDOW_SESSION, 1000, 0, 10), 1000, 1300, false, 1189), 0);
}

/* The last row would close the window of those before it: some might be late. */
static void times_are_read_where_the_rows_close_their_own_window(void **state) {
    (void)state;
    enum weir_window_kind tumble = WEIR_WINDOW_TUMBLE;
    assert_int_equal(unread_of(delayed(tumble, 200, 0, 0), 1000, 1199, true, 1199), 0);
    assert_int_equal(unread_of(delayed(tumble, 200, 0, 1), 1000, 1199, true, 1198), ROWS);
}

static void times_behind_the_watermark_are_read(void **state) {
    (void)state;
    struct weir_plan *plan = counting(WEIR_WINDOW_TUMBLE, 1000, 0);
    struct weir_pipeline *pipeline = plan_open(plan, 0);
    weir_plan_release(plan);
    assert_int_equal(weir_pipeline_advance(pipeline, 0, 1999, &error), WEIR_OK);
    assert_int_equal(push_as(pipeline, rows_at((struct times){1000, 1}, -1), 1000, 1199, true), WEIR_OK);
    assert_int_equal(push_as(pipeline, rows_at((struct times){2000, 1}, -1), 2000, 2199, true), WEIR_OK);
    struct weir_stats stats = stats_of(pipeline);
    assert_int_equal(stats.late, ROWS);
    assert_int_equal(stats.unread_times, ROWS);
    weir_pipeline_destroy(&pipeline);
}

/* ---- ranges that do not hold ---- */

static void fails(struct weir_plan *plan, int32_t workers, int64_t least, int64_t most, bool exact,
                  const char *words) {
    struct weir_pipeline *pipeline = plan_open(plan, workers);
    weir_plan_release(plan);
    error = (struct weir_error){0};
    enum weir_status status = push_as(pipeline, rows_at((struct times){1000, 1}, -1), least, most, exact);
    if (status == WEIR_OK) status = weir_pipeline_finish(pipeline, &error);
    assert_int_equal(status, WEIR_ERR_VALUE);
    if (strstr(error.message, words) == NULL) fail_msg("'%s' in: %s", words, error.message);
    assert_int_equal(weir_pipeline_finish(pipeline, &error), WEIR_ERR_VALUE);
    weir_pipeline_destroy(&pipeline);
}

static void a_time_outside_of_the_range_is_an_error_that_names_it(void **state) {
    (void)state;
    enum weir_window_kind tumble = WEIR_WINDOW_TUMBLE;
    for (int32_t workers = 0; workers < 3; workers++) {
        /* where times are read: every row */
        fails(counting(tumble, 100, 0), workers, 1000, 1149, false, "row 150 of the batch has the time 1970-01-01");
        fails(counting(WEIR_WINDOW_SESSION, 100, 0), workers, 1002, 1199, false, "row 0 of the batch has the time");
        fails(delayed(tumble, 100, 0, 10), workers, 1000, 1149, false,
              "00:00:01.150 in 'ts', outside of the range");
        /* where they are not: the first and the last row of each block */
        fails(counting(tumble, 1000, 0), workers, 1001, 1199, false, "row 0 of the batch");
        fails(counting(tumble, 1000, 0), workers, 1000, 1198, true, "row 199 of the batch");
        fails(delayed(tumble, 1000, 0, 10), workers, 1000, 1198, true, "00:00:01.199");
    }
}

static void a_greatest_time_that_is_none_is_an_error_where_times_are_read(void **state) {
    (void)state;
    fails(delayed(WEIR_WINDOW_TUMBLE, 100, 0, 10), 0, 1000, 1200, true, "exactly 1970-01-01 00:00:01.200 is");
    fails(delayed(WEIR_WINDOW_SESSION, 100, 0, 10), 2, 1000, 1200, true, "is 1970-01-01 00:00:01.199");
}

static void refuses(struct weir_pipeline *pipeline, struct weir_time_range range, int64_t null_row,
                    const char *words) {
    struct ArrowArray batch = rows_at((struct times){1000, 1}, null_row);
    assert_int_equal(weir_pipeline_push_ranged(pipeline, 0, &batch, &range, &error), WEIR_ERR_INVALID);
    if (strstr(error.message, words) == NULL) fail_msg("'%s' in: %s", words, error.message);
    assert_non_null(batch.release); /* it stays the caller's, and so does the pipeline */
    push_ok(pipeline, batch);
}

static void a_range_that_is_none_is_refused(void **state) {
    (void)state;
    struct weir_plan *plan = counting(WEIR_WINDOW_TUMBLE, 1000, 0);
    struct weir_pipeline *pipeline = plan_open(plan, 0);
    weir_plan_release(plan);
    size_t size = sizeof(struct weir_time_range);
    refuses(pipeline, (struct weir_time_range){size, 1200, 1199, false}, -1, "is empty");
    refuses(pipeline, (struct weir_time_range){size - 1, 1000, 1199, false}, -1, "struct_size");
    refuses(pipeline, (struct weir_time_range){size, 1000, 1199, false}, 70, "row 70 of the batch has NULL");
    assert_int_equal(stats_of(pipeline).unread_times, 0);
    weir_pipeline_destroy(&pipeline);
    plan = counting(WEIR_WINDOW_NONE, 0, 0);
    plan->time_column = -1;
    pipeline = plan_open(plan, 0);
    weir_plan_release(plan);
    refuses(pipeline, (struct weir_time_range){size, 1000, 1199, false}, -1, "has no event time");
    weir_pipeline_destroy(&pipeline);
}

static void a_batch_without_rows_has_any_range(void **state) {
    (void)state;
    struct weir_plan *plan = delayed(WEIR_WINDOW_TUMBLE, 1000, 0, 10);
    struct weir_pipeline *pipeline = plan_open(plan, 0);
    weir_plan_release(plan);
    struct ArrowArray batch = rows_at((struct times){1000, 1}, -1);
    batch.length = 0;
    assert_int_equal(push_as(pipeline, batch, 5000, 5000, true), WEIR_OK);
    assert_int_equal(stats_of(pipeline).watermark, INT64_MIN);
    weir_pipeline_destroy(&pipeline);
}

/* ---- batches of several ranges of work ---- */

#define MANY 200000

/* Rows of two seconds, in order; the second of them twice, the other time backwards. */
static struct ArrowArray many_rows(int64_t first, bool backwards) {
    int64_t *ts = malloc(MANY * sizeof(*ts)), *values = calloc(MANY, sizeof(*values));
    if (ts == NULL || values == NULL) abort();
    for (int64_t i = 0; i < MANY; i++) ts[i] = first + (backwards ? MANY - 1 - i : i) / 200;
    struct ArrowArray batch = batch_of(MANY, 2, array_fixed(ts, sizeof(*ts), MANY, NULL),
                                       array_fixed(values, sizeof(*values), MANY, NULL));
    free(ts);
    free(values);
    return batch;
}

/* Counts of windows of a second, and late rows. */
static void count_many(int32_t workers, int64_t delay, bool ranged, bool exact, int64_t *unread, struct text *out) {
    struct weir_plan *plan = delayed(WEIR_WINDOW_TUMBLE, 1000, 0, delay);
    struct weir_pipeline *pipeline = plan_open(plan, workers);
    weir_plan_release(plan);
    for (int64_t i = 0; i < 4; i++) {
        int64_t first = 1000 * (i / 2 + 1);
        struct weir_time_range range = {sizeof(range), first, first + 999, exact};
        struct ArrowArray batch = many_rows(first, i % 2 == 1);
        if (weir_pipeline_push_ranged(pipeline, 0, &batch, ranged ? &range : NULL, &error) != WEIR_OK)
            fail_msg("%s", error.message);
    }
    finish_ok(pipeline);
    struct ArrowArray batch;
    while (weir_pipeline_next(pipeline, &batch, &error) == WEIR_OK) {
        for (int64_t i = 0; i < batch.length; i++)
            text_add(out, "%lld ", (long long)((const int64_t *)batch.children[2]->buffers[1])[i]);
        batch.release(&batch);
    }
    struct weir_stats stats = stats_of(pipeline);
    text_add(out, "late %lld watermark %lld", (long long)stats.late, (long long)stats.watermark);
    *unread = stats.unread_times;
    weir_pipeline_destroy(&pipeline);
}

static void batches_of_many_rows_are_the_same_with_a_range(void **state) {
    (void)state;
    for (int32_t workers = 0; workers < 4; workers++) {
        for (int64_t delay = 0; delay < 1001; delay += 500) {
            struct text plain = {0};
            int64_t unread;
            count_many(workers, delay, false, false, &unread, &plain);
            assert_int_equal(unread, 0);
            for (int exact = 0; exact < 2; exact++) {
                struct text ranged = {0};
                count_many(workers, delay, true, exact == 1, &unread, &ranged);
                assert_string_equal(ranged.bytes, plain.bytes);
                assert_int_equal(unread, delay == 0 ? 0 : 4 * MANY);
                text_free(&ranged);
            }
            text_free(&plain);
        }
    }
}

/* ---- units and zones ---- */

static int64_t unread_in_zone(const char *zone, int64_t first_s) {
    struct weir_type types[] = {weir_type_timestamp(3), BIGINT_};
    types[0].id = WEIR_TYPE_TIMESTAMP_LTZ;
    struct weir_plan *plan = plan_over(2, types);
    plan_window(plan, WEIR_WINDOW_TUMBLE, 86400000, 0, 0);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_outputs(plan, 0);
    plan->zone = zone;
    struct weir_pipeline *pipeline = plan_open(plan, 0);
    weir_plan_release(plan);
    int64_t first = first_s * 1000, step = 10000;
    assert_int_equal(
        push_as(pipeline, rows_at((struct times){first, step}, -1), first, first + (ROWS - 1) * step, true),
        WEIR_OK);
    int64_t unread = stats_of(pipeline).unread_times;
    weir_pipeline_destroy(&pipeline);
    return unread;
}

/* 200 rows of ten seconds: 33 minutes. Summer time began on 2021-03-28 at 01:00 UTC in Berlin. */
static void a_clock_that_jumps_within_the_range_has_the_times_read(void **state) {
    (void)state;
    const int64_t jump = INT64_C(1616893200);
    assert_int_equal(unread_in_zone("Europe/Berlin", jump - 3600), ROWS);
    assert_int_equal(unread_in_zone("Europe/Berlin", jump - 600), 0);
    assert_int_equal(unread_in_zone("Europe/Berlin", jump), ROWS);
    assert_int_equal(unread_in_zone("Europe/Berlin", jump + 21 * 3600 - 600), 0); /* midnight there */
    assert_int_equal(unread_in_zone("Asia/Kolkata", jump - 600), ROWS);
}

static void a_range_is_in_the_unit_of_the_column(void **state) {
    (void)state;
    struct weir_type types[] = {weir_type_timestamp(6), BIGINT_};
    struct weir_plan *plan = plan_over(2, types);
    plan_window(plan, WEIR_WINDOW_TUMBLE, 1, 0, 0);
    plan_delay(plan, 0);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_outputs(plan, 0);
    struct weir_pipeline *pipeline = plan_open(plan, 0);
    weir_plan_release(plan);
    assert_int_equal(push_as(pipeline, rows_at((struct times){1000, 1}, -1), 1000, 1199, true), WEIR_OK);
    struct weir_stats stats = stats_of(pipeline);
    assert_int_equal(stats.watermark, 1); /* ms: it closes the window, so times are read */
    assert_int_equal(stats.unread_times, 0);
    assert_int_equal(push_as(pipeline, rows_at((struct times){3000000, 1000}, -1), 3000, 3199, true),
                     WEIR_ERR_VALUE);
    weir_pipeline_destroy(&pipeline);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_in_one_slice_are_not_read),
        cmocka_unit_test(windows_of_other_kinds_read_them),
        cmocka_unit_test(the_watermark_is_that_of_the_rows),
        cmocka_unit_test(times_are_read_where_the_rows_close_their_own_window),
        cmocka_unit_test(times_behind_the_watermark_are_read),
        cmocka_unit_test(a_time_outside_of_the_range_is_an_error_that_names_it),
        cmocka_unit_test(a_greatest_time_that_is_none_is_an_error_where_times_are_read),
        cmocka_unit_test(a_range_that_is_none_is_refused),
        cmocka_unit_test(a_batch_without_rows_has_any_range),
        cmocka_unit_test(batches_of_many_rows_are_the_same_with_a_range),
        cmocka_unit_test(a_clock_that_jumps_within_the_range_has_the_times_read),
        cmocka_unit_test(a_range_is_in_the_unit_of_the_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
