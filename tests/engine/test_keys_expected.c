/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/keys_expected.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "tests/engine/random.h"

/* Different ones among so many rows drawn by lot. */
static int64_t draw(int64_t keys, int64_t rows) {
    uint64_t *met = calloc(weir_bitmap_words((size_t)keys), sizeof(*met));
    assert_non_null(met);
    int64_t seen = 0;
    for (int64_t i = 0; i < rows; i++) {
        size_t key = (size_t)random_below(keys);
        seen += !weir_bit_get(met, key);
        weir_bit_set(met, key);
    }
    free(met);
    return seen;
}

static void keys_are_told_from_a_part_of_the_rows(void **state) {
    (void)state;
    static const int64_t keys[] = {1000, 32768, 100000, 500000};
    for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
        for (int64_t tenths = 3; tenths <= 80; tenths += 7) {
            random_state = (uint64_t)tenths;
            int64_t rows = keys[k] * tenths / 10, expected = weir_keys_expected(draw(keys[k], rows), rows);
            assert_in_range(expected, keys[k] * 9 / 10, keys[k] * 11 / 10);
        }
    }
}

static void what_has_been_seen_is_the_least(void **state) {
    (void)state;
    assert_int_equal(weir_keys_expected(0, 0), 0);
    assert_int_equal(weir_keys_expected(0, 100), 0);
    assert_int_equal(weir_keys_expected(1, 0), 1); /* that of NULL is there from the start */
    assert_int_equal(weir_keys_expected(50001, 16384), 50001);
    assert_int_equal(weir_keys_expected(1, 1), INT32_MAX); /* each row a new one: no telling */
    assert_int_equal(weir_keys_expected(70000, 70000), INT32_MAX);
    assert_int_equal(weir_keys_expected(3000000000, 3000000001), 3000000000);
    assert_int_equal(weir_keys_expected(1, INT64_MAX), 1);
    for (int64_t seen = 1; seen < 2000; seen++) assert_true(weir_keys_expected(seen, 2000) >= seen);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_told_from_a_part_of_the_rows),
        cmocka_unit_test(what_has_been_seen_is_the_least),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
