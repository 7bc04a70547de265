/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/part_sums.h"

#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/hash.h"
#include "simd/kernels.h"

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the sums of keys");
}

static bool is_null_part(const struct weir_part_rows *waiting, uint32_t part) { return part == waiting->parts; }

/* Entries of a chunk; what weir_part_table_load takes at once is no less. */
static uint32_t entries_a_chunk(const struct weir_part_rows *waiting) {
    size_t entries = waiting->chunks.chunk_bytes / waiting->sum_bytes;
    return entries > WEIR_BLOCK_ROWS ? WEIR_BLOCK_ROWS : (uint32_t)entries;
}

/* ---- out ---- */

int32_t weir_part_sums_next(const struct weir_part_rows *waiting, const struct weir_part_set *set, uint32_t part,
                            const char **chunk, uint32_t *done) {
    const struct weir_part_list *list = &set->lists[part];
    uint32_t left = list->sums_count - *done, most = entries_a_chunk(waiting);
    if (left == 0) return 0;
    *chunk = *chunk == NULL ? list->sums : *weir_part_chunk_next(&waiting->chunks, *chunk);
    uint32_t count = left < most ? left : most;
    *done += count;
    return (int32_t)count;
}

enum weir_status weir_part_sums_make(struct weir_part_rows *waiting, const struct weir_part_set *set, uint32_t part,
                                     struct weir_part_table *table, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    const char *sums = NULL;
    uint32_t done = 0;
    int32_t count;
    weir_part_table_clear(table, (unsigned)__builtin_ctz(waiting->parts));
    while (status == WEIR_OK && (count = weir_part_sums_next(waiting, set, part, &sums, &done)) > 0)
        status = weir_part_table_load(table, sums, count, error);
    char *chunk = NULL;
    struct weir_parted rows;
    while (status == WEIR_OK && weir_part_rows_next(waiting, set, part, &chunk, &rows)) {
        status = is_null_part(waiting, part)
                     ? weir_part_table_add_one(table, rows.count, rows.args, error)
                     : weir_part_table_add(table, rows.keys.words, rows.count, rows.args, error);
    }
    return status;
}

/* ---- in ---- */

/* A place behind the sums of a part; there is a chunk for it. */
static char *place(struct weir_part_rows *waiting, struct weir_part_list *list) {
    uint32_t most = entries_a_chunk(waiting), at = list->sums_count++ % most;
    if (at == 0) {
        char *chunk = weir_part_chunk_take(&waiting->chunks);
        if (list->sums == NULL) {
            list->sums = chunk;
        } else {
            *weir_part_chunk_next(&waiting->chunks, list->sums_last) = chunk;
        }
        list->sums_last = chunk;
    }
    return list->sums_last + at * waiting->sum_bytes;
}

void weir_part_sums_drop(struct weir_part_rows *waiting, struct weir_part_set *set, uint32_t part) {
    struct weir_part_list *list = &set->lists[part];
    weir_part_chunks_give_list(&waiting->chunks, list->sums);
    set->sums -= list->sums_count;
    list->sums = list->sums_last = NULL;
    list->sums_count = 0;
}

static bool keep_part(struct weir_part_rows *waiting, struct weir_part_set *set, uint32_t part,
                      const struct weir_part_table *table) {
    size_t stride = table->accumulator->stride;
    /* Those that its rows and sums have are among them. */
    if (!weir_part_chunks_reserve(&waiting->chunks, table->keys / entries_a_chunk(waiting) + 1)) return false;
    weir_part_sums_drop(waiting, set, part);
    weir_part_rows_drop(waiting, set, part);
    for (uint32_t i = 0; i < table->keys; i++) {
        char *entry = place(waiting, &set->lists[part]);
        weir_part_sum_copy(entry, table->rows + i * stride, stride);
        memcpy(entry + stride, &table->words[i], sizeof(uint64_t));
    }
    set->sums += table->keys;
    return true;
}

enum weir_status weir_part_sums_keep(struct weir_part_rows *waiting, struct weir_part_set *set,
                                     struct weir_part_table *table, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    for (uint32_t part = set->part; part <= waiting->parts && status == WEIR_OK; part++) {
        status = weir_part_sums_make(waiting, set, part, table, error);
        if (status == WEIR_OK && !keep_part(waiting, set, part, table)) status = out_of_memory(error);
    }
    return status;
}

bool weir_part_sums_add(struct weir_part_rows *waiting, struct weir_part_set *set, const char *rows, size_t stride,
                        const struct weir_key_block *keys, int32_t count, uint64_t *hashes) {
    /* In the worst case each begins a chunk. */
    uint64_t needed = (uint64_t)count < waiting->parts + 1 ? (uint64_t)count : waiting->parts + 1;
    needed += (uint64_t)count / entries_a_chunk(waiting);
    if (!weir_part_chunks_reserve(&waiting->chunks, needed)) return false;
    weir_simd->hash_u64(keys->words, (size_t)count, weir_hash_seed(), hashes);
    for (int32_t i = 0; i < count; i++) {
        const char *row = rows + (size_t)i * stride;
        if (*(const int64_t *)(const void *)row == 0) continue;
        bool is_null = keys->nulls != NULL && weir_bit_get(keys->nulls, (size_t)i);
        uint64_t word = is_null ? 0 : keys->words[i];
        uint32_t part = is_null ? waiting->parts : (uint32_t)(hashes[i] >> waiting->shift);
        char *entry = place(waiting, &set->lists[part]);
        memcpy(entry, row, stride);
        memcpy(entry + stride, &word, sizeof(word));
        set->sums++;
    }
    return true;
}

/* ---- judging ---- */

enum weir_status weir_part_sums_estimate(struct weir_part_rows *waiting, const struct weir_part_set *set,
                                         struct weir_part_table *table, size_t *bytes, struct weir_error *error) {
    uint32_t left = waiting->parts - set->part;
    enum weir_status status = weir_part_sums_make(waiting, set, set->part + left / 2, table, error);
    *bytes = (size_t)table->keys * left * waiting->sum_bytes;
    return status;
}
