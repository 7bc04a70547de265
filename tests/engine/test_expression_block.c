/* SPDX-License-Identifier: Apache-2.0
 *
 * Blocks of batches: storages, parts of columns, memory; and trees as trees: equality, text, sharing.
 */
#include <stdlib.h>

#include "engine/expression_ops.h"
#include "evaluate.h"

#define ROWS 300

static enum weir_status evaluate_part(const struct weir_expr *expr, int64_t first, int32_t rows,
                                      struct weir_vector *out) {
    struct weir_block block = {columns, layouts, first, rows};
    return weir_program_eval(program_of(expr), &block, NULL, &arena, out, &error);
}

static void integers_of_every_width(void **state) {
    (void)state;
    table_rows = ROWS;
    static const enum weir_storage storages[] = {WEIR_STORE_I8, WEIR_STORE_I16, WEIR_STORE_I32, WEIR_STORE_I64,
                                                 WEIR_STORE_U8, WEIR_STORE_U16, WEIR_STORE_U32};
    static const size_t widths[] = {1, 2, 4, 8, 1, 2, 4};
    for (size_t s = 0; s < 7; s++) {
        columns_count = 0;
        bool is_signed = s < 4;
        char *bytes = room(ROWS * widths[s]);
        for (int64_t i = 0; i < ROWS; i++) {
            int64_t value = is_signed ? i % 200 - 100 : i % 200;
            memcpy(bytes + (size_t)i * widths[s], &value, widths[s]);
        }
        add_column((struct weir_layout){.storage = storages[s], .type = BIGINT_}, bytes, NULL);
        for (int64_t first = 0; first < ROWS; first += 64) {
            struct weir_vector out;
            int32_t rows = (int32_t)(ROWS - first);
            assert_int_equal(evaluate_part(col(0), first, rows, &out), WEIR_OK);
            for (int32_t i = 0; i < rows; i++) {
                int64_t row = first + i;
                assert_int_equal(out.i64[i], is_signed ? row % 200 - 100 : row % 200);
            }
        }
    }
}

static void parts_of_bitmaps_and_validity(void **state) {
    (void)state;
    table_rows = ROWS;
    char letters[ROWS + 1] = "";
    for (int i = 0; i < ROWS; i++) letters[i] = "tfxtt"[i % 5];
    int32_t a = add_bools(letters);
    struct weir_vector out;
    for (int64_t first = 0; first < ROWS; first += 64) {
        assert_int_equal(evaluate_part(call(WEIR_EXPR_NOT, BOOLEAN_, 1, col(a)), first, 44, &out), WEIR_OK);
        for (int32_t i = 0; i < 44; i++) {
            char letter = letters[first + i];
            assert_string_equal(value_text(BOOLEAN_, &out, i), letter == 't'   ? "false"
                                                               : letter == 'f' ? "true"
                                                                               : "NULL");
        }
    }
}

static void columns_in_their_own_layout_are_not_copied(void **state) {
    (void)state;
    table_rows = ROWS;
    int64_t values[ROWS] = {0};
    int32_t a = add_i64(BIGINT_, values, NULL);
    struct weir_vector out;
    assert_int_equal(evaluate_part(col(a), 128, 10, &out), WEIR_OK);
    assert_ptr_equal(out.i64, (const int64_t *)columns[a].values + 128);
}

static void floats_decimals_and_nulls(void **state) {
    (void)state;
    table_rows = 3;
    float *floats = room(3 * sizeof(float));
    floats[0] = 1.5f, floats[1] = 0.1f, floats[2] = -2;
    uint64_t *wide = room(3 * sizeof(uint64_t));
    wide[0] = UINT64_MAX, wide[1] = 0, wide[2] = 7;
    char *odd = room(3 * 16 + 8); /* decimals at an address that is a multiple of 8 only */
    odd += ((uintptr_t)odd & 15) == 0 ? 8 : 0;
    for (int i = 0; i < 3; i++) memcpy(odd + 16 * i, &(weir_i128){i * 100 - 50}, 16);
    int32_t f = add_column((struct weir_layout){.storage = WEIR_STORE_F32, .type = FLOAT_}, floats, ".x.");
    int32_t u =
        add_column((struct weir_layout){.storage = WEIR_STORE_U64, .type = weir_type_decimal(20, 0)}, wide, NULL);
    int32_t d =
        add_column((struct weir_layout){.storage = WEIR_STORE_I128, .type = weir_type_decimal(5, 2)}, odd, NULL);
    int32_t n = add_column((struct weir_layout){.storage = WEIR_STORE_NULL, .type = INT_}, NULL, NULL);
    assert_rows(col(f), "1.5|NULL|-2.0");
    assert_rows(col(u), "18446744073709551615|0|7");
    assert_rows(col(d), "-0.50|0.50|1.50");
    assert_rows(call(WEIR_EXPR_ADD, INT_, 2, col(n), num(INT_, 1)), "NULL|NULL|NULL");
    assert_rows(call(WEIR_EXPR_IS_NULL, BOOLEAN_, 1, col(n)), "true|true|true");
}

static void strings_of_every_storage(void **state) {
    (void)state;
    table_rows = 5;
    int32_t small = add_strings((const char *const[]){"a", "", NULL, "bc", "d"});
    struct weir_column words = make_strings((const char *const[]){"x", NULL, "yy"}, 3);
    int64_t *offsets = room(4 * sizeof(int64_t));
    offsets[1] = 1, offsets[2] = 3, offsets[3] = 6;
    struct weir_column large = {
        .values = "abbccc", .offsets = offsets, .rows = 3, .storage = WEIR_STORE_LARGE_UTF8};
    int8_t *codes = room(5);
    codes[0] = 2, codes[1] = 0, codes[2] = 1, codes[3] = -7,
    codes[4] = 2; /* row 3 is NULL: its code is not looked at */
    struct weir_layout layout = {
        .storage = WEIR_STORE_DICTIONARY, .codes = WEIR_STORE_I8, .words = WEIR_STORE_UTF8, .type = STRING_};
    int32_t dictionary = add_column(layout, codes, "...x.");
    columns[dictionary].dictionary = &words;
    int32_t no_nulls = add_column(layout, codes, "...x.");
    columns[no_nulls].dictionary = &large;
    assert_rows(col(small), "a||NULL|bc|d");
    assert_rows(col(dictionary), "yy|x|NULL|NULL|yy");
    assert_rows(col(no_nulls), "ccc|a|bb|NULL|ccc");
    assert_rows(call(WEIR_EXPR_EQ, BOOLEAN_, 2, col(dictionary), str("yy")), "true|false|NULL|NULL|true");
    table_rows = 3;
    columns[0] = large;
    layouts[0].storage = WEIR_STORE_LARGE_UTF8;
    assert_rows(col(0), "a|bb|ccc");
}

static void an_empty_block(void **state) {
    (void)state;
    table_rows = 1;
    int32_t a = add_i64(INT_, (int64_t[]){1}, NULL);
    int32_t s = add_strings((const char *const[]){"x"});
    struct weir_expr *sum = call(WEIR_EXPR_ADD, INT_, 2, col(a), num(INT_, 1));
    struct weir_expr *expr =
        call(WEIR_EXPR_AND, BOOLEAN_, 2, call(WEIR_EXPR_GT, BOOLEAN_, 2, sum, col(a)),
             call(WEIR_EXPR_LIKE, BOOLEAN_, 2, call(WEIR_EXPR_UPPER, STRING_, 1, col(s)), str("X")));
    struct weir_vector out;
    assert_int_equal(evaluate_part(expr, 0, 0, &out), WEIR_OK);
    assert_int_equal(evaluate_part(cast(col(s), INT_), 0, 0, &out), WEIR_OK);
    assert_int_equal(evaluate_part(cast(col(a), TINYINT_), 0, 0, &out), WEIR_OK);
}

static void blocks_that_cannot_be(void **state) {
    (void)state;
    int32_t a = add_i64(INT_, (int64_t[]){1}, NULL);
    struct weir_vector out;
    assert_int_equal(evaluate_part(col(a), 1, 1, &out), WEIR_ERR_INVALID);
    assert_int_equal(evaluate_part(col(a), 0, WEIR_BLOCK_ROWS + 1, &out), WEIR_ERR_INVALID);
    assert_int_equal(evaluate_part(col(a), 0, -1, &out), WEIR_ERR_INVALID);
}

/* After the first block the arena holds all that the others need. */
static void memory_is_taken_once(void **state) {
    (void)state;
    table_rows = WEIR_BLOCK_ROWS;
    int64_t values[WEIR_BLOCK_ROWS];
    for (int i = 0; i < WEIR_BLOCK_ROWS; i++) values[i] = i;
    int32_t a = add_i64(BIGINT_, values, NULL);
    struct weir_expr *text = cast(call(WEIR_EXPR_ADD, BIGINT_, 2, col(a), num(BIGINT_, 5)), STRING_);
    struct weir_program *program = program_of(call(WEIR_EXPR_LIKE, BOOLEAN_, 2, text, str("%9%")));
    struct weir_arena temporaries;
    weir_arena_init(&temporaries, 0);
    size_t reserved = 0;
    for (int k = 0; k < 5; k++) {
        struct weir_block block = {columns, layouts, 0, WEIR_BLOCK_ROWS};
        struct weir_vector out;
        assert_int_equal(weir_program_eval(program, &block, NULL, &temporaries, &out, NULL), WEIR_OK);
        assert_true(k == 0 || temporaries.bytes_reserved == reserved);
        reserved = temporaries.bytes_reserved;
        weir_arena_reset(&temporaries);
    }
    weir_arena_fini(&temporaries);
}

static void equal_subtrees_are_computed_once(void **state) {
    (void)state;
    int32_t a = add_i64(BIGINT_, (int64_t[]){4}, NULL);
    struct weir_expr *one = call(WEIR_EXPR_MULTIPLY, BIGINT_, 2, col(a), num(BIGINT_, 3));
    struct weir_expr *two = call(WEIR_EXPR_MULTIPLY, BIGINT_, 2, col(a), num(BIGINT_, 3));
    struct weir_program *program = program_of(call(WEIR_EXPR_ADD, BIGINT_, 2, one, two));
    assert_int_equal(program->nodes_count, 4); /* a, 3, a * 3, the sum */
    struct weir_expr *constant = call(WEIR_EXPR_ADD, INT_, 2, num(INT_, 1), num(INT_, 2));
    program = program_of(constant);
    assert_true(program->nodes[program->root].constant);
}

static void equality_of_trees(void **state) {
    (void)state;
    int32_t a = add_i64(INT_, (int64_t[]){1}, NULL), b = add_i64(INT_, (int64_t[]){1}, NULL);
    struct weir_expr *x = call(WEIR_EXPR_ADD, INT_, 2, col(a), num(INT_, 1));
    struct weir_expr *y = at(call(WEIR_EXPR_ADD, INT_, 2, col(a), at(num(INT_, 1), 4, 2)), 3, 1);
    assert_true(weir_expr_equal(x, y));
    assert_false(weir_expr_equal(x, call(WEIR_EXPR_ADD, INT_, 2, col(b), num(INT_, 1))));
    assert_false(weir_expr_equal(x, call(WEIR_EXPR_ADD, INT_, 2, col(a), num(INT_, 2))));
    assert_false(weir_expr_equal(x, call(WEIR_EXPR_SUBTRACT, INT_, 2, col(a), num(INT_, 1))));
    assert_false(weir_expr_equal(num(INT_, 1), num(BIGINT_, 1)));
    assert_false(weir_expr_equal(num(INT_, 0), null_of(INT_)));
    assert_true(weir_expr_equal(str("ab"), str("ab")));
    assert_false(weir_expr_equal(str("ab"), str("ac")));
    assert_false(weir_expr_equal(cast(col(a), STRING_), try_cast(col(a), STRING_)));
}

static void count_node(struct weir_expr *node, void *user) {
    (void)node;
    (*(int *)user)++;
}

static void walks_see_every_node(void **state) {
    (void)state;
    int seen = 0;
    weir_expr_walk(call(WEIR_EXPR_ADD, INT_, 2, num(INT_, 1), call(WEIR_EXPR_ABS, INT_, 1, num(INT_, 2))),
                   count_node, &seen);
    assert_int_equal(seen, 4);
}

static void assert_text(const struct weir_expr *expr, const char *const *names, const char *expected) {
    assert_string_equal(weir_expr_text(&arena, expr, names), expected);
}

static void trees_as_text(void **state) {
    (void)state;
    static const char *const names[] = {"price"};
    int32_t a = add_i64(INT_, (int64_t[]){1}, NULL);
    struct weir_expr *sum = call(WEIR_EXPR_ADD, INT_, 2, col(a), num(INT_, -1));
    assert_text(sum, names, "price + -1");
    assert_text(sum, NULL, "$0 + -1");
    assert_text(call(WEIR_EXPR_MULTIPLY, INT_, 2, sum, col(a)), names, "(price + -1) * price");
    assert_text(call(WEIR_EXPR_NOT, BOOLEAN_, 1, call(WEIR_EXPR_IS_NULL, BOOLEAN_, 1, col(a))), names,
                "NOT (price IS NULL)");
    assert_text(call(WEIR_EXPR_CASE, INT_, 3, num(BOOLEAN_, 1), num(INT_, 1), null_of(INT_)), names,
                "CASE WHEN TRUE THEN 1 ELSE NULL END");
    assert_text(call(WEIR_EXPR_IN, BOOLEAN_, 3, col(a), num(INT_, 1), num(INT_, 2)), names, "price IN (1, 2)");
    assert_text(try_cast(str("it's"), weir_type_decimal(5, 2)), names, "TRY_CAST('it''s' AS DECIMAL(5, 2))");
    assert_text(unit(WEIR_EXPR_EXTRACT, BIGINT_, WEIR_UNIT_WEEK, ts("2024-01-31", 3)), names,
                "EXTRACT(WEEK FROM TIMESTAMP '2024-01-31 00:00:00.000')");
    assert_text(unit(WEIR_EXPR_FLOOR_TIME, DATE_, WEIR_UNIT_MONTH, date("2024-01-31")), names,
                "FLOOR(DATE '2024-01-31' TO MONTH)");
    assert_text(call(WEIR_EXPR_LIKE, BOOLEAN_, 3, str("a"), str("b"), str("!")), names, "'a' LIKE 'b' ESCAPE '!'");
    assert_text(call(WEIR_EXPR_COALESCE, DOUBLE_, 2, dbl(1.5), dec("2.50", 3, 2)), names, "COALESCE(1.5, 2.50)");
    struct weir_expr *deep = col(a);
    for (int k = 0; k < 200; k++) deep = call(WEIR_EXPR_NEGATE, INT_, 1, deep);
    assert_int_equal(strlen(weir_expr_text(&arena, deep, NULL)), 200 + 199 * 2 + 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(integers_of_every_width),
        TEST(parts_of_bitmaps_and_validity),
        TEST(columns_in_their_own_layout_are_not_copied),
        TEST(floats_decimals_and_nulls),
        TEST(strings_of_every_storage),
        TEST(an_empty_block),
        TEST(blocks_that_cannot_be),
        TEST(memory_is_taken_once),
        TEST(equal_subtrees_are_computed_once),
        TEST(equality_of_trees),
        TEST(walks_see_every_node),
        TEST(trees_as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
