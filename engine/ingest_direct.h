/* SPDX-License-Identifier: Apache-2.0
 *
 * The shape of an ingest's slices: dense, and direct (direct_slice.h) where they have become sparse.
 *
 * Dense slices are the faster ones, for few keys and for many (docs/adr/0012), but each of them has a row for every
 * key that is known: a watermark that is long in coming, or keys that are ever new, open many slices which hold few
 * of the keys each. Where direct slices would take less than half of the memory, slices become direct, and dense
 * again when no more than one is open.
 *
 * Only windows that are one slice each (TUMBLE, or no window) have direct slices, and give their keys out in no
 * order that anybody relies on; and only an ingest that fires for itself has: a pipeline without workers, or a
 * worker that has keys of its own.
 */
#ifndef WEIR_ENGINE_INGEST_DIRECT_H
#define WEIR_ENGINE_INGEST_DIRECT_H

#include "engine/ingest.h"

/* Adds the placed rows of a block to direct slices. selected: per entry its row of the block, NULL: entry i is row
 * i; ingest->place has the slots, ingest->inputs and ingest->args the columns, ingest->ids the ids where keys are
 * not words. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_ingest_add_direct(struct weir_ingest *ingest, const uint32_t *selected, int32_t count,
                                        struct weir_error *error);

/* Between two blocks: makes the slices direct where they may be, and should. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_ingest_choose_shape(struct weir_ingest *ingest, struct weir_error *error);

/* After windows have fired: makes them dense again where no more than one is left. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_ingest_reconsider_shape(struct weir_ingest *ingest, struct weir_error *error);

/* Makes them the one or the other, whatever they are. The first only where they may be. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_ingest_turn_direct(struct weir_ingest *ingest, struct weir_error *error);
enum weir_status weir_ingest_turn_dense(struct weir_ingest *ingest, struct weir_error *error);

#endif
