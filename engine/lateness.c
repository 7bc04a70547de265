/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/lateness.h"

#include "base/bits.h"
#include "base/checked.h"
#include "base/zone.h"

static bool is_valid(const uint64_t *validity, int32_t row) {
    return validity == NULL || weir_bit_get(validity, (size_t)row);
}

static int64_t floor_unit(const struct weir_lateness *block, int64_t ticks) {
    int64_t per = block->window->ticks_per_unit;
    return per == 1 ? ticks : weir_floordiv_i64(ticks, per);
}

int64_t weir_lateness_local(const struct weir_zone *zone, int64_t units_per_ms, int64_t watermark) {
    return zone == NULL ? watermark : weir_zone_local_watermark_ticks(zone, watermark, units_per_ms);
}

static int64_t local(const struct weir_lateness *block, int64_t watermark) {
    return weir_lateness_local(block->zone, block->units_per_ms, watermark);
}

/* The greatest window that is closed at W. */
static int64_t closed_at(const struct weir_lateness *block, int64_t watermark) {
    return weir_window_closed(block->window, local(block, watermark));
}

/* True when a row of that time has missed a window: `safe` is weir_window_safe_from(closed). */
static bool has_missed(int64_t ticks, int64_t closed, int64_t safe) {
    return ticks < safe || closed == INT64_MAX; /* all are closed: no time is after that */
}

static int64_t placed(const struct weir_lateness *block, int32_t row) {
    return block->placed == NULL ? block->ticks[row] : block->placed[row];
}

int64_t weir_lateness_claim_of(const struct weir_lateness *block, int32_t row) {
    if (block->guarded && is_valid(block->validity, row) && block->ticks[row] > block->future_from)
        return INT64_MIN;
    switch (block->spec->kind) {
    case WEIR_WATERMARK_DELAY:
        if (!is_valid(block->validity, row)) return INT64_MIN;
        return weir_watermark_claim(block->spec, floor_unit(block, block->ticks[row]));
    case WEIR_WATERMARK_EXPRESSION:
        if (!is_valid(block->claims_validity, row)) return INT64_MIN;
        return weir_watermark_claim_value(block->spec, block->claims[row]);
    default: return INT64_MIN;
    }
}

/* With DELAY the greatest claim is that of the greatest time, since claims rise with times. */
int64_t weir_lateness_claim(const struct weir_lateness *block, int64_t min, int64_t max) {
    if (block->spec->kind == WEIR_WATERMARK_DELAY && !(block->guarded && max > block->future_from)) {
        return min > max ? INT64_MIN : weir_watermark_claim(block->spec, floor_unit(block, max));
    }
    int64_t greatest = INT64_MIN;
    if (block->spec->kind == WEIR_WATERMARK_NONE) return greatest;
    for (int32_t i = 0; i < block->rows; i++) {
        int64_t claim = weir_lateness_claim_of(block, i);
        if (claim > greatest) greatest = claim;
    }
    return greatest;
}

/* The smallest time, in ticks, whose claim closes a further window; INT64_MAX when none can. For kind DELAY. */
static int64_t next_closing_tick(const struct weir_lateness *block, const struct weir_clock *clock,
                                 int64_t closed) {
    if (closed == INT64_MIN || closed == INT64_MAX) return closed; /* the next claim decides; none can */
    int64_t end = weir_window_end(block->window, closed + 1);
    if (clock->others < weir_sub_saturate_i64(end, 1)) return INT64_MAX;
    weir_i128 unit = (weir_i128)end - 1 + block->spec->delay;
    weir_i128 tick = unit * block->window->ticks_per_unit;
    return tick > INT64_MAX ? INT64_MAX : tick < INT64_MIN ? INT64_MIN : (int64_t)tick;
}

/* True when a row comes after a window of its own has closed. Kind DELAY: two comparisons a row. */
static bool scan_delay(const struct weir_lateness *block, struct weir_clock clock) {
    int64_t closed = weir_window_closed(block->window, clock.combined);
    int64_t safe = weir_window_safe_from(block->window, closed);
    int64_t next = next_closing_tick(block, &clock, closed);
    for (int32_t i = 0; i < block->rows; i++) {
        if (!is_valid(block->validity, i)) continue;
        int64_t ticks = block->ticks[i];
        if (has_missed(ticks, closed, safe)) return true;
        if (WEIR_LIKELY(ticks < next)) continue;
        weir_clock_raise(&clock, weir_lateness_claim_of(block, i));
        closed = weir_window_closed(block->window, clock.combined);
        safe = weir_window_safe_from(block->window, closed);
        next = next_closing_tick(block, &clock, closed);
    }
    return false;
}

static bool scan_any(const struct weir_lateness *block, struct weir_clock clock) {
    int64_t closed = closed_at(block, clock.combined);
    int64_t safe = weir_window_safe_from(block->window, closed);
    for (int32_t i = 0; i < block->rows; i++) {
        if (is_valid(block->validity, i) && has_missed(placed(block, i), closed, safe)) return true;
        int64_t before = clock.combined;
        weir_clock_raise(&clock, weir_lateness_claim_of(block, i));
        if (clock.combined == before) continue;
        closed = closed_at(block, clock.combined);
        safe = weir_window_safe_from(block->window, closed);
    }
    return false;
}

static void fill_closed(const struct weir_lateness *block, struct weir_clock clock, int64_t *closed) {
    int64_t now = closed_at(block, clock.combined);
    for (int32_t i = 0; i < block->rows; i++) {
        closed[i] = now;
        int64_t before = clock.combined;
        weir_clock_raise(&clock, weir_lateness_claim_of(block, i));
        if (clock.combined != before) now = closed_at(block, clock.combined);
    }
}

bool weir_lateness_judge(const struct weir_lateness *block, int64_t min, int64_t max, struct weir_clock *clock,
                         int64_t *closed) {
    struct weir_clock before = *clock;
    weir_clock_raise(clock, weir_lateness_claim(block, min, max));
    if (min > max) return false;
    int64_t first = block->placed == NULL ? min : block->placed_min;
    int64_t closed_after = closed_at(block, clock->combined);
    if (!has_missed(first, closed_after, weir_window_safe_from(block->window, closed_after))) return false;
    bool plain = block->spec->kind == WEIR_WATERMARK_DELAY && block->placed == NULL &&
                 !(block->guarded && max > block->future_from);
    bool missed = plain ? scan_delay(block, before) : scan_any(block, before);
    if (missed) fill_closed(block, before, closed);
    return missed;
}

bool weir_lateness_watermarks(const struct weir_lateness *block, int64_t min, int64_t max, struct weir_clock *clock,
                              int64_t *out, int64_t *after) {
    struct weir_clock at = *clock;
    weir_clock_raise(clock, weir_lateness_claim(block, min, max));
    int64_t now = local(block, at.combined);
    *after = now;
    if (clock->combined == at.combined) return false;
    for (int32_t i = 0; i < block->rows; i++) {
        out[i] = now;
        int64_t before = at.combined;
        weir_clock_raise(&at, weir_lateness_claim_of(block, i));
        if (at.combined != before) now = local(block, at.combined);
    }
    *after = now;
    return true;
}
