/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines of the driver's protocol: fields between tabs, with \t, \n, \r and \\ written for what would break them,
 * and a field of its own, \N, for NULL.
 */
#ifndef WEIR_TESTS_MODEL_DRIVE_TEXT_H
#define WEIR_TESTS_MODEL_DRIVE_TEXT_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_MAX 64

/* Exits: the other side broke the protocol, so nothing that follows can be understood. */
static inline void protocol_fail(const char *what, const char *text) {
    fprintf(stderr, "drive: %s: %s\n", what, text == NULL ? "" : text);
    exit(2);
}

/* Undoes the escapes in place. */
static inline void text_unescape(char *text) {
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        char c = *from;
        if (c == '\\' && from[1] != '\0') {
            from++;
            c = *from == 't' ? '\t' : *from == 'n' ? '\n' : *from == 'r' ? '\r' : *from;
        }
        *to++ = c;
    }
    *to = '\0';
}

static inline void text_print(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        switch (text[i]) {
        case '\t': fputs("\\t", stdout); break;
        case '\n': fputs("\\n", stdout); break;
        case '\r': fputs("\\r", stdout); break;
        case '\\': fputs("\\\\", stdout); break;
        default: putchar(text[i]); break;
        }
    }
}

/* Cuts a line at its tabs. `fields` receives NULL for \N and the text, escapes undone, for any other. Returns how
 * many. */
static inline int text_split(char *line, char *fields[FIELDS_MAX]) {
    int count = 0;
    for (char *at = line; at != NULL;) {
        if (count == FIELDS_MAX) protocol_fail("too many fields", line);
        char *tab = strchr(at, '\t');
        if (tab != NULL) *tab = '\0';
        fields[count] = strcmp(at, "\\N") == 0 ? NULL : at;
        if (fields[count] != NULL) text_unescape(fields[count]);
        count++;
        at = tab == NULL ? NULL : tab + 1;
    }
    return count;
}

static inline int64_t text_to_i64(const char *text) {
    if (text == NULL || *text == '\0') protocol_fail("a number is missing", text);
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0') protocol_fail("no whole number", text);
    return value;
}

static inline double text_to_f64(const char *text) {
    if (text == NULL || *text == '\0') protocol_fail("a number is missing", text);
    char *end = NULL;
    double value = strtod(text, &end);
    if (*end != '\0') protocol_fail("no number", text);
    return value;
}

#endif
