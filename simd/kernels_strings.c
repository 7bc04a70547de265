/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "base/attributes.h"
#include "base/bits.h"
#include "simd/lanes.h"
#include "simd/string_line.h"

#if WEIR_SIMD_WIDTH == 512

/* _mm512_maskz_loadu_epi8: bytes that the mask leaves out are not touched, so none beyond the string is read; simde
 * cannot say that of its own. A string of a cell has its mark in its place. */
struct text {
    __m512i all;
};

#define MARK_AT (1 << 6) /* as a lane of 32 bits */

WEIR_INLINE struct text load(struct weir_string string) {
    size_t length = (size_t)string.length;
    __mmask64 bytes = _bzhi_u64(~UINT64_C(0), (unsigned)length);
    if (WEIR_LIKELY(length <= 32)) { /* which seldom crosses from one line to the next */
        __m256i low = _mm256_maskz_loadu_epi8((__mmask32)bytes, string.data);
        return (struct text){_mm512_zextsi256_si512(low)};
    }
    return (struct text){_mm512_maskz_loadu_epi8(bytes, string.data)};
}

WEIR_INLINE uint64_t hash_of(const struct text *text, size_t length, uint64_t seed) {
    uint64_t words[8];
    if (WEIR_LIKELY(length <= 16)) {
        _mm_storeu_si128((__m128i *)(void *)words, _mm512_castsi512_si128(text->all));
    } else {
        _mm512_storeu_si512(words, text->all);
    }
    return weir_string_line_hash(words, length, seed);
}

WEIR_INLINE void keep(struct text *kept, const struct text *text, size_t length) {
    __m256i low = _mm512_castsi512_si256(text->all);
    if (WEIR_LIKELY(length <= WEIR_STRING_CELL_BYTES)) {
        low = _mm256_mask_set1_epi32(low, MARK_AT, (int)length + 1);
        _mm256_store_si256((__m256i *)(void *)kept, low);
    } else {
        *kept = *text;
    }
}

WEIR_INLINE bool is_in_cell(const struct weir_string_cell *cell, const struct text *text, size_t length) {
    (void)length;
    __m256i kept = _mm256_load_si256((const __m256i *)(const void *)text);
    __mmask8 differ = _mm256_cmpneq_epi32_mask(kept, _mm256_loadu_si256((const __m256i *)(const void *)cell));
    return (differ & (2 * MARK_AT - 1)) == 0;
}

WEIR_INLINE bool is_in_line(const struct weir_string_line *line, const struct text *text, size_t length) {
    const __mmask8 words = (1 << WEIR_STRING_LINE_WORDS) - 1;
    __mmask8 differ = _mm512_mask_cmpneq_epi64_mask(words, text->all, _mm512_loadu_si512(line));
    return ((uint32_t)differ | (line->mark ^ ((uint32_t)length + 1))) == 0;
}

#else

struct text {
    uint64_t words[WEIR_STRING_LINE_WORDS + 1];
    size_t count;
};

WEIR_INLINE struct text load(struct weir_string string) {
    struct text text;
    text.count = weir_string_words(string, text.words);
    return text;
}

WEIR_INLINE uint64_t hash_of(const struct text *text, size_t length, uint64_t seed) {
    return weir_string_line_hash(text->words, length, seed);
}

WEIR_INLINE void keep(struct text *kept, const struct text *text, size_t length) {
    (void)length;
    *kept = *text;
}

WEIR_INLINE bool is_in_cell(const struct weir_string_cell *cell, const struct text *text, size_t length) {
    return weir_string_is(cell->words, cell->mark, text->words, text->count, length);
}

WEIR_INLINE bool is_in_line(const struct weir_string_line *line, const struct text *text, size_t length) {
    return weir_string_is(line->words, line->mark, text->words, text->count, length);
}

#endif

/* Rows are prepared in groups, and each group is looked up when the next one has been prepared: by then its places
 * have come. Bytes of rows further ahead are fetched, too: they are read for the first time, from memory. */
#define GROUP 16
#define FETCHED 128

/* Lengths that no place has. */
#define LENGTH_NULL SIZE_MAX
#define LENGTH_LONG (SIZE_MAX - 1)

struct group {
    struct text texts[GROUP];
    size_t lengths[GROUP];
    size_t homes[GROUP]; /* where the search begins */
};

/* What is the same for all rows. */
struct search {
    struct weir_string_places places;
    uint64_t seed;
    const struct weir_string *strings;
    const uint32_t *rows;
    const uint64_t *validity;
    size_t count;
};

WEIR_INLINE void prepare(const struct search *search, size_t i, struct group *group, size_t at) {
    uint32_t row = search->rows == NULL ? (uint32_t)i : search->rows[i];
    group->lengths[at] = LENGTH_NULL;
    if (search->validity != NULL && !weir_bit_get(search->validity, row)) return;
    struct weir_string string = search->strings[row];
    size_t length = (size_t)string.length;
    group->lengths[at] = LENGTH_LONG;
    if (WEIR_UNLIKELY(length > WEIR_STRING_LINE_BYTES)) return;
    struct text text = load(string);
    size_t hash = (size_t)hash_of(&text, length, search->seed);
    group->lengths[at] = length;
    keep(&group->texts[at], &text, length);
    if (WEIR_LIKELY(length <= WEIR_STRING_CELL_BYTES)) {
        group->homes[at] = hash & search->places.cells_mask;
        WEIR_PREFETCH_READ(&search->places.cells[group->homes[at]]);
    } else {
        group->homes[at] = hash & search->places.lines_mask;
        WEIR_PREFETCH_READ(&search->places.lines[group->homes[at]]);
    }
}

/* Prepares the rows of a group that there are. */
WEIR_INLINE void prepare_group(const struct search *search, size_t from, struct group *group) {
    size_t to = from + GROUP < search->count ? from + GROUP : search->count;
    for (size_t i = from; i < to; i++) {
        size_t soon = i + FETCHED < search->count ? i + FETCHED : i;
        WEIR_PREFETCH_READ(search->strings[search->rows == NULL ? soon : search->rows[soon]].data);
        prepare(search, i, group, i - from);
    }
}

/* The id + 1 of a string that is prepared; 0: it is not there. */
WEIR_INLINE uint64_t find(const struct weir_string_places *places, size_t home, const struct text *text,
                          size_t length) {
    if (WEIR_LIKELY(length <= WEIR_STRING_CELL_BYTES)) {
        for (size_t probe = 0; probe < WEIR_STRING_LINE_PROBES; probe++) {
            const struct weir_string_cell *cell = &places->cells[(home + probe) & places->cells_mask];
            if (WEIR_LIKELY(is_in_cell(cell, text, length))) return (uint64_t)cell->id + 1;
        }
        return 0;
    }
    for (size_t probe = 0; probe < WEIR_STRING_LINE_PROBES; probe++) {
        const struct weir_string_line *line = &places->lines[(home + probe) & places->lines_mask];
        if (WEIR_LIKELY(is_in_line(line, text, length))) return (uint64_t)line->id + 1;
    }
    return 0;
}

/* The first row that is not found, or that behind the group. */
WEIR_INLINE size_t find_group(const struct search *search, size_t from, const struct group *group, uint64_t *out) {
    size_t to = from + GROUP < search->count ? from + GROUP : search->count;
    for (size_t i = from; i < to; i++) {
        size_t at = i - from, length = group->lengths[at];
        if (WEIR_UNLIKELY(length > WEIR_STRING_LINE_BYTES)) {
            out[i] = 0;
            if (length == LENGTH_LONG) return i;
            continue;
        }
        out[i] = find(&search->places, group->homes[at], &group->texts[at], length);
        if (WEIR_UNLIKELY(out[i] == 0)) return i;
    }
    return to;
}

/* Expanded for each way that rows come, so that what is NULL is not asked for each of them. */
WEIR_INLINE size_t find_all(const struct search search, size_t from, uint64_t *restrict out) {
    struct group groups[2];
    prepare_group(&search, from, &groups[0]);
    for (size_t turn = 0; from < search.count; turn++) {
        prepare_group(&search, from + GROUP, &groups[(turn + 1) % 2]);
        size_t to = from + GROUP < search.count ? from + GROUP : search.count;
        size_t found = find_group(&search, from, &groups[turn % 2], out);
        if (found < to) return found;
        from = to;
    }
    return search.count;
}

size_t WEIR_SIMD_NAME(find_strings)(const struct weir_string_places *places, uint64_t seed,
                                    const struct weir_string *restrict strings, const uint32_t *restrict rows,
                                    const uint64_t *restrict validity, size_t from, size_t count,
                                    uint64_t *restrict out) {
    struct search search = {*places, seed, strings, NULL, NULL, count};
    if (rows == NULL && validity == NULL) return find_all(search, from, out);
    search.rows = rows;
    search.validity = validity;
    return find_all(search, from, out);
}
