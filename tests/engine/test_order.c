/* SPDX-License-Identifier: Apache-2.0
 *
 * ORDER BY, OFFSET and LIMIT over rows, and HAVING over groups.
 */
#include <math.h>

#include "tests/engine/plans.h"

#include "tests/engine/arrays.h"

/* SELECT v, id FROM (v, id BIGINT), with no aggregation. */
static struct weir_plan *rows_plan(struct weir_type type) {
    struct weir_type types[2] = {type, BIGINT_};
    struct weir_plan *plan = plan_over(2, types);
    plan->shape = WEIR_PLAN_ROWS;
    plan->outputs = weir_arena_array(&plan->arena, 2, sizeof(*plan->outputs));
    for (int32_t i = 0; i < 2; i++) plan->outputs[i] = (struct weir_plan_output){"o", plan_column(plan, i)};
    plan->outputs_count = 2;
    plan->order = weir_arena_array(&plan->arena, 4, sizeof(*plan->order));
    return plan;
}

static void order_by(struct weir_plan *plan, int32_t column, bool descending, bool nulls_first) {
    plan->order[plan->order_count++] = (struct weir_plan_order){plan_column(plan, column), descending, nulls_first};
}

/* The ids in the order in which rows leave, "3 1 2 ". */
static void expect_ids(struct weir_pipeline *pipeline, const char *expected) {
    struct text text = {NULL, 0, 0};
    struct ArrowArray array;
    text_add(&text, "%s", "");
    finish_ok(pipeline);
    while (weir_pipeline_next(pipeline, &array, &error) == WEIR_OK) {
        assert_true(array.length > 0);
        assert_int_equal(array.n_children, 2); /* what was ordered by is not among the columns */
        for (int64_t r = 0; r < array.length; r++)
            text_add(&text, "%lld ", (long long)((const int64_t *)array.children[1]->buffers[1])[r]);
        array.release(&array);
    }
    assert_string_equal(text.bytes, expected);
    text_free(&text);
}

static const int64_t ids[8] = {0, 1, 2, 3, 4, 5, 6, 7};

static void nulls_go_first_or_last_whatever_the_direction(void **state) {
    (void)state;
    static const int64_t v[5] = {2, 0, 1, 0, 3};
    static const char *const expected[4] = {"2 0 4 1 3 ", "1 3 2 0 4 ", "4 0 2 1 3 ", "1 3 4 0 2 "};
    for (int i = 0; i < 4; i++) {
        struct weir_plan *plan = rows_plan(BIGINT_);
        order_by(plan, 0, i >= 2, i % 2 == 1);
        struct weir_pipeline *pipeline = plan_open(plan, 0);
        push_ok(pipeline, batch_of(5, 2, array_i64(v, 5, "10101"), array_i64(ids, 5, NULL)));
        expect_ids(pipeline, expected[i]);
        close_all(pipeline, plan);
    }
}

static void nan_is_greatest_and_negative_zero_below_zero(void **state) {
    (void)state;
    static const double wide[6] = {NAN, 1, -0.0, INFINITY, 0.0, -INFINITY};
    static const float narrow[6] = {NAN, 1, -0.0f, INFINITY, 0.0f, -INFINITY};
    for (int t = 0; t < 2; t++) {
        struct weir_plan *plan = rows_plan(weir_type_of(t == 0 ? WEIR_TYPE_DOUBLE : WEIR_TYPE_FLOAT));
        order_by(plan, 0, false, false);
        struct weir_pipeline *pipeline = plan_open(plan, 0);
        push_ok(pipeline, batch_of(6, 2, t == 0 ? array_fixed(wide, 8, 6, NULL) : array_fixed(narrow, 4, 6, NULL),
                                   array_i64(ids, 6, NULL)));
        expect_ids(pipeline, "5 2 4 1 3 0 ");
        close_all(pipeline, plan);
    }
}

static void strings_are_ordered_by_their_bytes(void **state) {
    (void)state;
    static const char *const v[7] = {"b", "", "ab", "a", NULL, "\xC3\xA9", "abc"};
    struct weir_plan *plan = rows_plan(STRING_);
    order_by(plan, 0, false, true);
    struct weir_pipeline *pipeline = plan_open(plan, 0);
    push_ok(pipeline, batch_of(3, 2, array_strings(v, 3, false), array_i64(ids, 3, NULL)));
    push_ok(pipeline, batch_of(4, 2, array_strings(v + 3, 4, false), array_i64(ids + 3, 4, NULL)));
    expect_ids(pipeline, "4 1 3 2 6 0 5 ");
    close_all(pipeline, plan);
}

static void every_type_has_an_order(void **state) {
    (void)state;
    static const int8_t tiny[3] = {1, -1, 0};
    static const int16_t small[3] = {300, -300, 0};
    static const int32_t integer[3] = {70000, -70000, 0};
    static const weir_i128 wide[3] = {(weir_i128)INT64_MAX * 4, -(weir_i128)INT64_MAX * 4, 0};
    struct {
        struct weir_type type;
        struct ArrowArray *array;
    } cases[] = {{weir_type_of(WEIR_TYPE_TINYINT), array_fixed(tiny, 1, 3, NULL)},
                 {weir_type_of(WEIR_TYPE_SMALLINT), array_fixed(small, 2, 3, NULL)},
                 {weir_type_of(WEIR_TYPE_INT), array_fixed(integer, 4, 3, NULL)},
                 {weir_type_of(WEIR_TYPE_DATE), array_fixed(integer, 4, 3, NULL)},
                 {weir_type_decimal(38, 0), array_fixed(wide, 16, 3, NULL)}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct weir_plan *plan = rows_plan(cases[i].type);
        order_by(plan, 0, false, false);
        struct weir_pipeline *pipeline = plan_open(plan, 0);
        push_ok(pipeline, batch_of(3, 2, cases[i].array, array_i64(ids, 3, NULL)));
        expect_ids(pipeline, "1 2 0 ");
        close_all(pipeline, plan);
    }
    struct weir_plan *plan = rows_plan(weir_type_of(WEIR_TYPE_BOOLEAN));
    order_by(plan, 0, true, false);
    struct weir_pipeline *pipeline = plan_open(plan, 0);
    push_ok(pipeline, batch_of(3, 2, array_bool("010", 3, NULL), array_i64(ids, 3, NULL)));
    expect_ids(pipeline, "1 0 2 ");
    close_all(pipeline, plan);
}

static void equal_rows_keep_their_order_and_later_columns_decide(void **state) {
    (void)state;
    static const int64_t v[8] = {1, 0, 1, 0, 1, 0, 1, 0};
    for (int second = 0; second < 2; second++) {
        struct weir_plan *plan = rows_plan(BIGINT_);
        order_by(plan, 0, true, false);
        if (second == 1) order_by(plan, 1, true, false);
        struct weir_pipeline *pipeline = plan_open(plan, 0);
        for (int i = 0; i < 8; i++)
            push_ok(pipeline, batch_of(1, 2, array_i64(v + i, 1, NULL), array_i64(ids + i, 1, NULL)));
        expect_ids(pipeline, second == 1 ? "6 4 2 0 7 5 3 1 " : "0 2 4 6 1 3 5 7 ");
        close_all(pipeline, plan);
    }
}

static void offset_and_limit_cut_across_batches(void **state) {
    (void)state;
    static const struct {
        int64_t offset, limit;
        const char *plain, *ordered;
    } cases[] = {{0, -1, "0 1 2 3 4 5 6 7 ", "7 6 5 4 3 2 1 0 "},
                 {3, -1, "3 4 5 6 7 ", "4 3 2 1 0 "},
                 {3, 2, "3 4 ", "4 3 "},
                 {0, 0, "", ""},
                 {7, 5, "7 ", "0 "},
                 {8, 5, "", ""},
                 {INT64_MAX, INT64_MAX, "", ""},
                 {2, INT64_MAX, "2 3 4 5 6 7 ", "5 4 3 2 1 0 "}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (int ordered = 0; ordered < 2; ordered++) {
            for (int split = 1; split <= 8; split += 3) {
                struct weir_plan *plan = rows_plan(BIGINT_);
                plan->offset = cases[i].offset;
                plan->limit = cases[i].limit;
                if (ordered == 1) order_by(plan, 0, true, false);
                struct weir_pipeline *pipeline = plan_open(plan, 0);
                for (int at = 0; at < 8; at += split) {
                    int n = 8 - at < split ? 8 - at : split;
                    push_ok(pipeline, batch_of(n, 2, array_i64(ids + at, n, NULL), array_i64(ids + at, n, NULL)));
                }
                expect_ids(pipeline, ordered == 1 ? cases[i].ordered : cases[i].plain);
                close_all(pipeline, plan);
            }
        }
    }
}

static void many_rows_come_back_sorted_in_batches(void **state) {
    (void)state;
    enum { ROWS = 200000 };
    static int64_t v[ROWS];
    for (int64_t i = 0; i < ROWS; i++) v[i] = (i * 48271) % 65537;
    struct weir_plan *plan = rows_plan(BIGINT_);
    order_by(plan, 0, false, false);
    struct weir_pipeline *pipeline = plan_open(plan, 0);
    push_ok(pipeline, batch_of(ROWS, 2, array_i64(v, ROWS, NULL), array_i64(v, ROWS, NULL)));
    finish_ok(pipeline);
    struct ArrowArray array;
    int64_t rows = 0, last = -1;
    while (weir_pipeline_next(pipeline, &array, &error) == WEIR_OK) {
        assert_true(array.length <= 2 * 65536);
        for (int64_t r = 0; r < array.length; r++, rows++) {
            int64_t value = ((const int64_t *)array.children[0]->buffers[1])[r];
            assert_true(value >= last);
            last = value;
        }
        array.release(&array);
    }
    assert_int_equal(rows, ROWS);
    assert_int_equal(stats_of(pipeline).rows_out, ROWS);
    close_all(pipeline, plan);
}

/* ---- groups ---- */

static void having_reads_strings_and_order_reads_aggregates(void **state) {
    (void)state;
    static const char *const keys[8] = {"apple", "pear", NULL, "apple", "plum", "pear", "apple", "fig"};
    static const int64_t ts[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    struct weir_type types[2] = {TIME_, STRING_};
    for (int32_t workers = 0; workers < 3; workers += 2) {
        struct weir_plan *plan = plan_over(2, types);
        plan_window(plan, WEIR_WINDOW_TUMBLE, 10, 0, 0);
        plan_key(plan, 1);
        plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
        plan_call(plan, WEIR_AGGREGATE_MAX, 1);
        plan_outputs(plan, WEIR_RESULT_KEYS);
        struct weir_expr *args[2] = {
            plan_result(plan, WEIR_RESULT_KEYS + 2),
            weir_expr_literal(&plan->arena, STRING_, (union weir_value){.string = {"fig", 3}})};
        plan->having = weir_expr_node(&plan->arena, WEIR_EXPR_NE, weir_type_of(WEIR_TYPE_BOOLEAN), 2, args);
        plan_order(plan, WEIR_RESULT_KEYS + 1, true, false);
        plan_order(plan, WEIR_RESULT_KEYS, false, false);
        struct weir_pipeline *pipeline = plan_open(plan, workers);
        push_ok(pipeline, batch_of(8, 2, array_i64(ts, 8, NULL), array_strings(keys, 8, false)));
        expect_now(plan, pipeline, "");
        finish_ok(pipeline);
        expect_now(plan, pipeline, "apple|3|apple pear|2|pear plum|1|plum "); /* NULL <> 'fig' is not TRUE */
        assert_int_equal(stats_of(pipeline).rows_out, 3);
        close_all(pipeline, plan);
    }
}

/* Whatever came first: which of equal rows are cut does not depend on it. */
static void rows_that_are_equal_are_cut_by_their_other_columns(void **state) {
    (void)state;
    static const int64_t v[6] = {5, 5, 5, 5, 4, 5};
    static const int64_t came[2][6] = {{3, 1, 2, 0, 9, 4}, {0, 4, 1, 3, 9, 2}};
    for (int order = 0; order < 2; order++) {
        struct weir_plan *plan = rows_plan(BIGINT_);
        order_by(plan, 0, true, false);
        plan->offset = 1;
        plan->limit = 3;
        struct weir_pipeline *pipeline = plan_open(plan, 0);
        push_ok(pipeline, batch_of(6, 2, array_i64(v, 6, NULL), array_i64(came[order], 6, NULL)));
        expect_ids(pipeline, "1 2 3 ");
        close_all(pipeline, plan);
    }
}

static void a_limit_over_groups_needs_no_order(void **state) {
    (void)state;
    enum { ROWS = 20000 };
    static int64_t ts[ROWS], key[ROWS];
    struct weir_type types[2] = {TIME_, BIGINT_};
    for (int64_t i = 0; i < ROWS; i++) {
        ts[i] = i / 5000;
        key[i] = i % 5000;
    }
    struct weir_plan *plan = plan_over(2, types);
    plan_window(plan, WEIR_WINDOW_TUMBLE, 1, 0, 0);
    plan_key(plan, 1);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_outputs(plan, 0);
    plan->offset = 4990;
    plan->limit = 20;
    struct weir_pipeline *pipeline = plan_open(plan, 0);
    push_ok(pipeline, batch_of(ROWS, 2, array_i64(ts, ROWS, NULL), array_i64(key, ROWS, NULL)));
    finish_ok(pipeline);
    assert_true(weir_pipeline_is_done(pipeline));
    int64_t first = 0, second = 0;
    struct ArrowArray array;
    while (weir_pipeline_next(pipeline, &array, &error) == WEIR_OK) {
        for (int64_t r = 0; r < array.length; r++) {
            int64_t start = ((const int64_t *)array.children[0]->buffers[1])[r];
            first += start == 0;
            second += start == 1;
        }
        array.release(&array);
    }
    assert_int_equal(first, 10);
    assert_int_equal(second, 10);
    close_all(pipeline, plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nulls_go_first_or_last_whatever_the_direction),
        cmocka_unit_test(nan_is_greatest_and_negative_zero_below_zero),
        cmocka_unit_test(strings_are_ordered_by_their_bytes),
        cmocka_unit_test(every_type_has_an_order),
        cmocka_unit_test(equal_rows_keep_their_order_and_later_columns_decide),
        cmocka_unit_test(offset_and_limit_cut_across_batches),
        cmocka_unit_test(many_rows_come_back_sorted_in_batches),
        cmocka_unit_test(having_reads_strings_and_order_reads_aggregates),
        cmocka_unit_test(rows_that_are_equal_are_cut_by_their_other_columns),
        cmocka_unit_test(a_limit_over_groups_needs_no_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
