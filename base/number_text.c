/* SPDX-License-Identifier: Apache-2.0 */
#include "base/number_text.h"

void weir_text_trim(const char **text, size_t *length) {
    const char *begin = *text, *end = begin + *length;
    while (begin < end && (unsigned char)*begin <= ' ') begin++;
    while (begin < end && (unsigned char)end[-1] <= ' ') end--;
    *text = begin;
    *length = (size_t)(end - begin);
}

static unsigned digit_of(char c) { return (unsigned)(unsigned char)c - '0'; }

const char *weir_text_take_digits(const char *at, const char *end, int least, int most, int64_t *out) {
    int64_t value = 0;
    int count = 0;
    for (; at < end && count < most && digit_of(*at) <= 9; at++, count++) value = value * 10 + digit_of(*at);
    *out = value;
    return count >= least ? at : NULL;
}

const char *weir_text_take_fraction(const char *at, const char *end, int64_t *nanos) {
    const char *after = weir_text_take_digits(at, end, 0, 9, nanos);
    for (int64_t i = after - at; i < 9; i++) *nanos *= 10;
    return after;
}

const char *weir_text_take_i64(const char *at, const char *end, int64_t *out, bool *over) {
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+')) at++;
    if (at == end) return NULL;
    int64_t value = 0; /* counted down: INT64_MIN has no positive */
    *over = false;
    for (; at < end && digit_of(*at) <= 9; at++) {
        *over |= __builtin_mul_overflow(value, 10, &value);
        *over |= __builtin_sub_overflow(value, (int64_t)digit_of(*at), &value);
    }
    *over |= !negative && value == INT64_MIN;
    if (!*over) *out = negative ? value : -value;
    return at;
}
