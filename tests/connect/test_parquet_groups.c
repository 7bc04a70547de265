/* SPDX-License-Identifier: Apache-2.0
 *
 * What the row groups of a Parquet file say of their values, and those that are left out.
 */
#include "tests/connect/parquet_files.h"

#define SKIP_PARQUET PARQUET_DATA "skip.parquet"
#define GROUPS 12
#define ROWS 20
#define EPOCH INT64_C(1700000000)

/* Columns of skip.parquet, all of which are selected. */
enum { TS, N, M, X, S, K, LATE, COLUMNS };

/* What the filter was asked, and answers: bit i for group i. */
struct asked {
    struct weir_source_range ranges[GROUPS][COLUMNS];
    char texts[GROUPS][2][64];
    int32_t groups;
    unsigned leaves_out;
};

static bool answer(void *user, const struct weir_source_range *ranges, int64_t rows) {
    struct asked *asked = user;
    assert_true(asked->groups < GROUPS);
    assert_int_equal(rows, ROWS);
    memcpy(asked->ranges[asked->groups], ranges, sizeof(asked->ranges[0]));
    const struct weir_source_range *text = &ranges[S];
    for (int i = 0; text->bounds == WEIR_SOURCE_BOUNDS_TEXT && i < 2; i++) {
        const union weir_source_bound *bound = i == 0 ? &text->min : &text->max;
        snprintf(asked->texts[asked->groups][i], 64, "%.*s", (int)bound->text.bytes, bound->text.data);
    }
    return (asked->leaves_out >> asked->groups++ & 1) != 0;
}

static enum weir_status try_leave_out(struct weir_source *source, struct asked *asked, struct weir_error *error) {
    int32_t all[COLUMNS] = {TS, N, M, X, S, K, LATE};
    struct weir_source_filter filter = {asked, answer, LATE};
    enum weir_status status = source->select(source->state, all, COLUMNS, error);
    return status == WEIR_OK ? source->leave_out(source->state, &filter, error) : status;
}

static struct weir_source ask(const char *path, struct asked *asked, int32_t threads) {
    struct weir_error error = {0};
    struct weir_source source = must_open(path, 7, threads);
    if (try_leave_out(&source, asked, &error) != WEIR_OK) fail_msg("%s", error.message);
    return source;
}

static void statistics_become_ranges(void **state) {
    (void)state;
    struct asked asked = {.groups = 0};
    struct weir_source source = ask(SKIP_PARQUET, &asked, 1);
    source.close(source.state);
    assert_int_equal(asked.groups, GROUPS);
    const struct weir_source_range *first = asked.ranges[0];
    assert_int_equal(first[TS].bounds, WEIR_SOURCE_BOUNDS_I64);
    assert_true(first[TS].exact && first[TS].nulls == 0);
    assert_true(first[TS].min.i64 == EPOCH * 1000000 - 8500000);
    assert_true(first[TS].max.i64 == EPOCH * 1000000 + 19 * 700000 + 19);
    assert_true(first[N].nulls == 2 && first[N].min.i64 == 0 && first[N].max.i64 == 9);
    assert_true(asked.ranges[11][M].min.i64 == 110 && asked.ranges[11][M].max.i64 == 110);
    assert_true(first[X].bounds == WEIR_SOURCE_BOUNDS_F64 && first[X].min.f64 <= 0 && first[X].max.f64 == 0.59375);
    assert_string_equal(asked.texts[3][0], "level 03 of many, ");
    assert_string_equal(asked.texts[3][1], "level 03 of many, \xC3\xA4\xC3\xA4");
    assert_false(first[S].exact); /* writers may cut texts short */
}

static void where_nothing_is_certain_nothing_is_told(void **state) {
    (void)state;
    struct asked asked = {.groups = 0};
    struct weir_source source = ask(SKIP_PARQUET, &asked, 1);
    source.close(source.state);
    assert_int_equal(asked.ranges[6][N].bounds, WEIR_SOURCE_BOUNDS_NONE); /* all NULL */
    assert_int_equal(asked.ranges[6][N].nulls, ROWS);
    assert_int_equal(asked.ranges[9][X].bounds, WEIR_SOURCE_BOUNDS_NONE); /* all NaN */
    assert_int_equal(asked.ranges[9][X].nulls, 0);
}

/* ---- what is left out ---- */

static struct weir_source_left_out told(struct weir_source *source) {
    struct weir_source_left_out out;
    source->left_out(source->state, &out);
    return out;
}

/* Reads on to the end; rows that were given. */
static int64_t read_rest(struct weir_source *source) {
    struct ArrowArray batch;
    int64_t rows = 0;
    while (must_next(source, &batch)) {
        rows += batch.length;
        batch.release(&batch);
    }
    return rows;
}

static void groups_are_told_of_before_the_batch_behind_them(void **state) {
    (void)state;
    for (int32_t threads = 1; threads <= 4; threads++) {
        struct asked asked = {.leaves_out = 1 << 0 | 1 << 3 | 1 << 4 | 1 << 11};
        struct weir_source source = ask(SKIP_PARQUET, &asked, threads);
        struct ArrowArray batch;
        assert_true(must_next(&source, &batch));
        assert_int_equal(integer_at(batch.children[M], 0, 4), 10);
        batch.release(&batch);
        struct weir_source_left_out left = told(&source);
        assert_true(left.groups == 1 && left.rows == ROWS && left.time_nulls == 1);
        assert_true(left.time_max == EPOCH * 1000 + 19);
        for (int row = 7; row < 2 * ROWS; row += batch.length) {
            assert_true(must_next(&source, &batch));
            batch.release(&batch);
            assert_int_equal(told(&source).groups, 0);
        }
        assert_true(must_next(&source, &batch));
        assert_int_equal(integer_at(batch.children[M], 0, 4), 50);
        left = told(&source); /* of the later one every time is NULL */
        assert_true(left.groups == 2 && left.rows == 2 * ROWS && left.time_max == EPOCH * 1000 + 79);
        assert_int_equal(left.time_nulls, ROWS);
        assert_int_equal(read_rest(&source) + batch.length, 6 * ROWS);
        batch.release(&batch);
        assert_int_equal(told(&source).groups, 1);
        source.close(source.state);
    }
}

static void progress_does_not_wait_for_what_is_left_out(void **state) {
    (void)state;
    struct asked asked = {.leaves_out = 1 << 2 | 1 << 11};
    struct weir_source source = ask(SKIP_PARQUET, &asked, 2);
    assert_int_equal(read_rest(&source), (GROUPS - 2) * ROWS);
    struct weir_source_progress progress;
    told(&source);
    source.progress(source.state, &progress);
    assert_true(progress.bytes_done == progress.bytes_total && progress.bytes_total > 0);
    assert_true(progress.skipped_groups == 2 && progress.skipped_rows == 2 * ROWS);
    source.close(source.state);
}

static bool expect_nothing(void *user, const struct weir_source_range *ranges, int64_t rows) {
    (void)rows;
    *(int *)user += 1;
    assert_int_equal(ranges[0].bounds, WEIR_SOURCE_BOUNDS_NONE);
    assert_int_equal(ranges[0].nulls, -1);
    return false;
}

static void a_file_without_statistics_is_read(void **state) {
    (void)state;
    struct weir_source source = must_open(PARQUET_DATA "groups.parquet", 100, 1);
    struct weir_error error = {0};
    int asked = 0;
    struct weir_source_filter filter = {&asked, expect_nothing, -1};
    must_select(&source, "id");
    assert_int_equal(source.leave_out(source.state, &filter, &error), WEIR_OK);
    assert_int_equal(asked, 22);
    assert_int_equal(read_rest(&source), 500);
    assert_int_equal(told(&source).groups, 0);
    source.close(source.state);
}

/* The first file of the table has its times in ns, so that those of this one are cast. A cast may fail, which must
 * not be hidden. */
static void a_cast_into_the_layout_of_another_file_is_not_left_out(void **state) {
    (void)state;
    struct weir_source first = must_open(SKIP_PARQUET, 7, 1), source;
    struct weir_error error = {0};
    struct ArrowSchema schema = must_schema(&first);
    const char *format = schema.children[TS]->format;
    schema.children[TS]->format = "tsn:";
    struct weir_source_request request = {
        .struct_size = sizeof request, .schema = &schema, .batch_rows = 7, .threads = 1};
    if (weir_format_parquet()->open_further(SKIP_PARQUET, &request, &source, &error) != WEIR_OK)
        fail_msg("%s", error.message);
    schema.children[TS]->format = format;
    schema.release(&schema);
    first.close(first.state);
    struct asked asked = {.leaves_out = 1};
    assert_int_equal(try_leave_out(&source, &asked, &error), WEIR_OK);
    for (int c = 0; c < COLUMNS; c++) {
        assert_int_equal(asked.ranges[0][c].bounds, WEIR_SOURCE_BOUNDS_NONE);
        assert_int_equal(asked.ranges[0][c].nulls, -1);
    }
    struct ArrowArray batch;
    assert_true(must_next(&source, &batch));
    assert_true(integer_at(batch.children[TS], 0, 8) ==
                EPOCH * 1000000000 + INT64_C(20) * 700000000 - INT64_C(8500000000) + 20000);
    batch.release(&batch);
    source.close(source.state);
}

/* ---- damage ---- */

static void damaged_statistics_do_not_crash(void **state) {
    const struct folder *folder = *state;
    size_t bytes;
    int32_t footer, failed = 0;
    char *data = read_whole(SKIP_PARQUET, &bytes);
    memcpy(&footer, data + bytes - 8, sizeof(footer));
    for (size_t at = bytes - 8 - (size_t)footer; at < bytes - 8; at += 7) {
        data[at] = (char)~data[at];
        folder_put(folder, "bad.parquet", data, bytes);
        data[at] = (char)~data[at];
        struct weir_source source;
        struct weir_error error = {0};
        struct asked asked = {.leaves_out = 0x249};
        if (open_parquet(folder_name(folder, "bad.parquet"), NULL, 16, 1, &source, &error) != WEIR_OK) continue;
        enum weir_status status = try_leave_out(&source, &asked, &error);
        struct ArrowArray batch;
        while (status == WEIR_OK && (status = source.next(source.state, &batch, &error)) == WEIR_OK)
            batch.release(&batch);
        failed += status != WEIR_END;
        source.close(source.state);
    }
    assert_true(failed > 0);
    free(data);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statistics_become_ranges),
        cmocka_unit_test(where_nothing_is_certain_nothing_is_told),
        cmocka_unit_test(groups_are_told_of_before_the_batch_behind_them),
        cmocka_unit_test(progress_does_not_wait_for_what_is_left_out),
        cmocka_unit_test(a_file_without_statistics_is_read),
        cmocka_unit_test(a_cast_into_the_layout_of_another_file_is_not_left_out),
        cmocka_unit_test_setup_teardown(damaged_statistics_do_not_crash, folder_setup, folder_teardown),
    };
    if (!parquet_is_there()) return 0;
    setenv("WEIR_MODULE_DIR", MODULE_DIR, 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
