/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/value_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"

/* More significant digits than any double needs to be read exactly (767); a nonzero rest behind them only has to be
 * there. */
#define DIGITS_MAX 790

/* A number taken apart: 0.d1d2d3... * 10^exponent. count 0 is zero; d1 is not '0'. */
struct number {
    int64_t exponent;
    int count;
    bool negative;
    char digits[DIGITS_MAX + 8];
};

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Java's String.trim: all up to the blank. */
static void trim(const char **text, int64_t *length) {
    while (*length > 0 && (unsigned char)(*text)[0] <= ' ') (*text)++, (*length)--;
    while (*length > 0 && (unsigned char)(*text)[*length - 1] <= ' ') (*length)--;
}

/* ---- taking apart ---- */

static void add_digit(struct number *out, char digit, bool behind_point) {
    if (out->count == 0 && digit == '0') { /* leading zeros only move the point */
        out->exponent -= behind_point;
        return;
    }
    out->exponent += !behind_point;
    if (out->count < DIGITS_MAX) {
        out->digits[out->count++] = digit;
    } else if (digit != '0') {
        out->digits[DIGITS_MAX - 1] = '1';
    }
}

static bool scan_exponent(const char *text, int64_t length, int64_t *at, struct number *out) {
    if (*at >= length || (text[*at] | 0x20) != 'e') return true;
    int64_t i = *at + 1, value = 0;
    bool negative = i < length && text[i] == '-';
    if (i < length && (text[i] == '-' || text[i] == '+')) i++;
    if (i >= length || !is_digit(text[i])) return false;
    for (; i < length && is_digit(text[i]); i++) {
        if (value < 100000000) value = value * 10 + (text[i] - '0');
    }
    out->exponent += negative ? -value : value;
    *at = i;
    return true;
}

/* [+-]digits[.digits][e[+-]digits]; false when text is not that from end to end. */
static bool scan_number(const char *text, int64_t length, struct number *out) {
    int64_t i = 0, seen = 0;
    out->exponent = 0;
    out->count = 0;
    out->negative = length > 0 && text[0] == '-';
    if (length > 0 && (text[0] == '-' || text[0] == '+')) i++;
    for (; i < length && is_digit(text[i]); i++, seen++) add_digit(out, text[i], false);
    if (i < length && text[i] == '.') {
        for (i++; i < length && is_digit(text[i]); i++, seen++) add_digit(out, text[i], true);
    }
    return seen > 0 && scan_exponent(text, length, &i, out) && i == length;
}

/* ---- putting together ---- */

static const double exact_powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

#define SCALED_BYTES (DIGITS_MAX + 64)

/* No point stands in the text, so that strtod and strtof do not look at the locale. */
static const char *scaled_text(const char *digits, int length, int64_t exponent, char *text) {
    if (length > DIGITS_MAX + 8) length = DIGITS_MAX + 8;
    memcpy(text, digits, (size_t)length);
    snprintf(text + length, SCALED_BYTES - (size_t)length, "e%lld", (long long)exponent);
    return text;
}

double weir_text_read_scaled(const char *digits, int length, int64_t exponent) {
    char text[SCALED_BYTES];
    return strtod(scaled_text(digits, length, exponent, text), NULL);
}

static float read_scaled_float(const char *digits, int length, int64_t exponent) {
    char text[SCALED_BYTES];
    return strtof(scaled_text(digits, length, exponent, text), NULL);
}

static double number_to_double(const struct number *number) {
    if (number->count == 0) return number->negative ? -0.0 : 0.0;
    int64_t exponent = number->exponent - number->count;
    double value;
    if (number->count <= 15 && exponent >= -22 && exponent <= 22) { /* both exact: one rounding */
        int64_t digits = 0;
        for (int i = 0; i < number->count; i++) digits = digits * 10 + (number->digits[i] - '0');
        value = exponent < 0 ? (double)digits / exact_powers[-exponent] : (double)digits * exact_powers[exponent];
    } else {
        value = weir_text_read_scaled(number->digits, number->count, exponent);
    }
    return number->negative ? -value : value;
}

static enum weir_text_result number_to_decimal(const struct number *number, struct weir_decimal_type to,
                                               weir_i128 *out) {
    int64_t kept = number->exponent + to.scale; /* digits of the result */
    *out = 0;
    if (number->count == 0 || kept < 0) return WEIR_TEXT_OK;
    if (kept > WEIR_DECIMAL_DIGITS) return WEIR_TEXT_RANGE;
    weir_i128 value = 0;
    for (int i = 0; i < kept; i++) value = value * 10 + (i < number->count ? number->digits[i] - '0' : 0);
    if (kept < number->count && number->digits[kept] >= '5') value++;
    if (!weir_decimal_fits(value, to.precision)) return WEIR_TEXT_RANGE;
    *out = number->negative ? -value : value;
    return WEIR_TEXT_OK;
}

/* ---- reading ---- */

enum weir_text_result weir_text_read_i64(const char *text, int64_t length, int64_t *out) {
    trim(&text, &length);
    int64_t i = length > 0 && (text[0] == '-' || text[0] == '+');
    bool negative = i == 1 && text[0] == '-', over = false;
    if (i == length) return WEIR_TEXT_MALFORMED;
    int64_t value = 0; /* counted down: INT64_MIN has no positive */
    for (; i < length && is_digit(text[i]); i++) {
        over |= __builtin_mul_overflow(value, 10, &value);
        over |= __builtin_sub_overflow(value, text[i] - '0', &value);
    }
    if (i < length && text[i] == '.') {
        for (i++; i < length && is_digit(text[i]);) i++;
    }
    if (i != length) return WEIR_TEXT_MALFORMED;
    if (over || (!negative && value == INT64_MIN)) return WEIR_TEXT_RANGE;
    *out = negative ? value : -value;
    return WEIR_TEXT_OK;
}

static bool is_word(const char *text, int64_t length, const char *word) {
    return (size_t)length == strlen(word) && memcmp(text, word, (size_t)length) == 0;
}

/* NaN and the infinities, by name. */
static bool read_named(const char *text, int64_t length, double *out) {
    int64_t sign = length > 0 && (text[0] == '-' || text[0] == '+');
    bool negative = sign == 1 && text[0] == '-';
    *out = negative ? -INFINITY : INFINITY;
    if (is_word(text + sign, length - sign, "Infinity")) return true;
    *out = NAN;
    return is_word(text + sign, length - sign, "NaN");
}

/* A number with Java's suffix of a type. */
static bool scan_floating(const char *text, int64_t length, struct number *out) {
    char last = (char)(length > 1 ? text[length - 1] | 0x20 : 0);
    return scan_number(text, length - (last == 'd' || last == 'f'), out);
}

enum weir_text_result weir_text_read_double(const char *text, int64_t length, double *out) {
    struct number number;
    trim(&text, &length);
    if (read_named(text, length, out)) return WEIR_TEXT_OK;
    if (!scan_floating(text, length, &number)) return WEIR_TEXT_MALFORMED;
    *out = number_to_double(&number);
    return WEIR_TEXT_OK;
}

enum weir_text_result weir_text_read_float(const char *text, int64_t length, float *out) {
    struct number number;
    double value;
    trim(&text, &length);
    if (read_named(text, length, &value)) return *out = (float)value, WEIR_TEXT_OK;
    if (!scan_floating(text, length, &number)) return WEIR_TEXT_MALFORMED;
    if (number.count == 0) {
        *out = number.negative ? -0.0f : 0.0f;
    } else {
        float magnitude = read_scaled_float(number.digits, number.count, number.exponent - number.count);
        *out = number.negative ? -magnitude : magnitude;
    }
    return WEIR_TEXT_OK;
}

enum weir_text_result weir_text_read_decimal(const char *text, int64_t length, struct weir_decimal_type to,
                                             weir_i128 *out) {
    struct number number;
    trim(&text, &length);
    if (!scan_number(text, length, &number)) return WEIR_TEXT_MALFORMED;
    return number_to_decimal(&number, to, out);
}

enum weir_text_result weir_text_read_boolean(const char *text, int64_t length, bool *out) {
    static const char *const words[] = {"f", "t", "false", "true", "n", "y", "no", "yes", "0", "1"};
    char lower[8];
    if (length < 1 || length > 5) return WEIR_TEXT_MALFORMED;
    for (int64_t i = 0; i < length; i++) {
        lower[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 0x20 : text[i]);
    }
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(words); i++) {
        if (is_word(lower, length, words[i])) return *out = (i & 1) != 0, WEIR_TEXT_OK;
    }
    return WEIR_TEXT_MALFORMED;
}

/* ---- the fewest digits of a double ---- */

/* A decimal of at most 15 digits is alone among those in its double, so the first k for which value * 10^k is an
 * integer of that size gives the shortest digits. Finds prices, counts and the like without a search. */
static bool shortest_simple(double value, struct number *out) {
    for (int k = 0; k <= 22; k++) {
        double scaled = value * exact_powers[k];
        if (scaled >= 1e15) return false;
        int64_t digits = (int64_t)(scaled + 0.5);
        if (digits == 0 || (double)digits / exact_powers[k] != value) continue;
        char text[24];
        out->count = weir_text_write_i64(digits, text);
        out->exponent = out->count - k;
        while (out->count > 1 && text[out->count - 1] == '0') out->count--;
        memcpy(out->digits, text, (size_t)out->count);
        return true;
    }
    return false;
}

/* The `count` digits nearest to value. printf's point depends on the locale and is skipped, whatever it is. */
static void nearest_digits(double value, int count, struct number *out) {
    char text[64];
    snprintf(text, sizeof(text), "%.*e", count - 1, value);
    const char *end = strchr(text, 'e');
    out->count = 0;
    for (const char *c = text; c < end; c++) {
        if (is_digit(*c)) out->digits[out->count++] = *c;
    }
    out->exponent = strtol(end + 1, NULL, 10) + 1;
}

static bool reads_back(const struct number *number, double value, bool single) {
    int64_t exponent = number->exponent - number->count;
    if (single) return read_scaled_float(number->digits, number->count, exponent) == (float)value;
    return weir_text_read_scaled(number->digits, number->count, exponent) == value;
}

/* Adds one to the last of `count` digits. */
static void carry_up(struct number *number) {
    int i = number->count;
    while (i > 0 && number->digits[i - 1] == '9') number->digits[--i] = '0';
    if (i > 0) {
        number->digits[i - 1]++;
        return;
    }
    memmove(number->digits + 1, number->digits, (size_t)number->count);
    number->digits[0] = '1';
    number->count++;
    number->exponent++;
}

/* At a power of two the doubles below lie closer than those above: digits just above may read back where the
 * nearest ones, just below, do not. */
static bool reads_back_above(struct number *number, double value, bool single) {
    struct number above = *number;
    int exponent;
    if (frexp(value, &exponent) != 0.5) return false;
    carry_up(&above);
    if (!reads_back(&above, value, single)) return false;
    *number = above;
    return true;
}

/* Finite value > 0. As Java: at least two digits are tried for, which may be nearer than one (4.9E-324). */
static void shortest_digits(double value, bool single, struct number *out) {
    out->negative = false;
    if (!single && shortest_simple(value, out)) return;
    int most = single ? 9 : 17, first = single || value < 2.3e-308 ? 2 : 15;
    for (int count = first; count <= most; count++) {
        nearest_digits(value, count, out);
        if (count == most || reads_back(out, value, single) || reads_back_above(out, value, single)) break;
    }
    while (out->count > 1 && out->digits[out->count - 1] == '0') out->count--;
}

/* ---- writing ---- */

int weir_text_write_i64(int64_t value, char *buffer) {
    char digits[24];
    int count = 0, length = 0;
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do digits[count++] = (char)('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (value < 0) buffer[length++] = '-';
    while (count > 0) buffer[length++] = digits[--count];
    buffer[length] = '\0';
    return length;
}

static int put(char *buffer, const char *text) {
    size_t length = strlen(text);
    memcpy(buffer, text, length + 1);
    return (int)length;
}

/* Digits [from, to) of a number, zeros where it has none; one zero when the range is empty. */
static int put_digits(char *buffer, const struct number *number, int64_t from, int64_t to) {
    int length = 0;
    for (int64_t i = from; i < to; i++) {
        buffer[length++] = i >= 0 && i < number->count ? number->digits[i] : '0';
    }
    if (length == 0) buffer[length++] = '0';
    return length;
}

static int write_floating(double value, bool single, char *buffer) {
    struct number number;
    if (isnan(value)) return put(buffer, "NaN");
    int length = 0;
    if (signbit(value)) buffer[length++] = '-';
    value = fabs(value);
    if (isinf(value)) return length + put(buffer + length, "Infinity");
    if (value == 0) return length + put(buffer + length, "0.0");
    shortest_digits(value, single, &number);
    bool plain = number.exponent > -3 && number.exponent <= 7; /* 10^-3 <= value < 10^7 */
    int64_t point = plain ? number.exponent : 1;
    length += put_digits(buffer + length, &number, 0, point);
    buffer[length++] = '.';
    length += put_digits(buffer + length, &number, point, number.count > point ? number.count : point);
    if (!plain) {
        buffer[length++] = 'E';
        length += weir_text_write_i64(number.exponent - 1, buffer + length);
    }
    buffer[length] = '\0';
    return length;
}

int weir_text_write_double(double value, char *buffer) { return write_floating(value, false, buffer); }
int weir_text_write_float(float value, char *buffer) { return write_floating((double)value, true, buffer); }

/* ---- doubles by their digits ---- */

enum weir_text_result weir_text_double_to_decimal(double value, struct weir_decimal_type to, weir_i128 *out) {
    struct number number = {.count = 0};
    if (!isfinite(value)) return WEIR_TEXT_MALFORMED;
    if (value != 0) shortest_digits(fabs(value), false, &number);
    number.negative = value < 0;
    return number_to_decimal(&number, to, out);
}

double weir_text_round_double(double value, int64_t digits) {
    struct number number;
    if (!isfinite(value) || value == 0 || digits > 400) return value;
    shortest_digits(fabs(value), false, &number);
    int64_t kept = number.exponent + digits;
    if (kept >= number.count) return value;
    number.negative = value < 0;
    if (kept < 0) return 0.0; /* BigDecimal has no negative zero */
    bool up = number.digits[kept] >= '5';
    number.count = (int)kept;
    if (up) carry_up(&number);
    return number.count == 0 ? 0.0 : number_to_double(&number);
}
