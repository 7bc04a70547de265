/* SPDX-License-Identifier: Apache-2.0
 *
 * Values as text: parsing as Flink's CSV format does (which is how Java does), and printing. One implementation for
 * every text format and for whoever shows a cell.
 *
 * Parsers take a text and its length, read nothing beyond, and return false when the text is not such a value; *out
 * is then unspecified. Unless stated, they ignore what Java's trim() does: bytes <= 0x20 at both ends. Printers
 * write at most WEIR_TEXT_BYTES bytes to a buffer of at least that size, no terminating zero, and return the bytes
 * written.
 */
#ifndef WEIR_CONNECT_TEXT_VALUE_H
#define WEIR_CONNECT_TEXT_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/checked.h"

/* Room that a printed value of any type of fixed width needs at most. */
#define WEIR_TEXT_BYTES 64

/* ---- parsing ------------------------------------------------------------------------------------------------- */

/* Narrows [*text, *text + *length) by what Java's trim() removes. */
void weir_text_trim(const char **text, size_t *length);

/* An optional sign and decimal digits; false beyond [min, max]. */
bool weir_text_parse_i64(const char *text, size_t length, int64_t min, int64_t max, int64_t *out);

/* As Double.parseDouble and Float.parseFloat: decimal and hexadecimal forms, NaN, Infinity, an optional sign and an
 * optional suffix f, F, d or D; correctly rounded; too large is infinite, too small zero. */
bool weir_text_parse_f64(const char *text, size_t length, double *out);
bool weir_text_parse_f32(const char *text, size_t length, float *out);

/* True for 'true' in any case, false for anything else: there is no bad boolean. */
bool weir_text_parse_bool(const char *text, size_t length);

enum weir_text_decimal {
    WEIR_TEXT_DECIMAL_OK,
    WEIR_TEXT_DECIMAL_BAD,      /* no number */
    WEIR_TEXT_DECIMAL_OVERFLOW, /* more than precision - scale digits before the point */
};

/* As new BigDecimal (sign, digits, point, exponent; not trimmed), as unscaled DECIMAL(precision, scale), rounded
 * half up (away from zero). */
enum weir_text_decimal weir_text_parse_decimal(const char *text, size_t length, int precision, int scale,
                                               weir_i128 *out);

/* How a date with a time is written. */
enum weir_text_time_form {
    WEIR_TEXT_TIME_PLAIN = 0,    /* 'YYYY-MM-DD HH:MM:SS[.f{0,9}]' */
    WEIR_TEXT_TIME_ZULU = 1,     /* the same and a 'Z' */
    WEIR_TEXT_TIME_ANY_MARK = 2, /* or-ed to either: 'T' may stand for the blank */
};

/* As java.sql.Date.valueOf, not trimmed: a year of 4 digits, month and day of 1 or 2; the 29th to 31st of a shorter
 * month runs on into the next. Days since 1970-01-01. Old dates pass Java's Julian calendar on the way. */
bool weir_text_parse_date(const char *text, size_t length, int32_t *days);

/* 'HH:MM[:SS[.f{0,9}]]', not trimmed; milliseconds since midnight, further digits cut. */
bool weir_text_parse_time(const char *text, size_t length, int32_t *ms);

/* A date with a time in ticks since 1970-01-01 00:00. The year has 4 digits, or a sign and more; the 29th to 31st
 * of a shorter month is its last day; '24:00:00' is the start of the next day; digits finer than a tick are cut.
 * ticks_per_second: 1, 1e3, 1e6 or 1e9. False when out of range. */
bool weir_text_parse_timestamp(const char *text, size_t length, unsigned form, int64_t ticks_per_second,
                               int64_t *out);

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar, month 1..12, day 1..31 (may run on into the
 * next month), abs(year) <= 1e10. */
int64_t weir_text_days(int64_t year, int month, int day);

/* Base64 with its padding, not trimmed, into `out` (at least length / 4 * 3 bytes): the bytes, or -1 when it is
 * none. */
int64_t weir_text_parse_base64(const char *text, size_t length, char *out);

/* ---- printing ------------------------------------------------------------------------------------------------ */

size_t weir_text_print_i64(int64_t value, char *buffer);
size_t weir_text_print_u64(uint64_t value, char *buffer);

/* The shortest digits that read back as the same value, laid out as Java does: 100.0, 1.0E20, 1.0E-5, -0.0, NaN,
 * -Infinity. */
size_t weir_text_print_f64(double value, char *buffer);
size_t weir_text_print_f32(float value, char *buffer);

/* Unscaled value and 0 <= scale <= 38: exactly `scale` digits after the point, no point for 0. */
size_t weir_text_print_decimal(weir_i128 unscaled, int scale, char *buffer);

/* YYYY-MM-DD; years beyond 9999 with more digits, before 0 with a '-'. abs(days) <= 4e12. */
size_t weir_text_print_date(int64_t days, char *buffer);

/* HH:MM:SS, and the fraction with all its digits when it is not zero. 0 <= ticks < a day. */
size_t weir_text_print_time(int64_t ticks, int64_t ticks_per_second, char *buffer);

/* Date, blank, time as above; a 'Z' behind when zulu. */
size_t weir_text_print_timestamp(int64_t ticks, int64_t ticks_per_second, bool zulu, char *buffer);

/* Intervals as Flink shows them: +D HH:MM:SS.mmm and +Y-MM. */
size_t weir_text_print_interval_ms(int64_t ms, char *buffer);
size_t weir_text_print_interval_months(int64_t months, char *buffer);

/* Bytes of base64 (with padding) of `length` bytes, and the text itself. */
size_t weir_text_base64_bytes(size_t length);
void weir_text_print_base64(const char *bytes, size_t length, char *out);

#endif
