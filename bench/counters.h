/* SPDX-License-Identifier: Apache-2.0
 *
 * What the machine and the system count while a piece of work is done: cycles, instructions, misses of caches and
 * of address translation, faults of pages; of the calling thread and of those that it starts meanwhile. Virtual
 * machines often count the last of them only. See perf_event_open(2).
 */
#ifndef WEIR_BENCH_COUNTERS_H
#define WEIR_BENCH_COUNTERS_H

#include <stdint.h>

enum weir_counter {
    WEIR_COUNTER_CYCLES,
    WEIR_COUNTER_INSTRUCTIONS,
    WEIR_COUNTER_CACHE_MISSES, /* of the last level */
    WEIR_COUNTER_TLB_MISSES,   /* of loads of data */
    WEIR_COUNTER_BRANCH_MISSES,
    WEIR_COUNTER_PAGE_FAULTS,
    WEIR_COUNTER_KINDS
};

/* "cycles", "page_faults", ... */
const char *weir_counter_name(enum weir_counter kind);

struct weir_counters {
    int fds[WEIR_COUNTER_KINDS]; /* -1: not counted here */
};

/* Starts to count what the machine can. */
void weir_counters_start(struct weir_counters *counters);

/* Ends it.
 *   values  of each kind; -1: not counted here. Where more are counted than the machine has registers, each
 *           was counted for a part of the time and is scaled to the whole */
void weir_counters_stop(struct weir_counters *counters, int64_t values[WEIR_COUNTER_KINDS]);

#endif
