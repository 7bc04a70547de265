/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bits.h"

#include <string.h>

void weir_bitmap_import(uint64_t *words, const uint8_t *bytes, int64_t offset, size_t bits) {
    if (bits == 0) return;
    const uint8_t *from = bytes + offset / 8;
    unsigned shift = (unsigned)(offset % 8);
    size_t source_bytes = weir_bitmap_bytes(shift + bits);
    size_t words_count = weir_bitmap_words(bits);
    memset(words, 0, words_count * sizeof(*words));
    if (shift == 0) {
        memcpy(words, from, source_bytes);
    } else {
        unsigned char *to = (unsigned char *)words;
        size_t target_bytes = weir_bitmap_bytes(bits);
        for (size_t i = 0; i < target_bytes; i++) {
            unsigned low = from[i];
            unsigned high = i + 1 < source_bytes ? from[i + 1] : 0;
            to[i] = (unsigned char)((low >> shift) | (high << (8 - shift)));
        }
    }
    words[words_count - 1] &= weir_bitmap_tail(bits);
}
