/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys whose columns are packed into one word (key_pack.h).
 *
 * Where the packed words are few, an array of cells says the id of each (key_table_cells.c). Keys of several
 * columns that fit one word when packed are kept as such, and hashed where there are no cells; where they no longer
 * fit, all keys are laid out anew by the types of their columns.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "engine/key_table_state.h"
#include "simd/kernels.h"

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

void weir_key_table_fini_packing(struct weir_key_table *table) {
    weir_key_table_drop_cells(table);
    free(table->packed);
    free(table->packed_next);
    free(table->block_packed);
    free(table->missed);
    table->packed = table->packed_next = NULL;
}

/* ---- a block's words ---- */

/* The codes of a dictionary that came first, if they may be taken as they are. */
static const uint32_t *ordered_codes(const struct weir_key_table *table, int32_t key,
                                     const struct weir_key_input *input) {
    const struct weir_column *column = input->column;
    if (column == NULL || column->validity != NULL || !table->dictionaries[key].in_order) return NULL;
    bool fits = column->codes == WEIR_STORE_I32 || column->codes == WEIR_STORE_U32;
    return fits ? (const uint32_t *)column->values + input->first : NULL;
}

static enum packing pack_strings(struct weir_key_table *table, int32_t key, const struct weir_key_input *input,
                                 const uint32_t *rows, int32_t count) {
    const struct weir_pack_column *column = &table->packed[key];
    uint64_t *words = table->block_packed, *codes = table->block_hashes;
    const uint32_t *ordered = ordered_codes(table, key, input);
    if (ordered != NULL && rows == NULL) {
        weir_simd->pack_u32(ordered, (size_t)count, column->shift, words);
    } else if (ordered != NULL) {
        for (int32_t i = 0; i < count; i++) words[i] |= ((uint64_t)ordered[rows[i]] + 1) << column->shift;
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

static void take_next(struct weir_key_table *table, int32_t bits) {
    weir_key_table_drop_cells(table);
    if (table->shape == WEIR_KEYS_PACKED) {
        struct weir_key_list *list = &table->list;
        for (uint32_t id = 0; id < list->count; id++) list->words[id] = pack_anew(table, list->words[id]);
        weir_key_table_forget_hashes(table);
    }
    memcpy(table->packed, table->packed_next, (size_t)table->columns_count * sizeof(*table->packed));
    table->packed_bits = bits;
    table->look_at = 0;
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
    weir_key_table_drop_cells(table);
    weir_key_table_forget_hashes(table);
    free(table->list.words);
    table->list = list;
    table->shape = WEIR_KEYS_WIDE;
    return ok;
}

/* ---- packing a block ---- */

/* The words of the rows in block_packed; what the packing lacks for it is made. */
static enum packing pack_rows(struct weir_key_table *table, const struct weir_key_input *inputs,
                              const uint32_t *rows, int32_t count) {
    for (;;) {
        bool can_widen;
        enum packing packing = try_to_pack(table, inputs, rows, count, &can_widen);
        if (packing != PACKING_TOO_WIDE || !can_widen) return packing;
        int32_t bits = weir_pack_lay_out(table->packed_next, table->columns_count);
        bool fits =
            table->shape == WEIR_KEYS_PACKED ? bits <= WEIR_PACK_BITS : weir_key_table_wants_cells(table, bits);
        if (!fits) return PACKING_TOO_WIDE;
        take_next(table, bits);
    }
}

/* Cells for the keys that are listed, in words laid out by their types. The packing may be another one then. */
static enum packing fill_cells(struct weir_key_table *table, struct weir_arena *arena,
                               struct weir_key_input *inputs) {
    struct weir_error error;
    uint32_t *ids = table->missed;
    for (uint32_t first = 0, run; first < table->list.count; first += run) {
        run = table->list.count - first < WEIR_BLOCK_ROWS ? table->list.count - first : WEIR_BLOCK_ROWS;
        for (uint32_t i = 0; i < run; i++) ids[i] = first + i;
        weir_arena_reset(arena);
        for (int32_t key = 0; key < table->columns_count; key++) {
            inputs[key] = (struct weir_key_input){.column = NULL};
            if (weir_key_table_values(table, key, ids, (int32_t)run, arena, &inputs[key].vector, &error) != WEIR_OK)
                return PACKING_NO_MEMORY;
        }
        enum packing packing = pack_rows(table, inputs, NULL, (int32_t)run);
        if (packing != PACKING_DONE || table->cells == NULL) return packing;
        for (uint32_t i = 0; i < run; i++) table->cells[table->block_packed[i]] = first + i + 1;
    }
    return PACKING_DONE;
}

static enum packing make_cells(struct weir_key_table *table) {
    if (!weir_key_table_make_cells(table)) return PACKING_NO_MEMORY;
    if (table->shape == WEIR_KEYS_PACKED) {
        for (uint32_t id = 0; id < table->list.count; id++) table->cells[table->list.words[id]] = id + 1;
        return PACKING_DONE;
    }
    struct weir_arena arena;
    weir_arena_init(&arena, 1 << 16);
    struct weir_key_input *inputs = calloc((size_t)table->columns_count, sizeof(*inputs));
    enum packing packing = inputs == NULL ? PACKING_NO_MEMORY : fill_cells(table, &arena, inputs);
    free(inputs);
    weir_arena_fini(&arena);
    return packing;
}

/* The words of the block's keys in block_packed, and cells for them where they are worth it. */
static enum packing pack_block(struct weir_key_table *table, const struct weir_key_input *inputs,
                               const uint32_t *rows, int32_t count) {
    for (;;) {
        enum packing packing = pack_rows(table, inputs, rows, count);
        if (packing != PACKING_DONE || table->cells != NULL || table->list.count < table->look_at) return packing;
        if (!weir_key_table_wants_cells(table, table->packed_bits)) {
            weir_key_table_look_later(table);
            /* Blocks that are packed in any case may be looked at whenever it pays. */
            if (table->shape == WEIR_KEYS_PACKED) table->look_at = weir_key_table_keys_for_cells(table);
            return PACKING_DONE;
        }
        packing = make_cells(table); /* which takes block_packed */
        if (packing != PACKING_DONE) return packing;
    }
}

/* ---- mapping ---- */

/* Words laid out by types are looked up without cells, until there are more keys. */
static void stop_packing(struct weir_key_table *table) {
    weir_key_table_drop_cells(table);
    for (int32_t i = 0; i < table->columns_count; i++) table->packed[i] = weir_pack_column_empty();
    table->packed_bits = 0;
    weir_key_table_look_later(table);
}

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
    if (table->cells == NULL && !has_list) return true;
    *mapped = true;
    if (table->cells != NULL) return weir_key_table_find_cells(table, inputs, rows, count, ids);
    return weir_key_table_find(table, table->block_packed, count, ids);
}
