/* SPDX-License-Identifier: Apache-2.0
 *
 * Dates and times as text, the second half of value_text.h.
 */
#include <string.h>

#include "base/checked.h"
#include "engine/calendar.h"
#include "engine/value_text.h"

#define MS_PER_DAY INT64_C(86400000)
#define SECONDS_PER_DAY INT64_C(86400)

/* What is left to read of a text. */
struct cursor {
    const char *next;
    const char *end;
};

/* least..most digits as a number; false when there are fewer than `least`. */
static bool read_digits(struct cursor *cursor, int least, int most, int64_t *out) {
    const char *after = weir_text_take_digits(cursor->next, cursor->end, least, most, out);
    if (after == NULL) return false;
    cursor->next = after;
    return true;
}

static bool read_letter(struct cursor *cursor, char letter) {
    if (cursor->next == cursor->end || *cursor->next != letter) return false;
    cursor->next++;
    return true;
}

static void skip_blanks(struct cursor *cursor) {
    while (cursor->next < cursor->end && (unsigned char)*cursor->next <= ' ') cursor->next++;
}

/* A number with blanks around it. */
static bool read_part(struct cursor *cursor, int most, int64_t *out) {
    skip_blanks(cursor);
    if (!read_digits(cursor, 1, most, out)) return false;
    skip_blanks(cursor);
    return true;
}

enum weir_text_result weir_text_read_date(const char *text, int64_t length, int64_t *days) {
    /* A time behind the date is left out, but not where the text begins with a blank: so does Flink. */
    const char *blank = length > 0 && text[0] != ' ' ? memchr(text, ' ', (size_t)length) : NULL;
    struct cursor cursor = {text, blank != NULL ? blank : text + length};
    int64_t year, month = 1, day = 1;
    if (!read_part(&cursor, 9, &year)) return WEIR_TEXT_MALFORMED;
    if (read_letter(&cursor, '-')) {
        if (!read_part(&cursor, 9, &month)) return WEIR_TEXT_MALFORMED;
        if (read_letter(&cursor, '-') && !read_part(&cursor, 9, &day)) return WEIR_TEXT_MALFORMED;
    }
    if (cursor.next != cursor.end || year > 9999 || month < 1 || month > 12) return WEIR_TEXT_MALFORMED;
    if (day < 1 || day > weir_days_in_month(year, (int32_t)month)) return WEIR_TEXT_MALFORMED;
    *days = weir_days_from_civil(year, (int32_t)month, (int32_t)day);
    return WEIR_TEXT_OK;
}

enum weir_text_result weir_text_read_time(const char *text, int64_t length, int64_t *ms) {
    struct cursor cursor = {text, text + length};
    int64_t hour, minute = 0, second = 0, nanos = 0;
    if (!read_part(&cursor, 2, &hour)) return WEIR_TEXT_MALFORMED;
    if (read_letter(&cursor, ':')) {
        if (!read_part(&cursor, 2, &minute)) return WEIR_TEXT_MALFORMED;
        if (read_letter(&cursor, ':')) {
            if (!read_part(&cursor, 2, &second)) return WEIR_TEXT_MALFORMED;
            if (read_letter(&cursor, '.')) cursor.next = weir_text_take_fraction(cursor.next, cursor.end, &nanos);
        }
    }
    skip_blanks(&cursor);
    if (cursor.next != cursor.end || hour > 23 || minute > 59 || second > 59) return WEIR_TEXT_MALFORMED;
    *ms = ((hour * 60 + minute) * 60 + second) * 1000 + (nanos + 500000) / 1000000;
    return *ms < MS_PER_DAY ? WEIR_TEXT_OK : WEIR_TEXT_RANGE;
}

/* " H:m:s[.fraction]", as seconds of the day and nanoseconds. */
static bool read_clock(struct cursor *cursor, int64_t *seconds, int64_t *nanos) {
    int64_t hour, minute, second;
    *nanos = 0;
    if (!read_letter(cursor, ' ') || !read_digits(cursor, 1, 2, &hour) || !read_letter(cursor, ':') ||
        !read_digits(cursor, 1, 2, &minute) || !read_letter(cursor, ':') || !read_digits(cursor, 1, 2, &second)) {
        return false;
    }
    if (read_letter(cursor, '.')) cursor->next = weir_text_take_fraction(cursor->next, cursor->end, nanos);
    if (minute > 59 || second > 59) return false;
    *seconds = (hour * 60 + minute) * 60 + second;
    return hour <= 23 || (hour == 24 && *seconds == SECONDS_PER_DAY && *nanos == 0);
}

/* Seconds and nanoseconds in ticks, cut to `precision` digits. */
static bool to_ticks(int64_t seconds, int64_t nanos, int64_t ticks, int precision, int64_t *out) {
    int64_t step = 1;
    for (int i = precision; i < 9; i++) step *= 10;
    nanos -= nanos % step;
    return weir_mul_i64(seconds, ticks, out) && weir_add_i64(*out, nanos / (1000000000 / ticks), out);
}

enum weir_text_result weir_text_read_timestamp(const char *text, int64_t length, int64_t ticks, int precision,
                                               int64_t *out) {
    struct cursor cursor = {text, text + length};
    int64_t year, month, day, seconds = 0, nanos = 0;
    if (!read_digits(&cursor, 4, 4, &year) || !read_letter(&cursor, '-') || !read_digits(&cursor, 1, 2, &month) ||
        !read_letter(&cursor, '-') || !read_digits(&cursor, 1, 2, &day)) {
        return WEIR_TEXT_MALFORMED;
    }
    if (cursor.next != cursor.end && !read_clock(&cursor, &seconds, &nanos)) return WEIR_TEXT_MALFORMED;
    if (cursor.next != cursor.end || year < 1 || month < 1 || month > 12 || day < 1 || day > 31) {
        return WEIR_TEXT_MALFORMED;
    }
    int32_t last = weir_days_in_month(year, (int32_t)month);
    int64_t days = weir_days_from_civil(year, (int32_t)month, (int32_t)(day < last ? day : last));
    seconds += days * SECONDS_PER_DAY;
    return to_ticks(seconds, nanos, ticks, precision, out) ? WEIR_TEXT_OK : WEIR_TEXT_RANGE;
}

char *weir_text_put_clock(char *at, int second_of_day) {
    weir_text_put_digits(at, second_of_day / 3600, 2);
    weir_text_put_digits(at + 3, second_of_day / 60 % 60, 2);
    weir_text_put_digits(at + 6, second_of_day % 60, 2);
    at[2] = at[5] = ':';
    return at + 8;
}

int weir_text_write_date(int64_t days, char *buffer) {
    struct weir_civil civil = weir_civil_from_days(days);
    char *at = buffer;
    if (civil.year < 0) {
        *at++ = '-';
        civil.year = -civil.year;
    }
    at = civil.year <= 9999 ? weir_text_put_digits(at, civil.year, 4) : at + weir_text_print_i64(civil.year, at);
    *at++ = '-';
    at = weir_text_put_digits(at, civil.month, 2);
    *at++ = '-';
    at = weir_text_put_digits(at, civil.day, 2);
    *at = '\0';
    return (int)(at - buffer);
}

int weir_text_write_time(int64_t ms, int precision, char *buffer) {
    ms = weir_floormod_i64(ms, MS_PER_DAY);
    int length = (int)(weir_text_put_clock(buffer, (int)(ms / 1000)) - buffer);
    int rest = (int)(ms % 1000);
    if (precision > 0) buffer[length++] = '.';
    for (; precision > 0; precision--) { /* as Flink: at least one digit, no zeros behind the last */
        buffer[length++] = (char)('0' + rest / 100);
        rest = rest % 100 * 10;
        if (rest == 0) break;
    }
    buffer[length] = '\0';
    return length;
}

int weir_text_write_timestamp(int64_t value, int64_t ticks, int precision, char *buffer) {
    int64_t seconds = weir_floordiv_i64(value, ticks);
    int64_t nanos = weir_floormod_i64(value, ticks) * (1000000000 / ticks);
    int64_t days = weir_floordiv_i64(seconds, SECONDS_PER_DAY);
    int of_day = (int)weir_floormod_i64(seconds, SECONDS_PER_DAY);
    char *at = buffer + weir_text_write_date(days, buffer);
    *at++ = ' ';
    at = weir_text_put_clock(at, of_day);
    *at++ = '.';
    at = weir_text_put_digits(at, nanos, 9);
    int digits = 9;
    while (digits > precision && at[-1] == '0') at--, digits--;
    if (digits == 0) at--; /* the point */
    *at = '\0';
    return (int)(at - buffer);
}
