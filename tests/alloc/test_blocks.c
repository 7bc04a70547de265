/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <string.h>

#include "alloc/blocks.h"
#include "alloc/pages.h"

static void blocks_of_every_size_are_aligned_and_writable(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 64, 1000, 65471, 65472, 65473, 65536, 600000, 2097087, 2097088, 5000000};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        for (int again = 0; again < 3; again++) {
            size_t room = 0;
            unsigned char *block = weir_block_alloc(sizes[i], &room);
            assert_non_null(block);
            assert_true(room >= sizes[i]);
            assert_int_equal((uintptr_t)block % 64, 0);
            memset(block, again, room);
            weir_block_free(block);
        }
    }
    size_t room = 7;
    assert_null(weir_block_alloc(SIZE_MAX, &room));
    assert_null(weir_block_alloc(SIZE_MAX / 2 + 1, &room));
    assert_int_equal(room, 7);
    weir_block_free(NULL);
    weir_blocks_trim();
    assert_int_equal(weir_blocks_kept(), 0);
}

static void a_freed_block_is_the_next_one_of_its_size(void **state) {
    (void)state;
    weir_blocks_trim();
    size_t room, other_room;
    void *block = weir_block_alloc(600000, &room), *other = weir_block_alloc(900000, &other_room);
    weir_block_free(block);
    weir_block_free(other);
    assert_true(weir_blocks_kept() >= 1500000);
    assert_ptr_equal(weir_block_alloc(600000 - 100, &room), block);
    assert_ptr_equal(weir_block_alloc(900000, &room), other);
    assert_int_equal(room, other_room);
    assert_int_equal(weir_blocks_kept(), 0);
    weir_block_free(block);
    weir_block_free(other);
    weir_blocks_trim();
    assert_int_equal(weir_blocks_kept(), 0);
}

static void no_more_is_kept_than_is_said(void **state) {
    (void)state;
    enum { BLOCKS = 100 };
    static void *blocks[BLOCKS];
    size_t room;
    for (int i = 0; i < BLOCKS; i++) blocks[i] = weir_block_alloc(1 << 20, &room);
    for (int i = 0; i < BLOCKS; i++) {
        assert_non_null(blocks[i]);
        weir_block_free(blocks[i]);
        assert_true(weir_blocks_kept() <= WEIR_BLOCKS_KEPT);
    }
    assert_true(weir_blocks_kept() > WEIR_BLOCKS_KEPT / 2);
    weir_blocks_trim();
}

enum { THREADS = 4, TURNS = 2000 };

static void *take_and_give(void *user) {
    unsigned char mark = *(unsigned char *)user;
    for (size_t i = 0; i < TURNS; i++) {
        size_t bytes = 60000 + (i * mark) % 5 * 70000, room;
        unsigned char *block = weir_block_alloc(bytes, &room);
        if (block == NULL) return user;
        for (size_t j = 0; j < room; j += 4096) block[j] = mark;
        for (size_t j = 0; j < room; j += 4096) {
            if (block[j] != mark) return user;
        }
        weir_block_free(block);
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
    weir_blocks_trim();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_of_every_size_are_aligned_and_writable),
        cmocka_unit_test(a_freed_block_is_the_next_one_of_its_size),
        cmocka_unit_test(no_more_is_kept_than_is_said),
        cmocka_unit_test(threads_never_share_a_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
