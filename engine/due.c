/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/due.h"

#include <string.h>

#include "alloc/pages.h"
#include "base/error.h"
#include "engine/held_strings.h"

#define ENTRIES_FIRST 64

static enum weir_status out_of_memory(struct weir_error *error, uint32_t count) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the results that are due (%u of them)", count);
}

void weir_due_init(struct weir_due *due, const struct weir_accumulator *accumulator) {
    memset(due, 0, sizeof(*due));
    due->accumulator = accumulator;
}

void weir_due_fini(struct weir_due *due) {
    weir_pages_free(due->entries, due->capacity * sizeof(*due->entries));
    weir_pages_free(due->spare, due->spare_capacity * sizeof(*due->spare));
    if (due->rows != NULL) weir_pages_free(due->rows, due->rows_capacity * due->accumulator->stride);
    weir_arena_fini(&due->heap);
    memset(due, 0, sizeof(*due));
}

void weir_due_clear(struct weir_due *due) {
    due->count = 0;
    due->rows_count = 0;
    weir_arena_reset(&due->heap);
}

size_t weir_due_bytes(const struct weir_due *due) {
    size_t stride = due->accumulator == NULL ? 0 : due->accumulator->stride;
    return ((size_t)due->capacity + due->spare_capacity) * sizeof(*due->entries) + due->rows_capacity * stride +
           due->heap.bytes_reserved;
}

/* ---- adding ---- */

/* The least power of two times ENTRIES_FIRST that holds `wanted`; 0 when there is none. */
static uint32_t grown(uint32_t capacity, uint64_t wanted) {
    uint64_t next = capacity < ENTRIES_FIRST ? ENTRIES_FIRST : capacity;
    while (next < wanted) next *= 2;
    return next > UINT32_MAX ? 0 : (uint32_t)next;
}

/* In memory of large blocks that are kept for the next ones: millions of results would be as many first touches of
 * small pages. */
static bool reserve(struct weir_due *due, uint32_t more) {
    uint64_t wanted = (uint64_t)due->count + more;
    if (wanted > due->capacity) {
        uint32_t capacity = grown(due->capacity, wanted);
        if (capacity == 0) return false;
        size_t one = sizeof(*due->entries);
        void *entries = weir_pages_move(due->entries, due->capacity * one, due->count * one, capacity * one);
        if (entries == NULL) return false;
        due->entries = entries;
        due->capacity = capacity;
    }
    wanted = (uint64_t)due->rows_count + more;
    if (wanted > due->rows_capacity) {
        uint32_t capacity = grown(due->rows_capacity, wanted);
        if (capacity == 0 || capacity > SIZE_MAX / due->accumulator->stride) return false;
        size_t one = due->accumulator->stride;
        void *rows = weir_pages_move(due->rows, due->rows_capacity * one, due->rows_count * one, capacity * one);
        if (rows == NULL) return false;
        due->rows = rows;
        due->rows_capacity = capacity;
    }
    return true;
}

enum weir_status weir_due_reserve(struct weir_due *due, uint32_t more, struct weir_error *error) {
    return reserve(due, more) ? WEIR_OK : out_of_memory(error, due->count);
}

/* Room for both is there. */
static bool append(struct weir_due *due, struct weir_due_entry entry, const char *row) {
    size_t stride = due->accumulator->stride;
    char *to = due->rows + (size_t)due->rows_count * stride;
    memcpy(to, row, stride);
    if (!weir_held_strings_move(due->accumulator, to, &due->heap)) return false;
    entry.row = due->rows_count++;
    due->entries[due->count++] = entry;
    return true;
}

enum weir_status weir_due_add(struct weir_due *due, struct weir_due_entry entry, const char *row,
                              struct weir_error *error) {
    if (WEIR_UNLIKELY(due->count == due->capacity || due->rows_count == due->rows_capacity) && !reserve(due, 1)) {
        return out_of_memory(error, due->count);
    }
    return append(due, entry, row) ? WEIR_OK : out_of_memory(error, due->count);
}

/* ---- taking over ---- */

static void translate(struct weir_due *due, uint32_t from, const uint32_t *ids) {
    if (ids == NULL) return;
    for (uint32_t i = from; i < due->count; i++) due->entries[i].id = ids[due->entries[i].id];
}

void weir_due_swap(struct weir_due *a, struct weir_due *b) {
    struct weir_due old = *a;
    *a = *b;
    *b = old;
    b->accumulator = a->accumulator;
    a->accumulator = old.accumulator;
}

enum weir_status weir_due_take(struct weir_due *due, struct weir_due *from, const uint32_t *ids,
                               struct weir_error *error) {
    if (from->count == 0) return WEIR_OK;
    if (due->count == 0) {
        weir_due_clear(due);
        weir_due_swap(due, from);
        translate(due, 0, ids);
        return WEIR_OK;
    }
    uint32_t count = due->count, rows_count = due->rows_count;
    bool ok = reserve(due, from->count);
    for (uint32_t i = 0; ok && i < from->count; i++) ok = append(due, from->entries[i], weir_due_row(from, i));
    if (!ok) {
        due->count = count;
        due->rows_count = rows_count;
        return out_of_memory(error, count + from->count);
    }
    translate(due, count, ids);
    weir_due_clear(from);
    return WEIR_OK;
}
