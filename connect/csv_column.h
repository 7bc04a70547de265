/* SPDX-License-Identifier: Apache-2.0
 *
 * One column of a batch while it is filled from text: its buffers grow by doubling and then move into an
 * ArrowArray.
 *
 * A column of texts may have a dictionary, which goes on from batch to batch: it is then filled with codes. Once
 * the dictionary is full, the texts of each batch are spelled out, and are its dictionary themselves, code i being
 * that of row i: the layout of a column stays what its schema says.
 */
#ifndef WEIR_CONNECT_CSV_COLUMN_H
#define WEIR_CONNECT_CSV_COLUMN_H

#include <string.h>

#include "connect/csv_scan.h"
#include "connect/text_dictionary.h"
#include "engine/type.h"

struct weir_csv_column {
    const char *name; /* borrowed */
    struct weir_layout layout;
    void *values;                            /* fixed width, a bitmap, or the bytes of strings */
    int32_t *offsets;                        /* strings: rows + 1 */
    uint32_t *codes;                         /* where the column is coded, in place of these two */
    uint64_t *validity;                      /* NULL until the first NULL */
    struct weir_text_dictionary *dictionary; /* NULL: there is none */
    bool spelled;                            /* in spite of it */
    size_t rows;
    size_t rows_room;
    size_t bytes; /* of strings */
    size_t bytes_room;
    int64_t nulls;
    /* Of timestamps: the date parsed last, "YYYY-MM-DD" as two words, for the next row likely has the same. */
    uint64_t date_text[2];
    int64_t date_days;
};

/* Whether rows are codes. */
static inline bool weir_csv_column_is_coded(const struct weir_csv_column *column) {
    return column->dictionary != NULL && !column->spelled;
}

/* Before the first row of a batch: spells texts out from now on where the dictionary is full. */
void weir_csv_column_begin(struct weir_csv_column *column);

/* Room for `rows` more rows and `bytes` more bytes of strings. WEIR_ERR_MEMORY. */
enum weir_status weir_csv_column_reserve(struct weir_csv_column *column, size_t rows, size_t bytes,
                                         struct weir_error *error);

/* The row (within the reserved ones) is NULL. */
enum weir_status weir_csv_column_null(struct weir_csv_column *column, size_t row, struct weir_error *error);

/* Back to `rows` rows. What they added to a dictionary stays there. */
void weir_csv_column_truncate(struct weir_csv_column *column, size_t rows);

void weir_csv_column_fini(struct weir_csv_column *column);

/* A struct array of the columns' rows; takes their buffers, and leaves them empty. */
enum weir_status weir_csv_columns_export(struct weir_csv_column *const *columns, size_t count, size_t rows,
                                         struct ArrowArray *out, struct weir_error *error);

/* ---- parsing (csv_parse.c)
 * ---------------------------------------------------------------------------------------- */

/* What became of the fields of a strip in one column. */
struct weir_csv_outcome {
    uint64_t bad[WEIR_CSV_STRIP / 64]; /* rows whose field is none of the type; they hold NULL */
    size_t bad_count;
    int64_t nulled; /* DECIMALs that overflow and missing fields, which became NULL */
};

/* Whether a strip holds bytes that no text may: looked for in the whole, for there are hardly ever any. */
bool weir_csv_has_bad_text(const struct weir_csv_scan *scan, const struct weir_csv_strip *strip);

struct weir_csv_fields {
    const struct weir_text_span *spans;
    size_t rows;
    bool plain;      /* none of them is quoted, escaped or missing */
    bool check_text; /* look at each text for bytes that it may not hold */
};

/* Appends the fields to the column, for which weir_csv_column_reserve has made room. */
enum weir_status weir_csv_parse(struct weir_csv_scan *scan, struct weir_csv_column *column,
                                const struct weir_csv_fields *fields, struct weir_csv_outcome *out,
                                struct weir_error *error);

/* Whether the field stands for NULL. */
WEIR_INLINE bool weir_csv_is_null(const struct weir_csv_options *options, struct weir_text_span field,
                                  const char *text, size_t length, bool is_text) {
    if (options->inferred && length == 0 && !(is_text && (field.length & WEIR_CSV_QUOTED))) return true;
    return options->null_literal && length == options->null_bytes &&
           (length == 0 || memcmp(text, options->null_literal, length) == 0);
}

#define WEIR_CSV_EXPLAIN_BYTES 384
/* Why a field that is bad is so: the end of "column 'x': ". Writes to buffer (WEIR_CSV_EXPLAIN_BYTES) and returns
 * it.
 */
const char *weir_csv_explain(struct weir_csv_scan *scan, const struct weir_csv_column *column,
                             struct weir_text_span field, char *buffer);

#endif
