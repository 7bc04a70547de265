/* SPDX-License-Identifier: Apache-2.0
 *
 * Bringing a worker's slices home: its accumulators are added to those of the pipeline, its key ids translated.
 */
#ifndef WEIR_ENGINE_MERGE_H
#define WEIR_ENGINE_MERGE_H

#include <stdint.h>

#include "engine/ingest.h"

/* What a worker's key ids mean in the pipeline's table. Ids never change, so each is translated once. */
struct weir_id_map {
    uint32_t *ids;
    uint32_t count;
    uint32_t room;
};

void weir_id_map_fini(struct weir_id_map *map);

/* Adds every slice of `from` that counts in a window <= closed to `to`, and drops it from `from`. The caller sees
 * to it that nobody else touches either. */
enum weir_status weir_merge_slices(struct weir_ingest *to, struct weir_ingest *from, struct weir_id_map *map,
                                   int64_t closed, struct weir_error *error);

#endif
