/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/time_unit.h"

static void units_have_names_and_types(void **state) {
    (void)state;
    static const char *const names[] = {"s", "ms", "us", "ns"};
    int64_t per_second = 1;
    for (int i = 0; i < 4; i++, per_second *= 1000) {
        assert_string_equal(weir_unit_name(per_second), names[i]);
        assert_int_equal(weir_unit_precision(per_second), 3 * i);
        assert_true(weir_type_equal(weir_unit_bound_type(per_second), weir_type_timestamp(3 * i)));
        assert_false(weir_unit_bound_type(per_second).nullable);
    }
}

static void ms_in_units_are_floored_and_held(void **state) {
    (void)state;
    assert_int_equal(weir_unit_of_ms(-7, 1000), -7);
    assert_int_equal(weir_unit_of_ms(-7, 1000000), -7000);
    assert_int_equal(weir_unit_of_ms(INT64_MAX / 1000, 1000000), INT64_MAX / 1000 * 1000);
    assert_int_equal(weir_unit_of_ms(INT64_MAX / 1000 + 1, 1000000), INT64_MAX);
    assert_int_equal(weir_unit_of_ms(INT64_MIN / 1000000 - 1, 1000000000), INT64_MIN);
    assert_int_equal(weir_unit_of_ms(1999, 1), 1);
    assert_int_equal(weir_unit_of_ms(-1, 1), -1);
    assert_int_equal(weir_unit_of_ms(INT64_MIN, 1), INT64_MIN / 1000 - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_have_names_and_types),
        cmocka_unit_test(ms_in_units_are_floored_and_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
