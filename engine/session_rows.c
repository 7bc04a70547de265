/* SPDX-License-Identifier: Apache-2.0
 *
 * SESSION(gap): the rows of a block. Where all that is asked for is COUNT(*), or that and one sum, a row is added
 * with the look at its slot. Else rows of latest sessions are added at the end of the block, column by column, and
 * before a session leaves its slot, or another merges into it, the rows so far are. A row of an older session is
 * added at once.
 */
#include <string.h>

#include "engine/session_state.h"

/* Rows are aligned to 8 bytes, not to 16. */
typedef weir_u128 u128_in_row __attribute__((aligned(8)));

/* What is added with the look at the slot. NEAR: nothing, and slots need not be fetched ahead. */
enum way { WAY_NEAR, WAY_LATER, WAY_COUNT, WAY_SUM_I64, WAY_SUM_F64 };

WEIR_INLINE bool adds(const enum way way) { return way > WAY_LATER; }

/* Bytes of accumulators and of a slot of each way that adds: COUNT(*); it, NULLs, and the sum. */
#define SUM_AT 16
static const struct shape {
    size_t accumulators, slot;
} shapes[] = {[WAY_COUNT] = {8, 32}, [WAY_SUM_I64] = {32, 64}, [WAY_SUM_F64] = {24, 64}};

#define NEAR_BYTES ((size_t)32 << 10)

static bool has_shape(const struct weir_sessions *m, enum way way) {
    return shapes[way].accumulators == m->accumulator->stride && shapes[way].slot == m->wide.stride;
}

static enum way way_of(const struct weir_sessions *m, const struct weir_machine_block *block) {
    const struct weir_accumulator *accumulator = m->accumulator;
    const enum way later = block->keys * m->wide.stride <= NEAR_BYTES ? WAY_NEAR : WAY_LATER;
    enum way way = later;
    if (block->ids == NULL) return WAY_NEAR; /* whole columns at a time */
    if (accumulator->fields_count == 1) way = WAY_COUNT;
    if (accumulator->fields_count == 3 && block->args[0].validity == NULL) {
        if (accumulator->fields[2].kind == WEIR_FIELD_SUM_I64) way = WAY_SUM_I64;
        if (accumulator->fields[2].kind == WEIR_FIELD_SUM_F64) way = WAY_SUM_F64;
    }
    return adds(way) && !has_shape(m, way) ? later : way;
}

WEIR_INLINE void add(char *slot, const enum way way, const struct weir_vector *arg, uint32_t row) {
    *(int64_t *)(void *)slot += 1;
    if (way == WAY_SUM_F64) *(double *)(void *)(slot + SUM_AT) += arg->f64[row];
    if (way == WAY_SUM_I64) *(u128_in_row *)(void *)(slot + SUM_AT) += (weir_u128)(weir_i128)arg->i64[row];
}

/* Keys of a plan without keys. */
static const uint32_t one_key[WEIR_BLOCK_ROWS];

/* Rows ahead of the one at work whose slots are fetched, as in simd/kernels_find.c. */
#define PREFETCH_ROWS 128

/* Of W: an end up to here is closed, one above it is not. */
WEIR_INLINE int64_t closed_through(int64_t watermark) {
    return watermark > INT64_MIN && watermark < INT64_MAX ? watermark + 1 : watermark;
}

/* Finds the slot of each entry. The flags are constants where this is expanded. Of the branches that rows in order
 * take one cannot be foretold: whether a row begins the next session of its key. */
WEIR_INLINE enum weir_status scan(struct weir_sessions *m, struct weir_machine_block *block, const bool selected,
                                  const bool rising, const enum way way, struct weir_error *error) {
    const uint32_t *const ids = block->ids == NULL ? one_key : block->ids;
    const int64_t *const times = block->times;
    const int64_t gap = m->gap, limit = INT64_MAX - gap, before = closed_through(block->before);
    const int32_t count = block->count;
    const size_t stride = adds(way) ? shapes[way].slot : m->wide.stride;
    const size_t accumulators = adds(way) ? shapes[way].accumulators : m->accumulator->stride;
    char *const all = m->slots + stride;
    const struct weir_vector arg = way > WAY_COUNT ? block->args[0] : (struct weir_vector){.i64 = NULL};
    for (int32_t i = 0; way != WAY_NEAR && i < count && i < PREFETCH_ROWS; i++)
        WEIR_PREFETCH_WRITE(&all[ids[i] * stride]);
    for (int32_t i = 0; i < count; i++) {
        if (way != WAY_NEAR)
            WEIR_PREFETCH_WRITE(&all[ids[i + PREFETCH_ROWS < count ? i + PREFETCH_ROWS : i] * stride]);
        const uint32_t at = selected ? block->rows[i] : (uint32_t)i, id = ids[i];
        const int64_t time = times[at], closed = rising ? closed_through(block->watermarks[at]) : before;
        char *slot = &all[id * stride];
        struct weir_session_latest *latest = (struct weir_session_latest *)(void *)(slot + accumulators);
        const int64_t end = latest->end;
        if (time <= end && WEIR_LIKELY(time >= latest->start && time <= limit && closed < end)) {
            latest->end = time + gap > end ? time + gap : end;
            if (adds(way)) {
                add(slot, way, &arg, at);
            } else {
                latest->epoch = m->epoch;
                m->of[i] = id + 1;
            }
            continue;
        }
        enum weir_status status;
        if (WEIR_LIKELY(time > end && time <= limit && closed < time + gap)) {
            struct weir_session_row row = {i, id, time, time + gap};
            status = weir_session_begin_next(m, block, &row, slot, accumulators, error);
        } else {
            status = weir_session_place(m, block, i, error);
        }
        if (WEIR_UNLIKELY(status != WEIR_OK)) return status;
        if (adds(way) && m->of[i] != WEIR_SESSION_NOWHERE) add(slot, way, &arg, at);
    }
    return WEIR_OK;
}

WEIR_INLINE enum weir_status scan_rows(struct weir_sessions *m, struct weir_machine_block *block,
                                       const enum way way, struct weir_error *error) {
    if (block->rows == NULL) {
        if (block->watermarks == NULL) return scan(m, block, false, false, way, error);
        return scan(m, block, false, true, way, error);
    }
    if (block->watermarks == NULL) return scan(m, block, true, false, way, error);
    return scan(m, block, true, true, way, error);
}

static enum weir_status scan_each_way(struct weir_sessions *m, struct weir_machine_block *block,
                                      struct weir_error *error) {
    const enum way way = way_of(m, block);
    m->at_once = adds(way);
    switch (way) {
    case WAY_COUNT: return scan_rows(m, block, WAY_COUNT, error);
    case WAY_SUM_I64: return scan_rows(m, block, WAY_SUM_I64, error);
    case WAY_SUM_F64: return scan_rows(m, block, WAY_SUM_F64, error);
    case WAY_LATER: return scan_rows(m, block, WAY_LATER, error);
    default: return scan_rows(m, block, WAY_NEAR, error);
    }
}

enum weir_status weir_sessions_scan(struct weir_sessions *m, struct weir_machine_block *block,
                                    struct weir_error *error) {
    m->added = 0;
    m->late = false;
    m->rows_since += block->count;
    m->epoch++;
    /* What was given out last lies in the cache. */
    if (m->past.count == 0 && m->due->count == 0 && m->due->capacity > m->past.capacity)
        weir_due_swap(&m->past, m->due);
    enum weir_status status = weir_due_reserve(&m->past, (uint32_t)block->count, error);
    if (status == WEIR_OK) status = scan_each_way(m, block, error);
    if (status == WEIR_OK) status = weir_sessions_add_until(m, block, block->count, error);
    if (m->late) memcpy(m->slots, m->fresh, m->wide.stride);
    return status;
}
