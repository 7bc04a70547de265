/* SPDX-License-Identifier: Apache-2.0
 *
 * Fields of one column to values. Each type has a quick way for the shapes that data has (plain digits, a full
 * timestamp), inlined into the loop over the rows; everything else, and everything bad, goes through text_value.h.
 * Words of 8 bytes are read little-endian and may reach WEIR_CSV_PADDING bytes beyond a field.
 */
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "connect/csv_column.h"
#include "connect/text_value.h"
#include "engine/calendar.h"
#include "simd/kernels.h"

enum verdict { VERDICT_GOOD, VERDICT_BAD, VERDICT_NULLED };

/* ---- quick ways
 * --------------------------------------------------------------------------------------------------- */

WEIR_INLINE uint64_t load_u64(const char *text) {
    uint64_t word;
    memcpy(&word, text, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* 8 digits, the first in the lowest byte. */
WEIR_INLINE bool all_digits(uint64_t word) {
    return ((word & UINT64_C(0xF0F0F0F0F0F0F0F0)) |
            (((word + UINT64_C(0x0606060606060606)) & UINT64_C(0xF0F0F0F0F0F0F0F0)) >> 4)) ==
           UINT64_C(0x3333333333333333);
}

WEIR_INLINE uint64_t eight_digits(uint64_t word) {
    word -= UINT64_C(0x3030303030303030);
    word = word * 10 + (word >> 8);
    return (((word & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064)) +
            (((word >> 16) & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x0000271000000001))) >>
           32;
}

/* 1 to 8 digits, filled up with leading zeros. */
WEIR_INLINE uint64_t few_digits(const char *text, size_t length) {
    unsigned shift = 64 - 8 * (unsigned)length;
    return load_u64(text) << shift | (shift ? UINT64_C(0x3030303030303030) >> (64 - shift) : 0);
}

/* An optional '-' and 1 to 16 digits. */
WEIR_INLINE bool quick_i64(const char *text, size_t length, int64_t *out) {
    bool negative = *text == '-';
    text += negative;
    length -= negative;
    if (WEIR_UNLIKELY(length - 1 > 15)) return false;
    uint64_t value;
    if (length <= 8) {
        uint64_t word = few_digits(text, length);
        if (WEIR_UNLIKELY(!all_digits(word))) return false;
        value = eight_digits(word);
    } else {
        uint64_t head = few_digits(text, length - 8), tail = load_u64(text + length - 8);
        if (WEIR_UNLIKELY(!all_digits(head) || !all_digits(tail))) return false;
        value = eight_digits(head) * 100000000 + eight_digits(tail);
    }
    *out = ((int64_t)value ^ -(int64_t)negative) + negative;
    return true;
}

static const double powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

/* Without a branch, which in columns of both signs cannot be foreseen. */
WEIR_INLINE double with_sign(double value, bool negative) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    bits |= (uint64_t)negative << 63;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* 1 to 8 digits with a point among them, or none: mantissa and digits behind the point. */
WEIR_INLINE bool few_with_point(const char *text, size_t length, uint64_t *mantissa, size_t *fraction) {
    uint64_t word = few_digits(text, length); /* the last character in the highest byte */
    uint64_t differs = word ^ UINT64_C(0x2E2E2E2E2E2E2E2E);
    uint64_t points = (differs - UINT64_C(0x0101010101010101)) & ~differs & UINT64_C(0x8080808080808080);
    *fraction = 0;
    if (points != 0) { /* the first one; a second is no digit */
        unsigned at = (unsigned)__builtin_ctzll(points) - 7;
        uint64_t before = word & ((UINT64_C(1) << at) - 1);
        uint64_t behind = at == 56 ? 0 : word >> (at + 8) << (at + 8);
        word = behind | before << 8 | 0x30;
        *fraction = 7 - at / 8;
    }
    *mantissa = eight_digits(word);
    return all_digits(word) && (points == 0 || length > 1);
}

/* An optional '-', digits and a point among them, 15 digits at most: mantissa and power of ten are exact doubles,
 * so one division rounds correctly (Clinger 1990). */
WEIR_INLINE bool quick_f64(const char *text, size_t length, double *out) {
    const char *at = text, *end = text + length, *point = NULL;
    bool negative = length > 0 && *at == '-';
    at += negative;
    if (WEIR_UNLIKELY((size_t)(end - at) - 1 > 15)) return false;
    uint64_t mantissa = 0;
    size_t fraction;
    if (end - at <= 8) {
        if (WEIR_UNLIKELY(!few_with_point(at, (size_t)(end - at), &mantissa, &fraction))) return false;
        *out = with_sign((double)mantissa / powers[fraction], negative);
        return true;
    }
    const char *first = at;
    for (; at < end; at++) {
        unsigned digit = (unsigned)(unsigned char)*at - '0';
        if (digit <= 9) {
            mantissa = mantissa * 10 + digit;
        } else {
            if (*at != '.' || point) return false;
            point = at;
        }
    }
    fraction = point ? (size_t)(end - point) - 1 : 0;
    if (WEIR_UNLIKELY(end - first == (point != NULL) || (!point && end - first > 15))) return false;
    *out = with_sign((double)mantissa / powers[fraction], negative);
    return true;
}

WEIR_INLINE bool two_digits(const char *text, unsigned *out) {
    unsigned high = (unsigned)(unsigned char)text[0] - '0', low = (unsigned)(unsigned char)text[1] - '0';
    *out = high * 10 + low;
    return high <= 9 && low <= 9;
}

/* 'YYYY-MM-DD' with month and day in their ranges; the last days of short months are left to the slow way. */
WEIR_INLINE bool quick_date(const char *text, int64_t *days) {
    unsigned century, year, month, day;
    bool digits = two_digits(text, &century) & two_digits(text + 2, &year) & two_digits(text + 5, &month) &
                  two_digits(text + 8, &day);
    if (!digits || text[4] != '-' || text[7] != '-' || month - 1 > 11 || day - 1 > 27) return false;
    *days = weir_days_from_civil(century * 100 + year, (int32_t)month, (int32_t)day);
    return true;
}

WEIR_INLINE bool cached_date(struct weir_csv_column *column, const char *text, int64_t *days) {
    uint64_t head = load_u64(text), tail = load_u64(text + 2); /* the two overlap: together they are the 10 bytes */
    if (WEIR_UNLIKELY(head != column->date_text[0] || tail != column->date_text[1])) {
        if (!quick_date(text, &column->date_days)) {
            column->date_text[0] = 0;
            return false;
        }
        column->date_text[0] = head;
        column->date_text[1] = tail;
    }
    *days = column->date_days;
    return true;
}

/* 'YYYY-MM-DD HH:MM:SS' and a fraction of 1 to 9 digits, or none. */
WEIR_INLINE bool quick_timestamp(struct weir_csv_column *column, const char *text, size_t length, int64_t *out) {
    unsigned hour, minute, second;
    int64_t days, nanos = 0;
    if (WEIR_UNLIKELY(length < 19 || length > 29 || length == 20)) return false;
    if (!cached_date(column, text, &days)) return false;
    bool digits = two_digits(text + 11, &hour) & two_digits(text + 14, &minute) & two_digits(text + 17, &second);
    if (WEIR_UNLIKELY(!digits || text[10] != ' ' || text[13] != ':' || text[16] != ':')) return false;
    if (WEIR_UNLIKELY(hour > 23 || minute > 59 || second > 59)) return false;
    if (length > 20) {
        if (text[19] != '.') return false;
        for (size_t i = 20; i < 29; i++) {
            unsigned digit = i < length ? (unsigned)(unsigned char)text[i] - '0' : 0;
            if (digit > 9) return false;
            nanos = nanos * 10 + digit;
        }
    }
    int64_t seconds = days * 86400 + hour * 3600 + minute * 60 + second;
    switch (column->layout.ticks_per_second) { /* years 0 to 9999: only nanoseconds can overflow */
    case 1000: *out = seconds * 1000 + nanos / 1000000; return true;
    case 1000000: *out = seconds * 1000000 + nanos / 1000; return true;
    default: return weir_mul_i64(seconds, 1000000000, out) && weir_add_i64(*out, nanos, out);
    }
}

/* ---- one field, by type
 * ------------------------------------------------------------------------------------------- */

/* Each stores a value at `row`. `strict`: the columns were not declared; `iso`: times may be as ISO 8601 has them.
 */
#define PARSE(name)                                                                                                \
    WEIR_INLINE enum verdict name(struct weir_csv_column *column, const char *text, size_t length, size_t row,     \
                                  bool strict, bool iso)

#define PARSE_INTEGER(name, type, min, max)                                                                        \
    PARSE(name) {                                                                                                  \
        int64_t value;                                                                                             \
        if (!(length > 0 && quick_i64(text, length, &value) && value >= (min) && value <= (max)) &&                \
            !weir_text_parse_i64(text, length, min, max, &value)) {                                                \
            return VERDICT_BAD;                                                                                    \
        }                                                                                                          \
        ((type *)column->values)[row] = (type)value;                                                               \
        return VERDICT_GOOD;                                                                                       \
    }

PARSE_INTEGER(parse_i8, int8_t, INT8_MIN, INT8_MAX)
PARSE_INTEGER(parse_i16, int16_t, INT16_MIN, INT16_MAX)
PARSE_INTEGER(parse_i32, int32_t, INT32_MIN, INT32_MAX)
PARSE_INTEGER(parse_i64, int64_t, INT64_MIN, INT64_MAX)

PARSE(parse_f64) {
    double *out = (double *)column->values + row;
    bool done = quick_f64(text, length, out) || weir_text_parse_f64(text, length, out);
    return done ? VERDICT_GOOD : VERDICT_BAD;
}

PARSE(parse_f32) {
    return weir_text_parse_f32(text, length, (float *)column->values + row) ? VERDICT_GOOD : VERDICT_BAD;
}

PARSE(parse_bool) {
    bool value = weir_text_parse_bool(text, length);
    weir_bit_put(column->values, row, value);
    if (value || !strict) return VERDICT_GOOD;
    weir_text_trim(&text, &length);
    return length == 5 && strncasecmp(text, "false", 5) == 0 ? VERDICT_GOOD : VERDICT_BAD;
}

PARSE(parse_decimal) {
    weir_i128 value = 0;
    const struct weir_type *type = &column->layout.type;
    enum weir_text_result result = weir_text_parse_decimal(text, length, type->precision, type->scale, &value);
    memcpy((char *)column->values + row * 16, &value, 16);
    return result == WEIR_TEXT_OK ? VERDICT_GOOD : result == WEIR_TEXT_MALFORMED ? VERDICT_BAD : VERDICT_NULLED;
}

PARSE(parse_date) {
    int64_t days;
    if (length == 10 && cached_date(column, text, &days) && days > -141427) { /* 1582-10-15 and later */
        ((int32_t *)column->values)[row] = (int32_t)days;
        return VERDICT_GOOD;
    }
    return weir_text_parse_date(text, length, (int32_t *)column->values + row) ? VERDICT_GOOD : VERDICT_BAD;
}

PARSE(parse_time) {
    return weir_text_parse_time(text, length, (int32_t *)column->values + row) ? VERDICT_GOOD : VERDICT_BAD;
}

PARSE(parse_timestamp) {
    int64_t *out = (int64_t *)column->values + row, ticks = column->layout.ticks_per_second;
    if (quick_timestamp(column, text, length, out)) return VERDICT_GOOD;
    unsigned form = iso ? WEIR_TEXT_TIME_ISO : WEIR_TEXT_TIME_PLAIN;
    return weir_text_parse_timestamp(text, length, form, ticks, out) ? VERDICT_GOOD : VERDICT_BAD;
}

PARSE(parse_instant) {
    int64_t *out = (int64_t *)column->values + row, ticks = column->layout.ticks_per_second;
    if (length > 0 && text[length - 1] == 'Z' && quick_timestamp(column, text, length - 1, out))
        return VERDICT_GOOD;
    unsigned form = WEIR_TEXT_TIME_ZULU | (iso ? WEIR_TEXT_TIME_ISO : 0);
    return weir_text_parse_timestamp(text, length, form, ticks, out) ? VERDICT_GOOD : VERDICT_BAD;
}

PARSE(parse_string) {
    char *to = (char *)column->values + column->bytes;
    if (WEIR_LIKELY(length <= 16))
        memcpy(to, text, 16);
    else
        memcpy(to, text, length);
    column->bytes += length;
    return VERDICT_GOOD;
}

PARSE(parse_bytes) {
    int64_t bytes = weir_text_parse_base64(text, length, (char *)column->values + column->bytes);
    if (bytes < 0) return VERDICT_BAD;
    column->bytes += (size_t)bytes;
    return VERDICT_GOOD;
}

/* ---- the loop over the rows -------------------------------------------------------------------------------------
 */

typedef enum verdict (*parse_fn)(struct weir_csv_column *, const char *, size_t, size_t, bool, bool);

struct work {
    struct weir_csv_scan *scan;
    struct weir_csv_column *column;
    const struct weir_text_span *fields;
    size_t rows;
    struct weir_csv_outcome *out;
    bool check_text; /* the strip holds bytes that are no UTF-8, or a NUL: look at each field */
    struct weir_error *error;
};

/* Whether the field stands for NULL. */
WEIR_INLINE bool is_null(const struct weir_csv_options *options, struct weir_text_span field, const char *text,
                         size_t length, bool is_text) {
    if (options->inferred && length == 0 && !(is_text && (field.length & WEIR_CSV_QUOTED))) return true;
    return options->null_literal && length == options->null_bytes &&
           (length == 0 || memcmp(text, options->null_literal, length) == 0);
}

WEIR_INLINE enum weir_status parse_rows(const struct work *work, parse_fn parse, bool is_text) {
    struct weir_csv_column *column = work->column;
    const struct weir_csv_options options = work->scan->options;
    const char *base = work->scan->text;
    const bool maybe_null = options.inferred || options.null_literal, iso = options.inferred || options.iso_times;
    for (size_t i = 0; i < work->rows; i++) {
        struct weir_text_span field = work->fields[i];
        size_t row = column->rows + i, length = field.length & WEIR_CSV_LENGTH;
        enum verdict verdict = VERDICT_GOOD;
        bool null = field.start == WEIR_CSV_MISSING;
        if (null) verdict = VERDICT_NULLED;
        const char *text = null ? "" : base + field.start;
        if (WEIR_UNLIKELY(field.length & WEIR_CSV_ESCAPED)) {
            enum weir_status status = weir_csv_unescape(work->scan, field, &text, &length, work->error);
            if (status != WEIR_OK) return status;
        }
        if (is_text) column->offsets[row] = (int32_t)column->bytes;
        if (!null && maybe_null) null = is_null(&options, field, text, length, is_text);
        if (!null && is_text && WEIR_UNLIKELY(work->check_text)) {
            bool fine = weir_simd->utf8_valid(text, length) && !memchr(text, 0, length);
            verdict = fine ? VERDICT_GOOD : VERDICT_BAD;
        }
        if (!null && verdict == VERDICT_GOOD) verdict = parse(column, text, length, row, options.inferred, iso);
        if (WEIR_LIKELY(!null && verdict == VERDICT_GOOD)) continue;
        enum weir_status status = weir_csv_column_null(column, row, work->error);
        if (status != WEIR_OK) return status;
        work->out->nulled += verdict == VERDICT_NULLED;
        if (verdict == VERDICT_BAD || !column->layout.type.nullable) {
            weir_bit_set(work->out->bad, i);
            work->out->bad_count++;
        }
    }
    column->rows += work->rows;
    if (is_text) column->offsets[column->rows] = (int32_t)column->bytes;
    return WEIR_OK;
}

#define ROWS(name, is_text)                                                                                        \
    static enum weir_status rows_##name(const struct work *work) { return parse_rows(work, parse_##name, is_text); }

ROWS(i8, false)
ROWS(i16, false)
ROWS(i32, false)
ROWS(i64, false)
ROWS(f32, false)
ROWS(f64, false)
ROWS(bool, false)
ROWS(decimal, false)
ROWS(date, false)
ROWS(time, false)
ROWS(timestamp, false)
ROWS(instant, false)
ROWS(string, true)

/* Bytes are stored as strings are, but are no text: no UTF-8 to check. */
static enum weir_status rows_bytes(const struct work *work) {
    struct work plain = *work;
    plain.check_text = false;
    return parse_rows(&plain, parse_bytes, true);
}

bool weir_csv_has_bad_text(const struct weir_csv_scan *scan, const struct weir_csv_strip *strip) {
    if (scan->options.escaping) return true; /* an escape may stand for a NUL */
    const char *begin = scan->text + strip->starts[0];
    size_t bytes = strip->starts[strip->rows] - strip->starts[0];
    return !weir_simd->utf8_valid(begin, bytes) || memchr(begin, 0, bytes);
}

enum weir_status weir_csv_parse(struct weir_csv_scan *scan, struct weir_csv_column *column,
                                const struct weir_text_span *fields, size_t rows, bool check_text,
                                struct weir_csv_outcome *out, struct weir_error *error) {
    *out = (struct weir_csv_outcome){0};
    struct work work = {scan, column, fields, rows, out, check_text, error};
    switch (column->layout.type.id) {
    case WEIR_TYPE_TINYINT: return rows_i8(&work);
    case WEIR_TYPE_SMALLINT: return rows_i16(&work);
    case WEIR_TYPE_INT: return rows_i32(&work);
    case WEIR_TYPE_BIGINT: return rows_i64(&work);
    case WEIR_TYPE_FLOAT: return rows_f32(&work);
    case WEIR_TYPE_DOUBLE: return rows_f64(&work);
    case WEIR_TYPE_BOOLEAN: return rows_bool(&work);
    case WEIR_TYPE_DECIMAL: return rows_decimal(&work);
    case WEIR_TYPE_DATE: return rows_date(&work);
    case WEIR_TYPE_TIME: return rows_time(&work);
    case WEIR_TYPE_TIMESTAMP: return rows_timestamp(&work);
    case WEIR_TYPE_TIMESTAMP_LTZ: return rows_instant(&work);
    case WEIR_TYPE_BYTES: return rows_bytes(&work);
    default: return rows_string(&work);
    }
}

/* ---- messages
 * ----------------------------------------------------------------------------------------------------- */

/* What a type's text looks like, where that is not plain. */
static const char *shape_of(enum weir_type_id id) {
    switch (id) {
    case WEIR_TYPE_TIMESTAMP:
        return " (written as '2024-01-31 10:20:30.456', or with a T where 'csv.timestamp-format.standard' = "
               "'ISO-8601')";
    case WEIR_TYPE_TIMESTAMP_LTZ:
        return " (written as '2024-01-31 10:20:30.456Z', or as '2024-01-31T10:20:30+01:00' where "
               "'csv.timestamp-format.standard' = 'ISO-8601')";
    case WEIR_TYPE_DATE: return " (written as '2024-01-31', without blanks around)";
    case WEIR_TYPE_TIME: return " (written as '10:20:30.456', without blanks around)";
    case WEIR_TYPE_DECIMAL: return " (without blanks around)";
    case WEIR_TYPE_BYTES: return " (written in base64)";
    default: return "";
    }
}

const char *weir_csv_explain(struct weir_csv_scan *scan, const struct weir_csv_column *column,
                             struct weir_text_span field, char *buffer) {
    enum { SIZE = WEIR_CSV_EXPLAIN_BYTES };
    char type[WEIR_TYPE_NAME_BYTES], shown[64];
    const char *text = "";
    size_t length = 0;
    bool missing = field.start == WEIR_CSV_MISSING;
    if (!missing && weir_csv_unescape(scan, field, &text, &length, NULL) != WEIR_OK) length = 0;
    bool null = missing || is_null(&scan->options, field, text, length, column->layout.type.id == WEIR_TYPE_STRING);
    weir_type_name(column->layout.type, false, type, sizeof(type));
    if (null) {
        snprintf(buffer, SIZE, "NULL, and the column is declared NOT NULL");
    } else if (column->layout.type.id == WEIR_TYPE_STRING) {
        snprintf(buffer, SIZE, "%s; weir reads UTF-8 (iconv converts other encodings)",
                 memchr(text, 0, length) ? "a NUL byte within text" : "text that is not valid UTF-8");
    } else if (length == 0) {
        snprintf(buffer, SIZE, "an empty field is no %s; 'csv.null-literal' = '' makes empty fields NULL", type);
    } else {
        snprintf(buffer, SIZE, "'%s' is no %s%s, or out of its range", weir_csv_show(text, length, shown), type,
                 shape_of(column->layout.type.id));
    }
    return buffer;
}
