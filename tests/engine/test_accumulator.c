/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "tests/engine/accumulators.h"

#define INT_ weir_type_of(WEIR_TYPE_INT)
#define FLOAT_ weir_type_of(WEIR_TYPE_FLOAT)
#define DECIMAL_ weir_type_decimal(38, 2)

static const enum weir_aggregate_function all_of_them[] = {WEIR_AGGREGATE_COUNT_STAR, WEIR_AGGREGATE_COUNT,
                                                           WEIR_AGGREGATE_SUM,        WEIR_AGGREGATE_MIN,
                                                           WEIR_AGGREGATE_MAX,        WEIR_AGGREGATE_AVG};

/* ---- against a naive loop ---- */

static uint64_t random_state;
static uint64_t random_next(void) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return random_state >> 16;
}

enum { ROWS = 3000, KEYS = 37 };

static void integers_agree_with_a_naive_loop(void **state) {
    (void)state;
    static int64_t values[ROWS];
    static uint32_t ids[ROWS], selected[ROWS];
    static uint64_t valid[ROWS / 64 + 2];
    for (int round = 0; round < 12; round++) { /* with and without NULLs, with and without a selection; NOT NULL */
        random_state = (uint64_t)round;
        bool required = round >= 8, nulls = !required && round & 1, some = round & 2;
        bool fused = required ? round & 1 : round & 4;
        struct weir_type type = BIGINT_;
        type.nullable = !required;
        struct bench bench;
        open_bench(&bench, type, KEYS, fused ? 3 : 6, all_of_them);
        int32_t count = 0;
        for (uint32_t i = 0; i < ROWS; i++) {
            values[i] = (int64_t)(random_next() << 20);
            weir_bit_put(valid, i, !nulls || random_next() % 3 != 0);
            if (!some || random_next() % 2 == 0) selected[count++] = i;
        }
        for (int32_t i = 0; i < count; i++) ids[i] = (uint32_t)(random_next() % (KEYS - 1)); /* the last has none */
        struct weir_vector vector = {.kind = WEIR_VECTOR_I64, .validity = nulls ? valid : NULL, .i64 = values};
        assert_int_equal(weir_accumulator_add(&bench.accumulator, bench.rows, KEYS, ids, some ? selected : NULL,
                                              count, &vector, &bench.heap, &error),
                         WEIR_OK);
        for (uint32_t key = 0; key < KEYS; key++) {
            int64_t rows = 0, counted = 0, least = INT64_MAX, greatest = INT64_MIN;
            weir_i128 sum = 0;
            for (int32_t i = 0; i < count; i++) {
                uint32_t row = some ? selected[i] : (uint32_t)i;
                if (ids[i] != key) continue;
                rows++;
                if (nulls && !weir_bit_get(valid, row)) continue;
                counted++;
                sum += values[row];
                if (values[row] < least) least = values[row];
                if (values[row] > greatest) greatest = values[row];
            }
            assert_int_equal(result(&bench, 0, key).i64[0], rows);
            assert_int_equal(result(&bench, 1, key).i64[0], counted);
            struct weir_vector out;
            bool fits = sum >= INT64_MIN && sum <= INT64_MAX;
            assert_int_equal(finish_call(&bench, 2, key, &out), fits ? WEIR_OK : WEIR_ERR_VALUE);
            if (fits) assert_int_equal(is_null(&out), counted == 0);
            if (fits && counted > 0) assert_int_equal(out.i64[0], (int64_t)sum);
            if (fused) continue;
            for (int32_t call = 3; call < 6; call++) {
                out = result(&bench, call, key);
                assert_int_equal(is_null(&out), counted == 0);
                if (counted == 0) continue;
                assert_int_equal(out.i64[0], call == 3 ? least : call == 4 ? greatest : (int64_t)(sum / counted));
            }
        }
        close_bench(&bench);
    }
}

/* ---- overflow ---- */

static void a_sum_of_each_integer_type_keeps_to_its_type(void **state) {
    (void)state;
    static const struct {
        enum weir_type_id id;
        int64_t most;
    } types[] = {{WEIR_TYPE_TINYINT, INT8_MAX},
                 {WEIR_TYPE_SMALLINT, INT16_MAX},
                 {WEIR_TYPE_INT, INT32_MAX},
                 {WEIR_TYPE_BIGINT, INT64_MAX}};
    static const enum weir_aggregate_function sum[] = {WEIR_AGGREGATE_SUM};
    static const uint32_t ids[4] = {0, 1, 1, 2};
    for (int t = 0; t < 4; t++) {
        for (int sign = 0; sign < 2; sign++) {
            struct bench bench;
            open_bench(&bench, weir_type_of(types[t].id), 3, 1, sum);
            int64_t most = sign == 0 ? types[t].most : -types[t].most - 1;
            int64_t values[4] = {most, most, sign == 0 ? 1 : -1, 7};
            add_all(&bench, ids, 4, (struct weir_vector){.kind = WEIR_VECTOR_I64, .i64 = values});
            struct weir_vector out;
            assert_int_equal(result(&bench, 0, 0).i64[0], most);
            error.line = 0;
            assert_int_equal(finish_call(&bench, 0, 1, &out), WEIR_ERR_VALUE);
            assert_int_equal(error.line, 3);
            assert_int_equal(error.column, 1);
            char name[WEIR_TYPE_NAME_BYTES];
            assert_non_null(
                strstr(error.message, weir_type_name(weir_type_of(types[t].id), false, name, sizeof(name))));
            close_bench(&bench);
        }
    }
}

/* Of INT 2^32 values and no more: 64 bits may have wrapped, and say so instead of a wrong sum. */
static void a_sum_of_short_integers_says_when_they_are_too_many(void **state) {
    (void)state;
    static const struct {
        enum weir_type_id id;
        int64_t most;
    } types[] = {{WEIR_TYPE_TINYINT, INT64_C(1) << 56},
                 {WEIR_TYPE_SMALLINT, INT64_C(1) << 48},
                 {WEIR_TYPE_INT, INT64_C(1) << 32}};
    static const enum weir_aggregate_function average[] = {WEIR_AGGREGATE_AVG};
    static const uint32_t id = 0;
    static const int64_t value = 7;
    for (int t = 0; t < 3; t++) {
        struct bench bench;
        struct weir_vector out;
        struct weir_type type = weir_type_of(types[t].id);
        type.nullable = false;
        open_bench(&bench, type, 1, 1, average);
        assert_int_equal(bench.accumulator.stride, 16);
        add_all(&bench, &id, 1, (struct weir_vector){.kind = WEIR_VECTOR_I64, .i64 = &value});
        ((int64_t *)(void *)bench.rows)[0] = types[t].most;
        ((int64_t *)(void *)bench.rows)[1] = INT64_MIN; /* so many of the least value */
        assert_int_equal(result(&bench, 0, 0).i64[0], INT64_MIN / types[t].most);
        ((int64_t *)(void *)bench.rows)[0] = types[t].most + 1;
        assert_int_equal(finish_call(&bench, 0, 0, &out), WEIR_ERR_VALUE);
        assert_non_null(strstr(error.message, "AVG(CAST(x AS BIGINT))"));
        close_bench(&bench);
    }
}

/* Without keys four billion rows may well be one row's. */
static void a_sum_without_keys_has_no_such_limit(void **state) {
    (void)state;
    static const enum weir_aggregate_function average[] = {WEIR_AGGREGATE_AVG};
    static const uint32_t id = 0;
    static const int64_t value = 7;
    struct bench bench;
    struct weir_type type = weir_type_of(WEIR_TYPE_INT);
    type.nullable = false;
    open_bench(&bench, type, 0, 1, average);
    add_all(&bench, &id, 1, (struct weir_vector){.kind = WEIR_VECTOR_I64, .i64 = &value});
    const weir_i128 sum = ((weir_i128)1 << 40) * INT32_MIN;
    ((int64_t *)(void *)bench.rows)[0] = INT64_C(1) << 40;
    memcpy(bench.rows + bench.accumulator.fields[1].offset, &sum, sizeof(sum));
    assert_int_equal(result(&bench, 0, 0).i64[0], INT32_MIN);
    close_bench(&bench);
}

static void an_average_is_exact_where_its_sum_is_beyond_64_bits(void **state) {
    (void)state;
    static const enum weir_aggregate_function average[] = {WEIR_AGGREGATE_AVG};
    static const uint32_t ids[5] = {0, 0, 0, 1, 1};
    struct bench bench;
    open_bench(&bench, BIGINT_, 2, 1, average);
    int64_t values[5] = {INT64_MAX, INT64_MAX, INT64_MAX - 3, -7, 0};
    add_all(&bench, ids, 5, (struct weir_vector){.kind = WEIR_VECTOR_I64, .i64 = values});
    assert_int_equal(result(&bench, 0, 0).i64[0], INT64_MAX - 1);
    assert_int_equal(result(&bench, 0, 1).i64[0], -3); /* towards zero */
    close_bench(&bench);
}

/* ---- floats ---- */

static void nan_is_greatest_and_negative_zero_below_zero_in_any_order(void **state) {
    (void)state;
    static const enum weir_aggregate_function calls[] = {WEIR_AGGREGATE_MIN, WEIR_AGGREGATE_MAX,
                                                         WEIR_AGGREGATE_SUM};
    static const uint32_t ids[3] = {0, 0, 0};
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (int order = 0; order < 6; order++) {
        const double some[3] = {NAN, 5, -INFINITY}, zeros[3] = {-0.0, 0.0, -0.0};
        double values[3], signs[3];
        for (int i = 0; i < 3; i++) {
            values[i] = some[orders[order][i]];
            signs[i] = zeros[orders[order][i]];
        }
        struct bench bench;
        open_bench(&bench, DOUBLE_, 1, 3, calls);
        add_all(&bench, ids, 3, (struct weir_vector){.kind = WEIR_VECTOR_F64, .f64 = values});
        assert_true(result(&bench, 0, 0).f64[0] == -INFINITY);
        assert_true(isnan(result(&bench, 1, 0).f64[0]));
        assert_true(isnan(result(&bench, 2, 0).f64[0]));
        close_bench(&bench);
        open_bench(&bench, DOUBLE_, 1, 3, calls);
        add_all(&bench, ids, 3, (struct weir_vector){.kind = WEIR_VECTOR_F64, .f64 = signs});
        assert_true(signbit(result(&bench, 0, 0).f64[0]));
        assert_false(signbit(result(&bench, 1, 0).f64[0]));
        close_bench(&bench);
    }
}

static void nothing_but_nan_is_nan_and_nothing_but_null_is_null(void **state) {
    (void)state;
    static const uint32_t ids[2] = {0, 1};
    const double values[2] = {-NAN, 3};
    uint64_t valid = 1;
    struct bench bench;
    open_bench(&bench, DOUBLE_, 2, 6, all_of_them);
    add_all(&bench, ids, 2, (struct weir_vector){.kind = WEIR_VECTOR_F64, .validity = &valid, .f64 = values});
    for (int32_t call = 2; call < 6; call++) {
        struct weir_vector nan = result(&bench, call, 0), null = result(&bench, call, 1);
        assert_true(!is_null(&nan) && isnan(nan.f64[0]));
        assert_true(is_null(&null));
    }
    assert_int_equal(result(&bench, 0, 1).i64[0], 1);
    assert_int_equal(result(&bench, 1, 1).i64[0], 0);
    close_bench(&bench);
}

static void the_order_of_doubles_goes_both_ways(void **state) {
    (void)state;
    static const double rising[] = {-INFINITY, -1e308, -1, -5e-324, -0.0, 0.0, 5e-324, 1, 1e308, INFINITY, NAN};
    for (size_t i = 0; i < sizeof(rising) / sizeof(rising[0]); i++) {
        double back = weir_f64_from_order(weir_f64_order(rising[i]));
        assert_true(isnan(rising[i]) ? isnan(back) : back == rising[i] && signbit(back) == signbit(rising[i]));
        if (i > 0) assert_true(weir_f64_order(rising[i - 1]) < weir_f64_order(rising[i]));
    }
    assert_int_equal(weir_f64_order(-NAN), weir_f64_order(NAN));
}

static void sums_of_float_are_rounded_to_32_bits_each_time(void **state) {
    (void)state;
    static const enum weir_aggregate_function calls[] = {WEIR_AGGREGATE_SUM, WEIR_AGGREGATE_AVG};
    static uint32_t ids[1000];
    static double values[1000];
    float sum = 0;
    double wide = 0;
    for (int i = 0; i < 1000; i++) {
        values[i] = (double)(0.1f * (float)(i % 7));
        sum += (float)values[i];
        wide += values[i];
    }
    struct bench bench;
    open_bench(&bench, FLOAT_, 1, 2, calls);
    add_all(&bench, ids, 1000, (struct weir_vector){.kind = WEIR_VECTOR_F64, .f64 = values});
    assert_true(result(&bench, 0, 0).f64[0] == (double)sum);
    assert_true((double)sum != wide); /* or the test would prove nothing */
    assert_true(result(&bench, 1, 0).f64[0] == (double)(float)(wide / 1000));
    close_bench(&bench);
}

/* ---- wide values and strings ---- */

static void extremes_of_decimals_take_128_bits(void **state) {
    (void)state;
    static const enum weir_aggregate_function calls[] = {WEIR_AGGREGATE_MIN, WEIR_AGGREGATE_MAX,
                                                         WEIR_AGGREGATE_COUNT};
    static const uint32_t ids[4] = {0, 0, 0, 1};
    weir_i128 big = (weir_i128)INT64_MAX * 1000000;
    weir_i128 values[4] = {big, -big, 0, 5};
    uint64_t valid = 7;
    struct bench bench;
    open_bench(&bench, DECIMAL_, 2, 3, calls);
    add_all(&bench, ids, 4, (struct weir_vector){.kind = WEIR_VECTOR_I128, .validity = &valid, .i128 = values});
    assert_true(result(&bench, 0, 0).i128[0] == -big);
    assert_true(result(&bench, 1, 0).i128[0] == big);
    struct weir_vector none = result(&bench, 0, 1);
    assert_true(is_null(&none));
    close_bench(&bench);
}

static void held_strings_grow_and_shrink(void **state) {
    (void)state;
    static const enum weir_aggregate_function calls[] = {WEIR_AGGREGATE_MIN, WEIR_AGGREGATE_MAX};
    static const uint32_t ids[1] = {0};
    struct bench bench;
    open_bench(&bench, STRING_, 1, 2, calls);
    char text[300];
    for (int i = 299; i > 0; i--) { /* "aaa...", ever shorter: the least shrinks, the greatest stays */
        memset(text, 'a', sizeof(text));
        struct weir_string value = {text, i};
        add_all(&bench, ids, 1, (struct weir_vector){.kind = WEIR_VECTOR_STRING, .strings = &value});
        memset(text, '?', sizeof(text)); /* what is held is a copy */
        struct weir_vector least = result(&bench, 0, 0), greatest = result(&bench, 1, 0);
        assert_int_equal(least.strings[0].length, i);
        assert_int_equal(greatest.strings[0].length, 299);
        for (int at = 0; at < i; at++) assert_int_equal(least.strings[0].data[at], 'a');
    }
    struct weir_string empty = {NULL, 0}, high = {"\xC3\xA9", 2};
    add_all(&bench, ids, 1, (struct weir_vector){.kind = WEIR_VECTOR_STRING, .strings = &empty});
    add_all(&bench, ids, 1, (struct weir_vector){.kind = WEIR_VECTOR_STRING, .strings = &high});
    struct weir_vector least = result(&bench, 0, 0), greatest = result(&bench, 1, 0);
    assert_true(!is_null(&least) && least.strings[0].length == 0);
    assert_memory_equal(greatest.strings[0].data, "\xC3\xA9", 2); /* bytes compare unsigned */
    assert_true(bench.heap.bytes_reserved < 256 * 1024);
    close_bench(&bench);
}

/* ---- merging ---- */

/* Adds rows to `ways` accumulators in turn, merges all into the first, and compares with one that got every row. */
static void expect_merge_equals_adding(struct weir_type type, int32_t calls,
                                       const enum weir_aggregate_function *functions, struct weir_vector vector,
                                       int32_t count) {
    enum { WAYS = 4 };
    struct bench whole, part;
    static uint32_t zeros[256], ids[256];
    for (int32_t i = 0; i < count; i++) ids[i] = (uint32_t)i % 3; /* accumulator 3 stays fresh */
    open_bench(&whole, type, 1, calls, functions);
    open_bench(&part, type, WAYS + 1, calls, functions);
    add_all(&whole, zeros, count, vector);
    add_all(&part, ids, count, vector);
    char *target = part.rows + WAYS * part.accumulator.stride;
    for (size_t way = 0; way < WAYS; way++) {
        const char *from = part.rows + way * part.accumulator.stride;
        assert_int_equal(way % 2 == 0
                             ? weir_accumulator_merge(&part.accumulator, target, from, &part.heap, &error)
                             : weir_accumulator_merge_rows(&part.accumulator, target, from, 1, &part.heap, &error),
                         WEIR_OK);
    }
    for (int32_t call = 0; call < calls; call++) {
        struct weir_vector a = result(&whole, call, 0), b = result(&part, call, WAYS);
        assert_int_equal(is_null(&a), is_null(&b));
        if (is_null(&a)) continue;
        if (a.kind == WEIR_VECTOR_STRING) {
            assert_int_equal(a.strings[0].length, b.strings[0].length);
            assert_memory_equal(a.strings[0].data, b.strings[0].data, (size_t)a.strings[0].length);
        } else {
            assert_memory_equal(a.i64, b.i64, a.kind == WEIR_VECTOR_I128 ? 16 : 8);
        }
    }
    close_bench(&whole);
    close_bench(&part);
}

/* A row of an argument that cannot be NULL has no count of NULLs, and a NULL that comes all the same is told. */
static void an_argument_that_cannot_be_null_is_not_counted(void **state) {
    (void)state;
    static const enum weir_aggregate_function calls[] = {WEIR_AGGREGATE_SUM, WEIR_AGGREGATE_COUNT};
    static const uint32_t ids[3] = {0, 0, 0}, others[2] = {0, 2};
    int64_t values[3] = {1, 2, 4};
    uint64_t valid = 5;
    for (int required = 0; required < 2; required++) {
        struct weir_type type = BIGINT_;
        type.nullable = required == 0;
        struct bench bench;
        open_bench(&bench, type, 2, 2, calls);
        assert_int_equal(bench.accumulator.stride, required ? 24 : 32);
        struct weir_vector vector = {.kind = WEIR_VECTOR_I64, .validity = &valid, .i64 = values};
        error.message[0] = 0;
        enum weir_status status =
            weir_accumulator_check_arg(&bench.accumulator, bench.plan, 0, NULL, 3, &vector, &error);
        assert_int_equal(status, required ? WEIR_ERR_VALUE : WEIR_OK);
        if (required) assert_non_null(strstr(error.message, "NOT NULL"));
        assert_ptr_equal(vector.validity, &valid);
        status = weir_accumulator_check_arg(&bench.accumulator, bench.plan, 0, others, 2, &vector, &error);
        assert_int_equal(status, WEIR_OK);
        assert_int_equal(vector.validity == NULL, required);
        vector.validity = NULL;
        add_all(&bench, ids, 3, vector);
        assert_int_equal(result(&bench, 0, 0).i64[0], 7);
        assert_int_equal(result(&bench, 1, 0).i64[0], 3);
        struct weir_vector none = result(&bench, 0, 1);
        assert_true(is_null(&none));
        assert_int_equal(result(&bench, 1, 1).i64[0], 0);
        close_bench(&bench);
    }
}

/* What may make a NULL of its own is counted, whatever its type says; plain arithmetic is not. */
static void only_what_makes_no_null_goes_without_a_count(void **state) {
    (void)state;
    static const struct {
        enum weir_expr_op op;
        bool try_cast, nullable, counted;
    } ways[] = {{WEIR_EXPR_NEGATE, false, false, false}, {WEIR_EXPR_NEGATE, false, true, true},
                {WEIR_EXPR_CAST, false, false, false},   {WEIR_EXPR_CAST, true, false, true},
                {WEIR_EXPR_ABS, false, false, true},     {WEIR_EXPR_LITERAL, false, false, false}};
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        struct weir_type type = BIGINT_;
        type.nullable = ways[i].nullable;
        struct weir_plan *plan = plan_over(1, &type);
        plan_call(plan, WEIR_AGGREGATE_SUM, 0);
        struct weir_expr *column = plan->aggregates[0].arg, *arg;
        arg = ways[i].op == WEIR_EXPR_LITERAL ? weir_expr_literal(&plan->arena, type, (union weir_value){.i64 = 1})
                                              : weir_expr_node(&plan->arena, ways[i].op, type, 1, &column);
        assert_non_null(arg);
        arg->try_cast = ways[i].try_cast;
        plan->aggregates[0].arg = arg;
        plan_outputs(plan, WEIR_RESULT_KEYS);
        if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("%s", error.message);
        struct weir_accumulator accumulator;
        assert_int_equal(weir_accumulator_init(&accumulator, plan, &error), WEIR_OK);
        assert_int_equal(accumulator.arg_nulls[0] != 0, ways[i].counted);
        weir_accumulator_fini(&accumulator);
        weir_plan_release(plan);
    }
}

static void merging_equals_adding(void **state) {
    (void)state;
    static const enum weir_aggregate_function extremes[] = {WEIR_AGGREGATE_MIN, WEIR_AGGREGATE_MAX,
                                                            WEIR_AGGREGATE_COUNT};
    static int64_t integers[200];
    static double doubles[200];
    static weir_i128 wide[200];
    static struct weir_string strings[200];
    static char text[200][8];
    uint64_t valid[4] = {0x5555555555555555, 0xFFFF0000FFFF0000, 0, UINT64_MAX};
    for (int i = 0; i < 200; i++) {
        integers[i] = (int64_t)(random_next() >> 8) - (1 << 30);
        doubles[i] = (double)integers[i]; /* whole numbers: their sums do not depend on the order */
        wide[i] = (weir_i128)integers[i] * INT64_MAX;
        snprintf(text[i], sizeof(text[i]), "%d", (int)(random_next() % 100000));
        strings[i] = (struct weir_string){text[i], (int64_t)strlen(text[i])};
    }
    expect_merge_equals_adding(BIGINT_, 6, all_of_them,
                               (struct weir_vector){.kind = WEIR_VECTOR_I64, .validity = valid, .i64 = integers},
                               200);
    expect_merge_equals_adding(DOUBLE_, 6, all_of_them,
                               (struct weir_vector){.kind = WEIR_VECTOR_F64, .validity = valid, .f64 = doubles},
                               200);
    /* NOT NULL; and a sum alone beside the count of rows. */
    struct weir_type integer = BIGINT_, real = DOUBLE_;
    integer.nullable = real.nullable = false;
    for (int32_t calls = 3; calls <= 6; calls += 3) {
        expect_merge_equals_adding(integer, calls, all_of_them,
                                   (struct weir_vector){.kind = WEIR_VECTOR_I64, .i64 = integers}, 200);
        expect_merge_equals_adding(real, calls, all_of_them,
                                   (struct weir_vector){.kind = WEIR_VECTOR_F64, .f64 = doubles}, 200);
    }
    expect_merge_equals_adding(DECIMAL_, 3, extremes,
                               (struct weir_vector){.kind = WEIR_VECTOR_I128, .validity = valid, .i128 = wide},
                               200);
    expect_merge_equals_adding(
        STRING_, 3, extremes,
        (struct weir_vector){.kind = WEIR_VECTOR_STRING, .validity = valid, .strings = strings}, 200);
    expect_merge_equals_adding(
        INT_, 6, all_of_them, (struct weir_vector){.kind = WEIR_VECTOR_I64, .validity = valid + 2, .i64 = integers},
        64);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_agree_with_a_naive_loop),
        cmocka_unit_test(a_sum_of_each_integer_type_keeps_to_its_type),
        cmocka_unit_test(a_sum_of_short_integers_says_when_they_are_too_many),
        cmocka_unit_test(a_sum_without_keys_has_no_such_limit),
        cmocka_unit_test(an_average_is_exact_where_its_sum_is_beyond_64_bits),
        cmocka_unit_test(nan_is_greatest_and_negative_zero_below_zero_in_any_order),
        cmocka_unit_test(nothing_but_nan_is_nan_and_nothing_but_null_is_null),
        cmocka_unit_test(the_order_of_doubles_goes_both_ways),
        cmocka_unit_test(sums_of_float_are_rounded_to_32_bits_each_time),
        cmocka_unit_test(extremes_of_decimals_take_128_bits),
        cmocka_unit_test(held_strings_grow_and_shrink),
        cmocka_unit_test(an_argument_that_cannot_be_null_is_not_counted),
        cmocka_unit_test(only_what_makes_no_null_goes_without_a_count),
        cmocka_unit_test(merging_equals_adding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
