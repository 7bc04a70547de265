/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/part_table.h"

#include <stdlib.h>
#include <string.h>

#include "alloc/pages.h"
#include "base/bits.h"
#include "base/error.h"
#include "base/hash.h"
#include "simd/kernels.h"

#define KEYS_FIRST 512
#define LINES_FIRST 256
/* Keys a line: few words lie outside of their home lines, and a part's lines fit the cache. */
#define LINES_FOR(keys) ((size_t)(keys)*2 / 5 + 1)

static const uint32_t one_key[WEIR_BLOCK_ROWS]; /* ids: all 0 */

void weir_part_table_init(struct weir_part_table *table, const struct weir_accumulator *accumulator) {
    *table = (struct weir_part_table){.accumulator = accumulator};
}

static size_t rows_bytes(const struct weir_part_table *table, uint32_t capacity) {
    return capacity * table->accumulator->stride;
}

void weir_part_table_fini(struct weir_part_table *table) {
    if (table->accumulator == NULL) return;
    weir_pages_free(table->words, ((size_t)table->capacity + 1) * sizeof(*table->words));
    weir_pages_free(table->rows, rows_bytes(table, table->capacity));
    weir_pages_free(table->lines, table->lines_room * sizeof(*table->lines));
    free(table->hashes);
    free(table->ids);
    weir_part_table_init(table, table->accumulator);
}

size_t weir_part_table_bytes(const struct weir_part_table *table) {
    if (table->capacity == 0) return 0;
    return ((size_t)table->capacity + 1) * sizeof(*table->words) + rows_bytes(table, table->capacity) +
           table->lines_room * sizeof(*table->lines);
}

void weir_part_table_clear(struct weir_part_table *table, unsigned skip) {
    size_t lines = LINES_FOR(table->keys + table->keys / 8); /* as the part before */
    table->skip = skip;
    table->keys = table->fresh = 0;
    table->lines_count = lines < LINES_FIRST ? LINES_FIRST : lines;
    if (table->lines_count > table->lines_room) table->lines_count = table->lines_room;
    if (table->lines != NULL) memset(table->lines, 0, table->lines_count * sizeof(*table->lines));
}

/* ---- room ---- */

static bool grow_rows(struct weir_part_table *table, uint64_t keys) {
    uint64_t capacity = weir_round_up_pow2(keys < KEYS_FIRST ? KEYS_FIRST : keys);
    if (capacity > UINT32_MAX / 2) return false;
    size_t old = table->capacity == 0 ? 0 : (size_t)table->capacity + 1, word = sizeof(*table->words);
    char *rows = weir_pages_alloc_raw(rows_bytes(table, (uint32_t)capacity));
    uint64_t *words =
        rows == NULL ? NULL : weir_pages_move(table->words, old * word, table->keys * word, (capacity + 1) * word);
    if (words == NULL) {
        weir_pages_free(rows, rows_bytes(table, (uint32_t)capacity));
        return false;
    }
    if (table->fresh > 0) memcpy(rows, table->rows, rows_bytes(table, table->fresh));
    weir_pages_free(table->rows, rows_bytes(table, table->capacity));
    table->rows = rows;
    table->words = words;
    table->capacity = (uint32_t)capacity;
    return true;
}

/* Puts all words into lines that are empty. */
static void place_words(struct weir_part_table *table) {
    uint32_t keys = 0;
    while (keys < table->keys) {
        uint32_t left = table->keys - keys, count = left < WEIR_BLOCK_ROWS ? left : WEIR_BLOCK_ROWS;
        weir_simd->hash_u64(table->words + keys, count, weir_hash_seed(), table->hashes);
        /* Each is new, and is listed where it lies. */
        weir_simd->meet_words(table->lines, table->lines_count, table->skip, table->words + keys, table->hashes,
                              count, table->ids, table->words, &keys);
    }
}

static bool grow_lines(struct weir_part_table *table, uint64_t keys) {
    size_t count = LINES_FOR(keys + keys / 2);
    if (count < LINES_FIRST) count = LINES_FIRST;
    if (count > table->lines_room) {
        struct weir_word_line *lines = weir_pages_alloc_raw(count * sizeof(*lines));
        if (lines == NULL) return false;
        weir_pages_free(table->lines, table->lines_room * sizeof(*lines));
        table->lines = lines;
        table->lines_room = count;
    }
    table->lines_count = count;
    memset(table->lines, 0, count * sizeof(*table->lines));
    place_words(table);
    return true;
}

static bool make_scratch(struct weir_part_table *table) {
    if (table->ids != NULL) return true;
    if (table->hashes == NULL) table->hashes = malloc(WEIR_BLOCK_ROWS * sizeof(*table->hashes));
    if (table->hashes != NULL) table->ids = malloc(WEIR_BLOCK_ROWS * sizeof(*table->ids));
    return table->ids != NULL;
}

/* Room for `more` keys. */
static bool reserve(struct weir_part_table *table, uint32_t more) {
    uint64_t keys = (uint64_t)table->keys + more;
    if (!make_scratch(table)) return false;
    if (keys > table->capacity && !grow_rows(table, keys)) return false;
    return LINES_FOR(keys) <= table->lines_count || grow_lines(table, keys);
}

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the sums of a part of the keys");
}

/* ---- rows ---- */

static void meet(struct weir_part_table *table, const uint64_t *words, int32_t count) {
    weir_simd->hash_u64(words, (size_t)count, weir_hash_seed(), table->hashes);
    weir_simd->meet_words(table->lines, table->lines_count, table->skip, words, table->hashes, (size_t)count,
                          table->ids, table->words, &table->keys);
}

static enum weir_status add(struct weir_part_table *table, const uint32_t *ids, int32_t count,
                            const struct weir_vector *args, struct weir_error *error) {
    const struct weir_accumulator *accumulator = table->accumulator;
    weir_accumulator_fresh(accumulator, table->rows, table->fresh, table->keys);
    table->fresh = table->keys;
    return weir_accumulator_add(accumulator, table->rows, table->keys, ids, NULL, count, args, NULL, error);
}

enum weir_status weir_part_table_add(struct weir_part_table *table, const uint64_t *words, int32_t count,
                                     const struct weir_vector *args, struct weir_error *error) {
    if (!reserve(table, (uint32_t)count)) return out_of_memory(error);
    meet(table, words, count);
    return add(table, table->ids, count, args, error);
}

enum weir_status weir_part_table_add_one(struct weir_part_table *table, int32_t count,
                                         const struct weir_vector *args, struct weir_error *error) {
    if (!reserve(table, 1)) return out_of_memory(error);
    table->words[0] = 0;
    table->keys = 1;
    return add(table, one_key, count, args, error);
}

enum weir_status weir_part_table_load(struct weir_part_table *table, const char *entries, int32_t count,
                                      struct weir_error *error) {
    size_t stride = table->accumulator->stride, entry_bytes = stride + sizeof(uint64_t);
    if (!reserve(table, (uint32_t)count)) return out_of_memory(error);
    uint64_t *words = table->words + table->keys;
    for (size_t i = 0; i < (size_t)count; i++) {
        const char *entry = entries + i * entry_bytes;
        weir_part_sum_copy(table->rows + (table->keys + i) * stride, entry, stride);
        memcpy(&words[i], entry + stride, sizeof(*words));
    }
    meet(table, words, count); /* each is new, and is listed where it lies */
    table->fresh = table->keys;
    return WEIR_OK;
}
