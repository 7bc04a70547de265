/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "base/bits.h"
#include "simd/string_line.h"

/* The id + 1, or 0. */
static uint64_t find(const struct weir_string_places *places, uint64_t seed, struct weir_string string) {
    uint64_t words[WEIR_STRING_LINE_WORDS + 1] = {0};
    size_t length = (size_t)string.length;
    if (length > 0) memcpy(words, string.data, length);
    size_t home = (size_t)weir_string_line_hash(words, length, seed);
    for (size_t probe = 0; probe < WEIR_STRING_LINE_PROBES; probe++) {
        const struct weir_string_cell *cell = &places->cells[(home + probe) & places->cells_mask];
        const struct weir_string_line *line = &places->lines[(home + probe) & places->lines_mask];
        if (length <= WEIR_STRING_CELL_BYTES) {
            if (weir_string_is(cell->words, cell->mark, words, WEIR_STRING_CELL_WORDS, length))
                return (uint64_t)cell->id + 1;
        } else if (weir_string_is(line->words, line->mark, words, WEIR_STRING_LINE_WORDS, length)) {
            return (uint64_t)line->id + 1;
        }
    }
    return 0;
}

size_t weir_simd_find_strings_reference(const struct weir_string_places *places, uint64_t seed,
                                        const struct weir_string *strings, const uint32_t *rows,
                                        const uint64_t *validity, size_t from, size_t count, uint64_t *out) {
    for (size_t i = from; i < count; i++) {
        uint32_t row = rows == NULL ? (uint32_t)i : rows[i];
        out[i] = 0;
        if (validity != NULL && !weir_bit_get(validity, row)) continue;
        if (strings[row].length > WEIR_STRING_LINE_BYTES) return i;
        out[i] = find(places, seed, strings[row]);
        if (out[i] == 0) return i;
    }
    return count;
}
