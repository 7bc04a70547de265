/* SPDX-License-Identifier: Apache-2.0 */
#include "base/zone.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/error.h"
#include "base/zone_cctz.h"
#include "base/zone_name.h"

#define S_PER_DAY INT64_C(86400)
#define S_1900 INT64_C(-2208988800)
#define MS_PER_HOUR INT64_C(3600000)
#define CYCLE_S (INT64_C(146097) * S_PER_DAY) /* 400 years of the calendar, also a whole number of weeks */
#define CYCLE_MS (CYCLE_S * 1000)

/* Years past the array's end that are held as periods of their own, so that a time moved back by whole cycles finds
 * the changes around it on both sides. */
#define MARGIN_S (INT64_C(3) * 366 * S_PER_DAY)

struct period {
    int64_t from_s;       /* the instant from which the offset holds; INT64_MIN for the first */
    int64_t local_from_s; /* the first local time that is read with this offset (weir_zone_epoch_ms) */
    int64_t local_last_s; /* the same for weir_zone_epoch_last_ms */
    int64_t offset_s;
};

struct weir_zone {
    size_t bytes;
    size_t count;
    bool summer_time; /* for ever: times past wrap_s are moved back by whole cycles */
    char name[WEIR_ZONE_NAME_MAX + 1];
    int64_t wrap_s;
    struct period periods[];
};

/* ---- making ---- */

static struct weir_zone *make_zone(const char *name, const struct weir_zone_change *changes, size_t count,
                                   bool for_ever) {
    size_t room = (for_ever ? count * 2 : count) + 1; /* and one for 1900 */
    struct weir_zone *zone = calloc(1, sizeof(*zone) + room * sizeof(zone->periods[0]));
    if (zone == NULL) return NULL;
    memcpy(zone->name, name, strlen(name) + 1);
    for (size_t i = 0; i < count; i++) {
        zone->periods[i].from_s = changes[i].from_s;
        zone->periods[i].offset_s = changes[i].offset_s;
    }
    zone->count = count;
    zone->summer_time = for_ever && count > 2;
    return zone;
}

/* The changes of the last cycle's first years once more, at the end. */
static void add_margin(struct weir_zone *zone) {
    int64_t last = zone->periods[zone->count - 1].from_s;
    size_t count = zone->count, from = 1;
    while (zone->periods[from].from_s <= last - CYCLE_S) from++;
    for (size_t i = from; i < count && zone->periods[i].from_s <= last - CYCLE_S + MARGIN_S; i++) {
        zone->periods[zone->count] = zone->periods[i];
        zone->periods[zone->count++].from_s += CYCLE_S;
    }
    zone->wrap_s = zone->periods[zone->count - 1].from_s - MARGIN_S / 2;
}

/* A local time in a gap is read with the offset before the change, one that is shown twice with that before it or,
 * for the later instant, with that after it. */
static void find_local_borders(struct weir_zone *zone) {
    zone->periods[0].local_from_s = zone->periods[0].local_last_s = INT64_MIN;
    for (size_t i = 1; i < zone->count; i++) {
        struct period *period = &zone->periods[i], *before = &zone->periods[i - 1];
        int64_t offset = period->offset_s > before->offset_s ? period->offset_s : before->offset_s;
        period->local_from_s = period->from_s + offset;
        period->local_last_s = period->from_s + period->offset_s;
        if (period->local_from_s < before->local_from_s) period->local_from_s = before->local_from_s;
        if (period->local_last_s < before->local_last_s) period->local_last_s = before->local_last_s;
    }
}

static void count_bytes(struct weir_zone *zone) {
    zone->bytes = sizeof(*zone) + zone->count * sizeof(zone->periods[0]);
}

static enum weir_status finish_zone(struct weir_zone *zone, struct weir_zone **out, struct weir_error *error) {
    if (zone == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for a time zone");
    if (zone->summer_time) add_margin(zone);
    find_local_borders(zone);
    count_bytes(zone);
    *out = zone;
    return WEIR_OK;
}

static enum weir_status open_region(const char *name, struct weir_zone **out, struct weir_error *error) {
    struct weir_zone_change *changes = NULL;
    size_t count = 0;
    bool for_ever = false;
    enum weir_zone_found found = WEIR_ZONE_UNKNOWN;
    if (weir_zone_name_is_region(name)) found = weir_zone_cctz_changes(name, &changes, &count, &for_ever);
    if (found == WEIR_ZONE_UNKNOWN) return weir_zone_name_unknown(name, error);
    struct weir_zone *zone = NULL;
    if (found == WEIR_ZONE_FOUND) zone = make_zone(name, changes, count, for_ever);
    free(changes);
    return finish_zone(zone, out, error);
}

enum weir_status weir_zone_open(const char *name, struct weir_zone **out, struct weir_error *error) {
    int32_t offset_s;
    *out = NULL;
    if (!weir_zone_name_offset(name, &offset_s)) return open_region(name, out, error);
    struct weir_zone_change change = {INT64_MIN, offset_s};
    return finish_zone(make_zone(name, &change, 1, false), out, error);
}

void weir_zone_close(struct weir_zone **zone) {
    if (zone == NULL) return;
    free(*zone);
    *zone = NULL;
}

size_t weir_zone_bytes(const struct weir_zone *zone) { return zone->bytes; }

const char *weir_zone_name(const struct weir_zone *zone) { return zone->name; }

bool weir_zone_is_utc(const struct weir_zone *zone) { return zone->count == 1 && zone->periods[0].offset_s == 0; }

/* ---- the search ---- */

/* A stretch of times of one offset. */
struct stretch {
    int64_t from_s; /* included; INT64_MIN: from ever */
    int64_t to_s;   /* not included; INT64_MAX: for ever */
    int64_t offset_s;
};

/* By what times are looked up. */
enum by { BY_INSTANT, BY_LOCAL, BY_LOCAL_LAST };

/* By how much a time is moved back to come before the wrap; a multiple of the cycle. */
static int64_t wrapped_by(const struct weir_zone *zone, int64_t seconds) {
    if (!zone->summer_time || seconds <= zone->wrap_s) return 0;
    int64_t cycles = (seconds - zone->wrap_s + CYCLE_S - 1) / CYCLE_S; /* seconds are ms / 1000: no overflow */
    return cycles * CYCLE_S;
}

static int64_t border(const struct period *period, enum by by) {
    if (by == BY_INSTANT) return period->from_s;
    return by == BY_LOCAL ? period->local_from_s : period->local_last_s;
}

/* The period that holds a time before the wrap. */
static size_t period_at(const struct weir_zone *zone, int64_t seconds, enum by by) {
    size_t low = 0, high = zone->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (border(&zone->periods[middle], by) <= seconds) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static struct stretch find(const struct weir_zone *zone, int64_t seconds, enum by by) {
    int64_t back = wrapped_by(zone, seconds);
    size_t idx = period_at(zone, seconds - back, by);
    struct stretch stretch = {border(&zone->periods[idx], by), INT64_MAX, zone->periods[idx].offset_s};
    if (idx > 0) stretch.from_s = weir_add_saturate_i64(stretch.from_s, back);
    if (idx + 1 < zone->count) stretch.to_s = weir_add_saturate_i64(border(&zone->periods[idx + 1], by), back);
    return stretch;
}

int64_t weir_zone_local_ms(const struct weir_zone *zone, int64_t epoch_ms) {
    int64_t offset_s = find(zone, weir_floordiv_i64(epoch_ms, 1000), BY_INSTANT).offset_s;
    return weir_add_saturate_i64(epoch_ms, offset_s * 1000);
}

bool weir_zone_is_steady(const struct weir_zone *zone, int64_t from_ms, int64_t to_ms) {
    int64_t to_s = weir_floordiv_i64(to_ms, 1000);
    struct stretch stretch = find(zone, weir_floordiv_i64(from_ms, 1000), BY_INSTANT);
    return stretch.to_s > to_s;
}

int64_t weir_zone_epoch_ms(const struct weir_zone *zone, int64_t local_ms) {
    int64_t offset_s = find(zone, weir_floordiv_i64(local_ms, 1000), BY_LOCAL).offset_s;
    return weir_sub_saturate_i64(local_ms, offset_s * 1000);
}

int64_t weir_zone_epoch_last_ms(const struct weir_zone *zone, int64_t local_ms) {
    int64_t offset_s = find(zone, weir_floordiv_i64(local_ms, 1000), BY_LOCAL_LAST).offset_s;
    return weir_sub_saturate_i64(local_ms, offset_s * 1000);
}

/* ---- Java's old classes ---- */

/* The standard time of the zone's last years: the lesser offset, also where the data call summer time the standard.
 */
static int64_t standard_offset(const struct weir_zone *zone) {
    int64_t offset = zone->periods[zone->count - 1].offset_s;
    if (!zone->summer_time) return offset;
    int64_t other = zone->periods[zone->count - 2].offset_s;
    return other < offset ? other : offset;
}

void weir_zone_forget_before_1900(struct weir_zone *zone) {
    struct period *periods = zone->periods;
    size_t held = period_at(zone, S_1900, BY_INSTANT);
    int64_t offset = standard_offset(zone), since = periods[held].offset_s;
    if (held == zone->count - 1) since = offset; /* no change since: nor is there one at 1900 */
    size_t to = since == offset ? 1 : 2;
    memmove(&periods[to], &periods[held + 1], (zone->count - held - 1) * sizeof(*periods));
    zone->count = zone->count - held - 1 + to;
    periods[0] = (struct period){.from_s = INT64_MIN, .offset_s = offset};
    if (to == 2) periods[1] = (struct period){.from_s = S_1900, .offset_s = since};
    find_local_borders(zone);
    count_bytes(zone);
}

/* ---- arrays ---- */

static int64_t scaled(int64_t seconds, int64_t ticks_per_s) {
    int64_t ticks;
    if (weir_mul_i64(seconds, ticks_per_s, &ticks)) return ticks;
    return seconds < 0 ? INT64_MIN : INT64_MAX;
}

static void convert(const struct weir_zone *zone, const int64_t *ticks, int64_t count, int64_t ticks_per_ms,
                    enum by by, int64_t *out) {
    int64_t ticks_per_s = ticks_per_ms * 1000;
    int64_t from = 1, to = 0, shift = 0; /* of the last hit; at first none */
    for (int64_t i = 0; i < count; i++) {
        int64_t time = ticks[i];
        if (WEIR_UNLIKELY(time < from || time >= to)) {
            struct stretch stretch = find(zone, weir_floordiv_i64(time, ticks_per_s), by);
            from = scaled(stretch.from_s, ticks_per_s);
            to = scaled(stretch.to_s, ticks_per_s);
            shift = (by == BY_INSTANT ? stretch.offset_s : -stretch.offset_s) * ticks_per_s;
        }
        out[i] = weir_add_saturate_i64(time, shift);
    }
}

void weir_zone_local_ticks(const struct weir_zone *zone, const int64_t *ticks, int64_t count, int64_t ticks_per_ms,
                           int64_t *out) {
    convert(zone, ticks, count, ticks_per_ms, BY_INSTANT, out);
}

void weir_zone_epoch_ticks(const struct weir_zone *zone, const int64_t *ticks, int64_t count, int64_t ticks_per_ms,
                           int64_t *out) {
    convert(zone, ticks, count, ticks_per_ms, BY_LOCAL, out);
}

void weir_zone_epoch_last_ticks(const struct weir_zone *zone, const int64_t *ticks, int64_t count,
                                int64_t ticks_per_ms, int64_t *out) {
    convert(zone, ticks, count, ticks_per_ms, BY_LOCAL_LAST, out);
}

/* ---- when windows fire ---- */

enum timer_kind {
    TIMER_PLAIN,
    TIMER_SKIPPED, /* the hour that holds the jump */
    TIMER_TWICE,   /* the second time */
};

/* Flink looks at the instants of the time and of the wall clock's next hour. */
static enum timer_kind timer_of(const struct weir_zone *zone, int64_t local_ms, int64_t *epoch_ms) {
    *epoch_ms = weir_zone_epoch_ms(zone, local_ms);
    if (!zone->summer_time) return TIMER_PLAIN;
    int64_t next = weir_zone_epoch_ms(zone, weir_add_saturate_i64(local_ms, MS_PER_HOUR));
    if (next == *epoch_ms) return TIMER_SKIPPED;
    return weir_sub_saturate_i64(next, *epoch_ms) > MS_PER_HOUR ? TIMER_TWICE : TIMER_PLAIN;
}

int64_t weir_zone_timer_ms(const struct weir_zone *zone, int64_t local_ms) {
    int64_t epoch_ms;
    if (local_ms == INT64_MAX) return INT64_MAX;
    switch (timer_of(zone, local_ms, &epoch_ms)) {
    case TIMER_SKIPPED: return epoch_ms - epoch_ms % MS_PER_HOUR;
    case TIMER_TWICE: return weir_add_saturate_i64(epoch_ms, MS_PER_HOUR);
    default: return epoch_ms;
    }
}

/* Local times at which the timer may jump, around one period, in ms, ascending. */
#define BORDERS_MAX 32

static void insert_border(int64_t *borders, size_t *count, int64_t border_ms) {
    size_t i = (*count)++;
    for (; i > 0 && borders[i - 1] > border_ms; i--) borders[i] = borders[i - 1];
    borders[i] = border_ms;
}

static size_t borders_around(const struct weir_zone *zone, size_t idx, int64_t *borders) {
    size_t count = 0;
    size_t from = idx < 3 ? 1 : idx - 2, to = idx + 3 < zone->count ? idx + 3 : zone->count;
    for (size_t i = from; i < to; i++) {
        int64_t before = zone->periods[i].from_s + zone->periods[i - 1].offset_s;
        int64_t after = zone->periods[i].from_s + zone->periods[i].offset_s;
        insert_border(borders, &count, before * 1000);
        insert_border(borders, &count, after * 1000);
        insert_border(borders, &count, before * 1000 - MS_PER_HOUR);
        insert_border(borders, &count, after * 1000 - MS_PER_HOUR);
    }
    return count;
}

/* The greatest L in [from, to) with timer(L) <= W; false: none. The timer is of one kind there. */
static bool greatest_within(const struct weir_zone *zone, int64_t from, int64_t to, int64_t epoch_ms,
                            int64_t *local_ms) {
    int64_t instant, reach = epoch_ms;
    switch (timer_of(zone, from, &instant)) {
    case TIMER_SKIPPED: /* instants that are cut, towards 1970, to an hour at or before W */
        reach = weir_floordiv_i64(epoch_ms, MS_PER_HOUR) * MS_PER_HOUR + (epoch_ms < 0 ? 0 : MS_PER_HOUR - 1);
        break;
    case TIMER_TWICE: reach = weir_sub_saturate_i64(epoch_ms, MS_PER_HOUR); break;
    default: break;
    }
    int64_t found = weir_add_saturate_i64(reach, from - instant);
    *local_ms = found < to ? found : to - 1;
    return found >= from;
}

/* W before the wrap. */
static int64_t watermark_of(const struct weir_zone *zone, int64_t epoch_ms) {
    int64_t borders[BORDERS_MAX];
    size_t idx = period_at(zone, weir_floordiv_i64(epoch_ms, 1000), BY_INSTANT);
    size_t count = borders_around(zone, idx, borders);
    int64_t to = INT64_MAX, local_ms;
    while (count-- > 0) {
        if (greatest_within(zone, borders[count], to, epoch_ms, &local_ms)) return local_ms;
        to = borders[count];
    }
    return weir_add_saturate_i64(epoch_ms, zone->periods[idx < 3 ? 0 : idx - 3].offset_s * 1000);
}

int64_t weir_zone_local_watermark(const struct weir_zone *zone, int64_t epoch_ms) {
    if (epoch_ms == INT64_MIN || epoch_ms == INT64_MAX) return epoch_ms;
    int64_t back_ms = wrapped_by(zone, weir_floordiv_i64(epoch_ms, 1000)) * 1000;
    int64_t local_ms = weir_add_saturate_i64(watermark_of(zone, epoch_ms - back_ms), back_ms);
    return local_ms == INT64_MAX ? INT64_MAX - 1 : local_ms; /* the very last is only the end of input's */
}

/* ---- the same in ticks ---- */

/* Clocks change at whole seconds, so all ticks of a ms are alike. */
static bool is_skipped(const struct weir_zone *zone, int64_t local_ms) {
    int64_t epoch_ms;
    return timer_of(zone, local_ms, &epoch_ms) == TIMER_SKIPPED;
}

/* ms * per + rest, held at the ends of the range. */
static int64_t ticks_of(int64_t ms, int64_t per, int64_t rest) {
    int64_t ticks;
    if (weir_mul_i64(ms, per, &ticks)) return weir_add_saturate_i64(ticks, rest);
    return ms < 0 ? INT64_MIN : INT64_MAX;
}

int64_t weir_zone_timer_ticks(const struct weir_zone *zone, int64_t local, int64_t ticks_per_ms) {
    if (ticks_per_ms == 1 || local == INT64_MAX) return weir_zone_timer_ms(zone, local);
    int64_t local_ms = weir_floordiv_i64(local, ticks_per_ms);
    int64_t rest = is_skipped(zone, local_ms) ? 0 : weir_floormod_i64(local, ticks_per_ms);
    return ticks_of(weir_zone_timer_ms(zone, local_ms), ticks_per_ms, rest);
}

int64_t weir_zone_local_watermark_ticks(const struct weir_zone *zone, int64_t epoch, int64_t ticks_per_ms) {
    if (ticks_per_ms == 1 || epoch == INT64_MIN || epoch == INT64_MAX)
        return weir_zone_local_watermark(zone, epoch);
    int64_t epoch_ms = weir_floordiv_i64(epoch, ticks_per_ms);
    int64_t local_ms = weir_zone_local_watermark(zone, epoch_ms);
    /* Of the last ms whose timer is at or before that of W, those ticks whose own is. */
    bool whole = is_skipped(zone, local_ms) || weir_zone_timer_ms(zone, local_ms) < epoch_ms;
    int64_t rest = whole ? ticks_per_ms - 1 : weir_floormod_i64(epoch, ticks_per_ms);
    int64_t local = ticks_of(local_ms, ticks_per_ms, rest);
    return local == INT64_MAX ? INT64_MAX - 1 : local; /* the very last is only the end of input's */
}

bool weir_zone_is_regular(const struct weir_zone *zone) {
    for (size_t i = 1; i < zone->count; i++) {
        int64_t jump_s = zone->periods[i].offset_s - zone->periods[i - 1].offset_s;
        bool hour = jump_s == MS_PER_HOUR / 1000 || jump_s == -MS_PER_HOUR / 1000;
        if (zone->periods[i].from_s >= 0 && !(zone->summer_time && hour)) return false;
    }
    return true;
}

bool weir_zone_has_summer_time(const struct weir_zone *zone) { return zone->summer_time; }
