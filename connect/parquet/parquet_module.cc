/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/parquet/parquet_module.h"

#include <arrow/util/config.h>

#include "connect/parquet/parquet_reader.h"
#include "connect/parquet/parquet_writer.h"

static const struct weir_parquet_module module_table = {
    .abi = WEIR_PARQUET_ABI,
    .arrow_version = ARROW_VERSION_STRING,
    .reader_open = weir_parquet::reader_open,
    .reader_info = weir_parquet::reader_info,
    .reader_schema = weir_parquet::reader_schema,
    .reader_follow = weir_parquet::reader_follow,
    .reader_scan = weir_parquet::reader_scan,
    .reader_group = weir_parquet::reader_group,
    .reader_leave_out = weir_parquet::reader_leave_out,
    .reader_position = weir_parquet::reader_position,
    .reader_next = weir_parquet::reader_next,
    .reader_progress = weir_parquet::reader_progress,
    .reader_close = weir_parquet::reader_close,
    .compression_check = weir_parquet::compression_check,
    .writer_open = weir_parquet::writer_open,
    .writer_write = weir_parquet::writer_write,
    .writer_finish = weir_parquet::writer_finish,
    .writer_close = weir_parquet::writer_close,
};

extern "C" WEIR_API const struct weir_parquet_module *weir_parquet_entry(int32_t abi);

const struct weir_parquet_module *weir_parquet_entry(int32_t abi) {
    return abi == WEIR_PARQUET_ABI ? &module_table : nullptr;
}
