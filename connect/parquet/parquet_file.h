/* SPDX-License-Identifier: Apache-2.0
 *
 * weir's file functions in the shape that Arrow wants. A failure that they report is kept whole and given back by
 * report(), since Arrow would flatten it to a text.
 */
#ifndef WEIR_CONNECT_PARQUET_FILE_H
#define WEIR_CONNECT_PARQUET_FILE_H

#include <memory>
#include <mutex>
#include <string>

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include "connect/parquet/parquet_module.h"
#include "connect/parquet/parquet_status.h"

namespace weir_parquet {

/* The first failure of the functions behind a file. Any thread. */
class Failure {
  public:
    arrow::Status keep(const struct weir_error &error);
    /* Fills *error with what was kept, else with `status` in the words "'path': what: text"; returns its code. */
    enum weir_status report(const arrow::Status &status, const std::string &path, const char *what,
                            struct weir_error *error) const;

  private:
    mutable std::mutex mutex_;
    struct weir_error first_ = {};
};

class InputFile final : public arrow::io::RandomAccessFile {
  public:
    explicit InputFile(const struct weir_parquet_input &input);

    const std::string &path() const { return path_; }
    const Failure &failure() const { return failure_; }

    arrow::Status Close() override;
    bool closed() const override { return closed_; }
    arrow::Result<int64_t> Tell() const override { return position_; }
    arrow::Status Seek(int64_t position) override;
    arrow::Result<int64_t> GetSize() override { return input_.size; }
    arrow::Result<int64_t> Read(int64_t bytes, void *out) override;
    arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t bytes) override;
    arrow::Result<int64_t> ReadAt(int64_t position, int64_t bytes, void *out) override;
    arrow::Result<std::shared_ptr<arrow::Buffer>> ReadAt(int64_t position, int64_t bytes) override;
    /* Virtual in newer Arrow only, where the others' defaults come here; hence no `override`. */
    arrow::Result<int64_t> ReadAt(int64_t position, int64_t bytes, bool allow_short_read, void *out);
    arrow::Result<std::shared_ptr<arrow::Buffer>> ReadAt(int64_t position, int64_t bytes, bool allow_short_read);

  private:
    struct weir_parquet_input input_;
    std::string path_;
    Failure failure_;
    int64_t position_ = 0;
    bool closed_ = false;
};

class OutputFile final : public arrow::io::OutputStream {
  public:
    explicit OutputFile(const struct weir_parquet_output &output);

    const std::string &path() const { return path_; }
    const Failure &failure() const { return failure_; }
    /* From now on nothing is written: Arrow's destructors would else complete an abandoned file. */
    void abandon() { abandoned_ = true; }

    arrow::Status Close() override;
    bool closed() const override { return closed_; }
    arrow::Result<int64_t> Tell() const override { return position_; }
    arrow::Status Write(const void *data, int64_t bytes) override;
    using arrow::io::OutputStream::Write;

  private:
    struct weir_parquet_output output_;
    std::string path_;
    Failure failure_;
    int64_t position_ = 0;
    bool closed_ = false;
    bool abandoned_ = false;
};

} // namespace weir_parquet

#endif
