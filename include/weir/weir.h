/* SPDX-License-Identifier: Apache-2.0
 *
 * weir: windowed aggregates of streams of events. The whole public C API, but for queries put together by calls
 * instead of SQL: weir/builder.h.
 *
 * Two ways in:
 *   weir_query + weir_pipeline   the embedder owns the input: it pushes Arrow batches and pulls result batches.
 *   weir_session + weir_run      a Flink SQL script owns the input: its tables name files (or any connector that
 *                                the embedder registers), and the caller pulls the result.
 *
 * Rules that hold for every call:
 *   - It returns an enum weir_status and, where it takes a struct weir_error *, fills that (NULL is allowed).
 *   - Handles are opaque. `destroy` takes the handle's address, accepts NULL and a pointer to NULL, and clears it.
 *   - Structs that begin with struct_size are versioned: set it to sizeof, zero the rest, then set what you need.
 *     A zeroed field means its default.
 *   - One handle may be used by one thread at a time; different handles by different threads. The exceptions
 *     (weir_run_cancel, weir_run_progress) say so.
 *   - Watermarks, and event times and what is measured in them, are in units of the query: ms for SQL, and what
 *     weir_builder_unit says for a query put together by calls. What is named _ms is ms; so is the wall clock.
 *   - weir keeps no globals that a caller can see, never exits, installs no signal handler and prints nothing.
 */
#ifndef WEIR_WEIR_H
#define WEIR_WEIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "weir/arrow.h"
#include "weir/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define WEIR_VERSION_MAJOR 0
#define WEIR_VERSION_MINOR 1
#define WEIR_VERSION_PATCH 0
#define WEIR_VERSION "0.1.0"

/* The version of the library that is linked, as "major.minor.patch". Static; any thread. */
WEIR_API const char *weir_version(void);

/* A short English name of a status, such as "unsupported". Static; any thread; never NULL. */
WEIR_API const char *weir_status_name(enum weir_status status);

/* ---- log ------------------------------------------------------------------------------------------------ */

/* How weir says things that are no errors (io_uring is not allowed here; an option of Flink was ignored).
 *   text  one line, UTF-8, without line end; valid during the call only
 * May be called from the thread that made the call into weir, never from workers. */
typedef void (*weir_log_fn)(void *user, const char *text);

/* ---- pipelines: push batches, pull results ---------------------------------------------------------------- */

struct weir_query;    /* an immutable, validated query; may be shared by pipelines of several threads */
struct weir_pipeline; /* one execution of it, with its state */

/* A query from SQL over one pushed table.
 *   sql           zero-terminated Flink SQL: any number of SET and CREATE statements, then one SELECT.
 *                 The pushed table is either declared by CREATE TABLE ... WITH ('connector' = 'push'), with or
 *                 without WATERMARK, or named by `table` and typed by `schema`.
 *   table         name of the pushed table when `schema` is given, else NULL
 *   schema        Arrow schema of the pushed batches (a struct), read and not released; NULL if the SQL
 *                 declares it. The order of columns in pushed batches is that of the schema or declaration
 *   out           set on success, NULL on failure; destroy with weir_query_destroy
 *
 * Errors: WEIR_ERR_SQL and WEIR_ERR_UNSUPPORTED with line and column, WEIR_ERR_INVALID, WEIR_ERR_MEMORY. */
WEIR_API enum weir_status weir_query_create(const char *sql, const char *table, const struct ArrowSchema *schema,
                                            struct weir_query **out, struct weir_error *error);
WEIR_API void weir_query_destroy(struct weir_query **query);

/* Schema of the result, an Arrow struct. The caller releases it. */
WEIR_API enum weir_status weir_query_schema(const struct weir_query *query, struct ArrowSchema *out,
                                            struct weir_error *error);

/* Schema of the rows that weir_pipeline_next_late gives: the query's input columns, each in the layout in which
 * weir gives a column of its type (timestamps with the precision of their type, strings as utf8). The caller
 * releases it.
 */
WEIR_API enum weir_status weir_query_late_schema(const struct weir_query *query, struct ArrowSchema *out,
                                                 struct weir_error *error);

/* The plan in words, zero-terminated UTF-8; owned by the query and valid as long as it. Never NULL. */
WEIR_API const char *weir_query_explain(const struct weir_query *query);

/* How workers share the keys. The rows of the result are the same. */
enum weir_strategy {
    WEIR_STRATEGY_AUTO = 0, /* local first, but rows of small windows stay with one worker; two or three workers
                               turn to partition first where keys have few rows in a window or outgrow the cache,
                               four and more where there are many, and hand rows over if the rings take no more than
                               an eighth of memory_max (1 GiB); one never turns */
    WEIR_STRATEGY_LOCAL_FIRST = 1, /* every worker adds up all keys; they are merged when a window fires. Batches,
                                      or ranges of them, go round, be they ever so small */
    WEIR_STRATEGY_PARTITION_FIRST = 2, /* every worker has keys of its own and looks through all rows for them */
    WEIR_STRATEGY_HAND_OVER = 3, /* the same, but where the query allows it each row is read by one worker, who
                                    hands it to the one that has its key */
};

/* Where the accumulators of a slice lie. The rows of the result are the same, their order in a window is not. */
enum weir_slice_shape {
    WEIR_SLICES_AUTO = 0,   /* dense, and direct while keys are many */
    WEIR_SLICES_DENSE = 1,  /* in arrays, by an id that each key has in all slices */
    WEIR_SLICES_DIRECT = 2, /* in a hash table of the slice's own, wherever the query allows it */
};

/* Whether rows of many keys wait until a part of the keys that fits the cache can be added up at a time. The rows
 * of the result are the same, their order in a window is not. */
enum weir_waiting {
    WEIR_WAITING_AUTO =
        0, /* where keys are too many for the cache: in up to 64 MiB a thread (of workers that hand
              rows over together, at least 8 MiB each), or an eighth of memory_max; and of TUMBLE,
              or without a window, in as much as takes less than three times what their sums would */
    WEIR_WAITING_NEVER = 1,
    WEIR_WAITING_ALWAYS = 2, /* wherever the query allows it, be its keys ever so few */
};

struct weir_pipeline_options {
    size_t struct_size;
    int32_t workers;    /* that share the rows; 0: the caller's thread does all work (the default); at most 1 024.
                           Each has a thread besides the caller's, but for the last of two or more where the
                           process has no more cores than that: its rows are worked by threads with nothing
                           else to do, and by the caller's within its calls */
    int32_t partitions; /* ordered inputs of the stream, from 1 (default) to 65 536; a partition is named by its
                           index in push and advance */
    bool pin_workers;   /* bind each worker to a core of the process's affinity mask */
    bool fail_on_null_time; /* a NULL time is an error instead of a row counted in null_time */
    bool discard_open;      /* finish() drops the windows that no watermark has closed instead of firing them */
    int64_t memory_max;     /* bytes of state allowed; 0: no limit. Beyond it push fails with WEIR_ERR_MEMORY */
    int64_t (*clock)(void *user); /* the wall clock, ms since 1970-01-01 00:00 UTC; NULL: the system's. Asked on the
                                     caller's thread, within create, push, poll, finish and why. Results depend on
                                     it only where the query looks at it (idle timeouts, processing time, the future
                                     guard) */
    void *clock_user;
    enum weir_strategy strategy;
    enum weir_slice_shape slices;
    enum weir_waiting waiting;
};

/* A pipeline over `query`, which it retains: the query may be destroyed first.
 *   options  NULL for the defaults
 * Errors: WEIR_ERR_INVALID (an option is out of range), WEIR_ERR_MEMORY, WEIR_ERR_IO (a thread cannot start). */
WEIR_API enum weir_status weir_pipeline_create(const struct weir_query *query,
                                               const struct weir_pipeline_options *options,
                                               struct weir_pipeline **out, struct weir_error *error);

/* Stops the workers, releases every batch still held, frees all state. Results not pulled are lost. */
WEIR_API void weir_pipeline_destroy(struct weir_pipeline **pipeline);

/* Give a batch to the query.
 *   partition  0 .. partitions - 1
 *   batch      an Arrow struct array with the columns of the query's input, of any length and offset. Moved: on
 *              success batch->release is set to NULL and weir releases the data when it is done with it, on the
 *              caller's thread, in a later call. On failure the batch stays the caller's, untouched.
 * The rows of all push calls, in the order of the calls, are the stream's order of admission.
 * Works itself, or blocks, while workers have enough to do (backpressure).
 * Errors: WEIR_ERR_INVALID, WEIR_ERR_STATE after finish, WEIR_ERR_FORMAT (wrong layout or offsets out of bounds),
 * WEIR_ERR_VALUE (overflow in an expression or a sum), WEIR_ERR_MEMORY. After an error other than INVALID, STATE
 * and FORMAT the pipeline can only be destroyed; the same error is returned again. */
WEIR_API enum weir_status weir_pipeline_push(struct weir_pipeline *pipeline, int32_t partition,
                                             struct ArrowArray *batch, struct weir_error *error);

/* What the caller knows of the event times of a batch, such as from the statistics of the file it comes from.
 * Without windows that need more of it, the times are then not read: their column may make up a third of what a
 * query reads, and where the table declares its WATERMARK it is read on the caller's thread.
 *   least, most  no time is NULL, and each lies from least to most, both included. As they are stored in the time
 *                attribute's column, in its unit (timestamp[us]: us); of a computed time attribute in that of its
 *                type (TIMESTAMP(3): ms)
 *   exact        some row has the time `most`. Without that the watermark must be found in the column (and the
 *                range serves the windows alone): a greatest time that no row has would close windows too early
 *
 * The caller vouches for it: the point is not to look. Where all rows lie in one slice of the windows and none can
 * be late, they count there whatever their times are, and the watermark rises to what `most` claims. Whatever is
 * looked at all the same is checked, and outside of the range it is WEIR_ERR_VALUE, naming row and time: every row
 * where the range does not fit a slice, else the first and last of each few thousand, and NULLs always. Builds of
 * weir with assertions look at every row. If in doubt, give none. */
struct weir_time_range {
    size_t struct_size;
    int64_t least;
    int64_t most;
    bool exact;
};

/* As weir_pipeline_push, with what is known of the batch's event times.
 *   range  NULL: nothing. Not looked at where the batch has no rows
 * Errors: as push, and WEIR_ERR_INVALID of a range that is empty, of one for a query without event time, and where
 * the time column holds NULL; WEIR_ERR_VALUE where a time lies outside of it. */
WEIR_API enum weir_status weir_pipeline_push_ranged(struct weir_pipeline *pipeline, int32_t partition,
                                                    struct ArrowArray *batch, const struct weir_time_range *range,
                                                    struct weir_error *error);

/* Raise the watermark of a partition, for queries whose table has no WATERMARK clause of its own or beside it.
 *   watermark  in units since 1970-01-01 00:00 UTC: no row with a time <= watermark will follow in this partition.
 *              One lower than before is ignored. */
WEIR_API enum weir_status weir_pipeline_advance(struct weir_pipeline *pipeline, int32_t partition,
                                                int64_t watermark, struct weir_error *error);

/* Nothing will come from this partition for a while: it no longer holds the watermark back, until rows or a
 * watermark of it come. When all are idle, the watermark rises to the largest of theirs. (A table can also declare
 * 'scan.watermark.idle-timeout'.) */
WEIR_API enum weir_status weir_pipeline_idle(struct weir_pipeline *pipeline, int32_t partition,
                                             struct weir_error *error);

/* Time has passed without rows: looks at the wall clock for idle partitions, windows of processing time and early
 * results. A caller whose rows may stop coming calls it now and then; push does the same. Costs little. */
WEIR_API enum weir_status weir_pipeline_poll(struct weir_pipeline *pipeline, struct weir_error *error);

/* The input has ended: every open window fires (or is dropped, by option). push and advance are refused after it.
 */
WEIR_API enum weir_status weir_pipeline_finish(struct weir_pipeline *pipeline, struct weir_error *error);

/* The next result batch, in order of window end.
 *   out  filled with an Arrow struct array of weir_query_schema's schema on WEIR_OK; the caller releases it. Its
 *        memory does not depend on the pipeline. Untouched otherwise.
 * Returns WEIR_OK, WEIR_AGAIN (nothing has fired since; push more), WEIR_END (finished and drained), or an error.
 */
WEIR_API enum weir_status weir_pipeline_next(struct weir_pipeline *pipeline, struct ArrowArray *out,
                                             struct weir_error *error);

/* The next batch of rows that a policy has put aside: late rows (SET 'weir.late.policy' = 'side-output') and rows
 * from the future.
 *   out  filled with an Arrow struct array of weir_query_late_schema's schema on WEIR_OK; the caller releases it
 * Returns as weir_pipeline_next; WEIR_END also where the query has no side output. */
WEIR_API enum weir_status weir_pipeline_next_late(struct weir_pipeline *pipeline, struct ArrowArray *out,
                                                  struct weir_error *error);

/* Counters so far. With workers it waits until every pushed batch is worked, so that the sum holds. */
WEIR_API enum weir_status weir_pipeline_stats(struct weir_pipeline *pipeline, struct weir_stats *out);

/* ---- why has my window not fired? ------------------------------------------------------------------------------
 */

/* The window that is asked about. All times of windows are units since 1970-01-01 00:00 on the wall clock of the
 * query's zone, which is UTC unless the query cuts windows of a TIMESTAMP_LTZ by another; watermarks and event
 * times are units since 1970-01-01 00:00 UTC; times of the wall clock are those of weir_pipeline_options.clock. */
struct weir_why_request {
    size_t struct_size;
    bool has_time; /* false, and time_text NULL: the window that fires next, of those that hold rows */
    int64_t time;  /* an event time: the window that holds it; of several (HOP, CUMULATE) the next to fire */
    const char *time_text; /* the same as text, 'YYYY-MM-DD HH:MM:SS[.fff]' (more digits in finer units) on the wall
                              clock of the query's zone, or of UTC where it ends in Z, or a number of units; it
                              goes before `time`. NULL: none */
    const char *const *key; /* the values of the key as text, as CSV has them, in the order of GROUP BY; a NULL
                               entry means NULL. NULL: any key */
    size_t key_count;       /* 0: any key; else as many as the query has key columns */
};

/* What the window waits for. */
enum weir_why_reason {
    WEIR_WHY_FIRED = 0,       /* nothing: the watermark has passed its end, and it has fired if it held rows */
    WEIR_WHY_DUE = 1,         /* the caller: the watermark has passed its end; weir_pipeline_next brings the rows */
    WEIR_WHY_ORDERED = 2,     /* it has fired; ORDER BY holds all rows until the input has ended */
    WEIR_WHY_PARTITION = 3,   /* `holder`, an active partition, has not come as far */
    WEIR_WHY_UNHEARD = 4,     /* `holder`: nothing has come from it yet, no rows and no watermark */
    WEIR_WHY_NO_CLAIM = 5,    /* `holder`: its rows have made no claim on the watermark (their times are NULL or in
                                 the future, the WATERMARK's expression gives NULL, nobody has called
                                 weir_pipeline_advance) */
    WEIR_WHY_BEFORE_1970 = 6, /* `holder`: in SQL there is no watermark at or below 1970-01-01 00:00 UTC */
    WEIR_WHY_BEHIND = 7,      /* every partition that is not idle was idle and is behind; `holder` is the nearest */
    WEIR_WHY_IDLE = 8,        /* every partition is idle: the watermark stands at the largest of theirs */
    WEIR_WHY_NO_WATERMARK = 9,  /* the end of the input: the table has no WATERMARK */
    WEIR_WHY_ROWS = 10,         /* rows: a count window fires with the row that fills it, whatever their times */
    WEIR_WHY_WALL_CLOCK = 11,   /* the wall clock: the window is one of processing time */
    WEIR_WHY_NO_WINDOW = 12,    /* the query has no windows: its result follows the rows, or comes at the end */
    WEIR_WHY_GAP = 13,          /* the time lies in a gap between windows (HOP with slide > size) */
    WEIR_WHY_NOTHING_OPEN = 14, /* no row is in any window that it asks for */
    WEIR_WHY_END_FIRED = 15,    /* nothing: it fired when the input ended, which the watermark had not reached */
    WEIR_WHY_END_DROPPED = 16,  /* nothing: it was dropped when the input ended, by the policy DISCARD */
};

/* The answer. INT64_MIN stands for what there is not, unless it says otherwise. */
struct weir_why {
    size_t struct_size;
    enum weir_why_reason reason;
    int32_t holder;          /* the partition that holds the watermark back; -1: none does */
    int64_t windows;         /* that hold the time; without a time 1, or 0 where none is open */
    int64_t windows_reached; /* of those: the watermark has passed their end */
    int64_t window_start;    /* of the window at hand */
    int64_t window_end;
    int64_t needed;       /* the watermark that fires it; INT64_MAX: none does, rows or the end do */
    int64_t watermark;    /* of the query */
    int64_t lacks;        /* needed - watermark, in units; 0: it has passed; INT64_MAX: there is no watermark */
    int64_t rows;         /* of the key (of all, where none is asked for) in the window; -1: not known any more */
    int64_t rows_missing; /* a count window: rows of the key until it fires; else 0 */
    int64_t rows_waiting; /* of the result, for weir_pipeline_next */
    int64_t now;          /* the wall clock */
    int64_t raised_at;    /* the wall clock when the watermark of the query rose last */
    int64_t held_since;   /* the wall clock when that of `holder` rose last, or when the pipeline began */
    /* what became of rows, as in struct weir_stats */
    int64_t rows_in;
    int64_t filtered;
    int64_t null_time;
    int64_t future_dropped;
    int64_t future;
    int64_t unassigned;
    int64_t late;
    int64_t folded;
    /* of the late rows (those counted in `late`) the one that came latest */
    int64_t late_by;   /* units from its last window's last one to the watermark, which had passed it; INT64_MIN:
                          none */
    int64_t late_time; /* its event time */
};

/* Why the window has not fired: what it waits for, who holds the watermark back, since when, and what came late.
 *   request  NULL: the window that fires next
 *   out      the facts; NULL: not wanted
 *   text     the same in words, one fact a line and at the end what to do, zero-terminated UTF-8, allocated with
 *            malloc: the caller frees it. NULL on failure. May be NULL: not wanted
 * With workers it waits until every pushed batch is worked. It looks through the open windows, which takes time in
 * proportion to the keys; nothing is changed. Also after finish, where what was open is gone: then it says whether
 * the watermark had come so far.
 * Errors: WEIR_ERR_INVALID (a key that does not fit the query, a time that is none), WEIR_ERR_MEMORY; after a
 * failure of the pipeline that failure. */
WEIR_API enum weir_status weir_pipeline_why(struct weir_pipeline *pipeline, const struct weir_why_request *request,
                                            struct weir_why *out, char **text, struct weir_error *error);

/* One partition. INT64_MIN stands for what there is not. */
struct weir_partition_report {
    size_t struct_size;
    enum weir_partition_state state;
    int64_t watermark; /* its own */
    int64_t
        time_max;    /* greatest event time of rows that move the watermark; only where the table has a WATERMARK */
    int64_t rows;    /* that have come */
    int64_t rows_at; /* the wall clock when rows came last */
    int64_t raised_at; /* the wall clock when its watermark rose last */
    int64_t idle_at;   /* the wall clock when it will count as idle, unless rows come */
    const char *name;  /* of a run: the file that it reads, or what the source calls it; as long as the run is open.
                          NULL: it has none */
};

/* Where partition 0 .. partitions - 1 stands. Does not wait for workers. Errors: WEIR_ERR_INVALID. */
WEIR_API enum weir_status weir_pipeline_partition(const struct weir_pipeline *pipeline, int32_t partition,
                                                  struct weir_partition_report *out, struct weir_error *error);

/* ---- connectors: where the tables of a script come from and go to ------------------------------------------ */

/* One 'key' = 'value' of a WITH clause. line and column point at the key in the script, 0 for a short form. */
struct weir_option {
    const char *key;
    const char *value;
    int32_t line;
    int32_t column;
};

struct weir_source_request {
    size_t struct_size;
    const struct weir_option *options; /* without 'connector' itself */
    size_t options_count;
    const struct ArrowSchema *schema; /* declared columns as an Arrow struct, or NULL: the source tells its own */
    int64_t batch_rows;               /* wished rows a batch, >= 1; a source may give fewer, never more */
    int32_t threads;                  /* decoding threads that the source may use, >= 1 */
    bool plain_io;                    /* do not try io_uring */
    weir_log_fn log;                  /* may be NULL */
    void *log_user;
    int32_t wait_ms; /* of a source that is `live`: next may wait so long for rows and must then answer WEIR_AGAIN,
                        so that the caller can look at clocks, cancellation and results. 0 (and a request whose
                        struct_size ends before it): the caller knows no WEIR_AGAIN, and next waits for rows or the
                        end */
    bool dictionaries; /* the caller takes columns of strings as dictionaries where the source finds that they
                          repeat themselves. false: only where the data itself has them */
};

struct weir_source_progress {
    int64_t bytes_total; /* 0 when unknown */
    int64_t bytes_done;
    int64_t rows_total;     /* 0 when unknown */
    int64_t rejected;       /* lines skipped so far */
    int64_t nulled;         /* fields turned into NULL so far */
    int64_t skipped_groups; /* groups of rows left out so far (see leave_out) */
    int64_t skipped_rows;   /* their rows */
};

/* What a source knows of the values of a column over a group of rows before it reads them. Integers and times are
 * as they are stored, in the unit of the batches that next gives. */
enum weir_source_bounds {
    WEIR_SOURCE_BOUNDS_NONE = 0, /* nothing is known of the values */
    WEIR_SOURCE_BOUNDS_I64 = 1,
    WEIR_SOURCE_BOUNDS_F64 = 2, /* NaN is no value here: there may be some */
    WEIR_SOURCE_BOUNDS_TEXT = 3,
};

union weir_source_bound {
    int64_t i64;
    double f64;
    struct {
        const char *data;
        int64_t bytes;
    } text;
};

/* Zeroed it says nothing but that no value is NULL. */
struct weir_source_range {
    int64_t nulls; /* rows that are NULL; -1: not known */
    enum weir_source_bounds bounds;
    bool exact; /* some row has `min`, and some row has `max`; else no row lies outside of them */
    union weir_source_bound min;
    union weir_source_bound max;
};

/* The group of rows that a batch is of, such as a row group of Parquet; its batches come one after the other. */
struct weir_source_group {
    int64_t rows; /* of the group */
    int64_t left; /* of them, those that come after the batch */
};

/* Says of groups of rows whether the query needs them. */
struct weir_source_filter {
    void *user;
    /* True: the group's rows need not be read.
     *   ranges  one for each column that was selected, in that order; borrowed for the call
     *   rows    of the group */
    bool (*leaves_out)(void *user, const struct weir_source_range *ranges, int64_t rows);
    int32_t time_column; /* of those selected, or -1 */
};

/* Groups of rows that a source has left out. */
struct weir_source_left_out {
    int64_t groups;
    int64_t rows;
    int64_t time_nulls; /* rows whose time_column is NULL */
    int64_t time_max;   /* the greatest value of time_column, as it is stored; INT64_MIN: all are NULL, or there is
                           no such column */
};

/* A source that is open. `state` belongs to it. All calls come from one thread, but for progress, which any thread
 * may call while another is in next. */
struct weir_source {
    void *state;
    /* Columns that next() gives, as an Arrow struct, before select: declared order, or the data's own. The names
     * and logical types equal the declaration; the Arrow layout may differ where Arrow has several for one SQL type
     * (utf8, large_utf8 or dictionary; timestamps of any unit). Caller releases. */
    enum weir_status (*schema)(void *state, struct ArrowSchema *out, struct weir_error *error);
    /* Read only these columns (indices into schema's, ascending, without repeats; count may be 0: rows are counted
     * only), in this order. Called at most once, before the first next. */
    enum weir_status (*select)(void *state, const int32_t *columns, size_t count, struct weir_error *error);
    /* WEIR_OK and a batch (caller releases), WEIR_END, or an error. A live source hands rows on as they come, in
     * batches that are not full, and answers WEIR_AGAIN when there was nothing for wait_ms; ask again. */
    enum weir_status (*next)(void *state, struct ArrowArray *out, struct weir_error *error);
    void (*progress)(void *state, struct weir_source_progress *out);
    /* One line for `explain`: what is read, and how. Valid until the next call. May be NULL. */
    const char *(*describe)(void *state);
    void (*close)(void *state);
    /* The rows have no end (a topic, a folder that is watched): queries that need one, such as ORDER BY, are
     * refused. Zero: they have. */
    bool unbounded;
    /* The rows come as time goes by (a pipe, a folder that is watched): next may answer WEIR_AGAIN, and results are
     * not held back. What such a source gives may have an end all the same. */
    bool live;
    /* Inputs that are in order each for itself and all at hand (files); 0 or 1: there is one. The query admits rows
     * of the partition with the smallest watermark, row by row. Where there are more, next_of gives the batches of
     * one, as next does, and next is not called. */
    int32_t partitions;
    enum weir_status (*next_of)(void *state, int32_t partition, struct ArrowArray *out, struct weir_error *error);
    /* What people call a partition, such as the path of its file, for weir_run_why and weir_run_partition. Valid
     * until close. May be NULL, and give NULL: partitions have numbers alone. */
    const char *(*name_of)(void *state, int32_t partition);
    /* Leave out groups of rows by what is known of them (`filter` is copied; its user outlives the source). Called
     * at most once, after select and before the first next. Then left_out tells, after next has answered WEIR_OK,
     * WEIR_AGAIN or WEIR_END, what was left out since it did so before: rows that stand before the batch, before
     * what has not come yet, or before the end. Both NULL: the source knows nothing of its rows before it reads
     * them. Not where there are partitions. */
    enum weir_status (*leave_out)(void *state, const struct weir_source_filter *filter, struct weir_error *error);
    void (*left_out)(void *state, struct weir_source_left_out *out);
    /* True, and what is known of the values of a column (of those selected) over the group of rows that the batch
     * is of which next has given last; false: nothing. A query uses it of its time column instead of the times
     * themselves, where they all count alike (see weir_pipeline_push_ranged, and what it says of ranges that do not
     * hold). May be NULL. Not asked where there are partitions. */
    bool (*batch_range)(void *state, int32_t column, struct weir_source_range *out,
                        struct weir_source_group *group);
};

struct weir_sink_request {
    size_t struct_size;
    const struct weir_option *options; /* without 'connector' itself */
    size_t options_count;
    const struct ArrowSchema *schema; /* columns of the rows to come, read during the call only */
    weir_log_fn log;
    void *log_user;
};

/* A sink that is open. A result is complete only when finish has returned WEIR_OK; close without finish abandons it
 * (a file sink removes what it wrote). */
struct weir_sink {
    void *state;
    /* Borrows the batch for the call. */
    enum weir_status (*write)(void *state, const struct ArrowArray *batch, struct weir_error *error);
    enum weir_status (*finish)(void *state, struct weir_error *error);
    void (*close)(void *state);
    /* Hands on what the sink has buffered, for a reader who waits for it: called when a live input has nothing more
     * just then. NULL: nothing is buffered, or it cannot be cut (Parquet). */
    enum weir_status (*flush)(void *state, struct weir_error *error);
};

/* A connector: the value of 'connector' in a WITH clause. The struct and its strings must outlive the session. */
struct weir_connector {
    size_t struct_size;
    const char *name;
    void *user;
    /* NULL where the connector cannot read / write. On failure `out` is not used. An option that the connector does
     * not know is an error that names the nearest one it does. */
    enum weir_status (*open_source)(void *user, const struct weir_source_request *request, struct weir_source *out,
                                    struct weir_error *error);
    enum weir_status (*open_sink)(void *user, const struct weir_sink_request *request, struct weir_sink *out,
                                  struct weir_error *error);
};

/* The built-in connector 'filesystem' (formats csv, arrow, parquet to read; csv, json, arrow, parquet to write).
 * Static, never NULL. */
WEIR_API const struct weir_connector *weir_connector_filesystem(void);

/* ---- sessions: run a script -------------------------------------------------------------------------------- */

struct weir_session; /* tables, views, settings and connectors; lives through the statements of a script */
struct weir_run;     /* one statement that gives rows, being executed */

struct weir_session_options {
    size_t struct_size;
    int32_t workers;    /* as in weir_pipeline_options; default 0 */
    bool pin_workers;   /* as there */
    int64_t batch_rows; /* rows a batch that sources aim at; 0: 65 536 */
    bool plain_io;      /* do not try io_uring */
    bool fail_on_null_time;
    int64_t memory_max;
    weir_log_fn log;
    void *log_user;
    int64_t (*clock)(void *user); /* the wall clock, in ms since 1970-01-01 00:00 UTC, for what depends on it
                                     (SEMANTICS: idle timeouts, processing time); NULL: the system's */
    void *clock_user;
    int32_t wait_ms; /* weir_run_next answers WEIR_AGAIN when a live input has given no result for so long, from 1
                        to 60 000; 0: it waits for rows or the end */
};

/* A session with the built-in connectors registered. options may be NULL. */
WEIR_API enum weir_status weir_session_create(const struct weir_session_options *options, struct weir_session **out,
                                              struct weir_error *error);
WEIR_API void weir_session_destroy(struct weir_session **session);

/* Make a connector known; one of the same name is replaced. Not while a run of the session is open. */
WEIR_API enum weir_status weir_session_register(struct weir_session *session,
                                                const struct weir_connector *connector, struct weir_error *error);

/* ${name} stands for value in the scripts that follow. Both are copied. */
WEIR_API enum weir_status weir_session_define(struct weir_session *session, const char *name, const char *value,
                                              struct weir_error *error);

/* Give the session a script. It is copied and parsed whole: an error in the syntax of any statement is reported
 * before one is executed. Statements run when weir_session_step reaches them. */
WEIR_API enum weir_status weir_session_script(struct weir_session *session, const char *sql,
                                              struct weir_error *error);

/* Execute statements up to and including the next SELECT or INSERT, and open that.
 *   out  the run on WEIR_OK (destroy it before the next step); NULL otherwise
 * Returns WEIR_OK, WEIR_END when no statement is left, or an error with its position in the script. */
WEIR_API enum weir_status weir_session_step(struct weir_session *session, struct weir_run **out,
                                            struct weir_error *error);

WEIR_API void weir_run_destroy(struct weir_run **run);

/* Schema of the rows, an Arrow struct; the caller releases it. */
WEIR_API enum weir_status weir_run_schema(const struct weir_run *run, struct ArrowSchema *out,
                                          struct weir_error *error);

/* The plan in words; owned by the run. Never NULL. */
WEIR_API const char *weir_run_explain(const struct weir_run *run);

/* True for INSERT INTO: next gives no rows, they go to the statement's sink. */
WEIR_API bool weir_run_is_insert(const struct weir_run *run);

/* The next batch of rows: WEIR_OK (the caller releases it), WEIR_END, or an error. With wait_ms of
 * weir_session_options also WEIR_AGAIN: nothing has come yet; call again. */
WEIR_API enum weir_status weir_run_next(struct weir_run *run, struct ArrowArray *out, struct weir_error *error);

struct weir_progress {
    size_t struct_size;
    int64_t bytes_total; /* 0 when unknown */
    int64_t bytes_done;
    int64_t rows_total; /* 0 when unknown */
    int64_t rows_in;
    int64_t late;
    int64_t watermark; /* ms, INT64_MIN before the first */
    bool live;         /* the input comes as time goes by: see struct weir_source */
};

/* Where a run stands. Any thread, at any time between open and destroy. */
WEIR_API void weir_run_progress(const struct weir_run *run, struct weir_progress *out);

/* Make weir_run_next return WEIR_ERR_CANCELLED soon. No further window fires. An INSERT from a live input keeps the
 * rows that were written before: its sink is finished. Any other leaves none. Any thread; safe in a signal handler.
 */
WEIR_API void weir_run_cancel(struct weir_run *run);

/* Make weir_run_next answer WEIR_AGAIN soon, once, also where its input is not live and whatever wait_ms is: for a
 * caller who wants to do something else in between, such as weir_run_why. Nothing is lost; call next again. Any
 * thread; safe in a signal handler. */
WEIR_API void weir_run_wake(struct weir_run *run);

/* Counters of the run; complete after WEIR_END. */
WEIR_API enum weir_status weir_run_stats(struct weir_run *run, struct weir_stats *out);

/* As weir_pipeline_why. Not while another thread is in weir_run_next: see weir_run_wake. */
WEIR_API enum weir_status weir_run_why(struct weir_run *run, const struct weir_why_request *request,
                                       struct weir_why *out, char **text, struct weir_error *error);

/* How many partitions the run reads: 1, or as many as its source has ('scan.partition-by-file': one a file). 0: run
 * is NULL. */
WEIR_API int32_t weir_run_partitions(const struct weir_run *run);

/* As weir_pipeline_partition, with the name that the source gives it. Not while another thread is in
 * weir_run_next. */
WEIR_API enum weir_status weir_run_partition(const struct weir_run *run, int32_t partition,
                                             struct weir_partition_report *out, struct weir_error *error);

/* ---- values ----------------------------------------------------------------------------------------------------
 */

/* The text of one cell as the CSV format prints it, without quotes: numbers in the shortest form that reads back
 * the same, times as YYYY-MM-DD HH:MM:SS with their fraction (and 'Z' for TIMESTAMP_LTZ), bytes as base64.
 *   column_schema, column  one column of a batch, in any Arrow layout that weir gives or takes; borrowed
 *   row      from 0 to column->length - 1 (the column's own offset is added)
 *   buffer   receives at most `size` bytes, not terminated; may be NULL when size is 0
 *   length   receives the bytes that the text needs; when that is more than `size` the text is cut (bytes: not
 *            written), and a second call with a larger buffer gives the whole
 * Returns WEIR_OK; WEIR_END with length 0 when the cell is NULL; WEIR_ERR_INVALID, WEIR_ERR_UNSUPPORTED (a type
 * that weir does not carry) or WEIR_ERR_FORMAT (missing buffers, offsets out of bounds) with length 0. Any thread.
 */
WEIR_API enum weir_status weir_value_format(const struct ArrowSchema *column_schema,
                                            const struct ArrowArray *column, int64_t row, char *buffer, size_t size,
                                            size_t *length);

/* ---- the machine --------------------------------------------------------------------------------------------- */

/* Limit the instruction sets that kernels use, for tests and comparisons.
 *   level  "baseline", "avx2", "avx512", or "auto" (the best that CPU and build have)
 * Process-wide: call it before creating a pipeline. Returns WEIR_ERR_UNSUPPORTED where the CPU or the build lacks
 * it. */
WEIR_API enum weir_status weir_simd_limit(const char *level, struct weir_error *error);

/* The level in use, such as "avx2". Static. */
WEIR_API const char *weir_simd_level(void);

/* What this build and machine have, one `name: value` a line (instruction sets, io_uring, huge pages, NUMA nodes,
 * limits, optional parts). Allocated with malloc; the caller frees it. NULL when memory is short. */
WEIR_API char *weir_machine_report(void);

#ifdef __cplusplus
}
#endif

#endif /* WEIR_WEIR_H */
