/* SPDX-License-Identifier: Apache-2.0
 *
 * The immutable, validated query that the engine executes. sql/ (or a builder) fills it; weir_plan_validate checks
 * it once; after that nothing changes it and any number of pipelines may share it.
 *
 * The data's way through a plan:
 *   input columns -> [watermark] -> filter -> window -> keys, aggregates -> result columns
 *   result columns -> having -> outputs -> order by, offset, limit
 * Expressions of the first line refer to input columns by index (weir_expr.index), those of the second to result
 * columns: 0 window_start, 1 window_end, 2 window_time (present whatever the window, NULL without one), 3 .. 3 +
 * keys - 1 the keys, then the aggregates. A plan with WEIR_PLAN_ROWS does not aggregate: its outputs refer to the
 * input columns, and to the window's bounds as columns_count + 0, + 1, + 2 where it has a window.
 */
#ifndef WEIR_ENGINE_PLAN_H
#define WEIR_ENGINE_PLAN_H

#include <stdint.h>

#include "alloc/arena.h"
#include "engine/expression.h"
#include "engine/type.h"
#include "engine/window.h"

enum weir_plan_shape {
    WEIR_PLAN_ROWS,      /* filter and project */
    WEIR_PLAN_AGGREGATE, /* group by window and keys */
};

enum weir_aggregate_function {
    WEIR_AGGREGATE_COUNT_STAR,
    WEIR_AGGREGATE_COUNT,
    WEIR_AGGREGATE_SUM,
    WEIR_AGGREGATE_MIN,
    WEIR_AGGREGATE_MAX,
    WEIR_AGGREGATE_AVG,
};

struct weir_aggregate_call {
    enum weir_aggregate_function function;
    struct weir_expr *arg; /* NULL for COUNT(*) */
    struct weir_type type; /* of the result */
    int32_t line;
    int32_t column;
};

enum weir_watermark_kind {
    WEIR_WATERMARK_NONE,       /* a batch: windows fire at the end of input (or by weir_pipeline_advance) */
    WEIR_WATERMARK_DELAY,      /* max of the time column, floored to ms, - delay_ms, row by row */
    WEIR_WATERMARK_EXPRESSION, /* max of an expression over the input columns, row by row; NULL leaves W */
};

struct weir_watermark_spec {
    enum weir_watermark_kind kind;
    int64_t delay_ms;
    struct weir_expr *expression; /* TIMESTAMP(<= 3) or TIMESTAMP_LTZ(<= 3) */
    bool above_epoch;             /* SQL: no W at or below 1970-01-01 00:00 UTC */
};

struct weir_plan_output {
    const char *name;
    struct weir_expr *expr;
};

struct weir_plan_order {
    struct weir_expr *expr; /* over the same columns as the outputs */
    bool descending;
    bool nulls_first;
};

struct weir_plan {
    struct weir_arena arena; /* owns everything below */
    enum weir_plan_shape shape;

    int32_t columns_count;
    const char **column_names;
    struct weir_layout *columns; /* as the batches bring them */

    int32_t time_column; /* the window's and watermark's event time; -1: none. A TIMESTAMP or TIMESTAMP_LTZ */
    struct weir_watermark_spec watermark;
    struct weir_expr *filter; /* BOOLEAN or NULL */
    struct weir_window_spec window;

    int32_t keys_count;
    struct weir_expr **keys;
    int32_t aggregates_count;
    struct weir_aggregate_call *aggregates;

    struct weir_expr *having; /* BOOLEAN or NULL */
    int32_t outputs_count;
    struct weir_plan_output *outputs;
    int32_t order_count;
    struct weir_plan_order *order;
    int64_t offset; /* rows skipped; 0 */
    int64_t limit;  /* rows kept; -1: all */

    const char *explain; /* in words, one fact a line */

    /* made by weir_plan_validate */
    struct weir_program *watermark_program;
    struct weir_program *filter_program;
    struct weir_program **key_programs;
    struct weir_program **aggregate_programs; /* NULL entry for COUNT(*) */
    struct weir_layout *result_columns;       /* 3 + keys + aggregates */
    int32_t result_columns_count;
    struct weir_program *having_program;
    struct weir_program **output_programs;
    struct weir_program **order_programs;
    bool ordered_floats; /* a sum of floats decides HAVING or ORDER BY: rows are added in their order, by one thread
                          */
    int32_t references;  /* atomic */
};

#define WEIR_RESULT_WINDOW_START 0
#define WEIR_RESULT_WINDOW_END 1
#define WEIR_RESULT_WINDOW_TIME 2
#define WEIR_RESULT_KEYS 3

/* An empty plan with one reference; NULL when memory is short. */
struct weir_plan *weir_plan_create(void);

/* Checks every reference and type, compiles the expressions, and writes `explain` where it is NULL. Errors:
 * WEIR_ERR_UNSUPPORTED, WEIR_ERR_INVALID (a defect of the caller), WEIR_ERR_MEMORY. */
enum weir_status weir_plan_validate(struct weir_plan *plan, struct weir_error *error);

/* Schema of the result rows. */
enum weir_status weir_plan_schema(const struct weir_plan *plan, struct ArrowSchema *out, struct weir_error *error);

struct weir_plan *weir_plan_retain(struct weir_plan *plan);
void weir_plan_release(struct weir_plan *plan);

/* The result type of an aggregate over an argument type, by Flink's rules: COUNT BIGINT NOT NULL; SUM, MIN, MAX and
 * AVG the argument's type, nullable. WEIR_ERR_UNSUPPORTED where the function does not take the type (SUM(STRING)),
 * or not yet (SUM and AVG of DECIMAL). */
enum weir_status weir_aggregate_type(enum weir_aggregate_function function, struct weir_type arg,
                                     struct weir_type *out, struct weir_error *error);

#endif
