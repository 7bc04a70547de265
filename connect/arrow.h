/* SPDX-License-Identifier: Apache-2.0
 *
 * Arrow IPC: the file format (Feather version 2) and the stream format, read and written. What one file goes
 * through: reading  scan (messages) -> ahead (bodies, asynchronously) -> batch (buffers) -> array (rows for the
 * engine) writing  column (rows of arrays, gathered) -> message (metadata and body) -> output
 *
 * Options, the first two for writing, the last for reading; a table accepts all:
 *   'arrow.compression'  none (default), lz4 or zstd: of the buffers of record batches
 *   'arrow.batch-rows'   rows of a record batch, 1 to 2^31 - 1; default: as many as come at a time
 *   'arrow.direct-io'    auto (default), always or never: read past the page cache (enum weir_io_direct)
 */
#ifndef WEIR_CONNECT_ARROW_H
#define WEIR_CONNECT_ARROW_H

#include "connect/arrow_codec.h"
#include "connect/format.h"
#include "io/io.h"

struct weir_arrow_options {
    enum weir_arrow_compression compression;
    int64_t batch_rows; /* 0: as they come */
    enum weir_io_direct direct;
};

/* Reads the options above, of which the keys are known. WEIR_ERR_SQL at the option's position. */
enum weir_status weir_arrow_options_read(const struct weir_option *options, size_t count,
                                         struct weir_arrow_options *out, struct weir_error *error);

/* The functions of struct weir_format. */
enum weir_status weir_arrow_reader_open(const char *path, const struct weir_source_request *request,
                                        struct weir_source *out, struct weir_error *error);
enum weir_status weir_arrow_reader_open_live(struct weir_pipe **pipe, const struct weir_source_request *request,
                                             struct weir_source *out, struct weir_error *error);
enum weir_status weir_arrow_writer_open(const char *path, const struct weir_sink_request *request,
                                        struct weir_sink *out, struct weir_error *error);

#endif
