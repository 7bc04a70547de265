/* SPDX-License-Identifier: Apache-2.0
 *
 * Options of the format 'parquet', all of writing but the last three:
 *   parquet.compression                         uncompressed, snappy (default), gzip, zstd, lz4_raw, brotli
 *   parquet.compression.codec.<codec>.level     zstd: level of compression
 *   parquet.enable.dictionary                   true (default) or false
 *   parquet.utc-timezone                        true, as weir always does; false is refused
 *   parquet.skip-row-groups                     true (default): those whose statistics show that WHERE drops all of
 *                                               their rows are not read; false: all are
 *   parquet.time-ranges                         true (default): the query is told the range of event time of each
 *                                               row group, which its statistics say; false: it is not
 */
#ifndef WEIR_CONNECT_PARQUET_OPTIONS_H
#define WEIR_CONNECT_PARQUET_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "connect/parquet/parquet_module.h"
#include "weir/weir.h"

#define WEIR_PARQUET_SKIP "parquet.skip-row-groups"
#define WEIR_PARQUET_TIMES "parquet.time-ranges"

/* Their names; NULL is the last. */
extern const char *const weir_parquet_options[];

/* The option of that name; NULL: it is not given. */
const struct weir_option *weir_parquet_option_find(const struct weir_option *options, size_t count,
                                                   const char *key);

/* What an option says that is true or false; `missing` where it is NULL. Errors: WEIR_ERR_INVALID with its
 * position. */
enum weir_status weir_parquet_option_flag(const struct weir_option *option, bool missing, bool *out,
                                          struct weir_error *error);

/* Checks all of them, and fills in what they say of writing; its strings are those of the options. Errors, with the
 * position of the option: WEIR_ERR_INVALID, WEIR_ERR_UNSUPPORTED for what weir or the module does not do. */
enum weir_status weir_parquet_options_check(const struct weir_option *options, size_t count,
                                            const struct weir_parquet_module *module,
                                            struct weir_parquet_write_options *out, struct weir_error *error);

#endif
