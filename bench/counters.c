/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/counters.h"

#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/attributes.h"

#define CACHE(cache, operation, result)                                                                            \
    (PERF_COUNT_HW_CACHE_##cache | PERF_COUNT_HW_CACHE_OP_##operation << 8 |                                       \
     PERF_COUNT_HW_CACHE_RESULT_##result << 16)

static const struct {
    const char *name;
    uint32_t type;
    uint64_t config;
} kinds[WEIR_COUNTER_KINDS] = {
    [WEIR_COUNTER_CYCLES] = {"cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES},
    [WEIR_COUNTER_INSTRUCTIONS] = {"instructions", PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS},
    [WEIR_COUNTER_CACHE_MISSES] = {"cache_misses", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES},
    [WEIR_COUNTER_TLB_MISSES] = {"tlb_misses", PERF_TYPE_HW_CACHE, CACHE(DTLB, READ, MISS)},
    [WEIR_COUNTER_BRANCH_MISSES] = {"branch_misses", PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_MISSES},
    [WEIR_COUNTER_PAGE_FAULTS] = {"page_faults", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS},
};

const char *weir_counter_name(enum weir_counter kind) { return kinds[kind].name; }

/* What the kernel does is not counted, as that takes rights; a fault is, where the program's own access meets it.
 */
static int open_counter(enum weir_counter kind) {
    struct perf_event_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.size = sizeof(attr);
    attr.type = kinds[kind].type;
    attr.config = kinds[kind].config;
    attr.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
    attr.inherit = 1;
    attr.exclude_kernel = 1;
    attr.exclude_hv = 1;
    return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

void weir_counters_start(struct weir_counters *counters) {
    for (int kind = 0; kind < WEIR_COUNTER_KINDS; kind++)
        counters->fds[kind] = open_counter((enum weir_counter)kind);
}

static int64_t read_counter(int fd) {
    uint64_t answer[3]; /* value, time enabled, time running */
    if (fd < 0 || read(fd, answer, sizeof(answer)) != (ssize_t)sizeof(answer) || answer[2] == 0) return -1;
    if (answer[1] == answer[2]) return (int64_t)answer[0];
    return (int64_t)((double)answer[0] * (double)answer[1] / (double)answer[2]);
}

void weir_counters_stop(struct weir_counters *counters, int64_t values[WEIR_COUNTER_KINDS]) {
    for (int kind = 0; kind < WEIR_COUNTER_KINDS; kind++) values[kind] = read_counter(counters->fds[kind]);
    for (int kind = 0; kind < WEIR_COUNTER_KINDS; kind++) {
        if (counters->fds[kind] >= 0) close(counters->fds[kind]);
        counters->fds[kind] = -1;
    }
}
