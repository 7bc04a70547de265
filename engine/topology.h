/* SPDX-License-Identifier: Apache-2.0
 *
 * The cores that the process may use.
 */
#ifndef WEIR_ENGINE_TOPOLOGY_H
#define WEIR_ENGINE_TOPOLOGY_H

#include <stdint.h>

/* Cores in the affinity mask of the calling thread, at least 1. */
int32_t weir_topology_cores(void);

/* Binds the calling thread to the idx-th core of its mask (modulo their number); what the mask forbids is left as
 * it is. */
void weir_topology_pin(int32_t idx);

#endif
