/* SPDX-License-Identifier: Apache-2.0
 *
 * The messages of an Arrow IPC stream that comes through a pipe, in order. A message is taken up as its bytes come;
 * in between the caller gets WEIR_AGAIN. Bodies are read whole, for nothing can be skipped in a pipe.
 */
#ifndef WEIR_CONNECT_ARROW_LIVE_H
#define WEIR_CONNECT_ARROW_LIVE_H

#include "connect/arrow_ahead.h"
#include "io/pipe.h"

/* What is being read. */
enum weir_arrow_live_stage {
    WEIR_ARROW_LIVE_PREFIX,   /* 4 or 8 bytes: the length of the metadata */
    WEIR_ARROW_LIVE_METADATA, /* into scan->metadata */
    WEIR_ARROW_LIVE_BODY,
    WEIR_ARROW_LIVE_END, /* the end marker has come: nothing may follow it */
};

struct weir_arrow_live {
    struct weir_pipe *pipe;       /* borrowed */
    struct weir_arrow_scan *scan; /* borrowed: its path, schema and metadata; it has no file */
    int64_t wait_until;           /* on the clock of weir_monotonic_ms; INT64_MAX: for ever */
    enum weir_arrow_live_stage stage;
    uint8_t prefix[8];
    size_t have;    /* bytes of the stage that have come */
    size_t wanted;  /* bytes of the stage */
    int64_t offset; /* where the message began */
    int64_t passed; /* bytes read in all */
    struct weir_arrow_message message;
    struct weir_arrow_body *body;
    struct weir_arrow_pool *pool;
    struct weir_arrow_codec codec;
    struct weir_arrow_dictionary_set dictionaries;
    const int32_t *fields; /* selected columns as indices into the schema; borrowed */
    int32_t *slot_of;      /* of each column of the schema: which of fields, or -1 */
    size_t count;
    struct weir_arrow_plan plan;
};

/* Reads the schema into the scan, which is zeroed storage and weir_arrow_scan_close's afterwards; waits for it as
 * long as it takes. `live` is zeroed storage; weir_arrow_live_close frees it, after failures too. Errors name the
 * pipe and the byte. */
enum weir_status weir_arrow_live_open(struct weir_arrow_live *live, struct weir_pipe *pipe,
                                      struct weir_arrow_scan *scan, struct weir_error *error);

/* Chooses columns, once, before the first next: as for weir_arrow_ahead_open, but `fields` stays the caller's. */
enum weir_status weir_arrow_live_select(struct weir_arrow_live *live, const int32_t *fields, size_t count,
                                        struct weir_error *error);

/* As weir_arrow_ahead_next; also WEIR_AGAIN: the next batch has not come by wait_until. */
enum weir_status weir_arrow_live_next(struct weir_arrow_live *live, struct weir_arrow_loaded *out,
                                      struct weir_error *error);

void weir_arrow_live_close(struct weir_arrow_live *live);

#endif
