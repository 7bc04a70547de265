/* SPDX-License-Identifier: Apache-2.0 */
#include "base/duration.h"

#include <stddef.h>
#include <string.h>

#include "base/attributes.h"
#include "base/checked.h"

#define NS_PER_MS 1000000

static const char no_duration[] = "expected a number and a unit, as in '10 s', '5 min', '500 ms'";
static const char too_long[] = "it does not fit 64 bits of milliseconds";
static const char negative[] = "it must not be negative";
static const char no_unit[] = "the units are d, h, min (or m), s, ms, µs, ns, and their names written out";

/* What Java's trim takes away. */
static bool is_blank(char c) { return c > 0 && c <= ' '; }

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Digits; false beyond 64 bits. */
static bool number(const char **cursor, int64_t *out) {
    *out = 0;
    for (; is_digit(**cursor); (*cursor)++) {
        if (!weir_mul_i64(*out, 10, out) || !weir_add_i64(*out, **cursor - '0', out)) return false;
    }
    return true;
}

/* Letters of both cases are alike. */
static bool is_word(const char *word, const char *text, size_t length) {
    size_t i = 0;
    for (; i < length && word[i] != '\0'; i++) {
        char c = text[i];
        if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != word[i]) return false;
    }
    return i == length && word[i] == '\0';
}

/* Nanoseconds of a unit; 0: there is none of that name. An empty one is ms. */
static int64_t unit_of(const char *text, size_t length) {
    static const struct {
        const char *name;
        int64_t ns;
    } units[] = {
        {"", NS_PER_MS},
        {"d", INT64_C(86400000) * NS_PER_MS},
        {"day", INT64_C(86400000) * NS_PER_MS},
        {"days", INT64_C(86400000) * NS_PER_MS},
        {"h", INT64_C(3600000) * NS_PER_MS},
        {"hour", INT64_C(3600000) * NS_PER_MS},
        {"hours", INT64_C(3600000) * NS_PER_MS},
        {"min", INT64_C(60000) * NS_PER_MS},
        {"m", INT64_C(60000) * NS_PER_MS},
        {"minute", INT64_C(60000) * NS_PER_MS},
        {"minutes", INT64_C(60000) * NS_PER_MS},
        {"s", INT64_C(1000) * NS_PER_MS},
        {"sec", INT64_C(1000) * NS_PER_MS},
        {"secs", INT64_C(1000) * NS_PER_MS},
        {"second", INT64_C(1000) * NS_PER_MS},
        {"seconds", INT64_C(1000) * NS_PER_MS},
        {"ms", NS_PER_MS},
        {"milli", NS_PER_MS},
        {"millis", NS_PER_MS},
        {"millisecond", NS_PER_MS},
        {"milliseconds", NS_PER_MS},
        {"µs", 1000},
        {"micro", 1000},
        {"micros", 1000},
        {"microsecond", 1000},
        {"microseconds", 1000},
        {"ns", 1},
        {"nano", 1},
        {"nanos", 1},
        {"nanosecond", 1},
        {"nanoseconds", 1},
    };
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(units); i++) {
        if (is_word(units[i].name, text, length)) return units[i].ns;
    }
    return 0;
}

static bool plain(const char *text, int64_t *ms, const char **reason) {
    int64_t count;
    *reason = too_long;
    if (!number(&text, &count)) return false;
    while (is_blank(*text)) text++;
    size_t length = strlen(text);
    while (length > 0 && is_blank(text[length - 1])) length--;
    int64_t ns = unit_of(text, length);
    *reason = no_unit;
    if (ns == 0) return false;
    *reason = too_long;
    if (ns < NS_PER_MS) {
        *ms = count / (NS_PER_MS / ns);
        return true;
    }
    return weir_mul_i64(count, ns / NS_PER_MS, ms);
}

/* ".5" of a second in whole ms, finer digits cut; -1 without a fraction. Digits beyond the ninth are no part of
 * it. */
static int64_t fraction(const char **cursor) {
    if (**cursor != '.' && **cursor != ',') return -1;
    int64_t ms = 0, unit = 100;
    (*cursor)++;
    for (int digits = 0; digits < 9 && is_digit(**cursor); digits++, (*cursor)++, unit /= 10) {
        ms += (**cursor - '0') * unit;
    }
    return ms;
}

static bool letter_is(char c, char upper) { return c == upper || c == upper + 32; }

/* One field of an ISO duration: a number and the letter of a unit after those that were there, [*from, 4). */
static bool iso_field(const char **cursor, size_t *from, size_t to, int64_t *ms, const char **reason) {
    static const struct {
        char letter;
        int64_t ms;
    } fields[] = {{'D', 86400000}, {'H', 3600000}, {'M', 60000}, {'S', 1000}};
    int64_t count, product;
    if (**cursor == '-') *reason = negative;
    if (**cursor == '+') (*cursor)++;
    if (!is_digit(**cursor)) return false;
    *reason = too_long;
    if (!number(cursor, &count)) return false;
    int64_t part = fraction(cursor);
    *reason = no_duration;
    while (*from < to && !letter_is(**cursor, fields[*from].letter)) (*from)++;
    if (*from >= to || (part >= 0 && fields[*from].letter != 'S')) return false;
    *reason = too_long;
    if (!weir_mul_i64(count, fields[*from].ms, &product) || !weir_add_i64(*ms, product, ms)) return false;
    if (part > 0 && !weir_add_i64(*ms, part, ms)) return false;
    *reason = no_duration;
    (*from)++;
    (*cursor)++;
    return true;
}

/* PnDTnHnMn.nS */
static bool iso(const char *text, int64_t *ms, const char **reason) {
    bool time = false;
    size_t from = 0;
    *reason = no_duration;
    *ms = 0;
    if (*++text == '\0') return false;
    while (*text != '\0' && !is_blank(*text)) {
        if (!time && letter_is(*text, 'T')) {
            time = true;
            from = 1;
            text++;
        }
        if (!iso_field(&text, &from, time ? 4 : 1, ms, reason)) return false;
    }
    while (is_blank(*text)) text++;
    return *text == '\0';
}

bool weir_duration_parse(const char *text, int64_t *ms, const char **reason) {
    while (is_blank(*text)) text++;
    if (is_digit(*text)) return plain(text, ms, reason);
    const char *period = *text == '+' ? text + 1 : text;
    if (letter_is(*period, 'P')) return iso(period, ms, reason);
    *reason = *text == '-' ? negative : no_duration;
    return false;
}
