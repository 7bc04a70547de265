/* SPDX-License-Identifier: Apache-2.0
 *
 * Trees to plans: what names mean, which types expressions have, and how nested queries become one plan. Views,
 * subqueries and WITH are put in place: their columns stand for expressions over the columns of the one table that
 * is read, so a plan never holds a query within a query.
 *
 * While a query is bound its expressions live in one of two worlds: over the rows that are read (before grouping)
 * or over the result columns (after it). Rows-world expressions use indices of the input's columns,
 * WEIR_BIND_WINDOW + 0..3 for the window's bounds and is_complete, and WEIR_BIND_AGGREGATE + n for the n-th
 * aggregate; grouping replaces them by result columns.
 */
#ifndef WEIR_SQL_BIND_H
#define WEIR_SQL_BIND_H

#include "engine/plan.h"
#include "engine/type_rules.h"
#include "sql/ast.h"
#include "sql/catalog.h"
#include "sql/settings.h"

/* The table that a plan reads, as the one who opens it knows it. All memory lives as long as the plan is being
 * made. */
struct weir_bind_input {
    const char *name;
    int32_t columns_count;
    const char **names;
    struct weir_layout *layouts; /* as batches bring them */
    struct weir_type *types;     /* as the script sees them */
    bool selective;              /* the source can leave columns out; else the plan keeps all, in order */
    bool unbounded;
    bool pushed;
    const struct weir_ast_table *declared; /* NULL without CREATE TABLE */
};

/* Opens a table or file so that its columns are known. entry: NULL for a file; a table has the options of the
 * source's hint, a file has not. Called at most once a plan. */
struct weir_bind_host {
    void *user;
    enum weir_status (*open)(void *user, const struct weir_relation_entry *entry,
                             const struct weir_ast_source *source, struct weir_arena *arena,
                             struct weir_bind_input *out, struct weir_error *error);
};

struct weir_bind_request {
    struct weir_catalog *catalog;
    const struct weir_settings *settings;
    struct weir_bind_host host;
    const struct weir_statement *insert; /* the INSERT whose query it is, or NULL */
    const struct weir_ast_table *sink;   /* its table */
};

struct weir_bind_result {
    struct weir_plan *plan;
    int32_t *selected; /* column of the input that each column of the plan is; in the plan's arena */
    /* 'weir.late.table': the declared table that late rows (and those of the future guard) go to, whole: the plan
     * then has all columns of the input, and they fit those of the table one by one. NULL: none. As long as the
     * statements that declared it. */
    const struct weir_relation_entry *late_table;
};

/* Binds a query into a validated plan.
 * Errors: WEIR_ERR_SQL and WEIR_ERR_UNSUPPORTED with position, those of the host, WEIR_ERR_MEMORY. */
enum weir_status weir_bind_query(const struct weir_bind_request *request, const struct weir_ast_query *query,
                                 struct weir_bind_result *out, struct weir_error *error);

/* Checks what can be known of a declared table before it is opened: its WATERMARK. */
enum weir_status weir_bind_check_table(const struct weir_ast_table *table, struct weir_error *error);

/* ---- among the files of the binder: NULL or false after the error has been filled ---- */

#define WEIR_BIND_WINDOW (1 << 24)
#define WEIR_BIND_COMPLETE 3 /* WEIR_BIND_WINDOW + this: is_complete */
#define WEIR_BIND_AGGREGATE (1 << 25)
#define WEIR_BIND_ROW_KIND "op"    /* the name of the column that tells inserts from updates */
#define WEIR_BIND_NODES_MAX 200000 /* of one plan */
#define WEIR_BIND_DEPTH_MAX 1000   /* levels of one expression, views put in place */
#define WEIR_BIND_VIEWS_MAX 64

struct weir_bound_column {
    const char *name;
    struct weir_expr *expr;
    int32_t depth; /* levels of the expression */
    bool hidden;   /* found by name only, and only where no other column has it: no part of * */
};

/* What FROM gives: columns under names. */
struct weir_relation {
    const char *alias; /* the name before the point in t.column; NULL: none */
    int32_t columns_count;
    struct weir_bound_column *columns;
    bool grouped;  /* the columns are over result columns */
    bool windowed; /* it has window_start, window_end, window_time */
    bool cut;      /* LIMIT or OFFSET have been applied */
};

/* A WITH query in sight. */
struct weir_bind_named {
    const struct weir_ast_named *named;
    const struct weir_bind_named *outer;
};

/* What GROUP BY TUMBLE(ts, size) and its kin have set. */
struct weir_bind_group_window {
    const struct weir_ast_expr *ast; /* NULL: there is none */
    struct weir_expr *time;
    struct weir_type type; /* of the time */
};

struct weir_binder {
    const struct weir_bind_request *request; /* NULL where only a table's declaration is checked */
    struct weir_arena *arena;                /* the plan's */
    const struct weir_zone *zone;            /* of the session, in the arena; NULL: UTC */
    const struct weir_zone *old_zone;        /* the same as Java's old classes have it */
    int64_t now_ms;                          /* the clock that a batch sees; 0: not read yet */
    struct weir_plan *plan;
    struct weir_error *error;
    enum weir_status status;

    struct weir_bind_input input;
    struct weir_relation columns; /* of the input */
    bool opened;
    const struct weir_bind_named *with;
    int32_t views;   /* how deep in views and WITH queries */
    int32_t selects; /* how deep in SELECTs */

    const struct weir_relation *scope;
    const struct weir_relation *aliases; /* of the select list, for ORDER BY; NULL elsewhere */
    bool aggregates_allowed;
    int32_t nodes;
    int32_t depth;     /* of the expression being bound, above the current node */
    int32_t depth_max; /* of it, so far */

    int32_t aggregates_capacity;
    struct weir_place window_at;
    const char *window_name;      /* of the function */
    struct weir_expr **partition; /* the PARTITION BY of a window that cuts by it */
    const char **partition_names;
    int32_t partition_count;
    struct weir_bind_group_window group_window;
    const struct weir_ast_fill *fill; /* of the query that aggregates */
    const struct weir_relation_entry *late_table;
    struct weir_place group_at;
    struct weir_place order_at;
    struct weir_expr *window_filter; /* conditions over the window's bounds alone, and not yet part of HAVING */
    struct weir_expr *mixed_filter;  /* conditions over those and columns: of queries without GROUP BY only */
    const char *notes;               /* further lines of explain, or NULL */
};

void *weir_bind_fail(struct weir_binder *b, enum weir_status code, struct weir_place at, const char *format, ...)
    WEIR_PRINTF(4, 5);
void *weir_bind_no_memory(struct weir_binder *b);
void *weir_bind_array(struct weir_binder *b, int32_t count, size_t bytes);
/* A further line of explain: "note: " and the text. */
bool weir_bind_note(struct weir_binder *b, const char *text);

/* A node with its place; counts it. */
struct weir_expr *weir_bind_node(struct weir_binder *b, struct weir_place at, enum weir_expr_op op,
                                 struct weir_type type, int32_t args_count, struct weir_expr *const *args);
struct weir_expr *weir_bind_column_node(struct weir_binder *b, struct weir_place at, int32_t index,
                                        struct weir_type type);
struct weir_expr *weir_bind_copy(struct weir_binder *b, const struct weir_expr *expr);
/* Equal in every detail, literals included. */
bool weir_bind_same(const struct weir_expr *a, const struct weir_expr *b);
struct weir_place weir_expr_place(const struct weir_expr *expr);

/* bind_expression.c */
struct weir_expr *weir_bind_expr(struct weir_binder *b, const struct weir_ast_expr *ast);
/* Says that it stands there: a column, with the conversion around it. */
void weir_bind_move(struct weir_expr *expr, struct weir_place at);
/* weir_bind_expr for an expression of its own. *depth: its levels; may be NULL. */
struct weir_expr *weir_bind_root(struct weir_binder *b, const struct weir_ast_expr *ast, int32_t *depth);
struct weir_expr *weir_bind_condition(struct weir_binder *b, const struct weir_ast_expr *ast, const char *clause);
struct weir_expr *weir_bind_and(struct weir_binder *b, struct weir_expr *left, struct weir_expr *right);
/* Column of the scope by name; NULL and no error when there is none and `quiet`. */
const struct weir_bound_column *weir_bind_find(struct weir_binder *b, const struct weir_relation *scope,
                                               const char *qualifier, const char *name, struct weir_place at);

/* bind_predicate.c: comparisons, IN, BETWEEN, LIKE, CASE and what is made of them */
struct weir_expr *weir_bind_compare(struct weir_binder *b, struct weir_place at, enum weir_expr_op op,
                                    struct weir_expr *left, struct weir_expr *right);
struct weir_expr *weir_bind_in(struct weir_binder *b, const struct weir_ast_expr *ast);
struct weir_expr *weir_bind_between(struct weir_binder *b, const struct weir_ast_expr *ast);
struct weir_expr *weir_bind_like(struct weir_binder *b, const struct weir_ast_expr *ast);
struct weir_expr *weir_bind_case(struct weir_binder *b, struct weir_place at, struct weir_expr **args,
                                 int32_t count);
struct weir_expr *weir_bind_not(struct weir_binder *b, struct weir_place at, struct weir_expr *operand);

/* bind_arithmetic.c */
struct weir_expr *weir_bind_arithmetic(struct weir_binder *b, struct weir_place at, enum weir_expr_op op,
                                       struct weir_expr *left, struct weir_expr *right);
struct weir_expr *weir_bind_negate(struct weir_binder *b, struct weir_place at, struct weir_expr *operand);

/* bind_function.c */
struct weir_expr *weir_bind_call(struct weir_binder *b, const struct weir_ast_expr *ast);
struct weir_expr *weir_bind_extract(struct weir_binder *b, struct weir_place at, enum weir_time_unit unit,
                                    struct weir_expr *operand);
struct weir_expr *weir_bind_floor_time(struct weir_binder *b, const struct weir_ast_expr *ast);
struct weir_expr *weir_bind_trim(struct weir_binder *b, const struct weir_ast_expr *ast);
struct weir_expr *weir_bind_concat(struct weir_binder *b, const struct weir_ast_expr *ast, bool function);

/* bind_zone.c */
/* Makes the session's zone the binder's, in the plan's arena. */
bool weir_bind_open_zone(struct weir_binder *b);
/* Another zone by its name, as of TO_TIMESTAMP_LTZ(text, pattern, zone), in the plan's arena. old: as Java's old
 * classes have it (weir_zone_forget_before_1900). */
const struct weir_zone *weir_bind_zone(struct weir_binder *b, const struct weir_expr *name, bool old);
/* A TIMESTAMP_LTZ as what the wall clock of a zone (NULL: UTC) shows then, a TIMESTAMP; in UTC it stays, and so
 * does all else. */
struct weir_expr *weir_bind_local(struct weir_binder *b, struct weir_place at, struct weir_expr *expr,
                                  const struct weir_zone *zone);
/* A TIMESTAMP as an instant: in a zone (NULL: UTC), later: of two instants the later one. */
struct weir_expr *weir_bind_instant(struct weir_binder *b, struct weir_place at, struct weir_expr *expr,
                                    const struct weir_zone *zone, bool later);
/* A CAST, through the session's wall clock where one side is TIMESTAMP_LTZ and the other is not. */
struct weir_expr *weir_bind_cast_node(struct weir_binder *b, struct weir_place at, struct weir_expr *expr,
                                      struct weir_type type, bool try_cast);
/* weir_bind_fold to TIMESTAMP_LTZ in a zone. */
struct weir_expr *weir_bind_fold_instant(struct weir_binder *b, const struct weir_expr *literal,
                                         struct weir_type type);

/* bind_text.c: functions of texts that are others put together, from LEFT to TRIM of enum weir_function_id. */
struct weir_function;
struct weir_expr *weir_bind_text_function(struct weir_binder *b, const struct weir_ast_expr *ast,
                                          const struct weir_function *function);

/* bind_time.c: functions of times that need a clock, a zone or a pattern. */
struct weir_expr *weir_bind_time_function(struct weir_binder *b, const struct weir_ast_expr *ast,
                                          const struct weir_function *function, struct weir_expr **args);
/* Does the query run as a batch? */
bool weir_bind_is_batch(const struct weir_binder *b);

/* bind_literal.c */
struct weir_expr *weir_bind_literal(struct weir_binder *b, const struct weir_ast_expr *ast);
struct weir_expr *weir_bind_integer(struct weir_binder *b, struct weir_place at, struct weir_type type,
                                    int64_t value);
struct weir_expr *weir_bind_null(struct weir_binder *b, struct weir_place at, struct weir_type type);
/* The literal as one of `type` where that loses nothing (but digits of a FLOAT or DOUBLE); NULL without error where
 * it would. */
struct weir_expr *weir_bind_fold(struct weir_binder *b, const struct weir_expr *literal, struct weir_type type);
/* A DECIMAL literal that is no NULL as the DOUBLE that a column of that value becomes, which need not be the
 * nearest. */
struct weir_expr *weir_bind_decimal_real(struct weir_binder *b, const struct weir_expr *literal);
/* Is a number that is no NULL the same number in another type of numbers? FLOAT and DOUBLE take any. */
bool weir_bind_keeps(const struct weir_expr *literal, struct weir_type type);

/* bind_type.c */
/* Casts where the types differ; nullability is the expression's. */
struct weir_expr *weir_bind_cast(struct weir_binder *b, struct weir_expr *expr, struct weir_type type);
/* CAST and TRY_CAST, as written. */
struct weir_expr *weir_bind_explicit_cast(struct weir_binder *b, struct weir_place at, struct weir_expr *expr,
                                          struct weir_type type, bool try_cast);
/* Refuses what INSERT would not convert by itself. */
struct weir_expr *weir_bind_assign(struct weir_binder *b, struct weir_expr *expr, struct weir_type type,
                                   const char *column);
/* All of one common type, for functions. */
bool weir_bind_unify(struct weir_binder *b, struct weir_place at, const char *what, struct weir_expr **args,
                     int32_t count, int32_t first, int32_t step, struct weir_type *out);

/* bind_group.c */
struct weir_expr *weir_bind_aggregate(struct weir_binder *b, const struct weir_ast_expr *ast);
/* Groups the rows of `from` by the query's GROUP BY (or DISTINCT: by `items`). */
bool weir_bind_group(struct weir_binder *b, const struct weir_ast_query *query, const struct weir_relation *from,
                     struct weir_relation *items);
/* A rows-world expression over result columns; an ungrouped column is an error. Works in place. */
struct weir_expr *weir_bind_grouped(struct weir_binder *b, struct weir_expr *expr);
/* Is it over the window's bounds alone (and literals)? */
bool weir_bind_is_window(const struct weir_expr *expr);
/* Does any part of it refer to them? */
bool weir_bind_touches_window(const struct weir_expr *expr);

/* bind_group_window.c */
/* Sets the plan's window to that of the query's GROUP BY, where it has one, before anything else of the query is
 * bound; `from` gets is_complete. */
bool weir_bind_group_window(struct weir_binder *b, const struct weir_ast_query *query, struct weir_relation *from);
/* TUMBLE_START(...) and its kin. */
struct weir_expr *weir_bind_window_part(struct weir_binder *b, const struct weir_ast_expr *ast);

/* bind_fill.c: FILL(...) of the query, once its aggregates are known. */
bool weir_bind_fill(struct weir_binder *b, const struct weir_ast_query *query);

/* bind_emission.c: the options about late rows, early results and the end of the input, checked against the plan.
 */
bool weir_bind_emission(struct weir_binder *b);

/* bind_note.c: where Flink gives other rows for windows on a wall clock, once the plan's shape is known. */
bool weir_bind_zone_notes(struct weir_binder *b);

/* bind_option.c: the options of a table that say how its watermark moves. b->status tells of failure. */
bool weir_bind_watermark_options(struct weir_binder *b, const struct weir_ast_table *table,
                                 struct weir_watermark_spec *out);
/* Is it one of those? A connector does not see them. */
bool weir_option_is_watermark(const char *key);

/* bind_source.c, bind_window.c, bind_select.c */
/* Puts a declared table's computed columns (NULL: none) where they were declared among `columns`. */
bool weir_bind_computed_columns(struct weir_binder *b, const struct weir_ast_table *table,
                                struct weir_relation *columns);
/* The input's columns as a relation; those held in other units than their type's become conversions. */
bool weir_bind_columns(struct weir_binder *b, struct weir_relation *out);
bool weir_bind_source(struct weir_binder *b, const struct weir_ast_source *source, struct weir_relation *out);
bool weir_bind_window(struct weir_binder *b, const struct weir_ast_source *source, struct weir_relation *out);
/* Refuses windows over what has been grouped, windowed or cut already. */
bool weir_bind_check_data(struct weir_binder *b, const struct weir_relation *data, struct weir_place at);
/* Makes the column the time of the plan's window. */
bool weir_bind_time(struct weir_binder *b, const struct weir_expr *time, const char *name, struct weir_place at);
/* Checks the plan's window, and sets the watermark. name, at: of the time column. */
bool weir_bind_window_done(struct weir_binder *b, const char *name, struct weir_place at);
/* An argument that must be known now: an interval of days and less; 0 without one. */
bool weir_bind_interval(struct weir_binder *b, const struct weir_ast_expr *ast, int64_t *out);
/* A whole number above 0. */
bool weir_bind_count(struct weir_binder *b, const struct weir_ast_expr *ast, const char *what, int64_t *out);
/* One of window_start, window_end, window_time and is_complete, by index. */
struct weir_expr *weir_bind_bound(struct weir_binder *b, int32_t idx, struct weir_type time);
bool weir_bind_select(struct weir_binder *b, const struct weir_ast_query *query, struct weir_relation *out);
/* Names for the columns of a view or WITH query. */
bool weir_bind_rename(struct weir_binder *b, struct weir_relation *relation, const char *const *names,
                      int32_t count, const char *what, struct weir_place at);
/* Binds the WATERMARK of a declared table over its columns. of_time: its column is the window's time, too. */
bool weir_bind_watermark(struct weir_binder *b, const struct weir_ast_table *table,
                         const struct weir_relation *columns, bool of_time, struct weir_watermark_spec *out);

/* bind_insert.c: the outputs as columns of the INSERT's table. */
bool weir_bind_insert(struct weir_binder *b, struct weir_relation *outputs);

/* bind_plan.c: makes the outputs the plan's, leaves out the columns that nothing needs, and validates. */
bool weir_bind_finish(struct weir_binder *b, const struct weir_relation *outputs, int32_t **selected);

#endif
