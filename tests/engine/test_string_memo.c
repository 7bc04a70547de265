/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/string_memo.h"

#include "engine/string_table.h"
#include "simd/kernels.h"
#include "tests/engine/plans.h"
#include "tests/engine/random.h"

enum { SEED = 9 };

static struct weir_string numbered(char *room, size_t length, uint32_t number) {
    memset(room, 'x', length);
    memcpy(room, &number, length < sizeof(number) ? length : sizeof(number));
    return (struct weir_string){room, (int64_t)length};
}

/* The id of a string; -1: the memo has it not. */
static int64_t recall(const struct weir_string_memo *memo, struct weir_string string) {
    uint64_t out = 0;
    struct weir_string_places places = weir_string_memo_places(memo);
    size_t found = weir_simd->find_strings(&places, SEED, &string, NULL, NULL, 0, 1, &out);
    return found == 1 ? (int64_t)out - 1 : -1;
}

static void it_has_what_it_was_given_and_nothing_else(void **state) {
    (void)state;
    char room[64];
    struct weir_string_memo memo = {0};
    assert_int_equal(recall(&memo, numbered(room, 8, 1)), -1);
    for (uint32_t i = 0; i < 5000; i++) weir_string_memo_add(&memo, SEED, numbered(room, 4 + i % 53, i), i);
    int32_t known = 0;
    for (uint32_t i = 0; i < 5000; i++) {
        int64_t id = recall(&memo, numbered(room, 4 + i % 53, i));
        assert_true(id == i || id == -1);
        known += id == i;
        assert_int_equal(recall(&memo, numbered(room, 4 + i % 53, i + 5000)), -1);
    }
    assert_true(known >= 4990); /* a few find no line */
    weir_string_memo_fini(&memo);
}

static void long_strings_are_not_for_it(void **state) {
    (void)state;
    char room[64];
    struct weir_string_memo memo = {0};
    weir_string_memo_add(&memo, SEED, numbered(room, 56, 1), 1);
    weir_string_memo_add(&memo, SEED, numbered(room, 57, 2), 2);
    weir_string_memo_add(&memo, SEED, (struct weir_string){NULL, 0}, 3);
    assert_int_equal(recall(&memo, numbered(room, 56, 1)), 1);
    assert_int_equal(recall(&memo, numbered(room, 57, 2)), -1);
    assert_int_equal(recall(&memo, (struct weir_string){NULL, 0}), 3);
    assert_int_equal(memo.cells_held, 1);
    assert_int_equal(memo.lines_held, 1);
    weir_string_memo_fini(&memo);
}

static void it_stops_growing(void **state) {
    (void)state;
    char room[16];
    struct weir_string_memo memo = {0};
    for (uint32_t i = 0; i < 300000; i++) weir_string_memo_add(&memo, SEED, numbered(room, 12, i), i);
    assert_true(weir_string_memo_bytes(&memo) <= 8 << 20);
    assert_true(memo.cells_held >= 32000);
    weir_string_memo_fini(&memo);
}

static void it_is_left_alone_where_most_rows_miss(void **state) {
    (void)state;
    struct weir_string_memo memo = {0};
    weir_string_memo_judge(&memo, 1000, 250);
    assert_true(weir_string_memo_is_used(&memo));
    weir_string_memo_judge(&memo, 1000, 251);
    int32_t blocks = 0;
    while (!weir_string_memo_is_used(&memo)) blocks++;
    assert_in_range(blocks, 1, 100);
    assert_true(weir_string_memo_is_used(&memo));
}

/* Rows of few and of ever new strings by turns, with NULLs and selections: the ids that one look-up at a time
 * gives. */
static void a_table_gives_the_same_ids_with_it(void **state) {
    (void)state;
    enum { ROWS = 2000, BYTES = 80 };
    static char room[ROWS][BYTES];
    static struct weir_string strings[ROWS];
    static uint32_t rows[ROWS];
    static uint64_t valid[ROWS / 64 + 1], ids[ROWS];
    struct weir_string_table whole, single;
    weir_string_table_init(&whole, SEED);
    weir_string_table_init(&single, SEED);
    random_state = 5;
    for (uint32_t block = 0; block < 120; block++) {
        uint32_t many = block / 30 % 2 == 0 ? 300 : 1000000;
        int32_t count = 0;
        for (uint32_t i = 0; i < ROWS; i++) {
            uint32_t number = (uint32_t)random_below(many);
            strings[i] = numbered(room[i], number % 75, number);
            weir_bit_put(valid, i, chance(90));
            if (block % 2 == 0 || chance(70)) rows[count++] = i;
        }
        const struct weir_vector vector = {
            .kind = WEIR_VECTOR_STRING, .validity = block % 3 == 0 ? valid : NULL, .strings = strings};
        assert_true(weir_string_table_intern_rows(&whole, &vector, block % 2 == 0 ? NULL : rows, count, ids));
        for (int32_t i = 0; i < count; i++) {
            uint32_t row = rows[i];
            bool null = vector.validity != NULL && !weir_bit_get(valid, row);
            uint64_t expected = null ? 0 : (uint64_t)weir_string_table_intern(&single, strings[row]) + 1;
            assert_int_equal(ids[i], expected);
        }
    }
    assert_true(whole.memo.cells_held + whole.memo.lines_held > 200);
    assert_true(whole.memo.cells_held > 0);
    weir_string_table_fini(&whole);
    weir_string_table_fini(&single);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_has_what_it_was_given_and_nothing_else),
        cmocka_unit_test(long_strings_are_not_for_it),
        cmocka_unit_test(it_stops_growing),
        cmocka_unit_test(it_is_left_alone_where_most_rows_miss),
        cmocka_unit_test(a_table_gives_the_same_ids_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
