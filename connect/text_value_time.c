/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/text_value.h"
#include "engine/calendar.h"
#include "engine/value_text.h"

#define DAY_SECONDS INT64_C(86400)

static const char *take_char(const char *at, const char *end, char c) {
    return at && at < end && *at == c ? at + 1 : NULL;
}

static const char *take_two(const char *at, const char *end, int64_t *out) {
    return at ? weir_text_take_digits(at, end, 2, 2, out) : NULL;
}

/* -------------------------------------------------------------------------------------------------- parsing */

/* java.sql.Date counts in the Julian calendar before 15 October 1582 and gives year, month and day as they are to a
 * LocalDate, which does not: days that the latter has not are refused, the ten days between the two are shifted,
 * and the year 0 comes back as 1. */
static bool julian_to_iso(int64_t *year, int64_t *month, int64_t *day) {
    if (*year == 1582 && (*month > 10 || (*month == 10 && *day > 4))) {
        if (*month == 10 && *day < 15) *day += 10;
        return true;
    }
    int length = *month == 2 && *year % 4 == 0 ? 29 : weir_days_in_month(1, (int32_t)*month);
    if (*day > length) {
        *day -= length;
        ++*month;
    }
    if (*year == 0) *year = 1;
    return *day <= weir_days_in_month(*year, (int32_t)*month);
}

bool weir_text_parse_date(const char *text, size_t length, int32_t *days) {
    const char *end = text + length;
    int64_t year, month = 0, day = 0;
    const char *at = take_char(weir_text_take_digits(text, end, 4, 4, &year), end, '-');
    at = at ? take_char(weir_text_take_digits(at, end, 1, 2, &month), end, '-') : NULL;
    at = at ? weir_text_take_digits(at, end, 1, 2, &day) : NULL;
    if (at != end || !at || month < 1 || month > 12 || day < 1 || day > 31) return false;
    if (year < 1583 && !julian_to_iso(&year, &month, &day)) return false;
    *days = (int32_t)weir_days_from_civil(year, (int32_t)month, (int32_t)day);
    return true;
}

/* ':SS' and a fraction of up to 9 digits, which may be empty after its point. */
static const char *take_seconds(const char *at, const char *end, int64_t *seconds, int64_t *nanos) {
    *nanos = 0;
    at = take_two(take_char(at, end, ':'), end, seconds);
    if (!at || at == end || *at != '.') return at;
    return weir_text_take_fraction(at + 1, end, nanos);
}

bool weir_text_parse_time(const char *text, size_t length, int32_t *ms) {
    const char *end = text + length;
    int64_t hour = 0, minute = 0, second = 0, nanos = 0;
    const char *at = take_two(text, end, &hour);
    at = take_two(take_char(at, end, ':'), end, &minute);
    if (at && at < end) at = take_seconds(at, end, &second, &nanos);
    if (!at || at != end || hour > 23 || minute > 59 || second > 59) return false;
    *ms = (int32_t)((hour * 3600 + minute * 60 + second) * 1000 + nanos / 1000000);
    return true;
}

/* A year of 4 digits; signed it may have up to 10, with '+' it must have more than 4. */
static const char *take_year(const char *at, const char *end, int64_t *year) {
    bool negative = *at == '-', positive = *at == '+';
    at += negative || positive;
    const char *after = weir_text_take_digits(at, end, positive ? 5 : 4, negative || positive ? 10 : 4, year);
    if (negative && *year == 0) return NULL;
    if (negative) *year = -*year;
    return *year >= -999999999 && *year <= 999999999 ? after : NULL;
}

static const char *take_day(const char *at, const char *end, int64_t *days) {
    int64_t year = 0, month = 0, day = 0;
    at = take_char(take_year(at, end, &year), end, '-');
    at = take_char(take_two(at, end, &month), end, '-');
    at = take_two(at, end, &day);
    if (!at || month < 1 || month > 12 || day < 1 || day > 31) return NULL;
    int32_t last = weir_days_in_month(year, (int32_t)month);
    *days = weir_days_from_civil(year, (int32_t)month, day < last ? (int32_t)day : last);
    return at;
}

/* 'Z', or by ISO 8601 an offset of less than a day. *seconds: east of Greenwich. */
static const char *take_offset(const char *at, const char *end, unsigned form, int64_t *seconds) {
    *seconds = 0;
    if (!at || at == end || !(form & WEIR_TEXT_TIME_ISO) || (*at != '+' && *at != '-'))
        return take_char(at, end, 'Z');
    int64_t hours = 0, minutes = 0;
    bool west = *at == '-';
    at = take_two(at + 1, end, &hours);
    if (at && at < end) at = take_two(*at == ':' ? at + 1 : at, end, &minutes);
    if (!at || hours > 18 || minutes > 59) return NULL;
    *seconds = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
    return at;
}

static bool ends_at_minutes(const char *at, const char *end, unsigned form) {
    return (form & WEIR_TEXT_TIME_ISO) && at && (at == end || *at != ':');
}

bool weir_text_parse_timestamp(const char *text, size_t length, unsigned form, int64_t ticks_per_second,
                               int64_t *out) {
    weir_text_trim(&text, &length);
    const char *end = text + length;
    if (length == 0) return false;
    int64_t days = 0, hour = 0, minute = 0, second = 0, nanos = 0, east = 0;
    const char *at = take_day(text, end, &days);
    bool mark = (form & WEIR_TEXT_TIME_ISO) && at && at < end && *at == 'T';
    at = mark ? at + 1 : take_char(at, end, ' ');
    at = take_two(at, end, &hour);
    at = take_two(take_char(at, end, ':'), end, &minute);
    if (!ends_at_minutes(at, end, form)) at = take_seconds(at, end, &second, &nanos);
    if (form & WEIR_TEXT_TIME_ZULU) at = take_offset(at, end, form, &east);
    if (!at || at != end || hour > 24 || minute > 59 || second > 59) return false;
    if (hour == 24 && (minute || second || nanos)) return false;
    int64_t seconds = days * DAY_SECONDS + hour * 3600 + minute * 60 + second - east;
    /* Near the ends of the range the product may pass it and the fraction bring it back: no matter, both are
     * refused. */
    return weir_mul_i64(seconds, ticks_per_second, out) &&
           weir_add_i64(*out, nanos / (1000000000 / ticks_per_second), out);
}

/* -------------------------------------------------------------------------------------------------- printing */

size_t weir_text_print_date(int64_t days, char *buffer) { return (size_t)weir_text_write_date(days, buffer); }

static int fraction_digits(int64_t ticks_per_second) {
    return ticks_per_second == 1 ? 0 : ticks_per_second == 1000 ? 3 : ticks_per_second == 1000000 ? 6 : 9;
}

size_t weir_text_print_time(int64_t ticks, int64_t ticks_per_second, char *buffer) {
    int64_t seconds = ticks / ticks_per_second, fraction = ticks % ticks_per_second;
    char *at = weir_text_put_clock(buffer, (int)seconds);
    if (fraction) {
        *at++ = '.';
        at = weir_text_put_digits(at, fraction, fraction_digits(ticks_per_second));
    }
    return (size_t)(at - buffer);
}

size_t weir_text_print_timestamp(int64_t ticks, int64_t ticks_per_second, bool zulu, char *buffer) {
    int64_t day_ticks = DAY_SECONDS * ticks_per_second;
    char *at = buffer + weir_text_print_date(weir_floordiv_i64(ticks, day_ticks), buffer);
    *at++ = ' ';
    at += weir_text_print_time(weir_floormod_i64(ticks, day_ticks), ticks_per_second, at);
    if (zulu) *at++ = 'Z';
    return (size_t)(at - buffer);
}

size_t weir_text_print_interval_ms(int64_t ms, char *buffer) {
    uint64_t rest = ms < 0 ? -(uint64_t)ms : (uint64_t)ms;
    char *at = buffer;
    *at++ = ms < 0 ? '-' : '+';
    at += weir_text_print_u64(rest / (uint64_t)(DAY_SECONDS * 1000), at);
    *at++ = ' ';
    int64_t of_day = (int64_t)(rest % (uint64_t)(DAY_SECONDS * 1000));
    at += weir_text_print_time(of_day / 1000, 1, at);
    *at++ = '.';
    return (size_t)(weir_text_put_digits(at, of_day % 1000, 3) - buffer);
}

size_t weir_text_print_interval_months(int64_t months, char *buffer) {
    uint64_t rest = months < 0 ? -(uint64_t)months : (uint64_t)months;
    char *at = buffer;
    *at++ = months < 0 ? '-' : '+';
    at += weir_text_print_u64(rest / 12, at);
    *at++ = '-';
    return (size_t)(weir_text_put_digits(at, (int64_t)(rest % 12), 2) - buffer);
}
