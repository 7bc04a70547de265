/* SPDX-License-Identifier: Apache-2.0
 *
 * Threads that decode ahead of the one that reads: it submits jobs, in the order in which it wants their results,
 * and waits for them one by one. A job is worked by one thread, whole; jobs are begun in the order of their
 * submission.
 *
 * One thread submits and waits. Not for: the engine's rows, which have an order of their own (engine/worker.h).
 */
#ifndef WEIR_CONNECT_CREW_H
#define WEIR_CONNECT_CREW_H

#include <stdbool.h>
#include <stdint.h>

#include "weir/types.h"

struct weir_crew;

/* Part of what is worked on: the caller's memory, which stays until the job is done or the crew is gone. */
struct weir_crew_job {
    void (*work)(struct weir_crew_job *job, int32_t thread); /* thread: 0 .. threads - 1, for its own tools */
    struct weir_crew_job *next;
    bool done; /* under the crew's lock */
};

/* Starts 1 to 1 024 threads; where the system gives fewer, those. WEIR_ERR_MEMORY, WEIR_ERR_IO (none starts). */
enum weir_status weir_crew_create(int32_t threads, struct weir_crew **out, struct weir_error *error);
/* Jobs that have not begun are dropped, those that have are finished. */
void weir_crew_destroy(struct weir_crew **crew);

void weir_crew_submit(struct weir_crew *crew, struct weir_crew_job *job);
/* Until the job is done. */
void weir_crew_wait(struct weir_crew *crew, const struct weir_crew_job *job);

#endif
