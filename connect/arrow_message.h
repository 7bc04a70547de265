/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing the messages of an IPC file: metadata, and the buffers of a body, compressed where that is asked for.
 *
 * Every buffer begins at a multiple of 64 bytes, in its body and in the file.
 */
#ifndef WEIR_CONNECT_ARROW_MESSAGE_H
#define WEIR_CONNECT_ARROW_MESSAGE_H

#include "connect/arrow_bytes.h"
#include "connect/arrow_codec.h"
#include "connect/arrow_schema.h"
#include "io/io.h"

/* Where a message was written, as the footer of the file format tells. */
struct weir_arrow_written {
    int64_t offset;
    int32_t metadata_bytes; /* with prefix and padding */
    int64_t body_bytes;
};

/* What one record batch or dictionary batch is put together in. Set output and compression, zero the rest. */
struct weir_arrow_outgoing {
    struct weir_output *output; /* borrowed */
    enum weir_arrow_compression compression;
    struct weir_arrow_codec codec;
    struct weir_flat_builder builder;
    struct weir_arrow_bytes nodes;  /* int64_t pairs, as in the message */
    struct weir_arrow_bytes pieces; /* of the body, in order */
    struct weir_arrow_bytes packed; /* compressed buffers */
};

void weir_arrow_outgoing_fini(struct weir_arrow_outgoing *outgoing);

/* The next column of the message. */
enum weir_status weir_arrow_outgoing_node(struct weir_arrow_outgoing *outgoing, int64_t rows, int64_t nulls,
                                          struct weir_error *error);
/* The next buffer of that column; data stays untouched until the message is written. */
enum weir_status weir_arrow_outgoing_buffer(struct weir_arrow_outgoing *outgoing, const void *data, size_t bytes,
                                            struct weir_error *error);

/* Each writes one message; the columns and buffers since the last are its content. *written may be NULL. */
enum weir_status weir_arrow_outgoing_schema(struct weir_arrow_outgoing *outgoing,
                                            const struct weir_arrow_schema *schema, struct weir_error *error);
enum weir_status weir_arrow_outgoing_batch(struct weir_arrow_outgoing *outgoing, int64_t rows,
                                           struct weir_arrow_written *written, struct weir_error *error);
enum weir_status weir_arrow_outgoing_dictionary(struct weir_arrow_outgoing *outgoing, int64_t id, bool is_delta,
                                                int64_t rows, struct weir_arrow_written *written,
                                                struct weir_error *error);

/* The marker at the end of a stream, which the file format has too. */
enum weir_status weir_arrow_outgoing_end(struct weir_arrow_outgoing *outgoing, struct weir_error *error);

/* The footer of the file format, and what follows it. */
enum weir_status weir_arrow_outgoing_footer(struct weir_arrow_outgoing *outgoing,
                                            const struct weir_arrow_schema *schema,
                                            const struct weir_arrow_written *dictionaries,
                                            size_t dictionaries_count, const struct weir_arrow_written *batches,
                                            size_t batches_count, struct weir_error *error);

#endif
