/* SPDX-License-Identifier: Apache-2.0
 *
 * Compiling patterns, and writing by them. Reading: time_pattern_read.c.
 */
#include <stdio.h>
#include <string.h>

#include "base/checked.h"
#include "engine/calendar.h"
#include "engine/time_pattern_fields.h"
#include "engine/value_text.h"

#define SECONDS_PER_DAY INT64_C(86400)

const char *const weir_month_names[12] = {"January", "February", "March",     "April",   "May",      "June",
                                          "July",    "August",   "September", "October", "November", "December"};
const char *const weir_day_names[7] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday"};

/* ---- compiling ---- */

struct compiler {
    struct weir_arena *arena;
    struct weir_string text;
    enum weir_pattern_dialect dialect;
    bool reading;
    struct weir_time_pattern *pattern;
    int32_t open[WEIR_PATTERN_DEPTH_MAX]; /* '[' that wait for their ']' */
    int32_t depth;
    char *reason;
    size_t size;
};

static bool refuse(struct compiler *compiler, const char *why) {
    snprintf(compiler->reason, compiler->size, "%s", why);
    return false;
}

static bool refuse_letter(struct compiler *compiler, char letter, int32_t count) {
    snprintf(compiler->reason, compiler->size, "%.*s%s in a pattern is not supported%s", count > 6 ? 6 : (int)count,
             "??????", count > 6 ? "..." : "", compiler->reading ? " for reading times" : "");
    for (char *at = compiler->reason; *at == '?'; at++) *at = letter;
    return false;
}

static struct weir_pattern_field *add_field(struct compiler *compiler, char letter, int32_t count) {
    struct weir_pattern_field *field = &compiler->pattern->fields[compiler->pattern->count++];
    *field = (struct weir_pattern_field){.letter = letter, .count = count};
    return field;
}

/* Bytes of the pattern that stand for themselves. */
static void add_literal(struct compiler *compiler, const char *data, int64_t length) {
    if (length == 0) return;
    struct weir_pattern_field *field = add_field(compiler, WEIR_PATTERN_LITERAL, 0);
    field->text = (struct weir_string){data, length};
}

/* The quoted text after a quote at `at`; returns what follows it, -1 without a closing quote. Two quotes are one.
 */
static int64_t add_quoted(struct compiler *compiler, int64_t at) {
    const char *data = compiler->text.data;
    int64_t length = compiler->text.length, from = ++at;
    if (at < length && data[at] == '\'') return add_literal(compiler, data + at, 1), at + 1;
    for (; at < length; at++) {
        if (data[at] != '\'') continue;
        bool twice = at + 1 < length && data[at + 1] == '\'';
        add_literal(compiler, data + from, at - from + twice);
        if (!twice) return at + 1;
        from = ++at + 1;
    }
    return -1;
}

/* How often a letter may stand, in one number: the least count times 100 and the most. 0: not at all. */
static int32_t counts_of(const struct compiler *compiler, char letter) {
    bool formatter = compiler->dialect == WEIR_PATTERN_FORMATTER, reading = compiler->reading;
    switch (letter) {
    case 'y': return formatter || !reading ? 109 : 409; /* a year of two digits depends on today */
    case 'u': return formatter ? 109 : 0;               /* SimpleDateFormat: the day of the week */
    case 'M': return 104;
    case 'L': return formatter ? 104 : 0;
    case 'D': return reading ? 0 : 103;
    case 'E': return reading && !formatter ? 0 : 104;
    case 'a': return formatter ? 101 : 104;
    case 'S': return 109;
    case 'd':
    case 'H':
    case 'h':
    case 'K':
    case 'k':
    case 'm':
    case 's': return formatter ? 102 : 109;
    default: return 0;
    }
}

static bool add_letters(struct compiler *compiler, char letter, int32_t count) {
    int32_t counts = counts_of(compiler, letter);
    if (count < counts / 100 || count > counts % 100) return refuse_letter(compiler, letter, count);
    add_field(compiler, letter, count);
    return true;
}

static bool open_optional(struct compiler *compiler) {
    if (compiler->depth == WEIR_PATTERN_DEPTH_MAX) return refuse(compiler, "too many '[' within each other");
    compiler->open[compiler->depth++] = compiler->pattern->count;
    add_field(compiler, '[', 0);
    return true;
}

static bool close_optional(struct compiler *compiler) {
    if (compiler->depth == 0) return refuse(compiler, "a ']' without its '['");
    struct weir_pattern_field *open = &compiler->pattern->fields[compiler->open[--compiler->depth]];
    open->end = compiler->pattern->count;
    add_field(compiler, ']', 0);
    return true;
}

/* One element of the pattern; *at moves past it. */
static bool compile_one(struct compiler *compiler, int64_t *at) {
    const char *data = compiler->text.data;
    char letter = data[*at];
    bool formatter = compiler->dialect == WEIR_PATTERN_FORMATTER;
    int64_t from = *at;
    if (letter == '\'') {
        *at = add_quoted(compiler, from);
        return *at >= 0 || refuse(compiler, "a quote without its closing quote");
    }
    if ((letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z')) {
        while (*at < compiler->text.length && data[*at] == letter) (*at)++;
        return add_letters(compiler, letter, (int32_t)(*at - from));
    }
    (*at)++;
    if (formatter && letter == '[') return open_optional(compiler);
    if (formatter && letter == ']') return close_optional(compiler);
    if (formatter && (letter == '{' || letter == '}' || letter == '#'))
        return refuse(compiler, "'{', '}' and '#' must stand in quotes");
    add_literal(compiler, data + from, 1);
    return true;
}

static bool is_number(const struct weir_pattern_field *field) {
    switch (field->letter) {
    case 'M':
    case 'L': return field->count < 3;
    case WEIR_PATTERN_LITERAL:
    case '[':
    case ']':
    case 'E':
    case 'a': return false;
    default: return true;
    }
}

/* Of how many digits a number that is read has exactly; 0: of any number. */
static int32_t fixed_digits(const struct weir_pattern_field *field) {
    bool year = field->letter == 'y' || field->letter == 'u';
    if (field->letter == 'S') return field->count;
    return field->count == 2 || (!year && field->count > 1) ? field->count : 0;
}

/* What numbers that stand side by side leave each other. */
static void find_neighbours(struct weir_time_pattern *pattern) {
    for (int32_t i = pattern->count - 1; i >= 0; i--) {
        struct weir_pattern_field *field = &pattern->fields[i];
        struct weir_pattern_field *next = i + 1 < pattern->count ? field + 1 : NULL;
        if (!is_number(field)) continue;
        field->number = true;
        field->fixed = fixed_digits(field);
        field->abuts = next != NULL && next->number;
        if (next != NULL && next->number && next->fixed > 0) field->after = next->fixed + next->after;
    }
}

static bool has_letter(const struct weir_time_pattern *pattern, char letter) {
    for (int32_t i = 0; i < pattern->count; i++) {
        if (pattern->fields[i].letter == letter) return true;
    }
    return false;
}

static bool check_hours(struct compiler *compiler) {
    const struct weir_time_pattern *pattern = compiler->pattern;
    bool day = has_letter(pattern, 'H') || has_letter(pattern, 'k');
    bool half = has_letter(pattern, 'h') || has_letter(pattern, 'K') || has_letter(pattern, 'a');
    if (!compiler->reading || compiler->dialect == WEIR_PATTERN_FORMATTER || !day || !half) return true;
    return refuse(compiler, "H or k beside h, K or a in a pattern is not supported for reading times");
}

const struct weir_time_pattern *weir_time_pattern_create(struct weir_arena *arena, struct weir_string text,
                                                         enum weir_pattern_dialect dialect, bool reading,
                                                         char *reason, size_t size) {
    struct compiler compiler = {arena, text, dialect, reading, NULL, {0}, 0, reason, size};
    struct weir_time_pattern *pattern = weir_arena_array(arena, 1, sizeof(*pattern));
    char *copy = weir_arena_alloc(arena, (size_t)text.length + 1);
    if (size > 0) reason[0] = '\0';
    if (pattern == NULL || copy == NULL) return NULL;
    if (text.length > 0) memcpy(copy, text.data, (size_t)text.length);
    compiler.text.data = copy;
    compiler.pattern = pattern;
    pattern->simple = dialect == WEIR_PATTERN_SIMPLE;
    pattern->fields = weir_arena_array(arena, (size_t)text.length + 1, sizeof(*pattern->fields));
    if (pattern->fields == NULL) return NULL;
    for (int64_t at = 0; at < text.length;) {
        if (!compile_one(&compiler, &at)) return NULL;
    }
    if (compiler.depth > 0) return refuse(&compiler, "a '[' without its ']'"), NULL;
    find_neighbours(pattern);
    return check_hours(&compiler) ? pattern : NULL;
}

/* ---- writing ---- */

/* A time in the parts that letters stand for. */
struct parts {
    int64_t year;
    int32_t month, day, day_of_year, day_of_week;
    int32_t hour, minute, second, nanos;
};

static struct parts parts_of(int64_t seconds, int32_t nanos, bool simple) {
    int64_t days = weir_floordiv_i64(seconds, SECONDS_PER_DAY);
    int32_t of_day = (int32_t)weir_floormod_i64(seconds, SECONDS_PER_DAY);
    bool julian = simple && days < WEIR_DAYS_GREGORIAN;
    struct weir_civil civil = julian ? weir_julian_from_days(days) : weir_civil_from_days(days);
    int64_t first = julian ? weir_days_from_julian(civil.year, 1, 1) : weir_days_from_civil(civil.year, 1, 1);
    return (struct parts){civil.year,
                          civil.month,
                          civil.day,
                          (int32_t)(days - first) + 1,
                          weir_day_of_week(days),
                          of_day / 3600,
                          of_day / 60 % 60,
                          of_day % 60,
                          nanos};
}

/* At least `count` digits. */
static char *put_number(char *at, int64_t number, int32_t count) {
    if (number < 0) {
        *at++ = '-';
        number = -number;
    }
    char digits[WEIR_VALUE_TEXT_BYTES];
    int length = weir_text_write_i64(number, digits);
    for (; count > length; count--) *at++ = '0';
    memcpy(at, digits, (size_t)length);
    return at + length;
}

static char *put_name(char *at, const char *name, bool whole) {
    for (size_t i = 0; name[i] != '\0' && (whole || i < 3); i++) *at++ = name[i];
    return at;
}

static char *put_year(char *at, const struct weir_pattern_field *field, int64_t year, bool simple) {
    if (field->letter == 'y' && year <= 0) year = 1 - year; /* of its era */
    if (field->count == 2) return put_number(at, weir_floormod_i64(year, 100), 2);
    int64_t limit = 1;
    for (int32_t i = 0; i < field->count; i++) limit *= 10;
    if (!simple && field->count >= 4 && year >= limit) *at++ = '+';
    return put_number(at, year, field->count);
}

static char *put_fraction(char *at, const struct weir_pattern_field *field, int32_t nanos, bool simple) {
    if (simple) return put_number(at, nanos / 1000000, field->count);
    for (int32_t i = field->count; i < 9; i++) nanos /= 10;
    return put_number(at, nanos, field->count);
}

static int32_t half_day_hour(int32_t hour, bool from_one) {
    hour %= 12;
    return hour == 0 && from_one ? 12 : hour;
}

static char *put_field(char *at, const struct weir_pattern_field *field, const struct parts *parts, bool simple) {
    int32_t count = field->count;
    switch (field->letter) {
    case 'y':
    case 'u': return put_year(at, field, parts->year, simple);
    case 'M':
    case 'L':
        return count < 3 ? put_number(at, parts->month, count)
                         : put_name(at, weir_month_names[parts->month - 1], count > 3);
    case 'd': return put_number(at, parts->day, count);
    case 'D': return put_number(at, parts->day_of_year, count);
    case 'E': return put_name(at, weir_day_names[parts->day_of_week - 1], count > 3);
    case 'a': return put_name(at, parts->hour < 12 ? "AM" : "PM", true);
    case 'H': return put_number(at, parts->hour, count);
    case 'k': return put_number(at, parts->hour == 0 ? 24 : parts->hour, count);
    case 'h': return put_number(at, half_day_hour(parts->hour, true), count);
    case 'K': return put_number(at, half_day_hour(parts->hour, false), count);
    case 'm': return put_number(at, parts->minute, count);
    case 's': return put_number(at, parts->second, count);
    case 'S': return put_fraction(at, field, parts->nanos, simple);
    case WEIR_PATTERN_LITERAL:
        memcpy(at, field->text.data, (size_t)field->text.length);
        return at + field->text.length;
    default: return at; /* brackets */
    }
}

size_t weir_time_pattern_bytes(const struct weir_time_pattern *pattern) {
    size_t bytes = 1;
    for (int32_t i = 0; i < pattern->count; i++) {
        bool literal = pattern->fields[i].letter == WEIR_PATTERN_LITERAL;
        bytes += literal ? (size_t)pattern->fields[i].text.length : 24; /* a sign, a year of any size, a name */
    }
    return bytes;
}

size_t weir_time_pattern_write(const struct weir_time_pattern *pattern, int64_t seconds, int32_t nanos,
                               char *buffer) {
    struct parts parts = parts_of(seconds, nanos, pattern->simple);
    char *at = buffer;
    for (int32_t i = 0; i < pattern->count; i++) at = put_field(at, &pattern->fields[i], &parts, pattern->simple);
    return (size_t)(at - buffer);
}
