/* SPDX-License-Identifier: Apache-2.0
 *
 * The messages of an Arrow IPC file one after the other, without their bodies: both the file format, whose footer
 * tells where they are (dictionaries come first), and the stream format, where each follows the one before.
 */
#ifndef WEIR_CONNECT_ARROW_SCAN_H
#define WEIR_CONNECT_ARROW_SCAN_H

#include "connect/arrow_metadata.h"
#include "io/io.h"

struct weir_arrow_block {
    int64_t offset;
    int64_t metadata_bytes;
};

struct weir_arrow_scan {
    struct weir_file *file;
    const char *path; /* the file's own */
    int64_t size;     /* of the file */
    bool is_file;     /* the file format */
    struct weir_arrow_schema schema;
    /* The file format */
    struct weir_arrow_block *blocks; /* dictionaries, then record batches */
    size_t blocks_count;
    size_t dictionaries; /* how many of the blocks are dictionaries */
    size_t next_block;
    int64_t data_end;      /* where messages end: the footer, or the end of a stream's file */
    bool cold;             /* set by whoever has had to wait for the disk: metadata is then fetched ahead */
    size_t expected_block; /* the first whose metadata is not on its way yet */
    /* The stream format */
    int64_t position; /* of the next message */
    bool ended;       /* the end-of-stream marker has come */
    /* The message at hand */
    uint8_t *metadata;
    size_t metadata_capacity;
    struct weir_flat flat;
};

struct weir_arrow_found {
    struct weir_arrow_message message; /* valid until the next call */
    int64_t offset;                    /* of the message in the file */
    int64_t body;                      /* of its body, which is within the file */
};

/* Opens the file and reads its schema. `scan` is zeroed storage; weir_arrow_scan_close frees it, after failures
 * too. Errors name file and byte: WEIR_ERR_IO, WEIR_ERR_FORMAT (truncated, damaged), WEIR_ERR_UNSUPPORTED,
 * WEIR_ERR_MEMORY. */
enum weir_status weir_arrow_scan_open(struct weir_arrow_scan *scan, const char *path, struct weir_error *error);

/* The next dictionary or record batch, or WEIR_END. */
enum weir_status weir_arrow_scan_next(struct weir_arrow_scan *scan, struct weir_arrow_found *out,
                                      struct weir_error *error);

void weir_arrow_scan_close(struct weir_arrow_scan *scan);

/* True when the first bytes of a file are Arrow IPC, of either format (or Feather version 1, which is then refused
 * with its name). */
bool weir_arrow_scan_recognise(const char *head, size_t bytes);

#endif
