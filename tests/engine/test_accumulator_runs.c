/* SPDX-License-Identifier: Apache-2.0
 *
 * Blocks whose rows come in runs of a key give, to the bit, what row after row gives.
 */
#include "engine/accumulator_runs.h"

#include <math.h>

#include "tests/engine/plans.h"
#include "tests/engine/random.h"

enum { ROWS = WEIR_BLOCK_ROWS, KEYS = 50, COLUMNS = 4 };

#define FLOAT_ weir_type_of(WEIR_TYPE_FLOAT)
#define DECIMAL_ weir_type_decimal(38, 2)

/* Every aggregate over a BIGINT, a DOUBLE, a FLOAT and, but for SUM, a DECIMAL of 128 bits. */
struct sums {
    struct weir_plan *plan;
    struct weir_accumulator accumulator;
    struct weir_arena heap;
    char *rows;
    size_t bytes;
};

static void open_sums(struct sums *sums) {
    static const enum weir_aggregate_function functions[] = {WEIR_AGGREGATE_COUNT, WEIR_AGGREGATE_SUM,
                                                             WEIR_AGGREGATE_MIN, WEIR_AGGREGATE_MAX};
    const struct weir_type types[COLUMNS] = {BIGINT_, DOUBLE_, FLOAT_, DECIMAL_};
    memset(sums, 0, sizeof(*sums));
    sums->plan = plan_over(COLUMNS, types);
    for (int32_t column = 0; column < COLUMNS; column++) {
        for (int i = 0; i < 4; i++) {
            if (column < 3 || functions[i] != WEIR_AGGREGATE_SUM) plan_call(sums->plan, functions[i], column);
        }
    }
    plan_outputs(sums->plan, WEIR_RESULT_KEYS);
    if (weir_plan_validate(sums->plan, &error) != WEIR_OK) fail_msg("%s", error.message);
    assert_int_equal(weir_accumulator_init(&sums->accumulator, sums->plan, &error), WEIR_OK);
    assert_int_equal(sums->accumulator.args_count, COLUMNS);
    sums->bytes = KEYS * sums->accumulator.stride;
    sums->rows = aligned_alloc(64, weir_round_up(sums->bytes, 64));
    assert_non_null(sums->rows);
    weir_accumulator_fresh(&sums->accumulator, sums->rows, 0, KEYS);
}

static void close_sums(struct sums *sums) {
    free(sums->rows);
    weir_arena_fini(&sums->heap);
    weir_accumulator_fini(&sums->accumulator);
    weir_plan_release(sums->plan);
}

static void add(struct sums *sums, const uint32_t *ids, const uint32_t *rows, int32_t count,
                const struct weir_vector *args) {
    assert_int_equal(
        weir_accumulator_add(&sums->accumulator, sums->rows, KEYS, ids, rows, count, args, &sums->heap, &error),
        WEIR_OK);
}

/* Values of the block, and whose they are. */
static int64_t integers[ROWS];
static double reals[ROWS], floats[ROWS];
static weir_i128 decimals[ROWS];
static uint64_t valid[ROWS / 64];
static uint32_t ids[ROWS], selected[ROWS];

static double draw_real(void) {
    static const double specials[] = {0.0, -0.0, 5e-324, -1e308, 1e308};
    if (chance(10)) return specials[random_below(5)];
    return ldexp((double)(int64_t)random_next(), (int)random_below(90) - 60);
}

static void draw_values(void) {
    for (size_t i = 0; i < ROWS; i++) {
        integers[i] = chance(5) ? INT64_MIN : chance(5) ? INT64_MAX : (int64_t)random_next();
        reals[i] = draw_real();
        floats[i] = (double)(float)(random_below(2000) * 0.001);
        decimals[i] = (weir_i128)(int64_t)random_next() * ((weir_i128)1 << random_below(60));
        weir_bit_put(valid, i, chance(70));
    }
}

/* Runs of a mean length of `mean`; the number of entries of a block with or without a selection. */
static int32_t draw_runs(int64_t mean, bool some) {
    int32_t count = 0, most = (int32_t)(chance(20) ? random_below(ROWS) + 1 : ROWS);
    for (uint32_t row = 0; row < ROWS && count < most; row++) {
        if (!some || chance(60)) selected[count++] = row;
    }
    for (int32_t i = 0; i < count; i++)
        ids[i] = i == 0 || random_below(mean) == 0 ? (uint32_t)random_below(KEYS) : ids[i - 1];
    return count;
}

static void runs_give_what_row_after_row_gives(void **state) {
    (void)state;
    static const int64_t means[] = {1, 3, 5, 40, 3000};
    static struct weir_runs runs;
    int32_t found = 0;
    for (int round = 0; round < 40; round++) {
        random_state = (uint64_t)round + 1;
        bool some = round & 1, nulls = round & 2;
        struct sums whole, single;
        open_sums(&whole);
        open_sums(&single);
        for (int block = 0; block < 3; block++) {
            draw_values();
            int32_t count = draw_runs(means[round % 5], some);
            const uint64_t *validity = nulls ? valid : NULL;
            const struct weir_vector args[COLUMNS] = {
                {.kind = WEIR_VECTOR_I64, .validity = validity, .i64 = integers},
                {.kind = WEIR_VECTOR_F64, .validity = round & 4 ? validity : NULL, .f64 = reals},
                {.kind = WEIR_VECTOR_F64, .f64 = floats},
                {.kind = WEIR_VECTOR_I128, .validity = validity, .i128 = decimals}};
            found += weir_runs_find(ids, some ? selected : NULL, count, &runs);
            add(&whole, ids, some ? selected : NULL, count, args);
            for (int32_t i = 0; i < count; i++) add(&single, &ids[i], &selected[i], 1, args);
        }
        assert_memory_equal(whole.rows, single.rows, whole.bytes);
        close_sums(&whole);
        close_sums(&single);
    }
    assert_in_range(found, 20, 100); /* some blocks have runs, and some have not */
}

static void nan_in_a_run_is_the_sum_and_the_greatest(void **state) {
    (void)state;
    struct sums sums;
    open_sums(&sums);
    for (size_t i = 0; i < ROWS; i++) {
        ids[i] = (uint32_t)(i / 1024);
        integers[i] = 0;
        floats[i] = 0;
        decimals[i] = 0;
        reals[i] = i == 1500 ? -(double)NAN : -1.0;
    }
    const struct weir_vector args[COLUMNS] = {{.kind = WEIR_VECTOR_I64, .i64 = integers},
                                              {.kind = WEIR_VECTOR_F64, .f64 = reals},
                                              {.kind = WEIR_VECTOR_F64, .f64 = floats},
                                              {.kind = WEIR_VECTOR_I128, .i128 = decimals}};
    add(&sums, ids, NULL, ROWS, args);
    for (uint32_t key = 0; key < 4; key++) {
        struct weir_arena arena = {0};
        const char *row = sums.rows + key * sums.accumulator.stride;
        double results[3];
        for (int32_t call = 5; call < 8; call++) {
            struct weir_vector out;
            assert_int_equal(
                weir_accumulator_finish(&sums.accumulator, sums.plan, call, &row, 1, &arena, &out, &error),
                WEIR_OK);
            results[call - 5] = out.f64[0];
        }
        assert_true(key == 1 ? isnan(results[0]) : results[0] == -1024.0);
        assert_true(results[1] == -1.0);
        assert_true(key == 1 ? isnan(results[2]) : results[2] == -1.0);
        weir_arena_fini(&arena);
    }
    close_sums(&sums);
}

static void runs_begin_where_ids_change(void **state) {
    (void)state;
    static struct weir_runs runs;
    for (uint32_t i = 0; i < 1000; i++) ids[i] = i < 10 ? 7 : i < 999 ? 3 : 7;
    assert_true(weir_runs_find(ids, NULL, 1000, &runs));
    assert_int_equal(runs.count, 3);
    assert_int_equal(runs.starts[0], 0);
    assert_int_equal(runs.starts[1], 10);
    assert_int_equal(runs.starts[2], 999);
    assert_int_equal(runs.starts[3], 1000);
    assert_false(weir_runs_find(ids, NULL, 20, &runs)); /* too few rows to tell */
    for (uint32_t i = 0; i < 1000; i++) ids[i] = i % 2;
    assert_false(weir_runs_find(ids, NULL, 1000, &runs));
    for (uint32_t i = 0; i < ROWS; i++) ids[i] = 5;
    assert_true(weir_runs_find(ids, NULL, ROWS, &runs));
    assert_int_equal(runs.count, 1);
    assert_int_equal(runs.starts[1], ROWS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_give_what_row_after_row_gives),
        cmocka_unit_test(nan_in_a_run_is_the_sum_and_the_greatest),
        cmocka_unit_test(runs_begin_where_ids_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
