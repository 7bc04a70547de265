/* SPDX-License-Identifier: Apache-2.0
 *
 * Sums of parts: what rows that waited have come to, an accumulator row and the word of its key an entry, side by
 * side in chunks, with no room between them and no ids. Read and written one after the other, a part at a time, in
 * a table that fits the cache (part_table.h): so what is kept of a slice is as large as its keys, is never made
 * anew in double its size, and the slice can fire without a key table.
 */
#ifndef WEIR_ENGINE_PART_SUMS_H
#define WEIR_ENGINE_PART_SUMS_H

#include "engine/part_rows.h"
#include "engine/part_table.h"

/* Makes the table the sums of a part of a set, its rows included. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_part_sums_make(struct weir_part_rows *waiting, const struct weir_part_set *set, uint32_t part,
                                     struct weir_part_table *table, struct weir_error *error);

/* Keeps the sums of all of a set's rows in place of them. Errors: WEIR_ERR_MEMORY; then some parts are as they
 * were.
 */
enum weir_status weir_part_sums_keep(struct weir_part_rows *waiting, struct weir_part_set *set,
                                     struct weir_part_table *table, struct weir_error *error);

/* Keeps the sums of keys that the set has none of, and no rows: row i of `count` accumulator rows, `stride` bytes
 * apart, with entry i of keys; those that have counted nothing are left out. False when memory is short. */
bool weir_part_sums_add(struct weir_part_rows *waiting, struct weir_part_set *set, const char *rows, size_t stride,
                        const struct weir_key_block *keys, int32_t count, uint64_t *hashes);

/* The next sums of a part. *chunk: NULL at first; *done: entries that have been given, 0 at first. How many, 0:
 * there are no more. */
int32_t weir_part_sums_next(const struct weir_part_rows *waiting, const struct weir_part_set *set, uint32_t part,
                            const char **chunk, uint32_t *done);

/* Forgets the sums of a part of a set. */
void weir_part_sums_drop(struct weir_part_rows *waiting, struct weir_part_set *set, uint32_t part);

/* Bytes that the sums of a set would take with those of its rows, judged by one of its parts. Errors:
 * WEIR_ERR_MEMORY. */
enum weir_status weir_part_sums_estimate(struct weir_part_rows *waiting, const struct weir_part_set *set,
                                         struct weir_part_table *table, size_t *bytes, struct weir_error *error);

#endif
