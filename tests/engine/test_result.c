/* SPDX-License-Identifier: Apache-2.0
 *
 * What a batch of results takes.
 */
#include "tests/engine/plans.h"

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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_of_few_rows_keeps_no_room_for_a_full_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
