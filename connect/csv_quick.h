/* SPDX-License-Identifier: Apache-2.0
 *
 * Quick ways for the shapes that fields mostly have: plain digits, a full timestamp. False where a field has
 * another, good or bad. Words of 8 bytes are read little-endian and may reach WEIR_CSV_PADDING bytes beyond a
 * field.
 */
#ifndef WEIR_CONNECT_CSV_QUICK_H
#define WEIR_CONNECT_CSV_QUICK_H

#include <string.h>

#include "base/attributes.h"
#include "base/checked.h"
#include "connect/csv_column.h"
#include "engine/calendar.h"
#include "simd/text_slot.h"

/* 8 digits, the first in the lowest byte. */
WEIR_INLINE bool all_digits(uint64_t word) {
    return ((word & UINT64_C(0xF0F0F0F0F0F0F0F0)) |
            (((word + UINT64_C(0x0606060606060606)) & UINT64_C(0xF0F0F0F0F0F0F0F0)) >> 4)) ==
           UINT64_C(0x3333333333333333);
}

WEIR_INLINE uint64_t eight_digits(uint64_t word) {
    word -= UINT64_C(0x3030303030303030);
    word = word * 10 + (word >> 8);
    return (((word & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064)) +
            (((word >> 16) & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x0000271000000001))) >>
           32;
}

/* 1 to 8 digits, filled up with leading zeros. */
WEIR_INLINE uint64_t few_digits(const char *text, size_t length) {
    unsigned shift = 64 - 8 * (unsigned)length;
    return weir_text_load(text) << shift | (shift ? UINT64_C(0x3030303030303030) >> (64 - shift) : 0);
}

/* An optional '-' and 1 to 16 digits. */
WEIR_INLINE bool quick_i64(const char *text, size_t length, int64_t *out) {
    bool negative = *text == '-';
    text += negative;
    length -= negative;
    if (WEIR_UNLIKELY(length - 1 > 15)) return false;
    uint64_t value;
    if (length <= 8) {
        uint64_t word = few_digits(text, length);
        if (WEIR_UNLIKELY(!all_digits(word))) return false;
        value = eight_digits(word);
    } else {
        uint64_t head = few_digits(text, length - 8), tail = weir_text_load(text + length - 8);
        if (WEIR_UNLIKELY(!all_digits(head) || !all_digits(tail))) return false;
        value = eight_digits(head) * 100000000 + eight_digits(tail);
    }
    *out = ((int64_t)value ^ -(int64_t)negative) + negative;
    return true;
}

static const double powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

/* Without a branch, which in columns of both signs cannot be foreseen. */
WEIR_INLINE double with_sign(double value, bool negative) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    bits |= (uint64_t)negative << 63;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* 1 to 8 digits with a point among them, or none: mantissa and digits behind the point. */
WEIR_INLINE bool few_with_point(const char *text, size_t length, uint64_t *mantissa, size_t *fraction) {
    uint64_t word = few_digits(text, length); /* the last character in the highest byte */
    uint64_t differs = word ^ UINT64_C(0x2E2E2E2E2E2E2E2E);
    uint64_t points = (differs - UINT64_C(0x0101010101010101)) & ~differs & UINT64_C(0x8080808080808080);
    *fraction = 0;
    if (points != 0) { /* the first one; a second is no digit */
        unsigned at = (unsigned)__builtin_ctzll(points) - 7;
        uint64_t before = word & ((UINT64_C(1) << at) - 1);
        uint64_t behind = at == 56 ? 0 : word >> (at + 8) << (at + 8);
        word = behind | before << 8 | 0x30;
        *fraction = 7 - at / 8;
    }
    *mantissa = eight_digits(word);
    return all_digits(word) && (points == 0 || length > 1);
}

/* An optional '-', digits and a point among them, 15 digits at most: mantissa and power of ten are exact doubles,
 * so one division rounds correctly (Clinger 1990). */
WEIR_INLINE bool quick_f64(const char *text, size_t length, double *out) {
    const char *at = text, *end = text + length, *point = NULL;
    bool negative = length > 0 && *at == '-';
    at += negative;
    if (WEIR_UNLIKELY((size_t)(end - at) - 1 > 15)) return false;
    uint64_t mantissa = 0;
    size_t fraction;
    if (end - at <= 8) {
        if (WEIR_UNLIKELY(!few_with_point(at, (size_t)(end - at), &mantissa, &fraction))) return false;
        *out = with_sign((double)mantissa / powers[fraction], negative);
        return true;
    }
    const char *first = at;
    for (; at < end; at++) {
        unsigned digit = (unsigned)(unsigned char)*at - '0';
        if (digit <= 9) {
            mantissa = mantissa * 10 + digit;
        } else {
            if (*at != '.' || point) return false;
            point = at;
        }
    }
    fraction = point ? (size_t)(end - point) - 1 : 0;
    if (WEIR_UNLIKELY(end - first == (point != NULL) || (!point && end - first > 15))) return false;
    *out = with_sign((double)mantissa / powers[fraction], negative);
    return true;
}

/* An optional '-', up to 8 digits and a point among them, behind it no more than the scale keeps. */
WEIR_INLINE bool quick_decimal(const char *text, size_t length, const struct weir_type *type, int64_t *out) {
    static const int64_t whole[] = {INT64_C(1),
                                    INT64_C(10),
                                    INT64_C(100),
                                    INT64_C(1000),
                                    INT64_C(10000),
                                    INT64_C(100000),
                                    INT64_C(1000000),
                                    INT64_C(10000000),
                                    INT64_C(100000000),
                                    INT64_C(1000000000),
                                    INT64_C(10000000000),
                                    INT64_C(100000000000),
                                    INT64_C(1000000000000),
                                    INT64_C(10000000000000),
                                    INT64_C(100000000000000),
                                    INT64_C(1000000000000000),
                                    INT64_C(10000000000000000),
                                    INT64_C(100000000000000000)};
    uint64_t mantissa;
    size_t fraction, scale = (size_t)type->scale;
    bool negative = length > 0 && *text == '-';
    text += negative;
    length -= negative;
    if (WEIR_UNLIKELY(length - 1 > 7 || !few_with_point(text, length, &mantissa, &fraction))) return false;
    if (WEIR_UNLIKELY(fraction > scale || scale - fraction > 9)) return false;
    int64_t value = (int64_t)mantissa * whole[scale - fraction]; /* of 17 digits at most */
    if (WEIR_UNLIKELY(type->precision < 17 && value >= whole[type->precision])) return false;
    *out = negative ? -value : value;
    return true;
}

WEIR_INLINE bool two_digits(const char *text, unsigned *out) {
    unsigned high = (unsigned)(unsigned char)text[0] - '0', low = (unsigned)(unsigned char)text[1] - '0';
    *out = high * 10 + low;
    return high <= 9 && low <= 9;
}

/* 'YYYY-MM-DD' with month and day in their ranges; the last days of short months are left to the slow way. */
WEIR_INLINE bool quick_date(const char *text, int64_t *days) {
    unsigned century, year, month, day;
    bool digits = two_digits(text, &century) & two_digits(text + 2, &year) & two_digits(text + 5, &month) &
                  two_digits(text + 8, &day);
    if (!digits || text[4] != '-' || text[7] != '-' || month - 1 > 11 || day - 1 > 27) return false;
    *days = weir_days_from_civil(century * 100 + year, (int32_t)month, (int32_t)day);
    return true;
}

WEIR_INLINE bool cached_date(struct weir_csv_column *column, const char *text, int64_t *days) {
    uint64_t head = weir_text_load(text),
             tail = weir_text_load(text + 2); /* the two overlap: together they are the 10 bytes */
    if (WEIR_UNLIKELY(head != column->date_text[0] || tail != column->date_text[1])) {
        if (!quick_date(text, &column->date_days)) {
            column->date_text[0] = 0;
            return false;
        }
        column->date_text[0] = head;
        column->date_text[1] = tail;
    }
    *days = column->date_days;
    return true;
}

/* 'YYYY-MM-DD HH:MM:SS' and a fraction of 1 to 9 digits, or none. */
WEIR_INLINE bool quick_timestamp(struct weir_csv_column *column, const char *text, size_t length, int64_t *out) {
    unsigned hour, minute, second;
    int64_t days, nanos = 0;
    if (WEIR_UNLIKELY(length < 19 || length > 29 || length == 20)) return false;
    if (!cached_date(column, text, &days)) return false;
    bool digits = two_digits(text + 11, &hour) & two_digits(text + 14, &minute) & two_digits(text + 17, &second);
    if (WEIR_UNLIKELY(!digits || text[10] != ' ' || text[13] != ':' || text[16] != ':')) return false;
    if (WEIR_UNLIKELY(hour > 23 || minute > 59 || second > 59)) return false;
    if (length > 20) {
        if (text[19] != '.') return false;
        for (size_t i = 20; i < 29; i++) {
            unsigned digit = i < length ? (unsigned)(unsigned char)text[i] - '0' : 0;
            if (digit > 9) return false;
            nanos = nanos * 10 + digit;
        }
    }
    int64_t seconds = days * 86400 + hour * 3600 + minute * 60 + second;
    switch (column->layout.ticks_per_second) { /* years 0 to 9999: only nanoseconds can overflow */
    case 1000: *out = seconds * 1000 + nanos / 1000000; return true;
    case 1000000: *out = seconds * 1000000 + nanos / 1000; return true;
    default: return weir_mul_i64(seconds, 1000000000, out) && weir_add_i64(*out, nanos, out);
    }
}

#endif
