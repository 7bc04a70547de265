/* SPDX-License-Identifier: Apache-2.0
 *
 * A hash table from keys of several 64-bit words to their ids, beside the list of keys by id (key_words.h).
 *
 * The words of a key are mixed into one, its mark, and marks are looked up as keys of one word are, with the same
 * vectors, lines and slots. The key that a mark has found is then compared with the row's. Where two keys have one
 * mark - seeds are random, so that no input can be built for it - the later one is a stray, looked for by its
 * words.
 */
#ifndef WEIR_ENGINE_KEY_WIDE_H
#define WEIR_ENGINE_KEY_WIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/key_words.h"

struct weir_key_wide {
    struct weir_key_words marks; /* of all keys but strays */
    uint32_t *strays;            /* their ids */
    uint32_t strays_count;
    uint64_t *scratch; /* two runs of WEIR_BLOCK_ROWS, and a key */
};

void weir_key_wide_fini(struct weir_key_wide *table);
size_t weir_key_wide_bytes(const struct weir_key_wide *table);

/* The ids of `count` keys, those not seen before appended to the list in their order; its words_count, at least 2,
 * says how many words a key has. words: that many runs of WEIR_BLOCK_ROWS. False when memory is short. */
bool weir_key_wide_map(struct weir_key_wide *table, struct weir_key_list *list, uint64_t seed,
                       const uint64_t *words, int32_t count, uint32_t *ids);

#endif
