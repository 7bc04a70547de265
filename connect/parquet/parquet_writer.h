/* SPDX-License-Identifier: Apache-2.0
 *
 * One Parquet file being written: the functions of the module's table.
 */
#ifndef WEIR_CONNECT_PARQUET_WRITER_H
#define WEIR_CONNECT_PARQUET_WRITER_H

#include "connect/parquet/parquet_module.h"

namespace weir_parquet {

enum weir_status compression_check(const char *name, int32_t level, struct weir_error *error);
enum weir_status writer_open(const struct weir_parquet_output *output, struct ArrowSchema *schema,
                             const struct weir_parquet_write_options *options, struct weir_parquet_writer **out,
                             struct weir_error *error);
enum weir_status writer_write(struct weir_parquet_writer *writer, const struct ArrowArray *batch,
                              struct weir_error *error);
enum weir_status writer_finish(struct weir_parquet_writer *writer, struct weir_error *error);
void writer_close(struct weir_parquet_writer *writer);

} // namespace weir_parquet

#endif
