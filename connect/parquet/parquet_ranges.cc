/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/parquet/parquet_ranges.h"

#include <algorithm>

#include <arrow/type.h>
#include <arrow/type_traits.h>
#include <parquet/schema.h>
#include <parquet/types.h>

#include "connect/parquet/parquet_status.h"

namespace weir_parquet {

/* Newer writers say so when they cut a bound short; numbers never are. */
template <typename Statistics>
static bool is_exact(const Statistics &statistics) {
    if constexpr (requires { statistics.is_max_value_exact(); }) {
        return statistics.is_min_value_exact().value_or(true) && statistics.is_max_value_exact().value_or(true);
    } else {
        return true;
    }
}

static bool is_unit(arrow::TimeUnit::type unit, const parquet::LogicalType &logical) {
    using Unit = parquet::LogicalType::TimeUnit;
    if (!logical.is_timestamp()) return false;
    switch (static_cast<const parquet::TimestampLogicalType &>(logical).time_unit()) {
    case Unit::MILLIS: return unit == arrow::TimeUnit::MILLI;
    case Unit::MICROS: return unit == arrow::TimeUnit::MICRO;
    case Unit::NANOS: return unit == arrow::TimeUnit::NANO;
    default: return false;
    }
}

/* How the values of a column as weir gives it are stored; NONE: the statistics speak of other values. */
static enum weir_source_bounds bounds_of(const parquet::ColumnDescriptor &leaf, const arrow::DataType &type) {
    using parquet::SortOrder;
    using parquet::Type;
    Type::type physical = leaf.physical_type();
    bool is_signed = leaf.sort_order() == SortOrder::SIGNED;
    bool is_unsigned = leaf.sort_order() == SortOrder::UNSIGNED;
    const auto &logical = leaf.logical_type();
    switch (type.id()) {
    case arrow::Type::INT8:
    case arrow::Type::INT16:
    case arrow::Type::INT32:
        return physical == Type::INT32 && is_signed ? WEIR_SOURCE_BOUNDS_I64 : WEIR_SOURCE_BOUNDS_NONE;
    case arrow::Type::DATE32:
        return physical == Type::INT32 && is_signed && logical != nullptr && logical->is_date()
                   ? WEIR_SOURCE_BOUNDS_I64
                   : WEIR_SOURCE_BOUNDS_NONE;
    case arrow::Type::INT64:
        return physical == Type::INT64 && is_signed ? WEIR_SOURCE_BOUNDS_I64 : WEIR_SOURCE_BOUNDS_NONE;
    case arrow::Type::TIMESTAMP:
        return physical == Type::INT64 && is_signed && logical != nullptr &&
                       is_unit(static_cast<const arrow::TimestampType &>(type).unit(), *logical)
                   ? WEIR_SOURCE_BOUNDS_I64
                   : WEIR_SOURCE_BOUNDS_NONE;
    case arrow::Type::UINT8:
    case arrow::Type::UINT16:
    case arrow::Type::UINT32:
        return physical == Type::INT32 && is_unsigned ? WEIR_SOURCE_BOUNDS_I64 : WEIR_SOURCE_BOUNDS_NONE;
    case arrow::Type::FLOAT: return physical == Type::FLOAT ? WEIR_SOURCE_BOUNDS_F64 : WEIR_SOURCE_BOUNDS_NONE;
    case arrow::Type::DOUBLE: return physical == Type::DOUBLE ? WEIR_SOURCE_BOUNDS_F64 : WEIR_SOURCE_BOUNDS_NONE;
    case arrow::Type::STRING:
    case arrow::Type::LARGE_STRING:
        return physical == Type::BYTE_ARRAY && is_unsigned ? WEIR_SOURCE_BOUNDS_TEXT : WEIR_SOURCE_BOUNDS_NONE;
    case arrow::Type::DICTIONARY:
        return bounds_of(leaf, *static_cast<const arrow::DictionaryType &>(type).value_type());
    default: return WEIR_SOURCE_BOUNDS_NONE;
    }
}

static int64_t wide(int32_t value, bool is_unsigned) {
    return is_unsigned ? static_cast<int64_t>(static_cast<uint32_t>(value)) : value;
}

static void take_numbers(const parquet::Statistics &statistics, bool is_unsigned, struct weir_source_range *out) {
    if (statistics.physical_type() == parquet::Type::INT64) {
        const auto &typed = static_cast<const parquet::Int64Statistics &>(statistics);
        out->min.i64 = typed.min();
        out->max.i64 = typed.max();
    } else {
        const auto &typed = static_cast<const parquet::Int32Statistics &>(statistics);
        out->min.i64 = wide(typed.min(), is_unsigned);
        out->max.i64 = wide(typed.max(), is_unsigned);
    }
    if (out->min.i64 <= out->max.i64) out->bounds = WEIR_SOURCE_BOUNDS_I64;
}

static void take_reals(const parquet::Statistics &statistics, struct weir_source_range *out) {
    if (statistics.physical_type() == parquet::Type::DOUBLE) {
        const auto &typed = static_cast<const parquet::DoubleStatistics &>(statistics);
        out->min.f64 = typed.min();
        out->max.f64 = typed.max();
    } else {
        const auto &typed = static_cast<const parquet::FloatStatistics &>(statistics);
        out->min.f64 = typed.min();
        out->max.f64 = typed.max();
    }
    if (out->min.f64 <= out->max.f64) out->bounds = WEIR_SOURCE_BOUNDS_F64; /* false of NaN */
}

static void take_texts(const parquet::Statistics &statistics, struct weir_source_range *out) {
    const auto &typed = static_cast<const parquet::ByteArrayStatistics &>(statistics);
    std::string_view min(reinterpret_cast<const char *>(typed.min().ptr), typed.min().len);
    std::string_view max(reinterpret_cast<const char *>(typed.max().ptr), typed.max().len);
    if (min > max) return; /* it compares bytes as unsigned */
    out->min.text = {min.data(), static_cast<int64_t>(min.size())};
    out->max.text = {max.data(), static_cast<int64_t>(max.size())};
    out->bounds = WEIR_SOURCE_BOUNDS_TEXT;
}

static void take_bounds(const parquet::Statistics &statistics, const Column &column,
                        struct weir_source_range *out) {
    const parquet::ColumnDescriptor &leaf = *statistics.descr();
    enum weir_source_bounds bounds = bounds_of(leaf, *column.field->type());
    bool text = bounds == WEIR_SOURCE_BOUNDS_TEXT;
    bool is_unsigned = leaf.sort_order() == parquet::SortOrder::UNSIGNED;
    /* Another order than that of signed numbers is certain only where the file declares it. */
    bool ordered = leaf.sort_order() == parquet::SortOrder::SIGNED ||
                   leaf.column_order().get_order() == parquet::ColumnOrder::TYPE_DEFINED_ORDER;
    if (!statistics.HasMinMax() || !ordered) return;
    out->exact = is_exact(statistics) && !text;
    switch (bounds) {
    case WEIR_SOURCE_BOUNDS_I64: return take_numbers(statistics, is_unsigned, out);
    case WEIR_SOURCE_BOUNDS_F64: return take_reals(statistics, out);
    case WEIR_SOURCE_BOUNDS_TEXT: return take_texts(statistics, out);
    default: return;
    }
}

/* A cast that fails is an error, which is found by reading. Of texts only the way they are held differs. */
static bool may_fail(const Column &column) {
    const auto &type = *column.field->type();
    const auto &values = type.id() == arrow::Type::DICTIONARY
                             ? *static_cast<const arrow::DictionaryType &>(type).value_type()
                             : type;
    return column.is_cast && !arrow::is_base_binary_like(values.id());
}

arrow::Status Ranges::take(const parquet::RowGroupMetaData &group, const std::vector<Column> &columns,
                           struct weir_source_range *ranges) {
    statistics_.clear();
    if (std::any_of(columns.begin(), columns.end(), may_fail)) {
        for (size_t idx = 0; idx < columns.size(); idx++) {
            ranges[idx] = {};
            ranges[idx].nulls = -1;
        }
        return arrow::Status::OK();
    }
    for (size_t idx = 0; idx < columns.size(); idx++) {
        struct weir_source_range *out = &ranges[idx];
        *out = {};
        bool required = group.schema()->Column(columns[idx].leaf)->max_definition_level() == 0;
        out->nulls = required ? 0 : -1;
        /* Statistics that cannot be read say nothing; the column itself can be. */
        arrow::Status status = guarded([&] {
            auto chunk = group.ColumnChunk(columns[idx].leaf);
            auto statistics = chunk->is_stats_set() ? chunk->statistics() : nullptr;
            if (statistics == nullptr) return arrow::Status::OK();
            statistics_.push_back(statistics);
            int64_t nulls = statistics->HasNullCount() ? statistics->null_count() : -1;
            if (!required && nulls >= 0 && nulls <= group.num_rows()) out->nulls = nulls;
            take_bounds(*statistics, columns[idx], out);
            return arrow::Status::OK();
        });
        if (!status.ok()) out->bounds = WEIR_SOURCE_BOUNDS_NONE;
        if (status.IsOutOfMemory()) return status;
    }
    return arrow::Status::OK();
}

} // namespace weir_parquet
