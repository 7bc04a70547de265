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

/* Files of a table are told apart by their paths; what is pushed has a number alone. */
static void partitions_of_a_run_have_the_names_that_the_source_gives(void **state) {
    (void)state;
    char *text = NULL;
    struct weir_partition_report report = {.struct_size = sizeof(report)};
    script.fake.partitions = 3;
    script_plan(&script,
                "CREATE TABLE e (ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem');"
                "SELECT COUNT(*) AS n FROM TABLE(TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY "
                "window_start, window_end");
    assert_int_equal(weir_run_partitions(script.run), 3);
    assert_int_equal(weir_run_partition(script.run, 1, &report, &script.error), WEIR_OK);
    assert_string_equal(report.name, "b.csv");
    assert_int_equal(report.rows, 0);
    assert_int_equal(weir_run_partition(script.run, 2, &report, &script.error), WEIR_OK);
    assert_null(report.name);
    assert_int_equal(weir_run_partition(script.run, 3, &report, &script.error), WEIR_ERR_INVALID);
    struct weir_why_request request = {.struct_size = sizeof(request), .has_time = true};
    assert_int_equal(weir_run_why(script.run, &request, NULL, &text, &script.error), WEIR_OK);
    assert_non_null(strstr(text, "partition 0 ('a.csv') holds it back: "));
    assert_non_null(strstr(text, "  partition 1 ('b.csv') has not been heard of\n  partition 2 has not been"));
    assert_non_null(strstr(text, "what to do: wait: it is read on when its turn comes"));
    assert_null(strstr(text, "weir_pipeline_idle"));
    free(text);
}

static void a_run_of_one_input_has_one_partition(void **state) {
    (void)state;
    struct weir_partition_report report = {.struct_size = sizeof(report)};
    script_plan(&script, NUMBERS "SELECT s, COUNT(*) AS n FROM n GROUP BY s");
    assert_int_equal(weir_run_partitions(script.run), 1);
    assert_int_equal(weir_run_partition(script.run, 0, &report, &script.error), WEIR_OK);
    assert_null(report.name);
    assert_int_equal(weir_run_partition(NULL, 0, &report, &script.error), WEIR_ERR_INVALID);
    assert_int_equal(weir_run_partitions(NULL), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_run_that_is_woken_answers_again_once, open_script, close_script),
        cmocka_unit_test_setup_teardown(a_run_says_what_its_pipeline_says, open_script, close_script),
        cmocka_unit_test_setup_teardown(partitions_of_a_run_have_the_names_that_the_source_gives, open_script,
                                        close_script),
        cmocka_unit_test_setup_teardown(a_run_of_one_input_has_one_partition, open_script, close_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
