/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/watermark.h"

#include <stdlib.h>

bool weir_watermark_init(struct weir_watermark *watermark, int32_t partitions) {
    watermark->partitions = partitions;
    watermark->combined = INT64_MIN;
    watermark->own = malloc((size_t)partitions * sizeof(*watermark->own));
    if (watermark->own == NULL) return false;
    for (int32_t i = 0; i < partitions; i++) watermark->own[i] = INT64_MIN;
    return true;
}

void weir_watermark_fini(struct weir_watermark *watermark) {
    free(watermark->own);
    watermark->own = NULL;
}

static int64_t least_of_others(const struct weir_watermark *watermark, int32_t partition) {
    int64_t least = INT64_MAX;
    for (int32_t i = 0; i < watermark->partitions; i++) {
        if (i != partition && watermark->own[i] < least) least = watermark->own[i];
    }
    return least;
}

struct weir_clock weir_watermark_clock(const struct weir_watermark *watermark, int32_t partition) {
    return (struct weir_clock){.combined = watermark->combined,
                               .own = watermark->own[partition],
                               .others = least_of_others(watermark, partition)};
}

void weir_watermark_admit(struct weir_watermark *watermark, int32_t partition, int64_t own) {
    struct weir_clock clock = weir_watermark_clock(watermark, partition);
    weir_clock_raise(&clock, own);
    watermark->own[partition] = clock.own;
    watermark->combined = clock.combined;
}
