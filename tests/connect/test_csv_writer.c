/* SPDX-License-Identifier: Apache-2.0 */
#include "table_text.h"

#define FROM OPTIONS("format=csv", "csv.null-literal=NULL")

static void expect_written(const char *columns, const char *file, const char *const *to_pairs, const char *want) {
    struct weir_error error;
    write_text("in.csv", file);
    enum weir_status status = copy_table("in.csv", columns, FROM, "out.csv", to_pairs, &error);
    if (status != WEIR_OK) fail_msg("%s", error.message);
    char *written = read_text("out.csv");
    assert_string_equal(written, want);
    free(written);
}

static void values_of_every_type(void **state) {
    expect_written("b BOOLEAN, i TINYINT, j SMALLINT, k INT, l BIGINT, f FLOAT, d DOUBLE, m DECIMAL(9;3), a DATE, "
                   "t TIME, u TIMESTAMP(3), v TIMESTAMP(6), w TIMESTAMP(9), z LTZ(3), s STRING, r BYTES",
                   "true,-128,32767,-1,-9223372036854775808,1.1,100,-0.5,2024-01-31,10:20:30.5,"
                   "2024-01-31 10:20:30.5,2024-01-31 10:20:30.000001,1969-12-31 23:59:59.999999999,"
                   "2024-01-31 10:20:30Z,text,SGVsbG8=\n"
                   "NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL\n",
                   OPTIONS("format=csv", "csv.header=true"),
                   "b,i,j,k,l,f,d,m,a,t,u,v,w,z,s,r\n"
                   "true,-128,32767,-1,-9223372036854775808,1.1,100.0,-0.500,2024-01-31,10:20:30.500,"
                   "2024-01-31 10:20:30.500,2024-01-31 10:20:30.000001,1969-12-31 23:59:59.999999999,"
                   "2024-01-31 10:20:30Z,text,SGVsbG8=\n"
                   ",,,,,,,,,,,,,,,\n");
}

/* A timestamp is printed once for neighbours that have it, each column for itself. */
static void times_that_repeat_are_those_of_their_column(void **state) {
    expect_written("a TIMESTAMP(3), b TIMESTAMP(3), c LTZ(3)",
                   "1970-01-01 00:00:00,1970-01-01 00:00:01,1970-01-01 00:00:00Z\n"
                   "1970-01-01 00:00:00,1970-01-01 00:00:00,1970-01-01 00:00:00Z\n"
                   "NULL,NULL,NULL\n"
                   "1970-01-01 00:00:00,1970-01-01 00:00:01.25,1970-01-01 00:00:01Z\n"
                   "1970-01-01 00:00:01.250,1970-01-01 00:00:01.25,1970-01-01 00:00:00Z\n",
                   OPTIONS("format=csv"),
                   "1970-01-01 00:00:00,1970-01-01 00:00:01,1970-01-01 00:00:00Z\n"
                   "1970-01-01 00:00:00,1970-01-01 00:00:00,1970-01-01 00:00:00Z\n"
                   ",,\n"
                   "1970-01-01 00:00:00,1970-01-01 00:00:01.250,1970-01-01 00:00:01Z\n"
                   "1970-01-01 00:00:01.250,1970-01-01 00:00:01.250,1970-01-01 00:00:00Z\n");
}

static void texts_are_quoted_where_needed(void **state) {
    expect_written(
        "a STRING, b STRING", "plain,with space\n\"a,b\",\"q\"\"q\"\n,NULL\n\"x\ny\",\"x\ry\"\n#h, lead\n",
        OPTIONS("format=csv"), "plain,with space\n\"a,b\",\"q\"\"q\"\n\"\",\n\"x\ny\",\"x\ry\"\n#h, lead\n");
}

static void options_of_the_format_hold_for_writing(void **state) {
    const char *columns = "a STRING, b STRING";
    expect_written(columns, "\"a;b\",it's\nNULL,\\\n",
                   OPTIONS("format=csv", "csv.field-delimiter=;", "csv.quote-character='", "csv.null-literal=n/a",
                           "csv.escape-character=\\"),
                   "'a;b';'it''s'\nn/a;'\\\\'\n");
    expect_written(columns, "#h, lead\n", OPTIONS("format=csv", "csv.allow-comments=true"), "\"#h\",\" lead\"\n");
    expect_written(columns, "a\"b,\n", OPTIONS("format=csv", "csv.disable-quote-character=true"), "a\"b,\n");
}

static void what_was_written_reads_back(void **state) {
    const char *columns = "a STRING, d DOUBLE, f FLOAT, t TIMESTAMP(6)";
    const char *file =
        "\"a\"\"b\nc\",0.1,3.4028235e38,2024-01-31 10:20:30.1\n,-1.7976931348623157e308,1e-45,NULL\nNULL,"
        "4.9e-324,NaN,0001-01-01 00:00:00\n#,-Infinity,-0.0,9999-12-31 23:59:59.999999\n";
    struct table before, after;
    write_text("in.csv", file);
    struct weir_error error;
    assert_int_equal(copy_table("in.csv", columns, FROM, "out.csv", FROM, &error), WEIR_OK);
    table_open(&before, "in.csv", columns, FROM, 10);
    table_open(&after, "out.csv", columns, FROM, 10);
    table_read(&before, NULL, 0);
    table_read(&after, NULL, 0);
    assert_non_null(strstr(before.rows, "a\"b\nc|0.1|3.4028235E38|2024-01-31 10:20:30.100000\n"));
    assert_string_equal(before.rows, after.rows);
    table_free(&before);
    table_free(&after);
}

static void what_cannot_be_written_is_refused(void **state) {
    struct weir_error error;
    write_text("in.csv", "\"a,b\"\n");
    assert_int_equal(copy_table("in.csv", "a STRING", FROM, "out.csv",
                                OPTIONS("format=csv", "csv.disable-quote-character=true"), &error),
                     WEIR_ERR_VALUE);
    assert_non_null(strstr(error.message, "column 'a': the text 'a,b'"));
    assert_int_equal(
        copy_table("in.csv", "a STRING", FROM, "none.csv", OPTIONS("format=csv", "csv.field-delimiter=-"), &error),
        WEIR_ERR_UNSUPPORTED);
    assert_int_not_equal(access(in_folder("none.csv"), F_OK), 0);
}

static void nothing_stays_of_a_result_that_failed(void **state) {
    struct weir_error error;
    write_text("in.csv", "1\n2\n3\n4\nx\n");
    assert_int_equal(copy_table("in.csv", "a INT", FROM, "gone.csv", OPTIONS("format=csv"), &error),
                     WEIR_ERR_FORMAT);
    assert_int_not_equal(access(in_folder("gone.csv"), F_OK), 0);
}

/* Slices, dictionaries, missing validity: layouts that other producers give. */
static void any_arrow_layout_is_written(void **state) {
    static const int64_t big[] = {9, 1, 2, 3};
    static const uint8_t some_valid[] = {0x0B};
    static const int64_t word_offsets[] = {0, 0, 3, 5};
    static const char words[] = "onetw";
    static const uint8_t codes[] = {7, 7, 2, 1, 1};
    const void *big_buffers[] = {NULL, big}, *code_buffers[] = {some_valid, codes};
    const void *word_buffers[] = {NULL, word_offsets, words}, *no_buffers[] = {NULL};
    struct ArrowArray dictionary = {
        .length = 3, .n_buffers = 3, .buffers = word_buffers, .release = (void (*)(struct ArrowArray *))abort};
    struct ArrowArray ints = {
        .length = 3, .offset = 1, .n_buffers = 2, .buffers = big_buffers, .release = dictionary.release};
    struct ArrowArray texts = {.length = 3,
                               .null_count = -1,
                               .offset = 1,
                               .n_buffers = 2,
                               .buffers = code_buffers,
                               .dictionary = &dictionary,
                               .release = dictionary.release};
    struct ArrowArray *children[] = {&ints, &texts};
    struct ArrowArray batch = {.length = 2,
                               .offset = 1,
                               .n_buffers = 1,
                               .n_children = 2,
                               .buffers = no_buffers,
                               .children = children,
                               .release = dictionary.release};
    struct ArrowSchema word = {.format = "U", .release = (void (*)(struct ArrowSchema *))abort};
    struct ArrowSchema fields[] = {
        {.format = "L", .name = "n", .release = word.release},
        {.format = "C", .name = "s", .dictionary = &word, .flags = 2, .release = word.release}};
    struct ArrowSchema *field_pointers[] = {&fields[0], &fields[1]};
    struct ArrowSchema schema = {
        .format = "+s", .n_children = 2, .children = field_pointers, .release = word.release};
    struct weir_option options[] = {{.key = "path", .value = in_folder("any.csv")},
                                    {.key = "format", .value = "csv"}};
    struct weir_sink_request request = {
        .struct_size = sizeof(request), .options = options, .options_count = 2, .schema = &schema};
    struct weir_sink sink;
    struct weir_error error;
    const struct weir_connector *connector = weir_connector_filesystem();
    assert_int_equal(connector->open_sink(connector->user, &request, &sink, &error), WEIR_OK);
    assert_int_equal(sink.write(sink.state, &batch, &error), WEIR_OK);
    batch.offset = 0; /* rows 0 and 1 of the children: code 7 is out of bounds */
    assert_int_equal(sink.write(sink.state, &batch, &error), WEIR_ERR_FORMAT);
    assert_non_null(strstr(error.message, "column 's', row 0"));
    assert_int_equal(sink.finish(sink.state, &error), WEIR_OK);
    sink.close(sink.state);
    char *written = read_text("any.csv");
    assert_non_null(strstr(written, "2,\n3,one\n") ? written : NULL);
    free(written);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_every_type),
        cmocka_unit_test(times_that_repeat_are_those_of_their_column),
        cmocka_unit_test(texts_are_quoted_where_needed),
        cmocka_unit_test(options_of_the_format_hold_for_writing),
        cmocka_unit_test(what_was_written_reads_back),
        cmocka_unit_test(what_cannot_be_written_is_refused),
        cmocka_unit_test(nothing_stays_of_a_result_that_failed),
        cmocka_unit_test(any_arrow_layout_is_written),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
