/* SPDX-License-Identifier: Apache-2.0
 *
 * Checks of the kernels over text.
 */
#ifndef WEIR_TESTS_SIMD_CHECK_TEXT_H
#define WEIR_TESTS_SIMD_CHECK_TEXT_H

#include "check.h"

static void check_match_bytes(struct check *check, size_t count) {
    static const char alphabet[] = {'"', ',', '\n', '\0', 'x', (char)0xFF, (char)POISON, (char)0x80};
    char *text = check_take(check, count), what[3];
    uint64_t *got[3], *want[3];
    for (int i = 0; i < 3; i++) {
        got[i] = check_take_bits(check, count);
        want[i] = check_take_bits(check, count);
        what[i] = alphabet[check_below(check, sizeof alphabet)];
    }
    for (size_t i = 0; i < count; i++) text[i] = alphabet[check_below(check, sizeof alphabet)];
    check->kernels->match_bytes(text, count, what[0], what[1], what[2], got[0], got[1], got[2]);
    check->reference->match_bytes(text, count, what[0], what[1], what[2], want[0], want[1], want[2]);
    for (int i = 0; i < 3; i++) expect_bits(check, "bits", got[i], want[i], count);
}

/* Writes the sequence of a code point; returns its bytes. */
static size_t encode(uint32_t point, unsigned char *to) {
    if (point < 0x80) return to[0] = (unsigned char)point, 1;
    size_t more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    to[0] = (unsigned char)((0xF00u >> (more + 1) & 0xFFu) | point >> (6 * more));
    for (size_t i = 1; i <= more; i++) to[i] = (unsigned char)(0x80u | (point >> (6 * (more - i)) & 0x3Fu));
    return more + 1;
}

/* A code point whose sequence has at most `room` bytes, most often one beside a border. */
static uint32_t some_point(struct check *check, size_t room) {
    static const uint32_t borders[] = {0,      0x7F,   0x80,   0x7FF,   0x800,   0xFFF,
                                       0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF};
    static const uint32_t limits[5] = {0, 0x7F, 0x7FF, 0xFFFF, 0x10FFFF};
    uint32_t point = (uint32_t)check_below(check, 0x110000) >> check_below(check, 15);
    if (check_below(check, 2) == 0) point = borders[check_below(check, sizeof borders / 4)];
    bool fits = point <= limits[room < 4 ? room : 4] && (point < 0xD800 || point > 0xDFFF);
    return fits ? point : 'a';
}

/* Valid text, long stretches of it ASCII, then often one byte changed or the end cut. */
static void check_utf8_valid(struct check *check, size_t count) {
    unsigned char *text = check_take(check, count);
    size_t ascii = check_below(check, 100);
    for (size_t i = 0; i < count;) {
        uint32_t point = check_below(check, 100) < ascii ? 'a' : some_point(check, count - i);
        i += encode(point, text + i);
    }
    if (!check->reference->utf8_valid((char *)text, count)) CHECK_FAIL(check, "%s", "the encoded text is invalid");
    for (int round = 0; round < 4; round++) {
        bool want = check->reference->utf8_valid((char *)text, count);
        expect_i64(check, "valid", check->kernels->utf8_valid((char *)text, count), want);
        if (count == 0) return;
        text[check_below(check, 3) == 0 ? count - 1 : check_below(check, count)] =
            (unsigned char)check_random(check);
    }
}

#endif
