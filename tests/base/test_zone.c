/* SPDX-License-Identifier: Apache-2.0
 *
 * SEMANTICS 1 and 8, time zones: windows lie on the local wall clock. The rows of data/zone_rows.txt are Java's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/zone.h"

#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)
#define CYCLE (146097 * DAY)

static struct weir_zone *open_zone(const char *name) {
    struct weir_zone *zone = NULL;
    struct weir_error error = {0};
    if (weir_zone_open(name, &zone, &error) != WEIR_OK) fail_msg("%s", error.message);
    assert_non_null(zone);
    assert_string_equal(weir_zone_name(zone), name);
    return zone;
}

static void assert_ms(const char *what, const char *zone, int64_t of, int64_t got, int64_t expected) {
    if (got == expected) return;
    fail_msg("%s of %" PRId64 " in %s is %" PRId64 ", not %" PRId64, what, of, zone, got, expected);
}

/* Calls visit for each line of the rows: kind 'E' or 'L' with its numbers. */
static void each_row(void (*visit)(const struct weir_zone *zone, const char *name, char kind,
                                   const int64_t *numbers)) {
    FILE *file = fopen(WEIR_SOURCE_DIR "/tests/base/data/zone_rows.txt", "r");
    assert_non_null(file);
    char line[200], name[64] = "";
    struct weir_zone *zone = NULL;
    int rows = 0;
    while (fgets(line, sizeof(line), file) != NULL) {
        int64_t numbers[4] = {0};
        if (line[0] == 'Z') {
            weir_zone_close(&zone);
            line[strcspn(line, "\n")] = '\0';
            snprintf(name, sizeof(name), "%.63s", line + 2);
            zone = open_zone(name);
            continue;
        }
        assert_true(sscanf(line + 1, "%" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64, &numbers[0], &numbers[1],
                           &numbers[2], &numbers[3]) >= 2);
        visit(zone, name, line[0], numbers);
        rows++;
    }
    weir_zone_close(&zone);
    fclose(file);
    assert_true(rows > 3000);
}

static void compare_with_java(const struct weir_zone *zone, const char *name, char kind, const int64_t *numbers) {
    if (kind == 'E') {
        assert_ms("the local time", name, numbers[0], weir_zone_local_ms(zone, numbers[0]), numbers[1]);
        return;
    }
    if (kind != 'L') return;
    assert_ms("the instant", name, numbers[0], weir_zone_epoch_ms(zone, numbers[0]), numbers[1]);
    assert_ms("the timer", name, numbers[0], weir_zone_timer_ms(zone, numbers[0]), numbers[2]);
}

static void compare_with_old_java(const struct weir_zone *zone, const char *name, char kind,
                                  const int64_t *numbers) {
    if (kind != 'O') return;
    struct weir_zone *old = open_zone(weir_zone_name(zone));
    weir_zone_forget_before_1900(old);
    assert_ms("the old calendar's instant", name, numbers[2], weir_zone_epoch_last_ms(old, numbers[2]), numbers[0]);
    assert_ms("the old local time", name, numbers[1], weir_zone_local_ms(old, numbers[1]), numbers[3]);
    weir_zone_close(&old);
}

static void is_what_java_says(void **state) {
    (void)state;
    each_row(compare_with_java);
}

static void is_what_the_old_classes_of_java_say(void **state) {
    (void)state;
    each_row(compare_with_old_java);
}

/* The greatest L with timer(L) <= W: no later L of the next two days has one. */
static void check_watermark(const struct weir_zone *zone, const char *name, int64_t w) {
    int64_t local = weir_zone_local_watermark(zone, w);
    int64_t timer = weir_zone_timer_ms(zone, local);
    if (timer > w)
        fail_msg("%s: W %" PRId64 " is local %" PRId64 ", whose timer %" PRId64 " is later", name, w, local, timer);
    for (int64_t step = 1; step <= 2 * DAY; step = step < HOUR / 4 ? step * 2 : step + HOUR / 4) {
        int64_t later = local + step;
        if (weir_zone_timer_ms(zone, later) <= w)
            fail_msg("%s: W %" PRId64 " is local %" PRId64 ", but %" PRId64 " has fired, too", name, w, local,
                     later);
    }
}

static void check_watermark_of_row(const struct weir_zone *zone, const char *name, char kind,
                                   const int64_t *numbers) {
    if (kind == 'E') check_watermark(zone, name, numbers[0]);
    if (kind == 'L') check_watermark(zone, name, numbers[2]);
    if (kind == 'L') check_watermark(zone, name, numbers[2] - 1);
}

static void the_local_watermark_is_the_greatest_that_has_fired(void **state) {
    (void)state;
    each_row(check_watermark_of_row);
}

static void the_local_watermark_never_falls(void **state) {
    (void)state;
    static const char *const names[] = {"America/New_York", "Europe/Berlin",    "Australia/Lord_Howe",
                                        "Pacific/Apia",     "Antarctica/Troll", "Australia/Adelaide"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct weir_zone *zone = open_zone(names[i]);
        int64_t before = INT64_MIN;
        /* 2011, with the day that Apia skipped, and ten years before 1970 */
        for (int64_t w = INT64_C(1293840000000); w < INT64_C(1293840000000) + 400 * DAY; w += HOUR / 4) {
            int64_t local = weir_zone_local_watermark(zone, w - 1);
            assert_true(local >= before);
            before = local;
        }
        before = INT64_MIN;
        for (int64_t w = -3653 * DAY; w < DAY; w += HOUR / 2 + 1) {
            int64_t local = weir_zone_local_watermark(zone, w);
            assert_true(local >= before);
            before = local;
        }
        weir_zone_close(&zone);
    }
}

/* SEMANTICS 8: the two passes of the repeated autumn hour are one window, which fires at the later. */
static void the_repeated_hour_fires_after_its_second_pass(void **state) {
    (void)state;
    struct weir_zone *berlin = open_zone("Europe/Berlin");
    int64_t change = INT64_C(1761440400000);            /* 2025-10-26 01:00 UTC: 03:00 becomes 02:00 */
    int64_t two = change + HOUR, last = two + HOUR - 1; /* local 02:00 and 02:59:59.999 */
    assert_ms("the instant", "Berlin", two, weir_zone_epoch_ms(berlin, two), change - HOUR);
    assert_ms("the timer", "Berlin", last, weir_zone_timer_ms(berlin, last), change + HOUR - 1);
    assert_ms("W", "Berlin", change - 1, weir_zone_local_watermark(berlin, change - 1), two - 1);
    assert_ms("W", "Berlin", change + HOUR - 1, weir_zone_local_watermark(berlin, change + HOUR - 1), last);
    weir_zone_close(&berlin);
}

static void a_skipped_hour_fires_with_the_change(void **state) {
    (void)state;
    struct weir_zone *new_york = open_zone("America/New_York");
    int64_t change = INT64_C(1741503600000); /* 2025-03-09 07:00 UTC: 02:00 becomes 03:00 */
    int64_t two = change - 5 * HOUR;         /* local 02:00 */
    assert_ms("W", "New_York", change - 1, weir_zone_local_watermark(new_york, change - 1), two - 1);
    assert_ms("W", "New_York", change, weir_zone_local_watermark(new_york, change), two + HOUR);
    assert_ms("the instant", "New_York", two + 1, weir_zone_epoch_ms(new_york, two + 1), change + 1);
    weir_zone_close(&new_york);
}

static void apia_skips_a_day(void **state) {
    (void)state;
    struct weir_zone *apia = open_zone("Pacific/Apia");
    int64_t change = INT64_C(1325239200000); /* 2011-12-30 10:00 UTC */
    assert_ms("the local time", "Apia", change, weir_zone_local_ms(apia, change), change + 14 * HOUR);
    assert_ms("the local time", "Apia", change - 1, weir_zone_local_ms(apia, change - 1), change - 1 - 10 * HOUR);
    weir_zone_close(&apia);
}

/* The years past the end of the database's table follow its rule, with the calendar's cycle. */
static void summer_time_has_no_end(void **state) {
    (void)state;
    struct weir_zone *berlin = open_zone("Europe/Berlin");
    int64_t summer = INT64_C(1751328000000), winter = INT64_C(1735689600000); /* 2025-07-01, 2025-01-01 */
    for (int64_t n = 0; n < 700000; n = n * 3 + 1) {
        assert_ms("the local time", "Berlin", summer + n * CYCLE, weir_zone_local_ms(berlin, summer + n * CYCLE),
                  summer + n * CYCLE + 2 * HOUR);
        assert_ms("the local time", "Berlin", winter + n * CYCLE, weir_zone_local_ms(berlin, winter + n * CYCLE),
                  winter + n * CYCLE + HOUR);
        int64_t change = INT64_C(1743296400000) + n * CYCLE; /* 2025-03-30 01:00 UTC */
        check_watermark(berlin, "Berlin", change - 1);
        check_watermark(berlin, "Berlin", change);
    }
    weir_zone_close(&berlin);
}

static void the_ends_of_the_range_are_held(void **state) {
    (void)state;
    static const char *const names[] = {"UTC", "GMT+14:00", "-18", "Europe/Berlin", "America/New_York"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct weir_zone *zone = open_zone(names[i]);
        assert_ms("W", names[i], INT64_MAX, weir_zone_local_watermark(zone, INT64_MAX), INT64_MAX);
        assert_ms("W", names[i], INT64_MIN, weir_zone_local_watermark(zone, INT64_MIN), INT64_MIN);
        assert_ms("timer", names[i], INT64_MAX, weir_zone_timer_ms(zone, INT64_MAX), INT64_MAX);
        assert_true(weir_zone_local_watermark(zone, INT64_MAX - 1) < INT64_MAX);
        for (int64_t near = 0; near < 3 * DAY; near += HOUR) {
            (void)weir_zone_local_ms(zone, INT64_MIN + near), (void)weir_zone_local_ms(zone, INT64_MAX - near);
            (void)weir_zone_epoch_ms(zone, INT64_MIN + near), (void)weir_zone_epoch_ms(zone, INT64_MAX - near);
            (void)weir_zone_timer_ms(zone, INT64_MIN + near), (void)weir_zone_timer_ms(zone, INT64_MAX - near);
            assert_true(weir_zone_local_watermark(zone, INT64_MIN + near) <=
                        weir_zone_local_watermark(zone, INT64_MIN + near + HOUR));
            assert_true(weir_zone_local_watermark(zone, INT64_MAX - near - HOUR) <=
                        weir_zone_local_watermark(zone, INT64_MAX - near));
        }
        weir_zone_close(&zone);
    }
}

static void arrays_are_what_single_times_are(void **state) {
    (void)state;
    struct weir_zone *zone = open_zone("Australia/Lord_Howe");
    int64_t in[2000], out[2000];
    uint64_t random = 88172645463325252u;
    for (int64_t per = 1; per <= 1000000; per *= 1000) {
        for (int local = 0; local < 2; local++) {
            for (size_t i = 0; i < 2000; i++) {
                random ^= random << 13, random ^= random >> 7, random ^= random << 17;
                in[i] = (INT64_C(1700000000000) + (int64_t)i * 40 * HOUR) * per +
                        (int64_t)(random % (uint64_t)(90 * HOUR * per));
            }
            (local ? weir_zone_epoch_ticks : weir_zone_local_ticks)(zone, in, 2000, per, out);
            for (size_t i = 0; i < 2000; i++) {
                int64_t ms = in[i] / per, rest = in[i] % per;
                int64_t expected = local ? weir_zone_epoch_ms(zone, ms) : weir_zone_local_ms(zone, ms);
                assert_int_equal(out[i], expected * per + rest);
            }
        }
    }
    int64_t ends[] = {INT64_MIN, -1, INT64_MAX, 0};
    weir_zone_local_ticks(zone, ends, 4, 1000000, ends);
    assert_int_equal(ends[2], INT64_MAX);
    weir_zone_close(&zone);
}

/* Times around the changes of 2023 to 2026, most of them within hours of one. */
static int64_t near_a_change(uint64_t *random) {
    static const int64_t changes[] = {INT64_C(1698541200000), INT64_C(1711846800000), INT64_C(1712415600000),
                                      INT64_C(1728142200000), INT64_C(1730613600000), INT64_C(1743908400000)};
    *random ^= *random << 13, *random ^= *random >> 7, *random ^= *random << 17;
    return changes[*random % 6] - 3 * HOUR + (int64_t)(*random / 8 % (uint64_t)(6 * HOUR));
}

static void watermarks_in_ticks_are_the_greatest_whose_timers_have_come(void **state) {
    (void)state;
    static const char *const names[] = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
                                        "Asia/Kathmandu", "UTC"};
    uint64_t random = 88172645463325252u;
    for (size_t z = 0; z < 5; z++) {
        struct weir_zone *zone = open_zone(names[z]);
        for (int i = 0; i < 4000; i++) {
            int64_t per = i % 2 == 0 ? 1000 : 1000000, ms = near_a_change(&random);
            int64_t epoch = ms * per + (int64_t)(random % 7) * per / 7;
            int64_t local = weir_zone_local_watermark_ticks(zone, epoch, per);
            assert_true(weir_zone_timer_ticks(zone, local, per) <= epoch);
            for (int64_t step = 1; step <= 3 * HOUR * per; step *= 31)
                assert_true(weir_zone_timer_ticks(zone, local + step, per) > epoch);
            /* The last tick of a ms is that ms. */
            local = weir_zone_local_watermark_ticks(zone, ms * per + per - 1, per);
            assert_int_equal(local, weir_zone_local_watermark(zone, ms) * per + per - 1);
            assert_int_equal(weir_zone_timer_ticks(zone, ms * per, per), weir_zone_timer_ms(zone, ms) * per);
        }
        weir_zone_close(&zone);
    }
}

static void all_ticks_of_a_ms_share_what_the_clock_does(void **state) {
    (void)state;
    const int64_t spring = INT64_C(1711846800000), autumn = INT64_C(1729990800000); /* of Berlin, 2024 */
    struct weir_zone *zone = open_zone("Europe/Berlin");
    for (int64_t per = 1000; per <= 1000000; per *= 1000) {
        assert_int_equal(weir_zone_timer_ticks(zone, (spring + HOUR) * per + 7, per), spring * per);
        assert_int_equal(weir_zone_timer_ticks(zone, (spring + 2 * HOUR) * per + 7, per), spring * per + 7);
        assert_int_equal(weir_zone_timer_ticks(zone, (autumn + HOUR) * per + 7, per), autumn * per + 7);
        assert_int_equal(weir_zone_local_watermark_ticks(zone, spring * per - 1, per), (spring + HOUR) * per - 1);
        assert_int_equal(weir_zone_local_watermark_ticks(zone, spring * per, per), (spring + 2 * HOUR) * per);
        assert_int_equal(weir_zone_local_watermark_ticks(zone, autumn * per - 1, per), (autumn + HOUR) * per - 1);
    }
    weir_zone_close(&zone);
}

static void watermarks_in_ticks_are_held_at_the_ends(void **state) {
    (void)state;
    static const char *const names[] = {"UTC", "GMT+14:00", "-18", "Europe/Berlin"};
    for (size_t i = 0; i < 4; i++) {
        struct weir_zone *zone = open_zone(names[i]);
        int64_t before = INT64_MIN;
        assert_int_equal(weir_zone_local_watermark_ticks(zone, INT64_MIN, 1000000), INT64_MIN);
        assert_int_equal(weir_zone_local_watermark_ticks(zone, INT64_MAX, 1000000), INT64_MAX);
        assert_int_equal(weir_zone_timer_ticks(zone, INT64_MAX, 1000000), INT64_MAX);
        for (int64_t near = 40 * HOUR; near > 0; near -= HOUR / 2) {
            int64_t local = weir_zone_local_watermark_ticks(zone, INT64_MAX - near * 1000000, 1000000);
            assert_true(local < INT64_MAX && local >= before);
            before = local;
            (void)weir_zone_timer_ticks(zone, INT64_MAX - near * 1000000, 1000000);
            (void)weir_zone_timer_ticks(zone, INT64_MIN + near * 1000000, 1000000);
            assert_true(weir_zone_local_watermark_ticks(zone, INT64_MIN + near * 1000000, 1000000) < 0);
        }
        weir_zone_close(&zone);
    }
}

static void a_copy_is_the_zone(void **state) {
    (void)state;
    struct weir_zone *zone = open_zone("Europe/Berlin");
    struct weir_zone *copy = malloc(weir_zone_bytes(zone));
    assert_non_null(copy);
    memcpy(copy, zone, weir_zone_bytes(zone));
    weir_zone_close(&zone);
    assert_null(zone);
    assert_int_equal(weir_zone_local_ms(copy, 0), HOUR);
    free(copy);
}

static void names_are_those_of_java(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int64_t offset_s;
    } fixed[] = {
        {"Z", 0},
        {"UTC", 0},
        {"GMT", 0},
        {"UT", 0},
        {"GMT0", 0},
        {"Etc/UTC", 0},
        {"GMT+8", 28800},
        {"GMT-08:30", -30600},
        {"UT+1", 3600},
        {"UTC+01:00", 3600},
        {"+08:00", 28800},
        {"-0530", -19800},
        {"+053015", 19815},
        {"+5", 18000},
        {"-05:30:15", -19815},
        {"Etc/GMT+8", -28800},
        {"+18:00", 64800},
        {"-18", -64800},
    };
    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
        struct weir_zone *zone = open_zone(fixed[i].name);
        assert_ms("the local time", fixed[i].name, 0, weir_zone_local_ms(zone, 0), fixed[i].offset_s * 1000);
        assert_int_equal(weir_zone_is_utc(zone), fixed[i].offset_s == 0);
        weir_zone_close(&zone);
    }
    struct weir_zone *london = open_zone("Europe/London");
    assert_false(weir_zone_is_utc(london));
    weir_zone_close(&london);
}

static void other_names_are_refused_with_the_nearest(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *says;
    } wrong[] = {
        {"Europe/Berln", "'Europe/Berlin'"},
        {"europe/berlin", "'Europe/Berlin'"},
        {"America/NewYork", "'America/New_York'"},
        {"", "no time zone"},
        {"EST", "no time zone"},
        {"PST", "no time zone"},
        {"+18:01", "no time zone"},
        {"+24", "no time zone"},
        {"+1:00", "no time zone"},
        {"+01:60", "no time zone"},
        {"+010", "no time zone"},
        {"GMT+", "no time zone"},
        {"../etc/passwd", "no time zone"},
        {"/usr/share/zoneinfo/UTC", "no time zone"},
        {"right/UTC", "no time zone"},
        {"posix/UTC", "no time zone"},
        {"localtime", "no time zone"},
        {"Europe/", "no time zone"},
        {"Europe/../UTC", "no time zone"},
        {":UTC", "no time zone"},
        {"tzdata.zi", "no time zone"},
        {"Europe", "no time zone"},
        {"file:UTC", "no time zone"},
        {"0123456789012345678901234567890123456789012345678901234567890123456789", "no time zone"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct weir_zone *zone = NULL;
        struct weir_error error = {0};
        if (weir_zone_open(wrong[i].name, &zone, &error) == WEIR_OK) fail_msg("'%s' was taken", wrong[i].name);
        assert_null(zone);
        assert_int_equal(error.code, WEIR_ERR_INVALID);
        if (strstr(error.message, wrong[i].says) == NULL) fail_msg("'%s': %s", wrong[i].name, error.message);
    }
}

/* Where every jump is of an hour of summer time, Flink's timers rise with the ends of windows. */
static void regular_clocks_jump_by_an_hour_of_summer_time(void **state) {
    (void)state;
    static const char *const regular[] = {"UTC",   "+05:30",          "Asia/Tokyo",       "Asia/Kolkata",
                                          "GMT+8", "Europe/Berlin",   "America/New_York", "Europe/London",
                                          "Z",     "America/Santiago"};
    static const char *const other[] = {"Australia/Lord_Howe", "Antarctica/Troll", "Pacific/Apia",
                                        "America/Sao_Paulo",   "Europe/Moscow",    "Asia/Shanghai",
                                        "Africa/Casablanca"};
    for (size_t i = 0; i < sizeof(regular) / sizeof(regular[0]); i++) {
        struct weir_zone *zone = open_zone(regular[i]);
        if (!weir_zone_is_regular(zone)) fail_msg("%s is regular", regular[i]);
        weir_zone_close(&zone);
    }
    for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
        struct weir_zone *zone = open_zone(other[i]);
        if (weir_zone_is_regular(zone)) fail_msg("%s is not regular", other[i]);
        weir_zone_close(&zone);
    }
}

static void summer_time_is_that_which_goes_on(void **state) {
    (void)state;
    static const char *const names[] = {"Europe/Berlin", "Australia/Lord_Howe", "Asia/Tokyo",
                                        "GMT+08:00",     "America/Sao_Paulo",   "UTC"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct weir_zone *zone = open_zone(names[i]);
        if (weir_zone_has_summer_time(zone) != (i < 2)) fail_msg("%s", names[i]);
        weir_zone_close(&zone);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_what_java_says),
        cmocka_unit_test(is_what_the_old_classes_of_java_say),
        cmocka_unit_test(the_local_watermark_is_the_greatest_that_has_fired),
        cmocka_unit_test(the_local_watermark_never_falls),
        cmocka_unit_test(the_repeated_hour_fires_after_its_second_pass),
        cmocka_unit_test(a_skipped_hour_fires_with_the_change),
        cmocka_unit_test(apia_skips_a_day),
        cmocka_unit_test(summer_time_has_no_end),
        cmocka_unit_test(the_ends_of_the_range_are_held),
        cmocka_unit_test(arrays_are_what_single_times_are),
        cmocka_unit_test(watermarks_in_ticks_are_the_greatest_whose_timers_have_come),
        cmocka_unit_test(all_ticks_of_a_ms_share_what_the_clock_does),
        cmocka_unit_test(watermarks_in_ticks_are_held_at_the_ends),
        cmocka_unit_test(a_copy_is_the_zone),
        cmocka_unit_test(regular_clocks_jump_by_an_hour_of_summer_time),
        cmocka_unit_test(summer_time_is_that_which_goes_on),
        cmocka_unit_test(names_are_those_of_java),
        cmocka_unit_test(other_names_are_refused_with_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
