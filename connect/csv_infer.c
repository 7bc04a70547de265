/* SPDX-License-Identifier: Apache-2.0
 *
 * Columns of a file that nobody declared: names from a header where there is one, types from the first lines.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/monotonic.h"
#include "connect/csv_scan.h"
#include "connect/text_value.h"

#define SAMPLE_BYTES ((size_t)1 << 20)
/* Lines that must agree about a delimiter. */
#define DELIMITER_LINES 1000
/* Of a pipe a header and a line under it are waited for, and then what follows until a pause. */
#define LIVE_LINES 2
#define LIVE_PAUSE_MS 200

/* Types that a text may be of. */
enum {
    CAN_BIGINT = 1,
    CAN_DOUBLE = 2,
    CAN_BOOLEAN = 4,
    CAN_DATE = 8,
    CAN_TIMESTAMP = 16,
    CAN_INSTANT = 32,
    CAN_TIME = 64, /* 10:20 may also be a duration: it stays text, but is no name of a column */
    CAN_ALL = 127,
};

struct column {
    unsigned can;   /* what all values seen are */
    int64_t values; /* that were not NULL */
    int digits;     /* of the longest fraction of a second */
    unsigned first; /* what the first line's field is */
    int first_digits;
    bool first_null;
};

struct sample {
    struct weir_csv_scan scan;
    struct column *columns;
    size_t count;
    char **first; /* texts of the first line */
    int64_t lines;
};

static enum weir_status no_memory(const struct sample *sample, struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "'%s': no memory to look at its first lines", sample->scan.path);
}

/* ---- one value --------------------------------------------------------------------------------------------------
 */

/* Digits only, beyond a BIGINT or with leading zeros: rather an identifier (a zip code) than a number. */
static bool is_identifier(const char *text, size_t length) {
    bool is_signed = length > 0 && (*text == '-' || *text == '+');
    for (size_t i = is_signed; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
    }
    int64_t value;
    bool zeros = length > 1u + is_signed && text[is_signed] == '0';
    return zeros || !weir_text_parse_i64(text, length, INT64_MIN, INT64_MAX, &value);
}

static unsigned classify_number(const char *text, size_t length) {
    int64_t whole;
    double value;
    weir_text_trim(&text, &length);
    if (length == 0 || is_identifier(text, length)) return 0;
    if (weir_text_parse_i64(text, length, INT64_MIN, INT64_MAX, &whole)) return CAN_BIGINT | CAN_DOUBLE;
    char last = text[length - 1]; /* 1f and 0x1p3 are doubles for Java only */
    bool plain =
        ((last >= '0' && last <= '9') || last == '.' || last == 'N' || last == 'y') && !memchr(text, 'x', length);
    return plain && weir_text_parse_f64(text, length, &value) ? CAN_DOUBLE : 0;
}

static int fraction_digits(const char *text, size_t length) {
    const char *point = memchr(text, '.', length), *at = point;
    if (!point) return 0;
    while (++at < text + length && *at >= '0' && *at <= '9') continue;
    return (int)(at - point) - 1;
}

static unsigned classify(const char *text, size_t length, int *digits) {
    *digits = 0;
    if (length == 0) return 0;
    int32_t days;
    int64_t ticks;
    unsigned can = classify_number(text, length);
    if (can) return can;
    if (weir_text_parse_bool(text, length)) return CAN_BOOLEAN;
    if (length == 10 && weir_text_parse_date(text, length, &days)) return CAN_DATE;
    *digits = fraction_digits(text, length);
    if (weir_text_parse_time(text, length, &days)) return CAN_TIME;
    if (weir_text_parse_timestamp(text, length, WEIR_TEXT_TIME_ISO, 1000, &ticks)) return CAN_TIMESTAMP;
    unsigned zulu = WEIR_TEXT_TIME_ISO | WEIR_TEXT_TIME_ZULU;
    if (weir_text_parse_timestamp(text, length, zulu, 1000, &ticks)) return CAN_INSTANT;
    weir_text_trim(&text, &length);
    return length == 5 && strncasecmp(text, "false", 5) == 0 ? CAN_BOOLEAN : 0;
}

bool weir_csv_is_value(const char *text, size_t length) {
    int digits;
    return classify(text, length, &digits) != 0;
}

static bool is_null(const struct weir_csv_options *options, struct weir_text_span field, const char *text,
                    size_t length) {
    if (length == 0 && !(field.length & WEIR_CSV_QUOTED)) return true;
    return options->null_literal && length == options->null_bytes &&
           memcmp(text, options->null_literal, length) == 0;
}

/* ---- the lines --------------------------------------------------------------------------------------------------
 */

static enum weir_status take_first(struct sample *sample, size_t fields, struct weir_error *error) {
    sample->count = fields;
    sample->columns = calloc(fields, sizeof(*sample->columns));
    sample->first = calloc(fields, sizeof(*sample->first));
    if (!sample->columns || !sample->first) return no_memory(sample, error);
    for (size_t i = 0; i < fields; i++) {
        struct column *column = &sample->columns[i];
        const char *text;
        size_t length;
        enum weir_status status = weir_csv_unescape(&sample->scan, sample->scan.record[i], &text, &length, error);
        if (status != WEIR_OK) return status;
        column->can = CAN_ALL;
        column->first = classify(text, length, &column->first_digits);
        column->first_null = is_null(&sample->scan.options, sample->scan.record[i], text, length);
        weir_text_trim(&text, &length);
        sample->first[i] = strndup(text, length);
        if (!sample->first[i]) return no_memory(sample, error);
    }
    return WEIR_OK;
}

static enum weir_status take_line(struct sample *sample, size_t fields, struct weir_error *error) {
    if (fields < sample->count) return WEIR_OK; /* the reader judges such lines, by its options */
    for (size_t i = 0; i < sample->count; i++) {
        struct column *column = &sample->columns[i];
        const char *text;
        size_t length;
        int digits;
        enum weir_status status = weir_csv_unescape(&sample->scan, sample->scan.record[i], &text, &length, error);
        if (status != WEIR_OK) return status;
        if (is_null(&sample->scan.options, sample->scan.record[i], text, length)) continue;
        column->can &= classify(text, length, &digits);
        column->values++;
        if (digits > column->digits) column->digits = digits;
    }
    return WEIR_OK;
}

static enum weir_status next_line(struct sample *sample, size_t *fields, struct weir_error *error) {
    if (sample->scan.pipe && sample->lines >= LIVE_LINES)
        sample->scan.wait_until = weir_monotonic_ms() + LIVE_PAUSE_MS;
    return weir_csv_scan_record(&sample->scan, fields, error);
}

/* The first line that is not blank. */
static enum weir_status first_line(struct sample *sample, size_t *fields, struct weir_error *error) {
    enum weir_status status;
    do {
        status = next_line(sample, fields, error);
    } while (status == WEIR_OK && weir_csv_is_blank(&sample->scan, *fields));
    return status;
}

static enum weir_status take_sample(struct sample *sample, struct weir_error *error) {
    size_t fields, bytes = 0;
    enum weir_status status = first_line(sample, &fields, error);
    if (status == WEIR_OK) status = take_first(sample, fields, error);
    while (status == WEIR_OK) {
        sample->lines++;
        bytes += sample->scan.next - sample->scan.record_begin;
        if (bytes >= SAMPLE_BYTES) return WEIR_OK;
        status = next_line(sample, &fields, error);
        if (status == WEIR_OK) status = take_line(sample, fields, error);
    }
    return status == WEIR_END || status == WEIR_AGAIN ? WEIR_OK : status;
}

/* ---- conclusions ------------------------------------------------------------------------------------------------
 */

static bool equals_names(const struct sample *sample, const char *const *names, size_t count) {
    if (!names || count == 0 || count != sample->count) return false;
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(sample->first[i], names[i]) != 0) return false;
    }
    return true;
}

/* A number that names a column, if one does: 2020. */
static bool is_year(const char *text) {
    return (text[0] == '1' || text[0] == '2') && strspn(text, "0123456789") == 4 && !text[4];
}

/* Texts and years only: the line may be a header, or a row of texts. */
static bool may_be_header(const struct sample *sample) {
    bool any_text = false;
    for (size_t i = 0; i < sample->count; i++) {
        if (sample->first[i][0] == 0 || (sample->columns[i].first && !is_year(sample->first[i]))) return false;
        any_text = any_text || !sample->columns[i].first;
    }
    return any_text;
}

/* A header: it may be one, and stands above at least one column of something else. */
static bool looks_like_header(const struct sample *sample) {
    bool other = false;
    for (size_t i = 0; i < sample->count; i++) {
        const struct column *column = &sample->columns[i];
        other = other || (column->values > 0 && column->can && !(column->can & column->first));
    }
    return other && may_be_header(sample);
}

static struct weir_type type_of(const struct column *column) {
    if (column->values == 0) return weir_type_of(WEIR_TYPE_STRING);
    if (column->can & CAN_BIGINT) return weir_type_of(WEIR_TYPE_BIGINT);
    if (column->can & CAN_DOUBLE) return weir_type_of(WEIR_TYPE_DOUBLE);
    if (column->can & CAN_BOOLEAN) return weir_type_of(WEIR_TYPE_BOOLEAN);
    if (column->can & CAN_DATE) return weir_type_of(WEIR_TYPE_DATE);
    if (!(column->can & (CAN_TIMESTAMP | CAN_INSTANT))) return weir_type_of(WEIR_TYPE_STRING);
    struct weir_type type = weir_type_timestamp(column->digits <= 3 ? 3 : column->digits <= 6 ? 6 : 9);
    if (column->can & CAN_INSTANT) type.id = WEIR_TYPE_TIMESTAMP_LTZ;
    return type;
}

static bool is_taken(char *const *names, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) return true;
    }
    return false;
}

/* The header's name, f0, f1, ... where it has none, with a number behind where an earlier column has it. */
static char *name_of(const struct sample *sample, size_t idx, bool has_header, char *const *earlier) {
    const char *wish = has_header ? sample->first[idx] : "";
    size_t room = strlen(wish) + 24;
    char *name = malloc(room);
    if (!name) return NULL;
    if (*wish)
        snprintf(name, room, "%s", wish);
    else
        snprintf(name, room, "f%zu", idx);
    size_t length = strlen(name);
    for (size_t number = 2; is_taken(earlier, idx, name); number++) {
        snprintf(name + length, room - length, "_%zu", number);
    }
    return name;
}

static enum weir_status conclude(struct sample *sample, const char *const *names, size_t names_count,
                                 struct weir_csv_guess *out, struct weir_error *error) {
    enum weir_csv_header header = sample->scan.options.header;
    if (sample->count == 0) return WEIR_OK;
    out->count = sample->count;
    out->lines = sample->lines;
    snprintf(out->first, sizeof(out->first), "%s", sample->first[0]);
    out->has_header =
        header == WEIR_CSV_HEADER_TRUE || (header != WEIR_CSV_HEADER_FALSE &&
                                           (equals_names(sample, names, names_count) || looks_like_header(sample)));
    out->is_undecided = !out->has_header && header != WEIR_CSV_HEADER_FALSE && may_be_header(sample);
    out->names = calloc(sample->count, sizeof(*out->names));
    out->types = calloc(sample->count, sizeof(*out->types));
    if (!out->names || !out->types) return no_memory(sample, error);
    for (size_t i = 0; i < sample->count; i++) {
        struct column *column = &sample->columns[i];
        if (!out->has_header && !column->first_null) {
            column->can &= column->first;
            column->values++;
            if (column->first_digits > column->digits) column->digits = column->first_digits;
        }
        out->types[i] = type_of(column);
        out->names[i] = name_of(sample, i, out->has_header, out->names);
        if (!out->names[i]) return no_memory(sample, error);
    }
    return WEIR_OK;
}

static enum weir_status open_sample(const struct weir_csv_origin *origin, const struct weir_csv_options *options,
                                    struct sample *sample, struct weir_error *error) {
    if (!origin->pipe) return weir_csv_scan_open(origin->path, options, origin->plain_io, &sample->scan, error);
    weir_pipe_hold(origin->pipe);
    return weir_csv_scan_open_live(origin->pipe, options, &sample->scan, error);
}

/* Fields of the first line, and whether as many lines as `most` after it have as many. */
static enum weir_status count_fields(const struct weir_csv_origin *origin, const struct weir_csv_options *options,
                                     int most, size_t *first, bool *agree, struct weir_error *error) {
    struct sample sample = {0};
    size_t fields;
    enum weir_status status = open_sample(origin, options, &sample, error);
    if (status != WEIR_OK) return status;
    status = first_line(&sample, first, error);
    *agree = status == WEIR_OK;
    for (int i = 0; status == WEIR_OK && *agree && i < most; i++) {
        status = next_line(&sample, &fields, error);
        if (status == WEIR_OK && !weir_csv_is_blank(&sample.scan, fields)) *agree = fields == *first;
    }
    weir_csv_scan_close(&sample.scan);
    return status == WEIR_END ? WEIR_OK : status;
}

enum weir_status weir_csv_guess_delimiter(const struct weir_csv_origin *origin, struct weir_csv_options *options,
                                          struct weir_error *error) {
    struct weir_csv_options tried = *options;
    size_t fields = 0;
    bool agree;
    enum weir_status status = count_fields(origin, &tried, 0, &fields, &agree, error);
    if (status != WEIR_OK || fields != 1) return status;
    for (const char *other = ";\t|"; *other; other++) {
        tried.delimiter = *other;
        status = count_fields(origin, &tried, DELIMITER_LINES, &fields, &agree, error);
        if (status != WEIR_OK) return status;
        if (fields < 2 || !agree) continue;
        options->delimiter = *other;
        return WEIR_OK;
    }
    return WEIR_OK;
}

enum weir_status weir_csv_guess(const struct weir_csv_origin *origin, const struct weir_csv_options *options,
                                const char *const *names, size_t names_count, struct weir_csv_guess *out,
                                struct weir_error *error) {
    struct sample sample = {0};
    *out = (struct weir_csv_guess){0};
    enum weir_status status = open_sample(origin, options, &sample, error);
    if (status != WEIR_OK) return status;
    status = take_sample(&sample, error);
    if (status == WEIR_OK) status = conclude(&sample, names, names_count, out, error);
    for (size_t i = 0; sample.first && i < sample.count; i++) free(sample.first[i]);
    free(sample.first);
    free(sample.columns);
    weir_csv_scan_close(&sample.scan);
    if (origin->pipe) weir_pipe_rewind(origin->pipe);
    if (status != WEIR_OK) weir_csv_guess_fini(out);
    return status;
}

void weir_csv_guess_fini(struct weir_csv_guess *guess) {
    for (size_t i = 0; guess->names && i < guess->count; i++) free(guess->names[i]);
    free(guess->names);
    free(guess->types);
    *guess = (struct weir_csv_guess){0};
}
