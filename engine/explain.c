/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/explain.h"

#include <string.h>

#include "base/error.h"
#include "base/zone.h"
#include "engine/event_time.h"
#include "simd/kernels.h"

/* The text so far; NULL once memory was short. */
struct text {
    struct weir_plan *plan;
    const char *so_far;
};

static void add(struct text *text, const char *line) {
    if (text->so_far == NULL || line == NULL) {
        text->so_far = NULL;
        return;
    }
    text->so_far = weir_arena_format(&text->plan->arena, "%s%s\n", text->so_far, line);
}

/* A length of time in the largest unit of which it has a whole number. */
static const char *length(struct weir_plan *plan, int64_t count, int64_t per_second) {
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
    struct weir_arena *arena = &plan->arena;
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(units); i++) {
        int64_t unit = units[i].seconds * per_second;
        if (count == 0 || count % unit != 0) continue;
        bool one = count == unit;
        return weir_arena_format(arena, "%lld %s%s", (long long)(count / unit), units[i].name, one ? "" : "s");
    }
    for (; count != 0 && count % 1000 == 0 && per_second > 1; count /= 1000) per_second /= 1000;
    return weir_arena_format(arena, "%lld %s", (long long)count,
                             weir_unit_name(count == 0 ? WEIR_UNIT_MS : per_second));
}

/* Of event time, and of the wall clock. */
static const char *span(struct weir_plan *plan, int64_t units) {
    return length(plan, units, plan->units_per_second);
}
static const char *wall_span(struct weir_plan *plan, int64_t ms) { return length(plan, ms, WEIR_UNIT_MS); }

static const char *expression(struct weir_plan *plan, const struct weir_expr *expr, const char *const *names) {
    const char *text = weir_expr_text(&plan->arena, expr, names);
    return text == NULL ? "?" : text;
}

static void add_read(struct text *text) {
    struct weir_plan *plan = text->plan;
    const char *list = "";
    for (int32_t i = 0; i < plan->columns_count && list != NULL; i++) {
        char type[WEIR_TYPE_NAME_BYTES];
        weir_type_name(plan->columns[i].type, false, type, sizeof(type));
        list = weir_arena_format(&plan->arena, "%s%s%s %s%s", list, i == 0 ? "" : ", ", plan->column_names[i], type,
                                 plan->columns[i].storage == WEIR_STORE_DICTIONARY ? " (dictionary)" : "");
    }
    add(text,
        weir_arena_format(&plan->arena, "read: %s", list == NULL || *list == '\0' ? "no column, rows only" : list));
}

static void add_unit(struct text *text) {
    struct weir_plan *plan = text->plan;
    if (plan->units_per_second == WEIR_UNIT_MS) return;
    add(text, weir_arena_format(&plan->arena, "unit: %s, that of %s, for windows, watermarks and bounds",
                                weir_unit_name(plan->units_per_second), weir_event_time_name(plan)));
}

static void add_watermark(struct text *text) {
    struct weir_plan *plan = text->plan;
    switch (plan->watermark.kind) {
    case WEIR_WATERMARK_NONE:
        if (plan->window.kind != WEIR_WINDOW_NONE && plan->window.kind != WEIR_WINDOW_COUNT)
            add(text, plan->processing_time ? "watermark: none; windows fire by the wall clock"
                                            : "watermark: none; a batch: nothing is late, windows fire at the end");
        return;
    case WEIR_WATERMARK_DELAY:
        add(text, weir_arena_format(&plan->arena, "watermark: greatest %s less %s, row by row",
                                    weir_event_time_name(plan), span(plan, plan->watermark.delay)));
        break;
    case WEIR_WATERMARK_EXPRESSION:
        add(text, weir_arena_format(&plan->arena, "watermark: greatest %s, row by row",
                                    expression(plan, plan->watermark.expression, plan->column_names)));
        break;
    }
    const struct weir_watermark_spec *spec = &plan->watermark;
    if (spec->idle_after_ms > 0)
        add(text, weir_arena_format(&plan->arena, "idle: a partition without rows for %s of the wall clock",
                                    wall_span(plan, spec->idle_after_ms)));
    if (spec->close_after_ms > 0)
        add(text, weir_arena_format(&plan->arena, "close: after %s of the wall clock without any row, windows fire",
                                    wall_span(plan, spec->close_after_ms)));
    if (spec->future_max_ms > 0) {
        const char *what = spec->future == WEIR_ROWS_KEEP   ? "kept"
                           : spec->future == WEIR_ROWS_DROP ? "dropped"
                                                            : "given to the side output";
        add(text, weir_arena_format(
                      &plan->arena,
                      "future: rows more than %s ahead of %s do not move the watermark and "
                      "are %s, counted",
                      wall_span(plan, spec->future_max_ms),
                      spec->future_by_partitions ? "the median of the other partitions" : "the wall clock", what));
    }
}

static const char *window_offset(struct weir_plan *plan) {
    if (plan->window.offset == 0) return "";
    const char *offset = weir_arena_format(&plan->arena, ", offset %s", span(plan, plan->window.offset));
    return offset == NULL ? "" : offset;
}

static const char *describe_hop(struct weir_plan *plan, const char *by, const char *offset) {
    const struct weir_window_spec *window = &plan->window;
    const char *size = span(plan, window->size), *slide = span(plan, window->slide);
    if (weir_plan_updates(plan))
        return weir_arena_format(&plan->arena, "window: HOP of %s every %s on %s%s", size, slide, by, offset);
    int64_t cuts = window->size % window->slide == 0 ? 1 : 2;
    return weir_arena_format(
        &plan->arena,
        "window: HOP of %s every %s on %s%s; %lld slice%s a slide, one update a row, windows put "
        "together from slices when they fire",
        size, slide, by, offset, (long long)cuts, cuts == 1 ? "" : "s");
}

/* Windows that the rows of a key make. */
static const char *describe_by_rows(struct weir_plan *plan, const char *by) {
    const struct weir_window_spec *window = &plan->window;
    struct weir_arena *arena = &plan->arena;
    long long rows = (long long)window->size;
    switch (window->kind) {
    case WEIR_WINDOW_SESSION:
        if (window->slide == 0)
            return weir_arena_format(arena, "window: SESSION of each key on %s, ended by a gap of %s", by,
                                     span(plan, window->size));
        return weir_arena_format(arena, "window: SESSION of each key on %s, ended by a gap of %s, in pieces of %s",
                                 by, span(plan, window->size), span(plan, window->slide));
    case WEIR_WINDOW_COUNT:
        if (window->slide == window->size)
            return weir_arena_format(arena, "window: every %lld row%s of a key, as they come", rows,
                                     rows == 1 ? "" : "s");
        return weir_arena_format(arena, "window: the last %lld row%s of a key every %lld, as they come", rows,
                                 rows == 1 ? "" : "s", (long long)window->slide);
    default:
        return weir_arena_format(arena, "window: %lld row%s of a key, as they come, or those of %s on %s", rows,
                                 rows == 1 ? "" : "s", span(plan, window->slide), by);
    }
}

static void add_window(struct text *text) {
    struct weir_plan *plan = text->plan;
    const struct weir_window_spec *window = &plan->window;
    const char *by = plan->processing_time ? "the wall clock" : weir_event_time_name(plan);
    const char *offset = window_offset(plan);
    bool updates = weir_plan_updates(plan);
    switch (window->kind) {
    case WEIR_WINDOW_NONE:
        if (plan->shape == WEIR_PLAN_AGGREGATE) add(text, "window: none; all rows until the end of the input");
        return;
    case WEIR_WINDOW_TUMBLE:
        add(text, weir_arena_format(&plan->arena, "window: TUMBLE of %s on %s%s%s", span(plan, window->size), by,
                                    offset, updates ? "" : "; a slice is a window"));
        break;
    case WEIR_WINDOW_HOP: add(text, describe_hop(plan, by, offset)); break;
    case WEIR_WINDOW_CUMULATE:
        add(text, weir_arena_format(&plan->arena, "window: CUMULATE to %s by %s on %s%s%s",
                                    span(plan, window->size), span(plan, window->slide), by, offset,
                                    updates ? "" : "; a slice a step, added to a running total"));
        break;
    default: add(text, describe_by_rows(plan, by)); break;
    }
    if (plan->zone != NULL)
        add(text, weir_arena_format(&plan->arena, "zone: windows are cut on the local clock of %s", plan->zone));
}

/* ---- emission ---- */

static void add_early(struct text *text) {
    struct weir_plan *plan = text->plan;
    const struct weir_emission *emission = &plan->emission;
    if (emission->early_rows == 1) {
        add(text, "early: a result at every row of a key and window");
    } else if (emission->early_rows > 1) {
        add(text, weir_arena_format(&plan->arena, "early: a result every %lld rows of a key and window",
                                    (long long)emission->early_rows));
    }
    if (emission->early_every > 0)
        add(text, weir_arena_format(&plan->arena, "early: a result every %s of %s, where rows have come",
                                    emission->early_processing_time ? wall_span(plan, emission->early_every)
                                                                    : span(plan, emission->early_every),
                                    emission->early_processing_time ? "the wall clock" : "event time"));
}

static void add_late(struct text *text) {
    struct weir_plan *plan = text->plan;
    const struct weir_emission *emission = &plan->emission;
    if (emission->lateness > 0)
        add(text,
            weir_arena_format(&plan->arena,
                              "lateness: until %s after its end a window takes rows, each of which fires it again",
                              span(plan, emission->lateness)));
    if (emission->late == WEIR_ROWS_SIDE) add(text, "late: rows go to the side output, whole, and are counted");
    if (emission->late == WEIR_ROWS_FOLD)
        add(text, "late: rows count in the next window that is still open, and are counted as folded");
}

static void add_emission(struct text *text) {
    static const char *const modes[] = {"-U takes the earlier one back, +U gives the new one",
                                        "+U gives the new total alone", "+I gives what came since the last one"};
    struct weir_plan *plan = text->plan;
    if (plan->shape != WEIR_PLAN_AGGREGATE || plan->window.kind == WEIR_WINDOW_NONE) return;
    add_early(text);
    add_late(text);
    if (weir_plan_updates(plan))
        add(text,
            weir_arena_format(&plan->arena, "updates: column op says what a row is; after the first result %s",
                              modes[plan->emission.mode]));
    if (plan->emission.end == WEIR_END_DISCARD)
        add(text, "end of input: windows that the watermark has not closed give nothing");
    if (plan->emission.end == WEIR_END_MARK)
        add(text, "end of input: every window fires; is_complete tells those that the watermark had closed");
}

static void add_fill(struct text *text) {
    static const char *const how[] = {"", "NULL", "a value", "what came before", "a line between its neighbours"};
    struct weir_plan *plan = text->plan;
    if (plan->fill.kind == WEIR_FILL_NONE) return;
    if (plan->fill.windows_max < 0) {
        add(text, weir_arena_format(&plan->arena, "fill: empty windows between two of a key give %s",
                                    how[plan->fill.kind]));
    } else {
        add(text, weir_arena_format(&plan->arena,
                                    "fill: empty windows between two of a key give %s, %lld in a row at most",
                                    how[plan->fill.kind], (long long)plan->fill.windows_max));
    }
}

static void add_keys(struct text *text) {
    struct weir_plan *plan = text->plan;
    for (int32_t i = 0; i < plan->keys_count; i++) {
        const struct weir_expr *key = plan->keys[i];
        const char *how = weir_plan_key_column(plan, i) >= 0 ? "codes mapped once a dictionary"
                          : weir_program_dictionary(plan->key_programs[i]) != NULL ? "codes of its constants"
                          : key->type.id == WEIR_TYPE_STRING                       ? "each string stored once"
                                                                                   : "by value";
        add(text, weir_arena_format(&plan->arena, "key: %s, %s", expression(plan, key, plan->column_names), how));
    }
}

static void add_state(struct text *text) {
    const struct weir_plan *plan = text->plan;
    if (plan->shape != WEIR_PLAN_AGGREGATE) return;
    bool sliced = plan->window.kind == WEIR_WINDOW_NONE || weir_window_is_sliced(plan->window.kind);
    if (!sliced) {
        add(text, "state: per key, its open windows; the worker that owns a key takes its rows in their order");
    } else if (weir_plan_updates(plan)) {
        add(text, "state: per key and window; the worker that owns a key takes its rows in their order");
    } else if (plan->ordered_floats) {
        add(text, plan->order_floats ? "state: dense, one accumulator row a key and open slice; one worker, or "
                                       "where keys or workers are many the one that owns a key, adds up its rows "
                                       "in their order, since sums of floats are to be the same to the last bit"
                                     : "state: dense, one accumulator row a key and open slice; one worker, or "
                                       "where keys or workers are many the one that owns a key, adds up its rows "
                                       "in their order, since a sum of floats decides HAVING or ORDER BY");
    } else {
        add(text, "state: dense, one accumulator row a key and open slice; each worker adds up its own, merged "
                  "when a window fires");
        if (weir_plan_may_be_direct(plan))
            add(text, "state: direct, in a table of the slice's own, while slices hold few of the keys");
    }
}

static void add_aggregates(struct text *text) {
    static const char *const names[] = {"COUNT(*)", "COUNT", "SUM", "MIN", "MAX", "AVG"};
    struct weir_plan *plan = text->plan;
    for (int32_t i = 0; i < plan->aggregates_count; i++) {
        const struct weir_aggregate_call *call = &plan->aggregates[i];
        char type[WEIR_TYPE_NAME_BYTES];
        weir_type_name(call->type, false, type, sizeof(type));
        if (call->arg == NULL) {
            add(text, weir_arena_format(&plan->arena, "aggregate: COUNT(*) -> %s", type));
        } else {
            add(text, weir_arena_format(&plan->arena, "aggregate: %s(%s) -> %s", names[call->function],
                                        expression(plan, call->arg, plan->column_names), type));
        }
    }
    add_state(text);
}

/* Where a clock jumps by other than an hour of summer time Flink does not fire windows in the order of their
 * ends. */
static void add_notes(struct text *text) {
    struct weir_plan *plan = text->plan;
    struct weir_zone *zone = NULL;
    if (plan->zone == NULL || plan->watermark.kind == WEIR_WATERMARK_NONE) return;
    if (weir_zone_open(plan->zone, &zone, NULL) != WEIR_OK) { /* it was opened before: memory is short */
        text->so_far = NULL;
        return;
    }
    bool regular = weir_zone_is_regular(zone);
    weir_zone_close(&zone);
    if (regular) return;
    add(text,
        weir_arena_format(&plan->arena,
                          "note: the clock of %s jumps, or has jumped, by other than an hour of a summer time "
                          "that goes on: rows that come out of order around such a jump may count as late here "
                          "and not in Flink, or the other way round",
                          plan->zone));
}

static void add_ways(struct text *text) {
    const char *ways = text->so_far == NULL ? NULL : weir_plan_explain_ways(text->plan);
    text->so_far = ways == NULL ? NULL : weir_arena_format(&text->plan->arena, "%s%s", text->so_far, ways);
}

const char *weir_plan_explain(struct weir_plan *plan) {
    struct text text = {plan, ""};
    struct weir_arena *arena = &plan->arena;
    add_read(&text);
    add_unit(&text);
    add_watermark(&text);
    if (plan->filter != NULL) {
        add(&text, weir_arena_format(arena, "filter: %s", expression(plan, plan->filter, plan->column_names)));
    }
    add_window(&text);
    add_keys(&text);
    add_aggregates(&text);
    add_fill(&text);
    add_emission(&text);
    add_ways(&text);
    if (plan->having != NULL)
        add(&text, plan->shape == WEIR_PLAN_ROWS ? "filter: over rows with their windows"
                                                 : "having: over the finished groups");
    if (plan->order_count > 0) {
        add(&text, weir_arena_format(arena, "order: by %d column%s, sorted at the end of the input",
                                     plan->order_count, plan->order_count == 1 ? "" : "s"));
    }
    if (plan->limit >= 0) add(&text, weir_arena_format(arena, "limit: %lld rows", (long long)plan->limit));
    add(&text, weir_arena_format(arena, "kernels: %s", weir_simd_level_name(weir_simd_used())));
    add_notes(&text);
    return text.so_far;
}
