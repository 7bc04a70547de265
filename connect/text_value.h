/* SPDX-License-Identifier: Apache-2.0
 *
 * Values as text: parsing as Flink's CSV format does (which is how Java does), and printing, for every text format
 * and for whoever shows a cell. Numbers but for what is CSV's own come from base/number_text.h.
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

#include "base/number_text.h"

/* ---- parsing ------------------------------------------------------------------------------------------------- */

/* An optional sign and decimal digits; false beyond [min, max]. */
bool weir_text_parse_i64(const char *text, size_t length, int64_t min, int64_t max, int64_t *out);

/* True for 'true' in any case, false for anything else: there is no bad boolean. */
bool weir_text_parse_bool(const char *text, size_t length);

/* How a date with a time is written. */
enum weir_text_time_form {
    WEIR_TEXT_TIME_PLAIN = 0, /* 'YYYY-MM-DD HH:MM:SS[.f{0,9}]' */
    WEIR_TEXT_TIME_ZULU = 1,  /* the same and a 'Z' */
    /* Or-ed to either, as ISO 8601 has it: 'T' may stand for the blank, the seconds may be missing, and instead of
     * 'Z' may stand an offset: '+01:00', '+0100', '+01'. */
    WEIR_TEXT_TIME_ISO = 2,
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

/* Base64 with its padding, not trimmed, into `out` (at least length / 4 * 3 bytes): the bytes, or -1 when it is
 * none. */
int64_t weir_text_parse_base64(const char *text, size_t length, char *out);

/* ---- printing ------------------------------------------------------------------------------------------------ */

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
