/* SPDX-License-Identifier: Apache-2.0
 *
 * Checks of the kernels over text.
 */
#ifndef WEIR_TESTS_SIMD_CHECK_TEXT_H
#define WEIR_TESTS_SIMD_CHECK_TEXT_H

#include "check.h"
#include "simd/string_line.h"
#include "simd/text_slot.h"

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

/* Texts of `count` rows one after the other, what is readable behind the last one included. Some are alike. */
static char *lay_texts(struct check *check, struct weir_text_span *spans, size_t count, const char *alphabet,
                       size_t letters, size_t longest, size_t readable) {
    char *text = check_take(check, count * longest + readable);
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        size_t length = check_below(check, longest + 1);
        bool again = i > 0 && check_below(check, 3) == 0;
        if (again) length = spans[i - 1].length;
        if (again) memmove(text + used, text + spans[i - 1].start, length);
        spans[i] = (struct weir_text_span){(uint32_t)used, (uint32_t)length};
        for (size_t b = 0; b < length && !again; b++) text[used + b] = alphabet[check_below(check, letters)];
        used += length;
    }
    size_t move = count * longest - used; /* what is readable ends where the zone does */
    memmove(text + move, text, used);
    fill_bytes(check, text, move);
    fill_bytes(check, text + move + used, readable);
    for (size_t i = 0; i < count; i++) spans[i].start += (uint32_t)move;
    return text;
}

/* Few slots, many of them taken, so that probing runs into its end and around that of the table. */
static void fill_slots(struct check *check, struct weir_text_slot *slots, size_t mask, uint64_t seed,
                       const char *text, const struct weir_text_span *spans, size_t count) {
    memset(slots, 0, (mask + 1) * sizeof *slots);
    for (size_t i = 0; i < count; i++) {
        if (spans[i].length > WEIR_TEXT_SLOT_BYTES || check_below(check, 8) == 0) continue;
        struct weir_text_words words = weir_text_words_of(text + spans[i].start, spans[i].length);
        const struct weir_text_hash hash = weir_text_hash_of(seed, mask);
        size_t home = weir_text_home(&hash, &words);
        for (size_t probe = 0; probe < WEIR_TEXT_SLOT_PROBES; probe++) {
            struct weir_text_slot *slot = &slots[(home + probe) & mask];
            if (slot->mark != 0) continue;
            memcpy(slot->words, words.word, sizeof(words.word));
            slot->mark = spans[i].length + 1;
            slot->code = (uint32_t)check_random(check);
            break;
        }
    }
}

static void check_find_texts(struct check *check, size_t count) {
    static const char alphabet[] = {'a', 'b', '\0', (char)0xFF};
    static const size_t longests[] = {0, 2, 8, 9, 16, 17, 31, 32, 40};
    size_t longest = longests[check_below(check, sizeof longests / sizeof longests[0])];
    size_t mask = ((size_t)1 << (3 + check_below(check, 6))) - 1;
    if (count > 1000 && longest > 9) longest = 9; /* a zone has no room for more */
    struct weir_text_slot *slots = check_take(check, (mask + 1) * sizeof *slots);
    struct weir_text_span *spans = check_take(check, count * sizeof *spans);
    uint32_t *got = check_take(check, count * 4), *want = check_take(check, count * 4);
    uint64_t hash_seed = check_random(check);
    char *text = lay_texts(check, spans, count, alphabet, 1 + check_below(check, sizeof alphabet), longest,
                           WEIR_TEXT_SLOT_BYTES);
    fill_slots(check, slots, mask, hash_seed, text, spans, count);
    for (size_t i = 0; i < count; i++) got[i] = want[i] = (uint32_t)i;
    size_t from = count == 0 ? 0 : check_below(check, count + 1), found, expected;
    do { /* as the caller goes on behind a text that is not there */
        found = check->kernels->find_texts(slots, mask, hash_seed, text, spans, from, count, got);
        expected = check->reference->find_texts(slots, mask, hash_seed, text, spans, from, count, want);
        expect_i64(check, "row", (int64_t)found, (int64_t)expected);
        from = found + 1;
    } while (found < count && from < count);
    expect_bytes(check, "codes", got, want, count * 4);
}

/* Few places, many of them taken, so that probing runs into its end and around that of the table. */
static void fill_string_places(struct check *check, struct weir_string_cell *cells, struct weir_string_line *lines,
                               size_t mask, uint64_t seed, const struct weir_string *strings, size_t count) {
    memset(cells, 0, (mask + 1) * sizeof *cells);
    memset(lines, 0, (mask + 1) * sizeof *lines);
    for (size_t i = 0; i < count; i++) {
        size_t length = (size_t)strings[i].length;
        if (length > WEIR_STRING_LINE_BYTES || check_below(check, 8) == 0) continue;
        struct weir_string_line line = {.mark = (uint32_t)length + 1, .id = (uint32_t)check_random(check)};
        memcpy(line.words, strings[i].data, length);
        size_t home = (size_t)weir_string_line_hash(line.words, length, seed);
        for (size_t probe = 0; probe < WEIR_STRING_LINE_PROBES; probe++) {
            struct weir_string_cell *cell = &cells[(home + probe) & mask];
            bool is_short = length <= WEIR_STRING_CELL_BYTES;
            if ((is_short ? cell->mark : lines[(home + probe) & mask].mark) != 0) continue;
            if (is_short) {
                memcpy(cell->words, line.words, sizeof cell->words);
                cell->mark = line.mark;
                cell->id = line.id;
            } else {
                lines[(home + probe) & mask] = line;
            }
            break;
        }
    }
}

/* All rows or some, with NULLs or without; no byte beyond the last string is readable. */
static void check_find_strings(struct check *check, size_t count) {
    static const char alphabet[] = {'a', 'b', '\0', (char)0xFF};
    static const size_t longests[] = {0, 1, 3, 7, 8, 15, 16, 17, 24, 25, 32, 33, 48, 49, 56, 60};
    size_t longest = longests[check_below(check, sizeof longests / sizeof longests[0])];
    size_t mask = ((size_t)1 << (3 + check_below(check, 6))) - 1;
    if (count > 4000) count = 4000; /* a zone has no room for more */
    if (count > 1000 && longest > 8) longest = 8;
    struct weir_string_cell *cells = check_take(check, (mask + 1) * sizeof *cells);
    struct weir_string_line *lines = check_take(check, (mask + 1) * sizeof *lines);
    struct weir_text_span *spans = check_take(check, count * sizeof *spans);
    struct weir_string *strings = check_take(check, count * sizeof *strings);
    uint32_t *rows = check_take(check, count * 4);
    uint64_t *valid = check_take_bits(check, count);
    uint64_t *got = check_take(check, count * 8), *want = check_take(check, count * 8);
    uint64_t hash_seed = check_random(check);
    char *text = lay_texts(check, spans, count, alphabet, 1 + check_below(check, sizeof alphabet), longest, 0);
    for (size_t i = 0; i < count; i++)
        strings[i] = (struct weir_string){text + spans[i].start, (int64_t)spans[i].length};
    fill_string_places(check, cells, lines, mask, hash_seed, strings, count);
    const struct weir_string_places places = {cells, mask, lines, mask};
    size_t some = 0;
    for (size_t i = 0; i < count; i++) {
        weir_bit_put(valid, i, check_below(check, 4) != 0);
        rows[some] = (uint32_t)i;
        some += check_below(check, 4) != 0;
        got[i] = want[i] = i;
    }
    const uint32_t *selected = check_below(check, 2) == 0 ? rows : NULL;
    const uint64_t *validity = check_below(check, 2) == 0 ? valid : NULL;
    for (size_t i = 0; i < count && validity != NULL; i++) { /* what lies in rows that are NULL is not looked at */
        if (!weir_bit_get(valid, i)) strings[i] = (struct weir_string){(const char *)8, INT64_MAX};
    }
    size_t rows_count = selected == NULL ? count : some;
    size_t from = rows_count == 0 ? 0 : check_below(check, rows_count + 1), found, expected;
    do { /* as the caller goes on behind a string that is not there */
        found =
            check->kernels->find_strings(&places, hash_seed, strings, selected, validity, from, rows_count, got);
        expected =
            check->reference->find_strings(&places, hash_seed, strings, selected, validity, from, rows_count, want);
        expect_i64(check, "row", (int64_t)found, (int64_t)expected);
        from = found + 1;
    } while (found < rows_count && from < rows_count);
    expect_bytes(check, "ids", got, want, count * 8);
}

static void check_parse_decimals(struct check *check, size_t count) {
    static const char alphabet[] = "0123456789.-\0/:e +\xAE\xB0";
    static const size_t letters[] = {10, 11, 12, sizeof alphabet - 1};
    struct weir_text_span *spans = check_take(check, count * sizeof *spans);
    double *got = check_take_f64(check, count), *want = check_take_f64(check, count);
    uint64_t *got_done = check_take_bits(check, count), *want_done = check_take_bits(check, count);
    char *text =
        lay_texts(check, spans, count, alphabet, letters[check_below(check, 4)], 1 + check_below(check, 10), 8);
    for (size_t i = 0; i < count; i++) { /* a sign, and a point, are likelier than they are among random letters */
        char *field = text + spans[i].start;
        if (spans[i].length > 0 && check_below(check, 2) == 0) field[0] = '-';
        if (spans[i].length > 1 && check_below(check, 2) == 0) field[check_below(check, spans[i].length)] = '.';
    }
    check->kernels->parse_decimals(text, spans, count, got, got_done);
    check->reference->parse_decimals(text, spans, count, want, want_done);
    expect_bits(check, "done", got_done, want_done, count);
    for (size_t i = 0; i < count; i++) {
        if (weir_bit_get(want_done, i)) expect_bytes(check, "value", &got[i], &want[i], sizeof got[i]);
    }
}

#endif
