/* SPDX-License-Identifier: Apache-2.0
 *
 * Results that are due: windows of single keys that have been finished out of the common path (sessions, count
 * windows, early and late results), waiting to be given out in order.
 *
 * An entry owns a copy of its accumulator row, strings included. Not thread-safe: one list a worker, and one for
 * the pipeline, which takes over the workers' entries at a barrier.
 */
#ifndef WEIR_ENGINE_DUE_H
#define WEIR_ENGINE_DUE_H

#include <stdint.h>

#include "base/attributes.h"
#include "engine/accumulator.h"

enum weir_row_kind {
    WEIR_ROW_INSERT,        /* +I */
    WEIR_ROW_UPDATE_BEFORE, /* -U */
    WEIR_ROW_UPDATE_AFTER,  /* +U */
};

struct weir_due_entry {
    int64_t sequence; /* admission number of the row that caused it, where results follow the rows; else 0 */
    int64_t start;    /* units of the window, on the wall clock of the plan's zone */
    int64_t end;
    uint32_t id;  /* of the key */
    uint32_t row; /* of the accumulators */
    uint8_t kind; /* enum weir_row_kind */
    bool complete;
};

struct weir_due {
    const struct weir_accumulator *accumulator;
    struct weir_due_entry *entries;
    uint32_t count;
    uint32_t capacity;
    struct weir_due_entry *spare; /* where they are sorted */
    uint32_t spare_capacity;
    char *rows; /* accumulator rows, by entry.row */
    uint32_t rows_count;
    uint32_t rows_capacity;
    struct weir_arena heap; /* of their strings */
};

void weir_due_init(struct weir_due *due, const struct weir_accumulator *accumulator);
void weir_due_fini(struct weir_due *due);

/* Adds an entry (its field `row` is set here) with a copy of the accumulator row. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_due_add(struct weir_due *due, struct weir_due_entry entry, const char *row,
                              struct weir_error *error);

/* Makes room for `more` entries. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_due_reserve(struct weir_due *due, uint32_t more, struct weir_error *error);

/* The same as weir_due_add where there is room and accumulators, of `stride` bytes, hold no strings. */
WEIR_INLINE void weir_due_put(struct weir_due *due, struct weir_due_entry entry, const char *row, size_t stride) {
    const int64_t *from = (const int64_t *)(const void *)row;
    int64_t *to = (int64_t *)(void *)(due->rows + (size_t)due->rows_count * stride);
    for (size_t i = 0; i < stride / sizeof(*to); i++) to[i] = from[i];
    entry.row = due->rows_count++;
    due->entries[due->count++] = entry;
}

/* Appends the entries of `from` with their ids translated by `ids` (NULL: as they are), and empties it. */
enum weir_status weir_due_take(struct weir_due *due, struct weir_due *from, const uint32_t *ids,
                               struct weir_error *error);

/* Orders entries [from, count) by sequence, then end, then as they were added: a -U stays before its +U. */
void weir_due_sort(struct weir_due *due, uint32_t from);

void weir_due_clear(struct weir_due *due);
/* Two lists over the same accumulators change places. */
void weir_due_swap(struct weir_due *a, struct weir_due *b);

static inline const char *weir_due_row(const struct weir_due *due, uint32_t entry) {
    return due->rows + (size_t)due->entries[entry].row * due->accumulator->stride;
}

size_t weir_due_bytes(const struct weir_due *due);

#endif
