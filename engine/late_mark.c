/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/late_mark.h"

#include "base/bits.h"
#include "base/checked.h"

/* The last unit of the last window of a time on the wall clock of the zone. A session is judged merged with others;
 * one that met no open session is as long as the gap. */
static int64_t last_unit(const struct weir_window *window, int64_t placed) {
    int64_t end;
    if (window->kind == WEIR_WINDOW_SESSION) {
        end = weir_add_saturate_i64(weir_floordiv_i64(placed, window->ticks_per_unit), window->spec.size);
    } else {
        end = weir_window_end(window, weir_window_last(window, weir_window_slice(window, placed)));
    }
    return weir_sub_saturate_i64(end, 1);
}

bool weir_late_mark_block(struct weir_late_mark *mark, const struct weir_late_block *block,
                          struct weir_arena *arena) {
    const struct weir_block_time *time = block->time;
    int64_t *watermarks = weir_arena_alloc(arena, ((size_t)block->rows + 1) * sizeof(*watermarks));
    if (watermarks == NULL) return false;
    struct weir_lateness lateness =
        weir_block_time_lateness(block->plan, block->zone, block->window, time, block->rows);
    struct weir_clock clock = block->clock;
    int64_t after, before = weir_lateness_local(block->zone, weir_plan_units_per_ms(block->plan), clock.combined);
    bool moves = weir_lateness_watermarks(&lateness, time->min, time->max, &clock, watermarks, &after);
    for (int32_t i = 0; i < block->rows; i++) {
        if (!weir_bit_get(block->late, (size_t)i)) continue;
        int64_t by =
            weir_sub_saturate_i64(moves ? watermarks[i] : before, last_unit(block->window, time->placed[i]));
        if (by < 0 || (mark->any && by <= mark->by)) continue;
        int64_t unit = weir_floordiv_i64(time->ticks[i], block->window->ticks_per_unit);
        *mark = (struct weir_late_mark){.any = true, .by = by, .time = unit};
    }
    return true;
}

void weir_late_mark_join(struct weir_late_mark *mark, const struct weir_late_mark *other) {
    if (other->any && (!mark->any || other->by > mark->by)) *mark = *other;
}
