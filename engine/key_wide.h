/* SPDX-License-Identifier: Apache-2.0
 *
 * A hash table from keys of several 64-bit words to their ids, beside the list of keys by id (key_words.h): open
 * addressing over {part of the hash, id}, at most half full.
 */
#ifndef WEIR_ENGINE_KEY_WIDE_H
#define WEIR_ENGINE_KEY_WIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/key_words.h"

struct weir_wide_slot;

struct weir_key_wide {
    struct weir_wide_slot *slots; /* slots_count, a power of two; NULL before the first key */
    size_t slots_count;
};

void weir_key_wide_fini(struct weir_key_wide *table);
size_t weir_key_wide_bytes(const struct weir_key_wide *table);

/* The ids of `count` keys, those not seen before appended to the list, whose words_count says how many words a key
 * has. words: that many runs of WEIR_BLOCK_ROWS. False when memory is short. */
bool weir_key_wide_map(struct weir_key_wide *table, struct weir_key_list *list, uint64_t seed,
                       const uint64_t *words, int32_t count, uint32_t *ids);

#endif
