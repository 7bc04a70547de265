/* SPDX-License-Identifier: Apache-2.0
 *
 * SEMANTICS.md, 1: COUNT(size [, slide]).
 */
#include "tests/engine/machines.h"

static struct stream stream;
static struct rig rig;

/* ---- by the definition ---- */

static void add_window(struct lines *lines, const struct members *members, uint32_t id, int64_t size,
                       int64_t sequence, bool complete) {
    static struct members last;
    int64_t least = INT64_MAX, greatest = INT64_MIN;
    last.count = 0;
    for (int32_t i = 0; i < members->count; i++) {
        if (i < members->count - size) continue; /* only the last `size` */
        int64_t time = stream.times[members->rows[i]];
        last.rows[last.count++] = members->rows[i];
        if (time < least) least = time;
        if (time > greatest) greatest = time;
    }
    int64_t end = greatest == INT64_MAX ? INT64_MAX : greatest + 1;
    lines_add_window(lines, &stream, id, least, end, &last, sequence, complete);
}

static void run_reference(struct lines *lines, int64_t size, int64_t slide, enum weir_end_policy policy) {
    static struct members members[STREAM_KEYS];
    for (uint32_t id = 0; id < STREAM_KEYS; id++) members[id].count = 0;
    for (int32_t row = 0; row < stream.count; row++) {
        if (!stream.counts[row]) continue;
        struct members *seen = &members[stream.ids[row]];
        seen->rows[seen->count++] = row;
        if (seen->count % slide == 0) add_window(lines, seen, stream.ids[row], size, row, true);
    }
    if (policy == WEIR_END_DISCARD) return;
    for (uint32_t id = 0; id < STREAM_KEYS; id++) {
        int64_t since = members[id].count % slide; /* the last firing */
        int64_t missing = slide - since;           /* rows that the next firing waits for: the last of its window */
        if (since == 0 || size <= missing) continue;
        add_window(lines, &members[id], id, size - missing, stream.count, policy == WEIR_END_FLUSH);
    }
}

static void expect_as_defined(int64_t size, int64_t slide, enum weir_end_policy policy, int32_t most,
                              bool renames) {
    struct lines expected = {0};
    char what[64];
    snprintf(what, sizeof(what), "COUNT(%lld, %lld)", (long long)size, (long long)slide);
    rig_open(&rig, WEIR_WINDOW_COUNT, size, slide, policy);
    run_reference(&expected, size, slide, policy);
    rig_run(&rig, &stream, most, renames);
    lines_expect_equal(&expected, &rig.lines, what);
    assert_int_equal(rig.late_count, 0);
    lines_free(&expected);
    rig_close(&rig);
}

static void stream_of(const int64_t *times, size_t count) {
    stream_begin(&stream);
    for (size_t i = 0; i < count; i++) {
        stream_row(&stream, 0, times[i], (int64_t)i + 1);
        stream_carry(&stream);
    }
}

static void expect_lines(int64_t size, int64_t slide, enum weir_end_policy policy, const char *const *lines,
                         int32_t count) {
    struct lines expected = {0};
    for (int32_t i = 0; i < count; i++) lines_add(&expected, lines[i]);
    rig_open(&rig, WEIR_WINDOW_COUNT, size, slide, policy);
    rig_run(&rig, &stream, 3, false);
    lines_expect_equal(&expected, &rig.lines, "lines");
    lines_free(&expected);
    rig_close(&rig);
}

static void expect_no_lines(int64_t size, int64_t slide, enum weir_end_policy policy) {
    rig_open(&rig, WEIR_WINDOW_COUNT, size, slide, policy);
    rig_run(&rig, &stream, 3, false);
    assert_int_equal(rig.lines.count, 0);
    rig_close(&rig);
}

/* ---- the rules ---- */

static void bounds_are_the_least_time_and_the_greatest_and_a_ms(void **state) {
    (void)state;
    static const int64_t times[] = {50, 10, 30, 20, 70, 60, 5};
    static const char *const lines[] = {"0 [10,51) 3 6 1 3 abc3 @2 +I 1", "0 [20,71) 3 15 4 6 abcdef6 @5 +I 1",
                                        "0 [5,6) 1 7 7 7 abcdefg7 @7 +I 1"};
    stream_of(times, 7);
    expect_lines(3, 3, WEIR_END_FLUSH, lines, 3);
    expect_lines(3, 3, WEIR_END_DISCARD, lines, 2);
}

static void every_slide_rows_it_fires_the_last_of_them(void **state) {
    (void)state;
    static const int64_t times[] = {1, 2, 3, 4, 5};
    static const char *const lines[] = {"0 [1,3) 2 3 1 2 ab2 @1 +I 1", "0 [2,5) 3 9 2 4 abcd4 @3 +I 1",
                                        "0 [4,6) 2 9 4 5 abcde5 @5 +I 0"};
    stream_of(times, 5);
    expect_lines(3, 2, WEIR_END_MARK, lines, 3);
    expect_lines(3, 2, WEIR_END_DISCARD, lines, 2);
}

static void rows_between_windows_count_nowhere(void **state) {
    (void)state;
    static const int64_t times[] = {1, 2, 3, 4, 5, 6};
    static const char *const lines[] = {"0 [4,6) 2 9 4 5 abcde5 @4 +I 1"};
    stream_of(times, 6);
    expect_lines(2, 5, WEIR_END_DISCARD, lines, 1);
}

static void the_end_fires_what_the_next_window_holds_so_far(void **state) {
    (void)state;
    static const int64_t times[] = {1, 2, 3, 4, 5, 6};
    stream_of(times, 6);
    /* the next one would fire at 8 rows with the last 6: 3 to 6 are there */
    expect_lines(6, 4, WEIR_END_FLUSH,
                 (const char *const[]){"0 [1,5) 4 10 1 4 abcd4 @3 +I 1", "0 [3,7) 4 18 3 6 abcdef6 @6 +I 1"}, 2);
    /* it would fire at 8 rows with the last 3: row 6 alone */
    expect_lines(3, 4, WEIR_END_FLUSH,
                 (const char *const[]){"0 [2,5) 3 9 2 4 abcd4 @3 +I 1", "0 [6,7) 1 6 6 6 abcdef6 @6 +I 1"}, 2);
    expect_lines(4, 5, WEIR_END_MARK, (const char *const[]){"0 [2,6) 4 14 2 5 abcde5 @4 +I 1"}, 1);
}

static void the_end_fires_nothing_where_no_row_has_come_since(void **state) {
    (void)state;
    static const int64_t times[] = {1, 2, 3, 4};
    stream_of(times, 4);
    expect_lines(3, 2, WEIR_END_FLUSH,
                 (const char *const[]){"0 [1,3) 2 3 1 2 ab2 @1 +I 1", "0 [2,5) 3 9 2 4 abcd4 @3 +I 1"}, 2);
    expect_lines(2, 2, WEIR_END_FLUSH,
                 (const char *const[]){"0 [1,3) 2 3 1 2 ab2 @1 +I 1", "0 [3,5) 2 7 3 4 abcd4 @3 +I 1"}, 2);
}

static void no_row_is_late(void **state) {
    (void)state;
    stream_of((const int64_t[]){100, -100}, 2);
    for (int i = 0; i < 3; i++) stream.watermarks[i] = INT64_MAX - 1;
    static const char *const lines[] = {"0 [-100,101) 2 3 1 2 ab2 @1 +I 1"};
    expect_lines(2, 2, WEIR_END_FLUSH, lines, 1);
}

static void times_and_sizes_at_the_limits(void **state) {
    (void)state;
    stream_of((const int64_t[]){INT64_MAX, INT64_MIN, 0}, 3);
    static const char *const lines[] = {"0 [-9223372036854775808,9223372036854775807) 3 6 1 3 abc3 @3 +I 1"};
    expect_lines(INT64_MAX, INT64_MAX, WEIR_END_FLUSH, lines, 1);
    expect_lines(INT64_MAX, INT64_MAX - 1, WEIR_END_FLUSH, lines, 1);
    expect_no_lines(5, INT64_MAX, WEIR_END_FLUSH);
    expect_lines(INT64_MAX, 1, WEIR_END_DISCARD,
                 (const char *const[]){"0 [9223372036854775807,9223372036854775807) 1 1 1 1 a1 @0 +I 1",
                                       "0 [-9223372036854775808,9223372036854775807) 2 3 1 2 ab2 @1 +I 1",
                                       "0 [-9223372036854775808,9223372036854775807) 3 6 1 3 abc3 @2 +I 1"},
                 3);
}

static void any_split_gives_what_the_definition_gives(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        stream_random(&stream, seed, 500, -100, 3, 50, 10);
        int64_t size = 1 + random_below(seed % 5 == 0 ? 60 : 12), slide = 1 + random_below(12);
        if (seed % 4 == 0) slide = size;
        if (seed % 4 == 1) size *= 1 + random_below(3), slide = size / (1 + random_below(3));
        if (slide == 0) slide = 1;
        expect_as_defined(size, slide, WEIR_END_FLUSH, 1, false);
        expect_as_defined(size, slide, WEIR_END_MARK, 40, true);
        expect_as_defined(size, slide, WEIR_END_DISCARD, 500, true);
    }
}

/* ---- memory ---- */

static void a_key_between_windows_holds_nothing(void **state) {
    (void)state;
    stream_begin(&stream);
    for (int32_t i = 0; i < 7; i++) {
        stream_row(&stream, i < 4 ? 1 : 2, i, i);
        stream_carry(&stream);
    }
    rig_open(&rig, WEIR_WINDOW_COUNT, 4, 4, WEIR_END_FLUSH);
    uint64_t bits[1] = {0};
    assert_int_equal(rig_block(&rig, &stream, 0, 7), WEIR_OK);
    rig.machine->kind->held(rig.machine, bits);
    assert_int_equal(bits[0], 4);
    rig_close(&rig);
}

static void memory_is_that_of_the_panes(void **state) {
    (void)state;
    static const int64_t windows[][2] = {{50, 50}, {50, 10}, {10, 50}, {64, 1}};
    for (size_t w = 0; w < WEIR_ARRAY_COUNT(windows); w++) {
        rig_open(&rig, WEIR_WINDOW_COUNT, windows[w][0], windows[w][1], WEIR_END_FLUSH);
        for (int32_t block = 0; block < 200; block++) {
            stream_begin(&stream);
            for (int32_t i = 0; i < 1000; i++) {
                stream_row(&stream, (uint32_t)(i % STREAM_KEYS), i, i % 97 + 1000);
                stream_carry(&stream);
            }
            assert_int_equal(rig_block(&rig, &stream, 0, 1000), WEIR_OK);
            weir_due_clear(&rig.due);
            assert_true(rig.machine->kind->bytes(rig.machine) < (size_t)1
                                                                    << 20); /* its strings are several times that */
        }
        rig_close(&rig);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_are_the_least_time_and_the_greatest_and_a_ms),
        cmocka_unit_test(every_slide_rows_it_fires_the_last_of_them),
        cmocka_unit_test(rows_between_windows_count_nowhere),
        cmocka_unit_test(the_end_fires_what_the_next_window_holds_so_far),
        cmocka_unit_test(the_end_fires_nothing_where_no_row_has_come_since),
        cmocka_unit_test(no_row_is_late),
        cmocka_unit_test(times_and_sizes_at_the_limits),
        cmocka_unit_test(any_split_gives_what_the_definition_gives),
        cmocka_unit_test(a_key_between_windows_holds_nothing),
        cmocka_unit_test(memory_is_that_of_the_panes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
