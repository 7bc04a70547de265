/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/connect/parquet_types.h"

static void fixed_width_types_are_read(void **state) {
    (void)state;
    check_all_fixed(TYPES_PARQUET);
}

static void threads_and_batch_sizes_change_no_value(void **state) {
    (void)state;
    static const int64_t batches[] = {1, 7, 39, 40, 41};
    for (size_t idx = 0; idx < WEIR_ARRAY_COUNT(batches); idx++) {
        for (int32_t threads = 1; threads <= 5; threads += 2)
            check_fixed(TYPES_PARQUET, &fixed_columns[3], batches[idx], threads);
    }
}

static void schema_tells_formats(void **state) {
    (void)state;
    struct weir_source source = must_open(TYPES_PARQUET, 100, 1);
    struct ArrowSchema schema = must_schema(&source);
    assert_string_equal(schema.format, "+s");
    for (size_t idx = 0; idx < WEIR_ARRAY_COUNT(fixed_columns); idx++) {
        int32_t column = find_column(&source, fixed_columns[idx].name);
        assert_string_equal(schema.children[column]->format, fixed_columns[idx].format);
    }
    assert_string_equal(schema.children[find_column(&source, "s_view")]->format, "u");
    assert_string_equal(schema.children[find_column(&source, "raw")]->format, "z");
    assert_string_equal(schema.children[find_column(&source, "fixed")]->format, "z");
    assert_non_null(schema.children[find_column(&source, "s_dict")]->dictionary);
    assert_null(schema.children[find_column(&source, "s_plain")]->dictionary);
    assert_int_equal(schema.children[find_column(&source, "id")]->flags & ARROW_FLAG_NULLABLE, 0);
    schema.release(&schema);
    source.close(source.state);
}

static void strings_are_read(void **state) {
    (void)state;
    check_all_texts(TYPES_PARQUET);
}

static void binaries_are_read(void **state) {
    (void)state;
    static const char *const names[] = {"raw", "fixed"};
    for (int which = 0; which < 2; which++) {
        struct weir_source source = must_open(TYPES_PARQUET, 100, 1);
        must_select(&source, names[which]);
        struct ArrowArray batch;
        struct ArrowSchema binary = {.format = "z"};
        assert_true(must_next(&source, &batch));
        const char raw[3] = {39, (char)255, 0}, fixed[4] = {39, 1, 2, 3};
        struct text text = text_at(&binary, batch.children[0], 39);
        assert_true(which == 0 ? text_equal(text, raw, 3) : text_equal(text, fixed, 4));
        batch.release(&batch);
        source.close(source.state);
    }
}

static void an_unchanged_dictionary_keeps_its_buffers(void **state) {
    (void)state;
    struct weir_source source = must_open(TYPES_PARQUET, 8, 1);
    must_select(&source, "s_dict");
    struct ArrowArray batch;
    const void *data = NULL;
    for (int64_t row = 0; must_next(&source, &batch); row += 8) {
        const struct ArrowArray *dictionary = batch.children[0]->dictionary;
        /* The second row group meets the words in another order. */
        if (row % GROUP_ROWS != 0) assert_ptr_equal(dictionary->buffers[2], data);
        data = dictionary->buffers[2];
        assert_int_equal(dictionary->length, 5);
        batch.release(&batch);
    }
    source.close(source.state);
}

/* ---- many row groups, many files
 * --------------------------------------------------------------------------------- */

/* Reads `id` and `word` to the end and closes. */
static void check_words(struct weir_source *source, int64_t first, int64_t last) {
    struct ArrowSchema schema = must_schema(source);
    struct weir_error error = {0};
    int32_t columns[2] = {find_column(source, "id"), find_column(source, "word")};
    int32_t id = columns[0] < columns[1] ? 0 : 1;
    if (id == 1) columns[0] = columns[1], columns[1] = find_column(source, "id");
    assert_int_equal(source->select(source->state, columns, 2, &error), WEIR_OK);
    struct ArrowArray batch;
    int64_t row = first;
    while (must_next(source, &batch)) {
        for (int64_t idx = 0; idx < batch.length; idx++, row++) {
            assert_int_equal(integer_at(batch.children[id], idx, 8), row);
            struct text word = text_at(schema.children[columns[1 - id]], batch.children[1 - id], idx);
            assert_true(text_equal(word, words[row % 5].data, (size_t)words[row % 5].bytes));
        }
        batch.release(&batch);
    }
    assert_int_equal(row, last);
    schema.release(&schema);
    source->close(source->state);
}

static void check_groups(int64_t batch_rows, int32_t threads) {
    struct weir_source source = must_open(PARQUET_DATA "groups.parquet", batch_rows, threads);
    check_words(&source, 0, 500);
}

/* Opens `second` as a further file of the table that begins with `first`. */
static struct weir_source open_further(const char *first, const char *second) {
    struct weir_source source = must_open(first, 10, 1), further;
    struct ArrowSchema schema = must_schema(&source), follows;
    struct weir_source_request request = {
        .struct_size = sizeof request, .schema = &schema, .batch_rows = 10, .threads = 2};
    struct weir_error error = {0};
    if (weir_format_parquet()->open_further(second, &request, &further, &error) != WEIR_OK)
        fail_msg("%s", error.message);
    follows = must_schema(&further);
    assert_int_equal(follows.n_children, schema.n_children);
    for (int64_t idx = 0; idx < schema.n_children; idx++) {
        assert_string_equal(follows.children[idx]->name, schema.children[idx]->name);
        assert_string_equal(follows.children[idx]->format, schema.children[idx]->format);
        assert_int_equal(follows.children[idx]->dictionary == NULL, schema.children[idx]->dictionary == NULL);
    }
    schema.release(&schema);
    follows.release(&follows);
    source.close(source.state);
    return further;
}

static void a_further_file_follows_the_first(void **state) {
    (void)state;
    struct weir_source source = open_further(PARQUET_DATA "groups.parquet", PARQUET_DATA "further.parquet");
    check_words(&source, 500, 600);
    source = open_further(TYPES_PARQUET, TYPES_PARQUET); /* with nested columns */
    source.close(source.state);
}

static enum weir_status follow_groups(const struct ArrowSchema *schema, struct weir_source *out,
                                      struct weir_error *error) {
    struct weir_source_request request = {
        .struct_size = sizeof request, .schema = schema, .batch_rows = 10, .threads = 1};
    return weir_format_parquet()->open_further(PARQUET_DATA "groups.parquet", &request, out, error);
}

static void a_further_file_lacks_no_column(void **state) {
    (void)state;
    struct weir_source source = must_open(PARQUET_DATA "further.parquet", 10, 1), further;
    struct ArrowSchema schema = must_schema(&source);
    struct weir_error error = {0};
    assert_int_equal(follow_groups(&schema, &further, &error), WEIR_ERR_FORMAT);
    assert_non_null(strstr(error.message, "'pair'"));
    schema.release(&schema);
    source.close(source.state);
}

static void id_and_word(struct ArrowSchema *out) {
    const char *const names[] = {"id", "word"};
    struct weir_type types[] = {weir_type_of(WEIR_TYPE_BIGINT), weir_type_of(WEIR_TYPE_STRING)};
    struct weir_error error = {0};
    assert_int_equal(weir_schema_export(names, types, 2, out, &error), WEIR_OK);
}

static void dictionaries_become_plain_strings(void **state) {
    (void)state;
    struct ArrowSchema first, schema;
    struct weir_source source;
    struct weir_error error = {0};
    id_and_word(&first);
    assert_int_equal(follow_groups(&first, &source, &error), WEIR_OK);
    first.release(&first);
    schema = must_schema(&source);
    assert_null(schema.children[1]->dictionary);
    assert_string_equal(schema.children[1]->format, "u");
    schema.release(&schema);
    check_words(&source, 0, 500);
}

static void files_of_a_declared_table_may_differ_in_layout(void **state) {
    (void)state;
    struct ArrowSchema declared;
    struct weir_error error = {0};
    id_and_word(&declared);
    /* In the order of their names: further.parquet, groups.parquet. */
    const struct weir_option options[] = {{"path", PARQUET_DATA "[fg]*.parquet", 1, 1},
                                          {"format", "parquet", 1, 1}};
    struct weir_source_request request = {.struct_size = sizeof request,
                                          .schema = &declared,
                                          .options = options,
                                          .options_count = 2,
                                          .batch_rows = 1000,
                                          .threads = 2};
    const struct weir_connector *connector = weir_connector_filesystem();
    struct weir_source source;
    enum weir_status status = connector->open_source(connector->user, &request, &source, &error);
    if (status != WEIR_OK) fail_msg("%s", error.message);
    struct ArrowArray batch;
    int64_t rows = 0, sum = 0;
    while (must_next(&source, &batch)) {
        for (int64_t idx = 0; idx < batch.length; idx++) sum += integer_at(batch.children[0], idx, 8);
        rows += batch.length;
        batch.release(&batch);
    }
    assert_int_equal(rows, 600);
    assert_int_equal(sum, 599 * 600 / 2);
    source.close(source.state);
    declared.release(&declared);
}

static void row_groups_come_in_order(void **state) {
    (void)state;
    for (int32_t threads = 1; threads <= 9; threads += 2) {
        check_groups(7, threads);
        check_groups(1000, threads);
    }
}

static void closing_early_stops_the_threads(void **state) {
    (void)state;
    for (int64_t taken = 0; taken < 40; taken += 3) {
        struct weir_source source = must_open(PARQUET_DATA "groups.parquet", 5, 3);
        struct ArrowArray batch;
        for (int64_t idx = 0; idx < taken; idx++) {
            assert_true(must_next(&source, &batch));
            batch.release(&batch);
        }
        source.close(source.state);
    }
}

/* ---- columns ----------------------------------------------------------------------------------------------------
 */

static void nested_columns_are_refused_only_when_selected(void **state) {
    (void)state;
    static const char *const names[] = {"list", "pair"};
    for (int which = 0; which < 2; which++) {
        struct weir_source source = must_open(TYPES_PARQUET, 100, 1);
        struct weir_error error = {0};
        int32_t column = find_column(&source, names[which]);
        assert_int_equal(source.select(source.state, &column, 1, &error), WEIR_ERR_UNSUPPORTED);
        assert_non_null(strstr(error.message, names[which]));
        assert_non_null(strstr(error.message, "types.parquet"));
        source.close(source.state);
    }
}

static void a_column_of_nulls_has_no_buffers(void **state) {
    (void)state;
    struct weir_source source = must_open(TYPES_PARQUET, 100, 1);
    must_select(&source, "none");
    struct ArrowArray batch;
    assert_true(must_next(&source, &batch));
    assert_int_equal(batch.children[0]->length, GROUP_ROWS);
    assert_true(is_null(batch.children[0], 0));
    batch.release(&batch);
    source.close(source.state);
}

static void no_column_counts_rows(void **state) {
    (void)state;
    for (int32_t threads = 1; threads <= 2; threads++) {
        struct weir_source source = must_open(TYPES_PARQUET, 9, threads);
        struct weir_error error = {0};
        assert_int_equal(source.select(source.state, NULL, 0, &error), WEIR_OK);
        struct ArrowArray batch;
        int64_t rows = 0;
        while (must_next(&source, &batch)) {
            assert_int_equal(batch.n_children, 0);
            assert_in_range(batch.length, 1, 9);
            rows += batch.length;
            batch.release(&batch);
        }
        assert_int_equal(rows, ROWS);
        source.close(source.state);
    }
}

static void declared_columns_are_found_by_name(void **state) {
    (void)state;
    const char *const names[] = {"s_dict", "id"};
    struct weir_type types[] = {weir_type_of(WEIR_TYPE_STRING), weir_type_of(WEIR_TYPE_BIGINT)};
    struct ArrowSchema declared, schema;
    struct weir_error error = {0};
    assert_int_equal(weir_schema_export(names, types, 2, &declared, &error), WEIR_OK);
    struct weir_source source;
    assert_int_equal(open_parquet(TYPES_PARQUET, &declared, 100, 1, &source, &error), WEIR_OK);
    declared.release(&declared);
    assert_int_equal(source.schema(source.state, &schema, &error), WEIR_OK);
    assert_int_equal(schema.n_children, 2);
    assert_string_equal(schema.children[0]->name, "s_dict");
    assert_string_equal(schema.children[1]->name, "id");
    schema.release(&schema);
    struct ArrowArray batch;
    assert_true(must_next(&source, &batch));
    assert_int_equal(batch.n_children, 2);
    assert_int_equal(integer_at(batch.children[1], 39, 8), 39);
    batch.release(&batch);
    source.close(source.state);
}

static void an_unknown_column_is_an_error(void **state) {
    (void)state;
    const char *const names[] = {"s_dikt"};
    struct weir_type types[] = {weir_type_of(WEIR_TYPE_STRING)};
    struct ArrowSchema declared;
    struct weir_error error = {0};
    assert_int_equal(weir_schema_export(names, types, 1, &declared, &error), WEIR_OK);
    struct weir_source source;
    assert_int_not_equal(open_parquet(TYPES_PARQUET, &declared, 100, 1, &source, &error), WEIR_OK);
    assert_non_null(strstr(error.message, "s_dikt"));
    declared.release(&declared);
}

static void int96_times_are_nanoseconds(void **state) {
    (void)state;
    struct weir_source source = must_open(PARQUET_DATA "int96.parquet", 100, 1);
    struct ArrowSchema schema = must_schema(&source);
    assert_string_equal(schema.children[0]->format, "tsn:");
    schema.release(&schema);
    struct ArrowArray batch;
    assert_true(must_next(&source, &batch));
    assert_int_equal(batch.length, ROWS);
    assert_int_equal(integer_at(batch.children[0], 58, 8), value_ts_ns(58));
    assert_true(is_null(batch.children[0], 3));
    batch.release(&batch);
    source.close(source.state);
}

/* ---- files ------------------------------------------------------------------------------------------------------
 */

static void an_empty_file_ends_at_once(void **state) {
    (void)state;
    for (int32_t threads = 1; threads <= 2; threads++) {
        struct weir_source source = must_open(PARQUET_DATA "empty.parquet", 100, threads);
        must_select(&source, "s_dict");
        struct ArrowArray batch;
        assert_false(must_next(&source, &batch));
        assert_false(must_next(&source, &batch));
        source.close(source.state);
    }
}

static void progress_reaches_its_total(void **state) {
    (void)state;
    struct weir_source source = must_open(TYPES_PARQUET, 40, 2);
    struct weir_source_progress all, before, half, after;
    source.progress(source.state, &all);
    must_select(&source, "s_plain");
    source.progress(source.state, &before);
    assert_int_equal(before.rows_total, ROWS);
    assert_in_range(before.bytes_total, 1, all.bytes_total - 1);
    assert_int_equal(before.bytes_done, 0);
    struct ArrowArray batch;
    assert_true(must_next(&source, &batch));
    batch.release(&batch);
    source.progress(source.state, &half);
    assert_in_range(half.bytes_done, 1, half.bytes_total - 1);
    while (must_next(&source, &batch)) batch.release(&batch);
    source.progress(source.state, &after);
    assert_int_equal(after.bytes_done, after.bytes_total);
    source.close(source.state);
}

static void a_batch_may_outlive_its_source(void **state) {
    (void)state;
    struct weir_source source = must_open(TYPES_PARQUET, 7, 3);
    must_select(&source, "id");
    struct ArrowArray batch;
    assert_true(must_next(&source, &batch));
    source.close(source.state); /* with row groups decoded ahead and not taken */
    assert_int_equal(integer_at(batch.children[0], 6, 8), 6);
    batch.release(&batch);
}

static void describe_tells_what_is_read(void **state) {
    (void)state;
    struct weir_source source = must_open(TYPES_PARQUET, 7, 2);
    must_select(&source, "id");
    assert_non_null(strstr(source.describe(source.state), "1 of 31 columns, 60 rows in 2 row groups, 2 threads"));
    source.close(source.state);
}

/* Reads all columns that can be read; any status but success must be one that a bad file may give. */
static enum weir_status read_damaged(const char *path, int32_t threads) {
    struct weir_source source;
    struct weir_error error = {0};
    enum weir_status status = open_parquet(path, NULL, 16, threads, &source, &error);
    if (status == WEIR_OK) {
        int32_t columns[29];
        for (int32_t idx = 0; idx < 29; idx++) columns[idx] = idx;
        status = source.select(source.state, columns, 29, &error);
        struct ArrowArray batch;
        while (status == WEIR_OK && (status = source.next(source.state, &batch, &error)) == WEIR_OK) {
            batch.release(&batch);
        }
        source.close(source.state);
    }
    if (status == WEIR_END) return WEIR_OK;
    assert_true(status == WEIR_ERR_FORMAT || status == WEIR_ERR_UNSUPPORTED || status == WEIR_ERR_MEMORY);
    assert_non_null(strstr(error.message, path));
    return status;
}

static void a_truncated_file_is_an_error(void **state) {
    const struct folder *folder = *state;
    size_t bytes;
    char *data = read_whole(TYPES_PARQUET, &bytes);
    for (size_t kept = 0; kept < bytes; kept += 997) {
        folder_put(folder, "cut.parquet", data, kept);
        assert_int_equal(read_damaged(folder_name(folder, "cut.parquet"), 1), WEIR_ERR_FORMAT);
    }
    folder_put(folder, "cut.parquet", data, bytes - 1);
    assert_int_equal(read_damaged(folder_name(folder, "cut.parquet"), 1), WEIR_ERR_FORMAT);
    free(data);
}

static void a_damaged_file_does_not_crash(void **state) {
    const struct folder *folder = *state;
    size_t bytes;
    int failed = 0;
    char *data = read_whole(TYPES_PARQUET, &bytes);
    for (size_t at = 4; at < bytes; at += 61) {
        data[at] = (char)~data[at];
        folder_put(folder, "bad.parquet", data, bytes);
        failed += read_damaged(folder_name(folder, "bad.parquet"), at % 2 == 0 ? 1 : 2) != WEIR_OK;
        data[at] = (char)~data[at];
    }
    assert_true(failed > 0);
    free(data);
}

static void a_missing_file_is_named(void **state) {
    (void)state;
    struct weir_source source;
    struct weir_error error = {0};
    assert_int_equal(open_parquet("/nowhere/x.parquet", NULL, 100, 1, &source, &error), WEIR_ERR_IO);
    assert_non_null(strstr(error.message, "/nowhere/x.parquet"));
}

static void content_is_recognised(void **state) {
    (void)state;
    const struct weir_format *format = weir_format_parquet();
    assert_true(format->recognise("PAR1xxxx", 8));
    assert_false(format->recognise("PAR", 3));
    assert_false(format->recognise("a,b\n", 4));
}

static void a_missing_module_says_what_to_do(void **state) {
    const struct folder *folder = *state;
    struct weir_source source;
    struct weir_error error = {0};
    setenv("WEIR_MODULE_DIR", folder->path, 1);
    assert_int_equal(open_parquet(TYPES_PARQUET, NULL, 1, 1, &source, &error), WEIR_ERR_UNSUPPORTED);
    assert_non_null(strstr(error.message, "this build has no Parquet: "));
    assert_non_null(strstr(error.message, "scripts/fetch-arrow"));
    folder_put(folder, "weir_parquet.so", "not a library", 13);
    assert_int_equal(open_parquet(TYPES_PARQUET, NULL, 1, 1, &source, &error), WEIR_ERR_UNSUPPORTED);
    assert_non_null(strstr(error.message, "Parquet cannot be loaded: "));
    setenv("WEIR_MODULE_DIR", MODULE_DIR, 1);
}

int main(void) {
    const struct CMUnitTest always[] = {
        cmocka_unit_test(content_is_recognised),
        cmocka_unit_test_setup_teardown(a_missing_module_says_what_to_do, folder_setup, folder_teardown),
    };
    const struct CMUnitTest with_module[] = {
        cmocka_unit_test(schema_tells_formats),
        cmocka_unit_test(fixed_width_types_are_read),
        cmocka_unit_test(threads_and_batch_sizes_change_no_value),
        cmocka_unit_test(strings_are_read),
        cmocka_unit_test(binaries_are_read),
        cmocka_unit_test(an_unchanged_dictionary_keeps_its_buffers),
        cmocka_unit_test(row_groups_come_in_order),
        cmocka_unit_test(closing_early_stops_the_threads),
        cmocka_unit_test(a_further_file_follows_the_first),
        cmocka_unit_test(a_further_file_lacks_no_column),
        cmocka_unit_test(dictionaries_become_plain_strings),
        cmocka_unit_test(files_of_a_declared_table_may_differ_in_layout),
        cmocka_unit_test(nested_columns_are_refused_only_when_selected),
        cmocka_unit_test(a_column_of_nulls_has_no_buffers),
        cmocka_unit_test(no_column_counts_rows),
        cmocka_unit_test(declared_columns_are_found_by_name),
        cmocka_unit_test(an_unknown_column_is_an_error),
        cmocka_unit_test(int96_times_are_nanoseconds),
        cmocka_unit_test(an_empty_file_ends_at_once),
        cmocka_unit_test(progress_reaches_its_total),
        cmocka_unit_test(a_batch_may_outlive_its_source),
        cmocka_unit_test(describe_tells_what_is_read),
        cmocka_unit_test_setup_teardown(a_truncated_file_is_an_error, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(a_damaged_file_does_not_crash, folder_setup, folder_teardown),
        cmocka_unit_test(a_missing_file_is_named),
    };
    int failed = cmocka_run_group_tests_name("parquet, with or without the module", always, NULL, NULL);
    if (!parquet_is_there()) return failed;
    setenv("WEIR_MODULE_DIR", MODULE_DIR, 1);
    return failed + cmocka_run_group_tests_name("parquet", with_module, NULL, NULL);
}
