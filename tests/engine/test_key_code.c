/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/key_code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const enum weir_type_id kinds[] = {
    WEIR_TYPE_BOOLEAN, WEIR_TYPE_TINYINT, WEIR_TYPE_SMALLINT, WEIR_TYPE_INT,    WEIR_TYPE_BIGINT,
    WEIR_TYPE_FLOAT,   WEIR_TYPE_DOUBLE,  WEIR_TYPE_DECIMAL,  WEIR_TYPE_STRING, WEIR_TYPE_TIMESTAMP};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]), COLUMNS = 64, WORDS = 3 * COLUMNS };

/* Claims bits of a word for one column; fails where another has them. */
static void claim(uint64_t *taken, int32_t words, int32_t word, int32_t shift, int32_t bits) {
    assert_true(word >= 0 && word < words);
    assert_true(shift >= 0 && bits >= 1 && shift + bits <= 64);
    uint64_t mask = bits == 64 ? UINT64_MAX : ((UINT64_C(1) << bits) - 1) << shift;
    assert_int_equal(taken[word] & mask, 0);
    taken[word] |= mask;
}

static void no_two_columns_share_a_bit(void **state) {
    (void)state;
    uint64_t random = 3;
    for (int round = 0; round < 5000; round++) {
        struct weir_type types[COLUMNS];
        struct weir_key_code codes[COLUMNS];
        uint64_t taken[WORDS] = {0};
        int32_t count = 1 + round % COLUMNS;
        for (int32_t i = 0; i < count; i++) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
            enum weir_type_id id = kinds[(random >> 33) % KINDS];
            types[i] = id == WEIR_TYPE_DECIMAL ? weir_type_decimal(38, 0) : weir_type_of(id);
        }
        int32_t words = weir_key_code_layout(types, count, codes);
        assert_true(words >= 1 && words <= WORDS);
        for (int32_t i = 0; i < count; i++) {
            if (!codes[i].full) {
                claim(taken, words, codes[i].word, codes[i].shift, codes[i].bits);
                continue;
            }
            claim(taken, words, codes[i].word, 0, 64);
            if (types[i].id == WEIR_TYPE_DECIMAL) claim(taken, words, codes[i].word + 1, 0, 64);
            claim(taken, words, codes[i].null_word, codes[i].null_shift, 1);
        }
    }
}

static void narrow_columns_are_packed(void **state) {
    (void)state;
    struct weir_key_code codes[COLUMNS];
    struct weir_type types[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) types[i] = weir_type_of(WEIR_TYPE_BOOLEAN);
    assert_int_equal(weir_key_code_layout(types, 32, codes), 1); /* two bits each */
    assert_int_equal(weir_key_code_layout(types, 33, codes), 2);
    types[0] = types[1] = weir_type_of(WEIR_TYPE_STRING);
    assert_int_equal(weir_key_code_layout(types, 2, codes), 1);
    assert_int_equal(weir_key_code_layout(types, 0, codes), 1);
}

static void the_least_and_greatest_values_survive_packing(void **state) {
    (void)state;
    static const struct {
        enum weir_type_id id;
        int64_t low, high;
    } cases[] = {{WEIR_TYPE_TINYINT, INT8_MIN, INT8_MAX},
                 {WEIR_TYPE_SMALLINT, INT16_MIN, INT16_MAX},
                 {WEIR_TYPE_INT, INT32_MIN, INT32_MAX},
                 {WEIR_TYPE_BIGINT, INT64_MIN, INT64_MAX}};
    struct weir_type types[4];
    struct weir_key_code codes[4];
    uint64_t *words = calloc(8 * WEIR_BLOCK_ROWS, sizeof(*words));
    assert_non_null(words);
    for (int i = 0; i < 4; i++) types[i] = weir_type_of(cases[i].id);
    int32_t count = weir_key_code_layout(types, 4, codes);
    for (int i = 0; i < 4; i++) {
        int64_t values[4] = {cases[i].low, cases[i].high, -1, 0};
        struct weir_vector vector = {.kind = WEIR_VECTOR_I64, .i64 = values};
        weir_key_code_add(&codes[i], &vector, NULL, 4, words);
    }
    uint64_t runs[8 * 4]; /* as the key table gathers them */
    for (int32_t w = 0; w < count; w++) memcpy(runs + w * 4, words + w * WEIR_BLOCK_ROWS, 4 * sizeof(*runs));
    struct weir_arena arena;
    weir_arena_init(&arena, 0);
    for (int i = 0; i < 4; i++) {
        struct weir_vector back;
        assert_true(weir_key_code_values(&codes[i], runs, 4, &arena, &back));
        assert_int_equal(back.i64[0], cases[i].low);
        assert_int_equal(back.i64[1], cases[i].high);
        assert_int_equal(back.i64[2], -1);
        assert_int_equal(back.i64[3], 0);
        assert_int_equal(back.validity[0] & 0xF, 0xF);
    }
    weir_arena_fini(&arena);
    free(words);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_two_columns_share_a_bit),
        cmocka_unit_test(narrow_columns_are_packed),
        cmocka_unit_test(the_least_and_greatest_values_survive_packing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
