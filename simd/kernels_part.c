/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "base/attributes.h"

/* Plain stores to as many places as there are parts: with up to 512 of them write-combining buffers and stores past
 * the cache have lost (docs/adr/0014). */

size_t WEIR_SIMD_NAME(part_words)(const uint64_t *restrict words, const uint64_t *restrict hashes, unsigned shift,
                                  size_t from, size_t count, size_t chunk, uint64_t **restrict tails,
                                  uint64_t **restrict places) {
    for (size_t i = from; i < count; i++) {
        uint64_t **tail = &tails[hashes[i] >> shift];
        uint64_t *place = *tail;
        places[i] = place;
        *place++ = words[i];
        *tail = place;
        if (WEIR_UNLIKELY(((uintptr_t)place & (chunk - 1)) == 0)) return i + 1;
    }
    return count;
}

void WEIR_SIMD_NAME(scatter_u64)(const uint64_t *restrict values, const uint32_t *restrict rows,
                                 uint64_t *const *restrict places, size_t count, size_t skip) {
    if (rows == NULL) {
        for (size_t i = 0; i < count; i++) places[i][skip] = values[i];
    } else {
        for (size_t i = 0; i < count; i++) places[i][skip] = values[rows[i]];
    }
}
