/* SPDX-License-Identifier: Apache-2.0
 *
 * Two results in CSV, compared as multisets of rows, or in order. Names of columns must be equal and in order.
 * Times are compared as times ('T' or blank, with or without zero fractions), whole numbers and numbers of more
 * than 17 digits exactly, other numbers within 1e-9 of each other and zeros with their sign, everything else as
 * text; an empty field is NULL and "" the empty string. To be included after cmocka.h.
 */
#ifndef WEIR_TESTS_CASES_ROWS_H
#define WEIR_TESTS_CASES_ROWS_H

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum cell_kind { CELL_NULL, CELL_TEXT, CELL_TIME, CELL_WHOLE, CELL_REAL };

struct cell {
    enum cell_kind kind;
    const char *text; /* brought into one form: of a whole number without leading zeros, of a time with a blank */
    double value;     /* of a number */
};

struct rows {
    char *bytes;
    struct cell *cells; /* the first `columns` of them are the names */
    size_t columns, count, room;
};

static inline void *rows_need(void *memory) {
    if (memory == NULL) abort();
    return memory;
}

/* ---- one cell ---- */

static inline size_t digits_at(const char *text) {
    size_t count = 0;
    while (isdigit((unsigned char)text[count])) count++;
    return count;
}

/* [+-]? (digits [. digits?] | . digits) ([eE] [+-]? digits)? */
static inline bool is_number(const char *text, bool *whole) {
    if (*text == '+' || *text == '-') text++;
    size_t before = digits_at(text), after = 0;
    text += before;
    *whole = *text == '\0' && before > 0;
    if (*text == '.') {
        after = digits_at(++text);
        text += after;
    }
    if (before + after == 0) return false;
    if (*text == 'e' || *text == 'E') {
        text++;
        if (*text == '+' || *text == '-') text++;
        if (digits_at(text) == 0) return false;
        text += digits_at(text);
    }
    return *text == '\0';
}

/* Without sign +, leading zeros, and zeros at the end of the fraction. */
static inline void shorten_number(char *text) {
    char *to = text, *from = text;
    bool negative = *from == '-';
    if (*from == '+' || *from == '-') from++;
    while (from[0] == '0' && isdigit((unsigned char)from[1])) from++;
    size_t length = strlen(from);
    if (strchr(from, '.') != NULL) {
        while (from[length - 1] == '0') length--;
        if (from[length - 1] == '.') length--;
    }
    if (negative && !(length == 1 && *from == '0')) *to++ = '-';
    memmove(to, from, length);
    to[length] = '\0';
}

/* YYYY-MM-DD[T ]HH:MM:SS[.fff][Z] of four to six digits of the year. */
static inline bool is_time(const char *text) {
    size_t year = digits_at(text);
    if (year < 4 || year > 6) return false;
    static const char shape[] = "-dd-dd*dd:dd:dd";
    const char *at = text + year;
    for (const char *want = shape; *want != '\0'; want++, at++) {
        bool fits = *want == 'd'   ? isdigit((unsigned char)*at) != 0
                    : *want == '*' ? *at == 'T' || *at == ' '
                                   : *at == *want;
        if (!fits) return false;
    }
    if (*at == '.' && digits_at(at + 1) > 0) at += 1 + digits_at(at + 1);
    return *at == '\0' || strcmp(at, "Z") == 0 || strcmp(at, "+00:00") == 0;
}

static inline void shorten_time(char *text) {
    text[digits_at(text) + 6] = ' ';
    text[strcspn(text, "Z+")] = '\0';
    if (strchr(text, '.') == NULL) return;
    size_t length = strlen(text);
    while (text[length - 1] == '0') text[--length] = '\0';
    if (text[length - 1] == '.') text[--length] = '\0';
}

static inline struct cell cell_of(char *text, bool quoted) {
    struct cell cell = {.kind = CELL_TEXT, .text = text};
    bool whole = false;
    if (*text == '\0') {
        if (!quoted) cell.kind = CELL_NULL;
    } else if (is_time(text)) {
        shorten_time(text);
        cell.kind = CELL_TIME;
    } else if (is_number(text, &whole)) {
        size_t digits = 0;
        const char *first = text + strspn(text, "+-0.");
        for (const char *at = first; *at != '\0'; at++) digits += isdigit((unsigned char)*at) != 0;
        if (!whole && digits > 17 && strpbrk(text, "eE") == NULL) whole = true;
        cell.kind = whole ? CELL_WHOLE : CELL_REAL;
        cell.value = strtod(text, NULL);
        if (whole) shorten_number(text);
    } else if (strcasecmp(text, "true") == 0 || strcasecmp(text, "false") == 0 || strcasecmp(text, "nan") == 0) {
        for (char *at = text; *at != '\0'; at++) *at = (char)tolower((unsigned char)*at);
    } else if (strcasecmp(text, "infinity") == 0 || strcasecmp(text, "inf") == 0) {
        cell.text = "inf";
    } else if (strcasecmp(text, "-infinity") == 0 || strcasecmp(text, "-inf") == 0) {
        cell.text = "-inf";
    }
    return cell;
}

/* ---- a file ---- */

static inline void rows_add(struct rows *rows, size_t *used, struct cell cell) {
    if (*used == rows->room) {
        rows->room = rows->room == 0 ? 256 : rows->room * 2;
        rows->cells = rows_need(realloc(rows->cells, rows->room * sizeof(*rows->cells)));
    }
    rows->cells[(*used)++] = cell;
}

/* One field at *from, unquoted in place; *ends: it is the last of its line. */
static inline struct cell rows_read_field(char **from, bool *ends) {
    char *at = *from, *to = at, *text = at;
    bool quoted = *at == '"';
    if (quoted) {
        at++;
        while (*at != '\0' && (*at != '"' || at[1] == '"')) {
            if (*at == '"') at++;
            *to++ = *at++;
        }
        if (*at == '"') at++;
    } else {
        while (*at != '\0' && *at != ',' && *at != '\n') at++;
        to = at;
    }
    char separator = *at;
    *ends = separator != ',';
    *from = separator == '\0' ? at : at + 1;
    *to = '\0';
    return cell_of(text, quoted);
}

static inline struct rows rows_load(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail_msg("%s cannot be opened", path);
    struct rows rows = {.columns = 0};
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long bytes = ftell(file);
    assert_true(bytes >= 0);
    rewind(file);
    rows.bytes = rows_need(malloc((size_t)bytes + 1));
    assert_int_equal(fread(rows.bytes, 1, (size_t)bytes, file), bytes);
    rows.bytes[bytes] = '\0';
    fclose(file);
    size_t used = 0;
    for (char *at = rows.bytes; *at != '\0';) {
        size_t begin = used;
        for (bool ends = false; !ends;) rows_add(&rows, &used, rows_read_field(&at, &ends));
        if (rows.columns == 0) rows.columns = used;
        if (used - begin != rows.columns) {
            fail_msg("%s: row %zu has %zu fields instead of %zu", path, used / rows.columns, used - begin,
                     rows.columns);
        }
    }
    rows.count = rows.columns == 0 ? 0 : used / rows.columns - 1;
    return rows;
}

static inline void rows_free(struct rows *rows) {
    free(rows->bytes);
    free(rows->cells);
    *rows = (struct rows){.columns = 0};
}

/* Row 0 is the first below the names. */
static inline const struct cell *rows_at(const struct rows *rows, size_t row) {
    return rows->cells + (row + 1) * rows->columns;
}

/* ---- two files ---- */

static inline bool cell_same(const struct cell *a, const struct cell *b) {
    bool numbers = a->kind >= CELL_WHOLE && b->kind >= CELL_WHOLE;
    if (numbers && (a->kind == CELL_REAL || b->kind == CELL_REAL)) {
        if (a->value == 0 && b->value == 0) return signbit(a->value) == signbit(b->value);
        return fabs(a->value - b->value) <= 1e-9 * fmax(fabs(a->value), fabs(b->value));
    }
    return a->kind == b->kind && (a->kind == CELL_NULL || strcmp(a->text, b->text) == 0);
}

static inline bool row_same(const struct cell *a, const struct cell *b, size_t columns) {
    for (size_t i = 0; i < columns; i++) {
        if (!cell_same(&a[i], &b[i])) return false;
    }
    return true;
}

/* What sorting may look at: a column that holds a REAL anywhere is left out, for rounding must not reorder rows. */
struct rows_order {
    size_t columns;
    const bool *rounded;
};

static inline int rows_order_exact(const void *left, const void *right, void *context) {
    const struct cell *a = *(const struct cell *const *)left, *b = *(const struct cell *const *)right;
    const struct rows_order *order = context;
    for (size_t i = 0; i < order->columns; i++) {
        enum cell_kind ka = a[i].kind, kb = b[i].kind;
        if (order->rounded[i] && ka >= CELL_WHOLE) ka = CELL_REAL;
        if (order->rounded[i] && kb >= CELL_WHOLE) kb = CELL_REAL;
        if (ka != kb) return ka < kb ? -1 : 1;
        if (ka == CELL_NULL || ka == CELL_REAL) continue;
        int by = strcmp(a[i].text, b[i].text);
        if (by != 0) return by;
    }
    return 0;
}

static inline const struct cell **rows_sorted(const struct rows *rows, struct rows_order *order) {
    const struct cell **sorted = rows_need(malloc((rows->count + 1) * sizeof(*sorted)));
    for (size_t i = 0; i < rows->count; i++) sorted[i] = rows_at(rows, i);
    qsort_r(sorted, rows->count, sizeof(*sorted), rows_order_exact, order);
    return sorted;
}

/* The rows [begin, end) of both are equal but for REALs: each of the one wants a partner among the other's. */
static inline const struct cell *rows_unmatched(const struct cell **expected, const struct cell **actual,
                                                size_t begin, size_t end, size_t columns) {
    for (size_t i = begin; i < end; i++) {
        size_t j = i;
        while (j < end && !row_same(expected[i], actual[j], columns)) j++;
        if (j == end) return expected[i];
        const struct cell *partner = actual[j];
        actual[j] = actual[i];
        actual[i] = partner;
    }
    return NULL;
}

static inline void row_print(char *to, size_t size, const struct cell *row, size_t columns) {
    size_t used = 0;
    for (size_t i = 0; i < columns && used < size; i++) {
        int wrote = snprintf(to + used, size - used, "%s%s", i == 0 ? "" : ",",
                             row[i].kind == CELL_NULL ? "" : row[i].text);
        used += wrote > 0 ? (size_t)wrote : 0;
    }
}

/* An expected row that has no partner, or one in another place where `ordered`; NULL when there is none. */
static inline const struct cell *rows_first_difference(const struct rows *expected, const struct rows *actual,
                                                       bool ordered) {
    size_t columns = expected->columns, count = expected->count;
    if (ordered) {
        for (size_t i = 0; i < count; i++) {
            if (!row_same(rows_at(expected, i), rows_at(actual, i), columns)) return rows_at(expected, i);
        }
        return NULL;
    }
    bool *rounded = rows_need(calloc(columns, sizeof(*rounded)));
    for (size_t i = 0; i < (count + 1) * columns; i++) {
        if (expected->cells[i].kind == CELL_REAL || actual->cells[i].kind == CELL_REAL) rounded[i % columns] = true;
    }
    struct rows_order order = {.columns = columns, .rounded = rounded};
    const struct cell **a = rows_sorted(expected, &order), **b = rows_sorted(actual, &order), *found = NULL;
    for (size_t begin = 0, end; begin < count && found == NULL; begin = end) {
        for (end = begin + 1; end < count && rows_order_exact(&a[begin], &a[end], &order) == 0;) end++;
        found = rows_unmatched(a, b, begin, end, columns);
    }
    free(a);
    free(b);
    free(rounded);
    return found;
}

/* False, and why in `said`, when the two differ. */
static inline bool rows_equal(const struct rows *expected, const struct rows *actual, bool ordered, char *said,
                              size_t size) {
    bool names = expected->columns == actual->columns;
    for (size_t i = 0; names && i < expected->columns; i++) {
        names = strcmp(expected->cells[i].text, actual->cells[i].text) == 0;
    }
    if (!names) {
        snprintf(said, size, "the names of the columns differ");
        return false;
    }
    if (expected->count != actual->count) {
        snprintf(said, size, "%zu rows instead of %zu", actual->count, expected->count);
        return false;
    }
    const struct cell *missing = rows_first_difference(expected, actual, ordered);
    if (missing == NULL) return true;
    int wrote = snprintf(said, size, "lacks the row, or has it elsewhere: ");
    if (wrote > 0 && (size_t)wrote < size)
        row_print(said + wrote, size - (size_t)wrote, missing, expected->columns);
    return false;
}

#endif
