/* SPDX-License-Identifier: Apache-2.0
 *
 * Compressed Arrow files unpacked by several threads: what one thread gives.
 */
#include "table_text.h"

#define COLUMNS "a BIGINT, b STRING, c DOUBLE"

/* Opens rows.arrow for `threads`; *source.state is NULL when that fails. */
static enum weir_status open_with(int32_t threads, struct weir_source *source, struct weir_error *error) {
    struct weir_option options[] = {{.key = "path", .value = in_folder("rows.arrow")},
                                    {.key = "format", .value = "arrow"}};
    struct weir_source_request request = {.struct_size = sizeof(request),
                                          .options = options,
                                          .options_count = 2,
                                          .batch_rows = 65536,
                                          .threads = threads};
    return weir_connector_filesystem()->open_source(NULL, &request, source, error);
}

/* Rows as text (of damaged ones only how many they are: their text is checked by whoever imports them) and how it
 * ended; at most `batches`. */
static enum weir_status read_with(int32_t threads, int batches, bool damaged, struct text *rows,
                                  struct weir_error *error) {
    struct weir_source source;
    struct ArrowSchema schema;
    memset(rows, 0, sizeof(*rows));
    text_add(rows, "", 0);
    enum weir_status status = open_with(threads, &source, error);
    if (status != WEIR_OK) return status;
    assert_int_equal(source.schema(source.state, &schema, NULL), WEIR_OK);
    for (int taken = 0; taken < batches; taken++) {
        struct ArrowArray batch;
        status = source.next(source.state, &batch, error);
        if (status != WEIR_OK) break;
        for (int64_t row = 0; row < batch.length; row++) {
            for (int64_t i = 0; i < batch.n_children && !damaged; i++) {
                text_add_cell(rows, schema.children[i], batch.children[i], row);
                text_add(rows, "|", 1);
            }
        }
        char count[24];
        text_add(rows, count, (size_t)snprintf(count, sizeof(count), "%lld\n", (long long)batch.length));
        batch.release(&batch);
    }
    source.close(source.state);
    schema.release(&schema);
    return status;
}

static void write_rows(const char *compression) {
    struct text text = {0};
    char option[64];
    struct weir_error error;
    for (int i = 0; i < 2000; i++) {
        char line[64];
        int length = snprintf(line, sizeof(line), i % 5 == 0 ? "%d,,%d.5\n" : "%d,word%d,%d.25\n", i, i % 37, i);
        text_add(&text, line, (size_t)length);
    }
    write_bytes("rows.csv", text.data, text.used);
    free(text.data);
    snprintf(option, sizeof(option), "arrow.compression=%s", compression);
    enum weir_status status = copy_table("rows.csv", COLUMNS, OPTIONS("format=csv"), "rows.arrow",
                                         OPTIONS("format=arrow", option, "arrow.batch-rows=30"), &error);
    if (status != WEIR_OK) fail_msg("%s", error.message);
}

static void threads_give_the_same_batches(void **state) {
    (void)state;
    for (int packed = 0; packed < 3; packed++) {
        static const char *const compressions[] = {"lz4", "zstd", "none"};
        struct text one, many;
        struct weir_error error;
        write_rows(compressions[packed]);
        assert_int_equal(read_with(1, INT32_MAX, false, &one, &error), WEIR_END);
        assert_in_range(one.used, 30000, 60000);
        for (int32_t threads = 2; threads < 20; threads += 5) {
            assert_int_equal(read_with(threads, INT32_MAX, false, &many, &error), WEIR_END);
            assert_string_equal(many.data, one.data);
            free(many.data);
        }
        free(one.data);
    }
}

static void closing_early_leaves_nothing(void **state) {
    struct text rows;
    struct weir_error error;
    (void)state;
    write_rows("zstd");
    for (int batches = 0; batches < 12; batches += 3) {
        (void)read_with(4, batches, false, &rows, &error);
        free(rows.data);
    }
}

static void damage_is_found_by_whichever_thread(void **state) {
    (void)state;
    write_rows("lz4");
    FILE *file = fopen(in_folder("rows.arrow"), "rb");
    char *bytes = malloc(1 << 20);
    assert_non_null(bytes);
    size_t length = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    for (size_t at = 1000; at < length; at += 479) {
        struct text one, many;
        struct weir_error error, again;
        bytes[at] ^= 0x55;
        write_bytes("rows.arrow", bytes, length);
        bytes[at] ^= 0x55;
        enum weir_status status = read_with(1, INT32_MAX, true, &one, &error);
        assert_int_equal(read_with(3, INT32_MAX, true, &many, &again), status);
        if (status != WEIR_END) assert_string_equal(again.message, error.message);
        free(one.data);
        free(many.data);
    }
    free(bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_give_the_same_batches),
        cmocka_unit_test(closing_early_leaves_nothing),
        cmocka_unit_test(damage_is_found_by_whichever_thread),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
