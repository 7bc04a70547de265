/* SPDX-License-Identifier: Apache-2.0
 *
 * Scalar expressions over the columns of a batch, evaluated column by column in blocks of at most
 * WEIR_BLOCK_ROWS rows.
 *
 * The binder (sql/) builds trees in which every type is settled: the arguments of an arithmetic or comparison node
 * have the type that the node computes in, and casts are nodes of their own. The evaluator only computes.
 *
 * Flink's rules hold (FLINK-SQL of the design): integer division truncates, a % b has the sign of a, INT / 0 fails,
 * DOUBLE / 0 is infinite, comparisons with NaN are false (but <>), DECIMAL overflow is NULL, AND and OR are
 * three-valued and do not evaluate (report errors of) their right side where the left decides. Integer overflow is
 * an error.
 */
#ifndef WEIR_ENGINE_EXPRESSION_H
#define WEIR_ENGINE_EXPRESSION_H

#include <stdint.h>

#include "alloc/arena.h"
#include "engine/batch.h"
#include "engine/type.h"

#define WEIR_BLOCK_ROWS 4096

enum weir_expr_op {
    WEIR_EXPR_COLUMN,  /* column `index` of the input */
    WEIR_EXPR_LITERAL, /* a constant of `type`; is_null or value */
    /* arithmetic: arguments have the vector kind of the result; integer results are checked against the node's
     * type. DECIMAL: arguments keep their own scales, the node's type gives the result's */
    WEIR_EXPR_NEGATE,
    WEIR_EXPR_ADD, /* also TIMESTAMP/DATE/TIME + INTERVAL_MS (either order): intervals are in ms, the evaluator
                    * brings them to the timestamp's ticks; DATE takes whole days, TIME goes round the clock.
                    * INTERVAL * integer, too */
    WEIR_EXPR_SUBTRACT,
    WEIR_EXPR_MULTIPLY,
    WEIR_EXPR_DIVIDE,
    WEIR_EXPR_MODULO,
    WEIR_EXPR_ADD_MONTHS, /* (TIMESTAMP or DATE, INTERVAL_MONTH): the day is clamped to the month's last */
    /* comparison: both arguments have the same type, or are DECIMAL of any; BOOLEAN result */
    WEIR_EXPR_EQ,
    WEIR_EXPR_NE,
    WEIR_EXPR_LT,
    WEIR_EXPR_LE,
    WEIR_EXPR_GT,
    WEIR_EXPR_GE,
    WEIR_EXPR_IS_DISTINCT, /* never NULL; NULL equals NULL */
    WEIR_EXPR_IS_NOT_DISTINCT,
    /* logic */
    WEIR_EXPR_AND, /* two or more arguments */
    WEIR_EXPR_OR,
    WEIR_EXPR_NOT,
    WEIR_EXPR_IS_NULL, /* of any type */
    WEIR_EXPR_IS_NOT_NULL,
    WEIR_EXPR_IS_TRUE,
    WEIR_EXPR_IS_FALSE,
    WEIR_EXPR_IS_NOT_TRUE,
    WEIR_EXPR_IS_NOT_FALSE,
    WEIR_EXPR_CASE,     /* when, then, when, then, ..., else; the thens and else have the node's type */
    WEIR_EXPR_COALESCE, /* all of the node's type */
    WEIR_EXPR_IN,       /* (x, literal, literal, ...) all of one type */
    WEIR_EXPR_CAST,     /* to the node's type; `try_cast`: NULL instead of an error */
    /* numbers */
    WEIR_EXPR_ABS,
    WEIR_EXPR_FLOOR, /* DOUBLE, DECIMAL (scale 0 result), integers unchanged */
    WEIR_EXPR_CEIL,
    WEIR_EXPR_ROUND, /* (x, literal digits): half up for DECIMAL and integers; DOUBLE and FLOAT as Java's BigDecimal
                      */
    WEIR_EXPR_SQRT,  /* DOUBLE */
    WEIR_EXPR_POWER, /* DOUBLE, DOUBLE */
    WEIR_EXPR_EXP,
    WEIR_EXPR_LN,
    WEIR_EXPR_SIGN,
    WEIR_EXPR_GREATEST, /* NULL when any argument is */
    WEIR_EXPR_LEAST,
    /* strings, by code points */
    WEIR_EXPR_CONCAT, /* NULL when any argument is */
    WEIR_EXPR_LIKE,   /* (text, literal pattern, literal escape or none) */
    WEIR_EXPR_UPPER,  /* as Java's String.toUpperCase; LOWER fails where a final sigma cannot be told */
    WEIR_EXPR_LOWER,
    WEIR_EXPR_CHAR_LENGTH, /* INT, code points */
    WEIR_EXPR_SUBSTRING,   /* (text, from [, count]): from 1; 0 as 1; negative counts from the end, as Flink */
    WEIR_EXPR_TRIM,        /* (text, literal characters); `unit`: 1 leading, 2 trailing, 3 both */
    WEIR_EXPR_POSITION,    /* (needle, text): INT, from 1, 0 when absent */
    /* times */
    WEIR_EXPR_EXTRACT,    /* `unit` of TIMESTAMP, DATE or TIME: BIGINT */
    WEIR_EXPR_FLOOR_TIME, /* to `unit`, type unchanged */
    WEIR_EXPR_CEIL_TIME,
    WEIR_EXPR_RESCALE_TIME, /* a timestamp in the ticks of the node's type: floor. (A COLUMN whose layout has
                             * another unit than weir_type_ticks of its type is brought to that by the COLUMN node
                             * itself.) */
    WEIR_EXPR_TOTAL_ORDER,  /* of DOUBLE: a BIGINT that orders as Java's Double.compare does, NaN above all, -0.0
                             * below  0.0 */
    /* zones, the clock, and times by pattern */
    WEIR_EXPR_TO_LOCAL,      /* TIMESTAMP_LTZ to what the wall clock of `zone` shows: TIMESTAMP in the same ticks */
    WEIR_EXPR_TO_INSTANT,    /* the way back, by weir_zone_epoch_ms; `later`: by weir_zone_epoch_last_ms */
    WEIR_EXPR_NOW,           /* no arguments, TIMESTAMP_LTZ(3): the wall clock when a block is evaluated */
    WEIR_EXPR_PROCTIME,      /* no arguments: the time of a window over the wall clock; never evaluated */
    WEIR_EXPR_FROM_EPOCH,    /* (number of 10^-index seconds since 1970, any numeric type): TIMESTAMP_LTZ; NULL
                              * outside the years 0 to 9999 */
    WEIR_EXPR_FROM_SECONDS,  /* (BIGINT, seconds since 1970): TIMESTAMP_LTZ(3) */
    WEIR_EXPR_FORMAT_TIME,   /* (TIMESTAMP, literal pattern of Java's DateTimeFormatter): STRING */
    WEIR_EXPR_FORMAT_SIMPLE, /* the same of Java's SimpleDateFormat */
    WEIR_EXPR_PARSE_TIME, /* (text, literal pattern of DateTimeFormatter): TIMESTAMP; NULL where it does not fit */
    WEIR_EXPR_PARSE_SIMPLE, /* the same of SimpleDateFormat */
};

enum weir_time_unit {
    WEIR_UNIT_MILLISECOND = 1,
    WEIR_UNIT_SECOND,
    WEIR_UNIT_MINUTE,
    WEIR_UNIT_HOUR,
    WEIR_UNIT_DAY,
    WEIR_UNIT_WEEK, /* EXTRACT: ISO week; FLOOR and CEIL go to Sundays, as in Flink */
    WEIR_UNIT_MONTH,
    WEIR_UNIT_QUARTER,
    WEIR_UNIT_YEAR,
    WEIR_UNIT_DOW, /* Sunday 1 */
    WEIR_UNIT_DOY,
    WEIR_UNIT_EPOCH,   /* seconds since 1970 */
    WEIR_UNIT_ISODOW,  /* Monday 1 */
    WEIR_UNIT_ISOYEAR, /* of the ISO week */
    WEIR_UNIT_DECADE,  /* the year / 10 */
    WEIR_UNIT_CENTURY, /* from 1: 2000 is in the 20th */
    WEIR_UNIT_MILLENNIUM,
};

union weir_value {
    int64_t i64; /* also BOOLEAN: 0 or 1 */
    double f64;
    weir_i128 i128;
    struct weir_string string;
};

struct weir_expr {
    enum weir_expr_op op;
    struct weir_type type;
    int32_t args_count;
    struct weir_expr **args;
    int32_t index; /* COLUMN; FROM_EPOCH */
    bool is_null;  /* LITERAL */
    bool try_cast; /* CAST */
    enum weir_time_unit unit;
    bool later;                   /* TO_INSTANT */
    const struct weir_zone *zone; /* TO_LOCAL, TO_INSTANT; FLOOR_TIME and CEIL_TIME of TIMESTAMP_LTZ: they round the
                                   * wall clock and keep its offset (NULL: UTC). Outlives the tree */
    union weir_value value;       /* LITERAL */
    int32_t line;                 /* where it stands in the script, from 1; 0 unknown */
    int32_t column;
};

/* A vector of at most WEIR_BLOCK_ROWS values. Bits of bitmaps past the last row are unspecified. Values at NULL
 * rows are unspecified but readable. */
struct weir_vector {
    enum weir_vector_kind kind;
    const uint64_t *validity; /* NULL pointer: no NULLs */
    union {
        const uint64_t *bits;
        const int64_t *i64;
        const double *f64;
        const weir_i128 *i128;
        const struct weir_string *strings;
    };
};

/* The rows of a batch that an evaluation looks at: columns [first, first + rows), first a multiple of 64. */
struct weir_block {
    const struct weir_column *columns;
    const struct weir_layout *layouts; /* one a column */
    int64_t first;
    int32_t rows; /* <= WEIR_BLOCK_ROWS */
};

/* Compiled expression: nodes in order of evaluation, constants made, memory for temporaries known. Immutable after
 * create; any number of threads may evaluate it, each with an arena of its own. */
struct weir_program;

/* Compiles a tree. `arena` (of the plan) owns the program. `layouts` describes the input's columns and must live as
 * long. Errors: WEIR_ERR_UNSUPPORTED for a node that the evaluator does not do, WEIR_ERR_VALUE for a bad constant
 * (the ESCAPE of LIKE), both with position; WEIR_ERR_INVALID for a node whose arguments do not fit it;
 * WEIR_ERR_MEMORY. */
enum weir_status weir_program_create(struct weir_arena *arena, const struct weir_expr *root,
                                     const struct weir_layout *layouts, int32_t columns_count,
                                     struct weir_program **out, struct weir_error *error);

/* Evaluates it over a block.
 *   active   bitmap of rows that count: an error (overflow, division by zero, a failing cast) is raised only
 *            for these; NULL: all. Values of the other rows are unspecified
 *   arena    temporaries and the result; the caller resets it after the block is done with
 *   out      for kind STRING, strings point into the batch, the program's constants or the arena
 *
 * After the first block of full size an evaluation allocates only what the arena already holds.
 * Errors: WEIR_ERR_VALUE with the expression's position and the offending value, WEIR_ERR_MEMORY. */
enum weir_status weir_program_eval(const struct weir_program *program, const struct weir_block *block,
                                   const uint64_t *active, struct weir_arena *arena, struct weir_vector *out,
                                   struct weir_error *error);

/* Where all values are among a few constant strings (CASE WHEN ... THEN 'short' ELSE 'long' END): a DICTIONARY
 * column of these without rows, which the program owns; else NULL. */
const struct weir_column *weir_program_dictionary(const struct weir_program *program);

/* Evaluates such a program as weir_program_eval, to codes of its dictionary: out is a DICTIONARY column of the rows
 * of the block, its codes U32 in the arena, those of NULL rows any that the dictionary has. */
enum weir_status weir_program_eval_codes(const struct weir_program *program, const struct weir_block *block,
                                         const uint64_t *active, struct weir_arena *arena, struct weir_column *out,
                                         struct weir_error *error);

/* What a COLUMN node of `type` makes of a stored integer (a number, a date, a time); rising with it. false: the
 * node fails. */
bool weir_column_value(const struct weir_layout *layout, struct weir_type type, int64_t stored, int64_t *out);
/* Whether it fails for some. */
bool weir_column_may_fail(const struct weir_layout *layout, struct weir_type type);

/* ---- building trees: nodes live in the arena; NULL when memory is short ---- */
struct weir_expr *weir_expr_column(struct weir_arena *arena, int32_t index, struct weir_type type);
struct weir_expr *weir_expr_literal(struct weir_arena *arena, struct weir_type type, union weir_value value);
struct weir_expr *weir_expr_null(struct weir_arena *arena, struct weir_type type);
struct weir_expr *weir_expr_node(struct weir_arena *arena, enum weir_expr_op op, struct weir_type type,
                                 int32_t args_count, struct weir_expr *const *args);

/* Same value for every row by structure (literals and positions aside). */
bool weir_expr_equal(const struct weir_expr *a, const struct weir_expr *b);

/* Calls visit for the node and all below it, parents first. */
void weir_expr_walk(struct weir_expr *root, void (*visit)(struct weir_expr *node, void *user), void *user);

/* SQL-like text for `explain` and error messages, in the arena. names may be NULL. */
const char *weir_expr_text(struct weir_arena *arena, const struct weir_expr *expr, const char *const *names);

#endif
