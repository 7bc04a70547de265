/* SPDX-License-Identifier: Apache-2.0
 *
 * Types of the public API: status codes, errors, counters.
 *
 * Glossary (the field's words, used in this sense in every header):
 *   event time          the time that a row carries in its time column, as opposed to the time of its arrival
 *   watermark           W: no further row with a time <= W is expected; it never goes back
 *   window              [start, end): the span of event time that one result row covers; max_ts = end - 1
 *   tumbling, hop       windows of one size side by side; windows of one size that begin every `slide`
 *   cumulate            windows that share a start and grow by a step until a largest size
 *   slice               the largest span that no window border cuts; rows are added up by slice, never by window
 *   late                a row is late when every window that it belongs to has been cleaned up before it came
 *   key                 the values of the GROUP BY columns other than the window's own
 *   partition           one ordered input of a stream, with a watermark of its own
 *   source, sink        where batches come from, and where results go
 *   batch               some rows in columns, in Arrow layout
 *   validity            a bitmap, one bit a row, set where the value is not NULL
 */
#ifndef WEIR_TYPES_H
#define WEIR_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define WEIR_API
#else
#define WEIR_API __attribute__((visibility("default")))
#endif

/* What a call returns. Zero is success; WEIR_END and WEIR_AGAIN are not failures. The numbers never change. */
enum weir_status {
    WEIR_OK = 0,
    WEIR_END = 1,              /* no more rows will come */
    WEIR_AGAIN = 2,            /* nothing is ready now; push more, or ask again */
    WEIR_ERR_INVALID = 10,     /* an argument breaks the call's contract */
    WEIR_ERR_STATE = 11,       /* the object is not in a state that allows the call (push after finish) */
    WEIR_ERR_MEMORY = 12,      /* memory could not be had */
    WEIR_ERR_SQL = 20,         /* the text does not parse, or names something that does not exist */
    WEIR_ERR_UNSUPPORTED = 21, /* understood, and not done by this version */
    WEIR_ERR_IO = 30,          /* the operating system refused: missing file, full disk, closed pipe */
    WEIR_ERR_FORMAT = 31,      /* a file or batch is malformed, truncated, or not of the declared type */
    WEIR_ERR_VALUE = 32,       /* a value cannot be computed: overflow, division by zero, a cast that fails */
    WEIR_ERR_CANCELLED = 40,   /* the caller asked to stop */
    WEIR_ERR_INTERNAL = 90     /* a defect of weir: please report it */
};

/* Why a call failed. The caller owns the memory; every call that takes one accepts NULL.
 *   message  UTF-8, zero-terminated, one or more sentences: what, where, and what to do about it
 *   line, column  position in the SQL text or the input file, from 1; 0 where there is none */
struct weir_error {
    enum weir_status code;
    int32_t line;
    int32_t column;
    char message[1500];
};

/* What happened to the rows of a query. At any moment between two calls
 *   rows_in = filtered + null_time + future_dropped + unassigned + late + aggregated
 * for a query with windows; a query without windows counts the rows it kept as aggregated.
 * `rejected` lines never became rows and stand outside the sum. */
struct weir_stats {
    size_t struct_size;
    int64_t rows_in;        /* rows that entered the query */
    int64_t filtered;       /* dropped by WHERE */
    int64_t null_time;      /* their time column is NULL */
    int64_t future_dropped; /* dropped by the future guard */
    int64_t unassigned;     /* lie in a gap between windows */
    int64_t late;           /* came after every window of theirs had been cleaned up */
    int64_t aggregated;     /* counted in at least one window */
    int64_t rejected;       /* lines that the format could not read and the options allow to skip */
    int64_t nulled;         /* fields that the format could not read and the options turn into NULL */
    int64_t windows_fired;  /* windows (not rows) that gave at least one result */
    int64_t rows_out;       /* rows of the result */
    int64_t bytes_read;     /* bytes taken from files or pushed */
    int64_t peak_bytes;     /* largest resident memory of the process so far; 0 where it is not known */
    int64_t watermark;      /* W in units (ms in SQL: see weir.h) since 1970-01-01 00:00 UTC; INT64_MIN before the
                               first */
    double seconds;         /* wall-clock time from the first row to now or to the end */
    int64_t future;         /* beside the sum: rows ahead of the wall clock, dropped or kept */
    int64_t folded;         /* beside the sum: late rows that counted in a later window (they are aggregated) */
    int64_t state_bytes;    /* memory that keys and open windows take now, as memory_max counts it */
    int64_t skipped_groups; /* groups of rows that were not read, since what the file says of them shows that WHERE
                               drops them all: row groups of Parquet */
    int64_t skipped_rows;   /* beside the sum: their rows (they are in rows_in and filtered or null_time) */
    /* Beside the sum: ways that rows took, chosen once a batch or a query. A row may be in several, and in none. */
    int64_t code_rows;   /* the codes of a dictionary were the ids of their keys */
    int64_t cell_rows;   /* their keys were looked up in an array, by their values packed into one word */
    int64_t packed_rows; /* their keys of several columns were hashed as one word, packed by the values seen */
    int64_t mixed_rows;  /* their keys take several words, and were hashed as one mixed from them */
    int64_t held_rows;   /* added to accumulators of few keys that are held from block to block */
    int64_t waited_rows; /* waited until a part of many keys could be added up at a time */
    int64_t direct_rows; /* added to slices that are hash tables, each of its own keys */
    int64_t owned_rows;  /* given to workers that have keys of their own (partition first) */
    int64_t handed_rows; /* of those: read by one worker, which handed them to the owners of their keys; else read
                            by all */
    int64_t caller_rows; /* worked by the caller's thread; where every worker reads all rows, once for each of the
                            workers that it did so for */
    int64_t parted_windows; /* of windows_fired: fired from where their rows waited, a part of the keys at a time
                               (by several workers: once for each) */
    int64_t unread_times;   /* beside the sum: rows whose event time was not looked at, since a range that was known
                               of their batch lies in one slice of the windows */
};

/* How a partition takes part in the watermark, which is the least of those that are active. */
enum weir_partition_state {
    WEIR_PARTITION_ACTIVE = 0,
    WEIR_PARTITION_IDLE = 1, /* left out: nothing has come for a while, or the caller says so */
    WEIR_PARTITION_BEHIND =
        2, /* it was idle, and its own watermark is below that of the query: it is left out, too */
};

#ifdef __cplusplus
}
#endif

#endif /* WEIR_TYPES_H */
