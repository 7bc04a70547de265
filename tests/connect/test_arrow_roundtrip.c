/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/connect/arrow_arrays.h"

/* Writes batches of these sizes, and expects the same rows from the file, in slices of any size. */
static void round_trip(const char *path, const struct table *table, const int64_t *sizes, size_t sizes_count,
                       const char *compression, const char *batch_rows, int32_t null_percent) {
    uint64_t seed = 0x9E3779B97F4A7C15u + (uint64_t)null_percent;
    struct text expected = {0};
    struct weir_sink sink = must_open_sink(path, table, compression, batch_rows);
    text_add(&expected, "", 0);
    for (size_t i = 0; i < sizes_count; i++) {
        struct rows rows;
        struct array_options options = {.rows = sizes[i], .offset = (int64_t)i * 5, .null_percent = null_percent};
        rows_init(&rows, table, options, (int64_t)i % 4, &seed);
        must_write(&sink, &rows);
        rows_text(&expected, (struct ArrowSchema *const *)table->children, &rows.array);
        rows_fini(&rows);
    }
    must_finish(&sink);
    expect_rows(path, (struct read_options){0}, expected.data);
    expect_rows(path, (struct read_options){.batch_rows = 7, .uring = true}, expected.data);
    expect_rows(path, (struct read_options){.batch_rows = 64}, expected.data);
    text_fini(&expected);
}

static void all_types_come_back(void **state) {
    static const int64_t sizes[] = {1, 63, 0, 64, 65, 1000, 3, 130};
    static const char *const compressions[] = {NULL, "none", "lz4", "ZSTD"};
    static const char *const names[] = {"a.arrow", "b.feather", "c.arrows", "d.ipc"};
    struct table table = {0};
    add_all_types(&table);
    for (size_t i = 0; i < 4; i++) {
        const char *path = folder_name(*state, names[i]);
        round_trip(path, &table, sizes, 8, compressions[i], NULL, 0);
        round_trip(path, &table, sizes, 8, compressions[i], NULL, 30);
        round_trip(path, &table, sizes, 8, compressions[i], "100", 100);
    }
}

static void bits_are_moved_to_any_place(void **state) {
    struct table table = {0};
    table_add(&table, "b", "b", NULL);
    int64_t sizes[80];
    for (int64_t i = 0; i < 80; i++) sizes[i] = (i * 37) % 131;
    sizes[79] = 10000;
    round_trip(folder_name(*state, "a.arrow"), &table, sizes, 80, NULL, "9000", 50);
    round_trip(folder_name(*state, "b.arrow"), &table, sizes, 80, NULL, "1", 10);
}

static void batch_rows_make_batches_of_that_many_rows(void **state) {
    struct table table = {0};
    table_add(&table, "i", "i", NULL);
    table_add(&table, "u", "u", NULL);
    const char *path = folder_name(*state, "a.arrow");
    round_trip(path, &table, (const int64_t[]){10, 25, 5}, 3, NULL, "16", 0);
    struct read_options options = {0};
    struct text rows = {0};
    assert_int_equal(read_file_as_text(path, &options, &rows, NULL), WEIR_OK);
    text_fini(&rows);
    assert_int_equal(options.batches, 3); /* 16, 16, 8 */
}

static void files_without_rows_or_columns_are_files(void **state) {
    struct table table = {0}, empty = {0};
    add_all_types(&table);
    table_add(&empty, "x", "i", NULL);
    empty.schema.n_children = 0;
    round_trip(folder_name(*state, "a.arrow"), &table, NULL, 0, "lz4", NULL, 0);
    round_trip(folder_name(*state, "a.arrows"), &table, (const int64_t[]){0}, 1, NULL, NULL, 0);
    round_trip(folder_name(*state, "b.arrow"), &empty, (const int64_t[]){3, 4}, 2, NULL, NULL, 0);
}

static void dictionaries_of_batches_become_one(void **state) {
    struct table table = {0};
    table_add(&table, "k", "s", "u");
    const char *path = folder_name(*state, "a.arrow");
    uint64_t seed = 1;
    struct text expected = {0};
    struct weir_sink sink = must_open_sink(path, &table, NULL, NULL);
    for (int32_t i = 0; i < 20; i++) {
        struct rows rows;
        rows_init(&rows, &table, (struct array_options){.rows = 200, .null_percent = 20, .words = 300}, 0, &seed);
        must_write(&sink, &rows);
        rows_text(&expected, (struct ArrowSchema *const *)table.children, &rows.array);
        rows_fini(&rows);
    }
    must_finish(&sink);
    expect_rows(path, (struct read_options){.batch_rows = 50}, expected.data);
    text_fini(&expected);
}

static void selected_columns_are_read_alone(void **state) {
    struct table table = {0};
    uint64_t seed = 5;
    struct rows rows;
    struct text expected = {0};
    add_all_types(&table);
    const char *path = folder_name(*state, "a.arrow");
    /* Columns are far enough from each other that the body is read in pieces. */
    rows_init(&rows, &table, (struct array_options){.rows = 30000, .null_percent = 10}, 0, &seed);
    struct weir_sink sink = must_open_sink(path, &table, NULL, NULL);
    must_write(&sink, &rows);
    must_finish(&sink);
    static const int32_t columns[] = {1, 8, 12, 16, 30};
    struct ArrowSchema *schemas[5];
    struct ArrowArray *children[5];
    for (size_t i = 0; i < 5; i++) schemas[i] = table.children[columns[i]];
    for (size_t i = 0; i < 5; i++) children[i] = rows.children[columns[i]];
    struct ArrowArray some = rows.array;
    some.n_children = 5;
    some.children = children;
    rows_text(&expected, schemas, &some);
    expect_rows(path, (struct read_options){.columns = columns, .count = 5}, expected.data);
    expect_rows(path, (struct read_options){.columns = columns, .count = 5, .uring = true, .batch_rows = 999},
                expected.data);
    text_fini(&expected);
    rows_fini(&rows);
}

static void no_columns_count_rows(void **state) {
    struct table table = {0};
    table_add(&table, "i", "i", NULL);
    table_add(&table, "k", "i", "u");
    const char *path = folder_name(*state, "a.arrow");
    round_trip(path, &table, (const int64_t[]){10, 25}, 2, NULL, NULL, 0);
    struct read_options options = {.columns = (const int32_t[]){0}, .count = 0, .batch_rows = 20};
    struct text rows = {0};
    struct weir_error error;
    assert_int_equal(read_file_as_text(path, &options, &rows, &error), WEIR_OK);
    assert_int_equal(options.batches, 3);
    assert_int_equal(rows.bytes, 35); /* line ends */
    text_fini(&rows);
}

static void declared_columns_are_found_by_name(void **state) {
    struct table table = {0}, declared = {0};
    uint64_t seed = 3;
    struct rows rows;
    table_add(&table, "a", "i", NULL);
    table_add(&table, "b", "u", NULL);
    table_add(&table, "c", "l", NULL);
    table_add(&declared, "c", "l", NULL);
    table_add(&declared, "b", "u", NULL);
    const char *path = folder_name(*state, "a.arrow");
    rows_init(&rows, &table, (struct array_options){.rows = 5}, 0, &seed);
    struct weir_sink sink = must_open_sink(path, &table, NULL, NULL);
    must_write(&sink, &rows);
    must_finish(&sink);
    struct weir_source_request request = {
        .struct_size = sizeof(request), .schema = &declared.schema, .batch_rows = 100, .threads = 1};
    struct weir_source source;
    struct ArrowSchema schema;
    struct ArrowArray batch;
    assert_int_equal(weir_format_arrow()->open_reader(path, &request, &source, NULL), WEIR_OK);
    assert_int_equal(source.schema(source.state, &schema, NULL), WEIR_OK);
    assert_int_equal(schema.n_children, 2);
    assert_string_equal(schema.children[0]->name, "c");
    assert_int_equal(source.next(source.state, &batch, NULL), WEIR_OK);
    struct text got = {0}, expected = {0};
    rows_text(&got, schema.children, &batch);
    struct ArrowArray some = rows.array;
    some.n_children = 2;
    some.children = (struct ArrowArray *[]){rows.children[2], rows.children[1]};
    rows_text(&expected, (struct ArrowSchema *const *)declared.children, &some);
    assert_string_equal(got.data, expected.data);
    text_fini(&got);
    text_fini(&expected);
    batch.release(&batch);
    schema.release(&schema);
    source.close(source.state);
    rows_fini(&rows);
}

/* The arrays stay readable when the source is gone, and each child on its own. */
static void batches_outlive_their_source(void **state) {
    struct table table = {0};
    uint64_t seed = 9;
    struct rows rows;
    add_all_types(&table);
    const char *path = folder_name(*state, "a.arrows");
    rows_init(&rows, &table, (struct array_options){.rows = 100, .null_percent = 10}, 0, &seed);
    struct weir_sink sink = must_open_sink(path, &table, "lz4", NULL);
    must_write(&sink, &rows);
    must_finish(&sink);
    struct weir_source_request request = {.struct_size = sizeof(request), .batch_rows = 60, .threads = 1};
    struct weir_source source;
    struct ArrowArray batches[2], moved;
    assert_int_equal(weir_format_arrow()->open_reader(path, &request, &source, NULL), WEIR_OK);
    assert_int_equal(source.next(source.state, &batches[0], NULL), WEIR_OK);
    assert_int_equal(source.next(source.state, &batches[1], NULL), WEIR_OK);
    assert_int_equal(source.next(source.state, &moved, NULL), WEIR_END);
    assert_int_equal(source.next(source.state, &moved, NULL), WEIR_END);
    source.close(source.state);
    moved = *batches[0].children[12];
    batches[0].children[12]->release = NULL;
    batches[0].release(&batches[0]);
    struct text got = {0}, expected = {0};
    cell(&got, table.children[12], &moved, 59);
    cell(&expected, table.children[12], rows.children[12], 59);
    assert_string_equal(got.data, expected.data);
    moved.release(&moved);
    batches[1].release(&batches[1]);
    text_fini(&got);
    text_fini(&expected);
    rows_fini(&rows);
}

static void progress_ends_at_the_size_of_the_file(void **state) {
    struct table table = {0};
    table_add(&table, "i", "i", NULL);
    const char *path = folder_name(*state, "a.arrow");
    round_trip(path, &table, (const int64_t[]){10, 25}, 2, NULL, NULL, 0);
    struct weir_source_request request = {.struct_size = sizeof(request), .batch_rows = 60, .threads = 1};
    struct weir_source source;
    struct weir_source_progress progress;
    struct ArrowArray batch;
    assert_int_equal(weir_format_arrow()->open_reader(path, &request, &source, NULL), WEIR_OK);
    source.progress(source.state, &progress);
    assert_int_equal(progress.bytes_done, 0);
    assert_true(progress.bytes_total > 0);
    while (source.next(source.state, &batch, NULL) == WEIR_OK) {
        source.progress(source.state, &progress);
        assert_true(progress.bytes_done > 0 && progress.bytes_done < progress.bytes_total);
        batch.release(&batch);
    }
    source.progress(source.state, &progress);
    assert_int_equal(progress.bytes_done, progress.bytes_total);
    assert_non_null(strstr(source.describe(source.state), "2 record batches"));
    source.close(source.state);
}

static void selections_that_make_no_sense_are_refused(void **state) {
    struct table table = {0};
    table_add(&table, "i", "i", NULL);
    table_add(&table, "j", "i", NULL);
    const char *path = folder_name(*state, "a.arrow");
    round_trip(path, &table, (const int64_t[]){10}, 1, NULL, NULL, 0);
    struct weir_source_request request = {.struct_size = sizeof(request), .batch_rows = 60, .threads = 1};
    struct weir_source source;
    assert_int_equal(weir_format_arrow()->open_reader(path, &request, &source, NULL), WEIR_OK);
    assert_int_equal(source.select(source.state, (const int32_t[]){2}, 1, NULL), WEIR_ERR_INVALID);
    assert_int_equal(source.select(source.state, (const int32_t[]){-1}, 1, NULL), WEIR_ERR_INVALID);
    assert_int_equal(source.select(source.state, (const int32_t[]){1, 1}, 2, NULL), WEIR_ERR_INVALID);
    assert_int_equal(source.select(source.state, (const int32_t[]){1}, 1, NULL), WEIR_OK);
    assert_int_equal(source.select(source.state, (const int32_t[]){1}, 1, NULL), WEIR_ERR_STATE);
    source.close(source.state);
}

static void options_are_checked(void **state) {
    static const struct weir_option bad[] = {{"arrow.compression", "snappy", 3, 5},
                                             {"arrow.batch-rows", "0", 3, 5},
                                             {"arrow.batch-rows", "12x", 3, 5},
                                             {"arrow.batch-rows", "", 3, 5},
                                             {"arrow.batch-rows", "99999999999", 3, 5}};
    struct table table = {0};
    table_add(&table, "i", "i", NULL);
    const char *path = folder_name(*state, "a.arrow");
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct weir_sink_request request = {
            .struct_size = sizeof(request), .options = &bad[i], .options_count = 1, .schema = &table.schema};
        struct weir_sink sink;
        struct weir_error error;
        assert_int_equal(weir_format_arrow()->open_writer(path, &request, &sink, &error), WEIR_ERR_SQL);
        assert_int_equal(error.line, 3);
        assert_int_equal(error.column, 5);
    }
    assert_int_equal(folder_count(*state), 0);
}

static void malformed_arrays_are_not_written(void **state) {
    struct table table = {0};
    uint64_t seed = 3;
    struct rows rows;
    struct weir_error error;
    table_add(&table, "u", "u", NULL);
    rows_init(&rows, &table, (struct array_options){.rows = 5}, 0, &seed);
    struct weir_sink sink = must_open_sink(folder_name(*state, "a.arrow"), &table, NULL, NULL);
    ((int32_t *)(uintptr_t)rows.columns[0].buffers[1])[3] = -1;
    assert_int_equal(sink.write(sink.state, &rows.array, &error), WEIR_ERR_INVALID);
    assert_non_null(strstr(error.message, "'u'"));
    assert_int_equal(sink.finish(sink.state, &error), WEIR_ERR_STATE);
    sink.close(sink.state);
    rows_fini(&rows);
    assert_int_equal(folder_count(*state), 0);
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        CASE(all_types_come_back),
        CASE(bits_are_moved_to_any_place),
        CASE(batch_rows_make_batches_of_that_many_rows),
        CASE(files_without_rows_or_columns_are_files),
        CASE(dictionaries_of_batches_become_one),
        CASE(selected_columns_are_read_alone),
        CASE(no_columns_count_rows),
        CASE(declared_columns_are_found_by_name),
        CASE(batches_outlive_their_source),
        CASE(progress_ends_at_the_size_of_the_file),
        CASE(selections_that_make_no_sense_are_refused),
        CASE(options_are_checked),
        CASE(malformed_arrays_are_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
