/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "connect/arrow_body.h"

static struct weir_arrow_body *take(struct weir_arrow_pool *pool, size_t bytes) {
    struct weir_arrow_body *body = weir_arrow_body_take(pool, bytes, NULL);
    assert_non_null(body);
    assert_true(body->capacity >= bytes);
    assert_int_equal((uintptr_t)body->data % 64, 0);
    memset(body->data, 0x5A, bytes + 64); /* padding may be touched */
    return body;
}

static void released_bodies_are_used_again(void **state) {
    (void)state;
    struct weir_arrow_pool *pool;
    assert_int_equal(weir_arrow_pool_create(&pool, NULL), WEIR_OK);
    struct weir_arrow_body *large = take(pool, 1 << 20), *small = take(pool, 1 << 10);
    weir_arrow_body_release(large);
    weir_arrow_body_release(small);
    assert_ptr_equal(take(pool, 1000), small); /* the smallest that fits */
    assert_ptr_equal(take(pool, 1 << 20), large);
    weir_arrow_body_release(small);
    weir_arrow_body_release(large);
    struct weir_arrow_body *other = take(pool, (1 << 20) + 1);
    assert_ptr_not_equal(other, large);
    weir_arrow_body_release(other);
    weir_arrow_pool_close(&pool);
    assert_null(pool);
}

static void a_body_lives_until_its_last_reference(void **state) {
    (void)state;
    struct weir_arrow_pool *pool;
    assert_int_equal(weir_arrow_pool_create(&pool, NULL), WEIR_OK);
    struct weir_arrow_body *body = take(pool, 100);
    weir_arrow_body_retain(body);
    weir_arrow_body_release(body);
    struct weir_arrow_body *other = take(pool, 100);
    assert_ptr_not_equal(other, body);
    weir_arrow_body_release(other);
    weir_arrow_body_release(body);
    weir_arrow_pool_close(&pool);
}

/* With the blocks that its bytes begin and end in. */
static struct weir_arrow_body *take_at(struct weir_arrow_pool *pool, size_t bytes, int64_t offset) {
    struct weir_arrow_body *body = weir_arrow_body_take_at(pool, bytes, offset, NULL);
    assert_non_null(body);
    assert_int_equal((uintptr_t)body->data % WEIR_ARROW_BLOCK, (size_t)offset % WEIR_ARROW_BLOCK);
    uint8_t *first = body->data - (size_t)offset % WEIR_ARROW_BLOCK;
    size_t blocks = (((size_t)offset % WEIR_ARROW_BLOCK + bytes) / WEIR_ARROW_BLOCK + 1) * WEIR_ARROW_BLOCK;
    memset(first, 0x5A, blocks + 64);
    return body;
}

static void bodies_at_offsets_have_their_blocks(void **state) {
    (void)state;
    struct weir_arrow_pool *pool;
    for (size_t reserved = 0; reserved < 4; reserved += 3) {
        void *memory = NULL;
        size_t length = 0;
        assert_int_equal(weir_arrow_pool_create(&pool, NULL), WEIR_OK);
        if (reserved > 0) assert_true(weir_arrow_pool_reserve(pool, 100000, reserved, &memory, &length));
        if (reserved > 0) assert_false(weir_arrow_pool_reserve(pool, 100000, reserved, &memory, &length));
        struct weir_arrow_body *bodies[6];
        for (size_t i = 0; i < 6; i++) {
            bodies[i] = take_at(pool, i == 5 ? 300000 : 100000 - i, (int64_t)i * 8128);
            bool within = bodies[i]->data >= (uint8_t *)memory && bodies[i]->data < (uint8_t *)memory + length;
            assert_int_equal(within, i < reserved);
        }
        struct weir_arrow_body *plain = take(pool, 100000); /* others leave the reserve alone */
        assert_false(plain->reserved);
        weir_arrow_body_release(bodies[0]);
        struct weir_arrow_body *again = take_at(pool, 90000, 64);
        assert_int_equal(again->reserved, reserved > 0);
        weir_arrow_pool_close(&pool); /* before the last of them */
        weir_arrow_body_release(again);
        weir_arrow_body_release(plain);
        for (size_t i = 1; i < 6; i++) weir_arrow_body_release(bodies[i]);
    }
}

static void bodies_may_outlive_their_pool(void **state) {
    (void)state;
    struct weir_arrow_pool *pool;
    assert_int_equal(weir_arrow_pool_create(&pool, NULL), WEIR_OK);
    struct weir_arrow_body *first = take(pool, 100), *second = take(pool, 200), *third = take(pool, 0);
    weir_arrow_body_release(third);
    weir_arrow_pool_close(&pool);
    memset(first->data, 1, 100);
    weir_arrow_body_release(first);
    weir_arrow_body_release(second);
}

static void idle_bodies_are_bounded(void **state) {
    (void)state;
    struct weir_arrow_pool *pool;
    struct weir_arrow_body *bodies[40];
    assert_int_equal(weir_arrow_pool_create(&pool, NULL), WEIR_OK);
    for (size_t i = 0; i < 40; i++) bodies[i] = take(pool, 1000 * (i + 1));
    for (size_t i = 0; i < 40; i++) weir_arrow_body_release(bodies[i]);
    assert_ptr_equal(take(pool, 40000), bodies[39]); /* the large ones are kept */
    weir_arrow_body_release(bodies[39]);
    weir_arrow_pool_close(&pool);
}

static void no_pool_is_allowed(void **state) {
    (void)state;
    weir_arrow_body_release(take(NULL, 10));
    weir_arrow_body_release(NULL);
    struct weir_arrow_pool *pool = NULL;
    weir_arrow_pool_close(&pool);
}

static void too_large_a_body_is_an_error(void **state) {
    (void)state;
    struct weir_error error = {0};
    assert_null(weir_arrow_body_take(NULL, SIZE_MAX, &error));
    assert_int_equal(error.code, WEIR_ERR_MEMORY);
}

#define HANDED 2000

static struct weir_arrow_body *handed[HANDED];
static _Atomic size_t handed_count;

static void *release_all(void *unused) {
    for (size_t i = 0; i < HANDED; i++) {
        while (atomic_load_explicit(&handed_count, memory_order_acquire) <= i) sched_yield();
        weir_arrow_body_release(handed[i]);
    }
    return unused;
}

static void another_thread_may_release(void **state) {
    (void)state;
    struct weir_arrow_pool *pool;
    pthread_t thread;
    assert_int_equal(weir_arrow_pool_create(&pool, NULL), WEIR_OK);
    assert_int_equal(pthread_create(&thread, NULL, release_all, NULL), 0);
    for (size_t i = 0; i < HANDED; i++) {
        handed[i] = take(pool, 64 + i);
        weir_arrow_body_retain(handed[i]);
        struct weir_arrow_body *mine = handed[i];
        atomic_store_explicit(&handed_count, i + 1, memory_order_release);
        weir_arrow_body_release(mine);
        if (i == HANDED - 10) weir_arrow_pool_close(&pool); /* the rest is freed when it is released */
    }
    assert_int_equal(pthread_join(thread, NULL), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(released_bodies_are_used_again),
        cmocka_unit_test(a_body_lives_until_its_last_reference),
        cmocka_unit_test(bodies_at_offsets_have_their_blocks),
        cmocka_unit_test(bodies_may_outlive_their_pool),
        cmocka_unit_test(idle_bodies_are_bounded),
        cmocka_unit_test(no_pool_is_allowed),
        cmocka_unit_test(too_large_a_body_is_an_error),
        cmocka_unit_test(another_thread_may_release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
