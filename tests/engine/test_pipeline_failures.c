/* SPDX-License-Identifier: Apache-2.0
 *
 * Which of several failures a pipeline with workers tells.
 */
#include "tests/engine/plans.h"

#include "tests/engine/arrays.h"

/* A number as text for each row, and at `bad` a text that is none. */
static struct ArrowArray texts_of(int32_t count, int32_t bad, const char *word) {
    const char **texts = malloc((size_t)count * sizeof(*texts));
    int64_t *ts = malloc((size_t)count * sizeof(*ts));
    if (texts == NULL || ts == NULL) abort();
    for (int32_t i = 0; i < count; i++) {
        ts[i] = i % 9;
        texts[i] = i == bad ? word : "12";
    }
    struct ArrowArray batch = batch_of(count, 2, array_i64(ts, count, NULL), array_strings(texts, count, false));
    free(texts);
    free(ts);
    return batch;
}

/* SELECT SUM(CAST(s AS BIGINT)) by the first letters of s, in windows of 10 ms. */
static struct weir_plan *sum_of_texts(void) {
    struct weir_type types[2] = {TIME_, STRING_};
    struct weir_plan *plan = plan_over(2, types);
    plan_window(plan, WEIR_WINDOW_TUMBLE, 10, 0, 0);
    plan_key(plan, 1);
    struct weir_expr *text = plan_column(plan, 1);
    plan_call_of(plan, WEIR_AGGREGATE_SUM, weir_expr_node(&plan->arena, WEIR_EXPR_CAST, BIGINT_, 1, &text));
    plan_outputs(plan, 0);
    return plan;
}

static enum weir_status push_texts(struct weir_pipeline *pipeline, int32_t count, int32_t bad, const char *word) {
    struct ArrowArray batch = texts_of(count, bad, word);
    enum weir_status status = weir_pipeline_push(pipeline, 0, &batch, &error);
    if (batch.release != NULL) batch.release(&batch);
    return status;
}

/* The second worker has many rows before its bad one; the first then comes to a later one at once. */
static void of_several_failures_the_first_in_the_order_of_rows_speaks(void **state) {
    (void)state;
    enum { MANY = 16 * WEIR_BLOCK_ROWS };
    for (int round = 0; round < 20; round++) {
        struct weir_plan *plan = sum_of_texts();
        struct weir_pipeline *pipeline = plan_open(plan, 2);
        enum weir_status status = push_texts(pipeline, 1, -1, "");
        if (status == WEIR_OK) status = push_texts(pipeline, MANY, MANY - 1, "first");
        for (int i = 0; i < 20 && status == WEIR_OK; i++) status = push_texts(pipeline, 1, 0, "later");
        if (status == WEIR_OK) status = weir_pipeline_finish(pipeline, &error);
        assert_int_equal(status, WEIR_ERR_VALUE);
        if (strstr(error.message, "first") == NULL) fail_msg("not the first: %s", error.message);
        close_all(pipeline, plan);
    }
}

/* ---- a failure while rows wait ---- */

enum { WAITING_ROWS = 600 };

/* Rows of keys of their own, each of its value or, in the last, of a text that is none. */
static enum weir_status push_waiting(struct weir_pipeline *pipeline, int64_t time, bool bad) {
    int64_t ts[WAITING_ROWS], k[WAITING_ROWS];
    const char *texts[WAITING_ROWS];
    for (int64_t i = 0; i < WAITING_ROWS; i++) {
        ts[i] = time;
        k[i] = i * 7919;
        texts[i] = bad && i == WAITING_ROWS - 1 ? "bad" : "12";
    }
    struct ArrowArray batch = batch_of(WAITING_ROWS, 3, array_i64(ts, WAITING_ROWS, NULL),
                                       array_strings(texts, WAITING_ROWS, false), array_i64(k, WAITING_ROWS, NULL));
    enum weir_status status = weir_pipeline_push(pipeline, 0, &batch, &error);
    if (batch.release != NULL) batch.release(&batch);
    return status;
}

/* The last worker's state, the pipeline's, is lost at the bad row, with rows that wait in it: nobody adds to it. */
static void nothing_is_brought_home_to_a_worker_that_has_failed(void **state) {
    (void)state;
    struct weir_type types[3] = {TIME_, STRING_, BIGINT_};
    struct weir_plan *plan = plan_over(3, types);
    plan_window(plan, WEIR_WINDOW_TUMBLE, 10, 0, 0);
    plan_delay(plan, 0);
    plan_key(plan, 2);
    struct weir_expr *text = plan_column(plan, 1);
    plan_call_of(plan, WEIR_AGGREGATE_SUM, weir_expr_node(&plan->arena, WEIR_EXPR_CAST, BIGINT_, 1, &text));
    plan_outputs(plan, 0);
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("%s", error.message);
    const struct weir_pipeline_options options = {.struct_size = sizeof(options),
                                                  .workers = 2,
                                                  .strategy = WEIR_STRATEGY_LOCAL_FIRST,
                                                  .waiting = WEIR_WAITING_ALWAYS};
    struct weir_pipeline *pipeline = NULL;
    if (weir_pipeline_create_plan(plan, &options, &pipeline, &error) != WEIR_OK) fail_msg("%s", error.message);
    for (int i = 0; i < 4; i++) /* the last worker's and the first's in turn; W stands after one */
        assert_int_equal(push_waiting(pipeline, 1, false), WEIR_OK);
    enum weir_status status = push_waiting(pipeline, 20, true); /* the last's: it closes the window */
    if (status == WEIR_OK) status = weir_pipeline_finish(pipeline, &error);
    assert_int_equal(status, WEIR_ERR_VALUE);
    close_all(pipeline, plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_several_failures_the_first_in_the_order_of_rows_speaks),
        cmocka_unit_test(nothing_is_brought_home_to_a_worker_that_has_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
