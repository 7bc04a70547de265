/* SPDX-License-Identifier: Apache-2.0
 *
 * Three-valued logic, comparisons and choices, and which rows reach what.
 */
#include <math.h>

#include "evaluate.h"

/* All nine pairs of TRUE, FALSE and NULL. */
static void nine_pairs(int32_t *a, int32_t *b) {
    table_rows = 9;
    *a = add_bools("tttfffxxx");
    *b = add_bools("tfxtfxtfx");
}

static void and_or_not_are_three_valued(void **state) {
    (void)state;
    int32_t a, b;
    nine_pairs(&a, &b);
    assert_rows(call(WEIR_EXPR_AND, BOOLEAN_, 2, col(a), col(b)),
                "true|false|NULL|false|false|false|NULL|false|NULL");
    assert_rows(call(WEIR_EXPR_OR, BOOLEAN_, 2, col(a), col(b)), "true|true|true|true|false|NULL|true|NULL|NULL");
    assert_rows(call(WEIR_EXPR_NOT, BOOLEAN_, 1, col(b)), "false|true|NULL|false|true|NULL|false|true|NULL");
    assert_rows(call(WEIR_EXPR_AND, BOOLEAN_, 3, col(a), col(b), num(BOOLEAN_, 0)),
                "false|false|false|false|false|false|false|false|false");
}

static void tests_of_a_truth_value(void **state) {
    (void)state;
    table_rows = 3;
    int32_t a = add_bools("tfx");
    assert_rows(call(WEIR_EXPR_IS_NULL, BOOLEAN_, 1, col(a)), "false|false|true");
    assert_rows(call(WEIR_EXPR_IS_NOT_NULL, BOOLEAN_, 1, col(a)), "true|true|false");
    assert_rows(call(WEIR_EXPR_IS_TRUE, BOOLEAN_, 1, col(a)), "true|false|false");
    assert_rows(call(WEIR_EXPR_IS_FALSE, BOOLEAN_, 1, col(a)), "false|true|false");
    assert_rows(call(WEIR_EXPR_IS_NOT_TRUE, BOOLEAN_, 1, col(a)), "false|true|true");
    assert_rows(call(WEIR_EXPR_IS_NOT_FALSE, BOOLEAN_, 1, col(a)), "true|false|true");
}

static void comparisons_of_booleans(void **state) {
    (void)state;
    int32_t a, b;
    nine_pairs(&a, &b);
    assert_rows(call(WEIR_EXPR_EQ, BOOLEAN_, 2, col(a), col(b)), "true|false|NULL|false|true|NULL|NULL|NULL|NULL");
    assert_rows(call(WEIR_EXPR_LT, BOOLEAN_, 2, col(a), col(b)), "false|false|NULL|true|false|NULL|NULL|NULL|NULL");
    assert_rows(call(WEIR_EXPR_GE, BOOLEAN_, 2, col(a), col(b)), "true|true|NULL|false|true|NULL|NULL|NULL|NULL");
    assert_rows(call(WEIR_EXPR_IS_DISTINCT, BOOLEAN_, 2, col(a), col(b)),
                "false|true|true|true|false|true|true|true|false");
    assert_rows(call(WEIR_EXPR_IS_NOT_DISTINCT, BOOLEAN_, 2, col(a), col(b)),
                "true|false|false|false|true|false|false|false|true");
}

static void six_comparisons(struct weir_expr *a, struct weir_expr *b, const char *expected) {
    const char *text = "";
    for (int op = WEIR_EXPR_EQ; op <= WEIR_EXPR_GE; op++) {
        const char *result = rows_of(call((enum weir_expr_op)op, BOOLEAN_, 2, a, b), NULL);
        text = weir_arena_format(&arena, "%s%c", text, result[0]);
    }
    assert_string_equal(text, expected);
}

static void comparisons_of_all_kinds(void **state) {
    (void)state;
    int32_t seven = add_i64(INT_, (int64_t[]){7}, NULL);
    six_comparisons(col(seven), num(INT_, 8), "ftttff");
    six_comparisons(num(INT_, 8), col(seven), "ftfftt");
    six_comparisons(col(seven), col(seven), "tfftft");
    six_comparisons(str("abc"), str("abd"), "ftttff");
    six_comparisons(str("abc"), str("abc "), "ftttff"); /* no padding */
    six_comparisons(str(""), str(""), "tfftft");
    six_comparisons(str("\xC3\xA9"), str("z"), "ftfftt"); /* by code point: é behind z */
    six_comparisons(dec("1.50", 10, 2), dec("-1.50", 10, 2), "ftfftt");
    six_comparisons(dbl(-0.0), dbl(0.0), "tfftft");
    six_comparisons(dbl(NAN), dbl(1), "ftffff");
    six_comparisons(dbl(NAN), dbl(NAN), "ftffff");
    six_comparisons(date("2024-01-31"), date("2024-01-31"), "tfftft");
}

static void in_lists(void **state) {
    (void)state;
    table_rows = 4;
    int32_t a = add_i64(INT_, (int64_t[]){1, 7, 5, 0}, "...x");
    int32_t s = add_strings((const char *const[]){"x", "", NULL, "zz"});
    assert_rows(call(WEIR_EXPR_IN, BOOLEAN_, 3, col(a), num(INT_, 1), num(INT_, 5)), "true|false|true|NULL");
    assert_rows(call(WEIR_EXPR_IN, BOOLEAN_, 3, col(a), num(INT_, 1), null_of(INT_)), "true|NULL|NULL|NULL");
    assert_rows(call(WEIR_EXPR_NOT, BOOLEAN_, 1,
                     call(WEIR_EXPR_IN, BOOLEAN_, 3, num(INT_, 7), num(INT_, 1), null_of(INT_))),
                "NULL|NULL|NULL|NULL");
    assert_rows(call(WEIR_EXPR_IN, BOOLEAN_, 8, col(a), num(INT_, 9), num(INT_, 8), num(INT_, 7), num(INT_, 6),
                     num(INT_, 4), num(INT_, 3), num(INT_, 5)),
                "false|true|true|NULL");
    assert_rows(call(WEIR_EXPR_IN, BOOLEAN_, 4, col(s), str("zz"), str(""), str("a")), "false|true|NULL|true");
    assert_rows(call(WEIR_EXPR_IN, BOOLEAN_, 3, dbl(-0.0), dbl(NAN), dbl(0)), "true|true|true|true");
    assert_rows(call(WEIR_EXPR_IN, BOOLEAN_, 2, dec("1.5", 2, 1), dec("1.5", 2, 1)), "true|true|true|true");
    /* elements that are no literals */
    assert_rows(call(WEIR_EXPR_IN, BOOLEAN_, 3, col(a), call(WEIR_EXPR_ADD, INT_, 2, col(a), num(INT_, 1)),
                     cast(str("7"), INT_)),
                "false|true|false|NULL");
}

static struct weir_expr *divide(struct weir_expr *a, struct weir_expr *b) {
    return call(WEIR_EXPR_DIVIDE, INT_, 2, a, b);
}

static void untaken_branches_raise_nothing(void **state) {
    (void)state;
    table_rows = 3;
    int32_t a = add_i64(INT_, (int64_t[]){0, 2, 5}, "..x");
    struct weir_expr *zero = call(WEIR_EXPR_EQ, BOOLEAN_, 2, col(a), num(INT_, 0));
    struct weir_expr *quotient = divide(num(INT_, 10), col(a));
    struct weir_expr *big = call(WEIR_EXPR_GT, BOOLEAN_, 2, quotient, num(INT_, 1));
    assert_error(quotient, "10 / 0");
    assert_rows(call(WEIR_EXPR_CASE, INT_, 3, zero, num(INT_, -1), quotient), "-1|5|NULL");
    assert_rows(call(WEIR_EXPR_AND, BOOLEAN_, 2, call(WEIR_EXPR_NOT, BOOLEAN_, 1, zero), big), "false|true|NULL");
    assert_rows(call(WEIR_EXPR_OR, BOOLEAN_, 2, zero, big), "true|true|NULL");
    assert_rows(call(WEIR_EXPR_COALESCE, INT_, 2, num(INT_, 3), quotient), "3|3|3");
    /* the right side is reached where the left is TRUE or NULL */
    assert_error(call(WEIR_EXPR_AND, BOOLEAN_, 2, zero, big), "10 / 0");
    assert_error(call(WEIR_EXPR_AND, BOOLEAN_, 2, big, call(WEIR_EXPR_NOT, BOOLEAN_, 1, zero)), "10 / 0");
}

static void a_constant_that_fails_fails_only_where_it_is_reached(void **state) {
    (void)state;
    table_rows = 2;
    int32_t a = add_bools("ff"), b = add_bools("ft");
    struct weir_expr *bad = divide(num(INT_, 1), num(INT_, 0));
    assert_rows(call(WEIR_EXPR_CASE, INT_, 3, col(a), bad, num(INT_, 4)), "4|4");
    assert_error(call(WEIR_EXPR_CASE, INT_, 3, col(b), bad, num(INT_, 4)), "1 / 0");
}

static void nested_masks_narrow_further(void **state) {
    (void)state;
    table_rows = 4;
    int32_t a = add_i64(INT_, (int64_t[]){0, 0, 1, 2}, NULL);
    int32_t p = add_bools("tfft"), q = add_bools("ttff");
    struct weir_expr *quotient = divide(num(INT_, 2), col(a));
    struct weir_expr *inner = call(WEIR_EXPR_CASE, INT_, 3, col(q), num(INT_, 7), quotient);
    assert_rows(call(WEIR_EXPR_CASE, INT_, 3, col(p), num(INT_, 9), inner), "9|7|2|9");
    /* the same quotient, shared under one mask, must not leak to rows of another */
    struct weir_expr *both =
        call(WEIR_EXPR_CASE, INT_, 5, call(WEIR_EXPR_GT, BOOLEAN_, 2, col(a), num(INT_, 1)), quotient,
             call(WEIR_EXPR_GT, BOOLEAN_, 2, col(a), num(INT_, 0)), quotient, num(INT_, 0));
    assert_rows(both, "0|0|2|1");
}

/* One quotient in two branches is computed for the rows of each: what fails in the second branch alone is still
 * seen, and a first branch that no row takes leaves no zeros to the second. */
static void equal_branches_do_not_share_their_rows(void **state) {
    (void)state;
    table_rows = 2;
    int32_t a = add_i64(INT_, (int64_t[]){1, 0}, NULL), b = add_i64(INT_, (int64_t[]){1, 2}, NULL);
    int32_t p = add_bools("tf"), none = add_bools("ff"), all = add_bools("tt");
    struct weir_expr *bad = divide(num(INT_, 6), col(a)), *good = divide(num(INT_, 6), col(b));
    assert_error(call(WEIR_EXPR_CASE, INT_, 5, col(p), bad, col(all), bad, num(INT_, 0)), "6 / 0");
    assert_rows(call(WEIR_EXPR_CASE, INT_, 5, col(none), good, col(all), good, num(INT_, 0)), "6|3");
}

static void case_takes_the_first_that_is_true(void **state) {
    (void)state;
    table_rows = 3;
    int32_t a = add_bools("tfx"), b = add_bools("ttt");
    assert_rows(call(WEIR_EXPR_CASE, STRING_, 5, col(a), str("first"), col(b), str("second"), str("none")),
                "first|second|second");
    assert_rows(call(WEIR_EXPR_CASE, INT_, 3, col(a), num(INT_, 1), null_of(INT_)), "1|NULL|NULL");
    assert_rows(call(WEIR_EXPR_CASE, BOOLEAN_, 3, col(a), col(b), num(BOOLEAN_, 0)), "true|false|false");
    assert_rows(call(WEIR_EXPR_CASE, weir_type_decimal(11, 1), 3, col(a), dec("1.0", 11, 1), dec("2.5", 11, 1)),
                "1.0|2.5|2.5");
    assert_rows(call(WEIR_EXPR_COALESCE, BOOLEAN_, 2, col(a), num(BOOLEAN_, 1)), "true|false|true");
    assert_rows(call(WEIR_EXPR_COALESCE, INT_, 3, null_of(INT_), null_of(INT_), num(INT_, 5)), "5|5|5");
}

static void wrong_shapes_are_refused(void **state) {
    (void)state;
    int32_t a = add_i64(INT_, (int64_t[]){1}, NULL);
    int32_t s = add_strings((const char *const[]){"x"});
    assert_int_equal(create_status(call(WEIR_EXPR_EQ, BOOLEAN_, 2, col(a), col(s))), WEIR_ERR_INVALID);
    assert_int_equal(create_status(call(WEIR_EXPR_EQ, BOOLEAN_, 1, col(a))), WEIR_ERR_INVALID);
    assert_int_equal(create_status(call(WEIR_EXPR_EQ, INT_, 2, col(a), col(a))), WEIR_ERR_INVALID);
    assert_int_equal(create_status(call(WEIR_EXPR_AND, BOOLEAN_, 2, col(a), col(a))), WEIR_ERR_INVALID);
    assert_int_equal(create_status(call(WEIR_EXPR_AND, BOOLEAN_, 0)), WEIR_ERR_INVALID);
    assert_int_equal(create_status(call(WEIR_EXPR_CASE, INT_, 2, col(a), col(a))), WEIR_ERR_INVALID);
    assert_int_equal(create_status(call(WEIR_EXPR_CASE, INT_, 3, col(s), col(a), col(a))), WEIR_ERR_INVALID);
    assert_int_equal(create_status(call(WEIR_EXPR_ADD, INT_, 2, col(a), col(s))), WEIR_ERR_INVALID);
    assert_int_equal(create_status(call(WEIR_EXPR_ADD, INT_, 0)), WEIR_ERR_INVALID);
    assert_int_equal(create_status(call(WEIR_EXPR_IN, BOOLEAN_, 1, col(a))), WEIR_ERR_INVALID);
    assert_int_equal(create_status(call(WEIR_EXPR_IN, BOOLEAN_, 2, col(a), str("x"))), WEIR_ERR_INVALID);
    assert_int_equal(create_status(call(WEIR_EXPR_EQ, BOOLEAN_, 2, dec("1", 2, 0), dbl(1))), WEIR_ERR_INVALID);
    assert_int_equal(create_status(call(WEIR_EXPR_TOTAL_ORDER, BIGINT_, 1, col(a))), WEIR_ERR_INVALID);
    assert_int_equal(create_status(call(WEIR_EXPR_NOT, BOOLEAN_, 1, NULL)), WEIR_ERR_INVALID);
    assert_int_equal(create_status(weir_expr_column(&arena, 99, INT_)), WEIR_ERR_INVALID);
    assert_int_equal(create_status(weir_expr_column(&arena, s, INT_)), WEIR_ERR_INVALID);
    for (int op = WEIR_EXPR_NEGATE; op <= WEIR_EXPR_RESCALE_TIME + 3;
         op++) { /* nothing crashes without arguments */
        assert_int_not_equal(create_status(call((enum weir_expr_op)op, INT_, 0)), WEIR_OK);
        assert_int_not_equal(create_status(call((enum weir_expr_op)op, BOOLEAN_, 0)), WEIR_OK);
    }
}

static void a_tree_too_deep_is_refused(void **state) {
    (void)state;
    int32_t a = add_bools("t");
    struct weir_expr *expr = col(a);
    for (int k = 0; k < 5000; k++) expr = call(WEIR_EXPR_NOT, BOOLEAN_, 1, expr);
    assert_int_equal(create_status(expr), WEIR_ERR_UNSUPPORTED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(and_or_not_are_three_valued),
        TEST(tests_of_a_truth_value),
        TEST(comparisons_of_booleans),
        TEST(comparisons_of_all_kinds),
        TEST(in_lists),
        TEST(untaken_branches_raise_nothing),
        TEST(a_constant_that_fails_fails_only_where_it_is_reached),
        TEST(nested_masks_narrow_further),
        TEST(equal_branches_do_not_share_their_rows),
        TEST(case_takes_the_first_that_is_true),
        TEST(wrong_shapes_are_refused),
        TEST(a_tree_too_deep_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
