/* SPDX-License-Identifier: Apache-2.0
 *
 * The clock for waiting: it never goes back and knows no date. Not for: event time and results.
 */
#ifndef WEIR_BASE_MONOTONIC_H
#define WEIR_BASE_MONOTONIC_H

#include <stdint.h>
#include <time.h>

#include "base/attributes.h"

/* Milliseconds since some moment in the past, > 0. */
WEIR_INLINE int64_t weir_monotonic_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Sleeps; a signal may end it early. */
WEIR_INLINE void weir_monotonic_sleep(int64_t ms) {
    struct timespec pause = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
    if (ms > 0) nanosleep(&pause, NULL);
}

#endif
