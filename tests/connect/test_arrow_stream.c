/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/arrow_message.h"
#include "connect/arrow_scan.h"
#include "tests/connect/arrow_crafted.h"

static void dictionary_table(struct table *table) {
    *table = (struct table){0};
    table_add(table, "k", "c", "u");
}

static void a_dictionary_may_grow_and_be_replaced(void **state) {
    struct table table;
    struct craft craft = {0};
    dictionary_table(&table);
    craft_schema(&craft, &table);
    craft_words(&craft, 0, false, (const char *const[]){"a", "bb"}, 2);
    craft_codes(&craft, "\0\1\0", 3);
    craft_words(&craft, 0, true, (const char *const[]){"ccc"}, 1);
    craft_codes(&craft, "\2\1", 2);
    craft_words(&craft, 0, true, (const char *const[]){"", "-", "d"}, 3); /* a word that is NULL */
    craft_codes(&craft, "\5\4\3\0", 4);
    craft_words(&craft, 0, true, NULL, 0);
    craft_codes(&craft, "\1", 1);
    craft_words(&craft, 0, false, (const char *const[]){"x", "y"}, 2);
    craft_codes(&craft, "\0\1", 2);
    craft_words(&craft, 0, true, (const char *const[]){"z"}, 1);
    craft_codes(&craft, "\2", 1);
    const char *expected = "a\nbb\na\nccc\nbb\nd\nNULL\n\na\nbb\nx\ny\nz\n";
    expect_rows(craft_save(&craft, *state), (struct read_options){0}, expected);
    expect_rows(craft_save(&craft, *state), (struct read_options){.batch_rows = 1, .uring = true}, expected);
    craft_fini(&craft);
}

/* Longer lists share memory; those before them must not change. */
static void batches_keep_the_dictionary_they_came_with(void **state) {
    struct table table;
    struct craft craft = {0};
    struct ArrowArray batches[30];
    dictionary_table(&table);
    craft_schema(&craft, &table);
    for (int i = 0; i < 30; i++) {
        char word[32];
        snprintf(word, sizeof(word), "word %d", i);
        craft_words(&craft, 0, i > 0, (const char *const[]){i % 7 == 3 ? "-" : word}, 1);
        craft_codes(&craft, (char[]){(char)i, 0}, 2);
    }
    struct weir_source_request request = {.struct_size = sizeof(request), .batch_rows = 60, .threads = 1};
    struct weir_source source;
    assert_int_equal(weir_format_arrow()->open_reader(craft_save(&craft, *state), &request, &source, NULL),
                     WEIR_OK);
    for (int i = 0; i < 30; i++) assert_int_equal(source.next(source.state, &batches[i], NULL), WEIR_OK);
    source.close(source.state);
    for (int i = 0; i < 30; i++) {
        struct text rows = {0}, expected = {0};
        assert_int_equal(batches[i].children[0]->dictionary->length, i + 1);
        rows_text(&rows, table.children, &batches[i]);
        if (i % 7 == 3) {
            text_format(&expected, "NULL\nword 0\n");
        } else {
            text_format(&expected, "word %d\nword 0\n", i);
        }
        assert_string_equal(rows.data, expected.data);
        text_fini(&rows);
        text_fini(&expected);
        batches[i].release(&batches[i]);
    }
    craft_fini(&craft);
}

static void an_unchanged_dictionary_keeps_its_buffers(void **state) {
    struct table table;
    struct craft craft = {0};
    struct ArrowArray batches[3];
    dictionary_table(&table);
    craft_schema(&craft, &table);
    craft_words(&craft, 0, false, (const char *const[]){"a", "b"}, 2);
    craft_codes(&craft, "\0\1", 2);
    craft_words(&craft, 7, false, (const char *const[]){"of no column"}, 1);
    craft_codes(&craft, "\1", 1);
    craft_words(&craft, 0, false, (const char *const[]){"a", "c"}, 2);
    craft_codes(&craft, "\1", 1);
    struct weir_source_request request = {.struct_size = sizeof(request), .batch_rows = 60, .threads = 1};
    struct weir_source source;
    assert_int_equal(weir_format_arrow()->open_reader(craft_save(&craft, *state), &request, &source, NULL),
                     WEIR_OK);
    const void *buffers[3];
    for (int i = 0; i < 3; i++) {
        assert_int_equal(source.next(source.state, &batches[i], NULL), WEIR_OK);
        buffers[i] = batches[i].children[0]->dictionary->buffers[2];
    }
    assert_ptr_equal(buffers[0], buffers[1]);
    assert_ptr_not_equal(buffers[1], buffers[2]);
    for (int i = 0; i < 3; i++) batches[i].release(&batches[i]);
    source.close(source.state);
    craft_fini(&craft);
}

static void two_columns_may_share_a_dictionary(void **state) {
    struct craft craft = {0};
    struct weir_arrow_field fields[2] = {
        {.name = "a", .format = "c", .words = "u", .dictionary = 5, .nullable = true},
        {.name = "b", .format = "c", .words = "u", .dictionary = 5},
    };
    struct weir_arrow_schema schema = {.fields = fields, .count = 2};
    size_t message = craft_begin(&craft, 4, 1, 0);
    weir_flat_link_field(&craft.builder, message, 2, weir_arrow_schema_write(&schema, &craft.builder));
    craft_end(&craft, NULL, 0);
    craft_words(&craft, 5, false, (const char *const[]){"x", "y"}, 2);
    /* codes are int32 when the schema is written */
    int32_t body[] = {0, 1, 1, 0};
    craft_record_batch(&craft, &(struct craft_batch){.rows = 2,
                                                     .nodes = (int64_t[]){2, 0, 2, 0},
                                                     .nodes_count = 2,
                                                     .buffers = (int64_t[]){0, 0, 0, 8, 0, 0, 8, 8},
                                                     .buffers_count = 4,
                                                     .body = body,
                                                     .body_bytes = sizeof(body)});
    expect_rows(craft_save(&craft, *state), (struct read_options){0}, "x|y\ny|x\n");
    craft_fini(&craft);
}

static void a_column_of_nulls_needs_no_dictionary(void **state) {
    struct table table;
    struct craft craft = {0};
    char body[16] = {0};
    dictionary_table(&table);
    craft_schema(&craft, &table);
    struct craft_batch batch = {.rows = 2,
                                .nodes = (int64_t[]){2, 2},
                                .nodes_count = 1,
                                .buffers = (int64_t[]){0, 1, 8, 8},
                                .buffers_count = 2,
                                .body = body,
                                .body_bytes = sizeof(body)};
    craft_record_batch(&craft, &batch);
    expect_rows(craft_save(&craft, *state), (struct read_options){0}, "NULL\nNULL\n");
    craft_codes(&craft, "\0", 1);
    expect_failure(craft_save(&craft, *state), (struct read_options){0}, WEIR_ERR_FORMAT, "needs dictionary 0");
    craft_fini(&craft);
}

/* Before Arrow 0.15 messages had no continuation word, and the end was a zero length of 4 bytes. */
static void the_old_encapsulation_is_read(void **state) {
    struct table table = {0};
    struct craft craft = {.legacy = true};
    table_add(&table, "i", "c", NULL);
    craft_schema(&craft, &table);
    craft_bytes(&craft, "\1\2", 2);
    craft_bytes(&craft, "\3", 1);
    expect_rows(craft_save(&craft, *state), (struct read_options){0}, "1\n2\n3\n");
    text_add(&craft.bytes, "\0\0\0\0", 4);
    expect_rows(craft_save(&craft, *state), (struct read_options){0}, "1\n2\n3\n");
    craft_fini(&craft);
}

static void a_stream_may_end_without_a_marker_but_not_within_a_message(void **state) {
    struct table table = {0};
    struct craft craft = {0};
    table_add(&table, "i", "c", NULL);
    craft_schema(&craft, &table);
    expect_rows(craft_save(&craft, *state), (struct read_options){0}, "");
    craft_bytes(&craft, "\1\2", 2);
    expect_rows(craft_save(&craft, *state), (struct read_options){0}, "1\n2\n");
    craft.bytes.bytes--;
    expect_failure(craft_save(&craft, *state), (struct read_options){0}, WEIR_ERR_FORMAT, "is truncated");
    craft_fini(&craft);
}

static void nothing_may_follow_the_end(void **state) {
    struct table table = {0};
    struct craft craft = {0};
    table_add(&table, "i", "c", NULL);
    craft_schema(&craft, &table);
    craft_bytes(&craft, "\1\2", 2);
    text_add(&craft.bytes, "\xFF\xFF\xFF\xFF\0\0\0\0", 8);
    expect_rows(craft_save(&craft, *state), (struct read_options){0}, "1\n2\n");
    text_add(&craft.bytes, "x", 1);
    expect_failure(craft_save(&craft, *state), (struct read_options){0}, WEIR_ERR_FORMAT, "1 bytes follow the end");
    craft.bytes.bytes -= 9;
    craft_schema(&craft, &table);
    expect_failure(craft_save(&craft, *state), (struct read_options){0}, WEIR_ERR_FORMAT, "a second schema");
    craft_fini(&craft);
}

static void batches_without_rows_are_passed_over(void **state) {
    struct table table = {0};
    struct craft craft = {0};
    table_add(&table, "u", "u", NULL);
    craft_schema(&craft, &table);
    for (int i = 0; i < 20; i++) {
        craft_record_batch(&craft, &(struct craft_batch){.nodes = (int64_t[]){0, 0},
                                                         .nodes_count = 1,
                                                         .buffers = (int64_t[]){0, 0, 0, 0, 0, 0},
                                                         .buffers_count = 3});
    }
    expect_rows(craft_save(&craft, *state), (struct read_options){0}, "");
    craft_fini(&craft);
}

/* Readers may look for the dictionary of a column of NULLs. */
static void each_dictionary_is_written_even_if_it_is_empty(void **state) {
    struct table table;
    uint64_t seed = 1;
    struct rows rows;
    struct weir_arrow_scan scan = {0};
    struct weir_arrow_found found;
    const char *path = folder_name(*state, "a.arrow");
    dictionary_table(&table);
    rows_init(&rows, &table, (struct array_options){.rows = 5, .null_percent = 100}, 0, &seed);
    struct weir_sink sink = must_open_sink(path, &table, NULL, NULL);
    must_write(&sink, &rows);
    must_write(&sink, &rows);
    must_finish(&sink);
    rows_fini(&rows);
    assert_int_equal(weir_arrow_scan_open(&scan, path, NULL), WEIR_OK);
    assert_int_equal(scan.dictionaries, 1);
    assert_int_equal(scan.blocks_count, 3);
    assert_int_equal(weir_arrow_scan_next(&scan, &found, NULL), WEIR_OK);
    assert_int_equal(found.message.kind, WEIR_ARROW_MESSAGE_DICTIONARY);
    weir_arrow_scan_close(&scan);
}

/* Columns may share bytes of a body, wholly or in part. */
static void buffers_may_overlap(void **state) {
    struct table table = {0};
    struct craft craft = {0};
    int64_t body[9];
    for (int64_t i = 0; i < 9; i++) body[i] = i + 1;
    table_add(&table, "a", "l", NULL);
    table_add(&table, "b", "c", NULL);
    table_add(&table, "c", "l", NULL);
    craft_schema(&craft, &table);
    craft_record_batch(&craft, &(struct craft_batch){.rows = 8,
                                                     .nodes = (int64_t[]){8, 0, 8, 0, 8, 0},
                                                     .nodes_count = 3,
                                                     .buffers = (int64_t[]){0, 0, 0, 64, 0, 0, 8, 8, 0, 0, 8, 64},
                                                     .buffers_count = 6,
                                                     .body = body,
                                                     .body_bytes = sizeof(body)});
    expect_rows(craft_save(&craft, *state), (struct read_options){0},
                "1|2|2\n2|0|3\n3|0|4\n4|0|5\n5|0|6\n6|0|7\n7|0|8\n8|0|9\n");
    expect_rows(craft_save(&craft, *state), (struct read_options){.columns = (const int32_t[]){0, 1}, .count = 2},
                "1|2\n2|0\n3|0\n4|0\n5|0\n6|0\n7|0\n8|0\n");
    craft_fini(&craft);
}

/* The file format: dictionaries of a footer come before all batches, and only the first is not a delta. */
static const char *write_file(const struct folder *folder, bool second_is_delta) {
    struct weir_output *output;
    struct weir_arrow_written dictionaries[2], batch;
    struct table table;
    struct weir_arrow_schema schema = {0};
    const char *path = folder_name(folder, "a.arrow");
    int32_t offsets[] = {0, 1, 2}, codes[] = {3, 2, 1, 0};
    dictionary_table(&table);
    assert_int_equal(weir_arrow_schema_import(&table.schema, &schema, NULL), WEIR_OK);
    assert_int_equal(weir_output_open(path, &output, NULL), WEIR_OK);
    struct weir_arrow_outgoing outgoing = {.output = output, .compression = WEIR_ARROW_PLAIN};
    assert_int_equal(weir_output_write(output, "ARROW1\0\0", 8, NULL), WEIR_OK);
    assert_int_equal(weir_arrow_outgoing_schema(&outgoing, &schema, NULL), WEIR_OK);
    weir_arrow_outgoing_node(&outgoing, 4, 0, NULL);
    weir_arrow_outgoing_buffer(&outgoing, NULL, 0, NULL);
    weir_arrow_outgoing_buffer(&outgoing, codes, sizeof(codes), NULL);
    assert_int_equal(weir_arrow_outgoing_batch(&outgoing, 4, &batch, NULL), WEIR_OK);
    for (int i = 0; i < 2; i++) {
        weir_arrow_outgoing_node(&outgoing, 2, 0, NULL);
        weir_arrow_outgoing_buffer(&outgoing, NULL, 0, NULL);
        weir_arrow_outgoing_buffer(&outgoing, offsets, sizeof(offsets), NULL);
        weir_arrow_outgoing_buffer(&outgoing, i == 0 ? "ab" : "cd", 2, NULL);
        bool is_delta = i == 1 && second_is_delta;
        assert_int_equal(weir_arrow_outgoing_dictionary(&outgoing, 0, is_delta, 2, &dictionaries[i], NULL),
                         WEIR_OK);
    }
    weir_arrow_outgoing_end(&outgoing, NULL);
    assert_int_equal(weir_arrow_outgoing_footer(&outgoing, &schema, dictionaries, 2, &batch, 1, NULL), WEIR_OK);
    assert_int_equal(weir_output_commit(output, NULL), WEIR_OK);
    weir_output_close(&output);
    weir_arrow_outgoing_fini(&outgoing);
    weir_arrow_schema_fini(&schema);
    return path;
}

static void dictionaries_of_a_file_may_come_after_its_batches(void **state) {
    expect_rows(write_file(*state, true), (struct read_options){0}, "d\nc\nb\na\n");
}

static void a_dictionary_of_a_file_is_not_replaced(void **state) {
    expect_failure(write_file(*state, false), (struct read_options){0}, WEIR_ERR_FORMAT, "comes twice");
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        CASE(a_dictionary_may_grow_and_be_replaced),
        CASE(batches_keep_the_dictionary_they_came_with),
        CASE(an_unchanged_dictionary_keeps_its_buffers),
        CASE(two_columns_may_share_a_dictionary),
        CASE(a_column_of_nulls_needs_no_dictionary),
        CASE(the_old_encapsulation_is_read),
        CASE(a_stream_may_end_without_a_marker_but_not_within_a_message),
        CASE(nothing_may_follow_the_end),
        CASE(batches_without_rows_are_passed_over),
        CASE(each_dictionary_is_written_even_if_it_is_empty),
        CASE(buffers_may_overlap),
        CASE(dictionaries_of_a_file_may_come_after_its_batches),
        CASE(a_dictionary_of_a_file_is_not_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
