/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/arrow_message.h"

#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "connect/arrow_metadata.h"

#define ALIGNMENT 64
#define VERSION_V5 4

static const uint8_t zeros[ALIGNMENT];

/* One buffer of a body. */
struct piece {
    const uint8_t *data; /* NULL: in outgoing->packed */
    size_t packed_at;
    size_t bytes;
};

void weir_arrow_outgoing_fini(struct weir_arrow_outgoing *outgoing) {
    weir_arrow_codec_fini(&outgoing->codec);
    weir_flat_fini(&outgoing->builder);
    weir_arrow_bytes_fini(&outgoing->nodes);
    weir_arrow_bytes_fini(&outgoing->pieces);
    weir_arrow_bytes_fini(&outgoing->packed);
}

enum weir_status weir_arrow_outgoing_node(struct weir_arrow_outgoing *outgoing, int64_t rows, int64_t nulls,
                                          struct weir_error *error) {
    int64_t node[2] = {rows, nulls};
    return weir_arrow_bytes_append(&outgoing->nodes, node, sizeof(node), error);
}

/* Compresses into outgoing->packed. */
static enum weir_status pack(struct weir_arrow_outgoing *outgoing, const void *data, struct piece *piece,
                             struct weir_error *error) {
    struct weir_arrow_bytes *packed = &outgoing->packed;
    size_t bound = weir_arrow_codec_bound(outgoing->compression, piece->bytes);
    enum weir_status status = weir_arrow_bytes_reserve(packed, bound, error);
    if (status != WEIR_OK) return status;
    piece->packed_at = packed->bytes;
    status = weir_arrow_codec_shrink(&outgoing->codec, outgoing->compression, data, piece->bytes,
                                     packed->data + packed->bytes, &piece->bytes, error);
    if (status == WEIR_OK) packed->bytes += piece->bytes;
    return status;
}

enum weir_status weir_arrow_outgoing_buffer(struct weir_arrow_outgoing *outgoing, const void *data, size_t bytes,
                                            struct weir_error *error) {
    struct piece piece = {.data = data, .bytes = bytes};
    if (outgoing->compression != WEIR_ARROW_PLAIN && bytes > 0) {
        piece.data = NULL;
        enum weir_status status = pack(outgoing, data, &piece, error);
        if (status != WEIR_OK) return status;
    }
    return weir_arrow_bytes_append(&outgoing->pieces, &piece, sizeof(piece), error);
}

/* ---- metadata
 * ---------------------------------------------------------------------------------------------------- */

/* A Message table without its header, which is linked to what the caller adds; returns the table. */
static size_t begin_message(struct weir_flat_builder *builder, enum weir_arrow_message_kind kind,
                            int64_t body_bytes) {
    weir_flat_begin(builder);
    size_t message = weir_flat_add_table(builder, (const uint8_t[]){2, 1, 4, 8}, 4);
    weir_flat_link(builder, 0, message);
    weir_flat_put_field(builder, message, 0, 2, VERSION_V5);
    weir_flat_put_field(builder, message, 1, 1, kind);
    weir_flat_put_field(builder, message, 3, 8, body_bytes);
    return message;
}

static size_t piece_count(const struct weir_arrow_outgoing *outgoing) {
    return outgoing->pieces.bytes / sizeof(struct piece);
}

static struct piece *piece_at(const struct weir_arrow_outgoing *outgoing, size_t idx) {
    return (struct piece *)(void *)outgoing->pieces.data + idx;
}

static int64_t body_bytes_of(const struct weir_arrow_outgoing *outgoing) {
    size_t bytes = 0;
    for (size_t i = 0; i < piece_count(outgoing); i++)
        bytes += weir_round_up(piece_at(outgoing, i)->bytes, ALIGNMENT);
    return (int64_t)bytes;
}

static size_t add_buffers(struct weir_arrow_outgoing *outgoing) {
    struct weir_flat_builder *builder = &outgoing->builder;
    size_t count = piece_count(outgoing);
    size_t vector = weir_flat_add_vector(builder, count, 16, 8);
    int64_t offset = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t bytes = (int64_t)piece_at(outgoing, i)->bytes;
        weir_flat_put(builder, vector + 4 + 16 * i, 8, offset);
        weir_flat_put(builder, vector + 12 + 16 * i, 8, bytes);
        offset += (int64_t)weir_round_up((size_t)bytes, ALIGNMENT);
    }
    return vector;
}

static size_t add_record_batch(struct weir_arrow_outgoing *outgoing, int64_t rows) {
    struct weir_flat_builder *builder = &outgoing->builder;
    bool compressed = outgoing->compression != WEIR_ARROW_PLAIN;
    size_t table = weir_flat_add_table(builder, (const uint8_t[]){8, 4, 4, compressed ? 4 : 0}, 4);
    size_t nodes_count = outgoing->nodes.bytes / 16;
    weir_flat_put_field(builder, table, 0, 8, rows);
    size_t nodes = weir_flat_add_vector(builder, nodes_count, 16, 8);
    if (!builder->failed && nodes_count > 0) {
        memcpy(builder->data + nodes + 4, outgoing->nodes.data, outgoing->nodes.bytes);
    }
    weir_flat_link_field(builder, table, 1, nodes);
    weir_flat_link_field(builder, table, 2, add_buffers(outgoing));
    if (compressed) {
        size_t compression = weir_flat_add_table(builder, (const uint8_t[]){1, 1}, 2);
        weir_flat_put_field(builder, compression, 0, 1, outgoing->compression);
        weir_flat_link_field(builder, table, 3, compression);
    }
    return table;
}

/* ---- bytes
 * --------------------------------------------------------------------------------------------------------- */

static enum weir_status pad(struct weir_arrow_outgoing *outgoing, size_t bytes, struct weir_error *error) {
    return weir_output_write(outgoing->output, zeros, bytes, error);
}

static size_t padding_of(size_t bytes) { return weir_round_up(bytes, ALIGNMENT) - bytes; }

static enum weir_status too_large(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "not enough memory for the metadata of an Arrow message");
}

static enum weir_status write_metadata(struct weir_arrow_outgoing *outgoing, struct weir_arrow_written *written,
                                       struct weir_error *error) {
    const struct weir_flat_builder *builder = &outgoing->builder;
    if (builder->failed) return too_large(error);
    written->offset = weir_output_offset(outgoing->output);
    size_t padding = padding_of((size_t)written->offset + 8 + builder->bytes);
    uint32_t prefix[2] = {UINT32_C(0xFFFFFFFF), (uint32_t)(builder->bytes + padding)};
    written->metadata_bytes = (int32_t)(8 + prefix[1]);
    enum weir_status status = weir_output_write(outgoing->output, prefix, sizeof(prefix), error);
    if (status == WEIR_OK) status = weir_output_write(outgoing->output, builder->data, builder->bytes, error);
    return status == WEIR_OK ? pad(outgoing, padding, error) : status;
}

static enum weir_status write_body(struct weir_arrow_outgoing *outgoing, struct weir_error *error) {
    for (size_t i = 0; i < piece_count(outgoing); i++) {
        const struct piece *piece = piece_at(outgoing, i);
        if (piece->bytes == 0) continue;
        const uint8_t *data = piece->data != NULL ? piece->data : outgoing->packed.data + piece->packed_at;
        enum weir_status status = weir_output_write(outgoing->output, data, piece->bytes, error);
        if (status == WEIR_OK) status = pad(outgoing, padding_of(piece->bytes), error);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

/* Writes the message in the builder with the body at hand, and forgets both. */
static enum weir_status write_message(struct weir_arrow_outgoing *outgoing, struct weir_arrow_written *written,
                                      struct weir_error *error) {
    struct weir_arrow_written ignored;
    if (written == NULL) written = &ignored;
    written->body_bytes = body_bytes_of(outgoing);
    enum weir_status status = write_metadata(outgoing, written, error);
    if (status == WEIR_OK) status = write_body(outgoing, error);
    outgoing->nodes.bytes = outgoing->pieces.bytes = outgoing->packed.bytes = 0;
    return status;
}

enum weir_status weir_arrow_outgoing_schema(struct weir_arrow_outgoing *outgoing,
                                            const struct weir_arrow_schema *schema, struct weir_error *error) {
    size_t message = begin_message(&outgoing->builder, WEIR_ARROW_MESSAGE_SCHEMA, 0);
    weir_flat_link_field(&outgoing->builder, message, 2, weir_arrow_schema_write(schema, &outgoing->builder));
    return write_message(outgoing, NULL, error);
}

enum weir_status weir_arrow_outgoing_batch(struct weir_arrow_outgoing *outgoing, int64_t rows,
                                           struct weir_arrow_written *written, struct weir_error *error) {
    size_t message = begin_message(&outgoing->builder, WEIR_ARROW_MESSAGE_BATCH, body_bytes_of(outgoing));
    weir_flat_link_field(&outgoing->builder, message, 2, add_record_batch(outgoing, rows));
    return write_message(outgoing, written, error);
}

enum weir_status weir_arrow_outgoing_dictionary(struct weir_arrow_outgoing *outgoing, int64_t id, bool is_delta,
                                                int64_t rows, struct weir_arrow_written *written,
                                                struct weir_error *error) {
    struct weir_flat_builder *builder = &outgoing->builder;
    size_t message = begin_message(builder, WEIR_ARROW_MESSAGE_DICTIONARY, body_bytes_of(outgoing));
    size_t dictionary = weir_flat_add_table(builder, (const uint8_t[]){8, 4, 1}, 3);
    weir_flat_link_field(builder, message, 2, dictionary);
    weir_flat_put_field(builder, dictionary, 0, 8, id);
    weir_flat_put_field(builder, dictionary, 2, 1, is_delta);
    weir_flat_link_field(builder, dictionary, 1, add_record_batch(outgoing, rows));
    return write_message(outgoing, written, error);
}

enum weir_status weir_arrow_outgoing_end(struct weir_arrow_outgoing *outgoing, struct weir_error *error) {
    uint32_t marker[2] = {UINT32_C(0xFFFFFFFF), 0};
    return weir_output_write(outgoing->output, marker, sizeof(marker), error);
}

/* ---- the footer
 * ---------------------------------------------------------------------------------------------------- */

static size_t add_blocks(struct weir_flat_builder *builder, const struct weir_arrow_written *written,
                         size_t count) {
    size_t vector = weir_flat_add_vector(builder, count, 24, 8);
    for (size_t i = 0; i < count; i++) {
        size_t block = vector + 4 + 24 * i;
        weir_flat_put(builder, block, 8, written[i].offset);
        weir_flat_put(builder, block + 8, 4, written[i].metadata_bytes);
        weir_flat_put(builder, block + 16, 8, written[i].body_bytes);
    }
    return vector;
}

enum weir_status weir_arrow_outgoing_footer(struct weir_arrow_outgoing *outgoing,
                                            const struct weir_arrow_schema *schema,
                                            const struct weir_arrow_written *dictionaries,
                                            size_t dictionaries_count, const struct weir_arrow_written *batches,
                                            size_t batches_count, struct weir_error *error) {
    struct weir_flat_builder *builder = &outgoing->builder;
    weir_flat_begin(builder);
    size_t footer = weir_flat_add_table(builder, (const uint8_t[]){2, 4, 4, 4}, 4);
    weir_flat_link(builder, 0, footer);
    weir_flat_put_field(builder, footer, 0, 2, VERSION_V5);
    weir_flat_link_field(builder, footer, 1, weir_arrow_schema_write(schema, builder));
    weir_flat_link_field(builder, footer, 2, add_blocks(builder, dictionaries, dictionaries_count));
    weir_flat_link_field(builder, footer, 3, add_blocks(builder, batches, batches_count));
    if (builder->failed) return too_large(error);
    int32_t length = (int32_t)builder->bytes;
    enum weir_status status = weir_output_write(outgoing->output, builder->data, builder->bytes, error);
    if (status == WEIR_OK) status = weir_output_write(outgoing->output, &length, sizeof(length), error);
    return status == WEIR_OK ? weir_output_write(outgoing->output, "ARROW1", 6, error) : status;
}
