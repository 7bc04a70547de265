/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "base/attributes.h"
#include "base/bits.h"
#include "simd/text_slot.h"

static const struct weir_text_slot *find_text(const struct weir_text_slot *slots, size_t mask, uint64_t seed,
                                              const char *text, size_t length) {
    struct weir_text_words words = {{0}};
    for (size_t i = 0; i < length; i++) words.word[i / 8] |= (uint64_t)(unsigned char)text[i] << (8 * (i % 8));
    const struct weir_text_hash hash = weir_text_hash_of(seed, mask);
    size_t at = weir_text_home(&hash, &words);
    for (int probe = 0; probe < WEIR_TEXT_SLOT_PROBES; probe++, at = (at + 1) & mask) {
        const struct weir_text_slot *slot = &slots[at];
        if (slot->mark == 0) return NULL;
        if (slot->mark == length + 1 && memcmp(slot->words, words.word, sizeof(words.word)) == 0) return slot;
    }
    return NULL;
}

size_t weir_simd_find_texts_reference(const struct weir_text_slot *slots, size_t mask, uint64_t seed,
                                      const char *text, const struct weir_text_span *spans, size_t from,
                                      size_t count, uint32_t *codes) {
    for (size_t i = from; i < count; i++) {
        if (spans[i].length > WEIR_TEXT_SLOT_BYTES) return i;
        const struct weir_text_slot *slot = find_text(slots, mask, seed, text + spans[i].start, spans[i].length);
        if (slot == NULL) return i;
        codes[i] = slot->code;
    }
    return count;
}

static bool decimal(const char *text, size_t length, double *out) {
    bool negative = length > 0 && length <= 8 && text[0] == '-';
    size_t at = negative ? 1 : 0, digits = 0, points = 0;
    double value = 0, power = 1;
    if (length > 8) return false;
    for (; at < length; at++) {
        if (text[at] == '.') {
            points++;
        } else if (text[at] >= '0' && text[at] <= '9') {
            value = value * 10 + (text[at] - '0');
            if (points > 0) power *= 10;
            digits++;
        } else {
            return false;
        }
    }
    *out = negative ? -(value / power) : value / power;
    return digits > 0 && points <= 1;
}

void weir_simd_parse_decimals_reference(const char *text, const struct weir_text_span *spans, size_t count,
                                        double *out, uint64_t *done) {
    for (size_t i = 0; i < weir_bitmap_words(count); i++) done[i] = 0;
    for (size_t i = 0; i < count; i++) {
        double value;
        if (!decimal(text + spans[i].start, spans[i].length, &value)) continue;
        out[i] = value;
        weir_bit_set(done, i);
    }
}
