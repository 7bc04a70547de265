/* SPDX-License-Identifier: Apache-2.0
 *
 * A histogram of durations over the whole range of 64 bits with a relative error below 1 %, in constant memory and
 * time: values below 256 have a bucket each, each power of two above them has 128.
 *
 * Source: the layout of G. Tene's HdrHistogram.
 */
#ifndef WEIR_BENCH_HISTOGRAM_H
#define WEIR_BENCH_HISTOGRAM_H

#include <stdint.h>

#define WEIR_HISTOGRAM_HALF 128
#define WEIR_HISTOGRAM_BUCKETS ((64 - 7 + 1) * WEIR_HISTOGRAM_HALF)

/* Zeroed it is empty. */
struct weir_histogram {
    int64_t counts[WEIR_HISTOGRAM_BUCKETS];
    int64_t count;
    uint64_t greatest;
};

void weir_histogram_add(struct weir_histogram *histogram, uint64_t value);

/* The least value such that `share` (0 to 1) of all are not above it, rounded up to the end of its bucket, but
 * never above the greatest value. 0 where there are none. */
uint64_t weir_histogram_at(const struct weir_histogram *histogram, double share);

#endif
