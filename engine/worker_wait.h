/* SPDX-License-Identifier: Apache-2.0
 *
 * How threads of workers sleep and wake each other, and how a worker that hands rows over waits: it takes in what
 * comes meanwhile.
 */
#ifndef WEIR_ENGINE_WORKER_WAIT_H
#define WEIR_ENGINE_WORKER_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/worker.h"

static inline bool weir_worker_hands_over(const struct weir_worker *worker) {
    return weir_handover_is_open(&worker->handover);
}

/* Asks handover.h of the worker. */
struct weir_handover_host weir_worker_host(struct weir_worker *worker);

/* Of a worker that hands over. The next task, waiting for it; all ranges before are in, those of others too. */
struct weir_task *weir_worker_next(struct weir_worker *worker);
void weir_worker_settle(struct weir_worker *worker, int64_t ranges);

/* The worker's thread sleeps until there may be a task for it, unless is_met says, when it is about to, that there
 * is one. */
void weir_worker_rest(struct weir_worker *worker, bool (*is_met)(struct weir_worker *worker));

/* Wakes the worker's thread, if it sleeps for want of a task; false: it does not. What there is for it must have
 * been written before, and a fence lie between. */
bool weir_worker_wake(struct weir_worker *worker);

/* What has failed, and where in the order of admission. */
void weir_worker_fail_at(struct weir_worker *worker, int64_t at);
bool weir_worker_has_failed(struct weir_worker *worker);

#endif
