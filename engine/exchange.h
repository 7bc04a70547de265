/* SPDX-License-Identifier: Apache-2.0
 *
 * Who owns a key: the rows of a block -> those that this worker owns.
 *
 * Plans that depend on the order of a key's rows are worked at the key's owner. Every worker gets every block, in
 * the order of admission, and keeps the rows of its own key groups: no row moves between workers, and the order of
 * a key's rows is the order of admission by construction. What a worker pays for the others' rows is the filter,
 * the key and one hash.
 *
 * A row's key group is a hash of the values of its keys, so that it means the same to every worker and does not
 * depend on how a column is encoded.
 */
#ifndef WEIR_ENGINE_EXCHANGE_H
#define WEIR_ENGINE_EXCHANGE_H

#include <stdint.h>

#include "engine/key_table.h"

struct weir_exchange {
    int32_t owner;  /* this worker */
    int32_t owners; /* 0 or 1: it owns every key */
    int32_t keys_count;
    uint64_t seed;
};

/* Narrows rows[0 .. count) of a block (0 .. count where rows is NULL) to those that the owner owns, in their order,
 * and returns how many. kept: room for count, may be rows; hashes: scratch for twice as many. */
int32_t weir_exchange_own(const struct weir_exchange *exchange, const struct weir_key_input *inputs,
                          const uint32_t *rows, int32_t count, uint32_t *kept, uint64_t *hashes);

#endif
