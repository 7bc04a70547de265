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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_several_failures_the_first_in_the_order_of_rows_speaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
