/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/parquet/parquet_reader.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include <arrow/array/array_nested.h>
#include <arrow/c/bridge.h>
#include <arrow/result.h>
#include <arrow/type.h>
#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>

#include "connect/parquet/parquet_columns.h"
#include "connect/parquet/parquet_file.h"
#include "connect/parquet/parquet_pool.h"
#include "connect/parquet/parquet_ranges.h"
#include "connect/parquet/parquet_scan.h"
#include "connect/parquet/parquet_status.h"

using weir_parquet::Column;
using weir_parquet::guarded;

/* Members are destroyed from the last to the first: the scan before the reader that its record readers stand on. */
struct weir_parquet_reader {
    std::shared_ptr<weir_parquet::InputFile> file;
    std::unique_ptr<parquet::arrow::FileReader> reader;
    std::vector<Column> columns;
    std::vector<int64_t> group_rows;
    std::vector<int64_t> group_bytes;  /* compressed, of the columns of the scan; before it, of all */
    std::vector<int64_t> bytes_before; /* sum of group_bytes of the groups before */
    int64_t rows = 0;
    std::atomic<int64_t> bytes_total{0};
    std::atomic<int64_t> bytes_done{0};
    std::vector<Column> selected; /* of the scan */
    weir_parquet::Ranges ranges;
    std::unique_ptr<weir_parquet::Scan> scan;
};

namespace weir_parquet {

/* Column chunks beyond this are streamed through a buffer; others are read in one go, which is faster. */
static constexpr int64_t CHUNK_BYTES_MAX = INT64_C(64) << 20;
static constexpr int64_t CHUNK_BUFFER_BYTES = INT64_C(4) << 20;

static enum weir_status report(const struct weir_parquet_reader &reader, const arrow::Status &status,
                               const char *what, struct weir_error *error) {
    return reader.file->failure().report(status, reader.file->path(), what, error);
}

static int64_t largest_chunk(const parquet::FileMetaData &metadata) {
    int64_t largest = 0;
    for (int group = 0; group < metadata.num_row_groups(); group++) {
        auto row_group = metadata.RowGroup(group);
        for (int leaf = 0; leaf < row_group->num_columns(); leaf++) {
            largest = std::max(largest, row_group->ColumnChunk(leaf)->total_compressed_size());
        }
    }
    return largest;
}

/* Counts of rows come from the footer and are added up by whoever asks: they must make sense before that. */
static arrow::Status read_group_rows(struct weir_parquet_reader &reader, const parquet::FileMetaData &metadata) {
    for (int group = 0; group < metadata.num_row_groups(); group++) {
        int64_t rows = metadata.RowGroup(group)->num_rows();
        if (rows < 0 || __builtin_add_overflow(reader.rows, rows, &reader.rows)) {
            return arrow::Status::Invalid("row group ", group, " tells an impossible number of rows: ", rows);
        }
        reader.group_rows.push_back(rows);
    }
    if (metadata.num_rows() == reader.rows) return arrow::Status::OK();
    return arrow::Status::Invalid("the row groups have ", reader.rows, " rows, the footer tells ",
                                  metadata.num_rows());
}

/* leaves: those whose bytes count. Sizes are for progress only, so that odd ones are taken as 0. */
static void count_bytes(struct weir_parquet_reader &reader, const std::vector<int> &leaves) {
    auto metadata = reader.reader->parquet_reader()->metadata();
    int64_t total = 0;
    reader.group_bytes.clear();
    reader.bytes_before.clear();
    for (int group = 0; group < metadata->num_row_groups(); group++) {
        auto row_group = metadata->RowGroup(group);
        int64_t sum = 0;
        for (int leaf : leaves) {
            int64_t bytes = row_group->ColumnChunk(leaf)->total_compressed_size();
            if (bytes > 0 && bytes < INT64_C(1) << 48) sum += bytes;
        }
        reader.group_bytes.push_back(sum);
        reader.bytes_before.push_back(total);
        total += sum;
    }
    reader.bytes_total = total;
}

/* The reader proper, over a footer that was read. dictionaries: leaves to be read so. */
static arrow::Status make_reader(struct weir_parquet_reader &reader,
                                 const std::shared_ptr<parquet::FileMetaData> &metadata,
                                 const std::vector<int> &dictionaries) {
    parquet::ReaderProperties properties(pool());
    if (largest_chunk(*metadata) > CHUNK_BYTES_MAX) {
        properties.enable_buffered_stream();
        properties.set_buffer_size(CHUNK_BUFFER_BYTES);
    }
    parquet::ArrowReaderProperties layout(false);
    layout.set_batch_size(PIECE_ROWS);
    layout.set_pre_buffer(false);
    for (int leaf : dictionaries) layout.set_read_dictionary(leaf, true);
    ARROW_ASSIGN_OR_RAISE(reader.reader,
                          parquet::arrow::FileReader::Make(
                              pool(), parquet::ParquetFileReader::Open(reader.file, properties, metadata), layout));
    std::shared_ptr<arrow::Schema> schema;
    ARROW_RETURN_NOT_OK(reader.reader->GetSchema(&schema));
    reader.columns = columns_of(*reader.reader, *schema);
    return arrow::Status::OK();
}

static arrow::Status open_file(struct weir_parquet_reader &reader) {
    auto metadata = parquet::ReadMetaData(reader.file);
    ARROW_RETURN_NOT_OK(read_group_rows(reader, *metadata));
    ARROW_RETURN_NOT_OK(make_reader(reader, metadata, dictionary_leaves(*metadata)));
    std::vector<int> leaves(static_cast<size_t>(metadata->num_columns()));
    std::iota(leaves.begin(), leaves.end(), 0);
    count_bytes(reader, leaves);
    return arrow::Status::OK();
}

enum weir_status reader_open(const struct weir_parquet_input *input, struct weir_parquet_reader **out,
                             struct weir_error *error) {
    *out = nullptr;
    std::unique_ptr<weir_parquet_reader> reader;
    arrow::Status status = guarded([&] {
        reader = std::make_unique<weir_parquet_reader>();
        reader->file = std::make_shared<InputFile>(*input);
        return arrow::Status::OK();
    });
    if (!status.ok()) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to open '%s'", input->path);
    status = guarded([&] { return open_file(*reader); });
    if (!status.ok()) return report(*reader, status, "it cannot be read as a Parquet file", error);
    *out = reader.release();
    return WEIR_OK;
}

void reader_info(const struct weir_parquet_reader *reader, struct weir_parquet_info *out) {
    out->rows = reader->rows;
    out->columns = static_cast<int32_t>(reader->columns.size());
    out->row_groups = static_cast<int32_t>(reader->group_rows.size());
}

static arrow::Status export_schema(const struct weir_parquet_reader &reader, const int32_t *columns, size_t count,
                                   struct ArrowSchema *out) {
    arrow::FieldVector fields;
    for (size_t idx = 0; idx < (columns == nullptr ? reader.columns.size() : count); idx++) {
        size_t column = columns == nullptr ? idx : static_cast<size_t>(columns[idx]);
        if (column >= reader.columns.size()) return arrow::Status::Invalid("there is no column ", column);
        fields.push_back(reader.columns[column].field);
    }
    return arrow::ExportType(*arrow::struct_(fields), out);
}

enum weir_status reader_schema(const struct weir_parquet_reader *reader, const int32_t *columns, size_t count,
                               struct ArrowSchema *out, struct weir_error *error) {
    arrow::Status status = guarded([&] { return export_schema(*reader, columns, count, out); });
    return status.ok() ? WEIR_OK : report(*reader, status, "its columns cannot be described", error);
}

static arrow::Status follow(struct weir_parquet_reader &reader, const int32_t *columns, size_t count,
                            struct ArrowSchema *wanted) {
    ARROW_ASSIGN_OR_RAISE(auto layouts, arrow::ImportType(wanted));
    if (layouts->num_fields() != static_cast<int>(count)) return arrow::Status::Invalid("a layout is missing");
    std::vector<int> dictionaries;
    for (size_t idx = 0; idx < count; idx++) {
        const auto &type = layouts->field(static_cast<int>(idx))->type();
        if (type->id() == arrow::Type::DICTIONARY)
            dictionaries.push_back(reader.columns.at(static_cast<size_t>(columns[idx])).leaf);
    }
    auto metadata = reader.reader->parquet_reader()->metadata();
    ARROW_RETURN_NOT_OK(make_reader(reader, metadata, dictionaries));
    for (size_t idx = 0; idx < count; idx++) {
        Column &column = reader.columns.at(static_cast<size_t>(columns[idx]));
        const auto &wanted_type = layouts->field(static_cast<int>(idx))->type();
        if (!column.readable) continue;
        column.is_cast = !column.field->type()->Equals(*wanted_type);
        column.field = column.field->WithType(wanted_type);
    }
    return arrow::Status::OK();
}

enum weir_status reader_follow(struct weir_parquet_reader *reader, const int32_t *columns, size_t count,
                               struct ArrowSchema *wanted, struct weir_error *error) {
    arrow::Status status = guarded([&] { return follow(*reader, columns, count, wanted); });
    if (wanted->release != nullptr) wanted->release(wanted);
    return status.ok() ? WEIR_OK : report(*reader, status, "it cannot follow the first file of its table", error);
}

static arrow::Status begin_scan(struct weir_parquet_reader &reader, const struct weir_parquet_scan &scan) {
    std::vector<Column> columns;
    std::vector<int> leaves;
    for (size_t idx = 0; idx < scan.columns_count; idx++) {
        size_t column_idx = static_cast<size_t>(scan.columns[idx]);
        if (column_idx >= reader.columns.size()) return arrow::Status::Invalid("there is no column ", column_idx);
        const Column &column = reader.columns[column_idx];
        if (!column.readable) {
            return arrow::Status::NotImplemented("column '", column.field->name(), "' is of type ",
                                                 column.field->type()->ToString(),
                                                 ", which weir does not carry: leave it out of the query");
        }
        columns.push_back(column);
        leaves.push_back(column.leaf);
    }
    count_bytes(reader, leaves);
    reader.selected = columns;
    reader.scan = std::make_unique<Scan>(*reader.reader, std::move(columns), reader.group_rows, scan.batch_rows,
                                         scan.threads);
    return arrow::Status::OK();
}

enum weir_status reader_scan(struct weir_parquet_reader *reader, const struct weir_parquet_scan *scan,
                             struct weir_error *error) {
    arrow::Status status = guarded([&] { return begin_scan(*reader, *scan); });
    return status.ok() ? WEIR_OK : report(*reader, status, "it cannot be scanned", error);
}

enum weir_status reader_group(struct weir_parquet_reader *reader, int32_t group, struct weir_source_range *ranges,
                              int64_t *rows, struct weir_error *error) {
    arrow::Status status = guarded([&] {
        auto metadata = reader->reader->parquet_reader()->metadata();
        *rows = reader->group_rows.at(static_cast<size_t>(group));
        return reader->ranges.take(*metadata->RowGroup(group), reader->selected, ranges);
    });
    return status.ok() ? WEIR_OK : report(*reader, status, "its statistics cannot be read", error);
}

void reader_leave_out(struct weir_parquet_reader *reader, int32_t group) {
    size_t idx = static_cast<size_t>(group);
    reader->scan->leave_out(idx);
    reader->bytes_total -= reader->group_bytes[idx];
    for (size_t after = idx + 1; after < reader->bytes_before.size(); after++)
        reader->bytes_before[after] -= reader->group_bytes[idx];
    reader->group_bytes[idx] = 0;
}

int32_t reader_position(const struct weir_parquet_reader *reader) {
    return static_cast<int32_t>(reader->scan->group());
}

/* As if the bytes of a row group lay evenly over its rows. */
static void note_progress(struct weir_parquet_reader &reader) {
    size_t group = reader.scan->group();
    double part =
        static_cast<double>(reader.scan->group_rows_given()) / static_cast<double>(reader.group_rows[group]);
    reader.bytes_done =
        reader.bytes_before[group] + static_cast<int64_t>(part * static_cast<double>(reader.group_bytes[group]));
}

enum weir_status reader_next(struct weir_parquet_reader *reader, struct ArrowArray *out, struct weir_error *error) {
    bool end = false;
    arrow::Status status = guarded([&] {
        ARROW_ASSIGN_OR_RAISE(auto rows, reader->scan->next());
        end = rows == nullptr;
        if (end) return arrow::Status::OK();
        note_progress(*reader);
        return arrow::ExportArray(*rows, out);
    });
    if (status.ok()) return end ? WEIR_END : WEIR_OK;
    return report(*reader, status, reader->scan->place().c_str(), error);
}

void reader_progress(const struct weir_parquet_reader *reader, struct weir_parquet_progress *out) {
    out->bytes_total = reader->bytes_total;
    out->bytes_done = reader->bytes_done;
}

void reader_close(struct weir_parquet_reader *reader) { delete reader; }

} // namespace weir_parquet
