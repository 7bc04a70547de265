/* SPDX-License-Identifier: Apache-2.0
 *
 * Terms of the builder mean what the same expressions mean in SQL: in filters, keys and arguments of aggregates,
 * over random events with NULLs.
 */
#include "tests/api/events.h"

typedef const struct weir_term *term;

static struct weir_builder *b; /* of the term being made */

static term column(const char *name) { return weir_builder_column(b, name); }
static term whole(int64_t value) { return weir_builder_integer(b, value); }
static term is(term left, enum weir_builder_op op, term right) { return weir_builder_binary(b, left, op, right); }
static term one(enum weir_builder_op op, term operand) { return weir_builder_unary(b, op, operand); }

/* ---- conditions ---- */

static term greater(void) { return is(column("v"), WEIR_BUILDER_GT, whole(100)); }
static term flipped(void) { return is(whole(100), WEIR_BUILDER_GE, column("n")); }
static term narrow(void) { return is(column("s"), WEIR_BUILDER_LT, whole(40000)); }
static term negative(void) { return is(column("s"), WEIR_BUILDER_NE, whole(-2)); }
static term wide(void) { return is(column("n"), WEIR_BUILDER_LE, whole(INT64_C(5000000000))); }
static term number(void) { return is(column("x"), WEIR_BUILDER_LT, weir_builder_number(b, -0.1)); }
static term single(void) { return is(column("f"), WEIR_BUILDER_GE, weir_builder_number(b, 10.25)); }
static term whole_of_double(void) { return is(column("x"), WEIR_BUILDER_GE, whole(3)); }
static term decimal(void) { return is(column("d"), WEIR_BUILDER_GT, weir_builder_decimal(b, "-1.250")); }
static term whole_of_decimal(void) { return is(column("d"), WEIR_BUILDER_LE, whole(2)); }
static term text(void) { return is(column("k"), WEIR_BUILDER_EQ, weir_builder_string(b, "bb")); }
static term text_order(void) { return is(column("k"), WEIR_BUILDER_GT, weir_builder_string(b, "a'\xC3\xA9")); }
static term empty_text(void) { return is(column("k"), WEIR_BUILDER_NE, weir_builder_string(b, "")); }
static term boolean(void) { return column("b"); }
static term boolean_literal(void) { return is(column("b"), WEIR_BUILDER_EQ, weir_builder_boolean(b, false)); }
static term date(void) { return is(column("today"), WEIR_BUILDER_LT, weir_builder_date(b, 18264)); }
static term clock(void) { return is(column("tod"), WEIR_BUILDER_GE, weir_builder_time_of_day(b, 43200500)); }

static term timestamp(void) {
    return is(column("ts"), WEIR_BUILDER_LT, weir_builder_timestamp(b, day_2020 + 20500, 1000));
}

static term fine(void) {
    return is(column("fine"), WEIR_BUILDER_LT, weir_builder_timestamp(b, (day_2020 + 20500) * 1000 + 7, 1000000));
}

static term finer(void) {
    return is(column("ts"), WEIR_BUILDER_LT,
              weir_builder_timestamp(b, (day_2020 + 20500) * 1000000 + 1, 1000000000));
}

static term instant(void) {
    return is(column("moment"), WEIR_BUILDER_GE, weir_builder_instant(b, day_2020 + 9000, 1000));
}

static term moved(void) {
    return is(is(column("ts"), WEIR_BUILDER_ADD, weir_builder_interval(b, 3000)), WEIR_BUILDER_GT,
              is(column("fine"), WEIR_BUILDER_SUBTRACT, weir_builder_interval(b, -2000)));
}

static term moved_date(void) {
    return is(is(weir_builder_interval(b, 86400000), WEIR_BUILDER_ADD, column("today")), WEIR_BUILDER_EQ,
              weir_builder_date(b, 18264));
}

static term logic(void) {
    term both = is(greater(), WEIR_BUILDER_AND, column("b"));
    return is(both, WEIR_BUILDER_OR, one(WEIR_BUILDER_NOT, is(column("n"), WEIR_BUILDER_LT, whole(5))));
}

static term nulls(void) {
    return is(one(WEIR_BUILDER_IS_NULL, column("k")), WEIR_BUILDER_OR, one(WEIR_BUILDER_IS_NOT_NULL, column("d")));
}

static term distinct(void) { return is(column("n"), WEIR_BUILDER_IS_DISTINCT, column("s")); }
static term not_distinct(void) { return is(column("n"), WEIR_BUILDER_IS_NOT_DISTINCT, column("s")); }

static term arithmetic(void) {
    term sum = is(is(column("v"), WEIR_BUILDER_MULTIPLY, whole(3)), WEIR_BUILDER_ADD, column("n"));
    term rest = is(is(column("v"), WEIR_BUILDER_MODULO, whole(7)), WEIR_BUILDER_SUBTRACT, whole(1));
    return is(is(sum, WEIR_BUILDER_DIVIDE, whole(2)), WEIR_BUILDER_GT, one(WEIR_BUILDER_NEGATE, rest));
}

static term decimals(void) {
    term product = is(column("d"), WEIR_BUILDER_MULTIPLY, weir_builder_decimal(b, "1.5"));
    return is(is(product, WEIR_BUILDER_SUBTRACT, column("n")), WEIR_BUILDER_GT,
              is(column("d"), WEIR_BUILDER_DIVIDE, whole(3)));
}

static term mixed(void) {
    return is(is(column("x"), WEIR_BUILDER_ADD, column("d")), WEIR_BUILDER_GT,
              is(column("f"), WEIR_BUILDER_MULTIPLY, column("n")));
}

static term many_digits_of_decimals(void) {
    term most = weir_builder_decimal(b, "1234567890.1234567890123456789012345678");
    return is(is(most, WEIR_BUILDER_MULTIPLY, column("d")), WEIR_BUILDER_GT, column("n"));
}

/* NaN makes a comparison false, and what NOT makes of it, too. */
static term not_of_floats(void) {
    term root = is(column("x"), WEIR_BUILDER_DIVIDE, weir_builder_number(b, 0));
    term both =
        is(is(root, WEIR_BUILDER_GT, whole(1)), WEIR_BUILDER_AND, is(column("f"), WEIR_BUILDER_LE, whole(9)));
    return one(WEIR_BUILDER_NOT, is(both, WEIR_BUILDER_OR, column("b")));
}

static term not_true(void) {
    term root = is(column("x"), WEIR_BUILDER_DIVIDE, weir_builder_number(b, 0));
    return is(is(root, WEIR_BUILDER_LT, whole(1)), WEIR_BUILDER_EQ, weir_builder_boolean(b, false));
}

static term decimal_and_double(void) { return is(column("x"), WEIR_BUILDER_GT, weir_builder_decimal(b, "1.5")); }
static term double_and_decimal(void) { return is(column("d"), WEIR_BUILDER_LE, column("x")); }

static term cast(void) {
    return is(weir_builder_cast(b, column("x"), WEIR_BUILDER_INT), WEIR_BUILDER_EQ,
              weir_builder_cast(b, column("v"), WEIR_BUILDER_DOUBLE));
}

static term cast_literal(void) {
    return is(column("x"), WEIR_BUILDER_GT, weir_builder_cast(b, whole(7), WEIR_BUILDER_TINYINT));
}

static const struct {
    const char *sql;
    term (*make)(void);
} conditions[] = {
    {"v > 100", greater},
    {"100 >= n", flipped},
    {"s < 40000", narrow},
    {"s <> -2", negative},
    {"n <= 5000000000", wide},
    {"x < -1e-1", number},
    {"f >= 1.025e1", single},
    {"x >= 3", whole_of_double},
    {"d > -1.250", decimal},
    {"d <= 2", whole_of_decimal},
    {"k = 'bb'", text},
    {"k > 'a''\xC3\xA9'", text_order},
    {"k <> ''", empty_text},
    {"b", boolean},
    {"b = FALSE", boolean_literal},
    {"today < DATE '2020-01-03'", date},
    {"tod >= TIME '12:00:00.500'", clock},
    {"ts < TIMESTAMP '2020-01-01 00:00:20.500'", timestamp},
    {"fine < TIMESTAMP '2020-01-01 00:00:20.500007'", fine},
    {"ts < TIMESTAMP '2020-01-01 00:00:20.500000001'", finer},
    {"moment >= TO_TIMESTAMP_LTZ(1577836809000, 3)", instant},
    {"ts + INTERVAL '3' SECOND > fine - INTERVAL '-2' SECOND", moved},
    {"INTERVAL '1' DAY + today = DATE '2020-01-03'", moved_date},
    {"v > 100 AND b OR NOT n < 5", logic},
    {"k IS NULL OR d IS NOT NULL", nulls},
    {"n IS DISTINCT FROM s", distinct},
    {"n IS NOT DISTINCT FROM s", not_distinct},
    {"(v * 3 + n) / 2 > -(v % 7 - 1)", arithmetic},
    {"d * 1.5 - n > d / 3", decimals},
    {"x + d > f * n", mixed},
    {"1234567890.1234567890123456789012345678 * d > n", many_digits_of_decimals},
    {"NOT (x / 0e0 > 1 AND f <= 9 OR b)", not_of_floats},
    {"(x / 0e0 < 1) = FALSE", not_true},
    {"x > 1.5", decimal_and_double},
    {"d <= x", double_and_decimal},
    {"CAST(x AS INT) = CAST(v AS DOUBLE)", cast},
    {"x > CAST(7 AS TINYINT)", cast_literal},
};

static struct weir_query *counted(term condition) {
    weir_builder_filter(b, condition);
    weir_builder_key(b, "k", NULL);
    weir_builder_aggregate(b, WEIR_BUILDER_COUNT_ROWS, NULL, "c");
    weir_builder_aggregate(b, WEIR_BUILDER_SUM, "v", "s");
    return query_of(b);
}

static void same_rows(struct weir_query *sql, struct weir_query *built) {
    struct run run = {11, 5, 300, day_2020, 0};
    same_schema(sql, built);
    same_lines(sql, built, &run, "stats: 1500 rows");
    weir_query_destroy(&sql);
    weir_query_destroy(&built);
}

static void a_condition_keeps_the_rows_that_sql_keeps(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++) {
        char sql[1000];
        print_message("%s\n", conditions[i].sql);
        snprintf(sql, sizeof(sql),
                 "%s) WITH ('connector' = 'push'); SELECT k, COUNT(*) AS c, SUM(v) AS s FROM events "
                 "WHERE %s GROUP BY k",
                 EVENTS, conditions[i].sql);
        b = new_builder();
        same_rows(query_of_sql(sql), counted(conditions[i].make()));
    }
}

static void terms_are_keys_and_arguments_too(void **state) {
    (void)state;
    b = new_builder();
    term rest = is(column("v"), WEIR_BUILDER_MODULO, whole(5));
    weir_builder_key_term(b, rest, "rest");
    weir_builder_aggregate_term(b, WEIR_BUILDER_AVG, weir_builder_cast(b, column("n"), WEIR_BUILDER_DOUBLE),
                                "mean");
    weir_builder_aggregate_term(b, WEIR_BUILDER_MAX, rest, "most");
    weir_builder_aggregate_term(b, WEIR_BUILDER_COUNT, is(rest, WEIR_BUILDER_GT, whole(0)), "c");
    same_rows(query_of_sql(EVENTS
                           ") WITH ('connector' = 'push'); SELECT v % 5 AS rest, AVG(CAST(n AS DOUBLE)) AS mean, "
                           "MAX(v % 5) AS most, COUNT(v % 5 > 0) AS c FROM events GROUP BY v % 5"),
              query_of(b));
}

/* A term may stand in many places; it is copied into the plan. */
static void a_term_may_be_used_again(void **state) {
    (void)state;
    b = new_builder();
    term positive = greater(), all = positive;
    for (int i = 0; i < 5; i++) all = is(all, WEIR_BUILDER_AND, all);
    weir_builder_aggregate_term(b, WEIR_BUILDER_COUNT, positive, "c");
    weir_builder_filter(b, all);
    weir_builder_key(b, "k", NULL);
    same_rows(query_of_sql(EVENTS
                           ") WITH ('connector' = 'push'); SELECT COUNT(v > 100) AS c, k FROM events WHERE v > 100 "
                           "GROUP BY k"),
              query_of(b));
}

/* ---- what does not fit ---- */

static term text_and_number(void) { return is(column("k"), WEIR_BUILDER_LT, whole(5)); }
static term text_and_time(void) { return is(column("ts"), WEIR_BUILDER_LT, weir_builder_string(b, "2020-01-01")); }
static term two_clocks(void) { return is(column("moment"), WEIR_BUILDER_LT, column("ts")); }
static term time_and_date(void) { return is(column("ts"), WEIR_BUILDER_GE, weir_builder_date(b, 18262)); }
static term not_of_a_number(void) { return one(WEIR_BUILDER_NOT, column("v")); }
static term and_of_a_number(void) { return is(column("b"), WEIR_BUILDER_AND, column("n")); }
static term minus_of_a_text(void) { return one(WEIR_BUILDER_NEGATE, column("k")); }
static term sum_of_texts(void) { return is(column("k"), WEIR_BUILDER_ADD, column("k")); }
static term rest_of_floats(void) { return is(column("x"), WEIR_BUILDER_MODULO, whole(2)); }
static term hours_of_a_date(void) {
    return is(column("today"), WEIR_BUILDER_ADD, weir_builder_interval(b, 3600000));
}
static term cast_of_a_time(void) { return weir_builder_cast(b, column("ts"), WEIR_BUILDER_BIGINT); }
static term cast_to_nothing(void) { return weir_builder_cast(b, column("v"), (enum weir_builder_number)9); }
static term no_such_column(void) { return column("moments"); }
static term no_column(void) { return column(NULL); }
static term no_decimal(void) { return weir_builder_decimal(b, "1.2.3"); }
static term many_digits(void) { return weir_builder_decimal(b, "123456789012345678901234567890123456789"); }
static term no_digits(void) { return weir_builder_decimal(b, "-."); }
static term no_text(void) { return weir_builder_string(b, NULL); }
static term broken_text(void) { return weir_builder_string(b, "\xC3("); }
static term surrogate(void) { return weir_builder_string(b, "\xED\xA0\x80"); }
static term no_clock(void) { return weir_builder_time_of_day(b, 86400000); }
static term no_unit(void) { return weir_builder_timestamp(b, 1, 1); }
static term null_left(void) { return is(NULL, WEIR_BUILDER_EQ, whole(1)); }
static term null_right(void) { return is(whole(1), WEIR_BUILDER_EQ, NULL); }
static term null_operand(void) { return one(WEIR_BUILDER_NOT, NULL); }
static term two_of_one(void) { return is(column("b"), WEIR_BUILDER_NOT, column("b")); }
static term one_of_two(void) { return one(WEIR_BUILDER_AND, column("b")); }
static term no_operator(void) { return is(whole(1), (enum weir_builder_op) - 1, whole(1)); }

static term too_large(void) {
    term all = greater();
    for (int i = 0; i < 40; i++) all = is(all, WEIR_BUILDER_AND, all);
    return all;
}

static term too_deep(void) {
    term all = column("b");
    for (int i = 0; i < 2000; i++) all = one(WEIR_BUILDER_NOT, all);
    return all;
}

static const struct {
    term (*make)(void);
    const char *message;
} refused[] = {
    {text_and_number, "k < 5: the operands are STRING and INT; they are not compared"},
    {text_and_time, "a time is compared with a time: weir_builder_timestamp"},
    {two_clocks, "moment < ts: the operands are TIMESTAMP_LTZ(3) and TIMESTAMP(3); an instant is compared"},
    {not_of_a_number, "takes a BOOLEAN, and 'v' is BIGINT"},
    {and_of_a_number, "b AND n: the operands are BOOLEAN and INT; it takes two BOOLEANs"},
    {minus_of_a_text, "takes a number, and 'k' is STRING"},
    {sum_of_texts, "k + k: the operands are STRING and STRING; it takes two numbers"},
    {rest_of_floats, "x % 2: the operands are DOUBLE and INT; % takes whole numbers"},
    {hours_of_a_date, "a DATE moves by whole days only"},
    {time_and_date, "ts >= DATE '2020-01-01': the operands are TIMESTAMP(3) and DATE; they are not compared"},
    {cast_of_a_time, "CAST takes a number, and 'ts' is TIMESTAMP(3)"},
    {cast_to_nothing, "9 is no type of numbers"},
    {no_such_column,
     "a term is the column 'moments', and the schema has none of that name; did you mean 'moment'?"},
    {no_column, "a term needs the name of a column, and it is NULL"},
    {no_decimal, "'1.2.3' is no decimal number"},
    {many_digits, "is no decimal number; give at most 38 digits"},
    {no_digits, "'-.' is no decimal number"},
    {no_text, "the text of weir_builder_string is NULL; use WEIR_BUILDER_IS_NULL"},
    {broken_text, "is no UTF-8"},
    {surrogate, "is no UTF-8"},
    {no_clock, "a time of day is from 0 to 86399999 ms, and this is 86400000"},
    {no_unit, "units_per_second is 1; it must be 1000, 1000000 or 1000000000"},
    {null_left, "the left operand of weir_builder_binary is NULL"},
    {null_right, "the right operand of weir_builder_binary is NULL"},
    {null_operand, "the operand of weir_builder_unary is NULL"},
    {two_of_one, "1 is no operator of two operands"},
    {one_of_two, "48 is no operator of one operand"},
    {no_operator, "is no operator of two operands"},
    {too_large, "a term has more than 100000 nodes or 1000 levels"},
    {too_deep, "a term has more than 100000 nodes or 1000 levels"},
};

static void what_does_not_fit_is_refused_by_name(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        struct weir_query *query = NULL;
        b = new_builder();
        if (refused[i].make() != NULL) fail_msg("taken, and should be: %s", refused[i].message);
        assert_int_equal(weir_builder_finish(b, &query, &error), WEIR_ERR_INVALID);
        assert_null(query);
        if (strstr(error.message, refused[i].message) == NULL)
            fail_msg("expected: %s\nsaid: %s", refused[i].message, error.message);
        weir_builder_destroy(&b);
    }
}

/* Integer overflow and division by zero are errors of the run, as in SQL. */
static void a_value_that_cannot_be_computed_stops_the_pipeline(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = NULL;
    uint64_t seed = 3;
    b = new_builder();
    struct weir_query *query =
        counted(is(is(column("v"), WEIR_BUILDER_DIVIDE, whole(0)), WEIR_BUILDER_GT, whole(1)));
    assert_int_equal(weir_pipeline_create(query, NULL, &pipeline, &error), WEIR_OK);
    struct ArrowArray batch = make_events(10, day_2020, &seed);
    assert_int_equal(weir_pipeline_push(pipeline, 0, &batch, &error), WEIR_ERR_VALUE);
    assert_non_null(strstr(error.message, "zero"));
    if (batch.release != NULL) batch.release(&batch);
    weir_pipeline_destroy(&pipeline);
    weir_query_destroy(&query);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_condition_keeps_the_rows_that_sql_keeps),
        cmocka_unit_test(terms_are_keys_and_arguments_too),
        cmocka_unit_test(a_term_may_be_used_again),
        cmocka_unit_test(what_does_not_fit_is_refused_by_name),
        cmocka_unit_test(a_value_that_cannot_be_computed_stops_the_pipeline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
