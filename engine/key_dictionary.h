/* SPDX-License-Identifier: Apache-2.0
 *
 * The dictionary that a key column came with last, by content, and what its codes mean to a key table: entries are
 * mapped once a dictionary, not once a row. One that has only grown is the same one, with further entries.
 */
#ifndef WEIR_ENGINE_KEY_DICTIONARY_H
#define WEIR_ENGINE_KEY_DICTIONARY_H

#include <stddef.h>
#include <stdint.h>

#include "engine/batch.h"

#define WEIR_KEY_UNMAPPED UINT32_MAX

/* Zeroed is empty. Its blocks only grow, so that dictionaries that come and go need no malloc. */
struct weir_key_dictionary {
    uint32_t *codes; /* entry -> string id + 1, or WEIR_KEY_UNMAPPED */
    void *offsets;   /* a copy of the dictionary */
    void *bytes;
    uint64_t
        *hashes; /* entry -> hash of its string, 0 where nobody has asked yet; see weir_key_dictionary_hashes */
    size_t codes_room, offsets_room, bytes_room, hashes_room;
    bool hashes_begun; /* `hashes` are of this dictionary */
    bool known;        /* there is one */
    bool in_order;     /* entry i is string i, every one: codes need no look-up */
    int64_t entries;
    int64_t bytes_count;
    enum weir_storage storage;
    const struct weir_column *column; /* of the batch at work */
};

/* The DICTIONARY column of the batch to come. Keeps `codes` of entries that the batch before had in the same place,
 * where it had all that were in its dictionary; entries behind them, or else every entry, are unmapped. Errors:
 * WEIR_ERR_MEMORY. */
enum weir_status weir_key_dictionary_bind(struct weir_key_dictionary *map, const struct weir_column *column,
                                          struct weir_error *error);
/* Where the hashes of the entries are kept from batch to batch, by whoever makes them; NULL when memory is short.
 */
uint64_t *weir_key_dictionary_hashes(struct weir_key_dictionary *map);

void weir_key_dictionary_fini(struct weir_key_dictionary *map);
size_t weir_key_dictionary_bytes(const struct weir_key_dictionary *map);

#endif
