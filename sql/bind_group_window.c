/* SPDX-License-Identifier: Apache-2.0
 *
 * The older windows: GROUP BY TUMBLE(ts, size), HOP(ts, slide, size) or SESSION(ts, gap), with TUMBLE_START(...)
 * and its kin, which repeat the window's arguments.
 */
#include <string.h>

#include "sql/bind.h"

static const char *const suffixes[] = {"", "_START", "_END", "_ROWTIME", "_PROCTIME"};

/* Binds the arguments: the time, over the rows that are grouped, and the lengths. */
static struct weir_expr *bind_arguments(struct weir_binder *b, const struct weir_ast_expr *ast,
                                        struct weir_window_spec *spec) {
    const struct weir_relation *aliases = b->aliases;
    bool allowed = b->aggregates_allowed;
    int32_t depth = b->depth, depth_max = b->depth_max;
    b->aliases = NULL;
    b->aggregates_allowed = false;
    struct weir_expr *time = weir_bind_root(b, ast->args[0], NULL);
    *spec = (struct weir_window_spec){.kind = ast->window};
    bool bound = time != NULL && weir_bind_interval(b, ast->args[ast->args_count - 1], &spec->size) &&
                 (ast->args_count < 3 || weir_bind_interval(b, ast->args[1], &spec->slide));
    b->aliases = aliases;
    b->aggregates_allowed = allowed;
    b->depth = depth;
    b->depth_max = depth_max;
    return bound ? time : NULL;
}

static bool same_window(const struct weir_window_spec *a, const struct weir_window_spec *b) {
    return a->kind == b->kind && a->size == b->size && a->slide == b->slide;
}

static const char *time_name(const struct weir_ast_expr *time) {
    return time->kind == WEIR_AST_COLUMN ? time->name : "an expression";
}

/* A second one must be the first again. */
static bool check_again(struct weir_binder *b, const struct weir_ast_expr *ast) {
    struct weir_window_spec spec;
    struct weir_expr *time = bind_arguments(b, ast, &spec);
    if (time == NULL) return false;
    if (same_window(&spec, &b->plan->window) && weir_bind_same(time, b->group_window.time)) return true;
    weir_bind_fail(b, WEIR_ERR_SQL, ast->at,
                   "GROUP BY takes one window, as in Flink, and %s(...) is its second; run one query for each",
                   ast->name);
    return false;
}

static bool set_window(struct weir_binder *b, const struct weir_ast_expr *ast, const struct weir_relation *from) {
    if (!weir_bind_check_data(b, from, ast->at)) return false;
    struct weir_window_spec spec;
    struct weir_expr *time = bind_arguments(b, ast, &spec);
    if (time == NULL || !weir_bind_time(b, time, time_name(ast->args[0]), ast->args[0]->at)) return false;
    if (ast->args[0]->kind != WEIR_AST_COLUMN) b->plan->time_name = NULL; /* its text says more */
    b->plan->window = spec;
    b->window_at = ast->at;
    b->window_name = ast->name;
    b->group_window = (struct weir_bind_group_window){ast, time, time->type};
    if (!weir_bind_window_done(b, time_name(ast->args[0]), ast->args[0]->at)) return false;
    bool batch = b->plan->watermark.kind == WEIR_WATERMARK_NONE && !b->plan->processing_time;
    return !batch || spec.kind != WEIR_WINDOW_SESSION ||
           weir_bind_note(b, "Flink takes SESSION in streaming mode over a WATERMARK only");
}

/* is_complete, which a table function's window gives by itself. */
static bool add_complete(struct weir_binder *b, struct weir_relation *from) {
    struct weir_bound_column *columns = weir_bind_array(b, from->columns_count + 1, sizeof(*columns));
    struct weir_expr *complete = weir_bind_bound(b, WEIR_BIND_COMPLETE, b->group_window.type);
    if (columns == NULL || complete == NULL) return false;
    memcpy(columns, from->columns, (size_t)from->columns_count * sizeof(*columns));
    columns[from->columns_count++] = (struct weir_bound_column){"is_complete", complete, 1, .hidden = true};
    from->columns = columns;
    return true;
}

bool weir_bind_group_window(struct weir_binder *b, const struct weir_ast_query *query, struct weir_relation *from) {
    for (int32_t i = 0; i < query->groups_count; i++) {
        const struct weir_ast_expr *ast = query->groups[i];
        if (ast->kind != WEIR_AST_GROUP_WINDOW || ast->part != WEIR_PART_GROUP) continue;
        if (!(b->group_window.ast != NULL ? check_again(b, ast) : set_window(b, ast, from))) return false;
    }
    return b->group_window.ast == NULL || add_complete(b, from);
}

static struct weir_expr *refuse_place(struct weir_binder *b, const struct weir_ast_expr *ast) {
    if (ast->part == WEIR_PART_GROUP)
        return weir_bind_fail(
            b, WEIR_ERR_SQL, ast->at,
            "%s(...) stands in GROUP BY on its own, as in Flink; its bounds are %s_START(...) and "
            "%s_END(...) with the same arguments",
            ast->name, ast->name, ast->name);
    return weir_bind_fail(
        b, WEIR_ERR_SQL, ast->at,
        "%s%s(...) stands in SELECT, HAVING and ORDER BY of a query with GROUP BY %s(...), outside "
        "of aggregates",
        ast->name, suffixes[ast->part], ast->name);
}

/* The time at the end of the window, in the type of the column. */
static struct weir_expr *window_time(struct weir_binder *b, const struct weir_ast_expr *ast) {
    bool asked = ast->part == WEIR_PART_PROCTIME;
    if (asked != b->plan->processing_time)
        return weir_bind_fail(b, WEIR_ERR_SQL, ast->at, "the window is over %s time; write %s%s(...)",
                              asked ? "event" : "processing", ast->name,
                              suffixes[asked ? WEIR_PART_ROWTIME : WEIR_PART_PROCTIME]);
    struct weir_expr *time = weir_bind_bound(b, WEIR_RESULT_WINDOW_TIME, b->group_window.type);
    if (time != NULL) time->type.nullable = true; /* as Flink has it */
    return time;
}

struct weir_expr *weir_bind_window_part(struct weir_binder *b, const struct weir_ast_expr *ast) {
    if (ast->part == WEIR_PART_GROUP || !b->aggregates_allowed) return refuse_place(b, ast);
    if (b->group_window.ast == NULL) return refuse_place(b, ast);
    struct weir_window_spec spec;
    struct weir_expr *time = bind_arguments(b, ast, &spec);
    if (time == NULL) return NULL;
    if (!same_window(&spec, &b->plan->window) || !weir_bind_same(time, b->group_window.time))
        return weir_bind_fail(b, WEIR_ERR_SQL, ast->at,
                              "%s%s(...) must repeat the arguments of %s(...) in GROUP BY, as in Flink", ast->name,
                              suffixes[ast->part], b->group_window.ast->name);
    struct weir_expr *bound = NULL;
    switch (ast->part) {
    case WEIR_PART_START: bound = weir_bind_bound(b, WEIR_RESULT_WINDOW_START, time->type); break;
    case WEIR_PART_END: bound = weir_bind_bound(b, WEIR_RESULT_WINDOW_END, time->type); break;
    default: bound = window_time(b, ast); break;
    }
    if (bound != NULL) weir_bind_move(bound, ast->at);
    return bound;
}
