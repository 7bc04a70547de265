/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "alloc/arena.h"

static bool is_aligned(const void *address, size_t to) { return ((uintptr_t)address & (to - 1)) == 0; }

static void allocations_are_aligned_and_apart(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 15, 16, 17, 64, 255, 256, 257, 1000, 3, 256, 5000, 70000, 1, 300};
    enum { count = sizeof(sizes) / sizeof(sizes[0]) };
    unsigned char *held[count];
    struct weir_arena arena;
    weir_arena_init(&arena, 1024);
    for (size_t i = 0; i < count; i++) {
        held[i] = weir_arena_alloc(&arena, sizes[i]);
        assert_non_null(held[i]);
        assert_true(is_aligned(held[i], sizes[i] >= 256 ? 64 : 16));
        memset(held[i], (int)i + 1, sizes[i]);
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < sizes[i]; j++) assert_int_equal(held[i][j], i + 1);
    }
    weir_arena_fini(&arena);
}

static void a_zeroed_arena_is_valid(void **state) {
    (void)state;
    struct weir_arena arena = {0};
    weir_arena_reset(&arena);
    weir_arena_fini(&arena);
    assert_non_null(weir_arena_alloc(&arena, 10));
    assert_int_equal(arena.bytes_reserved, 64 * 1024);
    weir_arena_fini(&arena);
    assert_int_equal(arena.bytes_reserved, 0);
    assert_non_null(weir_arena_alloc(&arena, 10)); /* and usable after fini */
    weir_arena_fini(&arena);
    weir_arena_fini(&arena);
}

static void allocations_of_nothing_differ(void **state) {
    (void)state;
    struct weir_arena arena = {0};
    void *first = weir_arena_alloc(&arena, 0);
    void *second = weir_arena_alloc(&arena, 0);
    assert_non_null(first);
    assert_non_null(second);
    assert_ptr_not_equal(first, second);
    weir_arena_fini(&arena);
}

static void fill(struct weir_arena *arena, size_t rounds) {
    for (size_t i = 0; i < rounds; i++) {
        size_t bytes = i * 7919 % 900 + 1;
        void *block = weir_arena_alloc(arena, bytes);
        assert_non_null(block);
        memset(block, 1, bytes);
    }
}

/* The same round again needs no more memory, whatever the sizes and alignments in it are. */
static void after_a_reset_the_same_round_fits(void **state) {
    (void)state;
    struct weir_arena arena;
    weir_arena_init(&arena, 512);
    fill(&arena, 1000);
    size_t reserved = arena.bytes_reserved;
    for (int round = 0; round < 3; round++) {
        weir_arena_reset(&arena);
        assert_int_equal(arena.bytes_reserved, reserved);
        const struct weir_arena_chunk *chunk = arena.chunks;
        fill(&arena, 1000);
        assert_int_equal(arena.bytes_reserved, reserved);
        assert_ptr_equal(arena.chunks, chunk);
    }
    weir_arena_fini(&arena);
}

static void a_reset_gives_the_same_place_again(void **state) {
    (void)state;
    struct weir_arena arena = {0};
    void *first = weir_arena_alloc(&arena, 100);
    weir_arena_reset(&arena);
    assert_ptr_equal(weir_arena_alloc(&arena, 100), first);
    weir_arena_fini(&arena);
}

static void sizes_that_cannot_be_are_refused(void **state) {
    (void)state;
    struct weir_arena arena = {0};
    assert_null(weir_arena_alloc(&arena, SIZE_MAX));
    assert_null(weir_arena_alloc(&arena, SIZE_MAX - 63));
    assert_null(weir_arena_alloc(&arena, SIZE_MAX / 2 + 1));
    assert_null(weir_arena_array(&arena, SIZE_MAX / 8 + 1, 8));
    assert_null(weir_arena_array(&arena, SIZE_MAX, SIZE_MAX));
    assert_null(weir_arena_string(&arena, "x", SIZE_MAX));
    void *block = weir_arena_alloc(&arena, 100); /* still usable */
    assert_non_null(block);
    weir_arena_fini(&arena);
}

static void arrays_are_zeroed_also_in_used_memory(void **state) {
    (void)state;
    struct weir_arena arena = {0};
    memset(weir_arena_alloc(&arena, 1000), 0xFF, 1000);
    weir_arena_reset(&arena);
    const uint64_t *array = weir_arena_array(&arena, 100, sizeof(*array));
    assert_non_null(array);
    for (size_t i = 0; i < 100; i++) assert_int_equal(array[i], 0);
    assert_non_null(weir_arena_array(&arena, 0, 8));
    weir_arena_fini(&arena);
}

static void strings_are_copied_and_ended(void **state) {
    (void)state;
    struct weir_arena arena = {0};
    assert_string_equal(weir_arena_string(&arena, "window", 3), "win");
    assert_string_equal(weir_arena_string(&arena, NULL, 0), "");
    assert_string_equal(weir_arena_format(&arena, "%s-%d", "slice", 7), "slice-7");
    char *text = malloc(100001);
    assert_non_null(text);
    memset(text, 'x', 100000);
    text[100000] = '\0';
    assert_string_equal(weir_arena_format(&arena, "%s", text), text);
    free(text);
    weir_arena_fini(&arena);
}

/* Memory grows in proportion to what is asked, so that many small allocations are few chunks. */
static void chunks_grow_with_the_arena(void **state) {
    (void)state;
    struct weir_arena arena;
    weir_arena_init(&arena, 64);
    size_t chunks = 0, reserved = 0;
    for (int i = 0; i < 100000; i++) {
        assert_non_null(weir_arena_alloc(&arena, 16));
        if (arena.bytes_reserved != reserved) chunks++;
        reserved = arena.bytes_reserved;
    }
    assert_true(chunks <= 20);
    assert_true(reserved <= 2 * 100000 * 16 + 64);
    weir_arena_fini(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(allocations_are_aligned_and_apart),
        cmocka_unit_test(a_zeroed_arena_is_valid),
        cmocka_unit_test(allocations_of_nothing_differ),
        cmocka_unit_test(after_a_reset_the_same_round_fits),
        cmocka_unit_test(a_reset_gives_the_same_place_again),
        cmocka_unit_test(sizes_that_cannot_be_are_refused),
        cmocka_unit_test(arrays_are_zeroed_also_in_used_memory),
        cmocka_unit_test(strings_are_copied_and_ended),
        cmocka_unit_test(chunks_grow_with_the_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
