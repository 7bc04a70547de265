/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "base/attributes.h"
#include "base/bits.h"
#include "simd/lanes.h"
#include "simd/text_slot.h"

/* ---- texts in a hash table ---- */

/* Behind the home slot, which has another text or none. */
static WEIR_NOINLINE const struct weir_text_slot *find_further(const struct weir_text_slot *slots, size_t mask,
                                                               size_t at, const struct weir_text_words *words,
                                                               size_t length) {
    for (int probe = 1; probe < WEIR_TEXT_SLOT_PROBES && slots[at].mark != 0; probe++) {
        at = (at + 1) & mask;
        if (weir_text_slot_holds(&slots[at], words, length)) return &slots[at];
    }
    return NULL;
}

WEIR_INLINE const struct weir_text_slot *find_text(const struct weir_text_slot *slots, size_t mask,
                                                   const struct weir_text_hash *hash, const char *text,
                                                   size_t length) {
    if (WEIR_UNLIKELY(length > WEIR_TEXT_SLOT_BYTES)) return NULL;
    struct weir_text_words words = weir_text_words_of(text, length);
    const struct weir_text_slot *slot = &slots[weir_text_home(hash, &words)];
    if (WEIR_LIKELY(weir_text_slot_holds(slot, &words, length))) return slot;
    return find_further(slots, mask, (size_t)(slot - slots), &words, length);
}

#if WEIR_SIMD_WIDTH == 512

/* Texts of up to 16 bytes, some at once: their words, and where they are at home. */
#define GROUP 16

struct group {
    uint64_t first[GROUP], second[GROUP], homes[GROUP];
};

WEIR_INLINE void prepare_group(const char *text, const struct weir_text_span *spans,
                               const struct weir_text_hash *hash, struct group *group) {
    for (size_t i = 0; i < GROUP; i++) {
        group->first[i] = weir_text_load(text + spans[i].start);
        group->second[i] = weir_text_load(text + spans[i].start + 8);
    }
    const simde__m512i zero = simde_mm512_setzero_si512();
    for (size_t i = 0; i < GROUP; i += LANES) {
        simde__m512i bits =
            simde_mm512_slli_epi64(simde_mm512_srli_epi64(simde_mm512_loadu_si512(spans + i), 32), 3);
        simde__m512i cut = simde_mm512_max_epi64(simde_mm512_sub_epi64(simde_mm512_set1_epi64(64), bits), zero);
        simde__m512i cut_second =
            simde_mm512_max_epi64(simde_mm512_sub_epi64(simde_mm512_set1_epi64(128), bits), zero);
        simde__m512i first = simde_mm512_loadu_si512(group->first + i);
        simde__m512i second = simde_mm512_loadu_si512(group->second + i);
        first = simde_mm512_srlv_epi64(simde_mm512_sllv_epi64(first, cut), cut);
        second = simde_mm512_srlv_epi64(simde_mm512_sllv_epi64(second, cut_second), cut_second);
        simde__m512i sum = simde_mm512_add_epi64(
            simde_mm512_mullo_epi64(first, simde_mm512_set1_epi64((int64_t)hash->factors[0])),
            simde_mm512_mullo_epi64(second, simde_mm512_set1_epi64((int64_t)hash->factors[1])));
        simde_mm512_storeu_si512(group->first + i, first);
        simde_mm512_storeu_si512(group->second + i, second);
        simde_mm512_storeu_si512(group->homes + i, lanes_shift_right(sum, (int)hash->shift));
    }
}

/* The codes of a group, up to the first row whose text is not there. */
WEIR_INLINE size_t find_group(const struct weir_text_slot *slots, size_t mask, const struct weir_text_hash *hash,
                              const char *text, const struct weir_text_span *spans, uint32_t *codes) {
    struct group group;
    prepare_group(text, spans, hash, &group);
    for (size_t i = 0; i < GROUP; i++) {
        const struct weir_text_slot *slot = &slots[group.homes[i]];
        uint64_t length = spans[i].length;
        uint64_t differs =
            (slot->words[0] ^ group.first[i]) | (slot->words[1] ^ group.second[i]) | (slot->mark ^ (length + 1));
        if (WEIR_UNLIKELY(differs != 0 || length > 16)) {
            slot = find_text(slots, mask, hash, text + spans[i].start, length);
            if (slot == NULL) return i;
        }
        codes[i] = slot->code;
    }
    return GROUP;
}

#else

#define GROUP 1

WEIR_INLINE size_t find_group(const struct weir_text_slot *slots, size_t mask, const struct weir_text_hash *hash,
                              const char *text, const struct weir_text_span *spans, uint32_t *codes) {
    const struct weir_text_slot *slot = find_text(slots, mask, hash, text + spans->start, spans->length);
    if (WEIR_UNLIKELY(slot == NULL)) return 0;
    *codes = slot->code;
    return 1;
}

#endif

size_t WEIR_SIMD_NAME(find_texts)(const struct weir_text_slot *restrict slots, size_t mask, uint64_t seed,
                                  const char *restrict text, const struct weir_text_span *restrict spans,
                                  size_t from, size_t count, uint32_t *restrict codes) {
    const struct weir_text_hash hash = weir_text_hash_of(seed, mask);
    for (; count - from >= GROUP; from += GROUP) {
        size_t found = find_group(slots, mask, &hash, text, spans + from, codes + from);
        if (WEIR_UNLIKELY(found < GROUP)) return from + found;
    }
    for (; from < count; from++) {
        const struct weir_text_slot *slot =
            find_text(slots, mask, &hash, text + spans[from].start, spans[from].length);
        if (slot == NULL) return from;
        codes[from] = slot->code;
    }
    return count;
}

/* ---- decimal numbers ----
 *
 * The characters of a number end a word of 8 bytes, the first in the lowest of them; zeros are put before them. The
 * point is taken out by moving what is before it. Mantissa and power of ten are exact, so that one division rounds
 * as it should (Clinger 1990). The digits are added up by pairs (Lemire, "Quickly parsing eight digits", 2018). */

#define ONES(byte) (UINT64_C(0x0101010101010101) * (byte))

#if WEIR_SIMD_WIDTH == 512

#define ALL(byte) simde_mm512_set1_epi8((char)(byte))

/* _mm512_...: what simde has not; this width is that of x86 alone. */

/* by the place p of the point's byte: 10^(7 - p) at index (p + 7) % 8 */
static const double powers[8] = {1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1e0, 1e7};

struct eight {
    simde__m512d values;
    simde__mmask8 done;
};

/* Without the sign, whose lanes are those of `negative`. */
WEIR_INLINE simde__m512i aligned_words(simde__m512i words, simde__m512i lengths, simde__mmask8 negative) {
    simde__m512i bits = simde_mm512_slli_epi64(lengths, 3);
    simde__m512i shifts = simde_mm512_sub_epi64(simde_mm512_set1_epi64(64), bits);
    words = simde_mm512_mask_mov_epi64(words, negative, simde_mm512_srli_epi64(words, 8));
    words = simde_mm512_sllv_epi64(words, shifts);
    return simde_mm512_or_si512(words, simde_mm512_srlv_epi64(ALL('0'), bits));
}

WEIR_INLINE struct eight parse_eight(simde__m512i words, simde__m512i lengths) {
    const simde__m512i one = simde_mm512_set1_epi64(1), top = ALL(0x80);
    simde__mmask8 negative = simde_mm512_cmpeq_epi64_mask(simde_mm512_and_si512(words, simde_mm512_set1_epi64(255)),
                                                          simde_mm512_set1_epi64('-'));
    simde__mmask8 fits = simde_mm512_cmple_epu64_mask(lengths, simde_mm512_set1_epi64(8));
    lengths = simde_mm512_mask_sub_epi64(lengths, negative, lengths, one);
    words = aligned_words(words, lengths, negative);
    /* the lowest bit of `points` is the top one of the first point's byte */
    simde__m512i differs = simde_mm512_xor_si512(words, ALL('.'));
    simde__m512i points =
        simde_mm512_and_si512(simde_mm512_andnot_si512(differs, simde_mm512_sub_epi64(differs, ALL(1))), top);
    simde__mmask8 pointed = simde_mm512_test_epi64_mask(points, points);
    simde__m512i first = simde_mm512_and_si512(points, simde_mm512_sub_epi64(simde_mm512_setzero_si512(), points));
    simde__m512i place = simde_mm512_srli_epi64(first, 7); /* 2^(8p) */
    simde__m512i below = simde_mm512_sub_epi64(place, one);
    simde__m512i through = simde_mm512_sub_epi64(simde_mm512_slli_epi64(first, 1), one);
    simde__m512i moved = simde_mm512_slli_epi64(simde_mm512_and_si512(words, below), 8);
    moved = simde_mm512_or_si512(moved, simde_mm512_andnot_si512(through, words));
    moved = simde_mm512_or_si512(moved, simde_mm512_set1_epi64('0'));
    words = simde_mm512_mask_mov_epi64(words, pointed, moved);
    /* the exponent of 2^(8p), with its bias of 1023, over 8 is 127 + p */
    simde__m512i exponents = simde_mm512_srli_epi64(simde_mm512_castpd_si512(_mm512_cvtepi64_pd(place)), 55);
    simde__m512d scales = simde_mm512_permutexvar_pd(exponents, simde_mm512_loadu_pd(powers));
    scales = simde_mm512_mask_mov_pd(simde_mm512_set1_pd(1), pointed, scales);
    simde__m512i digits = simde_mm512_sub_epi8(words, ALL('0'));
    simde__mmask8 all_digits = simde_mm512_cmpeq_epi64_mask(simde_mm512_min_epu8(digits, ALL(9)), digits);
    /* one digit at least: a number of one character is no point */
    simde__mmask8 some = (simde__mmask8)(~pointed | simde_mm512_cmpgt_epi64_mask(lengths, one)) &
                         simde_mm512_test_epi64_mask(lengths, lengths);
    simde__m512i pairs = simde_mm512_maddubs_epi16(digits, simde_mm512_set1_epi16(0x010A));
    simde__m512i fours = simde_mm512_madd_epi16(pairs, simde_mm512_set1_epi32(0x00010064));
    simde__m512i mantissas = simde_mm512_add_epi64(simde_mm512_mul_epu32(fours, simde_mm512_set1_epi64(10000)),
                                                   simde_mm512_srli_epi64(fours, 32));
    simde__m512d values = simde_mm512_div_pd(_mm512_cvtepi64_pd(mantissas), scales);
    simde__m512i signs = simde_mm512_maskz_mov_epi64(negative, simde_mm512_set1_epi64(INT64_MIN));
    values = simde_mm512_castsi512_pd(simde_mm512_or_si512(simde_mm512_castpd_si512(values), signs));
    return (struct eight){values, fits & all_digits & some};
}

void WEIR_SIMD_NAME(parse_decimals)(const char *restrict text, const struct weir_text_span *restrict spans,
                                    size_t count, double *restrict out, uint64_t *restrict done) {
    for (size_t at = 0; at < count; at += 64) {
        size_t some = count - at < 64 ? count - at : 64;
        uint64_t words[64], lengths[64], bits = 0;
        for (size_t i = 0; i < some; i++) {
            memcpy(&words[i], text + spans[at + i].start, sizeof(words[i]));
            lengths[i] = spans[at + i].length;
        }
        for (size_t i = some; i % LANES != 0; i++) words[i] = lengths[i] = 0;
        for (size_t i = 0; i < some; i += LANES) {
            struct eight eight =
                parse_eight(simde_mm512_loadu_si512(words + i), simde_mm512_loadu_si512(lengths + i));
            simde__mmask8 inside = some - i < LANES ? (simde__mmask8)((1u << (some - i)) - 1) : 255;
            _mm512_mask_storeu_pd(out + at + i, inside, eight.values);
            bits |= (uint64_t)(eight.done & inside) << i;
        }
        done[at / 64] = bits;
    }
}

#else

static const double powers[8] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7};

WEIR_INLINE uint64_t add_digits(uint64_t digits) {
    digits = digits * 10 + (digits >> 8);
    return (((digits & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064)) +
            (((digits >> 16) & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x0000271000000001))) >>
           32;
}

/* *out may be anything where the text is no number. */
WEIR_INLINE bool parse_one(const char *text, size_t length, double *out) {
    uint64_t word = weir_text_load(text);
    bool negative = (word & 255) == '-', fits = length - 1 < 8;
    word >>= 8 * negative;
    length -= negative;
    if (!fits || length == 0) return false;
    word <<= 64 - 8 * length;
    if (length < 8) word |= ONES('0') >> (8 * length);
    uint64_t differs = word ^ ONES('.'), points = (differs - ONES(1)) & ~differs & ONES(0x80);
    size_t fraction = 0;
    if (points != 0) { /* the first one; a second is no digit */
        uint64_t first = points & -points, below = (first >> 7) - 1, through = (first << 1) - 1;
        word = (word & below) << 8 | (word & ~through) | '0';
        fraction = 7 - (size_t)__builtin_ctzll(first) / 8;
    }
    uint64_t digits = word ^ ONES('0');
    bool all_digits = (((digits + ONES(6)) | digits) & ONES(0xF0)) == 0;
    double value = (double)(int64_t)add_digits(digits) / powers[fraction];
    uint64_t bits; /* without branches: signs cannot be foreseen, and what is no number is told at the end */
    memcpy(&bits, &value, sizeof(bits));
    bits |= (uint64_t)negative << 63;
    memcpy(out, &bits, sizeof(bits));
    return all_digits & ((points == 0) | (length > 1));
}

void WEIR_SIMD_NAME(parse_decimals)(const char *restrict text, const struct weir_text_span *restrict spans,
                                    size_t count, double *restrict out, uint64_t *restrict done) {
    for (size_t at = 0; at < count; at += 64) {
        size_t some = count - at < 64 ? count - at : 64;
        uint64_t bits = 0;
        for (size_t i = 0; i < some; i++) {
            struct weir_text_span span = spans[at + i];
            bits |= (uint64_t)parse_one(text + span.start, span.length, out + at + i) << i;
        }
        done[at / 64] = bits;
    }
}

#endif
