/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/row_pool.h"

#include <string.h>

#include "alloc/pages.h"
#include "base/bits.h"
#include "base/check.h"
#include "engine/held_strings.h"

#define ROWS_FIRST 64
#define HEAP_FIRST ((size_t)256 << 10)

bool weir_row_table_grow(void **table, uint32_t *capacity, uint32_t wanted, size_t element_bytes) {
    if (WEIR_LIKELY(wanted <= *capacity)) return true;
    uint64_t next = weir_round_up_pow2(wanted < ROWS_FIRST ? ROWS_FIRST : wanted);
    if (next > UINT32_MAX || next > SIZE_MAX / element_bytes) return false;
    void *grown = weir_pages_alloc((size_t)next * element_bytes);
    if (grown == NULL) return false;
    if (*capacity > 0) memcpy(grown, *table, (size_t)*capacity * element_bytes);
    weir_pages_free(*table, (size_t)*capacity * element_bytes);
    *table = grown;
    *capacity = (uint32_t)next;
    return true;
}

void weir_row_table_free(void *table, uint32_t capacity, size_t element_bytes) {
    weir_pages_free(table, (size_t)capacity * element_bytes);
}

void weir_row_pool_init(struct weir_row_pool *pool, const struct weir_accumulator *accumulator) {
    memset(pool, 0, sizeof(*pool));
    pool->accumulator = accumulator;
    pool->free = WEIR_ROW_NONE;
    pool->heap_most = HEAP_FIRST;
}

void weir_row_pool_fini(struct weir_row_pool *pool) {
    if (pool->accumulator == NULL) return;
    weir_row_table_free(pool->rows, pool->capacity, pool->accumulator->stride);
    weir_arena_fini(&pool->heap);
    memset(pool, 0, sizeof(*pool));
}

size_t weir_row_pool_bytes(const struct weir_row_pool *pool) {
    return (size_t)pool->capacity * pool->accumulator->stride + pool->heap.bytes_reserved;
}

/* ---- taking and giving back: a free row is fresh but for its first bytes, which hold the next free one ---- */

static WEIR_COLD uint32_t take_new(struct weir_row_pool *pool) {
    void *rows = pool->rows;
    if (!weir_row_table_grow(&rows, &pool->capacity, pool->count + 1, pool->accumulator->stride)) {
        return WEIR_ROW_NONE;
    }
    pool->rows = rows;
    weir_accumulator_fresh(pool->accumulator, pool->rows, pool->count, pool->count + 1);
    pool->used++;
    return pool->count++;
}

uint32_t weir_row_pool_take(struct weir_row_pool *pool) {
    uint32_t row = pool->free;
    if (WEIR_UNLIKELY(row == WEIR_ROW_NONE)) return take_new(pool);
    char *at = weir_row_pool_at(pool, row);
    memcpy(&pool->free, at, sizeof(pool->free));
    memcpy(at, pool->accumulator->fresh, sizeof(int64_t));
    pool->used++;
    return row;
}

void weir_row_pool_give(struct weir_row_pool *pool, uint32_t row) {
    char *at = weir_row_pool_at(pool, row);
    memcpy(at, pool->accumulator->fresh, pool->accumulator->stride);
    memcpy(at, &pool->free, sizeof(pool->free));
    pool->free = row;
    pool->used--;
}

/* ---- strings ---- */

static WEIR_COLD void tidy(struct weir_row_pool *pool) {
    size_t bytes = 0;
    for (uint32_t row = 0; row < pool->count; row++) { /* a free row holds none */
        bytes += weir_held_strings_bytes(pool->accumulator, weir_row_pool_at(pool, row));
    }
    struct weir_arena live;
    weir_arena_init(&live, 0);
    if (weir_arena_alloc(&live, bytes) == NULL) { /* all of it at once, so that nothing can fail half-way */
        weir_arena_fini(&live);
        pool->heap_most = pool->heap.bytes_reserved * 2;
        return;
    }
    weir_arena_reset(&live);
    for (uint32_t row = 0; row < pool->count; row++) {
        bool moved = weir_held_strings_move(pool->accumulator, weir_row_pool_at(pool, row), &live);
        WEIR_ASSERT(moved);
        (void)moved;
    }
    weir_arena_fini(&pool->heap);
    pool->heap = live;
    pool->heap_most = live.bytes_reserved < HEAP_FIRST ? HEAP_FIRST : live.bytes_reserved * 2;
}

void weir_row_pool_tidy(struct weir_row_pool *pool) {
    if (WEIR_UNLIKELY(pool->heap.bytes_reserved > pool->heap_most)) tidy(pool);
}
