/* SPDX-License-Identifier: Apache-2.0
 *
 * Fields of one column to values. Each type has a quick way for the shapes that data has (csv_quick.h), inlined
 * into the loop over the rows; everything else, and everything bad, goes through text_value.h. Some types have a
 * kernel that takes the plain fields of a strip all together, and leaves to the loop what it cannot take.
 */
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "connect/csv_quick.h"
#include "connect/text_value.h"
#include "simd/kernels.h"

enum verdict { VERDICT_GOOD, VERDICT_BAD, VERDICT_NULLED, VERDICT_NO_MEMORY };

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
    int64_t quick;
    enum weir_text_result result = WEIR_TEXT_OK;
    if (quick_decimal(text, length, type, &quick))
        value = quick;
    else
        result = weir_text_parse_decimal(text, length, type->precision, type->scale, &value);
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

/* The dictionary looks at new texts only. */
PARSE(parse_code) {
    uint32_t code = weir_text_dictionary_code(column->dictionary, text, length);
    column->codes[row] = code;
    return code == WEIR_TEXT_BAD ? VERDICT_BAD : code == WEIR_TEXT_NO_MEMORY ? VERDICT_NO_MEMORY : VERDICT_GOOD;
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
    const struct weir_csv_fields *fields;
    const struct weir_csv_options *options;
    struct weir_csv_outcome *out;
    struct weir_error *error;
};

/* What is stored: a value, a text behind the one before, or the code of a text. */
enum kind { KIND_VALUE, KIND_TEXT, KIND_CODE };

static WEIR_COLD enum weir_status no_memory(const struct work *work) {
    return weir_error_set(work->error, WEIR_ERR_MEMORY, "no memory for the texts of column '%s'",
                          work->column->name);
}

WEIR_INLINE enum weir_status parse_row(const struct work *work, size_t i, parse_fn parse, enum kind kind) {
    struct weir_csv_column *column = work->column;
    const struct weir_csv_options *options = work->options;
    const bool is_text = kind != KIND_VALUE, iso = options->inferred || options->iso_times;
    struct weir_text_span field = work->fields->spans[i];
    size_t row = column->rows + i, length = field.length & WEIR_CSV_LENGTH;
    enum verdict verdict = VERDICT_GOOD;
    bool null = field.start == WEIR_CSV_MISSING;
    if (null) verdict = VERDICT_NULLED;
    const char *text = null ? "" : work->scan->text + field.start;
    if (WEIR_UNLIKELY(field.length & WEIR_CSV_ESCAPED)) {
        enum weir_status status = weir_csv_unescape(work->scan, field, &text, &length, work->error);
        if (status != WEIR_OK) return status;
    }
    if (kind == KIND_TEXT) column->offsets[row] = (int32_t)column->bytes;
    if (!null) null = weir_csv_is_null(options, field, text, length, is_text);
    if (!null && kind == KIND_TEXT && WEIR_UNLIKELY(work->fields->check_text)) {
        bool fine = weir_simd->utf8_valid(text, length) && !memchr(text, 0, length);
        verdict = fine ? VERDICT_GOOD : VERDICT_BAD;
    }
    if (!null && verdict == VERDICT_GOOD) verdict = parse(column, text, length, row, options->inferred, iso);
    if (WEIR_LIKELY(!null && verdict == VERDICT_GOOD)) return WEIR_OK;
    if (verdict == VERDICT_NO_MEMORY) return no_memory(work);
    enum weir_status status = weir_csv_column_null(column, row, work->error);
    work->out->nulled += verdict == VERDICT_NULLED;
    if (verdict == VERDICT_BAD || !column->layout.type.nullable) {
        weir_bit_set(work->out->bad, i);
        work->out->bad_count++;
    }
    return status;
}

WEIR_INLINE enum weir_status parse_rows(const struct work *work, parse_fn parse, enum kind kind) {
    struct weir_csv_column *column = work->column;
    const struct weir_csv_options options = *work->options; /* a copy that nobody else can change */
    const size_t rows = work->fields->rows;
    struct work own = *work;
    own.options = &options;
    for (size_t i = 0; i < rows; i++) {
        enum weir_status status = parse_row(&own, i, parse, kind);
        if (status != WEIR_OK) return status;
    }
    column->rows += rows;
    if (kind == KIND_TEXT) column->offsets[column->rows] = (int32_t)column->bytes;
    return WEIR_OK;
}

#define ROWS(name, kind)                                                                                           \
    static enum weir_status rows_##name(const struct work *work) { return parse_rows(work, parse_##name, kind); }

ROWS(i8, KIND_VALUE)
ROWS(i16, KIND_VALUE)
ROWS(i32, KIND_VALUE)
ROWS(i64, KIND_VALUE)
ROWS(f32, KIND_VALUE)
ROWS(f64, KIND_VALUE)
ROWS(bool, KIND_VALUE)
ROWS(decimal, KIND_VALUE)
ROWS(date, KIND_VALUE)
ROWS(time, KIND_VALUE)
ROWS(timestamp, KIND_VALUE)
ROWS(instant, KIND_VALUE)
ROWS(string, KIND_TEXT)
ROWS(code, KIND_CODE)

/* Bytes are stored as strings are, but are no text: no UTF-8 to check. */
static enum weir_status rows_bytes(const struct work *work) {
    struct weir_csv_fields fields = *work->fields;
    struct work plain = *work;
    fields.check_text = false;
    plain.fields = &fields;
    return parse_rows(&plain, parse_bytes, KIND_TEXT);
}

/* ---- a strip at once --------------------------------------------------------------------------------------------
 *
 * Of plain fields, which kernels take all together; what they leave goes the way of single rows.
 */

static enum weir_status strip_f64(const struct work *work) {
    const struct weir_csv_fields *fields = work->fields;
    struct weir_csv_column *column = work->column;
    uint64_t done[WEIR_CSV_STRIP / 64];
    weir_simd->parse_decimals(work->scan->text, fields->spans, fields->rows,
                              (double *)column->values + column->rows, done);
    for (size_t at = 0; at < fields->rows; at += 64) {
        uint64_t inside = fields->rows - at < 64 ? weir_bitmap_tail(fields->rows) : ~UINT64_C(0);
        for (uint64_t left = ~done[at / 64] & inside; left != 0; left &= left - 1) {
            enum weir_status status = parse_row(work, at + (size_t)__builtin_ctzll(left), parse_f64, KIND_VALUE);
            if (status != WEIR_OK) return status;
        }
    }
    column->rows += fields->rows;
    return WEIR_OK;
}

static enum weir_status strip_code(const struct work *work) {
    const struct weir_csv_fields *fields = work->fields;
    struct weir_csv_column *column = work->column;
    uint32_t *codes = column->codes + column->rows;
    for (size_t row = 0; row < fields->rows; row++) {
        row = weir_text_dictionary_find(column->dictionary, work->scan->text, fields->spans, row, fields->rows,
                                        codes);
        if (row == fields->rows) break;
        enum weir_status status = parse_row(work, row, parse_code, KIND_CODE);
        if (status != WEIR_OK) return status;
    }
    column->rows += fields->rows;
    return WEIR_OK;
}

bool weir_csv_has_bad_text(const struct weir_csv_scan *scan, const struct weir_csv_strip *strip) {
    if (scan->options.escaping) return true; /* an escape may stand for a NUL */
    const char *begin = scan->text + strip->starts[0];
    size_t bytes = strip->starts[strip->rows] - strip->starts[0];
    return !weir_simd->utf8_valid(begin, bytes) || memchr(begin, 0, bytes);
}

enum weir_status weir_csv_parse(struct weir_csv_scan *scan, struct weir_csv_column *column,
                                const struct weir_csv_fields *fields, struct weir_csv_outcome *out,
                                struct weir_error *error) {
    *out = (struct weir_csv_outcome){0};
    struct work work = {scan, column, fields, &scan->options, out, error};
    bool whole = fields->plain && !scan->options.null_literal; /* which may look like a number */
    switch (column->layout.type.id) {
    case WEIR_TYPE_TINYINT: return rows_i8(&work);
    case WEIR_TYPE_SMALLINT: return rows_i16(&work);
    case WEIR_TYPE_INT: return rows_i32(&work);
    case WEIR_TYPE_BIGINT: return rows_i64(&work);
    case WEIR_TYPE_FLOAT: return rows_f32(&work);
    case WEIR_TYPE_DOUBLE: return whole ? strip_f64(&work) : rows_f64(&work);
    case WEIR_TYPE_BOOLEAN: return rows_bool(&work);
    case WEIR_TYPE_DECIMAL: return rows_decimal(&work);
    case WEIR_TYPE_DATE: return rows_date(&work);
    case WEIR_TYPE_TIME: return rows_time(&work);
    case WEIR_TYPE_TIMESTAMP: return rows_timestamp(&work);
    case WEIR_TYPE_TIMESTAMP_LTZ: return rows_instant(&work);
    case WEIR_TYPE_BYTES: return rows_bytes(&work);
    default: break;
    }
    if (!weir_csv_column_is_coded(column)) return rows_string(&work);
    return whole ? strip_code(&work) : rows_code(&work);
}
