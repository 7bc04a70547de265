/* SPDX-License-Identifier: Apache-2.0
 *
 * The comparison that the cases rely on: what it must take as equal, and what it must not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/cases/rows.h"
#include "tests/io/folder.h"

static struct rows rows_of(const struct folder *folder, const char *name, const char *text) {
    folder_put(folder, name, text, strlen(text));
    return rows_load(folder_name(folder, name));
}

static bool same(void **state, const char *left, const char *right, bool ordered) {
    struct rows a = rows_of(*state, "a.csv", left), b = rows_of(*state, "b.csv", right);
    char said[256];
    bool equal = rows_equal(&a, &b, ordered, said, sizeof(said));
    rows_free(&a);
    rows_free(&b);
    return equal;
}

static bool same_cells(void **state, const char *left, const char *right) {
    char a[128], b[128];
    snprintf(a, sizeof(a), "x,y\n%s,1\n", left);
    snprintf(b, sizeof(b), "x,y\n%s,1\n", right);
    return same(state, a, b, false) && same(state, b, a, true);
}

static void times_are_equal_in_either_form(void **state) {
    assert_true(same_cells(state, "2024-01-01T00:00:00.000", "2024-01-01 00:00:00"));
    assert_true(same_cells(state, "2024-01-01T00:00:00.120", "2024-01-01 00:00:00.12"));
    assert_true(same_cells(state, "12024-01-01T00:00:00.000Z", "12024-01-01 00:00:00"));
    assert_false(same_cells(state, "2024-01-01T00:00:00.001", "2024-01-01 00:00:00"));
    assert_false(same_cells(state, "2024-01-01T00:00:00.100", "2024-01-01 00:00:00.001"));
    assert_false(same_cells(state, "2024-01-01T00:00:00", "2024-01-01"));
}

static void whole_numbers_are_exact(void **state) {
    assert_true(same_cells(state, "7", "+007"));
    assert_true(same_cells(state, "0", "-0"));
    assert_false(same_cells(state, "9007199254740993", "9007199254740992"));
    assert_false(same_cells(state, "7", "-7"));
    assert_true(same_cells(state, "12345678901234567.80", "12345678901234567.8"));
    assert_false(same_cells(state, "12345678901234567.80", "12345678901234567.81"));
}

static void other_numbers_may_be_rounded(void **state) {
    assert_true(same_cells(state, "1.0E10", "10000000000"));
    assert_true(same_cells(state, "0.30000000000000004", "0.3"));
    assert_true(same_cells(state, "1.50", "1.5"));
    assert_false(same_cells(state, "0.3", "0.30000001"));
    assert_false(same_cells(state, "0.0", "1e-300"));
    assert_false(same_cells(state, "0.0", "-0.0"));
    assert_false(same_cells(state, "1.5", "-1.5"));
}

static void null_is_not_empty_text(void **state) {
    assert_true(same_cells(state, "", ""));
    assert_false(same_cells(state, "", "\"\""));
    assert_false(same_cells(state, "", "0"));
    assert_true(same_cells(state, "\"a\"", "a"));
    assert_true(same_cells(state, "\"a\"\"b,\n c\"", "\"a\"\"b,\n c\""));
    assert_false(same_cells(state, "\"a \"", "a"));
}

static void words_of_floats_and_booleans_in_any_case(void **state) {
    assert_true(same_cells(state, "Infinity", "inf"));
    assert_true(same_cells(state, "-Infinity", "-inf"));
    assert_true(same_cells(state, "NaN", "nan"));
    assert_true(same_cells(state, "TRUE", "true"));
    assert_false(same_cells(state, "-inf", "inf"));
    assert_false(same_cells(state, "NaN", ""));
    assert_false(same_cells(state, "alpha", "Alpha"));
}

static void rows_are_a_multiset(void **state) {
    assert_true(same(state, "x,y\na,1\nb,2\na,1\n", "x,y\nb,2\na,1\na,1\n", false));
    assert_false(same(state, "x,y\na,1\nb,2\na,1\n", "x,y\nb,2\na,1\nb,2\n", false));
    assert_false(same(state, "x,y\na,1\n", "x,y\na,1\na,1\n", false));
    assert_false(same(state, "x,y\na,1\n", "x,y\n", false));
    assert_true(same(state, "x,y\n", "x,y\n", false));
}

static void rounding_does_not_reorder_rows(void **state) {
    const char *left = "x,y\n0.1,5.0\n0.10000000000000001,4.0\n0.3,\n", *right = "x,y\n0.3,\n0.1,4.0\n0.1,5.0\n";
    assert_true(same(state, left, right, false));
    assert_false(same(state, "x,y\n0.1,5.0\n0.1,4.0\n", "x,y\n0.1,4.0\n0.1,4.0\n", false));
}

static void order_counts_where_asked(void **state) {
    assert_false(same(state, "x\n1\n2\n", "x\n2\n1\n", true));
    assert_true(same(state, "x\n1\n2\n", "x\n1\n2\n", true));
}

static void names_are_equal_and_in_order(void **state) {
    assert_false(same(state, "x,y\n1,2\n", "y,x\n1,2\n", false));
    assert_false(same(state, "x\n1\n", "x,y\n1,2\n", false));
    assert_false(same(state, "x\n", "X\n", false));
}

static void the_last_line_may_lack_its_end(void **state) {
    assert_true(same(state, "x,y\n1,2", "x,y\n1,2\n", false));
    assert_true(same(state, "x,y\n1,", "x,y\n1,\n", false));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_equal_in_either_form),
        cmocka_unit_test(whole_numbers_are_exact),
        cmocka_unit_test(other_numbers_may_be_rounded),
        cmocka_unit_test(null_is_not_empty_text),
        cmocka_unit_test(words_of_floats_and_booleans_in_any_case),
        cmocka_unit_test(rows_are_a_multiset),
        cmocka_unit_test(rounding_does_not_reorder_rows),
        cmocka_unit_test(order_counts_where_asked),
        cmocka_unit_test(names_are_equal_and_in_order),
        cmocka_unit_test(the_last_line_may_lack_its_end),
    };
    return cmocka_run_group_tests(tests, folder_setup, folder_teardown);
}
