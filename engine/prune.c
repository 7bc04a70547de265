/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/prune.h"

#include <string.h>

#include "base/checked.h"

/* What an expression can be over a group of rows. */
struct span {
    enum weir_source_bounds bounds;
    bool silent;   /* no row of the group makes it fail */
    bool may_null; /* some rows may be NULL */
    bool all_null; /* all are */
    union weir_source_bound min, max;
};

/* Of a condition. Both others also say that no row of the group makes it fail. */
enum verdict {
    OPEN,    /* some rows may be TRUE, or fail */
    NEVER,   /* every row is FALSE or NULL */
    IS_FALSE /* every row is FALSE */
};

struct group {
    const struct weir_plan *plan;
    const struct weir_source_range *ranges;
    int64_t rows;
};

/* ---- values ---- */

static struct span span_of_column(const struct group *group, const struct weir_expr *expr) {
    const struct weir_source_range *range = &group->ranges[expr->index];
    const struct weir_layout *layout = &group->plan->columns[expr->index];
    struct span span = {.may_null = range->nulls != 0, .all_null = range->nulls == group->rows};
    enum weir_vector_kind kind = weir_type_vector(expr->type);
    bool fails = weir_column_may_fail(layout, expr->type);
    span.silent = !fails || span.all_null;
    if (range->bounds == WEIR_SOURCE_BOUNDS_I64 && kind == WEIR_VECTOR_I64) {
        bool held = weir_column_value(layout, expr->type, range->min.i64, &span.min.i64) &&
                    weir_column_value(layout, expr->type, range->max.i64, &span.max.i64);
        if (held) span.bounds = range->bounds;
        span.silent = span.silent || held;
    } else if ((range->bounds == WEIR_SOURCE_BOUNDS_F64 && kind == WEIR_VECTOR_F64) ||
               (range->bounds == WEIR_SOURCE_BOUNDS_TEXT && expr->type.id == WEIR_TYPE_STRING)) {
        span.bounds = range->bounds;
        span.min = range->min;
        span.max = range->max;
    }
    return span;
}

static struct span span_of_literal(const struct weir_expr *expr) {
    struct span span = {.silent = true, .may_null = expr->is_null, .all_null = expr->is_null};
    if (expr->is_null) return span;
    switch (weir_type_vector(expr->type)) {
    case WEIR_VECTOR_I64:
        span.bounds = WEIR_SOURCE_BOUNDS_I64;
        span.min.i64 = expr->value.i64;
        break;
    case WEIR_VECTOR_F64:
        span.bounds = WEIR_SOURCE_BOUNDS_F64;
        span.min.f64 = expr->value.f64;
        break;
    case WEIR_VECTOR_STRING:
        if (expr->type.id != WEIR_TYPE_STRING) break;
        span.bounds = WEIR_SOURCE_BOUNDS_TEXT;
        span.min.text.data = expr->value.string.data;
        span.min.text.bytes = expr->value.string.length;
        break;
    default: break;
    }
    span.max = span.min;
    return span;
}

/* Casts that cannot fail and keep the order of values. */
static struct span span_of_cast(const struct weir_type to, const struct weir_type from, struct span span) {
    bool integer = weir_type_is_integer(from);
    if (integer && weir_type_is_integer(to) && to.id >= from.id) return span;
    if (integer && to.id == WEIR_TYPE_DOUBLE) {
        if (span.bounds != WEIR_SOURCE_BOUNDS_I64) return span;
        span.bounds = WEIR_SOURCE_BOUNDS_F64;
        span.min.f64 = (double)span.min.i64;
        span.max.f64 = (double)span.max.i64;
        return span;
    }
    if (from.id == WEIR_TYPE_FLOAT && to.id == WEIR_TYPE_DOUBLE) return span;
    return (struct span){.may_null = true};
}

/* To fewer digits times are floored; of more each must be held by 64 bits. */
static struct span span_of_rescaled(struct weir_type to, struct weir_type from, struct span span) {
    int64_t ticks = weir_type_ticks(to), stored = weir_type_ticks(from);
    if (ticks == stored) return span;
    if (ticks < stored) {
        span.min.i64 = weir_floordiv_i64(span.min.i64, stored / ticks);
        span.max.i64 = weir_floordiv_i64(span.max.i64, stored / ticks);
        return span;
    }
    bool held = span.bounds == WEIR_SOURCE_BOUNDS_I64 &&
                weir_mul_i64(span.min.i64, ticks / stored, &span.min.i64) &&
                weir_mul_i64(span.max.i64, ticks / stored, &span.max.i64);
    span.silent = span.silent && (held || span.all_null);
    if (!held) span.bounds = WEIR_SOURCE_BOUNDS_NONE;
    return span;
}

static struct span span_of(const struct group *group, const struct weir_expr *expr) {
    switch (expr->op) {
    case WEIR_EXPR_RESCALE_TIME:
        return span_of_rescaled(expr->type, expr->args[0]->type, span_of(group, expr->args[0]));
    case WEIR_EXPR_COLUMN: return span_of_column(group, expr);
    case WEIR_EXPR_LITERAL: return span_of_literal(expr);
    case WEIR_EXPR_CAST: return span_of_cast(expr->type, expr->args[0]->type, span_of(group, expr->args[0]));
    default: return (struct span){.may_null = true};
    }
}

/* ---- conditions ---- */

static bool text_below(const union weir_source_bound *a, const union weir_source_bound *b) {
    int64_t shorter = a->text.bytes < b->text.bytes ? a->text.bytes : b->text.bytes;
    int order = shorter > 0 ? memcmp(a->text.data, b->text.data, (size_t)shorter) : 0;
    return order != 0 ? order < 0 : a->text.bytes < b->text.bytes;
}

/* False also where either is NaN. */
static bool below(enum weir_source_bounds bounds, const union weir_source_bound *a,
                  const union weir_source_bound *b) {
    switch (bounds) {
    case WEIR_SOURCE_BOUNDS_I64: return a->i64 < b->i64;
    case WEIR_SOURCE_BOUNDS_F64: return a->f64 < b->f64;
    case WEIR_SOURCE_BOUNDS_TEXT: return text_below(a, b);
    default: return false;
    }
}

static bool at_most(enum weir_source_bounds bounds, const union weir_source_bound *a,
                    const union weir_source_bound *b) {
    return bounds == WEIR_SOURCE_BOUNDS_F64 ? a->f64 <= b->f64 : !below(bounds, b, a);
}

static bool excludes(enum weir_expr_op op, const struct span *a, const struct span *b) {
    switch (op) {
    case WEIR_EXPR_EQ: return below(a->bounds, &a->max, &b->min) || below(a->bounds, &b->max, &a->min);
    case WEIR_EXPR_LT: return at_most(a->bounds, &b->max, &a->min);
    case WEIR_EXPR_LE: return below(a->bounds, &b->max, &a->min);
    case WEIR_EXPR_GT: return at_most(a->bounds, &a->max, &b->min);
    case WEIR_EXPR_GE: return below(a->bounds, &a->max, &b->min);
    default: return false;
    }
}

static enum verdict compare(const struct group *group, const struct weir_expr *expr) {
    struct span a = span_of(group, expr->args[0]), b = span_of(group, expr->args[1]);
    if (!a.silent || !b.silent) return OPEN;
    if (a.all_null || b.all_null) return NEVER;
    if (a.bounds == WEIR_SOURCE_BOUNDS_NONE || a.bounds != b.bounds || !excludes(expr->op, &a, &b)) return OPEN;
    return a.may_null || b.may_null ? NEVER : IS_FALSE;
}

static enum verdict is_in(const struct group *group, const struct weir_expr *expr) {
    struct span x = span_of(group, expr->args[0]);
    if (!x.silent) return OPEN;
    if (x.all_null) return NEVER;
    for (int32_t i = 1; i < expr->args_count; i++) {
        struct span item = span_of(group, expr->args[i]);
        if (x.bounds == WEIR_SOURCE_BOUNDS_NONE || item.bounds != x.bounds || item.may_null) return OPEN;
        if (!excludes(WEIR_EXPR_EQ, &x, &item)) return OPEN;
    }
    return x.may_null ? NEVER : IS_FALSE;
}

/* Conditions that cannot fail, whatever their rows; columns as far as their bounds say so. */
static bool is_silent(const struct group *group, const struct weir_expr *expr) {
    switch (expr->op) {
    case WEIR_EXPR_LITERAL: return true;
    case WEIR_EXPR_COLUMN:
    case WEIR_EXPR_RESCALE_TIME:
    case WEIR_EXPR_CAST: return span_of(group, expr).silent;
    case WEIR_EXPR_EQ:
    case WEIR_EXPR_NE:
    case WEIR_EXPR_LT:
    case WEIR_EXPR_LE:
    case WEIR_EXPR_GT:
    case WEIR_EXPR_GE:
    case WEIR_EXPR_IN:
    case WEIR_EXPR_AND:
    case WEIR_EXPR_OR:
    case WEIR_EXPR_NOT:
    case WEIR_EXPR_IS_NULL:
    case WEIR_EXPR_IS_NOT_NULL:
    case WEIR_EXPR_IS_TRUE:
    case WEIR_EXPR_IS_FALSE:
    case WEIR_EXPR_IS_NOT_TRUE:
    case WEIR_EXPR_IS_NOT_FALSE: break;
    default: return false;
    }
    for (int32_t i = 0; i < expr->args_count; i++) {
        if (!is_silent(group, expr->args[i])) return false;
    }
    return true;
}

static enum verdict judge(const struct group *group, const struct weir_expr *expr);

/* What stands right of a condition that is FALSE for all rows is never worked; right of one that is NULL for some
 * it is, and could fail. */
static enum verdict judge_and(const struct group *group, const struct weir_expr *expr) {
    bool never = false;
    for (int32_t i = 0; i < expr->args_count; i++) {
        enum verdict verdict = judge(group, expr->args[i]);
        if (verdict == IS_FALSE) return IS_FALSE;
        if (verdict == OPEN && !is_silent(group, expr->args[i])) return OPEN;
        never |= verdict == NEVER;
    }
    return never ? NEVER : OPEN;
}

static enum verdict judge_or(const struct group *group, const struct weir_expr *expr) {
    enum verdict all = IS_FALSE;
    for (int32_t i = 0; i < expr->args_count; i++) {
        enum verdict verdict = judge(group, expr->args[i]);
        if (verdict == OPEN) return OPEN;
        if (verdict == NEVER) all = NEVER;
    }
    return all;
}

static enum verdict judge_literal(const struct weir_expr *expr) {
    if (expr->is_null) return NEVER;
    return expr->value.i64 == 0 ? IS_FALSE : OPEN;
}

static enum verdict judge(const struct group *group, const struct weir_expr *expr) {
    struct span span;
    switch (expr->op) {
    case WEIR_EXPR_EQ:
    case WEIR_EXPR_NE: /* for NULLs alone */
    case WEIR_EXPR_LT:
    case WEIR_EXPR_LE:
    case WEIR_EXPR_GT:
    case WEIR_EXPR_GE: return compare(group, expr);
    case WEIR_EXPR_IN: return is_in(group, expr);
    case WEIR_EXPR_AND: return judge_and(group, expr);
    case WEIR_EXPR_OR: return judge_or(group, expr);
    case WEIR_EXPR_LITERAL: return judge_literal(expr);
    case WEIR_EXPR_IS_TRUE: return judge(group, expr->args[0]) == OPEN ? OPEN : IS_FALSE;
    case WEIR_EXPR_IS_NULL:
        span = span_of(group, expr->args[0]);
        return span.silent && !span.may_null ? IS_FALSE : OPEN;
    case WEIR_EXPR_IS_NOT_NULL:
        span = span_of(group, expr->args[0]);
        return span.silent && span.all_null ? IS_FALSE : OPEN;
    default: return OPEN;
    }
}

/* ---- time ---- */

static bool needs_time(const struct weir_plan *plan) {
    return plan->window.kind != WEIR_WINDOW_NONE || plan->watermark.kind == WEIR_WATERMARK_DELAY;
}

static int64_t stored_ticks(const struct weir_plan *plan) {
    return plan->columns[plan->time_column].ticks_per_second;
}

/* Times beyond are near the ends of 64 bits, where a zone's clock or milliseconds cannot hold them: whether they
 * are an error is found by reading them. A day of nanoseconds is less than the margin. */
static bool is_placed(const struct weir_plan *plan, int64_t stored) {
    int64_t margin = INT64_C(1000000000000000);
    int64_t most = stored_ticks(plan) < plan->units_per_second ? INT64_MAX / 1000 - margin : INT64_MAX - margin;
    return stored >= -most && stored <= most;
}

static bool knows_time(const struct weir_plan *plan, const struct weir_source_range *ranges, int64_t rows,
                       bool fail_on_null_time) {
    const struct weir_source_range *range = &ranges[plan->time_column];
    if (range->nulls < 0 || (range->nulls > 0 && fail_on_null_time)) return false;
    if (range->nulls == rows) return true;
    return range->bounds == WEIR_SOURCE_BOUNDS_I64 && range->exact && is_placed(plan, range->min.i64) &&
           is_placed(plan, range->max.i64);
}

int64_t weir_prune_time(const struct weir_plan *plan, int64_t stored) {
    int64_t units = plan->units_per_second, ticks = stored_ticks(plan);
    return ticks < units ? stored * (units / ticks) : weir_floordiv_i64(stored, ticks / units);
}

const char *weir_prune_obstacle(const struct weir_plan *plan) {
    const struct weir_watermark_spec *watermark = &plan->watermark;
    if (watermark->kind == WEIR_WATERMARK_EXPRESSION) return "the watermark is an expression over each row";
    if (watermark->future_max_ms > 0) return "rows from the future are looked for";
    if (watermark->idle_after_ms > 0 || watermark->close_after_ms > 0)
        return "the watermark looks at when rows come";
    if (!needs_time(plan)) return NULL;
    if (plan->processing_time) return "the window is one of processing time";
    return plan->time_column < 0 ? "the time is computed for each row" : NULL;
}

bool weir_prune_leaves_out(const struct weir_plan *plan, const struct weir_source_range *ranges, int64_t rows,
                           bool fail_on_null_time) {
    struct group group = {plan, ranges, rows};
    if (needs_time(plan) && !knows_time(plan, ranges, rows, fail_on_null_time)) return false;
    return judge(&group, plan->filter) != OPEN;
}
