/* SPDX-License-Identifier: Apache-2.0
 *
 * Who owns a key: the rows of a block -> those that this worker owns, or the rows of each owner.
 *
 * Plans that depend on the order of a key's rows are worked at the key's owner. Every worker gets every block, in
 * the order of admission, and keeps the rows of its own share: no row moves between workers, and the order of a
 * key's rows is the order of admission by construction. What a worker pays for the others' rows is the filter, the
 * key and one hash. Plans whose rows are worth handing over are parted by owner instead (handover.h).
 *
 * Who owns a row follows from a hash of the values of its keys, so that it means the same to every worker and does
 * not depend on how a column is encoded. Each owner has a range of the hashes.
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
 * and returns how many. kept: room for count, may be rows; hashes: scratch for twice as many. What inputs keep of
 * the entries of a dictionary is for this alone, or for weir_exchange_hash alone. */
int32_t weir_exchange_own(const struct weir_exchange *exchange, const struct weir_key_input *inputs,
                          const uint32_t *rows, int32_t count, uint32_t *kept, uint64_t *hashes);

/* One hash a row, as above. words, hashes: room for count each; words is scratch. */
void weir_exchange_hash(const struct weir_exchange *exchange, const struct weir_key_input *inputs,
                        const uint32_t *rows, int32_t count, uint64_t *words, uint64_t *hashes);

/* The rows of each owner. */
struct weir_shares {
    uint32_t *order; /* rows of owner o: order[starts[o] .. starts[o + 1]), ascending; room for 2 WEIR_BLOCK_ROWS */
    int32_t *starts; /* owners + 1 */
    uint16_t *owners; /* scratch for WEIR_BLOCK_ROWS */
};

/* Parts the rows 0 .. count - 1 <= WEIR_BLOCK_ROWS by their hashes. */
void weir_exchange_part(const struct weir_exchange *exchange, const uint64_t *hashes, int32_t count,
                        const struct weir_shares *out);

#endif
