/* SPDX-License-Identifier: Apache-2.0
 *
 * A recorded stream for the measurement of readers: a thousand readings a millisecond in order of time, from a
 * hundred sensors, with three digits behind the point, as such recordings have.
 */
#include <stdio.h>

#include "bench/suites/suite.h"

#define ROWS_A_MS 1000
#define SENSORS 100
#define READINGS 1000000

static void sensor_word(int64_t idx, char *out) { snprintf(out, WEIR_SUITE_WORD_BYTES, "sensor-%04d", (int)idx); }

static void fill(const struct weir_suite_rows *rows) {
    int64_t *times = rows->columns[0];
    int32_t *sensors = rows->columns[1];
    double *values = rows->columns[2];
    for (int64_t i = 0; i < rows->count; i++) {
        int64_t row = rows->first + i;
        times[i] = row / ROWS_A_MS;
        sensors[i] = (int32_t)weir_suite_pick(row, 0, SENSORS);
        values[i] = (double)weir_suite_pick(row, 1, READINGS) / 1000.0;
    }
}

const struct weir_suite weir_suite_recorded = {
    .name = "recorded",
    .columns = {{.name = "ts", .format = "tsm:"},
                {.name = "s", .format = "i", .words = SENSORS, .word = sensor_word},
                {.name = "v", .format = "g"}},
    .fill = fill};
