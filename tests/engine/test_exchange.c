/* SPDX-License-Identifier: Apache-2.0
 *
 * Who owns a key: each row has one owner, who depends on the values of its keys alone, and both ways to ask agree.
 */
#include <math.h>

#include "tests/engine/plans.h"

#include "base/hash.h"
#include "engine/exchange.h"
#include "tests/engine/random.h"

enum { ROWS = WEIR_BLOCK_ROWS };

static int64_t numbers[ROWS];
static double doubles[ROWS];
static struct weir_string strings[ROWS];
static uint64_t valid[3][ROWS / 64];

/* Keys of three columns, by a number below `keys`: equal numbers are equal keys. NULL where it is a multiple of 13.
 */
static void make_keys(int64_t keys, struct weir_key_input *inputs) {
    static char texts[ROWS][24];
    memset(valid, 0xFF, sizeof(valid));
    for (int32_t i = 0; i < ROWS; i++) {
        int64_t key = random_below(keys);
        numbers[i] = key * 7 - 100;
        doubles[i] = key % 5 == 0 ? (double)NAN : (double)key / 3;
        int length = snprintf(texts[i], sizeof(texts[i]), "key %lld", (long long)key);
        strings[i] = (struct weir_string){texts[i], length};
        for (int c = 0; c < 3 && key % 13 == 0; c++) weir_bit_clear(valid[c], (size_t)i);
    }
    memset(inputs, 0, 3 * sizeof(*inputs));
    inputs[0].vector = (struct weir_vector){.kind = WEIR_VECTOR_I64, .validity = valid[0], .i64 = numbers};
    inputs[1].vector = (struct weir_vector){.kind = WEIR_VECTOR_F64, .validity = valid[1], .f64 = doubles};
    inputs[2].vector = (struct weir_vector){.kind = WEIR_VECTOR_STRING, .validity = valid[2], .strings = strings};
}

/* Some of the rows, ascending; how many. */
static int32_t choose_rows(uint32_t *rows, int percent) {
    int32_t count = 0;
    for (uint32_t i = 0; i < ROWS; i++) {
        if (chance(percent)) rows[count++] = i;
    }
    return count;
}

static void parts_are_what_each_owner_keeps(void **state) {
    (void)state;
    static uint32_t chosen[ROWS], kept[ROWS], order[2 * ROWS];
    static uint64_t words[ROWS], hashes[ROWS], scratch[2 * ROWS];
    static uint16_t owner_of[ROWS];
    static int32_t starts[65];
    for (int round = 0; round < 300; round++) {
        struct weir_key_input inputs[3];
        make_keys(1 + random_below(chance(50) ? 20 : 100000), inputs);
        struct weir_exchange exchange = {.owners = 2 + (int32_t)random_below(round % 2 == 0 ? 7 : 63),
                                         .keys_count = 1 + (int32_t)random_below(3),
                                         .seed = random_next()};
        const uint32_t *rows = chance(50) ? chosen : NULL;
        int32_t count = rows == NULL ? (int32_t)random_below(ROWS + 1) : choose_rows(chosen, 30);
        const struct weir_shares shares = {order, starts, owner_of};
        weir_exchange_hash(&exchange, inputs, rows, count, words, hashes);
        weir_exchange_part(&exchange, hashes, count, &shares);
        assert_int_equal(starts[0], 0);
        assert_int_equal(starts[exchange.owners], count);
        for (exchange.owner = 0; exchange.owner < exchange.owners; exchange.owner++) {
            int32_t own = weir_exchange_own(&exchange, inputs, rows, count, kept, scratch);
            const uint32_t *part = order + starts[exchange.owner];
            assert_int_equal(own, starts[exchange.owner + 1] - starts[exchange.owner]);
            for (int32_t i = 0; i < own; i++) assert_int_equal(kept[i], rows == NULL ? part[i] : rows[part[i]]);
        }
    }
}

static void owners_have_like_shares(void **state) {
    (void)state;
    static uint64_t words[ROWS], hashes[ROWS];
    static uint32_t order[2 * ROWS];
    static uint16_t owner_of[ROWS];
    static int32_t starts[17];
    for (int32_t i = 0; i < ROWS; i++) numbers[i] = i;
    struct weir_key_input input = {.vector = {.kind = WEIR_VECTOR_I64, .i64 = numbers}};
    for (int32_t owners = 2; owners <= 16; owners++) {
        const struct weir_exchange exchange = {.owners = owners, .keys_count = 1, .seed = 5};
        const struct weir_shares shares = {order, starts, owner_of};
        weir_exchange_hash(&exchange, &input, NULL, ROWS, words, hashes);
        weir_exchange_part(&exchange, hashes, ROWS, &shares);
        for (int32_t owner = 0; owner < owners; owner++) {
            int32_t own = starts[owner + 1] - starts[owner];
            assert_in_range(own, ROWS / owners * 7 / 10, ROWS / owners * 13 / 10);
        }
    }
}

/* A dictionary's entry has the owner of the string that it is. */
static void encodings_have_the_same_owner(void **state) {
    (void)state;
    static const char bytes[] = "onetwothreefour";
    static const int32_t offsets[] = {0, 3, 6, 11, 15};
    static uint64_t words[ROWS], direct[ROWS], coded[ROWS], kept[4], owned[4], scratch[2 * ROWS];
    static uint32_t of_strings[ROWS], of_codes[ROWS], chosen[ROWS];
    static uint16_t codes[ROWS];
    struct weir_column dictionary = {.storage = WEIR_STORE_UTF8, .values = bytes, .offsets = offsets, .rows = 4};
    struct weir_column column = {.storage = WEIR_STORE_DICTIONARY,
                                 .codes = WEIR_STORE_U16,
                                 .values = codes,
                                 .rows = ROWS,
                                 .dictionary = &dictionary};
    memset(valid, 0xFF, sizeof(valid));
    for (int32_t i = 0; i < ROWS; i++) {
        codes[i] = (uint16_t)random_below(4);
        strings[i] = (struct weir_string){bytes + offsets[codes[i]], offsets[codes[i] + 1] - offsets[codes[i]]};
        if (chance(10)) weir_bit_clear(valid[0], (size_t)i);
    }
    column.validity = valid[0];
    const struct weir_exchange exchange = {.owners = 4, .keys_count = 1, .seed = 99};
    struct weir_key_input input = {
        .vector = {.kind = WEIR_VECTOR_STRING, .validity = valid[0], .strings = strings}};
    weir_exchange_hash(&exchange, &input, NULL, ROWS, words, direct);
    for (int with_hashes = 0; with_hashes < 2; with_hashes++) {
        input = (struct weir_key_input){.column = &column, .hashes = with_hashes ? kept : NULL};
        weir_exchange_hash(&exchange, &input, NULL, ROWS, words, coded);
        assert_memory_equal(coded, direct, sizeof(direct));
    }
    struct weir_exchange asked = exchange;
    for (asked.owner = 0; asked.owner < asked.owners; asked.owner++) {
        memset(owned, 0, sizeof(owned)); /* each owner has its own */
        for (int turn = 0; turn < 4; turn++) {
            const uint32_t *rows = turn % 2 == 0 ? NULL : chosen;
            int32_t count = rows == NULL ? ROWS : choose_rows(chosen, 30);
            input = (struct weir_key_input){
                .vector = {.kind = WEIR_VECTOR_STRING, .validity = valid[0], .strings = strings}};
            int32_t some = weir_exchange_own(&asked, &input, rows, count, of_strings, scratch);
            input = (struct weir_key_input){.column = &column, .hashes = owned};
            assert_int_equal(weir_exchange_own(&asked, &input, rows, count, of_codes, scratch), some);
            assert_memory_equal(of_codes, of_strings, (size_t)some * sizeof(*of_codes));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_what_each_owner_keeps),
        cmocka_unit_test(owners_have_like_shares),
        cmocka_unit_test(encodings_have_the_same_owner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
