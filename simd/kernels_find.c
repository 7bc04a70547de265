/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "base/attributes.h"
#include "simd/lanes.h"
#include "simd/word_line.h"

/* Rows between the one that is looked up and the one whose line is fetched: about the time that memory takes. */
#define PREFETCH_ROWS 16

/* Bit i: place i holds the word. Vectors read past the words into the ids: bits from WEIR_WORD_LINE_WORDS on mean
 * nothing. */
#if WEIR_SIMD_WIDTH == 512

WEIR_INLINE unsigned places_of(const struct weir_word_line *line, uint64_t word) {
    return lanes_eq(lanes_load((const void *)line), lanes_set((int64_t)word));
}

#elif WEIR_SIMD_WIDTH == 256

WEIR_INLINE unsigned places_of(const struct weir_word_line *line, uint64_t word) {
    unsigned first = lanes_eq(lanes_load((const void *)line), lanes_set((int64_t)word));
    return first | (unsigned)(line->words[4] == word) << 4;
}

#else

WEIR_INLINE unsigned places_of(const struct weir_word_line *line, uint64_t word) {
    unsigned places = 0;
    for (unsigned i = 0; i < WEIR_WORD_LINE_WORDS; i++) places |= (unsigned)(line->words[i] == word) << i;
    return places;
}

#endif

size_t WEIR_SIMD_NAME(find_words)(const struct weir_word_line *restrict lines, unsigned bits,
                                  const uint64_t *restrict words, const uint64_t *restrict hashes, size_t from,
                                  size_t count, uint32_t *restrict ids) {
    size_t mask = ((size_t)1 << bits) - 1;
    for (size_t i = from; i < count; i++) {
        uint64_t soon = hashes[i + PREFETCH_ROWS < count ? i + PREFETCH_ROWS : i];
        WEIR_PREFETCH_READ(&lines[weir_word_line_home(soon, bits)]);
        size_t at = weir_word_line_home(hashes[i], bits);
        unsigned found = places_of(&lines[at], words[i]) & lines[at].used;
        while (WEIR_UNLIKELY(found == 0)) {
            if (lines[at].used != WEIR_WORD_LINE_FULL) return i;
            at = (at + 1) & mask;
            found = places_of(&lines[at], words[i]) & lines[at].used;
        }
        ids[i] = lines[at].ids[__builtin_ctz(found)];
    }
    return count;
}
