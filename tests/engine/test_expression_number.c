/* SPDX-License-Identifier: Apache-2.0
 *
 * Arithmetic: the results that Flink 2.3.0 gave for one row, and what weir makes an error. The columns are named as
 * in that row: i INT 7, n INT -7, z INT 0, b BIGINT max, d 10.25, e 3.00, x 2.5, t SMALLINT 120, mx INT max, f
 * FLOAT 1.5.
 */
#include "evaluate.h"

static struct weir_expr *arith(enum weir_expr_op op, struct weir_type type, struct weir_expr *a,
                               struct weir_expr *b) {
    return call(op, type, 2, a, b);
}

#define i_ num(INT_, 7)
#define n_ num(INT_, -7)
#define z_ num(INT_, 0)
#define b_ num(BIGINT_, INT64_MAX)
#define d_ dec("10.25", 10, 2)
#define e_ dec("3.00", 10, 2)

static void integers_as_in_flink(void **state) {
    (void)state;
    assert_rows(arith(WEIR_EXPR_DIVIDE, INT_, i_, num(INT_, 2)), "3");
    assert_rows(arith(WEIR_EXPR_DIVIDE, INT_, n_, num(INT_, 2)), "-3");
    assert_rows(arith(WEIR_EXPR_MODULO, INT_, n_, num(INT_, 3)), "-1");
    assert_rows(arith(WEIR_EXPR_MODULO, INT_, i_, num(INT_, -3)), "1");
    assert_rows(arith(WEIR_EXPR_DIVIDE, BIGINT_, b_, num(BIGINT_, 2)), "4611686018427387903");
    assert_rows(arith(WEIR_EXPR_ADD, SMALLINT_, num(SMALLINT_, 120), num(SMALLINT_, 120)), "240");
    assert_rows(call(WEIR_EXPR_NEGATE, INT_, 1, n_), "7");
    assert_rows(call(WEIR_EXPR_ABS, INT_, 1, n_), "7");
    assert_rows(call(WEIR_EXPR_SIGN, INT_, 1, n_), "-1");
    assert_rows(call(WEIR_EXPR_ROUND, INT_, 2, num(INT_, -155), num(INT_, -1)), "-160");
    assert_rows(call(WEIR_EXPR_FLOOR, INT_, 1, n_), "-7");
}

static void integer_overflow_is_an_error_of_the_type(void **state) {
    (void)state;
    assert_error(at(arith(WEIR_EXPR_ADD, INT_, num(INT_, INT32_MAX), num(INT_, 1)), 3, 9),
                 "at line 3, column 9: INT overflow: 2147483647 + 1: CAST an argument to BIGINT");
    assert_int_equal(error.line, 3);
    assert_int_equal(error.column, 9);
    assert_error(arith(WEIR_EXPR_ADD, BIGINT_, b_, num(BIGINT_, 1)), "BIGINT overflow: 9223372036854775807 + 1");
    assert_error(arith(WEIR_EXPR_SUBTRACT, BIGINT_, num(BIGINT_, INT64_MIN), num(BIGINT_, 1)), "BIGINT overflow");
    assert_error(arith(WEIR_EXPR_MULTIPLY, INT_, num(INT_, INT32_MAX), num(INT_, INT32_MAX)), "INT overflow");
    assert_error(arith(WEIR_EXPR_MULTIPLY, BIGINT_, b_, num(BIGINT_, 2)), "BIGINT overflow");
    assert_error(arith(WEIR_EXPR_DIVIDE, BIGINT_, num(BIGINT_, INT64_MIN), num(BIGINT_, -1)), "BIGINT overflow");
    assert_error(arith(WEIR_EXPR_DIVIDE, INT_, num(INT_, INT32_MIN), num(INT_, -1)), "INT overflow");
    assert_rows(arith(WEIR_EXPR_MODULO, BIGINT_, num(BIGINT_, INT64_MIN), num(BIGINT_, -1)), "0");
    assert_error(call(WEIR_EXPR_ABS, TINYINT_, 1, num(TINYINT_, -128)), "TINYINT overflow: ABS(-128)");
    assert_error(call(WEIR_EXPR_NEGATE, BIGINT_, 1, num(BIGINT_, INT64_MIN)), "BIGINT overflow");
    assert_error(arith(WEIR_EXPR_ADD, SMALLINT_, num(SMALLINT_, 32767), num(SMALLINT_, 1)), "SMALLINT overflow");
    assert_error(call(WEIR_EXPR_ROUND, INT_, 2, num(INT_, INT32_MAX), num(INT_, -1)), "ROUND(2147483647, -1)");
}

static void division_by_zero(void **state) {
    (void)state;
    assert_error(arith(WEIR_EXPR_DIVIDE, INT_, i_, z_), "division by zero: 7 / 0");
    assert_error(arith(WEIR_EXPR_MODULO, INT_, i_, z_), "division by zero: 7 % 0");
    assert_error(arith(WEIR_EXPR_DIVIDE, weir_type_decimal(21, 13), d_, dec("0", 10, 2)),
                 "division by zero: 10.25 / 0");
    assert_error(arith(WEIR_EXPR_MODULO, weir_type_decimal(10, 2), d_, dec("0", 10, 2)), "division by zero");
    assert_rows(arith(WEIR_EXPR_DIVIDE, DOUBLE_, dbl(2.5), dbl(0)), "Infinity");
    assert_rows(arith(WEIR_EXPR_DIVIDE, DOUBLE_, dbl(-2.5), dbl(0)), "-Infinity");
    assert_rows(arith(WEIR_EXPR_DIVIDE, DOUBLE_, dbl(0), dbl(0)), "NaN");
}

static void errors_only_in_rows_that_count(void **state) {
    (void)state;
    table_rows = 4;
    int32_t a = add_i64(INT_, (int64_t[]){1, INT32_MAX, 3, 4}, "..x.");
    int32_t b = add_i64(INT_, (int64_t[]){0, 1, 0, 2}, "x...");
    uint64_t active = 0xD; /* not row 1 */
    assert_string_equal(rows_of(arith(WEIR_EXPR_ADD, INT_, col(a), col(b)), &active), "NULL|NULL|6");
    assert_string_equal(rows_of(arith(WEIR_EXPR_DIVIDE, INT_, col(a), col(b)), &active), "NULL|NULL|2");
    assert_error(arith(WEIR_EXPR_ADD, INT_, col(a), col(b)), "2147483647 + 1");
}

/* To the limits, over several vectors of rows. */
static void constants_divide_as_columns_do(void **state) {
    (void)state;
    static const int64_t edges[] = {
        INT64_MIN, INT64_MIN + 1, INT64_MIN + 5280, -5281,     -5280, -5279, -7, -3, -2, -1, 0, 1, 2, 3,
        7,         5279,          INT64_MAX - 1,    INT64_MAX, 5280};
    static const int64_t divisors[] = {1, 2, 3, 7, 10, 5280, INT32_MAX, (int64_t)1 << 62, INT64_MAX - 1, INT64_MAX};
    enum { ROWS_HERE = 19 };
    _Static_assert(sizeof(edges) / sizeof(edges[0]) == ROWS_HERE, "one an edge");
    table_rows = ROWS_HERE;
    int32_t a = add_i64(BIGINT_, edges, NULL);
    for (size_t d = 0; d < sizeof(divisors) / sizeof(divisors[0]); d++) {
        struct weir_expr *by = num(BIGINT_, divisors[d]);
        struct weir_block block = {columns, layouts, 0, ROWS_HERE};
        struct weir_vector quotients, rests;
        assert_int_equal(weir_program_eval(program_of(arith(WEIR_EXPR_DIVIDE, BIGINT_, col(a), by)), &block, NULL,
                                           &arena, &quotients, &error),
                         WEIR_OK);
        assert_int_equal(weir_program_eval(program_of(arith(WEIR_EXPR_MODULO, BIGINT_, col(a), by)), &block, NULL,
                                           &arena, &rests, &error),
                         WEIR_OK);
        for (int i = 0; i < ROWS_HERE; i++) {
            assert_true(quotients.i64[i] == edges[i] / divisors[d]);
            assert_true(rests.i64[i] == edges[i] % divisors[d]);
        }
    }
}

static void the_first_row_that_counts_is_named(void **state) {
    (void)state;
    table_rows = 200;
    int64_t values[200];
    for (int k = 0; k < 200; k++) values[k] = k >= 150 ? INT64_MAX - k : k;
    int32_t a = add_i64(BIGINT_, values, NULL);
    uint64_t active[] = {~0ull, ~0ull, ~0ull << 30, ~0ull};
    struct weir_vector out;
    assert_int_equal(evaluate(arith(WEIR_EXPR_ADD, BIGINT_, col(a), num(BIGINT_, 1000)), active, &out),
                     WEIR_ERR_VALUE);
    char words[64];
    snprintf(words, sizeof(words), "%lld + 1000", (long long)(INT64_MAX - 158));
    assert_non_null(strstr(error.message, words));
}

static void decimals_as_in_flink(void **state) {
    (void)state;
    assert_rows(arith(WEIR_EXPR_DIVIDE, weir_type_decimal(17, 6), dec("7", 10, 0), dec("2.0", 2, 1)), "3.500000");
    assert_rows(arith(WEIR_EXPR_DIVIDE, weir_type_decimal(23, 13), d_, e_), "3.4166666666667");
    assert_rows(arith(WEIR_EXPR_MULTIPLY, weir_type_decimal(21, 4), d_, e_), "30.7500");
    assert_rows(arith(WEIR_EXPR_ADD, weir_type_decimal(11, 2), d_, e_), "13.25");
    assert_rows(arith(WEIR_EXPR_SUBTRACT, weir_type_decimal(13, 2), d_, dec("7", 10, 0)), "3.25");
    assert_rows(arith(WEIR_EXPR_MULTIPLY, weir_type_decimal(13, 1), dec("7", 10, 0), dec("1.5", 2, 1)), "10.5");
    assert_rows(arith(WEIR_EXPR_DIVIDE, weir_type_decimal(13, 12), dec("1.0", 2, 1), dec("3", 10, 0)),
                "0.333333333333");
    assert_rows(arith(WEIR_EXPR_MODULO, weir_type_decimal(10, 2), d_, e_), "1.25");
    assert_rows(call(WEIR_EXPR_NEGATE, weir_type_decimal(10, 2), 1, d_), "-10.25");
    assert_rows(call(WEIR_EXPR_ROUND, weir_type_decimal(2, 0), 1, dec("2.5", 2, 1)), "3");
    assert_rows(call(WEIR_EXPR_ROUND, weir_type_decimal(2, 0), 1, dec("-2.5", 2, 1)), "-3");
    assert_rows(call(WEIR_EXPR_ROUND, weir_type_decimal(10, 1), 2, d_, num(INT_, 1)), "10.3");
    assert_rows(call(WEIR_EXPR_FLOOR, weir_type_decimal(2, 0), 1, dec("-2.5", 2, 1)), "-3");
    assert_rows(call(WEIR_EXPR_CEIL, weir_type_decimal(2, 0), 1, dec("-2.5", 2, 1)), "-2");
    assert_rows(call(WEIR_EXPR_SIGN, weir_type_decimal(10, 2), 1, dec("-2.50", 10, 2)), "-1.00");
}

static void decimal_overflow_is_null(void **state) {
    (void)state;
    const char *nines = "99999999999999999999999999999999999999";
    struct weir_type q = weir_type_decimal(38, 0);
    assert_rows(arith(WEIR_EXPR_ADD, q, dec(nines, 38, 0), dec("1", 10, 0)), "NULL");
    assert_rows(arith(WEIR_EXPR_MULTIPLY, q, dec(nines, 38, 0), dec("10", 10, 0)), "NULL");
    assert_rows(arith(WEIR_EXPR_MULTIPLY, q, dec(nines, 38, 0), dec("-1", 10, 0)),
                "-99999999999999999999999999999999999999");
    assert_rows(arith(WEIR_EXPR_SUBTRACT, q, dec(nines, 38, 0), dec("1", 10, 0)),
                "99999999999999999999999999999999999998");
    /* intermediate values beyond 128 bits: the quotient fits all the same */
    assert_rows(arith(WEIR_EXPR_DIVIDE, weir_type_decimal(38, 6), dec(nines, 38, 0), dec(nines, 38, 0)),
                "1.000000");
    assert_rows(arith(WEIR_EXPR_MULTIPLY, weir_type_decimal(38, 4), dec("12345678901234567890.1234567890", 38, 10),
                      dec("0.0000000001", 38, 10)),
                "1234567890.1235");
    table_rows = 2;
    weir_i128 *values = room(2 * sizeof(weir_i128));
    values[0] = weir_pow10_i128(38) - 1;
    values[1] = 1;
    int32_t c = add_column((struct weir_layout){.storage = WEIR_STORE_I128, .type = q}, values, NULL);
    assert_rows(arith(WEIR_EXPR_ADD, q, col(c), dec("1", 38, 0)), "NULL|2");
}

static void floats_as_in_flink(void **state) {
    (void)state;
    assert_rows(arith(WEIR_EXPR_DIVIDE, DOUBLE_, dbl(7), dbl(2.5)), "2.8");
    assert_rows(arith(WEIR_EXPR_ADD, FLOAT_, flt(1.5f), flt(1)), "2.5");
    assert_rows(arith(WEIR_EXPR_DIVIDE, FLOAT_, flt(1.5f), flt(2.5f)), "0.6");
    assert_rows(arith(WEIR_EXPR_ADD, FLOAT_, flt(1.5f), flt(9.223372e18f)), "9.223372E18");
    assert_rows(arith(WEIR_EXPR_ADD, FLOAT_, flt(16777216), flt(1)), "1.6777216E7");
    assert_rows(arith(WEIR_EXPR_MODULO, DOUBLE_, dbl(-7.5), dbl(2)), "-1.5");
    assert_rows(call(WEIR_EXPR_POWER, DOUBLE_, 2, dbl(2), dbl(10)), "1024.0");
    assert_rows(call(WEIR_EXPR_POWER, DOUBLE_, 2, dbl(1), dbl(0.0 / 0.0)), "NaN");
    assert_rows(call(WEIR_EXPR_SQRT, DOUBLE_, 1, dbl(2)), "1.4142135623730951");
    assert_rows(call(WEIR_EXPR_EXP, DOUBLE_, 1, dbl(1)), "2.718281828459045");
    assert_rows(call(WEIR_EXPR_LN, DOUBLE_, 1, dbl(-1)), "NaN");
    assert_rows(call(WEIR_EXPR_CEIL, DOUBLE_, 1, dbl(2.5)), "3.0");
    assert_rows(call(WEIR_EXPR_ROUND, DOUBLE_, 1, dbl(2.5)), "3.0");
    assert_rows(call(WEIR_EXPR_ROUND, DOUBLE_, 2, dbl(1.005), num(INT_, 2)), "1.01"); /* by digits, as BigDecimal */
    assert_rows(call(WEIR_EXPR_ROUND, DOUBLE_, 2, dbl(155), num(INT_, -1)), "160.0");
    assert_rows(call(WEIR_EXPR_ROUND, DOUBLE_, 2, dbl(9.99), num(INT_, 1)), "10.0");
    assert_rows(call(WEIR_EXPR_SIGN, DOUBLE_, 1, dbl(-2.5)), "-1.0");
    assert_rows(call(WEIR_EXPR_NEGATE, DOUBLE_, 1, dbl(0)), "0.0"); /* constants have no -0.0 */
}

static void zeros_keep_their_sign_as_in_java(void **state) {
    (void)state;
    table_rows = 5;
    int32_t x = add_f64((double[]){0.0, -0.0, -0.04, -1.0 / 0.0, 1.0 / 0.0}, NULL);
    assert_rows(call(WEIR_EXPR_NEGATE, DOUBLE_, 1, col(x)), "-0.0|0.0|0.04|Infinity|-Infinity");
    assert_rows(call(WEIR_EXPR_SQRT, DOUBLE_, 1, col(x)), "0.0|0.0|NaN|Infinity|Infinity"); /* pow(x, 0.5) */
    assert_rows(call(WEIR_EXPR_ROUND, DOUBLE_, 2, col(x), num(INT_, 1)), "0.0|0.0|0.0|-Infinity|Infinity");
    assert_rows(call(WEIR_EXPR_CEIL, DOUBLE_, 1, col(x)), "0.0|-0.0|-0.0|-Infinity|Infinity");
}

/* As Java's Double.compare, which is how Flink compares a DOUBLE with a DECIMAL and finds GREATEST and LEAST. */
static void total_order_has_nan_above_all(void **state) {
    (void)state;
    table_rows = 5;
    int32_t x = add_f64((double[]){0.0, -0.0, 0.0 / 0.0, 1.0 / 0.0, -1.0}, NULL);
    struct weir_expr *zero = call(WEIR_EXPR_TOTAL_ORDER, BIGINT_, 1, dbl(0));
    struct weir_expr *code = call(WEIR_EXPR_TOTAL_ORDER, BIGINT_, 1, col(x));
    assert_rows(call(WEIR_EXPR_LT, BOOLEAN_, 2, code, zero), "false|true|false|false|true");
    assert_rows(call(WEIR_EXPR_GT, BOOLEAN_, 2, code, zero), "false|false|true|true|false");
    assert_rows(call(WEIR_EXPR_IS_NOT_DISTINCT, BOOLEAN_, 2, code, zero), "true|false|false|false|false");
    struct weir_expr *one = call(WEIR_EXPR_TOTAL_ORDER, BIGINT_, 1, dbl(-1)); /* these need no codes */
    assert_rows(call(WEIR_EXPR_LT, BOOLEAN_, 2, code, one), "false|false|false|false|false");
    assert_rows(call(WEIR_EXPR_LE, BOOLEAN_, 2, code, one), "false|false|false|false|true");
    assert_rows(call(WEIR_EXPR_GT, BOOLEAN_, 2, code, one), "true|true|true|true|false");
    assert_rows(call(WEIR_EXPR_GE, BOOLEAN_, 2, code, one), "true|true|true|true|true");
    assert_rows(call(WEIR_EXPR_LT, BOOLEAN_, 2, one, code), "true|true|true|true|false");
    assert_rows(call(WEIR_EXPR_LE, BOOLEAN_, 2, one, code), "true|true|true|true|true");
    assert_rows(call(WEIR_EXPR_GT, BOOLEAN_, 2, one, code), "false|false|false|false|false");
    assert_rows(call(WEIR_EXPR_GE, BOOLEAN_, 2, one, code), "false|false|false|false|true");
    assert_rows(call(WEIR_EXPR_GREATEST, DOUBLE_, 2, dbl(0), col(x)), "0.0|0.0|NaN|Infinity|0.0");
    assert_rows(call(WEIR_EXPR_LEAST, DOUBLE_, 2, dbl(0), col(x)), "0.0|-0.0|0.0|0.0|-1.0");
}

static void greatest_and_least(void **state) {
    (void)state;
    assert_rows(call(WEIR_EXPR_GREATEST, INT_, 3, i_, n_, null_of(INT_)), "NULL");
    assert_rows(call(WEIR_EXPR_GREATEST, INT_, 3, n_, i_, z_), "7");
    assert_rows(call(WEIR_EXPR_LEAST, INT_, 3, i_, n_, z_), "-7");
    assert_rows(call(WEIR_EXPR_LEAST, STRING_, 3, str("b"), str("ab"), str("a")), "a");
    assert_rows(call(WEIR_EXPR_GREATEST, weir_type_decimal(10, 2), 2, d_, e_), "10.25");
    assert_rows(call(WEIR_EXPR_GREATEST, BOOLEAN_, 2, num(BOOLEAN_, 0), num(BOOLEAN_, 1)), "true");
    assert_rows(call(WEIR_EXPR_LEAST, DOUBLE_, 2, dbl(2.5), dbl(-1)), "-1.0");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(integers_as_in_flink),
        TEST(integer_overflow_is_an_error_of_the_type),
        TEST(division_by_zero),
        TEST(errors_only_in_rows_that_count),
        TEST(constants_divide_as_columns_do),
        TEST(the_first_row_that_counts_is_named),
        TEST(decimals_as_in_flink),
        TEST(decimal_overflow_is_null),
        TEST(floats_as_in_flink),
        TEST(zeros_keep_their_sign_as_in_java),
        TEST(total_order_has_nan_above_all),
        TEST(greatest_and_least),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
