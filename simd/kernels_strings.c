/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "base/attributes.h"
#include "base/bits.h"
#include "simd/lanes.h"
#include "simd/string_line.h"

#if WEIR_SIMD_WIDTH == 512

/* _mm512_maskz_loadu_epi8: bytes that the mask leaves out are not touched, so none beyond the string is read; simde
 * cannot say that of its own. */
struct text {
    __m512i all;
    size_t length;
};

WEIR_INLINE struct text load(struct weir_string string) {
    size_t length = (size_t)string.length;
    __mmask64 bytes = _bzhi_u64(~UINT64_C(0), (unsigned)length);
    if (WEIR_LIKELY(length <= 32)) { /* which seldom crosses from one line to the next */
        __m256i low = _mm256_maskz_loadu_epi8((__mmask32)bytes, string.data);
        return (struct text){_mm512_zextsi256_si512(low), length};
    }
    return (struct text){_mm512_maskz_loadu_epi8(bytes, string.data), length};
}

WEIR_INLINE uint64_t hash_of(const struct text *text, uint64_t seed) {
    uint64_t words[8];
    if (WEIR_LIKELY(text->length <= 16)) {
        _mm_storeu_si128((__m128i *)(void *)words, _mm512_castsi512_si128(text->all));
    } else {
        _mm512_storeu_si512(words, text->all);
    }
    return weir_string_line_hash(words, text->length, seed);
}

WEIR_INLINE bool holds(const struct weir_string_line *line, const struct text *text) {
    const __mmask8 words = (1 << WEIR_STRING_LINE_WORDS) - 1;
    __mmask8 differ = _mm512_mask_cmpneq_epi64_mask(words, text->all, _mm512_loadu_si512(line));
    return ((uint32_t)differ | (line->mark ^ ((uint32_t)text->length + 1))) == 0;
}

#else

struct text {
    uint64_t words[WEIR_STRING_LINE_WORDS + 1];
    size_t count;
    size_t length;
};

WEIR_INLINE struct text load(struct weir_string string) {
    struct text text;
    text.length = (size_t)string.length;
    text.count = weir_string_words(string, text.words);
    return text;
}

WEIR_INLINE uint64_t hash_of(const struct text *text, uint64_t seed) {
    return weir_string_line_hash(text->words, text->length, seed);
}

WEIR_INLINE bool holds(const struct weir_string_line *line, const struct text *text) {
    return weir_string_line_holds(line, text->words, text->count, text->length);
}

#endif

WEIR_INLINE const struct weir_string_line *find(const struct weir_string_line *lines, size_t mask, size_t at,
                                                const struct text *text) {
    for (int probe = 0; probe < WEIR_STRING_LINE_PROBES; probe++, at = (at + 1) & mask) {
        if (WEIR_LIKELY(holds(&lines[at], text))) return &lines[at];
    }
    return NULL;
}

/* Rows that are hashed ahead of the one that is looked up, so that its line, and the string itself, have come. */
#define AHEAD 16

/* Where row i begins to look; anything for one that is not looked up. */
WEIR_INLINE size_t home_of(const struct weir_string_line *lines, size_t mask, uint64_t seed,
                           const struct weir_string *strings, const uint32_t *rows, const uint64_t *validity,
                           size_t i) {
    uint32_t row = rows == NULL ? (uint32_t)i : rows[i];
    if (validity != NULL && !weir_bit_get(validity, row)) return 0;
    struct weir_string string = strings[row];
    if (WEIR_UNLIKELY((uint64_t)string.length > WEIR_STRING_LINE_BYTES)) return 0;
    struct text text = load(string);
    size_t home = (size_t)hash_of(&text, seed) & mask;
    WEIR_PREFETCH_READ(&lines[home]);
    return home;
}

size_t WEIR_SIMD_NAME(find_strings)(const struct weir_string_line *restrict lines, size_t mask, uint64_t seed,
                                    const struct weir_string *restrict strings, const uint32_t *restrict rows,
                                    const uint64_t *restrict validity, size_t from, size_t count,
                                    uint64_t *restrict out) {
    size_t homes[AHEAD], hashed = from;
    for (; hashed < count && hashed < from + AHEAD; hashed++)
        homes[hashed % AHEAD] = home_of(lines, mask, seed, strings, rows, validity, hashed);
    for (size_t i = from; i < count; i++) {
        uint32_t row = rows == NULL ? (uint32_t)i : rows[i];
        size_t home = homes[i % AHEAD];
        if (hashed < count) homes[i % AHEAD] = home_of(lines, mask, seed, strings, rows, validity, hashed++);
        out[i] = 0;
        if (validity != NULL && !weir_bit_get(validity, row)) continue;
        if (WEIR_UNLIKELY(strings[row].length > WEIR_STRING_LINE_BYTES)) return i;
        struct text text = load(strings[row]);
        const struct weir_string_line *line = find(lines, mask, home, &text);
        if (WEIR_UNLIKELY(line == NULL)) return i;
        out[i] = (uint64_t)line->id + 1;
    }
    return count;
}
