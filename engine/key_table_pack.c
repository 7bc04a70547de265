/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys whose columns are packed into one word (key_pack.h).
 *
 * Where the packed words are few, an array of cells says the id of each: one load, and no hash. It knows nothing
 * that the table does not: a cell that is empty is filled from the table, and one for which the packing has changed
 * is emptied. Keys of several columns that fit one word when packed are kept and hashed as such; where they no
 * longer fit, all keys are laid out anew by the types of their columns.
 */
#include <stdlib.h>
#include <string.h>

#include "alloc/pages.h"
#include "base/bits.h"
#include "engine/key_table_state.h"
#include "simd/kernels.h"

/* So many cells are always worth their memory; more, up to the most, where there is a key for a few of them. */
#define CELLS_BITS_SMALL 16
#define CELLS_BITS_MOST 27
#define CELLS_A_KEY 8
/* Keys are looked at again when there are twice as many; at first when there are these. */
#define KEYS_LOOKED_AT 4096

enum packing { PACKING_DONE, PACKING_TOO_WIDE, PACKING_NO_MEMORY };

bool weir_key_table_init_packing(struct weir_key_table *table) {
    for (int32_t i = 0; i < table->columns_count; i++) {
        if (!weir_pack_takes(table->columns[i].type)) return true;
    }
    size_t columns = (size_t)table->columns_count;
    table->packed = calloc(columns + 1, sizeof(*table->packed));
    table->packed_next = calloc(columns + 1, sizeof(*table->packed_next));
    table->block_packed = malloc(WEIR_BLOCK_ROWS * sizeof(*table->block_packed));
    table->missed = malloc(3 * WEIR_BLOCK_ROWS * sizeof(*table->missed));
    if (table->packed == NULL || table->packed_next == NULL || table->block_packed == NULL || table->missed == NULL)
        return false;
    for (size_t i = 0; i < columns; i++) table->packed[i] = weir_pack_column_empty();
    if (table->shape == WEIR_KEYS_WIDE) {
        table->shape = WEIR_KEYS_PACKED;
        table->list.words_count = 1;
    }
    return true;
}

static size_t cells_bytes(const struct weir_key_table *table) {
    return table->cells == NULL ? 0 : sizeof(*table->cells) << table->cells_bits;
}

static void drop_cells(struct weir_key_table *table) {
    weir_pages_free(table->cells, cells_bytes(table));
    table->cells = NULL;
}

void weir_key_table_fini_packing(struct weir_key_table *table) {
    drop_cells(table);
    free(table->packed);
    free(table->packed_next);
    free(table->block_packed);
    free(table->missed);
    table->packed = table->packed_next = NULL;
}

size_t weir_key_table_packing_bytes(const struct weir_key_table *table) { return cells_bytes(table); }

/* ---- a block's words ---- */

/* The codes of a dictionary that came first, if they may be taken as they are. */
static const uint32_t *ordered_codes(const struct weir_key_table *table, int32_t key,
                                     const struct weir_key_input *input, const uint32_t *rows) {
    const struct weir_column *column = input->column;
    if (column == NULL || rows != NULL || column->validity != NULL || !table->dictionaries[key].in_order)
        return NULL;
    bool fits = column->codes == WEIR_STORE_I32 || column->codes == WEIR_STORE_U32;
    return fits ? (const uint32_t *)column->values + input->first : NULL;
}

static enum packing pack_strings(struct weir_key_table *table, int32_t key, const struct weir_key_input *input,
                                 const uint32_t *rows, int32_t count) {
    const struct weir_pack_column *column = &table->packed[key];
    uint64_t *words = table->block_packed, *codes = table->block_hashes;
    const uint32_t *ordered = ordered_codes(table, key, input, rows);
    if (ordered != NULL) {
        weir_simd->pack_u32(ordered, (size_t)count, column->shift, words);
    } else {
        if (!weir_key_table_string_codes(table, key, input, rows, count, codes)) return PACKING_NO_MEMORY;
        for (int32_t i = 0; i < count; i++) words[i] |= codes[i] << column->shift;
    }
    return table->strings[key].count <= column->most ? PACKING_DONE : PACKING_TOO_WIDE;
}

static enum packing pack_column(struct weir_key_table *table, int32_t key, const struct weir_key_input *input,
                                const uint32_t *rows, int32_t count) {
    if (table->columns[key].is_string) return pack_strings(table, key, input, rows, count);
    bool fits = weir_pack_add(&table->packed[key], &input->vector, rows, count, table->block_packed);
    return fits ? PACKING_DONE : PACKING_TOO_WIDE;
}

static bool widen_column(struct weir_key_table *table, int32_t key, const struct weir_key_input *input,
                         const uint32_t *rows, int32_t count) {
    struct weir_pack_column *column = &table->packed_next[key];
    int64_t low, high;
    if (table->columns[key].is_string) {
        weir_pack_hold(column, table->strings[key].count);
        return true;
    }
    return !weir_pack_range(&input->vector, rows, count, &low, &high) || weir_pack_widen(column, low, high);
}

/* Packs a block by `packed`; PACKING_TOO_WIDE: `packed_next` has been made wider, where *can_widen says so. */
static enum packing try_to_pack(struct weir_key_table *table, const struct weir_key_input *inputs,
                                const uint32_t *rows, int32_t count, bool *can_widen) {
    enum packing packing = PACKING_DONE;
    *can_widen = true;
    memset(table->block_packed, 0, (size_t)count * sizeof(*table->block_packed));
    for (int32_t key = 0; key < table->columns_count; key++) {
        enum packing one = pack_column(table, key, &inputs[key], rows, count);
        if (one == PACKING_NO_MEMORY) return one;
        if (one == PACKING_DONE) continue;
        if (packing == PACKING_DONE)
            memcpy(table->packed_next, table->packed, (size_t)table->columns_count * sizeof(*table->packed));
        packing = one;
        *can_widen = *can_widen && widen_column(table, key, &inputs[key], rows, count);
    }
    return packing;
}

/* ---- another packing ---- */

static uint64_t pack_anew(const struct weir_key_table *table, uint64_t word) {
    uint64_t anew = 0;
    for (int32_t i = 0; i < table->columns_count; i++) {
        const struct weir_pack_column *from = &table->packed[i], *to = &table->packed_next[i];
        uint64_t code = weir_pack_code(from, word);
        if (code == 0) continue;
        anew |= (code + (uint64_t)from->least - (uint64_t)to->least) << to->shift;
    }
    return anew;
}

/* The keys get the ids that they have: they come in their order. */
static bool list_anew(struct weir_key_table *table) {
    struct weir_key_list list = {.words_count = 1};
    struct weir_key_words one = {.slots = NULL};
    bool ok = true;
    for (uint32_t id = 0, run; id < table->list.count && ok; id += run) {
        run = table->list.count - id < WEIR_BLOCK_ROWS ? table->list.count - id : WEIR_BLOCK_ROWS;
        for (uint32_t i = 0; i < run; i++) table->block_words[i] = pack_anew(table, table->list.words[id + i]);
        ok = weir_key_words_map(&one, &list, table->seed, table->block_words, table->block_hashes, (int32_t)run,
                                table->missed);
    }
    struct weir_key_list *dropped = ok ? &table->list : &list;
    weir_key_words_fini(ok ? &table->one : &one);
    free(dropped->words);
    if (!ok) return false;
    table->list = list;
    table->one = one;
    return true;
}

static bool take_next(struct weir_key_table *table) {
    if (table->shape == WEIR_KEYS_PACKED && table->list.count > 0 && !list_anew(table)) return false;
    memcpy(table->packed, table->packed_next, (size_t)table->columns_count * sizeof(*table->packed));
    drop_cells(table);
    return true;
}

/* ---- keys that fit no word ---- */

static bool lay_out_run(struct weir_key_table *table, const uint64_t *packed, int32_t count,
                        struct weir_arena *arena) {
    uint64_t *codes = table->block_packed, *words = table->block_words;
    memset(words, 0, (size_t)table->words_count * WEIR_BLOCK_ROWS * sizeof(*words));
    for (int32_t key = 0; key < table->columns_count; key++) {
        const struct weir_key_code *code = &table->columns[key];
        for (int32_t i = 0; i < count; i++) codes[i] = weir_pack_code(&table->packed[key], packed[i]);
        if (code->is_string) {
            uint64_t *target = words + (size_t)code->word * WEIR_BLOCK_ROWS;
            for (int32_t i = 0; i < count; i++) target[i] |= codes[i] << code->shift;
            continue;
        }
        struct weir_vector values;
        if (!weir_pack_values(&table->packed[key], code->kind, codes, count, arena, &values)) return false;
        weir_key_code_add(code, &values, NULL, count, words);
    }
    return true;
}

/* All keys are laid out by the types of their columns, and keep their ids. */
static bool lay_out_keys(struct weir_key_table *table) {
    struct weir_key_list list = {.words_count = table->words_count};
    struct weir_arena arena;
    weir_arena_init(&arena, 1 << 16);
    bool ok = true;
    for (uint32_t id = 0, run; id < table->list.count && ok; id += run) {
        run = table->list.count - id < WEIR_BLOCK_ROWS ? table->list.count - id : WEIR_BLOCK_ROWS;
        weir_arena_reset(&arena);
        ok =
            lay_out_run(table, &table->list.words[id], (int32_t)run, &arena) &&
            weir_key_wide_map(&table->several, &list, table->seed, table->block_words, (int32_t)run, table->missed);
    }
    weir_arena_fini(&arena);
    drop_cells(table);
    weir_key_words_fini(&table->one);
    free(table->list.words);
    table->list = list;
    table->shape = WEIR_KEYS_WIDE;
    return ok;
}

/* ---- cells ---- */

static uint32_t twice(uint32_t keys) {
    if (keys < KEYS_LOOKED_AT / 2) return KEYS_LOOKED_AT;
    return keys > UINT32_MAX / 2 ? UINT32_MAX : keys * 2;
}

static bool are_worth_it(const struct weir_key_table *table, int32_t bits) {
    if (bits <= CELLS_BITS_SMALL) return true;
    return bits <= CELLS_BITS_MOST && (uint64_t)1 << bits <= (uint64_t)table->list.count * CELLS_A_KEY;
}

static bool make_cells(struct weir_key_table *table) {
    table->look_at = twice(table->list.count);
    if (!are_worth_it(table, table->packed_bits)) return true;
    table->cells = weir_pages_alloc(sizeof(*table->cells) << table->packed_bits);
    table->cells_bits = table->packed_bits;
    return table->cells != NULL;
}

/* The words of the block's keys in block_packed, and cells for them where they are worth it. */
static enum packing pack_block(struct weir_key_table *table, const struct weir_key_input *inputs,
                               const uint32_t *rows, int32_t count) {
    for (;;) {
        bool can_widen;
        enum packing packing = try_to_pack(table, inputs, rows, count, &can_widen);
        if (packing == PACKING_DONE) break;
        if (packing == PACKING_NO_MEMORY || !can_widen) return packing;
        int32_t bits = weir_pack_lay_out(table->packed_next, table->columns_count);
        bool fits = table->shape == WEIR_KEYS_PACKED ? bits <= WEIR_PACK_BITS : are_worth_it(table, bits);
        if (!fits) return PACKING_TOO_WIDE;
        if (!take_next(table)) return PACKING_NO_MEMORY;
        table->packed_bits = bits;
        table->look_at = 0;
    }
    bool looks = table->cells == NULL && table->list.count >= table->look_at;
    return looks && !make_cells(table) ? PACKING_NO_MEMORY : PACKING_DONE;
}

/* Words of the types' own are looked up without cells, until there are more keys. */
static void stop_packing(struct weir_key_table *table) {
    drop_cells(table);
    for (int32_t i = 0; i < table->columns_count; i++) table->packed[i] = weir_pack_column_empty();
    table->packed_bits = 0;
    table->look_at = twice(table->list.count);
}

/* Where the cells of `count` rows are empty; their numbers, with their rows. */
static int32_t list_missed(const uint32_t *rows, int32_t count, const uint32_t *ids, uint32_t *missed_at,
                           uint32_t *missed_rows) {
    int32_t missed = 0;
    for (int32_t i = 0; i < count; i++) {
        missed_at[missed] = (uint32_t)i;
        missed_rows[missed] = rows == NULL ? (uint32_t)i : rows[i];
        missed += ids[i] == UINT32_MAX;
    }
    return missed;
}

static bool find_by_cells(struct weir_key_table *table, const struct weir_key_input *inputs, const uint32_t *rows,
                          int32_t count, uint32_t *ids) {
    const uint64_t *packed = table->block_packed;
    if (weir_simd->find_cells(table->cells, packed, (size_t)count, ids)) return true;
    uint32_t *at = table->missed, *missed_rows = at + WEIR_BLOCK_ROWS, *missed_ids = missed_rows + WEIR_BLOCK_ROWS;
    int32_t missed = list_missed(rows, count, ids, at, missed_rows);
    bool ok;
    if (table->shape == WEIR_KEYS_PACKED) {
        for (int32_t i = 0; i < missed; i++) table->block_words[i] = packed[at[i]];
        ok = weir_key_table_find(table, table->block_words, missed, missed_ids);
    } else {
        ok = weir_key_table_map_laid_out(table, inputs, missed_rows, missed, missed_ids);
    }
    for (int32_t i = 0; i < missed && ok; i++) {
        ids[at[i]] = missed_ids[i];
        table->cells[packed[at[i]]] = missed_ids[i] + 1;
    }
    return ok;
}

/* ---- mapping ---- */

bool weir_key_table_map_packed(struct weir_key_table *table, const struct weir_key_input *inputs,
                               const uint32_t *rows, int32_t count, uint32_t *ids, bool *mapped) {
    *mapped = false;
    bool has_list = table->shape == WEIR_KEYS_PACKED; /* of packed words */
    if (table->packed == NULL || table->shape == WEIR_KEYS_WIDE) return true;
    if (!has_list && table->cells == NULL && table->list.count < table->look_at) return true;
    enum packing packing = pack_block(table, inputs, rows, count);
    if (packing == PACKING_NO_MEMORY) return false;
    if (packing == PACKING_TOO_WIDE) {
        if (has_list) return lay_out_keys(table);
        stop_packing(table);
        return true;
    }
    *mapped = true;
    if (table->cells != NULL) return find_by_cells(table, inputs, rows, count, ids);
    return weir_key_table_find(table, table->block_packed, count, ids);
}
