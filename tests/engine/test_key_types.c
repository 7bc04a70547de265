/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys of every type through the key table: NULL, NaN and the zeros, dictionaries, collisions, a million keys.
 */
#include "engine/key_table.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/hash.h"

#define SEED UINT64_C(0x1234)

static struct weir_arena arena;
static struct weir_error error;

static int begin(void **state) {
    (void)state;
    weir_arena_init(&arena, 0);
    return 0;
}

static int end(void **state) {
    (void)state;
    weir_arena_fini(&arena);
    return 0;
}

static struct weir_key_table *table_of(int32_t count, const struct weir_type *types) {
    struct weir_key_table *table = weir_key_table_create(types, count, SEED);
    assert_non_null(table);
    return table;
}

static void map_ok(struct weir_key_table *table, const struct weir_key_input *inputs, const uint32_t *rows,
                   int32_t count, uint32_t *ids) {
    assert_int_equal(weir_key_table_map(table, inputs, rows, count, ids, &error), WEIR_OK);
    for (int32_t i = 0; i < count; i++) assert_true(ids[i] < weir_key_table_count(table));
}

static struct weir_vector values_of(const struct weir_key_table *table, int32_t key, const uint32_t *ids,
                                    int32_t count) {
    struct weir_vector out;
    assert_int_equal(weir_key_table_values(table, key, ids, count, &arena, &out, &error), WEIR_OK);
    return out;
}

static bool is_null(const struct weir_vector *vector, int32_t row) {
    return vector->validity != NULL && !weir_bit_get(vector->validity, (size_t)row);
}

/* ---- one column of each type ---- */

static void integers_of_every_width_come_back_and_null_is_a_key(void **state) {
    (void)state;
    static const struct {
        enum weir_type_id id;
        int64_t low, high;
    } types[] = {{WEIR_TYPE_TINYINT, INT8_MIN, INT8_MAX},     {WEIR_TYPE_SMALLINT, INT16_MIN, INT16_MAX},
                 {WEIR_TYPE_INT, INT32_MIN, INT32_MAX},       {WEIR_TYPE_BIGINT, INT64_MIN, INT64_MAX},
                 {WEIR_TYPE_DATE, INT32_MIN, INT32_MAX},      {WEIR_TYPE_TIME, 0, 86399999},
                 {WEIR_TYPE_TIMESTAMP, INT64_MIN, INT64_MAX}, {WEIR_TYPE_TIMESTAMP_LTZ, INT64_MIN, INT64_MAX}};
    for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++) {
        struct weir_type type = weir_type_of(types[t].id);
        struct weir_key_table *table = table_of(1, &type);
        /* NULL first, so that its id is not the last; its slot holds a value that is also a key. */
        int64_t values[8] = {0, types[t].low, 0, types[t].high, 1, types[t].low, 0, 0};
        uint64_t valid = 0x7E; /* rows 0 and 7 are NULL */
        struct weir_key_input input = {.vector = {.kind = WEIR_VECTOR_I64, .validity = &valid, .i64 = values}};
        uint32_t ids[8];
        map_ok(table, &input, NULL, 8, ids);
        assert_int_equal(ids[0], ids[7]);
        assert_int_equal(ids[1], ids[5]);
        assert_int_equal(ids[2], ids[6]);
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < i; j++) assert_true(ids[i] != ids[j] || values[i] == values[j]);
        }
        assert_true(ids[0] != ids[2]); /* NULL is not 0 */
        struct weir_vector back = values_of(table, 0, ids, 8);
        for (int i = 0; i < 8; i++) {
            assert_int_equal(is_null(&back, i), i == 0 || i == 7);
            if (!is_null(&back, i)) assert_int_equal(back.i64[i], values[i]);
        }
        /* A block without NULLs, and one of nothing but NULLs, find the same ids. */
        uint32_t again[8];
        struct weir_key_input plain = {.vector = {.kind = WEIR_VECTOR_I64, .i64 = values}};
        map_ok(table, &plain, NULL, 8, again);
        assert_int_equal(again[1], ids[1]);
        assert_int_equal(again[0], ids[2]);
        valid = 0;
        map_ok(table, &input, NULL, 8, again);
        for (int i = 0; i < 8; i++) assert_int_equal(again[i], ids[0]);
        weir_key_table_destroy(&table);
        assert_null(table);
    }
}

static void all_nans_are_one_key_and_the_zeros_are_two(void **state) {
    (void)state;
    static const enum weir_type_id types[] = {WEIR_TYPE_DOUBLE, WEIR_TYPE_FLOAT};
    for (int t = 0; t < 2; t++) {
        struct weir_type type = weir_type_of(types[t]);
        struct weir_key_table *table = table_of(1, &type);
        double values[8] = {0.0, -0.0, NAN, -NAN, INFINITY, -INFINITY, 1.5, 0.0};
        uint64_t odd = UINT64_C(0x7FF8000000000123);
        memcpy(&values[3], &odd, sizeof(odd));
        uint64_t valid = 0x7F; /* the last is NULL */
        struct weir_key_input input = {.vector = {.kind = WEIR_VECTOR_F64, .validity = &valid, .f64 = values}};
        uint32_t ids[8];
        map_ok(table, &input, NULL, 8, ids);
        assert_int_equal(ids[2], ids[3]);
        for (int i = 0; i < 8; i++) {
            for (int j = 0; j < i; j++) assert_true(ids[i] != ids[j] || (i == 3 && j == 2));
        }
        struct weir_vector back = values_of(table, 0, ids, 8);
        assert_false(signbit(back.f64[0]));
        assert_true(signbit(back.f64[1]));
        assert_true(isnan(back.f64[2]));
        assert_true(back.f64[4] == INFINITY && back.f64[5] == -INFINITY && back.f64[6] == 1.5);
        assert_true(is_null(&back, 7));
        weir_key_table_destroy(&table);
    }
}

static void booleans_have_three_keys(void **state) {
    (void)state;
    struct weir_type type = weir_type_of(WEIR_TYPE_BOOLEAN);
    struct weir_key_table *table = table_of(1, &type);
    uint64_t bits = 0x5, valid = 0x7; /* TRUE FALSE TRUE NULL */
    struct weir_key_input input = {.vector = {.kind = WEIR_VECTOR_BOOL, .validity = &valid, .bits = &bits}};
    uint32_t ids[4];
    map_ok(table, &input, NULL, 4, ids);
    assert_int_equal(ids[0], ids[2]);
    assert_true(ids[0] != ids[1] && ids[1] != ids[3] && ids[0] != ids[3]);
    struct weir_vector back = values_of(table, 0, ids, 4);
    assert_true(weir_bit_get(back.bits, 0));
    assert_false(weir_bit_get(back.bits, 1));
    assert_true(is_null(&back, 3));
    weir_key_table_destroy(&table);
}

static void decimals_of_128_bits_come_back(void **state) {
    (void)state;
    struct weir_type type = weir_type_decimal(38, 4);
    struct weir_key_table *table = table_of(1, &type);
    weir_i128 high = (weir_i128)1 << 100;
    weir_i128 values[6] = {0, -1, high, high + 1, -high, 0};
    uint64_t valid = 0x1F;
    struct weir_key_input input = {.vector = {.kind = WEIR_VECTOR_I128, .validity = &valid, .i128 = values}};
    uint32_t ids[6];
    map_ok(table, &input, NULL, 6, ids);
    for (int i = 0; i < 6; i++) {
        for (int j = 0; j < i; j++) assert_true(ids[i] != ids[j]);
    }
    struct weir_vector back = values_of(table, 0, ids, 6);
    for (int i = 0; i < 5; i++) assert_true(back.i128[i] == values[i] && !is_null(&back, i));
    assert_true(is_null(&back, 5));
    weir_key_table_destroy(&table);
}

static void strings_differ_by_every_byte_and_by_length(void **state) {
    (void)state;
    struct weir_type type = weir_type_of(WEIR_TYPE_STRING);
    struct weir_key_table *table = table_of(1, &type);
    struct weir_string values[7] = {{"", 0}, {"a", 1}, {"a\0", 2}, {"ab", 2}, {NULL, 0}, {"\xFF", 1}, {"a", 1}};
    uint64_t valid = 0x7F & ~(UINT64_C(1) << 5);
    struct weir_key_input input = {.vector = {.kind = WEIR_VECTOR_STRING, .validity = &valid, .strings = values}};
    uint32_t ids[7];
    map_ok(table, &input, NULL, 7, ids);
    assert_int_equal(ids[0], ids[4]); /* both are empty, and neither is NULL */
    assert_int_equal(ids[1], ids[6]);
    assert_true(ids[5] != ids[0] && ids[2] != ids[1] && ids[3] != ids[2]);
    struct weir_vector back = values_of(table, 0, ids, 7);
    assert_true(is_null(&back, 5) && !is_null(&back, 0));
    assert_int_equal(back.strings[2].length, 2);
    assert_memory_equal(back.strings[2].data, "a\0", 2);
    weir_key_table_destroy(&table);
}

static void without_columns_there_is_one_key(void **state) {
    (void)state;
    struct weir_key_table *table = table_of(0, NULL);
    uint32_t ids[3] = {7, 7, 7};
    map_ok(table, NULL, NULL, 3, ids);
    assert_true(ids[0] == 0 && ids[1] == 0 && ids[2] == 0);
    assert_int_equal(weir_key_table_count(table), 1);
    weir_key_table_destroy(&table);
}

/* ---- selected rows ---- */

static void only_selected_rows_make_keys(void **state) {
    (void)state;
    static const enum weir_type_id types[] = {WEIR_TYPE_INT, WEIR_TYPE_BIGINT};
    static const uint32_t rows[3] = {1, 4, 6};
    for (int t = 0; t < 2; t++) {
        struct weir_type type = weir_type_of(types[t]);
        struct weir_key_table *table = table_of(1, &type);
        int64_t values[8] = {10, 11, 12, 13, 14, 15, 11, 17};
        uint64_t valid = 0xEF; /* row 4 is NULL */
        struct weir_key_input input = {.vector = {.kind = WEIR_VECTOR_I64, .validity = &valid, .i64 = values}};
        uint32_t ids[3];
        map_ok(table, &input, rows, 3, ids);
        assert_int_equal(ids[0], ids[2]);
        assert_true(ids[0] != ids[1]);
        assert_int_equal(weir_key_table_count(table), 2);
        weir_key_table_destroy(&table);
    }
}

/* ---- many columns ---- */

enum { COLUMNS = 40 };

static const enum weir_type_id mixed[] = {
    WEIR_TYPE_BOOLEAN, WEIR_TYPE_BIGINT, WEIR_TYPE_TINYINT,  WEIR_TYPE_STRING, WEIR_TYPE_DECIMAL,
    WEIR_TYPE_INT,     WEIR_TYPE_FLOAT,  WEIR_TYPE_SMALLINT, WEIR_TYPE_DOUBLE, WEIR_TYPE_DATE};

struct cell_block {
    uint64_t bits[4], valid[4];
    int64_t i64[256];
    double f64[256];
    weir_i128 i128[256];
    struct weir_string strings[256];
};

static uint64_t random_state;
static uint64_t random_next(void) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return random_state >> 29;
}

static int64_t random_integer(enum weir_type_id id) {
    uint64_t value = random_next() % 3 == 0 ? random_next() % 2 : (random_next() << 30) ^ random_next();
    switch (id) {
    case WEIR_TYPE_TINYINT: return (int8_t)value;
    case WEIR_TYPE_SMALLINT: return (int16_t)value;
    case WEIR_TYPE_INT:
    case WEIR_TYPE_DATE: return (int32_t)value;
    default: return (int64_t)value;
    }
}

static void fill(struct cell_block *cells, enum weir_type_id id) {
    static const char *const words[] = {"", "a", "b", "a long string that is a key, too"};
    memset(cells, 0, sizeof(*cells));
    for (size_t i = 0; i < 256; i++) {
        weir_bit_put(cells->bits, i, random_next() % 2 == 0);
        weir_bit_put(cells->valid, i, random_next() % 4 != 0);
        cells->i64[i] = random_integer(id);
        cells->f64[i] = id == WEIR_TYPE_FLOAT ? (double)(float)(int32_t)random_next() : (double)random_next() / 3;
        cells->i128[i] =
            (weir_i128)random_integer(WEIR_TYPE_BIGINT) * ((int64_t)1 << 60) + random_integer(WEIR_TYPE_BIGINT);
        const char *word = words[random_next() % 4];
        cells->strings[i] = (struct weir_string){word, (int64_t)strlen(word)};
    }
}

static struct weir_key_input input_of(const struct cell_block *cells, struct weir_type type) {
    struct weir_key_input input = {.vector = {.kind = weir_type_vector(type), .validity = cells->valid}};
    switch (input.vector.kind) {
    case WEIR_VECTOR_BOOL: input.vector.bits = cells->bits; break;
    case WEIR_VECTOR_I64: input.vector.i64 = cells->i64; break;
    case WEIR_VECTOR_F64: input.vector.f64 = cells->f64; break;
    case WEIR_VECTOR_I128: input.vector.i128 = cells->i128; break;
    case WEIR_VECTOR_STRING: input.vector.strings = cells->strings; break;
    }
    return input;
}

static void expect_cell(const struct weir_vector *back, const struct cell_block *cells, int32_t at, int32_t row) {
    assert_int_equal(is_null(back, at), !weir_bit_get(cells->valid, (size_t)row));
    if (is_null(back, at)) return;
    switch (back->kind) {
    case WEIR_VECTOR_BOOL:
        assert_int_equal(weir_bit_get(back->bits, (size_t)at), weir_bit_get(cells->bits, (size_t)row));
        break;
    case WEIR_VECTOR_I64: assert_int_equal(back->i64[at], cells->i64[row]); break;
    case WEIR_VECTOR_F64: assert_true(back->f64[at] == cells->f64[row]); break;
    case WEIR_VECTOR_I128: assert_true(back->i128[at] == cells->i128[row]); break;
    case WEIR_VECTOR_STRING:
        assert_int_equal(back->strings[at].length, cells->strings[row].length);
        assert_memory_equal(back->strings[at].data, cells->strings[row].data, (size_t)back->strings[at].length);
        break;
    }
}

static void keys_of_up_to_forty_columns_of_mixed_width_come_back(void **state) {
    (void)state;
    static struct cell_block cells[COLUMNS];
    for (int round = 0; round < 60; round++) {
        random_state = (uint64_t)round + 1;
        int32_t count = round < 40 ? round + 1 : (int32_t)(1 + random_next() % COLUMNS);
        struct weir_type types[COLUMNS];
        struct weir_key_input inputs[COLUMNS];
        for (int32_t c = 0; c < count; c++) {
            enum weir_type_id id = mixed[random_next() % (sizeof(mixed) / sizeof(mixed[0]))];
            types[c] = id == WEIR_TYPE_DECIMAL ? weir_type_decimal(30, 2) : weir_type_of(id);
            fill(&cells[c], id);
            inputs[c] = input_of(&cells[c], types[c]);
        }
        struct weir_key_table *table = table_of(count, types);
        uint32_t ids[256], again[256];
        map_ok(table, inputs, NULL, 256, ids);
        map_ok(table, inputs, NULL, 256, again);
        assert_memory_equal(ids, again, sizeof(ids));
        for (int32_t c = 0; c < count; c++) {
            struct weir_vector back = values_of(table, c, ids, 256);
            assert_int_equal(back.kind, weir_type_vector(types[c]));
            for (int32_t i = 0; i < 256; i++) expect_cell(&back, &cells[c], i, i);
        }
        weir_key_table_destroy(&table);
        weir_arena_reset(&arena);
    }
}

/* ---- many keys, chosen collisions ---- */

static void a_million_keys_keep_their_ids_and_values(void **state) {
    (void)state;
    enum { KEYS = 1000000 };
    struct weir_type types[2] = {weir_type_of(WEIR_TYPE_BIGINT), weir_type_of(WEIR_TYPE_BIGINT)};
    for (int32_t columns = 1; columns <= 2; columns++) {
        struct weir_key_table *table = table_of(columns, types);
        static int64_t values[WEIR_BLOCK_ROWS];
        static uint32_t ids[WEIR_BLOCK_ROWS];
        for (int turn = 0; turn < 2; turn++) {
            for (int64_t at = 0; at < KEYS; at += WEIR_BLOCK_ROWS) {
                int32_t count = KEYS - at < WEIR_BLOCK_ROWS ? (int32_t)(KEYS - at) : WEIR_BLOCK_ROWS;
                for (int32_t i = 0; i < count; i++) values[i] = (at + i) << 20; /* low bits say nothing */
                struct weir_key_input input = {.vector = {.kind = WEIR_VECTOR_I64, .i64 = values}};
                struct weir_key_input inputs[2] = {input, input};
                map_ok(table, inputs, NULL, count, ids);
                for (int32_t i = 0; i < count; i++) assert_int_equal(ids[i], at + i);
            }
        }
        assert_int_equal(weir_key_table_count(table), KEYS);
        for (int32_t i = 0; i < 100; i++) ids[i] = (uint32_t)i * 9973;
        struct weir_vector back = values_of(table, columns - 1, ids, 100);
        for (int32_t i = 0; i < 100; i++) assert_int_equal(back.i64[i], ((int64_t)i * 9973) << 20);
        assert_true(weir_key_table_bytes(table) >= KEYS * 16);
        weir_key_table_destroy(&table);
        weir_arena_reset(&arena);
    }
}

/* Keys that other engines have merged, and keys with equal low bits under the table's own hash. */
static void colliding_keys_are_never_merged(void **state) {
    (void)state;
    struct weir_type type = weir_type_of(WEIR_TYPE_BIGINT);
    struct weir_key_table *table = table_of(1, &type);
    static int64_t values[WEIR_BLOCK_ROWS];
    static uint32_t ids[WEIR_BLOCK_ROWS];
    int32_t count = 2;
    values[0] = 391;
    values[1] = 32728;
    for (int64_t candidate = 1000; count < 300; candidate++) { /* all in one of 256 home slots */
        if ((weir_hash_u64((uint64_t)candidate, SEED) & 255) == 17) values[count++] = candidate;
    }
    struct weir_key_input input = {.vector = {.kind = WEIR_VECTOR_I64, .i64 = values}};
    map_ok(table, &input, NULL, count, ids);
    for (int32_t i = 0; i < count; i++) assert_int_equal(ids[i], i);
    struct weir_vector back = values_of(table, 0, ids, count);
    for (int32_t i = 0; i < count; i++) assert_int_equal(back.i64[i], values[i]);
    weir_key_table_destroy(&table);
}

/* ---- dictionaries ---- */

struct dictionary {
    struct weir_column words, column;
    int32_t offsets[8];
    char bytes[64];
    uint8_t codes[16];
};

static void set_words(struct dictionary *dictionary, int count, const char *const *words) {
    int32_t used = 0;
    for (int i = 0; i < count; i++) {
        dictionary->offsets[i] = used;
        memcpy(dictionary->bytes + used, words[i], strlen(words[i]));
        used += (int32_t)strlen(words[i]);
    }
    dictionary->offsets[count] = used;
    dictionary->words = (struct weir_column){
        .values = dictionary->bytes, .offsets = dictionary->offsets, .rows = count, .storage = WEIR_STORE_UTF8};
    dictionary->column = (struct weir_column){.values = dictionary->codes,
                                              .dictionary = &dictionary->words,
                                              .rows = 16,
                                              .storage = WEIR_STORE_DICTIONARY,
                                              .codes = WEIR_STORE_U8};
}

static void expect_words(struct weir_key_table *table, struct dictionary *dictionary, const char *const *words) {
    uint32_t ids[3];
    struct weir_key_input input = {.column = &dictionary->column};
    for (int i = 0; i < 3; i++) dictionary->codes[i] = (uint8_t)i;
    assert_int_equal(weir_key_table_bind(table, 0, &dictionary->column, &error), WEIR_OK);
    map_ok(table, &input, NULL, 3, ids);
    struct weir_vector back = values_of(table, 0, ids, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(back.strings[i].length, strlen(words[i]));
        assert_memory_equal(back.strings[i].data, words[i], strlen(words[i]));
    }
}

/* A producer may refill the same buffers: what counts is the content. */
static void a_dictionary_that_changes_behind_the_same_pointers_is_noticed(void **state) {
    (void)state;
    static const char *const first[] = {"ab", "c", "d"}, *const second[] = {"a", "bc", "d"},
                             *const third[] = {"ab", "c", "e"}, *const longer[] = {"ab", "c", "d", "f"};
    struct weir_type type = weir_type_of(WEIR_TYPE_STRING);
    struct weir_key_table *table = table_of(1, &type);
    static struct dictionary dictionary;
    const char *const *turns[] = {first, second, third, first, longer, first};
    for (int i = 0; i < 6; i++) {
        set_words(&dictionary, turns[i] == longer ? 4 : 3, turns[i]);
        expect_words(table, &dictionary, turns[i]);
    }
    assert_int_equal(weir_key_table_count(table), 1 + 6); /* ab c d a bc e, and NULL's */
    weir_key_table_destroy(&table);
}

static void a_dictionary_and_plain_strings_share_their_keys(void **state) {
    (void)state;
    static const char *const words[] = {"x", "y", "z"};
    struct weir_type type = weir_type_of(WEIR_TYPE_STRING);
    struct weir_key_table *table = table_of(1, &type);
    static struct dictionary dictionary;
    set_words(&dictionary, 3, words);
    dictionary.codes[0] = 2;
    dictionary.codes[1] = 200; /* under a NULL: never looked at */
    uint64_t valid = 1;
    dictionary.column.validity = &valid;
    struct weir_key_input coded = {.column = &dictionary.column};
    struct weir_string string = {"z", 1};
    struct weir_key_input plain = {.vector = {.kind = WEIR_VECTOR_STRING, .strings = &string}};
    uint32_t a[2], b[1];
    assert_int_equal(weir_key_table_bind(table, 0, &dictionary.column, &error), WEIR_OK);
    map_ok(table, &coded, NULL, 2, a);
    map_ok(table, &plain, NULL, 1, b);
    assert_int_equal(a[0], b[0]);
    assert_true(a[1] != a[0]);
    struct weir_vector back = values_of(table, 0, a, 2);
    assert_true(is_null(&back, 1));
    weir_key_table_destroy(&table);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(integers_of_every_width_come_back_and_null_is_a_key),
        TEST(all_nans_are_one_key_and_the_zeros_are_two),
        TEST(booleans_have_three_keys),
        TEST(decimals_of_128_bits_come_back),
        TEST(strings_differ_by_every_byte_and_by_length),
        TEST(without_columns_there_is_one_key),
        TEST(only_selected_rows_make_keys),
        TEST(keys_of_up_to_forty_columns_of_mixed_width_come_back),
        TEST(a_million_keys_keep_their_ids_and_values),
        TEST(colliding_keys_are_never_merged),
        TEST(a_dictionary_that_changes_behind_the_same_pointers_is_noticed),
        TEST(a_dictionary_and_plain_strings_share_their_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
