/* SPDX-License-Identifier: Apache-2.0
 *
 * Records and fields of a slice, from its marks.
 */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/error.h"
#include "connect/csv_scan.h"
#include "connect/text_value.h"

/* A place in the slice while one record is split; positions count from slice_begin. */
struct cursor {
    const struct weir_csv_scan *scan;
    const char *text;
    uint32_t at;  /* begin of the field */
    uint32_t end; /* of the slice */
    size_t mark;  /* first mark at or behind `at` */
    bool is_last; /* the field just taken ended the record */
};

static void pass_marks(struct cursor *cursor, uint32_t before) {
    const struct weir_csv_scan *scan = cursor->scan;
    while (cursor->mark < scan->marks_count && scan->marks[cursor->mark] < before) cursor->mark++;
}

/* Leaves the cursor behind the delimiter or line end at `at`. */
static void close_field(struct cursor *cursor, uint32_t at) {
    cursor->is_last = cursor->text[at] != cursor->scan->options.delimiter;
    pass_marks(cursor, at + 1);
    cursor->at = at + 1;
}

static struct weir_text_span field_of(const struct cursor *cursor, uint32_t start, uint32_t end, uint32_t flags) {
    return (struct weir_text_span){(uint32_t)cursor->scan->slice_begin + start, (end - start) | flags};
}

/* From a field's first byte, which is no quote. False when the slice ends within. */
static bool take_plain(struct cursor *cursor, struct weir_text_span *out) {
    const struct weir_csv_scan *scan = cursor->scan;
    uint32_t start = cursor->at, flags = 0, escaped = 0;
    for (; cursor->mark < scan->marks_count; cursor->mark++) {
        uint32_t at = scan->marks[cursor->mark];
        char c = cursor->text[at];
        if (scan->options.escaping && c == scan->options.escape) {
            flags = WEIR_CSV_ESCAPED;
            escaped = at + 2;
            pass_marks(cursor, at + 2);
            cursor->mark--;
            continue;
        }
        if (scan->options.quoting && c == scan->options.quote) continue;
        bool pair = c == '\n' && at > start && cursor->text[at - 1] == '\r' && escaped != at;
        *out = field_of(cursor, start, at - pair, flags);
        close_field(cursor, at);
        return true;
    }
    return false;
}

/* The closing quote of a field that begins with one; false when it is not in the slice. */
static bool find_quote(struct cursor *cursor, uint32_t *at_quote, uint32_t *flags) {
    const struct weir_csv_scan *scan = cursor->scan;
    *flags = WEIR_CSV_QUOTED;
    pass_marks(cursor, cursor->at + 1);
    while (cursor->mark < scan->marks_count) {
        uint32_t at = scan->marks[cursor->mark++];
        char c = cursor->text[at];
        if (scan->options.escaping && c == scan->options.escape) {
            *flags |= WEIR_CSV_ESCAPED;
            pass_marks(cursor, at + 2);
        } else if (c == scan->options.quote) {
            *at_quote = at;
            if (at + 1 == cursor->end) return false; /* the next byte decides, and the window always has one */
            if (cursor->text[at + 1] != scan->options.quote) return true;
            *flags |= WEIR_CSV_ESCAPED;
            pass_marks(cursor, at + 2);
        }
    }
    return false;
}

/* From the opening quote. *bad is set where text follows the closing one. */
static enum weir_csv_split take_quoted(struct cursor *cursor, struct weir_text_span *out, uint32_t *bad) {
    const struct weir_csv_scan *scan = cursor->scan;
    uint32_t start = cursor->at + 1, quote, flags;
    if (!find_quote(cursor, &quote, &flags)) return WEIR_CSV_SPLIT_MORE;
    *out = field_of(cursor, start, quote, flags);
    for (uint32_t at = quote + 1; at < cursor->end; at++) { /* blanks may follow */
        char c = cursor->text[at];
        if (c == scan->options.delimiter || c == '\n') {
            close_field(cursor, at);
            return WEIR_CSV_SPLIT_OK;
        }
        if (c == '\r') {
            if (at + 1 == cursor->end) return WEIR_CSV_SPLIT_MORE;
            close_field(cursor, at + (cursor->text[at + 1] == '\n'));
            return WEIR_CSV_SPLIT_OK;
        }
        if ((unsigned char)c <= ' ') continue;
        *bad = at;
        cursor->at = at + 1;
        pass_marks(cursor, at + 1);
        return WEIR_CSV_SPLIT_TEXT;
    }
    return WEIR_CSV_SPLIT_MORE;
}

/* With csv.allow-comments: blanks, blank lines and lines that begin with '#'. */
static bool pass_comments(struct cursor *cursor) {
    for (uint32_t at = cursor->at; at < cursor->end; at++) {
        char c = cursor->text[at];
        if (c == ' ' || c == '\n' || c == '\r') continue;
        if (c != '#') {
            cursor->at = at;
            pass_marks(cursor, at);
            return true;
        }
        while (at < cursor->end && cursor->text[at] != '\n' && cursor->text[at] != '\r') at++;
    }
    return false;
}

enum weir_csv_split weir_csv_split_record(struct weir_csv_scan *scan, size_t *fields, size_t *bad) {
    struct cursor cursor = {scan,
                            scan->text + scan->slice_begin,
                            (uint32_t)(scan->next - scan->slice_begin),
                            (uint32_t)(scan->slice_end - scan->slice_begin),
                            scan->mark,
                            false};
    if (scan->options.comments && !pass_comments(&cursor)) {
        if (scan->slice_end == scan->used && scan->ended) scan->next = scan->slice_end;
        return WEIR_CSV_SPLIT_NONE;
    }
    scan->record_begin = scan->next = scan->slice_begin + cursor.at; /* comments are behind in any case */
    scan->mark = cursor.mark;
    enum weir_csv_split result = WEIR_CSV_SPLIT_OK;
    size_t count = 0;
    while (!cursor.is_last) {
        struct weir_text_span field = {0};
        uint32_t at_bad = 0;
        if (cursor.at >= cursor.end) return WEIR_CSV_SPLIT_MORE;
        if (scan->options.quoting && cursor.text[cursor.at] == scan->options.quote) {
            enum weir_csv_split one = take_quoted(&cursor, &field, &at_bad);
            if (one == WEIR_CSV_SPLIT_MORE) return one;
            if (one == WEIR_CSV_SPLIT_TEXT) { /* the rest of the record is split, and dropped with it */
                if (result == WEIR_CSV_SPLIT_OK) *bad = scan->slice_begin + at_bad;
                result = one;
                continue;
            }
        } else if (!take_plain(&cursor, &field)) {
            return WEIR_CSV_SPLIT_MORE;
        }
        if (count < scan->record_room) scan->record[count] = field;
        count++;
    }
    scan->next = scan->slice_begin + cursor.at;
    scan->mark = cursor.mark;
    scan->line_end += scan->regular; /* such a record is a line */
    while (!scan->regular && scan->line_end < scan->lines_count && scan->line_ends[scan->line_end] < cursor.at)
        scan->line_end++;
    *fields = count;
    return result;
}

/* ---- records ----------------------------------------------------------------------------------------------------
 */

static enum weir_status reserve_record(struct weir_csv_scan *scan, struct weir_error *error) {
    size_t room = (scan->fields_count ? scan->fields_count : WEIR_CSV_FIELDS_MAX) + 1;
    if (room <= scan->record_room) return WEIR_OK;
    struct weir_text_span *record = realloc(scan->record, room * sizeof(*record));
    if (!record) return weir_error_set(error, WEIR_ERR_MEMORY, "'%s': no memory for %zu fields", scan->path, room);
    scan->record = record;
    scan->record_room = room;
    return WEIR_OK;
}

static enum weir_status fail_text(const struct weir_csv_scan *scan, size_t bad, struct weir_error *error) {
    char shown[64];
    size_t length = 0; /* no further than the line: what follows it may be elsewhere in memory */
    while (length < 20 && bad + length < scan->used && !strchr("\r\n", scan->text[bad + length])) length++;
    return weir_csv_scan_fail(scan, bad, error,
                              "'%s' follows a closing quote, where only a delimiter or a line end may: double the "
                              "quotes within a quoted field, or set 'csv.on-error' = 'skip' to drop such lines",
                              weir_csv_show(scan->text + bad, length, shown));
}

enum weir_status weir_csv_scan_record(struct weir_csv_scan *scan, size_t *fields, struct weir_error *error) {
    enum weir_status status = reserve_record(scan, error);
    while (status == WEIR_OK) {
        size_t bad = 0;
        enum weir_csv_split split = WEIR_CSV_SPLIT_NONE;
        if (scan->next < scan->slice_end) split = weir_csv_split_record(scan, fields, &bad);
        if (split == WEIR_CSV_SPLIT_TEXT) return fail_text(scan, bad, error);
        if (split == WEIR_CSV_SPLIT_OK && *fields > WEIR_CSV_FIELDS_MAX) {
            return weir_csv_scan_fail(scan, scan->record_begin, error, "%zu fields; weir takes lines of at most %d",
                                      *fields, WEIR_CSV_FIELDS_MAX);
        }
        if (split == WEIR_CSV_SPLIT_OK) return WEIR_OK;
        status = weir_csv_scan_advance(scan, error);
    }
    return status;
}

enum weir_status weir_csv_unescape(struct weir_csv_scan *scan, struct weir_text_span field, const char **text,
                                   size_t *length, struct weir_error *error) {
    const struct weir_csv_options *options = &scan->options;
    *text = scan->text + field.start;
    *length = field.length & WEIR_CSV_LENGTH;
    if (!(field.length & WEIR_CSV_ESCAPED)) return WEIR_OK;
    if (*length + WEIR_CSV_PADDING > scan->scratch_room) {
        size_t room = *length * 2 + WEIR_CSV_PADDING;
        char *scratch = realloc(scan->scratch, room);
        if (!scratch) return weir_error_set(error, WEIR_ERR_MEMORY, "'%s': no memory for a field", scan->path);
        scan->scratch = scratch;
        scan->scratch_room = room;
    }
    const char *from = *text, *end = from + *length;
    char *to = scan->scratch;
    for (; from < end; from++) {
        if (options->escaping && *from == options->escape && from + 1 < end) {
            char c = *++from; /* as Jackson: four letters name control characters, others stand for themselves */
            *to++ = (char)(c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c == '0' ? 0 : c);
            continue;
        }
        *to++ = *from;
        if (field.length & WEIR_CSV_QUOTED && *from == options->quote) from++;
    }
    *text = scan->scratch;
    *length = (size_t)(to - scan->scratch);
    memset(to, 0, WEIR_CSV_PADDING);
    return WEIR_OK;
}

/* ---- strips -----------------------------------------------------------------------------------------------------
 */

/* Records from the present one on that have the right number of fields: the LF of each is the mark that the number
 * says. */
static size_t count_regular(const struct weir_csv_scan *scan, size_t wanted) {
    const size_t count = scan->fields_count, marks_left = scan->marks_count - scan->mark;
    size_t most = scan->lines_count - scan->line_end, rows = 0;
    if (most > wanted) most = wanted;
    if (scan->regular) return most;
    const uint32_t *marks = scan->marks + scan->mark, *ends = scan->line_ends + scan->line_end;
    while (rows < most && (rows + 1) * count <= marks_left && marks[(rows + 1) * count - 1] == ends[rows]) rows++;
    return rows;
}

/* Of `count` marks a row. */
WEIR_INLINE void take_starts(const uint32_t *marks, size_t rows, size_t count, uint32_t base, uint32_t *starts) {
    for (size_t r = 0; r < rows; r++) starts[r] = base + marks[r * count + count - 1] + 1;
}

WEIR_INLINE void take_first(const uint32_t *marks, size_t rows, size_t count, uint32_t base, const uint32_t *starts,
                            struct weir_text_span *fields) {
    for (size_t r = 0; r < rows; r++)
        fields[r] = (struct weir_text_span){starts[r], base + marks[r * count] - starts[r]};
}

/* Of another column than the first, whose marks these are. */
WEIR_INLINE void take_further(const uint32_t *marks, size_t rows, size_t count, uint32_t base,
                              struct weir_text_span *fields) {
    for (size_t r = 0; r < rows; r++) {
        const uint32_t *before = marks + r * count - 1;
        fields[r] = (struct weir_text_span){base + before[0] + 1, before[1] - before[0] - 1};
    }
}

/* With numbers that compilers know, for they decide how such loops become vectors. */
#define BY_COUNT(count, call)                                                                                      \
    switch (count) {                                                                                               \
    case 1: call(1); break;                                                                                        \
    case 2: call(2); break;                                                                                        \
    case 3: call(3); break;                                                                                        \
    case 4: call(4); break;                                                                                        \
    default: call(count); break;                                                                                   \
    }

static void take_column(const struct weir_csv_scan *scan, size_t column, const uint32_t *starts, size_t rows,
                        struct weir_text_span *fields) {
    const uint32_t *marks = scan->marks + scan->mark + column;
    const uint32_t base = (uint32_t)scan->slice_begin;
#define FIRST(n) take_first(marks, rows, n, base, starts, fields)
#define FURTHER(n) take_further(marks, rows, n, base, fields)
    if (column == 0)
        BY_COUNT(scan->fields_count, FIRST)
    else
        BY_COUNT(scan->fields_count, FURTHER)
#undef FIRST
#undef FURTHER
}

/* Records of a clean slice, as many as follow one another that have the right number of fields. */
static size_t take_regular(struct weir_csv_scan *scan, const int32_t *columns, size_t columns_count, size_t wanted,
                           size_t row, struct weir_csv_strip *out) {
    const size_t count = scan->fields_count, rows = count_regular(scan, wanted);
    if (rows == 0) return 0;
    uint32_t *starts = out->starts + row;
    const uint32_t *marks = scan->marks + scan->mark, base = (uint32_t)scan->slice_begin;
    starts[0] = (uint32_t)scan->next;
#define STARTS(n) take_starts(marks, rows, n, base, starts + 1)
    BY_COUNT(count, STARTS)
#undef STARTS
    for (size_t c = 0; c < columns_count; c++) {
        struct weir_text_span *fields = out->fields + c * WEIR_CSV_STRIP + row;
        take_column(scan, (size_t)columns[c], starts, rows, fields);
        if (!scan->carriage || (size_t)columns[c] + 1 != count) continue;
        for (size_t r = 0; r < rows; r++) {
            fields[r].length -= fields[r].length > 0 && scan->text[fields[r].start + fields[r].length - 1] == '\r';
        }
    }
    scan->mark += rows * count;
    scan->line_end += rows;
    scan->next = starts[rows];
    return rows;
}

/* Jackson lets one blank field follow the last. */
static bool is_blank_extra(const struct weir_csv_scan *scan, struct weir_text_span field) {
    const char *text = scan->text + field.start;
    size_t length = field.length & WEIR_CSV_LENGTH;
    weir_text_trim(&text, &length);
    return length == 0;
}

bool weir_csv_is_blank(const struct weir_csv_scan *scan, size_t fields) {
    return fields == 1 && !(scan->record[0].length & WEIR_CSV_QUOTED) && is_blank_extra(scan, scan->record[0]);
}

static enum weir_status fail_count(const struct weir_csv_scan *scan, size_t begin, size_t fields,
                                   struct weir_error *error) {
    char shown[64];
    size_t length = scan->next - begin;
    while (length > 0 && (scan->text[begin + length - 1] == '\n' || scan->text[begin + length - 1] == '\r'))
        length--;
    if (length == 0) {
        return weir_csv_scan_fail(
            scan, begin, error,
            "a blank line where %zu fields are expected (as in Flink that is an error): remove "
            "it, or set 'csv.on-error' = 'skip'",
            scan->fields_count);
    }
    return weir_csv_scan_fail(scan, begin, error,
                              "%zu field%s where %zu are expected: '%s'. Correct the line or the columns (is "
                              "'csv.field-delimiter' right?), or set 'csv.on-error' = 'null' or 'skip'",
                              fields, fields == 1 ? "" : "s", scan->fields_count,
                              weir_csv_show(scan->text + begin, length, shown));
}

/* One record the slow way. *taken is 0 when it was dropped. */
static enum weir_status take_record(struct weir_csv_scan *scan, const int32_t *columns, size_t columns_count,
                                    size_t row, struct weir_csv_strip *out, bool *taken, struct weir_error *error) {
    size_t fields = 0, bad = 0, expected = scan->fields_count;
    size_t old_next = scan->next, old_mark = scan->mark, old_line = scan->line_end;
    *taken = false;
    enum weir_csv_split split = weir_csv_split_record(scan, &fields, &bad);
    if (split == WEIR_CSV_SPLIT_MORE || split == WEIR_CSV_SPLIT_NONE) return WEIR_AGAIN;
    bool extra = fields == expected + 1 && is_blank_extra(scan, scan->record[expected]);
    bool is_good = split == WEIR_CSV_SPLIT_OK && (fields == expected || extra);
    bool padded = split == WEIR_CSV_SPLIT_OK && fields < expected && scan->options.on_error == WEIR_CSV_NULL;
    bool blank = split == WEIR_CSV_SPLIT_OK && expected > 1 && weir_csv_is_blank(scan, fields);
    if (blank && scan->options.inferred) return WEIR_OK; /* no row: nobody said that it is an error */
    if (!is_good && !padded) {
        if (scan->options.on_error != WEIR_CSV_FAIL) {
            scan->rejected++;
            return WEIR_OK;
        }
        if (row > 0) { /* the records before go first: theirs may be an earlier error */
            scan->next = old_next, scan->mark = old_mark, scan->line_end = old_line;
            return WEIR_AGAIN;
        }
        if (split == WEIR_CSV_SPLIT_TEXT) return fail_text(scan, bad, error);
        return fail_count(scan, scan->record_begin, fields, error);
    }
    for (size_t c = 0; c < columns_count; c++) {
        size_t column = (size_t)columns[c];
        out->fields[c * WEIR_CSV_STRIP + row] =
            column < fields ? scan->record[column] : (struct weir_text_span){WEIR_CSV_MISSING, 0};
    }
    out->starts[row] = (uint32_t)scan->record_begin;
    out->starts[row + 1] = (uint32_t)scan->next;
    *taken = true;
    return WEIR_OK;
}

/* As many records of the present slice as there are. */
static enum weir_status take_rows(struct weir_csv_scan *scan, const int32_t *columns, size_t columns_count,
                                  size_t wanted, struct weir_csv_strip *out, struct weir_error *error) {
    out->rows = 0;
    out->plain = true;
    while (out->rows < wanted && scan->next < scan->slice_end) {
        if (scan->clean) {
            out->rows += take_regular(scan, columns, columns_count, wanted - out->rows, out->rows, out);
            if (out->rows == wanted || scan->next == scan->slice_end) break;
        }
        bool taken;
        enum weir_status status = take_record(scan, columns, columns_count, out->rows, out, &taken, error);
        if (status == WEIR_AGAIN) break;
        if (status != WEIR_OK) return status;
        out->rows += taken;
        out->plain = out->plain && !taken;
    }
    return WEIR_OK;
}

enum weir_status weir_csv_scan_strip(struct weir_csv_scan *scan, const int32_t *columns, size_t columns_count,
                                     size_t wanted, struct weir_csv_strip *out, struct weir_error *error) {
    WEIR_ASSERT(scan->fields_count > 0 && wanted > 0 && wanted <= WEIR_CSV_STRIP);
    enum weir_status status = reserve_record(scan, error);
    while (status == WEIR_OK) {
        status = take_rows(scan, columns, columns_count, wanted, out, error);
        if (status != WEIR_OK || out->rows > 0) return status;
        status = weir_csv_scan_advance(scan, error);
    }
    return status;
}
