/* SPDX-License-Identifier: Apache-2.0 */
#include "table_text.h"

#define FROM OPTIONS("format=csv", "csv.null-literal=NULL")
#define JSON OPTIONS("format=json")

static void expect_written(const char *columns, const char *file, const char *want) {
    struct weir_error error;
    write_text("in.csv", file);
    enum weir_status status = copy_table("in.csv", columns, FROM, "out.json", JSON, &error);
    if (status != WEIR_OK) fail_msg("%s", error.message);
    char *written = read_text("out.json");
    assert_string_equal(written, want);
    free(written);
}

static void one_object_a_line(void **state) {
    expect_written(
        "b BOOLEAN, l BIGINT, d DOUBLE, m DECIMAL(38;2), a DATE, u TIMESTAMP(3), z LTZ(6), s STRING, r BYTES",
        "true,-9223372036854775808,1e300,123456789012345678901234567890.5,2024-01-31,2024-01-31 10:20:30.5,"
        "2024-01-31 10:20:30Z,text,SGVsbG8=\nNULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL\n",
        "{\"b\":true,\"l\":-9223372036854775808,\"d\":1.0E300,\"m\":123456789012345678901234567890.50,"
        "\"a\":\"2024-01-31\",\"u\":\"2024-01-31 10:20:30.500\",\"z\":\"2024-01-31 10:20:30Z\",\"s\":\"text\","
        "\"r\":\"SGVsbG8=\"}\n"
        "{\"b\":null,\"l\":null,\"d\":null,\"m\":null,\"a\":null,\"u\":null,\"z\":null,\"s\":null,\"r\":null}\n");
}

static void numbers_that_json_has_not_are_strings(void **state) {
    expect_written("d DOUBLE, f FLOAT", "NaN,-Infinity\nInfinity,0.1\n",
                   "{\"d\":\"NaN\",\"f\":\"-Infinity\"}\n{\"d\":\"Infinity\",\"f\":0.1}\n");
}

static void texts_are_escaped(void **state) {
    expect_written(
        "s STRING", "\"q\"\"\\/\x01\x1f\x7f\b\t\n\f\r\xC3\xA9\xF0\x9F\x98\x80\"\n\n",
        "{\"s\":\"q\\\"\\\\/\\u0001\\u001f\x7f\\b\\t\\n\\f\\r\xC3\xA9\xF0\x9F\x98\x80\"}\n{\"s\":\"\"}\n");
}

static void long_texts_pass_the_buffer(void **state) {
    struct text file = {0}, want = {0};
    struct weir_error error;
    text_add(&want, "{\"s\":\"", 6);
    for (int i = 0; i < 700000; i++) {
        text_add(&file, "\x02", 1);
        text_add(&want, "\\u0002", 6);
    }
    text_add(&want, "\"}\n", 3);
    write_bytes("in.csv", file.data, file.used);
    assert_int_equal(copy_table("in.csv", "s STRING", FROM, "out.json", JSON, &error), WEIR_OK);
    char *written = read_text("out.json");
    assert_true(strcmp(written, want.data) == 0);
    free(written);
    free(file.data);
    free(want.data);
}

static void it_cannot_be_read_yet(void **state) {
    struct table table;
    write_text("in.json", "{}\n");
    table_open(&table, "in.json", "a INT", NULL, 10);
    assert_int_equal(table.status, WEIR_ERR_UNSUPPORTED);
    assert_non_null(strstr(table.error.message, "'json' can be written, but not read yet"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_object_a_line),     cmocka_unit_test(numbers_that_json_has_not_are_strings),
        cmocka_unit_test(texts_are_escaped),     cmocka_unit_test(long_texts_pass_the_buffer),
        cmocka_unit_test(it_cannot_be_read_yet),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
