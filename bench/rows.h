/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows that benches work on, as Arrow batches in memory: generated here, or read from a file that
 * the peers read too. Batches are lent, never given: what weir releases stays, so that one set of rows serves every
 * run.
 *
 * Columns of generated rows and of generate.py's files: ts (timestamp in ms, 1 000 rows a millisecond unless said,
 * in order), the key, v (a double from 0 to 1). Files of suites have what columns they like.
 */
#ifndef WEIR_BENCH_ROWS_H
#define WEIR_BENCH_ROWS_H

#include "weir/weir.h"

#define WEIR_ROWS_BATCH 65536
#define WEIR_ROWS_A_MS 1000

enum weir_rows_key {
    WEIR_ROWS_NO_KEY,     /* ts, v */
    WEIR_ROWS_WORD,       /* ts, k, v: 64-bit keys, spread over the whole range */
    WEIR_ROWS_DICTIONARY, /* ts, s, v: strings with 32-bit dictionary codes */
    WEIR_ROWS_OTHER,      /* a file's, of no kind above */
};

struct weir_rows_spec {
    int64_t rows; /* >= 1 */
    int64_t keys; /* different ones, >= 1, of dictionaries at most 1 000 000; of no meaning without a key */
    enum weir_rows_key key;
    int64_t rows_a_ms; /* >= 1; of files it is WEIR_ROWS_A_MS */
};

struct weir_rows {
    enum weir_rows_key key;
    struct ArrowSchema schema; /* of the batches */
    int64_t rows;
    int64_t batches_count;
    struct ArrowArray *batches;
    bool ranged; /* batches are pushed with the range of their times; set by whom it pleases */
    void *owned; /* what generated batches point into */
    void (*free_owned)(void *owned);
};

/* Both fault every page in. `out` is zeroed on failure. Errors: WEIR_ERR_MEMORY, WEIR_ERR_INVALID; of reading also
 * those of the connector, and WEIR_ERR_FORMAT where the file has not these columns, or rows of a kind above have
 * NULLs or codes that no bare loop may meet. columns  names with commas between, in the order of the file; the kind
 * of key follows from their names and types
 */
enum weir_status weir_rows_generate(const struct weir_rows_spec *spec, struct weir_rows *out,
                                    struct weir_error *error);
enum weir_status weir_rows_read(const char *path, const char *columns, struct weir_rows *out,
                                struct weir_error *error);
void weir_rows_fini(struct weir_rows *rows);

/* Batch `idx`, whose release does nothing. Several may be out at a time. */
struct ArrowArray weir_rows_lend(const struct weir_rows *rows, int64_t idx);

/* The schema of rows with that kind of key; static, releasing it does nothing. Not of WEIR_ROWS_OTHER. */
const struct ArrowSchema *weir_rows_schema(enum weir_rows_key key);

/* Columns of a batch of a kind above; a time where the first column is one in ms. */
static inline const int64_t *weir_rows_times(const struct ArrowArray *batch) {
    return (const int64_t *)batch->children[0]->buffers[1] + batch->children[0]->offset;
}
static inline const uint64_t *weir_rows_words(const struct ArrowArray *batch) {
    return (const uint64_t *)batch->children[1]->buffers[1] + batch->children[1]->offset;
}
static inline const uint32_t *weir_rows_codes(const struct ArrowArray *batch) {
    return (const uint32_t *)batch->children[1]->buffers[1] + batch->children[1]->offset;
}
static inline const double *weir_rows_values(const struct ArrowArray *batch) {
    const struct ArrowArray *last = batch->children[batch->n_children - 1];
    return (const double *)last->buffers[1] + last->offset;
}

/* True for rows of a kind above whose times rise: the first and the last of a batch are its range. */
bool weir_rows_are_in_order(const struct weir_rows *rows);

/* Moves all times of generated rows by that much. No batch may be out. */
void weir_rows_shift(struct weir_rows *rows, int64_t ms);

/* How many different keys the rows have; of dictionaries: entries. 0 without such a key, or when memory is short.
 */
size_t weir_rows_count_keys(const struct weir_rows *rows);

/* Bytes of a value in a column; 0 where values have no fixed width, or are bits. */
int64_t weir_rows_width(const struct ArrowSchema *column);

/* Bytes that a query over all columns has to read for a row, without the texts of dictionaries. */
int64_t weir_rows_bytes_a_row(const struct ArrowSchema *schema);

#endif
