/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/event_time.h"

#include "base/bits.h"
#include "base/error.h"
#include "simd/kernels.h"

static int64_t seconds_to_ms(int64_t seconds) {
    int64_t ms;
    if (weir_mul_i64(seconds, 1000, &ms)) return ms;
    return seconds < 0 ? INT64_MIN : INT64_MAX;
}

const int64_t *weir_event_time_ticks(const struct weir_column *column, bool seconds, int64_t first, int64_t rows,
                                     int64_t *scratch) {
    const int64_t *values = (const int64_t *)column->values + first;
    if (!seconds) return values;
    for (int64_t i = 0; i < rows; i++) scratch[i] = seconds_to_ms(values[i]);
    return scratch;
}

void weir_event_time_bounds(const struct weir_column *column, bool seconds, int64_t first, int64_t rows,
                            int64_t *min, int64_t *max) {
    *min = INT64_MAX;
    *max = INT64_MIN;
    if (rows == 0) return;
    const int64_t *values = (const int64_t *)column->values + first;
    if (column->validity == NULL) {
        weir_simd->min_max_i64(values, (size_t)rows, min, max);
    } else {
        weir_simd->min_max_valid_i64(values, column->validity + first / 64, (size_t)rows, min, max);
    }
    if (*min > *max || !seconds) return;
    *min = seconds_to_ms(*min);
    *max = seconds_to_ms(*max);
}

/* ---- of a plan ---- */

/* A column in seconds that is worked in ms. */
static bool is_scaled(const struct weir_plan *plan) {
    return plan->columns[plan->time_column].ticks_per_second < plan->units_per_second;
}

int64_t weir_event_time_ticks_per_second(const struct weir_plan *plan) {
    if (plan->time_expression != NULL) return weir_type_ticks(plan->time_expression->type);
    if (plan->time_column < 0 || is_scaled(plan)) return WEIR_UNIT_MS;
    return plan->columns[plan->time_column].ticks_per_second;
}

static enum weir_status of_expression(const struct weir_plan *plan, const struct weir_block *block,
                                      struct weir_arena *arena, struct weir_event_time *out,
                                      struct weir_error *error) {
    struct weir_vector times;
    enum weir_status status = weir_program_eval(plan->time_program, block, NULL, arena, &times, error);
    if (status != WEIR_OK) return status;
    out->ticks = times.i64;
    out->validity = times.validity;
    size_t rows = (size_t)block->rows;
    if (times.validity == NULL) {
        weir_simd->min_max_i64(times.i64, rows, &out->min, &out->max);
    } else {
        weir_simd->min_max_valid_i64(times.i64, times.validity, rows, &out->min, &out->max);
    }
    return WEIR_OK;
}

/* Whole seconds are no end of the range in ms: what is there has been held. */
static enum weir_status check_seconds(const struct weir_plan *plan, const struct weir_column *column, int64_t first,
                                      const struct weir_event_time *time, struct weir_error *error) {
    if (time->min > time->max || (time->min != INT64_MIN && time->max != INT64_MAX)) return WEIR_OK;
    int64_t bad = time->max == INT64_MAX ? INT64_MAX : INT64_MIN, row = 0;
    while (time->ticks[row] != bad || (time->validity != NULL && !weir_bit_get(time->validity, (size_t)row))) row++;
    return weir_error_set(
        error, WEIR_ERR_VALUE,
        "the time %lld s of the column '%s' is beyond what 64 bits of milliseconds hold; leave the "
        "row out, or correct it, before it comes here",
        (long long)((const int64_t *)column->values)[first + row], plan->time_name);
}

/* Bounds, and the sum of a column with them; false: there is none to sum up. */
static bool bounds_with_sum(const struct weir_block *block, const struct weir_column *times,
                            struct weir_ahead *ahead, int64_t *min, int64_t *max) {
    if (ahead == NULL || ahead->sum_column < 0 || times->validity != NULL || block->rows == 0) return false;
    const struct weir_column *column = &block->columns[ahead->sum_column];
    if (column->validity != NULL) return false;
    ahead->summed = (const double *)column->values + block->first;
    ahead->summed_rows = block->rows;
    ahead->sum = weir_simd->min_max_sum((const int64_t *)times->values + block->first, ahead->summed,
                                        (size_t)block->rows, min, max);
    return true;
}

enum weir_status weir_event_time_of_block(const struct weir_plan *plan, const struct weir_block *block,
                                          struct weir_ahead *ahead, struct weir_arena *arena,
                                          struct weir_event_time *out, struct weir_error *error) {
    *out = (struct weir_event_time){.min = INT64_MAX, .max = INT64_MIN};
    if (plan->time_expression != NULL) return of_expression(plan, block, arena, out, error);
    const struct weir_column *column = &block->columns[plan->time_column];
    bool seconds = is_scaled(plan);
    int64_t *scratch = NULL;
    if (seconds) {
        scratch = weir_arena_alloc(arena, ((size_t)block->rows + 1) * sizeof(*scratch));
        if (scratch == NULL)
            return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the times of a batch");
    }
    out->ticks = weir_event_time_ticks(column, seconds, block->first, block->rows, scratch);
    out->validity = column->validity == NULL ? NULL : column->validity + block->first / 64;
    if (!seconds && bounds_with_sum(block, column, ahead, &out->min, &out->max)) return WEIR_OK;
    weir_event_time_bounds(column, seconds, block->first, block->rows, &out->min, &out->max);
    return !seconds ? WEIR_OK : check_seconds(plan, column, block->first, out, error);
}

const char *weir_event_time_name(struct weir_plan *plan) {
    if (plan->time_column >= 0) return plan->column_names[plan->time_column];
    const char *text = NULL;
    if (plan->time_expression != NULL)
        text = weir_expr_text(&plan->arena, plan->time_expression, plan->column_names);
    return text == NULL ? "" : text;
}
