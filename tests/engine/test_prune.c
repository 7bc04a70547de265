/* SPDX-License-Identifier: Apache-2.0
 *
 * Groups of rows that need not be read: by hand, and random conditions over random rows, of which no row may be
 * TRUE and none may fail where the group is left out.
 */
#include <math.h>

#include "engine/prune.h"
#include "evaluate.h"
#include "random.h"

#define ROWS 12

static struct weir_source_range ranges[COLUMNS_MAX];

static struct weir_source_range of_i64(int64_t min, int64_t max, int64_t nulls) {
    return (struct weir_source_range){nulls, WEIR_SOURCE_BOUNDS_I64, true, {.i64 = min}, {.i64 = max}};
}

/* A plan without a window over the columns of the table, with `filter`. */
static struct weir_plan plan_of(struct weir_expr *filter) {
    return (struct weir_plan){.columns_count = columns_count,
                              .columns = layouts,
                              .time_column = -1,
                              .units_per_second = 1000,
                              .filter = filter};
}

static bool leaves_out(struct weir_expr *filter) {
    struct weir_plan plan = plan_of(filter);
    return weir_prune_leaves_out(&plan, ranges, ROWS, false);
}

/* Column 0 is 10 .. 20 without NULL. */
static void one_number(void) {
    layouts[0] = (struct weir_layout){.storage = WEIR_STORE_I64, .type = BIGINT_};
    columns_count = 1;
    ranges[0] = of_i64(10, 20, 0);
}

static struct weir_expr *test(enum weir_expr_op op, int64_t value) {
    return call(op, BOOLEAN_, 2, col(0), num(BIGINT_, value));
}

static void comparisons_with_a_literal(void **state) {
    (void)state;
    one_number();
    assert_true(leaves_out(test(WEIR_EXPR_EQ, 9)) && leaves_out(test(WEIR_EXPR_EQ, 21)));
    assert_false(leaves_out(test(WEIR_EXPR_EQ, 10)) || leaves_out(test(WEIR_EXPR_EQ, 20)));
    assert_true(leaves_out(test(WEIR_EXPR_LT, 10)) && !leaves_out(test(WEIR_EXPR_LT, 11)));
    assert_true(leaves_out(test(WEIR_EXPR_LE, 9)) && !leaves_out(test(WEIR_EXPR_LE, 10)));
    assert_true(leaves_out(test(WEIR_EXPR_GT, 20)) && !leaves_out(test(WEIR_EXPR_GT, 19)));
    assert_true(leaves_out(test(WEIR_EXPR_GE, 21)) && !leaves_out(test(WEIR_EXPR_GE, 20)));
    assert_false(leaves_out(test(WEIR_EXPR_NE, 15)));
}

static void unknown_bounds_leave_nothing_out(void **state) {
    (void)state;
    one_number();
    ranges[0].bounds = WEIR_SOURCE_BOUNDS_NONE;
    assert_false(leaves_out(test(WEIR_EXPR_EQ, 9)));
    ranges[0].nulls = ROWS; /* but this says it all */
    assert_true(leaves_out(test(WEIR_EXPR_EQ, 9)));
    assert_true(leaves_out(call(WEIR_EXPR_IS_NOT_NULL, BOOLEAN_, 1, col(0))));
    ranges[0].nulls = -1;
    assert_false(leaves_out(call(WEIR_EXPR_IS_NULL, BOOLEAN_, 1, col(0))));
    ranges[0].nulls = 0;
    assert_true(leaves_out(call(WEIR_EXPR_IS_NULL, BOOLEAN_, 1, col(0))));
}

/* 1 / (x - x) = 1 fails for each row that meets it. */
static struct weir_expr *failing(void) {
    struct weir_expr *zero = call(WEIR_EXPR_SUBTRACT, BIGINT_, 2, col(0), col(0));
    struct weir_expr *divided = call(WEIR_EXPR_DIVIDE, BIGINT_, 2, num(BIGINT_, 1), zero);
    return call(WEIR_EXPR_EQ, BOOLEAN_, 2, divided, num(BIGINT_, 1));
}

static void an_error_is_not_hidden(void **state) {
    (void)state;
    one_number();
    assert_true(leaves_out(call(WEIR_EXPR_AND, BOOLEAN_, 2, test(WEIR_EXPR_GT, 20), failing())));
    assert_false(leaves_out(call(WEIR_EXPR_AND, BOOLEAN_, 2, failing(), test(WEIR_EXPR_GT, 20))));
    ranges[0].nulls = 1; /* NULL does not decide, so its row goes on */
    assert_false(leaves_out(call(WEIR_EXPR_AND, BOOLEAN_, 2, test(WEIR_EXPR_GT, 20), failing())));
    assert_true(leaves_out(call(WEIR_EXPR_AND, BOOLEAN_, 2, test(WEIR_EXPR_GT, 20), test(WEIR_EXPR_GT, 0))));
    ranges[0].nulls = 0;
    assert_false(leaves_out(call(WEIR_EXPR_OR, BOOLEAN_, 2, test(WEIR_EXPR_GT, 20), failing())));
}

static void a_time_that_cannot_be_held_is_not_hidden(void **state) {
    (void)state;
    struct weir_type type = weir_type_timestamp(3);
    layouts[0] = (struct weir_layout){.storage = WEIR_STORE_I64, .type = type, .ticks_per_second = 1};
    columns_count = 1;
    struct weir_expr *late = call(WEIR_EXPR_GT, BOOLEAN_, 2, col(0), num(type, 5000));
    ranges[0] = of_i64(1, 5, 0);
    assert_true(leaves_out(late));
    ranges[0] = of_i64(1, 6, 0);
    assert_false(leaves_out(late));
    ranges[0] = of_i64(INT64_MIN, 5, 0); /* of the least one milliseconds cannot be made */
    assert_false(leaves_out(late));
    layouts[0].ticks_per_second = 1000000; /* times between two ms are floored */
    ranges[0] = of_i64(0, 5000999, 0);
    assert_true(leaves_out(late));
    ranges[0] = of_i64(0, 5001000, 0);
    assert_false(leaves_out(late));
}

static void times_are_brought_to_fewer_and_to_more_digits(void **state) {
    (void)state;
    struct weir_type ms = weir_type_timestamp(3), us = weir_type_timestamp(6);
    layouts[0] = (struct weir_layout){.storage = WEIR_STORE_I64, .type = us, .ticks_per_second = 1000000};
    columns_count = 1;
    struct weir_expr *coarse = call(WEIR_EXPR_RESCALE_TIME, ms, 1, col(0));
    struct weir_expr *late = call(WEIR_EXPR_GT, BOOLEAN_, 2, coarse, num(ms, 5));
    ranges[0] = of_i64(0, 5999, 0);
    assert_true(leaves_out(late));
    ranges[0] = of_i64(0, 6000, 0);
    assert_false(leaves_out(late));
    layouts[0] = (struct weir_layout){.storage = WEIR_STORE_I64, .type = ms, .ticks_per_second = 1000};
    late = call(WEIR_EXPR_GT, BOOLEAN_, 2, call(WEIR_EXPR_RESCALE_TIME, us, 1, col(0)), num(us, 5000));
    ranges[0] = of_i64(0, 5, 0);
    assert_true(leaves_out(late));
    ranges[0] = of_i64(INT64_MIN, 5, 0); /* of the least one microseconds cannot be made */
    assert_false(leaves_out(late));
}

/* ---- the time of a window ---- */

static bool windowed(struct weir_source_range time, int64_t ticks, bool fail_on_null_time) {
    one_number();
    layouts[1] =
        (struct weir_layout){.storage = WEIR_STORE_I64, .type = weir_type_timestamp(3), .ticks_per_second = ticks};
    columns_count = 2;
    ranges[1] = time;
    struct weir_plan plan = plan_of(test(WEIR_EXPR_GT, 20));
    plan.window.kind = WEIR_WINDOW_TUMBLE;
    plan.time_column = 1;
    return weir_prune_leaves_out(&plan, ranges, ROWS, fail_on_null_time);
}

static void the_greatest_time_must_be_known(void **state) {
    (void)state;
    struct weir_source_range time = of_i64(1000, 2000, 0);
    assert_true(windowed(time, 1000, true));
    time.exact = false;
    assert_false(windowed(time, 1000, false));
    time = (struct weir_source_range){.nulls = ROWS};
    assert_true(windowed(time, 1000, false));
    assert_false(windowed(time, 1000, true)); /* reading them is an error */
    time.nulls = 3;
    assert_false(windowed(time, 1000, false));
    assert_false(windowed(of_i64(1000, 2000, -1), 1000, false));
    assert_false(windowed(of_i64(1000, INT64_MAX, 0), 1000, false));
    assert_false(windowed(of_i64(0, INT64_MAX / 1000, 0), 1, false));
    assert_true(windowed(of_i64(-5, 1000000, 0), 1, false));
}

static void times_become_units(void **state) {
    (void)state;
    layouts[0] = (struct weir_layout){.ticks_per_second = 1000000};
    struct weir_plan plan = plan_of(NULL);
    plan.time_column = 0;
    assert_int_equal(weir_prune_time(&plan, -1), -1);
    assert_int_equal(weir_prune_time(&plan, 1999), 1);
    layouts[0].ticks_per_second = 1;
    assert_int_equal(weir_prune_time(&plan, -3), -3000);
}

static void obstacles_are_told(void **state) {
    (void)state;
    one_number();
    struct weir_plan plan = plan_of(test(WEIR_EXPR_GT, 20));
    assert_null(weir_prune_obstacle(&plan));
    plan.watermark.kind = WEIR_WATERMARK_EXPRESSION;
    assert_non_null(strstr(weir_prune_obstacle(&plan), "an expression over each row"));
    plan.watermark = (struct weir_watermark_spec){.kind = WEIR_WATERMARK_DELAY, .future_max_ms = 1};
    assert_non_null(strstr(weir_prune_obstacle(&plan), "from the future"));
    plan.watermark = (struct weir_watermark_spec){.idle_after_ms = 1};
    assert_non_null(strstr(weir_prune_obstacle(&plan), "when rows come"));
    plan.watermark = (struct weir_watermark_spec){0};
    plan.window.kind = WEIR_WINDOW_TUMBLE;
    assert_non_null(strstr(weir_prune_obstacle(&plan), "computed for each row"));
    plan.processing_time = true;
    assert_non_null(strstr(weir_prune_obstacle(&plan), "processing time"));
}

/* ---- random ---- */

static const char *const words[] = {"", "a", "ab", "abc", "b", "\xC3\xA9", "\xF0\x9F\x98\x80", "z"};

/* Columns 0: BIGINT, 1: DOUBLE, 2: STRING, 3: seconds as TIMESTAMP(3). Bounds are tight, wider or unknown. */
static void random_numbers(int32_t column) {
    int64_t values[ROWS], base = random_below(8);
    bool huge = column == 3 && chance(20);
    char letters[ROWS + 1] = "";
    struct weir_source_range range = {
        .bounds = WEIR_SOURCE_BOUNDS_I64, .min = {.i64 = INT64_MAX}, .max = {.i64 = INT64_MIN}};
    for (int i = 0; i < ROWS; i++) {
        values[i] = base + random_below(4) + (huge && chance(10) ? INT64_MAX / 2 : 0);
        letters[i] = chance(15) ? 'x' : 'v';
        range.nulls += letters[i] == 'x';
        if (letters[i] == 'x') continue;
        if (values[i] < range.min.i64) range.min.i64 = values[i];
        if (values[i] > range.max.i64) range.max.i64 = values[i];
    }
    if (range.nulls == ROWS) range.bounds = WEIR_SOURCE_BOUNDS_NONE;
    if (chance(20)) range.min.i64--;
    add_i64(column == 3 ? weir_type_timestamp(3) : BIGINT_, values, letters);
    if (column == 3) layouts[3].ticks_per_second = 1;
    ranges[column] = range;
}

static void random_reals(void) {
    double values[ROWS], base = (double)random_below(8);
    struct weir_source_range range = {
        .bounds = WEIR_SOURCE_BOUNDS_F64, .min = {.f64 = INFINITY}, .max = {.f64 = -INFINITY}};
    for (int i = 0; i < ROWS; i++) {
        values[i] = chance(10) ? NAN : chance(10) ? -0.0 : base + (double)random_below(4) / 2;
        if (values[i] < range.min.f64) range.min.f64 = values[i];
        if (values[i] > range.max.f64) range.max.f64 = values[i];
    }
    if (range.min.f64 > range.max.f64) range.bounds = WEIR_SOURCE_BOUNDS_NONE;
    add_f64(values, NULL);
    ranges[1] = range;
}

static void random_texts(void) {
    const char *texts[ROWS];
    int64_t base = random_below(6);
    struct weir_source_range range = {0};
    for (int i = 0; i < ROWS; i++) {
        texts[i] = chance(10) ? NULL : words[base + random_below(3)];
        range.nulls += texts[i] == NULL;
        if (texts[i] == NULL) continue;
        bool first = range.bounds == WEIR_SOURCE_BOUNDS_NONE;
        range.bounds = WEIR_SOURCE_BOUNDS_TEXT;
        if (first || strcmp(texts[i], range.min.text.data) < 0) range.min.text.data = texts[i];
        if (first || strcmp(texts[i], range.max.text.data) > 0) range.max.text.data = texts[i];
    }
    if (range.bounds == WEIR_SOURCE_BOUNDS_TEXT) {
        range.min.text.bytes = (int64_t)strlen(range.min.text.data);
        range.max.text.bytes = (int64_t)strlen(range.max.text.data);
    }
    add_strings(texts);
    ranges[2] = range;
}

static void random_table(void) {
    columns_count = 0;
    table_rows = ROWS;
    random_numbers(0);
    random_reals();
    random_texts();
    random_numbers(3);
    for (int32_t c = 0; c < 4; c++) {
        if (chance(10)) ranges[c].nulls = -1;
        if (chance(5)) ranges[c].bounds = WEIR_SOURCE_BOUNDS_NONE;
    }
}

static struct weir_expr *random_literal(int32_t column) {
    switch (column) {
    case 0: return num(BIGINT_, random_below(13) - 1);
    case 1: return dbl((double)random_below(26) / 2 - 1);
    case 2: return str(words[random_below(8)]);
    default: return num(weir_type_timestamp(3), (random_below(13) - 1) * 1000 + random_below(2));
    }
}

static struct weir_expr *random_test(void) {
    int32_t column = (int32_t)random_below(4);
    enum weir_expr_op op = (enum weir_expr_op)(WEIR_EXPR_EQ + random_below(6));
    struct weir_expr *literal = random_literal(column), *x = col(column);
    switch (random_below(9)) {
    case 0: return call(WEIR_EXPR_IN, BOOLEAN_, 3, x, literal, random_literal(column));
    case 1: return call(chance(50) ? WEIR_EXPR_IS_NULL : WEIR_EXPR_IS_NOT_NULL, BOOLEAN_, 1, x);
    case 2: return call(op, BOOLEAN_, 2, literal, x);
    case 3: return call(op, BOOLEAN_, 2, cast(col(0), DOUBLE_), col(1));
    case 4: {
        struct weir_expr *divided = call(WEIR_EXPR_DIVIDE, BIGINT_, 2, num(BIGINT_, 60), col(0));
        return call(op, BOOLEAN_, 2, divided, num(BIGINT_, random_below(30)));
    }
    default: return call(op, BOOLEAN_, 2, x, literal);
    }
}

static struct weir_expr *random_condition(int depth) {
    if (depth == 0) return random_test();
    struct weir_expr *a = random_condition(depth - 1), *b = random_condition(depth - 1);
    switch (random_below(8)) {
    case 0: return call(WEIR_EXPR_OR, BOOLEAN_, 2, a, b);
    case 1: return call(WEIR_EXPR_NOT, BOOLEAN_, 1, a);
    case 2: return call(WEIR_EXPR_IS_TRUE, BOOLEAN_, 1, a);
    case 3: return a;
    default: return call(WEIR_EXPR_AND, BOOLEAN_, 3, a, b, random_condition(depth - 1));
    }
}

static void what_is_left_out_is_dropped_by_the_filter(void **state) {
    (void)state;
    int left_out = 0;
    for (int round = 0; round < 20000; round++) {
        weir_arena_reset(&arena);
        random_state = (uint64_t)round * 7919 + 1;
        random_table();
        struct weir_expr *condition = random_condition((int)random_below(3));
        if (!leaves_out(condition)) continue;
        left_out++;
        struct weir_vector kept;
        const char *text = weir_expr_text(&arena, condition, NULL);
        if (evaluate(condition, NULL, &kept) != WEIR_OK)
            fail_msg("round %d: %s fails: %s", round, text, error.message);
        for (int32_t i = 0; i < ROWS; i++) {
            bool valid = kept.validity == NULL || weir_bit_get(kept.validity, (size_t)i);
            if (valid && weir_bit_get(kept.bits, (size_t)i)) fail_msg("round %d: %s keeps row %d", round, text, i);
        }
    }
    assert_true(left_out > 2000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(comparisons_with_a_literal),
        TEST(unknown_bounds_leave_nothing_out),
        TEST(an_error_is_not_hidden),
        TEST(a_time_that_cannot_be_held_is_not_hidden),
        TEST(times_are_brought_to_fewer_and_to_more_digits),
        TEST(the_greatest_time_must_be_known),
        TEST(times_become_units),
        TEST(obstacles_are_told),
        TEST(what_is_left_out_is_dropped_by_the_filter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
