/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/csv_decoder.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/monotonic.h"

/* Of a pipe: batches that are not full are given this far apart, so that a stream of single lines does not become a
 * stream of batches of one row; a line that comes alone is handed on at once. */
#define LIVE_GAP_MS 10

static enum weir_status no_memory(size_t columns, struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to read %zu CSV columns", columns);
}

/* ---- life -------------------------------------------------------------------------------------------------------
 */

enum weir_status weir_csv_decoder_init(struct weir_csv_decoder *decoder, char *const *names,
                                       const struct weir_type *types, size_t count, struct weir_error *error) {
    decoder->count = count;
    decoder->columns = calloc(count, sizeof(*decoder->columns));
    decoder->parsed = calloc(count, sizeof(*decoder->parsed));
    decoder->selected = calloc(count, sizeof(*decoder->selected));
    decoder->results = calloc(count, sizeof(*decoder->results));
    if (!decoder->columns || !decoder->parsed || !decoder->selected || !decoder->results)
        return no_memory(count, error);
    for (size_t i = 0; i < count; i++) {
        decoder->columns[i].name = names[i];
        decoder->columns[i].layout = weir_layout_of(types[i]);
    }
    return WEIR_OK;
}

void weir_csv_decoder_fini(struct weir_csv_decoder *decoder) {
    weir_csv_scan_close(&decoder->scan);
    for (size_t i = 0; decoder->columns && i < decoder->count; i++) weir_csv_column_fini(&decoder->columns[i]);
    free(decoder->columns);
    free(decoder->parsed);
    free(decoder->selected);
    free(decoder->results);
    free(decoder->strip.fields);
    *decoder = (struct weir_csv_decoder){0};
}

/* Gives a dictionary to each column that has one and is selected. False when memory is short. */
static bool code_columns(struct weir_csv_decoder *decoder) {
    for (size_t i = 0; decoder->coded && i < decoder->count; i++) {
        struct weir_csv_column *column = &decoder->columns[i];
        if (!decoder->selected[i]) weir_text_dictionary_destroy(&column->dictionary);
        if (!decoder->selected[i] || !decoder->coded[i] || column->dictionary) continue;
        column->dictionary = weir_text_dictionary_create();
        if (!column->dictionary) return false;
    }
    return true;
}

enum weir_status weir_csv_decoder_select(struct weir_csv_decoder *decoder, const int32_t *columns, size_t count,
                                         enum weir_csv_on_error on_error, struct weir_error *error) {
    memset(decoder->selected, 0, decoder->count * sizeof(bool));
    decoder->results_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (columns[i] < 0 || (size_t)columns[i] >= decoder->count || (i > 0 && columns[i] <= columns[i - 1])) {
            return weir_error_set(error, WEIR_ERR_INVALID, "CSV columns to select must ascend from 0 to %zu",
                                  decoder->count - 1);
        }
        decoder->selected[columns[i]] = true;
        decoder->results[decoder->results_count++] = &decoder->columns[columns[i]];
    }
    decoder->parsed_count = 0;
    for (size_t i = 0; i < decoder->count; i++) {
        /* Who counts rows alone has the first column of a declared table read, as in Flink. */
        bool counted = count == 0 && i == 0 && !decoder->scan.options.inferred;
        bool needed = decoder->selected[i] || on_error == WEIR_CSV_SKIP || counted;
        if (needed) decoder->parsed[decoder->parsed_count++] = (int32_t)i;
    }
    if (!code_columns(decoder)) return no_memory(decoder->count, error);
    free(decoder->strip.fields);
    decoder->strip.fields = malloc((decoder->parsed_count + 1) * WEIR_CSV_STRIP * sizeof(*decoder->strip.fields));
    return decoder->strip.fields ? WEIR_OK : no_memory(decoder->count, error);
}

void weir_csv_decoder_clear(struct weir_csv_decoder *decoder) {
    for (size_t i = 0; i < decoder->count; i++) weir_csv_column_truncate(&decoder->columns[i], 0);
    decoder->nulled = decoder->rejected = decoder->scan.rejected = 0;
}

/* ---- a strip of records ---------------------------------------------------------------------------------------
 */

static struct weir_text_span *fields_of(struct weir_csv_decoder *decoder, size_t p) {
    return decoder->strip.fields + p * WEIR_CSV_STRIP;
}

static enum weir_status fail_field(struct weir_csv_decoder *decoder, size_t p, size_t row,
                                   struct weir_error *error) {
    char why[WEIR_CSV_EXPLAIN_BYTES];
    const struct weir_csv_column *column = &decoder->columns[decoder->parsed[p]];
    struct weir_text_span field = fields_of(decoder, p)[row];
    size_t at = field.start == WEIR_CSV_MISSING ? decoder->strip.starts[row] : field.start;
    weir_csv_explain(&decoder->scan, column, field, why);
    if (decoder->scan.options.inferred) {
        return weir_csv_scan_fail(
            &decoder->scan, at, error,
            "column '%s': %s. The type was taken from the first %lld lines: declare the columns "
            "with CREATE TABLE (as STRING, say), or set 'csv.on-error' = 'null' or 'skip'",
            column->name, why, (long long)decoder->lines_guessed);
    }
    const char *hint = column->layout.type.nullable ? "'null' or 'skip'" : "'skip'";
    return weir_csv_scan_fail(&decoder->scan, at, error,
                              "column '%s': %s. Correct the field, or set 'csv.on-error' = %s", column->name, why,
                              hint);
}

static size_t first_bad(const struct weir_csv_outcome *outcome) {
    size_t word = 0;
    while (outcome->bad[word] == 0) word++;
    return word * 64 + (size_t)__builtin_ctzll(outcome->bad[word]);
}

/* Whether there are texts that no dictionary looks at. */
static bool checks_text(const struct weir_csv_decoder *decoder) {
    for (size_t p = 0; p < decoder->parsed_count; p++) {
        const struct weir_csv_column *column = &decoder->columns[decoder->parsed[p]];
        if (column->layout.storage == WEIR_STORE_UTF8 && !weir_csv_column_is_coded(column)) return true;
    }
    return false;
}

/* Parses the strip's fields. Where a bad field fails the query, the error is that of the first bad record, in
 * whatever column; each column is parsed up to the first bad record known so far. bad: of all columns, for SKIP. */
static enum weir_status parse_columns(struct weir_csv_decoder *decoder, size_t rows, struct weir_csv_outcome *all,
                                      struct weir_error *error) {
    const enum weir_csv_on_error on_error = decoder->scan.options.on_error;
    bool check_text = checks_text(decoder) && weir_csv_has_bad_text(&decoder->scan, &decoder->strip);
    size_t limit = rows, bad_column = 0;
    *all = (struct weir_csv_outcome){0};
    for (size_t p = 0; p < decoder->parsed_count; p++) {
        struct weir_csv_outcome one;
        struct weir_csv_column *column = &decoder->columns[decoder->parsed[p]];
        struct weir_csv_fields fields = {fields_of(decoder, p), limit, decoder->strip.plain, check_text};
        enum weir_status status = weir_csv_parse(&decoder->scan, column, &fields, &one, error);
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
    return limit < rows ? fail_field(decoder, bad_column, limit, error) : WEIR_OK;
}

/* Takes the bad records out of the strip and of the columns; returns how many are left. */
static size_t drop_bad(struct weir_csv_decoder *decoder, size_t rows, const struct weir_csv_outcome *all) {
    size_t left = 0;
    for (size_t p = 0; p < decoder->parsed_count; p++) {
        struct weir_text_span *fields = fields_of(decoder, p);
        struct weir_csv_column *column = &decoder->columns[decoder->parsed[p]];
        weir_csv_column_truncate(column, column->rows - rows);
        left = 0;
        for (size_t row = 0; row < rows; row++) {
            if (!weir_bit_get(all->bad, row)) fields[left++] = fields[row];
        }
    }
    decoder->rejected += (int64_t)(rows - left);
    return left;
}

/* Up to `wanted` records into the columns. *taken may be 0 where all were dropped. */
static enum weir_status take_strip(struct weir_csv_decoder *decoder, size_t wanted, size_t *taken,
                                   struct weir_error *error) {
    struct weir_csv_strip *strip = &decoder->strip;
    enum weir_status status =
        weir_csv_scan_strip(&decoder->scan, decoder->parsed, decoder->parsed_count, wanted, strip, error);
    *taken = 0;
    if (status != WEIR_OK) return status;
    size_t rows = strip->rows, bytes = strip->starts[rows] - strip->starts[0];
    for (size_t p = 0; status == WEIR_OK && p < decoder->parsed_count; p++) {
        status = weir_csv_column_reserve(&decoder->columns[decoder->parsed[p]], rows, bytes, error);
    }
    if (status != WEIR_OK || decoder->parsed_count == 0) {
        *taken = rows;
        return status;
    }
    struct weir_csv_outcome all;
    status = parse_columns(decoder, rows, &all, error);
    if (status != WEIR_OK) return status;
    if (all.bad_count > 0 && decoder->scan.options.on_error == WEIR_CSV_SKIP) {
        rows = drop_bad(decoder, rows, &all);
        status = rows == 0 ? WEIR_OK : parse_columns(decoder, rows, &all, error);
        if (status != WEIR_OK) return status;
        if (rows == 0) all.nulled = 0;
    }
    decoder->nulled += (int64_t)all.bad_count * (decoder->scan.options.on_error == WEIR_CSV_NULL) + all.nulled;
    *taken = rows;
    return WEIR_OK;
}

/* True where a further strip could overflow the 32-bit offsets of a text column, or a dictionary is full. */
static bool is_full(const struct weir_csv_decoder *decoder) {
    for (size_t i = 0; i < decoder->results_count; i++) {
        const struct weir_csv_column *column = decoder->results[i];
        if (column->bytes > INT32_MAX - WEIR_CSV_RECORD_MAX) return true;
        if (weir_csv_column_is_coded(column) && weir_text_dictionary_is_full(column->dictionary)) return true;
    }
    return false;
}

/* Forgets what was parsed only to be checked. */
static void clear_unselected(struct weir_csv_decoder *decoder) {
    for (size_t p = 0; p < decoder->parsed_count; p++) {
        if (!decoder->selected[decoder->parsed[p]])
            weir_csv_column_truncate(&decoder->columns[decoder->parsed[p]], 0);
    }
}

/* ---- batches ----------------------------------------------------------------------------------------------------
 */

void weir_csv_decoder_wait(struct weir_csv_decoder *decoder) {
    int64_t until = decoder->wait_ms < 0 ? INT64_MAX : weir_monotonic_ms() + decoder->wait_ms;
    decoder->scan.wait_until = decoder->scan.read_until = until;
    decoder->scan.asked = false;
}

/* The same for further rows of a batch that has some. */
static void gather_on(struct weir_csv_decoder *decoder) {
    decoder->scan.wait_until = decoder->given_at + LIVE_GAP_MS;
    decoder->scan.read_until = weir_monotonic_ms() + LIVE_GAP_MS;
}

/* Rows into the columns: as many as make a batch, or as come in time. WEIR_OK, WEIR_END, WEIR_AGAIN, each with
 * *rows >= 0 rows taken before it. */
static enum weir_status fill_columns(struct weir_csv_decoder *decoder, size_t *rows, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    *rows = 0;
    if (decoder->scan.pipe) weir_csv_decoder_wait(decoder);
    for (size_t i = 0; i < decoder->results_count; i++) weir_csv_column_begin(decoder->results[i]);
    while (*rows < decoder->batch_rows && (*rows == 0 || !is_full(decoder))) {
        size_t left = decoder->batch_rows - *rows, taken;
        status = take_strip(decoder, left < WEIR_CSV_STRIP ? left : WEIR_CSV_STRIP, &taken, error);
        if (status != WEIR_OK) break;
        clear_unselected(decoder);
        if (decoder->scan.pipe && *rows == 0 && taken > 0) gather_on(decoder);
        *rows += taken;
    }
    return status;
}

enum weir_status weir_csv_decoder_next(struct weir_csv_decoder *decoder, struct ArrowArray *out,
                                       struct weir_error *error) {
    size_t rows;
    enum weir_status status = fill_columns(decoder, &rows, error);
    if (status != WEIR_OK && status != WEIR_END && status != WEIR_AGAIN) return status;
    if (rows == 0) return status;
    if (decoder->scan.pipe) decoder->given_at = weir_monotonic_ms();
    return weir_csv_columns_export(decoder->results, decoder->results_count, rows, out, error);
}
