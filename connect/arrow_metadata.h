/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages of the IPC format as structs: what a record batch says about where its buffers lie, checked against the
 * length of its body and against what its rows need, so that nothing behind it needs to check again.
 *
 * Source: format/Message.fbs of apache/arrow. Messages of errors do not name the file.
 */
#ifndef WEIR_CONNECT_ARROW_METADATA_H
#define WEIR_CONNECT_ARROW_METADATA_H

#include "connect/arrow_bytes.h"
#include "connect/arrow_codec.h"
#include "connect/arrow_schema.h"

/* Numbers of the union MessageHeader. */
enum weir_arrow_message_kind {
    WEIR_ARROW_MESSAGE_SCHEMA = 1,
    WEIR_ARROW_MESSAGE_DICTIONARY = 2,
    WEIR_ARROW_MESSAGE_BATCH = 3,
};

struct weir_arrow_message {
    enum weir_arrow_message_kind kind;
    struct weir_flat_table header; /* Schema, DictionaryBatch or RecordBatch */
    int64_t body_bytes;            /* >= 0 */
};

/* Reads a Message; *flat holds its bytes and must live as long as *out. Refuses metadata older than V5. */
enum weir_status weir_arrow_message_read(struct weir_flat *flat, struct weir_arrow_message *out,
                                         struct weir_error *error);

/* Checks a MetadataVersion (V5 is 4). */
enum weir_status weir_arrow_version_check(int64_t version, struct weir_error *error);

/* Rows of one batch, at most: keeps sums and products of rows in range. */
#define WEIR_ARROW_ROWS_MAX (INT64_C(1) << 40)

struct weir_arrow_header {
    int64_t rows; /* 0 .. WEIR_ARROW_ROWS_MAX */
    enum weir_arrow_compression compression;
    struct weir_flat_vector nodes;
    struct weir_flat_vector buffers;
    struct weir_flat_vector variadics;
    int64_t body_bytes;
};

enum weir_status weir_arrow_header_read(const struct weir_flat_table *table, int64_t body_bytes,
                                        struct weir_arrow_header *out, struct weir_error *error);

/* Bytes of a body. */
struct weir_arrow_span {
    int64_t offset;
    int64_t bytes;
};

/* One column of one batch: its buffers in the body, in the order of its layout (validity, values) or (validity,
 * offsets, text). validity has 0 bytes where there are no NULLs. */
struct weir_arrow_part {
    int64_t nulls; /* -1: not told */
    struct weir_arrow_span spans[3];
    uint32_t extra; /* VIEW: the first of its further buffers in weir_arrow_plan.extras, and how many they are */
    uint32_t extras;
};

/* The selected columns of one batch. */
struct weir_arrow_plan {
    struct weir_arrow_part *parts;
    struct weir_arrow_bytes extras; /* struct weir_arrow_span: buffers that views point into */
};

/* Finds the parts of columns: that of column i of the schema is written to plan->parts[slots[i]] where slots[i] >=
 * 0. Each span lies in the body; when the body is not compressed each is also as long as the rows need (text
 * excepted, which offsets tell). */
enum weir_status weir_arrow_header_parts(const struct weir_arrow_header *header,
                                         const struct weir_arrow_schema *schema, const int32_t *slots,
                                         struct weir_arrow_plan *plan, struct weir_error *error);

/* The same for the one column of a DictionaryBatch's data, into plan->parts[0]. */
enum weir_status weir_arrow_header_words(const struct weir_arrow_header *header, struct weir_arrow_layout layout,
                                         struct weir_arrow_plan *plan, struct weir_error *error);

/* Number of buffers of a layout, 0..3, and the bytes that `rows` need in each (0 for text). */
int weir_arrow_layout_buffers(struct weir_arrow_layout layout);
size_t weir_arrow_layout_needs(struct weir_arrow_layout layout, int buffer, int64_t rows);

#endif
