/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

size_t weir_simd_part_words_reference(const uint64_t *words, const uint64_t *hashes, unsigned shift, size_t from,
                                      size_t count, size_t chunk, uint64_t **tails, uint64_t **places) {
    for (size_t i = from; i < count; i++) {
        uint64_t part = hashes[i] >> shift;
        places[i] = tails[part];
        *tails[part] = words[i];
        tails[part]++;
        if ((uintptr_t)tails[part] % chunk == 0) return i + 1;
    }
    return count;
}

void weir_simd_scatter_u64_reference(const uint64_t *values, const uint32_t *rows, uint64_t *const *places,
                                     size_t count, size_t skip) {
    for (size_t i = 0; i < count; i++) places[i][skip] = values[rows == NULL ? i : rows[i]];
}
