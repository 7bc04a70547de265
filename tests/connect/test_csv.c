/* SPDX-License-Identifier: Apache-2.0
 *
 * What fields and lines mean: each case here was seen in Flink 2.3.0, unless it is about weir's own options.
 */
#include "table_text.h"

#define NULLS OPTIONS("format=csv", "csv.ignore-parse-errors=true")
#define CSV OPTIONS("format=csv")

static void quotes_blanks_and_numbers(void **state) {
    expect_rows("1,x,1.5\r\n2,\"q\"\"uo,te\",2\n 3 , sp , 4.5 \n4,\"multi\nline\",NaN\n5,,1e3\n6,\"\",Infinity",
                "a INT, b STRING, c DOUBLE", CSV,
                "1|x|1.5\n2|q\"uo,te|2.0\n3| sp |4.5\n4|multi\nline|NaN\n5||1000.0\n6||Infinity\n");
}

static void ignored_errors_are_nulls_and_unsplittable_lines_go(void **state) {
    struct table table;
    write_text("c2.csv", "1,x,1.5\nbad,x,2\n2,y,zz\n3,z\n4,w,1,extra\n\n,e,1\n99999999999,o,1\n1.5,p,1\n"
                         "5,\"unclosed,1\n6,ok,2\n");
    table_open(&table, "c2.csv", "a INT, b STRING, c DOUBLE", NULLS, 1000);
    table_read(&table, NULL, 0);
    assert_string_equal(table.rows, "1|x|1.5\n<null>|x|2.0\n2|y|<null>\n3|z|<null>\n<null>|<null>|<null>\n"
                                    "<null>|e|1.0\n<null>|o|1.0\n<null>|p|1.0\n");
    assert_int_equal(table.progress.rejected, 2);
    assert_int_equal(table.progress.nulled, 9);
    table_free(&table);
}

static void skipping_drops_every_bad_line(void **state) {
    static const char file[] = "1,x,1.5\nbad,x,2\n2,y,zz\n3,z\n4,w,1,extra\n\n7,ok,3\n";
    struct table table;
    const int32_t only_b[] = {1};
    write_text("c2.csv", file);
    for (int all = 0; all < 2; all++) { /* which lines are dropped does not depend on the columns that are read */
        table_open(&table, "c2.csv", "a INT, b STRING, c DOUBLE", OPTIONS("format=csv", "csv.on-error=skip"), 1000);
        table_read(&table, all ? NULL : only_b, 1);
        assert_string_equal(table.rows, all ? "1|x|1.5\n7|ok|3.0\n" : "x\nok\n");
        assert_int_equal(table.progress.rejected, 5);
        assert_int_equal(table.progress.nulled, 0);
        table_free(&table);
    }
}

static void bad_fields_fail_with_line_and_text(void **state) {
    const char *columns = "a INT, b STRING, c DOUBLE";
    expect_error("1,x,1.5\nbad,x,2\n", columns, CSV, "line 2, column 1: column 'a': 'bad' is no INT");
    expect_error("1,\"two\nlines\",1.5\n1,x,zz\n", columns, CSV, "line 3, column 5: column 'c': 'zz' is no DOUBLE");
    expect_error("1,x,1.5\n3,z\n", columns, CSV, "line 2, column 1: 2 fields where 3 are expected: '3,z'");
    expect_error("1,x,1.5\n4,w,1,extra\n", columns, CSV, "line 2, column 1: 4 fields where 3 are expected");
    expect_error("1,x,1.5\n\n5,y,3\n", columns, CSV, "line 2, column 1: a blank line");
    expect_error("1,x,1\n5,\"unclosed,1\n", columns, CSV, "line 2, column 1: the file ends within");
    expect_error("1,\"b\" x,1\n", columns, CSV, "line 1, column 7: 'x,1");
    expect_error("1,x,1\n,y,1\n", columns, CSV, "an empty field is no INT");
    expect_error("1,x,bad\nbad,y,1\n", columns, CSV,
                 "line 1, column 5"); /* the first line's, though a later column's */
}

static void null_literals(void **state) {
    expect_rows("1,NULL\n2,\"NULL\"\n3,null\n", "a INT, b STRING", OPTIONS("format=csv", "csv.null-literal=NULL"),
                "1|<null>\n2|<null>\n3|null\n");
    expect_rows("1,x\n,\n3,\"\"\n4,\" \"\n", "a INT, b STRING", OPTIONS("format=csv", "csv.null-literal="),
                "1|x\n<null>|<null>\n3|<null>\n4| \n");
    expect_error("1,x\n\n", "a INT, b STRING", OPTIONS("format=csv", "csv.null-literal="), "a blank line");
    expect_error("1\nNULL\n", "a INT!", OPTIONS("format=csv", "csv.null-literal=NULL"), "declared NOT NULL");
    expect_error("1\nx\n", "a INT!", OPTIONS("format=csv", "csv.on-error=null"), "set 'csv.on-error' = 'skip'");
}

static void integers(void **state) {
    expect_rows(
        "1,2,3\n128,2,3\n-129,2,3\n1,9223372036854775808,3\n+1,+2,+3\n1,2,1e40\n0x1,2,3\n1_0,2,3\n1,007,3\n",
        "a TINYINT, b BIGINT, c FLOAT", NULLS,
        "1|2|3.0\n<null>|2|3.0\n<null>|2|3.0\n1|<null>|3.0\n1|2|3.0\n1|2|Infinity\n<null>|2|3.0\n"
        "<null>|2|3.0\n1|7|3.0\n");
    expect_rows("1\n+5\n-0\n 7 \n-\n+\n1.0\n1e2\n9223372036854775807\n-9223372036854775808\n12345678901234567\n-\n"
                "00000000000000000000012\n123456789012345678901\n",
                "a BIGINT", NULLS,
                "1\n5\n0\n7\n<null>\n<null>\n<null>\n<null>\n9223372036854775807\n-9223372036854775808\n"
                "12345678901234567\n<null>\n12\n<null>\n");
}

static void floats(void **state) {
    expect_rows(
        "1.\n.5\n-.5e-3\n1d\n1f\n0x1p3\n0x10\nnan\n+NaN\n-Infinity\ninf\n1e400\n 1 \n1e\n1_0\n4.9e-324\n-\n.\n"
        "-1.25\n1.2.3\n-0.0\n123456789.123456789\n",
        "a DOUBLE", NULLS,
        "1.0\n0.5\n-5.0E-4\n1.0\n1.0\n8.0\n<null>\n<null>\nNaN\n-Infinity\n<null>\nInfinity\n1.0\n<null>\n"
        "<null>\n4.9E-324\n<null>\n<null>\n-1.25\n<null>\n-0.0\n1.2345678912345679E8\n");
}

/* Every text of up to six of these characters means the same with zeros in front of it, which no quick way takes.
 */
static void expect_quick_is_slow(const char *columns, size_t longest) {
    static const char characters[] = "0759./";
    enum { KINDS = sizeof(characters) - 1, TEXTS = 2 * 46656 };
    static char quick[TEXTS * 9], slow[TEXTS * 20];
    for (size_t length = 1; length <= longest; length++) {
        char *q = quick, *s = slow;
        size_t all = 1;
        for (size_t i = 0; i < length; i++) all *= KINDS;
        for (size_t number = 0; number < 2 * all; number++) {
            char text[8] = {0};
            for (size_t i = 0, left = number / 2; i < length; i++, left /= KINDS)
                text[i] = characters[left % KINDS];
            if (strcmp(text, ".") == 0) continue; /* no number, and one with a zero */
            q += sprintf(q, "%s%s\n", number % 2 == 0 ? "" : "-", text);
            s += sprintf(s, "%s0000000000%s\n", number % 2 == 0 ? "" : "-", text);
        }
        struct table a, b;
        write_text("quick.csv", quick);
        table_open(&a, "quick.csv", columns, NULLS, 1000);
        table_read(&a, NULL, 0);
        write_text("slow.csv", slow);
        table_open(&b, "slow.csv", columns, NULLS, 1000);
        table_read(&b, NULL, 0);
        assert_int_equal(a.progress.nulled, b.progress.nulled);
        assert_string_equal(a.rows, b.rows);
        table_free(&a);
        table_free(&b);
    }
}

static void short_numbers_are_those_with_zeros_in_front(void **state) {
    (void)state;
    expect_quick_is_slow("a DOUBLE", 6);
    expect_quick_is_slow("a DECIMAL(3;1)", 5);
    expect_quick_is_slow("a DECIMAL(9;0)", 4);
    expect_quick_is_slow("a DECIMAL(4;4)", 5);
    expect_quick_is_slow("a DECIMAL(38;30)", 4);
}

static void decimals(void **state) {
    expect_rows(
        "1.\n.5\n1e-3\n1d\n+5.555\n0x1\n 1 \n1e2147483648\n\n-0.005\n99999\n1E+1\n1.005\n-1.005\n1e2\n",
        "a DECIMAL(5;2)", NULLS,
        "1.00\n0.50\n0.00\n<null>\n5.56\n<null>\n<null>\n<null>\n<null>\n-0.01\n<null>\n10.00\n1.01\n-1.01\n"
        "100.00\n");
    expect_rows("99999\n", "a DECIMAL(5;2)", CSV, "<null>\n"); /* overflow is NULL, not an error */
    expect_rows("99999999999999999999999999999999999999\n-0.4\n0.5\n", "a DECIMAL(38;0)", CSV,
                "99999999999999999999999999999999999999\n0\n1\n");
}

static void booleans(void **state) {
    expect_rows("true\n TRUE \nfalse\n\nt\n1\n", "a BOOLEAN", CSV, "true\ntrue\nfalse\nfalse\nfalse\nfalse\n");
}

static void timestamps(void **state) {
    expect_rows(
        "2024-01-01 00:00:00\n2024-01-01T00:00:01\n2024-01-01 00:00\n2024-01-01\n2024-1-1 00:00:00\n"
        "2024-01-01 00:00:02Z\n1704067200000\n2024-02-30 00:00:03\n 2024-01-01 00:00:04 \n2024-01-01 24:00:00\n",
        "a TIMESTAMP(3)", NULLS,
        "2024-01-01 00:00:00\n<null>\n<null>\n<null>\n<null>\n<null>\n<null>\n2024-02-29 00:00:03\n"
        "2024-01-01 00:00:04\n2024-01-02 00:00:00\n");
    expect_rows(
        "2024-01-01 00:00:00.\n2024-01-01 00:00:00.1234567890\n+12024-01-01 00:00:00\n12024-01-01 00:00:00\n"
        "-0001-01-01 00:00:00\n2023-04-31 00:00:00\n2024-01-01 24:00:01\n2024-01-01 23:59:60\n"
        "2024-01-01  00:00:00\n2024-01-01 00:00:00.123456\n1969-12-31 23:59:59.999\n",
        "a TIMESTAMP(3)", NULLS,
        "2024-01-01 00:00:00\n<null>\n12024-01-01 00:00:00\n<null>\n-0001-01-01 00:00:00\n2023-04-30 00:00:00\n"
        "<null>\n<null>\n<null>\n2024-01-01 00:00:00.123\n1969-12-31 23:59:59.999\n");
    expect_rows("2024-01-01 00:00:59.999999\n2024-01-01 00:01:00.000400\n", "a TIMESTAMP(6)", CSV,
                "2024-01-01 00:00:59.999999\n2024-01-01 00:01:00.000400\n");
    expect_rows("2024-01-01 00:00:59.123456789\n2262-04-12 00:00:00\n", "a TIMESTAMP(9)", NULLS,
                "2024-01-01 00:00:59.123456789\n<null>\n");
}

static void instants(void **state) {
    expect_rows("2024-01-01 00:00:00Z\n2024-01-01 00:00:01\n2024-01-01T00:00:02Z\n2024-01-01 00:00:03.123Z\n"
                "2024-01-01 00:00:00+01:00\n",
                "a LTZ(3)", NULLS, "2024-01-01 00:00:00Z\n<null>\n<null>\n2024-01-01 00:00:03.123Z\n<null>\n");
}

static void dates_and_times(void **state) {
    expect_rows(
        "2024-01-01\n2024-1-2\n 2024-01-03 \n2024-02-30\n2024-02-32\n12024-01-01\n-2024-01-01\n"
        "2024-01-01 00:00:00\n2024-13-01\n1582-10-14\n1500-02-29\n1582-10-15\n2023-02-28\n0000-01-01\n1582-10-04\n",
        "a DATE", NULLS,
        "2024-01-01\n2024-01-02\n<null>\n2024-03-01\n<null>\n<null>\n<null>\n<null>\n<null>\n1582-10-24\n"
        "<null>\n1582-10-15\n2023-02-28\n0001-01-01\n1582-10-04\n");
    expect_rows("10:20:30\n10:20\n10:20:30.1239\n 10:20:31 \n1:2:3\n24:00:00\n", "a TIME", NULLS,
                "10:20:30\n10:20:00\n10:20:30.123\n<null>\n<null>\n<null>\n");
}

static void bytes_are_base64(void **state) {
    expect_rows("SGVsbG8=\nxx!\nSGVsbG8\n", "a BYTES", NULLS, "SGVsbG8=\n<null>\n<null>\n");
}

static void quote_escape_and_comment_characters(void **state) {
    expect_rows("#comment\n'a;b';c\n'it''s';x\\;y\n'e\\'s';z\n", "a STRING, b STRING",
                OPTIONS("format=csv", "csv.field-delimiter=;", "csv.quote-character='", "csv.escape-character=\\",
                        "csv.allow-comments=true"),
                "a;b|c\nit's|x;y\ne's|z\n");
    expect_rows("a\"b\tc\n\"q\"\td\n", "a STRING, b STRING",
                OPTIONS("format=csv", "csv.field-delimiter=\\t", "csv.disable-quote-character=true"),
                "a\"b|c\n\"q\"|d\n");
    expect_rows("\"a\\\"b\",c\nx\\,y,z\n\"q\\nr\",\\t\n", "a STRING, b STRING",
                OPTIONS("format=csv", "csv.escape-character=\\"), "a\"b|c\nx,y|z\nq\nr|\t\n");
    expect_rows(" 1,a\n\n  \n#x\n  #y\n2,#b\n3,c\n#end", "a STRING, b STRING",
                OPTIONS("format=csv", "csv.allow-comments=true"), "1|a\n2|#b\n3|c\n");
    expect_rows("#x,1\n", "a STRING, b INT", CSV, "#x|1\n");
    expect_error("#\n1,x\n2\n", "a INT, b STRING", OPTIONS("format=csv", "csv.allow-comments=true"), "line 3");
}

static void quotes_within_and_behind_fields(void **state) {
    expect_rows("1,\"a\" \n2,\"b\" x\n3, \"c\"\n4,d\"e\"f\n5,\"g\"\"h\"\n6,\"i\n7,j\"k\n8,\"l\",\n9,m\n",
                "a INT, b STRING", NULLS, "1|a\n3| \"c\"\n4|d\"e\"f\n5|g\"h\n8|l\n9|m\n");
}

static void one_blank_field_may_follow_the_last(void **state) {
    expect_rows("1,2,\n3,4, \n", "a INT, b INT", CSV, "1|2\n3|4\n");
    expect_error("1,2,,\n", "a INT, b INT", CSV, "4 fields where 2");
}

static void line_ends(void **state) {
    expect_rows("1,a\r2,b\r\n3,\"c\rd\"\n4,e", "a INT, b STRING", CSV, "1|a\n2|b\n3|c\rd\n4|e\n");
    expect_rows("1,\"a\"\r2,b\r", "a INT, b STRING", CSV, "1|a\n2|b\n");
    expect_rows("1,\"a\"\r\n", "a INT, b STRING", CSV, "1|a\n");
}

static void a_byte_order_mark_is_skipped(void **state) {
    expect_rows("\xEF\xBB\xBF"
                "1,x\n2,y\n",
                "a INT, b STRING", CSV, "1|x\n2|y\n");
    expect_rows("\xEF\xBB\xBF", "a INT, b STRING", CSV, "");
    expect_error("\xFF\xFE"
                 "1",
                 "a INT", CSV, "UTF-16");
}

static void text_must_be_utf8_without_nul(void **state) {
    struct table table;
    expect_error("1,\xff\n2,b\n", "a INT, b STRING", CSV,
                 "line 1, column 3: column 'b': text that is not valid UTF-8");
    expect_rows("1,\xff\n2,b\n", "a INT, b STRING", NULLS, "1|<null>\n2|b\n");
    expect_rows("1,\xc3\xa9\n", "a INT, b STRING", CSV, "1|\xc3\xa9\n");
    write_bytes("nul.csv", "1,a\0b\n", 6);
    table_open(&table, "nul.csv", "a INT, b STRING", CSV, 10);
    table_read(&table, NULL, 0);
    assert_int_equal(table.status, WEIR_ERR_FORMAT);
    assert_non_null(strstr(table.error.message, "a NUL byte"));
    assert_int_equal(table.error.line, 1);
    assert_int_equal(table.error.column, 3);
    table_free(&table);
}

static void an_empty_file_has_no_rows(void **state) { expect_rows("", "a INT", CSV, ""); }

static void a_declared_table_has_no_header_unless_told(void **state) {
    const char *columns = "h1 INT, h2 INT";
    expect_rows("h1,h2\n1,2\n", "a STRING, b STRING", OPTIONS("format=csv", "csv.skip-header=true"),
                "h1|h2\n1|2\n");
    expect_rows("h1,h2\n1,2\n", columns, OPTIONS("format=csv", "csv.header=true"), "1|2\n");
    expect_rows("x,y\n1,2\n", columns, OPTIONS("format=csv", "csv.header=true"), "1|2\n");
    expect_rows("h1,h2\n1,2\n", columns, OPTIONS("format=csv", "csv.header=auto"), "1|2\n");
    expect_rows("7,8\n1,2\n", columns, OPTIONS("format=csv", "csv.header=auto"), "7|8\n1|2\n");
    expect_error("h2,h1\n1,2\n", columns, OPTIONS("format=csv", "csv.header=true"),
                 "the header has 'h1' as column 2, the table as column 1");
}

/* Flink reads the first column where rows are counted alone. */
static void counting_rows_parses_the_first_column(void **state) {
    struct table table;
    const int32_t none[] = {0};
    write_text("s.csv", "a,b\n1,2\n");
    table_open(&table, "s.csv", "a INT, b INT", CSV, 1000);
    table_read(&table, none, 0);
    assert_int_equal(table.status, WEIR_ERR_FORMAT);
    assert_non_null(strstr(table.error.message, "column 'a': 'a' is no INT"));
    table_free(&table);
    table_open(&table, "s.csv", "a STRING, b INT", CSV, 1000);
    table_read(&table, none, 0);
    assert_string_equal(table.rows, "\n\n");
    table_free(&table);
}

static void a_header_that_is_a_row_is_refused(void **state) {
    const char *const *header = OPTIONS("format=csv", "csv.header=true");
    expect_error(
        "2024-01-31 10:20:30,a,1\n", "ts TIMESTAMP(3), k STRING, v INT", header,
        "the first line names no column of the table: it has '2024-01-31 10:20:30', 'a', '1', and the columns "
        "are 'ts', 'k', 'v'");
    expect_error("7,\n", "v INT, k STRING", header, "names no column");
    expect_error("bob,berlin\n", "name STRING, city STRING", header, "names no column");
    expect_rows("NAME,town\nbob,berlin\n", "name STRING, city STRING", header, "bob|berlin\n");
    expect_rows("id,2020\n1,2\n", "id INT, y INT", header, "1|2\n");
}

/* Beyond Flink, which takes the form of SQL alone. */
static void times_as_iso_8601_has_them(void **state) {
    const char *const *iso = OPTIONS("format=csv", "csv.timestamp-format.standard=ISO-8601");
    const char *file =
        "2026-01-01T00:00:00,2026-01-01T00:00:00+01:00\n2026-01-01 00:00:00.5,2026-01-01 00:00:00Z\n";
    const char *columns = "t TIMESTAMP(3), z LTZ(3)";
    expect_rows(file, columns, iso,
                "2026-01-01 00:00:00|2025-12-31 23:00:00Z\n2026-01-01 00:00:00.500|2026-01-01 00:00:00Z\n");
    expect_error(file, columns, CSV, "'csv.timestamp-format.standard' = 'ISO-8601'");
    expect_error("2026-01-01T00:00:00+01:00\n", "t TIMESTAMP(3)", iso, "is no TIMESTAMP(3)");
    expect_error(file, columns, OPTIONS("format=csv", "csv.timestamp-format.standard=x"), "want SQL");
}

static void only_selected_columns_are_parsed(void **state) {
    struct table table;
    const int32_t last[] = {2};
    write_text("s.csv", "1,bad,x\n2,worse,y\n");
    table_open(&table, "s.csv", "a INT, b INT, c STRING", CSV, 1000);
    table_read(&table, last, 1);
    assert_int_equal(table.status, WEIR_OK);
    assert_string_equal(table.rows, "x\ny\n");
    table_free(&table);
    table_open(&table, "s.csv", "a INT, b INT, c STRING", CSV, 1000);
    table_read(&table, last, 0);
    assert_string_equal(table.rows, "\n\n");
    table_free(&table);
    write_text("s.csv", "1,2,x\n2,y\n");
    table_open(&table, "s.csv", "a INT, b INT, c STRING", CSV, 1000);
    table_read(&table, last, 0);
    assert_int_equal(table.status, WEIR_ERR_FORMAT);
    table_free(&table);
}

static void batches_hold_at_most_the_rows_wished(void **state) {
    struct table table;
    write_text("b.csv", "1\n2\n3\n4\n5\n");
    table_open(&table, "b.csv", "a INT", CSV, 2);
    table_read(&table, NULL, 0);
    assert_int_equal(table.batches, 3);
    assert_string_equal(table.rows, "1\n2\n3\n4\n5\n");
    table_free(&table);
}

static void options_that_make_no_sense_are_refused(void **state) {
    expect_error("1\n", "a INT", OPTIONS("format=csv", "csv.field-delimiter=;;"), "want one ASCII character");
    expect_error("1\n", "a INT", OPTIONS("format=csv", "csv.quote-character=,"), "are both ','");
    expect_error("1\n", "a INT", OPTIONS("format=csv", "csv.escape-character=\""), "the quote character, too");
    expect_error("1\n", "a INT", OPTIONS("format=csv", "csv.array-element-delimiter=;"), "not supported yet");
    expect_error("1\n", "a INT", OPTIONS("format=csv", "csv.on-error=stop"), "want fail, null or skip");
    expect_error("1\n", "a INT", OPTIONS("format=csv", "csv.ignore-parse-errors=yes"), "want true or false");
    expect_error("1\n", "a INT", OPTIONS("format=csv", "csv.on-error=skip", "csv.ignore-parse-errors=true"),
                 "leave one out");
    expect_error("1\n", "a INT", OPTIONS("format=csv", "csv.null-litteral=x"), "did you mean 'csv.null-literal'?");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_blanks_and_numbers),
        cmocka_unit_test(ignored_errors_are_nulls_and_unsplittable_lines_go),
        cmocka_unit_test(skipping_drops_every_bad_line),
        cmocka_unit_test(bad_fields_fail_with_line_and_text),
        cmocka_unit_test(null_literals),
        cmocka_unit_test(integers),
        cmocka_unit_test(floats),
        cmocka_unit_test(short_numbers_are_those_with_zeros_in_front),
        cmocka_unit_test(decimals),
        cmocka_unit_test(booleans),
        cmocka_unit_test(timestamps),
        cmocka_unit_test(instants),
        cmocka_unit_test(dates_and_times),
        cmocka_unit_test(bytes_are_base64),
        cmocka_unit_test(quote_escape_and_comment_characters),
        cmocka_unit_test(quotes_within_and_behind_fields),
        cmocka_unit_test(one_blank_field_may_follow_the_last),
        cmocka_unit_test(line_ends),
        cmocka_unit_test(a_byte_order_mark_is_skipped),
        cmocka_unit_test(text_must_be_utf8_without_nul),
        cmocka_unit_test(an_empty_file_has_no_rows),
        cmocka_unit_test(a_declared_table_has_no_header_unless_told),
        cmocka_unit_test(counting_rows_parses_the_first_column),
        cmocka_unit_test(a_header_that_is_a_row_is_refused),
        cmocka_unit_test(times_as_iso_8601_has_them),
        cmocka_unit_test(only_selected_columns_are_parsed),
        cmocka_unit_test(batches_hold_at_most_the_rows_wished),
        cmocka_unit_test(options_that_make_no_sense_are_refused),
    };
    int failed = cmocka_run_group_tests_name("plain texts", tests, make_folder, remove_folder);
    table_coded = true; /* texts with a dictionary mean the same */
    return failed + cmocka_run_group_tests_name("coded texts", tests, make_folder, remove_folder);
}
