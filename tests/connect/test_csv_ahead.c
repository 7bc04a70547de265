/* SPDX-License-Identifier: Apache-2.0
 *
 * A file decoded by several threads gives what one thread gives: rows, counts and the first error with its line,
 * wherever chunks are cut.
 */
#include "table_text.h"

#include "connect/csv_ahead.h"

/* What a decoding came to. */
struct outcome {
    struct text rows;
    enum weir_status status;
    struct weir_error error;
    struct weir_csv_counts counts;
};

static char *const names[] = {"a", "b", "c"};

static void add_rows(struct outcome *outcome, struct ArrowArray *batch, const struct ArrowSchema *schema,
                     const int32_t *selected, size_t batch_rows) {
    assert_in_range(batch->length, 1, batch_rows);
    for (int64_t row = 0; row < batch->length; row++) {
        for (int64_t i = 0; i < batch->n_children; i++) {
            text_add_cell(&outcome->rows, schema->children[selected[i]], batch->children[i], row);
            text_add(&outcome->rows, "|", 1);
        }
        text_add(&outcome->rows, "\n", 1);
    }
    batch->release(batch);
}

/* threads 0: by the decoder itself. coded: texts have a dictionary. */
static void decode(const struct weir_csv_options *options, bool header, bool coded, const int32_t *selected,
                   size_t count, int32_t threads, size_t chunk_bytes, size_t batch_rows, struct outcome *out) {
    struct weir_csv_decoder decoder = {0};
    struct weir_csv_ahead *ahead = NULL;
    struct ArrowSchema schema;
    const struct weir_type types[] = {weir_type_of(WEIR_TYPE_INT), weir_type_of(WEIR_TYPE_STRING),
                                      weir_type_of(WEIR_TYPE_DOUBLE)};
    memset(out, 0, sizeof(*out));
    text_add(&out->rows, "", 0);
    assert_int_equal(weir_schema_export((const char *const *)names, types, 3, &schema, NULL), WEIR_OK);
    if (coded) assert_int_equal(weir_schema_code(schema.children[1], NULL), WEIR_OK);
    assert_int_equal(weir_csv_decoder_init(&decoder, names, types, 3, NULL), WEIR_OK);
    decoder.coded = coded ? (const bool[]){false, true, false} : NULL;
    assert_int_equal(weir_csv_scan_open(in_folder("x.csv"), options, true, &decoder.scan, NULL), WEIR_OK);
    decoder.batch_rows = batch_rows;
    assert_int_equal(weir_csv_decoder_select(&decoder, selected, count, options->on_error, NULL), WEIR_OK);
    size_t fields;
    if (header) assert_int_equal(weir_csv_scan_record(&decoder.scan, &fields, NULL), WEIR_OK);
    decoder.scan.fields_count = 3;
    if (threads > 0)
        assert_int_equal(weir_csv_ahead_create(&decoder, names, types, threads, chunk_bytes, &ahead, &out->error),
                         WEIR_OK);
    for (;;) {
        struct ArrowArray batch;
        out->status = ahead ? weir_csv_ahead_next(ahead, &batch, &out->error)
                            : weir_csv_decoder_next(&decoder, &batch, &out->error);
        if (out->status != WEIR_OK) break;
        add_rows(out, &batch, &schema, selected, batch_rows);
    }
    out->counts =
        (struct weir_csv_counts){decoder.scan.bytes_read, decoder.scan.rejected + decoder.rejected, decoder.nulled};
    if (ahead) out->counts = weir_csv_ahead_counts(ahead);
    weir_csv_ahead_destroy(&ahead);
    weir_csv_decoder_fini(&decoder);
    schema.release(&schema);
}

static void expect_same(const char *text, const struct weir_csv_options *options, bool header) {
    static const size_t chunks[] = {1, 2, 3, 5, 7, 11, 16, 31, 64, 1000, WEIR_CSV_CHUNK_BYTES};
    static const int32_t selected[] = {0, 1, 2};
    write_text("x.csv", text);
    for (size_t count = 1; count <= 3; count += 2) {
        struct outcome one;
        decode(options, header, false, selected + (3 - count) / 2, count, 0, 0, 1, &one);
        for (size_t i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
            for (size_t batch_rows = 1; batch_rows < 4; batch_rows += 2) {
                struct outcome many;
                decode(options, header, batch_rows == 3, selected + (3 - count) / 2, count, (int32_t)i % 3 + 1,
                       chunks[i], batch_rows, &many);
                assert_int_equal(many.status, one.status);
                if (one.status == WEIR_END) {
                    assert_string_equal(many.rows.data, one.rows.data);
                    assert_int_equal(many.counts.bytes, one.counts.bytes);
                    assert_int_equal(many.counts.rejected, one.counts.rejected);
                    assert_int_equal(many.counts.nulled, one.counts.nulled);
                } else {
                    assert_string_equal(many.error.message, one.error.message);
                    assert_int_equal(many.error.line, one.error.line);
                }
                free(many.rows.data);
            }
        }
        free(one.rows.data);
    }
}

static const char *const texts[] = {
    "",
    "1,x,1.5",
    "1,x,1.5\n2,y,2\n3,z,3\n",
    "1,x,1.5\r\n2,y,2\r\n3,z,3\r\n",
    "1,x,1.5\r2,y,2\r3,z,3\r",
    "\xef\xbb\xbf"
    "1,x,1.5\n2,\xc3\xa9,2\n",
    "1,\"a\nb\",1\n2,\"c\"\"d\",2\n3,\"\r\n\",3\n4,\",\",4\n",
    "1,a\"b,1\n2,\"c\" ,2\n3,d,3\n4,\"\",4\n5,,5\n",
    "1,x,1\n\n2,y,2\n3,z\n4,w,4,extra\nbad,v,5\n6,u,bad\n7,t,7\n",
    "1,x,1\n2,\"unclosed,2\n3,y,3\n4,z,4\n",
    "1,x,1\n2,\"b\" x,2\n3,\"c\",3\n",
    "1,x,1\n# 2,y,2\n 3,z,3\n#\"\n4,w,4\n",
    "1,x\\,y,1\n2,z\\\n,2\n3,\"\\\"\",3\n",
    "1,12345678901234567890123456789012345678901234567890123456789012345678901234567890,1\n2,y,2\n",
};

static void every_text_at_every_cut(void **state) {
    (void)state;
    for (size_t t = 0; t < sizeof(texts) / sizeof(texts[0]); t++) {
        for (int on_error = WEIR_CSV_FAIL; on_error <= WEIR_CSV_SKIP; on_error++) {
            struct weir_csv_options options = {
                .delimiter = ',', .quoting = true, .quote = '"', .on_error = (enum weir_csv_on_error)on_error};
            expect_same(texts[t], &options, false);
            if (texts[t][0] != 0 && strchr(texts[t], '#') == NULL) expect_same(texts[t], &options, true);
            options.comments = true;
            options.escaping = true;
            options.escape = '\\';
            expect_same(texts[t], &options, false);
            options.quoting = false;
            expect_same(texts[t], &options, false);
        }
    }
}

/* A file of some MiB through the connector, by one thread and by three. */
static void write_large(const char *name, const char *last) {
    struct text text = {0};
    for (int i = 0; i < 420000; i++) {
        char line[96];
        int length = snprintf(line, sizeof(line),
                              i % 1000 == 7 ? "%d,\"x,\n%d\",%d.5\n" : "%d,some text %d,%d.25\n", i, i * 7, i % 97);
        text_add(&text, line, (size_t)length);
    }
    text_add(&text, last, strlen(last));
    assert_true(text.used > (size_t)9 << 20);
    write_bytes(name, text.data, text.used);
    free(text.data);
}

static void read_large(int32_t threads, struct table *table, int64_t *rows, uint64_t *sum) {
    struct ArrowSchema schema = {0};
    struct weir_option options[] = {{.key = "path", .value = in_folder("large.csv")},
                                    {.key = "format", .value = "csv"}};
    memset(table, 0, sizeof(*table));
    make_schema("a INT, b STRING, c DOUBLE", &schema);
    struct weir_source_request request = {.struct_size = sizeof(request),
                                          .options = options,
                                          .options_count = 2,
                                          .schema = &schema,
                                          .batch_rows = 65536,
                                          .threads = threads};
    const struct weir_connector *connector = weir_connector_filesystem();
    assert_int_equal(connector->open_source(NULL, &request, &table->source, &table->error), WEIR_OK);
    schema.release(&schema);
    *rows = 0;
    *sum = 0;
    for (;;) {
        struct ArrowArray batch;
        table->status = table->source.next(table->source.state, &batch, &table->error);
        if (table->status != WEIR_OK) break;
        const int32_t *a = batch.children[0]->buffers[1], *ends = batch.children[1]->buffers[1];
        for (int64_t i = 0; i < batch.length; i++) {
            *sum = *sum * 31 + (uint64_t)a[i] * 7 + (uint64_t)(ends[i + 1] - ends[i]);
        }
        *rows += batch.length;
        batch.release(&batch);
    }
    table->source.progress(table->source.state, &table->progress);
    table->source.close(table->source.state);
}

static void a_large_file_gives_the_same_rows_in_the_same_order(void **state) {
    struct table one, many;
    int64_t rows, more;
    uint64_t sum, again;
    (void)state;
    write_large("large.csv", "5,no line end,1");
    read_large(1, &one, &rows, &sum);
    read_large(3, &many, &more, &again);
    assert_int_equal(one.status, WEIR_END);
    assert_int_equal(many.status, WEIR_END);
    assert_int_equal(rows, 420001);
    assert_int_equal(more, rows);
    assert_true(again == sum);
    assert_int_equal(many.progress.bytes_done, many.progress.bytes_total);
}

static void a_failure_far_behind_names_its_line(void **state) {
    struct table one, many;
    int64_t rows;
    uint64_t sum;
    (void)state;
    write_large("large.csv", "5,x,y\n6,7\n");
    read_large(1, &one, &rows, &sum);
    read_large(3, &many, &rows, &sum);
    assert_int_equal(many.status, WEIR_ERR_FORMAT);
    assert_string_equal(many.error.message, one.error.message);
    assert_non_null(strstr(many.error.message, "line 420421, column 5: column 'c': 'y' is no DOUBLE"));
}

static void closing_early_leaves_nothing(void **state) {
    struct ArrowSchema schema = {0};
    struct weir_option options[] = {{.key = "path", .value = in_folder("large.csv")},
                                    {.key = "format", .value = "csv"}};
    (void)state;
    for (int batches = 0; batches < 4; batches++) {
        make_schema("a INT, b STRING, c DOUBLE", &schema);
        struct weir_source source;
        struct weir_source_request request = {.struct_size = sizeof(request),
                                              .options = options,
                                              .options_count = 2,
                                              .schema = &schema,
                                              .batch_rows = 100,
                                              .threads = 4};
        assert_int_equal(weir_connector_filesystem()->open_source(NULL, &request, &source, NULL), WEIR_OK);
        schema.release(&schema);
        for (int i = 0; i < batches; i++) {
            struct ArrowArray batch;
            assert_int_equal(source.next(source.state, &batch, NULL), WEIR_OK);
            assert_int_equal(batch.length, 100);
            batch.release(&batch);
        }
        source.close(source.state);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_at_every_cut),
        cmocka_unit_test(a_large_file_gives_the_same_rows_in_the_same_order),
        cmocka_unit_test(a_failure_far_behind_names_its_line),
        cmocka_unit_test(closing_early_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
