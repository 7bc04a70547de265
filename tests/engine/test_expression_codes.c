/* SPDX-License-Identifier: Apache-2.0
 *
 * CASE over constant strings: codes of its dictionary stand for the strings that its values are.
 */
#include "tests/engine/evaluate.h"

#include <stdlib.h>

#include "engine/batch.h"
#include "engine/expression_ops.h"
#include "tests/engine/random.h"

enum { ROWS = 700, ARGS_MAX = 13 };

static int32_t add_numbers(void) {
    table_rows = ROWS;
    columns_count = 0;
    int64_t numbers[ROWS];
    char nulls[ROWS];
    for (int i = 0; i < ROWS; i++) {
        numbers[i] = random_below(100);
        nulls[i] = chance(10) ? 'x' : '-';
    }
    return add_i64(BIGINT_, numbers, nulls);
}

static struct weir_expr *below(int32_t column, int64_t bound) {
    return call(WEIR_EXPR_LT, BOOLEAN_, 2, col(column), num(BIGINT_, bound));
}

/* Some are the same, some empty, some NULL; one at least is not. */
static struct weir_expr *choice_of(int turn) {
    static const char *const words[] = {"short", "", "a longer one than others", "long", "short"};
    return turn > 0 && chance(15) ? null_of(STRING_) : str(words[random_below(5)]);
}

static struct weir_expr *random_case(int32_t column) {
    struct weir_expr *args[ARGS_MAX];
    int32_t whens = 1 + (int32_t)random_below(6), count = 0;
    for (int32_t i = 0; i < whens; i++) {
        args[count++] = below(column, random_below(100));
        args[count++] = choice_of(i);
    }
    args[count++] = choice_of(whens);
    return weir_expr_node(&arena, WEIR_EXPR_CASE, STRING_, count, args);
}

static void assert_same(const struct weir_program *program, int64_t first, int32_t rows) {
    struct weir_block block = {columns, layouts, first, rows};
    struct weir_vector strings;
    struct weir_column codes;
    assert_int_equal(weir_program_eval(program, &block, NULL, &arena, &strings, &error), WEIR_OK);
    assert_int_equal(weir_program_eval_codes(program, &block, NULL, &arena, &codes, &error), WEIR_OK);
    assert_int_equal(codes.rows, rows);
    for (int32_t i = 0; i < rows; i++) {
        bool valid = strings.validity == NULL || weir_bit_get(strings.validity, (size_t)i);
        assert_int_equal(codes.validity == NULL || weir_bit_get(codes.validity, (size_t)i), valid);
        assert_true(((const uint32_t *)codes.values)[i] < codes.dictionary->rows);
        if (!valid) continue;
        struct weir_string word = weir_column_string(&codes, i);
        assert_int_equal(word.length, strings.strings[i].length);
        assert_memory_equal(word.data, strings.strings[i].data, (size_t)word.length);
    }
}

static void codes_stand_for_the_strings(void **state) {
    (void)state;
    for (int round = 0; round < 300; round++) {
        int32_t column = add_numbers();
        struct weir_program *program = program_of(random_case(column));
        if (program->nodes[program->root].constant) continue; /* every choice was the same */
        assert_non_null(weir_program_dictionary(program));
        int64_t first = 64 * random_below(5);
        assert_same(program, first, (int32_t)random_below(ROWS - first + 1));
    }
}

static void equal_choices_share_an_entry(void **state) {
    (void)state;
    int32_t column = add_numbers();
    struct weir_expr *expr =
        call(WEIR_EXPR_CASE, STRING_, 5, below(column, 3), str("a"), below(column, 7), str("b"), str("a"));
    assert_int_equal(weir_program_dictionary(program_of(expr))->dictionary->rows, 2);
}

static void other_programs_have_none(void **state) {
    (void)state;
    int32_t column = add_numbers();
    const char *texts[ROWS];
    for (int i = 0; i < ROWS; i++) texts[i] = "text";
    int32_t text = add_strings(texts);
    struct weir_expr *mixed = call(WEIR_EXPR_CASE, STRING_, 3, below(column, 3), str("a"), col(text));
    struct weir_expr *numbers =
        call(WEIR_EXPR_CASE, BIGINT_, 3, below(column, 3), num(BIGINT_, 1), num(BIGINT_, 0));
    struct weir_expr *nothing =
        call(WEIR_EXPR_CASE, STRING_, 3, below(column, 3), null_of(STRING_), null_of(STRING_));
    assert_null(weir_program_dictionary(program_of(mixed)));
    assert_null(weir_program_dictionary(program_of(numbers)));
    assert_null(weir_program_dictionary(program_of(nothing)));
    assert_null(weir_program_dictionary(program_of(col(text))));
    assert_null(weir_program_dictionary(program_of(call(WEIR_EXPR_COALESCE, STRING_, 2, col(text), str("a")))));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(codes_stand_for_the_strings),
        TEST(equal_choices_share_an_entry),
        TEST(other_programs_have_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
