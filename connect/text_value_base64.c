/* SPDX-License-Identifier: Apache-2.0
 * RFC 4648, section 4. */
#include "connect/text_value.h"

static const char letters[65] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t weir_text_base64_bytes(size_t length) { return (length + 2) / 3 * 4; }

void weir_text_print_base64(const char *bytes, size_t length, char *out) {
    const unsigned char *in = (const unsigned char *)bytes;
    for (; length > 0; in += 3, out += 4) {
        size_t some = length < 3 ? length : 3;
        uint32_t group = (uint32_t)in[0] << 16 | (some > 1 ? (uint32_t)in[1] << 8 : 0) | (some > 2 ? in[2] : 0);
        out[0] = letters[group >> 18];
        out[1] = letters[group >> 12 & 63];
        out[2] = some > 1 ? letters[group >> 6 & 63] : '=';
        out[3] = some > 2 ? letters[group & 63] : '=';
        length -= some;
    }
}

static int letter_value(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

int64_t weir_text_parse_base64(const char *text, size_t length, char *out) {
    if (length % 4) return -1;
    int64_t bytes = 0;
    for (size_t i = 0; i < length; i += 4) {
        bool last = i + 4 == length;
        int pads = !last || text[i + 3] != '=' ? 0 : text[i + 2] != '=' ? 1 : 2;
        uint32_t group = 0;
        for (size_t j = 0; j < 4; j++) {
            int value = (int)j >= 4 - pads ? 0 : letter_value(text[i + j]);
            if (value < 0) return -1;
            group = group << 6 | (uint32_t)value;
        }
        for (int j = 0; j < 3 - pads; j++) out[bytes++] = (char)(group >> (16 - 8 * j));
    }
    return bytes;
}
