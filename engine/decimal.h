/* SPDX-License-Identifier: Apache-2.0
 *
 * DECIMAL(precision, scale): integers in units of 10^-scale, held in weir_i128. All functions are exact inside (up
 * to 256 bits) and, but for division, round once, at the end, half up (away from zero). They return false when the
 * result needs more than `precision` digits; SQL makes that NULL. Arguments may be any 128-bit integer.
 */
#ifndef WEIR_ENGINE_DECIMAL_H
#define WEIR_ENGINE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/checked.h"

#define WEIR_DECIMAL_DIGITS 38
#define WEIR_DECIMAL_TEXT_BYTES 48 /* sign, 39 digits, point, leading zero, end */

/* A value and how many of its digits stand behind the point (0..38). */
struct weir_decimal {
    weir_i128 value;
    int scale;
};

/* What a DECIMAL(precision, scale) holds. */
struct weir_decimal_type {
    int precision;
    int scale;
};

/* 10^exponent, exponent 0..38. */
weir_i128 weir_pow10_i128(int exponent);

bool weir_decimal_fits(weir_i128 value, int precision);

/* a in another type. */
bool weir_decimal_rescale(struct weir_decimal a, struct weir_decimal_type to, weir_i128 *out);

/* Digits of a kept behind the point; `digits` < 0 rounds tens, hundreds and so on. How to round. */
enum weir_decimal_rounding { WEIR_ROUND_HALF_UP, WEIR_ROUND_FLOOR, WEIR_ROUND_CEIL, WEIR_ROUND_DOWN };
bool weir_decimal_round(struct weir_decimal a, int digits, enum weir_decimal_rounding rounding,
                        struct weir_decimal_type to, weir_i128 *out);

bool weir_decimal_add(struct weir_decimal a, struct weir_decimal b, struct weir_decimal_type to, weir_i128 *out);
bool weir_decimal_subtract(struct weir_decimal a, struct weir_decimal b, struct weir_decimal_type to,
                           weir_i128 *out);
bool weir_decimal_multiply(struct weir_decimal a, struct weir_decimal b, struct weir_decimal_type to,
                           weir_i128 *out);
/* b.value is not 0; the remainder has the sign of a. The quotient is rounded to 38 significant digits before it is
 * rounded to the scale, as Flink does it. */
bool weir_decimal_divide(struct weir_decimal a, struct weir_decimal b, struct weir_decimal_type to, weir_i128 *out);
bool weir_decimal_modulo(struct weir_decimal a, struct weir_decimal b, struct weir_decimal_type to, weir_i128 *out);

/* Plain text with `scale` digits behind the point, "-0.05"; returns the length. buffer: WEIR_DECIMAL_TEXT_BYTES. */
int weir_decimal_format(struct weir_decimal a, char *buffer);

/* <0, 0, >0, whatever the scales. */
int weir_decimal_compare(struct weir_decimal a, struct weir_decimal b);

/* The nearest double. */
double weir_decimal_to_double(struct weir_decimal a);

/* A value of a DECIMAL type as a double, as Flink makes it: of at most 18 digits by one division of doubles (so
 * beyond 2^53 with two roundings), else the nearest. */
double weir_decimal_cast_double(weir_i128 value, struct weir_decimal_type type);

#endif
