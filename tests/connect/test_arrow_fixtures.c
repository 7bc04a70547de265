/* SPDX-License-Identifier: Apache-2.0
 *
 * Files that pyarrow wrote.
 */
#include "tests/connect/arrow_files.h"

static const char types_rows[] =
    "true|-128|0|0.5|1.0000000000000001e+300|0:150|1|1|-1|0||a|\x01|NULL|y\n"
    "NULL|NULL|NULL|NULL|0.10000000000000001|NULL|NULL|NULL|NULL|1|NULL|bb||NULL|NULL\n"
    "false|127|-1|-1.25|-0|-1:18446744073709551615|-1|86399999|1700000000000000|2|gr\xC3\xBCn|"
    "NULL|NULL|NULL|x\n";

static void types_are_read(void **state) {
    (void)state;
    expect_rows(ARROW_DATA "types.arrow", (struct read_options){0}, types_rows);
    expect_rows(ARROW_DATA "types.arrow", (struct read_options){.batch_rows = 1, .uring = true}, types_rows);
    expect_rows(ARROW_DATA "types.arrows", (struct read_options){0}, types_rows);
    expect_rows(ARROW_DATA "sliced.arrow", (struct read_options){0}, strchr(types_rows, '\n') + 1);
}

static void the_schema_keeps_the_types(void **state) {
    (void)state;
    static const char *const formats[] = {
        "b", "c", "L", "f", "g", "d:20,2", "tdD", "ttm", "tsu:", "tss:Europe/Zurich", "u", "U", "z", "n", "S"};
    struct weir_source_request request = {.struct_size = sizeof(request), .batch_rows = 60, .threads = 1};
    struct weir_source source;
    struct ArrowSchema schema;
    assert_int_equal(weir_format_arrow()->open_reader(ARROW_DATA "types.arrow", &request, &source, NULL), WEIR_OK);
    assert_int_equal(source.schema(source.state, &schema, NULL), WEIR_OK);
    assert_int_equal(schema.n_children, 15);
    for (size_t i = 0; i < 15; i++) assert_string_equal(schema.children[i]->format, formats[i]);
    assert_string_equal(schema.children[14]->dictionary->format, "u");
    assert_string_equal(schema.children[14]->name, "k");
    assert_true(schema.children[0]->flags & ARROW_FLAG_NULLABLE);
    schema.release(&schema);
    source.close(source.state);
}

static void compressed_files_are_read(void **state) {
    (void)state;
    struct text expected = {0};
    for (int i = 0; i < 200; i++) text_format(&expected, "%d|word %d|%s\n", i, i % 5, i % 2 ? "NULL" : "1.5");
    expect_rows(ARROW_DATA "lz4.arrow", (struct read_options){0}, expected.data);
    expect_rows(ARROW_DATA "zstd.arrows", (struct read_options){.batch_rows = 33}, expected.data);
    text_fini(&expected);
    expected = (struct text){0};
    for (int i = 0; i < 200; i++) text_format(&expected, "word %d\n", i % 5);
    expect_rows(ARROW_DATA "lz4.arrow", (struct read_options){.columns = (const int32_t[]){1}, .count = 1},
                expected.data);
    text_fini(&expected);
}

static void dictionaries_grow_and_are_replaced(void **state) {
    (void)state;
    expect_rows(ARROW_DATA "deltas.arrows", (struct read_options){0}, "a\na\nb\nNULL\nc\na\n");
    expect_rows(ARROW_DATA "deltas.arrow", (struct read_options){0}, "a\na\nb\nNULL\nc\na\n");
    expect_rows(ARROW_DATA "replaced.arrows", (struct read_options){0}, "a\na\nb\nNULL\nz\n");
}

static void nested_columns_do_not_hinder_the_others(void **state) {
    (void)state;
    static const int32_t columns[] = {0, 3, 6, 8}, bad[] = {0, 2};
    struct read_options options = {.columns = columns, .count = 4};
    expect_rows(ARROW_DATA "nested.arrow", options, "1|m|short|3\n2|n|a string that is not inline|4\n");
    expect_rows(ARROW_DATA "nested.arrow", (struct read_options){.columns = columns, .count = 0}, "\n\n");
    options.columns = bad;
    options.count = 2;
    expect_failure(ARROW_DATA "nested.arrow", options, WEIR_ERR_UNSUPPORTED, "column 'struct' has the type struct");
    expect_failure(ARROW_DATA "nested.arrow", (struct read_options){0}, WEIR_ERR_UNSUPPORTED, "column 'list'");
}

static void old_files_are_read_or_refused(void **state) {
    (void)state;
    expect_rows(ARROW_DATA "legacy.arrows", (struct read_options){0}, "1\n2\n3\n");
    expect_rows(ARROW_DATA "empty.arrow", (struct read_options){0}, "");
    expect_failure(ARROW_DATA "v4.arrows", (struct read_options){0}, WEIR_ERR_UNSUPPORTED, "version V4");
}

static void all_are_recognised(void **state) {
    (void)state;
    static const char *const names[] = {"types.arrow",   "types.arrows",    "lz4.arrow",    "zstd.arrows",
                                        "deltas.arrows", "replaced.arrows", "nested.arrow", "legacy.arrows",
                                        "v4.arrows",     "empty.arrow"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        char path[1024];
        size_t bytes;
        snprintf(path, sizeof(path), ARROW_DATA "%s", names[i]);
        uint8_t *data = file_bytes(path, &bytes);
        assert_true(weir_format_arrow()->recognise((const char *)data, 64));
        free(data);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_read),
        cmocka_unit_test(the_schema_keeps_the_types),
        cmocka_unit_test(compressed_files_are_read),
        cmocka_unit_test(dictionaries_grow_and_are_replaced),
        cmocka_unit_test(nested_columns_do_not_hinder_the_others),
        cmocka_unit_test(old_files_are_read_or_refused),
        cmocka_unit_test(all_are_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
