/* SPDX-License-Identifier: Apache-2.0 */

#include <stdlib.h>
#include <string.h>

#include "alloc/pages.h"
#include "base/bits.h"
#include "base/check.h"
#include "base/error.h"
#include "base/hash.h"
#include "engine/key_table_state.h"
#include "simd/kernels.h"

#define UNMAPPED WEIR_KEY_UNMAPPED

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(
        error, WEIR_ERR_MEMORY,
        "out of memory for the keys of the query; group by fewer keys or give the process more memory");
}

struct weir_key_table *weir_key_table_create(const struct weir_type *types, int32_t count, uint64_t seed) {
    struct weir_key_table *table = calloc(1, sizeof(*table));
    if (table == NULL) return NULL;
    table->seed = seed;
    table->columns_count = count;
    size_t slots = (size_t)count + 1;
    table->columns = calloc(slots, sizeof(*table->columns));
    table->strings = calloc(slots, sizeof(*table->strings));
    table->dictionaries = calloc(slots, sizeof(*table->dictionaries));
    if (table->columns == NULL || table->strings == NULL || table->dictionaries == NULL) {
        weir_key_table_destroy(&table);
        return NULL;
    }
    for (int32_t i = 0; i < count; i++) weir_string_table_init(&table->strings[i], seed + (uint64_t)i);
    table->words_count = weir_key_code_layout(types, count, table->columns);
    table->shape = table->words_count > 1 ? WEIR_KEYS_WIDE : WEIR_KEYS_WORD;
    if (count == 0) table->shape = WEIR_KEYS_NOTHING;
    if (count == 1 && types[0].id == WEIR_TYPE_STRING) table->shape = WEIR_KEYS_DIRECT;
    if (count == 1 && table->columns[0].full && table->columns[0].kind != WEIR_VECTOR_I128) {
        table->shape = WEIR_KEYS_WORD;
        table->words_count = 1;
        table->null_apart = true;
        table->columns[0].null_word = 0;
        table->columns[0].null_shift = 0;
    }
    table->list.words_count = table->words_count;
    table->block_words = malloc((size_t)(table->words_count + 1) * WEIR_BLOCK_ROWS * sizeof(uint64_t));
    table->block_hashes = malloc(WEIR_BLOCK_ROWS * sizeof(uint64_t));
    table->block_nulls = malloc((weir_bitmap_words(WEIR_BLOCK_ROWS) + 1) * sizeof(uint64_t));
    bool packs = table->shape == WEIR_KEYS_WORD || table->shape == WEIR_KEYS_WIDE;
    if (table->block_words == NULL || table->block_hashes == NULL || table->block_nulls == NULL ||
        (packs && !weir_key_table_init_packing(table)))
        weir_key_table_destroy(&table);
    return table;
}

void weir_key_table_destroy(struct weir_key_table **address) {
    struct weir_key_table *table = *address;
    if (table == NULL) return;
    for (int32_t i = 0; i < table->columns_count; i++) {
        if (table->strings != NULL) weir_string_table_fini(&table->strings[i]);
        if (table->dictionaries == NULL) continue;
        weir_key_dictionary_fini(&table->dictionaries[i]);
    }
    free(table->columns);
    free(table->strings);
    free(table->dictionaries);
    weir_key_table_fini_packing(table);
    weir_key_words_fini(&table->one);
    weir_key_wide_fini(&table->several);
    free(table->list.words);
    free(table->block_words);
    free(table->block_hashes);
    free(table->block_nulls);
    free(table);
    *address = NULL;
}

uint32_t weir_key_table_count(const struct weir_key_table *table) {
    switch (table->shape) {
    case WEIR_KEYS_NOTHING: return 1;
    case WEIR_KEYS_DIRECT: return table->strings[0].count + 1;
    default: return table->list.count;
    }
}

bool weir_key_table_agrees(const struct weir_key_table *table, const struct weir_key_table *other, uint32_t first,
                           uint32_t count) {
    if (table->shape != WEIR_KEYS_DIRECT || other->shape != WEIR_KEYS_DIRECT) return false;
    uint32_t from = first == 0 ? 0 : first - 1; /* id 0 is that of NULL in each */
    return weir_string_table_agrees(&table->strings[0], &other->strings[0], from, first + count - 1 - from);
}

size_t weir_key_table_bytes(const struct weir_key_table *table) {
    size_t bytes = weir_key_words_bytes(&table->one) + weir_key_wide_bytes(&table->several) +
                   weir_key_table_cells_bytes(table) +
                   (size_t)table->list.capacity * (size_t)table->list.words_count * sizeof(uint64_t);
    for (int32_t i = 0; i < table->columns_count; i++) {
        bytes += weir_string_table_bytes(&table->strings[i]);
        bytes += weir_key_dictionary_bytes(&table->dictionaries[i]);
    }
    return bytes;
}

/* ---- dictionaries ---- */

/* The string code (id + 1) of a dictionary entry that is seen for the first time; 0 when memory is short. */
static WEIR_COLD uint32_t map_entry(struct weir_key_table *table, int32_t key, int64_t entry) {
    struct weir_key_dictionary *map = &table->dictionaries[key];
    struct weir_string string = weir_column_string(map->column->dictionary, entry);
    uint32_t id = weir_string_table_intern(&table->strings[key], string);
    if (id == WEIR_STRING_NONE) return 0;
    map->codes[entry] = id + 1;
    return id + 1;
}

/* A few entries that come first are all known from the start, in their order, and codes are then ids but for a
 * constant. Where the string alone is the key all of them are keys: those that no row has cost a little at each
 * firing. */
#define ENTRIES_FEW 1024
/* More of them are, too, where a batch has rows for all and seems to use most: of so many rows, spread over it,
 * half have entries of their own. */
#define ENTRIES_MOST 65536
#define ROWS_SAMPLED 1024

static bool are_used(const struct weir_column *column) {
    uint64_t seen[ENTRIES_MOST / 64] = {0};
    int64_t entries = column->dictionary->rows, used = 0;
    if (entries > ENTRIES_MOST || entries >= column->rows || column->validity != NULL) return false;
    for (int64_t i = 0; i < ROWS_SAMPLED; i++) {
        size_t code = (size_t)weir_column_code(column, i * (column->rows / ROWS_SAMPLED));
        used += !weir_bit_get(seen, code);
        weir_bit_set(seen, code);
    }
    return used * 2 >= ROWS_SAMPLED;
}

static bool are_taken(const struct weir_key_table *table, const struct weir_column *column) {
    return column->dictionary->rows <= ENTRIES_FEW || (!table->is_share && are_used(column));
}

void weir_key_table_share(struct weir_key_table *table) { table->is_share = true; }

/* Entries that get the next strings' ids, as they do unless one is there already; false: they do not. */
static bool map_next(struct weir_key_table *table, int32_t key, int64_t first, int32_t count) {
    struct weir_key_dictionary *map = &table->dictionaries[key];
    struct weir_string strings[WEIR_STRINGS_AT_ONCE];
    uint32_t ids[WEIR_STRINGS_AT_ONCE];
    bool in_order = true;
    WEIR_ASSERT(count >= 1 && count <= WEIR_STRINGS_AT_ONCE);
    for (int32_t i = 0; i < count; i++) strings[i] = weir_column_string(map->column->dictionary, first + i);
    if (!weir_string_table_intern_many(&table->strings[key], strings, count, ids)) return false;
    for (int32_t i = 0; i < count; i++) {
        map->codes[first + i] = ids[i] + 1;
        in_order &= ids[i] == (uint32_t)(first + i);
    }
    return in_order;
}

/* The first `mapped` of them are known already: the dictionary has grown. */
static void map_all(struct weir_key_table *table, int32_t key, int64_t mapped) {
    struct weir_key_dictionary *map = &table->dictionaries[key];
    const struct weir_column *words = map->column->dictionary;
    map->in_order = false;
    if (words->validity != NULL || table->strings[key].count != mapped || !are_taken(table, map->column)) return;
    /* Where memory is short it will be short for a row, too, and is told then. */
    if (!weir_string_table_expect(&table->strings[key], (uint32_t)words->rows)) return;
    for (int64_t entry = mapped; entry < words->rows; entry += WEIR_STRINGS_AT_ONCE) {
        int64_t left = words->rows - entry;
        if (!map_next(table, key, entry, left < WEIR_STRINGS_AT_ONCE ? (int32_t)left : WEIR_STRINGS_AT_ONCE))
            return;
    }
    map->in_order = true;
}

enum weir_status weir_key_table_bind(struct weir_key_table *table, int32_t key, const struct weir_column *column,
                                     struct weir_error *error) {
    struct weir_key_dictionary *map = &table->dictionaries[key];
    int64_t before = map->entries;
    enum weir_status status = weir_key_dictionary_bind(map, column, error);
    if (status != WEIR_OK) return status;
    int64_t mapped = map->in_order ? before : 0;
    if (!map->in_order || mapped < map->entries) map_all(table, key, mapped);
    return WEIR_OK;
}

uint64_t *weir_key_table_hashes(struct weir_key_table *table, int32_t key) {
    return weir_key_dictionary_hashes(&table->dictionaries[key]);
}

#define SHIFT_CODES(type)                                                                                          \
    do {                                                                                                           \
        const type *values = (const type *)column->values + first;                                                 \
        for (int32_t i = 0; i < count && rows == NULL; i++) out[i] = (uint32_t)values[i] + 1;                      \
        for (int32_t i = 0; i < count && rows != NULL; i++) out[i] = (uint32_t)values[rows[i]] + 1;                \
    } while (0)

/* Ids of a dictionary that is in order: id 0 is that of NULL. */
static void shifted_ids(const struct weir_column *column, int64_t first, const uint32_t *rows, int32_t count,
                        uint32_t *out) {
    bool wide = column->codes == WEIR_STORE_I32 || column->codes == WEIR_STORE_U32;
    if (wide && rows == NULL) {
        weir_simd->next_u32((const uint32_t *)column->values + first, (size_t)count, out);
        return;
    }
    switch (column->codes) {
    case WEIR_STORE_I8:
    case WEIR_STORE_U8: SHIFT_CODES(uint8_t); return;
    case WEIR_STORE_I16:
    case WEIR_STORE_U16: SHIFT_CODES(uint16_t); return;
    case WEIR_STORE_I32:
    case WEIR_STORE_U32: SHIFT_CODES(uint32_t); return;
    default: SHIFT_CODES(uint64_t); return;
    }
}

/* One loop a width of codes: the width is decided outside the loop. */
#define MAP_CODES(type)                                                                                            \
    do {                                                                                                           \
        const type *values = (const type *)column->values + input->first;                                          \
        for (int32_t i = 0; i < count; i++) {                                                                      \
            uint32_t row = rows == NULL ? (uint32_t)i : rows[i];                                                   \
            if (validity != NULL && !weir_bit_get(validity, (size_t)input->first + row)) {                         \
                out[i] = 0;                                                                                        \
                continue;                                                                                          \
            }                                                                                                      \
            uint32_t code = codes[values[row]];                                                                    \
            if (WEIR_UNLIKELY(code == UNMAPPED)) code = map_entry(table, key, (int64_t)values[row]);               \
            if (WEIR_UNLIKELY(code == 0)) return false;                                                            \
            out[i] = code;                                                                                         \
        }                                                                                                          \
    } while (0)

/* String codes (id + 1, 0 for NULL) of a DICTIONARY column, 64 bits wide to be packed or 32 to be ids; false when
 * memory is short. */
#define DICTIONARY_CODES(name, width)                                                                              \
    static bool name(struct weir_key_table *table, int32_t key, const struct weir_key_input *input,                \
                     const uint32_t *rows, int32_t count, width *out) {                                            \
        const struct weir_column *column = input->column;                                                          \
        const uint32_t *codes = table->dictionaries[key].codes;                                                    \
        const uint64_t *validity = column->validity;                                                               \
        switch (column->codes) {                                                                                   \
        case WEIR_STORE_I8:                                                                                        \
        case WEIR_STORE_U8: MAP_CODES(uint8_t); break;                                                             \
        case WEIR_STORE_I16:                                                                                       \
        case WEIR_STORE_U16: MAP_CODES(uint16_t); break;                                                           \
        case WEIR_STORE_I32:                                                                                       \
        case WEIR_STORE_U32: MAP_CODES(uint32_t); break;                                                           \
        default: MAP_CODES(uint64_t); break;                                                                       \
        }                                                                                                          \
        return true;                                                                                               \
    }
DICTIONARY_CODES(dictionary_codes, uint64_t)
DICTIONARY_CODES(dictionary_ids, uint32_t)

/* ---- mapping ---- */

bool weir_key_table_string_codes(struct weir_key_table *table, int32_t key, const struct weir_key_input *input,
                                 const uint32_t *rows, int32_t count, uint64_t *codes) {
    if (input->column != NULL) return dictionary_codes(table, key, input, rows, count, codes);
    return weir_string_table_intern_rows(&table->strings[key], &input->vector, rows, count, codes);
}

/* Adds the codes of one column to the block's words. */
static bool add_column(struct weir_key_table *table, int32_t key, const struct weir_key_input *input,
                       const uint32_t *rows, int32_t count, uint64_t *words) {
    const struct weir_key_code *code = &table->columns[key];
    if (!code->is_string) {
        weir_key_code_add(code, &input->vector, rows, count, words);
        return true;
    }
    uint64_t *codes = table->block_hashes; /* free until the words are hashed */
    if (!weir_key_table_string_codes(table, key, input, rows, count, codes)) return false;
    uint64_t *target = words + (size_t)code->word * WEIR_BLOCK_ROWS;
    for (int32_t i = 0; i < count; i++) target[i] |= codes[i] << code->shift;
    return true;
}

static bool map_direct(struct weir_key_table *table, const struct weir_key_input *input, const uint32_t *rows,
                       int32_t count, uint32_t *ids) {
    const struct weir_column *column = input->column;
    if (column != NULL && table->dictionaries[0].in_order && column->validity == NULL) {
        shifted_ids(column, input->first, rows, count, ids);
        return true;
    }
    if (column != NULL) return dictionary_ids(table, 0, input, rows, count, ids);
    uint64_t *codes = table->block_hashes;
    if (!weir_string_table_intern_rows(&table->strings[0], &input->vector, rows, count, codes)) return false;
    for (int32_t i = 0; i < count; i++) ids[i] = (uint32_t)codes[i];
    return true;
}

/* The words of all columns, by their types. */
static bool add_columns(struct weir_key_table *table, const struct weir_key_input *inputs, const uint32_t *rows,
                        int32_t count) {
    uint64_t *words = table->block_words;
    for (int32_t w = 0; w < table->words_count; w++)
        memset(words + (size_t)w * WEIR_BLOCK_ROWS, 0, (size_t)count * sizeof(*words));
    for (int32_t key = 0; key < table->columns_count; key++) {
        if (!add_column(table, key, &inputs[key], rows, count, words)) return false;
    }
    return true;
}

bool weir_key_table_lay_out(struct weir_key_table *table, const struct weir_key_input *inputs, const uint32_t *rows,
                            int32_t count, struct weir_key_block *out) {
    *out = (struct weir_key_block){table->block_words, NULL};
    if (!table->null_apart) return add_columns(table, inputs, rows, count);
    weir_key_table_words(table, inputs, rows, count, out);
    return true;
}

static bool map_laid_out(struct weir_key_table *table, const struct weir_key_input *inputs, const uint32_t *rows,
                         int32_t count, uint32_t *ids) {
    if (table->shape == WEIR_KEYS_WORD) {
        struct weir_key_block block;
        return weir_key_table_lay_out(table, inputs, rows, count, &block) &&
               weir_key_table_find_block(table, &block, count, ids);
    }
    return add_columns(table, inputs, rows, count) &&
           weir_key_wide_map(&table->several, &table->list, table->seed, table->block_words, count, ids);
}

enum weir_status weir_key_table_map(struct weir_key_table *table, const struct weir_key_input *inputs,
                                    const uint32_t *rows, int32_t count, uint32_t *ids, struct weir_error *error) {
    bool ok;
    if (table->shape == WEIR_KEYS_NOTHING) {
        memset(ids, 0, (size_t)count * sizeof(*ids));
        ok = true;
    } else if (table->shape == WEIR_KEYS_DIRECT) {
        ok = map_direct(table, inputs, rows, count, ids);
    } else {
        bool mapped;
        ok = weir_key_table_map_packed(table, inputs, rows, count, ids, &mapped);
        if (ok && !mapped) ok = map_laid_out(table, inputs, rows, count, ids);
    }
    return ok ? WEIR_OK : out_of_memory(error);
}

bool weir_key_table_may_pack(const struct weir_key_table *table) { return table->packed != NULL; }

enum weir_key_way weir_key_table_way(const struct weir_key_table *table) {
    if (table->cells != NULL) return WEIR_KEY_WAY_CELLS;
    if (table->shape == WEIR_KEYS_PACKED) return WEIR_KEY_WAY_PACKED;
    return table->shape == WEIR_KEYS_WIDE ? WEIR_KEY_WAY_MIXED : WEIR_KEY_WAY_OTHER;
}

const uint32_t *weir_key_table_codes(const struct weir_key_table *table, const struct weir_key_input *inputs,
                                     const uint32_t *rows) {
    if (table->shape != WEIR_KEYS_DIRECT || rows != NULL) return NULL;
    const struct weir_column *column = inputs[0].column;
    if (column == NULL || column->validity != NULL || !table->dictionaries[0].in_order) return NULL;
    bool fits = column->codes == WEIR_STORE_I32 || column->codes == WEIR_STORE_U32;
    return fits ? (const uint32_t *)column->values + inputs[0].first : NULL;
}

/* ---- values ---- */

static bool string_values(const struct weir_string_table *strings, const uint64_t *codes, int32_t count,
                          struct weir_arena *arena, struct weir_vector *out) {
    struct weir_string *values = weir_arena_alloc(arena, (size_t)count * sizeof(*values));
    *out = (struct weir_vector){.kind = WEIR_VECTOR_STRING, .strings = values};
    if (values == NULL || !weir_pack_validity(codes, count, arena, &out->validity)) return false;
    const struct weir_string *held = strings->strings;
    for (int32_t i = 0; i < count; i++)
        values[i] = codes[i] == 0 ? (struct weir_string){"", 0} : held[codes[i] - 1];
    return true;
}

static bool packed_values(const struct weir_key_table *table, int32_t key, const uint32_t *ids, int32_t count,
                          struct weir_arena *arena, struct weir_vector *out) {
    const struct weir_pack_column *column = &table->packed[key];
    uint64_t *codes = weir_arena_alloc(arena, (size_t)count * sizeof(*codes));
    if (codes == NULL) return false;
    weir_pack_codes(column, table->list.words, ids, count, codes);
    if (table->columns[key].is_string) return string_values(&table->strings[key], codes, count, arena, out);
    return weir_pack_values(column, table->columns[key].kind, codes, count, arena, out);
}

/* The words of one column for `count` ids, in runs of `count`, and how the column lies in them: its value, then the
 * word of its NULL bit. Other columns' words are left, so that many columns cost no more than their own. */
static uint64_t *gather_column(const struct weir_key_table *table, const struct weir_key_code *code,
                               const uint32_t *ids, int32_t count, struct weir_arena *arena,
                               struct weir_key_code *gathered) {
    size_t words_count = (size_t)table->list.words_count, run = (size_t)count;
    int32_t values = code->kind == WEIR_VECTOR_I128 ? 2 : 1;
    uint64_t *words = weir_arena_alloc(arena, ((size_t)values + 1) * run * sizeof(*words));
    if (words == NULL) return NULL;
    for (int32_t w = 0; w <= values; w++) {
        const uint64_t *from = table->list.words + (w < values ? code->word + w : code->null_word);
        for (size_t i = 0; i < run; i++) words[(size_t)w * run + i] = from[(size_t)ids[i] * words_count];
    }
    *gathered = *code;
    gathered->word = 0;
    gathered->null_word = values;
    return words;
}

enum weir_status weir_key_table_values(const struct weir_key_table *table, int32_t key, const uint32_t *ids,
                                       int32_t count, struct weir_arena *arena, struct weir_vector *out,
                                       struct weir_error *error) {
    bool ok = false;
    if (table->shape == WEIR_KEYS_DIRECT) {
        uint64_t *codes = weir_arena_alloc(arena, (size_t)count * sizeof(*codes));
        for (int32_t i = 0; codes != NULL && i < count; i++) codes[i] = ids[i];
        ok = codes != NULL && string_values(&table->strings[0], codes, count, arena, out);
        return ok ? WEIR_OK : out_of_memory(error);
    }
    if (table->shape == WEIR_KEYS_PACKED)
        return packed_values(table, key, ids, count, arena, out) ? WEIR_OK : out_of_memory(error);
    struct weir_key_code code;
    uint64_t *words = gather_column(table, &table->columns[key], ids, count, arena, &code);
    if (words == NULL) return out_of_memory(error);
    if (code.is_string) {
        for (int32_t i = 0; i < count; i++) words[i] = (words[i] >> code.shift) & UINT32_MAX;
        ok = string_values(&table->strings[key], words, count, arena, out);
    } else {
        ok = weir_key_code_values(&code, words, count, arena, out);
        if (ok && table->null_apart && table->null_id != 0) {
            uint64_t *validity = weir_arena_array(arena, weir_bitmap_words((size_t)count) + 1, sizeof(*validity));
            if (validity == NULL) return out_of_memory(error);
            for (int32_t i = 0; i < count; i++) weir_bit_put(validity, (size_t)i, ids[i] + 1 != table->null_id);
            out->validity = validity;
        } else if (ok && table->null_apart) {
            out->validity = NULL;
        }
    }
    return ok ? WEIR_OK : out_of_memory(error);
}
