/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/letter_case.h"

#include "engine/letter_case_table.h"
#include "engine/utf8.h"

#define SIGMA 0x3A3
#define FINAL_SIGMA 0x3C2

/* ---- UTF-8 ---- */

/* The code point that begins at `at`, and its bytes; 0 bytes when it is damaged. */
static int decode(const char *text, int64_t length, int64_t at, uint32_t *code) {
    const unsigned char *c = (const unsigned char *)text + at;
    if (c[0] < 0x80) return *code = c[0], 1;
    int count = c[0] < 0xC2 ? 0 : c[0] < 0xE0 ? 2 : c[0] < 0xF0 ? 3 : c[0] < 0xF5 ? 4 : 0;
    if (count == 0 || length - at < count) return 0;
    *code = c[0] & (0x7Fu >> count);
    for (int i = 1; i < count; i++) {
        if ((c[i] & 0xC0) != 0x80) return 0;
        *code = *code << 6 | (c[i] & 0x3Fu);
    }
    return count;
}

static int encode(uint32_t code, char *out) {
    if (code < 0x80) return out[0] = (char)code, 1;
    int count = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (int i = count - 1; i > 0; i--, code >>= 6) out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)((0xF00u >> count & 0xFF) | code);
    return count;
}

/* ---- the tables ---- */

static bool in_spans(const struct weir_letter_span *spans, size_t count, uint32_t code) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (spans[middle].last < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && spans[low].first <= code;
}

static uint32_t in_runs(const struct weir_letter_run *runs, size_t count, uint32_t code) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (runs[middle].last < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == count || runs[low].first > code || (code - runs[low].first) % (uint32_t)runs[low].step != 0)
        return code;
    return (uint32_t)((int32_t)code + runs[low].delta);
}

static const uint16_t *in_expansions(const struct weir_letter_expansion *list, size_t count, uint32_t code) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list[middle].from < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && list[low].from == code ? list[low].to : NULL;
}

/* ---- does a capital sigma end a word? ----
 *
 * It does when a letter that has a case stands before it in its word and none behind it. Words are those of Java's
 * BreakIterator: letters, digits and marks, with single dashes, apostrophes and full stops between two letters, and
 * single commas, apostrophes and full stops between two digits. */

enum place { PLACE_BREAK, PLACE_WORD, PLACE_CASED, PLACE_BETWEEN, PLACE_UNKNOWN };

static bool is_digit(uint32_t code) { return code >= '0' && code <= '9'; }
static bool is_cased(uint32_t code) { return in_spans(weir_letters_cased, weir_letters_cased_count, code); }
static bool is_inner(uint32_t code) { return in_spans(weir_letters_inner, weir_letters_inner_count, code); }

/* Roman numerals have a case and are digits to the words. */
static bool is_letter(uint32_t code) { return is_cased(code) && (code < 0x2160 || code > 0x2188); }

/* U+066B is the decimal point of Arabic. */
static bool is_in_number(uint32_t code) {
    return code == '"' || code == '\'' || code == ',' || code == '.' || code == 0x66B;
}

static enum place place_of(uint32_t code) {
    if (code == 0x345) return PLACE_UNKNOWN; /* the mark that has a case */
    if (code >= 0x10000) return code < 0x1F200 ? PLACE_UNKNOWN : PLACE_BREAK;
    if (is_inner(code) || is_in_number(code)) return PLACE_BETWEEN;
    if (is_cased(code)) return PLACE_CASED;
    return in_spans(weir_letters_word, weir_letters_word_count, code) ? PLACE_WORD : PLACE_BREAK;
}

/* The place of what stands beyond a dash, comma or the like: of the word only where that joins both sides. */
static enum place place_beyond(uint32_t near, uint32_t between, uint32_t beyond) {
    enum place far = place_of(beyond);
    if (far != PLACE_WORD && far != PLACE_CASED) return far == PLACE_UNKNOWN ? far : PLACE_BREAK;
    if (is_digit(near) || is_digit(beyond)) {
        bool both = is_digit(near) && is_digit(beyond);
        bool clear = both || is_letter(near) || is_letter(beyond);
        return both && is_in_number(between) ? far : clear ? PLACE_BREAK : PLACE_UNKNOWN;
    }
    if (is_letter(near) && is_letter(beyond)) return is_inner(between) ? far : PLACE_BREAK;
    return PLACE_UNKNOWN; /* a letter without case, a digit of another script, or a mark */
}

/* The code point before or at `at`, and where it begins or ends; false at the end of the text. */
static bool step(const char *text, int64_t length, bool back, int64_t *at, uint32_t *code) {
    if (back ? *at <= 0 : *at >= length) return false;
    int64_t begin = back ? weir_utf8_previous(text, *at) : *at;
    int bytes = decode(text, length, begin, code);
    if (bytes == 0 || (back && begin + bytes != *at)) *code = 0xFFFD; /* damaged */
    *at = back ? begin : begin + (bytes == 0 ? 1 : bytes);
    return true;
}

/* Is there a cased letter in the rest of the word? PLACE_CASED, PLACE_BREAK (no) or PLACE_UNKNOWN. */
static enum place look(const char *text, int64_t length, bool back, int64_t at) {
    uint32_t near = SIGMA, code, beyond;
    while (step(text, length, back, &at, &code)) {
        enum place place = place_of(code);
        if (place == PLACE_BETWEEN) {
            if (!step(text, length, back, &at, &beyond)) return PLACE_BREAK;
            place = place_beyond(near, code, beyond);
            code = beyond;
        }
        if (place != PLACE_WORD) return place;
        near = code;
    }
    return PLACE_BREAK;
}

/* 1, 0, or -1: cannot be told. */
static int ends_word(const char *text, int64_t length, int64_t at, int bytes) {
    enum place before = look(text, length, true, at);
    if (before != PLACE_CASED) return before == PLACE_UNKNOWN ? -1 : 0;
    enum place behind = look(text, length, false, at + bytes);
    return behind == PLACE_UNKNOWN ? -1 : behind == PLACE_BREAK;
}

/* ---- texts ---- */

static char change_ascii(char c, bool upper) {
    char first = upper ? 'a' : 'A';
    return (unsigned char)(c - first) < 26 ? (char)(c ^ 0x20) : c;
}

static int put_letter(uint32_t code, bool upper, char *out) {
    const uint16_t *longer = upper ? in_expansions(weir_letters_upper_long, weir_letters_upper_long_count, code)
                                   : in_expansions(weir_letters_lower_long, weir_letters_lower_long_count, code);
    int written = 0;
    for (int i = 0; longer != NULL && i < 3 && longer[i] != 0; i++) written += encode(longer[i], out + written);
    if (longer != NULL) return written;
    return encode(upper ? in_runs(weir_letters_upper, weir_letters_upper_count, code)
                        : in_runs(weir_letters_lower, weir_letters_lower_count, code),
                  out);
}

static int64_t change(const char *text, int64_t length, bool upper, char *out) {
    int64_t written = 0, at = 0;
    while (at < length) {
        uint32_t code;
        int bytes = (text[at] & 0x80) == 0 ? 0 : decode(text, length, at, &code);
        if (bytes == 0) {
            out[written++] = change_ascii(text[at++], upper);
            continue;
        }
        if (code == SIGMA && !upper) {
            int final = ends_word(text, length, at, bytes);
            if (final < 0) return -1;
            if (final == 1) code = FINAL_SIGMA;
        }
        written += put_letter(code, upper, out + written);
        at += bytes;
    }
    return written;
}

int64_t weir_letter_upper(const char *text, int64_t length, char *out) { return change(text, length, true, out); }
int64_t weir_letter_lower(const char *text, int64_t length, char *out) { return change(text, length, false, out); }
