/* SPDX-License-Identifier: Apache-2.0
 *
 * Patterns of times. What is written and read was seen in Flink 2.3.0, whose Java classes decide it; the cases
 * z5 to ze of tests/cases/more hold more of that.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "engine/calendar.h"
#include "engine/time_pattern.h"

enum { formatter = WEIR_PATTERN_FORMATTER, simple = WEIR_PATTERN_SIMPLE };

static struct weir_arena arena;

static int begin(void **state) {
    (void)state;
    weir_arena_init(&arena, 0);
    return 0;
}

static int end(void **state) {
    (void)state;
    weir_arena_fini(&arena);
    return 0;
}

static struct weir_string string(const char *text) { return (struct weir_string){text, (int64_t)strlen(text)}; }

static const struct weir_time_pattern *compile(const char *pattern, int dialect, bool reading) {
    char reason[200] = "";
    const struct weir_time_pattern *made = weir_time_pattern_create(
        &arena, string(pattern), (enum weir_pattern_dialect)dialect, reading, reason, sizeof(reason));
    if (made == NULL) fail_msg("'%s': %s", pattern, reason);
    return made;
}

static int64_t seconds_of(int64_t year, int32_t month, int32_t day, int32_t hour, int32_t minute, int32_t second) {
    return weir_days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
}

/* ---- writing ---- */

static void check_written(const char *pattern, int dialect, int64_t seconds, int32_t nanos, const char *expected) {
    const struct weir_time_pattern *made = compile(pattern, dialect, false);
    char *text = weir_arena_alloc(&arena, weir_time_pattern_bytes(made) + 1);
    size_t length = weir_time_pattern_write(made, seconds, nanos, text);
    assert_true(length < weir_time_pattern_bytes(made));
    text[length] = '\0';
    assert_string_equal(text, expected);
}

static void times_are_written_as_java_writes_them(void **state) {
    (void)state;
    int64_t morning = seconds_of(2025, 1, 2, 3, 4, 5), afternoon = seconds_of(2025, 1, 2, 13, 4, 5);
    check_written(
        "yyyy yy y uuuu M MM MMM MMMM d dd D DDD H HH h hh K k kk a m s S SS SSS SSSSSS SSSSSSSSS E EEE EEEE 'x'",
        formatter, morning, 678901000,
        "2025 25 2025 2025 1 01 Jan January 2 02 2 002 3 03 3 03 3 3 03 AM 4 5 6 67 678 678901 678901000 "
        "Thu Thu Thursday x");
    check_written(
        "yyyy yy y M MM MMM MMMM d dd D DDD H HH h hh K k kk a m s S SS SSS SSSSSS E EEE EEEE 'x'", simple,
        seconds_of(2025, 1, 2, 5, 4, 5), 0,
        "2025 25 2025 1 01 Jan January 2 02 2 002 5 05 5 05 5 5 05 AM 4 5 0 00 000 000000 Thu Thu Thursday x");
    check_written("h a K k", formatter, afternoon, 0, "1 PM 1 13");
    check_written("h a K k hh", formatter, seconds_of(2025, 1, 2, 0, 4, 5), 0, "12 AM 0 24 12");
    check_written("yyyy-MM-dd'T'HH:mm:ss[.SSS] yyy yyyyy dd-MMM", formatter, morning, 0,
                  "2025-01-02T03:04:05.000 2025 02025 02-Jan");
    check_written("'it''s' ''yyyy''", formatter, morning, 0, "it's '2025'");
    check_written("", formatter, morning, 0, "");
}

static void far_years_differ_between_the_dialects(void **state) {
    (void)state;
    int64_t far = seconds_of(10000, 1, 1, 0, 59, 59);
    check_written("yyyy-MM-dd HH:mm:ss", formatter, far, 0, "+10000-01-01 00:59:59");
    check_written("yyyy-MM-dd HH:mm:ss", simple, far, 0, "10000-01-01 00:59:59");
    /* seen by FROM_UNIXTIME in UTC+1: Julian dates, and years of an era */
    check_written("yyyy-MM-dd HH:mm:ss", simple, -62135769601 + 3600, 0, "0001-01-01 00:59:59");
    check_written("yyyy-MM-dd HH:mm:ss", simple, -70000000000 + 3600, 0, "0250-10-19 20:33:20");
    check_written("yyyy-MM-dd", simple, seconds_of(1582, 10, 15, 0, 0, 0), 0, "1582-10-15");
    check_written("yyyy-MM-dd", simple, seconds_of(1582, 10, 14, 0, 0, 0), 0, "1582-10-04");
    check_written("yyyy-MM-dd", formatter, seconds_of(1582, 10, 14, 0, 0, 0), 0, "1582-10-14");
}

/* ---- reading ---- */

static bool read_text(const char *pattern, int dialect, const char *text, int64_t *seconds, int32_t *nanos) {
    return weir_time_pattern_read(compile(pattern, dialect, true), string(text), seconds, nanos);
}

static void check_read(const char *pattern, int dialect, const char *text, int64_t expected, int32_t nanos) {
    int64_t seconds = 0;
    int32_t rest = 0;
    if (!read_text(pattern, dialect, text, &seconds, &rest)) fail_msg("'%s' does not fit '%s'", text, pattern);
    if (seconds != expected || rest != nanos)
        fail_msg("'%s' by '%s' is %" PRId64 " s and %d ns, not %" PRId64 " and %d", text, pattern, seconds,
                 (int)rest, expected, (int)nanos);
}

static void check_unfit(const char *pattern, int dialect, const char *text) {
    int64_t seconds;
    int32_t nanos;
    if (read_text(pattern, dialect, text, &seconds, &nanos)) fail_msg("'%s' fits '%s'", text, pattern);
}

static void a_formatter_checks_what_it_reads(void **state) {
    (void)state;
    int64_t day = seconds_of(2025, 2, 3, 0, 0, 0);
    check_read("yyyyMMddHHmmssSSS", formatter, "20250102030405678", seconds_of(2025, 1, 2, 3, 4, 5), 678000000);
    check_read("yyyy-MM-dd['T'HH:mm]", formatter, "2025-02-03T04:05", day + 4 * 3600 + 300, 0);
    check_read("yyyy-MM-dd['T'HH:mm]", formatter, "2025-02-03", day, 0);
    check_read("yy-MM-dd", formatter, "99-01-01", seconds_of(2099, 1, 1, 0, 0, 0), 0);
    check_read("yyyy-MM-dd", formatter, "+12025-02-03", seconds_of(12025, 2, 3, 0, 0, 0), 0);
    check_read("EEE, dd MMM yyyy", formatter, "Thu, 02 Jan 2025", seconds_of(2025, 1, 2, 0, 0, 0), 0);
    check_unfit("EEE, dd MMM yyyy", formatter, "Fri, 02 Jan 2025");
    check_unfit("EEE, dd MMM yyyy", formatter, "thu, 02 jan 2025");
    check_unfit("yyyy-MM-dd", formatter, "12025-02-03");
    check_unfit("yyyy-MM-dd", formatter, "2025-13-03");
    check_unfit("MMdd", formatter, "0230");
    check_unfit("hh a", formatter, "13 AM");
    check_unfit("yyyy-MM-dd HH", formatter, "2025-02-03  04");
}

static void days_and_hours_past_the_last_are_settled(void **state) {
    (void)state;
    int64_t next = seconds_of(2025, 1, 3, 0, 0, 0);
    check_read("yyyy/MM/dd", formatter, "2025/02/30", seconds_of(2025, 2, 28, 0, 0, 0), 0);
    check_read("yyyy-MM-dd HH:mm:ss", formatter, "2025-01-02 24:00:00", next, 0);
    check_read("yyyy-MM-dd HH:mm:ss", formatter, "2025-01-02 24:00:01", next + 1, 0); /* what Flink falls back to */
    check_unfit("yyyy/MM/dd HH:mm:ss", formatter, "2025/01/02 24:00:01");
    check_read("HH", formatter, "24", 0, 0); /* there is no day to be the next */
}

static void parts_of_a_time_are_completed_from_1970(void **state) {
    (void)state;
    check_read("HH", formatter, "12", 12 * 3600, 0);
    check_read("hh", formatter, "12", 0, 0); /* of no half day */
    check_read("hh a", formatter, "12 AM", 0, 0);
    check_read("KK a", formatter, "11 PM", 23 * 3600, 0);
    check_read("kk", formatter, "24", 0, 0);
    check_read("MM", formatter, "03", seconds_of(1970, 3, 1, 0, 0, 0), 0);
}

static void what_does_not_fit_may_still_be_a_plain_time(void **state) {
    (void)state;
    check_read("HH", formatter, " 2025-2-30 4:5:6.789123 ", seconds_of(2025, 3, 2, 4, 5, 6), 789123000);
    check_read("HH", formatter, "2025-02-30", seconds_of(2025, 3, 2, 0, 0, 0), 0);
    check_read("HH", formatter, "2025-01-01 25:00:60", seconds_of(2025, 1, 2, 1, 1, 0), 0);
    check_read("HH", formatter, "0000-01-01 10:00:00", seconds_of(1, 1, 1, 10, 0, 0), 0);
    check_unfit("HH", formatter, "1500-02-29 00:00:00"); /* a Julian day that Gregorian years lack */
    static const char *const unfit[] = {"2025-13-01 00:00:00",
                                        "2025-01-32",
                                        "25-01-01",
                                        "2025-01-01 10:00",
                                        "2025-01-01T10:00:00",
                                        "x",
                                        "2025-01-01 1:2:3.",
                                        "2025-01-01 1:2:3.1234567890",
                                        ""};
    for (size_t i = 0; i < sizeof(unfit) / sizeof(unfit[0]); i++) check_unfit("HH", formatter, unfit[i]);
}

static void a_simple_format_counts_on(void **state) {
    (void)state;
    check_read("yyyy-MM-dd", simple, "2025-13-32 and more", seconds_of(2026, 2, 1, 0, 0, 0), 0);
    check_read("yyyy-MM-dd", simple, "  2025- 01-02", seconds_of(2025, 1, 2, 0, 0, 0), 0);
    check_read("yyyyMMddHHmmss", simple, "2025-02-30 10:00:00", 1733083210 + 3600, 0); /* seen in UTC+1 */
    check_read("d MMM yyyy", simple, "2 January 2025", seconds_of(2025, 1, 2, 0, 0, 0), 0);
    check_read("d MMMM yyyy", simple, "2 jan 2025", seconds_of(2025, 1, 2, 0, 0, 0), 0);
    check_read("h:mm a", simple, "12:30 pm", 12 * 3600 + 1800, 0);
    check_read("yyyy-MM-dd kk", simple, "2025-01-02 24", seconds_of(2025, 1, 2, 0, 0, 0), 0);
    check_read("ss.S", simple, "05.1500", 6, 500000000); /* milliseconds */
    check_read("yyyy-MM-dd", simple, "1500-02-29", -14825898000 + 3600, 0);
    check_unfit("yyyy-MM-dd", simple, "2025 - 01-02");
    check_unfit("yyyy-MM-dd", simple, "2025-01");
    check_unfit("yyyyMMdd", simple, "202501");
    check_unfit("yyyy", simple, "99999999999");
}

/* ---- both ---- */

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void what_is_written_is_read_again(void **state) {
    (void)state;
    static const struct {
        const char *pattern;
        int dialect;
    } cases[] = {{"yyyy-MM-dd HH:mm:ss.SSSSSSSSS", formatter},
                 {"yyyyMMddHHmmssSSS", formatter},
                 {"EEEE, d MMMM uuuu, h:mm:ss a", formatter},
                 {"dd/MMM/yyyy kk:mm:ss", formatter},
                 {"yyyy-MM-dd HH:mm:ss.SSS", simple},
                 {"yyyyMMddHHmmss", simple},
                 {"d MMMM yyyy K:mm:ss a", simple}};
    uint64_t random = 20250611;
    for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
        const struct weir_time_pattern *write = compile(cases[c].pattern, cases[c].dialect, false);
        const struct weir_time_pattern *read = compile(cases[c].pattern, cases[c].dialect, true);
        char text[200], again[200];
        for (int i = 0; i < 2000; i++) {
            int64_t range = seconds_of(9999, 12, 31, 23, 59, 59) - seconds_of(1, 1, 1, 0, 0, 0);
            int64_t seconds = seconds_of(1, 1, 1, 0, 0, 0) + (int64_t)(next_random(&random) % (uint64_t)range), got;
            int32_t nanos = (int32_t)(next_random(&random) % 1000000000), rest;
            size_t length = weir_time_pattern_write(write, seconds, nanos, text);
            assert_true(length < weir_time_pattern_bytes(write));
            assert_true(weir_time_pattern_read(read, (struct weir_string){text, (int64_t)length}, &got, &rest));
            assert_int_equal(got, seconds);
            size_t second_length = weir_time_pattern_write(write, got, rest, again);
            assert_int_equal(second_length, length);
            assert_memory_equal(text, again, length);
        }
    }
}

static void hostile_patterns_and_texts_do_no_harm(void **state) {
    (void)state;
    static const char letters[] = "yuMLdDEaHhKkmsS'[]-:. T0123456789+{}#zZ\xc3\xa4";
    uint64_t random = 7;
    int made = 0, fits = 0;
    for (int i = 0; i < 20000; i++) {
        char pattern[24], text[40], written[1024], reason[64];
        int64_t pattern_length = (int64_t)(next_random(&random) % sizeof(pattern));
        int64_t text_length = (int64_t)(next_random(&random) % sizeof(text));
        for (int64_t j = 0; j < pattern_length; j++)
            pattern[j] = letters[next_random(&random) % (sizeof(letters) - 1)];
        for (int64_t j = 0; j < text_length; j++) text[j] = letters[next_random(&random) % (sizeof(letters) - 1)];
        int dialect = (int)(next_random(&random) % 2);
        bool reading = next_random(&random) % 2 == 0;
        if (i % 100 == 0) weir_arena_reset(&arena);
        const struct weir_time_pattern *compiled =
            weir_time_pattern_create(&arena, (struct weir_string){pattern, pattern_length},
                                     (enum weir_pattern_dialect)dialect, reading, reason, sizeof(reason));
        if (compiled == NULL) {
            assert_true(reason[0] != '\0');
            continue;
        }
        made++;
        int64_t seconds = (int64_t)next_random(&random) >> (next_random(&random) % 40);
        int32_t nanos = 0;
        if (!reading) {
            assert_true(weir_time_pattern_bytes(compiled) <= sizeof(written));
            assert_true(weir_time_pattern_write(compiled, seconds, 999999999, written) <
                        weir_time_pattern_bytes(compiled));
        } else {
            fits += weir_time_pattern_read(compiled, (struct weir_string){text, text_length}, &seconds, &nanos);
            assert_in_range(nanos, 0, 999999999);
        }
    }
    assert_true(made > 500);
    assert_true(fits > 10);
}

static void other_patterns_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *pattern;
        int dialect;
        bool reading;
        const char *says;
    } cases[] = {
        {"yyyy z", formatter, false, "z in a pattern is not supported"},
        {"XXX", formatter, true, "XXX in a pattern is not supported for reading times"},
        {"yyyyyyyyyy", formatter, false, "yyyyyy... in a pattern is not supported"},
        {"hhh", formatter, false, "hhh in a pattern"},
        {"DDD", formatter, true, "DDD in a pattern is not supported for reading"},
        {"yy", simple, true, "yy in a pattern is not supported for reading"},
        {"EEE", simple, true, "EEE in a pattern is not supported for reading"},
        {"u", simple, false, "u in a pattern is not supported"},
        {"HH hh", simple, true, "H or k beside h"},
        {"'open", formatter, false, "without its closing quote"},
        {"[yyyy", formatter, false, "without its ']'"},
        {"yyyy]", formatter, false, "without its '['"},
        {"{yyyy}", formatter, false, "must stand in quotes"},
        {"[[[[[[[[[yyyy]]]]]]]]]", formatter, false, "too many '['"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char reason[200];
        assert_null(weir_time_pattern_create(&arena, string(cases[i].pattern),
                                             (enum weir_pattern_dialect)cases[i].dialect, cases[i].reading, reason,
                                             sizeof(reason)));
        if (strstr(reason, cases[i].says) == NULL) fail_msg("'%s': %s", cases[i].pattern, reason);
    }
}

static void julian_days_go_both_ways(void **state) {
    (void)state;
    for (int64_t days = -800000; days <= 800000; days += 3) {
        struct weir_civil civil = weir_julian_from_days(days);
        assert_int_equal(weir_days_from_julian(civil.year, civil.month, civil.day), days);
        assert_in_range(civil.day, 1, 31);
    }
    struct weir_civil last = weir_julian_from_days(WEIR_DAYS_GREGORIAN - 1);
    assert_int_equal(last.year, 1582);
    assert_int_equal(last.month, 10);
    assert_int_equal(last.day, 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(times_are_written_as_java_writes_them),
        TEST(far_years_differ_between_the_dialects),
        TEST(a_formatter_checks_what_it_reads),
        TEST(days_and_hours_past_the_last_are_settled),
        TEST(parts_of_a_time_are_completed_from_1970),
        TEST(what_does_not_fit_may_still_be_a_plain_time),
        TEST(a_simple_format_counts_on),
        TEST(what_is_written_is_read_again),
        TEST(hostile_patterns_and_texts_do_no_harm),
        TEST(other_patterns_are_refused),
        TEST(julian_days_go_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
