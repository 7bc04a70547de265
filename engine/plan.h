/* SPDX-License-Identifier: Apache-2.0
 *
 * The immutable, validated query that the engine executes. sql/ (or a builder) fills it; weir_plan_validate checks
 * it once; after that nothing changes it and any number of pipelines may share it.
 *
 * Units: a plan works in ms, or in the unit of its time column. Lengths and offsets of windows, delays and
 * lateness, watermarks and bounds are in units; what is named _ms and what the wall clock shows is in ms. Rows have
 * times in ticks of the time column (seconds are worked in ms, unless they are the unit): a unit is one tick or
 * more.
 *
 * The data's way through a plan:
 *   input columns -> [watermark] -> filter -> window -> keys, aggregates -> result columns
 *   result columns -> having -> outputs -> order by, offset, limit
 * Expressions of the first line refer to input columns by index (weir_expr.index), those of the second to result
 * columns: 0 window_start, 1 window_end, 2 window_time (present whatever the window, NULL without one), 3 .. 3 +
 * keys - 1 the keys, then the aggregates, then row_kind (STRING: '+I', '-U', '+U') and is_complete (BOOLEAN). A
 * plan with WEIR_PLAN_ROWS does not aggregate: its outputs refer to the input columns, and to the window's bounds
 * as columns_count + 0, + 1, + 2 where it has a window.
 */
#ifndef WEIR_ENGINE_PLAN_H
#define WEIR_ENGINE_PLAN_H

#include <stdint.h>

#include "alloc/arena.h"
#include "engine/expression.h"
#include "engine/time_unit.h"
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
    WEIR_WATERMARK_DELAY,      /* max of the time column, floored to units, - delay, row by row */
    WEIR_WATERMARK_EXPRESSION, /* max of an expression over the input columns, row by row; NULL leaves W */
};

enum weir_row_policy {
    WEIR_ROWS_DROP, /* counted */
    WEIR_ROWS_KEEP, /* aggregated as any other */
    WEIR_ROWS_SIDE, /* counted, and given whole through weir_pipeline_next_late */
    WEIR_ROWS_FOLD, /* counted in the first window of its kind with max_ts > W */
};

enum weir_update_mode {
    WEIR_UPDATE_RETRACTING,   /* -U with what was last given, then +U with the new total (Flink) */
    WEIR_UPDATE_ACCUMULATING, /* +U with the new total alone */
    WEIR_UPDATE_DISCARDING,   /* +I with what has come since the last result alone */
};

enum weir_end_policy {
    WEIR_END_FLUSH,   /* every window fires */
    WEIR_END_DISCARD, /* none does */
    WEIR_END_MARK,    /* every window fires; is_complete is false where W had not passed its end */
};

enum weir_fill_kind { WEIR_FILL_NONE, WEIR_FILL_NULL, WEIR_FILL_VALUE, WEIR_FILL_PREV, WEIR_FILL_LINEAR };

struct weir_watermark_spec {
    enum weir_watermark_kind kind;
    int64_t delay;                /* units */
    struct weir_expr *expression; /* TIMESTAMP(<= 3) or TIMESTAMP_LTZ(<= 3) */
    bool above_epoch;             /* SQL: no W at or below 1970-01-01 00:00 UTC */
    int64_t idle_after_ms;        /* wall clock: a partition without rows for so long is idle; 0: never */
    int64_t close_after_ms;       /* wall clock: all partitions without rows for so long: windows fire; 0: never */
    int64_t future_max_ms;        /* a row further ahead of the reference leaves W as it is; 0: no guard */
    bool future_by_partitions;    /* the reference: the median of the other partitions, not the wall clock */
    enum weir_row_policy future;  /* what becomes of such a row: KEEP, DROP or SIDE */
};

/* How results leave beside the final one, and what late rows do. */
struct weir_emission {
    int64_t lateness;           /* allowed lateness L, units; 0 */
    bool late_fire;             /* a row that is late but allowed fires its window again */
    enum weir_row_policy late;  /* of rows that are too late: DROP, SIDE or FOLD */
    int64_t early_rows;         /* a result every so many rows of a key and window; 0: none */
    int64_t early_every;        /* a result every so often, units; 0: none */
    bool early_processing_time; /* early_every is ms of the wall clock, not of event time */
    enum weir_update_mode mode; /* of results that follow an earlier one of the same key and window */
    enum weir_end_policy end;   /* of windows that are open when the input ends */
};

/* Rows for windows that hold none: for each key, from its first to its last window. TUMBLE only. */
struct weir_fill_spec {
    enum weir_fill_kind kind;
    struct weir_expr **values; /* VALUE: a literal of the type of each aggregate */
    int64_t windows_max;       /* a key that has been away for more windows begins anew; -1: no limit */
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
    struct weir_expr
        *time_expression;     /* the same, computed from the input columns; time_column is -1. NULL: none */
    const char *time_name;    /* what messages call it; NULL: weir_plan_validate finds a name */
    int64_t units_per_second; /* 1 000 (weir_plan_create), or as many ticks as the time column has in a second */
    struct weir_watermark_spec watermark;
    struct weir_expr *filter; /* BOOLEAN or NULL */
    struct weir_window_spec window;
    bool processing_time; /* the window's time is the wall clock at admission; time_column is -1 */
    const char *zone;     /* windows are cut on this zone's wall clock (TIMESTAMP_LTZ); NULL: UTC */
    struct weir_emission emission;
    struct weir_fill_spec fill;
    bool order_floats; /* sums of floats are to be added in the order of the rows, whatever they decide */

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
    struct weir_program *time_program; /* of time_expression */
    struct weir_program *watermark_program;
    struct weir_program *filter_program;
    struct weir_program **key_programs;
    struct weir_program **aggregate_programs; /* NULL entry for COUNT(*) */
    struct weir_layout *result_columns;       /* 3 + keys + aggregates + 2 */
    int32_t result_columns_count;
    struct weir_program *having_program;
    struct weir_program **output_programs;
    struct weir_program **order_programs;
    bool ordered_floats; /* a key's rows are added in their order: a sum of floats decides HAVING or ORDER BY, or
                          * order_floats is set and there is such a sum */
    bool by_key; /* what comes out depends on the order of a key's rows: the owner of the key does the work */
    int32_t references; /* atomic */
};

#define WEIR_RESULT_WINDOW_START 0
#define WEIR_RESULT_WINDOW_END 1
#define WEIR_RESULT_WINDOW_TIME 2
#define WEIR_RESULT_KEYS 3

/* Result columns after the aggregates. */
static inline int32_t weir_plan_row_kind(const struct weir_plan *plan) {
    return WEIR_RESULT_KEYS + plan->keys_count + plan->aggregates_count;
}
static inline int32_t weir_plan_is_complete(const struct weir_plan *plan) { return weir_plan_row_kind(plan) + 1; }

/* LIMIT and OFFSET without ORDER BY: the result is cut in the order in which keys came. */
static inline bool weir_plan_cuts_unordered(const struct weir_plan *plan) {
    return plan->order_count == 0 && (plan->limit >= 0 || plan->offset > 0);
}

/* Windows that are one slice each, whose keys are given out in no order that anybody relies on: their slices may
 * have either shape (direct_slice.h). */
bool weir_plan_may_be_direct(const struct weir_plan *plan);

/* The column of the input that is the key as it lies, coded by a dictionary; -1: the key is no such one. */
int32_t weir_plan_key_column(const struct weir_plan *plan, int32_t key);

/* True when a result may follow an earlier one of the same key and window, so that rows need their kind. */
static inline bool weir_plan_updates(const struct weir_plan *plan) {
    const struct weir_emission *emission = &plan->emission;
    return emission->early_rows > 0 || emission->early_every > 0 || (emission->lateness > 0 && emission->late_fire);
}

/* Units in a ms; 0 where they are seconds. */
static inline int64_t weir_plan_units_per_ms(const struct weir_plan *plan) {
    return plan->units_per_second / WEIR_UNIT_MS;
}

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
