/* SPDX-License-Identifier: Apache-2.0
 *
 * Times written and read by a pattern ("yyyy-MM-dd HH:mm:ss"), as Java's DateTimeFormatter and SimpleDateFormat do,
 * in English: the one checks what it reads, the other takes any number and counts on (month 13 is January), reads
 * 'S' as milliseconds, ignores what follows, and has the Julian calendar before 15 October 1582.
 *
 * Letters: y u M L d D E a H h K k m s S, text in quotes, and with DateTimeFormatter optional parts in [ ]. Others
 * (zones, weeks, quarters, eras) are refused, and for reading D with either, E, yy, and H beside h with
 * SimpleDateFormat.
 */
#ifndef WEIR_ENGINE_TIME_PATTERN_H
#define WEIR_ENGINE_TIME_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alloc/arena.h"
#include "engine/batch.h"

enum weir_pattern_dialect {
    WEIR_PATTERN_FORMATTER, /* java.time.format.DateTimeFormatter */
    WEIR_PATTERN_SIMPLE,    /* java.text.SimpleDateFormat */
};

struct weir_time_pattern;

/* Compiles a pattern for writing or reading; it lives in the arena. NULL with a reason of at most `size` bytes, or
 * with an empty one when memory is short. */
const struct weir_time_pattern *weir_time_pattern_create(struct weir_arena *arena, struct weir_string text,
                                                         enum weir_pattern_dialect dialect, bool reading,
                                                         char *reason, size_t size);

/* The most bytes that a time takes. */
size_t weir_time_pattern_bytes(const struct weir_time_pattern *pattern);

/* Writes a wall-clock time: seconds since 1970 and nanoseconds of the second. Returns the length. */
size_t weir_time_pattern_write(const struct weir_time_pattern *pattern, int64_t seconds, int32_t nanos,
                               char *buffer);

/* Reads one; false where the text does not fit. DateTimeFormatter: as Flink's TO_TIMESTAMP, which lets a text that
 * does not fit still be yyyy-M-d[ H:m:s[.fraction]]. */
bool weir_time_pattern_read(const struct weir_time_pattern *pattern, struct weir_string text, int64_t *seconds,
                            int32_t *nanos);

#endif
