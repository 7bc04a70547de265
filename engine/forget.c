/* SPDX-License-Identifier: Apache-2.0
 *
 * Forgetting keys: ids of keys that no open slice, session or window holds are given to others, so that a stream of
 * ever new keys needs no more memory than its open windows do.
 *
 * The table is made anew with the keys that are held, once it has become twice as large as what was held the last
 * time: the work is shared out over the keys that have come since. And twice as large as the most that a window had
 * of late: keys that come again in each window, though none is held between two, are not forgotten only to be met
 * anew.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/check.h"
#include "base/error.h"
#include "engine/direct_slice.h"
#include "engine/ingest_direct.h"
#include "engine/ingest_parts.h"

#define KEYS_KEPT 65536 /* below this nothing is forgotten */
#define USED_FADES 16   /* what a window had is forgotten by this part at each firing */

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while keys are forgotten");
}

static void mark_slice(const struct weir_slice *slice, size_t stride, uint64_t *bits) {
    for (uint32_t id = 0; id < slice->keys; id++) {
        if (weir_slice_rows_of(slice, stride, id) != 0) weir_bit_set(bits, id);
    }
}

static void mark(const struct weir_ingest *ingest, uint64_t *bits) {
    size_t stride = ingest->accumulator->stride;
    for (uint32_t i = 0; i < ingest->store.count; i++) {
        const struct weir_slice *slice = ingest->store.slices[i];
        if (slice->is_direct) {
            weir_direct_mark(&ingest->store, slice, bits);
        } else {
            mark_slice(slice, stride, bits);
        }
    }
    if (ingest->running != NULL) mark_slice(ingest->running, stride, bits);
    for (uint32_t i = 0; i < ingest->due.count; i++) weir_bit_set(bits, ingest->due.entries[i].id);
    if (ingest->machine != NULL) ingest->machine->kind->held(ingest->machine, bits);
    if (ingest->held != NULL) ingest->held(ingest->held_user, bits);
}

/* Copies up to a block of keys to the new table. */
static enum weir_status move_keys(struct weir_ingest *ingest, struct weir_key_table *to, const uint32_t *old,
                                  int32_t count, uint32_t *ids, struct weir_error *error) {
    weir_arena_reset(&ingest->arena);
    enum weir_status status = WEIR_OK;
    for (int32_t key = 0; key < ingest->plan->keys_count && status == WEIR_OK; key++) {
        ingest->inputs[key] = (struct weir_key_input){.column = NULL};
        status = weir_key_table_values(ingest->keys, key, old, count, &ingest->arena, &ingest->inputs[key].vector,
                                       error);
    }
    if (status == WEIR_OK) status = weir_key_table_map(to, ingest->inputs, NULL, count, ingest->ids, error);
    for (int32_t i = 0; i < count && status == WEIR_OK; i++) ids[old[i]] = ingest->ids[i];
    return status;
}

/* Fills the new table, and ids: old -> new. */
static enum weir_status fill_table(struct weir_ingest *ingest, struct weir_key_table *to, const uint64_t *bits,
                                   uint32_t keys, uint32_t *ids, struct weir_error *error) {
    uint32_t *old = ingest->selected;
    int32_t count = 0;
    enum weir_status status = WEIR_OK;
    for (uint32_t id = 0; id < keys && status == WEIR_OK; id++) {
        if (!weir_bit_get(bits, id)) continue;
        old[count++] = id;
        if (count < WEIR_BLOCK_ROWS) continue;
        status = move_keys(ingest, to, old, count, ids, error);
        count = 0;
    }
    if (status == WEIR_OK && count > 0) status = move_keys(ingest, to, old, count, ids, error);
    return status;
}

static enum weir_status rename_state(struct weir_ingest *ingest, const uint32_t *ids, struct weir_error *error) {
    struct weir_slice_store *store = &ingest->store;
    bool ok = true;
    for (uint32_t i = 0; i < store->count && ok; i++) {
        struct weir_slice *slice = store->slices[i];
        ok = (slice->is_direct ? weir_direct_rename : weir_slice_rename)(store, slice, ids);
    }
    if (ok && ingest->running != NULL) ok = weir_slice_rename(store, ingest->running, ids);
    if (!ok) return out_of_memory(error);
    for (uint32_t i = 0; i < ingest->due.count; i++) ingest->due.entries[i].id = ids[ingest->due.entries[i].id];
    if (ingest->machine != NULL) ingest->machine->kind->rename(ingest->machine, ids);
    return ingest->renamed == NULL ? WEIR_OK : ingest->renamed(ingest->held_user, ids, error);
}

static enum weir_status forget(struct weir_ingest *ingest, const uint64_t *bits, uint32_t keys,
                               struct weir_error *error) {
    uint32_t *ids = calloc((size_t)keys + 1, sizeof(*ids));
    struct weir_key_table *table = ids == NULL ? NULL : weir_ingest_make_keys(ingest);
    enum weir_status status = table == NULL ? out_of_memory(error) : WEIR_OK;
    if (status == WEIR_OK) {
        weir_key_table_expect(table, ingest->keys_held); /* ids follow the hashes where rows have waited */
        status = fill_table(ingest, table, bits, keys, ids, error);
        weir_key_table_expect(table, 0);
    }
    if (status == WEIR_OK) status = rename_state(ingest, ids, error);
    if (status == WEIR_OK) {
        struct weir_key_table *old = ingest->keys;
        ingest->keys = table;
        table = old;
        ingest->keys_generation++;
    }
    weir_key_table_destroy(&table);
    free(ids);
    return status;
}

enum weir_status weir_ingest_forget_keys(struct weir_ingest *ingest, struct weir_error *error) {
    enum weir_status status = weir_ingest_settle_shared(ingest, error);
    if (status == WEIR_OK) status = weir_ingest_reconsider_shape(ingest, error);
    if (status != WEIR_OK) return status;
    uint32_t keys = weir_key_table_count(ingest->keys);
    uint32_t least = ingest->keys_held < KEYS_KEPT / 2 ? KEYS_KEPT / 2 : ingest->keys_held;
    if (ingest->keys_used > least) least = ingest->keys_used;
    ingest->keys_used -= ingest->keys_used / USED_FADES;
    if (ingest->plan->keys_count == 0 || keys / 2 < least) return WEIR_OK;
    uint64_t *bits = calloc(weir_bitmap_words(keys) + 1, sizeof(*bits));
    if (bits == NULL) return out_of_memory(error);
    mark(ingest, bits);
    uint32_t held = (uint32_t)weir_bitmap_count(bits, keys);
    ingest->keys_held = held;
    status = held > keys / 2 ? WEIR_OK : forget(ingest, bits, keys, error);
    free(bits);
    return status;
}

enum weir_status weir_ingest_renew_keys(struct weir_ingest *ingest, struct weir_error *error) {
    WEIR_ASSERT(ingest->store.count == 0 && ingest->waiting.rows == 0 && ingest->due.count == 0);
    struct weir_key_table *table = weir_ingest_make_keys(ingest);
    if (table == NULL) return out_of_memory(error);
    weir_key_table_destroy(&ingest->keys);
    ingest->keys = table;
    ingest->keys_generation++;
    ingest->keys_held = ingest->keys_used = ingest->keys_tried = ingest->keys_foreseen = 0;
    return WEIR_OK;
}
