/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ingest_parts.h"

#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/hash.h"
#include "engine/ingest_sums.h"
#include "engine/keys_expected.h"
#include "engine/machine.h"
#include "engine/part_sums.h"
#include "engine/parted.h"
#include "simd/kernels.h"

/* Bytes of lines and accumulators that a row may meet, of a part; and those from which on a few rows wait to find
 * out how many keys there are, each time that keys have doubled: ids that keys got before lie in no order of parts.
 */
#define STATE_TRIED ((size_t)2 << 20)
#define REST_ROWS ((int64_t)64 << 20) /* where memory is too short for them to wait */
#define TRIED_ROWS (256 << 10)
#define STATE_OF_PART ((size_t)256 << 10)
/* What is foreseen by a part of the rows is right to some percent. */
#define STATE_FORESEEN (WEIR_WAITING_STATE_FROM / 4 * 5)
#define LINE_BYTES_A_KEY 24 /* about */
#define PARTS_LEAST 256
/* Bytes of rows that wait. */
#define WAITING_BYTES ((size_t)64 << 20)
/* Rows of a slice in one block that are worth a set of their own. */
#define SLOT_LEAST 512

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for rows that are set aside");
}

bool weir_ingest_may_part(const struct weir_ingest *ingest) {
    const struct weir_accumulator *accumulator = ingest->accumulator;
    const struct weir_plan *plan = ingest->plan;
    if (weir_machine_of(plan) != NULL || accumulator->args_count > 64) return false;
    if (plan->keys_count == 0 || !weir_key_table_has_words(ingest->keys) || weir_plan_cuts_unordered(plan))
        return false;
    for (int32_t i = 0; i < plan->aggregates_count; i++) {
        const struct weir_expr *arg = plan->aggregates[i].arg;
        enum weir_vector_kind kind = arg == NULL ? WEIR_VECTOR_I64 : weir_type_vector(arg->type);
        if (kind != WEIR_VECTOR_I64 && kind != WEIR_VECTOR_F64) return false;
    }
    return true;
}

/* ---- choosing ---- */

static size_t bytes_of(const struct weir_ingest *ingest, uint64_t keys) {
    return keys * (ingest->accumulator->stride + LINE_BYTES_A_KEY);
}

/* Bytes that rows of one slice meet, or will. */
static size_t state_bytes(const struct weir_ingest *ingest) {
    uint32_t keys = weir_key_table_count(ingest->keys);
    return bytes_of(ingest, keys > ingest->keys_foreseen ? keys : ingest->keys_foreseen);
}

/* So few keys are to come that no row would wait when all have. */
static bool stays_small(const struct weir_ingest *ingest) {
    uint64_t most = weir_key_table_most(ingest->keys);
    return most <= UINT32_MAX && bytes_of(ingest, most) < WEIR_WAITING_STATE_FROM;
}

static bool should_part(struct weir_ingest *ingest) {
    enum weir_waiting wanted = ingest->setup.waiting;
    if (!ingest->may_part || wanted == WEIR_WAITING_NEVER || ingest->store.is_direct) return false;
    if (wanted == WEIR_WAITING_ALWAYS) return true;
    size_t bytes = state_bytes(ingest);
    uint32_t keys = weir_key_table_count(ingest->keys);
    if (ingest->tries && ingest->waiting.rows > 0) return true;
    ingest->tries = false;
    if (bytes < STATE_TRIED || ingest->rest_rows > 0) return false;
    if (bytes >= WEIR_WAITING_STATE_FROM) return true;
    if (keys / 2 < ingest->keys_tried || stays_small(ingest)) return false;
    ingest->keys_tried = keys;
    ingest->tries = true;
    return true;
}

/* So many that the lines and accumulators of one fit the cache. */
static uint32_t parts_wanted(const struct weir_ingest *ingest) {
    uint64_t parts = weir_round_up_pow2(bytes_of(ingest, weir_key_table_count(ingest->keys)) / STATE_OF_PART + 1);
    if (parts < PARTS_LEAST) return PARTS_LEAST;
    return parts > WEIR_PARTS_MOST ? WEIR_PARTS_MOST : (uint32_t)parts;
}

static size_t bytes_wanted(const struct weir_ingest *ingest) {
    size_t most = ingest->setup.waiting_max;
    return most != 0 && most < WAITING_BYTES ? most : WAITING_BYTES;
}

/* Empties the buffer and opens it for what the rows to come need. Where memory is too short for it, it stays
 * closed: no row has to wait. */
static enum weir_status reopen(struct weir_ingest *ingest, bool has_validity, struct weir_error *error) {
    struct weir_part_rows *waiting = &ingest->waiting;
    uint32_t parts = parts_wanted(ingest);
    enum weir_status status = weir_ingest_settle(ingest, error);
    if (status != WEIR_OK) return status;
    weir_part_rows_close(waiting);
    if (parts != waiting->parts_asked) memset(ingest->runs, 0, sizeof(ingest->runs));
    if (!weir_part_rows_open(waiting, parts, has_validity, bytes_wanted(ingest))) ingest->rest_rows = REST_ROWS;
    return WEIR_OK;
}

enum weir_status weir_ingest_choose_parts(struct weir_ingest *ingest, int64_t rows, struct weir_error *error) {
    struct weir_part_rows *waiting = &ingest->waiting;
    if (ingest->rest_rows > 0) ingest->rest_rows -= rows;
    bool should = should_part(ingest), does = waiting->parts > 0;
    if (!should && !does) return WEIR_OK;
    if (!should) {
        enum weir_status status = weir_ingest_settle(ingest, error);
        weir_part_rows_close(waiting);
        return status;
    }
    bool suits = does && (waiting->sets_count > 0 || parts_wanted(ingest) <= waiting->parts_asked);
    return suits ? WEIR_OK : reopen(ingest, waiting->has_validity, error);
}

/* ---- setting aside ---- */

/* Entries [from, from + count) of a block's keys. */
static enum weir_status keys_from(struct weir_ingest *ingest, const struct weir_key_block *keys, int32_t from,
                                  int32_t count, struct weir_key_block *out, struct weir_error *error) {
    *out = (struct weir_key_block){keys->words + from, keys->nulls};
    if (keys->nulls == NULL || from == 0) return WEIR_OK;
    uint64_t *nulls = weir_arena_array(&ingest->arena, weir_bitmap_words((size_t)count) + 1, sizeof(*nulls));
    if (nulls == NULL) return out_of_memory(error);
    for (int32_t i = 0; i < count; i++)
        weir_bit_put(nulls, (size_t)i, weir_bit_get(keys->nulls, (size_t)(from + i)));
    out->nulls = nulls;
    return WEIR_OK;
}

/* Adds the rows of a slot at once. */
static enum weir_status add_now(struct weir_ingest *ingest, const struct weir_slot *slot,
                                const struct weir_key_block *keys, const uint32_t *selected,
                                struct weir_error *error) {
    struct weir_key_block own;
    enum weir_status status = keys_from(ingest, keys, slot->from, slot->count, &own, error);
    if (status == WEIR_OK) status = weir_key_table_map_words(ingest->keys, &own, slot->count, ingest->ids, error);
    if (status != WEIR_OK) return status;
    uint32_t known = weir_key_table_count(ingest->keys);
    if (!weir_slice_reserve(&ingest->store, slot->slice, known)) return out_of_memory(error);
    return weir_accumulator_add(ingest->accumulator, slot->slice->rows, known, ingest->ids,
                                selected == NULL ? NULL : selected + slot->from, slot->count, ingest->args,
                                &slot->slice->heap, error);
}

/* Where sets are their slices' own, by keeping sums or by letting rows take more; else rows are added up, and no
 * set is left. */
static enum weir_status make_room(struct weir_ingest *ingest, bool opens, int32_t count, struct weir_error *error) {
    struct weir_part_rows *waiting = &ingest->waiting;
    enum weir_status status = weir_ingest_settle_shared(ingest, error);
    bool too_many = opens && waiting->sets_count == WEIR_PART_SETS;
    if (status != WEIR_OK || weir_part_rows_has_room(waiting, opens, count)) return status;
    if (!too_many) status = weir_ingest_keep_sums(ingest, error);
    if (status == WEIR_OK) status = weir_ingest_settle_shared(ingest, error);
    if (status != WEIR_OK) return status;
    size_t taken = (size_t)waiting->chunks_rows * waiting->chunks.chunk_bytes, least = bytes_wanted(ingest);
    weir_part_rows_allow(waiting, taken + taken / 2 > least ? taken + taken / 2 : least);
    if (!too_many && weir_part_rows_has_room(waiting, opens, count)) return WEIR_OK;
    return weir_ingest_settle(ingest, error);
}

/* How many keys a slice will have, by the rows that wait. */
static enum weir_status foresee(struct weir_ingest *ingest, struct weir_error *error) {
    struct weir_part_rows *waiting = &ingest->waiting;
    enum weir_status status = WEIR_OK;
    int64_t most = 0;
    for (int32_t s = 0; s < waiting->sets_count && status == WEIR_OK; s++) {
        size_t bytes;
        status = weir_part_sums_estimate(waiting, &waiting->sets[s], &ingest->table, &bytes, error);
        if (status != WEIR_OK) break;
        int64_t keys = (int64_t)(bytes / waiting->sum_bytes);
        if (!waiting->sets[s].is_own) keys = weir_keys_expected(keys, waiting->sets[s].rows);
        if (keys > most) most = keys;
    }
    ingest->keys_foreseen = (uint32_t)most;
    return status;
}

/* Rows have waited for long enough to tell how many keys there will be. Where these are many, and slices may live
 * where their rows wait, they do from now on; else the rows are added up, and none wait before the next range. */
static enum weir_status end_trial(struct weir_ingest *ingest, struct weir_error *error) {
    struct weir_part_rows *waiting = &ingest->waiting;
    enum weir_status status = WEIR_OK;
    ingest->tries = false;
    bool owns = weir_ingest_may_own(ingest);
    if (owns) status = foresee(ingest, error);
    if (status != WEIR_OK) return status;
    if (!owns || state_bytes(ingest) < STATE_FORESEEN) {
        ingest->keys_foreseen = 0;
        ingest->tries = true; /* to the end: that they waited is not judged */
        status = weir_ingest_settle(ingest, error);
        weir_part_rows_close(waiting);
        return status;
    }
    for (int32_t s = 0; s < waiting->sets_count && status == WEIR_OK; s++)
        status = weir_ingest_own(ingest, &waiting->sets[s], error);
    return status;
}

/* The set that the rows of a slot wait in, with room for them; NULL where they need not wait. */
static enum weir_status find_set(struct weir_ingest *ingest, const struct weir_slot *slot,
                                 struct weir_part_set **out, struct weir_error *error) {
    struct weir_part_rows *waiting = &ingest->waiting;
    ingest->rows_met += slot->count;
    *out = NULL;
    if (waiting->parts == 0) return WEIR_OK;
    bool always = ingest->setup.waiting == WEIR_WAITING_ALWAYS && waiting->sets_count < WEIR_PART_SETS;
    *out = weir_part_rows_find(waiting, slot->index, slot->first);
    bool opens = *out == NULL && (slot->count >= SLOT_LEAST || always);
    if (*out == NULL && !opens) return WEIR_OK;
    enum weir_status status = WEIR_OK;
    if (ingest->tries && waiting->rows >= TRIED_ROWS) {
        status = end_trial(ingest, error);
        *out = NULL;
        if (status != WEIR_OK || waiting->parts == 0) return status;
        *out = weir_part_rows_find(waiting, slot->index, slot->first);
        opens = *out == NULL;
    }
    if (!weir_part_rows_has_room(waiting, opens, slot->count)) {
        status = make_room(ingest, opens, slot->count, error);
        if (status != WEIR_OK) return status;
        *out = weir_part_rows_find(waiting, slot->index, slot->first);
        opens = *out == NULL;
        /* Where memory is short no set is left, and the rows are added at once. */
        if (opens && !weir_part_rows_has_room(waiting, true, slot->count)) return WEIR_OK;
    }
    if (!opens) return WEIR_OK;
    *out = weir_part_rows_begin(waiting, slot->index, slot->first);
    return weir_ingest_own(ingest, *out, error);
}

static bool have_nulls(const struct weir_ingest *ingest, const struct weir_vector *args) {
    for (int32_t i = 0; i < ingest->accumulator->args_count; i++) {
        if (args[i].validity != NULL) return true;
    }
    return false;
}

enum weir_status weir_parted_take(struct weir_ingest *ingest, const struct weir_parted *rows,
                                  struct weir_error *error) {
    struct weir_part_rows *waiting = &ingest->waiting;
    const struct weir_slot slot = {.index = rows->index, .first = rows->first, .count = rows->count};
    struct weir_part_set *set = NULL;
    enum weir_status status = weir_ingest_choose_parts(ingest, rows->count, error);
    bool lacks =
        status == WEIR_OK && waiting->parts > 0 && !waiting->has_validity && have_nulls(ingest, rows->args);
    if (lacks) status = reopen(ingest, true, error);
    if (status == WEIR_OK && rows->count > 0) status = find_set(ingest, &slot, &set, error);
    if (status != WEIR_OK) return status;
    if (set == NULL) return weir_parted_add(ingest, rows, error);
    weir_simd->hash_u64(rows->keys.words, (size_t)rows->count, weir_hash_seed(), ingest->hashes);
    const struct weir_part_block block = {rows->keys.words, ingest->hashes, rows->keys.nulls, NULL, rows->args};
    weir_part_rows_add(waiting, set, &block, 0, rows->count);
    ingest->ways.waited_rows += rows->count;
    return WEIR_OK;
}

enum weir_status weir_ingest_part(struct weir_ingest *ingest, const uint32_t *selected, int32_t count,
                                  struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    if (!ingest->waiting.has_validity && have_nulls(ingest, ingest->args)) status = reopen(ingest, true, error);
    uint64_t *hashes = weir_arena_alloc(&ingest->arena, (size_t)count * sizeof(*hashes));
    if (status == WEIR_OK && hashes == NULL) status = out_of_memory(error);
    if (status != WEIR_OK) return status;
    struct weir_key_block keys;
    weir_key_table_words(ingest->keys, ingest->inputs, selected, count, &keys);
    weir_simd->hash_u64(keys.words, (size_t)count, weir_hash_seed(), hashes);
    const struct weir_part_block block = {keys.words, hashes, keys.nulls, selected, ingest->args};
    for (int32_t s = 0; s < ingest->place.slots_count && status == WEIR_OK; s++) {
        const struct weir_slot *slot = &ingest->place.slots[s];
        struct weir_part_set *set = NULL;
        if (slot->count > 0) status = find_set(ingest, slot, &set, error);
        if (status != WEIR_OK || slot->count == 0) continue;
        if (set == NULL) {
            status = add_now(ingest, slot, &keys, selected, error);
        } else {
            weir_part_rows_add(&ingest->waiting, set, &block, slot->from, slot->count);
            ingest->ways.waited_rows += slot->count;
        }
    }
    ingest->counts.aggregated += count;
    return status;
}
