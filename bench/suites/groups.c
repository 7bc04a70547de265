/* SPDX-License-Identifier: Apache-2.0
 *
 * The table G1 of db-benchmark's group-by task, K = 100: id1, id2 and id4, id5 have 100 values each, id3 and id6
 * one for a hundred rows; v1 is an integer from 1 to 5, v2 from 1 to 15, v3 a real from 0 to 100 with six digits
 * behind the point.
 */
#include <math.h>
#include <stdio.h>

#include "bench/suites/suite.h"

#define K 100

static void short_word(int64_t idx, char *out) { snprintf(out, WEIR_SUITE_WORD_BYTES, "id%03d", (int)idx + 1); }

static void long_word(int64_t idx, char *out) {
    snprintf(out, WEIR_SUITE_WORD_BYTES, "id%010lld", (long long)idx + 1);
}

static void fill(const struct weir_suite_rows *rows) {
    const int64_t counts[6] = {K, K, (rows->total + K - 1) / K, K, K, (rows->total + K - 1) / K};
    double *reals = rows->columns[8];
    for (int64_t i = 0; i < rows->count; i++) {
        int64_t row = rows->first + i;
        for (uint64_t c = 0; c < 6; c++) {
            int64_t id = weir_suite_pick(row, c, counts[c]);
            ((int32_t *)rows->columns[c])[i] = (int32_t)(c < 3 ? id : id + 1);
        }
        ((int32_t *)rows->columns[6])[i] = (int32_t)weir_suite_pick(row, 6, 5) + 1;
        ((int32_t *)rows->columns[7])[i] = (int32_t)weir_suite_pick(row, 7, 15) + 1;
        reals[i] = rint(weir_suite_real(row, 8) * 1e8) / 1e6;
    }
}

const struct weir_suite weir_suite_groups = {
    .name = "groups",
    .columns = {{.name = "id1", .format = "i", .words = K, .word = short_word},
                {.name = "id2", .format = "i", .words = K, .word = short_word},
                {.name = "id3", .format = "i", .words = -1, .word = long_word},
                {.name = "id4", .format = "i"},
                {.name = "id5", .format = "i"},
                {.name = "id6", .format = "i"},
                {.name = "v1", .format = "i"},
                {.name = "v2", .format = "i"},
                {.name = "v3", .format = "g"}},
    .fill = fill};
