/* SPDX-License-Identifier: Apache-2.0
 *
 * Comparisons of columns of short integers with constants say what they say over the same numbers in 64 bits.
 */
#include "tests/engine/evaluate.h"

#include "engine/expression_ops.h"
#include "tests/engine/random.h"

enum { ROWS = 1000 };

struct stored {
    enum weir_storage storage;
    enum weir_type_id type;
    int64_t ticks; /* a second; 0: no time */
    int64_t least, greatest;
};

static const struct stored kinds[] = {
    {WEIR_STORE_I8, WEIR_TYPE_TINYINT, 0, INT8_MIN, INT8_MAX},
    {WEIR_STORE_I16, WEIR_TYPE_SMALLINT, 0, INT16_MIN, INT16_MAX},
    {WEIR_STORE_I32, WEIR_TYPE_INT, 0, INT32_MIN, INT32_MAX},
    {WEIR_STORE_U8, WEIR_TYPE_SMALLINT, 0, 0, UINT8_MAX},
    {WEIR_STORE_U16, WEIR_TYPE_INT, 0, 0, UINT16_MAX},
    {WEIR_STORE_U32, WEIR_TYPE_BIGINT, 0, 0, UINT32_MAX},
    {WEIR_STORE_I32, WEIR_TYPE_DATE, 0, INT32_MIN, INT32_MAX},
    {WEIR_STORE_I32, WEIR_TYPE_TIME, 1000, 0, 86399999},
    {WEIR_STORE_I32, WEIR_TYPE_TIME, 1, 0, 86399}, /* stored in seconds: its milliseconds are compared */
};

static int64_t draw(const struct stored *kind) {
    switch (random_below(4)) {
    case 0: return kind->least + random_below(3);
    case 1: return kind->greatest - random_below(3);
    case 2: return kind->least + random_below(kind->greatest - kind->least + 1);
    default: return kind->least + (kind->greatest - kind->least) / 2 + random_below(3);
    }
}

/* The same numbers twice: as they are stored, and in 64 bits. */
static void add_pair(const struct stored *kind, int null_rows) {
    int64_t wide[ROWS];
    char nulls[ROWS];
    size_t bytes = weir_storage_bytes(kind->storage);
    char *values = room(ROWS * bytes);
    for (int32_t i = 0; i < ROWS; i++) {
        int64_t value = draw(kind);
        memcpy(values + (size_t)i * bytes, &value, bytes); /* the low bytes come first */
        wide[i] = kind->ticks == 1 ? value * 1000 : value;
        nulls[i] = chance(null_rows) ? 'x' : '-';
    }
    struct weir_layout layout = {
        .storage = kind->storage, .type = weir_type_of(kind->type), .ticks_per_second = kind->ticks};
    const char *some = null_rows > 0 ? nulls : NULL;
    add_column(layout, values, some);
    add_i64(layout.type, wide, some);
}

static struct weir_expr *condition(int32_t column, enum weir_expr_op op, int turn, int64_t constant) {
    struct weir_type type = layouts[column].type;
    struct weir_expr *value = col(column);
    if (turn >= 2 && weir_type_is_integer(type)) {
        type = BIGINT_;
        value = cast(value, BIGINT_);
    }
    struct weir_expr *other = turn == 4 ? null_of(type) : num(type, constant);
    return turn % 2 == 0 ? call(op, BOOLEAN_, 2, value, other) : call(op, BOOLEAN_, 2, other, value);
}

/* Constants that rows have, at the ends of what is stored, beside them and far outside. */
static int64_t constant_for(const struct stored *kind, int number) {
    int64_t scale = kind->ticks == 1 ? 1000 : 1;
    switch (number) {
    case 0: return kind->least * scale;
    case 1: return kind->greatest * scale;
    case 2: return kind->least * scale - 1;
    case 3: return kind->greatest * scale + 1;
    case 4: return INT64_MIN;
    case 5: return INT64_MAX;
    case 6: return kind->least * scale + ((int64_t)1 << 32); /* alike in the lower bits */
    default: return draw(kind) * scale;
    }
}

static void compare_kind(const struct stored *kind) {
    for (int number = 0; number < 10; number++) {
        int64_t constant = constant_for(kind, number);
        for (int op = WEIR_EXPR_EQ; op <= WEIR_EXPR_IS_NOT_DISTINCT; op++) {
            for (int turn = 0; turn < 5; turn++) {
                const struct weir_expr *stored = condition(0, (enum weir_expr_op)op, turn, constant);
                const struct weir_expr *wide = condition(1, (enum weir_expr_op)op, turn, constant);
                assert_same_conditions(stored, wide, 0, ROWS);
                assert_same_conditions(stored, wide, 128, 333);
            }
        }
    }
}

static void conditions_hold_for_short_numbers_as_for_wide_ones(void **state) {
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        for (int null_rows = 0; null_rows <= 20; null_rows += 20) {
            random_state = k * 100 + (uint64_t)null_rows;
            end_test(state);
            begin_test(state);
            table_rows = ROWS;
            add_pair(&kinds[k], null_rows);
            compare_kind(&kinds[k]);
        }
    }
}

static int32_t unread_of(const struct weir_expr *expr) {
    const struct weir_program *program = program_of(expr);
    int32_t unread = 0;
    for (int32_t i = 0; i < program->nodes_count; i++) unread += program->nodes[i].unread;
    return unread;
}

/* What the above is about: neither the column nor its cast is made where only what is stored is looked at. */
static void numbers_that_nobody_asks_for_are_not_widened(void **state) {
    (void)state;
    table_rows = ROWS;
    add_pair(&kinds[2], 0);
    assert_int_equal(unread_of(condition(0, WEIR_EXPR_LT, 0, 7)), 1);
    assert_int_equal(unread_of(condition(0, WEIR_EXPR_LT, 2, INT64_MAX)), 2);
    struct weir_expr *between =
        call(WEIR_EXPR_AND, BOOLEAN_, 2, condition(0, WEIR_EXPR_GE, 0, -5), condition(0, WEIR_EXPR_LE, 0, 5));
    assert_int_equal(unread_of(between), 1);
}

static void numbers_that_others_ask_for_are(void **state) {
    (void)state;
    table_rows = ROWS;
    add_pair(&kinds[2], 0);
    struct weir_expr *sum = call(WEIR_EXPR_ADD, INT_, 2, col(0), num(INT_, 1));
    struct weir_expr *both = call(WEIR_EXPR_AND, BOOLEAN_, 2, condition(0, WEIR_EXPR_GE, 0, -5),
                                  call(WEIR_EXPR_LT, BOOLEAN_, 2, sum, num(INT_, 9)));
    assert_int_equal(unread_of(both), 0);
    assert_int_equal(unread_of(condition(1, WEIR_EXPR_LT, 0, 7)), 0); /* 64 bits are read where they lie */
}

/* A cast that a number may not pass is an error, whatever it is compared with. */
static void casts_that_fail_are_not_passed_over(void **state) {
    (void)state;
    table_rows = ROWS;
    add_pair(&kinds[2], 0);
    struct weir_expr *narrow = call(WEIR_EXPR_LT, BOOLEAN_, 2, cast(col(0), TINYINT_), num(TINYINT_, 3));
    struct weir_block block = {columns, layouts, 0, ROWS};
    struct weir_vector out;
    assert_int_equal(weir_program_eval(program_of(narrow), &block, NULL, &arena, &out, &error), WEIR_ERR_VALUE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(conditions_hold_for_short_numbers_as_for_wide_ones),
        TEST(numbers_that_nobody_asks_for_are_not_widened),
        TEST(numbers_that_others_ask_for_are),
        TEST(casts_that_fail_are_not_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
