/* SPDX-License-Identifier: Apache-2.0
 *
 * A packet: rows on their way from the worker that has read them to the worker that owns their keys. They have been
 * filtered and placed, the word of their key found and their arguments evaluated; what comes after that is
 * parted.h.
 *
 * The columns of a packet have their full length from the beginning, so that packets are made once and filled again
 * and again. Rows of one slice that come one after the other are a run.
 */
#ifndef WEIR_ENGINE_PACKET_H
#define WEIR_ENGINE_PACKET_H

#include <stdint.h>

#include "engine/parted.h"

/* How the packets of a plan lie in memory. */
struct weir_packet_layout {
    int32_t rows_max; /* a multiple of 64, at most WEIR_BLOCK_ROWS */
    int32_t runs_max; /* a packet with so many is full */
    int32_t args_count;
    const enum weir_vector_kind *kinds; /* of the arguments; none is STRING */
    size_t bytes;                       /* of one packet, a multiple of WEIR_ISOLATE_BYTES */
};

struct weir_packet_run {
    int64_t index, first; /* the slice's name */
    int32_t from, count;
};

struct weir_packet_column {
    union {
        uint64_t *bits;
        int64_t *i64;
        weir_i128 *i128;
    };
    uint64_t *validity;
    bool has_validity; /* else every row so far has a value */
};

struct weir_packet {
    int64_t sequence; /* admission number of the first row of the range that the rows are from */
    int32_t rows;
    int32_t runs_count;
    bool is_last;   /* of the range */
    bool has_nulls; /* some keys are NULL; else `nulls` is not filled */
    struct weir_packet_run *runs;
    uint64_t *words;
    uint64_t *nulls;
    struct weir_packet_column *columns;
};

/* Rows of one slice and one owner, as they lie in a block. */
struct weir_packet_source {
    int64_t index, first;
    const struct weir_key_block *keys;
    const struct weir_vector *args;
    const uint32_t *entries; /* of keys */
    const uint32_t *rows;    /* of args */
    int32_t count;
};

/* kinds must live as long as the layout. */
void weir_packet_lay_out(struct weir_packet_layout *layout, int32_t rows_max, const enum weir_vector_kind *kinds,
                         int32_t args_count);

/* Makes a packet of layout->bytes bytes of memory, which are aligned to WEIR_ISOLATE_BYTES. */
struct weir_packet *weir_packet_make(const struct weir_packet_layout *layout, char *memory);

/* Empties it for rows of that range. */
void weir_packet_begin(const struct weir_packet_layout *layout, struct weir_packet *packet, int64_t sequence);

/* Appends the first rows of the source, as many as there is room for, and returns how many; 0: it is full. */
int32_t weir_packet_fill(const struct weir_packet_layout *layout, struct weir_packet *packet,
                         const struct weir_packet_source *source);

/* What reading needs. */
struct weir_packet_reader {
    struct weir_vector *args; /* args_count */
    uint64_t *bits;           /* (2 * args_count + 1) * WEIR_BLOCK_ROWS / 64 words */
};

/* Run i of a packet; *out is valid until the reader reads the next one. */
void weir_packet_read(const struct weir_packet_layout *layout, const struct weir_packet *packet, int32_t i,
                      const struct weir_packet_reader *reader, struct weir_parted *out);

#endif
