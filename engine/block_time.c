/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/block_time.h"

#include "base/bits.h"
#include "base/checked.h"
#include "base/error.h"
#include "base/zone.h"
#include "engine/event_time.h"
#include "engine/value_text.h"
#include "simd/kernels.h"

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the times of a batch");
}

int64_t weir_plan_ticks_per_unit(const struct weir_plan *plan) {
    return weir_event_time_ticks_per_second(plan) / plan->units_per_second;
}

/* The same in a ms: where there is a zone (not in seconds). */
static int64_t ticks_per_ms(const struct weir_plan *plan) { return weir_event_time_ticks_per_second(plan) / 1000; }

/* Processing time: all rows of a push came now. */
static bool take_now(int32_t rows, int64_t now, struct weir_arena *arena, struct weir_block_time *out) {
    int64_t *ticks = weir_arena_alloc(arena, ((size_t)rows + 1) * sizeof(*ticks));
    if (ticks == NULL) return false;
    for (int32_t i = 0; i < rows; i++) ticks[i] = now;
    out->ticks = ticks;
    out->min = out->max = now;
    return true;
}

static enum weir_status take_event_time(const struct weir_plan *plan, const struct weir_block *rows,
                                        struct weir_ahead *ahead, struct weir_arena *arena,
                                        struct weir_block_time *out, struct weir_error *error) {
    struct weir_event_time time;
    enum weir_status status = weir_event_time_of_block(plan, rows, ahead, arena, &time, error);
    out->ticks = time.ticks;
    out->validity = time.validity;
    out->min = time.min;
    out->max = time.max;
    return status;
}

static void bounds_of(const int64_t *values, const uint64_t *validity, int32_t rows, int64_t *min, int64_t *max) {
    *min = INT64_MAX;
    *max = INT64_MIN;
    if (validity == NULL) {
        weir_simd->min_max_i64(values, (size_t)rows, min, max);
    } else {
        weir_simd->min_max_valid_i64(values, validity, (size_t)rows, min, max);
    }
}

/* A time that the wall clock shows beyond 64 bits has been held at their end: no window is its own. */
static enum weir_status check_ends(const struct weir_plan *plan, const struct weir_zone *zone, int32_t rows,
                                   const struct weir_block_time *time, struct weir_error *error) {
    bool held = time->placed_min == INT64_MIN || time->placed_max == INT64_MAX;
    if (!held || time->placed_min > time->placed_max || weir_zone_is_utc(zone)) return WEIR_OK;
    for (int32_t i = 0; i < rows; i++) {
        bool end = time->placed[i] == INT64_MIN || time->placed[i] == INT64_MAX;
        if (!end || (time->validity != NULL && !weir_bit_get(time->validity, (size_t)i))) continue;
        char text[WEIR_VALUE_TEXT_BYTES];
        weir_text_write_timestamp(time->ticks[i], weir_event_time_ticks_per_second(plan), 3, text);
        return weir_error_set(
            error, WEIR_ERR_VALUE,
            "the time %s (UTC) of the column '%s' is beyond what 64 bits hold on the wall clock of "
            "'%s'; leave the row out, or correct it, before it comes here",
            text, plan->time_name, weir_zone_name(zone));
    }
    return WEIR_OK;
}

/* Ticks on the wall clock of the zone: whole ms move, what is below a ms stays. */
static enum weir_status place_in_zone(const struct weir_plan *plan, const struct weir_zone *zone, int32_t rows,
                                      struct weir_arena *arena, struct weir_block_time *out,
                                      struct weir_error *error) {
    int64_t *placed = weir_arena_alloc(arena, ((size_t)rows + 1) * sizeof(*placed));
    if (placed == NULL) return out_of_memory(error);
    weir_zone_local_ticks(zone, out->ticks, rows, ticks_per_ms(plan), placed);
    out->placed = placed;
    bounds_of(placed, out->validity, rows, &out->placed_min, &out->placed_max);
    return check_ends(plan, zone, rows, out, error);
}

static void guard_future(const struct weir_plan *plan, int64_t reference, struct weir_block_time *out) {
    if (plan->watermark.future_max_ms <= 0 || reference == INT64_MIN) return;
    int64_t ticks = weir_event_time_ticks_per_second(plan), per_unit = weir_plan_ticks_per_unit(plan);
    bool of_ticks = plan->watermark.future_by_partitions && per_unit == 1; /* the reference: maybe finer than ms */
    if (of_ticks) {
        out->future_from = weir_add_saturate_i64(reference, weir_unit_of_ms(plan->watermark.future_max_ms, ticks));
    } else {
        out->future_from = weir_unit_of_ms(weir_add_saturate_i64(reference, plan->watermark.future_max_ms), ticks);
    }
    out->guarded = out->min <= out->max && out->max > out->future_from;
}

enum weir_status weir_block_time_take(const struct weir_plan *plan, const struct weir_zone *zone,
                                      const struct weir_block *rows, int64_t now, int64_t reference,
                                      struct weir_ahead *ahead, struct weir_arena *arena,
                                      struct weir_block_time *out, struct weir_error *error) {
    *out = (struct weir_block_time){.min = INT64_MAX, .max = INT64_MIN};
    enum weir_status status = WEIR_OK;
    if (!plan->processing_time) {
        status = take_event_time(plan, rows, ahead, arena, out, error);
    } else if (!take_now(rows->rows, now, arena, out)) {
        status = out_of_memory(error);
    }
    if (status != WEIR_OK) return status;
    out->placed = out->ticks;
    out->placed_min = out->min;
    out->placed_max = out->max;
    if (zone != NULL) status = place_in_zone(plan, zone, rows->rows, arena, out, error);
    if (status != WEIR_OK) return status;
    guard_future(plan, reference, out);
    if (plan->watermark.kind != WEIR_WATERMARK_EXPRESSION) return WEIR_OK;
    struct weir_vector claims;
    status = weir_program_eval(plan->watermark_program, rows, NULL, arena, &claims, error);
    if (status != WEIR_OK) return status;
    out->claims = claims.i64;
    out->claims_validity = claims.validity;
    return WEIR_OK;
}

struct weir_lateness weir_block_time_lateness(const struct weir_plan *plan, const struct weir_zone *zone,
                                              const struct weir_window *window, const struct weir_block_time *time,
                                              int32_t rows) {
    return (struct weir_lateness){.spec = &plan->watermark,
                                  .window = window,
                                  .ticks = time->ticks,
                                  .validity = time->validity,
                                  .placed = zone == NULL ? NULL : time->placed,
                                  .placed_min = time->placed_min,
                                  .zone = zone,
                                  .units_per_ms = weir_plan_units_per_ms(plan),
                                  .guarded = time->guarded,
                                  .future_from = time->future_from,
                                  .claims = time->claims,
                                  .claims_validity = time->claims_validity,
                                  .rows = rows};
}

int64_t weir_block_time_claim(const struct weir_plan *plan, const struct weir_block_time *time, int32_t rows) {
    struct weir_window window = {.ticks_per_unit = weir_plan_ticks_per_unit(plan)};
    struct weir_lateness lateness = weir_block_time_lateness(plan, NULL, &window, time, rows);
    return weir_lateness_claim(&lateness, time->min, time->max);
}
