/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/nearest.h"

#include <stddef.h>
#include <string.h>

#define LETTERS_MAX 64 /* longer words are no misspelt names */

static unsigned char lower(char letter) {
    return (unsigned char)(letter >= 'A' && letter <= 'Z' ? letter + 32 : letter);
}

/* Levenshtein's distance in one row. Both are at most LETTERS_MAX long. */
static size_t distance(const char *a, const char *b) {
    size_t row[LETTERS_MAX + 1];
    size_t b_length = strlen(b);
    for (size_t j = 0; j <= b_length; j++) row[j] = j;
    for (size_t i = 0; a[i] != '\0'; i++) {
        size_t corner = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < b_length; j++) {
            size_t replaced = corner + (lower(a[i]) != lower(b[j]));
            size_t inserted = (row[j] < row[j + 1] ? row[j] : row[j + 1]) + 1;
            corner = row[j + 1];
            row[j + 1] = replaced < inserted ? replaced : inserted;
        }
    }
    return row[b_length];
}

const char *weir_cli_nearest(const char *word, const char *const *names) {
    size_t length = strlen(word);
    size_t allowed = length < 4 ? 1 : length < 9 ? 2 : length / 3; /* two swapped letters are two edits */
    const char *nearest = NULL;
    if (length == 0 || length > LETTERS_MAX) return NULL;
    for (; *names != NULL; names++) {
        if (strlen(*names) > LETTERS_MAX) continue;
        if (length >= 3 && strcasestr(*names, word) != NULL) return *names;
        size_t away = distance(word, *names);
        if (away > allowed) continue;
        allowed = away == 0 ? 0 : away - 1;
        nearest = *names;
        if (away == 0) break;
    }
    return nearest;
}
