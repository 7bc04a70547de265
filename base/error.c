/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Cuts a message that filled its buffer so that it ends in "..." at a UTF-8 border. */
static void mark_cut(char *message, size_t size) {
    size_t end = size - 4;
    /* A character has at most three bytes after its first; more of them are no UTF-8, and no reason to cut more. */
    for (int i = 0; i < 3 && ((unsigned char)message[end] & 0xC0) == 0x80; i++) end--;
    memcpy(message + end, "...", 4);
}

static void fill(struct weir_error *error, enum weir_status code, int32_t line, int32_t column, const char *format,
                 va_list arguments) {
    error->code = code;
    error->line = line;
    error->column = column;
    int length = vsnprintf(error->message, sizeof(error->message), format, arguments);
    if (length < 0) error->message[0] = '\0';
    if (length >= (int)sizeof(error->message)) mark_cut(error->message, sizeof(error->message));
}

enum weir_status weir_error_set(struct weir_error *error, enum weir_status code, const char *format, ...) {
    if (error == NULL) return code;
    va_list arguments;
    va_start(arguments, format);
    fill(error, code, 0, 0, format, arguments);
    va_end(arguments);
    return code;
}

enum weir_status weir_error_set_at(struct weir_error *error, enum weir_status code, int32_t line, int32_t column,
                                   const char *format, ...) {
    if (error == NULL) return code;
    va_list arguments;
    va_start(arguments, format);
    fill(error, code, line, column, format, arguments);
    va_end(arguments);
    return code;
}

void weir_error_prefix(struct weir_error *error, const char *format, ...) {
    if (error == NULL) return;
    char old[sizeof(error->message)];
    memcpy(old, error->message, sizeof(old));
    char prefix[512];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(prefix, sizeof(prefix), format, arguments);
    va_end(arguments);
    if (length < 0) return;
    if (length >= (int)sizeof(prefix)) mark_cut(prefix, sizeof(prefix));
    length = snprintf(error->message, sizeof(error->message), "%s: %s", prefix, old);
    if (length >= (int)sizeof(error->message)) mark_cut(error->message, sizeof(error->message));
}

static unsigned char lower(char c) { return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c); }

/* Edit distance of two words of at most 63 bytes, ignoring ASCII case. */
static size_t edit_distance(const char *a, size_t a_len, const char *b, size_t b_len) {
    size_t row[64];
    for (size_t j = 0; j <= b_len; j++) row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t cost = diagonal + (lower(a[i - 1]) != lower(b[j - 1]));
            diagonal = row[j];
            size_t step = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            row[j] = cost < step ? cost : step;
        }
    }
    return row[b_len];
}

const char *weir_nearest_name(const char *word, const char *const *names, size_t count) {
    size_t word_len = strlen(word);
    if (word_len == 0 || word_len > 63) return NULL;
    const char *best = NULL;
    size_t best_distance = word_len / 3 + 1;
    for (size_t i = 0; i < count; i++) {
        size_t name_len = names[i] == NULL ? 64 : strlen(names[i]);
        if (name_len > 63) continue;
        size_t distance = edit_distance(word, word_len, names[i], name_len);
        if (distance >= word_len) continue; /* nothing in common: any name of that length would do */
        if (distance > best_distance || (best != NULL && distance == best_distance)) continue;
        best = names[i];
        best_distance = distance;
    }
    return best;
}
