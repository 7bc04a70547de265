/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of the shape that known suites of streaming queries have, made up here: each value follows from the number
 * of its row alone, so that a file is the same wherever it is made. Distributions are those that the suites
 * describe; where one does not say, the file that fills its rows does.
 */
#ifndef WEIR_BENCH_SUITES_SUITE_H
#define WEIR_BENCH_SUITES_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WEIR_SUITE_COLUMNS_MAX 16
#define WEIR_SUITE_WORD_BYTES 32

struct weir_suite_column {
    const char *name;
    const char *format; /* Arrow's: "tsm:", "l", "i", "g", "u"; of dictionaries it is "i" */
    int32_t words;      /* entries of the dictionary; -1: as many as rows of the file, by a hundred; 0: none */
    void (*word)(int64_t idx, char *out); /* the entry, at most WEIR_SUITE_WORD_BYTES with its zero; of "u" the
                                             string for the number, of 64 bits, that is filled in */
};

/* A stretch of rows to be filled. */
struct weir_suite_rows {
    int64_t first;
    int64_t count;
    int64_t total;                         /* rows of the file */
    void *columns[WEIR_SUITE_COLUMNS_MAX]; /* of each column where the value of `first` goes */
};

struct weir_suite {
    const char *name;
    struct weir_suite_column columns[WEIR_SUITE_COLUMNS_MAX]; /* up to one without a name */
    void (*fill)(const struct weir_suite_rows *rows);
};

extern const struct weir_suite weir_suite_ysb, weir_suite_nexmark, weir_suite_newcomers, weir_suite_cluster,
    weir_suite_grid, weir_suite_road, weir_suite_equipment, weir_suite_groups, weir_suite_shapes,
    weir_suite_recorded;

/* Draws number `idx` of a row: SplitMix64's finisher over both. */
static inline uint64_t weir_suite_draw(int64_t row, uint64_t idx) {
    uint64_t x = ((uint64_t)row * 16 + idx + 1) * UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

/* The same, from 0 to below `count`. */
static inline int64_t weir_suite_pick(int64_t row, uint64_t idx, int64_t count) {
    return (int64_t)(weir_suite_draw(row, idx) % (uint64_t)count);
}

/* The same, a double from 0 to below 1. */
static inline double weir_suite_real(int64_t row, uint64_t idx) {
    return (double)(weir_suite_draw(row, idx) >> 11) * 0x1p-53;
}

/* Writes the measurements of the One Billion Row Challenge, `name;-12.3` a line. False: writing failed. */
bool weir_suite_write_stations(const char *path, int64_t rows);

#endif
