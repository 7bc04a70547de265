/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "base/attributes.h"
#include "base/checked.h"
#include "simd/lanes.h"
#include "simd/word_line.h"

/* Rows between the one that is looked up and the one whose line is fetched. Memory takes the time of some 30 of
 * them, but as many lines as it can send at a time must be on their way while others are waited for; those of so
 * many rows fill a sixth of the nearest cache. */
#define PREFETCH_ROWS 128

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
    /* Called again from a word that it did not find, it has these on their way. */
    for (size_t i = 0; from == 0 && i < count && i < PREFETCH_ROWS; i++)
        WEIR_PREFETCH_READ(&lines[weir_word_line_home(hashes[i], bits)]);
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

/* In proportion to the hash, so that there may be any number of lines. */
WEIR_INLINE size_t line_of(uint64_t hash, size_t lines_count) {
    return (size_t)(((weir_u128)hash * lines_count) >> 64);
}

/* Adds the words of `count` rows that were not there when they were looked up; those before them may be by now. The
 * next id. */
WEIR_INLINE uint32_t add_missed(struct weir_word_line *restrict lines, size_t lines_count, unsigned skip,
                                const uint64_t *words, const uint64_t *restrict hashes,
                                const uint32_t *restrict missed, size_t count, uint32_t *restrict ids,
                                uint64_t *listed, uint32_t next) {
    for (size_t m = 0; m < count; m++) {
        uint32_t i = missed[m];
        size_t at = line_of(hashes[i] << skip, lines_count);
        unsigned used = lines[at].used, found = places_of(&lines[at], words[i]) & used;
        while (WEIR_UNLIKELY(found == 0 && used == WEIR_WORD_LINE_FULL)) {
            at = at + 1 == lines_count ? 0 : at + 1;
            used = lines[at].used;
            found = places_of(&lines[at], words[i]) & used;
        }
        if (WEIR_UNLIKELY(found != 0)) {
            ids[i] = lines[at].ids[__builtin_ctz(found)];
            continue;
        }
        unsigned place = (unsigned)__builtin_ctz(~used);
        lines[at].words[place] = listed[next] = words[i];
        lines[at].ids[place] = ids[i] = next++;
        lines[at].used = used | 1u << place;
    }
    return next;
}

/* Lines of more bytes than this lie beyond the cache. */
#define FAR_BYTES ((size_t)2 << 20)

/* Rows whose lines the nearest cache holds at once. */
#define MEET_ROWS 512

/* The lines behind those of the words that were not there, where these are full. */
static void fetch_next(const struct weir_word_line *lines, size_t lines_count, unsigned skip,
                       const uint64_t *hashes, const uint32_t *missed, size_t count) {
    for (size_t m = 0; m < count; m++) {
        const struct weir_word_line *line = &lines[line_of(hashes[missed[m]] << skip, lines_count)];
        WEIR_PREFETCH_READ(line + (line->used == WEIR_WORD_LINE_FULL));
    }
}

/* All rows are looked up before any word is added: a store to a line whose address is known late would hold up the
 * loads behind it, and a branch for each word that is new, as good as random, would cost more. */
void WEIR_SIMD_NAME(meet_words)(struct weir_word_line *restrict lines, size_t lines_count, unsigned skip,
                                const uint64_t *words, const uint64_t *restrict hashes, size_t count,
                                uint32_t *restrict ids, uint64_t *listed, uint32_t *restrict keys) {
    uint32_t missed[MEET_ROWS];
    const bool far = lines_count * sizeof(*lines) > FAR_BYTES;
    for (size_t from = 0; from < count; from += MEET_ROWS) {
        size_t end = count - from < MEET_ROWS ? count : from + MEET_ROWS, missed_count = 0;
        for (size_t i = from; i < end; i++) {
            ids[i] = (uint32_t)line_of(hashes[i] << skip, lines_count);
            WEIR_PREFETCH_READ(&lines[ids[i]]);
        }
        for (size_t i = from; i < end; i++) {
            const struct weir_word_line *line = &lines[ids[i]];
            unsigned found = places_of(line, words[i]) & line->used;
            ids[i] = line->ids[__builtin_ctz(found | 1u << (WEIR_WORD_LINE_WORDS - 1))];
            missed[missed_count] = (uint32_t)i;
            missed_count += found == 0;
        }
        if (far) fetch_next(lines, lines_count, skip, hashes, missed, missed_count);
        *keys = add_missed(lines, lines_count, skip, words, hashes, missed, missed_count, ids, listed, *keys);
    }
}
