/* SPDX-License-Identifier: Apache-2.0
 *
 * Against the same arithmetic in 128 bits, over all pairs of values near the borders.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/checked.h"

static const int64_t values[] = {
    INT64_MIN, INT64_MIN + 1, INT64_MIN / 2, -4294967296,   -1000,         -7,       -2, -1, 0, 1, 2, 3, 7, 1000,
    3600000,   4294967296,    3037000500,    INT64_MAX / 2, INT64_MAX - 1, INT64_MAX};

static bool fits(weir_i128 wide) { return wide >= INT64_MIN && wide <= INT64_MAX; }

static int64_t clamp(weir_i128 wide) {
    if (wide < INT64_MIN) return INT64_MIN;
    return wide > INT64_MAX ? INT64_MAX : (int64_t)wide;
}

static void expect(bool ok, int64_t out, weir_i128 wide) {
    assert_int_equal(ok, fits(wide));
    if (ok) assert_true(out == (int64_t)wide);
}

static void overflow_is_told_and_saturation_holds(void **state) {
    (void)state;
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(values); i++) {
        for (size_t j = 0; j < WEIR_ARRAY_COUNT(values); j++) {
            weir_i128 a = values[i], b = values[j];
            int64_t out = 0;
            bool ok = weir_add_i64(values[i], values[j], &out);
            expect(ok, out, a + b);
            ok = weir_sub_i64(values[i], values[j], &out);
            expect(ok, out, a - b);
            ok = weir_mul_i64(values[i], values[j], &out);
            expect(ok, out, a * b);
            assert_true(weir_add_saturate_i64(values[i], values[j]) == clamp(a + b));
            assert_true(weir_sub_saturate_i64(values[i], values[j]) == clamp(a - b));
        }
    }
}

static void division_rounds_towards_minus_infinity(void **state) {
    (void)state;
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(values); i++) {
        for (size_t j = 0; j < WEIR_ARRAY_COUNT(values); j++) {
            int64_t a = values[i], b = values[j];
            if (b <= 0) continue;
            int64_t quotient = weir_floordiv_i64(a, b), rest = weir_floormod_i64(a, b);
            assert_true(rest >= 0 && rest < b);
            assert_true((weir_i128)quotient * b + rest == a);
        }
    }
    assert_int_equal(weir_floordiv_i64(-1, 10), -1);
    assert_int_equal(weir_floordiv_i64(-10, 10), -1);
    assert_int_equal(weir_floordiv_i64(-11, 10), -2);
    assert_int_equal(weir_floormod_i64(-1, 10), 9);
}

static void sizes_overflow_at_their_own_border(void **state) {
    (void)state;
    size_t out = 0;
    assert_true(weir_add_size(SIZE_MAX - 1, 1, &out));
    assert_true(out == SIZE_MAX);
    assert_false(weir_add_size(SIZE_MAX, 1, &out));
    assert_true(weir_mul_size(SIZE_MAX / 8, 8, &out));
    assert_true(out == SIZE_MAX / 8 * 8);
    assert_false(weir_mul_size(SIZE_MAX / 8 + 1, 8, &out));
    assert_true(weir_mul_size(0, SIZE_MAX, &out));
    assert_int_equal(out, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overflow_is_told_and_saturation_holds),
        cmocka_unit_test(division_rounds_towards_minus_infinity),
        cmocka_unit_test(sizes_overflow_at_their_own_border),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
