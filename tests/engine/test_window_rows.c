/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of a window function that are not aggregated: each stands once for each of its windows, in an order that
 * does not depend on how the rows came in batches.
 */
#include "tests/engine/plans.h"

#include "engine/expand.h"
#include "engine/query.h"
#include "tests/engine/arrays.h"

#define ROWS 5

#define HOP                                                                                                        \
    "CREATE TABLE p (ts TIMESTAMP(3), k STRING, n SMALLINT, b BOOLEAN) WITH ('connector' = 'push');\n"             \
    "SELECT k, n, b, window_start, window_end FROM TABLE(HOP(TABLE p, DESCRIPTOR(ts), INTERVAL '2' SECOND, "       \
    "INTERVAL '5' SECOND))"

static struct ArrowArray rows_between(int64_t first, int64_t end) {
    static const int64_t ts[ROWS] = {0, 1999, 4000, -1, 5000};
    static const char *const k[ROWS] = {"a", NULL, "ccc", "", "a"};
    static const int16_t n[ROWS] = {1, 2, 0, -4, 5};
    static const char n_valid[ROWS + 1] = "11011", b[ROWS + 1] = "10011", b_valid[ROWS + 1] = "11101";
    int64_t rows = end - first;
    return batch_of(rows, 4, array_i64(ts + first, rows, NULL), array_strings(k + first, rows, false),
                    array_fixed(n + first, sizeof(int16_t), rows, n_valid + first),
                    array_bool(b + first, rows, b_valid + first));
}

/* The rows in batches of `split`. */
static void run_split(const char *sql, int64_t split, struct text *out) {
    struct weir_query *query = NULL;
    struct weir_pipeline *pipeline = NULL;
    if (weir_query_create(sql, NULL, NULL, &query, &error) != WEIR_OK) fail_msg("%s", error.message);
    assert_int_equal(weir_pipeline_create(query, NULL, &pipeline, &error), WEIR_OK);
    for (int64_t at = 0; at < ROWS; at += split) {
        push_ok(pipeline, rows_between(at, at + split < ROWS ? at + split : ROWS));
    }
    finish_ok(pipeline);
    text_add(out, "%s", "");
    add_results(out, query->plan, pipeline);
    stats_of(pipeline);
    weir_pipeline_destroy(&pipeline);
    weir_query_destroy(&query);
}

static void expect_for_every_split(const char *sql, const char *expected) {
    for (int64_t split = 1; split <= ROWS; split++) {
        struct text text = {NULL, 0, 0};
        run_split(sql, split, &text);
        if (strcmp(text.bytes, expected) != 0) {
            fail_msg("split %lld\nexpected: %s\nactual:   %s", (long long)split, expected, text.bytes);
        }
        text_free(&text);
    }
}

static void a_row_stands_with_all_its_windows_before_the_next_row(void **state) {
    (void)state;
    expect_for_every_split(HOP, "a|1|true|-4000|1000 a|1|true|-2000|3000 a|1|true|0|5000 "
                                "-|2|false|-2000|3000 -|2|false|0|5000 "
                                "ccc|-|false|0|5000 ccc|-|false|2000|7000 ccc|-|false|4000|9000 "
                                "|-4|-|-4000|1000 |-4|-|-2000|3000 "
                                "a|5|true|2000|7000 a|5|true|4000|9000 ");
}

static void a_limit_takes_the_same_rows_whatever_the_batches(void **state) {
    (void)state;
    expect_for_every_split(HOP " LIMIT 4 OFFSET 1", "a|1|true|-2000|3000 a|1|true|0|5000 "
                                                    "-|2|false|-2000|3000 -|2|false|0|5000 ");
}

/* More windows than a block of rows has room for. */
static void a_row_may_have_more_windows_than_a_block_has_rows(void **state) {
    (void)state;
    struct weir_query *query = NULL;
    struct weir_pipeline *pipeline = NULL;
    const char *sql =
        "CREATE TABLE p (ts TIMESTAMP(3), k STRING, n SMALLINT, b BOOLEAN) WITH ('connector' = 'push');\n"
        "SELECT k, window_start FROM TABLE(HOP(TABLE p, DESCRIPTOR(ts), INTERVAL '0.001' SECOND, "
        "INTERVAL '5' SECOND))";
    if (weir_query_create(sql, NULL, NULL, &query, &error) != WEIR_OK) fail_msg("%s", error.message);
    assert_int_equal(weir_pipeline_create(query, NULL, &pipeline, &error), WEIR_OK);
    push_ok(pipeline, rows_between(0, ROWS));
    finish_ok(pipeline);
    struct weir_stats stats = stats_of(pipeline);
    assert_int_equal(stats.aggregated, ROWS);
    assert_int_equal(stats.rows_out, ROWS * 5000);
    weir_pipeline_destroy(&pipeline);
    weir_query_destroy(&query);
}

static void codes_of_a_dictionary_are_repeated_and_its_strings_are_not(void **state) {
    (void)state;
    static const int32_t codes[4] = {2, 0, 1, 2};
    static const int32_t offsets[4] = {0, 1, 2, 3};
    struct weir_column words = {.values = "xyz", .offsets = offsets, .rows = 3, .storage = WEIR_STORE_UTF8};
    struct weir_column column = {.values = codes,
                                 .dictionary = &words,
                                 .rows = 4,
                                 .storage = WEIR_STORE_DICTIONARY,
                                 .codes = WEIR_STORE_I32};
    static const uint32_t rows[3] = {2, 2, 0};
    struct weir_arena arena;
    struct weir_column out;
    weir_arena_init(&arena, 0);
    assert_true(weir_expand_column(&column, 1, rows, 3, &arena, &out));
    assert_ptr_equal(out.dictionary, &words);
    static const char expected[3] = {'z', 'z', 'x'};
    for (int64_t i = 0; i < 3; i++) assert_int_equal(weir_column_string(&out, i).data[0], expected[i]);
    weir_arena_fini(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_stands_with_all_its_windows_before_the_next_row),
        cmocka_unit_test(a_limit_takes_the_same_rows_whatever_the_batches),
        cmocka_unit_test(a_row_may_have_more_windows_than_a_block_has_rows),
        cmocka_unit_test(codes_of_a_dictionary_are_repeated_and_its_strings_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
