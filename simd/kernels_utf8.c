/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include <string.h>

#include "simd/text_bytes.h"

#if BYTES_SHUFFLE

/* Keiser and Lemire 2021, "Validating UTF-8 in less than one instruction per byte": each wrong pair of bytes has a
 * bit that all three of these tables give: by the first byte's upper and lower half and by the second byte's upper
 * half. */
enum {
    TOO_SHORT = 1 << 0,  /* a lead byte, then no continuation */
    TOO_LONG = 1 << 1,   /* ASCII, then a continuation */
    OVERLONG_3 = 1 << 2, /* E0, then below A0 */
    TOO_LARGE = 1 << 3,  /* F4, then above 8F; F5 and more, then 90 and more */
    SURROGATE = 1 << 4,  /* ED, then above 9F */
    OVERLONG_2 = 1 << 5, /* C0 or C1 */
    OVERLONG_4 = 1 << 6, /* F0, then below 90; F5 and more, then below 90 */
    TWO_CONTS = 1 << 7,  /* wrong unless a lead byte came two or three before: is_expected below */
    ANY_LOW = TOO_SHORT | TOO_LONG | TWO_CONTS,
};

static const uint8_t first_high[16] = {
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TWO_CONTS,
    TWO_CONTS,
    TWO_CONTS,
    TWO_CONTS,
    TOO_SHORT | OVERLONG_2,
    TOO_SHORT,
    TOO_SHORT | OVERLONG_3 | SURROGATE,
    TOO_SHORT | TOO_LARGE | OVERLONG_4,
};

static const uint8_t first_low[16] = {
    ANY_LOW | OVERLONG_3 | OVERLONG_2 | OVERLONG_4,
    ANY_LOW | OVERLONG_2,
    ANY_LOW,
    ANY_LOW,
    ANY_LOW | TOO_LARGE,
    ANY_LOW | TOO_LARGE | OVERLONG_4,
    ANY_LOW | TOO_LARGE | OVERLONG_4,
    ANY_LOW | TOO_LARGE | OVERLONG_4,
    ANY_LOW | TOO_LARGE | OVERLONG_4,
    ANY_LOW | TOO_LARGE | OVERLONG_4,
    ANY_LOW | TOO_LARGE | OVERLONG_4,
    ANY_LOW | TOO_LARGE | OVERLONG_4,
    ANY_LOW | TOO_LARGE | OVERLONG_4,
    ANY_LOW | TOO_LARGE | OVERLONG_4 | SURROGATE,
    ANY_LOW | TOO_LARGE | OVERLONG_4,
    ANY_LOW | TOO_LARGE | OVERLONG_4,
};

static const uint8_t second_high[16] = {
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | OVERLONG_4,
    TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE,
    TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE,
    TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
};

/* A sequence has at most this many bytes before its last one. */
#define BEFORE 3

/* Errors of the BYTES bytes at `at`, judged with the BEFORE bytes before them, which must be readable: a sequence
 * that `at` cuts is judged whole by the block in which it ends. */
WEIR_INLINE bytes errors_of_block(const uint8_t *at) {
    const bytes low_nibble = bytes_set(15), top = bytes_set(0x80);
    bytes input = bytes_load(at), before_1 = bytes_load(at - 1);
    bytes pair = bytes_shuffle(bytes_table(first_high), bytes_high_nibble(before_1));
    pair = bytes_and(pair, bytes_shuffle(bytes_table(first_low), bytes_and(before_1, low_nibble)));
    pair = bytes_and(pair, bytes_shuffle(bytes_table(second_high), bytes_high_nibble(input)));
    bytes third = bytes_subtract_saturate(bytes_load(at - 2), bytes_set(0xE0 - 0x80));
    bytes fourth = bytes_subtract_saturate(bytes_load(at - 3), bytes_set(0xF0 - 0x80));
    bytes is_expected = bytes_and(bytes_or(third, fourth), top);
    return bytes_xor(is_expected, pair);
}

WEIR_INLINE bool block_is_ascii(const uint8_t *at) {
    return bytes_top(bytes_or(bytes_load(at), bytes_load(at - BEFORE))) == 0;
}

/* The first and the last block are judged in a copy between zeros, which stand for the ASCII around the text; the
 * last one has always room for a zero, so that a sequence cut by the end is seen to be too short. */
WEIR_INLINE bytes errors_of_copy(const uint8_t *text, size_t before, size_t count) {
    uint8_t copy[BEFORE + BYTES] = {0};
    if (before + count > 0) memcpy(copy + BEFORE - before, text - before, before + count);
    return errors_of_block(copy + BEFORE);
}

bool WEIR_SIMD_NAME(utf8_valid)(const char *text, size_t bytes_count) {
    const uint8_t *at = (const uint8_t *)text;
    size_t done = 0;
    bytes errors = bytes_set(0);
    if (bytes_count >= BYTES) {
        errors = errors_of_copy(at, 0, BYTES);
        done = BYTES;
    }
    for (; done + BYTES <= bytes_count; done += BYTES)
        if (!block_is_ascii(at + done)) errors = bytes_or(errors, errors_of_block(at + done));
    errors = bytes_or(errors, errors_of_copy(at + done, done > 0 ? BEFORE : 0, bytes_count - done));
    return bytes_eq(errors, bytes_set(0)) == UINT64_MAX >> (64 - BYTES);
}

#else

/* Continuations that a lead byte asks for, 0 when none may begin with it; *low and *high bound the first of them.
 */
WEIR_INLINE int continuations(uint8_t lead, uint8_t *low, uint8_t *high) {
    *low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    *high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    return lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
}

/* Bytes of the sequence at `at` of at most rest >= 1 bytes, 0 when it is wrong. */
WEIR_INLINE size_t sequence_bytes(const uint8_t *at, size_t rest) {
    uint8_t low, high;
    if (at[0] < 0x80) return 1;
    size_t more = (size_t)continuations(at[0], &low, &high);
    if (more == 0 || more >= rest || at[1] < low || at[1] > high) return 0;
    for (size_t i = 2; i <= more; i++)
        if ((at[i] & 0xC0) != 0x80) return 0;
    return more + 1;
}

/* ASCII by blocks, up to the byte that is none; from there by sequences, until the next ASCII. */
bool WEIR_SIMD_NAME(utf8_valid)(const char *text, size_t bytes_count) {
    const uint8_t *at = (const uint8_t *)text, *end = at + bytes_count;
    while (at < end) {
        if ((size_t)(end - at) >= BYTES) {
            uint64_t top = bytes_top(bytes_load(at));
            at += top == 0 ? BYTES : __builtin_ctzll(top);
            if (top == 0) continue;
        }
        do {
            size_t length = sequence_bytes(at, (size_t)(end - at));
            if (length == 0) return false;
            at += length;
        } while (at < end && *at >= 0x80);
    }
    return true;
}

#endif
