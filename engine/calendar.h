/* SPDX-License-Identifier: Apache-2.0
 *
 * The proleptic Gregorian calendar over days since 1970-01-01. Pure arithmetic, right for days before 1970, too.
 */
#ifndef WEIR_ENGINE_CALENDAR_H
#define WEIR_ENGINE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

/* Days beyond +-WEIR_DAYS_MAX (years of a billion) are taken as that bound, so that no argument overflows. */
#define WEIR_DAYS_MAX (INT64_C(1) << 50)

struct weir_civil {
    int64_t year;  /* 0 is 1 BC */
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
};

/* month 1..12, day 1..31; a day past the month's last counts on into the next month. */
int64_t weir_days_from_civil(int64_t year, int32_t month, int32_t day);
struct weir_civil weir_civil_from_days(int64_t days);

/* The Julian calendar, which Java's old classes have before 15 October 1582. */
#define WEIR_DAYS_GREGORIAN INT64_C(-141427) /* that day */
int64_t weir_days_from_julian(int64_t year, int32_t month, int32_t day);
struct weir_civil weir_julian_from_days(int64_t days);

int32_t weir_days_in_month(int64_t year, int32_t month);

/* The same day `months` months later, held at the month's last day (31 January + 1 month = 28 or 29 February).
 * False when the result leaves the calendar. */
bool weir_days_add_months(int64_t days, int64_t months, int64_t *out);

int32_t weir_day_of_week(int64_t days); /* Sunday 1 .. Saturday 7 */
int32_t weir_day_of_year(int64_t days); /* from 1 */
int32_t weir_iso_week(int64_t days);    /* ISO 8601: 1..53, weeks begin on Monday */

#endif
