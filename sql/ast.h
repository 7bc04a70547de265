/* SPDX-License-Identifier: Apache-2.0
 *
 * What the parser makes of a script: trees that say what was written and where, and nothing about what it means.
 * All nodes live in the arena of the script. Names are zero-terminated and as written.
 */
#ifndef WEIR_SQL_AST_H
#define WEIR_SQL_AST_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/expression.h"
#include "engine/plan.h"
#include "engine/type.h"
#include "engine/window.h"
#include "sql/script.h"
#include "weir/weir.h"

enum weir_ast_kind {
    WEIR_AST_COLUMN,  /* [qualifier.]name */
    WEIR_AST_STAR,    /* [qualifier.]*, in a select list and in COUNT(*) */
    WEIR_AST_NUMBER,  /* name: the digits; number_kind */
    WEIR_AST_STRING,  /* name: the text */
    WEIR_AST_BOOLEAN, /* flag */
    WEIR_AST_NULL,
    WEIR_AST_DATE, /* name: the text */
    WEIR_AST_TIME,
    WEIR_AST_TIMESTAMP,
    WEIR_AST_INTERVAL_MS, /* number */
    WEIR_AST_INTERVAL_MONTH,
    WEIR_AST_NEGATE,
    WEIR_AST_ADD,
    WEIR_AST_SUBTRACT,
    WEIR_AST_MULTIPLY,
    WEIR_AST_DIVIDE,
    WEIR_AST_MODULO,
    WEIR_AST_CONCAT, /* ||, two or more arguments */
    WEIR_AST_EQ,
    WEIR_AST_NE,
    WEIR_AST_LT,
    WEIR_AST_LE,
    WEIR_AST_GT,
    WEIR_AST_GE,
    WEIR_AST_IS_DISTINCT,
    WEIR_AST_IS_NOT_DISTINCT,
    WEIR_AST_AND, /* two or more arguments */
    WEIR_AST_OR,
    WEIR_AST_NOT,
    WEIR_AST_IS_NULL,
    WEIR_AST_IS_NOT_NULL,
    WEIR_AST_IS_TRUE,
    WEIR_AST_IS_FALSE,
    WEIR_AST_IS_NOT_TRUE,
    WEIR_AST_IS_NOT_FALSE,
    WEIR_AST_IS_UNKNOWN,
    WEIR_AST_IS_NOT_UNKNOWN,
    WEIR_AST_BETWEEN, /* (x, low, high); flag: NOT; number 1: SYMMETRIC */
    WEIR_AST_IN,      /* (x, item, ...); flag: NOT */
    WEIR_AST_LIKE,    /* (text, pattern [, escape]); flag: NOT */
    WEIR_AST_CASE,    /* when, then, ..., else; an operand has been written into the whens */
    WEIR_AST_CAST,    /* to type; flag: TRY_CAST */
    WEIR_AST_EXTRACT, /* unit, (x) */
    WEIR_AST_FLOOR_TO,
    WEIR_AST_CEIL_TO,
    WEIR_AST_TRIM, /* (text [, characters]); number: 1 leading, 2 trailing, 3 both */
    WEIR_AST_CALL, /* name(args); flag: DISTINCT */
    /* TUMBLE(ts, size) and its kin in GROUP BY, and TUMBLE_START(ts, size) and its kin: name, window, part */
    WEIR_AST_GROUP_WINDOW,
};

/* Which of a group window's functions it is. */
enum weir_window_part {
    WEIR_PART_GROUP, /* the window itself */
    WEIR_PART_START,
    WEIR_PART_END,
    WEIR_PART_ROWTIME,
    WEIR_PART_PROCTIME,
};

struct weir_ast_expr {
    enum weir_ast_kind kind;
    struct weir_place at;
    const char *name;
    const char *qualifier; /* COLUMN, STAR; NULL without one */
    int32_t args_count;
    struct weir_ast_expr **args;
    int64_t number;
    enum weir_time_unit unit;
    bool flag;
    bool aggregate;               /* it or something below it is a call of an aggregate function */
    bool approximate;             /* NUMBER with an exponent */
    int32_t depth;                /* levels below it, with itself */
    struct weir_type type;        /* CAST */
    enum weir_window_kind window; /* GROUP_WINDOW; args: time, [slide,] size or gap */
    enum weir_window_part part;
};

struct weir_ast_query;

enum weir_ast_source_kind {
    WEIR_AST_SOURCE_NAME, /* a table, a view or a WITH query */
    WEIR_AST_SOURCE_FILE, /* 'flights.parquet' */
    WEIR_AST_SOURCE_QUERY,
    WEIR_AST_SOURCE_WINDOW, /* TABLE(TUMBLE(...)) */
};

/* The options of a hint behind a table's name; count 0: there is none. They override those of the table. */
struct weir_ast_hint {
    struct weir_option **options;
    int32_t count;
    struct weir_place at;
};

struct weir_ast_source {
    enum weir_ast_source_kind kind;
    struct weir_place at;
    const char *name;  /* NAME, FILE */
    const char *alias; /* NULL without one */
    struct weir_ast_query *query;
    struct weir_ast_hint hint; /* NAME, FILE */
    /* WINDOW */
    enum weir_window_kind window;
    const char *function; /* its name */
    struct weir_ast_source *data;
    struct weir_ast_expr **partition; /* COLUMN */
    int32_t partition_count;          /* 0: no PARTITION BY */
    struct weir_place partition_at;
    const char *time_column;
    struct weir_place time_at;
    struct weir_ast_expr *size;  /* CUMULATE: the largest; SESSION: the gap; COUNT_WINDOW, COUNT_OR_TIME: rows */
    struct weir_ast_expr *slide; /* CUMULATE: step; SESSION: largest duration; COUNT_OR_TIME: span; else NULL */
    struct weir_ast_expr *offset;
};

struct weir_ast_item {
    struct weir_ast_expr *expr;
    const char *alias; /* NULL without one */
};

/* FILL(...) after GROUP BY. */
struct weir_ast_fill {
    struct weir_place at;
    enum weir_fill_kind kind;
    struct weir_ast_expr *value;   /* VALUE */
    struct weir_ast_expr *windows; /* the most empty windows in a row; NULL: not said */
};

struct weir_ast_order {
    struct weir_ast_expr *expr;
    bool descending;
    bool nulls_first;
};

/* A query under a name: WITH name [(columns)] AS (query). */
struct weir_ast_named {
    const char *name;
    struct weir_place at;
    const char **columns;
    int32_t columns_count; /* 0: none were written */
    struct weir_ast_query *query;
};

struct weir_ast_query {
    struct weir_place at;
    struct weir_ast_named **with;
    int32_t with_count;
    bool distinct;
    struct weir_ast_item **items;
    int32_t items_count;
    struct weir_ast_source *from;
    struct weir_ast_expr *where;
    bool grouped;
    struct weir_ast_expr **groups;
    int32_t groups_count;
    struct weir_ast_fill *fill; /* NULL without one */
    struct weir_ast_expr *having;
    struct weir_ast_order **order;
    int32_t order_count;
    int64_t limit; /* -1: none */
    int64_t offset;
};

struct weir_ast_column {
    const char *name;
    struct weir_place at;
    struct weir_type type;          /* not of a computed one */
    struct weir_ast_expr *computed; /* name AS expression; NULL: a column of the data */
    int32_t before;                 /* computed: columns of the data that stand before it */
};

struct weir_ast_table {
    struct weir_ast_column **columns; /* of the data */
    int32_t columns_count;
    struct weir_ast_column **computed; /* the others, in their order */
    int32_t computed_count;
    const char *watermark_column; /* NULL without WATERMARK */
    struct weir_place watermark_at;
    struct weir_ast_expr *watermark;
    struct weir_option **options;
    int32_t options_count;
};

enum weir_statement_kind {
    WEIR_STATEMENT_SET,
    WEIR_STATEMENT_RESET,
    WEIR_STATEMENT_CREATE_TABLE,
    WEIR_STATEMENT_CREATE_VIEW,
    WEIR_STATEMENT_DROP_TABLE,
    WEIR_STATEMENT_DROP_VIEW,
    WEIR_STATEMENT_SELECT,
    WEIR_STATEMENT_INSERT,
};

struct weir_statement {
    enum weir_statement_kind kind;
    struct weir_place at;
    const char *name; /* of the table or view; SET and RESET: the key, NULL for RESET of all */
    struct weir_place name_at;
    bool is_file;              /* INSERT INTO 'file': name is its path */
    struct weir_ast_hint hint; /* INSERT */
    const char *value;         /* SET */
    bool if_exists;            /* or IF NOT EXISTS */
    struct weir_ast_table *table;
    struct weir_ast_query *query;
    const char **columns; /* of CREATE VIEW v (...) and INSERT INTO t (...) */
    int32_t columns_count;
};

struct weir_statements {
    struct weir_statement **items;
    int32_t count;
};

#endif
