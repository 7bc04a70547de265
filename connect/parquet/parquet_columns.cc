/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/parquet/parquet_columns.h"

#include <algorithm>

#include <arrow/compute/cast.h>
#include <arrow/extension_type.h>
#include <arrow/result.h>
#include <arrow/type_traits.h>
#include <arrow/util/int_util.h>
#include <parquet/arrow/schema.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/schema.h>

namespace weir_parquet {

static constexpr int SAMPLED_GROUPS = 32;

static bool is_dictionary_encoding(parquet::Encoding::type encoding) {
    return encoding == parquet::Encoding::PLAIN_DICTIONARY || encoding == parquet::Encoding::RLE_DICTIONARY;
}

static bool chunk_in_dictionary(const parquet::ColumnChunkMetaData &chunk) {
    const auto &stats = chunk.encoding_stats();
    if (!stats.empty()) {
        return std::all_of(stats.begin(), stats.end(), [](const parquet::PageEncodingStats &page) {
            return page.page_type == parquet::PageType::DICTIONARY_PAGE || is_dictionary_encoding(page.encoding);
        });
    }
    /* Without them a fall-back to plain pages cannot be told: PLAIN is also the encoding of the dictionary itself.
     * (has_dictionary_page does not help: Polars leaves it unset.) */
    const auto &encodings = chunk.encodings();
    return std::any_of(encodings.begin(), encodings.end(), is_dictionary_encoding);
}

static bool is_flat_string(const parquet::ColumnDescriptor &leaf) {
    bool string = leaf.converted_type() == parquet::ConvertedType::UTF8 ||
                  (leaf.logical_type() != nullptr && leaf.logical_type()->is_string());
    return string && leaf.physical_type() == parquet::Type::BYTE_ARRAY && leaf.max_repetition_level() == 0 &&
           leaf.path()->ToDotVector().size() == 1;
}

std::vector<int> dictionary_leaves(const parquet::FileMetaData &metadata) {
    std::vector<int> candidates;
    for (int leaf = 0; leaf < metadata.num_columns(); leaf++) {
        if (is_flat_string(*metadata.schema()->Column(leaf))) candidates.push_back(leaf);
    }
    int groups = metadata.num_row_groups();
    if (groups == 0) return {};
    int step = std::max(1, groups / SAMPLED_GROUPS);
    for (int group = 0; group < groups && !candidates.empty(); group += step) {
        auto row_group = metadata.RowGroup(group);
        std::erase_if(candidates, [&](int leaf) { return !chunk_in_dictionary(*row_group->ColumnChunk(leaf)); });
    }
    return candidates;
}

/* The type in which weir takes a column that Arrow decodes as `type`; NULL where it takes none. */
static std::shared_ptr<arrow::DataType> carried_type(const std::shared_ptr<arrow::DataType> &type) {
    switch (type->id()) {
    case arrow::Type::NA:
    case arrow::Type::BOOL:
    case arrow::Type::INT8:
    case arrow::Type::INT16:
    case arrow::Type::INT32:
    case arrow::Type::INT64:
    case arrow::Type::UINT8:
    case arrow::Type::UINT16:
    case arrow::Type::UINT32:
    case arrow::Type::UINT64:
    case arrow::Type::FLOAT:
    case arrow::Type::DOUBLE:
    case arrow::Type::DATE32:
    case arrow::Type::DATE64:
    case arrow::Type::TIME32:
    case arrow::Type::TIME64:
    case arrow::Type::TIMESTAMP:
    case arrow::Type::STRING:
    case arrow::Type::LARGE_STRING:
    case arrow::Type::BINARY:
    case arrow::Type::LARGE_BINARY: return type;
    case arrow::Type::HALF_FLOAT: return arrow::float32();
    case arrow::Type::STRING_VIEW: return arrow::utf8();
    case arrow::Type::BINARY_VIEW:
    case arrow::Type::FIXED_SIZE_BINARY: return arrow::binary();
    case arrow::Type::DECIMAL32:
    case arrow::Type::DECIMAL64:
    case arrow::Type::DECIMAL128: {
        const auto &decimal = static_cast<const arrow::DecimalType &>(*type);
        if (decimal.scale() < 0 || decimal.scale() > decimal.precision()) return nullptr;
        return arrow::decimal128(decimal.precision(), decimal.scale());
    }
    case arrow::Type::DICTIONARY: {
        const auto &dictionary = static_cast<const arrow::DictionaryType &>(*type);
        auto values = carried_type(dictionary.value_type());
        if (values == nullptr) return nullptr;
        if (!arrow::is_string(values->id())) return values;
        return values->Equals(*dictionary.value_type()) ? type : values;
    }
    case arrow::Type::EXTENSION:
        return carried_type(static_cast<const arrow::ExtensionType &>(*type).storage_type());
    default: return nullptr;
    }
}

std::vector<Column> columns_of(const parquet::arrow::FileReader &reader, const arrow::Schema &schema) {
    std::vector<Column> columns;
    const auto &fields = reader.manifest().schema_fields;
    for (int idx = 0; idx < schema.num_fields(); idx++) {
        auto field = schema.field(idx)->WithMetadata(nullptr);
        int leaf = fields[static_cast<size_t>(idx)].column_index;
        auto type = carried_type(field->type());
        bool readable = type != nullptr && leaf >= 0;
        columns.push_back({leaf, readable ? field->WithType(type) : field, readable, false});
    }
    return columns;
}

/* Without a branch, so that the compiler takes vectors for it: a code below 0 or above the last has its sign bit in
 * one of the two. */
static bool are_within(const int32_t *codes, int64_t count, int32_t last) {
    int32_t outside = 0;
    for (int64_t idx = 0; idx < count; idx++)
        outside |=
            codes[idx] | static_cast<int32_t>(static_cast<uint32_t>(last) - static_cast<uint32_t>(codes[idx]));
    return outside >= 0;
}

/* Pages of a damaged file may hold codes past the dictionary, which Arrow's decoder lets through. What stands at
 * NULLs may be anything, so that Arrow's own check has the last word. */
static arrow::Status check_codes(const arrow::ArrayData &data) {
    const auto &code_type = *static_cast<const arrow::DictionaryType &>(*data.type).index_type();
    int64_t last = data.dictionary->length - 1;
    if (code_type.id() == arrow::Type::INT32 && last >= 0 && last <= INT32_MAX &&
        are_within(data.GetValues<int32_t>(1), data.length, static_cast<int32_t>(last)))
        return arrow::Status::OK();
    arrow::ArrayData codes = data;
    codes.type = static_cast<const arrow::DictionaryType &>(*data.type).index_type();
    codes.dictionary = nullptr;
    return arrow::internal::CheckIndexBounds(arrow::ArraySpan(codes),
                                             static_cast<uint64_t>(data.dictionary->length));
}

/* Arrow casts no dictionary to one of other words. */
static arrow::Result<std::shared_ptr<arrow::Array>> cast(const std::shared_ptr<arrow::Array> &array,
                                                         const std::shared_ptr<arrow::DataType> &type) {
    if (!arrow::is_dictionary(*array->type()) || !arrow::is_dictionary(*type))
        return arrow::compute::Cast(*array, type);
    const auto &from = static_cast<const arrow::DictionaryArray &>(*array);
    const auto &to = static_cast<const arrow::DictionaryType &>(*type);
    ARROW_ASSIGN_OR_RAISE(auto codes, arrow::compute::Cast(*from.indices(), to.index_type()));
    ARROW_ASSIGN_OR_RAISE(auto words, arrow::compute::Cast(*from.dictionary(), to.value_type()));
    return arrow::DictionaryArray::FromArrays(type, codes, words);
}

arrow::Result<std::shared_ptr<arrow::Array>> normalise(const std::shared_ptr<arrow::Array> &array,
                                                       const Column &column) {
    std::shared_ptr<arrow::Array> storage = array;
    if (array->type_id() == arrow::Type::EXTENSION) {
        storage = static_cast<const arrow::ExtensionArray &>(*array).storage();
    }
    if (arrow::is_dictionary(*storage->type())) ARROW_RETURN_NOT_OK(check_codes(*storage->data()));
    if (!storage->type()->Equals(*column.field->type())) {
        ARROW_ASSIGN_OR_RAISE(storage, cast(storage, column.field->type()));
    }
    const auto &data = storage->data();
    if (data->buffers.empty() || data->buffers[0] == nullptr || storage->null_count() != 0) return storage;
    auto dense = data->Copy();
    dense->buffers[0] = nullptr;
    return arrow::MakeArray(dense);
}

std::shared_ptr<arrow::Array> share_dictionary(const std::shared_ptr<arrow::Array> &array,
                                               std::shared_ptr<arrow::ArrayData> *latest) {
    if (array->type_id() != arrow::Type::DICTIONARY) return array;
    const auto &own = array->data()->dictionary;
    bool equal = *latest != nullptr && own->length == (*latest)->length &&
                 arrow::MakeArray(own)->Equals(arrow::MakeArray(*latest));
    if (!equal) {
        *latest = own;
        return array;
    }
    auto shared = array->data()->Copy();
    shared->dictionary = *latest;
    return arrow::MakeArray(shared);
}

} // namespace weir_parquet
