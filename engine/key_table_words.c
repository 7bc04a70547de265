/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "engine/key_table_state.h"
#include "simd/kernels.h"

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(
        error, WEIR_ERR_MEMORY,
        "out of memory for the keys of the query; group by fewer keys or give the process more memory");
}

bool weir_key_table_has_words(const struct weir_key_table *table) {
    if (table->shape != WEIR_KEYS_WORD) return false;
    for (int32_t i = 0; i < table->columns_count; i++) {
        if (table->columns[i].is_string) return false;
    }
    return true;
}

/* ---- rows -> words ---- */

/* Marks the rows that are NULL, and gives them the word of one that is not: looked up as what lies there they would
 * make a key of it. */
static void mark_nulls(struct weir_key_table *table, const uint64_t *validity, const uint32_t *rows, int32_t count,
                       struct weir_key_block *out) {
    uint64_t *words = table->block_words, *nulls = table->block_nulls;
    int32_t some = -1;
    bool any = false;
    memset(nulls, 0, weir_bitmap_words((size_t)count) * sizeof(*nulls));
    for (int32_t i = 0; i < count; i++) {
        if (weir_bit_get(validity, rows == NULL ? (size_t)i : rows[i])) {
            some = i;
        } else {
            weir_bit_set(nulls, (size_t)i);
            any = true;
        }
    }
    out->nulls = any ? nulls : NULL;
    for (int32_t i = 0; any && i < count; i++) {
        if (weir_bit_get(nulls, (size_t)i)) words[i] = some < 0 ? 0 : words[some];
    }
}

/* One 64-bit column: the words are the values themselves, borrowed where every row is wanted and none is NULL. */
static void full_words(struct weir_key_table *table, const struct weir_vector *vector, const uint32_t *rows,
                       int32_t count, struct weir_key_block *out) {
    if (vector->kind == WEIR_VECTOR_I64 && rows == NULL && vector->validity == NULL) {
        *out = (struct weir_key_block){(const uint64_t *)vector->i64, NULL};
        return;
    }
    if (vector->kind == WEIR_VECTOR_I64 && rows != NULL) {
        weir_simd->gather_i64(vector->i64, rows, (size_t)count, (int64_t *)table->block_words);
    } else {
        memset(table->block_words, 0, (size_t)count * sizeof(*table->block_words));
        weir_key_code_add_value(&table->columns[0], vector, rows, count, table->block_words);
    }
    *out = (struct weir_key_block){table->block_words, NULL};
    if (vector->validity != NULL) mark_nulls(table, vector->validity, rows, count, out);
}

void weir_key_table_words(struct weir_key_table *table, const struct weir_key_input *inputs, const uint32_t *rows,
                          int32_t count, struct weir_key_block *out) {
    if (table->null_apart) {
        full_words(table, &inputs[0].vector, rows, count, out);
        return;
    }
    memset(table->block_words, 0, (size_t)count * sizeof(*table->block_words));
    for (int32_t key = 0; key < table->columns_count; key++)
        weir_key_code_add(&table->columns[key], &inputs[key].vector, rows, count, table->block_words);
    *out = (struct weir_key_block){table->block_words, NULL};
}

void weir_key_table_listed(const struct weir_key_table *table, uint32_t first, int32_t count, uint64_t *nulls,
                           struct weir_key_block *out) {
    *out = (struct weir_key_block){table->list.words + first, NULL};
    uint32_t null = table->null_id - 1; /* where there is one */
    if (table->null_id == 0 || null < first || null - first >= (uint32_t)count) return;
    memset(nulls, 0, weir_bitmap_words((size_t)count) * sizeof(*nulls));
    weir_bit_set(nulls, null - first);
    out->nulls = nulls;
}

/* ---- words -> ids ---- */

bool weir_key_table_null_id(struct weir_key_table *table) {
    if (table->null_id != 0) return true;
    uint64_t none = 0;
    uint32_t id = weir_key_list_append(&table->list, &none);
    if (id == WEIR_KEY_UNLISTED) return false;
    table->null_id = id + 1;
    return true;
}

bool weir_key_table_find_block(struct weir_key_table *table, const struct weir_key_block *block, int32_t count,
                               uint32_t *ids) {
    const uint64_t *nulls = block->nulls;
    if (nulls == NULL) return weir_key_table_find(table, block->words, count, ids);
    if (!weir_key_table_null_id(table)) return false;
    bool all = weir_bitmap_count(nulls, (size_t)count) == (size_t)count;
    if (!all && !weir_key_table_find(table, block->words, count, ids)) return false;
    for (int32_t i = 0; i < count; i++) {
        if (weir_bit_get(nulls, (size_t)i)) ids[i] = table->null_id - 1;
    }
    return true;
}

enum weir_status weir_key_table_map_words(struct weir_key_table *table, const struct weir_key_block *block,
                                          int32_t count, uint32_t *ids, struct weir_error *error) {
    return weir_key_table_find_block(table, block, count, ids) ? WEIR_OK : out_of_memory(error);
}

void weir_key_table_expect(struct weir_key_table *table, uint64_t most) { table->one.most = (size_t)most; }

const char *weir_key_table_region(const struct weir_key_table *table, uint32_t part, uint32_t parts,
                                  size_t *bytes) {
    const struct weir_key_words *words = &table->one;
    size_t lines = words->lines_count / parts;
    *bytes = lines * sizeof(*words->lines);
    return lines == 0 ? NULL : (const char *)&words->lines[part * lines];
}

/* ---- words -> values ---- */

enum weir_status weir_key_table_word_values(const struct weir_key_table *table, int32_t key,
                                            const struct weir_key_block *block, int32_t count,
                                            struct weir_arena *arena, struct weir_vector *out,
                                            struct weir_error *error) {
    if (!weir_key_code_values(&table->columns[key], block->words, count, arena, out)) return out_of_memory(error);
    if (!table->null_apart) return WEIR_OK;
    out->validity = NULL;
    if (block->nulls == NULL) return WEIR_OK;
    size_t words = weir_bitmap_words((size_t)count);
    uint64_t *validity = weir_arena_array(arena, words + 1, sizeof(*validity));
    if (validity == NULL) return out_of_memory(error);
    for (size_t w = 0; w < words; w++) validity[w] = ~block->nulls[w];
    out->validity = validity;
    return WEIR_OK;
}
