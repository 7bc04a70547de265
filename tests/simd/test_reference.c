/* SPDX-License-Identifier: Apache-2.0
 *
 * Known answers, at every level of this machine: what the reference itself must do, which test_kernels cannot see.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/attributes.h"
#include "simd/kernels.h"

static const struct weir_kernels *level_after(int *level) {
    while (++*level < WEIR_SIMD_LEVELS)
        if (weir_simd_table((enum weir_simd_level) * level) != NULL)
            return weir_simd_table((enum weir_simd_level) * level);
    return NULL;
}

/* `kernels` is each level's table in turn. */
#define FOR_EACH_LEVEL(kernels)                                                                                    \
    int level_ = -1;                                                                                               \
    for (const struct weir_kernels *kernels; (kernels = level_after(&level_)) != NULL;)

static void comparisons_give_one_bit_a_row(void **state) {
    const int64_t a[] = {1, 2, 3, INT64_MIN}, b[] = {2, 2, 2, INT64_MAX};
    const uint64_t want[] = {2, 13, 9, 11, 4, 6}; /* EQ NE LT LE GT GE */
    FOR_EACH_LEVEL(kernels) {
        for (int op = WEIR_COMPARE_EQ; op <= WEIR_COMPARE_GE; op++) {
            uint64_t bits = UINT64_MAX;
            kernels->compare_i64((enum weir_compare)op, a, b, 4, &bits);
            assert_int_equal(bits, want[op]);
        }
    }
}

static void comparisons_of_short_integers_are_signed_or_turned(void **state) {
    const int8_t values[] = {1, -128, 127, -1};
    const uint64_t want_signed[] = {1, 14, 10, 11, 4, 5};   /* with 1: EQ NE LT LE GT GE */
    const uint64_t want_unsigned[] = {1, 14, 0, 1, 14, 15}; /* 1, 128, 127, 255 with 1 */
    FOR_EACH_LEVEL(kernels) {
        for (int op = WEIR_COMPARE_EQ; op <= WEIR_COMPARE_GE; op++) {
            uint64_t bits = UINT64_MAX;
            kernels->compare_scalar_i8((enum weir_compare)op, values, 0, 1, 4, &bits);
            assert_int_equal(bits, want_signed[op]);
            kernels->compare_scalar_i8((enum weir_compare)op, values, INT8_MIN, 1 ^ INT8_MIN, 4, &bits);
            assert_int_equal(bits, want_unsigned[op]);
        }
    }
}

static void comparisons_with_nan_are_false_but_for_ne(void **state) {
    const double a[] = {NAN, 1.0, NAN, -0.0}, b[] = {1.0, NAN, NAN, 0.0};
    const uint64_t want[] = {8, 7, 0, 8, 0, 8};
    FOR_EACH_LEVEL(kernels) {
        for (int op = WEIR_COMPARE_EQ; op <= WEIR_COMPARE_GE; op++) {
            uint64_t bits = UINT64_MAX;
            kernels->compare_f64((enum weir_compare)op, a, b, 4, &bits);
            assert_int_equal(bits, want[op]);
        }
    }
}

static void indices_are_those_of_the_rows_only(void **state) {
    const uint64_t bits[] = {UINT64_C(0x8000000000000005), ~UINT64_C(0)};
    uint32_t out[67];
    FOR_EACH_LEVEL(kernels) {
        assert_int_equal(kernels->bits_to_indices(bits, 66, out), 5);
        assert_memory_equal(out, ((uint32_t[]){0, 2, 63, 64, 65}), 20);
        assert_int_equal(kernels->bits_to_indices(bits, 0, out), 0);
    }
}

static void division_rounds_towards_minus_infinity(void **state) {
    const int64_t values[] = {-1, 0, 1, 9, 10, -10, -11, INT64_MIN, INT64_MAX};
    const int64_t by_10[] = {-1, 0, 0, 0, 1, -1, -2, INT64_MIN / 10 - 1, INT64_MAX / 10};
    const int64_t by_8[] = {-1, 0, 0, 1, 1, -2, -2, INT64_MIN / 8, INT64_MAX / 8};
    int64_t out[9];
    FOR_EACH_LEVEL(kernels) {
        kernels->floor_divide_i64(values, 9, 10, out);
        assert_memory_equal(out, by_10, sizeof out);
        kernels->floor_divide_i64(values, 9, 8, out);
        assert_memory_equal(out, by_8, sizeof out);
        kernels->floor_divide_i64(values, 9, 1, out);
        assert_memory_equal(out, values, sizeof out);
    }
}

static void overflow_wraps_and_is_told(void **state) {
    const int64_t most = INT64_MAX, least = INT64_MIN, one = 1, minus_one = -1;
    int64_t out;
    FOR_EACH_LEVEL(kernels) {
        assert_true(kernels->add_i64(&most, &one, 1, &out));
        assert_true(out == INT64_MIN);
        assert_true(kernels->subtract_i64(&least, &one, 1, &out));
        assert_true(out == INT64_MAX);
        assert_false(kernels->add_i64(&most, &least, 1, &out));
        assert_true(out == -1);
        assert_false(kernels->subtract_i64(&minus_one, &least, 1, &out));
        assert_true(out == INT64_MAX);
        assert_false(kernels->add_i64(&most, &one, 0, &out));
    }
}

static void range_of_no_valid_row_is_empty(void **state) {
    const int64_t values[] = {5, -7, 9};
    const uint64_t valid[] = {4 + 1 + 8}, none[] = {8};
    int64_t min, max;
    FOR_EACH_LEVEL(kernels) {
        kernels->min_max_valid_i64(values, none, 3, &min, &max);
        assert_true(min == INT64_MAX && max == INT64_MIN);
        kernels->min_max_valid_i64(values, valid, 3, &min, &max);
        assert_true(min == 5 && max == 9);
        kernels->min_max_i64(values, 3, &min, &max);
        assert_true(min == -7 && max == 9);
    }
}

/* 2^53 swallows a 1 that is added to it: by the order of the lanes it meets two of the four. */
static void sums_add_in_four_lanes(void **state) {
    const double big = 0x1p53, values[] = {big, 1, 1, 1, 1, 0, 0, 0};
    FOR_EACH_LEVEL(kernels) {
        assert_true(kernels->sum_f64(values, 8) == big + 2);
        assert_true(kernels->sum_f64(values, 0) == 0);
    }
}

static void sums_that_are_nan_have_one_representation(void **state) {
    const double values[] = {INFINITY, -INFINITY, -(double)NAN, 1, 2};
    const double nan_value = (double)NAN;
    FOR_EACH_LEVEL(kernels) {
        double sum = kernels->sum_f64(values, 5);
        assert_memory_equal(&sum, &nan_value, sizeof sum);
    }
}

static void rounding_to_double_is_to_even(void **state) {
    const int64_t values[] = {((int64_t)1 << 53) + 1, ((int64_t)1 << 53) + 3, INT64_MAX, INT64_MIN};
    const double want[] = {0x1p53, 0x1p53 + 4, 0x1p63, -0x1p63};
    double out[4];
    FOR_EACH_LEVEL(kernels) {
        kernels->i64_to_f64(values, 4, out);
        assert_memory_equal(out, want, sizeof out);
    }
}

static void matches_of_three_bytes_have_three_bitmaps(void **state) {
    const char text[] = "a,\"b\"\n,";
    FOR_EACH_LEVEL(kernels) {
        uint64_t comma = 0, quote = 0, line = 0;
        kernels->match_bytes(text, 7, ',', '"', '\n', &comma, &quote, &line);
        assert_int_equal(comma, 1 << 1 | 1 << 6);
        assert_int_equal(quote, 1 << 2 | 1 << 4);
        assert_int_equal(line, 1 << 5);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparisons_give_one_bit_a_row),
        cmocka_unit_test(comparisons_of_short_integers_are_signed_or_turned),
        cmocka_unit_test(comparisons_with_nan_are_false_but_for_ne),
        cmocka_unit_test(indices_are_those_of_the_rows_only),
        cmocka_unit_test(division_rounds_towards_minus_infinity),
        cmocka_unit_test(overflow_wraps_and_is_told),
        cmocka_unit_test(range_of_no_valid_row_is_empty),
        cmocka_unit_test(sums_add_in_four_lanes),
        cmocka_unit_test(sums_that_are_nan_have_one_representation),
        cmocka_unit_test(rounding_to_double_is_to_even),
        cmocka_unit_test(matches_of_three_bytes_have_three_bitmaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
