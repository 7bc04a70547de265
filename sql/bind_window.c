/* SPDX-License-Identifier: Apache-2.0
 *
 * TABLE(TUMBLE(...)) and its kin, and the WATERMARK that closes their windows.
 */
#include <string.h>

#include "base/error.h"
#include "sql/bind.h"

/* ---- the watermark ---- */

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
        "it too",
        what, weir_type_name(type, false, name, sizeof(name)));
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
                         const struct weir_relation *columns, struct weir_watermark_spec *out) {
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
    if (is_delay(expr, time->expr, &out->delay_ms)) return true;
    out->kind = WEIR_WATERMARK_EXPRESSION;
    out->delay_ms = 0;
    out->expression = expr;
    return true;
}

enum weir_status weir_bind_check_table(const struct weir_ast_table *table, struct weir_error *error) {
    if (table->watermark_column == NULL) return WEIR_OK;
    struct weir_arena arena;
    weir_arena_init(&arena, 0);
    struct weir_binder b = {.arena = &arena, .error = error};
    struct weir_relation columns = {.columns_count = table->columns_count};
    struct weir_watermark_spec watermark;
    columns.columns = weir_bind_array(&b, table->columns_count, sizeof(*columns.columns));
    for (int32_t i = 0; columns.columns != NULL && i < table->columns_count; i++) {
        const struct weir_ast_column *column = table->columns[i];
        struct weir_expr *expr = weir_bind_column_node(&b, column->at, i, column->type);
        columns.columns[i] = (struct weir_bound_column){column->name, expr, 1};
    }
    if (b.status == WEIR_OK) weir_bind_watermark(&b, table, &columns, &watermark);
    weir_arena_fini(&arena);
    return b.status;
}

/* ---- the window ---- */

/* An argument that must be known now: an interval of days and less. */
static bool constant_interval(struct weir_binder *b, const struct weir_ast_expr *ast, int64_t *out) {
    *out = 0;
    if (ast == NULL) return true;
    const struct weir_relation nothing = {0}, *scope = b->scope;
    b->scope = &nothing;
    struct weir_expr *expr = weir_bind_root(b, ast, NULL);
    b->scope = scope;
    if (expr == NULL) return false;
    if (expr->type.id == WEIR_TYPE_INTERVAL_MONTH) {
        weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, ast->at,
                       "windows of months and years are not supported, as in Flink; use days: INTERVAL '30' DAY");
        return false;
    }
    if (expr->type.id != WEIR_TYPE_INTERVAL_MS || expr->op != WEIR_EXPR_LITERAL || expr->is_null) {
        weir_bind_fail(b, WEIR_ERR_SQL, ast->at, "expected a constant such as INTERVAL '5' MINUTE");
        return false;
    }
    *out = expr->value.i64;
    return true;
}

static bool window_spec(struct weir_binder *b, const struct weir_ast_source *source) {
    struct weir_window_spec *spec = &b->plan->window;
    spec->kind = source->window;
    if (!constant_interval(b, source->size, &spec->size) || !constant_interval(b, source->slide, &spec->slide) ||
        !constant_interval(b, source->offset, &spec->offset))
        return false;
    struct weir_error error = {0};
    enum weir_status status = weir_window_validate(spec, &error);
    if (status == WEIR_OK) return true;
    weir_bind_fail(b, status == WEIR_ERR_INVALID ? WEIR_ERR_SQL : status, source->at, "%s", error.message);
    return false;
}

static bool check_data(struct weir_binder *b, const struct weir_relation *data, struct weir_place at) {
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

/* The input's column that the DESCRIPTOR names, -1 on failure. */
static int32_t time_column(struct weir_binder *b, const struct weir_ast_source *source,
                           const struct weir_relation *data, struct weir_type *type) {
    const struct weir_bound_column *column = weir_bind_find(b, data, NULL, source->time_column, source->time_at);
    if (column == NULL) return -1;
    *type = column->expr->type;
    if (!weir_type_is_time(*type)) {
        char name[WEIR_TYPE_NAME_BYTES];
        weir_bind_fail(b, WEIR_ERR_SQL, source->time_at,
                       "the time column '%.120s' of a window must be a TIMESTAMP or TIMESTAMP_LTZ, and is %s",
                       source->time_column, weir_type_name(*type, false, name, sizeof(name)));
        return -1;
    }
    const struct weir_expr *raw = raw_column(column->expr);
    if (raw != NULL) return raw->index;
    weir_bind_fail(
        b, WEIR_ERR_UNSUPPORTED, source->time_at,
        "'%.120s' is computed, and a window's time must be a column of the table itself (Flink as a stream asks "
        "for the column of its WATERMARK)",
        source->time_column);
    return -1;
}

/* With a WATERMARK the table is a stream, unless the script asks for batch mode. */
static bool set_watermark(struct weir_binder *b, const struct weir_ast_source *source) {
    const struct weir_ast_table *table = b->input.declared;
    bool declared = table != NULL && table->watermark_column != NULL;
    bool endless = b->input.unbounded || b->input.pushed;
    enum weir_runtime_mode mode = b->request->settings->mode;
    if (mode == WEIR_MODE_BATCH || (mode == WEIR_MODE_AUTOMATIC && !endless)) return true;
    if (!declared) {
        if (!b->input.pushed) b->note = "note: Flink takes this in batch mode only (the table has no WATERMARK)";
        if (!b->input.unbounded) return true;
        weir_bind_fail(
            b, WEIR_ERR_SQL, source->at,
            "the table '%.120s' has no end, so without WATERMARK its windows would never close; declare WATERMARK "
            "FOR %.120s AS %.120s - INTERVAL '5' SECOND",
            b->input.name, source->time_column, source->time_column);
        return false;
    }
    if (strcmp(b->input.names[b->plan->time_column], table->watermark_column) != 0) {
        weir_bind_fail(
            b, WEIR_ERR_SQL, source->time_at,
            "the window is over '%.120s', and the WATERMARK of '%.120s' is over '%.120s'; use that one, or SET "
            "'execution.runtime-mode' = 'batch'",
            source->time_column, b->input.name, table->watermark_column);
        return false;
    }
    return weir_bind_watermark(b, table, &b->columns, &b->plan->watermark);
}

/* One of window_start, window_end, window_time. */
static struct weir_expr *bound(struct weir_binder *b, int32_t idx, struct weir_type time) {
    struct weir_place nowhere = {0, 0};
    struct weir_type type = weir_type_timestamp(3);
    type.nullable = false;
    struct weir_expr *column = weir_bind_column_node(b, nowhere, WEIR_BIND_WINDOW + idx, type);
    if (column == NULL || idx != WEIR_RESULT_WINDOW_TIME) return column;
    /* window_time has the type of the time column, as in Flink; the bounds are TIMESTAMP(3) whatever that is. */
    if (time.id == WEIR_TYPE_TIMESTAMP && time.precision <= 3) return column;
    time.nullable = false;
    if (time.precision < 3) time.precision = 3;
    return weir_bind_node(b, nowhere, WEIR_EXPR_CAST, time, 1, &column);
}

static bool add_bounds(struct weir_binder *b, const struct weir_relation *data, struct weir_type time,
                       struct weir_relation *out) {
    static const char *const names[] = {"window_start", "window_end", "window_time"};
    int32_t count = data->columns_count;
    *out = (struct weir_relation){.columns_count = count + 3, .windowed = true};
    if ((out->columns = weir_bind_array(b, count + 3, sizeof(*out->columns))) == NULL) return false;
    memcpy(out->columns, data->columns, (size_t)count * sizeof(*out->columns));
    for (int32_t i = 0; i < 3; i++) {
        struct weir_expr *expr = bound(b, i, time);
        if (expr == NULL) return false;
        out->columns[count + i] = (struct weir_bound_column){names[i], expr, 2};
    }
    return true;
}

bool weir_bind_window(struct weir_binder *b, const struct weir_ast_source *source, struct weir_relation *out) {
    struct weir_relation data;
    struct weir_type time;
    if (!weir_bind_source(b, source->data, &data) || !check_data(b, &data, source->at)) return false;
    int32_t column = time_column(b, source, &data, &time);
    if (column < 0 || !window_spec(b, source)) return false;
    b->plan->time_column = column;
    b->window_at = source->at;
    return set_watermark(b, source) && add_bounds(b, &data, time, out);
}
