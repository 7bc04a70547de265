/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/known_time.h"

#include "base/bits.h"
#include "base/check.h"
#include "base/checked.h"
#include "base/error.h"
#include "base/zone.h"
#include "engine/event_time.h"
#include "engine/machine.h"
#include "engine/value_text.h"

#define GIVE_NONE "give none (of a Parquet file: 'parquet.time-ranges' = 'false')"

/* Digits below the second that tell ticks of a clock apart. */
static void write_time(const struct weir_plan *plan, int64_t ticks, char *text) {
    int64_t per_second = weir_event_time_ticks_per_second(plan);
    int precision = per_second <= 1000 ? 3 : per_second <= 1000000 ? 6 : 9;
    weir_text_write_timestamp(ticks, per_second, precision, text);
}

/* ---- a range as it is given ---- */

static bool has_event_time(const struct weir_plan *plan) {
    return !plan->processing_time && (plan->time_column >= 0 || plan->time_expression != NULL);
}

static enum weir_status check_range(const struct weir_plan *plan, const struct weir_time_range *range,
                                    struct weir_error *error) {
    if (range->struct_size != sizeof(*range))
        return weir_error_set(error, WEIR_ERR_INVALID, "weir_time_range.struct_size is %zu; set it to sizeof (%zu)",
                              range->struct_size, sizeof(*range));
    if (!has_event_time(plan))
        return weir_error_set(error, WEIR_ERR_INVALID,
                              "a range of event time is given, and the query has no event time; push the batch "
                              "without one");
    if (range->least > range->most)
        return weir_error_set(error, WEIR_ERR_INVALID,
                              "the range of event time is empty: its least time is %lld and its greatest %lld",
                              (long long)range->least, (long long)range->most);
    return WEIR_OK;
}

/* From the ticks in which the time attribute is stored to those of the engine's clock: seconds are worked in ms. */
static bool to_ticks(const struct weir_plan *plan, int64_t stored, int64_t *ticks) {
    int64_t per_second = weir_event_time_ticks_per_second(plan), stored_per_second = per_second;
    if (plan->time_expression == NULL) stored_per_second = plan->columns[plan->time_column].ticks_per_second;
    *ticks = stored;
    return per_second <= stored_per_second || weir_mul_i64(stored, per_second / stored_per_second, ticks);
}

/* A bit a row: not what the range saves. */
static enum weir_status check_nulls(const struct weir_plan *plan, const struct weir_batch *batch,
                                    struct weir_error *error) {
    if (plan->time_expression != NULL) return WEIR_OK;
    const uint64_t *validity = batch->columns[plan->time_column].validity;
    if (validity == NULL || weir_bitmap_count(validity, (size_t)batch->rows) == (size_t)batch->rows) return WEIR_OK;
    int64_t row = 0;
    while (weir_bit_get(validity, (size_t)row)) row++;
    return weir_error_set(error, WEIR_ERR_INVALID,
                          "row %lld of the batch has NULL in its time column '%s', and a range of event time says "
                          "that none has; " GIVE_NONE,
                          (long long)row, plan->time_name);
}

enum weir_status weir_known_time_take(const struct weir_plan *plan, const struct weir_batch *batch,
                                      const struct weir_time_range *range, const struct weir_source_group *group,
                                      struct weir_known_time *out, struct weir_error *error) {
    *out = (struct weir_known_time){.rows = batch->rows};
    if (range == NULL) return WEIR_OK;
    enum weir_status status = check_range(plan, range, error);
    if (status == WEIR_OK) status = check_nulls(plan, batch, error);
    if (status != WEIR_OK) return status;
    if (!to_ticks(plan, range->least, &out->least) || !to_ticks(plan, range->most, &out->most))
        return weir_error_set(
            error, WEIR_ERR_INVALID,
            "the range of event time, %lld s to %lld s, is beyond what 64 bits of milliseconds hold",
            (long long)range->least, (long long)range->most);
    out->is_known = batch->rows > 0;
    out->is_exact = range->exact;
    out->is_whole = group == NULL || group->rows == batch->rows;
    out->left = group == NULL ? 0 : group->left;
    return WEIR_OK;
}

/* ---- what follows from it ---- */

const char *weir_known_time_obstacle(const struct weir_plan *plan) {
    if (plan->watermark.kind == WEIR_WATERMARK_EXPRESSION) return "the watermark is an expression over each row";
    if (plan->watermark.future_max_ms > 0) return "rows from the future are looked for";
    if (weir_machine_of(plan) != NULL) return "its windows depend on each of them";
    return NULL;
}

/* What the greatest time claims on W; an upper bound where the range is not exact. */
static int64_t claim_of(const struct weir_known_time *known, const struct weir_plan *plan) {
    const struct weir_block_time time = {.min = known->least, .max = known->most};
    return weir_block_time_claim(plan, &time, 0);
}

/* False: the wall clock jumps between the two, or is beyond 64 bits there. */
static bool place(struct weir_known_time *known, const struct weir_plan *plan, const struct weir_zone *zone) {
    known->placed_least = known->least;
    known->placed_most = known->most;
    if (zone == NULL) return true;
    int64_t per_ms = weir_event_time_ticks_per_second(plan) / 1000;
    if (!weir_zone_is_steady(zone, weir_floordiv_i64(known->least, per_ms), weir_floordiv_i64(known->most, per_ms)))
        return false;
    weir_zone_local_ticks(zone, &known->least, 1, per_ms, &known->placed_least);
    weir_zone_local_ticks(zone, &known->most, 1, per_ms, &known->placed_most);
    return known->placed_least != INT64_MIN && known->placed_most != INT64_MAX;
}

void weir_known_time_settle(struct weir_known_time *known, const struct weir_plan *plan,
                            const struct weir_zone *zone, const struct weir_window *window,
                            const struct weir_clock *clock) {
    if (!known->is_known || !weir_window_is_sliced(window->kind)) return;
    if (weir_known_time_obstacle(plan) != NULL || !place(known, plan, zone)) return;
    if (weir_window_slice(window, known->placed_least) != weir_window_slice(window, known->placed_most)) return;
    struct weir_clock after = *clock;
    weir_clock_raise(&after, claim_of(known, plan));
    int64_t units_per_ms = zone == NULL ? 1 : weir_plan_units_per_ms(plan);
    int64_t closed = weir_window_closed(window, weir_lateness_local(zone, units_per_ms, after.combined));
    if (closed == INT64_MAX || known->placed_least < weir_window_safe_from(window, closed)) return;
    known->one_slice = true;
}

bool weir_known_time_claims(const struct weir_known_time *known, const struct weir_plan *plan, int64_t rows) {
    if (!known->is_known || !known->is_exact) return false;
    if (plan->watermark.kind == WEIR_WATERMARK_EXPRESSION || plan->watermark.future_max_ms > 0) return false;
    return known->one_slice || (known->is_whole && rows == known->rows);
}

/* ---- whether it holds ---- */

static bool lies_outside(const struct weir_known_time *known, int64_t ticks) {
    return ticks < known->least || ticks > known->most;
}

static enum weir_status report_outside(const struct weir_known_time *known, const struct weir_plan *plan,
                                       int64_t row, int64_t ticks, struct weir_error *error) {
    char time[WEIR_VALUE_TEXT_BYTES], least[WEIR_VALUE_TEXT_BYTES], most[WEIR_VALUE_TEXT_BYTES];
    write_time(plan, ticks, time);
    write_time(plan, known->least, least);
    write_time(plan, known->most, most);
    return weir_error_set(
        error, WEIR_ERR_VALUE,
        "row %lld of the batch has the time %s in '%s', outside of the range that was given with "
        "it, %s to %s; correct the range (its unit is that in which the time is stored), or " GIVE_NONE,
        (long long)row, time, plan->time_name, least, most);
}

enum weir_status weir_known_time_check(const struct weir_known_time *known, const struct weir_plan *plan,
                                       const struct weir_block *block, const struct weir_block_time *time,
                                       struct weir_error *error) {
    if (!known->is_known || block->rows == 0) return WEIR_OK;
    size_t rows = (size_t)block->rows;
    bool nulls = time->validity != NULL && weir_bitmap_count(time->validity, rows) < rows;
    if (!nulls && time->min >= known->least && time->max <= known->most) return WEIR_OK;
    for (int32_t i = 0; i < block->rows; i++) {
        if (time->validity != NULL && !weir_bit_get(time->validity, (size_t)i))
            return weir_error_set(error, WEIR_ERR_VALUE,
                                  "the time '%s' of row %lld of the batch is NULL, and a range of event time says "
                                  "that none is; " GIVE_NONE,
                                  plan->time_name, (long long)(block->first + i));
        if (lies_outside(known, time->ticks[i]))
            return report_outside(known, plan, block->first + i, time->ticks[i], error);
    }
    return WEIR_OK;
}

/* The times of some rows of a block, looked at. */
static enum weir_status look(const struct weir_known_time *known, const struct weir_plan *plan,
                             const struct weir_block *block, struct weir_arena *arena, int64_t *greatest,
                             struct weir_error *error) {
    struct weir_event_time time;
    enum weir_status status = weir_event_time_of_block(plan, block, NULL, arena, &time, error);
    if (status != WEIR_OK) return status;
    *greatest = time.max;
    const struct weir_block_time taken = {
        .ticks = time.ticks, .validity = time.validity, .min = time.min, .max = time.max};
    return weir_known_time_check(known, plan, block, &taken, error);
}

/* A mistake of unit, or of the batch that a range is of, mostly shows at the ends of a block: two lines of memory.
 * Where there is a bitmap to go by, or an expression to work, rows are looked at from a multiple of 64 on. */
static enum weir_status look_at_ends(const struct weir_known_time *known, const struct weir_plan *plan,
                                     const struct weir_block *block, struct weir_arena *arena,
                                     struct weir_error *error) {
    int64_t ignored;
    struct weir_block first = *block, last = *block;
    int32_t before = block->rows - 1;
    if (plan->time_expression != NULL || block->columns[plan->time_column].validity != NULL) before &= ~63;
    first.rows = 1;
    last.first += before;
    last.rows -= before;
    enum weir_status status = look(known, plan, &first, arena, &ignored, error);
    return status == WEIR_OK ? look(known, plan, &last, arena, &ignored, error) : status;
}

enum weir_status weir_known_time_of_block(const struct weir_known_time *known, const struct weir_plan *plan,
                                          const struct weir_block *block, struct weir_arena *arena,
                                          struct weir_block_time *out, int64_t *greatest,
                                          struct weir_error *error) {
    *out = (struct weir_block_time){.min = known->least,
                                    .max = known->most,
                                    .placed_min = known->placed_least,
                                    .placed_max = known->placed_most};
    *greatest = known->most;
    if (WEIR_ASSERTIONS >= 2) return look(known, plan, block, arena, greatest, error);
    return look_at_ends(known, plan, block, arena, error);
}

enum weir_status weir_known_time_check_exact(const struct weir_known_time *known, const struct weir_plan *plan,
                                             int64_t greatest, struct weir_error *error) {
    if (!known->is_known || !known->is_exact || !known->is_whole || greatest == known->most) return WEIR_OK;
    char time[WEIR_VALUE_TEXT_BYTES], most[WEIR_VALUE_TEXT_BYTES];
    write_time(plan, greatest, time);
    write_time(plan, known->most, most);
    return weir_error_set(error, WEIR_ERR_VALUE,
                          "the greatest time in '%s' is %s, and the range that was given with the batch says that "
                          "exactly %s is; correct the range, or " GIVE_NONE,
                          plan->time_name, time, most);
}
