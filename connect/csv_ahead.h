/* SPDX-License-Identifier: Apache-2.0
 *
 * A CSV file decoded by several threads. The reading thread cuts the text into chunks where records
 * end, each chunk is split and parsed by one thread, and the batches leave in the order of the file: the same rows,
 * counts and errors as from one thread, in batches that may be cut elsewhere.
 */
#ifndef WEIR_CONNECT_CSV_AHEAD_H
#define WEIR_CONNECT_CSV_AHEAD_H

#include "connect/csv_decoder.h"

struct weir_csv_ahead;

/* Text that goes to one thread: it stays in a second-level cache from when it is read until it is decoded. */
#define WEIR_CSV_CHUNK_BYTES ((size_t)512 << 10)

/* Goes on where `decoder` stands, of which columns are selected and a header has been passed; it is only read from
 * then on through this, and outlives it. names and types: those of its columns; borrowed. A chunk is cut at the
 * last record that ends in chunk_bytes (> 0), or goes on to the end of the record. WEIR_ERR_MEMORY, and WEIR_ERR_IO
 * where no thread can be started: the decoder can be used as if nothing had happened. */
enum weir_status weir_csv_ahead_create(struct weir_csv_decoder *decoder, char *const *names,
                                       const struct weir_type *types, int32_t threads, size_t chunk_bytes,
                                       struct weir_csv_ahead **out, struct weir_error *error);
void weir_csv_ahead_destroy(struct weir_csv_ahead **ahead);

/* As weir_csv_decoder_next. */
enum weir_status weir_csv_ahead_next(struct weir_csv_ahead *ahead, struct ArrowArray *out,
                                     struct weir_error *error);

struct weir_csv_counts {
    int64_t bytes;
    int64_t rejected;
    int64_t nulled;
};

/* Of the chunks that have been given. */
struct weir_csv_counts weir_csv_ahead_counts(const struct weir_csv_ahead *ahead);

#endif
