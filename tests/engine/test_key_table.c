/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys: what goes in comes out, of many columns, where a column costs no more for the others beside it, and of
 * dictionaries.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "engine/key_table.h"

#define COLUMNS_MAX 400
#define ROWS 200

/* BIGINT, SMALLINT, STRING, DECIMAL, BOOLEAN, DOUBLE, and again. */
static struct weir_type type_of_column(int32_t column) {
    switch (column % 6) {
    case 0: return weir_type_of(WEIR_TYPE_BIGINT);
    case 1: return weir_type_of(WEIR_TYPE_SMALLINT);
    case 2: return weir_type_of(WEIR_TYPE_STRING);
    case 3: return weir_type_decimal(38, 0);
    case 4: return weir_type_of(WEIR_TYPE_BOOLEAN);
    default: return weir_type_of(WEIR_TYPE_DOUBLE);
    }
}

static int64_t value_of(int32_t column, uint32_t row) { return (int64_t)row * 7 - column; }
static bool is_null(int32_t column, uint32_t row) { return (row + (uint32_t)column) % 5 == 0; }

static void fill(struct weir_arena *arena, int32_t column, struct weir_vector *out) {
    enum weir_vector_kind kind = weir_type_vector(type_of_column(column));
    uint64_t *validity = weir_arena_array(arena, weir_bitmap_words(ROWS) + 1, sizeof(*validity));
    char *values = weir_arena_array(arena, ROWS, 16);
    assert_non_null(validity);
    assert_non_null(values);
    for (uint32_t row = 0; row < ROWS; row++) {
        weir_bit_put(validity, row, !is_null(column, row));
        int64_t value = value_of(column, row);
        switch (kind) {
        case WEIR_VECTOR_BOOL: weir_bit_put((uint64_t *)(void *)values, row, value & 1); break;
        case WEIR_VECTOR_F64: ((double *)(void *)values)[row] = (double)value; break;
        case WEIR_VECTOR_I128: ((weir_i128 *)(void *)values)[row] = (weir_i128)value * ((weir_i128)1 << 70); break;
        case WEIR_VECTOR_STRING: {
            char *text = weir_arena_format(arena, "%lld", (long long)value);
            assert_non_null(text);
            ((struct weir_string *)(void *)values)[row] = (struct weir_string){text, (int64_t)strlen(text)};
            break;
        }
        default: ((int64_t *)(void *)values)[row] = value; break;
        }
    }
    *out = (struct weir_vector){.kind = kind, .validity = validity, .i64 = (const void *)values};
}

static void check_value(const struct weir_vector *vector, int32_t column, uint32_t row) {
    assert_int_equal(weir_bit_get(vector->validity, row), !is_null(column, row));
    if (is_null(column, row)) return;
    int64_t value = value_of(column, row);
    char text[32];
    switch (vector->kind) {
    case WEIR_VECTOR_BOOL: assert_int_equal(weir_bit_get(vector->bits, row), value & 1); break;
    case WEIR_VECTOR_F64: assert_true(vector->f64[row] == (double)value); break;
    case WEIR_VECTOR_I128: assert_true(vector->i128[row] == (weir_i128)value * ((weir_i128)1 << 70)); break;
    case WEIR_VECTOR_STRING:
        snprintf(text, sizeof(text), "%lld", (long long)value);
        assert_int_equal(vector->strings[row].length, strlen(text));
        assert_memory_equal(vector->strings[row].data, text, strlen(text));
        break;
    default: assert_int_equal(vector->i64[row], value); break;
    }
}

/* A table of ROWS keys of `columns` columns. */
static struct weir_key_table *table_of(struct weir_arena *arena, int32_t columns, uint32_t *ids) {
    static struct weir_type types[COLUMNS_MAX];
    static struct weir_key_input inputs[COLUMNS_MAX];
    struct weir_error error;
    for (int32_t i = 0; i < columns; i++) {
        types[i] = type_of_column(i);
        inputs[i] = (struct weir_key_input){.column = NULL};
        fill(arena, i, &inputs[i].vector);
    }
    struct weir_key_table *table = weir_key_table_create(types, columns, 42);
    assert_non_null(table);
    assert_int_equal(weir_key_table_map(table, inputs, NULL, ROWS, ids, &error), WEIR_OK);
    return table;
}

static void keys_of_many_columns_come_back_as_they_went_in(void **state) {
    (void)state;
    static const int32_t counts[] = {1, 2, 3, 5, 6, 17, 70, COLUMNS_MAX};
    for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
        struct weir_arena arena;
        uint32_t ids[ROWS];
        weir_arena_init(&arena, 0);
        struct weir_key_table *table = table_of(&arena, counts[c], ids);
        for (int32_t key = 0; key < counts[c]; key++) {
            struct weir_vector vector;
            struct weir_error error;
            assert_int_equal(weir_key_table_values(table, key, ids, ROWS, &arena, &vector, &error), WEIR_OK);
            for (uint32_t row = 0; row < ROWS; row++) check_value(&vector, key, row);
        }
        weir_key_table_destroy(&table);
        weir_arena_fini(&arena);
    }
}

static size_t bytes_of_first_value(int32_t columns) {
    struct weir_arena arena, values;
    uint32_t ids[ROWS];
    struct weir_vector vector;
    struct weir_error error;
    weir_arena_init(&arena, 0);
    weir_arena_init(&values, 64);
    struct weir_key_table *table = table_of(&arena, columns, ids);
    assert_int_equal(weir_key_table_values(table, 0, ids, ROWS, &values, &vector, &error), WEIR_OK);
    size_t bytes = values.bytes_reserved;
    weir_key_table_destroy(&table);
    weir_arena_fini(&arena);
    weir_arena_fini(&values);
    return bytes;
}

static void reading_one_column_costs_nothing_for_the_others(void **state) {
    (void)state;
    assert_int_equal(bytes_of_first_value(6), bytes_of_first_value(COLUMNS_MAX));
}

/* ---- dictionaries ---- */

enum { CODES = 3000 };

struct words {
    char text[64][8];
    int32_t offsets[65];
    char bytes[64 * 8];
    struct weir_column column;
};

static void make_words(struct words *words, int count, int first, int step) {
    for (int i = 0; i < count; i++) {
        snprintf(words->text[i], sizeof(words->text[i]), "w%d", (first + i * step + 64) % 64);
        memcpy(words->bytes + words->offsets[i], words->text[i], strlen(words->text[i]));
        words->offsets[i + 1] = words->offsets[i] + (int32_t)strlen(words->text[i]);
    }
    words->column = (struct weir_column){
        .values = words->bytes, .offsets = words->offsets, .rows = count, .storage = WEIR_STORE_UTF8};
}

/* Codes of every width, some rows NULL or left out, the block in the middle of the column. */
static void map_codes(struct weir_key_table *table, const struct words *words, enum weir_storage width, bool nulls,
                      bool some) {
    static int64_t codes[CODES];
    static uint64_t validity[CODES / 64 + 1];
    uint32_t rows[1000], ids[1000];
    size_t bytes = weir_storage_bytes(width);
    for (int i = 0; i < CODES; i++) {
        uint64_t code = (uint64_t)(i * 31) % (uint64_t)words->column.rows;
        memcpy((char *)codes + (size_t)i * bytes, &code, bytes); /* little-endian, as Arrow */
        weir_bit_put(validity, (size_t)i, i % 7 != 0);
    }
    struct weir_column column = {.values = codes,
                                 .validity = nulls ? validity : NULL,
                                 .dictionary = &words->column,
                                 .rows = CODES,
                                 .storage = WEIR_STORE_DICTIONARY,
                                 .codes = width};
    struct weir_key_input input = {.column = &column, .first = 1001};
    struct weir_error error;
    for (uint32_t i = 0; i < 1000; i++) rows[i] = some ? i / 2 * 2 : i;
    assert_int_equal(weir_key_table_bind(table, 0, &column, &error), WEIR_OK);
    assert_int_equal(weir_key_table_map(table, &input, some ? rows : NULL, 1000, ids, &error), WEIR_OK);
    const uint32_t *short_way = weir_key_table_codes(table, &input, some ? rows : NULL);
    for (int i = 0; short_way != NULL && i < 1000; i++) assert_int_equal(short_way[i] + 1, ids[i]);
    if (nulls || some || bytes != 4) assert_null(short_way);
    struct weir_arena arena;
    struct weir_vector vector;
    weir_arena_init(&arena, 0);
    assert_int_equal(weir_key_table_values(table, 0, ids, 1000, &arena, &vector, &error), WEIR_OK);
    for (int i = 0; i < 1000; i++) {
        int row = 1001 + (int)rows[i];
        bool valid = !nulls || row % 7 != 0;
        assert_int_equal(vector.validity == NULL || weir_bit_get(vector.validity, (size_t)i), valid);
        const char *wanted = words->text[row * 31 % words->column.rows];
        if (valid) assert_int_equal(vector.strings[i].length, (int64_t)strlen(wanted));
        if (valid) assert_memory_equal(vector.strings[i].data, wanted, strlen(wanted));
    }
    weir_arena_fini(&arena);
}

/* In the order of the first dictionary codes are ids but for a constant; others and later ones are looked up. */
static void codes_of_every_width_mean_their_words(void **state) {
    (void)state;
    static const enum weir_storage widths[] = {WEIR_STORE_I8,  WEIR_STORE_U8,  WEIR_STORE_I16, WEIR_STORE_U16,
                                               WEIR_STORE_I32, WEIR_STORE_U32, WEIR_STORE_I64, WEIR_STORE_U64};
    struct weir_type type = weir_type_of(WEIR_TYPE_STRING);
    for (int turn = 0; turn < 8 * 3; turn++) {
        struct words first = {.offsets = {0}}, second = {.offsets = {0}};
        make_words(&first, turn / 8 == 1 ? 40 : 20, 5, turn / 8 == 1 ? 32 : 1); /* 32: words come again */
        make_words(&second, 33, 60, -3);
        struct weir_key_table *table = weir_key_table_create(&type, 1, 7);
        assert_non_null(table);
        for (int way = 0; way < 8; way++) {
            const struct words *words = turn / 8 == 2 && way % 2 == 1 ? &second : &first;
            map_codes(table, words, widths[turn % 8], way & 1, way & 2);
            map_codes(table, words, widths[turn % 8], way & 2, way & 4);
        }
        weir_key_table_destroy(&table);
    }
}

static void codes_are_ids_only_of_the_dictionary_that_came_first(void **state) {
    (void)state;
    struct weir_type type = weir_type_of(WEIR_TYPE_STRING);
    struct weir_error error;
    struct words first = {.offsets = {0}}, second = {.offsets = {0}};
    make_words(&first, 20, 5, 1);
    make_words(&second, 20, 6, 1);
    static const uint32_t codes[4] = {3, 2, 1, 0};
    struct weir_column column = {
        .values = codes, .rows = 4, .storage = WEIR_STORE_DICTIONARY, .codes = WEIR_STORE_U32};
    struct weir_key_input input = {.column = &column, .first = 2};
    struct weir_key_table *table = weir_key_table_create(&type, 1, 7);
    assert_non_null(table);
    column.dictionary = &first.column;
    assert_int_equal(weir_key_table_bind(table, 0, &column, &error), WEIR_OK);
    assert_ptr_equal(weir_key_table_codes(table, &input, NULL), codes + 2);
    column.dictionary = &second.column;
    assert_int_equal(weir_key_table_bind(table, 0, &column, &error), WEIR_OK);
    assert_null(weir_key_table_codes(table, &input, NULL));
    input.column = NULL;
    assert_null(weir_key_table_codes(table, &input, NULL));
    weir_key_table_destroy(&table);
    struct weir_type number = weir_type_of(WEIR_TYPE_BIGINT);
    table = weir_key_table_create(&number, 1, 7);
    assert_null(weir_key_table_codes(table, &input, NULL));
    weir_key_table_destroy(&table);
}

/* Of a large dictionary codes are ids where rows use most of its entries, and all keys come to this table. */
static void codes_of_many_entries_are_ids_where_they_are_used(void **state) {
    (void)state;
    enum { ENTRIES = 3000, MANY_ROWS = 4000 };
    static const struct {
        uint32_t used;
        int64_t rows;
        bool shared, in_order;
    } turns[] = {{ENTRIES, MANY_ROWS, false, true},
                 {ENTRIES, ENTRIES, false, false}, /* an entry a row: others come with the next batch */
                 {ENTRIES, 2000, false, false},
                 {500, MANY_ROWS, false, false},
                 {ENTRIES, MANY_ROWS, true, false}};
    static char bytes[ENTRIES * 4];
    static int32_t offsets[ENTRIES + 1];
    static uint32_t codes[MANY_ROWS], ids[WEIR_BLOCK_ROWS];
    struct weir_type type = weir_type_of(WEIR_TYPE_STRING);
    struct weir_error error;
    for (int i = 0; i < ENTRIES; i++) {
        char text[16]; /* of any integer */
        snprintf(text, sizeof(text), "%04d", i);
        memcpy(bytes + 4 * i, text, 4);
        offsets[i + 1] = 4 * (i + 1);
    }
    struct weir_column words = {.values = bytes, .offsets = offsets, .rows = ENTRIES, .storage = WEIR_STORE_UTF8};
    for (size_t turn = 0; turn < sizeof(turns) / sizeof(turns[0]); turn++) {
        for (uint32_t i = 0; i < MANY_ROWS; i++) codes[i] = (i * 7919 + 11) % turns[turn].used;
        struct weir_column column = {.values = codes,
                                     .dictionary = &words,
                                     .rows = turns[turn].rows,
                                     .storage = WEIR_STORE_DICTIONARY,
                                     .codes = WEIR_STORE_U32};
        struct weir_key_input input = {.column = &column};
        struct weir_key_table *table = weir_key_table_create(&type, 1, 7);
        assert_non_null(table);
        if (turns[turn].shared) weir_key_table_share(table);
        assert_int_equal(weir_key_table_bind(table, 0, &column, &error), WEIR_OK);
        assert_int_equal(weir_key_table_codes(table, &input, NULL) != NULL, turns[turn].in_order);
        assert_int_equal(weir_key_table_map(table, &input, NULL, (int32_t)column.rows, ids, &error), WEIR_OK);
        for (int64_t i = 0; i < column.rows && turns[turn].in_order; i++) assert_int_equal(ids[i], codes[i] + 1);
        assert_int_equal(weir_key_table_count(table) == ENTRIES + 1,
                         turns[turn].in_order || turn == 1 || turn == 4);
        weir_key_table_destroy(&table);
    }
}

/* A source that adds entries as they come: what is known stays, in its order as long as no other one came. */
static void a_dictionary_that_has_grown_goes_on(void **state) {
    (void)state;
    static const int counts[] = {1, 2, 5, 5, 20, 64, 3, 30};
    struct weir_type type = weir_type_of(WEIR_TYPE_STRING);
    for (int turn = 0; turn < 2; turn++) {
        struct weir_key_table *table = weir_key_table_create(&type, 1, 7);
        assert_non_null(table);
        for (int i = 0; i < 8; i++) {
            struct words words = {.offsets = {0}}, other = {.offsets = {0}};
            make_words(&words, counts[i], 7, 1);
            make_words(&other, 9, 20, 2);
            map_codes(table, &words, WEIR_STORE_U32, false, false);
            if (i < 6) assert_int_equal(weir_key_table_count(table), (turn == 1 && i > 4 ? 64 : counts[i]) + 1);
            map_codes(table, &words, WEIR_STORE_U32, true, true);
            if (turn == 1 && i == 4) map_codes(table, &other, WEIR_STORE_U32, false, false);
        }
        weir_key_table_destroy(&table);
    }
}

static void codes_stay_ids_while_the_dictionary_grows(void **state) {
    (void)state;
    struct weir_type type = weir_type_of(WEIR_TYPE_STRING);
    struct weir_error error;
    static const uint32_t codes[4] = {3, 2, 1, 0};
    struct weir_column column = {
        .values = codes, .rows = 4, .storage = WEIR_STORE_DICTIONARY, .codes = WEIR_STORE_U32};
    struct weir_key_input input = {.column = &column};
    struct weir_key_table *table = weir_key_table_create(&type, 1, 7);
    assert_non_null(table);
    for (int count = 4; count <= 64; count += 20) {
        struct words words = {.offsets = {0}};
        make_words(&words, count, 5, 1);
        column.dictionary = &words.column;
        assert_int_equal(weir_key_table_bind(table, 0, &column, &error), WEIR_OK);
        assert_ptr_equal(weir_key_table_codes(table, &input, NULL), codes);
    }
    weir_key_table_destroy(&table);
}

/* Texts that are only spelled out, an entry for each row: every batch has others, in the same places. */
static void an_entry_for_each_row_is_looked_at_anew(void **state) {
    (void)state;
    enum { ENTRIES = 5000 };
    static uint32_t codes[ENTRIES], ids[WEIR_BLOCK_ROWS];
    static int32_t offsets[ENTRIES + 1];
    static char bytes[ENTRIES * 8];
    struct weir_type type = weir_type_of(WEIR_TYPE_STRING);
    struct weir_error error;
    struct weir_column words = {.values = bytes, .offsets = offsets, .rows = ENTRIES, .storage = WEIR_STORE_UTF8};
    struct weir_column column = {.values = codes,
                                 .dictionary = &words,
                                 .rows = ENTRIES,
                                 .storage = WEIR_STORE_DICTIONARY,
                                 .codes = WEIR_STORE_U32};
    struct weir_key_input input = {.column = &column};
    struct weir_key_table *table = weir_key_table_create(&type, 1, 7);
    assert_non_null(table);
    for (int batch = 0; batch < 3; batch++) {
        for (int i = 0; i < ENTRIES; i++) {
            char text[16];
            codes[i] = (uint32_t)i;
            snprintf(text, sizeof(text), "%08d", i / 2 + batch * 1000);
            memcpy(bytes + 8 * (size_t)i, text, 8);
            offsets[i + 1] = 8 * (i + 1);
        }
        assert_int_equal(weir_key_table_bind(table, 0, &column, &error), WEIR_OK);
        assert_int_equal(weir_key_table_map(table, &input, NULL, 1000, ids, &error), WEIR_OK);
        for (int i = 0; i < 1000; i++) assert_int_equal(ids[i], i / 2 + 1 + batch * 500);
    }
    weir_key_table_destroy(&table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_of_many_columns_come_back_as_they_went_in),
        cmocka_unit_test(reading_one_column_costs_nothing_for_the_others),
        cmocka_unit_test(codes_of_every_width_mean_their_words),
        cmocka_unit_test(a_dictionary_that_has_grown_goes_on),
        cmocka_unit_test(codes_of_many_entries_are_ids_where_they_are_used),
        cmocka_unit_test(codes_stay_ids_while_the_dictionary_grows),
        cmocka_unit_test(an_entry_for_each_row_is_looked_at_anew),
        cmocka_unit_test(codes_are_ids_only_of_the_dictionary_that_came_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
