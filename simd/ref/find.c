/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "base/attributes.h"
#include "base/checked.h"
#include "simd/word_line.h"

WEIR_INLINE int place_of(const struct weir_word_line *line, uint64_t word) {
    for (int i = 0; i < WEIR_WORD_LINE_WORDS; i++) {
        if ((line->used >> i & 1) != 0 && line->words[i] == word) return i;
    }
    return -1;
}

size_t weir_simd_find_words_reference(const struct weir_word_line *lines, unsigned bits, const uint64_t *words,
                                      const uint64_t *hashes, size_t from, size_t count, uint32_t *ids) {
    size_t mask = ((size_t)1 << bits) - 1;
    for (size_t i = from; i < count; i++) {
        for (size_t at = weir_word_line_home(hashes[i], bits);; at = (at + 1) & mask) {
            int place = place_of(&lines[at], words[i]);
            if (place >= 0) ids[i] = lines[at].ids[place];
            if (place >= 0) break;
            if (lines[at].used != WEIR_WORD_LINE_FULL) return i;
        }
    }
    return count;
}

void weir_simd_meet_words_reference(struct weir_word_line *lines, size_t lines_count, unsigned skip,
                                    const uint64_t *words, const uint64_t *hashes, size_t count, uint32_t *ids,
                                    uint64_t *listed, uint32_t *keys) {
    for (size_t i = 0; i < count; i++) {
        size_t at = (size_t)(((weir_u128)(hashes[i] << skip) * lines_count) >> 64);
        int place = place_of(&lines[at], words[i]);
        while (place < 0 && lines[at].used == WEIR_WORD_LINE_FULL) {
            at = (at + 1) % lines_count;
            place = place_of(&lines[at], words[i]);
        }
        if (place < 0) {
            place = __builtin_popcount(lines[at].used);
            lines[at].words[place] = listed[*keys] = words[i];
            lines[at].ids[place] = (*keys)++;
            lines[at].used |= 1u << place;
        }
        ids[i] = lines[at].ids[place];
    }
}
