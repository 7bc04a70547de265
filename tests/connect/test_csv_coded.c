/* SPDX-License-Identifier: Apache-2.0
 *
 * Columns of texts with a dictionary, and strips that kernels parse all at once, give what single rows and plain
 * texts give: on random files, at the borders of blocks and batches, with more texts than a dictionary takes.
 */
#include "table_text.h"

#include "connect/text_dictionary.h"
#include "tests/engine/random.h"

#define COLUMNS "a STRING, b DOUBLE, c STRING, d INT"

static size_t below(size_t bound) { return (size_t)random_below((int64_t)bound); }

/* ---- random files -----------------------------------------------------------------------------------------------
 */

struct shape {
    size_t rows, distinct, longest;
    bool quotes, escapes, bad, returns, nulls;
};

static void add_string(struct text *text, const char *data) { text_add(text, data, strlen(data)); }

/* One of `distinct` words, always of the same letters, some longer than a slot of the dictionary. */
static void add_word(struct text *text, const struct shape *shape) {
    static const char *const letters[] = {
        "a", "b", "q", "-", "0", ".", "\xc3\xa9", "\xe2\x82\xac", " ", "\xf0\x9f\x98\x80"};
    uint64_t word = below(shape->distinct) + 1;
    size_t length = (size_t)(word * UINT64_C(0x9E3779B97F4A7C15) >> 40) % (shape->longest + 1);
    for (size_t i = 0; i < length; i++) add_string(text, letters[(word * (2 * i + 1) >> 3 ^ i) % 10]);
    if (length > 4) {
        char number[24];
        snprintf(number, sizeof(number), "%llu", (unsigned long long)word);
        add_string(text, number);
    }
}

static void add_text_field(struct text *text, const struct shape *shape) {
    size_t what = below(40);
    if (shape->quotes && what == 0) {
        add_string(text, "\"");
        add_word(text, shape);
        add_string(text, below(2) ? ",\n\"\"" : "");
        add_word(text, shape);
        add_string(text, "\"");
    } else if (shape->escapes && what == 1) {
        add_string(text, "x\\,\\n");
    } else if (shape->nulls && what < 6) {
        add_string(text, "NULL");
    } else if (shape->bad && what == 7) {
        text_add(text, below(2) ? "\xff" : "z", 1);
    } else {
        add_word(text, shape);
    }
}

static void add_number(struct text *text, const struct shape *shape) {
    static const char *const odd[] = {"",         ".",        "-",     "1e3",
                                      "NaN",      " 7 ",      "+3",    "123456789.125",
                                      "-0.0",     "x",        "1.2.3", "12345678",
                                      "-1234567", ".5",       "5.",    "-.5",
                                      "0",        "--1",      "1-2",   "12345678901234567890",
                                      "99999999", "-999999.9"};
    static const size_t good[] = {7, 8, 11, 12, 13, 14, 15, 16, 20, 21};
    char number[48];
    if (shape->bad && chance(10)) {
        add_string(text, odd[below(sizeof(odd) / sizeof(odd[0]))]);
    } else if (below(10) == 0) {
        add_string(text, odd[good[below(sizeof(good) / sizeof(good[0]))]]);
    } else {
        snprintf(number, sizeof(number), "%.*f", (int)below(4), ((double)below(200000) - 100000) / 100);
        add_string(text, number);
    }
}

static void add_line(struct text *text, const struct shape *shape) {
    char number[24];
    add_text_field(text, shape);
    add_string(text, ",");
    add_number(text, shape);
    add_string(text, ",");
    add_text_field(text, shape);
    snprintf(number, sizeof(number), ",%zu", below(100000));
    add_string(text, shape->bad && below(20) == 0 ? "" : number);
    add_string(text, shape->returns && below(3) == 0 ? "\r\n" : "\n");
}

static void write_file(const char *name, const struct shape *shape) {
    struct text text = {0};
    for (size_t row = 0; row < shape->rows; row++) add_line(&text, shape);
    write_bytes(name, text.data, text.used);
    free(text.data);
}

/* ---- comparing --------------------------------------------------------------------------------------------------
 */

static void read_as(struct table *table, bool coded, const char *name, const char *const *options,
                    int64_t batch_rows, const int32_t *select, size_t count) {
    table_coded = coded;
    table_open(table, name, COLUMNS, options, batch_rows);
    table_read(table, select, count);
    table_coded = false;
}

static void expect_same_table(const struct table *a, const struct table *b) {
    assert_int_equal(a->status, b->status);
    if (a->status != WEIR_OK) {
        assert_string_equal(a->error.message, b->error.message);
        assert_int_equal(a->error.line, b->error.line);
        assert_int_equal(a->error.column, b->error.column);
    }
    assert_string_equal(a->rows, b->rows);
    assert_int_equal(a->progress.rejected, b->progress.rejected);
    assert_int_equal(a->progress.nulled, b->progress.nulled);
}

/* Plain and coded; and whole strips against single rows, which a literal for NULL that no field has asks for. */
static void expect_same_rows(const char *name, const char *on_error, bool nulls, bool escapes, int64_t batch_rows) {
    static const int32_t some[] = {1, 2};
    const char *const literal = nulls ? "csv.null-literal=NULL" : "csv.null-literal=no field is this";
    const char *const *options =
        escapes ? OPTIONS("format=csv", "csv.escape-character=\\", on_error) : OPTIONS("format=csv", on_error);
    const char *const *alone = escapes ? OPTIONS("format=csv", "csv.escape-character=\\", on_error, literal)
                                       : OPTIONS("format=csv", on_error, literal);
    for (int part = 0; part < 2; part++) {
        struct table rows, tables[3];
        read_as(&rows, false, name, alone, batch_rows, part ? some : NULL, 2);
        read_as(&tables[0], true, name, alone, batch_rows, part ? some : NULL, 2);
        read_as(&tables[1], false, name, options, batch_rows, part ? some : NULL, 2);
        read_as(&tables[2], true, name, options, batch_rows, part ? some : NULL, 2);
        expect_same_table(&tables[0], &rows);
        expect_same_table(&tables[2], &tables[1]);
        if (!nulls) expect_same_table(&tables[1], &rows);
        for (int i = 0; i < 3; i++) table_free(&tables[i]);
        table_free(&rows);
    }
}

static void random_files_have_the_same_rows(void **state) {
    static const size_t longests[] = {3, 8, 16, 30, 60};
    static const char *const on_error[] = {"csv.on-error=null", "csv.on-error=skip", "csv.on-error=fail"};
    (void)state;
    for (int round = 0; round < 60; round++) {
        struct shape shape = {.rows = 1 + below(round % 8 == 0 ? 3000 : 200),
                              .distinct = 1 + below(round % 3 == 0 ? 5 : 500),
                              .longest = longests[below(5)],
                              .quotes = below(2),
                              .escapes = below(4) == 0,
                              .bad = below(2),
                              .returns = below(3) == 0,
                              .nulls = below(2)};
        write_file("random.csv", &shape);
        expect_same_rows("random.csv", on_error[below(3)], shape.nulls, shape.escapes, (int64_t)(1 + below(1500)));
    }
}

/* Several blocks and slices, whose borders fall anywhere in a line; no quotes, so that strips are taken whole. */
static void borders_of_blocks_change_nothing(void **state) {
    (void)state;
    struct shape shape = {.rows = 60000, .distinct = 700, .longest = 20};
    write_file("blocks.csv", &shape);
    expect_same_rows("blocks.csv", "csv.on-error=fail", false, false, 65536);
    expect_same_rows("blocks.csv", "csv.on-error=fail", false, false, 777);
}

/* Some are longer than what is carried over from block to block, and some than a slice; the rows are known. */
static void long_records_cross_blocks(void **state) {
    (void)state;
    for (int round = 0; round < 4; round++) {
        struct text text = {0}, want = {0};
        size_t often = round == 3 ? 2 : 50;
        for (int row = 0; text.used < (size_t)2 << 20; row++) {
            char number[16], field[200000];
            size_t length = below(often) == 0 ? below(round == 2 ? sizeof(field) : 9000) : below(40);
            memset(field, 'a' + row % 26, length);
            int digits = snprintf(number, sizeof(number), "%d", row);
            text_add(&text, field, length);
            text_add(&text, ",1.5,x,", 7);
            text_add(&text, number, (size_t)digits);
            add_string(&text, round == 1 ? "\r\n" : "\n");
            text_add(&want, field, length);
            text_add(&want, "|1.5|x|", 7);
            text_add(&want, number, (size_t)digits);
            add_string(&want, "\n");
        }
        write_bytes("long.csv", text.data, round == 0 ? text.used - 1 : text.used); /* a last line without an end */
        for (int coded = 0; coded < 2; coded++) {
            struct table table;
            read_as(&table, coded, "long.csv", OPTIONS("format=csv"), 5000, NULL, 0);
            assert_int_equal(table.status, WEIR_OK);
            assert_int_equal(table.progress.bytes_done, table.progress.bytes_total);
            assert_true(strcmp(table.rows, want.data) == 0);
            table_free(&table);
        }
        free(text.data);
        free(want.data);
    }
}

/* Few texts in the first half, then more than a dictionary takes. */
static void write_growing(const char *name) {
    struct text text = {0};
    for (int row = 0; row < 60000; row++) {
        char line[96];
        int word = row < 30000 ? row % 100 : row - 30000 + row % 3;
        snprintf(line, sizeof(line), "word %d,%d.5,of the number %d,%d\n", word, row % 50, word / 2, row);
        add_string(&text, line);
    }
    write_bytes(name, text.data, text.used);
    free(text.data);
}

static void a_dictionary_that_grows_full_changes_nothing(void **state) {
    (void)state;
    write_growing("growing.csv");
    expect_same_rows("growing.csv", "csv.on-error=fail", false, false, 65536);
    expect_same_rows("growing.csv", "csv.on-error=skip", false, false, 5000);
}

/* ---- what is chosen ---------------------------------------------------------------------------------------------
 */

static void expect_layouts(const char *name, const char *const *options, const char *formats) {
    struct table table;
    struct ArrowSchema schema;
    char got[16] = "";
    table_dictionaries = true;
    table_open(&table, name, COLUMNS, options, 1000);
    table_dictionaries = false;
    assert_int_equal(table.status, WEIR_OK);
    assert_int_equal(table.source.schema(table.source.state, &schema, NULL), WEIR_OK);
    for (int64_t i = 0; i < schema.n_children; i++) strcat(got, schema.children[i]->format);
    assert_string_equal(got, formats);
    schema.release(&schema);
    table.source.close(table.source.state);
}

static void texts_that_repeat_get_a_dictionary(void **state) {
    (void)state;
    struct text text = {0};
    for (int row = 0; row < 50000; row++) {
        char line[96];
        snprintf(line, sizeof(line), "word %d,%d.5,of the number %d,%d\n", row % 100, row % 50, row, row);
        add_string(&text, line);
    }
    write_bytes("mixed.csv", text.data, text.used);
    expect_layouts("mixed.csv", OPTIONS("format=csv"), "Igui");
    write_bytes("small.csv", text.data, 100000);
    expect_layouts("small.csv", OPTIONS("format=csv"), "ugui");
    free(text.data);
}

/* The first file decides for all: the second one's texts do not repeat. */
static void further_files_follow_the_first(void **state) {
    (void)state;
    char command[160];
    snprintf(command, sizeof(command), "mkdir '%s/several'", folder);
    assert_int_equal(system(command), 0);
    struct shape first = {.rows = 60000, .distinct = 50, .longest = 12}, second = first;
    second.distinct = 50000;
    write_file("several/1.csv", &first);
    write_file("several/2.csv", &second);
    struct table plain, coded;
    table_open(&plain, "several", COLUMNS, OPTIONS("format=csv"), 4000);
    table_read(&plain, NULL, 0);
    expect_layouts("several", OPTIONS("format=csv"), "IgIi");
    table_dictionaries = true;
    table_open(&coded, "several", COLUMNS, OPTIONS("format=csv"), 4000);
    table_read(&coded, NULL, 0);
    table_dictionaries = false;
    expect_same_table(&coded, &plain);
    table_free(&plain);
    table_free(&coded);
}

/* ---- the dictionary itself --------------------------------------------------------------------------------------
 */

static uint32_t code_of(struct weir_text_dictionary *dictionary, const char *text, size_t length) {
    char *padded = calloc(1, length + 64);
    assert_non_null(padded);
    memcpy(padded, text, length);
    uint32_t code = weir_text_dictionary_code(dictionary, padded, length);
    free(padded);
    return code;
}

static void codes_count_up_from_nothing(void **state) {
    (void)state;
    struct weir_text_dictionary *dictionary = weir_text_dictionary_create();
    assert_non_null(dictionary);
    assert_int_equal(code_of(dictionary, "b", 1), 0);
    assert_int_equal(code_of(dictionary, "", 0), 1);
    assert_int_equal(code_of(dictionary, "a text of more than thirty-two bytes", 36), 2);
    assert_int_equal(code_of(dictionary, "a text of more than thirty-two bytez", 36), 3);
    assert_int_equal(code_of(dictionary, "\xff", 1), WEIR_TEXT_BAD);
    assert_int_equal(code_of(dictionary, "b\0", 2), WEIR_TEXT_BAD);
    assert_int_equal(code_of(dictionary, "a text of more than thirty-two bytes", 36), 2);
    assert_int_equal(code_of(dictionary, "b", 1), 0);
    assert_int_equal(code_of(dictionary, "", 0), 1);
    assert_int_equal(code_of(dictionary, "c", 1), 4);
    weir_text_dictionary_destroy(&dictionary);
}

static void what_is_exported_stays(void **state) {
    (void)state;
    struct weir_text_dictionary *dictionary = weir_text_dictionary_create();
    struct ArrowArray early, late;
    assert_non_null(dictionary);
    code_of(dictionary, "one", 3);
    code_of(dictionary, "two", 3);
    assert_true(weir_text_dictionary_export(dictionary, &early));
    for (int i = 0; !weir_text_dictionary_is_full(dictionary); i++) {
        char text[32];
        assert_int_equal(code_of(dictionary, text, (size_t)snprintf(text, sizeof(text), "text number %d", i)),
                         i + 2);
    }
    assert_true(weir_text_dictionary_export(dictionary, &late));
    weir_text_dictionary_destroy(&dictionary);
    assert_int_equal(early.length, 2);
    assert_int_equal(late.length, WEIR_TEXT_DICTIONARY_ENTRIES + 1);
    const int32_t *offsets = early.buffers[1], *more = late.buffers[1];
    assert_memory_equal(offsets, more, 3 * sizeof(*offsets));
    assert_memory_equal(early.buffers[2], "onetwo", 6);
    assert_memory_equal(late.buffers[2], "onetwotext number 0text number 1", 32);
    early.release(&early);
    assert_memory_equal((const char *)late.buffers[2] + more[102], "text number 100", 15);
    late.release(&late);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_files_have_the_same_rows),
        cmocka_unit_test(borders_of_blocks_change_nothing),
        cmocka_unit_test(long_records_cross_blocks),
        cmocka_unit_test(a_dictionary_that_grows_full_changes_nothing),
        cmocka_unit_test(texts_that_repeat_get_a_dictionary),
        cmocka_unit_test(further_files_follow_the_first),
        cmocka_unit_test(codes_count_up_from_nothing),
        cmocka_unit_test(what_is_exported_stays),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
