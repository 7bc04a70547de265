/* SPDX-License-Identifier: Apache-2.0
 *
 * Blocks added up in each of the ways that there are - few keys, many, beyond the cache - against a naive loop.
 */
#include <math.h>

#include "tests/engine/accumulators.h"
#include "tests/engine/random.h"

enum { ROWS = 3000 };

static double some_double(bool special) {
    static const double specials[] = {NAN, -NAN, 0.0, -0.0, INFINITY, 5e-324, -1e308, 3};
    if (special) return specials[random_next() % 8];
    return ldexp((double)(int64_t)random_next(), (int)(random_next() % 90)) * (random_next() % 2 == 0 ? 1 : -1);
}

/* What a naive loop makes of the rows of a key. */
struct naive {
    int64_t rows, valid;
    double sum;
    int64_t least, greatest;
};

static void expect_naive(struct bench *bench, uint32_t key, bool extremes, const struct naive *naive) {
    assert_int_equal(result(bench, 1, key).i64[0], naive->rows);
    for (int32_t call = 0; call < (extremes ? 4 : 2); call++) {
        struct weir_vector out = result(bench, call, key);
        if (call != 1) assert_int_equal(is_null(&out), naive->valid == 0);
    }
    if (naive->valid == 0) return;
    struct weir_vector sum = result(bench, 0, key);
    if (!isnan(naive->sum)) assert_memory_equal(sum.f64, &naive->sum, sizeof(double));
    assert_int_equal(isnan(sum.f64[0]), isnan(naive->sum));
    if (!extremes) return;
    assert_int_equal(weir_f64_order(result(bench, 2, key).f64[0]), naive->least);
    assert_int_equal(weir_f64_order(result(bench, 3, key).f64[0]), naive->greatest);
}

/* Few keys, many keys, more keys than rows; all rows or some; with and without NULLs, least and greatest: to the
 * bit as one row after the other. */
static void doubles_are_added_in_the_order_of_their_rows(void **state) {
    (void)state;
    static const enum weir_aggregate_function calls[] = {WEIR_AGGREGATE_SUM, WEIR_AGGREGATE_COUNT_STAR,
                                                         WEIR_AGGREGATE_MIN, WEIR_AGGREGATE_MAX};
    static const uint32_t many[] = {1, 37, 375, 376, 5000};
    static double values[ROWS];
    static struct naive naive[5000];
    static uint32_t ids[ROWS], selected[ROWS];
    for (int round = 0; round < 120; round++) {
        random_state = (uint64_t)round;
        uint32_t keys = many[round % 40 / 8];
        bool all = round & 1, extremes = round & 2, special = round & 4, nulls = round >= 80;
        struct weir_type type = DOUBLE_;
        type.nullable = round >= 40;
        uint64_t valid[ROWS / 64 + 1];
        int32_t count = all ? ROWS : ROWS / 2;
        struct bench bench;
        open_bench(&bench, type, keys, extremes ? 4 : 2, calls);
        for (uint32_t key = 0; key < keys; key++) naive[key] = (struct naive){0, 0, -0.0, INT64_MAX, INT64_MIN};
        for (int block = 0; block < 3; block++) {
            for (int32_t i = 0; i < ROWS; i++) {
                values[i] = some_double(special);
                weir_bit_put(valid, (size_t)i, !nulls || random_next() % 3 != 0);
            }
            for (int32_t i = 0; i < count; i++) {
                ids[i] = (uint32_t)(random_next() % keys);
                selected[i] = (uint32_t)(all ? i : 2 * i);
                struct naive *at = &naive[ids[i]];
                double value = values[selected[i]];
                int64_t order = weir_f64_order(value);
                at->rows++;
                if (!weir_bit_get(valid, selected[i])) continue;
                at->valid++;
                at->sum += value;
                if (order < at->least) at->least = order;
                if (order > at->greatest) at->greatest = order;
            }
            struct weir_vector vector = {.kind = WEIR_VECTOR_F64, .validity = nulls ? valid : NULL, .f64 = values};
            assert_int_equal(weir_accumulator_add(&bench.accumulator, bench.rows, keys, ids, all ? NULL : selected,
                                                  count, &vector, &bench.heap, &error),
                             WEIR_OK);
        }
        for (uint32_t key = 0; key < keys; key++) expect_naive(&bench, key, extremes, &naive[key]);
        close_bench(&bench);
    }
}

/* What a naive loop makes of the integers of a key. */
struct naive_i64 {
    int64_t rows, nulls;
    weir_i128 sum;
    int64_t least, greatest;
};

/* Behind them: integers of 32 bits. */
enum { MAGNITUDES = 5 };

static int64_t some_integer(int magnitude) {
    int64_t value = (int64_t)(random_next() << 20 ^ random_next());
    switch (magnitude) {
    case 0: return value % 1000;
    case MAGNITUDES: return random_next() % 2 == 0 ? INT32_MAX : INT32_MIN;
    case 1: return value % ((int64_t)1 << 50);
    case 2: return random_next() % 2 == 0 ? INT64_MAX : INT64_MIN; /* sums pass 64 bits, to both sides */
    case 3: return INT64_MAX - (int64_t)(random_next() % 3);
    default: return value;
    }
}

static void expect_naive_i64(const struct bench *bench, uint32_t key, const struct naive_i64 *naive) {
    const struct weir_accumulator *accumulator = &bench->accumulator;
    for (int32_t i = 0; i < accumulator->fields_count; i++) {
        const char *at = bench->rows + (size_t)key * accumulator->stride + accumulator->fields[i].offset;
        weir_i128 sum;
        int64_t short_sum;
        switch (accumulator->fields[i].kind) {
        case WEIR_FIELD_ROWS: assert_true(*(const int64_t *)at == naive->rows); break;
        case WEIR_FIELD_NULLS: assert_true(*(const int64_t *)at == naive->nulls); break;
        case WEIR_FIELD_MIN_I64: assert_true(*(const int64_t *)at == naive->least); break;
        case WEIR_FIELD_MAX_I64: assert_true(*(const int64_t *)at == naive->greatest); break;
        case WEIR_FIELD_SUM_SHORT:
            memcpy(&short_sum, at, sizeof(short_sum));
            assert_true(short_sum == naive->sum);
            break;
        default:
            assert_int_equal(accumulator->fields[i].kind, WEIR_FIELD_SUM_I64);
            memcpy(&sum, at, sizeof(sum));
            assert_true(sum == naive->sum);
            break;
        }
    }
}

/* Few keys, many, and so many that their accumulators lie beyond the cache; with NULLs and without, all rows and
 * some; a sum alone and with least and greatest; integers whose sums do and do not fit 64 bits, and short ones. */
static void integers_are_added_to_the_bit(void **state) {
    (void)state;
    enum { KEYS_MANY = 60000 };
    static const enum weir_aggregate_function calls[] = {WEIR_AGGREGATE_SUM, WEIR_AGGREGATE_COUNT_STAR,
                                                         WEIR_AGGREGATE_MIN, WEIR_AGGREGATE_MAX};
    static const uint32_t many[] = {1, 100, 700, 5000, KEYS_MANY};
    static int64_t values[ROWS];
    static uint32_t ids[ROWS], selected[ROWS];
    struct naive_i64 *naive = malloc(KEYS_MANY * sizeof(*naive));
    assert_non_null(naive);
    for (int round = 0; round < 5 * 8 * (MAGNITUDES + 1); round++) {
        random_state = (uint64_t)round;
        uint32_t keys = many[round % 5];
        bool nulls = round / 5 & 1, some = round / 5 & 2, extremes = round / 5 & 4;
        int magnitude = round / 40;
        uint64_t valid[ROWS / 64 + 1];
        struct bench bench;
        struct weir_type type = weir_type_of(magnitude == MAGNITUDES ? WEIR_TYPE_INT : WEIR_TYPE_BIGINT);
        type.nullable = nulls || round % 3 != 0;
        bool lone = extremes && round % 3 == 0; /* the least or the greatest and nothing else */
        open_bench(&bench, type, keys, lone ? 1 : extremes ? 4 : 2, lone ? calls + 2 + round % 2 : calls);
        for (uint32_t key = 0; key < keys; key++) naive[key] = (struct naive_i64){0, 0, 0, INT64_MAX, INT64_MIN};
        for (int block = 0; block < 3; block++) {
            int32_t count = 0;
            for (int32_t i = 0; i < ROWS; i++) {
                values[i] = some_integer(block == 1 ? 0 : magnitude);
                weir_bit_put(valid, (size_t)i, !nulls || random_next() % 3 != 0);
                if (!some || random_next() % 4 != 0) selected[count++] = (uint32_t)i;
            }
            for (int32_t i = 0; i < count; i++) {
                ids[i] = (uint32_t)(random_next() % keys);
                struct naive_i64 *at = &naive[ids[i]];
                int64_t value = values[selected[i]];
                at->rows++;
                at->nulls += !weir_bit_get(valid, selected[i]);
                if (!weir_bit_get(valid, selected[i])) continue;
                at->sum += value;
                if (value < at->least) at->least = value;
                if (value > at->greatest) at->greatest = value;
            }
            struct weir_vector vector = {.kind = WEIR_VECTOR_I64, .validity = nulls ? valid : NULL, .i64 = values};
            assert_int_equal(weir_accumulator_add(&bench.accumulator, bench.rows, keys, ids, some ? selected : NULL,
                                                  count, &vector, &bench.heap, &error),
                             WEIR_OK);
        }
        for (uint32_t key = 0; key < keys; key++) expect_naive_i64(&bench, key, &naive[key]);
        close_bench(&bench);
    }
    free(naive);
}

static void open_columns(struct bench *bench, int32_t columns, const struct weir_type *types, uint32_t keys) {
    *bench = (struct bench){.keys = keys};
    bench->plan = plan_over(columns, types);
    plan_key(bench->plan, 0);
    for (int32_t c = 0; c < columns; c++) plan_call(bench->plan, WEIR_AGGREGATE_SUM, c);
    plan_call(bench->plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_outputs(bench->plan, WEIR_RESULT_KEYS);
    assert_int_equal(weir_plan_validate(bench->plan, &error), WEIR_OK);
    assert_int_equal(weir_accumulator_init(&bench->accumulator, bench->plan, &error), WEIR_OK);
    bench->rows = aligned_alloc(64, weir_round_up(keys * bench->accumulator.stride, 64));
    assert_non_null(bench->rows);
    weir_accumulator_fresh(&bench->accumulator, bench->rows, 0, keys);
}

/* Sums of several columns, some of doubles, which few keys add up together, some of integers; with NULLs in one;
 * all rows or some. */
static void sums_of_several_columns_are_each_their_own(void **state) {
    (void)state;
    enum { COLUMNS = 5 };
    static double reals[COLUMNS][ROWS], sums[COLUMNS][2000];
    static int64_t integers[ROWS], totals[2000], counts[COLUMNS][2000];
    static uint32_t ids[ROWS], selected[ROWS];
    for (int round = 0; round < 120; round++) {
        random_state = (uint64_t)round;
        uint32_t keys = (const uint32_t[]){1, 37, 2000}[round % 3];
        int32_t columns = 1 + round / 3 % COLUMNS, integer = round % 2 == 0 && columns > 1 ? columns / 2 : COLUMNS;
        uint64_t valid[ROWS / 64 + 1];
        struct weir_vector args[COLUMNS];
        struct weir_type types[COLUMNS];
        struct bench bench;
        for (int32_t c = 0; c < columns; c++) types[c] = c == integer ? BIGINT_ : DOUBLE_;
        for (int32_t c = 0; c < columns; c++) types[c].nullable = round % 4 < 2;
        open_columns(&bench, columns, types, keys);
        memset(counts, 0, sizeof(counts));
        memset(totals, 0, sizeof(totals));
        for (int32_t c = 0; c < columns; c++)
            for (uint32_t key = 0; key < keys; key++) sums[c][key] = -0.0;
        for (int block = 0; block < 2; block++) {
            bool nulls = round % 8 == 0, all = round % 5 < 3;
            int32_t count = 0;
            for (int32_t i = 0; i < ROWS; i++) {
                bool counts_here = all || random_next() % 2 == 0;
                uint32_t id = (uint32_t)(random_next() % keys);
                ids[count] = id;
                selected[count] = (uint32_t)i;
                count += counts_here;
                integers[i] = (int64_t)(random_next() % 2000) - 1000;
                if (counts_here) totals[id] += integers[i];
                weir_bit_put(valid, (size_t)i, !nulls || random_next() % 3 != 0);
                for (int32_t c = 0; c < columns; c++) {
                    reals[c][i] = some_double(false);
                    if (!counts_here || (c == 0 && !weir_bit_get(valid, (size_t)i))) continue;
                    counts[c][id]++;
                    sums[c][id] += reals[c][i];
                }
            }
            for (int32_t c = 0; c < columns; c++)
                args[c] = (struct weir_vector){.kind = WEIR_VECTOR_F64, .f64 = reals[c]};
            if (nulls) args[0].validity = valid;
            if (integer < columns) args[integer] = (struct weir_vector){.kind = WEIR_VECTOR_I64, .i64 = integers};
            assert_int_equal(weir_accumulator_add(&bench.accumulator, bench.rows, keys, ids, all ? NULL : selected,
                                                  count, args, &bench.heap, &error),
                             WEIR_OK);
        }
        for (uint32_t key = 0; key < keys; key++) {
            for (int32_t c = 0; c < columns; c++) {
                struct weir_vector sum = result(&bench, c, key);
                assert_int_equal(is_null(&sum), counts[c][key] == 0);
                if (counts[c][key] == 0) continue;
                if (c == integer) assert_int_equal(sum.i64[0], totals[key]);
                if (c != integer) assert_memory_equal(sum.f64, &sums[c][key], sizeof(double));
            }
            if (columns > 1) assert_int_equal(result(&bench, columns, key).i64[0], counts[1][key]);
        }
        close_bench(&bench);
    }
}

/* A sum that was made of the block at work is taken; one of other rows is not. */
static void a_sum_made_before_is_that_of_the_same_rows_alone(void **state) {
    (void)state;
    static const enum weir_aggregate_function calls[] = {WEIR_AGGREGATE_SUM};
    static const double values[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    for (int other = 0; other < 3; other++) {
        struct bench bench;
        open_bench(&bench, DOUBLE_, 1, 1, calls);
        struct weir_vector vector = {.kind = WEIR_VECTOR_F64, .f64 = values};
        struct weir_ahead ahead = {.sum_column = 0, .summed = values, .summed_rows = 8, .sum = 1000};
        if (other == 1) ahead.summed_rows = 7;
        if (other == 2) ahead.summed = values + 1;
        assert_int_equal(weir_accumulator_add_ahead(&bench.accumulator, bench.rows, 1, NULL, NULL, 8, &vector,
                                                    &ahead, &bench.heap, &error),
                         WEIR_OK);
        assert_true(result(&bench, 0, 0).f64[0] == (other == 0 ? 1000 : 36));
        close_bench(&bench);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sum_made_before_is_that_of_the_same_rows_alone),
        cmocka_unit_test(doubles_are_added_in_the_order_of_their_rows),
        cmocka_unit_test(integers_are_added_to_the_bit),
        cmocka_unit_test(sums_of_several_columns_are_each_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
