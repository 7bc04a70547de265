/* SPDX-License-Identifier: Apache-2.0
 *
 * Result batches of a worker that fires its own windows, each of one window, for the pipeline to put in order.
 */
#ifndef WEIR_ENGINE_OUTBOX_H
#define WEIR_ENGINE_OUTBOX_H

#include <stdint.h>

#include "engine/emit.h"

struct weir_outbox_entry {
    int64_t window;
    struct ArrowArray batch; /* release NULL: the window has fired and this is no batch of it */
};

struct weir_outbox {
    struct weir_outbox_entry *entries; /* [first, last) wait, in the order of windows */
    size_t first, last, room;
    int64_t rows; /* that wait */
};

void weir_outbox_fini(struct weir_outbox *outbox);

/* True when the pipeline should take some before more is made. */
bool weir_outbox_is_full(const struct weir_outbox *outbox);

/* The next entry, which must be there, is taken. */
struct weir_outbox_entry weir_outbox_pop(struct weir_outbox *outbox);

/* The window has fired: takes what `emit` has of it. Where rows wait for ORDER BY they stay there. */
enum weir_status weir_outbox_close(struct weir_outbox *outbox, struct weir_emit *emit, int64_t window,
                                   struct weir_error *error);

#endif
