/* SPDX-License-Identifier: Apache-2.0
 *
 * A weir_query put together by calls instead of SQL. The query is the same as that of the SQL which says the same:
 * weir_pipeline_create, weir_query_schema, weir_query_explain and weir_query_destroy (weir.h) take it.
 *
 *     weir_builder_create(&schema, &builder, &error);
 *     weir_builder_time(builder, "ts");
 *     weir_builder_tumble(builder, 60000, 0);
 *     weir_builder_key(builder, "sensor", NULL);
 *     weir_builder_aggregate(builder, WEIR_BUILDER_AVG, "celsius", "mean");
 *     weir_builder_finish(builder, &query, &error);
 *
 * What differs from SQL by design:
 *   - The unit of event time may be that of the time column (weir_builder_unit). SQL's is the ms, as Flink's.
 *   - The watermark is that of bounded out-of-orderness, W = greatest time - B - 1, so that with B = 0 a row with
 *     the greatest time so far is never late. SQL's `ts - INTERVAL ...` has no such 1.
 *   - W may lie before 1970. SQL's WATERMARK gives none at or below 1970-01-01 00:00 UTC, as Flink's.
 *   - A text and a time are not compared: a time is given as one (weir_builder_timestamp and its kin).
 *
 * Rules, beside those of weir.h:
 *   - Calls may come in any order, but for two: a column of the result must exist before weir_builder_result or
 *     weir_builder_order names it, and the columns of the result stand in the order of their calls. What is said
 *     twice (a window, a filter) holds as said last. Whether the parts fit each other is checked by finish.
 *   - The first call that fails makes the builder fail: it and every later call, finish included, return that
 *     status, calls that return a term return NULL, and finish gives the message. So only finish need be checked. A
 *     NULL builder gives WEIR_ERR_INVALID (or NULL).
 *   - Names are zero-terminated UTF-8, compared with case. Every text is copied.
 *   - Errors of each call: WEIR_ERR_INVALID with what to do; WEIR_ERR_UNSUPPORTED where SQL has it, too; and
 *     WEIR_ERR_MEMORY.
 */
#ifndef WEIR_BUILDER_H
#define WEIR_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "weir/arrow.h"
#include "weir/types.h"

#ifdef __cplusplus
extern "C" {
#endif

struct weir_builder;
struct weir_query;

/* An expression over the columns of the input, or over those of the result. It belongs to the builder that made it,
 * lives as long, and may stand in any number of places. */
struct weir_term;

/* A builder over pushed batches of that layout.
 *   schema  an Arrow struct, as in weir_query_create: read, and not released. Its columns must be of types
 *           that weir carries, else WEIR_ERR_UNSUPPORTED names the column
 *   out     set on success, NULL on failure; destroy with weir_builder_destroy */
WEIR_API enum weir_status weir_builder_create(const struct ArrowSchema *schema, struct weir_builder **out,
                                              struct weir_error *error);
WEIR_API void weir_builder_destroy(struct weir_builder **builder);

/* The query. The builder stays as it is: it may be added to and finished again, or destroyed while the query lives.
 *   out  set on success, NULL on failure; destroy with weir_query_destroy
 * An error here that no earlier call has made (parts that do not fit each other, memory) leaves the builder usable.
 */
WEIR_API enum weir_status weir_builder_finish(const struct weir_builder *builder, struct weir_query **out,
                                              struct weir_error *error);

/* ---- time ------------------------------------------------------------------------------------------------- */

/* The event time: a column with an Arrow timestamp, of any unit, with or without a zone. It is floored to the unit
 * of the query, which is ms unless weir_builder_unit says otherwise. */
WEIR_API enum weir_status weir_builder_time(struct weir_builder *builder, const char *column);

enum weir_builder_unit {
    WEIR_BUILDER_MILLISECONDS = 0, /* the default, as in SQL; for a time column of any unit, and processing time */
    WEIR_BUILDER_SECONDS = 1,      /* these for a time column that counts just that */
    WEIR_BUILDER_MICROSECONDS = 2,
    WEIR_BUILDER_NANOSECONDS = 3,
};

/* The unit of the query: what its numbers of event time count, on their way in and out. These are
 *   - lengths and offsets of windows, out_of_orderness, lateness, and early_every where it is of event time;
 *   - window_start, window_end and window_time, which are TIMESTAMP(0), (3), (6) or (9) then;
 *   - the watermark of weir_pipeline_advance, and every watermark and event time that weir_stats, weir_why_request,
 *     weir_why and weir_partition_report carry.
 * Where this header and weir.h say "units", these are meant; a window ends 1 unit after the last time that it
 * holds. What is named _ms is ms in any case, and so is what the wall clock shows. Terms have units of their own.
 *
 * Finish refuses mixed units: one that is not ms and not that of the time column (which it names), or with
 * processing time; and seconds with a zone. */
WEIR_API enum weir_status weir_builder_unit(struct weir_builder *builder, enum weir_builder_unit unit);

/* The wall clock at the moment of the push is the time, instead of a column (a TIMESTAMP_LTZ(3)). Takes no
 * watermark: windows close by the clock, at weir_pipeline_push and weir_pipeline_poll. */
WEIR_API enum weir_status weir_builder_processing_time(struct weir_builder *builder);

/* Windows are cut on the wall clock of this zone, such as "Europe/Berlin" or "+05:30" (the system's tz database).
 * For a time column with a zone, and processing time. NULL: UTC, the default. */
WEIR_API enum weir_status weir_builder_zone(struct weir_builder *builder, const char *zone);

/* What becomes of rows that are too far ahead of the wall clock; they never move the watermark, and are counted. */
enum weir_builder_future {
    WEIR_BUILDER_FUTURE_KEEP = 0, /* they are aggregated as any other */
    WEIR_BUILDER_FUTURE_DROP = 1,
    WEIR_BUILDER_FUTURE_SIDE_OUTPUT = 2, /* given whole through weir_pipeline_next_late */
};

struct weir_builder_watermark_options {
    size_t struct_size;
    int64_t out_of_orderness; /* B in units, from 0 to INT64_MAX - 1: W = greatest time - B - 1, row by row */
    int64_t idle_after_ms;    /* wall clock: a partition without rows for so long does not hold W back; 0: never */
    int64_t close_after_ms;   /* wall clock: no rows at all for so long: open windows fire; 0: never */
    int64_t future_max_ms;    /* rows further ahead of the wall clock meet `future`; 0: no such guard */
    enum weir_builder_future future; /* needs future_max_ms */
    bool future_by_partitions; /* ahead, instead, of the median of the greatest times of the other partitions that
                                * are not idle (the lower of two): for streams that are replayed. Needs
                                * future_max_ms */
};

/* The watermark rises with the rows. Without this call it rises by weir_pipeline_advance only, and without that,
 * windows close at the end of the input.
 *   options  NULL: none, the default */
WEIR_API enum weir_status weir_builder_watermark(struct weir_builder *builder,
                                                 const struct weir_builder_watermark_options *options);

/* ---- windows: one of these, or none (all rows until the end of the input are one group) ------------------------
 * Lengths are in units (weir_builder_unit: ms unless that says otherwise), from 1 to INT64_MAX, but where they say
 * rows. Where the column counts something finer than units its range must hold them. */

/* Windows of `size` side by side.
 *   offset  moves the grid, which otherwise begins at 1970-01-01 00:00; above -size and below size */
WEIR_API enum weir_status weir_builder_tumble(struct weir_builder *builder, int64_t size, int64_t offset);

/* A window of `size` every `slide`: overlapping when the slide is shorter, with gaps when it is longer.
 *   offset  of any size */
WEIR_API enum weir_status weir_builder_hop(struct weir_builder *builder, int64_t size, int64_t slide,
                                           int64_t offset);

/* Windows that share a start and grow by `step` until `max`, which is a whole number of steps. */
WEIR_API enum weir_status weir_builder_cumulate(struct weir_builder *builder, int64_t max, int64_t step,
                                                int64_t offset);

/* Per key: rows that are at most `gap` apart.
 *   duration_max  a longer session is cut into pieces of so much; 0: it is not */
WEIR_API enum weir_status weir_builder_session(struct weir_builder *builder, int64_t gap, int64_t duration_max);

/* Per key: the last `rows` rows, every slide_rows rows (0: as many as rows), in their order of arrival. Takes a
 * time all the same: window_start and window_end are the least and the greatest (+ 1 unit) of the rows. */
WEIR_API enum weir_status weir_builder_count(struct weir_builder *builder, int64_t rows, int64_t slide_rows);

/* Per key: `rows` rows, or those that have come when `span` of event time has passed since the first. */
WEIR_API enum weir_status weir_builder_count_or_time(struct weir_builder *builder, int64_t rows, int64_t span);

/* ---- the columns of the result, in the order of the calls ------------------------------------------------------
 * Names are not empty, and each stands once. A query that updates (see emission) has a further column `op` before
 * them all: '+I', '-U' or '+U'. */

enum weir_builder_bound {
    WEIR_BUILDER_WINDOW_START = 1, /* TIMESTAMP(3) (see weir_builder_unit), on the wall clock of the zone */
    WEIR_BUILDER_WINDOW_END = 2,   /* the same, exclusive */
    WEIR_BUILDER_WINDOW_TIME = 3,  /* the last unit of the window, in the type of the time column */
    WEIR_BUILDER_IS_COMPLETE = 4,  /* BOOLEAN, with WEIR_BUILDER_END_MARK */
};

/* A bound of the window.
 *   name  NULL: "window_start", "window_end", "window_time" or "is_complete" */
WEIR_API enum weir_status weir_builder_bound(struct weir_builder *builder, enum weir_builder_bound bound,
                                             const char *name);

/* Rows are grouped by the column, too. It may be of any type but bytes.
 *   name  NULL: that of the column */
WEIR_API enum weir_status weir_builder_key(struct weir_builder *builder, const char *column, const char *name);

/* The same by an expression over the input. name is not NULL. */
WEIR_API enum weir_status weir_builder_key_term(struct weir_builder *builder, const struct weir_term *term,
                                                const char *name);

/* NULLs are skipped. The type of SUM, MIN, MAX and AVG is that of the column, as in Flink: AVG of whole numbers is
 * a whole number, and a SUM that does not fit fails (weir_builder_cast helps). They are NULL where no row has a
 * value. */
enum weir_builder_function {
    WEIR_BUILDER_COUNT_ROWS = 1, /* COUNT(*): BIGINT; takes no column */
    WEIR_BUILDER_COUNT = 2,      /* BIGINT; of any type */
    WEIR_BUILDER_SUM = 3,        /* of numbers */
    WEIR_BUILDER_MIN = 4,        /* of numbers, texts and times */
    WEIR_BUILDER_MAX = 5,
    WEIR_BUILDER_AVG = 6, /* of numbers */
};

/* An aggregate of the column.
 *   column  NULL for COUNT_ROWS
 *   name    not NULL */
WEIR_API enum weir_status weir_builder_aggregate(struct weir_builder *builder, enum weir_builder_function function,
                                                 const char *column, const char *name);

/* The same of an expression over the input. */
WEIR_API enum weir_status weir_builder_aggregate_term(struct weir_builder *builder,
                                                      enum weir_builder_function function,
                                                      const struct weir_term *term, const char *name);

/* ---- which rows ------------------------------------------------------------------------------------------------
 */

/* Only rows for which a BOOLEAN term over the input is true (WHERE). All rows move the watermark. */
WEIR_API enum weir_status weir_builder_filter(struct weir_builder *builder, const struct weir_term *term);

/* Only rows of the result for which a BOOLEAN term over the result is true (HAVING). */
WEIR_API enum weir_status weir_builder_having(struct weir_builder *builder, const struct weir_term *term);

/* The result comes sorted, at the end of the input. Further calls sort what is equal so far.
 *   name  of a column of the result */
WEIR_API enum weir_status weir_builder_order(struct weir_builder *builder, const char *name, bool descending,
                                             bool nulls_first);

/* At most `rows` rows of the result, 0 or more, -1: all (the default), after `offset` rows, 0 or more. */
WEIR_API enum weir_status weir_builder_limit(struct weir_builder *builder, int64_t rows, int64_t offset);

/* ---- when results leave, and what late rows do -----------------------------------------------------------------
 */

enum weir_builder_late {
    WEIR_BUILDER_LATE_DROP = 0,        /* counted in weir_stats.late */
    WEIR_BUILDER_LATE_SIDE_OUTPUT = 1, /* counted there, and given whole through weir_pipeline_next_late */
    WEIR_BUILDER_LATE_FOLD = 2,        /* counted in the first window that is still open. TUMBLE, HOP, CUMULATE */
};

/* How a result follows an earlier one of the same key and window. */
enum weir_builder_update {
    WEIR_BUILDER_RETRACTING = 0,   /* -U with what was given last, then +U with the new total */
    WEIR_BUILDER_ACCUMULATING = 1, /* +U with the new total alone */
    WEIR_BUILDER_DISCARDING = 2,   /* +I with what has come since the last result alone */
};

/* What becomes of windows that are open when the input ends. */
enum weir_builder_end {
    WEIR_BUILDER_END_FLUSH = 0,   /* they fire */
    WEIR_BUILDER_END_DISCARD = 1, /* they do not */
    WEIR_BUILDER_END_MARK = 2,    /* they fire, and is_complete is false */
};

/* Early results and late_fire make a query that updates: TUMBLE, HOP and CUMULATE take them, without FILL, order
 * and limit. */
struct weir_builder_emission_options {
    size_t struct_size;
    int64_t lateness; /* L, units: a window takes rows until W >= end - 1 + L; 0 or more. Above 0 with late_fire */
    bool late_fire;   /* a row that is late, but allowed, gives its window's result again, at once */
    bool early_processing_time;    /* early_every is ms of the wall clock, not of event time */
    enum weir_builder_late late;   /* of rows that are too late for all of their windows */
    int64_t early_rows;            /* a result every so many rows of a key and window; 0: none */
    int64_t early_every;           /* a result every so many units, of a key and window with new rows; 0: none */
    enum weir_builder_update mode; /* of a query that updates */
    enum weir_builder_end end;
};

/*   options  NULL: final results only, late rows dropped, flush at the end: the default */
WEIR_API enum weir_status weir_builder_emission(struct weir_builder *builder,
                                                const struct weir_builder_emission_options *options);

/* Whether sums and averages of FLOAT and DOUBLE are added in the order of the rows, so that they are the same to
 * the last bit for any number of workers: one worker then adds up all rows of a key. Without this call they are
 * where such a sum decides `having` or an order, and else equal but for rounding. */
WEIR_API enum weir_status weir_builder_order_floats(struct weir_builder *builder, bool on);

/* Rows for windows that hold none: for each key, from its first to its last window. TUMBLE only. */
enum weir_builder_fill {
    WEIR_BUILDER_FILL_NULL = 1,   /* every aggregate is NULL, COUNT too */
    WEIR_BUILDER_FILL_PREV = 2,   /* those of the window before */
    WEIR_BUILDER_FILL_LINEAR = 3, /* on a line between the windows before and after; numbers only */
    WEIR_BUILDER_FILL_VALUE = 4,  /* one number for all aggregates, which are numbers */
};

/*   value        a literal (integer, number or decimal) for FILL_VALUE, which each aggregate's type must hold; else
 * NULL windows_max  a key without rows for more windows than this is not filled, and begins anew; from 1; 0: no
 * limit */
WEIR_API enum weir_status weir_builder_fill(struct weir_builder *builder, enum weir_builder_fill fill,
                                            const struct weir_term *value, int64_t windows_max);

/* ---- terms: expressions. NULL after a failure, which the builder keeps; a NULL operand is one -------------------
 */

/* A column of the input. */
WEIR_API const struct weir_term *weir_builder_column(struct weir_builder *builder, const char *name);

/* A column of the result, by its name there. For weir_builder_having. */
WEIR_API const struct weir_term *weir_builder_result(struct weir_builder *builder, const char *name);

/* Literals. A whole number is an INT where it fits, else a BIGINT, as in SQL; `decimal` is digits with an optional
 * sign and point, such as "-12.50", of at most 38 digits: a DECIMAL. */
WEIR_API const struct weir_term *weir_builder_boolean(struct weir_builder *builder, bool value);
WEIR_API const struct weir_term *weir_builder_integer(struct weir_builder *builder, int64_t value);
WEIR_API const struct weir_term *weir_builder_number(struct weir_builder *builder, double value);
WEIR_API const struct weir_term *weir_builder_decimal(struct weir_builder *builder, const char *digits);
WEIR_API const struct weir_term *weir_builder_string(struct weir_builder *builder, const char *text);
/* Days since 1970-01-01. */
WEIR_API const struct weir_term *weir_builder_date(struct weir_builder *builder, int32_t days);
/* Ms since midnight, below 86 400 000. */
WEIR_API const struct weir_term *weir_builder_time_of_day(struct weir_builder *builder, int32_t ms);
/* What a clock on the wall shows (a TIMESTAMP), or an instant (a TIMESTAMP_LTZ, for columns with a zone), in units
 * since 1970-01-01 00:00 (UTC).
 *   units_per_second  1 000, 1 000 000 or 1 000 000 000 */
WEIR_API const struct weir_term *weir_builder_timestamp(struct weir_builder *builder, int64_t value,
                                                        int64_t units_per_second);
WEIR_API const struct weir_term *weir_builder_instant(struct weir_builder *builder, int64_t value,
                                                      int64_t units_per_second);
/* A length of time, to be added to a time or subtracted from it; negative, too. In ms, whatever the unit of the
 * query. */
WEIR_API const struct weir_term *weir_builder_interval(struct weir_builder *builder, int64_t ms);

/* Operators mean what they mean in SQL: AND, OR and NOT are three-valued, whole numbers are divided truncating,
 * overflow and division of whole numbers by zero stop the pipeline with WEIR_ERR_VALUE. */
enum weir_builder_op {
    /* of one operand */
    WEIR_BUILDER_NOT = 1,
    WEIR_BUILDER_NEGATE = 2,
    WEIR_BUILDER_IS_NULL = 3, /* of any type */
    WEIR_BUILDER_IS_NOT_NULL = 4,
    /* of two: numbers; a time and an interval, for ADD and SUBTRACT */
    WEIR_BUILDER_ADD = 16,
    WEIR_BUILDER_SUBTRACT = 17,
    WEIR_BUILDER_MULTIPLY = 18,
    WEIR_BUILDER_DIVIDE = 19,
    WEIR_BUILDER_MODULO = 20, /* of whole numbers and DECIMALs */
    /* of two numbers, texts, times or BOOLEANs */
    WEIR_BUILDER_EQ = 32,
    WEIR_BUILDER_NE = 33,
    WEIR_BUILDER_LT = 34,
    WEIR_BUILDER_LE = 35,
    WEIR_BUILDER_GT = 36,
    WEIR_BUILDER_GE = 37,
    WEIR_BUILDER_IS_DISTINCT = 38, /* never NULL: NULL equals NULL */
    WEIR_BUILDER_IS_NOT_DISTINCT = 39,
    /* of two BOOLEANs */
    WEIR_BUILDER_AND = 48,
    WEIR_BUILDER_OR = 49,
};

WEIR_API const struct weir_term *weir_builder_unary(struct weir_builder *builder, enum weir_builder_op op,
                                                    const struct weir_term *operand);
WEIR_API const struct weir_term *weir_builder_binary(struct weir_builder *builder, const struct weir_term *left,
                                                     enum weir_builder_op op, const struct weir_term *right);

enum weir_builder_number {
    WEIR_BUILDER_TINYINT = 1,
    WEIR_BUILDER_SMALLINT = 2,
    WEIR_BUILDER_INT = 3,
    WEIR_BUILDER_BIGINT = 4,
    WEIR_BUILDER_FLOAT = 5,
    WEIR_BUILDER_DOUBLE = 6,
};

/* A number as one of another type: towards zero for whole numbers; WEIR_ERR_VALUE when it runs and does not fit. */
WEIR_API const struct weir_term *weir_builder_cast(struct weir_builder *builder, const struct weir_term *term,
                                                   enum weir_builder_number type);

#ifdef __cplusplus
}
#endif

#endif /* WEIR_BUILDER_H */
