/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>

#include "tests/connect/parquet_types.h"

static enum weir_status open_sink(const char *path, const struct ArrowSchema *schema,
                                  const struct weir_option *options, size_t options_count, struct weir_sink *out,
                                  struct weir_error *error) {
    struct weir_sink_request request = {
        .struct_size = sizeof request, .schema = schema, .options = options, .options_count = options_count};
    return weir_format_parquet()->open_writer(path, &request, out, error);
}

/* The first 29 columns of types.parquet: those that are not nested. */
static struct weir_source open_flat(struct ArrowSchema *schema, int64_t batch_rows) {
    struct weir_source source = must_open(TYPES_PARQUET, batch_rows, 1);
    struct weir_error error = {0};
    int32_t columns[29];
    for (int32_t idx = 0; idx < 29; idx++) columns[idx] = idx;
    assert_int_equal(source.select(source.state, columns, 29, &error), WEIR_OK);
    *schema = must_schema(&source);
    schema->n_children = 29;
    return source;
}

/* Puts the two that open_flat left out back before release. */
static void release_flat(struct ArrowSchema *schema) {
    schema->n_children = 31;
    schema->release(schema);
}

/* Copies types.parquet through the writer. */
static void copy_to(const char *path, const struct weir_option *options, size_t options_count, bool finish) {
    struct ArrowSchema schema;
    struct weir_source source = open_flat(&schema, 13);
    struct weir_sink sink;
    struct weir_error error = {0};
    if (open_sink(path, &schema, options, options_count, &sink, &error) != WEIR_OK) fail_msg("%s", error.message);
    struct ArrowArray batch;
    while (must_next(&source, &batch)) {
        assert_int_equal(sink.write(sink.state, &batch, &error), WEIR_OK);
        batch.release(&batch);
    }
    if (finish && sink.finish(sink.state, &error) != WEIR_OK) fail_msg("%s", error.message);
    sink.close(sink.state);
    source.close(source.state);
    release_flat(&schema);
}

static void every_type_comes_back(void **state) {
    const struct folder *folder = *state;
    const char *path = folder_name(folder, "copy.parquet");
    copy_to(path, NULL, 0, true);
    check_all_fixed(path);
    check_all_texts(path);
    assert_int_equal(folder_count(folder), 1);
}

static void each_compression_comes_back(void **state) {
    const struct folder *folder = *state;
    static const char *const names[] = {"uncompressed", "SNAPPY", "gzip", "zstd", "lz4_raw", "brotli"};
    for (size_t idx = 0; idx < WEIR_ARRAY_COUNT(names); idx++) {
        const struct weir_option options[] = {{"parquet.compression", names[idx], 1, 1}};
        const char *path = folder_name(folder, names[idx]);
        copy_to(path, options, 1, true);
        check_fixed(path, &fixed_columns[3], 100, 1);
        check_texts(path, "s_plain", "row %d", 1);
    }
}

static size_t size_of(const char *path) {
    size_t bytes;
    free(read_whole(path, &bytes));
    return bytes;
}

static void options_change_the_file(void **state) {
    const struct folder *folder = *state;
    const struct weir_option plain[] = {{"parquet.enable.dictionary", "false", 1, 1}};
    const struct weir_option none[] = {{"parquet.compression", "uncompressed", 1, 1}};
    const struct weir_option strong[] = {{"parquet.compression", "zstd", 1, 1},
                                         {"parquet.compression.codec.zstd.level", "19", 2, 1}};
    copy_to(folder_name(folder, "default"), NULL, 0, true);
    copy_to(folder_name(folder, "plain"), plain, 1, true);
    copy_to(folder_name(folder, "none"), none, 1, true);
    copy_to(folder_name(folder, "strong"), strong, 2, true);
    size_t usual = size_of(folder_name(folder, "default"));
    assert_true(size_of(folder_name(folder, "plain")) != usual);
    assert_true(size_of(folder_name(folder, "none")) > usual);
    assert_true(size_of(folder_name(folder, "strong")) < usual);
    struct weir_source source = must_open(folder_name(folder, "plain"), 10, 1);
    struct ArrowSchema schema = must_schema(&source);
    assert_null(schema.children[find_column(&source, "s_dict")]->dictionary);
    schema.release(&schema);
    source.close(source.state);
}

/* Expects that a sink with one option does not open, with a message that has `words` and the option's place. */
static void check_refused(const struct folder *folder, const char *key, const char *value, enum weir_status status,
                          const char *expected) {
    const struct weir_option option = {key, value, 5, 7};
    struct ArrowSchema schema;
    struct weir_source source = open_flat(&schema, 100);
    struct weir_sink sink;
    struct weir_error error = {0};
    assert_int_equal(open_sink(folder_name(folder, "x"), &schema, &option, 1, &sink, &error), status);
    if (strstr(error.message, expected) == NULL) fail_msg("'%s' is not in: %s", expected, error.message);
    assert_int_equal(error.line, 5);
    assert_int_equal(error.column, 7);
    source.close(source.state);
    release_flat(&schema);
    assert_int_equal(folder_count(folder), 0);
}

static void bad_options_are_refused_at_their_place(void **state) {
    const struct folder *folder = *state;
    check_refused(folder, "parquet.compression", "zstdd", WEIR_ERR_INVALID, "lz4_raw");
    check_refused(folder, "parquet.compression.codec.zstd.level", "much", WEIR_ERR_INVALID, "whole number");
    check_refused(folder, "parquet.compression.codec.zstd.level", "3", WEIR_ERR_INVALID, "needs");
    check_refused(folder, "parquet.enable.dictionary", "maybe", WEIR_ERR_INVALID, "true or false");
    check_refused(folder, "parquet.utc-timezone", "false", WEIR_ERR_UNSUPPORTED, "utc-timezone");
}

static void an_abandoned_file_leaves_nothing(void **state) {
    const struct folder *folder = *state;
    copy_to(folder_name(folder, "copy.parquet"), NULL, 0, false);
    assert_int_equal(folder_count(folder), 0);
}

static void a_result_without_rows_is_a_file(void **state) {
    const struct folder *folder = *state;
    struct ArrowSchema schema;
    struct weir_source source = open_flat(&schema, 100);
    struct weir_sink sink;
    struct weir_error error = {0};
    const char *path = folder_name(folder, "empty.parquet");
    assert_int_equal(open_sink(path, &schema, NULL, 0, &sink, &error), WEIR_OK);
    assert_int_equal(sink.finish(sink.state, &error), WEIR_OK);
    sink.close(sink.state);
    source.close(source.state);
    release_flat(&schema);
    source = must_open(path, 100, 1);
    struct ArrowArray batch;
    assert_false(must_next(&source, &batch));
    source.close(source.state);
}

static void a_folder_that_is_missing_is_named(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct weir_source source = open_flat(&schema, 100);
    struct weir_sink sink;
    struct weir_error error = {0};
    assert_int_equal(open_sink("/nowhere/x.parquet", &schema, NULL, 0, &sink, &error), WEIR_ERR_IO);
    assert_non_null(strstr(error.message, "/nowhere/x.parquet"));
    source.close(source.state);
    release_flat(&schema);
}

static void a_type_that_parquet_lacks_is_refused(void **state) {
    const struct folder *folder = *state;
    const char *const names[] = {"months"};
    struct weir_type types[] = {weir_type_of(WEIR_TYPE_INTERVAL_MONTH)};
    struct ArrowSchema schema;
    struct weir_error error = {0};
    struct weir_sink sink;
    assert_int_equal(weir_schema_export(names, types, 1, &schema, &error), WEIR_OK);
    const char *path = folder_name(folder, "x.parquet");
    assert_int_equal(open_sink(path, &schema, NULL, 0, &sink, &error), WEIR_ERR_UNSUPPORTED);
    assert_non_null(strstr(error.message, path));
    schema.release(&schema);
    assert_int_equal(folder_count(folder), 0);
}

/* /dev/full takes no byte: the failure of a write must reach the caller, whatever Arrow makes of it. */
static void a_full_disk_is_an_error(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct weir_source source = open_flat(&schema, 100);
    struct weir_sink sink;
    struct weir_error error = {0};
    fflush(stdout);
    int kept = dup(STDOUT_FILENO), full = open("/dev/full", O_WRONLY);
    assert_true(kept >= 0 && full >= 0 && dup2(full, STDOUT_FILENO) >= 0);
    enum weir_status status = open_sink("-", &schema, NULL, 0, &sink, &error);
    struct ArrowArray batch;
    while (status == WEIR_OK && must_next(&source, &batch)) {
        status = sink.write(sink.state, &batch, &error);
        batch.release(&batch);
    }
    if (status == WEIR_OK) status = sink.finish(sink.state, &error);
    sink.close(sink.state);
    assert_true(dup2(kept, STDOUT_FILENO) >= 0);
    close(kept);
    close(full);
    assert_int_equal(status, WEIR_ERR_IO);
    source.close(source.state);
    release_flat(&schema);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(every_type_comes_back),
        IN_FOLDER(each_compression_comes_back),
        IN_FOLDER(options_change_the_file),
        IN_FOLDER(bad_options_are_refused_at_their_place),
        IN_FOLDER(an_abandoned_file_leaves_nothing),
        IN_FOLDER(a_result_without_rows_is_a_file),
        cmocka_unit_test(a_folder_that_is_missing_is_named),
        IN_FOLDER(a_type_that_parquet_lacks_is_refused),
        cmocka_unit_test(a_full_disk_is_an_error),
    };
    if (!parquet_is_there()) return 0;
    setenv("WEIR_MODULE_DIR", MODULE_DIR, 1);
    return cmocka_run_group_tests_name("parquet writer", tests, NULL, NULL);
}
