/* SPDX-License-Identifier: Apache-2.0
 *
 * The source over one CSV file.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "connect/csv_column.h"
#include "connect/text_value.h"

struct reader {
    struct weir_csv_scan scan;
    bool is_open; /* scan is */
    struct weir_csv_strip strip;
    size_t count; /* columns of the file */
    char **names;
    struct weir_type *types;
    struct weir_csv_column *columns; /* one a column of the file; only those of `parsed` are filled */
    int32_t *parsed; /* ascending: the selected ones, or all where a bad field in any of them drops the line */
    size_t parsed_count;
    bool *selected;
    struct weir_csv_column **results; /* the selected ones */
    char *null_literal;
    size_t results_count;
    size_t batch_rows;
    bool has_header;
    bool is_guessed; /* the columns are this file's own */
    int64_t lines_guessed;
    int64_t values_nulled;
    int64_t rows_rejected;
    char description[512];
    _Atomic int64_t bytes_total; /* these four are read by other threads */
    _Atomic int64_t bytes_done;
    _Atomic int64_t rejected;
    _Atomic int64_t nulled;
};

static enum weir_status no_memory(size_t columns, struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to read %zu CSV columns", columns);
}

/* ---- a strip of records ---------------------------------------------------------------------------------------
 */

static struct weir_csv_field *fields_of(struct reader *reader, size_t p) {
    return reader->strip.fields + p * WEIR_CSV_STRIP;
}

static enum weir_status fail_field(struct reader *reader, size_t p, size_t row, struct weir_error *error) {
    char why[256];
    const struct weir_csv_column *column = &reader->columns[reader->parsed[p]];
    struct weir_csv_field field = fields_of(reader, p)[row];
    size_t at = field.start == WEIR_CSV_MISSING ? reader->strip.starts[row] : field.start;
    weir_csv_explain(&reader->scan, column, field, why);
    if (reader->scan.options.inferred) {
        return weir_csv_scan_fail(
            &reader->scan, at, error,
            "column '%s': %s. The type was taken from the first %lld lines: declare the columns "
            "with CREATE TABLE (as STRING, say), or set 'csv.on-error' = 'null' or 'skip'",
            column->name, why, (long long)reader->lines_guessed);
    }
    const char *hint = column->layout.type.nullable ? "'null' or 'skip'" : "'skip'";
    return weir_csv_scan_fail(&reader->scan, at, error,
                              "column '%s': %s. Correct the field, or set 'csv.on-error' = %s", column->name, why,
                              hint);
}

static size_t first_bad(const struct weir_csv_outcome *outcome) {
    size_t word = 0;
    while (outcome->bad[word] == 0) word++;
    return word * 64 + (size_t)__builtin_ctzll(outcome->bad[word]);
}

/* Parses the strip's fields. Where a bad field fails the query, the error is that of the first bad record, in
 * whatever column; each column is parsed up to the first bad record known so far. bad: of all columns, for SKIP. */
static enum weir_status parse_columns(struct reader *reader, size_t rows, struct weir_csv_outcome *all,
                                      struct weir_error *error) {
    const enum weir_csv_on_error on_error = reader->scan.options.on_error;
    bool check_text = weir_csv_has_bad_text(&reader->scan, &reader->strip);
    size_t limit = rows, bad_column = 0;
    *all = (struct weir_csv_outcome){0};
    for (size_t p = 0; p < reader->parsed_count; p++) {
        struct weir_csv_outcome one;
        struct weir_csv_column *column = &reader->columns[reader->parsed[p]];
        enum weir_status status =
            weir_csv_parse(&reader->scan, column, fields_of(reader, p), limit, check_text, &one, error);
        if (status != WEIR_OK) return status;
        all->nulled += one.nulled;
        if (one.bad_count == 0) continue;
        if (on_error == WEIR_CSV_FAIL || (on_error == WEIR_CSV_NULL && !column->layout.type.nullable)) {
            limit = first_bad(&one);
            bad_column = p;
        }
        all->bad_count += one.bad_count;
        for (size_t i = 0; i < WEIR_ARRAY_COUNT(all->bad); i++) all->bad[i] |= one.bad[i];
    }
    return limit < rows ? fail_field(reader, bad_column, limit, error) : WEIR_OK;
}

/* Takes the bad records out of the strip and of the columns; returns how many are left. */
static size_t drop_bad(struct reader *reader, size_t rows, const struct weir_csv_outcome *all) {
    size_t left = 0;
    for (size_t p = 0; p < reader->parsed_count; p++) {
        struct weir_csv_field *fields = fields_of(reader, p);
        struct weir_csv_column *column = &reader->columns[reader->parsed[p]];
        weir_csv_column_truncate(column, column->rows - rows);
        left = 0;
        for (size_t row = 0; row < rows; row++) {
            if (!weir_bit_get(all->bad, row)) fields[left++] = fields[row];
        }
    }
    reader->rows_rejected += (int64_t)(rows - left);
    return left;
}

/* Up to `wanted` records into the columns. *taken may be 0 where all were dropped. */
static enum weir_status take_strip(struct reader *reader, size_t wanted, size_t *taken, struct weir_error *error) {
    struct weir_csv_strip *strip = &reader->strip;
    enum weir_status status =
        weir_csv_scan_strip(&reader->scan, reader->parsed, reader->parsed_count, wanted, strip, error);
    *taken = 0;
    if (status != WEIR_OK) return status;
    size_t rows = strip->rows, bytes = strip->starts[rows] - strip->starts[0];
    for (size_t p = 0; status == WEIR_OK && p < reader->parsed_count; p++) {
        status = weir_csv_column_reserve(&reader->columns[reader->parsed[p]], rows, bytes, error);
    }
    if (status != WEIR_OK || reader->parsed_count == 0) {
        *taken = rows;
        return status;
    }
    struct weir_csv_outcome all;
    status = parse_columns(reader, rows, &all, error);
    if (status != WEIR_OK) return status;
    if (all.bad_count > 0 && reader->scan.options.on_error == WEIR_CSV_SKIP) {
        rows = drop_bad(reader, rows, &all);
        status = rows == 0 ? WEIR_OK : parse_columns(reader, rows, &all, error);
        if (status != WEIR_OK) return status;
        if (rows == 0) all.nulled = 0;
    }
    reader->values_nulled += (int64_t)all.bad_count * (reader->scan.options.on_error == WEIR_CSV_NULL) + all.nulled;
    *taken = rows;
    return WEIR_OK;
}

static void publish(struct reader *reader) {
    atomic_store_explicit(&reader->bytes_done, reader->scan.bytes_read, memory_order_relaxed);
    atomic_store_explicit(&reader->rejected, reader->scan.rejected + reader->rows_rejected, memory_order_relaxed);
    atomic_store_explicit(&reader->nulled, reader->values_nulled, memory_order_relaxed);
}

/* True where a further strip could overflow the 32-bit offsets of a text column. */
static bool is_full(const struct reader *reader) {
    for (size_t i = 0; i < reader->results_count; i++) {
        if (reader->results[i]->bytes > INT32_MAX - WEIR_CSV_RECORD_MAX) return true;
    }
    return false;
}

/* Forgets what was parsed only to be checked. */
static void clear_unselected(struct reader *reader) {
    for (size_t p = 0; p < reader->parsed_count; p++) {
        if (!reader->selected[reader->parsed[p]]) weir_csv_column_truncate(&reader->columns[reader->parsed[p]], 0);
    }
}

static enum weir_status read_next(void *state, struct ArrowArray *out, struct weir_error *error) {
    struct reader *reader = state;
    size_t rows = 0;
    while (rows < reader->batch_rows && !is_full(reader)) {
        size_t left = reader->batch_rows - rows, taken;
        enum weir_status status = take_strip(reader, left < WEIR_CSV_STRIP ? left : WEIR_CSV_STRIP, &taken, error);
        if (status == WEIR_END) break;
        if (status != WEIR_OK) return status;
        clear_unselected(reader);
        rows += taken;
        publish(reader);
    }
    publish(reader);
    if (rows == 0) return WEIR_END;
    return weir_csv_columns_export(reader->results, reader->results_count, rows, out, error);
}

/* ---- the other calls of a source --------------------------------------------------------------------------------
 */

static enum weir_status read_schema(void *state, struct ArrowSchema *out, struct weir_error *error) {
    const struct reader *reader = state;
    return weir_schema_export((const char *const *)reader->names, reader->types, reader->count, out, error);
}

static enum weir_status read_select(void *state, const int32_t *columns, size_t count, struct weir_error *error) {
    struct reader *reader = state;
    memset(reader->selected, 0, reader->count * sizeof(bool));
    reader->results_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (columns[i] < 0 || (size_t)columns[i] >= reader->count || (i > 0 && columns[i] <= columns[i - 1])) {
            return weir_error_set(error, WEIR_ERR_INVALID, "CSV columns to select must ascend from 0 to %zu",
                                  reader->count - 1);
        }
        reader->selected[columns[i]] = true;
        reader->results[reader->results_count++] = &reader->columns[columns[i]];
    }
    reader->parsed_count = 0;
    for (size_t i = 0; i < reader->count; i++) {
        bool needed = reader->selected[i] || reader->scan.options.on_error == WEIR_CSV_SKIP;
        if (needed) reader->parsed[reader->parsed_count++] = (int32_t)i;
    }
    free(reader->strip.fields);
    reader->strip.fields = malloc((reader->parsed_count + 1) * WEIR_CSV_STRIP * sizeof(*reader->strip.fields));
    return reader->strip.fields ? WEIR_OK : no_memory(reader->count, error);
}

static void read_progress(void *state, struct weir_source_progress *out) {
    struct reader *reader = state;
    *out = (struct weir_source_progress){
        .bytes_total = atomic_load_explicit(&reader->bytes_total, memory_order_relaxed),
        .bytes_done = atomic_load_explicit(&reader->bytes_done, memory_order_relaxed),
        .rejected = atomic_load_explicit(&reader->rejected, memory_order_relaxed),
        .nulled = atomic_load_explicit(&reader->nulled, memory_order_relaxed),
    };
}

static const char *read_describe(void *state) {
    struct reader *reader = state;
    char types[96] = "";
    if (reader->lines_guessed > 0) {
        snprintf(types, sizeof(types), ", types taken from the first %lld lines", (long long)reader->lines_guessed);
    }
    snprintf(reader->description, sizeof(reader->description), "csv: %zu of %zu columns%s%s", reader->results_count,
             reader->count, reader->has_header ? ", first line is a header" : "", types);
    return reader->description;
}

static void read_close(void *state) {
    struct reader *reader = state;
    if (!reader) return;
    if (reader->is_open) weir_csv_scan_close(&reader->scan);
    for (size_t i = 0; reader->columns && i < reader->count; i++) weir_csv_column_fini(&reader->columns[i]);
    for (size_t i = 0; reader->names && i < reader->count; i++) free(reader->names[i]);
    free(reader->names);
    free(reader->types);
    free(reader->columns);
    free(reader->parsed);
    free(reader->selected);
    free(reader->results);
    free(reader->strip.fields);
    free(reader->null_literal);
    free(reader);
}

/* ---- opening ----------------------------------------------------------------------------------------------------
 */

static bool allocate(struct reader *reader, size_t count) {
    reader->count = count;
    reader->names = calloc(count, sizeof(*reader->names));
    reader->types = calloc(count, sizeof(*reader->types));
    reader->columns = calloc(count, sizeof(*reader->columns));
    reader->parsed = calloc(count, sizeof(*reader->parsed));
    reader->selected = calloc(count, sizeof(*reader->selected));
    reader->results = calloc(count, sizeof(*reader->results));
    return reader->names && reader->types && reader->columns && reader->parsed && reader->selected &&
           reader->results;
}

static enum weir_status take_declared(struct reader *reader, const struct ArrowSchema *schema,
                                      struct weir_error *error) {
    if (schema->n_children < 1 || schema->n_children > WEIR_CSV_FIELDS_MAX) {
        return weir_error_set(error, WEIR_ERR_UNSUPPORTED, "a CSV table has 1 to %d columns, not %lld",
                              WEIR_CSV_FIELDS_MAX, (long long)schema->n_children);
    }
    if (!allocate(reader, (size_t)schema->n_children)) return no_memory((size_t)schema->n_children, error);
    for (size_t i = 0; i < reader->count; i++) {
        struct weir_layout layout;
        const struct ArrowSchema *child = schema->children[i];
        enum weir_status status = weir_layout_import(child, &layout, error);
        if (status != WEIR_OK) return status;
        enum weir_type_id id = layout.type.id;
        if (id == WEIR_TYPE_NULL || id == WEIR_TYPE_INTERVAL_MS || id == WEIR_TYPE_INTERVAL_MONTH) {
            return weir_error_set(error, WEIR_ERR_UNSUPPORTED,
                                  "column '%s': the CSV format reads no column of its type", child->name);
        }
        reader->types[i] = layout.type;
        reader->names[i] = strdup(child->name ? child->name : "");
        if (!reader->names[i]) return no_memory(reader->count, error);
    }
    return WEIR_OK;
}

static enum weir_status take_guess(struct reader *reader, const char *path, struct weir_csv_guess *guess,
                                   struct weir_error *error) {
    if (guess->count == 0) {
        return weir_error_set(error, WEIR_ERR_FORMAT, "'%s' is empty: there is no line to take columns from", path);
    }
    if (!allocate(reader, guess->count)) return no_memory(guess->count, error);
    for (size_t i = 0; i < guess->count; i++) {
        reader->types[i] = guess->types[i];
        reader->names[i] = guess->names[i];
        guess->names[i] = NULL;
    }
    reader->lines_guessed = guess->lines;
    reader->is_guessed = true;
    return WEIR_OK;
}

/* Whether field `at` of the header is this name. */
static enum weir_status is_named(struct reader *reader, size_t at, const char *name, bool *out,
                                 struct weir_error *error) {
    const char *text;
    size_t length;
    enum weir_status status = weir_csv_unescape(&reader->scan, reader->scan.record[at], &text, &length, error);
    if (status != WEIR_OK) return status;
    weir_text_trim(&text, &length);
    *out = strlen(name) == length && memcmp(name, text, length) == 0;
    return WEIR_OK;
}

/* A column whose name stands elsewhere in the header, but not where the column is: the columns are in another
 * order, and values would be swapped. */
static enum weir_status check_order(struct reader *reader, size_t fields, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    size_t count = fields < reader->count ? fields : reader->count;
    for (size_t i = 0; status == WEIR_OK && i < count; i++) {
        bool here, there = false;
        status = is_named(reader, i, reader->names[i], &here, error);
        for (size_t at = 0; status == WEIR_OK && !here && !there && at < count; at++) {
            status = is_named(reader, at, reader->names[i], &there, error);
            if (status != WEIR_OK || !there) continue;
            return weir_csv_scan_fail(
                &reader->scan, reader->scan.record[at].start, error,
                "the header has '%s' as column %zu, the table as column %zu: declare the columns "
                "in the order of the file",
                reader->names[i], at + 1, i + 1);
        }
    }
    return status;
}

static enum weir_status pass_header(struct reader *reader, struct weir_error *error) {
    size_t fields;
    enum weir_status status = weir_csv_scan_record(&reader->scan, &fields, error);
    if (status == WEIR_END) return WEIR_OK;
    if (status != WEIR_OK || reader->is_guessed) return status;
    if (fields == reader->count || fields == reader->count + 1) return check_order(reader, fields, error);
    return weir_csv_scan_fail(&reader->scan, reader->scan.record_begin, error,
                              "the header has %zu field%s, the table %zu columns", fields, fields == 1 ? "" : "s",
                              reader->count);
}

enum origin { ORIGIN_DECLARED, ORIGIN_GUESSED, ORIGIN_FIRST_FILE };

/* Columns, and whether there is a header. */
static enum weir_status find_columns(struct reader *reader, const char *path,
                                     const struct weir_source_request *request, enum origin origin,
                                     struct weir_csv_options *options, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    if (origin != ORIGIN_GUESSED) status = take_declared(reader, request->schema, error);
    if (status != WEIR_OK) return status;
    if (options->header == WEIR_CSV_HEADER_DEFAULT) {
        options->header = origin == ORIGIN_DECLARED ? WEIR_CSV_HEADER_FALSE : WEIR_CSV_HEADER_AUTO;
    }
    reader->has_header = options->header == WEIR_CSV_HEADER_TRUE;
    if (origin != ORIGIN_GUESSED && options->header != WEIR_CSV_HEADER_AUTO) return WEIR_OK;
    struct weir_csv_guess guess;
    status = weir_csv_guess(path, options, request->plain_io, (const char *const *)reader->names, reader->count,
                            &guess, error);
    if (status != WEIR_OK) return status;
    reader->has_header = guess.has_header;
    if (origin == ORIGIN_GUESSED) status = take_guess(reader, path, &guess, error);
    weir_csv_guess_fini(&guess);
    return status;
}

static enum weir_status open_scan(struct reader *reader, const char *path,
                                  const struct weir_source_request *request, const struct weir_csv_options *options,
                                  struct weir_error *error) {
    enum weir_status status = weir_csv_scan_open(path, options, request->plain_io, &reader->scan, error);
    if (status != WEIR_OK) return status;
    reader->is_open = true;
    atomic_init(&reader->bytes_total, weir_stream_size(reader->scan.stream));
    reader->batch_rows = request->batch_rows < 1 ? 1 : (size_t)request->batch_rows;
    for (size_t i = 0; i < reader->count; i++) {
        reader->columns[i].name = reader->names[i];
        reader->columns[i].layout = weir_layout_of(reader->types[i]);
        reader->parsed[i] = (int32_t)i;
    }
    status = read_select(reader, reader->parsed, reader->count, error);
    if (status == WEIR_OK && reader->has_header) status = pass_header(reader, error);
    reader->scan.fields_count = reader->count;
    return status;
}

static enum weir_status open_reader(const char *path, const struct weir_source_request *request, enum origin origin,
                                    struct weir_source *out, struct weir_error *error) {
    struct weir_csv_options options;
    bool declared = origin == ORIGIN_DECLARED;
    enum weir_status status =
        weir_csv_options_read(request->options, request->options_count, path, declared, &options, error);
    if (status != WEIR_OK) return status;
    options.inferred = !declared;
    struct reader *reader = calloc(1, sizeof(*reader));
    if (!reader) return no_memory(0, error);
    if (options.null_literal) { /* the request does not outlive the call */
        options.null_literal = reader->null_literal = strdup(options.null_literal);
        if (!reader->null_literal) status = no_memory(0, error);
    }
    if (status == WEIR_OK) status = find_columns(reader, path, request, origin, &options, error);
    if (status == WEIR_OK) status = open_scan(reader, path, request, &options, error);
    if (status != WEIR_OK) {
        read_close(reader);
        return status;
    }
    *out = (struct weir_source){
        .state = reader,
        .schema = read_schema,
        .select = read_select,
        .next = read_next,
        .progress = read_progress,
        .describe = read_describe,
        .close = read_close,
    };
    return WEIR_OK;
}

enum weir_status weir_csv_open_reader(const char *path, const struct weir_source_request *request,
                                      struct weir_source *out, struct weir_error *error) {
    return open_reader(path, request, request->schema ? ORIGIN_DECLARED : ORIGIN_GUESSED, out, error);
}

enum weir_status weir_csv_open_further(const char *path, const struct weir_source_request *request,
                                       struct weir_source *out, struct weir_error *error) {
    return open_reader(path, request, ORIGIN_FIRST_FILE, out, error);
}
