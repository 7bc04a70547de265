/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "base/bits.h"
#include "simd/string_line.h"

static const struct weir_string_line *find(const struct weir_string_line *lines, size_t mask, uint64_t seed,
                                           struct weir_string string) {
    uint64_t words[WEIR_STRING_LINE_WORDS + 1] = {0};
    if (string.length > 0) memcpy(words, string.data, (size_t)string.length);
    size_t at = (size_t)weir_string_line_hash(words, (size_t)string.length, seed) & mask;
    for (int probe = 0; probe < WEIR_STRING_LINE_PROBES; probe++, at = (at + 1) & mask) {
        const struct weir_string_line *line = &lines[at];
        if (line->mark != (uint64_t)string.length + 1) continue;
        if (memcmp(line->words, words, sizeof(line->words)) == 0) return line;
    }
    return NULL;
}

size_t weir_simd_find_strings_reference(const struct weir_string_line *lines, size_t mask, uint64_t seed,
                                        const struct weir_string *strings, const uint32_t *rows,
                                        const uint64_t *validity, size_t from, size_t count, uint64_t *out) {
    for (size_t i = from; i < count; i++) {
        uint32_t row = rows == NULL ? (uint32_t)i : rows[i];
        out[i] = 0;
        if (validity != NULL && !weir_bit_get(validity, row)) continue;
        if (strings[row].length > WEIR_STRING_LINE_BYTES) return i;
        const struct weir_string_line *line = find(lines, mask, seed, strings[row]);
        if (line == NULL) return i;
        out[i] = (uint64_t)line->id + 1;
    }
    return count;
}
