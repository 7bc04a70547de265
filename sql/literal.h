/* SPDX-License-Identifier: Apache-2.0
 *
 * The text of DATE, TIME, TIMESTAMP and INTERVAL literals to numbers.
 */
#ifndef WEIR_SQL_LITERAL_H
#define WEIR_SQL_LITERAL_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/expression.h"

/* 'YYYY-MM-DD' to days since 1970-01-01. */
bool weir_literal_date(const char *text, int64_t *days);

/* 'HH:MM:SS[.fraction]' to ms of the day; digits of the fraction past ms must be zero. */
bool weir_literal_time(const char *text, int64_t *ms, int *fraction_digits);

/* 'YYYY-MM-DD HH:MM:SS[.fraction]' to nanoseconds since 1970, split so that years 1 to 9999 fit: seconds and the
 * nanoseconds within. `date_alone` also takes 'YYYY-MM-DD'. At most nine digits of fraction. */
bool weir_literal_timestamp(const char *text, bool date_alone, int64_t *seconds, int32_t *nanoseconds,
                            int *fraction_digits);

/* A count of `from`, or fields from `from` down to `to` as in '1 02:03:04.005' DAY TO SECOND. In months where
 * `from` is YEAR, QUARTER or MONTH, else in ms. False when the text does not fit the units or the result 64 bits. A
 * first field may have any number of digits. */
bool weir_literal_interval(const char *text, enum weir_time_unit from, enum weir_time_unit to, int64_t *out);

/* True for YEAR, QUARTER and MONTH. */
bool weir_unit_is_calendar(enum weir_time_unit unit);

#endif
