/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
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

/* What is freed is kept for the next, whole or in parts, and is zeroed where it was asked for so. */
static void what_a_block_holds_moves_with_it(void **state) {
    (void)state;
    static const size_t huge = WEIR_PAGES_HUGE_BYTES;
    const size_t sizes[] = {100, 5000, huge, 3 * huge, 70};
    unsigned char *block = weir_pages_move(NULL, 0, 0, 100);
    assert_non_null(block);
    memset(block, 7, 70);
    for (size_t i = 1; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        assert_null(weir_pages_move(block, sizes[i - 1], 70, SIZE_MAX - 100)); /* and it stays as it is */
        block = weir_pages_move(block, sizes[i - 1], 70, sizes[i]);
        assert_non_null(block);
        for (size_t j = 0; j < 70; j++) assert_int_equal(block[j], 7);
    }
    weir_pages_free(block, 70);
}

static void large_blocks_are_kept_for_the_next_ones(void **state) {
    (void)state;
    static const size_t huge = WEIR_PAGES_HUGE_BYTES;
    weir_pages_trim();
    assert_int_equal(weir_pages_kept(), 0);
    unsigned char *block = weir_pages_alloc(8 * huge);
    assert_non_null(block);
    memset(block, 0xFF, 8 * huge);
    weir_pages_free(block, 8 * huge);
    assert_int_equal(weir_pages_kept(), 8 * huge);
    unsigned char *parts[4];
    for (size_t i = 0; i < 4; i++) {
        parts[i] = i % 2 == 0 ? weir_pages_alloc(2 * huge) : weir_pages_alloc_raw(2 * huge - 5);
        assert_true(parts[i] >= block && parts[i] + 2 * huge <= block + 8 * huge);
        for (size_t j = 0; i % 2 == 0 && j < 2 * huge; j += 509) assert_int_equal(parts[i][j], 0);
        memset(parts[i], 0xFF, 2 * huge - 5);
    }
    assert_int_equal(weir_pages_kept(), 0);
    static const size_t order[] = {2, 0, 3, 1};
    for (size_t i = 0; i < 4; i++) weir_pages_free(parts[order[i]], 2 * huge - 5);
    assert_int_equal(weir_pages_kept(), 8 * huge);
    assert_ptr_equal(weir_pages_alloc_raw(8 * huge), block); /* the parts have been joined */
    weir_pages_free(block, 8 * huge);
    weir_pages_trim();
    assert_int_equal(weir_pages_kept(), 0);
}

static void no_more_is_kept_than_is_said(void **state) {
    (void)state;
    enum { BLOCKS = 6 };
    void *blocks[BLOCKS];
    size_t most = weir_pages_kept_most(), block = most / 4 / WEIR_PAGES_HUGE_BYTES * WEIR_PAGES_HUGE_BYTES;
    for (int i = 0; i < BLOCKS; i++) blocks[i] = weir_pages_alloc(block);
    for (int i = 0; i < BLOCKS; i++) {
        assert_non_null(blocks[i]);
        weir_pages_free(blocks[i], block);
        assert_true(weir_pages_kept() <= most);
    }
    assert_int_equal(weir_pages_kept(), 4 * block);
    void *larger = weir_pages_alloc(2 * most);
    assert_non_null(larger);
    weir_pages_free(larger, 2 * most);
    assert_int_equal(weir_pages_kept(), 4 * block);
    weir_pages_trim();
}

enum { THREADS = 4, TURNS = 300 };

static void *take_and_give(void *user) {
    unsigned char mark = *(unsigned char *)user;
    for (size_t i = 0; i < TURNS; i++) {
        size_t bytes = (1 + (i * mark) % 7) * WEIR_PAGES_HUGE_BYTES;
        unsigned char *block = weir_pages_alloc_raw(bytes);
        if (block == NULL) return user;
        block[0] = block[bytes - 1] = mark;
        for (size_t j = WEIR_PAGES_HUGE_BYTES; j < bytes; j += WEIR_PAGES_HUGE_BYTES) block[j] = mark;
        for (size_t j = 0; j < bytes; j += WEIR_PAGES_HUGE_BYTES) {
            if (block[j] != mark) return user;
        }
        weir_pages_free(block, bytes);
    }
    return NULL;
}

static void threads_never_share_a_block(void **state) {
    (void)state;
    pthread_t threads[THREADS];
    static unsigned char marks[THREADS] = {3, 5, 11, 13};
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_and_give, &marks[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    weir_pages_trim();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_zeroed_aligned_and_writable),
        cmocka_unit_test(sizes_that_cannot_be_are_refused),
        cmocka_unit_test(what_a_block_holds_moves_with_it),
        cmocka_unit_test(large_blocks_are_kept_for_the_next_ones),
        cmocka_unit_test(no_more_is_kept_than_is_said),
        cmocka_unit_test(threads_never_share_a_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
