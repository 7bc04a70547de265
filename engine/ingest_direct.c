/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ingest_direct.h"

#include "base/error.h"
#include "engine/accumulator_lanes.h"
#include "engine/direct_slice.h"
#include "engine/ingest_parts.h"
#include "simd/kernels.h"

/* Bytes of dense slices before anybody looks whether they are sparse. The next look comes when they have doubled.
 */
#define BYTES_LOOK ((size_t)32 << 20)

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while slices change their shape");
}

/* ---- rows ---- */

/* The words of the keys, which lie in ids or in the columns. */
static enum weir_status find_words(struct weir_ingest *ingest, const uint32_t *selected, int32_t count,
                                   struct weir_key_block *out, struct weir_error *error) {
    if (weir_key_table_has_words(ingest->keys)) {
        weir_key_table_words(ingest->keys, ingest->inputs, selected, count, out);
        return WEIR_OK;
    }
    uint64_t *words = weir_arena_alloc(&ingest->arena, (size_t)count * sizeof(*words));
    if (words == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while working on a batch");
    for (int32_t i = 0; i < count; i++) words[i] = ingest->ids[i];
    *out = (struct weir_key_block){words, NULL};
    return WEIR_OK;
}

enum weir_status weir_ingest_add_direct(struct weir_ingest *ingest, const uint32_t *selected, int32_t count,
                                        struct weir_error *error) {
    struct weir_slice_store *store = &ingest->store;
    struct weir_direct_block block = {
        .hashes = ingest->hashes, .rows = selected, .args = ingest->args, .slots = ingest->ids};
    enum weir_status status = find_words(ingest, selected, count, &block.keys, error);
    if (status != WEIR_OK) return status;
    store->keys_expected = ingest->keys_used;
    weir_simd->hash_u64(block.keys.words, (size_t)count, store->seed, ingest->hashes);
    for (int32_t s = 0; s < ingest->place.slots_count && status == WEIR_OK; s++) {
        const struct weir_slot *slot = &ingest->place.slots[s];
        if (slot->count > 0) status = weir_direct_add(store, slot->slice, &block, slot->from, slot->count, error);
    }
    ingest->counts.aggregated += count;
    ingest->ways.direct_rows += count;
    return status;
}

/* ---- turning ---- */

static bool is_possible(const struct weir_ingest *ingest) {
    return ingest->fires && ingest->machine == NULL && weir_plan_may_be_direct(ingest->plan);
}

/* Where keys are words, they are the slices' own from now on: the table keeps none. */
enum weir_status weir_ingest_turn_direct(struct weir_ingest *ingest, struct weir_error *error) {
    struct weir_slice_store *store = &ingest->store;
    if (store->is_direct || !is_possible(ingest)) return WEIR_OK;
    enum weir_status status = weir_ingest_settle(ingest, error);
    if (status != WEIR_OK) return status;
    weir_part_rows_close(&ingest->waiting);
    bool by_words = weir_key_table_has_words(ingest->keys), ok = true;
    for (uint32_t i = 0; i < store->count && ok; i++)
        ok = weir_direct_from_dense(store, store->slices[i], by_words ? ingest->keys : NULL);
    store->is_direct = true;
    if (!ok) return out_of_memory(error);
    if (!by_words) return WEIR_OK;
    struct weir_key_table *none = weir_ingest_make_keys(ingest);
    if (none == NULL) return out_of_memory(error);
    weir_key_table_destroy(&ingest->keys);
    ingest->keys = none;
    ingest->keys_generation++;
    return WEIR_OK;
}

enum weir_status weir_ingest_turn_dense(struct weir_ingest *ingest, struct weir_error *error) {
    struct weir_slice_store *store = &ingest->store;
    enum weir_status status = WEIR_OK;
    if (!store->is_direct) return WEIR_OK;
    bool by_words = weir_key_table_has_words(ingest->keys);
    weir_arena_reset(&ingest->arena);
    store->is_direct = false;
    for (uint32_t i = 0; i < store->count && status == WEIR_OK; i++)
        status =
            weir_direct_to_dense(store, store->slices[i], by_words ? ingest->keys : NULL, &ingest->arena, error);
    return status;
}

/* ---- choosing ---- */

/* Direct slices with the keys that these hold would take less than half of their memory. */
static bool are_sparse(const struct weir_ingest *ingest) {
    const struct weir_slice_store *store = &ingest->store;
    size_t stride = ingest->accumulator->stride, dense = 0, held = 0;
    for (uint32_t i = 0; i < store->count; i++) {
        dense += (size_t)store->slices[i]->capacity * stride;
        held += weir_slice_count_keys(store->slices[i], stride);
    }
    return store->count > 1 && held < dense / (2 * WEIR_DIRECT_BYTES_A_KEY(stride));
}

enum weir_status weir_ingest_choose_shape(struct weir_ingest *ingest, struct weir_error *error) {
    const struct weir_slice_store *store = &ingest->store;
    if (store->is_direct || ingest->setup.slices == WEIR_SLICES_DENSE) return WEIR_OK;
    if (ingest->setup.slices == WEIR_SLICES_DIRECT) return weir_ingest_turn_direct(ingest, error);
    if (store->bytes < ingest->shape_looked / 2) ingest->shape_looked = store->bytes;
    if (store->bytes < BYTES_LOOK || store->bytes / 2 < ingest->shape_looked) return WEIR_OK;
    weir_lanes_put_back(ingest->lanes);
    ingest->shape_looked = store->bytes;
    return is_possible(ingest) && are_sparse(ingest) ? weir_ingest_turn_direct(ingest, error) : WEIR_OK;
}

enum weir_status weir_ingest_reconsider_shape(struct weir_ingest *ingest, struct weir_error *error) {
    bool few = ingest->setup.slices == WEIR_SLICES_AUTO && ingest->store.count <= 1;
    return ingest->store.is_direct && few ? weir_ingest_turn_dense(ingest, error) : WEIR_OK;
}
