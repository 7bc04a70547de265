/* SPDX-License-Identifier: Apache-2.0
 *
 * Asking a run why, and waking it for that: next comes back once, wherever the rows come from, and nothing is lost.
 */
#include "script.h"

static struct script script;

static int open_script(void **state) {
    (void)state;
    script_open(&script);
    return 0;
}

static int close_script(void **state) {
    (void)state;
    script_close(&script);
    return 0;
}

#define NUMBERS                                                                                                    \
    "CREATE TABLE n (i INT, b BIGINT, x DOUBLE, s STRING) WITH ('connector' = 'filesystem', 'path' = 'p');\n"

static void a_run_that_is_woken_answers_again_once(void **state) {
    (void)state;
    struct ArrowArray batch = {0};
    script.fake.batches = 5;
    script.fake.rows_a_batch = 10;
    script_plan(&script, NUMBERS "SELECT s, COUNT(*) AS n FROM n GROUP BY s");
    weir_run_wake(script.run);
    weir_run_wake(script.run); /* the same request */
    assert_int_equal(weir_run_next(script.run, &batch, &script.error), WEIR_AGAIN);
    int64_t rows = 0;
    enum weir_status status;
    while ((status = weir_run_next(script.run, &batch, &script.error)) == WEIR_OK) {
        rows += batch.length;
        batch.release(&batch);
    }
    assert_int_equal(status, WEIR_END);
    assert_true(rows > 0);
    struct weir_stats stats = {.struct_size = sizeof(stats)};
    assert_int_equal(weir_run_stats(script.run, &stats), WEIR_OK);
    assert_int_equal(stats.rows_in, 50);
    weir_run_wake(script.run); /* too late: the end stays the end */
    assert_int_equal(weir_run_next(script.run, &batch, &script.error), WEIR_END);
    weir_run_wake(NULL);
}

static void a_run_says_what_its_pipeline_says(void **state) {
    (void)state;
    struct ArrowArray batch = {0};
    struct weir_why why = {.struct_size = sizeof(why)};
    char *text = NULL;
    script.fake.batches = 1;
    script.fake.rows_a_batch = 10;
    script_plan(&script, NUMBERS "SELECT s, COUNT(*) AS n FROM n GROUP BY s");
    assert_int_equal(weir_run_why(script.run, NULL, &why, &text, &script.error), WEIR_OK);
    assert_int_equal(why.reason, WEIR_WHY_NO_WINDOW);
    assert_int_equal(why.rows_in, 0);
    assert_string_equal(text, "the query has no windows: its groups come when the input has ended\n");
    free(text);
    while (weir_run_next(script.run, &batch, &script.error) == WEIR_OK) batch.release(&batch);
    assert_int_equal(weir_run_why(script.run, NULL, &why, NULL, &script.error), WEIR_OK);
    assert_int_equal(why.rows_in, 10);
    text = (char *)&why;
    assert_int_equal(weir_run_why(NULL, NULL, &why, &text, &script.error), WEIR_ERR_INVALID);
    assert_null(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_run_that_is_woken_answers_again_once, open_script, close_script),
        cmocka_unit_test_setup_teardown(a_run_says_what_its_pipeline_says, open_script, close_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
