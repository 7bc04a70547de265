/* SPDX-License-Identifier: Apache-2.0
 *
 * Parted rows: rows of one slice that have gone all the way to their key, and were taken out of the block in which
 * they came, to be added up later or by somebody else:
 *
 *     admission -> time -> filter -> arguments -> place in a slice -> word of the key -> | parted | -> id -> add
 *
 * Whoever parts rows gathers those whose words have the same bits of a hash, so that a part of the keys, whose
 * lines and accumulators fit the cache, is added up at a time (part_rows.h), or by the worker that owns it.
 *
 * Only keys that are one word (weir_key_table_has_words) can be parted: a word means the same in every table, an id
 * does not. The rows of a key must be parted, and added, in their order.
 */
#ifndef WEIR_ENGINE_PARTED_H
#define WEIR_ENGINE_PARTED_H

#include <stdint.h>

#include "engine/ingest.h"

/* Adds the rows to their slice, which is opened where it is not, in whatever shape the slices have. Uses the
 * ingest's ids and hashes, and nothing of its arena. Whoever placed the rows has counted them (weir_counts).
 * Errors: WEIR_ERR_MEMORY; the state is then lost. */
enum weir_status weir_parted_add(struct weir_ingest *ingest, const struct weir_parted *rows,
                                 struct weir_error *error);

/* The same for rows of keys that the ingest may have other rows of, or of which more come: sets them aside where
 * rows of the ingest wait (ingest_parts.h), behind those that do. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_parted_take(struct weir_ingest *ingest, const struct weir_parted *rows,
                                  struct weir_error *error);

#endif
