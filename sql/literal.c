/* SPDX-License-Identifier: Apache-2.0 */
#include "sql/literal.h"

#include <stddef.h>

#include "base/checked.h"
#include "engine/calendar.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* One to `digits_max` digits; moves the cursor past them. */
static bool number(const char **cursor, int digits_max, int64_t *out) {
    int64_t value = 0;
    int digits = 0;
    for (; is_digit(**cursor); (*cursor)++) {
        if (++digits > digits_max || !weir_mul_i64(value, 10, &value) ||
            !weir_add_i64(value, **cursor - '0', &value))
            return false;
    }
    *out = value;
    return digits > 0;
}

static bool symbol(const char **cursor, char c) {
    if (**cursor != c) return false;
    (*cursor)++;
    return true;
}

static bool date_fields(const char **cursor, int64_t *days) {
    int64_t year, month, day;
    if (!number(cursor, 4, &year) || !symbol(cursor, '-') || !number(cursor, 2, &month) || !symbol(cursor, '-') ||
        !number(cursor, 2, &day))
        return false;
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > weir_days_in_month(year, (int32_t)month))
        return false;
    *days = weir_days_from_civil(year, (int32_t)month, (int32_t)day);
    return true;
}

static bool time_fields(const char **cursor, int64_t *seconds, int32_t *nanoseconds, int *fraction_digits) {
    int64_t hour, minute, second;
    if (!number(cursor, 2, &hour) || !symbol(cursor, ':') || !number(cursor, 2, &minute) || !symbol(cursor, ':') ||
        !number(cursor, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 59) return false;
    *seconds = (hour * 60 + minute) * 60 + second;
    *nanoseconds = 0;
    *fraction_digits = 0;
    if (!symbol(cursor, '.')) return true;
    int32_t unit = 100000000;
    for (; is_digit(**cursor); (*cursor)++, (*fraction_digits)++, unit /= 10) {
        if (*fraction_digits == 9) return false;
        *nanoseconds += (**cursor - '0') * unit;
    }
    return *fraction_digits > 0;
}

bool weir_literal_date(const char *text, int64_t *days) { return date_fields(&text, days) && *text == '\0'; }

bool weir_literal_time(const char *text, int64_t *ms, int *fraction_digits) {
    int64_t seconds;
    int32_t nanoseconds;
    if (!time_fields(&text, &seconds, &nanoseconds, fraction_digits) || *text != '\0') return false;
    *ms = seconds * 1000 + nanoseconds / 1000000;
    return nanoseconds % 1000000 == 0;
}

bool weir_literal_timestamp(const char *text, bool date_alone, int64_t *seconds, int32_t *nanoseconds,
                            int *fraction_digits) {
    int64_t days, rest;
    if (!date_fields(&text, &days)) return false;
    *seconds = days * 86400;
    *nanoseconds = 0;
    *fraction_digits = 0;
    if (*text == '\0') return date_alone;
    if (!symbol(&text, ' ') || !time_fields(&text, &rest, nanoseconds, fraction_digits)) return false;
    *seconds += rest;
    return *text == '\0';
}

bool weir_unit_is_calendar(enum weir_time_unit unit) {
    return unit == WEIR_UNIT_YEAR || unit == WEIR_UNIT_QUARTER || unit == WEIR_UNIT_MONTH;
}

/* A unit's length in months or ms. */
static int64_t unit_length(enum weir_time_unit unit) {
    switch (unit) {
    case WEIR_UNIT_YEAR: return 12;
    case WEIR_UNIT_QUARTER: return 3;
    case WEIR_UNIT_MONTH: return 1;
    case WEIR_UNIT_WEEK: return 7 * INT64_C(86400000);
    case WEIR_UNIT_DAY: return INT64_C(86400000);
    case WEIR_UNIT_HOUR: return 3600000;
    case WEIR_UNIT_MINUTE: return 60000;
    case WEIR_UNIT_SECOND: return 1000;
    default: return 0;
    }
}

static bool add_field(int64_t value, enum weir_time_unit unit, int64_t *sum) {
    int64_t length = unit_length(unit), product;
    return length > 0 && weir_mul_i64(value, length, &product) && weir_add_i64(*sum, product, sum);
}

/* ".5" of a second, to whole ms. */
static bool fraction(const char **cursor, int64_t *sum) {
    if (!symbol(cursor, '.')) return true;
    int64_t unit = 100;
    int digits = 0;
    for (; is_digit(**cursor); (*cursor)++, unit /= 10, digits++) {
        if (unit == 0 && **cursor != '0') return false;
        if (!weir_add_i64(*sum, (**cursor - '0') * unit, sum)) return false;
    }
    return digits > 0;
}

bool weir_literal_interval(const char *text, enum weir_time_unit from, enum weir_time_unit to, int64_t *out) {
    static const enum weir_time_unit fields[] = {WEIR_UNIT_YEAR, WEIR_UNIT_MONTH,  WEIR_UNIT_DAY,
                                                 WEIR_UNIT_HOUR, WEIR_UNIT_MINUTE, WEIR_UNIT_SECOND};
    static const int64_t limits[] = {0, 11, 0, 23, 59, 59};
    static const char separators[] = {0, '-', 0, ' ', ':', ':'};
    int64_t value, sum = 0;
    while (*text == ' ') text++;
    bool negative = symbol(&text, '-');
    if (!negative) symbol(&text, '+');
    if (!number(&text, 19, &value) || !add_field(value, from, &sum)) return false;
    bool more = from != to;
    for (size_t i = 0; more && i < sizeof(fields) / sizeof(fields[0]); i++) {
        bool finer = weir_unit_is_calendar(from) == weir_unit_is_calendar(fields[i]) &&
                     unit_length(fields[i]) < unit_length(from);
        if (!finer) continue;
        if (!symbol(&text, separators[i]) || !number(&text, 2, &value) || value > limits[i]) return false;
        if (!add_field(value, fields[i], &sum)) return false;
        more = fields[i] != to;
    }
    if (more || (to == WEIR_UNIT_SECOND && !fraction(&text, &sum))) return false;
    while (*text == ' ') text++;
    *out = negative ? -sum : sum;
    return *text == '\0';
}
