/* SPDX-License-Identifier: Apache-2.0
 *
 * Durations of options, which are those that Flink's TimeUtils takes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/duration.h"

static void durations_are_a_number_and_a_unit(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {
        {"7", 7},
        {"7 d", 604800000},
        {"7 day", 604800000},
        {"7 days", 604800000},
        {"7 h", 25200000},
        {"7 hour", 25200000},
        {"7 hours", 25200000},
        {"7 min", 420000},
        {"7 m", 420000},
        {"7 minute", 420000},
        {"7 minutes", 420000},
        {"7 s", 7000},
        {"7 sec", 7000},
        {"7 secs", 7000},
        {"7 second", 7000},
        {"7 seconds", 7000},
        {"7 ms", 7},
        {"7 milli", 7},
        {"7 millis", 7},
        {"7 millisecond", 7},
        {"7 milliseconds", 7},
        {"7000 µs", 7},
        {"7000 µS", 7},
        {"7000 micro", 7},
        {"7000 micros", 7},
        {"7000 microsecond", 7},
        {"7000 microseconds", 7},
        {"7000000 ns", 7},
        {"7000000 nano", 7},
        {"7000000 nanos", 7},
        {"7000000 nanosecond", 7},
        {"7000000 nanoseconds", 7},
        {"5\nms", 5},
        {"\r\n00012 S\n", 12000},
        {"+PT5S", 5000},
        {"PT+5S", 5000},
        {"PT5.S", 5000},
        {"PT0.123456789S", 123},
        {" PT5S\t", 5000},
        {"1 min", 60000},
        {"10s", 10000},
        {"5000", 5000},
        {"5000 ms", 5000},
        {"0 s", 0},
        {"1 m", 60000},
        {"1h", 3600000},
        {"1 d", 86400000},
        {"2 days", 172800000},
        {"1 minutes", 60000},
        {"3 MIN", 180000},
        {" 4 s ", 4000},
        {"5\tms", 5},
        {"10 sec", 10000},
        {"7 secs", 7000},
        {"10 milli", 10},
        {"10 millis", 10},
        {"2500 micros", 2},
        {"100 µs", 0},
        {"5000000 ns", 5},
        {"9223372036854775807 ms", INT64_MAX},
        {"9223372036854775807 ns", 9223372036854},
        {"PT5S", 5000},
        {"pt1m", 60000},
        {"P1D", 86400000},
        {"P2DT3H4M5.678S", 2 * 86400000 + 3 * 3600000 + 4 * 60000 + 5678},
        {"PT0.0009S", 0},
        {"PT0,5S", 500},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *reason = "";
        int64_t ms = -1;
        if (!weir_duration_parse(cases[i].text, &ms, &reason)) fail_msg("'%s': %s", cases[i].text, reason);
        if (ms != cases[i].ms) fail_msg("'%s' is %lld ms", cases[i].text, (long long)ms);
    }
}

static void what_is_no_duration_is_refused_with_a_reason(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *reason;
    } cases[] = {
        {"", "a number and a unit"},
        {"abc", "a number and a unit"},
        {"s", "a number and a unit"},
        {"-5 s", "must not be negative"},
        {"1.5 s", "the units are"},
        {"5 weeks", "the units are"},
        {"1 month", "the units are"},
        {"100 us", "the units are"},
        {"100 \xce\xbcs", "the units are"}, /* the Greek letter is not the sign of Latin 1 */
        {"5 mins", "the units are"},
        {"5 hrs", "the units are"},
        {"5 msec", "the units are"},
        {"5\xc2\xa0ms", "the units are"},
        {"+5 s", "a number and a unit"},
        {"PT0.1234567891S", "a number and a unit"},
        {"P1W", "a number and a unit"},
        {"P1DT2", "a number and a unit"},
        {"1 minute 5 s", "the units are"},
        {"5 a-unit-with-a-very-long-name", "the units are"},
        {"99999999999999999999 s", "64 bits"},
        {"9223372036854775807 s", "64 bits"},
        {"106751991168 d", "64 bits"},
        {"P", "a number and a unit"},
        {"PT", "a number and a unit"},
        {"P1DT", "a number and a unit"},
        {"P5S", "a number and a unit"},
        {"PT5D", "a number and a unit"},
        {"PT1M1H", "a number and a unit"},
        {"PT1S1S", "a number and a unit"},
        {"PT1.5M", "a number and a unit"},
        {"PT1H30", "a number and a unit"},
        {"PT-5S", "must not be negative"},
        {"PT5S x", "a number and a unit"},
        {"P106751991168D", "64 bits"},
        {"PT99999999999999999999S", "64 bits"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *reason = "";
        int64_t ms = 0;
        if (weir_duration_parse(cases[i].text, &ms, &reason))
            fail_msg("'%s' is %lld ms", cases[i].text, (long long)ms);
        if (strstr(reason, cases[i].reason) == NULL) fail_msg("'%s': %s", cases[i].text, reason);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_a_number_and_a_unit),
        cmocka_unit_test(what_is_no_duration_is_refused_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
