/* SPDX-License-Identifier: Apache-2.0
 *
 * Notes of explain: where Flink gives other rows for windows on the wall clock of the session's zone. That rows may
 * be late at other times around irregular jumps says the plan itself (engine/explain.c).
 */
#include "base/zone.h"
#include "sql/bind.h"

static bool note(struct weir_binder *b, const char *text) {
    return text == NULL ? weir_bind_no_memory(b) != NULL : weir_bind_note(b, text);
}

/* How far apart the ends of the windows' parts are. */
static int64_t part_ms(const struct weir_window_spec *spec) {
    int64_t a = spec->size, b = spec->slide;
    if (spec->kind == WEIR_WINDOW_TUMBLE) return a;
    if (spec->kind == WEIR_WINDOW_CUMULATE) return b;
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Without summer time the buffer of Flink's window functions is emptied on the grid of UTC. */
static bool loses_held_rows(const struct weir_binder *b) {
    const int64_t today_ms = INT64_C(1767225600000);
    int64_t offset_ms = weir_zone_local_ms(b->zone, today_ms) - today_ms;
    return b->group_window.ast == NULL && !weir_zone_has_summer_time(b->zone) &&
           offset_ms % part_ms(&b->plan->window) != 0;
}

bool weir_bind_zone_notes(struct weir_binder *b) {
    const struct weir_plan *plan = b->plan;
    const struct weir_window_spec *spec = &plan->window;
    bool on_time = plan->shape == WEIR_PLAN_ROWS || plan->watermark.kind == WEIR_WATERMARK_NONE;
    if (on_time || plan->zone == NULL || b->zone == NULL || !weir_window_is_sliced(spec->kind)) return true;
    bool parts = spec->kind == WEIR_WINDOW_HOP || spec->kind == WEIR_WINDOW_CUMULATE;
    bool odd_group = b->group_window.ast != NULL && parts && spec->size % spec->slide != 0;
    if (loses_held_rows(b) &&
        !note(b, weir_arena_format(b->arena,
                                   "Flink loses rows of these windows that come shortly before they close, for the "
                                   "offset of %s is no multiple of their length; here all count",
                                   plan->zone)))
        return false;
    if (parts && !weir_zone_is_regular(b->zone))
        return note(b, weir_arena_format(b->arena,
                                         "around such a jump of the clock of %s Flink may free parts of these "
                                         "windows too early, and rows are missing there; here each window has all",
                                         plan->zone));
    if (!odd_group || !weir_zone_has_summer_time(b->zone)) return true;
    return note(b, weir_arena_format(b->arena,
                                     "in the hour that the clock of %s skips Flink may free parts of these windows "
                                     "too early, and rows are missing there; here each window has all",
                                     plan->zone));
}
