/* SPDX-License-Identifier: Apache-2.0
 *
 * What a batch of results takes.
 */
#include "tests/engine/plans.h"

#include <stdlib.h>

#include "alloc/blocks.h"
#include "engine/result.h"

enum { ROWS = 1500, BATCHES = 3 };

/* Thousands of batches of one window each may wait: none keeps the room that was made for a full one. */
static void a_batch_of_few_rows_keeps_no_room_for_a_full_one(void **state) {
    (void)state;
    struct weir_type types[2] = {BIGINT_, STRING_};
    struct weir_result result;
    assert_int_equal(weir_result_init(&result, types, 2, &error), WEIR_OK);
    static int64_t numbers[ROWS];
    static struct weir_string texts[ROWS];
    for (int32_t i = 0; i < ROWS; i++) {
        numbers[i] = i * 3;
        texts[i] = (struct weir_string){"some text", i % 10};
    }
    struct weir_vector vectors[2] = {{.kind = WEIR_VECTOR_I64, .i64 = numbers},
                                     {.kind = WEIR_VECTOR_STRING, .strings = texts}};
    for (int batch = 0; batch < BATCHES; batch++) {
        assert_int_equal(weir_result_append(&result, vectors, NULL, ROWS, &error), WEIR_OK);
        struct ArrowArray array;
        assert_int_equal(weir_result_take(&result, 2, &array, &error), WEIR_OK);
        assert_int_equal(array.length, ROWS);
        const int64_t *values = array.children[0]->buffers[1];
        const int32_t *offsets = array.children[1]->buffers[1];
        assert_true(weir_block_room(values) < 2 * (ROWS + 1) * sizeof(int64_t));
        assert_true(weir_block_room(offsets) < 16384 + 2 * (ROWS + 2) * sizeof(int32_t));
        for (int32_t i = 0; i < ROWS; i++) {
            assert_int_equal(values[i], i * 3);
            assert_int_equal(offsets[i + 1] - offsets[i], i % 10);
        }
        array.release(&array);
    }
    weir_result_fini(&result);
}

/* Each in memory of its own size, so that a byte beside it would be seen. */
static void strings_of_every_length_are_copied_whole(void **state) {
    (void)state;
    enum { LENGTHS = 40 };
    struct weir_type type = STRING_;
    struct weir_result result;
    struct weir_string texts[LENGTHS];
    uint64_t validity = ~(UINT64_C(1) << 9); /* one is NULL */
    assert_int_equal(weir_result_init(&result, &type, 1, &error), WEIR_OK);
    for (int32_t i = 0; i < LENGTHS; i++) {
        char *text = malloc((size_t)i + (i == 0));
        assert_non_null(text);
        for (int32_t at = 0; at < i; at++) text[at] = (char)('a' + (i * 7 + at) % 26);
        texts[i] = (struct weir_string){text, i};
    }
    struct weir_vector vector = {.kind = WEIR_VECTOR_STRING, .validity = &validity, .strings = texts};
    assert_int_equal(weir_result_append(&result, &vector, NULL, LENGTHS, &error), WEIR_OK);
    struct ArrowArray array;
    assert_int_equal(weir_result_take(&result, 1, &array, &error), WEIR_OK);
    const int32_t *offsets = array.children[0]->buffers[1];
    const char *bytes = array.children[0]->buffers[2];
    assert_int_equal(array.children[0]->null_count, 1);
    for (int32_t i = 0; i < LENGTHS; i++) {
        assert_int_equal(offsets[i + 1] - offsets[i], i == 9 ? 0 : i);
        assert_memory_equal(bytes + offsets[i], texts[i].data, (size_t)(offsets[i + 1] - offsets[i]));
        free((void *)(uintptr_t)texts[i].data);
    }
    array.release(&array);
    weir_result_fini(&result);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_of_few_rows_keeps_no_room_for_a_full_one),
        cmocka_unit_test(strings_of_every_length_are_copied_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
