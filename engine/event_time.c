/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/event_time.h"

#include "simd/kernels.h"

int64_t weir_event_time_ticks_per_ms(const struct weir_layout *layout) {
    return layout->ticks_per_second < 1000 ? 1 : layout->ticks_per_second / 1000;
}

static int64_t seconds_to_ms(int64_t seconds) {
    int64_t ms;
    if (weir_mul_i64(seconds, 1000, &ms)) return ms;
    return seconds < 0 ? INT64_MIN : INT64_MAX;
}

const int64_t *weir_event_time_ticks(const struct weir_layout *layout, const struct weir_column *column,
                                     int64_t first, int64_t rows, int64_t *scratch) {
    const int64_t *values = (const int64_t *)column->values + first;
    if (layout->ticks_per_second >= 1000) return values;
    for (int64_t i = 0; i < rows; i++) scratch[i] = seconds_to_ms(values[i]);
    return scratch;
}

void weir_event_time_bounds(const struct weir_layout *layout, const struct weir_column *column, int64_t first,
                            int64_t rows, int64_t *min, int64_t *max) {
    *min = INT64_MAX;
    *max = INT64_MIN;
    if (rows == 0) return;
    const int64_t *values = (const int64_t *)column->values + first;
    if (column->validity == NULL) {
        weir_simd->min_max_i64(values, (size_t)rows, min, max);
    } else {
        weir_simd->min_max_valid_i64(values, column->validity + first / 64, (size_t)rows, min, max);
    }
    if (*min > *max || layout->ticks_per_second >= 1000) return;
    *min = seconds_to_ms(*min);
    *max = seconds_to_ms(*max);
}
