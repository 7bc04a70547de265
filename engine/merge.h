/* SPDX-License-Identifier: Apache-2.0
 *
 * Bringing a worker's state home: its accumulators are added to those of the pipeline, its due results and rows of
 * the side output are moved, its key ids translated.
 */
#ifndef WEIR_ENGINE_MERGE_H
#define WEIR_ENGINE_MERGE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/ingest.h"

/* What a worker's key ids mean in the pipeline's table. Each is translated once, until either side gives its ids
 * anew (keys_generation). */
struct weir_id_map {
    uint32_t *ids;
    uint32_t count;
    uint32_t room;
    bool is_other; /* some of the first `count` ids mean another key there */
    uint32_t from_generation;
    uint32_t to_generation;
};

void weir_id_map_fini(struct weir_id_map *map);

/* Adds every slice of `from` that counts in a window <= closed to `to`, moves what is due and what is put aside,
 * and drops it all from `from`. The caller sees to it that nobody else touches either. */
enum weir_status weir_merge(struct weir_ingest *to, struct weir_ingest *from, struct weir_id_map *map,
                            int64_t closed, struct weir_error *error);

/* Adds to `to` what `from` holds of the keys that `to` owns (weir_exchange), and leaves `from` as it is: several
 * may read it at once. */
enum weir_status weir_merge_own(struct weir_ingest *to, const struct weir_ingest *from, struct weir_error *error);

#endif
