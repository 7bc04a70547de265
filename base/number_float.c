/* SPDX-License-Identifier: Apache-2.0
 *
 * Floating point from text.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number_powers.h"
#include "base/number_text.h"

/* A decimal number taken apart: 0.d1d2d3... of `digits` is not built; the value is mantissa * 10^exponent when
 * !cut, else it lies between that and (mantissa + 1) * 10^exponent. */
struct decimal_number {
    uint64_t mantissa; /* the first 19 significant digits */
    int64_t exponent;
    bool cut;           /* nonzero digits follow */
    const char *digits; /* the first digit or point, and the end of both, for the slow way */
    const char *digits_end;
    int64_t written_exponent;
};

#define EXPONENT_LIMIT 1000000000

/* Digits of an exponent after its sign; saturates. */
static const char *take_exponent(const char *at, const char *end, int64_t *out) {
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+')) at++;
    const char *first = at;
    int64_t value = 0;
    for (; at < end && (unsigned)(unsigned char)*at - '0' <= 9; at++) {
        if (value < EXPONENT_LIMIT) value = value * 10 + (*at - '0');
    }
    *out = negative ? -value : value;
    return at > first ? at : NULL;
}

/* Digits, point, digits and exponent; the end, or NULL when it is no number. */
static const char *take_decimal(const char *at, const char *end, struct decimal_number *number) {
    uint64_t mantissa = 0;
    int significant = 0;
    int64_t exponent = 0;
    bool cut = false;
    const char *point = NULL, *first = at;
    for (; at < end; at++) {
        unsigned digit = (unsigned)(unsigned char)*at - '0';
        if (digit > 9) {
            if (*at != '.' || point) break;
            point = at;
            continue;
        }
        if (significant < 19) {
            mantissa = mantissa * 10 + digit;
            significant += mantissa != 0;
            exponent -= point != NULL;
        } else {
            cut = cut || digit;
            exponent += point == NULL;
        }
    }
    if (at - first - (point != NULL) == 0) return NULL;
    *number = (struct decimal_number){mantissa, exponent, cut, first, at, 0};
    if (at < end && (*at | 32) == 'e') {
        at = take_exponent(at + 1, end, &number->written_exponent);
        number->exponent += number->written_exponent;
    }
    return at;
}

/* 64 x 128 bits of a product: Lemire, "Number Parsing at a Gigabyte per Second" (2021). *sure is false where more
 * bits would be needed. mantissa != 0. */
static double eisel_lemire(uint64_t mantissa, int64_t exponent, bool *sure) {
    *sure = true;
    if (exponent < WEIR_POWER_MIN) return 0;
    if (exponent > 308) return HUGE_VAL;
    struct weir_power power = weir_powers_of_ten()[exponent - WEIR_POWER_MIN];
    if (exponent < 0) power.high += ++power.low == 0;
    int zeros = __builtin_clzll(mantissa);
    mantissa <<= zeros;
    weir_u128 product = (weir_u128)mantissa * power.high;
    uint64_t high = (uint64_t)(product >> 64), low = (uint64_t)product;
    if ((high & 0x1FF) == 0x1FF) {
        uint64_t carry = (uint64_t)(((weir_u128)mantissa * power.low) >> 64);
        low += carry;
        high += low < carry;
    }
    if (low == UINT64_MAX && (exponent < -27 || exponent > 55)) *sure = false;
    int upper = (int)(high >> 63);
    uint64_t fraction = high >> (upper + 9);
    int binary = weir_power_log2((int)exponent) + 63 + upper - zeros + 1 + 1022;
    if (binary <= 0) { /* subnormal: left to the slow way, it is rare */
        *sure = false;
        return 0;
    }
    if (low <= 1 && exponent >= -4 && exponent <= 23 && (fraction & 3) == 1 && fraction << (upper + 9) == high) {
        fraction &= ~UINT64_C(1); /* exactly half way: to even */
    }
    fraction = (fraction + (fraction & 1)) >> 1;
    if (fraction >= UINT64_C(1) << 53) {
        fraction = UINT64_C(1) << 52;
        binary++;
    }
    if (binary >= 2047) return HUGE_VAL;
    uint64_t bits = (fraction & ~(UINT64_C(1) << 52)) | (uint64_t)binary << 52;
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* Digits beyond these cannot change a double but for being not all zero (767 are enough for every double). */
#define SLOW_DIGITS 800

/* The number as an integer with an exponent: strtod's only dependence on the locale is its decimal point. */
static void write_plain(const struct decimal_number *number, char *out) {
    size_t count = 0;
    int64_t exponent = number->written_exponent;
    bool sticky = false, point = false;
    for (const char *at = number->digits; at < number->digits_end; at++) {
        if (*at == '.') {
            point = true;
        } else if (count == 0 && *at == '0') {
            exponent -= point;
        } else if (count < SLOW_DIGITS) {
            out[count++] = *at;
            exponent -= point;
        } else {
            sticky = sticky || *at != '0';
            exponent += !point;
        }
    }
    if (sticky) {
        out[count++] = '1';
        exponent--;
    }
    if (count == 0) out[count++] = '0';
    if (exponent > 100000) exponent = 100000;
    if (exponent < -100000) exponent = -100000;
    out[count++] = 'e';
    count += weir_text_print_i64(exponent, out + count);
    out[count] = 0;
}

static double slow_f64(const struct decimal_number *number) {
    char plain[SLOW_DIGITS + 32];
    write_plain(number, plain);
    return strtod(plain, NULL);
}

static const double exact_powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static double decimal_to_f64(const struct decimal_number *number) {
    uint64_t mantissa = number->mantissa;
    int64_t exponent = number->exponent;
    if (mantissa == 0) return 0;
    if (!number->cut && mantissa <= UINT64_C(1) << 53 && exponent >= -22 && exponent <= 22) {
        double value = (double)mantissa; /* both exact, one rounding: Clinger 1990 */
        return exponent < 0 ? value / exact_powers[-exponent] : value * exact_powers[exponent];
    }
    bool sure, sure_above;
    double value = eisel_lemire(mantissa, exponent, &sure);
    if (sure && number->cut) {
        double above = eisel_lemire(mantissa + 1, exponent, &sure_above);
        sure = sure_above && above == value;
    }
    return sure ? value : slow_f64(number);
}

double weir_text_scaled_f64(uint64_t mantissa, int64_t exponent) {
    char digits[WEIR_TEXT_BYTES];
    size_t count = weir_text_print_u64(mantissa, digits);
    struct decimal_number number = {mantissa, exponent, false, digits, digits + count, exponent};
    return decimal_to_f64(&number);
}

static float decimal_to_f32(const struct decimal_number *number) {
    double value = decimal_to_f64(number);
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    /* Rounding twice goes wrong only where the double lies half way between two floats, or the float is subnormal.
     */
    bool risky = (bits & 0x1FFFFFFF) == 0x10000000 || (value != 0 && value < 1.2e-38);
    if (!risky) return (float)value;
    char plain[SLOW_DIGITS + 32];
    write_plain(number, plain);
    return strtof(plain, NULL);
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Java's hexadecimal form after '0x': written again without the point, for strtod. `at` may stay behind on a
 * defect. */
static const char *take_hex(const char *at, const char *end, char *plain) {
    size_t count = 0, kept = 0;
    int64_t exponent = 0, written;
    bool point = false, sticky = false;
    memcpy(plain, "0x", 2);
    for (; at < end; at++) {
        int digit = hex_digit(*at);
        if (digit < 0 && (*at != '.' || point)) break;
        if (digit < 0) {
            point = true;
            continue;
        }
        count++;
        if (kept == 0 && digit == 0) {
            exponent -= point ? 4 : 0;
        } else if (kept < 64) {
            plain[2 + kept++] = *at;
            exponent -= point ? 4 : 0;
        } else {
            sticky = sticky || digit;
            exponent += point ? 0 : 4;
        }
    }
    if (count == 0 || at == end || (*at | 32) != 'p') return NULL;
    at = take_exponent(at + 1, end, &written);
    if (!at) return NULL;
    if (kept == 0) plain[2 + kept++] = '0';
    if (sticky) {
        plain[2 + kept++] = '1';
        exponent -= 4;
    }
    plain[2 + kept++] = 'p';
    exponent += written;
    if (exponent > 100000) exponent = 100000;
    if (exponent < -100000) exponent = -100000;
    kept += weir_text_print_i64(exponent, plain + 2 + kept);
    plain[2 + kept] = 0;
    return at;
}

enum float_form { FORM_BAD, FORM_DECIMAL, FORM_HEX, FORM_NAN, FORM_INFINITY };

#define HEX_BYTES 128

/* Sorts the text out; *negative is its sign. */
static enum float_form take_float(const char *text, size_t length, bool *negative, struct decimal_number *number,
                                  char *hex) {
    weir_text_trim(&text, &length);
    const char *end = text + length;
    *negative = text < end && *text == '-';
    if (text < end && (*text == '-' || *text == '+')) text++;
    size_t rest = (size_t)(end - text);
    if (rest == 3 && memcmp(text, "NaN", 3) == 0) return FORM_NAN;
    if (rest == 8 && memcmp(text, "Infinity", 8) == 0) return FORM_INFINITY;
    bool is_hex = rest > 2 && text[0] == '0' && (text[1] | 32) == 'x';
    const char *after = is_hex ? take_hex(text + 2, end, hex) : take_decimal(text, end, number);
    if (!after) return FORM_BAD;
    if (after < end && ((*after | 32) == 'f' || (*after | 32) == 'd')) after++;
    if (after != end) return FORM_BAD;
    return is_hex ? FORM_HEX : FORM_DECIMAL;
}

bool weir_text_parse_f64(const char *text, size_t length, double *out) {
    bool negative;
    struct decimal_number number;
    char hex[HEX_BYTES];
    double value = 0;
    switch (take_float(text, length, &negative, &number, hex)) {
    case FORM_BAD: return false;
    case FORM_DECIMAL: value = decimal_to_f64(&number); break;
    case FORM_HEX: value = strtod(hex, NULL); break;
    case FORM_NAN: *out = NAN; return true;
    case FORM_INFINITY: value = HUGE_VAL; break;
    }
    *out = negative ? -value : value;
    return true;
}

bool weir_text_parse_f32(const char *text, size_t length, float *out) {
    bool negative;
    struct decimal_number number;
    char hex[HEX_BYTES];
    float value = 0;
    switch (take_float(text, length, &negative, &number, hex)) {
    case FORM_BAD: return false;
    case FORM_DECIMAL: value = decimal_to_f32(&number); break;
    case FORM_HEX: value = strtof(hex, NULL); break;
    case FORM_NAN: *out = NAN; return true;
    case FORM_INFINITY: value = HUGE_VALF; break;
    }
    *out = negative ? -value : value;
    return true;
}
