/* SPDX-License-Identifier: Apache-2.0
 *
 * Cells: an array that says the id of each packed word (key_pack.h), where these are few for the keys that there
 * are. A look-up is one load, and nothing is hashed: while there are cells they know every key, and new ones are
 * only listed. Keys are hashed when the cells have been given up, those that have come meanwhile before the next
 * look-up.
 */
#include "alloc/pages.h"
#include "base/bits.h"
#include "engine/key_table_state.h"
#include "simd/kernels.h"

/* So many cells are always worth their memory; more, up to the most, where there is a key for a few of them. */
#define CELLS_BITS_SMALL 16
#define CELLS_BITS_MOST 27
#define CELLS_A_KEY 8
/* So many are worth it for a key in few of them, too: a key costs a line of the cache in any case. */
#define CELLS_BITS_SPARSE 24
#define CELLS_A_KEY_SPARSE 32
/* Cells are thought of again when there are twice as many keys; at first when there are these. */
#define KEYS_LOOKED_AT 4096

size_t weir_key_table_cells_bytes(const struct weir_key_table *table) {
    return table->cells == NULL ? 0 : sizeof(*table->cells) << table->cells_bits;
}

uint64_t weir_key_table_most(const struct weir_key_table *table) {
    return table->cells == NULL ? UINT64_MAX : UINT64_C(1) << table->cells_bits;
}

/* Keys from which on cells for words of so many bits are worth it. */
static uint32_t keys_for(int32_t bits) {
    if (bits > CELLS_BITS_MOST) return UINT32_MAX;
    return (UINT32_C(1) << bits) / (bits <= CELLS_BITS_SPARSE ? CELLS_A_KEY_SPARSE : CELLS_A_KEY);
}

bool weir_key_table_wants_cells(const struct weir_key_table *table, int32_t bits) {
    return bits <= CELLS_BITS_SMALL || table->list.count >= keys_for(bits);
}

uint32_t weir_key_table_keys_for_cells(const struct weir_key_table *table) { return keys_for(table->packed_bits); }

void weir_key_table_look_later(struct weir_key_table *table) {
    uint32_t keys = table->list.count;
    table->look_at = keys < KEYS_LOOKED_AT / 2 ? KEYS_LOOKED_AT : keys > UINT32_MAX / 2 ? UINT32_MAX : keys * 2;
}

bool weir_key_table_make_cells(struct weir_key_table *table) {
    weir_key_table_drop_cells(table);
    weir_key_table_forget_hashes(table);
    table->cells = weir_pages_alloc(sizeof(*table->cells) << table->packed_bits);
    table->cells_bits = table->packed_bits;
    return table->cells != NULL;
}

void weir_key_table_drop_cells(struct weir_key_table *table) {
    weir_pages_free(table->cells, weir_key_table_cells_bytes(table));
    table->cells = NULL;
}

/* ---- looking up ---- */

/* So many rows are looked up at a time that a new key that comes often is new in few of them. */
#define PART_ROWS 512

/* So many ids are passed over at a time where no cell was empty. */
#define STEP_ROWS 16

/* Ids of 2^31 and more have the sign of an empty cell, too, and are looked at. */
static bool may_have_missed(const uint32_t *ids) {
    uint32_t signs = 0;
    for (int i = 0; i < STEP_ROWS; i++) signs |= ids[i];
    return signs >> 31 != 0;
}

/* The rows whose cells are empty: their numbers in the block, and where they are. */
static int32_t list_missed(const uint32_t *rows, int32_t from, int32_t to, const uint32_t *ids, uint32_t *missed_at,
                           uint32_t *missed_rows) {
    int32_t missed = 0;
    for (int32_t first = from, end; first < to; first = end) {
        end = to - first < STEP_ROWS ? to : first + STEP_ROWS;
        if (end - first == STEP_ROWS && !may_have_missed(ids + first)) continue;
        for (int32_t i = first; i < end; i++) {
            missed_at[missed] = (uint32_t)i;
            missed += ids[i] == UINT32_MAX;
        }
    }
    for (int32_t i = 0; i < missed; i++) missed_rows[i] = rows == NULL ? missed_at[i] : rows[missed_at[i]];
    return missed;
}

/* Lists a key that is new; false when memory is short. */
static bool list_new(struct weir_key_table *table, const struct weir_key_block *keys, int32_t idx, uint32_t *cell) {
    if (keys->nulls != NULL && weir_bit_get(keys->nulls, (size_t)idx)) {
        *cell = weir_key_table_null_id(table) ? table->null_id : 0;
        return *cell != 0;
    }
    uint32_t id = weir_key_list_append(&table->list, &keys->words[idx]);
    if (id == WEIR_KEY_UNLISTED) return false;
    *cell = id + 1;
    return true;
}

/* Lists the keys of rows from .. to - 1 that are new; false when memory is short. */
static bool list_part(struct weir_key_table *table, const struct weir_key_input *inputs, const uint32_t *rows,
                      int32_t from, int32_t to, uint32_t *ids) {
    const uint64_t *packed = table->block_packed;
    uint32_t *at = table->missed, *missed_rows = at + WEIR_BLOCK_ROWS;
    int32_t missed = list_missed(rows, from, to, ids, at, missed_rows);
    struct weir_key_block keys = {table->block_words, NULL};
    if (table->shape == WEIR_KEYS_PACKED) {
        for (int32_t i = 0; i < missed; i++) table->block_words[i] = packed[at[i]];
    } else if (!weir_key_table_lay_out(table, inputs, missed_rows, missed, &keys)) {
        return false;
    }
    for (int32_t i = 0; i < missed; i++) {
        uint32_t *cell = &table->cells[packed[at[i]]];
        if (*cell == 0 && !list_new(table, &keys, i, cell)) return false;
        ids[at[i]] = *cell - 1;
    }
    return true;
}

bool weir_key_table_find_cells(struct weir_key_table *table, const struct weir_key_input *inputs,
                               const uint32_t *rows, int32_t count, uint32_t *ids) {
    for (int32_t from = 0, to; from < count; from = to) {
        to = count - from < PART_ROWS ? count : from + PART_ROWS;
        bool all = weir_simd->find_cells(table->cells, table->block_packed + from, (size_t)(to - from), ids + from);
        if (!all && !list_part(table, inputs, rows, from, to, ids)) return false;
    }
    return true;
}

/* ---- hashes ---- */

void weir_key_table_forget_hashes(struct weir_key_table *table) {
    weir_key_words_fini(&table->one);
    table->hashed = 0;
}

/* Hashes the keys that were listed without. */
static bool catch_up(struct weir_key_table *table) {
    uint32_t null = table->null_id == 0 ? table->list.count : table->null_id - 1, from = table->hashed;
    bool ok = true;
    if (from < null) ok = weir_key_words_add(&table->one, &table->list, table->seed, from, null);
    if (ok && null < table->list.count)
        ok = weir_key_words_add(&table->one, &table->list, table->seed, from > null ? from : null + 1,
                                table->list.count);
    if (ok) table->hashed = table->list.count;
    return ok;
}

bool weir_key_table_find(struct weir_key_table *table, const uint64_t *words, int32_t count, uint32_t *ids) {
    if (table->cells != NULL) { /* they would not know the new ones */
        weir_key_table_drop_cells(table);
        table->look_at = 0;
    }
    if (table->hashed < table->list.count && !catch_up(table)) return false;
    bool ok = weir_key_words_map(&table->one, &table->list, table->seed, words, table->block_hashes, count, ids);
    table->hashed = table->list.count;
    return ok;
}
