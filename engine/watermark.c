/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/watermark.h"

#include <stdlib.h>

#include "base/checked.h"

bool weir_watermark_init(struct weir_watermark *watermark, int32_t partitions) {
    watermark->partitions_count = partitions;
    watermark->combined = INT64_MIN;
    watermark->now = watermark->began_at = watermark->raised_at = INT64_MIN;
    watermark->partitions = calloc((size_t)partitions, sizeof(*watermark->partitions));
    watermark->times = calloc((size_t)partitions, sizeof(*watermark->times));
    if (watermark->partitions == NULL || watermark->times == NULL) return false;
    for (int32_t i = 0; i < partitions; i++) {
        struct weir_partition *partition = &watermark->partitions[i];
        partition->own = partition->time_max = partition->rows_at = partition->raised_at = INT64_MIN;
    }
    return true;
}

void weir_watermark_fini(struct weir_watermark *watermark) {
    free(watermark->partitions);
    free(watermark->times);
    watermark->partitions = NULL;
    watermark->times = NULL;
}

/* Over the active partitions but one (-1: none left out); INT64_MAX when there are none. */
static int64_t least_but(const struct weir_watermark *watermark, int32_t partition) {
    int64_t least = INT64_MAX;
    for (int32_t i = 0; i < watermark->partitions_count; i++) {
        const struct weir_partition *other = &watermark->partitions[i];
        if (i != partition && other->state == WEIR_PARTITION_ACTIVE && other->own < least) least = other->own;
    }
    return least;
}

struct weir_clock weir_watermark_clock(const struct weir_watermark *watermark, int32_t partition) {
    return (struct weir_clock){.combined = watermark->combined,
                               .own = watermark->partitions[partition].own,
                               .others = least_but(watermark, partition)};
}

/* A partition that has caught up counts again. */
static void align(struct weir_watermark *watermark, struct weir_partition *partition) {
    if (partition->state == WEIR_PARTITION_BEHIND && partition->own >= watermark->combined)
        partition->state = WEIR_PARTITION_ACTIVE;
}

void weir_watermark_wake(struct weir_watermark *watermark, int32_t partition) {
    struct weir_partition *woken = &watermark->partitions[partition];
    if (woken->state != WEIR_PARTITION_IDLE) return;
    woken->state = WEIR_PARTITION_BEHIND;
    align(watermark, woken);
    if (woken->state == WEIR_PARTITION_ACTIVE) weir_watermark_raise(watermark, least_but(watermark, -1));
}

void weir_watermark_admit(struct weir_watermark *watermark, int32_t partition, int64_t own) {
    weir_watermark_wake(watermark, partition);
    struct weir_clock clock = weir_watermark_clock(watermark, partition);
    weir_clock_raise(&clock, own);
    if (clock.own > watermark->partitions[partition].own)
        watermark->partitions[partition].raised_at = watermark->now;
    watermark->partitions[partition].own = clock.own;
    weir_watermark_raise(watermark, clock.combined);
    align(watermark, &watermark->partitions[partition]);
}

void weir_watermark_raise(struct weir_watermark *watermark, int64_t value) {
    if (value <= watermark->combined) return;
    watermark->combined = value;
    watermark->raised_at = watermark->now;
}

void weir_watermark_tell(struct weir_watermark *watermark, int64_t now) {
    if (watermark->began_at == INT64_MIN) watermark->began_at = now;
    if (now > watermark->now) watermark->now = now;
}

void weir_watermark_saw(struct weir_watermark *watermark, int32_t partition, int64_t rows, int64_t time_max) {
    struct weir_partition *seen = &watermark->partitions[partition];
    seen->rows += rows;
    seen->rows_at = watermark->now;
    if (time_max > seen->time_max) seen->time_max = time_max;
}

static int by_time(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

int64_t weir_watermark_median(struct weir_watermark *watermark, int32_t partition) {
    size_t count = 0;
    for (int32_t i = 0; i < watermark->partitions_count; i++) {
        const struct weir_partition *other = &watermark->partitions[i];
        if (i == partition || other->state == WEIR_PARTITION_IDLE || other->time_max == INT64_MIN) continue;
        watermark->times[count++] = other->time_max;
    }
    if (count == 0) return INT64_MIN;
    qsort(watermark->times, count, sizeof(*watermark->times), by_time);
    return watermark->times[(count - 1) / 2];
}

int32_t weir_watermark_holder(const struct weir_watermark *watermark) {
    int32_t active = -1, behind = -1;
    for (int32_t i = 0; i < watermark->partitions_count; i++) {
        const struct weir_partition *all = watermark->partitions, *partition = &all[i];
        if (partition->state == WEIR_PARTITION_ACTIVE && (active < 0 || partition->own < all[active].own))
            active = i;
        if (partition->state == WEIR_PARTITION_BEHIND && (behind < 0 || partition->own > all[behind].own))
            behind = i;
    }
    return active >= 0 ? active : behind;
}

/* Some partitions are idle that were not: W is that of the others. */
static void leave_idle_out(struct weir_watermark *watermark) {
    int64_t largest = INT64_MIN;
    bool all_idle = true, some_active = false;
    for (int32_t i = 0; i < watermark->partitions_count; i++) {
        const struct weir_partition *other = &watermark->partitions[i];
        all_idle &= other->state == WEIR_PARTITION_IDLE;
        some_active |= other->state == WEIR_PARTITION_ACTIVE;
        if (other->own > largest) largest = other->own;
    }
    if (all_idle) {
        weir_watermark_raise(watermark, largest);
    } else if (some_active) { /* else those that are not idle are all behind: they hold W where it is */
        weir_watermark_raise(watermark, least_but(watermark, -1));
    }
}

void weir_watermark_idle(struct weir_watermark *watermark, int32_t partition) {
    watermark->partitions[partition].state = WEIR_PARTITION_IDLE;
    leave_idle_out(watermark);
}

void weir_watermark_time_out(struct weir_watermark *watermark, int64_t now, int64_t span) {
    bool found = false;
    for (int32_t i = 0; i < watermark->partitions_count; i++) {
        struct weir_partition *partition = &watermark->partitions[i];
        if (partition->state == WEIR_PARTITION_IDLE || weir_sub_saturate_i64(now, partition->active_at) < span)
            continue;
        partition->state = WEIR_PARTITION_IDLE;
        found = true;
    }
    if (found) leave_idle_out(watermark);
}
