/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/lateness.h"

#include "base/bits.h"
#include "base/checked.h"

static bool is_valid(const uint64_t *validity, int32_t row) {
    return validity == NULL || weir_bit_get(validity, (size_t)row);
}

static int64_t floor_ms(const struct weir_lateness *block, int64_t ticks) {
    int64_t per = block->window->ticks_per_ms;
    return per == 1 ? ticks : weir_floordiv_i64(ticks, per);
}

/* The row's claim on W, INT64_MIN where it makes none. */
static int64_t claim_of(const struct weir_lateness *block, int32_t row) {
    switch (block->spec->kind) {
    case WEIR_WATERMARK_DELAY:
        if (!is_valid(block->validity, row)) return INT64_MIN;
        return weir_watermark_claim(block->spec, floor_ms(block, block->ticks[row]));
    case WEIR_WATERMARK_EXPRESSION:
        if (!is_valid(block->claims_validity, row)) return INT64_MIN;
        return weir_watermark_claim_value(block->spec, block->claims[row]);
    default: return INT64_MIN;
    }
}

/* The greatest claim of the block: with DELAY that of the greatest time, since claims rise with times. */
static int64_t greatest_claim(const struct weir_lateness *block, int64_t min, int64_t max) {
    if (block->spec->kind == WEIR_WATERMARK_DELAY) {
        return min > max ? INT64_MIN : weir_watermark_claim(block->spec, floor_ms(block, max));
    }
    int64_t greatest = INT64_MIN;
    if (block->spec->kind != WEIR_WATERMARK_EXPRESSION) return greatest;
    for (int32_t i = 0; i < block->rows; i++) {
        int64_t claim = claim_of(block, i);
        if (claim > greatest) greatest = claim;
    }
    return greatest;
}

/* The smallest time, in ticks, whose claim closes a further window; INT64_MAX when none can. For kind DELAY. */
static int64_t next_closing_tick(const struct weir_lateness *block, const struct weir_clock *clock,
                                 int64_t closed) {
    if (closed == INT64_MIN || closed == INT64_MAX) return closed; /* the next claim decides; none can */
    int64_t end = weir_window_end_ms(block->window, closed + 1);
    if (clock->others < weir_sub_saturate_i64(end, 1)) return INT64_MAX;
    weir_i128 ms = (weir_i128)end - 1 + block->spec->delay_ms;
    weir_i128 tick = ms * block->window->ticks_per_ms;
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
        if (ticks < safe) return true;
        if (WEIR_LIKELY(ticks < next)) continue;
        weir_clock_raise(&clock, claim_of(block, i));
        closed = weir_window_closed(block->window, clock.combined);
        safe = weir_window_safe_from(block->window, closed);
        next = next_closing_tick(block, &clock, closed);
    }
    return false;
}

static bool scan_any(const struct weir_lateness *block, struct weir_clock clock) {
    int64_t safe = weir_window_safe_from(block->window, weir_window_closed(block->window, clock.combined));
    for (int32_t i = 0; i < block->rows; i++) {
        if (is_valid(block->validity, i) && block->ticks[i] < safe) return true;
        int64_t before = clock.combined;
        weir_clock_raise(&clock, claim_of(block, i));
        if (clock.combined == before) continue;
        safe = weir_window_safe_from(block->window, weir_window_closed(block->window, clock.combined));
    }
    return false;
}

static void fill_closed(const struct weir_lateness *block, struct weir_clock clock, int64_t *closed) {
    int64_t now = weir_window_closed(block->window, clock.combined);
    for (int32_t i = 0; i < block->rows; i++) {
        closed[i] = now;
        int64_t before = clock.combined;
        weir_clock_raise(&clock, claim_of(block, i));
        if (clock.combined != before) now = weir_window_closed(block->window, clock.combined);
    }
}

bool weir_lateness_judge(const struct weir_lateness *block, int64_t min, int64_t max, struct weir_clock *clock,
                         int64_t *closed) {
    struct weir_clock before = *clock;
    weir_clock_raise(clock, greatest_claim(block, min, max));
    if (min > max) return false;
    if (weir_window_safe_from(block->window, weir_window_closed(block->window, clock->combined)) <= min)
        return false;
    bool missed = block->spec->kind == WEIR_WATERMARK_DELAY ? scan_delay(block, before) : scan_any(block, before);
    if (missed) fill_closed(block, before, closed);
    return missed;
}
