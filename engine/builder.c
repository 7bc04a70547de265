/* SPDX-License-Identifier: Apache-2.0
 *
 * The life of a builder, its first failure, and what it is told about time.
 */
#include "engine/builder.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/error.h"
#include "base/zone.h"

#define COLUMNS_MAX (1 << 24)

/* ---- failure ---- */

enum weir_status weir_build_fail(struct weir_builder *builder, enum weir_status code, const char *format, ...) {
    char text[sizeof(builder->failure.message)];
    va_list arguments;
    if (builder->failure.code != WEIR_OK) return builder->failure.code;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    return weir_error_set(&builder->failure, code, "%s", text);
}

enum weir_status weir_build_no_memory(struct weir_builder *builder) {
    return weir_build_fail(builder, WEIR_ERR_MEMORY, "no memory to build the query");
}

/* ---- names ---- */

/* Bytes of the code point that begins with `lead`, by RFC 3629; 0: none does. */
static int sequence_bytes(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

bool weir_build_is_utf8(const char *text) {
    const unsigned char *at = (const unsigned char *)text;
    while (*at != '\0') {
        int bytes = sequence_bytes(*at);
        uint32_t point = bytes == 1 ? *at : *at & (0x7Fu >> bytes);
        if (bytes == 0) return false;
        for (int i = 1; i < bytes; i++) {
            if ((at[i] & 0xC0) != 0x80) return false; /* the zero at the end, too */
            point = point << 6 | (at[i] & 0x3F);
        }
        bool overlong = (bytes == 3 && point < 0x800) || (bytes == 4 && point < 0x10000);
        if (overlong || (point >= 0xD800 && point <= 0xDFFF) || point > 0x10FFFF) return false;
        at += bytes;
    }
    return true;
}

const char *weir_build_name(struct weir_builder *builder, const char *name, const char *what) {
    if (name == NULL || *name == '\0') {
        weir_build_fail(builder, WEIR_ERR_INVALID, "%s needs a name, and it is %s", what,
                        name == NULL ? "NULL" : "empty");
        return NULL;
    }
    if (!weir_build_is_utf8(name)) {
        weir_build_fail(builder, WEIR_ERR_INVALID, "the name of %s is no UTF-8", what);
        return NULL;
    }
    const char *copy = weir_arena_string(&builder->arena, name, strlen(name));
    if (copy == NULL) weir_build_no_memory(builder);
    return copy;
}

static int32_t unknown_column(struct weir_builder *builder, const char *name, const char *what) {
    const char *near = weir_nearest_name(name, builder->column_names, (size_t)builder->columns_count);
    weir_build_fail(builder, WEIR_ERR_INVALID,
                    "%s is the column '%.120s', and the schema has none of that name%s%s%s", what, name,
                    near == NULL ? "" : "; did you mean '", near == NULL ? "" : near, near == NULL ? "" : "'?");
    return -1;
}

int32_t weir_build_find(struct weir_builder *builder, const char *name, const char *what) {
    int32_t found = -1;
    if (name == NULL) {
        weir_build_fail(builder, WEIR_ERR_INVALID, "%s needs the name of a column, and it is NULL", what);
        return -1;
    }
    for (int32_t i = 0; i < builder->columns_count; i++) {
        if (strcmp(builder->column_names[i], name) != 0) continue;
        if (found >= 0) {
            weir_build_fail(builder, WEIR_ERR_INVALID,
                            "%s is the column '%.120s', and the schema has two of that name; rename one", what,
                            name);
            return -1;
        }
        found = i;
    }
    return found >= 0 ? found : unknown_column(builder, name, what);
}

void *weir_build_grow(struct weir_builder *builder, void *items, int32_t count, int32_t *capacity, size_t bytes) {
    if (count < *capacity) return items;
    if (count >= WEIR_BUILD_OUTPUTS_MAX) {
        weir_build_fail(builder, WEIR_ERR_INVALID, "a query has at most %d columns; split it",
                        WEIR_BUILD_OUTPUTS_MAX);
        return NULL;
    }
    int32_t wanted = *capacity == 0 ? 8 : *capacity * 2;
    void *grown = weir_arena_array(&builder->arena, (size_t)wanted, bytes);
    if (grown == NULL) {
        weir_build_no_memory(builder);
        return NULL;
    }
    if (count > 0) memcpy(grown, items, (size_t)count * bytes);
    *capacity = wanted;
    return grown;
}

/* ---- life ---- */

static enum weir_status import_column(struct weir_builder *builder, const struct ArrowSchema *schema, int32_t index,
                                      struct weir_error *error) {
    if (schema == NULL || schema->release == NULL || schema->format == NULL)
        return weir_error_set(error, WEIR_ERR_INVALID, "column %d of the Arrow schema is missing or released",
                              index);
    enum weir_status status = weir_layout_import(schema, &builder->columns[index], error);
    if (status != WEIR_OK) return status;
    const char *name = schema->name == NULL ? "" : schema->name;
    builder->column_names[index] = weir_arena_string(&builder->arena, name, strlen(name));
    if (builder->column_names[index] == NULL)
        return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for the columns of a builder");
    return WEIR_OK;
}

static enum weir_status import_schema(struct weir_builder *builder, const struct ArrowSchema *schema,
                                      struct weir_error *error) {
    int64_t count = schema->n_children;
    if (count < 0 || count >= COLUMNS_MAX || (count > 0 && schema->children == NULL))
        return weir_error_set(error, WEIR_ERR_INVALID,
                              "the columns must come as an Arrow struct of less than %d fields", COLUMNS_MAX);
    builder->columns_count = (int32_t)count;
    builder->column_names = weir_arena_array(&builder->arena, (size_t)count + 1, sizeof(char *));
    builder->columns = weir_arena_array(&builder->arena, (size_t)count + 1, sizeof(*builder->columns));
    if (builder->column_names == NULL || builder->columns == NULL)
        return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for the columns of a builder");
    enum weir_status status = WEIR_OK;
    for (int32_t i = 0; i < builder->columns_count && status == WEIR_OK; i++)
        status = import_column(builder, schema->children[i], i, error);
    return status;
}

enum weir_status weir_builder_create(const struct ArrowSchema *schema, struct weir_builder **out,
                                     struct weir_error *error) {
    if (out == NULL)
        return weir_error_set(error, WEIR_ERR_INVALID, "weir_builder_create needs a place for the builder");
    *out = NULL;
    if (schema == NULL || schema->release == NULL || schema->format == NULL || strcmp(schema->format, "+s") != 0)
        return weir_error_set(
            error, WEIR_ERR_INVALID,
            "weir_builder_create needs the Arrow schema of the pushed batches: a struct ('+s') that "
            "has not been released");
    struct weir_builder *builder = calloc(1, sizeof(*builder));
    if (builder == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for a builder");
    weir_arena_init(&builder->arena, 0);
    builder->time_column = -1;
    builder->limit = -1;
    builder->units_per_second = WEIR_UNIT_MS;
    builder->fill_windows_max = -1;
    enum weir_status status = import_schema(builder, schema, error);
    if (status != WEIR_OK) {
        weir_builder_destroy(&builder);
        return status;
    }
    *out = builder;
    return WEIR_OK;
}

void weir_builder_destroy(struct weir_builder **builder) {
    if (builder == NULL || *builder == NULL) return;
    weir_arena_fini(&(*builder)->arena);
    free(*builder);
    *builder = NULL;
}

/* ---- time ---- */

enum weir_status weir_builder_time(struct weir_builder *builder, const char *column) {
    if (weir_build_status(builder) != WEIR_OK) return weir_build_status(builder);
    int32_t index = weir_build_find(builder, column, "the time");
    if (index < 0) return weir_build_status(builder);
    const struct weir_layout *layout = &builder->columns[index];
    if (!weir_type_is_time(layout->type) || layout->storage != WEIR_STORE_I64 || layout->ticks_per_second < 1) {
        char type[WEIR_TYPE_NAME_BYTES];
        return weir_build_fail(builder, WEIR_ERR_INVALID,
                               "the time must be a TIMESTAMP or TIMESTAMP_LTZ (an Arrow timestamp), and the column "
                               "'%.120s' is %s; name another",
                               column, weir_type_name(layout->type, false, type, sizeof(type)));
    }
    builder->time_column = index;
    builder->processing_time = false;
    return WEIR_OK;
}

enum weir_status weir_builder_unit(struct weir_builder *builder, enum weir_builder_unit unit) {
    static const int64_t per_second[] = {1000, 1, 1000000, 1000000000};
    if (weir_build_status(builder) != WEIR_OK) return weir_build_status(builder);
    if ((size_t)unit >= WEIR_ARRAY_COUNT(per_second))
        return weir_build_fail(builder, WEIR_ERR_INVALID, "%d is no unit of time; see enum weir_builder_unit",
                               (int)unit);
    builder->units_per_second = per_second[unit];
    return WEIR_OK;
}

enum weir_status weir_builder_processing_time(struct weir_builder *builder) {
    if (weir_build_status(builder) != WEIR_OK) return weir_build_status(builder);
    builder->time_column = -1;
    builder->processing_time = true;
    return WEIR_OK;
}

enum weir_status weir_builder_zone(struct weir_builder *builder, const char *zone) {
    if (weir_build_status(builder) != WEIR_OK) return weir_build_status(builder);
    builder->zone = NULL;
    if (zone == NULL) return WEIR_OK;
    struct weir_zone *opened = NULL;
    struct weir_error error = {0};
    enum weir_status status = weir_zone_open(zone, &opened, &error);
    if (status != WEIR_OK) return weir_build_fail(builder, status, "%s", error.message);
    if (!weir_zone_is_utc(opened)) {
        const char *name = weir_zone_name(opened);
        builder->zone = weir_arena_string(&builder->arena, name, strlen(name));
        if (builder->zone == NULL) weir_build_no_memory(builder);
    }
    weir_zone_close(&opened);
    return weir_build_status(builder);
}

/* ---- options ---- */

static bool is_size(struct weir_builder *builder, size_t is, size_t wanted, const char *name) {
    if (is == wanted) return true;
    weir_build_fail(builder, WEIR_ERR_INVALID, "%s.struct_size is %zu; set it to sizeof (%zu)", name, is, wanted);
    return false;
}

/* One of the values from 0 to `last` of an enum. */
static bool is_choice(struct weir_builder *builder, int64_t value, int64_t last, const char *name) {
    if (value >= 0 && value <= last) return true;
    weir_build_fail(builder, WEIR_ERR_INVALID, "%s is %lld, which its enum does not have", name, (long long)value);
    return false;
}

static bool is_span(struct weir_builder *builder, int64_t value, const char *name) {
    if (value >= 0) return true;
    weir_build_fail(builder, WEIR_ERR_INVALID, "%s is %lld; it must be 0 or more", name, (long long)value);
    return false;
}

enum weir_status weir_builder_watermark(struct weir_builder *builder,
                                        const struct weir_builder_watermark_options *options) {
    static const enum weir_row_policy policies[] = {WEIR_ROWS_KEEP, WEIR_ROWS_DROP, WEIR_ROWS_SIDE};
    if (weir_build_status(builder) != WEIR_OK) return weir_build_status(builder);
    builder->watermark = (struct weir_watermark_spec){.kind = WEIR_WATERMARK_NONE};
    if (options == NULL) return WEIR_OK;
    if (!is_size(builder, options->struct_size, sizeof(*options), "weir_builder_watermark_options") ||
        !is_span(builder, options->out_of_orderness, "out_of_orderness") ||
        !is_span(builder, options->idle_after_ms, "idle_after_ms") ||
        !is_span(builder, options->close_after_ms, "close_after_ms") ||
        !is_span(builder, options->future_max_ms, "future_max_ms") ||
        !is_choice(builder, options->future, WEIR_BUILDER_FUTURE_SIDE_OUTPUT, "future"))
        return weir_build_status(builder);
    if ((options->future != WEIR_BUILDER_FUTURE_KEEP || options->future_by_partitions) &&
        options->future_max_ms == 0)
        return weir_build_fail(builder, WEIR_ERR_INVALID,
                               "`%s` has nothing to act on: set future_max_ms, how far ahead a row may be",
                               options->future_by_partitions ? "future_by_partitions" : "future");
    struct weir_watermark_spec spec = {.kind = WEIR_WATERMARK_DELAY,
                                       .idle_after_ms = options->idle_after_ms,
                                       .close_after_ms = options->close_after_ms,
                                       .future_max_ms = options->future_max_ms,
                                       .future_by_partitions = options->future_by_partitions,
                                       .future = policies[options->future]};
    /* W = greatest - B - 1: a row with the greatest time is on time. */
    if (!weir_add_i64(options->out_of_orderness, 1, &spec.delay))
        return weir_build_fail(builder, WEIR_ERR_INVALID, "out_of_orderness must be below %lld",
                               (long long)INT64_MAX);
    builder->watermark = spec;
    return WEIR_OK;
}

enum weir_status weir_builder_emission(struct weir_builder *builder,
                                       const struct weir_builder_emission_options *options) {
    static const enum weir_row_policy policies[] = {WEIR_ROWS_DROP, WEIR_ROWS_SIDE, WEIR_ROWS_FOLD};
    static const enum weir_update_mode modes[] = {WEIR_UPDATE_RETRACTING, WEIR_UPDATE_ACCUMULATING,
                                                  WEIR_UPDATE_DISCARDING};
    static const enum weir_end_policy ends[] = {WEIR_END_FLUSH, WEIR_END_DISCARD, WEIR_END_MARK};
    if (weir_build_status(builder) != WEIR_OK) return weir_build_status(builder);
    builder->emission = (struct weir_emission){0};
    if (options == NULL) return WEIR_OK;
    if (!is_size(builder, options->struct_size, sizeof(*options), "weir_builder_emission_options") ||
        !is_span(builder, options->lateness, "lateness") || !is_span(builder, options->early_rows, "early_rows") ||
        !is_span(builder, options->early_every, "early_every") ||
        !is_choice(builder, options->late, WEIR_BUILDER_LATE_FOLD, "late") ||
        !is_choice(builder, options->mode, WEIR_BUILDER_DISCARDING, "mode") ||
        !is_choice(builder, options->end, WEIR_BUILDER_END_MARK, "end"))
        return weir_build_status(builder);
    builder->emission = (struct weir_emission){.lateness = options->lateness,
                                               .late_fire = options->late_fire,
                                               .late = policies[options->late],
                                               .early_rows = options->early_rows,
                                               .early_every = options->early_every,
                                               .early_processing_time = options->early_processing_time,
                                               .mode = modes[options->mode],
                                               .end = ends[options->end]};
    return WEIR_OK;
}

enum weir_status weir_builder_order_floats(struct weir_builder *builder, bool on) {
    if (weir_build_status(builder) == WEIR_OK) builder->order_floats = on;
    return weir_build_status(builder);
}

/* ---- windows ---- */

static enum weir_status set_window(struct weir_builder *builder, struct weir_window_spec spec) {
    if (weir_build_status(builder) != WEIR_OK) return weir_build_status(builder);
    struct weir_error error = {0};
    enum weir_status status = weir_window_validate(&spec, "", &error); /* in what unit may yet be said */
    if (status != WEIR_OK) return weir_build_fail(builder, status, "%s", error.message);
    builder->window = spec;
    return WEIR_OK;
}

enum weir_status weir_builder_tumble(struct weir_builder *builder, int64_t size, int64_t offset) {
    return set_window(builder, (struct weir_window_spec){WEIR_WINDOW_TUMBLE, size, 0, offset});
}

enum weir_status weir_builder_hop(struct weir_builder *builder, int64_t size, int64_t slide, int64_t offset) {
    return set_window(builder, (struct weir_window_spec){WEIR_WINDOW_HOP, size, slide, offset});
}

enum weir_status weir_builder_cumulate(struct weir_builder *builder, int64_t max, int64_t step, int64_t offset) {
    return set_window(builder, (struct weir_window_spec){WEIR_WINDOW_CUMULATE, max, step, offset});
}

enum weir_status weir_builder_session(struct weir_builder *builder, int64_t gap, int64_t duration_max) {
    return set_window(builder, (struct weir_window_spec){WEIR_WINDOW_SESSION, gap, duration_max, 0});
}

enum weir_status weir_builder_count(struct weir_builder *builder, int64_t rows, int64_t slide_rows) {
    int64_t slide = slide_rows == 0 ? rows : slide_rows;
    return set_window(builder, (struct weir_window_spec){WEIR_WINDOW_COUNT, rows, slide, 0});
}

enum weir_status weir_builder_count_or_time(struct weir_builder *builder, int64_t rows, int64_t span) {
    return set_window(builder, (struct weir_window_spec){WEIR_WINDOW_COUNT_OR_TIME, rows, span, 0});
}
