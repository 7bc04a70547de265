/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "alloc/pages.h"

static void blocks_are_zeroed_aligned_and_writable(void **state) {
    (void)state;
    static const size_t huge = WEIR_PAGES_HUGE_BYTES;
    const size_t sizes[] = {0, 1, 63, 64, 65, 100000, huge - 1, huge, huge + 1, 3 * huge, 5 * huge - 7};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        for (int again = 0; again < 2; again++) { /* zeroed also where memory was used before */
            unsigned char *block = weir_pages_alloc(sizes[i]);
            assert_non_null(block);
            assert_int_equal((uintptr_t)block % (sizes[i] >= huge ? huge : 64), 0);
            for (size_t j = 0; j < sizes[i]; j += 61) assert_int_equal(block[j], 0);
            if (sizes[i] > 0) assert_int_equal(block[sizes[i] - 1], 0);
            memset(block, 0xFF, sizes[i]);
            weir_pages_free(block, sizes[i]);
        }
    }
}

static void sizes_that_cannot_be_are_refused(void **state) {
    (void)state;
    assert_null(weir_pages_alloc(SIZE_MAX));
    assert_null(weir_pages_alloc(SIZE_MAX - WEIR_PAGES_HUGE_BYTES));
    assert_null(weir_pages_alloc(SIZE_MAX / 2 + 1));
    assert_null(weir_pages_alloc(SIZE_MAX / 2 - 4 * WEIR_PAGES_HUGE_BYTES)); /* more than there are addresses */
    weir_pages_free(NULL, 100);
    weir_pages_free(NULL, 10 * WEIR_PAGES_HUGE_BYTES);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_zeroed_aligned_and_writable),
        cmocka_unit_test(sizes_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
