/* SPDX-License-Identifier: Apache-2.0
 *
 * The same stream with keys in many shapes: 10 000 of them as numbers of 64 and of 32 bits, as short and as long
 * strings, and as pairs, drawn evenly; by Zipf's law with exponents 1 and 1.5; and in runs of 32. `late1` and
 * `late10` are `ts` with one row in a hundred, and one in ten, up to 900 ms behind.
 */
#include <math.h>
#include <stdio.h>

#include "bench/suites/suite.h"

#define ROWS_A_MS 1000
#define KEYS 10000
#define PAIR 100 /* values of each part */
#define RUN 32
#define BEHIND_MS 900
#define START_MS 10000 /* no time is before 1970 */

/* As many as fit 64 bits, over their whole range. */
static int64_t word_of(int64_t key) { return (int64_t)((uint64_t)key * UINT64_C(0x9E3779B97F4A7C15)); }

static void short_text(int64_t key, char *out) { snprintf(out, WEIR_SUITE_WORD_BYTES, "key%06d", (int)key); }

static void long_text(int64_t key, char *out) {
    snprintf(out, WEIR_SUITE_WORD_BYTES, "customer/%06d/account", (int)key);
}

/* The shares of keys 0 .. i, of all. */
struct zipf {
    double shares[KEYS];
};

static void make_zipf(double exponent, struct zipf *out) {
    double sum = 0;
    for (int i = 0; i < KEYS; i++) out->shares[i] = sum += pow(i + 1, -exponent);
    for (int i = 0; i < KEYS; i++) out->shares[i] /= sum;
}

static int64_t draw_zipf(const struct zipf *zipf, double real) {
    int low = 0, high = KEYS - 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (zipf->shares[middle] < real) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static int64_t behind(int64_t row, uint64_t draw, int64_t percent) {
    return weir_suite_pick(row, draw, 100) < percent ? weir_suite_pick(row, draw + 1, BEHIND_MS) : 0;
}

static void fill(const struct weir_suite_rows *rows) {
    static struct zipf even, steep;
    if (even.shares[0] == 0) {
        make_zipf(1, &even);
        make_zipf(1.5, &steep);
    }
    int64_t *const *numbers = (int64_t *const *)rows->columns;
    int32_t *k32 = rows->columns[4], *a = rows->columns[7];
    double *values = rows->columns[12];
    for (int64_t i = 0; i < rows->count; i++) {
        int64_t row = rows->first + i, time = START_MS + row / ROWS_A_MS, key = weir_suite_pick(row, 0, KEYS);
        int64_t by_one = draw_zipf(&even, weir_suite_real(row, 1)),
                by_more = draw_zipf(&steep, weir_suite_real(row, 1));
        numbers[0][i] = time;
        numbers[1][i] = time - behind(row, 2, 1);
        numbers[2][i] = time - behind(row, 2, 10);
        numbers[3][i] = word_of(key);
        k32[i] = (int32_t)((uint32_t)key * UINT32_C(0x9E3779B1));
        numbers[5][i] = numbers[6][i] = key;
        a[i] = (int32_t)(key / PAIR);
        numbers[8][i] = word_of(key % PAIR);
        numbers[9][i] = word_of(by_one);
        numbers[10][i] = word_of(by_more);
        numbers[11][i] = word_of(weir_suite_pick(row / RUN, 4, KEYS));
        values[i] = weir_suite_real(row, 5);
    }
}

const struct weir_suite weir_suite_shapes = {.name = "shapes",
                                             .columns = {{.name = "ts", .format = "tsm:"},
                                                         {.name = "late1", .format = "tsm:"},
                                                         {.name = "late10", .format = "tsm:"},
                                                         {.name = "k64", .format = "l"},
                                                         {.name = "k32", .format = "i"},
                                                         {.name = "short_key", .format = "u", .word = short_text},
                                                         {.name = "long_key", .format = "u", .word = long_text},
                                                         {.name = "a", .format = "i"},
                                                         {.name = "b", .format = "l"},
                                                         {.name = "zipf10", .format = "l"},
                                                         {.name = "zipf15", .format = "l"},
                                                         {.name = "runs", .format = "l"},
                                                         {.name = "v", .format = "g"}},
                                             .fill = fill};
