/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers and times as text: what CAST writes and reads, to Flink's (Java's) letter, whatever the C locale; how a
 * number is spelled is base/number_text.h. Texts are not terminated on the way in. Writers terminate, return the
 * length and need a buffer of WEIR_VALUE_TEXT_BYTES.
 */
#ifndef WEIR_ENGINE_VALUE_TEXT_H
#define WEIR_ENGINE_VALUE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/number_text.h"
#include "engine/decimal.h"

#define WEIR_VALUE_TEXT_BYTES WEIR_TEXT_BYTES

struct weir_string;
struct weir_type;
struct weir_vector;

/* The text that CAST gives a value that is not NULL and no string, not terminated; it lies in the buffer, or is
 * static. */
struct weir_string weir_text_of_value(struct weir_type type, const struct weir_vector *vector, int32_t row,
                                      char *buffer);

/* ---- numbers ---- */

/* The printers of base/number_text.h, terminated. */
int weir_text_write_i64(int64_t value, char *buffer);
int weir_text_write_double(double value, char *buffer);
int weir_text_write_float(float value, char *buffer);

/* Blanks around are skipped; digits behind a point are checked and dropped: "12.7" is 12. */
enum weir_text_result weir_text_read_i64(const char *text, int64_t length, int64_t *out);
/* As Double.parseDouble, without hexadecimal numbers: blanks around, an exponent, NaN, Infinity, a closing d or f.
 */
enum weir_text_result weir_text_read_double(const char *text, int64_t length, double *out);
/* The same, rounded once to float. */
enum weir_text_result weir_text_read_float(const char *text, int64_t length, float *out);
/* As new BigDecimal, blanks around skipped; rounds half up. WEIR_TEXT_RANGE when the value needs more digits than
 * `to` has. */
enum weir_text_result weir_text_read_decimal(const char *text, int64_t length, struct weir_decimal_type to,
                                             weir_i128 *out);
/* 't', 'true', 'y', 'yes', '1' and their opposites, in any case. */
enum weir_text_result weir_text_read_boolean(const char *text, int64_t length, bool *out);

/* A finite double as BigDecimal.valueOf sees it, that is by the digits of weir_text_write_double, rounded to a
 * decimal. WEIR_TEXT_RANGE when it needs more digits than `to` has, WEIR_TEXT_MALFORMED for NaN and the infinities.
 */
enum weir_text_result weir_text_double_to_decimal(double value, struct weir_decimal_type to, weir_i128 *out);
/* The same rounded to `digits` behind the point (half up; digits may be negative) and back. NaN and infinities
 * stay. */
double weir_text_round_double(double value, int64_t digits);

/* ---- times ---- */

/* 2024-01-31; a year beyond 9999 in as many digits as it has, one before 0 with a '-'. */
int weir_text_write_date(int64_t days, char *buffer);
/* HH:MM:SS of a second of the day, not terminated; returns what follows it. */
char *weir_text_put_clock(char *at, int second_of_day);
int weir_text_write_time(int64_t ms, int precision, char *buffer); /* 10:20:30, 10:20:30.5 */
/* 2024-01-31 10:20:30.456: `precision` digits behind the point, more where the value has them. ticks: in a second.
 */
int weir_text_write_timestamp(int64_t value, int64_t ticks, int precision, char *buffer);

/* yyyy-MM-dd (also yyyy-MM and yyyy); a time behind a blank is dropped. 30 February is malformed. */
enum weir_text_result weir_text_read_date(const char *text, int64_t length, int64_t *days);
/* HH, HH:mm or HH:mm:ss[.fraction], rounded to ms. */
enum weir_text_result weir_text_read_time(const char *text, int64_t length, int64_t *ms);
/* yyyy-M-d [H:m:s[.fraction]] with a blank between, no blank around. Digits past `precision` are cut; a day past
 * its month's last is the last (as Java's SMART resolver does); 24:00:00 is the next day. */
enum weir_text_result weir_text_read_timestamp(const char *text, int64_t length, int64_t ticks, int precision,
                                               int64_t *out);

#endif
