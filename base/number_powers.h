/* SPDX-License-Identifier: Apache-2.0
 *
 * Powers of ten to 128 bits, for exact conversion between decimal and binary floating point.
 */
#ifndef WEIR_BASE_NUMBER_POWERS_H
#define WEIR_BASE_NUMBER_POWERS_H

#include <stdint.h>

#define WEIR_POWER_MIN (-342)
#define WEIR_POWER_MAX 324
/* Powers with an exponent from 0 to this fit 128 bits exactly. */
#define WEIR_POWER_EXACT_MAX 55

/* 10^exponent = (high * 2^64 + low + rest) * 2^(weir_power_log2(exponent) - 127), top bit of high set, 0 <= rest
 * < 1. */
struct weir_power {
    uint64_t high;
    uint64_t low;
};

/* Entry i is 10^(WEIR_POWER_MIN + i). Computed on the first call; any thread. */
const struct weir_power *weir_powers_of_ten(void);

/* floor(log2(10^exponent)) for abs(exponent) <= 1233. */
static inline int weir_power_log2(int exponent) { return (exponent * 1741647) >> 19; }

#endif
