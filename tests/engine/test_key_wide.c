/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/key_wide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hash.h"
#include "engine/expression.h"

#define WORDS_MOST 5
#define SEED 7

struct keys {
    struct weir_key_wide table;
    struct weir_key_list list;
    uint64_t *words; /* of a block */
};

static void open_keys(struct keys *keys, int32_t words_count) {
    *keys = (struct keys){.list = {.words_count = words_count}};
    keys->words = malloc((size_t)words_count * WEIR_BLOCK_ROWS * sizeof(*keys->words));
    assert_non_null(keys->words);
}

static void close_keys(struct keys *keys) {
    weir_key_wide_fini(&keys->table);
    free(keys->list.words);
    free(keys->words);
}

static void set_key(struct keys *keys, int32_t row, const uint64_t *key) {
    for (int32_t w = 0; w < keys->list.words_count; w++) keys->words[w * WEIR_BLOCK_ROWS + row] = key[w];
}

static void map(struct keys *keys, int32_t count, uint32_t *ids) {
    assert_true(weir_key_wide_map(&keys->table, &keys->list, SEED, keys->words, count, ids));
}

/* Key n: any two differ in one word only, now the first, now the last. */
static void make_key(uint64_t number, int32_t words_count, uint64_t *key) {
    for (int32_t w = 0; w < words_count; w++) key[w] = 5;
    key[number % (uint64_t)words_count] += 1 + number / (uint64_t)words_count;
}

static void keys_keep_their_ids_while_the_table_grows(void **state) {
    (void)state;
    enum { KEYS = 30000, RUN = 1000 };
    static uint32_t ids[WEIR_BLOCK_ROWS];
    for (int32_t words_count = 2; words_count <= WORDS_MOST; words_count++) {
        struct keys keys;
        open_keys(&keys, words_count);
        for (uint32_t pass = 0; pass < 2; pass++) {
            for (uint32_t first = 0; first < KEYS; first += RUN) {
                for (uint32_t i = 0; i < RUN; i++) {
                    uint64_t key[WORDS_MOST];
                    make_key(first + i, words_count, key);
                    set_key(&keys, (int32_t)i, key);
                }
                map(&keys, RUN, ids);
                for (uint32_t i = 0; i < RUN; i++) assert_int_equal(ids[i], first + i);
            }
        }
        assert_int_equal(keys.list.count, KEYS);
        close_keys(&keys);
    }
}

static void equal_keys_of_one_block_have_one_id(void **state) {
    (void)state;
    uint32_t ids[6];
    const uint64_t rows[6][2] = {{1, 2}, {2, 1}, {1, 2}, {1, 3}, {2, 1}, {1, 3}};
    const uint32_t expected[6] = {0, 1, 0, 2, 1, 2};
    struct keys keys;
    open_keys(&keys, 2);
    for (int32_t i = 0; i < 6; i++) set_key(&keys, i, rows[i]);
    map(&keys, 6, ids);
    assert_memory_equal(ids, expected, sizeof(ids));
    close_keys(&keys);
}

/* Of two words a mark is the second one mixed with the hash of the first: with the seed known, keys of one mark can
 * be made. */
static void make_stray(uint64_t first, uint64_t *key) {
    key[0] = first;
    key[1] = UINT64_C(0x1234) ^ weir_hash_u64(first, SEED);
}

static void keys_of_one_mark_are_different_keys(void **state) {
    (void)state;
    enum { STRAYS = 40, ROWS = 3 * STRAYS };
    uint32_t ids[ROWS];
    struct keys keys;
    open_keys(&keys, 2);
    for (int32_t i = 0; i < ROWS; i++) {
        uint64_t key[2] = {(uint64_t)i, 99};
        if (i % 3 != 1) make_stray((uint64_t)(i / 3), key); /* rows 0 and 2, 3 and 5: the same one */
        set_key(&keys, i, key);
    }
    for (int pass = 0; pass < 2; pass++) {
        map(&keys, ROWS, ids);
        for (uint32_t i = 0; i < ROWS; i++) assert_int_equal(ids[i], i / 3 * 2 + (i % 3 == 1));
    }
    assert_int_equal(keys.list.count, 2 * STRAYS);
    assert_int_equal(keys.table.strays_count, STRAYS - 1);
    close_keys(&keys);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_keep_their_ids_while_the_table_grows),
        cmocka_unit_test(equal_keys_of_one_block_have_one_id),
        cmocka_unit_test(keys_of_one_mark_are_different_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
