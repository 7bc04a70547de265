/* SPDX-License-Identifier: Apache-2.0
 *
 * Slices that live where their rows wait: a set of parted rows (part_rows.h) that has all that its slice holds, as
 * rows and as sums of parts (part_sums.h). Its slice in the store is empty, and it fires a part after the other,
 * each added up in the cache: no key gets an id, no accumulator lies where another row of its key must find it
 * (docs/adr/0017).
 *
 * Rows wait as long as that takes little more than their sums would; where they take more the sums are kept
 * instead.
 */
#ifndef WEIR_ENGINE_INGEST_SUMS_H
#define WEIR_ENGINE_INGEST_SUMS_H

#include "engine/ingest.h"

/* True where a slice's set may be its own: windows fire from slices of this ingest, and each from one. */
bool weir_ingest_may_own(const struct weir_ingest *ingest);

/* The set that has all of a slice; NULL: the slice has it. */
struct weir_part_set *weir_ingest_own_set(struct weir_ingest *ingest, const struct weir_slice *slice);

/* Makes a set that has just begun its slice's own, where it can be: what the slice holds moves there. Errors:
 * WEIR_ERR_MEMORY. */
enum weir_status weir_ingest_own(struct weir_ingest *ingest, struct weir_part_set *set, struct weir_error *error);

/* Keeps the sums of rows in place of them where they take much more memory than these would. Where there are many
 * rows a key, the slice gets them. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_ingest_keep_sums(struct weir_ingest *ingest, struct weir_error *error);

/* Gives the slices of all sets that are their own what they hold: their sums, and their rows are as those of
 * others. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_ingest_disown(struct weir_ingest *ingest, struct weir_error *error);

#endif
