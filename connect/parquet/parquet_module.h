/* SPDX-License-Identifier: Apache-2.0
 *
 * The border between weir and the optional module weir_parquet.so, a shim over Arrow C++. The module exports one
 * symbol, weir_parquet_entry; no C++ type, exception or file handle crosses the border: files are read and written
 * through functions that weir hands in, columns travel in the Arrow C Data interface.
 *
 * The module is loaded on first use and never unloaded: batches that it gave may live longer than their reader.
 */
#ifndef WEIR_CONNECT_PARQUET_MODULE_H
#define WEIR_CONNECT_PARQUET_MODULE_H

#include <stdbool.h>

#include "weir/arrow.h"
#include "weir/types.h"
#include "weir/weir.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Raised with every change of this file. A module of another number is refused. */
#define WEIR_PARQUET_ABI 2

/* The bytes of one file, to be read from anywhere by several threads at once. */
struct weir_parquet_input {
    void *user;
    const char *path; /* for messages; copied */
    int64_t size;     /* bytes */
    /* Reads exactly `bytes` at `offset`; the range lies within size. */
    enum weir_status (*read)(void *user, int64_t offset, void *buffer, size_t bytes, struct weir_error *error);
};

/* Where the bytes of a file being written go, in order, from the thread that calls the writer. */
struct weir_parquet_output {
    void *user;
    const char *path; /* for messages; copied */
    enum weir_status (*write)(void *user, const void *data, size_t bytes, struct weir_error *error);
};

struct weir_parquet_info {
    int64_t rows;
    int32_t columns; /* top-level columns, nested ones included */
    int32_t row_groups;
};

struct weir_parquet_scan {
    const int32_t *columns; /* indices of top-level columns of the file, in the order wished, without repeats */
    size_t columns_count;   /* 0: rows are counted only */
    int64_t batch_rows;     /* rows a batch at most, >= 1 */
    int32_t threads;        /* 1: the caller's thread decodes; else a pool of so many decodes ahead */
};

struct weir_parquet_progress {
    int64_t bytes_total; /* compressed bytes of the columns of the scan, or of all before there is one */
    int64_t bytes_done;  /* of them, those whose rows next has given */
};

struct weir_parquet_write_options {
    const char *compression; /* a name that compression_check accepts, or NULL for "snappy" */
    int32_t level;           /* of the compression; INT32_MIN: its default */
    bool plain;              /* without dictionary pages */
    int64_t row_group_rows;  /* rows a row group at most, >= 1 */
};

struct weir_parquet_reader;
struct weir_parquet_writer;

/* Every message names the file. Statuses: WEIR_ERR_FORMAT for a file that is malformed, truncated or encrypted,
 * WEIR_ERR_UNSUPPORTED for a codec or type that is not carried, WEIR_ERR_MEMORY, and whatever read or write gave.
 */
struct weir_parquet_module {
    int32_t abi;
    const char *arrow_version; /* "26.0.1" */

    /* Reads the footer. `input` is copied; its user must live until reader_close. */
    enum weir_status (*reader_open)(const struct weir_parquet_input *input, struct weir_parquet_reader **out,
                                    struct weir_error *error);
    void (*reader_info)(const struct weir_parquet_reader *reader, struct weir_parquet_info *out);
    /* The layout in which the given top-level columns (NULL: all, in the file's order) are read, as a struct.
     * Strings are dictionaries where the file's pages hold them so. Columns that cannot be read are shown as they
     * are. */
    enum weir_status (*reader_schema)(const struct weir_parquet_reader *reader, const int32_t *columns,
                                      size_t count, struct ArrowSchema *out, struct weir_error *error);
    /* Before reader_scan: from now on the given columns are in the layouts of the children of `wanted`, those of
     * another file, as far as Arrow can cast them; columns that cannot be read are left as they are. `wanted` is
     * moved in, on failure too. */
    enum weir_status (*reader_follow)(struct weir_parquet_reader *reader, const int32_t *columns, size_t count,
                                      struct ArrowSchema *wanted, struct weir_error *error);
    /* Once, before the first next. Refuses columns that weir does not carry, by name. */
    enum weir_status (*reader_scan)(struct weir_parquet_reader *reader, const struct weir_parquet_scan *scan,
                                    struct weir_error *error);
    /* After reader_scan: what the statistics of a row group say, by column of the scan; 0 rows: it has none. Texts
     * are valid until the next call. Only what is certain is told. */
    enum weir_status (*reader_group)(struct weir_parquet_reader *reader, int32_t group,
                                     struct weir_source_range *ranges, int64_t *rows, struct weir_error *error);
    /* Before the first next: its rows are not given. */
    void (*reader_leave_out)(struct weir_parquet_reader *reader, int32_t group);
    /* The row group of the batch that next gave last; 0 before the first. */
    int32_t (*reader_position)(const struct weir_parquet_reader *reader);
    /* A batch of the rows that follow (release it on any thread, at any time), or WEIR_END. An unchanged dictionary
     * has the buffers of the batch before. Dictionary codes are checked to lie within it. */
    enum weir_status (*reader_next)(struct weir_parquet_reader *reader, struct ArrowArray *out,
                                    struct weir_error *error);
    /* Any thread, while another is in next. */
    void (*reader_progress)(const struct weir_parquet_reader *reader, struct weir_parquet_progress *out);
    void (*reader_close)(struct weir_parquet_reader *reader);

    /* WEIR_ERR_INVALID for a name that is unknown (naming those known), WEIR_ERR_UNSUPPORTED for a codec that this
     * Arrow lacks, WEIR_ERR_INVALID for a level out of the codec's range. */
    enum weir_status (*compression_check)(const char *name, int32_t level, struct weir_error *error);
    /* `schema` is moved in, on failure too: its release is NULL afterwards. */
    enum weir_status (*writer_open)(const struct weir_parquet_output *output, struct ArrowSchema *schema,
                                    const struct weir_parquet_write_options *options,
                                    struct weir_parquet_writer **out, struct weir_error *error);
    /* Borrows the batch for the call. */
    enum weir_status (*writer_write)(struct weir_parquet_writer *writer, const struct ArrowArray *batch,
                                     struct weir_error *error);
    /* Writes the rest and the footer. */
    enum weir_status (*writer_finish)(struct weir_parquet_writer *writer, struct weir_error *error);
    /* Without finish nothing more is written. */
    void (*writer_close)(struct weir_parquet_writer *writer);
};

/* The module's one symbol. NULL when its ABI is not `abi`. */
typedef const struct weir_parquet_module *(*weir_parquet_entry_fn)(int32_t abi);

#ifdef __cplusplus
}
#endif

#endif
