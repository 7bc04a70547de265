/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/fire_groups.h"
#include "engine/ingest_parts.h"
#include "engine/part_sums.h"

/* The keys that the table has got, as groups of a window. */
static enum weir_status fire_table(struct weir_fire *fire, int64_t window, bool is_null, struct weir_error *error) {
    const struct weir_part_table *table = &fire->state->table;
    size_t stride = fire->state->accumulator->stride;
    static const uint64_t one_null = 1;
    enum weir_status status = WEIR_OK;
    for (uint32_t first = 0; first < table->keys && status == WEIR_OK; first += WEIR_BLOCK_ROWS) {
        uint32_t left = table->keys - first;
        int32_t count = left < WEIR_BLOCK_ROWS ? (int32_t)left : WEIR_BLOCK_ROWS;
        for (int32_t i = 0; i < count; i++) fire->rows[i] = table->rows + (first + (uint32_t)i) * stride;
        fire->keys = (struct weir_key_block){table->words + first, is_null ? &one_null : NULL};
        status = weir_fire_window(fire, window, count, error);
    }
    fire->keys.words = NULL;
    return status;
}

/* True when the caller should take results before the next part. Results that leave for other threads are cut at
 * windows. */
static bool stop_here(const struct weir_fire *fire) {
    return fire->outbox == NULL && weir_emit_is_full(fire->emit);
}

enum weir_status weir_fire_parts(struct weir_fire *fire, int64_t window, struct weir_part_set *set,
                                 struct weir_error *error) {
    struct weir_part_rows *waiting = &fire->state->waiting;
    enum weir_status status = WEIR_OK;
    while (set->part <= waiting->parts && status == WEIR_OK) {
        if (stop_here(fire)) {
            fire->more = true;
            return WEIR_OK;
        }
        bool is_null = set->part == waiting->parts;
        status = weir_part_sums_make(waiting, set, set->part, &fire->state->table, error);
        if (status == WEIR_OK) status = fire_table(fire, window, is_null, error);
        set->fired += fire->state->table.keys;
        weir_part_sums_drop(waiting, set, set->part);
        weir_part_rows_drop(waiting, set, set->part++);
    }
    if (status != WEIR_OK) return status;
    uint32_t fired = set->fired;
    int64_t rows = set->came / (fired + 1);
    weir_ingest_end_set(fire->state, set);
    fire->state->ways.parted_windows++;
    status = weir_fire_end_window(fire, window, fired, error);
    fire->state->rows_a_key = rows < UINT32_MAX / 2 ? (uint32_t)rows : UINT32_MAX / 2;
    return status;
}
