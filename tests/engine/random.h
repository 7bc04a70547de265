/* SPDX-License-Identifier: Apache-2.0
 *
 * SplitMix64, for tests that draw their streams: what was drawn is drawn again from the same random_state.
 */
#ifndef WEIR_TESTS_ENGINE_RANDOM_H
#define WEIR_TESTS_ENGINE_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

static uint64_t random_state = 1;

static inline uint64_t random_next(void) {
    random_state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t x = random_state;
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

/* In [0, limit). */
static inline int64_t random_below(int64_t limit) { return (int64_t)(random_next() % (uint64_t)limit); }
static inline bool chance(int percent) { return random_below(100) < percent; }

#endif
