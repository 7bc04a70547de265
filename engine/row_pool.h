/* SPDX-License-Identifier: Apache-2.0
 *
 * Accumulator rows that come and go one by one (sessions, count windows), in one growing array, so that
 * weir_accumulator_add takes their numbers as ids. A row given back is the next to be taken.
 *
 * Rows move when the array grows: keep numbers, not pointers. Not thread-safe.
 */
#ifndef WEIR_ENGINE_ROW_POOL_H
#define WEIR_ENGINE_ROW_POOL_H

#include <stdint.h>

#include "engine/accumulator.h"

#define WEIR_ROW_NONE UINT32_MAX

struct weir_row_pool {
    const struct weir_accumulator *accumulator;
    char *rows;
    uint32_t count;    /* numbers below have been taken at least once */
    uint32_t capacity; /* rows that there is room for */
    uint32_t free;     /* the row given back last, each holds the next; WEIR_ROW_NONE: none */
    uint32_t used;
    struct weir_arena heap; /* of strings */
    size_t heap_most;       /* bytes of it at which the live strings move to a new one */
};

void weir_row_pool_init(struct weir_row_pool *pool, const struct weir_accumulator *accumulator);
void weir_row_pool_fini(struct weir_row_pool *pool);

/* A fresh row; WEIR_ROW_NONE when memory is short. */
uint32_t weir_row_pool_take(struct weir_row_pool *pool);
/* Forgets what the row holds. */
void weir_row_pool_give(struct weir_row_pool *pool, uint32_t row);

/* Strings of rows that were given back, or that a lesser or greater one has replaced, stay in the heap until this
 * is called: when the heap has grown to twice what it was the last time, the strings that still count move to a new
 * one (where memory for that is short all stays as it is). So the heap holds at most a few times what its rows do.
 */
void weir_row_pool_tidy(struct weir_row_pool *pool);

size_t weir_row_pool_bytes(const struct weir_row_pool *pool);

static inline char *weir_row_pool_at(const struct weir_row_pool *pool, uint32_t row) {
    return pool->rows + (size_t)row * pool->accumulator->stride;
}

/* Tables beside the rows: grows *table to `wanted` elements at least. False when memory is short: all is as it was.
 * New elements are zero. */
bool weir_row_table_grow(void **table, uint32_t *capacity, uint32_t wanted, size_t element_bytes);
void weir_row_table_free(void *table, uint32_t capacity, size_t element_bytes);

#endif
