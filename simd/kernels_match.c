/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include <string.h>

#include "base/bits.h"
#include "simd/text_bytes.h"

#define BLOCK_BYTES 64

struct matches {
    uint64_t a, b, c;
};

WEIR_INLINE struct matches match_block(const char *text, bytes a, bytes b, bytes c) {
    struct matches matches = {0, 0, 0};
    for (int at = 0; at < BLOCK_BYTES; at += BYTES) {
        bytes part = bytes_load(text + at);
        matches.a |= bytes_eq(part, a) << at;
        matches.b |= bytes_eq(part, b) << at;
        matches.c |= bytes_eq(part, c) << at;
    }
    return matches;
}

/* The tail is matched in a block of its own, whose bytes past the end are masked away: they could equal a, b or c.
 */
void WEIR_SIMD_NAME(match_bytes)(const char *restrict text, size_t bytes_count, char a, char b, char c,
                                 uint64_t *restrict bits_a, uint64_t *restrict bits_b, uint64_t *restrict bits_c) {
    const bytes all_a = bytes_set((uint8_t)a), all_b = bytes_set((uint8_t)b), all_c = bytes_set((uint8_t)c);
    size_t words = bytes_count / BLOCK_BYTES, rest = bytes_count % BLOCK_BYTES;
    for (size_t i = 0; i < words; i++) {
        struct matches matches = match_block(text + i * BLOCK_BYTES, all_a, all_b, all_c);
        bits_a[i] = matches.a;
        bits_b[i] = matches.b;
        bits_c[i] = matches.c;
    }
    if (rest == 0) return;
    char block[BLOCK_BYTES] = {0};
    memcpy(block, text + words * BLOCK_BYTES, rest);
    struct matches matches = match_block(block, all_a, all_b, all_c);
    uint64_t inside = weir_bitmap_tail(bytes_count);
    bits_a[words] = matches.a & inside;
    bits_b[words] = matches.b & inside;
    bits_c[words] = matches.c & inside;
}
