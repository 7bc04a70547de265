/* SPDX-License-Identifier: Apache-2.0
 *
 * From a batch to accumulators: filter, slices, key ids, sums, in blocks of WEIR_BLOCK_ROWS rows. One per worker;
 * it owns the worker's key table and slices.
 */
#ifndef WEIR_ENGINE_INGEST_H
#define WEIR_ENGINE_INGEST_H

#include <stdint.h>

#include "engine/accumulator.h"
#include "engine/key_table.h"
#include "engine/slice_store.h"
#include "engine/watermark.h"
#include "engine/window.h"

/* What happened to rows; see weir_stats. */
struct weir_counts {
    int64_t rows_in;
    int64_t filtered;
    int64_t null_time;
    int64_t unassigned;
    int64_t late;
    int64_t aggregated;
};

struct weir_slot; /* a slice that rows of the block at work go to */

struct weir_ingest {
    const struct weir_plan *plan;
    const struct weir_accumulator *accumulator;
    struct weir_window window;
    struct weir_key_table *keys;
    struct weir_slice_store store;
    struct weir_counts counts;
    bool fail_on_null_time;
    struct weir_arena arena; /* temporaries of one block */
    struct weir_key_input *inputs;
    struct weir_vector *args;
    uint32_t *selected; /* rows of the block that count */
    uint32_t *ordered;  /* the same by slot */
    uint16_t *slot_of;  /* per entry of selected */
    struct weir_slot *slots;
    int32_t slots_count;
    uint32_t *ids;
    int64_t *closed;
    int64_t *seconds; /* scratch for time columns in seconds */
};

/* A range of rows of a batch, and W before it. */
struct weir_ingest_range {
    const struct weir_batch *batch;
    int64_t first; /* a multiple of 64 */
    int64_t rows;
    struct weir_clock clock;
};

/* Zeroed storage in. The plan must be validated and outlive it. */
enum weir_status weir_ingest_init(struct weir_ingest *ingest, const struct weir_plan *plan,
                                  const struct weir_accumulator *accumulator, bool fail_on_null_time,
                                  struct weir_error *error);
void weir_ingest_fini(struct weir_ingest *ingest);

/* Adds the rows up. After an error the state is lost. */
enum weir_status weir_ingest_rows(struct weir_ingest *ingest, const struct weir_ingest_range *range,
                                  struct weir_error *error);

/* Bytes of keys and slices. */
size_t weir_ingest_bytes(const struct weir_ingest *ingest);

/* The greatest claim on W of a range of rows, without working on them: what admission needs. INT64_MIN: none. arena
 * is for temporaries. */
enum weir_status weir_ingest_claim(const struct weir_plan *plan, const struct weir_batch *batch, int64_t first,
                                   int64_t rows, struct weir_arena *arena, int64_t *claim,
                                   struct weir_error *error);

#endif
