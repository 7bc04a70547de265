/* SPDX-License-Identifier: Apache-2.0
 *
 * A compiled pattern, for the two files that work on one: time_pattern.c and time_pattern_read.c.
 */
#ifndef WEIR_ENGINE_TIME_PATTERN_FIELDS_H
#define WEIR_ENGINE_TIME_PATTERN_FIELDS_H

#include "engine/time_pattern.h"

#define WEIR_PATTERN_LITERAL '\0'
#define WEIR_PATTERN_DEPTH_MAX 8

struct weir_pattern_field {
    char letter; /* '[' and ']' too */
    bool number; /* read as one */
    bool abuts;  /* a number that another follows at once */
    int32_t count;
    int32_t fixed;           /* digits of a number when read; 0: as many as there are */
    int32_t after;           /* digits that the numbers right behind it need */
    int32_t end;             /* '[': its ']' */
    struct weir_string text; /* LITERAL */
};

struct weir_time_pattern {
    bool simple;
    int32_t count;
    struct weir_pattern_field *fields;
};

extern const char *const weir_month_names[12];
extern const char *const weir_day_names[7]; /* from Sunday */

#endif
