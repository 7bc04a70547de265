/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/outbox.h"

#include <stdlib.h>

#include "base/error.h"

void weir_outbox_fini(struct weir_outbox *outbox) {
    for (size_t i = outbox->first; i < outbox->last; i++) {
        if (outbox->entries[i].batch.release != NULL) outbox->entries[i].batch.release(&outbox->entries[i].batch);
    }
    free(outbox->entries);
    *outbox = (struct weir_outbox){NULL, 0, 0, 0, 0};
}

#define FULL_ROWS (8 * WEIR_RESULT_ROWS)

bool weir_outbox_is_full(const struct weir_outbox *outbox) { return outbox->rows >= FULL_ROWS; }

struct weir_outbox_entry weir_outbox_pop(struct weir_outbox *outbox) {
    struct weir_outbox_entry entry = outbox->entries[outbox->first++];
    outbox->rows -= entry.batch.length;
    return entry;
}

static struct weir_outbox_entry *place(struct weir_outbox *outbox, struct weir_error *error) {
    if (outbox->first == outbox->last) outbox->first = outbox->last = 0;
    if (outbox->last == outbox->room) {
        size_t room = outbox->room == 0 ? 16 : outbox->room * 2;
        struct weir_outbox_entry *entries = realloc(outbox->entries, room * sizeof(*entries));
        if (entries == NULL) {
            weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the rows of the result");
            return NULL;
        }
        outbox->entries = entries;
        outbox->room = room;
    }
    return &outbox->entries[outbox->last];
}

enum weir_status weir_outbox_close(struct weir_outbox *outbox, struct weir_emit *emit, int64_t window,
                                   struct weir_error *error) {
    enum weir_status status = weir_emit_flush(emit, error);
    bool any = false;
    while (status == WEIR_OK) {
        struct weir_outbox_entry *entry = place(outbox, error);
        if (entry == NULL) return WEIR_ERR_MEMORY;
        *entry = (struct weir_outbox_entry){.window = window};
        bool taken = emit->plan->order_count == 0 && weir_emit_next(emit, &entry->batch);
        if (!taken && any) return WEIR_OK;
        outbox->last++;
        outbox->rows += entry->batch.length;
        if (!taken) return WEIR_OK;
        any = true;
    }
    return status;
}
