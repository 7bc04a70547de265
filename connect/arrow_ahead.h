/* SPDX-License-Identifier: Apache-2.0
 *
 * Record batches read ahead: the bodies of the next few are on their way while the caller works on one. Of a body
 * only the buffers of selected columns are read; those that lie near each other together. Compressed bodies are
 * also unpacked ahead, by threads of their own.
 */
#ifndef WEIR_CONNECT_ARROW_AHEAD_H
#define WEIR_CONNECT_ARROW_AHEAD_H

#include "connect/arrow_dictionary_set.h"
#include "connect/crew.h"
#include "io/io.h"

/* Batches and bytes on their way, at most. Reading begins with a few, and goes further ahead once it has had to
 * wait for a read: what comes from the page cache at once is best read just before it is used, into memory that is
 * still in the processor's caches. */
#define WEIR_ARROW_AHEAD_BATCHES 32
#define WEIR_ARROW_AHEAD_FIRST 2
#define WEIR_ARROW_AHEAD_BYTES (INT64_C(16) << 20)
#define WEIR_ARROW_AHEAD_SECOND (INT64_C(256) << 20) /* of the first, up to which there is a second */

/* A record batch whose body is being read, and then perhaps unpacked. */
struct weir_arrow_slot {
    struct weir_crew_job job;
    struct weir_arrow_ahead *ahead;
    struct weir_arrow_batch batch; /* what a thread makes of it */
    bool submitted;                /* to the crew */
    enum weir_status status;       /* of unpacking */
    struct weir_error error;
    struct weir_arrow_plan plan;     /* a part for each selected column */
    struct weir_arrow_words **words; /* the same; NULL for columns without dictionary */
    struct weir_arrow_body *body;
    int64_t rows;
    enum weir_arrow_compression compression;
    int64_t offset;      /* of the message in the file */
    int64_t end;         /* of its body */
    int64_t body_offset; /* in the file */
    int64_t asked;       /* bytes */
    int64_t got;
    size_t reads; /* outstanding */
    bool direct;  /* in whole blocks, past the page cache */
};

struct weir_arrow_ahead {
    struct weir_arrow_scan *scan; /* borrowed */
    struct weir_io *io;
    struct weir_arrow_pool *pool;
    struct weir_arrow_codec codec;
    int32_t threads;                 /* that may unpack; 1: the caller's */
    struct weir_crew *crew;          /* they, once there is something for them; NULL otherwise */
    struct weir_arrow_codec *codecs; /* one for each of them */
    struct weir_arrow_dictionary_set dictionaries;
    int32_t *fields;  /* selected columns as indices into the schema */
    int32_t *slot_of; /* of each column of the schema: which of fields, or -1 */
    size_t count;
    struct weir_arrow_bytes spans; /* struct weir_arrow_span: to plan reads in */
    struct weir_arrow_slot ring[WEIR_ARROW_AHEAD_BATCHES];
    size_t first; /* in ring */
    size_t used;
    size_t depth;  /* slots to be used, at most */
    int64_t bytes; /* asked by the slots in use */
    bool exhausted;
    bool began; /* to read a body */
};

/* A batch that has come, with its dictionaries. */
struct weir_arrow_loaded {
    struct weir_arrow_batch batch;
    struct weir_arrow_words **words; /* one a column, entries NULL where there is none */
    int64_t end;                     /* of the message in the file */
};

/* `ahead` is zeroed storage; weir_arrow_ahead_close frees it, after failures too. fields: indices into the
 * scan's schema, all carried, none twice (WEIR_ERR_INVALID); copied. threads: that may be started to unpack, >= 1.
 */
enum weir_status weir_arrow_ahead_open(struct weir_arrow_ahead *ahead, struct weir_arrow_scan *scan,
                                       const int32_t *fields, size_t count, int32_t threads,
                                       const struct weir_io_options *options, struct weir_error *error);

/* The next record batch that has rows, or WEIR_END. `out` has columns and words for `count` columns, all zeroed;
 * free with weir_arrow_loaded_fini, which leaves it so. After an error only close. */
enum weir_status weir_arrow_ahead_next(struct weir_arrow_ahead *ahead, struct weir_arrow_loaded *out,
                                       struct weir_error *error);

void weir_arrow_ahead_close(struct weir_arrow_ahead *ahead);

/* Storage for the columns of weir_arrow_ahead_next; freed by _free. */
enum weir_status weir_arrow_loaded_init(struct weir_arrow_loaded *loaded, size_t count, struct weir_error *error);
void weir_arrow_loaded_fini(struct weir_arrow_loaded *loaded);
void weir_arrow_loaded_free(struct weir_arrow_loaded *loaded);

#endif
