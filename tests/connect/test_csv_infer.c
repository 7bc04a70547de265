/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables that nobody declared: names, types, NULLs.
 */
#include "table_text.h"

static void expect_guess(const char *file, const char *const *pairs, const char *types, const char *rows) {
    struct table table;
    write_text("guess.csv", file);
    table_open(&table, "guess.csv", NULL, pairs, 1000);
    table_read(&table, NULL, 0);
    if (table.status != WEIR_OK) fail_msg("%s", table.error.message);
    assert_string_equal(table.types, types);
    assert_string_equal(table.rows, rows);
    table_free(&table);
}

static void expect_guess_error(const char *file, const char *part) {
    struct table table;
    write_text("guess.csv", file);
    table_open(&table, "guess.csv", NULL, NULL, 1000);
    table_read(&table, NULL, 0);
    assert_int_equal(table.status, WEIR_ERR_FORMAT);
    if (!strstr(table.error.message, part)) fail_msg("'%s' is not in: %s", part, table.error.message);
    table_free(&table);
}

static void a_header_stands_above_typed_columns(void **state) {
    expect_guess("id, name ,x\n1,a,1.5\n2,b,2\n", NULL, "id BIGINT, name STRING, x DOUBLE", "1|a|1.5\n2|b|2.0\n");
    expect_guess("1,a\n2,b\n", NULL, "f0 BIGINT, f1 STRING", "1|a\n2|b\n");
    expect_guess("a,b\nc,d\n", NULL, "f0 STRING, f1 STRING", "a|b\nc|d\n"); /* nothing tells them apart */
    expect_guess("a,b\nc,d\n", OPTIONS("csv.header=true"), "a STRING, b STRING", "c|d\n");
    expect_guess("id,n\n1,2\n", OPTIONS("csv.header=false"), "f0 STRING, f1 STRING", "id|n\n1|2\n");
    expect_guess("a,,a,a_2\n1,2,3,4\n", OPTIONS("csv.header=true"), "a BIGINT, f1 BIGINT, a_2 BIGINT, a_2_2 BIGINT",
                 "1|2|3|4\n");
    expect_guess("only\n", NULL, "f0 STRING", "only\n");
}

static void years_may_name_columns(void **state) {
    expect_guess("id,2020,2021\n1,5,6\n", NULL, "id BIGINT, 2020 BIGINT, 2021 BIGINT", "1|5|6\n");
    expect_guess("n/a,7,8\n1,5,6\n", NULL, "f0 STRING, f1 BIGINT, f2 BIGINT", "n/a|7|8\n1|5|6\n");
    expect_guess("DE,2020\nFR,2021\n", NULL, "f0 STRING, f1 BIGINT", "DE|2020\nFR|2021\n");
}

/* As ISO 8601 has them. */
static void times_with_an_offset_are_instants(void **state) {
    expect_guess("t,v\n2026-01-01T00:00:00+01:00,1\n2026-01-01 00:00:00.5Z,2\n2025-12-31T19:00-0530,3\n"
                 "2026-01-01T00:00:00+02,4\n",
                 NULL, "t TIMESTAMP_LTZ(3), v BIGINT",
                 "2025-12-31 23:00:00Z|1\n2026-01-01 00:00:00.500Z|2\n2026-01-01 00:30:00Z|3\n"
                 "2025-12-31 22:00:00Z|4\n");
    expect_guess("t\n2026-01-01T00:00:00+1\n", NULL, "f0 STRING", "t\n2026-01-01T00:00:00+1\n");
    expect_guess("t\n2026-01-01T00:00:00+19:00\n", NULL, "f0 STRING", "t\n2026-01-01T00:00:00+19:00\n");
}

static void times_may_end_at_minutes(void **state) {
    expect_guess("t,h\n2026-01-01 10:20,10:20\n2026-01-01T10:21:30,10:21:30\n", NULL, "t TIMESTAMP(3), h STRING",
                 "2026-01-01 10:20:00|10:20\n2026-01-01 10:21:30|10:21:30\n");
}

static void clock_times_are_no_names(void **state) {
    expect_guess("start,city\n10:20,berlin\n61:30,bonn\n", OPTIONS("csv.header=true"), "start STRING, city STRING",
                 "10:20|berlin\n61:30|bonn\n");
    expect_guess("start,city\n10:20,berlin\n", NULL, "start STRING, city STRING", "10:20|berlin\n");
    expect_guess("10:20,berlin\n10:30,bonn\n", NULL, "f0 STRING, f1 STRING", "10:20|berlin\n10:30|bonn\n");
}

static void other_delimiters_are_seen(void **state) {
    expect_guess("ts;v\n1;1,5\n2;2\n", NULL, "ts BIGINT, v STRING", "1|1,5\n2|2\n");
    expect_guess("a\tb\n1\t2\n", NULL, "a BIGINT, b BIGINT", "1|2\n");
    expect_guess("a|b\n1|2\n\n", NULL, "a BIGINT, b BIGINT", "1|2\n");
    expect_guess("a;b\nc\n", NULL, "f0 STRING", "a;b\nc\n"); /* they do not agree */
    expect_guess("a;b,c\n1;2,3\n", NULL, "a;b STRING, c BIGINT", "1;2|3\n");
    expect_guess("a;b\n1;2\n", OPTIONS("csv.field-delimiter=,"), "f0 STRING", "a;b\n1;2\n");
}

static void blank_lines_are_no_rows(void **state) {
    expect_guess("\nk,v\n\na,1\n \r\n\nb,2\n\n", NULL, "k STRING, v BIGINT", "a|1\nb|2\n");
    expect_guess("a,\"1\"\n\n", NULL, "f0 STRING, f1 BIGINT", "a|1\n");
    expect_guess("n\n1\n\n2\n", NULL, "n BIGINT", "1\n<null>\n2\n"); /* of one column it is a row */
}

static void types(void **state) {
    expect_guess("b,d,t,u,n,z,k,e,s\n"
                 "true,2024-01-31,2024-01-31 10:20:30.456,2024-01-31T10:20:30.123456,2024-01-31 10:20:30.1234567,"
                 "2024-01-31T10:20:30Z,00123,1e3,NaN\n"
                 "FALSE,2024-02-01,2024-02-01 00:00:00,2024-02-01 00:00:00,2024-02-01 00:00:00,"
                 "2024-02-01 00:00:00.5Z,99,-7,1\n",
                 NULL,
                 "b BOOLEAN, d DATE, t TIMESTAMP(3), u TIMESTAMP(6), n TIMESTAMP(9), z TIMESTAMP_LTZ(3), k STRING, "
                 "e DOUBLE, s DOUBLE",
                 "true|2024-01-31|2024-01-31 10:20:30.456|2024-01-31 10:20:30.123456|2024-01-31 10:20:30.123456700|"
                 "2024-01-31 10:20:30Z|00123|1000.0|NaN\n"
                 "false|2024-02-01|2024-02-01 00:00:00|2024-02-01 00:00:00|2024-02-01 00:00:00|"
                 "2024-02-01 00:00:00.500Z|99|-7.0|1.0\n");
    expect_guess("1,99999999999999999999\n2.5,1\n", NULL, "f0 DOUBLE, f1 STRING",
                 "1.0|99999999999999999999\n2.5|1\n");
    expect_guess("1,2024-01-31\nx,2024-01-31 00:00:00\n", NULL, "f0 STRING, f1 STRING",
                 "1|2024-01-31\nx|2024-01-31 00:00:00\n");
    expect_guess("1f\n2d\n", NULL, "f0 STRING", "1f\n2d\n");
}

static void empty_is_null_and_quoted_empty_is_text(void **state) {
    expect_guess("n,s,e\n1,a,\n,,\n3,\"\",\"\"\n", NULL, "n BIGINT, s STRING, e STRING",
                 "1|a|<null>\n<null>|<null>|<null>\n3||\n");
    expect_guess("n,s\n1,a\nNA,NA\n", OPTIONS("csv.null-literal=NA"), "n BIGINT, s STRING", "1|a\n<null>|<null>\n");
}

static void quoted_numbers_are_numbers(void **state) {
    expect_guess("\"n\",\"s\"\n\"1\",\"a,b\"\n", NULL, "n BIGINT, s STRING", "1|a,b\n");
}

static void tsv_has_tabs(void **state) {
    struct table table;
    write_text("x.tsv", "n\ts\n1\ta,b\n");
    table_open(&table, "x.tsv", NULL, NULL, 10);
    table_read(&table, NULL, 0);
    assert_string_equal(table.rows, "1|a,b\n");
    table_free(&table);
}

/* The guess looks at one MiB; what contradicts it later is an error that says so. */
static void a_later_misfit_says_how_to_declare(void **state) {
    struct text file = {0};
    struct table table;
    text_add(&file, "n,b\n", 4);
    while (file.used < 1500000) text_add(&file, "1234567,true\n", 13);
    text_add(&file, "12x,true\n", 9);
    write_bytes("late.csv", file.data, file.used);
    table_open(&table, "late.csv", NULL, NULL, 65536);
    table_read(&table, NULL, 0);
    assert_int_equal(table.status, WEIR_ERR_FORMAT);
    assert_non_null(strstr(table.error.message, "column 'n': '12x' is no BIGINT"));
    assert_non_null(strstr(table.error.message, "declare the columns"));
    table_free(&table);
    memcpy(file.data + file.used - 9, "1,yes\n   ", 9); /* not FALSE, as it were in a declared table */
    write_bytes("late.csv", file.data, file.used - 3);
    table_open(&table, "late.csv", NULL, NULL, 65536);
    table_read(&table, NULL, 0);
    assert_non_null(strstr(table.error.message, "column 'b': 'yes' is no BOOLEAN"));
    table_free(&table);
    table_open(&table, "late.csv", NULL, OPTIONS("csv.on-error=null"), 65536);
    table_read(&table, NULL, 0);
    assert_int_equal(table.status, WEIR_OK);
    assert_int_equal(table.progress.nulled, 1);
    table_free(&table);
    free(file.data);
}

static void files_that_say_nothing(void **state) {
    expect_guess_error("", "is empty");
    expect_guess_error("\xEF\xBB\xBF", "is empty");
    expect_guess_error("a,b\n1,2\n3\n", "1 field where 2 are expected");
    expect_guess_error("a,\"b\n1,2\n", "never closed");
}

static void further_files_follow_the_first(void **state) {
    struct table table;
    char path[300];
    snprintf(path, sizeof(path), "path=%s", in_folder("part*.csv"));
    write_text("part1.csv", "n,s\n1,a\n");
    write_text("part2.csv", "n,s\n2,\n"); /* alone it would be taken for a STRING of NULLs */
    write_text("part4.csv", "");
    write_text("part3.csv", "3,c\n");
    table_open(&table, NULL, NULL, OPTIONS(path), 10);
    table_read(&table, NULL, 0);
    assert_string_equal(table.rows, "1|a\n2|<null>\n3|c\n");
    table_free(&table);
    write_text("part2.csv", "n,s\n2.5,b\n");
    table_open(&table, NULL, NULL, OPTIONS(path), 10);
    table_read(&table, NULL, 0);
    assert_int_equal(table.status, WEIR_ERR_FORMAT);
    assert_non_null(strstr(table.error.message, "part2.csv', line 2"));
    table_free(&table);
    write_text("part2.csv", "s,n\nb,2\n");
    table_open(&table, NULL, NULL, OPTIONS(path), 10);
    table_read(&table, NULL, 0);
    assert_non_null(strstr(table.error.message, "the header has 'n' as column 2, the table as column 1"));
    table_free(&table);
    write_text("part2.csv", "n\n2\n");
    table_open(&table, NULL, NULL, OPTIONS(path), 10);
    table_read(&table, NULL, 0);
    assert_non_null(
        strstr(table.error.message, "part2.csv', line 1, column 1: the header has 1 field, the table 2"));
    table_free(&table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_stands_above_typed_columns),
        cmocka_unit_test(years_may_name_columns),
        cmocka_unit_test(times_with_an_offset_are_instants),
        cmocka_unit_test(times_may_end_at_minutes),
        cmocka_unit_test(clock_times_are_no_names),
        cmocka_unit_test(other_delimiters_are_seen),
        cmocka_unit_test(blank_lines_are_no_rows),
        cmocka_unit_test(types),
        cmocka_unit_test(empty_is_null_and_quoted_empty_is_text),
        cmocka_unit_test(quoted_numbers_are_numbers),
        cmocka_unit_test(tsv_has_tabs),
        cmocka_unit_test(a_later_misfit_says_how_to_declare),
        cmocka_unit_test(files_that_say_nothing),
        cmocka_unit_test(further_files_follow_the_first),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
