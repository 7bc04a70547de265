/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/arrow_metadata.h"

#include "base/error.h"

enum weir_status weir_arrow_version_check(int64_t version, struct weir_error *error) {
    if (version == 4) return WEIR_OK;
    if (version >= 0 && version < 4) {
        return weir_error_set(
            error, WEIR_ERR_UNSUPPORTED,
            "the metadata has version V%lld; only V5 (Arrow 1.0, July 2020) is read: write the file "
            "again with a newer library",
            (long long)version + 1);
    }
    return weir_error_set(error, WEIR_ERR_UNSUPPORTED,
                          "the metadata has an unknown version (number %lld); V5 is read", (long long)version);
}

enum weir_status weir_arrow_message_read(struct weir_flat *flat, struct weir_arrow_message *out,
                                         struct weir_error *error) {
    struct weir_flat_table message = weir_flat_root(flat);
    int64_t version = weir_flat_int(&message, 0, 2, 0);
    int64_t kind = weir_flat_int(&message, 1, 1, 0) & 0xFF;
    out->header = weir_flat_child(&message, 2);
    out->body_bytes = weir_flat_int(&message, 3, 8, 0);
    if (flat->bad) return weir_error_set(error, WEIR_ERR_FORMAT, "the message's metadata is damaged");
    enum weir_status status = weir_arrow_version_check(version, error);
    if (status != WEIR_OK) return status;
    if (kind < WEIR_ARROW_MESSAGE_SCHEMA || kind > WEIR_ARROW_MESSAGE_BATCH) {
        return weir_error_set(error, WEIR_ERR_UNSUPPORTED,
                              "a message is neither schema, dictionary nor record batch (number %lld)",
                              (long long)kind);
    }
    if (!weir_flat_present(&out->header)) return weir_error_set(error, WEIR_ERR_FORMAT, "a message has no header");
    if (out->body_bytes < 0) {
        return weir_error_set(error, WEIR_ERR_FORMAT, "a message's body has a negative length (%lld)",
                              (long long)out->body_bytes);
    }
    out->kind = (enum weir_arrow_message_kind)kind;
    return WEIR_OK;
}

static enum weir_status read_compression(const struct weir_flat_table *table, struct weir_arrow_header *out,
                                         struct weir_error *error) {
    struct weir_flat_table compression = weir_flat_child(table, 3);
    out->compression = WEIR_ARROW_PLAIN;
    if (!weir_flat_present(&compression)) return WEIR_OK;
    int64_t codec = weir_flat_int(&compression, 0, 1, 0);
    int64_t method = weir_flat_int(&compression, 1, 1, 0);
    if ((codec != WEIR_ARROW_LZ4 && codec != WEIR_ARROW_ZSTD) || method != 0) {
        return weir_error_set(
            error, WEIR_ERR_UNSUPPORTED,
            "a record batch is compressed in a way that is not known (codec %lld, method %lld); LZ4 "
            "and Zstandard of single buffers are read",
            (long long)codec, (long long)method);
    }
    out->compression = (enum weir_arrow_compression)codec;
    return WEIR_OK;
}

enum weir_status weir_arrow_header_read(const struct weir_flat_table *table, int64_t body_bytes,
                                        struct weir_arrow_header *out, struct weir_error *error) {
    if (!weir_flat_present(table)) return weir_error_set(error, WEIR_ERR_FORMAT, "a batch has no header");
    out->rows = weir_flat_int(table, 0, 8, 0);
    out->nodes = weir_flat_elements(table, 1, 16);
    out->buffers = weir_flat_elements(table, 2, 16);
    out->variadics = weir_flat_elements(table, 4, 8);
    out->body_bytes = body_bytes;
    enum weir_status status = read_compression(table, out, error);
    if (status != WEIR_OK) return status;
    if (table->flat->bad) return weir_error_set(error, WEIR_ERR_FORMAT, "the header of a batch is damaged");
    if (out->rows < 0 || out->rows > WEIR_ARROW_ROWS_MAX) {
        return weir_error_set(error, WEIR_ERR_FORMAT, "a batch declares %lld rows", (long long)out->rows);
    }
    return WEIR_OK;
}

int weir_arrow_layout_buffers(struct weir_arrow_layout layout) {
    switch (layout.kind) {
    case WEIR_ARROW_BITS:
    case WEIR_ARROW_VIEW:
    case WEIR_ARROW_FIXED: return 2;
    case WEIR_ARROW_TEXT: return 3;
    default: return 0;
    }
}

size_t weir_arrow_layout_needs(struct weir_arrow_layout layout, int buffer, int64_t rows) {
    size_t count = (size_t)rows;
    if (buffer == 0) return (count + 7) / 8;
    if (buffer == 2) return 0;
    switch (layout.kind) {
    case WEIR_ARROW_BITS: return (count + 7) / 8;
    case WEIR_ARROW_FIXED: return count * layout.bytes;
    case WEIR_ARROW_VIEW: return count * 16;
    case WEIR_ARROW_TEXT: return count == 0 ? 0 : (count + 1) * layout.bytes;
    default: return 0;
    }
}

static enum weir_status read_span(const struct weir_arrow_header *header, uint32_t idx, struct weir_arrow_span *out,
                                  struct weir_error *error) {
    out->offset = weir_flat_int_at(&header->buffers, idx, 0, 8);
    out->bytes = weir_flat_int_at(&header->buffers, idx, 8, 8);
    if (out->offset < 0 || out->bytes < 0 || out->offset > header->body_bytes ||
        out->bytes > header->body_bytes - out->offset) {
        return weir_error_set(
            error, WEIR_ERR_FORMAT,
            "buffer %u of a batch (offset %lld, length %lld) lies outside of the body of %lld bytes", idx,
            (long long)out->offset, (long long)out->bytes, (long long)header->body_bytes);
    }
    if (out->offset % 8 != 0 && out->bytes > 0) {
        return weir_error_set(error, WEIR_ERR_FORMAT,
                              "buffer %u of a batch begins at %lld, which is no multiple of 8", idx,
                              (long long)out->offset);
    }
    return WEIR_OK;
}

/* The column whose node and first buffer have these indices. */
static enum weir_status read_part(const struct weir_arrow_header *header, struct weir_arrow_layout layout,
                                  uint32_t node, uint32_t buffer, struct weir_arrow_part *part,
                                  struct weir_error *error) {
    *part = (struct weir_arrow_part){0};
    int64_t rows = weir_flat_int_at(&header->nodes, node, 0, 8);
    part->nulls = weir_flat_int_at(&header->nodes, node, 8, 8);
    if (rows != header->rows || part->nulls < -1 || part->nulls > rows) {
        return weir_error_set(error, WEIR_ERR_FORMAT, "has %lld rows, %lld of them NULL, in a batch of %lld rows",
                              (long long)rows, (long long)part->nulls, (long long)header->rows);
    }
    for (int i = 0; i < weir_arrow_layout_buffers(layout); i++) {
        struct weir_arrow_span *span = &part->spans[i];
        enum weir_status status = read_span(header, buffer + (uint32_t)i, span, error);
        if (status != WEIR_OK) return status;
        if (i == 0 && part->nulls == -1 && span->bytes == 0) part->nulls = 0;
        if (i == 0 && part->nulls == 0) *span = (struct weir_arrow_span){0};
        if (i == 0 && part->nulls == 0) continue;
        size_t needs = weir_arrow_layout_needs(layout, i, rows);
        if (header->compression == WEIR_ARROW_PLAIN && (size_t)span->bytes < needs) {
            return weir_error_set(error, WEIR_ERR_FORMAT, "buffer %d has %lld bytes where %lld rows need %zu", i,
                                  (long long)span->bytes, (long long)rows, needs);
        }
    }
    return WEIR_OK;
}

/* Buffers that follow those of a layout. */
static enum weir_status read_extras(const struct weir_arrow_header *header, uint32_t first, uint32_t count,
                                    struct weir_arrow_part *part, struct weir_arrow_plan *plan,
                                    struct weir_error *error) {
    part->extra = (uint32_t)(plan->extras.bytes / sizeof(struct weir_arrow_span));
    part->extras = count;
    for (uint32_t i = 0; i < count; i++) {
        struct weir_arrow_span span;
        enum weir_status status = read_span(header, first + i, &span, error);
        if (status == WEIR_OK) status = weir_arrow_bytes_append(&plan->extras, &span, sizeof(span), error);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

/* Where the next column begins. */
struct position {
    uint64_t node, buffer;
    uint32_t variadic;
};

/* The number of further buffers of a column of views. */
static enum weir_status next_variadic(const struct weir_arrow_header *header, struct position *position,
                                      uint32_t *out, struct weir_error *error) {
    int64_t count = -1;
    if (position->variadic < header->variadics.count) {
        count = weir_flat_int_at(&header->variadics, position->variadic++, 0, 8);
    }
    if (count < 0 || count > header->buffers.count) {
        return weir_error_set(error, WEIR_ERR_FORMAT,
                              "the number of its view buffers is missing or makes no sense");
    }
    *out = (uint32_t)count;
    return WEIR_OK;
}

/* Moves the position behind a field; *extras is the number of further buffers of its last column of views. */
static enum weir_status skip_field(const struct weir_arrow_header *header, const struct weir_arrow_field *field,
                                   struct position *position, uint32_t *extras, struct weir_error *error) {
    *extras = 0;
    position->node += field->nodes;
    position->buffer += field->buffers;
    for (uint32_t i = 0; i < field->variadics; i++) {
        enum weir_status status = next_variadic(header, position, extras, error);
        if (status != WEIR_OK) return status;
        position->buffer += *extras;
    }
    if (position->node > header->nodes.count || position->buffer > header->buffers.count) {
        return weir_error_set(error, WEIR_ERR_FORMAT,
                              "the batch has only %u nodes and %u buffers, less than the schema",
                              header->nodes.count, header->buffers.count);
    }
    return WEIR_OK;
}

static enum weir_status read_column(const struct weir_arrow_header *header, struct weir_arrow_layout layout,
                                    const struct position *at, uint32_t extras, struct weir_arrow_part *part,
                                    struct weir_arrow_plan *plan, struct weir_error *error) {
    uint32_t node = (uint32_t)at->node, buffer = (uint32_t)at->buffer;
    enum weir_status status = read_part(header, layout, node, buffer, part, error);
    if (status != WEIR_OK || layout.kind != WEIR_ARROW_VIEW) return status;
    return read_extras(header, buffer + (uint32_t)weir_arrow_layout_buffers(layout), extras, part, plan, error);
}

enum weir_status weir_arrow_header_parts(const struct weir_arrow_header *header,
                                         const struct weir_arrow_schema *schema, const int32_t *slots,
                                         struct weir_arrow_plan *plan, struct weir_error *error) {
    struct position position = {0};
    plan->extras.bytes = 0;
    for (int32_t i = 0; i < schema->count; i++) {
        const struct weir_arrow_field *field = &schema->fields[i];
        struct position at = position;
        uint32_t extras;
        enum weir_status status = skip_field(header, field, &position, &extras, error);
        if (status == WEIR_OK && slots[i] >= 0) {
            status = read_column(header, field->layout, &at, extras, &plan->parts[slots[i]], plan, error);
        }
        if (status != WEIR_OK) {
            weir_error_prefix(error, "column '%s'", field->name);
            return status;
        }
    }
    return WEIR_OK;
}

enum weir_status weir_arrow_header_words(const struct weir_arrow_header *header, struct weir_arrow_layout layout,
                                         struct weir_arrow_plan *plan, struct weir_error *error) {
    struct position position = {0}, at = {0};
    struct weir_arrow_field field = {.nodes = 1,
                                     .buffers = (uint32_t)weir_arrow_layout_buffers(layout),
                                     .variadics = layout.kind == WEIR_ARROW_VIEW};
    uint32_t extras;
    plan->extras.bytes = 0;
    enum weir_status status = skip_field(header, &field, &position, &extras, error);
    return status == WEIR_OK ? read_column(header, layout, &at, extras, &plan->parts[0], plan, error) : status;
}
