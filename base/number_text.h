/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers as text, to Java's letter, whatever the C locale: what CAST, every text format and whoever shows a cell
 * have in common. What only one of them allows or forbids stays with it (engine/value_text.h,
 * connect/text_value.h).
 *
 * Readers read nothing beyond the text they are given. Printers write at most WEIR_TEXT_BYTES bytes to a buffer of
 * at least that size, no terminating zero, and return the bytes written. Any thread.
 */
#ifndef WEIR_BASE_NUMBER_TEXT_H
#define WEIR_BASE_NUMBER_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/checked.h"

/* Room that a printed value of any type of fixed width needs at most. */
#define WEIR_TEXT_BYTES 64

enum weir_text_result {
    WEIR_TEXT_OK,
    WEIR_TEXT_MALFORMED, /* not a value of the type at all */
    WEIR_TEXT_RANGE,     /* a value that the type does not hold */
};

/* Narrows [*text, *text + *length) by what Java's trim() removes: bytes <= 0x20 at both ends. */
void weir_text_trim(const char **text, size_t *length);

/* ---- taking pieces off the front of [at, end): they return what follows the piece, or NULL ---------------------
 */

/* As many digits as follow, at most `most` (<= 18); NULL when they are fewer than `least`. */
const char *weir_text_take_digits(const char *at, const char *end, int least, int most, int64_t *out);

/* The digits behind a point, none to nine of them, as 10^-9. Never NULL. */
const char *weir_text_take_fraction(const char *at, const char *end, int64_t *nanos);

/* An optional sign and all digits behind it, possibly none; NULL when nothing at all stands behind the sign. *over:
 * the number passes int64_t, *out is unspecified. */
const char *weir_text_take_i64(const char *at, const char *end, int64_t *out, bool *over);

/* ---- whole texts ----------------------------------------------------------------------------------------------
 */

/* As Double.parseDouble and Float.parseFloat: trimmed, decimal and hexadecimal forms, NaN, Infinity, an optional
 * sign and an optional suffix f, F, d or D; correctly rounded; too large is infinite, too small zero. False when it
 * is no number; *out is then unspecified. */
bool weir_text_parse_f64(const char *text, size_t length, double *out);
bool weir_text_parse_f32(const char *text, size_t length, float *out);

/* As new BigDecimal (sign, digits, point, exponent up to 2^31 - 1; not trimmed), as unscaled DECIMAL(precision,
 * scale), rounded half up (away from zero). WEIR_TEXT_RANGE: more than precision - scale digits before the point.
 */
enum weir_text_result weir_text_parse_decimal(const char *text, size_t length, int precision, int scale,
                                              weir_i128 *out);

/* The double nearest to mantissa * 10^exponent. */
double weir_text_scaled_f64(uint64_t mantissa, int64_t exponent);

/* ---- printing -------------------------------------------------------------------------------------------------
 */

size_t weir_text_print_i64(int64_t value, char *buffer);
size_t weir_text_print_u64(uint64_t value, char *buffer);

/* The last `digits` digits of value >= 0, zeros in front; returns what follows them. */
WEIR_INLINE char *weir_text_put_digits(char *at, int64_t value, int digits) {
    for (int i = digits - 1; i >= 0; i--, value /= 10) at[i] = (char)('0' + value % 10);
    return at + digits;
}

/* The shortest digits that read back as the same value, at least two tried for, laid out as Double.toString and
 * Float.toString do: plain from 10^-3 to below 10^7, at least one digit behind the point; 100.0, 1.0E20, 1.0E-5,
 * -0.0, NaN, -Infinity. */
size_t weir_text_print_f64(double value, char *buffer);
size_t weir_text_print_f32(float value, char *buffer);

/* The digits that weir_text_print_f64 prints of a finite value > 0, as digits * 10^*exponent; zeros may close them,
 * at most 18 digits. */
uint64_t weir_text_shortest_f64(double value, int *exponent);

/* Unscaled value and 0 <= scale <= 38: exactly `scale` digits after the point, no point for 0. */
size_t weir_text_print_decimal(weir_i128 unscaled, int scale, char *buffer);

#endif
