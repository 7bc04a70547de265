/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/topology.h"

#include <pthread.h>
#include <sched.h>

int32_t weir_topology_cores(void) {
    cpu_set_t mask;
    if (sched_getaffinity(0, sizeof(mask), &mask) != 0) return 1;
    int count = CPU_COUNT(&mask);
    return count < 1 ? 1 : count;
}

void weir_topology_pin(int32_t idx) {
    cpu_set_t mask;
    if (sched_getaffinity(0, sizeof(mask), &mask) != 0) return;
    int32_t wanted = idx % weir_topology_cores();
    for (int core = 0; core < CPU_SETSIZE; core++) {
        if (!CPU_ISSET(core, &mask) || wanted-- > 0) continue;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(core, &one);
        pthread_setaffinity_np(pthread_self(), sizeof(one), &one);
        return;
    }
}
