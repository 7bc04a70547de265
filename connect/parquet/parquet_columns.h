/* SPDX-License-Identifier: Apache-2.0
 *
 * In which layout each column of a file is read, and which columns cannot be.
 */
#ifndef WEIR_CONNECT_PARQUET_COLUMNS_H
#define WEIR_CONNECT_PARQUET_COLUMNS_H

#include <memory>
#include <string>
#include <vector>

#include <arrow/array.h>
#include <arrow/type.h>
#include <parquet/arrow/reader.h>

namespace weir_parquet {

/* A top-level column of a file. */
struct Column {
    int leaf;                            /* of the Parquet schema; -1 for nested columns */
    std::shared_ptr<arrow::Field> field; /* as weir gives it */
    bool readable;                       /* false: of a type that weir does not carry */
    bool is_cast = false;                /* `field` is the layout of another file */
};

/* The leaf columns of strings whose pages are dictionary-encoded: read as dictionaries they need no copy of a
 * string a row (twice the rate). Looks at up to 32 row groups; reading others as dictionaries is slower, never
 * wrong. */
std::vector<int> dictionary_leaves(const parquet::FileMetaData &metadata);

/* The top-level columns, from the schema that Arrow reads them in. */
std::vector<Column> columns_of(const parquet::arrow::FileReader &reader, const arrow::Schema &schema);

/* `array`, one column of some rows as Arrow decoded it, in the layout of `column`: views and other rare layouts
 * cast, a validity bitmap without NULLs dropped, dictionary codes checked. */
arrow::Result<std::shared_ptr<arrow::Array>> normalise(const std::shared_ptr<arrow::Array> &array,
                                                       const Column &column);

/* `array` with the dictionary *latest where that is equal to its own, so that the buffers are the same; else array,
 * whose dictionary becomes *latest. An array without a dictionary is given back. *latest may be NULL. */
std::shared_ptr<arrow::Array> share_dictionary(const std::shared_ptr<arrow::Array> &array,
                                               std::shared_ptr<arrow::ArrayData> *latest);

} // namespace weir_parquet

#endif
