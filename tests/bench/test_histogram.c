/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/histogram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/engine/random.h"

static struct weir_histogram histogram;

static int start(void **state) {
    (void)state;
    memset(&histogram, 0, sizeof(histogram));
    return 0;
}

static void is_zero_of_nothing(void **state) {
    (void)state;
    assert_int_equal(weir_histogram_at(&histogram, 0.5), 0);
}

static void is_exact_below_256(void **state) {
    (void)state;
    for (uint64_t value = 1; value <= 200; value++) weir_histogram_add(&histogram, value);
    assert_int_equal(weir_histogram_at(&histogram, 0), 1);
    assert_int_equal(weir_histogram_at(&histogram, 0.5), 100);
    assert_int_equal(weir_histogram_at(&histogram, 0.99), 198);
    assert_int_equal(weir_histogram_at(&histogram, 1), 200);
}

static void holds_the_whole_range(void **state) {
    (void)state;
    weir_histogram_add(&histogram, 0);
    weir_histogram_add(&histogram, UINT64_MAX);
    assert_int_equal(histogram.count, 2);
    assert_int_equal(weir_histogram_at(&histogram, 0.5), 0);
    assert_true(weir_histogram_at(&histogram, 1) == UINT64_MAX);
}

static void one_slow_one_is_seen_in_the_last_share_only(void **state) {
    (void)state;
    for (int i = 0; i < 999; i++) weir_histogram_add(&histogram, 10);
    weir_histogram_add(&histogram, 1000000);
    assert_int_equal(weir_histogram_at(&histogram, 0.999), 10);
    assert_int_equal(weir_histogram_at(&histogram, 0.9995), 1000000);
}

static int compare(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Never below the value at that share, and less than a hundredth above it. */
static void is_near_the_sorted_values(void **state) {
    (void)state;
    enum { COUNT = 16384, SHARES = 1024 };
    static uint64_t values[COUNT];
    random_state = 11;
    for (int i = 0; i < COUNT; i++) {
        values[i] = random_next() >> random_below(64);
        weir_histogram_add(&histogram, values[i]);
    }
    qsort(values, COUNT, sizeof(values[0]), compare);
    for (int i = 1; i <= SHARES; i++) {
        uint64_t exact = values[COUNT / SHARES * i - 1], got = weir_histogram_at(&histogram, (double)i / SHARES);
        assert_true(got >= exact);
        assert_true(got - exact <= exact / 100);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(is_zero_of_nothing, start),
        cmocka_unit_test_setup(is_exact_below_256, start),
        cmocka_unit_test_setup(holds_the_whole_range, start),
        cmocka_unit_test_setup(one_slow_one_is_seen_in_the_last_share_only, start),
        cmocka_unit_test_setup(is_near_the_sorted_values, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
