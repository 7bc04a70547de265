/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/parted.h"

#include "base/error.h"
#include "engine/direct_slice.h"
#include "simd/kernels.h"

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while rows that were set aside are added up");
}

static enum weir_status add_direct(struct weir_ingest *ingest, struct weir_slice *slice,
                                   const struct weir_parted *rows, struct weir_error *error) {
    struct weir_slice_store *store = &ingest->store;
    struct weir_direct_block block = {
        .keys = rows->keys, .hashes = ingest->hashes, .args = rows->args, .slots = ingest->ids};
    store->keys_expected = ingest->keys_used;
    ingest->ways.direct_rows += rows->count;
    weir_simd->hash_u64(rows->keys.words, (size_t)rows->count, store->seed, ingest->hashes);
    return weir_direct_add(store, slice, &block, 0, rows->count, error);
}

static enum weir_status add_dense(struct weir_ingest *ingest, struct weir_slice *slice,
                                  const struct weir_parted *rows, struct weir_error *error) {
    enum weir_status status = weir_key_table_map_words(ingest->keys, &rows->keys, rows->count, ingest->ids, error);
    uint32_t keys = weir_key_table_count(ingest->keys);
    if (status != WEIR_OK) return status;
    if (!weir_slice_reserve(&ingest->store, slice, keys)) return out_of_memory(error);
    return weir_accumulator_add(ingest->accumulator, slice->rows, keys, ingest->ids, NULL, rows->count, rows->args,
                                &slice->heap, error);
}

enum weir_status weir_parted_add(struct weir_ingest *ingest, const struct weir_parted *rows,
                                 struct weir_error *error) {
    if (rows->count == 0) return WEIR_OK;
    struct weir_slice *slice = weir_slice_store_open(&ingest->store, rows->index, rows->first);
    if (slice == NULL) return out_of_memory(error);
    return slice->is_direct ? add_direct(ingest, slice, rows, error) : add_dense(ingest, slice, rows, error);
}
