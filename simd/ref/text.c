/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "base/bits.h"

static void match_one(const char *text, size_t bytes, char what, uint64_t *bits) {
    for (size_t i = 0; i < weir_bitmap_words(bytes); i++) bits[i] = 0;
    for (size_t i = 0; i < bytes; i++) weir_bit_put(bits, i, text[i] == what);
}

void weir_simd_match_bytes_reference(const char *text, size_t bytes, char a, char b, char c, uint64_t *bits_a,
                                     uint64_t *bits_b, uint64_t *bits_c) {
    match_one(text, bytes, a, bits_a);
    match_one(text, bytes, b, bits_b);
    match_one(text, bytes, c, bits_c);
}

/* Decodes each code point and looks whether it may be written so. */
bool weir_simd_utf8_valid_reference(const char *text, size_t bytes) {
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)text;
    for (size_t i = 0; i < bytes;) {
        size_t length = at[i] < 0x80 ? 1 : at[i] >> 5 == 6 ? 2 : at[i] >> 4 == 14 ? 3 : at[i] >> 3 == 30 ? 4 : 0;
        if (length == 0 || length > bytes - i) return false;
        uint32_t point = length == 1 ? at[i] : at[i] & (0x7Fu >> length);
        for (size_t k = 1; k < length; k++) {
            if (at[i + k] >> 6 != 2) return false;
            point = point << 6 | (at[i + k] & 0x3F);
        }
        if (point < least[length] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
        i += length;
    }
    return true;
}
