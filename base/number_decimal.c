/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/number_text.h"

/* A decimal number's parts: significant digits begin at `first` (leading zeros skipped) and may hold one point; the
 * value is 0.DIGITS * 10^exponent. */
struct decimal_text {
    const char *first;
    const char *end;
    int64_t exponent;
    bool negative;
};

#define EXPONENT_MAX INT32_MAX

static bool take_exponent(const char *at, const char *end, int64_t *out) {
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+')) at++;
    if (at == end) return false;
    int64_t value = 0;
    for (; at < end; at++) {
        unsigned digit = (unsigned)(unsigned char)*at - '0';
        if (digit > 9 || value > EXPONENT_MAX) return false;
        value = value * 10 + digit;
    }
    *out = negative ? -value : value;
    return value <= EXPONENT_MAX;
}

static bool take_parts(const char *at, const char *end, struct decimal_text *out) {
    out->negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+')) at++;
    const char *point = NULL, *begin = at;
    int64_t whole = 0, skipped = 0;
    out->first = NULL;
    for (; at < end; at++) {
        if (*at == '.' && !point) {
            point = at;
            continue;
        }
        if ((unsigned)(unsigned char)*at - '0' > 9) break;
        if (!out->first && *at == '0') {
            skipped += point != NULL;
            continue;
        }
        if (!out->first) out->first = at;
        whole += point == NULL;
    }
    if (at - begin - (point != NULL) == 0) return false;
    out->end = at;
    if (!out->first) out->first = at;
    out->exponent = 0;
    if (at < end) {
        if ((*at | 32) != 'e' || !take_exponent(at + 1, end, &out->exponent)) return false;
    }
    out->exponent += whole - skipped;
    return true;
}

enum weir_text_result weir_text_parse_decimal(const char *text, size_t length, int precision, int scale,
                                              weir_i128 *out) {
    struct decimal_text parts;
    if (!take_parts(text, text + length, &parts)) return WEIR_TEXT_MALFORMED;
    *out = 0;
    if (parts.first == parts.end) return WEIR_TEXT_OK;
    int64_t keep = parts.exponent + scale; /* digits left of the cut */
    if (keep > 38) return WEIR_TEXT_RANGE;
    if (keep < 0) return WEIR_TEXT_OK;
    weir_u128 value = 0;
    bool up = false;
    const char *at = parts.first;
    for (int64_t taken = 0; taken <= keep; taken++) {
        if (at < parts.end && *at == '.') at++;
        unsigned digit = at < parts.end ? (unsigned)(*at++ - '0') : 0;
        if (taken < keep)
            value = value * 10 + digit;
        else
            up = digit >= 5;
    }
    value += up;
    weir_u128 limit = 1;
    for (int i = 0; i < precision; i++) limit *= 10;
    if (value >= limit) return WEIR_TEXT_RANGE;
    *out = parts.negative ? -(weir_i128)value : (weir_i128)value;
    return WEIR_TEXT_OK;
}

size_t weir_text_print_decimal(weir_i128 unscaled, int scale, char *buffer) {
    weir_u128 rest = unscaled < 0 ? -(weir_u128)unscaled : (weir_u128)unscaled;
    char digits[48];
    int count = 0;
    while (rest >> 64) { /* 19 digits at a time: 64-bit division is far cheaper */
        uint64_t low = (uint64_t)(rest % UINT64_C(10000000000000000000));
        rest /= UINT64_C(10000000000000000000);
        for (int i = 0; i < 19; i++, low /= 10) digits[count++] = (char)('0' + low % 10);
    }
    for (uint64_t low = (uint64_t)rest; low; low /= 10) digits[count++] = (char)('0' + low % 10);
    while (count <= scale) digits[count++] = '0';
    char *at = buffer;
    if (unscaled < 0) *at++ = '-';
    while (count > scale) *at++ = digits[--count];
    if (scale > 0) *at++ = '.';
    while (count > 0) *at++ = digits[--count];
    return (size_t)(at - buffer);
}
