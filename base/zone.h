/* SPDX-License-Identifier: Apache-2.0
 *
 * Time zones: what a clock on the wall shows at an instant, and back, by the system's tz database.
 *
 * An instant is ms (or finer ticks) since 1970-01-01 00:00 UTC. A wall-clock ("local") time is written as the
 * instant at which UTC shows it. A zone is an array of periods of one offset each, fetched once; after that every
 * question is a search in it. Where summer time goes on for ever (the rule at the end of the zone's file) the
 * calendar's cycle of 400 years stands for the years past the array's end.
 *
 * A zone is immutable: any number of threads may read it. It is one flat piece of memory without pointers, which
 * may be copied (weir_zone_bytes). All arithmetic saturates at the ends of the 64-bit range. Not for calendar
 * fields: those are arithmetic on local times (engine/calendar.h).
 */
#ifndef WEIR_BASE_ZONE_H
#define WEIR_BASE_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "weir/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define WEIR_ZONE_NAME_MAX 63 /* bytes of a name */

struct weir_zone;

/* Opens a zone by its name, as Java's ZoneId takes it: a region ("Europe/Berlin", "UTC"), "Z", an offset ("+8",
 * "-05:30", "+05:30:15"; at most 18 hours), or UTC, GMT or UT with an offset ("GMT+8", "UTC+01:00"). Regions are
 * compared with case; the abbreviations EST, MST and HST are refused, as in Java. The tz database is the system's,
 * or that of the folder in the environment variable TZDIR.
 * Errors: WEIR_ERR_INVALID with the nearest name, WEIR_ERR_MEMORY. The caller closes *out; NULL after an error. */
enum weir_status weir_zone_open(const char *name, struct weir_zone **out, struct weir_error *error);
void weir_zone_close(struct weir_zone **zone);

/* Bytes of the zone, for a copy of it that lives elsewhere (aligned for int64_t). A copy is not closed. */
size_t weir_zone_bytes(const struct weir_zone *zone);

/* Makes of a zone what Java's old classes (java.util.TimeZone, SimpleDateFormat) have: before 1900-01-01 00:00 UTC
 * the clock shows the standard time that the zone has today. To be called before others see the zone. */
void weir_zone_forget_before_1900(struct weir_zone *zone);

const char *weir_zone_name(const struct weir_zone *zone);

/* The wall clock is that of UTC at all times. */
bool weir_zone_is_utc(const struct weir_zone *zone);

/* What the wall clock shows. */
int64_t weir_zone_local_ms(const struct weir_zone *zone, int64_t epoch_ms);

/* The same for `count` times in ticks (ticks_per_ms of them in a ms, 1 to 1 000 000); out may be ticks. Times in
 * order cost a comparison each. */
void weir_zone_local_ticks(const struct weir_zone *zone, const int64_t *ticks, int64_t count, int64_t ticks_per_ms,
                           int64_t *out);

/* The clock does not jump from one instant to another that is not before it. */
bool weir_zone_is_steady(const struct weir_zone *zone, int64_t from_ms, int64_t to_ms);

/* The instant of a wall-clock time, by the rules of Java's LocalDateTime.atZone: a time that the clock shows twice
 * means the earlier instant, one that it skips is moved on by as much as the clock jumps. */
int64_t weir_zone_epoch_ms(const struct weir_zone *zone, int64_t local_ms);
void weir_zone_epoch_ticks(const struct weir_zone *zone, const int64_t *ticks, int64_t count, int64_t ticks_per_ms,
                           int64_t *out);

/* The same by the rules of Java's old calendars (SimpleDateFormat): a time that the clock shows twice means the
 * later instant. */
int64_t weir_zone_epoch_last_ms(const struct weir_zone *zone, int64_t local_ms);
void weir_zone_epoch_last_ticks(const struct weir_zone *zone, const int64_t *ticks, int64_t count,
                                int64_t ticks_per_ms, int64_t *out);

/* The instant at which a window whose last ms on the wall clock is local_ms fires in Flink
 * (TimeWindowUtil.toEpochMillsForTimer). In zones with summer time: a time that the clock shows twice an hour apart
 * means the later instant, one that it skips by an hour the hour (of UTC) that holds the jump; in all others, and
 * for jumps of other lengths, Flink takes weir_zone_epoch_ms (a time shown twice two hours apart gains an hour in
 * its second half). INT64_MAX means itself. */
int64_t weir_zone_timer_ms(const struct weir_zone *zone, int64_t local_ms);

/* W on the wall clock: the greatest L with weir_zone_timer_ms(L) <= epoch_ms, so that windows whose last ms is at
 * or before it have fired. Never falls while W rises. INT64_MIN and INT64_MAX mean themselves. Flink does not
 * everywhere fire windows in the order of their ends: not where a clock skips a stretch that is no hour of summer
 * time, nor around the half hour that Lord Howe shows twice. There a window that ends earlier and would fire later
 * fires with the first that ends after it. */
int64_t weir_zone_local_watermark(const struct weir_zone *zone, int64_t epoch_ms);

/* The same in ticks (ticks_per_ms of them in a ms): a local time within a ms that the clock skips fires with the
 * ms. */
int64_t weir_zone_timer_ticks(const struct weir_zone *zone, int64_t local, int64_t ticks_per_ms);
int64_t weir_zone_local_watermark_ticks(const struct weir_zone *zone, int64_t epoch, int64_t ticks_per_ms);

/* All changes of the wall clock since 1970 are of one hour, of a summer time that goes on for ever, or there are
 * none: then timers rise with local times, and Flink fires windows in the order of their ends, too. */
bool weir_zone_is_regular(const struct weir_zone *zone);

/* It has a summer time that goes on for ever. */
bool weir_zone_has_summer_time(const struct weir_zone *zone);

#ifdef __cplusplus
}
#endif

#endif
