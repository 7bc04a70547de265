/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/text_value.h"

bool weir_text_parse_i64(const char *text, size_t length, int64_t min, int64_t max, int64_t *out) {
    weir_text_trim(&text, &length);
    const char *end = text + length;
    bool over = false;
    if (weir_text_take_i64(text, end, out, &over) != end || length == 0 || over) return false;
    return *out >= min && *out <= max;
}

bool weir_text_parse_bool(const char *text, size_t length) {
    weir_text_trim(&text, &length);
    return length == 4 && (text[0] | 32) == 't' && (text[1] | 32) == 'r' && (text[2] | 32) == 'u' &&
           (text[3] | 32) == 'e';
}
