/* SPDX-License-Identifier: Apache-2.0
 *
 * Accumulators that are held from block to block against accumulators to which each block was added: the same bytes
 * when they have been put back.
 */
#include "engine/accumulator_lanes.h"

#include <math.h>
#include <stdlib.h>

#include "tests/engine/plans.h"
#include "tests/engine/random.h"

enum { ROWS = WEIR_BLOCK_ROWS, KEYS = 300, ARGS = 4, NULL_KEYS = 1 };

/* Columns 1 to 4 are arguments. */
static const struct weir_type *types_of(bool reals) {
    static struct weir_type types[ARGS + 1];
    types[0] = TIME_;
    for (int i = 1; i <= ARGS; i++) types[i] = reals == (i % 2 == 1) ? DOUBLE_ : BIGINT_;
    return types;
}

static struct fixture {
    struct weir_plan *plan;
    struct weir_accumulator accumulator;
    struct weir_lanes *lanes;
    struct weir_arena heap;
    char *rows[3]; /* added block by block; held; of another slice */
    double reals[ARGS][ROWS];
    int64_t integers[ARGS][ROWS];
    uint64_t validity[ROWS / 64];
    struct weir_vector args[ARGS];
    uint32_t ids[ROWS];
} f;

static size_t rows_bytes(void) { return (size_t)(NULL_KEYS + KEYS) * f.accumulator.stride; }

static void open_fixture(bool reals, int32_t calls, const enum weir_aggregate_function *functions,
                         const int32_t *columns) {
    memset(&f, 0, sizeof(f));
    f.plan = plan_over(ARGS + 1, types_of(reals));
    for (int32_t i = 0; i < calls; i++) plan_call(f.plan, functions[i], columns[i]);
    plan_outputs(f.plan, WEIR_RESULT_KEYS);
    if (weir_plan_validate(f.plan, &error) != WEIR_OK) fail_msg("%s", error.message);
    assert_int_equal(weir_accumulator_init(&f.accumulator, f.plan, &error), WEIR_OK);
    assert_int_equal(weir_lanes_create(&f.accumulator, &f.lanes, &error), WEIR_OK);
    for (int i = 0; i < 3; i++) {
        f.rows[i] = malloc(rows_bytes());
        assert_non_null(f.rows[i]);
        weir_accumulator_fresh(&f.accumulator, f.rows[i], 0, NULL_KEYS + KEYS);
    }
}

static void close_fixture(void) {
    weir_lanes_destroy(&f.lanes);
    assert_null(f.lanes);
    for (int i = 0; i < 3; i++) free(f.rows[i]);
    weir_arena_fini(&f.heap);
    weir_accumulator_fini(&f.accumulator);
    weir_plan_release(f.plan);
}

static double some_double(void) {
    static const double specials[] = {NAN, 0.0, -0.0, INFINITY, 5e-324, -1e308, 3, -INFINITY};
    uint64_t random = random_next();
    if (random % 50 == 0) return specials[random_next() % 8];
    return ldexp((double)(int64_t)random_next(), (int)(random_next() % 90) - 60);
}

/* Arguments in the order of the accumulator. magnitude: bits of the integers. */
static void fill(uint32_t keys, int magnitude) {
    for (int32_t i = 0; i < ROWS; i++) f.ids[i] = (uint32_t)(random_next() % keys);
    for (int32_t call = 0; call < f.plan->aggregates_count; call++) {
        int32_t arg = f.accumulator.call_arg[call];
        if (arg < 0) continue;
        bool real = f.plan->aggregates[call].arg->type.id == WEIR_TYPE_DOUBLE;
        for (int32_t i = 0; i < ROWS; i++) {
            f.reals[arg][i] = some_double();
            f.integers[arg][i] = (int64_t)random_next() >> (63 - magnitude);
        }
        f.args[arg] = real ? (struct weir_vector){.kind = WEIR_VECTOR_F64, .f64 = f.reals[arg]}
                           : (struct weir_vector){.kind = WEIR_VECTOR_I64, .i64 = f.integers[arg]};
    }
}

static void add_apart(char *rows, uint32_t keys, int32_t count) {
    assert_int_equal(weir_accumulator_add(&f.accumulator, rows + NULL_KEYS * f.accumulator.stride, keys, f.ids,
                                          NULL, count, f.args, &f.heap, &error),
                     WEIR_OK);
}

static bool add_held(int slice, uint32_t keys, int32_t count, int64_t left) {
    struct weir_lanes_block block = {.rows = &f.rows[slice],
                                     .skipped = NULL_KEYS * f.accumulator.stride,
                                     .keys = keys,
                                     .ids = f.ids,
                                     .count = count,
                                     .left = left,
                                     .args = f.args};
    return weir_lanes_add(f.lanes, &block);
}

/* Any NaN is as good as another. */
static void one_nan(char *rows) {
    for (int32_t i = 0; i < f.accumulator.fields_count; i++) {
        if (f.accumulator.fields[i].kind != WEIR_FIELD_SUM_F64) continue;
        for (uint32_t key = 0; key < NULL_KEYS + KEYS; key++) {
            char *at = rows + key * f.accumulator.stride + f.accumulator.fields[i].offset;
            double sum;
            memcpy(&sum, at, sizeof(sum));
            if (isnan(sum)) memcpy(at, &(double){NAN}, sizeof(sum));
        }
    }
}

static void expect_same(void) {
    weir_lanes_put_back(f.lanes);
    one_nan(f.rows[0]);
    one_nan(f.rows[1]);
    assert_memory_equal(f.rows[1], f.rows[0], rows_bytes());
}

/* ---- tests ---- */

#define CALLS_MOST 8
static const struct {
    int32_t calls;
    enum weir_aggregate_function functions[CALLS_MOST];
    int32_t columns[CALLS_MOST];
} questions[] = {
    {1, {WEIR_AGGREGATE_SUM}, {1}},
    {2, {WEIR_AGGREGATE_COUNT_STAR, WEIR_AGGREGATE_AVG}, {0, 2}},
    {3, {WEIR_AGGREGATE_SUM, WEIR_AGGREGATE_AVG, WEIR_AGGREGATE_SUM}, {1, 2, 3}},
    {4, {WEIR_AGGREGATE_SUM, WEIR_AGGREGATE_AVG, WEIR_AGGREGATE_SUM, WEIR_AGGREGATE_COUNT}, {1, 2, 3, 4}},
    {5,
     {WEIR_AGGREGATE_SUM, WEIR_AGGREGATE_SUM, WEIR_AGGREGATE_SUM, WEIR_AGGREGATE_SUM, WEIR_AGGREGATE_MIN},
     {1, 2, 3, 4, 1}},
    {4, {WEIR_AGGREGATE_SUM, WEIR_AGGREGATE_COUNT, WEIR_AGGREGATE_MIN, WEIR_AGGREGATE_MAX}, {1, 1, 1, 1}},
    {2, {WEIR_AGGREGATE_MAX, WEIR_AGGREGATE_MIN}, {2, 1}},
    {8,
     {WEIR_AGGREGATE_SUM, WEIR_AGGREGATE_SUM, WEIR_AGGREGATE_SUM, WEIR_AGGREGATE_SUM, WEIR_AGGREGATE_MIN,
      WEIR_AGGREGATE_MAX, WEIR_AGGREGATE_MAX, WEIR_AGGREGATE_MIN},
     {1, 2, 3, 4, 4, 3, 4, 2}},
};
enum { QUESTIONS = sizeof(questions) / sizeof(*questions) };

/* Blocks of all lengths, keys that become more, and putting back now and then. */
static void held_accumulators_become_what_blocks_make_of_them(void **state) {
    (void)state;
    for (int round = 0; round < 4 * QUESTIONS; round++) {
        int question = round % QUESTIONS, held = 0;
        random_state = (uint64_t)round;
        open_fixture(round & 8, questions[question].calls, questions[question].functions,
                     questions[question].columns);
        uint32_t keys = 1;
        for (int block = 0; block < 24; block++) {
            int32_t count = block % 3 == 0 ? ROWS : (int32_t)(random_next() % ROWS) + 1;
            if (block % 4 == 0) keys = keys * 3 < KEYS ? keys * 3 : KEYS;
            fill(keys, (int)(random_next() % 36));
            add_apart(f.rows[0], keys, count);
            if (add_held(1, keys, count, 8 * KEYS)) {
                held++;
            } else {
                add_apart(f.rows[1], keys, count);
            }
            if (random_next() % 8 == 0) expect_same();
        }
        assert_int_equal(held, 24);
        expect_same();
        close_fixture();
    }
}

static void rows_of_another_slice_put_the_first_back(void **state) {
    (void)state;
    random_state = 5;
    open_fixture(true, 4, questions[5].functions, questions[5].columns);
    fill(KEYS, 20);
    add_apart(f.rows[0], KEYS, ROWS);
    assert_true(add_held(1, KEYS, ROWS, ROWS));
    assert_true(add_held(2, KEYS, ROWS, ROWS));
    assert_memory_equal(f.rows[1], f.rows[0], rows_bytes());
    weir_lanes_put_back(f.lanes);
    assert_memory_equal(f.rows[2], f.rows[0], rows_bytes());
    weir_lanes_put_back(f.lanes);
    assert_memory_equal(f.rows[2], f.rows[0], rows_bytes());
    close_fixture();
}

/* 2^40 times 4 096 rows is 2^52: one such block is all that is held, the second begins anew. */
static void integers_are_summed_up_to_the_bit_or_not_at_all(void **state) {
    (void)state;
    random_state = 9;
    open_fixture(false, 1, questions[0].functions, questions[0].columns);
    fill(3, 40);
    for (int32_t i = 0; i < ROWS; i++) f.integers[0][i] = (INT64_C(1) << 40) - (i == 77);
    for (int block = 0; block < 9; block++) {
        add_apart(f.rows[0], 3, ROWS);
        assert_true(add_held(1, 3, ROWS, ROWS));
    }
    expect_same();
    f.integers[0][5] = -(INT64_C(1) << 42);
    assert_false(add_held(1, 3, ROWS, ROWS));
    f.integers[0][5] = INT64_MIN;
    assert_false(add_held(1, 3, 6, 6));
    expect_same();
    close_fixture();
}

/* Both are rounded to 2^53: an integer beyond it, and the sum of two bounds that is beyond it. */
static void integers_one_beyond_what_doubles_hold_are_not_rounded(void **state) {
    (void)state;
    const int64_t limit = INT64_C(1) << 53;
    const struct {
        int64_t before, value;
    } cases[] = {{0, limit + 1}, {0, -limit - 1}, {1, limit - ROWS + 1}, {-1, ROWS - limit - 1}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        open_fixture(false, 1, questions[0].functions, questions[0].columns);
        fill(1, 0);
        for (int32_t row = 0; row < ROWS; row++) f.integers[0][row] = cases[i].before;
        add_apart(f.rows[0], 1, ROWS);
        assert_true(add_held(1, 1, ROWS, ROWS + 1));
        f.integers[0][0] = cases[i].value;
        add_apart(f.rows[0], 1, 1);
        if (!add_held(1, 1, 1, 1)) add_apart(f.rows[1], 1, 1);
        expect_same();
        close_fixture();
    }
}

static void what_cannot_be_held_puts_back_what_is(void **state) {
    (void)state;
    for (int why = 0; why < 3; why++) {
        random_state = 11;
        open_fixture(true, 3, questions[2].functions, questions[2].columns);
        fill(KEYS, 20);
        add_apart(f.rows[0], KEYS, ROWS);
        assert_true(add_held(1, KEYS, ROWS, ROWS));
        if (why == 0) f.args[1].validity = f.validity;
        if (why == 1) f.args[1].kind = WEIR_VECTOR_I128;
        assert_false(add_held(1, why == 2 ? 5000 : KEYS, ROWS, ROWS));
        assert_memory_equal(f.rows[1], f.rows[0], rows_bytes());
        close_fixture();
    }
}

/* Slices that had few rows of late are not held, however many rows are left of the batch. */
static void slices_of_few_rows_are_not_held(void **state) {
    (void)state;
    random_state = 13;
    open_fixture(true, 1, questions[0].functions, questions[0].columns);
    fill(KEYS, 20);
    assert_false(add_held(1, KEYS, 1000, 1000));
    assert_true(add_held(1, KEYS, 1000, 100000));
    assert_true(add_held(1, KEYS, 1000, 1000)); /* while they are held */
    assert_false(add_held(2, KEYS, 1000, 8 * KEYS - 1));
    assert_false(add_held(1, KEYS, 1000, 100000)); /* the other one had 1 000 */
    close_fixture();
}

static void queries_with_other_aggregates_hold_nothing(void **state) {
    (void)state;
    static const struct weir_type types[] = {{.id = WEIR_TYPE_STRING}, {.id = WEIR_TYPE_FLOAT}};
    for (int i = 0; i < 3; i++) {
        struct weir_plan *plan = plan_over(2, types);
        struct weir_accumulator accumulator;
        struct weir_lanes *lanes;
        plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
        if (i == 0) plan_call(plan, WEIR_AGGREGATE_MIN, 0);
        if (i == 1) plan_call(plan, WEIR_AGGREGATE_SUM, 1);
        plan_outputs(plan, WEIR_RESULT_KEYS);
        if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("%s", error.message);
        assert_int_equal(weir_accumulator_init(&accumulator, plan, &error), WEIR_OK);
        assert_int_equal(weir_lanes_create(&accumulator, &lanes, &error), WEIR_OK);
        assert_null(lanes);
        weir_lanes_put_back(lanes);
        assert_int_equal(weir_lanes_bytes(lanes), 0);
        weir_lanes_destroy(&lanes);
        weir_accumulator_fini(&accumulator);
        weir_plan_release(plan);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(held_accumulators_become_what_blocks_make_of_them),
        cmocka_unit_test(rows_of_another_slice_put_the_first_back),
        cmocka_unit_test(integers_are_summed_up_to_the_bit_or_not_at_all),
        cmocka_unit_test(integers_one_beyond_what_doubles_hold_are_not_rounded),
        cmocka_unit_test(what_cannot_be_held_puts_back_what_is),
        cmocka_unit_test(slices_of_few_rows_are_not_held),
        cmocka_unit_test(queries_with_other_aggregates_hold_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
