/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions of strings, by code points, with the results that Flink 2.3.0 gave.
 */
#include <stdlib.h>

#include "evaluate.h"

#define E_ACUTE "\xC3\xA9"
#define GRIN "\xF0\x9F\x98\x80"

static struct weir_expr *like(struct weir_expr *text, const char *pattern) {
    return call(WEIR_EXPR_LIKE, BOOLEAN_, 2, text, str(pattern));
}

static struct weir_expr *like_escape(const char *text, const char *pattern, const char *escape) {
    return call(WEIR_EXPR_LIKE, BOOLEAN_, 3, str(text), str(pattern), str(escape));
}

static struct weir_expr *trim(const char *text, const char *set, int sides) {
    struct weir_expr *expr = call(WEIR_EXPR_TRIM, STRING_, 2, str(text), str(set));
    expr->unit = (enum weir_time_unit)sides;
    return expr;
}

static struct weir_expr *substring(struct weir_expr *text, int64_t from, int64_t count) {
    return call(WEIR_EXPR_SUBSTRING, STRING_, 3, text, num(INT_, from), num(INT_, count));
}

static void lengths_count_code_points(void **state) {
    (void)state;
    table_rows = 5;
    int32_t s = add_strings((const char *const[]){E_ACUTE GRIN, "", NULL, "abc",
                                                  "\x80\x80"
                                                  "a\xC3"});
    assert_rows(call(WEIR_EXPR_CHAR_LENGTH, INT_, 1, col(s)), "2|0|NULL|3|3");
}

static void substrings_as_in_flink(void **state) {
    (void)state;
    assert_rows(call(WEIR_EXPR_SUBSTRING, STRING_, 2, str("abc"), num(INT_, 0)), "abc");
    assert_rows(call(WEIR_EXPR_SUBSTRING, STRING_, 2, str("abc"), num(INT_, -2)), "bc");
    assert_rows(substring(str("abc"), 2, 1), "b");
    assert_rows(substring(str("abc"), -5, 2), ""); /* before the text */
    assert_rows(substring(str("abc"), 9, 2), "");
    assert_rows(substring(str("abc"), 2, 100), "bc");
    assert_rows(substring(str("abc"), 1, -1), "NULL");
    assert_rows(substring(str(E_ACUTE GRIN "x"), 2, 1), GRIN);
    assert_rows(substring(str(E_ACUTE GRIN "x"), -3, 2), E_ACUTE GRIN);
    assert_rows(substring(null_of(STRING_), 1, 2), "NULL");
    assert_rows(call(WEIR_EXPR_SUBSTRING, STRING_, 2, str("abc"), num(BIGINT_, INT64_MIN)), "");
    assert_rows(call(WEIR_EXPR_SUBSTRING, STRING_, 2, str("abc"), num(BIGINT_, INT64_MAX)), "");
}

static void letters_change(void **state) {
    (void)state;
    table_rows = 4;
    int32_t s = add_strings((const char *const[]){"aBc1", E_ACUTE "a", NULL, "\xCE\xB1\xD0\xB6" GRIN "\xFF"});
    assert_rows(call(WEIR_EXPR_UPPER, STRING_, 1, col(s)), "ABC1|\xC3\x89"
                                                           "A|NULL|\xCE\x91\xD0\x96" GRIN "\xFF");
    assert_rows(call(WEIR_EXPR_LOWER, STRING_, 1, str("\xC3\x89Z[")),
                E_ACUTE "z[|" E_ACUTE "z[|" E_ACUTE "z[|" E_ACUTE "z[");
    /* a letter that grows from two bytes to three */
    table_rows = 1;
    assert_rows(call(WEIR_EXPR_UPPER, STRING_, 1, str("\xC9\x90\xC9\x90")), "\xE2\xB1\xAF\xE2\xB1\xAF");
}

static void concat_with_null_is_null(void **state) {
    (void)state;
    table_rows = 3;
    int32_t s = add_strings((const char *const[]){"a", "", NULL});
    assert_rows(call(WEIR_EXPR_CONCAT, STRING_, 3, col(s), str("-"), col(s)), "a-a|-|NULL");
    assert_rows(call(WEIR_EXPR_CONCAT, STRING_, 2, col(s), null_of(STRING_)), "NULL|NULL|NULL");
}

static void trims(void **state) {
    (void)state;
    assert_rows(trim("  a b ", " ", 3), "a b");
    assert_rows(trim("xxabxx", "x", 1), "abxx");
    assert_rows(trim("xxabxx", "x", 2), "xxab");
    assert_rows(trim("xyx", "xy", 3), "");
    assert_rows(trim(E_ACUTE "a" GRIN, GRIN E_ACUTE, 3), "a");
    assert_rows(trim("", " ", 3), "");
}

static void positions(void **state) {
    (void)state;
    assert_rows(call(WEIR_EXPR_POSITION, INT_, 2, str("b"), str("abc")), "2");
    assert_rows(call(WEIR_EXPR_POSITION, INT_, 2, str(GRIN), str(E_ACUTE GRIN)), "2");
    assert_rows(call(WEIR_EXPR_POSITION, INT_, 2, str("x"), str("abc")), "0");
    assert_rows(call(WEIR_EXPR_POSITION, INT_, 2, str(""), str("abc")), "1");
    assert_rows(call(WEIR_EXPR_POSITION, INT_, 2, str("abcd"), str("abc")), "0");
}

static void like_patterns(void **state) {
    (void)state;
    static const struct {
        const char *text, *pattern;
        bool match;
    } cases[] = {
        {"abc", "A%", false},
        {"abc", "a%", true},
        {"abc", "%c", true},
        {"abc", "%b%", true},
        {"abc", "abc", true},
        {"abc", "abcd", false},
        {"abc", "ab", false},
        {"abc", "a_c", true},
        {"abc", "___", true},
        {"abc", "____", false},
        {"abc", "%", true},
        {"", "%", true},
        {"", "", true},
        {"", "_", false},
        {"abc", "%%%", true},
        {"abcabc", "%abc", true},
        {"aaab", "%a_b", true},
        {"aXbXc", "a%X_", true},
        {"ab", "a%b%", true},
        {"ab", "%ab_", false},
        {E_ACUTE, "_", true},
        {GRIN "x", "_x", true},
        {"a\nb", "a_b", true},
        {"mississippi", "m%iss%pi", true},
        {"mississippi", "m%iss%x", false},
        {"a%b", "a%b", true},
        {"abcde", "_%_%_e", true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *result = rows_of(like(str(cases[i].text), cases[i].pattern), NULL);
        if ((strcmp(result, "true") == 0) != cases[i].match)
            fail_msg("'%s' LIKE '%s'", cases[i].text, cases[i].pattern);
    }
    assert_rows(like(null_of(STRING_), "%"), "NULL");
    assert_rows(call(WEIR_EXPR_LIKE, BOOLEAN_, 2, str("a"), null_of(STRING_)), "NULL");
}

static void like_with_an_escape(void **state) {
    (void)state;
    assert_rows(like_escape("a%b", "a!%b", "!"), "true");
    assert_rows(like_escape("axb", "a!%b", "!"), "false");
    assert_rows(like_escape("a_", "a" E_ACUTE "_", E_ACUTE), "true");
    assert_rows(like_escape("a!", "a!!", "!"), "true");
    assert_int_equal(create_status(like_escape("a", "a!", "!")), WEIR_ERR_VALUE);
    assert_int_equal(create_status(like_escape("a", "!a", "!")), WEIR_ERR_VALUE);
    assert_int_equal(create_status(like_escape("a", "a", "ab")), WEIR_ERR_VALUE);
    int32_t s = add_strings((const char *const[]){"x"});
    assert_int_equal(create_status(call(WEIR_EXPR_LIKE, BOOLEAN_, 2, str("a"), col(s))), WEIR_ERR_UNSUPPORTED);
}

/* The matcher against the textbook recursion, on short random texts over few letters. */
static bool naive(const char *text, const char *pattern) {
    if (*pattern == '\0') return *text == '\0';
    if (*pattern == '%') return naive(text, pattern + 1) || (*text != '\0' && naive(text + 1, pattern));
    return *text != '\0' && (*pattern == '_' || *pattern == *text) && naive(text + 1, pattern + 1);
}

static void like_agrees_with_the_recursion(void **state) {
    (void)state;
    unsigned seed = 7;
    for (int k = 0; k < 3000; k++) {
        char text[12] = "", pattern[8] = "";
        int length = rand_r(&seed) % 11, size = rand_r(&seed) % 7;
        for (int i = 0; i < length; i++) text[i] = "ab"[rand_r(&seed) % 2];
        for (int i = 0; i < size; i++) pattern[i] = "ab%_%"[rand_r(&seed) % 5];
        const char *result = rows_of(like(str(text), pattern), NULL);
        if ((strcmp(result, "true") == 0) != naive(text, pattern)) fail_msg("'%s' LIKE '%s'", text, pattern);
        weir_arena_reset(&arena);
    }
}

static void a_hard_pattern_does_not_blow_up(void **state) {
    (void)state;
    char text[20001], pattern[120] = "";
    memset(text, 'a', 20000);
    text[20000] = '\0';
    for (int i = 0; i < 25; i++) strcat(pattern, "%a_a");
    strcat(pattern, "%b");
    assert_rows(like(str(text), pattern), "false");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(lengths_count_code_points),
        TEST(substrings_as_in_flink),
        TEST(letters_change),
        TEST(concat_with_null_is_null),
        TEST(trims),
        TEST(positions),
        TEST(like_patterns),
        TEST(like_with_an_escape),
        TEST(like_agrees_with_the_recursion),
        TEST(a_hard_pattern_does_not_blow_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
