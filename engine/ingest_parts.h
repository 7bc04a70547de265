/* SPDX-License-Identifier: Apache-2.0
 *
 * Many keys: rows that wait until a cache-sized part of the keys can be added up at a time (part_rows.h).
 *
 * With a million keys a row costs two misses of cache and of address translation: the line of its key and its
 * accumulators. Set aside by the hashes of their keys, all rows of a part of the keys meet the lines and
 * accumulators of that part, which are in the cache by then (docs/adr/0014).
 *
 * Rows that wait are placed, counted and judged; only their sums are missing. Whoever looks at slices or keys
 * settles them first: merging, `why`, a change of the shape of slices; and, but for slices that live where their
 * rows wait (ingest_sums.h), firing and forgetting.
 */
#ifndef WEIR_ENGINE_INGEST_PARTS_H
#define WEIR_ENGINE_INGEST_PARTS_H

#include "engine/ingest.h"

/* Bytes of lines and accumulators that a row may meet, from which on it waits. */
#define WEIR_WAITING_STATE_FROM ((size_t)10 << 20)

/* True where the rows of a plan may wait: their slices hold the state, keys are one word, arguments are numbers of
 * 64 bits, and nobody relies on the order in which keys were met. Of an ingest whose keys and plan are there. */
bool weir_ingest_may_part(const struct weir_ingest *ingest);

/* Before a range of so many rows: begins or ends to set rows aside. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_ingest_choose_parts(struct weir_ingest *ingest, int64_t rows, struct weir_error *error);

/* Sets the placed rows of a block aside, but for those of slices of which few come: these are added at once.
 * selected: per entry its row of the block, NULL: entry i is row i; ingest->place has the slots, ingest->inputs and
 * ingest->args the columns. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_ingest_part(struct weir_ingest *ingest, const uint32_t *selected, int32_t count,
                                  struct weir_error *error);

/* Adds up all rows that wait, into slices. Errors: WEIR_ERR_MEMORY; the state is then lost. */
enum weir_status weir_ingest_settle(struct weir_ingest *ingest, struct weir_error *error);

/* The same for those of slices that do not live where their rows wait (ingest_sums.h). */
enum weir_status weir_ingest_settle_shared(struct weir_ingest *ingest, struct weir_error *error);

/* Forgets a set that has fired. */
void weir_ingest_end_set(struct weir_ingest *ingest, struct weir_part_set *set);

#endif
