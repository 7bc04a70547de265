/* SPDX-License-Identifier: Apache-2.0
 *
 * A key by its text, for people who ask about it. Not for the path of rows: it looks at one key after the other.
 */
#ifndef WEIR_ENGINE_KEY_SEARCH_H
#define WEIR_ENGINE_KEY_SEARCH_H

#include <stdint.h>

#include "engine/key_table.h"

struct weir_key_search;

#define WEIR_KEY_NONE UINT32_MAX

/* Reads the values of the key columns: numbers, times and so on as CAST reads them, times also with a Z at their
 * end; a NULL text means NULL. Errors: WEIR_ERR_INVALID (a text that is no value of its column's type),
 * WEIR_ERR_MEMORY. */
enum weir_status weir_key_search_create(const struct weir_type *types, int32_t count, const char *const *texts,
                                        struct weir_key_search **out, struct weir_error *error);
void weir_key_search_destroy(struct weir_key_search **search);

/* The id of that key in a table of the same types; WEIR_KEY_NONE when it has none. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_key_search_find(const struct weir_key_search *search, const struct weir_key_table *table,
                                      uint32_t *id, struct weir_error *error);

/* The first of `count` keys (<= WEIR_BLOCK_ROWS), given as words of a table of the same types, that is that key;
 * -1: none is. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_key_search_among_words(const struct weir_key_search *search,
                                             const struct weir_key_table *table, const struct weir_key_block *words,
                                             int32_t count, int32_t *at, struct weir_error *error);

/* The text of value `key` of `id`, on the heap: strings in quotes, NULL as NULL. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_key_text(const struct weir_key_table *table, struct weir_type type, int32_t key, uint32_t id,
                               char **out, struct weir_error *error);

#endif
