/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/histogram.h"

/* Values with the same leading eight bits share a bucket. */
static int bucket_of(uint64_t value) {
    if (value < 2 * WEIR_HISTOGRAM_HALF) return (int)value;
    int shift = 63 - __builtin_clzll(value) - 7;
    return shift * WEIR_HISTOGRAM_HALF + (int)(value >> shift);
}

static uint64_t end_of(int bucket) {
    if (bucket < 2 * WEIR_HISTOGRAM_HALF) return (uint64_t)bucket;
    int shift = bucket / WEIR_HISTOGRAM_HALF - 1;
    uint64_t leading = (uint64_t)(bucket % WEIR_HISTOGRAM_HALF + WEIR_HISTOGRAM_HALF);
    return (leading << shift) + ((UINT64_C(1) << shift) - 1);
}

void weir_histogram_add(struct weir_histogram *histogram, uint64_t value) {
    histogram->counts[bucket_of(value)]++;
    histogram->count++;
    if (value > histogram->greatest) histogram->greatest = value;
}

uint64_t weir_histogram_at(const struct weir_histogram *histogram, double share) {
    double wanted = share * (double)histogram->count;
    int64_t below = 0;
    for (int bucket = 0; bucket < WEIR_HISTOGRAM_BUCKETS; bucket++) {
        below += histogram->counts[bucket];
        if (below == 0 || (double)below < wanted) continue;
        uint64_t end = end_of(bucket);
        return end < histogram->greatest ? end : histogram->greatest;
    }
    return histogram->greatest;
}
