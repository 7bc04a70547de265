/* SPDX-License-Identifier: Apache-2.0
 *
 * Arrow files read past the page cache: what is read through it. Where the file system knows no such reads, both
 * are through it.
 */
#include "table_text.h"

#include <sys/stat.h>
#include <unistd.h>

#define COLUMNS "a BIGINT, b STRING, c DOUBLE"
#define ROWS 9000

static enum weir_status open_with(const char *direct, bool plain, struct weir_source *source,
                                  struct weir_error *error) {
    struct weir_option options[] = {{.key = "path", .value = in_folder("rows.arrow")},
                                    {.key = "format", .value = "arrow"},
                                    {.key = "arrow.direct-io", .value = direct, .line = 3, .column = 4}};
    struct weir_source_request request = {.struct_size = sizeof(request),
                                          .options = options,
                                          .options_count = 3,
                                          .batch_rows = 65536,
                                          .plain_io = plain,
                                          .threads = 2};
    return weir_connector_filesystem()->open_source(NULL, &request, source, error);
}

/* The rows of the selected columns as text. */
static enum weir_status read_with(const char *direct, bool plain, const int32_t *columns, size_t count,
                                  struct text *rows, struct weir_error *error) {
    struct weir_source source;
    struct ArrowSchema schema;
    memset(rows, 0, sizeof(*rows));
    text_add(rows, "", 0);
    enum weir_status status = open_with(direct, plain, &source, error);
    if (status != WEIR_OK) return status;
    assert_int_equal(source.schema(source.state, &schema, NULL), WEIR_OK);
    assert_int_equal(source.select(source.state, columns, count, NULL), WEIR_OK);
    for (;;) {
        struct ArrowArray batch;
        status = source.next(source.state, &batch, error);
        if (status != WEIR_OK) break;
        for (int64_t row = 0; row < batch.length; row++) {
            for (size_t i = 0; i < count; i++) {
                text_add_cell(rows, schema.children[columns[i]], batch.children[i], row);
                text_add(rows, "|", 1);
            }
        }
        batch.release(&batch);
    }
    source.close(source.state);
    schema.release(&schema);
    return status;
}

static void write_rows(const char *compression, const char *batch_rows) {
    struct text text = {0};
    char packed[64], batches[64];
    struct weir_error error;
    for (int i = 0; i < ROWS; i++) {
        char line[64];
        int length = snprintf(line, sizeof(line), i % 5 == 0 ? "%d,,%d.5\n" : "%d,word%d,%d.25\n", i, i % 37, i);
        text_add(&text, line, (size_t)length);
    }
    write_bytes("rows.csv", text.data, text.used);
    free(text.data);
    snprintf(packed, sizeof(packed), "arrow.compression=%s", compression);
    snprintf(batches, sizeof(batches), "arrow.batch-rows=%s", batch_rows);
    enum weir_status status = copy_table("rows.csv", COLUMNS, OPTIONS("format=csv"), "rows.arrow",
                                         OPTIONS("format=arrow", packed, batches), &error);
    if (status != WEIR_OK) fail_msg("%s", error.message);
}

static void compare_ways(const int32_t *columns, size_t count) {
    struct text cached, direct;
    struct weir_error error;
    assert_int_equal(read_with("never", false, columns, count, &cached, &error), WEIR_END);
    assert_in_range(cached.used, ROWS * 2, ROWS * 40);
    for (int plain = 0; plain < 2; plain++) {
        enum weir_status status = read_with("always", plain, columns, count, &direct, &error);
        if (status != WEIR_END) fail_msg("%s", error.message);
        assert_string_equal(direct.data, cached.data);
        free(direct.data);
    }
    free(cached.data);
}

static void both_ways_give_the_same_rows(void **state) {
    static const char *const compressions[] = {"none", "lz4", "zstd"}, *const sizes[] = {"2000", "300", "9000"};
    (void)state;
    for (int packed = 0; packed < 3; packed++) {
        for (int size = 0; size < 3; size++) {
            write_rows(compressions[packed], sizes[size]);
            compare_ways((const int32_t[]){0, 1, 2}, 3);
            compare_ways((const int32_t[]){2}, 1); /* a part of each body */
            compare_ways((const int32_t[]){0, 2}, 2);
        }
    }
}

/* Opens and reads to the end, without a look at what is in the batches. */
static enum weir_status read_damaged(const char *direct, struct weir_error *error) {
    struct weir_source source;
    struct ArrowArray batch;
    enum weir_status status = open_with(direct, false, &source, error);
    if (status != WEIR_OK) return status;
    while ((status = source.next(source.state, &batch, error)) == WEIR_OK) batch.release(&batch);
    source.close(source.state);
    return status;
}

static void damage_is_found_either_way(void **state) {
    enum { bytes_max = 1 << 20 };
    (void)state;
    write_rows("none", "2000");
    FILE *file = fopen(in_folder("rows.arrow"), "rb");
    char *bytes = malloc(bytes_max);
    assert_non_null(bytes);
    size_t length = fread(bytes, 1, bytes_max, file);
    fclose(file);
    for (size_t at = 8; at < length; at += 1013) {
        struct weir_error cached, direct;
        bytes[at] ^= 0x55;
        write_bytes("rows.arrow", bytes, at % 2 == 0 ? length : length - at % 100);
        bytes[at] ^= 0x55;
        enum weir_status status = read_damaged("never", &cached);
        assert_int_equal(read_damaged("always", &direct), status);
        if (status != WEIR_END) assert_string_equal(direct.message, cached.message);
    }
    free(bytes);
}

static void batches_may_be_kept_after_the_end(void **state) {
    enum { kept_count = 9 };
    struct weir_source source;
    struct weir_error error;
    struct ArrowArray kept[kept_count];
    (void)state;
    write_rows("none", "1000");
    assert_int_equal(open_with("always", false, &source, &error), WEIR_OK);
    for (int i = 0; i < kept_count; i++) assert_int_equal(source.next(source.state, &kept[i], &error), WEIR_OK);
    source.close(source.state);
    for (int i = 0; i < kept_count; i++) {
        const int64_t *values = kept[i].children[0]->buffers[1];
        for (int64_t row = 0; row < 1000; row++) {
            assert_int_equal(values[kept[i].children[0]->offset + row], i * 1000 + row);
        }
        kept[i].release(&kept[i]);
    }
}

static void a_file_that_is_cut_while_it_is_read_is_told(void **state) {
    struct weir_source source;
    struct weir_error error;
    struct ArrowArray batch;
    enum weir_status status;
    struct stat before;
    (void)state;
    write_rows("none", "100");
    assert_int_equal(open_with("always", false, &source, &error), WEIR_OK);
    assert_int_equal(source.next(source.state, &batch, &error), WEIR_OK);
    batch.release(&batch);
    assert_int_equal(stat(in_folder("rows.arrow"), &before), 0); /* far behind what is read ahead */
    assert_int_equal(truncate(in_folder("rows.arrow"), before.st_size / 10 * 9), 0);
    while ((status = source.next(source.state, &batch, &error)) == WEIR_OK) batch.release(&batch);
    assert_int_equal(status, WEIR_ERR_FORMAT);
    assert_non_null(strstr(error.message, "rows.arrow"));
    source.close(source.state);
}

static void other_wishes_are_refused(void **state) {
    struct weir_source source;
    struct weir_error error;
    (void)state;
    write_rows("none", "300");
    assert_int_equal(open_with("perhaps", false, &source, &error), WEIR_ERR_SQL);
    assert_non_null(strstr(error.message, "'arrow.direct-io' is 'perhaps'"));
    assert_int_equal(error.line, 3);
    assert_int_equal(open_with("AUTO", false, &source, &error), WEIR_OK);
    source.close(source.state);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ways_give_the_same_rows),
        cmocka_unit_test(damage_is_found_either_way),
        cmocka_unit_test(batches_may_be_kept_after_the_end),
        cmocka_unit_test(a_file_that_is_cut_while_it_is_read_is_told),
        cmocka_unit_test(other_wishes_are_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
