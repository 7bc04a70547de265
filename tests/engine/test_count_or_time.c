/* SPDX-License-Identifier: Apache-2.0
 *
 * SEMANTICS.md, 1: COUNT-OR-TIME(n, span).
 */
#include "tests/engine/machines.h"

static struct stream stream;
static struct rig rig;

/* ---- by the definition ---- */

static void give_out(struct lines *lines, struct members *members, uint32_t id, int64_t sequence, bool complete) {
    int64_t least = INT64_MAX, greatest = INT64_MIN;
    for (int32_t i = 0; i < members->count; i++) {
        int64_t time = stream.times[members->rows[i]];
        if (time < least) least = time;
        if (time > greatest) greatest = time;
    }
    int64_t end = greatest == INT64_MAX ? INT64_MAX : greatest + 1;
    lines_add_window(lines, &stream, id, least, end, members, sequence, complete);
    members->count = 0;
}

/* Buckets that end after row `row`. */
static void end_by_time(struct lines *lines, struct members *buckets, int64_t span, int32_t row) {
    int64_t watermark = stream.watermarks[row + 1];
    for (uint32_t id = 0; id < STREAM_KEYS; id++) {
        if (buckets[id].count == 0 || watermark == INT64_MIN) continue;
        __int128 deadline = (__int128)stream.times[buckets[id].rows[0]] + span - 1;
        if (deadline > INT64_MAX) deadline = INT64_MAX;
        if (deadline <= watermark) give_out(lines, &buckets[id], id, row, true);
    }
}

static void run_reference(struct lines *lines, int64_t size, int64_t span, enum weir_end_policy policy) {
    static struct members buckets[STREAM_KEYS];
    for (uint32_t id = 0; id < STREAM_KEYS; id++) buckets[id].count = 0;
    for (int32_t row = 0; row < stream.count; row++) {
        if (stream.counts[row]) {
            struct members *bucket = &buckets[stream.ids[row]];
            bucket->rows[bucket->count++] = row;
            if (bucket->count == size) give_out(lines, bucket, stream.ids[row], row, true);
        }
        end_by_time(lines, buckets, span, row);
    }
    for (uint32_t id = 0; id < STREAM_KEYS && policy != WEIR_END_DISCARD; id++) {
        if (buckets[id].count > 0) give_out(lines, &buckets[id], id, stream.count, policy == WEIR_END_FLUSH);
    }
}

static void expect_as_defined(int64_t size, int64_t span, enum weir_end_policy policy, int32_t most, bool renames) {
    struct lines expected = {0};
    char what[64];
    snprintf(what, sizeof(what), "COUNT_OR_TIME(%lld, %lld)", (long long)size, (long long)span);
    rig_open(&rig, WEIR_WINDOW_COUNT_OR_TIME, size, span, policy);
    run_reference(&expected, size, span, policy);
    rig_run(&rig, &stream, most, renames);
    lines_expect_equal(&expected, &rig.lines, what);
    assert_int_equal(rig.late_count, 0);
    lines_free(&expected);
    rig_close(&rig);
}

static void expect_lines(int64_t size, int64_t span, enum weir_end_policy policy, const char *const *lines,
                         int32_t count) {
    struct lines expected = {0};
    for (int32_t i = 0; i < count; i++) lines_add(&expected, lines[i]);
    for (int32_t most = 1; most < 8; most += 3) {
        rig_open(&rig, WEIR_WINDOW_COUNT_OR_TIME, size, span, policy);
        rig_run(&rig, &stream, most, false);
        lines_expect_equal(&expected, &rig.lines, "lines");
        rig_close(&rig);
    }
    lines_free(&expected);
}

static void add_row(int64_t time, int64_t watermark) {
    stream_row(&stream, 0, time, stream.count + 1);
    stream_carry(&stream);
    stream_watermark(&stream, watermark);
}

/* ---- the rules ---- */

static void the_nth_row_ends_a_bucket(void **state) {
    (void)state;
    stream_begin(&stream);
    add_row(10, INT64_MIN);
    add_row(5, INT64_MIN);
    add_row(7, INT64_MIN);
    static const char *const lines[] = {"0 [5,11) 2 3 1 2 ab2 @1 +I 1", "0 [7,8) 1 3 3 3 abc3 @3 +I 1"};
    expect_lines(2, 100, WEIR_END_FLUSH, lines, 2);
    expect_lines(2, 100, WEIR_END_DISCARD, lines, 1);
}

static void the_span_since_its_first_row_ends_a_bucket(void **state) {
    (void)state;
    stream_begin(&stream);
    add_row(10, INT64_MIN);
    add_row(5, 18);  /* an earlier row does not move the deadline */
    add_row(50, 19); /* 10 + 10 - 1: ends the bucket after this row */
    add_row(20, 19);
    static const char *const lines[] = {"0 [5,51) 3 6 1 3 abc3 @2 +I 1", "0 [20,21) 1 4 4 4 abcd4 @4 +I 0"};
    expect_lines(9, 10, WEIR_END_MARK, lines, 2);
}

static void a_row_behind_the_watermark_is_a_bucket_of_its_own(void **state) {
    (void)state;
    stream_begin(&stream);
    add_row(10, 100);
    add_row(20, 100);
    add_row(95, 100);
    add_row(30, 100);
    static const char *const lines[] = {"0 [10,11) 1 1 1 1 a1 @0 +I 1", "0 [20,21) 1 2 2 2 ab2 @1 +I 1",
                                        "0 [30,96) 2 7 3 4 abcd4 @4 +I 1"};
    expect_lines(9, 10, WEIR_END_FLUSH, lines, 3);
}

static void spans_and_times_at_the_limits(void **state) {
    (void)state;
    static const int64_t spans[] = {1, INT64_MAX, 7};
    static const int64_t marks[] = {INT64_MIN, INT64_MAX - 1, INT64_MAX};
    for (size_t s = 0; s < WEIR_ARRAY_COUNT(spans); s++) {
        for (size_t m = 0; m < WEIR_ARRAY_COUNT(marks); m++) {
            stream_begin(&stream);
            add_row(INT64_MAX, INT64_MIN);
            add_row(INT64_MIN, marks[m]);
            add_row(INT64_MIN, marks[m]);
            add_row(INT64_MAX, marks[m]);
            for (int32_t most = 1; most < 5; most++) {
                expect_as_defined(INT64_MAX, spans[s], WEIR_END_FLUSH, most, false);
                expect_as_defined(3, spans[s], WEIR_END_MARK, most, false);
            }
        }
    }
}

static void any_split_gives_what_the_definition_gives(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        stream_random(&stream, seed, 500, -100, 3, 50, random_below(30));
        int64_t size = 1 + random_below(20), span = 1 + random_below(seed % 3 == 0 ? 10 : 100);
        expect_as_defined(size, span, WEIR_END_FLUSH, 1, false);
        expect_as_defined(size, span, WEIR_END_MARK, 40, true);
        expect_as_defined(size, span, WEIR_END_DISCARD, 500, true);
    }
}

static void a_key_without_a_bucket_holds_nothing(void **state) {
    (void)state;
    stream_begin(&stream);
    for (int32_t i = 0; i < 7; i++) {
        stream_row(&stream, i < 4 ? 1 : 2, i, i);
        stream_carry(&stream);
    }
    rig_open(&rig, WEIR_WINDOW_COUNT_OR_TIME, 4, 100, WEIR_END_FLUSH);
    uint64_t bits[1] = {0};
    assert_int_equal(rig_block(&rig, &stream, 0, 7), WEIR_OK);
    rig.machine->kind->held(rig.machine, bits);
    assert_int_equal(bits[0], 4);
    assert_int_equal(rig.machine->kind->advance(rig.machine, 1000, INT64_MIN, 7, &error), WEIR_OK);
    bits[0] = 0;
    rig.machine->kind->held(rig.machine, bits);
    assert_int_equal(bits[0], 0);
    assert_int_equal(rig.due.count, 2);
    assert_int_equal(rig.due.entries[1].sequence, 6);
    rig_close(&rig);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nth_row_ends_a_bucket),
        cmocka_unit_test(the_span_since_its_first_row_ends_a_bucket),
        cmocka_unit_test(a_row_behind_the_watermark_is_a_bucket_of_its_own),
        cmocka_unit_test(spans_and_times_at_the_limits),
        cmocka_unit_test(any_split_gives_what_the_definition_gives),
        cmocka_unit_test(a_key_without_a_bucket_holds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
