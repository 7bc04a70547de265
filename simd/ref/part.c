/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

size_t weir_simd_part_words_reference(const uint64_t *words, const uint64_t *hashes, unsigned shift, size_t from,
                                      size_t count, uint32_t chunk, uint32_t *tails, uint32_t *places,
                                      uint64_t *out) {
    for (size_t i = from; i < count; i++) {
        uint64_t part = hashes[i] >> shift;
        places[i] = tails[part];
        out[tails[part]] = words[i];
        tails[part]++;
        if (tails[part] % chunk == 0) return i + 1;
    }
    return count;
}

void weir_simd_scatter_u64_reference(const uint64_t *values, const uint32_t *rows, const uint32_t *places,
                                     size_t count, uint64_t *out) {
    for (size_t i = 0; i < count; i++) out[places[i]] = values[rows == NULL ? i : rows[i]];
}
