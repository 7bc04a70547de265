/* SPDX-License-Identifier: Apache-2.0
 *
 * Types and their names, Arrow formats in and out, schemas that own themselves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/type.h"

static void release_nothing(struct ArrowSchema *schema) { schema->release = NULL; }

static struct ArrowSchema schema_of(const char *format) {
    return (struct ArrowSchema){
        .format = format, .name = "c", .flags = ARROW_FLAG_NULLABLE, .release = release_nothing};
}

static void assert_name(struct weir_type type, bool with_null, const char *expected) {
    char buffer[WEIR_TYPE_NAME_BYTES];
    assert_string_equal(weir_type_name(type, with_null, buffer, sizeof(buffer)), expected);
}

static void names_are_those_of_flink(void **state) {
    (void)state;
    struct weir_type varchar = weir_type_of(WEIR_TYPE_STRING);
    varchar.length = 3;
    struct weir_type fixed = weir_type_char(4);
    fixed.nullable = false;
    assert_name(weir_type_timestamp(3), false, "TIMESTAMP(3)");
    assert_name(weir_type_decimal(10, 2), true, "DECIMAL(10, 2)");
    assert_name(weir_type_of(WEIR_TYPE_STRING), true, "STRING");
    assert_name(varchar, false, "VARCHAR(3)");
    assert_name(fixed, true, "CHAR(4) NOT NULL");
    assert_name(weir_type_of(WEIR_TYPE_INTERVAL_MS), false, "INTERVAL SECOND(3)");
}

static void a_name_never_leaves_its_buffer(void **state) {
    (void)state;
    char buffer[8];
    memset(buffer, 'x', sizeof(buffer));
    weir_type_name(weir_type_decimal(38, 10), true, buffer, 5);
    assert_string_equal(buffer, "DECI");
    assert_int_equal(buffer[5], 'x');
}

static void ticks_follow_the_precision(void **state) {
    (void)state;
    int64_t expected[] = {1000, 1000, 1000, 1000, 1000000, 1000000, 1000000, 1000000000, 1000000000, 1000000000};
    for (int p = 0; p <= 9; p++) assert_int_equal(weir_type_ticks(weir_type_timestamp(p)), expected[p]);
}

static void equality_ignores_null_and_sees_parameters(void **state) {
    (void)state;
    struct weir_type not_null = weir_type_decimal(10, 2);
    not_null.nullable = false;
    assert_true(weir_type_equal(weir_type_decimal(10, 2), not_null));
    assert_false(weir_type_equal(weir_type_decimal(10, 2), weir_type_decimal(10, 3)));
    assert_false(weir_type_equal(weir_type_timestamp(3), weir_type_timestamp(6)));
    assert_false(weir_type_equal(weir_type_char(3), weir_type_char(4)));
    assert_true(weir_type_equal(weir_type_of(WEIR_TYPE_INT), weir_type_of(WEIR_TYPE_INT)));
}

static void arrow_formats_are_understood(void **state) {
    (void)state;
    static const struct {
        const char *format;
        enum weir_storage storage;
        int64_t ticks;
        const char *name;
    } cases[] = {
        {"b", WEIR_STORE_BOOL, 0, "BOOLEAN"},
        {"c", WEIR_STORE_I8, 0, "TINYINT"},
        {"C", WEIR_STORE_U8, 0, "SMALLINT"},
        {"S", WEIR_STORE_U16, 0, "INT"},
        {"I", WEIR_STORE_U32, 0, "BIGINT"},
        {"L", WEIR_STORE_U64, 0, "DECIMAL(20, 0)"},
        {"f", WEIR_STORE_F32, 0, "FLOAT"},
        {"U", WEIR_STORE_LARGE_UTF8, 0, "STRING"},
        {"z", WEIR_STORE_UTF8, 0, "BYTES"},
        {"d:10,2", WEIR_STORE_I128, 0, "DECIMAL(10, 2)"},
        {"d:38,38,128", WEIR_STORE_I128, 0, "DECIMAL(38, 38)"},
        {"tdD", WEIR_STORE_I32, 0, "DATE"},
        {"tdm", WEIR_STORE_I64, 1000, "DATE"},
        {"tts", WEIR_STORE_I32, 1, "TIME(0)"},
        {"ttu", WEIR_STORE_I64, 1000000, "TIME(3)"},
        {"tss:", WEIR_STORE_I64, 1, "TIMESTAMP(0)"},
        {"tsn:", WEIR_STORE_I64, 1000000000, "TIMESTAMP(9)"},
        {"tsm:Europe/Berlin", WEIR_STORE_I64, 1000, "TIMESTAMP_LTZ(3)"},
        {"tDu", WEIR_STORE_I64, 1000000, "INTERVAL SECOND(3)"},
        {"tiM", WEIR_STORE_I32, 0, "INTERVAL MONTH"},
        {"n", WEIR_STORE_NULL, 0, "NULL"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct weir_layout layout;
        struct ArrowSchema schema = schema_of(cases[i].format);
        assert_int_equal(weir_layout_import(&schema, &layout, NULL), WEIR_OK);
        assert_int_equal(layout.storage, cases[i].storage);
        assert_int_equal(layout.ticks_per_second, cases[i].ticks);
        assert_name(layout.type, true, cases[i].name);
    }
}

static void other_arrow_formats_are_refused_by_name(void **state) {
    (void)state;
    static const char *const formats[] = {"e",    "+l", "+s",      "w:16",       "vu",  "vz",  "d:39,0", "d:10,11",
                                          "d:10", "d:", "d:5,2x",  "tiD",        "tin", "tsm", "tsx:",   "",
                                          "ts",   "t",  "d:10,-1", "d:10,2,256", "i9",  "ttx", "tDs:"};
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        struct weir_layout layout;
        struct weir_error error = {0};
        struct ArrowSchema schema = schema_of(formats[i]);
        assert_int_equal(weir_layout_import(&schema, &layout, &error), WEIR_ERR_UNSUPPORTED);
        assert_non_null(strstr(error.message, "column 'c'"));
        assert_non_null(strstr(error.message, formats[i]));
    }
}

static void dictionaries_of_text_are_understood(void **state) {
    (void)state;
    struct ArrowSchema words = schema_of("U"), numbers = schema_of("l"), schema = schema_of("s");
    struct weir_layout layout;
    schema.dictionary = &words;
    assert_int_equal(weir_layout_import(&schema, &layout, NULL), WEIR_OK);
    assert_int_equal(layout.storage, WEIR_STORE_DICTIONARY);
    assert_int_equal(layout.codes, WEIR_STORE_I16);
    assert_int_equal(layout.words, WEIR_STORE_LARGE_UTF8);
    schema.dictionary = &numbers;
    assert_int_equal(weir_layout_import(&schema, &layout, NULL), WEIR_ERR_UNSUPPORTED);
    schema = schema_of("tdD"); /* codes must be integers */
    schema.dictionary = &words;
    assert_int_equal(weir_layout_import(&schema, &layout, NULL), WEIR_ERR_UNSUPPORTED);
}

static void every_type_comes_back_from_its_format(void **state) {
    (void)state;
    for (int id = WEIR_TYPE_BOOLEAN; id <= WEIR_TYPE_INTERVAL_MONTH; id++) {
        struct weir_type type = weir_type_of((enum weir_type_id)id);
        struct weir_layout layout = weir_layout_of(type), back;
        char buffer[40];
        struct ArrowSchema schema = schema_of(weir_type_arrow_format(type, buffer, sizeof(buffer)));
        assert_true(weir_type_equal(layout.type, type));
        assert_int_equal(weir_layout_import(&schema, &back, NULL), WEIR_OK);
        assert_int_equal(back.storage, layout.storage);
        assert_true(id == WEIR_TYPE_INTERVAL_MS || back.type.id == type.id);
        if (weir_type_is_time(type)) assert_int_equal(layout.ticks_per_second, weir_type_ticks(type));
    }
}

static void an_exported_schema_owns_itself(void **state) {
    (void)state;
    char name[] = "amount";
    const char *names[] = {name, NULL};
    struct weir_type types[] = {weir_type_decimal(10, 2), weir_type_of(WEIR_TYPE_STRING)};
    types[1].nullable = false;
    struct ArrowSchema schema;
    assert_int_equal(weir_schema_export(names, types, 2, &schema, NULL), WEIR_OK);
    name[0] = 'X';
    assert_string_equal(schema.format, "+s");
    assert_int_equal(schema.n_children, 2);
    assert_string_equal(schema.children[0]->name, "amount");
    assert_string_equal(schema.children[0]->format, "d:10,2");
    assert_int_equal(schema.children[0]->flags, ARROW_FLAG_NULLABLE);
    assert_string_equal(schema.children[1]->name, "");
    assert_int_equal(schema.children[1]->flags, 0);
    schema.release(&schema);
    assert_null(schema.release);
}

static void a_child_can_be_moved_out(void **state) {
    (void)state;
    const char *names[] = {"a", "b"};
    struct weir_type types[] = {weir_type_of(WEIR_TYPE_INT), weir_type_of(WEIR_TYPE_INT)};
    struct ArrowSchema schema, child;
    assert_int_equal(weir_schema_export(names, types, 2, &schema, NULL), WEIR_OK);
    child = *schema.children[1];
    schema.children[1]->release = NULL;
    schema.release(&schema);
    assert_string_equal(child.name, "b");
    child.release(&child);
}

static void a_copy_is_deep(void **state) {
    (void)state;
    static const char metadata[] = {2, 0, 0, 0, 1, 0, 0, 0, 'k', 2, 0, 0, 0, 'v', 0, 0, 0, 0, 0, 0, 0, 0, 0};
    struct ArrowSchema words = schema_of("u"), codes = schema_of("i"), root = schema_of("+s"), copy;
    struct ArrowSchema *children[] = {&codes};
    codes.dictionary = &words;
    codes.metadata = metadata;
    root.children = children;
    root.n_children = 1;
    assert_int_equal(weir_schema_copy(&root, &copy, NULL), WEIR_OK);
    assert_ptr_not_equal(copy.children[0]->metadata, metadata);
    assert_memory_equal(copy.children[0]->metadata, metadata, sizeof(metadata) - 1);
    assert_string_equal(copy.children[0]->dictionary->format, "u");
    copy.release(&copy);
}

static void damaged_schemas_are_refused(void **state) {
    (void)state;
    static const char bad[] = {1, 0, 0, 0, (char)0xFF, (char)0xFF, (char)0xFF, (char)0xFF, 0, 0};
    struct ArrowSchema root = schema_of("+s"), child = schema_of("i"), copy;
    struct ArrowSchema *children[] = {&child, NULL};
    root.children = children;
    root.n_children = 1;
    child.metadata = bad;
    assert_int_equal(weir_schema_copy(&root, &copy, NULL), WEIR_ERR_FORMAT);
    child.metadata = NULL;
    root.n_children = 2;
    assert_int_equal(weir_schema_copy(&root, &copy, NULL), WEIR_ERR_INVALID);
    root.n_children = -1;
    assert_int_equal(weir_schema_copy(&root, &copy, NULL), WEIR_ERR_FORMAT);
    root.n_children = 1;
    children[0] = &root; /* a loop */
    assert_int_equal(weir_schema_copy(&root, &copy, NULL), WEIR_ERR_FORMAT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_those_of_flink),
        cmocka_unit_test(a_name_never_leaves_its_buffer),
        cmocka_unit_test(ticks_follow_the_precision),
        cmocka_unit_test(equality_ignores_null_and_sees_parameters),
        cmocka_unit_test(arrow_formats_are_understood),
        cmocka_unit_test(other_arrow_formats_are_refused_by_name),
        cmocka_unit_test(dictionaries_of_text_are_understood),
        cmocka_unit_test(every_type_comes_back_from_its_format),
        cmocka_unit_test(an_exported_schema_owns_itself),
        cmocka_unit_test(a_child_can_be_moved_out),
        cmocka_unit_test(a_copy_is_deep),
        cmocka_unit_test(damaged_schemas_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
