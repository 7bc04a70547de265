/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/stat.h>

#include "connect/format.h"
#include "table_text.h"

static void expect_open_error(const char *columns, const char *const *pairs, enum weir_status status,
                              const char *part) {
    struct table table;
    table_open(&table, NULL, columns, pairs, 10);
    table_read(&table, NULL, 0);
    assert_int_equal(table.status, status);
    if (!strstr(table.error.message, part)) fail_msg("'%s' is not in: %s", part, table.error.message);
    table_free(&table);
}

static const char *path_option(const char *name) {
    static char options[4][300];
    static int next;
    char *option = options[next++ % 4];
    snprintf(option, sizeof(options[0]), "path=%s", in_folder(name));
    return option;
}

static void a_folder_is_one_table_in_the_order_of_paths(void **state) {
    struct table table;
    mkdir(in_folder("many"), 0700);
    write_text("many/b.csv", "3,c\n");
    write_text("many/a.csv", "1,a\n2,b\n");
    write_text("many/c.csv", "");
    write_text("many/d.csv", "4,d");
    write_text("many/.hidden.csv", "x\n");
    for (int i = 0; i < 3; i++) {
        const char *paths[] = {"many", "many/", "many/[a-z].csv"};
        table_open(&table, paths[i], "n INT, s STRING", OPTIONS("format=csv"), 10);
        assert_int_equal(table.status, WEIR_OK);
        assert_non_null(strstr(table.source.describe(table.source.state), "and 3 more files"));
        table_read(&table, NULL, 0);
        assert_string_equal(table.rows, "1|a\n2|b\n3|c\n4|d\n");
        assert_int_equal(table.progress.bytes_total, 15);
        assert_int_equal(table.progress.bytes_done, 15);
        table_free(&table);
    }
    const int32_t second[] = {1};
    table_open(&table, "many", "n INT, s STRING", OPTIONS("format=csv"), 10);
    table_read(&table, second, 1);
    assert_string_equal(table.rows, "a\nb\nc\nd\n");
    table_free(&table);
}

static void counts_of_all_files_add_up(void **state) {
    struct table table;
    mkdir(in_folder("bad"), 0700);
    write_text("bad/1.csv", "1\nx\n");
    write_text("bad/2.csv", "y\n2\nz\n");
    table_open(&table, "bad", "n INT", OPTIONS("format=csv", "csv.on-error=skip"), 10);
    table_read(&table, NULL, 0);
    assert_string_equal(table.rows, "1\n2\n");
    assert_int_equal(table.progress.rejected, 3);
    table_free(&table);
    expect_open_error("n INT", OPTIONS(path_option("bad"), "format=csv"), WEIR_ERR_FORMAT, "1.csv', line 2");
}

static void paths_may_be_uris_of_files(void **state) {
    struct table table;
    char option[300];
    write_text("one.csv", "1\n");
    snprintf(option, sizeof(option), "path=file://%s", in_folder("one.csv"));
    table_open(&table, NULL, "n INT", OPTIONS(option, "format=csv"), 10);
    table_read(&table, NULL, 0);
    assert_string_equal(table.rows, "1\n");
    table_free(&table);
    expect_open_error("n INT", OPTIONS("path=s3://bucket/x.csv", "format=csv"), WEIR_ERR_UNSUPPORTED,
                      "local files only");
}

static void what_is_not_there_is_named(void **state) {
    mkdir(in_folder("empty"), 0700);
    expect_open_error("n INT", OPTIONS(path_option("missing.csv"), "format=csv"), WEIR_ERR_IO, "missing.csv");
    expect_open_error("n INT", OPTIONS(path_option("empty"), "format=csv"), WEIR_ERR_IO, "empty");
    expect_open_error("n INT", OPTIONS(path_option("none-*.csv"), "format=csv"), WEIR_ERR_IO, "none-*.csv");
    expect_open_error("n INT", OPTIONS("format=csv"), WEIR_ERR_SQL, "needs 'path'");
    expect_open_error("n INT", OPTIONS("path=", "format=csv"), WEIR_ERR_SQL, "needs 'path'");
}

static void options_are_checked(void **state) {
    struct table table;
    write_text("one.csv", "1\n");
    const char *path = path_option("one.csv");
    expect_open_error("n INT", OPTIONS(path, "format=cvs"), WEIR_ERR_UNSUPPORTED, "Did you mean 'csv'?");
    expect_open_error("n INT", OPTIONS(path, "format=csv", "csv.feld-delimiter=;"), WEIR_ERR_SQL,
                      "has no option 'csv.feld-delimiter'; did you mean 'csv.field-delimiter'?");
    expect_open_error("n INT", OPTIONS(path, "format=csv", "parquet.utc-timezone=true"), WEIR_ERR_SQL,
                      "has no option 'parquet.utc-timezone'");
    expect_open_error("n INT", OPTIONS(path, "format=csv", "source.path.regex-pattern=x"), WEIR_ERR_UNSUPPORTED,
                      "'source.path.regex-pattern' is not supported yet");
    table_open(&table, NULL, "n INT", OPTIONS(path, "format=csv", "nonsense=1"), 10);
    assert_int_equal(table.error.line, 3);
    assert_int_equal(table.error.column, 7);
}

static void the_format_is_found_by_name_or_content(void **state) {
    struct table table;
    write_text("data.CSV", "n\n1\n");
    table_open(&table, "data.CSV", NULL, NULL, 10);
    table_read(&table, NULL, 0);
    assert_string_equal(table.types, "n BIGINT");
    table_free(&table);
    write_text("data.bin", "n\n1\n");
    expect_open_error(NULL, OPTIONS(path_option("data.bin")), WEIR_ERR_UNSUPPORTED,
                      "Say it, as 'format' = 'csv' or another");
    write_text("data.csv.gz", "\x1f\x8b");
    expect_open_error(NULL, OPTIONS(path_option("data.csv.gz")), WEIR_ERR_UNSUPPORTED, "decompress");
}

static void sinks_write_a_file_or_a_part_in_a_folder(void **state) {
    struct weir_error error;
    const char *const *csv = OPTIONS("format=csv");
    write_text("in.csv", "1\n2\n");
    mkdir(in_folder("folder"), 0700);
    const char *targets[][2] = {
        {"out.csv", "out.csv"}, {"folder", "folder/part-0.csv"}, {"new/deep/", "new/deep/part-0.csv"}};
    for (int i = 0; i < 3; i++) {
        enum weir_status status = copy_table("in.csv", "n INT", csv, targets[i][0], csv, &error);
        if (status != WEIR_OK) fail_msg("%s", error.message);
        char *written = read_text(targets[i][1]);
        assert_string_equal(written, "1\n2\n");
        free(written);
    }
    assert_int_equal(copy_table("in.csv", "n INT", csv, "out.csv",
                                OPTIONS("format=csv", "sink.rolling-policy.file-size=1"), &error),
                     WEIR_ERR_UNSUPPORTED);
    assert_int_equal(copy_table("in.csv", "n INT", csv, "no/such/folder.csv", csv, &error), WEIR_ERR_IO);
    assert_int_equal(copy_table("in.csv", "n INT", csv, "out.what", NULL, &error), WEIR_ERR_UNSUPPORTED);
    assert_int_equal(copy_table("in.csv", "n INT", csv, "by-name.json", NULL, &error), WEIR_OK);
}

static void columns_are_matched_by_name_and_type(void **state) {
    struct ArrowSchema file, declared;
    struct weir_error error;
    int32_t columns[4];
    make_schema("a INT, b TIMESTAMP(6), c STRING, d DECIMAL(10;2)", &file);
    assert_int_equal(weir_columns_match(NULL, &file, "x", columns, &error), WEIR_OK);
    assert_int_equal(columns[3], 3);
    static const struct {
        const char *columns, *part;
    } cases[] = {{"c STRING, b TIMESTAMP(3)", NULL},
                 {"cc STRING", "'x' has no column 'cc'; did you mean 'c'?"},
                 {"a BIGINT", "column 'a' is declared BIGINT, and is INT in 'x'"},
                 {"d DECIMAL(10;3)", "declared DECIMAL(10, 3), and is DECIMAL(10, 2)"},
                 {"b LTZ(3)", "declared TIMESTAMP_LTZ(3)"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        make_schema(cases[i].columns, &declared);
        enum weir_status status = weir_columns_match(&declared, &file, "x", columns, &error);
        assert_int_equal(status, cases[i].part ? WEIR_ERR_FORMAT : WEIR_OK);
        if (cases[i].part && !strstr(error.message, cases[i].part)) fail_msg("%s", error.message);
        if (!cases[i].part) assert_true(columns[0] == 2 && columns[1] == 1);
        declared.release(&declared);
    }
    file.release(&file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_is_one_table_in_the_order_of_paths),
        cmocka_unit_test(counts_of_all_files_add_up),
        cmocka_unit_test(paths_may_be_uris_of_files),
        cmocka_unit_test(what_is_not_there_is_named),
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(the_format_is_found_by_name_or_content),
        cmocka_unit_test(sinks_write_a_file_or_a_part_in_a_folder),
        cmocka_unit_test(columns_are_matched_by_name_and_type),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
