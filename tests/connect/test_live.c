/* SPDX-License-Identifier: Apache-2.0
 *
 * Sources over pipes and over a folder that is watched: what comes in pieces gives the rows of the whole, and is
 * handed on as it comes.
 */
#include "table_text.h"

#include <fcntl.h>
#include <sys/stat.h>

/* A table whose text comes through a pipe. */
struct live {
    struct table table;
    struct ArrowSchema schema;
    struct text rows;
    int to; /* -1: hung up */
    int from;
};

static void open_source(struct live *live, const char *path, const char *columns, const char *const *pairs,
                        int64_t batch_rows, int32_t wait_ms) {
    struct weir_option options[16];
    char keys[16][320];
    struct ArrowSchema schema = {0};
    struct weir_source_request request = {.struct_size = sizeof(request),
                                          .options = options,
                                          .batch_rows = batch_rows,
                                          .threads = 1,
                                          .plain_io = true,
                                          .wait_ms = wait_ms};
    request.options_count = split_options(pairs, NULL, options, keys);
    options[request.options_count++] = (struct weir_option){.key = "path", .value = path};
    if (columns) {
        make_schema(columns, &schema);
        request.schema = &schema;
    }
    const struct weir_connector *connector = weir_connector_filesystem();
    struct table *table = &live->table;
    table->status = connector->open_source(connector->user, &request, &table->source, &table->error);
    if (schema.release) schema.release(&schema);
    if (table->status != WEIR_OK) return;
    assert_int_equal(table->source.schema(table->source.state, &live->schema, NULL), WEIR_OK);
    text_add(&live->rows, "", 0);
}

static void say_bytes(const struct live *live, const char *text, size_t length) {
    assert_int_equal(write(live->to, text, length), (ssize_t)length);
}

static void say(const struct live *live, const char *text) { say_bytes(live, text, strlen(text)); }

static void hang_up(struct live *live) {
    if (live->to >= 0) close(live->to);
    live->to = -1;
}

/* first: what lies in the pipe when the table is opened. */
static void live_open(struct live *live, const char *first, const char *columns, const char *const *pairs,
                      int64_t batch_rows) {
    int ends[2];
    char path[32];
    memset(live, 0, sizeof(*live));
    assert_int_equal(pipe(ends), 0);
    live->from = ends[0];
    live->to = ends[1];
    say(live, first);
    snprintf(path, sizeof(path), "/dev/fd/%d", live->from);
    open_source(live, path, columns, pairs, batch_rows, 1);
}

static void live_close(struct live *live) {
    struct weir_source *source = &live->table.source;
    if (source->state) source->close(source->state);
    if (live->schema.release) live->schema.release(&live->schema);
    hang_up(live);
    if (live->from >= 0) close(live->from);
    free(live->rows.data);
}

/* One next; its rows are added to the text. */
static enum weir_status take(struct live *live) {
    struct ArrowArray batch;
    struct table *table = &live->table;
    enum weir_status status = table->source.next(table->source.state, &batch, &table->error);
    if (status != WEIR_OK) return status;
    assert_true(batch.length > 0);
    for (int64_t row = 0; row < batch.length; row++) {
        for (int64_t i = 0; i < batch.n_children; i++) {
            if (i > 0) text_add(&live->rows, "|", 1);
            text_add_cell(&live->rows, live->schema.children[i], batch.children[i], row);
        }
        text_add(&live->rows, "\n", 1);
    }
    batch.release(&batch);
    return WEIR_OK;
}

/* All that is there now. */
static enum weir_status take_all(struct live *live) {
    enum weir_status status;
    while ((status = take(live)) == WEIR_OK) continue;
    return status;
}

/* Until the end, or a failure; the caller may get control back in between. */
static enum weir_status take_to_end(struct live *live) {
    enum weir_status status;
    while ((status = take(live)) == WEIR_OK || status == WEIR_AGAIN) continue;
    return status;
}

static void expect_taken(struct live *live, enum weir_status status, const char *rows) {
    assert_int_equal(status == WEIR_AGAIN ? take_all(live) : take_to_end(live), status);
    assert_string_equal(live->rows.data, rows);
}

/* Where the pipe has gone quiet (and the 10 ms between two batches are over) the rows are there. */
static void expect_rows_now(struct live *live, const char *rows) {
    for (int i = 0; i < 1000 && strcmp(live->rows.data, rows) != 0; i++)
        assert_int_equal(take_all(live), WEIR_AGAIN);
    assert_string_equal(live->rows.data, rows);
}

#define CSV OPTIONS("format=csv")
#define COLUMNS "a STRING, b STRING"

static void lines_are_handed_on_as_they_come(void **state) {
    struct live live;
    (void)state;
    live_open(&live, "", COLUMNS, CSV, 1000);
    assert_int_equal(live.table.status, WEIR_OK);
    assert_true(live.table.source.live);
    assert_false(live.table.source.unbounded);
    expect_taken(&live, WEIR_AGAIN, "");
    say(&live, "1,x\n2,y\n3");
    expect_rows_now(&live, "1|x\n2|y\n");
    expect_taken(&live, WEIR_AGAIN, "1|x\n2|y\n");
    say(&live, ",z");
    expect_taken(&live, WEIR_AGAIN, "1|x\n2|y\n");
    say(&live, "\n");
    expect_rows_now(&live, "1|x\n2|y\n3|z\n");
    say(&live, "4,end");
    hang_up(&live);
    expect_taken(&live, WEIR_END, "1|x\n2|y\n3|z\n4|end\n");
    struct weir_source_progress progress;
    live.table.source.progress(live.table.source.state, &progress);
    assert_int_equal(progress.bytes_total, 0);
    assert_int_equal(progress.bytes_done, 17);
    live_close(&live);
}

static const char *const texts[] = {
    "a,b\r\nc,d\r\ne,\r\n",
    "\"a\",\"b\"\"c\"\n\"d\r\ne\",f\n\"g\", \"h\"\n\"i\"  ,j\n",
    "\xef\xbb\xbf"
    "a,b\nc,d",
    "a,b\rc,d\re,f\n",
    "\xc3\xa9,\xe2\x82\xac\n\"\xf0\x9f\x98\x80\",x",
};

/* The same text through a file. */
static char *through_file(const char *text, const char *columns, const char *const *pairs) {
    struct table table;
    write_text("whole.csv", text);
    table_open(&table, "whole.csv", columns, pairs, 1000);
    table_read(&table, NULL, 0);
    if (table.status != WEIR_OK) fail_msg("%s", table.error.message);
    char *rows = table.rows;
    free(table.types);
    return rows;
}

static void a_text_cut_anywhere_gives_the_rows_of_the_whole(void **state) {
    (void)state;
    for (size_t t = 0; t < sizeof(texts) / sizeof(texts[0]); t++) {
        const char *text = texts[t];
        size_t length = strlen(text);
        char *whole = through_file(text, COLUMNS, CSV);
        for (size_t cut = 0; cut <= length; cut++) {
            struct live live;
            live_open(&live, "", COLUMNS, CSV, 1000);
            say_bytes(&live, text, cut);
            assert_int_equal(take_all(&live), WEIR_AGAIN);
            say_bytes(&live, text + cut, length - cut);
            hang_up(&live);
            expect_taken(&live, WEIR_END, whole);
            live_close(&live);
        }
        free(whole);
    }
}

static void a_text_byte_by_byte_gives_the_rows_of_the_whole(void **state) {
    (void)state;
    for (size_t t = 0; t < sizeof(texts) / sizeof(texts[0]); t++) {
        struct live live;
        char *whole = through_file(texts[t], COLUMNS, CSV);
        live_open(&live, "", COLUMNS, CSV, 1);
        for (const char *at = texts[t]; *at; at++) {
            say_bytes(&live, at, 1);
            assert_int_equal(take_all(&live), WEIR_AGAIN);
        }
        hang_up(&live);
        expect_taken(&live, WEIR_END, whole);
        live_close(&live);
        free(whole);
    }
}

static void comments_and_escapes_may_be_cut_too(void **state) {
    const char *const *pairs = OPTIONS("format=csv", "csv.allow-comments=true", "csv.escape-character=\\");
    const char *text = "# one\na,b\n\n# two, three\nc\\,d,\"e\\\"\n\"\n";
    (void)state;
    char *whole = through_file(text, COLUMNS, pairs);
    for (size_t cut = 0; cut <= strlen(text); cut++) {
        struct live live;
        live_open(&live, "", COLUMNS, pairs, 1000);
        say_bytes(&live, text, cut);
        assert_int_equal(take_all(&live), WEIR_AGAIN);
        say(&live, text + cut);
        hang_up(&live);
        expect_taken(&live, WEIR_END, whole);
        live_close(&live);
    }
    free(whole);
}

static void a_record_longer_than_any_buffer(void **state) {
    enum { PIECES = 700, PIECE = 1000 };
    struct live live;
    char piece[PIECE];
    (void)state;
    memset(piece, 'x', sizeof(piece));
    piece[PIECE - 1] = '\n';
    live_open(&live, "", COLUMNS, CSV, 1000);
    say(&live, "1,\"");
    for (int i = 0; i < PIECES; i++) {
        say_bytes(&live, piece, sizeof(piece));
        if (i % 10 == 0) assert_int_equal(take_all(&live), WEIR_AGAIN);
    }
    assert_int_equal(take_all(&live), WEIR_AGAIN);
    assert_int_equal(live.rows.used, 0);
    say(&live, "\"\n2,y\n");
    hang_up(&live);
    assert_int_equal(take_to_end(&live), WEIR_END);
    assert_int_equal(live.rows.used, 2 + PIECES * PIECE + 1 + 4);
    assert_string_equal(live.rows.data + live.rows.used - 5, "\n2|y\n");
    live_close(&live);
}

static void a_declared_header_is_passed_when_it_comes(void **state) {
    struct live live;
    (void)state;
    live_open(&live, "", "k STRING, v BIGINT", OPTIONS("format=csv", "csv.header=true"), 1000);
    assert_int_equal(live.table.status, WEIR_OK); /* opening did not wait */
    expect_taken(&live, WEIR_AGAIN, "");
    say(&live, "k,");
    expect_taken(&live, WEIR_AGAIN, "");
    say(&live, "v\na,1\n");
    expect_rows_now(&live, "a|1\n");
    hang_up(&live);
    expect_taken(&live, WEIR_END, "a|1\n");
    live_close(&live);
    live_open(&live, "v,k\n1,a\n", "k STRING, v BIGINT", OPTIONS("format=csv", "csv.header=true"), 1000);
    assert_int_equal(take_to_end(&live), WEIR_ERR_FORMAT);
    assert_non_null(strstr(live.table.error.message, "the header has 'k' as column 2"));
    live_close(&live);
}

static void columns_are_taken_from_the_first_lines(void **state) {
    struct live live;
    (void)state;
    live_open(&live, "k,v\na,1\n", NULL, NULL, 1000);
    assert_int_equal(live.table.status, WEIR_OK);
    assert_int_equal(live.schema.n_children, 2);
    assert_string_equal(live.schema.children[1]->name, "v");
    assert_string_equal(live.schema.children[1]->format, "l");
    expect_rows_now(&live, "a|1\n");
    say(&live, "b,2\n");
    expect_rows_now(&live, "a|1\nb|2\n");
    say(&live, "c,2.5\n");
    assert_int_equal(take_to_end(&live), WEIR_ERR_FORMAT);
    assert_non_null(strstr(live.table.error.message, "line 4, column 3: column 'v': '2.5' is no BIGINT"));
    live_close(&live);
}

static void bad_lines_alone_do_not_hold_the_caller(void **state) {
    struct live live;
    struct weir_source_progress progress;
    (void)state;
    live_open(&live, "x\ny\nz\n", "a INT, b INT", OPTIONS("format=csv", "csv.on-error=skip"), 1000);
    do {
        expect_taken(&live, WEIR_AGAIN, "");
        live.table.source.progress(live.table.source.state, &progress);
    } while (progress.rejected < 3);
    assert_int_equal(progress.rejected, 3);
    say(&live, "1,2\n");
    expect_rows_now(&live, "1|2\n");
    live_close(&live);
}

static void batches_have_no_more_rows_than_asked_for(void **state) {
    struct live live;
    (void)state;
    live_open(&live, "1,a\n2,b\n3,c\n4,d\n5,e\n", COLUMNS, CSV, 2);
    hang_up(&live);
    while (live.rows.used == 0) (void)take(&live);
    assert_string_equal(live.rows.data, "1|a\n2|b\n");
    expect_taken(&live, WEIR_END, "1|a\n2|b\n3|c\n4|d\n5|e\n");
    live_close(&live);
}

static void a_caller_that_knows_no_again_gets_rows_or_the_end(void **state) {
    struct live live = {0};
    int ends[2];
    char path[32];
    (void)state;
    assert_int_equal(pipe(ends), 0);
    live.from = ends[0];
    live.to = ends[1];
    snprintf(path, sizeof(path), "/dev/fd/%d", live.from);
    open_source(&live, path, COLUMNS, CSV, 1000, 0);
    say(&live, "1,a\n2,b\n3");
    assert_int_equal(take(&live), WEIR_OK);
    hang_up(&live);
    assert_int_equal(take_to_end(&live), WEIR_ERR_FORMAT);
    assert_string_equal(live.rows.data, "1|a\n2|b\n");
    live_close(&live);
}

/* ---- Arrow ------------------------------------------------------------------------------------------------------
 */

static void an_arrow_stream_cut_anywhere_gives_the_rows_of_the_whole(void **state) {
    struct weir_error error;
    (void)state;
    write_text("rows.csv", "1,x\n2,\n3,yy\n4,z\n5,x\n6,q\n7,x\n");
    enum weir_status status = copy_table("rows.csv", "a BIGINT, b STRING", CSV, "rows.arrows",
                                         OPTIONS("format=arrow", "arrow.compression=lz4"), &error);
    if (status != WEIR_OK) fail_msg("%s", error.message);
    FILE *file = fopen(in_folder("rows.arrows"), "rb");
    char bytes[16384];
    size_t length = fread(bytes, 1, sizeof(bytes), file), schema_end = 0;
    fclose(file);
    assert_in_range(length, 100, sizeof(bytes) - 1);
    memcpy(&schema_end, bytes + 4, 4);
    schema_end += 8;
    for (size_t cut = schema_end; cut <= length; cut++) {
        struct live live = {0};
        int ends[2];
        char path[32];
        assert_int_equal(pipe(ends), 0);
        live.from = ends[0];
        live.to = ends[1];
        say_bytes(&live, bytes, cut);
        snprintf(path, sizeof(path), "/dev/fd/%d", live.from);
        open_source(&live, path, NULL, NULL, 2, 1);
        if (live.table.status != WEIR_OK) fail_msg("%s", live.table.error.message);
        assert_true(live.table.source.live);
        assert_int_equal(take_all(&live), WEIR_AGAIN);
        say_bytes(&live, bytes + cut, length - cut);
        hang_up(&live);
        expect_taken(&live, WEIR_END, "1|x\n2|\n3|yy\n4|z\n5|x\n6|q\n7|x\n");
        live_close(&live);
    }
}

static void a_pipe_has_no_page_cache_to_go_past(void **state) {
    struct live live;
    (void)state;
    live_open(&live, "ARROW1", NULL, OPTIONS("format=arrow", "arrow.direct-io=always"), 1);
    assert_int_equal(live.table.status, WEIR_ERR_SQL);
    assert_non_null(strstr(live.table.error.message, "'arrow.direct-io'"));
    live_close(&live);
}

/* What is damaged ends in rows, in an error, or at the end of the pipe; never in a crash or a wait. */
static void a_damaged_arrow_stream_is_refused_or_read(void **state) {
    char bytes[16384];
    (void)state;
    FILE *file = fopen(in_folder("rows.arrows"), "rb"); /* of the test before */
    size_t length = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    for (size_t at = 0; at < length; at++) {
        static const unsigned char masks[] = {0x01, 0x80, 0xFF};
        for (size_t m = 0; m < sizeof(masks); m++) {
            struct live live = {0};
            struct ArrowArray batch;
            struct weir_source *source = &live.table.source;
            int ends[2];
            char path[32];
            assert_int_equal(pipe(ends), 0);
            live.from = ends[0];
            live.to = ends[1];
            bytes[at] = (char)(bytes[at] ^ masks[m]);
            say_bytes(&live, bytes, length);
            bytes[at] = (char)(bytes[at] ^ masks[m]);
            hang_up(&live);
            snprintf(path, sizeof(path), "/dev/fd/%d", live.from);
            open_source(&live, path, NULL, OPTIONS("format=arrow"), 1000, 1);
            enum weir_status status = live.table.status;
            while (status == WEIR_OK || status == WEIR_AGAIN) {
                status = source->next(source->state, &batch, &live.table.error);
                if (status == WEIR_OK) batch.release(&batch);
            }
            live_close(&live);
        }
    }
}

/* ---- folders ----------------------------------------------------------------------------------------------------
 */

static void a_folder_that_is_watched_gives_each_file_once(void **state) {
    struct live live = {.to = -1, .from = -1};
    const char *const *pairs = OPTIONS("format=csv", "source.monitor-interval=1 ms");
    (void)state;
    assert_int_equal(mkdir(in_folder("watched"), 0700), 0);
    open_source(&live, in_folder("watched"), COLUMNS, pairs, 1000, 1);
    if (live.table.status != WEIR_OK) fail_msg("%s", live.table.error.message);
    assert_true(live.table.source.live && live.table.source.unbounded);
    expect_taken(&live, WEIR_AGAIN, "");
    write_text("watched/2", "2,b\n");
    rename(in_folder("watched/2"), in_folder("watched/b"));
    expect_rows_now(&live, "2|b\n");
    write_text("watched/b", "2,again\n");
    write_text("watched/_a", "0,a\n");
    write_text("watched/a", "1,a\n");
    expect_rows_now(&live, "2|b\n1|a\n");
    expect_taken(&live, WEIR_AGAIN, "2|b\n1|a\n");
    struct weir_source_progress progress;
    live.table.source.progress(live.table.source.state, &progress);
    assert_int_equal(progress.bytes_total, 0);
    assert_int_equal(progress.bytes_done, 8);
    assert_non_null(strstr(live.table.source.describe(live.table.source.state), "watched every 1 ms, 2 files now"));
    live_close(&live);
}

static void columns_can_be_chosen_before_there_is_a_file(void **state) {
    struct live live = {.to = -1, .from = -1};
    const int32_t second[] = {1};
    (void)state;
    assert_int_equal(mkdir(in_folder("chosen"), 0700), 0);
    open_source(&live, in_folder("chosen"), COLUMNS, OPTIONS("format=csv", "source.monitor-interval=1"), 1000, 1);
    struct weir_source *source = &live.table.source;
    assert_int_equal(source->select(source->state, second, 1, NULL), WEIR_OK);
    write_text("chosen/x", "2,b\n");
    expect_rows_now(&live, "b\n");
    live_close(&live);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_handed_on_as_they_come),
        cmocka_unit_test(a_text_cut_anywhere_gives_the_rows_of_the_whole),
        cmocka_unit_test(a_text_byte_by_byte_gives_the_rows_of_the_whole),
        cmocka_unit_test(comments_and_escapes_may_be_cut_too),
        cmocka_unit_test(a_record_longer_than_any_buffer),
        cmocka_unit_test(a_declared_header_is_passed_when_it_comes),
        cmocka_unit_test(columns_are_taken_from_the_first_lines),
        cmocka_unit_test(bad_lines_alone_do_not_hold_the_caller),
        cmocka_unit_test(batches_have_no_more_rows_than_asked_for),
        cmocka_unit_test(a_caller_that_knows_no_again_gets_rows_or_the_end),
        cmocka_unit_test(an_arrow_stream_cut_anywhere_gives_the_rows_of_the_whole),
        cmocka_unit_test(a_pipe_has_no_page_cache_to_go_past),
        cmocka_unit_test(a_damaged_arrow_stream_is_refused_or_read),
        cmocka_unit_test(a_folder_that_is_watched_gives_each_file_once),
        cmocka_unit_test(columns_can_be_chosen_before_there_is_a_file),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
