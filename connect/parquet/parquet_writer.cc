/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/parquet/parquet_writer.h"

#include <strings.h>

#include <climits>
#include <memory>
#include <string>
#include <vector>

#include <arrow/c/bridge.h>
#include <arrow/compute/cast.h>
#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <arrow/util/compression.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include "connect/parquet/parquet_file.h"
#include "connect/parquet/parquet_status.h"

using weir_parquet::guarded;

/* The file after the writer in destruction: Arrow's writer completes the file when it goes. */
struct weir_parquet_writer {
    std::shared_ptr<weir_parquet::OutputFile> file;
    std::shared_ptr<arrow::Schema> given;   /* of the batches */
    std::shared_ptr<arrow::Schema> written; /* of the file: without dictionaries */
    std::unique_ptr<parquet::arrow::FileWriter> writer;
};

namespace weir_parquet {

struct Codec {
    const char *name;
    arrow::Compression::type type;
};

/* The names that Parquet's Java writer (and so Flink) takes, as far as they can be written. */
static const Codec CODECS[] = {
    {"uncompressed", arrow::Compression::UNCOMPRESSED},
    {"snappy", arrow::Compression::SNAPPY},
    {"gzip", arrow::Compression::GZIP},
    {"zstd", arrow::Compression::ZSTD},
    {"lz4_raw", arrow::Compression::LZ4},
    {"brotli", arrow::Compression::BROTLI},
};

static const Codec *find_codec(const char *name) {
    for (const Codec &codec : CODECS) {
        if (strcasecmp(codec.name, name) == 0) return &codec;
    }
    return nullptr;
}

enum weir_status compression_check(const char *name, int32_t level, struct weir_error *error) {
    const Codec *codec = find_codec(name);
    if (codec == nullptr) {
        return weir_error_set(
            error, WEIR_ERR_INVALID,
            "there is no Parquet compression '%s': take uncompressed, snappy, gzip, zstd, lz4_raw or "
            "brotli",
            name);
    }
    if (!arrow::util::Codec::IsAvailable(codec->type)) {
        return weir_error_set(error, WEIR_ERR_UNSUPPORTED, "the Arrow library of this build is without '%s'", name);
    }
    if (level == INT32_MIN) return WEIR_OK;
    auto least = arrow::util::Codec::MinimumCompressionLevel(codec->type);
    auto most = arrow::util::Codec::MaximumCompressionLevel(codec->type);
    if (least.ok() && most.ok() && level >= *least && level <= *most) return WEIR_OK;
    if (!least.ok() || !most.ok()) {
        return weir_error_set(error, WEIR_ERR_INVALID, "compression '%s' has no levels", name);
    }
    return weir_error_set(error, WEIR_ERR_INVALID, "compression level %d is out of the range of '%s', %d to %d",
                          level, name, *least, *most);
}

static enum weir_status report(const struct weir_parquet_writer &writer, const arrow::Status &status,
                               const char *what, struct weir_error *error) {
    return writer.file->failure().report(status, writer.file->path(), what, error);
}

/* Dictionaries are written as their values: Arrow's writer would keep the first one of each row group, which
 * belongs to the caller. (The file's pages are dictionary-encoded all the same.) */
static std::shared_ptr<arrow::Schema> without_dictionaries(const arrow::Schema &schema) {
    arrow::FieldVector fields;
    for (const auto &field : schema.fields()) {
        bool dictionary = field->type()->id() == arrow::Type::DICTIONARY;
        const auto &type = field->type();
        fields.push_back(
            dictionary ? field->WithType(static_cast<const arrow::DictionaryType &>(*type).value_type()) : field);
    }
    return arrow::schema(fields);
}

static arrow::Status open_writer(struct weir_parquet_writer &writer, struct ArrowSchema *schema,
                                 const struct weir_parquet_write_options &options) {
    ARROW_ASSIGN_OR_RAISE(writer.given, arrow::ImportSchema(schema));
    writer.written = without_dictionaries(*writer.given);
    parquet::WriterProperties::Builder properties;
    properties.compression(find_codec(options.compression)->type);
    if (options.level != INT32_MIN) properties.compression_level(options.level);
    if (options.plain) properties.disable_dictionary();
    properties.max_row_group_length(options.row_group_rows);
    ARROW_ASSIGN_OR_RAISE(writer.writer, parquet::arrow::FileWriter::Open(
                                             *writer.written, arrow::default_memory_pool(), writer.file,
                                             properties.build(), parquet::default_arrow_writer_properties()));
    return arrow::Status::OK();
}

enum weir_status writer_open(const struct weir_parquet_output *output, struct ArrowSchema *schema,
                             const struct weir_parquet_write_options *options, struct weir_parquet_writer **out,
                             struct weir_error *error) {
    *out = nullptr;
    struct weir_parquet_write_options chosen = *options;
    if (chosen.compression == nullptr) chosen.compression = "snappy";
    enum weir_status checked = compression_check(chosen.compression, chosen.level, error);
    struct weir_parquet_writer *writer = nullptr;
    arrow::Status status = guarded([&] {
        if (checked != WEIR_OK) return arrow::Status::OK();
        auto made = std::make_unique<weir_parquet_writer>();
        made->file = std::make_shared<OutputFile>(*output);
        writer = made.release();
        return open_writer(*writer, schema, chosen);
    });
    if (schema->release != nullptr) schema->release(schema);
    if (checked != WEIR_OK) return checked;
    if (writer == nullptr) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to write '%s'", output->path);
    if (status.ok()) {
        *out = writer;
        return WEIR_OK;
    }
    enum weir_status code = report(*writer, status, "it cannot be written as a Parquet file", error);
    writer_close(writer);
    return code;
}

/* A borrowed array in the shape of one that Arrow may release: the structs are copied, the buffers are not. */
class Borrowed {
  public:
    struct ArrowArray *copy(const struct ArrowArray &array) {
        auto node = std::make_unique<Node>();
        node->array = array;
        node->array.release = [](struct ArrowArray *released) { released->release = nullptr; };
        node->array.private_data = nullptr;
        for (int64_t idx = 0; idx < array.n_children; idx++) node->children.push_back(copy(*array.children[idx]));
        node->array.children = node->children.data();
        if (array.dictionary != nullptr) node->array.dictionary = copy(*array.dictionary);
        nodes_.push_back(std::move(node));
        return &nodes_.back()->array;
    }

  private:
    struct Node {
        struct ArrowArray array;
        std::vector<struct ArrowArray *> children;
    };
    std::vector<std::unique_ptr<Node>> nodes_;
};

static arrow::Status write_batch(struct weir_parquet_writer &writer, const struct ArrowArray &array) {
    Borrowed borrowed;
    ARROW_ASSIGN_OR_RAISE(auto batch, arrow::ImportRecordBatch(borrowed.copy(array), writer.given));
    arrow::ArrayVector columns;
    for (int idx = 0; idx < batch->num_columns(); idx++) {
        std::shared_ptr<arrow::Array> column = batch->column(idx);
        if (column->type_id() == arrow::Type::DICTIONARY) {
            ARROW_ASSIGN_OR_RAISE(column, arrow::compute::Cast(*column, writer.written->field(idx)->type()));
        }
        columns.push_back(std::move(column));
    }
    auto plain = arrow::RecordBatch::Make(writer.written, batch->num_rows(), std::move(columns));
    return writer.writer->WriteRecordBatch(*plain);
}

enum weir_status writer_write(struct weir_parquet_writer *writer, const struct ArrowArray *batch,
                              struct weir_error *error) {
    if (batch->length == 0) return WEIR_OK;
    arrow::Status status = guarded([&] { return write_batch(*writer, *batch); });
    return status.ok() ? WEIR_OK : report(*writer, status, "rows cannot be written", error);
}

enum weir_status writer_finish(struct weir_parquet_writer *writer, struct weir_error *error) {
    arrow::Status status = guarded([&] { return writer->writer->Close(); });
    return status.ok() ? WEIR_OK : report(*writer, status, "the end of the file cannot be written", error);
}

void writer_close(struct weir_parquet_writer *writer) {
    if (writer == nullptr) return;
    writer->file->abandon();
    (void)guarded([&] {
        delete writer;
        return arrow::Status::OK();
    });
}

} // namespace weir_parquet
