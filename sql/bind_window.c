/* SPDX-License-Identifier: Apache-2.0
 *
 * TABLE(TUMBLE(...)) and its kin, and the WATERMARK that closes their windows.
 */
#include <string.h>

#include "base/checked.h"
#include "base/error.h"
#include "base/zone.h"
#include "sql/bind.h"

/* ---- the watermark ---- */

/* How a column of another type becomes a time. */
static const char *way_to_time(struct weir_type type) {
    switch (type.id) {
    case WEIR_TYPE_TINYINT:
    case WEIR_TYPE_SMALLINT:
    case WEIR_TYPE_INT:
    case WEIR_TYPE_BIGINT:
        return "; make it one: TO_TIMESTAMP_LTZ(n, 3) of milliseconds since 1970, (n, 0) of seconds";
    case WEIR_TYPE_STRING: return "; make it one: TO_TIMESTAMP(text) or TO_TIMESTAMP(text, pattern)";
    case WEIR_TYPE_DATE: return "; make it one: CAST(day AS TIMESTAMP(3))";
    case WEIR_TYPE_TIMESTAMP:
    case WEIR_TYPE_TIMESTAMP_LTZ: return "; declare it with (3), or CAST it in a computed column";
    default: return "";
    }
}

static const struct weir_expr *raw_column(const struct weir_expr *expr) {
    if (expr->op == WEIR_EXPR_RESCALE_TIME) expr = expr->args[0];
    return expr->op == WEIR_EXPR_COLUMN ? expr : NULL;
}

static bool check_watermark_type(struct weir_binder *b, struct weir_type type, struct weir_place at,
                                 const char *what) {
    if (weir_type_is_time(type) && type.precision <= 3) return true;
    char name[WEIR_TYPE_NAME_BYTES];
    weir_bind_fail(
        b, WEIR_ERR_SQL, at,
        "%s of a WATERMARK must be TIMESTAMP(p) or TIMESTAMP_LTZ(p) with p from 0 to 3, and is %s, as Flink has "
        "it too%s",
        what, weir_type_name(type, false, name, sizeof(name)),
        strcmp(what, "the column") == 0 ? way_to_time(type) : "");
    return false;
}

/* ts, or ts - INTERVAL: the running maximum of the column itself will do. */
static bool is_delay(const struct weir_expr *expr, const struct weir_expr *time, int64_t *delay_ms) {
    *delay_ms = 0;
    if (weir_bind_same(expr, time)) return true;
    if (expr->op != WEIR_EXPR_SUBTRACT || !weir_bind_same(expr->args[0], time)) return false;
    const struct weir_expr *interval = expr->args[1];
    if (interval->op != WEIR_EXPR_LITERAL || interval->is_null || interval->type.id != WEIR_TYPE_INTERVAL_MS)
        return false;
    *delay_ms = interval->value.i64;
    return *delay_ms >= 0;
}

bool weir_bind_watermark(struct weir_binder *b, const struct weir_ast_table *table,
                         const struct weir_relation *columns, bool of_time, struct weir_watermark_spec *out) {
    const struct weir_bound_column *time =
        weir_bind_find(b, columns, NULL, table->watermark_column, table->watermark_at);
    if (time == NULL || !check_watermark_type(b, time->expr->type, table->watermark_at, "the column")) return false;
    const struct weir_relation *scope = b->scope, *aliases = b->aliases;
    bool allowed = b->aggregates_allowed;
    b->scope = columns;
    b->aliases = NULL;
    b->aggregates_allowed = false;
    struct weir_expr *expr = weir_bind_root(b, table->watermark, NULL);
    b->scope = scope;
    b->aliases = aliases;
    b->aggregates_allowed = allowed;
    if (expr == NULL || !check_watermark_type(b, expr->type, table->watermark->at, "the expression")) return false;
    *out = (struct weir_watermark_spec){.kind = WEIR_WATERMARK_DELAY, .above_epoch = true};
    if (of_time && is_delay(expr, time->expr, &out->delay)) return true;
    out->kind = WEIR_WATERMARK_EXPRESSION;
    out->delay = 0;
    out->expression = expr;
    return true;
}

enum weir_status weir_bind_check_table(const struct weir_ast_table *table, struct weir_error *error) {
    struct weir_arena arena;
    weir_arena_init(&arena, 0);
    struct weir_binder b = {.arena = &arena, .error = error};
    struct weir_relation columns = {.columns_count = table->columns_count};
    struct weir_watermark_spec watermark = {0};
    columns.columns = weir_bind_array(&b, table->columns_count, sizeof(*columns.columns));
    for (int32_t i = 0; columns.columns != NULL && i < table->columns_count; i++) {
        const struct weir_ast_column *column = table->columns[i];
        struct weir_expr *expr = weir_bind_column_node(&b, column->at, i, column->type);
        columns.columns[i] = (struct weir_bound_column){column->name, expr, 1, false};
    }
    if (b.status == WEIR_OK) weir_bind_computed_columns(&b, table, &columns);
    if (b.status == WEIR_OK && table->watermark_column != NULL)
        weir_bind_watermark(&b, table, &columns, true, &watermark);
    if (b.status == WEIR_OK) weir_bind_watermark_options(&b, table, &watermark);
    weir_arena_fini(&arena);
    return b.status;
}

/* ---- arguments ---- */

/* A constant: its value is a literal that refers to nothing. */
static struct weir_expr *constant(struct weir_binder *b, const struct weir_ast_expr *ast) {
    const struct weir_relation nothing = {0}, *scope = b->scope, *aliases = b->aliases;
    bool allowed = b->aggregates_allowed;
    b->scope = &nothing;
    b->aliases = NULL;
    b->aggregates_allowed = false;
    struct weir_expr *expr = weir_bind_root(b, ast, NULL);
    b->scope = scope;
    b->aliases = aliases;
    b->aggregates_allowed = allowed;
    return expr;
}

static struct weir_expr *not_constant(struct weir_binder *b, const struct weir_ast_expr *ast) {
    return weir_bind_fail(b, WEIR_ERR_SQL, ast->at, "expected a constant such as INTERVAL '5' MINUTE");
}

bool weir_bind_interval(struct weir_binder *b, const struct weir_ast_expr *ast, int64_t *out) {
    *out = 0;
    if (ast == NULL) return true;
    const struct weir_ast_expr *bare = ast->kind == WEIR_AST_NEGATE ? ast->args[0] : ast;
    bool interval = bare->kind == WEIR_AST_INTERVAL_MS || bare->kind == WEIR_AST_INTERVAL_MONTH;
    /* Not even INTERVAL '1' MINUTE * 2, as in Flink. */
    struct weir_expr *expr = interval ? constant(b, ast) : not_constant(b, ast);
    if (expr == NULL) return false;
    if (expr->type.id == WEIR_TYPE_INTERVAL_MONTH) {
        weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, ast->at,
                       "windows of months and years are not supported, as in Flink; use days: INTERVAL '30' DAY");
        return false;
    }
    *out = expr->value.i64;
    return expr->op == WEIR_EXPR_LITERAL || not_constant(b, ast) != NULL;
}

bool weir_bind_count(struct weir_binder *b, const struct weir_ast_expr *ast, const char *what, int64_t *out) {
    struct weir_expr *expr = constant(b, ast);
    if (expr == NULL) return false;
    bool whole = expr->op == WEIR_EXPR_LITERAL && !expr->is_null && weir_type_is_integer(expr->type);
    if (whole && expr->value.i64 > 0) {
        *out = expr->value.i64;
        return true;
    }
    weir_bind_fail(b, WEIR_ERR_SQL, ast->at, "%s is a whole number from 1 to %lld, such as 100", what,
                   (long long)INT64_MAX);
    return false;
}

static bool is_zero(struct weir_binder *b, const struct weir_ast_expr *ast, int64_t value, const char *what) {
    if (ast == NULL || value > 0) return false;
    weir_bind_fail(b, WEIR_ERR_SQL, ast->at, "%s must be positive, and is %lld ms", what, (long long)value);
    return true;
}

static bool session_spec(struct weir_binder *b, const struct weir_ast_source *source,
                         struct weir_window_spec *spec) {
    return weir_bind_interval(b, source->size, &spec->size) && weir_bind_interval(b, source->slide, &spec->slide) &&
           !is_zero(b, source->slide, spec->slide, "the largest duration of a session");
}

static bool window_spec(struct weir_binder *b, const struct weir_ast_source *source) {
    struct weir_window_spec *spec = &b->plan->window;
    spec->kind = source->window;
    switch (source->window) {
    case WEIR_WINDOW_SESSION: return session_spec(b, source, spec);
    case WEIR_WINDOW_COUNT:
        if (!weir_bind_count(b, source->size, "the SIZE of COUNT_WINDOW", &spec->size)) return false;
        spec->slide = spec->size;
        return source->slide == NULL ||
               weir_bind_count(b, source->slide, "the SLIDE of COUNT_WINDOW", &spec->slide);
    case WEIR_WINDOW_COUNT_OR_TIME:
        return weir_bind_count(b, source->size, "the SIZE of COUNT_OR_TIME", &spec->size) &&
               weir_bind_interval(b, source->slide, &spec->slide);
    default:
        return weir_bind_interval(b, source->size, &spec->size) &&
               weir_bind_interval(b, source->slide, &spec->slide) &&
               weir_bind_interval(b, source->offset, &spec->offset);
    }
}

/* ---- the time ---- */

bool weir_bind_check_data(struct weir_binder *b, const struct weir_relation *data, struct weir_place at) {
    const char *what = NULL;
    if (data->windowed) {
        what = "a window over a window";
    } else if (data->grouped) {
        what = "a window over a query that aggregates already";
    } else if (data->cut) {
        what = "a window over a query with LIMIT or OFFSET";
    }
    if (what == NULL) return true;
    weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, at,
                   "%s is not supported yet; write the inner result into a table first (INSERT INTO)", what);
    return false;
}

/* Windows are cut on the wall clock of the session's zone. */
static bool set_zone(struct weir_binder *b) {
    const char *name = weir_zone_name(b->zone);
    b->plan->zone = weir_arena_string(b->arena, name, strlen(name));
    return b->plan->zone != NULL || weir_bind_no_memory(b) != NULL;
}

static bool set_processing_time(struct weir_binder *b, struct weir_place at) {
    b->plan->processing_time = true;
    if (!weir_bind_is_batch(b)) return true;
    weir_bind_fail(
        b, WEIR_ERR_SQL, at,
        "a window over PROCTIME() needs a stream, as in Flink; SET 'execution.runtime-mode' = 'streaming'");
    return false;
}

bool weir_bind_time(struct weir_binder *b, const struct weir_expr *time, const char *name, struct weir_place at) {
    if (!weir_type_is_time(time->type)) {
        char type[WEIR_TYPE_NAME_BYTES];
        const char *way = way_to_time(time->type);
        weir_bind_fail(b, WEIR_ERR_SQL, at,
                       "the time column '%.120s' of a window must be a TIMESTAMP or TIMESTAMP_LTZ, and is %s%s%s",
                       name, weir_type_name(time->type, false, type, sizeof(type)), way,
                       *way == 0
                           ? ""
                           : ", as a computed column of the table (t AS ...) or in a query inside: TABLE((SELECT "
                             "..., ... AS t FROM ...), DESCRIPTOR(t), ...)");
        return false;
    }
    if (time->type.id == WEIR_TYPE_TIMESTAMP_LTZ && b->zone != NULL && !set_zone(b)) return false;
    if (time->op == WEIR_EXPR_PROCTIME) return set_processing_time(b, at);
    const struct weir_expr *raw = raw_column(time);
    if (raw != NULL && raw->index < WEIR_BIND_WINDOW) {
        b->plan->time_column = raw->index;
        return true;
    }
    if ((b->plan->time_expression = weir_bind_copy(b, time)) == NULL) return false;
    b->plan->time_name = weir_arena_string(b->arena, name, strlen(name));
    return b->plan->time_name != NULL || weir_bind_no_memory(b) != NULL;
}

/* Is the time of the plan's window that column? */
static bool is_time(const struct weir_binder *b, const struct weir_bound_column *column) {
    const struct weir_expr *raw = raw_column(column->expr), *computed = b->plan->time_expression;
    if (computed != NULL) return weir_bind_same(computed, column->expr);
    return raw != NULL && raw->index == b->plan->time_column;
}

struct part_search {
    const struct weir_expr *part;
    bool found;
};

static void look_for_part(struct weir_expr *node, void *user) {
    struct part_search *search = user;
    search->found |= weir_bind_same(node, search->part);
}

/* GROUP BY TUMBLE(ts + INTERVAL '1' SECOND, ...): the older windows also lie over what is computed from the
 * WATERMARK's column, and go by its watermark as it is. */
static bool is_of_time(const struct weir_binder *b, const struct weir_bound_column *column) {
    if (b->group_window.ast == NULL || b->plan->time_expression == NULL) return false;
    struct part_search search = {column->expr, false};
    weir_expr_walk(b->plan->time_expression, look_for_part, &search);
    return search.found;
}

/* With a WATERMARK the table is a stream, unless the script asks for batch mode. */
static bool set_watermark(struct weir_binder *b, const char *name, struct weir_place at) {
    const struct weir_ast_table *table = b->input.declared;
    bool declared = table != NULL && table->watermark_column != NULL;
    if (b->plan->processing_time || weir_bind_is_batch(b)) return true;
    bool by_rows = b->plan->window.kind == WEIR_WINDOW_COUNT; /* closes without, and nothing is late */
    if (!declared && by_rows) return true;
    if (!declared) {
        if (!b->input.pushed &&
            !weir_bind_note(b, "Flink takes this in batch mode only (the table has no WATERMARK)"))
            return false;
        if (!b->input.unbounded) return true;
        weir_bind_fail(
            b, WEIR_ERR_SQL, b->window_at,
            "the table '%.120s' has no end, so without WATERMARK its windows would never close; declare WATERMARK "
            "FOR %.120s AS %.120s - INTERVAL '5' SECOND",
            b->input.name, name, name);
        return false;
    }
    const struct weir_bound_column *column =
        weir_bind_find(b, &b->columns, NULL, table->watermark_column, table->watermark_at);
    if (column == NULL) return false;
    bool of_time = is_time(b, column);
    if (!of_time && by_rows) return true;
    if (!of_time && !is_of_time(b, column)) {
        weir_bind_fail(
            b, WEIR_ERR_SQL, at,
            "the window is over '%.120s', and the WATERMARK of '%.120s' is over '%.120s'; use that one, or SET "
            "'execution.runtime-mode' = 'batch'",
            name, b->input.name, table->watermark_column);
        return false;
    }
    return weir_bind_watermark(b, table, &b->columns, of_time, &b->plan->watermark) &&
           weir_bind_watermark_options(b, table, &b->plan->watermark);
}

/* Lengths in ms must also fit the finer unit that the column counts in. */
static bool check_range(struct weir_binder *b, const char *name) {
    const struct weir_window_spec *spec = &b->plan->window;
    const struct weir_expr *computed = b->plan->time_expression;
    if ((b->plan->time_column < 0 && computed == NULL) || !weir_window_is_sliced(spec->kind)) return true;
    int64_t out, ticks = computed != NULL ? weir_type_ticks(computed->type) / 1000
                                          : b->input.layouts[b->plan->time_column].ticks_per_second / 1000;
    if (ticks < 1 || (weir_mul_i64(spec->size, ticks, &out) && weir_mul_i64(spec->slide, ticks, &out) &&
                      weir_mul_i64(spec->offset, ticks, &out)))
        return true;
    weir_bind_fail(b, WEIR_ERR_SQL, b->window_at,
                   "a window of %lld ms does not fit the range of the time column '%.120s', which counts 1/%lld ms",
                   (long long)spec->size, name, (long long)ticks);
    return false;
}

bool weir_bind_window_done(struct weir_binder *b, const char *name, struct weir_place at) {
    struct weir_error error = {0};
    enum weir_status status = weir_window_validate(&b->plan->window, " ms", &error);
    if (status != WEIR_OK) {
        weir_bind_fail(b, status == WEIR_ERR_INVALID ? WEIR_ERR_SQL : status, b->window_at, "%s", error.message);
        return false;
    }
    return check_range(b, name) && set_watermark(b, name, at);
}

/* ---- what the window gives ---- */

struct weir_expr *weir_bind_bound(struct weir_binder *b, int32_t idx, struct weir_type time) {
    struct weir_place nowhere = {0, 0};
    struct weir_type type = idx == WEIR_BIND_COMPLETE ? weir_type_of(WEIR_TYPE_BOOLEAN) : weir_type_timestamp(3);
    type.nullable = false;
    struct weir_expr *column = weir_bind_column_node(b, nowhere, WEIR_BIND_WINDOW + idx, type);
    if (column == NULL || idx != WEIR_RESULT_WINDOW_TIME) return column;
    /* window_time has the type of the time column, as in Flink; the bounds are TIMESTAMP(3) whatever that is. */
    if (time.id == WEIR_TYPE_TIMESTAMP && time.precision <= 3) return column;
    time.nullable = false;
    if (time.precision < 3) time.precision = 3;
    return weir_bind_cast_node(b, nowhere, column, time, false);
}

static bool add_bounds(struct weir_binder *b, const struct weir_relation *data, struct weir_type time,
                       struct weir_relation *out) {
    static const char *const names[] = {"window_start", "window_end", "window_time", "is_complete"};
    int32_t count = data->columns_count;
    *out = (struct weir_relation){.columns_count = count + 4, .windowed = true};
    if ((out->columns = weir_bind_array(b, count + 4, sizeof(*out->columns))) == NULL) return false;
    memcpy(out->columns, data->columns, (size_t)count * sizeof(*out->columns));
    for (int32_t i = 0; i < 4; i++) {
        struct weir_expr *expr = weir_bind_bound(b, i, time);
        if (expr == NULL) return false;
        out->columns[count + i] = (struct weir_bound_column){names[i], expr, 2, .hidden = i == WEIR_BIND_COMPLETE};
    }
    return true;
}

/* PARTITION BY: columns of the data, each once. */
static bool bind_partition(struct weir_binder *b, const struct weir_ast_source *source,
                           const struct weir_relation *data) {
    int32_t count = source->partition_count;
    b->partition_count = count;
    b->partition = weir_bind_array(b, count, sizeof(*b->partition));
    b->partition_names = weir_bind_array(b, count, sizeof(*b->partition_names));
    if (b->partition == NULL || b->partition_names == NULL) return false;
    for (int32_t i = 0; i < count; i++) {
        const struct weir_ast_expr *ast = source->partition[i];
        const struct weir_bound_column *column = weir_bind_find(b, data, NULL, ast->name, ast->at);
        if (column == NULL) return false;
        b->partition[i] = column->expr;
        b->partition_names[i] = ast->name;
        for (int32_t j = 0; j < i; j++) {
            if (strcmp(b->partition_names[j], ast->name) != 0) continue;
            weir_bind_fail(b, WEIR_ERR_SQL, ast->at, "PARTITION BY names '%.120s' twice", ast->name);
            return false;
        }
    }
    return true;
}

/* What Flink would refuse. */
static bool add_notes(struct weir_binder *b, const struct weir_ast_source *source) {
    const struct weir_window_spec *spec = &b->plan->window;
    bool batch = b->plan->watermark.kind == WEIR_WATERMARK_NONE && !b->plan->processing_time;
    switch (spec->kind) {
    case WEIR_WINDOW_HOP:
        return (spec->slide <= spec->size && spec->size % spec->slide == 0) || batch ||
               weir_bind_note(b, "Flink takes this HOP in batch mode only (the size is no multiple of the slide)");
    case WEIR_WINDOW_SESSION:
        if (spec->slide > 0 && !weir_bind_note(b, "Flink's SESSION has no largest duration")) return false;
        return !batch || weir_bind_note(b, "Flink takes SESSION in streaming mode over a WATERMARK only");
    case WEIR_WINDOW_COUNT:
    case WEIR_WINDOW_COUNT_OR_TIME: {
        const char *text = weir_arena_format(b->arena, "Flink's SQL has no %s", source->function);
        return text == NULL ? weir_bind_no_memory(b) != NULL : weir_bind_note(b, text);
    }
    default: return true;
    }
}

bool weir_bind_window(struct weir_binder *b, const struct weir_ast_source *source, struct weir_relation *out) {
    struct weir_relation data;
    if (!weir_bind_source(b, source->data, &data) || !weir_bind_check_data(b, &data, source->at)) return false;
    const struct weir_bound_column *time = weir_bind_find(b, &data, NULL, source->time_column, source->time_at);
    if (time == NULL || !weir_bind_time(b, time->expr, source->time_column, source->time_at)) return false;
    b->window_at = source->at;
    b->window_name = source->function;
    return window_spec(b, source) && bind_partition(b, source, &data) &&
           weir_bind_window_done(b, source->time_column, source->time_at) && add_notes(b, source) &&
           add_bounds(b, &data, time->expr->type, out);
}
