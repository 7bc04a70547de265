/* SPDX-License-Identifier: Apache-2.0
 *
 * What the statistics of a row group say for certain: bounds in the order in which weir compares, counts of NULLs.
 *
 * Nothing is said of statistics in the deprecated fields whose order is not that of the type, of truncated ones
 * that would have to be values, and of NaN; and nothing at all where a column is cast into the layout of another
 * file.
 */
#ifndef WEIR_CONNECT_PARQUET_RANGES_H
#define WEIR_CONNECT_PARQUET_RANGES_H

#include <memory>
#include <vector>

#include <arrow/status.h>
#include <parquet/metadata.h>
#include <parquet/statistics.h>

#include "connect/parquet/parquet_columns.h"
#include "connect/parquet/parquet_module.h"

namespace weir_parquet {

class Ranges {
  public:
    /* ranges: one a column. Texts are valid until the next call. */
    arrow::Status take(const parquet::RowGroupMetaData &group, const std::vector<Column> &columns,
                       struct weir_source_range *ranges);

  private:
    std::vector<std::shared_ptr<parquet::Statistics>> statistics_; /* what texts lie in */
};

} // namespace weir_parquet

#endif
