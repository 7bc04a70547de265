/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/calendar.h"

#include "base/checked.h"

/* Days from 0000-03-01 to 1970-01-01, and in 400 years. Years are counted from March, so that the leap day is the
 * last; see Howard Hinnant, "chrono-compatible low-level date algorithms". */
#define DAYS_TO_EPOCH INT64_C(719468)
#define DAYS_OF_ERA INT64_C(146097)

int64_t weir_days_from_civil(int64_t year, int32_t month, int32_t day) {
    year -= month <= 2;
    int64_t era = weir_floordiv_i64(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_OF_ERA + day_of_era - DAYS_TO_EPOCH;
}

static int64_t hold(int64_t days) {
    if (days > WEIR_DAYS_MAX) return WEIR_DAYS_MAX;
    return days < -WEIR_DAYS_MAX ? -WEIR_DAYS_MAX : days;
}

struct weir_civil weir_civil_from_days(int64_t days) {
    days = hold(days) + DAYS_TO_EPOCH;
    int64_t era = weir_floordiv_i64(days, DAYS_OF_ERA);
    int64_t day_of_era = days - era * DAYS_OF_ERA;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    struct weir_civil civil;
    civil.day = (int32_t)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    civil.month = (int32_t)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    civil.year = year_of_era + era * 400 + (civil.month <= 2);
    return civil;
}

/* The same with a leap day every four years, and an epoch two days later in Gregorian days: 1 March of the year 0.
 */
#define JULIAN_DAYS_TO_EPOCH INT64_C(719470)
#define JULIAN_DAYS_OF_FOUR_YEARS INT64_C(1461)

int64_t weir_days_from_julian(int64_t year, int32_t month, int32_t day) {
    year -= month <= 2;
    int64_t cycle = weir_floordiv_i64(year, 4);
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return cycle * JULIAN_DAYS_OF_FOUR_YEARS + (year - cycle * 4) * 365 + day_of_year - JULIAN_DAYS_TO_EPOCH;
}

struct weir_civil weir_julian_from_days(int64_t days) {
    days = hold(days) + JULIAN_DAYS_TO_EPOCH;
    int64_t cycle = weir_floordiv_i64(days, JULIAN_DAYS_OF_FOUR_YEARS);
    int64_t day_of_cycle = days - cycle * JULIAN_DAYS_OF_FOUR_YEARS;
    int64_t year_of_cycle = (day_of_cycle - day_of_cycle / 1460) / 365;
    int64_t day_of_year = day_of_cycle - 365 * year_of_cycle;
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    struct weir_civil civil;
    civil.day = (int32_t)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    civil.month = (int32_t)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    civil.year = cycle * 4 + year_of_cycle + (civil.month <= 2);
    return civil;
}

int32_t weir_days_in_month(int64_t year, int32_t month) {
    static const int32_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month != 2) return days[month - 1];
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return leap ? 29 : 28;
}

bool weir_days_add_months(int64_t days, int64_t months, int64_t *out) {
    if (days > WEIR_DAYS_MAX || days < -WEIR_DAYS_MAX) return false;
    struct weir_civil civil = weir_civil_from_days(days);
    int64_t month_count;
    if (!weir_add_i64(civil.year * 12 + civil.month - 1, months, &month_count)) return false;
    if (month_count > WEIR_DAYS_MAX / 31 || month_count < -WEIR_DAYS_MAX / 31) return false;
    int64_t year = weir_floordiv_i64(month_count, 12);
    int32_t month = (int32_t)weir_floormod_i64(month_count, 12) + 1;
    int32_t last = weir_days_in_month(year, month);
    *out = weir_days_from_civil(year, month, civil.day < last ? civil.day : last);
    return true;
}

int32_t weir_day_of_week(int64_t days) { return (int32_t)weir_floormod_i64(hold(days) + 4, 7) + 1; }

int32_t weir_day_of_year(int64_t days) {
    days = hold(days);
    return (int32_t)(days - weir_days_from_civil(weir_civil_from_days(days).year, 1, 1)) + 1;
}

int32_t weir_iso_week(int64_t days) {
    days = hold(days);
    int64_t monday = days - weir_floormod_i64(days + 3, 7);
    return (weir_day_of_year(monday + 3) - 1) / 7 + 1; /* the week belongs to the year of its Thursday */
}
