/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"

static void single_bits_are_set_cleared_and_put(void **state) {
    (void)state;
    for (size_t idx = 0; idx < 192; idx++) {
        uint64_t words[3] = {0}, ones[3] = {~UINT64_C(0), ~UINT64_C(0), ~UINT64_C(0)};
        weir_bit_set(words, idx);
        weir_bit_clear(ones, idx);
        for (size_t i = 0; i < 192; i++) {
            assert_int_equal(weir_bit_get(words, i), i == idx);
            assert_int_equal(weir_bit_get(ones, i), i != idx);
        }
        weir_bit_put(words, idx, true);
        assert_true(weir_bit_get(words, idx));
        weir_bit_put(words, idx, false);
        assert_int_equal(words[0] | words[1] | words[2], 0);
    }
}

static void sizes_are_rounded_up(void **state) {
    (void)state;
    static const size_t bits[] = {0, 1, 7, 8, 9, 63, 64, 65, 128, 129};
    static const size_t bytes[] = {0, 1, 1, 1, 2, 8, 8, 9, 16, 17};
    static const size_t words[] = {0, 1, 1, 1, 1, 1, 1, 2, 2, 3};
    for (size_t i = 0; i < 10; i++) {
        assert_int_equal(weir_bitmap_bytes(bits[i]), bytes[i]);
        assert_int_equal(weir_bitmap_words(bits[i]), words[i]);
    }
    assert_int_equal(weir_round_up(0, 64), 0);
    assert_int_equal(weir_round_up(1, 64), 64);
    assert_int_equal(weir_round_up(64, 64), 64);
    assert_int_equal(weir_round_up(65, 64), 128);
}

static void powers_of_two_are_rounded_up_to(void **state) {
    (void)state;
    assert_int_equal(weir_round_up_pow2(1), 1);
    assert_int_equal(weir_round_up_pow2(2), 2);
    for (unsigned shift = 2; shift <= 63; shift++) {
        uint64_t power = UINT64_C(1) << shift;
        assert_true(weir_round_up_pow2(power) == power);
        assert_true(weir_round_up_pow2(power - 1) == power);
        if (shift < 63) assert_true(weir_round_up_pow2(power + 1) == power * 2);
    }
}

static void the_tail_covers_the_rows_of_the_last_word(void **state) {
    (void)state;
    assert_true(weir_bitmap_tail(1) == 1);
    assert_true(weir_bitmap_tail(63) == ~UINT64_C(0) >> 1);
    assert_true(weir_bitmap_tail(64) == ~UINT64_C(0));
    assert_true(weir_bitmap_tail(65) == 1);
    assert_true(weir_bitmap_tail(0) == ~UINT64_C(0));
}

static void bits_past_the_end_are_not_counted(void **state) {
    (void)state;
    uint64_t words[3] = {~UINT64_C(0), ~UINT64_C(0), ~UINT64_C(0)};
    for (size_t bits = 0; bits <= 192; bits++) assert_int_equal(weir_bitmap_count(words, bits), bits);
    uint64_t few[2] = {5, 1};
    assert_int_equal(weir_bitmap_count(few, 65), 3);
    assert_int_equal(weir_bitmap_count(few, 64), 2);
}

/* Against bit by bit; the source ends with its last bit, so that a read past it is seen by the sanitizer. */
static void an_import_equals_bit_by_bit(void **state) {
    (void)state;
    for (size_t offset = 0; offset < 20; offset++) {
        for (size_t bits = 0; bits <= 200; bits++) {
            size_t bytes = weir_bitmap_bytes(offset + bits);
            uint8_t *source = malloc(bytes == 0 ? 1 : bytes);
            assert_non_null(source);
            for (size_t i = 0; i < bytes; i++) source[i] = (uint8_t)((i + 1) * 167 ^ (bits * 31) >> 2);
            uint64_t words[5];
            memset(words, 0xAA, sizeof(words));
            weir_bitmap_import(words, source, (int64_t)offset, bits);
            for (size_t i = 0; i < bits; i++) {
                bool expected = (source[(offset + i) / 8] >> ((offset + i) % 8)) & 1;
                assert_int_equal(weir_bit_get(words, i), expected);
            }
            for (size_t i = bits; i < weir_bitmap_words(bits) * 64; i++) assert_false(weir_bit_get(words, i));
            for (size_t i = weir_bitmap_words(bits); i < 5; i++)
                assert_true(words[i] == UINT64_C(0xAAAAAAAAAAAAAAAA));
            free(source);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_bits_are_set_cleared_and_put),
        cmocka_unit_test(sizes_are_rounded_up),
        cmocka_unit_test(powers_of_two_are_rounded_up_to),
        cmocka_unit_test(the_tail_covers_the_rows_of_the_last_word),
        cmocka_unit_test(bits_past_the_end_are_not_counted),
        cmocka_unit_test(an_import_equals_bit_by_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
