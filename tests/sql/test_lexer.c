/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "sql/lexer.h"

struct lexed {
    struct weir_arena arena;
    struct weir_script script;
    struct weir_tokens tokens;
    struct weir_error error;
    enum weir_status status;
};

static const struct weir_define defines[] = {{"data", "/srv/x"}, {"two", "a\nb"}, {"bad", "\xFF"}, {"word", "k"}};

static void lex(struct lexed *lexed, const char *sql) {
    memset(lexed, 0, sizeof(*lexed));
    lexed->status = weir_script_expand(&lexed->arena, sql, defines, 4, &lexed->script, &lexed->error);
    if (lexed->status == WEIR_OK)
        lexed->status = weir_lex(&lexed->arena, &lexed->script, &lexed->tokens, &lexed->error);
}

/* Tokens as "kind:text@line:column ", with kinds w q s i d e y $. */
static const char *tokens_of(const char *sql) {
    static char text[4096];
    struct lexed lexed;
    size_t length = 0;
    lex(&lexed, sql);
    if (lexed.status != WEIR_OK) {
        snprintf(text, sizeof(text), "%d:%d %s", lexed.error.line, lexed.error.column, lexed.error.message);
    } else {
        text[0] = '\0';
        for (size_t i = 0; i + 1 < lexed.tokens.count; i++) {
            const struct weir_token *token = &lexed.tokens.items[i];
            length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%c:%s@%d:%d", i == 0 ? "" : " ",
                                       "$wqsidey"[token->kind], token -> text, token -> at.line, token->at.column);
        }
    }
    weir_arena_fini(&lexed.arena);
    return text;
}

static void words_numbers_and_symbols_are_cut_with_their_places(void **state) {
    (void)state;
    assert_string_equal(tokens_of("SELECT a1,`b c`\n FROM t_2"),
                        "w:SELECT@1:1 w:a1@1:8 y:,@1:10 q:b c@1:11 w:FROM@2:2 w:t_2@2:7");
    assert_string_equal(tokens_of("1 1.5 .5 5. 1e0 1.5E-3"),
                        "i:1@1:1 d:1.5@1:3 d:.5@1:7 d:5.@1:10 e:1e0@1:13 e:1.5E-3@1:17");
    assert_string_equal(tokens_of("<><=>=||=><"), "y:<>@1:1 y:<=@1:3 y:>=@1:5 y:||@1:7 y:=>@1:9 y:<@1:11");
    assert_string_equal(tokens_of(""), "");
}

static void a_quote_inside_quotes_is_written_twice(void **state) {
    (void)state;
    assert_string_equal(tokens_of("'it''s' '' '''' `a``b`"), "s:it's@1:1 s:@1:9 s:'@1:12 q:a`b@1:17");
}

static void comments_are_skipped(void **state) {
    (void)state;
    assert_string_equal(tokens_of("a -- b 'c\n/* d\n ** / */ e --"), "w:a@1:1 w:e@3:10");
    assert_string_equal(tokens_of("'--' '/*'"), "s:--@1:1 s:/*@1:6");
    assert_string_equal(tokens_of("a - - b"), "w:a@1:1 y:-@1:3 y:-@1:5 w:b@1:7");
}

static void columns_count_code_points(void **state) {
    (void)state;
    assert_string_equal(tokens_of("'é😀' x"), "s:é😀@1:1 w:x@1:6");
    assert_string_equal(tokens_of("größe y"), "w:größe@1:1 w:y@1:7");
    assert_string_equal(tokens_of("\xEF\xBB\xBFz"), "w:z@1:1");
}

static void placeholders_are_replaced_and_places_stay_those_of_the_script(void **state) {
    (void)state;
    assert_string_equal(tokens_of("'${data}/f' x"), "s:/srv/x/f@1:1 w:x@1:13");
    assert_string_equal(tokens_of("${two} c\nd"), "w:a@1:1 w:b@1:1 w:c@1:8 w:d@2:1");
    assert_string_equal(tokens_of("-- ${nothing}\n/* ${nothing} */ a"), "w:a@2:18");
    assert_string_equal(tokens_of("${word}${word} b"), "w:kk@1:1 w:b@1:16");
}

static void failures_name_their_place(void **state) {
    (void)state;
    static const struct {
        const char *sql;
        const char *message;
    } cases[] = {
        {"a\n 'open", "2:2 the string that begins here is not closed"},
        {"a `open", "1:3 the identifier that begins here is not closed"},
        {"/* open", "1:1 the comment that begins here is not closed"},
        {"a \"b\"", "1:3 double quotes mean nothing here: write `name` in backticks"},
        {"a != b", "1:3 '!=' is not allowed, as in Flink: write <>"},
        {"a == b", "1:3 '==' is not allowed, as in Flink: write ="},
        {"a # b", "1:3 '#' has no meaning here"},
        {"12abc", "1:1 '12a...' is neither a number nor a name"},
        {"``", "1:1 an identifier cannot be empty"},
        {"a\n  ${dta}", "2:3 ${dta} has no value; did you mean ${data}"},
        {"${", "1:1 ${ begins a placeholder"},
        {"${}", "1:1 ${ begins a placeholder"},
        {"x ${bad}", "1:3 the value of ${bad} is no UTF-8"},
        {"a '\xC3\x28'", "1:4 byte 0xC3 is no UTF-8"},
        {"\xED\xA0\x80", "1:1 byte 0xED is no UTF-8"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *text = tokens_of(cases[i].sql);
        if (strncmp(text, cases[i].message, strlen(cases[i].message)) != 0)
            fail_msg("%s\n  gives    %s\n  expected %s", cases[i].sql, text, cases[i].message);
    }
}

static void reserved_words_are_known_whatever_their_case(void **state) {
    (void)state;
    assert_true(weir_word_is_reserved("select"));
    assert_true(weir_word_is_reserved("Date"));
    assert_true(weir_word_is_reserved("YEAR"));
    assert_true(weir_word_is_reserved("ABS"));
    assert_false(weir_word_is_reserved("flights"));
    assert_false(weir_word_is_reserved("a_name_that_is_longer_than_any_reserved_word"));
    assert_false(weir_word_is_reserved(""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_numbers_and_symbols_are_cut_with_their_places),
        cmocka_unit_test(a_quote_inside_quotes_is_written_twice),
        cmocka_unit_test(comments_are_skipped),
        cmocka_unit_test(columns_count_code_points),
        cmocka_unit_test(placeholders_are_replaced_and_places_stay_those_of_the_script),
        cmocka_unit_test(failures_name_their_place),
        cmocka_unit_test(reserved_words_are_known_whatever_their_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
