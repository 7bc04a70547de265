/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/parquet/parquet_file.h"

#include <algorithm>

#include <arrow/buffer.h>

#include "connect/parquet/parquet_pool.h"

namespace weir_parquet {

arrow::Status Failure::keep(const struct weir_error &error) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (first_.code == WEIR_OK) first_ = error;
    return arrow::Status::IOError(error.message);
}

enum weir_status Failure::report(const arrow::Status &status, const std::string &path, const char *what,
                                 struct weir_error *error) const {
    std::lock_guard<std::mutex> lock(mutex_);
    if (first_.code == WEIR_OK) {
        return weir_error_set(error, status_code(status), "'%s': %s: %s", path.c_str(), what,
                              status.message().c_str());
    }
    if (error != nullptr) *error = first_;
    return first_.code;
}

InputFile::InputFile(const struct weir_parquet_input &input) : input_(input), path_(input.path) {
    input_.path = nullptr;
}

arrow::Status InputFile::Close() {
    closed_ = true;
    return arrow::Status::OK();
}

arrow::Status InputFile::Seek(int64_t position) {
    if (position < 0) return arrow::Status::Invalid("a seek before the start of the file");
    position_ = position;
    return arrow::Status::OK();
}

arrow::Result<int64_t> InputFile::ReadAt(int64_t position, int64_t bytes, void *out) {
    if (position < 0 || bytes < 0) return arrow::Status::Invalid("a range outside of the file");
    if (position >= input_.size) return 0;
    bytes = std::min(bytes, input_.size - position);
    struct weir_error error = {};
    enum weir_status code = input_.read(input_.user, position, out, static_cast<size_t>(bytes), &error);
    if (code == WEIR_OK) return bytes;
    error.code = code;
    return failure_.keep(error);
}

arrow::Result<std::shared_ptr<arrow::Buffer>> InputFile::ReadAt(int64_t position, int64_t bytes) {
    if (position < 0 || bytes < 0) return arrow::Status::Invalid("a range outside of the file");
    /* A length from the file's own metadata is not believed before memory is asked for it. */
    bytes = std::min(bytes, std::max<int64_t>(input_.size - position, 0));
    ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(bytes, pool()));
    ARROW_ASSIGN_OR_RAISE(int64_t got, ReadAt(position, bytes, buffer->mutable_data()));
    ARROW_RETURN_NOT_OK(buffer->Resize(got, false));
    return std::shared_ptr<arrow::Buffer>(std::move(buffer));
}

static arrow::Status check_length(int64_t got, int64_t bytes, bool allow_short_read) {
    if (got == bytes || allow_short_read) return arrow::Status::OK();
    return arrow::Status::IOError("the file ends too early");
}

arrow::Result<int64_t> InputFile::ReadAt(int64_t position, int64_t bytes, bool allow_short_read, void *out) {
    ARROW_ASSIGN_OR_RAISE(int64_t got, ReadAt(position, bytes, out));
    ARROW_RETURN_NOT_OK(check_length(got, bytes, allow_short_read));
    return got;
}

arrow::Result<std::shared_ptr<arrow::Buffer>> InputFile::ReadAt(int64_t position, int64_t bytes,
                                                                bool allow_short_read) {
    ARROW_ASSIGN_OR_RAISE(auto buffer, ReadAt(position, bytes));
    ARROW_RETURN_NOT_OK(check_length(buffer->size(), bytes, allow_short_read));
    return buffer;
}

arrow::Result<int64_t> InputFile::Read(int64_t bytes, void *out) {
    ARROW_ASSIGN_OR_RAISE(int64_t got, ReadAt(position_, bytes, out));
    position_ += got;
    return got;
}

arrow::Result<std::shared_ptr<arrow::Buffer>> InputFile::Read(int64_t bytes) {
    ARROW_ASSIGN_OR_RAISE(auto buffer, ReadAt(position_, bytes));
    position_ += buffer->size();
    return buffer;
}

OutputFile::OutputFile(const struct weir_parquet_output &output) : output_(output), path_(output.path) {
    output_.path = nullptr;
}

arrow::Status OutputFile::Close() {
    closed_ = true;
    return arrow::Status::OK();
}

arrow::Status OutputFile::Write(const void *data, int64_t bytes) {
    if (abandoned_) return arrow::Status::Cancelled("the file was abandoned");
    struct weir_error error = {};
    enum weir_status code = output_.write(output_.user, data, static_cast<size_t>(bytes), &error);
    if (code != WEIR_OK) {
        error.code = code;
        return failure_.keep(error);
    }
    position_ += bytes;
    return arrow::Status::OK();
}

} // namespace weir_parquet
