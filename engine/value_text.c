/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/value_text.h"

#include <math.h>
#include <string.h>

#include "base/attributes.h"

static void trim(const char **text, int64_t *length) {
    size_t bytes = (size_t)*length;
    weir_text_trim(text, &bytes);
    *length = (int64_t)bytes;
}

/* ---- reading ---- */

enum weir_text_result weir_text_read_i64(const char *text, int64_t length, int64_t *out) {
    bool over = false;
    trim(&text, &length);
    const char *end = text + length, *at = weir_text_take_i64(text, end, out, &over);
    if (at == NULL) return WEIR_TEXT_MALFORMED;
    if (at < end && *at == '.') {
        for (at++; at < end && *at >= '0' && *at <= '9';) at++;
    }
    if (at != end) return WEIR_TEXT_MALFORMED;
    return over ? WEIR_TEXT_RANGE : WEIR_TEXT_OK;
}

/* Of what Java's parsers know, a hexadecimal number alone has an x. */
static bool is_hexadecimal(const char *text, int64_t length) {
    return length > 0 && (memchr(text, 'x', (size_t)length) != NULL || memchr(text, 'X', (size_t)length) != NULL);
}

enum weir_text_result weir_text_read_double(const char *text, int64_t length, double *out) {
    if (is_hexadecimal(text, length)) return WEIR_TEXT_MALFORMED;
    return weir_text_parse_f64(text, (size_t)length, out) ? WEIR_TEXT_OK : WEIR_TEXT_MALFORMED;
}

enum weir_text_result weir_text_read_float(const char *text, int64_t length, float *out) {
    if (is_hexadecimal(text, length)) return WEIR_TEXT_MALFORMED;
    return weir_text_parse_f32(text, (size_t)length, out) ? WEIR_TEXT_OK : WEIR_TEXT_MALFORMED;
}

enum weir_text_result weir_text_read_decimal(const char *text, int64_t length, struct weir_decimal_type to,
                                             weir_i128 *out) {
    trim(&text, &length);
    return weir_text_parse_decimal(text, (size_t)length, to.precision, to.scale, out);
}

static bool is_word(const char *text, int64_t length, const char *word) {
    return (size_t)length == strlen(word) && memcmp(text, word, (size_t)length) == 0;
}

enum weir_text_result weir_text_read_boolean(const char *text, int64_t length, bool *out) {
    static const char *const words[] = {"f", "t", "false", "true", "n", "y", "no", "yes", "0", "1"};
    char lower[8];
    if (length < 1 || length > 5) return WEIR_TEXT_MALFORMED;
    for (int64_t i = 0; i < length; i++) {
        lower[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 0x20 : text[i]);
    }
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(words); i++) {
        if (is_word(lower, length, words[i])) return *out = (i & 1) != 0, WEIR_TEXT_OK;
    }
    return WEIR_TEXT_MALFORMED;
}

/* ---- writing ---- */

static int terminate(char *buffer, size_t length) {
    buffer[length] = '\0';
    return (int)length;
}

int weir_text_write_i64(int64_t value, char *buffer) {
    return terminate(buffer, weir_text_print_i64(value, buffer));
}

int weir_text_write_double(double value, char *buffer) {
    return terminate(buffer, weir_text_print_f64(value, buffer));
}

int weir_text_write_float(float value, char *buffer) {
    return terminate(buffer, weir_text_print_f32(value, buffer));
}

/* ---- doubles by their digits ---- */

enum weir_text_result weir_text_double_to_decimal(double value, struct weir_decimal_type to, weir_i128 *out) {
    char text[WEIR_TEXT_BYTES];
    size_t length = weir_text_print_f64(value, text);
    return weir_text_parse_decimal(text, length, to.precision, to.scale, out);
}

double weir_text_round_double(double value, int64_t digits) {
    if (!isfinite(value) || value == 0 || digits > 400) return value;
    if (digits < -400) return 0.0; /* BigDecimal has no negative zero */
    int exponent;
    uint64_t kept = weir_text_shortest_f64(fabs(value), &exponent);
    int64_t drop = -digits - exponent;
    if (drop <= 0) return value;
    if (drop > 19) return 0.0; /* more than the digits there are */
    for (int64_t i = 1; i < drop; i++) kept /= 10;
    kept = kept / 10 + (kept % 10 >= 5);
    double rounded = weir_text_scaled_f64(kept, -digits);
    return value < 0 && kept != 0 ? -rounded : rounded;
}
