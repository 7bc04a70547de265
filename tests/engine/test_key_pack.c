/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys packed by the values that have been seen: while ranges grow, cells come and go and words no longer suffice,
 * a key keeps its id and comes back as it went in.
 */
#include "engine/key_pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "engine/key_table.h"
#include "random.h"

/* ---- one column ---- */

static void check_code(const struct weir_pack_column *column, int64_t value) {
    uint64_t word = 0;
    struct weir_vector vector = {.kind = WEIR_VECTOR_I64, .i64 = &value}, back;
    assert_true(weir_pack_add(column, &vector, NULL, 1, &word));
    uint32_t row = 0;
    uint64_t again = 0, valid = 1, code = weir_pack_code(column, word);
    assert_true(weir_pack_add(column, &vector, &row, 1, &again));
    assert_true(again == word);
    vector.validity = &valid;
    again = 0;
    assert_true(weir_pack_add(column, &vector, NULL, 1, &again));
    assert_true(again == word);
    assert_true(code > 0 && code <= column->most);
    struct weir_arena arena;
    weir_arena_init(&arena, 0);
    assert_true(weir_pack_values(column, WEIR_VECTOR_I64, &code, 1, &arena, &back));
    assert_true(back.validity == NULL || weir_bit_get(back.validity, 0));
    assert_true(back.i64[0] == value);
    weir_arena_fini(&arena);
}

/* 65 codes, of which the last is NULL's, or none. */
static void codes_are_values_and_nulls(enum weir_vector_kind kind, bool null) {
    enum { CODES = 65 };
    struct weir_pack_column column = weir_pack_column_empty();
    assert_true(weir_pack_widen(&column, 0, 1));
    uint64_t codes[CODES], one = 1 + (uint64_t)-column.least;
    for (uint64_t i = 0; i < CODES; i++) codes[i] = one + i % 2;
    if (null) codes[CODES - 1] = 0;
    struct weir_vector back;
    struct weir_arena arena;
    weir_arena_init(&arena, 0);
    assert_true(weir_pack_values(&column, kind, codes, CODES, &arena, &back));
    assert_int_equal(back.validity != NULL, null);
    for (size_t i = 0; i < CODES; i++) {
        bool valid = back.validity == NULL || weir_bit_get(back.validity, i);
        assert_int_equal(valid, !null || i + 1 < CODES);
        int64_t value = kind == WEIR_VECTOR_BOOL ? weir_bit_get(back.bits, i) : back.i64[i];
        assert_int_equal(value, valid ? i % 2 : 0);
    }
    weir_arena_fini(&arena);
}

static void codes_give_their_values_back(void **state) {
    (void)state;
    codes_are_values_and_nulls(WEIR_VECTOR_I64, false);
    codes_are_values_and_nulls(WEIR_VECTOR_I64, true);
    codes_are_values_and_nulls(WEIR_VECTOR_BOOL, false);
    codes_are_values_and_nulls(WEIR_VECTOR_BOOL, true);
}

static bool has_code(const struct weir_pack_column *column, int64_t value) {
    uint64_t word = 0;
    struct weir_vector vector = {.kind = WEIR_VECTOR_I64, .i64 = &value};
    return weir_pack_add(column, &vector, NULL, 1, &word);
}

static void a_column_has_codes_for_all_that_it_was_widened_for(void **state) {
    (void)state;
    static const int64_t edges[] = {INT64_MIN, INT64_MIN + 1,   INT64_MIN + 100, -5,       -1, 0, 1, 127,
                                    128,       INT64_MAX - 100, INT64_MAX - 1,   INT64_MAX};
    enum { EDGES = sizeof(edges) / sizeof(edges[0]) };
    for (int first = 0; first < EDGES; first++) {
        for (int second = 0; second < EDGES; second++) {
            struct weir_pack_column column = weir_pack_column_empty();
            assert_false(has_code(&column, edges[first]));
            assert_true(weir_pack_widen(&column, edges[first], edges[first]));
            check_code(&column, edges[first]);
            int64_t low = edges[first < second ? first : second], high = edges[first < second ? second : first];
            struct weir_pack_column before = column;
            if (!weir_pack_widen(&column, edges[second], edges[second])) {
                assert_true((uint64_t)high - (uint64_t)low >= UINT64_MAX / 2);
                assert_memory_equal(&before, &column, sizeof(column));
                continue;
            }
            check_code(&column, low);
            check_code(&column, high);
            assert_true(column.bits <= WEIR_PACK_BITS);
            if (column.least > INT64_MIN) assert_false(has_code(&column, column.least - 1));
        }
    }
}

static void values_that_come_nearer_and_nearer_to_a_limit_widen_a_column_a_few_times(void **state) {
    (void)state;
    struct weir_pack_column column = weir_pack_column_empty();
    int widened = 0;
    for (int64_t value = INT64_MAX; value > 0; value -= 1 + (INT64_MAX - value) / 50) {
        if (has_code(&column, value)) continue;
        if (!weir_pack_widen(&column, value, value)) break;
        widened++;
    }
    assert_in_range(widened, 30, 3 * WEIR_PACK_BITS);
}

static void numbers_that_rise_get_room_above_them_alone(void **state) {
    (void)state;
    enum { FIRST = 1000, LAST = 1000000 };
    struct weir_pack_column column = weir_pack_column_empty();
    assert_true(weir_pack_widen(&column, FIRST, FIRST + 99));
    const int64_t least = column.least;
    for (int64_t value = FIRST; value <= LAST; value++) {
        if (!has_code(&column, value)) assert_true(weir_pack_widen(&column, value, value));
    }
    assert_int_equal(column.least, least);
    assert_true(column.most < 2 * (LAST + LAST / 4));
    for (int64_t value = FIRST; value >= -LAST; value--) {
        if (!has_code(&column, value)) assert_true(weir_pack_widen(&column, value, value));
    }
    check_code(&column, LAST);
    check_code(&column, -LAST);
    assert_false(has_code(&column, INT64_C(8) * LAST));
}

/* ---- tables ---- */

enum { COLUMNS_MOST = 6, ROWS = 1500, KEYS_MOST = 60000 };

/* Every key that came, in text, by its id. */
struct known {
    char *text[KEYS_MOST];
    struct weir_key_table *table;
    struct weir_type types[COLUMNS_MOST];
    int32_t columns;
};

struct column {
    uint64_t validity[ROWS / 64 + 1];
    int64_t i64[ROWS]; /* or bits */
    char bytes[ROWS][24];
    struct weir_string strings[ROWS];
    struct weir_key_input input;
};

/* What a column of the stage may hold. */
struct range {
    int64_t low;
    uint64_t span;
};

static void fill(struct column *column, enum weir_type_id type, const struct range *range, bool nulls) {
    enum weir_vector_kind kind = weir_type_vector(weir_type_of(type));
    memset(column, 0, sizeof(*column));
    for (size_t i = 0; i < ROWS; i++) {
        int64_t value = (int64_t)((uint64_t)range->low + random_next() % (range->span + 1));
        weir_bit_put(column->validity, i, random_below(5) != 0);
        if (kind == WEIR_VECTOR_BOOL) {
            weir_bit_put((uint64_t *)column->i64, i, value & 1);
        } else if (kind == WEIR_VECTOR_STRING) {
            int length = snprintf(column->bytes[i], sizeof(column->bytes[i]), "%lld", (long long)value);
            column->strings[i] = (struct weir_string){column->bytes[i], length};
        } else {
            column->i64[i] = type == WEIR_TYPE_INT || type == WEIR_TYPE_DATE ? (int32_t)value : value;
        }
    }
    column->input = (struct weir_key_input){
        .vector = {.kind = kind, .validity = nulls ? column->validity : NULL, .i64 = column->i64}};
    if (kind == WEIR_VECTOR_STRING) column->input.vector.strings = column->strings;
}

static int write_value(char *to, size_t room, const struct weir_vector *vector, size_t row) {
    if (vector->validity != NULL && !weir_bit_get(vector->validity, row)) return snprintf(to, room, "NULL|");
    switch (vector->kind) {
    case WEIR_VECTOR_BOOL: return snprintf(to, room, "%d|", weir_bit_get(vector->bits, row));
    case WEIR_VECTOR_STRING:
        return snprintf(to, room, "%.*s|", (int)vector->strings[row].length, vector->strings[row].data);
    default: return snprintf(to, room, "%lld|", (long long)vector->i64[row]);
    }
}

static char *copy_of(const char *text) {
    char *copy = malloc(strlen(text) + 1);
    assert_non_null(copy);
    return memcpy(copy, text, strlen(text) + 1);
}

static void check_rows(struct known *known, const struct weir_key_input *inputs, const uint32_t *rows,
                       int32_t count, const uint32_t *ids) {
    for (int32_t i = 0; i < count; i++) {
        char text[COLUMNS_MOST * 24];
        int length = 0;
        for (int32_t c = 0; c < known->columns; c++) {
            length += write_value(text + length, sizeof(text) - (size_t)length, &inputs[c].vector,
                                  rows == NULL ? (size_t)i : rows[i]);
        }
        assert_in_range(ids[i], 0, KEYS_MOST - 1);
        if (known->text[ids[i]] == NULL) known->text[ids[i]] = copy_of(text);
        assert_string_equal(known->text[ids[i]], text);
    }
}

/* All keys come back, and no two ids stand for the same. */
static void check_keys(const struct known *known) {
    uint32_t keys = weir_key_table_count(known->table);
    struct weir_arena arena;
    struct weir_error error;
    weir_arena_init(&arena, 0);
    for (uint32_t first = 0; first < keys; first += WEIR_BLOCK_ROWS) {
        struct weir_vector values[COLUMNS_MOST];
        uint32_t ids[WEIR_BLOCK_ROWS];
        int32_t count = keys - first < WEIR_BLOCK_ROWS ? (int32_t)(keys - first) : WEIR_BLOCK_ROWS;
        for (int32_t i = 0; i < count; i++) ids[i] = first + (uint32_t)i;
        weir_arena_reset(&arena);
        for (int32_t c = 0; c < known->columns; c++)
            assert_int_equal(weir_key_table_values(known->table, c, ids, count, &arena, &values[c], &error),
                             WEIR_OK);
        for (int32_t i = 0; i < count; i++) {
            char text[COLUMNS_MOST * 24];
            int length = 0;
            for (int32_t c = 0; c < known->columns; c++)
                length += write_value(text + length, sizeof(text) - (size_t)length, &values[c], (size_t)i);
            assert_non_null(known->text[ids[i]]);
            assert_string_equal(text, known->text[ids[i]]);
        }
    }
    weir_arena_fini(&arena);
}

static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void close_known(struct known *known) {
    uint32_t keys = weir_key_table_count(known->table);
    qsort(known->text, keys, sizeof(*known->text), by_text);
    for (uint32_t i = 1; i < keys; i++) assert_true(strcmp(known->text[i - 1], known->text[i]) != 0);
    for (uint32_t i = 0; i < keys; i++) free(known->text[i]);
    weir_key_table_destroy(&known->table);
    free(known);
}

/* By the words themselves, as slices are made dense: cells would not know the new ones. */
static void map_by_words(struct known *known, const struct weir_key_input *inputs, const uint32_t *rows,
                         int32_t count, uint32_t *ids) {
    struct weir_key_block block;
    struct weir_error error;
    uint64_t words[ROWS], nulls[ROWS / 64 + 1];
    weir_key_table_words(known->table, inputs, rows, count, &block);
    memcpy(words, block.words, (size_t)count * sizeof(*words));
    if (block.nulls != NULL) memcpy(nulls, block.nulls, weir_bitmap_words((size_t)count) * sizeof(*nulls));
    struct weir_key_block own = {words, block.nulls == NULL ? NULL : nulls};
    assert_int_equal(weir_key_table_map_words(known->table, &own, count, ids, &error), WEIR_OK);
}

static void push(struct known *known, const struct range *ranges) {
    static struct column columns[COLUMNS_MOST];
    struct weir_key_input inputs[COLUMNS_MOST];
    uint32_t rows[ROWS], ids[ROWS];
    struct weir_error error;
    bool nulls = random_below(2) == 0, some = random_below(2) == 0;
    int32_t count = ROWS;
    for (int32_t c = 0; c < known->columns; c++) {
        fill(&columns[c], known->types[c].id, &ranges[c], nulls);
        inputs[c] = columns[c].input;
    }
    if (some) {
        count = 0;
        for (uint32_t i = 0; i < ROWS; i++) {
            if (random_below(3) != 0) rows[count++] = i;
        }
    }
    const uint32_t *selected = some ? rows : NULL;
    if (weir_key_table_has_words(known->table) && random_below(4) == 0) {
        map_by_words(known, inputs, selected, count, ids);
    } else {
        assert_int_equal(weir_key_table_map(known->table, inputs, selected, count, ids, &error), WEIR_OK);
    }
    check_rows(known, inputs, selected, count, ids);
}

static struct known *known_of(const enum weir_type_id *types, int32_t columns) {
    struct known *known = calloc(1, sizeof(*known));
    assert_non_null(known);
    known->columns = columns;
    for (int32_t c = 0; c < columns; c++) known->types[c] = weir_type_of(types[c]);
    known->table = weir_key_table_create(known->types, columns, 11);
    assert_non_null(known->table);
    return known;
}

/* Of one column and of several, which fit a word by their types, when packed, or not at all in the end. */
static const struct {
    int32_t columns;
    enum weir_type_id types[COLUMNS_MOST];
} tables[] = {
    {1, {WEIR_TYPE_BIGINT}},
    {1, {WEIR_TYPE_INT}},
    {1, {WEIR_TYPE_BOOLEAN}},
    {2, {WEIR_TYPE_STRING, WEIR_TYPE_STRING}},
    {2, {WEIR_TYPE_INT, WEIR_TYPE_BOOLEAN}},
    {2, {WEIR_TYPE_BIGINT, WEIR_TYPE_TIMESTAMP}},
    {3, {WEIR_TYPE_INT, WEIR_TYPE_INT, WEIR_TYPE_INT}},
    {6, {WEIR_TYPE_STRING, WEIR_TYPE_INT, WEIR_TYPE_BOOLEAN, WEIR_TYPE_STRING, WEIR_TYPE_BIGINT, WEIR_TYPE_DATE}},
};

/* The values of each stage lie in wider and wider ranges, and those of earlier stages come again. */
static void keys_keep_their_ids_while_their_ranges_grow(void **state) {
    (void)state;
    static const uint64_t spans[] = {0, 1, 3, 20, 500, 70000, UINT32_MAX, UINT64_C(1) << 60, UINT64_MAX - 1};
    enum { SPANS = sizeof(spans) / sizeof(spans[0]) };
    random_state = 5;
    for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
        for (size_t most = 3; most <= SPANS; most++) {
            struct known *known = known_of(tables[t].types, tables[t].columns);
            for (size_t push_idx = 0; push_idx < most + 4; push_idx++) {
                struct range ranges[COLUMNS_MOST];
                size_t stage = push_idx < most ? push_idx : (size_t)random_below((int64_t)most);
                for (int32_t c = 0; c < known->columns; c++) {
                    uint64_t span = spans[random_below(3) == 0 ? (size_t)random_below((int64_t)stage + 1) : stage];
                    int64_t low = span > INT64_MAX ? INT64_MIN + 1 : c % 2 == 0 ? 1000 : -3 - (int64_t)(span / 2);
                    ranges[c] = (struct range){low, span};
                }
                push(known, ranges);
            }
            check_keys(known);
            close_known(known);
        }
    }
}

/* As many keys as there are values: cells are worth more memory then; and as many as rows. */
static void many_keys_keep_their_ids(void **state) {
    (void)state;
    random_state = 9;
    for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
        for (uint64_t span = 300; span <= 100000; span *= 300) {
            struct known *known = known_of(tables[t].types, tables[t].columns);
            for (int i = 0; i < 30; i++) {
                struct range ranges[COLUMNS_MOST];
                for (int32_t c = 0; c < known->columns; c++)
                    ranges[c] = (struct range){c == 0 ? i * 1000 : 7, c == 0 ? span : span / 300};
                push(known, ranges);
            }
            check_keys(known);
            close_known(known);
        }
    }
}

/* What stands for NULL in the list of keys is the word of 0, which is a key of its own when it comes. */
static void zero_is_not_null_when_keys_are_hashed_late(void **state) {
    (void)state;
    for (int32_t nulls_first = 0; nulls_first < 2; nulls_first++) {
        const enum weir_type_id bigint = WEIR_TYPE_BIGINT;
        struct known *known = known_of(&bigint, 1);
        struct weir_error error;
        int64_t values[3] = {5, 6, 7}, zero = 0;
        uint64_t validity = nulls_first ? 6 : 3;
        struct weir_key_input some = {.vector = {.kind = WEIR_VECTOR_I64, .validity = &validity, .i64 = values}};
        struct weir_key_input none = {.vector = {.kind = WEIR_VECTOR_I64, .i64 = &zero}};
        uint32_t ids[3], id;
        assert_int_equal(weir_key_table_map(known->table, &some, NULL, 3, ids, &error), WEIR_OK);
        check_rows(known, &some, NULL, 3, ids);
        map_by_words(known, &none, NULL, 1, &id);
        check_rows(known, &none, NULL, 1, &id);
        check_keys(known);
        close_known(known);
    }
}

static void map_pairs(struct weir_key_table *table, int64_t first, int64_t step, uint32_t *ids) {
    static int64_t a[ROWS], b[ROWS];
    struct weir_error error;
    for (int32_t i = 0; i < ROWS; i++) {
        a[i] = (int64_t)((uint64_t)first + (uint64_t)i * (uint64_t)step);
        b[i] = 10 + (a[i] ^ a[i] >> 3) % 5;
    }
    struct weir_key_input inputs[2] = {{.vector = {.kind = WEIR_VECTOR_I64, .i64 = a}},
                                       {.vector = {.kind = WEIR_VECTOR_I64, .i64 = b}}};
    assert_int_equal(weir_key_table_map(table, inputs, NULL, ROWS, ids, &error), WEIR_OK);
}

/* A column that rises and one that follows from it: one key in eight to twenty words. */
static void keys_that_rise_keep_their_cells(void **state) {
    (void)state;
    static const enum weir_type_id types[] = {WEIR_TYPE_BIGINT, WEIR_TYPE_BIGINT};
    struct known *known = known_of(types, 2);
    uint32_t ids[ROWS];
    for (int64_t block = 0; block < 40; block++) {
        map_pairs(known->table, 1000 + block * ROWS, 1, ids);
        for (uint32_t i = 0; i < ROWS; i++) assert_int_equal(ids[i], block * ROWS + i);
        assert_true(weir_key_table_most(known->table) <= UINT64_C(32) * 41 * ROWS);
    }
    map_pairs(known->table, 1000, 1, ids);
    for (uint32_t i = 0; i < ROWS; i++) assert_int_equal(ids[i], i);
    map_pairs(known->table, INT64_MIN, INT64_MAX / ROWS, ids);
    assert_true(weir_key_table_most(known->table) == UINT64_MAX);
    weir_key_table_destroy(&known->table);
    free(known);
}

/* ---- dictionaries ---- */

enum { WORDS = 40 };

struct words {
    int32_t offsets[WORDS + 1];
    char bytes[WORDS * 8];
    struct weir_column words, column;
    uint64_t codes[ROWS], validity[ROWS / 64 + 1];
};

/* Words w<first>, w<first + step>, ...; codes of that width; the same as strings for comparison. */
static void make_words(struct words *out, int first, int step, enum weir_storage width, bool nulls,
                       struct column *plain) {
    memset(out, 0, sizeof(*out));
    for (int i = 0; i < WORDS; i++) {
        int length = snprintf(out->bytes + out->offsets[i], 8, "w%d", (first + i * step) % 97);
        out->offsets[i + 1] = out->offsets[i] + length;
    }
    for (size_t row = 0; row < ROWS; row++) {
        uint64_t code = (uint64_t)random_below(WORDS);
        memcpy((char *)out->codes + row * weir_storage_bytes(width), &code, weir_storage_bytes(width));
        weir_bit_put(out->validity, row, !nulls || random_below(4) != 0);
        int32_t from = out->offsets[code];
        plain->strings[row] = (struct weir_string){out->bytes + from, out->offsets[code + 1] - from};
    }
    out->words = (struct weir_column){
        .values = out->bytes, .offsets = out->offsets, .rows = WORDS, .storage = WEIR_STORE_UTF8};
    out->column = (struct weir_column){.values = out->codes,
                                       .validity = nulls ? out->validity : NULL,
                                       .dictionary = &out->words,
                                       .rows = ROWS,
                                       .storage = WEIR_STORE_DICTIONARY,
                                       .codes = width};
    plain->input = (struct weir_key_input){.vector = {.kind = WEIR_VECTOR_STRING,
                                                      .validity = nulls ? out->validity : NULL,
                                                      .strings = plain->strings}};
}

/* The dictionary that came first and others, in turns; all rows and some. */
static void dictionaries_are_packed_by_their_words(void **state) {
    (void)state;
    static struct words words[2];
    static struct column plain[3];
    static const enum weir_storage widths[] = {WEIR_STORE_U32, WEIR_STORE_U8, WEIR_STORE_I16, WEIR_STORE_I64};
    static const enum weir_type_id types[] = {WEIR_TYPE_STRING, WEIR_TYPE_STRING, WEIR_TYPE_INT};
    random_state = 3;
    for (int32_t columns = 2; columns <= 3; columns++) {
        struct known *known = known_of(types, columns);
        for (int turn = 0; turn < 40; turn++) {
            struct weir_key_input inputs[3], shown[3];
            uint32_t rows[ROWS], ids[ROWS];
            struct weir_error error;
            bool some = turn / 3 % 2 == 1;
            int32_t count = 0;
            for (int32_t c = 0; c < 2; c++) {
                make_words(&words[c], turn % 5 == 4 ? 13 : 0, turn % 5 == 4 ? 3 : 1, widths[turn / 6 % 4],
                           turn % 7 == 6, &plain[c]);
                inputs[c] = (struct weir_key_input){.column = &words[c].column};
                shown[c] = plain[c].input;
                assert_int_equal(weir_key_table_bind(known->table, c, &words[c].column, &error), WEIR_OK);
            }
            fill(&plain[2], WEIR_TYPE_INT, &(struct range){0, 3}, false);
            inputs[2] = shown[2] = plain[2].input;
            for (uint32_t i = 0; i < ROWS; i++) {
                if (!some || i % 3 != 1) rows[count++] = i;
            }
            const uint32_t *selected = some ? rows : NULL;
            assert_int_equal(weir_key_table_map(known->table, inputs, selected, count, ids, &error), WEIR_OK);
            check_rows(known, shown, selected, count, ids);
        }
        check_keys(known);
        close_known(known);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_give_their_values_back),
        cmocka_unit_test(a_column_has_codes_for_all_that_it_was_widened_for),
        cmocka_unit_test(values_that_come_nearer_and_nearer_to_a_limit_widen_a_column_a_few_times),
        cmocka_unit_test(numbers_that_rise_get_room_above_them_alone),
        cmocka_unit_test(keys_that_rise_keep_their_cells),
        cmocka_unit_test(keys_keep_their_ids_while_their_ranges_grow),
        cmocka_unit_test(many_keys_keep_their_ids),
        cmocka_unit_test(zero_is_not_null_when_keys_are_hashed_late),
        cmocka_unit_test(dictionaries_are_packed_by_their_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
