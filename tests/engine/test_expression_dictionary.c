/* SPDX-License-Identifier: Apache-2.0
 *
 * Conditions over dictionary columns say what they say over the same strings as they are.
 */
#include "tests/engine/evaluate.h"

#include <stdlib.h>

#include "engine/expression_ops.h"
#include "tests/engine/random.h"

enum { ROWS = 1000, ENTRIES_MAX = 400 };

static const enum weir_storage widths[] = {WEIR_STORE_I8,  WEIR_STORE_U8,  WEIR_STORE_I16, WEIR_STORE_U16,
                                           WEIR_STORE_I32, WEIR_STORE_U32, WEIR_STORE_I64, WEIR_STORE_U64};

static void put_code(void *codes, enum weir_storage width, int32_t row, int64_t code) {
    size_t bytes = weir_storage_bytes(width);
    memcpy((char *)codes + (size_t)row * bytes, &code, bytes); /* the low bytes come first */
}

/* The same strings twice: as a dictionary column, and as they are. Codes of NULL rows point anywhere. */
static void add_pair(enum weir_storage width, int32_t entries, int null_rows, int null_entries) {
    static char text[ENTRIES_MAX][16];
    static const char *words[ENTRIES_MAX], *plain[ROWS];
    for (int32_t i = 0; i < entries; i++) {
        snprintf(text[i], sizeof(text[i]), "w%d", (int)i);
        words[i] = chance(null_entries) ? NULL : text[i];
    }
    struct weir_column *dictionary = room(sizeof(*dictionary));
    *dictionary = make_strings(words, entries);
    if (null_entries == 0) dictionary->validity = NULL;
    void *codes = room(ROWS * 8);
    char nulls[ROWS];
    for (int32_t i = 0; i < ROWS; i++) {
        int64_t code = entries == 0 ? 0 : random_below(entries);
        bool null = entries == 0 || chance(null_rows);
        nulls[i] = null ? 'x' : '-';
        plain[i] = null ? NULL : words[code];
        put_code(codes, width, i, null ? -7 : code);
    }
    struct weir_layout layout = {
        .storage = WEIR_STORE_DICTIONARY, .codes = width, .words = WEIR_STORE_UTF8, .type = STRING_};
    int32_t column = add_column(layout, codes, null_rows > 0 || entries == 0 ? nulls : NULL);
    columns[column].dictionary = dictionary;
    add_strings(plain);
}

static struct weir_expr *with(enum weir_expr_op op, int32_t column, int turn) {
    struct weir_expr *word = turn == 3 ? null_of(STRING_) : str(turn == 4 ? "never" : "w1");
    return turn % 2 == 0 ? call(op, BOOLEAN_, 2, col(column), word) : call(op, BOOLEAN_, 2, word, col(column));
}

static struct weir_expr *condition(int32_t column, int number) {
    static const enum weir_expr_op compared[] = {
        WEIR_EXPR_EQ, WEIR_EXPR_NE, WEIR_EXPR_LT,          WEIR_EXPR_LE,
        WEIR_EXPR_GT, WEIR_EXPR_GE, WEIR_EXPR_IS_DISTINCT, WEIR_EXPR_IS_NOT_DISTINCT};
    if (number < 40) return with(compared[number / 5], column, number % 5);
    switch (number) {
    case 40: return call(WEIR_EXPR_LIKE, BOOLEAN_, 2, col(column), str("w1%"));
    case 41: return call(WEIR_EXPR_IN, BOOLEAN_, 4, col(column), str("w0"), str("w3"), str("x"));
    case 42: return call(WEIR_EXPR_IN, BOOLEAN_, 3, col(column), str("w0"), null_of(STRING_));
    case 43: return call(WEIR_EXPR_NOT, BOOLEAN_, 1, with(WEIR_EXPR_EQ, column, 0));
    case 44: return call(WEIR_EXPR_OR, BOOLEAN_, 2, with(WEIR_EXPR_LT, column, 0), with(WEIR_EXPR_LT, column, 1));
    case 45: return call(WEIR_EXPR_EQ, BOOLEAN_, 2, col(column), col(column));
    case 46: /* the strings are asked for, too */
        return call(
            WEIR_EXPR_AND, BOOLEAN_, 2, with(WEIR_EXPR_NE, column, 0),
            call(WEIR_EXPR_GT, BOOLEAN_, 2, call(WEIR_EXPR_CHAR_LENGTH, INT_, 1, col(column)), num(INT_, 2)));
    default: return NULL;
    }
}

static void conditions_hold_for_codes_as_for_strings(void **state) {
    static const int32_t entries[] = {3, 100, ENTRIES_MAX, 0, 1};
    for (size_t w = 0; w < sizeof(widths) / sizeof(widths[0]); w++) {
        for (int turn = 0; turn < 10; turn++) {
            random_state = w * 100 + (uint64_t)turn;
            end_test(state);
            begin_test(state);
            table_rows = ROWS;
            int32_t count = entries[turn % 5];
            if (weir_storage_bytes(widths[w]) == 1 && count > 100) count = 100;
            add_pair(widths[w], count, turn < 5 ? 0 : 20, turn == 7 || turn == 6 ? 30 : 0);
            const struct weir_expr *coded;
            for (int number = 0; (coded = condition(0, number)) != NULL; number++) {
                const struct weir_expr *plain = condition(1, number);
                assert_same_conditions(coded, plain, 0, ROWS);
                assert_same_conditions(coded, plain, 128, 700);
                assert_same_conditions(coded, plain, 960, 3);
            }
        }
    }
}

/* Two columns with the same condition, or one with two that mirror each other, are not one condition. */
static void like_conditions_of_several_columns_stay_apart(void **state) {
    (void)state;
    random_state = 5;
    table_rows = ROWS;
    add_pair(WEIR_STORE_U8, 5, 10, 0);
    add_pair(WEIR_STORE_I32, 5, 0, 0);
    for (int number = 0; number < 3; number++) {
        static const enum weir_expr_op ops[] = {WEIR_EXPR_EQ, WEIR_EXPR_LT, WEIR_EXPR_LE};
        struct weir_expr *pairs[2];
        for (int32_t plain = 0; plain < 2; plain++) {
            struct weir_expr *one =
                call(WEIR_EXPR_OR, BOOLEAN_, 2, with(ops[number], plain, 0), with(ops[number], 2 + plain, 0));
            pairs[plain] = call(WEIR_EXPR_AND, BOOLEAN_, 2, one, with(ops[number], plain, 1));
        }
        assert_same_conditions(pairs[0], pairs[1], 0, ROWS);
    }
}

/* What the above is about: the column itself is not read where only its codes are needed. */
static void strings_that_nobody_asks_for_are_not_made(void **state) {
    (void)state;
    table_rows = ROWS;
    add_pair(WEIR_STORE_U8, 3, 0, 0);
    const struct weir_program *program = program_of(with(WEIR_EXPR_EQ, 0, 0));
    int32_t unread = 0;
    for (int32_t i = 0; i < program->nodes_count; i++) unread += program->nodes[i].unread;
    assert_int_equal(unread, 1);
    program = program_of(condition(0, 46));
    for (int32_t i = 0; i < program->nodes_count; i++) assert_false(program->nodes[i].unread);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(conditions_hold_for_codes_as_for_strings),
        TEST(like_conditions_of_several_columns_stay_apart),
        TEST(strings_that_nobody_asks_for_are_not_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
