/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading times by a pattern. Both dialects fill the same slots; what the slots then mean differs.
 */
#include <string.h>

#include "base/checked.h"
#include "engine/calendar.h"
#include "engine/time_pattern_fields.h"

#define SECONDS_PER_DAY INT64_C(86400)
#define DIGITS_MAX 18 /* of a number that is read */

/* What letters have been read, as they stood there. */
enum slot {
    YEAR,
    MONTH,
    DAY,
    DAY_OF_WEEK,
    HALF,
    HOUR_0,
    HOUR_1,
    HALF_HOUR_0,
    HALF_HOUR_1,
    MINUTE,
    SECOND,
    FRACTION
};
#define SLOTS (FRACTION + 1)

struct reader {
    const struct weir_time_pattern *pattern;
    const char *text;
    int64_t length;
    int64_t at;
    uint32_t seen;  /* bit a slot */
    bool of_era;    /* YEAR was a 'y' */
    int32_t digits; /* of FRACTION */
    int64_t values[SLOTS];
};

static enum slot slot_of(char letter) {
    switch (letter) {
    case 'y':
    case 'u': return YEAR;
    case 'M':
    case 'L': return MONTH;
    case 'd': return DAY;
    case 'E': return DAY_OF_WEEK;
    case 'a': return HALF;
    case 'H': return HOUR_0;
    case 'k': return HOUR_1;
    case 'K': return HALF_HOUR_0;
    case 'h': return HALF_HOUR_1;
    case 'm': return MINUTE;
    case 's': return SECOND;
    default: return FRACTION;
    }
}

static bool has(const struct reader *reader, enum slot slot) { return (reader->seen >> slot & 1) != 0; }

static int64_t value_or(const struct reader *reader, enum slot slot, int64_t otherwise) {
    return has(reader, slot) ? reader->values[slot] : otherwise;
}

/* A second value for the same slot must be the same. */
static bool store(struct reader *reader, enum slot slot, int64_t value) {
    if (has(reader, slot) && reader->values[slot] != value && !reader->pattern->simple) return false;
    reader->seen |= 1u << slot;
    reader->values[slot] = value;
    return true;
}

/* ---- elements ---- */

static int64_t digits_here(const struct reader *reader) {
    int64_t count = 0;
    while (reader->at + count < reader->length && reader->text[reader->at + count] >= '0' &&
           reader->text[reader->at + count] <= '9')
        count++;
    return count;
}

static bool take_digits(struct reader *reader, int64_t count, int64_t *out) {
    if (count < 1 || count > DIGITS_MAX) return false;
    *out = 0;
    for (int64_t i = 0; i < count; i++) *out = *out * 10 + (reader->text[reader->at++] - '0');
    return true;
}

/* Year of one or four digits and more, with '+' where it has more digits than the pattern's. */
static bool read_year(struct reader *reader, const struct weir_pattern_field *field, int64_t *out) {
    bool negative = reader->at < reader->length && reader->text[reader->at] == '-';
    bool plus = reader->at < reader->length && reader->text[reader->at] == '+';
    bool pads = field->count >= 4;
    if (negative || (plus && !pads)) return false; /* of its era, and times before the year 1 are no times of SQL */
    reader->at += plus;
    int64_t count = digits_here(reader) - field->after;
    int64_t least = field->count > 2 ? field->count : 1;
    if (count < least) count = least;
    if (count > digits_here(reader) || (pads && (count > field->count) != plus)) return false;
    return take_digits(reader, count, out);
}

/* A number of DateTimeFormatter. */
static bool read_strict(struct reader *reader, const struct weir_pattern_field *field) {
    int64_t here = digits_here(reader), value;
    bool year = field->letter == 'y' || field->letter == 'u';
    if (year && field->fixed == 0) {
        if (!read_year(reader, field, &value)) return false;
    } else {
        int64_t count = field->fixed > 0 ? field->fixed : here - field->after;
        if (count < 1) count = 1;
        if (count > here || !take_digits(reader, count, &value)) return false;
        if (year) value += 2000; /* yy */
    }
    if (year) reader->of_era |= field->letter == 'y' && field->fixed == 0;
    if (field->letter == 'S') reader->digits = field->count;
    return store(reader, slot_of(field->letter), value);
}

/* A number of SimpleDateFormat: after blanks, with a sign, in the letters' room where another number follows. */
static bool read_lenient(struct reader *reader, const struct weir_pattern_field *field) {
    int64_t end = reader->length, value;
    if (field->abuts) {
        end = reader->at + field->count;
        if (end > reader->length) return false;
    }
    while (reader->at < reader->length && (reader->text[reader->at] == ' ' || reader->text[reader->at] == '\t'))
        reader->at++;
    bool negative = reader->at < end && reader->text[reader->at] == '-';
    reader->at += negative;
    int64_t here = digits_here(reader);
    if (here > end - reader->at) here = end - reader->at;
    if (!take_digits(reader, here, &value) || value > INT32_MAX) return false;
    if (field->letter == 'S') reader->digits = 3;
    return store(reader, slot_of(field->letter), negative ? -value : value);
}

static bool same_letters(const char *text, const char *name, size_t length, bool any_case) {
    for (size_t i = 0; i < length; i++) {
        char a = text[i], b = name[i];
        if (any_case && a >= 'A' && a <= 'Z') a = (char)(a + ('a' - 'A'));
        if (any_case && b >= 'A' && b <= 'Z') b = (char)(b + ('a' - 'A'));
        if (a != b) return false;
    }
    return true;
}

/* The longest of the names that stands there, whole or in three letters; -1: none. */
static int32_t take_name(struct reader *reader, const char *const *names, int32_t count, bool whole, bool part) {
    int32_t found = -1;
    size_t longest = 0;
    for (int32_t i = 0; i < count; i++) {
        size_t lengths[] = {whole ? strlen(names[i]) : 0, part ? 3 : 0};
        for (int j = 0; j < 2; j++) {
            if (lengths[j] <= longest || (int64_t)lengths[j] > reader->length - reader->at) continue;
            if (!same_letters(reader->text + reader->at, names[i], lengths[j], reader->pattern->simple)) continue;
            found = i;
            longest = lengths[j];
        }
    }
    reader->at += (int64_t)longest;
    return found;
}

static bool read_name(struct reader *reader, const struct weir_pattern_field *field) {
    static const char *const halves[] = {"AM", "PM"};
    bool simple = reader->pattern->simple;
    int32_t found;
    switch (field->letter) {
    case 'a': found = take_name(reader, halves, 2, true, false); break;
    case 'E': found = take_name(reader, weir_day_names, 7, field->count > 3, field->count <= 3); break;
    default:
        found =
            take_name(reader, weir_month_names, 12, simple || field->count > 3, simple || field->count == 3) + 1;
        return found > 0 && store(reader, MONTH, found);
    }
    return found >= 0 && store(reader, slot_of(field->letter), found);
}

static bool read_literal(struct reader *reader, struct weir_string text) {
    if (text.length > reader->length - reader->at) return false;
    if (memcmp(reader->text + reader->at, text.data, (size_t)text.length) != 0) return false;
    reader->at += text.length;
    return true;
}

static bool read_field(struct reader *reader, const struct weir_pattern_field *field) {
    if (field->letter == WEIR_PATTERN_LITERAL) return read_literal(reader, field->text);
    if (field->letter == ']') return true;
    if (!field->number) return read_name(reader, field);
    return reader->pattern->simple ? read_lenient(reader, field) : read_strict(reader, field);
}

/* The fields [from, to); an optional part that does not fit is left out. */
static bool read_fields(struct reader *reader, int32_t from, int32_t to) {
    const struct weir_pattern_field *fields = reader->pattern->fields;
    for (int32_t i = from; i < to; i++) {
        if (fields[i].letter != '[') {
            if (!read_field(reader, &fields[i])) return false;
            continue;
        }
        struct reader before = *reader;
        if (!read_fields(reader, i + 1, fields[i].end)) *reader = before;
        i = fields[i].end;
    }
    return true;
}

/* ---- DateTimeFormatter: what is read must be a time ---- */

static bool within(const struct reader *reader, enum slot slot, int64_t least, int64_t greatest) {
    return !has(reader, slot) || (reader->values[slot] >= least && reader->values[slot] <= greatest);
}

static bool check_strict(const struct reader *reader) {
    return within(reader, YEAR, reader->of_era ? 1 : 0, 999999999) && within(reader, MONTH, 1, 12) &&
           within(reader, DAY, 1, 31) && within(reader, HOUR_0, 0, 24) && within(reader, HOUR_1, 1, 24) &&
           within(reader, HALF_HOUR_0, 0, 11) && within(reader, HALF_HOUR_1, 1, 12) &&
           within(reader, MINUTE, 0, 59) && within(reader, SECOND, 0, 59);
}

/* A day past its month's last is the last, where the whole date is there. */
static bool strict_days(const struct reader *reader, int64_t *days) {
    int64_t year = value_or(reader, YEAR, 1970), day = value_or(reader, DAY, 1);
    int32_t month = (int32_t)value_or(reader, MONTH, 1), last = weir_days_in_month(year, month);
    bool whole = has(reader, YEAR) && has(reader, MONTH) && has(reader, DAY);
    if (day > last && !whole) return false;
    *days = weir_days_from_civil(year, month, (int32_t)(day > last ? last : day));
    return !whole || !has(reader, DAY_OF_WEEK) || weir_day_of_week(*days) - 1 == reader->values[DAY_OF_WEEK];
}

/* The hour of the day; one of a half day without AM or PM is none. */
static bool strict_hour(const struct reader *reader, int64_t *hour) {
    int64_t half = -1;
    *hour = 0;
    if (has(reader, HALF_HOUR_0)) half = reader->values[HALF_HOUR_0];
    if (has(reader, HALF_HOUR_1)) half = reader->values[HALF_HOUR_1] % 12;
    if (half >= 0 && has(reader, HALF)) *hour = half + 12 * reader->values[HALF];
    if (has(reader, HOUR_1)) *hour = reader->values[HOUR_1] % 24;
    if (has(reader, HOUR_0)) *hour = reader->values[HOUR_0];
    return *hour < 24 || (value_or(reader, MINUTE, 0) == 0 && value_or(reader, SECOND, 0) == 0 &&
                          value_or(reader, FRACTION, 0) == 0);
}

static bool settle_strict(const struct reader *reader, int64_t *seconds, int32_t *nanos) {
    int64_t days, hour;
    if (reader->at != reader->length || !check_strict(reader)) return false;
    if (!strict_days(reader, &days) || !strict_hour(reader, &hour)) return false;
    bool whole = has(reader, YEAR) && has(reader, MONTH) && has(reader, DAY);
    if (!whole) hour %= 24; /* 24:00 is the next day's only where there is a day */
    *seconds =
        days * SECONDS_PER_DAY + hour * 3600 + value_or(reader, MINUTE, 0) * 60 + value_or(reader, SECOND, 0);
    int64_t fraction = value_or(reader, FRACTION, 0);
    for (int32_t i = reader->digits; i < 9; i++) fraction *= 10;
    *nanos = (int32_t)fraction;
    return true;
}

/* ---- what Flink makes of a text that does not fit ---- */

/* The numbers of yyyy-M-d[ H:m:s], and how many there are. */
static int read_numbers(struct reader *reader, int64_t *numbers) {
    static const char between[] = "-- ::"; /* what follows the first, the second, ... */
    for (int i = 0;; i++) {
        int64_t here = digits_here(reader), least = i == 0 ? 4 : 1, most = i == 0 ? 4 : i < 3 ? 2 : 9;
        if (here < least || here > most || !take_digits(reader, here, &numbers[i])) return 0;
        if (i == 5 || (i == 2 && reader->at == reader->length)) return i + 1;
        if (reader->at == reader->length || reader->text[reader->at++] != between[i]) return 0;
    }
}

/* Nothing, or a point and at most nine digits until the end. */
static bool read_fraction(struct reader *reader, int32_t *nanos) {
    int64_t fraction;
    *nanos = 0;
    if (reader->at == reader->length) return true;
    if (reader->text[reader->at++] != '.') return false;
    int64_t here = digits_here(reader);
    if (here > 9 || !take_digits(reader, here, &fraction) || reader->at != reader->length) return false;
    for (; here < 9; here++) fraction *= 10;
    *nanos = (int32_t)fraction;
    return true;
}

/* A Julian date's numbers, which Java takes for Gregorian ones; 29 February may not be there. */
static bool as_gregorian(struct weir_civil civil, int64_t *days) {
    if (civil.year < 1) civil.year = 1 - civil.year; /* of its era, which is lost */
    *days = weir_days_from_civil(civil.year, civil.month, civil.day);
    return civil.day <= weir_days_in_month(civil.year, civil.month);
}

/* yyyy-M-d[ H:m:s[.fraction]] with blanks around and any numbers but for month and day, counted on: 30 February is
 * 2 March. */
static bool read_any_way(struct weir_string text, int64_t *seconds, int32_t *nanos) {
    struct reader reader = {.text = text.data, .length = text.length};
    int64_t numbers[6] = {0};
    while (reader.length > 0 && (unsigned char)reader.text[reader.length - 1] <= ' ') reader.length--;
    while (reader.at < reader.length && (unsigned char)reader.text[reader.at] <= ' ') reader.at++;
    int count = read_numbers(&reader, numbers);
    if (count == 0 || !read_fraction(&reader, nanos)) return false;
    if (numbers[1] < 1 || numbers[1] > 12 || numbers[2] < 1 || numbers[2] > 31) return false;
    int64_t of_day = numbers[3] * 3600 + numbers[4] * 60 + numbers[5];
    int64_t days = weir_days_from_civil(numbers[0], (int32_t)numbers[1], (int32_t)numbers[2]);
    if (days >= WEIR_DAYS_GREGORIAN) return *seconds = days * SECONDS_PER_DAY + of_day, true;
    days = weir_days_from_julian(numbers[0], (int32_t)numbers[1], (int32_t)numbers[2]) + of_day / SECONDS_PER_DAY;
    if (!as_gregorian(weir_julian_from_days(days), &days)) return false;
    *seconds = days * SECONDS_PER_DAY + of_day % SECONDS_PER_DAY;
    return true;
}

/* ---- SimpleDateFormat: any number counts on ---- */

static int64_t lenient_days(const struct reader *reader) {
    int64_t months = value_or(reader, YEAR, 1970) * 12 + value_or(reader, MONTH, 1) - 1;
    int64_t year = weir_floordiv_i64(months, 12), day = value_or(reader, DAY, 1) - 1;
    int32_t month = (int32_t)weir_floormod_i64(months, 12) + 1;
    int64_t days = weir_days_from_civil(year, month, 1) + day;
    return days >= WEIR_DAYS_GREGORIAN ? days : weir_days_from_julian(year, month, 1) + day;
}

static int64_t lenient_hour(const struct reader *reader) {
    int64_t hour = value_or(reader, HOUR_0, 0);
    if (has(reader, HOUR_1)) hour = reader->values[HOUR_1] == 24 ? 0 : reader->values[HOUR_1];
    if (has(reader, HALF_HOUR_0)) hour = reader->values[HALF_HOUR_0];
    if (has(reader, HALF_HOUR_1)) hour = reader->values[HALF_HOUR_1] == 12 ? 0 : reader->values[HALF_HOUR_1];
    return hour + 12 * value_or(reader, HALF, 0);
}

static void settle_lenient(const struct reader *reader, int64_t *seconds, int32_t *nanos) {
    int64_t ms = value_or(reader, FRACTION, 0);
    *seconds = lenient_days(reader) * SECONDS_PER_DAY + lenient_hour(reader) * 3600 +
               value_or(reader, MINUTE, 0) * 60 + value_or(reader, SECOND, 0) + weir_floordiv_i64(ms, 1000);
    *nanos = (int32_t)weir_floormod_i64(ms, 1000) * 1000000;
}

bool weir_time_pattern_read(const struct weir_time_pattern *pattern, struct weir_string text, int64_t *seconds,
                            int32_t *nanos) {
    struct reader reader = {.pattern = pattern, .text = text.length > 0 ? text.data : "", .length = text.length};
    bool fits = read_fields(&reader, 0, pattern->count);
    if (pattern->simple) {
        if (fits) settle_lenient(&reader, seconds, nanos);
        return fits;
    }
    return (fits && settle_strict(&reader, seconds, nanos)) ||
           read_any_way((struct weir_string){reader.text, reader.length}, seconds, nanos);
}
