/* SPDX-License-Identifier: Apache-2.0
 *
 * Which parts of a builder go together. Nothing that was said is left aside in silence: what has nothing to act on
 * is refused.
 */
#include <string.h>

#include "base/checked.h"
#include "base/error.h"
#include "engine/builder.h"

#define ROW_KIND "op"

/* A row adds to each of its windows, so windows that overlap many times over take memory and time for each. */
#define OVERLAPS_MAX 65536

static enum weir_status refuse(struct weir_error *error, const char *text) {
    return weir_error_set(error, WEIR_ERR_INVALID, "%s", text);
}

static const char *window_name(const struct weir_builder *builder) {
    static const char *const names[] = {"no", "TUMBLE", "HOP", "CUMULATE", "SESSION", "COUNT", "COUNT-OR-TIME"};
    return names[builder->window.kind];
}

static bool is_default(const struct weir_emission *emission) {
    return emission->lateness == 0 && !emission->late_fire && emission->late == WEIR_ROWS_DROP &&
           emission->early_rows == 0 && emission->early_every == 0 && !emission->early_processing_time &&
           emission->mode == WEIR_UPDATE_RETRACTING && emission->end == WEIR_END_FLUSH;
}

/* ---- without windows ---- */

static bool has_bound(const struct weir_builder *builder) {
    for (int32_t i = 0; i < builder->outputs_count; i++) {
        if (builder->outputs[i].source == WEIR_BUILD_BOUND) return true;
    }
    return false;
}

static enum weir_status check_no_window(const struct weir_builder *builder, struct weir_error *error) {
    const char *idle = has_bound(builder)                               ? "weir_builder_bound"
                       : builder->watermark.kind != WEIR_WATERMARK_NONE ? "weir_builder_watermark"
                       : !is_default(&builder->emission)                ? "weir_builder_emission"
                       : builder->fill != WEIR_FILL_NONE                ? "weir_builder_fill"
                       : builder->zone != NULL                          ? "weir_builder_zone"
                       : builder->units_per_second != WEIR_UNIT_MS      ? "weir_builder_unit"
                       : builder->processing_time                       ? "weir_builder_processing_time"
                       : builder->time_column >= 0                      ? "weir_builder_time"
                                                                        : NULL;
    if (idle == NULL) return WEIR_OK;
    return weir_error_set(
        error, WEIR_ERR_INVALID,
        "the query has no window, so %s has nothing to act on; call weir_builder_tumble or another "
        "window",
        idle);
}

/* ---- time ---- */

static enum weir_status check_time(const struct weir_builder *builder, struct weir_error *error) {
    if (builder->time_column < 0 && !builder->processing_time)
        return refuse(error, "a window needs the time of its rows; call weir_builder_time with the time column, or "
                             "weir_builder_processing_time");
    if (builder->processing_time && builder->watermark.kind != WEIR_WATERMARK_NONE)
        return refuse(error, "windows of processing time close by the wall clock and take no watermark; leave "
                             "weir_builder_watermark out");
    if (builder->zone == NULL || builder->processing_time ||
        builder->columns[builder->time_column].type.id == WEIR_TYPE_TIMESTAMP_LTZ)
        return WEIR_OK;
    return weir_error_set(error, WEIR_ERR_INVALID,
                          "the time column '%.120s' is a TIMESTAMP, which is on a wall clock already; a zone goes "
                          "with an Arrow timestamp that has one (such as \"tsm:UTC\")",
                          builder->column_names[builder->time_column]);
}

/* Units go with any time when they are ms, to which finer times are floored; else they are those of the column. */
static enum weir_status check_unit(const struct weir_builder *builder, struct weir_error *error) {
    int64_t units = builder->units_per_second;
    const char *name = weir_unit_name(units);
    if (units == WEIR_UNIT_MS) return WEIR_OK;
    if (builder->processing_time)
        return weir_error_set(
            error, WEIR_ERR_INVALID,
            "weir_builder_unit says %s, and processing time counts ms, as the wall clock does; leave "
            "weir_builder_unit out",
            name);
    int64_t ticks = builder->columns[builder->time_column].ticks_per_second;
    if (units != ticks)
        return weir_error_set(
            error, WEIR_ERR_INVALID,
            "mixed units of time: weir_builder_unit says %s, and the time column '%.120s' (column %d "
            "of the schema) counts %s; say that unit, or leave weir_builder_unit out: then all "
            "lengths are ms, to which finer times are floored",
            name, builder->column_names[builder->time_column], builder->time_column + 1, weir_unit_name(ticks));
    if (units > WEIR_UNIT_MS || builder->zone == NULL) return WEIR_OK;
    return weir_error_set(error, WEIR_ERR_INVALID,
                          "weir_builder_unit says s, and a zone is worked in ms or finer units; leave "
                          "weir_builder_unit out: a time in seconds is exact in ms");
}

/* Lengths in ms must also fit the finer unit that the column counts in. */
static enum weir_status check_range(const struct weir_builder *builder, struct weir_error *error) {
    const struct weir_window_spec *spec = &builder->window;
    if (builder->processing_time || !weir_window_is_sliced(spec->kind)) return WEIR_OK;
    int64_t out, ticks = builder->columns[builder->time_column].ticks_per_second / builder->units_per_second;
    if (ticks < 1 || (weir_mul_i64(spec->size, ticks, &out) && weir_mul_i64(spec->slide, ticks, &out) &&
                      weir_mul_i64(spec->offset, ticks, &out)))
        return WEIR_OK;
    return weir_error_set(error, WEIR_ERR_INVALID,
                          "a window of %lld ms does not fit the range of the time column '%.120s', which counts "
                          "1/%lld ms; use a shorter one",
                          (long long)spec->size, builder->column_names[builder->time_column], (long long)ticks);
}

/* ---- emission ---- */

bool weir_build_updates(const struct weir_builder *builder) {
    const struct weir_emission *emission = &builder->emission;
    return emission->early_rows > 0 || emission->early_every > 0 || emission->late_fire;
}

static enum weir_status check_updates(const struct weir_builder *builder, struct weir_error *error) {
    const struct weir_window_spec *spec = &builder->window;
    if (!weir_window_is_sliced(spec->kind))
        return weir_error_set(error, WEIR_ERR_INVALID,
                              "%s windows give no early or late results; leave early_rows, early_every and "
                              "late_fire out, or use TUMBLE, HOP or CUMULATE",
                              window_name(builder));
    if (builder->fill != WEIR_FILL_NONE)
        return refuse(error, "weir_builder_fill goes with final results only: without early results and late_fire");
    if (builder->order_count > 0 || builder->limit >= 0 || builder->offset > 0)
        return refuse(error,
                      "a query with early or late results takes no order and no limit: later rows take earlier "
                      "ones back");
    if (weir_build_find_output(builder, ROW_KIND) >= 0)
        return refuse(error, "a query with early or late results has a column '" ROW_KIND
                             "' of its own (+I, -U, +U); give yours another name");
    if (spec->kind == WEIR_WINDOW_TUMBLE || spec->size / spec->slide <= OVERLAPS_MAX) return WEIR_OK;
    return weir_error_set(error, WEIR_ERR_UNSUPPORTED,
                          "with early or late results each of the %lld windows that a row belongs to is kept by "
                          "itself, and %d are the most; without them any number is taken",
                          (long long)(spec->size / spec->slide), OVERLAPS_MAX);
}

static enum weir_status check_emission(const struct weir_builder *builder, struct weir_error *error) {
    const struct weir_emission *emission = &builder->emission;
    if (emission->late_fire && emission->lateness == 0)
        return refuse(error, "late_fire needs to know how late a row may be: set lateness");
    if (!emission->late_fire && emission->lateness > 0)
        return refuse(error, "rows within lateness show only where late_fire gives their window's result again: "
                             "set late_fire, or leave lateness out");
    if (emission->early_processing_time && emission->early_every == 0)
        return refuse(error, "early_processing_time says what early_every is measured by: set that, too");
    if (emission->late == WEIR_ROWS_FOLD && !weir_window_is_sliced(builder->window.kind))
        return weir_error_set(
            error, WEIR_ERR_INVALID,
            "WEIR_BUILDER_LATE_FOLD counts a late row in the next window of a grid, and %s windows "
            "lie on none; drop late rows, or give them to the side output",
            window_name(builder));
    if (weir_build_updates(builder)) return check_updates(builder, error);
    if (emission->mode == WEIR_UPDATE_RETRACTING) return WEIR_OK;
    return refuse(error,
                  "`mode` says how results replace earlier ones, and this query gives final ones only; ask for "
                  "early results or late_fire, or leave `mode` out");
}

/* ---- FILL ---- */

static enum weir_status check_fill(const struct weir_builder *builder, struct weir_error *error) {
    if (builder->fill == WEIR_FILL_NONE) return WEIR_OK;
    if (builder->window.kind != WEIR_WINDOW_TUMBLE)
        return weir_error_set(error, WEIR_ERR_INVALID,
                              "weir_builder_fill goes with TUMBLE windows only, and these are %s: other windows "
                              "overlap, or have no fixed length",
                              window_name(builder));
    if (builder->fill != WEIR_FILL_LINEAR && builder->fill != WEIR_FILL_VALUE) return WEIR_OK;
    for (int32_t i = 0; i < builder->outputs_count; i++) {
        const struct weir_build_output *output = &builder->outputs[i];
        if (output->source != WEIR_BUILD_AGGREGATE) continue;
        struct weir_type type = builder->aggregates[output->index].type;
        if (weir_type_is_numeric(type)) continue;
        char name[WEIR_TYPE_NAME_BYTES];
        return weir_error_set(error, WEIR_ERR_INVALID,
                              "WEIR_BUILDER_FILL_LINEAR and FILL_VALUE fill numbers, and the aggregate '%.120s' is "
                              "%s; FILL_NULL and FILL_PREV fill any",
                              output->name, weir_type_name(type, false, name, sizeof(name)));
    }
    return WEIR_OK;
}

/* ---- the whole ---- */

static enum weir_status check_complete(const struct weir_builder *builder, struct weir_error *error) {
    for (int32_t i = 0; i < builder->outputs_count; i++) {
        const struct weir_build_output *output = &builder->outputs[i];
        if (output->source != WEIR_BUILD_BOUND || output->index != WEIR_BUILDER_IS_COMPLETE) continue;
        if (builder->emission.end == WEIR_END_MARK) return WEIR_OK;
        return weir_error_set(error, WEIR_ERR_INVALID,
                              "'%.120s' tells whether the watermark had closed a window when the input ended: set "
                              "`end` of weir_builder_emission_options to WEIR_BUILDER_END_MARK",
                              output->name);
    }
    return WEIR_OK;
}

enum weir_status weir_build_check(const struct weir_builder *builder, struct weir_error *error) {
    if (builder->outputs_count == 0)
        return refuse(error, "the result has no column; call weir_builder_aggregate, weir_builder_key or "
                             "weir_builder_bound");
    if (builder->window.kind == WEIR_WINDOW_NONE) return check_no_window(builder, error);
    enum weir_status status = check_time(builder, error);
    if (status == WEIR_OK) status = check_unit(builder, error);
    if (status == WEIR_OK) status = check_range(builder, error);
    if (status == WEIR_OK) status = check_emission(builder, error);
    if (status == WEIR_OK) status = check_fill(builder, error);
    return status == WEIR_OK ? check_complete(builder, error) : status;
}
