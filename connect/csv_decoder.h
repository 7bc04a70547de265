/* SPDX-License-Identifier: Apache-2.0
 *
 * From the records of a scan to batches: strips of records are split, parsed column by column, judged by
 * csv.on-error, and gathered until a batch is full.
 */
#ifndef WEIR_CONNECT_CSV_DECODER_H
#define WEIR_CONNECT_CSV_DECODER_H

#include "connect/csv_column.h"

struct weir_csv_decoder {
    struct weir_csv_scan scan;
    struct weir_csv_strip strip;
    size_t count;                    /* columns of the file */
    struct weir_csv_column *columns; /* one a column of the file; only those of `parsed` are filled */
    int32_t *parsed; /* ascending: the selected ones, or all where a bad field in any of them drops the line */
    size_t parsed_count;
    bool *selected;
    const bool *coded; /* columns that get a dictionary when they are selected; NULL: none. Borrowed */
    struct weir_csv_column **results; /* the selected ones */
    size_t results_count;
    size_t batch_rows;
    int64_t lines_guessed; /* for messages: that the types were taken from; 0: they are declared */
    int64_t nulled;        /* fields turned into NULL */
    int64_t rejected;      /* records dropped here; others are in scan */
    int64_t wait_ms;       /* of a pipe: how long next waits for a first row; negative: as long as it takes */
    int64_t given_at;      /* of a pipe: when a batch was given last, or 0 */
};

/* Zeroed storage; names and types (count of each) are borrowed. All columns are selected. The scan is the caller's
 * to open, before or after. weir_csv_decoder_fini frees and closes it, after failures too. WEIR_ERR_MEMORY. */
enum weir_status weir_csv_decoder_init(struct weir_csv_decoder *decoder, char *const *names,
                                       const struct weir_type *types, size_t count, struct weir_error *error);
void weir_csv_decoder_fini(struct weir_csv_decoder *decoder);

/* As select of struct weir_source. on_error says which further columns must be parsed to be checked. */
enum weir_status weir_csv_decoder_select(struct weir_csv_decoder *decoder, const int32_t *columns, size_t count,
                                         enum weir_csv_on_error on_error, struct weir_error *error);

/* The next batch: at most batch_rows rows, of the selected columns. WEIR_END; WEIR_AGAIN over a pipe. */
enum weir_status weir_csv_decoder_next(struct weir_csv_decoder *decoder, struct ArrowArray *out,
                                       struct weir_error *error);

/* Over a pipe: from now on the scan waits as long as next would. For records that are taken from it directly. */
void weir_csv_decoder_wait(struct weir_csv_decoder *decoder);

/* Sets repeats[i] where column i holds texts and the begin of the file shows that rows share them: a dictionary is
 * worth its while. What cannot be read is not told here. (csv_sample.c) */
void weir_csv_sample(const char *path, const struct weir_csv_options *options, const struct weir_type *types,
                     size_t count, bool *repeats);

/* Forgets rows of a batch that failed, and the counts. */
void weir_csv_decoder_clear(struct weir_csv_decoder *decoder);

#endif
