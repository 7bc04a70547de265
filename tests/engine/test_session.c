/* SPDX-License-Identifier: Apache-2.0
 *
 * SEMANTICS.md, 1: SESSION(gap [, max_duration]).
 */
#include "tests/engine/machines.h"

/* ---- by the definition: windows as lists of rows, every one looked at for each row ---- */

struct session {
    uint32_t id;
    int64_t start, end;
    bool fixed;
    bool gone;
    struct members members;
};

struct reference {
    int64_t gap, max; /* max 0: none */
    struct session *sessions;
    int32_t count;
    bool late[STREAM_ROWS];
    struct lines lines;
};

static bool passed(int64_t end, int64_t watermark) { return watermark != INT64_MIN && end - 1 <= watermark; }

/* End of the piece of [start, end) that holds `time`. */
static int64_t end_of_piece(const struct reference *reference, int64_t start, int64_t end, int64_t time,
                            int64_t *start_of_piece) {
    *start_of_piece = start;
    if (reference->max == 0) return end;
    __int128 at = start;
    at += ((__int128)time - start) / reference->max * reference->max;
    *start_of_piece = (int64_t)at;
    return at + reference->max < end ? (int64_t)(at + reference->max) : end;
}

/* Gives out the pieces that W has passed. */
static void fire(struct reference *reference, const struct stream *stream, int64_t watermark, bool complete) {
    for (int32_t i = 0; i < reference->count; i++) {
        struct session *session = &reference->sessions[i];
        if (session->gone) continue;
        int64_t start, end = end_of_piece(reference, session->start, session->end, session->start, &start);
        session->fixed |= reference->max > 0 && passed(end, watermark);
        static struct members piece, rest;
        do { /* the piece of the first row of those left, if it has passed */
            piece.count = rest.count = 0;
            int64_t first = INT64_MAX;
            for (int32_t r = 0; r < session->members.count; r++) {
                int64_t time = stream->times[session->members.rows[r]];
                if (time < first) first = time;
            }
            if (session->members.count == 0) break;
            end = end_of_piece(reference, session->start, session->end, first, &start);
            if (!passed(end, watermark)) break;
            for (int32_t r = 0; r < session->members.count; r++) {
                int32_t row = session->members.rows[r];
                int64_t own;
                end_of_piece(reference, session->start, session->end, stream->times[row], &own);
                struct members *to = own == start ? &piece : &rest;
                to->rows[to->count++] = row;
            }
            lines_add_window(&reference->lines, stream, session->id, start, end, &piece, 0, complete);
            session->members = rest;
        } while (true);
        session->gone = passed(session->end, watermark);
    }
}

static bool joins(const struct reference *reference, const struct session *session, uint32_t id, int64_t time,
                  int64_t end) {
    return !session->gone && session->id == id && session->start <= end && session->end >= time &&
           !(session->fixed && time < session->start) && reference->gap > 0;
}

static void take_row(struct reference *reference, const struct stream *stream, int32_t row, int64_t watermark) {
    int64_t time = stream->times[row], end = weir_add_saturate_i64(time, reference->gap), start = time;
    uint32_t id = stream->ids[row];
    struct session *fixed = NULL;
    for (int32_t i = 0; i < reference->count; i++) {
        struct session *session = &reference->sessions[i];
        if (!session->fixed || !joins(reference, session, id, time, end)) continue;
        if (fixed == NULL || session->start > fixed->start) fixed = session;
    }
    int32_t joined[STREAM_ROWS], count = 0;
    for (int32_t i = 0; i < reference->count; i++) {
        struct session *session = &reference->sessions[i];
        if (!joins(reference, session, id, time, end)) continue;
        if (fixed != NULL && session != fixed && (session->fixed || session->start < fixed->start)) continue;
        joined[count++] = i;
    }
    for (int32_t i = 0; i < count; i++) {
        const struct session *session = &reference->sessions[joined[i]];
        if (session->start < start) start = session->start;
        if (session->end > end) end = session->end;
    }
    int64_t unused;
    if (passed(end_of_piece(reference, start, end, time, &unused), watermark)) {
        reference->late[row] = true;
        return;
    }
    struct session *into = &reference->sessions[reference->count];
    *into = (struct session){.id = id, .start = start, .end = end, .fixed = fixed != NULL};
    for (int32_t i = 0; i < count; i++) {
        struct session *session = &reference->sessions[joined[i]];
        for (int32_t r = 0; r < session->members.count; r++) {
            into->members.rows[into->members.count++] = session->members.rows[r];
        }
        session->gone = true;
    }
    into->members.rows[into->members.count++] = row;
    reference->count++;
}

static void open_reference(struct reference *reference, int64_t gap, int64_t max) {
    memset(reference, 0, sizeof(*reference));
    reference->gap = gap;
    reference->max = max;
    reference->sessions = calloc(STREAM_ROWS, sizeof(*reference->sessions));
    assert_non_null(reference->sessions);
}

static void run_reference(struct reference *reference, const struct stream *stream, enum weir_end_policy policy) {
    for (int32_t row = 0; row < stream->count; row++) {
        fire(reference, stream, stream->watermarks[row], true);
        if (stream->counts[row]) take_row(reference, stream, row, stream->watermarks[row]);
        int32_t kept = 0; /* the array is as long as the stream */
        for (int32_t i = 0; i < reference->count; i++) {
            if (!reference->sessions[i].gone) reference->sessions[kept++] = reference->sessions[i];
        }
        reference->count = kept;
    }
    fire(reference, stream, stream->watermarks[stream->count], true);
    if (policy == WEIR_END_DISCARD) return;
    fire(reference, stream, INT64_MAX, policy == WEIR_END_FLUSH);
}

static void close_reference(struct reference *reference) {
    free(reference->sessions);
    lines_free(&reference->lines);
}

static struct stream stream;
static struct rig rig;
static struct reference reference;

static void expect_as_defined(int64_t gap, int64_t max, enum weir_end_policy policy, int32_t most, bool renames,
                              const char *what) {
    rig_open(&rig, WEIR_WINDOW_SESSION, gap, max, policy);
    open_reference(&reference, gap, max);
    run_reference(&reference, &stream, policy);
    rig_run(&rig, &stream, most, renames);
    lines_expect_equal(&reference.lines, &rig.lines, what);
    expect_late(&rig, &stream, reference.late);
    close_reference(&reference);
    rig_close(&rig);
}

static void expect_lines(const char *const *lines, int32_t count) {
    struct lines expected = {0};
    for (int32_t i = 0; i < count; i++) lines_add(&expected, lines[i]);
    lines_expect_equal(&expected, &rig.lines, "lines");
    lines_free(&expected);
}

/* ---- the rules ---- */

static void the_worked_case(void **state) {
    (void)state;
    stream_begin(&stream);
    static const int64_t rows[][3] = {{2, 1, 0},    {2, 2, 1000}, {2, 3, 2500}, {2, 4, 5501}, {2, 5, 6000},
                                      {2, 5, 6000}, {2, 6, 6050}, {1, 1, 10},   {1, 2, 1000}, {1, 3, 2500}};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(rows); i++) {
        stream_row(&stream, (uint32_t)rows[i][0], rows[i][2], rows[i][1]);
        stream_carry(&stream);
    }
    stream_watermark(&stream, 12000);
    rig_open(&rig, WEIR_WINDOW_SESSION, 3000, 0, WEIR_END_DISCARD);
    rig_run(&rig, &stream, 4, false);
    static const char *const lines[] = {"1 [10,5500) 3 6 1 3 abc3 @0 +I 1", "2 [0,5500) 3 6 1 3 abc3 @0 +I 1",
                                        "2 [5501,9050) 4 20 4 6 abcdef6 @0 +I 1"};
    expect_lines(lines, 3);
    rig_close(&rig);
}

static void rows_exactly_one_gap_apart_are_one_session(void **state) {
    (void)state;
    static const int64_t times[] = {0, 10, 21, 11, 100, 90, 111};
    for (int round = 0; round < 2; round++) { /* forwards and backwards */
        stream_begin(&stream);
        for (size_t i = 0; i < WEIR_ARRAY_COUNT(times); i++) {
            size_t at = round == 0 ? i : WEIR_ARRAY_COUNT(times) - 1 - i;
            stream_row(&stream, 0, times[at], 1);
            stream_carry(&stream);
        }
        rig_open(&rig, WEIR_WINDOW_SESSION, 10, 0, WEIR_END_FLUSH);
        rig_run(&rig, &stream, 3, false);
        static const char *const lines[] = {"0 [0,31) 4 4 1 1 a1 @0 +I 1", "0 [90,110) 2 2 1 1 a1 @0 +I 1",
                                            "0 [111,121) 1 1 1 1 a1 @0 +I 1"};
        expect_lines(lines, 3);
        rig_close(&rig);
    }
}

static void the_merged_session_is_judged_not_the_row(void **state) {
    (void)state;
    stream_begin(&stream);
    stream_row(&stream, 0, 100, 1); /* [100,110) */
    stream_carry(&stream);
    stream_watermark(&stream, 105);
    stream_row(&stream, 0, 91, 2); /* alone it ends before W, but it meets an open session */
    stream_carry(&stream);
    stream_row(&stream, 0, 80, 4); /* alone, and passed: late */
    stream_carry(&stream);
    stream_row(&stream, 0, 81, 8); /* meets [91,110) */
    stream_carry(&stream);
    stream_watermark(&stream, 109);
    stream_row(&stream, 0, 105, 16); /* the session is closed, the row alone is not */
    stream_carry(&stream);
    stream_watermark(&stream, 114);
    stream_row(&stream, 0, 105, 32); /* now it is */
    stream_carry(&stream);
    rig_open(&rig, WEIR_WINDOW_SESSION, 10, 0, WEIR_END_DISCARD);
    rig_run(&rig, &stream, 10, false);
    static const char *const lines[] = {"0 [81,110) 3 11 1 8 abcdefgh8 @0 +I 1",
                                        "0 [105,115) 1 16 16 16 16 @0 +I 1"};
    expect_lines(lines, 2);
    assert_int_equal(rig.late_count, 2);
    assert_true(rig.late[2] && rig.late[5]);
    rig_close(&rig);
}

/* W closes [5,6) within a block; a session that is open grows down over it, as the latest of its key and as an
 * older one, while the closed one still waits to be given out. */
static void an_open_session_grows_over_one_that_is_closed(void **state) {
    (void)state;
    for (int turn = 0; turn < 4; turn++) {
        stream_begin(&stream);
        stream_row(&stream, 0, 5, 1);
        stream_carry(&stream);
        if (turn % 2 == 1) stream_row(&stream, 0, 13, 2); /* is the latest then */
        if (turn % 2 == 1) stream_carry(&stream);
        stream_watermark(&stream, 5);
        static const int64_t times[] = {6, 5, 6, 30, 7, 8, 40};
        for (int i = 0; i < 7; i++) {
            stream_row(&stream, 0, times[i], 1 << (i + 2));
            stream_carry(&stream);
            if (turn / 2 == 1 && i == 4) stream_watermark(&stream, 9);
        }
        stream_watermark(&stream, 35);
        for (int32_t most = 1; most < 12; most++) {
            expect_as_defined(1, 0, WEIR_END_FLUSH, most, false, "over a closed one");
            expect_as_defined(1, 3, WEIR_END_FLUSH, most, false, "over a closed one, in pieces");
        }
    }
}

static void ends_at_the_limits_are_held(void **state) {
    (void)state;
    static const int64_t times[] = {INT64_MAX - 5,  INT64_MIN,      INT64_MAX,    INT64_MIN + 10, INT64_MIN + 1, 0,
                                    INT64_MAX - 20, INT64_MAX - 14, INT64_MAX - 6};
    static const int64_t gaps[] = {1, 10, INT64_MAX};
    for (size_t g = 0; g < WEIR_ARRAY_COUNT(gaps); g++) {
        for (int watermarks = 0; watermarks < 2; watermarks++) {
            stream_begin(&stream);
            for (size_t i = 0; i < WEIR_ARRAY_COUNT(times); i++) {
                stream_row(&stream, i < 6 ? 1 : 2, times[i], (int64_t)i);
                stream_carry(&stream);
                if (watermarks) stream_watermark(&stream, (int64_t)i < 3 ? INT64_MIN : INT64_MAX - 7);
            }
            if (watermarks) stream_watermark(&stream, INT64_MAX);
            for (int32_t most = 1; most < 10; most += 2) {
                expect_as_defined(gaps[g], 0, WEIR_END_FLUSH, most, false, "limits");
                expect_as_defined(gaps[g], 7, WEIR_END_FLUSH, most, false, "limits, in pieces");
                expect_as_defined(gaps[g], INT64_MAX, WEIR_END_FLUSH, most, false, "limits, in one piece");
            }
        }
    }
}

static void what_is_left_at_the_end_follows_the_policy(void **state) {
    (void)state;
    for (int64_t max = 0; max <= 3; max += 3) {
        stream_random(&stream, 7, 200, 0, 3, 5, 20);
        expect_as_defined(10, max, WEIR_END_FLUSH, 50, false, "flush");
        expect_as_defined(10, max, WEIR_END_DISCARD, 50, false, "discard");
        expect_as_defined(10, max, WEIR_END_MARK, 50, false, "mark");
    }
}

/* ---- the largest duration ---- */

static void a_session_is_cut_from_its_start(void **state) {
    (void)state;
    stream_begin(&stream);
    static const int64_t times[] = {13, 10, 20, 29, 30, 45, 44};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(times); i++) {
        stream_row(&stream, 0, times[i], 1);
        stream_carry(&stream);
    }
    rig_open(&rig, WEIR_WINDOW_SESSION, 15, 10, WEIR_END_FLUSH);
    rig_run(&rig, &stream, 3, false);
    static const char *const lines[] = {"0 [10,20) 2 2 1 1 a1 @0 +I 1", "0 [20,30) 2 2 1 1 a1 @0 +I 1",
                                        "0 [30,40) 1 1 1 1 a1 @0 +I 1", "0 [40,50) 2 2 1 1 a1 @0 +I 1"};
    expect_lines(lines, 4);
    rig_close(&rig);
}

static void the_last_piece_ends_with_the_session(void **state) {
    (void)state;
    stream_begin(&stream);
    static const int64_t times[] = {0, 8, 16};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(times); i++) {
        stream_row(&stream, 0, times[i], 1);
        stream_carry(&stream);
    }
    rig_open(&rig, WEIR_WINDOW_SESSION, 8, 15, WEIR_END_FLUSH);
    rig_run(&rig, &stream, 3, false);
    static const char *const lines[] = {"0 [0,15) 2 2 1 1 a1 @0 +I 1", "0 [15,24) 1 1 1 1 a1 @0 +I 1"};
    expect_lines(lines, 2);
    rig_close(&rig);
}

static void the_start_moves_until_the_first_piece_fires(void **state) {
    (void)state;
    stream_begin(&stream);
    stream_row(&stream, 0, 20, 1);
    stream_carry(&stream);
    stream_watermark(&stream, 24);
    stream_row(&stream, 0, 16, 2); /* the pieces are now [16,26), ... */
    stream_carry(&stream);
    stream_row(&stream, 0, 27, 4);
    stream_carry(&stream);
    stream_watermark(&stream, 25); /* fires the first one */
    stream_row(&stream, 0, 14, 8); /* before the fixed start: its own piece would end at 24 */
    stream_carry(&stream);
    stream_row(&stream, 0, 25, 16); /* of the piece that has fired */
    stream_carry(&stream);
    stream_row(&stream, 0, 26, 32);
    stream_carry(&stream);
    rig_open(&rig, WEIR_WINDOW_SESSION, 15, 10, WEIR_END_FLUSH);
    rig_run(&rig, &stream, 6, false);
    static const char *const lines[] = {"0 [16,26) 2 3 1 2 ab2 @0 +I 1", "0 [26,36) 2 36 4 32 abcd4 @0 +I 1"};
    expect_lines(lines, 2);
    assert_true(rig.late[3] && rig.late[4]);
    assert_int_equal(rig.late_count, 2);
    rig_close(&rig);
}

/* ---- random streams ---- */

static void any_split_gives_what_the_definition_gives(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        random_state = seed * 77;
        int64_t step = 1 + random_below(6), gap = 1 + random_below(40), delay = random_below(60);
        int64_t max = seed % 2 == 0 ? 0 : 1 + random_below(60);
        stream_random(&stream, seed, 400, seed % 3 == 0 ? -500 : 1000000, step, random_below(80), delay);
        char what[64];
        snprintf(what, sizeof(what), "seed %d, gap %d, max %d", (int)seed, (int)gap, (int)max);
        expect_as_defined(gap, max, WEIR_END_FLUSH, 1, false, what);
        expect_as_defined(gap, max, WEIR_END_FLUSH, 30, true, what);
        expect_as_defined(gap, max, WEIR_END_MARK, 400, true, what);
    }
}

/* ---- many keys ---- */

enum few { COUNT_ONLY, SUM_BIGINT, SUM_DOUBLE, ALL_FIVE, FEW_KINDS };
enum { APART = 200 }; /* ids: more than the first cache holds */

static struct weir_plan *plan_few(enum few few, int64_t gap) {
    if (few == ALL_FIVE) return rig_plan(WEIR_WINDOW_SESSION, gap, 0, WEIR_END_MARK);
    struct weir_type types[2] = {TIME_, BIGINT_};
    if (few == SUM_DOUBLE) types[1] = (struct weir_type)DOUBLE_;
    struct weir_plan *plan = plan_over(2, types);
    assert_non_null(plan);
    plan_window(plan, WEIR_WINDOW_SESSION, gap, 0, 0);
    plan->emission.end = WEIR_END_MARK;
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    if (few != COUNT_ONLY) plan_call(plan, WEIR_AGGREGATE_SUM, 1);
    plan->aggregate_programs = weir_arena_array(&plan->arena, 8, sizeof(*plan->aggregate_programs));
    return plan;
}

static int64_t sum_of(const char *row, enum few few) {
    if (few == COUNT_ONLY) return 0;
    if (few == SUM_BIGINT) return rig_i64(&rig, row, 1);
    double sum;
    memcpy(&sum, row + rig.accumulator.fields[rig.accumulator.call_field[1]].offset, sizeof(sum));
    return (int64_t)sum;
}

static void collect_few(enum few few) {
    if (few == ALL_FIVE) {
        rig_collect(&rig);
        return;
    }
    for (uint32_t i = 0; i < rig.due.count; i++) {
        const struct weir_due_entry *entry = &rig.due.entries[i];
        const char *row = weir_due_row(&rig.due, i);
        char line[160];
        assert_int_equal(entry->id % APART, 0);
        snprintf(line, sizeof(line), "%u [%lld,%lld) %lld %lld %d", entry->id / APART, (long long)entry->start,
                 (long long)entry->end, (long long)rig_i64(&rig, row, 0), (long long)sum_of(row, few),
                 entry->complete);
        lines_add(&rig.lines, line);
    }
    weir_due_clear(&rig.due);
}

/* The lines of the reference without what is not asked for. */
static void keep_few(struct lines *lines, enum few few) {
    for (int32_t i = 0; i < lines->count && few != ALL_FIVE; i++) {
        char *line = lines->text[i], complete = line[strlen(line) - 1];
        int end = 0;
        long long rows, sum;
        assert_int_equal(sscanf(line, "%*u [%*d,%*d)%n %lld %lld", &end, &rows, &sum), 2);
        snprintf(line + end, sizeof(lines->text[i]) - (size_t)end, " %lld %lld %c", rows,
                 few == COUNT_ONLY ? 0 : sum, complete);
    }
}

/* Slots of many keys lie beyond the first cache, and few aggregates are added with the look at a slot. */
static void many_keys_give_what_the_definition_gives(void **state) {
    (void)state;
    static double doubles[STREAM_ROWS];
    for (uint64_t seed = 1; seed <= 120; seed++) {
        enum few few = (enum few)(seed % FEW_KINDS);
        random_state = seed * 91;
        int64_t step = 1 + random_below(6), gap = 1 + random_below(40), delay = random_below(60);
        stream_random(&stream, seed, 400, seed % 3 == 0 ? -500 : 1000000, step, random_below(80), delay);
        if (stream.one_key) continue;
        for (int32_t i = 0; i < stream.count; i++) doubles[i] = (double)stream.values[i];
        open_reference(&reference, gap, 0);
        run_reference(&reference, &stream, WEIR_END_MARK);
        keep_few(&reference.lines, few);
        rig_open_plan(&rig, plan_few(few, gap));
        if (few == SUM_DOUBLE) rig.doubles = doubles;
        for (uint32_t i = 0; i < STREAM_KEYS; i++) rig.names[i] = i * APART;
        rig.keys = STREAM_KEYS * APART;
        int32_t most = seed % 2 == 0 ? 400 : 30;
        for (int32_t from = 0, to; from < stream.count; from = to) {
            to = from + 1 + (int32_t)random_below(most);
            if (to > stream.count) to = stream.count;
            assert_int_equal(rig_block(&rig, &stream, from, to), WEIR_OK);
            collect_few(few);
        }
        int64_t watermark = stream.watermarks[stream.count];
        assert_int_equal(rig.machine->kind->finish(rig.machine, watermark, stream.count, &error), WEIR_OK);
        collect_few(few);
        lines_expect_equal(&reference.lines, &rig.lines, "many keys");
        expect_late(&rig, &stream, reference.late);
        close_reference(&reference);
        rig_close(&rig);
    }
}

/* ---- memory ---- */

static void closed_sessions_leave_no_memory_behind(void **state) {
    (void)state;
    for (int64_t max = 0; max <= 50; max += 50) {
        rig_open(&rig, WEIR_WINDOW_SESSION, 10, max, WEIR_END_FLUSH);
        for (int32_t block = 0; block < 400; block++) {
            stream_begin(&stream);
            stream.watermarks[0] = block == 0 ? INT64_MIN : block * 20000 - 100;
            for (int32_t i = 0; i < 1000; i++) {
                stream_row(&stream, (uint32_t)(i % STREAM_KEYS), block * 20000 + i * 20, i % 97 + 1000);
                stream_carry(&stream);
                stream_watermark(&stream, block * 20000 + i * 20 - 80);
            }
            assert_int_equal(rig_block(&rig, &stream, 0, 1000), WEIR_OK);
            weir_due_clear(&rig.due);
            assert_true(rig.machine->kind->bytes(rig.machine) < (size_t)1 << 20); /* its strings are 6 MiB */
        }
        uint64_t bits[1] = {0};
        assert_int_equal(rig.machine->kind->advance(rig.machine, INT64_MAX - 1, INT64_MIN, 0, &error), WEIR_OK);
        rig.machine->kind->held(rig.machine, bits);
        assert_int_equal(bits[0], 0);
        rig_close(&rig);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_case),
        cmocka_unit_test(rows_exactly_one_gap_apart_are_one_session),
        cmocka_unit_test(the_merged_session_is_judged_not_the_row),
        cmocka_unit_test(an_open_session_grows_over_one_that_is_closed),
        cmocka_unit_test(ends_at_the_limits_are_held),
        cmocka_unit_test(what_is_left_at_the_end_follows_the_policy),
        cmocka_unit_test(a_session_is_cut_from_its_start),
        cmocka_unit_test(the_last_piece_ends_with_the_session),
        cmocka_unit_test(the_start_moves_until_the_first_piece_fires),
        cmocka_unit_test(any_split_gives_what_the_definition_gives),
        cmocka_unit_test(many_keys_give_what_the_definition_gives),
        cmocka_unit_test(closed_sessions_leave_no_memory_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
