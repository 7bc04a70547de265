/* SPDX-License-Identifier: Apache-2.0
 *
 * Chunks that are taken and given back: none overlaps another or a link, and nothing is taken twice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/part_chunks.h"
#include "tests/engine/random.h"

enum { MOST = 3000 };

/* Fills a chunk with bytes that say whose it is. */
static void fill(const struct weir_part_chunks *chunks, char *chunk, int number) {
    memset(chunk, number % 251 + 1, chunks->chunk_bytes);
}

static void expect_filled(const struct weir_part_chunks *chunks, const char *chunk, int number) {
    for (size_t i = 0; i < chunks->chunk_bytes; i += 509) assert_int_equal(chunk[i] & 255, number % 251 + 1);
    assert_int_equal(chunk[chunks->chunk_bytes - 1] & 255, number % 251 + 1);
}

static void chunks_are_aligned_and_lie_apart(void **state) {
    (void)state;
    static const size_t sizes[] = {WEIR_PART_CHUNK_ALIGN, 3 * WEIR_PART_CHUNK_ALIGN, 32 * WEIR_PART_CHUNK_ALIGN,
                                   WEIR_PAGES_HUGE_BYTES / 2};
    for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
        struct weir_part_chunks chunks;
        char *taken[64];
        weir_part_chunks_init(&chunks, sizes[s]);
        for (int i = 0; i < 64; i++) {
            taken[i] = weir_part_chunk_take(&chunks);
            assert_non_null(taken[i]);
            assert_int_equal((uintptr_t)taken[i] % WEIR_PART_CHUNK_ALIGN, 0);
            assert_null(*weir_part_chunk_next(&chunks, taken[i]));
            fill(&chunks, taken[i], i);
        }
        for (int i = 0; i < 64; i++) expect_filled(&chunks, taken[i], i);
        assert_int_equal(chunks.used, 64);
        weir_part_chunks_fini(&chunks);
        assert_int_equal(chunks.bytes, 0);
    }
}

static void links_are_a_lists_own(void **state) {
    (void)state;
    struct weir_part_chunks chunks;
    char *first = NULL, *last = NULL;
    weir_part_chunks_init(&chunks, WEIR_PART_CHUNK_ALIGN);
    for (int i = 0; i < 1000; i++) {
        char *chunk = weir_part_chunk_take(&chunks);
        assert_non_null(chunk);
        fill(&chunks, chunk, i);
        if (first == NULL) first = chunk;
        if (last != NULL) *weir_part_chunk_next(&chunks, last) = chunk;
        last = chunk;
    }
    int count = 0;
    for (char *at = first; at != NULL; at = *weir_part_chunk_next(&chunks, at)) expect_filled(&chunks, at, count++);
    assert_int_equal(count, 1000);
    weir_part_chunks_fini(&chunks);
}

static void what_is_given_back_is_taken_again_before_more_memory_is(void **state) {
    (void)state;
    struct weir_part_chunks chunks;
    char *taken[100];
    weir_part_chunks_init(&chunks, 16 * WEIR_PART_CHUNK_ALIGN);
    for (int i = 0; i < 100; i++) taken[i] = weir_part_chunk_take(&chunks);
    size_t bytes = chunks.bytes, cut = chunks.cut;
    for (int turn = 0; turn < 5; turn++) {
        for (int i = 0; i < 100; i++) weir_part_chunk_give(&chunks, taken[i]);
        assert_int_equal(chunks.used, 0);
        for (int i = 0; i < 100; i++) taken[i] = weir_part_chunk_take(&chunks);
    }
    assert_int_equal(chunks.bytes, bytes);
    assert_int_equal(chunks.cut, cut);
    weir_part_chunks_fini(&chunks);
}

static void so_many_as_were_reserved_can_be_taken_without_more_memory(void **state) {
    (void)state;
    struct weir_part_chunks chunks;
    weir_part_chunks_init(&chunks, 8 * WEIR_PART_CHUNK_ALIGN);
    for (uint64_t count = 1; count < 500; count *= 3) {
        assert_true(weir_part_chunks_reserve(&chunks, count));
        size_t bytes = chunks.bytes, cut = chunks.cut;
        uint64_t free_count = chunks.free_count;
        assert_true(free_count >= count);
        for (uint64_t i = 0; i < free_count; i++) assert_non_null(weir_part_chunk_take(&chunks));
        assert_null(chunks.free);
        assert_int_equal(chunks.bytes, bytes);
        assert_int_equal(chunks.cut, cut);
    }
    weir_part_chunks_fini(&chunks);
}

static void only_what_is_cut_is_touched(void **state) {
    (void)state;
    struct weir_part_chunks chunks;
    weir_part_chunks_init(&chunks, WEIR_PART_CHUNK_ALIGN);
    assert_int_equal(chunks.cut, 0);
    for (int i = 0; i < 3000; i++) {
        assert_non_null(weir_part_chunk_take(&chunks));
        assert_true(chunks.cut <= chunks.bytes);
        assert_true(chunks.used * chunks.chunk_bytes <= chunks.cut);
        assert_true(chunks.cut <= chunks.used * chunks.chunk_bytes + 2 * WEIR_PAGES_HUGE_BYTES);
    }
    weir_part_chunks_fini(&chunks);
}

/* Taken and given in any order, each keeps what was written into it. */
static void nothing_is_taken_twice(void **state) {
    (void)state;
    static char *taken[MOST];
    static int numbers[MOST];
    struct weir_part_chunks chunks;
    int count = 0, number = 0;
    weir_part_chunks_init(&chunks, WEIR_PART_CHUNK_ALIGN);
    random_state = 11;
    for (int turn = 0; turn < 4 * MOST; turn++) {
        if (count < MOST && (count == 0 || random_below(5) < 3)) {
            taken[count] = weir_part_chunk_take(&chunks);
            assert_non_null(taken[count]);
            fill(&chunks, taken[count], numbers[count] = number++);
            count++;
            continue;
        }
        int at = (int)random_below(count);
        expect_filled(&chunks, taken[at], numbers[at]);
        weir_part_chunk_give(&chunks, taken[at]);
        taken[at] = taken[--count];
        numbers[at] = numbers[count];
    }
    for (int i = 0; i < count; i++) expect_filled(&chunks, taken[i], numbers[i]);
    assert_int_equal(chunks.used, count);
    weir_part_chunks_fini(&chunks);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_are_aligned_and_lie_apart),
        cmocka_unit_test(links_are_a_lists_own),
        cmocka_unit_test(what_is_given_back_is_taken_again_before_more_memory_is),
        cmocka_unit_test(so_many_as_were_reserved_can_be_taken_without_more_memory),
        cmocka_unit_test(only_what_is_cut_is_touched),
        cmocka_unit_test(nothing_is_taken_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
