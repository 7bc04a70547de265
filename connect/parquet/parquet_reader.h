/* SPDX-License-Identifier: Apache-2.0
 *
 * One Parquet file being read: footer, columns, scan. The functions of the module's table.
 */
#ifndef WEIR_CONNECT_PARQUET_READER_H
#define WEIR_CONNECT_PARQUET_READER_H

#include "connect/parquet/parquet_module.h"

namespace weir_parquet {

enum weir_status reader_open(const struct weir_parquet_input *input, struct weir_parquet_reader **out,
                             struct weir_error *error);
void reader_info(const struct weir_parquet_reader *reader, struct weir_parquet_info *out);
enum weir_status reader_schema(const struct weir_parquet_reader *reader, const int32_t *columns, size_t count,
                               struct ArrowSchema *out, struct weir_error *error);
enum weir_status reader_follow(struct weir_parquet_reader *reader, const int32_t *columns, size_t count,
                               struct ArrowSchema *wanted, struct weir_error *error);
enum weir_status reader_scan(struct weir_parquet_reader *reader, const struct weir_parquet_scan *scan,
                             struct weir_error *error);
enum weir_status reader_group(struct weir_parquet_reader *reader, int32_t group, struct weir_source_range *ranges,
                              int64_t *rows, struct weir_error *error);
void reader_leave_out(struct weir_parquet_reader *reader, int32_t group);
int32_t reader_position(const struct weir_parquet_reader *reader);
enum weir_status reader_next(struct weir_parquet_reader *reader, struct ArrowArray *out, struct weir_error *error);
void reader_progress(const struct weir_parquet_reader *reader, struct weir_parquet_progress *out);
void reader_close(struct weir_parquet_reader *reader);

} // namespace weir_parquet

#endif
