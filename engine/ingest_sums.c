/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ingest_sums.h"

#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "engine/part_sums.h"

/* A slice that has got more keys while it was none's own stays as it is; and one that is does not become a table of
 * more. */
#define KEYS_MOST ((uint32_t)1 << 20)
/* Rows wait until they take so many times what their sums would add to those that there are: about what lines and
 * accumulators of as many keys would take with what they are grown from. */
#define ROWS_A_SUM 5
/* Of a window that has so many rows a key most time goes to rows and not to keys: the tables of all windows, whose
 * keys are met once, are quicker. */
#define ROWS_A_KEY_MOST 6

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the sums of keys");
}

bool weir_ingest_may_own(const struct weir_ingest *ingest) {
    enum weir_window_kind kind = ingest->plan->window.kind;
    bool one_slice = kind == WEIR_WINDOW_TUMBLE || kind == WEIR_WINDOW_NONE;
    return one_slice && ingest->fires && ingest->held == NULL && !ingest->tries && !ingest->store.is_direct;
}

struct weir_part_set *weir_ingest_own_set(struct weir_ingest *ingest, const struct weir_slice *slice) {
    struct weir_part_set *set = weir_part_rows_find(&ingest->waiting, slice->index, slice->first);
    return set != NULL && set->is_own ? set : NULL;
}

/* ---- slice -> sums ---- */

enum weir_status weir_ingest_own(struct weir_ingest *ingest, struct weir_part_set *set, struct weir_error *error) {
    bool forced = ingest->setup.waiting == WEIR_WAITING_ALWAYS;
    if (!weir_ingest_may_own(ingest) || (!forced && ingest->rows_a_key >= ROWS_A_KEY_MOST)) return WEIR_OK;
    struct weir_slice *slice = weir_slice_store_open(&ingest->store, set->index, set->first);
    if (slice == NULL) return out_of_memory(error);
    if (slice->keys > KEYS_MOST) return WEIR_OK;
    size_t stride = ingest->accumulator->stride;
    uint64_t nulls[WEIR_BLOCK_ROWS / 64];
    for (uint32_t first = 0; first < slice->keys; first += WEIR_BLOCK_ROWS) {
        uint32_t left = slice->keys - first, count = left < WEIR_BLOCK_ROWS ? left : WEIR_BLOCK_ROWS;
        struct weir_key_block keys;
        weir_key_table_listed(ingest->keys, first, (int32_t)count, nulls, &keys);
        if (!weir_part_sums_add(&ingest->waiting, set, slice->rows + (size_t)first * stride, stride, &keys,
                                (int32_t)count, ingest->hashes))
            return out_of_memory(error);
    }
    weir_slice_empty(&ingest->store, slice);
    set->is_own = true;
    return WEIR_OK;
}

/* ---- sums -> slice ---- */

static enum weir_status give_back_part(struct weir_ingest *ingest, const struct weir_part_set *set, uint32_t part,
                                       struct weir_slice *slice, struct weir_error *error) {
    const struct weir_part_rows *waiting = &ingest->waiting;
    size_t stride = ingest->accumulator->stride;
    uint64_t nulls[WEIR_BLOCK_ROWS / 64];
    const char *sums = NULL;
    uint32_t done = 0;
    int32_t count;
    memset(nulls, 0xFF, sizeof(nulls));
    while ((count = weir_part_sums_next(waiting, set, part, &sums, &done)) > 0) {
        for (size_t i = 0; i < (size_t)count; i++)
            memcpy(&ingest->hashes[i], sums + i * waiting->sum_bytes + stride, sizeof(uint64_t));
        /* The words: the table uses room of its own for their hashes. */
        const struct weir_key_block keys = {ingest->hashes, part == waiting->parts ? nulls : NULL};
        enum weir_status status = weir_key_table_map_words(ingest->keys, &keys, count, ingest->ids, error);
        if (status != WEIR_OK) return status;
        if (!weir_slice_reserve(&ingest->store, slice, weir_key_table_count(ingest->keys)))
            return out_of_memory(error);
        for (size_t i = 0; i < (size_t)count; i++)
            memcpy(slice->rows + ingest->ids[i] * stride, sums + i * waiting->sum_bytes, stride);
    }
    return WEIR_OK;
}

static enum weir_status give_back(struct weir_ingest *ingest, struct weir_part_set *set, struct weir_error *error) {
    struct weir_slice *slice = weir_slice_store_open(&ingest->store, set->index, set->first);
    if (slice == NULL) return out_of_memory(error);
    enum weir_status status = WEIR_OK;
    /* Words come in the order of their hashes. */
    weir_key_table_expect(ingest->keys, weir_key_table_count(ingest->keys) + set->sums);
    for (uint32_t part = set->part; part <= ingest->waiting.parts && status == WEIR_OK; part++) {
        status = give_back_part(ingest, set, part, slice, error);
        weir_part_sums_drop(&ingest->waiting, set, part);
    }
    weir_key_table_expect(ingest->keys, 0);
    set->is_own = false;
    return status;
}

/* ---- rows -> sums ---- */

enum weir_status weir_ingest_keep_sums(struct weir_ingest *ingest, struct weir_error *error) {
    struct weir_part_rows *waiting = &ingest->waiting;
    size_t most = ingest->setup.waiting_max;
    bool pressed = most != 0 && weir_part_rows_bytes(waiting) > most;
    enum weir_status status = WEIR_OK;
    for (int32_t s = 0; s < waiting->sets_count && status == WEIR_OK; s++) {
        struct weir_part_set *set = &waiting->sets[s];
        size_t rows = (size_t)set->rows * weir_part_row_bytes(waiting), sums;
        size_t held = (size_t)set->sums * waiting->sum_bytes;
        if (!set->is_own || rows == 0) continue;
        status = weir_part_sums_estimate(waiting, set, &ingest->table, &sums, error);
        size_t more = sums > held ? sums - held : 0;
        bool pays = rows / ROWS_A_SUM >= more && rows >= held / 2;
        if (status != WEIR_OK) break;
        size_t keys = sums / waiting->sum_bytes;
        if (keys <= KEYS_MOST && (size_t)set->came / ROWS_A_KEY_MOST >= keys) {
            ingest->rows_a_key = ROWS_A_KEY_MOST;
            status = give_back(ingest, set, error);
        } else if (pays || (pressed && rows > more)) {
            status = weir_part_sums_keep(waiting, set, &ingest->table, error);
        }
    }
    return status;
}

enum weir_status weir_ingest_disown(struct weir_ingest *ingest, struct weir_error *error) {
    struct weir_part_rows *waiting = &ingest->waiting;
    enum weir_status status = WEIR_OK;
    for (int32_t s = 0; s < waiting->sets_count && status == WEIR_OK; s++) {
        if (waiting->sets[s].is_own) status = give_back(ingest, &waiting->sets[s], error);
    }
    return status;
}
