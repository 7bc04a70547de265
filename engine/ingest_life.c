/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "engine/accumulator_lanes.h"
#include "engine/ingest_parts.h"

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the state of a query");
}

struct weir_key_table *weir_ingest_make_keys(const struct weir_ingest *ingest) {
    const struct weir_plan *plan = ingest->plan;
    struct weir_type *types = calloc((size_t)plan->keys_count + 1, sizeof(*types));
    if (types == NULL) return NULL;
    for (int32_t i = 0; i < plan->keys_count; i++) types[i] = plan->keys[i]->type;
    struct weir_key_table *keys = weir_key_table_create(types, plan->keys_count, weir_hash_seed());
    free(types);
    if (keys != NULL && ingest->setup.owners > 1) weir_key_table_share(keys);
    return keys;
}

static enum weir_status init_buffers(struct weir_ingest *ingest, struct weir_error *error) {
    const struct weir_plan *plan = ingest->plan;
    ingest->keys = weir_ingest_make_keys(ingest);
    ingest->inputs = calloc((size_t)plan->keys_count + 1, sizeof(*ingest->inputs));
    ingest->args = calloc((size_t)ingest->accumulator->args_count + 1, sizeof(*ingest->args));
    ingest->selected = malloc(WEIR_BLOCK_ROWS * sizeof(*ingest->selected));
    ingest->ids = malloc(WEIR_BLOCK_ROWS * sizeof(*ingest->ids));
    ingest->hashes = malloc(2 * WEIR_BLOCK_ROWS * sizeof(*ingest->hashes));
    ingest->closed = malloc(WEIR_BLOCK_ROWS * sizeof(*ingest->closed));
    bool ok = ingest->keys != NULL && ingest->inputs != NULL && ingest->args != NULL && ingest->selected != NULL &&
              ingest->ids != NULL && ingest->hashes != NULL && ingest->closed != NULL;
    return ok ? WEIR_OK : out_of_memory(error);
}

enum weir_status weir_ingest_init(struct weir_ingest *ingest, const struct weir_ingest_setup *setup, int32_t owner,
                                  struct weir_error *error) {
    memset(ingest, 0, sizeof(*ingest));
    const struct weir_plan *plan = setup->plan;
    ingest->setup = *setup;
    ingest->plan = plan;
    ingest->accumulator = setup->accumulator;
    ingest->exchange =
        (struct weir_exchange){owner, setup->owners, plan->keys_count, weir_hash_u64(weir_hash_seed(), 1)};
    weir_slice_store_init(&ingest->store, setup->accumulator);
    ingest->store.seed = weir_hash_seed();
    weir_due_init(&ingest->due, setup->accumulator);
    weir_arena_init(&ingest->arena, 1 << 20);
    weir_ahead_init(&ingest->ahead, plan);
    enum weir_status status = init_buffers(ingest, error);
    if (status == WEIR_OK)
        status = weir_window_init(&ingest->window, &plan->window, weir_plan_ticks_per_unit(plan), error);
    if (status == WEIR_OK) {
        status = weir_place_init(&ingest->place, &ingest->window, &ingest->store, &ingest->counts,
                                 plan->emission.late == WEIR_ROWS_FOLD, error);
    }
    ingest->may_part = status == WEIR_OK && weir_ingest_may_part(ingest);
    weir_part_rows_init(&ingest->waiting, ingest->accumulator->args_count, ingest->accumulator->stride);
    weir_part_table_init(&ingest->table, ingest->accumulator);
    if (status == WEIR_OK && weir_side_is_wanted(plan)) status = weir_side_init(&ingest->side, plan, error);
    const struct weir_machine_kind *kind = weir_machine_of(plan);
    if (kind == NULL) weir_ahead_choose_sum(&ingest->ahead, plan);
    if (status == WEIR_OK && kind == NULL && plan->keys_count > 0)
        status = weir_lanes_create(ingest->accumulator, &ingest->lanes, error);
    if (status == WEIR_OK && kind != NULL)
        status = kind->create(plan, setup->accumulator, &ingest->due, &ingest->machine, error);
    return status;
}

void weir_ingest_fini(struct weir_ingest *ingest) {
    if (ingest->machine != NULL) ingest->machine->kind->destroy(ingest->machine);
    weir_key_table_destroy(&ingest->keys);
    weir_part_rows_fini(&ingest->waiting);
    weir_part_table_fini(&ingest->table);
    weir_slice_store_fini(&ingest->store);
    weir_due_fini(&ingest->due);
    weir_side_fini(&ingest->side);
    weir_place_fini(&ingest->place);
    weir_arena_fini(&ingest->arena);
    weir_lanes_destroy(&ingest->lanes);
    free(ingest->inputs);
    free(ingest->args);
    free(ingest->selected);
    free(ingest->ids);
    free(ingest->hashes);
    free(ingest->closed);
    memset(ingest, 0, sizeof(*ingest));
}

size_t weir_ingest_bytes(const struct weir_ingest *ingest) {
    size_t bytes = weir_key_table_bytes(ingest->keys) + weir_slice_store_bytes(&ingest->store) +
                   weir_part_rows_bytes(&ingest->waiting) + weir_part_table_bytes(&ingest->table);
    bytes += weir_lanes_bytes(ingest->lanes);
    if (ingest->running != NULL) bytes += ingest->running->heap.bytes_reserved;
    if (ingest->machine == NULL) return bytes;
    return bytes + ingest->machine->kind->bytes(ingest->machine) + weir_due_bytes(&ingest->due);
}
