/* SPDX-License-Identifier: Apache-2.0
 *
 * What SET says about late rows, early results and the end of the input, as the plan's emission. Options that
 * contradict each other, the window or the input are refused here, at the window.
 */
#include <string.h>

#include "sql/bind.h"

/* A row adds to each of its windows, so windows that overlap many times over take memory and time for each. */
#define OVERLAPS_MAX 65536

static bool fail(struct weir_binder *b, enum weir_status code, const char *text) {
    weir_bind_fail(b, code, b->window_at, "%s", text);
    return false;
}

/* Nothing will say that a window has closed but the end of the input. */
static bool is_without_watermark(const struct weir_binder *b) {
    const struct weir_plan *plan = b->plan;
    bool by_rows = plan->window.kind == WEIR_WINDOW_COUNT;
    return plan->watermark.kind == WEIR_WATERMARK_NONE && !plan->processing_time && !b->input.pushed && !by_rows;
}

static bool wants_updates(const struct weir_settings *settings) {
    return settings->early_fire || settings->late_fire || settings->early_rows > 0 || settings->early_event_ms > 0;
}

/* ---- early results ---- */

static bool set_early(struct weir_binder *b, const struct weir_settings *settings) {
    struct weir_emission *emission = &b->plan->emission;
    emission->early_rows = settings->early_rows;
    if (settings->early_fire) {
        if (!settings->early_delay.set)
            return fail(b, WEIR_ERR_SQL,
                        "'table.exec.emit.early-fire.enabled' needs a delay, as in Flink; SET "
                        "'table.exec.emit.early-fire.delay' = '10 s' ('0 s': at every row)");
        emission->early_processing_time = settings->early_delay.ms > 0;
        emission->early_every = settings->early_delay.ms;
        if (settings->early_delay.ms == 0) emission->early_rows = 1;
    }
    if (settings->early_event_ms == 0) return true;
    if (emission->early_processing_time)
        return fail(b, WEIR_ERR_SQL,
                    "'weir.emit.early-fire.event-time' and 'table.exec.emit.early-fire.delay' both say when early "
                    "results come; RESET one of them");
    if (b->plan->watermark.kind == WEIR_WATERMARK_NONE && !b->input.pushed)
        return fail(b, WEIR_ERR_SQL,
                    "'weir.emit.early-fire.event-time' follows the watermark, and this query has none; declare a "
                    "WATERMARK, or use 'weir.emit.early-fire.rows'");
    emission->early_every = settings->early_event_ms;
    return true;
}

/* ---- late results ---- */

static bool set_late(struct weir_binder *b, const struct weir_settings *settings) {
    struct weir_emission *emission = &b->plan->emission;
    if (!settings->late_fire)
        return settings->lateness_ms == 0 ||
               weir_bind_note(b, "'table.exec.emit.allow-lateness' does nothing without late fire, as in Flink");
    if (!settings->late_delay.set)
        return fail(b, WEIR_ERR_SQL,
                    "'table.exec.emit.late-fire.enabled' needs a delay, as in Flink; SET "
                    "'table.exec.emit.late-fire.delay' = '0 s'");
    if (settings->lateness_ms == 0)
        return fail(b, WEIR_ERR_SQL,
                    "'table.exec.emit.late-fire.enabled' needs to know how late a row may be, as in Flink; SET "
                    "'table.exec.emit.allow-lateness' = '1 min'");
    emission->lateness = settings->lateness_ms;
    emission->late_fire = true;
    return true;
}

/* ---- both ---- */

static bool check_overlaps(struct weir_binder *b) {
    const struct weir_window_spec *spec = &b->plan->window;
    if (spec->kind == WEIR_WINDOW_TUMBLE || spec->size / spec->slide <= OVERLAPS_MAX) return true;
    weir_bind_fail(
        b, WEIR_ERR_UNSUPPORTED, b->window_at,
        "with early or late results each of the %lld windows that a row belongs to is kept by itself, and "
        "%d are the most; without them any number is taken",
        (long long)(spec->size / spec->slide), OVERLAPS_MAX);
    return false;
}

static bool check_updates(struct weir_binder *b, const struct weir_settings *settings) {
    struct weir_plan *plan = b->plan;
    if (!weir_plan_updates(plan)) {
        if (settings->update == WEIR_UPDATE_RETRACTING) return true;
        return fail(b, WEIR_ERR_SQL,
                    "'weir.emit.mode' says how results replace earlier ones, and this query gives final ones only; "
                    "ask for early results or late fire, or RESET 'weir.emit.mode'");
    }
    plan->emission.mode = settings->update;
    if (b->fill != NULL) {
        weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, b->fill->at,
                       "FILL goes with final results only: without early results and late fire");
        return false;
    }
    if (!check_overlaps(b)) return false;
    return b->group_window.ast != NULL ||
           weir_bind_note(b,
                          "Flink gives early and late results for group windows only (GROUP BY TUMBLE(ts, ...))");
}

static bool set_updates(struct weir_binder *b, const struct weir_settings *settings) {
    bool batch_mode = weir_bind_is_batch(b);
    if (wants_updates(settings) && batch_mode)
        return weir_bind_note(b,
                              "early and late results come in streaming mode only, as in Flink; this is a batch");
    if (wants_updates(settings) && !weir_window_is_sliced(b->plan->window.kind)) {
        weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, b->window_at,
                       "%s windows give no early or late results, as SESSION in Flink; RESET "
                       "'table.exec.emit.early-fire.enabled', 'table.exec.emit.late-fire.enabled' and "
                       "'weir.emit.early-fire.*'",
                       b->window_name);
        return false;
    }
    return set_early(b, settings) && set_late(b, settings) && (batch_mode || check_updates(b, settings));
}

/* ---- rows that are too late ---- */

/* The columns of the late table are those of the input. */
static bool check_columns(struct weir_binder *b, const struct weir_ast_table *table, const char *name,
                          struct weir_place at) {
    if (table->columns_count != b->input.columns_count) {
        weir_bind_fail(b, WEIR_ERR_SQL, at, "late rows of '%.120s' have %d columns, and the table '%.120s' has %d",
                       b->input.name, b->input.columns_count, name, table->columns_count);
        return false;
    }
    for (int32_t i = 0; i < table->columns_count; i++) {
        const struct weir_ast_column *column = table->columns[i];
        if (weir_type_equal(column->type, b->input.types[i])) continue;
        char is[WEIR_TYPE_NAME_BYTES], wanted[WEIR_TYPE_NAME_BYTES];
        weir_bind_fail(
            b, WEIR_ERR_SQL, at,
            "late rows of '%.120s' bring '%.120s' as %s, and the column '%.120s' of the table '%.120s' is "
            "%s",
            b->input.name, b->input.names[i], weir_type_name(b->input.types[i], false, is, sizeof(is)),
            column->name, name, weir_type_name(column->type, false, wanted, sizeof(wanted)));
        return false;
    }
    return true;
}

static bool find_late_table(struct weir_binder *b, const struct weir_settings *settings) {
    const char *name = settings->late_table;
    const struct weir_relation_entry *entry = weir_catalog_find(b->request->catalog, name);
    if (entry == NULL) {
        b->status = weir_catalog_unknown(b->request->catalog, name, settings->late_table_at, b->error);
        return false;
    }
    const struct weir_statement *insert = b->request->insert;
    const char *wrong = entry->table == NULL                                ? "is none"
                        : strcmp(name, b->input.name) == 0                  ? "is the one that is read"
                        : insert != NULL && strcmp(name, insert->name) == 0 ? "takes the result"
                                                                            : NULL;
    if (wrong != NULL) {
        weir_bind_fail(b, WEIR_ERR_SQL, settings->late_table_at,
                       "late rows go to a table of their own that CREATE TABLE has declared, and '%.120s' %s", name,
                       wrong);
        return false;
    }
    b->late_table = entry;
    return check_columns(b, entry->table, name, settings->late_table_at);
}

static bool set_side(struct weir_binder *b, const struct weir_settings *settings) {
    const struct weir_plan *plan = b->plan;
    bool side = plan->emission.late == WEIR_ROWS_SIDE || plan->watermark.future == WEIR_ROWS_SIDE;
    if (side && settings->late_table != NULL) return find_late_table(b, settings);
    if (side && !b->input.pushed)
        return fail(b, WEIR_ERR_SQL,
                    "'side-output' needs a table for the rows; SET 'weir.late.table' = 'the name of a table with "
                    "the same columns'");
    if (side || settings->late_table == NULL) return true;
    weir_bind_fail(b, WEIR_ERR_SQL, settings->late_table_at,
                   "'weir.late.table' is given, and nothing goes there; SET 'weir.late.policy' = 'side-output', or "
                   "RESET 'weir.late.table'");
    return false;
}

static bool set_policy(struct weir_binder *b, const struct weir_settings *settings) {
    if (settings->late == WEIR_ROWS_FOLD && !weir_window_is_sliced(b->plan->window.kind)) {
        weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, b->window_at,
                       "'weir.late.policy' = 'fold' counts a late row in the next window of a grid, and %s windows "
                       "lie on none; SET 'weir.late.policy' = 'drop' or 'side-output'",
                       b->window_name);
        return false;
    }
    b->plan->emission.late = settings->late;
    return true;
}

/* ---- the end of the input ---- */

static bool set_end(struct weir_binder *b, const struct weir_settings *settings) {
    b->plan->emission.end = settings->end;
    if (settings->end == WEIR_END_FLUSH || !is_without_watermark(b)) return true;
    return fail(
        b, WEIR_ERR_SQL,
        settings->end == WEIR_END_DISCARD
            ? "'weir.end-of-input' = 'discard' leaves out windows that no watermark has closed, and without "
              "a watermark that is every one; RESET 'weir.end-of-input'"
            : "'weir.end-of-input' = 'mark' tells windows that a watermark has closed from others, and this "
              "query has no watermark; RESET 'weir.end-of-input'");
}

/* Rows that pass through a window function meet no guard. */
static bool check_rows(struct weir_binder *b) {
    const struct weir_watermark_spec *watermark = &b->plan->watermark;
    if (watermark->future_max_ms == 0 || watermark->future == WEIR_ROWS_KEEP) return true;
    weir_bind_fail(
        b, WEIR_ERR_UNSUPPORTED, b->window_at,
        "'scan.watermark.future-policy' acts where a window's rows are grouped, and here they pass as they "
        "are; GROUP BY window_start, window_end, or leave the option out");
    return false;
}

bool weir_bind_emission(struct weir_binder *b) {
    const struct weir_settings *settings = b->request->settings;
    const struct weir_plan *plan = b->plan;
    b->plan->order_floats = settings->ordered_floats;
    if (plan->window.kind == WEIR_WINDOW_NONE) return true;
    if (plan->shape == WEIR_PLAN_ROWS) return check_rows(b);
    return set_updates(b, settings) && set_policy(b, settings) && set_side(b, settings) && set_end(b, settings);
}
